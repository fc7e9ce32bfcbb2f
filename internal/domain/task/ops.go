package task

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// Noun is what the journal, attachments and links call a task.
const Noun = "task"

// load is the task if the actor may act on it; if not, Denied for what the
// actor can see, NotFound for the rest. A line of a draft is seen by those who
// write the resolution alone.
func load(tx *db.Tx, by access.Actor, task ID, act access.Action) (Task, orgtree.Unit, error) {
	t, err := find(tx, task)
	if err != nil {
		return Task{}, orgtree.Unit{}, err
	}
	at, err := access.RequireOn(tx, by, act, t.Unit, int64(t.Meeting))
	if err != nil {
		return Task{}, orgtree.Unit{}, err
	}
	if t.State == Proposed && !by.CanOn(access.ResolutionWrite, at, int64(t.Meeting)) {
		return Task{}, orgtree.Unit{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return t, at, nil
}

// change is load for a verb that changes the task as the actor saw it.
func change(tx *db.Tx, by access.Actor, task ID, version int64, act access.Action) (Task, orgtree.Unit, error) {
	t, at, err := load(tx, by, task, act)
	if err != nil {
		return Task{}, orgtree.Unit{}, err
	}
	return t, at, t.stale(version)
}

// work is change for whoever does the task: the responsible person, or the
// leader of the responsible group. Who assigns tasks may write for them, as for
// a member without a phone; the answer then names the member (S-162).
func work(tx *db.Tx, by access.Actor, task ID, version int64) (Task, access.PersonID, error) {
	t, at, err := change(tx, by, task, version, access.TaskRead)
	if err != nil {
		return Task{}, 0, err
	}
	behalf, err := behalf(tx, by, t, at, t.Assignee.Person)
	return t, behalf, err
}

// behalf is on whose behalf the actor writes: nobody's for the person or the
// group's leader.
func behalf(tx *db.Tx, by access.Actor, t Task, at orgtree.Unit, person access.PersonID) (access.PersonID, error) {
	if person != 0 && by.Person == person {
		return 0, nil
	}
	leads, err := leads(tx, by, t)
	if err != nil || leads {
		return 0, err
	}
	if by.CanOn(access.TaskAssign, at, int64(t.Meeting)) {
		return person, nil
	}
	return 0, by.Refuse(access.TaskAssign, at, int64(t.Meeting))
}

// Assign gives a task outside a resolution, as is done during the year
// (rules 12.1), and tells whoever has it. Who assigns tasks in the unit may.
func Assign(tx *db.Tx, by access.Actor, unit orgtree.ID, n New) (ID, error) {
	if _, err := access.Require(tx, by, access.TaskAssign, unit); err != nil {
		return 0, err
	}
	given, err := givenDay(tx, by, unit, n)
	if err != nil {
		return 0, err
	}
	n = n.cleaned()
	if err := n.check(false, given); err != nil {
		return 0, err
	}
	if err := checkAssignee(tx, unit, n.Assignee); err != nil {
		return 0, err
	}
	t := n.task(unit)
	t.give(by, given)
	if err := begin(tx, by, t); err != nil {
		return 0, err
	}
	return t.ID, prove(tx, n.Meeting, proofAssigned)
}

// Proofs are what tasks show of the steps of a meeting (rules 22.2, steps 11
// and 16), by the names of the pack "checklist".
const (
	proofJudged   = "tasks"
	proofAssigned = "tasks_assigned"
)

func prove(tx *db.Tx, of meeting.ID, proof string) error {
	if of == 0 {
		return nil
	}
	return meeting.Prove(tx, of, proof)
}

// task is the new task, not yet given.
func (n New) task(unit orgtree.ID) Task {
	return Task{
		ID: id.New[Task](), Unit: unit, Meeting: n.Meeting, Title: n.Title, Detail: n.Detail, Area: n.Area,
		Assignee: n.Assignee, State: Proposed, Due: n.Due, OriginalDue: n.Due,
		Amount: Amount{Measure: n.Measure, Planned: n.Planned}, Version: 1,
	}
}

// give makes the task somebody's from the day on.
func (t *Task) give(by access.Actor, day clock.Date) {
	t.State, t.AssignedDay, t.AssignedBy, t.OriginalDue = Assigned, day, by.Person, t.Due
}

// begin saves a task that was given and tells whoever has it.
func begin(tx *db.Tx, by access.Actor, t Task) error {
	if err := save(tx, by, written{verb: verbAssign, after: t}); err != nil {
		return err
	}
	return tell(tx, by, t, "task.notice.assigned")
}

// answer is on whose behalf the actor answers the offer of a task: nobody's for
// the person it was offered to, that person's for who assigns tasks.
func answer(by access.Actor, t Task, at orgtree.Unit) (access.PersonID, error) {
	switch {
	case by.Person != 0 && by.Person == t.HandedTo:
		return 0, nil
	case by.CanOn(access.TaskAssign, at, int64(t.Meeting)):
		return t.HandedTo, nil
	}
	return 0, by.Refuse(access.TaskAssign, at, int64(t.Meeting))
}

// Accept takes the task on. Whoever has it may, or for one that is handed over
// the person it was offered to, who has it from then on; who assigns tasks may
// on their behalf.
func Accept(tx *db.Tx, by access.Actor, task ID, version int64) error {
	t, at, err := change(tx, by, task, version, access.TaskRead)
	if err != nil {
		return err
	}
	if t.State == HandedOver {
		return takeOver(tx, by, t, at)
	}
	behalf, err := behalf(tx, by, t, at, t.Assignee.Person)
	if err != nil {
		return err
	}
	after, err := t.moved(verbAccept)
	if err != nil {
		return err
	}
	return save(tx, by, written{verb: verbAccept, before: t, after: after, behalf: behalf})
}

// takeOver accepts a task that was offered, and tells whoever had it.
func takeOver(tx *db.Tx, by access.Actor, t Task, at orgtree.Unit) error {
	behalf, err := answer(by, t, at)
	if err != nil {
		return err
	}
	after, err := t.moved(verbAccept)
	if err != nil {
		return err
	}
	after.Assignee, after.HandedTo = Assignee{Person: t.HandedTo}, 0
	if err := save(tx, by, written{verb: verbAccept, before: t, after: after, behalf: behalf}); err != nil {
		return err
	}
	return tell(tx, by, t, "task.notice.taken_over")
}

// Decline gives a task that was offered back to the one who offered it, with a
// reason. The person it was offered to may, or who assigns tasks.
func Decline(tx *db.Tx, by access.Actor, task ID, version int64, why string) error {
	t, at, err := change(tx, by, task, version, access.TaskRead)
	if err != nil {
		return err
	}
	behalf, err := answer(by, t, at)
	if err != nil {
		return err
	}
	after, err := t.moved(verbDecline)
	if err != nil {
		return err
	}
	why, err = reason("reason", why)
	if err != nil {
		return err
	}
	after.HandedTo = 0
	if err := save(tx, by, written{verb: verbDecline, before: t, after: after, behalf: behalf, note: why}); err != nil {
		return err
	}
	return tell(tx, by, after, "task.notice.declined")
}

// Progress notes how far the task has come. Whoever has it may, or who assigns
// tasks on their behalf.
func Progress(tx *db.Tx, by access.Actor, task ID, version int64, u Update) error {
	t, behalf, err := work(tx, by, task, version)
	if err != nil {
		return err
	}
	after, err := t.moved(verbProgress)
	if err != nil {
		return err
	}
	u.Text = text.Block(u.Text)
	if after, err = after.advanced(u); err != nil {
		return err
	}
	return save(tx, by, written{verb: verbProgress, before: t, after: after, behalf: behalf, note: u.Text})
}

// Report is the report that the task is done.
type Report struct {
	Text string
	// Done is the whole amount, for a task that counts something.
	Done int64
	// Day is when it was reported, for what is entered later than it was said;
	// zero is today. Only who assigns tasks may name an earlier day.
	Day clock.Date
	// LateReason explains a report after the due day; it may follow later.
	LateReason string
}

// ReportDone says that the task is done and asks for its acceptance. Whoever
// has it may, or who assigns tasks on their behalf.
func ReportDone(tx *db.Tx, by access.Actor, task ID, version int64, r Report) error {
	t, behalf, err := work(tx, by, task, version)
	if err != nil {
		return err
	}
	after, err := t.moved(verbReport)
	if err != nil {
		return err
	}
	today := clock.DateOf(tx.Now)
	r.Text, r.LateReason = text.Block(r.Text), text.Block(r.LateReason)
	if r.Day.IsZero() {
		r.Day = today
	}
	if err := r.check(t, today, by.Console || behalf != 0 || t.Assignee.Person == 0); err != nil {
		return err
	}
	if after, err = after.advanced(Update{Text: r.Text, Percent: 100, Done: r.Done}); err != nil {
		return err
	}
	after.Result, after.ReportedDay, after.ReportedBy = r.Text, r.Day, by.Person
	if r.LateReason != "" {
		after.LateReason = r.LateReason
	}
	if err := save(tx, by, written{verb: verbReport, before: t, after: after, behalf: behalf, note: r.Text}); err != nil {
		return err
	}
	return send(tx, by, after, []access.PersonID{t.AssignedBy}, "task.notice.reported")
}

func (r Report) check(t Task, today clock.Date, mayBackdate bool) error {
	var wrong errs.Fields
	wrong.Check(r.Text != "", "text", "errs.required")
	line(&wrong, "text", r.Text, blockMost)
	line(&wrong, "late_reason", r.LateReason, blockMost)
	wrong.Check(!r.Day.Before(t.AssignedDay) && !r.Day.After(today), "day", "errs.range", t.AssignedDay.Vietnamese(), today.Vietnamese())
	wrong.Check(mayBackdate || r.Day == today, "day", "task.error.own_day")
	return wrong.Err()
}

// Assess accepts a reported result, sends it back with a reason, or ends the
// task as partly or not done with a reason. Who judges tasks may; nobody judges
// a task of their own while another person in the unit could: two pairs of eyes
// where there are two.
func Assess(tx *db.Tx, by access.Actor, task ID, version int64, j Judgement) error {
	t, at, err := change(tx, by, task, version, access.TaskAccept)
	if err != nil {
		return err
	}
	if err := refuseOwn(tx, by, t, at); err != nil {
		return err
	}
	j.Note = text.Block(j.Note)
	if err := judgedInSession(tx, t); err != nil {
		return err
	}
	if j.SendBack {
		return sendBack(tx, by, t, j.Note)
	}
	after, err := t.assessed(j)
	if err != nil {
		return err
	}
	after.EndedDay, after.EndedBy = clock.DateOf(tx.Now), by.Person
	if err := save(tx, by, written{verb: verbAssess, before: t, after: after, note: j.Note}); err != nil {
		return err
	}
	return tell(tx, by, after, "task.notice."+string(after.Outcome))
}

func sendBack(tx *db.Tx, by access.Actor, t Task, note string) error {
	after, err := t.moved(verbSendBack)
	if err != nil {
		return err
	}
	if note, err = reason("note", note); err != nil {
		return err
	}
	after.ReportedDay, after.ReportedBy = clock.Date{}, 0
	if err := save(tx, by, written{verb: verbSendBack, before: t, after: after, note: note}); err != nil {
		return err
	}
	return tell(tx, by, after, "task.notice.sent_back")
}

// HandOver offers the task to another person of the unit, with a reason; it
// stays with whoever has it until the other accepts. Whoever has it may, or who
// assigns tasks.
func HandOver(tx *db.Tx, by access.Actor, task ID, version int64, to access.PersonID, why string) error {
	t, behalf, err := work(tx, by, task, version)
	if err != nil {
		return err
	}
	after, err := t.moved(verbHandOver)
	if err != nil {
		return err
	}
	if to == 0 || t.responsible(to) {
		return errs.Field("to", "task.error.to_another")
	}
	if err := checkPerson(tx, t.Unit, to, "to"); err != nil {
		return err
	}
	if why, err = reason("reason", why); err != nil {
		return err
	}
	after.HandedTo = to
	if err := save(tx, by, written{verb: verbHandOver, before: t, after: after, behalf: behalf, note: why}); err != nil {
		return err
	}
	return send(tx, by, after, []access.PersonID{to}, "task.notice.handed_over")
}

// Extend moves the due day, with a reason; the day before stays visible. Who
// assigns tasks may. A task that is reported waits for its judgement instead.
func Extend(tx *db.Tx, by access.Actor, task ID, version int64, due clock.Date, why string) error {
	t, _, err := change(tx, by, task, version, access.TaskAssign)
	if err != nil {
		return err
	}
	after, err := t.moved(verbExtend)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	wrong.Check(!due.IsZero(), "due", "errs.required")
	wrong.Check(due.IsZero() || due.After(t.Due), "due", "task.error.not_later", t.Due.Vietnamese())
	checkDue(&wrong, due, t.AssignedDay)
	if err := wrong.Err(); err != nil {
		return err
	}
	if why, err = reason("reason", why); err != nil {
		return err
	}
	after.Due = due
	if err := save(tx, by, written{verb: verbExtend, before: t, after: after, note: why}); err != nil {
		return err
	}
	return tell(tx, by, after, "task.notice.extended")
}

// Adjustment is what changes about a task that was given.
type Adjustment struct {
	Title   string
	Detail  string
	Area    Area
	Measure string
	Planned int64
	Reason  string
}

// Adjust changes what is to be done, with a reason; whoever has the task
// accepts it again. Who assigns tasks may.
func Adjust(tx *db.Tx, by access.Actor, task ID, version int64, a Adjustment) error {
	t, _, err := change(tx, by, task, version, access.TaskAssign)
	if err != nil {
		return err
	}
	after, err := t.moved(verbAdjust)
	if err != nil {
		return err
	}
	n := New{Title: a.Title, Detail: a.Detail, Area: a.Area, Measure: a.Measure, Planned: a.Planned, Assignee: t.Assignee, Due: t.Due}.cleaned()
	if err := n.check(false, t.AssignedDay); err != nil {
		return err
	}
	why, err := reason("reason", a.Reason)
	if err != nil {
		return err
	}
	after.Title, after.Detail, after.Area, after.Measure, after.Planned = n.Title, n.Detail, n.Area, n.Measure, n.Planned
	if err := save(tx, by, written{verb: verbAdjust, before: t, after: after, note: why}); err != nil {
		return err
	}
	return tell(tx, by, after, "task.notice.adjusted")
}

// Explain notes why the task is late. Whoever has it may, or who assigns tasks
// on their behalf. A task that is not late is errs.Conflict.
func Explain(tx *db.Tx, by access.Actor, task ID, version int64, why string) error {
	t, behalf, err := work(tx, by, task, version)
	if err != nil {
		return err
	}
	after, err := t.moved(verbExplain)
	if err != nil {
		return err
	}
	if !t.Late(clock.DateOf(tx.Now)) {
		return errs.New(errs.Conflict, "task.error.not_late")
	}
	if why, err = reason("late_reason", why); err != nil {
		return err
	}
	after.LateReason = why
	return save(tx, by, written{verb: verbExplain, before: t, after: after, behalf: behalf, note: why})
}

// Withdraw takes the task back, with a reason: it counts neither as done nor as
// due. Who assigns tasks may.
func Withdraw(tx *db.Tx, by access.Actor, task ID, version int64, why string) error {
	t, _, err := change(tx, by, task, version, access.TaskAssign)
	if err != nil {
		return err
	}
	after, err := t.moved(verbWithdraw)
	if err != nil {
		return err
	}
	if why, err = reason("reason", why); err != nil {
		return err
	}
	after.HandedTo, after.EndedDay, after.EndedBy = 0, clock.DateOf(tx.Now), by.Person
	if err := save(tx, by, written{verb: verbWithdraw, before: t, after: after, note: why}); err != nil {
		return err
	}
	return tell(tx, by, after, "task.notice.withdrawn")
}

// tell sends a notice about the task to whoever has it.
func tell(tx *db.Tx, by access.Actor, t Task, key string) error {
	to, err := holders(tx, t)
	if err != nil {
		return err
	}
	return send(tx, by, t, to, key)
}

// send tells people about the task, but nobody about what they did themselves.
func send(tx *db.Tx, by access.Actor, t Task, to []access.PersonID, key string) error {
	var others []access.PersonID
	for _, person := range to {
		if person != 0 && person != by.Person {
			others = append(others, person)
		}
	}
	return notice.Send(tx, by, notice.Notice{
		To: others, Unit: t.Unit, Key: key, Link: "/tasks/" + t.ID.String(),
		Args: map[string]string{"title": t.Title, "due": t.Due.Vietnamese()},
	})
}
