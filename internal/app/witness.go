package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

const (
	// placeEvery is how soon an entry has its place, and shows in the figures.
	placeEvery = 500 * time.Millisecond
	// placeMost bounds how long writers wait while entries are placed.
	placeMost = 4000
)

// Witness is the file that keeps the journal's signed roots outside the
// database.
func (a *App) Witness() string { return filepath.Join(a.config.Data, "journal.roots") }

// placeEntries gives new journal entries their place in the tree, has the witness
// know the new root and adds them to the figures, again and again until ctx ends.
func (a *App) placeEntries(ctx context.Context) {
	tick := time.NewTicker(placeEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.PlaceEntries(ctx); err != nil && ctx.Err() == nil {
				a.Log.Error("the journal could not be placed in its tree", "error", err)
			}
			if err := a.FollowJournal(ctx); err != nil && ctx.Err() == nil {
				a.Log.Error("the figures could not follow the journal", "error", err)
			}
		}
	}
}

// PlaceEntries places what is not yet placed and signs the tree. Several
// processes on one database take turns: who comes too late begins anew.
func (a *App) PlaceEntries(ctx context.Context) error {
	for grown := false; ; {
		placed, err := a.placeSome(ctx)
		grown = grown || placed > 0
		switch {
		case errs.Is(err, errs.Conflict):
		case err != nil:
			return err
		case placed == 0 && !grown:
			return nil
		case placed < placeMost:
			return a.tellWitness(ctx)
		}
	}
}

// placeSome looks first: an idle program does not write, and writers do not wait
// for what can be made ready beside them.
func (a *App) placeSome(ctx context.Context) (int, error) {
	var next journal.Placement
	if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
		next, err = journal.Arrange(tx, placeMost)
		return err
	}); err != nil || next.Len() == 0 {
		return 0, err
	}
	return next.Len(), a.DB.UpdateGuarded(ctx, func(tx *db.Tx) error {
		if err := journal.Place(tx, next); err != nil {
			return err
		}
		_, _, err := journal.Sign(tx)
		return err
	})
}

func (a *App) tellWitness(ctx context.Context) error {
	file, err := os.OpenFile(a.Witness(), os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(a.continueWitness(ctx, file), file.Close())
}

// continueWitness adds the roots that the witness lacks. Processes that share
// the folder take turns, or one of them would write older roots behind newer
// ones; the lock goes with the file.
func (a *App) continueWitness(ctx context.Context, file *os.File) error {
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX); err != nil {
		return err
	}
	known, err := journal.Witnessed(file, journal.VerifierKey(a.DB))
	if err != nil {
		return err
	}
	var roots []journal.Root
	if err := a.DB.View(ctx, func(tx *db.Tx) (err error) {
		roots, err = journal.Roots(tx, known)
		return err
	}); err != nil || len(roots) == 0 {
		return err
	}
	return errors.Join(journal.AppendWitness(file, roots), file.Sync())
}
