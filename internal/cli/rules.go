package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"text/tabwriter"

	"chibo/internal/kernel/rulepack"
)

type rulesCommand struct {
	JSON bool `name:"json" help:"Print one JSON array."`
}

var errCases = errors.New("cases of the rule packs fail")

// Run lists the packs; a pack whose own cases fail makes the command fail.
func (c *rulesCommand) Run(k *console) error {
	packs := rulepack.Shipped().Summary()
	if err := c.print(k, packs); err != nil {
		return err
	}
	for _, p := range packs {
		if p.Passed < p.Cases {
			return errCases
		}
	}
	return nil
}

func (c *rulesCommand) print(k *console, packs []rulepack.Summary) error {
	if c.JSON {
		return json.NewEncoder(k.out).Encode(packs)
	}
	table := tabwriter.NewWriter(k.out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(table, "PACK\tKIND\tPROFILE\tFROM\tTO\tSTANDING\tCASES\tGAPS\tCITATION")
	for _, p := range packs {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\t%s\t%d/%d\t%d\t%s\n",
			p.ID, p.Kind, p.Profile, p.From, p.To, p.Standing, p.Passed, p.Cases, len(p.Gaps), p.Citation)
	}
	return table.Flush()
}
