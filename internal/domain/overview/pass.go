package overview

import (
	"context"
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Watch looks at the records of cells again and keeps what deserves attention in
// them: of every cell once a day, because time alone makes a month pass without
// a meeting, and in between of those of which the journal has told since. Then it
// adds the list up for the units above.
//
// It reads and writes in many short transactions and notes how far it came, so
// that it goes on from there when ctx ends it; over is false then, and it is to
// be called again soon. Where another process is at it, it leaves it the rest.
func Watch(ctx context.Context, d *db.DB) (over bool, err error) {
	p, err := takeUp(ctx, d)
	for err == nil && len(p.left) > 0 {
		err = p.step(ctx, d, cellsAtOnce)
	}
	if err == nil {
		err = p.finish(ctx, d)
	}
	switch {
	case ctx.Err() != nil:
		return false, nil
	case errs.Is(err, errs.Conflict):
		return true, nil
	case err != nil:
		return false, err
	}
	// After one that had been left on an earlier day, today's follows.
	return p.at.day == clock.DateOf(d.Now()).String(), nil
}

// cellsAtOnce is about how many cells are looked at in one transaction.
const cellsAtOnce = 256

// watchMonths is how far back signs are sought.
const watchMonths = 6

// pass is one round of looking at cells, on its way.
type pass struct {
	at watchCursor
	// left are the units above the cells that are still to be looked at.
	left []family
}

// family is a unit with so many cells directly below it.
type family struct {
	above orgtree.ID
	cells int
}

// takeUp begins a pass, or goes on with the one that was left.
func takeUp(ctx context.Context, d *db.DB) (p *pass, err error) {
	return p, d.View(ctx, func(tx *db.Tx) (err error) {
		p = &pass{}
		if p.at, err = readWatchCursor(tx); err != nil {
			return err
		}
		if err := p.at.begin(tx); err != nil {
			return err
		}
		p.left, err = p.at.families(tx)
		return err
	})
}

// step looks at the cells of the next families, of about so many, and notes that
// it did.
func (p *pass) step(ctx context.Context, d *db.DB, cells int) error {
	lot := p.lot(cells)
	var seen []watchRow
	if err := d.View(ctx, func(tx *db.Tx) (err error) {
		seen, err = lookAgain(tx, lot)
		return err
	}); err != nil {
		return err
	}
	next := p.at
	next.pass.above = lot[len(lot)-1]
	if err := d.UpdateGuarded(ctx, func(tx *db.Tx) error {
		if err := next.save(tx); err != nil {
			return err
		}
		return keep(tx, seen)
	}); err != nil {
		return err
	}
	next.version++
	p.at, p.left = next, p.left[len(lot):]
	return nil
}

// lot are the next units, with about so many cells.
func (p *pass) lot(cells int) (above []orgtree.ID) {
	for _, f := range p.left {
		if cells -= f.cells; cells < 0 && len(above) > 0 {
			break
		}
		above = append(above, f.above)
	}
	return above
}

// finish adds the list up and ends the pass.
func (p *pass) finish(ctx context.Context, d *db.DB) error {
	var changed []sumRow
	var ended []orgtree.ID
	if err := d.View(ctx, func(tx *db.Tx) (err error) {
		sums, gone, err := sumUp(tx)
		if err != nil {
			return err
		}
		ended = gone
		changed, err = changedSums(tx, sums)
		return err
	}); err != nil {
		return err
	}
	next := p.at.over()
	if err := d.UpdateGuarded(ctx, func(tx *db.Tx) error {
		if err := next.save(tx); err != nil {
			return err
		}
		if err := forget(tx, ended); err != nil {
			return err
		}
		return keepSums(tx, changed)
	}); err != nil {
		return err
	}
	p.at = next
	return nil
}

// lookAgain looks at the records of the cells directly below the units. It gives
// the rows that differ from those that are kept.
func lookAgain(tx *db.Tx, above []orgtree.ID) (changed []watchRow, err error) {
	cells, err := cellsBelow(tx, above)
	if err != nil {
		return nil, err
	}
	for some := range slices.Chunk(cells, 2*cellsAtOnce) {
		rows, err := lookAt(tx, some)
		if err != nil {
			return nil, err
		}
		changed = append(changed, rows...)
	}
	return changed, nil
}

func lookAt(tx *db.Tx, cells []cellBelow) (changed []watchRow, err error) {
	today := clock.DateOf(tx.Now)
	s := Span{Until: meeting.MonthOf(today), Months: watchMonths}
	list := make(cellList, len(cells))
	for i, c := range cells {
		list[i] = c.cell.ID
	}
	b, err := readForSigns(tx, list, s)
	if err != nil {
		return nil, err
	}
	stored, err := watchRows(tx, list)
	if err != nil {
		return nil, err
	}
	rules := map[string]map[meeting.Month]rhythm{}
	for _, c := range cells {
		if rules[c.above.Place] == nil {
			if rules[c.above.Place], err = rhythms(tx, c.above, s); err != nil {
				return nil, err
			}
		}
		b.rhythms = rules[c.above.Place]
		row, err := watchRowOf(c.cell, b.row(c.cell, s.list()).signs(), today)
		if err != nil {
			return nil, err
		}
		if before, kept := stored[row.unit]; kept && row != before || !kept && row.weight > 0 {
			changed = append(changed, row)
		}
	}
	return changed, nil
}

// watchRow is what was seen of a cell; one without a sign has the weight zero and
// is not kept.
type watchRow struct {
	unit   orgtree.ID
	weight int
	signs  string
	day    clock.Date
}

func watchRowOf(cell orgtree.Unit, signs []Sign, day clock.Date) (watchRow, error) {
	packed, err := packSigns(signs)
	return watchRow{cell.ID, concernOf(cell, signs).weight, packed, day}, err
}

// sumUp adds the whole list up for every unit above its cells. Cells that have
// ended are not in it.
func sumUp(tx *db.Tx) (sums map[orgtree.ID]*watchSum, ended []orgtree.ID, err error) {
	sums = map[orgtree.ID]*watchSum{}
	err = eachWatched(tx, func(w watchedAt) error {
		if w.ended {
			ended = append(ended, w.cell)
			return nil
		}
		above, err := w.path.Above()
		if err != nil {
			return err
		}
		for _, unit := range above[:len(above)-1] {
			if sums[unit] == nil {
				sums[unit] = &watchSum{signs: map[SignKind]int{}}
			}
			sums[unit].add(w.cell, w.signs)
		}
		return nil
	})
	return sums, ended, err
}
