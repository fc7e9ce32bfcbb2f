package intake

import (
	"cmp"
	"slices"
	"strings"

	"chibo/internal/domain/likeness"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// directory finds units by what people call them: the code, the name, the name
// without accents or without "Chi bộ" before it.
type directory struct {
	tx    *db.Tx
	by    access.Actor
	act   access.Action
	home  orgtree.Unit
	names map[string]orgtree.ID // what people said
	list  []orgtree.Unit        // the units that may be meant
	byKey map[string][]orgtree.Unit
	found map[string]orgtree.Unit // by the text of the cell; zero for none

	groups map[orgtree.ID]map[string]unit.Group
}

// newDirectory knows the units at and below the party in which home lies, as
// far as the actor may act there.
func newDirectory(tx *db.Tx, by access.Actor, act access.Action, home orgtree.Unit, names map[string]orgtree.ID, cells bool) (*directory, error) {
	d := &directory{
		tx: tx, by: by, act: act, home: home, names: names,
		byKey: map[string][]orgtree.Unit{}, found: map[string]orgtree.Unit{}, groups: map[orgtree.ID]map[string]unit.Group{},
	}
	around, err := party(tx, home)
	if err != nil {
		return nil, err
	}
	all, err := unitsBelow(tx, around, cells)
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		if !by.Can(act, u) {
			continue
		}
		d.list = append(d.list, u)
		keys := []string{text.Fold(u.Code), text.Fold(u.Name), short(u.Name)}
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			d.byKey[key] = append(d.byKey[key], u)
		}
	}
	return d, nil
}

// party is the unit itself, or of a cell the party above it: a register of one
// cell may name its neighbours.
func party(tx *db.Tx, home orgtree.Unit) (orgtree.Unit, error) {
	if !home.IsCell() || home.Parent == 0 {
		return home, nil
	}
	return orgtree.Find(tx, home.Parent)
}

func unitsBelow(tx *db.Tx, at orgtree.Unit, cells bool) ([]orgtree.Unit, error) {
	if cells {
		return orgtree.Cells(tx, at)
	}
	return orgtree.Below(tx, at)
}

// short is a name without the word for what it is.
func short(name string) string {
	folded := text.Fold(name)
	for _, word := range []string{"chi bo ", "dang bo ", "cb "} {
		folded = strings.TrimPrefix(folded, word)
	}
	return folded
}

// find is the unit that the text names; without a text it is the unit that the
// import is for. ok is false where it names none, or several.
func (d *directory) find(written string) (orgtree.Unit, bool, error) {
	if u, known := d.found[written]; known {
		return u, u.ID != 0, nil
	}
	u, err := d.lookUp(written)
	if err != nil {
		return orgtree.Unit{}, false, err
	}
	d.found[strings.Clone(written)] = u
	return u, u.ID != 0, nil
}

func (d *directory) lookUp(written string) (orgtree.Unit, error) {
	if written == "" {
		return d.home, nil
	}
	folded := text.Fold(written)
	if said := d.names[folded]; said != 0 {
		u, err := orgtree.Find(d.tx, said)
		if err != nil || !d.by.Can(d.act, u) {
			return orgtree.Unit{}, err
		}
		return u, nil
	}
	// A code may be that of a unit elsewhere in the tree.
	u, known, err := orgtree.FindCode(d.tx, written)
	if err != nil || known && d.by.Can(d.act, u) {
		return u, err
	}
	for _, key := range []string{folded, short(written)} {
		if units := d.byKey[key]; len(units) == 1 {
			return units[0], nil
		}
	}
	return orgtree.Unit{}, nil
}

// Unknown is a name in the sheet that names no unit, with the rows in which it
// stands and what may be meant.
type Unknown struct {
	Written string       `json:"written"`
	Rows    int          `json:"rows"`
	Meant   []Suggestion `json:"meant"`
}

// Suggestion is a unit that may be meant.
type Suggestion struct {
	Unit orgtree.ID `json:"unit"`
	Code string     `json:"code"`
	Name string     `json:"name"`
}

const (
	// suggestions are as many as people look through.
	suggestions = 5
	// slipsMost is how far a name may lie from what was written.
	slipsMost = 4
)

// suggest are the units whose names are nearest to the text.
func (d *directory) suggest(written string) []Suggestion {
	type near struct {
		unit orgtree.Unit
		far  int
	}
	folded, bare := text.Fold(written), short(written)
	var list []near
	for _, u := range d.list {
		far := min(likeness.Slips(folded, text.Fold(u.Name), slipsMost), likeness.Slips(bare, short(u.Name), slipsMost), likeness.Slips(folded, text.Fold(u.Code), 2))
		if far > slipsMost && bare != "" && (strings.Contains(short(u.Name), bare) || strings.Contains(bare, short(u.Name))) {
			far = slipsMost
		}
		if far <= slipsMost {
			list = append(list, near{u, far})
		}
	}
	slices.SortStableFunc(list, func(a, b near) int { return cmp.Compare(a.far, b.far) })
	var meant []Suggestion
	for _, n := range list[:min(len(list), suggestions)] {
		meant = append(meant, Suggestion{n.unit.ID, n.unit.Code, n.unit.Name})
	}
	return meant
}

// group finds a party group of the cell by its name; it is zero where there is
// none yet. ok is false where the actor may not found it either.
func (d *directory) group(cell orgtree.Unit, name string) (g unit.GroupID, ok bool, err error) {
	if name == "" {
		return 0, true, nil
	}
	known := d.groups[cell.ID]
	if known == nil {
		list, err := unit.GroupsAt(d.tx, cell.ID)
		if err != nil {
			return 0, false, err
		}
		known = map[string]unit.Group{}
		for _, each := range list {
			known[text.Fold(each.Name)] = each
		}
		d.groups[cell.ID] = known
	}
	if found, there := known[text.Fold(name)]; there {
		return found.ID, true, nil
	}
	return 0, d.by.Can(access.PostManage, cell), nil
}
