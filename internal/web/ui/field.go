package ui

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
)

// FormProps is what a form is besides its fields.
type FormProps struct {
	// Action takes the POST; "" is the address of the page.
	Action string
	ID     string
	// Version is that of the thing edited; 0 sends none.
	Version int64
	// Errors are drawn as a summary above the fields; give each field its own
	// with Errors.For(name).
	Errors Errors
	Hidden []Hidden
	// Files allows uploads.
	Files bool
	// Forgetful keeps the browser from keeping what is typed until it is
	// accepted. Passwords and files never are kept.
	Forgetful bool
	Attrs     templ.Attributes
}

// Errors are the wrong fields of a form, in the order shown.
type Errors []FieldError

// FieldError says what is wrong with a field; Name is "" for the whole form.
type FieldError struct{ Name, Text string }

// ErrorsOf turns the refusal of an action into the reader's words. One that
// names no fields gives its one message; nil gives none.
func ErrorsOf(ctx context.Context, problem *errs.Error) Errors {
	if problem == nil {
		return nil
	}
	var list Errors
	for _, name := range problem.FieldNames() {
		m := problem.Fields[name]
		list = append(list, FieldError{Name: name, Text: i18n.T(ctx, m.Key, m.Args...)})
	}
	if len(list) == 0 && problem.Message.Key != "" {
		m := problem.Message
		list = append(list, FieldError{Text: i18n.T(ctx, m.Key, m.Args...)})
	}
	return list
}

// For is the message of a field, "" when it is right.
func (e Errors) For(name string) string {
	for _, f := range e {
		if f.Name == name {
			return f.Text
		}
	}
	return ""
}

// TextKind is the keyboard and the check that a text field asks of a browser.
type TextKind string

const (
	Line        TextKind = "text"
	Email       TextKind = "email"
	Phone       TextKind = "tel"
	Password    TextKind = "password"
	NewPassword TextKind = "new-password"
)

// TextField is one line of text.
type TextField struct {
	Name, Label, Help, Error string
	Value                    string
	Kind                     TextKind
	Required                 bool
	MaxLength                int
	// Autocomplete is the HTML token, for example "username"; "off" unless set.
	Autocomplete string
	// ID is "f-" and the name unless set; set it where a name occurs twice.
	ID    string
	Attrs templ.Attributes
}

// TextArea is text of several lines.
type TextArea struct {
	Name, Label, Help, Error string
	Value                    string
	Required                 bool
	MaxLength                int
	// Rows is 4 unless set; the field grows with its text where the browser can.
	Rows  int
	ID    string
	Attrs templ.Attributes
}

// DateField asks for a day as dd/mm/yyyy.
//
// It is a text field, not <input type="date">: that shows 11/21/2026 wherever
// the phone was installed in English, and does not take a date of birth well.
// With JavaScript a button opens the phone's own calendar and fills the field.
type DateField struct {
	Name, Label, Help, Error string
	// Value is what was typed, or Day written out when nothing was.
	Value    string
	Day      clock.Date
	Required bool
	ID       string
	Attrs    templ.Attributes
}

// TimeField asks for a time of day as 19:30; 19h30 is read too. It is a text field for the same reason as DateField: no AM and PM.
type TimeField struct {
	Name, Label, Help, Error string
	Value                    string
	Required                 bool
	ID                       string
	Attrs                    templ.Attributes
}

// NumberField asks for a whole number, or with Decimals for one with a decimal
// comma. It is a text field with a number keyboard: <input type="number"> refuses 7.350.000 and changes under a
// turning mouse wheel.
type NumberField struct {
	Name, Label, Help, Error string
	Value                    string
	// Unit stands behind the field, for example "đồng".
	Unit     string
	Decimals bool
	Required bool
	ID       string
	Attrs    templ.Attributes
}

// Option is one thing to choose.
type Option struct {
	Value string
	Label string
	// Help is a line under the label; a SelectField does not show it.
	Help string
	// Mark is a sign before the label of a chosen segment; "✓" unless set.
	Mark string
	// Tone colours the chosen segment; Info unless set.
	Tone Tone
}

// SelectField chooses one of many.
type SelectField struct {
	Name, Label, Help, Error string
	Options                  []Option
	Value                    string
	// Empty is the text of the choice of nothing; "" leaves that choice out.
	Empty    string
	Required bool
	ID       string
	Attrs    templ.Attributes
}

// Look is the name of a button that sends a form only to have something looked
// up for it.
const Look = "look"

// FindField chooses one of very many by name. The button beside what was typed
// sends the form to come back with what was found.
type FindField struct {
	Name, Label, Help, Error string
	// Words were typed to find it, in a field of its own: Name and "_words".
	Words   string
	Options []Option
	// Note is a line below the options, for example that there are more.
	Note     string
	Value    string
	Required bool
	ID       string
}

// WordsOf is the name of the field in which one types what a FindField finds.
func WordsOf(name string) string { return name + "_words" }

// ChoiceField chooses one of a few, all of them in sight: large segments side
// by side, or below each other when Stacked or when an option has help.
type ChoiceField struct {
	Name, Label, Help, Error string
	Options                  []Option
	Value                    string
	Stacked                  bool
	Required                 bool
	ID                       string
	Attrs                    templ.Attributes
}

// Segments is the roll call of one person: a name, a note, and three large
// choices. Unlike ChoiceField it is a card in a list and asks no question.
type Segments struct {
	Name    string
	Who     string
	Note    string
	Options []Option
	Value   string
	// Extra stands under the segments, for example the reason of an absence.
	Extra string
	ID    string
	// Attrs go on each of the radio buttons, for example hx-post.
	Attrs templ.Attributes
}

// CheckField is a box to tick; a ticked box sends Value, "1" unless set.
type CheckField struct {
	Name, Label, Help, Error string
	Value                    string
	Checked                  bool
	Required                 bool
	ID                       string
	Attrs                    templ.Attributes
}

// ChecksField ticks several of a few.
type ChecksField struct {
	Name, Label, Help, Error string
	Options                  []Option
	Values                   []string
	ID                       string
}

// FileField takes a file from the device. Accept is the HTML list of types.
type FileField struct {
	Name, Label, Help, Error string
	Accept                   string
	Multiple                 bool
	Required                 bool
	ID                       string
	Attrs                    templ.Attributes
}

// frame is what all fields have around their input.
type frame struct {
	id, name, label, help, fault string
	required                     bool
}

func newFrame(id, name, label, help, fault string, required bool) frame {
	if id == "" {
		id = FieldID(name)
	}
	return frame{id, name, label, help, fault, required}
}

// FieldID is the id of the field of that name, for links to it.
func FieldID(name string) string { return "f-" + name }

func (f TextField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

func (f TextArea) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

func (f DateField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

func (f TimeField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

func (f NumberField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

func (f SelectField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

func (f FindField) frame() frame {
	words := newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
	words.name = WordsOf(f.Name)
	return words
}

func (f ChoiceField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

func (f CheckField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

func (f ChecksField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, false)
}

func (f FileField) frame() frame {
	return newFrame(f.ID, f.Name, f.Label, f.Help, f.Error, f.Required)
}

// input are the attributes that tie an input to its label, help and error.
func (f frame) input() templ.Attributes {
	a := templ.Attributes{"id": f.id, "name": f.name}
	if f.required {
		a["aria-required"] = "true"
	}
	f.describe(a)
	return a
}

// group is the same for a <fieldset>.
func (f frame) group() templ.Attributes {
	a := templ.Attributes{}
	f.describe(a)
	return a
}

func (f frame) describe(a templ.Attributes) {
	var by []string
	if f.help != "" {
		by = append(by, f.id+"-help")
	}
	if f.fault != "" {
		by = append(by, f.id+"-error")
		a["aria-invalid"] = "true"
	}
	if len(by) > 0 {
		a["aria-describedby"] = strings.Join(by, " ")
	}
}

// optionID is the id of option i; the first one has the id of the field, so
// that the error summary leads to it.
func (f frame) optionID(i int) string {
	if i == 0 {
		return f.id
	}
	return f.id + "-" + strconv.Itoa(i)
}

func (f TextField) inputType() string {
	switch f.Kind {
	case NewPassword:
		return "password"
	case "":
		return "text"
	}
	return string(f.Kind)
}

func (f TextField) autocomplete() string {
	switch {
	case f.Autocomplete != "":
		return f.Autocomplete
	case f.Kind == Password:
		return "current-password"
	case f.Kind == NewPassword:
		return "new-password"
	}
	return "off"
}

func (f DateField) text() string {
	if f.Value != "" {
		return f.Value
	}
	return f.Day.Vietnamese()
}

func (f ChoiceField) stacked() bool {
	for _, o := range f.Options {
		if o.Help != "" {
			return true
		}
	}
	return f.Stacked || len(f.Options) > 4
}

func (o Option) mark() string {
	if o.Mark == "" {
		return "✓"
	}
	return o.Mark
}

func (o Option) tone() Tone {
	if o.Tone == Plain {
		return Info
	}
	return o.Tone
}
