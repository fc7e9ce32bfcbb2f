package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Checked says how much was found to be in order.
type Checked struct {
	Entries int64 // of the journal
	Figures int64 // rows of them
	Files   int
}

// CheckProgress is told how far a part of Check has come: of the journal in
// entries, of the figures in units.
type CheckProgress func(part string, done, total int64)

// Check verifies the journal, then the figures against the records, then the
// files. The first damage ends it. progress may be nil.
func (a *App) Check(ctx context.Context, progress CheckProgress) (c Checked, err error) {
	if progress == nil {
		progress = func(string, int64, int64) {}
	}
	if err := a.PlaceEntries(ctx); err != nil {
		return c, err
	}
	if c.Entries, err = a.checkJournal(ctx, progress); err != nil {
		return c, err
	}
	if c.Figures, err = a.checkFigures(ctx, progress); err != nil {
		return c, err
	}
	c.Files, err = a.checkFiles(ctx)
	return c, err
}

// CheckLoaded compares what was loaded in bulk with the digests in the journal,
// batch by batch; Check has verified the journal itself.
func (a *App) CheckLoaded(ctx context.Context, progress func(done, total int)) (c journal.LoadCheck, err error) {
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		c, err = journal.VerifyLoad(tx, progress)
		return err
	})
	return c, err
}

// refuseHalfLoaded is errs.Unavailable while a load in bulk is not whole: rows,
// indexes and figures are missing.
func (a *App) refuseHalfLoaded(ctx context.Context) error {
	return a.DB.View(ctx, func(tx *db.Tx) error {
		half, err := journal.HalfLoaded(tx)
		if err == nil && half {
			err = errs.New(errs.Unavailable, "errs.half_loaded")
		}
		return err
	})
}

func (a *App) checkJournal(ctx context.Context, progress CheckProgress) (entries int64, err error) {
	witness, err := os.Open(a.Witness())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	var known io.Reader
	if err == nil {
		defer witness.Close()
		known = witness
	}
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		return journal.Verify(tx, known, func(done, total int64) {
			entries = total
			progress("journal", done, total)
		})
	})
	return entries, err
}

// checkFiles compares every stored file with its name, and asks for every file
// that a record holds.
func (a *App) checkFiles(ctx context.Context) (int, error) {
	stored := map[string]bool{}
	if err := a.Files.Check(ctx, func(hash string, damage error) error {
		stored[hash] = true
		return damage
	}); err != nil {
		return 0, err
	}
	return len(stored), a.DB.View(ctx, func(tx *db.Tx) error {
		return attachment.EachHash(tx, func(hash string) error {
			if !stored[hash] {
				return fmt.Errorf("files: %s is named by a record and is not there", hash)
			}
			return nil
		})
	})
}
