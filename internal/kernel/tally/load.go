package tally

import (
	"iter"

	"chibo/internal/platform/db"
)

// Load puts in the rows of units whose records were loaded in bulk: of each unit
// with all below it, in months in which it has no row yet. The entries of such
// records say nothing of figures; those of verbs are counted beside them as
// always, from the first on.
func Load(tx *db.Tx, rows iter.Seq2[Row, error]) error {
	if _, err := tx.Exec(`INSERT INTO tally_cursor (id, position, version) VALUES (1, -1, 1)
		ON CONFLICT (id) DO UPDATE SET version = tally_cursor.version + 1`); err != nil {
		return err
	}
	_, err := tx.Insert("tally", []string{"unit_id", "month", "figures"}, func(yield func([]any, error) bool) {
		for row, err := range rows {
			if !yield([]any{row.Unit, row.Month, row.String()}, err) {
				return
			}
		}
	})
	return err
}
