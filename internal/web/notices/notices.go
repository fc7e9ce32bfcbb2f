// Package notices is the pages of one's notices: the inbox, how one is told
// outside the program, one's calendar; and, for the administrator, the gateway
// for text messages and what could not be delivered.
package notices

import (
	"slices"

	"chibo/internal/domain/notice"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Routes are the pages of this area.
func Routes() []page.Route {
	return slices.Concat(inboxRoutes(), settingsRoutes(), calendarRoutes(), gatewayRoutes(), undeliveredRoutes())
}

const home = "/notices"

func inboxRoutes() []page.Route {
	return append(page.Recorded(page.Show("/notices/{notice}", open)),
		page.Show(home, showInbox),
		page.Act("/notices/seen", seeAll, showInbox),
		page.Act("/notices/{notice}/seen", see, showInbox),
	)
}

// inbox is what the page of one's notices shows.
type inbox struct {
	Waiting, Opened []day
	SeeAll          ui.PostButton
	Older           string
}

// day is what came on one day.
type day struct {
	Title string
	Lines []line
}

// line is a notice in words.
type line struct {
	ID, Text, At, Href string
	Waiting            bool
}

const (
	// waitingMost is more than anybody leaves unread; the rest follows when
	// these are marked.
	waitingMost = 100
	openedMost  = 30
)

func showInbox(r *page.Request) (page.Answer, error) {
	before := page.ID[notice.Received](r.Input(), "before")
	opened, err := notice.Opened(r.Tx, r.By, before, openedMost)
	if err != nil {
		return nil, err
	}
	view := inbox{Opened: byDay(r, opened)}
	if len(opened) == openedMost {
		view.Older = home + "?before=" + opened[len(opened)-1].ID.String()
	}
	if before == 0 {
		waiting, err := notice.Waiting(r.Tx, r.By, 0, waitingMost)
		if err != nil {
			return nil, err
		}
		view.Waiting = byDay(r, waiting)
		if len(waiting) > 0 {
			view.SeeAll = ui.PostButton{Text: r.T("notice.mark_all"), Action: home + "/seen", Hidden: []ui.Hidden{{Name: "newest", Value: waiting[0].ID.String()}}}
		}
	}
	frame, err := r.Frame(r.T("notice.title"))
	return page.HTML(inboxPage(frame, view)), err
}

func byDay(r *page.Request, list []notice.Received) (days []day) {
	last := clock.Date{}
	for _, n := range list {
		if sent := clock.DateOf(n.Sent); sent != last || len(days) == 0 {
			days, last = append(days, day{Title: dayTitle(r, sent)}), sent
		}
		today := &days[len(days)-1]
		today.Lines = append(today.Lines, line{
			ID: n.ID.String(), Text: r.T(n.Key, n.Fill()...), At: i18n.Clock(r.Context(), n.Sent), Href: home + "/" + n.ID.String(), Waiting: n.Unread(),
		})
	}
	return days
}

// dayTitle calls the last two days by their names.
func dayTitle(r *page.Request, sent clock.Date) string {
	long := i18n.LongDate(r.Context(), sent)
	if r.Today().Sub(sent) > 1 {
		return long
	}
	return r.T("notice.day", "name", i18n.Relative(r.Context(), r.Today(), sent), "day", long)
}

// open marks the notice as read and goes where it leads.
func open(r *page.Request) (page.Answer, error) {
	n, err := find(r)
	if err != nil {
		return nil, err
	}
	if err := notice.Seen(r.Tx, r.By, n.ID); err != nil {
		return nil, err
	}
	if n.Link == "" {
		return page.SeeOther(home, ""), nil
	}
	return page.SeeOther(ui.LocalPath(n.Link), ""), nil
}

func find(r *page.Request) (notice.Received, error) {
	which, err := page.PathID[notice.Received](r, "notice")
	if err != nil {
		return notice.Received{}, err
	}
	return notice.Find(r.Tx, r.By, which)
}

func see(r *page.Request) (page.Answer, error) {
	n, err := find(r)
	if err != nil {
		return nil, err
	}
	return page.SeeOther(home, ""), notice.Seen(r.Tx, r.By, n.ID)
}

func seeAll(r *page.Request) (page.Answer, error) {
	return page.SeeOther(home, ""), notice.SeenAll(r.Tx, r.By, page.ID[notice.Received](r.Input(), "newest"))
}
