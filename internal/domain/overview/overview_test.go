package overview_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/org"
)

// stage is the small organisation with a past.
type stage struct {
	*testing.T
	*testkit.Kit
	*org.Org
	book *history.Book
}

func each(t *testing.T, test func(s stage)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		test(stage{t, k, o, history.New(k, o)})
	})
}

func (s stage) hold(month int, m history.Meeting) meeting.ID {
	s.Helper()
	m.Cell, m.Secretary = s.CellA, s.SecretaryA
	m.Day = clock.NewDate(2026, 1, 3).AddMonths(month - 1)
	return s.book.Hold(m)
}

func (s stage) desk(who access.PersonID, home orgtree.Unit) (d overview.Desk) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		d, err = overview.OnDesk(tx, s.As(tx, who), home)
		return err
	})
	return d
}

// shown is the kinds of a desk, what is to be done first before a bar.
func shown(d overview.Desk) string {
	var kinds []string
	for _, i := range d.Items {
		kinds = append(kinds, string(i.Kind))
	}
	next := "-"
	if d.Next != nil {
		next = string(d.Next.Kind)
	}
	return next + " | " + strings.Join(kinds, " ")
}

func TestEachRoleOpensOnWhatItHasToDo(t *testing.T) {
	each(t, func(s stage) {
		s.hold(10, history.Meeting{Until: history.Reported, Speakers: s.MembersA[:15]})
		s.hold(12, history.Meeting{Until: history.Announced})
		s.SetNow(clock.NewDate(2026, 11, 21).At(8, 0))
		given := s.book.Assign(task.New{
			Title: "Sửa kênh", Area: task.Economy, Assignee: task.Assignee{Person: s.MemberA}, Due: clock.NewDate(2026, 11, 25),
		})
		for _, c := range []struct {
			name string
			who  access.PersonID
			home orgtree.Unit
			want string
		}{
			{"secretary", s.SecretaryA, s.CellA, "meeting_prepare | no_task notices"},
			{"deputy", s.DeputyA, s.CellA, "meeting_prepare | no_task notices"},
			{"committee member", s.CommitteeA, s.CellA, "- | meeting_prepare no_task notices"},
			{"member with a task", s.MemberA, s.CellA, "task_new | meeting_attend notices"},
			{"group leader", s.LeaderA, s.CellA, "meeting_attend | notices"},
			{"secretary without a plan", s.SecretaryB, s.CellB, "meeting_plan | no_task"},
			{"member of a cell without a plan", s.MemberB, s.CellB, "- | "},
			{"office", s.Office, s.Commune, "reports_wait | cells_silent notices"},
			{"commune secretary", s.CommuneSecretary, s.Commune, "- | cells_silent"},
			{"inspector", s.Inspector, s.Commune, "- | cells_silent"},
			{"administrator", s.Admin, s.Commune, "- | "},
			{"nobody", s.Nobody, orgtree.Unit{}, "- | "},
		} {
			if got := shown(s.desk(c.who, c.home)); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		if d := s.desk(s.MemberA, s.CellA); d.Next == nil || d.Next.Link != "/tasks/"+given.String() {
			t.Errorf("the member's first thing is %+v", d.Next)
		}
	})
}

func TestATaskWandersOverTheDesks(t *testing.T) {
	each(t, func(s stage) {
		due := s.Today().AddDays(5)
		given := s.book.Assign(task.New{Title: "Sửa kênh", Area: task.Economy, Assignee: task.Assignee{Person: s.MemberA}, Due: due})
		report := func(tx *db.Tx, by access.Actor, version int64) error {
			return task.ReportDone(tx, by, given, version, task.Report{Text: "đã xong"})
		}
		has := func(who access.PersonID, kind overview.Kind) bool {
			d := s.desk(who, s.CellA)
			return d.Next != nil && d.Next.Kind == kind || slices.ContainsFunc(d.Items, func(i overview.Item) bool { return i.Kind == kind })
		}
		if !has(s.MemberA, overview.TaskNew) || has(s.SecretaryA, overview.TaskJudge) {
			t.Error("a new task lies with the member alone")
		}
		s.SetNow(due.AddDays(2).At(8, 0))
		if !has(s.SecretaryA, overview.TasksLate) || has(s.MembersA[5], overview.TasksLate) {
			t.Error("a late task is seen by those who give tasks, and by no other member")
		}
		s.book.With(given, s.MemberA, report)
		if has(s.MemberA, overview.TaskNew) || has(s.MemberA, overview.TaskDo) || !has(s.SecretaryA, overview.TaskJudge) || has(s.CommitteeA, overview.TaskJudge) {
			t.Error("a reported task waits for those who judge")
		}
	})
}

func TestAfterTheMeetingItsSecretaryGoesOn(t *testing.T) {
	each(t, func(s stage) {
		for i, c := range []struct {
			until history.Until
			want  overview.Kind
		}{
			{history.Closed, overview.MeetingMinute},
			{history.Minuted, overview.MeetingPublish},
			{history.Published, overview.MeetingScore},
			{history.Scored, overview.MeetingReport},
		} {
			s.hold(5+i, history.Meeting{Until: c.until})
			d := s.desk(s.SecretaryA, s.CellA)
			all := d.Items
			if d.Next != nil {
				all = append(all, *d.Next)
			}
			if !slices.ContainsFunc(all, func(i overview.Item) bool { return i.Kind == c.want && i.Own }) {
				t.Errorf("after step %d the secretary sees %s, want %s", c.until, shown(d), c.want)
			}
			if d := s.desk(s.MemberA, s.CellA); strings.Contains(shown(d), string(c.want)) {
				t.Errorf("a member is asked for %s", c.want)
			}
		}
	})
}

func TestTheDeskShowsTheScoresThatOneMayRead(t *testing.T) {
	each(t, func(s stage) {
		s.hold(9, history.Meeting{Until: history.Reported})
		s.hold(10, history.Meeting{Until: history.Closed})
		for who, want := range map[access.PersonID]int{s.SecretaryA: 1, s.MemberA: 1} {
			d := s.desk(who, s.CellA)
			if d.Figures == nil || len(d.Figures.Scores) != want {
				t.Errorf("figures %+v, want %d scores", d.Figures, want)
			}
		}
		if d := s.desk(s.MemberB, s.CellB); d.Figures == nil || len(d.Figures.Scores) != 0 {
			t.Errorf("cell B has figures %+v", d.Figures)
		}
	})
}

func TestWhoLooksOverWhat(t *testing.T) {
	each(t, func(s stage) {
		look := func(of orgtree.ID) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error {
				_, err := overview.Look(tx, by, of, overview.Span{Until: "2026-11", Months: 6})
				return err
			}
		}
		reports := func(tx *db.Tx, by access.Actor) error {
			_, err := overview.Reports(tx, by, s.Commune.ID)
			return err
		}
		for _, c := range []struct {
			name string
			who  access.PersonID
			do   func(tx *db.Tx, by access.Actor) error
			want errs.Kind
		}{
			{"office at the commune", s.Office, look(s.Commune.ID), testkit.OK},
			{"commune secretary at a cell", s.CommuneSecretary, look(s.CellA.ID), testkit.OK},
			{"inspector", s.Inspector, look(s.Commune.ID), testkit.OK},
			{"cell secretary at the own cell", s.SecretaryA, look(s.CellA.ID), testkit.OK},
			{"cell secretary at another cell", s.SecretaryA, look(s.CellB.ID), errs.NotFound},
			{"cell secretary at the commune", s.SecretaryA, look(s.Commune.ID), errs.NotFound},
			{"member at the own cell", s.MemberA, look(s.CellA.ID), errs.Denied},
			{"administrator", s.Admin, look(s.Commune.ID), errs.Denied},
			{"office at another commune", s.Office, look(s.OtherCommune.ID), errs.NotFound},
			{"nobody", s.Nobody, look(s.CellA.ID), errs.NotFound},
			{"office on reports", s.Office, reports, testkit.OK},
			{"commune secretary on reports", s.CommuneSecretary, reports, errs.Denied},
			{"member on reports", s.MemberA, reports, errs.NotFound},
		} {
			err := s.Try(func(tx *db.Tx) error { return c.do(tx, s.As(tx, c.who)) })
			s.Run(c.name, func(t *testing.T) { testkit.Want(t, err, c.want) })
		}
	})
}

func TestTheTableOfACommune(t *testing.T) {
	each(t, func(s stage) {
		for month := 7; month <= 10; month++ {
			s.hold(month, history.Meeting{Until: history.Reported, Note: "Bàn việc nước sạch", Absent: s.MembersA[20:22], Speakers: s.MembersA[:10]})
		}
		s.book.Hold(history.Meeting{
			Cell: s.CellA, Secretary: s.SecretaryA, Day: clock.NewDate(2026, 11, 12), Until: history.Reported, Note: "Bàn việc nước sạch", Claim: 40,
		})
		s.endSecretaryB(clock.NewDate(2026, 11, 14))
		s.SetNow(clock.NewDate(2026, 11, 21).At(9, 0))
		var table overview.Table
		s.View(func(tx *db.Tx) (err error) {
			table, err = overview.Look(tx, s.As(tx, s.Office), s.Commune.ID, overview.Span{Until: "2026-11", Months: 4, Detail: true})
			return err
		})
		s.checkRows(table)
		s.checkSummary(table.Summary)
		if len(table.Concerns) != 2 {
			t.Errorf("%d concerns, want those of both cells: %+v", len(table.Concerns), table.Concerns)
		}
		var waiting []overview.Report
		s.View(func(tx *db.Tx) (err error) {
			waiting, err = overview.Reports(tx, s.As(tx, s.Office), s.Commune.ID)
			return err
		})
		if len(waiting) != 5 || waiting[0].Month != "2026-07" || waiting[0].Cell != s.CellA.Name || waiting[0].Again {
			t.Errorf("waiting reports %+v", waiting)
		}
	})
}

// Of a meeting from before the program nobody knows what was on its agenda.
func TestAMeetingWithoutAnAgendaRepeatsNothing(t *testing.T) {
	each(t, func(s stage) {
		s.hold(9, history.Meeting{Until: history.Reported, Note: "Bàn việc nước sạch"})
		last := s.hold(10, history.Meeting{Until: history.Reported, Note: "Bàn việc nước sạch"})
		s.SetNow(clock.NewDate(2026, 10, 21).At(9, 0))
		for _, kept := range []bool{true, false} {
			if !kept {
				for _, part := range []string{"meeting_opinion", "meeting_vote"} {
					s.behind(`UPDATE ` + part + ` SET item_id = NULL`)
				}
				s.behind(fmt.Sprintf(`DELETE FROM meeting_item WHERE meeting_id = %d`, last))
			}
			s.View(func(tx *db.Tx) error {
				table, err := overview.Look(tx, s.As(tx, s.Office), s.Commune.ID, overview.Span{Until: "2026-10", Months: 2, Detail: true})
				if err == nil && table.Rows[0].Months[1].Same != kept {
					t.Errorf("agenda on record: %v; the same: %v", kept, !kept)
				}
				return err
			})
		}
	})
}

func (s stage) behind(statement string) {
	s.Helper()
	if _, err := s.DB.Pool().Exec(statement); err != nil {
		s.Fatal(err)
	}
}

func (s stage) endSecretaryB(day clock.Date) {
	s.Helper()
	s.SetNow(day.At(9, 0))
	s.Update(func(tx *db.Tx) error {
		posts, err := unit.PostsAt(tx, s.CellB.ID, day)
		if err != nil {
			return err
		}
		return unit.EndPost(tx, access.Console(), posts[0].ID, posts[0].Version, day, "chuyển công tác")
	})
}

func (s stage) checkRows(table overview.Table) {
	s.Helper()
	if len(table.Rows) != 2 {
		s.Fatalf("%d rows, want the two cells of the commune", len(table.Rows))
	}
	a, b := table.Rows[0], table.Rows[1]
	for i := range a.Months {
		if e := a.Months[i]; !e.Standing.Met() || !e.Scored || !e.Waiting {
			s.Errorf("cell A in %s: %+v", e.Month, e)
		}
		if e := b.Months[i]; e.Standing != overview.Missed || e.Scored || e.Meeting != 0 {
			s.Errorf("cell B in %s: %+v", e.Month, e)
		}
	}
	last, before := a.Months[3], a.Months[2]
	if last.Standing != overview.Delayed || last.OnDay || !last.Same || last.Score.Gap() < overview.FarAbove {
		s.Errorf("cell A in November: %+v", last)
	}
	if before.Standing != overview.Held || before.Roll != (overview.Roll{Entitled: 26, Present: 24, Speakers: 10}) {
		s.Errorf("cell A in October: %s, roll %+v", before.Standing, before.Roll)
	}
	if b.Headless != clock.NewDate(2026, 11, 14) {
		s.Errorf("cell B has been without a secretary since %v", b.Headless)
	}
}

func (s stage) checkSummary(got overview.Summary) {
	s.Helper()
	if got.Cells != 2 || got.Held != 1 || got.OnDay != 0 || got.Silent != 1 || got.Claimed != 1 || got.Waiting != 1 || got.Scored != 1 || !got.Compared {
		s.Errorf("summary %+v", got)
	}
}

func TestOnlyTheFollowedCellsAreShown(t *testing.T) {
	each(t, func(s stage) {
		s.hold(12, history.Meeting{Until: history.Announced})
		s.Update(func(tx *db.Tx) error {
			return access.Give(tx, access.Grant{Person: s.MemberB, Unit: s.CellA.ID, Role: access.Attendee, From: org.Founded, Source: "test"})
		})
		s.View(func(tx *db.Tx) error {
			list, err := overview.Followed(tx, s.As(tx, s.MemberB))
			if len(list) != 1 || list[0].Cell.ID != s.CellA.ID || !list[0].HasNext || list[0].HasLast {
				t.Errorf("followed %+v", list)
			}
			none, err2 := overview.Followed(tx, s.As(tx, s.MemberA))
			if len(none) != 0 || err2 != nil {
				t.Errorf("a member follows %+v, %v", none, err2)
			}
			return err
		})
		if got := shown(s.desk(s.MemberB, s.CellB)); !strings.HasPrefix(got, "meeting_attend |") {
			t.Errorf("the follower's desk: %s", got)
		}
	})
}
