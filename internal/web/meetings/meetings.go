// Package meetings is the pages of meetings: the year's plan, preparation and
// announcement, the meeting room, and what follows until the report (rules 22).
//
// It knows HTTP, words and which page leads to which. Every rule, and who may
// do what, is asked of the domain; what a reader may not do is not shown.
package meetings

import (
	"slices"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
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
type visit struct {
	*page.Request
	M  meeting.Meeting
	At orgtree.Unit
}

// enter finds the meeting in the path, if the reader may see it.
func enter(r *page.Request) (visit, error) {
	id, err := page.PathID[meeting.Meeting](r, "id")
	if err != nil {
		return visit{}, err
	}
	m, err := meeting.Find(r.Tx, r.By, id)
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

// doing is an action on a meeting that leads to another of its pages.
func doing(to, done string, do func(visit, *page.Input) error) page.Page {
	return on(func(v visit) (page.Answer, error) {
		if err := do(v, v.Input()); err != nil {
			return nil, err
		}
		return page.SeeOther(v.path(to), done), nil
	})
}

// path is the address of a page of the meeting: "" is its own, "/room" the room.
func (v visit) path(rest string) string { return pathOf(v.M.ID) + rest }

func pathOf(m meeting.ID) string { return "/meetings/" + m.String() }

// can reports whether the reader may act on this meeting.
func (v visit) can(act access.Action) bool { return v.By.CanOn(act, v.At, int64(v.M.ID)) }

// inside reports whether the reader prepares, runs or watches the meeting; the
// others are its members.
func (v visit) inside() bool {
	return v.can(access.MeetingPrepare) || v.can(access.MeetingRun) || v.can(access.OverviewRead)
}

// page is the frame of a page below the meeting's own.
func (v visit) page(title string) (ui.Page, error) {
	p, err := v.Frame(title)
	p.Crumbs = []ui.Link{
		{Text: v.T("frame.nav.meetings"), Href: listPath(v.At.ID)},
		{Text: v.T("room.short_title", "kind", shortKind(v.Request, v.M, v.At), "day", v.M.Day()), Href: v.path("")},
	}
	return p, err
}

func listPath(of orgtree.ID) string { return "/meetings?unit=" + of.String() }

// kindName says what sort of meeting it is; that of a cell's committee has a
// name of its own.
func kindName(r *page.Request, kind meeting.Kind, at orgtree.Unit) string {
	if kind == meeting.Committee && at.IsCell() {
		return r.T("room.kind.cell_committee")
	}
	return r.T("meeting.kind." + string(kind))
}

func shortKind(r *page.Request, m meeting.Meeting, at orgtree.Unit) string {
	if m.Kind == meeting.Committee && at.IsCell() {
		return r.T("room.kind.cell_committee")
	}
	return r.T("room.kind." + string(m.Kind))
}

// stateChip is how far a meeting has come, in words and colour.
func stateChip(r *page.Request, m meeting.Meeting) ui.Chip {
	tone := ui.Info
	switch m.State {
	case meeting.Planned:
		tone = ui.Plain
	case meeting.InSession, meeting.Postponed:
		tone = ui.Warn
	case meeting.Cancelled:
		tone = ui.Bad
	case meeting.Closed, meeting.Minuted, meeting.Published, meeting.Scored, meeting.Reported:
		tone = ui.Good
	}
	if m.Answer == meeting.SentBack {
		return ui.Chip{Text: r.T("room.state.sent_back"), Tone: ui.Bad}
	}
	return ui.Chip{Text: r.T("meeting.state." + string(m.State)), Tone: tone}
}

// when is "19:30, thứ Ba, 03/11/2026".
func when(r *page.Request, m meeting.Meeting) string {
	return r.T("room.when", "time", hourOf(m), "day", i18n.LongDate(r.Context(), m.Day()))
}

func hourOf(m meeting.Meeting) string { return m.Starts.In(clock.Zone).Format("15:04") }

// place is where people meet: a room, or online.
func place(r *page.Request, m meeting.Meeting) string {
	if m.Place == "" {
		return r.T("meeting.mode." + string(m.Mode))
	}
	return m.Place
}

// orNone is nothing where the reader may not know of something.
func orNone[T any](value T, err error) (T, error) {
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) {
		var none T
		return none, nil
	}
	return value, err
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
