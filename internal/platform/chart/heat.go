package chart

// Heat is a table of units by periods; each cell carries its figure or word, the
// ground only helps to find it.
type Heat struct {
	Head
	Corner  string
	Columns []string
	Rows    []HeatRow
	// Legend explains figures and signs in a sentence.
	Legend string
}

// HeatRow is one unit.
type HeatRow struct {
	Label string
	Cells []HeatCell
}

// HeatCell is one unit in one period.
type HeatCell struct {
	Figure
	Level Level
}

// Table is all cells.
func (h Heat) Table() Table {
	t := Table{Corner: h.Corner, Columns: h.Columns}
	for _, row := range h.Rows {
		line := Row{Label: row.Label}
		for _, c := range row.Cells {
			line.Figures = append(line.Figures, c.Figure)
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

func (h Heat) draw(width float64) *drawing {
	const rowHeight, gap, size, least = 30.0, 3.0, 13.0, 34.0
	names := min(width*.4, h.widestLabel(size)+12)
	cell := max((width-names)/float64(max(len(h.Columns), 1)), least)
	d := &drawing{width: names + cell*float64(len(h.Columns))}
	d.text(label{y: 18, size: size, bold: true, colour: soft, text: h.Corner})
	for i, column := range h.Columns {
		d.text(label{x: names + cell*(float64(i)+.5), y: 18, size: size, bold: true, anchor: middle, colour: soft, text: column})
	}
	y := 26.0
	for _, row := range h.Rows {
		d.text(label{y: y + 20, size: size, text: shorten(row.Label, size, false, names-8)})
		for i, c := range row.Cells {
			x := names + cell*float64(i)
			f, s := levelFill(c.Level, false)
			d.box(box{x: x + gap/2, y: y + gap/2, w: cell - gap, h: rowHeight - gap, round: 6, fill: f, stroke: s})
			d.text(label{x: x + cell/2, y: y + 20, size: size, anchor: middle, bold: c.Known(), text: shorten(c.Text, size, true, cell-gap)})
		}
		y += rowHeight
	}
	d.height = y + d.paragraph(h.Legend, 0, y+8, d.width) + 8
	return d
}

func (h Heat) widestLabel(size float64) (widest float64) {
	for _, row := range h.Rows {
		widest = max(widest, measure(row.Label, size, false)*roomier)
	}
	return widest
}

// paragraph writes small text below a picture and tells how high it is.
func (d *drawing) paragraph(text string, x, y, width float64) (height float64) {
	const size, lineHeight = 12.0, 16.0
	for _, line := range wrap(text, size, false, width) {
		d.text(label{x: x, y: y + height + size, size: size, colour: soft, text: line})
		height += lineHeight
	}
	return height
}
