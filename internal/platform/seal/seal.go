// Package seal keeps small secrets unreadable in a database: who has only the
// tables has nothing. The key lies outside, as db.Tx.Derive makes it.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"errors"
)

// Close makes secret a text to store. label says what the secret is and whose:
// put in another's place, it does not open.
func Close(key, secret []byte, label string) (string, error) {
	box, err := newBox(key)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(box.Seal(nil, nil, secret, []byte(label))), nil
}

// ErrBroken says that a stored text was not sealed with this key and label.
var ErrBroken = errors.New("a sealed secret does not open: it was altered, or sealed with another key")

// Open gives back what Close sealed.
func Open(key []byte, sealed, label string) ([]byte, error) {
	box, err := newBox(key)
	if err != nil {
		return nil, err
	}
	stored, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(stored) < box.Overhead() {
		return nil, ErrBroken
	}
	secret, err := box.Open(nil, nil, stored, []byte(label))
	if err != nil {
		return nil, ErrBroken
	}
	return secret, nil
}

// newBox draws a nonce by itself and puts it in front.
func newBox(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}
