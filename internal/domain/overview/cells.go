package overview

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// table is that of a unit with few cells. Who came, what was claimed and which
// tasks were done it takes from the figures; what no figure tells, such as the day
// of a meeting or an agenda that repeats, from a few questions. below are the
// figures of those directly below, which are often the cells themselves.
func (g *sight) table(below []tally.Child) (*Table, error) {
	cells, err := orgtree.Cells(g.tx, g.at)
	if err != nil || len(cells) == 0 {
		return nil, err
	}
	slices.SortStableFunc(cells, func(a, b orgtree.Unit) int { return compareNames(text.Fold(a.Name), text.Fold(b.Name)) })
	months, err := g.figuresOf(cells, below)
	if err != nil {
		return nil, err
	}
	list := listOf(cells)
	b, err := g.books(months, list)
	if err != nil {
		return nil, err
	}
	t := &Table{Unit: g.at, Months: g.list()}
	for _, cell := range cells {
		t.Rows = append(t.Rows, b.row(cell, t.Months))
	}
	t.Summary, t.Concerns = summarise(t.Rows, g.rhythms[g.Until]), concerns(t.Rows)
	t.Plans, err = openPlans(g.tx, list)
	return t, err
}

// watch is the list of a table, whose cells have just been looked at.
func (t *Table) watch(today clock.Date) WatchList {
	sum := watchSum{signs: map[SignKind]int{}}
	l := WatchList{}
	for _, c := range t.Concerns {
		sum.add(c.Cell.ID, c.Signs)
		if len(l.Heaviest) < watchMost {
			plan := t.Plans[c.Cell.ID]
			l.Heaviest = append(l.Heaviest, Watched{Concern: c, Day: today, Plan: plan.ID, Due: plan.Due})
		}
	}
	l.Cells, l.Signs = sum.cells, sum.signs
	return l
}

// figuresOf are the months of the cells, of which some are known already.
func (g *sight) figuresOf(cells []orgtree.Unit, known []tally.Child) (map[orgtree.ID][]tally.Figures, error) {
	months := map[orgtree.ID][]tally.Figures{}
	for _, c := range known {
		months[c.Unit] = c.Months
	}
	var missing []orgtree.ID
	for _, cell := range cells {
		if months[cell.ID] == nil {
			missing = append(missing, cell.ID)
		}
	}
	more, err := tally.Each(g.tx, missing, g.from(), g.Until)
	for _, c := range more {
		months[c.Unit] = c.Months
	}
	return months, err
}

// books are those of readBooks, with the figures in place of the records behind
// them.
func (g *sight) books(months map[orgtree.ID][]tally.Figures, cells cellList) (*books, error) {
	b := &books{today: g.today, rhythms: g.rhythms, scores: map[place]score.Figure{}, rolls: map[meeting.ID]Roll{}, tasks: map[place]Tasks{}}
	if err := b.readHeld(g.tx, cells, g.Span); err != nil {
		return nil, err
	}
	for cell, figures := range months {
		for i, s := range g.states(figures) {
			at := place{cell, s.Month}
			b.tasks[at] = s.Tasks
			if m, found := b.meetings[at]; found {
				b.rolls[m.id] = s.Roll
				b.scores[at] = sheetOf(m, s, figures[i])
			}
		}
	}
	return b, nil
}

// sheetOf is the score sheet of a meeting, of no meeting where there is none. Its
// class has no label: what that was called in the month is in no figure.
func sheetOf(m held, s State, f tally.Figures) (sheet score.Figure) {
	if s.Scored == 0 {
		return sheet
	}
	sheet = score.Figure{Meeting: m.id, Unit: m.at.unit, Month: s.Month}
	sheet.Claimed, sheet.Evidence, sheet.Reachable = s.Claimed, s.Evidence, int(f.Get(score.TallyReachable))
	for i, n := range s.Classes {
		if n > 0 {
			sheet.Class.ID = ClassIDs[i]
		}
	}
	return sheet
}
