package member

import (
	"strings"

	"chibo/internal/platform/db"
)

// CardEnds reports whether the number of the person's member card ends in the
// digits, and whether the register has a number at all. The caller has checked
// the right.
func CardEnds(tx *db.Tx, person ID, digits string) (fits, known bool, err error) {
	card, _, err := db.Maybe(tx, db.Column[string], `SELECT card_number FROM person WHERE id = $1`, int64(person))
	return card != "" && strings.HasSuffix(card, digits), card != "", err
}
