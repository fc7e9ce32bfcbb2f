// Package duplicates shows records that may be of one person, side by side with
// all that a merge would do, and takes the decision.
package duplicates

import (
	"slices"
	"strings"

	"chibo/internal/domain/duplicate"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Routes are the pages of this package.
func Routes() []page.Route {
	return slices.Concat(
		[]page.Route{
			page.Show("/duplicates", showList),
			page.Act("/duplicates/{id}/apart", keepApart, showPair),
			page.Act("/duplicates/{id}/reconsider", reconsider, showPair),
		},
		page.Recorded(page.Form("/duplicates/{id}", showPair, merge)...),
		[]page.Route{page.Show("/members/{id}/merge", showOthers)},
		page.Recorded(page.Form("/members/{id}/merge/{other}", showPair, merge)...),
		page.Form("/merges/{id}/back", showBack, takeBack),
	)
}

const listPath = "/duplicates"

func path(finding duplicate.ID) string { return listPath + "/" + finding.String() }

// address is the page of the two records of a finding, or of two that somebody
// chose themselves.
func address(f duplicate.Finding) string {
	if f.ID == 0 {
		return chosenPath(f.One) + "/" + f.Other.String()
	}
	return path(f.ID)
}

func crumb(r *page.Request) ui.Link {
	return ui.Link{Text: r.T("duplicate.page.list_title"), Href: listPath}
}

// listView is the findings of one state.
type listView struct {
	Tabs  ui.Tabs
	Items []ui.Item
	Next  string
	// None says why there is nothing.
	None ui.EmptyState
}

func showList(r *page.Request) (page.Answer, error) {
	scope, err := r.By.Scope(r.Tx, access.MemberMerge)
	if err != nil {
		return nil, err
	}
	if scope.Empty() {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	state := duplicate.State(r.Input().Line("state"))
	if !slices.Contains(duplicate.States, state) {
		state = duplicate.Open
	}
	found, err := duplicate.List(r.Tx, r.By, duplicate.Filter{State: state, After: r.Input().Line("after")})
	if err != nil {
		return nil, err
	}
	last, err := duplicate.Last(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	v := listView{None: ui.EmptyState{Title: r.T("duplicate.page.none_" + string(state)), Text: r.T("duplicate.page.none_text")}}
	for _, s := range duplicate.States {
		v.Tabs.Items = append(v.Tabs.Items, ui.Tab{Text: r.T("duplicate.page.state." + string(s)), Href: listPath + "?state=" + string(s), Current: s == state})
	}
	for _, f := range found.Findings {
		v.Items = append(v.Items, item(r, f))
	}
	if found.Next != "" {
		v.Next = listPath + "?state=" + string(state) + "&after=" + found.Next
	}
	frame, err := r.Frame(r.T("duplicate.page.list_title"))
	if err != nil {
		return nil, err
	}
	frame.Lead = r.T("duplicate.page.list_lead")
	if !last.Ended.IsZero() {
		frame.Lead += " " + r.T("duplicate.page.searched", "at", i18n.Instant(r.Context(), last.Ended))
	}
	return page.HTML(listPage(frame, v)), nil
}

func item(r *page.Request, f duplicate.Listed) ui.Item {
	i := ui.Item{Title: f.First.Name, Href: path(f.ID), Note: f.First.UnitName, Side: r.T("duplicate.page.score", "score", f.Score)}
	if f.Second.Name != f.First.Name {
		i.Title += " / " + f.Second.Name
	}
	if f.Second.Unit != f.First.Unit {
		i.Note += " / " + f.Second.UnitName
	}
	i.Note += " · " + why(r, f.Finding)
	return i
}

// why are the reasons of a finding in words.
func why(r *page.Request, f duplicate.Finding) string {
	if f.ID == 0 {
		return r.T("duplicate.page.chosen_lead")
	}
	said := []string{r.T("duplicate.kind." + string(f.Kind))}
	for _, reason := range f.Reasons {
		said = append(said, r.T("duplicate.reason."+string(reason)))
	}
	return strings.Join(said, ", ")
}

func keepApart(r *page.Request) (page.Answer, error) {
	finding, err := page.PathID[duplicate.Finding](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	if err := duplicate.KeepApart(r.Tx, r.By, finding, in.Version(), in.Line("note")); err != nil {
		return nil, err
	}
	return page.SeeOther(listPath, "duplicate.page.done_apart"), nil
}

func reconsider(r *page.Request) (page.Answer, error) {
	finding, err := page.PathID[duplicate.Finding](r, "id")
	if err != nil {
		return nil, err
	}
	if err := duplicate.Reconsider(r.Tx, r.By, finding, r.Input().Version()); err != nil {
		return nil, err
	}
	return page.SeeOther(path(finding), "duplicate.page.done_reconsidered"), nil
}
