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
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Routes are the pages of what comes of a meeting.
func Routes() []page.Route {
	return slices.Concat(resolutionRoutes(), lineRoutes(), minutesRoutes(), scoreRoutes(), reportRoutes(), paperRoutes())
}

// visit is a request to a page of one meeting.
type visit struct{ course.Visit }

// on is a page of one meeting.
func on(show func(visit) (page.Answer, error)) page.Page {
	return course.On(func(v course.Visit) (page.Answer, error) { return show(visit{v}) })
}

// doing is an action on a meeting that leads to one of its pages.
func doing(to, done string, do func(visit, *page.Input) error) page.Page {
	return course.Doing(to, done, func(v course.Visit, in *page.Input) error { return do(visit{v}, in) })
}

// tabs lead from one result of the meeting to the next. While people sit
// together, the resolution is a part of their room.
func (v visit) tabs(current string) ui.Tabs {
	session := v.M.State == meeting.InSession && v.Opens(course.Meeting)
	if session && current == string(course.Conclude) {
		return v.Room(course.Conclude)
	}
	t := ui.Tabs{Label: v.T("results.tabs")}
	add := func(shown bool, name, path string) {
		if shown {
			t.Items = append(t.Items, ui.Tab{Text: v.T("results.tab." + name), Href: v.Path(path), Current: name == current})
		}
	}
	add(session, "room", "/room")
	add(true, "resolution", "/resolution")
	add(v.Opened(), "minutes", "/minutes")
	add(v.M.Kind.Monthly() && (v.Inside() || !v.M.PublishedAt.IsZero()), "score", "/score")
	add(v.M.State.Held() && v.Inside(), "report", "/report")
	return t
}

// text is a message whose key and arguments come from the domain.
func (v visit) text(m errs.Message) string { return i18n.T(v.Context(), m.Key, m.Args...) }
