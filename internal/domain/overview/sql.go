package overview

import (
	"math/bits"
	"slices"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// part is a part of the tree as conditions name it: a Scope, or a cellList.
type part interface {
	Where(column string, n int) (condition string, args []any)
}

// cellList is a part of the tree that is given cell by cell.
type cellList []orgtree.ID

func listOf(cells []orgtree.Unit) cellList {
	list := make(cellList, len(cells))
	for i, cell := range cells {
		list[i] = cell.ID
	}
	return list
}

// Where names each cell, so that a question begins with them and not with the
// months of the country.
func (l cellList) Where(column string, n int) (string, []any) {
	return db.OneOf(column, n, filled(l))
}

// held is the monthly meeting of a cell as tables need it.
type held struct {
	at        place
	id        meeting.ID
	day       clock.Date
	met       bool
	running   bool
	waiting   bool
	postponed int
}

// monthlyMeetings are those of the span and of the month before it, to which
// the first month is compared.
func monthlyMeetings(tx *db.Tx, within cellList, s Span) (map[place]held, error) {
	where, args := within.Where("m.unit_id", 3)
	list := map[place]held{}
	err := db.Each(tx, scanHeld, func(h held) error {
		list[h.at] = h
		return nil
	}, `SELECT m.id, m.unit_id, m.month, m.starts, m.opened, m.closed, m.state, m.reported, m.answer, m.postponed FROM meeting m
		WHERE m.month >= $1 AND m.month <= $2 AND m.kind IN ('regular', 'combined') AND m.state <> 'cancelled' AND `+where,
		append([]any{s.withBefore().from(), s.Until}, args...)...)
	return list, err
}

func scanHeld(row db.Row) (h held, err error) {
	var starts, opened, closed, reported time.Time
	var state meeting.State
	var answer meeting.Answer
	err = row.Scan(&h.id, &h.at.unit, &h.at.month, db.Instant(&starts), db.Instant(&opened), db.Instant(&closed), &state,
		db.Instant(&reported), &answer, &h.postponed)
	if !opened.IsZero() {
		starts = opened
	}
	h.day, h.met, h.running = clock.DateOf(starts), !closed.IsZero(), state == meeting.InSession
	h.waiting = !reported.IsZero() && answer == meeting.Unanswered
	return h, err
}

// idsAtOnce is how many ids one question names: with more, PostgreSQL expects so
// much of a roll that it begins by compiling the question.
const idsAtOnce = 256

// inLots asks about many records by their ids, in a few questions.
func inLots[ID any](ids []ID, column string, ask func(where string, args []any) error) error {
	for lot := range slices.Chunk(ids, idsAtOnce) {
		where, args := db.OneOf(column, 1, filled(lot))
		if err := ask(where, args); err != nil {
			return err
		}
	}
	return nil
}

// filled repeats the last id until they are as many as a power of two, so that few
// statements are prepared.
func filled[ID any](ids []ID) []ID {
	if len(ids) == 0 {
		return nil
	}
	list := slices.Clone(ids)
	for bits.OnesCount(uint(len(list))) != 1 {
		list = append(list, ids[len(ids)-1])
	}
	return list
}

// agendas are the things that agendas say beside the template; see
// meeting.Compare. A meeting whose agenda is not on record, as those from before
// the program, is not among them: nobody can say that it repeats anything.
func agendas(tx *db.Tx, of []meeting.ID) (map[meeting.ID][]meeting.Item, error) {
	list := map[meeting.ID][]meeting.Item{}
	if err := inLots(of, "i.meeting_id", func(where string, args []any) error {
		return db.Each(tx, func(row db.Row) (i meeting.Item, err error) {
			return i, row.Scan(&i.Meeting, &i.Slot, &i.Title, &i.Note)
		}, func(i meeting.Item) error {
			list[i.Meeting] = append(list[i.Meeting], i)
			return nil
		}, `SELECT i.meeting_id, i.slot, i.title, i.note FROM meeting_item i WHERE (i.slot = '' OR i.note <> '') AND `+where, args...)
	}); err != nil {
		return nil, err
	}
	silent := slices.DeleteFunc(slices.Clone(of), func(id meeting.ID) bool { return list[id] != nil })
	return list, inLots(silent, "m.id", func(where string, args []any) error {
		return db.Each(tx, db.Column[meeting.ID], func(id meeting.ID) error {
			list[id] = nil
			return nil
		}, `SELECT m.id FROM meeting m WHERE EXISTS (SELECT 1 FROM meeting_item i WHERE i.meeting_id = m.id) AND `+where, args...)
	})
}

// sheets are the confirmed score sheets of the span. Unlike score.Of it does
// not count lines whose claim differs: tables show none of that, and it would
// read every line of every sheet.
func sheets(tx *db.Tx, within cellList, s Span) (map[place]score.Figure, error) {
	where, args := within.Where("s.unit_id", 3)
	list := map[place]score.Figure{}
	err := db.Each(tx, func(row db.Row) (f score.Figure, err error) {
		return f, row.Scan(&f.Meeting, &f.Unit, &f.Month, &f.Claimed, &f.Evidence, &f.Reachable, &f.Class.ID, &f.Class.Label)
	}, func(f score.Figure) error {
		list[place{f.Unit, f.Month}] = f
		return nil
	}, `SELECT s.meeting_id, s.unit_id, s.month, s.claimed, s.evidence, s.reachable, s.class, s.class_label FROM score s
		WHERE s.month >= $1 AND s.month <= $2 AND `+where, append([]any{s.from(), s.Until}, args...)...)
	return list, err
}

// counted is a figure of a meeting.
type counted struct {
	meeting meeting.ID
	a, b    int
}

func scanCounted(row db.Row) (c counted, err error) { return c, row.Scan(&c.meeting, &c.a, &c.b) }

// rolls are who came to the meetings, which were held, and who of them spoke.
func rolls(tx *db.Tx, of []meeting.ID) (map[meeting.ID]Roll, error) {
	list, err := attendance(tx, of)
	if err != nil {
		return nil, err
	}
	return list, inLots(of, "o.meeting_id", func(where string, args []any) error {
		return db.Each(tx, scanCounted, func(c counted) error {
			roll := list[c.meeting]
			roll.Speakers = c.a
			list[c.meeting] = roll
			return nil
		}, `SELECT o.meeting_id, count(DISTINCT o.person_id), 0 FROM meeting_opinion o
			JOIN meeting_roll r ON r.meeting_id = o.meeting_id AND r.person_id = o.person_id AND r.mark = 'present'
			WHERE `+where+` GROUP BY o.meeting_id`, args...)
	})
}

// attendance is who came, by the rule of meeting.Figures: who was not expected
// counts only when present.
func attendance(tx *db.Tx, of []meeting.ID) (map[meeting.ID]Roll, error) {
	list := map[meeting.ID]Roll{}
	return list, inLots(of, "r.meeting_id", func(where string, args []any) error {
		return db.Each(tx, scanCounted, func(c counted) error {
			list[c.meeting] = Roll{Entitled: c.a, Present: c.b}
			return nil
		}, `SELECT r.meeting_id, COALESCE(SUM(CASE WHEN r.expected OR r.mark = 'present' THEN 1 ELSE 0 END), 0),
			COALESCE(SUM(CASE WHEN r.mark = 'present' THEN 1 ELSE 0 END), 0)
			FROM meeting_roll r WHERE `+where+` GROUP BY r.meeting_id`, args...)
	})
}

// resolved are those of the meetings that adopted a resolution.
func resolved(tx *db.Tx, of []meeting.ID) (map[meeting.ID]bool, error) {
	list := map[meeting.ID]bool{}
	return list, inLots(of, "r.meeting_id", func(where string, args []any) error {
		return db.Each(tx, db.Column[meeting.ID], func(id meeting.ID) error {
			list[id] = true
			return nil
		}, `SELECT r.meeting_id FROM resolution r WHERE r.adopted IS NOT NULL AND r.state <> 'discarded' AND `+where, args...)
	})
}

// dueTasks counts tasks by the month in which they were due, up to today, and
// those done by then, by the rule of task.Task.OnTime.
func dueTasks(tx *db.Tx, within cellList, s Span) (map[place]Tasks, error) {
	last := s.Until.First().LastOfMonth()
	if today := clock.DateOf(tx.Now); today.Before(last) {
		last = today
	}
	where, args := within.Where("t.unit_id", 3)
	list := map[place]Tasks{}
	type due struct {
		at place
		Tasks
	}
	err := db.Each(tx, func(row db.Row) (d due, err error) {
		return d, row.Scan(&d.at.unit, &d.at.month, &d.TasksDue, &d.TasksOnTime)
	}, func(d due) error {
		list[d.at] = d.Tasks
		return nil
	}, `SELECT t.unit_id, substr(t.due, 1, 7), count(*),
		SUM(CASE WHEN t.state = 'assessed' AND t.outcome = 'done' AND (t.reported_day IS NULL OR t.reported_day <= t.due) THEN 1 ELSE 0 END)
		FROM task t WHERE t.due >= $1 AND t.due <= $2 AND t.state NOT IN ('proposed', 'withdrawn')
		AND (t.state <> 'reported' OR t.reported_day > t.due) AND `+where+`
		GROUP BY t.unit_id, substr(t.due, 1, 7)`, append([]any{s.from().First(), last}, args...)...)
	return list, err
}

// overdueCounts counts, by unit, the open tasks that are late today.
func overdueCounts(tx *db.Tx, within cellList) (map[orgtree.ID]int, error) {
	where, args := within.Where("t.unit_id", 2)
	list := map[orgtree.ID]int{}
	type late struct {
		unit  orgtree.ID
		tasks int
	}
	err := db.Each(tx, func(row db.Row) (l late, err error) { return l, row.Scan(&l.unit, &l.tasks) }, func(l late) error {
		list[l.unit] = l.tasks
		return nil
	}, `SELECT t.unit_id, count(*) FROM task t WHERE t.due < $1
		AND t.state IN ('assigned', 'adjusted', 'accepted', 'in_progress', 'handed_over') AND `+where+` GROUP BY t.unit_id`,
		append([]any{clock.DateOf(tx.Now)}, args...)...)
	return list, err
}

// vacancy is a cell without a secretary.
type vacancy struct {
	unit  orgtree.ID
	name  string
	since clock.Date
}

// headless are the existing cells that nobody heads today, the longest vacant
// first: since the last secretary left, or since they were founded.
func headless(tx *db.Tx, within part) ([]vacancy, error) {
	where, args := within.Where("u.id", 3)
	return db.All(tx, func(row db.Row) (v vacancy, err error) { return v, row.Scan(&v.unit, &v.name, &v.since) },
		`SELECT u.id, u.name, COALESCE(
			(SELECT max(g.to_day) FROM role_grant g WHERE g.unit_id = u.id AND g.role = $2 AND g.to_day <= $1), u.founded) AS since
		FROM unit u WHERE u.cell_type <> '' AND u.ended IS NULL AND u.founded <= $1 AND `+where+`
		AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE g.unit_id = u.id AND g.role = $2 AND g.from_day <= $1 AND (g.to_day IS NULL OR g.to_day > $1))
		ORDER BY since, u.folded`, append([]any{clock.DateOf(tx.Now), access.Secretary}, args...)...)
}

func headlessSince(tx *db.Tx, within cellList) (map[orgtree.ID]clock.Date, error) {
	list, err := headless(tx, within)
	since := map[orgtree.ID]clock.Date{}
	for _, v := range list {
		since[v.unit] = v.since
	}
	return since, err
}

// slipsOut counts invitations that are still good.
func slipsOut(tx *db.Tx, within orgtree.Scope) (int, error) {
	where, args, err := within.WhereListed(tx, "a.unit_id", 2)
	if err != nil {
		return 0, err
	}
	return db.One(tx, db.Column[int], `SELECT count(*) FROM account_slip s JOIN account a ON a.id = s.account_id
		WHERE s.expires > $1 AND a.blocked IS NULL AND a.password = '' AND `+where, append([]any{tx.Now}, args...)...)
}

// Report is a report of a cell that waits for the answer of the office above.
type Report struct {
	Meeting meeting.ID
	Unit    orgtree.ID
	Cell    string
	Month   meeting.Month
	At      time.Time
	// Again: it was sent back before.
	Again bool
}

// Reports are the reports below the unit that wait for an answer, the oldest
// first. Who answers reports there may.
func Reports(tx *db.Tx, by access.Actor, of orgtree.ID) ([]Report, error) {
	at, err := access.Require(tx, by, access.MeetingAcknowledge, of)
	if err != nil {
		return nil, err
	}
	below := branchOf(at)
	breadth, err := below.Breadth(tx, fewUnits)
	if err != nil {
		return nil, err
	}
	where, args := below.WhereOf(breadth, "w.unit_id", 2)
	return db.All(tx, func(row db.Row) (r Report, err error) {
		return r, row.Scan(&r.Meeting, &r.Unit, &r.Cell, &r.Month, db.Instant(&r.At), &r.Again)
	}, `SELECT m.id, m.unit_id, u.name, m.month, m.reported,
		EXISTS (SELECT 1 FROM meeting_answer a WHERE a.meeting_id = m.id AND a.step = 'sent_back')
		FROM meeting m JOIN unit u ON u.id = m.unit_id
		WHERE m.id IN (SELECT w.id FROM meeting w WHERE w.reported IS NOT NULL AND w.answer = '' AND w.unit_id <> $1 AND `+where+`
			ORDER BY `+breadth.ByNumber("w.reported")+`, w.id LIMIT 200) ORDER BY m.reported, m.id`, append([]any{at.ID}, args...)...)
}

// fewUnits is up to how many units the reports of each are looked at.
const fewUnits = 500

// scored is a confirmed sheet on the desk of its cell.
type scored struct {
	month              meeting.Month
	claimed, reachable int
	label              string
}

// lastScores are the unit's newest sheets, the newest first; those of meetings
// that are not published only for who watches the cell.
func lastScores(tx *db.Tx, unit orgtree.ID, watches bool, most int) ([]scored, error) {
	return db.All(tx, func(row db.Row) (s scored, err error) {
		return s, row.Scan(&s.month, &s.claimed, &s.reachable, &s.label)
	}, `SELECT s.month, s.claimed, s.reachable, s.class_label FROM score s JOIN meeting m ON m.id = s.meeting_id
		WHERE s.unit_id = $1 AND ($2 OR m.published IS NOT NULL) ORDER BY s.month DESC LIMIT $3`, unit, watches, most)
}

// unitsOf are the units with the ids.
func unitsOf(tx *db.Tx, ids []orgtree.ID) (map[orgtree.ID]orgtree.Unit, error) {
	list := map[orgtree.ID]orgtree.Unit{}
	for batch := range slices.Chunk(ids, 64) {
		where, args := db.OneOf("id", 1, batch)
		err := db.Each(tx, scanUnit, func(u orgtree.Unit) error {
			list[u.ID] = u
			return nil
		}, `SELECT id, name, path, depth, cell_type, place_code, kind FROM unit WHERE `+where, args...)
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func scanUnit(row db.Row) (u orgtree.Unit, err error) {
	return u, row.Scan(&u.ID, &u.Name, &u.Path, &u.Depth, &u.CellType, &u.Place, &u.Kind)
}

// openPlans are the open plans of consolidation, by cell.
func openPlans(tx *db.Tx, within cellList) (map[orgtree.ID]OpenPlan, error) {
	type of struct {
		cell orgtree.ID
		OpenPlan
	}
	where, args := within.Where("c.unit_id", 1)
	list := map[orgtree.ID]OpenPlan{}
	err := db.Each(tx, func(row db.Row) (p of, err error) { return p, row.Scan(&p.cell, &p.ID, &p.Due) }, func(p of) error {
		list[p.cell] = p.OpenPlan
		return nil
	}, `SELECT c.unit_id, c.id, c.due FROM consolidation c WHERE c.finished IS NULL AND `+where, args...)
	return list, err
}
