// Package testkit gives each test a fresh database on every engine, a clock
// that stands still until it is moved, and readable expectations of failures.
//
// PostgreSQL is tested when CHIBO_TEST_POSTGRES names a server whose user may
// create databases; `make test` starts one.
package testkit

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/schema"
)

// Kit is one test's database and clock.
type Kit struct {
	T  testing.TB
	DB *db.DB

	mu  sync.Mutex
	now time.Time
}

// Start is the time at which every test begins: the morning of a meeting day.
var Start = clock.NewDate(2026, 11, 3).At(7, 30)

// Each runs the test once on each engine.
func Each(t *testing.T, test func(t *testing.T, k *Kit)) {
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, open(t, sqliteCopy(t)))
	})
	t.Run("postgres", func(t *testing.T) {
		server := os.Getenv("CHIBO_TEST_POSTGRES")
		if server == "" {
			t.Skip("CHIBO_TEST_POSTGRES is not set; make test sets it")
		}
		t.Parallel()
		test(t, open(t, postgresCopy(t, server)))
	})
}

// SQLite is a kit on SQLite alone, for tests that are not about verbs.
func SQLite(t testing.TB) *Kit { return open(t, sqliteCopy(t)) }

func open(t testing.TB, address string) *Kit {
	k := &Kit{T: t, now: Start}
	d, err := db.Open(context.Background(), address, db.Options{Now: k.Now, Connections: 4, Secret: []byte("a secret of the tests")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	k.DB = d
	return k
}

// Now is the time of the kit's clock.
func (k *Kit) Now() time.Time {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

// Today is the day of the kit's clock.
func (k *Kit) Today() clock.Date { return clock.DateOf(k.Now()) }

// SetNow moves the clock.
func (k *Kit) SetNow(t time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.now = t
}

// Update runs fn in a transaction and fails the test if it fails.
func (k *Kit) Update(fn func(tx *db.Tx) error) {
	k.T.Helper()
	if err := k.DB.Update(context.Background(), fn); err != nil {
		k.T.Fatal(err)
	}
}

// View runs fn in a viewing transaction and fails the test if it fails.
func (k *Kit) View(fn func(tx *db.Tx) error) {
	k.T.Helper()
	if err := k.DB.View(context.Background(), fn); err != nil {
		k.T.Fatal(err)
	}
}

// Try runs fn in a transaction and gives back its failure.
func (k *Kit) Try(fn func(tx *db.Tx) error) error {
	return k.DB.Update(context.Background(), fn)
}

// OK says "no failure" where a table expects a kind.
const OK = errs.Kind(255)

// Want fails the test unless err is of the kind, or nil for OK.
func Want(t testing.TB, err error, kind errs.Kind) {
	t.Helper()
	switch {
	case kind == OK && err != nil:
		t.Errorf("failed: %v", err)
	case kind != OK && err == nil:
		t.Errorf("succeeded, want %v", kind)
	case kind != OK && errs.KindOf(err) != kind:
		t.Errorf("kind %v, want %v: %v", errs.KindOf(err), kind, err)
	}
}

// WantField fails the test unless err marks the field as wrong.
func WantField(t testing.TB, err error, field string) {
	t.Helper()
	if e, ok := errs.As(err); !ok || e.Fields[field].Key == "" {
		t.Errorf("field %q is not marked as wrong: %v", field, err)
	}
}

// sqliteTemplate is a migrated database file, made once and copied for each test.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "chibo-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func migrate(address string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, address, db.Options{Connections: 2})
	if err != nil {
		return err
	}
	if err := schema.Apply(ctx, d); err != nil {
		_ = d.Close()
		return err
	}
	return d.Close()
}

func sqliteCopy(t testing.TB) string {
	t.Helper()
	content, err := sqliteTemplate()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "chibo.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// postgresTemplate is a migrated database that all test processes share as
// long as the schema is the same. The first of them makes it under another
// name, so that nobody copies half of it.
var postgresTemplate = sync.OnceValues(func() (name string, err error) {
	server := os.Getenv("CHIBO_TEST_POSTGRES")
	name = "chibo_template_" + schema.Fingerprint()[:12]
	return name, locked(server, func(pool *sql.Conn) error {
		ctx := context.Background()
		var made bool
		if err := pool.QueryRowContext(ctx, `SELECT count(*) > 0 FROM pg_database WHERE datname = $1`, name).Scan(&made); err != nil || made {
			return err
		}
		draft := "chibo_draft_" + random()
		if _, err := pool.ExecContext(ctx, "CREATE DATABASE "+draft); err != nil {
			return err
		}
		if err := migrate(database(server, draft)); err != nil {
			return err
		}
		_, err := pool.ExecContext(ctx, "ALTER DATABASE "+draft+" RENAME TO "+name)
		return err
	})
})

func postgresCopy(t testing.TB, server string) string {
	t.Helper()
	template, err := postgresTemplate()
	if err != nil {
		t.Fatal(err)
	}
	return postgresDatabase(t, server, " TEMPLATE "+template)
}

// EmptyPostgres is the address of a database without a table, which is gone when
// the test ends. Without a server the test is skipped.
func EmptyPostgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv("CHIBO_TEST_POSTGRES")
	if server == "" {
		t.Skip("CHIBO_TEST_POSTGRES is not set; make test sets it")
	}
	return postgresDatabase(t, server, "")
}

func postgresDatabase(t testing.TB, server, like string) string {
	t.Helper()
	name := "chibo_test_" + random()
	if err := command(server, "CREATE DATABASE "+name+like); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := command(server, "DROP DATABASE "+name); err != nil {
			t.Error(err)
		}
	})
	return database(server, name)
}

func random() string {
	var b [6]byte
	_, _ = rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

func database(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		panic(err)
	}
	u.Path = "/" + name
	return u.String()
}

func command(server, statement string) error {
	return locked(server, func(conn *sql.Conn) error {
		_, err := conn.ExecContext(context.Background(), statement)
		return err
	})
}

// locked runs fn while no other test, of this process or another, creates or
// drops a database: PostgreSQL would refuse a template that is being copied.
func locked(server string, fn func(*sql.Conn) error) error {
	ctx := context.Background()
	d, err := db.Open(ctx, server, db.Options{Connections: 1})
	if err != nil {
		return err
	}
	conn, err := d.Pool().Conn(ctx)
	if err != nil {
		return errors.Join(err, d.Close())
	}
	// Any number will do, so long as every process takes the same.
	if _, err = conn.ExecContext(ctx, `SELECT pg_advisory_lock(26)`); err == nil {
		err = fn(conn)
	}
	// The lock goes with the connection.
	return errors.Join(err, conn.Close(), d.Close())
}
