package paper_test

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/goccy/go-yaml"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/papertest"
)

func TestLetter(t *testing.T) {
	var list []string
	for n := range 12 {
		list = append(list, paper.Letter(n))
	}
	if got, want := strings.Join(list, " "), " a b c d đ e g h i k l"; got != want {
		t.Errorf("letters %q, want %q", got, want)
	}
	for n, want := range map[int]string{-1: "", 23: "y", 24: "aa", 28: "ađ", 47: "ba"} {
		if got := paper.Letter(n); got != want {
			t.Errorf("letter %d is %q, want %q", n, got, want)
		}
	}
}

func TestRoman(t *testing.T) {
	for n, want := range map[int]string{0: "", -3: "", 1: "I", 4: "IV", 9: "IX", 14: "XIV", 40: "XL", 1990: "MCMXC", 2026: "MMXXVI"} {
		if got := paper.Roman(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}

func TestRecipientLines(t *testing.T) {
	r := paper.Recipients{Lines: []string{"Như trên", "- Đảng ủy xã (báo cáo),", " Lưu Chi bộ. "}}
	want := []string{"- Như trên,", "- Đảng ủy xã (báo cáo),", "- Lưu Chi bộ."}
	for i := range want {
		if got := r.Line(i); got != want[i] {
			t.Errorf("line %d is %q, want %q", i, got, want[i])
		}
	}
}

func TestClean(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain", "Nghị quyết 05-NQ/CB", "Nghị quyết 05-NQ/CB"},
		{"loose accents", "Nghi\u0323 quye\u0302\u0301t", "Nghị quyết"},
		{"control characters", "a\x00b\x07c\x1bd\x7fe\u0085f", "abcde\nf"},
		{"line ends", "a\r\nb\rc\u2028d\ve", "a\nb\nc\nd\ne"},
		{"tab", "a\tb", "a b"},
		{"turned direction", "cod\u202Eexe.docx", "codexe.docx"},
		{"broken UTF-8", "a\xffb", "a\uFFFDb"},
		{"no characters", "a\uFFFEb\uFEFFc\U0001FFFFd", "abcd"},
		{"emoji stays", "tốt 😀", "tốt 😀"},
	} {
		if got := paper.Clean(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"", "đồng chí", "e\u0302\u0301", "\xc3\x28", "\u202E\ufffe\r\n\t"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		clean := paper.Clean(s)
		if !utf8.ValidString(clean) {
			t.Errorf("%q is not UTF-8", clean)
		}
		if again := paper.Clean(clean); again != clean {
			t.Errorf("%q cleans to %q, then to %q", s, clean, again)
		}
		for _, r := range clean {
			if r < ' ' && r != '\n' {
				t.Errorf("%q holds %U", clean, r)
			}
		}
	})
}

const pack = `
width_mm: 210
height_mm: 297
margins_mm: {top: 20, bottom: 20, left: 30, right: 15}
font: Times New Roman
body_pt: 14
line_pt: 18
paragraph_pt: 6
indent_mm: 10
signature_mm: 25
letterhead_share: 0.45
title_rule: "-----"
page_number: {from: 2, top_mm: 10}
sizes_pt: {motto: 15, subject: 12, title: 16, abstract: 14, table: 13, recipients: 12}
`

func TestFormatIsReadFromAPack(t *testing.T) {
	var f paper.Format
	if err := yaml.UnmarshalWithOptions([]byte(pack), &f, yaml.Strict()); err != nil {
		t.Fatal(err)
	}
	if err := f.Check(); err != nil {
		t.Error(err)
	}
	if f != papertest.Format() {
		t.Errorf("read %+v", f)
	}
	if f.LineMM() != 165 {
		t.Errorf("a line is %v mm, want 165", f.LineMM())
	}
}

func TestFormatCheckNamesWhatIsWrong(t *testing.T) {
	for name, spoil := range map[string]func(f *paper.Format){
		"width_mm":            func(f *paper.Format) { f.WidthMM = 0 },
		"height_mm":           func(f *paper.Format) { f.HeightMM = math.NaN() },
		"margins_mm.left":     func(f *paper.Format) { f.Margins.Left = 90 },
		"margins_mm.top":      func(f *paper.Format) { f.Margins.Top = -1 },
		"font":                func(f *paper.Format) { f.Font = "" },
		"body_pt":             func(f *paper.Format) { f.BodyPt = 100 },
		"line_pt":             func(f *paper.Format) { f.LinePt = 13 },
		"letterhead_share":    func(f *paper.Format) { f.LetterheadShare = 0 },
		"page_number.from":    func(f *paper.Format) { f.PageNumber.From = 3 },
		"page_number.top_mm":  func(f *paper.Format) { f.PageNumber.TopMM = 14 },
		"sizes_pt.recipients": func(f *paper.Format) { f.Sizes.Recipients = 1 },
	} {
		f := papertest.Format()
		spoil(&f)
		if err := f.Check(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("spoilt %s: %v", name, err)
		}
	}
}

func TestCheckRefusesWhatNobodyCanSet(t *testing.T) {
	one := []paper.Column{{}, {}}
	for name, block := range map[string]paper.Block{
		"nil":             nil,
		"level 0":         paper.Heading{},
		"level 5":         paper.Heading{Level: 5},
		"no columns":      paper.Table{Rows: []paper.Row{{}}},
		"wide row":        paper.Table{Columns: one, Rows: []paper.Row{paper.Cells("1", "2", "3")}},
		"wide span":       paper.Table{Columns: one, Rows: []paper.Row{{{}, {Span: 2}}}},
		"down in body":    paper.Table{Columns: one, Rows: []paper.Row{{{Down: 2}}, {}}},
		"down past head":  paper.Table{Columns: one, Head: []paper.Row{{{Down: 2}}}},
		"covered":         paper.Table{Columns: one, Head: []paper.Row{{{Down: 2}}, paper.Cells("1", "2")}},
		"no picture":      paper.Image{WidthMM: 10, PNG: []byte("GIF89a")},
		"picture no size": paper.Image{},
		"inside":          paper.KeepTogether{Blocks: []paper.Block{paper.Heading{}}},
	} {
		d := paper.Document{Format: papertest.Format(), Blocks: []paper.Block{block}}
		if err := d.Check(); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	for _, d := range []paper.Document{papertest.Resolution(), papertest.Minutes(), papertest.Slips()} {
		if err := d.Check(); err != nil {
			t.Errorf("%s: %v", d.Title, err)
		}
	}
}

func TestWidths(t *testing.T) {
	for _, c := range []struct {
		name    string
		columns []paper.Column
		want    []float64
	}{
		{"equal", []paper.Column{{}, {}}, []float64{82.5, 82.5}},
		{"fixed and shared", []paper.Column{{WidthMM: 15}, {Share: 2}, {}}, []float64{15, 100, 50}},
		{"only fixed", []paper.Column{{WidthMM: 15}, {WidthMM: 50}}, []float64{15, 50}},
		{"too wide", []paper.Column{{WidthMM: 165}, {WidthMM: 165}}, []float64{82.5, 82.5}},
		{"nothing left", []paper.Column{{WidthMM: 165}, {}}, []float64{158.4, 6.6}},
	} {
		got := paper.Table{Columns: c.columns}.Widths(165)
		for i := range c.want {
			if math.Abs(got[i]-c.want[i]) > 1e-9 {
				t.Errorf("%s: %v, want %v", c.name, got, c.want)
			}
		}
	}
}
