package journal

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Follow are the heads of the placed entries after the position at and below the
// unit, without what they hold, for telling other systems that something
// changed. The console may.
func Follow(tx *db.Tx, by access.Actor, at orgtree.Unit, position int64, limit int) ([]Entry, error) {
	if !by.Console {
		return nil, errs.New(errs.Denied, "errs.denied")
	}
	var branch orgtree.Scope
	branch.AddBranch(at.Path)
	where, args := branch.Where("j.unit_id", 3)
	return db.All(tx, scan, `SELECT `+head+`, '' FROM journal j
		WHERE j.position > $1 AND `+where+` ORDER BY j.position LIMIT $2`, append([]any{position, limit}, args...)...)
}
