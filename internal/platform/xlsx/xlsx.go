// Package xlsx writes spreadsheets for people to work on, and reads the ones
// they send: Excel workbooks and CSV files, as rows of text.
//
// It knows cells and limits, and nothing of what the columns mean. What it
// reads comes from strangers: macros, links to other files and bombs are
// refused, and memory is bounded by Limits.
package xlsx

import (
	"bytes"
	"io"
	"iter"
	"unicode/utf8"

	"chibo/internal/platform/errs"
)

// Limits bounds what a file may hold. Every field must be set.
type Limits struct {
	// Unzipped bounds the bytes of all parts of a workbook, and of a CSV file.
	Unzipped int64
	// Rows bounds the rows that are not empty.
	Rows int
	// Columns and Characters bound a row and a cell.
	Columns, Characters int
}

// UsualLimits suits the register of a province: 200,000 rows.
func UsualLimits() Limits {
	return Limits{Unzipped: 400 << 20, Rows: 200_000, Columns: 200, Characters: 10_000}
}

// Row is one row that is not empty. Number is its number in the sheet, or the
// line of a CSV file, from 1. Cells end with the last that is not empty. Dates
// read 21/11/2026 (21/11/2026 19:30 with a time), numbers have a decimal point
// and no grouping.
type Row struct {
	Number int
	Cells  []string
}

// Cell is the text of column i, from 0, and "" past the end of the row.
func (r Row) Cell(i int) string {
	if i < len(r.Cells) {
		return r.Cells[i]
	}
	return ""
}

// Rows yields rows until the end or the first error. The cells of a row are
// the reader's to keep. Rows of a CSV file may be read once.
type Rows = iter.Seq2[Row, error]

// Read reads the first visible sheet of a workbook, or a CSV file; it looks at
// the content, not at a name. Fails with Invalid on what is neither or may not
// be opened, TooLarge over a limit; so do the rows.
func Read(r io.ReaderAt, size int64, limits Limits) (Rows, error) {
	start := make([]byte, 8)
	n, err := r.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return nil, errs.Wrap(err, errs.Unavailable, "xlsx.unreadable")
	}
	switch start = start[:n]; {
	case n == 0:
		return nil, errs.New(errs.Invalid, "xlsx.empty")
	case bytes.HasPrefix(start, []byte("PK")):
		book, err := Open(r, size, limits)
		if err != nil {
			return nil, err
		}
		return book.Rows(book.first()), nil
	case bytes.HasPrefix(start, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		// The container of .xls, and of workbooks locked by a password.
		return nil, errs.New(errs.Invalid, "xlsx.old_or_locked")
	}
	return ReadCSV(io.NewSectionReader(r, 0, size), limits), nil
}

// All reads the rows to the end into a list in which row n stands at n-1, as
// package sheet takes them; empty rows are nil.
func All(rows Rows) ([][]string, error) {
	var list [][]string
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		for len(list) < row.Number-1 {
			list = append(list, nil)
		}
		list = append(list, row.Cells)
	}
	return list, nil
}

// guard counts rows and holds them against the limits.
type guard struct {
	limits Limits
	rows   int
}

// admit trims empty cells from the row's end; ok is false for an empty row.
func (g *guard) admit(row *Row) (ok bool, err error) {
	for n := len(row.Cells); n > 0 && row.Cells[n-1] == ""; n-- {
		row.Cells = row.Cells[:n-1]
	}
	if len(row.Cells) == 0 {
		return false, nil
	}
	if len(row.Cells) > g.limits.Columns {
		return false, errs.New(errs.TooLarge, "xlsx.too_many_columns", row.Number, g.limits.Columns)
	}
	for i, cell := range row.Cells {
		if len(cell) > g.limits.Characters && utf8.RuneCountInString(cell) > g.limits.Characters {
			return false, errs.New(errs.TooLarge, "xlsx.cell_too_long", Name(i), row.Number, g.limits.Characters)
		}
	}
	if g.rows++; g.rows > g.limits.Rows {
		return false, errs.New(errs.TooLarge, "xlsx.too_many_rows", g.limits.Rows)
	}
	return true, nil
}

// Name is the letter of column i, from 0: A, B … Z, AA.
func Name(i int) string {
	var name string
	for n := i + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name
}
