package member

import (
	"fmt"
	"slices"
	"testing"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
)

// The indexes go when most of the register came with the import, all but the one
// that refuses a card twice, and come back as they were.
func TestIndexesOfALargeImport(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		var at orgtree.Unit
		var before, after []string
		k.Update(func(tx *db.Tx) (err error) {
			if at, err = unit.Found(tx, access.Console(), unit.New{
				Founded: k.Today(), Decision: "1", Fields: unit.Fields{Code: "X", Name: "X", Kind: "commune_party"},
			}); err != nil {
				return err
			}
			if err := enterAt(tx, at, 4); err != nil {
				return err
			}
			before, err = indexTexts(tx)
			return err
		})
		k.Update(func(tx *db.Tx) (err error) {
			x := newIndexes(tx)
			x.look = 2
			for _, step := range []struct{ enter, away int }{{1, 0}, {1, 0}, {1, 0}, {1, len(before) - 1}, {1, len(before) - 1}} {
				if err := enterAt(tx, at, step.enter); err != nil {
					return err
				}
				if err := x.after(step.enter); err != nil {
					return err
				}
				if tx.Dialect() == db.Postgres {
					step.away = 0
				}
				if stay, err := indexTexts(tx); err != nil || len(stay) != len(before)-step.away {
					t.Errorf("after %d: %q, %v", x.entered, stay, err)
				}
			}
			if err := x.restore(); err != nil {
				return err
			}
			after, err = indexTexts(tx)
			return err
		})
		if len(before) < 5 || !slices.Equal(after, before) {
			t.Errorf("got  %q\nwant %q", after, before)
		}
	})
}

func enterAt(tx *db.Tx, at orgtree.Unit, people int) error {
	for n := range people {
		if _, err := Register(tx, access.Console(), New{Unit: at.ID, Core: Core{BirthName: fmt.Sprintf("Lê An %d", n)}}); err != nil {
			return err
		}
	}
	return nil
}

// indexTexts are the statements that make the indexes of the table.
func indexTexts(tx *db.Tx) ([]string, error) {
	query := `SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'person' AND sql IS NOT NULL ORDER BY name`
	if tx.Dialect() == db.Postgres {
		query = `SELECT indexdef FROM pg_indexes WHERE tablename = 'person' AND indexname <> 'person_pkey' ORDER BY indexname`
	}
	return db.All(tx, db.Column[string], query)
}
