package xlsx

import (
	"errors"
	"io"
)

// rowWidth is that of a column of texts.
const rowWidth = 18

// WriteRows writes a workbook of one sheet of texts, whose first row is the head.
func WriteRows(out io.Writer, name, title string, rows [][]string) (err error) {
	book, err := NewWriter()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, book.Close()) }()
	s := Sheet{Name: name, Title: title}
	for _, head := range rows[0] {
		s.Columns = append(s.Columns, Column{Head: head, Width: rowWidth})
	}
	sheet, err := book.Sheet(s)
	if err != nil {
		return err
	}
	for _, row := range rows[1:] {
		cells := make([]Value, len(row))
		for i, text := range row {
			cells[i] = Text(text)
		}
		if err := sheet.Add(cells...); err != nil {
			return err
		}
	}
	return book.Write(out)
}
