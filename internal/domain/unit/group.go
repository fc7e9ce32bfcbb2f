package unit

import (
	"fmt"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// GroupID names a party group.
type GroupID = id.Of[Group]

// Group is a party group of a cell: it meets, and has no organisational powers
// (rules 3.1, S-14). Who belongs to it is kept by package member.
type Group struct {
	ID       GroupID
	Unit     orgtree.ID
	Name     string
	Leader   access.PersonID // zero while there is none
	Founded  clock.Date
	Ended    clock.Date
	Decision string
	Version  int64
}

func (g Group) source() string { return fmt.Sprintf("group:%d", int64(g.ID)) }

const groupNoun = "group"

// NewGroup is a party group to be founded.
type NewGroup struct {
	Name     string
	Leader   access.PersonID
	Founded  clock.Date
	Decision string
}

// FoundGroup divides a cell by one more party group; its leader gets the role.
// Who manages posts at the cell may. A unit that is no cell is errs.Conflict.
func FoundGroup(tx *db.Tx, by access.Actor, unit orgtree.ID, n NewGroup) (Group, error) {
	return FoundGroupAs(tx, by, id.New[Group](), unit, n)
}

// FoundGroupAs is FoundGroup with an id that was given before: an import names
// the group in what it makes ready ahead of the founding.
func FoundGroupAs(tx *db.Tx, by access.Actor, group GroupID, unit orgtree.ID, n NewGroup) (Group, error) {
	u, err := access.Require(tx, by, access.PostManage, unit)
	if err != nil {
		return Group{}, err
	}
	if err := refuseEnded(u); err != nil {
		return Group{}, err
	}
	if !u.IsCell() {
		return Group{}, errs.New(errs.Conflict, "unit.error.group_outside_cell")
	}
	g := Group{
		ID: group, Unit: unit, Name: text.Line(n.Name), Leader: n.Leader,
		Founded: n.Founded, Decision: text.Line(n.Decision), Version: 1,
	}
	if err := g.check(tx, u); err != nil {
		return Group{}, err
	}
	if err := insertGroup(tx, g); err != nil {
		return Group{}, err
	}
	if err := g.lead(tx, g.Founded); err != nil {
		return Group{}, err
	}
	return g, journal.Write(tx, by, journal.Change{
		Unit: unit, Verb: "unit.FoundGroup", Noun: groupNoun, ID: int64(g.ID), After: g,
	})
}

// TakeBackGroup removes a party group as if it had never been founded: it was a
// mistake. Who manages posts at the cell may. A group that somebody belongs to is
// errs.Conflict.
func TakeBackGroup(tx *db.Tx, by access.Actor, group GroupID) error {
	g, err := FindGroup(tx, group)
	if err != nil {
		return err
	}
	if _, err := access.Require(tx, by, access.PostManage, g.Unit); err != nil {
		return err
	}
	if g.Leader != 0 {
		if err := access.Revoke(tx, g.Leader, g.source()); err != nil {
			return err
		}
	}
	if err := tx.Change(`DELETE FROM party_group WHERE id = $1`, group); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: g.Unit, Verb: "unit.TakeBackGroup", Noun: groupNoun, ID: int64(group), Before: g,
	})
}

func (g Group) check(tx *db.Tx, u orgtree.Unit) error {
	var wrong errs.Fields
	need(&wrong, "name", g.Name, longestName)
	atMost(&wrong, "decision", g.Decision, longestLine)
	wrong.Check(!g.Founded.IsZero(), "founded", "errs.required")
	wrong.Check(g.Founded.IsZero() || !g.Founded.Before(u.Founded), "founded", "unit.error.before_founding", u.Founded)
	if err := wrong.Err(); err != nil {
		return err
	}
	others, err := GroupsAt(tx, u.ID)
	if err != nil {
		return err
	}
	for _, other := range others {
		if other.ID != g.ID && text.Fold(other.Name) == text.Fold(g.Name) {
			return errs.Field("name", "unit.error.group_name")
		}
	}
	return g.checkLeader(tx)
}

// checkLeader asks the roles who the cell's members are: package member, which
// knows, comes after this one.
func (g Group) checkLeader(tx *db.Tx) error {
	if g.Leader == 0 {
		return nil
	}
	members, err := access.Holders(tx, g.Unit, access.Member, clock.DateOf(tx.Now))
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Person == g.Leader {
			return nil
		}
	}
	return errs.Field("leader", "unit.error.leader")
}

// lead gives the leader the role from the day on.
func (g Group) lead(tx *db.Tx, from clock.Date) error {
	if g.Leader == 0 {
		return nil
	}
	return access.Give(tx, access.Grant{
		Person: g.Leader, Unit: g.Unit, Role: access.GroupLeader, From: from, Source: g.source(),
	})
}

// ChangeGroup names a group anew and gives it another leader, from today on.
// Who manages posts at the cell may; an ended group and a stale version are
// errs.Conflict.
func ChangeGroup(tx *db.Tx, by access.Actor, group GroupID, version int64, name string, leader access.PersonID) error {
	before, u, err := manageGroup(tx, by, group, version)
	if err != nil {
		return err
	}
	after := before
	after.Name, after.Leader = text.Line(name), leader
	if err := after.check(tx, u); err != nil {
		return err
	}
	return saveGroup(tx, by, "unit.ChangeGroup", before, after)
}

func saveGroup(tx *db.Tx, by access.Actor, verb string, before, after Group) error {
	if err := updateGroup(tx, after); err != nil {
		return err
	}
	if after.Leader != before.Leader {
		today := clock.DateOf(tx.Now)
		if err := access.Withdraw(tx, before.source(), today); err != nil {
			return err
		}
		if err := after.lead(tx, today); err != nil {
			return err
		}
	}
	return journal.Write(tx, by, journal.Change{
		Unit: after.Unit, Verb: verb, Noun: groupNoun, ID: int64(after.ID), Before: before, After: after,
	})
}

// EndGroup dissolves a group. Who manages posts at the cell may; an ended
// group and a stale version are errs.Conflict. Its members stay in the cell
// and belong to no group.
func EndGroup(tx *db.Tx, by access.Actor, group GroupID, version int64, day clock.Date) error {
	g, _, err := manageGroup(tx, by, group, version)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	wrong.Check(!day.IsZero(), "day", "errs.required")
	wrong.Check(day.IsZero() || !day.Before(g.Founded), "day", "unit.error.before_founding", g.Founded)
	if err := wrong.Err(); err != nil {
		return err
	}
	return endGroup(tx, by, g, day)
}

func endGroup(tx *db.Tx, by access.Actor, g Group, day clock.Date) error {
	if err := access.Withdraw(tx, g.source(), day); err != nil {
		return err
	}
	after := g
	after.Ended = day
	if err := updateGroup(tx, after); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: g.Unit, Verb: "unit.EndGroup", Noun: groupNoun, ID: int64(g.ID), Before: g, After: after,
	})
}

func manageGroup(tx *db.Tx, by access.Actor, group GroupID, version int64) (Group, orgtree.Unit, error) {
	g, err := FindGroup(tx, group)
	if err != nil {
		return Group{}, orgtree.Unit{}, err
	}
	u, err := access.Require(tx, by, access.PostManage, g.Unit)
	if err != nil {
		return Group{}, orgtree.Unit{}, err
	}
	if g.Version != version {
		return Group{}, orgtree.Unit{}, errs.New(errs.Conflict, "errs.stale")
	}
	if !g.Ended.IsZero() {
		return Group{}, orgtree.Unit{}, errs.New(errs.Conflict, "unit.error.ended", g.Ended)
	}
	return g, u, nil
}

// leaveGroups takes the lead of groups at the unit, or everywhere, from a
// person who left.
func leaveGroups(tx *db.Tx, by access.Actor, person access.PersonID, unit orgtree.ID) error {
	groups, err := groupsLedBy(tx, person)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if unit != 0 && g.Unit != unit {
			continue
		}
		after := g
		after.Leader = 0
		if err := saveGroup(tx, by, "unit.ChangeGroup", g, after); err != nil {
			return err
		}
	}
	return nil
}

// Groups are the existing party groups of a cell, by name. Who may read units
// there may.
func Groups(tx *db.Tx, by access.Actor, unit orgtree.ID) ([]Group, error) {
	if _, err := access.Require(tx, by, access.UnitRead, unit); err != nil {
		return nil, err
	}
	return GroupsAt(tx, unit)
}
