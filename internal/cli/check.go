package cli

import "fmt"

type checkCommand struct {
	Recount bool `help:"Write all figures anew from the records first."`
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
	found, err := a.Check(k.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(k.out, "journal: %d entries, all as they were written\n", found.Entries)
	fmt.Fprintf(k.out, "figures: %d rows, all as the records say\n", found.Figures)
	fmt.Fprintf(k.out, "files: %d, all as they were stored\n", found.Files)
	return nil
}
