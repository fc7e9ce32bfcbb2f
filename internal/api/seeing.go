package api

import (
	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
)

// seeingOperations show units of any size from the figures that are kept.
func seeingOperations() []operation {
	return []operation{
		read("GET /units/{unit}/figures", "overview.See", may(access.OverviewRead, "unit"), func(c call, in *struct {
			OfUnit
			Until  string `query:"until" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2026-11" doc:"The last month; the running one where it is absent."`
			Months int    `query:"months" minimum:"1" maximum:"24" default:"6"`
		},
		) (UnitFigures, error) {
			return as(c.unitFigures)(overview.See(c.tx, c.by, in.Unit.ID, overview.Span{Until: c.month(in.Until), Months: in.Months}))
		}),
		read("GET /units/{unit}/watched", "overview.ListWatched", may(access.OverviewRead, "unit"), func(c call, in *struct {
			OfUnit
			Paging
		},
		) (list[WatchedCell], error) {
			after, err := cursor[string](in.After)
			if err != nil {
				return list[WatchedCell]{}, err
			}
			return as(func(p overview.WatchPage) list[WatchedCell] {
				shown := list[WatchedCell]{Items: all(c.watched, p.Cells)}
				if p.Next != "" {
					shown.Next = cursorTo(p.Next)
				}
				return shown
			})(overview.ListWatched(c.tx, c.by, in.Unit.ID, after, in.limit()))
		}),
	}
}

// UnitFigures is a unit of any size and those directly below it, by months.
type UnitFigures struct {
	Unit    Unit            `json:"unit"`
	Months  []meeting.Month `json:"months" nullable:"false"`
	Own     []MonthFigures  `json:"own" nullable:"false" doc:"The unit with all below it, one for each month."`
	Below   []BranchFigures `json:"below" nullable:"false"`
	Members Composition     `json:"members"`
	Watch   WatchList       `json:"watch"`
}

func (c call) unitFigures(v overview.View) UnitFigures {
	return UnitFigures{
		Unit: newUnit(v.Unit), Months: v.Months, Own: all(newMonthFigures, v.Own),
		Below: all(func(b overview.Branch) BranchFigures {
			return BranchFigures{newUnit(b.Unit), all(newMonthFigures, b.Months)}
		}, v.Below),
		Members: newComposition(v.Members), Watch: WatchList{v.Watch.Cells, v.Watch.Planned, all(c.watched, v.Watch.Heaviest)},
	}
}

// BranchFigures is a unit directly below, with all below it.
type BranchFigures struct {
	Unit   Unit           `json:"unit"`
	Months []MonthFigures `json:"months" nullable:"false"`
}

// MonthFigures is a month of a unit with all below it.
type MonthFigures struct {
	Month       meeting.Month `json:"month"`
	Open        bool          `json:"open" doc:"The month has not ended."`
	Cells       int           `json:"cells"`
	Held        int           `json:"held" doc:"Cells that held their monthly meeting."`
	Late        int           `json:"late" doc:"Those that held it on a day that the rhythm does not allow."`
	Expected    int           `json:"expected"`
	Present     int           `json:"present"`
	Speakers    int           `json:"speakers"`
	TasksDue    int           `json:"tasks_due"`
	TasksOnTime int           `json:"tasks_on_time"`
	Resolutions int           `json:"resolutions"`
	Themes      int           `json:"themes"`
	Sheets      int           `json:"sheets" doc:"Confirmed score sheets."`
	Claimed     int           `json:"claimed" doc:"The sum of the points claimed."`
	Evidence    int           `json:"evidence" doc:"The sum of the points that records show."`
}

func newMonthFigures(s overview.State) MonthFigures {
	return MonthFigures{
		Month: s.Month, Open: s.Open, Cells: s.Cells, Held: s.Held, Late: s.Late, Expected: s.Entitled, Present: s.Present, Speakers: s.Speakers,
		TasksDue: s.TasksDue, TasksOnTime: s.TasksOnTime, Resolutions: s.Resolutions, Themes: s.Themes,
		Sheets: s.Scored, Claimed: s.Claimed, Evidence: s.Evidence,
	}
}

// Composition is who the members are; groups of fewer than five are joined.
type Composition struct {
	Members  int               `json:"members"`
	Official int               `json:"official"`
	Sides    []CompositionSide `json:"sides,omitempty"`
}

// CompositionSide is the members parted by one property.
type CompositionSide struct {
	Name   string             `json:"name"`
	Groups []CompositionGroup `json:"groups" nullable:"false"`
	Rest   int                `json:"rest" doc:"Those of groups that are too small to be shown."`
	Joined int                `json:"joined" doc:"How many groups are in the rest."`
}

// CompositionGroup is a group of members.
type CompositionGroup struct {
	Name string `json:"name"`
	N    int    `json:"n"`
}

func newComposition(c overview.Composition) Composition {
	return Composition{c.Members, c.Official, all(func(s overview.Side) CompositionSide {
		return CompositionSide{s.Name, all(func(g overview.Share) CompositionGroup { return CompositionGroup(g) }, s.Groups), s.Rest, s.Joined}
	}, c.Sides)}
}

// WatchList is the cells that deserve attention.
type WatchList struct {
	Cells    int           `json:"cells"`
	Planned  int           `json:"planned" doc:"Those with an open plan of consolidation."`
	Heaviest []WatchedCell `json:"heaviest" nullable:"false"`
}

// WatchedCell is a cell on the list.
type WatchedCell struct {
	Cell    Unit             `json:"cell"`
	Above   string           `json:"above"`
	Reasons []string         `json:"reasons" nullable:"false"`
	Day     clock.Date       `json:"day" doc:"When its records were looked at."`
	Plan    consolidation.ID `json:"plan,omitzero"`
	Due     clock.Date       `json:"due,omitzero"`
}

func (c call) watched(w overview.Watched) WatchedCell {
	return WatchedCell{newUnit(w.Cell), w.Above, all(c.say, w.Reasons), w.Day, w.Plan, w.Due}
}
