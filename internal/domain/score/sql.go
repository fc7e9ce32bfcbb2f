package score

import (
	"encoding/json"
	"fmt"
	"reflect"

	"chibo/internal/domain/meeting"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

const columns = `s.meeting_id, s.unit_id, s.month, s.title, s.claimed, s.evidence, s.proven, s.proven_most, s.reachable, s.whole,
	s.class, s.class_label, s.evidence_class, s.evidence_label, s.facts, s.pack_id, s.pack_hash, s.confirmed, s.confirmed_by, s.looked, s.version`

func scan(row db.Row) (s Sheet, err error) {
	var facts string
	if err := row.Scan(&s.Meeting, &s.Unit, &s.Month, &s.Title, &s.Claimed, &s.Evidence, &s.Proven, &s.ProvenMost, &s.Reachable, &s.Whole,
		&s.Class.ID, &s.Class.Label, &s.EvidenceClass.ID, &s.EvidenceClass.Label, &facts, &s.Rules.ID, &s.Rules.Hash,
		db.Instant(&s.ConfirmedAt), &s.ConfirmedBy, db.Instant(&s.LookedAt), &s.Version); err != nil {
		return Sheet{}, err
	}
	if err := json.Unmarshal([]byte(facts), &s.Facts); err != nil {
		return Sheet{}, fmt.Errorf("facts of score %v: %w", s.Meeting, err)
	}
	return s, nil
}

// find is the stored sheet of a meeting with its lines, if there is one.
func find(tx *db.Tx, of meeting.ID) (Sheet, bool, error) {
	s, found, err := db.Maybe(tx, scan, `SELECT `+columns+` FROM score s WHERE s.meeting_id = $1`, of)
	if err != nil || !found {
		return Sheet{}, false, err
	}
	s.Lines, err = db.All(tx, scanLine, `SELECT slot, criterion, criterion_label, label, mode, most, counted, decided, choice, proposed, reason,
		evidence, claimed, claim_reason FROM score_line WHERE meeting_id = $1 ORDER BY place`, of)
	return s, true, err
}

func scanLine(row db.Row) (l Line, err error) {
	var evidence string
	if err := row.Scan(&l.ID, &l.Criterion, &l.CriterionLabel, &l.Label, &l.Mode, &l.Max, &l.Counted, &l.Decided, &l.Option, &l.Proposed, &l.Reason,
		&evidence, &l.Claimed, &l.ClaimReason); err != nil || evidence == "" {
		return l, err
	}
	if err := json.Unmarshal([]byte(evidence), &l.Evidence); err != nil {
		return Line{}, fmt.Errorf("evidence of line %s: %w", l.ID, err)
	}
	return l, nil
}

// save writes a sheet over the version that was read; 0 is the first. Another
// version in the database is errs.Conflict.
func save(tx *db.Tx, s *Sheet) error {
	facts, err := json.Marshal(s.Facts)
	if err != nil {
		return fmt.Errorf("facts of score %v: %w", s.Meeting, err)
	}
	args := []any{
		s.Meeting, s.Title, s.Claimed, s.Evidence, s.Proven, s.ProvenMost, s.Reachable, s.Whole, s.Class.ID, s.Class.Label,
		s.EvidenceClass.ID, s.EvidenceClass.Label, string(facts), s.Rules.ID, s.Rules.Hash, s.ConfirmedAt, s.ConfirmedBy, s.LookedAt,
	}
	if s.Version == 0 {
		err = insert(tx, args, s)
	} else {
		err = tx.Change(`UPDATE score SET title = $2, claimed = $3, evidence = $4, proven = $5, proven_most = $6, reachable = $7, whole = $8,
			class = $9, class_label = $10, evidence_class = $11, evidence_label = $12, facts = $13, pack_id = $14, pack_hash = $15,
			confirmed = $16, confirmed_by = $17, looked = $18, version = version + 1 WHERE meeting_id = $1 AND version = $19`, append(args, s.Version)...)
	}
	if err != nil {
		return err
	}
	s.Version++
	return saveLines(tx, *s)
}

func insert(tx *db.Tx, args []any, s *Sheet) error {
	n, err := tx.Exec(`INSERT INTO score (meeting_id, title, claimed, evidence, proven, proven_most, reachable, whole, class, class_label,
		evidence_class, evidence_label, facts, pack_id, pack_hash, confirmed, confirmed_by, looked, unit_id, month, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 1)
		ON CONFLICT (meeting_id) DO NOTHING`, append(args, s.Unit, s.Month)...)
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "errs.stale")
	}
	return err
}

func saveLines(tx *db.Tx, s Sheet) error {
	if _, err := tx.Exec(`DELETE FROM score_line WHERE meeting_id = $1`, s.Meeting); err != nil {
		return err
	}
	for i, l := range s.Lines {
		evidence := ""
		if len(l.Evidence) > 0 {
			raw, err := json.Marshal(l.Evidence)
			if err != nil {
				return fmt.Errorf("evidence of line %s: %w", l.ID, err)
			}
			evidence = string(raw)
		}
		if _, err := tx.Exec(`INSERT INTO score_line (meeting_id, place, slot, criterion, criterion_label, label, mode, most, counted, decided,
			choice, proposed, reason, evidence, claimed, claim_reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
			s.Meeting, i+1, l.ID, l.Criterion, l.CriterionLabel, l.Label, l.Mode, l.Max, l.Counted, l.Decided,
			l.Option, l.Proposed, l.Reason, evidence, l.Claimed, l.ClaimReason); err != nil {
			return err
		}
	}
	return nil
}

// sameEvidence reports whether two sheets say the same about the records,
// the passing of days aside.
func (s Sheet) sameEvidence(other Sheet) bool {
	f, g := s.Facts, other.Facts
	f.DaysSince, g.DaysSince = 0, 0
	if f != g || s.Rules != other.Rules || len(s.Lines) != len(other.Lines) {
		return false
	}
	for i, l := range s.Lines {
		was := other.Lines[i]
		l.Options, l.Note = was.Options, was.Note
		if !reflect.DeepEqual(l, was) {
			return false
		}
	}
	return true
}
