// Package founding makes the beginning of an installation: the first
// organisation and the person who administers it. What comes after grows
// through the verbs of others; this one serves once.
package founding

import (
	"cmp"
	"crypto/subtle"
	"encoding/base32"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/domain/unit/places"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Start is what is asked at the first start.
type Start struct {
	// Kind is that of the organisation at the root, for example "commune_party".
	Kind string
	// Place is the code of its province or commune.
	Place string
	// Name and Code are those of its place unless given.
	Name, Code string
	Founded    clock.Date
	Decision   string
	// Administrator is the name of the person who administers the program; they
	// need not be a member of the Party.
	Administrator string
}

// Begin founds the organisation and gives its administrator a slip with which
// to choose a password. Only the console may, which a page acts as for whoever
// knows the Code. Wrong fields are errs.Invalid; an installation that has begun
// is errs.Conflict.
func Begin(tx *db.Tx, by access.Actor, s Start) (account.Slip, error) {
	empty, err := Empty(tx)
	switch {
	case err != nil:
		return account.Slip{}, err
	case !by.Console:
		return account.Slip{}, errs.New(errs.Denied, "errs.denied")
	case !empty:
		return account.Slip{}, errs.New(errs.Conflict, "founding.error.begun")
	}
	if s.Administrator = text.Line(s.Administrator); s.Administrator == "" {
		return account.Slip{}, errs.Field("administrator", "errs.required")
	}
	root, err := found(tx, by, s)
	if err != nil {
		return account.Slip{}, err
	}
	administrator, err := appoint(tx, by, root, s.Administrator)
	if err != nil {
		return account.Slip{}, err
	}
	return account.Invite(tx, by, administrator)
}

func found(tx *db.Tx, by access.Actor, s Start) (orgtree.Unit, error) {
	place, ok := places.Find(s.Place)
	if !ok {
		return orgtree.Unit{}, errs.Field("place", "errs.required")
	}
	return unit.Found(tx, by, unit.New{
		Founded: s.Founded, Decision: s.Decision,
		Fields: unit.Fields{
			Code: cmp.Or(s.Code, place.Code), Name: cmp.Or(s.Name, "Đảng bộ "+place.Full), Kind: s.Kind, Place: place.Code,
		},
	})
}

// appoint enters the administrator as a person outside the Party: who is
// a member besides is entered into a cell like everybody else.
func appoint(tx *db.Tx, by access.Actor, root orgtree.Unit, name string) (access.PersonID, error) {
	m, err := member.Register(tx, by, member.New{Unit: root.ID, Status: member.Outside, Core: member.Core{BirthName: name}})
	if e, ok := errs.As(err); ok && e.Fields["birth_name"].Key != "" {
		return 0, errs.Field("administrator", e.Fields["birth_name"].Key, e.Fields["birth_name"].Args...)
	}
	if err != nil {
		return 0, err
	}
	return m.ID, Administer(tx, by, root, m.ID)
}

// Administer makes the person an administrator at the unit. Only the console
// may: whoever commands the machine answers for who administers it.
func Administer(tx *db.Tx, by access.Actor, at orgtree.Unit, person access.PersonID) error {
	if !by.Console {
		return errs.New(errs.Denied, "errs.denied")
	}
	grant := access.Grant{Person: person, Unit: at.ID, Role: access.Administrator, From: clock.DateOf(tx.Now), Source: "console"}
	if err := access.Give(tx, grant); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: at.ID, Verb: "access.Give", Noun: "person", ID: int64(person), After: grant,
	})
}

// Empty reports that nothing was founded yet.
func Empty(tx *db.Tx) (bool, error) {
	roots, err := orgtree.Roots(tx)
	return len(roots) == 0, err
}

// Code is what the program prints at the first start and the page asks for, so
// that only who commands the machine begins. Every start prints the same.
func Code(secret []byte) string {
	letters := strings.ToLower(base32.StdEncoding.EncodeToString(secret[:10]))
	return letters[:4] + "-" + letters[4:8] + "-" + letters[8:12] + "-" + letters[12:16]
}

// SecretFor names the key that Code is made of.
const SecretFor = "first start"

// Right compares a typed code.
func Right(tx *db.Tx, typed string) bool {
	plain := strings.ToLower(strings.Join(strings.FieldsFunc(typed, func(r rune) bool { return r == '-' || r == ' ' }), ""))
	want := strings.ReplaceAll(Code(tx.Derive(SecretFor)), "-", "")
	return subtle.ConstantTimeCompare([]byte(plain), []byte(want)) == 1
}
