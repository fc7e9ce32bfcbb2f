package office

import (
	"slices"
	"strings"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/member"
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func consolidationRoutes() []page.Route {
	return slices.Concat(
		page.Form("/overview/{unit}/consolidation", showNewPlan, beginPlan),
		page.Form("/consolidation/{plan}/change", showPlanForm, changePlan),
		[]page.Route{page.Show("/consolidation/{plan}", showPlan), page.Act("/consolidation/{plan}/finish", finishPlan, showPlan)},
	)
}

// planForm is the form of a plan, new or old.
type planForm struct {
	Form    ui.FormProps
	Reasons ui.TextArea
	Steps   ui.TextArea
	Owner   ui.SelectField
	Due     ui.DateField
	Submit  string
	Back    string
}

// planView is a plan with what can be done about it.
type planView struct {
	Chip    ui.Chip
	Facts   ui.DefinitionList
	Change  string
	Finish  *finishForm
	CellURL string
}

// finishForm writes down what came of a plan.
type finishForm struct {
	Form    ui.FormProps
	Outcome ui.ChoiceField
	Text    ui.TextArea
}

func planPath(plan consolidation.ID) string { return "/consolidation/" + plan.String() }

func showNewPlan(r *page.Request) (page.Answer, error) {
	cell, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	at, err := access.Require(r.Tx, r.By, access.ConsolidationPlan, cell)
	if err != nil {
		return nil, err
	}
	s, err := span(r)
	if err != nil {
		return nil, err
	}
	t, err := overview.Look(r.Tx, r.By, cell, s)
	if err != nil {
		return nil, err
	}
	draft := consolidation.Draft{}
	if len(t.Concerns) > 0 {
		draft.Reasons = reasons(r, t.Concerns[0])
	}
	f, err := newPlanForm(r, at, draft, 0)
	if err != nil {
		return nil, err
	}
	f.Form.Hidden, f.Submit, f.Back = []ui.Hidden{page.Once(r)}, r.T("consolidation.page.begin"), unitPath(cell)
	return planFormAnswer(r, at, r.T("consolidation.page.new"), f)
}

func planFormAnswer(r *page.Request, at orgtree.Unit, title string, f planForm) (page.Answer, error) {
	frame, err := r.Frame(title)
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{{Text: r.T("overview.title"), Href: "/overview"}, {Text: at.Name, Href: unitPath(at.ID)}}
	if len(r.Errors()) > 0 {
		frame.Flash = ui.Flash{} // the summary above the fields says it
	}
	return page.HTML(planFormPage(frame, f)), nil
}

func newPlanForm(r *page.Request, at orgtree.Unit, d consolidation.Draft, version int64) (planForm, error) {
	owners, err := consolidation.Owners(r.Tx, r.By, at.ID)
	if err != nil {
		return planForm{}, err
	}
	var options []ui.Option
	for _, p := range owners {
		options = append(options, ui.Option{Value: p.ID.String(), Label: p.Name})
	}
	wrong, chosen := r.Errors(), ""
	if d.Owner != 0 {
		chosen = d.Owner.String()
	}
	return planForm{
		Form: ui.FormProps{Version: r.Version(version), Errors: wrong},
		Reasons: ui.TextArea{
			Name: "reasons", Label: r.T("consolidation.field.reasons"), Help: r.T("consolidation.help.reasons"),
			Value: r.Value("reasons", d.Reasons), Error: wrong.For("reasons"), Required: true,
		},
		Steps: ui.TextArea{
			Name: "measures", Label: r.T("consolidation.field.measures"), Help: r.T("consolidation.help.measures"),
			Value: r.Value("measures", d.Measures), Error: wrong.For("measures"), Required: true,
		},
		Owner: ui.SelectField{
			Name: "owner", Label: r.T("consolidation.field.owner"), Options: options, Value: r.Value("owner", chosen),
			Empty: r.T("consolidation.page.choose"), Error: wrong.For("owner"), Required: true,
		},
		Due: ui.DateField{Name: "due", Label: r.T("consolidation.field.due"), Day: d.Due, Value: r.Value("due", d.Due.Vietnamese()), Error: wrong.For("due"), Required: true},
	}, nil
}

func typedPlan(r *page.Request) (consolidation.Draft, int64, error) {
	in := r.Input()
	d := consolidation.Draft{Reasons: in.Block("reasons"), Measures: in.Block("measures"), Owner: page.ID[access.Person](in, "owner"), Due: in.Date("due")}
	return d, in.Version(), in.Err()
}

func beginPlan(r *page.Request) (page.Answer, error) {
	cell, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	d, _, err := typedPlan(r)
	if err != nil {
		return nil, err
	}
	plan, err := consolidation.Begin(r.Tx, r.By, cell, d)
	return page.SeeOther(planPath(plan), "consolidation.page.done_begun"), err
}

// planOf is the plan in the address.
func planOf(r *page.Request) (consolidation.Plan, orgtree.Unit, error) {
	id, err := page.PathID[consolidation.Plan](r, "plan")
	if err != nil {
		return consolidation.Plan{}, orgtree.Unit{}, err
	}
	return consolidation.Find(r.Tx, r.By, id)
}

func showPlanForm(r *page.Request) (page.Answer, error) {
	p, at, err := planOf(r)
	if err != nil {
		return nil, err
	}
	if !p.Open() {
		return nil, errs.New(errs.Conflict, "consolidation.error.finished")
	}
	f, err := newPlanForm(r, at, consolidation.Draft{Reasons: p.Reasons, Measures: p.Measures, Owner: p.Owner, Due: p.Due}, p.Version)
	if err != nil {
		return nil, err
	}
	f.Submit, f.Back = r.T("consolidation.page.save"), planPath(p.ID)
	return planFormAnswer(r, at, r.T("consolidation.page.change"), f)
}

func changePlan(r *page.Request) (page.Answer, error) {
	id, err := page.PathID[consolidation.Plan](r, "plan")
	if err != nil {
		return nil, err
	}
	d, version, err := typedPlan(r)
	if err != nil {
		return nil, err
	}
	return page.SeeOther(planPath(id), "consolidation.page.done_changed"), consolidation.Change(r.Tx, r.By, id, version, d)
}

func finishPlan(r *page.Request) (page.Answer, error) {
	id, err := page.PathID[consolidation.Plan](r, "plan")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	result := consolidation.Result{Outcome: consolidation.Outcome(in.Line("outcome")), Text: in.Block("text")}
	if err := in.Err(); err != nil {
		return nil, err
	}
	return page.SeeOther(planPath(id), "consolidation.page.done_finished"), consolidation.Finish(r.Tx, r.By, id, in.Version(), result)
}

func showPlan(r *page.Request) (page.Answer, error) {
	p, at, err := planOf(r)
	if err != nil {
		return nil, err
	}
	v := planView{Chip: planChip(r, p), CellURL: unitPath(at.ID)}
	if v.Facts, err = planFacts(r, p); err != nil {
		return nil, err
	}
	may := r.By.Can(access.ConsolidationPlan, at)
	if p.Open() && may {
		v.Change = planPath(p.ID) + "/change"
	}
	if p.Open() && (may || p.Owner == r.By.Person) {
		v.Finish = newFinishForm(r, p)
	}
	frame, err := r.Frame(r.T("consolidation.page.title", "cell", at.Name))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{{Text: r.T("overview.title"), Href: "/overview"}, {Text: at.Name, Href: unitPath(at.ID)}}
	return page.HTML(planPage(frame, v)), nil
}

func planChip(r *page.Request, p consolidation.Plan) ui.Chip {
	switch {
	case p.Late(r.Today()):
		return ui.Chip{Text: r.T("seeing.watch.plan_late", "due", p.Due), Tone: ui.Bad}
	case p.Open():
		return ui.Chip{Text: r.T("seeing.watch.plan", "due", p.Due), Tone: ui.Info}
	case p.Outcome == consolidation.Unchanged:
		return ui.Chip{Text: r.T("consolidation.outcome.unchanged"), Tone: ui.Warn}
	}
	return ui.Chip{Text: r.T("consolidation.outcome." + string(p.Outcome)), Tone: ui.Good}
}

func planFacts(r *page.Request, p consolidation.Plan) (ui.DefinitionList, error) {
	names, err := member.Names(r.Tx, []member.ID{p.Owner, p.Planner})
	list := ui.DefinitionList{Items: []ui.Definition{
		{Term: r.T("consolidation.field.reasons"), Content: prose(p.Reasons)},
		{Term: r.T("consolidation.field.measures"), Content: prose(p.Measures)},
		{Term: r.T("consolidation.field.owner"), Text: names[p.Owner]},
		{Term: r.T("consolidation.field.due"), Text: p.Due.Vietnamese()},
		{Term: r.T("consolidation.field.planned"), Text: r.T("consolidation.page.planned", "day", p.Planned, "who", names[p.Planner])},
	}}
	if !p.Open() {
		list.Items = append(list.Items, ui.Definition{Term: r.T("consolidation.field.finished"), Text: p.Finished.Vietnamese()},
			ui.Definition{Term: r.T("consolidation.field.result"), Content: prose(p.Result)})
	}
	return list, err
}

func newFinishForm(r *page.Request, p consolidation.Plan) *finishForm {
	wrong := r.Errors()
	f := &finishForm{
		Form:    ui.FormProps{Action: planPath(p.ID) + "/finish", Version: r.Version(p.Version), Errors: wrong},
		Outcome: ui.ChoiceField{Name: "outcome", Label: r.T("consolidation.field.outcome"), Value: r.Value("outcome", ""), Error: wrong.For("outcome"), Stacked: true, Required: true},
		Text:    ui.TextArea{Name: "text", Label: r.T("consolidation.field.result"), Value: r.Value("text", ""), Error: wrong.For("text"), Required: true},
	}
	for _, o := range consolidation.Outcomes {
		f.Outcome.Options = append(f.Outcome.Options, ui.Option{Value: string(o), Label: r.T("consolidation.outcome." + string(o))})
	}
	return f
}

// plansOf are what the page of a cell says of its plans: the open one, a way to
// make one, and those of before.
func plansOf(r *page.Request, cell orgtree.Unit) (list []ui.Item, begin string, err error) {
	plans, err := consolidation.At(r.Tx, r.By, cell.ID)
	open := false
	for _, p := range plans {
		open = open || p.Open()
		list = append(list, ui.Item{Title: r.T("consolidation.page.of_day", "day", p.Planned), Note: firstLine(p.Measures), Href: planPath(p.ID), Chip: planChip(r, p)})
	}
	if !open && cell.Ended.IsZero() && r.By.Can(access.ConsolidationPlan, cell) {
		begin = unitPath(cell.ID) + "/consolidation"
	}
	return list, begin, err
}

// firstLine is what fits beside others in a list.
func firstLine(s string) string {
	line, _, _ := strings.Cut(s, "\n")
	return line
}
