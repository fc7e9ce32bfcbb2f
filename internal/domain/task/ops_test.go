package task_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// stage is an organisation with tasks in it.
type stage struct {
	*testing.T
	*testkit.Kit
	*org.Org
}

func each(t *testing.T, test func(s stage)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) { test(stage{t, k, org.New(k)}) })
}

func (s stage) good() task.New {
	return task.New{
		Title: "Vận động hiến đất làm đường", Area: task.Economy, Assignee: task.Assignee{Person: s.MemberA},
		Due: s.Today().AddDays(20), Measure: "hộ", Planned: 10,
	}
}

// assign gives a task as the secretary of cell A.
func (s stage) assign(change func(*task.New)) task.ID {
	s.Helper()
	n := s.good()
	if change != nil {
		change(&n)
	}
	var given task.ID
	s.Update(func(tx *db.Tx) (err error) {
		given, err = task.Assign(tx, s.As(tx, s.SecretaryA), s.CellA.ID, n)
		return err
	})
	return given
}

func (s stage) find(of task.ID) (row task.Row, steps []task.Step) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		row, steps, err = task.Find(tx, access.Console(), of)
		return err
	})
	return row, steps
}

// verb is something done to a task in the version that it has.
type verb func(tx *db.Tx, by access.Actor, of task.ID, version int64) error

// try does it as the person and gives back the failure.
func (s stage) try(who access.PersonID, of task.ID, do verb) error {
	s.Helper()
	row, _ := s.find(of)
	return s.Try(func(tx *db.Tx) error { return do(tx, s.As(tx, who), of, row.Version) })
}

func (s stage) must(who access.PersonID, of task.ID, do verb) {
	s.Helper()
	if err := s.try(who, of, do); err != nil {
		s.Fatal(err)
	}
}

func progress(done int64) verb {
	return func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
		return task.Progress(tx, by, of, version, task.Update{Text: "đã đến từng nhà", Done: done})
	}
}

func report(done int64) verb {
	return func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
		return task.ReportDone(tx, by, of, version, task.Report{Text: "đã xong", Done: done})
	}
}

func assess(outcome task.Outcome) verb {
	return func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
		return task.Assess(tx, by, of, version, task.Judgement{Outcome: outcome, Note: "đã xem xét"})
	}
}

func handOver(to access.PersonID) verb {
	return func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
		return task.HandOver(tx, by, of, version, to, "đi công tác xa")
	}
}

func extend(due clock.Date) verb {
	return func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
		return task.Extend(tx, by, of, version, due, "mưa bão")
	}
}

func withdraw(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
	return task.Withdraw(tx, by, of, version, "không còn cần")
}

func adjust(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
	return task.Adjust(tx, by, of, version, task.Adjustment{Title: "Vận động làm cầu", Area: task.Economy, Measure: "hộ", Planned: 12, Reason: "thêm xóm"})
}

// TestWhoMay is the reach of each verb on a task of a member of cell A: + may,
// d sees it and is denied, . does not see it.
func TestWhoMay(t *testing.T) {
	each(t, func(s stage) {
		people := []access.PersonID{
			s.MemberA, s.MembersA[5], s.LeaderA, s.CommitteeA, s.DeputyA, s.SecretaryA,
			s.Office, s.CommuneSecretary, s.Inspector, s.Admin, s.MemberB, s.SecretaryB, s.SecretaryC, s.Nobody,
		}
		later := s.Today().AddDays(40)
		for _, row := range []struct {
			what  string
			first verb
			do    verb
			want  string
		}{
			{"accept", nil, task.Accept, "+dd+++ddd....."},
			{"progress", nil, progress(3), "+dd+++ddd....."},
			{"report", nil, report(10), "+dd+++ddd....."},
			{"hand over", nil, handOver(s.MembersA[6]), "+dd+++ddd....."},
			{"assess", report(10), assess(task.Done), "dddd++ddd....."},
			{"extend", nil, extend(later), "ddd+++ddd....."},
			{"adjust", nil, adjust, "ddd+++ddd....."},
			{"withdraw", nil, withdraw, "ddd+++ddd....."},
			{"read", nil, func(tx *db.Tx, by access.Actor, of task.ID, _ int64) error {
				_, _, err := task.Find(tx, by, of)
				return err
			}, "+++++++++....."},
		} {
			have := ""
			for _, who := range people {
				of := s.assign(nil)
				if row.first != nil {
					s.must(s.MemberA, of, row.first)
				}
				have += code(s.try(who, of, row.do))
			}
			if have != row.want {
				s.Errorf("%s: %s, want %s", row.what, have, row.want)
			}
		}
	})
}

func code(err error) string {
	switch {
	case err == nil:
		return "+"
	case errs.Is(err, errs.Denied):
		return "d"
	case errs.Is(err, errs.NotFound):
		return "."
	}
	return "!"
}

func TestWhoMayAssign(t *testing.T) {
	each(t, func(s stage) {
		for _, row := range []struct {
			who  string
			by   access.PersonID
			what func(*task.New)
			kind errs.Kind
		}{
			{"secretary", s.SecretaryA, func(*task.New) {}, testkit.OK},
			{"committee member", s.CommitteeA, func(*task.New) {}, testkit.OK},
			{"member", s.MemberA, func(*task.New) {}, errs.Denied},
			{"office above", s.Office, func(*task.New) {}, errs.Denied},
			{"secretary of another cell", s.SecretaryB, func(*task.New) {}, errs.NotFound},
			{"nobody", s.Nobody, func(*task.New) {}, errs.NotFound},
			{"secretary, to a member of another cell", s.SecretaryA, func(n *task.New) { n.Assignee.Person = s.MemberB }, errs.Invalid},
			{"secretary, to a group", s.SecretaryA, func(n *task.New) { n.Assignee = task.Assignee{Group: s.GroupA2.ID} }, testkit.OK},
			{"secretary, to no such group", s.SecretaryA, func(n *task.New) { n.Assignee = task.Assignee{Group: 5} }, errs.Invalid},
			{"secretary, to a mass organisation", s.SecretaryA, func(n *task.New) { n.Assignee = task.Assignee{Body: "Hội Phụ nữ thôn"} }, testkit.OK},
			{"secretary, for yesterday", s.SecretaryA, func(n *task.New) { n.Due = s.Today().AddDays(-1) }, errs.Invalid},
			{"secretary, without an area", s.SecretaryA, func(n *task.New) { n.Area = "" }, errs.Invalid},
			{"secretary, at a meeting nobody knows", s.SecretaryA, func(n *task.New) { n.Meeting = 5 }, errs.NotFound},
		} {
			s.Run(row.who, func(t *testing.T) {
				n := s.good()
				row.what(&n)
				testkit.Want(t, s.Try(func(tx *db.Tx) error {
					_, err := task.Assign(tx, s.As(tx, row.by), s.CellA.ID, n)
					return err
				}), row.kind)
			})
		}
	})
}

func TestFourEyes(t *testing.T) {
	each(t, func(s stage) {
		own := s.assign(func(n *task.New) { n.Assignee.Person = s.SecretaryA })
		s.must(s.SecretaryA, own, report(10))
		testkit.Want(s, s.try(s.SecretaryA, own, assess(task.Done)), errs.Denied)
		s.must(s.DeputyA, own, assess(task.Done))

		// The deputy leads group 1: its work is the deputy's own.
		group := s.assign(func(n *task.New) { n.Assignee = task.Assignee{Group: s.GroupA1.ID} })
		s.must(s.DeputyA, group, report(10))
		testkit.Want(s, s.try(s.DeputyA, group, assess(task.Done)), errs.Denied)
		s.must(s.SecretaryA, group, assess(task.Done))

		// Cell B has a secretary and nobody else who could judge.
		var alone task.ID
		s.Update(func(tx *db.Tx) (err error) {
			n := s.good()
			n.Assignee.Person = s.SecretaryB
			alone, err = task.Assign(tx, s.As(tx, s.SecretaryB), s.CellB.ID, n)
			return err
		})
		s.must(s.SecretaryB, alone, report(10))
		s.must(s.SecretaryB, alone, assess(task.Done))
	})
}

func TestStaleAndWrongTurn(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		s.must(s.MemberA, of, task.Accept)
		for what, do := range map[string]verb{
			"progress": progress(1), "report": report(10), "extend": extend(s.Today().AddDays(60)), "withdraw": withdraw, "adjust": adjust,
		} {
			err := s.Try(func(tx *db.Tx) error { return do(tx, s.As(tx, s.SecretaryA), of, 1) })
			if !errs.Is(err, errs.Conflict) {
				s.Errorf("%s over a version that is gone: %v", what, err)
			}
		}
		testkit.Want(s, s.try(s.MemberA, of, task.Accept), errs.Conflict) // a double click
		s.must(s.MemberA, of, report(10))
		testkit.Want(s, s.try(s.MemberA, of, progress(3)), errs.Conflict)
		s.must(s.SecretaryA, of, assess(task.Done))
		testkit.Want(s, s.try(s.SecretaryA, of, withdraw), errs.Conflict)
	})
}

func TestOnBehalfOfAMemberWithoutAPhone(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		s.must(s.CommitteeA, of, progress(4))
		s.must(s.MemberA, of, progress(5))
		_, steps := s.find(of)
		if steps[1].By != s.CommitteeA || steps[1].For != s.MemberA {
			s.Errorf("the step says by %v for %v", steps[1].By, steps[1].For)
		}
		if steps[2].By != s.MemberA || steps[2].For != 0 {
			s.Errorf("the own step says by %v for %v", steps[2].By, steps[2].For)
		}
		s.View(func(tx *db.Tx) error {
			history, err := journal.History(tx, task.Noun, int64(of))
			if len(history) != 3 || history[1].Verb != "task.Progress" || !strings.Contains(string(history[1].After), "on_behalf_of") {
				s.Errorf("journal: %+v", history)
			}
			return err
		})
	})
}

func TestReportFromPaper(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		said := s.Today().AddDays(15)
		s.SetNow(s.Now().AddDate(0, 0, 25)) // five days after the due day
		on := func(day clock.Date) verb {
			return func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
				return task.ReportDone(tx, by, of, version, task.Report{Text: "đã xong", Done: 10, Day: day})
			}
		}
		testkit.WantField(s, s.try(s.MemberA, of, on(said)), "day")
		testkit.WantField(s, s.try(s.SecretaryA, of, on(s.Today().AddDays(1))), "day")
		s.must(s.SecretaryA, of, on(said))
		s.must(s.SecretaryA, of, assess(task.Done))
		if row, _ := s.find(of); !row.OnTime() {
			s.Errorf("what was said in time on paper counts as late: %+v", row.Task)
		}
	})
}

func TestSentBack(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		s.must(s.MemberA, of, report(10))
		back := func(note string) verb {
			return func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
				return task.Assess(tx, by, of, version, task.Judgement{SendBack: true, Note: note})
			}
		}
		testkit.WantField(s, s.try(s.SecretaryA, of, back("  ")), "note")
		s.must(s.SecretaryA, of, back("thiếu chữ ký của hai hộ"))
		s.SetNow(s.Now().AddDate(0, 0, 30))
		s.must(s.MemberA, of, report(10))
		s.must(s.SecretaryA, of, assess(task.Done))
		row, _ := s.find(of)
		if row.OnTime() || !row.Late(s.Today()) {
			s.Error("a report that was sent back counts as in time")
		}
	})
}

func TestHandOver(t *testing.T) {
	each(t, func(s stage) {
		receiver := s.MembersA[6]
		of := s.assign(nil)
		testkit.WantField(s, s.try(s.MemberA, of, handOver(s.MemberA)), "to")
		testkit.WantField(s, s.try(s.MemberA, of, handOver(s.MemberB)), "to")
		s.must(s.MemberA, of, handOver(receiver))

		row, _ := s.find(of)
		if row.Assignee.Person != s.MemberA || row.State != task.HandedOver {
			s.Errorf("before it is accepted: %+v", row.Task)
		}
		testkit.Want(s, s.try(s.MemberA, of, task.Accept), errs.Denied)
		testkit.Want(s, s.try(s.MembersA[7], of, task.Accept), errs.Denied)
		decline := func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
			return task.Decline(tx, by, of, version, "đang ốm")
		}
		testkit.Want(s, s.try(s.MemberA, of, decline), errs.Denied)
		s.must(receiver, of, decline)
		if row, _ = s.find(of); row.Assignee.Person != s.MemberA || row.State != task.Accepted || row.HandedTo != 0 {
			s.Errorf("after it was declined: %+v", row.Task)
		}

		s.must(s.MemberA, of, handOver(receiver))
		s.must(receiver, of, task.Accept)
		if row, _ = s.find(of); row.Assignee.Person != receiver || row.State != task.Accepted || row.HandedTo != 0 {
			s.Errorf("after it was accepted: %+v", row.Task)
		}
		testkit.Want(s, s.try(s.MemberA, of, progress(1)), errs.Denied)
		s.must(receiver, of, progress(1))
	})
}

func TestExtensionStaysVisible(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		due := s.Today().AddDays(20)
		testkit.WantField(s, s.try(s.SecretaryA, of, extend(due)), "due")
		testkit.WantField(s, s.try(s.SecretaryA, of, extend(due.AddMonths(500))), "due")
		s.must(s.SecretaryA, of, extend(due.AddDays(10)))
		s.SetNow(s.Now().AddDate(0, 0, 28))
		s.must(s.MemberA, of, report(10))
		testkit.Want(s, s.try(s.SecretaryA, of, extend(due.AddDays(90))), errs.Conflict)
		s.must(s.SecretaryA, of, assess(task.Done))
		row, _ := s.find(of)
		if !row.OnTime() || !row.Extended() || row.OriginalDue != due {
			s.Errorf("on time %t, extended %t, original %v", row.OnTime(), row.Extended(), row.OriginalDue)
		}
	})
}

func TestLateIsExplained(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		explain := func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
			return task.Explain(tx, by, of, version, "chờ vật liệu")
		}
		testkit.Want(s, s.try(s.MemberA, of, explain), errs.Conflict)
		s.SetNow(s.Now().AddDate(0, 0, 23))
		s.must(s.MemberA, of, explain)
		row, _ := s.find(of)
		if row.OverdueDays != 3 || row.LateReason != "chờ vật liệu" || row.State != task.Assigned {
			s.Errorf("%d days, %q, %s", row.OverdueDays, row.LateReason, row.State)
		}
	})
}

func TestAdjustedIsAcceptedAgain(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		s.must(s.MemberA, of, task.Accept)
		s.must(s.SecretaryA, of, adjust)
		row, _ := s.find(of)
		if row.State != task.Adjusted || row.Planned != 12 {
			s.Errorf("%s, planned %d", row.State, row.Planned)
		}
		s.must(s.MemberA, of, task.Accept)
	})
}

// TestPlannedTenDoneFive is S-79 through the verbs.
func TestPlannedTenDoneFive(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		s.must(s.MemberA, of, progress(5))
		s.SetNow(s.Now().AddDate(0, 0, 30))
		var next task.ID
		carry := func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
			given, err := task.CarryOver(tx, by, of, version, task.Carry{Due: s.Today().AddDays(365), Planned: 10})
			if err == nil {
				next = given
			}
			return err
		}
		testkit.Want(s, s.try(s.MemberA, of, carry), errs.Denied)
		testkit.Want(s, s.try(s.CommitteeA, of, carry), errs.Denied) // may not judge the first
		s.must(s.SecretaryA, of, carry)

		first, _ := s.find(of)
		second, _ := s.find(next)
		if first.State != task.Assessed || first.Outcome != task.Partly {
			s.Errorf("the first is %s, %s", first.State, first.Outcome)
		}
		if second.Planned != 10 || second.Carried != 5 || second.Target() != 15 || second.Predecessor != of {
			s.Errorf("planned %d, carried %d, target %d", second.Planned, second.Carried, second.Target())
		}
		testkit.Want(s, s.try(s.SecretaryA, of, carry), errs.Conflict)

		s.must(s.MemberA, next, report(15))
		s.must(s.SecretaryA, next, assess(task.Done))
		testkit.Want(s, s.try(s.SecretaryA, next, carry), errs.Conflict)
		s.View(func(tx *db.Tx) error {
			chain, err := task.Chain(tx, s.As(tx, s.MemberA), next)
			if len(chain) != 2 || chain[0].ID != of || chain[1].ID != next {
				s.Errorf("chain %+v", chain)
			}
			return err
		})
	})
}

func TestReportedIsJudgedBeforeItIsCarried(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		s.must(s.MemberA, of, report(5))
		testkit.Want(s, s.try(s.SecretaryA, of, func(tx *db.Tx, by access.Actor, of task.ID, version int64) error {
			_, err := task.CarryOver(tx, by, of, version, task.Carry{Due: s.Today().AddDays(90)})
			return err
		}), errs.Conflict)
	})
}

func TestCompletionCountsByTheDay(t *testing.T) {
	each(t, func(s stage) {
		first, last := clock.NewDate(2026, 11, 10), clock.NewDate(2026, 11, 20)
		due := func(day clock.Date) func(*task.New) { return func(n *task.New) { n.Due = day } }
		before := s.assign(due(first.AddDays(-1)))
		onFirst := s.assign(due(first))
		onLast := s.assign(due(last))
		after := s.assign(due(last.AddDays(1)))
		open := s.assign(due(first.AddDays(3)))
		gone := s.assign(due(first.AddDays(3)))
		late := s.assign(due(first.AddDays(3)))
		moved := s.assign(due(first.AddDays(3)))
		s.must(s.SecretaryA, gone, withdraw)
		s.must(s.SecretaryA, moved, extend(last.AddDays(9)))
		s.SetNow(first.At(9, 0))
		for _, of := range []task.ID{before, onFirst, after} {
			s.must(s.MemberA, of, report(10))
		}
		s.SetNow(last.At(23, 59))
		s.must(s.MemberA, onLast, report(10))
		s.must(s.MemberA, late, report(10))
		for _, of := range []task.ID{before, onFirst, onLast, after, late} {
			s.must(s.SecretaryA, of, assess(task.Done))
		}
		s.View(func(tx *db.Tx) error {
			sum, err := task.Completion(tx, s.CellA.ID, first, last)
			var ids []task.ID
			for _, row := range sum.Tasks {
				ids = append(ids, row.ID)
			}
			want := []task.ID{onFirst, open, late, onLast}
			slices.Sort(ids)
			slices.Sort(want)
			if sum.Due != 4 || sum.OnTime != 2 || !slices.Equal(ids, want) {
				s.Errorf("%d of %d, tasks %v, want 2 of 4, %v", sum.OnTime, sum.Due, ids, want)
			}
			return err
		})
	})
}

func TestWithoutTask(t *testing.T) {
	each(t, func(s stage) {
		without := func() (ids []access.PersonID) {
			s.View(func(tx *db.Tx) error {
				list, err := task.WithoutTask(tx, s.As(tx, s.MemberA), s.CellA.ID)
				for _, r := range list {
					ids = append(ids, r.ID)
				}
				return err
			})
			return ids
		}
		if ids := without(); len(ids) != 26 || slices.Contains(ids, s.ExemptA) || !slices.Contains(ids, s.ProbationaryA) {
			s.Errorf("%d without a task at first: %v", len(ids), ids)
		}
		of := s.assign(nil)
		if ids := without(); len(ids) != 25 || slices.Contains(ids, s.MemberA) {
			s.Errorf("%d without a task", len(ids))
		}
		s.must(s.SecretaryA, of, withdraw)
		if ids := without(); len(ids) != 26 {
			s.Errorf("%d after the only one was withdrawn", len(ids))
		}
		s.View(func(tx *db.Tx) error {
			_, err := task.WithoutTask(tx, s.As(tx, s.MemberB), s.CellA.ID)
			testkit.Want(s, err, errs.NotFound)
			return nil
		})
	})
}

func TestListsAreCut(t *testing.T) {
	each(t, func(s stage) {
		own := s.assign(nil)
		s.assign(func(n *task.New) { n.Assignee.Person = s.MembersA[6] })
		led := s.assign(func(n *task.New) { n.Assignee = task.Assignee{Group: s.GroupA2.ID} })
		var other task.ID
		s.Update(func(tx *db.Tx) (err error) {
			n := s.good()
			n.Assignee.Person, n.Due = s.MemberB, s.Today().AddDays(1)
			other, err = task.Assign(tx, s.As(tx, s.SecretaryB), s.CellB.ID, n)
			return err
		})
		s.SetNow(s.Now().AddDate(0, 0, 22))
		mine := func(who access.PersonID) []task.ID {
			return s.ids(func(tx *db.Tx) ([]task.Row, error) { return task.Mine(tx, s.As(tx, who)) })
		}
		overdue := func(who access.PersonID, unit int) []task.ID {
			return s.ids(func(tx *db.Tx) ([]task.Row, error) {
				of := s.CellA.ID
				if unit == 0 {
					of = s.Commune.ID
				}
				return task.OfUnit(tx, s.As(tx, who), of, task.Filter{Overdue: true, Below: true})
			})
		}
		if ids := mine(s.MemberA); len(ids) != 1 || ids[0] != own {
			s.Errorf("mine: %v", ids)
		}
		if ids := mine(s.LeaderA); len(ids) != 1 || ids[0] != led {
			s.Errorf("the leader's: %v", ids)
		}
		if ids := overdue(s.Office, 0); len(ids) != 4 || ids[0] != other {
			s.Errorf("the commune sees %v, the longest overdue is %v", ids, other)
		}
		if ids := overdue(s.MemberA, 1); len(ids) != 3 {
			s.Errorf("a member sees %v", ids)
		}
		for who, kind := range map[access.PersonID]errs.Kind{s.MemberA: errs.NotFound, s.SecretaryC: errs.NotFound, s.Nobody: errs.NotFound} {
			err := s.Try(func(tx *db.Tx) error {
				_, err := task.OfUnit(tx, s.As(tx, who), s.Commune.ID, task.Filter{Overdue: true, Below: true})
				return err
			})
			testkit.Want(s, err, kind)
		}
	})
}

func (s stage) ids(read func(tx *db.Tx) ([]task.Row, error)) (ids []task.ID) {
	s.Helper()
	s.View(func(tx *db.Tx) error {
		rows, err := read(tx)
		for _, row := range rows {
			ids = append(ids, row.ID)
		}
		return err
	})
	return ids
}

func TestFilterAndPages(t *testing.T) {
	each(t, func(s stage) {
		for i := range 5 {
			s.assign(func(n *task.New) { n.Due = s.Today().AddDays(20 - i%2) })
		}
		party := s.assign(func(n *task.New) { n.Area = task.Party })
		list := func(f task.Filter) (rows []task.Row) {
			s.View(func(tx *db.Tx) (err error) {
				rows, err = task.OfUnit(tx, s.As(tx, s.MemberA), s.CellA.ID, f)
				return err
			})
			return rows
		}
		if rows := list(task.Filter{Area: task.Party}); len(rows) != 1 || rows[0].ID != party {
			s.Errorf("by area: %+v", rows)
		}
		all := list(task.Filter{})
		var paged []task.Row
		page := list(task.Filter{Limit: 2})
		for len(page) > 0 {
			paged = append(paged, page...)
			page = list(task.Filter{Limit: 2, After: &page[len(page)-1]})
		}
		if len(all) != 6 || len(paged) != 6 {
			s.Fatalf("%d rows, %d in pages", len(all), len(paged))
		}
		for i := range all {
			if all[i].ID != paged[i].ID {
				s.Errorf("row %d differs", i)
			}
		}
		if rows := list(task.Filter{States: []task.State{task.Assessed, task.Withdrawn}}); len(rows) != 0 {
			s.Errorf("ended: %+v", rows)
		}
	})
}

// However many units lie below, and so whichever way the list is read, it is what
// the lists of the single cells are together; and pages show each task once.
func TestListsOfEveryBreadth(t *testing.T) {
	each(t, func(s stage) {
		die := rand.New(rand.NewPCG(5, 8))
		var given []task.ID
		for range 8 {
			given = append(given, s.assign(func(n *task.New) {
				n.Due = s.Today().AddDays(1 + die.IntN(4))
				n.Area = []task.Area{task.Economy, task.Party}[die.IntN(2)]
			}))
		}
		s.must(s.MemberA, given[0], report(10))
		s.must(s.MemberA, given[1], report(10))
		s.must(s.SecretaryA, given[1], assess(task.Done))
		s.must(s.SecretaryA, given[2], withdraw)
		s.Update(func(tx *db.Tx) error {
			for range 4 {
				n := s.good()
				n.Assignee.Person, n.Due = s.MemberB, s.Today().AddDays(1+die.IntN(4))
				if _, err := task.Assign(tx, s.As(tx, s.SecretaryB), s.CellB.ID, n); err != nil {
					return err
				}
			}
			return nil
		})
		s.SetNow(s.Now().AddDate(0, 0, 3))
		list := func(at orgtree.ID, f task.Filter) (rows []task.Row) {
			s.View(func(tx *db.Tx) (err error) {
				rows, err = task.OfUnit(tx, s.As(tx, s.Office), at, f)
				return err
			})
			return rows
		}
		for stage, grow := range []func(){func() {}, func() { s.Crowd(s.Kit, 10_000) }, func() { s.Raise(s.Kit) }} {
			grow()
			for _, f := range []task.Filter{{}, {Open: true}, {Overdue: true}, {Open: true, Area: task.Party}, {States: []task.State{task.Assessed}}, {Open: true, From: s.Today(), To: s.Today().AddDays(1)}} {
				want := append(list(s.CellA.ID, f), list(s.CellB.ID, f)...)
				slices.SortFunc(want, func(a, b task.Row) int { return cmp.Or(a.Due.Compare(b.Due), cmp.Compare(a.ID, b.ID)) })
				if len(want) == 0 {
					s.Fatalf("nothing is listed by %+v", f)
				}
				f.Below, f.Limit = true, 3
				var paged []task.Row
				for page := list(s.Commune.ID, f); len(page) > 0; page = list(s.Commune.ID, f) {
					paged = append(paged, page...)
					f.After = &page[len(page)-1]
				}
				if !slices.EqualFunc(paged, want, func(a, b task.Row) bool { return a.ID == b.ID }) {
					s.Errorf("stage %d, %+v: %d tasks in pages, want %d: %+v", stage, f, len(paged), len(want), paged)
				}
			}
		}
	})
}

func TestAssigneesAreTold(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		s.assign(func(n *task.New) { n.Assignee.Person = s.SecretaryA })
		inbox := func(who access.PersonID) (keys []string) {
			s.View(func(tx *db.Tx) error {
				list, err := notice.Inbox(tx, s.As(tx, who), 0, 10)
				for _, n := range list {
					keys = append(keys, n.Key)
				}
				return err
			})
			return keys
		}
		s.must(s.MemberA, of, report(10))
		s.must(s.DeputyA, of, assess(task.Done))
		if keys := inbox(s.MemberA); !slices.Equal(keys, []string{"task.notice.done", "task.notice.assigned"}) {
			s.Errorf("the member was told %v", keys)
		}
		if keys := inbox(s.SecretaryA); !slices.Equal(keys, []string{"task.notice.reported"}) {
			s.Errorf("the secretary was told %v", keys)
		}
	})
}

// plan schedules a meeting of cell A on the day.
func (s stage) plan(kind meeting.Kind, day clock.Date) (m meeting.Meeting) {
	s.Helper()
	s.Update(func(tx *db.Tx) (err error) {
		m, err = meeting.Schedule(tx, s.As(tx, s.SecretaryA), meeting.Plan{
			Unit: s.CellA.ID, Kind: kind, Starts: day.At(19, 0), Minutes: 120, Place: "Nhà văn hóa thôn Đông", DayReason: "theo kế hoạch",
		})
		return err
	})
	return m
}

func (s stage) carry(of meeting.ID) {
	s.Helper()
	s.Update(func(tx *db.Tx) error { return task.CarryUnfinished(tx, s.As(tx, s.SecretaryA), of) })
}

func (s stage) last(of meeting.ID) []task.ID {
	s.Helper()
	return s.ids(func(tx *db.Tx) ([]task.Row, error) { return task.LastTasks(tx, s.As(tx, s.SecretaryA), of) })
}

// TestUnfinishedComesBack is S-47: what is unfinished is before the next
// meeting by itself, what ended is before one meeting and no more.
func TestUnfinishedComesBack(t *testing.T) {
	each(t, func(s stage) {
		open := s.assign(func(n *task.New) { n.Due = s.Today().AddDays(5) })
		done := s.assign(nil)
		s.must(s.MemberA, done, report(10))
		s.must(s.SecretaryA, done, assess(task.Done))

		s.SetNow(clock.NewDate(2026, 11, 20).At(8, 0))
		december := s.plan(meeting.Regular, clock.NewDate(2026, 12, 3))
		if ids := s.last(december.ID); !slices.Equal(ids, []task.ID{open, done}) {
			s.Errorf("before it is opened: %v, want %v", ids, []task.ID{open, done})
		}
		s.SetNow(clock.NewDate(2026, 12, 3).At(19, 0))
		s.carry(december.ID)
		s.carry(december.ID)
		if ids := s.last(december.ID); !slices.Equal(ids, []task.ID{open, done}) {
			s.Errorf("December: %v", ids)
		}
		given := s.assign(func(n *task.New) { n.Meeting = december.ID; n.Due = clock.NewDate(2026, 12, 30) })
		s.carry(december.ID)
		if ids := s.last(december.ID); slices.Contains(ids, given) {
			s.Error("a task is looked at by the meeting that gave it")
		}

		s.SetNow(clock.NewDate(2026, 12, 20).At(8, 0))
		january := s.plan(meeting.Regular, clock.NewDate(2027, 1, 4))
		s.SetNow(clock.NewDate(2027, 1, 4).At(19, 0))
		s.carry(january.ID)
		if ids := s.last(january.ID); !slices.Equal(ids, []task.ID{open, given}) {
			s.Errorf("January: %v, want %v", ids, []task.ID{open, given})
		}
		row, _ := s.find(open)
		if row.Meetings != 2 {
			s.Errorf("the open task was before %d meetings", row.Meetings)
		}
		for who, kind := range map[access.PersonID]errs.Kind{s.MemberB: errs.NotFound, s.Office: errs.Denied} {
			testkit.Want(s, s.Try(func(tx *db.Tx) error { return task.CarryUnfinished(tx, s.As(tx, who), january.ID) }), kind)
		}
	})
}

// TestACancelledMeetingLookedAtNothing says that what ended before a meeting
// that did not take place is before the next one.
func TestACancelledMeetingLookedAtNothing(t *testing.T) {
	each(t, func(s stage) {
		s.SetNow(clock.NewDate(2026, 11, 20).At(8, 0))
		done := s.assign(func(n *task.New) { n.Due = clock.NewDate(2026, 11, 30) })
		december := s.plan(meeting.Regular, clock.NewDate(2026, 12, 3))
		s.must(s.MemberA, done, report(10))
		s.must(s.SecretaryA, done, assess(task.Done))
		s.carry(december.ID)
		s.Update(func(tx *db.Tx) error {
			m, err := meeting.Find(tx, s.As(tx, s.SecretaryA), december.ID)
			if err != nil {
				return err
			}
			_, err = meeting.Cancel(tx, s.As(tx, s.SecretaryA), m.ID, m.Version, "bão lớn")
			return err
		})
		january := s.plan(meeting.Regular, clock.NewDate(2027, 1, 4))
		if ids := s.last(january.ID); !slices.Equal(ids, []task.ID{done}) {
			s.Errorf("January has %v", ids)
		}
		s.SetNow(clock.NewDate(2027, 1, 4).At(19, 0))
		s.carry(january.ID)
		february := s.plan(meeting.Regular, clock.NewDate(2027, 2, 3))
		if ids := s.last(february.ID); len(ids) != 0 {
			s.Errorf("February has %v again", ids)
		}
	})
}

func TestEvidence(t *testing.T) {
	each(t, func(s stage) {
		of := s.assign(nil)
		photo := task.File{Name: "Con đường mới.jpg", Media: "image/jpeg", Hash: strings.Repeat("a", 64), Size: 1200}
		attach := func(who access.PersonID) error {
			return s.Try(func(tx *db.Tx) error {
				_, err := task.Attach(tx, s.As(tx, who), of, photo)
				return err
			})
		}
		for who, kind := range map[access.PersonID]errs.Kind{
			s.MembersA[6]: errs.Denied, s.Office: errs.Denied, s.MemberB: errs.NotFound, s.MemberA: testkit.OK, s.CommitteeA: testkit.OK,
		} {
			testkit.Want(s, attach(who), kind)
		}
		row, _ := s.find(of)
		if row.Evidence != 1 {
			s.Errorf("%d files", row.Evidence)
		}
		var file attachment.ID
		s.View(func(tx *db.Tx) error {
			files, err := task.Evidence(tx, s.As(tx, s.Office), of)
			file = files[0].ID
			return err
		})
		find := func(who access.PersonID) error {
			return s.Try(func(tx *db.Tx) error {
				_, err := task.FindEvidence(tx, s.As(tx, who), file)
				return err
			})
		}
		testkit.Want(s, find(s.MembersA[6]), testkit.OK)
		testkit.Want(s, find(s.MemberB), errs.NotFound)
		detach := func(who access.PersonID) error {
			return s.Try(func(tx *db.Tx) error { return task.Detach(tx, s.As(tx, who), file) })
		}
		testkit.Want(s, detach(s.MembersA[6]), errs.Denied)
		testkit.Want(s, detach(s.MemberA), testkit.OK)
		s.must(s.SecretaryA, of, withdraw)
		testkit.Want(s, attach(s.MemberA), errs.Conflict)
	})
}

// TestCarryingConservesThroughTheVerbs has random years of one piece of work:
// what was planned in all of them is what was done and what is left.
func TestCarryingConservesThroughTheVerbs(t *testing.T) {
	k := testkit.SQLite(t)
	s := stage{t, k, org.New(k)}
	rapid.Check(t, func(r *rapid.T) {
		current := s.assign(func(n *task.New) { n.Planned = rapid.Int64Range(1, 500).Draw(r, "planned") })
		for range rapid.IntRange(0, 4).Draw(r, "years") {
			row, _ := s.find(current)
			done := rapid.Int64Range(0, row.Target()-1).Draw(r, "done")
			s.must(s.MemberA, current, progress(done))
			if rapid.Bool().Draw(r, "judged") {
				s.must(s.MemberA, current, report(done))
				s.must(s.SecretaryA, current, assess(task.Partly))
			}
			next := task.Carry{Due: s.Today().AddDays(300), Planned: rapid.Int64Range(0, 500).Draw(r, "next")}
			s.must(s.SecretaryA, current, func(tx *db.Tx, by access.Actor, of task.ID, version int64) (err error) {
				current, err = task.CarryOver(tx, by, of, version, next)
				return err
			})
		}
		s.must(s.MemberA, current, progress(1))
		s.View(func(tx *db.Tx) error {
			chain, err := task.Chain(tx, access.Console(), current)
			var planned, done int64
			for _, link := range chain {
				planned += link.Planned
				done += link.Done
			}
			if left := chain[len(chain)-1].Left(); planned != done+left {
				r.Errorf("planned %d, done %d, left %d", planned, done, left)
			}
			return err
		})
	})
}
