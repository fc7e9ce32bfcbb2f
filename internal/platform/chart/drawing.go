package chart

import "math"

// drawing is what a picture is made of, the same for SVG and PNG.
type drawing struct {
	width, height float64
	shapes        []shape
}

// shape is a box, a path or a text.
type shape interface {
	moved(dx, dy float64) shape
	svg(w *svgWriter)
	paint(r *raster)
}

// The colours of pictures, which stand alone outside the pages too.
const (
	white = "#ffffff"
	ink   = "#221d18"
	soft  = "#625a50"
	rule  = "#d9d1c4"
	edge  = "#857b6e"
	alarm = "#b3261e"
)

// fill is how an area is filled: a ground, and a pattern drawn on it.
type fill struct {
	ground  string // "" leaves what lies below
	pattern pattern
	mark    string // the colour of the pattern
}

func solid(colour string) fill { return fill{ground: colour} }

// pattern is what tells areas apart without colour.
type pattern uint8

const (
	noPattern pattern = iota
	rising
	falling
	dots
	grid
	level
)

// patternSize is the side of the square that a pattern repeats.
const patternSize = 6.0

// stroke is how a line is drawn.
type stroke struct {
	colour string // "" draws none
	width  float64
	dash   float64 // length of dashes and of the gaps between; 0 is unbroken
}

// box is a rectangle with rounded corners.
type box struct {
	x, y, w, h, round float64
	fill              fill
	stroke            stroke
}

// path is lines through points: open lines, or closed rings that are filled.
type path struct {
	rings  [][]point
	closed bool
	fill   fill
	stroke stroke
}

type point struct{ x, y float64 }

func (p point) to(q point) float64 { return math.Hypot(q.x-p.x, q.y-p.y) }

// anchor is the part of a text that stands at its place.
type anchor uint8

const (
	start anchor = iota
	middle
	end
)

// label is a text on one line; y is its baseline.
type label struct {
	x, y, size float64
	anchor     anchor
	bold       bool
	colour     string // ink where it is empty
	text       string
}

func (b box) moved(dx, dy float64) shape { b.x, b.y = b.x+dx, b.y+dy; return b }

func (l label) moved(dx, dy float64) shape { l.x, l.y = l.x+dx, l.y+dy; return l }

func (p path) moved(dx, dy float64) shape {
	rings := make([][]point, len(p.rings))
	for i, ring := range p.rings {
		rings[i] = make([]point, len(ring))
		for j, at := range ring {
			rings[i][j] = point{at.x + dx, at.y + dy}
		}
	}
	p.rings = rings
	return p
}

func (d *drawing) box(b box)    { d.shapes = append(d.shapes, b) }
func (d *drawing) path(p path)  { d.shapes = append(d.shapes, p) }
func (d *drawing) text(l label) { d.shapes = append(d.shapes, l) }

// line is a stroke from one point to another.
func (d *drawing) line(x1, y1, x2, y2 float64, s stroke) {
	d.path(path{rings: [][]point{{{x1, y1}, {x2, y2}}}, stroke: s})
}

// place puts another drawing into this one.
func (d *drawing) place(other *drawing, dx, dy float64) {
	for _, s := range other.shapes {
		d.shapes = append(d.shapes, s.moved(dx, dy))
	}
}

// ground makes the first box, which lies below all, as high as the picture.
func (d *drawing) ground(height float64) {
	if b, ok := d.shapes[0].(box); ok {
		b.h = height
		d.shapes[0] = b
	}
}

// regular is a polygon with corners at equal distances around a centre.
func regular(x, y, radius float64, corners int, turn float64) []point {
	ring := make([]point, corners)
	for i := range ring {
		a := turn + 2*math.Pi*float64(i)/float64(corners)
		ring[i] = point{x + radius*math.Cos(a), y + radius*math.Sin(a)}
	}
	return ring
}

// levelFill is the ground of a level, and its border: with a pattern where
// nothing else tells levels apart, plain below figures.
func levelFill(l Level, patterned bool) (fill, stroke) {
	f, s := fill{ground: "#f1ece3"}, stroke{}
	switch l {
	case Best:
		f = fill{ground: "#9fd4b4"}
		if patterned {
			f.ground = "#4d9f70"
		}
	case Good:
		f = fill{ground: "#dff0e5"}
		if patterned {
			f.ground = "#c3e4d0"
		}
	case Fair:
		f = fill{ground: "#fbe7bd", pattern: dots, mark: "#8f5f00"}
	case Low:
		f = fill{ground: "#f6c9c3", pattern: rising, mark: "#9c2a20"}
	case Missing:
		f, s = fill{ground: white, pattern: grid, mark: "#b3261e"}, stroke{colour: alarm, width: 1.5, dash: 4}
	}
	if !patterned {
		f.pattern = noPattern
	}
	return f, s
}
