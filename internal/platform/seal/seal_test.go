package seal_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"chibo/internal/platform/seal"
)

func TestASealedSecretOpensWithItsKeyAndLabelAlone(t *testing.T) {
	key, other := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	secret := []byte("khóa riêng")
	sealed, err := seal.Close(key, secret, "vapid")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(sealed, string(secret)) {
		t.Error("the secret can be read")
	}
	if again, _ := seal.Close(key, secret, "vapid"); again == sealed {
		t.Error("the same secret is sealed the same way twice")
	}
	if opened, err := seal.Open(key, sealed, "vapid"); err != nil || !bytes.Equal(opened, secret) {
		t.Errorf("opened %q, %v", opened, err)
	}
	altered := "A" + sealed[1:]
	if sealed[0] == 'A' {
		altered = "B" + sealed[1:]
	}
	for name, try := range map[string]func() ([]byte, error){
		"another key":   func() ([]byte, error) { return seal.Open(other, sealed, "vapid") },
		"another label": func() ([]byte, error) { return seal.Open(key, sealed, "gateway") },
		"altered":       func() ([]byte, error) { return seal.Open(key, altered, "vapid") },
		"cut":           func() ([]byte, error) { return seal.Open(key, sealed[:10], "vapid") },
		"no base64":     func() ([]byte, error) { return seal.Open(key, "?", "vapid") },
	} {
		if opened, err := try(); !errors.Is(err, seal.ErrBroken) {
			t.Errorf("%s: opened %q, %v", name, opened, err)
		}
	}
}
