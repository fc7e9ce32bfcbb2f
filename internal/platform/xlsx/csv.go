package xlsx

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"unicode/utf8"

	"chibo/internal/platform/errs"
)

// ReadCSV reads comma, semicolon or tab separated text in UTF-8, with or
// without a byte order mark; the separator is the one that the first line has
// most of, or the one that a first line "sep=;" names. The rows fail with
// Invalid on other encodings and broken quotes, TooLarge over a limit.
func ReadCSV(r io.Reader, limits Limits) Rows {
	return func(yield func(Row, error) bool) {
		bounded := &boundedReader{from: r, left: limits.Unzipped}
		source := bufio.NewReaderSize(bounded, sniffed)
		comma, err := separator(source)
		if err != nil {
			yield(Row{}, err)
			return
		}
		readRecords(source, comma, &guard{limits: limits}, yield)
	}
}

func readRecords(source io.Reader, comma rune, g *guard, yield func(Row, error) bool) {
	reader := csv.NewReader(source)
	reader.Comma, reader.FieldsPerRecord, reader.LazyQuotes = comma, -1, true
	for {
		record, err := reader.Read()
		if err == io.EOF {
			return
		}
		if err != nil {
			yield(Row{}, csvError(err))
			return
		}
		line, _ := reader.FieldPos(0)
		row := Row{Number: line, Cells: record}
		if !textOnly(record) {
			yield(Row{}, errs.New(errs.Invalid, "xlsx.not_utf8", line))
			return
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

func csvError(err error) error {
	var syntax *csv.ParseError
	if errors.As(err, &syntax) {
		return errs.Wrap(err, errs.Invalid, "xlsx.broken_line", syntax.Line)
	}
	if _, classified := errs.As(err); classified {
		return err
	}
	return errs.Wrap(err, errs.Unavailable, "xlsx.unreadable")
}

func textOnly(record []string) bool {
	return !slices.ContainsFunc(record, func(s string) bool {
		return !utf8.ValidString(s) || bytes.IndexByte([]byte(s), 0) >= 0
	})
}

// sniffed is how much of the file is looked at to find the separator.
const sniffed = 64 << 10

var byteOrderMark = []byte("\uFEFF")

// separator skips a byte order mark and a line that names the separator, and
// finds the separator.
func separator(source *bufio.Reader) (rune, error) {
	start, err := source.Peek(sniffed)
	if err != nil && err != io.EOF {
		return 0, csvError(err)
	}
	if bytes.HasPrefix(start, []byte{0xFF, 0xFE}) || bytes.HasPrefix(start, []byte{0xFE, 0xFF}) {
		return 0, errs.New(errs.Invalid, "xlsx.not_utf8", 1)
	}
	skip := 0
	if bytes.HasPrefix(start, byteOrderMark) {
		skip = len(byteOrderMark)
	}
	line, _, _ := bytes.Cut(bytes.TrimLeft(start[skip:], "\r\n"), []byte("\n"))
	comma := mostOf(line)
	if named, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r"), []byte("sep=")); ok && len(named) == 1 && isSeparator(rune(named[0])) {
		comma = rune(named[0])
		skip += bytes.Index(start[skip:], line) + len(line)
	}
	_, err = source.Discard(skip)
	return comma, err
}

var separators = []rune{',', ';', '\t'}

func isSeparator(r rune) bool { return slices.Contains(separators, r) }

// mostOf counts separators outside quotes; a comma wins a draw.
func mostOf(line []byte) rune {
	count := map[rune]int{}
	quoted := false
	for _, c := range line {
		if c == '"' {
			quoted = !quoted
		}
		if !quoted {
			count[rune(c)]++
		}
	}
	best := separators[0]
	for _, s := range separators {
		if count[s] > count[best] {
			best = s
		}
	}
	return best
}

// boundedReader fails with TooLarge instead of ending when more than left
// bytes come.
type boundedReader struct {
	from io.Reader
	left int64
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, errs.New(errs.TooLarge, "xlsx.too_large")
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.from.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, errs.New(errs.TooLarge, "xlsx.too_large")
	}
	return n, err
}
