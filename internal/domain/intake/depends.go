package intake

import (
	"slices"

	"chibo/internal/platform/db"
)

// reference is a column that names a record of a kind.
type reference struct {
	table, column string
	// what is the word for the message intake.depends.what.
	what string
	// but leaves out rows that the import wrote itself.
	but string
}

// references are all places where a record may be named whose going would leave
// a hole. A test holds them against the tables.
var references = map[Kind][]reference{
	Members: {
		{"account", "person_id", "account", ""},
		{"notice", "person_id", "notice", ""},
		{"person_overlay", "person_id", "overlay", ""},
		{"post", "person_id", "post", ""},
		{"party_group", "leader_id", "group", ""},
		{"role_grant", "person_id", "role", "source NOT LIKE 'member:%'"},
		{"meeting", "chair_id", "meeting", ""},
		{"meeting_roll", "person_id", "meeting", ""},
		{"task", "person_id", "task", ""},
		{"reorganisation_destination", "person_id", "reorganisation", ""},
		{"reorganisation_post", "person_id", "reorganisation", ""},
		{"reorganisation_transfer", "person_id", "reorganisation", ""},
		{"duplicate_merge", "kept_id", "merge", ""},
		{"duplicate_merge", "gone_id", "merge", ""},
		{"person_merged", "person_id", "merge", ""},
	},
	Units: {
		{"person", "unit_id", "member", ""},
		{"party_group", "unit_id", "group", ""},
		{"post", "unit_id", "post", ""},
		{"role_grant", "unit_id", "role", ""},
		{"committee_term", "unit_id", "term", ""},
		{"meeting", "unit_id", "meeting", ""},
		{"intake", "unit_id", "import", ""},
		{"intake_form", "unit_id", "import", ""},
		{"reorganisation", "unit_id", "reorganisation", ""},
		{"reorganisation_step", "unit_id", "reorganisation", ""},
		{"reorganisation_step", "to_id", "reorganisation", ""},
	},
}

// dependentWords are the words in the order in which people are told them.
var dependentWords = []string{"changed", "account", "post", "group", "role", "overlay", "term", "meeting", "task", "notice", "member", "unit", "import", "reorganisation", "merge"}

// count adds what refers to the records of an effect.
func (e effect) count(tx *db.Tx, counts map[string]int) error {
	if e.updated != 0 {
		n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM person WHERE id = $1 AND version <> $2`, e.updated, e.version)
		counts["changed"] += n
		return err
	}
	for part := range slices.Chunk(e.made, 100) {
		if err := e.countPart(tx, part, counts); err != nil {
			return err
		}
	}
	return nil
}

func (e effect) countPart(tx *db.Tx, part []int64, counts map[string]int) error {
	if err := countChanged(tx, e.noun, part, counts); err != nil {
		return err
	}
	for _, r := range references[e.noun] {
		n, err := r.count(tx, part)
		if err != nil {
			return err
		}
		counts[r.what] += n
	}
	if e.noun != Units {
		return nil
	}
	// Units that the import founded itself, one below the other, do not count.
	where, args := oneOf("parent_id", part)
	below, err := db.All(tx, db.Column[int64], `SELECT id FROM unit WHERE `+where, args...)
	for _, child := range below {
		if !slices.Contains(e.made, child) {
			counts["unit"]++
		}
	}
	return err
}

// countChanged counts records that were changed since they were made: another
// version than the first.
func countChanged(tx *db.Tx, kind Kind, records []int64, counts map[string]int) error {
	table := map[Kind]string{Members: "person", Units: "unit", Posts: "post", groupKind: "party_group"}[kind]
	where, args := oneOf("id", records)
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM `+table+` WHERE version > 1 AND `+where, args...)
	counts["changed"] += n
	return err
}

func (r reference) count(tx *db.Tx, records []int64) (int, error) {
	where, args := oneOf(r.column, records)
	if r.but != "" {
		where += " AND " + r.but
	}
	return db.One(tx, db.Column[int], `SELECT count(*) FROM `+r.table+` WHERE `+where, args...)
}
