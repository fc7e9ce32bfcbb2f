package hook

import (
	"strings"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
)

func key(tx *db.Tx) []byte { return tx.Derive("hook") }

func (h Hook) label() string { return "hook " + h.ID.String() }

const columns = `id, unit_id, address, secret, nouns, active, position, failures, failure, next_try, created, created_by, version`

func scan(row db.Row) (h Hook, err error) {
	var nouns string
	var active bool
	err = row.Scan(&h.ID, &h.Unit, &h.Address, &h.sealed, &nouns, &active, &h.Position, &h.Failures, &h.Failure,
		db.Instant(&h.NextTry), db.Instant(&h.Created), &h.By, &h.Version)
	h.Nouns, h.Paused = strings.Fields(nouns), !active
	return h, err
}

func find(tx *db.Tx, hook ID) (Hook, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM hook WHERE id = $1`, hook)
}

func of(tx *db.Tx, unit orgtree.ID) ([]Hook, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM hook WHERE unit_id = $1 ORDER BY id`, unit)
}

func insert(tx *db.Tx, h Hook) error {
	_, err := tx.Exec(`INSERT INTO hook (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		h.ID, h.Unit, h.Address, h.sealed, joined(h.Nouns), !h.Paused, h.Position, h.Failures, h.Failure, h.NextTry, h.Created, int64(h.By), h.Version)
	return err
}
