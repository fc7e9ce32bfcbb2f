package score

import (
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/db"
)

// What is counted of score sheets that somebody confirmed, in the month of their
// meeting: how many, their points, and their classes by what is claimed and by
// what the records show.
var (
	TallySheets    = tally.Measure{ID: 50, Key: "scores.sheets"}
	TallyClaimed   = tally.Measure{ID: 51, Key: "scores.claimed"}
	TallyEvidence  = tally.Measure{ID: 52, Key: "scores.evidence"}
	TallyReachable = tally.Measure{ID: 53, Key: "scores.reachable"}

	TallyClasses         = tally.Measure{ID: 60, Key: "scores.class", Size: 10, Names: classes}
	TallyEvidenceClasses = tally.Measure{ID: 70, Key: "scores.evidence_class", Size: 10, Names: classes}
)

// classes are those of the packs, by their ids.
var classes = []string{"good", "fair", "average", "poor"}

// Tallied counts score sheets for the figures.
var Tallied = tally.Source{
	Measures: []tally.Measure{TallySheets, TallyClaimed, TallyEvidence, TallyReachable, TallyClasses, TallyEvidenceClasses},
	Count:    recount,
}

// tallied is what the sheet adds to the figures.
func (s Sheet) tallied() (c tally.Counts) {
	if !s.Confirmed() {
		return c
	}
	c.Add(s.Unit, s.Month, TallySheets, 1)
	c.Add(s.Unit, s.Month, TallyClaimed, int64(s.Claimed))
	c.Add(s.Unit, s.Month, TallyEvidence, int64(s.Evidence))
	c.Add(s.Unit, s.Month, TallyReachable, int64(s.Reachable))
	c.Add(s.Unit, s.Month, TallyClasses.Of(s.Class.ID), 1)
	c.Add(s.Unit, s.Month, TallyEvidenceClasses.Of(s.EvidenceClass.ID), 1)
	return c
}

// recount counts the sheets of some units from the records.
func recount(tx *db.Tx, units []orgtree.ID, into *tally.Counts) error {
	where, args := tally.In("s.unit_id", 1, units)
	return db.Each(tx, scan, func(s Sheet) error {
		into.Include(s.tallied())
		return nil
	}, `SELECT `+columns+` FROM score s WHERE `+where, args...)
}
