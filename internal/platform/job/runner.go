package job

import (
	"context"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"chibo/internal/platform/db"
)

// Outcome is how one try of a job ended.
type Outcome struct {
	Job
	Err error
	// Dead is true when it was the last try.
	Dead bool
}

// Settings are settings of a Runner; the zero value serves.
type Settings struct {
	// Workers is how many jobs run at a time; 0 is 2.
	Workers int
	// Poll is after what time an idle worker looks again, for jobs that fall due
	// and for those of other processes; 0 is a second.
	Poll time.Duration
	// Done, if set, is told of every try.
	Done func(Outcome)
	// Trouble, if set, is told when the queue itself cannot be read or written.
	Trouble func(error)
}

// Runner does the jobs of a database.
type Runner struct {
	db       *db.DB
	handlers map[string]Handler
	kinds    []string
	settings Settings
	bell     chan struct{}
}

// NewRunner makes a runner that does the kinds of jobs that have a handler and
// leaves all others alone.
func NewRunner(d *db.DB, handlers map[string]Handler, s Settings) *Runner {
	if s.Workers == 0 {
		s.Workers = 2
	}
	if s.Poll == 0 {
		s.Poll = time.Second
	}
	if s.Done == nil {
		s.Done = func(Outcome) {}
	}
	if s.Trouble == nil {
		s.Trouble = func(error) {}
	}
	return &Runner{
		db: d, handlers: handlers, kinds: slices.Sorted(maps.Keys(handlers)), settings: s,
		bell: make(chan struct{}, s.Workers),
	}
}

// wakes is the key under which a context carries the bell of a runner.
type wakes struct{}

// Context is ctx in which Enqueue wakes the runner once the job is committed.
// A job that is queued under another context waits for the next poll.
func (r *Runner) Context(ctx context.Context) context.Context {
	return context.WithValue(ctx, wakes{}, r.Wake)
}

// Wake has an idle worker look for jobs now.
func (r *Runner) Wake() {
	select {
	case r.bell <- struct{}{}:
	default: // as many are awake as there are workers
	}
}

// Run does jobs until ctx ends, and returns when those under way have ended.
func (r *Runner) Run(ctx context.Context) {
	if len(r.kinds) == 0 {
		<-ctx.Done()
		return
	}
	var workers sync.WaitGroup
	for range r.settings.Workers {
		workers.Go(func() { r.work(r.Context(ctx)) })
	}
	workers.Wait()
}

func (r *Runner) work(ctx context.Context) {
	for ctx.Err() == nil {
		if r.one(ctx) {
			continue
		}
		poll := time.NewTimer(r.settings.Poll)
		select {
		case <-ctx.Done():
		case <-r.bell:
		case <-poll.C:
		}
		poll.Stop()
	}
}

// one does the next job, if there is one.
func (r *Runner) one(ctx context.Context) bool {
	var j Job
	var found bool
	err := r.db.UpdateGuarded(ctx, func(tx *db.Tx) (err error) {
		j, found, err = r.claim(tx)
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			r.settings.Trouble(fmt.Errorf("take a job: %w", err))
		}
		return false
	}
	if !found {
		return false
	}
	// There may be more: another worker looks while this one works.
	r.Wake()
	r.settings.Done(r.settle(ctx, j, r.try(ctx, j)))
	return true
}

// try runs the handler; a panic is a failure like any other.
func (r *Runner) try(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return r.handlers[j.Kind].run(ctx, r.db, j)
}

// settle puts a failed job back.
func (r *Runner) settle(ctx context.Context, j Job, failure error) Outcome {
	o := Outcome{Job: j, Err: failure}
	if failure == nil {
		return o
	}
	err := r.db.Update(context.WithoutCancel(ctx), func(tx *db.Tx) (err error) {
		if ctx.Err() != nil {
			return release(tx, j)
		}
		o.Dead, err = r.putBack(tx, j, failure)
		return err
	})
	if err != nil {
		r.settings.Trouble(fmt.Errorf("put job %v back: %w", j.ID, err))
	}
	return o
}
