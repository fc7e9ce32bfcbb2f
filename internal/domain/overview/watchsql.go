package overview

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// watchedCells are the cells of a list, in its order. What has ended since, or
// moved elsewhere, is left out.
func watchedCells(tx *db.Tx, at orgtree.Unit, cells []orgtree.ID) ([]Watched, error) {
	where, args := db.OneOf("w.unit_id", 1, cells)
	list, err := db.All(tx, scanWatched, `SELECT w.signs, w.day, u.id, u.name, u.path, u.cell_type, COALESCE(a.name, ''),
		COALESCE(c.id, 0), c.due FROM watch w JOIN unit u ON u.id = w.unit_id LEFT JOIN unit a ON a.id = u.parent_id
		LEFT JOIN consolidation c ON c.unit_id = w.unit_id AND c.finished IS NULL
		WHERE `+where+` AND u.ended IS NULL ORDER BY w.weight DESC, w.unit_id DESC`, args...)
	return slices.DeleteFunc(list, func(w Watched) bool { return !at.Path.Contains(w.Cell.Path) }), err
}

func scanWatched(row db.Row) (w Watched, err error) {
	var packed string
	u := &w.Cell
	if err := row.Scan(&packed, &w.Day, &u.ID, &u.Name, &u.Path, &u.CellType, &w.Above, &w.Plan, &w.Due); err != nil {
		return w, err
	}
	signs, err := unpackSigns(packed)
	w.Concern = concernOf(w.Cell, signs)
	return w, err
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

// watchedAt is a cell of the list with its place in the tree.
type watchedAt struct {
	path  orgtree.Path
	signs []Sign
}

// eachWatched hands on the whole list, the heaviest first.
func eachWatched(tx *db.Tx, fn func(watchedAt) error) error {
	return db.Each(tx, func(row db.Row) (w watchedAt, err error) {
		var packed string
		if err := row.Scan(&w.path, &packed); err != nil {
			return w, err
		}
		w.signs, err = unpackSigns(packed)
		return w, err
	}, fn, `SELECT u.path, w.signs FROM watch w JOIN unit u ON u.id = w.unit_id WHERE u.ended IS NULL ORDER BY w.weight DESC, w.unit_id DESC`)
}

// sumRow is a sum as it is stored; zero cells have no row.
type sumRow struct {
	unit            orgtree.ID
	cells           int
	signs, heaviest string
}

func scanSum(row db.Row) (r sumRow, err error) {
	return r, row.Scan(&r.unit, &r.cells, &r.signs, &r.heaviest)
}

func (s watchSum) row(unit orgtree.ID) (sumRow, error) {
	signs, err := json.Marshal(s.signs)
	list := make([]string, len(s.heaviest))
	for i, cell := range s.heaviest {
		list[i] = cell.String()
	}
	return sumRow{unit, s.cells, string(signs), strings.Join(list, " ")}, err
}

func (r sumRow) sum() (s watchSum, err error) {
	s.cells = r.cells
	if err := json.Unmarshal([]byte(r.signs), &s.signs); err != nil {
		return s, fmt.Errorf("watch of unit %v: %w", r.unit, err)
	}
	for _, word := range strings.Fields(r.heaviest) {
		cell, err := id.Parse[orgtree.Unit](word)
		if err != nil {
			return s, fmt.Errorf("watch of unit %v: %w", r.unit, err)
		}
		s.heaviest = append(s.heaviest, cell)
	}
	return s, nil
}

// watchSumOf is the sum of a unit; nothing to watch is the zero sum.
func watchSumOf(tx *db.Tx, unit orgtree.ID) (watchSum, error) {
	row, found, err := db.Maybe(tx, scanSum, `SELECT unit_id, cells, signs, heaviest FROM watch_unit WHERE unit_id = $1`, unit)
	if err != nil || !found {
		return watchSum{}, err
	}
	return row.sum()
}

// changedSums are the rows that differ from what is stored, those that became
// zero among them.
func changedSums(tx *db.Tx, sums map[orgtree.ID]*watchSum) (changed []sumRow, err error) {
	stored := map[orgtree.ID]sumRow{}
	if err := db.Each(tx, scanSum, func(r sumRow) error {
		stored[r.unit] = r
		return nil
	}, `SELECT unit_id, cells, signs, heaviest FROM watch_unit`); err != nil {
		return nil, err
	}
	for unit, s := range sums {
		row, err := s.row(unit)
		if err != nil {
			return nil, err
		}
		if row != stored[unit] {
			changed = append(changed, row)
		}
		delete(stored, unit)
	}
	for unit := range stored {
		changed = append(changed, sumRow{unit: unit})
	}
	return changed, nil
}

func keepSums(tx *db.Tx, rows []sumRow) error {
	for _, r := range rows {
		if _, err := tx.Exec(`DELETE FROM watch_unit WHERE unit_id = $1`, r.unit); err != nil {
			return err
		}
		if r.cells == 0 {
			continue
		}
		if _, err := tx.Exec(`INSERT INTO watch_unit (unit_id, cells, signs, heaviest) VALUES ($1, $2, $3, $4)`, r.unit, r.cells, r.signs, r.heaviest); err != nil {
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
