package meeting

import (
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// Close ends a meeting; at is when, zero is now. Who runs it may. Somebody
// expected who is not marked, or a vote that was called and not counted, is
// errs.Conflict, and so is a second closing. Timers stop. With the end of a
// meeting of all members begins the pack's time for publishing.
func Close(tx *db.Tx, by access.Actor, meeting ID, version int64, at time.Time) (Meeting, error) {
	l, err := load(tx, by, access.MeetingRun, meeting)
	if err != nil {
		return Meeting{}, err
	}
	if at.IsZero() {
		at = tx.Now
	}
	if err := l.mayClose(tx, version, at); err != nil {
		return Meeting{}, err
	}
	if l.Kind.ForAll() {
		b := l.book(tx)
		if l.PublishBy, _, err = b.set.Due("meeting.publish", b.province, clock.DateOf(at)); err != nil {
			return Meeting{}, err
		}
	}
	if _, err := tx.Exec(`UPDATE meeting_item SET used = used + ($1 - running), running = NULL, finished = $1, version = version + 1
		WHERE meeting_id = $2 AND running IS NOT NULL AND running <= $1`, at, l.ID); err != nil {
		return Meeting{}, err
	}
	return l.step(tx, by, "Close", func(m *Meeting) { m.ClosedAt = at }, after)
}

func (l loaded) mayClose(tx *db.Tx, version int64, at time.Time) error {
	switch {
	case l.State != InSession:
		return errs.New(errs.Conflict, "meeting.error.not_in_session")
	case l.Version != version:
		return errs.New(errs.Conflict, "errs.stale")
	case at.Before(l.OpenedAt) || at.After(tx.Now):
		return errs.Field("at", "meeting.error.closed_at")
	}
	unmarked, err := db.One(tx, db.Column[int], `SELECT count(*) FROM meeting_roll WHERE meeting_id = $1 AND expected AND mark = ''`, l.ID)
	if err != nil {
		return err
	}
	if unmarked > 0 {
		return errs.New(errs.Conflict, "meeting.error.roll_open", unmarked)
	}
	uncounted, err := db.One(tx, db.Column[int], `SELECT count(*) FROM meeting_vote WHERE meeting_id = $1 AND recorded IS NULL`, l.ID)
	if err == nil && uncounted > 0 {
		err = errs.New(errs.Conflict, "meeting.error.vote_open", uncounted)
	}
	return err
}

// WithdrawVote takes back a question that was called and not counted. Who runs
// the meeting may, in session.
func WithdrawVote(tx *db.Tx, by access.Actor, vote VoteID) error {
	v, l, err := loadVote(tx, by, vote, loadInSession)
	if err != nil {
		return err
	}
	if v.Recorded() {
		return errs.New(errs.Conflict, "meeting.error.vote_recorded")
	}
	if err := tx.Change(`DELETE FROM meeting_vote WHERE id = $1 AND recorded IS NULL`, v.ID); err != nil {
		return err
	}
	return note(tx, by, l, "WithdrawVote", map[string]any{"vote": v.ID, "matter": v.Matter, "title": v.Title}, nil)
}

// loadHeld finds a meeting that has ended.
func loadHeld(tx *db.Tx, by access.Actor, act access.Action, meeting ID) (loaded, error) {
	l, err := load(tx, by, act, meeting)
	if err == nil && !l.State.Held() {
		err = errs.New(errs.Conflict, "meeting.error.not_closed")
	}
	return l, err
}

// MarkMinuted notes that the minutes were approved: package minutes calls it.
// From then on roll, opinions and votes no longer change. Who runs the meeting
// may; a meeting that has not ended is errs.Conflict, twice changes nothing.
func MarkMinuted(tx *db.Tx, by access.Actor, meeting ID) (Meeting, error) {
	l, err := loadHeld(tx, by, access.MeetingRun, meeting)
	if err != nil || l.Sealed() {
		return l.Meeting, err
	}
	return l.step(tx, by, "MarkMinuted", func(m *Meeting) { m.MinutedAt = tx.Now }, after)
}

// MarkScored notes that the score sheet was confirmed: package score calls it.
// Who confirms scores may; a meeting that has not ended is errs.Conflict, twice
// changes nothing. The sheet may be filled before the minutes are approved.
func MarkScored(tx *db.Tx, by access.Actor, meeting ID) (Meeting, error) {
	l, err := loadHeld(tx, by, access.ScoreConfirm, meeting)
	if err != nil || !l.ScoredAt.IsZero() {
		return l.Meeting, err
	}
	return l.step(tx, by, "MarkScored", func(m *Meeting) { m.ScoredAt = tx.Now }, after)
}

// Publish opens what was said and decided to the members, and tells them; the
// minute-taker's right ends. The secretary or deputy may. Minutes that are not approved are errs.Conflict; a
// second time changes nothing. After the pack's days it is possible all the
// same, and PublishedLate tells.
func Publish(tx *db.Tx, by access.Actor, meeting ID) (Meeting, error) {
	l, err := loadHeld(tx, by, access.MeetingConclude, meeting)
	if err != nil || !l.PublishedAt.IsZero() {
		return l.Meeting, err
	}
	if !l.Sealed() {
		return Meeting{}, errs.New(errs.Conflict, "meeting.error.not_minuted")
	}
	m, err := l.step(tx, by, "Publish", func(m *Meeting) { m.PublishedAt = tx.Now }, after)
	if err != nil {
		return Meeting{}, err
	}
	l.Meeting = m
	if err := l.withdrawMinuteTaker(tx); err != nil {
		return Meeting{}, err
	}
	people, err := db.All(tx, db.Column[access.PersonID], `SELECT person_id FROM meeting_roll WHERE meeting_id = $1 ORDER BY person_id`, l.ID)
	if err != nil {
		return Meeting{}, err
	}
	return m, notice.Send(tx, by, l.notice("meeting.notice.published", people))
}

// Report sends the results to the office above, again after it sent them back.
// The secretary or deputy may. Results that are not published are
// errs.Conflict, and so is a report that nobody has answered or that was
// acknowledged. A sheet that is not confirmed does not stop it: the level above
// sees that it is missing.
func Report(tx *db.Tx, by access.Actor, meeting ID) (Meeting, error) {
	l, err := loadHeld(tx, by, access.MeetingConclude, meeting)
	if err != nil {
		return Meeting{}, err
	}
	switch {
	case l.PublishedAt.IsZero():
		return Meeting{}, errs.New(errs.Conflict, "meeting.error.not_published_yet")
	case !l.ReportedAt.IsZero() && l.Answer != SentBack:
		return Meeting{}, errs.New(errs.Conflict, "meeting.error.reported")
	}
	if err := writeAnswer(tx, by, l.ID, "reported", ""); err != nil {
		return Meeting{}, err
	}
	m, err := l.step(tx, by, "Report", func(m *Meeting) {
		m.ReportedAt, m.Answer, m.AnswerReason, m.AnsweredAt = tx.Now, Unanswered, "", time.Time{}
	}, after)
	if err != nil {
		return Meeting{}, err
	}
	l.Meeting = m
	office, err := officeAbove(tx, l)
	if err != nil {
		return Meeting{}, err
	}
	return m, notice.Send(tx, by, l.notice("meeting.notice.reported", office))
}

// officeAbove are who answers the reports of the unit: the nearest office above.
func officeAbove(tx *db.Tx, l loaded) ([]access.PersonID, error) {
	above, err := l.at.Path.Above()
	if err != nil {
		return nil, err
	}
	for i := len(above) - 2; i >= 0; i-- {
		grants, err := access.Holders(tx, above[i], access.Office, clock.DateOf(tx.Now))
		if err != nil {
			return nil, err
		}
		var people []access.PersonID
		for _, g := range grants {
			people = append(people, g.Person)
		}
		if len(people) > 0 {
			return people, nil
		}
	}
	return nil, nil
}

// Acknowledge says that the report was read and taken. An office above the
// unit may; its own unit's reports go further up (errs.Denied). A meeting that
// was not reported, or was answered, is errs.Conflict.
func Acknowledge(tx *db.Tx, by access.Actor, meeting ID) (Meeting, error) {
	return answer(tx, by, meeting, "Acknowledge", Acknowledged, "")
}

// SendBack returns the report to the unit, with a reason. The rights and
// failures are those of Acknowledge.
func SendBack(tx *db.Tx, by access.Actor, meeting ID, reason string) (Meeting, error) {
	var w typed
	w.line("reason", &reason, true)
	if err := w.Err(); err != nil {
		return Meeting{}, err
	}
	return answer(tx, by, meeting, "SendBack", SentBack, reason)
}

func answer(tx *db.Tx, by access.Actor, meeting ID, verb string, a Answer, reason string) (Meeting, error) {
	l, err := load(tx, by, access.MeetingAcknowledge, meeting)
	if err != nil {
		return Meeting{}, err
	}
	if grant, ok := by.Why(access.MeetingAcknowledge, l.at); ok && grant.Unit == l.Unit {
		return Meeting{}, errs.New(errs.Denied, "meeting.error.own_report")
	}
	if l.ReportedAt.IsZero() || l.Answer != Unanswered {
		return Meeting{}, errs.New(errs.Conflict, "meeting.error.nothing_to_answer")
	}
	l.Answer, l.AnswerReason, l.AnsweredAt = a, reason, tx.Now
	if err := save(tx, &l.Meeting); err != nil {
		return Meeting{}, err
	}
	if err := writeAnswer(tx, by, l.ID, string(a), reason); err != nil {
		return Meeting{}, err
	}
	heads, err := access.Holders(tx, l.Unit, access.Secretary, clock.DateOf(tx.Now))
	if err != nil {
		return Meeting{}, err
	}
	var people []access.PersonID
	for _, g := range heads {
		people = append(people, g.Person)
	}
	n := l.notice("meeting.notice."+string(a), people)
	n.Args["reason"] = reason
	if err := notice.Send(tx, by, n); err != nil {
		return Meeting{}, err
	}
	return l.Meeting, note(tx, by, l, verb, nil, map[string]any{"answer": a, "reason": reason})
}

// Correspondence is one step between a unit and the office above about a
// meeting: reported, acknowledged or sent_back.
type Correspondence struct {
	Step, Reason string
	At           time.Time
	By           access.PersonID
}

func writeAnswer(tx *db.Tx, by access.Actor, meeting ID, step, reason string) error {
	_, err := tx.Exec(`INSERT INTO meeting_answer (id, meeting_id, step, reason, at, person_id) VALUES ($1, $2, $3, $4, $5, $6)`,
		id.New[Correspondence](), meeting, step, reason, tx.Now, by.Person)
	return err
}

// Reports is what went up and came back about a meeting, oldest first. Who
// prepares or runs the meeting, and the committees above, may read it; others
// who see the meeting are Denied.
func Reports(tx *db.Tx, by access.Actor, meeting ID) ([]Correspondence, error) {
	l, err := loadInside(tx, by, meeting)
	if err != nil {
		return nil, err
	}
	return db.All(tx, func(row db.Row) (c Correspondence, err error) {
		return c, row.Scan(&c.Step, &c.Reason, db.Instant(&c.At), &c.By)
	}, `SELECT step, reason, at, person_id FROM meeting_answer WHERE meeting_id = $1 ORDER BY id`, l.ID)
}
