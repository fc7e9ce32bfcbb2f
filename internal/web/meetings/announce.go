package meetings

import (
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func announceRoutes() []page.Route {
	return []page.Route{
		page.Show("/meetings/{id}/announce", on(showAnnounce)),
		page.Act("/meetings/{id}/announce", doing("/announce", "room.announce.done", announce), on(showAnnounce)),
		page.Act("/meetings/{id}/told", doing("/announce#told", "room.saved", tell), on(showAnnounce)),
		page.Show("/meetings/{id}/calendar.ics", on(calendar)),
	}
}

// announceView is the notice of a meeting and whom it reached.
type announceView struct {
	v           visit
	Tabs        ui.Tabs
	Words       string
	Agenda      []agendaLine
	Announced   bool
	MayAnnounce bool
	Reach       string // whom it would reach
	Progress    ui.ProgressBar
	Told        []toldView
	Untold      int
	Errors      ui.Errors
}

type toldView struct {
	ID, Name, Note string
	Ways           []string // how far the notice came
	Chip           ui.Chip
	Open           bool // may be ticked
}

func showAnnounce(v visit) (page.Answer, error) {
	told, err := meeting.Delivery(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	d := announceView{v: v, Tabs: v.preparationTabs("announce"), Errors: v.Errors(), Words: noticeWords(v)}
	d.Announced = !v.M.AnnouncedAt.IsZero() && v.M.State != meeting.Postponed
	d.MayAnnounce = v.Can(access.MeetingPrepare) && v.M.State.Upcoming() && !d.Announced
	items, err := meeting.Agenda(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	if d.Agenda, err = agendaLines(v, items); err != nil {
		return nil, err
	}
	if d.Announced {
		reach, err := delivery.Reach(v.Tx, v.Path(""), "meeting.notice.announced", "meeting.notice.announced_online")
		if err != nil {
			return nil, err
		}
		d.addTold(told, reach)
	} else if err := d.addReach(); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("room.announce.title"))
	return page.HTML(announcePage(p, d)), err
}

// noticeWords is the notice as members read it.
func noticeWords(v visit) string {
	key := "meeting.notice.announced"
	if v.M.Place == "" {
		key += "_online"
	}
	return v.T(key, "unit", v.At.Name, "time", course.Hour(v.M), "day", v.M.Day(), "place", v.M.Place)
}

// addReach counts who would get the notice in the program.
func (d *announceView) addReach() error {
	people, err := d.v.people()
	if err != nil {
		return err
	}
	ids := make([]access.PersonID, len(people))
	for i, p := range people {
		ids[i] = p.id
	}
	able, err := account.CanSignIn(d.v.Tx, ids)
	n := 0
	for _, person := range ids {
		if able[person] {
			n++
		}
	}
	d.Reach = d.v.T("room.announce.reach", "people", len(ids), "in_app", n, "paper", len(ids)-n)
	return err
}

func (d *announceView) addTold(told []meeting.Told, reach map[access.PersonID]delivery.Reached) {
	may := d.v.Can(access.MeetingPrepare)
	reached := 0
	for _, t := range told {
		view := toldView{ID: t.Person.String(), Name: t.Name, Open: may && t.Channel != meeting.InApp}
		if t.Above {
			view.Note = d.v.T("room.announce.above")
		}
		if t.Channel == meeting.InApp {
			view.Ways = d.ways(reach[t.Person])
		}
		channel := "not_told"
		view.Chip.Tone = ui.Warn
		if t.Channel != meeting.NotTold {
			channel, view.Chip.Tone = string(t.Channel), ui.Good
			reached++
		}
		view.Chip.Text = d.v.T("meeting.channel." + channel)
		d.Told = append(d.Told, view)
	}
	d.Untold = len(told) - reached
	d.Progress = ui.ProgressBar{
		Label: d.v.T("room.announce.progress"), Text: d.v.T("room.of", "done", reached, "all", len(told)),
		Value: float64(reached), Max: float64(max(1, len(told))), Tone: ui.Good,
	}
}

// ways are how far the notice came to somebody who reads it in the program:
// whether they have, and what was sent beside.
func (d *announceView) ways(r delivery.Reached) []string {
	said := d.v.T("room.announce.unseen")
	if !r.Seen.IsZero() {
		said = d.v.T("room.announce.seen", "at", r.Seen)
	}
	list := []string{said}
	for _, w := range r.Ways {
		list = append(list, d.v.T("delivery.channel."+string(w.Channel))+": "+d.v.T("delivery.state."+string(w.State), "at", w.At))
	}
	return list
}

func announce(v visit, in *page.Input) error {
	_, err := meeting.Announce(v.Tx, v.By, v.M.ID, in.Version())
	return err
}

func tell(v visit, in *page.Input) error {
	var people []access.PersonID
	for _, raw := range v.Form["people"] {
		person, err := id.Parse[access.Person](raw)
		if err != nil {
			return errs.Wrap(err, errs.Invalid, "meeting.error.not_invited")
		}
		people = append(people, person)
	}
	channel := meeting.Channel(in.Line("channel"))
	if channel == "not_told" {
		channel = meeting.NotTold
	}
	return meeting.Tell(v.Tx, v.By, v.M.ID, people, channel)
}

// calendar is the meeting for the reader's own calendar.
func calendar(v visit) (page.Answer, error) {
	items, err := meeting.Agenda(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	var lines []string
	for _, i := range items {
		lines = append(lines, i.Title)
	}
	summary := v.T("room.announce.summary", "kind", course.KindName(v.Request, v.M.Kind, v.At), "unit", v.At.Name)
	body := meeting.ICS(v.M, v.At, summary, strings.Join(lines, "\n"), v.Tx.Now)
	return page.File{Name: "sinh-hoat-" + v.M.Day().String() + ".ics", Media: "text/calendar; charset=utf-8", Body: []byte(body)}, nil
}
