// Package intake are the pages that bring a spreadsheet into the register: send
// it, look at the columns, look at what would be written, decide who is whom,
// write, and take it back.
//
// It turns forms into arguments of verbs and what was found into words; what a
// sheet says and what is right is decided by the domain.
package intake

import (
	"chibo/internal/domain/intake"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Routes are all pages of this area.
func Routes() []page.Route {
	var list []page.Route
	for _, kind := range intake.Kinds {
		base := "/import/" + string(kind)
		list = append(list,
			page.Show(base, showSend(kind)),
			page.Route{Pattern: "POST " + base, Show: showSend(kind), Do: send(kind), Before: survey(kind), Uploads: intake.FileMost},
			page.Show(base+"/template", template(kind)),
		)
	}
	return append(list,
		page.Show("/imports/{id}", show),
		page.Show("/imports/{id}/progress", showProgress),
		page.Show("/imports/{id}/columns", showColumns),
		page.Route{Pattern: "POST /imports/{id}/sheet", Show: showColumns, Do: read, Before: look},
		page.Act("/imports/{id}/check", check, showColumns),
		page.Act("/imports/{id}/names", decideNames, show),
		page.Act("/imports/{id}/apply", apply, show),
		page.Act("/imports/{id}/drop", drop, show),
		page.Act("/imports/{id}/undo", undo, show),
		page.Act("/imports/{id}/merges/{row}/undo", undoMerge, show),
		page.Recorded(page.Show("/imports/{id}/twins", showTwins))[0],
		page.Act("/imports/{id}/twins", decideTwins, showTwins),
		page.Show("/imports/{id}/rejected", rejected),
	)
}

// home is the unit that the form names, or the one that the reader works for,
// if they may import there.
func home(r *page.Request, kind intake.Kind) (orgtree.Unit, error) {
	at := page.ID[orgtree.Unit](r.Input(), "unit")
	if at == 0 && r.Form.Get("unit") != "" {
		return orgtree.Unit{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if at == 0 {
		works, _, err := r.Home()
		if err != nil {
			return orgtree.Unit{}, err
		}
		at = works.ID
	}
	return access.Require(r.Tx, r.By, intake.Right(kind), at)
}

func load(r *page.Request) (intake.Import, error) {
	imp, err := page.PathID[intake.Import](r, "id")
	if err != nil {
		return intake.Import{}, err
	}
	return intake.Find(r.Tx, r.By, imp)
}

func path(i intake.Import) string { return "/imports/" + i.ID.String() }

// back is where the register is that the import goes into.
func back(i intake.Import) string {
	if i.Kind == intake.Members {
		return "/members?unit=" + i.Unit.String()
	}
	return "/units/" + i.Unit.String()
}

// steps are how far the import has come.
func steps(r *page.Request, i intake.Import) ui.Stepper {
	at := map[intake.State]int{intake.Sent: 1, intake.Checking: 2, intake.Checked: 2, intake.Applying: 3, intake.Applied: 4, intake.Undone: 4}[i.State]
	s := ui.Stepper{Label: r.T("intake.page.steps")}
	for n, key := range []string{"send", "columns", "preview", "write"} {
		state := ui.StepTodo
		switch {
		case n < at:
			state = ui.StepDone
		case n == at:
			state = ui.StepCurrent
		}
		s.Steps = append(s.Steps, ui.Step{Title: r.T("intake.page.step_" + key), State: state})
	}
	return s
}

func frameFor(r *page.Request, i intake.Import, title string) (ui.Page, error) {
	frame, err := r.Frame(title)
	frame.Lead = i.Name
	frame.Crumbs = []ui.Link{{Text: r.T("intake.page.title_" + string(i.Kind)), Href: "/import/" + string(i.Kind) + "?unit=" + i.Unit.String()}}
	return frame, err
}
