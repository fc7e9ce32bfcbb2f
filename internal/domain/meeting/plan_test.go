package meeting_test

import (
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func TestProposeDay(t *testing.T) {
	each(t, func(s *stage) {
		for month, want := range map[meeting.Month]string{
			"2026-11": "2026-11-03",
			"2027-01": "2027-01-04", // the 3rd is a Sunday
			"2026-05": "2026-05-04",
		} {
			s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
				day, err := meeting.ProposeDay(tx, by, s.CellA.ID, month)
				if day != clock.MustDate(want) {
					t.Errorf("%s: %s, want %s", month, day, want)
				}
				return err
			})
		}
		s.wantField("month", s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.ProposeDay(tx, by, s.CellA.ID, "tháng 11")
			return err
		})
	})
}

func TestSchedule(t *testing.T) {
	each(t, func(s *stage) {
		december := today.AddMonths(1)
		cases := []struct {
			name  string
			plan  meeting.Plan
			field string // "" is right
		}{
			{"an ordinary month", meeting.Plan{Starts: december.At(19, 0)}, ""},
			{"no time", meeting.Plan{Starts: time.Time{}}, ""},
			{"a time nobody can mean", meeting.Plan{Starts: december.AddMonths(1200).At(19, 0)}, "starts"},
			{"no place", meeting.Plan{Starts: december.At(19, 0), Place: "\x00 \u200b"}, "place"},
			{"a place too long", meeting.Plan{Starts: december.At(19, 0), Place: strings.Repeat("nhà ", 60)}, "place"},
			{"online needs a reason", meeting.Plan{Starts: december.At(19, 0), Mode: meeting.Online}, "mode_reason"},
			{"online with a reason needs no place", meeting.Plan{Starts: december.At(19, 0), Mode: meeting.Online, ModeReason: "Lũ lụt, đường bị chia cắt"}, ""},
			{"by pigeon", meeting.Plan{Starts: december.At(19, 0), Mode: "pigeon"}, "mode"},
			{"a day of rest in the first week is the cell's choice", meeting.Plan{Starts: december.AddDays(2).At(19, 0)}, ""},
			{"a day outside the first week needs a reason", meeting.Plan{Starts: december.AddDays(12).At(19, 0)}, "day_reason"},
			{"with a reason it may be", meeting.Plan{Starts: december.AddDays(12).At(19, 0), DayReason: "Bầu cử"}, ""},
			{"held for a month long before", meeting.Plan{Starts: december.AddMonths(3).At(19, 0), Month: "2026-12", DayReason: "Lũ lụt"}, "month"},
			{"a month that is none", meeting.Plan{Starts: december.At(19, 0), Month: "12"}, "month"},
			{"as long as a day and more", meeting.Plan{Starts: december.At(19, 0), Minutes: 24*60 + 1}, "minutes"},
			{"a theme without a topic", meeting.Plan{Kind: meeting.Thematic, Starts: december.At(19, 0)}, "topic"},
			{"a topic of the pack", meeting.Plan{Kind: meeting.Thematic, Starts: december.At(19, 0), TopicKey: "new_countryside"}, ""},
			{"a topic of students", meeting.Plan{Kind: meeting.Thematic, Starts: december.At(19, 0), TopicKey: "study_ethics"}, "topic_key"},
			{"both at once needs a reason", meeting.Plan{Kind: meeting.Combined, Starts: december.At(19, 0), Topic: "Học tập Bác"}, "day_reason"},
			{"a group nobody named", meeting.Plan{Kind: meeting.Group, Starts: december.At(19, 0)}, "group"},
			{"a group", meeting.Plan{Kind: meeting.Group, Starts: december.At(19, 0), Group: s.GroupA1.ID}, ""},
			{"of a kind that is none", meeting.Plan{Kind: "party", Starts: december.At(19, 0)}, "kind"},
		}
		for _, c := range cases {
			do := func(tx *db.Tx, by access.Actor) error {
				_, err := meeting.Schedule(tx, by, s.plan(c.plan))
				if err == nil {
					err = errUndo
				}
				return err
			}
			err := s.as(s.SecretaryA, do)
			switch e, _ := errs.As(err); {
			case c.name == "no time":
				// The stage's evening is taken by the meeting that is there.
				if !errs.Is(err, errs.Conflict) {
					t.Errorf("a second one of the month: %v", err)
				}
			case c.field == "" && e != nil:
				t.Errorf("%s: %v", c.name, err)
			case c.field != "" && (e == nil || e.Fields[c.field].Key == ""):
				t.Errorf("%s: %v, want %s to be wrong", c.name, err, c.field)
			}
		}
		s.wantField("starts", s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.Schedule(tx, by, meeting.Plan{Unit: s.CellA.ID, Kind: meeting.Regular, Place: "Nhà"})
			return err
		})
		s.wantField("kind", s.CommuneSecretary, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.Schedule(tx, by, s.plan(meeting.Plan{Unit: s.Commune.ID}))
			return err
		})
	})
}

func TestScheduleLaysOutAgendaAndSteps(t *testing.T) {
	each(t, func(s *stage) {
		m := s.now()
		if m.State != meeting.Planned || m.Month != "2026-11" || m.Minutes != 90 || m.Chair != s.SecretaryA || m.Rules.ID == "" || len(m.Rules.Hash) != 64 {
			t.Errorf("%+v", m)
		}
		agenda := s.agenda()
		report := s.item("report")
		if len(agenda) != 17 || len(report.Headings) != 5 || report.Presenter != s.SecretaryA || s.item("opening").Presenter != s.SecretaryA {
			t.Errorf("%d items, report %+v", len(agenda), report)
		}
		minutes := 0
		for n, i := range agenda {
			minutes += i.Minutes
			if i.Place != n+1 {
				t.Errorf("%s is at %d, want %d", i.Slot, i.Place, n+1)
			}
		}
		if minutes != 90 {
			t.Errorf("the agenda takes %d minutes", minutes)
		}
		step := s.step("docs")
		if step.Due != today.AddDays(-1) || step.Done() || step.Proof != "documents" || step.Person != s.SecretaryA {
			t.Errorf("%+v", step)
		}
		s.View(func(tx *db.Tx) error {
			history, err := journal.History(tx, meeting.Noun, int64(s.meeting))
			if len(history) != 1 || history[0].Verb != "meeting.Schedule" || history[0].By != s.SecretaryA {
				t.Errorf("journal: %+v", history)
			}
			return err
		})
	})
}

func TestOneRegularMeetingAMonth(t *testing.T) {
	each(t, func(s *stage) {
		again := func(p meeting.Plan) deed {
			return func(tx *db.Tx, by access.Actor) error {
				_, err := meeting.Schedule(tx, by, s.plan(p))
				return err
			}
		}
		later := today.AddDays(2).At(19, 0)
		s.want(errs.Conflict, s.SecretaryA, again(meeting.Plan{Starts: later}))
		s.want(errs.Conflict, s.DeputyA, again(meeting.Plan{Kind: meeting.Combined, Starts: later, Topic: "Học Bác", DayReason: "Mùa gặt"}))
		s.must(s.SecretaryA, again(meeting.Plan{Kind: meeting.Extraordinary, Starts: later, DayReason: "Bão"}))
		s.must(s.SecretaryB, again(meeting.Plan{Unit: s.CellB.ID}))
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.Cancel(tx, by, s.meeting, s.now1(tx).Version, "Bão số 9")
			return err
		})
		s.must(s.SecretaryA, again(meeting.Plan{Starts: later})) // a cancelled one frees the month
	})
}

func TestPlanYear(t *testing.T) {
	each(t, func(s *stage) {
		year := meeting.Year{
			Unit: s.CellA.ID, Year: 2027, Hour: 19, Minute: 30, Place: "Nhà văn hóa thôn Đông",
			Topics: [4]string{"Nông thôn mới", "", "Học tập và làm theo Bác", ""},
		}
		var drafts []meeting.Meeting
		plan := func(tx *db.Tx, by access.Actor) (err error) {
			drafts, err = meeting.PlanYear(tx, by, year)
			return err
		}
		s.must(s.SecretaryA, plan)
		themes := 0
		for _, m := range drafts {
			switch {
			case m.Kind == meeting.Thematic:
				themes++
			case m.Day().Day() > 7 || m.Starts.In(clock.Zone).Hour() != 19:
				t.Errorf("%s at %v", m.Month, m.Starts)
			}
			if weekday := m.Day().Weekday(); weekday == time.Saturday || weekday == time.Sunday {
				t.Errorf("%s is a %s", m.Day(), weekday)
			}
		}
		if len(drafts) != 14 || themes != 2 {
			t.Errorf("%d drafts, %d of them thematic", len(drafts), themes)
		}
		s.must(s.SecretaryA, plan)
		if len(drafts) != 0 {
			t.Errorf("the second time made %d more", len(drafts))
		}
		// This year only what is still to come and not yet planned.
		year.Year, year.Topics = 2026, [4]string{}
		s.must(s.SecretaryA, plan)
		if len(drafts) != 1 || drafts[0].Month != "2026-12" {
			t.Errorf("%d drafts for this year", len(drafts))
		}
		year.Year = 2025
		s.wantField("year", s.SecretaryA, plan)
	})
}

func TestChange(t *testing.T) {
	each(t, func(s *stage) {
		change := func(version int64, p meeting.Plan) deed {
			return func(tx *db.Tx, by access.Actor) error {
				_, err := meeting.Change(tx, by, s.meeting, version, s.plan(p))
				return err
			}
		}
		s.must(s.DeputyA, change(1, meeting.Plan{Starts: evening.Add(time.Hour), Place: "Sân đình", Minutes: 120, Kind: meeting.Committee, Unit: s.CellB.ID}))
		if m := s.now(); m.Version != 2 || m.Place != "Sân đình" || m.Kind != meeting.Regular || m.Unit != s.CellA.ID || m.Chair != s.SecretaryA {
			t.Errorf("%+v", m)
		}
		s.want(errs.Conflict, s.SecretaryA, change(1, meeting.Plan{}))
		s.must(s.SecretaryA, change(2, meeting.Plan{}))
		s.announce()
		version := s.now().Version
		s.wantField("starts", s.SecretaryA, change(version, meeting.Plan{Starts: evening.Add(time.Hour)}))
		s.must(s.SecretaryA, change(version, meeting.Plan{Place: "Trường mầm non"}))
		s.open()
		s.want(errs.Conflict, s.SecretaryA, change(s.now().Version, meeting.Plan{Place: "Sân đình"}))
	})
}

func TestPostponeAndCancel(t *testing.T) {
	each(t, func(s *stage) {
		s.announce()
		put := func(p meeting.Postponement) deed {
			return func(tx *db.Tx, by access.Actor) error {
				_, err := meeting.Postpone(tx, by, s.meeting, s.now1(tx).Version, p)
				return err
			}
		}
		later := evening.AddDate(0, 0, 40) // into the next month
		s.wantField("reason", s.SecretaryA, put(meeting.Postponement{Starts: later}))
		s.wantField("starts", s.SecretaryA, put(meeting.Postponement{Starts: s.Now().Add(-time.Hour), Reason: "Bão"}))
		s.wantField("starts", s.SecretaryA, put(meeting.Postponement{Starts: evening, Reason: "Bão"}))
		s.must(s.SecretaryA, put(meeting.Postponement{Starts: later, Reason: "Bão số 9", Place: "Sân đình"}))
		m := s.now()
		if m.State != meeting.Postponed || m.Month != "2026-11" || !m.Starts.Equal(later) || m.Place != "Sân đình" || m.Postponements != 1 {
			t.Errorf("%+v", m)
		}
		// Members still see it, and preparing does not announce it.
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error { return on(meeting.Find(tx, by, s.meeting)) })
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.MarkPrepared(tx, by, s.meeting, s.now1(tx).Version))
		})
		s.wantState(meeting.Postponed)
		s.must(s.SecretaryA, put(meeting.Postponement{Starts: later.Add(24 * time.Hour), Reason: "Vẫn còn ngập"}))
		s.View(func(tx *db.Tx) error {
			moves, err := meeting.Moves(tx, access.Console(), s.meeting)
			if len(moves) != 2 || !moves[0].Was.Equal(evening) || moves[0].Reason != "Bão số 9" || !moves[1].Was.Equal(later) || moves[1].By != s.SecretaryA {
				t.Errorf("%+v", moves)
			}
			return err
		})
		s.announce() // again
		s.wantState(meeting.Announced)
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Cancel(tx, by, s.meeting, s.now1(tx).Version, "Sáp nhập chi bộ"))
		})
		s.wantState(meeting.Cancelled)
		s.want(errs.Conflict, s.SecretaryA, put(meeting.Postponement{Starts: later, Reason: "Bão"}))
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Open(tx, by, s.meeting, s.now1(tx).Version, meeting.Opening{}))
		})
	})
}

// TestNoticesFillTheirMessages: whoever has an account reads of each turn.
func TestNoticesFillTheirMessages(t *testing.T) {
	each(t, func(s *stage) {
		s.Update(func(tx *db.Tx) error { return signsIn(tx, s.MemberA) })
		s.announce()
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Postpone(tx, by, s.meeting, s.now1(tx).Version, meeting.Postponement{Starts: evening.Add(48 * time.Hour), Reason: "Bão"}))
		})
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			inbox, err := notice.Inbox(tx, by, 0, 10)
			if len(inbox) != 2 || inbox[0].Key != "meeting.notice.postponed" || inbox[1].Key != "meeting.notice.announced" {
				t.Fatalf("%+v", inbox)
			}
			if got := inbox[0].Args; got["day"] != "05/11/2026" || got["time"] != "19:00" || got["reason"] != "Bão" || got["unit"] != s.CellA.Name {
				t.Errorf("%v", got)
			}
			return err
		})
	})
}
