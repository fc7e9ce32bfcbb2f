package nation

import (
	"iter"

	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/tally"
)

// The tables that are loaded, by their place in a batch. Each comes after those
// it refers to: on SQLite that spares looking up at the commit.
const (
	units = iota
	parents
	terms
	people
	files
	statuses
	stays
	overlays
	grants
	posts
	meetings
	roll
	items
	opinions
	votes
	deductions
	series
	numbers
	resolutions
	texts
	tasks
	reviews
	scores
)

func table(name string, keys int, columns ...string) journal.LoadedTable {
	return journal.LoadedTable{Name: name, Columns: columns, Key: columns[:keys], Nouns: nouns[name]}
}

// nouns are those whose verbs change rows of a table. The number given last is
// changed by every new resolution of its unit.
var nouns = map[string][]string{
	"unit": {"unit"}, "unit_parent": {"unit"}, "committee_term": {"unit"},
	"person": {"member"}, "person_file": {"member"}, "person_status": {"member"}, "person_unit": {"member"}, "person_overlay": {"overlay", "member"},
	"role_grant": {"member", "person", "post", "overlay", "unit"}, "post": {"post"},
	"meeting": {"meeting"}, "meeting_roll": {"meeting"}, "meeting_item": {"meeting"}, "meeting_opinion": {"meeting"}, "meeting_vote": {"meeting"},
	"meeting_deduction": {"meeting"}, "resolution": {"resolution"}, "resolution_text": {"resolution"}, "number_given": {"resolution"},
	"task": {"task"}, "task_review": {"task", "meeting"}, "score": {"score"},
}

// tables have first the columns of their key, by which the rows of a batch are
// in order.
var tables = []journal.LoadedTable{
	units: table("unit", 1, "id", "parent_id", "path", "depth", "code", "name", "folded", "kind", "level", "cell_type", "block", "areas",
		"place_code", "address", "founded"),
	parents: table("unit_parent", 2, "unit_id", "from_day", "parent_id", "decision"),
	terms:   table("committee_term", 2, "unit_id", "from_day", "name", "decision"),
	people: table("person", 1, "id", "unit_id", "status", "birth_name", "name", "folded", "name_key", "sex", "birth", "card_number", "cv_number",
		"admission_decided", "ceremony", "recognised"),
	files: table("person_file", 1, "person_id", "home", "residence", "ethnic_group", "occupation", "schooling", "expertise", "theory",
		"union_joined"),
	statuses: table("person_status", 1, "id", "person_id", "status", "from_day"),
	stays:    table("person_unit", 1, "id", "person_id", "unit_id", "from_day"),
	overlays: table("person_overlay", 1, "id", "person_id", "unit_id", "kind", "from_day", "document", "reason"),
	grants:   table("role_grant", 1, "id", "person_id", "unit_id", "role", "from_day", "to_day", "source"),
	posts: table("post", 1, "id", "unit_id", "person_id", "kind", "state", "from_day", "to_day", "term", "decision", "decided", "reason",
		"version"),
	meetings: table("meeting", 1, "id", "unit_id", "kind", "state", "month", "starts", "minutes", "mode", "place", "topic", "day_reason", "chair_id",
		"minute_taker_id", "prepared", "announced", "docs_posted", "opened", "closed", "minuted", "published", "publish_by", "scored", "reported",
		"answered", "answer", "postponed", "pack_id", "pack_hash", "version"),
	roll: table("meeting_roll", 2, "meeting_id", "person_id", "name", "name_key", "status", "overlays", "expected", "votes", "mark", "mode",
		"reason", "arrived", "how", "marked", "marked_by"),
	items:    table("meeting_item", 1, "id", "meeting_id", "place", "kind", "title", "note", "used", "finished"),
	opinions: table("meeting_opinion", 1, "id", "meeting_id", "person_id", "text", "at"),
	votes: table("meeting_vote", 1, "id", "meeting_id", "matter", "body", "title", "noun", "noun_id", "form", "called", "called_by", "recorded",
		"recorded_by", "base_id", "listed", "base", "voters", "yes", "no", "other", "numerator", "denominator", "strict", "share", "passed",
		"pack_id", "pack_hash", "version"),
	deductions: table("meeting_deduction", 2, "vote_id", "place", "slot", "label", "number"),
	series:     table("number_series", 3, "unit_id", "document", "term_from", "last"),
	numbers:    table("number_given", 4, "unit_id", "document", "term_from", "number", "symbol", "day", "noun", "noun_id"),
	resolutions: table("resolution", 1, "id", "unit_id", "kind", "state", "meeting_id", "title", "period_from", "period_to", "vote_id", "adopted",
		"number", "symbol", "issued_day", "place", "signing", "signer_id", "signer_title", "signer_name", "pack_id", "pack_hash", "created"),
	texts: table("resolution_text", 3, "resolution_id", "edition", "state", "at", "person_id", "content"),
	tasks: table("task", 1, "id", "unit_id", "resolution_id", "meeting_id", "predecessor_id", "position", "title", "area", "person_id", "state",
		"due", "original_due", "measure", "planned", "carried", "done", "percent", "result", "late_reason", "reported_day", "reported_by",
		"outcome", "ended_day", "ended_by", "assigned_day", "assigned_by", "version"),
	reviews: table("task_review", 2, "meeting_id", "task_id", "unit_id", "day"),
	scores: table("score", 1, "meeting_id", "unit_id", "month", "title", "claimed", "evidence", "proven", "proven_most", "reachable", "whole",
		"class", "class_label", "evidence_class", "evidence_label", "facts", "pack_id", "pack_hash", "confirmed", "confirmed_by", "looked"),
}

// batch is what goes in with one transaction. The values of each table lie one
// behind the other, as databases hold them: whole numbers, texts, truths, nil.
type batch struct {
	number int
	unit   int64 // where the journal has it
	rows   [scores + 1][]any
	last   int64 // id
	// figures are what the rows say of the cells and of the parties above them,
	// which lie whole in the batch.
	figures tally.Counts
}

// newBatch gives each batch a range of ids of its own, from before the program
// was used: a millisecond of 2025 each.
func newBatch(number int) *batch {
	return &batch{number: number, last: int64(number+1) << 22}
}

// next is a fresh id.
func (b *batch) next() int64 {
	b.last++
	return b.last
}

func (b *batch) add(table int, values ...any) {
	if len(values) != len(tables[table].Columns) {
		panic(tables[table].Name + ": a row does not fit the columns") // a slip of this package
	}
	b.rows[table] = append(b.rows[table], values...)
}

func (b *batch) each(table int) iter.Seq2[[]any, error] {
	width := len(tables[table].Columns)
	return func(yield func([]any, error) bool) {
		for values := b.rows[table]; len(values) > 0; values = values[width:] {
			if !yield(values[:width:width], nil) {
				return
			}
		}
	}
}

func (b *batch) count() (rows int64) {
	for i := range b.rows {
		rows += int64(len(b.rows[i]) / len(tables[i].Columns))
	}
	return rows
}

// digest is the entry of the batch in the journal.
func (b *batch) digest() (journal.Batch, error) {
	entry := journal.Batch{Number: b.number}
	for i, t := range tables {
		if len(b.rows[i]) == 0 {
			continue
		}
		var sum journal.Rows
		for row := range b.each(i) {
			if err := sum.Add(row); err != nil {
				return entry, err
			}
		}
		entry.Extents = append(entry.Extents, sum.Extent(t.Name))
	}
	return entry, nil
}
