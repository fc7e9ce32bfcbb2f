package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"chibo/internal/bench"
	"chibo/internal/platform/errs"
)

type benchCommand struct {
	Name  string `arg:"" help:"One of startup, pages, documents, rollcall, import, duplicates, export, meeting-day, reorganise, crash, seeing, failover, or all." default:"all"`
	JSON  bool   `name:"json" help:"Print one JSON line for each, last."`
	Kills int    `help:"How often crash kills the server, or failover the primary." default:"100"`

	Plans      int    `help:"How many plans reorganise carries out." default:"1000"`
	CheckEvery int    `help:"After how many plans reorganise checks everything; 0 is only in the end."`
	Seed       uint64 `help:"What reorganise draws its plans from." default:"1"`

	Seconds int `help:"How long seeing asks from one hand, and again from two." default:"120"`

	Loaded   bool   `help:"The database of --db holds a province or the nation already: meeting-day takes place in cells of it, export carries all of it out, seeing asks it."`
	Failover string `help:"The command by which failover kills the primary." type:"existingfile"`
	Rival    string `help:"The program of bench/rival, for meeting-day to measure beside ours." type:"existingfile"`
}

// Run measures in a folder of its own, which is removed afterwards. With --db
// the database must be empty, but for --loaded, and keeps what was written.
func (c *benchCommand) Run(k *console) error {
	chosen, err := c.chosen()
	if err != nil {
		return err
	}
	for _, b := range chosen {
		if err := c.one(k, b); err != nil {
			return err
		}
	}
	return nil
}

func (c *benchCommand) chosen() ([]bench.Benchmark, error) {
	if c.Name == "all" {
		return bench.All, nil
	}
	var names []string
	for _, b := range slices.Concat(bench.All, bench.OfLoaded, bench.OfCluster) {
		if b.Name == c.Name {
			return []bench.Benchmark{b}, nil
		}
		names = append(names, b.Name)
	}
	return nil, errs.New(errs.NotFound, "cli.bench.unknown", c.Name, strings.Join(append(names, "all"), ", "))
}

func (c *benchCommand) one(k *console, b bench.Benchmark) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	folder, err := os.MkdirTemp("", "chibo-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	data := folder
	if c.Loaded {
		data = k.config.Data
	}
	result, err := b.Run(k.ctx, bench.Setting{
		Program: program, Folder: folder, Database: k.config.Database, Loaded: c.Loaded, Data: data, Seconds: c.Seconds, Kills: c.Kills,
		Plans: c.Plans, CheckEvery: c.CheckEvery, Seed: c.Seed, Failover: c.Failover, Rival: c.Rival, Say: k.err,
	})
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(k.out).Encode(result)
	}
	fmt.Fprintf(k.out, "%s on %s, %s\n", result.Name, result.Engine, result.Machine)
	judged := map[string]bool{}
	for _, budget := range result.Budgets {
		judged[budget.Figure] = true
		fmt.Fprintf(k.out, "  %-24s %12.1f   %s\n", budget.Figure, result.Figures[budget.Figure], verdict(budget))
	}
	for _, figure := range slices.Sorted(maps.Keys(result.Figures)) {
		if !judged[figure] {
			fmt.Fprintf(k.out, "  %-24s %12.1f\n", figure, result.Figures[figure])
		}
	}
	return nil
}

func verdict(b bench.Budget) string {
	sign, word := "≤", "missed"
	if b.AtLeast {
		sign = "≥"
	}
	if b.Met {
		word = "met"
	}
	return fmt.Sprintf("budget %s %.0f: %s", sign, b.Limit, word)
}
