package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"chibo/internal/platform/errs"
)

func (c *copier) writeSheets(sheets []Rejected) error {
	for i, r := range sheets {
		if err := c.writeSheet(fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), r); err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) writeSheet(part string, r Rejected) error {
	column, err := c.book.reasonColumn(r)
	if err != nil {
		return err
	}
	merged, err := c.book.Merged(r.Sheet)
	if err != nil {
		return err
	}
	w, err := c.zip.Create(part)
	if err != nil {
		return err
	}
	tab := c.book.Sheets[r.Sheet]
	s := &sheetCopier{copier: c, rejected: r, sheet: tab.Name, column: column, out: w, number: r.Head}
	s.sort(merged)
	s.buf.WriteString(xmlHead)
	if err := c.book.walk(tab.part, s.take); err != nil {
		return err
	}
	return s.flush(0)
}

// sheetCopier writes one sheet of the copy while it reads the original.
type sheetCopier struct {
	*copier
	rejected Rejected
	sheet    string
	column   int // of the reasons
	out      io.Writer
	buf      bytes.Buffer

	headTop int // the first row of the head over the reasons

	prefix  string
	depth   int
	copying bool // the part that is open is copied as it stands
	inData  bool
	hasCols bool
	viewed  bool // the view is written
	before  int  // number of the row before, in the original
	number  int  // of the last row of the copy below the head

	row    rawRow
	inCell bool
	spans  map[int][]Area // merged cells of several rows below the head, by their first row
	filled []span         // those that reach into the present row
	kept   []Area         // merged cells of the copy
	flat   map[int][]Area // merged cells of one row below the head
}

// rawRow is a row of the original with its cells as they stand there.
type rawRow struct {
	number int
	attrs  bytes.Buffer // those that the copy keeps
	cells  []rawCell
}

type rawCell struct {
	column      int
	style, kind string
	inner       []byte
}

// span is a merged cell of several rows, which the copy fills into each.
type span struct {
	bottom int
	cell   rawCell
}

// sort tells the merged cells apart. Those of the head stay; where it has two
// levels, the head over the reasons has them too.
func (s *sheetCopier) sort(merged []Area) {
	s.spans, s.flat, s.headTop = map[int][]Area{}, map[int][]Area{}, s.rejected.Head
	for _, area := range merged {
		area.Right = min(area.Right, s.column-1)
		if area.Top <= s.rejected.Head {
			area.Bottom = min(area.Bottom, s.rejected.Head)
		}
		switch {
		case area.Left > area.Right || area.Left == area.Right && area.Top == area.Bottom:
		case area.Top <= s.rejected.Head:
			s.kept = append(s.kept, area)
			if area.Bottom == s.rejected.Head && area.Left == area.Right {
				s.headTop = min(s.headTop, area.Top)
			}
		case area.Bottom > area.Top:
			s.spans[area.Top] = append(s.spans[area.Top], area)
		default:
			s.flat[area.Top] = append(s.flat[area.Top], area)
		}
	}
	if s.headTop < s.rejected.Head {
		s.kept = append(s.kept, Area{s.headTop, s.column, s.rejected.Head, s.column})
	}
}

// flush writes what is ready when there is more than a little.
func (s *sheetCopier) flush(little int) error {
	if s.buf.Len() <= little {
		return nil
	}
	_, err := s.out.Write(s.buf.Bytes())
	s.buf.Reset()
	return err
}

func (s *sheetCopier) take(scan *scanner, t *tag) error {
	switch t.kind {
	case opens:
		s.depth++
	case closes:
		defer func() { s.depth-- }()
	}
	switch {
	case s.depth == 1 && t.kind != words:
		return s.takeRoot(t)
	case s.inData && !(s.depth == 2 && t.kind == closes):
		if err := s.takeData(scan, t); err != nil {
			return err
		}
		return s.flush(scanBuffer)
	case s.depth == 2:
		s.takePart(t)
	case s.depth > 2:
		s.takeInside(t)
	}
	return nil
}

func (s *sheetCopier) takeRoot(t *tag) error {
	if string(t.name) != "worksheet" {
		return errs.New(errs.Invalid, "xlsx.not_workbook")
	}
	if t.kind == opens && !t.empty {
		s.prefix = string(t.prefix)
		s.buf.Write(rooted(t))
	}
	if t.kind == closes {
		s.buf.Write(t.raw)
	}
	return nil
}

// takePart takes a part of the sheet. What is not known here is left out: it
// may speak of rows that are gone, or of other parts of the workbook.
func (s *sheetCopier) takePart(t *tag) {
	name := string(t.name)
	if t.kind == closes {
		s.endPart(t, name)
		return
	}
	if t.kind == words {
		return
	}
	switch name {
	case "sheetPr", "sheetFormatPr", "printOptions", "pageMargins", "pageSetup":
		s.copying = true
		writeTag(&s.buf, t, "codeName", "filterMode")
	case "sheetViews":
		s.put(`<sheetViews>`)
	case "cols":
		s.put(`<cols>`)
		s.hasCols = true
	case "sheetData":
		if !s.hasCols {
			s.put(`<cols>`)
			s.putReasonWidth()
			s.put(`</cols>`)
		}
		s.inData = true
		s.put(`<sheetData>`)
	}
}

func (s *sheetCopier) endPart(t *tag, name string) {
	switch name {
	case "sheetPr", "sheetFormatPr", "printOptions", "pageMargins", "pageSetup":
		s.copying = false
		s.buf.Write(t.raw)
	case "sheetViews":
		s.put(`</sheetViews>`)
	case "cols":
		s.putReasonWidth()
		s.put(`</cols>`)
	case "sheetData":
		s.inData = false
		s.put(`</sheetData>`)
		s.putMerged()
	}
}

// takeInside takes what lies inside a part.
func (s *sheetCopier) takeInside(t *tag) {
	switch {
	case s.copying:
		s.buf.Write(t.raw)
	case string(t.name) == "sheetView":
		s.putView(t)
	case t.kind != opens:
	case string(t.name) == "pane":
		s.putPane(t)
	case string(t.name) == "col":
		s.putWidth(t)
	}
}

func (s *sheetCopier) put(xml string) { s.buf.WriteString(prefixed(xml, s.prefix)) }

// putView writes how the sheet is looked at, as far as that outlives the rows
// that are gone; a second window on the sheet is left out.
func (s *sheetCopier) putView(t *tag) {
	switch {
	case s.viewed:
	case t.kind == opens:
		s.put("<sheetView")
		for _, name := range []string{"showGridLines", "zoomScale", "zoomScaleNormal"} {
			if value := t.attr(name); value != nil {
				writeAttr(&s.buf, name, value)
			}
		}
		s.buf.WriteString(` workbookViewId="0">`)
	default:
		s.put("</sheetView>")
		s.viewed = true
	}
}

// putPane keeps heads in sight that were.
func (s *sheetCopier) putPane(t *tag) {
	columns, rows := atLeastZero(t.attr("xSplit")), atLeastZero(t.attr("ySplit"))
	if s.viewed || string(t.attr("state")) != "frozen" || rows > s.rejected.Head || columns > s.column || rows+columns == 0 {
		return
	}
	corner := "bottomRight"
	switch {
	case columns == 0:
		corner = "bottomLeft"
	case rows == 0:
		corner = "topRight"
	}
	s.put("<pane")
	fmt.Fprintf(&s.buf, ` xSplit="%d" ySplit="%d" topLeftCell="%s" activePane="%s" state="frozen"/>`, columns, rows, Address(columns, rows+1), corner)
}

func atLeastZero(digits []byte) int {
	n, err := strconv.Atoi(string(digits))
	if err != nil {
		return 0
	}
	return max(n, 0)
}

// putWidth writes the width of columns; that of the reasons is cut out.
func (s *sheetCopier) putWidth(t *tag) {
	first, err := strconv.Atoi(string(t.attr("min")))
	last, err2 := strconv.Atoi(string(t.attr("max")))
	if err != nil || err2 != nil || first < 1 || last < first {
		return
	}
	last = min(last, s.column)
	if first > last {
		return
	}
	s.put("<col")
	fmt.Fprintf(&s.buf, ` min="%d" max="%d"`, first, last)
	writeAttrs(&s.buf, t, "min", "max", "style")
	if style := t.attr("style"); s.keepsStyle(style) {
		fmt.Fprintf(&s.buf, ` style="%s"`, style)
	}
	s.buf.WriteString("/>")
}

const (
	reasonWidth   = 60 // in characters, of which a line of words fills
	reasonLine    = 50
	lineHeight    = 16 // in points
	highestOfRows = 409
)

// reasonHeight is the height of a row in which a reason is seen whole: a row
// does not grow by itself when a program opens the file.
func reasonHeight(reason string) float64 {
	lines := 0
	for line := range strings.SplitSeq(reason, "\n") {
		lines += 1 + max(0, utf8.RuneCountInString(line)-1)/reasonLine
	}
	return float64(min(lines*lineHeight, highestOfRows))
}

func (s *sheetCopier) putReasonWidth() {
	s.put("<col")
	fmt.Fprintf(&s.buf, ` min="%d" max="%d" width="%d" customWidth="1"/>`, s.column+1, s.column+1, reasonWidth)
}

func (s *sheetCopier) putMerged() {
	if len(s.kept) == 0 {
		return
	}
	s.put("<mergeCells>")
	for _, area := range s.kept {
		s.put("<mergeCell")
		fmt.Fprintf(&s.buf, ` ref="%s"/>`, area)
	}
	s.put("</mergeCells>")
}

func (s *sheetCopier) broken() error {
	return errs.New(errs.Invalid, "xlsx.broken_line", s.sheet, max(s.row.number, 1))
}

// takeData takes the rows.
func (s *sheetCopier) takeData(scan *scanner, t *tag) error {
	switch name := string(t.name); {
	case s.inCell && !(name == "c" && t.kind == closes):
		cell := &s.row.cells[len(s.row.cells)-1]
		if name == "f" {
			return errs.New(errs.Invalid, "xlsx.formula", s.sheet, Address(cell.column, s.row.number))
		}
		if cell.kind == "s" && t.kind == words {
			cell.inner = append(cell.inner, t.text...)
		} else if cell.kind != "s" {
			cell.inner = append(cell.inner, t.raw...)
		}
	case name == "c" && t.kind == opens:
		return s.beginCell(t)
	case name == "c":
		s.inCell = false
	case name == "row" && t.kind == opens:
		return s.beginRow(t)
	case name == "row":
		return s.endRow()
	}
	return nil
}

func (s *sheetCopier) beginRow(t *tag) error {
	number := s.before + 1
	if r := t.attr("r"); r != nil {
		n, err := strconv.Atoi(string(r))
		if err != nil || n < number || n > maxRow {
			return s.broken()
		}
		number = n
	}
	s.before = number
	s.row.number = number
	s.row.cells = s.row.cells[:0]
	s.row.attrs.Reset()
	if number <= s.rejected.Head {
		writeAttrs(&s.row.attrs, t, "r", "s", "customFormat", "spans", "hidden", "collapsed", "outlineLevel", "ph")
		return nil
	}
	height, err := strconv.ParseFloat(string(t.attr("ht")), 64)
	if reason := reasonHeight(s.rejected.Reasons[number]); err != nil || height < reason {
		height = reason
	}
	fmt.Fprintf(&s.row.attrs, ` ht="%g" customHeight="1"`, height)
	return nil
}

func (s *sheetCopier) beginCell(t *tag) error {
	column := 0
	if n := len(s.row.cells); n > 0 {
		column = s.row.cells[n-1].column + 1
	}
	if r := t.attr("r"); r != nil {
		n, _, ok := parseAddress(r)
		if !ok || n < column {
			return s.broken()
		}
		column = n
	}
	s.inCell = true
	var cell rawCell
	if n := len(s.row.cells); n < cap(s.row.cells) {
		cell.inner = s.row.cells[:n+1][n].inner[:0] // the memory of a row before
	}
	cell.column, cell.kind = column, string(t.attr("t"))
	if style := t.attr("s"); s.keepsStyle(style) {
		cell.style = string(style)
	}
	s.row.cells = append(s.row.cells, cell)
	return nil
}

// keepsStyle reports whether a style is in the copy.
func (c *copier) keepsStyle(number []byte) bool {
	n, err := strconv.Atoi(string(number))
	return err == nil && !c.bare && n >= 0 && n < len(c.book.styles)
}

func (s *sheetCopier) endRow() error {
	row := s.row.number
	if err := s.fill(row); err != nil {
		return err
	}
	if !s.rejected.keeps(row) {
		return nil
	}
	number := row
	if row > s.rejected.Head {
		s.number++
		number = s.number
		for _, area := range s.flat[row] {
			s.kept = append(s.kept, Area{number, area.Left, number, area.Right})
		}
	}
	s.put("<row")
	fmt.Fprintf(&s.buf, ` r="%d"`, number)
	s.buf.Write(s.row.attrs.Bytes())
	s.buf.WriteByte('>')
	for _, cell := range s.row.cells {
		if cell.column < s.column {
			if err := s.putCell(cell, number); err != nil {
				return err
			}
		}
	}
	switch {
	case row > s.rejected.Head:
		s.putText(s.rejected.Reasons[row], s.reasonStyle, number)
	case row == s.headTop:
		s.putText(s.rejected.ReasonHead, s.headStyle, number)
	case row > s.headTop:
		s.putText("", s.headStyle, number)
	}
	s.put("</row>")
	return nil
}

// fill puts merged cells of several rows into the row, and begins those that
// begin in it.
func (s *sheetCopier) fill(row int) error {
	s.filled = slices.DeleteFunc(s.filled, func(f span) bool { return f.bottom < row })
	for _, f := range s.filled {
		cell := f.cell
		cell.inner = slices.Clone(cell.inner) // the next row takes the memory of this one
		i, found := slices.BinarySearchFunc(s.row.cells, cell.column, func(c rawCell, column int) int { return c.column - column })
		if !found {
			s.row.cells = slices.Insert(s.row.cells, i, cell)
		} else if len(s.row.cells[i].inner) == 0 {
			s.row.cells[i].kind, s.row.cells[i].inner = cell.kind, cell.inner
		}
	}
	for _, area := range s.spans[row] {
		for _, cell := range s.row.cells {
			if cell.column == area.Left && len(cell.inner) > 0 {
				cell.inner = slices.Clone(cell.inner)
				s.filled = append(s.filled, span{area.Bottom, cell})
			}
		}
	}
	if most := s.book.limits.Columns; len(s.filled) > most { // so many only when they overlap
		return errs.New(errs.TooLarge, "xlsx.too_many_merges", s.sheet, most)
	}
	return nil
}

func (s *sheetCopier) putCell(cell rawCell, row int) error {
	s.put("<c")
	fmt.Fprintf(&s.buf, ` r="%s"`, Address(cell.column, row))
	if cell.style != "" {
		fmt.Fprintf(&s.buf, ` s="%s"`, cell.style)
	}
	if len(cell.inner) == 0 {
		s.buf.WriteString("/>")
		return nil
	}
	switch cell.kind {
	case "s":
		n, err := strconv.Atoi(string(trimmed(cell.inner)))
		if err != nil || n < 0 || n >= len(s.book.texts.list) {
			return s.broken()
		}
		s.buf.WriteString(` t="s">`)
		s.put(fmt.Sprintf("<v>%d</v>", s.numberOf(n)))
	case "b", "d", "e", "inlineStr", "str":
		fmt.Fprintf(&s.buf, ` t="%s">`, cell.kind)
		s.buf.Write(cell.inner)
	default:
		s.buf.WriteByte('>')
		s.buf.Write(cell.inner)
	}
	s.put("</c>")
	return nil
}

// numberOf is the new number of a shared text.
func (c *copier) numberOf(text int) int {
	n, ok := c.numbers[text]
	if !ok {
		n = len(c.wanted)
		c.numbers[text] = n
		c.wanted = append(c.wanted, text)
	}
	return n
}

func (s *sheetCopier) putText(text string, style, row int) {
	s.put("<c")
	fmt.Fprintf(&s.buf, ` r="%s" s="%d" t="inlineStr">`, Address(s.column, row), style)
	s.put(`<is><t xml:space="preserve">`)
	s.buf.WriteString(escaped(text))
	s.put(`</t></is></c>`)
}
