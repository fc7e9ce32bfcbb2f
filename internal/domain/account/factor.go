package account

import (
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
