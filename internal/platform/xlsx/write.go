package xlsx

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"chibo/internal/platform/clock"
)

// Sheet describes a sheet before its rows: a title over the table, and its
// columns with their head, which stays in sight when the rows scroll.
type Sheet struct {
	// Name is the name of the tab; what Excel forbids in it is replaced.
	Name string
	// Title stands above the table in bold, Notes below it in italics.
	Title   string
	Notes   []string
	Columns []Column
}

// Column is one column: its head, and its width in characters (0 fits the
// head).
type Column struct {
	Head  string
	Width float64
}

// Value is what a cell holds. The zero Value is an empty cell.
type Value struct {
	look  look
	value any // string, int64 or float64; nil is empty
}

// Text is a text that stays one: it never becomes a formula, a number or a
// date, whatever it begins with.
func Text(s string) Value {
	s = printable(s)
	if s == "" {
		return Value{}
	}
	if strings.ContainsRune("=+-@", rune(s[0])) {
		// Excel would make a formula of it as soon as somebody edits the cell.
		return Value{literal, s}
	}
	return Value{plain, s}
}

// Int is a whole number, shown with grouping.
func Int(n int64) Value { return Value{whole, n} }

// Number is a number, shown with the decimals it has.
func Number(n float64) Value { return finite(decimal, n) }

// Percent is a part of one, shown in percent with one decimal.
func Percent(part float64) Value { return finite(percent, part) }

func finite(l look, n float64) Value {
	if math.IsNaN(n) || math.IsInf(n, 0) {
		return Value{}
	}
	return Value{l, n}
}

// Date is a real date, shown as dd/mm/yyyy; no date is an empty cell.
func Date(d clock.Date) Value {
	if d.IsZero() {
		return Value{}
	}
	serial := d.Sub(clock.NewDate(1899, time.December, 30))
	if serial < firstSafeDay {
		return Text(d.Vietnamese())
	}
	return Value{day, int64(serial)}
}

// firstSafeDay is 01/03/1900: Excel miscounts the days before it.
const firstSafeDay = 61

// Writer is a workbook being written, sheet after sheet, row after row. Rows
// go to a temporary file when they are many, so memory stays small. Close it.
type Writer struct {
	file   *excelize.File
	styles [looks]int
	names  map[string]bool
	open   *SheetWriter
}

// SheetWriter takes the rows of one sheet.
type SheetWriter struct {
	stream  *excelize.StreamWriter
	styles  *[looks]int
	columns int
	next    int
}

// NewWriter begins a workbook.
func NewWriter() (*Writer, error) {
	w := &Writer{file: excelize.NewFile(), names: map[string]bool{}}
	for l := range looks {
		id, err := w.file.NewStyle(l.style())
		if err != nil {
			return nil, fmt.Errorf("xlsx: style: %w", err)
		}
		w.styles[l] = id
	}
	return w, nil
}

// Close removes what the workbook keeps on disk.
func (w *Writer) Close() error { return w.file.Close() }

// Sheet begins a sheet; the one before is finished and takes no more rows.
func (w *Writer) Sheet(s Sheet) (*SheetWriter, error) {
	if err := w.finish(); err != nil {
		return nil, err
	}
	name := w.nameFor(s.Name)
	if err := w.addTab(name); err != nil {
		return nil, fmt.Errorf("xlsx: sheet %q: %w", name, err)
	}
	stream, err := w.file.NewStreamWriter(name)
	if err != nil {
		return nil, fmt.Errorf("xlsx: sheet %q: %w", name, err)
	}
	w.open = &SheetWriter{stream: stream, styles: &w.styles, columns: len(s.Columns), next: 1}
	if err := w.open.begin(s); err != nil {
		return nil, fmt.Errorf("xlsx: sheet %q: %w", name, err)
	}
	return w.open, nil
}

// addTab adds a sheet, printed on A4 across and as wide as the page.
func (w *Writer) addTab(name string) error {
	if len(w.names) == 1 {
		if err := w.file.SetSheetName(w.file.GetSheetName(0), name); err != nil {
			return err
		}
	} else if _, err := w.file.NewSheet(name); err != nil {
		return err
	}
	across, a4, anyHeight, fit := "landscape", 9, 0, true
	if err := w.file.SetSheetProps(name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	return w.file.SetPageLayout(name, &excelize.PageLayoutOptions{Orientation: &across, Size: &a4, FitToHeight: &anyHeight})
}

// nameFor makes a name that Excel takes: 31 characters, none of :\/?*[], not
// used before.
func (w *Writer) nameFor(name string) string {
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]`, r) {
			return '-'
		}
		return r
	}, printable(name))
	name = strings.Trim(strings.ReplaceAll(name, "\n", " "), " '")
	if name == "" {
		name = "Sheet"
	}
	for n := 1; ; n++ {
		var end string
		if n > 1 {
			end = fmt.Sprintf(" (%d)", n)
		}
		unique := strings.TrimRight(shortened(name, maxName-len(end)), " '") + end
		if key := strings.ToLower(unique); !w.names[key] {
			w.names[key] = true
			return unique
		}
	}
}

const maxName = 31

func shortened(s string, most int) string {
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most])
	}
	return s
}

// begin sets widths, title, notes and the head that stays in sight.
func (s *SheetWriter) begin(sheet Sheet) error {
	for i, c := range sheet.Columns {
		width := c.Width
		if width == 0 {
			width = float64(utf8.RuneCountInString(c.Head)) + 4
		}
		if err := s.stream.SetColWidth(i+1, i+1, min(max(width, 4), 120)); err != nil {
			return err
		}
	}
	above := len(sheet.Notes) + 1
	if sheet.Title != "" {
		above++
	}
	err := s.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: above, TopLeftCell: fmt.Sprintf("A%d", above+1), ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	if sheet.Title != "" {
		if err := s.across(title, sheet.Title); err != nil {
			return err
		}
	}
	for _, note := range sheet.Notes {
		if err := s.across(remark, note); err != nil {
			return err
		}
	}
	heads := make([]Value, len(sheet.Columns))
	for i, c := range sheet.Columns {
		heads[i] = Value{head, printable(c.Head)}
	}
	return s.Add(heads...)
}

// across sets a text over all columns.
func (s *SheetWriter) across(l look, text string) error {
	if s.columns > 1 {
		from, to := fmt.Sprintf("A%d", s.next), fmt.Sprintf("%s%d", Name(s.columns-1), s.next)
		if err := s.stream.MergeCell(from, to); err != nil {
			return err
		}
	}
	return s.add(Value{l, printable(text)})
}

// Add writes a row; it has no more values than the sheet has columns.
func (s *SheetWriter) Add(values ...Value) error {
	if len(values) > s.columns {
		return fmt.Errorf("xlsx: row of %d values in a sheet of %d columns", len(values), s.columns)
	}
	return s.add(values...)
}

func (s *SheetWriter) add(values ...Value) error {
	cells := make([]any, len(values))
	for i, v := range values {
		if v.value != nil {
			cells[i] = excelize.Cell{StyleID: s.styles[v.look], Value: v.value}
		}
	}
	if err := s.stream.SetRow(fmt.Sprintf("A%d", s.next), cells); err != nil {
		return fmt.Errorf("xlsx: row %d: %w", s.next, err)
	}
	s.next++
	return nil
}

// Write finishes the workbook and writes it to out.
func (w *Writer) Write(out io.Writer) error {
	if err := w.finish(); err != nil {
		return err
	}
	packed, err := w.file.WriteToBuffer()
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	if err := inOrder(out, packed.Bytes()); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

// inOrder writes the parts of a workbook sorted by name: the library keeps its
// sheets in a map, and the same rows must give the same bytes.
func inOrder(out io.Writer, packed []byte) error {
	from, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return err
	}
	slices.SortFunc(from.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	to := zip.NewWriter(out)
	for _, part := range from.File {
		if err := to.Copy(part); err != nil {
			return err
		}
	}
	return to.Close()
}

func (w *Writer) finish() error {
	if w.open == nil {
		return nil
	}
	err := w.open.stream.Flush()
	w.open = nil
	if err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}

// look is the dress of a cell.
type look uint8

const (
	plain look = iota
	literal
	whole
	decimal
	percent
	day
	title
	remark
	head
	looks
)

func (l look) style() *excelize.Style {
	style := &excelize.Style{
		Font:      &excelize.Font{Family: "Times New Roman", Size: 12},
		Alignment: &excelize.Alignment{Vertical: "top", WrapText: true},
	}
	code := func(s string) { style.CustomNumFmt = &s }
	switch l {
	case literal:
		code("@")
	case whole:
		code("#,##0")
	case percent:
		code("0.0%")
	case day:
		code("dd/mm/yyyy")
		style.Alignment.Horizontal = "center"
	case title:
		style.Font.Bold, style.Font.Size = true, 14
		style.Alignment = &excelize.Alignment{Horizontal: "center", Vertical: "center"}
	case remark:
		style.Font.Italic = true
		style.Alignment = &excelize.Alignment{Horizontal: "center"}
	case head:
		style.Font.Bold = true
		style.Alignment = &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
		style.Fill = excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"F2E8D5"}}
	}
	if l != title && l != remark {
		for _, side := range []string{"left", "right", "top", "bottom"} {
			style.Border = append(style.Border, excelize.Border{Type: side, Color: "999999", Style: 1})
		}
	}
	return style
}

// maxCell is the longest text that Excel keeps in a cell.
const maxCell = 32767

// printable drops what XML cannot hold and what Excel would cut off.
func printable(s string) string {
	if isPrintable(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\uFFFD"))
	return shortened(s, maxCell)
}

// isPrintable looks at the bytes, without a copy; it reports some texts wrongly
// as not printable.
func isPrintable(s string) bool {
	for i := range len(s) {
		// U+FFFE and U+FFFF begin with 0xEF.
		if c := s[i]; c < ' ' && c != '\n' && c != '\t' || c == 0xEF {
			return false
		}
	}
	return len(s) <= maxCell && utf8.ValidString(s)
}
