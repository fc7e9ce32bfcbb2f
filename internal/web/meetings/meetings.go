// Package meetings is the pages of meetings: the year's plan, preparation and
// announcement, the meeting room, and what follows until the report (rules 22).
//
// It knows HTTP, words and which page leads to which. Every rule, and who may
// do what, is asked of the domain; what a reader may not do is not shown.
package meetings

import (
	"slices"
	"strings"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
)

// Routes are the pages of meetings.
func Routes() []page.Route {
	return slices.Concat(
		planRoutes(),
		prepareRoutes(),
		announceRoutes(),
		roomRoutes(),
		talkRoutes(),
		voteRoutes(),
		checkInRoutes(),
	)
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

// rule is what the packs in force on the day of the meeting say.
func rule[T any](r *page.Request, at orgtree.Unit, day clock.Date, kind string) (T, error) {
	value, _, err := rulepack.Rule[T](rulepack.Of(r.Tx), kind, unit.Province(at), day)
	return value, err
}

// names are the names of people, for lists.
func names(r *page.Request, people ...access.PersonID) (map[access.PersonID]string, error) {
	return member.Names(r.Tx, people)
}

// joined puts what is there behind each other.
func joined(sep string, parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), sep)
}
