package task

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

const (
	verbFollow     Verb = "follow"
	verbUndoFollow Verb = "undo_follow"
)

// Followed is an open task that went with whoever has it, as it was before.
type Followed struct {
	Task     ID
	Unit     orgtree.ID
	Assignee Assignee
	To       orgtree.ID
	// Now is who has it there.
	Now  Assignee
	Step id.Of[Step]
}

// Follow lets an open task go over to another unit because the old one is
// reorganised, with the member who has it or to somebody else. Package
// reorganisation has checked the right.
func Follow(tx *db.Tx, by access.Actor, task ID, to orgtree.ID, a Assignee, why string) (Followed, error) {
	t, err := find(tx, task)
	if err != nil {
		return Followed{}, err
	}
	f := Followed{Task: task, Unit: t.Unit, Assignee: t.Assignee, To: to, Now: a, Step: id.New[Step]()}
	if err := f.hang(tx, to, a); err != nil {
		return Followed{}, err
	}
	if _, err := tx.Exec(`INSERT INTO task_step (id, task_id, at, person_id, verb, from_state, to_state, note, percent, done, due)
		VALUES ($1, $2, $3, $4, $5, $6, $6, $7, $8, $9, $10)`,
		f.Step, task, tx.Now, by.Person, verbFollow, t.State, why, t.Percent, t.Done, t.Due); err != nil {
		return Followed{}, err
	}
	return f, f.note(tx, by, verbFollow, t, to)
}

// UndoFollow takes that back. A task that has gone elsewhere since, or to
// somebody else, is errs.Conflict.
func UndoFollow(tx *db.Tx, by access.Actor, f Followed) error {
	t, err := find(tx, f.Task)
	if err != nil {
		return err
	}
	if t.Unit != f.To || t.Assignee != f.Now {
		return errs.New(errs.Conflict, "task.error.not_now")
	}
	if err := tx.Change(`DELETE FROM task_step WHERE id = $1`, f.Step); err != nil {
		return err
	}
	if err := f.hang(tx, f.Unit, f.Assignee); err != nil {
		return err
	}
	return f.note(tx, by, verbUndoFollow, t, f.Unit)
}

func (f Followed) hang(tx *db.Tx, at orgtree.ID, a Assignee) error {
	return tx.Change(`UPDATE task SET unit_id = $1, person_id = $2, group_id = $3, body = $4, version = version + 1 WHERE id = $5`,
		at, a.Person, a.Group, a.Body, f.Task)
}

// note lets both units see in their journals that the task went and came, and
// takes what it adds to the figures along.
func (f Followed) note(tx *db.Tx, by access.Actor, verb Verb, was Task, at orgtree.ID) error {
	now := was
	now.Unit = at
	c := journal.Change{
		Unit: f.To, Verb: verb.journal(), Noun: Noun, ID: int64(f.Task),
		Before: map[string]any{"unit": f.Unit}, After: map[string]any{"unit": f.To},
		Figures: now.tallied().Minus(was.tallied()).String(),
	}
	if err := journal.Write(tx, by, c); err != nil || f.Unit == f.To {
		return err
	}
	c.Unit, c.Figures = f.Unit, ""
	return journal.Write(tx, by, c)
}
