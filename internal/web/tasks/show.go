package tasks

import (
	"io"
	"strings"

	"chibo/internal/domain/member"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// taskView is the page of a task.
type taskView struct {
	Chips    []ui.Chip
	Next     *ui.NextAction
	Beside   ui.LinkButton // what one may do instead, or the zero value
	Facts    ui.DefinitionList
	Progress *ui.ProgressBar
	Detail   string
	Files    []fileView
	AddFile  string
	Chain    []ui.Item
	Timeline ui.Timeline
	More     []ui.LinkButton
}

// fileView is one piece of evidence.
type fileView struct {
	Name, Note, Href, Remove string
	Picture                  bool
}

func showTask(r *page.Request) (page.Answer, error) {
	v, err := enter(r)
	if err != nil {
		return nil, err
	}
	view := taskView{
		Chips: chips(v), Next: nextAction(v), Progress: progressBar(v), Detail: v.Row.Detail, More: more(v),
	}
	if view.Next != nil {
		view.Chips = view.Chips[1:] // the card says it
	}
	if v.reports() {
		view.Beside = ui.LinkButton{Text: r.T("work.act.progress"), Href: pathOf(v.Row.ID) + "/progress"}
	}
	if v.May.Attach {
		view.AddFile = pathOf(v.Row.ID) + "/files"
	}
	for _, fill := range []func() error{
		func() (err error) { view.Facts, err = facts(v); return },
		func() (err error) { view.Files, err = files(v); return },
		func() (err error) { view.Chain, err = chain(v); return },
		func() (err error) { view.Timeline, err = timeline(v); return },
	} {
		if err := fill(); err != nil {
			return nil, err
		}
	}
	frame, err := r.Frame(v.Row.Title)
	frame.Crumbs = []ui.Link{{Text: r.T("frame.nav.tasks"), Href: "/tasks"}}
	return page.HTML(taskPage(frame, view)), err
}

func chips(v visit) []ui.Chip {
	list := []ui.Chip{dueChip(v.Request, v.Row)}
	if v.Row.Open() && v.Row.State != task.Reported {
		list = append(list, ui.Chip{Text: v.T("task.state." + string(v.Row.State))})
	}
	return list
}

// nextAction is what the reader should do first: what waits for the reader
// comes before what the reader could do for somebody else.
func nextAction(v visit) *ui.NextAction {
	path := pathOf(v.Row.ID)
	link := func(key, act string) *ui.NextAction {
		return &ui.NextAction{
			Chip: dueChip(v.Request, v.Row), Title: v.T("work.next." + key), Text: v.T("work.next." + key + "_help"),
			Action: ui.Link{Text: v.T("work.act." + act), Href: path + "/" + act},
		}
	}
	switch {
	case v.May.SendBack:
		return link("assess", "assess")
	case v.May.Accept && !v.May.Behalf:
		n := link("accept", "accept")
		n.Post = &ui.PostButton{Text: v.T("work.act.accept"), Action: path + "/accept", Kind: ui.Primary, Version: v.Row.Version}
		return n
	case v.reports():
		return link("report", "report")
	}
	return nil
}

// reports says that the next thing is the reader's own report.
func (v visit) reports() bool { return v.May.Report && !v.May.Behalf && !v.May.Accept }

// more are the other things that the reader may do.
func more(v visit) []ui.LinkButton {
	var list []ui.LinkButton
	add := func(may bool, act string, kind ui.ButtonKind) {
		if may {
			list = append(list, ui.LinkButton{Text: v.T("work.act." + act), Href: pathOf(v.Row.ID) + "/" + act, Kind: kind})
		}
	}
	add(v.May.Decline, "decline", ui.Quiet)
	add(v.May.Progress && !v.reports(), "progress", ui.Quiet)
	add(v.May.Report && !v.reports(), "report", ui.Quiet)
	add(v.May.Explain, "explain", ui.Quiet)
	add(v.May.Assess && !v.May.SendBack, "assess", ui.Quiet)
	add(v.May.HandOver, "hand-over", ui.Quiet)
	add(v.May.Extend, "extend", ui.Quiet)
	add(v.May.Adjust, "adjust", ui.Quiet)
	add(v.May.CarryOver, "carry", ui.Quiet)
	add(v.May.Withdraw, "withdraw", ui.Quiet)
	return list
}

func progressBar(v visit) *ui.ProgressBar {
	if v.Row.State == task.Withdrawn || v.Row.State == task.Proposed {
		return nil
	}
	bar := &ui.ProgressBar{Label: v.T("work.progress"), Text: i18n.Number(v.Context(), v.Row.Percent) + " %", Value: float64(v.Row.Percent), Tone: ui.Info}
	if v.Row.Counted() {
		bar.Text = v.T("work.note.amount", v.Row.Done, v.Row.Target(), v.Row.Measure)
		bar.Value, bar.Max = float64(v.Row.Done), float64(v.Row.Target())
	}
	if bar.Value >= max(bar.Max, 1) && (v.Row.Percent == 100 || v.Row.Left() == 0) {
		bar.Tone = ui.Good
	}
	return bar
}

func facts(v visit) (ui.DefinitionList, error) {
	at, err := orgtree.Find(v.Tx, v.Row.Unit)
	if err != nil {
		return ui.DefinitionList{}, err
	}
	var list []ui.Definition
	add := func(key, text string) {
		if text != "" {
			list = append(list, ui.Definition{Term: v.T("work.fact." + key), Text: text})
		}
	}
	add("who", v.Row.Who)
	add("receiver", v.Row.Receiver)
	add("due", due(v))
	add("amount", amount(v.Request, v.Row.Amount))
	if v.Row.Area != "" {
		add("area", v.T("task.area."+string(v.Row.Area)))
	}
	add("unit", at.Name)
	add("result", v.Row.Result)
	add("judgement", v.Row.Judgement)
	add("late_reason", v.Row.LateReason)
	if err := addResolution(v, &list); err != nil {
		return ui.DefinitionList{}, err
	}
	return ui.DefinitionList{Items: list}, nil
}

func due(v visit) string {
	if v.Row.Extended() {
		return v.T("work.fact.due_extended", v.Row.Due, v.Row.OriginalDue)
	}
	return i18n.Date(v.Context(), v.Row.Due)
}

// addResolution names the resolution that gave the task, if the reader sees it.
func addResolution(v visit, list *[]ui.Definition) error {
	if v.Row.Resolution == 0 {
		return nil
	}
	found, err := resolution.Find(v.Tx, v.By, v.Row.Resolution)
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) {
		return nil
	}
	*list = append(*list, ui.Definition{
		Term: v.T("work.fact.resolution"), Content: ui.TextLink(resolutionName(v.Request, found), resolutionPath(found.ID)),
	})
	return err
}

func files(v visit) ([]fileView, error) {
	list, err := task.Evidence(v.Tx, v.By, v.Row.ID)
	var shown []fileView
	for _, f := range list {
		href := pathOf(v.Row.ID) + "/files/" + f.ID.String()
		view := fileView{Name: f.Name, Note: i18n.Instant(v.Context(), f.Added), Href: href, Picture: isPicture(f.Media)}
		if v.May.Attach {
			view.Remove = href + "/remove"
		}
		shown = append(shown, view)
	}
	return shown, err
}

// chain is what the task carries on and what carries it on, if anything does.
func chain(v visit) ([]ui.Item, error) {
	tasks, err := task.Chain(v.Tx, v.By, v.Row.ID)
	if err != nil || len(tasks) < 2 {
		return nil, err
	}
	var list []ui.Item
	for _, t := range tasks {
		i := ui.Item{Title: t.Title, Note: chainNote(v.Request, t), Href: pathOf(t.ID), Chip: dueChip(v.Request, task.Row{Task: t})}
		if t.ID == v.Row.ID {
			i.Href, i.Chips = "", []ui.Chip{{Text: v.T("work.chain.this"), Tone: ui.Info}}
		}
		list = append(list, i)
	}
	return list, nil
}

func chainNote(r *page.Request, t task.Task) string {
	note := r.T("work.note.due", t.Due)
	if text := amount(r, t.Amount); text != "" {
		note += " · " + text + " · " + r.T("work.note.did", t.Done)
	}
	return note
}

// timeline is what happened to the task, the newest first.
func timeline(v visit) (ui.Timeline, error) {
	var who []access.PersonID
	for _, s := range v.Steps {
		who = append(who, s.By, s.For)
	}
	names, err := member.Names(v.Tx, who)
	if err != nil {
		return ui.Timeline{}, err
	}
	var t ui.Timeline
	for i := len(v.Steps) - 1; i >= 0; i-- {
		t.Events = append(t.Events, event(v.Request, v.Steps[i], names))
	}
	return t, nil
}

func event(r *page.Request, s task.Step, names map[access.PersonID]string) ui.Event {
	name := names[s.By]
	if name == "" {
		name = r.T("work.step.program")
	}
	e := ui.Event{When: i18n.Instant(r.Context(), s.At), Title: r.T("work.step."+s.Verb) + " · " + name, Text: s.Note, Tone: stepTones[s.Verb]}
	if s.For != 0 {
		e.Title = r.T("work.step."+s.Verb) + " · " + r.T("work.step.on_behalf", name, names[s.For])
	}
	return e
}

var stepTones = map[string]ui.Tone{
	"assess": ui.Good, "report": ui.Info, "send_back": ui.Bad, "extend": ui.Warn, "withdraw": ui.Bad, "explain": ui.Warn,
}

func accept(r *page.Request) (page.Answer, error) {
	v, err := enter(r)
	if err != nil {
		return nil, err
	}
	if err := task.Accept(r.Tx, r.By, v.Row.ID, r.Input().Version()); err != nil {
		return nil, err
	}
	return v.done("work.done.accept"), nil
}

// download gives a piece of evidence to who may see the task.
func download(r *page.Request) (page.Answer, error) {
	of, err := page.PathID[attachment.Attachment](r, "file")
	if err != nil {
		return nil, err
	}
	a, err := task.FindEvidence(r.Tx, r.By, of)
	if err != nil {
		return nil, err
	}
	stored, err := r.Site.Files.Open(a.Hash)
	if err != nil {
		return nil, err
	}
	defer stored.Close()
	body, err := io.ReadAll(stored)
	return page.File{Name: a.Name, Media: a.Media, Body: body, Inline: isPicture(a.Media)}, err
}

func isPicture(media string) bool { return strings.HasPrefix(media, "image/") }

func removeFile(r *page.Request) (page.Answer, error) {
	v, err := enter(r)
	if err != nil {
		return nil, err
	}
	of, err := page.PathID[attachment.Attachment](r, "file")
	if err != nil {
		return nil, err
	}
	if err := task.Detach(r.Tx, r.By, of); err != nil {
		return nil, err
	}
	return v.done("work.done.file_removed"), nil
}
