package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/sheet"
	"chibo/internal/platform/xlsx"
)

type importCommand struct {
	Members importMembers `cmd:"" help:"Read members from a spreadsheet of the program's own template."`
	Units   importUnits   `cmd:"" help:"Read units from a spreadsheet of the program's own template."`
}

// spreadsheet is what both imports take.
type spreadsheet struct {
	File  string `arg:"" type:"existingfile" help:"An .xlsx or .csv file."`
	JSON  bool   `name:"json" help:"Print one JSON line last."`
	Apply bool   `help:"Write; without this the file is only checked."`
}

// outcome is the line that --json prints.
type outcome struct {
	Rows     int  `json:"rows"`
	OK       int  `json:"ok"`
	Rejected int  `json:"rejected"`
	Applied  bool `json:"applied"`
}

type importMembers struct {
	spreadsheet
	Unit string `required:"" help:"Code of the cell for rows that name none." placeholder:"CODE"`
}

func (c *importMembers) Run(k *console) error {
	rows, err := c.read()
	if err != nil {
		return err
	}
	preview := member.ParseImport(rows)
	return c.carryOut(k, len(preview.Rows), func(tx *db.Tx) ([]sheet.Fault, error) {
		cell, found, err := orgtree.FindCode(tx, c.Unit)
		if err != nil {
			return nil, err
		}
		if !found {
			return nil, errs.New(errs.NotFound, "errs.not_found")
		}
		checked, err := member.CheckImport(tx, access.Console(), cell.ID, preview)
		if err != nil || len(checked.Faults) > 0 || !c.Apply {
			return checked.Faults, err
		}
		_, err = member.Import(tx, access.Console(), cell.ID, preview)
		return nil, err
	})
}

type importUnits struct{ spreadsheet }

func (c *importUnits) Run(k *console) error {
	rows, err := c.read()
	if err != nil {
		return err
	}
	preview := unit.ParseTree(rows)
	return c.carryOut(k, len(preview.Rows), func(tx *db.Tx) ([]sheet.Fault, error) {
		checked, err := unit.PreviewTree(tx, access.Console(), preview)
		if err != nil || len(checked.Faults) > 0 || !c.Apply {
			return checked.Faults, err
		}
		_, err = unit.ImportTree(tx, access.Console(), preview)
		return nil, err
	})
}

func (c *spreadsheet) read() ([][]string, error) {
	file, err := os.Open(c.File)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	rows, err := xlsx.Read(file, info.Size(), xlsx.UsualLimits())
	if err != nil {
		return nil, err
	}
	return xlsx.All(rows)
}

// carryOut runs the import in one transaction and reports it. Faults make the
// command fail, and nothing is written.
func (c *spreadsheet) carryOut(k *console, rows int, run func(*db.Tx) ([]sheet.Fault, error)) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	var faults []sheet.Fault
	if err := a.DB.Update(k.ctx, func(tx *db.Tx) (err error) {
		faults, err = run(tx)
		return err
	}); err != nil {
		return err
	}
	k.printFaults(k.out, faults)
	wrong := map[int]bool{}
	for _, f := range faults {
		wrong[f.Row] = true
	}
	done := outcome{Rows: rows, OK: rows - len(wrong), Rejected: len(wrong), Applied: c.Apply && len(faults) == 0}
	if err := c.report(k.out, done); err != nil {
		return err
	}
	if len(faults) > 0 {
		return errs.New(errs.Invalid, "cli.import.faults", len(faults))
	}
	return a.PlaceEntries(k.ctx)
}

func (k *console) printFaults(out io.Writer, faults []sheet.Fault) {
	for _, f := range faults {
		fmt.Fprintln(out, k.language.T("cli.import.fault", f.Row, f.Column, k.language.T(f.Message.Key, f.Message.Args...)))
	}
}

func (c *spreadsheet) report(out io.Writer, done outcome) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(done)
	}
	_, err := fmt.Fprintf(out, "rows %d, ok %d, rejected %d, applied %t\n", done.Rows, done.OK, done.Rejected, done.Applied)
	return err
}
