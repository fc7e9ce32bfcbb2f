// Package consolidation keeps the plans by which weak cells are consolidated
// (S-11, S-12): for what reasons, by what measures, who carries it out until
// when, and what came of it.
//
// It finds no weak cells: package overview shows signs, and people decide.
package consolidation

import (
	"slices"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// Noun is what the journal and links call a plan.
const Noun = "consolidation"

// ID names a plan.
type ID = id.Of[Plan]

// Plan is how a cell is to be consolidated.
type Plan struct {
	ID       ID
	Unit     orgtree.ID
	Reasons  string
	Measures string
	// Owner sees to it that the plan is carried out by Due.
	Owner   access.PersonID
	Due     clock.Date
	Planned clock.Date
	Planner access.PersonID // zero for the console
	// Finished is the zero day while the plan is open.
	Finished clock.Date
	Outcome  Outcome
	Result   string
	Version  int64
}

// Open reports whether the plan is still to be carried out.
func (p Plan) Open() bool { return p.Finished.IsZero() }

// Late reports whether the plan should have been carried out before the day.
func (p Plan) Late(today clock.Date) bool { return p.Open() && today.After(p.Due) }

// Outcome is what became of the cell, as people judge it.
type Outcome string

const (
	Strong    Outcome = "strong"    // no longer weak
	Better    Outcome = "better"    // has improved, is still helped
	Unchanged Outcome = "unchanged" // has not improved
)

// Outcomes are all, the best first.
var Outcomes = []Outcome{Strong, Better, Unchanged}

// Draft is what a person writes of a plan.
type Draft struct {
	Reasons  string
	Measures string
	Owner    access.PersonID
	Due      clock.Date
}

const (
	blockMost = 20_000
	// farthest is how many days ahead a plan may be due: what is put off longer is
	// no plan.
	farthest = 730
)

func (d Draft) cleaned() Draft {
	d.Reasons, d.Measures = text.Block(d.Reasons), text.Block(d.Measures)
	return d
}

func (d Draft) check(today clock.Date) error {
	var wrong errs.Fields
	block(&wrong, "reasons", d.Reasons)
	block(&wrong, "measures", d.Measures)
	wrong.Check(d.Owner != 0, "owner", "errs.required")
	wrong.Check(!d.Due.IsZero(), "due", "errs.required")
	wrong.Check(!d.Due.Before(today), "due", "consolidation.error.due_past")
	wrong.Check(d.Due.Sub(today) <= farthest, "due", "consolidation.error.due_far")
	return wrong.Err()
}

func block(wrong *errs.Fields, name, value string) {
	wrong.Check(value != "", name, "errs.required")
	wrong.Check(text.Length(value) <= blockMost, name, "errs.too_long", blockMost)
}

// Result is what came of a plan.
type Result struct {
	Outcome Outcome
	Text    string
}

func (r Result) check() error {
	var wrong errs.Fields
	block(&wrong, "text", r.Text)
	wrong.Check(slices.Contains(Outcomes, r.Outcome), "outcome", "errs.required")
	return wrong.Err()
}
