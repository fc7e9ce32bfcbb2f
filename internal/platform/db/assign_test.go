package db

import (
	"database/sql"
	"testing"
	"time"
)

func TestAssign(t *testing.T) {
	type named string
	type number uint8
	for _, row := range []struct {
		name  string
		into  any
		value any
		ok    bool
	}{
		{"text", new(string), "a", true},
		{"named text", new(named), "a", true},
		{"number", new(int64), int64(-1), true},
		{"named number", new(number), int64(255), true},
		{"boolean", new(bool), int64(1), true},
		{"number as fraction", new(float64), int64(2), true},
		{"fraction", new(float64), 2.5, true},
		{"NULL into a pointer", new(*int), nil, true},
		{"number into a pointer", new(*int), int64(7), true},
		{"text into a scanner", new(sql.NullString), "a", true},
		{"anything", new(any), nil, true},

		{"NULL into a text", new(string), nil, false},
		{"NULL into a number", new(int64), nil, false},
		{"text into a number", new(int), "7", false},
		{"number into a text", new(string), int64(7), false},
		{"number too large", new(number), int64(256), false},
		{"negative number", new(number), int64(-1), false},
		{"two is no boolean", new(bool), int64(2), false},
		{"fraction into a number", new(int), 2.5, false},
		{"text into a time", new(time.Time), "2026-11-03", false},
	} {
		if err := assign(row.into, row.value); (err == nil) != row.ok {
			t.Errorf("%s: %v", row.name, err)
		}
	}
}

func TestParametersThatDoNotFit(t *testing.T) {
	d := openFile(t)
	for _, row := range []struct {
		query string
		args  []any
		ok    bool
	}{
		{`SELECT $2 || $1 || $2`, []any{"a", "b"}, true},
		{`SELECT $2 || $1`, []any{"a"}, false},
		{`SELECT $1`, []any{"a", "b"}, false},
		{`SELECT ?`, []any{"a"}, false},
		{`SELECT 'a'; SELECT 'b'`, nil, false},
	} {
		got := ""
		err := d.View(background, func(tx *Tx) (err error) {
			got, err = One(tx, Column[string], row.query, row.args...)
			return err
		})
		if (err == nil) != row.ok || row.ok && got != "bab" {
			t.Errorf("%s: %q, %v", row.query, got, err)
		}
	}
}
