package member

import (
	"fmt"
	"strings"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// order is how a list is sorted, and so from where a later page goes on.
type order struct {
	id string // in the cursor
	by string
}

// Names are sorted by the given name. What is sought in a large part of the tree
// comes in the order of the index that finds it.
var (
	byName   = order{"n", "p.name_key"}
	byGiven  = order{"g", "(replace(p.folded, rtrim(p.folded, replace(p.folded, ' ', '')), '') || ' ' || p.folded)"}
	byFamily = order{"f", "p.folded"}
)

// named are the words of the filter that are parts of a name.
func (f Filter) named() []string {
	if f.card() != "" {
		return nil
	}
	return strings.Fields(text.Fold(f.Words))
}

// wordsIn asks that every word begins one of the column's. Folded words hold
// letters and digits alone, so no sign of LIKE.
func (q *query) wordsIn(column string, words []string) {
	for _, word := range words {
		q.where("' ' || "+column+" LIKE ?", "% "+word+"%")
	}
}

// page are the first rows after the cursor.
func (q *query) page(f Filter, limit int) ([]listRow, error) {
	ways := []way{{order: byName}}
	if q.partly(f) {
		ways = waysTo(f.named())
	}
	if f.After != "" {
		return q.nextPage(ways, f.After, limit)
	}
	for _, w := range ways {
		rows, err := q.along(w).rows(limit)
		if err != nil || len(rows) > 0 {
			q.way = w
			return rows, err
		}
	}
	return nil, nil
}

// partly reports whether names are sought by their beginnings alone.
func (q *query) partly(f Filter) bool {
	return len(f.named()) > 0 && q.units >= unitsSought && !q.joined
}

// way is one index by which people are found: their key begins with the text,
// and names hold the words besides.
type way struct {
	order
	begins string
	words  []string
}

// waysTo are the ways to a name of which so much was typed, the surest first. The
// first that finds anybody is taken: no index finds a word in the middle of a
// name among millions, and people type whole names, or begin with the family
// name, or give the given name alone.
func waysTo(words []string) []way {
	last := len(words) - 1
	given, before := words[last], strings.Join(words[:last], " ")
	if last == 0 {
		return []way{{order: byGiven, begins: given}, {order: byFamily, begins: given}}
	}
	return []way{
		{order: byGiven, begins: given + " " + before},
		{order: byFamily, begins: before + " " + given},
		{order: byGiven, begins: given, words: words[:last]},
	}
}

// along is the query on its way; q itself stays as it is.
func (q *query) along(w way) *query {
	next := *q
	next.terms, next.args = append([]string(nil), q.terms...), append([]any(nil), q.args...)
	next.way = w
	if w.begins != "" {
		next.where(w.by+" >= ?", w.begins)
		next.where(w.by+" < ?", w.begins+"\U0010ffff")
	}
	next.wordsIn("p.folded", w.words)
	return &next
}

// nextPage goes on behind the person at whom the page before ended.
func (q *query) nextPage(ways []way, cursor string, limit int) ([]listRow, error) {
	id, rest, _ := strings.Cut(cursor, "/")
	begins, rest, _ := strings.Cut(rest, "/")
	key, last, ok := strings.Cut(rest, "/")
	person, err := parseID(last)
	if !ok || err != nil {
		return nil, errs.Field("after", "errs.range")
	}
	for _, w := range ways {
		if w.id != id || w.begins != begins {
			continue
		}
		q.way = w
		next := q.along(w)
		next.where("("+w.by+", p.id) > (?, ?)", key, person)
		return next.rows(limit)
	}
	return nil, errs.Field("after", "errs.range")
}

// cursor says where the next page begins.
func (q *query) cursor(last listRow) string {
	return strings.Join([]string{q.way.id, q.way.begins, last.key, last.ID.String()}, "/")
}

// total is how many people the list has, of which so many are on the page. In a
// large part of the tree it is what the figures say, if everybody present was
// asked for; otherwise nobody goes through the rest to count it.
func (q *query) total(f Filter, shown int, more bool) (int, bool, error) {
	switch {
	case f.After == "" && !more:
		return shown, false, nil
	case q.units < unitsFigures:
		return q.count()
	case q.at.ID != 0 && f.everybody():
		s, err := kept(q.tx, q.at.ID)
		return s.All(), false, err
	}
	return shown, true, nil
}

// everybody reports whether the filter leaves out nobody who is present.
func (f Filter) everybody() bool {
	return f.Words == "" && f.Group == 0 && len(f.Statuses) == 0 && f.Overlay == "" && f.Sex == "" && f.AgeFrom == 0 && f.AgeTo == 0
}

// kept is how many members the figures count at the unit and below it. The caller
// has checked the right.
func kept(tx *db.Tx, at orgtree.ID) (unit.Strength, error) {
	month := clock.MonthOf(clock.DateOf(tx.Now))
	figures, err := tally.Read(tx, at, month, month)
	now := tally.Over(figures)
	return unit.Strength{Official: int(now.Get(TallyOfficial)), Probationary: int(now.Get(TallyProbationary))}, err
}

// count counts along the way that was taken, but not beyond countMost.
func (q *query) count() (n int, more bool, err error) {
	all := q.along(q.way)
	n, err = db.One(q.tx, db.Column[int], fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 FROM person p WHERE %s LIMIT %d) t`,
		strings.Join(all.terms, " AND "), countMost+1), all.args...)
	return min(n, countMost), n > countMost, err
}
