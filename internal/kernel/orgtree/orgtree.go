// Package orgtree knows which organisation lies under which, today and on
// every other day. It is the only code that knows how the tree is stored.
//
// It knows no rights: package unit changes the tree on behalf of people.
package orgtree

import (
	"cmp"
	"fmt"
	"strings"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// ID names a unit.
type ID = id.Of[Unit]

// Unit is a node of the tree: a party body or a cell (rules 3.1).
type Unit struct {
	ID     ID
	Parent ID // zero for a root
	Path   Path
	Depth  int
	// Code is the organisation's code as its superiors write it (rules 1.4).
	Code string
	Name string
	// Kind and Level are apart, because a commune party changes level with the
	// regulation profile (rules 1.3). Their values are data of the packs.
	Kind     string
	Level    string
	CellType string // one of the six of rules 22.3; "" for no cell
	Block    string // S-04
	Areas    []string
	// Place is the code of the province or commune on the map.
	Place   string
	Address string
	Founded clock.Date
	Ended   clock.Date // zero while it exists
	Version int64
}

// IsCell reports whether members meet in the unit.
func (u Unit) IsCell() bool { return u.CellType != "" }

// Path lists the ids from the root to a unit, each followed by '/'.
type Path string

// Contains reports whether the unit at other is the one at p or lies below it.
func (p Path) Contains(other Path) bool { return strings.HasPrefix(string(other), string(p)) }

// Above lists the ids from the root to the unit itself.
func (p Path) Above() ([]ID, error) {
	parts := strings.Split(strings.TrimSuffix(string(p), "/"), "/")
	list := make([]ID, len(parts))
	for i, part := range parts {
		unit, err := id.Parse[Unit](part)
		if err != nil {
			return nil, fmt.Errorf("path %q: %w", p, err)
		}
		list[i] = unit
	}
	return list, nil
}

func (p Path) child(unit ID) Path { return p + Path(unit.String()+"/") }

// end is the first text after every path below p: '0' follows '/'.
func (p Path) end() string { return strings.TrimSuffix(string(p), "/") + "0" }

const columns = `id, parent_id, path, depth, code, name, kind, level, cell_type, block, areas, place_code, address, founded, ended, version`

func scan(row db.Row) (u Unit, err error) {
	var areas string
	err = row.Scan(&u.ID, &u.Parent, &u.Path, &u.Depth, &u.Code, &u.Name, &u.Kind, &u.Level, &u.CellType,
		&u.Block, &areas, &u.Place, &u.Address, &u.Founded, &u.Ended, &u.Version)
	u.Areas = strings.Fields(areas)
	return u, err
}

// Find is the unit with the id, whoever asks.
func Find(tx *db.Tx, unit ID) (Unit, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM unit WHERE id = $1`, unit)
}

// FindCode is the unit with the code, if there is one.
func FindCode(tx *db.Tx, code string) (Unit, bool, error) {
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM unit WHERE code = $1`, code)
}

// Add puts a new unit below its parent from the day it was founded. The
// caller has checked the fields; a code in use, or a parent that has ended, is
// errs.Conflict.
func Add(tx *db.Tx, u Unit, decision string) (Unit, error) {
	u.ID = cmp.Or(u.ID, id.New[Unit]())
	u.Version = 1
	above := Path("")
	if u.Parent != 0 {
		parent, err := Find(tx, u.Parent)
		if err != nil {
			return Unit{}, err
		}
		if !parent.Ended.IsZero() {
			return Unit{}, errs.New(errs.Conflict, "unit.error.parent_ended")
		}
		above, u.Depth = parent.Path, parent.Depth+1
	}
	u.Path = above.child(u.ID)
	_, err := tx.Exec(`INSERT INTO unit (id, parent_id, path, depth, code, name, folded, kind, level, cell_type, block, areas, place_code, address, founded, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)`,
		u.ID, u.Parent, u.Path, u.Depth, u.Code, u.Name, text.Fold(u.Name), u.Kind, u.Level, u.CellType,
		u.Block, strings.Join(u.Areas, " "), u.Place, u.Address, u.Founded)
	if err != nil {
		return Unit{}, err
	}
	return u, hang(tx, u.ID, u.Parent, u.Founded, decision)
}

func hang(tx *db.Tx, unit, parent ID, from clock.Date, decision string) error {
	_, err := tx.Exec(`INSERT INTO unit_parent (unit_id, parent_id, from_day, decision) VALUES ($1, $2, $3, $4)`,
		unit, parent, from, decision)
	return err
}

// Change saves the fields of a unit that have no history: all but parent,
// path, founding and end. A version that is not u.Version is errs.Conflict.
func Change(tx *db.Tx, u Unit) error {
	return tx.Change(`UPDATE unit SET code = $1, name = $2, folded = $3, kind = $4, level = $5, cell_type = $6, block = $7,
		areas = $8, place_code = $9, address = $10, version = version + 1 WHERE id = $11 AND version = $12`,
		u.Code, u.Name, text.Fold(u.Name), u.Kind, u.Level, u.CellType, u.Block,
		strings.Join(u.Areas, " "), u.Place, u.Address, u.ID, u.Version)
}

// End closes the unit from the day on. A unit that still has, or will have,
// units below it on that day is errs.Conflict, and so is a day before it was
// founded.
func End(tx *db.Tx, u Unit, day clock.Date) error {
	if day.Before(u.Founded) {
		return errs.New(errs.Conflict, "unit.error.end_before_founded", u.Founded)
	}
	below, err := db.One(tx, db.Column[int], `SELECT count(*) FROM unit_parent p JOIN unit c ON c.id = p.unit_id
		WHERE p.parent_id = $1 AND (p.to_day IS NULL OR p.to_day > $2) AND (c.ended IS NULL OR c.ended > $2)`, u.ID, day)
	if err != nil {
		return err
	}
	if below > 0 {
		return errs.New(errs.Conflict, "unit.error.has_units_below", below)
	}
	return tx.Change(`UPDATE unit SET ended = $1, version = version + 1 WHERE id = $2 AND version = $3`, day, u.ID, u.Version)
}

// Remove takes the unit out of the tree as if it had never been added. A unit to
// which anything refers is errs.Conflict.
func Remove(tx *db.Tx, unit ID) error {
	if _, err := tx.Exec(`DELETE FROM unit_parent WHERE unit_id = $1`, unit); err != nil {
		return err
	}
	return tx.Change(`DELETE FROM unit WHERE id = $1`, unit)
}

// Move hangs the unit, with all below it, under another parent from the day
// on. A day before the last move, a parent that has ended, or one that lies
// below the unit on that day or any later one, is errs.Conflict.
//
// The path follows at once, also for a day to come: rights follow the decision
// that was entered, the dated parents say what held when.
func Move(tx *db.Tx, u Unit, parent ID, day clock.Date, decision string) error {
	u, err := fresh(tx, u)
	if err != nil {
		return err
	}
	to, err := Find(tx, parent)
	if err != nil {
		return err
	}
	if !to.Ended.IsZero() {
		return errs.New(errs.Conflict, "unit.error.parent_ended")
	}
	if err := refuseCircle(tx, u.ID, parent, day); err != nil {
		return err
	}
	last, err := db.One(tx, db.Column[clock.Date], `SELECT max(from_day) FROM unit_parent WHERE unit_id = $1`, u.ID)
	if err != nil {
		return err
	}
	if !day.After(last) {
		return errs.New(errs.Conflict, "unit.error.move_before_last", last)
	}
	if _, err := tx.Exec(`UPDATE unit_parent SET to_day = $1 WHERE unit_id = $2 AND to_day IS NULL`, day, u.ID); err != nil {
		return err
	}
	if err := hang(tx, u.ID, parent, day, decision); err != nil {
		return err
	}
	return rehang(tx, u, to)
}

// fresh is the unit as it is stored: its path may have changed with that of a
// unit above, which leaves its version alone. A stale version is errs.Conflict.
func fresh(tx *db.Tx, u Unit) (Unit, error) {
	stored, err := Find(tx, u.ID)
	if err == nil && stored.Version != u.Version {
		err = errs.New(errs.Conflict, "errs.stale")
	}
	return stored, err
}

// refuseCircle looks from the new parent upward, through all the parents that
// each unit has on the days when the one below it hangs there. Today's path is
// not enough: with moves entered for days to come, a circle may stand for a
// few weeks only.
func refuseCircle(tx *db.Tx, unit, parent ID, from clock.Date) error {
	return climb(tx, parent, from, clock.Date{}, func(at ID) error {
		if at == unit {
			return errs.New(errs.Conflict, "unit.error.move_below_itself")
		}
		return nil
	})
}

// climb visits the unit and all that stand above it on some day of [from, to).
func climb(tx *db.Tx, unit ID, from, to clock.Date, visit func(ID) error) error {
	if unit == 0 {
		return nil
	}
	if err := visit(unit); err != nil {
		return err
	}
	history, err := Parents(tx, unit)
	if err != nil {
		return err
	}
	for _, p := range history {
		later, earlier := laterOf(from, p.From), earlierOf(to, p.To)
		if !earlier.IsZero() && !later.Before(earlier) {
			continue
		}
		if err := climb(tx, p.Parent, later, earlier, visit); err != nil {
			return err
		}
	}
	return nil
}

func laterOf(a, b clock.Date) clock.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// earlierOf compares ends, of which a zero one is open.
func earlierOf(a, b clock.Date) clock.Date {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// Undo takes back the last move of the unit, as if it had never been entered,
// and gives the parent under which it hangs again. A unit that was never moved
// is errs.Conflict, and so is a former parent that has ended or lies below the
// unit by now.
func Undo(tx *db.Tx, u Unit) (ID, error) {
	u, err := fresh(tx, u)
	if err != nil {
		return 0, err
	}
	history, err := Parents(tx, u.ID)
	if err != nil {
		return 0, err
	}
	if len(history) < 2 {
		return 0, errs.New(errs.Conflict, "unit.error.never_moved")
	}
	last, before := history[len(history)-1], history[len(history)-2]
	to := Unit{Depth: -1} // above a root
	if before.Parent != 0 {
		if to, err = Find(tx, before.Parent); err != nil {
			return 0, err
		}
	}
	if !to.Ended.IsZero() {
		return 0, errs.New(errs.Conflict, "unit.error.parent_ended")
	}
	if err := refuseCircle(tx, u.ID, before.Parent, last.From); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(`DELETE FROM unit_parent WHERE unit_id = $1 AND from_day = $2`, u.ID, last.From); err != nil {
		return 0, err
	}
	if _, err := tx.Exec(`UPDATE unit_parent SET to_day = NULL WHERE unit_id = $1 AND from_day = $2`, u.ID, before.From); err != nil {
		return 0, err
	}
	return before.Parent, rehang(tx, u, to)
}

// rehang rewrites the paths of the unit and of all below it.
func rehang(tx *db.Tx, u, to Unit) error {
	path := to.Path.child(u.ID)
	if err := tx.Change(`UPDATE unit SET parent_id = $1, version = version + 1 WHERE id = $2 AND version = $3`, to.ID, u.ID, u.Version); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE unit SET path = $1 || substr(path, $2), depth = depth + $3 WHERE path >= $4 AND path < $5`,
		path, len(u.Path)+1, to.Depth+1-u.Depth, u.Path, u.Path.end())
	return err
}

// Parenthood is under which parent a unit lay, from a day to the day before To.
type Parenthood struct {
	Parent   ID
	From, To clock.Date
	Decision string
}

// Parents is the history of a unit's place, oldest first.
func Parents(tx *db.Tx, unit ID) ([]Parenthood, error) {
	return db.All(tx, func(row db.Row) (p Parenthood, err error) {
		return p, row.Scan(&p.Parent, &p.From, &p.To, &p.Decision)
	}, `SELECT parent_id, from_day, to_day, decision FROM unit_parent WHERE unit_id = $1 ORDER BY from_day`, unit)
}

// Children are the existing units directly below, by name.
func Children(tx *db.Tx, unit ID) ([]Unit, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM unit WHERE parent_id = $1 AND ended IS NULL ORDER BY folded, code`, unit)
}

// Ancestors are the units from the root to the unit itself.
func Ancestors(tx *db.Tx, u Unit) ([]Unit, error) {
	above, err := u.Path.Above()
	if err != nil {
		return nil, err
	}
	list := make([]Unit, 0, len(above))
	for _, unit := range above {
		found, err := Find(tx, unit)
		if err != nil {
			return nil, err
		}
		list = append(list, found)
	}
	return list, nil
}

// Cells are the existing cells at or below the unit, by name.
func Cells(tx *db.Tx, u Unit) ([]Unit, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM unit
		WHERE path >= $1 AND path < $2 AND cell_type <> '' AND ended IS NULL ORDER BY folded, code`, u.Path, u.Path.end())
}

// Below are the existing units at and below the unit, those above before those
// below them.
func Below(tx *db.Tx, u Unit) ([]Unit, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM unit
		WHERE path >= $1 AND path < $2 AND ended IS NULL ORDER BY depth, folded, code`, u.Path, u.Path.end())
}

// Count is how many existing units lie below the unit.
func Count(tx *db.Tx, u Unit) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM unit WHERE path > $1 AND path < $2 AND ended IS NULL`, u.Path, u.Path.end())
}

// Node is a unit in the tree of some day.
type Node struct {
	Unit
	Children []Node
	// More says that units hang below it which were left out.
	More bool
}

// On is the tree at and below the unit as it was on the day: its parents of
// that day, units founded by then and not yet ended, each as it was called and
// of the kind and level that it was. A unit that did not exist is
// errs.NotFound.
func On(tx *db.Tx, unit ID, day clock.Date) (Node, error) {
	type place struct {
		unit   Unit
		parent ID
	}
	places, err := db.All(tx, func(row db.Row) (p place, err error) {
		p.unit, err = scan(prefixed{row, []any{&p.parent}})
		return p, err
	}, `WITH RECURSIVE below (unit_id, parent_id) AS (
			SELECT p.unit_id, p.parent_id FROM unit_parent p
			WHERE p.unit_id = $1 AND p.from_day <= $2 AND (p.to_day IS NULL OR p.to_day > $2)
			UNION
			SELECT p.unit_id, p.parent_id FROM below b JOIN unit_parent p ON p.parent_id = b.unit_id
			WHERE p.from_day <= $2 AND (p.to_day IS NULL OR p.to_day > $2))
		SELECT b.parent_id, `+qualified+` FROM below b JOIN unit u ON u.id = b.unit_id
		WHERE u.founded <= $2 AND (u.ended IS NULL OR u.ended > $2) ORDER BY u.folded, u.code`, unit, day)
	if err != nil {
		return Node{}, err
	}
	styles, err := stylesOn(tx, day)
	if err != nil {
		return Node{}, err
	}
	below := map[ID][]Unit{}
	root, found := Unit{}, false
	for _, p := range places {
		p.unit.Parent = p.parent
		if style, other := styles[p.unit.ID]; other {
			p.unit = p.unit.styled(style)
		}
		if p.unit.ID == unit {
			root, found = p.unit, true
			continue
		}
		below[p.parent] = append(below[p.parent], p.unit)
	}
	if !found {
		return Node{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return grow(root, below), nil
}

func grow(u Unit, below map[ID][]Unit) Node {
	n := Node{Unit: u}
	for _, child := range below[u.ID] {
		n.Children = append(n.Children, grow(child, below))
	}
	return n
}

var qualified = "u." + strings.ReplaceAll(columns, ", ", ", u.")

// prefixed scans columns that stand before those of a unit.
type prefixed struct {
	db.Row
	first []any
}

func (p prefixed) Scan(into ...any) error { return p.Row.Scan(append(p.first, into...)...) }

// Roots are the units without a parent.
func Roots(tx *db.Tx) ([]Unit, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM unit WHERE parent_id IS NULL ORDER BY folded, code`)
}
