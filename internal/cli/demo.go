package cli

import (
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"chibo/internal/app"
	"chibo/internal/demo"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
)

type demoCommand struct {
	Scale string `help:"How much: a single cell, or a commune of 27 cells. (province and nation are not there yet.)" default:"commune" placeholder:"cell|commune"`
	Seed  uint64 `help:"The same seed makes the same people, meetings and figures." default:"1"`
}

// Run fills an empty database with a made-up organisation and prints the
// accounts to try it with; they also go into a file that serve prints.
func (c *demoCommand) Run(k *console) (err error) {
	scale, err := c.scale()
	if err != nil {
		return err
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
	began := time.Now()
	result, err := demo.Build(k.ctx, a.DB, a.Files, demo.Options{Scale: scale, Seed: c.Seed, Now: a.DB.Now(), Progress: func(t demo.Told) {
		fmt.Fprintln(k.err, k.language.T("demo.progress", t.Month.Vietnamese(), t.Number, t.Last))
	}})
	if err != nil {
		return err
	}
	if err := a.PlaceEntries(k.ctx); err != nil {
		return err
	}
	fmt.Fprintln(k.out, k.language.T("demo.done", result.Party, result.Province, result.Cells, result.Members, result.Meetings, int(time.Since(began).Seconds())))
	return printAccounts(k.out, a, result.Accounts)
}

func (c *demoCommand) scale() (demo.Scale, error) {
	switch scale := demo.Scale(c.Scale); scale {
	case demo.Cell, demo.Commune:
		return scale, nil
	case "province", "nation":
		return "", errs.New(errs.Invalid, "demo.error.scale_later", c.Scale)
	}
	return "", errs.New(errs.Invalid, "demo.error.scale", c.Scale)
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
