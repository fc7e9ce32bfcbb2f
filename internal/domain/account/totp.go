package account

import (
	"crypto/subtle"
	"time"

	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/seal"
)

// Authenticator is a program on a phone that shows six digits of the time, as
// it is offered to a person who has none yet.
type Authenticator struct {
	// Secret is typed into the program, Address read by its camera.
	Secret, Address string
	// Sealed is given back with the first code.
	Sealed string
}

const (
	codeStep = 30 * time.Second
	// codeSkew is how many steps a phone's clock may be off, RFC 6238 5.2.
	codeSkew = 1
	offerFor = 30 * time.Minute
	// program is the name under which authenticators list us.
	program = "chibo"
)

// OfferAuthenticator draws a new secret for the actor. Nothing is kept of it
// until AddAuthenticator.
func OfferAuthenticator(tx *db.Tx, by access.Actor) (Authenticator, error) {
	a, err := own(tx, by)
	if err != nil {
		return Authenticator{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: program, AccountName: a.Login, SecretSize: 20})
	if err != nil {
		return Authenticator{}, err
	}
	sealed, err := sealLetter(tx, a.offer(), key.Secret(), offerFor)
	return Authenticator{Secret: key.Secret(), Address: key.URL(), Sealed: sealed}, err
}

// OfferedAgain is the same offer, for the page on which a code was mistyped.
func OfferedAgain(tx *db.Tx, by access.Actor, sealed string) (Authenticator, error) {
	a, err := own(tx, by)
	if err != nil {
		return Authenticator{}, err
	}
	l, err := openLetter[string](tx, a.offer(), sealed)
	if err != nil {
		return Authenticator{}, err
	}
	address := "otpauth://totp/" + program + ":" + a.Login + "?issuer=" + program + "&secret=" + l.Content
	return Authenticator{Secret: l.Content, Address: address, Sealed: sealed}, nil
}

// AddAuthenticator makes the offered secret the actor's, in place of an older
// one, against the first code that it shows. The session must be fresh, else
// errs.Denied; it has a second factor from now on. A wrong code is errs.Invalid
// on the field "code".
func AddAuthenticator(tx *db.Tx, by access.Actor, s Session, sealed, code string) error {
	a, err := provenOwn(tx, by, s)
	if err != nil {
		return err
	}
	offered, err := openLetter[string](tx, a.offer(), sealed)
	if err != nil {
		return err
	}
	step, right, err := stepOf(offered.Content, plainDigits(code), tx.Now, 0)
	if err != nil {
		return err
	}
	if !right {
		return errs.Field("code", "account.error.code")
	}
	secret, err := seal.Close(sealKey(tx), []byte(offered.Content), a.clock())
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO account_totp (account_id, secret, last_step, added) VALUES ($1, $2, $3, $4)
		ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, last_step = excluded.last_step, added = excluded.added`,
		a.ID, secret, step, tx.Now); err != nil {
		return err
	}
	return added(tx, by, a, s, "account.AddAuthenticator", "account.notice.authenticator_added")
}

// RemoveAuthenticator ends that. The session must be fresh, else errs.Denied;
// the last second factor of a person whose roles ask for one is errs.Conflict.
func RemoveAuthenticator(tx *db.Tx, by access.Actor, s Session) error {
	a, err := provenOwn(tx, by, s)
	if err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM account_totp WHERE account_id = $1`, a.ID); err != nil {
		return err
	}
	return removed(tx, by, a, s, journal.Change{Verb: "account.RemoveAuthenticator"}, "account.notice.authenticator_removed")
}

// spendCode takes a code of the account's authenticator, once.
func spendCode(tx *db.Tx, a Account, code string) (right bool, err error) {
	type clock struct {
		secret string
		last   int64
	}
	c, found, err := db.Maybe(tx, func(row db.Row) (c clock, err error) {
		return c, row.Scan(&c.secret, &c.last)
	}, `SELECT secret, last_step FROM account_totp WHERE account_id = $1`, a.ID)
	if err != nil || !found {
		return false, err
	}
	secret, err := seal.Open(sealKey(tx), c.secret, a.clock())
	if err != nil {
		return false, err
	}
	step, right, err := stepOf(string(secret), code, tx.Now, c.last)
	if err != nil || !right {
		return false, err
	}
	n, err := tx.Exec(`UPDATE account_totp SET last_step = $1 WHERE account_id = $2 AND last_step < $1`, step, a.ID)
	return n == 1, err
}

// stepOf is the step of time, near now and after the last one used, whose code
// was typed.
func stepOf(secret, typed string, now time.Time, last int64) (step int64, right bool, err error) {
	current := now.Unix() / int64(codeStep/time.Second)
	for near := current - codeSkew; near <= current+codeSkew; near++ {
		code, err := hotp.GenerateCode(secret, uint64(near))
		if err != nil {
			return 0, false, err
		}
		if near > last && subtle.ConstantTimeCompare([]byte(code), []byte(typed)) == 1 {
			step, right = near, true
		}
	}
	return step, right, nil
}

// offer and clock are what the secret is sealed as, before and after the person
// has taken it.
func (a Account) offer() string { return "offer of an authenticator to " + a.ID.String() }
func (a Account) clock() string { return "authenticator of " + a.ID.String() }
