package meeting

import (
	"slices"

	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/errs"
)

// The ways of a meeting before and after it is held. Each step leaves its time,
// in whatever order people take them; the pack says which may follow which.
var (
	before = []State{Planned, Prepared, Announced, DocsPosted}
	after  = []State{Closed, Minuted, Published, Scored, Reported}
)

// reached reports whether the step of the state has left its time.
func (m Meeting) reached(s State) bool {
	switch s {
	case Planned:
		return true
	case Prepared:
		return !m.PreparedAt.IsZero()
	case Announced:
		return !m.AnnouncedAt.IsZero()
	case DocsPosted:
		return !m.DocsPostedAt.IsZero()
	case Closed:
		return !m.ClosedAt.IsZero()
	case Minuted:
		return !m.MinutedAt.IsZero()
	case Published:
		return !m.PublishedAt.IsZero()
	case Scored:
		return !m.ScoredAt.IsZero()
	case Reported:
		return !m.ReportedAt.IsZero()
	}
	return m.State == s
}

// advance takes the meeting along the way as far as steps that have left their
// time follow each other by moves of the pack. So a score given before the
// minutes were approved is kept, and counts once they are. A postponed meeting
// stays so until it is announced anew.
func (m *Meeting) advance(states rulepack.States, way []State) {
	if m.State == Postponed {
		return
	}
	for _, s := range way[slices.Index(way, m.State)+1:] {
		if m.reached(s) && states.MayMoveMeeting(string(m.State), string(s)) {
			m.State = s
		}
	}
}

// move takes the meeting to the state, if the pack allows it.
func (m *Meeting) move(states rulepack.States, to State) error {
	if m.State != to && !states.MayMoveMeeting(string(m.State), string(to)) {
		return m.refuse(states)
	}
	m.State = to
	return nil
}

// resume takes a postponed meeting back to its beginning, from where it
// advances again.
func (m *Meeting) resume(states rulepack.States) error {
	if m.State != Postponed {
		return nil
	}
	return m.move(states, Planned)
}

// refuse says in which state the meeting is, in the pack's words.
func (m Meeting) refuse(states rulepack.States) error {
	label := string(m.State)
	if s, ok := states.MeetingState(label); ok {
		label = s.Label
	}
	return errs.New(errs.Conflict, "meeting.error.state", label)
}
