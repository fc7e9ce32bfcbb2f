package overview

import (
	"slices"
	"strings"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Desk is what a person opens the day with.
type Desk struct {
	// Next is what to do first; nil when nothing waits.
	Next *Item
	// Items are the other things, the nearest day first.
	Items []Item
	// Figures are those of the running month; nil where there are none to show.
	Figures *Figures
}

// OnDesk is the actor's desk for the unit that they work for now. Everybody has
// one; what stands on it is what the actor's roles let them do, and nothing of
// units that they do not see.
func OnDesk(tx *db.Tx, by access.Actor, home orgtree.Unit) (Desk, error) {
	g := &gathering{tx: tx, by: by, home: home, today: clock.DateOf(tx.Now)}
	for _, gather := range []func() error{
		g.beginnings, g.ownTasks, g.cellTasks, g.membersWithoutTask, g.meetings, g.followed, g.reports, g.plans, g.silentCells, g.vacancies, g.slips, g.notices,
	} {
		if err := gather(); err != nil {
			return Desk{}, err
		}
	}
	var d Desk
	var err error
	d.Next, d.Items = lay(g.items, g.today)
	d.Figures, err = g.figures()
	return d, err
}

// gathering walks through what may wait for one person.
type gathering struct {
	tx    *db.Tx
	by    access.Actor
	home  orgtree.Unit
	today clock.Date
	items []Item
	above *monthBelow // see monthAbove
}

func (g *gathering) add(items ...Item) { g.items = append(g.items, items...) }

func (g *gathering) can(act access.Action) bool { return g.home.ID != 0 && g.by.Can(act, g.home) }

// listed is how many of one's own tasks a desk names before it counts them.
const listed = 3

func (g *gathering) ownTasks() error {
	mine, err := task.Mine(g.tx, g.by)
	if err != nil {
		return err
	}
	var items []Item
	for _, row := range mine {
		if item, waits := ownTask(row, g.by.Person); waits {
			items = append(items, item)
		}
	}
	g.add(fold(sorted(items, g.today), listed, func(left []Item) Item {
		return Item{Kind: TasksMore, Title: say("desk.item.tasks_more", len(left)), Due: left[0].Due, Link: "/tasks"}
	})...)
	return nil
}

// ownTask is what a task asks of the one who has it, or was offered it. A
// reported one waits for others.
func ownTask(row task.Row, person access.PersonID) (Item, bool) {
	i := Item{Title: say("desk.item.task", row.Title), Due: row.Due, Own: true, Link: "/tasks/" + row.ID.String()}
	switch {
	case row.State == task.HandedOver && row.HandedTo == person:
		i.Kind, i.Note = TaskOffered, say("desk.note.offered", row.Who)
	case row.State == task.Reported, row.State == task.HandedOver:
		return Item{}, false
	case row.State == task.Assigned:
		i.Kind, i.Note = TaskNew, say("desk.note.task_new")
	case row.State == task.Adjusted:
		i.Kind, i.Note = TaskNew, say("desk.note.task_adjusted")
	default:
		i.Kind, i.Note = TaskDo, doneSoFar(row)
	}
	return i, true
}

func doneSoFar(row task.Row) errs.Message {
	if row.Counted() {
		return say("desk.note.amount", row.Done, row.Target(), row.Measure)
	}
	return say("desk.note.percent", row.Percent)
}

// cellTasks is what those who judge or assign tasks look after.
func (g *gathering) cellTasks() error {
	if !g.can(access.TaskAssign) {
		return nil
	}
	open, err := task.OfUnit(g.tx, g.by, g.home.ID, task.Filter{Open: true})
	if err != nil {
		return err
	}
	if g.can(access.TaskAccept) {
		g.add(judging(open, g.by.Person)...)
	}
	g.add(lateTasks(open, g.by.Person)...)
	return nil
}

// judging are reported tasks of others, which wait for their judgement.
func judging(open []task.Row, person access.PersonID) []Item {
	reported := slices.DeleteFunc(slices.Clone(open), func(t task.Row) bool {
		return t.State != task.Reported || t.Assignee.Person == person
	})
	switch len(reported) {
	case 0:
		return nil
	case 1:
		t := reported[0]
		return []Item{{
			Kind: TaskJudge, Own: true, Title: say("desk.item.judge_one", t.Title),
			Note: say("desk.note.reported_by", t.Who, t.ReportedDay), Link: "/tasks/" + t.ID.String(),
		}}
	}
	first := slices.MinFunc(reported, func(a, b task.Row) int { return a.ReportedDay.Compare(b.ReportedDay) })
	return []Item{{
		Kind: TaskJudge, Own: true, Title: say("desk.item.judge", len(reported)),
		Note: say("desk.note.reported_since", first.ReportedDay), Link: "/tasks?view=cell&state=reported",
	}}
}

// lateTasks are the overdue tasks of others.
func lateTasks(open []task.Row, person access.PersonID) []Item {
	count, longest := 0, task.Row{}
	for _, t := range open {
		if t.State == task.Reported || t.OverdueDays == 0 || t.Assignee.Person == person {
			continue
		}
		count++
		if t.OverdueDays > longest.OverdueDays {
			longest = t
		}
	}
	if count == 0 {
		return nil
	}
	return []Item{{
		Kind: TasksLate, Title: say("desk.item.tasks_late", count), Note: say("desk.note.longest", longest.OverdueDays),
		Due: longest.Due, Link: "/tasks?view=cell&state=overdue",
	}}
}

func (g *gathering) membersWithoutTask() error {
	if !g.can(access.TaskAssign) || !g.home.IsCell() {
		return nil
	}
	idle, err := task.WithoutTask(g.tx, g.by, g.home.ID)
	if err != nil || len(idle) == 0 {
		return err
	}
	g.add(Item{Kind: NoTask, Title: say("desk.item.no_task", len(idle)), Note: say("desk.note.no_task"), Link: "/tasks?view=free"})
	return nil
}

func (g *gathering) notices() error {
	unread, err := notice.Unread(g.tx, g.by)
	if err != nil || unread == 0 {
		return err
	}
	g.add(Item{Kind: Notices, Title: say("desk.item.notices", unread), Link: "/notices"})
	return nil
}

// reports are what the office above has to answer.
func (g *gathering) reports() error {
	if !g.can(access.MeetingAcknowledge) {
		return nil
	}
	waiting, err := Reports(g.tx, g.by, g.home.ID)
	if err != nil || len(waiting) == 0 {
		return err
	}
	i := Item{
		Kind: ReportsWait, Own: true, Title: say("desk.item.reports", len(waiting)),
		Note: say("desk.note.reports", waiting[0].Cell, clock.DateOf(waiting[0].At)), Link: "/overview/reports",
	}
	if len(waiting) == 1 {
		i.Title, i.Link = say("desk.item.report_one", waiting[0].Cell), meetingLink(waiting[0].Meeting)+where[MeetingReport]
	}
	g.add(i)
	return nil
}

// silentCells are those that should have met this month and have not.
func (g *gathering) silentCells() error {
	if !g.can(access.OverviewRead) || g.home.IsCell() {
		return nil
	}
	month, err := g.monthAbove()
	if err != nil {
		return err
	}
	silent := month.silent
	switch {
	case month.Silent == 0:
	case len(silent) == 0:
		g.add(Item{Kind: CellsSilent, Title: say("desk.item.silent", month.Silent), Note: say("desk.note.silent"), Link: "/overview"})
	case len(silent) == 1:
		g.add(Item{Kind: CellsSilent, Title: say("desk.item.silent_one", silent[0]), Note: say("desk.note.silent"), Link: "/overview"})
	default:
		g.add(Item{Kind: CellsSilent, Title: say("desk.item.silent", len(silent)), Note: say("desk.note.silent_first", silent[0]), Link: "/overview"})
	}
	return nil
}

// vacancies are cells below without a secretary, for those who fill posts.
func (g *gathering) vacancies() error {
	if !g.can(access.PostManage) {
		return nil
	}
	wide, err := branchOf(g.home).Wide(g.tx)
	if err != nil {
		return err
	}
	if wide {
		return g.vacanciesKept()
	}
	list, err := headless(g.tx, branchOf(g.home))
	if err != nil {
		return err
	}
	var items []Item
	for _, v := range list {
		items = append(items, Item{
			Kind: Vacant, Title: say("desk.item.vacant", v.name), Note: say("desk.note.vacant", v.since), Link: "/units/" + v.unit.String(),
		})
	}
	g.add(fold(items, listed, func(left []Item) Item {
		return Item{Kind: Vacant, Title: say("desk.item.vacant_more", len(left)), Link: "/units"}
	})...)
	return nil
}

// vacanciesKept counts them from the watch list, which is at most a day old: too
// many cells lie below to look at each.
func (g *gathering) vacanciesKept() error {
	sum, err := watchSumOf(g.tx, g.home.ID)
	if n := sum.signs[Headless]; n > 0 {
		g.add(Item{Kind: Vacant, Title: say("desk.item.vacant_all", n), Note: say("desk.note.vacant_all"), Link: "/overview"})
	}
	return err
}

// plans are those of consolidation that the actor is to carry out.
func (g *gathering) plans() error {
	mine, err := consolidation.Mine(g.tx, g.by)
	if err != nil || len(mine) == 0 {
		return err
	}
	cells := make([]orgtree.ID, len(mine))
	for i, p := range mine {
		cells[i] = p.Unit
	}
	units, err := unitsOf(g.tx, cells)
	if err != nil {
		return err
	}
	var items []Item
	for _, p := range mine {
		if !g.by.Can(access.OverviewRead, units[p.Unit]) {
			continue
		}
		first, _, _ := strings.Cut(p.Measures, "\n")
		items = append(items, Item{
			Kind: Consolidate, Own: true, Title: say("desk.item.consolidate", units[p.Unit].Name), Note: say("desk.note.consolidate", first),
			Due: p.Due, Link: "/consolidation/" + p.ID.String(),
		})
	}
	g.add(fold(items, listed, func(left []Item) Item {
		return Item{Kind: Consolidate, Title: say("desk.item.consolidate_more", len(left)), Due: left[0].Due, Link: "/overview"}
	})...)
	return nil
}

// slips are invitations that were handed out and not used yet.
func (g *gathering) slips() error {
	if !g.can(access.Invite) {
		return nil
	}
	scope := branchOf(g.home)
	if g.home.IsCell() {
		scope = orgtree.Scope{}
		scope.AddUnit(g.home.ID)
	}
	out, err := slipsOut(g.tx, scope)
	if err != nil || out == 0 {
		return err
	}
	link := "/members"
	if !g.can(access.MemberRead) {
		link = "/slips?unit=" + g.home.ID.String()
	}
	g.add(Item{Kind: SlipsOut, Title: say("desk.item.slips", out), Note: say("desk.note.slips"), Link: link})
	return nil
}

func branchOf(u orgtree.Unit) orgtree.Scope {
	var s orgtree.Scope
	s.AddBranch(u.Path)
	return s
}

func meetingLink(m meeting.ID) string { return "/meetings/" + m.String() }
