package chart

import (
	"cmp"
	"html"
	"math"
	"strconv"
	"strings"
)

// svgWriter collects the markup. It writes presentation attributes alone: pages
// forbid styles inside.
type svgWriter struct {
	strings.Builder
	id       string
	patterns []fill // those that were used, in order
}

const fontFamily = `Be Vietnam Pro, Liberation Sans, Arial, sans-serif`

func (d *drawing) svg(h Head, file bool) string {
	body := &svgWriter{id: h.ID}
	for _, s := range d.shapes {
		s.svg(body)
	}
	w := &svgWriter{id: h.ID}
	w.WriteString(`<svg`)
	if file {
		w.text("xmlns", "http://www.w3.org/2000/svg")
		w.number("width", d.width)
		w.number("height", d.height)
	} else {
		w.text("class", "chart")
	}
	w.text("viewBox", "0 0 "+short(d.width)+" "+short(d.height))
	w.text("role", "img")
	w.text("aria-labelledby", h.ID+"-title "+h.ID+"-desc")
	w.text("font-family", fontFamily)
	w.WriteString(`><title id="` + html.EscapeString(h.ID) + `-title">` + html.EscapeString(h.Title) + `</title>`)
	w.WriteString(`<desc id="` + html.EscapeString(h.ID) + `-desc">` + html.EscapeString(h.Desc) + `</desc>`)
	w.definitions(body.patterns)
	w.WriteString(body.String())
	w.WriteString("</svg>")
	return w.String()
}

func (w *svgWriter) text(name, value string) {
	w.WriteString(` ` + name + `="` + html.EscapeString(value) + `"`)
}

func (w *svgWriter) number(name string, value float64) { w.text(name, short(value)) }

// short is a length with one decimal at most.
func short(f float64) string {
	return strconv.FormatFloat(math.Round(f*10)/10, 'f', -1, 64)
}

func (w *svgWriter) definitions(list []fill) {
	if len(list) == 0 {
		return
	}
	w.WriteString("<defs>")
	for i, f := range list {
		w.WriteString(`<pattern`)
		w.text("id", w.id+"-p"+strconv.Itoa(i))
		w.text("patternUnits", "userSpaceOnUse")
		w.number("width", patternSize)
		w.number("height", patternSize)
		w.WriteString(`><path d="M0 0h6v6h-6z"`)
		w.text("fill", f.ground)
		w.WriteString(`/>`)
		w.WriteString(`<path`)
		w.text("d", patternPaths[f.pattern])
		w.text("stroke", f.mark)
		w.text("fill", "none")
		w.WriteString(`/></pattern>`)
	}
	w.WriteString("</defs>")
}

var patternPaths = map[pattern]string{
	rising: "M-1 1l2-2M0 6l6-6M5 7l2-2", falling: "M-1 5l2 2M0 0l6 6M5-1l2 2", dots: "M2 3h2", grid: "M0 0l6 6M0 6l6-6", level: "M0 3h6",
}

// filled writes what an area is filled with.
func (w *svgWriter) filled(f fill) {
	switch {
	case f.ground == "":
		w.text("fill", "none")
	case f.pattern == noPattern:
		w.text("fill", f.ground)
	default:
		w.text("fill", "url(#"+w.id+"-p"+strconv.Itoa(w.pattern(f))+")")
	}
}

func (w *svgWriter) pattern(f fill) int {
	for i, known := range w.patterns {
		if known == f {
			return i
		}
	}
	w.patterns = append(w.patterns, f)
	return len(w.patterns) - 1
}

func (w *svgWriter) stroked(s stroke) {
	if s.colour == "" {
		return
	}
	w.text("stroke", s.colour)
	if s.width != 1 {
		w.number("stroke-width", s.width)
	}
	if s.dash > 0 {
		w.number("stroke-dasharray", s.dash)
	}
}

func (b box) svg(w *svgWriter) {
	w.WriteString("<rect")
	w.number("x", b.x)
	w.number("y", b.y)
	w.number("width", b.w)
	w.number("height", b.h)
	if b.round > 0 {
		w.number("rx", b.round)
	}
	w.filled(b.fill)
	w.stroked(b.stroke)
	w.WriteString("/>")
}

func (p path) svg(w *svgWriter) {
	w.WriteString("<path")
	w.text("d", p.data())
	w.filled(p.fill)
	w.stroked(p.stroke)
	if p.stroke.colour != "" {
		w.text("stroke-linejoin", "round")
	}
	w.WriteString("/>")
}

// data writes each ring as steps from point to point, which is shorter than
// places; the steps are between rounded places, so that nothing drifts.
func (p path) data() string {
	var b strings.Builder
	for _, ring := range p.rings {
		var x, y int
		for i, at := range ring {
			nextX, nextY := int(math.Round(at.x*10)), int(math.Round(at.y*10))
			switch {
			case i == 0:
				b.WriteString("M" + step(nextX) + " " + step(nextY))
			case nextX == x && nextY == y:
				continue
			default:
				dx, dy := step(nextX-x), step(nextY-y)
				b.WriteString("l" + dx)
				if dy[0] != '-' {
					b.WriteByte(' ')
				}
				b.WriteString(dy)
			}
			x, y = nextX, nextY
		}
		if p.closed {
			b.WriteString("z")
		}
	}
	return b.String()
}

// step writes tenths as short as SVG takes them: -.5, 3, 12.4.
func step(tenths int) string {
	s := strconv.FormatFloat(float64(tenths)/10, 'f', -1, 64)
	if rest, ok := strings.CutPrefix(s, "0."); ok {
		return "." + rest
	}
	if rest, ok := strings.CutPrefix(s, "-0."); ok {
		return "-." + rest
	}
	return s
}

func (l label) svg(w *svgWriter) {
	w.WriteString("<text")
	w.number("x", l.x)
	w.number("y", l.y)
	w.number("font-size", l.size)
	w.text("fill", cmp.Or(l.colour, ink))
	switch l.anchor {
	case middle:
		w.text("text-anchor", "middle")
	case end:
		w.text("text-anchor", "end")
	}
	if l.bold {
		w.text("font-weight", "600")
	}
	w.WriteString(">" + html.EscapeString(l.text) + "</text>")
}
