package demo

import (
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
	"chibo/internal/platform/clock"
)

// founded is when wards were founded anew and their parties with them; the
// story cannot begin before it.
var founded = clock.NewDate(2025, time.July, 1)

// historyMonths is for how many months before the present one there is a past.
const historyMonths = 14

// story is the months that are told. The last one is that of today; what it
// brings after today has not happened yet.
type story struct {
	first, last meeting.Month
	today       clock.Date
}

func storyUntil(today clock.Date) story {
	last := meeting.MonthOf(today)
	first := last.Add(-historyMonths)
	if earliest := meeting.MonthOf(founded).Add(2); first < earliest {
		first = earliest
	}
	return story{first, last, today}
}

// begins is the day on which the party is entered in the program, some weeks
// before its first meeting.
func (s story) begins() clock.Date { return s.first.First().AddDays(-16) }

// months are those of the story and the next one, which is being prepared.
func (s story) months() []meeting.Month {
	var list []meeting.Month
	for m := s.first; m <= s.last.Add(1); m = m.Add(1) {
		list = append(list, m)
	}
	return list
}

// before is how many months ago the month was; the present one is 0.
func (s story) before(m meeting.Month) int {
	n := 0
	for ; m < s.last; m = m.Add(1) {
		n++
	}
	return n
}

// skips reports whether the cell lets the regular meeting of the month go by.
func (c cell) skips(s story, m meeting.Month) bool {
	return c.manner.Trait == fiction.Silent && m >= s.last.Add(-silentMonths+s.held())
}

const silentMonths = 2

// held is 1 when the regular meetings of the present month are over, so that a
// month without one is visible as such.
func (s story) held() int {
	if s.today.Day() > lastRegularDay {
		return 1
	}
	return 0
}

// lastRegularDay is when the demo takes the regular meetings of a month to be
// over.
const lastRegularDay = 8

// thematic reports whether the cell holds its quarter's thematic meeting in the
// month: the second of the quarter.
func (c cell) thematic(seed uint64, m meeting.Month) bool {
	if (int(m.First().Month())-1)%3 != 1 {
		return false
	}
	switch c.manner.Trait {
	case fiction.Good:
		return true
	case fiction.Silent, fiction.Boastful:
		return fiction.Throw(seed, "thematic", c.number, m).Chance(20)
	case fiction.Tardy, fiction.Copying, fiction.Sparse:
		return fiction.Throw(seed, "thematic", c.number, m).Chance(55)
	}
	return fiction.Throw(seed, "thematic", c.number, m).Chance(92)
}
