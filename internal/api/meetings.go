package api

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/score"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

type OfMeeting struct {
	Meeting pathID[meeting.Meeting] `path:"meeting"`
}

type OfUnit struct {
	Unit pathID[orgtree.Unit] `path:"unit"`
}

// beforeAnnouncing says who knows of a meeting that was not announced yet.
var beforeAnnouncing = []access.Action{access.MeetingPrepare, access.MeetingRun, access.OverviewRead}

// watching is the right of those who prepare or run a meeting and of the
// committees above.
func watching(on string) right {
	return may(access.MeetingPrepare, on).or(access.MeetingRun, access.OverviewRead)
}

// meetingOperations plan a meeting, prepare it and answer for it afterwards;
// roomOperations hold it.
func meetingOperations() []operation {
	return []operation{
		read("GET /meetings", "meeting.List", within(access.MeetingRead), listMeetings),
		create("POST /meetings", "meeting.Schedule", may(access.MeetingPrepare, "body.unit"), func(c call, in *struct{ Body Plan }) (Meeting, error) {
			return as(newMeeting)(meeting.Schedule(c.tx, c.by, meeting.Plan(in.Body)))
		}),
		create("POST /meetings/year", "meeting.PlanYear", may(access.MeetingPrepare, "body.unit"), func(c call, in *struct{ Body YearPlan }) (list[Meeting], error) {
			return each(newMeeting)(meeting.PlanYear(c.tx, c.by, meeting.Year(in.Body)))
		}),
		read("GET /units/{unit}/meeting-day", "meeting.ProposeDay", may(access.MeetingPrepare, "unit"), func(c call, in *struct {
			OfUnit
			Month string `query:"month" required:"true" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2026-12"`
		},
		) (Day, error) {
			return as(newDay)(meeting.ProposeDay(c.tx, c.by, in.Unit.ID, meeting.Month(in.Month)))
		}),
		read("GET /units/{unit}/next-meeting", "meeting.Next", may(access.MeetingRead, "unit"), func(c call, in *OfUnit) (Meeting, error) {
			return as(newMeeting)(found(meeting.Next(c.tx, c.by, in.Unit.ID)))
		}),
		read("GET /units/{unit}/months/{month}/meetings", "meeting.InMonth", within(access.MeetingRead), func(c call, in *struct {
			OfUnit
			Month string `path:"month" example:"2026-12"`
		},
		) (list[Meeting], error) {
			return each(newMeeting)(meeting.InMonth(c.tx, c.by, in.Unit.ID, meeting.Month(in.Month)))
		}),
		read("GET /me/meetings", "meeting.Invited", anyone(), func(c call, in *struct {
			From clock.Date `query:"from" doc:"The first day; today where it is absent."`
		},
		) (list[Meeting], error) {
			from := in.From
			if from.IsZero() {
				from = clock.DateOf(c.tx.Now)
			}
			return each(newMeeting)(meeting.Invited(c.tx, c.by, from.At(0, 0)))
		}),
		read("GET /meetings/{meeting}", "meeting.Find", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (Meeting, error) {
			return as(newMeeting)(meeting.Find(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/before", "meeting.MonthlyBefore", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (Meeting, error) {
			return as(newMeeting)(found(meeting.MonthlyBefore(c.tx, c.by, in.Meeting.ID)))
		}),
		change("PUT /meetings/{meeting}", "meeting.Change", may(access.MeetingPrepare, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Plan
		},
		) (Meeting, error) {
			return as(newMeeting)(meeting.Change(c.tx, c.by, in.Meeting.ID, c.version, meeting.Plan(in.Body)))
		}),
		change("POST /meetings/{meeting}/postpone", "meeting.Postpone", may(access.MeetingConclude, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Postponement
		},
		) (Meeting, error) {
			return as(newMeeting)(meeting.Postpone(c.tx, c.by, in.Meeting.ID, c.version, meeting.Postponement(in.Body)))
		}),
		change("POST /meetings/{meeting}/cancel", "meeting.Cancel", may(access.MeetingConclude, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Reason
		},
		) (Meeting, error) {
			return as(newMeeting)(meeting.Cancel(c.tx, c.by, in.Meeting.ID, c.version, in.Body.Reason))
		}),
		read("GET /meetings/{meeting}/postponements", "meeting.Moves", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[Move], error) {
			return each(func(m meeting.Move) Move { return Move(m) })(meeting.Moves(c.tx, c.by, in.Meeting.ID))
		}),
		change("POST /meetings/{meeting}/announce", "meeting.Announce", may(access.MeetingPrepare, "meeting").seenBy(beforeAnnouncing...), func(c call, in *OfMeeting) (Meeting, error) {
			return as(newMeeting)(meeting.Announce(c.tx, c.by, in.Meeting.ID, c.version))
		}),
		read("GET /meetings/{meeting}/delivery", "meeting.Delivery", watching("meeting"), func(c call, in *OfMeeting) (list[Told], error) {
			return each(func(t meeting.Told) Told { return Told(t) })(meeting.Delivery(c.tx, c.by, in.Meeting.ID))
		}),
		write("POST /meetings/{meeting}/told", "meeting.Tell", may(access.MeetingPrepare, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Telling
		},
		) (nothing, error) {
			return done(meeting.Tell(c.tx, c.by, in.Meeting.ID, in.Body.People, in.Body.Channel))
		}),
		write("POST /meetings/{meeting}/publish", "score.Publish", may(access.MeetingConclude, "meeting"), func(c call, in *OfMeeting) (Meeting, error) {
			return as(newMeeting)(score.Publish(c.tx, c.by, in.Meeting.ID))
		}),
		write("POST /meetings/{meeting}/report", "score.Report", may(access.MeetingConclude, "meeting"), func(c call, in *OfMeeting) (Meeting, error) {
			return as(newMeeting)(score.Report(c.tx, c.by, in.Meeting.ID))
		}),
		write("POST /meetings/{meeting}/acknowledge", "meeting.Acknowledge", may(access.MeetingAcknowledge, "meeting").and("above the unit"), func(c call, in *OfMeeting) (Meeting, error) {
			return as(newMeeting)(meeting.Acknowledge(c.tx, c.by, in.Meeting.ID))
		}),
		write("POST /meetings/{meeting}/send-back", "meeting.SendBack", may(access.MeetingAcknowledge, "meeting").and("above the unit"), func(c call, in *struct {
			OfMeeting
			Body Reason
		},
		) (Meeting, error) {
			return as(newMeeting)(meeting.SendBack(c.tx, c.by, in.Meeting.ID, in.Body.Reason))
		}),
		read("GET /meetings/{meeting}/reports", "meeting.Reports", watching("meeting"), func(c call, in *OfMeeting) (list[Correspondence], error) {
			return each(func(r meeting.Correspondence) Correspondence { return Correspondence(r) })(meeting.Reports(c.tx, c.by, in.Meeting.ID))
		}),
	}
}

// found makes "there is none" the failure that it is to a program.
func found[T any](one T, there bool, err error) (T, error) {
	if err == nil && !there {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return one, err
}

type meetingFilter struct {
	Paging
	Unit  queryID[orgtree.Unit] `query:"unit"`
	Below bool                  `query:"below" doc:"Takes in what lies below the unit."`
	Kind  []string              `query:"kind"`
	State []string              `query:"state"`
	From  string                `query:"from" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2026-01"`
	To    string                `query:"to" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2026-12"`
}

func listMeetings(c call, in *meetingFilter) (list[Meeting], error) {
	last, err := cursor[meetingPlace](in.After)
	if err != nil {
		return list[Meeting]{}, err
	}
	return page(in.Paging, newMeeting, func(m meeting.Meeting) any { return meetingPlace{m.ID, m.Starts} })(meeting.List(c.tx, c.by, meeting.Filter{
		Unit: in.Unit.ID, Below: in.Below, From: meeting.Month(in.From), To: meeting.Month(in.To),
		Kinds:  all(func(k string) meeting.Kind { return meeting.Kind(k) }, in.Kind),
		States: all(func(s string) meeting.State { return meeting.State(s) }, in.State),
		After:  meeting.Meeting{ID: last.ID, Starts: last.Starts}, Limit: in.more(),
	}))
}

// meetingPlace is where a list of meetings goes on.
type meetingPlace struct {
	ID     meeting.ID
	Starts time.Time
}

// Meeting is a meeting and how far it has come.
type Meeting struct {
	ID            meeting.ID      `json:"id"`
	Unit          orgtree.ID      `json:"unit"`
	Kind          meeting.Kind    `json:"kind" enum:"regular,thematic,combined,committee,group,extraordinary"`
	State         meeting.State   `json:"state" enum:"planned,prepared,announced,docs_posted,in_session,closed,minuted,published,scored,reported,postponed,cancelled"`
	Month         meeting.Month   `json:"month" doc:"The month it is held for, 2026-11."`
	Starts        time.Time       `json:"starts"`
	Minutes       int             `json:"minutes"`
	Mode          meeting.Mode    `json:"mode" enum:"in_person,online,mixed"`
	ModeReason    string          `json:"mode_reason,omitempty"`
	Place         string          `json:"place,omitempty"`
	Topic         string          `json:"topic,omitempty"`
	TopicKey      string          `json:"topic_key,omitempty"`
	DayReason     string          `json:"day_reason,omitempty"`
	Group         unit.GroupID    `json:"group,omitzero"`
	Chair         access.PersonID `json:"chair,omitzero"`
	MinuteTaker   access.PersonID `json:"minute_taker,omitzero"`
	PreparedAt    time.Time       `json:"prepared_at,omitzero"`
	AnnouncedAt   time.Time       `json:"announced_at,omitzero"`
	DocsPostedAt  time.Time       `json:"docs_posted_at,omitzero"`
	OpenedAt      time.Time       `json:"opened_at,omitzero"`
	ClosedAt      time.Time       `json:"closed_at,omitzero"`
	MinutedAt     time.Time       `json:"minuted_at,omitzero"`
	PublishedAt   time.Time       `json:"published_at,omitzero"`
	ScoredAt      time.Time       `json:"scored_at,omitzero"`
	ReportedAt    time.Time       `json:"reported_at,omitzero"`
	PublishBy     clock.Date      `json:"publish_by,omitzero"`
	Answer        meeting.Answer  `json:"answer,omitempty"`
	AnswerReason  string          `json:"answer_reason,omitempty"`
	AnsweredAt    time.Time       `json:"answered_at,omitzero"`
	StopReason    string          `json:"stop_reason,omitempty"`
	Postponements int             `json:"postponements"`
	Rules         Rules           `json:"rules"`
	Version       int64           `json:"version"`
}

// Rules is the pack by which something was decided.
type Rules struct {
	ID   string `json:"id"`
	Hash string `json:"hash"`
}

func newMeeting(m meeting.Meeting) Meeting {
	return Meeting{
		ID: m.ID, Unit: m.Unit, Kind: m.Kind, State: m.State, Month: m.Month, Starts: m.Starts, Minutes: m.Minutes,
		Mode: m.Mode, ModeReason: m.ModeReason, Place: m.Place, Topic: m.Topic, TopicKey: m.TopicKey, DayReason: m.DayReason,
		Group: m.Group, Chair: m.Chair, MinuteTaker: m.MinuteTaker,
		PreparedAt: m.PreparedAt, AnnouncedAt: m.AnnouncedAt, DocsPostedAt: m.DocsPostedAt, OpenedAt: m.OpenedAt,
		ClosedAt: m.ClosedAt, MinutedAt: m.MinutedAt, PublishedAt: m.PublishedAt, ScoredAt: m.ScoredAt, ReportedAt: m.ReportedAt,
		PublishBy: m.PublishBy, Answer: m.Answer, AnswerReason: m.AnswerReason, AnsweredAt: m.AnsweredAt,
		StopReason: m.StopReason, Postponements: m.Postponements, Rules: Rules(m.Rules), Version: m.Version,
	}
}

// Plan is what is settled about a meeting before it is held.
type Plan struct {
	Unit       orgtree.ID      `json:"unit"`
	Kind       meeting.Kind    `json:"kind" enum:"regular,thematic,combined,committee,group,extraordinary"`
	Month      meeting.Month   `json:"month,omitempty" doc:"2026-11; that of starts where it is absent."`
	Starts     time.Time       `json:"starts"`
	Minutes    int             `json:"minutes,omitzero"`
	Mode       meeting.Mode    `json:"mode,omitempty"`
	ModeReason string          `json:"mode_reason,omitempty"`
	Place      string          `json:"place,omitempty"`
	Topic      string          `json:"topic,omitempty"`
	TopicKey   string          `json:"topic_key,omitempty"`
	DayReason  string          `json:"day_reason,omitempty" doc:"Why the day is not that of the rules."`
	Group      unit.GroupID    `json:"group,omitzero"`
	Chair      access.PersonID `json:"chair,omitzero"`
}

// YearPlan drafts the regular meetings of a year.
type YearPlan struct {
	Unit   orgtree.ID `json:"unit"`
	Year   int        `json:"year"`
	Hour   int        `json:"hour"`
	Minute int        `json:"minute"`
	Place  string     `json:"place,omitempty"`
	Topics [4]string  `json:"topics,omitzero" doc:"The topics of the four quarters' thematic meetings; an empty one plans none."`
}

// Postponement is a new time for a meeting and why.
type Postponement struct {
	Starts time.Time `json:"starts"`
	Place  string    `json:"place,omitempty"`
	Reason string    `json:"reason"`
}

// Move is one time that a meeting was put off.
type Move struct {
	Was     time.Time       `json:"was"`
	Becomes time.Time       `json:"becomes"`
	Reason  string          `json:"reason"`
	At      time.Time       `json:"at"`
	By      access.PersonID `json:"by,omitzero"`
}

// Reason is why something is done.
type Reason struct {
	Reason string `json:"reason"`
}

// Day is a day.
type Day struct {
	Day clock.Date `json:"day"`
}

func newDay(d clock.Date) Day { return Day{d} }

// Told is somebody to be told of a meeting, and how they were.
type Told struct {
	Person  access.PersonID `json:"person"`
	Name    string          `json:"name"`
	Above   bool            `json:"above"`
	Channel meeting.Channel `json:"channel,omitempty"`
	At      time.Time       `json:"at,omitzero"`
	By      access.PersonID `json:"by,omitzero"`
}

// Telling notes that people were told otherwise than by the program.
type Telling struct {
	People  []access.PersonID `json:"people" nullable:"false"`
	Channel meeting.Channel   `json:"channel,omitempty" enum:"sheet,word," doc:"None takes it back."`
}

// Correspondence is a step of a report on its way up and back.
type Correspondence struct {
	Step   string          `json:"step"`
	Reason string          `json:"reason,omitempty"`
	At     time.Time       `json:"at"`
	By     access.PersonID `json:"by,omitzero"`
}
