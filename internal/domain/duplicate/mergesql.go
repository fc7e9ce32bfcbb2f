package duplicate

import (
	"chibo/internal/domain/member"
	"chibo/internal/platform/db"
)

const mergeColumns = `m.id, m.unit_id, m.kept_id, m.gone_id, m.reason, m.decision, m.at, m.by_id, m.taken_back, m.back_by, m.back_reason, m.version`

func scanMerge(row db.Row) (m Merge, err error) {
	return m, row.Scan(&m.ID, &m.Unit, &m.Kept, &m.Gone, &m.Reason, &m.Decision, db.Instant(&m.At), &m.By, db.Instant(&m.BackAt), &m.BackBy,
		&m.BackReason, &m.Version)
}

func findMerge(tx *db.Tx, merge MergeID) (Merge, error) {
	return db.One(tx, scanMerge, `SELECT `+mergeColumns+` FROM duplicate_merge m WHERE m.id = $1`, merge)
}

func mergesOf(tx *db.Tx, person member.ID) ([]Merge, error) {
	return db.All(tx, scanMerge, `SELECT `+mergeColumns+` FROM duplicate_merge m WHERE m.kept_id = $1 OR m.gone_id = $1 ORDER BY m.id DESC`, person)
}

func insertMerge(tx *db.Tx, m Merge) error {
	_, err := tx.Exec(`INSERT INTO duplicate_merge (id, unit_id, kept_id, gone_id, reason, decision, at, by_id, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, m.ID, m.Unit, m.Kept, m.Gone, m.Reason, m.Decision, m.At, m.By, m.Version)
	return err
}

func updateMerge(tx *db.Tx, m Merge) error {
	return tx.Change(`UPDATE duplicate_merge SET taken_back = $1, back_by = $2, back_reason = $3, version = version + 1 WHERE id = $4 AND version = $5`,
		m.BackAt, m.BackBy, m.BackReason, m.ID, m.Version)
}

// effect is one thing that a merge did, with what was there before.
type effect struct{ what, was string }

func insertEffect(tx *db.Tx, merge MergeID, place int, what, was string) error {
	_, err := tx.Exec(`INSERT INTO duplicate_effect (merge_id, place, what, was) VALUES ($1, $2, $3, $4)`, merge, place, what, was)
	return err
}

func effectsOf(tx *db.Tx, merge MergeID) ([]effect, error) {
	return db.All(tx, func(row db.Row) (e effect, err error) {
		return e, row.Scan(&e.what, &e.was)
	}, `SELECT what, was FROM duplicate_effect WHERE merge_id = $1 ORDER BY place`, merge)
}
