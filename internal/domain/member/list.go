package member

import (
	"fmt"
	"strings"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// Filter says which people a list should show; its zero value is every present
// member.
type Filter struct {
	// Unit is a unit with all below it; zero is wherever the actor may read.
	Unit orgtree.ID
	// Words are parts of the name, with or without accents; digits alone are
	// the beginning of a card number. In a large part of the tree they are the
	// name from its beginning, or end with the given name.
	Words    string
	Group    unit.GroupID
	Statuses []Status // none: present members
	Overlay  string   // that lies on them today
	Sex      Sex
	// AgeFrom and AgeTo bound the full years of life; 0 is open.
	AgeFrom, AgeTo int
	// After is Page.Next of the page before; Limit is at most 200, 0 is 50.
	After string
	Limit int
	// Count asks for Page.Total.
	Count bool
}

// Listed is a person in a list. The lower half is filled for actors with the
// right to the file.
type Listed struct {
	Brief
	UnitName string
	Open     bool // the actor may open the file
	Core     Core
}

// Page is a part of a list, sorted by given name.
type Page struct {
	People []Listed
	Next   string // "" on the last page
	Total  int
	More   bool // there are more than Total: nobody counts so far
	// Partly: names were sought by their beginnings and by the given name alone,
	// because the part of the tree is large. See Filter.Words.
	Partly bool
}

const (
	usualPage = 50
	largePage = 200
	countMost = 10_000
)

// List are the people whom the actor may read and the filter asks for. What a
// card, an age or a sensitive overlay would give away is asked only where the
// actor may open files: a unit where they may not is errs.Denied. A unit that
// the actor cannot see is errs.NotFound.
func List(tx *db.Tx, by access.Actor, f Filter) (Page, error) {
	q, err := newQuery(tx, by, access.MemberRead, f)
	if err != nil {
		return Page{}, err
	}
	page := Page{}
	limit := usualPage
	if f.Limit > 0 {
		limit = min(f.Limit, largePage)
	}
	rows, err := q.page(f, limit+1)
	if err != nil {
		return Page{}, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		page.Next = q.cursor(rows[limit-1])
	}
	if f.Count {
		if page.Total, page.More, err = q.total(f, len(rows), page.Next != ""); err != nil {
			return Page{}, err
		}
	}
	page.Partly = q.partly(f)
	page.People, err = q.shown(by, rows)
	return page, err
}

// query is a filter on its way to SQL.
type query struct {
	tx    *db.Tx
	at    orgtree.Unit // zero where the list is not held to one
	words rulepack.States
	terms []string
	args  []any
	// units are those of the narrowest part of the tree in which all of the list
	// lies, counted no further than unitsSought; breadth says how its people are found.
	units   int
	breadth orgtree.Breadth
	// joined: each person's unit is looked at however few they are, because the
	// people come in the order of the units. SQLite would sort them in memory.
	joined bool
	way    way

	// former are records into which others with such a card were merged.
	former []ID
}

func newQuery(tx *db.Tx, by access.Actor, act access.Action, f Filter) (*query, error) {
	if f.private(tx) && act == access.MemberRead {
		act = access.MemberFile
	}
	q := &query{tx: tx, units: unitsSought, breadth: orgtree.Broad, joined: act == access.MemberExport}
	scope, err := by.Scope(tx, act)
	if err != nil {
		return nil, err
	}
	var at orgtree.Unit
	parts := []orgtree.Scope{scope}
	if f.Unit != 0 {
		if at, err = access.Require(tx, by, act, f.Unit); err != nil {
			return nil, err
		}
		var below orgtree.Scope
		below.AddBranch(at.Path)
		if parts = append(parts, below); scope.Covers(at) {
			parts = parts[1:]
		}
	}
	for _, part := range parts {
		if err := q.scope(part, f); err != nil {
			return nil, err
		}
	}
	if q.words, _, err = unit.Words(tx, at); err != nil {
		return nil, err
	}
	if card := f.card(); card != "" {
		if q.former, err = keptForCards(tx, card); err != nil {
			return nil, err
		}
	}
	if scope.Covers(at) {
		q.at = at
	}
	q.filter(f)
	return q, nil
}

// cards asks for a card by its beginning: the person's, or a former one.
func (q *query) cards(beginning string) {
	if len(q.former) == 0 {
		q.where("p.card_number LIKE ?", beginning+"%")
		return
	}
	kept, args := db.OneOf("p.id", len(q.args)+1, q.former)
	q.args = append(q.args, args...)
	q.where("("+kept+" OR p.card_number LIKE ?)", beginning+"%")
}

// private reports whether the answer to the filter says what only the file
// says.
func (f Filter) private(tx *db.Tx) bool {
	if f.card() != "" || f.AgeFrom > 0 || f.AgeTo > 0 {
		return true
	}
	if f.Overlay == "" {
		return false
	}
	words, _, err := unit.Words(tx, orgtree.Unit{})
	return err != nil || sensitive(words, f.Overlay)
}

// card is the card number that the words are the beginning of.
func (f Filter) card() string {
	compact := strings.NewReplacer(" ", "", ".", "").Replace(text.Line(f.Words))
	if len(compact) >= 4 && digits(compact) {
		return compact
	}
	return ""
}

// From how many units on a part of the tree is large: everybody in it is counted
// by the figures, and nobody else; a list is read in the order of names; names are
// sought by their indexes.
const (
	unitsFigures = 500
	unitsOrdered = 1_000
	unitsSought  = 3_000
)

// scope keeps the list to a part of the tree.
func (q *query) scope(s orgtree.Scope, f Filter) error {
	if q.joined {
		where, args := s.WhereJoined("u", len(q.args)+1)
		q.terms, q.args = append(q.terms, where), append(q.args, args...)
		return nil
	}
	units, err := s.Count(q.tx, unitsSought)
	if err != nil {
		return err
	}
	breadth := s.BreadthOf(units, f.few()-1)
	where, args := s.WhereOf(breadth, "p.unit_id", len(q.args)+1)
	q.terms, q.args = append(q.terms, where), append(q.args, args...)
	q.units, q.breadth = min(q.units, units), min(q.breadth, breadth)
	return nil
}

// few is below how many units all people are looked at. By their names those of
// more units are than for a list: where few bear the name, that is quicker than any
// order.
func (f Filter) few() int {
	if len(f.named()) > 0 {
		return unitsSought
	}
	return unitsOrdered
}

// where adds a condition; each ? stands for the next argument.
func (q *query) where(term string, args ...any) {
	for _, arg := range args {
		q.args = append(q.args, arg)
		term = strings.Replace(term, "?", fmt.Sprintf("$%d", len(q.args)), 1)
	}
	q.terms = append(q.terms, term)
}

func (q *query) filter(f Filter) {
	switch card := f.card(); {
	case card != "":
		q.cards(card)
		q.breadth = orgtree.Narrow // hardly anybody has it: no order finds them
	case !q.partly(f):
		q.wordsIn("p.folded", f.named())
	}
	statuses := f.Statuses
	if len(statuses) == 0 {
		statuses = []Status{Probationary, Official}
	}
	term, args := db.OneOf("p.status", len(q.args)+1, statuses)
	q.terms, q.args = append(q.terms, term), append(q.args, args...)
	if f.Group != 0 {
		q.where("p.group_id = ?", f.Group)
	}
	if f.Sex != "" {
		q.where("p.sex = ?", f.Sex)
	}
	today := clock.DateOf(q.tx.Now)
	if f.AgeFrom > 0 {
		q.where("p.birth <= ?", today.AddMonths(-12*f.AgeFrom))
	}
	if f.AgeTo > 0 {
		q.where("p.birth > ?", today.AddMonths(-12*(f.AgeTo+1)))
	}
	if f.Overlay != "" {
		q.where(`p.id IN (SELECT o.person_id FROM person_overlay o WHERE o.kind = ? AND o.from_day <= ?
			AND (o.to_day IS NULL OR o.to_day > ?))`, f.Overlay, today, today)
	}
}

// listRow is a person with what the list needs of the unit.
type listRow struct {
	Member
	key      string // by which the list is ordered
	unitName string
	unitPath orgtree.Path
}

// text asks for the people of the list from its beginning. The inner question is
// answered from an index alone, and only the page is fetched.
func (q *query) text(limit int) string {
	return fmt.Sprintf(`SELECT %[1]s, u.name, u.path, %[2]s FROM person p JOIN unit u ON u.id = p.unit_id
		WHERE p.id IN (SELECT p.id FROM person p WHERE %[3]s ORDER BY %[4]s, p.id LIMIT %[5]d) ORDER BY %[1]s, p.id`,
		q.way.by, columns, strings.Join(q.terms, " AND "), q.breadth.ByText(q.way.by), limit)
}

func scanListRow(row db.Row) (l listRow, err error) {
	l.Member, err = scanMember(prefixed{row, []any{&l.key, &l.unitName, &l.unitPath}})
	return l, err
}

// prefixed scans columns that stand before those of a person.
type prefixed struct {
	db.Row
	first []any
}

func (p prefixed) Scan(into ...any) error { return p.Row.Scan(append(p.first, into...)...) }

func (q *query) rows(limit int) ([]listRow, error) {
	return db.All(q.tx, scanListRow, q.text(limit), q.args...)
}

// shown leaves of each row what the actor may read.
func (q *query) shown(by access.Actor, rows []listRow) ([]Listed, error) {
	ids := make([]ID, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	overlays, err := overlaysToday(q.tx, ids)
	if err != nil {
		return nil, err
	}
	list := make([]Listed, len(rows))
	for i, row := range rows {
		l := Listed{Brief: row.brief(), UnitName: row.unitName}
		l.Open = by.Can(access.MemberFile, orgtree.Unit{ID: row.Unit, Path: row.unitPath})
		if l.Open {
			l.Core = row.Core
		}
		for _, kind := range overlays[row.ID] {
			if l.Open || !sensitive(q.words, kind) {
				l.Overlays = append(l.Overlays, kind)
			}
		}
		list[i] = l
	}
	return list, nil
}

// Strength counts the present members of the unit and of all below it, without
// those whom their overlays take out of the count (rules 2.6). Of a large part of
// the tree it is what the figures say, which hold those too. The caller has checked
// the right.
func Strength(tx *db.Tx, u orgtree.Unit) (unit.Strength, error) {
	var branch orgtree.Scope
	branch.AddBranch(u.Path)
	wide, err := branch.Wide(tx)
	if err != nil {
		return unit.Strength{}, err
	}
	if wide {
		return kept(tx, u.ID)
	}
	words, _, err := unit.Words(tx, u)
	if err != nil {
		return unit.Strength{}, err
	}
	var out []string
	for _, o := range words.Overlays {
		if o.Strength == rulepack.Never {
			out = append(out, o.ID)
		}
	}
	return countStrength(tx, u, out)
}
