package member

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// load is the only way to a person on somebody's behalf: the person with the
// unit they belong to, if the actor may act there. A person whom the actor
// cannot see is errs.NotFound, one whom the actor can see errs.Denied.
func load(tx *db.Tx, by access.Actor, act access.Action, person ID) (Member, orgtree.Unit, error) {
	m, err := find(tx, person)
	if err != nil {
		return Member{}, orgtree.Unit{}, err
	}
	at, err := orgtree.Find(tx, m.Unit)
	if err != nil {
		return Member{}, orgtree.Unit{}, err
	}
	if by.Can(act, at) {
		return m, at, nil
	}
	seen, err := seenOtherwise(tx, by, m)
	switch {
	case err != nil:
		return Member{}, orgtree.Unit{}, err
	case seen && act == access.MemberRead:
		return m, at, nil
	case seen:
		return Member{}, orgtree.Unit{}, errs.New(errs.Denied, "errs.denied")
	}
	return Member{}, orgtree.Unit{}, by.Refuse(act, at, 0)
}

// loadOwn is load, and for oneself always granted.
func loadOwn(tx *db.Tx, by access.Actor, act access.Action, person ID) (Member, orgtree.Unit, error) {
	if by.Person != person || person == 0 {
		return load(tx, by, act, person)
	}
	m, err := find(tx, person)
	if err != nil {
		return Member{}, orgtree.Unit{}, err
	}
	at, err := orgtree.Find(tx, m.Unit)
	return m, at, err
}

// seenOtherwise reports whether the person is the actor, or a guest today in a
// cell where the actor reads members.
func seenOtherwise(tx *db.Tx, by access.Actor, m Member) (bool, error) {
	if by.Person == m.ID {
		return true, nil
	}
	overlays, err := overlaysOf(tx, m.ID)
	if err != nil {
		return false, err
	}
	for _, o := range overlays {
		if o.Kind != Guest || !o.Holds(clock.DateOf(tx.Now)) {
			continue
		}
		host, err := orgtree.Find(tx, o.Unit)
		if err != nil {
			return false, err
		}
		if by.Can(access.MemberRead, host) {
			return true, nil
		}
	}
	return false, nil
}

func find(tx *db.Tx, person ID) (Member, error) {
	return db.One(tx, scanMember, `SELECT `+columns+` FROM person p WHERE p.id = $1`, person)
}
