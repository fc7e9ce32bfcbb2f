package pdf

import (
	"chibo/internal/platform/paper/layout"
)

// stack is the document from top to bottom as pieces that a page's end cannot
// tear, and the pages they are placed on.
type stack struct {
	page   page
	ink    *ink
	pieces []piece
	y      float64
}

// piece is a line of a paragraph, a row of a table, a picture or a space.
type piece struct {
	height float64
	// after is space that is dropped at a page's end.
	after float64
	// keep holds the next piece on the same page.
	keep    bool
	newPage bool
	// head is set again above the piece where it begins a page.
	head *head
	// draw is nil for a space.
	draw func(y float64)
}

// head is the rows of a table that return on every page.
type head struct {
	rows   []piece
	height float64
}

func (s *stack) gather(sheet layout.Sheet) {
	for _, item := range sheet.Items {
		switch item := item.(type) {
		case *layout.Par:
			s.par(item)
		case *layout.Grid:
			s.grid(item)
		}
	}
	// A space at the end must not begin a page of its own.
	for n := len(s.pieces); n > 0 && s.pieces[n-1].draw == nil; n-- {
		s.pieces = s.pieces[:n-1]
	}
}

func (s *stack) par(p *layout.Par) {
	list := s.linesOf(p, s.page.left, s.page.width())
	last := len(list) - 1
	for i := range list {
		// Two lines stay together at either end, as widow control does it.
		list[i].keep = last > 0 && (i == 0 || i == last-1) || i == last && p.KeepNext
	}
	list[0].newPage = p.NewPage
	list[last].after = p.Style.AfterPt
	s.pieces = append(s.pieces, list...)
}

// linesOf sets a paragraph in a column; there is at least one piece.
func (s *stack) linesOf(p *layout.Par, x, width float64) []piece {
	switch {
	case p.Picture != nil:
		return []piece{s.picture(p, x, width)}
	case len(p.Runs) == 0:
		return []piece{s.space(p, x, width)}
	}
	indent := points(p.FirstMM)
	var list []piece
	for i, l := range breakLines(glyphsOf(p), width, indent) {
		shift := 0.0
		if i == 0 {
			shift = indent
		}
		list = append(list, piece{height: p.PitchPt, draw: func(y float64) {
			l.draw(s.ink, x+shift, y+baseline*p.PitchPt, width-shift, p.Align, p.Style.Pt)
		}})
	}
	return list
}

func (s *stack) space(p *layout.Par, x, width float64) piece {
	if !p.Rule {
		return piece{height: p.PitchPt}
	}
	side := points(p.SideMM)
	return piece{height: p.PitchPt, draw: func(y float64) {
		s.ink.line(x+side, y+p.PitchPt, x+width-side, y+p.PitchPt, layout.LinePt)
	}}
}

func (s *stack) picture(p *layout.Par, x, width float64) piece {
	size := points(p.Picture.WidthMM)
	x += alignedShift(p.Align, width-size)
	return piece{height: points(p.Picture.HeightMM), draw: func(y float64) { s.ink.picture(p.Picture, x, y) }}
}

// place breaks the stack into pages.
func (s *stack) place() {
	s.ink.newPage()
	s.y = s.page.top
	for i := 0; i < len(s.pieces); {
		end, height := s.chain(i)
		if s.turnBefore(s.pieces[i], height) {
			s.turn(s.pieces[i])
		}
		if !s.fits(height) {
			// No page can hold the chain: it is torn where the page ends.
			end = i + 1
		}
		for ; i < end; i++ {
			s.put(s.pieces[i])
		}
	}
}

// turnBefore decides whether the piece, which begins a chain of that height,
// begins a page.
func (s *stack) turnBefore(first piece, height float64) bool {
	switch {
	case s.y == s.page.top:
		return false
	case first.newPage:
		return true
	case s.fits(height):
		return false
	case height <= s.page.height()-first.headHeight():
		return true
	default:
		return !s.fits(first.height)
	}
}

func (s *stack) fits(height float64) bool { return s.y+height <= s.page.bottom+slack }

// chain finds the pieces from i on that are kept together: the end of the row,
// and its height without the space after it. It stops counting when no page
// could hold them.
func (s *stack) chain(i int) (end int, height float64) {
	for j := i; ; j++ {
		p := s.pieces[j]
		height += p.height
		if !p.keep || j == len(s.pieces)-1 || s.pieces[j+1].newPage || height > s.page.height() {
			return j + 1, height
		}
		height += p.after
	}
}

// turn begins a page for the piece that comes next.
func (s *stack) turn(next piece) {
	s.ink.newPage()
	s.y = s.page.top
	if next.head != nil {
		for _, row := range next.head.rows {
			s.put(row)
		}
	}
}

func (s *stack) put(p piece) {
	p.set(s.y)
	s.y += p.height + p.after
}

func (p piece) headHeight() float64 {
	if p.head == nil {
		return 0
	}
	return p.head.height
}

func (p piece) set(y float64) {
	if p.draw != nil {
		p.draw(y)
	}
}
