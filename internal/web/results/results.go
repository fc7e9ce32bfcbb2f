// Package results is the pages of what comes of a meeting: its resolution, its
// minutes, its score sheet, the publishing and the report upwards (rules 22.2,
// steps 18 to 21), and the papers of all of it.
//
// It knows HTTP, words and which page leads to which. Every rule, and who may
// do what, is asked of the domain; what a reader may not do is not shown.
package results

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Routes are the pages of what comes of a meeting.
func Routes() []page.Route {
	return slices.Concat(resolutionRoutes(), lineRoutes(), minutesRoutes(), scoreRoutes(), reportRoutes(), paperRoutes())
}

// visit is a request to a page of one meeting.
type visit struct {
	*page.Request
	M  meeting.Meeting
	At orgtree.Unit
}

// enter finds the meeting in the path, if the reader may see it.
func enter(r *page.Request) (visit, error) {
	of, err := page.PathID[meeting.Meeting](r, "id")
	if err != nil {
		return visit{}, err
	}
	return visitOf(r, of)
}

func visitOf(r *page.Request, of meeting.ID) (visit, error) {
	m, err := meeting.Find(r.Tx, r.By, of)
	if err != nil {
		return visit{}, err
	}
	at, err := orgtree.Find(r.Tx, m.Unit)
	return visit{r, m, at}, err
}

// on is a page of one meeting.
func on(show func(visit) (page.Answer, error)) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		v, err := enter(r)
		if err != nil {
			return nil, err
		}
		return show(v)
	}
}

// doing is an action on a meeting that leads to one of its pages.
func doing(to, done string, do func(visit, *page.Input) error) page.Page {
	return on(func(v visit) (page.Answer, error) {
		if err := do(v, v.Input()); err != nil {
			return nil, err
		}
		return page.SeeOther(v.path(to), done), nil
	})
}

// path is the address of a page of the meeting.
func (v visit) path(rest string) string { return pathOf(v.M.ID) + rest }

func pathOf(m meeting.ID) string { return "/meetings/" + m.String() }

// can reports whether the reader may act on this meeting.
func (v visit) can(act access.Action) bool { return v.By.CanOn(act, v.At, int64(v.M.ID)) }

// inside reports whether the reader prepares, runs or watches the meeting; the
// others are its members.
func (v visit) inside() bool {
	return v.can(access.MeetingPrepare) || v.can(access.MeetingRun) || v.can(access.OverviewRead)
}

// held reports whether the meeting has begun: only then is there something to
// write down.
func (v visit) held() bool { return !v.M.OpenedAt.IsZero() }

// page is the frame of a page below the meeting's own.
func (v visit) page(title string) (ui.Page, error) {
	p, err := v.Frame(title)
	p.Unit = v.At.Name
	p.Crumbs = []ui.Link{
		{Text: v.T("frame.nav.meetings"), Href: "/meetings?unit=" + v.At.ID.String()},
		{Text: v.T("results.meeting", "day", v.M.Day()), Href: v.path("")},
	}
	return p, err
}

// tabs lead from one result of the meeting to the next.
func (v visit) tabs(current string) ui.Tabs {
	t := ui.Tabs{Label: v.T("results.tabs")}
	add := func(shown bool, name string) {
		if shown {
			t.Items = append(t.Items, ui.Tab{Text: v.T("results.tab." + name), Href: v.path("/" + name), Current: name == current})
		}
	}
	add(true, "resolution")
	add(v.held(), "minutes")
	add(v.M.Kind.Monthly() && (v.inside() || !v.M.PublishedAt.IsZero()), "score")
	add(v.M.State.Held() && v.inside(), "report")
	return t
}

// orNone is nothing where the reader may not know of something.
func orNone[T any](value T, err error) (T, error) {
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) {
		var none T
		return none, nil
	}
	return value, err
}

// text is a message whose key and arguments come from the domain.
func (v visit) text(m errs.Message) string { return i18n.T(v.Context(), m.Key, m.Args...) }
