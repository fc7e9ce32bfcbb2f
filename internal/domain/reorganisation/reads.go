package reorganisation

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
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

// Bodies are the parties at which the actor may begin a plan.
func Bodies(tx *db.Tx, by access.Actor) ([]orgtree.Unit, error) {
	scope, err := by.Scope(tx, access.ReorganisationDecide)
	if err != nil || scope.Empty() {
		return nil, err
	}
	units, err := scope.Units(tx)
	if err != nil {
		return nil, err
	}
	var list []orgtree.Unit
	for _, u := range units {
		if !u.IsCell() && decides(tx, u) == nil {
			list = append(list, u)
		}
	}
	return list, nil
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
