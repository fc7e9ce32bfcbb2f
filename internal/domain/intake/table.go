package intake

import (
	"regexp"
	"slices"
	"strings"

	"chibo/internal/platform/text"
)

// line is a row of a sheet, its texts in Unicode.
type line struct {
	number int // as the spreadsheet counts, from 1
	cells  []string
}

// sort says what a row below the head is.
type sort uint8

const (
	record  sort = iota // of somebody, or of something
	again               // the head once more, as on each printed page
	counted             // (1) (2) (3)
	total               // a sum
	section             // words over the rows below: the cell they belong to
	foot                // place, day and signatures
	stray               // nothing in a column that is read
)

// table sorts the rows below a head.
type table struct {
	fields  []string // by column
	dated   []bool   // by column
	heading []string // by column, folded
	ended   bool     // signatures have begun
}

func newTable(fields, heading []string) table {
	t := table{fields: fields, dated: make([]bool, len(fields)), heading: make([]string, len(heading))}
	for i, name := range fields {
		t.dated[i] = IsDated(name)
	}
	for i, words := range heading {
		t.heading[i] = text.Fold(words)
	}
	return t
}

func (t *table) sort(l line) sort {
	filled, read, days, only := 0, 0, 0, ""
	lettered := 0
	for column, cell := range l.cells {
		if cell == "" {
			continue
		}
		filled++
		if hasLetters(cell) && !isNumeral(cell) {
			lettered++
			only = cell
		}
		if t.field(column) != "" {
			read++
			if t.dated[column] && isDay(cell) {
				days++
			}
		}
	}
	switch {
	case t.ended:
		return foot
	case filled == 0:
		return stray
	case t.headAgain(l):
		return again
	case countsColumns(l, filled):
		return counted
	case days == 0 && isTotal(l):
		return total
	case days == 0 && isFoot(l):
		t.ended = true
		return foot
	case lettered == 1 && filled <= 2 && (!t.isPerson(l, only)):
		return section
	case read == 0, lettered == 0 && days == 0:
		return stray
	}
	return record
}

func (t *table) field(column int) string {
	if column < len(t.fields) {
		return t.fields[column]
	}
	return ""
}

// isPerson reports whether the one text of a row is a name where names stand:
// somebody of whom nothing else is known.
func (t *table) isPerson(l line, only string) bool {
	at := slices.Index(l.cells, only)
	switch t.field(at) {
	case "birth_name", "person", "family_name":
		return isName(only) && !unitWords.MatchString(text.Fold(only))
	case "name", "code":
		return true
	}
	return false
}

// unitWords begin the name of an organisation.
var unitWords = regexp.MustCompile(`^(?:[ivx]+ |[a-h] |\d+ )?(?:chi bo|dang bo|to dang|dang uy|chi uy)\b`)

func hasLetters(cell string) bool {
	return strings.ContainsFunc(cell, func(r rune) bool { return r > 127 || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' })
}

// isNumeral reports how people number what stands in a list: 1, 1., (1), IV, a).
// It is asked of every cell.
func isNumeral(cell string) bool {
	cell = strings.TrimPrefix(cell, "(")
	number := strings.TrimRight(cell, ".)")
	if number == "" || len(number) > 6 || len(cell)-len(number) > 2 {
		return false
	}
	return madeOf(number, "0123456789") || madeOf(number, "IVXLivxl") || len(number) == 1 && madeOf(number, "ABCDEFGHabcdefgh")
}

func madeOf(s, letters string) bool { return strings.Trim(s, letters) == "" }

// IsDated reports whether a field is a day.
func IsDated(name string) bool {
	for _, fields := range fieldsOf {
		for _, f := range fields {
			if f.name == name {
				return f.look == dated
			}
		}
	}
	return false
}

// headAgain reports whether the cells that are filled hold the words of the
// head, at least two of them.
func (t *table) headAgain(l line) bool {
	same := 0
	for column, cell := range l.cells {
		if cell == "" {
			continue
		}
		if column >= len(t.heading) || !hasLetters(cell) || !strings.Contains(t.heading[column], text.Fold(cell)) {
			return false
		}
		same++
	}
	return same >= 2
}

// countsColumns reports a row that numbers the columns.
func countsColumns(l line, filled int) bool {
	if filled < 3 {
		return false
	}
	numerals := 0
	for _, cell := range l.cells {
		if cell != "" && len(cell) <= 4 && isNumeral(cell) {
			numerals++
		}
	}
	return numerals == filled
}

// isTotal reports a row that begins with the word for a sum.
func isTotal(l line) bool {
	for _, cell := range l.cells {
		if cell == "" || isNumeral(cell) {
			continue
		}
		return totals.MatchString(text.Fold(cell))
	}
	return false
}

var totals = regexp.MustCompile(`^(?:tong|tong cong|tong so|cong|cong chung|cong toan|tong hop|trong do|cong chi bo|cong to)\b`)

// isFoot reports the lines below a list: by whom, where, when.
func isFoot(l line) bool {
	for _, cell := range l.cells {
		folded := text.Fold(cell)
		if folded != "" && (signatures.MatchString(folded) || placeAndDay.MatchString(folded)) {
			return true
		}
	}
	return false
}

var (
	signatures  = regexp.MustCompile(`^(?:nguoi lap|t m |tm |ky ten|ky ghi ro|xac nhan cua|thu truong|bi thu$|pho bi thu$|noi nhan|ghi chu\b)`)
	placeAndDay = regexp.MustCompile(`\bngay (?:\d{0,2} )?thang (?:\d{0,2} )?nam\b`)
)

// sectionName is the name in a row over others, without its numeral.
func sectionName(l line) string {
	for _, cell := range l.cells {
		if cell != "" && hasLetters(cell) && !isNumeral(cell) {
			return text.Line(sectionNumeral.ReplaceAllString(cell, ""))
		}
	}
	return ""
}

var sectionNumeral = regexp.MustCompile(`^\s*(?:[IVXLivxl]{1,6}|\d{1,3}|[A-Ha-h])\s*[.)/:-]\s*`)

// names reports whether the name of a section is that of a party group.
func isGroupName(name string) bool { return strings.HasPrefix(text.Fold(name), "to dang") }
