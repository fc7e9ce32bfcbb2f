package app

import (
	"context"
	"time"

	"chibo/internal/domain/duplicate"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// The search for duplicates reads the whole register, so it runs at night.
const (
	searchFrom, searchTo = 1, 5 // o'clock
	searchEvery          = 20 * time.Hour
)

// findDuplicatesIfDue searches the register once a night.
func (a *App) findDuplicatesIfDue(ctx context.Context) error {
	now := a.DB.Now()
	if hour := now.In(clock.Zone).Hour(); hour < searchFrom || hour >= searchTo {
		return nil
	}
	var last duplicate.Run
	if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
		last, err = duplicate.Last(tx, access.Console())
		return err
	}); err != nil || now.Sub(last.Ended) < searchEvery {
		return err
	}
	found, err := duplicate.Find(ctx, a.DB)
	if err == nil {
		a.Log.Info("the register was searched for duplicates", "people", found.People, "pairs", found.Pairs)
	}
	return err
}

// FindDuplicates searches the register now. Unless the findings are to be kept,
// they are only counted.
func (a *App) FindDuplicates(ctx context.Context, keep bool) (duplicate.Searched, error) {
	if keep {
		return duplicate.Find(ctx, a.DB)
	}
	return duplicate.Search(ctx, a.DB, nil, func(duplicate.Pair) error { return nil })
}
