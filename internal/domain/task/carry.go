package task

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// CarryOver gives a new task that carries on the rest of one that was not
// finished: planned 10, done 5, and the next 10 make 15, both parts visible
// (S-79). Who assigns tasks may. An unfinished task that nobody has judged ends
// with it as partly or not done, for which the right to judge is needed too.
// A finished task, one that waits for its judgement, and one that was carried
// over before are errs.Conflict.
func CarryOver(tx *db.Tx, by access.Actor, task ID, version int64, c Carry) (ID, error) {
	t, at, err := change(tx, by, task, version, access.TaskAssign)
	if err != nil {
		return 0, err
	}
	if err := carriable(tx, t); err != nil {
		return 0, err
	}
	if t.Open() && !by.CanOn(access.TaskAccept, at, int64(t.Meeting)) {
		return 0, by.Refuse(access.TaskAccept, at, int64(t.Meeting))
	}
	given, err := givenDay(tx, by, t.Unit, New{Meeting: c.Meeting})
	if err != nil {
		return 0, err
	}
	n, left := t.successor(c)
	n = n.cleaned()
	if err := n.check(false, given); err != nil {
		return 0, err
	}
	if err := checkAssignee(tx, t.Unit, n.Assignee); err != nil {
		return 0, err
	}
	next := n.task(t.Unit)
	next.Predecessor, next.Carried = t.ID, left
	next.give(by, given)
	if err := settle(tx, by, t); err != nil {
		return 0, err
	}
	return next.ID, begin(tx, by, next)
}

// carriable refuses a task of which nothing can be carried on.
func carriable(tx *db.Tx, t Task) error {
	switch {
	case t.State == Reported:
		return errs.New(errs.Conflict, "task.error.assess_first")
	case !t.Unfinished():
		return errs.New(errs.Conflict, "task.error.nothing_left")
	}
	_, carried, err := successorOf(tx, t.ID)
	if err == nil && carried {
		err = errs.New(errs.Conflict, "task.error.carried_already")
	}
	return err
}

// settle ends a task whose rest is carried on, if nobody has judged it.
func settle(tx *db.Tx, by access.Actor, t Task) error {
	if !t.Open() {
		return nil
	}
	after, err := t.moved(verbAssess)
	if err != nil {
		return err
	}
	after.Outcome, after.HandedTo = t.unfinished(), 0
	after.EndedDay, after.EndedBy = clock.DateOf(tx.Now), by.Person
	return save(tx, by, written{verb: verbAssess, before: t, after: after})
}

// givenDay is the day on which a task is given: that of the meeting, also when
// it is entered later from paper, or today. A meeting of another unit is
// errs.NotFound.
func givenDay(tx *db.Tx, by access.Actor, of orgtree.ID, n New) (clock.Date, error) {
	today := clock.DateOf(tx.Now)
	if n.Meeting == 0 {
		return today, nil
	}
	m, err := meeting.Find(tx, by, n.Meeting)
	if err != nil {
		return clock.Date{}, err
	}
	if m.Unit != of {
		return clock.Date{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if m.Day().Before(today) {
		return m.Day(), nil
	}
	return today, nil
}

// CarryUnfinished brings before the meeting, by itself, every task of the unit
// that is unfinished, and those that ended since the meeting before (S-47).
// Calling it again adds what has come since. Who runs the meeting or writes its
// resolution may; call it when the meeting is opened and when its resolution is
// drafted.
func CarryUnfinished(tx *db.Tx, by access.Actor, of meeting.ID) error {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return err
	}
	at, err := orgtree.Find(tx, m.Unit)
	if err != nil {
		return err
	}
	if !by.CanOn(access.MeetingRun, at, int64(m.ID)) && !by.CanOn(access.ResolutionWrite, at, int64(m.ID)) {
		return by.Refuse(access.ResolutionWrite, at, int64(m.ID))
	}
	if _, err := tx.Exec(`UPDATE task_review SET day = $1 WHERE meeting_id = $2 AND day <> $1`, m.Day(), m.ID); err != nil {
		return err // the meeting may have been put off since
	}
	due, err := before(tx, m)
	if err != nil {
		return err
	}
	for _, t := range due {
		_, err := tx.Exec(`INSERT INTO task_review (meeting_id, task_id, unit_id, day) VALUES ($1, $2, $3, $4)
			ON CONFLICT (meeting_id, task_id) DO NOTHING`, m.ID, t.ID, m.Unit, m.Day())
		if err != nil {
			return err
		}
	}
	return nil
}

// before are the tasks that the meeting looks at: given before it, and open, or
// ended since the last meeting that looked at tasks.
func before(tx *db.Tx, m meeting.Meeting) ([]Task, error) {
	last, err := lastReview(tx, m)
	if err != nil {
		return nil, err
	}
	return db.All(tx, scan, `SELECT `+columns+` FROM task t WHERE t.unit_id = $1 AND t.state <> 'proposed'
		AND t.assigned_day <= $2 AND (t.meeting_id IS NULL OR t.meeting_id <> $3)
		AND (`+openStates+` OR t.ended_day > $4)
		ORDER BY t.due, t.position, t.id`, m.Unit, m.Day(), m.ID, last.String())
}

// lastReview is the day of the last meeting before this one that looked at
// tasks; one that was cancelled did not.
func lastReview(tx *db.Tx, m meeting.Meeting) (clock.Date, error) {
	earlier, err := db.All(tx, db.Column[meeting.ID], `SELECT meeting_id FROM task_review WHERE unit_id = $1 AND meeting_id <> $2 AND day <= $3
		GROUP BY meeting_id, day ORDER BY day DESC, meeting_id DESC LIMIT 24`, m.Unit, m.ID, m.Day())
	if err != nil {
		return clock.Date{}, err
	}
	for _, of := range earlier {
		found, err := meeting.Find(tx, access.Console(), of)
		if err != nil {
			return clock.Date{}, err
		}
		if found.State != meeting.Cancelled {
			return found.Day(), nil
		}
	}
	return clock.Date{}, nil
}

// reviewed are the tasks that were brought before the meeting.
func reviewed(tx *db.Tx, of meeting.ID) ([]Task, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM task t JOIN task_review r ON r.task_id = t.id
		WHERE r.meeting_id = $1 ORDER BY t.due, t.position, t.id`, of)
}

// judgedInSession shows that the meetings which have the task before them now
// look at what their members did.
func judgedInSession(tx *db.Tx, t Task) error {
	list, err := db.All(tx, db.Column[meeting.ID], `SELECT meeting_id FROM task_review WHERE task_id = $1 AND day >= $2`,
		t.ID, clock.DateOf(tx.Now).AddDays(-1))
	if err != nil {
		return err
	}
	for _, of := range list {
		m, err := meeting.Find(tx, access.Console(), of)
		if err != nil {
			return err
		}
		if m.State != meeting.InSession {
			continue
		}
		if err := prove(tx, of, proofJudged); err != nil {
			return err
		}
	}
	return nil
}
