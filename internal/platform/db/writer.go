package db

import (
	"context"
	"sync"
	"sync/atomic"
)

// groupMost bounds how many transactions share one commit, so that the first
// of them does not wait long for the last.
const groupMost = 128

// writer owns SQLite's writing connection. It lends it to one waiting
// transaction after the other and commits once for all of them.
//
// Each function runs on the goroutine of its caller, so that a panic, or the
// end of a test, unwinds there and never here.
type writer struct {
	c       *connection
	queue   chan *pending
	ran     chan struct{} // a function has come to its end, well or not
	stopped chan struct{}

	mu     sync.RWMutex // guards closed against the sends into queue
	closed bool
}

// pending is a transaction that waits for the writer.
type pending struct {
	ctx   context.Context
	taken atomic.Bool // by the writer, or by a caller who waits no longer
	calls chan call

	// The caller writes these while it has the connection; the writer reads
	// them once it is back.
	err  error
	over bool // the function returned: no panic, no Goexit
	lost bool // what it did must be undone
	// The writer's own: the transaction failed for good and is not run again.
	out bool
}

// call is what the writer tells a waiting transaction: run now, with the
// connection, or, without one, how it ended.
type call struct {
	with *connection
	err  error
}

func newWriter(c *connection) *writer {
	w := &writer{
		c:       c,
		queue:   make(chan *pending, groupMost),
		ran:     make(chan struct{}),
		stopped: make(chan struct{}),
	}
	go w.loop()
	return w
}

func (w *writer) loop() {
	defer close(w.stopped)
	for first := range w.queue {
		if first.take() {
			w.commit(first)
		}
	}
	_ = w.c.release()
}

// stop refuses new transactions and waits for those in the queue.
func (w *writer) stop() {
	w.mu.Lock()
	w.closed = true
	close(w.queue)
	w.mu.Unlock()
	<-w.stopped
}

// update waits for its turn and then for the commit. Whoever no longer waits
// for the turn leaves at once; after it, the answer is worth waiting for.
func (w *writer) update(ctx context.Context, d *DB, fn func(*Tx) error) error {
	p := &pending{ctx: ctx, calls: make(chan call, 1)}
	if err := w.join(p); err != nil {
		return err
	}
	var next call
	select {
	case next = <-p.calls:
	case <-ctx.Done():
		if p.take() {
			return ctx.Err()
		}
		next = <-p.calls
	}
	var tx *Tx
	for ; next.with != nil; next = <-p.calls {
		// The statements of a shared commit must not end with the context of
		// one of its callers.
		tx = d.begin(context.WithoutCancel(ctx), next.with, false)
		w.lent(p, tx, fn)
	}
	if next.err == nil {
		tx.committed()
	}
	return next.err
}

func (w *writer) join(p *pending) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed()
	}
	select {
	case w.queue <- p:
		return nil
	case <-p.ctx.Done():
		return p.ctx.Err()
	}
}

// take reports whether nobody had taken the transaction before.
func (p *pending) take() bool { return p.taken.CompareAndSwap(false, true) }

// lent runs the function with the writer's connection and gives it back,
// however the function ends.
func (w *writer) lent(p *pending, tx *Tx, fn func(*Tx) error) {
	p.err, p.over, p.lost = nil, false, true
	defer func() { w.ran <- struct{}{} }()
	if p.err = p.ctx.Err(); p.err == nil {
		p.err = tx.run(fn)
	}
	p.over, p.lost = true, p.err != nil && tx.wrote
}

// commit runs first and what arrives meanwhile in one transaction, commits it
// and answers all.
//
// A function that fails without having written is left out at no cost. The
// first that fails after writing takes the group with it: all is rolled back
// and the others run again, from then on with a savepoint each, so that no
// number of failures makes the group run a third time. Savepoints from the
// start would cost every good transaction for the sake of the rare bad one.
func (w *writer) commit(first *pending) {
	group := []*pending{first}
	err := w.c.run("BEGIN IMMEDIATE")
	for i, careful := 0, false; err == nil; i++ {
		if i == len(group) {
			if group = w.gather(group); i == len(group) {
				break
			}
		}
		kept := true
		if kept, err = w.turn(group[i], careful); !kept && err == nil {
			w.c.rollback()
			err = w.c.run("BEGIN IMMEDIATE")
			i, careful = -1, true
		}
	}
	if err == nil {
		err = w.c.run("COMMIT")
	}
	if err != nil {
		w.c.rollback()
	}
	if violated(err) && len(group) > 1 {
		// A deferred constraint speaks up at the commit; only those who broke
		// it shall fail.
		for _, p := range group {
			if !p.out {
				w.alone(p)
			}
		}
		return
	}
	for _, p := range group {
		p.answer(err)
	}
}

// alone gives the transaction a commit of its own.
func (w *writer) alone(p *pending) {
	err := w.c.run("BEGIN IMMEDIATE")
	if err == nil {
		_, err = w.turn(p, false)
	}
	if err == nil && !p.out {
		err = w.c.run("COMMIT")
	}
	if err != nil || p.out {
		w.c.rollback()
	}
	p.answer(err)
}

// gather adds the next transaction that waits, if there is one and the group
// has room.
func (w *writer) gather(group []*pending) []*pending {
	for len(group) < groupMost {
		select {
		case next, open := <-w.queue:
			switch {
			case !open:
				return group
			case next.take():
				return append(group, next)
			}
		default:
			return group
		}
	}
	return group
}

// turn lends the connection to one transaction, unless it is out, and reports
// whether the others' work is still there.
func (w *writer) turn(p *pending, careful bool) (kept bool, err error) {
	if p.out {
		return true, nil
	}
	if careful {
		if err := w.c.run("SAVEPOINT one"); err != nil {
			return false, err
		}
	}
	p.calls <- call{with: w.c}
	<-w.ran
	p.out = p.lost
	if !careful {
		return !p.lost, nil
	}
	if p.lost {
		// A full disk ends the whole transaction, savepoints and all.
		if err := w.c.run("ROLLBACK TO one"); err != nil {
			return false, nil
		}
	}
	return true, w.c.run("RELEASE one")
}

// answer tells the caller how its transaction ended: by its own failure, or
// with the commit. Nobody listens after a panic.
func (p *pending) answer(commit error) {
	switch {
	case p.out && !p.over:
	case p.err != nil:
		p.calls <- call{err: p.err}
	default:
		p.calls <- call{err: classify(commit)}
	}
}
