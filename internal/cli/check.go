package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"chibo/internal/app"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
)

type checkCommand struct{}

// Run verifies the journal, then the files; the first damage ends it.
func (checkCommand) Run(k *console) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	if err := a.PlaceEntries(k.ctx); err != nil {
		return err
	}
	if err := checkJournal(k.ctx, a, k.out); err != nil {
		return err
	}
	return checkFiles(k.ctx, a, k.out)
}

func checkJournal(ctx context.Context, a *app.App, out io.Writer) error {
	witness, err := os.Open(a.Witness())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	var known io.Reader
	if err == nil {
		defer witness.Close()
		known = witness
	}
	var entries int64
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		return journal.Verify(tx, known, func(_, total int64) { entries = total })
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "journal: %d entries, all as they were written\n", entries)
	return nil
}

// checkFiles compares every stored file with its name, and asks for every file
// that a record holds.
func checkFiles(ctx context.Context, a *app.App, out io.Writer) error {
	stored := map[string]bool{}
	err := a.Files.Check(ctx, func(hash string, damage error) error {
		stored[hash] = true
		return damage
	})
	if err != nil {
		return err
	}
	err = a.DB.View(ctx, func(tx *db.Tx) error {
		return attachment.EachHash(tx, func(hash string) error {
			if !stored[hash] {
				return fmt.Errorf("files: %s is named by a record and is not there", hash)
			}
			return nil
		})
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "files: %d, all as they were stored\n", len(stored))
	return nil
}
