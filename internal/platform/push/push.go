// Package push sends short messages to browsers that asked for them (RFC 8030),
// encrypted for the one browser (RFC 8291) and signed as ours (RFC 8292): the
// push service between sees neither words nor links.
//
// It does not know who sits before the browser, or what is said.
package push

import (
	"context"
	"crypto/ecdh"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	webpush "github.com/SherClockHolmes/webpush-go"

	"chibo/internal/platform/job"
	"chibo/internal/platform/outward"
)

// Keys are those by which push services know us. A browser that subscribed
// under one pair hears nothing under another.
type Keys struct{ Private, Public string }

// NewKeys makes a pair.
func NewKeys() (Keys, error) {
	private, public, err := webpush.GenerateVAPIDKeys()
	return Keys{private, public}, err
}

// CheckSubject says whether push services can reach whoever runs the program:
// at https://… or mailto:….
func CheckSubject(subject string) error {
	u, err := url.Parse(subject)
	if err != nil || !(u.Scheme == "https" && u.Host != "" || u.Scheme == "mailto" && strings.Contains(u.Opaque, "@")) {
		return fmt.Errorf("%q is neither https://… nor mailto:…", subject)
	}
	return nil
}

// Device is a browser that subscribed, as it describes itself.
type Device struct {
	Endpoint string
	P256dh   string // its public key
	Auth     string // a secret that it shares with us
}

const endpointMost = 1000

// ErrDevice says that what a browser sent describes no subscription.
var ErrDevice = errors.New("no push subscription")

// Check fails with ErrDevice for what nothing can be sent to.
func (d Device) Check() error {
	u, err := url.Parse(d.Endpoint)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || len(d.Endpoint) > endpointMost {
		return ErrDevice
	}
	point, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(d.P256dh, "="))
	if err != nil {
		return ErrDevice
	}
	if _, err := ecdh.P256().NewPublicKey(point); err != nil {
		return ErrDevice
	}
	if secret, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(d.Auth, "=")); err != nil || len(secret) != 16 {
		return ErrDevice
	}
	return nil
}

// Note is what the browser shows; frontend/ts/worker.ts reads it.
type Note struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Link  string `json:"link"`
	// Tag is the same at every try: the browser shows a note with it once.
	Tag string `json:"tag"`
}

// Sender sends notes in our name.
type Sender struct {
	Client  *http.Client
	Keys    Keys
	Subject string
}

// ErrGone says that the browser has unsubscribed, or was removed.
var ErrGone = errors.New("the browser no longer takes messages")

// keepFor is how long the push service may hold a note for a phone that is off.
const keepFor = 24 * time.Hour

// Send hands the note to the device's push service. ErrGone means that the
// device is to be forgotten; other refusals for good are job.Final.
func (s Sender) Send(ctx context.Context, d Device, n Note, urgent bool) error {
	if err := d.Check(); err != nil {
		return job.Final(err)
	}
	body, err := json.Marshal(n)
	if err != nil {
		return job.Final(err)
	}
	urgency := webpush.UrgencyNormal
	if urgent {
		urgency = webpush.UrgencyHigh
	}
	response, err := webpush.SendNotificationWithContext(ctx, body, &webpush.Subscription{
		Endpoint: d.Endpoint, Keys: webpush.Keys{Auth: d.Auth, P256dh: d.P256dh},
	}, &webpush.Options{
		HTTPClient: s.Client, Subscriber: strings.TrimPrefix(s.Subject, "mailto:"), TTL: int(keepFor.Seconds()),
		Urgency: urgency, VAPIDPublicKey: s.Keys.Public, VAPIDPrivateKey: s.Keys.Private,
	})
	if err != nil {
		return err
	}
	err = outward.Judge(response)
	var status outward.Status
	if errors.As(err, &status) && (status == http.StatusNotFound || status == http.StatusGone) {
		return ErrGone
	}
	return err
}
