package consolidation

import (
	"cmp"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// Begin plans how a cell is consolidated, and tells whoever is to carry it out.
// Who plans consolidation at the cell may. A unit that is no cell, or has ended,
// and a cell with an open plan are errs.Conflict; an owner who does not watch the
// cell is errs.Invalid.
func Begin(tx *db.Tx, by access.Actor, cell orgtree.ID, d Draft) (ID, error) {
	at, err := access.Require(tx, by, access.ConsolidationPlan, cell)
	if err != nil {
		return 0, err
	}
	if !at.IsCell() || !at.Ended.IsZero() {
		return 0, errs.New(errs.Conflict, "consolidation.error.no_cell")
	}
	if _, open, err := ofCell(tx, cell); err != nil || open {
		return 0, cmp.Or(err, errs.New(errs.Conflict, "consolidation.error.open"))
	}
	p := Plan{ID: id.New[Plan](), Unit: cell, Planned: clock.DateOf(tx.Now), Planner: by.Person, Version: 1}
	if p, err = p.drawn(tx, at, d); err != nil {
		return 0, err
	}
	if err := insert(tx, p); err != nil {
		return 0, err
	}
	if err := write(tx, by, "consolidation.Begin", Plan{}, p); err != nil {
		return 0, err
	}
	return p.ID, tell(tx, by, p, at)
}

// Change writes an open plan anew; a new owner is told. Who plans consolidation
// at the cell may. A finished plan and a stale version are errs.Conflict.
func Change(tx *db.Tx, by access.Actor, plan ID, version int64, d Draft) error {
	before, at, err := load(tx, by, plan, access.ConsolidationPlan)
	if err != nil {
		return err
	}
	if !before.Open() {
		return errs.New(errs.Conflict, "consolidation.error.finished")
	}
	after, err := before.drawn(tx, at, d)
	if err != nil {
		return err
	}
	after.Version = version
	if err := update(tx, after); err != nil {
		return err
	}
	if err := write(tx, by, "consolidation.Change", before, after); err != nil || after.Owner == before.Owner {
		return err
	}
	return tell(tx, by, after, at)
}

// Finish writes down what came of a plan. Who plans consolidation at the cell
// may, and the plan's owner. A finished plan and a stale version are
// errs.Conflict.
func Finish(tx *db.Tx, by access.Actor, plan ID, version int64, r Result) error {
	before, at, err := load(tx, by, plan, access.OverviewRead)
	if err != nil {
		return err
	}
	if owns := by.Person != 0 && by.Person == before.Owner; !owns && !by.Can(access.ConsolidationPlan, at) {
		return by.Refuse(access.ConsolidationPlan, at, 0)
	}
	if !before.Open() {
		return errs.New(errs.Conflict, "consolidation.error.finished")
	}
	r.Text = text.Block(r.Text)
	if err := r.check(); err != nil {
		return err
	}
	after := before
	after.Finished, after.Outcome, after.Result, after.Version = clock.DateOf(tx.Now), r.Outcome, r.Text, version
	if err := update(tx, after); err != nil {
		return err
	}
	return write(tx, by, "consolidation.Finish", before, after)
}

// Find is a plan with its cell. Who watches the cell may.
func Find(tx *db.Tx, by access.Actor, plan ID) (Plan, orgtree.Unit, error) {
	return load(tx, by, plan, access.OverviewRead)
}

// At are all plans of a cell, the newest first. Who watches the cell may.
func At(tx *db.Tx, by access.Actor, cell orgtree.ID) ([]Plan, error) {
	if _, err := access.Require(tx, by, access.OverviewRead, cell); err != nil {
		return nil, err
	}
	return plansAt(tx, cell)
}

// Mine are the open plans that the actor is to carry out, the first due first.
func Mine(tx *db.Tx, by access.Actor) ([]Plan, error) {
	if by.Person == 0 {
		return nil, nil
	}
	return owned(tx, by.Person)
}

// Person is somebody who can carry out a plan.
type Person struct {
	ID   access.PersonID
	Name string
}

// Owners are those who can carry out the plan of a cell: the committees of the
// cell and of the unit above it, and its office. Who plans consolidation at the
// cell may ask.
func Owners(tx *db.Tx, by access.Actor, cell orgtree.ID) ([]Person, error) {
	at, err := access.Require(tx, by, access.ConsolidationPlan, cell)
	if err != nil {
		return nil, err
	}
	var people []access.PersonID
	for _, unit := range []orgtree.ID{at.Parent, at.ID} {
		for _, role := range []access.Role{access.Secretary, access.Deputy, access.CommitteeMember, access.Office} {
			held, err := access.Holders(tx, unit, role, clock.DateOf(tx.Now))
			if err != nil {
				return nil, err
			}
			for _, g := range held {
				people = append(people, g.Person)
			}
		}
	}
	names, err := member.Names(tx, people)
	var list []Person
	for _, person := range people {
		if !slices.ContainsFunc(list, func(p Person) bool { return p.ID == person }) {
			list = append(list, Person{person, names[person]})
		}
	}
	return list, err
}

// load is the plan and its cell, if the actor may act there.
func load(tx *db.Tx, by access.Actor, plan ID, act access.Action) (Plan, orgtree.Unit, error) {
	p, err := find(tx, plan)
	if err != nil {
		return Plan{}, orgtree.Unit{}, err
	}
	at, err := access.Require(tx, by, act, p.Unit)
	return p, at, err
}

// drawn is the plan as a draft has it.
func (p Plan) drawn(tx *db.Tx, at orgtree.Unit, d Draft) (Plan, error) {
	d = d.cleaned()
	if err := d.check(clock.DateOf(tx.Now)); err != nil {
		return Plan{}, err
	}
	owner, err := access.Act(tx, d.Owner)
	if err != nil {
		return Plan{}, err
	}
	if !owner.Can(access.OverviewRead, at) {
		return Plan{}, errs.Field("owner", "consolidation.error.owner")
	}
	p.Reasons, p.Measures, p.Owner, p.Due = d.Reasons, d.Measures, d.Owner, d.Due
	return p, nil
}

// write journals what became of a plan; one that is new has none before it.
func write(tx *db.Tx, by access.Actor, verb string, before, after Plan) error {
	c := journal.Change{
		Unit: after.Unit, Verb: verb, Noun: Noun, ID: int64(after.ID), After: after, Figures: after.tallied().Minus(before.tallied()).String(),
	}
	if before.ID != 0 {
		c.Before = before
	}
	return journal.Write(tx, by, c)
}

// tell lets the owner know, but nobody of what they planned themselves.
func tell(tx *db.Tx, by access.Actor, p Plan, at orgtree.Unit) error {
	if p.Owner == by.Person {
		return nil
	}
	return notice.Send(tx, by, notice.Notice{
		To: []access.PersonID{p.Owner}, Unit: p.Unit, Key: "consolidation.notice.planned",
		Args: map[string]string{"cell": at.Name, "due": p.Due.Vietnamese()}, Link: "/consolidation/" + p.ID.String(),
	})
}
