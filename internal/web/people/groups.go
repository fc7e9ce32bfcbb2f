package people

import (
	"slices"

	"github.com/a-h/templ"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func groupRoutes() []page.Route {
	return slices.Concat(
		page.Form("/units/{id}/groups/new", showNewGroup, foundGroup),
		page.Form("/units/{id}/groups/{group}", showGroupForm, changeGroup),
		page.Form("/units/{id}/groups/{group}/end", showEndGroup, endGroup),
	)
}

// membersOf are the members of the cell whom the reader may read, to choose
// a leader from.
func membersOf(r *page.Request, cell orgtree.Unit) ([]ui.Option, error) {
	if !r.By.Can(access.MemberRead, cell) {
		return nil, nil
	}
	roster, err := member.Roster(r.Tx, cell.ID, r.Today())
	var options []ui.Option
	for _, p := range roster {
		if !p.Here {
			options = append(options, ui.Option{Value: p.ID.String(), Label: p.Name})
		}
	}
	return options, err
}

func showNewGroup(r *page.Request) (page.Answer, error) {
	u, _, err := manages(r, access.PostManage)
	if err != nil {
		return nil, err
	}
	people, err := membersOf(r, u)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.field."}, unitForm(r, u, "group_new")
	view.Creates, view.Version = true, 0
	view.Fields = []templ.Component{
		f.line("group_name", "", true), f.choice("leader", people, "", r.T("people.page.nothing"), false),
		f.date("founded", r.Today(), true), f.line("decision", "", false),
	}
	return view.answer(r)
}

func foundGroup(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	n := unit.NewGroup{Name: in.Line("group_name"), Leader: page.ID[access.Person](in, "leader"), Founded: in.Date("founded"), Decision: in.Line("decision")}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if _, err := unit.FoundGroup(r.Tx, r.By, at, n); err != nil {
		return nil, groupField(err)
	}
	return page.SeeOther(unitPath(at), "people.page.done_saved"), nil
}

// groupField names the field of a group's name as the form does: on the page of
// a person "name" is theirs.
func groupField(err error) error {
	if e, ok := errs.As(err); ok {
		if m, wrong := e.Fields["name"]; wrong {
			delete(e.Fields, "name")
			e.Fields["group_name"] = m
		}
	}
	return err
}

func groupOf(r *page.Request) (orgtree.Unit, unit.Group, error) {
	u, _, err := manages(r, access.PostManage)
	if err != nil {
		return orgtree.Unit{}, unit.Group{}, err
	}
	which, err := page.PathID[unit.Group](r, "group")
	if err != nil {
		return orgtree.Unit{}, unit.Group{}, err
	}
	g, err := unit.FindGroup(r.Tx, which)
	if err == nil && (g.Unit != u.ID || !g.Ended.IsZero()) {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return u, g, err
}

func showGroupForm(r *page.Request) (page.Answer, error) {
	u, g, err := groupOf(r)
	if err != nil {
		return nil, err
	}
	people, err := membersOf(r, u)
	if err != nil {
		return nil, err
	}
	f := fields{r, "people.field."}
	return form{
		Title: g.Name, Crumbs: []ui.Link{unitsCrumb(r), unitCrumb(u)}, Version: g.Version, Submit: r.T("people.page.save"), Back: unitPath(u.ID),
		Fields: []templ.Component{
			f.line("group_name", g.Name, true), f.choice("leader", people, g.Leader.String(), r.T("people.page.nothing"), false),
			endGroupLink(unitPath(u.ID) + "/groups/" + g.ID.String() + "/end"),
		},
	}.answer(r)
}

func changeGroup(r *page.Request) (page.Answer, error) {
	u, g, err := groupOf(r)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	err = unit.ChangeGroup(r.Tx, r.By, g.ID, in.Version(), in.Line("group_name"), page.ID[access.Person](in, "leader"))
	if err != nil {
		return nil, groupField(err)
	}
	return page.SeeOther(unitPath(u.ID), "people.page.done_saved"), nil
}

func showEndGroup(r *page.Request) (page.Answer, error) {
	u, g, err := groupOf(r)
	if err != nil {
		return nil, err
	}
	f := fields{r, "people.field."}
	return form{
		Title: r.T("people.page.group_end_title", "group", g.Name), Lead: r.T("people.page.group_end_lead"), Crumbs: []ui.Link{unitsCrumb(r), unitCrumb(u)},
		Version: g.Version, Danger: true, Submit: r.T("people.page.group_end"), Back: unitPath(u.ID),
		Fields: []templ.Component{f.date("day", r.Today(), true)},
	}.answer(r)
}

func endGroup(r *page.Request) (page.Answer, error) {
	u, g, err := groupOf(r)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	day := in.Date("day")
	if err := in.Err(); err != nil {
		return nil, err
	}
	if err := unit.EndGroup(r.Tx, r.By, g.ID, in.Version(), day); err != nil {
		return nil, err
	}
	return page.SeeOther(unitPath(u.ID), "people.page.done_saved"), nil
}
