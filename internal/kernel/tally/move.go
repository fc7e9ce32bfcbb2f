package tally

import (
	"encoding/json"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

// Moving notes where a unit hangs, before its place in the tree changes:
// whoever calls orgtree.Move, orgtree.Undo or orgtree.Remove calls it first, in
// the same transaction. The job that follows the journal then takes the unit's
// figures along, whatever has happened in between; a second change that comes
// before the job is part of the first.
func Moving(tx *db.Tx, unit orgtree.ID) error {
	parents, err := orgtree.Parents(tx, unit)
	if err != nil {
		return err
	}
	packed, err := json.Marshal(parents)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO tally_move (unit_id, parents, at, version) VALUES ($1, $2, $3, 1)
		ON CONFLICT (unit_id) DO UPDATE SET version = tally_move.version + 1`, unit, string(packed), tx.Now)
	return err
}
