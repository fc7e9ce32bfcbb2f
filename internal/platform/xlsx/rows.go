package xlsx

import (
	"errors"
	"math"
	"strconv"
	"time"
	"unicode/utf8"

	"chibo/internal/platform/errs"
)

// errStop ends a walk whose reader wants no more.
var errStop = errors.New("no more wanted")

// Rows reads sheet i, as often as wanted. The rows fail with Invalid on a
// formula and on a broken sheet, with TooLarge over a limit.
func (b *Book) Rows(i int) Rows {
	return func(yield func(Row, error) bool) {
		if i < 0 || i >= len(b.Sheets) {
			yield(Row{}, errs.New(errs.NotFound, "xlsx.no_sheet"))
			return
		}
		g := guard{limits: b.limits, sheet: b.Sheets[i].Name}
		if b.csv != nil {
			b.csv.rows(&g, yield)
			return
		}
		s := sheetReader{book: b, guard: g, yield: yield}
		if err := b.walk(b.Sheets[i].part, s.take); err != nil && err != errStop {
			yield(Row{}, err)
		}
	}
}

// sheetReader turns the tags of a sheet into rows.
type sheetReader struct {
	book  *Book
	guard guard
	yield func(Row, error) bool

	row    Row
	column int // of the cell, from 0
	cell   struct {
		kind  byte
		style style
		value []byte
		rich  richText
	}
	inRow, inCell, inValue bool
}

// broken refuses tags out of their order.
func (s *sheetReader) broken() error {
	return errs.New(errs.Invalid, "xlsx.broken_line", s.guard.sheet, max(s.row.Number, 1))
}

func (s *sheetReader) take(scan *scanner, t *tag) error {
	switch string(t.name) {
	case "":
		return s.takeText(scan, t)
	case "row":
		if t.kind == opens {
			return s.beginRow(t)
		}
		return s.endRow()
	case "c":
		if t.kind == opens {
			return s.beginCell(t)
		}
		return s.endCell()
	case "v":
		s.inValue = s.inCell && t.kind == opens
	case "f":
		if s.inCell {
			return errs.New(errs.Invalid, "xlsx.formula", s.guard.sheet, Address(s.column, s.row.Number))
		}
	case "sheetData":
		if t.kind == closes {
			return errStop
		}
	default:
		if s.inCell {
			return s.cell.rich.take(scan, t, s.book.limits.Characters)
		}
	}
	return nil
}

func (s *sheetReader) takeText(scan *scanner, t *tag) error {
	switch {
	case s.inValue:
		s.cell.value = append(s.cell.value, t.text...)
		if len(s.cell.value) > utf8.UTFMax*s.book.limits.Characters {
			return errs.New(errs.TooLarge, "xlsx.cell_too_long", s.guard.sheet, Address(s.column, s.row.Number), s.book.limits.Characters)
		}
	case s.inCell:
		return s.cell.rich.take(scan, t, s.book.limits.Characters)
	}
	return nil
}

func (s *sheetReader) beginRow(t *tag) error {
	if s.inRow {
		return s.broken()
	}
	s.inRow = true
	number := s.row.Number + 1
	if r := t.attr("r"); r != nil {
		n, err := strconv.Atoi(string(r))
		if err != nil || n < number || n > maxRow {
			return s.broken()
		}
		number = n
	}
	s.row = Row{Number: number, Cells: s.row.Cells[:0]}
	s.column = 0
	return nil
}

func (s *sheetReader) endRow() error {
	if !s.inRow || s.inCell {
		return s.broken()
	}
	s.inRow = false
	row := s.row
	ok, err := s.guard.admit(&row)
	if err != nil {
		return err
	}
	if ok && !s.yield(row, nil) {
		return errStop
	}
	return nil
}

func (s *sheetReader) beginCell(t *tag) error {
	if !s.inRow || s.inCell {
		return s.broken()
	}
	s.inCell, s.inValue = true, false
	s.cell.kind = 'n'
	s.cell.value = s.cell.value[:0]
	s.cell.rich.reset()
	s.cell.style = s.book.styles.of(nil)
	for rest := t.attrs; ; {
		key, value, after, ok := cutAttr(rest)
		if !ok {
			break
		}
		switch string(key) {
		case "r":
			column, _, ok := parseAddress(value)
			if !ok || column < s.column {
				return s.broken()
			}
			s.column = column
		case "s":
			s.cell.style = s.book.styles.of(value)
		case "t":
			s.cell.kind = cellKind(string(value))
		}
		rest = after
	}
	return nil
}

// Kinds of cells as the file names them; 'n' is a number.
func cellKind(name string) byte {
	switch name {
	case "s", "b", "e", "d":
		return name[0]
	case "inlineStr":
		return 'i'
	case "str":
		return 't'
	}
	return 'n'
}

func (s *sheetReader) endCell() error {
	if !s.inCell {
		return s.broken()
	}
	s.inCell, s.inValue = false, false
	cell, err := s.read()
	if err != nil {
		return err
	}
	if cell.Text != "" {
		if s.column >= s.book.limits.Columns {
			return errs.New(errs.TooLarge, "xlsx.too_many_columns", s.guard.sheet, s.row.Number, s.book.limits.Columns)
		}
		for len(s.row.Cells) < s.column {
			s.row.Cells = append(s.row.Cells, Cell{})
		}
		s.row.Cells = append(s.row.Cells, cell)
	}
	s.column++
	return nil
}

func (s *sheetReader) read() (Cell, error) {
	cell := Cell{Kind: TextCell, Font: s.cell.style.font}
	value := s.cell.value
	switch s.cell.kind {
	case 's':
		return cell, s.readShared(&cell)
	case 'i':
		cell.Text = string(s.cell.rich.plain())
		if font := s.cell.rich.font(); font != "" {
			cell.Font = font
		}
	case 't':
		cell.Text = string(unescape(value))
	case 'e':
		cell.Kind, cell.Text = ErrorCell, string(unescape(value))
	case 'b':
		cell.Kind, cell.Text = BoolCell, "FALSE"
		if isTrue(value) {
			cell.Text = "TRUE"
		}
	case 'd':
		s.book.readISODate(&cell, string(value))
	default:
		s.book.readNumber(&cell, s.cell.style.format, string(trimmed(value)))
	}
	if cell.Text == "" {
		return Cell{}, nil
	}
	return cell, nil
}

func (s *sheetReader) readShared(cell *Cell) error {
	value := trimmed(s.cell.value)
	if len(value) == 0 {
		*cell = Cell{}
		return nil
	}
	n, err := strconv.Atoi(string(value))
	if err != nil || n < 0 || n >= len(s.book.texts.list) {
		return s.broken()
	}
	if cell.Text = s.book.texts.list[n]; cell.Text == "" {
		*cell = Cell{}
		return nil
	}
	if font := s.book.texts.fonts[n]; font != "" {
		cell.Font = font
	}
	return nil
}

// readNumber reads a number; what is none stays a text.
func (b *Book) readNumber(cell *Cell, format numberFormat, raw string) {
	n, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		cell.Text = string(unescape([]byte(raw)))
		return
	}
	cell.Value = n
	if format.date && n >= 0 && n < lastDay+1 {
		cell.Kind = DateCell
		cell.Text = b.dateText(*cell)
		return
	}
	cell.Kind = NumberCell
	cell.Text = format.text(n, raw)
}

// readISODate reads the dates of strict workbooks, which few programs write.
func (b *Book) readISODate(cell *Cell, value string) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", time.DateOnly} {
		t, err := time.Parse(layout, value)
		if err != nil {
			continue
		}
		cell.Kind = DateCell
		cell.Value = b.serial(t)
		cell.Text = b.dateText(*cell)
		return
	}
	cell.Text = string(unescape([]byte(value)))
}
