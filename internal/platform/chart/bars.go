package chart

// Bars are figures drawn from zero, each with its name above.
type Bars struct {
	Head
	Corner, Column string
	Bars           []Bar
	// Max is the length of a full bar; 0 takes the longest.
	Max float64
}

// Bar is one of them.
type Bar struct {
	Label string
	Figure
	Level Level
}

// Table is a row for each bar.
func (b Bars) Table() Table {
	t := Table{Corner: b.Corner, Columns: []string{b.Column}}
	for _, bar := range b.Bars {
		t.Rows = append(t.Rows, Row{bar.Label, []Figure{bar.Figure}})
	}
	return t
}

func (b Bars) draw(width float64) *drawing {
	const size, thick, step = 13.0, 12.0, 40.0
	d := &drawing{width: width}
	longest := b.Max
	for _, bar := range b.Bars {
		if b.Max == 0 && bar.Known() {
			longest = max(longest, bar.Value)
		}
	}
	for _, bar := range b.Bars {
		d.text(label{y: d.height + 15, size: size, text: shorten(bar.Label, size, false, width*.7)})
		d.text(label{x: width, y: d.height + 15, size: size, bold: true, anchor: end, text: bar.Text})
		d.box(box{y: d.height + 20, w: width, h: thick, round: 4, fill: solid("#f1ece3")})
		if bar.Known() && bar.Value > 0 && longest > 0 {
			d.box(box{y: d.height + 20, w: max(bar.Value/longest*width, 2), h: thick, round: 4, fill: barFill(bar.Level)})
		}
		d.height += step
	}
	return d
}

func barFill(l Level) fill {
	if l == Plain {
		return solid("#1a5291")
	}
	f, _ := levelFill(l, true)
	return f
}

// Stack is wholes made of parts, each drawn to the same length.
type Stack struct {
	Head
	Corner string
	Parts  []string
	Rows   []Row
}

// Table is a column for each part.
func (s Stack) Table() Table { return Table{s.Corner, s.Parts, s.Rows} }

// parts are how the parts of a stack are told apart: colour and pattern together.
var parts = []fill{
	{ground: "#1f5c8f"},
	{ground: "#cfe0f2", pattern: rising, mark: "#1f5c8f"},
	{ground: "#e0a52f"},
	{ground: "#fbe7bd", pattern: dots, mark: "#8f5f00"},
	{ground: "#3d8a5f"},
	{ground: "#dff0e5", pattern: falling, mark: "#2f7a50"},
	{ground: "#8d8377"},
	{ground: "#f0ece5", pattern: grid, mark: "#6b6257"},
}

func (s Stack) draw(width float64) *drawing {
	const size, thick, step = 13.0, 22.0, 50.0
	d := &drawing{width: width}
	d.height = s.legend(d, width) + 4
	for _, row := range s.Rows {
		d.text(label{y: d.height + 15, size: size, text: shorten(row.Label, size, false, width)})
		whole := 0.0
		for _, f := range row.Figures {
			whole += f.Value
		}
		x := 0.0
		for i, f := range row.Figures {
			if f.Value <= 0 {
				continue
			}
			w := f.Value / whole * width
			d.box(box{x: x, y: d.height + 20, w: w, h: thick, fill: parts[i%len(parts)], stroke: stroke{white, 1, 0}})
			d.inside(f.Text, x, d.height+20, w, thick)
			x += w
		}
		d.height += step
	}
	return d
}

// inside writes a figure on a part that has room for it, on white.
func (d *drawing) inside(text string, x, y, width, height float64) {
	const size = 12.0
	needed := measure(text, size, true)*roomier + 6
	if text == "" || needed+4 > width {
		return
	}
	d.box(box{x: x + (width-needed)/2, y: y + 3, w: needed, h: height - 6, round: 3, fill: solid(white)})
	d.text(label{x: x + width/2, y: y + height/2 + 4.5, size: size, bold: true, anchor: middle, text: text})
}

func (s Stack) legend(d *drawing, width float64) float64 {
	keys := make([]key, len(s.Parts))
	for i, name := range s.Parts {
		keys[i] = key{parts[i%len(parts)], stroke{edge, .5, 0}, name}
	}
	return d.keys(keys, 0, 0, width)
}

// key is one entry of a legend.
type key struct {
	fill   fill
	stroke stroke
	text   string
}

// keys writes a legend and tells where it ends.
func (d *drawing) keys(list []key, left, y, width float64) float64 {
	const size, sample, lineHeight = 12.0, 18.0, 20.0
	x := left
	for _, k := range list {
		taken := sample + 6 + measure(k.text, size, false)*roomier + 12
		if x > left && x+taken > left+width {
			x, y = left, y+lineHeight
		}
		d.box(box{x: x + .5, y: y + 3, w: sample, h: 12, round: 3, fill: k.fill, stroke: k.stroke})
		d.text(label{x: x + sample + 6, y: y + 13, size: size, text: k.text})
		x += taken
	}
	return y + lineHeight
}
