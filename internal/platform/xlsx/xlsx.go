// Package xlsx writes spreadsheets for people to work on, and reads the ones
// they send: Excel workbooks and CSV files, as rows of cells.
//
// It knows cells, styles and limits, and nothing of what the columns mean.
// What it reads comes from strangers: macros, formulas, links to other files
// and bombs are refused, each with its own message that names the place, and
// memory is bounded by Limits.
package xlsx

import (
	"iter"
	"unicode/utf8"

	"chibo/internal/platform/errs"
)

// Limits bounds what a file may hold. Every field must be set.
type Limits struct {
	// File bounds the file itself; a larger one is not even opened.
	File int64
	// Unzipped bounds the bytes of all parts of a workbook, Ratio how many
	// times larger a part may be than its packed form.
	Unzipped, Ratio int64
	// Rows bounds the rows of a sheet that are not empty.
	Rows int
	// Columns and Characters bound a row and a cell.
	Columns, Characters int
	// Texts and TextBytes bound the texts that the cells of a workbook share,
	// which are held in memory.
	Texts, TextBytes int
}

// UsualLimits suits the register of a province: 200,000 rows.
func UsualLimits() Limits {
	return Limits{
		File: 64 << 20, Unzipped: 400 << 20, Ratio: 300,
		Rows: 200_000, Columns: 200, Characters: 10_000, Texts: 2_000_000, TextBytes: 64 << 20,
	}
}

// Kind is what a cell holds.
type Kind uint8

// The kinds of cells. In a CSV file every cell that is not blank is a TextCell.
const (
	BlankCell Kind = iota
	TextCell
	NumberCell
	DateCell
	BoolCell
	ErrorCell // such as #N/A
)

// Cell is one cell. The zero Cell is blank.
type Cell struct {
	// Text is the cell as a person reads it: dates read 21/11/2026 (21/11/2026
	// 19:30 with a time), numbers have a decimal point and no grouping but the
	// leading zeros that their format gives them, what is true or false reads TRUE or FALSE.
	Text string
	Kind Kind
	// Value is the number of a NumberCell or a DateCell; for the day that it stands
	// for ask Book.Day.
	Value float64
	// Font is the font that most of the text is set in, "" when the file names
	// none. Fonts tell old encodings apart.
	Font string
}

// Row is one row that is not empty. Number is its number as Excel shows it,
// from 1, also for a CSV file. Cells end with the last that is not blank.
type Row struct {
	Number int
	Cells  []Cell
}

// Cell is the cell of column i, from 0; it is blank past the end of the row.
func (r Row) Cell(i int) Cell {
	if i < len(r.Cells) {
		return r.Cells[i]
	}
	return Cell{}
}

// Rows yields rows until the end or the first error. The slice of cells is
// used again for the next row: whoever keeps it, copies it. The texts stay.
type Rows = iter.Seq2[Row, error]

// All reads the rows to the end into a list in which row n stands at n-1;
// empty rows are nil.
func All(rows Rows) ([][]string, error) {
	var list [][]string
	for row, err := range rows {
		if err != nil {
			return nil, err
		}
		for len(list) < row.Number-1 {
			list = append(list, nil)
		}
		texts := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			texts[i] = cell.Text
		}
		list = append(list, texts)
	}
	return list, nil
}

// Area is a range of cells, its ends included: rows from 1, columns from 0.
type Area struct{ Top, Left, Bottom, Right int }

// guard counts rows and holds them against the limits.
type guard struct {
	limits Limits
	sheet  string
	rows   int
}

// admit trims blank cells from the row's end; ok is false for an empty row.
func (g *guard) admit(row *Row) (ok bool, err error) {
	for n := len(row.Cells); n > 0 && row.Cells[n-1].Kind == BlankCell; n-- {
		row.Cells = row.Cells[:n-1]
	}
	if len(row.Cells) == 0 {
		return false, nil
	}
	if len(row.Cells) > g.limits.Columns {
		return false, errs.New(errs.TooLarge, "xlsx.too_many_columns", g.sheet, row.Number, g.limits.Columns)
	}
	for i, cell := range row.Cells {
		if len(cell.Text) > g.limits.Characters && utf8.RuneCountInString(cell.Text) > g.limits.Characters {
			return false, errs.New(errs.TooLarge, "xlsx.cell_too_long", g.sheet, Address(i, row.Number), g.limits.Characters)
		}
	}
	if g.rows++; g.rows > g.limits.Rows || row.Number > maxRow {
		return false, errs.New(errs.TooLarge, "xlsx.too_many_rows", g.sheet, g.limits.Rows)
	}
	return true, nil
}
