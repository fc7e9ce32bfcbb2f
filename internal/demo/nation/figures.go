package nation

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
)

// The figures are counted while the rows are drawn: counting five million people
// from the records takes longer than loading them. They are what the nouns count
// from the same rows, which tally.Check compares.

// count adds to what there is at the cell and at the party above it.
func (c *cell) count(b *batch, month clock.Month, m tally.Measure, n int) {
	b.figures.Add(unitID(c.id), month, m, int64(n))
	b.figures.Add(unitID(c.party), month, m, int64(n))
}

// countUnit adds a party at itself.
func countUnit(into *tally.Counts, party int64, kind string) {
	for _, m := range []tally.Measure{unit.TallyUnits, unit.TallyKinds.Of(kind)} {
		into.Add(unitID(party), clock.MonthOf(founded), m, 1)
	}
}

func (c *cell) countItself(b *batch) {
	for _, m := range []tally.Measure{
		unit.TallyUnits, unit.TallyKinds.Of(c.kind), unit.TallyCells, unit.TallyCellTypes.Of(c.milieu.CellType),
	} {
		c.count(b, clock.MonthOf(founded), m, 1)
	}
}

// The levels that the texts of the register name.
var (
	trainings = map[string]string{
		"Sơ cấp nghề": "elementary", "Trung cấp": "intermediate", "Cao đẳng": "college", "Đại học": "university", "Thạc sĩ": "master",
	}
	theories = map[string]string{"Sơ cấp": "elementary", "Trung cấp": "intermediate"}
)

// composition is what somebody counts as, beside the state of membership. All
// have been to the upper school.
func composition(sex member.Sex, born clock.Date, ethnic, trained, theory string) []tally.Measure {
	return []tally.Measure{
		member.TallySexes.Of(string(sex)),
		member.TallyExpertise.Of(trainings[trained]),
		member.TallyTheory.Of(theories[theory]),
		member.TallySchooling.Of("upper_secondary"),
		member.TallyEthnic.Of(ethnic),
		member.TallyBirths.At(1 + born.Year() - member.BirthYear(1)),
	}
}

// countPerson adds a member from the day on which the register has them here.
func (c *cell) countPerson(b *batch, who person, from string, as []tally.Measure) {
	begun := monthOf(from)
	for _, m := range as {
		c.count(b, begun, m, 1)
	}
	switch {
	case who.recognised == "":
		c.count(b, begun, member.TallyProbationary, 1)
	case who.recognised <= from:
		c.count(b, begun, member.TallyOfficial, 1)
	default:
		c.count(b, begun, member.TallyProbationary, 1)
		c.count(b, monthOf(who.recognised), member.TallyProbationary, -1)
		c.count(b, monthOf(who.recognised), member.TallyOfficial, 1)
	}
}

func monthOf(day string) clock.Month { return clock.MonthOf(clock.MustDate(day)) }

func (s *session) countRoll(b *batch) {
	s.count(b, s.Month, meeting.TallyExpected, s.entitled)
	s.count(b, s.Month, meeting.TallyPresent, s.present)
	s.count(b, s.Month, meeting.TallyExcused, s.excused)
	s.count(b, s.Month, meeting.TallyAbsent, s.absent)
	s.count(b, s.Month, meeting.TallySpeakers, s.spoke)
}

func (s *session) countMeeting(b *batch, kind meeting.Kind, published time.Time, y year) {
	s.count(b, s.Month, meeting.TallyHeld, 1)
	s.count(b, s.Month, meeting.TallyKinds.Of(string(kind)), 1)
	if kind.HasTheme() {
		s.count(b, s.Month, meeting.TallyThemes, 1)
	}
	day := 0
	if clock.MonthOf(s.held) == s.Month {
		day = s.held.Day()
	}
	s.count(b, s.Month, meeting.TallyDays.At(day), 1)
	if published.After(y.now) {
		return
	}
	s.count(b, s.Month, meeting.TallyPublished, 1)
	if clock.DateOf(published).After(s.publishBy()) {
		s.count(b, s.Month, meeting.TallyPublishedLate, 1)
	}
	if !reportedAt(published).After(y.now) {
		s.count(b, s.Month, meeting.TallyReported, 1)
	}
}

func (s *session) countSheet(b *batch, claimed, evidence, reachable int, said, shown string) {
	s.count(b, s.Month, score.TallySheets, 1)
	s.count(b, s.Month, score.TallyClaimed, claimed)
	s.count(b, s.Month, score.TallyEvidence, evidence)
	s.count(b, s.Month, score.TallyReachable, reachable)
	s.count(b, s.Month, score.TallyClasses.Of(said), 1)
	s.count(b, s.Month, score.TallyEvidenceClasses.Of(shown), 1)
}

func (t open) count(b *batch, c *cell, as task.Task) {
	due := clock.MonthOf(t.due)
	if t.before != nil {
		c.count(b, clock.MonthOf(t.given.held), task.TallyCarried, 1)
	}
	c.count(b, due, task.TallyDue, 1)
	done := as.State == task.Assessed && as.Outcome == task.Done
	if done {
		c.count(b, clock.MonthOf(as.EndedDay), task.TallyDone, 1)
	}
	switch {
	case as.OnTime():
		c.count(b, due, task.TallyOnTime, 1)
	case done:
		c.count(b, due, task.TallyLate, 1)
	case as.State == task.Assessed:
		c.count(b, due, task.TallyNotDone, 1)
	case as.State == task.Reported && !as.ReportedDay.After(t.due):
		c.count(b, due, task.TallyWaiting, 1)
	}
}
