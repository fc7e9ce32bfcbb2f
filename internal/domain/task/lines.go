package task

import (
	"strconv"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Source is the draft that a line belongs to.
type Source struct {
	Resolution ResolutionID
	Unit       orgtree.ID
	Meeting    meeting.ID
}

// write checks the right to the draft, and gives the day from which its tasks
// may be due.
func (s Source) write(tx *db.Tx, by access.Actor) (clock.Date, error) {
	if _, err := access.RequireOn(tx, by, access.ResolutionWrite, s.Unit, int64(s.Meeting)); err != nil {
		return clock.Date{}, err
	}
	return givenDay(tx, by, s.Unit, New{Meeting: s.Meeting})
}

// Propose adds a line to the draft of a resolution: a task that is given when
// the resolution is adopted, and may lack until then who does it, by when and
// in which area. Who writes the resolution may.
func Propose(tx *db.Tx, by access.Actor, s Source, n New) (ID, error) {
	given, err := s.write(tx, by)
	if err != nil {
		return 0, err
	}
	return s.propose(tx, by, n, given, Task{})
}

// ProposeRest adds a line that carries on the rest of an unfinished task
// (S-79). The task itself ends when the resolution is adopted. Who writes the
// resolution may; what CarryOver refuses is refused.
func ProposeRest(tx *db.Tx, by access.Actor, s Source, task ID, version int64, c Carry) (ID, error) {
	given, err := s.write(tx, by)
	if err != nil {
		return 0, err
	}
	t, _, err := change(tx, by, task, version, access.TaskRead)
	if err != nil {
		return 0, err
	}
	if t.Unit != s.Unit {
		return 0, errs.New(errs.NotFound, "errs.not_found")
	}
	if err := carriable(tx, t); err != nil {
		return 0, err
	}
	n, _ := t.successor(c)
	return s.propose(tx, by, n, given, t)
}

func (s Source) propose(tx *db.Tx, by access.Actor, n New, given clock.Date, rest Task) (ID, error) {
	n.Meeting = s.Meeting
	n = n.cleaned()
	if err := n.check(true, given); err != nil {
		return 0, err
	}
	if err := checkAssignee(tx, s.Unit, n.Assignee); err != nil {
		return 0, err
	}
	lines, err := ofResolution(tx, s.Resolution)
	if err != nil {
		return 0, err
	}
	if len(lines) >= linesMost {
		return 0, errs.New(errs.Conflict, "task.error.too_many_lines", linesMost)
	}
	t := n.task(s.Unit)
	t.Resolution, t.Predecessor, t.Carried = s.Resolution, rest.ID, rest.Left()
	t.Position = 1
	if len(lines) > 0 {
		t.Position = lines[len(lines)-1].Position + 1
	}
	return t.ID, save(tx, by, written{verb: verbPropose, after: t, unlisted: true})
}

// linesMost bounds the tasks of one resolution.
const linesMost = 200

// ChangeLine changes a line of a draft. Who writes the resolution may; a task
// that is given already is errs.Conflict.
func ChangeLine(tx *db.Tx, by access.Actor, task ID, version int64, n New) error {
	t, err := draftLine(tx, by, task, version)
	if err != nil {
		return err
	}
	given, err := givenDay(tx, by, t.Unit, New{Meeting: t.Meeting})
	if err != nil {
		return err
	}
	n = n.cleaned()
	if err := n.check(true, given); err != nil {
		return err
	}
	if err := checkAssignee(tx, t.Unit, n.Assignee); err != nil {
		return err
	}
	after := t
	after.Title, after.Detail, after.Area, after.Assignee = n.Title, n.Detail, n.Area, n.Assignee
	after.Due, after.OriginalDue, after.Measure, after.Planned = n.Due, n.Due, n.Measure, n.Planned
	return save(tx, by, written{verb: verbPropose, before: t, after: after, unlisted: true})
}

// MoveLine exchanges a line of a draft with the one above it. Who writes the
// resolution may; the first line stays where it is.
func MoveLine(tx *db.Tx, by access.Actor, task ID, version int64) error {
	t, err := draftLine(tx, by, task, version)
	if err != nil {
		return err
	}
	lines, err := ofResolution(tx, t.Resolution)
	if err != nil {
		return err
	}
	for i, line := range lines {
		if line.ID != t.ID || i == 0 {
			continue
		}
		up, down := line, lines[i-1]
		up.Position, down.Position = down.Position, up.Position
		if err := save(tx, by, written{verb: verbPropose, before: lines[i-1], after: down, unlisted: true}); err != nil {
			return err
		}
		return save(tx, by, written{verb: verbPropose, before: t, after: up, unlisted: true})
	}
	return nil
}

// RemoveLine takes a line out of a draft. Who writes the resolution may.
func RemoveLine(tx *db.Tx, by access.Actor, task ID, version int64) error {
	t, err := draftLine(tx, by, task, version)
	if err != nil {
		return err
	}
	return erase(tx, by, t)
}

// erase removes a line that was never a task; the journal keeps it.
func erase(tx *db.Tx, by access.Actor, t Task) error {
	if err := tx.Change(`DELETE FROM task WHERE id = $1 AND version = $2`, t.ID, t.Version); err != nil {
		return err
	}
	return journalRemoval(tx, by, t)
}

func draftLine(tx *db.Tx, by access.Actor, task ID, version int64) (Task, error) {
	t, _, err := change(tx, by, task, version, access.ResolutionWrite)
	if err != nil {
		return Task{}, err
	}
	if t.State != Proposed {
		return Task{}, errs.New(errs.Conflict, "task.error.given_already")
	}
	return t, nil
}

// Lines are the tasks of a resolution, in the order of its table. The caller
// has checked the right to the resolution.
func Lines(tx *db.Tx, resolution ResolutionID) ([]Row, error) {
	list, err := ofResolution(tx, resolution)
	if err != nil {
		return nil, err
	}
	return dress(tx, list)
}

// CheckLines says what the lines of a draft still lack, each beside its field:
// "tasks.3.due" is the due day of the third line. Every task needs somebody, a
// day and a work area, because the score is computed from them (rules 22.6,
// S-163).
func CheckLines(wrong *errs.Fields, lines []Row) {
	for i, t := range lines {
		n := New{Assignee: t.Assignee, Due: t.Due, Area: t.Area}
		for field, key := range n.missing() {
			wrong.Add("tasks."+strconv.Itoa(i+1)+"."+field, key)
		}
	}
}

// GiveLines turns the lines of an adopted draft into tasks and tells whoever
// has them. Tasks whose rest they carry on end with it. Who writes the
// resolution may.
func GiveLines(tx *db.Tx, by access.Actor, s Source) error {
	given, err := s.write(tx, by)
	if err != nil {
		return err
	}
	lines, err := Lines(tx, s.Resolution)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	CheckLines(&wrong, lines)
	if err := wrong.Err(); err != nil {
		return err
	}
	for i, line := range lines {
		if err := giveLine(tx, by, line.Task, i+1, given); err != nil {
			return err
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return prove(tx, s.Meeting, proofAssigned)
}

func giveLine(tx *db.Tx, by access.Actor, t Task, position int, given clock.Date) error {
	after, err := t.moved(verbAssign)
	if err != nil {
		return err
	}
	if t.Predecessor != 0 {
		if after.Carried, err = settleRest(tx, by, t.Predecessor, position); err != nil {
			return err
		}
	}
	after.give(by, given)
	if err := save(tx, by, written{verb: verbAssign, before: t, after: after}); err != nil {
		return err
	}
	return tell(tx, by, after, "task.notice.assigned")
}

// settleRest ends the task whose rest the line carries on, and is that rest as
// it is now. A task that was finished meanwhile leaves nothing to carry on.
func settleRest(tx *db.Tx, by access.Actor, predecessor ID, position int) (int64, error) {
	t, err := find(tx, predecessor)
	if err != nil {
		return 0, err
	}
	field := "tasks." + strconv.Itoa(position) + ".predecessor"
	switch {
	case t.State == Reported:
		return 0, errs.Field(field, "task.error.assess_first")
	case !t.Unfinished():
		return 0, errs.Field(field, "task.error.nothing_left")
	}
	return t.Left(), settle(tx, by, t)
}

// DropLines removes the lines of a draft that is discarded. Who writes the
// resolution may.
func DropLines(tx *db.Tx, by access.Actor, s Source) error {
	if _, err := access.RequireOn(tx, by, access.ResolutionWrite, s.Unit, int64(s.Meeting)); err != nil {
		return err
	}
	lines, err := ofResolution(tx, s.Resolution)
	if err != nil {
		return err
	}
	for _, t := range lines {
		if t.State != Proposed {
			return errs.New(errs.Conflict, "task.error.given_already")
		}
		if err := erase(tx, by, t); err != nil {
			return err
		}
	}
	return nil
}
