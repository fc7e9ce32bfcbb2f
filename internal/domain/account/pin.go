package account

import (
	"context"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// PINID names a PIN.
type PINID = id.Of[PIN]

// PIN is how a person comes back quickly on a device that several people share.
// It is worth nothing on another device, and nothing without the token that
// this one keeps.
type PIN struct {
	ID      PINID
	Person  access.PersonID
	Expires time.Time
}

// ChosenPIN is a PIN that somebody chose, allowed and digested.
type ChosenPIN struct{ encoded string }

const peopleOnDevice = 12

// NewDevice is what a shared device keeps, so that PINs serve on it.
func NewDevice() (Token, error) { return newToken() }

// ChoosePIN checks a new PIN and makes its digest. It takes a while and belongs
// outside any transaction. What is not six digits, or is tried first, is
// errs.Invalid on the field "pin".
func ChoosePIN(ctx context.Context, typed string) (ChosenPIN, error) {
	pin := plainDigits(typed)
	var wrong errs.Fields
	wrong.Check(isSixDigits(pin), "pin", "account.error.pin_form")
	wrong.Check(!easyPIN(pin), "pin", "account.error.pin_easy")
	if err := wrong.Err(); err != nil {
		return ChosenPIN{}, err
	}
	encoded, err := encode(ctx, pin)
	return ChosenPIN{encoded}, err
}

// easyPIN reports runs, one digit or one group over and over, and the number
// of the emergency line with itself.
func easyPIN(pin string) bool {
	for group := 1; group <= 3 && group <= len(pin); group++ {
		if strings.Repeat(pin[:group], 6/group) == pin {
			return true
		}
	}
	return strings.Contains("01234567890 09876543210", pin)
}

// KeepPIN lets the actor come back with the PIN on the device, in place of an
// older one. The session must be fresh, else errs.Denied: a PIN makes no PIN.
// A device that is full is errs.Conflict.
func KeepPIN(tx *db.Tx, by access.Actor, s Session, device Token, pin ChosenPIN) error {
	a, err := provenOwn(tx, by, s)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM account_pin WHERE account_id = $1 AND device_hash = $2`, a.ID, deviceDigest(tx, device)); err != nil {
		return err
	}
	others, err := db.One(tx, db.Column[int], `SELECT count(*) FROM account_pin WHERE device_hash = $1`, deviceDigest(tx, device))
	if err == nil && others >= peopleOnDevice {
		err = errs.New(errs.Conflict, "account.error.too_many", peopleOnDevice)
	}
	if err != nil {
		return err
	}
	lasts, err := ruledDays(tx, "signin.pinLasts")
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO account_pin (id, account_id, device_hash, pin, strong, added, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id.New[PIN](), a.ID, deviceDigest(tx, device), pin.encoded, s.Strong, tx.Now, tx.Now.Add(lasts)); err != nil {
		return err
	}
	return changed(tx, by, a, journal.Change{Verb: "account.KeepPIN"}, "account.notice.pin_kept")
}

// ForgetPIN ends the actor's PIN on the device.
func ForgetPIN(tx *db.Tx, by access.Actor, device Token) error {
	a, err := own(tx, by)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM account_pin WHERE account_id = $1 AND device_hash = $2`, a.ID, deviceDigest(tx, device))
	if err != nil || n == 0 {
		return err
	}
	return journal.Write(tx, by, journal.Change{Unit: a.Unit, Verb: "account.ForgetPIN", Noun: "account", ID: int64(a.ID)})
}

// OnDevice are the PINs that serve on the device, the oldest first. Whoever has
// the device's token may know them: the page with which people change over
// names them.
func OnDevice(tx *db.Tx, device Token) ([]PIN, error) {
	return db.All(tx, func(row db.Row) (p PIN, err error) {
		return p, row.Scan(&p.ID, &p.Person, db.Instant(&p.Expires))
	}, `SELECT p.id, a.person_id, p.expires FROM account_pin p JOIN account a ON a.id = p.account_id
		WHERE p.device_hash = $1 AND p.expires > $2 AND a.blocked IS NULL ORDER BY p.id`, deviceDigest(tx, device), tx.Now)
}

// BeginPIN counts a try to come back on the device. After as many wrong ones in
// a row as the rule allows the PIN is void. A PIN that is void, of another
// device, or too old is errs.Unauthenticated: the password serves.
func BeginPIN(tx *db.Tx, device Token, which PINID, from Device) (Attempt, error) {
	t := Attempt{pin: which, address: subject(tx, "address", network(from.Address))}
	if err := chargeAddress(tx, t.address); err != nil {
		return Attempt{}, err
	}
	tries, err := ruledTimes(tx, "signin.pinTries")
	if err != nil {
		return Attempt{}, err
	}
	n, err := tx.Exec(`UPDATE account_pin SET failures = failures + 1 WHERE id = $1 AND device_hash = $2 AND expires > $3 AND failures < $4`,
		which, deviceDigest(tx, device), tx.Now, tries)
	if err == nil && n == 0 {
		err = errs.New(errs.Unauthenticated, "account.error.pin_void")
	}
	if err != nil {
		return Attempt{}, err
	}
	if t.account, t.stored, err = pinOf(tx, which); err != nil {
		return Attempt{}, err
	}
	t.entry, err = note(tx, t.account, ByPIN, from)
	return t, err
}

func pinOf(tx *db.Tx, which PINID) (account ID, encoded string, err error) {
	type row struct {
		account ID
		encoded string
	}
	r, _, err := db.Maybe(tx, func(found db.Row) (r row, err error) { return r, found.Scan(&r.account, &r.encoded) },
		`SELECT account_id, pin FROM account_pin WHERE id = $1`, which)
	return r.account, r.encoded, err
}

// spendPIN forgives the wrong tries before the right one, and tells whether the
// PIN was set by whoever had shown a second factor.
func spendPIN(tx *db.Tx, which PINID) (strong bool, err error) {
	if err := tx.Change(`UPDATE account_pin SET failures = 0 WHERE id = $1`, which); err != nil {
		return false, err
	}
	return db.One(tx, db.Column[bool], `SELECT strong FROM account_pin WHERE id = $1`, which)
}

func deviceDigest(tx *db.Tx, device Token) string { return digest(tx, "device "+string(device)) }
