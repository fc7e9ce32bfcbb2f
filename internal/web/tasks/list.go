package tasks

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// The views of the list.
const (
	viewMine = "mine"
	viewCell = "cell"
	viewFree = "free" // members without a task (S-77)
)

// listView is what the list shows.
type listView struct {
	Tabs   ui.Tabs
	Fields []templ.Component // of the filter
	Hidden []ui.Hidden
	// Filtered: the filter narrows the list, so it is in sight.
	Filtered bool
	Items    []ui.Item
	Empty    ui.EmptyState
	Pager    ui.Pager
	NewHref  string
	Lead     string
}

func showList(r *page.Request) (page.Answer, error) {
	at, err := scope(r, access.TaskRead)
	if err != nil {
		return nil, err
	}
	assigns := r.By.Can(access.TaskAssign, at)
	v := listView{}
	if assigns {
		v.NewHref = "/tasks/new?unit=" + at.ID.String()
	}
	view := viewOf(r, at)
	switch view {
	case viewMine:
		err = v.mine(r)
	case viewFree:
		err = v.free(r, at)
	default:
		err = v.cell(r, at)
	}
	if err != nil {
		return nil, err
	}
	v.Tabs = tabs(r, at, view, assigns)
	frame, err := r.Frame(r.T("work.list.title"))
	return page.HTML(listPage(frame, v)), err
}

// viewOf is the view that the address names; members begin with their own
// tasks, committees with those of their cells.
func viewOf(r *page.Request, at orgtree.Unit) string {
	switch view := r.Form.Get("view"); {
	case view == viewCell, view == viewMine:
		return view
	case view == viewFree && r.By.Can(access.TaskAssign, at):
		return view
	case at.IsCell():
		return viewMine
	}
	return viewCell
}

func tabs(r *page.Request, at orgtree.Unit, view string, assigns bool) ui.Tabs {
	t := ui.Tabs{Label: r.T("work.list.views")}
	views := []string{viewMine, viewCell}
	if assigns && at.IsCell() {
		views = append(views, viewFree)
	}
	for _, name := range views {
		key := "work.list." + name
		if name == viewCell && !at.IsCell() {
			key = "work.list.below"
		}
		t.Items = append(t.Items, ui.Tab{Text: r.T(key), Href: "/tasks?view=" + name + "&unit=" + at.ID.String(), Current: view == name})
	}
	return t
}

func (v *listView) mine(r *page.Request) error {
	rows, err := task.Mine(r.Tx, r.By)
	v.Items = items(r, rows, false)
	v.Empty = ui.EmptyState{
		Title: r.T("work.empty.mine"), Text: r.T("work.empty.mine_help"), Action: ui.Link{Text: r.T("work.empty.see_cell"), Href: "/tasks?view=cell"},
	}
	return err
}

// free are the members without a task, each with a way to give them one.
func (v *listView) free(r *page.Request, at orgtree.Unit) error {
	idle, err := task.WithoutTask(r.Tx, r.By, at.ID)
	for _, m := range idle {
		v.Items = append(v.Items, ui.Item{
			Title: m.Name, Note: r.T("work.free.note"), Href: "/tasks/new?unit=" + at.ID.String() + "&person=" + m.ID.String(),
			Chip: ui.Chip{Text: r.T("work.free.assign"), Tone: ui.Info},
		})
	}
	v.Lead = r.T("work.free.lead", len(idle))
	v.Empty = ui.EmptyState{Title: r.T("work.empty.free"), Text: r.T("work.empty.free_help")}
	if len(idle) == 0 {
		v.Lead = ""
	}
	return err
}

const pageSize = 50

func (v *listView) cell(r *page.Request, at orgtree.Unit) error {
	f, err := filter(r)
	if err != nil {
		return err
	}
	f.Below, f.Limit = !at.IsCell(), pageSize+1
	rows, err := task.OfUnit(r.Tx, r.By, at.ID, f)
	if err != nil {
		return err
	}
	if len(rows) > pageSize {
		rows = rows[:pageSize]
		v.Pager.Next = "/tasks?" + with(r.Form, "after", rows[pageSize-1].ID.String())
	}
	v.Items = items(r, rows, true)
	v.Empty = ui.EmptyState{Title: r.T("work.empty.cell"), Text: r.T("work.empty.cell_help")}
	if v.NewHref != "" {
		v.Empty.Action = ui.Link{Text: r.T("work.new.title"), Href: v.NewHref}
	}
	v.Hidden = []ui.Hidden{{Name: "view", Value: viewCell}, {Name: "unit", Value: at.ID.String()}}
	for _, name := range []string{"state", "area", "month", "person"} {
		v.Filtered = v.Filtered || r.Form.Get(name) != ""
	}
	v.Fields, err = filterFields(r, at)
	return err
}

func with(form url.Values, name, value string) string {
	query := url.Values{}
	for key, values := range form {
		query[key] = values
	}
	query.Set(name, value)
	return query.Encode()
}

// The states that the filter offers, the usual one first.
var filterStates = []string{"open", "overdue", "reported", "ended", "all"}

func filter(r *page.Request) (task.Filter, error) {
	in := r.Input()
	f := task.Filter{Area: task.Area(in.Line("area")), Person: page.ID[access.Person](in, "person")}
	switch in.Line("state") {
	case "all":
	case "overdue":
		f.Overdue = true
	case "reported":
		f.States = []task.State{task.Reported}
	case "ended":
		f.States = []task.State{task.Assessed, task.Withdrawn}
	default:
		f.Open = true
	}
	if typed := in.Line("month"); typed != "" {
		month, err := meeting.ParseMonth(typed)
		if err != nil {
			return f, err
		}
		f.From, f.To = month.First(), month.First().LastOfMonth()
	}
	err := continueAfter(r, &f, page.ID[task.Task](in, "after"))
	return f, err
}

func filterFields(r *page.Request, at orgtree.Unit) ([]templ.Component, error) {
	var states []ui.Option
	for _, state := range filterStates {
		states = append(states, ui.Option{Value: state, Label: r.T("work.filter.state." + state)})
	}
	fields := []templ.Component{
		ui.SelectField{Name: "state", Label: r.T("work.filter.state"), Options: states, Value: r.Form.Get("state")},
		ui.SelectField{Name: "area", Label: r.T("work.field.area"), Options: areas(r), Empty: r.T("work.filter.any_area"), Value: r.Form.Get("area")},
		ui.SelectField{Name: "month", Label: r.T("work.filter.month"), Options: months(r), Empty: r.T("work.filter.any_month"), Value: r.Form.Get("month")},
	}
	if !at.IsCell() {
		return fields, nil
	}
	who, err := people(r, at)
	if len(who) > 0 {
		fields = append(fields, ui.SelectField{
			Name: "person", Label: r.T("work.filter.person"), Options: who, Empty: r.T("work.filter.anybody"), Value: r.Form.Get("person"),
		})
	}
	return fields, err
}

// months are those in which tasks are due, around the running one.
func months(r *page.Request) []ui.Option {
	var options []ui.Option
	for back := -2; back <= 12; back++ {
		m := meeting.MonthOf(r.Today()).Add(-back)
		options = append(options, ui.Option{Value: string(m), Label: m.Vietnamese()})
	}
	return options
}

// items are tasks as lists show them; whose says who has each.
func items(r *page.Request, rows []task.Row, whose bool) []ui.Item {
	var list []ui.Item
	for _, t := range rows {
		i := ui.Item{Title: t.Title, Href: pathOf(t.ID), Chip: dueChip(r, t), Note: itemNote(r, t, whose)}
		if t.State == task.HandedOver {
			i.Chips = append(i.Chips, ui.Chip{Text: r.T("task.state.handed_over"), Tone: ui.Info})
		}
		if t.Extended() {
			i.Chips = append(i.Chips, ui.Chip{Text: r.T("work.chip.extended"), Tone: ui.Warn})
		}
		if t.Predecessor != 0 {
			i.Chips = append(i.Chips, ui.Chip{Text: r.T("work.chip.carried")})
		}
		list = append(list, i)
	}
	return list
}

func itemNote(r *page.Request, t task.Row, whose bool) string {
	var parts []string
	if whose && t.Who != "" {
		parts = append(parts, t.Who)
	}
	parts = append(parts, r.T("work.note.due", t.Due))
	switch {
	case t.Counted():
		parts = append(parts, r.T("work.note.amount", t.Done, t.Target(), t.Measure))
	case t.Percent > 0:
		parts = append(parts, r.T("work.note.percent", t.Percent))
	}
	return strings.Join(parts, " · ")
}

// continueAfter has the list go on behind the task that was its last. One that
// is gone meanwhile begins the list anew.
func continueAfter(r *page.Request, f *task.Filter, last task.ID) error {
	if last == 0 {
		return nil
	}
	row, _, err := task.Find(r.Tx, r.By, last)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	f.After = &row
	return err
}
