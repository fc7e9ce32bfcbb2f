package account

import (
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

// Joining is what becomes of a sign-in when the record of its person goes into
// another one.
type Joining string

const (
	NothingToJoin Joining = ""
	// MovesOver: the person goes on signing in as before, as the kept record.
	MovesOver Joining = "moves"
	// EndsThere: the kept record has a sign-in of its own; the other is blocked.
	EndsThere Joining = "ends"
	// WasBlocked: so it was before.
	WasBlocked Joining = "blocked"
)

// Joined is what Join did, as Part needs it.
type Joined struct {
	Account ID
	How     Joining
}

// WouldJoin is what Join would do. Who may let both persons sign in may ask.
func WouldJoin(tx *db.Tx, by access.Actor, kept, gone access.PersonID) (Joining, error) {
	_, _, how, err := joining(tx, by, kept, gone)
	return how, err
}

// Join lets the sign-in of a record that was merged go over to the kept record,
// or ends it where that has one. Whoever may not let both persons sign in, with
// all that they hold, may not: they could sign in as somebody else.
func Join(tx *db.Tx, by access.Actor, kept, gone access.PersonID) (Joined, error) {
	a, unit, how, err := joining(tx, by, kept, gone)
	if err != nil {
		return Joined{}, err
	}
	after := a
	switch how {
	case MovesOver:
		after.Person = kept
		err = tx.Change(`UPDATE account SET person_id = $1, version = version + 1 WHERE id = $2`, kept, a.ID)
	case EndsThere:
		after.Blocked = tx.Now
		if err := void(tx, a); err != nil {
			return Joined{}, err
		}
		err = tx.Change(`UPDATE account SET blocked = $1, version = version + 1 WHERE id = $2`, tx.Now, a.ID)
	default:
		return Joined{a.ID, how}, nil
	}
	if err != nil {
		return Joined{}, err
	}
	return Joined{a.ID, how}, journal.Write(tx, by, journal.Change{Unit: unit, Verb: "account.Join", Noun: "account", ID: int64(a.ID), Before: a, After: after})
}

func joining(tx *db.Tx, by access.Actor, kept, gone access.PersonID) (a Account, unit orgtree.ID, how Joining, err error) {
	a, found, err := ofPerson(tx, gone)
	if err != nil || !found {
		return a, 0, NothingToJoin, err
	}
	if unit, err = reach(tx, by, gone, a); err != nil {
		return a, 0, "", err
	}
	own, has, err := ofPerson(tx, kept)
	switch {
	case err != nil:
		return a, 0, "", err
	case has && !a.Blocked.IsZero():
		return a, unit, WasBlocked, nil
	case has:
		return a, unit, EndsThere, nil
	}
	own.Unit = a.Unit
	_, err = reach(tx, by, kept, own)
	return a, unit, MovesOver, err
}

// Part takes Join back; somebody whose sign-in ended signs in anew. Whoever takes
// back the merge has been asked for the right.
func Part(tx *db.Tx, by access.Actor, j Joined, gone access.PersonID) error {
	if j.How != MovesOver && j.How != EndsThere {
		return nil
	}
	before, err := db.One(tx, scan, `SELECT `+columns+` FROM account WHERE id = $1`, j.Account)
	if err != nil {
		return err
	}
	after := before
	after.Person, after.Blocked = gone, time.Time{}
	if j.How == MovesOver {
		after.Blocked = before.Blocked
	}
	if err := tx.Change(`UPDATE account SET person_id = $1, blocked = $2, version = version + 1 WHERE id = $3`, after.Person, after.Blocked, j.Account); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: before.Unit, Verb: "account.Part", Noun: "account", ID: int64(j.Account), Before: before, After: after,
	})
}
