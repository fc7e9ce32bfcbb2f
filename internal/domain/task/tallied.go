package task

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// What is counted of tasks: in the month in which each is due, whether it was
// done on time, was done late, or waits for its judgement; in the month in which
// it happened, that it was done, or that its rest was carried on.
var (
	TallyDue     = tally.Measure{ID: 30, Key: "tasks.due"}
	TallyOnTime  = tally.Measure{ID: 31, Key: "tasks.on_time"}
	TallyLate    = tally.Measure{ID: 32, Key: "tasks.late"}
	TallyWaiting = tally.Measure{ID: 33, Key: "tasks.waiting"} // reported on time
	TallyNotDone = tally.Measure{ID: 34, Key: "tasks.not_done"}
	TallyDone    = tally.Measure{ID: 35, Key: "tasks.done"}
	TallyCarried = tally.Measure{ID: 36, Key: "tasks.carried"}
)

// Tallied counts tasks for the figures.
var Tallied = tally.Source{
	Measures: []tally.Measure{TallyDue, TallyOnTime, TallyLate, TallyWaiting, TallyNotDone, TallyDone, TallyCarried},
	Count:    recount,
}

// tallied is what the task adds to the figures. One that is open and overdue is
// no figure: it is so without anybody doing anything.
func (t Task) tallied() (c tally.Counts) {
	if t.ID == 0 || t.State == Proposed || t.State == Withdrawn {
		return c
	}
	if t.Predecessor != 0 && !t.AssignedDay.IsZero() {
		c.Add(t.Unit, clock.MonthOf(t.AssignedDay), TallyCarried, 1)
	}
	if t.State == Assessed && t.Outcome == Done {
		c.Add(t.Unit, clock.MonthOf(t.EndedDay), TallyDone, 1)
	}
	if t.Due.IsZero() {
		return c
	}
	due := clock.MonthOf(t.Due)
	c.Add(t.Unit, due, TallyDue, 1)
	switch {
	case t.OnTime():
		c.Add(t.Unit, due, TallyOnTime, 1)
	case t.State == Assessed && t.Outcome == Done:
		c.Add(t.Unit, due, TallyLate, 1)
	case t.State == Assessed:
		c.Add(t.Unit, due, TallyNotDone, 1)
	case t.State == Reported && !t.ReportedDay.After(t.Due):
		c.Add(t.Unit, due, TallyWaiting, 1)
	}
	return c
}

// Unfinished is how many of the tasks that were due have no result by now.
func Unfinished(f tally.Figures) int64 {
	return f.Get(TallyDue) - f.Get(TallyOnTime) - f.Get(TallyLate) - f.Get(TallyNotDone) - f.Get(TallyWaiting)
}

// recount counts the tasks of some units from the records.
func recount(tx *db.Tx, units []orgtree.ID, into *tally.Counts) error {
	where, args := tally.In("t.unit_id", 1, units)
	return db.Each(tx, scan, func(t Task) error {
		into.Include(t.tallied())
		return nil
	}, `SELECT `+columns+` FROM task t WHERE t.state NOT IN ('proposed', 'withdrawn') AND `+where, args...)
}
