package orgtree

import "chibo/internal/platform/db"

// Breadth is how many units lie in a scope, as far as it decides how the first
// records of it, in some order, are found soonest.
type Breadth int

const (
	// Narrow: all records of the units are looked at and sorted. An ORDER BY that
	// is that of an index would let PostgreSQL go through the records of the
	// whole country instead, until it has met enough of these units, so it is ByText
	// or ByNumber.
	Narrow Breadth = iota
	// Middling: an index gives the records of the whole country in order, and
	// each record's unit is looked for among those of the scope, which are
	// gathered first.
	Middling
	// Broad: so many lie in the scope that its records come soon in that order,
	// and that gathering its units would take longer than looking at each
	// record's.
	Broad
)

// From how many units on a scope is middling, and broad. A cell has some twenty
// records of each kind, so that at a thousand units of 300,000 as many records
// are looked at either way.
const (
	middlingUnits = 1_000
	broadUnits    = 10_000
)

// BreadthOf is the breadth of a scope of so many units.
func BreadthOf(units int) Breadth {
	switch {
	case units < middlingUnits:
		return Narrow
	case units < broadUnits:
		return Middling
	}
	return Broad
}

// Count is how many units lie in the scope, but it counts no further than most.
func (s Scope) Count(tx *db.Tx, most int) (int, error) {
	units := len(s.single)
	for _, branch := range s.branches {
		if units >= most {
			break
		}
		n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM (SELECT 1 FROM unit WHERE path >= $1 AND path < $2 LIMIT $3) t`,
			branch, branch.end(), most-units)
		if err != nil {
			return 0, err
		}
		units += n
	}
	return min(units, most), nil
}

// Breadth counts the units.
func (s Scope) Breadth(tx *db.Tx) (Breadth, error) {
	units, err := s.Count(tx, broadUnits)
	return BreadthOf(units), err
}

// WhereOf is Where for a list of a scope of the breadth.
func (s Scope) WhereOf(b Breadth, column string, n int) (string, []any) {
	switch b {
	case Narrow:
		return s.Where(column, n)
	case Broad:
		return s.WhereEach(column, n)
	}
	among, args := s.Where(column, n)
	return "CASE WHEN " + among + " THEN 1 ELSE 0 END = 1", args
}

// ByNumber is what a list of a scope of the breadth is sorted by: the column, but
// for a narrow one so that no index has that order.
func (b Breadth) ByNumber(column string) string {
	if b == Narrow {
		return column + " + 0"
	}
	return column
}

// ByText is ByNumber for a column of text.
func (b Breadth) ByText(column string) string {
	if b == Narrow {
		return column + " || ''"
	}
	return column
}
