package task

import (
	"slices"
	"strconv"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Row is a task as lists show it.
type Row struct {
	Task
	// Who is the name of whoever has the task, Receiver of the person it was
	// offered to.
	Who      string
	Receiver string
	// Evidence counts the files of the task.
	Evidence    int
	OverdueDays int
	// Meetings counts those that have looked at the task.
	Meetings int
}

// Find is a task with everything that happened to it. Who reads the tasks of
// the unit may; a line of a draft is for those who write the resolution.
func Find(tx *db.Tx, by access.Actor, task ID) (Row, []Step, error) {
	t, _, err := load(tx, by, task, access.TaskRead)
	if err != nil {
		return Row{}, nil, err
	}
	rows, err := dress(tx, []Task{t})
	if err != nil {
		return Row{}, nil, err
	}
	history, err := steps(tx, task)
	return rows[0], history, err
}

// Chain is a task with those it carries on and those that carry it on, the
// oldest first. Who reads the tasks of the unit may.
func Chain(tx *db.Tx, by access.Actor, task ID) ([]Task, error) {
	t, _, err := load(tx, by, task, access.TaskRead)
	if err != nil {
		return nil, err
	}
	chain := []Task{t}
	for first := t; first.Predecessor != 0; {
		if first, err = find(tx, first.Predecessor); err != nil {
			return nil, err
		}
		chain = append([]Task{first}, chain...)
	}
	for {
		next, found, err := successorOf(tx, chain[len(chain)-1].ID)
		if err != nil || !found || next.State == Proposed {
			return chain, err
		}
		chain = append(chain, next)
	}
}

// Mine are the open tasks that the actor has, was offered, or leads the group
// of, the nearest due day first.
func Mine(tx *db.Tx, by access.Actor) ([]Row, error) {
	scope, err := by.Scope(tx, access.TaskRead)
	if err != nil || by.Person == 0 {
		return nil, err
	}
	own := "t.person_id = $1 OR t.handed_to_id = $1"
	args := []any{by.Person}
	groups, err := ledBy(tx, by)
	if err != nil {
		return nil, err
	}
	for _, group := range groups {
		args = append(args, group)
		own += " OR t.group_id = $" + strconv.Itoa(len(args))
	}
	where, within := scope.Where("t.unit_id", len(args)+1)
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM task t WHERE (`+own+`) AND `+openStates+` AND `+where+
		` ORDER BY t.due, t.id`, append(args, within...)...)
	if err != nil {
		return nil, err
	}
	return dress(tx, list)
}

// ledBy are the groups that the actor leads.
func ledBy(tx *db.Tx, by access.Actor) ([]unit.GroupID, error) {
	var led []unit.GroupID
	for _, g := range by.Grants() {
		if g.Role != access.GroupLeader {
			continue
		}
		groups, err := unit.Groups(tx, by, g.Unit)
		if err != nil {
			return nil, err
		}
		for _, group := range groups {
			if group.Leader == by.Person && !slices.Contains(led, group.ID) {
				led = append(led, group.ID)
			}
		}
	}
	return led, nil
}

// Filter narrows a list of tasks; what is zero does not narrow it.
type Filter struct {
	States     []State
	Area       Area
	Person     access.PersonID
	Resolution ResolutionID
	From, To   clock.Date // of the due day, both included
	Open       bool
	Overdue    bool
	// Below adds the tasks of the units below, as far as the actor may read
	// them.
	Below bool
	// After continues a list behind its last row.
	After *Row
	// Limit is at most pageMost, which is also what 0 means.
	Limit int
}

const pageMost = 200

// OfUnit are the tasks of the unit, the nearest due day first. Who reads tasks
// there may.
func OfUnit(tx *db.Tx, by access.Actor, of orgtree.ID, f Filter) ([]Row, error) {
	at, err := access.Require(tx, by, access.TaskRead, of)
	if err != nil {
		return nil, err
	}
	q := query{where: "t.state <> 'proposed'"}
	if f.Open || f.Overdue {
		q.where = openStates
	}
	if err := q.within(tx, by, at, f.Below); err != nil {
		return nil, err
	}
	q.filter(f, clock.DateOf(tx.Now))
	limit := pageMost
	if f.Limit > 0 {
		limit = min(f.Limit, pageMost)
	}
	// The inner question is answered from an index alone, and only the page is
	// fetched.
	list, err := db.All(tx, scan, `SELECT `+columns+` FROM task t WHERE t.id IN (SELECT t.id FROM task t WHERE `+q.where+`
		ORDER BY `+q.breadth.ByText("t.due")+`, t.id LIMIT `+q.next(limit)+`) ORDER BY t.due, t.id`, q.args...)
	if err != nil {
		return nil, err
	}
	return dress(tx, list)
}

// query is a condition that grows.
type query struct {
	where   string
	args    []any
	breadth orgtree.Breadth // of the narrowest scope in which all of the list lies
}

func (q *query) next(arg any) string {
	q.args = append(q.args, arg)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *query) and(condition string, arg any) { q.where += " AND " + condition + q.next(arg) }

// fewUnits is of how many units all tasks are looked at to find those due first
// (see orgtree.Scope.BreadthOf): a cell has one or two that are open.
const fewUnits = 10_000

// within keeps to the unit, or to its branch as far as the actor may read.
func (q *query) within(tx *db.Tx, by access.Actor, at orgtree.Unit, below bool) error {
	if !below {
		q.and("t.unit_id = ", at.ID)
		return nil
	}
	scope, err := by.Scope(tx, access.TaskRead)
	if err != nil {
		return err
	}
	where, args, breadth, err := scope.WhereBelow(tx, at, "t.unit_id", len(q.args)+1, fewUnits)
	q.where += " AND " + where
	q.args, q.breadth = append(q.args, args...), breadth
	return err
}

func (q *query) filter(f Filter, today clock.Date) {
	if f.Overdue {
		q.and("t.due < ", today)
		q.where += " AND (t.state <> 'reported' OR t.reported_day > t.due)"
	}
	if len(f.States) > 0 {
		var list []string
		for _, s := range f.States {
			list = append(list, q.next(s))
		}
		q.where += " AND t.state IN (" + strings.Join(list, ", ") + ")"
	}
	if f.Area != "" {
		q.and("t.area = ", f.Area)
	}
	if f.Person != 0 {
		q.and("t.person_id = ", f.Person)
	}
	if f.Resolution != 0 {
		q.and("t.resolution_id = ", f.Resolution)
	}
	if !f.From.IsZero() {
		q.and("t.due >= ", f.From)
	}
	if !f.To.IsZero() {
		q.and("t.due <= ", f.To)
	}
	if f.After != nil {
		q.where += " AND (t.due, t.id) > (" + q.next(f.After.Due) + ", " + q.next(f.After.ID) + ")"
	}
}

// LastTasks is the first table of a meeting: what was brought before it by
// CarryUnfinished, or what would be if it were opened now. Who reads the
// meeting and the tasks of its unit may.
func LastTasks(tx *db.Tx, by access.Actor, of meeting.ID) ([]Row, error) {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return nil, err
	}
	if _, err := access.RequireOn(tx, by, access.TaskRead, m.Unit, int64(m.ID)); err != nil {
		return nil, err
	}
	list, err := reviewed(tx, of)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		if list, err = before(tx, m); err != nil {
			return nil, err
		}
	}
	return dress(tx, list)
}

// WithoutTask are the members on the unit's roll who have no open task of their
// own (S-77). Exempt members have general duties only and are left out, as is
// who is away or suspended. Who reads tasks and members there may.
func WithoutTask(tx *db.Tx, by access.Actor, of orgtree.ID) ([]member.Rostered, error) {
	if _, err := access.Require(tx, by, access.TaskRead, of); err != nil {
		return nil, err
	}
	if _, err := access.Require(tx, by, access.MemberRead, of); err != nil {
		return nil, err
	}
	roster, err := member.Roster(tx, of, clock.DateOf(tx.Now))
	if err != nil {
		return nil, err
	}
	open, err := openOf(tx, of)
	if err != nil {
		return nil, err
	}
	busy := map[access.PersonID]bool{}
	for _, t := range open {
		busy[t.Assignee.Person] = true
	}
	return slices.DeleteFunc(roster, func(r member.Rostered) bool {
		return busy[r.ID] || r.Exempt || r.Away || r.Suspended
	}), nil
}

// Completion is how many tasks of the unit were due from one day to another,
// both included, and how many of them were done on time and accepted: line 7 of
// the score sheet. A task counts on the due day in force; a withdrawn one does
// not count. The caller has checked the right.
func Completion(tx *db.Tx, of orgtree.ID, from, to clock.Date) (Tally, error) {
	due, err := dueBetween(tx, of, from, to)
	return sumUp(due), err
}

// GivenAt counts the tasks that a meeting gave, without those withdrawn since.
// The caller has checked the right.
func GivenAt(tx *db.Tx, of meeting.ID) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM task WHERE meeting_id = $1 AND state NOT IN ('proposed', 'withdrawn')`, of)
}

// dress adds what lists show beside the task itself.
func dress(tx *db.Tx, list []Task) ([]Row, error) {
	people, groups, ids := mentioned(list)
	names, err := member.Names(tx, people)
	if err != nil {
		return nil, err
	}
	groupNames := map[unit.GroupID]string{}
	for _, group := range groups {
		g, err := unit.FindGroup(tx, group)
		if err != nil {
			return nil, err
		}
		groupNames[group] = g.Name
	}
	evidence, err := attachment.Counts(tx, Noun, ids)
	if err != nil {
		return nil, err
	}
	meetings, err := meetingsOf(tx, list)
	if err != nil {
		return nil, err
	}
	today := clock.DateOf(tx.Now)
	rows := make([]Row, len(list))
	for i, t := range list {
		rows[i] = Row{
			Task: t, Who: names[t.Assignee.Person] + groupNames[t.Assignee.Group] + t.Assignee.Body, Receiver: names[t.HandedTo],
			Evidence: evidence[int64(t.ID)], OverdueDays: t.Overdue(today), Meetings: meetings[t.ID],
		}
	}
	return rows, nil
}

func mentioned(list []Task) (people []access.PersonID, groups []unit.GroupID, ids []int64) {
	for _, t := range list {
		for _, person := range []access.PersonID{t.Assignee.Person, t.HandedTo} {
			if person != 0 && !slices.Contains(people, person) {
				people = append(people, person)
			}
		}
		if t.Assignee.Group != 0 && !slices.Contains(groups, t.Assignee.Group) {
			groups = append(groups, t.Assignee.Group)
		}
		ids = append(ids, int64(t.ID))
	}
	return people, groups, ids
}

// meetingsOf counts the meetings that have looked at each task.
func meetingsOf(tx *db.Tx, list []Task) (map[ID]int, error) {
	counts := map[ID]int{}
	if len(list) == 0 {
		return counts, nil
	}
	var q query
	var wanted []string
	for _, t := range list {
		wanted = append(wanted, q.next(t.ID))
	}
	err := db.Each(tx, db.Column[ID], func(task ID) error {
		counts[task]++
		return nil
	}, `SELECT task_id FROM task_review WHERE task_id IN (`+strings.Join(wanted, ", ")+`)`, q.args...)
	return counts, err
}
