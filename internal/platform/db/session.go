package db

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"chibo/internal/platform/errs"
)

// session is a transaction of PostgreSQL as Tx asks it. It speaks to the driver
// below database/sql, so that statements whose answer nobody waits for, BEGIN
// the first of them, travel with the next one: on a network each journey there
// and back costs more than the statement.
type session struct {
	conn    *pgx.Conn
	waiting *pgx.Batch
}

// later has the statement run before the next one, or the commit.
func (s *session) later(query string, args ...any) { s.waiting.Queue(query, args...) }

// send sends the statement with all that wait, and gives the answers from the
// statement's on; those of the others are read, and their failure is its own.
func (s *session) send(ctx context.Context, query string, args ...any) (pgx.BatchResults, error) {
	before := s.waiting.Len()
	s.later(query, args...)
	answers := s.conn.SendBatch(ctx, s.waiting)
	s.waiting = &pgx.Batch{}
	for range before {
		if _, err := answers.Exec(); err != nil {
			_ = answers.Close() // says it again
			return nil, err
		}
	}
	return answers, nil
}

// flush sends what waits.
func (s *session) flush(ctx context.Context) error {
	answers := s.conn.SendBatch(ctx, s.waiting)
	s.waiting = &pgx.Batch{}
	return answers.Close()
}

// Exec runs a statement and says how many rows it changed.
func (s *session) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	answers, err := s.send(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	done, err := answers.Exec()
	if again := answers.Close(); err == nil {
		err = again
	}
	return done.RowsAffected(), err
}

// Query begins a statement that answers with rows.
func (s *session) Query(ctx context.Context, query string, args ...any) (rows, error) {
	answers, err := s.send(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	list, err := answers.Query()
	if err != nil {
		_ = answers.Close() // says it again
		return nil, err
	}
	return &answer{list, answers}, nil
}

// commit ends the transaction, if a statement ever began it.
func (s *session) commit(ctx context.Context, reading bool) error {
	if s.conn.PgConn().TxStatus() == 'I' && s.waiting.Len() == 1 {
		return nil
	}
	s.later("COMMIT")
	err := s.flush(ctx)
	if reading || !unreachable(err) {
		return classify(err)
	}
	return errs.Wrap(fmt.Errorf("%w: %w", errUnsure, err), errs.Unavailable, "errs.unsure")
}

const rollbackMost = 5 * time.Second

// rollback leaves the connection without a transaction; one on which that fails
// is closed.
func (s *session) rollback() {
	if s.conn.IsClosed() || s.conn.PgConn().TxStatus() == 'I' {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), rollbackMost)
	defer stop()
	if _, err := s.conn.Exec(ctx, "ROLLBACK", pgx.QueryExecModeSimpleProtocol); err != nil {
		_ = s.conn.Close(ctx)
	}
}

// answer are the rows of a statement.
type answer struct {
	pgx.Rows
	all pgx.BatchResults
}

// Close lets the connection take the next statement.
func (a *answer) Close() error {
	a.Rows.Close()
	return a.all.Close()
}

// Scan reads the row as a row of SQLite is read.
func (a *answer) Scan(into ...any) error {
	values, err := a.Values()
	if err != nil {
		return err
	}
	if len(values) != len(into) {
		return fmt.Errorf("%d columns are read into %d variables", len(values), len(into))
	}
	for i, to := range into {
		value, err := plainAnswer(values[i])
		if err == nil {
			err = assign(to, value)
		}
		if err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}

// plainAnswer is a value of PostgreSQL as SQLite would give it: one kind of
// whole number, and the sum of such is one too.
func plainAnswer(value any) (any, error) {
	switch v := value.(type) {
	case int16:
		return int64(v), nil
	case int32:
		return int64(v), nil
	case float32:
		return float64(v), nil
	case pgtype.Numeric:
		if whole, err := v.Int64Value(); err == nil && whole.Valid {
			return whole.Int64, nil
		}
		fraction, err := v.Float64Value()
		return fraction.Float64, err
	case driver.Valuer:
		return v.Value()
	}
	return value, nil
}
