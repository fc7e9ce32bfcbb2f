package rulepack

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chibo/internal/platform/clock"
)

// Format is the form of the Party's documents (rules 26). Lengths are in
// millimetres, sizes in points.
type Format struct {
	Page   Page    `yaml:"page"`
	Font   string  `yaml:"font"`
	Text   Body    `yaml:"text"`
	Styles []Style `yaml:"styles"`
	// Setting is what no guide rules and a page still needs.
	Setting Setting `yaml:"setting"`

	Heading   Heading   `yaml:"heading"`
	Numbering Numbering `yaml:"numbering"`
	Abstract  Abstract  `yaml:"abstract"`
	Ending    Ending    `yaml:"ending"`

	// Types and Bodies are the symbols in "Số 05-NQ/CB".
	Types  []Symbol `yaml:"types"`
	Bodies []Symbol `yaml:"bodies"`
	// Issues says which body may issue which types of document.
	Issues  []IssueRight `yaml:"issues"`
	Signing []SigningWay `yaml:"signing"`

	Urgency []Named `yaml:"urgency"`
	// Secrecy marks documents that may not be stored (rules 27).
	Secrecy []Named `yaml:"secrecy"`
	Draft   string  `yaml:"draft"`
	Handout string  `yaml:"handout"`
	// Letters number sub-points; the Vietnamese row has no f and no j.
	Letters       []string `yaml:"letters"`
	Abbreviations []Named  `yaml:"abbreviations"`
}

// Page is the sheet and its margins, in millimetres.
type Page struct {
	Width  int `yaml:"width"`
	Height int `yaml:"height"`
	Top    int `yaml:"top"`
	Bottom int `yaml:"bottom"`
	Left   int `yaml:"left"`
	Right  int `yaml:"right"`
	// NumberFrom is the first page that shows its number, at NumberPlace.
	NumberFrom  int    `yaml:"number_from"`
	NumberPlace string `yaml:"number_place"`
}

// Body is the running text: exact line spacing between two bounds, space
// between paragraphs and indent of the first line.
type Body struct {
	Size int `yaml:"size"`
	// Line is the spacing that is used of what LineMin and LineMax allow.
	Line         int `yaml:"line"`
	LineMin      int `yaml:"line_min"`
	LineMax      int `yaml:"line_max"`
	ParagraphGap int `yaml:"paragraph_gap"`
	IndentMM     int `yaml:"indent_mm"`
}

// Setting is where the page number stands below the paper's edge, the room for
// a hand above a name, and the left column's part of the head.
type Setting struct {
	PageNumberMM      int `yaml:"page_number_mm"`
	SignatureMM       int `yaml:"signature_mm"`
	LetterheadPercent int `yaml:"letterhead_percent"`
}

// Style is the look of one component.
type Style struct {
	ID        string `yaml:"id"`
	Size      int    `yaml:"size"`
	Bold      bool   `yaml:"bold"`
	Italic    bool   `yaml:"italic"`
	Capitals  bool   `yaml:"capitals"`
	Underline bool   `yaml:"underline"`
	Align     string `yaml:"align"`
}

// Heading is the texts of the head of a document.
type Heading struct {
	Party string `yaml:"party"`
	// Separator stands between the issuing body and the number.
	Separator string `yaml:"separator"`
	// Number has {number}, {type} and {body}; PlaceDate has {place}, {day},
	// {month} and {year}.
	Number    string `yaml:"number"`
	PlaceDate string `yaml:"place_date"`
	// Days below PadDays and months up to PadMonths take a 0.
	PadDays   int `yaml:"pad_days"`
	PadMonths int `yaml:"pad_months"`
}

// Numbering says how numbers run.
type Numbering struct {
	// Per is what each series runs over: type and committee term.
	Per []string `yaml:"per"`
	// First is the first number; numbers below PadBelow take a 0.
	First    int `yaml:"first"`
	PadBelow int `yaml:"pad_below"`
}

// Abstract is the line that names the subject.
type Abstract struct {
	Dashes string `yaml:"dashes"`
	// LetterOpening begins it on an official letter.
	LetterOpening string `yaml:"letter_opening"`
	// Untitled lists the types that show no type name.
	Untitled []string `yaml:"untitled"`
	// Addressed lists the types that carry "Kính gửi".
	Addressed     []string `yaml:"addressed"`
	AddressedText string   `yaml:"addressed_text"`
}

// Ending is the texts of the foot.
type Ending struct {
	FullStop   string `yaml:"full_stop"`
	Recipients string `yaml:"recipients"`
	// AsAbove begins the recipients of the types in AsAboveTypes.
	AsAbove      string   `yaml:"as_above"`
	AsAboveTypes []string `yaml:"as_above_types"`
	// Filed is the last recipient, by body.
	Filed []Named `yaml:"filed"`
}

// Symbol is a type of document or an issuing body in a number.
type Symbol struct {
	ID     string `yaml:"id"`
	Symbol string `yaml:"symbol"`
	Label  string `yaml:"label"`
}

// IssueRight lists what a body may issue.
type IssueRight struct {
	Body  string   `yaml:"body"`
	Types []string `yaml:"types"`
}

// SigningWay is the line above a signature.
type SigningWay struct {
	ID string `yaml:"id"`
	// Body is the issuing body that signs so.
	Body string `yaml:"body"`
	Mark string `yaml:"mark"`
	// Posts are the titles allowed below it.
	Posts []Named `yaml:"posts"`
}

// Number writes the number of a document: "Số 05-NQ/CB".
func (f Format) Number(number int, docType, issuer string) (string, error) {
	return f.numbered(padded(number, number < f.Numbering.PadBelow), docType, issuer)
}

// Unnumbered leaves room for a number by hand: "Số ……-NQ/CB".
func (f Format) Unnumbered(docType, issuer string) (string, error) {
	return f.numbered(byHand, docType, issuer)
}

// byHand is where a person writes a figure.
const byHand = "……"

func (f Format) numbered(number, docType, issuer string) (string, error) {
	t, ok := find(f.Types, docType)
	if !ok {
		return "", fmt.Errorf("no type of document %q", docType)
	}
	b, ok := find(f.Bodies, issuer)
	if !ok {
		return "", fmt.Errorf("no issuing body %q", issuer)
	}
	return strings.NewReplacer("{number}", number, "{type}", t.Symbol, "{body}", b.Symbol).
		Replace(f.Heading.Number), nil
}

// PlaceDate writes "Hà Nội, ngày 05 tháng 02 năm 2026".
func (f Format) PlaceDate(place string, day clock.Date) string {
	month := int(day.Month())
	return strings.NewReplacer("{place}", place,
		"{day}", padded(day.Day(), day.Day() < f.Heading.PadDays),
		"{month}", padded(month, month <= f.Heading.PadMonths),
		"{year}", strconv.Itoa(day.Year())).Replace(f.Heading.PlaceDate)
}

// Undated leaves room for day and month by hand, and for the place if it is "".
func (f Format) Undated(place string, year int) string {
	return strings.NewReplacer("{place}", cmp.Or(place, byHand+byHand), "{day}", byHand, "{month}", byHand, "{year}", strconv.Itoa(year)).
		Replace(f.Heading.PlaceDate)
}

func padded(n int, pad bool) string {
	if pad {
		return fmt.Sprintf("%02d", n)
	}
	return strconv.Itoa(n)
}

// MayIssue reports whether the body may issue the type of document.
func (f Format) MayIssue(issuer, docType string) bool {
	return slices.ContainsFunc(f.Issues, func(r IssueRight) bool {
		return r.Body == issuer && slices.Contains(r.Types, docType)
	})
}

// Style is the look of a component; an unknown one looks like the text.
func (f Format) Style(id string) Style {
	for _, s := range f.Styles {
		if s.ID == id {
			return s
		}
	}
	return Style{ID: id, Size: f.Text.Size, Align: "justify"}
}

func find(list []Symbol, id string) (Symbol, bool) {
	i := slices.IndexFunc(list, func(s Symbol) bool { return s.ID == id })
	if i < 0 {
		return Symbol{}, false
	}
	return list[i], true
}

func (f Format) check(in *problems) {
	in.need(at("font"), f.Font)
	if f.Page.Width <= f.Page.Left+f.Page.Right || f.Page.Height <= f.Page.Top+f.Page.Bottom {
		in.add(at("page"), "the margins leave no room")
	}
	if f.Text.LineMin < f.Text.Size || f.Text.LineMax < f.Text.LineMin {
		in.add(at("text"), "line_min is at least size and at most line_max")
	}
	if f.Text.Line < f.Text.LineMin || f.Text.Line > f.Text.LineMax {
		in.add(at("text", "line"), "lies between line_min and line_max")
	}
	f.Setting.check(in, f.Page)
	types := checkSymbols(in, "types", f.Types)
	bodies := checkSymbols(in, "bodies", f.Bodies)
	for i, r := range f.Issues {
		if !bodies[r.Body] {
			in.add(at("issues", i, "body"), "no issuing body %q", r.Body)
		}
		for j, t := range r.Types {
			if !types[t] {
				in.add(at("issues", i, "types", j), "no type of document %q", t)
			}
		}
	}
	f.checkTexts(in)
}

func (s Setting) check(in *problems, page Page) {
	if page.NumberFrom > 0 && (s.PageNumberMM <= 0 || s.PageNumberMM >= page.Top) {
		in.add(at("setting", "page_number_mm"), "lies inside the upper margin")
	}
	if s.SignatureMM <= 0 {
		in.add(at("setting", "signature_mm"), "room for a signature is missing")
	}
	if s.LetterheadPercent < 20 || s.LetterheadPercent > 80 {
		in.add(at("setting", "letterhead_percent"), "lies between 20 and 80")
	}
}

func (f Format) checkTexts(in *problems) {
	for _, place := range []string{"{number}", "{type}", "{body}"} {
		if !strings.Contains(f.Heading.Number, place) {
			in.add(at("heading", "number"), "%s is missing", place)
		}
	}
	for _, place := range []string{"{place}", "{day}", "{month}", "{year}"} {
		if !strings.Contains(f.Heading.PlaceDate, place) {
			in.add(at("heading", "place_date"), "%s is missing", place)
		}
	}
	var ids []string
	for i, s := range f.Styles {
		if s.Size <= 0 {
			in.add(at("styles", i, "size"), "size is missing")
		}
		ids = append(ids, s.ID)
	}
	in.ids(at("styles"), ids...)
	ids = nil
	for i, s := range f.Signing {
		in.need(at("signing", i, "mark"), s.Mark)
		ids = append(ids, s.ID)
	}
	in.ids(at("signing"), ids...)
}

func checkSymbols(in *problems, key string, list []Symbol) map[string]bool {
	var ids []string
	for i, s := range list {
		in.need(at(key, i, "symbol"), s.Symbol)
		in.need(at(key, i, "label"), s.Label)
		ids = append(ids, s.ID)
	}
	return in.ids(at(key), ids...)
}

// formatCase expects a number, a line of place and date, or a right to issue.
type formatCase struct {
	Number int        `yaml:"number"`
	Type   string     `yaml:"type"`
	Body   string     `yaml:"body"`
	Place  string     `yaml:"place"`
	Date   clock.Date `yaml:"date"`
	Text   string     `yaml:"text"`
	Issues *bool      `yaml:"issues"`
}

func (c formatCase) run(_ *Set, p *Pack) error {
	format := p.body.(Format)
	if c.Issues != nil {
		if format.MayIssue(c.Body, c.Type) != *c.Issues {
			return fmt.Errorf("%s may issue %s: want %t", c.Body, c.Type, *c.Issues)
		}
		return nil
	}
	text := format.PlaceDate(c.Place, c.Date)
	if c.Place == "" {
		var err error
		if text, err = format.Number(c.Number, c.Type, c.Body); err != nil {
			return err
		}
	}
	if text != c.Text {
		return fmt.Errorf("have %q, want %q", text, c.Text)
	}
	return nil
}
