package orgtree

import (
	"fmt"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// EachLot goes through the tree at and below the unit, ended units among it, in
// lots of so many: it hands on the first and the last path of each. What reads
// records between two paths can end before the next lot. fn may use tx.
func EachLot(tx *db.Tx, at Unit, most int, fn func(first, last Path) error) error {
	from := `path >= $1`
	for last := at.Path; ; from = `path > $1` {
		paths, err := db.All(tx, db.Column[Path], `SELECT path FROM unit WHERE `+from+` AND path < $2 ORDER BY path LIMIT $3`, last, at.Path.end(), most)
		if err != nil || len(paths) == 0 {
			return err
		}
		last = paths[len(paths)-1]
		if err := fn(paths[0], last); err != nil {
			return err
		}
	}
}

// Standing is a unit of some day, with the one that it hung under, zero at the
// top, and the decision by which it was founded.
type Standing struct {
	Unit, Above Unit
	Decision    string

	bears bool
}

// Walk hands on what On gives, each unit before those below it, without holding
// the tree: no more than the units beside one and beside those above it. It leaves
// out what lies below a unit where fn says so. fn may use tx.
func Walk(tx *db.Tx, unit ID, day clock.Date, fn func(Standing) (into bool, err error)) error {
	styles, err := stylesOn(tx, day)
	if err != nil {
		return err
	}
	top, err := standing(tx, `p.unit_id = $1`, unit, day)
	if err != nil {
		return err
	}
	if len(top) == 0 {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	var walk func(list []Standing, above Unit) error
	walk = func(list []Standing, above Unit) error {
		for _, s := range list {
			if style, other := styles[s.Unit.ID]; other {
				s.Unit = s.Unit.styled(style)
			}
			s.Above = above
			into, err := fn(s)
			if err != nil {
				return err
			}
			if !into || !s.bears {
				continue
			}
			below, err := standing(tx, `p.parent_id = $1`, s.Unit.ID, day)
			if err != nil {
				return err
			}
			if err := walk(below, s.Unit); err != nil {
				return err
			}
		}
		return nil
	}
	return walk(top, Unit{})
}

// standing are units that hung somewhere on the day and existed then, by name.
func standing(tx *db.Tx, where string, unit ID, day clock.Date) ([]Standing, error) {
	return db.All(tx, func(row db.Row) (s Standing, err error) {
		var parent ID
		s.Unit, err = scan(prefixed{row, []any{&parent, &s.Decision, &s.bears}})
		s.Unit.Parent = parent
		return s, err
	}, `SELECT p.parent_id, (SELECT f.decision FROM unit_parent f WHERE f.unit_id = u.id ORDER BY f.from_day LIMIT 1),
			EXISTS (SELECT 1 FROM unit_parent b JOIN unit c ON c.id = b.unit_id
				WHERE b.parent_id = u.id AND b.from_day <= $2 AND (b.to_day IS NULL OR b.to_day > $2)
				AND c.founded <= $2 AND (c.ended IS NULL OR c.ended > $2)), `+qualified+`
		FROM unit_parent p JOIN unit u ON u.id = p.unit_id
		WHERE `+where+` AND p.from_day <= $2 AND (p.to_day IS NULL OR p.to_day > $2)
		AND u.founded <= $2 AND (u.ended IS NULL OR u.ended > $2) ORDER BY u.folded, u.code`, unit, day)
}

// At is the unit as it was called, of the kind that it was and where it hung on
// the day. One that did not exist is errs.NotFound.
func At(tx *db.Tx, unit ID, day clock.Date) (Unit, error) {
	list, err := standing(tx, `p.unit_id = $1`, unit, day)
	if err == nil && len(list) == 0 {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return Unit{}, err
	}
	err = restyled(tx, list, day)
	return list[0].Unit, err
}

// Near is On for a unit with no more than so many below it. Of one with more it
// gives what hung there directly, and Node.More tells where to go on.
func Near(tx *db.Tx, unit ID, day clock.Date, most int) (Node, error) {
	top, err := standing(tx, `p.unit_id = $1`, unit, day)
	if err != nil {
		return Node{}, err
	}
	if len(top) == 0 {
		return Node{}, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := standing(tx, `p.parent_id = $1`, unit, day)
	if err != nil {
		return Node{}, err
	}
	direct := list[:len(list):len(list)]
	for i := 0; i < len(list) && len(list) <= most; i++ {
		if !list[i].bears {
			continue
		}
		next, err := standing(tx, `p.parent_id = $1`, list[i].Unit.ID, day)
		if err != nil {
			return Node{}, err
		}
		list = append(list, next...)
	}
	if len(list) > most {
		list = direct
	}
	list = append(list, top[0])
	if err := restyled(tx, list, day); err != nil {
		return Node{}, err
	}
	below := map[ID][]Standing{}
	for _, s := range list[:len(list)-1] {
		below[s.Unit.Parent] = append(below[s.Unit.Parent], s)
	}
	return sprout(list[len(list)-1], below), nil
}

func sprout(s Standing, below map[ID][]Standing) Node {
	n := Node{Unit: s.Unit}
	for _, child := range below[s.Unit.ID] {
		n.Children = append(n.Children, sprout(child, below))
	}
	n.More = s.bears && len(n.Children) == 0
	return n
}

// restyled calls each of the units as it was called on the day.
func restyled(tx *db.Tx, list []Standing, day clock.Date) error {
	units := make([]ID, len(list))
	for i, s := range list {
		units[i] = s.Unit.ID
	}
	styles := map[ID]Style{}
	for at := 0; at < len(units); at += historiesOnce {
		if err := db.Each(tx, scanFormer, func(f former) error {
			styles[f.unit] = f.style // the earliest change after the day comes last
			return nil
		}, fmt.Sprintf(`SELECT unit_id, name, kind, level, cell_type FROM unit_former
			WHERE unit_id IN (%s) AND until_day > $%d ORDER BY until_day DESC`, historyMarks, historiesOnce+1),
			append(lot(units[at:]), day)...); err != nil {
			return err
		}
	}
	for i, s := range list {
		if style, other := styles[s.Unit.ID]; other {
			list[i].Unit = s.Unit.styled(style)
		}
	}
	return nil
}
