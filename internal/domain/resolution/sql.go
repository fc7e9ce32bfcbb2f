package resolution

import (
	"encoding/json"
	"fmt"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

const columns = `r.id, r.unit_id, r.kind, r.state, r.meeting_id, r.title, r.period_from, r.period_to, r.vote_id, r.adopted,
	COALESCE(r.number, 0), r.symbol, r.issued_day, r.place, r.signing, r.signer_id, r.signer_title, r.signer_name,
	r.pack_id, r.pack_hash, r.reason, r.edition, r.created, r.version`

func scan(row db.Row) (r Resolution, err error) {
	return r, row.Scan(&r.ID, &r.Unit, &r.Kind, &r.State, &r.Meeting, &r.Title, &r.From, &r.To, &r.Vote, db.Instant(&r.AdoptedAt),
		&r.Number, &r.Symbol, &r.Day, &r.Place, &r.Signing, &r.Signer, &r.SignerTitle, &r.SignerName,
		&r.Rules.ID, &r.Rules.Hash, &r.Reason, &r.Edition, db.Instant(&r.Created), &r.Version)
}

func find(tx *db.Tx, resolution ID) (Resolution, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM resolution r WHERE r.id = $1`, resolution)
}

func ofMeeting(tx *db.Tx, of meeting.ID) ([]Resolution, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM resolution r WHERE r.meeting_id = $1 AND r.state <> 'discarded' ORDER BY r.id`, of)
}

func monthlyOf(tx *db.Tx, of meeting.ID) (Resolution, bool, error) {
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM resolution r
		WHERE r.meeting_id = $1 AND r.kind = 'monthly' AND r.state <> 'discarded'`, of)
}

func insert(tx *db.Tx, r Resolution) error {
	_, err := tx.Exec(`INSERT INTO resolution (id, unit_id, kind, state, meeting_id, title, period_from, period_to, created, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)`,
		r.ID, r.Unit, r.Kind, r.State, r.Meeting, r.Title, r.From, r.To, r.Created)
	return err
}

// update saves everything but where the resolution belongs. A version that is
// not r.Version is errs.Conflict.
func update(tx *db.Tx, r Resolution) error {
	var number any
	if r.Number != 0 {
		number = r.Number
	}
	return tx.Change(`UPDATE resolution SET state = $1, title = $2, vote_id = $3, adopted = $4, number = $5, symbol = $6,
		issued_day = $7, place = $8, signing = $9, signer_id = $10, signer_title = $11, signer_name = $12,
		pack_id = $13, pack_hash = $14, reason = $15, edition = $16, version = version + 1 WHERE id = $17 AND version = $18`,
		r.State, r.Title, r.Vote, r.AdoptedAt, number, r.Symbol, r.Day, r.Place, r.Signing, r.Signer, r.SignerTitle, r.SignerName,
		r.Rules.ID, r.Rules.Hash, r.Reason, r.Edition, r.ID, r.Version)
}

// save stores the resolution as the verb left it and journals the change.
func save(tx *db.Tx, by access.Actor, verb string, before, after Resolution) error {
	if err := update(tx, after); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: after.Unit, Verb: verb, Noun: Noun, ID: int64(after.ID), Before: record(before), After: record(after),
		Figures: after.tallied().Minus(before.tallied()).String(),
	})
}

// touch makes the resolution newer, because a part of it changed: who adopts
// it must have seen the change.
func touch(tx *db.Tx, r Resolution) error {
	return tx.Change(`UPDATE resolution SET version = version + 1 WHERE id = $1 AND state = $2`, r.ID, r.State)
}

// record is a resolution as the journal keeps it.
func record(r Resolution) map[string]any {
	return map[string]any{
		"kind": r.Kind, "state": r.State, "meeting": r.Meeting, "title": r.Title, "from": r.From, "to": r.To, "vote": r.Vote,
		"symbol": r.Symbol, "day": r.Day, "place": r.Place, "signing": r.Signing, "signer": r.Signer,
		"signer_title": r.SignerTitle, "pack": r.Rules, "reason": r.Reason, "edition": r.Edition, "version": r.Version,
	}
}

// sections are the parts of a kind of resolution, written or not, in order.
func sections(tx *db.Tx, r Resolution) ([]SectionText, error) {
	written, err := db.All(tx, func(row db.Row) (s SectionText, err error) {
		return s, row.Scan(&s.Section, &s.Body, &s.Version)
	}, `SELECT section, body, version FROM resolution_section WHERE resolution_id = $1`, r.ID)
	if err != nil {
		return nil, err
	}
	list := make([]SectionText, 0, len(r.Kind.Sections()))
	for _, name := range r.Kind.Sections() {
		s := SectionText{Section: name}
		for _, w := range written {
			if w.Section == name {
				s = w
			}
		}
		list = append(list, s)
	}
	return list, nil
}

// writeSection stores a part over the version that was read; 0 is a part that
// nobody wrote.
func writeSection(tx *db.Tx, resolution ID, s SectionText) error {
	if s.Version > 0 {
		return tx.Change(`UPDATE resolution_section SET body = $1, version = version + 1
			WHERE resolution_id = $2 AND section = $3 AND version = $4`, s.Body, resolution, s.Section, s.Version)
	}
	n, err := tx.Exec(`INSERT INTO resolution_section (resolution_id, section, body) VALUES ($1, $2, $3)
		ON CONFLICT (resolution_id, section) DO NOTHING`, resolution, s.Section, s.Body)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "errs.stale")
	}
	return err
}

// freeze keeps the whole text as it is in the state and edition.
func freeze(tx *db.Tx, by access.Actor, r Resolution, reason string, t Text) error {
	content, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("text of resolution %v: %w", r.ID, err)
	}
	_, err = tx.Exec(`INSERT INTO resolution_text (resolution_id, edition, state, at, person_id, reason, content) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.ID, r.Edition, r.State, tx.Now, by.Person, reason, string(content))
	return err
}

// frozen is the text of the edition as it was kept last: as issued, where it
// was.
func frozen(tx *db.Tx, resolution ID, edition int) (t Text, err error) {
	content, err := db.One(tx, db.Column[string], `SELECT content FROM resolution_text
		WHERE resolution_id = $1 AND edition = $2 ORDER BY state DESC LIMIT 1`, resolution, edition)
	if err != nil {
		return Text{}, err
	}
	if err := json.Unmarshal([]byte(content), &t); err != nil {
		return Text{}, fmt.Errorf("text of resolution %v: %w", resolution, err)
	}
	return t, nil
}

func editions(tx *db.Tx, resolution ID) ([]Edition, error) {
	return db.All(tx, func(row db.Row) (e Edition, err error) {
		return e, row.Scan(&e.Number, &e.State, db.Instant(&e.At), &e.By, &e.Reason)
	}, `SELECT edition, state, at, person_id, reason FROM resolution_text t WHERE resolution_id = $1
		AND NOT EXISTS (SELECT 1 FROM resolution_text later WHERE later.resolution_id = t.resolution_id AND later.edition = t.edition
			AND later.state = 'issued' AND t.state <> 'issued') ORDER BY edition DESC`, resolution)
}
