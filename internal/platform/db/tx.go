package db

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"reflect"
	"time"
)

// querier is what a transaction needs of a connection.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// Tx is a transaction under way. It lives for one call of View or Update and
// serves one goroutine.
type Tx struct {
	// Now is the time of the whole transaction.
	Now time.Time

	ctx     context.Context
	dialect Dialect
	secret  []byte
	on      querier
	reading bool
	wrote   bool
	after   []func()
}

// begin binds one run of a function to a connection. Its statements run under
// stmts, which for a shared SQLite commit must not be the caller's context.
func (d *DB) begin(ctx context.Context, on querier, reading bool) *Tx {
	return &Tx{
		Now:     d.now().Truncate(time.Millisecond),
		ctx:     context.WithValue(ctx, insideTx{}, true),
		dialect: d.dialect,
		secret:  d.secret,
		on:      on,
		reading: reading,
	}
}

// Context is the context of the call that opened the transaction.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Dialect tells which engine the transaction runs on.
func (tx *Tx) Dialect() Dialect { return tx.dialect }

// Derive is a key of 32 bytes for one purpose, made of the database's secret.
func (tx *Tx) Derive(purpose string) []byte { return derive(tx.secret, purpose) }

// Derive is the same key outside a transaction.
func (d *DB) Derive(purpose string) []byte { return derive(d.secret, purpose) }

func derive(secret []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}

// AfterCommit has fn run once the transaction is durable.
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
	tx.wrote = true
	result, err := tx.on.ExecContext(tx.ctx, query, plain(args)...)
	if err != nil {
		return 0, failed(query, err)
	}
	return result.RowsAffected()
}

func (tx *Tx) query(query string, args []any) (*sql.Rows, error) {
	rows, err := tx.on.QueryContext(tx.ctx, query, plain(args)...)
	if err != nil {
		return nil, failed(query, err)
	}
	return rows, nil
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
// milliseconds, named strings and numbers their base.
func plain(args []any) []any {
	for i, arg := range args {
		args[i] = plainOne(arg)
	}
	return args
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
