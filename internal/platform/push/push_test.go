package push_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"chibo/internal/platform/job"
	"chibo/internal/platform/outward"
	"chibo/internal/platform/push"
	"chibo/internal/testkit/phone"
)

func sender(t *testing.T) push.Sender {
	t.Helper()
	keys, err := push.NewKeys()
	if err != nil {
		t.Fatal(err)
	}
	client := outward.NewClient([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})
	return push.Sender{Client: client, Keys: keys, Subject: "https://chibo.example"}
}

func TestOnlyTheBrowserReadsTheNote(t *testing.T) {
	p := phone.New(t)
	s := sender(t)
	note := push.Note{Title: "Mời họp", Body: "Chi bộ thôn Đông · 19:30 ngày 03/12/2026", Link: "/notices/1", Tag: "letter-1"}
	if err := s.Send(context.Background(), p.Device, note, true); err != nil {
		t.Fatal(err)
	}
	got := p.Received()
	if len(got) != 1 {
		t.Fatalf("%d messages", len(got))
	}
	if strings.Contains(string(got[0].Sealed), "thôn") {
		t.Error("the push service can read the words")
	}
	var read push.Note
	if err := json.Unmarshal(got[0].Plain, &read); err != nil || read != note {
		t.Errorf("the browser reads %s, %v", got[0].Plain, err)
	}
	h := got[0].Header
	if h.Get("Content-Encoding") != "aes128gcm" || h.Get("Ttl") != "86400" || h.Get("Urgency") != "high" {
		t.Errorf("header %v", h)
	}
	claims := verified(t, h.Get("Authorization"), s.Keys)
	if claims["sub"] != "https://chibo.example" || claims["aud"] != p.Base {
		t.Errorf("signed for %v", claims)
	}
}

// verified reads the signature as a push service does.
func verified(t *testing.T, authorization string, keys push.Keys) jwt.MapClaims {
	t.Helper()
	token, public, ok := strings.Cut(strings.TrimPrefix(authorization, "vapid t="), ", k=")
	if !ok || public != keys.Public {
		t.Fatalf("authorization %q", authorization)
	}
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) {
		point, err := base64.RawURLEncoding.DecodeString(public)
		if err != nil {
			return nil, err
		}
		return ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	}, jwt.WithExpirationRequired(), jwt.WithValidMethods([]string{"ES256"}))
	if err != nil {
		t.Fatal(err)
	}
	if expires, err := claims.GetExpirationTime(); err != nil || time.Until(expires.Time) > 24*time.Hour {
		t.Errorf("good until %v, %v", expires, err)
	}
	return claims
}

func TestAnswersOfThePushService(t *testing.T) {
	p, s := phone.New(t), sender(t)
	for status, want := range map[int]struct{ gone, final bool }{
		http.StatusNotFound: {gone: true}, http.StatusGone: {gone: true},
		http.StatusForbidden: {final: true}, http.StatusServiceUnavailable: {}, http.StatusTooManyRequests: {},
	} {
		p.Answer(status)
		err := s.Send(context.Background(), p.Device, push.Note{}, false)
		if err == nil || errors.Is(err, push.ErrGone) != want.gone || job.IsFinal(err) != want.final {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestWhatIsNoSubscription(t *testing.T) {
	good := phone.New(t).Device
	for name, spoil := range map[string]func(*push.Device){
		"no address":       func(d *push.Device) { d.Endpoint = "" },
		"a file":           func(d *push.Device) { d.Endpoint = "file:///etc/passwd" },
		"with a password":  func(d *push.Device) { d.Endpoint = "https://a:b@push.example/1" },
		"endless":          func(d *push.Device) { d.Endpoint += strings.Repeat("x", 1000) },
		"no key":           func(d *push.Device) { d.P256dh = "" },
		"not on the curve": func(d *push.Device) { d.P256dh = base64.RawURLEncoding.EncodeToString(make([]byte, 65)) },
		"short secret":     func(d *push.Device) { d.Auth = "AAAA" },
	} {
		bad := good
		spoil(&bad)
		if err := sender(t).Send(context.Background(), bad, push.Note{}, false); !errors.Is(err, push.ErrDevice) || !job.IsFinal(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSubjects(t *testing.T) {
	for subject, good := range map[string]bool{
		"https://chibo.example": true, "mailto:it@xa.example": true,
		"http://chibo.example": false, "https://": false, "mailto:it": false, "it@xa.example": false, "": false,
	} {
		if err := push.CheckSubject(subject); (err == nil) != good {
			t.Errorf("%q: %v", subject, err)
		}
	}
}
