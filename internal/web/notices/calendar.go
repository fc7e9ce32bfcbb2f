package notices

import (
	"context"
	"strings"
	"time"

	"chibo/internal/domain/delivery"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/ical"
	"chibo/internal/web/page"
)

const calendarPath = "/calendar/"

func calendarRoutes() []page.Route {
	return []page.Route{{Pattern: "GET " + calendarPath + "{file}", Show: feed, Public: true}}
}

const (
	// feedBack is how far a calendar looks back: what is older stays in the
	// reader's own program.
	feedBack = 60 * 24 * time.Hour
	// remindBefore a meeting.
	remindBefore = 2 * time.Hour
)

// feed is a person's calendar for the programs that fetch it by its private
// address. They keep it in other hands, so it tells of a meeting its kind, its
// unit, when and where, and of a task that one is due.
func feed(r *page.Request) (page.Answer, error) {
	token, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	if !ok {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	by, err := delivery.Subscriber(r.Tx, token)
	if err != nil {
		return nil, err
	}
	f := feeder{r: r, by: by, ctx: i18n.With(r.Context(), r.Site.Catalogue.Language(i18n.Fallback)), units: map[orgtree.ID]orgtree.Unit{}}
	if err := f.addMeetings(); err != nil {
		return nil, err
	}
	if err := f.addTasks(); err != nil {
		return nil, err
	}
	calendar := ical.Calendar{Name: i18n.T(f.ctx, "delivery.calendar.name"), Method: "PUBLISH", Stamp: r.Tx.Now, Events: f.events}
	return page.File{Name: "chibo.ics", Media: "text/calendar; charset=utf-8", Body: []byte(calendar.String())}, nil
}

// feeder gathers a person's events. Its language is the program's own: whoever
// fetches the calendar shows no cookie.
type feeder struct {
	r      *page.Request
	by     access.Actor
	ctx    context.Context
	units  map[orgtree.ID]orgtree.Unit
	events []ical.Event
}

func (f *feeder) unit(which orgtree.ID) (orgtree.Unit, error) {
	if at, known := f.units[which]; known {
		return at, nil
	}
	at, err := orgtree.Find(f.r.Tx, which)
	f.units[which] = at
	return at, err
}

func (f *feeder) addMeetings() error {
	meetings, err := meeting.Invited(f.r.Tx, f.by, f.r.Tx.Now.Add(-feedBack))
	if err != nil {
		return err
	}
	for _, m := range meetings {
		at, err := f.unit(m.Unit)
		if err != nil {
			return err
		}
		event := m.Entry(at, i18n.T(f.ctx, "delivery.calendar.meeting", "kind", i18n.T(f.ctx, "meeting.kind."+string(m.Kind)), "unit", at.Name))
		event.Link, event.Alarm = origin(f.r)+"/meetings/"+m.ID.String(), remindBefore
		f.events = append(f.events, event)
	}
	return nil
}

func (f *feeder) addTasks() error {
	tasks, err := task.Mine(f.r.Tx, f.by)
	if err != nil {
		return err
	}
	for _, t := range tasks {
		at, err := f.unit(t.Unit)
		if err != nil {
			return err
		}
		f.events = append(f.events, ical.Event{
			UID: t.ID.String() + "@chibo", Sequence: t.Version, Day: t.Due, Link: origin(f.r) + "/tasks/" + t.ID.String(),
			Summary: i18n.T(f.ctx, "delivery.calendar.task", "unit", at.Name),
		})
	}
	return nil
}
