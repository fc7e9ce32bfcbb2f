package account

import (
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// hasSecond reports whether the person has set up a second factor.
func hasSecond(tx *db.Tx, person access.PersonID) (bool, error) {
	n, err := db.One(tx, db.Column[int], `SELECT (SELECT count(*) FROM account_totp WHERE account_id = a.id) + (SELECT count(*) FROM account_passkey WHERE account_id = a.id)
		FROM account a WHERE a.person_id = $1`, int64(person))
	return n > 0, err
}

// Factors are what the actor can show beside the password.
type Factors struct {
	// Authenticator is since when there is one; zero for none.
	Authenticator time.Time
	Passkeys      []Passkey
	// RecoveryLeft are the recovery codes not used yet, of the set made then.
	RecoveryLeft int
	RecoveryMade time.Time
	// Asked says that the actor's roles ask for a second factor.
	Asked bool
}

// Any reports whether there is a second factor.
func (f Factors) Any() bool { return !f.Authenticator.IsZero() || len(f.Passkeys) > 0 }

// FactorsOf are those of the actor.
func FactorsOf(tx *db.Tx, by access.Actor) (f Factors, err error) {
	a, err := own(tx, by)
	if err != nil {
		return f, err
	}
	if f.Asked, err = mustHaveSecond(tx, by.Grants()); err != nil {
		return f, err
	}
	f.Authenticator, _, err = db.Maybe(tx, func(row db.Row) (at time.Time, err error) { return at, row.Scan(db.Instant(&at)) },
		`SELECT added FROM account_totp WHERE account_id = $1`, a.ID)
	if err != nil {
		return f, err
	}
	if f.Passkeys, err = db.All(tx, scanPasskey, `SELECT `+passkeyColumns+` FROM account_passkey WHERE account_id = $1 ORDER BY id`, a.ID); err != nil {
		return f, err
	}
	f.RecoveryLeft, f.RecoveryMade, err = recoveryLeft(tx, a)
	return f, err
}

// added has the session in which a second factor was shown for the first time
// count as one with it.
func added(tx *db.Tx, by access.Actor, a Account, s Session, verb, key string) error {
	if err := tx.Change(`UPDATE account_session SET strong = TRUE WHERE id = $1 AND account_id = $2`, s.ID, a.ID); err != nil {
		return err
	}
	return changed(tx, by, a, journal.Change{Verb: verb}, key)
}

// removed follows the loss of a factor: other devices are signed out, and
// recovery codes that stand for nothing any more are void.
func removed(tx *db.Tx, by access.Actor, a Account, s Session, what journal.Change, key string) error {
	f, err := FactorsOf(tx, by)
	if err != nil {
		return err
	}
	if f.Asked && !f.Any() {
		return errs.New(errs.Conflict, "account.error.last_factor")
	}
	if !f.Any() {
		if _, err := tx.Exec(`DELETE FROM account_recovery WHERE account_id = $1`, a.ID); err != nil {
			return err
		}
	}
	if err := EndOtherSessions(tx, by, s.ID); err != nil {
		return err
	}
	return changed(tx, by, a, what, key)
}

// dropFactors removes all that the account could show beside the password.
func dropFactors(tx *db.Tx, a Account) error {
	for _, table := range []string{"account_totp", "account_passkey", "account_recovery"} {
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE account_id = $1`, a.ID); err != nil {
			return err
		}
	}
	return nil
}

// Fresh reports whether the actor's session proved lately enough who they are
// for what is sensitive: to change factors, to make a token.
func Fresh(tx *db.Tx, s Session) (bool, error) {
	lasts, err := ruledMinutes(tx, "signin.proveAgain")
	return tx.Now.Before(s.Proved.Add(lasts)), err
}

// provenOwn is the actor's account, if the session is theirs and fresh; if not,
// errs.Denied.
func provenOwn(tx *db.Tx, by access.Actor, s Session) (Account, error) {
	fresh, err := Fresh(tx, s)
	if err != nil {
		return Account{}, err
	}
	if !fresh || s.Person != by.Person {
		return Account{}, errs.New(errs.Denied, "account.error.prove_again")
	}
	return own(tx, by)
}

// changed journals what the actor changed about signing in, and tells them, in
// case it was somebody else.
func changed(tx *db.Tx, by access.Actor, a Account, what journal.Change, key string) error {
	what.Unit, what.Noun, what.ID = a.Unit, "account", int64(a.ID)
	if err := journal.Write(tx, by, what); err != nil {
		return err
	}
	return notice.Send(tx, by, notice.Notice{To: []access.PersonID{a.Person}, Unit: a.Unit, Key: key, Link: page})
}
