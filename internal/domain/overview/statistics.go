package overview

import (
	"fmt"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Stretch is how long the time of a report is.
type Stretch string

const (
	OfMonth   Stretch = "month"
	OfQuarter Stretch = "quarter"
	OfHalf    Stretch = "half"
	OfYear    Stretch = "year"
)

// Stretches are all, the shortest first.
var Stretches = []Stretch{OfMonth, OfQuarter, OfHalf, OfYear}

// months is how many months a stretch takes; an unknown one is a month.
func (s Stretch) months() int {
	switch s {
	case OfQuarter:
		return 3
	case OfHalf:
		return 6
	case OfYear:
		return 12
	}
	return 1
}

// Period is the time of a report.
type Period struct {
	Stretch  Stretch
	From, To clock.Month
}

// PeriodOf is the month, quarter, half or whole of the year in which a month
// lies.
func PeriodOf(s Stretch, month clock.Month) Period {
	months := s.months()
	first := (int(month.First().Month()) - 1) / months * months
	from := clock.Month(fmt.Sprintf("%04d-01", month.Year())).Add(first)
	return Period{s, from, from.Add(months - 1)}
}

// Part is which quarter or half of the year the period is, from one on.
func (p Period) Part() int { return (int(p.From.First().Month())-1)/p.Stretch.months() + 1 }

// Statistics are the figures of a unit, with all below it, over a period.
type Statistics struct {
	Unit   orgtree.Unit
	Period Period
	// Running: the period has not ended, so that the figures are those of today.
	Running bool
	// Now are the figures as they are known today, Closed as they stood when each
	// of the months was closed. What differs was entered or corrected later.
	Now, Closed tally.Figures
	// Late is how many monthly meetings were held on a day that the rhythm does
	// not allow.
	Late int
}

// Total reads the statistics of a period (rules 25.1): flows added up over its
// months, stocks as they stood at its end. Who oversees the unit may.
func Total(tx *db.Tx, by access.Actor, of orgtree.ID, p Period) (Statistics, error) {
	at, err := access.Require(tx, by, access.OverviewRead, of)
	if err != nil {
		return Statistics{}, err
	}
	s := Statistics{Unit: at, Period: p}
	today := clock.DateOf(tx.Now)
	if s.Running = p.To >= clock.MonthOf(today); s.Running {
		p.To = max(min(p.To, clock.MonthOf(today)), p.From)
	}
	now, err := tally.Read(tx, of, p.From, p.To)
	if err != nil {
		return Statistics{}, err
	}
	// Before its first month began, none of its months was closed: each is then
	// as it was when that happened.
	closed, err := tally.ReadAsOf(tx, of, p.From, p.To, p.From.First().AddDays(-1))
	if err != nil {
		return Statistics{}, err
	}
	s.Now, s.Closed = tally.Over(now), tally.Over(closed)
	span := Span{Until: p.To, Months: len(now)}
	cal := calendar{today: today}
	if cal.rhythms, err = rhythms(tx, at, span); err != nil {
		return Statistics{}, err
	}
	for _, state := range cal.states(span.list(), now) {
		s.Late += state.Late
	}
	return s, nil
}
