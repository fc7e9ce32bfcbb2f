package overview

import (
	"fmt"
	"slices"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

var today = clock.NewDate(2026, 11, 21)

func TestTheNearestDayComesFirst(t *testing.T) {
	items := []Item{
		{Kind: Notices},
		{Kind: TasksLate, Due: today.AddDays(-9)},
		{Kind: MeetingPrepare, Own: true, Due: today.AddDays(12)},
		{Kind: TaskJudge, Own: true},
		{Kind: TaskDo, Own: true, Due: today.AddDays(-2)},
		{Kind: NoTask},
		{Kind: TaskNew, Own: true, Due: today},
	}
	next, rest := lay(items, today)
	if next == nil || next.Kind != TaskDo {
		t.Fatalf("first to do is %+v, want the task that is two days late", next)
	}
	var kinds []Kind
	for _, i := range rest {
		kinds = append(kinds, i.Kind)
	}
	want := []Kind{TasksLate, TaskJudge, TaskNew, MeetingPrepare, NoTask, Notices}
	if !slices.Equal(kinds, want) {
		t.Errorf("the list is %v, want %v", kinds, want)
	}
}

func TestWhatIsOnlyWatchedIsNeverTheFirstThingToDo(t *testing.T) {
	next, rest := lay([]Item{{Kind: TasksLate, Due: today.AddDays(-9)}, {Kind: Notices}}, today)
	if next != nil || len(rest) != 2 {
		t.Errorf("next %+v, rest %d items", next, len(rest))
	}
	if next, rest = lay(nil, today); next != nil || len(rest) != 0 {
		t.Errorf("of nothing came %+v and %v", next, rest)
	}
}

func TestUrgency(t *testing.T) {
	for due, want := range map[clock.Date]Urgency{
		{}: None, today.AddDays(-1): Late, today: Soon, today.AddDays(3): Soon, today.AddDays(4): Later,
	} {
		if got := (Item{Due: due}).Urgency(today); got != want {
			t.Errorf("due %v: %s, want %s", due, got, want)
		}
	}
}

func TestALongListIsFolded(t *testing.T) {
	more := func(left []Item) Item { return Item{Kind: TasksMore, Title: say("n", len(left))} }
	items := func(n int) []Item { return make([]Item, n) }
	for n, want := range map[int]int{0: 0, 3: 3, 4: 4, 5: 4, 9: 4} {
		got := fold(items(n), 3, more)
		if len(got) != want {
			t.Errorf("%d items become %d, want %d", n, len(got), want)
		}
		if n > 4 && got[3].Title.Args[0] != n-3 {
			t.Errorf("%d items: the last line counts %v", n, got[3].Title.Args)
		}
	}
}

func TestThePreparationShowsItsNextStep(t *testing.T) {
	m := meeting.Meeting{Starts: clock.NewDate(2026, 12, 3).At(19, 0)}
	done := meeting.Step{Title: "phân công", DoneAt: m.Starts}
	open := meeting.Step{Title: "họp chi ủy", Person: 7, Due: today.AddDays(9)}
	later := meeting.Step{Title: "đăng tài liệu", Person: 7, Due: today.AddDays(11)}
	for _, c := range []struct {
		name   string
		steps  []meeting.Step
		person access.PersonID
		heads  bool
		own    []bool
	}{
		{"the secretary leads the preparation", []meeting.Step{done, open, later}, 1, true, []bool{true}},
		{"whoever has the next step does it, and sees the others of their own", []meeting.Step{done, open, later}, 7, false, []bool{true, true}},
		{"another committee member watches", []meeting.Step{done, open, later}, 8, false, []bool{false}},
		{"all prepared: nothing to do", []meeting.Step{done}, 1, true, []bool{false}},
	} {
		var own []bool
		for _, i := range preparing(m, c.steps, c.person, c.heads) {
			own = append(own, i.Own)
		}
		if !slices.Equal(own, c.own) {
			t.Errorf("%s: own %v, want %v", c.name, own, c.own)
		}
	}
}

func TestWhatAMeetingOwes(t *testing.T) {
	at := today.At(9, 0)
	closed := meeting.Meeting{Kind: meeting.Regular, ClosedAt: at}
	minuted, published, scored, reported := closed, closed, closed, closed
	minuted.MinutedAt = at
	published = minuted
	published.PublishedAt = at
	scored = published
	scored.ScoredAt = at
	reported = scored
	reported.ReportedAt = at
	back := reported
	back.Answer = meeting.SentBack
	committee, thematic := minuted, published
	committee.Kind, thematic.Kind = meeting.Committee, meeting.Thematic
	for _, c := range []struct {
		m    meeting.Meeting
		want Kind
	}{
		{closed, MeetingMinute},
		{minuted, MeetingPublish},
		{published, MeetingScore},
		{scored, MeetingReport},
		{reported, ""},
		{back, MeetingRedo},
		{committee, ""},
		{thematic, MeetingReport},
	} {
		if got, owes := owing(c.m); got != c.want || owes != (c.want != "") {
			t.Errorf("%s, %v: owes %q, want %q", c.m.Kind, c.m, got, c.want)
		}
	}
}

func TestStanding(t *testing.T) {
	november := meeting.Month("2026-11")
	r := rhythm{clock.NewDate(2026, 11, 3), rulepack.MeetingKind{Day: 3, FirstDay: 1, LastDay: 7}}
	old := orgtree.Unit{Founded: clock.NewDate(2025, 7, 1)}
	young := orgtree.Unit{Founded: clock.NewDate(2026, 12, 1)}
	on := func(day int) clock.Date { return clock.NewDate(2026, 11, day) }
	for _, c := range []struct {
		name  string
		cell  orgtree.Unit
		m     held
		found bool
		today clock.Date
		want  Standing
	}{
		{"held on the day", old, held{day: on(3), met: true}, true, on(21), Held},
		{"held in the first week", old, held{day: on(7), met: true}, true, on(21), Held},
		{"held in the second week", old, held{day: on(8), met: true}, true, on(21), Delayed},
		{"held in the next month", old, held{day: clock.NewDate(2026, 12, 2), met: true}, true, clock.NewDate(2026, 12, 5), Delayed},
		{"planned", old, held{day: on(3)}, true, on(1), Planned},
		{"on its very day", old, held{day: on(3)}, true, on(3), Planned},
		{"in session over midnight", old, held{day: on(3), running: true}, true, on(4), Planned},
		{"its day has passed", old, held{day: on(3)}, true, on(4), Overdue},
		{"not planned in the first week", old, held{}, false, on(7), Ahead},
		{"not planned after the first week", old, held{}, false, on(8), Missed},
		{"not founded yet", young, held{}, false, on(21), Before},
	} {
		if got := standing(c.cell, november, c.m, c.found, r, c.today); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// entries are months: "h" held, "d" held late, "m" missed, "a" ahead, "s" held with the same
// agenda, "u" held without a resolution.
func entries(months string) []Entry {
	var list []Entry
	for _, letter := range months {
		e := Entry{Standing: map[rune]Standing{'h': Held, 'd': Delayed, 'm': Missed, 'a': Ahead, 's': Held, 'u': Held}[letter], Same: letter == 's', Unresolved: letter == 'u'}
		list = append(list, e)
	}
	return list
}

func claimed(points, evidence int) Entry {
	return Entry{Standing: Held, Scored: true, Score: score.Figure{Totals: score.Totals{Claimed: points, Evidence: evidence}}}
}

func TestConcerns(t *testing.T) {
	since := clock.NewDate(2026, 8, 14)
	for _, c := range []struct {
		name string
		row  Row
		want []string
	}{
		{"all well", Row{Months: entries("hhhhhh")}, nil},
		{"one month missed", Row{Months: entries("hhhhhm")}, nil},
		{"two months missed", Row{Months: entries("hhhhmm")}, []string{"silent 2"}},
		{"two months missed, this one still to come", Row{Months: entries("hhhmma")}, []string{"silent 2"}},
		{"missed, but held since", Row{Months: entries("hmmmmh")}, nil},
		{"the same twice", Row{Months: entries("hhhhhs")}, nil},
		{"the same three times", Row{Months: entries("hhhhss")}, []string{"same 3"}},
		{"no secretary", Row{Months: entries("h"), Headless: since}, []string{"headless 2026-08-14"}},
		{"claims nine more", Row{Months: []Entry{claimed(90, 81)}}, nil},
		{"claims ten more", Row{Months: []Entry{claimed(91, 81)}}, []string{"claimed 91 81"}},
		{"four tasks late", Row{Months: entries("h"), Overdue: 4}, nil},
		{"late two months", Row{Months: entries("hhhhdd")}, nil},
		{"late three months", Row{Months: entries("hhhddd")}, []string{"late 3"}},
		{"five tasks late", Row{Months: entries("h"), Overdue: 5}, []string{"overdue 5"}},
		{"nothing resolved in one month", Row{Months: entries("hhhhhu")}, nil},
		{"nothing resolved in two months", Row{Months: entries("hhhhuu")}, []string{"unresolved 2"}},
		{"nothing resolved in two months and the running one", Row{Months: append(entries("hhhuu"), Entry{Standing: Held, Open: true, Unresolved: true})}, []string{"unresolved 2"}},
		{"nothing resolved in the running month", Row{Months: append(entries("hhhhu"), Entry{Standing: Held, Open: true, Unresolved: true})}, nil},
		{"half came", Row{Months: []Entry{{Standing: Held, Roll: Roll{Entitled: 10, Present: 5}}}}, []string{"few 5 10"}},
		{"more than half came", Row{Months: []Entry{{Standing: Held, Roll: Roll{Entitled: 10, Present: 6}}}}, nil},
		{"several", Row{Months: entries("mm"), Headless: since}, []string{"silent 2", "headless 2026-08-14"}},
	} {
		if got := brief(concernOf(c.row.Cell, c.row.signs()).Reasons); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func brief(reasons []errs.Message) []string {
	var list []string
	for _, m := range reasons {
		text := m.Key[len("overview.concern."):]
		for _, arg := range m.Args {
			text += fmt.Sprintf(" %v", arg)
		}
		list = append(list, text)
	}
	return list
}

func TestTheHeaviestConcernComesFirst(t *testing.T) {
	rows := []Row{
		{Cell: orgtree.Unit{Name: "việc chậm"}, Months: entries("hh"), Overdue: 9},
		{Cell: orgtree.Unit{Name: "yên"}, Months: entries("hh")},
		{Cell: orgtree.Unit{Name: "không họp"}, Months: entries("mm")},
	}
	got := concerns(rows)
	if len(got) != 2 || got[0].Cell.Name != "không họp" || got[1].Cell.Name != "việc chậm" {
		t.Errorf("concerns %+v", got)
	}
}

func TestSummary(t *testing.T) {
	r := rhythm{day: clock.NewDate(2026, 11, 3)}
	onDay := claimed(91, 70)
	onDay.OnDay, onDay.Roll, onDay.Waiting = true, Roll{Entitled: 30, Present: 27, Speakers: 9}, true
	onDay.Tasks = Tasks{TasksDue: 4, TasksOnTime: 3}
	rows := []Row{
		{Months: []Entry{claimed(90, 90), onDay}},
		{Months: []Entry{claimed(80, 80), claimed(80, 80)}},
		{Months: entries("hm")},
		{Months: []Entry{{Standing: Before}, {Standing: Before}}},
	}
	got := summarise(rows, r)
	want := Summary{
		Month: "2026-11", Day: 3, Cells: 3, Held: 2, OnDay: 1, Silent: 1, Scored: 2, Average: 855, Compared: true, Change: 5, Claimed: 1, Waiting: 1,
		Roll: Roll{30, 27, 9}, Tasks: Tasks{4, 3},
	}
	if got != want {
		t.Errorf("summary\n%+v, want\n%+v", got, want)
	}
	if got := summarise([]Row{{Months: entries("m")}}, r); got.Scored != 0 || got.Compared || got.Average != 0 {
		t.Errorf("without scores there is no average: %+v", got)
	}
}

func TestNamesAreOrderedAsPeopleCount(t *testing.T) {
	want := []string{"cong an", "to 1", "to 2", "to 2 a", "to 10", "to 10 b", "truong"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, compareNames)
	if !slices.Equal(got, want) {
		t.Errorf("ordered %q, want %q", got, want)
	}
}

func TestWhatWaitsForItsJudgementIsNotCounted(t *testing.T) {
	due := func(state task.State, outcome task.Outcome, reported clock.Date) task.Task {
		return task.Task{State: state, Outcome: outcome, Due: today, ReportedDay: reported}
	}
	got := judged([]task.Task{
		due(task.Assessed, task.Done, today),
		due(task.Assessed, task.Partly, today),
		due(task.Reported, "", today),
		due(task.Reported, "", today.AddDays(1)),
		due(task.InProgress, "", clock.Date{}),
	})
	if want := (Tasks{TasksDue: 4, TasksOnTime: 1}); got != want {
		t.Errorf("judged %+v, want %+v", got, want)
	}
}

func TestSameSaysWhatTheRuleOfMeetingsSays(t *testing.T) {
	texts := []string{"", "Nước sạch", "nuoc sach!", "Nước sạch nông thôn", "Đường 12", "đường 21"}
	var agendas [][]meeting.Item
	for _, a := range texts {
		for _, b := range texts {
			agendas = append(agendas, []meeting.Item{{Slot: "report", Title: "Báo cáo", Note: a}, {Title: b}})
		}
	}
	for _, agenda := range agendas {
		for _, before := range agendas {
			if got, want := same(agenda, before), meeting.Compare(agenda, before).Identical(); got != want {
				t.Errorf("%+v after %+v: same %v, want %v", agenda, before, got, want)
			}
		}
	}
}
