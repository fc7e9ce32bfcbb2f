// Package paperhtml writes a paper.Document as an HTML fragment, for reading
// on a screen of any width and for printing from a browser.
//
// It knows semantic HTML and the classes of paper.css. It writes no style
// attributes, so it works under a strict Content-Security-Policy; pictures are
// data addresses (img-src data:).
package paperhtml

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html"
	"io"
	"math"
	"strings"

	"chibo/internal/platform/paper"
)

// CSS is the style sheet of the classes, for screen and print.
//
//go:embed paper.css
var CSS string

// PageCSS is the part of the style sheet that follows the page format: paper,
// margins, sizes and page number. Serve it after CSS.
func PageCSS(f paper.Format) string {
	var b strings.Builder
	number := "content: counter(page);"
	fmt.Fprintf(&b, "@page {\n  size: %smm %smm;\n  margin: %smm %smm %smm %smm;\n", figure(f.WidthMM), figure(f.HeightMM),
		figure(f.Margins.Top), figure(f.Margins.Right), figure(f.Margins.Bottom), figure(f.Margins.Left))
	if f.PageNumber.From > 0 {
		fmt.Fprintf(&b, "  @top-center { %s font: %spt %s; }\n", number, figure(f.BodyPt), fontStack(f))
	}
	b.WriteString("}\n")
	if f.PageNumber.From > 1 {
		b.WriteString("@page :first {\n  @top-center { content: none; }\n}\n")
	}
	fmt.Fprintf(&b, ".paper {\n  --paper-font: %s;\n", fontStack(f))
	for _, v := range []struct {
		name  string
		value float64
		unit  string
	}{
		{"size", f.BodyPt, "pt"},
		{"line", f.LinePt / f.BodyPt, ""},
		{"gap", f.ParagraphPt, "pt"},
		{"indent", f.IndentMM, "mm"},
		{"hand", f.SignatureMM, "mm"},
		{"width", f.LineMM(), "mm"},
		{"motto", scale(f, f.Sizes.Motto), "em"},
		{"issuer", scale(f, f.Sizes.Issuer), "em"},
		{"number", scale(f, f.Sizes.Number), "em"},
		{"subject", scale(f, f.Sizes.Subject), "em"},
		{"title", scale(f, f.Sizes.Title), "em"},
		{"abstract", scale(f, f.Sizes.Abstract), "em"},
		{"table", scale(f, f.Sizes.Table), "em"},
		{"recipients", scale(f, f.Sizes.Recipients), "em"},
	} {
		fmt.Fprintf(&b, "  --paper-%s: %s%s;\n", v.name, figure(v.value), v.unit)
	}
	b.WriteString("}\n")
	return b.String()
}

// fontStack names the font of the format; what could end a CSS string is left
// out of the name.
func fontStack(f paper.Format) string {
	name := strings.Map(func(r rune) rune {
		if strings.ContainsRune("\"\\<>;{}\n", r) {
			return -1
		}
		return r
	}, paper.Clean(f.Font))
	return `"` + name + `", "Liberation Serif", serif`
}

func scale(f paper.Format, pt float64) float64 {
	if pt == 0 {
		return 1
	}
	return pt / f.BodyPt
}

func figure(v float64) string {
	return strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.4f", v), "0"), ".")
}

// Write writes the document as one article element, well formed as HTML and as
// XML. Headings begin at level 2:
// the page around has its own level 1. It fails on a document that does not
// pass its Check, and when w does.
func Write(w io.Writer, d paper.Document) error {
	if err := d.Check(); err != nil {
		return fmt.Errorf("paperhtml: %w", err)
	}
	b := &builder{format: d.Format}
	b.put(`<article class="paper" lang="vi">` + "\n")
	b.blocks(d.Blocks)
	b.put("</article>\n")
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("paperhtml: %w", err)
	}
	return nil
}

type builder struct {
	strings.Builder
	format paper.Format
}

// put writes markup; it must not be given a document's text.
func (b *builder) put(format string, args ...any) { fmt.Fprintf(&b.Builder, format, args...) }

// text writes a document's text.
func (b *builder) text(s string) {
	b.WriteString(strings.ReplaceAll(html.EscapeString(paper.Clean(s)), "\n", "<br/>"))
}

// element writes an element with text, and nothing when the text is empty.
func (b *builder) element(tag, class, text string) {
	if text == "" {
		return
	}
	b.put(`<%s class="paper-%s">`, tag, class)
	b.text(text)
	b.put("</%s>\n", tag)
}

func (b *builder) blocks(blocks []paper.Block) {
	for _, block := range blocks {
		b.block(block)
	}
}

func (b *builder) block(block paper.Block) {
	switch block := block.(type) {
	case paper.Letterhead:
		b.letterhead(block)
	case paper.Title:
		b.put(`<header class="paper-title">` + "\n")
		b.element("h2", "name", capitals(block.Name))
		b.element("p", "abstract", block.Abstract)
		if b.format.TitleRule != "" {
			b.put(`<p class="paper-rule" aria-hidden="true">`)
			b.text(b.format.TitleRule)
			b.put("</p>\n")
		}
		b.put("</header>\n")
	case paper.Heading:
		b.element(fmt.Sprintf("h%d", block.Level+2), fmt.Sprintf("h%d", block.Level), strings.TrimSpace(block.Number+" "+block.Text))
	case paper.Paragraph:
		b.put(`<p class="%s">`, paragraphClass(block))
		b.runs(block.Runs)
		b.put("</p>\n")
	case paper.List:
		b.list(block)
	case paper.Table:
		b.table(block)
	case paper.Closing:
		b.closing(block)
	case paper.SignaturePair:
		b.put(`<footer class="paper-closing">` + "\n")
		b.signature(block.Left)
		b.signature(block.Right)
		b.put("</footer>\n")
	case paper.Image:
		b.put(`<figure class="paper-figure%s">`, alignClass(block.Align))
		b.image(block)
		b.put("</figure>\n")
	case paper.PageBreak:
		b.put(`<div class="paper-page-break"></div>` + "\n")
	case paper.KeepTogether:
		b.put(`<div class="paper-together">` + "\n")
		b.blocks(block.Blocks)
		b.put("</div>\n")
	}
}

func capitals(s string) string { return strings.ToUpper(paper.Clean(s)) }

func (b *builder) runs(runs []paper.Run) {
	for _, r := range runs {
		var tags []string
		if r.Bold {
			tags = append(tags, "strong")
		}
		if r.Italic {
			tags = append(tags, "em")
		}
		if r.Underline {
			tags = append(tags, "u")
		}
		for _, tag := range tags {
			b.put("<%s>", tag)
		}
		b.text(r.Text)
		for i := len(tags) - 1; i >= 0; i-- {
			b.put("</%s>", tags[i])
		}
	}
}

func (b *builder) letterhead(l paper.Letterhead) {
	b.put(`<header class="paper-head"><div class="paper-head-left">` + "\n")
	b.element("p", "superior", capitals(l.Superior))
	b.element("p", "issuer", capitals(l.Issuer))
	b.put(`<p class="paper-star" aria-hidden="true">*</p>` + "\n")
	b.element("p", "number", l.Number)
	b.element("p", "subject", l.Subject)
	for _, stamp := range l.Stamps {
		b.element("p", "stamp", capitals(stamp))
	}
	b.put(`</div><div class="paper-head-right">` + "\n")
	if l.Motto != "" {
		b.put(`<p class="paper-motto"><span>`)
		b.text(capitals(l.Motto))
		b.put("</span></p>\n")
	}
	b.element("p", "place", l.PlaceDate)
	for _, note := range l.Notes {
		b.element("p", "note", note)
	}
	b.put("</div></header>\n")
}

func (b *builder) list(l paper.List) {
	b.put(`<ul class="paper-list">` + "\n")
	for _, item := range l.Items {
		b.put("<li>")
		if item.Label != "" {
			b.text(item.Label + " ")
		}
		b.runs(item.Runs)
		b.put("</li>\n")
	}
	b.put("</ul>\n")
}

// table writes the table in a frame that scrolls by itself on a narrow screen;
// tabindex lets the keyboard reach it.
func (b *builder) table(t paper.Table) {
	class := "paper-table"
	if t.Plain {
		class += " paper-plain"
	}
	b.put(`<div class="paper-scroll" tabindex="0"><table class="%s">`+"\n<colgroup>", class)
	line := b.format.LineMM()
	for _, width := range t.Widths(line) {
		b.put(`<col width="%d%%"/>`, int(math.Round(width/line*100)))
	}
	b.put("</colgroup>\n")
	if len(t.Head) > 0 {
		b.put("<thead>\n")
		for _, row := range t.Head {
			b.row(t, row, "th")
		}
		b.put("</thead>\n")
	}
	b.put("<tbody>\n")
	for _, row := range t.Rows {
		b.row(t, row, "td")
	}
	b.put("</tbody>\n</table></div>\n")
}

func (b *builder) row(t paper.Table, row paper.Row, tag string) {
	cover := paper.NewCover(len(t.Columns))
	b.put("<tr>")
	for _, c := range row {
		at, _ := cover.Place(c)
		align := c.Align
		if align == paper.AlignDefault && tag == "td" {
			align = t.Columns[at].Align
		}
		b.put("<%s", tag)
		if class := strings.TrimSpace(alignClass(align)); class != "" {
			b.put(` class="%s"`, class)
		}
		if tag == "th" {
			b.put(` scope="%s"`, scope(c))
		}
		if c.Columns() > 1 {
			b.put(` colspan="%d"`, c.Columns())
		}
		if c.Depth() > 1 {
			b.put(` rowspan="%d"`, c.Depth())
		}
		b.put(">")
		if c.Picture != nil {
			b.image(*c.Picture)
		}
		b.runs(c.Runs)
		b.put("</%s>", tag)
	}
	b.put("</tr>\n")
}

func scope(c paper.Cell) string {
	if c.Columns() > 1 {
		return "colgroup"
	}
	return "col"
}

func (b *builder) closing(c paper.Closing) {
	b.put(`<footer class="paper-closing">` + "\n" + `<div class="paper-recipients">` + "\n")
	if len(c.Recipients.Lines) > 0 {
		b.element("p", "recipients-label", c.Recipients.Heading())
		for i := range c.Recipients.Lines {
			b.element("p", "recipient", c.Recipients.Line(i))
		}
	}
	b.put("</div>\n")
	b.signature(c.Signature)
	b.put("</footer>\n")
}

func (b *builder) signature(g paper.Signature) {
	b.put(`<div class="paper-signature">` + "\n")
	for _, line := range g.For {
		b.element("p", "authority", capitals(line))
	}
	post := "post"
	if len(g.For) == 0 {
		post = "authority"
	}
	b.element("p", post, capitals(g.Post))
	b.element("p", "hint", g.Hint)
	b.put(`<div class="paper-hand"></div>` + "\n")
	b.element("p", "signer", g.Name)
	b.put("</div>\n")
}

// image is sized by attributes in CSS pixels, of which an inch has 96.
func (b *builder) image(m paper.Image) {
	f := b.format
	width, height := m.SizeMM(f.LineMM(), f.HeightMM-f.Margins.Top-f.Margins.Bottom)
	b.put(`<img src="data:image/png;base64,%s" width="%d" height="%d" alt="`, base64.StdEncoding.EncodeToString(m.PNG), pixels(width), pixels(height))
	b.text(strings.ReplaceAll(m.Alt, "\n", " "))
	b.put(`"/>`)
}

func pixels(mm float64) int { return int(math.Round(mm / 25.4 * 96)) }

func paragraphClass(p paper.Paragraph) string {
	class := "paper-p"
	if p.Flush {
		class += " paper-flush"
	}
	return class + alignClass(p.Align)
}

func alignClass(a paper.Align) string {
	switch a {
	case paper.AlignLeft:
		return " paper-left"
	case paper.AlignCenter:
		return " paper-center"
	case paper.AlignRight:
		return " paper-right"
	case paper.AlignJustify:
		return " paper-justify"
	default:
		return ""
	}
}
