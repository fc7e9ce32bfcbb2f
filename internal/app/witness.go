package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
)

const (
	placeEvery = time.Second
	placeMost  = 5000
)

// Witness is the file that keeps the journal's signed roots outside the
// database.
func (a *App) Witness() string { return filepath.Join(a.config.Data, "journal.roots") }

// placeEntries gives new journal entries their place in the tree and has the
// witness know the new root, every second until ctx ends.
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
		}
	}
}

// PlaceEntries places what is not yet placed and signs the tree.
func (a *App) PlaceEntries(ctx context.Context) error {
	for {
		waiting, err := a.unplaced(ctx)
		if err != nil || !waiting {
			return err
		}
		var placed int
		err = a.DB.Update(ctx, func(tx *db.Tx) (err error) {
			if placed, err = journal.Place(tx, placeMost); err != nil {
				return err
			}
			_, _, err = journal.Sign(tx)
			return err
		})
		if err != nil {
			return err
		}
		if err := a.tellWitness(ctx); err != nil {
			return err
		}
		if placed < placeMost {
			return nil
		}
	}
}

// unplaced looks first, so that an idle program does not write.
func (a *App) unplaced(ctx context.Context) (waiting bool, err error) {
	err = a.DB.View(ctx, func(tx *db.Tx) (err error) {
		waiting, err = journal.Waiting(tx)
		return err
	})
	return waiting, err
}

func (a *App) tellWitness(ctx context.Context) error {
	known, err := a.witnessed()
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
	file, err := os.OpenFile(a.Witness(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(journal.AppendWitness(file, roots), file.Sync(), file.Close())
}

func (a *App) witnessed() (int64, error) {
	file, err := os.Open(a.Witness())
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return journal.Witnessed(file, journal.VerifierKey(a.DB))
}
