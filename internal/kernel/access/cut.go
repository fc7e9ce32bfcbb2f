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
	if person == 0 {
		return cut(tx, day, `unit_id = $2`, unit)
	}
	return cut(tx, day, `unit_id = $2 AND person_id = $3`, unit, person)
}

// CutSource does that to what came to the person from the source.
func CutSource(tx *db.Tx, person PersonID, source string, day clock.Date) ([]Grant, error) {
	return cut(tx, day, `person_id = $2 AND source = $3`, person, source)
}

// cut ends the grants that meet the condition, whose arguments follow the day.
func cut(tx *db.Tx, day clock.Date, condition string, args ...any) ([]Grant, error) {
	held, args := condition+` AND (to_day IS NULL OR to_day > $1) AND (to_day IS NULL OR to_day > from_day)`, append([]any{day}, args...)
	was, err := db.All(tx, scan, `SELECT `+GrantColumns+` FROM `+grantTables+`
		WHERE g.id IN (SELECT id FROM role_grant WHERE `+held+`) ORDER BY g.id`, args...)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(`UPDATE role_grant SET to_day = CASE WHEN from_day > $1 THEN from_day ELSE $1 END WHERE `+held, args...)
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
