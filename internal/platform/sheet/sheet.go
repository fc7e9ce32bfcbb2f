// Package sheet reads the rows of a spreadsheet by the words in its head row,
// and notes what is wrong by row and column.
//
// It knows neither file formats nor what the columns mean.
package sheet

import (
	"strings"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Column is a column that a reader understands.
type Column struct {
	Name string
	// Heads are the words over it, the first of which a template shows.
	Heads []string
	// Needed: without it nothing can be read.
	Needed bool
}

// Fault is something wrong in a spreadsheet.
type Fault struct {
	Row     int // as the spreadsheet counts, from 1; 0 for the whole
	Column  string
	Message errs.Message
}

// Row is one row with something in it.
type Row struct {
	Number int
	places map[string]int // shared by all rows
	cells  []string
}

// Text is the cell as one tidy line, "" for an empty or missing one.
func (r Row) Text(column string) string {
	place, ok := r.places[column]
	if !ok || place >= len(r.cells) {
		return ""
	}
	return r.cells[place]
}

// Sheet is what Read found.
type Sheet struct {
	Rows   []Row
	Faults []Fault
	// Ignored are heads that no column has.
	Ignored []string
}

// Wrong notes a fault.
func (s *Sheet) Wrong(row int, column, key string, args ...any) {
	s.Faults = append(s.Faults, Fault{row, column, errs.Message{Key: key, Args: args}})
}

// Date is the cell as a day; what is none is noted as a fault.
func (s *Sheet) Date(r Row, column string) clock.Date {
	day, err := clock.ReadDate(r.Text(column))
	if err != nil {
		s.Wrong(r.Number, column, "errs.date")
	}
	return day
}

// Invalid notes the wrong fields of an error as faults of the row; an error of
// another kind comes back.
func (s *Sheet) Invalid(row int, err error) error {
	e, ok := errs.As(err)
	if !ok || e.Kind != errs.Invalid || len(e.Fields) == 0 {
		return err
	}
	for _, name := range e.FieldNames() {
		s.Faults = append(s.Faults, Fault{row, name, e.Fields[name]})
	}
	return nil
}

// headRows are how many rows a title over the head may take.
const headRows = 12

// Read finds the head row, and below it the rows that are not empty.
func Read(rows [][]string, columns []Column) *Sheet {
	s := &Sheet{}
	at, places := findHead(rows, columns)
	for _, c := range columns {
		if _, ok := places[c.Name]; c.Needed && !ok {
			s.Wrong(0, c.Name, "sheet.error.no_column", c.Heads[0])
		}
	}
	if len(s.Faults) > 0 {
		return s
	}
	s.Ignored = ignored(rows[at], places)
	for i, cells := range rows[at+1:] {
		if row := (Row{at + i + 2, places, tidy(cells)}); row.filled() {
			s.Rows = append(s.Rows, row)
		}
	}
	if len(s.Rows) == 0 {
		s.Wrong(0, "", "sheet.error.empty")
	}
	return s
}

// findHead is the row in which most columns are named, and where each stands.
func findHead(rows [][]string, columns []Column) (at int, places map[string]int) {
	byHead := map[string]string{}
	for _, c := range columns {
		for _, head := range c.Heads {
			byHead[text.Fold(head)] = c.Name
		}
	}
	for i := range min(len(rows), headRows) {
		found := map[string]int{}
		for place, cell := range rows[i] {
			name, known := byHead[text.Fold(cell)]
			if _, twice := found[name]; known && !twice {
				found[name] = place
			}
		}
		if len(found) > len(places) {
			at, places = i, found
		}
	}
	return at, places
}

func ignored(head []string, places map[string]int) []string {
	known := map[int]bool{}
	for _, place := range places {
		known[place] = true
	}
	var list []string
	for place, cell := range head {
		if cell = text.Line(cell); cell != "" && !known[place] {
			list = append(list, cell)
		}
	}
	return list
}

func tidy(cells []string) []string {
	row := make([]string, len(cells))
	for i, cell := range cells {
		if cell != "" {
			row[i] = text.Line(strings.TrimPrefix(cell, "\uFEFF"))
		}
	}
	return row
}

// filled reports whether a column that is read has something in it.
func (r Row) filled() bool {
	for _, place := range r.places {
		if place < len(r.cells) && r.cells[place] != "" {
			return true
		}
	}
	return false
}

// Heads are the head row of a template.
func Heads(columns []Column) []string {
	heads := make([]string, len(columns))
	for i, c := range columns {
		heads[i] = c.Heads[0]
	}
	return heads
}
