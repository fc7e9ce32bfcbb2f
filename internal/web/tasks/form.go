package tasks

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/domain/task"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// formView is the page of something that one does with a task, or of a new one.
type formView struct {
	About  ui.Item // the task; no title for a new one
	Help   string
	Behalf string
	Props  ui.FormProps
	Fields []templ.Component
	Submit string
	Danger bool
	Back   string
}

func paragraphs(text string) []string {
	var list []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			list = append(list, line)
		}
	}
	return list
}

// form is the page of an act on the task.
func (v visit) form(act string, fields ...templ.Component) (page.Answer, error) {
	frame, err := v.Frame(v.T("work.act." + act))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{{Text: v.T("frame.nav.tasks"), Href: "/tasks"}, {Text: shortened(v.Row.Title), Href: pathOf(v.Row.ID)}}
	f := formView{
		About:  items(v.Request, []task.Row{v.Row}, true)[0],
		Help:   v.T("work.help." + act),
		Props:  ui.FormProps{Version: v.Version(v.Row.Version), Errors: v.Errors(), Files: act == "progress" || act == "report" || act == "files"},
		Fields: fields, Submit: v.T("work.submit." + act), Danger: act == "withdraw", Back: pathOf(v.Row.ID),
	}
	if v.May.Behalf && slices.Contains(onBehalf, act) {
		f.Behalf = v.T("work.behalf", cmp.Or(v.Row.Receiver, v.Row.Who))
	}
	return page.HTML(formPage(frame, f)), nil
}

// onBehalf are the acts of whoever has the task, which others may write down
// for them (S-162).
var onBehalf = []string{"decline", "progress", "report", "files", "hand-over", "explain"}

func shortened(title string) string {
	const most = 40
	letters := []rune(title)
	if len(letters) <= most {
		return title
	}
	return string(letters[:most-1]) + "…"
}

// area is a text of several lines, with what was typed or the stored text.
func (v visit) area(name, label, stored string, required bool) ui.TextArea {
	return ui.TextArea{
		Name: name, Label: v.T(label), Value: v.Value(name, stored), Error: v.Errors().For(name), Required: required, MaxLength: 20_000,
	}
}

func (v visit) number(name, label, unit string, stored int64) ui.NumberField {
	return ui.NumberField{
		Name: name, Label: v.T(label), Unit: unit, Value: v.Value(name, numberText(v.Request, stored)), Error: v.Errors().For(name),
	}
}

func numberText(r *page.Request, n int64) string {
	if n == 0 {
		return ""
	}
	return i18n.Number(r.Context(), n)
}

// evidence is the field for photos and files.
func (v visit) evidence() ui.FileField {
	return ui.FileField{
		Name: "files", Label: v.T("work.field.files"), Help: v.T("work.field.files_help"), Multiple: true, Error: v.Errors().For("files"),
	}
}

// amountSoFar asks how much is done: by number, or in percent.
func (v visit) amountSoFar() templ.Component {
	if v.Row.Counted() {
		f := v.number("done", "work.field.done", v.Row.Measure, v.Row.Done)
		f.Help = v.T("work.field.done_help", amount(v.Request, v.Row.Amount))
		return f
	}
	return v.number("percent", "work.field.percent", "%", int64(v.Row.Percent))
}

// attach adds the files that came with the form to the task.
func attach(v visit) error {
	for _, f := range v.Uploads["files"] {
		if _, err := task.Attach(v.Tx, v.By, v.Row.ID, task.File{Name: f.Name, Media: f.Media, Hash: f.Hash, Size: f.Size}); err != nil {
			return err
		}
	}
	return nil
}
