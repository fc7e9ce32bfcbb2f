package api

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
)

type (
	OfStep struct {
		Step pathID[meeting.Step] `path:"step"`
	}
	OfItem struct {
		Item pathID[meeting.Item] `path:"item"`
	}
)

// preparationOperations are the steps before a meeting, whose turn it is, and
// the agenda.
func preparationOperations() []operation {
	agenda := func(on string) right { return may(access.MeetingPrepare, on).or(access.MeetingRun) }
	return []operation{
		read("GET /meetings/{meeting}/steps", "meeting.Steps", watching("meeting"), func(c call, in *OfMeeting) (list[Step], error) {
			return each(newStep)(meeting.Steps(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/readiness", "meeting.Ready", watching("meeting"), func(c call, in *OfMeeting) (Readiness, error) {
			return as(newReadiness)(meeting.Ready(c.tx, c.by, in.Meeting.ID))
		}),
		change("POST /meetings/{meeting}/prepared", "meeting.MarkPrepared", may(access.MeetingPrepare, "meeting").seenBy(beforeAnnouncing...), func(c call, in *OfMeeting) (Meeting, error) {
			return as(newMeeting)(meeting.MarkPrepared(c.tx, c.by, in.Meeting.ID, c.version))
		}),
		change("POST /steps/{step}/complete", "meeting.CompleteStep", may(access.MeetingPrepare, "step").or(access.MeetingRun).orOwn("whoever the step is assigned to"), func(c call, in *struct {
			OfStep
			Body Note
		},
		) (nothing, error) {
			return done(meeting.CompleteStep(c.tx, c.by, in.Step.ID, c.version, in.Body.Note))
		}),
		change("POST /steps/{step}/reopen", "meeting.ReopenStep", may(access.MeetingPrepare, "step").or(access.MeetingRun).orOwn("whoever the step is assigned to"), func(c call, in *OfStep) (nothing, error) {
			return done(meeting.ReopenStep(c.tx, c.by, in.Step.ID, c.version))
		}),
		change("PUT /steps/{step}/person", "meeting.AssignStep", may(access.MeetingPrepare, "step"), func(c call, in *struct {
			OfStep
			Body Person
		},
		) (nothing, error) {
			return done(meeting.AssignStep(c.tx, c.by, in.Step.ID, c.version, in.Body.Person))
		}),
		read("GET /meetings/{meeting}/turns/minutes", "meeting.SuggestMinuteTaker", watching("meeting"), func(c call, in *OfMeeting) (list[Candidate], error) {
			return each(c.candidate)(meeting.SuggestMinuteTaker(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/turns/story", "meeting.SuggestStory", watching("meeting"), func(c call, in *OfMeeting) (list[Candidate], error) {
			return each(c.candidate)(meeting.SuggestStory(c.tx, c.by, in.Meeting.ID))
		}),
		change("PUT /meetings/{meeting}/minute-taker", "meeting.NameMinuteTaker", may(access.MeetingPrepare, "meeting").or(access.MeetingConclude), func(c call, in *struct {
			OfMeeting
			Body Person
		},
		) (Meeting, error) {
			return as(newMeeting)(meeting.NameMinuteTaker(c.tx, c.by, in.Meeting.ID, c.version, in.Body.Person))
		}),

		read("GET /meetings/{meeting}/agenda", "meeting.Agenda", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[AgendaItem], error) {
			return each(newItem)(meeting.Agenda(c.tx, c.by, in.Meeting.ID))
		}),
		create("POST /meetings/{meeting}/agenda", "meeting.AddItem", agenda("meeting"), func(c call, in *struct {
			OfMeeting
			Body NewItem
		},
		) (AgendaItem, error) {
			return as(newItem)(meeting.AddItem(c.tx, c.by, in.Meeting.ID, in.Body.Place, in.Body.text()))
		}),
		change("PUT /agenda/{item}", "meeting.ChangeItem", agenda("item"), func(c call, in *struct {
			OfItem
			Body ItemText
		},
		) (AgendaItem, error) {
			return as(newItem)(meeting.ChangeItem(c.tx, c.by, in.Item.ID, c.version, in.Body.text()))
		}),
		change("PUT /agenda/{item}/place", "meeting.MoveItem", agenda("item"), func(c call, in *struct {
			OfItem
			Body Place
		},
		) (nothing, error) {
			return done(meeting.MoveItem(c.tx, c.by, in.Item.ID, c.version, in.Body.Place))
		}),
		change("DELETE /agenda/{item}", "meeting.RemoveItem", agenda("item"), func(c call, in *OfItem) (nothing, error) {
			return done(meeting.RemoveItem(c.tx, c.by, in.Item.ID, c.version))
		}),
		change("POST /agenda/{item}/start", "meeting.StartItem", may(access.MeetingRun, "item"), func(c call, in *OfItem) (AgendaItem, error) {
			return as(newItem)(meeting.StartItem(c.tx, c.by, in.Item.ID, c.version))
		}),
		change("POST /agenda/{item}/finish", "meeting.FinishItem", may(access.MeetingRun, "item"), func(c call, in *OfItem) (AgendaItem, error) {
			return as(newItem)(meeting.FinishItem(c.tx, c.by, in.Item.ID, c.version))
		}),
		change("POST /agenda/{item}/skip", "meeting.SkipItem", may(access.MeetingRun, "item"), func(c call, in *struct {
			OfItem
			Body Reason
		},
		) (AgendaItem, error) {
			return as(newItem)(meeting.SkipItem(c.tx, c.by, in.Item.ID, c.version, in.Body.Reason))
		}),
		change("PUT /agenda/{item}/headings/{heading}", "meeting.TickHeading", may(access.MeetingRun, "item"), func(c call, in *struct {
			OfItem
			Heading int `path:"heading" doc:"The first is 0."`
			Body    Tick
		},
		) (AgendaItem, error) {
			return as(newItem)(meeting.TickHeading(c.tx, c.by, in.Item.ID, c.version, in.Heading, in.Body.Done))
		}),
	}
}

// Step is something to be done for a meeting.
type Step struct {
	ID         meeting.StepID  `json:"id"`
	Meeting    meeting.ID      `json:"meeting"`
	Place      int             `json:"place"`
	Slot       string          `json:"slot"`
	Phase      string          `json:"phase"`
	Title      string          `json:"title"`
	Hint       string          `json:"hint,omitempty"`
	Who        []string        `json:"who,omitempty"`
	Person     access.PersonID `json:"person,omitzero"`
	Due        clock.Date      `json:"due,omitzero"`
	Optional   bool            `json:"optional"`
	Proof      string          `json:"proof,omitempty" doc:"The record that shows it was done."`
	ProofLabel string          `json:"proof_label,omitempty"`
	Note       string          `json:"note,omitempty"`
	DoneAt     time.Time       `json:"done_at,omitzero"`
	DoneBy     access.PersonID `json:"done_by,omitzero"`
	ByRecord   bool            `json:"by_record"`
	Version    int64           `json:"version"`
}

func newStep(s meeting.Step) Step {
	return Step{
		ID: s.ID, Meeting: s.Meeting, Place: s.Place, Slot: s.Slot, Phase: s.Phase, Title: s.Title, Hint: s.Hint, Who: s.Who,
		Person: s.Person, Due: s.Due, Optional: s.Optional, Proof: s.Proof, ProofLabel: s.ProofLabel, Note: s.Note,
		DoneAt: s.DoneAt, DoneBy: s.DoneBy, ByRecord: s.ByRecord, Version: s.Version,
	}
}

// Note is how something was done.
type Note struct {
	Note string `json:"note,omitempty"`
}

// Person names a person; nobody where it is absent.
type Person struct {
	Person access.PersonID `json:"person,omitzero"`
}

// Place is where something stands in a row; the first is 1.
type Place struct {
	Place int `json:"place"`
}

// Tick says whether something was dealt with.
type Tick struct {
	Done bool `json:"done"`
}

// Readiness is how far the preparation of a meeting has come.
type Readiness struct {
	Done            int          `json:"done"`
	Needed          int          `json:"needed"`
	Open            []Step       `json:"open,omitempty"`
	Overdue         []Step       `json:"overdue,omitempty"`
	Unpresented     []AgendaItem `json:"unpresented,omitempty"`
	PlannedMinutes  int          `json:"planned_minutes"`
	RequiredMinutes int          `json:"required_minutes"`
	DocumentsBy     time.Time    `json:"documents_by,omitzero"`
}

func newReadiness(r meeting.Readiness) Readiness {
	return Readiness{
		Done: r.Done, Needed: r.Needed, Open: all(newStep, r.Open), Overdue: all(newStep, r.Overdue),
		Unpresented: all(newItem, r.Unpresented), PlannedMinutes: r.PlannedMinutes, RequiredMinutes: r.RequiredMinutes, DocumentsBy: r.DocumentsBy,
	}
}

// Candidate is somebody whose turn it may be.
type Candidate struct {
	Person access.PersonID `json:"person"`
	Name   string          `json:"name"`
	Group  unit.GroupID    `json:"group,omitzero"`
	Last   clock.Date      `json:"last,omitzero"`
	Why    string          `json:"why,omitempty"`
}

func (c call) candidate(given meeting.Candidate) Candidate {
	return Candidate{given.Person, given.Name, given.Group, given.Last, c.say(given.Why)}
}

// AgendaItem is one point of the agenda.
type AgendaItem struct {
	ID           meeting.ItemID  `json:"id"`
	Meeting      meeting.ID      `json:"meeting"`
	Place        int             `json:"place"`
	Slot         string          `json:"slot,omitempty"`
	Kind         string          `json:"kind"`
	Phase        string          `json:"phase,omitempty"`
	Title        string          `json:"title"`
	Note         string          `json:"note,omitempty"`
	Headings     []Heading       `json:"headings,omitempty"`
	Who          string          `json:"who,omitempty"`
	Presenter    access.PersonID `json:"presenter,omitzero"`
	Minutes      int             `json:"minutes"`
	Optional     bool            `json:"optional"`
	Rota         bool            `json:"rota"`
	StartedAt    time.Time       `json:"started_at,omitzero"`
	RunningSince time.Time       `json:"running_since,omitzero"`
	UsedSeconds  int             `json:"used_seconds"`
	FinishedAt   time.Time       `json:"finished_at,omitzero"`
	SkipReason   string          `json:"skip_reason,omitempty"`
	Version      int64           `json:"version"`
}

// Heading is a line to be dealt with under an item.
type Heading struct {
	Text string `json:"text"`
	Done bool   `json:"done,omitzero"`
}

func newItem(i meeting.Item) AgendaItem {
	return AgendaItem{
		ID: i.ID, Meeting: i.Meeting, Place: i.Place, Slot: i.Slot, Kind: i.Kind, Phase: i.Phase, Title: i.Title, Note: i.Note,
		Headings: all(func(h meeting.Heading) Heading { return Heading(h) }, i.Headings),
		Who:      i.Who, Presenter: i.Presenter, Minutes: i.Minutes, Optional: i.Optional, Rota: i.Rota,
		StartedAt: i.StartedAt, RunningSince: i.RunningSince, UsedSeconds: int(i.Used / time.Second), FinishedAt: i.FinishedAt,
		SkipReason: i.SkipReason, Version: i.Version,
	}
}

// ItemText is what people write of an item.
type ItemText struct {
	Kind      string          `json:"kind,omitempty"`
	Title     string          `json:"title"`
	Note      string          `json:"note,omitempty"`
	Headings  []Heading       `json:"headings,omitempty"`
	Presenter access.PersonID `json:"presenter,omitzero"`
	Minutes   int             `json:"minutes,omitzero"`
}

func (t ItemText) text() meeting.ItemText {
	return meeting.ItemText{
		Kind: t.Kind, Title: t.Title, Note: t.Note, Headings: all(func(h Heading) meeting.Heading { return meeting.Heading(h) }, t.Headings),
		Presenter: t.Presenter, Minutes: t.Minutes,
	}
}

// NewItem is an item to be added; place 0 is last.
type NewItem struct {
	Place int `json:"place,omitzero"`
	ItemText
}
