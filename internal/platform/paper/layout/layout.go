// Package layout puts the blocks of a paper.Document into the few pieces that
// every page format has: paragraphs with a style, and grids of cells. Word and
// PDF files are both written from these pieces, so they cannot differ.
//
// It knows where the parts of an office's paper stand; it knows no file format.
package layout

import (
	"math"
	"strings"

	"chibo/internal/platform/paper"
	"chibo/internal/platform/paper/face"
)

// Sheet is a document as pieces.
type Sheet struct {
	Format paper.Format
	Styles Styles
	Items  []Item
}

// Item is a Par or a Grid.
type Item interface{ keepNext() }

// Par is a paragraph, an empty space, a rule or a picture.
type Par struct {
	Style *Style
	Runs  []paper.Run
	// Align is never AlignDefault.
	Align paper.Align
	// FirstMM is the indent of the first line.
	FirstMM float64
	// PitchPt is the exact height of a line; 0 for a picture, which makes its
	// own height.
	PitchPt float64
	// Rule draws a line at the foot of an empty Par, SideMM away from either
	// edge of its column.
	Rule     bool
	SideMM   float64
	Picture  *Picture
	KeepNext bool
	NewPage  bool
}

// Picture is a PNG at its final size.
type Picture struct {
	PNG               []byte
	WidthMM, HeightMM float64
	Alt               string
}

// Grid is a table. Its first Head rows return on every page.
type Grid struct {
	WidthsMM []float64
	Head     int
	Rows     []GridRow
	Lines    bool
	// PadMM and PadPt are the room inside a cell, beside and above its text.
	PadMM, PadPt float64
}

// GridRow is never torn by a page's end unless it is longer than a page.
type GridRow struct {
	Cells    []GridCell
	KeepNext bool
}

// GridCell has at least one Par. Every column of every row has a cell: below
// one that covers Down rows stand cells that are Covered.
type GridCell struct {
	Span, Down int
	Covered    bool
	Pars       []Par
	Middle     bool
}

func (p *Par) keepNext() { p.KeepNext = true }

func (g *Grid) keepNext() {
	for i := range g.Rows {
		g.Rows[i].KeepNext = true
	}
}

// WidthMM is the width of the cell that begins in column at.
func (g *Grid) WidthMM(at int, c GridCell) float64 {
	var sum float64
	for i := at; i < min(at+c.Span, len(g.WidthsMM)); i++ {
		sum += g.WidthsMM[i]
	}
	return sum
}

// LinePt is the weight of a line in a grid or under a motto.
const LinePt = 0.5

// Of lays out a document that passed its Check.
func Of(d paper.Document) Sheet {
	s := &setter{format: d.Format, styles: stylesOf(d.Format)}
	s.blocks(d.Blocks)
	return Sheet{Format: d.Format, Styles: s.styles, Items: s.items}
}

type setter struct {
	format  paper.Format
	styles  Styles
	items   []Item
	newPage bool
}

func (s *setter) blocks(blocks []paper.Block) {
	for _, b := range blocks {
		s.block(b)
	}
}

func (s *setter) block(b paper.Block) {
	switch b := b.(type) {
	case paper.Letterhead:
		s.letterhead(b)
	case paper.Title:
		s.title(b)
	case paper.Heading:
		text := strings.TrimSpace(b.Number + " " + b.Text)
		s.add(s.par(s.styles.Heading(b.Level), paper.Text(text)))
	case paper.Paragraph:
		s.paragraph(b)
	case paper.List:
		for _, item := range b.Items {
			s.add(s.par(&s.styles.List, labelled(item)))
		}
	case paper.Table:
		s.table(b)
	case paper.Closing:
		s.closing(b)
	case paper.SignaturePair:
		s.sideBySide(s.signature(b.Left), s.signature(b.Right), 0.5)
	case paper.Image:
		s.picture(b)
	case paper.PageBreak:
		s.newPage = len(s.items) > 0
	case paper.KeepTogether:
		s.together(b)
	}
}

// add appends a piece; a page break that waits is given to it.
func (s *setter) add(item Item) {
	if s.newPage {
		s.newPage = false
		par, ok := item.(*Par)
		if !ok {
			par = s.gap(1)
			s.items = append(s.items, par)
		}
		par.NewPage = true
	}
	s.items = append(s.items, item)
}

// par is a paragraph as its style says.
func (s *setter) par(style *Style, runs []paper.Run) *Par {
	return &Par{
		Style: style, Runs: cleaned(runs), Align: style.Align, FirstMM: style.FirstMM,
		PitchPt: style.PitchPt, KeepNext: style.KeepNext,
	}
}

func cleaned(runs []paper.Run) []paper.Run {
	list := make([]paper.Run, 0, len(runs))
	for _, r := range runs {
		if r.Text = paper.Clean(r.Text); r.Text != "" {
			list = append(list, r)
		}
	}
	return list
}

// gap is an empty space between pieces.
func (s *setter) gap(pt float64) *Par {
	return &Par{Style: &s.styles.Space, Align: paper.AlignLeft, PitchPt: twips(pt)}
}

func (s *setter) paragraph(p paper.Paragraph) {
	par := s.par(&s.styles.Body, p.Runs)
	par.KeepNext = p.KeepNext
	if p.Align != paper.AlignDefault {
		par.Align = p.Align
	}
	if p.Flush || par.Align == paper.AlignCenter || par.Align == paper.AlignRight {
		par.FirstMM = 0
	}
	s.add(par)
}

func labelled(item paper.Item) []paper.Run {
	if item.Label == "" {
		return item.Runs
	}
	return append([]paper.Run{{Text: item.Label + " "}}, item.Runs...)
}

func (s *setter) title(t paper.Title) {
	parts := []*Par{s.par(&s.styles.Title, paper.Text(capitals(t.Name)))}
	if t.Abstract != "" {
		parts = append(parts, s.par(&s.styles.Abstract, paper.Text(t.Abstract)))
	}
	if s.format.TitleRule != "" {
		parts = append(parts, s.par(&s.styles.TitleRule, paper.Text(s.format.TitleRule)))
	}
	for _, p := range parts {
		s.add(p)
	}
	space := s.gap(s.format.ParagraphPt)
	space.KeepNext = true
	s.add(space)
}

// letterhead sets issuer and motto in one row, number and date in the next, so
// that these two stand level however many lines the issuer takes.
func (s *setter) letterhead(l paper.Letterhead) {
	st := &s.styles
	var issuer, motto, number, date []Par
	put := func(list *[]Par, style *Style, text string) {
		if text != "" {
			*list = append(*list, *s.par(style, paper.Text(text)))
		}
	}
	put(&issuer, &st.Superior, capitals(l.Superior))
	put(&issuer, &st.Issuer, capitals(l.Issuer))
	put(&issuer, &st.Star, "*")
	put(&motto, &st.Motto, capitals(l.Motto))
	if l.Motto != "" {
		motto = append(motto, s.ruleUnder(capitals(l.Motto)))
	}
	put(&number, &st.Number, l.Number)
	put(&number, &st.Subject, l.Subject)
	for _, stamp := range l.Stamps {
		put(&number, &st.Stamp, capitals(stamp))
	}
	put(&date, &st.PlaceDate, s.brokenAtComma(l.PlaceDate))
	for _, note := range l.Notes {
		put(&date, &st.Note, note)
	}
	grid := s.frame(s.format.LetterheadShare)
	grid.Rows = []GridRow{s.row(issuer, motto), s.row(number, date)}
	grid.keepNext()
	s.add(grid)
	space := s.gap(s.format.LinePt)
	space.KeepNext = true
	s.add(space)
}

// brokenAtComma keeps a date in one piece: a place too long to stand on one
// line with it gets a line of its own.
func (s *setter) brokenAtComma(placeDate string) string {
	style := s.styles.PlaceDate
	place, date, found := cutLast(placeDate, ", ")
	if !found || style.width(placeDate) <= s.mottoColumn() {
		return placeDate
	}
	return place + ",\n" + date
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// mottoColumn is the length of a line in the right column of the letterhead.
func (s *setter) mottoColumn() float64 {
	return s.format.LineMM()*(1-s.format.LetterheadShare) - 2*framePadMM
}

// width is the length in millimetres of a text on one line.
func (st Style) width(text string) float64 {
	return face.StyleOf(st.Bold, st.Italic).Width(text, st.Pt) * mmPerPt
}

// ruleUnder is a line as long as the words above it (rules 26.2).
func (s *setter) ruleUnder(words string) Par {
	column := s.mottoColumn()
	width := s.styles.Motto.width(words)
	rule := s.gap(ruleGapPt)
	rule.Rule, rule.SideMM = true, max(0, column-width)/2
	return *rule
}

func (s *setter) closing(c paper.Closing) {
	var left []Par
	if len(c.Recipients.Lines) > 0 {
		left = append(left, *s.par(&s.styles.RecipientsLabel, []paper.Run{{Text: c.Recipients.Heading(), Underline: true}}))
		for i := range c.Recipients.Lines {
			left = append(left, *s.par(&s.styles.Recipient, paper.Text(c.Recipients.Line(i))))
		}
	}
	s.sideBySide(left, s.signature(c.Signature), s.format.LetterheadShare)
}

func (s *setter) signature(g paper.Signature) []Par {
	st := &s.styles
	var list []Par
	for _, line := range g.For {
		list = append(list, *s.par(&st.Authority, paper.Text(capitals(line))))
	}
	if g.Post != "" {
		style := &st.Post
		if len(g.For) == 0 {
			style = &st.Authority
		}
		list = append(list, *s.par(style, paper.Text(capitals(g.Post))))
	}
	if g.Hint != "" {
		list = append(list, *s.par(&st.Hint, paper.Text(g.Hint)))
	}
	list = append(list, *s.gap(s.format.SignatureMM / mmPerPt))
	return append(list, *s.par(&st.Signer, paper.Text(g.Name)))
}

// sideBySide sets two columns that end a document. What stands before them
// goes along to the next page: nobody signs an empty sheet.
func (s *setter) sideBySide(left, right []Par, share float64) {
	if !s.newPage {
		s.keepLast()
	}
	grid := s.frame(share)
	grid.Rows = []GridRow{s.row(left, right)}
	space := s.gap(s.format.ParagraphPt)
	space.KeepNext = true
	s.add(space)
	s.add(grid)
	s.add(s.gap(1))
}

// keepLast binds the last piece to what follows. After a table that is the
// space under it and its last row.
func (s *setter) keepLast() {
	for i := len(s.items) - 1; i >= 0; i-- {
		switch item := s.items[i].(type) {
		case *Par:
			item.KeepNext = true
			if item.Style != &s.styles.Space {
				return
			}
		case *Grid:
			if n := len(item.Rows); n > 0 {
				item.Rows[n-1].KeepNext = true
			}
			return
		}
	}
}

func (s *setter) frame(share float64) *Grid {
	line := s.format.LineMM()
	return &Grid{WidthsMM: []float64{line * share, line * (1 - share)}, PadMM: framePadMM}
}

func (s *setter) row(columns ...[]Par) GridRow {
	var row GridRow
	for _, pars := range columns {
		row.Cells = append(row.Cells, s.cell(1, pars))
	}
	return row
}

func (s *setter) cell(span int, pars []Par) GridCell {
	if len(pars) == 0 {
		pars = []Par{*s.gap(1)}
	}
	return GridCell{Span: span, Down: 1, Pars: pars}
}

func (s *setter) table(t paper.Table) {
	grid := &Grid{
		WidthsMM: t.Widths(s.format.LineMM()), Head: len(t.Head), Lines: !t.Plain,
		PadMM: tablePadMM, PadPt: tablePadPt,
	}
	s.headRows(t, grid)
	for _, row := range t.Rows {
		cover := paper.NewCover(len(t.Columns))
		grid.Rows = append(grid.Rows, s.tableRow(t, row, cover, grid, &s.styles.Table))
	}
	if len(grid.Rows) == 0 {
		return
	}
	s.add(grid)
	// Word joins tables that touch, and nothing else parts a table from text.
	s.add(s.gap(max(1, s.format.ParagraphPt)))
}

func (s *setter) headRows(t paper.Table, grid *Grid) {
	cover := paper.NewCover(len(t.Columns))
	for _, row := range t.Head {
		set := s.tableRow(t, row, cover, grid, &s.styles.TableHead)
		set.KeepNext = true
		for j := range set.Cells {
			set.Cells[j].Middle = true
		}
		grid.Rows = append(grid.Rows, set)
		cover.NextRow()
	}
}

// tableRow sets the cells of a row, fills it up with empty ones, and puts in
// those that cells of the row above reach into.
func (s *setter) tableRow(t paper.Table, row paper.Row, cover *paper.Cover, grid *Grid, style *Style) GridRow {
	var set GridRow
	column := 0
	hide := func(until int) {
		for column < until {
			hidden := s.cell(cover.Span(column), nil)
			hidden.Covered = true
			set.Cells = append(set.Cells, hidden)
			column += hidden.Span
		}
	}
	place := func(c paper.Cell) {
		at, _ := cover.Place(c)
		hide(at)
		set.Cells = append(set.Cells, s.tableCell(t.Columns[at], c, grid, at, style))
		column = at + c.Columns()
	}
	for _, c := range row {
		place(c)
	}
	for {
		at, free := cover.Next()
		if free == 0 {
			hide(at)
			return set
		}
		place(paper.Cell{})
	}
}

func (s *setter) tableCell(column paper.Column, c paper.Cell, grid *Grid, at int, style *Style) GridCell {
	cell := GridCell{Span: c.Columns(), Down: c.Depth()}
	par := s.par(style, c.Runs)
	switch {
	case c.Align != paper.AlignDefault:
		par.Align = c.Align
	case style != &s.styles.TableHead && column.Align != paper.AlignDefault:
		par.Align = column.Align
	}
	if c.Picture != nil {
		room := grid.WidthMM(at, cell) - 2*tablePadMM
		picture := s.picturePar(*c.Picture, room)
		picture.Align = par.Align
		cell.Pars = append(cell.Pars, *picture)
	}
	if len(par.Runs) > 0 || c.Picture == nil {
		cell.Pars = append(cell.Pars, *par)
	}
	return cell
}

func (s *setter) picture(m paper.Image) {
	par := s.picturePar(m, s.format.LineMM())
	if m.Align != paper.AlignDefault {
		par.Align = m.Align
	}
	s.add(par)
	s.add(s.gap(max(1, s.format.ParagraphPt)))
}

func (s *setter) picturePar(m paper.Image, line float64) *Par {
	f := s.format
	// A tenth of the page stays free for what goes with the picture.
	width, height := m.SizeMM(line, (f.HeightMM-f.Margins.Top-f.Margins.Bottom)*0.9)
	return &Par{
		Style: &s.styles.Picture, Align: s.styles.Picture.Align,
		Picture: &Picture{PNG: m.PNG, WidthMM: width, HeightMM: height, Alt: paper.Clean(m.Alt)},
	}
}

func (s *setter) together(k paper.KeepTogether) {
	from := len(s.items)
	s.blocks(k.Blocks)
	last := len(s.items) - 1
	for last > from && isSpace(s.items[last], &s.styles.Space) {
		last--
	}
	for i := from; i < last; i++ {
		s.items[i].keepNext()
	}
	if last < from {
		return
	}
	if grid, ok := s.items[last].(*Grid); ok {
		for i := range len(grid.Rows) - 1 {
			grid.Rows[i].KeepNext = true
		}
	}
}

func isSpace(item Item, space *Style) bool {
	par, ok := item.(*Par)
	return ok && par.Style == space
}

// capitals sets a text in capitals; it is composed first, because a letter
// and its loose accent would not change together.
func capitals(s string) string { return strings.ToUpper(paper.Clean(s)) }

const mmPerPt = 25.4 / 72

// twips rounds to the twentieth of a point in which Word measures, so that
// every format uses the same figure.
func twips(pt float64) float64 { return math.Round(pt*20) / 20 }
