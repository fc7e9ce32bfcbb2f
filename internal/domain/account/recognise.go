package account

import (
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// Mark is by what another system's word for a person finds their account.
type Mark string

// The marks of an account.
const (
	ByLogin Mark = "login"
	ByEmail Mark = "email"
	ByCard  Mark = "card" // the number of the member card
)

// Marks lists them.
var Marks = []Mark{ByLogin, ByEmail, ByCard}

// Recognise is Vouch for an identity that nobody linked, where the operator has
// set that what the other system verified equals a mark of the account: the
// identity is linked to it, once and for good, and the person is told. An
// account that nobody uses yet, is blocked, or has an identity of the same
// system already is not found by it. Whatever is in the way is
// errs.Unauthenticated, as of an identity that nobody linked: a stranger does
// not learn who has an account.
func Recognise(tx *db.Tx, who Identity, by Mark, value string, strong bool) (Proof, error) {
	proof, err := Vouch(tx, who.Issuer, who.Subject, strong)
	if !errs.Is(err, errs.Unauthenticated) {
		return proof, err
	}
	unknown := err
	a, found, err := marked(tx, by, value)
	if err != nil {
		return Proof{}, err
	}
	if !found || !a.Active() {
		return Proof{}, unknown
	}
	list, err := identities(tx, a)
	if err != nil {
		return Proof{}, err
	}
	if slices.ContainsFunc(list, func(i Identity) bool { return i.Issuer == who.Issuer }) {
		return Proof{}, unknown
	}
	who.ID, who.Name, who.Linked = id.New[Identity](), shorten(who.Name, identityNameMost), tx.Now
	if err := insertIdentity(tx, a, who); err != nil {
		return Proof{}, err
	}
	what := journal.Change{Verb: "account.Recognise", After: who}
	if err := changed(tx, access.Actor{Person: a.Person}, a, what, "account.notice.linked"); err != nil {
		return Proof{}, err
	}
	return Vouch(tx, who.Issuer, who.Subject, strong)
}

// marked is the account with the mark. A mark that is no login's form is none.
func marked(tx *db.Tx, by Mark, value string) (Account, bool, error) {
	switch by {
	case ByLogin, ByEmail:
		column, login := plainLogin(value)
		if column != string(by) || login == "" {
			return Account{}, false, nil
		}
		return db.Maybe(tx, scan, `SELECT `+columns+` FROM account WHERE `+column+` = $1`, login)
	case ByCard:
		person, found, err := member.HolderOfCard(tx, value)
		if err != nil || !found {
			return Account{}, false, err
		}
		return ofPerson(tx, person)
	}
	return Account{}, false, nil
}
