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
	q, err := seen(tx, by)
	if err != nil {
		return nil, err
	}
	if err := f.narrow(tx, q); err != nil {
		return nil, err
	}
	limit := f.Limit
	if limit <= 0 {
		limit = pageUsual
	}
	return db.All(tx, scan, `SELECT `+columns+` FROM meeting m WHERE `+q.where()+` ORDER BY m.starts DESC, m.id DESC LIMIT `+q.arg(min(limit, pageMost)), q.args...)
}

func (f Filter) narrow(tx *db.Tx, q *query) error {
	if f.Unit != 0 {
		if err := q.unit(tx, f.Unit, f.Below); err != nil {
			return err
		}
	}
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
	return nil
}

// query gathers conditions with their arguments.
type query struct {
	terms []string
	args  []any
}

func (q *query) arg(value any) string {
	q.args = append(q.args, value)
	return "$" + strconv.Itoa(len(q.args))
}

func (q *query) and(term string) { q.terms = append(q.terms, term) }

func (q *query) where() string { return strings.Join(q.terms, " AND ") }

func (q *query) scope(s orgtree.Scope) string {
	term, args := s.Where("m.unit_id", len(q.args)+1)
	q.args = append(q.args, args...)
	return term
}

func (q *query) unit(tx *db.Tx, unit orgtree.ID, below bool) error {
	if !below {
		q.and("m.unit_id = " + q.arg(unit))
		return nil
	}
	at, err := orgtree.Find(tx, unit)
	if err != nil {
		return err
	}
	var branch orgtree.Scope
	branch.AddBranch(at.Path)
	q.and(q.scope(branch))
	return nil
}

func args[T any](q *query, values []T) string {
	marks := make([]string, len(values))
	for i, v := range values {
		marks[i] = q.arg(v)
	}
	return strings.Join(marks, ", ")
}

// seen is the condition that the actor may see a meeting: the same rule as
// loaded.visible, for lists.
func seen(tx *db.Tx, by access.Actor) (*query, error) {
	q := &query{}
	reads, err := by.Scope(tx, access.MeetingRead)
	if err != nil {
		return nil, err
	}
	q.and(q.scope(reads))
	if by.Console {
		return q, nil
	}
	known := []string{"(m.kind <> 'committee' AND (m.announced IS NOT NULL OR m.opened IS NOT NULL))", "m.minute_taker_id = " + q.arg(by.Person)}
	for _, act := range []access.Action{access.MeetingPrepare, access.MeetingRun, access.OverviewRead} {
		inside, err := by.Scope(tx, act)
		if err != nil {
			return nil, err
		}
		if !inside.Empty() {
			known = append(known, q.scope(inside))
		}
	}
	q.and("(" + strings.Join(known, " OR ") + ")")
	return q, nil
}

// Next is the unit's next meeting that is not over: one in session first, then
// the earliest still to be held. There may be none that the actor sees.
func Next(tx *db.Tx, by access.Actor, unit orgtree.ID) (Meeting, bool, error) {
	q, err := seen(tx, by)
	if err != nil {
		return Meeting{}, false, err
	}
	q.and("m.unit_id = " + q.arg(unit))
	q.and("m.state IN ('planned', 'prepared', 'announced', 'docs_posted', 'in_session', 'postponed')")
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM meeting m WHERE `+q.where()+`
		ORDER BY CASE WHEN m.state = 'in_session' THEN 0 ELSE 1 END, m.starts, m.id LIMIT 1`, q.args...)
}

// InMonth are the unit's meetings held for a month, by time, as far as the
// actor sees them.
func InMonth(tx *db.Tx, by access.Actor, unit orgtree.ID, month Month) ([]Meeting, error) {
	q, err := seen(tx, by)
	if err != nil {
		return nil, err
	}
	q.and("m.unit_id = " + q.arg(unit))
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
