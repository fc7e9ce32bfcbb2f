package pdf

import (
	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/face"
	"chibo/internal/platform/paper/layout"
)

// glyph is one character with its look and width.
type glyph struct {
	r         rune
	style     face.Style
	underline bool
	width     float64
}

// line is a stretch of glyphs without the spaces at its end. A line that ends
// its paragraph, or was broken by hand, is never stretched.
type line struct {
	glyphs []glyph
	width  float64
	ends   bool
}

func glyphsOf(p *layout.Par) []glyph {
	var list []glyph
	for _, run := range p.Runs {
		style := face.StyleOf(run.Bold || p.Style.Bold, run.Italic || p.Style.Italic)
		for _, r := range run.Text {
			if r == '\n' {
				list = append(list, glyph{r: r})
				continue
			}
			if r = drawn(style, r); r != 0 {
				list = append(list, glyph{r, style, run.Underline, style.Advance(r) * p.Style.Pt})
			}
		}
	}
	return list
}

// slack forgives rounding when a word just fits.
const slack = 0.01

// breakLines divides glyphs into lines, the first of them shorter by indent,
// each as full as it can be: Word and LibreOffice do the same. There is always
// at least one line.
func breakLines(glyphs []glyph, width, indent float64) []line {
	var lines []line
	room := width - indent
	from := 0
	for {
		end, next, ends := fit(glyphs, from, room)
		lines = append(lines, trimmed(glyphs[from:end], ends))
		if next == len(glyphs) && !ends {
			lines[len(lines)-1].ends = true
			return lines
		}
		from, room = next, width
	}
}

// fit finds the end of the line that begins at from, where the next one
// begins, and whether a line feed ended it.
func fit(glyphs []glyph, from int, room float64) (end, next int, ends bool) {
	var sum float64
	breakAt := -1 // begin of the next line at the last chance to break
	for i := from; i < len(glyphs); i++ {
		g := glyphs[i]
		if g.r == '\n' {
			return i, i + 1, true
		}
		if mayBreakBefore(glyphs, from, i) {
			breakAt = i
		}
		sum += g.width
		if g.r == ' ' || sum <= room+slack {
			continue
		}
		if breakAt > from {
			return breakAt, breakAt, false
		}
		// One word longer than the line is cut; at least one glyph stays.
		return max(i, from+1), max(i, from+1), false
	}
	return len(glyphs), len(glyphs), false
}

// mayBreakBefore allows a break after spaces, and after a hyphen or dash
// between letters: "04-2026" and "-5" stay whole.
func mayBreakBefore(glyphs []glyph, from, i int) bool {
	if i == from || glyphs[i].r == ' ' {
		return false
	}
	switch glyphs[i-1].r {
	case ' ':
		return true
	case '-', '–', '—':
		return i-2 >= from && glyphs[i-2].r != ' ' && !isDigit(glyphs[i].r)
	}
	return false
}

func isDigit(r rune) bool { return r >= '0' && r <= '9' }

func trimmed(glyphs []glyph, ends bool) line {
	for len(glyphs) > 0 && glyphs[len(glyphs)-1].r == ' ' {
		glyphs = glyphs[:len(glyphs)-1]
	}
	l := line{glyphs: glyphs, ends: ends}
	for _, g := range glyphs {
		l.width += g.width
	}
	return l
}

// draw sets the line in a column that begins at x.
func (l line) draw(k *ink, x, y, width float64, align paper.Align, size float64) {
	var stretch float64
	switch align {
	case paper.AlignCenter:
		x += (width - l.width) / 2
	case paper.AlignRight:
		x += width - l.width
	case paper.AlignJustify:
		if spaces := l.spaces(); spaces > 0 && !l.ends {
			stretch = (width - l.width) / float64(spaces)
		}
	}
	l.drawPieces(k, x, y, stretch, size)
}

// drawPieces sets the glyphs in pieces of one look, and word by word in a
// stretched line. Each piece keeps the space that ends it, so that text copied
// from the page has its spaces.
func (l line) drawPieces(k *ink, x, y, stretch, size float64) {
	var text []rune
	var first glyph
	begin := x
	flush := func() {
		if len(text) == 0 {
			return
		}
		k.text(begin, y, string(text), first.style, size)
		if first.underline {
			k.line(begin, y+0.1*size, x, y+0.1*size, 0.05*size)
		}
		text = text[:0]
	}
	for _, g := range l.glyphs {
		if len(text) > 0 && (g.style != first.style || g.underline != first.underline) {
			flush()
		}
		if len(text) == 0 {
			begin, first = x, g
		}
		text = append(text, g.r)
		x += g.width
		if g.r == ' ' && stretch != 0 {
			x += stretch
			flush()
		}
	}
	flush()
}

func (l line) spaces() int {
	var n int
	for _, g := range l.glyphs {
		if g.r == ' ' {
			n++
		}
	}
	return n
}
