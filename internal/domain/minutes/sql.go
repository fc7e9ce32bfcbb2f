package minutes

import (
	"fmt"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
)

const columns = `m.id, m.meeting_id, m.unit_id, m.number, m.state, m.content, m.digest, m.reason, m.drafted, m.drafted_by, m.approved, m.approved_by, m.version`

func scan(row db.Row) (m Minutes, err error) {
	var content string
	if err := row.Scan(&m.ID, &m.Meeting, &m.Unit, &m.Number, &m.State, &content, &m.Digest, &m.Reason, db.Instant(&m.DraftedAt), &m.DraftedBy,
		db.Instant(&m.ApprovedAt), &m.ApprovedBy, &m.Version); err != nil {
		return Minutes{}, err
	}
	if m.Content, err = decode(content); err != nil {
		return Minutes{}, fmt.Errorf("content of minutes %v: %w", m.ID, err)
	}
	return m, nil
}

func find(tx *db.Tx, minutes ID) (Minutes, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM minutes m WHERE m.id = $1`, minutes)
}

// ofMeeting are the versions of a meeting's minutes, the newest first.
func ofMeeting(tx *db.Tx, of meeting.ID) ([]Minutes, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM minutes m WHERE m.meeting_id = $1 ORDER BY m.number DESC`, of)
}

func insert(tx *db.Tx, m Minutes) error {
	content, err := m.Content.encode()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO minutes (id, meeting_id, unit_id, number, state, content, reason, drafted, drafted_by, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)`,
		m.ID, m.Meeting, m.Unit, m.Number, m.State, string(content), m.Reason, m.DraftedAt, m.DraftedBy)
	return err
}

// rewrite stores the content of a draft over the version that was read. A
// sealed one, or another version, is errs.Conflict.
func rewrite(tx *db.Tx, m *Minutes) error {
	content, err := m.Content.encode()
	if err != nil {
		return err
	}
	err = tx.Change(`UPDATE minutes SET content = $1, version = version + 1 WHERE id = $2 AND version = $3 AND state = 'draft'`,
		string(content), m.ID, m.Version)
	if err == nil {
		m.Version++
	}
	return err
}

// seal stores the content of a draft for good, with its digest.
func seal(tx *db.Tx, m *Minutes) error {
	content, err := m.Content.encode()
	if err != nil {
		return err
	}
	m.State, m.Digest = Sealed, digest(content)
	err = tx.Change(`UPDATE minutes SET state = $1, content = $2, digest = $3, approved = $4, approved_by = $5, version = version + 1
		WHERE id = $6 AND version = $7 AND state = 'draft'`, m.State, string(content), m.Digest, m.ApprovedAt, m.ApprovedBy, m.ID, m.Version)
	if err == nil {
		m.Version++
	}
	return err
}

const correctionColumns = `c.id, c.minutes_id, c.person_id, c.text, c.at, c.answer, c.answer_reason, c.answered, c.answered_by, c.version`

func scanCorrection(row db.Row) (c Correction, err error) {
	return c, row.Scan(&c.ID, &c.Minutes, &c.Person, &c.Text, db.Instant(&c.At), &c.Answer, &c.Reason, db.Instant(&c.AnsweredAt), &c.AnsweredBy, &c.Version)
}

// note journals a change of minutes.
func note(tx *db.Tx, by access.Actor, m Minutes, verb string, before, after any) error {
	return journal.Write(tx, by, journal.Change{
		Unit: m.Unit, Verb: Noun + "." + verb, Noun: Noun, ID: int64(m.ID), Before: before, After: after,
	})
}
