package cli

import (
	"encoding/json"
	"fmt"
)

type duplicatesCommand struct {
	Find findDuplicates `cmd:"" help:"Search the whole register for records that are of one person."`
}

type findDuplicates struct {
	Apply bool `help:"Keep what is found, for the offices to decide; otherwise it is only counted."`
	JSON  bool `name:"json" help:"Print one JSON line, last."`
}

// Run searches as the nightly job does. It merges nothing: people decide.
func (c findDuplicates) Run(k *console) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	found, err := a.FindDuplicates(k.ctx, c.Apply)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(k.out).Encode(map[string]any{
			"people": found.People, "pairs": found.Pairs, "judged": found.Judged, "cut": found.Cut, "applied": c.Apply,
		})
	}
	fmt.Fprintf(k.out, "%d people, %d pairs of records that are likely of one person\n", found.People, found.Pairs)
	return nil
}
