package pdf

import (
	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/layout"
)

// field is a cell at its place, with its text broken into lines.
type field struct {
	cell     layout.GridCell
	x, width float64
	lines    []piece
}

func (f field) height() float64 { return heightOf(f.lines) }

func heightOf(list []piece) float64 {
	var sum float64
	for _, p := range list {
		sum += p.height + p.after
	}
	return sum
}

func (s *stack) grid(g *layout.Grid) {
	rows := make([][]field, len(g.Rows))
	heights := make([]float64, len(g.Rows))
	for i, row := range g.Rows {
		rows[i] = s.fields(g, row)
		heights[i] = rowHeight(g, rows[i])
	}
	stretchOver(g, rows, heights)
	top := s.head(g, rows, heights)
	for i, row := range g.Rows {
		if i < g.Head {
			p := s.rowPiece(g, rows[i], heights[i:])
			p.keep = true
			s.pieces = append(s.pieces, p)
			continue
		}
		s.bodyRow(g, row, rows[i], heights[i], top)
	}
	if g.Lines {
		// Each row makes room for the line above it, the last one for both.
		s.pieces[len(s.pieces)-1].height += layout.LinePt
	}
}

func (s *stack) fields(g *layout.Grid, row layout.GridRow) []field {
	var list []field
	x, at := s.page.left, 0
	for _, c := range row.Cells {
		f := field{cell: c, x: x, width: points(g.WidthMM(at, c))}
		pad := points(g.PadMM)
		for i := range c.Pars {
			f.lines = append(f.lines, s.linesOf(&c.Pars[i], x+pad, f.width-2*pad)...)
		}
		list = append(list, f)
		x += f.width
		at += c.Span
	}
	return list
}

func frameHeight(g *layout.Grid) float64 {
	if g.Lines {
		return 2*g.PadPt + layout.LinePt
	}
	return 2 * g.PadPt
}

func rowHeight(g *layout.Grid, fields []field) float64 {
	var tallest float64
	for _, f := range fields {
		if f.cell.Down <= 1 && !f.cell.Covered {
			tallest = max(tallest, f.height())
		}
	}
	return tallest + frameHeight(g)
}

// stretchOver makes room for cells that cover several rows in the last of them.
func stretchOver(g *layout.Grid, rows [][]field, heights []float64) {
	for i, fields := range rows {
		for _, f := range fields {
			if f.cell.Down > 1 {
				last := i + f.cell.Down - 1
				missing := f.height() + frameHeight(g) - sum(heights[i:last+1])
				heights[last] += max(0, missing)
			}
		}
	}
}

func sum(list []float64) float64 {
	var total float64
	for _, v := range list {
		total += v
	}
	return total
}

// head is what returns on every page. A head that fills half a page would
// leave no room for the table, so it does not return.
func (s *stack) head(g *layout.Grid, rows [][]field, heights []float64) *head {
	h := &head{height: sum(heights[:g.Head])}
	if g.Head == 0 || h.height > s.page.height()/2 {
		return nil
	}
	for i := range g.Head {
		h.rows = append(h.rows, s.rowPiece(g, rows[i], heights[i:]))
	}
	return h
}

// rowPiece sets a row of the first of the heights; the others are those of the
// rows below it.
func (s *stack) rowPiece(g *layout.Grid, fields []field, heights []float64) piece {
	return piece{height: heights[0], draw: func(y float64) {
		for _, f := range fields {
			if !f.cell.Covered {
				s.drawField(g, f, y, sum(heights[:max(f.cell.Down, 1)]))
			}
		}
	}}
}

func (s *stack) drawField(g *layout.Grid, f field, y, height float64) {
	if g.Lines {
		s.ink.box(f.x, y, f.width, height)
		y += layout.LinePt
	}
	y += g.PadPt
	if f.cell.Middle {
		y += (height - frameHeight(g) - f.height()) / 2
	}
	for _, l := range f.lines {
		l.set(y)
		y += l.height + l.after
	}
}

// bodyRow adds a row, in parts when no page can hold it.
func (s *stack) bodyRow(g *layout.Grid, row layout.GridRow, fields []field, height float64, top *head) {
	limit := s.page.height()
	if top != nil {
		limit -= top.height
	}
	if height <= limit {
		p := s.rowPiece(g, fields, []float64{height})
		p.keep, p.head = row.KeepNext, top
		s.pieces = append(s.pieces, p)
		return
	}
	for more := true; more; {
		var part []field
		part, fields, more = splitRow(fields, limit-frameHeight(g))
		p := s.rowPiece(g, part, []float64{rowHeight(g, part)})
		p.keep, p.head = row.KeepNext && !more, top
		s.pieces = append(s.pieces, p)
	}
}

// splitRow takes from each cell the lines that fit into the room, at least one.
func splitRow(fields []field, room float64) (part, rest []field, more bool) {
	for _, f := range fields {
		n := 0
		for used := 0.0; n < len(f.lines); n++ {
			used += f.lines[n].height + f.lines[n].after
			if used > room && n > 0 {
				break
			}
		}
		now, later := f, f
		now.lines, later.lines = f.lines[:n], f.lines[n:]
		part, rest = append(part, now), append(rest, later)
		more = more || len(later.lines) > 0
	}
	return part, rest, more
}

func alignedShift(a paper.Align, free float64) float64 {
	switch a {
	case paper.AlignCenter:
		return free / 2
	case paper.AlignRight:
		return free
	default:
		return 0
	}
}
