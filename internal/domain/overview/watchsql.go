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
	list, err := db.All(tx, scanWatched, watchedQuery+` WHERE `+where+` AND u.ended IS NULL ORDER BY w.weight DESC, w.unit_id DESC`, args...)
	return slices.DeleteFunc(list, func(w Watched) bool { return !at.Path.Contains(w.Cell.Path) }), err
}

const watchedQuery = `SELECT w.weight, w.signs, w.day, u.id, u.name, u.path, u.cell_type, COALESCE(a.name, ''), COALESCE(c.id, 0), c.due
	FROM watch_cell w JOIN unit u ON u.id = w.unit_id LEFT JOIN unit a ON a.id = u.parent_id
	LEFT JOIN consolidation c ON c.unit_id = w.unit_id AND c.finished IS NULL`

// watchedBelow are the cells at or below the unit that follow the place in the
// list.
func watchedBelow(tx *db.Tx, at orgtree.Unit, from watchPlace, limit int) ([]Watched, error) {
	where, args, err := branchOf(at).WhereListed(tx, "w.unit_id", 4)
	if err != nil {
		return nil, err
	}
	return db.All(tx, scanWatched, watchedQuery+` WHERE (w.weight, w.unit_id) < ($1, $2) AND u.ended IS NULL AND `+where+`
		ORDER BY w.weight DESC, w.unit_id DESC LIMIT $3`, append([]any{from.weight, from.cell, limit}, args...)...)
}

func scanWatched(row db.Row) (w Watched, err error) {
	var packed string
	var weight int
	u := &w.Cell
	if err := row.Scan(&weight, &packed, &w.Day, &u.ID, &u.Name, &u.Path, &u.CellType, &w.Above, &w.Plan, &w.Due); err != nil {
		return w, err
	}
	signs, err := unpackSigns(packed)
	w.Concern = concernOf(w.Cell, signs)
	w.weight = weight // by which the list is in order, whatever signs weigh by now
	return w, err
}

// cellBelow is a cell as far as its signs need it, and the unit directly above,
// by whose place the days of its meetings go.
type cellBelow struct{ cell, above orgtree.Unit }

// cellsBelow are the existing cells directly below the units.
func cellsBelow(tx *db.Tx, units []orgtree.ID) ([]cellBelow, error) {
	where, args := cellList(units).Where("u.parent_id", 1)
	return db.All(tx, func(row db.Row) (c cellBelow, err error) {
		return c, row.Scan(&c.cell.ID, &c.cell.CellType, &c.cell.Founded, &c.above.ID, &c.above.Place)
	}, `SELECT u.id, u.cell_type, u.founded, a.id, a.place_code FROM unit u JOIN unit a ON a.id = u.parent_id
		WHERE u.cell_type <> '' AND u.ended IS NULL AND `+where, args...)
}

// watchRows are what is kept of the cells.
func watchRows(tx *db.Tx, cells cellList) (map[orgtree.ID]watchRow, error) {
	where, args := cells.Where("w.unit_id", 1)
	list := map[orgtree.ID]watchRow{}
	err := db.Each(tx, func(row db.Row) (r watchRow, err error) {
		return r, row.Scan(&r.unit, &r.weight, &r.signs, &r.day)
	}, func(r watchRow) error {
		list[r.unit] = r
		return nil
	}, `SELECT w.unit_id, w.weight, w.signs, w.day FROM watch_cell w WHERE `+where, args...)
	return list, err
}

// keep writes what was seen in place of what was kept: cells without a sign have
// no row.
func keep(tx *db.Tx, rows []watchRow) error {
	cells := make([]orgtree.ID, len(rows))
	for i, r := range rows {
		cells[i] = r.unit
	}
	if err := forget(tx, cells); err != nil {
		return err
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r watchRow) bool { return r.weight == 0 })
	return insertRows(tx, "watch_cell", []string{"unit_id", "weight", "signs", "day"}, rows, func(r watchRow) []any {
		return []any{r.unit, r.weight, r.signs, r.day}
	})
}

// forget removes what is kept of the cells.
func forget(tx *db.Tx, cells []orgtree.ID) error { return deleteRows(tx, "watch_cell", cells) }

// deleteRows removes the rows of the units, insertRows puts rows in. Tables and
// columns are those of the program.
func deleteRows(tx *db.Tx, table string, units []orgtree.ID) error {
	for some := range slices.Chunk(units, 2*cellsAtOnce) {
		where, args := cellList(some).Where("unit_id", 1)
		if _, err := tx.Exec(`DELETE FROM `+table+` WHERE `+where, args...); err != nil {
			return err
		}
	}
	return nil
}

func insertRows[R any](tx *db.Tx, table string, columns []string, rows []R, values func(R) []any) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Insert(table, columns, func(yield func([]any, error) bool) {
		for _, r := range rows {
			if !yield(values(r), nil) {
				return
			}
		}
	})
	return err
}

// watchedAt is a cell of the list with its place in the tree.
type watchedAt struct {
	cell  orgtree.ID
	path  orgtree.Path
	ended bool
	signs []Sign
}

// eachWatched hands on the whole list, the heaviest first.
func eachWatched(tx *db.Tx, fn func(watchedAt) error) error {
	return db.Each(tx, func(row db.Row) (w watchedAt, err error) {
		var packed string
		if err := row.Scan(&w.cell, &w.path, &w.ended, &packed); err != nil {
			return w, err
		}
		w.signs, err = unpackSigns(packed)
		return w, err
	}, fn, `SELECT w.unit_id, COALESCE(u.path, ''), u.path IS NULL OR u.ended IS NOT NULL, w.signs
		FROM watch_cell w LEFT JOIN unit u ON u.id = w.unit_id ORDER BY w.weight DESC, w.unit_id DESC`)
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
	units := make([]orgtree.ID, len(rows))
	for i, r := range rows {
		units[i] = r.unit
	}
	if err := deleteRows(tx, "watch_unit", units); err != nil {
		return err
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(r sumRow) bool { return r.cells == 0 })
	return insertRows(tx, "watch_unit", []string{"unit_id", "cells", "signs", "heaviest"}, rows, func(r sumRow) []any {
		return []any{r.unit, r.cells, r.signs, r.heaviest}
	})
}

// watchCursor is how far the cells were looked at: the place in the journal from
// which it is to be looked at next, the day on which all cells were, and the pass
// that is under way.
type watchCursor struct {
	entry, version int64
	day            string
	pass           struct {
		// day is whose pass it is, "" for none; the cells that the journal tells of
		// are looked at on a day of which all were already.
		day string
		// entry is the end of the journal when the pass began: what is written
		// meanwhile is looked at by the next.
		entry int64
		// above is the unit below which cells were looked at last.
		above orgtree.ID
	}
}

func readWatchCursor(tx *db.Tx) (watchCursor, error) {
	return db.One(tx, func(row db.Row) (c watchCursor, err error) {
		return c, row.Scan(&c.entry, &c.day, &c.version, &c.pass.day, &c.pass.entry, &c.pass.above)
	}, `SELECT entry, day, version, pass_day, pass_entry, pass_above FROM watch_cursor WHERE id = 1`)
}

// whole reports that the pass looks at all cells.
func (c watchCursor) whole() bool { return c.pass.day != c.day }

// begin makes today's pass the one under way. One that looks at all cells goes on
// on the next day too, so that it ends once even where it takes longer than a day.
func (c *watchCursor) begin(tx *db.Tx) (err error) {
	today := clock.DateOf(tx.Now).String()
	if c.pass.day != "" && (c.whole() || c.pass.day == today) {
		return nil
	}
	c.pass.day, c.pass.above = today, 0
	c.pass.entry, err = db.One(tx, db.Column[int64], `SELECT COALESCE(max(position) + 1, 0) FROM journal`)
	return err
}

// families are the units above the cells that the pass has still to look at, in
// the order of their ids. Of entries without a place in the journal nobody knows
// yet which others come before them: they are looked at until they have one.
func (c watchCursor) families(tx *db.Tx) ([]family, error) {
	const of = `SELECT u.parent_id, count(*) FROM unit u WHERE u.cell_type <> '' AND u.ended IS NULL AND u.parent_id > $1`
	const told = ` AND u.parent_id IN (SELECT p.parent_id FROM unit p WHERE p.cell_type <> '' AND p.id IN (SELECT j.unit_id FROM journal j WHERE j.position >= $2
		UNION SELECT j.unit_id FROM journal j WHERE j.position IS NULL))`
	const inOrder = ` GROUP BY u.parent_id ORDER BY u.parent_id`
	scan := func(row db.Row) (f family, err error) { return f, row.Scan(&f.above, &f.cells) }
	if c.whole() {
		return db.All(tx, scan, of+inOrder, int64(c.pass.above))
	}
	return db.All(tx, scan, of+told+inOrder, int64(c.pass.above), c.entry)
}

// over is the cursor after the pass.
func (c watchCursor) over() watchCursor {
	return watchCursor{entry: c.pass.entry, day: c.pass.day, version: c.version}
}

// save moves the cursor, unless another process has moved it: errs.Conflict.
func (c watchCursor) save(tx *db.Tx) error {
	return tx.Change(`UPDATE watch_cursor SET entry = $1, day = $2, pass_day = $3, pass_entry = $4, pass_above = $5, version = version + 1
		WHERE id = 1 AND version = $6`, c.entry, c.day, c.pass.day, c.pass.entry, int64(c.pass.above), c.version)
}
