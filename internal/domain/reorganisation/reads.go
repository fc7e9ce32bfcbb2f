package reorganisation

import (
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Find is the plan with all that was written into it. Whoever may read
// reorganisations at its body may.
func Find(tx *db.Tx, by access.Actor, plan ID) (Draft, error) {
	p, _, err := load(tx, by, access.ReorganisationRead, plan)
	if err != nil {
		return Draft{}, err
	}
	return whole(tx, p)
}

// List are the plans of the bodies where the actor may read them, newest first.
func List(tx *db.Tx, by access.Actor) ([]Plan, error) {
	scope, err := by.Scope(tx, access.ReorganisationRead)
	if err != nil || scope.Empty() {
		return nil, err
	}
	return plansIn(tx, scope)
}

// Bodies are the parties at which the actor may begin a plan; of a large part of
// the tree those at which the actor holds a role, the others are found by
// SeekBodies.
func Bodies(tx *db.Tx, by access.Actor) ([]orgtree.Unit, error) {
	scope, err := by.Scope(tx, access.ReorganisationDecide)
	if err != nil || scope.Empty() {
		return nil, err
	}
	wide, err := scope.Wide(tx)
	if err != nil {
		return nil, err
	}
	var units []orgtree.Unit
	if wide {
		units, err = own(tx, by, scope)
	} else {
		units, err = scope.Units(tx)
	}
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(units, func(u orgtree.Unit) bool { return decides(tx, u) != nil }), nil
}

// own are the units of the scope at which the actor holds a role.
func own(tx *db.Tx, by access.Actor, scope orgtree.Scope) (list []orgtree.Unit, err error) {
	for _, g := range by.Grants() {
		if slices.ContainsFunc(list, func(u orgtree.Unit) bool { return u.ID == g.Unit }) {
			continue
		}
		u, err := orgtree.Find(tx, g.Unit)
		if err != nil {
			return nil, err
		}
		if scope.Contains(u) {
			list = append(list, u)
		}
	}
	return list, nil
}

// SeekBodies are parties at which the actor may begin a plan, by name or code,
// and whether there are more.
func SeekBodies(tx *db.Tx, by access.Actor, words string) ([]unit.Match, bool, error) {
	list, more, err := unit.Seek(tx, by, access.ReorganisationDecide, orgtree.Sought{Words: words, Sort: orgtree.OnlyParties})
	return slices.DeleteFunc(list, func(m unit.Match) bool { return decides(tx, m.Unit) != nil }), more, err
}

// Targets are the organisations that steps of the plan may name: those below its
// body and those that it founds. The rights are those of Find.
func Targets(tx *db.Tx, by access.Actor, plan ID) ([]orgtree.Unit, error) {
	p, at, err := load(tx, by, access.ReorganisationRead, plan)
	if err != nil {
		return nil, err
	}
	d, err := whole(tx, p)
	if err != nil {
		return nil, err
	}
	list, err := orgtree.Below(tx, at)
	for _, s := range d.Steps {
		if s.Kind == Found && p.State == Drafted {
			list = append(list, s.founded())
		}
	}
	return list, err
}

// SeekTargets are those of Targets that are found by name or code, and whether
// there are more. Those that the plan founds come first; where nothing is sought
// they come with those to which its steps lead already. The rights are those of
// Find.
func SeekTargets(tx *db.Tx, by access.Actor, plan ID, sought orgtree.Sought) (list []unit.Match, more bool, err error) {
	p, at, err := load(tx, by, access.ReorganisationRead, plan)
	if err != nil {
		return nil, false, err
	}
	d, err := whole(tx, p)
	if err != nil {
		return nil, false, err
	}
	for _, s := range d.Steps {
		if s.Kind == Found && p.State == Drafted && sought.Fits(s.founded()) {
			list = append(list, unit.Match{Unit: s.founded()})
		}
	}
	if text.Fold(sought.Words) == "" {
		led, err := d.ledTo(tx, sought)
		return append(list, led...), false, err
	}
	var scope orgtree.Scope
	scope.AddBranch(at.Path)
	found, more, err := unit.SeekIn(tx, by, scope, sought)
	return append(list, found...), more, err
}

// ledTo are the units of the register to which steps of the plan lead.
func (d Draft) ledTo(tx *db.Tx, sought orgtree.Sought) (list []unit.Match, err error) {
	met := map[orgtree.ID]bool{0: true}
	for _, s := range d.Steps {
		if _, founded := d.founds(s.To); founded || met[s.To] {
			continue
		}
		met[s.To] = true
		u, err := orgtree.Find(tx, s.To)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		if err == nil && u.Ended.IsZero() && sought.Fits(u) {
			list = append(list, unit.Match{Unit: u})
		}
	}
	return list, nil
}

// Transferred is the collective transfer of a person.
type Transferred struct {
	Person   member.ID
	Name     string
	From, To orgtree.ID
}

// Transfers are the people whom a plan that was carried out took along, by
// where they went and given name. The rights are those of Find.
func Transfers(tx *db.Tx, by access.Actor, plan ID) ([]Transferred, error) {
	if _, _, err := load(tx, by, access.ReorganisationRead, plan); err != nil {
		return nil, err
	}
	return db.All(tx, func(row db.Row) (t Transferred, err error) {
		return t, row.Scan(&t.Person, &t.Name, &t.From, &t.To)
	}, `SELECT t.person_id, p.name, t.from_id, t.to_id FROM reorganisation_transfer t JOIN person p ON p.id = t.person_id
		WHERE t.plan_id = $1 ORDER BY t.from_id, t.to_id, p.name_key, p.id`, plan)
}

// Move is a collective transfer of one person.
type Move struct {
	Plan ID
	Day  clock.Date
	// From and To are the cells, or the parties above the cell if that moved as a
	// whole.
	From, To orgtree.ID
	Document string
}

// Moves are the collective transfers of a person, oldest first. Whoever may read
// the person may.
func Moves(tx *db.Tx, by access.Actor, person member.ID) ([]Move, error) {
	if _, err := member.Find(tx, by, person); err != nil {
		return nil, err
	}
	return db.All(tx, func(row db.Row) (m Move, err error) {
		var d Decision
		err = row.Scan(&m.Plan, &m.Day, &m.From, &m.To, &d.Number, &d.Decided)
		m.Document = d.document()
		return m, err
	}, `SELECT p.id, p.effective, t.from_id, t.to_id, p.number, p.decided FROM reorganisation_transfer t
		JOIN reorganisation p ON p.id = t.plan_id WHERE t.person_id = $1 ORDER BY p.effective, p.id`, person)
}

// UnitNames are the names of all organisations that the plan names. The rights
// are those of Find.
func UnitNames(tx *db.Tx, by access.Actor, plan ID) (map[orgtree.ID]string, error) {
	d, err := Find(tx, by, plan)
	if err != nil {
		return nil, err
	}
	names := map[orgtree.ID]string{}
	for _, s := range d.Steps {
		if names[s.Unit] = s.Fields.Name; s.Kind != Found {
			delete(names, s.Unit)
		}
	}
	transfers, err := Transfers(tx, by, plan)
	if err != nil {
		return nil, err
	}
	for _, id := range d.named(transfers) {
		if _, known := names[id]; known || id == 0 {
			continue
		}
		u, err := orgtree.Find(tx, id)
		if err != nil && !errs.Is(err, errs.NotFound) {
			return nil, err
		}
		names[id] = u.Name
	}
	return names, nil
}

// named are the organisations that stand anywhere in the plan.
func (d Draft) named(transfers []Transferred) []orgtree.ID {
	list := []orgtree.ID{d.Unit}
	for _, s := range d.Steps {
		list = append(list, s.Unit, s.To)
	}
	for _, to := range d.Destinations {
		list = append(list, to)
	}
	for _, n := range d.Nominations {
		list = append(list, n.Unit)
	}
	for _, t := range transfers {
		list = append(list, t.From, t.To)
	}
	return list
}
