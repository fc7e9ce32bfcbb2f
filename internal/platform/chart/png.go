package chart

import (
	"cmp"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"
	"strconv"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// raster paints shapes as dots. What the pen went round waits until it is
// filled: only then is known how small a part of the picture it covers.
type raster struct {
	image  *image.RGBA
	scale  float64
	moves  []move
	pen    vector.Rasterizer
	buffer sfnt.Buffer
}

// move is one movement of the pen, to the last of its points; the others bend it.
type move struct {
	op     sfnt.SegmentOp
	points [3][2]float32
}

func (d *drawing) png(out io.Writer, scale float64) error {
	bounds := image.Rect(0, 0, int(math.Ceil(d.width*scale)), int(math.Ceil(d.height*scale)))
	r := &raster{image: image.NewRGBA(bounds), scale: scale}
	for _, s := range d.shapes {
		s.paint(r)
	}
	return png.Encode(out, r.image)
}

// ring is one closed line for the pen; all that one fill is made of must turn
// the same way where it overlaps.
func (r *raster) ring(points []point) {
	for i, at := range points {
		op := sfnt.SegmentOpLineTo
		if i == 0 {
			op = sfnt.SegmentOpMoveTo
		}
		r.move(op, [2]float32{float32(at.x * r.scale), float32(at.y * r.scale)})
	}
}

func (r *raster) move(op sfnt.SegmentOp, points ...[2]float32) {
	m := move{op: op}
	copy(m.points[:], points)
	r.moves = append(r.moves, m)
}

// reach is the part of the picture that the pen went round.
func (r *raster) reach() image.Rectangle {
	low, high := [2]float32{math.MaxFloat32, math.MaxFloat32}, [2]float32{-math.MaxFloat32, -math.MaxFloat32}
	for _, m := range r.moves {
		for _, at := range m.points[:bends[m.op]] {
			for i := range at {
				low[i], high[i] = min(low[i], at[i]), max(high[i], at[i])
			}
		}
	}
	return image.Rect(int(low[0])-1, int(low[1])-1, int(high[0])+2, int(high[1])+2)
}

// bends are the points of each movement.
var bends = map[sfnt.SegmentOp]int{sfnt.SegmentOpMoveTo: 1, sfnt.SegmentOpLineTo: 1, sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}

// flood fills what the pen went round.
func (r *raster) flood(f fill) {
	if len(r.moves) == 0 {
		return
	}
	// The pen may leave the picture; what it draws there is cut off.
	reach := r.reach()
	r.pen.Reset(reach.Dx(), reach.Dy())
	for i, m := range r.moves {
		p := m.points
		for j := range p {
			p[j][0], p[j][1] = p[j][0]-float32(reach.Min.X), p[j][1]-float32(reach.Min.Y)
		}
		switch m.op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				r.pen.ClosePath()
			}
			r.pen.MoveTo(p[0][0], p[0][1])
		case sfnt.SegmentOpLineTo:
			r.pen.LineTo(p[0][0], p[0][1])
		case sfnt.SegmentOpQuadTo:
			r.pen.QuadTo(p[0][0], p[0][1], p[1][0], p[1][1])
		case sfnt.SegmentOpCubeTo:
			r.pen.CubeTo(p[0][0], p[0][1], p[1][0], p[1][1], p[2][0], p[2][1])
		}
	}
	r.pen.ClosePath()
	mask := image.NewAlpha(image.Rect(0, 0, reach.Dx(), reach.Dy()))
	r.pen.Draw(mask, mask.Bounds(), image.Opaque, image.Point{})
	draw.DrawMask(r.image, reach, f.source(r.scale), reach.Min, mask, image.Point{}, draw.Over)
	r.moves = r.moves[:0]
}

func (b box) paint(r *raster) {
	corners := b.corners()
	path{rings: [][]point{corners}, closed: true, fill: b.fill, stroke: b.stroke}.paint(r)
}

// corners are the outline of a box, its rounding in short steps.
func (b box) corners() []point {
	round := min(b.round, b.w/2, b.h/2)
	if round <= 0 {
		return []point{{b.x, b.y}, {b.x + b.w, b.y}, {b.x + b.w, b.y + b.h}, {b.x, b.y + b.h}}
	}
	const steps = 6
	var list []point
	for i, centre := range []point{
		{b.x + b.w - round, b.y + round}, {b.x + b.w - round, b.y + b.h - round}, {b.x + round, b.y + b.h - round}, {b.x + round, b.y + round},
	} {
		for step := range steps + 1 {
			a := math.Pi/2*float64(i-1) + math.Pi/2*float64(step)/steps
			list = append(list, point{centre.x + round*math.Cos(a), centre.y + round*math.Sin(a)})
		}
	}
	return list
}

func (p path) paint(r *raster) {
	if p.fill.ground != "" {
		for _, ring := range p.rings {
			r.ring(ring)
		}
		r.flood(p.fill)
	}
	if p.stroke.colour == "" {
		return
	}
	for _, ring := range p.rings {
		if p.closed && len(ring) > 0 {
			ring = append(ring[:len(ring):len(ring)], ring[0])
		}
		for _, piece := range dashes(ring, p.stroke.dash) {
			r.strokes(piece, p.stroke.width/2)
		}
	}
	r.flood(solid(p.stroke.colour))
}

// strokes goes round a line: a slab for each part, a disc at each joint.
func (r *raster) strokes(line []point, half float64) {
	for i, to := range line {
		if i > 0 {
			r.slab(line[i-1], to, half)
		}
		if i > 0 && i < len(line)-1 {
			r.ring(regular(to.x, to.y, half, 12, 0))
		}
	}
}

// slab turns the same way as regular does.
func (r *raster) slab(from, to point, half float64) {
	length := from.to(to)
	if length == 0 {
		return
	}
	nx, ny := -(to.y-from.y)/length*half, (to.x-from.x)/length*half
	r.ring([]point{{from.x - nx, from.y - ny}, {to.x - nx, to.y - ny}, {to.x + nx, to.y + ny}, {from.x + nx, from.y + ny}})
}

// dashes cuts a line into dashes as long as the gaps between them.
func dashes(line []point, dash float64) (pieces [][]point) {
	if dash <= 0 || len(line) == 0 {
		return [][]point{line}
	}
	piece, drawn, left := line[:1:1], true, dash
	for i, to := range line[1:] {
		from := line[i]
		for length := from.to(to); length > left; length = from.to(to) {
			from = point{from.x + (to.x-from.x)*left/length, from.y + (to.y-from.y)*left/length}
			if drawn {
				pieces = append(pieces, append(piece, from))
			}
			piece, drawn, left = []point{from}, !drawn, dash
		}
		left -= from.to(to)
		piece = append(piece, to)
	}
	if drawn && len(piece) > 1 {
		pieces = append(pieces, piece)
	}
	return pieces
}

func (l label) paint(r *raster) {
	t := face(l.bold)
	x := l.x
	switch l.anchor {
	case middle:
		x -= measure(l.text, l.size, l.bold) / 2
	case end:
		x -= measure(l.text, l.size, l.bold)
	}
	for _, letter := range l.text {
		r.glyph(t, letter, point{x, l.y}, l.size)
		x += t.advance(letter) * l.size
	}
	r.flood(solid(cmp.Or(l.colour, ink)))
}

// glyph goes round a letter whose baseline begins at a point; one that the font
// lacks becomes a question mark.
func (r *raster) glyph(t *typeface, letter rune, at point, size float64) {
	index, err := t.font.GlyphIndex(&r.buffer, letter)
	if err != nil || index == 0 {
		index, _ = t.font.GlyphIndex(&r.buffer, '?')
	}
	segments, err := t.font.LoadGlyph(&r.buffer, index, fixed.Int26_6(size*r.scale*64), nil)
	if err != nil {
		return
	}
	for _, s := range segments {
		var points [3][2]float32
		for i, p := range s.Args {
			points[i] = [2]float32{float32(at.x*r.scale + float64(p.X)/64), float32(at.y*r.scale + float64(p.Y)/64)}
		}
		r.move(s.Op, points[:]...)
	}
}

// source is the fill as an image without end.
func (f fill) source(scale float64) image.Image {
	ground := parseColour(f.ground)
	if f.pattern == noPattern {
		return image.NewUniform(ground)
	}
	return patterned{f.pattern, scale, ground, parseColour(f.mark)}
}

// patterned is a pattern as an image without end.
type patterned struct {
	pattern      pattern
	scale        float64
	ground, mark color.RGBA
}

func (p patterned) ColorModel() color.Model { return color.RGBAModel }
func (p patterned) Bounds() image.Rectangle { return image.Rect(-1e9, -1e9, 1e9, 1e9) }

func (p patterned) At(px, py int) color.Color {
	x, y := math.Mod((float64(px)+.5)/p.scale, patternSize), math.Mod((float64(py)+.5)/p.scale, patternSize)
	if p.pattern.marks(x, y) {
		return p.mark
	}
	return p.ground
}

// marks reports whether the pattern is drawn at a place of its square.
func (p pattern) marks(x, y float64) bool {
	up, down := math.Mod(x+y, patternSize), math.Mod(x-y+patternSize, patternSize)
	on := func(d float64) bool { return d < .7 || d > patternSize-.7 }
	switch p {
	case rising:
		return on(up)
	case falling:
		return on(down)
	case grid:
		return on(up) || on(down)
	case dots:
		return math.Abs(x-3) < 1 && math.Abs(y-3) < .5
	case level:
		return math.Abs(y-3) < .5
	}
	return false
}

// parseColour reads #rrggbb, the only way in which this package writes colours.
func parseColour(s string) color.RGBA {
	n, _ := strconv.ParseUint(s[1:], 16, 32)
	return color.RGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 0xff}
}
