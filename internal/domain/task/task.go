// Package task knows the work that a cell gives to its members: who does what
// until when, what came of it, and what comes back when it was not finished
// (rules 12.1, S-47, S-76 to S-79).
//
// It knows the meeting at which a task is given or looked at. The text of a
// resolution belongs to package resolution, which turns its lines into tasks
// when it is adopted.
package task

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/id"
)

// ID names a task.
type ID = id.Of[Task]

// Resolution is what a task may come from. The record belongs to package
// resolution.
type Resolution struct{}

// ResolutionID names a resolution.
type ResolutionID = id.Of[Resolution]

// Area is one of the four work areas of all reports (S-163), as the pack
// "states" names them.
type Area string

const (
	Economy Area = "economy_society"  // phát triển kinh tế - xã hội
	Defence Area = "defence_security" // quốc phòng - an ninh
	Party   Area = "party_building"   // xây dựng Đảng
	System  Area = "political_system" // xây dựng hệ thống chính trị
)

// Areas lists the work areas in the order of reports.
var Areas = []Area{Economy, Defence, Party, System}

// State is where a task stands (rules 12.1).
type State string

const (
	Proposed   State = "proposed" // a line of a resolution that is not adopted yet
	Assigned   State = "assigned"
	Adjusted   State = "adjusted" // changed since, to be accepted again
	Accepted   State = "accepted"
	InProgress State = "in_progress"
	HandedOver State = "handed_over" // offered to somebody who has not accepted
	Reported   State = "reported"
	Assessed   State = "assessed"
	Withdrawn  State = "withdrawn"
)

// Outcome is what an assessed task came to.
type Outcome string

const (
	Done    Outcome = "done"
	Partly  Outcome = "partly"
	NotDone Outcome = "not_done"
)

// Assignee is who does a task: a person, a party group, or a mass organisation
// by its name. Exactly one of them is given.
type Assignee struct {
	Person access.PersonID
	Group  unit.GroupID
	Body   string
}

// Amount is what is counted: the plan of this task, what an earlier one left
// over, and what is done (S-79).
type Amount struct {
	Measure string
	Planned int64
	Carried int64
	Done    int64
}

// Target is the plan with what was left over: planned 10, left over 5 is 15.
func (a Amount) Target() int64 { return a.Planned + a.Carried }

// Left is what is not done of the target.
func (a Amount) Left() int64 { return max(0, a.Target()-a.Done) }

// Counted reports whether the task has something to count.
func (a Amount) Counted() bool { return a.Target() > 0 }

// Task is something to be done by somebody until a day.
type Task struct {
	ID          ID
	Unit        orgtree.ID
	Resolution  ResolutionID // zero for a task given outside a resolution
	Meeting     meeting.ID   // at which it was given; zero for none
	Predecessor ID           // whose rest it carries on; zero for none
	Position    int          // in the table of its resolution
	Title       string
	Detail      string
	Area        Area
	Assignee    Assignee
	HandedTo    access.PersonID // while handed over
	State       State
	Due         clock.Date // the day in force
	OriginalDue clock.Date // before it was extended
	Amount
	Percent    int
	Result     string
	LateReason string
	// ReportedDay is when the last report of completion came in.
	ReportedDay clock.Date
	ReportedBy  access.PersonID
	Outcome     Outcome
	// Judgement is what whoever assessed the task said to its outcome.
	Judgement string
	// EndedDay and EndedBy are of the assessment or the withdrawal.
	EndedDay    clock.Date
	EndedBy     access.PersonID
	AssignedDay clock.Date
	AssignedBy  access.PersonID
	Version     int64
}

// Extended reports whether the due day was moved.
func (t Task) Extended() bool { return t.Due != t.OriginalDue }

// Open reports whether somebody still has to do something about the task.
func (t Task) Open() bool {
	switch t.State {
	case Assigned, Adjusted, Accepted, InProgress, HandedOver, Reported:
		return true
	}
	return false
}

// Overdue is how many days the task is late on the day. A report stops the
// count; overdue is a state to explain, not a block (rules 2.2).
func (t Task) Overdue(day clock.Date) int {
	if !t.Open() || t.Due.IsZero() {
		return 0
	}
	if t.State == Reported {
		day = t.ReportedDay
	}
	return max(0, day.Sub(t.Due))
}

// Late reports whether the task is overdue on the day, was reported after its
// due day, or ended without being done by it.
func (t Task) Late(day clock.Date) bool {
	switch {
	case t.Open():
		return t.Overdue(day) > 0
	case t.State != Assessed:
		return false
	case !t.ReportedDay.IsZero():
		return t.ReportedDay.After(t.Due)
	}
	return t.EndedDay.After(t.Due)
}

// OnTime reports whether the task was done, accepted, and reported by the due
// day in force.
func (t Task) OnTime() bool {
	return t.State == Assessed && t.Outcome == Done && !t.ReportedDay.After(t.Due)
}

// Unfinished reports whether something is left to carry on: an open task, or
// one assessed as not or partly done.
func (t Task) Unfinished() bool {
	return t.Open() || t.State == Assessed && t.Outcome != Done
}

// Step is one thing that happened to a task.
type Step struct {
	At   time.Time
	By   access.PersonID
	For  access.PersonID // the member on whose behalf By wrote; zero for none
	Verb string
	From State
	To   State
	Note string
	// Percent, Done and Due are as they were after the step.
	Percent int
	Done    int64
	Due     clock.Date
}
