package orgtree

import (
	"fmt"
	"strings"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// ChildrenOn are the units that hung directly below the parent on the day and
// existed then, by name.
func ChildrenOn(tx *db.Tx, parent ID, day clock.Date) ([]ID, error) {
	return db.All(tx, db.Column[ID], `SELECT u.id FROM unit_parent p JOIN unit u ON u.id = p.unit_id
		WHERE p.parent_id = $1 AND p.from_day <= $2 AND (p.to_day IS NULL OR p.to_day > $2)
		AND u.founded <= $2 AND (u.ended IS NULL OR u.ended > $2) ORDER BY u.folded, u.code`, parent, day)
}

// historiesOnce is how many units are asked for in one question. The last lot
// is filled up, so that there is one statement.
const historiesOnce = 64

var historyMarks = func() string {
	marks := make([]string, historiesOnce)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return strings.Join(marks, ", ")
}()

// Histories are what Parents says of each of the units, in a few questions.
func Histories(tx *db.Tx, units []ID) (map[ID][]Parenthood, error) {
	type place struct {
		unit ID
		Parenthood
	}
	found := make(map[ID][]Parenthood, len(units))
	for at := 0; at < len(units); at += historiesOnce {
		if err := db.Each(tx, func(row db.Row) (p place, err error) {
			return p, row.Scan(&p.unit, &p.Parent, &p.From, &p.To, &p.Decision)
		}, func(p place) error {
			found[p.unit] = append(found[p.unit], p.Parenthood)
			return nil
		}, `SELECT unit_id, parent_id, from_day, to_day, decision FROM unit_parent
			WHERE unit_id IN (`+historyMarks+`) ORDER BY unit_id, from_day`, lot(units[at:])...); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// After are the next units in the order of their ids, at most limit, for going
// through all of them.
func After(tx *db.Tx, last ID, limit int) ([]ID, error) {
	return db.All(tx, db.Column[ID], `SELECT id FROM unit WHERE id > $1 ORDER BY id LIMIT $2`, int64(last), limit)
}

// Bearing are the units that ever had others below them.
func Bearing(tx *db.Tx) (map[ID]bool, error) {
	list, err := db.All(tx, db.Column[ID], `SELECT DISTINCT parent_id FROM unit_parent WHERE parent_id IS NOT NULL`)
	units := make(map[ID]bool, len(list))
	for _, unit := range list {
		units[unit] = true
	}
	return units, err
}

// Period is what a unit was from a day to the day before To.
type Period struct {
	Unit     ID
	From, To clock.Date
	Style
}

// Periods are what each of the units was from its founding to its end, those of
// a unit oldest first. A unit that is not there has none.
func Periods(tx *db.Tx, units []ID) (list []Period, err error) {
	for at := 0; at < len(units); at += historiesOnce {
		args := lot(units[at:])
		former := map[ID][]Period{}
		if err := db.Each(tx, func(row db.Row) (p Period, err error) {
			return p, row.Scan(&p.Unit, &p.To, &p.Name, &p.Kind, &p.Level, &p.CellType)
		}, func(p Period) error {
			former[p.Unit] = append(former[p.Unit], p)
			return nil
		}, `SELECT unit_id, until_day, name, kind, level, cell_type FROM unit_former
			WHERE unit_id IN (`+historyMarks+`) ORDER BY unit_id, until_day`, args...); err != nil {
			return nil, err
		}
		if err := db.Each(tx, scan, func(u Unit) error {
			from := u.Founded
			for _, p := range append(former[u.ID], Period{Unit: u.ID, To: u.Ended, Style: u.Style()}) {
				p.From = from
				list, from = append(list, p), p.To
			}
			return nil
		}, `SELECT `+columns+` FROM unit WHERE id IN (`+historyMarks+`)`, args...); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// lot are the first units as the arguments for historyMarks.
func lot(units []ID) []any {
	args := make([]any, historiesOnce)
	for i := range args {
		args[i] = units[min(i, len(units)-1)]
	}
	return args
}
