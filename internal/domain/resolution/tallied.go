package resolution

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// What is counted of resolutions, in the month in which each was adopted and
// issued.
var (
	TallyAdopted = tally.Measure{ID: 40, Key: "resolutions.adopted"}
	TallyIssued  = tally.Measure{ID: 41, Key: "resolutions.issued"}
)

// Tallied counts resolutions for the figures.
var Tallied = tally.Source{Measures: []tally.Measure{TallyAdopted, TallyIssued}, Count: recount}

// tallied is what the resolution adds to the figures.
func (r Resolution) tallied() (c tally.Counts) {
	if r.State == Discarded {
		return c
	}
	if !r.AdoptedAt.IsZero() {
		c.Add(r.Unit, clock.MonthOf(clock.DateOf(r.AdoptedAt)), TallyAdopted, 1)
	}
	if !r.Day.IsZero() {
		c.Add(r.Unit, clock.MonthOf(r.Day), TallyIssued, 1)
	}
	return c
}

// recount counts the resolutions of some units from the records.
func recount(tx *db.Tx, units []orgtree.ID, into *tally.Counts) error {
	where, args := tally.In("r.unit_id", 1, units)
	return db.Each(tx, scan, func(r Resolution) error {
		into.Include(r.tallied())
		return nil
	}, `SELECT `+columns+` FROM resolution r WHERE r.adopted IS NOT NULL AND `+where, args...)
}
