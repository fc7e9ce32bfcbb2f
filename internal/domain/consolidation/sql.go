package consolidation

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

const columns = `id, unit_id, reasons, measures, owner_id, due, planned, planner_id, finished, outcome, result, version`

func scan(row db.Row) (p Plan, err error) {
	return p, row.Scan(&p.ID, &p.Unit, &p.Reasons, &p.Measures, &p.Owner, &p.Due, &p.Planned, &p.Planner, &p.Finished, &p.Outcome, &p.Result, &p.Version)
}

func insert(tx *db.Tx, p Plan) error {
	_, err := tx.Exec(`INSERT INTO consolidation (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		p.ID, p.Unit, p.Reasons, p.Measures, p.Owner, p.Due, p.Planned, p.Planner, p.Finished, p.Outcome, p.Result, p.Version)
	return err
}

func update(tx *db.Tx, p Plan) error {
	return tx.Change(`UPDATE consolidation SET reasons = $1, measures = $2, owner_id = $3, due = $4, finished = $5, outcome = $6, result = $7,
		version = version + 1 WHERE id = $8 AND version = $9`,
		p.Reasons, p.Measures, p.Owner, p.Due, p.Finished, p.Outcome, p.Result, p.ID, p.Version)
}

func find(tx *db.Tx, plan ID) (Plan, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM consolidation WHERE id = $1`, plan)
}

// ofCell is the open plan of a cell.
func ofCell(tx *db.Tx, cell orgtree.ID) (Plan, bool, error) {
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM consolidation WHERE unit_id = $1 AND finished IS NULL`, cell)
}

func plansAt(tx *db.Tx, cell orgtree.ID) ([]Plan, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM consolidation WHERE unit_id = $1 ORDER BY planned DESC, id DESC`, cell)
}

func owned(tx *db.Tx, person access.PersonID) ([]Plan, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM consolidation WHERE owner_id = $1 AND finished IS NULL ORDER BY due, id`, person)
}
