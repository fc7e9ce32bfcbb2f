package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/flate"

	"chibo/internal/platform/errs"
)

// Book is an opened workbook, or a CSV file, which is a book of one sheet.
type Book struct {
	Sheets []Tab

	limits Limits
	csv    *csvFile // nil for a workbook
	parts  map[string]*zip.File
	texts  sharedTexts
	styles styles
	mac    bool // days are counted from 1/1/1904
}

// Tab is one sheet of a workbook. Rows and Columns are its size as the file
// states it, 0 when it does not; only reading it tells the truth.
type Tab struct {
	Name          string
	Hidden        bool
	Rows, Columns int
	part          string
}

// maxParts bounds the files in the zip; a workbook has a few dozen.
const maxParts = 2000

// Open opens a workbook (.xlsx) or a CSV file; it looks at the content, not at
// a name. Fails with Invalid on what is neither, is locked or broken, holds
// macros, links to other files or embedded ones; with TooLarge over a limit.
func Open(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	if size > limits.File {
		return nil, errs.New(errs.TooLarge, "xlsx.file_too_large", limits.File>>20)
	}
	start := make([]byte, 512)
	n, err := r.ReadAt(start, 0)
	if err != nil && err != io.EOF {
		return nil, errs.Wrap(err, errs.Unavailable, "xlsx.unreadable")
	}
	switch start = start[:n]; {
	case n == 0:
		return nil, errs.New(errs.Invalid, "xlsx.empty")
	case bytes.HasPrefix(start, []byte("PK")):
		return openWorkbook(r, size, limits)
	case bytes.HasPrefix(start, oleMark):
		return nil, refuseOLE(io.NewSectionReader(r, 0, size))
	case foreign(start):
		return nil, errs.New(errs.Invalid, "xlsx.not_workbook")
	}
	return openCSV(r, size, limits)
}

// IsCSV reports whether the book is a CSV file.
func (b *Book) IsCSV() bool { return b.csv != nil }

// Read reads the first visible sheet of what Open opens.
func Read(r io.ReaderAt, size int64, limits Limits) (Rows, error) {
	book, err := Open(r, size, limits)
	if err != nil {
		return nil, err
	}
	return book.Rows(max(0, slices.IndexFunc(book.Sheets, func(t Tab) bool { return !t.Hidden }))), nil
}

func openWorkbook(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "xlsx.broken_zip")
	}
	archive.RegisterDecompressor(zip.Deflate, flate.NewReader) // quicker than compress/flate
	b := &Book{limits: limits, parts: map[string]*zip.File{}}
	if err := b.index(archive.File); err != nil {
		return nil, err
	}
	for _, read := range []func() error{b.refuseMacros, b.readWorkbook, b.readStyles, b.readTexts, b.readSizes} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return b, nil
}

// index lists the parts and refuses what no register needs.
func (b *Book) index(files []*zip.File) error {
	if len(files) > maxParts {
		return errs.New(errs.TooLarge, "xlsx.bomb")
	}
	var sum uint64
	for _, f := range files {
		name, err := partName(f.Name)
		if err != nil {
			return err
		}
		if _, double := b.parts[name]; double {
			return errs.New(errs.Invalid, "xlsx.part_names")
		}
		if key := forbiddenPart(name); key != "" {
			return errs.New(errs.Invalid, key)
		}
		b.parts[name] = f
		// archive/zip fails when a part holds more than it declares.
		if sum += f.UncompressedSize64; f.UncompressedSize64 > uint64(b.limits.Unzipped) || sum > uint64(b.limits.Unzipped) || b.swells(f) {
			return errs.New(errs.TooLarge, "xlsx.bomb")
		}
	}
	if b.parts["xl/workbook.xml"] == nil {
		return errs.New(errs.Invalid, "xlsx.not_workbook")
	}
	return nil
}

// mayStaySmall is a size that hurts nobody, whatever its ratio.
const mayStaySmall = 1 << 20

func (b *Book) swells(f *zip.File) bool {
	return f.UncompressedSize64 > mayStaySmall && f.UncompressedSize64/uint64(b.limits.Ratio) > f.CompressedSize64
}

// partName is the name by which a part is found, small letters and slashes as
// some programs do not write them. Names that climb out of the archive are
// refused, though nothing is ever unpacked to disk: no program for
// spreadsheets writes them.
func partName(name string) (string, error) {
	name = strings.ToLower(strings.TrimPrefix(strings.ReplaceAll(name, `\`, "/"), "/"))
	clean := path.Clean(name)
	if clean != strings.TrimSuffix(name, "/") || strings.HasPrefix(clean, "..") || strings.HasPrefix(clean, "/") || strings.ContainsAny(clean, ":\x00") {
		return "", errs.New(errs.Invalid, "xlsx.part_names")
	}
	return name, nil
}

func forbiddenPart(name string) string {
	for _, forbidden := range []struct{ piece, key string }{
		{"vbaproject", "xlsx.macros"},
		{"macrosheets/", "xlsx.macros"},
		{"activex/", "xlsx.macros"},
		{"dialogsheets/", "xlsx.macros"},
		{"externallinks/", "xlsx.links"},
		{"connections.xml", "xlsx.links"},
		{"querytables/", "xlsx.links"},
		{"embeddings/", "xlsx.embedded"},
	} {
		if strings.Contains(name, forbidden.piece) {
			return forbidden.key
		}
	}
	return ""
}

// refuseMacros looks at the content types too: a macro may hide in a part of
// any name.
func (b *Book) refuseMacros() error {
	found := false
	err := b.scan("[content_types].xml", func(_ *scanner, t *tag) error {
		kind := bytes.ToLower(t.attr("ContentType"))
		found = found || bytes.Contains(kind, []byte("macroenabled")) || bytes.Contains(kind, []byte("vbaproject"))
		return nil
	})
	if err == nil && found {
		return errs.New(errs.Invalid, "xlsx.macros")
	}
	return err
}

func (b *Book) readWorkbook() error {
	targets := map[string]string{}
	err := b.scan("xl/_rels/workbook.xml.rels", func(s *scanner, t *tag) error {
		if string(t.name) != "Relationship" {
			return nil
		}
		if strings.EqualFold(string(t.attr("TargetMode")), "External") {
			return errs.New(errs.Invalid, "xlsx.links")
		}
		target, err := s.attrText(t, "Target")
		targets[string(t.attr("Id"))] = resolve(target)
		return err
	})
	if err != nil {
		return err
	}
	err = b.scan("xl/workbook.xml", func(s *scanner, t *tag) error {
		switch string(t.name) {
		case "workbookPr":
			b.mac = isTrue(t.attr("date1904"))
		case "sheet":
			return b.addSheet(s, t, targets[string(t.attr("id"))])
		}
		return nil
	})
	if err == nil && len(b.Sheets) == 0 {
		return errs.New(errs.Invalid, "xlsx.empty")
	}
	return err
}

// addSheet leaves out sheets that are a chart and nothing else.
func (b *Book) addSheet(s *scanner, t *tag, part string) error {
	if strings.Contains(part, "chartsheets/") {
		return nil
	}
	if b.parts[part] == nil {
		return s.broken()
	}
	name, err := s.attrText(t, "name")
	state := string(t.attr("state"))
	b.Sheets = append(b.Sheets, Tab{Name: name, Hidden: state == "hidden" || state == "veryHidden", part: part})
	return err
}

func isTrue(value []byte) bool { return string(value) == "1" || string(value) == "true" }

// resolve makes a relation's target a part's name.
func resolve(target string) string {
	if !strings.HasPrefix(target, "/") {
		target = path.Join("xl", target)
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
}

// readSizes reads the size that each sheet states above its rows.
func (b *Book) readSizes() error {
	for i := range b.Sheets {
		sheet := &b.Sheets[i]
		err := b.walk(sheet.part, func(_ *scanner, t *tag) error {
			switch string(t.name) {
			case "dimension":
				if area, ok := parseArea(t.attr("ref")); ok && area.Bottom > 1 {
					sheet.Rows, sheet.Columns = area.Bottom, area.Right+1
				}
				return errStop
			case "sheetData":
				return errStop
			}
			return nil
		})
		if err != nil && err != errStop {
			return err
		}
	}
	return nil
}

// Merged lists the areas of sheet i whose cells are merged into one. They
// stand below the rows in the file, so it unpacks the whole sheet, but passes
// over the rows without looking at them.
func (b *Book) Merged(i int) ([]Area, error) {
	if i < 0 || i >= len(b.Sheets) {
		return nil, errs.New(errs.NotFound, "xlsx.no_sheet")
	}
	if b.csv != nil {
		return nil, nil
	}
	var areas []Area
	return areas, b.scan(b.Sheets[i].part, func(s *scanner, t *tag) error {
		switch string(t.name) {
		case "sheetData":
			if !t.empty {
				return s.skipPast("</" + string(t.prefix) + "sheetData")
			}
		case "mergeCell":
			if len(areas) >= b.limits.Rows {
				return errs.New(errs.TooLarge, "xlsx.too_many_merges", b.Sheets[i].Name, b.limits.Rows)
			}
			area, ok := parseArea(t.attr("ref"))
			if !ok {
				return s.broken()
			}
			areas = append(areas, area)
		}
		return nil
	})
}

// scan calls visit for each begin of a part that must be there.
func (b *Book) scan(part string, visit func(*scanner, *tag) error) error {
	return b.walk(part, func(s *scanner, t *tag) error {
		if t.kind != opens {
			return nil
		}
		return visit(s, t)
	})
}

// walk calls visit for each tag and text of a part.
func (b *Book) walk(part string, visit func(*scanner, *tag) error) error {
	f := b.parts[part]
	if f == nil {
		return errs.New(errs.Invalid, "xlsx.not_workbook")
	}
	content, err := f.Open()
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "xlsx.broken", f.Name)
	}
	defer content.Close()
	s := newScanner(content, f.Name)
	for {
		t, err := s.next()
		if err == nil {
			err = visit(s, t)
		}
		if err != nil {
			return s.endOf(err)
		}
	}
}
