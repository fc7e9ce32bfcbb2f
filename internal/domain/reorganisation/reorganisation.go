// Package reorganisation founds, merges, divides, hands over and ends
// organisations, many of them at once, by one decision (rules 3.2 to 3.6, S-08
// to S-10).
//
// A plan is drafted step by step, tried out as often as people like, carried
// out in one transaction and taken back while nothing depends on it. What a plan
// comes to is computed from a picture of the tree, without a database; what is
// done then is done by the packages that own the records. Thresholds and kinds
// are data of the rule packs.
package reorganisation

import (
	"time"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// ID names a plan.
type ID = id.Of[Plan]

// Noun is what the journal and links call a plan.
const Noun = "reorganisation"

// State is how far a plan has come.
type State string

const (
	Drafted   State = "draft"
	Applied   State = "applied"
	TakenBack State = "taken_back"
)

// Plan is a reorganisation by one decision of one body.
type Plan struct {
	ID ID
	// Unit is the body that decides: directly above the organisations concerned,
	// or higher. No step reaches beyond what lies below it.
	Unit  orgtree.ID
	State State
	Decision
	Created   time.Time
	CreatedBy access.PersonID
	// AppliedAt is when it was carried out; zero is not yet.
	AppliedAt time.Time
	AppliedBy access.PersonID
	BackAt    time.Time
	BackBy    access.PersonID
	// BackReason says why it was taken back.
	BackReason string
	Version    int64
}

// Decision is what stands on the paper. A draft may lack number and days.
type Decision struct {
	Title  string
	Reason string // the grounds: the State's own reorganisation, a task that is done
	// Issuer is who decides if that body is not in the register, as above a
	// root; empty is the body of the plan.
	Issuer    string
	Number    string // as written: 12-QĐ/ĐU
	Decided   clock.Date
	Effective clock.Date
}

// document is how records cite the decision.
func (d Decision) document() string {
	return "Quyết định số " + d.Number + " ngày " + d.Decided.Vietnamese()
}

// Kind is what a step does (rules 3.2 to 3.6).
type Kind string

const (
	Found    Kind = "found"    // thành lập
	Handover Kind = "handover" // chuyển giao
	// Merge ends a unit in another one: sáp nhập, or hợp nhất if the plan founds
	// that other one.
	Merge    Kind = "merge"
	Split    Kind = "split"    // chia tách
	WindUp   Kind = "wind_up"  // giải thể, because the task is done
	Dissolve Kind = "dissolve" // giải tán, as discipline
	Restyle  Kind = "restyle"  // another name, kind or level
)

// Kinds lists every kind in the order in which people list them.
var Kinds = []Kind{Found, Merge, Split, Handover, WindUp, Dissolve, Restyle}

// StepID names a step.
type StepID = id.Of[Step]

// Step changes one organisation.
type Step struct {
	ID   StepID
	Kind Kind
	// Unit is what is changed; of Found the unit to be, named ahead.
	Unit orgtree.ID
	// To is the parent of a founded or handed-over unit. Of a unit that ends it
	// is where those go who were given no place of their own: its members, its
	// units, its guests, its tasks.
	To orgtree.ID
	// Stays: a divided unit goes on with those who are not sent elsewhere.
	Stays bool
	// HandMeetings: meetings to come are held by To instead of being given up.
	HandMeetings bool
	// Acceptance is the receiving side's own decision, of the day Accepted
	// (rules 3.6).
	Acceptance string
	Accepted   clock.Date
	// Fields are those of a founded unit. Of a restyled one name, kind, level
	// and type of cell count, and what is empty stays.
	Fields unit.Fields
}

// ends reports whether the unit is no more after the step.
func (s Step) ends() bool {
	switch s.Kind {
	case Merge, WindUp, Dissolve:
		return true
	case Split:
		return !s.Stays
	}
	return false
}

// Scatters reports whether people of the unit go elsewhere.
func (s Step) Scatters() bool { return s.ends() || s.Kind == Split }

// fate reports whether the step decides where the unit goes: a plan holds at
// most one such step for a unit.
func (s Step) fate() bool { return s.Kind != Restyle }

// Nomination is a post that the decision gives.
type Nomination struct {
	ID     NominationID
	Unit   orgtree.ID
	Person member.ID
	Post   string // of the pack "states"
}

// NominationID names a nomination.
type NominationID = id.Of[Nomination]

// Draft is a plan with all that was written into it.
type Draft struct {
	Plan
	Steps        []Step
	Destinations map[member.ID]orgtree.ID
	Nominations  []Nomination
}

// step is the step that says where the unit goes, if there is one.
func (d Draft) step(of orgtree.ID) (Step, bool) {
	for _, s := range d.Steps {
		if s.Unit == of && s.fate() {
			return s, true
		}
	}
	return Step{}, false
}

// founds is the unit that the plan founds under the id, if it does.
func (d Draft) founds(u orgtree.ID) (orgtree.Unit, bool) {
	if s, ok := d.step(u); ok && s.Kind == Found {
		return s.founded(), true
	}
	return orgtree.Unit{}, false
}

// founded is the unit that a step founds.
func (s Step) founded() orgtree.Unit {
	f := s.Fields
	return orgtree.Unit{
		ID: s.Unit, Parent: s.To, Code: f.Code, Name: f.Name, Kind: f.Kind, Level: f.Level, CellType: f.CellType,
		Block: f.Block, Areas: f.Areas, Place: f.Place, Address: f.Address,
	}
}

// styled is the unit after a restyling.
func (s Step) styled(u orgtree.Unit) orgtree.Unit {
	for _, change := range []struct {
		from string
		to   *string
	}{{s.Fields.Name, &u.Name}, {s.Fields.Kind, &u.Kind}, {s.Fields.Level, &u.Level}, {s.Fields.Code, &u.Code}} {
		if change.from != "" {
			*change.to = change.from
		}
	}
	if s.Fields.Kind != "" {
		u.CellType = s.Fields.CellType
	}
	return u
}

// fieldsOf are the fields of a unit, as unit.Found takes them.
func fieldsOf(u orgtree.Unit) unit.Fields {
	return unit.Fields{
		Code: u.Code, Name: u.Name, Kind: u.Kind, Level: u.Level, CellType: u.CellType,
		Block: u.Block, Areas: u.Areas, Place: u.Place, Address: u.Address,
	}
}

// draft is errs.Conflict for a plan that was carried out or taken back.
func (p Plan) draft() error {
	if p.State != Drafted {
		return errs.New(errs.Conflict, "reorganisation.error.no_draft")
	}
	return nil
}
