package pdf

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/face"
	"chibo/internal/platform/paper/papertest"
)

// TestPagesAreBrokenRightly places random pieces and holds what a reader
// expects: all pieces in order, none past the page's end, a break only where
// it is needed, and kept pieces together where a page can hold them.
func TestPagesAreBrokenRightly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := paper.Document{Format: papertest.Format()}
		s := &stack{page: page{top: 0, bottom: 100, right: 100}, ink: newInk(d)}
		type place struct {
			page int
			y    float64
		}
		n := rapid.IntRange(1, 40).Draw(t, "pieces")
		places := make([]place, 0, n)
		for i := range n {
			s.pieces = append(s.pieces, piece{
				height: float64(rapid.IntRange(1, 120).Draw(t, "height")) / 3, after: float64(rapid.IntRange(0, 9).Draw(t, "after")),
				keep: rapid.Bool().Draw(t, "keep"), newPage: rapid.IntRange(0, 9).Draw(t, "new page") == 0,
				draw: func(y float64) {
					if len(places) != i {
						t.Fatalf("piece %d is set as number %d", i, len(places))
					}
					places = append(places, place{s.ink.file.PageNo(), y})
				},
			})
		}
		s.place()
		if len(places) != n {
			t.Fatalf("%d of %d pieces set", len(places), n)
		}
		for i, at := range places {
			p := s.pieces[i]
			if at.y+p.height > 100+slack {
				t.Fatalf("piece %d ends at %v", i, at.y+p.height)
			}
			if i == 0 {
				continue
			}
			before := places[i-1]
			broken := at.page != before.page
			if broken && at.y != 0 {
				t.Fatalf("piece %d begins its page at %v", i, at.y)
			}
			if p.newPage && !broken {
				t.Fatalf("piece %d does not begin a page", i)
			}
			_, chain := s.chain(i)
			end := before.y + s.pieces[i-1].height + s.pieces[i-1].after
			if broken && !p.newPage && !s.pieces[i-1].keep && end+chain <= 100 {
				t.Fatalf("piece %d begins a page without need", i)
			}
			if broken && !p.newPage && s.pieces[i-1].keep {
				first := i - 1
				for first > 0 && s.pieces[first-1].keep && !s.pieces[first].newPage {
					first--
				}
				if _, whole := s.chain(first); whole <= 100 {
					t.Fatalf("pieces %d and %d were to be kept together", i-1, i)
				}
			}
		}
	})
}

func glyphs(s string) []glyph {
	var list []glyph
	for _, r := range s {
		list = append(list, glyph{r: r, width: 1})
	}
	return list
}

func texts(lines []line) []string {
	var list []string
	for _, l := range lines {
		var b strings.Builder
		for _, g := range l.glyphs {
			b.WriteRune(g.r)
		}
		if l.ends {
			b.WriteString("¶")
		}
		list = append(list, b.String())
	}
	return list
}

func TestBreakLines(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		width, indent    float64
	}{
		{"one line", "đồng chí", "đồng chí¶", 10, 0},
		{"at spaces", "các đồng chí", "các|đồng|chí¶", 7, 0},
		{"just fits", "các đồng chí", "các đồng|chí¶", 8, 0},
		{"indent", "các đồng chí", "các|đồng chí¶", 9, 3},
		{"space hangs", "các    đồng", "các|đồng¶", 4, 0},
		{"by hand", "a b\nc\n\nd", "a b¶|c¶|¶|d¶", 10, 0},
		{"feed at the end", "a\n", "a¶|¶", 10, 0},
		{"empty", "", "¶", 10, 0},
		{"hyphen", "ở trị-xã hội", "ở|trị-|xã|hội¶", 5, 0},
		{"number stays whole", "ngày 02-2026", "ngày|02-2026¶", 8, 0},
		{"no-break space", "ngày 5\u00a0tháng", "ngày|5\u00a0tháng¶", 9, 0},
		{"long word", "abcdefghij k", "abcd|efgh|ij k¶", 4, 0},
		{"no room at all", "abc", "a|b|c¶", 0.5, 0},
	} {
		got := strings.Join(texts(breakLines(glyphs(c.text), c.width, c.indent)), "|")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestNoGlyphIsLost breaks random text: what is not a space or a line feed
// comes out again, in lines that fit.
func TestNoGlyphIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("aéộ -–\n5 "))).Draw(t, "text")
		width := float64(rapid.IntRange(1, 12).Draw(t, "width"))
		lines := breakLines(glyphs(text), width, 0)
		for _, l := range lines {
			if l.width > width+slack {
				t.Fatalf("a line of %v in %v", l.width, width)
			}
		}
		drop := strings.NewReplacer(" ", "", "\n", "", "¶", "")
		if got := drop.Replace(strings.Join(texts(lines), "")); got != drop.Replace(text) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}

func TestDrawn(t *testing.T) {
	for r, want := range map[rune]rune{'Ộ': 'Ộ', ' ': ' ', '–': '–', '\u00a0': '\u00a0', '\u200b': 0, '\u00ad': 0, '😀': '□', 'Ж': 'Ж', '漢': '□'} {
		if got := drawn(face.Regular, r); got != want {
			t.Errorf("%U is drawn as %U, want %U", r, got, want)
		}
	}
}
