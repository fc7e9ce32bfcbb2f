package orgtree

import (
	"slices"
	"strings"

	"chibo/internal/platform/db"
)

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
	// Broad: the records of a whole tree come soon in that order. Gathering its
	// units would take longer than looking at each record's.
	Broad
)

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

// Breadth counts the units, and is BreadthOf.
func (s Scope) Breadth(tx *db.Tx, few int) (Breadth, error) {
	units, err := s.Count(tx, few+1)
	return s.BreadthOf(units, few), err
}

// BreadthOf is the breadth of the scope, in which so many units lie. It is narrow up
// to few, which depends on how many records a unit has: of 300,000 units a thousand
// have one in three hundred, so that 15,000 are looked at in order until there are
// fifty, and at a thousand units with fifteen records each as many are sorted.
func (s Scope) BreadthOf(units, few int) Breadth {
	switch {
	case units <= few:
		return Narrow
	case slices.ContainsFunc(s.branches, Path.root):
		return Broad
	}
	return Middling
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

// WhereBelow is the condition that the column's unit lies at or below at, and in
// the scope, with its arguments, numbered from n on, and the narrower breadth of
// the two; few is that of BreadthOf.
func (s Scope) WhereBelow(tx *db.Tx, at Unit, column string, n, few int) (where string, args []any, b Breadth, err error) {
	var branch Scope
	branch.AddBranch(at.Path)
	parts := []Scope{branch}
	if !s.Covers(at) {
		parts = append(parts, s)
	}
	terms := make([]string, len(parts))
	b = Broad
	for i, part := range parts {
		own, err := part.Breadth(tx, few)
		if err != nil {
			return "", nil, b, err
		}
		term, more := part.WhereOf(own, column, n+len(args))
		terms[i], args, b = term, append(args, more...), min(b, own)
	}
	return strings.Join(terms, " AND "), args, b, nil
}

// ByNumber is what a list of a scope of the breadth is sorted by: the column, but
// for a narrow one so that no index has that order.
func (b Breadth) ByNumber(column string) string {
	if b == Narrow {
		return column + " + 0"
	}
	return column
}

// ByText is ByNumber for a column of text that is never '~'.
func (b Breadth) ByText(column string) string {
	if b == Narrow {
		return "NULLIF(" + column + ", '~')"
	}
	return column
}

// root reports whether the path is that of a unit without a parent.
func (p Path) root() bool { return strings.Count(string(p), "/") == 1 }
