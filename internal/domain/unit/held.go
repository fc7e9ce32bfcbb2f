package unit

import "chibo/internal/kernel/holding"

// Held are what goes with a person whose record is merged: the posts, past ones
// too, and the party groups that the person leads.
var Held = []holding.Kind{
	{
		What: "post", Table: "post", Person: "person_id", Row: "id", Versioned: true,
		Unit: "unit_id", Label: "kind", Noun: postNoun, Of: "id",
	},
	{
		What: "group", Table: "party_group", Person: "leader_id", Row: "id", Where: "ended IS NULL", Versioned: true,
		Unit: "unit_id", Label: "name", Noun: groupNoun, Of: "id",
	},
}
