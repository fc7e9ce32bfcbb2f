package db

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// querier is what a transaction needs of a connection.
type querier interface {
	// Exec says how many rows the statement changed.
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	Query(ctx context.Context, query string, args ...any) (rows, error)
}

// rows are an answer that is read row by row, as *sql.Rows is.
type rows interface {
	Row
	Next() bool
	Err() error
	Close() error
}

// Tx is a transaction under way. It lives for one call of View or Update and
// serves one goroutine.
type Tx struct {
	// Now is the time of the whole transaction.
	Now time.Time

	ctx     context.Context
	dialect Dialect
	keys    *keys
	on      querier
	reading bool
	wrote   bool
	open    bool  // rows are being read
	failure error // of a statement; nothing follows it
	after   []func()
}

// begin binds one run of a function to a connection.
func (d *DB) begin(ctx context.Context, on querier, reading bool) *Tx {
	return &Tx{
		Now:     d.now().Truncate(time.Millisecond),
		ctx:     context.WithValue(ctx, insideTx{}, true),
		dialect: d.dialect,
		keys:    d.keys,
		on:      on,
		reading: reading,
	}
}

// Context is the context of the call that opened the transaction.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Dialect tells which engine the transaction runs on.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

// Derive is a key of 32 bytes for one purpose, made of the database's secret.
// It is shared: nobody changes it.
func (tx *Tx) Derive(purpose string) []byte { return tx.keys.derive(purpose) }

// Derive is the same key outside a transaction.
func (d *DB) Derive(purpose string) []byte { return d.keys.derive(purpose) }

// keys are derived once; their purposes are few.
type keys struct {
	secret []byte
	made   sync.Map
}

func (k *keys) derive(purpose string) []byte {
	if key, ok := k.made.Load(purpose); ok {
		return key.([]byte)
	}
	mac := hmac.New(sha256.New, k.secret)
	mac.Write([]byte(purpose))
	key, _ := k.made.LoadOrStore(purpose, mac.Sum(nil))
	return key.([]byte)
}

// run calls fn. A statement that failed fails the transaction, even if fn made
// light of it: PostgreSQL would not commit it, and SQLite may have undone it.
func (tx *Tx) run(fn func(*Tx) error) error {
	if err := fn(tx); err != nil {
		return err
	}
	return tx.failure
}

// AfterCommit has fn run once, on the caller's goroutine, when the transaction
// is durable. fn may open a transaction, but not under Tx.Context.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

func (tx *Tx) committed() {
	for _, fn := range tx.after {
		fn()
	}
}

// Exec runs a statement that changes rows and says how many it changed.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if tx.reading {
		return 0, fmt.Errorf("a viewing transaction was asked to write: %s", query)
	}
	if err := tx.ready(query); err != nil {
		return 0, err
	}
	changed, err := tx.on.Exec(tx.ctx, query, plain(args)...)
	if err != nil {
		return 0, tx.fail(query, err)
	}
	tx.wrote = true
	return changed, nil
}

// Later has a statement run before the next one, or before the commit: for what
// nobody waits for, such as the last thing that a verb writes. It fails as late,
// and then the transaction fails.
func (tx *Tx) Later(query string, args ...any) error {
	s, ok := tx.on.(*session)
	if !ok || tx.reading {
		_, err := tx.Exec(query, args...)
		return err
	}
	if err := tx.ready(query); err != nil {
		return err
	}
	tx.wrote = true
	s.later(query, plain(args)...)
	return nil
}

// read runs a query and hands its rows to fn.
func (tx *Tx) read(query string, args []any, fn func(rows) error) error {
	if err := tx.ready(query); err != nil {
		return err
	}
	// INSERT … RETURNING is a query that writes.
	tx.wrote = tx.wrote || !onlyReads(query)
	found, err := tx.on.Query(tx.ctx, query, plain(args)...)
	if err != nil {
		return tx.fail(query, err)
	}
	tx.open = true
	defer func() {
		tx.open = false
		_ = found.Close()
	}()
	if err := fn(found); err != nil {
		return err
	}
	if err := found.Err(); err != nil {
		return tx.fail(query, err)
	}
	return nil
}

func onlyReads(query string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(query), " ")
	return strings.EqualFold(first, "SELECT")
}

// ready refuses what PostgreSQL would refuse, on SQLite too: a statement after
// one that failed, or among the rows of another.
func (tx *Tx) ready(query string) error {
	switch {
	case tx.failure != nil:
		return tx.failure
	case tx.open:
		return fmt.Errorf("a statement was run while rows of another are read: %s", query)
	}
	return nil
}

// fail notes that a statement failed. A violated constraint has undone its own
// statement; any other failure may have undone more.
func (tx *Tx) fail(query string, err error) error {
	tx.wrote = tx.wrote || !violated(err)
	tx.failure = failed(query, err)
	return tx.failure
}

// failed classifies a database error and keeps the statement beside it for
// the log.
func failed(query string, err error) error {
	if len(query) > 200 {
		query = query[:200] + "…"
	}
	return fmt.Errorf("%w (in %s)", classify(err), query)
}

// plain turns the program's types into what both drivers take: instants become
// milliseconds, named strings and numbers their base. No time, no date and no
// id are NULL.
func plain(args []any) []any {
	list := make([]any, len(args))
	for i, arg := range args {
		list[i] = plainOne(arg)
	}
	return list
}

func plainOne(arg any) any {
	switch v := arg.(type) {
	case nil, int64, string, bool, []byte, float64:
		return arg
	case time.Time:
		if v.IsZero() {
			return nil
		}
		return v.UnixMilli()
	case time.Duration:
		return v.Milliseconds()
	case interface{ IsZero() bool }:
		if v.IsZero() {
			return nil
		}
		return arg
	}
	switch v := reflect.ValueOf(arg); v.Kind() {
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if id, ok := arg.(interface{ Null() bool }); ok && id.Null() {
			return nil
		}
		return v.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint())
	case reflect.String:
		return v.String()
	case reflect.Bool:
		return v.Bool()
	}
	return arg
}
