package overview

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
)

// Figures are what a desk says of the unit.
type Figures struct {
	Month meeting.Month
	// Scores are the cell's newest sheets, oldest first; none for a committee.
	Scores []Score
	// Tasks are the cell's that were due this month up to today.
	Tasks Tasks
	// Above is the month of the cells below, for a committee.
	Above *Summary
}

// Score is the result of a month.
type Score struct {
	Month              meeting.Month
	Claimed, Reachable int
	Class              string
}

// Last is the newest score, if there is one.
func (f Figures) Last() (Score, bool) {
	if len(f.Scores) == 0 {
		return Score{}, false
	}
	return f.Scores[len(f.Scores)-1], true
}

// scoreMonths is how many months the line of scores shows.
const scoreMonths = 6

func (g *gathering) figures() (*Figures, error) {
	f := &Figures{Month: meeting.MonthOf(g.today)}
	switch {
	case g.home.ID == 0:
		return nil, nil
	case !g.home.IsCell() && g.can(access.OverviewRead):
		month, err := g.monthAbove()
		f.Above = &month.Summary
		return f, err
	case !g.home.IsCell() || !g.can(access.TaskRead):
		return nil, nil
	}
	done, err := task.Completion(g.tx, g.home.ID, f.Month.First(), g.today)
	if err != nil {
		return nil, err
	}
	f.Tasks = judged(done.Tasks)
	return f, g.addScores(f)
}

// judged leaves out what was reported in time and waits for its judgement.
func judged(due []task.Task) (t Tasks) {
	for _, d := range due {
		if d.State == task.Reported && !d.ReportedDay.After(d.Due) {
			continue
		}
		t.TasksDue++
		t.TasksOnTime += one(d.OnTime())
	}
	return t
}

func (g *gathering) addScores(f *Figures) error {
	if !g.can(access.ScoreRead) {
		return nil
	}
	list, err := lastScores(g.tx, g.home.ID, g.can(access.OverviewRead), scoreMonths)
	for _, s := range slices.Backward(list) {
		f.Scores = append(f.Scores, Score{s.month, s.claimed, s.reachable, s.label})
	}
	return err
}

// monthBelow is the running month of the cells below a committee.
type monthBelow struct {
	Summary
	// silent are the cells that should have met and have not, by name, where they
	// are few enough to be looked at one by one.
	silent []string
	few    bool
}

// monthAbove is the running month, read once for all that a desk asks of it.
func (g *gathering) monthAbove() (*monthBelow, error) {
	if g.above != nil {
		return g.above, nil
	}
	if _, err := access.Require(g.tx, g.by, access.OverviewRead, g.home.ID); err != nil {
		return nil, err
	}
	look, err := newSight(g.tx, g.home, Span{Until: meeting.MonthOf(g.today), Months: 2})
	if err != nil {
		return nil, err
	}
	g.above = &monthBelow{few: look.few()}
	if !g.above.few {
		states := look.states(look.own)
		g.above.Summary = states[1].summary(states[0])
		return g.above, nil
	}
	t, err := look.table(nil)
	if err != nil || t == nil {
		return g.above, err
	}
	g.above.Summary = t.Summary
	for _, row := range t.Rows {
		if row.last().Standing.Missing() {
			g.above.silent = append(g.above.silent, row.Cell.Name)
		}
	}
	return g.above, nil
}
