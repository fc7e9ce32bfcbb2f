package db

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"

	"chibo/internal/platform/clock"
)

// Insert puts many rows into a table, whose name and columns the program knows:
// PostgreSQL takes them as one COPY, so that rows may refer to each other in any
// order, SQLite one after the other, with what they refer to looked up at the
// commit. The values are those of Exec. It gives how many rows it put in.
func (tx *Tx) Insert(table string, columns []string, rows iter.Seq2[[]any, error]) (int64, error) {
	what := fmt.Sprintf("INSERT INTO %s (%s)", table, strings.Join(columns, ", "))
	if tx.reading {
		return 0, fmt.Errorf("a viewing transaction was asked to write: %s", what)
	}
	if err := tx.ready(what); err != nil {
		return 0, err
	}
	tx.open = true // rows that ask the database would ask it in between
	n, err := tx.insert(table, columns, what, rows)
	tx.open = false
	tx.wrote = tx.wrote || n > 0
	if err != nil {
		return n, tx.fail(what, err)
	}
	return n, nil
}

// insert tells also of a failure how many rows went in before.
func (tx *Tx) insert(table string, columns []string, what string, rows iter.Seq2[[]any, error]) (int64, error) {
	c, ok := tx.on.(*connection)
	if !ok {
		return tx.on.(*session).copyIn(tx.ctx, table, columns, rows)
	}
	if err := c.run(`PRAGMA defer_foreign_keys = ON`); err != nil {
		return 0, err
	}
	marks := make([]string, len(columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return c.fill(what+" VALUES ("+strings.Join(marks, ", ")+")", rows)
}

// fill runs a statement once for each row. SQLite keeps what was bound: of rows
// that are half alike, what comes again is not bound again.
func (c *connection) fill(query string, rows iter.Seq2[[]any, error]) (n int64, err error) {
	stmt, err := c.prepared(query)
	if err != nil {
		return 0, err
	}
	bound := make([]any, len(stmt.args))
	for row, err := range rows {
		if err != nil {
			return n, err
		}
		if len(row) != len(bound) {
			return n, fmt.Errorf("%d values for %d columns", len(row), len(bound))
		}
		for i, value := range row {
			value = plainOne(value)
			if n > 0 && same(value, bound[i]) {
				continue
			}
			if err := stmt.bind(i+1, value); err != nil {
				return n, err
			}
			bound[i] = value
		}
		if _, err := stmt.Step(); err != nil {
			return n, err
		}
		if err := stmt.Reset(); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// same reports that a value is the one that was bound before, where that is
// quickly seen.
func same(value, bound any) bool {
	switch value.(type) {
	case nil, string, int64, bool, clock.Date:
		return value == bound
	}
	return false
}

// copyIn puts the rows in by COPY.
func (s *session) copyIn(ctx context.Context, table string, columns []string, rows iter.Seq2[[]any, error]) (int64, error) {
	if s.waiting.Len() > 0 {
		if err := s.flush(ctx); err != nil {
			return 0, err
		}
	}
	next, stop := iter.Pull2(rows)
	defer stop()
	return s.conn.CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
		row, failure, more := next()
		if !more || failure != nil {
			return nil, failure
		}
		return plain(row), nil
	}))
}
