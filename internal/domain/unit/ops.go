package unit

import (
	"cmp"
	"slices"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// noun names units in the journal.
const noun = "unit"

// New is a unit to be founded.
type New struct {
	Parent orgtree.ID // zero for a root
	Fields
	Founded  clock.Date
	Decision string
}

// Found puts a new unit below its parent (rules 3.2). Who manages units at the
// parent may; a root only the console. Wrong fields are errs.Invalid, a code
// in use is errs.Conflict.
func Found(tx *db.Tx, by access.Actor, n New) (orgtree.Unit, error) {
	parent, err := requireParent(tx, by, n.Parent)
	if err != nil {
		return orgtree.Unit{}, err
	}
	n.Fields, n.Decision = n.clean(), text.Line(n.Decision)
	if err := n.check(tx, parent); err != nil {
		return orgtree.Unit{}, err
	}
	if err := refuseCodeInUse(tx, n.Code, 0); err != nil {
		return orgtree.Unit{}, err
	}
	return n.found(tx, by, 0)
}

// found enters the unit under the id, or a new one for zero.
func (n New) found(tx *db.Tx, by access.Actor, unit orgtree.ID) (orgtree.Unit, error) {
	u, err := orgtree.Add(tx, n.onto(orgtree.Unit{ID: unit, Parent: n.Parent, Founded: n.Founded}), n.Decision)
	if err != nil {
		return orgtree.Unit{}, err
	}
	return u, noteStanding(tx, by, tally.Counts{}, journal.Change{
		Unit: u.ID, Verb: "unit.Found", Noun: noun, ID: int64(u.ID), After: record(u, n.Decision),
	})
}

func (n *New) check(tx *db.Tx, parent orgtree.Unit) error {
	at := parent
	at.Place = cmp.Or(at.Place, n.Place)
	words, _, err := Words(tx, at)
	if err != nil {
		return err
	}
	if err := n.Fields.check(words, parent.Kind); err != nil {
		return err
	}
	var wrong errs.Fields
	atMost(&wrong, "decision", n.Decision, longestLine)
	wrong.Check(!n.Founded.IsZero(), "founded", "errs.required")
	wrong.Check(parent.Founded.IsZero() || !n.Founded.Before(parent.Founded), "founded", "unit.error.before_parent", parent.Founded)
	return wrong.Err()
}

// requireParent is the parent if the actor may hang units below it; the zero
// unit if a root is meant and the actor is the console.
func requireParent(tx *db.Tx, by access.Actor, parent orgtree.ID) (orgtree.Unit, error) {
	if parent != 0 {
		at, err := access.Require(tx, by, access.UnitManage, parent)
		if err != nil {
			return orgtree.Unit{}, err
		}
		return at, refuseEnded(at)
	}
	if !by.Console {
		return orgtree.Unit{}, errs.New(errs.Denied, "unit.error.root")
	}
	return orgtree.Unit{}, nil
}

func refuseEnded(u orgtree.Unit) error {
	if !u.Ended.IsZero() {
		return errs.New(errs.Conflict, "unit.error.ended", u.Ended)
	}
	return nil
}

// refuseCodeInUse says so beside the field, before the database does.
func refuseCodeInUse(tx *db.Tx, code string, own orgtree.ID) error {
	other, taken, err := orgtree.FindCode(tx, code)
	if err != nil {
		return err
	}
	if taken && other.ID != own {
		return errs.New(errs.Conflict, "unit.error.code_in_use", code)
	}
	return nil
}

// Change replaces what is said of a unit: code, name, kind, level, areas. Who
// manages units there may. A stale version, an ended unit and a code in use
// are errs.Conflict.
func Change(tx *db.Tx, by access.Actor, unit orgtree.ID, version int64, f Fields) error {
	u, err := manage(tx, by, unit, version)
	if err != nil {
		return err
	}
	above := ""
	if u.Parent != 0 {
		parent, err := orgtree.Find(tx, u.Parent)
		if err != nil {
			return err
		}
		above = parent.Kind
	}
	words, _, err := Words(tx, u)
	if err != nil {
		return err
	}
	f = f.clean()
	if err := f.check(words, above); err != nil {
		return err
	}
	if err := refuseLosingTheCell(tx, u, f); err != nil {
		return err
	}
	if err := refuseCodeInUse(tx, f.Code, u.ID); err != nil {
		return err
	}
	stood, err := standing(tx, u.ID)
	if err != nil {
		return err
	}
	changed := f.onto(u)
	if err := orgtree.Change(tx, changed); err != nil {
		return err
	}
	return noteStanding(tx, by, stood, journal.Change{
		Unit: u.ID, Verb: "unit.Change", Noun: noun, ID: int64(u.ID), Before: record(u, ""), After: record(changed, ""),
	})
}

// refuseLosingTheCell keeps members from being left in what is no cell.
func refuseLosingTheCell(tx *db.Tx, u orgtree.Unit, f Fields) error {
	if !u.IsCell() || f.CellType != "" {
		return nil
	}
	return refuseMembers(tx, u)
}

func refuseMembers(tx *db.Tx, u orgtree.Unit) error {
	members, err := access.Holders(tx, u.ID, access.Member, clock.DateOf(tx.Now))
	if err != nil {
		return err
	}
	if len(members) > 0 {
		return errs.New(errs.Conflict, "unit.error.has_members", len(members))
	}
	return nil
}

// manage is an existing unit in the version at hand, if the actor may change it.
func manage(tx *db.Tx, by access.Actor, unit orgtree.ID, version int64) (orgtree.Unit, error) {
	u, err := access.Require(tx, by, access.UnitManage, unit)
	if err != nil {
		return orgtree.Unit{}, err
	}
	if u.Version != version {
		return orgtree.Unit{}, errs.New(errs.Conflict, "errs.stale")
	}
	return u, refuseEnded(u)
}

// manageAbove is manage for what the body above decides: the right is asked
// for at the parent. A root asks for it at the unit itself.
func manageAbove(tx *db.Tx, by access.Actor, unit orgtree.ID, version int64) (orgtree.Unit, error) {
	u, err := manage(tx, by, unit, version)
	if err == nil && u.Parent != 0 {
		_, err = requireSeen(tx, by, u.Parent)
	}
	return u, err
}

// requireSeen is Require for a unit whose existence the actor knows from the
// one below it, so that a missing right is never "not found".
func requireSeen(tx *db.Tx, by access.Actor, unit orgtree.ID) (orgtree.Unit, error) {
	at, err := orgtree.Find(tx, unit)
	if err == nil && !by.Can(access.UnitManage, at) {
		err = errs.New(errs.Denied, "errs.denied")
	}
	return at, err
}

// End closes a unit whose task is done (rules 3.4): its posts, groups and
// roles end with it. Who manages units at its parent may. A unit with members,
// or with units below it, is errs.Conflict.
func End(tx *db.Tx, by access.Actor, unit orgtree.ID, version int64, day clock.Date, decision string) error {
	u, err := manageAbove(tx, by, unit, version)
	if err != nil {
		return err
	}
	decision = text.Line(decision)
	if err := checkEnd(u, day, decision, clock.DateOf(tx.Now)); err != nil {
		return err
	}
	if err := refuseMembers(tx, u); err != nil {
		return err
	}
	if err := endAllIn(tx, by, u, day); err != nil {
		return err
	}
	return Close(tx, by, unit, day, decision)
}

func checkEnd(u orgtree.Unit, day clock.Date, decision string, today clock.Date) error {
	var wrong errs.Fields
	need(&wrong, "decision", decision, longestLine)
	switch {
	case day.IsZero():
		wrong.Add("day", "errs.required")
	case day.After(today):
		wrong.Add("day", "unit.error.future")
	case day.Before(u.Founded):
		wrong.Add("day", "unit.error.before_founding", u.Founded)
	}
	return wrong.Err()
}

// Move is a unit's new place in the tree.
type Move struct {
	To       orgtree.ID
	Day      clock.Date
	Decision string
}

// MoveTo hangs the unit, with all below it, under another parent (S-08). A
// moved branch takes its people's rights along and comes under other people's:
// who does it must manage units at the unit, at the parent it leaves and at
// the parent it gets. A place below itself, now or on a later day already
// entered, is errs.Conflict.
func MoveTo(tx *db.Tx, by access.Actor, unit orgtree.ID, version int64, m Move) error {
	u, err := manageAbove(tx, by, unit, version)
	if err != nil {
		return err
	}
	to, err := access.Require(tx, by, access.UnitManage, m.To)
	if err != nil {
		return err
	}
	m.Decision = text.Line(m.Decision)
	if err := m.check(tx, u, to); err != nil {
		return err
	}
	return Rehang(tx, by, unit, m)
}

func (m Move) check(tx *db.Tx, u, to orgtree.Unit) error {
	if err := refuseEnded(to); err != nil {
		return err
	}
	words, _, err := Words(tx, to)
	if err != nil {
		return err
	}
	kind, _ := words.OrgKind(u.Kind)
	var wrong errs.Fields
	need(&wrong, "decision", m.Decision, longestLine)
	wrong.Check(!m.Day.IsZero(), "day", "errs.required")
	wrong.Check(to.ID != u.Parent, "to", "unit.error.already_there")
	wrong.Check(mayStandUnder(kind, to.Kind), "to", "unit.error.kind_under")
	wrong.Check(m.Day.IsZero() || !m.Day.Before(to.Founded), "day", "unit.error.before_parent", to.Founded)
	return wrong.Err()
}

// later is the later of two first days, of which a zero one is open.
func later(a, b clock.Date) clock.Date {
	if a.IsZero() || b.After(a) {
		return b
	}
	return a
}

// UndoMove takes back the last move, as if it had never been entered. The
// rights are those of the move itself. A unit that was never moved, a former
// parent that has ended or lies below the unit by now is errs.Conflict.
func UndoMove(tx *db.Tx, by access.Actor, unit orgtree.ID, version int64) error {
	u, err := manageAbove(tx, by, unit, version)
	if err != nil {
		return err
	}
	history, err := orgtree.Parents(tx, u.ID)
	if err != nil {
		return err
	}
	if len(history) < 2 {
		return errs.New(errs.Conflict, "unit.error.never_moved")
	}
	last, before := history[len(history)-1], history[len(history)-2]
	if _, err := requireParent(tx, by, before.Parent); err != nil {
		return err
	}
	return UndoRehang(tx, by, unit, last.From)
}

func writeMove(tx *db.Tx, by access.Actor, verb string, u orgtree.Unit, to orgtree.ID, day clock.Date, decision string) error {
	return journal.Write(tx, by, journal.Change{
		Unit: u.ID, Verb: verb, Noun: noun, ID: int64(u.ID),
		Before: map[string]any{"parent": u.Parent},
		After:  map[string]any{"parent": to, "day": day, "decision": decision},
	})
}

// Find is the unit. Who may read units there may.
func Find(tx *db.Tx, by access.Actor, unit orgtree.ID) (orgtree.Unit, error) {
	return access.Require(tx, by, access.UnitRead, unit)
}

// Above are the units from the root to the unit itself, as far as the actor
// may read them.
func Above(tx *db.Tx, by access.Actor, unit orgtree.ID) ([]orgtree.Unit, error) {
	u, err := Find(tx, by, unit)
	if err != nil {
		return nil, err
	}
	list, err := orgtree.Ancestors(tx, u)
	return readable(by, list), err
}

// Children are the existing units directly below that the actor may read.
func Children(tx *db.Tx, by access.Actor, unit orgtree.ID) ([]orgtree.Unit, error) {
	if _, err := Find(tx, by, unit); err != nil {
		return nil, err
	}
	list, err := orgtree.Children(tx, unit)
	return readable(by, list), err
}

func readable(by access.Actor, list []orgtree.Unit) []orgtree.Unit {
	return slices.DeleteFunc(list, func(u orgtree.Unit) bool { return !by.Can(access.UnitRead, u) })
}

// treeMost is how many units a tree shows at once: below a province or the
// centre it is opened step by step.
const treeMost = 500

// Tree is what lay at and below the unit on the day, without what the actor
// may not read today. Of a unit with much below it, it is what lay there
// directly, and More says where to go on. A unit that did not exist then is
// errs.NotFound.
func Tree(tx *db.Tx, by access.Actor, unit orgtree.ID, day clock.Date) (orgtree.Node, error) {
	if _, err := Find(tx, by, unit); err != nil {
		return orgtree.Node{}, err
	}
	node, err := orgtree.Near(tx, unit, day, treeMost)
	return prune(by, node), err
}

func prune(by access.Actor, n orgtree.Node) orgtree.Node {
	n.Children = slices.DeleteFunc(n.Children, func(child orgtree.Node) bool { return !by.Can(access.UnitRead, child.Unit) })
	for i, child := range n.Children {
		n.Children[i] = prune(by, child)
	}
	return n
}

// Past is where the unit lay, oldest first. Who may read units there may.
func Past(tx *db.Tx, by access.Actor, unit orgtree.ID) ([]orgtree.Parenthood, error) {
	if _, err := Find(tx, by, unit); err != nil {
		return nil, err
	}
	return orgtree.Parents(tx, unit)
}
