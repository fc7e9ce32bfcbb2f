package overview

import (
	"chibo/internal/domain/consolidation"
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
