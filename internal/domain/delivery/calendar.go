package delivery

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// CalendarToken is the private part of the address of a person's calendar: who
// has it reads when they meet. It is "" while there is none.
func CalendarToken(tx *db.Tx, by access.Actor) (string, error) {
	nonce, found, err := db.Maybe(tx, db.Column[string], `SELECT nonce FROM delivery_calendar WHERE person_id = $1`, by.Person)
	if err != nil || !found {
		return "", err
	}
	return calendarToken(tx, by.Person, nonce), nil
}

// calendarToken is made of the secret, so that the person can see it again and
// the tables do not hold it.
func calendarToken(tx *db.Tx, person access.PersonID, nonce string) string {
	mac := hmac.New(sha256.New, tx.Derive("delivery.calendar"))
	mac.Write([]byte(person.String() + " " + nonce))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:20]))
}

func tokenHash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// OpenCalendar makes the actor's private address, in place of the one before,
// which then leads nowhere.
func OpenCalendar(tx *db.Tx, by access.Actor) error {
	if err := access.InPerson(by); err != nil {
		return err
	}
	nonce := rand.Text()
	if _, err := tx.Exec(`INSERT INTO delivery_calendar (person_id, nonce, token_hash, made) VALUES ($1, $2, $3, $4)
		ON CONFLICT (person_id) DO UPDATE SET nonce = excluded.nonce, token_hash = excluded.token_hash, made = excluded.made`,
		by.Person, nonce, tokenHash(calendarToken(tx, by.Person, nonce)), tx.Now); err != nil {
		return err
	}
	return note(tx, by, "delivery.OpenCalendar", nil)
}

// CloseCalendar ends the actor's private address.
func CloseCalendar(tx *db.Tx, by access.Actor) error {
	n, err := tx.Exec(`DELETE FROM delivery_calendar WHERE person_id = $1`, by.Person)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return err
	}
	return note(tx, by, "delivery.CloseCalendar", nil)
}

// Subscriber is whose calendar lies at the address, held to reading. An address
// that was never made, that ended, or whose person may not sign in, is
// errs.NotFound.
func Subscriber(tx *db.Tx, token string) (access.Actor, error) {
	person, err := db.One(tx, db.Column[access.PersonID], `SELECT person_id FROM delivery_calendar WHERE token_hash = $1`, tokenHash(token))
	if err != nil {
		return access.Actor{}, err
	}
	able, err := account.CanSignIn(tx, []access.PersonID{person})
	if err != nil {
		return access.Actor{}, err
	}
	if !able[person] {
		return access.Actor{}, errs.New(errs.NotFound, "errs.not_found")
	}
	by, err := access.Act(tx, person)
	return by.Within(access.Limit{ReadOnly: true}), err
}
