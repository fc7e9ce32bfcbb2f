package schema

import (
	"strings"

	"chibo/internal/platform/db"
)

// Table is a table as the database declares it.
type Table struct {
	Name    string
	Columns []string
	// Truths are the columns that are true or false: SQLite holds them as 1 and 0.
	Truths map[string]bool
	// Key are the columns of the primary key, in its order.
	Key []string
}

// Tables are the tables of an SQLite database, each after those that it refers
// to; the table of versions is not among them. What they look like does not
// depend on the engine, and only SQLite tells it in the order of creation.
func Tables(tx *db.Tx) ([]Table, error) {
	names, err := db.All(tx, db.Column[string], `SELECT name FROM sqlite_master
		WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version' ORDER BY rowid`)
	if err != nil {
		return nil, err
	}
	list := make([]Table, len(names))
	for i, name := range names {
		if list[i], err = describe(tx, name); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func describe(tx *db.Tx, name string) (Table, error) {
	type column struct {
		name, kind string
		key        int64
	}
	columns, err := db.All(tx, func(row db.Row) (c column, err error) {
		return c, row.Scan(&c.name, &c.kind, &c.key)
	}, `SELECT name, type, pk FROM pragma_table_info($1) ORDER BY cid`, name)
	if err != nil {
		return Table{}, err
	}
	t := Table{Name: name, Truths: map[string]bool{}}
	keys := map[int64]string{}
	for _, c := range columns {
		t.Columns = append(t.Columns, c.name)
		if strings.EqualFold(c.kind, "BOOLEAN") {
			t.Truths[c.name] = true
		}
		if c.key > 0 {
			keys[c.key] = c.name
		}
	}
	for i := range int64(len(keys)) {
		t.Key = append(t.Key, keys[i+1])
	}
	return t, nil
}
