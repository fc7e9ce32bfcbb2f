package intake

import (
	"cmp"
	"maps"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Report is what an import would do.
type Report struct {
	// Rows are records; OK of them can be written, Rejected have something wrong,
	// Left were left out by choice. Updated of those that are OK are people who
	// are in the register already.
	Rows     int `json:"rows"`
	OK       int `json:"ok"`
	Rejected int `json:"rejected"`
	Left     int `json:"left"`
	Updated  int `json:"updated"`
	// Twins of the rejected may be somebody known and wait for a choice.
	Twins int `json:"twins"`
	// Noted of those that are OK should be looked at.
	Noted int `json:"noted"`

	Skipped   []Skipped  `json:"skipped,omitempty"`
	Unknown   []Unknown  `json:"unknown,omitempty"`
	NewGroups []NewGroup `json:"new_groups,omitempty"`
	// Findings are rows that are sent back or may be somebody known, Notes rows
	// that are right and should be looked at, Sample others that are right; of
	// many, the first.
	Findings []Finding `json:"findings,omitempty"`
	Notes    []Finding `json:"notes,omitempty"`
	Sample   []Finding `json:"sample,omitempty"`
}

// Finding is what was found in a row.
type Finding struct {
	Row    int     `json:"row"`
	Name   string  `json:"name"`
	Detail string  `json:"detail"`
	Unit   string  `json:"unit"`
	Faults []Fault `json:"faults,omitempty"`
	Notes  []Fault `json:"notes,omitempty"`
	Twin   *Twin   `json:"twin,omitempty"`
}

// NewGroup is a party group that the import founds.
type NewGroup struct {
	Unit orgtree.ID `json:"unit"`
	Name string     `json:"name"`
}

const (
	findingsMost = 5000
	notesMost    = 200
	sampleMost   = 30
)

// Decision is what was decided on one row.
type Decision struct {
	Choice Choice `json:"choice"`
	// Fields are those that are updated; none: those of which the register knows
	// nothing yet.
	Fields []string `json:"fields,omitempty"`
}

// Job is all that a check and an import need to know.
type Job struct {
	Kind     Kind
	Unit     orgtree.ID
	Settings Settings
	// Heading are the words over the columns.
	Heading   []string
	Decisions map[int]Decision
	// Progress, if set, is told how many rows are done.
	Progress func(rows int)
}

// decision is that on the row, or the one on all rows.
func (j Job) decision(row int) Decision {
	if d, ok := j.Decisions[row]; ok && d.Choice != Undecided {
		return d
	}
	return Decision{Choice: j.Settings.Twins}
}

// Plan is what is to be written: all rows but those that are out, in the order
// of the sheet.
type Plan struct {
	Report Report
	job    Job
	book   Book
	at     orgtree.Unit
	// out says why rows are not written; a row left out by choice has no reason.
	out map[int][]Fault
	// same are rows that update somebody.
	same   map[int]Twin
	people *peopleCheck
	tree   *treeCheck
	posts  *postCheck
}

// Kind is what the register lists.
func (p Plan) Kind() Kind { return p.job.Kind }

// Reasons say, by row, why rows are sent back.
func (p Plan) Reasons() map[int][]Fault {
	reasons := map[int][]Fault{}
	for row, faults := range p.out {
		if len(faults) > 0 {
			reasons[row] = faults
		}
	}
	return reasons
}

// rights are what one needs at a unit to import.
var rights = map[Kind]access.Action{Members: access.MemberManage, Units: access.UnitManage, Posts: access.PostManage}

// Right is the action that an import of the kind asks for at the unit.
func Right(kind Kind) access.Action { return rights[kind] }

// Check reads the register and says what an import would do; it writes nothing.
// Whoever may import at the unit may check. Settings that lack a needed column
// are errs.Invalid.
func Check(tx *db.Tx, by access.Actor, book Book, j Job) (Plan, error) {
	return check(tx, by, book, j, nil)
}

// check is Check that hands on, where take is given, the newcomers of a register
// of members as soon as they are found right.
func check(tx *db.Tx, by access.Actor, book Book, j Job, take func(member.Newcomers) error) (Plan, error) {
	at, err := requireHome(tx, by, j)
	if err != nil {
		return Plan{}, err
	}
	if err := j.Settings.check(j.Kind, max(len(j.Heading), len(j.Settings.Columns))); err != nil {
		return Plan{}, err
	}
	p := Plan{job: j, book: book, at: at, out: map[int][]Fault{}, same: map[int]Twin{}}
	c, err := p.checker(tx, by, take)
	if err != nil {
		return Plan{}, err
	}
	r := newReading(j.Kind, j.Settings, j.Heading)
	for lines, err := range book.lines(j.Settings) {
		if err != nil {
			return Plan{}, err
		}
		var rows []*row
		for _, l := range lines {
			if row, ok := r.row(l); ok {
				rows = append(rows, row)
			}
		}
		if err := c.check(rows); err != nil {
			return Plan{}, err
		}
		p.Report.Rows += len(rows)
		if j.Progress != nil && len(lines) > 0 {
			j.Progress(lines[len(lines)-1].number)
		}
	}
	if err := c.finish(); err != nil {
		return Plan{}, err
	}
	p.Report.Skipped = r.skipped
	p.count()
	if p.Report.Rows == 0 {
		return Plan{}, errs.New(errs.Invalid, "intake.error.no_rows")
	}
	return p, nil
}

// checker checks rows of one kind of register, batch by batch.
type checker interface {
	check(rows []*row) error
	finish() error
}

// requireHome is the unit that the import is for. A tree may be imported from
// its root by the console alone.
func requireHome(tx *db.Tx, by access.Actor, j Job) (orgtree.Unit, error) {
	if j.Unit == 0 && j.Kind != Members && by.Console {
		return orgtree.Unit{}, nil
	}
	return access.Require(tx, by, rights[j.Kind], j.Unit)
}

func (p *Plan) checker(tx *db.Tx, by access.Actor, take func(member.Newcomers) error) (c checker, err error) {
	switch p.job.Kind {
	case Members:
		p.people, err = newPeopleCheck(tx, by, p, take)
		return p.people, err
	case Units:
		p.tree, err = newTreeCheck(tx, by, p)
		return p.tree, err
	}
	p.posts, err = newPostCheck(tx, by, p)
	return p.posts, err
}

// settle files a row away by what was found.
func (p *Plan) settle(r *row, f Finding) {
	f.Row, f.Faults, f.Notes = r.number, r.faults, r.notes
	rep := &p.Report
	if len(f.Faults) > 0 {
		p.out[r.number] = f.Faults
	} else if len(f.Notes) > 0 {
		rep.Noted++
	}
	switch {
	case len(f.Faults) > 0 || f.Twin != nil:
		rep.Findings = upTo(findingsMost, rep.Findings, f)
	case len(f.Notes) > 0:
		rep.Notes = upTo(notesMost, rep.Notes, f)
	default:
		rep.Sample = upTo(sampleMost, rep.Sample, f)
	}
}

func upTo(most int, list []Finding, f Finding) []Finding {
	if len(list) >= most {
		return list
	}
	return append(list, f)
}

func (p *Plan) leave(row int) {
	p.out[row] = nil
	p.Report.Left++
}

// count adds up at the end: a row may have been sent back late.
func (p *Plan) count() {
	rep := &p.Report
	rep.Rejected = len(p.out) - rep.Left
	rep.OK = rep.Rows - len(p.out)
	rep.Updated = len(p.same)
	slices.SortStableFunc(rep.Findings, func(a, b Finding) int { return cmp.Compare(a.Row, b.Row) })
}

// unknowns gathers names of units that were not found.
type unknowns map[string]int

func (u unknowns) list(d *directory) (list []Unknown) {
	const most = 50
	for _, written := range slices.Sorted(maps.Keys(u)) {
		if len(list) < most {
			list = append(list, Unknown{written, u[written], d.suggest(written)})
		}
	}
	return list
}

// unitWrong says that a name is that of no unit, with the nearest one.
func unitWrong(r *row, d *directory, written string) {
	if meant := d.suggest(written); len(meant) > 0 {
		r.wrong("unit", "intake.error.unit_meant", written, meant[0].Name)
		return
	}
	r.wrong("unit", "intake.error.unit", written)
}

// grown is the last day on which somebody of the age was born.
func grown(today clock.Date, years int) clock.Date { return today.AddMonths(-12 * years) }

// emptied is a report that says how many and no longer who.
func (r Report) emptied() Report {
	r.Findings, r.Notes, r.Sample, r.Skipped, r.Unknown = nil, nil, nil, nil, nil
	return r
}
