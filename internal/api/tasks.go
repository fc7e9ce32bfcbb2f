package api

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/id"
)

// OfTask names the task in the address.
type OfTask struct {
	Task pathID[task.Task] `path:"task"`
}

// having is the right of whoever has a task, and of who assigns tasks on their
// behalf.
func having() right { return may(access.TaskAssign, "task").orOwn("whoever has the task") }

// taskOperations give tasks, do them and judge them.
func taskOperations() []operation {
	return []operation{
		read("GET /units/{unit}/tasks", "task.OfUnit", may(access.TaskRead, "unit"), listTasks),
		read("GET /me/tasks", "task.Mine", anyone(), func(c call, _ *struct{}) (list[TaskRow], error) {
			return each(newTaskRow)(task.Mine(c.tx, c.by))
		}),
		read("GET /meetings/{meeting}/tasks", "task.LastTasks", may(access.TaskRead, "meeting"), func(c call, in *OfMeeting) (list[TaskRow], error) {
			return each(newTaskRow)(task.LastTasks(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /units/{unit}/members/without-task", "task.WithoutTask", may(access.TaskRead, "unit").and("and reads its members"), func(c call, in *OfUnit) (list[Rostered], error) {
			return each(newRostered)(task.WithoutTask(c.tx, c.by, in.Unit.ID))
		}),
		read("GET /tasks/{task}", "task.Find", may(access.TaskRead, "task"), findTask),
		read("GET /tasks/{task}/choices", "task.May", may(access.TaskRead, "task"), func(c call, in *OfTask) (Choices, error) {
			return as(func(m task.Choices) Choices { return Choices(m) })(task.May(c.tx, c.by, in.Task.ID))
		}),
		read("GET /tasks/{task}/chain", "task.Chain", may(access.TaskRead, "task"), func(c call, in *OfTask) (list[Task], error) {
			return each(newTask)(task.Chain(c.tx, c.by, in.Task.ID))
		}),
		create("POST /units/{unit}/tasks", "task.Assign", may(access.TaskAssign, "unit"), func(c call, in *struct {
			OfUnit
			Body NewTask
		},
		) (Made, error) {
			return as(made[task.Task])(task.Assign(c.tx, c.by, in.Unit.ID, in.Body.given()))
		}),
		change("POST /tasks/{task}/accept", "task.Accept", having(), func(c call, in *OfTask) (nothing, error) {
			return done(task.Accept(c.tx, c.by, in.Task.ID, c.version))
		}),
		change("POST /tasks/{task}/decline", "task.Decline", may(access.TaskAssign, "task").orOwn("the person it was offered to"), func(c call, in *struct {
			OfTask
			Body Reason
		},
		) (nothing, error) {
			return done(task.Decline(c.tx, c.by, in.Task.ID, c.version, in.Body.Reason))
		}),
		change("POST /tasks/{task}/progress", "task.Progress", having(), func(c call, in *struct {
			OfTask
			Body Progress
		},
		) (nothing, error) {
			return done(task.Progress(c.tx, c.by, in.Task.ID, c.version, task.Update(in.Body)))
		}),
		change("POST /tasks/{task}/report", "task.ReportDone", having(), func(c call, in *struct {
			OfTask
			Body TaskReport
		},
		) (nothing, error) {
			return done(task.ReportDone(c.tx, c.by, in.Task.ID, c.version, task.Report(in.Body)))
		}),
		change("POST /tasks/{task}/assess", "task.Assess", may(access.TaskAccept, "task"), func(c call, in *struct {
			OfTask
			Body Judgement
		},
		) (nothing, error) {
			return done(task.Assess(c.tx, c.by, in.Task.ID, c.version, task.Judgement(in.Body)))
		}),
		change("POST /tasks/{task}/hand-over", "task.HandOver", having(), func(c call, in *struct {
			OfTask
			Body HandOver
		},
		) (nothing, error) {
			return done(task.HandOver(c.tx, c.by, in.Task.ID, c.version, in.Body.To, in.Body.Reason))
		}),
		change("POST /tasks/{task}/extend", "task.Extend", may(access.TaskAssign, "task"), func(c call, in *struct {
			OfTask
			Body Extension
		},
		) (nothing, error) {
			return done(task.Extend(c.tx, c.by, in.Task.ID, c.version, in.Body.Due, in.Body.Reason))
		}),
		change("POST /tasks/{task}/adjust", "task.Adjust", may(access.TaskAssign, "task"), func(c call, in *struct {
			OfTask
			Body Adjustment
		},
		) (nothing, error) {
			return done(task.Adjust(c.tx, c.by, in.Task.ID, c.version, task.Adjustment(in.Body)))
		}),
		change("POST /tasks/{task}/explain", "task.Explain", having(), func(c call, in *struct {
			OfTask
			Body Reason
		},
		) (nothing, error) {
			return done(task.Explain(c.tx, c.by, in.Task.ID, c.version, in.Body.Reason))
		}),
		change("POST /tasks/{task}/withdraw", "task.Withdraw", may(access.TaskAssign, "task"), func(c call, in *struct {
			OfTask
			Body Reason
		},
		) (nothing, error) {
			return done(task.Withdraw(c.tx, c.by, in.Task.ID, c.version, in.Body.Reason))
		}),
		change("POST /tasks/{task}/carry-over", "task.CarryOver", may(access.TaskAssign, "task").and("and judges it, if nobody has"), func(c call, in *struct {
			OfTask
			Body Carry
		},
		) (Made, error) {
			return as(made[task.Task])(task.CarryOver(c.tx, c.by, in.Task.ID, c.version, in.Body.given()))
		}),
		write("POST /meetings/{meeting}/tasks/carry-unfinished", "task.CarryUnfinished", may(access.MeetingRun, "meeting").or(access.ResolutionWrite), func(c call, in *OfMeeting) (nothing, error) {
			return done(task.CarryUnfinished(c.tx, c.by, in.Meeting.ID))
		}),

		read("GET /tasks/{task}/files", "task.Evidence", may(access.TaskRead, "task"), func(c call, in *OfTask) (list[Attachment], error) {
			return each(newAttachment)(task.Evidence(c.tx, c.by, in.Task.ID))
		}),
		upload("POST /tasks/{task}/files", "task.Attach", having(), func(c call, in *struct {
			OfTask
			Named
		}, f blob.File,
		) (Attachment, error) {
			return as(newAttachment)(task.Attach(c.tx, c.by, in.Task.ID, task.File(f)))
		}),
		download("GET /evidence/{file}", "task.FindEvidence", may(access.TaskRead, "file"), func(c call, in *OfFile) (attachment.Attachment, error) {
			return task.FindEvidence(c.tx, c.by, in.File.ID)
		}),
		write("DELETE /evidence/{file}", "task.Detach", may(access.TaskAssign, "file").orOwn("whoever has the task"), func(c call, in *OfFile) (nothing, error) {
			return done(task.Detach(c.tx, c.by, in.File.ID))
		}),
	}
}

// TaskFilter narrows a list of tasks.
type TaskFilter struct {
	State   []string               `query:"state"`
	Area    string                 `query:"area"`
	Person  queryID[access.Person] `query:"person"`
	From    clock.Date             `query:"from" doc:"The first due day."`
	To      clock.Date             `query:"to" doc:"The last due day."`
	Open    bool                   `query:"open"`
	Overdue bool                   `query:"overdue"`
	Below   bool                   `query:"below" doc:"Adds the tasks of the units below."`
}

// taskPlace is where a list of tasks goes on.
type taskPlace struct {
	ID  task.ID
	Due clock.Date
}

func listTasks(c call, in *struct {
	OfUnit
	Paging
	TaskFilter
},
) (list[TaskRow], error) {
	f := task.Filter{
		States: all(func(s string) task.State { return task.State(s) }, in.State), Area: task.Area(in.Area), Person: in.Person.ID,
		From: in.From, To: in.To, Open: in.Open, Overdue: in.Overdue, Below: in.Below, Limit: in.more(),
	}
	last, err := cursor[taskPlace](in.After)
	if err != nil {
		return list[TaskRow]{}, err
	}
	if last.ID != 0 {
		f.After = &task.Row{Task: task.Task{ID: last.ID, Due: last.Due}}
	}
	return page(in.Paging, newTaskRow, func(r task.Row) any { return taskPlace{r.ID, r.Due} })(task.OfUnit(c.tx, c.by, in.Unit.ID, f))
}

func findTask(c call, in *OfTask) (TaskShown, error) {
	row, steps, err := task.Find(c.tx, c.by, in.Task.ID)
	if err != nil {
		return TaskShown{}, err
	}
	return TaskShown{newTaskRow(row), all(func(s task.Step) TaskStep { return TaskStep(s) }, steps)}, nil
}

// Made is a record that was made.
type Made struct {
	ID recordID `json:"id"`
}

func made[T any](n id.Of[T]) Made { return Made{recordID(n)} }

// Task is a task.
type Task struct {
	ID          task.ID           `json:"id"`
	Unit        orgtree.ID        `json:"unit"`
	Resolution  task.ResolutionID `json:"resolution,omitzero"`
	Meeting     meeting.ID        `json:"meeting,omitzero"`
	Predecessor task.ID           `json:"predecessor,omitzero" doc:"The task whose rest it carries on."`
	Title       string            `json:"title"`
	Detail      string            `json:"detail,omitempty"`
	Area        task.Area         `json:"area,omitempty"`
	Assignee    Assignee          `json:"assignee"`
	HandedTo    access.PersonID   `json:"handed_to,omitzero"`
	State       task.State        `json:"state"`
	Due         clock.Date        `json:"due,omitzero"`
	OriginalDue clock.Date        `json:"original_due,omitzero"`
	Amount      Amount            `json:"amount"`
	Percent     int               `json:"percent"`
	Result      string            `json:"result,omitempty"`
	LateReason  string            `json:"late_reason,omitempty"`
	ReportedDay clock.Date        `json:"reported_day,omitzero"`
	ReportedBy  access.PersonID   `json:"reported_by,omitzero"`
	Outcome     task.Outcome      `json:"outcome,omitempty"`
	EndedDay    clock.Date        `json:"ended_day,omitzero"`
	EndedBy     access.PersonID   `json:"ended_by,omitzero"`
	AssignedDay clock.Date        `json:"assigned_day,omitzero"`
	AssignedBy  access.PersonID   `json:"assigned_by,omitzero"`
	Version     int64             `json:"version"`
}

func newTask(t task.Task) Task {
	return Task{
		ID: t.ID, Unit: t.Unit, Resolution: t.Resolution, Meeting: t.Meeting, Predecessor: t.Predecessor, Title: t.Title, Detail: t.Detail,
		Area: t.Area, Assignee: Assignee(t.Assignee), HandedTo: t.HandedTo, State: t.State, Due: t.Due, OriginalDue: t.OriginalDue,
		Amount: Amount(t.Amount), Percent: t.Percent, Result: t.Result, LateReason: t.LateReason, ReportedDay: t.ReportedDay,
		ReportedBy: t.ReportedBy, Outcome: t.Outcome, EndedDay: t.EndedDay, EndedBy: t.EndedBy, AssignedDay: t.AssignedDay,
		AssignedBy: t.AssignedBy, Version: t.Version,
	}
}

// Amount is what a task counts: its own plan, what was carried over, what is
// done.
type Amount struct {
	Measure string `json:"measure,omitempty"`
	Planned int64  `json:"planned"`
	Carried int64  `json:"carried"`
	Done    int64  `json:"done"`
}

// Assignee is whoever has a task: a person, a group or a body.
type Assignee struct {
	Person access.PersonID `json:"person,omitzero"`
	Group  unit.GroupID    `json:"group,omitzero"`
	Body   string          `json:"body,omitempty"`
}

// TaskRow is a task on a list.
type TaskRow struct {
	Task
	Who         string `json:"who,omitempty"`
	Receiver    string `json:"receiver,omitempty"`
	Files       int    `json:"files"`
	OverdueDays int    `json:"overdue_days"`
	Meetings    int    `json:"meetings" doc:"How many have looked at it."`
}

func newTaskRow(r task.Row) TaskRow {
	return TaskRow{newTask(r.Task), r.Who, r.Receiver, r.Evidence, r.OverdueDays, r.Meetings}
}

// TaskShown is a task with its course.
type TaskShown struct {
	TaskRow
	Steps []TaskStep `json:"steps" nullable:"false"`
}

// TaskStep is something that happened to a task.
type TaskStep struct {
	At      time.Time       `json:"at"`
	By      access.PersonID `json:"by,omitzero"`
	For     access.PersonID `json:"for,omitzero" doc:"On whose behalf it was written."`
	Verb    string          `json:"verb"`
	From    task.State      `json:"from,omitempty"`
	To      task.State      `json:"to"`
	Note    string          `json:"note,omitempty"`
	Percent int             `json:"percent"`
	Done    int64           `json:"done"`
	Due     clock.Date      `json:"due,omitzero"`
}

// Choices are what the caller may do with a task as it stands.
type Choices struct {
	Accept    bool `json:"accept"`
	Decline   bool `json:"decline"`
	Progress  bool `json:"progress"`
	Report    bool `json:"report"`
	Attach    bool `json:"attach"`
	HandOver  bool `json:"hand_over"`
	Explain   bool `json:"explain"`
	Assess    bool `json:"assess"`
	SendBack  bool `json:"send_back"`
	Extend    bool `json:"extend"`
	Adjust    bool `json:"adjust"`
	Withdraw  bool `json:"withdraw"`
	CarryOver bool `json:"carry_over"`
	Behalf    bool `json:"behalf" doc:"On behalf of whoever has the task."`
}

// NewTask is a task to be given.
type NewTask struct {
	Title    string     `json:"title"`
	Detail   string     `json:"detail,omitempty"`
	Area     task.Area  `json:"area,omitempty"`
	Assignee Assignee   `json:"assignee,omitzero"`
	Due      clock.Date `json:"due,omitzero"`
	Measure  string     `json:"measure,omitempty"`
	Planned  int64      `json:"planned,omitzero"`
	Meeting  meeting.ID `json:"meeting,omitzero"`
}

func (n NewTask) given() task.New {
	return task.New{
		Title: n.Title, Detail: n.Detail, Area: n.Area, Assignee: task.Assignee(n.Assignee), Due: n.Due, Measure: n.Measure,
		Planned: n.Planned, Meeting: n.Meeting,
	}
}

// Progress is how far a task has come.
type Progress struct {
	Text    string `json:"text,omitempty"`
	Percent int    `json:"percent,omitzero"`
	Done    int64  `json:"done,omitzero"`
}

// TaskReport says that a task is done.
type TaskReport struct {
	Text       string     `json:"text"`
	Done       int64      `json:"done,omitzero"`
	Day        clock.Date `json:"day,omitzero"`
	LateReason string     `json:"late_reason,omitempty"`
}

// Judgement is what is said of a reported result.
type Judgement struct {
	SendBack bool         `json:"send_back,omitzero"`
	Outcome  task.Outcome `json:"outcome,omitempty"`
	Note     string       `json:"note,omitempty"`
}

// HandOver offers a task to another person.
type HandOver struct {
	To     access.PersonID `json:"to"`
	Reason string          `json:"reason"`
}

// Extension moves the due day.
type Extension struct {
	Due    clock.Date `json:"due"`
	Reason string     `json:"reason"`
}

// Adjustment changes what is to be done.
type Adjustment struct {
	Title   string    `json:"title"`
	Detail  string    `json:"detail,omitempty"`
	Area    task.Area `json:"area,omitempty"`
	Measure string    `json:"measure,omitempty"`
	Planned int64     `json:"planned,omitzero"`
	Reason  string    `json:"reason"`
}

// Carry is the task that carries on a rest.
type Carry struct {
	Due      clock.Date `json:"due"`
	Planned  int64      `json:"planned,omitzero" doc:"Its own plan, beside what was left over."`
	Title    string     `json:"title,omitempty"`
	Area     task.Area  `json:"area,omitempty"`
	Assignee Assignee   `json:"assignee,omitzero"`
	Meeting  meeting.ID `json:"meeting,omitzero"`
}

func (n Carry) given() task.Carry {
	return task.Carry{Due: n.Due, Planned: n.Planned, Title: n.Title, Area: n.Area, Assignee: task.Assignee(n.Assignee), Meeting: n.Meeting}
}

// Rostered is a person on a roll.
type Rostered struct {
	ID       member.ID     `json:"id"`
	Name     string        `json:"name"`
	Status   member.Status `json:"status"`
	Overlays []string      `json:"overlays,omitempty"`
	Group    unit.GroupID  `json:"group,omitzero"`
}

func newRostered(r member.Rostered) Rostered {
	return Rostered{r.ID, r.Name, r.Status, r.Overlays, r.Group}
}
