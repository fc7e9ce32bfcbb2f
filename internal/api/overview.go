package api

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

// overviewOperations are the desk and the figures of what lies below.
func overviewOperations() []operation {
	return []operation{
		read("GET /units/{unit}/desk", "overview.OnDesk", may(access.UnitRead, "unit"), desk),
		read("GET /units/{unit}/overview", "overview.Look", may(access.OverviewRead, "unit"), func(c call, in *struct {
			OfUnit
			TableSpan
			Detail bool `query:"detail" doc:"Attendance and speakers of every month, not of the last only."`
		},
		) (Table, error) {
			return as(c.table)(overview.Look(c.tx, c.by, in.Unit.ID, overview.Span{Until: c.month(in.Until), Months: in.Months, Detail: in.Detail}))
		}),
		read("GET /units/{unit}/reports", "overview.Reports", may(access.MeetingAcknowledge, "unit"), func(c call, in *OfUnit) (list[Report], error) {
			return each(func(r overview.Report) Report { return Report(r) })(overview.Reports(c.tx, c.by, in.Unit.ID))
		}),
		read("GET /me/followed", "overview.Followed", anyone(), func(c call, _ *struct{}) (list[Followed], error) {
			return each(newFollowed)(overview.Followed(c.tx, c.by))
		}),
	}
}

// TableSpan is the months that a table covers.
type TableSpan struct {
	Until  string `query:"until" pattern:"^[0-9]{4}-[0-9]{2}$" example:"2026-11" doc:"The last month; the running one where it is absent."`
	Months int    `query:"months" minimum:"1" maximum:"24" default:"6"`
}

// month is the month that was asked for, or the running one.
func (c call) month(asked string) meeting.Month {
	if asked == "" {
		return meeting.MonthOf(clock.DateOf(c.tx.Now))
	}
	return meeting.Month(asked)
}

// desk is the caller's at a unit that they see.
func desk(c call, in *OfUnit) (Desk, error) {
	at, err := access.Require(c.tx, c.by, access.UnitRead, in.Unit.ID)
	if err != nil {
		return Desk{}, err
	}
	return as(c.desk)(overview.OnDesk(c.tx, c.by, at))
}

// Desk is what waits for somebody.
type Desk struct {
	Next  *DeskItem  `json:"next,omitempty"`
	Items []DeskItem `json:"items" nullable:"false"`
}

func (c call) desk(d overview.Desk) Desk {
	shown := Desk{Items: all(c.deskItem, d.Items)}
	if d.Next != nil {
		next := c.deskItem(*d.Next)
		shown.Next = &next
	}
	return shown
}

// DeskItem is something to be done, or to be watched.
type DeskItem struct {
	Kind  overview.Kind `json:"kind"`
	Title string        `json:"title"`
	Note  string        `json:"note,omitempty"`
	Due   clock.Date    `json:"due,omitzero"`
	Own   bool          `json:"own" doc:"The caller is the one to do it."`
	Link  string        `json:"link,omitempty"`
}

func (c call) deskItem(i overview.Item) DeskItem {
	return DeskItem{i.Kind, c.say(i.Title), c.say(i.Note), i.Due, i.Own, i.Link}
}

// Table is the cells below a unit by months.
type Table struct {
	Unit     Unit            `json:"unit"`
	Months   []meeting.Month `json:"months" nullable:"false"`
	Rows     []TableRow      `json:"rows" nullable:"false"`
	Summary  Summary         `json:"summary"`
	Concerns []Concern       `json:"concerns,omitempty"`
}

func (c call) table(t overview.Table) Table {
	return Table{
		newUnit(t.Unit), t.Months, all(newTableRow, t.Rows), newSummary(t.Summary),
		all(func(o overview.Concern) Concern { return Concern{newUnit(o.Cell), all(c.say, o.Reasons)} }, t.Concerns),
	}
}

// TableRow is one cell.
type TableRow struct {
	Cell     Unit        `json:"cell"`
	Months   []CellMonth `json:"months" nullable:"false"`
	Overdue  int         `json:"overdue"`
	Headless clock.Date  `json:"headless,omitzero" doc:"Since when the cell has had no secretary."`
}

func newTableRow(r overview.Row) TableRow {
	return TableRow{newUnit(r.Cell), all(newCellMonth, r.Months), r.Overdue, r.Headless}
}

// CellMonth is a month of a cell.
type CellMonth struct {
	Month       meeting.Month     `json:"month"`
	Standing    overview.Standing `json:"standing"`
	Meeting     meeting.ID        `json:"meeting,omitzero"`
	Day         clock.Date        `json:"day,omitzero"`
	OnDay       bool              `json:"on_day"`
	Postponed   int               `json:"postponed"`
	Waiting     bool              `json:"waiting"`
	Same        bool              `json:"same" doc:"Its agenda says nothing that the month before did not say."`
	Score       *Figure           `json:"score,omitempty"`
	Entitled    int               `json:"entitled"`
	Present     int               `json:"present"`
	Speakers    int               `json:"speakers"`
	TasksDue    int               `json:"tasks_due"`
	TasksOnTime int               `json:"tasks_on_time"`
}

func newCellMonth(e overview.Entry) CellMonth {
	shown := CellMonth{
		Month: e.Month, Standing: e.Standing, Meeting: e.Meeting, Day: e.Day, OnDay: e.OnDay, Postponed: e.Postponed, Waiting: e.Waiting,
		Same: e.Same, Entitled: e.Entitled, Present: e.Present, Speakers: e.Speakers, TasksDue: e.TasksDue, TasksOnTime: e.TasksOnTime,
	}
	if e.Scored {
		shown.Score = newFigure(e.Score)
	}
	return shown
}

// Figure is a confirmed score sheet in short.
type Figure struct {
	Totals Totals `json:"totals"`
	Gaps   int    `json:"gaps" doc:"Lines whose claim differs from the evidence."`
}

func newFigure(f score.Figure) *Figure { return &Figure{newTotals(f.Totals), f.Gaps} }

// Summary is a month of all cells together.
type Summary struct {
	Month       meeting.Month `json:"month"`
	Day         int           `json:"day"`
	Cells       int           `json:"cells"`
	Held        int           `json:"held"`
	OnDay       int           `json:"on_day"`
	Silent      int           `json:"silent"`
	Scored      int           `json:"scored"`
	Average     int           `json:"average" doc:"In tenths of a point."`
	Compared    bool          `json:"compared"`
	Change      int           `json:"change"`
	Claimed     int           `json:"claimed" doc:"Cells whose claim lies far above the evidence."`
	Entitled    int           `json:"entitled"`
	Present     int           `json:"present"`
	Speakers    int           `json:"speakers"`
	TasksDue    int           `json:"tasks_due"`
	TasksOnTime int           `json:"tasks_on_time"`
	Waiting     int           `json:"waiting"`
}

func newSummary(s overview.Summary) Summary {
	return Summary{
		Month: s.Month, Day: s.Day, Cells: s.Cells, Held: s.Held, OnDay: s.OnDay, Silent: s.Silent, Scored: s.Scored, Average: s.Average,
		Compared: s.Compared, Change: s.Change, Claimed: s.Claimed, Entitled: s.Entitled, Present: s.Present, Speakers: s.Speakers,
		TasksDue: s.TasksDue, TasksOnTime: s.TasksOnTime, Waiting: s.Waiting,
	}
}

// Concern is a cell that needs attention, and why.
type Concern struct {
	Cell    Unit     `json:"cell"`
	Reasons []string `json:"reasons" nullable:"false"`
}

// Report is a report that waits for its answer.
type Report struct {
	Meeting meeting.ID    `json:"meeting"`
	Unit    orgtree.ID    `json:"unit"`
	Cell    string        `json:"cell"`
	Month   meeting.Month `json:"month"`
	At      time.Time     `json:"at"`
	Again   bool          `json:"again" doc:"It was sent back before."`
}

// Followed is a cell that the caller follows for the committee above.
type Followed struct {
	Cell Unit     `json:"cell"`
	Next *Meeting `json:"next,omitempty"`
	Last *Meeting `json:"last,omitempty"`
}

func newFollowed(f overview.FollowedCell) Followed {
	shown := Followed{Cell: newUnit(f.Cell)}
	if f.HasNext {
		next := newMeeting(f.Next)
		shown.Next = &next
	}
	if f.HasLast {
		last := newMeeting(f.Last)
		shown.Last = &last
	}
	return shown
}
