package paper

import (
	"errors"
	"fmt"
)

// Format is the look of a page. Its numbers are rules with a date, so they
// come from a rule pack and never from code (rules 26.1, 26.2).
type Format struct {
	WidthMM  float64 `yaml:"width_mm"`
	HeightMM float64 `yaml:"height_mm"`
	Margins  Margins `yaml:"margins_mm"`
	// Font is named in Word files. PDF files carry its metric twin.
	Font   string  `yaml:"font"`
	BodyPt float64 `yaml:"body_pt"`
	// LinePt is the exact distance of two body lines; other sizes in proportion.
	LinePt float64 `yaml:"line_pt"`
	// ParagraphPt is the space between paragraphs.
	ParagraphPt float64 `yaml:"paragraph_pt"`
	IndentMM    float64 `yaml:"indent_mm"`
	// SignatureMM is the room for a hand between post and name.
	SignatureMM float64 `yaml:"signature_mm"`
	// LetterheadShare is the left column's part of the line, between 0 and 1,
	// in letterhead and closing.
	LetterheadShare float64 `yaml:"letterhead_share"`
	// TitleRule stands under a title ("-----").
	TitleRule  string     `yaml:"title_rule"`
	PageNumber PageNumber `yaml:"page_number"`
	Sizes      Sizes      `yaml:"sizes_pt"`
}

// Margins are the edges of a page in millimetres.
type Margins struct {
	Top    float64 `yaml:"top"`
	Bottom float64 `yaml:"bottom"`
	Left   float64 `yaml:"left"`
	Right  float64 `yaml:"right"`
}

// PageNumber stands in the middle of the top margin.
type PageNumber struct {
	// From is the first page that shows its number: 1 or 2; 0 shows none.
	From int `yaml:"from"`
	// TopMM is the distance from the paper's edge to the line of the number.
	TopMM float64 `yaml:"top_mm"`
}

// Sizes are type sizes that differ from the body; 0 means body size.
type Sizes struct {
	Motto      float64 `yaml:"motto"`
	Issuer     float64 `yaml:"issuer"`
	Number     float64 `yaml:"number"`
	Subject    float64 `yaml:"subject"`
	Title      float64 `yaml:"title"`
	Abstract   float64 `yaml:"abstract"`
	Table      float64 `yaml:"table"`
	Recipients float64 `yaml:"recipients"`
}

// Check reports every number with which no page can be set, by its name in
// the rule pack.
func (f Format) Check() error {
	var wrong []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf(format, args...))
		}
	}
	within := func(name string, v, low, high float64) {
		must(v >= low && v <= high, "%s is %v, must lie between %v and %v", name, v, low, high)
	}
	within("width_mm", f.WidthMM, 50, 1000)
	within("height_mm", f.HeightMM, 50, 1000)
	within("margins_mm.top", f.Margins.Top, 0, f.HeightMM/3)
	within("margins_mm.bottom", f.Margins.Bottom, 0, f.HeightMM/3)
	within("margins_mm.left", f.Margins.Left, 0, f.WidthMM/3)
	within("margins_mm.right", f.Margins.Right, 0, f.WidthMM/3)
	must(f.Font != "", "font is missing")
	within("body_pt", f.BodyPt, 6, 30)
	within("line_pt", f.LinePt, f.BodyPt, 3*f.BodyPt)
	within("paragraph_pt", f.ParagraphPt, 0, 72)
	within("indent_mm", f.IndentMM, 0, 50)
	within("signature_mm", f.SignatureMM, 0, 80)
	within("letterhead_share", f.LetterheadShare, 0.2, 0.8)
	must(f.PageNumber.From >= 0 && f.PageNumber.From <= 2, "page_number.from is %d, must be 0, 1 or 2", f.PageNumber.From)
	if f.PageNumber.From > 0 {
		room := f.Margins.Top - f.LinePt*25.4/72
		must(f.PageNumber.TopMM >= 0 && f.PageNumber.TopMM <= room,
			"page_number.top_mm is %v, leaves no room for the number in a top margin of %v", f.PageNumber.TopMM, f.Margins.Top)
	}
	for _, size := range f.Sizes.named() {
		must(size.pt == 0 || size.pt >= 6 && size.pt <= 40, "sizes_pt.%s is %v, must be 0 or lie between 6 and 40", size.name, size.pt)
	}
	return errors.Join(wrong...)
}

type namedSize struct {
	name string
	pt   float64
}

func (s Sizes) named() []namedSize {
	return []namedSize{
		{"motto", s.Motto},
		{"issuer", s.Issuer},
		{"number", s.Number},
		{"subject", s.Subject},
		{"title", s.Title},
		{"abstract", s.Abstract},
		{"table", s.Table},
		{"recipients", s.Recipients},
	}
}

// LineMM is the length of a line of text.
func (f Format) LineMM() float64 { return f.WidthMM - f.Margins.Left - f.Margins.Right }
