package xlsx

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"chibo/internal/platform/errs"
)

// csvFile is comma, semicolon or tab separated text. The separator is the one
// that parts the lines most evenly, or that a first line "sep=;" names.
type csvFile struct {
	from      io.ReaderAt
	size      int64
	letters   letters
	separator rune
}

// letters is how a text file writes its letters.
type letters uint8

const (
	utf8Letters letters = iota
	utf16Letters
	// byteLetters is one byte a letter. Which letter is not known: the bytes
	// are read as Windows-1252, which is how Excel keeps a text that was typed
	// in an old Vietnamese font; package oldfont knows more.
	byteLetters
)

// openCSV looks through the whole file: the first letter with an accent may
// stand in the last line.
func openCSV(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	if size > limits.Unzipped {
		return nil, errs.New(errs.TooLarge, "xlsx.file_too_large", limits.Unzipped>>20)
	}
	c := &csvFile{from: r, size: size}
	if err := c.findLetters(); err != nil {
		return nil, err
	}
	if err := c.findSeparator(); err != nil {
		return nil, err
	}
	return &Book{limits: limits, csv: c, Sheets: []Tab{{Name: "CSV"}}}, nil
}

func (c *csvFile) findLetters() error {
	source := io.NewSectionReader(c.from, 0, c.size)
	buf := make([]byte, sniffed)
	for first, kept := true, 0; ; first = false {
		n, err := io.ReadFull(source, buf[kept:])
		piece := buf[:kept+n]
		switch {
		case err != nil && err != io.EOF && err != io.ErrUnexpectedEOF:
			return csvError(err, "")
		case first && isUTF16(piece):
			c.letters = utf16Letters
			return nil
		case bytes.IndexByte(piece, 0) >= 0:
			return errs.New(errs.Invalid, "xlsx.not_workbook")
		}
		whole := len(piece)
		if err == nil {
			whole -= cutLetter(piece)
		}
		if !utf8.Valid(piece[:whole]) {
			c.letters = byteLetters
		}
		if err != nil {
			return nil
		}
		kept = copy(buf, piece[whole:])
	}
}

// isUTF16 looks at the byte order mark; without one nobody writes it.
func isUTF16(start []byte) bool {
	return bytes.HasPrefix(start, []byte("\xFF\xFE")) || bytes.HasPrefix(start, []byte("\xFE\xFF"))
}

// cutLetter is how many bytes at the end are the beginning of a letter.
func cutLetter(piece []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(piece); n++ {
		if tail := piece[len(piece)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}

// text is the file in UTF-8 without a byte order mark.
func (c *csvFile) text() *bufio.Reader {
	var source io.Reader = io.NewSectionReader(c.from, 0, c.size)
	switch c.letters {
	case utf16Letters:
		source = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Reader(source)
	case byteLetters:
		source = charmap.Windows1252.NewDecoder().Reader(source)
	}
	text := bufio.NewReaderSize(source, sniffed)
	if start, _ := text.Peek(len(byteOrderMark)); string(start) == byteOrderMark {
		_, _ = text.Discard(len(byteOrderMark))
	}
	return text
}

const (
	// sniffed is how much of the file is looked at to find the separator.
	sniffed       = 64 << 10
	byteOrderMark = "\uFEFF"
)

func (c *csvFile) findSeparator() error {
	start, err := c.text().Peek(sniffed)
	if err != nil && err != io.EOF {
		return csvError(err, "")
	}
	c.separator = ','
	if named, ok := namedSeparator(start); ok {
		c.separator = named
		return nil
	}
	c.separator = mostRegular(start)
	return nil
}

// namedSeparator reads a first line "sep=;", which Excel writes and obeys.
func namedSeparator(start []byte) (rune, bool) {
	line, _, _ := bytes.Cut(start, []byte("\n"))
	named, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte("sep="))
	if !ok || len(named) != 1 || !slices.Contains(separators, rune(named[0])) {
		return 0, false
	}
	return rune(named[0]), true
}

var separators = []rune{',', ';', '\t'}

// mostRegular is the separator that stands in most lines as often as in the
// others; titles have none, and texts have commas here and there. Of two, the
// one that makes more columns; a comma wins a draw.
func mostRegular(start []byte) rune {
	best, bestLines, bestCount := separators[0], 0, 0
	for _, separator := range separators {
		lines := map[int]int{} // how many lines have the separator so often
		for line := range separatorCounts(start, byte(separator)) {
			lines[line]++
		}
		for count, n := range lines {
			if count > 0 && (n > bestLines || n == bestLines && count > bestCount) {
				best, bestLines, bestCount = separator, n, count
			}
		}
	}
	return best
}

// separatorCounts yields how often a separator stands outside quotes in each
// line.
func separatorCounts(text []byte, separator byte) iter.Seq[int] {
	return func(yield func(int) bool) {
		count, quoted := 0, false
		for _, c := range text {
			switch {
			case c == '"':
				quoted = !quoted
			case quoted:
			case c == separator:
				count++
			case c == '\n':
				if !yield(count) {
					return
				}
				count = 0
			}
		}
		yield(count)
	}
}

// rows reads the file anew. A row is numbered as Excel shows it: a line in
// which quotes enclose line ends is one row.
func (c *csvFile) rows(g *guard, yield func(Row, error) bool) {
	source := c.text()
	start, _ := source.Peek(len("sep=;\r\n"))
	if _, named := namedSeparator(start); named {
		if _, err := source.ReadString('\n'); err != nil {
			return
		}
	}
	reader := csv.NewReader(source)
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes, reader.ReuseRecord = c.separator, -1, true, true
	extra := 0 // lines that are no row of their own
	var cells []Cell
	for {
		record, err := reader.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			yield(Row{}, csvError(err, g.sheet))
			return
		}
		line, _ := reader.FieldPos(0)
		row := Row{Number: line - extra}
		if cells, err = csvCells(cells[:0], record, g.sheet, row.Number); err != nil {
			yield(Row{}, err)
			return
		}
		row.Cells = cells
		for _, text := range record {
			extra += strings.Count(text, "\n")
		}
		ok, err := g.admit(&row)
		if err != nil {
			yield(Row{}, err)
			return
		}
		if ok && !yield(row, nil) {
			return
		}
	}
}

func csvCells(cells []Cell, record []string, sheet string, row int) ([]Cell, error) {
	for i, text := range record {
		if formula, ok := strings.CutPrefix(text, "="); ok {
			if text, ok = quotedText(formula); !ok {
				return nil, errs.New(errs.Invalid, "xlsx.formula", sheet, Address(i, row))
			}
		}
		if text == "" {
			cells = append(cells, Cell{})
			continue
		}
		cells = append(cells, Cell{Text: text, Kind: TextCell})
	}
	return cells, nil
}

// quotedText reads ="0123", with which programs keep Excel from taking a text
// for a number.
func quotedText(formula string) (string, bool) {
	inside, ok := strings.CutPrefix(formula, `"`)
	if !ok || !strings.HasSuffix(inside, `"`) {
		return "", false
	}
	inside = inside[:len(inside)-1]
	return inside, !strings.Contains(inside, `"`)
}

func csvError(err error, sheet string) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return errs.Wrap(err, errs.Invalid, "xlsx.broken_line", sheet, syntax.Line)
	}
	if _, classified := errs.As(err); classified {
		return err
	}
	return errs.Wrap(err, errs.Unavailable, "xlsx.unreadable")
}
