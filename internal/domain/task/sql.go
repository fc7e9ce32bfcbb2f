package task

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

const columns = `t.id, t.unit_id, t.resolution_id, t.meeting_id, t.predecessor_id, t.position, t.title, t.detail, t.area,
	t.person_id, t.group_id, t.body, t.handed_to_id, t.state, t.due, t.original_due, t.measure, t.planned, t.carried, t.done,
	t.percent, t.result, t.late_reason, t.reported_day, t.reported_by, t.outcome, t.judgement, t.ended_day, t.ended_by,
	t.assigned_day, t.assigned_by, t.version`

func scan(row db.Row) (t Task, err error) {
	return t, row.Scan(&t.ID, &t.Unit, &t.Resolution, &t.Meeting, &t.Predecessor, &t.Position, &t.Title, &t.Detail, &t.Area,
		&t.Assignee.Person, &t.Assignee.Group, &t.Assignee.Body, &t.HandedTo, &t.State, &t.Due, &t.OriginalDue,
		&t.Measure, &t.Planned, &t.Carried, &t.Done, &t.Percent, &t.Result, &t.LateReason, &t.ReportedDay, &t.ReportedBy,
		&t.Outcome, &t.Judgement, &t.EndedDay, &t.EndedBy, &t.AssignedDay, &t.AssignedBy, &t.Version)
}

func find(tx *db.Tx, task ID) (Task, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM task t WHERE t.id = $1`, task)
}

func insert(tx *db.Tx, t Task) error {
	_, err := tx.Exec(`INSERT INTO task (id, unit_id, resolution_id, meeting_id, predecessor_id, position, title, detail, area,
		person_id, group_id, body, handed_to_id, state, due, original_due, measure, planned, carried, done,
		percent, result, late_reason, reported_day, reported_by, outcome, ended_day, ended_by, assigned_day, assigned_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
		$21, $22, $23, $24, $25, $26, $27, $28, $29, $30, 1)`,
		t.ID, t.Unit, t.Resolution, t.Meeting, t.Predecessor, t.Position, t.Title, t.Detail, t.Area,
		t.Assignee.Person, t.Assignee.Group, t.Assignee.Body, t.HandedTo, t.State, t.Due, t.OriginalDue,
		t.Measure, t.Planned, t.Carried, t.Done, t.Percent, t.Result, t.LateReason, t.ReportedDay, t.ReportedBy,
		t.Outcome, t.EndedDay, t.EndedBy, t.AssignedDay, t.AssignedBy)
	return err
}

// update saves everything but where the task comes from. A version that is not
// t.Version is errs.Conflict.
func update(tx *db.Tx, t Task) error {
	return tx.Change(`UPDATE task SET position = $1, title = $2, detail = $3, area = $4, person_id = $5, group_id = $6, body = $7,
		handed_to_id = $8, state = $9, due = $10, original_due = $11, measure = $12, planned = $13, carried = $14, done = $15,
		percent = $16, result = $17, late_reason = $18, reported_day = $19, reported_by = $20, outcome = $21,
		judgement = $22, ended_day = $23, ended_by = $24, assigned_day = $25, assigned_by = $26, version = version + 1
		WHERE id = $27 AND version = $28`,
		t.Position, t.Title, t.Detail, t.Area, t.Assignee.Person, t.Assignee.Group, t.Assignee.Body,
		t.HandedTo, t.State, t.Due, t.OriginalDue, t.Measure, t.Planned, t.Carried, t.Done,
		t.Percent, t.Result, t.LateReason, t.ReportedDay, t.ReportedBy, t.Outcome,
		t.Judgement, t.EndedDay, t.EndedBy, t.AssignedDay, t.AssignedBy, t.ID, t.Version)
}

// written is what a verb did: from where to where, on whose behalf, and why.
type written struct {
	verb     Verb
	before   Task // the zero Task for a new one
	after    Task
	behalf   access.PersonID
	note     string
	unlisted bool // a line of a draft makes no step that people read
}

// save stores the task as the verb left it, its step and its journal entry.
func save(tx *db.Tx, by access.Actor, w written) error {
	if w.before.ID == 0 {
		if err := insert(tx, w.after); err != nil {
			return err
		}
	} else if err := update(tx, w.after); err != nil {
		return err
	}
	if !w.unlisted {
		if err := insertStep(tx, by, w); err != nil {
			return err
		}
	}
	c := journal.Change{Unit: w.after.Unit, Verb: w.verb.journal(), Noun: Noun, ID: int64(w.after.ID), After: record(w.after, w), Figures: w.after.tallied().Minus(w.before.tallied()).String()}
	if w.before.ID != 0 {
		c.Before = record(w.before, written{})
	}
	return journal.Write(tx, by, c)
}

// journalRemoval keeps a line of a draft that was taken out.
func journalRemoval(tx *db.Tx, by access.Actor, t Task) error {
	return journal.Write(tx, by, journal.Change{
		Unit: t.Unit, Verb: verbRemove.journal(), Noun: Noun, ID: int64(t.ID), Before: record(t, written{}),
	})
}

func insertStep(tx *db.Tx, by access.Actor, w written) error {
	_, err := tx.Exec(`INSERT INTO task_step (id, task_id, at, person_id, for_person_id, verb, from_state, to_state, note, percent, done, due)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		id.New[Step](), w.after.ID, tx.Now, by.Person, w.behalf, w.verb, w.before.State, w.after.State, w.note,
		w.after.Percent, w.after.Done, w.after.Due)
	return err
}

// record is a task as the journal keeps it.
func record(t Task, w written) map[string]any {
	r := map[string]any{
		"title": t.Title, "detail": t.Detail, "area": t.Area, "person": t.Assignee.Person, "group": t.Assignee.Group,
		"body": t.Assignee.Body, "handed_to": t.HandedTo, "state": t.State, "due": t.Due, "original_due": t.OriginalDue,
		"measure": t.Measure, "planned": t.Planned, "carried": t.Carried, "done": t.Done, "percent": t.Percent,
		"result": t.Result, "late_reason": t.LateReason, "reported": t.ReportedDay, "outcome": t.Outcome, "judgement": t.Judgement,
		"resolution": t.Resolution, "predecessor": t.Predecessor, "position": t.Position, "version": t.Version,
	}
	if w.behalf != 0 {
		r["on_behalf_of"] = w.behalf
	}
	if w.note != "" {
		r["note"] = w.note
	}
	return r
}

func steps(tx *db.Tx, task ID) ([]Step, error) {
	return db.All(tx, func(row db.Row) (s Step, err error) {
		return s, row.Scan(db.Instant(&s.At), &s.By, &s.For, &s.Verb, &s.From, &s.To, &s.Note, &s.Percent, &s.Done, &s.Due)
	}, `SELECT at, person_id, for_person_id, verb, from_state, to_state, note, percent, done, due FROM task_step
		WHERE task_id = $1 ORDER BY id`, task)
}

func ofResolution(tx *db.Tx, resolution ResolutionID) ([]Task, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM task t WHERE t.resolution_id = $1 ORDER BY t.position, t.id`, resolution)
}

func successorOf(tx *db.Tx, task ID) (Task, bool, error) {
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM task t WHERE t.predecessor_id = $1`, task)
}

// openStates is a condition on what somebody still has to deal with.
const openStates = `t.state IN ('assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over', 'reported')`

func openOf(tx *db.Tx, unit orgtree.ID) ([]Task, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM task t WHERE t.unit_id = $1 AND `+openStates+` ORDER BY t.due, t.id`, unit)
}

func dueBetween(tx *db.Tx, unit orgtree.ID, from, to clock.Date) ([]Task, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM task t WHERE t.unit_id = $1 AND t.due >= $2 AND t.due <= $3
		AND t.state NOT IN ('proposed', 'withdrawn') ORDER BY t.due, t.id`, unit, from, to)
}

// stale is errs.Conflict for a version that is no longer the record's.
func (t Task) stale(version int64) error {
	if t.Version != version {
		return errs.New(errs.Conflict, "errs.stale")
	}
	return nil
}
