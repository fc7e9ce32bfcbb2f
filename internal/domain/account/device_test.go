package account_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"

	"chibo/internal/domain/account"
)

// site is where the browser of the tests sees us.
var site = account.Site{Domain: "chibo.example.vn", Origin: "https://chibo.example.vn"}

// device is a phone that keeps one passkey, after WebAuthn level 3.
type device struct {
	t        *testing.T
	key      *ecdsa.PrivateKey
	id       []byte
	handle   []byte
	signed   uint32
	at       account.Site
	verifies bool // asks for a finger
}

func newPhone(t *testing.T) *device {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &device{t: t, key: key, id: id, at: site, verifies: true}
}

// options are those that the device reads of a challenge.
type options struct {
	Challenge string `json:"challenge"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
}

func (p *device) read(c account.Challenge) (o options) {
	p.t.Helper()
	if err := json.Unmarshal([]byte(c.Options), &o); err != nil {
		p.t.Fatal(err)
	}
	return o
}

// create makes the passkey that the challenge asks for.
func (p *device) create(c account.Challenge) account.Signed {
	p.t.Helper()
	o := p.read(c)
	handle, err := base64.RawURLEncoding.DecodeString(o.User.ID)
	if err != nil {
		p.t.Fatal(err)
	}
	p.handle = handle
	attested := append(make([]byte, 16), 0, byte(len(p.id)))
	attested = append(append(attested, p.id...), p.publicKey()...)
	object := []byte{0xa3} // {fmt: none, attStmt: {}, authData: …}
	object = append(append(object, cborText("fmt")...), cborText("none")...)
	object = append(append(object, cborText("attStmt")...), 0xa0)
	object = append(append(object, cborText("authData")...), cborBytes(p.data(0x40, attested))...)
	return p.answer(c, map[string]any{
		"clientDataJSON": b64(p.client("webauthn.create", o.Challenge)), "attestationObject": b64(object), "transports": []string{"internal"},
	})
}

// sign answers a challenge with the passkey.
func (p *device) sign(c account.Challenge) account.Signed {
	p.t.Helper()
	client := p.client("webauthn.get", p.read(c).Challenge)
	p.signed++
	data, hashed := p.data(0, nil), sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hashed[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, p.key, digest[:])
	if err != nil {
		p.t.Fatal(err)
	}
	return p.answer(c, map[string]any{
		"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature), "userHandle": b64(p.handle),
	})
}

func (p *device) answer(c account.Challenge, response map[string]any) account.Signed {
	p.t.Helper()
	credential, err := json.Marshal(map[string]any{
		"id": b64(p.id), "rawId": b64(p.id), "type": "public-key", "response": response, "clientExtensionResults": map[string]any{},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return account.Signed{Sealed: c.Sealed, Credential: string(credential)}
}

func (p *device) client(kind, challenge string) []byte {
	data, err := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": p.at.Origin, "crossOrigin": false})
	if err != nil {
		p.t.Fatal(err)
	}
	return data
}

// data is what the device says of itself: present, and verified if it asks.
func (p *device) data(flags byte, attested []byte) []byte {
	domain := sha256.Sum256([]byte(p.at.Domain))
	flags |= 0x01
	if p.verifies {
		flags |= 0x04
	}
	return append(binary.BigEndian.AppendUint32(append(domain[:], flags), p.signed), attested...)
}

// publicKey is a COSE key: ES256 on P-256.
func (p *device) publicKey() []byte {
	point, err := p.key.PublicKey.Bytes()
	if err != nil {
		p.t.Fatal(err)
	}
	key := []byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}
	key = append(key, cborBytes(point[1:33])...)
	return append(append(key, 0x22), cborBytes(point[33:])...)
}

func b64(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

func cborText(s string) []byte { return append([]byte{0x60 | byte(len(s))}, s...) }

func cborBytes(b []byte) []byte {
	return append([]byte{0x58, byte(len(b))}, b...)
}
