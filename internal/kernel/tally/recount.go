package tally

import (
	"fmt"
	"slices"

	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Source counts what a noun's records say of some units, without what lies below
// them. The verbs of the noun add the very same to the journal, change by change.
type Source struct {
	Measures []Measure
	Count    func(tx *db.Tx, units []orgtree.ID, into *Counts) error
}

// In is the condition that the column is one of the units given to a Source,
// with its arguments, numbered from n on.
func In(column string, n int, units []orgtree.ID) (string, []any) {
	args := make([]any, lotSize)
	for i := range args {
		args[i] = units[min(i, len(units)-1)]
	}
	return column + " IN (" + marks(n, lotSize) + ")", args
}

// Difference is a figure that is not what the records say.
type Difference struct {
	Unit            orgtree.ID
	Month           clock.Month
	Measure         string
	Stored, Counted int64
}

// Error makes a Difference an error.
func (d Difference) Error() string {
	return fmt.Sprintf("figures: unit %v, %s, %s: %d is stored, the records say %d", d.Unit, d.Month, d.Measure, d.Stored, d.Counted)
}

// Check counts all records and compares them with the figures, the units in the
// order of the tree, those below before those above them. What the job has not
// followed yet is taken into account. The first that differs is a Difference.
// It gives how many rows it compared, and tells progress, which may be nil, how
// many units it is through with. Figures that were never begun are in order:
// there are none.
func Check(tx *db.Tx, sources []Source, progress func(done, total int64)) (rows int64, err error) {
	from, begun, err := readCursor(tx)
	if err != nil || !begun {
		return 0, err
	}
	c, err := newCounting(tx, sources, from.position)
	if err != nil {
		return 0, err
	}
	total, err := db.One(tx, db.Column[int64], `SELECT count(*) FROM unit`)
	if err != nil {
		return 0, err
	}
	var done int64
	if err := c.all(func(units []orgtree.ID, counted map[place]Figures) error {
		rows += int64(len(counted))
		if done += int64(len(units)); progress != nil {
			progress(done, total)
		}
		return c.compare(units, counted)
	}); err != nil {
		return 0, err
	}
	return rows, c.orphans()
}

// Recount writes all figures anew from the records, and follows the journal from
// here. An installation from before the figures begins with it.
func Recount(tx *db.Tx, sources []Source) error {
	for _, table := range []string{`DELETE FROM tally_move`, `DELETE FROM tally`} {
		if _, err := tx.Exec(table); err != nil {
			return err
		}
	}
	size, err := journal.Size(tx)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO tally_cursor (id, position, version) VALUES (1, $1, 1)
		ON CONFLICT (id) DO UPDATE SET position = excluded.position, version = tally_cursor.version + 1`, size-1); err != nil {
		return err
	}
	c, err := newCounting(tx, sources, size-1)
	if err != nil {
		return err
	}
	return c.all(func(_ []orgtree.ID, counted map[place]Figures) error {
		rows := make([]Row, 0, len(counted))
		for at, figures := range counted {
			rows = append(rows, Row{at.unit, at.month, figures})
		}
		slices.SortFunc(rows, func(a, b Row) int { return place{a.Unit, a.Month}.compare(place{b.Unit, b.Month}) })
		return writeRows(tx, rows)
	})
}

// counting counts all records, some units at a time.
type counting struct {
	tx      *db.Tx
	sources []Source
	tree    tree
	// bearing are the units with others below them: what they say is complete
	// only at the end.
	bearing map[orgtree.ID]bool
	above   Counts
}

// newCounting begins with what the job has still to follow, taken away: the
// records hold it already.
func newCounting(tx *db.Tx, sources []Source, position int64) (*counting, error) {
	c := &counting{tx: tx, sources: sources, tree: tree{}}
	moves, err := pendingMoves(tx)
	if err != nil {
		return nil, err
	}
	if err := c.tree.before(tx, moves); err != nil {
		return nil, err
	}
	if c.bearing, err = orgtree.Bearing(tx); err != nil {
		return nil, err
	}
	for _, m := range moves {
		for _, parent := range c.tree.parents(m.unit) {
			c.bearing[parent] = true
		}
	}
	pending, err := notFollowed(tx, position)
	if err != nil {
		return nil, err
	}
	units := make([]orgtree.ID, 0, len(pending.at))
	for at := range pending.at {
		c.bearing[at.unit] = true
		units = append(units, at.unit)
	}
	if err := c.tree.load(tx, units); err != nil {
		return nil, err
	}
	for at, figures := range pending.at {
		c.tree.spread(&c.above, at, figures, -1)
	}
	return c, nil
}

// notFollowed is what the entries behind the position add.
func notFollowed(tx *db.Tx, position int64) (pending Counts, err error) {
	for {
		added, err := journal.Additions(tx, position, followMost)
		if err != nil {
			return pending, err
		}
		for _, a := range added {
			if err := pending.unpack(a.Figures); err != nil {
				return pending, err
			}
			position = a.Position
		}
		if len(added) < followMost {
			break
		}
	}
	return pending, journal.Unplaced(tx, pending.unpack)
}

const followMost = 1000

// all hands on what the records say of units with all below them, first of those
// that stand alone, some at a time, then of all that bear others.
func (c *counting) all(fn func(units []orgtree.ID, counted map[place]Figures) error) error {
	var last orgtree.ID
	for {
		units, err := orgtree.After(c.tx, last, lotSize)
		if err != nil {
			return err
		}
		if len(units) == 0 {
			break
		}
		last = units[len(units)-1]
		alone, err := c.some(units)
		if err != nil {
			return err
		}
		units = slices.DeleteFunc(units, func(u orgtree.ID) bool { return c.bearing[u] })
		if err := fn(units, alone); err != nil {
			return err
		}
	}
	units := make([]orgtree.ID, 0, len(c.bearing))
	for unit := range c.bearing {
		units = append(units, unit)
	}
	slices.Sort(units)
	return fn(units, c.above.at)
}

// some counts a few units: it gives the rows of those that bear no others, and
// adds the rest up.
func (c *counting) some(units []orgtree.ID) (map[place]Figures, error) {
	var own, sum Counts
	for _, source := range c.sources {
		if err := source.Count(c.tx, units, &own); err != nil {
			return nil, err
		}
	}
	if err := c.tree.load(c.tx, units); err != nil {
		return nil, err
	}
	for at, figures := range own.at {
		c.tree.spread(&sum, at, figures, 1)
	}
	alone := map[place]Figures{}
	for at, figures := range sum.at {
		if c.bearing[at.unit] {
			c.above.add(at, figures, 1)
		} else {
			alone[at] = figures
		}
	}
	for _, unit := range units {
		if !c.bearing[unit] {
			delete(c.tree, unit) // there are 300,000 of them
		}
	}
	return alone, nil
}

// compare asks for the rows of the units and for nothing else that is counted.
func (c *counting) compare(units []orgtree.ID, counted map[place]Figures) error {
	return inLots(units, func(lot []any) error {
		stored := map[place]Figures{}
		if err := db.Each(c.tx, scanRow, func(r Row) error {
			stored[place{r.Unit, r.Month}] = r.Figures
			return nil
		}, `SELECT unit_id, month, figures FROM tally WHERE unit_id IN (`+lotMarks+`)`, lot...); err != nil {
			return err
		}
		asked := map[orgtree.ID]bool{}
		for _, unit := range lot {
			asked[unit.(orgtree.ID)] = true
		}
		places := make([]place, 0, len(stored))
		for at := range stored {
			places = append(places, at)
		}
		for at := range counted {
			if asked[at.unit] {
				places = append(places, at)
			}
		}
		slices.SortFunc(places, place.compare)
		for _, at := range slices.Compact(places) {
			if wrong := stored[at].plus(counted[at], -1); len(wrong) > 0 {
				id := wrong[0].ID
				return Difference{at.unit, at.month, c.keyOf(id), stored[at].get(id), counted[at].get(id)}
			}
		}
		return nil
	})
}

func (c *counting) keyOf(id ID) string {
	for _, source := range c.sources {
		for _, m := range source.Measures {
			if id >= m.ID && id <= m.Last() {
				if m.Size > 0 {
					m = m.At(int(id - m.ID))
				}
				return m.Key
			}
		}
	}
	return fmt.Sprintf("measure %d", id)
}

// orphans looks for figures of units that are not there any more.
func (c *counting) orphans() error {
	return db.Each(c.tx, scanRow, func(r Row) error {
		left := r.plus(c.above.at[place{r.Unit, r.Month}], -1)
		if len(left) == 0 {
			return nil
		}
		return Difference{r.Unit, r.Month, c.keyOf(left[0].ID), r.get(left[0].ID), r.get(left[0].ID) - left[0].N}
	}, `SELECT t.unit_id, t.month, t.figures FROM tally t WHERE t.figures <> '' AND NOT EXISTS (SELECT 1 FROM unit u WHERE u.id = t.unit_id)`)
}
