package office

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// listView is a page that is one list.
type listView struct {
	Items []ui.Item
	// Pager leads through a list of several pages.
	Pager ui.Pager
	Empty ui.EmptyState
}

// showReports are the reports that wait for the answer of the reader's office.
func showReports(r *page.Request) (page.Answer, error) {
	home, _, err := r.Home()
	if err != nil {
		return nil, err
	}
	if home.ID == 0 {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	waiting, err := overview.Reports(r.Tx, r.By, home.ID)
	if err != nil {
		return nil, err
	}
	v := listView{Empty: ui.EmptyState{
		Title: r.T("overview.reports.empty"), Text: r.T("overview.reports.empty_help"),
		Action: ui.Link{Text: r.T("overview.title"), Href: "/overview"},
	}}
	for _, w := range waiting {
		v.Items = append(v.Items, reportItem(r, w))
	}
	frame, err := r.Frame(r.T("overview.reports.title"))
	frame.Lead = r.T("overview.reports.lead")
	return page.HTML(listPage(frame, v)), err
}

func reportItem(r *page.Request, w overview.Report) ui.Item {
	i := ui.Item{
		Title: w.Cell, Href: "/meetings/" + w.Meeting.String() + "/report",
		Note: r.T("overview.reports.note", "month", w.Month.Vietnamese(), "day", clock.DateOf(w.At)),
		Chip: ui.Chip{Text: r.T("overview.reports.new"), Tone: ui.Info},
	}
	if w.Again {
		i.Chip = ui.Chip{Text: r.T("overview.reports.again"), Tone: ui.Warn}
	}
	return i
}

// showFollowed are the cells that the reader follows for the committee above.
func showFollowed(r *page.Request) (page.Answer, error) {
	list, err := overview.Followed(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	v := listView{Empty: ui.EmptyState{Title: r.T("overview.followed.empty"), Text: r.T("overview.followed.empty_help")}}
	for _, f := range list {
		v.Items = append(v.Items, followedItem(r, f))
	}
	frame, err := r.Frame(r.T("overview.followed.title"))
	frame.Lead = r.T("overview.followed.lead")
	return page.HTML(listPage(frame, v)), err
}

func followedItem(r *page.Request, f overview.FollowedCell) ui.Item {
	i := ui.Item{Title: f.Cell.Name, Note: r.T("overview.followed.not_planned")}
	if f.HasLast {
		i.Href, i.Chips = "/meetings/"+f.Last.ID.String(), []ui.Chip{{Text: r.T("overview.followed.last", "day", f.Last.Day())}}
	}
	if f.HasNext {
		i.Href, i.Note = "/meetings/"+f.Next.ID.String(), nextNote(r, f.Next)
		i.Chip = ui.Chip{Text: capital(i18n.Deadline(r.Context(), r.Today(), f.Next.Day())), Tone: ui.Info}
	}
	if f.HasNext && f.Next.Day().Before(r.Today()) {
		i.Chip = ui.Chip{Text: r.T("overview.cell.overdue"), Tone: ui.Bad}
	}
	return i
}

func nextNote(r *page.Request, m meeting.Meeting) string {
	note := r.T("overview.followed.next", "at", m.Starts, "kind", r.T("meeting.kind."+string(m.Kind)))
	if m.Place != "" {
		note += ", " + m.Place
	}
	return note
}

// follows reports whether the reader follows cells.
func follows(r *page.Request) bool {
	for _, g := range r.By.Grants() {
		if g.Role == access.Attendee {
			return true
		}
	}
	return false
}
