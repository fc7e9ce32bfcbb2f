package cli

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
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
	File      string `arg:"" type:"path" help:"The .xlsx or .csv file to write."`
	Unit      string `required:"" help:"Code of the unit." placeholder:"CODE"`
	SheetRows int    `help:"How many rows a sheet of a workbook takes, its head among them; the rest goes to further sheets." default:"1048576"`
}

type (
	exportMembers struct{ exporting }
	exportUnits   struct{ exporting }
	exportPosts   struct{ exporting }
)

func (c *exportMembers) Run(k *console) error {
	return c.run(k, func(tx *db.Tx, at orgtree.ID) (intake.Exporting, error) {
		return intake.ExportMembers(tx, access.Console(), member.Filter{Unit: at})
	})
}

func (c *exportUnits) Run(k *console) error {
	return c.run(k, func(tx *db.Tx, at orgtree.ID) (intake.Exporting, error) {
		return intake.ExportUnits(tx, access.Console(), at, clock.DateOf(tx.Now))
	})
}

func (c *exportPosts) Run(k *console) error {
	return c.run(k, func(tx *db.Tx, at orgtree.ID) (intake.Exporting, error) {
		return intake.ExportPosts(tx, access.Console(), at, clock.DateOf(tx.Now))
	})
}

// run begins the export, which is journalled if it is one of members, and writes
// the rows into the file while it reads them.
func (c *exporting) run(k *console, begin func(*db.Tx, orgtree.ID) (intake.Exporting, error)) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	at, err := k.unitOf(a, c.Unit)
	if err != nil {
		return err
	}
	var leaving intake.Exporting
	if err := a.DB.Update(k.ctx, func(tx *db.Tx) (err error) {
		leaving, err = begin(tx, at)
		return err
	}); err != nil {
		return err
	}
	if err := a.PlaceEntries(k.ctx); err != nil {
		return err
	}
	return whole(c.File, func(out io.Writer) error { return c.write(k, a, leaving, out) })
}

// unfinished is the end of the name of a file that is still being written.
const unfinished = ".part"

// whole gives the file its name when all is in it, so that half an export is
// never taken for a whole one. What is no file, such as a pipe, is written to.
func whole(path string, write func(io.Writer) error) (err error) {
	name := path
	if info, err := os.Stat(path); err != nil || info.Mode().IsRegular() {
		name += unfinished
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 64<<10)
	if err = write(out); err == nil {
		err = out.Flush()
	}
	if err = errors.Join(err, file.Close()); err == nil && name != path {
		err = os.Rename(name, path)
	}
	if err != nil && name != path {
		err = errors.Join(err, os.Remove(name))
	}
	return err
}

func (c *exporting) write(k *console, a *app.App, leaving intake.Exporting, out io.Writer) error {
	t, err := c.table(out)
	if err != nil {
		return err
	}
	return leaving.Write(k.ctx, a.DB, &told{Table: t, tell: k.progress("cli.export.written"), rows: -1}) // the head is none
}

// told is a table that says how many rows it took.
type told struct {
	intake.Table
	tell func(int)
	rows int
}

func (t *told) Add(row []string) error {
	t.rows++
	t.tell(t.rows)
	return t.Table.Add(row)
}

func (c *exporting) table(out io.Writer) (intake.Table, error) {
	if strings.EqualFold(filepath.Ext(c.File), ".csv") {
		return commas{csv.NewWriter(out)}, nil
	}
	book, err := xlsx.NewStream(out, c.Unit)
	if err != nil {
		return nil, err
	}
	book.SheetRows = c.SheetRows
	return book, nil
}

// commas is a table with commas.
type commas struct{ *csv.Writer }

func (c commas) Add(row []string) error { return c.Write(row) }

func (c commas) Close() error {
	c.Flush()
	return c.Error()
}
