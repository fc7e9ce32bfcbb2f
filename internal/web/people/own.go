package people

import (
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func ownRoutes() []page.Route {
	return []page.Route{page.Show("/me", showMe), page.Show("/work/{unit}", workFor)}
}

func noticeRoutes() []page.Route {
	open := page.Show("/notices/{notice}", openNotice)
	return append(page.Recorded(open),
		page.Show("/notices", showNotices),
		page.Act("/notices/seen", seeAll, showNotices),
	)
}

func showMe(r *page.Request) (page.Answer, error) {
	return page.SeeOther(memberPath(r.By.Person), ""), nil
}

// workFor has the reader work for another unit where they hold a role.
func workFor(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	for _, g := range r.By.Grants() {
		if g.Unit == at && g.Subject == 0 {
			r.Choose(at)
			return page.SeeOther("/", ""), nil
		}
	}
	return nil, errs.New(errs.NotFound, "errs.not_found")
}

// noticeView is a notice in words.
type noticeView struct {
	Text   string
	When   string
	Href   string
	Unread bool
}

const noticesOnPage = 30

func showNotices(r *page.Request) (page.Answer, error) {
	before := page.ID[notice.Received](r.Input(), "before")
	list, err := notice.Inbox(r.Tx, r.By, before, noticesOnPage)
	if err != nil {
		return nil, err
	}
	var views []noticeView
	unread, older := false, ""
	for _, n := range list {
		unread = unread || n.Unread()
		views = append(views, noticeView{r.T(n.Key, n.Fill()...), i18n.Instant(r.Context(), n.Sent), "/notices/" + n.ID.String(), n.Unread()})
	}
	if len(list) == noticesOnPage {
		older = "/notices?before=" + list[len(list)-1].ID.String()
	}
	frame, err := r.Frame(r.T("notice.title"))
	if err != nil {
		return nil, err
	}
	var seen *ui.PostButton
	if unread {
		seen = &ui.PostButton{Text: r.T("notice.mark_all"), Action: "/notices/seen", Hidden: []ui.Hidden{{Name: "newest", Value: list[0].ID.String()}}}
	}
	return page.HTML(noticesPage(frame, views, seen, older)), nil
}

// openNotice marks the notice as read and goes where it leads.
func openNotice(r *page.Request) (page.Answer, error) {
	which, err := page.PathID[notice.Received](r, "notice")
	if err != nil {
		return nil, err
	}
	n, err := notice.Find(r.Tx, r.By, which)
	if err != nil {
		return nil, err
	}
	if err := notice.Seen(r.Tx, r.By, which); err != nil {
		return nil, err
	}
	if n.Link == "" {
		return page.SeeOther("/notices", ""), nil
	}
	return page.SeeOther(ui.LocalPath(n.Link), ""), nil
}

func seeAll(r *page.Request) (page.Answer, error) {
	if err := notice.SeenAll(r.Tx, r.By, page.ID[notice.Received](r.Input(), "newest")); err != nil {
		return nil, err
	}
	return page.SeeOther("/notices", ""), nil
}
