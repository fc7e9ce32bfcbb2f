// Package phone is a browser's end of Web Push: a push service on this machine,
// and the keys with which the browser reads what came through it.
package phone

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"chibo/internal/platform/push"
)

// Phone is a browser that subscribed.
type Phone struct {
	Device push.Device
	// Base is the address of its push service.
	Base string

	t      testing.TB
	key    *ecdh.PrivateKey
	secret []byte

	mu       sync.Mutex
	answer   int
	received []Message
}

// Message is one that came: as the push service sees it, and as the browser does.
type Message struct {
	Header        http.Header
	Sealed, Plain []byte
}

// New subscribes; the push service ends with the test.
func New(t testing.TB) *Phone {
	t.Helper()
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	p := &Phone{t: t, key: key, secret: make([]byte, 16), answer: http.StatusCreated}
	_, _ = rand.Read(p.secret)
	service := httptest.NewServer(http.HandlerFunc(p.take))
	t.Cleanup(service.Close)
	p.Base = service.URL
	p.Device = push.Device{
		Endpoint: service.URL + "/push/" + rand.Text(),
		P256dh:   base64.RawURLEncoding.EncodeToString(key.PublicKey().Bytes()),
		Auth:     base64.RawURLEncoding.EncodeToString(p.secret),
	}
	return p
}

// Answer has the push service answer with the status from now on.
func (p *Phone) Answer(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.answer = status
}

// Received are the messages that were taken so far.
func (p *Phone) Received() []Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.received)
}

func (p *Phone) take(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	w.WriteHeader(p.answer)
	if p.answer/100 != 2 {
		return
	}
	sealed, err := io.ReadAll(r.Body)
	if err != nil {
		p.t.Error(err)
	}
	plain, err := p.open(sealed)
	if err != nil {
		p.t.Error(err)
	}
	p.received = append(p.received, Message{r.Header.Clone(), sealed, plain})
}

// open reads a message of one record (RFC 8188, RFC 8291).
func (p *Phone) open(sealed []byte) ([]byte, error) {
	const saltSize, head = 16, 21
	if len(sealed) < head || len(sealed) < head+int(sealed[20]) {
		return nil, fmt.Errorf("%d bytes are no message", len(sealed))
	}
	salt, theirs := sealed[:saltSize], sealed[head:head+int(sealed[20])]
	public, err := ecdh.P256().NewPublicKey(theirs)
	if err != nil {
		return nil, err
	}
	shared, err := p.key.ECDH(public)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(p.key.PublicKey().Bytes()) + string(theirs)
	ikm, err := hkdf.Key(sha256.New, shared, p.secret, info, 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	box, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	padded, err := box.Open(nil, nonce, sealed[head+len(theirs):], nil)
	if err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(bytes.TrimRight(padded, "\x00"), []byte{2}), nil
}
