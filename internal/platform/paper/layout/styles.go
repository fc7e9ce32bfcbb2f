package layout

import (
	"math"

	"chibo/internal/platform/paper"
)

// The looks that no rule fixes.
const (
	framePadMM = 1   // beside text in letterhead and closing
	tablePadMM = 1.5 // beside text in a table
	tablePadPt = 2   // above and below text in a table
	ruleGapPt  = 2   // between the motto and its line
)

// Style is a named look of paragraphs. ID and Name appear in Word.
type Style struct {
	ID, Name     string
	Pt, PitchPt  float64
	Bold, Italic bool
	Align        paper.Align
	FirstMM      float64
	AfterPt      float64
	KeepNext     bool
	// Outline is the level in the table of contents, 0 for none.
	Outline int
}

// Styles are all looks that a document uses.
type Styles struct {
	Body, List, Table, TableHead, Space, Picture   Style
	Superior, Issuer, Star, Number, Subject, Stamp Style
	Motto, PlaceDate, Note                         Style
	Title, Abstract, TitleRule                     Style
	Heading1, Heading2, Heading3, Heading4         Style
	RecipientsLabel, Recipient                     Style
	Authority, Post, Hint, Signer                  Style
	PageNumber                                     Style
}

// All lists the styles in the order in which Word shows them.
func (s *Styles) All() []*Style {
	return []*Style{
		&s.Body, &s.List, &s.Heading1, &s.Heading2, &s.Heading3, &s.Heading4,
		&s.Title, &s.Abstract, &s.TitleRule,
		&s.Superior, &s.Issuer, &s.Star, &s.Number, &s.Subject, &s.Stamp, &s.Motto, &s.PlaceDate, &s.Note,
		&s.Table, &s.TableHead, &s.Picture, &s.Space,
		&s.RecipientsLabel, &s.Recipient, &s.Authority, &s.Post, &s.Hint, &s.Signer, &s.PageNumber,
	}
}

// Heading is the style of a level from 1 to 4.
func (s *Styles) Heading(level int) *Style {
	return []*Style{&s.Heading1, &s.Heading2, &s.Heading3, &s.Heading4}[level-1]
}

// stylesOf makes the styles of a format. Names that Word knows itself are
// written as Word writes them ("heading 1"), so that it treats them as its own.
func stylesOf(f paper.Format) Styles {
	size := func(pt float64) float64 {
		if pt == 0 {
			pt = f.BodyPt
		}
		return math.Round(pt*2) / 2
	}
	plain := func(id, name string, pt float64) Style {
		pt = size(pt)
		return Style{ID: id, Name: name, Pt: pt, PitchPt: twips(f.LinePt * pt / f.BodyPt), Align: paper.AlignLeft}
	}
	running := func(id, name string) Style {
		s := plain(id, name, 0)
		s.Align, s.FirstMM, s.AfterPt = paper.AlignJustify, f.IndentMM, twips(f.ParagraphPt)
		return s
	}
	centred := func(id, name string, pt float64, bold, italic bool) Style {
		s := plain(id, name, pt)
		s.Align, s.Bold, s.Italic = paper.AlignCenter, bold, italic
		return s
	}
	heading := func(id, name string, level int, bold, italic bool) Style {
		s := running(id, name)
		s.Bold, s.Italic, s.KeepNext, s.Outline = bold, italic, true, level
		return s
	}
	leading := func(s Style) Style { s.KeepNext = true; return s }

	space := plain("Space", "Khoảng cách", 0)
	space.Pt = 1
	picture := centred("Picture", "Hình", 0, false, false)
	// The line of a picture also holds the depth of its type: next to nothing.
	picture.Pt, picture.PitchPt = 1, 0
	z := f.Sizes
	return Styles{
		Body:            running("BodyText", "Body Text"),
		List:            running("ListParagraph", "List Paragraph"),
		Heading1:        heading("Heading1", "heading 1", 1, true, false),
		Heading2:        heading("Heading2", "heading 2", 2, true, false),
		Heading3:        heading("Heading3", "heading 3", 3, true, true),
		Heading4:        heading("Heading4", "heading 4", 4, false, true),
		Title:           leading(centred("Title", "Title", z.Title, true, false)),
		Abstract:        leading(centred("Subtitle", "Subtitle", z.Abstract, true, false)),
		TitleRule:       leading(centred("TitleRule", "Gạch dưới trích yếu", 0, false, false)),
		Superior:        centred("Superior", "Cơ quan cấp trên", z.Issuer, false, false),
		Issuer:          centred("Issuer", "Cơ quan ban hành", z.Issuer, true, false),
		Star:            centred("Star", "Dấu sao", z.Issuer, false, false),
		Number:          centred("Number", "Số và ký hiệu", z.Number, false, false),
		Subject:         centred("Subject", "Trích yếu công văn", z.Subject, false, true),
		Stamp:           centred("Stamp", "Dấu chỉ mức độ", z.Number, true, false),
		Motto:           centred("Motto", "Tiêu đề", z.Motto, true, false),
		PlaceDate:       centred("PlaceDate", "Địa điểm, ngày tháng", 0, false, true),
		Note:            centred("Note", "Chỉ dẫn", 0, false, true),
		Table:           plain("TableText", "Chữ trong bảng", z.Table),
		TableHead:       centred("TableHead", "Đầu bảng", z.Table, true, false),
		Picture:         picture,
		Space:           space,
		RecipientsLabel: plain("RecipientsLabel", "Nơi nhận", 0),
		Recipient:       plain("Recipient", "Dòng nơi nhận", z.Recipients),
		Authority:       centred("Authority", "Thẩm quyền ký", 0, true, false),
		Post:            centred("Post", "Chức vụ người ký", 0, false, false),
		Hint:            centred("Hint", "Chỉ dẫn ký", z.Recipients, false, true),
		Signer:          centred("Signer", "Họ tên người ký", 0, true, false),
		PageNumber:      centred("Header", "header", 0, false, false),
	}
}
