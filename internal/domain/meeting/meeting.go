// Package meeting knows the meetings of cells, committees and party groups
// (rules 22): planning, preparing, announcing, holding and reporting them.
//
// Its rules are functions of values: the way of a meeting through its states,
// the counts of the roll, the base and outcome of a vote, whose turn it is.
// The numbers of the regulations come from rule packs. It knows no documents,
// no resolutions, no scores and no pages; those packages read from here and
// tell a meeting that they are done (MarkMinuted, MarkScored).
//
// Who sees what: a meeting in preparation is known to those who prepare or run
// it and to the committees above. Members of the cell see it once it has been
// announced, and read its roll, opinions and votes once it is published. A
// committee's own meeting is never shown to ordinary members.
package meeting

import (
	"time"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// ID names a meeting.
type ID = id.Of[Meeting]

// Noun is what the journal, attachments and links call a meeting.
const Noun = "meeting"

// Kind is what sort of meeting it is (rules 22.1).
type Kind string

const (
	Regular       Kind = "regular"       // thường kỳ
	Thematic      Kind = "thematic"      // chuyên đề
	Combined      Kind = "combined"      // thường kỳ và chuyên đề trong một buổi
	Committee     Kind = "committee"     // họp chi ủy, cấp ủy
	Group         Kind = "group"         // sinh hoạt tổ đảng
	Extraordinary Kind = "extraordinary" // bất thường
)

// Kinds lists every kind in the order in which people list them.
var Kinds = []Kind{Regular, Thematic, Combined, Committee, Group, Extraordinary}

// Monthly reports whether the meeting is the regular one of its month.
func (k Kind) Monthly() bool { return k == Regular || k == Combined }

// ForAll reports whether all members of the unit meet, who are owed the
// results within the pack's days. A committee and a group only prepare them.
func (k Kind) ForAll() bool { return k != Committee && k != Group }

// HasTheme reports whether the meeting deals with a theme.
func (k Kind) HasTheme() bool { return k == Thematic || k == Combined }

// Mode is how people come together (S-36).
type Mode string

const (
	InPerson Mode = "in_person"
	Online   Mode = "online"
	Mixed    Mode = "mixed"
)

// Modes lists every mode.
var Modes = []Mode{InPerson, Online, Mixed}

// State is how far a meeting has come (rules 22.2).
type State string

const (
	Planned    State = "planned"
	Prepared   State = "prepared"
	Announced  State = "announced"
	DocsPosted State = "docs_posted"
	InSession  State = "in_session"
	Closed     State = "closed"
	Minuted    State = "minuted"
	Published  State = "published"
	Scored     State = "scored"
	Reported   State = "reported"
	Postponed  State = "postponed"
	Cancelled  State = "cancelled"
)

// States lists every state, the way of an ordinary meeting first.
var States = []State{Planned, Prepared, Announced, DocsPosted, InSession, Closed, Minuted, Published, Scored, Reported, Postponed, Cancelled}

// Upcoming reports whether the meeting is still to be held.
func (s State) Upcoming() bool {
	switch s {
	case Planned, Prepared, Announced, DocsPosted, Postponed:
		return true
	}
	return false
}

// Held reports whether the meeting took place to its end.
func (s State) Held() bool {
	switch s {
	case Closed, Minuted, Published, Scored, Reported:
		return true
	}
	return false
}

// Meeting is one meeting of a unit.
type Meeting struct {
	ID    ID
	Unit  orgtree.ID
	Kind  Kind
	State State
	// Month is the month the meeting is held for; it stays when the meeting
	// is put off into the next one.
	Month Month
	// Starts and Minutes are when and how long it is planned.
	Starts  time.Time
	Minutes int
	Mode    Mode
	// ModeReason says why people do not meet in one room (S-36).
	ModeReason string
	Place      string
	Topic      string
	TopicKey   string // of the pack's topics; "" is the cell's own
	// DayReason says why the meeting is not on the day of the pack.
	DayReason string
	Group     unit.GroupID // the party group of a group meeting
	Chair     access.PersonID
	// MinuteTaker writes the minutes of this meeting (S-22).
	MinuteTaker access.PersonID

	// When each step was done; zero is not yet.
	PreparedAt, AnnouncedAt, DocsPostedAt, OpenedAt, ClosedAt, MinutedAt, PublishedAt, ScoredAt, ReportedAt time.Time
	// PublishBy is the last day for publishing, once the meeting is closed.
	PublishBy clock.Date
	// Answer is what the office above said to the report, and when.
	Answer       Answer
	AnswerReason string
	AnsweredAt   time.Time
	// StopReason says why the meeting was postponed or cancelled last.
	StopReason string
	// Postponements counts how often it was put off (S-51).
	Postponements int
	// Rules is the rhythm by which the meeting was planned.
	Rules   rulepack.Ref
	Version int64

	codeSalt string
}

// Answer is what the office above said to a report.
type Answer string

const (
	Unanswered   Answer = ""
	Acknowledged Answer = "acknowledged"
	SentBack     Answer = "sent_back"
)

// Begins is when the meeting began, be it earlier or later than planned; until
// then it is when it is planned to.
func (m Meeting) Begins() time.Time {
	if !m.OpenedAt.IsZero() {
		return m.OpenedAt
	}
	return m.Starts
}

// Day is the civil day on which the meeting begins.
func (m Meeting) Day() clock.Date { return clock.DateOf(m.Begins()) }

// Ends is when the meeting is planned to end.
func (m Meeting) Ends() time.Time { return m.Starts.Add(time.Duration(m.Minutes) * time.Minute) }

// Lasted is how long the meeting took; 0 while it has not ended.
func (m Meeting) Lasted() time.Duration {
	if m.ClosedAt.IsZero() {
		return 0
	}
	return m.ClosedAt.Sub(m.OpenedAt)
}

// DocumentsLead is how long before the start the documents were posted;
// negative is after it. Without documents there is none.
func (m Meeting) DocumentsLead() (time.Duration, bool) {
	if m.DocsPostedAt.IsZero() {
		return 0, false
	}
	return m.Begins().Sub(m.DocsPostedAt), true
}

// PublishedLate reports whether the results came out after the last day that
// the pack allows, or are not out on today although that day is past.
func (m Meeting) PublishedLate(today clock.Date) bool {
	if m.PublishBy.IsZero() {
		return false
	}
	if !m.PublishedAt.IsZero() {
		today = clock.DateOf(m.PublishedAt)
	}
	return today.After(m.PublishBy)
}

// Sealed reports whether the minutes are approved: the records of the meeting
// no longer change.
func (m Meeting) Sealed() bool { return !m.MinutedAt.IsZero() }

// Month is the month that a meeting is held for.
type Month = clock.Month

// MonthOf is the month of the day.
func MonthOf(day clock.Date) Month { return clock.MonthOf(day) }

// ParseMonth reads "2026-11".
func ParseMonth(s string) (Month, error) {
	m, err := clock.ParseMonth(s)
	if err != nil {
		return "", errs.Field("month", "meeting.error.month")
	}
	return m, nil
}
