package delivery

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/job"
	"chibo/internal/platform/text"
)

// Address is where a person wants to be written to.
type Address struct {
	Channel Channel // Mail or Text
	Address string
	// Confirmed is when the person proved that it is theirs; until then nothing
	// but the code is sent there.
	Confirmed time.Time

	nonce   string
	expires time.Time
	tries   int
}

// Masked is the address as others may see it.
func (a Address) Masked() string {
	if name, domain, ok := strings.Cut(a.Address, "@"); ok {
		return name[:min(1, len(name))] + "•••@" + domain
	}
	return "•••" + a.Address[max(0, len(a.Address)-3):]
}

const (
	codeLife = 30 * time.Minute
	// codeTries wrong codes void it: a guess has one chance in 200,000.
	codeTries = 5
	// codesFor one person, and to one address, in codesSpan: nobody's inbox is
	// flooded from here.
	codesFor  = 5
	codesSpan = time.Hour
)

// Addresses are the actor's own.
func Addresses(tx *db.Tx, by access.Actor) (map[Channel]Address, error) {
	list, err := db.All(tx, scanAddress, `SELECT `+addressColumns+` FROM delivery_address WHERE person_id = $1`, by.Person)
	own := make(map[Channel]Address, len(list))
	for _, a := range list {
		own[a.Channel] = a
	}
	return own, err
}

const addressColumns = `channel, address, confirmed, nonce, expires, tries`

func scanAddress(row db.Row) (a Address, err error) {
	return a, row.Scan(&a.Channel, &a.Address, db.Instant(&a.Confirmed), &a.nonce, db.Instant(&a.expires), &a.tries)
}

// Propose names an address of the actor's, in place of the one before, and
// sends a code there. What is no e-mail address or mobile number of Vietnam is
// errs.Invalid, too many codes in an hour errs.TooMany.
func Propose(tx *db.Tx, by access.Actor, channel Channel, typed string) error {
	if err := access.InPerson(by); err != nil {
		return err
	}
	address, err := plain(channel, typed)
	if err != nil {
		return err
	}
	if err := mayAsk(tx, by, address); err != nil {
		return err
	}
	nonce := rand.Text()
	if _, err := tx.Exec(`INSERT INTO delivery_address (person_id, channel, address, nonce, expires) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (person_id, channel) DO UPDATE SET address = excluded.address, confirmed = NULL, nonce = excluded.nonce, expires = excluded.expires, tries = 0`,
		by.Person, channel, address, nonce, tx.Now.Add(codeLife)); err != nil {
		return err
	}
	if err := job.Enqueue(tx, sendCode, asked{by.Person, channel, nonce}, job.Options{}); err != nil {
		return err
	}
	return note(tx, by, "delivery.Propose", map[string]any{"channel": channel})
}

var mobile = regexp.MustCompile(`^\+84[35789]\d{8}$`)

const addressMost = 200

// plain is the address as it is written to.
func plain(channel Channel, typed string) (string, error) {
	switch channel {
	case Mail:
		parsed, err := mail.ParseAddress(text.Line(typed))
		if err != nil || parsed.Name != "" || len(parsed.Address) > addressMost || !strings.Contains(parsed.Address[strings.LastIndex(parsed.Address, "@"):], ".") {
			return "", errs.Field("mail", "delivery.error.mail")
		}
		return parsed.Address, nil
	case Text:
		number := strings.NewReplacer(" ", "", ".", "", "-", "", "(", "", ")", "").Replace(text.Line(typed))
		if national, ok := strings.CutPrefix(number, "0"); ok {
			number = "+84" + national
		}
		if !mobile.MatchString(number) {
			return "", errs.Field("text", "delivery.error.text")
		}
		return number, nil
	}
	return "", errs.New(errs.NotFound, "errs.not_found")
}

// mayAsk counts the codes of the last hour, for the actor and to the address.
func mayAsk(tx *db.Tx, by access.Actor, address string) error {
	since := tx.Now.Add(-codesSpan)
	for _, count := range []struct {
		column string
		value  any
	}{{"person_id", by.Person}, {"address", address}} {
		n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM delivery_code WHERE `+count.column+` = $1 AND at > $2`, count.value, since)
		if err != nil {
			return err
		}
		if n >= codesFor {
			return errs.New(errs.TooMany, "delivery.error.codes")
		}
	}
	_, err := tx.Exec(`INSERT INTO delivery_code (id, person_id, address, at) VALUES ($1, $2, $3, $4)`, id.New[asked](), by.Person, address, tx.Now)
	return err
}

// deriver is a transaction or a database: both know the secret.
type deriver interface{ Derive(purpose string) []byte }

// code is what is sent to an address. It lies in no table and no job: it is
// made again from the nonce.
func code(from deriver, person access.PersonID, a Address) string {
	mac := hmac.New(sha256.New, from.Derive("delivery.code"))
	fmt.Fprintf(mac, "%s %s %s %s", person, a.Channel, a.Address, a.nonce)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(mac.Sum(nil))%1_000_000)
}

// Confirm takes the code that was sent to the actor's address; right says
// whether it was the one. A wrong try counts, so it is no error: the
// transaction must stand. A code that is too old, or was tried too often, is
// errs.Conflict, and so is an address that was confirmed before.
func Confirm(tx *db.Tx, by access.Actor, channel Channel, typed string) (right bool, err error) {
	if err := access.InPerson(by); err != nil {
		return false, err
	}
	a, err := db.One(tx, scanAddress, `SELECT `+addressColumns+` FROM delivery_address WHERE person_id = $1 AND channel = $2`, by.Person, channel)
	if err != nil {
		return false, err
	}
	if !a.Confirmed.IsZero() || !tx.Now.Before(a.expires) || a.tries >= codeTries {
		return false, errs.New(errs.Conflict, "delivery.error.code_over")
	}
	digits := strings.ReplaceAll(text.Line(typed), " ", "")
	if subtle.ConstantTimeCompare([]byte(digits), []byte(code(tx, by.Person, a))) != 1 {
		return false, tx.Change(`UPDATE delivery_address SET tries = tries + 1 WHERE person_id = $1 AND channel = $2`, by.Person, channel)
	}
	if err := tx.Change(`UPDATE delivery_address SET confirmed = $1 WHERE person_id = $2 AND channel = $3`, tx.Now, by.Person, channel); err != nil {
		return false, err
	}
	return true, note(tx, by, "delivery.Confirm", map[string]any{"channel": channel})
}

// Forget removes the actor's address: nothing more is sent there.
func Forget(tx *db.Tx, by access.Actor, channel Channel) error {
	n, err := tx.Exec(`DELETE FROM delivery_address WHERE person_id = $1 AND channel = $2`, by.Person, channel)
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return err
	}
	return note(tx, by, "delivery.Forget", map[string]any{"channel": channel})
}
