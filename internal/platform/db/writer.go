package db

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// groupMost bounds how many transactions share one commit, so that the first
// of them does not wait long for the last.
const groupMost = 128

// writer owns SQLite's writing connection. It runs one waiting transaction after
// the other and commits once for all of them.
//
// The functions run on the writer's goroutine: to lend the connection to that of
// each caller cost two changes of goroutine a transaction, a tenth of its time.
// A panic goes on in the caller. runtime.Goexit, with which tests end, ends the
// caller too, and the writer goes on as another goroutine; all that it must know
// for that is kept here.
type writer struct {
	c       *connection
	queue   chan *pending
	stopped chan struct{}

	mu     sync.RWMutex // guards closed against the sends into queue
	closed bool

	// The group under way; nobody but the writer's goroutine touches it.
	group   []*pending
	next    int      // whose turn it is
	running *pending // whose function runs
	careful bool     // each turn has a savepoint
	alone   bool     // nobody joins it
	err     error    // of the group as a whole
	// apart are those who shall have a commit of their own.
	apart []*pending
}

// pending is a transaction that waits for the writer.
type pending struct {
	ctx   context.Context
	d     *DB
	fn    func(*Tx) error
	taken atomic.Bool // by the writer, or by a caller who waits no longer
	ended chan ending

	tx  *Tx    // of the last run
	end ending // of the last run
	// out: the transaction failed for good, and is not run again.
	out bool
}

// ending is how a transaction ended.
type ending struct {
	err   error
	panic *Panic
	// exit: the function ended its goroutine.
	exit bool
}

// Panic is a panic of a function that ran in a transaction, raised once more
// where the caller waits.
type Panic struct {
	Value any
	Stack []byte
}

func (p *Panic) Error() string { return fmt.Sprintf("%v, in a transaction:\n%s", p.Value, p.Stack) }

func newWriter(c *connection) *writer {
	w := &writer{c: c, queue: make(chan *pending, groupMost), stopped: make(chan struct{})}
	go w.loop()
	return w
}

// loop commits one group after the other.
func (w *writer) loop() {
	done := false
	defer func() {
		if !done { // a function has ended this goroutine
			go w.loop()
		}
	}()
	for w.take() {
		w.commit()
	}
	done = true
	_ = w.c.release()
	close(w.stopped)
}

// take finds the next group, if one is to come: the one that another goroutine
// of the writer left behind, those who broke a shared commit, whoever waits.
func (w *writer) take() bool {
	if w.group != nil {
		return true
	}
	if w.alone = len(w.apart) > 0; w.alone {
		w.begin(w.apart[0])
		w.apart = w.apart[1:]
		return true
	}
	for first := range w.queue {
		if first.take() {
			w.begin(first)
			return true
		}
	}
	return false
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
	p := &pending{ctx: ctx, d: d, fn: fn, ended: make(chan ending, 1)}
	if err := w.join(p); err != nil {
		return err
	}
	var end ending
	select {
	case end = <-p.ended:
	case <-ctx.Done():
		if p.take() {
			return ctx.Err()
		}
		end = <-p.ended
	}
	switch {
	case end.panic != nil:
		panic(end.panic)
	case end.exit:
		runtime.Goexit()
	case end.err == nil:
		p.tx.committed()
	}
	return end.err
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

// run runs the function, however it ends.
func (p *pending) run(on *connection) {
	// The statements of a shared commit must not end with the context of one of
	// its callers.
	p.tx = p.d.begin(context.WithoutCancel(p.ctx), on, false)
	p.end = ending{exit: true}
	defer func() {
		if v := recover(); v != nil {
			p.end = ending{panic: &Panic{v, debug.Stack()}}
		}
	}()
	err := p.ctx.Err()
	if err == nil {
		err = p.tx.run(p.fn)
	}
	p.end = ending{err: err}
}

// failed reports that the last run came to nothing.
func (p *pending) failed() bool { return p.end != ending{} }

// lost reports that the last run left something that must be undone.
func (p *pending) lost() bool {
	return p.end.exit || p.end.panic != nil || p.end.err != nil && p.tx.wrote
}

// begin opens the transaction of a new group.
func (w *writer) begin(group ...*pending) {
	w.group, w.next, w.careful = group, 0, false
	w.err = w.c.run("BEGIN IMMEDIATE")
}

// commit runs the group and what arrives meanwhile in one transaction, commits
// it and answers all.
//
// A function that fails without having written is left out at no cost. The
// first that fails after writing takes the group with it: all is rolled back
// and the others run again, from then on with a savepoint each, so that no
// number of failures makes the group run a third time. Savepoints from the
// start would cost every good transaction for the sake of the rare bad one.
func (w *writer) commit() {
	if w.running != nil {
		w.settle()
	}
	for w.err == nil && w.more() {
		w.turn()
	}
	group := w.group
	err := w.end()
	// A deferred constraint speaks up at the commit; only those who broke it
	// shall fail.
	apart := violated(err) && len(group) > 1
	for _, p := range group {
		if apart && !p.out {
			w.apart = append(w.apart, p)
			continue
		}
		p.answer(err)
	}
}

// end commits what the group has done, and leaves no group under way.
func (w *writer) end() error {
	err := w.err
	if err == nil {
		err = w.c.run("COMMIT")
	}
	if err != nil {
		w.c.rollback()
	}
	w.group, w.err = nil, nil
	return err
}

// more reports whether somebody has a turn: of the group, or of those who wait.
func (w *writer) more() bool {
	for w.next == len(w.group) && len(w.group) < groupMost && !w.alone {
		select {
		case next, open := <-w.queue:
			if !open {
				return false
			}
			if next.take() {
				w.group = append(w.group, next)
			}
		default:
			return false
		}
	}
	return w.next < len(w.group)
}

// turn runs the next transaction, unless it is out.
func (w *writer) turn() {
	p := w.group[w.next]
	w.next++
	if p.out {
		return
	}
	if w.careful {
		if w.err = w.c.run("SAVEPOINT one"); w.err != nil {
			return
		}
	}
	w.running = p
	p.run(w.c)
	w.settle()
}

// settle keeps what the transaction has done that has just run, or undoes it,
// alone or with the others.
func (w *writer) settle() {
	p := w.running
	w.running = nil
	p.out = p.lost()
	switch {
	case w.careful && p.out && w.c.run("ROLLBACK TO one") != nil:
		// A full disk ends the whole transaction, savepoints and all.
		w.again()
	case w.careful:
		w.err = w.c.run("RELEASE one")
	case p.out:
		w.again()
	}
}

// again undoes the group, and has all but those who are out run once more.
func (w *writer) again() {
	w.c.rollback()
	w.begin(w.group...)
	w.careful = true
}

// answer tells the caller how its transaction ended: by its own failure, or
// with the commit.
func (p *pending) answer(commit error) {
	if !p.failed() {
		p.end.err = classify(commit)
	}
	p.ended <- p.end
}
