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
	// Cells counts all of them, Signs those with each kind of sign.
	Cells int
	Signs map[SignKind]int
	// Planned counts the open plans of consolidation.
	Planned  int
	Heaviest []Watched
	// Pending: the list is being drawn up for the first time.
	Pending bool
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

// watchList is what was added up for the unit: it reads a row, and those of the
// cells that are named.
func watchList(tx *db.Tx, at orgtree.Unit) (l WatchList, err error) {
	sum, err := watchSumOf(tx, at.ID)
	if err != nil {
		return l, err
	}
	l.Cells, l.Signs = sum.cells, sum.signs
	cursor, err := readWatchCursor(tx)
	if err != nil {
		return l, err
	}
	l.Pending = cursor.day == ""
	if len(sum.heaviest) > 0 {
		l.Heaviest, err = watchedCells(tx, at, sum.heaviest)
	}
	return l, err
}

// watchSum is the list of a unit added up.
type watchSum struct {
	cells    int
	signs    map[SignKind]int
	heaviest []orgtree.ID
}

// add counts a cell that is no heavier than those before it.
func (s *watchSum) add(cell orgtree.ID, signs []Sign) {
	s.cells++
	if len(s.heaviest) < watchMost {
		s.heaviest = append(s.heaviest, cell)
	}
	for _, sign := range signs {
		s.signs[sign.Kind]++
	}
}

// sumUp adds the whole list up for every unit above its cells.
func sumUp(tx *db.Tx) (map[orgtree.ID]*watchSum, error) {
	sums := map[orgtree.ID]*watchSum{}
	err := eachWatched(tx, func(w watchedAt) error {
		above, err := w.path.Above()
		if err != nil {
			return err
		}
		for _, unit := range above[:len(above)-1] {
			if sums[unit] == nil {
				sums[unit] = &watchSum{signs: map[SignKind]int{}}
			}
			sums[unit].add(above[len(above)-1], w.signs)
		}
		return nil
	})
	return sums, err
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
// pass without a meeting; then it adds the list up for the units above. It reads
// and writes in many short transactions.
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
		if err := watchBelow(ctx, d, above); err != nil {
			return err
		}
	}
	if err := sumWatched(ctx, d); err != nil {
		return err
	}
	return d.Update(ctx, func(tx *db.Tx) error { return c.save(tx) })
}

// watchBelow looks again at the cells directly below a unit.
func watchBelow(ctx context.Context, d *db.DB, above orgtree.ID) error {
	var kept []watchRow
	if err := d.View(ctx, func(tx *db.Tx) (err error) {
		kept, err = lookAgain(tx, above)
		return err
	}); err != nil || len(kept) == 0 {
		return err
	}
	return d.Update(ctx, func(tx *db.Tx) error { return keep(tx, kept) })
}

// sumWatched adds the list up and writes the sums that have changed.
func sumWatched(ctx context.Context, d *db.DB) error {
	var changed []sumRow
	if err := d.View(ctx, func(tx *db.Tx) error {
		sums, err := sumUp(tx)
		if err != nil {
			return err
		}
		changed, err = changedSums(tx, sums)
		return err
	}); err != nil || len(changed) == 0 {
		return err
	}
	return d.Update(ctx, func(tx *db.Tx) error { return keepSums(tx, changed) })
}
