// Package tasks is the pages of the work that a cell gives to its members, and
// of the resolutions that it comes from.
//
// It turns forms into arguments of verbs and records into words. What somebody
// may do with a task is asked of package task, which decides again when it is
// done.
package tasks

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"chibo/internal/domain/member"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// filesMost is how many bytes of evidence one form may bring.
const filesMost = 40 << 20

// Routes are the pages of this area.
func Routes() []page.Route {
	return slices.Concat(
		[]page.Route{
			page.Show("/tasks", showList),
			page.Show("/tasks/{id}", showTask),
			page.Act("/tasks/{id}/accept", accept, showTask),
			page.Show("/tasks/{id}/files/{file}", download),
			page.Act("/tasks/{id}/files/{file}/remove", removeFile, showTask),
			page.Show("/resolutions", showResolutions),
			page.Show("/resolutions/{id}", showResolution),
		},
		page.Form("/tasks/new", showNew, assign),
		withFiles(page.Form("/tasks/{id}/progress", showProgress, progress)),
		withFiles(page.Form("/tasks/{id}/report", showReport, report)),
		withFiles(page.Form("/tasks/{id}/files", showFiles, addFiles)),
		page.Form("/tasks/{id}/assess", showAssess, assess),
		page.Form("/tasks/{id}/decline", showDecline, decline),
		page.Form("/tasks/{id}/hand-over", showHandOver, handOver),
		page.Form("/tasks/{id}/extend", showExtend, extend),
		page.Form("/tasks/{id}/adjust", showAdjust, adjust),
		page.Form("/tasks/{id}/explain", showExplain, explain),
		page.Form("/tasks/{id}/withdraw", showWithdraw, withdraw),
		page.Form("/tasks/{id}/carry", showCarry, carry),
	)
}

func withFiles(routes []page.Route) []page.Route {
	for i := range routes {
		routes[i].Uploads = filesMost
	}
	return routes
}

// visit is a request to a page of one task.
type visit struct {
	*page.Request
	Row   task.Row
	Steps []task.Step
	May   task.Choices
}

// enter finds the task in the path, if the reader may see it.
func enter(r *page.Request) (visit, error) {
	of, err := page.PathID[task.Task](r, "id")
	if err != nil {
		return visit{}, err
	}
	v := visit{Request: r}
	if v.Row, v.Steps, err = task.Find(r.Tx, r.By, of); err != nil {
		return visit{}, err
	}
	v.May, err = task.May(r.Tx, r.By, of)
	return v, err
}

// enterFor is enter for the form of something that the reader should be able
// to do. A form that comes back refused is shown whatever the task has become
// meanwhile: what was typed is not lost.
func enterFor(r *page.Request, may func(task.Choices) bool) (visit, error) {
	v, err := enter(r)
	if err == nil && r.Problem == nil && !may(v.May) {
		err = errs.New(errs.Denied, "work.error.not_now")
	}
	return v, err
}

func pathOf(of task.ID) string { return "/tasks/" + of.String() }

// done leads back to the task.
func (v visit) done(key string) page.Answer { return page.SeeOther(pathOf(v.Row.ID), key) }

// scope is the unit that the address names, or the one that the reader works
// for.
func scope(r *page.Request, act access.Action) (orgtree.Unit, error) {
	if of := page.ID[orgtree.Unit](r.Input(), "unit"); of != 0 {
		return access.Require(r.Tx, r.By, act, of)
	}
	home, _, err := r.Home()
	if err != nil {
		return orgtree.Unit{}, err
	}
	if home.ID == 0 {
		return orgtree.Unit{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return access.Require(r.Tx, r.By, act, home.ID)
}

// people are those of the unit who can have a task: its members, or who holds a
// post in a committee.
func people(r *page.Request, at orgtree.Unit) ([]ui.Option, error) {
	if !r.By.Can(access.MemberRead, at) {
		return nil, nil
	}
	var options []ui.Option
	if at.IsCell() {
		roster, err := member.Roster(r.Tx, at.ID, r.Today())
		for _, m := range roster {
			options = append(options, ui.Option{Value: m.ID.String(), Label: m.Name})
		}
		return options, err
	}
	posts, err := unit.PostsAt(r.Tx, at.ID, r.Today())
	if err != nil {
		return nil, err
	}
	var holders []access.PersonID
	for _, p := range posts {
		if !slices.Contains(holders, p.Person) {
			holders = append(holders, p.Person)
		}
	}
	names, err := member.Names(r.Tx, holders)
	for _, person := range holders {
		options = append(options, ui.Option{Value: person.String(), Label: names[person]})
	}
	return options, err
}

func areas(r *page.Request) []ui.Option {
	var options []ui.Option
	for _, area := range task.Areas {
		options = append(options, ui.Option{Value: string(area), Label: r.T("task.area." + string(area))})
	}
	return options
}

// amount is the plan in words, both parts visible (S-79): planned 10, left over
// 5 is "10 kế hoạch + 5 chuyển sang = 15 hộ".
func amount(r *page.Request, a task.Amount) string {
	switch {
	case !a.Counted():
		return ""
	case a.Carried == 0:
		return r.T("work.amount.planned", a.Planned, a.Measure)
	case a.Planned == 0:
		return r.T("work.amount.carried", a.Carried, a.Measure)
	}
	return r.T("work.amount.both", a.Planned, a.Carried, a.Target(), a.Measure)
}

// dueChip says how a task stands: its outcome when it ended, its state while it
// waits for others, its day otherwise.
func dueChip(r *page.Request, t task.Row) ui.Chip {
	switch t.State {
	case task.Assessed:
		return ui.Chip{Text: r.T("task.outcome." + string(t.Outcome)), Tone: outcomeTones[t.Outcome]}
	case task.Withdrawn, task.Proposed:
		return ui.Chip{Text: r.T("task.state." + string(t.State))}
	case task.Reported:
		return ui.Chip{Text: r.T("work.chip.reported"), Tone: ui.Info}
	}
	left := t.Due.Sub(r.Today())
	c := ui.Chip{Text: capital(i18n.Deadline(r.Context(), r.Today(), t.Due)), Tone: ui.Info}
	switch {
	case left < 0:
		c.Tone = ui.Bad
	case left <= 3:
		c.Tone = ui.Warn
	}
	return c
}

var outcomeTones = map[task.Outcome]ui.Tone{task.Done: ui.Good, task.Partly: ui.Warn, task.NotDone: ui.Bad}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
