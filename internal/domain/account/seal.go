package account

import (
	"encoding/json"
	"fmt"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/seal"
)

// letter is something that a page carries between two requests and must bring
// back unchanged and in time: so the server keeps nothing for strangers.
type letter[T any] struct {
	Content T
	Until   time.Time
}

func sealLetter[T any](tx *db.Tx, label string, content T, lasts time.Duration) (string, error) {
	plain, err := json.Marshal(letter[T]{content, tx.Now.Add(lasts)})
	if err != nil {
		return "", fmt.Errorf("seal %s: %w", label, err)
	}
	return seal.Close(sealKey(tx), plain, label)
}

// openLetter is the letter again. One that was changed, sealed for something
// else, or is too old: errs.Invalid.
func openLetter[T any](tx *db.Tx, label, sealed string) (letter[T], error) {
	var l letter[T]
	plain, err := seal.Open(sealKey(tx), sealed, label)
	if err != nil {
		return l, errs.Wrap(err, errs.Invalid, "account.error.too_late")
	}
	if err := json.Unmarshal(plain, &l); err != nil {
		return l, fmt.Errorf("open %s: %w", label, err)
	}
	if !tx.Now.Before(l.Until) {
		return l, errs.New(errs.Invalid, "account.error.too_late")
	}
	return l, nil
}

func sealKey(tx *db.Tx) []byte { return tx.Derive("account.seal") }
