package orgtree

import (
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Style is what a unit is called and what it is. Unlike a code or an address it
// is kept by day: figures by level of a day long past do not change when a
// commune party changes its level (rules 1.3).
type Style struct {
	Name, Kind, Level, CellType string
}

// Style is what the unit is called and what it is today.
func (u Unit) Style() Style { return Style{u.Name, u.Kind, u.Level, u.CellType} }

func (u Unit) styled(s Style) Unit {
	u.Name, u.Kind, u.Level, u.CellType = s.Name, s.Kind, s.Level, s.CellType
	return u
}

// Restyle saves what Change saves, from the day on: for the days before it the
// unit keeps its former name, kind and level. A day that is not after the
// founding and the last such change is errs.Conflict.
func Restyle(tx *db.Tx, u Unit, day clock.Date, decision string) error {
	was, err := Find(tx, u.ID)
	if err != nil {
		return err
	}
	last, err := db.One(tx, db.Column[clock.Date], `SELECT max(until_day) FROM unit_former WHERE unit_id = $1`, u.ID)
	if err != nil {
		return err
	}
	if last = laterOf(last, was.Founded); !day.After(last) {
		return errs.New(errs.Conflict, "unit.error.restyle_before_last", last)
	}
	if _, err := tx.Exec(`INSERT INTO unit_former (unit_id, until_day, name, kind, level, cell_type, decision) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		u.ID, day, was.Name, was.Kind, was.Level, was.CellType, decision); err != nil {
		return err
	}
	return Change(tx, u)
}

// UndoRestyle takes the change of the day back, as if it had never been
// entered; was is what the unit was before. If it is not the last one it is
// errs.Conflict.
func UndoRestyle(tx *db.Tx, was Unit, day clock.Date) error {
	later, err := db.One(tx, db.Column[int], `SELECT count(*) FROM unit_former WHERE unit_id = $1 AND until_day > $2`, was.ID, day)
	if err != nil {
		return err
	}
	if later > 0 {
		return errs.New(errs.Conflict, "unit.error.restyled_since")
	}
	if err := tx.Change(`DELETE FROM unit_former WHERE unit_id = $1 AND until_day = $2`, was.ID, day); err != nil {
		return err
	}
	return Change(tx, was)
}

// former is what a unit was before it became something else.
type former struct {
	unit  ID
	style Style
}

func scanFormer(row db.Row) (f former, err error) {
	return f, row.Scan(&f.unit, &f.style.Name, &f.style.Kind, &f.style.Level, &f.style.CellType)
}

// stylesOn are what units were on the day, of those that are something else by
// now.
func stylesOn(tx *db.Tx, day clock.Date) (map[ID]Style, error) {
	styles := map[ID]Style{}
	err := db.Each(tx, scanFormer, func(f former) error {
		styles[f.unit] = f.style // the earliest change after the day comes last
		return nil
	}, `SELECT unit_id, name, kind, level, cell_type FROM unit_former WHERE until_day > $1 ORDER BY until_day DESC`, day)
	return styles, err
}

// Reopen lets a unit exist again as if it had never ended. A parent that has
// ended is errs.Conflict.
func Reopen(tx *db.Tx, u Unit) error {
	if u.Parent != 0 {
		parent, err := Find(tx, u.Parent)
		if err != nil {
			return err
		}
		if !parent.Ended.IsZero() {
			return errs.New(errs.Conflict, "unit.error.parent_ended")
		}
	}
	return tx.Change(`UPDATE unit SET ended = NULL, version = version + 1 WHERE id = $1 AND version = $2 AND ended IS NOT NULL`, u.ID, u.Version)
}
