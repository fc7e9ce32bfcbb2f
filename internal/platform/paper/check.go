package paper

import (
	"bytes"
	"fmt"
	"image/png"
)

// maxPixels bounds a picture before anything decodes it: 25 million pixels are
// a photo of a whole page, and 100 MB in memory.
const maxPixels = 25_000_000

// Check reports what no writer could set: a format without room, a row wider
// than its table, a picture that is no PNG. Every writer calls it first.
func (d Document) Check() error {
	if err := d.Format.Check(); err != nil {
		return fmt.Errorf("page format: %w", err)
	}
	return checkBlocks(d.Blocks)
}

func checkBlocks(blocks []Block) error {
	for i, b := range blocks {
		if err := checkBlock(b); err != nil {
			return fmt.Errorf("block %d (%T): %w", i, b, err)
		}
	}
	return nil
}

func checkBlock(b Block) error {
	switch b := b.(type) {
	case nil:
		return fmt.Errorf("is nil")
	case Heading:
		if b.Level < 1 || b.Level > 4 {
			return fmt.Errorf("level %d, must be 1 to 4", b.Level)
		}
	case Table:
		return b.check()
	case Image:
		return b.check()
	case KeepTogether:
		return checkBlocks(b.Blocks)
	}
	return nil
}

func (t Table) check() error {
	if len(t.Columns) == 0 {
		return fmt.Errorf("no columns")
	}
	cover := NewCover(len(t.Columns))
	for i, row := range t.Head {
		if err := row.check(cover, len(t.Head)-i); err != nil {
			return fmt.Errorf("head row %d: %w", i, err)
		}
		cover.NextRow()
	}
	for i, row := range t.Rows {
		if err := row.check(NewCover(len(t.Columns)), 1); err != nil {
			return fmt.Errorf("row %d: %w", i, err)
		}
	}
	return nil
}

func (r Row) check(cover *Cover, rowsLeft int) error {
	for _, cell := range r {
		if _, ok := cover.Place(cell); !ok {
			return fmt.Errorf("has more cells than the table has columns")
		}
		if cell.Depth() > rowsLeft {
			return fmt.Errorf("a cell reaches %d rows down, %d are left", cell.Depth(), rowsLeft)
		}
		if cell.Picture != nil {
			if err := cell.Picture.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// Cover finds the column of each cell, past what cells of rows above cover.
type Cover struct {
	left  []int // rows still covered, by column
	spans []int // columns of the cell that was placed there last
	at    int
}

// NewCover begins a table's first row.
func NewCover(columns int) *Cover {
	return &Cover{left: make([]int, columns), spans: make([]int, columns)}
}

// Next is the next free column of the row, and how many columns follow each
// other freely from there.
func (c *Cover) Next() (at, free int) {
	for c.at < len(c.left) && c.left[c.at] > 0 {
		c.at++
	}
	for c.at+free < len(c.left) && c.left[c.at+free] == 0 {
		free++
	}
	return c.at, free
}

// Place puts the cell into the next free columns; it is not ok when they are
// too few.
func (c *Cover) Place(cell Cell) (at int, ok bool) {
	at, free := c.Next()
	if cell.Columns() > free {
		return at, false
	}
	for i := range cell.Columns() {
		c.left[at+i] = cell.Depth()
	}
	c.spans[at] = cell.Columns()
	c.at = at + cell.Columns()
	return at, true
}

// Span is the number of columns of the cell that reaches into this row from
// above and begins in column at.
func (c *Cover) Span(at int) int { return c.spans[at] }

// NextRow goes on to the row below.
func (c *Cover) NextRow() {
	c.at = 0
	for i := range c.left {
		c.left[i] = max(0, c.left[i]-1)
	}
}

// Columns is the number of columns that the cell covers.
func (c Cell) Columns() int { return max(c.Span, 1) }

// Depth is the number of rows that the cell covers.
func (c Cell) Depth() int { return max(c.Down, 1) }

func (m Image) check() error {
	if m.WidthMM <= 0 {
		return fmt.Errorf("picture without a width")
	}
	config, err := png.DecodeConfig(bytes.NewReader(m.PNG))
	if err != nil {
		return fmt.Errorf("picture: %w", err)
	}
	if config.Width <= 0 || config.Height <= 0 || config.Width > maxPixels/config.Height {
		return fmt.Errorf("picture of %d × %d pixels", config.Width, config.Height)
	}
	return nil
}

// SizeMM is the size at which the picture is set on a line of the given
// length and a column of the given height: proportions follow the picture
// unless both sides are given, and what is too large is made smaller.
func (m Image) SizeMM(line, column float64) (width, height float64) {
	width, height = m.WidthMM, m.HeightMM
	if height <= 0 {
		height = width
		if config, err := png.DecodeConfig(bytes.NewReader(m.PNG)); err == nil && config.Width > 0 {
			height = width * float64(config.Height) / float64(config.Width)
		}
	}
	shrink := min(1, line/width, column/height)
	return width * shrink, height * shrink
}

// leastShare is the part of the line that every column without a fixed width
// keeps at least, so that wide fixed columns cannot squeeze it to nothing.
const leastShare = 0.04

// Widths divides a line of the given length among the columns. Fixed widths
// that leave too little for the others are scaled down together.
func (t Table) Widths(line float64) []float64 {
	var fixed, shares, sharing float64
	for _, c := range t.Columns {
		if c.WidthMM > 0 {
			fixed += c.WidthMM
		} else {
			shares += share(c)
			sharing++
		}
	}
	scale := 1.0
	if room := line * (1 - min(0.9, leastShare*sharing)); fixed > room {
		scale = room / fixed
	}
	rest := line - fixed*scale
	widths := make([]float64, len(t.Columns))
	for i, c := range t.Columns {
		if c.WidthMM > 0 {
			widths[i] = c.WidthMM * scale
		} else {
			widths[i] = rest * share(c) / shares
		}
	}
	return widths
}

func share(c Column) float64 {
	if c.Share > 0 {
		return c.Share
	}
	return 1
}
