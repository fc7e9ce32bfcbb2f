// Package upkeep is what an administrator sees and does about the program
// itself: its settings, the jobs that failed, whether it is in good health. It
// knows nothing of what the organisations do with the program.
package upkeep

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/job"
)

// Require is the root for which the actor keeps the program. Who may: the
// administrator of a root, and the console. For others the program has no such
// pages: errs.NotFound.
func Require(tx *db.Tx, by access.Actor) (orgtree.Unit, error) {
	roots, err := orgtree.Roots(tx)
	if err != nil {
		return orgtree.Unit{}, err
	}
	for _, root := range roots {
		if by.Console || by.Can(access.Settings, root) {
			return root, nil
		}
	}
	return orgtree.Unit{}, errs.New(errs.NotFound, "errs.not_found")
}

// Jobs is the state of the queue, and the jobs that failed too often, the
// newest first.
func Jobs(tx *db.Tx, by access.Actor) (job.Queue, []job.Job, error) {
	if _, err := Require(tx, by); err != nil {
		return job.Queue{}, nil, err
	}
	queue, err := job.State(tx)
	if err != nil {
		return queue, nil, err
	}
	dead, err := job.Dead(tx)
	return queue, dead, err
}

// TryAgain has a job that failed too often tried from the start. Who keeps the
// program may; a job that is not there any more is errs.NotFound.
func TryAgain(tx *db.Tx, by access.Actor, failed job.ID) error {
	return change(tx, by, failed, "upkeep.TryAgain", job.Revive)
}

// Drop removes a job that failed too often, undone. Who keeps the program may;
// a job that is not there any more is errs.NotFound.
func Drop(tx *db.Tx, by access.Actor, failed job.ID) error {
	return change(tx, by, failed, "upkeep.Drop", job.Drop)
}

func change(tx *db.Tx, by access.Actor, failed job.ID, verb string, do func(*db.Tx, job.ID) error) error {
	root, err := Require(tx, by)
	if err != nil {
		return err
	}
	if err := do(tx, failed); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{Unit: root.ID, Verb: verb, Noun: "job", ID: int64(failed)})
}
