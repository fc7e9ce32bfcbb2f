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

func stepRoutes() []page.Route {
	return slices.Concat(
		page.Form("/members/new", showRegister, register),
		page.Recorded(page.Form("/members/{id}/edit", showEdit, edit)...),
		page.Form("/members/{id}/recognise", showRecognise, recognise),
		page.Form("/members/{id}/group", showGroup, assignGroup),
		page.Form("/members/{id}/move", showMove, move),
		page.Form("/members/{id}/leave", showLeave, leave),
		page.Form("/members/{id}/overlays/new", showNewOverlay, addOverlay),
		page.Recorded(page.Form("/members/{id}/overlays/{overlay}/end", showEndOverlay, endOverlay)...),
	)
}

// step is the form of a step in a member's life, as far as all are alike.
func step(r *page.Request, b member.Brief, name string) form {
	return form{
		Title: r.T("people.page."+name+"_title", "name", b.Name), Crumbs: []ui.Link{memberCrumb(r), personCrumb(b)},
		Action: memberPath(b.ID) + "/" + name, Version: b.Version, Submit: r.T("people.page." + name + "_submit"), Back: memberPath(b.ID),
	}
}

func showRecognise(r *page.Request) (page.Answer, error) {
	b, _, err := managed(r)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.field."}, step(r, b, "recognise")
	view.Lead = r.T("people.page.recognise_lead")
	view.Fields = []templ.Component{f.line("decision", "", true), f.date("day", r.Today(), true)}
	return view.answer(r)
}

func recognise(r *page.Request) (page.Answer, error) {
	return take(r, func(in *page.Input, who member.ID) func() error {
		what := member.Recognition{Day: in.Date("day"), Decision: in.Line("decision")}
		return func() error { return member.Recognise(r.Tx, r.By, who, in.Version(), what) }
	})
}

// take reads the form of a step, takes it, and goes back to the member.
func take(r *page.Request, read func(in *page.Input, who member.ID) func() error) (page.Answer, error) {
	who, err := person(r)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	act := read(in, who)
	if err := in.Err(); err != nil {
		return nil, err
	}
	if err := act(); err != nil {
		return nil, err
	}
	return page.SeeOther(memberPath(who), "people.page.done_saved"), nil
}

func showGroup(r *page.Request) (page.Answer, error) {
	b, at, err := managed(r)
	if err != nil {
		return nil, err
	}
	groups, err := groupOptions(r, at.ID)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.field."}, step(r, b, "group")
	view.Fields = []templ.Component{f.choice("group", groups, b.Group.String(), r.T("people.page.no_group"), false)}
	return view.answer(r)
}

func assignGroup(r *page.Request) (page.Answer, error) {
	return take(r, func(in *page.Input, who member.ID) func() error {
		group := page.ID[unit.Group](in, "group")
		return func() error { return member.AssignGroup(r.Tx, r.By, who, in.Version(), group) }
	})
}

func showMove(r *page.Request) (page.Answer, error) {
	b, at, err := managed(r)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.field."}, step(r, b, "move")
	to, nowhere, err := f.unit("unit", place{Act: access.MemberManage, Sort: orgtree.OnlyCells, Outside: at.Path})
	if err != nil {
		return nil, err
	}
	view.Lead = r.T("people.page.move_lead")
	if nowhere {
		view.Lead = r.T("people.page.move_nowhere")
	}
	view.Effects = []string{r.T("people.page.move_effect_posts", "unit", at.Name), r.T("people.page.move_effect_group"), r.T("people.page.move_effect_papers")}
	view.Fields = []templ.Component{to, f.date("from", r.Today(), true), f.line("document", "", true)}
	return view.answer(r)
}

func move(r *page.Request) (page.Answer, error) {
	return take(r, func(in *page.Input, who member.ID) func() error {
		to := member.Place{Unit: page.ID[orgtree.Unit](in, "unit"), From: in.Date("from"), Document: in.Line("document")}
		return func() error {
			if to.Unit == 0 {
				return errs.Field("unit", "errs.choice")
			}
			return member.MoveToCell(r.Tx, r.By, who, in.Version(), to)
		}
	})
}

func showLeave(r *page.Request) (page.Answer, error) {
	b, at, err := managed(r)
	if err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, at)
	if err != nil {
		return nil, err
	}
	var ends []ui.Option
	for _, s := range words.Member {
		if s.Terminal && words.MayMoveMember(string(b.Status), s.ID) {
			ends = append(ends, ui.Option{Value: s.ID, Label: s.Label})
		}
	}
	f, view := fields{r, "people.field."}, step(r, b, "leave")
	view.Danger, view.Lead = true, r.T("people.page.leave_lead")
	view.Effects = []string{r.T("people.page.leave_effect_list"), r.T("people.page.leave_effect_posts"), r.T("people.page.leave_effect_account")}
	view.Fields = []templ.Component{
		f.choice("status", ends, "", r.T("people.page.choose"), true), f.date("day", r.Today(), true),
		f.line("document", "", true), f.line("reason", "", false),
		ui.CheckField{Name: "sure", Label: r.T("people.page.leave_sure", "name", b.Name), Error: r.Errors().For("sure"), Required: true},
	}
	return view.answer(r)
}

func leave(r *page.Request) (page.Answer, error) {
	return take(r, func(in *page.Input, who member.ID) func() error {
		end := member.Leaving{Status: member.Status(in.Line("status")), Day: in.Date("day"), Document: in.Line("document"), Reason: in.Line("reason")}
		return func() error {
			if !in.Has("sure") {
				return errs.Field("sure", "people.error.sure")
			}
			return member.Leave(r.Tx, r.By, who, in.Version(), end)
		}
	})
}

func showNewOverlay(r *page.Request) (page.Answer, error) {
	b, at, err := managed(r)
	if err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, at)
	if err != nil {
		return nil, err
	}
	var kinds []ui.Option
	for _, o := range words.Overlays {
		if o.ID == member.Guest {
			continue // the host enters it
		}
		kinds = append(kinds, ui.Option{Value: o.ID, Label: o.Label})
	}
	f, view := fields{r, "people.overlay."}, step(r, b, "overlays/new")
	view.Title, view.Submit = r.T("people.page.overlay_title", "name", b.Name), r.T("people.page.overlay_submit")
	view.Lead, view.Creates, view.Version = r.T("people.page.overlay_lead"), true, 0
	view.Fields = []templ.Component{
		f.choice("kind", kinds, "", r.T("people.page.choose"), true), f.date("from", r.Today(), true), f.date("to", noDay, false),
		f.line("document", "", true), f.line("reason", "", false),
	}
	return view.answer(r)
}

func addOverlay(r *page.Request) (page.Answer, error) {
	return take(r, func(in *page.Input, who member.ID) func() error {
		o := member.NewOverlay{Kind: in.Line("kind"), From: in.Date("from"), To: lastDay(in, "to"), Document: in.Line("document"), Reason: in.Line("reason")}
		return func() error {
			_, err := member.AddOverlay(r.Tx, r.By, who, o)
			return err
		}
	})
}

func showEndOverlay(r *page.Request) (page.Answer, error) {
	b, at, err := managed(r)
	if err != nil {
		return nil, err
	}
	o, err := overlayOf(r, b.ID)
	if err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, at)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.field."}, step(r, b, "overlays/"+o.ID.String()+"/end")
	view.Title, view.Submit = r.T("people.page.overlay_end_title", "name", b.Name), r.T("people.page.overlay_end_submit")
	view.Lead, view.Version = overlayLabel(words, o.Kind)+" · "+span(r.Context(), o.From, o.To), o.Version
	view.Fields = []templ.Component{f.date("day", r.Today(), true), f.line("reason", "", false)}
	return view.answer(r)
}

// overlayOf is the overlay of the person that the path names.
func overlayOf(r *page.Request, who member.ID) (member.Overlay, error) {
	which, err := page.PathID[member.Overlay](r, "overlay")
	if err != nil {
		return member.Overlay{}, err
	}
	f, err := member.Open(r.Tx, r.By, who, r.T("people.page.reason_edit"))
	if err != nil {
		return member.Overlay{}, err
	}
	at := slices.IndexFunc(f.Overlays, func(o member.Overlay) bool { return o.ID == which })
	if at < 0 {
		return member.Overlay{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return f.Overlays[at], nil
}

func endOverlay(r *page.Request) (page.Answer, error) {
	which, err := page.PathID[member.Overlay](r, "overlay")
	if err != nil {
		return nil, err
	}
	return take(r, func(in *page.Input, _ member.ID) func() error {
		day, reason := in.Date("day"), in.Line("reason")
		return func() error { return member.EndOverlay(r.Tx, r.By, which, in.Version(), day, reason) }
	})
}
