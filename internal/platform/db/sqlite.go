package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"sync"
)

const (
	readers = 4
	// groupMost bounds how many transactions share one commit, so that the
	// first of them does not wait long for the last.
	groupMost = 128
	// statementsMost bounds a connection's prepared statements; lists cut by
	// scope make new texts now and then.
	statementsMost = 512
)

// sqlite gives one connection to a single writer, which commits the
// transactions waiting for it in groups (one fsync for all of them), and a few
// connections to readers.
type sqlite struct {
	write, read *sql.DB
	queue       chan *pending
	done        chan struct{}
	closing     sync.RWMutex
	closed      bool
	idle        chan *connection
}

// pending is a transaction that waits for the writer.
type pending struct {
	ctx      context.Context
	fn       func(*Tx) error
	tx       *Tx
	err      error
	panicked any
	answer   chan struct{}
}

func (d *DB) openSQLite(ctx context.Context, path string) error {
	dsn := func(more string) string {
		return "file:" + (&url.URL{Path: path}).EscapedPath() +
			"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
			"&_pragma=foreign_keys(1)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-8000)" + more
	}
	write, err := sql.Open("sqlite", dsn(""))
	if err != nil {
		return err
	}
	write.SetMaxOpenConns(1)
	read, err := sql.Open("sqlite", dsn("&_pragma=query_only(1)"))
	if err != nil {
		return err
	}
	read.SetMaxOpenConns(readers)
	if err := write.PingContext(ctx); err != nil {
		return errors.Join(err, write.Close(), read.Close())
	}
	s := &sqlite{
		write: write, read: read,
		queue: make(chan *pending, groupMost),
		done:  make(chan struct{}),
		idle:  make(chan *connection, readers),
	}
	for range readers {
		s.idle <- &connection{pool: read}
	}
	d.engine, d.pool = s, write
	go s.writer(d)
	return nil
}

func (s *sqlite) close() error {
	s.closing.Lock()
	if s.closed {
		s.closing.Unlock()
		return nil
	}
	s.closed = true
	close(s.queue)
	s.closing.Unlock()
	<-s.done
	var failures []error
	for range readers {
		c := <-s.idle
		failures = append(failures, c.release())
	}
	return errors.Join(append(failures, s.read.Close(), s.write.Close())...)
}

func (s *sqlite) view(ctx context.Context, d *DB, fn func(*Tx) error) (err error) {
	var c *connection
	select {
	case c = <-s.idle:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.idle <- c }()
	if err := c.run("BEGIN"); err != nil {
		return classify(err)
	}
	defer func() { err = errors.Join(err, c.run("ROLLBACK")) }()
	tx := d.begin(detached(ctx), c, true)
	if err := fn(tx); err != nil {
		return err
	}
	tx.committed()
	return nil
}

// detached keeps a context's values and drops its end: a statement that is cut
// off midway would spoil the transactions that share the connection.
func detached(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }

func (s *sqlite) update(ctx context.Context, _ *DB, fn func(*Tx) error) error {
	p := &pending{ctx: ctx, fn: fn, answer: make(chan struct{})}
	s.closing.RLock()
	if s.closed {
		s.closing.RUnlock()
		return errClosed
	}
	s.queue <- p
	s.closing.RUnlock()
	<-p.answer
	if p.panicked != nil {
		panic(p.panicked)
	}
	if p.err == nil {
		p.tx.committed()
	}
	return p.err
}

var errClosed = fmt.Errorf("the database is closed")

// writer takes what waits, runs it, commits once, and answers all.
func (s *sqlite) writer(d *DB) {
	defer close(s.done)
	c := &connection{pool: s.write}
	defer c.release()
	for first := range s.queue {
		s.commit(d, c, first)
	}
}

// commit runs first and what arrives meanwhile in one transaction.
//
// A function that fails without having written is left out at no cost. One
// that fails after writing spoils the group: it is rolled back, and the others
// run again without it. That is cheaper than a savepoint for each.
func (s *sqlite) commit(d *DB, c *connection, first *pending) {
	group := []*pending{first}
	defer func() {
		for _, p := range group {
			close(p.answer)
		}
	}()
	failAll := func(err error) {
		for _, p := range group {
			if p.err == nil {
				p.err = classify(err)
			}
		}
	}
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		failAll(err)
		return
	}
	for i := 0; i < len(group); i++ {
		if spoilt := group[i].run(d, c); spoilt {
			if err := s.redo(d, c, group[:i]); err != nil {
				failAll(err)
				return
			}
		}
		if len(group) < groupMost {
			select {
			case next, open := <-s.queue:
				if open {
					group = append(group, next)
				}
			default:
			}
		}
	}
	if err := c.run("COMMIT"); err != nil {
		failAll(err)
		// A failed commit may leave the transaction open; a second ROLLBACK
		// error only says that it did not.
		_ = c.run("ROLLBACK")
	}
}

// redo starts the transaction anew and repeats those that had succeeded.
func (s *sqlite) redo(d *DB, c *connection, earlier []*pending) error {
	if err := c.run("ROLLBACK"); err != nil {
		return err
	}
	if err := c.run("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for i, p := range earlier {
		if p.err != nil || p.panicked != nil {
			continue
		}
		if spoilt := p.run(d, c); spoilt {
			return s.redo(d, c, earlier[:i])
		}
	}
	return nil
}

// run calls the function and reports whether it failed after having written.
func (p *pending) run(d *DB, c *connection) (spoilt bool) {
	if err := p.ctx.Err(); err != nil {
		p.err = err
		return false
	}
	p.tx = d.begin(detached(p.ctx), c, false)
	defer func() {
		if p.panicked = recover(); p.panicked != nil {
			spoilt = true
		}
	}()
	p.err = p.fn(p.tx)
	return p.err != nil && p.tx.wrote
}

// connection prepares each statement once.
type connection struct {
	pool       *sql.DB
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

func (c *connection) run(command string) error {
	_, err := c.ExecContext(context.Background(), command)
	return err
}

func (c *connection) prepared(query string) (*sql.Stmt, error) {
	if stmt := c.statements[query]; stmt != nil {
		return stmt, nil
	}
	if len(c.statements) >= statementsMost {
		c.forget()
	}
	if c.conn == nil {
		conn, err := c.pool.Conn(context.Background())
		if err != nil {
			return nil, err
		}
		c.conn, c.statements = conn, map[string]*sql.Stmt{}
	}
	stmt, err := c.conn.PrepareContext(context.Background(), query)
	if err == nil {
		c.statements[query] = stmt
	}
	return stmt, err
}

func (c *connection) forget() {
	for query, stmt := range c.statements {
		_ = stmt.Close()
		delete(c.statements, query)
	}
}

func (c *connection) release() error {
	c.forget()
	if c.conn == nil {
		return nil
	}
	return c.conn.Close()
}

func (c *connection) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := c.prepared(query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (c *connection) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := c.prepared(query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}
