package resolution

import (
	"strconv"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Find is a resolution. Who reads the unit's resolutions may; a draft appears
// when its meeting begins.
func Find(tx *db.Tx, by access.Actor, resolution ID) (Resolution, error) {
	r, _, err := load(tx, by, resolution, access.ResolutionRead)
	return r, err
}

// OfMeeting are the resolutions of a meeting that the actor sees, drafts among
// them. Who reads the meeting may ask.
func OfMeeting(tx *db.Tx, by access.Actor, of meeting.ID) ([]Resolution, error) {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return nil, err
	}
	at, err := access.RequireOn(tx, by, access.ResolutionRead, m.Unit, int64(of))
	if err != nil {
		return nil, err
	}
	all, err := ofMeeting(tx, of)
	if err != nil {
		return nil, err
	}
	var seen []Resolution
	for _, r := range all {
		visible, err := sees(tx, by, r, at)
		if err != nil {
			return nil, err
		}
		if visible {
			seen = append(seen, r)
		}
	}
	return seen, nil
}

// Filter narrows a list of resolutions; what is zero does not narrow it.
type Filter struct {
	Kind Kind
	Year int // of the period
	// Below adds the units below, as far as the actor may read them.
	Below bool
	// Before continues a list behind the resolution that was its last.
	Before ID
	Limit  int
}

const pageMost = 200

// List are the adopted and issued resolutions of a unit, the last adopted first. Who
// reads resolutions there may.
func List(tx *db.Tx, by access.Actor, of orgtree.ID, f Filter) ([]Resolution, error) {
	at, err := access.Require(tx, by, access.ResolutionRead, of)
	if err != nil {
		return nil, err
	}
	limit := pageMost
	if f.Limit > 0 {
		limit = min(f.Limit, pageMost)
	}
	q := query{where: "r.state IN ('adopted', 'issued')"}
	if err := q.within(tx, by, at, f.Below); err != nil {
		return nil, err
	}
	q.filter(f)
	// The inner question is answered from an index alone, and only the page is
	// fetched.
	return db.All(tx, scan, `SELECT `+columns+` FROM resolution r WHERE r.id IN (SELECT r.id FROM resolution r WHERE `+q.where+`
		ORDER BY `+q.breadth.ByNumber("r.adopted")+` DESC, r.id DESC LIMIT `+q.next(limit)+`) ORDER BY r.adopted DESC, r.id DESC`, q.args...)
}

// query is a condition that grows.
type query struct {
	where   string
	args    []any
	breadth orgtree.Breadth // of the narrowest scope in which all of the list lies
}

func (q *query) next(arg any) string {
	q.args = append(q.args, arg)
	return "$" + strconv.Itoa(len(q.args))
}

// fewUnits is of how many units all resolutions are looked at to find the last
// adopted (see orgtree.Scope.BreadthOf): a cell has twelve a year.
const fewUnits = 1_000

// within keeps to the unit, or to what lies at and below it as far as the actor
// may read.
func (q *query) within(tx *db.Tx, by access.Actor, at orgtree.Unit, below bool) error {
	if !below {
		q.where += " AND r.unit_id = " + q.next(at.ID)
		return nil
	}
	scope, err := by.Scope(tx, access.ResolutionRead)
	if err != nil {
		return err
	}
	where, args, breadth, err := scope.WhereBelow(tx, at, "r.unit_id", len(q.args)+1, fewUnits)
	q.where += " AND " + where
	q.args, q.breadth = append(q.args, args...), breadth
	return err
}

func (q *query) filter(f Filter) {
	if f.Kind != "" {
		q.where += " AND r.kind = " + q.next(f.Kind)
	}
	if f.Year != 0 {
		q.where += " AND r.period_to >= " + q.next(clock.NewDate(f.Year, 1, 1)) + " AND r.period_from <= " + q.next(clock.NewDate(f.Year, 12, 31))
	}
	if f.Before != 0 {
		q.where += " AND (r.adopted, r.id) < (SELECT b.adopted, b.id FROM resolution b WHERE b.id = " + q.next(f.Before) + ")"
	}
}

// Read is the whole text: of a draft as it stands, of an adopted or issued
// resolution as it was adopted, with the self score as it is written by now.
// Who sees the resolution may.
func Read(tx *db.Tx, by access.Actor, resolution ID) (Resolution, Text, error) {
	r, at, err := load(tx, by, resolution, access.ResolutionRead)
	if err != nil {
		return Resolution{}, Text{}, err
	}
	var content Text
	switch r.State {
	case Issued:
		content, err = frozen(tx, r.ID, r.Edition)
	case Adopted:
		if content, err = frozen(tx, r.ID, r.Edition); err == nil {
			content.Sections, err = sections(tx, r)
		}
	default:
		content, err = compose(tx, by, r, at)
	}
	return r, content, err
}

// compose makes the text of a resolution from the records as they are.
func compose(tx *db.Tx, by access.Actor, r Resolution, at orgtree.Unit) (t Text, err error) {
	if t.Sections, err = sections(tx, r); err != nil {
		return Text{}, err
	}
	own, err := task.Lines(tx, r.ID)
	if err != nil {
		return Text{}, err
	}
	t.Tasks = lines(own)
	if r.Kind != Monthly {
		return t, nil
	}
	if by.CanOn(access.TaskRead, at, int64(r.Meeting)) {
		past, err := task.LastTasks(tx, by, r.Meeting)
		if err != nil {
			return Text{}, err
		}
		t.Past = lines(past)
	}
	t.Opening, err = opening(tx, by, r.Meeting)
	return t, err
}

// opening is the figures of the meeting.
func opening(tx *db.Tx, by access.Actor, of meeting.ID) (*Opening, error) {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return nil, err
	}
	counts, err := meeting.Counts(tx, by, of)
	if err != nil {
		return nil, err
	}
	names, err := member.Names(tx, []access.PersonID{m.Chair, m.MinuteTaker})
	return &Opening{
		Total: counts.Members, Present: counts.Present, Excused: counts.Excused, Absent: counts.Absent, Exempt: counts.Exempt,
		Minutes: int(m.Lasted().Minutes()), Opened: m.OpenedAt, Place: m.Place,
		Chair: names[m.Chair], Secretary: names[m.MinuteTaker],
	}, err
}
