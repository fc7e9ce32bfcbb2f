package app

import (
	"context"

	"chibo/internal/domain/overview"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// foldMost is how many entries are counted at once.
const foldMost = 5000

// FollowJournal adds to the figures what the placed entries say. Where nobody
// has counted yet, in an installation from before the figures, it counts all
// records first, while writers wait. Several processes on one database take
// turns: who comes too late begins anew.
func (a *App) FollowJournal(ctx context.Context) error {
	if err := a.beginFigures(ctx); err != nil {
		return err
	}
	for {
		var next tally.Batch
		if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
			next, err = tally.Arrange(tx, foldMost)
			return err
		}); err != nil || next.Empty() {
			return err
		}
		err := a.DB.UpdateGuarded(ctx, func(tx *db.Tx) error { return tally.Fold(tx, next) })
		if err != nil && !errs.Is(err, errs.Conflict) {
			return err
		}
	}
}

func (a *App) beginFigures(ctx context.Context) error {
	var begun bool
	if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
		begun, err = tally.Begun(tx)
		return err
	}); err != nil || begun {
		return err
	}
	return a.DB.Update(ctx, func(tx *db.Tx) error {
		if begun, err := tally.Begun(tx); err != nil || begun {
			return err
		}
		return tally.Recount(tx, overview.Tallied)
	})
}

// Recount writes all figures anew from the records.
func (a *App) Recount(ctx context.Context) error {
	return a.DB.Update(ctx, func(tx *db.Tx) error { return tally.Recount(tx, overview.Tallied) })
}

// checkFigures compares the figures with the records.
func (a *App) checkFigures(ctx context.Context, progress CheckProgress) (rows int64, err error) {
	err = a.DB.View(ctx, func(tx *db.Tx) (err error) {
		rows, err = tally.Check(tx, overview.Tallied, func(done, total int64) { progress("figures", done, total) })
		return err
	})
	return rows, err
}
