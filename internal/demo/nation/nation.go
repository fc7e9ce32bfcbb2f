// Package nation makes a whole province or the whole country out of a seed
// number: parties on the real map, cells, people who never lived, and a year of
// their meetings with attendance, votes, resolutions, tasks and scores, skewed as
// life is.
//
// Five million people cannot be entered through verbs. The rows are drawn by
// pure functions of the seed and the day (plan.go, people.go, year.go) and put in
// with COPY, some thousand members in one transaction, in the shape in which
// verbs leave a month that is over. The journal holds an entry with a digest for
// each of these batches, which chibo check compares. What a person reads of a
// past meeting beside its figures (agenda, minutes, steps of a task, lines of the
// score sheet) is not made: that is 100 million rows more.
//
// The same seed on the same day gives the same rows, ids included.
package nation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"chibo/internal/demo"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/schema"
)

// Scale is how much is made.
type Scale string

const (
	Province Scale = "province" // about 100 communes, 9,000 cells, 165,000 members
	Nation   Scale = "nation"   // 34 provinces, 3,321 communes, 300,000 cells, 5.6 million members
)

// Options are what a load is made of.
type Options struct {
	Scale  Scale
	Seed   uint64
	Months int // of the past, the present one included
	// Now is when the story ends.
	Now time.Time
	// Part makes only so many bodies of the plan, for tests; 0 is all.
	Part int
	// Progress hears of every batch; nil does not listen.
	Progress func(Told)
}

// Told is how far the load has come.
type Told struct {
	Step        string // rows, indexes, figures
	Done, Whole int    // of members, then of indexes
	Rows        int64
	Since       time.Duration
}

// Result is what there is to see.
type Result struct {
	Root     string
	Parties  int
	Cells    int
	Members  int
	Rows     int64
	Batches  int
	Accounts []demo.Account
}

// request is what a load that was cut off is known by.
type request struct {
	Scale  Scale      `json:"scale"`
	Seed   uint64     `json:"seed"`
	Months int        `json:"months"`
	Today  clock.Date `json:"today"`
	Part   int        `json:"part,omitempty"`
}

// Build fills an empty database, or goes on where the same Build was cut off. A
// database that holds anything else is errs.Conflict.
func Build(ctx context.Context, d *db.DB, o Options) (Result, error) {
	r := request{o.Scale, o.Seed, o.Months, clock.DateOf(o.Now), o.Part}
	before, err := begun(ctx, d, &r)
	if err != nil {
		return Result{}, err
	}
	l := &loader{db: d, options: o, plan: drawPlan(r), done: before.Done, began: time.Now()}
	if !before.Begun {
		if err := l.begin(ctx, r); err != nil {
			return Result{}, err
		}
	}
	for _, step := range []func(context.Context) error{l.loosen, l.loadAll, l.tighten, l.count, l.open} {
		if err := step(ctx); err != nil {
			return Result{}, err
		}
	}
	return l.result(), nil
}

// begun refuses a database that is in use. A load of the same request that was
// cut off goes on, as of the day on which it began.
func begun(ctx context.Context, d *db.DB, r *request) (before journal.Progress, err error) {
	err = d.View(ctx, func(tx *db.Tx) error {
		if before, err = journal.Loading(tx); err != nil {
			return err
		}
		if before.Begun && !before.Ended {
			return r.continues(before.What)
		}
		roots, err := orgtree.Roots(tx)
		if err == nil && len(roots) > 0 {
			err = errs.New(errs.Conflict, "demo.error.not_empty", roots[0].Name)
		}
		return err
	})
	return before, err
}

func (r *request) continues(what json.RawMessage) error {
	var was request
	if err := json.Unmarshal(what, &was); err != nil {
		return fmt.Errorf("what was being loaded: %w", err)
	}
	today := r.Today
	if r.Today = was.Today; *r != was {
		r.Today = today
		return errs.New(errs.Conflict, "demo.error.half_loaded", was.Scale, was.Seed, was.Months)
	}
	return nil
}

// loader carries the plan into the database.
type loader struct {
	db      *db.DB
	options Options
	plan    plan
	done    map[int]bool
	began   time.Time
	members int
	rows    int64
	outcome Result
}

func (l *loader) tell(step string, done, whole int) {
	if l.options.Progress != nil {
		l.options.Progress(Told{Step: step, Done: done, Whole: whole, Rows: l.rows, Since: time.Since(l.began)})
	}
}

func (l *loader) begin(ctx context.Context, r request) error {
	what, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return l.db.Update(ctx, func(tx *db.Tx) error {
		if err := tally.Begin(tx); err != nil {
			return err
		}
		return journal.BeginLoad(tx, access.Console(), orgtree.ID(l.plan.heads[0].id), journal.Load{
			What: what, Batches: len(l.plan.batches), Tables: tables,
		})
	})
}

// loosen takes away indexes and references: making them once over all rows is
// several times quicker than row by row. Nobody else is in the database.
func (l *loader) loosen(ctx context.Context) error {
	if len(l.done) == len(l.plan.batches) {
		return nil
	}
	return l.db.Update(ctx, func(tx *db.Tx) error {
		for _, c := range schema.Constraints(l.db.Dialect(), tableNames()) {
			if err := c.Drop(tx); err != nil {
				return err
			}
		}
		return nil
	})
}

// tighten makes them again, each in a transaction of its own, so that one that
// was cut off has not to begin from the first.
func (l *loader) tighten(ctx context.Context) error {
	list := schema.Constraints(l.db.Dialect(), tableNames())
	for i, c := range list {
		l.tell("indexes", i, len(list))
		if err := l.db.Update(ctx, c.Make); err != nil {
			return err
		}
	}
	if l.db.Dialect() == db.SQLite {
		_, err := l.db.Pool().ExecContext(ctx, "ANALYZE")
		return err
	}
	for _, name := range append(tableNames(), "tally") {
		if _, err := l.db.Pool().ExecContext(ctx, "ANALYZE "+name); err != nil {
			return err
		}
	}
	return nil
}

// count adds up the figures of the heads, those below first: theirs are the sums
// of the rows that the batches put in, whenever that was.
func (l *loader) count(ctx context.Context) error {
	l.tell("figures", 0, 1)
	return l.db.Update(ctx, func(tx *db.Tx) error {
		for _, h := range slices.Backward(l.plan.heads) {
			var own tally.Counts
			countUnit(&own, h.id, h.kind)
			if err := tally.PutAbove(tx, unitID(h.id), own); err != nil {
				return err
			}
		}
		return nil
	})
}

// writers is how many transactions are under way at once: on PostgreSQL one is
// written while the server digests another, SQLite has one writer.
func (l *loader) writers() int {
	if l.db.Dialect() == db.SQLite {
		return 1
	}
	return 2
}

// loadAll draws and writes the batches that are not there yet: while some are
// written, the next are drawn.
func (l *loader) loadAll(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var missing []int
	for n := range l.plan.batches {
		if l.done[n] {
			l.members += l.plan.membersOf(n)
			continue
		}
		missing = append(missing, n)
	}
	drawn, written := make(chan *batch), make(chan *batch)
	go func() {
		defer close(drawn)
		for _, n := range missing {
			select {
			case drawn <- l.plan.draw(n):
			case <-ctx.Done():
				return
			}
		}
	}()
	ended := make(chan struct{}, l.writers())
	for range l.writers() {
		go func() {
			defer func() { ended <- struct{}{} }()
			for b := range drawn {
				if err := l.write(ctx, b); err != nil {
					stop(fmt.Errorf("batch %d: %w", b.number, err))
					return
				}
				written <- b
			}
		}()
	}
	for running := l.writers(); running > 0; {
		select {
		case b := <-written:
			l.members += l.plan.membersOf(b.number)
			l.rows += b.count()
			l.tell("rows", l.members, l.plan.members)
		case <-ended:
			running--
		}
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, context.Canceled) {
		return cause
	}
	return ctx.Err()
}

// write puts a batch in with its figures and its entry in the journal.
func (l *loader) write(ctx context.Context, b *batch) error {
	entry, err := b.digest()
	if err != nil {
		return err
	}
	return l.db.Update(ctx, func(tx *db.Tx) error {
		for i, t := range tables {
			if len(b.rows[i]) == 0 {
				continue
			}
			if _, err := tx.Insert(t.Name, t.Columns, b.each(i)); err != nil {
				return err
			}
		}
		if err := tally.Put(tx, b.figures.Rows()); err != nil {
			return err
		}
		return journal.WriteBatch(tx, access.Console(), orgtree.ID(b.unit), entry)
	})
}

func (l *loader) result() Result {
	r := l.outcome
	r.Root, r.Members, r.Rows, r.Batches = l.plan.heads[0].name, l.plan.members, l.rows, len(l.plan.batches)
	r.Parties, r.Cells = len(l.plan.heads)+len(l.plan.bodies), l.plan.cells
	return r
}

// unitID is the id of a head by its number in the plan.
func unitID(n int64) orgtree.ID { return id.Of[orgtree.Unit](n) }

func tableNames() []string {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i] = t.Name
	}
	return slices.Clone(names)
}
