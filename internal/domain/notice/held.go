package notice

import "chibo/internal/kernel/holding"

// Held are the notices that a person whose record is merged has not read yet.
var Held = []holding.Kind{{
	What: "notice", Table: "notice", Person: "person_id", Row: "id", Where: "seen IS NULL", Unit: "unit_id", Label: "key",
}}
