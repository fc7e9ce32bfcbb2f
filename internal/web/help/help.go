// Package help is the pages of the guide: one for each role, to read or to
// print, and a search over all.
package help

import (
	"slices"
	"strings"

	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/guide"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Routes are the pages of this area. Anybody may read how the program is used.
func Routes() []page.Route {
	return []page.Route{
		{Pattern: "GET /help", Show: showAll, Public: true},
		{Pattern: "GET /help/{guide}", Show: showOne, Public: true},
	}
}

// allView is the way into the guides.
type allView struct {
	Words  string
	Found  ui.ItemList
	Guides ui.ItemList
}

func showAll(r *page.Request) (page.Answer, error) {
	_, role, err := r.Home()
	if err != nil {
		return nil, err
	}
	language := i18n.From(r.Context()).Code()
	v := allView{Words: strings.TrimSpace(r.Form.Get("q"))}
	for _, hit := range guide.Search(language, v.Words) {
		v.Found.Items = append(v.Found.Items, ui.Item{Title: hit.Task.Title, Note: hit.Guide.Title, Href: hit.Guide.Address(hit.Task)})
	}
	own := ui.Chip{Text: r.T("help.yours"), Tone: ui.Info}
	for _, g := range guide.In(language) {
		item := ui.Item{Title: g.Title, Note: g.Lead, Href: "/help/" + g.ID}
		if !slices.Contains(g.Roles, string(role)) {
			v.Guides.Items = append(v.Guides.Items, item)
			continue
		}
		item.Chip = own
		v.Guides.Items = slices.Insert(v.Guides.Items, 0, item)
	}
	frame, err := r.Frame(r.T("help.title"))
	if err != nil {
		return nil, err
	}
	return page.HTML(allPage(frame, v)), nil
}

func showOne(r *page.Request) (page.Answer, error) {
	g, found := guide.Find(i18n.From(r.Context()).Code(), r.PathValue("guide"))
	if !found {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	frame, err := r.Frame(g.Title)
	if err != nil {
		return nil, err
	}
	frame.Lead, frame.Crumbs = g.Lead, []ui.Link{{Text: r.T("help.title"), Href: "/help"}}
	return page.HTML(onePage(frame, g)), nil
}
