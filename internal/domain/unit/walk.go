package unit

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Walk hands on what Tree gives, each unit before those below it, without holding
// the tree. The rights are those of Tree. fn may use tx.
func Walk(tx *db.Tx, by access.Actor, unit orgtree.ID, day clock.Date, fn func(orgtree.Standing) error) error {
	if _, err := Find(tx, by, unit); err != nil {
		return err
	}
	return orgtree.Walk(tx, unit, day, func(s orgtree.Standing) (into bool, err error) {
		if s.Unit.ID != unit && !by.Can(access.UnitRead, s.Unit) {
			return false, nil
		}
		return true, fn(s)
	})
}
