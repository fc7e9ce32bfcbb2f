package consolidation

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// TallyOpen counts the plans that are being carried out, from the month in which
// each is made to that in which it is finished.
var TallyOpen = tally.Measure{ID: 2080, Key: "consolidations.open"}

// Tallied counts plans for the figures.
var Tallied = tally.Source{Measures: []tally.Measure{TallyOpen}, Count: recount}

// tallied is what the plan adds to the figures.
func (p Plan) tallied() (c tally.Counts) {
	if p.ID == 0 {
		return c
	}
	c.Add(p.Unit, clock.MonthOf(p.Planned), TallyOpen, 1)
	if !p.Open() {
		c.Add(p.Unit, clock.MonthOf(p.Finished), TallyOpen, -1)
	}
	return c
}

// recount counts the plans of some units from the records.
func recount(tx *db.Tx, units []orgtree.ID, into *tally.Counts) error {
	where, args := tally.In("unit_id", 1, units)
	return db.Each(tx, scan, func(p Plan) error {
		into.Include(p.tallied())
		return nil
	}, `SELECT `+columns+` FROM consolidation WHERE `+where, args...)
}
