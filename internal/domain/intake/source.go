package intake

import (
	"io"
	"iter"
	"slices"
	"strings"

	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
	"chibo/internal/platform/xlsx"
)

// Book is a spreadsheet that was opened to be read.
type Book struct{ *xlsx.Book }

// Open opens a workbook or a CSV file. It fails as xlsx.Open does: with Invalid
// on what may not be opened, with TooLarge over a limit.
func Open(r io.ReaderAt, size int64) (Book, error) {
	book, err := xlsx.Open(r, size, xlsx.UsualLimits())
	return Book{book}, err
}

// Outline is what people see of a spreadsheet before it is read.
type Outline struct {
	Sheets []SheetOutline `json:"sheets"`
	// Heading and Samples are those of the chosen sheet, by column.
	Heading []string   `json:"heading"`
	Samples [][]string `json:"samples"`
	// Conversions show texts before and after they were converted.
	Conversions []Conversion `json:"conversions,omitempty"`
}

// SheetOutline is one sheet that is not hidden.
type SheetOutline struct {
	Index int    `json:"index"`
	Name  string `json:"name"`
	// Rows is what the file says, 0 where it does not.
	Rows int `json:"rows"`
	// Known is how many fields the words of its head name.
	Known int `json:"known"`
}

// Named is the number of the sheet of that name, -1 for none.
func (b Book) Named(name string) int {
	return slices.IndexFunc(b.Sheets, func(t xlsx.Tab) bool { return text.Fold(t.Name) == text.Fold(name) })
}

const (
	// sampled is how many rows are looked at to find the head and to guess.
	sampled = 300
	// shown is how many cells of a column, and conversions, people see.
	shown       = 3
	conversions = 8
)

// sample is the top of a sheet, in Unicode; rows[n-1] is row n.
type sample struct {
	rows        [][]string
	conversions []Conversion
}

func (b Book) sample(sheet int, encoding Encoding) (s sample, err error) {
	as := Settings{Encoding: encoding}
	for row, err := range b.Rows(sheet) {
		if err != nil {
			return s, err
		}
		if row.Number > sampled {
			break
		}
		for len(s.rows) < row.Number {
			s.rows = append(s.rows, nil)
		}
		cells := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			cells[i] = text.Line(as.text(cell))
			if cells[i] != text.Line(cell.Text) && len(s.conversions) < conversions {
				s.conversions = append(s.conversions, Conversion{as.encodingOf(cell), cell.Text, cells[i]})
			}
		}
		s.rows[row.Number-1] = cells
	}
	return s, nil
}

// encodingOf tells in which old encoding the texts of a sheet are that no font
// tells of.
func (b Book) encodingOf(sheet int) (Encoding, error) {
	var texts []xlsx.Cell
	for row, err := range b.Rows(sheet) {
		if err != nil {
			return "", err
		}
		if row.Number > sampled {
			break
		}
		texts = append(texts, row.Cells...)
	}
	return guessEncoding(texts), nil
}

// Survey looks at the sheets of a book and guesses how the register is read
// that stands in one of them: the sheet whose head names most fields, or the
// one that is asked for (-1 asks for none).
func (b Book) Survey(kind Kind, sheet int) (Outline, Settings, error) {
	var o Outline
	best := -1
	for i, tab := range b.Sheets {
		if tab.Hidden {
			continue
		}
		encoding, err := b.encodingOf(i)
		if err != nil {
			return Outline{}, Settings{}, err
		}
		top, err := b.sample(i, encoding)
		if err != nil {
			return Outline{}, Settings{}, err
		}
		known := max(0, findHead(kind, top.rows, nil).known)
		o.Sheets = append(o.Sheets, SheetOutline{i, tab.Name, tab.Rows, known})
		if best < 0 || known > o.known(best) {
			best = i
		}
	}
	if sheet < 0 {
		sheet = best
	}
	if o.at(sheet) < 0 {
		return Outline{}, Settings{}, errs.New(errs.Invalid, "intake.error.no_sheet")
	}
	settings, err := b.guess(kind, sheet, &o)
	return o, settings, err
}

func (o Outline) known(sheet int) int { return o.Sheets[o.at(sheet)].Known }

func (o Outline) at(sheet int) int {
	for i, s := range o.Sheets {
		if s.Index == sheet {
			return i
		}
	}
	return -1
}

// guess finds the head of a sheet and what its columns are read into.
func (b Book) guess(kind Kind, sheet int, o *Outline) (Settings, error) {
	encoding, err := b.encodingOf(sheet)
	if err != nil {
		return Settings{}, err
	}
	top, err := b.sample(sheet, encoding)
	if err != nil {
		return Settings{}, err
	}
	merged, err := b.Merged(sheet)
	if err != nil {
		return Settings{}, err
	}
	h := findHead(kind, top.rows, merged)
	if h.first < 0 {
		return Settings{}, errs.New(errs.Invalid, "intake.error.no_head")
	}
	columns := top.columns(h)
	fields := guess(kind, h, columns)
	s := Settings{
		Sheet: sheet, First: h.first + 1, Last: h.last + 1, Encoding: encoding,
		Columns: fields, Orders: ordersOf(fields, columns),
	}
	o.show(h, columns, top.conversions)
	return s, nil
}

// Reread looks at the sheet with another head or another encoding, and guesses
// its columns anew.
func (b Book) Reread(kind Kind, s Settings) (Outline, Settings, error) {
	o, _, err := b.Survey(kind, s.Sheet)
	if err != nil {
		return Outline{}, s, err
	}
	top, err := b.sample(s.Sheet, s.Encoding)
	if err != nil {
		return Outline{}, s, err
	}
	merged, err := b.Merged(s.Sheet)
	if err != nil {
		return Outline{}, s, err
	}
	if s.First < 1 || s.Last < s.First || s.Last >= s.First+levelsMost || s.Last > len(top.rows) {
		return Outline{}, s, errs.Field("head", "intake.error.head")
	}
	h := head{s.First - 1, s.Last - 1, wordsOver(top.rows, merged, s.First-1, s.Last-1), 0}
	columns := top.columns(h)
	s.Columns = guess(kind, h, columns)
	s.Orders = ordersOf(s.Columns, columns)
	o.show(h, columns, top.conversions)
	return o, s, nil
}

// ordersOf tells how days stand in the columns of days.
func ordersOf(fields []string, columns [][]string) []Order {
	orders := make([]Order, len(fields))
	for i, name := range fields {
		if IsDated(name) {
			orders[i] = orderOf(columns[i])
		}
	}
	return orders
}

// columns are the cells below the head, by column.
func (s sample) columns(h head) [][]string {
	columns := make([][]string, len(h.texts))
	for _, row := range s.rows[h.last+1:] {
		if filled := countFilled(row); filled == 0 || countsColumns(line{cells: row}, filled) {
			continue
		}
		for i := range columns {
			if cell := at(row, i); cell != "" {
				columns[i] = append(columns[i], cell)
			}
		}
	}
	return columns
}

func countFilled(row []string) (n int) {
	for _, cell := range row {
		if cell != "" {
			n++
		}
	}
	return n
}

func (o *Outline) show(h head, columns [][]string, changed []Conversion) {
	o.Heading, o.Samples, o.Conversions = h.heading(), make([][]string, len(columns)), changed
	for i, cells := range columns {
		for _, cell := range cells[:min(len(cells), shown)] {
			o.Samples[i] = append(o.Samples[i], strings.Clone(cell))
		}
	}
}

// batchOf is how many rows are handed on at once.
const batchOf = 500

// lines reads the rows below the head, in batches. Another goroutine unpacks
// the file meanwhile; it ends with the loop.
func (b Book) lines(s Settings) iter.Seq2[[]line, error] {
	return func(yield func([]line, error) bool) {
		type batch struct {
			lines []line
			err   error
		}
		batches, stop := make(chan batch, 2), make(chan struct{})
		defer close(stop)
		go func() {
			defer close(batches)
			hand := func(next batch) bool {
				select {
				case batches <- next:
					return true
				case <-stop:
					return false
				}
			}
			var list []line
			for row, err := range b.Rows(s.Sheet) {
				if err != nil {
					hand(batch{err: err})
					return
				}
				if row.Number <= s.Last {
					continue
				}
				list = append(list, s.line(row))
				if len(list) == batchOf {
					if !hand(batch{lines: list}) {
						return
					}
					list = nil
				}
			}
			hand(batch{lines: list})
		}()
		for next := range batches {
			if !yield(next.lines, next.err) || next.err != nil {
				return
			}
		}
	}
}

// line is the row in Unicode.
func (s Settings) line(row xlsx.Row) line {
	l := line{row.Number, make([]string, len(row.Cells))}
	for i, cell := range row.Cells {
		if cell.Kind != xlsx.BlankCell {
			l.cells[i] = text.Line(s.text(cell))
		}
	}
	return l
}
