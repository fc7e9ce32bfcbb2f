package member

import (
	"chibo/internal/platform/db"
	"chibo/internal/schema"
)

// indexes are those by which people are sought. Where most people of a register
// come with one import, they are taken away before most of them come, and made
// in the end: SQLite writes them in their order then, and until then their pages
// do not go in and out of its memory while other pages want to stay.
//
// Nobody sees the table without them: others read what was before the
// transaction, which looks people up by id and card alone. PostgreSQL would lock
// the table, so it keeps them.
type indexes struct {
	tx      *db.Tx
	entered int
	look    int // when so many are entered
	away    []schema.Constraint
}

// manyPeople are enough to make their indexes anew.
const manyPeople = 10_000

func newIndexes(tx *db.Tx) *indexes { return &indexes{tx: tx, look: manyPeople} }

// after is told how many people were entered. When these are as many as all who
// were there before, the indexes go.
func (x *indexes) after(entered int) error {
	x.entered += entered
	if x.entered < x.look || x.away != nil || x.tx.Dialect() != db.SQLite {
		return nil
	}
	x.look = 2 * x.entered
	all, err := db.One(x.tx, db.Column[int], `SELECT count(*) FROM (SELECT 1 FROM person LIMIT $1) AS p`, 2*x.entered+1)
	if err != nil || all > 2*x.entered {
		return err
	}
	for _, c := range schema.Constraints(db.SQLite, []string{"person"}) {
		if !c.Eases {
			continue
		}
		if err := c.Drop(x.tx); err != nil {
			return err
		}
		x.away = append(x.away, c)
	}
	return nil
}

// restore makes those that were taken away.
func (x *indexes) restore() error {
	for _, c := range x.away {
		if err := c.Make(x.tx); err != nil {
			return err
		}
	}
	return nil
}
