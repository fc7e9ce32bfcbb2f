package ui

import "github.com/a-h/templ"

// ButtonKind is the weight of a button. A screen has at most one Primary.
type ButtonKind string

const (
	Primary ButtonKind = "primary"
	Quiet   ButtonKind = "quiet"
	Danger  ButtonKind = "danger"
)

// Button submits the form that it stands in, or the one whose id is Form.
type Button struct {
	Text string
	// Kind is Quiet unless set.
	Kind ButtonKind
	// Name and Value tell the server which of several buttons was pressed.
	Name  string
	Value string
	Form  string
	// Label replaces the text for screen readers where several buttons read
	// the same, for example "Xóa: sửa kênh Đội 4".
	Label string
	Attrs templ.Attributes
}

// LinkButton is a link that looks like a button. It must not change anything.
type LinkButton struct {
	Text  string
	Href  string
	Kind  ButtonKind
	Icon  Icon
	Label string
	Attrs templ.Attributes
}

// PostButton is a form of one button: a change that needs no field.
type PostButton struct {
	Text   string
	Action string
	Kind   ButtonKind
	// Version is that of the thing changed; 0 sends none.
	Version int64
	Hidden  []Hidden
	Label   string
	Attrs   templ.Attributes
}

// Hidden is a value that goes with a form unseen.
type Hidden struct{ Name, Value string }

// PrintButton leads to the page as it goes on paper. With JavaScript it opens
// the print dialogue at once.
type PrintButton struct {
	// Href is the page with ?print=1; without it, this page.
	Href string
	// Text is "In trang này" unless set.
	Text string
}

func orQuiet(k ButtonKind) string {
	if k == "" {
		return string(Quiet)
	}
	return string(k)
}

func (b PrintButton) href() string {
	if b.Href == "" {
		return "?print=1"
	}
	return b.Href
}
