package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"

	"github.com/klauspost/compress/flate"
)

// Stream is a workbook of texts that goes out while its rows come in: none is
// kept, in memory or on disk. Where a sheet is full, the next one begins under
// the same head. Until Close it is no workbook, and no program opens it.
type Stream struct {
	// SheetRows is how many rows a sheet takes, its head among them; 0 is as many
	// as Excel takes.
	SheetRows int

	dress   *Writer // its styles and its names of tabs
	zip     *zip.Writer
	name    string
	head    []string
	columns []string // their letters
	tabs    []string
	sheet   io.Writer // nil: none is open
	rows    int       // in the open sheet
	size    int64     // of it, unpacked
	line    []byte
}

// sheetSize is from where on a sheet is full, whatever its rows: a part of 4 GB
// needs a form of zip that not all programs for spreadsheets read.
const sheetSize = 3 << 30

// NewStream begins a workbook whose first sheet has the name.
func NewStream(out io.Writer, name string) (s *Stream, err error) {
	dress, err := NewWriter()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, dress.Close()) }()
	s = &Stream{dress: dress, zip: zip.NewWriter(out), name: name, SheetRows: maxRow}
	s.zip.RegisterCompressor(zip.Deflate, func(out io.Writer) (io.WriteCloser, error) { return flate.NewWriter(out, packing) })
	if err := errors.Join(s.part("[Content_Types].xml", streamTypes), s.part("_rels/.rels", streamRoot), s.wear()); err != nil {
		return nil, fmt.Errorf("xlsx: %w", err)
	}
	return s, nil
}

// packing is the level of compression.
const packing = 3

// Every part that is no other is a sheet, so that the types can be told before
// anybody knows how many there are.
const (
	streamTypes = xmlHead + `<Types xmlns="` + packageSpace + `content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Default Extension="xml" ContentType="` + sheetType + `worksheet+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + sheetType + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + sheetType + `styles+xml"/>` +
		`<Override PartName="/` + themePart + `" ContentType="` + partType + `theme+xml"/></Types>`
	streamRoot = xmlHead + `<Relationships xmlns="` + packageSpace + `relationships">` +
		`<Relationship Id="rId1" Type="` + officeSpace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
)

func (s *Stream) part(name, text string) error {
	part, err := s.zip.Create(name)
	if err == nil {
		_, err = io.WriteString(part, text)
	}
	return err
}

// wear copies the styles that workbooks of Writer have.
func (s *Stream) wear() error {
	packed, err := s.dress.file.WriteToBuffer()
	if err != nil {
		return err
	}
	from, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	if err != nil {
		return err
	}
	for _, part := range from.File {
		if slices.Contains([]string{"xl/styles.xml", themePart}, part.Name) {
			if err := s.zip.Copy(part); err != nil {
				return err
			}
		}
	}
	return nil
}

// Add writes a row, which is not kept. The first is the head, and no other has
// more texts.
func (s *Stream) Add(row []string) error {
	if s.sheet == nil {
		s.head = slices.Clone(row)
		for i := range row {
			s.columns = append(s.columns, Name(i))
		}
		return s.begin()
	}
	if len(row) > len(s.head) {
		return fmt.Errorf("xlsx: row of %d texts under a head of %d", len(row), len(s.head))
	}
	if s.rows >= s.SheetRows || s.size >= sheetSize {
		if err := errors.Join(s.end(), s.begin()); err != nil {
			return err
		}
	}
	return s.write(row, false)
}

// begin opens a sheet with its head, which stays in sight.
func (s *Stream) begin() (err error) {
	s.tabs = append(s.tabs, s.dress.nameFor(s.name))
	if s.sheet, err = s.zip.Create(fmt.Sprintf("xl/worksheets/sheet%d.xml", len(s.tabs))); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	s.rows, s.size = 0, 0
	if _, err = fmt.Fprintf(s.sheet, xmlHead+`<worksheet xmlns="`+mainSpace+`"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>`+
		`<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>`+
		`<cols><col min="1" max="%d" width="%d" customWidth="1"/></cols><sheetData>`, max(1, len(s.head)), rowWidth); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return s.write(s.head, true)
}

func (s *Stream) end() error {
	_, err := io.WriteString(s.sheet, `</sheetData><pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>`)
	return err
}

func (s *Stream) write(row []string, isHead bool) error {
	s.rows++
	number := strconv.Itoa(s.rows)
	line := append(append(append(s.line[:0], `<row r="`...), number...), `">`...)
	for i, text := range row {
		v := Text(text)
		if isHead {
			v = Value{head, printable(text)}
		}
		if text, ok := v.value.(string); ok {
			line = append(append(append(line, `<c r="`...), s.columns[i]...), number...)
			line = strconv.AppendInt(append(line, `" s="`...), int64(s.dress.styles[v.look]), 10)
			line = append(line, `" t="inlineStr"><is><t xml:space="preserve">`...)
			line = append(appendEscaped(line, text), `</t></is></c>`...)
		}
	}
	s.line = append(line, `</row>`...)
	s.size += int64(len(s.line))
	if _, err := s.sheet.Write(s.line); err != nil {
		return fmt.Errorf("xlsx: row %d: %w", s.rows, err)
	}
	return nil
}

// coded is a text that Excel would take for the code of a character.
var coded = regexp.MustCompile(`_x[0-9A-Fa-f]{4}_`)

// appendEscaped writes a printable text as XML.
func appendEscaped(line []byte, text string) []byte {
	from := 0
	for i := range len(text) {
		var instead string
		switch text[i] {
		case '&':
			instead = "&amp;"
		case '<':
			instead = "&lt;"
		case '>':
			instead = "&gt;"
		case '\t':
			instead = "&#9;"
		case '\n':
			instead = "&#10;"
		case '_':
			if !coded.MatchString(text[i:min(len(text), i+7)]) {
				continue
			}
			instead = "_x005F_"
		default:
			continue
		}
		line = append(append(line, text[from:i]...), instead...)
		from = i + 1
	}
	return append(line, text[from:]...)
}

// Close ends the workbook. A workbook without rows has one empty sheet.
func (s *Stream) Close() error {
	if s.sheet == nil {
		if err := s.Add(nil); err != nil {
			return err
		}
	}
	var tabs, relations bytes.Buffer
	for i, tab := range s.tabs {
		fmt.Fprintf(&tabs, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(tab), i+1, i+1)
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/worksheet" Target="worksheets/sheet%d.xml"/>`, i+1, officeSpace, i+1)
	}
	for i, other := range []struct{ kind, target string }{{"styles", "styles.xml"}, {"theme", "theme/theme1.xml"}} {
		fmt.Fprintf(&relations, `<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>`, len(s.tabs)+i+1, officeSpace, other.kind, other.target)
	}
	if err := errors.Join(s.end(),
		s.part("xl/workbook.xml", xmlHead+`<workbook xmlns="`+mainSpace+`" xmlns:r="`+officeSpace+`"><sheets>`+tabs.String()+`</sheets></workbook>`),
		s.part("xl/_rels/workbook.xml.rels", xmlHead+`<Relationships xmlns="`+packageSpace+`relationships">`+relations.String()+`</Relationships>`),
		s.zip.Close()); err != nil {
		return fmt.Errorf("xlsx: %w", err)
	}
	return nil
}
