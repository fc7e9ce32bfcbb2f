package consolidation

import "chibo/internal/kernel/holding"

// Held are the open plans of a person whose record is merged.
var Held = []holding.Kind{{
	What: "plan", Table: "consolidation", Person: "owner_id", Row: "id", Where: "finished IS NULL", Versioned: true,
	Unit: "unit_id", Label: "measures", Noun: Noun, Of: "id",
}}
