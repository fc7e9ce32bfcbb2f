package overview

import (
	"cmp"
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
)

// Summary is the last month of a table in figures.
type Summary struct {
	Month meeting.Month
	// Day is the day of the month on which the meetings were to be held.
	Day int
	// Cells are those that exist in the month, Held those that met, OnDay those
	// that met on the day, Silent those that should have met and have not.
	Cells, Held, OnDay, Silent int
	// Scored counts confirmed sheets; Average is theirs in tenths of a point,
	// Change what it differs from the month before, if there is one to compare.
	Scored, Average int
	Compared        bool
	Change          int
	// Claimed counts the cells whose claim lies far above the evidence.
	Claimed int
	Roll
	Tasks
	// Waiting counts reports that the office has not answered.
	Waiting int
}

// FarAbove is by how many points a claim must exceed the evidence to be worth a
// look. It is a sign for people, not a rule of the Party.
const FarAbove = 10

func summarise(rows []Row, r rhythm) Summary {
	s := Summary{Month: meeting.MonthOf(r.day), Day: r.day.Day()}
	sum := 0
	for _, row := range rows {
		e := row.last()
		s.add(e)
		if e.Scored {
			sum += e.Score.Claimed
			s.Scored++
		}
	}
	s.Average = tenths(sum, s.Scored)
	if before, counted := averageBefore(rows); counted && s.Scored > 0 {
		s.Compared, s.Change = true, s.Average-before
	}
	return s
}

func (s *Summary) add(e Entry) {
	s.Cells += one(e.Standing != Before)
	s.Held += one(e.Standing.Met())
	s.OnDay += one(e.OnDay)
	s.Silent += one(e.Standing.Missing())
	s.Claimed += one(e.overClaimed())
	s.Waiting += one(e.Waiting)
	s.Entitled += e.Entitled
	s.Present += e.Present
	s.Speakers += e.Speakers
	s.TasksDue += e.TasksDue
	s.TasksOnTime += e.TasksOnTime
}

func (e Entry) overClaimed() bool { return e.Scored && e.Score.Gap() >= FarAbove }

// averageBefore is the average of the month before the last, in tenths.
func averageBefore(rows []Row) (average int, counted bool) {
	sum, n := 0, 0
	for _, row := range rows {
		if len(row.Months) < 2 {
			return 0, false
		}
		if e := row.Months[len(row.Months)-2]; e.Scored {
			sum += e.Score.Claimed
			n++
		}
	}
	return tenths(sum, n), n > 0
}

// tenths is sum ÷ n in tenths, rounded to the nearest.
func tenths(sum, n int) int {
	if n == 0 {
		return 0
	}
	return (10*sum + n/2) / n
}

// Concern is a cell that deserves attention, with the reasons (S-12, S-13).
type Concern struct {
	Cell    orgtree.Unit
	Signs   []Sign
	Reasons []errs.Message
	weight  int
}

// From how much on a sign is worth a look. They are signs for people, not rules
// of the Party.
const (
	silentMonths     = 2
	unresolvedMonths = 2
	sameMonths       = 3
	lateMonths       = 3
	overdueTasks     = 5
)

// concerns are the cells with signs, those with the heaviest first. The weight
// only orders the list; it is shown nowhere and judges nobody.
func concerns(rows []Row) []Concern {
	var list []Concern
	for _, row := range rows {
		if signs := row.signs(); len(signs) > 0 {
			list = append(list, concernOf(row.Cell, signs))
		}
	}
	slices.SortStableFunc(list, func(a, b Concern) int { return cmp.Compare(b.weight, a.weight) })
	return list
}

func concernOf(cell orgtree.Unit, signs []Sign) Concern {
	c := Concern{Cell: cell, Signs: signs}
	for _, s := range signs {
		c.Reasons = append(c.Reasons, s.Message())
		c.weight += s.weight()
	}
	return c
}

// past is the row without the month that runs, in which what was not done yet
// may still be.
func (r Row) past() Row {
	if n := len(r.Months); n > 0 && r.Months[n-1].Open {
		r.Months = r.Months[:n-1]
	}
	return r
}

// streak counts the months up to the last for which the sign held. Months whose
// meeting is still to come neither end nor lengthen it.
func (r Row) streak(sign func(Entry) bool) int {
	n := 0
	for _, e := range slices.Backward(r.Months) {
		switch {
		case n == 0 && (e.Standing == Ahead || e.Standing == Planned):
		case sign(e):
			n++
		default:
			return n
		}
	}
	return n
}
