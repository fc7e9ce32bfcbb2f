package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"chibo/internal/platform/clock"
)

const (
	// statementsMost bounds a connection's prepared statements; lists cut by
	// scope make new texts now and then.
	statementsMost = 512
	// busyMost is how long a statement waits for another process.
	busyMost = 10 * time.Second
)

// connection is one SQLite connection that prepares each statement once. It
// speaks to the engine itself: through database/sql, whose locks, copies and
// conversions come on top, a roll-call entry took more than twice as long.
type connection struct {
	path string
	// settings are run when the connection is opened.
	settings   []string
	conn       *sqlite.Conn
	statements map[string]*statement
}

// statement is a prepared statement. SQLite numbers parameters as they appear,
// PostgreSQL by their names: $2 may come before $1.
type statement struct {
	*sqlite.Stmt
	args []int // of each parameter, which argument it takes
	most int   // the highest of them
}

// run executes a command that begins or ends something.
func (c *connection) run(command string) error {
	_, err := c.Exec(context.Background(), command)
	return err
}

// rollback leaves the connection without a transaction. SQLite refuses where
// it has ended the transaction by itself; a fresh connection is then surer
// than a guess at the state of this one.
func (c *connection) rollback() {
	if c.run("ROLLBACK") != nil {
		_ = c.release()
	}
}

// watch has statements end with the context, until it is called off.
func (c *connection) watch(ctx context.Context) (off func()) {
	c.conn.SetInterrupt(ctx.Done())
	return func() { c.conn.SetInterrupt(nil) }
}

func (c *connection) prepared(query string) (*statement, error) {
	if stmt := c.statements[query]; stmt != nil {
		return stmt, nil
	}
	if len(c.statements) >= statementsMost {
		c.forget()
	}
	if err := c.open(); err != nil {
		return nil, err
	}
	stmt, err := prepare(c.conn, query)
	if err == nil {
		c.statements[query] = stmt
	}
	return stmt, err
}

// open connects, unless the connection is there.
func (c *connection) open() error {
	if c.conn != nil {
		return nil
	}
	conn, err := sqlite.OpenConn(c.path, sqlite.OpenReadWrite)
	if err != nil {
		return err
	}
	conn.SetBusyTimeout(busyMost)
	c.conn, c.statements = conn, map[string]*statement{}
	for _, setting := range c.settings {
		if err := c.run("PRAGMA " + setting); err != nil {
			return errors.Join(err, c.release())
		}
	}
	return nil
}

func prepare(conn *sqlite.Conn, query string) (*statement, error) {
	stmt, rest, err := conn.PrepareTransient(query)
	if err != nil {
		return nil, err
	}
	s := &statement{Stmt: stmt, args: make([]int, stmt.BindParamCount())}
	if strings.TrimSpace(query[len(query)-rest:]) != "" {
		return nil, errors.Join(errors.New("more than one statement"), stmt.Finalize())
	}
	for i := range s.args {
		n, err := strconv.Atoi(strings.TrimPrefix(stmt.BindParamName(i+1), "$"))
		if err != nil || n < 1 {
			return nil, errors.Join(errors.New("a parameter is not $1, $2 …"), stmt.Finalize())
		}
		s.args[i], s.most = n-1, max(s.most, n)
	}
	return s, nil
}

func (c *connection) forget() {
	for query, stmt := range c.statements {
		_ = stmt.Finalize()
		delete(c.statements, query)
	}
}

// release closes the connection; the next statement opens another.
func (c *connection) release() error {
	c.forget()
	if c.conn == nil {
		return nil
	}
	conn := c.conn
	c.conn = nil
	return conn.Close()
}

// Exec runs a statement to its end and says how many rows it changed.
func (c *connection) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	found, err := c.Query(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	for found.Next() {
	}
	if err := errors.Join(found.Err(), found.Close()); err != nil {
		return 0, err
	}
	return int64(c.conn.Changes()), nil
}

// Query begins a statement that answers with rows.
func (c *connection) Query(ctx context.Context, query string, args ...any) (rows, error) {
	stmt, err := c.prepared(query)
	if err != nil {
		return nil, err
	}
	if len(args) != stmt.most {
		return nil, fmt.Errorf("%d arguments for %d parameters", len(args), stmt.most)
	}
	for i, arg := range stmt.args {
		if err := stmt.bind(i+1, args[arg]); err != nil {
			return nil, err
		}
	}
	return &found{statement: stmt, ctx: ctx}, nil
}

func (s *statement) bind(i int, arg any) error {
	switch v := arg.(type) {
	case nil:
		s.BindNull(i)
	case int64:
		s.BindInt64(i, v)
	case string:
		s.BindText(i, v)
	case bool:
		s.BindBool(i, v)
	case float64:
		s.BindFloat(i, v)
	case []byte:
		s.BindBytes(i, v)
	case clock.Date:
		s.BindText(i, v.String())
	default:
		value, err := driver.DefaultParameterConverter.ConvertValue(arg)
		if err != nil {
			return err
		}
		return s.bind(i, value)
	}
	return nil
}

// found is the answer of a statement under way.
type found struct {
	*statement
	ctx context.Context
	err error
}

// Next goes to the next row, if there is one.
func (f *found) Next() bool {
	more, err := f.Step()
	if sqlite.ErrCode(err) == sqlite.ResultInterrupt && f.ctx.Err() != nil {
		err = f.ctx.Err()
	}
	f.err = err
	return more
}

// Err is what ended the answer too early.
func (f *found) Err() error { return f.err }

// Close lets the statement be run again.
func (f *found) Close() error {
	if f.err != nil { // which Reset would say again
		_ = f.Reset()
		return nil
	}
	return f.Reset()
}

// Scan reads the row. It is as strict as PostgreSQL: NULL is no empty text,
// and a text is no number.
func (f *found) Scan(into ...any) error {
	if n := f.ColumnCount(); n != len(into) {
		return fmt.Errorf("%d columns are read into %d variables", n, len(into))
	}
	for i, to := range into {
		if f.direct(i, to) {
			continue
		}
		if err := assign(to, f.value(i)); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// direct reads a text or a number into a variable for it, without making a value
// of any type of it, which would be copied into memory of its own. Most columns
// are such; what else there is, assign reads.
func (f *found) direct(i int, into any) bool {
	switch to := into.(type) {
	case skip:
		return true
	case *string:
		if f.ColumnType(i) != sqlite.TypeText {
			return false
		}
		*to = f.ColumnText(i)
		return true
	case numeric:
		if f.ColumnType(i) != sqlite.TypeInteger {
			return false
		}
		to.ScanNumber(f.ColumnInt64(i))
		return true
	case sql.Scanner:
		return false
	}
	to := reflect.ValueOf(into).Elem()
	switch to.Kind() {
	case reflect.String:
		if f.ColumnType(i) != sqlite.TypeText {
			return false
		}
		to.SetString(f.ColumnText(i))
		return true
	case reflect.Int64:
		if f.ColumnType(i) != sqlite.TypeInteger {
			return false
		}
		to.SetInt(f.ColumnInt64(i))
		return true
	}
	return false
}

func (f *found) value(i int) any {
	switch f.ColumnType(i) {
	case sqlite.TypeInteger:
		return f.ColumnInt64(i)
	case sqlite.TypeText:
		return f.ColumnText(i)
	case sqlite.TypeFloat:
		return f.ColumnFloat(i)
	case sqlite.TypeBlob:
		value := make([]byte, f.ColumnLen(i))
		f.ColumnBytes(i, value)
		return value
	}
	return nil
}
