package docx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/papertest"
)

var update = flag.Bool("update", false, "write the golden files anew")

var documents = map[string]func() paper.Document{
	"resolution": papertest.Resolution,
	"minutes":    papertest.Minutes,
	"slips":      papertest.Slips,
}

func write(t testing.TB, d paper.Document) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func unzip(t testing.TB, data []byte) map[string]string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]string{}
	for _, f := range archive.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, double := parts[f.Name]; double {
			t.Errorf("%s is there twice", f.Name)
		}
		parts[f.Name] = string(content)
	}
	return parts
}

// TestGolden compares the parts of each document with files that a person has
// looked at in Word's and LibreOffice's rendering.
func TestGolden(t *testing.T) {
	for name, document := range documents {
		t.Run(name, func(t *testing.T) {
			for part, content := range unzip(t, write(t, document())) {
				if path.Ext(part) == ".png" {
					continue // the caller's own bytes
				}
				golden(t, filepath.Join("testdata", name, strings.ReplaceAll(part, "/", "_")), content)
			}
		})
	}
}

func golden(t *testing.T, file, content string) {
	t.Helper()
	content = strings.NewReplacer("</w:p>", "</w:p>\n", "</w:style>", "</w:style>\n").Replace(content)
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(content, "\n")); diff != "" {
		t.Errorf("%s (run with -update when the change is meant):\n%s", file, diff)
	}
}

func TestSameBytes(t *testing.T) {
	for name, document := range documents {
		if !bytes.Equal(write(t, document()), write(t, document())) {
			t.Errorf("%s: the same document gave other bytes", name)
		}
	}
}

// node is an element of a part.
type node struct {
	XMLName xml.Name
	Attrs   []xml.Attr `xml:",any,attr"`
	Nodes   []node     `xml:",any"`
}

func (n node) attr(local string) string {
	for _, a := range n.Attrs {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}

func (n node) walk(visit func(node)) {
	visit(n)
	for _, child := range n.Nodes {
		child.walk(visit)
	}
}

func parse(t testing.TB, part, content string) node {
	t.Helper()
	var root node
	if err := xml.Unmarshal([]byte(content), &root); err != nil {
		t.Fatalf("%s is not well formed: %v", part, err)
	}
	return root
}

// TestPackage holds what Word refuses a file for: parts that are not well
// formed, lack a content type, or name parts and styles that are not there.
func TestPackage(t *testing.T) {
	plain := papertest.Resolution()
	plain.Format.PageNumber.From = 0
	all := map[string]paper.Document{"without page numbers": plain, "empty": {Format: papertest.Format()}}
	for name, document := range documents {
		all[name] = document()
	}
	for name, d := range all {
		t.Run(name, func(t *testing.T) {
			parts := unzip(t, write(t, d))
			checkContentTypes(t, parts)
			ids := checkRelations(t, parts)
			checkReferences(t, parts, ids)
			checkOrder(t, parse(t, "document", parts["word/document.xml"]))
			checkOrder(t, parse(t, "styles", parts["word/styles.xml"]))
		})
	}
}

func checkContentTypes(t *testing.T, parts map[string]string) {
	defaults, overrides := map[string]bool{}, map[string]bool{}
	for _, n := range parse(t, "types", parts["[Content_Types].xml"]).Nodes {
		defaults[n.attr("Extension")] = true
		overrides[n.attr("PartName")] = true
		if name := n.attr("PartName"); name != "" && parts[strings.TrimPrefix(name, "/")] == "" {
			t.Errorf("a content type for %s, which is missing", name)
		}
	}
	for name := range parts {
		extension := strings.TrimPrefix(path.Ext(name), ".")
		if name != "[Content_Types].xml" && !overrides["/"+name] && (!defaults[extension] || extension == "xml") {
			t.Errorf("%s has no content type", name)
		}
	}
}

// checkRelations returns the ids that the main part may use.
func checkRelations(t *testing.T, parts map[string]string) map[string]bool {
	ids := map[string]bool{}
	for _, source := range []struct{ part, folder string }{{"_rels/.rels", ""}, {"word/_rels/document.xml.rels", "word"}} {
		for _, n := range parse(t, source.part, parts[source.part]).Nodes {
			target := path.Join(source.folder, n.attr("Target"))
			if parts[target] == "" {
				t.Errorf("%s names %s, which is missing", source.part, target)
			}
			if source.folder == "word" {
				if ids[n.attr("Id")] {
					t.Errorf("relation %s is there twice", n.attr("Id"))
				}
				ids[n.attr("Id")] = true
			}
		}
	}
	return ids
}

func checkReferences(t *testing.T, parts map[string]string, ids map[string]bool) {
	styles := map[string]bool{}
	parse(t, "styles", parts["word/styles.xml"]).walk(func(n node) {
		if n.XMLName.Local == "style" {
			if styles[n.attr("styleId")] {
				t.Errorf("style %s is there twice", n.attr("styleId"))
			}
			styles[n.attr("styleId")] = true
		}
	})
	for name, content := range parts {
		if path.Ext(name) == ".png" {
			continue
		}
		parse(t, name, content).walk(func(n node) {
			switch n.XMLName.Local {
			case "pStyle", "tblStyle", "basedOn":
				if !styles[n.attr("val")] {
					t.Errorf("%s uses style %q, which is missing", name, n.attr("val"))
				}
			case "blip", "headerReference":
				if id := n.attr("embed") + n.attr("id"); !ids[id] {
					t.Errorf("%s uses relation %q, which is missing", name, id)
				}
			}
		})
	}
}

// schemaOrder is the order that the schema of WordprocessingML gives to the
// children of an element; Word calls a file with another order damaged.
var schemaOrder = map[string][]string{
	"pPr":    {"pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "pBdr", "spacing", "ind", "jc", "outlineLvl"},
	"rPr":    {"rFonts", "b", "i", "sz", "szCs", "u", "lang"},
	"tblPr":  {"tblStyle", "tblW", "tblInd", "tblBorders", "tblLayout", "tblCellMar"},
	"tcPr":   {"tcW", "gridSpan", "vMerge", "vAlign"},
	"tbl":    {"tblPr", "tblGrid", "tr"},
	"tc":     {"tcPr", "p"},
	"sectPr": {"headerReference", "pgSz", "pgMar", "titlePg"},
	"style":  {"name", "basedOn", "uiPriority", "semiHidden", "qFormat", "pPr", "rPr", "tblPr"},
	"inline": {"extent", "docPr", "graphic"},
}

func checkOrder(t *testing.T, root node) {
	root.walk(func(n node) {
		order, known := schemaOrder[n.XMLName.Local]
		if !known {
			return
		}
		last := 0
		for _, child := range n.Nodes {
			at := slices.Index(order, child.XMLName.Local)
			if at < last {
				t.Errorf("%s: %s stands in the wrong place", n.XMLName.Local, child.XMLName.Local)
			}
			last = at
		}
		if n.XMLName.Local == "tc" && len(n.Nodes) < 2 {
			t.Error("a cell without a paragraph")
		}
	})
}

// TestPageGeometry holds the page of rules 26.1 in Word's own measures
// (1 mm = 56.7 twentieths of a point).
func TestPageGeometry(t *testing.T) {
	parts := unzip(t, write(t, papertest.Resolution()))
	document := parts["word/document.xml"]
	for _, want := range []string{
		`<w:pgSz w:w="11906" w:h="16838"/>`,
		`w:top="1134" w:right="850" w:bottom="1134" w:left="1701"`,
		`<w:titlePg/>`,
		`<w:tblHeader/>`, `<w:cantSplit/>`, `<w:keepNext`,
	} {
		if !strings.Contains(document, want) {
			t.Errorf("the document lacks %s", want)
		}
	}
	styles := parts["word/styles.xml"]
	for _, want := range []string{
		`w:ascii="Times New Roman"`, `<w:sz w:val="28"/>`, `<w:lang w:val="vi-VN"`,
		`<w:spacing w:before="0" w:after="120" w:line="360" w:lineRule="exact"/><w:ind w:firstLine="567"/><w:jc w:val="both"/>`,
		`<w:name w:val="heading 1"/>`,
	} {
		if !strings.Contains(styles, want) {
			t.Errorf("the styles lack %s", want)
		}
	}
	if turned := unzip(t, write(t, papertest.Slips()))["word/document.xml"]; !strings.Contains(turned, `<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>`) {
		t.Error("the turned page is not marked so")
	}
}

func TestWriteRefusesABrokenDocument(t *testing.T) {
	if err := Write(io.Discard, paper.Document{}); err == nil {
		t.Error("a document without a format was written")
	}
}

type brokenDisk struct{}

func (brokenDisk) Write([]byte) (int, error) { return 0, errDisk }

var errDisk = errors.New("disk full")

func TestWriteReportsTheWriter(t *testing.T) {
	if err := Write(brokenDisk{}, papertest.Resolution()); !errors.Is(err, errDisk) {
		t.Errorf("got %v", err)
	}
}

// FuzzEscaping puts any text everywhere; every part must stay well formed, and
// the text must come back as Clean leaves it.
func FuzzEscaping(f *testing.F) {
	for _, seed := range []string{"Đảng ủy", `<w:p>&"'</w:t>]]>`, "a\x00\x08\ufffe\xff", "dòng\nmới\r\n\t", "\u202Eexe", "&#0;&amp;"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := paper.Document{
			Format: papertest.Format(), Title: s, Subject: s, Author: s,
			Blocks: []paper.Block{
				paper.Letterhead{Superior: s, Issuer: s, Number: s, Motto: s, PlaceDate: s, Subject: s, Stamps: []string{s}, Notes: []string{s}},
				paper.Title{Name: s, Abstract: s},
				paper.Heading{Level: 1, Number: s, Text: s},
				paper.Paragraph{Runs: paper.Text(s)},
				paper.Dashes(s),
				paper.Table{Columns: []paper.Column{{}}, Head: []paper.Row{paper.Cells(s)}, Rows: []paper.Row{paper.Cells(s)}},
				paper.Closing{Recipients: paper.Recipients{Label: s, Lines: []string{s}}, Signature: paper.Signature{For: []string{s}, Post: s, Hint: s, Name: s}},
			},
		}
		d.Format.Font = "Times " + s
		parts := unzip(t, write(t, d))
		for name, content := range parts {
			parse(t, name, content)
		}
		if got, want := textOf(t, parts["word/document.xml"]), strings.ReplaceAll(paper.Clean(s), "\n", ""); !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	})
}

func textOf(t *testing.T, content string) string {
	var b strings.Builder
	decoder := xml.NewDecoder(strings.NewReader(content))
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			return b.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		if text, ok := token.(xml.CharData); ok {
			b.Write(text)
		}
	}
}

func BenchmarkDocx(b *testing.B) {
	d := papertest.Minutes()
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, d); err != nil {
			b.Fatal(err)
		}
	}
}
