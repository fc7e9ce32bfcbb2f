// Package unit founds, changes, moves and ends party organisations on behalf of
// people, and keeps their posts, terms and party groups.
//
// Which kinds, levels, posts and areas there are is data of the pack "states".
// The package knows people by id alone: names and strength belong to package
// member, which comes after it.
package unit

import (
	"slices"
	"strings"

	"chibo/internal/domain/unit/places"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Longest texts, in letters.
const (
	longestName = 100
	longestLine = 200
)

// Fields are what people say of a unit, beside its place in the tree.
type Fields struct {
	Code string
	Name string
	Kind string
	// Level may be empty: the kind says it then.
	Level    string
	CellType string // of a cell only
	Block    string
	Areas    []string
	// Place is the code of a province or commune on the map.
	Place   string
	Address string
}

// Province is the code of the province in which the unit lies, by which packs
// are chosen; "" where nobody said.
func Province(u orgtree.Unit) string { return places.ProvinceOf(u.Place) }

// Words is the vocabulary in force where the unit lies, today.
func Words(tx *db.Tx, u orgtree.Unit) (rulepack.States, rulepack.Ref, error) {
	return rulepack.Rule[rulepack.States](rulepack.Of(tx), "states", Province(u), clock.DateOf(tx.Now))
}

// clean makes every text one tidy line.
func (f Fields) clean() Fields {
	for _, s := range []*string{&f.Code, &f.Name, &f.Kind, &f.Level, &f.CellType, &f.Block, &f.Place, &f.Address} {
		*s = text.Line(*s)
	}
	f.Areas = slices.Clone(f.Areas)
	slices.Sort(f.Areas)
	f.Areas = slices.Compact(f.Areas)
	return f
}

// check fills the level from the kind and says what is wrong, the kind of the
// parent ("" for a root) given.
func (f *Fields) check(words rulepack.States, above string) error {
	var wrong errs.Fields
	need(&wrong, "code", f.Code, longestName)
	need(&wrong, "name", f.Name, longestLine)
	atMost(&wrong, "address", f.Address, longestLine)
	kind, known := words.OrgKind(f.Kind)
	wrong.Check(known && !kind.Group, "kind", "unit.error.kind")
	if known {
		wrong.Check(mayStandUnder(kind, above), "kind", "unit.error.kind_under")
		if f.Level == "" {
			f.Level = kind.Level
		}
	}
	wrong.Check(named(words.Levels, f.Level), "level", "unit.error.level")
	switch {
	case kind.Cell:
		wrong.Check(named(words.CellTypes, f.CellType), "cell_type", "unit.error.cell_type")
	default:
		wrong.Check(f.CellType == "", "cell_type", "unit.error.no_cell_type")
	}
	wrong.Check(f.Block == "" || named(words.Blocks, f.Block), "block", "unit.error.block")
	for _, area := range f.Areas {
		wrong.Check(named(words.AreaAttributes, area), "areas", "unit.error.area")
	}
	_, mapped := places.Find(f.Place)
	wrong.Check(f.Place == "" || mapped, "place", "unit.error.place")
	return wrong.Err()
}

// mayStandUnder reports whether a kind fits below another: a kind that names
// none fits below every party, and every kind but these may be a root.
func mayStandUnder(kind rulepack.OrgKind, above string) bool {
	return above == "" || len(kind.Under) == 0 || slices.Contains(kind.Under, above)
}

func named(list []rulepack.Named, id string) bool {
	return slices.ContainsFunc(list, func(n rulepack.Named) bool { return n.ID == id })
}

func need(wrong *errs.Fields, field, value string, limit int) {
	wrong.Check(value != "", field, "errs.required")
	atMost(wrong, field, value, limit)
}

func atMost(wrong *errs.Fields, field, value string, limit int) {
	wrong.Check(text.Length(value) <= limit, field, "errs.too_long", limit)
}

func (f Fields) onto(u orgtree.Unit) orgtree.Unit {
	u.Code, u.Name, u.Kind, u.Level, u.CellType = f.Code, f.Name, f.Kind, f.Level, f.CellType
	u.Block, u.Areas, u.Place, u.Address = f.Block, f.Areas, f.Place, f.Address
	return u
}

// record is a unit as the journal keeps it.
func record(u orgtree.Unit, decision string) map[string]any {
	return map[string]any{
		"parent": u.Parent, "code": u.Code, "name": u.Name, "kind": u.Kind, "level": u.Level, "cell_type": u.CellType,
		"block": u.Block, "areas": strings.Join(u.Areas, " "), "place": u.Place, "address": u.Address,
		"founded": u.Founded, "ended": u.Ended, "decision": decision,
	}
}
