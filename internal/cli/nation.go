package cli

import (
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"chibo/internal/demo/nation"
	"chibo/internal/platform/i18n"
)

// runLarge loads a province or the country in bulk, with a bar that says how far
// it is.
func (c *demoCommand) runLarge(k *console) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	// Rows are short-lived: it is enough to let a quarter of what is live lie about.
	defer debug.SetGCPercent(debug.SetGCPercent(25))
	began := time.Now()
	told := &bar{out: k.err, language: k.language, rewrites: isTerminal(k.err)}
	result, err := nation.Build(k.ctx, a.DB, nation.Options{
		Scale: nation.Scale(c.Scale), Seed: c.Seed, Months: c.Months, Now: a.DB.Now(), Progress: told.tell,
	})
	if err != nil {
		return err
	}
	told.end()
	if err := a.PlaceEntries(k.ctx); err != nil {
		return err
	}
	if err := a.FollowJournal(k.ctx); err != nil {
		return err
	}
	took := time.Since(began)
	fmt.Fprintln(k.out, k.language.T("demo.loaded", result.Root, result.Parties, result.Cells, result.Members, result.Rows, result.Batches,
		int(took.Seconds())))
	return printAccounts(k.out, a, result.Accounts)
}

// bar is a line that grows: it is written over itself on a terminal, and every
// some seconds anew into a file.
type bar struct {
	out      io.Writer
	language *i18n.Language
	rewrites bool
	last     time.Time
	step     string
}

const (
	barWidth   = 30
	barEvery   = 200 * time.Millisecond
	barInFiles = 10 * time.Second
)

func (b *bar) tell(t nation.Told) {
	every := barInFiles
	if b.rewrites {
		every = barEvery
	}
	if t.Step == b.step && time.Since(b.last) < every && t.Done < t.Whole {
		return
	}
	if b.rewrites {
		if b.step != "" && t.Step != b.step {
			fmt.Fprintln(b.out)
		}
		fmt.Fprint(b.out, "\r")
	}
	b.step, b.last = t.Step, time.Now()
	fmt.Fprint(b.out, b.line(t))
	if !b.rewrites {
		fmt.Fprintln(b.out)
	}
}

func (b *bar) line(t nation.Told) string {
	full := barWidth * t.Done / max(1, t.Whole)
	drawn := "[" + strings.Repeat("#", full) + strings.Repeat(".", barWidth-full) + "]"
	line := fmt.Sprintf("%s %3d%%  %s", drawn, 100*t.Done/max(1, t.Whole), b.language.T("demo.step."+t.Step))
	if seconds := t.Since.Seconds(); t.Step == "rows" && seconds > 0 && t.Done > 0 {
		left := time.Duration(seconds * float64(t.Whole-t.Done) / float64(t.Done) * float64(time.Second))
		line += b.language.T("demo.step.pace", int(float64(t.Rows)/seconds), left.Round(time.Second).String())
	}
	return line
}

func (b *bar) end() {
	if b.rewrites && b.step != "" {
		fmt.Fprintln(b.out)
	}
}

func isTerminal(out io.Writer) bool {
	file, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := file.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
