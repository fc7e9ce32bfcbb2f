package tally

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/id"
)

// Counts are what records say of units, by the month that each fact belongs to.
// The zero Counts say nothing.
type Counts struct {
	at map[place]Figures
}

// place is a unit in a month.
type place struct {
	unit  orgtree.ID
	month clock.Month
}

func (a place) compare(b place) int {
	return cmp.Or(cmp.Compare(a.unit, b.unit), cmp.Compare(a.month, b.month))
}

// Add counts n at the unit itself; what lies above it follows from the tree.
func (c *Counts) Add(unit orgtree.ID, month clock.Month, m Measure, n int64) {
	if m.Stock() {
		month = max(month, Opening)
	}
	c.add(place{unit, month}, Figures{{m.ID, n}}, 1)
}

// Opening is the month from which stocks are kept. What stood before, such as
// members admitted in 1985, is the balance that the books open with: nobody
// entered who left in those years, and a row for each month of the past would
// hold nothing that is true.
const Opening clock.Month = "2025-01"

func (c *Counts) add(at place, f Figures, times int64) {
	if c.at == nil {
		c.at = map[place]Figures{}
	}
	sum := c.at[at]
	for _, x := range f {
		sum.add(x.ID, times*x.N)
	}
	if c.at[at] = sum; len(sum) == 0 {
		delete(c.at, at)
	}
}

// Minus is what makes the counts of before into c: what a change adds to the
// figures.
func (c Counts) Minus(before Counts) Counts {
	change := Counts{maps.Clone(c.at)}
	for at := range change.at {
		change.at[at] = slices.Clone(change.at[at])
	}
	for at, f := range before.at {
		change.add(at, f, -1)
	}
	return change
}

func (c Counts) places() []place { return slices.SortedFunc(maps.Keys(c.at), place.compare) }

// Rows are the counts as rows, in the order of units and months. What lies below
// the units has to be counted at them as well.
func (c Counts) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, at := range c.places() {
			if !yield(Row{at.unit, at.month, c.at[at]}, nil) {
				return
			}
		}
	}
}

// String packs the counts for the journal: "UNIT 2026-11 3=1;UNIT 2026-12 4=1".
func (c Counts) String() string {
	var b strings.Builder
	for i, at := range c.places() {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(at.unit.String() + " " + string(at.month) + " " + c.at[at].String())
	}
	return b.String()
}

// unpack adds what String packed.
func (c *Counts) unpack(packed string) error {
	for rest, more := packed, packed != ""; more; {
		var one string
		one, rest, more = strings.Cut(rest, ";")
		unit, figures, _ := strings.Cut(one, " ")
		month, figures, _ := strings.Cut(figures, " ")
		at := place{month: clock.Month(month)}
		var err error
		if at.unit, err = id.Parse[orgtree.Unit](unit); err != nil {
			return fmt.Errorf("counts %q: %w", packed, err)
		}
		f, err := Parse(figures)
		if err != nil {
			return err
		}
		c.add(at, f, 1)
	}
	return nil
}

// Include adds other counts.
func (c *Counts) Include(other Counts) {
	for at, f := range other.at {
		c.add(at, f, 1)
	}
}
