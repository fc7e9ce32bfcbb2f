package results

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func reportRoutes() []page.Route {
	show := on(showReport)
	act := func(path, done string, do func(visit, *page.Input) error) page.Route {
		return page.Act("/meetings/{id}"+path, doing("/report", done, do), show)
	}
	return []page.Route{
		page.Show("/meetings/{id}/report", show),
		act("/publish", "results.report.published", publish),
		act("/report", "results.report.reported", report),
		act("/acknowledge", "results.report.acknowledged", acknowledge),
		act("/send-back", "results.report.sent_back", sendBack),
	}
}

func publish(v visit, _ *page.Input) error {
	_, err := score.Publish(v.Tx, v.By, v.M.ID)
	return err
}

func report(v visit, _ *page.Input) error {
	_, err := score.Report(v.Tx, v.By, v.M.ID)
	return err
}

func acknowledge(v visit, _ *page.Input) error {
	_, err := meeting.Acknowledge(v.Tx, v.By, v.M.ID)
	return err
}

func sendBack(v visit, in *page.Input) error {
	_, err := meeting.SendBack(v.Tx, v.By, v.M.ID, in.Line("reason"))
	return err
}

// reportView is what goes up, and what may be done with it now.
type reportView struct {
	visit
	Tabs ui.Tabs
	// Onward leads to what is to be done before the report.
	Onward  *ui.NextAction
	Parts   []ui.Item
	Missing []string
	Events  []ui.Event
	Papers  []offered
	State   ui.Notice
	// At most one of these is the thing to do.
	MayPublish, MayReport, MayAnswer bool
	Deadline                         ui.Chip
}

func showReport(v visit) (page.Answer, error) {
	if !v.Inside() {
		return nil, errs.New(errs.Denied, "errs.denied")
	}
	d := reportView{visit: v, Tabs: v.tabs("report")}
	d.permit()
	d.addState()
	if !d.MayPublish && !d.MayAnswer {
		var err error
		if d.Onward, err = v.Onward(course.Reporting); err != nil {
			return nil, err
		}
	}
	for _, add := range []func() error{d.addResolutions, d.addMinutes, d.addScore, d.addEvents} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	var err error
	if d.Papers, err = v.papers(); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("results.report.title"))
	return page.HTML(reportPage(p, d)), err
}

func (d *reportView) permit() {
	concludes, m := d.Can(access.MeetingConclude), d.M
	d.MayPublish = concludes && m.Sealed() && m.PublishedAt.IsZero()
	d.MayReport = concludes && !m.PublishedAt.IsZero() && (m.ReportedAt.IsZero() || m.Answer == meeting.SentBack)
	grant, answers := d.By.Why(access.MeetingAcknowledge, d.At)
	d.MayAnswer = answers && grant.Unit != d.At.ID && !m.ReportedAt.IsZero() && m.Answer == meeting.Unanswered
	if d.MayPublish && !m.PublishBy.IsZero() {
		d.Deadline = ui.Chip{Text: i18n.Deadline(d.Context(), d.Today(), m.PublishBy), Tone: ui.Info}
		if m.PublishedLate(d.Today()) {
			d.Deadline.Tone = ui.Bad
		}
	}
}

// addState says where the report stands, in one sentence.
func (d *reportView) addState() {
	say := func(tone ui.Tone, key string, args ...any) { d.State = ui.Notice{Tone: tone, Text: d.T(key, args...)} }
	switch m := d.M; {
	case !m.State.Held():
		say(ui.Info, "results.report.not_held")
	case m.Answer == meeting.Acknowledged:
		say(ui.Good, "results.report.is_acknowledged", "at", m.AnsweredAt)
	case m.Answer == meeting.SentBack:
		d.State = ui.Notice{Tone: ui.Bad, Title: d.T("results.report.is_sent_back"), Text: d.T("results.report.reason", "reason", m.AnswerReason)}
	case !m.ReportedAt.IsZero():
		say(ui.Info, "results.report.is_reported", "at", m.ReportedAt)
	case !m.PublishedAt.IsZero() && m.PublishedLate(d.Today()):
		say(ui.Warn, "results.report.is_published_late", "at", m.PublishedAt, "by", m.PublishBy)
	case !m.PublishedAt.IsZero():
		say(ui.Good, "results.report.is_published", "at", m.PublishedAt)
	case !m.Sealed():
		say(ui.Info, "results.report.needs_minutes", "by", m.PublishBy)
	case m.PublishedLate(d.Today()):
		say(ui.Bad, "results.report.is_late", "by", m.PublishBy)
	default:
		say(ui.Info, "results.report.due", "by", m.PublishBy)
	}
}

func (d *reportView) addResolutions() error {
	list, err := course.OrNone(resolution.OfMeeting(d.Tx, d.By, d.M.ID))
	found := false
	for _, r := range list {
		if r.Kind == resolution.Monthly {
			found = r.State != resolution.Drafted
			if r.State == resolution.Adopted {
				d.Missing = append(d.Missing, d.T("results.report.not_issued"))
			}
		}
		d.Parts = append(d.Parts, ui.Item{
			Title: d.T("resolution.kind." + string(r.Kind)), Note: r.Title, Href: edit{d.visit, r}.home(), Chips: []ui.Chip{resolutionChip(d.Request, r)},
		})
	}
	if d.M.Kind.Monthly() && !found {
		d.Missing = append(d.Missing, d.T("results.report.no_resolution"))
	}
	return err
}

func (d *reportView) addMinutes() error {
	m, found, err := minutes.Current(d.Tx, d.By, d.M.ID)
	if err != nil || !found {
		d.Missing = append(d.Missing, d.T("results.report.no_minutes"))
		return err
	}
	chip := ui.Chip{Text: d.T("minutes.state." + string(m.State)), Tone: ui.Warn}
	if m.State == minutes.Sealed {
		chip.Tone = ui.Good
	} else if !d.M.Sealed() {
		d.Missing = append(d.Missing, d.T("results.report.no_minutes"))
	}
	d.Parts = append(d.Parts, ui.Item{
		Title: d.T("results.tab.minutes"), Note: d.T("results.minutes.version", "number", m.Number), Href: d.Path("/minutes"), Chips: []ui.Chip{chip},
	})
	return nil
}

func (d *reportView) addScore() error {
	if !d.M.Kind.Monthly() {
		return nil
	}
	s, err := d.scoreSheet()
	if err != nil || !s.Confirmed() {
		d.Missing = append(d.Missing, d.T("results.report.no_score"))
		return err
	}
	item := ui.Item{
		Title: d.T("results.tab.score"), Href: d.Path("/score"), Chips: []ui.Chip{{Text: s.Class.Label, Tone: ui.Info}},
		Note: d.T("results.report.score", "claimed", s.Claimed, "reachable", s.Reachable, "evidence", s.Evidence),
	}
	if gap := s.Gap(); gap > 0 {
		item.Chips = append(item.Chips, ui.Chip{Text: d.T("results.score.more", "n", gap), Tone: ui.Warn})
	}
	d.Parts = append(d.Parts, item)
	return nil
}

// addEvents is what went up and came back, the last first.
func (d *reportView) addEvents() error {
	sent, err := course.OrNone(meeting.Reports(d.Tx, d.By, d.M.ID))
	if err != nil {
		return err
	}
	var people []access.PersonID
	for _, c := range sent {
		people = append(people, c.By)
	}
	names, err := member.Names(d.Tx, people)
	tones := map[string]ui.Tone{"reported": ui.Info, string(meeting.Acknowledged): ui.Good, string(meeting.SentBack): ui.Bad}
	for i := len(sent) - 1; i >= 0; i-- {
		c := sent[i]
		d.Events = append(d.Events, ui.Event{
			When: i18n.Instant(d.Context(), c.At), Title: d.T("results.report.step_"+c.Step, "name", names[c.By]), Text: c.Reason, Tone: tones[c.Step],
		})
	}
	return err
}

// reportKind makes reporting the main action once nothing is to be done before
// it: it may be sent at any time, and the level above sees what is missing.
func (d reportView) reportKind() ui.ButtonKind {
	if d.Onward != nil {
		return ui.Quiet
	}
	return ui.Primary
}
