// Package db runs transactions on SQLite or PostgreSQL with one SQL text.
//
// It knows connections, commits, retries and what the databases' errors mean.
// It knows no table: whoever owns one writes its SQL. Placeholders are $1 on
// both databases; the traps of the common text are listed in CONTRIBUTING.md.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	_ "modernc.org/sqlite"

	"chibo/internal/platform/clock"
)

// Dialect names the database engine, for the few places that must know.
type Dialect string

const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// DB is an open database.
type DB struct {
	dialect Dialect
	now     clock.Now
	keys    *keys
	engine  engine
	pool    *sql.DB
	replica *postgres // nil: there is none
	long    chan struct{}
}

// engine is what the two databases do differently about transactions.
type engine interface {
	view(ctx context.Context, d *DB, fn func(*Tx) error) error
	viewOnce(ctx context.Context, d *DB, fn func(*Tx) error) error
	update(ctx context.Context, d *DB, fn func(*Tx) error) error
	updateGuarded(ctx context.Context, d *DB, fn func(*Tx) error) error
	close() error
}

// Options are settings of Open; the zero value serves.
type Options struct {
	// Now is the clock of transactions; nil is the machine's.
	Now clock.Now
	// Connections bounds PostgreSQL's pool; 0 is 16.
	Connections int
	// Replica is the address of a copy of the database that ViewStale reads; ""
	// is none.
	Replica string
	// Secret is kept outside the database; Tx.Derive makes keys of it. Whoever
	// can write the tables, but has not the secret, cannot forge what it seals.
	Secret []byte
}

// Open connects to address: a postgres:// URL, or the path of an SQLite file,
// which is created when it does not exist.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	d := &DB{now: o.Now, keys: &keys{secret: o.Secret}}
	if d.now == nil {
		d.now = time.Now
	}
	if o.Connections == 0 {
		o.Connections = 16
	}
	var err error
	if isPostgres(address) {
		d.dialect = Postgres
		err = d.openPostgres(ctx, address, o)
	} else {
		d.dialect = SQLite
		err = d.openSQLite(ctx, address)
	}
	d.long = make(chan struct{}, longMost(d.dialect, o.Connections))
	if err == nil && o.Replica != "" {
		if err = d.openReplica(o.Replica, o); err != nil {
			err = errors.Join(err, d.engine.close())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("open %s database: %w", d.dialect, classify(err))
	}
	return d, nil
}

func isPostgres(address string) bool {
	return strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://")
}

// Close waits for transactions under way and releases the connections.
func (d *DB) Close() error {
	if d.replica != nil {
		return errors.Join(d.replica.close(), d.engine.close())
	}
	return d.engine.close()
}

// Dialect tells which engine this is.
func (d *DB) Dialect() Dialect { return d.dialect }

// Pool is the writing pool, for schema changes before anything else runs.
func (d *DB) Pool() *sql.DB { return d.pool }

// Now is the time of the database's clock.
func (d *DB) Now() time.Time { return d.now() }

// View runs fn on one snapshot; fn must not write.
func (d *DB) View(ctx context.Context, fn func(*Tx) error) error {
	if err := refuseNesting(ctx); err != nil {
		return err
	}
	return d.engine.view(ctx, d, fn)
}

// Update runs fn in a transaction and returns once its effect is durable. An
// error or a panic of fn leaves no trace. fn may run more than once, so it has
// no effect but through tx; what must happen outside waits in AfterCommit.
func (d *DB) Update(ctx context.Context, fn func(*Tx) error) error {
	if err := refuseNesting(ctx); err != nil {
		return err
	}
	return d.engine.update(ctx, d, fn)
}

// UpdateGuarded is Update for a job that reads what everybody writes, and proves
// itself that nobody came in between: it changes rows only where their version,
// or a unique key, is what it read. On PostgreSQL nobody then begins anew for its
// sake, as writers must of whose rows a serialisable transaction has read the
// pages.
func (d *DB) UpdateGuarded(ctx context.Context, fn func(*Tx) error) error {
	if err := refuseNesting(ctx); err != nil {
		return err
	}
	return d.engine.updateGuarded(ctx, d, fn)
}

type insideTx struct{}

func refuseNesting(ctx context.Context) error {
	if ctx.Value(insideTx{}) != nil {
		return fmt.Errorf("a transaction was opened inside a transaction")
	}
	return nil
}
