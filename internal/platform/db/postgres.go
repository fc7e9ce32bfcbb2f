package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"chibo/internal/platform/errs"
)

const (
	pauseFirst = 2 * time.Millisecond
	pauseMost  = 400 * time.Millisecond

	// patience outlasts the election of a new primary and the rush of a meeting
	// day, and is shorter than a browser's.
	patience = 40 * time.Second
	// attemptsLeast are for transactions that take longer than that.
	attemptsLeast = 12
)

// errUnsure: nobody can tell whether the commit was made, so fn must not run again.
var errUnsure = errors.New("the server went away while it committed")

// demoted reports that the server reads only: it was the primary.
func demoted(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "25006"
}

// away reports that the server went away, or has no room for one more at the
// moment, and that nothing was committed.
func away(err error) bool {
	var pg *pgconn.PgError
	switch {
	case errors.Is(err, errUnsure):
		return false
	case errors.As(err, &pg):
		return strings.HasPrefix(pg.Code, "57P") || strings.HasPrefix(pg.Code, "08") || pg.Code == noMemory || pg.Code == noConnection
	}
	return unreachable(err)
}

// What PostgreSQL has no room for: marks of what serialisable transactions have
// read, which all stay until the longest of them ends
// (max_pred_locks_per_transaction), and connections.
const (
	noMemory     = "53200"
	noConnection = "53300"
)

// postgres runs updates serialisably and tries again, after growing pauses of
// random length, what the server refused in favour of another.
type postgres struct{ pool *sql.DB }

func (d *DB) openPostgres(ctx context.Context, address string, o Options) error {
	pool, err := openPool(address, o)
	if err != nil {
		return err
	}
	if err := checkOrder(ctx, pool); err != nil {
		return errors.Join(err, pool.Close())
	}
	d.engine, d.pool = &postgres{pool}, pool
	return nil
}

func openPool(address string, o Options) (*sql.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, err
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(planPlainly))
	pool.SetMaxOpenConns(o.Connections)
	pool.SetMaxIdleConns(o.Connections)
	pool.SetConnMaxIdleTime(5 * time.Minute)
	return pool, nil
}

// planPlainly has each statement done by one process, as it stands. All that the
// program asks is small; in a country's tables, of which the planner guesses too
// much, it would compile the statement and start other processes for more time
// than the answer takes (526 ms instead of 17). A server that does not know such
// a setting needs none.
func planPlainly(ctx context.Context, conn *pgx.Conn) error {
	_, err := conn.Exec(ctx, `SET jit = off; SET max_parallel_workers_per_gather = 0`)
	if known := new(pgconn.PgError); errors.As(err, &known) {
		return nil
	}
	return err
}

// checkOrder refuses a database that does not compare texts byte by byte, as
// SQLite does: the ranges of paths and the order of lists rest on it.
func checkOrder(ctx context.Context, pool *sql.DB) error {
	var bytewise bool
	if err := pool.QueryRowContext(ctx, `SELECT 'a/b' < 'a0' AND 'B' < 'a' AND 'z' < 'đ'`).Scan(&bytewise); err != nil {
		return err
	}
	if !bytewise {
		return errs.New(errs.Unavailable, "errs.collation")
	}
	return nil
}

func (p *postgres) close() error { return p.pool.Close() }

func (p *postgres) view(ctx context.Context, d *DB, fn func(*Tx) error) error {
	return p.persist(ctx, d, reading, fn)
}

func (p *postgres) update(ctx context.Context, d *DB, fn func(*Tx) error) error {
	return p.persist(ctx, d, writing, fn)
}

func (p *postgres) updateGuarded(ctx context.Context, d *DB, fn func(*Tx) error) error {
	return p.persist(ctx, d, guarded, fn)
}

// persist runs fn until it is committed or refused for good: again, as long as
// patience lasts, when the server preferred another transaction, and when it was
// away before the commit was asked for, as a primary is that fails over.
func (p *postgres) persist(ctx context.Context, d *DB, m mode, fn func(*Tx) error) error {
	pause, until := pauseFirst, time.Now().Add(patience)
	for attempt := 1; ; {
		err := p.try(ctx, d, m, fn)
		switch {
		case retryable(err) && (attempt < attemptsLeast || time.Now().Before(until)):
			attempt++
		case (away(err) || demoted(err) && !m.reading) && time.Now().Before(until):
		default:
			return err
		}
		select {
		case <-time.After(pause/2 + rand.N(pause)):
		case <-ctx.Done():
			return ctx.Err()
		}
		pause = min(2*pause, pauseMost)
	}
}

// try runs fn once, in a transaction of its own.
func (p *postgres) try(ctx context.Context, d *DB, m mode, fn func(*Tx) error) error {
	conn, err := p.pool.Conn(ctx)
	if err != nil {
		return classify(err)
	}
	var tx *Tx
	err = conn.Raw(func(driver any) error {
		s := &session{driver.(*stdlib.Conn).Conn(), &pgx.Batch{}}
		s.later(m.begin)
		defer s.rollback()
		tx = d.begin(ctx, s, m.reading)
		if err := tx.run(fn); err != nil {
			return err
		}
		return s.commit(ctx, m.reading)
	})
	_ = conn.Close() // gives it back to the pool; what follows the commit may need it
	if err == nil {
		tx.committed()
	}
	return err
}

// mode is how a transaction begins.
type mode struct {
	begin   string
	reading bool
}

var (
	reading = mode{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", true}
	writing = mode{"BEGIN ISOLATION LEVEL SERIALIZABLE", false}
	guarded = mode{"BEGIN ISOLATION LEVEL REPEATABLE READ", false}
)
