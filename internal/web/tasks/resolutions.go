package tasks

import (
	"strconv"

	"github.com/a-h/templ"

	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// resolutionList is the list of resolutions of a unit.
type resolutionList struct {
	Items []ui.Item
	Empty ui.EmptyState
	Pager ui.Pager
}

const resolutionsAPage = 30

func showResolutions(r *page.Request) (page.Answer, error) {
	at, err := scope(r, access.ResolutionRead)
	if err != nil {
		return nil, err
	}
	list, err := resolution.List(r.Tx, r.By, at.ID, resolution.Filter{
		Below: !at.IsCell(), Before: page.ID[task.Resolution](r.Input(), "before"), Limit: resolutionsAPage + 1,
	})
	if err != nil {
		return nil, err
	}
	v := resolutionList{Empty: ui.EmptyState{
		Title: r.T("work.resolutions.empty"), Text: r.T("work.resolutions.empty_help"), Action: ui.Link{Text: r.T("frame.nav.meetings"), Href: "/meetings"},
	}}
	if len(list) > resolutionsAPage {
		list = list[:resolutionsAPage]
		v.Pager.Next = "/resolutions?" + with(r.Form, "before", list[resolutionsAPage-1].ID.String())
	}
	if v.Items, err = resolutionItems(r, at, list); err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("work.resolutions.title"))
	frame.Lead = at.Name
	return page.HTML(resolutionsPage(frame, v)), err
}

func resolutionItems(r *page.Request, at orgtree.Unit, list []resolution.Resolution) ([]ui.Item, error) {
	var items []ui.Item
	names := map[orgtree.ID]string{at.ID: ""}
	for _, res := range list {
		if _, known := names[res.Unit]; !known {
			u, err := orgtree.Find(r.Tx, res.Unit)
			if err != nil {
				return nil, err
			}
			names[res.Unit] = u.Name + " · "
		}
		items = append(items, ui.Item{
			Title: resolutionName(r, res), Note: names[res.Unit] + r.T("work.resolutions.note", res.From, res.To), Href: resolutionPath(res.ID),
			Chip: ui.Chip{Text: r.T("resolution.state." + string(res.State)), Tone: resolutionTones[res.State]},
		})
	}
	return items, nil
}

var resolutionTones = map[resolution.State]ui.Tone{resolution.Issued: ui.Good, resolution.Adopted: ui.Info, resolution.Drafted: ui.Warn}

func resolutionPath(of resolution.ID) string { return "/resolutions/" + of.String() }

func resolutionName(r *page.Request, res resolution.Resolution) string {
	if res.Symbol == "" {
		return res.Title
	}
	return r.T("work.resolutions.name", res.Symbol, res.Title)
}

// resolutionView is a resolution to be read.
type resolutionView struct {
	Chip     ui.Chip
	Facts    ui.DefinitionList
	Sections []sectionView
	Past     *ui.Table
	Tasks    ui.Table
	Ballot   string
	Links    []ui.LinkButton
}

type sectionView struct{ Title, Body string }

func showResolution(r *page.Request) (page.Answer, error) {
	of, err := page.PathID[task.Resolution](r, "id")
	if err != nil {
		return nil, err
	}
	res, content, err := resolution.Read(r.Tx, r.By, of)
	if err != nil {
		return nil, err
	}
	at, err := orgtree.Find(r.Tx, res.Unit)
	if err != nil {
		return nil, err
	}
	v := resolutionView{
		Chip:  ui.Chip{Text: r.T("resolution.state." + string(res.State)), Tone: resolutionTones[res.State]},
		Facts: resolutionFacts(r, at, res, content.Opening), Tasks: linesTable(r, "work.resolutions.tasks", content.Tasks, false),
		Links: resolutionLinks(r, at, res),
	}
	for _, s := range content.Sections {
		if s.Body != "" {
			v.Sections = append(v.Sections, sectionView{r.T("resolution.section." + string(s.Section)), s.Body})
		}
	}
	if res.Kind == resolution.Monthly {
		past := linesTable(r, "work.resolutions.past", content.Past, true)
		v.Past = &past
	}
	if b := content.Ballot; b != nil {
		v.Ballot = r.T("work.resolutions.ballot", b.Yes, b.Base, i18n.Share(r.Context(), b.Yes, b.Base))
	}
	frame, err := r.Frame(resolutionName(r, res))
	frame.Crumbs = []ui.Link{{Text: r.T("work.resolutions.title"), Href: "/resolutions?unit=" + at.ID.String()}}
	return page.HTML(resolutionPage(frame, v)), err
}

func resolutionFacts(r *page.Request, at orgtree.Unit, res resolution.Resolution, o *resolution.Opening) ui.DefinitionList {
	list := ui.DefinitionList{Items: []ui.Definition{
		{Term: r.T("work.fact.unit"), Text: at.Name},
		{Term: r.T("work.resolutions.period"), Text: r.T("work.resolutions.note", res.From, res.To)},
	}}
	if !res.Day.IsZero() {
		list.Items = append(list.Items,
			ui.Definition{Term: r.T("work.resolutions.issued"), Text: i18n.Date(r.Context(), res.Day)},
			ui.Definition{Term: r.T("work.resolutions.signer"), Text: res.SignerName})
	}
	if o != nil && o.Total > 0 {
		list.Items = append(list.Items, ui.Definition{
			Term: r.T("work.resolutions.opening"), Text: r.T("work.resolutions.opening_text", o.Present, o.Total, o.Excused, o.Absent),
		})
	}
	return list
}

func resolutionLinks(r *page.Request, at orgtree.Unit, res resolution.Resolution) []ui.LinkButton {
	if res.Meeting == 0 {
		return nil
	}
	path := "/meetings/" + res.Meeting.String()
	list := []ui.LinkButton{{Text: r.T("work.resolutions.meeting"), Href: path}}
	if res.State != resolution.Discarded && r.By.CanOn(access.ResolutionWrite, at, int64(res.Meeting)) {
		list = append(list, ui.LinkButton{Text: r.T("work.resolutions.edit"), Href: path + "/resolution"})
	}
	return list
}

// linesTable is the table of tasks of a resolution: with how they stand for
// those of the last one (rules 22.6, I.3), with who and when for the new ones.
func linesTable(r *page.Request, caption string, lines []resolution.Line, past bool) ui.Table {
	t := ui.Table{
		Caption: r.T(caption), Empty: ui.EmptyState{Title: r.T(caption + "_empty")},
		Columns: []ui.Column{
			{Title: r.T("work.column.number"), Number: true},
			{Title: r.T("work.column.task"), Head: true},
			{Title: r.T("work.column.who")},
			{Title: r.T("work.column.due")},
		},
	}
	if past {
		t.Columns = append(t.Columns, ui.Column{Title: r.T("work.column.state")}, ui.Column{Title: r.T("work.column.result")})
	}
	for i, l := range lines {
		cells := append(ui.Cells(strconv.Itoa(i+1), lineTitle(r, l), l.Who, i18n.Date(r.Context(), l.Due)), pastCells(r, l, past)...)
		t.Rows = append(t.Rows, ui.Row{Cells: cells, Href: pathOf(l.Task)})
	}
	return t
}

func lineTitle(r *page.Request, l resolution.Line) string {
	if text := amount(r, l.Amount); text != "" {
		return l.Title + " (" + text + ")"
	}
	return l.Title
}

func pastCells(r *page.Request, l resolution.Line, past bool) []templ.Component {
	if !past {
		return nil
	}
	state := r.T("task.state." + string(l.State))
	switch {
	case l.OnTime:
		state = r.T("work.state.on_time")
	case l.Outcome != "":
		state = r.T("task.outcome." + string(l.Outcome))
	case l.OverdueDays > 0:
		state = r.T("work.state.late", l.OverdueDays)
	}
	return ui.Cells(state, l.Result)
}
