package xlsx

import (
	"archive/zip"
	"encoding/xml"
	"io"
	"path"
	"slices"
	"strings"

	"chibo/internal/platform/errs"
)

// Book is an opened workbook.
type Book struct {
	Sheets []Tab

	limits  Limits
	parts   map[string]*zip.File
	strings []string
	formats []numberFormat
	base    int // day number of 30/12/1899 or, in old Mac files, 1/1/1904
}

// Tab is one sheet of a workbook.
type Tab struct {
	Name   string
	Hidden bool
	part   string
}

// maxParts bounds the files in the zip; a workbook has a few dozen.
const maxParts = 2000

// Open opens a workbook (.xlsx). Fails with Invalid when it is none, holds
// macros, links to other files or embedded ones, or is locked; with TooLarge
// over a limit. Values are read as they were last computed, no formula runs.
func Open(r io.ReaderAt, size int64, limits Limits) (*Book, error) {
	archive, err := zip.NewReader(r, size)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "xlsx.not_workbook")
	}
	b := &Book{limits: limits, parts: map[string]*zip.File{}}
	if err := b.index(archive.File); err != nil {
		return nil, err
	}
	if err := b.refuseMacros(); err != nil {
		return nil, err
	}
	if err := b.readWorkbook(); err != nil {
		return nil, err
	}
	if err := b.readStyles(); err != nil {
		return nil, err
	}
	return b, b.readStrings()
}

func (b *Book) first() int {
	return max(0, slices.IndexFunc(b.Sheets, func(t Tab) bool { return !t.Hidden }))
}

// index lists the parts and refuses what no register needs.
func (b *Book) index(files []*zip.File) error {
	if len(files) > maxParts {
		return errs.New(errs.TooLarge, "xlsx.too_large")
	}
	var sum uint64
	for _, f := range files {
		name := strings.ToLower(strings.TrimPrefix(f.Name, "/"))
		if _, double := b.parts[name]; double {
			return errs.New(errs.Invalid, "xlsx.not_workbook")
		}
		if key := forbiddenPart(name); key != "" {
			return errs.New(errs.Invalid, key)
		}
		b.parts[name] = f
		// archive/zip fails when a part holds more than it declares.
		if sum += f.UncompressedSize64; f.UncompressedSize64 > uint64(b.limits.Unzipped) || sum > uint64(b.limits.Unzipped) {
			return errs.New(errs.TooLarge, "xlsx.too_large")
		}
	}
	return nil
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
	err := b.scan("[content_types].xml", func(t tag) error {
		kind := strings.ToLower(t.attr("ContentType"))
		found = found || strings.Contains(kind, "macroenabled") || strings.Contains(kind, "vbaproject")
		return nil
	})
	if err == nil && found {
		return errs.New(errs.Invalid, "xlsx.macros")
	}
	return err
}

func (b *Book) readWorkbook() error {
	targets := map[string]string{}
	err := b.scan("xl/_rels/workbook.xml.rels", func(t tag) error {
		if t.name != "Relationship" {
			return nil
		}
		if strings.EqualFold(t.attr("TargetMode"), "External") {
			return errs.New(errs.Invalid, "xlsx.links")
		}
		targets[t.attr("Id")] = resolve(t.attr("Target"))
		return nil
	})
	if err != nil {
		return err
	}
	err = b.scan("xl/workbook.xml", func(t tag) error {
		switch t.name {
		case "workbookPr":
			if v := t.attr("date1904"); v == "1" || v == "true" {
				b.base = days1904
			}
		case "sheet":
			state := t.attr("state")
			b.Sheets = append(b.Sheets, Tab{Name: t.attr("name"), Hidden: state == "hidden" || state == "veryHidden", part: targets[t.attr("id")]})
		}
		return nil
	})
	if err == nil && len(b.Sheets) == 0 {
		return errs.New(errs.Invalid, "xlsx.not_workbook")
	}
	return err
}

// resolve makes a relation's target a part's name.
func resolve(target string) string {
	if !strings.HasPrefix(target, "/") {
		target = path.Join("xl", target)
	}
	return strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
}

// readStrings reads the texts that cells share; a workbook may have none.
func (b *Book) readStrings() error {
	const part = "xl/sharedstrings.xml"
	if b.parts[part] == nil {
		return nil
	}
	most := b.limits.Rows * b.limits.Columns
	var text richText
	return b.walk(part, func(t tag) error {
		switch {
		case t.name == "si" && t.opens:
			text = richText{}
		case t.name == "si":
			if len(b.strings) >= most {
				return errs.New(errs.TooLarge, "xlsx.too_large")
			}
			b.strings = append(b.strings, text.String())
		default:
			text.take(t)
		}
		return nil
	})
}

// richText joins the runs of a text and leaves out the reading aids above
// East Asian ones.
type richText struct {
	strings.Builder
	inText, inAid bool
}

func (r *richText) take(t tag) {
	switch {
	case t.name == "t":
		r.inText = t.opens
	case t.name == "rPh":
		r.inAid = t.opens
	case t.name == "" && r.inText && !r.inAid:
		r.WriteString(t.text)
	}
}

// tag is a start, an end, or (without a name) text. It is valid until the next.
type tag struct {
	name  string
	opens bool
	text  string
	attrs []xml.Attr
}

// attr finds an attribute by its local name.
func (t tag) attr(name string) string {
	for _, a := range t.attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// scan calls visit for each start tag of a part that must be there.
func (b *Book) scan(part string, visit func(tag) error) error {
	return b.walk(part, func(t tag) error {
		if !t.opens {
			return nil
		}
		return visit(t)
	})
}

// walk calls visit for each tag and text of a part.
func (b *Book) walk(part string, visit func(tag) error) error {
	f := b.parts[part]
	if f == nil {
		return errs.New(errs.Invalid, "xlsx.not_workbook")
	}
	content, err := f.Open()
	if err != nil {
		return errs.Wrap(err, errs.Invalid, "xlsx.broken", f.Name)
	}
	defer content.Close()
	if err := walkXML(&boundedReader{from: content, left: b.limits.Unzipped}, visit); err != nil {
		if _, classified := errs.As(err); classified || err == errStop {
			return err
		}
		return errs.Wrap(err, errs.Invalid, "xlsx.broken", f.Name)
	}
	return nil
}

func walkXML(r io.Reader, visit func(tag) error) error {
	decoder := xml.NewDecoder(r)
	for {
		token, err := decoder.RawToken()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			err = visit(tag{name: token.Name.Local, opens: true, attrs: token.Attr})
		case xml.EndElement:
			err = visit(tag{name: token.Name.Local})
		case xml.CharData:
			err = visit(tag{text: string(token)})
		}
		if err != nil {
			return err
		}
	}
}
