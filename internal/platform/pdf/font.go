package pdf

import (
	"bytes"
	"strings"
	"sync"
	"unicode"

	"codeberg.org/go-pdf/fpdf"

	"chibo/internal/platform/paper/face"
)

const family = "serif"

// letters are the library's names of the cuts.
var letters = [len(face.Styles)]string{"", "B", "I", "BI"}

// baseline is the part of an exact line's height above its baseline, as Word
// and LibreOffice set it.
const baseline = 0.8

// cuts holds each font with only the characters that face can measure. They
// are made once: the library then reads half of the bytes for each document.
// It also appends to slices of the font when a font lists fewer widths than
// glyphs, which these do not: they may be read by many at a time.
var cuts = [len(face.Styles)]func() []byte{
	cutOnce(face.Regular), cutOnce(face.Bold), cutOnce(face.Italic), cutOnce(face.BoldItalic),
}

func cutFont(s face.Style) []byte { return cuts[s]() }

func cutOnce(s face.Style) func() []byte {
	return sync.OnceValue(func() []byte {
		var wanted strings.Builder
		for r := ' '; r < lastCharacter; r++ {
			if s.Has(r) {
				wanted.WriteRune(r)
			}
		}
		return fpdf.UTF8CutFont(bytes.Clone(s.TTF()), wanted.String())
	})
}

// lastCharacter ends the search; face has no widths beyond it.
const lastCharacter = 0x2700

// drawn is the character that stands for r: itself, a box when the font lacks
// it, or nothing (0) for one that has no shape.
func drawn(s face.Style, r rune) rune {
	switch {
	case r == '\u00AD' || unicode.In(r, unicode.Cf): // soft hyphen, joiners
		return 0
	case s.Has(r):
		return r
	case s.Has('□'):
		return '□'
	default:
		return '?'
	}
}
