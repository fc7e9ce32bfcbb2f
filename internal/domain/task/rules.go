package task

import (
	"slices"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Verb is what people do with a task, as its steps and their labels name it.
type Verb string

// journal is the verb as the journal names it: task.HandOver for hand_over.
func (v Verb) journal() string {
	name := "task."
	for _, word := range strings.Split(string(v), "_") {
		name += strings.ToUpper(word[:1]) + word[1:]
	}
	return name
}

const (
	verbPropose  Verb = "propose"
	verbAssign   Verb = "assign"
	verbAccept   Verb = "accept"
	verbProgress Verb = "progress"
	verbReport   Verb = "report"
	verbAssess   Verb = "assess"
	verbSendBack Verb = "send_back"
	verbHandOver Verb = "hand_over"
	verbDecline  Verb = "decline"
	verbExtend   Verb = "extend"
	verbAdjust   Verb = "adjust"
	verbExplain  Verb = "explain"
	verbWithdraw Verb = "withdraw"
	verbRemove   Verb = "remove"
)

// move is from where to where a verb takes a task; no To leaves it where it is.
type move struct {
	from []State
	to   State
}

// moves is the way of a task (rules 12.1). A report without an acceptance
// before it is one: in many cells the secretary writes down afterwards what was
// said in the meeting. A task that is being handed over waits for the answer of
// the one it was offered to.
var moves = map[Verb]move{
	verbAssign:   {[]State{Proposed}, Assigned},
	verbAccept:   {[]State{Assigned, Adjusted, HandedOver}, Accepted},
	verbProgress: {[]State{Assigned, Adjusted, Accepted, InProgress}, InProgress},
	verbReport:   {[]State{Assigned, Adjusted, Accepted, InProgress}, Reported},
	verbAssess:   {[]State{Assigned, Adjusted, Accepted, InProgress, HandedOver, Reported}, Assessed},
	verbSendBack: {[]State{Reported}, InProgress},
	verbHandOver: {[]State{Assigned, Adjusted, Accepted, InProgress}, HandedOver},
	verbDecline:  {[]State{HandedOver}, Accepted},
	verbExtend:   {[]State{Assigned, Adjusted, Accepted, InProgress, HandedOver}, ""},
	verbAdjust:   {[]State{Assigned, Adjusted, Accepted, InProgress}, Adjusted},
	verbExplain:  {[]State{Assigned, Adjusted, Accepted, InProgress, HandedOver, Reported, Assessed}, ""},
	verbWithdraw: {[]State{Assigned, Adjusted, Accepted, InProgress, HandedOver, Reported}, Withdrawn},
}

// May reports whether the task's state allows the verb, whoever asks.
func (t Task) May(verb Verb) bool { return slices.Contains(moves[verb].from, t.State) }

// moved is the task after the verb; a state that forbids it is errs.Conflict.
func (t Task) moved(verb Verb) (Task, error) {
	if !t.May(verb) {
		return Task{}, errs.New(errs.Conflict, "task.error.not_now")
	}
	if to := moves[verb].to; to != "" {
		t.State = to
	}
	return t, nil
}

const (
	lineMost     = 200
	nameMost     = 100
	blockMost    = 20_000
	measureMost  = 30
	quantityMost = 1_000_000_000
	// yearsMost is how far ahead a due day may lie: two terms of a cell.
	yearsMost = 10
)

// New is what is said of a task when it is given.
type New struct {
	Title    string
	Detail   string
	Area     Area
	Assignee Assignee
	Due      clock.Date
	Measure  string
	Planned  int64
	// Meeting is where it is given; zero for none.
	Meeting meeting.ID
}

func (n New) cleaned() New {
	n.Title, n.Detail, n.Measure = text.Line(n.Title), text.Block(n.Detail), text.Line(n.Measure)
	n.Assignee.Body = text.Line(n.Assignee.Body)
	return n
}

// check finds what is wrong with what was said. A line of a draft may leave
// open who, until when and in which area; given is the day on which the task is
// given, before which it cannot be due.
func (n New) check(draft bool, given clock.Date) error {
	var wrong errs.Fields
	line(&wrong, "title", n.Title, lineMost)
	wrong.Check(n.Title != "", "title", "errs.required")
	line(&wrong, "detail", n.Detail, blockMost)
	line(&wrong, "assignee", n.Assignee.Body, nameMost)
	wrong.Check(n.Assignee.kinds() <= 1, "assignee", "task.error.one_assignee")
	wrong.Check(n.Area == "" || slices.Contains(Areas, n.Area), "area", "errs.choice")
	checkDue(&wrong, n.Due, given)
	checkPlan(&wrong, n.Measure, n.Planned)
	if !draft {
		for field, key := range n.missing() {
			wrong.Add(field, key)
		}
	}
	return wrong.Err()
}

// missing is what every adopted task must have (S-163, rules 22.6), by field.
func (n New) missing() map[string]string {
	missing := map[string]string{}
	if n.Assignee.kinds() == 0 {
		missing["assignee"] = "task.error.no_assignee"
	}
	if n.Due.IsZero() {
		missing["due"] = "task.error.no_due"
	}
	if n.Area == "" {
		missing["area"] = "task.error.no_area"
	}
	return missing
}

func (a Assignee) kinds() int {
	n := 0
	for _, given := range []bool{a.Person != 0, a.Group != 0, a.Body != ""} {
		if given {
			n++
		}
	}
	return n
}

func checkDue(wrong *errs.Fields, due, given clock.Date) {
	if due.IsZero() {
		return
	}
	wrong.Check(!due.Before(given), "due", "task.error.due_before", given.Vietnamese())
	latest := given.AddMonths(12 * yearsMost)
	wrong.Check(!due.After(latest), "due", "errs.range", given.Vietnamese(), latest.Vietnamese())
}

func checkPlan(wrong *errs.Fields, measure string, planned int64) {
	line(wrong, "measure", measure, measureMost)
	wrong.Check(planned >= 0 && planned <= quantityMost, "planned", "errs.range", 0, quantityMost)
	wrong.Check(planned == 0 || measure != "", "measure", "task.error.no_measure")
}

func line(wrong *errs.Fields, name, value string, most int) {
	wrong.Check(text.Length(value) <= most, name, "errs.too_long", most)
}

// reason is a text that must be given.
func reason(name, value string) (string, error) {
	value = text.Block(value)
	var wrong errs.Fields
	wrong.Check(value != "", name, "task.error.no_reason")
	line(&wrong, name, value, blockMost)
	return value, wrong.Err()
}

// Update is how far a task has come. Done is the whole amount so far, for a
// task that counts something; Percent serves the others.
type Update struct {
	Text    string
	Percent int
	Done    int64
}

// advanced is the task with the update.
func (t Task) advanced(u Update) (Task, error) {
	var wrong errs.Fields
	line(&wrong, "text", u.Text, blockMost)
	wrong.Check(u.Percent >= 0 && u.Percent <= 100, "percent", "errs.range", 0, 100)
	wrong.Check(u.Done >= 0 && u.Done <= quantityMost, "done", "errs.range", 0, quantityMost)
	wrong.Check(u.Done == 0 || t.Counted(), "done", "task.error.not_counted")
	if err := wrong.Err(); err != nil {
		return Task{}, err
	}
	t.Done, t.Percent = u.Done, u.Percent
	if t.Counted() {
		t.Percent = int(min(100, 100*t.Done/t.Target()))
	}
	return t, nil
}

// Judgement is what the cell makes of a task: sent back for more work, or
// ended with an outcome.
type Judgement struct {
	SendBack bool
	Outcome  Outcome
	Note     string
}

// assessed is the task ended with the outcome. Done needs a report and the
// whole amount; everything else needs a reason.
func (t Task) assessed(j Judgement) (Task, error) {
	var wrong errs.Fields
	line(&wrong, "note", j.Note, blockMost)
	wrong.Check(j.Outcome == Done || j.Note != "", "note", "task.error.no_reason")
	switch j.Outcome {
	case Done:
		wrong.Check(t.State == Reported, "outcome", "task.error.not_reported")
		wrong.Check(t.Left() == 0, "outcome", "task.error.not_all_done", t.Done, t.Target())
	case Partly, NotDone:
	default:
		wrong.Add("outcome", "errs.choice")
	}
	if err := wrong.Err(); err != nil {
		return Task{}, err
	}
	t, err := t.moved(verbAssess)
	t.Outcome, t.Judgement, t.HandedTo = j.Outcome, j.Note, 0
	return t, err
}

// unfinished is the outcome of a task whose rest is carried on in another.
func (t Task) unfinished() Outcome {
	if t.Done > 0 || t.Percent > 0 {
		return Partly
	}
	return NotDone
}

// Carry is what is new about a task that carries on the rest of another. What
// is zero stays as it was.
type Carry struct {
	Due      clock.Date
	Planned  int64 // its own plan, beside what was left over (S-79)
	Title    string
	Area     Area
	Assignee Assignee
	Meeting  meeting.ID
}

// successor is the task that carries on the rest of t: planned 10, done 5, and
// the next 10 make 15, both parts visible.
func (t Task) successor(c Carry) (New, int64) {
	n := New{
		Title: t.Title, Detail: t.Detail, Area: t.Area, Assignee: t.Assignee,
		Due: c.Due, Measure: t.Measure, Planned: c.Planned, Meeting: c.Meeting,
	}
	if c.Title != "" {
		n.Title = c.Title
	}
	if c.Area != "" {
		n.Area = c.Area
	}
	if c.Assignee.kinds() > 0 {
		n.Assignee = c.Assignee
	}
	return n, t.Left()
}

// Tally is the share of due tasks that were done on time and accepted: line 7
// of the score sheet, in whole numbers (rules 22.4, 22.6).
type Tally struct {
	Due    int
	OnTime int
	Tasks  []Task
}

// sumUp counts tasks that were due.
func sumUp(due []Task) Tally {
	sum := Tally{Due: len(due), Tasks: due}
	for _, t := range due {
		if t.OnTime() {
			sum.OnTime++
		}
	}
	return sum
}

// responsible reports whether the person is the one who has the task.
func (t Task) responsible(person access.PersonID) bool {
	return person != 0 && t.Assignee.Person == person
}
