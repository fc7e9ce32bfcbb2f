package cli

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"chibo/internal/app"
	"chibo/internal/demo"
	"chibo/internal/demo/nation"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
)

type demoCommand struct {
	Scale  string `help:"How much: a single cell, a commune of 27 cells, a province of 165,000 members or the nation of 5.6 million." default:"commune" placeholder:"cell|commune|province|nation"`
	Seed   uint64 `help:"The same seed makes the same people, meetings and figures." default:"1"`
	Months int    `help:"How many months of a province or the nation have a past." default:"12"`
}

// Run fills an empty database with a made-up organisation and prints the
// accounts to try it with; they also go into a file that serve prints.
func (c *demoCommand) Run(k *console) (err error) {
	if err := c.check(); err != nil {
		return err
	}
	if c.large() {
		return c.runLarge(k)
	}
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	// What follows is counted change by change, not once in the end.
	if err := a.FollowJournal(k.ctx); err != nil {
		return err
	}
	began := time.Now()
	result, err := demo.Build(k.ctx, a.DB, a.Files, demo.Options{Scale: demo.Scale(c.Scale), Seed: c.Seed, Now: a.DB.Now(), Progress: func(t demo.Told) {
		fmt.Fprintln(k.err, k.language.T("demo.progress", t.Month.Vietnamese(), t.Number, t.Last))
	}})
	if err != nil {
		return err
	}
	if err := a.PlaceEntries(k.ctx); err != nil {
		return err
	}
	if err := a.FollowJournal(k.ctx); err != nil {
		return err
	}
	fmt.Fprintln(k.out, k.language.T("demo.done", result.Party, result.Province, result.Cells, result.Members, result.Meetings, int(time.Since(began).Seconds())))
	return printAccounts(k.out, a, result.Accounts)
}

// monthsMost is how many months a load tells at most.
const monthsMost = 24

func (c *demoCommand) check() error {
	if demo.Scale(c.Scale) != demo.Cell && demo.Scale(c.Scale) != demo.Commune && !c.large() {
		return errs.New(errs.Invalid, "demo.error.scale", c.Scale)
	}
	if c.Months < 1 || c.Months > monthsMost {
		return errs.New(errs.Invalid, "demo.error.months", monthsMost)
	}
	return nil
}

// large reports whether so many are made that they are loaded in bulk.
func (c *demoCommand) large() bool {
	return nation.Scale(c.Scale) == nation.Province || nation.Scale(c.Scale) == nation.Nation
}

// printAccounts writes the table for people to read and into the file that
// serve prints.
func printAccounts(out io.Writer, a *app.App, accounts []demo.Account) error {
	file, err := os.OpenFile(a.Accounts(), os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := accountTable(io.MultiWriter(out, file), a.Catalogue.Language(i18n.Fallback), accounts); err != nil {
		_ = file.Close()
		return err
	}
	return file.Close()
}

func accountTable(out io.Writer, language *i18n.Language, accounts []demo.Account) error {
	fmt.Fprintln(out, language.T("demo.accounts.title"))
	table := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	row := func(post, name, unit, login, password string) {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", post, name, unit, login, password)
	}
	row(language.T("demo.accounts.post"), language.T("demo.accounts.name"), language.T("demo.accounts.unit"),
		language.T("demo.accounts.login"), language.T("demo.accounts.password"))
	for _, account := range accounts {
		row(language.T("demo.post."+account.Post), account.Name, account.Unit, account.Login, account.Password)
	}
	return table.Flush()
}
