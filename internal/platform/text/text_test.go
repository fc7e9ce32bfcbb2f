package text_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"chibo/internal/platform/text"
)

func TestLine(t *testing.T) {
	for in, want := range map[string]string{
		"":                               "",
		" \t\n ":                         "",
		"  Nguyễn  Văn\tAn \n":           "Nguyễn Văn An",
		"Nguyễn\u00a0Văn":                "Nguyễn Văn",
		"Nguy\u00adễn \u200bVăn\ufeff":   "Nguyễn Văn",
		"ha\u200bi":                      "hai",
		"e\u200d\u0302":                  "ê",
		norm.NFD.String("Hoà Lợi"):       "Hoà Lợi",
		"a\x00b\x07":                     "a b",
		"xấu\xff\xfe":                    "xấu\uFFFD",
		"\u202enguợc":                    "nguợc",
		"một\r\nhai\u2028ba":             "một hai ba",
		"Đồng chí 🙂":                     "Đồng chí 🙂",
		strings.Repeat("dài ", 3) + "\r": "dài dài dài",
	} {
		if got := text.Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestBlock(t *testing.T) {
	for in, want := range map[string]string{
		" \r\n a  b\tc\r\rd\x00\n ": "a  b\tc\n\nd",
		"một\u2028hai":              "một\nhai",
		"e\u0302":                   "ê",
		"\u200b":                    "",
	} {
		if got := text.Block(in); got != want {
			t.Errorf("Block(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Đặng Thị Hường":   "dang thi huong",
		"ĐẶNG  THỊ-HƯỜNG.": "dang thi huong",
		"Ðà Nẵng":          "da nang", // U+00D0, of old fonts
		"12-NQ/CB":         "12 nq cb",
		"  ":               "",
		"…a…":              "a",
		"Hoà":              "hoa",
		"Hòa":              "hoa",
	} {
		for _, form := range []string{in, norm.NFC.String(in), norm.NFD.String(in)} {
			if got := text.Fold(form); got != want {
				t.Errorf("Fold(%q) = %q, want %q", form, got, want)
			}
		}
	}
}

// The quick way through a usual text and the way for any text meet: a letter
// beside a sign of its own that stands for nothing goes the long way.
func TestFoldIsOneWhicheverWay(t *testing.T) {
	for r := rune(1); r < 0x1F00; r++ {
		usual := "A" + string(r) + "b " + string(r)
		if got, want := text.Fold(usual), text.Fold(usual+"\u0323"); got != want {
			t.Fatalf("%U: Fold(%q) = %q, with an accent that is left out %q", r, usual, got, want)
		}
	}
}

func TestNameKeysAreNameKey(t *testing.T) {
	var keys text.NameKeys
	for range 2 {
		for _, name := range []string{"", "An", "Lê An", "Nguyễn Thị Ngọc An", "Nguyễn Thị Ngọc Ánh", "  Lê   Thị  An "} {
			if got, want := keys.Of(name), text.NameKey(name); got != want {
				t.Errorf("%q: %q, want %q", name, got, want)
			}
		}
	}
}

// By given name, then family name, then the names between, each with its
// accents before the next counts: "Hoa Ngô" stands before "Hoà Lê".
func TestNameKeySortsAsAVietnameseList(t *testing.T) {
	want := []string{
		"Lê Thị An", "Nguyễn An", "Nguyễn Thị An", "Nguyễn Văn An", "Lê Anh", "Lê Ân", "Bùi Dung", "Bùi Đức",
		"Ngô Hoa", "Lê Hoà", "Lê Hoá", "Lê Hoạ", "Trần Văn Long", "Trần Vân Long", "Vũ Oanh", "Lê Uyên", "Lê Ước", "Lê Yến",
	}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, func(a, b string) int { return strings.Compare(text.NameKey(a), text.NameKey(b)) })
	if !slices.Equal(got, want) {
		t.Errorf("sorted\n%v, want\n%v", got, want)
	}
	for _, name := range want {
		if text.NameKey(norm.NFD.String(name)) != text.NameKey(name) {
			t.Errorf("%s sorts elsewhere when decomposed", name)
		}
	}
	if text.NameKey("  ") != "" {
		t.Error("no name has a key")
	}
}

func TestNameKeyFromSeveralGoroutines(t *testing.T) {
	want := text.NameKey("Nguyễn Thị Minh Khai")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 500 {
				if text.NameKey("Nguyễn Thị Minh Khai") != want {
					t.Error("another key")
				}
			}
		})
	}
	group.Wait()
}

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "Nguyễn Văn Đức", "a\r\n\u200b\u0302b", "\xff", "ﬁ ǅ İ ẞ 각 ͏", "\u1100\u1161"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		line, block, folded := text.Line(s), text.Block(s), text.Fold(s)
		if text.Line(line) != line || text.Block(block) != block || text.Fold(folded) != folded {
			t.Errorf("%q: cleaning again changes line %q, block %q or fold %q", s, line, block, folded)
		}
		for _, clean := range []string{line, block} {
			if !norm.NFC.IsNormalString(clean) || !utf8.ValidString(clean) {
				t.Errorf("%q is not composed", clean)
			}
		}
		if strings.IndexFunc(line, unicode.IsControl) >= 0 || strings.Contains(line, "  ") {
			t.Errorf("line %q", line)
		}
		if text.Fold(norm.NFC.String(s)) != text.Fold(norm.NFD.String(s)) {
			t.Errorf("%q folds by its form", s)
		}
		if strings.ContainsFunc(folded, func(r rune) bool {
			return r != ' ' && (!unicode.IsLetter(r) && !unicode.IsDigit(r) || unicode.ToLower(r) != r)
		}) {
			t.Errorf("fold %q", folded)
		}
		text.NameKey(s)
	})
}
