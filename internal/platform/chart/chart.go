// Package chart draws figures on the server: heat tables, lines, bars,
// compositions, sparklines, maps and tiles. A chart is typed values with their
// words; it comes out as SVG for a page, as SVG or PNG for a file and as a sheet
// of a workbook, and always together with the table of the same values.
//
// It knows no business and no language: labels, figures in words and the sentence
// that describes a picture come from the caller. No chart tells anything by
// colour alone: levels have patterns, cells their figures, lines their strokes,
// marks and names.
package chart

import (
	"bytes"
	"fmt"

	"chibo/internal/platform/xlsx"
)

// Head is what every chart says of itself.
type Head struct {
	// ID is unique on the page; the title and patterns of the picture are found by it.
	ID    string
	Title string
	// Desc says in a sentence what the picture shows, for those who do not see it.
	Desc string
	// Note stands below the picture in a file: of which day the figures are.
	Note string
}

func (h Head) head() Head { return h }

// Kind is what sort of thing a figure is.
type Kind uint8

const (
	Word  Kind = iota // no number: "chưa họp", or nothing was counted
	Count             // a whole number
	Share             // a part of one
	Score             // a number with decimals
)

// Figure is one value and how it is read.
type Figure struct {
	Kind  Kind
	Value float64
	Text  string
}

// Known reports whether the figure is a number.
func (f Figure) Known() bool { return f.Kind != Word }

// Level is where a figure stands between bad and good.
type Level uint8

const (
	Plain   Level = iota // not judged
	Low                  // poor
	Fair                 // middling
	Good                 // good
	Best                 // very good
	Missing              // should be there and is not
)

// Table is the values of a chart in rows and columns.
type Table struct {
	Corner  string
	Columns []string
	Rows    []Row
}

// Row is a line of a table.
type Row struct {
	Label   string
	Figures []Figure
}

// Chart is a picture of figures.
type Chart interface {
	// Table is all that the picture shows.
	Table() Table
	head() Head
	draw(width float64) *drawing
}

// The widths of a picture: on a page, as narrow as a phone, and in a file.
const (
	narrow = 360
	wide   = 760
)

// Inline is the picture as part of a page: as wide as its place, without the
// title, which stands above it there.
func Inline(c Chart) string {
	d := c.draw(narrow)
	return d.svg(c.head(), false)
}

// SVG is the picture as a file.
func SVG(c Chart) []byte { return []byte(framed(c).svg(c.head(), true)) }

// PNG is the picture as a file of dots, twice as fine as the SVG.
func PNG(c Chart) ([]byte, error) {
	var out bytes.Buffer
	err := framed(c).png(&out, 2)
	return out.Bytes(), err
}

// framed is the picture with its title above and its note below, on white.
func framed(c Chart) *drawing {
	const margin, size = 20.0, 20.0
	h, inner := c.head(), c.draw(wide-2*margin)
	width := inner.width + 2*margin
	d := &drawing{width: width}
	d.box(box{w: width, fill: solid(white)}) // its height is known at the end
	y := margin
	for _, line := range wrap(h.Title, size, true, inner.width) {
		d.text(label{x: margin, y: y + size, size: size, bold: true, text: line})
		y += size * 1.3
	}
	y += 10
	d.place(inner, margin, y)
	y += inner.height + 6
	for _, line := range wrap(h.Note, 12, false, inner.width) {
		d.text(label{x: margin, y: y + 12, size: 12, colour: soft, text: line})
		y += 16
	}
	d.height = y + margin
	d.ground(d.height)
	return d
}

// Workbook is the table of the chart as an Excel file.
func Workbook(c Chart) ([]byte, error) {
	w, err := xlsx.NewWriter()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	if err := Sheet(w, c); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = w.Write(&out)
	return out.Bytes(), err
}

// Sheet adds the table of the chart to a workbook, as numbers.
func Sheet(w *xlsx.Writer, c Chart) error {
	h, t := c.head(), c.Table()
	sheet := xlsx.Sheet{Name: h.Title, Title: h.Title, Columns: []xlsx.Column{{Head: t.Corner, Width: 34}}}
	if h.Note != "" {
		sheet.Notes = []string{h.Note}
	}
	for _, column := range t.Columns {
		sheet.Columns = append(sheet.Columns, xlsx.Column{Head: column})
	}
	rows, err := w.Sheet(sheet)
	if err != nil {
		return err
	}
	for _, row := range t.Rows {
		values := []xlsx.Value{xlsx.Text(row.Label)}
		for _, f := range row.Figures {
			values = append(values, f.value())
		}
		if err := rows.Add(values...); err != nil {
			return fmt.Errorf("chart %q: %w", h.ID, err)
		}
	}
	return nil
}

func (f Figure) value() xlsx.Value {
	switch f.Kind {
	case Count:
		return xlsx.Int(int64(f.Value))
	case Share:
		return xlsx.Percent(f.Value)
	case Score:
		return xlsx.Number(f.Value)
	}
	return xlsx.Text(f.Text)
}
