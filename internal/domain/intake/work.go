package intake

import (
	"context"
	"errors"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/job"
)

// The kinds of jobs.
const (
	checkJob = "intake.check"
	applyJob = "intake.apply"
)

// task is what a job is told.
type task struct{ Import ID }

// Handlers do the queued checks and imports. What is slow, reading the file and
// checking its rows, they do without holding up other writers; all that is
// written is one transaction.
func Handlers(d *db.DB, files *blob.Store) map[string]job.Handler {
	w := worker{d, files}
	return map[string]job.Handler{checkJob: job.Outside(w.check), applyJob: job.Outside(w.apply)}
}

type worker struct {
	db    *db.DB
	files *blob.Store
}

func (w worker) check(ctx context.Context, t task) (func(*db.Tx) error, error) {
	var by access.Actor
	var plan Plan
	err := w.work(ctx, t, Checking, func(o order) error {
		by = o.by
		return w.db.View(ctx, func(tx *db.Tx) (err error) {
			plan, err = Check(tx, o.by, o.book, o.job)
			return err
		})
	})
	switch {
	case said(err):
		return func(tx *db.Tx) error { return failed(tx, t.Import, Checking, Sent, err) }, nil
	case err != nil:
		return nil, err
	}
	return func(tx *db.Tx) error { return noteChecked(tx, by, t.Import, plan) }, nil
}

// apply writes in a transaction of its own, not in the one that removes the job:
// a refusal must leave a trace. An import that was applied when the process died
// is not applied again, because its state says so.
func (w worker) apply(ctx context.Context, t task) (func(*db.Tx) error, error) {
	err := w.work(ctx, t, Applying, func(o order) error {
		_, err := Apply(ctx, w.db, o.by, t.Import, o.book, o.job)
		return err
	})
	if said(err) {
		return func(tx *db.Tx) error { return failed(tx, t.Import, Applying, Checked, err) }, nil
	}
	return nil, err
}

// said reports a failure that people can do something about, rather than one
// that a later try may mend.
func said(err error) bool {
	return err != nil && !errs.Is(err, errs.Internal) && !errs.Is(err, errs.Unavailable)
}

// order is what a job works on, and on whose behalf.
type order struct {
	by   access.Actor
	book Book
	job  Job
}

// work opens the sheet of an import in the state and has something done with it.
func (w worker) work(ctx context.Context, t task, state State, do func(order) error) (err error) {
	var i Import
	var by access.Actor
	var decisions map[int]Decision
	if err := w.db.View(ctx, func(tx *db.Tx) error {
		if i, by, err = startedBy(tx, t.Import); err != nil {
			return err
		}
		if i.State != state {
			return errs.New(errs.Conflict, "errs.stale")
		}
		decisions, err = Decisions(tx, by, i.ID)
		return err
	}); err != nil {
		return err
	}
	file, err := w.files.Open(i.Hash)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	book, err := Open(file, i.Size)
	if err != nil {
		return err
	}
	j := i.Job(decisions)
	progress, end := w.begin(ctx, i.ID, state, i.rowsExpected())
	defer end()
	j.Progress = progress
	return do(order{by, book, j})
}

// startedBy is the import with the actor on whose behalf the job works, as
// their rights are now.
func startedBy(tx *db.Tx, imp ID) (Import, access.Actor, error) {
	i, err := find(tx, imp)
	if err != nil || i.By == 0 {
		return i, access.Console(), err
	}
	by, err := access.Act(tx, i.By)
	return i, by, err
}

func noteChecked(tx *db.Tx, by access.Actor, imp ID, p Plan) error {
	i, err := Find(tx, by, imp)
	if err != nil || i.State != Checking {
		return ignoreGone(err)
	}
	i.State, i.Report, i.Failure = Checked, p.Report, nil
	if err := saveRejected(tx, imp, p.Reasons()); err != nil {
		return err
	}
	return update(tx, i)
}

// failed notes why a job came to nothing; the import stands again where it was.
func failed(tx *db.Tx, imp ID, during, back State, why error) error {
	i, err := find(tx, imp)
	if err != nil || i.State != during {
		return ignoreGone(err)
	}
	e, _ := errs.As(why)
	message := e.Message
	for _, name := range e.FieldNames() {
		message = e.Fields[name]
		break
	}
	message = fault("", message.Key, message.Args).Message
	i.State, i.Failure = back, &message
	return update(tx, i)
}

// ignoreGone: whoever sent the sheet threw it away meanwhile.
func ignoreGone(err error) error {
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

// rowsExpected is how many rows the file says it has.
func (i Import) rowsExpected() int {
	if at := i.Outline.at(i.Settings.Sheet); at >= 0 {
		return i.Outline.Sheets[at].Rows
	}
	return 0
}
