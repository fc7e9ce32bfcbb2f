package token

import (
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

const columns = `t.id, t.person_id, t.name, t.prefix, t.writes, COALESCE(t.unit_id, 0), t.made, t.expires, t.used, t.address`

func (t *Token) fields() []any {
	return []any{
		&t.ID, &t.Owner, &t.Name, &t.Prefix, &t.Writes, &t.Unit, db.Instant(&t.Made), db.Instant(&t.Expires), db.Instant(&t.Used), &t.Address,
	}
}

func scan(row db.Row) (t Token, err error) { return t, row.Scan(t.fields()...) }

func ofPerson(tx *db.Tx, person access.PersonID) ([]Token, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM api_token t WHERE t.person_id = $1 ORDER BY t.id DESC`, person)
}

// byDigest is the token with what its owner holds today; the zero one if there
// is no such token, or nothing is held. It is asked with every request, so it is
// one question.
func byDigest(tx *db.Tx, hash string) (t Token, grants []access.Grant, err error) {
	grants, err = db.All(tx, func(row db.Row) (g access.Grant, err error) {
		return g, row.Scan(append(t.fields(), g.Fields()...)...)
	}, `SELECT `+columns+`, `+access.GrantColumns+` FROM api_token t `+access.JoinGrants("t.person_id")+`
		WHERE t.token_hash = $1 AND `+access.HeldOn("$2")+` ORDER BY g.id`, hash, clock.DateOf(tx.Now))
	return t, grants, err
}

func insert(tx *db.Tx, t Token, hash string) error {
	var held any
	if t.Unit != 0 {
		held = t.Unit
	}
	_, err := tx.Exec(`INSERT INTO api_token (id, person_id, name, prefix, token_hash, writes, unit_id, made, expires)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, t.ID, t.Owner, t.Name, t.Prefix, hash, t.Writes, held, t.Made, t.Expires)
	return err
}
