package xlsx

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"chibo/internal/platform/errs"
)

// errStop ends a walk whose reader wants no more rows.
var errStop = errors.New("no more rows wanted")

// Rows reads sheet i of the workbook. The rows fail with Invalid on a broken
// sheet, TooLarge over a limit.
func (b *Book) Rows(i int) Rows {
	return func(yield func(Row, error) bool) {
		if i < 0 || i >= len(b.Sheets) {
			yield(Row{}, errs.New(errs.NotFound, "xlsx.no_sheet"))
			return
		}
		s := sheetReader{book: b, guard: guard{limits: b.limits}, yield: yield}
		if err := b.walk(b.Sheets[i].part, s.take); err != nil && err != errStop {
			yield(Row{}, err)
		}
	}
}

// maxRow is the last row that Excel has; a higher number would make All
// allocate what nobody sent.
const maxRow = 1 << 20

// sheetReader turns the tags of a sheet into rows.
type sheetReader struct {
	book  *Book
	guard guard
	yield func(Row, error) bool

	row    Row
	column int // of the next cell, from 0
	cell   struct {
		kind, style string
		value       strings.Builder
		rich        richText
	}
	inRow, inCell, inValue bool
}

// broken refuses tags out of their order: the decoder does not match ends with
// begins.
func (s *sheetReader) broken() error {
	return errs.New(errs.Invalid, "xlsx.broken_line", max(s.row.Number, 1))
}

func (s *sheetReader) take(t tag) error {
	switch t.name {
	case "":
		if s.inValue {
			s.cell.value.WriteString(t.text)
		} else if s.inCell {
			s.cell.rich.take(t)
		}
	case "row":
		if t.opens {
			return s.beginRow(t)
		}
		return s.endRow()
	case "c":
		if t.opens {
			return s.beginCell(t)
		}
		return s.endCell()
	case "v":
		s.inValue = s.inCell && t.opens
	default:
		if s.inCell {
			s.cell.rich.take(t)
		}
	}
	return nil
}

func (s *sheetReader) beginRow(t tag) error {
	if s.inRow {
		return s.broken()
	}
	s.inRow = true
	number := s.row.Number + 1
	if r := t.attr("r"); r != "" {
		n, err := strconv.Atoi(r)
		if err != nil || n < number || n > maxRow {
			return s.broken()
		}
		number = n
	}
	s.row = Row{Number: number}
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

func (s *sheetReader) beginCell(t tag) error {
	if !s.inRow || s.inCell {
		return s.broken()
	}
	if r := t.attr("r"); r != "" {
		column, ok := columnOf(r)
		if !ok || column < s.column {
			return s.broken()
		}
		s.column = column
	}
	s.inCell, s.inValue = true, false
	s.cell.kind, s.cell.style = t.attr("t"), t.attr("s")
	s.cell.value.Reset()
	s.cell.rich = richText{}
	return nil
}

func (s *sheetReader) endCell() error {
	if !s.inCell {
		return s.broken()
	}
	s.inCell, s.inValue = false, false
	text, err := s.text()
	if err != nil {
		return err
	}
	if text != "" {
		if s.column >= s.book.limits.Columns {
			return errs.New(errs.TooLarge, "xlsx.too_many_columns", s.row.Number, s.book.limits.Columns)
		}
		for len(s.row.Cells) < s.column {
			s.row.Cells = append(s.row.Cells, "")
		}
		s.row.Cells = append(s.row.Cells, text)
	}
	s.column++
	return nil
}

// text is the cell as a person reads it.
func (s *sheetReader) text() (string, error) {
	value := s.cell.value.String()
	switch s.cell.kind {
	case "s":
		if value == "" {
			return "", nil
		}
		n, err := strconv.Atoi(strings.TrimSpace(value))
		if err != nil || n < 0 || n >= len(s.book.strings) {
			return "", s.broken()
		}
		return unescape(s.book.strings[n]), nil
	case "inlineStr":
		return unescape(s.cell.rich.String()), nil
	case "str", "e":
		return unescape(value), nil
	case "b":
		return map[string]string{"1": "TRUE", "0": "FALSE"}[strings.TrimSpace(value)], nil
	case "d":
		return isoDate(value), nil
	default:
		return s.book.format(s.cell.style).text(strings.TrimSpace(value), s.book.base), nil
	}
}

// columnOf reads the letters of an address such as AB12, from 0.
func columnOf(address string) (int, bool) {
	n := 0
	for i, c := range address {
		switch {
		case c >= 'A' && c <= 'Z' && i < 3:
			n = n*26 + int(c-'A') + 1
		case c >= '0' && c <= '9' && i > 0:
			return n - 1, true
		default:
			return 0, false
		}
	}
	return 0, false
}

func isoDate(value string) string {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", time.DateOnly} {
		if t, err := time.Parse(layout, value); err == nil {
			return dateText(t)
		}
	}
	return value
}

// unescape puts back the characters that Excel writes as _x000D_ because XML
// has no place for them; control characters other than line feeds are dropped.
func unescape(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	var b strings.Builder
	for len(s) > 0 {
		if len(s) >= 7 && s[0] == '_' && s[1] == 'x' && s[6] == '_' {
			if n, err := strconv.ParseUint(s[2:6], 16, 16); err == nil {
				if r := rune(n); r >= ' ' || r == '\n' || r == '\t' {
					b.WriteRune(r)
				}
				s = s[7:]
				continue
			}
		}
		b.WriteByte(s[0])
		s = s[1:]
	}
	return b.String()
}
