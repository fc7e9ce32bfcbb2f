// Package course is the way of one meeting through its pages: where the reader
// stands, how far the meeting has come, and the one thing to do next (rules
// 22.2). The pages of the room and those of what comes of a meeting stand on
// it, so that each step leads to the next one.
//
// It knows which page serves which step. What a page shows and does is theirs;
// who may do what is asked of the domain.
package course

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Visit is a request to a page of one meeting.
type Visit struct {
	*page.Request
	M  meeting.Meeting
	At orgtree.Unit
}

// Enter finds the meeting in the path, if the reader may see it.
func Enter(r *page.Request) (Visit, error) {
	of, err := page.PathID[meeting.Meeting](r, "id")
	if err != nil {
		return Visit{}, err
	}
	return To(r, of)
}

// To is a visit to that meeting, if the reader may see it.
func To(r *page.Request, of meeting.ID) (Visit, error) {
	m, err := meeting.Find(r.Tx, r.By, of)
	if err != nil {
		return Visit{}, err
	}
	at, err := orgtree.Find(r.Tx, m.Unit)
	return Visit{r, m, at}, err
}

// On is a page of one meeting.
func On(show func(Visit) (page.Answer, error)) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		v, err := Enter(r)
		if err != nil {
			return nil, err
		}
		return show(v)
	}
}

// Doing is an action on a meeting that leads to one of its pages.
func Doing(to, done string, do func(Visit, *page.Input) error) page.Page {
	return On(func(v Visit) (page.Answer, error) {
		if err := do(v, v.Input()); err != nil {
			return nil, err
		}
		return page.SeeOther(v.Path(to), done), nil
	})
}

// Path is the address of a page of the meeting: "" is its own, "/room" the room.
func (v Visit) Path(rest string) string { return PathOf(v.M.ID) + rest }

// PathOf is the address of the meeting's own page.
func PathOf(m meeting.ID) string { return "/meetings/" + m.String() }

// CheckInPath is where members say that they are there.
func CheckInPath(m meeting.ID) string { return "/checkin/" + m.String() }

// ListPath is the list of the unit's meetings.
func ListPath(of orgtree.ID) string { return "/meetings?unit=" + of.String() }

// Can reports whether the reader may act on this meeting.
func (v Visit) Can(act access.Action) bool { return v.By.CanOn(act, v.At, int64(v.M.ID)) }

// Inside reports whether the reader prepares, runs or watches the meeting; the
// others are its members.
func (v Visit) Inside() bool {
	return v.Can(access.MeetingPrepare) || v.Can(access.MeetingRun) || v.Can(access.OverviewRead)
}

// Opened reports whether the meeting has begun: only then is there something
// to write down.
func (v Visit) Opened() bool { return !v.M.OpenedAt.IsZero() }

// Below is the frame of a page below the meeting's own.
func (v Visit) Below(title string) (ui.Page, error) {
	p, err := v.Frame(title)
	p.Unit = v.At.Name
	p.Crumbs = []ui.Link{
		{Text: v.T("frame.nav.meetings"), Href: ListPath(v.At.ID)},
		{Text: v.T("room.short_title", "kind", ShortKind(v.Request, v.M, v.At), "day", v.M.Day()), Href: v.Path("")},
	}
	return p, err
}

// OrNone is nothing where the reader may not know of something.
func OrNone[T any](value T, err error) (T, error) {
	if errs.Is(err, errs.NotFound) || errs.Is(err, errs.Denied) {
		var none T
		return none, nil
	}
	return value, err
}
