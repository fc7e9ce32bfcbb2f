package cli

import (
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"chibo/internal/app"
	"chibo/internal/domain/intake"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/xlsx"
)

type exportCommand struct {
	Members exportMembers `cmd:"" help:"Write the members of a unit into a spreadsheet that import reads again."`
	Units   exportUnits   `cmd:"" help:"Write a unit and all below it into a spreadsheet."`
	Posts   exportPosts   `cmd:"" help:"Write who holds which post into a spreadsheet."`
}

type exporting struct {
	File string `arg:"" type:"path" help:"The .xlsx or .csv file to write."`
	Unit string `required:"" help:"Code of the unit." placeholder:"CODE"`
}

type (
	exportMembers struct{ exporting }
	exportUnits   struct{ exporting }
	exportPosts   struct{ exporting }
)

func (c *exportMembers) Run(k *console) error {
	return c.run(k, func(tx *db.Tx, at orgtree.ID) (rows [][]string, err error) {
		return rows, intake.ExportMembers(tx, access.Console(), member.Filter{Unit: at}, func(row []string) error {
			rows = append(rows, row)
			return nil
		})
	})
}

func (c *exportUnits) Run(k *console) error {
	return c.run(k, func(tx *db.Tx, at orgtree.ID) ([][]string, error) {
		return intake.ExportUnits(tx, access.Console(), at, clock.DateOf(tx.Now))
	})
}

func (c *exportPosts) Run(k *console) error {
	return c.run(k, func(tx *db.Tx, at orgtree.ID) ([][]string, error) {
		return intake.ExportPosts(tx, access.Console(), at, clock.DateOf(tx.Now))
	})
}

// run writes the rows into the file. That members were exported is journalled.
func (c *exporting) run(k *console, read func(*db.Tx, orgtree.ID) ([][]string, error)) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	rows, err := c.rows(k, a, read)
	if err != nil {
		return err
	}
	out, err := os.Create(c.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if strings.EqualFold(filepath.Ext(c.File), ".csv") {
		return csv.NewWriter(out).WriteAll(rows)
	}
	return xlsx.WriteRows(out, c.Unit, "", rows)
}

func (c *exporting) rows(k *console, a *app.App, read func(*db.Tx, orgtree.ID) ([][]string, error)) (rows [][]string, err error) {
	at, err := k.unitOf(a, c.Unit)
	if err != nil {
		return nil, err
	}
	if err := a.DB.Update(k.ctx, func(tx *db.Tx) error {
		rows, err = read(tx, at)
		return err
	}); err != nil {
		return nil, err
	}
	return rows, a.PlaceEntries(k.ctx)
}
