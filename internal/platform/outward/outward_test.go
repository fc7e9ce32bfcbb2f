package outward_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"chibo/internal/platform/outward"
)

var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

func get(t *testing.T, client *http.Client, url string) error {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return outward.Do(t.Context(), client, r)
}

func TestPrivateNetworksAreClosed(t *testing.T) {
	called := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called++ }))
	defer server.Close()
	client := outward.NewClient(nil)
	for _, url := range []string{
		server.URL,
		"https://127.0.0.1:1/", "https://localhost:1/", "https://[::1]:1/", "https://[::ffff:127.0.0.1]:1/", "https://0.0.0.0:1/",
		"https://10.0.0.1/", "https://172.16.0.1/", "https://192.168.1.1/", "https://169.254.169.254/", "https://100.64.0.1/",
		"https://[fe80::1]/", "https://[fd00::1]/", "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://224.0.0.1/",
		"http://203.0.113.7/", "http://8.8.8.8/", // plain HTTP to the world
	} {
		if err := get(t, client, url); !errors.Is(err, outward.ErrPrivate) {
			t.Errorf("%s: %v", url, err)
		}
	}
	if called != 0 {
		t.Error("a request came through")
	}
	if err := get(t, outward.NewClient(loopback), server.URL); err != nil || called != 1 {
		t.Errorf("the network that was named: %v", err)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") }))
	defer inside.Close()
	server := httptest.NewServer(http.RedirectHandler(inside.URL, http.StatusTemporaryRedirect))
	defer server.Close()
	var status outward.Status
	if err := get(t, outward.NewClient(loopback), server.URL); !errors.As(err, &status) || status != http.StatusTemporaryRedirect {
		t.Errorf("failure %v", err)
	}
}

func TestTheReceiverKnowsOurRequests(t *testing.T) {
	key, at := []byte("a key that both know"), time.Unix(1_800_000_000, 0)
	var header http.Header
	var body []byte
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		header = r.Header.Clone()
		body, _ = io.ReadAll(r.Body)
	}))
	defer server.Close()
	signed := outward.Signed{URL: server.URL, Key: key, ID: "letter-1", Body: []byte(`{"to":"+84912345678"}`), At: at}
	if err := outward.Post(context.Background(), outward.NewClient(loopback), signed); err != nil {
		t.Fatal(err)
	}
	if header.Get("Idempotency-Key") != "letter-1" || header.Get("Content-Type") != "application/json" || string(body) != string(signed.Body) {
		t.Errorf("header %v, body %s", header, body)
	}
	if err := outward.Verify(key, header, body, at.Add(time.Minute)); err != nil {
		t.Error(err)
	}
	moved := header.Clone()
	moved.Set("X-Chibo-Timestamp", "1800000060")
	for name, err := range map[string]error{
		"another key":       outward.Verify([]byte("another"), header, body, at),
		"another body":      outward.Verify(key, header, []byte(`{}`), at),
		"another time":      outward.Verify(key, moved, body, at),
		"sent again later":  outward.Verify(key, header, body, at.Add(time.Hour)),
		"without signature": outward.Verify(key, http.Header{}, body, at),
	} {
		if !errors.Is(err, outward.ErrForged) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNetworks(t *testing.T) {
	got, err := outward.ParseNetworks("10.1.2.3/16, 127.0.0.1 ::1")
	if err != nil || len(got) != 3 || got[0].String() != "10.1.0.0/16" || got[1].String() != "127.0.0.1/32" || got[2].String() != "::1/128" {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := outward.ParseNetworks("gateway.local"); err == nil {
		t.Error("a name is taken for a network")
	}
}
