package docx

import (
	"strings"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/layout"
)

const (
	nsMain          = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
	nsRelations     = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	nsDrawing       = "http://schemas.openxmlformats.org/drawingml/2006/main"
	nsPicture       = "http://schemas.openxmlformats.org/drawingml/2006/picture"
	nsDrawingInText = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
)

// builder writes the main part and gathers the pictures it names.
type builder struct {
	writer
	sheet    layout.Sheet
	pictures []*layout.Picture
}

func (b *builder) document() []byte {
	b.put(xmlHeader+`<w:document xmlns:w="%s" xmlns:r="%s" xmlns:wp="%s" xmlns:a="%s" xmlns:pic="%s"><w:body>`,
		nsMain, nsRelations, nsDrawingInText, nsDrawing, nsPicture)
	for _, item := range b.sheet.Items {
		switch item := item.(type) {
		case *layout.Par:
			b.par(item, item.KeepNext)
		case *layout.Grid:
			b.grid(item)
		}
	}
	if len(b.sheet.Items) == 0 {
		b.put(`<w:p/>`)
	}
	b.section()
	b.put(`</w:body></w:document>`)
	return b.bytes()
}

// par writes a paragraph: its style, and only what differs from it.
func (b *builder) par(p *layout.Par, keepNext bool) {
	s := p.Style
	b.put(`<w:p><w:pPr><w:pStyle w:val="%s"/>`, s.ID)
	if keepNext != s.KeepNext {
		b.put(`<w:keepNext w:val="%s"/>`, onOff(keepNext))
	}
	if p.NewPage {
		b.put(`<w:pageBreakBefore/>`)
	}
	if p.Rule {
		b.put(`<w:pBdr><w:bottom w:val="single" w:sz="%d" w:space="0" w:color="auto"/></w:pBdr>`, eighths(layout.LinePt))
	}
	if p.PitchPt != s.PitchPt {
		b.put(`<w:spacing w:line="%d" w:lineRule="exact"/>`, twips(p.PitchPt))
	}
	switch {
	case p.SideMM > 0:
		b.put(`<w:ind w:left="%[1]d" w:right="%[1]d" w:firstLine="0"/>`, twipsOfMM(p.SideMM))
	case p.FirstMM != s.FirstMM:
		b.put(`<w:ind w:firstLine="%d"/>`, twipsOfMM(p.FirstMM))
	}
	if p.Align != s.Align {
		b.put(`<w:jc w:val="%s"/>`, justification(p.Align))
	}
	b.put(`</w:pPr>`)
	for _, r := range p.Runs {
		b.run(r)
	}
	if p.Picture != nil {
		b.picture(p.Picture)
	}
	b.put(`</w:p>`)
}

func (b *builder) run(r paper.Run) {
	b.put(`<w:r>`)
	if r.Bold || r.Italic || r.Underline {
		b.put(`<w:rPr>`)
		if r.Bold {
			b.put(`<w:b/>`)
		}
		if r.Italic {
			b.put(`<w:i/>`)
		}
		if r.Underline {
			b.put(`<w:u w:val="single"/>`)
		}
		b.put(`</w:rPr>`)
	}
	for i, line := range strings.Split(r.Text, "\n") {
		if i > 0 {
			b.put(`<w:br/>`)
		}
		if line != "" {
			b.put(`<w:t xml:space="preserve">`)
			b.text(line)
			b.put(`</w:t>`)
		}
	}
	b.put(`</w:r>`)
}

func (b *builder) grid(g *layout.Grid) {
	var width float64
	for _, mm := range g.WidthsMM {
		width += mm
	}
	b.put(`<w:tbl><w:tblPr>`)
	if g.Lines {
		b.put(`<w:tblStyle w:val="TableGrid"/>`)
	}
	b.put(`<w:tblW w:w="%d" w:type="dxa"/>`, twipsOfMM(width))
	b.put(`<w:tblLayout w:type="fixed"/><w:tblCellMar><w:top w:w="%[2]d" w:type="dxa"/><w:left w:w="%[1]d" w:type="dxa"/><w:bottom w:w="%[2]d" w:type="dxa"/><w:right w:w="%[1]d" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`,
		twipsOfMM(g.PadMM), twips(g.PadPt))
	for _, mm := range g.WidthsMM {
		b.put(`<w:gridCol w:w="%d"/>`, twipsOfMM(mm))
	}
	b.put(`</w:tblGrid>`)
	for i, row := range g.Rows {
		b.row(g, row, i < g.Head)
	}
	b.put(`</w:tbl>`)
}

func (b *builder) row(g *layout.Grid, row layout.GridRow, head bool) {
	b.put(`<w:tr><w:trPr><w:cantSplit/>`)
	if head {
		b.put(`<w:tblHeader/>`)
	}
	b.put(`</w:trPr>`)
	at := 0
	for _, c := range row.Cells {
		b.put(`<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/>`, twipsOfMM(g.WidthMM(at, c)))
		if c.Span > 1 {
			b.put(`<w:gridSpan w:val="%d"/>`, c.Span)
		}
		if c.Covered {
			b.put(`<w:vMerge/>`)
		} else if c.Down > 1 {
			b.put(`<w:vMerge w:val="restart"/>`)
		}
		if c.Middle {
			b.put(`<w:vAlign w:val="center"/>`)
		}
		b.put(`</w:tcPr>`)
		for i := range c.Pars {
			b.par(&c.Pars[i], row.KeepNext)
		}
		b.put(`</w:tc>`)
		at += c.Span
	}
	b.put(`</w:tr>`)
}

func (b *builder) picture(p *layout.Picture) {
	b.pictures = append(b.pictures, p)
	n, cx, cy := len(b.pictures), emu(p.WidthMM), emu(p.HeightMM)
	b.put(`<w:r><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="Hình %d" descr="`, cx, cy, n, n)
	b.attribute(p.Alt, 250)
	b.put(`"/><a:graphic><a:graphicData uri="%s"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="image%d.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		nsPicture, n, n, pictureID(n-1), cx, cy)
}

// section is the page: size, margins, header.
func (b *builder) section() {
	f := b.sheet.Format
	b.put(`<w:sectPr>`)
	if numbered(f) {
		b.put(`<w:headerReference w:type="default" r:id="%s"/><w:headerReference w:type="first" r:id="%s"/>`, idHeader, idFirstHeader)
	}
	b.put(`<w:pgSz w:w="%d" w:h="%d"`, twipsOfMM(f.WidthMM), twipsOfMM(f.HeightMM))
	if f.WidthMM > f.HeightMM {
		b.put(` w:orient="landscape"`)
	}
	b.put(`/><w:pgMar w:top="%d" w:right="%d" w:bottom="%d" w:left="%d" w:header="%d" w:footer="%d" w:gutter="0"/>`,
		twipsOfMM(f.Margins.Top), twipsOfMM(f.Margins.Right), twipsOfMM(f.Margins.Bottom), twipsOfMM(f.Margins.Left),
		twipsOfMM(f.PageNumber.TopMM), twipsOfMM(f.Margins.Bottom/2))
	if f.PageNumber.From > 1 {
		b.put(`<w:titlePg/>`)
	}
	b.put(`</w:sectPr>`)
}

func onOff(on bool) string {
	if on {
		return "1"
	}
	return "0"
}

func justification(a paper.Align) string {
	switch a {
	case paper.AlignCenter:
		return "center"
	case paper.AlignRight:
		return "right"
	case paper.AlignJustify:
		return "both"
	default:
		return "left"
	}
}
