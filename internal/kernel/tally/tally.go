// Package tally keeps figures: how much of what there was at each unit, with
// all below it, in each month.
//
// A verb says in its journal entry what it adds (Counts); a job follows the
// journal and adds that up the tree. So writers share no row, every entry shows
// at the root within a second, and the records prove the figures (Check).
//
// The tree of a month is that of its last day, for flows and stocks alike: the
// meetings held, the cells that held them and their members are then those of
// the same units, and a unit that moved counts once, where it then stood. Moves
// entered later, and their undoing, take its figures along.
//
// The package knows no rights: the caller has checked them.
package tally

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Read are the figures of the unit, with all below it, in each month from one
// to the other. Stocks are as of the end of the month.
func Read(tx *db.Tx, unit orgtree.ID, from, to clock.Month) ([]Figures, error) {
	stored, err := db.All(tx, scanFrom(from), `SELECT unit_id, month, figures FROM tally WHERE unit_id = $1 AND month <= $2 ORDER BY month`, unit, to)
	if err != nil {
		return nil, err
	}
	return series(stored, from, to), nil
}

// Child is a unit with its figures, one for each month.
type Child struct {
	Unit   orgtree.ID
	Months []Figures
}

// Children are the figures of the units that stand directly below the parent at
// the end of the last month, each in every month from one to the other wherever
// it stood then.
func Children(tx *db.Tx, parent orgtree.ID, from, to clock.Month) ([]Child, error) {
	units, err := orgtree.ChildrenOn(tx, parent, to.Last())
	if err != nil {
		return nil, err
	}
	return Each(tx, units, from, to)
}

// Each is Read for each of the units, in a few questions.
func Each(tx *db.Tx, units []orgtree.ID, from, to clock.Month) ([]Child, error) {
	stored := map[orgtree.ID][]Row{}
	scan := scanFrom(from)
	err := inLots(units, func(lot []any) error {
		return db.Each(tx, scan, func(r Row) error {
			stored[r.Unit] = append(stored[r.Unit], r)
			return nil
		}, `SELECT unit_id, month, figures FROM tally WHERE unit_id IN (`+lotMarks+`) AND month <= $`+lotNext+` ORDER BY unit_id, month`,
			append(lot, to)...)
	})
	list := make([]Child, len(units))
	for i, unit := range units {
		list[i] = Child{unit, series(stored[unit], from, to)}
	}
	return list, err
}

// ReadAsOf is Read with the figures of closed months as they stood at the end
// of an earlier day. A month that was still open on that day is as it was when
// it closed.
func ReadAsOf(tx *db.Tx, unit orgtree.ID, from, to clock.Month, at clock.Date) ([]Figures, error) {
	stored, err := db.All(tx, scanRow, `SELECT unit_id, month, figures FROM tally WHERE unit_id = $1 AND month <= $2 ORDER BY month`, unit, to)
	if err != nil {
		return nil, err
	}
	later := map[clock.Month]Figures{}
	if err := db.Each(tx, scanRow, func(r Row) error {
		later[r.Month] = later[r.Month].Plus(r.Figures)
		return nil
	}, `SELECT unit_id, month, figures FROM tally_correction WHERE unit_id = $1 AND month <= $2 AND day > $3`, unit, to, at); err != nil {
		return nil, err
	}
	for i, r := range stored {
		stored[i].Figures = r.plus(later[r.Month], -1)
	}
	return series(stored, from, to), nil
}

// Row is what is stored of a unit in a month: its flows, and by how much its
// stocks changed.
type Row struct {
	Unit  orgtree.ID
	Month clock.Month
	Figures
}

func scanRow(row db.Row) (r Row, err error) {
	return r, row.Scan(&r.Unit, db.Text(&r.Month), &r.Figures)
}

// scanFrom is scanRow without the flows of the months before one: only their
// stocks are wanted.
func scanFrom(month clock.Month) db.Scan[Row] {
	return func(row db.Row) (r Row, err error) {
		var packed string
		if err := row.Scan(&r.Unit, db.Text(&r.Month), &packed); err != nil {
			return r, err
		}
		if r.Month < month {
			r.Figures, err = stocksOf(packed)
		} else {
			r.Figures, err = Parse(packed)
		}
		return r, err
	}
}

// series are the months of a unit whose rows are given in order from the
// beginning.
func series(stored []Row, from, to clock.Month) []Figures {
	months := from.Until(to)
	list := make([]Figures, 0, len(months))
	var stocks Figures
	for _, month := range months {
		var flows Figures
		for len(stored) > 0 && stored[0].Month <= month {
			f, s := stored[0].split()
			if len(s) > 0 {
				stocks = stocks.Plus(s)
			}
			if stored[0].Month == month {
				flows = f
			}
			stored = stored[1:]
		}
		list = append(list, flows.Plus(stocks))
	}
	return list
}
