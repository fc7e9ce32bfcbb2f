package overview

import (
	"slices"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
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
	// Overdue are the tasks due before the running month, and no later than the
	// last one shown, that nobody has finished.
	Overdue int
	Watch   WatchList
	// Cells is the table of each cell where they are few; nil where they are many.
	Cells *Table
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
// each month of the unit and of those directly below. Records are read only of
// the cells of a unit that has few. Who oversees the unit may.
func See(tx *db.Tx, by access.Actor, of orgtree.ID, s Span) (View, error) {
	at, err := access.Require(tx, by, access.OverviewRead, of)
	if err != nil {
		return View{}, err
	}
	if err := s.check(); err != nil {
		return View{}, err
	}
	g, err := newSight(tx, at, s)
	if err != nil {
		return View{}, err
	}
	v := View{Unit: at, Months: s.list(), Own: g.states(g.own), Overdue: g.overdue()}
	if v.Members, err = g.members(); err != nil {
		return View{}, err
	}
	below, err := tally.Children(tx, of, s.from(), s.Until)
	if err != nil {
		return View{}, err
	}
	if v.Below, err = g.branches(below); err != nil {
		return View{}, err
	}
	if g.few() {
		if v.Cells, err = g.table(below); v.Cells != nil {
			v.Watch = v.Cells.watch(g.today)
		}
	} else {
		v.Watch, err = watchList(tx, at)
	}
	v.Watch.Planned = int(g.last().Get(consolidation.TallyOpen))
	return v, err
}

// sight is a look at a unit on its way.
type sight struct {
	tx *db.Tx
	at orgtree.Unit
	Span
	calendar
	// past are the figures of all months up to the first that is shown, own those
	// that are shown.
	past, own []tally.Figures
}

func newSight(tx *db.Tx, at orgtree.Unit, s Span) (g *sight, err error) {
	g = &sight{tx: tx, at: at, Span: s, calendar: calendar{today: clock.DateOf(tx.Now)}}
	if g.rhythms, err = rhythms(tx, at, s); err != nil {
		return nil, err
	}
	all, err := tally.Read(tx, at.ID, min(tally.Opening, s.from()), s.Until)
	if err != nil {
		return nil, err
	}
	g.past, g.own = all[:len(all)-s.Months], all[len(all)-s.Months:]
	return g, nil
}

func (g *sight) last() tally.Figures { return g.own[len(g.own)-1] }

func (g *sight) states(figures []tally.Figures) []State { return g.calendar.states(g.list(), figures) }

// overdue counts what was due in months that have passed and has no result yet.
// What became overdue in the running month is in no figure: a day passed, and
// nobody did anything.
func (g *sight) overdue() (n int) {
	month := g.Until.Add(1 - len(g.past) - len(g.own))
	for _, f := range slices.Concat(g.past, g.own) {
		if month < clock.MonthOf(g.today) {
			n += int(task.Unfinished(f))
		}
		month = month.Add(1)
	}
	return max(n, 0)
}

// members is who the members are. It looks at the siblings too, so that nobody can
// be made out by taking them from the unit above.
func (g *sight) members() (Composition, error) {
	var others []tally.Figures
	if g.at.Parent != 0 {
		siblings, err := tally.Children(g.tx, g.at.Parent, g.Until, g.Until)
		if err != nil {
			return Composition{}, err
		}
		for _, s := range siblings {
			if s.Unit != g.at.ID {
				others = append(others, s.Months[0])
			}
		}
	}
	return composition(g.last(), others, g.Until.Year()), nil
}

func (g *sight) branches(children []tally.Child) ([]Branch, error) {
	ids := make([]orgtree.ID, len(children))
	for i, c := range children {
		ids[i] = c.Unit
	}
	units, err := unitsOf(g.tx, ids)
	list := make([]Branch, len(children))
	for i, c := range children {
		list[i] = Branch{units[c.Unit], g.states(c.Months)}
	}
	slices.SortStableFunc(list, func(a, b Branch) int { return compareNames(text.Fold(a.Unit.Name), text.Fold(b.Unit.Name)) })
	return list, err
}

// fewCells is how many cells can be shown one by one, with their records.
const fewCells = 120

// few reports whether the unit has so few cells that each can be shown.
func (g *sight) few() bool { return g.last().Get(unit.TallyCells) <= fewCells }
