package access

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Limit is what somebody who acts by a token has of the roles of its owner.
type Limit struct {
	// ReadOnly leaves what changes nothing.
	ReadOnly bool
	// Under leaves the unit of the path and all below it; "" leaves all units.
	Under orgtree.Path
}

// Within is the actor held to the limit, which nothing takes off again. The
// console, narrowed, is nobody.
func (a Actor) Within(l Limit) Actor {
	narrow := Actor{Person: a.Person, limit: &l}
	for _, g := range a.grants {
		if l.covers(g.Path) || g.Path.Contains(l.Under) {
			narrow.grants = append(narrow.grants, g)
		}
	}
	return narrow
}

// covers reports whether the unit of the path lies within the limit; without
// a limit every one does.
func (l *Limit) covers(p orgtree.Path) bool { return l == nil || l.Under.Contains(p) }

func (l *Limit) allows(act Action) bool { return l == nil || !l.ReadOnly || act.reads() }

// cut is the part of the branch that lies within the limit. A branch that has
// nothing in common with the limit has no grant in a narrowed actor.
func (l *Limit) cut(branch orgtree.Path) orgtree.Path {
	if l.covers(branch) {
		return branch
	}
	return l.Under
}

// InPerson fails with Denied for whoever acts by a token: how one signs in, and
// which tokens there are, is changed by people themselves. Otherwise a token
// that was lost could outlive its day.
func InPerson(by Actor) error {
	if by.limit != nil {
		return errs.New(errs.Denied, "errs.in_person")
	}
	return nil
}

// Writing fails with Denied if the actor's limit lets nothing be changed at the
// unit. The journal asks for every change, because some things people may do
// without a role, for being who they are.
func Writing(tx *db.Tx, by Actor, unit orgtree.ID) error {
	switch {
	case by.limit != nil && by.limit.ReadOnly:
		return errs.New(errs.Denied, "errs.token_reads")
	case by.limit == nil || by.limit.Under == "":
		return nil
	}
	at, err := orgtree.Find(tx, unit)
	if err == nil && !by.limit.covers(at.Path) {
		err = errs.New(errs.Denied, "errs.token_unit")
	}
	return err
}

// Powerless reports that no role reaches what the actor is held to.
func (a Actor) Powerless() bool { return !a.Console && len(a.grants) == 0 }
