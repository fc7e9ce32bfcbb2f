package meeting

import (
	"strconv"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

// Find is one meeting. Members see it once it is announced, those who prepare,
// run or watch it from the first draft on; for others it is errs.NotFound.
func Find(tx *db.Tx, by access.Actor, meeting ID) (Meeting, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	return l.Meeting, err
}

// Filter narrows a list of meetings; zero fields do not.
type Filter struct {
	Unit orgtree.ID
	// Below takes in what lies below Unit.
	Below    bool
	Kinds    []Kind
	States   []State
	From, To Month // both included
	// After continues a list behind the last meeting of the page before.
	After Meeting
	Limit int // 0 is 50, at most 500
}

const (
	pageUsual = 50
	pageMost  = 500
)

// List are the meetings that the actor may see, newest first.
func List(tx *db.Tx, by access.Actor, f Filter) ([]Meeting, error) {
	var at orgtree.Unit
	if f.Unit != 0 {
		var err error
		if at, err = orgtree.Find(tx, f.Unit); err != nil {
			return nil, err
		}
	}
	q, err := seen(tx, by, at, f.Below)
	if err != nil {
		return nil, err
	}
	f.narrow(q)
	limit := f.Limit
	if limit <= 0 {
		limit = pageUsual
	}
	// The inner question is answered from an index alone, and only the page is
	// fetched.
	return db.All(tx, scan, `SELECT `+columns+` FROM meeting m WHERE m.id IN (SELECT m.id FROM meeting m WHERE `+q.where()+`
		ORDER BY `+q.breadth.ByNumber("m.starts")+` DESC, m.id DESC LIMIT `+q.arg(min(limit, pageMost))+`) ORDER BY m.starts DESC, m.id DESC`, q.args...)
}

func (f Filter) narrow(q *query) {
	if len(f.Kinds) > 0 {
		q.and("m.kind IN (" + args(q, f.Kinds) + ")")
	}
	if len(f.States) > 0 {
		q.and("m.state IN (" + args(q, f.States) + ")")
	}
	if f.From != "" {
		q.and("m.month >= " + q.arg(f.From))
	}
	if f.To != "" {
		q.and("m.month <= " + q.arg(f.To))
	}
	if f.After.ID != 0 {
		q.and("(m.starts, m.id) < (" + q.arg(f.After.Starts) + ", " + q.arg(f.After.ID) + ")")
	}
}

// query gathers conditions with their arguments.
type query struct {
	terms []string
	args  []any
	// breadth is that of the narrowest scope in which all of the list lies.
	breadth orgtree.Breadth
}

func (q *query) arg(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *query) and(term string) { q.terms = append(q.terms, term) }

func (q *query) where() string { return strings.Join(q.terms, " AND ") }

// within is the condition that the meeting's unit lies in the scope.
func (q *query) within(s orgtree.Scope, b orgtree.Breadth) string {
	term, args := s.WhereOf(b, "m.unit_id", len(q.args)+1)
	q.args = append(q.args, args...)
	return term
}

// fewUnits is of how many units all meetings are looked at to find the newest
// (see orgtree.Scope.BreadthOf): a cell has twelve a year.
const fewUnits = 1_000

// hold keeps the list to the scope.
func (q *query) hold(tx *db.Tx, s orgtree.Scope) error {
	b, err := s.Breadth(tx, fewUnits)
	q.and(q.within(s, b))
	q.breadth = min(q.breadth, b)
	return err
}

func args[T any](q *query, values []T) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = q.arg(v)
	}
	return strings.Join(marks, ", ")
}

// seen is the condition that the actor may see a meeting: the same rule as
// loaded.visible, for lists. at is the unit to which the list is held, with what
// lies below it or alone, zero for none; what is so everywhere in it is not asked
// of each meeting.
func seen(tx *db.Tx, by access.Actor, at orgtree.Unit, below bool) (*query, error) {
	q := &query{breadth: orgtree.Broad}
	if at.ID != 0 {
		if err := q.part(tx, at, below); err != nil {
			return nil, err
		}
	}
	everywhere := func(s orgtree.Scope) bool { return at.ID != 0 && (s.Covers(at) || !below && s.Contains(at)) }
	reads, err := by.Scope(tx, access.MeetingRead)
	if err != nil {
		return nil, err
	}
	if !everywhere(reads) {
		if err := q.hold(tx, reads); err != nil {
			return nil, err
		}
	}
	if by.Console {
		return q, nil
	}
	var inside []orgtree.Scope
	for _, act := range []access.Action{access.MeetingPrepare, access.MeetingRun, access.OverviewRead} {
		scope, err := by.Scope(tx, act)
		if err != nil || everywhere(scope) {
			return q, err
		}
		if !scope.Empty() {
			inside = append(inside, scope)
		}
	}
	known := []string{"(m.kind <> 'committee' AND (m.announced IS NOT NULL OR m.opened IS NOT NULL))", "m.minute_taker_id = " + q.arg(by.Person)}
	for _, scope := range inside {
		b, err := scope.Breadth(tx, fewUnits)
		if err != nil {
			return nil, err
		}
		known = append(known, q.within(scope, b))
	}
	q.and("(" + strings.Join(known, " OR ") + ")")
	return q, nil
}

// part holds the list to a unit, or to it and what lies below.
func (q *query) part(tx *db.Tx, at orgtree.Unit, below bool) error {
	var part orgtree.Scope
	if part.AddUnit(at.ID); below {
		part = orgtree.Scope{}
		part.AddBranch(at.Path)
	}
	return q.hold(tx, part)
}

// Next is the unit's next meeting that is not over: one in session first, then
// the earliest still to be held. There may be none that the actor sees.
func Next(tx *db.Tx, by access.Actor, unit orgtree.ID) (Meeting, bool, error) {
	at, err := orgtree.Find(tx, unit)
	if err != nil {
		return Meeting{}, false, err
	}
	q, err := seen(tx, by, at, false)
	if err != nil {
		return Meeting{}, false, err
	}
	q.and("m.state IN ('planned', 'prepared', 'announced', 'docs_posted', 'in_session', 'postponed')")
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM meeting m WHERE `+q.where()+`
		ORDER BY CASE WHEN m.state = 'in_session' THEN 0 ELSE 1 END, m.starts, m.id LIMIT 1`, q.args...)
}

// InMonth are the unit's meetings held for a month, by time, as far as the
// actor sees them.
func InMonth(tx *db.Tx, by access.Actor, unit orgtree.ID, month Month) ([]Meeting, error) {
	at, err := orgtree.Find(tx, unit)
	if err != nil {
		return nil, err
	}
	q, err := seen(tx, by, at, false)
	if err != nil {
		return nil, err
	}
	q.and("m.month = " + q.arg(month))
	return db.All(tx, scan, `SELECT `+columns+` FROM meeting m WHERE `+q.where()+` ORDER BY m.starts, m.id`, q.args...)
}

// MonthlyBefore is the regular or combined meeting that the unit held last
// before a meeting: its resolution's tasks are looked at first (S-47). Who sees
// the meeting may ask.
func MonthlyBefore(tx *db.Tx, by access.Actor, meeting ID) (Meeting, bool, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return Meeting{}, false, err
	}
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM meeting m WHERE m.unit_id = $1 AND m.starts < $2 AND m.id <> $3
		AND m.kind IN ('regular', 'combined') AND m.closed IS NOT NULL ORDER BY m.starts DESC LIMIT 1`, l.Unit, l.Starts, l.ID)
}

// heldIn are the unit's meetings that were opened between two instants, by
// time.
func heldIn(tx *db.Tx, unit orgtree.ID, from, to time.Time) ([]Meeting, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM meeting m WHERE m.unit_id = $1 AND m.starts >= $2 AND m.starts < $3 AND m.opened IS NOT NULL
		ORDER BY m.starts, m.id`, unit, from, to)
}
