package overview

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// View is a unit of any size, and the units directly below it, month by month.
type View struct {
	Unit   orgtree.Unit
	Months []meeting.Month
	// Own are the months of the unit with all below it.
	Own   []State
	Below []Branch // by name
	// Members is who the members are at the end of the last month.
	Members Composition
	Watch   WatchList
}

// Last is the state of the last month.
func (v View) Last() State { return v.Own[len(v.Own)-1] }

// Before is the state of the month before the last, if the view has it.
func (v View) Before() (State, bool) {
	if len(v.Own) < 2 {
		return State{}, false
	}
	return v.Own[len(v.Own)-2], true
}

// Branch is a unit directly below, with all below it.
type Branch struct {
	Unit   orgtree.Unit
	Months []State
}

// Last is the state of the last month.
func (b Branch) Last() State { return b.Months[len(b.Months)-1] }

// See shows a unit of any size from the figures that are kept: it reads a row for
// each month of the unit and of those directly below, never the records of cells.
// Who oversees the unit may.
func See(tx *db.Tx, by access.Actor, of orgtree.ID, s Span) (View, error) {
	at, err := access.Require(tx, by, access.OverviewRead, of)
	if err != nil {
		return View{}, err
	}
	if err := s.check(); err != nil {
		return View{}, err
	}
	v := View{Unit: at, Months: s.list()}
	cal := calendar{today: clock.DateOf(tx.Now)}
	if cal.rhythms, err = rhythms(tx, at, s); err != nil {
		return View{}, err
	}
	figures, err := tally.Read(tx, of, s.from(), s.Until)
	if err != nil {
		return View{}, err
	}
	v.Own = cal.states(v.Months, figures)
	v.Members = composition(figures[len(figures)-1], s.Until.Year())
	if v.Below, err = branches(tx, cal, of, s); err != nil {
		return View{}, err
	}
	v.Watch, err = watchList(tx, at, watchMost)
	return v, err
}

func branches(tx *db.Tx, cal calendar, of orgtree.ID, s Span) ([]Branch, error) {
	children, err := tally.Children(tx, of, s.from(), s.Until)
	if err != nil {
		return nil, err
	}
	ids := make([]orgtree.ID, len(children))
	for i, c := range children {
		ids[i] = c.Unit
	}
	units, err := unitsOf(tx, ids)
	list := make([]Branch, len(children))
	for i, c := range children {
		list[i] = Branch{units[c.Unit], cal.states(s.list(), c.Months)}
	}
	slices.SortStableFunc(list, func(a, b Branch) int { return compareNames(text.Fold(a.Unit.Name), text.Fold(b.Unit.Name)) })
	return list, err
}

// fewCells is how many cells can be shown one by one, with their records.
const fewCells = 120

// Few reports whether the unit has so few cells that each can be shown.
func (v View) Few() bool { return v.Last().Cells <= fewCells }
