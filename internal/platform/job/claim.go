package job

import (
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"chibo/internal/platform/db"
)

const (
	// lease is after what time a job counts as lost with the worker that took it.
	lease = 15 * time.Minute
	// attemptsMost tries take about seven hours.
	attemptsMost = 15
	pauseFirst   = 5 * time.Second
	pauseMost    = time.Hour
)

// claim takes the next job that is due and of one of the kinds. A job that was
// lost with its worker as often as may be is buried instead.
func (r *Runner) claim(tx *db.Tx) (Job, bool, error) {
	for {
		j, found, err := next(tx, r.kinds)
		if err != nil || !found {
			return Job{}, false, err
		}
		if j.Attempt >= attemptsMost {
			if err := r.bury(tx, j); err != nil {
				return Job{}, false, err
			}
			continue
		}
		j.Attempt++
		j.taken = tx.Now
		return j, true, tx.Change(`UPDATE job SET taken = $1, attempt = $2, unique_key = NULL WHERE id = $3`, j.taken, j.Attempt, j.ID)
	}
}

// next selects what claim takes. SQLite has one writer, which is in this
// transaction; on PostgreSQL the row is locked and other workers pass it by.
func next(tx *db.Tx, kinds []string) (Job, bool, error) {
	args := []any{tx.Now, tx.Now.Add(-lease)}
	places := make([]string, len(kinds))
	for i, kind := range kinds {
		args = append(args, kind)
		places[i] = "$" + strconv.Itoa(len(args))
	}
	query := `SELECT ` + columns + ` FROM job WHERE dead = FALSE AND due <= $1 AND (taken IS NULL OR taken <= $2)
		AND kind IN (` + strings.Join(places, ", ") + `) ORDER BY due, id LIMIT 1`
	if tx.Dialect() == db.Postgres {
		query += ` FOR UPDATE SKIP LOCKED`
	}
	return db.Maybe(tx, scan, query, args...)
}

// errLost says that the job was given to another worker meanwhile.
var errLost = errors.New("the job took longer than its lease and was given to another worker")

// finish removes the job, if it is still this worker's.
func finish(tx *db.Tx, j Job) error {
	n, err := tx.Exec(`DELETE FROM job WHERE id = $1 AND taken = $2`, j.ID, j.taken)
	if err == nil && n == 0 {
		err = errLost
	}
	return err
}

// putBack has the job tried again after a pause, or buries it, and says which.
func (r *Runner) putBack(tx *db.Tx, j Job, failure error) (dead bool, err error) {
	dead = j.Attempt >= attemptsMost || IsFinal(failure)
	j.Failure = storable(failure)
	n, err := tx.Exec(`UPDATE job SET taken = NULL, failure = $1, due = $2, dead = $3 WHERE id = $4 AND taken = $5`,
		j.Failure, tx.Now.Add(pause(j.Attempt)), dead, j.ID, j.taken)
	if err == nil && n > 0 && dead {
		err = r.mourn(tx, j)
	}
	return dead, err
}

// mourn tells whoever waits for the job that it will not be done.
func (r *Runner) mourn(tx *db.Tx, j Job) error {
	if do := r.handlers[j.Kind].buried; do != nil {
		return do(tx, j)
	}
	return nil
}

// release gives the job back as if it had not been taken: the runner ended
// before the work did.
func release(tx *db.Tx, j Job) error {
	_, err := tx.Exec(`UPDATE job SET taken = NULL, attempt = attempt - 1 WHERE id = $1 AND taken = $2`, j.ID, j.taken)
	return err
}

func (r *Runner) bury(tx *db.Tx, j Job) error {
	j.Failure = "lost with its worker, again and again"
	if err := tx.Change(`UPDATE job SET dead = TRUE, taken = NULL, failure = $1 WHERE id = $2`, j.Failure, j.ID); err != nil {
		return err
	}
	return r.mourn(tx, j)
}

const failureMost = 1000

// storable is the failure's text as both databases take it.
func storable(failure error) string {
	text := failure.Error()
	if len(text) > failureMost {
		text = text[:failureMost]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\x00", "?")
}

// pause doubles with each attempt; its random half keeps jobs that failed
// together from coming back together.
func pause(attempt int) time.Duration {
	full := pauseMost
	if attempt < 11 { // 5 s doubled ten times is over the most already
		full = min(pauseFirst<<(attempt-1), pauseMost)
	}
	return full/2 + rand.N(full/2)
}
