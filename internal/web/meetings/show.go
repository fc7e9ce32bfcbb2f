package meetings

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// meetingView is the page of a meeting.
type meetingView struct {
	Title     string
	Course    course.Course
	Facts     []ui.Definition
	Notices   []ui.Notice
	Agenda    []agendaLine
	Documents []ui.Item
	Events    []ui.Event
	Papers    []ui.Link
	Quiet     []ui.Link
}

// agendaLine is an item of the agenda for reading.
type agendaLine struct {
	Place, Title, Who, Minutes string
	Note                       string
	Headings                   []string
	Done                       bool
}

func showMeeting(v visit) (page.Answer, error) {
	var d meetingView
	var err error
	if d.Course, err = course.Of(v.Visit); err != nil {
		return nil, err
	}
	for _, add := range []func(visit) error{d.addFacts, d.addAgenda, d.addDocuments, d.addEvents} {
		if err := add(v); err != nil {
			return nil, err
		}
	}
	d.addNotices(v)
	d.addLinks(v)
	d.Title = v.T("room.title", "kind", course.KindName(v.Request, v.M.Kind, v.At), "month", v.M.Month.Vietnamese())
	p, err := v.Frame(d.Title)
	p.Unit = v.At.Name
	p.Crumbs = []ui.Link{{Text: v.T("frame.nav.meetings"), Href: course.ListPath(v.At.ID)}}
	return page.HTML(meetingPage(p, d)), err
}

func (d *meetingView) addFacts(v visit) error {
	called, err := names(v.Request, v.M.Chair, v.M.MinuteTaker)
	if err != nil {
		return err
	}
	add := func(key, text string) {
		if text != "" {
			d.Facts = append(d.Facts, ui.Definition{Term: v.T("room.fact." + key), Text: text})
		}
	}
	add("when", course.When(v.Request, v.M))
	if v.Opened() && v.M.Day() != clock.DateOf(v.M.Starts) {
		add("planned", i18n.Instant(v.Context(), v.M.Starts))
	}
	add("place", v.M.Place)
	add("topic", v.M.Topic)
	add("mode", joined(" · ", v.T("meeting.mode."+string(v.M.Mode)), v.M.ModeReason))
	add("chair", called[v.M.Chair])
	add("minute_taker", called[v.M.MinuteTaker])
	add("day_reason", v.M.DayReason)
	if !v.M.ClosedAt.IsZero() {
		add("lasted", v.T("room.fact.lasted_text", "from", i18n.Clock(v.Context(), v.M.OpenedAt), "to", i18n.Clock(v.Context(), v.M.ClosedAt), "minutes", int(v.M.Lasted().Minutes())))
		figures, err := meeting.Counts(v.Tx, v.By, v.M.ID)
		if err != nil {
			return err
		}
		add("attendance", v.T("room.fact.attendance_text", "present", figures.Present, "entitled", figures.Entitled, "share", i18n.Share(v.Context(), figures.Present, figures.Entitled)))
	}
	return nil
}

func (d *meetingView) addAgenda(v visit) error {
	items, err := meeting.Agenda(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	d.Agenda, err = agendaLines(v, items)
	return err
}

func agendaLines(v visit, items []meeting.Item) ([]agendaLine, error) {
	var ids []access.PersonID
	for _, i := range items {
		ids = append(ids, i.Presenter)
	}
	called, err := names(v.Request, ids...)
	lines := make([]agendaLine, len(items))
	for n, i := range items {
		lines[n] = agendaLine{Place: i18n.Number(v.Context(), i.Place), Title: i.Title, Note: i.Note, Who: called[i.Presenter], Done: i.Finished()}
		if lines[n].Who == "" && i.Who != "" {
			lines[n].Who = v.T("room.agenda.unassigned", "role", roleName(v.Request, i.Who))
		}
		if i.Minutes > 0 {
			lines[n].Minutes = v.T("room.minutes", "minutes", i.Minutes)
		}
		for _, h := range i.Headings {
			lines[n].Headings = append(lines[n].Headings, h.Text)
		}
	}
	return lines, err
}

// roleName is what the packs call whoever presents or does something.
func roleName(r *page.Request, role string) string {
	if role == "" {
		return ""
	}
	return r.T("room.role." + role)
}

func (d *meetingView) addDocuments(v visit) error {
	files, err := meeting.Documents(v.Tx, v.By, v.M.ID)
	for _, f := range files {
		d.Documents = append(d.Documents, fileItem(v, f, v.Path("/documents/"+f.ID.String())))
	}
	return err
}

func fileItem(v visit, f attachment.Attachment, href string) ui.Item {
	return ui.Item{Title: f.Name, Note: v.T("room.file", "size", fileSize(v.Request, f.Size), "at", f.Added), Href: href}
}

func fileSize(r *page.Request, size int64) string {
	const kilo, mega = 1 << 10, 1 << 20
	if size < mega {
		return r.T("room.kilobytes", "n", max(1, size/kilo))
	}
	return r.T("room.megabytes", "n", float64(size)/mega)
}

// addEvents is what is done, the last first.
func (d *meetingView) addEvents(v visit) error {
	add := func(at time.Time, key string, tone ui.Tone) {
		if !at.IsZero() {
			d.Events = append(d.Events, ui.Event{When: i18n.Instant(v.Context(), at), Title: v.T("room.event." + key), Tone: tone})
		}
	}
	add(v.M.PreparedAt, "prepared", ui.Good)
	add(v.M.AnnouncedAt, "announced", ui.Good)
	add(v.M.DocsPostedAt, "docs_posted", ui.Good)
	moves, err := meeting.Moves(v.Tx, v.By, v.M.ID)
	for _, m := range moves {
		d.Events = append(d.Events, ui.Event{
			When: i18n.Instant(v.Context(), m.At), Tone: ui.Warn, Title: v.T("room.event.postponed", "from", m.Was, "to", m.Becomes), Text: m.Reason,
		})
	}
	add(v.M.OpenedAt, "opened", ui.Good)
	add(v.M.ClosedAt, "closed", ui.Good)
	add(v.M.MinutedAt, "minuted", ui.Good)
	add(v.M.ScoredAt, "scored", ui.Good)
	add(v.M.PublishedAt, "published", ui.Good)
	add(v.M.ReportedAt, "reported", ui.Good)
	switch v.M.Answer {
	case meeting.Acknowledged:
		add(v.M.AnsweredAt, "acknowledged", ui.Good)
	case meeting.SentBack:
		add(v.M.AnsweredAt, "sent_back", ui.Bad)
	}
	return err
}

// addNotices warns of what runs late.
func (d *meetingView) addNotices(v visit) {
	if v.M.State == meeting.Postponed {
		d.Notices = append(d.Notices, ui.Notice{Tone: ui.Warn, Title: v.T("room.notice.postponed", "to", v.M.Starts), Text: v.T("room.next.reason", "reason", v.M.StopReason)})
	}
	lead, posted := v.M.DocumentsLead()
	if posted && lead < 24*time.Hour && v.Inside() {
		d.Notices = append(d.Notices, ui.Notice{Tone: ui.Warn, Text: v.T("room.notice.docs_late", "at", v.M.DocsPostedAt)})
	}
	if v.M.PublishedLate(v.Today()) && v.Inside() {
		d.Notices = append(d.Notices, ui.Notice{Tone: ui.Bad, Text: v.T("room.notice.publish_late", "by", v.M.PublishBy)})
	}
}

// addLinks are the papers to read and the quiet changes.
func (d *meetingView) addLinks(v visit) {
	add := func(list *[]ui.Link, shown bool, key, href string) {
		if shown {
			*list = append(*list, ui.Link{Text: v.T("room.link." + key), Href: v.Path(href)})
		}
	}
	held := v.M.State.Held()
	add(&d.Papers, !v.M.AnnouncedAt.IsZero() || v.Inside(), "calendar", "/calendar.ics")
	add(&d.Papers, v.Opens(course.Concluding) && v.M.Kind.Monthly(), "resolution", "/resolution")
	add(&d.Papers, v.Opens(course.Minuting), "minutes", "/minutes")
	add(&d.Papers, v.Opens(course.Scoring) && v.M.Kind.Monthly(), "score", "/score")
	add(&d.Papers, v.M.State == meeting.InSession || held, "remarks", "/remarks")
	upcoming := v.M.State.Upcoming()
	add(&d.Quiet, upcoming && v.Can(access.MeetingPrepare), "change", "/change")
	add(&d.Quiet, upcoming && v.Can(access.MeetingConclude), "postpone", "/postpone")
	add(&d.Quiet, upcoming && v.Can(access.MeetingConclude), "cancel", "/cancel")
}
