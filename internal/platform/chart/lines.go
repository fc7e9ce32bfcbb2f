package chart

import "math"

// Lines is the course of figures over periods.
type Lines struct {
	Head
	Corner  string // what the periods are
	Periods []string
	Series  []Series
	// Tick says a value on the scale in words.
	Tick func(value float64) string
	// Max is the top of the scale; 0 takes a round number above all figures.
	Max float64
}

// Series is one line; a figure that is a word is a gap.
type Series struct {
	Name    string
	Figures []Figure
}

// Table is periods by series.
func (l Lines) Table() Table {
	t := Table{Corner: l.Corner}
	for _, s := range l.Series {
		t.Columns = append(t.Columns, s.Name)
	}
	for i, period := range l.Periods {
		row := Row{Label: period}
		for _, s := range l.Series {
			row.Figures = append(row.Figures, s.Figures[i])
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// hands are how series are told apart: colour, stroke and mark together.
var hands = []struct {
	colour  string
	dash    float64
	corners int // of the mark
}{{"#a8121d", 0, 12}, {"#1a5291", 6, 4}, {"#17693b", 2.5, 3}, {"#855000", 10, 6}, {"#5b2a86", 4, 5}}

const scaleTicks = 4

func (l Lines) draw(width float64) *drawing {
	const size, height, bottom = 12.0, 150.0, 22.0
	d := &drawing{width: width}
	y := l.legend(d, width)
	top := l.top()
	left := 0.0
	for i := range scaleTicks + 1 {
		left = max(left, measure(l.Tick(top*float64(i)/scaleTicks), size, false)*roomier+8)
	}
	plot := plot{left: left, top: y + 10, width: width - left - 10, height: height, periods: len(l.Periods), max: top}
	for i := range scaleTicks + 1 {
		value := top * float64(i) / scaleTicks
		at := plot.y(value)
		d.line(left, at, width, at, stroke{colour: rule, width: 1})
		d.text(label{x: left - 6, y: at + 4, size: size, anchor: end, colour: soft, text: l.Tick(value)})
	}
	every := plot.every(l.Periods, size)
	for i, period := range l.Periods {
		if (len(l.Periods)-1-i)%every == 0 {
			d.text(label{x: plot.x(i), y: plot.top + height + 18, size: size, anchor: middle, colour: soft, text: period})
		}
	}
	for i, s := range l.Series {
		plot.draw(d, s, i)
	}
	d.height = plot.top + height + bottom + 4
	return d
}

// legend names the lines beside a piece of each, and tells where it ends.
func (l Lines) legend(d *drawing, width float64) float64 {
	const size, sample, lineHeight = 13.0, 34.0, 20.0
	x, y := 0.0, 0.0
	for i, s := range l.Series {
		hand := hands[i%len(hands)]
		taken := sample + 6 + measure(s.Name, size, false)*roomier + 14
		if x > 0 && x+taken > width {
			x, y = 0, y+lineHeight
		}
		d.line(x, y+10, x+sample, y+10, stroke{hand.colour, 2.5, hand.dash})
		d.mark(i, x+sample/2, y+10)
		d.text(label{x: x + sample + 6, y: y + 14, size: size, text: s.Name})
		x += taken
	}
	return y + lineHeight
}

func (d *drawing) mark(series int, x, y float64) {
	hand := hands[series%len(hands)]
	d.path(path{rings: [][]point{regular(x, y, 4, hand.corners, -math.Pi/2)}, closed: true, fill: solid(hand.colour), stroke: stroke{white, 1, 0}})
}

func (l Lines) top() float64 {
	if l.Max > 0 {
		return l.Max
	}
	highest := 0.0
	for _, s := range l.Series {
		for _, f := range s.Figures {
			if f.Known() {
				highest = max(highest, f.Value)
			}
		}
	}
	return roundUp(highest)
}

// roundUp is the next number above that divides well: 1, 2, 4, 8 × a power of
// ten, four steps at least.
func roundUp(n float64) float64 {
	if n <= scaleTicks {
		return scaleTicks
	}
	power := math.Pow(10, math.Floor(math.Log10(n)))
	for _, step := range []float64{1, 2, 4, 8} {
		if n <= step*power {
			return step * power
		}
	}
	return 10 * power
}

// plot is the area in which lines are drawn.
type plot struct {
	left, top, width, height float64
	periods                  int
	max                      float64
}

func (p plot) x(i int) float64 {
	if p.periods < 2 {
		return p.left + p.width/2
	}
	return p.left + 8 + float64(i)*(p.width-16)/float64(p.periods-1)
}

func (p plot) y(value float64) float64 {
	return p.top + p.height - min(max(value/p.max, 0), 1)*p.height
}

// every tells which periods have room for their names: each, every second, …
func (p plot) every(names []string, size float64) int {
	widest := 0.0
	for _, name := range names {
		widest = max(widest, measure(name, size, false)*roomier+6)
	}
	room := p.width / float64(max(len(names), 1))
	return max(int(math.Ceil(widest/room)), 1)
}

func (p plot) draw(d *drawing, s Series, number int) {
	hand := hands[number%len(hands)]
	var line []point
	flush := func() {
		if len(line) > 1 {
			d.path(path{rings: [][]point{line}, stroke: stroke{hand.colour, 2.5, hand.dash}})
		}
		line = nil
	}
	for i, f := range s.Figures {
		if !f.Known() {
			flush()
			continue
		}
		line = append(line, point{p.x(i), p.y(f.Value)})
	}
	flush()
	for i, f := range s.Figures {
		if f.Known() {
			d.mark(number, p.x(i), p.y(f.Value))
		}
	}
}

// Spark is the course of one figure, without a scale.
type Spark struct {
	Head
	Corner  string
	Periods []string
	Figures []Figure
	// Max is the top of the drawing; 0 takes the highest figure.
	Max float64
}

// Table is the figure of each period.
func (s Spark) Table() Table {
	t := Table{Corner: s.Corner, Columns: []string{s.Title}}
	for i, period := range s.Periods {
		t.Rows = append(t.Rows, Row{period, []Figure{s.Figures[i]}})
	}
	return t
}

func (s Spark) draw(width float64) *drawing {
	const height = 48.0
	d := &drawing{width: width, height: height}
	highest := s.Max
	for _, f := range s.Figures {
		if s.Max == 0 && f.Known() {
			highest = max(highest, f.Value)
		}
	}
	plot := plot{top: 5, width: width, height: height - 10, periods: len(s.Figures), max: max(highest, 1e-9)}
	plot.draw(d, Series{s.Title, s.Figures}, 0)
	return d
}
