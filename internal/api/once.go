package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/seal"
)

const (
	onceHeader = "Idempotency-Key"
	// onceLife is how long an answer is kept for a request that comes again.
	onceLife = 24 * time.Hour
	onceMost = 100
)

// once acts, unless the same request was answered before under the same key:
// then it gives that answer again. Key and answer are written in the
// transaction of the act, so both happen or neither does.
func once(c call, op operation, in any) (out any, err error) {
	key := c.Header.Get(onceHeader)
	if op.method != http.MethodPost || key == "" {
		return op.do(c, in)
	}
	if len(key) > onceMost {
		return out, errs.Field(onceHeader, "errs.too_long", onceMost)
	}
	hash, digest := sum(key), c.digest()
	before, found, err := db.Maybe(c.tx, func(row db.Row) (r reply, err error) {
		return r, row.Scan(&r.digest, &r.sealed)
	}, `SELECT digest, answer FROM api_reply WHERE person_id = $1 AND key = $2 AND at > $3`, c.by.Person, hash, c.tx.Now.Add(-onceLife))
	switch {
	case err != nil:
		return out, err
	case found && before.digest != digest:
		return out, errs.Field(onceHeader, "api.other_request")
	case found:
		again := reflect.New(op.out)
		err := c.unseal(key, before.sealed, again.Interface())
		return again.Elem().Interface(), err
	}
	if out, err = op.do(c, in); err != nil {
		return out, err
	}
	sealed, err := c.seal(key, out)
	if err != nil {
		return out, err
	}
	_, err = c.tx.Exec(`INSERT INTO api_reply (person_id, key, digest, answer, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, key) DO UPDATE SET digest = excluded.digest, answer = excluded.answer, at = excluded.at`,
		c.by.Person, hash, digest, sealed, c.tx.Now)
	return out, err
}

type reply struct{ digest, sealed string }

// digest tells one request from another.
func (r *request) digest() string {
	return sum(fmt.Sprintf("%s %s\n%s\n%x", r.Method, r.URL.RequestURI(), r.Header.Get("If-Match"), r.body.Sum(nil)))
}

func sum(text string) string {
	hash := sha256.Sum256([]byte(text))
	return hex.EncodeToString(hash[:])
}

// The answer is locked with the key that the caller sent, of which only a
// digest is kept: an answer may hold a code that opens an account.
func (c call) lock(key string) []byte {
	secret := sha256.Sum256(append(c.tx.Derive("api reply"), key...))
	return secret[:]
}

func (c call) seal(key string, answer any) (string, error) {
	plain, err := json.Marshal(answer)
	if err != nil {
		return "", err
	}
	return seal.Close(c.lock(key), plain, sum(key))
}

func (c call) unseal(key, sealed string, answer any) error {
	plain, err := seal.Open(c.lock(key), sealed, sum(key))
	if err != nil {
		return err
	}
	return json.Unmarshal(plain, answer)
}

// Sweep forgets answers that no repetition can ask for any more; a scheduled
// job calls it.
func Sweep(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM api_reply WHERE at < $1`, tx.Now.Add(-onceLife))
	return err
}
