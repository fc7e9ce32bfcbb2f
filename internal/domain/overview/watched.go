package overview

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// WatchPage is a page of all cells below a unit that deserve attention.
type WatchPage struct {
	Unit  orgtree.Unit
	Cells []Watched // the heaviest first
	// Next is where the next page begins, "" after the last one.
	Next string
	// Pending: the list is being drawn up for the first time.
	Pending bool
}

// ListWatched is the whole list of a unit, page by page, as it was kept when the
// records of each cell were last looked at; after is WatchPage.Next of the page
// before, limit at most 200, 0 is 50. Who oversees the unit may.
func ListWatched(tx *db.Tx, by access.Actor, of orgtree.ID, after string, limit int) (p WatchPage, err error) {
	if p.Unit, err = access.Require(tx, by, access.OverviewRead, of); err != nil {
		return p, err
	}
	from, err := parseWatchPlace(after)
	if err != nil {
		return p, err
	}
	cursor, err := readWatchCursor(tx)
	if err != nil {
		return p, err
	}
	p.Pending = cursor.day == ""
	limit = min(cmp.Or(max(limit, 0), usualPage), largePage)
	if p.Cells, err = watchedBelow(tx, p.Unit, from, limit+1); err != nil {
		return p, err
	}
	if len(p.Cells) > limit {
		p.Cells = p.Cells[:limit]
		last := p.Cells[limit-1]
		p.Next = watchPlace{last.weight, last.Cell.ID}.String()
	}
	return p, nil
}

const (
	usualPage = 50
	largePage = 200
)

// watchPlace is a place in the list, behind the cell.
type watchPlace struct {
	weight int
	cell   orgtree.ID
}

func (p watchPlace) String() string { return strconv.Itoa(p.weight) + "/" + p.cell.String() }

// parseWatchPlace reads what String wrote; "" is before the first.
func parseWatchPlace(s string) (p watchPlace, err error) {
	if s == "" {
		return watchPlace{weight: math.MaxInt32, cell: math.MaxInt64}, nil
	}
	weight, cell, _ := strings.Cut(s, "/")
	if p.weight, err = strconv.Atoi(weight); err == nil {
		p.cell, err = id.Parse[orgtree.Unit](cell)
	}
	if err != nil || p.weight < 0 || p.weight > math.MaxInt32 {
		return p, errs.Field("after", "errs.range")
	}
	return p, nil
}
