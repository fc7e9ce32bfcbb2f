package db

import (
	"fmt"
	"strings"
	"time"

	"chibo/internal/platform/errs"
)

// Row is one row of an answer.
type Row interface{ Scan(into ...any) error }

// Scan reads one row into a value.
type Scan[T any] func(Row) (T, error)

// Column scans an answer of one column.
func Column[T any](row Row) (value T, err error) {
	err = row.Scan(&value)
	return value, err
}

// Each calls fn for every row of the query, in order, one at a time. fn must not
// use tx: PostgreSQL answers one query at a time.
func Each[T any](tx *Tx, scan Scan[T], fn func(T) error, query string, args ...any) error {
	return tx.read(query, args, func(found rows) error {
		for found.Next() {
			value, err := scan(found)
			if err != nil {
				return failed(query, err)
			}
			if err := fn(value); err != nil {
				return err
			}
		}
		return nil
	})
}

// All reads every row. Use it for lists that are bounded.
func All[T any](tx *Tx, scan Scan[T], query string, args ...any) ([]T, error) {
	var list []T
	err := Each(tx, scan, func(value T) error {
		list = append(list, value)
		return nil
	}, query, args...)
	return list, err
}

// Maybe reads the first row, if there is one.
func Maybe[T any](tx *Tx, scan Scan[T], query string, args ...any) (value T, found bool, err error) {
	err = tx.read(query, args, func(list rows) (err error) {
		if found = list.Next(); !found {
			return nil
		}
		if value, err = scan(list); err != nil {
			return failed(query, err)
		}
		return nil
	})
	return value, found && err == nil, err
}

// One reads the first row; none is errs.NotFound.
func One[T any](tx *Tx, scan Scan[T], query string, args ...any) (T, error) {
	value, found, err := Maybe(tx, scan, query, args...)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return value, err
}

// Change runs an update that must change a row: nothing changed means that
// somebody was faster, errs.Conflict.
func (tx *Tx) Change(query string, args ...any) error {
	n, err := tx.Exec(query, args...)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "errs.stale")
	}
	return err
}

// numeric is a scanner that takes a number without a detour.
type numeric interface{ ScanNumber(stored int64) }

// Instant scans what a time.Time was stored as; NULL is the zero time.
func Instant(into *time.Time) interface{ Scan(any) error } { return instant{into} }

type instant struct{ into *time.Time }

func (i instant) ScanNumber(stored int64) { *i.into = time.UnixMilli(stored) }

func (i instant) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*i.into = time.Time{}
	case int64:
		i.ScanNumber(v)
	default:
		return fmt.Errorf("instant from %T", stored)
	}
	return nil
}

// Duration scans what a time.Duration was stored as.
func Duration(into *time.Duration) interface{ Scan(any) error } { return duration{into} }

type duration struct{ into *time.Duration }

func (d duration) ScanNumber(stored int64) { *d.into = time.Duration(stored) * time.Millisecond }

func (d duration) Scan(stored any) error {
	ms, ok := stored.(int64)
	if !ok {
		return fmt.Errorf("duration from %T", stored)
	}
	d.ScanNumber(ms)
	return nil
}

// Text scans a text that may be NULL, as "".
func Text[S ~string](into *S) interface{ Scan(any) error } { return text[S]{into} }

type text[S ~string] struct{ into *S }

func (t text[S]) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*t.into = ""
	case string:
		*t.into = S(v)
	case []byte:
		*t.into = S(v)
	default:
		return fmt.Errorf("text from %T", stored)
	}
	return nil
}

// Skip is scanned into for a column that the reader has no use for: of the rows
// of a join, the first has told it.
var Skip interface{ Scan(any) error } = skip{}

type skip struct{}

func (skip) Scan(any) error { return nil }

// OneOf is the condition that the column is one of the values, numbered from n
// on; of none it is never true.
func OneOf[T any](column string, n int, values []T) (string, []any) {
	if len(values) == 0 {
		return "(1 = 0)", nil
	}
	marks, args := make([]string, len(values)), make([]any, len(values))
	for i, value := range values {
		marks[i], args[i] = fmt.Sprintf("$%d", n+i), value
	}
	return column + " IN (" + strings.Join(marks, ", ") + ")", args
}
