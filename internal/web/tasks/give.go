package tasks

import (
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/id"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// lateFields ask for the reason of a report after the due day, and for the day
// on which somebody without a phone reported.
func lateFields(v visit) []templ.Component {
	var fields []templ.Component
	if v.May.Behalf || v.Row.Assignee.Person == 0 {
		fields = append(fields, ui.DateField{
			Name: "day", Label: v.T("work.field.day"), Help: v.T("work.field.day_help"), Value: v.Value("day", v.Today().Vietnamese()), Error: v.Errors().For("day"),
		})
	}
	if v.Row.Late(v.Today()) {
		fields = append(fields, v.area("late_reason", "work.field.late_reason", v.Row.LateReason, false))
	}
	return fields
}

// person chooses one of the people of the task's unit.
func (v visit) person(name, label, stored string) (ui.SelectField, error) {
	at, err := orgtree.Find(v.Tx, v.Row.Unit)
	if err != nil {
		return ui.SelectField{}, err
	}
	options, err := people(v.Request, at)
	return ui.SelectField{
		Name: name, Label: v.T(label), Options: options, Empty: v.T("work.field.choose"), Value: v.Value(name, stored),
		Error: v.Errors().For(name), Required: true,
	}, err
}

// assignees are the people and the party groups of a unit. The value of one is
// a letter and its id; see assignee.
func assignees(r *page.Request, at orgtree.Unit) ([]ui.Option, error) {
	options, err := people(r, at)
	if err != nil {
		return nil, err
	}
	for i := range options {
		options[i].Value = personMark + options[i].Value
	}
	groups, err := unit.Groups(r.Tx, r.By, at.ID)
	for _, g := range groups {
		options = append(options, ui.Option{Value: groupMark + g.ID.String(), Label: r.T("work.field.group", g.Name)})
	}
	return options, err
}

const (
	personMark = "p"
	groupMark  = "g"
)

func assignee(in *page.Input) task.Assignee {
	a := task.Assignee{Body: in.Line("body")}
	chosen := in.Line("assignee")
	if person, ok := strings.CutPrefix(chosen, personMark); ok {
		a.Person, _ = id.Parse[access.Person](person)
	}
	if group, ok := strings.CutPrefix(chosen, groupMark); ok {
		a.Group, _ = id.Parse[unit.Group](group)
	}
	return a
}

func marked(a task.Assignee) string {
	switch {
	case a.Person != 0:
		return personMark + a.Person.String()
	case a.Group != 0:
		return groupMark + a.Group.String()
	}
	return ""
}

// fields of what is to be done; stored is what stands there at first.
type fields struct {
	*page.Request
	stored task.New
}

func (f fields) what() []templ.Component {
	e := f.Errors()
	return []templ.Component{
		ui.TextField{Name: "title", Label: f.T("work.field.title"), Help: f.T("work.field.title_help"), Value: f.Value("title", f.stored.Title), Error: e.For("title"), Required: true, MaxLength: 200},
		ui.TextArea{Name: "detail", Label: f.T("work.field.detail"), Value: f.Value("detail", f.stored.Detail), Error: e.For("detail"), MaxLength: 20_000, Rows: 3},
		f.area(),
	}
}

func (f fields) area() ui.SelectField {
	return ui.SelectField{
		Name: "area", Label: f.T("work.field.area"), Options: areas(f.Request), Empty: f.T("work.field.choose"),
		Value: f.Value("area", string(f.stored.Area)), Error: f.Errors().For("area"), Required: true,
	}
}

func (f fields) who(at orgtree.Unit) ([]templ.Component, error) {
	options, err := assignees(f.Request, at)
	return []templ.Component{
		ui.SelectField{
			Name: "assignee", Label: f.T("work.field.assignee"), Options: options, Empty: f.T("work.field.choose"),
			Value: f.Value("assignee", marked(f.stored.Assignee)), Error: f.Errors().For("assignee"), Required: true,
		},
		ui.TextField{Name: "body", Label: f.T("work.field.body"), Help: f.T("work.field.body_help"), Value: f.Value("body", f.stored.Assignee.Body), MaxLength: 100},
	}, err
}

func (f fields) due(label string) ui.DateField {
	return ui.DateField{
		Name: "due", Label: f.T(label), Value: f.Value("due", f.stored.Due.Vietnamese()), Error: f.Errors().For("due"), Required: true,
	}
}

func (f fields) plan() []templ.Component {
	e := f.Errors()
	planned := ""
	if f.stored.Planned != 0 {
		planned = i18n.Number(f.Context(), f.stored.Planned)
	}
	return []templ.Component{
		ui.NumberField{Name: "planned", Label: f.T("work.field.planned"), Help: f.T("work.field.planned_help"), Value: f.Value("planned", planned), Error: e.For("planned")},
		ui.TextField{Name: "measure", Label: f.T("work.field.measure"), Help: f.T("work.field.measure_help"), Value: f.Value("measure", f.stored.Measure), Error: e.For("measure"), MaxLength: 30},
	}
}

func showNew(r *page.Request) (page.Answer, error) {
	at, err := scope(r, access.TaskAssign)
	if err != nil {
		return nil, err
	}
	f := fields{r, task.New{Assignee: task.Assignee{Person: page.ID[access.Person](r.Input(), "person")}}}
	who, err := f.who(at)
	if err != nil {
		return nil, err
	}
	list := append(f.what(), who...)
	list = append(append(list, f.due("work.field.due")), f.plan()...)
	frame, err := r.Frame(r.T("work.new.title"))
	frame.Crumbs = []ui.Link{{Text: r.T("frame.nav.tasks"), Href: "/tasks"}}
	return page.HTML(formPage(frame, formView{
		Help:   r.T("work.new.help", at.Name),
		Props:  ui.FormProps{Errors: r.Errors(), Hidden: []ui.Hidden{{Name: "unit", Value: at.ID.String()}, page.Once(r)}},
		Fields: list, Submit: r.T("work.new.submit"), Back: "/tasks",
	})), err
}

func assign(r *page.Request) (page.Answer, error) {
	at, err := scope(r, access.TaskAssign)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	n := task.New{
		Title: in.Line("title"), Detail: in.Block("detail"), Area: task.Area(in.Line("area")), Assignee: assignee(in),
		Due: in.Date("due"), Measure: in.Line("measure"), Planned: int64(in.Int("planned")),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	given, err := task.Assign(r.Tx, r.By, at.ID, n)
	if err != nil {
		return nil, err
	}
	return page.SeeOther(pathOf(given), "work.done.assign"), nil
}

func showAdjust(r *page.Request) (page.Answer, error) {
	v, err := enterFor(r, func(c task.Choices) bool { return c.Adjust })
	if err != nil {
		return nil, err
	}
	f := fields{r, task.New{Title: v.Row.Title, Detail: v.Row.Detail, Area: v.Row.Area, Measure: v.Row.Measure, Planned: v.Row.Planned}}
	return v.form("adjust", append(append(f.what(), f.plan()...), v.area("reason", "work.field.reason", "", true))...)
}

func adjust(r *page.Request) (page.Answer, error) {
	return act(r, "adjust", func(v visit, in *page.Input) error {
		a := task.Adjustment{
			Title: in.Line("title"), Detail: in.Block("detail"), Area: task.Area(in.Line("area")), Measure: in.Line("measure"),
			Planned: int64(in.Int("planned")), Reason: in.Block("reason"),
		}
		if err := in.Err(); err != nil {
			return err
		}
		return task.Adjust(r.Tx, r.By, v.Row.ID, in.Version(), a)
	})
}

// showCarry asks what is new about the task that carries on the rest of this
// one: planned 10, done 5, and the next 10 make 15 (S-79).
func showCarry(r *page.Request) (page.Answer, error) {
	v, err := enterFor(r, func(c task.Choices) bool { return c.CarryOver })
	if err != nil {
		return nil, err
	}
	at, err := orgtree.Find(r.Tx, v.Row.Unit)
	if err != nil {
		return nil, err
	}
	f := fields{r, task.New{Title: v.Row.Title, Area: v.Row.Area, Assignee: v.Row.Assignee, Measure: v.Row.Measure}}
	who, err := f.who(at)
	if err != nil {
		return nil, err
	}
	list := []templ.Component{f.what()[0], f.area(), f.due("work.field.due")}
	if v.Row.Counted() {
		planned := v.number("planned", "work.field.next_planned", v.Row.Measure, 0)
		planned.Help = v.T("work.field.next_planned_help", v.Row.Left(), v.Row.Measure)
		list = append(list, planned)
	}
	return v.form("carry", append(list, who...)...)
}

func carry(r *page.Request) (page.Answer, error) {
	v, err := enter(r)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	c := task.Carry{
		Title: in.Line("title"), Area: task.Area(in.Line("area")), Due: in.Date("due"), Planned: int64(in.Int("planned")), Assignee: assignee(in),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	next, err := task.CarryOver(r.Tx, r.By, v.Row.ID, in.Version(), c)
	if err != nil {
		return nil, err
	}
	return page.SeeOther(pathOf(next), "work.done.carry"), nil
}
