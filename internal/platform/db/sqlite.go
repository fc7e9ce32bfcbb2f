package db

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"sync"

	"chibo/internal/platform/errs"
)

const (
	readers = 4
	// writing is one connection for the writer and one for Pool, which changes
	// the schema; SQLite lets only one of them write at a time.
	writing = 2
)

// sqlite gives one connection to a single writer, which commits the
// transactions waiting for it in groups (one fsync for all of them), and a few
// connections to readers.
type sqlite struct {
	write, read *sql.DB
	writer      *writer
	idle        chan *connection
	closing     chan struct{}
	closeOnce   sync.Once
	closed      error
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
	read, err := sql.Open("sqlite", dsn("&_pragma=query_only(1)"))
	if err != nil {
		return errors.Join(err, write.Close())
	}
	write.SetMaxOpenConns(writing)
	read.SetMaxOpenConns(readers)
	if err := write.PingContext(ctx); err != nil {
		return errors.Join(err, write.Close(), read.Close())
	}
	s := &sqlite{
		write: write, read: read,
		writer:  newWriter(write),
		idle:    make(chan *connection, readers),
		closing: make(chan struct{}),
	}
	for range readers {
		s.idle <- &connection{pool: read}
	}
	d.engine, d.pool = s, write
	return nil
}

// close lets the transactions that wait or run come to their end.
func (s *sqlite) close() error {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.writer.stop()
		var failures []error
		for range readers {
			c := <-s.idle
			failures = append(failures, c.release())
		}
		s.closed = errors.Join(append(failures, s.read.Close(), s.write.Close())...)
	})
	return s.closed
}

func (s *sqlite) view(ctx context.Context, d *DB, fn func(*Tx) error) (err error) {
	c, err := s.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { s.idle <- c }()
	if err := c.run("BEGIN"); err != nil {
		c.discard()
		return classify(err)
	}
	defer c.rollback()
	tx := d.begin(ctx, c, true)
	if err := tx.run(fn); err != nil {
		return err
	}
	tx.committed()
	return nil
}

func (s *sqlite) reader(ctx context.Context) (*connection, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case <-s.closing:
		return nil, errClosed()
	default:
	}
	select {
	case c := <-s.idle:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-s.closing:
		return nil, errClosed()
	}
}

func (s *sqlite) update(ctx context.Context, d *DB, fn func(*Tx) error) error {
	return s.writer.update(ctx, d, fn)
}

func errClosed() error {
	return errs.Wrap(errors.New("the database is closed"), errs.Unavailable, "errs.unavailable")
}
