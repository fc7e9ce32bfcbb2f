// Package job is work that is queued in the transaction of the change that
// causes it and done after the commit, once, tried again after growing pauses.
//
// It knows queueing and trying again, and no kind of work: whoever puts the
// program together says who does which. Several processes may share a queue.
package job

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// ID names a job.
type ID = id.Of[Job]

// Job is work to be done.
type Job struct {
	ID      ID
	Kind    string
	Payload json.RawMessage
	Due     time.Time
	// Attempt counts the tries, the one under way included.
	Attempt int
	// Failure is why the last try failed.
	Failure string
	// taken is when a worker took it, and tells that worker from a later one.
	taken time.Time
}

// Options are settings of Enqueue; the zero value is a job that is due at once.
type Options struct {
	Due time.Time
	// UniqueKey bars a second job with the key while the first still waits. Once
	// a worker has taken the first, a new one is queued: it may see changes that
	// came too late for the first.
	UniqueKey string
}

// Enqueue queues the job, if and when the transaction commits.
func Enqueue(tx *db.Tx, kind string, payload any, o Options) error {
	content, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("job %s: %w", kind, err)
	}
	if o.Due.IsZero() {
		o.Due = tx.Now
	}
	_, err = tx.Exec(`INSERT INTO job (id, kind, payload, unique_key, due) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (unique_key) DO NOTHING`,
		id.New[Job](), kind, string(content), nullable(o.UniqueKey), o.Due)
	if err != nil {
		return err
	}
	if wake, ok := tx.Context().Value(wakes{}).(func()); ok {
		tx.AfterCommit(wake)
	}
	return nil
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// Handler does one kind of job; InTx and Outside make one.
type Handler struct {
	run func(ctx context.Context, d *db.DB, j Job) error
	// buried, if set, runs in the transaction that buries a job.
	buried func(tx *db.Tx, j Job) error
}

// WhenBuried is the handler h that also calls do, in the transaction that
// buries a job: what waits for the job learns there that it will not be done.
// Failure says why.
func WhenBuried[P any](h Handler, do func(tx *db.Tx, payload P, j Job) error) Handler {
	h.buried = func(tx *db.Tx, j Job) error {
		payload, err := read[P](j)
		if err != nil {
			return nil // no try could read it either: nothing waits for it
		}
		return do(tx, payload, j)
	}
	return h
}

// Final marks a failure that no further try can mend: the job is buried at
// once. No failure stays none.
func Final(failure error) error {
	if failure == nil {
		return nil
	}
	return final{failure}
}

// IsFinal reports a failure that Final has marked.
func IsFinal(failure error) bool {
	var marked final
	return errors.As(failure, &marked)
}

type final struct{ error }

func (f final) Unwrap() error { return f.error }

// InTx is a handler whose whole effect is one transaction, which also removes
// the job: it happens exactly once. On SQLite it holds up every other writer,
// so what is slow belongs Outside.
func InTx[P any](do func(tx *db.Tx, payload P) error) Handler {
	return Handler{run: func(ctx context.Context, d *db.DB, j Job) error {
		payload, err := read[P](j)
		if err != nil {
			return err
		}
		// A transaction is short: the end of the runner does not cut it off.
		return d.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			if err := finish(tx, j); err != nil {
				return err
			}
			return do(tx, payload)
		})
	}}
}

// Outside is a handler with an effect outside the database, such as a mail. do
// runs without a transaction, until ctx ends; what it gives back, if anything,
// runs in the transaction that removes the job. A process that dies between the
// two has the effect happen again.
func Outside[P any](do func(ctx context.Context, payload P) (after func(tx *db.Tx) error, err error)) Handler {
	return Handler{run: func(ctx context.Context, d *db.DB, j Job) error {
		payload, err := read[P](j)
		if err != nil {
			return err
		}
		bounded, cancel := context.WithTimeout(ctx, lease/2)
		defer cancel()
		after, err := do(bounded, payload)
		if err != nil {
			return err
		}
		return d.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error {
			if err := finish(tx, j); err != nil || after == nil {
				return err
			}
			return after(tx)
		})
	}}
}

func read[P any](j Job) (payload P, err error) {
	if err := json.Unmarshal(j.Payload, &payload); err != nil {
		return payload, fmt.Errorf("payload of job %v: %w", j.ID, err)
	}
	return payload, nil
}

// Dead are jobs that failed too often, newest first. They stay until somebody
// revives or drops them.
func Dead(tx *db.Tx) ([]Job, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM job WHERE dead = TRUE ORDER BY id DESC LIMIT 500`)
}

// Revive has a dead job tried again from the start.
func Revive(tx *db.Tx, job ID) error {
	return buried(tx.Exec(`UPDATE job SET dead = FALSE, attempt = 0, taken = NULL, due = $1 WHERE id = $2 AND dead = TRUE`, tx.Now, job))
}

// Drop removes a dead job.
func Drop(tx *db.Tx, job ID) error {
	return buried(tx.Exec(`DELETE FROM job WHERE id = $1 AND dead = TRUE`, job))
}

func buried(n int64, err error) error {
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return err
}

// Queue is the state of the queue.
type Queue struct {
	Waiting, Dead int
	// Oldest is when the job that waits longest was due; zero if none waits.
	Oldest time.Time
}

// State counts the queue.
func State(tx *db.Tx) (Queue, error) {
	return db.One(tx, func(row db.Row) (q Queue, err error) {
		return q, row.Scan(&q.Waiting, &q.Dead, db.Instant(&q.Oldest))
	}, `SELECT count(*) FILTER (WHERE dead = FALSE), count(*) FILTER (WHERE dead = TRUE), min(due) FILTER (WHERE dead = FALSE) FROM job`)
}

const columns = `id, kind, payload, due, attempt, failure, taken`

func scan(row db.Row) (j Job, err error) {
	var payload string
	err = row.Scan(&j.ID, &j.Kind, &payload, db.Instant(&j.Due), &j.Attempt, &j.Failure, db.Instant(&j.taken))
	j.Payload = json.RawMessage(payload)
	return j, err
}
