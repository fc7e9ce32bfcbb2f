package people

import (
	"cmp"
	"slices"

	"github.com/a-h/templ"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// form is a page with one form.
type form struct {
	Title  string
	Crumbs []ui.Link
	Lead   string
	// Effects says what will happen, a line each.
	Effects []string
	Action  string
	Version int64
	// Creates guards against being sent twice.
	Creates   bool
	Hidden    []ui.Hidden
	Fields    []templ.Component
	Submit    string
	Danger    bool
	Files     bool
	Forgetful bool
	// Back is where to go without sending.
	Back string
}

func (f form) answer(r *page.Request) (page.Answer, error) {
	frame, err := r.Frame(f.Title)
	if err != nil {
		return nil, err
	}
	frame.Crumbs, frame.Lead = f.Crumbs, f.Lead
	if len(r.Errors()) > 0 {
		frame.Flash = ui.Flash{} // the summary above the fields says it
	}
	return page.HTML(formPage(frame, f.props(r), f)), nil
}

func (f form) props(r *page.Request) ui.FormProps {
	hidden := f.Hidden
	if f.Creates {
		hidden = append(hidden, page.Once(r))
	}
	return ui.FormProps{
		Action: f.Action, Version: r.Version(f.Version), Errors: r.Errors(), Hidden: hidden, Files: f.Files, Forgetful: f.Forgetful,
	}
}

func (f form) kind() ui.ButtonKind {
	if f.Danger {
		return ui.Danger
	}
	return ui.Primary
}

// fields draws fields whose labels are the messages that begin with labels;
// a message of the same key with "_help" is the help.
type fields struct {
	r      *page.Request
	labels string
}

func (f fields) label(name string) string { return f.r.T(f.labels + name) }

func (f fields) help(name string) string {
	if key := f.labels + name + "_help"; i18n.From(f.r.Context()).Has(key) {
		return f.r.T(key)
	}
	return ""
}

const (
	nameMost = 100
	lineMost = 200
)

func (f fields) line(name, stored string, required bool) templ.Component {
	return ui.TextField{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.r.Errors().For(name),
		Value: f.r.Value(name, stored), Required: required, MaxLength: lineMost,
	}
}

func (f fields) date(name string, stored clock.Date, required bool) templ.Component {
	if f.r.Returned() {
		stored = clock.Date{}
	}
	return ui.DateField{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.r.Errors().For(name),
		Value: f.r.Value(name, ""), Day: stored, Required: required,
	}
}

func (f fields) number(name, stored, unit string) templ.Component {
	return ui.NumberField{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.r.Errors().For(name),
		Value: f.r.Value(name, stored), Unit: unit,
	}
}

// choice asks for one of many; empty is the text of none, "" leaves it out.
func (f fields) choice(name string, options []ui.Option, stored, empty string, required bool) templ.Component {
	return ui.SelectField{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.r.Errors().For(name),
		Options: options, Value: f.r.Value(name, stored), Empty: empty, Required: required,
	}
}

// place is which units a form offers to choose from: those where the reader may
// act, of a sort, without a branch and without one unit.
type place struct {
	Act     access.Action
	Sort    orgtree.Sort
	Outside orgtree.Path
	But     orgtree.ID
}

func (p place) sought(words string) orgtree.Sought {
	return orgtree.Sought{Words: words, Sort: p.Sort, Outside: p.Outside}
}

// unit asks for one of the units: from a list, or by name where that would be too
// long. None reports that there is no such unit.
func (f fields) unit(name string, of place) (field templ.Component, none bool, err error) {
	scope, err := f.r.By.Scope(f.r.Tx, of.Act)
	if err != nil {
		return nil, false, err
	}
	wide, err := scope.Wide(f.r.Tx)
	if err != nil {
		return nil, false, err
	}
	if wide {
		field, err = f.find(name, of)
		return field, false, err
	}
	units, err := scope.Units(f.r.Tx)
	if err != nil {
		return nil, false, err
	}
	var options []ui.Option
	for _, u := range units {
		if of.sought("").Fits(u) && u.ID != of.But {
			options = append(options, ui.Option{Value: u.ID.String(), Label: u.Name})
		}
	}
	return f.choice(name, options, "", f.r.T("people.page.choose"), true), len(options) == 0, nil
}

func (f fields) find(name string, of place) (templ.Component, error) {
	field := ui.FindField{
		Name: name, Label: f.label(name), Help: f.r.T("ui.find_help"), Error: f.r.Errors().For(name), Required: true,
		Words: f.r.Value(ui.WordsOf(name), ""), Value: f.r.Value(name, ""),
	}
	found, more, err := unit.Seek(f.r.Tx, f.r.By, of.Act, of.sought(field.Words))
	found = slices.DeleteFunc(found, func(m unit.Match) bool { return m.ID == of.But })
	return f.r.Offer(field, found, more), err
}

// segments asks for one of a few, all of them in sight.
func (f fields) segments(name string, options []ui.Option, stored string) templ.Component {
	return ui.ChoiceField{
		Name: name, Label: f.label(name), Help: f.help(name), Error: f.r.Errors().For(name),
		Options: options, Value: f.r.Value(name, stored), Required: true,
	}
}

func named(list []rulepack.Named) []ui.Option {
	options := make([]ui.Option, len(list))
	for i, n := range list {
		options[i] = ui.Option{Value: n.ID, Label: n.Label}
	}
	return options
}

// labelOf is the label of an entry of a vocabulary; what it lacks shows as its id.
func labelOf(list []rulepack.Named, id string) string {
	for _, n := range list {
		if n.ID == id {
			return n.Label
		}
	}
	return id
}

func overlayLabel(words rulepack.States, id string) string {
	o, _ := words.Overlay(id)
	return cmp.Or(o.Label, id)
}

func kindLabel(words rulepack.States, id string) string {
	k, _ := words.OrgKind(id)
	return cmp.Or(k.Label, id)
}

func postLabel(words rulepack.States, id string) string {
	p, _ := words.Post(id)
	return cmp.Or(p.Label, id)
}

var noDay clock.Date

// lastDay reads the last day of a span, which people mean to count; the domain
// counts to the day before To.
func lastDay(in *page.Input, name string) clock.Date {
	day := in.Date(name)
	if day.IsZero() {
		return day
	}
	return day.AddDays(1)
}
