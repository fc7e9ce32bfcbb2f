package unit

import (
	"cmp"
	"slices"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// TreeRow is a unit to be founded together with others.
type TreeRow struct {
	Row int
	// Above is the code of the parent, among the others or in the register; ""
	// is the Parent of New.
	Above string
	New
}

// ParentsFirst sorts rows so that each comes after its parent. Rows that lie
// above each other in a circle are left out and given to circle.
func ParentsFirst(list []TreeRow, circle func(TreeRow)) []TreeRow {
	below := map[string][]TreeRow{}
	among := map[string]bool{}
	for _, row := range list {
		among[row.Code] = true
	}
	var sorted []TreeRow
	for _, row := range list {
		if row.Above != "" && among[row.Above] {
			below[row.Above] = append(below[row.Above], row)
		} else {
			sorted = append(sorted, row)
		}
	}
	for i := 0; i < len(sorted); i++ {
		code := sorted[i].Code
		sorted = append(sorted, below[code]...)
		delete(below, code)
	}
	for _, row := range list {
		if slices.ContainsFunc(below[row.Above], func(r TreeRow) bool { return r.Row == row.Row }) {
			circle(row)
		}
	}
	return sorted
}

// TreeChecker says what Found would say of units that are founded one below the
// other.
type TreeChecker struct {
	tx    *db.Tx
	by    access.Actor
	known map[string]orgtree.Unit // those that were checked, by code
}

// NewTreeChecker checks on behalf of the actor.
func NewTreeChecker(tx *db.Tx, by access.Actor) *TreeChecker {
	return &TreeChecker{tx, by, map[string]orgtree.Unit{}}
}

// Check turns labels into the ids of the vocabulary and fails as Found would.
// Rows come parents first. Who may not manage units at a parent reads that
// there is none.
func (c *TreeChecker) Check(row *TreeRow) error {
	parent, ok, err := c.parent(row)
	if err != nil {
		return err
	}
	if !ok {
		return errs.Field("parent", "unit.error.no_parent", row.Above)
	}
	at := parent
	at.Place = cmp.Or(at.Place, row.Place)
	words, _, err := Words(c.tx, at)
	if err != nil {
		return err
	}
	row.Fields = row.fromLabels(words, parent.Kind).clean()
	row.Parent = parent.ID
	if err := row.New.check(c.tx, parent); err != nil {
		return err
	}
	if _, taken, err := orgtree.FindCode(c.tx, row.Code); err != nil {
		return err
	} else if taken {
		return errs.Field("code", "unit.error.code_in_use", row.Code)
	}
	c.known[row.Code] = row.onto(orgtree.Unit{Parent: parent.ID, Founded: row.Founded})
	return nil
}

func (c *TreeChecker) parent(row *TreeRow) (orgtree.Unit, bool, error) {
	if u, ok := c.known[row.Above]; ok && row.Above != "" {
		return u, true, nil
	}
	switch {
	case row.Above != "":
		u, found, err := orgtree.FindCode(c.tx, row.Above)
		return u, found && u.Ended.IsZero() && c.by.Can(access.UnitManage, u), err
	case row.Parent != 0:
		u, err := orgtree.Find(c.tx, row.Parent)
		return u, err == nil && u.Ended.IsZero() && c.by.Can(access.UnitManage, u), err
	}
	return orgtree.Unit{}, c.by.Console, nil
}

// fromLabels takes what people write for what the vocabulary calls it. A label
// that several kinds share means the one that fits below the parent.
func (f Fields) fromLabels(words rulepack.States, above string) Fields {
	f.Kind = KindByLabel(words, f.Kind, above)
	f.CellType = idOf(words.CellTypes, f.CellType)
	f.Block = idOf(words.Blocks, f.Block)
	areas := make([]string, len(f.Areas))
	for i, area := range f.Areas {
		areas[i] = idOf(words.AreaAttributes, area)
	}
	f.Areas = areas
	return f
}

// KindByLabel is the id of the kind that people call so, below a kind of parent;
// what is no label stays.
func KindByLabel(words rulepack.States, written, above string) string {
	for _, kind := range words.OrgKinds {
		if written != kind.ID && text.Fold(written) == text.Fold(kind.Label) && !kind.Group && mayStandUnder(kind, above) {
			return kind.ID
		}
	}
	return written
}

func idOf(list []rulepack.Named, written string) string {
	for _, n := range list {
		if text.Fold(n.Label) == text.Fold(written) {
			return n.ID
		}
	}
	return written
}

// FoundAll founds units, parents first, or none of them. The rights and
// failures are those of Found.
func FoundAll(tx *db.Tx, by access.Actor, rows []TreeRow) ([]orgtree.Unit, error) {
	c := NewTreeChecker(tx, by)
	ids := map[string]orgtree.ID{}
	var founded []orgtree.Unit
	for i := range rows {
		row := rows[i]
		if err := c.Check(&row); err != nil {
			return nil, err
		}
		if parent, ok := ids[row.Above]; ok {
			row.Parent = parent
		}
		u, err := Found(tx, by, row.New)
		if err != nil {
			return nil, err
		}
		ids[row.Code] = u.ID
		founded = append(founded, u)
	}
	return founded, nil
}

// TakeBack removes a unit as if it had never been founded: it was a mistake. Who
// manages units there may. The caller has made sure that nothing refers to it;
// otherwise it is errs.Conflict.
func TakeBack(tx *db.Tx, by access.Actor, unit orgtree.ID) error {
	u, err := access.Require(tx, by, access.UnitManage, unit)
	if err != nil {
		return err
	}
	return remove(tx, by, u)
}

// remove takes a unit out of the tree, and its figures with it.
func remove(tx *db.Tx, by access.Actor, u orgtree.Unit) error {
	stood, err := standing(tx, u.ID)
	if err != nil {
		return err
	}
	if err := tally.Moving(tx, u.ID); err != nil {
		return err
	}
	if err := orgtree.Remove(tx, u.ID); err != nil {
		return err
	}
	return noteStanding(tx, by, stood, journal.Change{
		Unit: cmp.Or(u.Parent, u.ID), Verb: "unit.TakeBack", Noun: noun, ID: int64(u.ID), Before: record(u, ""),
	})
}
