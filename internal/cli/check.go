package cli

import "fmt"

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
	found, err := a.Check(k.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(k.out, "journal: %d entries, all as they were written\n", found.Entries)
	fmt.Fprintf(k.out, "files: %d, all as they were stored\n", found.Files)
	return nil
}
