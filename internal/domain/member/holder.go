package member

import (
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// HolderOfCard is the person whose member card has the number. The caller has
// checked the right to ask.
func HolderOfCard(tx *db.Tx, number string) (ID, bool, error) {
	if number = text.Line(number); number == "" {
		return 0, false, nil
	}
	return db.Maybe(tx, db.Column[ID], `SELECT id FROM person WHERE card_number = $1`, number)
}
