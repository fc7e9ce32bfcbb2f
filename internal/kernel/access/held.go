package access

import "chibo/internal/kernel/holding"

// Held are the roles of today and later, which go with a person whose record is
// merged; those of a membership are made anew.
var Held = []holding.Kind{{
	What: "right", Table: "role_grant", Person: "person_id", Row: "id",
	Where: "source NOT LIKE 'member:%' AND (to_day IS NULL OR to_day > {today})",
	Unit:  "unit_id", Label: "role",
}}
