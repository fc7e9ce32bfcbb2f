package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
)

// statementsMost bounds a connection's prepared statements; lists cut by scope
// make new texts now and then.
const statementsMost = 512

// connection is one SQLite connection that prepares each statement once.
type connection struct {
	pool       *sql.DB
	conn       *sql.Conn
	statements map[string]*sql.Stmt
}

// run executes a command that begins or ends something. It heeds no caller's
// context: what was begun must be ended.
func (c *connection) run(command string) error {
	_, err := c.ExecContext(context.Background(), command)
	return err
}

// rollback leaves the connection without a transaction. SQLite refuses where
// it has ended the transaction by itself; a fresh connection is then surer
// than a guess at the state of this one.
func (c *connection) rollback() {
	if c.run("ROLLBACK") != nil {
		c.discard()
	}
}

func (c *connection) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt := c.statements[query]; stmt != nil {
		return stmt, nil
	}
	if len(c.statements) >= statementsMost {
		c.forget()
	}
	if c.conn == nil {
		conn, err := c.pool.Conn(ctx)
		if err != nil {
			return nil, err
		}
		c.conn, c.statements = conn, map[string]*sql.Stmt{}
	}
	stmt, err := c.conn.PrepareContext(ctx, query)
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

// release gives the connection back to the pool.
func (c *connection) release() error {
	c.forget()
	if c.conn == nil {
		return nil
	}
	conn := c.conn
	c.conn = nil
	return conn.Close()
}

// discard closes the connection for good; the next statement opens another.
func (c *connection) discard() {
	c.forget()
	if c.conn != nil {
		_ = c.conn.Raw(func(any) error { return driver.ErrBadConn })
	}
	_ = c.release()
}

func (c *connection) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

func (c *connection) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}
