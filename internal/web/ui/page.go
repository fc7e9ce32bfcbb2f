// Package ui is the set of parts that every page of chibo is built from: the
// frame of a page, cards, forms, tables and figures.
//
// It knows HTML and the classes of frontend/css. It knows nothing of the
// business: what a part says arrives as text in the reader's language. The
// few words of its own come from locales/LANG/ui.yaml.
//
// A part without content of the page's own is a struct that renders itself:
//
//	@ui.Chip{Text: "Còn 12 ngày", Tone: ui.Warn}
//
// A part that surrounds others is a function that takes children:
//
//	@ui.Card("Cần xử lý") {
//		@ui.ItemList{Items: items}
//	}
//
// Everything works without JavaScript, and no part writes a style attribute
// or an inline script, so that a strict Content-Security-Policy holds.
package ui

import "github.com/a-h/templ"

// Tone is the meaning of a colour. A part that takes a tone also takes words
// or a figure: the colour never is the only sign.
type Tone string

const (
	Plain Tone = ""
	Good  Tone = "ok"
	Warn  Tone = "warn"
	Bad   Tone = "bad"
	Info  Tone = "info"
)

// Link is a text that leads somewhere.
type Link struct {
	Text string
	Href string
}

// Page is what the frame of a page needs; Layout draws it.
type Page struct {
	// Title is the heading of the page and the title of the window.
	Title string
	// QuietTitle keeps the heading for screen readers only, for a page whose
	// content says by itself what it is (the desk).
	QuietTitle bool
	// Lead is one sentence under the heading, or "".
	Lead string
	// Unit and UnitNote are the two lines of the red bar: the name of the unit,
	// and the reader's role there; UnitDay follows where there is room.
	Unit     string
	UnitNote string
	UnitDay  string
	// Who is the person signed in; the zero Person draws a page for anybody.
	Who Person
	// Bell leads to the reader's notices; the zero Bell draws none.
	Bell Bell
	// Help is where the task of this page is explained, or "".
	Help string
	// Nav is the main navigation, the most used first: a phone shows five, or
	// four and the rest under "Thêm".
	Nav []NavItem
	// Crumbs lead from the first page to the one above this, which is not in it.
	Crumbs []Link
	// Flash is what the last action came to.
	Flash Flash
	// Search is the box in the red bar; its zero value draws none.
	Search Search
	// Size is the reader's size of type; see SizeOf.
	Size Size
	// Path is the address of this page, to which the switch of type size returns.
	Path string
	// NeedsHTMX loads htmx, for the pages that have parts which should not reload.
	NeedsHTMX bool
	// Scripts and Styles are further assets by their plain names, for example
	// "room.js".
	Scripts []string
	Styles  []string
	// Print draws the page for paper, as ?print=1 asks: no bars, no navigation.
	Print bool
	// Failed marks a page that reports a failure, so that what was typed before
	// stays kept in the browser.
	Failed bool
	// Wide lets the content take the whole width, for maps and heat tables.
	Wide bool
	// Narrow keeps the content as narrow as a form, for signing in.
	Narrow bool
}

// Person is the person signed in.
type Person struct {
	Name string
	// Role is a short text such as "Bí thư".
	Role string
	// ProfileHref leads to the person's own page.
	ProfileHref string
	// SignOutAction takes the POST that ends the session.
	SignOutAction string
	// More are further links of the menu, for example another unit to work for.
	More []Link
}

// Bell is the way to one's notices, with how many are unread.
type Bell struct {
	Href, Label string
	Count       int
}

// NavItem is one entry of the main navigation.
type NavItem struct {
	Text    string
	Href    string
	Icon    Icon
	Current bool
	// Count is a number of things waiting there; 0 shows nothing.
	Count int
}

// Flash is a message about the last action. Good says that it was accepted:
// the browser then forgets what it kept of the form.
type Flash struct {
	Tone Tone
	Text string
}

// Search is the search box of the red bar; its form sends GET with q.
type Search struct {
	Action string
	Value  string
	// Label says what is searched, for example "Tìm đảng viên".
	Label string
}

// phoneItems is how many entries the bottom bar of a phone holds.
const phoneItems = 5

// shownOnPhone and hiddenOnPhone divide the navigation of a phone: all of it
// when it fits, otherwise four entries and the rest behind "Thêm".
func (p Page) shownOnPhone() []NavItem {
	if len(p.Nav) <= phoneItems {
		return p.Nav
	}
	return p.Nav[:phoneItems-1]
}

func (p Page) hiddenOnPhone() []NavItem {
	return p.Nav[len(p.shownOnPhone()):]
}

func (p Page) hasCurrentHidden() bool {
	for _, item := range p.hiddenOnPhone() {
		if item.Current {
			return true
		}
	}
	return false
}

func (p Page) mainClass() string {
	switch {
	case p.Wide:
		return "wide"
	case p.Narrow:
		return "narrow"
	}
	return ""
}

// flagged is attributes with one more, set when on.
func flagged(on bool, name string) templ.Attributes {
	if !on {
		return nil
	}
	return templ.Attributes{name: true}
}

// preloaded are the fonts that every page shows at once.
var preloaded = []string{"be-vietnam-pro-latin-400.woff2", "be-vietnam-pro-vietnamese-400.woff2"}

func windowTitle(p Page) string {
	if p.Unit == "" {
		return p.Title
	}
	return p.Title + " – " + p.Unit
}
