package cli

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"

	"chibo/internal/app"
	"chibo/internal/domain/intake"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

type importCommand struct {
	Members importMembers `cmd:"" help:"Read members from a spreadsheet, as communes keep them."`
	Units   importUnits   `cmd:"" help:"Read organisations from a spreadsheet."`
	Posts   importPosts   `cmd:"" help:"Read who holds which post from a spreadsheet."`
}

// spreadsheet is what all imports take.
type spreadsheet struct {
	File       string `arg:"" type:"existingfile" help:"An .xlsx or .csv file."`
	Sheet      string `help:"Name of the sheet; the one that looks most like a register if none is given." placeholder:"NAME"`
	Duplicates string `help:"What to do with who may be known already: ask (they are sent back), update, new or leave." enum:"ask,update,new,leave" default:"ask"`
	Report     string `help:"Where to write the rows that are not taken, as a copy of the spreadsheet with the reason." placeholder:"OUT.xlsx" type:"path"`
	JSON       bool   `name:"json" help:"Print one JSON line last."`
	Apply      bool   `help:"Write the rows that are right; without this the file is only checked."`
}

type importMembers struct {
	spreadsheet
	Unit string `required:"" help:"Code of the unit; rows that name no cell go there." placeholder:"CODE"`
}

type importUnits struct {
	spreadsheet
	Unit string `help:"Code of the organisation under which rows without a parent stand; none founds a new tree." placeholder:"CODE"`
}

type importPosts struct {
	spreadsheet
	Unit string `required:"" help:"Code of the organisation; rows that name none are of it." placeholder:"CODE"`
}

func (c *importMembers) Run(k *console) error { return c.run(k, intake.Members, c.Unit) }
func (c *importUnits) Run(k *console) error   { return c.run(k, intake.Units, c.Unit) }
func (c *importPosts) Run(k *console) error   { return c.run(k, intake.Posts, c.Unit) }

// outcome is the line that --json prints. Rejected rows are all that are not
// written; duplicates of them may be somebody known.
type outcome struct {
	Rows       int    `json:"rows"`
	OK         int    `json:"ok"`
	Rejected   int    `json:"rejected"`
	Duplicates int    `json:"duplicates"`
	Encoding   string `json:"encoding"`
	Applied    bool   `json:"applied"`
}

var duplicateChoices = map[string]intake.Choice{
	"ask": intake.Undecided, "update": intake.Same, "new": intake.Other, "leave": intake.LeaveOut,
}

// roomPercent is how far the heap may grow over what is in use, some 50 MB for
// 100,000 people, before garbage is collected: at Go's 100 that took a sixth of
// the time.
const roomPercent = 150

// run checks the file, writes the report of what is wrong and, with --apply, the
// rows that are right, in one transaction.
func (c *spreadsheet) run(k *console, kind intake.Kind, code string) (err error) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(roomPercent)
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	book, err := intake.Open(file, info.Size())
	if err != nil {
		return err
	}
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	job, outline, err := c.job(k, a, book, kind, code)
	if err != nil {
		return err
	}
	plan, err := c.carryOut(k, a, book, job, outline)
	if err != nil && !nothingRight(err) {
		return err
	}
	return errors.Join(c.writeReport(k, plan), c.tell(k, plan, outcome{
		Rows: plan.Report.Rows, OK: plan.Report.OK, Rejected: plan.Report.Rows - plan.Report.OK, Duplicates: plan.Report.Twins,
		Encoding: string(outline.Encoding(job.Settings)), Applied: c.Apply && err == nil,
	}), err)
}

// nothingRight reports that every row is sent back, which is told row by row.
func nothingRight(err error) bool {
	e, ok := errs.As(err)
	return ok && e.Message.Key == "intake.error.nothing_right"
}

// carryOut checks the rows and, with --apply, writes those that are right in the
// same go.
func (c *spreadsheet) carryOut(k *console, a *app.App, book intake.Book, j intake.Job, o intake.Outline) (p intake.Plan, err error) {
	j.Progress = k.progress("cli.import.checked")
	if c.Apply {
		return c.write(k, a, book, j, o)
	}
	return p, a.DB.View(k.ctx, func(tx *db.Tx) error {
		p, err = intake.Check(tx, access.Console(), book, j)
		return err
	})
}

// job is how the sheet is read: as was guessed, with what the flags say.
func (c *spreadsheet) job(k *console, a *app.App, book intake.Book, kind intake.Kind, code string) (j intake.Job, o intake.Outline, err error) {
	sheet := -1
	if c.Sheet != "" {
		if sheet = book.Named(c.Sheet); sheet < 0 {
			return j, o, errs.New(errs.NotFound, "cli.import.no_sheet", c.Sheet)
		}
	}
	o, settings, err := book.Survey(kind, sheet)
	if err != nil {
		return j, o, err
	}
	settings.Twins = duplicateChoices[c.Duplicates]
	j = intake.Job{Kind: kind, Settings: settings, Heading: o.Heading}
	if code == "" {
		return j, o, nil
	}
	j.Unit, err = k.unitOf(a, code)
	return j, o, err
}

// unitOf is the unit with the code.
func (k *console) unitOf(a *app.App, code string) (unit orgtree.ID, err error) {
	return unit, a.DB.View(k.ctx, func(tx *db.Tx) error {
		u, found, err := orgtree.FindCode(tx, code)
		if err == nil && !found {
			err = errs.New(errs.NotFound, "cli.no_unit", code)
		}
		unit = u.ID
		return err
	})
}

// progressEvery is after how many rows a long import says how far it is.
const progressEvery = 10_000

func (k *console) progress(key string) func(int) {
	next := progressEvery
	return func(rows int) {
		if rows >= next {
			fmt.Fprintln(k.err, k.language.T(key, rows))
			next = rows + progressEvery
		}
	}
}

func (c *spreadsheet) writeReport(k *console, p intake.Plan) (err error) {
	if c.Report == "" || len(p.Reasons()) == 0 {
		return nil
	}
	out, err := os.Create(c.Report)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return p.WriteRejected(out, k.language.T)
}

// write keeps the file, as the journal names it by its hash, and writes the rows.
func (c *spreadsheet) write(k *console, a *app.App, book intake.Book, j intake.Job, o intake.Outline) (p intake.Plan, err error) {
	file, err := os.Open(c.File)
	if err != nil {
		return p, err
	}
	defer file.Close()
	name := filepath.Base(c.File)
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		name += ".txt" // to the store a table with commas is a text
	}
	kept, err := a.Files.Put(name, file, fileMost)
	if err != nil {
		return p, err
	}
	n := intake.New{
		Unit: j.Unit, Kind: j.Kind, Name: filepath.Base(c.File), Hash: kept.Hash, Size: kept.Size, Outline: o, Settings: j.Settings,
	}
	if _, p, err = intake.SendAndApply(k.ctx, a.DB, access.Console(), n, book, j); err != nil {
		return p, err
	}
	return p, a.PlaceEntries(k.ctx)
}

// fileMost is more than intake opens.
const fileMost = 1 << 30

// tell prints what is wrong, row by row, and how much there is of it all.
func (c *spreadsheet) tell(k *console, p intake.Plan, done outcome) error {
	reasons := p.Reasons()
	for _, row := range slices.Sorted(maps.Keys(reasons)) {
		for _, f := range reasons[row] {
			fmt.Fprintln(k.out, k.language.T("cli.import.fault", row, f.Words(p.Kind(), k.language.T)))
		}
	}
	if c.JSON {
		return json.NewEncoder(k.out).Encode(done)
	}
	key := cmp.Or(map[bool]string{true: "cli.import.written"}[done.Applied], "cli.import.would_write")
	_, err := fmt.Fprintln(k.out, k.language.T(key, done.OK, done.Rows, done.Rejected, done.Duplicates, done.Encoding))
	return err
}
