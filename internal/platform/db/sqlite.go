package db

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"

	"chibo/internal/platform/errs"
)

// readers is how many transactions can view at the same time.
const readers = 4

// settings are those of every connection.
var settings = []string{
	"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "temp_store(MEMORY)", "cache_size(-8000)",
	// A checkpoint stops the writer for two flushes of the disk: 16 MB apart,
	// not 4, it is rare, and a page that was written often is copied once.
	"wal_autocheckpoint(4000)",
}

// roomy has the writer keep up to 32 MB of pages, as it comes to need them: where
// thousands of rows go in at once, the pages of all indexes stay at hand instead
// of going out and being fetched again.
const roomy = "cache_size(-32000)"

// sqliteEngine gives one connection to a single writer, which commits the
// transactions waiting for it in groups (one fsync for all of them), and a few
// connections to readers.
type sqliteEngine struct {
	pool      *sql.DB // for schema changes
	writer    *writer
	idle      chan *connection
	closing   chan struct{}
	closeOnce sync.Once
	closed    error
}

func (d *DB) openSQLite(ctx context.Context, path string) error {
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+
		"?_pragma=busy_timeout(10000)&_pragma="+strings.Join(settings, "&_pragma="))
	if err != nil {
		return err
	}
	pool.SetMaxOpenConns(2)
	if err := pool.PingContext(ctx); err != nil {
		return errors.Join(err, pool.Close())
	}
	s := &sqliteEngine{
		pool:    pool,
		writer:  newWriter(&connection{path: path, settings: append(slices.Clone(settings), roomy)}),
		idle:    make(chan *connection, readers),
		closing: make(chan struct{}),
	}
	for range readers {
		s.idle <- &connection{path: path, settings: append(slices.Clone(settings), "query_only(1)")}
	}
	d.engine, d.pool = s, pool
	return nil
}

// close lets the transactions that wait or run come to their end.
func (s *sqliteEngine) close() error {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.writer.stop()
		var failures []error
		for range readers {
			c := <-s.idle
			failures = append(failures, c.release())
		}
		s.closed = errors.Join(append(failures, s.pool.Close())...)
	})
	return s.closed
}

func (s *sqliteEngine) view(ctx context.Context, d *DB, fn func(*Tx) error) (err error) {
	c, err := s.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { s.idle <- c }()
	if err := c.run("BEGIN"); err != nil {
		return errors.Join(classify(err), c.release())
	}
	defer c.rollback()
	defer c.watch(ctx)()
	tx := d.begin(ctx, c, true)
	if err := tx.run(fn); err != nil {
		return err
	}
	tx.committed()
	return nil
}

func (s *sqliteEngine) reader(ctx context.Context) (*connection, error) {
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

func (s *sqliteEngine) update(ctx context.Context, d *DB, fn func(*Tx) error) error {
	return s.writer.update(ctx, d, fn)
}

// updateGuarded is update: one writer writes at a time.
func (s *sqliteEngine) updateGuarded(ctx context.Context, d *DB, fn func(*Tx) error) error {
	return s.update(ctx, d, fn)
}

func errClosed() error {
	return errs.Wrap(errors.New("the database is closed"), errs.Unavailable, "errs.unavailable")
}
