package db

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
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
	if s, ok := tx.on.(session); ok {
		n, err := s.copyIn(tx.ctx, table, columns, rows)
		if err != nil {
			return 0, tx.fail(what, err)
		}
		tx.wrote = true
		return n, nil
	}
	if _, err := tx.Exec(`PRAGMA defer_foreign_keys = ON`); err != nil {
		return 0, err
	}
	marks := make([]string, len(columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	what += " VALUES (" + strings.Join(marks, ", ") + ")"
	var n int64
	for row, err := range rows {
		if err != nil {
			return n, err
		}
		if _, err := tx.Exec(what, row...); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// copyIn speaks to the driver below database/sql, which knows no COPY, on the
// connection of the transaction.
func (s session) copyIn(ctx context.Context, table string, columns []string, rows iter.Seq2[[]any, error]) (n int64, err error) {
	next, stop := iter.Pull2(rows)
	defer stop()
	err = s.conn.Raw(func(driver any) (err error) {
		n, err = driver.(*stdlib.Conn).Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, pgx.CopyFromFunc(func() ([]any, error) {
			row, failure, more := next()
			if !more || failure != nil {
				return nil, failure
			}
			return plain(row), nil
		}))
		return err
	})
	return n, err
}
