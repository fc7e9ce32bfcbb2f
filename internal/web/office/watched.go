package office

import (
	"net/url"

	"chibo/internal/domain/overview"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// showWatched is the whole list of cells that deserve attention below a unit.
func showWatched(r *page.Request) (page.Answer, error) {
	of, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	found, err := overview.ListWatched(r.Tx, r.By, of, r.Input().Line("after"), 0)
	if err != nil {
		return nil, err
	}
	s, err := span(r)
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("seeing.watch.title"))
	frame.Lead = r.T("seeing.watch.page_lead", "unit", found.Unit.Name)
	frame.Crumbs = []ui.Link{{Text: r.T("overview.title"), Href: unitPath(of)}}
	return page.HTML(listPage(frame, watchedView(r, found, s))), err
}

func watchedView(r *page.Request, p overview.WatchPage, s overview.Span) listView {
	back := ui.Link{Text: r.T("overview.title"), Href: unitPath(p.Unit.ID)}
	v := listView{Empty: ui.EmptyState{Title: r.T("seeing.watch.none"), Text: r.T("seeing.watch.none_help"), Action: back}}
	if p.Pending {
		v.Empty.Title, v.Empty.Text = r.T("seeing.watch.title"), r.T("seeing.watch.pending")
	}
	for _, cell := range p.Cells {
		item := watchItem(r, cell, cell.Above+": ", s)
		item.Chips = []ui.Chip{{Text: r.T("seeing.watch.seen", "day", cell.Day)}}
		v.Items = append(v.Items, item)
	}
	if p.Next != "" {
		v.Pager.Next = unitPath(p.Unit.ID) + "/watched?after=" + url.QueryEscape(p.Next)
	}
	return v
}
