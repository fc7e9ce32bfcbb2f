package meeting

import "chibo/internal/kernel/holding"

const (
	toCome = `state IN ('planned', 'prepared', 'announced', 'docs_posted', 'postponed')`
	inOne  = `meeting_id IN (SELECT m.id FROM meeting m WHERE m.` + toCome + `)`
	itsDay = `(SELECT m.month FROM meeting m WHERE m.id = meeting_id)`
	itsOwn = `(SELECT m.unit_id FROM meeting m WHERE m.id = meeting_id)`
)

// Held are what goes with a person whose record is merged: their parts in
// meetings to come. A meeting that was opened keeps the names of its day.
var Held = []holding.Kind{
	{
		What: "chair", Table: "meeting", Person: "chair_id", Row: "id", Where: toCome, Versioned: true,
		Unit: "unit_id", Label: "month", Noun: Noun, Of: "id",
	},
	{
		What: "minutes", Table: "meeting", Person: "minute_taker_id", Row: "id", Where: toCome, Versioned: true,
		Unit: "unit_id", Label: "month", Noun: Noun, Of: "id",
	},
	{
		What: "item", Table: "meeting_item", Person: "presenter_id", Row: "id", Where: inOne, Versioned: true,
		Unit: itsOwn, Label: "title", Noun: Noun, Of: "meeting_id",
	},
	{
		What: "step", Table: "meeting_step", Person: "person_id", Row: "id", Where: "done IS NULL AND " + inOne, Versioned: true,
		Unit: itsOwn, Label: "title", Noun: Noun, Of: "meeting_id",
	},
	{
		What: "invitation", Table: "meeting_told", Person: "person_id", Row: "meeting_id",
		Where: inOne + " AND meeting_id NOT IN (SELECT t.meeting_id FROM meeting_told t WHERE t.person_id = {to})",
		Unit:  itsOwn, Label: itsDay, Noun: Noun, Of: "meeting_id",
	},
}
