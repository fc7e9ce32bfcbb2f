package task

import (
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

var states = []State{Proposed, Assigned, Adjusted, Accepted, InProgress, HandedOver, Reported, Assessed, Withdrawn}

// TestTheWayOfATask prints which verb is possible where, so that a change of
// the way is a change of this table.
func TestTheWayOfATask(t *testing.T) {
	want := map[Verb]string{
		verbAssign:   "1........",
		verbAccept:   ".11..1...",
		verbProgress: ".1111....",
		verbReport:   ".1111....",
		verbAssess:   ".111111..",
		verbSendBack: "......1..",
		verbHandOver: ".1111....",
		verbDecline:  ".....1...",
		verbExtend:   ".11111...",
		verbAdjust:   ".1111....",
		verbExplain:  ".1111111.",
		verbWithdraw: ".111111..",
	}
	if len(moves) != len(want) {
		t.Errorf("%d verbs move a task, the table has %d", len(moves), len(want))
	}
	for verb, row := range want {
		have := ""
		for _, s := range states {
			_, err := Task{State: s}.moved(verb)
			switch {
			case err == nil:
				have += "1"
			default:
				testkit.Want(t, err, errs.Conflict)
				have += "."
			}
		}
		if have != row {
			t.Errorf("%s: %s, want %s (%v)", verb, have, row, states)
		}
	}
}

func TestNothingLeavesTheEnd(t *testing.T) {
	for _, end := range []State{Assessed, Withdrawn} {
		for verb, m := range moves {
			if (Task{State: end}).May(verb) && m.to != "" {
				t.Errorf("%s leads out of %s", verb, end)
			}
		}
		if (Task{State: end}).Open() {
			t.Errorf("%s is open", end)
		}
	}
}

var (
	due   = clock.NewDate(2026, 11, 30)
	given = clock.NewDate(2026, 11, 3)
)

func good() New {
	return New{Title: "Vận động làm đường", Area: Economy, Assignee: Assignee{Person: 7}, Due: due, Measure: "hộ", Planned: 10}
}

func TestNewTaskIsChecked(t *testing.T) {
	for _, row := range []struct {
		what   string
		change func(*New)
		draft  bool
		field  string // "" is fine
	}{
		{"as it should be", func(*New) {}, false, ""},
		{"no title", func(n *New) { n.Title = " \x00 " }, true, "title"},
		{"a long title", func(n *New) { n.Title = longText(201) }, true, "title"},
		{"nobody", func(n *New) { n.Assignee = Assignee{} }, false, "assignee"},
		{"nobody yet", func(n *New) { n.Assignee = Assignee{} }, true, ""},
		{"two who do it", func(n *New) { n.Assignee.Body = "Hội Phụ nữ" }, true, "assignee"},
		{"a mass organisation", func(n *New) { n.Assignee = Assignee{Body: "Hội Phụ nữ"} }, false, ""},
		{"no day", func(n *New) { n.Due = clock.Date{} }, false, "due"},
		{"no day yet", func(n *New) { n.Due = clock.Date{} }, true, ""},
		{"due the day it is given", func(n *New) { n.Due = given }, false, ""},
		{"due before it is given", func(n *New) { n.Due = given.AddDays(-1) }, true, "due"},
		{"due in a hundred years", func(n *New) { n.Due = given.AddMonths(1200) }, true, "due"},
		{"no area", func(n *New) { n.Area = "" }, false, "area"},
		{"a fifth area", func(n *New) { n.Area = "sports" }, true, "area"},
		{"an amount of nothing", func(n *New) { n.Measure = "" }, true, "measure"},
		{"less than nothing", func(n *New) { n.Planned = -1 }, true, "planned"},
	} {
		t.Run(row.what, func(t *testing.T) {
			n := good()
			row.change(&n)
			err := n.cleaned().check(row.draft, given)
			if row.field == "" {
				testkit.Want(t, err, testkit.OK)
				return
			}
			testkit.WantField(t, err, row.field)
		})
	}
}

func longText(letters int) string {
	text := make([]rune, letters)
	for i := range text {
		text[i] = 'ộ'
	}
	return string(text)
}

func TestOverdueAndOnTime(t *testing.T) {
	for _, row := range []struct {
		what    string
		task    Task
		today   clock.Date
		overdue int
		onTime  bool
	}{
		{"on the due day", Task{State: Accepted, Due: due}, due, 0, false},
		{"a day later", Task{State: Accepted, Due: due}, due.AddDays(1), 1, false},
		{"reported in time, judged late", Task{State: Reported, Due: due, ReportedDay: due}, due.AddDays(9), 0, false},
		{"reported late", Task{State: Reported, Due: due, ReportedDay: due.AddDays(2)}, due.AddDays(9), 2, false},
		{"done on the last day", Task{State: Assessed, Outcome: Done, Due: due, ReportedDay: due, EndedDay: due.AddDays(5)}, due.AddDays(9), 0, true},
		{"done a day late", Task{State: Assessed, Outcome: Done, Due: due, ReportedDay: due.AddDays(1)}, due.AddDays(9), 0, false},
		{"done within the extension", Task{State: Assessed, Outcome: Done, OriginalDue: due, Due: due.AddDays(7), ReportedDay: due.AddDays(3)}, due.AddDays(9), 0, true},
		{"partly, in time", Task{State: Assessed, Outcome: Partly, Due: due, ReportedDay: due}, due.AddDays(9), 0, false},
		{"withdrawn", Task{State: Withdrawn, Due: due}, due.AddDays(9), 0, false},
	} {
		if have := row.task.Overdue(row.today); have != row.overdue {
			t.Errorf("%s: overdue %d, want %d", row.what, have, row.overdue)
		}
		if have := row.task.OnTime(); have != row.onTime {
			t.Errorf("%s: on time %t", row.what, have)
		}
	}
}

func TestDoneNeedsTheWholeAmount(t *testing.T) {
	reported := Task{State: Reported, Amount: Amount{Measure: "hộ", Planned: 10, Done: 5}}
	for _, row := range []struct {
		what  string
		task  Task
		j     Judgement
		field string
	}{
		{"half of it as done", reported, Judgement{Outcome: Done}, "outcome"},
		{"half of it as partly", reported, Judgement{Outcome: Partly, Note: "mưa kéo dài"}, ""},
		{"partly without a reason", reported, Judgement{Outcome: Partly}, "note"},
		{"no outcome", reported, Judgement{Note: "được"}, "outcome"},
		{"all of it as done", Task{State: Reported, Amount: Amount{Measure: "hộ", Planned: 10, Done: 10}}, Judgement{Outcome: Done}, ""},
		{"done without a report", Task{State: InProgress}, Judgement{Outcome: Done}, "outcome"},
		{"not done without a report", Task{State: Assigned}, Judgement{Outcome: NotDone, Note: "không thực hiện"}, ""},
	} {
		t.Run(row.what, func(t *testing.T) {
			after, err := row.task.assessed(row.j)
			if row.field != "" {
				testkit.WantField(t, err, row.field)
				return
			}
			testkit.Want(t, err, testkit.OK)
			if after.State != Assessed || after.Outcome != row.j.Outcome {
				t.Errorf("ended as %s, %s", after.State, after.Outcome)
			}
		})
	}
}

// TestPlannedTenDoneFive is S-79: planned 10, done 5, and the next 10 make 15,
// with both parts visible.
func TestPlannedTenDoneFive(t *testing.T) {
	first := Task{
		State: InProgress, Title: "Xóa nhà tạm", Area: Economy, Assignee: Assignee{Person: access.PersonID(7)},
		Amount: Amount{Measure: "nhà", Planned: 10, Done: 5},
	}
	n, left := first.successor(Carry{Due: due.AddMonths(12), Planned: 10})
	next := n.task(first.Unit)
	next.Carried = left
	if next.Planned != 10 || next.Carried != 5 || next.Target() != 15 {
		t.Errorf("planned %d, carried %d, target %d; want 10, 5, 15", next.Planned, next.Carried, next.Target())
	}
	if next.Title != first.Title || next.Assignee != first.Assignee || next.Measure != first.Measure {
		t.Errorf("the next task forgot what it is about: %+v", next)
	}
	if outcome := first.unfinished(); outcome != Partly {
		t.Errorf("the first ended as %s", outcome)
	}
}

// TestCarryingConserves says that nothing planned is lost or made up over any
// history: what was planned is what was done and what is left.
func TestCarryingConserves(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var planned, done, over int64
		current := Task{State: Accepted, Amount: Amount{Measure: "hộ", Planned: rapid.Int64Range(1, 1000).Draw(t, "planned")}}
		planned = current.Planned
		for range rapid.IntRange(0, 12).Draw(t, "years") {
			u := Update{Done: rapid.Int64Range(0, 1500).Draw(t, "done")}
			advanced, err := current.advanced(u)
			if err != nil {
				t.Fatal(err)
			}
			done += advanced.Done
			over += max(0, advanced.Done-advanced.Target())
			if advanced.Left() == 0 {
				current = advanced
				break
			}
			n, left := advanced.successor(Carry{Due: due, Planned: rapid.Int64Range(0, 1000).Draw(t, "next")})
			planned += n.Planned
			current = n.task(0)
			current.State, current.Carried = Accepted, left
		}
		if planned+over != done+current.Left() {
			t.Fatalf("planned %d and %d over, done %d and left %d", planned, over, done, current.Left())
		}
	})
}

func TestTally(t *testing.T) {
	onTime := Task{State: Assessed, Outcome: Done, Due: due, ReportedDay: due}
	late := Task{State: Assessed, Outcome: Done, Due: due, ReportedDay: due.AddDays(1)}
	open := Task{State: InProgress, Due: due}
	if sum := sumUp([]Task{onTime, late, open, onTime}); sum.Due != 4 || sum.OnTime != 2 {
		t.Errorf("%d of %d, want 2 of 4", sum.OnTime, sum.Due)
	}
	if sum := sumUp(nil); sum.Due != 0 || sum.OnTime != 0 {
		t.Errorf("%d of %d, want nothing of nothing", sum.OnTime, sum.Due)
	}
}
