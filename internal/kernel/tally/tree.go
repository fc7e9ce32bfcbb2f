package tally

import (
	"slices"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// tree knows under which units others lay at the end of each month, as far as
// it was loaded. A unit of which nothing is known stands alone.
type tree map[orgtree.ID][]stay

// stay is a parent with the month from whose end on a unit lies below it. The
// first holds for the months before as well.
type stay struct {
	parent orgtree.ID
	from   clock.Month
}

func staysOf(parents []orgtree.Parenthood) []stay {
	list := make([]stay, 0, len(parents))
	for _, p := range parents {
		from := clock.MonthOf(p.From)
		if last := len(list) - 1; last >= 0 && list[last].from == from {
			list[last].parent = p.Parent
			continue
		}
		list = append(list, stay{p.Parent, from})
	}
	return list
}

// before makes the tree what it was before the moves, which the figures have not
// followed yet.
func (t tree) before(tx *db.Tx, moves []move) error {
	var above []orgtree.ID
	for _, m := range moves {
		t[m.unit] = m.stays
		above = append(above, t.parents(m.unit)...)
	}
	return t.load(tx, above)
}

// load makes the units known with all that ever lay above them. What is known
// stays as it is.
func (t tree) load(tx *db.Tx, units []orgtree.ID) error {
	for wanted := t.unknown(units); len(wanted) > 0; {
		found, err := orgtree.Histories(tx, wanted)
		if err != nil {
			return err
		}
		var above []orgtree.ID
		for _, unit := range wanted {
			t[unit] = staysOf(found[unit])
			above = append(above, t.parents(unit)...)
		}
		wanted = t.unknown(above)
	}
	return nil
}

func (t tree) parents(unit orgtree.ID) (list []orgtree.ID) {
	for _, s := range t[unit] {
		list = append(list, s.parent)
	}
	return list
}

// unknown are those of the units that are not loaded, each once.
func (t tree) unknown(units []orgtree.ID) []orgtree.ID {
	list := slices.Clone(units)
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(unit orgtree.ID) bool {
		_, known := t[unit]
		return known || unit == 0
	})
}

// line is the unit with all that lie above it at the end of the month, and the
// next month in which that changes; "" is never.
func (t tree) line(unit orgtree.ID, month clock.Month) (line []orgtree.ID, until clock.Month) {
	for unit != 0 {
		line = append(line, unit)
		stays := t[unit]
		unit = 0
		for i, s := range stays {
			if i > 0 && s.from > month {
				if until == "" || s.from < until {
					until = s.from
				}
				break
			}
			unit = s.parent
		}
	}
	return line, until
}

// spread adds times the unit's own figures of a month to the unit and to all
// above it: flows to those of that month; stocks also, later, from those who
// lose the unit to those who get it.
func (t tree) spread(into *Counts, at place, own Figures, times int64) {
	_, stocks := own.split()
	line, until := t.line(at.unit, at.month)
	for _, unit := range line {
		into.add(place{unit, at.month}, own, times)
	}
	for len(stocks) > 0 && until != "" {
		month := until
		var next []orgtree.ID
		next, until = t.line(at.unit, month)
		for _, unit := range line {
			if !slices.Contains(next, unit) {
				into.add(place{unit, month}, stocks, -times)
			}
		}
		for _, unit := range next {
			if !slices.Contains(line, unit) {
				into.add(place{unit, month}, stocks, times)
			}
		}
		line = next
	}
}
