package overview

import (
	"context"
	"slices"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// WatchList is the cells below a unit that deserve attention, from what was kept
// when their records were last looked at.
type WatchList struct {
	// Cells counts all of them, Planned those with an open plan of consolidation.
	Cells, Planned int
	Heaviest       []Watched
}

// Watched is a cell on the list.
type Watched struct {
	Concern
	// Above is the name of the unit directly above the cell.
	Above string
	// Day is when its records were looked at.
	Day clock.Date
	// Plan is its open plan of consolidation, zero for none; Due is its day.
	Plan consolidation.ID
	Due  clock.Date
}

// watchMost is how many cells a list names.
const watchMost = 12

// watchList is read by weight from the top where the unit is large, so that what
// is read does not grow with the country.
func watchList(tx *db.Tx, at orgtree.Unit, most int) (l WatchList, err error) {
	where, args := belowOf(at, 1)
	l.Cells, l.Planned, err = watchCounts(tx, where, args)
	if err != nil {
		return l, err
	}
	l.Heaviest, err = db.All(tx, scanWatched, `SELECT w.signs, w.day, u.id, u.name, u.path, u.cell_type, COALESCE(a.name, ''),
		COALESCE(c.id, 0), c.due FROM watch w JOIN unit u ON u.id = w.unit_id LEFT JOIN unit a ON a.id = u.parent_id
		LEFT JOIN consolidation c ON c.unit_id = w.unit_id AND c.finished IS NULL
		WHERE `+where+` ORDER BY w.weight DESC, w.unit_id DESC LIMIT `+itoa(most), args...)
	return l, err
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

// lookAgain looks at the records of the cells directly below a unit and keeps
// what deserves attention in them.
func lookAgain(tx *db.Tx, above orgtree.ID) (kept []watchRow, err error) {
	at, err := orgtree.Find(tx, above)
	if err != nil {
		return nil, err
	}
	children, err := orgtree.Children(tx, above)
	if err != nil {
		return nil, err
	}
	var scope orgtree.Scope
	cells := slices.DeleteFunc(children, func(u orgtree.Unit) bool { return !u.IsCell() })
	for _, cell := range cells {
		scope.AddUnit(cell.ID)
	}
	if scope.Empty() {
		return nil, nil
	}
	today := clock.DateOf(tx.Now)
	s := Span{Until: meeting.MonthOf(today), Months: watchMonths}
	b, err := readBooks(tx, at, scope, s)
	if err != nil {
		return nil, err
	}
	for _, cell := range cells {
		signs := b.row(cell, s.list()).signs()
		packed, err := packSigns(signs)
		if err != nil {
			return nil, err
		}
		kept = append(kept, watchRow{cell.ID, concernOf(cell, signs).weight, packed, today})
	}
	return kept, nil
}

// watchMonths is how far back signs are sought.
const watchMonths = 6

type watchRow struct {
	unit   orgtree.ID
	weight int
	signs  string
	day    clock.Date
}

// Watch looks at the records again of all cells where something was written since
// it last did, and of every cell once a day, because time alone makes a month
// pass without a meeting. It reads and writes in many short transactions.
func Watch(ctx context.Context, d *db.DB) error {
	var c watchCursor
	var parents []orgtree.ID
	err := d.View(ctx, func(tx *db.Tx) (err error) {
		if c, err = readWatchCursor(tx); err != nil {
			return err
		}
		if parents, err = c.parents(tx); err != nil {
			return err
		}
		return c.advance(tx)
	})
	if err != nil {
		return err
	}
	for _, above := range parents {
		var kept []watchRow
		if err := d.View(ctx, func(tx *db.Tx) (err error) {
			kept, err = lookAgain(tx, above)
			return err
		}); err != nil {
			return err
		}
		if len(kept) == 0 {
			continue
		}
		if err := d.Update(ctx, func(tx *db.Tx) error { return keep(tx, kept) }); err != nil {
			return err
		}
	}
	return d.Update(ctx, func(tx *db.Tx) error { return c.save(tx) })
}
