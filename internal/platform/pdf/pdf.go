// Package pdf writes a paper.Document as a PDF file with embedded fonts.
//
// It knows how to break lines and pages, and where a page's ink goes; what
// stands where is decided by paper/layout, so the PDF looks like the Word file
// of the same document. The same document gives the same bytes.
package pdf

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/face"
	"chibo/internal/platform/paper/layout"
)

// Write writes the document to w. It fails on a document that does not pass
// its Check, on a picture that cannot be decoded, and when w does.
func Write(w io.Writer, d paper.Document) error {
	if err := d.Check(); err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	sheet := layout.Of(d)
	s := &stack{page: pageOf(d.Format), ink: newInk(d)}
	s.gather(sheet)
	s.place()
	if err := s.ink.file.Output(w); err != nil {
		return fmt.Errorf("pdf: %w", err)
	}
	return nil
}

// page is the frame of the text in points from the upper left corner.
type page struct{ left, top, right, bottom float64 }

func pageOf(f paper.Format) page {
	return page{
		left: points(f.Margins.Left), top: points(f.Margins.Top),
		right: points(f.WidthMM - f.Margins.Right), bottom: points(f.HeightMM - f.Margins.Bottom),
	}
}

func (p page) height() float64 { return p.bottom - p.top }
func (p page) width() float64  { return p.right - p.left }

func points(mm float64) float64 { return mm * 72 / 25.4 }

// ink puts text, lines and pictures on the pages of a file.
type ink struct {
	file     *fpdf.Fpdf
	format   paper.Format
	number   float64 // baseline of the page number
	loaded   [len(face.Styles)]bool
	style    face.Style
	size     float64
	pictures map[*byte]string // by the first byte of the PNG
}

// undated stands in the properties of a document without a date; the library
// would read the clock.
var undated = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

func newInk(d paper.Document) *ink {
	f := d.Format
	file := fpdf.NewCustom(&fpdf.InitType{
		OrientationStr: "P", UnitStr: "pt",
		Size: fpdf.SizeType{Wd: points(f.WidthMM), Ht: points(f.HeightMM)},
	})
	file.SetMargins(0, 0, 0)
	file.SetAutoPageBreak(false, 0)
	file.SetCatalogSort(true)
	created := d.Created
	if created.IsZero() {
		created = undated
	}
	file.SetCreationDate(created.UTC())
	file.SetModificationDate(created.UTC())
	file.SetProducer("chibo", false)
	file.SetLang("vi-VN")
	file.SetTitle(paper.Clean(d.Title), true)
	file.SetSubject(paper.Clean(d.Subject), true)
	file.SetAuthor(paper.Clean(d.Author), true)
	return &ink{
		file: file, format: f, number: points(f.PageNumber.TopMM) + baseline*f.LinePt,
		pictures: map[*byte]string{},
	}
}

// newPage begins a page and sets its number.
func (k *ink) newPage() {
	k.file.AddPage()
	k.size = 0
	n := k.file.PageNo()
	if from := k.format.PageNumber.From; from == 0 || n < from {
		return
	}
	text := fmt.Sprint(n)
	p := pageOf(k.format)
	width := face.Regular.Width(text, k.format.BodyPt)
	k.text(p.left+(p.width()-width)/2, k.number, text, face.Regular, k.format.BodyPt)
}

// text sets text with its baseline at y.
func (k *ink) text(x, y float64, text string, style face.Style, size float64) {
	if style != k.style || size != k.size {
		if !k.loaded[style] {
			k.file.AddUTF8FontFromBytes(family, letters[style], cutFont(style))
			k.loaded[style] = true
		}
		k.file.SetFont(family, letters[style], size)
		k.style, k.size = style, size
	}
	k.file.Text(x, y, text)
}

func (k *ink) line(x1, y1, x2, y2, weight float64) {
	k.file.SetLineWidth(weight)
	k.file.Line(x1, y1, x2, y2)
}

func (k *ink) box(x, y, width, height float64) {
	k.file.SetLineWidth(layout.LinePt)
	k.file.Rect(x, y, width, height, "D")
}

func (k *ink) picture(p *layout.Picture, x, y float64) {
	name, ok := k.pictures[&p.PNG[0]]
	if !ok {
		name = fmt.Sprintf("picture%d", len(k.pictures)+1)
		k.pictures[&p.PNG[0]] = name
		plain, err := plainPNG(p.PNG)
		if err != nil {
			k.file.SetError(err)
			return
		}
		k.file.RegisterImageOptionsReader(name, fpdf.ImageOptions{ImageType: "PNG"}, bytes.NewReader(plain))
	}
	k.file.ImageOptions(name, x, y, points(p.WidthMM), points(p.HeightMM), false, fpdf.ImageOptions{ImageType: "PNG"}, 0, "")
}

// plainPNG writes a picture anew, on white and with eight bits to a colour:
// the PDF library trusts the lengths in a PNG, and knows neither interlacing
// nor sixteen bits.
func plainPNG(data []byte) ([]byte, error) {
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	var dst draw.Image = image.NewRGBA(src.Bounds())
	if _, ok := src.(*image.Gray); ok {
		dst = image.NewGray(src.Bounds())
	}
	draw.Draw(dst, dst.Bounds(), image.White, image.Point{}, draw.Src)
	draw.Draw(dst, dst.Bounds(), src, src.Bounds().Min, draw.Over)
	var out bytes.Buffer
	if err := png.Encode(&out, dst); err != nil {
		return nil, fmt.Errorf("picture: %w", err)
	}
	return out.Bytes(), nil
}
