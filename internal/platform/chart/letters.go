package chart

import (
	"fmt"
	"strings"
	"sync"

	"github.com/go-fonts/liberation/liberationsansbold"
	"github.com/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// typeface is a cut of Liberation Sans, which has every Vietnamese letter: PNG
// is drawn with it, and texts of SVG are measured by it.
type typeface struct {
	font     *sfnt.Font
	advances [lastLetter]float64 // at a size of 1
}

// lastLetter ends the characters that are measured: Latin with all Vietnamese
// letters, punctuation, arrows and signs.
const lastLetter = 0x2700

var faces = [2]func() *typeface{
	sync.OnceValue(func() *typeface { return readFace(liberationsansregular.TTF) }),
	sync.OnceValue(func() *typeface { return readFace(liberationsansbold.TTF) }),
}

func face(bold bool) *typeface {
	if bold {
		return faces[1]()
	}
	return faces[0]()
}

func readFace(ttf []byte) *typeface {
	parsed, err := sfnt.Parse(ttf)
	if err != nil {
		// The file is part of the program, so this is a broken build.
		panic(fmt.Sprintf("Liberation Sans: %v", err))
	}
	t, buffer := &typeface{font: parsed}, &sfnt.Buffer{}
	em := fixed.Int26_6(parsed.UnitsPerEm()) << 6
	for r := range t.advances {
		glyph, err := parsed.GlyphIndex(buffer, rune(r))
		if err != nil {
			continue
		}
		if advance, err := parsed.GlyphAdvance(buffer, glyph, em, font.HintingNone); err == nil {
			t.advances[r] = float64(advance) / float64(em)
		}
	}
	return t
}

func (t *typeface) advance(r rune) float64 {
	if r < 0 || r >= lastLetter {
		r = '?'
	}
	return t.advances[r]
}

// measure is the width of a text on one line.
func measure(text string, size float64, bold bool) float64 {
	sum, t := 0.0, face(bold)
	for _, r := range text {
		sum += t.advance(r)
	}
	return sum * size
}

// roomier is how much wider a browser's own font may be than the one measured.
const roomier = 1.08

// wrap breaks a text between words into lines that fit; a single word stays
// whole.
func wrap(text string, size float64, bold bool, width float64) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(text) {
		longer := strings.TrimSpace(line + " " + word)
		if line != "" && measure(longer, size, bold)*roomier > width {
			lines, longer = append(lines, line), word
		}
		line = longer
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// shorten cuts a text that does not fit and ends it with dots.
func shorten(text string, size float64, bold bool, width float64) string {
	if measure(text, size, bold)*roomier <= width {
		return text
	}
	runes := []rune(text)
	for len(runes) > 1 && measure(string(runes)+"…", size, bold)*roomier > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimSpace(string(runes)) + "…"
}
