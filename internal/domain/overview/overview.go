// Package overview looks over what the other packages keep: what waits on
// somebody's desk, and how the cells below a committee fare month by month.
//
// It only reads. What is late, what comes next and what deserves attention are
// functions of values; the records come in a few bulk reads, cut by the rights
// of the reader. It decides nothing: a concern is a reason to look, never a
// judgement of anybody.
package overview

import (
	"cmp"
	"slices"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

// Kind is what sort of thing waits; pages have a button for each.
type Kind string

const (
	TaskNew     Kind = "task_new"     // given, to be accepted
	TaskOffered Kind = "task_offered" // handed over by somebody, to be answered
	TaskDo      Kind = "task_do"      // one's own, under way
	TasksMore   Kind = "tasks_more"   // one's own beyond those listed
	TaskJudge   Kind = "task_judge"   // reported, to be judged
	TasksLate   Kind = "tasks_late"   // of the cell
	NoTask      Kind = "no_task"      // members without a task (S-77)

	MeetingPlan    Kind = "meeting_plan"
	MeetingPrepare Kind = "meeting_prepare"
	MeetingHold    Kind = "meeting_hold"
	MeetingAttend  Kind = "meeting_attend"
	MeetingMinute  Kind = "meeting_minute"
	MeetingPublish Kind = "meeting_publish"
	MeetingScore   Kind = "meeting_score"
	MeetingReport  Kind = "meeting_report"
	MeetingRedo    Kind = "meeting_redo" // the office sent the report back
	StepDo         Kind = "step_do"      // a step of the preparation

	ReportsWait Kind = "reports_wait" // to be acknowledged by the office
	Consolidate Kind = "consolidate"  // a weak cell, by a plan that one owns
	CellsSilent Kind = "cells_silent" // cells that have not met
	Vacant      Kind = "vacant"
	SlipsOut    Kind = "slips_out" // invitations not used yet
	Notices     Kind = "notices"

	BeginUnits   Kind = "begin_units"   // nothing stands below the committee yet
	BeginOffice  Kind = "begin_office"  // nobody does the work of its office yet
	BeginMembers Kind = "begin_members" // no members below it yet
)

// Item is one thing that waits.
type Item struct {
	Kind  Kind
	Title errs.Message
	Note  errs.Message // no key for none
	// Due is the day by which it should be done; zero is no fixed day.
	Due clock.Date
	// Own: the reader is the one to do it. The others are to be watched.
	Own  bool
	Link string
}

// when is the day by which an item takes its place. What the reader has to do
// without a fixed day keeps somebody waiting, so it stands with today's.
func (i Item) when(today clock.Date) clock.Date {
	switch {
	case !i.Due.IsZero():
		return i.Due
	case i.Own:
		return today
	}
	return clock.NewDate(9999, 12, 31)
}

// Urgency is how near the day of an item is.
type Urgency string

const (
	Late  Urgency = "late"
	Soon  Urgency = "soon"
	Later Urgency = "later"
	None  Urgency = "none" // no fixed day
)

// soonDays is how many days before its day an item stands out.
const soonDays = 3

// Urgency tells how near the item's day is.
func (i Item) Urgency(today clock.Date) Urgency {
	switch {
	case i.Due.IsZero():
		return None
	case i.Due.Before(today):
		return Late
	case i.Due.Sub(today) <= soonDays:
		return Soon
	}
	return Later
}

// ranks breaks ties of one day: what holds up others first.
var ranks = []Kind{
	BeginUnits, BeginOffice, BeginMembers,
	MeetingHold, MeetingRedo, TaskJudge, ReportsWait, TaskOffered, TaskNew, TaskDo, Consolidate, MeetingMinute, MeetingPublish, MeetingScore,
	MeetingReport, MeetingPlan, MeetingPrepare, StepDo, MeetingAttend, TasksLate, CellsSilent, Vacant, NoTask, TasksMore, SlipsOut, Notices,
}

// sorted puts the nearest day first; on one day, what the reader does before
// what the reader watches.
func sorted(items []Item, today clock.Date) []Item {
	list := slices.Clone(items)
	slices.SortStableFunc(list, func(a, b Item) int {
		return cmp.Or(
			a.when(today).Compare(b.when(today)),
			one(b.Own)-one(a.Own),
			cmp.Compare(slices.Index(ranks, a.Kind), slices.Index(ranks, b.Kind)),
		)
	})
	return list
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// lay puts the first thing that the reader has to do on top; the rest stays a
// list.
func lay(items []Item, today clock.Date) (next *Item, rest []Item) {
	rest = sorted(items, today)
	first := slices.IndexFunc(rest, func(i Item) bool { return i.Own })
	if first < 0 {
		return nil, rest
	}
	top := rest[first]
	return &top, slices.Delete(rest, first, first+1)
}

// fold keeps the first most items of what one person has to do and makes one
// line of the others.
func fold(items []Item, most int, more func(left []Item) Item) []Item {
	if len(items) <= most+1 {
		return items
	}
	return append(slices.Clone(items[:most]), more(items[most:]))
}

func say(key string, args ...any) errs.Message { return errs.Message{Key: key, Args: args} }
