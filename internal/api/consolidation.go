package api

import (
	"chibo/internal/domain/consolidation"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

// OfPlan names the plan in the address.
type OfPlan struct {
	Plan pathID[consolidation.Plan] `path:"consolidation"`
}

// consolidationOperations plan how weak cells are consolidated.
func consolidationOperations() []operation {
	return []operation{
		read("GET /units/{unit}/consolidations", "consolidation.At", may(access.OverviewRead, "unit"), func(c call, in *OfUnit) (list[Consolidation], error) {
			return each(newConsolidation)(consolidation.At(c.tx, c.by, in.Unit.ID))
		}),
		read("GET /units/{unit}/consolidation-owners", "consolidation.Owners", may(access.ConsolidationPlan, "unit"), func(c call, in *OfUnit) (list[ConsolidationOwner], error) {
			return each(func(p consolidation.Person) ConsolidationOwner { return ConsolidationOwner(p) })(consolidation.Owners(c.tx, c.by, in.Unit.ID))
		}),
		create("POST /units/{unit}/consolidations", "consolidation.Begin", may(access.ConsolidationPlan, "unit"), func(c call, in *struct {
			OfUnit
			Body ConsolidationDraft
		},
		) (Made, error) {
			return as(made[consolidation.Plan])(consolidation.Begin(c.tx, c.by, in.Unit.ID, consolidation.Draft(in.Body)))
		}),
		read("GET /me/consolidations", "consolidation.Mine", anyone(), func(c call, _ *struct{}) (list[Consolidation], error) {
			return each(newConsolidation)(consolidation.Mine(c.tx, c.by))
		}),
		read("GET /consolidations/{consolidation}", "consolidation.Find", may(access.OverviewRead, "consolidation"), func(c call, in *OfPlan) (Consolidation, error) {
			p, _, err := consolidation.Find(c.tx, c.by, in.Plan.ID)
			return newConsolidation(p), err
		}),
		change("PUT /consolidations/{consolidation}", "consolidation.Change", may(access.ConsolidationPlan, "consolidation"), func(c call, in *struct {
			OfPlan
			Body ConsolidationDraft
		},
		) (nothing, error) {
			return done(consolidation.Change(c.tx, c.by, in.Plan.ID, c.version, consolidation.Draft(in.Body)))
		}),
		change("POST /consolidations/{consolidation}/finish", "consolidation.Finish", may(access.ConsolidationPlan, "consolidation").orOwn("whoever carries it out"), func(c call, in *struct {
			OfPlan
			Body ConsolidationResult
		},
		) (nothing, error) {
			return done(consolidation.Finish(c.tx, c.by, in.Plan.ID, c.version, consolidation.Result(in.Body)))
		}),
	}
}

// ConsolidationDraft is what a person writes of a plan.
type ConsolidationDraft struct {
	Reasons  string          `json:"reasons" doc:"The signs that make the plan necessary."`
	Measures string          `json:"measures" doc:"What is going to be done."`
	Owner    access.PersonID `json:"owner" doc:"Who carries it out; somebody who watches the cell."`
	Due      clock.Date      `json:"due"`
}

// ConsolidationResult is what came of a plan.
type ConsolidationResult struct {
	Outcome consolidation.Outcome `json:"outcome" enum:"strong,better,unchanged"`
	Text    string                `json:"text"`
}

// ConsolidationOwner is somebody who can carry out a plan.
type ConsolidationOwner struct {
	ID   access.PersonID `json:"id"`
	Name string          `json:"name"`
}

// Consolidation is a plan for a weak cell.
type Consolidation struct {
	ID       consolidation.ID      `json:"id"`
	Unit     orgtree.ID            `json:"unit"`
	Reasons  string                `json:"reasons"`
	Measures string                `json:"measures"`
	Owner    access.PersonID       `json:"owner"`
	Due      clock.Date            `json:"due"`
	Planned  clock.Date            `json:"planned"`
	Planner  access.PersonID       `json:"planner,omitzero"`
	Finished clock.Date            `json:"finished,omitzero"`
	Outcome  consolidation.Outcome `json:"outcome,omitempty"`
	Result   string                `json:"result,omitempty"`
	Version  int64                 `json:"version"`
}

func newConsolidation(p consolidation.Plan) Consolidation { return Consolidation(p) }
