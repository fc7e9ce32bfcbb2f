package journal

import (
	"time"

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

// Addition is what an entry adds to the figures.
type Addition struct {
	Position int64
	At       time.Time
	Figures  string
}

// Additions are those of the placed entries after the position, in the order of
// the tree; most add nothing.
func Additions(tx *db.Tx, position int64, limit int) ([]Addition, error) {
	return db.All(tx, func(row db.Row) (a Addition, err error) {
		return a, row.Scan(&a.Position, db.Instant(&a.At), &a.Figures)
	}, `SELECT j.position, j.at, j.figures FROM journal j WHERE j.position > $1 ORDER BY j.position LIMIT $2`, position, limit)
}

// Unplaced are the additions of the entries that have no place yet.
func Unplaced(tx *db.Tx, fn func(figures string) error) error {
	return db.Each(tx, db.Column[string], fn, `SELECT j.figures FROM journal j WHERE j.position IS NULL AND j.figures <> ''`)
}
