package unit

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

// foundMost is how many units a search shows: who sees more of them types more.
const foundMost = 20

// Match is a unit that was found, with the names of those above it that the
// actor may read, the nearest first and without the top of the tree.
type Match struct {
	orgtree.Unit
	Above []string
}

// Seek are units where the actor may act, found by name or code, and whether
// there are more. Lists of choices that would be too long are made with it.
func Seek(tx *db.Tx, by access.Actor, act access.Action, sought orgtree.Sought) (list []Match, more bool, err error) {
	scope, err := by.Scope(tx, act)
	if err != nil || scope.Empty() {
		return nil, false, err
	}
	return SeekIn(tx, by, scope, sought)
}

// SeekIn is Seek in a part of the tree that the caller has checked.
func SeekIn(tx *db.Tx, by access.Actor, scope orgtree.Scope, sought orgtree.Sought) (list []Match, more bool, err error) {
	units, err := scope.Named(tx, sought, foundMost+1)
	if err != nil {
		return nil, false, err
	}
	if more = len(units) > foundMost; more {
		units = units[:foundMost]
	}
	known := map[orgtree.ID]orgtree.Unit{}
	for _, u := range units {
		above, err := namesAbove(tx, by, u, known)
		if err != nil {
			return nil, false, err
		}
		list = append(list, Match{u, above})
	}
	return list, more, nil
}

// namesAbove reads each unit above once for all that lie below it.
func namesAbove(tx *db.Tx, by access.Actor, u orgtree.Unit, known map[orgtree.ID]orgtree.Unit) (names []string, err error) {
	for at := u.Parent; at != 0; {
		above, read := known[at]
		if !read {
			if above, err = orgtree.Find(tx, at); err != nil {
				return nil, err
			}
			known[at] = above
		}
		if !by.Can(access.UnitRead, above) || above.Parent == 0 && len(names) > 0 {
			break
		}
		names, at = append(names, above.Name), above.Parent
	}
	return names, nil
}
