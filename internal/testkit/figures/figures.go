// Package figures proves, in tests, that what verbs say of the figures is what
// the records say.
package figures

import (
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
)

// Begin lets the figures follow the journal of an empty database: what the verbs
// do from here on is counted change by change.
func Begin(k *testkit.Kit) {
	k.T.Helper()
	k.Update(func(tx *db.Tx) error { return tally.Recount(tx, overview.Tallied) })
}

// Prove fails the test if the figures, brought up to date, differ from the
// records.
func Prove(k *testkit.Kit) {
	k.T.Helper()
	Follow(k)
	k.View(func(tx *db.Tx) error {
		switch rows, err := tally.Check(tx, overview.Tallied, nil); {
		case err != nil:
			k.T.Error(err)
		case rows == 0:
			k.T.Error("nothing was counted")
		}
		return nil
	})
}

// Follow places the entries of the journal and folds them.
func Follow(k *testkit.Kit) {
	k.T.Helper()
	for left := true; left; {
		k.Update(func(tx *db.Tx) (err error) {
			left, err = Step(tx)
			return err
		})
	}
}

// Step places and folds some entries, and reports whether there were any.
func Step(tx *db.Tx) (more bool, err error) {
	p, err := journal.Arrange(tx, 1000)
	if err != nil {
		return false, err
	}
	if err := journal.Place(tx, p); err != nil {
		return false, err
	}
	b, err := tally.Arrange(tx, 1000)
	if err != nil || b.Empty() {
		return false, err
	}
	return true, tally.Fold(tx, b)
}
