package account

import (
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// IdentityID names a linked identity.
type IdentityID = id.Of[Identity]

// Identity is who a person is at another system that vouches for them.
type Identity struct {
	ID IdentityID `json:"-"`
	// Issuer and Subject are the system and its name for the person, as the
	// system signs them.
	Issuer  string `json:"issuer"`
	Subject string `json:"subject"`
	// Name is what the person recognises it by.
	Name   string    `json:"name"`
	Linked time.Time `json:"-"`
}

const (
	identityMost     = 500
	identityNameMost = 100
	identitiesMost   = 10
)

// Link lets the actor sign in from now on by what the other system says of
// them. The session must have proved who they are lately, else errs.Denied. An
// identity that is linked already, to whomever, is errs.Conflict.
func Link(tx *db.Tx, by access.Actor, s Session, who Identity) error {
	a, err := provenOwn(tx, by, s)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	wrong.Check(who.Issuer != "" && len(who.Issuer) <= identityMost, "issuer", "account.error.identity")
	wrong.Check(who.Subject != "" && len(who.Subject) <= identityMost, "subject", "account.error.identity")
	if err := wrong.Err(); err != nil {
		return err
	}
	list, err := identities(tx, a)
	if err != nil {
		return err
	}
	if len(list) >= identitiesMost {
		return errs.New(errs.Conflict, "account.error.too_many", identitiesMost)
	}
	if _, taken, err := vouched(tx, who.Issuer, who.Subject); err != nil || taken {
		if err == nil {
			err = errs.New(errs.Conflict, "account.error.identity_taken")
		}
		return err
	}
	who.ID, who.Name, who.Linked = id.New[Identity](), shorten(who.Name, identityNameMost), tx.Now
	if err := insertIdentity(tx, a, who); err != nil {
		return err
	}
	return changed(tx, by, a, journal.Change{Verb: "account.Link", After: who}, "account.notice.linked")
}

// Unlink ends that. The session must have proved who the actor is lately, else
// errs.Denied; somebody else's identity is errs.NotFound.
func Unlink(tx *db.Tx, by access.Actor, s Session, which IdentityID) error {
	a, err := provenOwn(tx, by, s)
	if err != nil {
		return err
	}
	who, err := db.One(tx, scanIdentity, `SELECT `+identityColumns+` FROM account_identity WHERE id = $1 AND account_id = $2`, which, a.ID)
	if err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM account_identity WHERE id = $1`, which); err != nil {
		return err
	}
	return changed(tx, by, a, journal.Change{Verb: "account.Unlink", Before: who}, "account.notice.unlinked")
}

// Identities are the actor's, the oldest first.
func Identities(tx *db.Tx, by access.Actor) ([]Identity, error) {
	a, err := own(tx, by)
	if err != nil {
		return nil, err
	}
	return identities(tx, a)
}

// Vouch is the proof of a person for whom another system vouches: the caller
// has checked its signature. Strong says that the system asked for a second
// factor itself; otherwise one that the person has here is asked for after
// SignIn. An identity that nobody linked is errs.Unauthenticated, like a wrong
// password.
func Vouch(tx *db.Tx, issuer, subject string, strong bool) (Proof, error) {
	a, found, err := vouched(tx, issuer, subject)
	if err != nil {
		return Proof{}, err
	}
	if !found {
		return Proof{}, errs.New(errs.Unauthenticated, "account.error.not_linked")
	}
	return Proof{of: Attempt{account: a.ID, stored: a.password}, right: true, how: ByIdentity, strong: strong}, nil
}

func vouched(tx *db.Tx, issuer, subject string) (Account, bool, error) {
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM account WHERE id = (SELECT account_id FROM account_identity WHERE issuer = $1 AND subject = $2)`,
		issuer, subject)
}

func identities(tx *db.Tx, a Account) ([]Identity, error) {
	return db.All(tx, scanIdentity, `SELECT `+identityColumns+` FROM account_identity WHERE account_id = $1 ORDER BY id`, a.ID)
}

func insertIdentity(tx *db.Tx, a Account, who Identity) error {
	_, err := tx.Exec(`INSERT INTO account_identity (id, account_id, issuer, subject, name, linked) VALUES ($1, $2, $3, $4, $5, $6)`,
		who.ID, a.ID, who.Issuer, who.Subject, who.Name, who.Linked)
	return err
}

const identityColumns = `id, issuer, subject, name, linked`

func scanIdentity(row db.Row) (i Identity, err error) {
	return i, row.Scan(&i.ID, &i.Issuer, &i.Subject, &i.Name, db.Instant(&i.Linked))
}
