package overview

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
)

// State is what a unit, with all below it, did in a month, from the figures that
// are kept.
type State struct {
	Month meeting.Month
	// Open: the month has not ended, so that what is not done may still come.
	Open bool
	// Over: the days on which the month's meeting is to be held have passed.
	Over bool
	// Cells are those that exist at the end of the month, Held those that held
	// their monthly meeting, Late those of them that held it on a day that the
	// rhythm does not allow.
	Cells, Held, Late int
	// Scored counts confirmed sheets, Claimed and Evidence are the sums of their
	// points, Classes the sheets by class, the best first.
	Scored, Claimed, Evidence int
	Classes                   [4]int
	Resolutions, Themes       int
	Roll
	Tasks
}

// ClassIDs are the classes of a State in their order (rules 22.4).
var ClassIDs = [4]string{"good", "fair", "average", "poor"}

// Unheld are the cells that have not met.
func (s State) Unheld() int { return max(s.Cells-s.Held, 0) }

// Average is the average of the points that are claimed, in tenths.
func (s State) Average() int { return tenths(s.Claimed, s.Scored) }

// Gap is by how much claims exceed the evidence, in tenths of a point a sheet.
func (s State) Gap() int { return tenths(max(s.Claimed-s.Evidence, 0), s.Scored) }

// summary is the state as a desk shows it, beside the month before.
func (s State) summary(before State) Summary {
	sum := Summary{
		Month: s.Month, Cells: s.Cells, Held: s.Held, Scored: s.Scored, Average: s.Average(), Roll: s.Roll, Tasks: s.Tasks,
		Compared: s.Scored > 0 && before.Scored > 0, Change: s.Average() - before.Average(),
	}
	if s.Over {
		sum.Silent = s.Unheld()
	}
	return sum
}

// Aspect is one side of a State that can be compared between units.
type Aspect string

const (
	Meetings   Aspect = "meetings"   // cells that met, of all
	InTime     Aspect = "in_time"    // meetings held in time, of all cells
	Attendance Aspect = "attendance" // who came, of those expected
	TasksDone  Aspect = "tasks"      // tasks done on time, of those due
	Scores     Aspect = "scores"     // points claimed, of a hundred
)

// Aspects are all, the one shown first first.
var Aspects = []Aspect{Meetings, InTime, Attendance, TasksDone, Scores}

// Of is the aspect as a part of a whole; nothing was counted where the whole is
// zero.
func (a Aspect) Of(s State) (part, whole int) {
	switch a {
	case Meetings:
		return min(s.Held, s.Cells), s.Cells
	case InTime:
		return max(min(s.Held, s.Cells)-s.Late, 0), s.Cells
	case Attendance:
		return s.Present, s.Entitled
	case TasksDone:
		return s.TasksOnTime, s.TasksDue
	case Scores:
		return s.Claimed, 100 * s.Scored
	}
	return 0, 0
}

// calendar is what turns figures into states: the rhythm of each month, and
// today.
type calendar struct {
	rhythms map[meeting.Month]rhythm
	today   clock.Date
}

func (c calendar) states(months []meeting.Month, figures []tally.Figures) []State {
	list := make([]State, len(months))
	for i, month := range months {
		list[i] = c.state(month, figures[i])
	}
	return list
}

func (c calendar) state(month meeting.Month, f tally.Figures) State {
	get := func(m tally.Measure) int { return int(f.Get(m)) }
	open := month >= clock.MonthOf(c.today)
	s := State{
		Month: month, Open: open, Over: c.rhythms[month].over(c.today),
		Cells: get(unit.TallyCells), Held: get(meeting.TallyHeld), Late: int(meeting.HeldLate(f, month, c.rhythms[month].kind.Timely)),
		Scored: get(score.TallySheets), Claimed: get(score.TallyClaimed), Evidence: get(score.TallyEvidence),
		Resolutions: get(resolution.TallyAdopted), Themes: get(meeting.TallyThemes),
		Roll:  Roll{get(meeting.TallyExpected), get(meeting.TallyPresent), get(meeting.TallySpeakers)},
		Tasks: tasksOf(f, open),
	}
	for i, class := range ClassIDs {
		s.Classes[i] = get(score.TallyClasses.Of(class))
	}
	return s
}

// tasksOf are the tasks of a month that was over; while it runs, those that have
// been judged, because the others are not due yet.
func tasksOf(f tally.Figures, open bool) Tasks {
	onTime := int(f.Get(task.TallyOnTime))
	if open {
		return Tasks{onTime + int(f.Get(task.TallyLate)+f.Get(task.TallyNotDone)), onTime}
	}
	return Tasks{int(f.Get(task.TallyDue) - f.Get(task.TallyWaiting)), onTime}
}
