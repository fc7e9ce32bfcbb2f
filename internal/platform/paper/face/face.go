// Package face knows the Liberation Serif typeface: its files and how wide
// each character is. Liberation Serif has the widths of Times New Roman, so
// lines measured here break where Word breaks them.
//
// It knows nothing of pages or of PDF.
package face

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"github.com/go-fonts/liberation/liberationserifbold"
	"github.com/go-fonts/liberation/liberationserifbolditalic"
	"github.com/go-fonts/liberation/liberationserifitalic"
	"github.com/go-fonts/liberation/liberationserifregular"
)

// Style is one of the four cuts of the typeface.
type Style uint8

const (
	Regular Style = iota
	Bold
	Italic
	BoldItalic
)

// Styles lists the four cuts.
var Styles = [...]Style{Regular, Bold, Italic, BoldItalic}

// StyleOf is the cut with the looks.
func StyleOf(bold, italic bool) Style {
	var s Style
	if bold {
		s |= Bold
	}
	if italic {
		s |= Italic
	}
	return s
}

// TTF is the whole font file; the caller must not change it.
func (s Style) TTF() []byte {
	switch s {
	case Bold:
		return liberationserifbold.TTF
	case Italic:
		return liberationserifitalic.TTF
	case BoldItalic:
		return liberationserifbolditalic.TTF
	default:
		return liberationserifregular.TTF
	}
}

// Has reports whether the cut draws r.
func (s Style) Has(r rune) bool {
	return r > 0 && int(r) < len(widths(s)) && widths(s)[r] != absent
}

// Advance is the width of r at a size of 1; an unknown character is as wide
// as a question mark.
func (s Style) Advance(r rune) float64 {
	if !s.Has(r) {
		r = '?'
	}
	return float64(widths(s)[r]) / unitsPerEm
}

// Width is the width of text on one line at the size.
func (s Style) Width(text string, size float64) float64 {
	var sum float64
	for _, r := range text {
		sum += s.Advance(r)
	}
	return sum * size
}

// absent marks a character that the font lacks; no glyph is that wide.
const absent = 0xFFFF

// unitsPerEm is checked when the font is read.
const unitsPerEm = 2048

// last is the end of the characters that are looked at: Latin with all
// Vietnamese letters, punctuation, arrows, mathematical signs and boxes.
const last = 0x2700

var tables = [len(Styles)]func() []uint16{
	readOnce(Regular), readOnce(Bold), readOnce(Italic), readOnce(BoldItalic),
}

func widths(s Style) []uint16 { return tables[s]() }

func readOnce(s Style) func() []uint16 {
	return sync.OnceValue(func() []uint16 {
		w, err := readWidths(s.TTF())
		if err != nil {
			// The file is part of the program, so this is a broken build.
			panic(fmt.Sprintf("Liberation Serif, cut %d: %v", s, err))
		}
		return w
	})
}

var errNotTrueType = errors.New("not a TrueType font with a Unicode table")

// readWidths reads the width of each character from the tables cmap (character
// to glyph) and hmtx (glyph to width).
func readWidths(ttf []byte) ([]uint16, error) {
	tables, err := tablesOf(ttf)
	if err != nil {
		return nil, err
	}
	if u := binary.BigEndian.Uint16(tables["head"][18:]); u != unitsPerEm {
		return nil, fmt.Errorf("%d units per em, not %d", u, unitsPerEm)
	}
	segments, err := unicodeSegments(tables["cmap"])
	if err != nil {
		return nil, err
	}
	measured := int(binary.BigEndian.Uint16(tables["hhea"][34:]))
	list := make([]uint16, last)
	for r := range list {
		list[r] = absent
		if glyph := segments.glyph(uint16(r)); glyph != 0 {
			// Glyphs past the measured ones share the last width.
			list[r] = binary.BigEndian.Uint16(tables["hmtx"][4*min(int(glyph), measured-1):])
		}
	}
	return list, nil
}

func tablesOf(ttf []byte) (map[string][]byte, error) {
	const directory, entry = 12, 16
	if len(ttf) < directory {
		return nil, errNotTrueType
	}
	tables := map[string][]byte{}
	for i := range int(binary.BigEndian.Uint16(ttf[4:])) {
		at := directory + entry*i
		if at+entry > len(ttf) {
			return nil, errNotTrueType
		}
		from := int(binary.BigEndian.Uint32(ttf[at+8:]))
		size := int(binary.BigEndian.Uint32(ttf[at+12:]))
		if from+size > len(ttf) {
			return nil, errNotTrueType
		}
		tables[string(ttf[at:at+4])] = ttf[from : from+size]
	}
	for _, name := range []string{"head", "hhea", "hmtx", "cmap"} {
		if len(tables[name]) < 36 {
			return nil, errNotTrueType
		}
	}
	return tables, nil
}

// segmentMap is a cmap subtable of format 4: ranges of characters with either
// a distance to their glyphs or a list of them.
type segmentMap struct {
	table []byte
	count int
}

func unicodeSegments(cmap []byte) (segmentMap, error) {
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		record := cmap[4+8*i:]
		platform, encoding := binary.BigEndian.Uint16(record), binary.BigEndian.Uint16(record[2:])
		table := cmap[binary.BigEndian.Uint32(record[4:]):]
		if platform == 3 && encoding == 1 && binary.BigEndian.Uint16(table) == 4 {
			return segmentMap{table, int(binary.BigEndian.Uint16(table[6:])) / 2}, nil
		}
	}
	return segmentMap{}, errNotTrueType
}

// field reads value i of the n-th of the four parallel lists; a spare word
// stands between the first and the second.
func (m segmentMap) field(n, i int) uint16 {
	at := 14 + 2*m.count*n + 2*i
	if n > 0 {
		at += 2
	}
	return binary.BigEndian.Uint16(m.table[at:])
}

func (m segmentMap) glyph(r uint16) uint16 {
	for i := range m.count {
		end, start, delta, offset := m.field(0, i), m.field(1, i), m.field(2, i), m.field(3, i)
		switch {
		case r > end:
			continue
		case r < start:
			return 0
		case offset == 0:
			return r + delta
		}
		at := 16 + 2*m.count*3 + 2*i + int(offset) + 2*int(r-start)
		if glyph := binary.BigEndian.Uint16(m.table[at:]); glyph != 0 {
			return glyph + delta
		}
		return 0
	}
	return 0
}
