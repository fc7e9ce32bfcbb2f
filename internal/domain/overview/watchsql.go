package overview

import (
	"fmt"
	"strconv"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

func itoa(n int) string { return strconv.Itoa(n) }

// belowOf is the condition that the unit u lies at or below a unit. At a root the
// path is no way to find units, only a check: a list is then read by its own
// index from the top, and not the whole country first.
func belowOf(at orgtree.Unit, n int) (string, []any) {
	path := "u.path"
	if at.Depth == 0 {
		path = "u.path || ''"
	}
	return fmt.Sprintf("u.ended IS NULL AND %s >= $%d AND %s < $%d", path, n, path, n+1), []any{string(at.Path), string(at.Path[:len(at.Path)-1]) + "0"}
}

func watchCounts(tx *db.Tx, where string, args []any) (cells, planned int, err error) {
	type counts struct{ cells, planned int }
	c, err := db.One(tx, func(row db.Row) (c counts, err error) { return c, row.Scan(&c.cells, &c.planned) },
		`SELECT count(*), count(c.id) FROM watch w JOIN unit u ON u.id = w.unit_id
		LEFT JOIN consolidation c ON c.unit_id = w.unit_id AND c.finished IS NULL WHERE `+where, args...)
	return c.cells, c.planned, err
}

// keep writes what was seen: cells without a sign have no row.
func keep(tx *db.Tx, rows []watchRow) error {
	for _, r := range rows {
		if _, err := tx.Exec(`DELETE FROM watch WHERE unit_id = $1`, r.unit); err != nil {
			return err
		}
		if r.weight == 0 {
			continue
		}
		if _, err := tx.Exec(`INSERT INTO watch (unit_id, weight, signs, day) VALUES ($1, $2, $3, $4)`, r.unit, r.weight, r.signs, r.day); err != nil {
			return err
		}
	}
	return nil
}

// watchCursor is how far the journal was looked at, and on which day all cells
// were.
type watchCursor struct {
	entry, version int64
	day            string
}

func readWatchCursor(tx *db.Tx) (watchCursor, error) {
	return db.One(tx, func(row db.Row) (c watchCursor, err error) { return c, row.Scan(&c.entry, &c.day, &c.version) },
		`SELECT entry, day, version FROM watch_cursor WHERE id = 1`)
}

// parents are the units above the cells that have to be looked at.
func (c watchCursor) parents(tx *db.Tx) ([]orgtree.ID, error) {
	if c.day != clock.DateOf(tx.Now).String() {
		return db.All(tx, db.Column[orgtree.ID], `SELECT DISTINCT parent_id FROM unit WHERE cell_type <> '' AND ended IS NULL AND parent_id IS NOT NULL`)
	}
	return db.All(tx, db.Column[orgtree.ID], `SELECT DISTINCT u.parent_id FROM unit u WHERE u.cell_type <> '' AND u.ended IS NULL AND u.parent_id IS NOT NULL
		AND u.id IN (SELECT j.unit_id FROM journal j WHERE j.id > $1)`, c.entry)
}

// advance moves the cursor to the end of the journal.
func (c *watchCursor) advance(tx *db.Tx) (err error) {
	c.day = clock.DateOf(tx.Now).String()
	c.entry, err = db.One(tx, db.Column[int64], `SELECT COALESCE(max(id), 0) FROM journal`)
	return err
}

func (c watchCursor) save(tx *db.Tx) error {
	return tx.Change(`UPDATE watch_cursor SET entry = $1, day = $2, version = version + 1 WHERE id = 1 AND version = $3`, c.entry, c.day, c.version)
}
