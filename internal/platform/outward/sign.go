package outward

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"time"

	"chibo/internal/platform/job"
)

// Headers of a signed request.
const (
	timestampHeader = "X-Chibo-Timestamp"
	signatureHeader = "X-Chibo-Signature"
	onceHeader      = "Idempotency-Key"
)

// Signed is a request whose receiver can tell that it is ours.
type Signed struct {
	URL string
	// Key is shared with the receiver.
	Key []byte
	// ID is the same at every try: a receiver that knows it has done its work.
	ID   string
	Body []byte
	At   time.Time
}

// Post sends a signed request with a body of JSON. The signature covers the
// time and the body, so that an old request cannot be sent again as a new one.
func Post(ctx context.Context, client *http.Client, s Signed) error {
	r, err := http.NewRequest(http.MethodPost, s.URL, bytes.NewReader(s.Body))
	if err != nil {
		return job.Final(err)
	}
	at := strconv.FormatInt(s.At.Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set(onceHeader, s.ID)
	r.Header.Set(timestampHeader, at)
	r.Header.Set(signatureHeader, signature(s.Key, at, s.Body))
	return Do(ctx, client, r)
}

func signature(key []byte, at string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(at + "."))
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// ErrForged says that a request was not signed with the key, or too long ago.
var ErrForged = errors.New("the request is not signed with this key, or too old")

// freshFor is how far the clocks of two machines may differ.
const freshFor = 5 * time.Minute

// Verify is what a receiver does first: it fails with ErrForged unless the
// request was signed with the key a short while ago.
func Verify(key []byte, header http.Header, body []byte, now time.Time) error {
	at := header.Get(timestampHeader)
	seconds, err := strconv.ParseInt(at, 10, 64)
	if err != nil || now.Sub(time.Unix(seconds, 0)).Abs() > freshFor {
		return ErrForged
	}
	if !hmac.Equal([]byte(header.Get(signatureHeader)), []byte(signature(key, at, body))) {
		return ErrForged
	}
	return nil
}
