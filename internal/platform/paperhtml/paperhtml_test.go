package paperhtml

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/papertest"
)

var update = flag.Bool("update", false, "write the golden files anew")

func write(t testing.TB, d paper.Document) string {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, d); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestGolden(t *testing.T) {
	picture := regexp.MustCompile(`base64,[^"]*`)
	for name, content := range map[string]string{
		"resolution.html": write(t, papertest.Resolution()),
		"minutes.html":    write(t, papertest.Minutes()),
		"slips.html":      picture.ReplaceAllString(write(t, papertest.Slips()), "base64,…"),
		"page.css":        PageCSS(papertest.Format()),
	} {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(content, "\n")); diff != "" {
			t.Errorf("%s (run with -update when the change is meant):\n%s", file, diff)
		}
	}
}

// TestEveryClassHasALook holds the classes of the fragment against the sheet.
func TestEveryClassHasALook(t *testing.T) {
	html := write(t, papertest.Resolution()) + write(t, papertest.Minutes()) + write(t, papertest.Slips())
	plain := map[string]bool{
		// Names for those who style further; they look like the text around.
		"paper-head-left": true, "paper-post": true,
	}
	for _, attr := range regexp.MustCompile(`class="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		for _, class := range strings.Fields(attr[1]) {
			if !plain[class] && !regexp.MustCompile(`\.`+class+`\b`).MatchString(CSS) {
				t.Errorf("paper.css does not know .%s", class)
			}
		}
	}
}

// TestStrictPolicy holds what a Content-Security-Policy without unsafe-inline
// would not run.
func TestStrictPolicy(t *testing.T) {
	html := write(t, papertest.Resolution()) + write(t, papertest.Slips())
	if found := regexp.MustCompile(`(?i)<[^>]*\s(style|on\w+)=|<(script|style|iframe|link)\b`).FindString(html); found != "" {
		t.Errorf("the fragment holds %s", found)
	}
}

func TestPageCSSKeepsItsString(t *testing.T) {
	f := papertest.Format()
	f.Font = `A"; } body { display: none } \`
	if css := PageCSS(f); strings.Contains(css, `A"`) || strings.Contains(css, "body {") || strings.Contains(css, `\`) {
		t.Errorf("the font's name broke out:\n%s", css)
	}
	f.PageNumber.From = 0
	if strings.Contains(PageCSS(f), "counter(page)") {
		t.Error("a page number although the format has none")
	}
}

type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestErrors(t *testing.T) {
	if err := Write(io.Discard, paper.Document{}); err == nil {
		t.Error("a document without a format was written")
	}
	if err := Write(brokenPipe{}, papertest.Minutes()); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("got %v", err)
	}
}

// FuzzEscaping puts any text everywhere: the fragment stays well formed, has
// the same elements, and gives the text back.
func FuzzEscaping(f *testing.F) {
	for _, seed := range []string{"đồng chí", `<script>alert(1)</script>`, `" onload="x`, "a\x00\xff\n&amp;", "]]>", "<br>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d := paper.Document{Format: papertest.Format(), Blocks: []paper.Block{
			paper.Letterhead{Issuer: s, Number: s, Motto: s, PlaceDate: s, Subject: s},
			paper.Paragraph{Runs: []paper.Run{{Text: s, Bold: true, Italic: true, Underline: true}}},
			paper.Dashes(s),
			paper.Table{Columns: []paper.Column{{}}, Rows: []paper.Row{paper.Cells(s)}},
			paper.SignaturePair{Left: paper.Signature{Post: s, Name: s}},
		}}
		var text strings.Builder
		decoder := xml.NewDecoder(strings.NewReader(write(t, d)))
		for {
			token, err := decoder.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%q: %v", s, err)
			}
			switch token := token.(type) {
			case xml.CharData:
				text.Write(token)
			case xml.StartElement:
				if !known[token.Name.Local] {
					t.Fatalf("%q made an element %s", s, token.Name.Local)
				}
			}
		}
		if want := strings.ReplaceAll(paper.Clean(s), "\n", ""); !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in %q", want, text.String())
		}
	})
}

var known = map[string]bool{
	"article": true, "header": true, "footer": true, "div": true, "p": true, "span": true, "br": true, "strong": true, "em": true, "u": true,
	"ul": true, "li": true, "table": true, "colgroup": true, "col": true, "tbody": true, "tr": true, "td": true,
}
