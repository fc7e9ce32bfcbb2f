package ui

import (
	"context"
	"strconv"
	"strings"
	"time"

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

// ErrorsOf turns a failure into the reader's words. What is not Invalid has no
// fields and gives its one message; nil gives none.
func ErrorsOf(ctx context.Context, err error) Errors {
	e, ok := errs.As(err)
	if !ok {
		return nil
	}
	var list Errors
	for _, name := range e.FieldNames() {
		m := e.Fields[name]
		list = append(list, FieldError{Name: name, Text: i18n.T(ctx, m.Key, m.Args...)})
	}
	if len(list) == 0 && e.Message.Key != "" {
		list = append(list, FieldError{Text: i18n.T(ctx, e.Message.Key, e.Message.Args...)})
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

// DateField asks for a day as dd/mm/yyyy; ParseDate reads it.
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

// TimeField asks for a time of day as 19:30; ParseClock reads it, 19h30 too.
// It is a text field for the same reason as DateField: no AM and PM.
type TimeField struct {
	Name, Label, Help, Error string
	Value                    string
	Required                 bool
	ID                       string
	Attrs                    templ.Attributes
}

// NumberField asks for a whole number, or with Decimals for one with a decimal
// comma; ParseNumber and ParseDecimal read them. It is a text field with a
// number keyboard: <input type="number"> refuses 7.350.000 and changes under a
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

// dateLayouts are the ways in which people write a day.
var dateLayouts = []string{"2/1/2006", "2-1-2006", "2.1.2006", "2006-01-02", "02012006"}

// ParseDate reads a day as people write it in a DateField: 21/11/2026, also
// 3/2/2026, 21-11-2026, 21112026. It is false for what is no day.
func ParseDate(text string) (clock.Date, bool) {
	text = strings.ReplaceAll(strings.TrimSpace(text), " ", "")
	for _, layout := range dateLayouts {
		if t, err := time.Parse(layout, text); err == nil {
			return clock.NewDate(t.Year(), t.Month(), t.Day()), true
		}
	}
	return clock.Date{}, false
}

// ParseClock reads a time of day as people write it in a TimeField: 19:30,
// 19h30, 19.30, 19h.
func ParseClock(text string) (hour, minute int, ok bool) {
	text = strings.ToLower(strings.ReplaceAll(strings.TrimSpace(text), " ", ""))
	text = strings.NewReplacer("giờ", ":", "h", ":", ".", ":").Replace(text)
	text = strings.TrimSuffix(text, ":")
	if !strings.Contains(text, ":") {
		text += ":00"
	}
	t, err := time.Parse("15:4", text)
	return t.Hour(), t.Minute(), err == nil
}

// ParseNumber reads a whole number, grouped by points or spaces or not at all.
func ParseNumber(text string) (int64, bool) {
	text = strings.NewReplacer(".", "", " ", "", "\u00a0", "").Replace(strings.TrimSpace(text))
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// ParseDecimal reads a number with a decimal comma: 1.250,5. A single point
// that cannot be a group of thousands counts as the comma: 8.5.
func ParseDecimal(text string) (float64, bool) {
	text = strings.NewReplacer(" ", "", "\u00a0", "").Replace(strings.TrimSpace(text))
	if strings.Contains(text, ",") || !isLonePoint(text) {
		text = strings.ReplaceAll(text, ".", "")
	}
	f, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	return f, err == nil
}

func isLonePoint(text string) bool {
	_, fraction, found := strings.Cut(text, ".")
	return found && len(fraction) != 3 && !strings.Contains(fraction, ".")
}
