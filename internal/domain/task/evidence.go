package task

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// File is a photo or document that a blob.Store has taken.
type File struct {
	Name, Media, Hash string
	Size              int64
}

// Attach adds evidence to an open task. Whoever has it may, or who assigns
// tasks on their behalf; a task that ended is errs.Conflict.
func Attach(tx *db.Tx, by access.Actor, task ID, f File) (attachment.Attachment, error) {
	t, err := evidenceOf(tx, by, task)
	if err != nil {
		return attachment.Attachment{}, err
	}
	return attachment.Add(tx, by, attachment.New{
		Unit: t.Unit, Noun: Noun, NounID: int64(t.ID), Name: f.Name, Media: f.Media, Hash: f.Hash, Size: f.Size,
	})
}

// Detach takes a file from an open task. Who may attach files may.
func Detach(tx *db.Tx, by access.Actor, file attachment.ID) error {
	a, err := FindEvidence(tx, by, file)
	if err != nil {
		return err
	}
	if _, err := evidenceOf(tx, by, ID(a.NounID)); err != nil {
		return err
	}
	return attachment.Remove(tx, by, file)
}

// evidenceOf is a task to whose evidence the actor may add.
func evidenceOf(tx *db.Tx, by access.Actor, task ID) (Task, error) {
	t, at, err := load(tx, by, task, access.TaskRead)
	if err != nil {
		return Task{}, err
	}
	if _, err := behalf(tx, by, t, at, t.Assignee.Person); err != nil {
		return Task{}, err
	}
	if !t.Open() {
		return Task{}, errs.New(errs.Conflict, "task.error.not_now")
	}
	return t, nil
}

// Evidence are the files of a task, oldest first. Who reads the tasks of the
// unit may.
func Evidence(tx *db.Tx, by access.Actor, task ID) ([]attachment.Attachment, error) {
	t, _, err := load(tx, by, task, access.TaskRead)
	if err != nil {
		return nil, err
	}
	return attachment.Of(tx, Noun, int64(t.ID))
}

// FindEvidence is one file of a task that the actor may read.
func FindEvidence(tx *db.Tx, by access.Actor, file attachment.ID) (attachment.Attachment, error) {
	a, err := attachment.Find(tx, file)
	if err != nil {
		return attachment.Attachment{}, err
	}
	if a.Noun != Noun {
		return attachment.Attachment{}, errs.New(errs.NotFound, "errs.not_found")
	}
	_, _, err = load(tx, by, ID(a.NounID), access.TaskRead)
	return a, err
}
