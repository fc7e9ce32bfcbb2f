package intake

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"chibo/internal/platform/db"
)

// Standing is how far the work on an import is.
type Standing struct {
	// Done of All rows that there seem to be. Counted is false while another
	// process writes that cannot tell: SQLite lets nobody else write meanwhile.
	Done, All int
	Counted   bool
	// At is when another process said so last; zero for this one.
	At time.Time
}

// Progress is how far the work on the import is, whichever process does it; ok is
// false while none has begun. The caller has found the import.
func Progress(tx *db.Tx, imp ID) (s Standing, ok bool, err error) {
	if here, ok := underWay.Load(imp); ok {
		return here.(*stand).standing(), true, nil
	}
	return db.Maybe(tx, func(row db.Row) (s Standing, err error) {
		done := 0
		err = row.Scan(&done, &s.All, db.Instant(&s.At))
		s.Done, s.Counted = max(done, 0), done >= 0
		s.All = max(s.Done, s.All)
		return s, err
	}, `SELECT COALESCE(done, -1), total, at FROM intake_progress WHERE intake_id = $1`, imp)
}

// underWay is how far the imports are that this process works on.
var underWay sync.Map // of *stand, by ID

type stand struct {
	done atomic.Int64
	all  int
}

func (s *stand) standing() Standing {
	done := int(s.done.Load())
	return Standing{Done: done, All: max(done, s.all), Counted: true}
}

// tellEvery is how often other processes learn how far an import is.
const tellEvery = time.Second

// begin notes that this process works on the import, and has other processes
// know, each second anew; end takes the note away. A note that cannot be written
// is no reason to stop the work.
func (w worker) begin(ctx context.Context, imp ID, state State, all int) (progress func(rows int), end func()) {
	s := &stand{all: all}
	underWay.Store(imp, s)
	telling, stop := context.WithCancel(ctx)
	over := make(chan struct{})
	silent := state == Applying && w.db.Dialect() == db.SQLite
	_ = w.note(ctx, imp, s, !silent)
	go func() {
		defer close(over)
		if silent { // the one writer is taken until all is written
			return
		}
		tick := time.NewTicker(tellEvery)
		defer tick.Stop()
		for told := int64(0); ; {
			select {
			case <-telling.Done():
				return
			case <-tick.C:
				if now := s.done.Load(); now != told {
					told = now
					_ = w.note(telling, imp, s, true)
				}
			}
		}
	}()
	return func(rows int) { s.done.Store(int64(rows)) }, func() {
		stop()
		<-over
		underWay.Delete(imp)
		_ = w.db.Update(context.WithoutCancel(ctx), func(tx *db.Tx) error { return forgetProgress(tx, imp) })
	}
}

func (w worker) note(ctx context.Context, imp ID, s *stand, counted bool) error {
	return w.db.Update(ctx, func(tx *db.Tx) error {
		now := s.standing()
		var done any
		if counted {
			done = now.Done
		}
		_, err := tx.Exec(`INSERT INTO intake_progress (intake_id, done, total, at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (intake_id) DO UPDATE SET done = excluded.done, total = excluded.total, at = excluded.at`, imp, done, now.All, tx.Now)
		return err
	})
}

func forgetProgress(tx *db.Tx, imp ID) error {
	_, err := tx.Exec(`DELETE FROM intake_progress WHERE intake_id = $1`, imp)
	return err
}
