package access

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// CutShort ends, from the day on, all that the person holds at the unit itself,
// or that anybody holds there for no person. It gives the grants as they were;
// one that would have begun later never begins.
func CutShort(tx *db.Tx, unit orgtree.ID, person PersonID, day clock.Date) ([]Grant, error) {
	held, args := `unit_id = $1 AND (to_day IS NULL OR to_day > $2) AND (to_day IS NULL OR to_day > from_day)`, []any{unit, day}
	if person != 0 {
		held, args = held+` AND person_id = $3`, append(args, person)
	}
	was, err := db.All(tx, scan, `SELECT `+GrantColumns+` FROM `+grantTables+`
		WHERE g.id IN (SELECT id FROM role_grant WHERE `+held+`) ORDER BY g.id`, args...)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE role_grant SET to_day = CASE WHEN from_day > $2 THEN from_day ELSE $2 END WHERE `+held, args...)
	return was, err
}

// Restore lets grants end when they did before they were cut short.
func Restore(tx *db.Tx, was []Grant) error {
	for _, g := range was {
		if err := tx.Change(`UPDATE role_grant SET to_day = $1 WHERE id = $2`, g.To, g.ID); err != nil {
			return err
		}
	}
	return nil
}

// TakeAway removes one grant as if it had never been given.
func TakeAway(tx *db.Tx, grant GrantID) error {
	return tx.Change(`DELETE FROM role_grant WHERE id = $1`, grant)
}
