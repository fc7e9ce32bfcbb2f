package cli

import (
	"fmt"
	"time"

	"chibo/internal/app"
)

type checkCommand struct {
	Recount bool `help:"Write all figures anew from the records first."`
	Loaded  bool `help:"Also read all that was loaded in bulk again and compare it with the digests in the journal."`
}

// Run verifies the journal, then the figures, then the files; the first damage
// ends it.
func (c checkCommand) Run(k *console) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	if c.Recount {
		if err := a.Recount(k.ctx); err != nil {
			return err
		}
	}
	found, err := a.Check(k.ctx, k.tellCheck())
	if err != nil {
		return err
	}
	fmt.Fprintf(k.out, "journal: %d entries, all as they were written\n", found.Entries)
	fmt.Fprintf(k.out, "figures: %d rows, all as the records say\n", found.Figures)
	if c.Loaded {
		if err := c.loaded(k, a); err != nil {
			return err
		}
	}
	fmt.Fprintf(k.out, "files: %d, all as they were stored\n", found.Files)
	return nil
}

// checkEvery is after what time the operator is told how far a check has come:
// that of a province takes seconds, that of the nation a quarter of an hour.
const checkEvery = 15 * time.Second

func (k *console) tellCheck() app.CheckProgress {
	told := time.Now()
	return func(part string, done, total int64) {
		if time.Since(told) < checkEvery {
			return
		}
		told = time.Now()
		fmt.Fprintf(k.err, "%s: %d of %d\n", part, done, total)
	}
}

func (checkCommand) loaded(k *console, a *app.App) error {
	found, err := a.CheckLoaded(k.ctx, func(done, total int) {
		if done%100 == 0 {
			fmt.Fprintf(k.err, "loaded: %d of %d batches\n", done, total)
		}
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(k.out, "loaded: %d batches with %d rows, %d as they were loaded, %d with changes that the journal tells\n",
		found.Batches+found.Changed, found.Rows, found.Batches, found.Changed)
	return nil
}
