package job_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/job"
	"chibo/internal/testkit"
)

// patience ends a test that waits for a signal in vain.
const patience = 30 * time.Second

// bench is a runner whose outcomes a test waits for. It polls so rarely that
// only waking makes it look.
type bench struct {
	*testing.T
	*testkit.Kit
	runner   *job.Runner
	outcomes chan job.Outcome
	stop     func()
}

func start(t *testing.T, k *testkit.Kit, workers int, handlers map[string]job.Handler) *bench {
	b := &bench{T: t, Kit: k, outcomes: make(chan job.Outcome, 1000)}
	b.runner = job.NewRunner(k.DB, handlers, job.Settings{
		Workers: workers, Poll: time.Hour,
		Done:    func(o job.Outcome) { b.outcomes <- o },
		Trouble: func(err error) { t.Error(err) },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { b.runner.Run(ctx); close(ended) }()
	b.stop = func() {
		cancel()
		select {
		case <-ended:
		case <-time.After(patience):
			t.Error("the runner did not end")
		}
	}
	t.Cleanup(b.stop)
	return b
}

func (b *bench) enqueue(kind string, payload any, o job.Options) {
	b.T.Helper()
	err := b.DB.Update(b.runner.Context(context.Background()), func(tx *db.Tx) error {
		return job.Enqueue(tx, kind, payload, o)
	})
	if err != nil {
		b.T.Fatal(err)
	}
}

func (b *bench) outcome() job.Outcome {
	b.T.Helper()
	select {
	case o := <-b.outcomes:
		return o
	case <-time.After(patience):
		b.T.Fatal("no job was done")
		return job.Outcome{}
	}
}

func (b *bench) state() (q job.Queue) {
	b.T.Helper()
	b.View(func(tx *db.Tx) (err error) { q, err = job.State(tx); return err })
	return q
}

// ledger counts what handlers did, in the database itself.
func ledger(k *testkit.Kit) {
	k.Update(func(tx *db.Tx) error { _, err := tx.Exec(`CREATE TABLE ledger (n BIGINT NOT NULL)`); return err })
}

func note(tx *db.Tx, n int) error {
	_, err := tx.Exec(`INSERT INTO ledger (n) VALUES ($1)`, n)
	return err
}

func noted(k *testkit.Kit) (n int) {
	k.View(func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Column[int], `SELECT count(*) FROM ledger`)
		return err
	})
	return n
}

func TestEnqueueWakesTheRunnerAndTheJobIsDoneOnce(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ledger(k)
		b := start(t, k, 2, map[string]job.Handler{"note": job.InTx(note)})
		for n := range 20 {
			b.enqueue("note", n, job.Options{})
		}
		for range 20 {
			if o := b.outcome(); o.Err != nil || o.Attempt != 1 {
				t.Errorf("outcome %+v", o)
			}
		}
		if n, q := noted(k), b.state(); n != 20 || q.Waiting != 0 {
			t.Errorf("noted %d, queue %+v", n, q)
		}
	})
}

func TestARolledBackTransactionQueuesNothing(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		refused := errors.New("refused")
		err := k.Try(func(tx *db.Tx) error {
			if err := job.Enqueue(tx, "note", 1, job.Options{}); err != nil {
				return err
			}
			return refused
		})
		if !errors.Is(err, refused) {
			t.Fatal(err)
		}
		k.View(func(tx *db.Tx) error {
			q, err := job.State(tx)
			if q.Waiting != 0 {
				t.Errorf("queue %+v", q)
			}
			return err
		})
	})
}

func TestAFailedJobLeavesNoTraceAndComesBackLater(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ledger(k)
		broken := true
		b := start(t, k, 1, map[string]job.Handler{"note": job.InTx(func(tx *db.Tx, n int) error {
			if err := note(tx, n); err != nil || !broken {
				return err
			}
			panic("the printer is on fire")
		})})
		b.enqueue("note", 1, job.Options{})
		if o := b.outcome(); o.Err == nil || o.Dead {
			t.Fatalf("outcome %+v", o)
		}
		if n := noted(k); n != 0 {
			t.Errorf("a failed job noted %d", n)
		}
		broken = false
		k.SetNow(k.Now().Add(10 * time.Second))
		b.runner.Wake()
		if o := b.outcome(); o.Err != nil || o.Attempt != 2 {
			t.Errorf("outcome %+v", o)
		}
		if n := noted(k); n != 1 {
			t.Errorf("noted %d", n)
		}
	})
}

func TestAJobThatAlwaysFailsIsBuriedAndCanBeRevived(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		b := start(t, k, 1, map[string]job.Handler{"hopeless": job.InTx(func(*db.Tx, int) error {
			return errors.New("never \x00 \xff works")
		})})
		b.enqueue("hopeless", 1, job.Options{})
		tries := 0
		for {
			o := b.outcome()
			tries++
			if o.Dead {
				break
			}
			k.SetNow(k.Now().Add(2 * time.Hour))
			b.runner.Wake()
		}
		if tries != 15 {
			t.Errorf("buried after %d tries", tries)
		}
		var dead []job.Job
		k.View(func(tx *db.Tx) (err error) { dead, err = job.Dead(tx); return err })
		if len(dead) != 1 || dead[0].Failure != "never ? ? works" {
			t.Fatalf("dead %+v", dead)
		}
		k.Update(func(tx *db.Tx) error { return job.Revive(tx, dead[0].ID) })
		b.runner.Wake()
		if o := b.outcome(); o.Attempt != 1 {
			t.Errorf("outcome of the revived %+v", o)
		}
		testkit.Want(t, k.Try(func(tx *db.Tx) error { return job.Drop(tx, dead[0].ID) }), errs.NotFound)
	})
}

func TestAJobWaitsUntilItIsDue(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ledger(k)
		b := start(t, k, 1, map[string]job.Handler{"note": job.InTx(note)})
		b.enqueue("note", 1, job.Options{Due: k.Now().Add(time.Hour)})
		b.enqueue("note", 2, job.Options{})
		if o := b.outcome(); string(o.Payload) != "2" {
			t.Errorf("did %s before it was due", o.Payload)
		}
		k.SetNow(k.Now().Add(time.Hour))
		b.runner.Wake()
		if o := b.outcome(); string(o.Payload) != "1" {
			t.Errorf("did %s, want 1", o.Payload)
		}
	})
}

func TestAUniqueKeyBarsASecondThatWaits(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		again := make(chan struct{})
		var b *bench
		b = start(t, k, 1, map[string]job.Handler{"fold": job.Outside(func(_ context.Context, n int) (func(*db.Tx) error, error) {
			if n == 0 { // while the first is under way, a change asks for another
				b.enqueue("fold", 1, job.Options{UniqueKey: "fold", Due: k.Now().Add(time.Minute)})
				close(again)
			}
			return nil, nil
		})})
		k.Update(func(tx *db.Tx) error {
			for range 3 {
				if err := job.Enqueue(tx, "fold", 0, job.Options{UniqueKey: "fold"}); err != nil {
					return err
				}
			}
			return nil
		})
		b.runner.Wake()
		if o := b.outcome(); o.Err != nil {
			t.Fatal(o.Err)
		}
		<-again
		if q := b.state(); q.Waiting != 1 {
			t.Errorf("queue %+v, want the one that was asked for meanwhile", q)
		}
	})
}

func TestOutsideFinishesInATransaction(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ledger(k)
		b := start(t, k, 1, map[string]job.Handler{"mail": job.Outside(func(ctx context.Context, n int) (func(*db.Tx) error, error) {
			if _, bounded := ctx.Deadline(); !bounded {
				return nil, errors.New("a mail may take for ever")
			}
			return func(tx *db.Tx) error { return note(tx, n) }, nil
		})})
		b.enqueue("mail", 1, job.Options{})
		if o := b.outcome(); o.Err != nil {
			t.Fatal(o.Err)
		}
		if n, q := noted(k), b.state(); n != 1 || q.Waiting != 0 {
			t.Errorf("noted %d, queue %+v", n, q)
		}
	})
}

func TestAJobWhoseRunnerEndsIsGivenBack(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		begun := make(chan struct{})
		b := start(t, k, 1, map[string]job.Handler{"long": job.Outside(func(ctx context.Context, _ int) (func(*db.Tx) error, error) {
			close(begun)
			<-ctx.Done()
			return nil, ctx.Err()
		})})
		b.enqueue("long", 1, job.Options{})
		<-begun
		b.stop()
		next := start(t, k, 1, map[string]job.Handler{"long": job.InTx(func(*db.Tx, int) error { return nil })})
		next.runner.Wake()
		if o := next.outcome(); o.Err != nil || o.Attempt != 1 {
			t.Errorf("outcome %+v", o)
		}
	})
}

func TestAWorkerThatLostItsLeaseHasNoEffect(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ledger(k)
		begun, resume := make(chan struct{}), make(chan struct{})
		slow := start(t, k, 1, map[string]job.Handler{"note": job.Outside(func(_ context.Context, n int) (func(*db.Tx) error, error) {
			close(begun)
			<-resume
			return func(tx *db.Tx) error { return note(tx, n) }, nil
		})})
		slow.enqueue("note", 1, job.Options{})
		<-begun
		k.SetNow(k.Now().Add(time.Hour))
		other := start(t, k, 1, map[string]job.Handler{"note": job.InTx(note)})
		if o := other.outcome(); o.Err != nil || o.Attempt != 2 {
			t.Errorf("outcome of the second worker %+v", o)
		}
		close(resume)
		if o := slow.outcome(); o.Err == nil {
			t.Error("the first worker thinks that it did the job")
		}
		if n := noted(k); n != 1 {
			t.Errorf("noted %d, want 1", n)
		}
	})
}

func TestAJobThatKillsItsWorkersIsBuried(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		k.Update(func(tx *db.Tx) error {
			if err := job.Enqueue(tx, "note", 1, job.Options{}); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE job SET attempt = 15, taken = $1`, k.Now().Add(-time.Hour))
			return err
		})
		ledger(k)
		b := start(t, k, 1, map[string]job.Handler{"note": job.InTx(note)})
		b.enqueue("note", 2, job.Options{})
		if o := b.outcome(); string(o.Payload) != "2" {
			t.Errorf("ran %s", o.Payload)
		}
		if q := b.state(); q.Dead != 1 {
			t.Errorf("queue %+v", q)
		}
	})
}

func TestARunnerLeavesKindsThatItDoesNotKnow(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ledger(k)
		b := start(t, k, 1, map[string]job.Handler{"note": job.InTx(note)})
		b.enqueue("of a newer program", 1, job.Options{})
		b.enqueue("note", 2, job.Options{})
		if o := b.outcome(); o.Kind != "note" {
			t.Errorf("did %q", o.Kind)
		}
		if q := b.state(); q.Waiting != 1 {
			t.Errorf("queue %+v", q)
		}
	})
}

func TestProcessesShareAQueue(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		const jobs = 60
		ledger(k)
		k.Update(func(tx *db.Tx) error {
			for n := range jobs {
				if err := job.Enqueue(tx, "note", n, job.Options{}); err != nil {
					return err
				}
			}
			return nil
		})
		var mu sync.Mutex
		done := map[job.ID]int{}
		all := make(chan struct{})
		for range 3 {
			ctx, cancel := context.WithCancel(context.Background())
			runner := job.NewRunner(k.DB, map[string]job.Handler{"note": job.InTx(note)}, job.Settings{
				Poll: 10 * time.Millisecond,
				Done: func(o job.Outcome) {
					mu.Lock()
					defer mu.Unlock()
					if o.Err != nil {
						t.Error(o.Err)
					}
					if done[o.ID]++; len(done) == jobs && done[o.ID] == 1 {
						close(all)
					}
				},
			})
			ended := make(chan struct{})
			go func() { runner.Run(ctx); close(ended) }()
			t.Cleanup(func() { cancel(); <-ended })
		}
		select {
		case <-all:
		case <-time.After(patience):
			t.Fatal("the queue is not empty")
		}
		if n := noted(k); n != jobs {
			t.Errorf("noted %d of %d", n, jobs)
		}
		for job, times := range done {
			if times != 1 {
				t.Error(fmt.Sprint(job, " was done ", times, " times"))
			}
		}
	})
}

func TestAFinalFailureIsBuriedAtOnceAndWhoWaitsIsTold(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ledger(k)
		refused := errors.New("550 no such mailbox")
		hopeless := job.Outside(func(context.Context, int) (func(*db.Tx) error, error) {
			return nil, fmt.Errorf("mail: %w", job.Final(refused))
		})
		b := start(t, k, 1, map[string]job.Handler{"mail": job.WhenBuried(hopeless, func(tx *db.Tx, n int, j job.Job) error {
			if j.Failure != "mail: 550 no such mailbox" {
				t.Errorf("told of %q", j.Failure)
			}
			return note(tx, n)
		})})
		b.enqueue("mail", 1, job.Options{})
		if o := b.outcome(); !o.Dead || o.Attempt != 1 || !errors.Is(o.Err, refused) {
			t.Errorf("outcome %+v", o)
		}
		if n := noted(k); n != 1 {
			t.Errorf("noted %d, want 1", n)
		}
	})
}

func TestWhoWaitsIsToldOfAJobThatKillsItsWorkers(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		ledger(k)
		k.Update(func(tx *db.Tx) error {
			if err := job.Enqueue(tx, "note", 1, job.Options{}); err != nil {
				return err
			}
			_, err := tx.Exec(`UPDATE job SET attempt = 15, taken = $1`, k.Now().Add(-time.Hour))
			return err
		})
		b := start(t, k, 1, map[string]job.Handler{"note": job.WhenBuried(job.InTx(func(*db.Tx, int) error { return nil }),
			func(tx *db.Tx, n int, _ job.Job) error { return note(tx, n) })})
		b.enqueue("note", 2, job.Options{})
		b.outcome()
		if n, q := noted(k), b.state(); n != 1 || q.Dead != 1 {
			t.Errorf("noted %d, queue %+v", n, q)
		}
	})
}
