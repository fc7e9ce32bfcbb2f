package unit

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// What is counted of organisations while they exist, each at itself: how many,
// how many of them cells, and their kinds.
var (
	TallyUnits = tally.Measure{ID: 2000, Key: "units.all"}
	TallyCells = tally.Measure{ID: 2001, Key: "units.cells"}
	// TallyKinds and TallyCellTypes are those of the packs.
	TallyKinds = tally.Measure{ID: 2010, Key: "units.kind", Size: 40, Names: []string{
		"provincial_party", "upper_party", "commune_party", "grassroots_party", "grassroots_party_small", "departmental_party",
		"grassroots_cell", "subordinate_cell", "village_cell", "temporary_cell", "preparatory_cell", "central_party",
	}}
	TallyCellTypes = tally.Measure{ID: 2050, Key: "units.cell_type", Size: 20, Names: []string{
		"village", "agency", "enterprise_state", "enterprise_private", "students", "armed_forces",
	}}
)

// Tallied counts organisations for the figures.
var Tallied = tally.Source{Measures: []tally.Measure{TallyUnits, TallyCells, TallyKinds, TallyCellTypes}, Count: recount}

// recount counts the units themselves.
func recount(tx *db.Tx, units []orgtree.ID, into *tally.Counts) error {
	periods, err := orgtree.Periods(tx, units)
	for _, p := range periods {
		if !p.To.IsZero() && !p.From.Before(p.To) {
			continue
		}
		measures := []tally.Measure{TallyUnits, TallyKinds.Of(p.Kind)}
		if p.CellType != "" {
			measures = append(measures, TallyCells, TallyCellTypes.Of(p.CellType))
		}
		for _, m := range measures {
			into.Add(p.Unit, clock.MonthOf(p.From), m, 1)
			if !p.To.IsZero() {
				into.Add(p.Unit, clock.MonthOf(p.To), m, -1)
			}
		}
	}
	return err
}

// standing is what a unit adds to the figures by being what it is.
func standing(tx *db.Tx, unit orgtree.ID) (c tally.Counts, err error) {
	err = recount(tx, []orgtree.ID{unit}, &c)
	return c, err
}

// noteStanding journals a change of a unit that added stood to the figures
// before it.
func noteStanding(tx *db.Tx, by access.Actor, stood tally.Counts, c journal.Change) error {
	now, err := standing(tx, orgtree.ID(c.ID))
	if err != nil {
		return err
	}
	c.Figures = now.Minus(stood).String()
	return journal.Write(tx, by, c)
}
