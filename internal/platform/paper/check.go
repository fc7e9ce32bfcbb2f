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
	for _, rows := range [][]Row{t.Head, t.Rows} {
		for i, row := range rows {
			if err := row.check(len(t.Columns)); err != nil {
				return fmt.Errorf("row %d: %w", i, err)
			}
		}
	}
	return nil
}

func (r Row) check(columns int) error {
	var width int
	for _, cell := range r {
		width += cell.Columns()
		if cell.Picture != nil {
			if err := cell.Picture.check(); err != nil {
				return err
			}
		}
	}
	if width > columns {
		return fmt.Errorf("covers %d columns of %d", width, columns)
	}
	return nil
}

// Columns is the number of columns that the cell covers.
func (c Cell) Columns() int { return max(c.Span, 1) }

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
