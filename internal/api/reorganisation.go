package api

import (
	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

type (
	// OfReorganisation names the plan in the address.
	OfReorganisation struct {
		Plan pathID[reorganisation.Plan] `path:"reorganisation"`
	}
	// OfReorganisationStep and OfNomination name a part of it.
	OfReorganisationStep struct {
		OfReorganisation
		Step pathID[reorganisation.Step] `path:"step"`
	}
	OfNomination struct {
		OfReorganisation
		Nomination pathID[reorganisation.Nomination] `path:"nomination"`
	}
)

// reorganisationOperations draft plans of reorganisation, try them out, carry
// them out and take them back.
func reorganisationOperations() []operation {
	see, decide := may(access.ReorganisationRead, "reorganisation"), may(access.ReorganisationDecide, "reorganisation")
	return []operation{
		read("GET /reorganisations", "reorganisation.List", within(access.ReorganisationRead), func(c call, _ *struct{}) (list[Reorganisation], error) {
			return each(newReorganisation)(reorganisation.List(c.tx, c.by))
		}),
		read("GET /reorganisation-bodies", "reorganisation.Bodies", within(access.ReorganisationDecide), func(c call, _ *struct{}) (list[Unit], error) {
			return each(newUnit)(reorganisation.Bodies(c.tx, c.by))
		}),
		create("POST /units/{unit}/reorganisations", "reorganisation.Begin", may(access.ReorganisationDecide, "unit"), func(c call, in *struct {
			OfUnit
			Body ReorganisationDecision
		},
		) (Reorganisation, error) {
			return as(newReorganisation)(reorganisation.Begin(c.tx, c.by, in.Unit.ID, reorganisation.Decision(in.Body)))
		}),
		read("GET /reorganisations/{reorganisation}", "reorganisation.Find", see, func(c call, in *OfReorganisation) (ReorganisationDraft, error) {
			return as(newReorganisationDraft)(reorganisation.Find(c.tx, c.by, in.Plan.ID))
		}),
		read("GET /reorganisations/{reorganisation}/targets", "reorganisation.Targets", see, func(c call, in *OfReorganisation) (list[Unit], error) {
			return each(newUnit)(reorganisation.Targets(c.tx, c.by, in.Plan.ID))
		}),
		read("GET /reorganisations/{reorganisation}/preview", "reorganisation.Preview", see, func(c call, in *OfReorganisation) (DryRun, error) {
			return as(newDryRun)(reorganisation.Preview(c.tx, c.by, in.Plan.ID))
		}),
		read("GET /reorganisations/{reorganisation}/transfers", "reorganisation.Transfers", see, func(c call, in *OfReorganisation) (list[CollectiveTransfer], error) {
			return each(func(t reorganisation.Transferred) CollectiveTransfer { return CollectiveTransfer(t) })(reorganisation.Transfers(c.tx, c.by, in.Plan.ID))
		}),
		change("PUT /reorganisations/{reorganisation}", "reorganisation.Edit", decide, func(c call, in *struct {
			OfReorganisation
			Body ReorganisationDecision
		},
		) (nothing, error) {
			return done(reorganisation.Edit(c.tx, c.by, in.Plan.ID, c.version, reorganisation.Decision(in.Body)))
		}),
		change("DELETE /reorganisations/{reorganisation}", "reorganisation.Discard", decide, func(c call, in *OfReorganisation) (nothing, error) {
			return done(reorganisation.Discard(c.tx, c.by, in.Plan.ID, c.version))
		}),
		change("POST /reorganisations/{reorganisation}/steps", "reorganisation.AddStep", decide, func(c call, in *struct {
			OfReorganisation
			Body ReorganisationNewStep
		},
		) (ReorganisationStep, error) {
			return as(newReorganisationStep)(reorganisation.AddStep(c.tx, c.by, in.Plan.ID, c.version, in.Body.step()))
		}),
		change("DELETE /reorganisations/{reorganisation}/steps/{step}", "reorganisation.RemoveStep", decide, func(c call, in *OfReorganisationStep) (nothing, error) {
			return done(reorganisation.RemoveStep(c.tx, c.by, in.Plan.ID, c.version, in.Step.ID))
		}),
		change("POST /reorganisations/{reorganisation}/destinations", "reorganisation.Send", decide, func(c call, in *struct {
			OfReorganisation
			Body Destinations
		},
		) (nothing, error) {
			return done(reorganisation.Send(c.tx, c.by, in.Plan.ID, c.version, in.Body.People, in.Body.To))
		}),
		change("POST /reorganisations/{reorganisation}/nominations", "reorganisation.Nominate", decide, func(c call, in *struct {
			OfReorganisation
			Body NewNomination
		},
		) (nothing, error) {
			return done(reorganisation.Nominate(c.tx, c.by, in.Plan.ID, c.version, reorganisation.Nomination{Unit: in.Body.Unit, Person: in.Body.Person, Post: in.Body.Post}))
		}),
		change("DELETE /reorganisations/{reorganisation}/nominations/{nomination}", "reorganisation.Unnominate", decide, func(c call, in *OfNomination) (nothing, error) {
			return done(reorganisation.Unnominate(c.tx, c.by, in.Plan.ID, c.version, in.Nomination.ID))
		}),
		change("POST /reorganisations/{reorganisation}/apply", "reorganisation.Apply", decide, func(c call, in *OfReorganisation) (nothing, error) {
			return done(reorganisation.Apply(c.tx, c.by, in.Plan.ID, c.version))
		}),
		change("POST /reorganisations/{reorganisation}/take-back", "reorganisation.TakeBack", decide, func(c call, in *struct {
			OfReorganisation
			Body TakingBack
		},
		) (nothing, error) {
			return done(reorganisation.TakeBack(c.tx, c.by, in.Plan.ID, c.version, in.Body.Reason))
		}),
	}
}

// ReorganisationDecision is what stands on the decision.
type ReorganisationDecision struct {
	Title     string     `json:"title"`
	Reason    string     `json:"reason,omitempty"`
	Issuer    string     `json:"issuer,omitempty" doc:"Who issues it, if that body is not in the register."`
	Number    string     `json:"number,omitempty" doc:"Without number and days a plan is not carried out."`
	Decided   clock.Date `json:"decided,omitzero"`
	Effective clock.Date `json:"effective,omitzero" doc:"The plan is carried out on this day or later."`
}

// Reorganisation is a plan.
type Reorganisation struct {
	ID         reorganisation.ID    `json:"id"`
	Unit       orgtree.ID           `json:"unit" doc:"The body that decides."`
	State      reorganisation.State `json:"state" enum:"draft,applied,taken_back"`
	BackReason string               `json:"back_reason,omitempty"`
	ReorganisationDecision
	Version int64 `json:"version"`
}

func newReorganisation(p reorganisation.Plan) Reorganisation {
	return Reorganisation{
		ID: p.ID, Unit: p.Unit, State: p.State, BackReason: p.BackReason, ReorganisationDecision: ReorganisationDecision(p.Decision), Version: p.Version,
	}
}

// ReorganisationNewStep is a step to be added.
type ReorganisationNewStep struct {
	Kind         reorganisation.Kind `json:"kind" enum:"found,merge,split,handover,wind_up,dissolve,restyle"`
	Unit         orgtree.ID          `json:"unit,omitzero" doc:"What is changed; of a founding the answer names the unit to be."`
	To           orgtree.ID          `json:"to,omitzero" doc:"The new parent; of a unit that ends where those go who have no place of their own."`
	Stays        bool                `json:"stays,omitempty" doc:"A divided unit goes on."`
	HandMeetings bool                `json:"hand_meetings,omitempty"`
	Acceptance   string              `json:"acceptance,omitempty"`
	Accepted     clock.Date          `json:"accepted,omitzero"`
	Code         string              `json:"code,omitempty"`
	Name         string              `json:"name,omitempty"`
	UnitKind     string              `json:"unit_kind,omitempty"`
	Level        string              `json:"level,omitempty"`
	CellType     string              `json:"cell_type,omitempty"`
}

func (n ReorganisationNewStep) step() reorganisation.Step {
	return reorganisation.Step{
		Kind: n.Kind, Unit: n.Unit, To: n.To, Stays: n.Stays, HandMeetings: n.HandMeetings, Acceptance: n.Acceptance, Accepted: n.Accepted,
		Fields: unit.Fields{Code: n.Code, Name: n.Name, Kind: n.UnitKind, Level: n.Level, CellType: n.CellType},
	}
}

// ReorganisationStep is a step of a plan.
type ReorganisationStep struct {
	ID reorganisation.StepID `json:"id"`
	ReorganisationNewStep
}

func newReorganisationStep(s reorganisation.Step) ReorganisationStep {
	f := s.Fields
	return ReorganisationStep{s.ID, ReorganisationNewStep{
		Kind: s.Kind, Unit: s.Unit, To: s.To, Stays: s.Stays, HandMeetings: s.HandMeetings, Acceptance: s.Acceptance, Accepted: s.Accepted,
		Code: f.Code, Name: f.Name, UnitKind: f.Kind, Level: f.Level, CellType: f.CellType,
	}}
}

// Destinations give people a place of their own; no unit takes it from them.
type Destinations struct {
	People []member.ID `json:"people" nullable:"false"`
	To     orgtree.ID  `json:"to,omitzero"`
}

// NewNomination is a post that the decision gives.
type NewNomination struct {
	Unit   orgtree.ID `json:"unit"`
	Person member.ID  `json:"person"`
	Post   string     `json:"post" doc:"Of the pack of states."`
}

// Nominated is a nomination of a plan.
type Nominated struct {
	ID reorganisation.NominationID `json:"id"`
	NewNomination
}

// TakingBack says why a plan is taken back.
type TakingBack struct {
	Reason string `json:"reason"`
}

// ReorganisationDraft is a plan with all that was written into it.
type ReorganisationDraft struct {
	Reorganisation
	Steps        []ReorganisationStep `json:"steps" nullable:"false"`
	Destinations []Destination        `json:"destinations" nullable:"false"`
	Nominations  []Nominated          `json:"nominations" nullable:"false"`
}

// Destination is where a person goes who was given a place of their own.
type Destination struct {
	Person member.ID  `json:"person"`
	To     orgtree.ID `json:"to"`
}

func newReorganisationDraft(d reorganisation.Draft) ReorganisationDraft {
	shown := ReorganisationDraft{Reorganisation: newReorganisation(d.Plan), Steps: all(newReorganisationStep, d.Steps), Destinations: []Destination{}}
	for person, to := range d.Destinations {
		shown.Destinations = append(shown.Destinations, Destination{person, to})
	}
	shown.Nominations = all(func(n reorganisation.Nomination) Nominated {
		return Nominated{n.ID, NewNomination{n.Unit, n.Person, n.Post}}
	}, d.Nominations)
	return shown
}

// CollectiveTransfer is the transfer of a person without letters.
type CollectiveTransfer struct {
	Person member.ID  `json:"person"`
	Name   string     `json:"name"`
	From   orgtree.ID `json:"from"`
	To     orgtree.ID `json:"to"`
}

// DryRun is what a plan would do, and what stands in its way.
type DryRun struct {
	Blocked  bool         `json:"blocked"`
	Findings []DryFinding `json:"findings" nullable:"false"`
	Moving   int          `json:"moving" doc:"People who go to another unit."`
	Along    int          `json:"along" doc:"Members who stay in their cell and move with it."`
	Posts    int          `json:"posts" doc:"Posts that end."`
	Groups   int          `json:"groups"`
	Tasks    int          `json:"tasks"`
	Meetings int          `json:"meetings"`
	Drafts   int          `json:"drafts"`
	Rights   int          `json:"rights"`
	Guests   int          `json:"guests"`
	Before   DryFigures   `json:"before"`
	After    DryFigures   `json:"after"`
}

// DryFinding is something to be settled first, or to be known.
type DryFinding struct {
	Blocking bool       `json:"blocking"`
	Unit     orgtree.ID `json:"unit,omitzero"`
	Name     string     `json:"name,omitempty"`
	Key      string     `json:"key" doc:"reorganisation.finding.few_official and the like."`
	Clause   string     `json:"clause,omitempty"`
}

// DryFigures are those of the branch of the deciding body.
type DryFigures struct {
	Units   int `json:"units"`
	Cells   int `json:"cells"`
	Members int `json:"members"`
}

func newDryRun(r reorganisation.DryRun) DryRun {
	return DryRun{
		Blocked: r.Blocked(), Moving: r.Moving(), Along: r.Along, Posts: len(r.Posts), Groups: r.Groups, Tasks: len(r.Tasks),
		Meetings: len(r.Meetings), Drafts: len(r.Drafts), Rights: len(r.Rights), Guests: len(r.Guests),
		Before: newDryFigures(r.Before), After: newDryFigures(r.After),
		Findings: all(func(f reorganisation.Finding) DryFinding {
			return DryFinding{f.Blocking, f.Unit, f.Name, f.Key, f.Clause}
		}, r.Findings),
	}
}

func newDryFigures(f reorganisation.Figures) DryFigures {
	return DryFigures{f.Units, f.Cells, f.Members()}
}
