package course

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// KindName says what sort of meeting it is; that of a cell's committee has a
// name of its own.
func KindName(r *page.Request, kind meeting.Kind, at orgtree.Unit) string {
	if kind == meeting.Committee && at.IsCell() {
		return r.T("room.kind.cell_committee")
	}
	return r.T("meeting.kind." + string(kind))
}

// ShortKind is KindName where there is little room.
func ShortKind(r *page.Request, m meeting.Meeting, at orgtree.Unit) string {
	if m.Kind == meeting.Committee && at.IsCell() {
		return r.T("room.kind.cell_committee")
	}
	return r.T("room.kind." + string(m.Kind))
}

// StateChip is how far a meeting has come, in words and colour.
func StateChip(r *page.Request, m meeting.Meeting) ui.Chip {
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

// DayChip says how far a day lies ahead: near is a warning, past is late.
func DayChip(r *page.Request, day clock.Date) ui.Chip {
	tone := ui.Info
	switch left := day.Sub(r.Today()); {
	case left < 0:
		tone = ui.Bad
	case left <= 3:
		tone = ui.Warn
	}
	return ui.Chip{Text: i18n.Deadline(r.Context(), r.Today(), day), Tone: tone}
}

// When is "19:30, thứ Ba, 03/11/2026".
func When(r *page.Request, m meeting.Meeting) string {
	return r.T("room.when", "time", Hour(m), "day", i18n.LongDate(r.Context(), m.Day()))
}

// Hour is the one at which the meeting begins.
func Hour(m meeting.Meeting) string { return m.Begins().In(clock.Zone).Format("15:04") }

// Place is where people meet: a room, or online.
func Place(r *page.Request, m meeting.Meeting) string {
	if m.Place == "" {
		return r.T("meeting.mode." + string(m.Mode))
	}
	return m.Place
}
