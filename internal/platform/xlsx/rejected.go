package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"strings"

	"chibo/internal/platform/errs"
)

// Rejected are the rows of a sheet that go back to whoever sent them.
type Rejected struct {
	Sheet int
	// Head is the number of the last row of titles and heads; these rows are
	// kept as they are.
	Head int
	// Reasons says for each row that goes back, by its number, what is wrong.
	Reasons map[int]string
	// ReasonHead is the head of the column of reasons. A last column that has
	// this head already, as in a copy that went back before, is written over.
	ReasonHead string
	// Convert, if there is one, is applied to the texts of a CSV file, which
	// goes back in UTF-8 whatever it came in.
	Convert func(text string) string
}

// WriteRejected writes a copy of the book that holds only the rejected rows of
// the sheets named, with the reason behind each: titles, heads, widths, fonts
// and merged cells as they were; a merged cell that spans several rows is
// filled into each. A workbook stays one, and a CSV file stays one with the
// same separator. Fails as reading does.
func (b *Book) WriteRejected(out io.Writer, sheets ...Rejected) error {
	for _, r := range sheets {
		if r.Sheet < 0 || r.Sheet >= len(b.Sheets) {
			return errs.New(errs.NotFound, "xlsx.no_sheet")
		}
	}
	if len(sheets) == 0 {
		return fmt.Errorf("xlsx: no sheet to write")
	}
	if b.csv != nil {
		return b.writeRejectedCSV(out, sheets[0])
	}
	c := copier{book: b, zip: zip.NewWriter(out), numbers: map[int]int{}}
	for _, write := range []func([]Rejected) error{c.writeFrame, c.writeStyles, c.writeSheets, c.writeTexts} {
		if err := write(sheets); err != nil {
			return err
		}
	}
	return c.zip.Close()
}

// keeps reports whether a row is in the copy.
func (r *Rejected) keeps(row int) bool {
	_, rejected := r.Reasons[row]
	return rejected || row <= r.Head
}

// reasonColumn is where the reasons go: behind the last cell that is kept, or
// over the reasons of the time before.
func (b *Book) reasonColumn(r Rejected) (int, error) {
	last, over := -1, -1
	for row, err := range b.Rows(r.Sheet) {
		if err != nil {
			return 0, err
		}
		if !r.keeps(row.Number) {
			continue
		}
		last = max(last, len(row.Cells)-1)
		if n := len(row.Cells) - 1; row.Number <= r.Head && row.Cells[n].Text == r.ReasonHead {
			over = n
		}
	}
	if over >= 0 && over == last {
		return over, nil
	}
	return last + 1, nil
}

func (b *Book) writeRejectedCSV(out io.Writer, r Rejected) error {
	column, err := b.reasonColumn(r)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, byteOrderMark); err != nil {
		return err
	}
	w := csv.NewWriter(out)
	w.Comma, w.UseCRLF = b.csv.separator, true
	written := 0
	for row, err := range b.Rows(r.Sheet) {
		if err != nil {
			return err
		}
		if !r.keeps(row.Number) {
			continue
		}
		for ; row.Number <= r.Head && written < row.Number-1; written++ {
			if err := w.Write(nil); err != nil { // an empty row above the head
				return err
			}
		}
		if err := w.Write(r.record(row, column)); err != nil {
			return err
		}
		written++
	}
	w.Flush()
	return w.Error()
}

func (r *Rejected) record(row Row, column int) []string {
	record := make([]string, column, column+1)
	for i := range record {
		record[i] = row.Cell(i).Text
		if r.Convert != nil {
			record[i] = r.Convert(record[i])
		}
	}
	switch {
	case row.Number > r.Head:
		return append(record, r.Reasons[row.Number])
	case row.Number == r.Head:
		return append(record, r.ReasonHead)
	}
	return record
}

// copier writes the copy of a workbook. Only what the rows need goes into it:
// the texts of other rows are other people's.
type copier struct {
	book *Book
	zip  *zip.Writer

	// headStyle and reasonStyle are the numbers of the styles of the column of
	// reasons. bare: the book has no styles that could be added to.
	headStyle, reasonStyle int
	bare                   bool

	// numbers are the new numbers of shared texts, in the order of wanted.
	numbers map[int]int
	wanted  []int
}

const (
	xmlHead      = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	mainSpace    = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	strictSpace  = "http://purl.oclc.org/ooxml/spreadsheetml/main"
	officeSpace  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	packageSpace = "http://schemas.openxmlformats.org/package/2006/"
	partType     = "application/vnd.openxmlformats-officedocument."
	sheetType    = partType + "spreadsheetml."
	themePart    = "xl/theme/theme1.xml"
)

func (c *copier) write(part, content string) error {
	w, err := c.zip.Create(part)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xmlHead+content)
	return err
}

// writeFrame writes what names the parts.
func (c *copier) writeFrame(sheets []Rejected) error {
	var types, tabs, relations strings.Builder
	relate := func(id, kind, target string) {
		fmt.Fprintf(&relations, `<Relationship Id="%s" Type="%s/%s" Target="%s"/>`, id, officeSpace, kind, target)
	}
	override := func(part, kind string) {
		fmt.Fprintf(&types, `<Override PartName="/xl/%s" ContentType="%s+xml"/>`, part, kind)
	}
	override("workbook.xml", sheetType+"sheet.main")
	for i, r := range sheets {
		part := fmt.Sprintf("worksheets/sheet%d.xml", i+1)
		override(part, sheetType+"worksheet")
		relate(fmt.Sprintf("rId%d", i+1), "worksheet", part)
		fmt.Fprintf(&tabs, `<sheet name="%s" sheetId="%d" r:id="rId%d"/>`, escaped(c.book.Sheets[r.Sheet].Name), i+1, i+1)
	}
	override("styles.xml", sheetType+"styles")
	relate("styles", "styles", "styles.xml")
	override("sharedStrings.xml", sheetType+"sharedStrings")
	relate("texts", "sharedStrings", "sharedStrings.xml")
	if c.book.parts[themePart] != nil {
		override("theme/theme1.xml", partType+"theme")
		relate("theme", "theme", "theme/theme1.xml")
		if err := c.copyPart(themePart); err != nil {
			return err
		}
	}
	mac := ""
	if c.book.mac {
		mac = `<workbookPr date1904="1"/>`
	}
	for _, part := range []struct{ name, content string }{
		{"[Content_Types].xml", `<Types xmlns="` + packageSpace + `content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>` + types.String() + `</Types>`},
		{"_rels/.rels", `<Relationships xmlns="` + packageSpace + `relationships"><Relationship Id="rId1" Type="` + officeSpace + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<workbook xmlns="` + mainSpace + `" xmlns:r="` + officeSpace + `">` + mac + `<bookViews><workbookView/></bookViews><sheets>` + tabs.String() + `</sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships xmlns="` + packageSpace + `relationships">` + relations.String() + `</Relationships>`},
	} {
		if err := c.write(part.name, part.content); err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) copyPart(name string) error {
	w, err := c.zip.Create(name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, xmlHead); err != nil {
		return err
	}
	return c.book.walk(name, func(_ *scanner, t *tag) error {
		_, err := w.Write(t.raw)
		return err
	})
}

// Two fonts, a fill, a border and two styles dress the column of reasons.
const (
	reasonFonts  = `<font><sz val="12"/><color rgb="FF9C0006"/><name val="Times New Roman"/></font><font><b/><sz val="12"/><color rgb="FF9C0006"/><name val="Times New Roman"/></font>`
	reasonFill   = `<fill><patternFill patternType="solid"><fgColor rgb="FFFFF2CC"/></patternFill></fill>`
	reasonBorder = `<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border>`
	reasonXf     = `<xf numFmtId="0" fontId="%d" fillId="%d" borderId="%d" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="%d" fillId="%d" borderId="%d" xfId="0" applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>`
	bareStyles = `<styleSheet xmlns="` + mainSpace + `"><fonts><font><sz val="12"/><name val="Times New Roman"/></font>` + reasonFonts + `</fonts><fills><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>` + reasonFill + `</fills><borders><border/>` + reasonBorder + `</borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs><xf xfId="0"/>%s</cellXfs></styleSheet>`
)

// writeStyles writes the styles of the book with those of the reasons behind.
func (c *copier) writeStyles([]Rejected) error {
	var patched bytes.Buffer
	p := stylePatch{out: &patched, count: map[string]int{}}
	if c.book.parts["xl/styles.xml"] != nil {
		if err := c.book.walk("xl/styles.xml", p.take); err != nil {
			return err
		}
	}
	if len(p.count) == len(patchedLists) {
		c.reasonStyle = p.count["cellXfs"]
		c.headStyle = c.reasonStyle + 1
		return c.write("xl/styles.xml", patched.String())
	}
	c.bare, c.reasonStyle, c.headStyle = true, 1, 2
	return c.write("xl/styles.xml", fmt.Sprintf(bareStyles, fmt.Sprintf(reasonXf, 1, 2, 1, 2, 2, 1)))
}

// patchedLists are the lists of styles that get something added.
var patchedLists = []string{"fonts", "fills", "borders", "cellXfs"}

// stylePatch copies styles and adds those of the reasons at the end of each
// list.
type stylePatch struct {
	out   *bytes.Buffer
	list  string // that is open
	depth int    // below the list
	count map[string]int
}

func (p *stylePatch) take(_ *scanner, t *tag) error {
	name := string(t.name)
	switch {
	case t.kind == words:
	case p.list == "" && t.kind == opens && !t.empty && isPatched(name):
		p.list = name
		p.count[name] = 0
		writeTag(p.out, t, "count")
		return nil
	case p.list == name && t.kind == closes && p.depth == 0:
		p.list = ""
		p.out.WriteString(prefixed(p.addition(name), string(t.prefix)))
	case p.list != "" && t.kind == opens:
		if p.depth == 0 {
			p.count[p.list]++
		}
		p.depth++
	case p.list != "":
		p.depth--
	}
	p.out.Write(rooted(t))
	return nil
}

func isPatched(name string) bool {
	for _, list := range patchedLists {
		if name == list {
			return true
		}
	}
	return false
}

func (p *stylePatch) addition(list string) string {
	switch list {
	case "fonts":
		return reasonFonts
	case "fills":
		return reasonFill
	case "borders":
		return reasonBorder
	}
	font, fill, border := p.count["fonts"], p.count["fills"], p.count["borders"]
	return fmt.Sprintf(reasonXf, font, fill, border, font+1, fill, border)
}

// prefixed puts the prefix of the file before the names of generated tags.
func prefixed(xml, prefix string) string {
	if prefix == "" {
		return xml
	}
	return strings.ReplaceAll(strings.ReplaceAll(xml, "<", "<"+prefix), "<"+prefix+"/", "</"+prefix)
}

// rooted is the tag as it stands; the few workbooks of the strict kind are
// told to be of the usual one, as the frame is.
func rooted(t *tag) []byte {
	if t.kind == opens && bytes.Contains(t.raw, []byte(strictSpace)) {
		return bytes.ReplaceAll(t.raw, []byte(strictSpace), []byte(mainSpace))
	}
	return t.raw
}

// writeTag writes a begin without some of its attributes, and without those of
// other name spaces, which may refer to parts that are not copied.
func writeTag(out *bytes.Buffer, t *tag, without ...string) {
	out.WriteByte('<')
	out.Write(t.prefix)
	out.Write(t.name)
	writeAttrs(out, t, without...)
	if t.empty {
		out.WriteByte('/')
	}
	out.WriteByte('>')
}

func writeAttrs(out *bytes.Buffer, t *tag, without ...string) {
next:
	for rest := t.attrs; ; {
		key, value, after, ok := cutAttr(rest)
		if !ok {
			return
		}
		rest = after
		if bytes.IndexByte(key, ':') >= 0 {
			continue
		}
		for _, name := range without {
			if string(key) == name {
				continue next
			}
		}
		writeAttr(out, string(key), value)
	}
}

// writeAttr writes an attribute whose value stood in quotes of either kind.
func writeAttr(out *bytes.Buffer, name string, value []byte) {
	fmt.Fprintf(out, ` %s="%s"`, name, bytes.ReplaceAll(value, []byte(`"`), []byte("&quot;")))
}

// writeTexts writes the shared texts that the rows name.
func (c *copier) writeTexts([]Rejected) error {
	const part = "xl/sharedstrings.xml"
	raw := make([][]byte, len(c.wanted))
	root, end := `<sst xmlns="`+mainSpace+`">`, "</sst>"
	if c.book.parts[part] != nil && len(c.wanted) > 0 {
		var err error
		if root, end, err = c.gather(part, raw); err != nil {
			return err
		}
	}
	w, err := c.zip.Create("xl/sharedStrings.xml")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xmlHead+root)
	for _, text := range raw {
		if err == nil {
			_, err = w.Write(text)
		}
	}
	if err == nil {
		_, err = io.WriteString(w, end)
	}
	return err
}

// gather finds the texts that are wanted as they stand in the file, and the
// tags around all texts.
func (c *copier) gather(part string, raw [][]byte) (root, end string, err error) {
	index, place := -1, -1
	err = c.book.walk(part, func(_ *scanner, t *tag) error {
		switch {
		case string(t.name) == "sst" && t.kind == opens:
			root, end = string(withoutCounts(rooted(t))), "</"+string(t.prefix)+"sst>"
			return nil
		case string(t.name) == "si" && t.kind == opens:
			index++
			place = -1
			if n, ok := c.numbers[index]; ok {
				place = n
			}
		}
		if place >= 0 {
			raw[place] = append(raw[place], t.raw...)
		}
		if string(t.name) == "si" && t.kind == closes {
			place = -1
		}
		return nil
	})
	return root, end, err
}

func withoutCounts(root []byte) []byte {
	for _, name := range []string{` count="`, ` uniqueCount="`} {
		if from := bytes.Index(root, []byte(name)); from >= 0 {
			if n := bytes.IndexByte(root[from+len(name):], '"'); n >= 0 {
				root = append(bytes.Clone(root[:from]), root[from+len(name)+n+1:]...)
			}
		}
	}
	return root
}

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;")

func escaped(s string) string { return escaper.Replace(printable(s)) }
