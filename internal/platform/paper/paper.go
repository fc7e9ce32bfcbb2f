// Package paper is the model of a printed document: a page format and a row
// of blocks such as a letterhead, paragraphs, tables and signatures.
//
// It knows how an office's paper is put together, and nothing of what it says:
// no rule, no unit, no person. The writers docx, pdf and paperhtml turn one
// Document into their format with the same content; packages paper/layout and
// paper/face hold what the first two share.
package paper

import "time"

// Document is one paper, ready to be written in any format.
type Document struct {
	Format Format
	// Title, Subject and Author go into the properties of the file.
	Title, Subject, Author string
	// Created is the date in the properties. The same Document gives the same
	// bytes, so no writer reads a clock.
	Created time.Time
	Blocks  []Block
}

// Block is one piece of a document, from top to bottom.
type Block interface{ block() }

// Run is text of one look. A line feed in Text starts a new line.
type Run struct {
	Text                    string
	Bold, Italic, Underline bool
}

// Align says how lines stand between the edges of their column.
type Align uint8

const (
	// AlignDefault leaves it to the block: paragraphs are justified, cells
	// follow their column, columns stand left.
	AlignDefault Align = iota
	AlignLeft
	AlignCenter
	AlignRight
	AlignJustify
)

// Letterhead is the two-column head of the first page: left who issues and the
// number, right the motto with a line under it, the place and the date. The
// number and the date share a line. Superior, Issuer, Motto and Stamps are set
// in capitals; an empty text leaves out its line.
type Letterhead struct {
	Superior  string
	Issuer    string
	Number    string
	Motto     string
	PlaceDate string
	// Subject is the small italic text under the number of an official letter.
	Subject string
	// Stamps stand bold under the number ("KHẨN").
	Stamps []string
	// Notes stand in italics under the date ("Dự thảo lần 2").
	Notes []string
}

// Title is the type of the document in bold capitals, with its abstract and
// the dashes of the format below.
type Title struct {
	Name     string
	Abstract string
}

// Heading begins a part. Level runs from 1 to 4 ("I.", "1.", "a.", "-").
type Heading struct {
	Level  int
	Number string
	Text   string
}

// Paragraph is running text.
type Paragraph struct {
	Runs  []Run
	Align Align
	// Flush leaves out the indent of the first line.
	Flush bool
	// KeepNext keeps the paragraph on the page of what follows.
	KeepNext bool
}

// List is a row of items, each a paragraph with a label before it.
type List struct{ Items []Item }

// Item is one line of a List.
type Item struct {
	Label string
	Runs  []Run
}

// Table has columns, head rows that return on every page, and body rows that
// are never torn by a page's end unless one fills a whole page.
type Table struct {
	Columns []Column
	Head    []Row
	Rows    []Row
	// Plain leaves out the lines.
	Plain bool
}

// Column is one column of a Table. WidthMM is fixed; the columns without it
// divide what is left of the line by their Share (0 counts as 1).
type Column struct {
	WidthMM float64
	Share   float64
	Align   Align
}

// Row is one row of a Table.
type Row []Cell

// Cell is one field of a Row. Span is the number of columns it covers and
// Down, in head rows only, the number of rows; 0 counts as 1. Rows below leave
// out the columns that are covered. A Picture stands above the text.
type Cell struct {
	Runs       []Run
	Align      Align
	Span, Down int
	Picture    *Image
}

// Signature is one block to sign: whom the signer acts for, the signer's post,
// room for the hand, the name.
type Signature struct {
	// For holds lines such as "T/M CHI BỘ"; they are set in capitals.
	For []string
	// Post is set in capitals, bold where no For line stands above it.
	Post string
	// Hint stands in italics below the post ("ký, ghi rõ họ tên").
	Hint string
	Name string
}

// Recipients are listed to the left of the signature. Each line gets its dash
// and comma, the last one a full stop.
type Recipients struct {
	// Label defaults to "Nơi nhận:".
	Label string
	Lines []string
}

// Closing ends a document: recipients left, signature right.
type Closing struct {
	Recipients Recipients
	Signature  Signature
}

// SignaturePair ends minutes: two signatures side by side.
type SignaturePair struct{ Left, Right Signature }

// Image is a PNG picture. HeightMM 0 keeps the proportions of the picture.
type Image struct {
	PNG               []byte
	WidthMM, HeightMM float64
	Align             Align
	// Alt says in words what the picture shows.
	Alt string
}

// PageBreak starts a new page.
type PageBreak struct{}

// KeepTogether keeps its blocks on one page when one page can hold them.
type KeepTogether struct{ Blocks []Block }

func (Letterhead) block()    {}
func (Title) block()         {}
func (Heading) block()       {}
func (Paragraph) block()     {}
func (List) block()          {}
func (Table) block()         {}
func (Closing) block()       {}
func (SignaturePair) block() {}
func (Image) block()         {}
func (PageBreak) block()     {}
func (KeepTogether) block()  {}
