package meeting

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// What is counted of meetings, in the month that each is held for. The roll of a
// monthly meeting counts from its opening on, while people are being marked.
var (
	TallyHeld          = tally.Measure{ID: 1, Key: "meetings.held"} // monthly ones
	TallyThemes        = tally.Measure{ID: 2, Key: "meetings.themes"}
	TallyPublished     = tally.Measure{ID: 3, Key: "meetings.published"}
	TallyPublishedLate = tally.Measure{ID: 4, Key: "meetings.published_late"}
	TallyReported      = tally.Measure{ID: 5, Key: "meetings.reported"}
	TallyExpected      = tally.Measure{ID: 6, Key: "attendance.expected"}
	TallyPresent       = tally.Measure{ID: 7, Key: "attendance.present"}
	TallyExcused       = tally.Measure{ID: 8, Key: "attendance.excused"}
	TallyAbsent        = tally.Measure{ID: 9, Key: "attendance.absent"}
	TallySpeakers      = tally.Measure{ID: 10, Key: "attendance.speakers"}
	TallyVotes         = tally.Measure{ID: 11, Key: "votes.held"}
	TallyVotesPassed   = tally.Measure{ID: 12, Key: "votes.passed"}
	// TallyKinds are all meetings held, by kind.
	TallyKinds = tally.Measure{ID: 20, Key: "meetings.kind", Size: 10, Names: []string{
		string(Regular), string(Thematic), string(Combined), string(Committee), string(Group), string(Extraordinary),
	}}
	// TallyDays are the monthly meetings held, by their day of the month; the
	// first are those held in another month. Which days are late is the rule of
	// the month: see HeldLate.
	TallyDays = tally.Measure{ID: 100, Key: "meetings.day", Size: 32}
)

// Tallied counts meetings for the figures.
var Tallied = tally.Source{
	Measures: []tally.Measure{
		TallyHeld, TallyThemes, TallyPublished, TallyPublishedLate, TallyReported, TallyExpected, TallyPresent, TallyExcused, TallyAbsent,
		TallySpeakers, TallyVotes, TallyVotesPassed, TallyKinds, TallyDays,
	},
	Count: recount,
}

// HeldLate is how many monthly meetings of a month were held on a day that the
// rule does not call timely, or in another month.
func HeldLate(f tally.Figures, month Month, timely func(clock.Date) bool) (late int64) {
	for day, n := range f.Family(TallyDays) {
		if day == 0 || !timely(month.First().AddDays(day-1)) {
			late += n
		}
	}
	return late
}

// tallied is what the meeting itself adds to the figures.
func (m Meeting) tallied() (c tally.Counts) {
	if m.ClosedAt.IsZero() {
		return c
	}
	c.Add(m.Unit, m.Month, TallyKinds.Of(string(m.Kind)), 1)
	if m.Kind.HasTheme() {
		c.Add(m.Unit, m.Month, TallyThemes, 1)
	}
	if !m.Kind.Monthly() {
		return c
	}
	c.Add(m.Unit, m.Month, TallyHeld, 1)
	day := 0
	if MonthOf(m.Day()) == m.Month {
		day = m.Day().Day()
	}
	c.Add(m.Unit, m.Month, TallyDays.At(day), 1)
	if !m.PublishedAt.IsZero() {
		c.Add(m.Unit, m.Month, TallyPublished, 1)
		if m.PublishedLate(clock.Date{}) {
			c.Add(m.Unit, m.Month, TallyPublishedLate, 1)
		}
	}
	if !m.ReportedAt.IsZero() {
		c.Add(m.Unit, m.Month, TallyReported, 1)
	}
	return c
}

// tallied is what a person's place on the roll adds. Who is not expected counts
// only when present.
func (e Entry) tallied(m Meeting) (c tally.Counts) {
	if !m.Kind.Monthly() {
		return c
	}
	if e.Expected || e.Present() {
		c.Add(m.Unit, m.Month, TallyExpected, 1)
	}
	switch {
	case e.Present():
		c.Add(m.Unit, m.Month, TallyPresent, 1)
	case e.Expected && e.Mark == Excused:
		c.Add(m.Unit, m.Month, TallyExcused, 1)
	case e.Expected && e.Mark == Absent:
		c.Add(m.Unit, m.Month, TallyAbsent, 1)
	}
	return c
}

// remarked is what changed marks add to the figures. Somebody who was marked
// before may have spoken, which counts while they are present.
func (m Meeting) remarked(tx *db.Tx, was, is []Entry) (c tally.Counts, err error) {
	if !m.Kind.Monthly() {
		return c, nil
	}
	for i, e := range is {
		c.Include(e.tallied(m).Minus(was[i].tallied(m)))
		if was[i].How == "" || was[i].Present() == e.Present() {
			continue
		}
		spoke, err := opinionsOf(tx, m.ID, e.Person)
		if err != nil {
			return c, err
		}
		if spoke > 0 {
			c.Add(m.Unit, m.Month, TallySpeakers, int64(one(e.Present())-one(was[i].Present())))
		}
	}
	return c, nil
}

func opinionsOf(tx *db.Tx, meeting ID, person access.PersonID) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM meeting_opinion WHERE meeting_id = $1 AND person_id = $2`, meeting, person)
}

// spokeTally counts a speaker who is present, times 1 or -1, if they have so many
// opinions by now: their first makes a speaker, the removal of their last unmakes
// one.
func (m Meeting) spokeTally(tx *db.Tx, person access.PersonID, opinions int, times int64) (c tally.Counts, err error) {
	if person == 0 || !m.Kind.Monthly() {
		return c, nil
	}
	n, err := opinionsOf(tx, m.ID, person)
	if err != nil || n != opinions {
		return c, err
	}
	e, found, err := entryOf(tx, m.ID, person)
	if err == nil && found && e.Present() {
		c.Add(m.Unit, m.Month, TallySpeakers, times)
	}
	return c, err
}

// tallied is what a vote in force adds.
func (v Vote) tallied(m Meeting) (c tally.Counts) {
	if !v.Recorded() || v.Superseded() {
		return c
	}
	c.Add(m.Unit, m.Month, TallyVotes, 1)
	if v.Passed {
		c.Add(m.Unit, m.Month, TallyVotesPassed, 1)
	}
	return c
}

// recount counts the meetings of some units from the records.
func recount(tx *db.Tx, units []orgtree.ID, into *tally.Counts) error {
	where, args := tally.In("m.unit_id", 1, units)
	if err := db.Each(tx, scan, func(m Meeting) error {
		into.Include(m.tallied())
		return nil
	}, `SELECT `+columns+` FROM meeting m WHERE m.closed IS NOT NULL AND `+where, args...); err != nil {
		return err
	}
	const monthly = ` AND m.kind IN ('regular', 'combined') AND `
	const grouped = ` GROUP BY m.unit_id, m.month`
	for _, q := range []struct {
		measures []tally.Measure
		text     string
	}{
		{[]tally.Measure{TallyExpected, TallyPresent, TallyExcused, TallyAbsent}, `SELECT m.unit_id, m.month,
			SUM(CASE WHEN r.expected OR r.mark = 'present' THEN 1 ELSE 0 END), SUM(CASE WHEN r.mark = 'present' THEN 1 ELSE 0 END),
			SUM(CASE WHEN r.expected AND r.mark = 'excused' THEN 1 ELSE 0 END), SUM(CASE WHEN r.expected AND r.mark = 'absent' THEN 1 ELSE 0 END)
			FROM meeting m JOIN meeting_roll r ON r.meeting_id = m.id WHERE TRUE` + monthly + where + grouped},
		{[]tally.Measure{TallySpeakers}, `SELECT m.unit_id, m.month, count(*), 0, 0, 0 FROM meeting m
			JOIN meeting_roll r ON r.meeting_id = m.id AND r.mark = 'present' WHERE EXISTS (SELECT 1 FROM meeting_opinion o
			WHERE o.meeting_id = r.meeting_id AND o.person_id = r.person_id)` + monthly + where + grouped},
		{[]tally.Measure{TallyVotes, TallyVotesPassed}, `SELECT m.unit_id, m.month, count(*), SUM(CASE WHEN v.passed THEN 1 ELSE 0 END), 0, 0
			FROM meeting m JOIN meeting_vote v ON v.meeting_id = m.id WHERE v.recorded IS NOT NULL AND v.superseded IS NULL AND ` + where + grouped},
	} {
		if err := db.Each(tx, scanSums, func(s sums) error {
			for i, measure := range q.measures {
				into.Add(s.unit, s.month, measure, s.n[i])
			}
			return nil
		}, q.text, args...); err != nil {
			return err
		}
	}
	return nil
}

// sums are figures of a unit in a month.
type sums struct {
	unit  orgtree.ID
	month Month
	n     [4]int64
}

func scanSums(row db.Row) (s sums, err error) {
	return s, row.Scan(&s.unit, &s.month, &s.n[0], &s.n[1], &s.n[2], &s.n[3])
}
