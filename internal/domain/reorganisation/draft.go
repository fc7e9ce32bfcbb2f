package reorganisation

import (
	"cmp"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// Longest texts, in letters.
const (
	longestLine  = 200
	longestBlock = 2000
	longestName  = 100
	// stepsMost keeps one decision readable.
	stepsMost = 500
)

func (d Decision) clean() Decision {
	d.Title, d.Issuer, d.Number, d.Reason = text.Line(d.Title), text.Line(d.Issuer), text.Line(d.Number), text.Block(d.Reason)
	return d
}

func (d Decision) check() error {
	var wrong errs.Fields
	wrong.Check(d.Title != "", "title", "errs.required")
	wrong.Check(text.Length(d.Title) <= longestLine, "title", "errs.too_long", longestLine)
	wrong.Check(text.Length(d.Issuer) <= longestLine, "issuer", "errs.too_long", longestLine)
	wrong.Check(text.Length(d.Number) <= longestName, "number", "errs.too_long", longestName)
	wrong.Check(text.Length(d.Reason) <= longestBlock, "reason", "errs.too_long", longestBlock)
	wrong.Check(d.Decided.IsZero() || d.Effective.IsZero() || !d.Effective.Before(d.Decided), "effective", "reorganisation.error.effective_before")
	return wrong.Err()
}

// Begin drafts a plan that the body at the unit will decide. Whoever decides
// reorganisations there may. A cell, an ended unit and a body without a seal,
// which decides over no organisation (rules 3.1), are errs.Conflict.
func Begin(tx *db.Tx, by access.Actor, at orgtree.ID, d Decision) (Plan, error) {
	u, err := access.Require(tx, by, access.ReorganisationDecide, at)
	if err != nil {
		return Plan{}, err
	}
	if err := decides(tx, u); err != nil {
		return Plan{}, err
	}
	d = d.clean()
	if err := d.check(); err != nil {
		return Plan{}, err
	}
	p := Plan{ID: id.New[Plan](), Unit: at, State: Drafted, Decision: d, Created: tx.Now, CreatedBy: by.Person, Version: 1}
	if err := insert(tx, p); err != nil {
		return Plan{}, err
	}
	return p, note(tx, by, p, "Begin", nil, p.Decision)
}

func decides(tx *db.Tx, u orgtree.Unit) error {
	words, _, err := unit.Words(tx, u)
	if err != nil {
		return err
	}
	kind, _ := words.OrgKind(u.Kind)
	if u.IsCell() || !u.Ended.IsZero() || !kind.Seal {
		return errs.New(errs.Conflict, "reorganisation.error.decides_not")
	}
	return nil
}

// note journals a change of a plan.
func note(tx *db.Tx, by access.Actor, p Plan, verb string, before, after any) error {
	return journal.Write(tx, by, journal.Change{
		Unit: p.Unit, Verb: "reorganisation." + verb, Noun: Noun, ID: int64(p.ID), Before: before, After: after,
	})
}

// load is the plan if the actor may act on it; one that the actor may not see
// is errs.NotFound.
func load(tx *db.Tx, by access.Actor, act access.Action, plan ID) (Plan, orgtree.Unit, error) {
	p, err := find(tx, plan)
	if err != nil {
		return Plan{}, orgtree.Unit{}, err
	}
	at, err := access.Require(tx, by, act, p.Unit)
	return p, at, err
}

// change is the draft in the version at hand, if the actor decides over it.
func change(tx *db.Tx, by access.Actor, plan ID, version int64) (Draft, orgtree.Unit, error) {
	p, at, err := load(tx, by, access.ReorganisationDecide, plan)
	if err != nil {
		return Draft{}, at, err
	}
	if p.Version != version {
		return Draft{}, at, errs.New(errs.Conflict, "errs.stale")
	}
	d, err := whole(tx, p)
	return d, at, err
}

// edit is change for what only a draft allows.
func edit(tx *db.Tx, by access.Actor, plan ID, version int64) (Draft, orgtree.Unit, error) {
	d, at, err := change(tx, by, plan, version)
	if err == nil {
		err = d.draft()
	}
	return d, at, err
}

// Edit replaces what stands on the decision of a draft. Whoever decides at the
// body may; a plan that was carried out and a stale version are errs.Conflict.
func Edit(tx *db.Tx, by access.Actor, plan ID, version int64, d Decision) error {
	was, _, err := edit(tx, by, plan, version)
	if err != nil {
		return err
	}
	d = d.clean()
	if err := d.check(); err != nil {
		return err
	}
	now := was.Plan
	now.Decision = d
	if err := save(tx, &now); err != nil {
		return err
	}
	return note(tx, by, now, "Edit", was.Decision, d)
}

// Discard removes a draft. The rights and failures are those of Edit.
func Discard(tx *db.Tx, by access.Actor, plan ID, version int64) error {
	d, _, err := edit(tx, by, plan, version)
	if err != nil {
		return err
	}
	if err := drop(tx, plan, "reorganisation_post", "reorganisation_destination", "reorganisation_step"); err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM reorganisation WHERE id = $1 AND version = $2`, plan, version); err != nil {
		return err
	}
	return note(tx, by, d.Plan, "Discard", d, nil)
}

// AddStep adds a step to a draft, and gives it with the ids it was given. A unit
// that does not lie below the body, and whatever else the actor has no business
// with, is errs.NotFound. The rights and other failures are those of Edit.
func AddStep(tx *db.Tx, by access.Actor, plan ID, version int64, s Step) (Step, error) {
	d, at, err := edit(tx, by, plan, version)
	if err != nil {
		return Step{}, err
	}
	if len(d.Steps) >= stepsMost {
		return Step{}, errs.New(errs.Conflict, "reorganisation.error.too_many_steps", stepsMost)
	}
	s.ID, s.Acceptance = id.New[Step](), text.Line(s.Acceptance)
	if s.Kind == Found {
		s.Unit = id.New[orgtree.Unit]()
	}
	if err := d.checkStep(tx, by, at, &s); err != nil {
		return Step{}, err
	}
	if err := insertStep(tx, plan, s); err != nil {
		return Step{}, err
	}
	if err := save(tx, &d.Plan); err != nil {
		return Step{}, err
	}
	return s, note(tx, by, d.Plan, "AddStep", nil, s)
}

// checkStep judges a step by itself; how the steps fit together the dry run
// says.
func (d Draft) checkStep(tx *db.Tx, by access.Actor, at orgtree.Unit, s *Step) error {
	var wrong errs.Fields
	wrong.Check(slices.Contains(Kinds, s.Kind), "kind", "errs.choice")
	wrong.Check(s.Unit != 0, "unit", "errs.required")
	wrong.Check(s.To != 0 || s.Kind != Found && s.Kind != Handover && s.Kind != Merge, "to", "errs.required")
	wrong.Check(s.To != s.Unit, "to", "reorganisation.error.to_itself")
	wrong.Check(text.Length(s.Acceptance) <= longestName, "acceptance", "errs.too_long", longestName)
	if err := wrong.Err(); err != nil {
		return err
	}
	to, err := d.reach(tx, at, s.To)
	if err != nil {
		return err
	}
	if s.Kind == Found {
		return d.checkFound(tx, by, to, s)
	}
	u, err := d.reach(tx, at, s.Unit)
	if err != nil {
		return err
	}
	if err := d.checkTwice(*s); err != nil {
		return err
	}
	if err := competent(at, u, s.Kind); err != nil {
		return err
	}
	if s.Kind == Restyle {
		return checkRestyle(tx, by, u, s)
	}
	return nil
}

// reach is an existing unit at or below the body, or one that the plan founds;
// the zero unit for none. All else is errs.NotFound.
func (d Draft) reach(tx *db.Tx, at orgtree.Unit, unit orgtree.ID) (orgtree.Unit, error) {
	if unit == 0 {
		return orgtree.Unit{}, nil
	}
	if u, ok := d.founds(unit); ok {
		return u, nil
	}
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return u, err
	}
	if !at.Path.Contains(u.Path) {
		return orgtree.Unit{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if !u.Ended.IsZero() {
		return orgtree.Unit{}, errs.New(errs.Conflict, "unit.error.ended", u.Ended)
	}
	return u, nil
}

func (d Draft) checkTwice(s Step) error {
	for _, other := range d.Steps {
		if other.Unit == s.Unit && other.fate() == s.fate() {
			return errs.Field("unit", "reorganisation.error.unit_twice")
		}
	}
	return nil
}

// competent says whether the body at decides such a step over the unit: a
// committee decides over what lies below it, not over itself (rules 3.2 to
// 3.4). Only what stands at the top of the register is decided over from
// outside it. A disciplinary dissolution is decided two levels up (rules 3.5).
func competent(at, u orgtree.Unit, kind Kind) error {
	switch {
	case u.ID == at.ID && (kind != Restyle || at.Parent != 0):
		return errs.Field("unit", "reorganisation.error.itself")
	case kind == Dissolve && u.Parent == at.ID && at.Parent != 0:
		return errs.Field("unit", "reorganisation.error.two_levels")
	}
	return nil
}

func (d Draft) checkFound(tx *db.Tx, by access.Actor, parent orgtree.Unit, s *Step) error {
	if parent.IsCell() {
		return errs.Field("to", "unit.error.kind_under")
	}
	n := unit.New{Parent: parent.ID, Fields: s.Fields, Founded: clock.DateOf(tx.Now)}
	if err := unit.CheckNew(tx, by, parent, &n); err != nil {
		return err
	}
	for _, other := range d.Steps {
		if other.Kind == Found && other.Fields.Code == n.Code {
			return errs.Field("code", "unit.error.code_in_use", n.Code)
		}
	}
	s.Fields = n.Fields
	return nil
}

func checkRestyle(tx *db.Tx, by access.Actor, u orgtree.Unit, s *Step) error {
	f := fieldsOf(s.styled(u))
	if err := unit.CheckStyle(tx, by, u, &f); err != nil {
		return err
	}
	if f.Name == u.Name && f.Kind == u.Kind && f.Level == u.Level && f.Code == u.Code && f.CellType == u.CellType {
		return errs.Field("name", "reorganisation.error.nothing_new")
	}
	return nil
}

// RemoveStep takes a step out of a draft. A founded unit that other steps,
// destinations or posts name is errs.Conflict. The rights and failures are
// those of Edit.
func RemoveStep(tx *db.Tx, by access.Actor, plan ID, version int64, step StepID) error {
	d, _, err := edit(tx, by, plan, version)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(d.Steps, func(s Step) bool { return s.ID == step })
	if at < 0 {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	s := d.Steps[at]
	if s.Kind == Found && d.names(s.Unit) {
		return errs.New(errs.Conflict, "reorganisation.error.step_needed", s.Fields.Name)
	}
	if err := tx.Change(`DELETE FROM reorganisation_step WHERE id = $1 AND plan_id = $2`, step, plan); err != nil {
		return err
	}
	if err := save(tx, &d.Plan); err != nil {
		return err
	}
	return note(tx, by, d.Plan, "RemoveStep", s, nil)
}

// names reports whether anything but the founding names the unit.
func (d Draft) names(u orgtree.ID) bool {
	for _, s := range d.Steps {
		if s.To == u || s.Unit == u && s.Kind != Found {
			return true
		}
	}
	for _, to := range d.Destinations {
		if to == u {
			return true
		}
	}
	return slices.ContainsFunc(d.Nominations, func(n Nomination) bool { return n.Unit == u })
}

// Send gives people a place of their own; a zero unit takes it from them. Each
// must belong to a unit that the plan divides or ends; others are
// errs.NotFound. The rights and failures are those of Edit.
func Send(tx *db.Tx, by access.Actor, plan ID, version int64, people []member.ID, to orgtree.ID) error {
	d, at, err := edit(tx, by, plan, version)
	if err != nil {
		return err
	}
	if len(people) == 0 {
		return errs.Field("people", "reorganisation.error.nobody")
	}
	if _, err := d.reach(tx, at, to); err != nil {
		return err
	}
	leaving, err := d.residents(tx)
	if err != nil {
		return err
	}
	for _, person := range people {
		if !slices.ContainsFunc(leaving, func(r Resident) bool { return r.ID == person }) {
			return errs.New(errs.NotFound, "errs.not_found")
		}
		if err := send(tx, plan, person, to); err != nil {
			return err
		}
	}
	if err := save(tx, &d.Plan); err != nil {
		return err
	}
	return note(tx, by, d.Plan, "Send", nil, map[string]any{"people": people, "to": to})
}

func send(tx *db.Tx, plan ID, person member.ID, to orgtree.ID) error {
	if _, err := tx.Exec(`DELETE FROM reorganisation_destination WHERE plan_id = $1 AND person_id = $2`, plan, person); err != nil || to == 0 {
		return err
	}
	_, err := tx.Exec(`INSERT INTO reorganisation_destination (plan_id, person_id, to_id) VALUES ($1, $2, $3)`, plan, person, to)
	return err
}

// Nominate lets the decision give a post: the first committee of an
// organisation is appointed (rules 3.2). Who cannot be read in the unit's
// branch is errs.NotFound. The rights and failures are those of Edit.
func Nominate(tx *db.Tx, by access.Actor, plan ID, version int64, n Nomination) error {
	d, at, err := edit(tx, by, plan, version)
	if err != nil {
		return err
	}
	u, err := d.reach(tx, at, n.Unit)
	if err != nil {
		return err
	}
	words, _, err := unit.Words(tx, placed(u, at))
	if err != nil {
		return err
	}
	post, known := words.Post(n.Post)
	var wrong errs.Fields
	wrong.Check(n.Unit != 0, "unit", "errs.required")
	wrong.Check(known && post.At != "group", "post", "unit.error.post_kind")
	if known && n.Unit != 0 {
		wrong.Check((post.At == "cell") == u.IsCell(), "post", "unit.error.post_kind")
	}
	wrong.Check(n.Person != 0, "person", "errs.required")
	if err := wrong.Err(); err != nil {
		return err
	}
	if err := within(tx, at, n.Person); err != nil {
		return err
	}
	for _, other := range d.Nominations {
		if other.Unit == n.Unit && other.Post == n.Post && (post.Single || other.Person == n.Person) {
			return errs.Field("post", "unit.error.post_taken")
		}
	}
	n.ID = id.New[Nomination]()
	if _, err := tx.Exec(`INSERT INTO reorganisation_post (id, plan_id, unit_id, person_id, kind) VALUES ($1, $2, $3, $4, $5)`,
		n.ID, plan, n.Unit, n.Person, n.Post); err != nil {
		return err
	}
	if err := save(tx, &d.Plan); err != nil {
		return err
	}
	return note(tx, by, d.Plan, "Nominate", nil, n)
}

// placed is the unit with the place of the body where it has none of its own.
func placed(u, at orgtree.Unit) orgtree.Unit {
	u.Place = cmp.Or(u.Place, at.Place)
	return u
}

// within is errs.NotFound for a person who belongs to no unit below the body.
func within(tx *db.Tx, at orgtree.Unit, person member.ID) error {
	home, err := db.One(tx, db.Column[orgtree.ID], `SELECT unit_id FROM person WHERE id = $1`, person)
	if err != nil {
		return err
	}
	u, err := orgtree.Find(tx, home)
	if err == nil && !at.Path.Contains(u.Path) {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return err
}

// Unnominate takes a post out of a draft. The rights and failures are those of
// Edit.
func Unnominate(tx *db.Tx, by access.Actor, plan ID, version int64, nomination NominationID) error {
	d, _, err := edit(tx, by, plan, version)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(d.Nominations, func(n Nomination) bool { return n.ID == nomination })
	if at < 0 {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	if err := tx.Change(`DELETE FROM reorganisation_post WHERE id = $1 AND plan_id = $2`, nomination, plan); err != nil {
		return err
	}
	if err := save(tx, &d.Plan); err != nil {
		return err
	}
	return note(tx, by, d.Plan, "Unnominate", d.Nominations[at], nil)
}
