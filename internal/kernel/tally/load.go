package tally

import (
	"iter"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

// Load puts in the rows of units whose records were loaded in bulk: of each unit
// with all below it, in months in which it has no row yet. The entries of such
// records say nothing of figures; those of verbs are counted beside them as
// always, from the first on.
func Load(tx *db.Tx, rows iter.Seq2[Row, error]) error {
	if err := Begin(tx); err != nil {
		return err
	}
	return Put(tx, rows)
}

// Begin has the journal followed from its first entry on, if it is not followed
// yet. What somebody is folding meanwhile is errs.Conflict.
func Begin(tx *db.Tx) error {
	_, err := tx.Exec(`INSERT INTO tally_cursor (id, position, version) VALUES (1, -1, 1)
		ON CONFLICT (id) DO UPDATE SET version = tally_cursor.version + 1`)
	return err
}

// Put is Load after Begin while nobody folds: many may put in rows at once.
func Put(tx *db.Tx, rows iter.Seq2[Row, error]) error {
	_, err := tx.Insert("tally", []string{"unit_id", "month", "figures"}, func(yield func([]any, error) bool) {
		for row, err := range rows {
			if !yield([]any{row.Unit, row.Month, row.String()}, err) {
				return
			}
		}
	})
	return err
}

// PutAbove writes the rows of a unit: what it adds itself, and the rows of those
// directly below it, which were put in before and never moved.
func PutAbove(tx *db.Tx, unit orgtree.ID, own Counts) error {
	var sum Counts
	sum.Include(own)
	if err := db.Each(tx, scanRow, func(r Row) error {
		sum.add(place{unit, r.Month}, r.Figures, 1)
		return nil
	}, `SELECT t.unit_id, t.month, t.figures FROM unit u JOIN tally t ON t.unit_id = u.id WHERE u.parent_id = $1`, unit); err != nil {
		return err
	}
	var rows []Row
	for row := range sum.Rows() {
		rows = append(rows, row)
	}
	return writeRows(tx, rows)
}
