package intake

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Settings say how a sheet is read. They are guessed, shown, changed by people,
// and remembered for the unit and the words of the head.
type Settings struct {
	Sheet int `json:"sheet"`
	// First and Last are the rows of the head, as the spreadsheet counts; below
	// them the list begins.
	First int `json:"first"`
	Last  int `json:"last"`
	// Columns are the fields that the columns are read into; "" is none.
	Columns []string `json:"columns"`
	// Orders are how days stand in the columns.
	Orders []Order `json:"orders,omitempty"`
	// Encoding is the old encoding from which texts without a telling font are
	// converted; "" is Unicode.
	Encoding Encoding `json:"encoding,omitempty"`
	// Whole refuses days of which only the month or the year is written; they
	// count as the first day of it otherwise.
	Whole bool `json:"whole,omitempty"`
	// Names are units for what the sheet calls them otherwise, by the folded
	// text of the cell.
	Names map[string]orgtree.ID `json:"names,omitempty"`
	// Twins is what is done with whoever may be in the register already, and was
	// not decided on singly.
	Twins Choice `json:"twins,omitempty"`
}

// Choice is what is done with a row that may be somebody known.
type Choice string

const (
	Undecided Choice = ""
	Same      Choice = "same" // the same person: fields are updated
	Other     Choice = "other"
	LeaveOut  Choice = "leave"
)

func (c Choice) known() bool { return slices.Contains([]Choice{Undecided, Same, Other, LeaveOut}, c) }

// check says what is wrong with settings for a sheet of that width.
func (s Settings) check(kind Kind, width int) error {
	var wrong errs.Fields
	wrong.Check(s.First >= 1 && s.Last >= s.First && s.Last < s.First+levelsMost, "head", "intake.error.head")
	wrong.Check(len(s.Columns) <= width, "columns", "errs.invalid")
	wrong.Check(s.Twins.known(), "twins", "errs.required")
	wrong.Check(knownEncoding(s.Encoding), "encoding", "errs.required")
	seen := map[string]bool{}
	for _, name := range s.Columns {
		if name == "" {
			continue
		}
		_, known := fieldAt(kind, name)
		wrong.Check(known, "columns", "errs.invalid")
		wrong.Check(!seen[name], "columns", "intake.error.field_twice", errs.Message{Key: columnKey(kind, name)})
		seen[name] = true
	}
	for _, name := range Lacking(kind, s.Columns) {
		wrong.Add("columns", "intake.error.lacking", errs.Message{Key: columnKey(kind, name)})
	}
	return wrong.Err()
}

// columnKey is the message that names a field.
func columnKey(kind Kind, name string) string { return "intake.column." + string(kind) + "_" + name }

// fingerprint is that of the words over the columns: the next file of the same
// form is read like the last.
func fingerprint(kind Kind, heading []string) string {
	folded := make([]string, len(heading))
	for i, words := range heading {
		folded[i] = text.Fold(words)
	}
	sum := sha256.Sum256([]byte(string(kind) + "\n" + strings.Join(folded, "\n")))
	return hex.EncodeToString(sum[:16])
}
