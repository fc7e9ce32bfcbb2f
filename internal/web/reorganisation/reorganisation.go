// Package reorganisation shows plans of reorganisation: what they do, what
// stands in their way, and the steps from a draft to a decision that was carried
// out or taken back.
package reorganisation

import (
	"slices"

	"chibo/internal/document"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Routes are the pages of this package.
func Routes() []page.Route {
	return slices.Concat(
		[]page.Route{
			page.Show("/reorganisations", showList),
			page.Show("/reorganisations/{id}", showPlan),
			page.Show("/reorganisations/{id}/decision.docx", download(document.Docx)),
			page.Show("/reorganisations/{id}/decision.pdf", download(document.PDF)),
			page.Act("/reorganisations/{id}/discard", discard, showPlan),
			page.Act("/reorganisations/{id}/steps/{step}/remove", removeStep, showPlan),
			page.Act("/reorganisations/{id}/posts/{post}/remove", unnominate, showPlan),
		},
		page.Form("/reorganisations/new", showNew, begin),
		page.Form("/reorganisations/{id}/edit", showEdit, edit),
		page.Form("/reorganisations/{id}/steps/new", showStep, addStep),
		page.Form("/reorganisations/{id}/people", showPeople, send),
		page.Form("/reorganisations/{id}/posts/new", showPost, nominate),
		page.Form("/reorganisations/{id}/apply", showApply, apply),
		page.Form("/reorganisations/{id}/back", showBack, takeBack),
	)
}

func path(plan reorganisation.ID) string { return "/reorganisations/" + plan.String() }

// visit is a request about one plan.
type visit struct {
	*page.Request
	reorganisation.Draft
	// Version is that of the plan.
	Version int64
	// May: the reader decides over it.
	May   bool
	Names map[orgtree.ID]string
}

// open is the plan that the path names, if the reader may read it.
func open(r *page.Request) (v visit, err error) {
	plan, err := page.PathID[reorganisation.Plan](r, "id")
	if err != nil {
		return v, err
	}
	v.Request = r
	if v.Draft, err = reorganisation.Find(r.Tx, r.By, plan); err != nil {
		return v, err
	}
	v.Version = v.Draft.Version
	at, err := orgtree.Find(r.Tx, v.Unit)
	if err != nil {
		return v, err
	}
	v.May = r.By.Can(access.ReorganisationDecide, at)
	v.Names, err = reorganisation.UnitNames(r.Tx, r.By, plan)
	return v, err
}

// decide is open for a page that changes the plan.
func decide(r *page.Request) (visit, error) {
	v, err := open(r)
	if err == nil && !v.May {
		err = errs.New(errs.Denied, "errs.denied")
	}
	return v, err
}

func (v visit) crumbs() []ui.Link {
	return []ui.Link{{Text: v.T("reorganisation.page.list_title"), Href: "/reorganisations"}, {Text: v.Title, Href: path(v.ID)}}
}

// act runs a change of the plan that the path names and goes back to it.
func act(r *page.Request, to, done string, do func(in *page.Input, plan reorganisation.ID) error) (page.Answer, error) {
	plan, err := page.PathID[reorganisation.Plan](r, "id")
	if err != nil {
		return nil, err
	}
	if err := do(r.Input(), plan); err != nil {
		return nil, err
	}
	return page.SeeOther(path(plan)+to, done), nil
}

func showList(r *page.Request) (page.Answer, error) {
	plans, err := reorganisation.List(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	bodies, err := reorganisation.Bodies(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("reorganisation.page.list_title"))
	if err != nil {
		return nil, err
	}
	frame.Lead = r.T("reorganisation.page.list_lead")
	frame.Crumbs = []ui.Link{{Text: r.T("people.page.units_title"), Href: "/units"}}
	var items []ui.Item
	for _, p := range plans {
		at, err := orgtree.Find(r.Tx, p.Unit)
		if err != nil {
			return nil, err
		}
		items = append(items, ui.Item{Title: p.Title, Note: note(r, p, at), Href: path(p.ID), Chip: stateChip(r, p.State)})
	}
	return page.HTML(listPage(frame, items, len(bodies) > 0)), nil
}

func note(r *page.Request, p reorganisation.Plan, at orgtree.Unit) string {
	s := at.Name
	if p.Number != "" {
		s += " · " + r.T("reorganisation.page.number_short", "number", p.Number)
	}
	if !p.Effective.IsZero() {
		s += " · " + r.T("reorganisation.page.from_day", "day", p.Effective.Vietnamese())
	}
	return s
}

func stateChip(r *page.Request, s reorganisation.State) ui.Chip {
	tones := map[reorganisation.State]ui.Tone{reorganisation.Drafted: ui.Info, reorganisation.Applied: ui.Good, reorganisation.TakenBack: ui.Warn}
	return ui.Chip{Text: r.T("reorganisation.page.state." + string(s)), Tone: tones[s]}
}

// download composes in the transaction and writes the file after it.
func download(as document.Format) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		plan, err := page.PathID[reorganisation.Plan](r, "id")
		if err != nil {
			return nil, err
		}
		d, err := document.Reorganisation(r.Tx, r.By, plan)
		if err != nil {
			return nil, err
		}
		return page.Later(func() (page.Answer, error) {
			f, err := document.Write(d, as)
			return page.File{Name: f.Name, Media: f.Media, Body: f.Body}, err
		}), nil
	}
}
