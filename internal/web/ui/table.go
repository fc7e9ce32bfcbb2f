package ui

import "github.com/a-h/templ"

// Table is a table on a wide screen and a list of cards on a phone, where each
// cell carries the title of its column.
type Table struct {
	// Caption says what the table holds; it is read out, and shown if ShowCaption.
	Caption     string
	ShowCaption bool
	Columns     []Column
	Rows        []Row
	// Empty stands in place of a table without rows.
	Empty EmptyState
	// Foot is a last row of sums, or nil.
	Foot []templ.Component
}

// Column is the head of a column.
type Column struct {
	Title string
	// Number sets the column to the right, with figures of equal width.
	Number bool
	// Head makes the cells heads of their rows and titles of their cards; the
	// first column is one unless another is.
	Head bool
}

// Row is one row. With an Href its head cell is a link, and on a phone the
// whole card leads there.
type Row struct {
	Cells []templ.Component
	Href  string
}

// Cells makes cells of plain texts.
func Cells(texts ...string) []templ.Component {
	cells := make([]templ.Component, len(texts))
	for i, text := range texts {
		cells[i] = Text(text)
	}
	return cells
}

// headColumn is the index of the column whose cells name their rows.
func (t Table) headColumn() int {
	for i, column := range t.Columns {
		if column.Head {
			return i
		}
	}
	return 0
}

func (c Column) class() string {
	if c.Number {
		return "number"
	}
	return ""
}
