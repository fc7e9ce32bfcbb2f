package meeting

import (
	"crypto/rand"
	"encoding/base32"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

const columns = `m.id, m.unit_id, m.kind, m.state, m.month, m.starts, m.minutes, m.mode, m.mode_reason, m.place, m.topic, m.topic_key,
	m.day_reason, m.group_id, m.chair_id, m.minute_taker_id, m.prepared, m.announced, m.docs_posted, m.opened, m.closed, m.minuted,
	m.published, m.publish_by, m.scored, m.reported, m.answered, m.answer, m.answer_reason, m.stop_reason, m.postponed, m.code_salt,
	m.pack_id, m.pack_hash, m.version`

func scan(row db.Row) (m Meeting, err error) {
	return m, row.Scan(m.fields()...)
}

// fields are where columns are read into.
func (m *Meeting) fields() []any {
	return []any{
		&m.ID, &m.Unit, &m.Kind, &m.State, &m.Month, db.Instant(&m.Starts), &m.Minutes, &m.Mode, &m.ModeReason, &m.Place, &m.Topic, &m.TopicKey,
		&m.DayReason, &m.Group, &m.Chair, &m.MinuteTaker, db.Instant(&m.PreparedAt), db.Instant(&m.AnnouncedAt), db.Instant(&m.DocsPostedAt),
		db.Instant(&m.OpenedAt), db.Instant(&m.ClosedAt), db.Instant(&m.MinutedAt), db.Instant(&m.PublishedAt), &m.PublishBy,
		db.Instant(&m.ScoredAt), db.Instant(&m.ReportedAt), db.Instant(&m.AnsweredAt), &m.Answer, &m.AnswerReason, &m.StopReason,
		&m.Postponements, &m.codeSalt, &m.Rules.ID, &m.Rules.Hash, &m.Version,
	}
}

func find(tx *db.Tx, meeting ID) (Meeting, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM meeting m WHERE m.id = $1`, meeting)
}

func insert(tx *db.Tx, m Meeting) error {
	_, err := tx.Exec(`INSERT INTO meeting (id, unit_id, kind, state, month, starts, minutes, mode, mode_reason, place, topic, topic_key,
		day_reason, group_id, chair_id, code_salt, pack_id, pack_hash, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 1)`,
		m.ID, m.Unit, m.Kind, m.State, m.Month, m.Starts, m.Minutes, m.Mode, m.ModeReason, m.Place, m.Topic, m.TopicKey,
		m.DayReason, m.Group, m.Chair, newSalt(), m.Rules.ID, m.Rules.Hash)
	return err
}

// save writes everything of a meeting that verbs change. A version that is
// not m.Version is errs.Conflict.
func save(tx *db.Tx, m *Meeting) error {
	err := tx.Change(`UPDATE meeting SET state = $1, starts = $2, minutes = $3, mode = $4, mode_reason = $5, place = $6, topic = $7, topic_key = $8,
		day_reason = $9, group_id = $10, chair_id = $11, minute_taker_id = $12, prepared = $13, announced = $14, docs_posted = $15, opened = $16,
		closed = $17, minuted = $18, published = $19, publish_by = $20, scored = $21, reported = $22, answered = $23, answer = $24,
		answer_reason = $25, stop_reason = $26, postponed = $27, code_salt = $28, called_off = $29, version = version + 1
		WHERE id = $30 AND version = $31`,
		m.State, m.Starts, m.Minutes, m.Mode, m.ModeReason, m.Place, m.Topic, m.TopicKey, m.DayReason, m.Group, m.Chair, m.MinuteTaker,
		m.PreparedAt, m.AnnouncedAt, m.DocsPostedAt, m.OpenedAt, m.ClosedAt, m.MinutedAt, m.PublishedAt, m.PublishBy, m.ScoredAt, m.ReportedAt,
		m.AnsweredAt, m.Answer, m.AnswerReason, m.StopReason, m.Postponements, m.codeSalt, m.State == Cancelled, m.ID, m.Version)
	if err == nil {
		m.Version++
	}
	return err
}

func newSalt() string {
	var raw [10]byte
	_, _ = rand.Read(raw[:]) // never fails
	return base32.StdEncoding.EncodeToString(raw[:])
}

// loaded is a meeting with the unit it belongs to, as rights ask for it.
type loaded struct {
	Meeting
	at orgtree.Unit
}

// load finds a meeting for an action. Whoever may not see it gets NotFound,
// whoever sees it but may not act Denied.
func load(tx *db.Tx, by access.Actor, act access.Action, meeting ID) (loaded, error) {
	m, err := find(tx, meeting)
	if err != nil {
		return loaded{}, err
	}
	at, err := orgtree.Find(tx, m.Unit)
	if err != nil {
		return loaded{}, err
	}
	return loaded{m, at}.allow(by, act)
}

func (l loaded) allow(by access.Actor, act access.Action) (loaded, error) {
	if !l.visible(by) {
		return loaded{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if !by.CanOn(act, l.at, int64(l.ID)) {
		return loaded{}, errs.New(errs.Denied, "errs.denied")
	}
	return l, nil
}

// loadVersion is load for a change that was made looking at a version.
func loadVersion(tx *db.Tx, by access.Actor, act access.Action, meeting ID, version int64) (loaded, error) {
	l, err := load(tx, by, act, meeting)
	if err == nil && l.Version != version {
		err = errs.New(errs.Conflict, "errs.stale")
	}
	return l, err
}

// visible reports whether the actor may know of the meeting at all.
func (l loaded) visible(by access.Actor) bool {
	if !by.CanOn(access.MeetingRead, l.at, int64(l.ID)) {
		return false
	}
	return l.inside(by) || (l.Kind != Committee && (!l.AnnouncedAt.IsZero() || !l.OpenedAt.IsZero()))
}

// inside reports whether the actor prepares or runs the meeting, or watches it
// from a committee: they see it from the first draft on.
func (l loaded) inside(by access.Actor) bool {
	for _, act := range []access.Action{access.MeetingPrepare, access.MeetingRun, access.OverviewRead} {
		if by.CanOn(act, l.at, int64(l.ID)) {
			return true
		}
	}
	return false
}

// loadRecords finds a meeting for reading what was said and done in it.
// Ordinary members read that once it is published; before that they get
// Denied.
func loadRecords(tx *db.Tx, by access.Actor, meeting ID) (loaded, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err == nil && l.PublishedAt.IsZero() && !l.inside(by) {
		err = errs.New(errs.Denied, "meeting.error.not_published")
	}
	return l, err
}

// note journals a change of a meeting or of something that belongs to it.
func note(tx *db.Tx, by access.Actor, l loaded, verb string, before, after any) error {
	return noteTally(tx, by, l, verb, before, after, tally.Counts{})
}

// noteTally is note for a change that adds to the figures.
func noteTally(tx *db.Tx, by access.Actor, l loaded, verb string, before, after any, adds tally.Counts) error {
	return journal.Write(tx, by, journal.Change{
		Unit: l.Unit, Verb: "meeting." + verb, Noun: Noun, ID: int64(l.ID), Before: before, After: after, Figures: adds.String(),
	})
}
