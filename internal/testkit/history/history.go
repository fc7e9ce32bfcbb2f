// Package history gives the small organisation of testkit/org a past: meetings
// held, scored and reported through the verbs, each on its own day.
package history

import (
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// Book writes the past of an organisation.
type Book struct {
	K *testkit.Kit
	O *org.Org
	t testing.TB
}

// New is an empty past.
func New(k *testkit.Kit, o *org.Org) *Book { return &Book{k, o, k.T} }

// Until is how far a meeting has come.
type Until int

const (
	Planned Until = iota
	Announced
	Closed
	Minuted
	Published
	Scored
	Reported
)

// Meeting is a regular meeting to be written down.
type Meeting struct {
	Cell      orgtree.Unit
	Secretary access.PersonID
	Day       clock.Date
	Until     Until
	// Note is what the first item of the agenda says beside the template.
	Note string
	// Absent are excused, Speakers say something.
	Absent, Speakers []access.PersonID
	// Claim adds points to what the records show, with a reason.
	Claim int
}

// Hold writes the meeting down; the clock stands two hours after its beginning
// then, and stays there.
func (b *Book) Hold(m Meeting) meeting.ID {
	b.t.Helper()
	b.K.SetNow(m.Day.AddDays(-4).At(8, 0))
	of := b.plan(m)
	if m.Until >= Announced {
		b.do(m, of, func(tx *db.Tx, by access.Actor, version int64) error {
			_, err := meeting.Announce(tx, by, of, version)
			return err
		})
	}
	if m.Until < Closed {
		return of
	}
	b.K.SetNow(m.Day.At(19, 0))
	b.do(m, of, func(tx *db.Tx, by access.Actor, version int64) error { return b.open(tx, by, of, version, m) })
	b.K.SetNow(m.Day.At(21, 0))
	b.do(m, of, func(tx *db.Tx, by access.Actor, version int64) error {
		_, err := meeting.Close(tx, by, of, version, m.Day.At(21, 0))
		return err
	})
	b.after(m, of)
	return of
}

func (b *Book) do(m Meeting, of meeting.ID, fn func(tx *db.Tx, by access.Actor, version int64) error) {
	b.t.Helper()
	b.K.Update(func(tx *db.Tx) error {
		by := b.O.As(tx, m.Secretary)
		found, err := meeting.Find(tx, by, of)
		if err != nil {
			return err
		}
		return fn(tx, by, found.Version)
	})
}

func (b *Book) plan(m Meeting) (of meeting.ID) {
	b.t.Helper()
	b.K.Update(func(tx *db.Tx) error {
		by := b.O.As(tx, m.Secretary)
		planned, err := meeting.Schedule(tx, by, meeting.Plan{
			Unit: m.Cell.ID, Kind: meeting.Regular, Starts: m.Day.At(19, 0), Minutes: 120, Place: "Nhà văn hóa thôn", DayReason: "mưa lũ",
		})
		if err != nil || m.Note == "" {
			of = planned.ID
			return err
		}
		of = planned.ID
		agenda, err := meeting.Agenda(tx, by, of)
		if err != nil {
			return err
		}
		i := agenda[0]
		_, err = meeting.ChangeItem(tx, by, i.ID, i.Version, meeting.ItemText{Title: i.Title, Note: m.Note, Headings: i.Headings, Minutes: i.Minutes})
		return err
	})
	return of
}

func (b *Book) open(tx *db.Tx, by access.Actor, of meeting.ID, version int64, m Meeting) error {
	if _, err := meeting.Open(tx, by, of, version, meeting.Opening{MinuteTaker: m.Secretary}); err != nil {
		return err
	}
	for _, person := range m.Absent {
		if _, err := meeting.Mark(tx, by, of, meeting.Call{Person: person, Mark: meeting.Excused, Reason: "đi chữa bệnh"}); err != nil {
			return err
		}
	}
	roll, err := meeting.Roll(tx, by, of)
	if err != nil {
		return err
	}
	if _, err := meeting.MarkAll(tx, by, of, meeting.Rest(roll, meeting.Present)); err != nil {
		return err
	}
	for _, person := range m.Speakers {
		if _, err := meeting.Speak(tx, by, of, meeting.Speech{Person: person, Text: "Nhất trí với báo cáo."}); err != nil {
			return err
		}
	}
	return nil
}

// after goes on from the end of the meeting as far as it is wanted.
func (b *Book) after(m Meeting, of meeting.ID) {
	b.t.Helper()
	steps := []func(tx *db.Tx, by access.Actor) error{
		func(tx *db.Tx, by access.Actor) error { _, err := meeting.MarkMinuted(tx, by, of); return err },
		func(tx *db.Tx, by access.Actor) error { _, err := meeting.Publish(tx, by, of); return err },
		func(tx *db.Tx, by access.Actor) error { return confirm(tx, by, of, m.Claim) },
		func(tx *db.Tx, by access.Actor) error { _, err := score.Report(tx, by, of); return err },
	}
	for _, step := range steps[:m.Until-Closed] {
		b.do(m, of, func(tx *db.Tx, by access.Actor, _ int64) error { return step(tx, by) })
	}
}

// confirm claims what the records show, and more points as far as lines allow.
func confirm(tx *db.Tx, by access.Actor, of meeting.ID, more int) error {
	sheet, err := score.Propose(tx, by, of)
	if err != nil {
		return err
	}
	var claims []score.Claim
	for _, l := range sheet.Lines {
		if !l.Counted {
			continue
		}
		c := score.Claim{Line: l.ID, Points: l.Max}
		if l.Decided {
			c.Points = l.Proposed
			if more > 0 && l.Max > l.Proposed {
				more -= l.Max - l.Proposed
				c.Points, c.Reason = l.Max, "Chi bộ đã làm, chưa ghi vào sổ."
			}
		}
		claims = append(claims, c)
	}
	_, err = score.Confirm(tx, by, of, 0, claims)
	return err
}

// Assign gives a task as the secretary of cell A.
func (b *Book) Assign(n task.New) (of task.ID) {
	b.t.Helper()
	b.K.Update(func(tx *db.Tx) (err error) {
		of, err = task.Assign(tx, b.O.As(tx, b.O.SecretaryA), b.O.CellA.ID, n)
		return err
	})
	return of
}

// With does something to a task in the version that it has.
func (b *Book) With(of task.ID, who access.PersonID, do func(tx *db.Tx, by access.Actor, version int64) error) {
	b.t.Helper()
	b.K.Update(func(tx *db.Tx) error {
		row, _, err := task.Find(tx, access.Console(), of)
		if err != nil {
			return err
		}
		return do(tx, b.O.As(tx, who), row.Version)
	})
}
