package member

import "chibo/internal/kernel/holding"

// Held are what lay or lies over the state of a person whose record is merged.
var Held = []holding.Kind{{
	What: "overlay", Table: "person_overlay", Person: "person_id", Row: "id", Versioned: true,
	Unit: "unit_id", Label: "kind", Noun: overlayNoun, Of: "id",
}}
