package rulepack

import (
	"fmt"
	"slices"
	"time"

	"chibo/internal/platform/clock"
)

// Rhythm is the kinds of meetings, how often each is held and how people may
// take part (rules 22.1).
type Rhythm struct {
	Kinds []MeetingKind `yaml:"kinds"`
	Modes []Mode        `yaml:"modes"`
}

// Periods of a rhythm.
const (
	EveryMonth   = "month"
	EveryQuarter = "quarter"
	WhenNeeded   = "need"
)

// MeetingKind is one kind of meeting.
type MeetingKind struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	// Short is the label on narrow screens.
	Short string `yaml:"short"`
	// At least AtLeast meetings every period.
	Every   string `yaml:"every"`
	AtLeast int    `yaml:"at_least"`
	// Day is the day of the month on which it is held; where that is a day
	// off or the case is special, it moves within FirstDay to LastDay.
	Day      int `yaml:"day"`
	FirstDay int `yaml:"first_day"`
	LastDay  int `yaml:"last_day"`
	// Before names the kind that this one must precede in the month.
	Before string `yaml:"before"`
	// Covers names the kinds whose duty the meeting fulfils.
	Covers []string `yaml:"covers"`
	// Length is the parameter that holds the shortest length in minutes.
	Length string `yaml:"length"`
	// NeedsReason: planning one asks why.
	NeedsReason bool   `yaml:"needs_reason"`
	Note        string `yaml:"note"`
}

// Mode is a way of taking part: in person, online, mixed.
type Mode struct {
	ID          string `yaml:"id"`
	Label       string `yaml:"label"`
	NeedsReason bool   `yaml:"needs_reason"`
}

// Kind finds a kind of meeting.
func (r Rhythm) Kind(id string) (MeetingKind, bool) {
	i := slices.IndexFunc(r.Kinds, func(k MeetingKind) bool { return k.ID == id })
	if i < 0 {
		return MeetingKind{}, false
	}
	return r.Kinds[i], true
}

// DayIn proposes the day in a month: the kind's own day, or the nearest
// working day after it, or before it, inside its window. A kind without a
// day proposes none.
func (k MeetingKind) DayIn(year int, month time.Month, calendar *WorkingDays) clock.Date {
	if k.Day == 0 {
		return clock.Date{}
	}
	own := clock.NewDate(year, month, k.Day)
	for day := k.Day; day <= k.LastDay; day++ {
		if d := clock.NewDate(year, month, day); calendar.IsWorkingDay(d) {
			return d
		}
	}
	for day := k.Day - 1; day >= k.FirstDay; day-- {
		if d := clock.NewDate(year, month, day); calendar.IsWorkingDay(d) {
			return d
		}
	}
	return own
}

// Timely reports whether the kind may be held on the day without a reason.
func (k MeetingKind) Timely(day clock.Date) bool {
	return k.Day == 0 || (day.Day() >= k.FirstDay && day.Day() <= k.LastDay)
}

func (r Rhythm) check(in *problems) {
	var ids []string
	for _, k := range r.Kinds {
		ids = append(ids, k.ID)
	}
	known := in.ids(at("kinds"), ids...)
	for i, k := range r.Kinds {
		path := at("kinds", i)
		in.need(append(path, "label"), k.Label)
		if !slices.Contains([]string{EveryMonth, EveryQuarter, WhenNeeded}, k.Every) {
			in.add(append(path, "every"), "every %q: month, quarter or need", k.Every)
		}
		if k.Day != 0 && (k.FirstDay < 1 || k.Day < k.FirstDay || k.LastDay < k.Day || k.LastDay > 28) {
			in.add(append(path, "day"), "day %d does not lie between first_day and last_day", k.Day)
		}
		for _, other := range append(slices.Clone(k.Covers), k.Before) {
			if other != "" && !known[other] {
				in.add(path, "no kind of meeting %q", other)
			}
		}
	}
	ids = nil
	for i, m := range r.Modes {
		in.need(at("modes", i, "label"), m.Label)
		ids = append(ids, m.ID)
	}
	in.ids(at("modes"), ids...)
}

// rhythmCase expects the proposed day of a kind in the month of a day.
type rhythmCase struct {
	Kind  string     `yaml:"kind"`
	Month clock.Date `yaml:"month"`
	Day   clock.Date `yaml:"day"`
}

func (c rhythmCase) run(s *Set, p *Pack) error {
	kind, ok := p.body.(Rhythm).Kind(c.Kind)
	if !ok {
		return fmt.Errorf("no kind of meeting %q", c.Kind)
	}
	if day := kind.DayIn(c.Month.Year(), c.Month.Month(), s.calendar); day != c.Day {
		return fmt.Errorf("%s in %s falls on %s, want %s", c.Kind, c.Month, day, c.Day)
	}
	return nil
}

// Checklist is the steps of a meeting from preparation to report (rules 22.2).
type Checklist struct {
	Lists []StepList `yaml:"lists"`
}

// StepList is the steps for some kinds of meeting.
type StepList struct {
	ID       string   `yaml:"id"`
	Meetings []string `yaml:"meetings"`
	Phases   []Phase  `yaml:"phases"`
}

// Phase is a part of the course: preparation, opening, conduct, closing, after.
type Phase struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	Steps []Step `yaml:"steps"`
}

// Step is one numbered thing to do.
type Step struct {
	ID    string `yaml:"id"`
	No    int    `yaml:"no"`
	Label string `yaml:"label"`
	// Who lists roles, the first being the usual one.
	Who []string `yaml:"who"`
	// Due is days from the meeting day: -1 is the day before, 2 two after.
	Due int `yaml:"due"`
	// Proof names the record that shows the step was done, ProofLabel says
	// it in words; a step without proof is ticked by hand.
	Proof      string `yaml:"proof"`
	ProofLabel string `yaml:"proof_label"`
	// OnlyWithCommittee: not needed where there is only a secretary.
	OnlyWithCommittee bool `yaml:"only_with_committee"`
	// Optional: only where the meeting has such a matter.
	Optional bool   `yaml:"optional"`
	Hint     string `yaml:"hint"`
}

// For is the list of steps for a kind of meeting.
func (c Checklist) For(meeting string) (StepList, bool) {
	i := slices.IndexFunc(c.Lists, func(l StepList) bool { return slices.Contains(l.Meetings, meeting) })
	if i < 0 {
		return StepList{}, false
	}
	return c.Lists[i], true
}

// Steps lists the steps of all phases in order.
func (l StepList) Steps() []Step {
	var out []Step
	for _, p := range l.Phases {
		out = append(out, p.Steps...)
	}
	return out
}

// On is the last day for the step of a meeting.
func (s Step) On(meeting clock.Date) clock.Date { return meeting.AddDays(s.Due) }

func (c Checklist) check(in *problems) {
	var meetings []string
	for i, l := range c.Lists {
		meetings = append(meetings, l.Meetings...)
		var steps []string
		for j, phase := range l.Phases {
			in.need(at("lists", i, "phases", j, "label"), phase.Label)
			for k, step := range phase.Steps {
				path := at("lists", i, "phases", j, "steps", k)
				in.need(append(path, "label"), step.Label)
				if len(step.Who) == 0 {
					in.add(append(path, "who"), "who does it is missing")
				}
				if step.Proof != "" {
					in.need(append(path, "proof_label"), step.ProofLabel)
				}
				steps = append(steps, step.ID)
			}
		}
		in.ids(at("lists", i), steps...)
	}
	in.ids(at("lists"), meetings...)
}

// checklistCase expects the last day of a step of a meeting.
type checklistCase struct {
	Meeting string     `yaml:"meeting"`
	Held    clock.Date `yaml:"held"`
	Step    string     `yaml:"step"`
	Due     clock.Date `yaml:"due"`
}

func (c checklistCase) run(_ *Set, p *Pack) error {
	list, _ := p.body.(Checklist).For(c.Meeting)
	for _, step := range list.Steps() {
		if step.ID == c.Step {
			if due := step.On(c.Held); due != c.Due {
				return fmt.Errorf("step %s is due %s, want %s", c.Step, due, c.Due)
			}
			return nil
		}
	}
	return fmt.Errorf("%s meeting has no step %q", c.Meeting, c.Step)
}

// Agenda is the frames of meetings and the headings of each type of cell
// (rules 22.2, 22.3).
type Agenda struct {
	// ItemKinds names what an item can be; code knows them by id.
	ItemKinds []Named `yaml:"item_kinds"`
	Frames    []Frame `yaml:"frames"`
	// Templates are the headings by type of cell.
	Templates []AgendaTemplate `yaml:"templates"`
}

// Named is an id with its Vietnamese label.
type Named struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	Note  string `yaml:"note"`
}

// Frame is the items of some kinds of meeting, in order.
type Frame struct {
	ID       string       `yaml:"id"`
	Meetings []string     `yaml:"meetings"`
	Items    []AgendaItem `yaml:"items"`
}

// AgendaItem is one entry of an agenda.
type AgendaItem struct {
	ID    string `yaml:"id"`
	Kind  string `yaml:"kind"`
	Phase string `yaml:"phase"`
	Label string `yaml:"label"`
	// Lines are headings under the item; TakesHeadings adds those of the
	// type of cell.
	Lines         []string `yaml:"lines"`
	TakesHeadings bool     `yaml:"takes_headings"`
	// Presenter is a role.
	Presenter string `yaml:"presenter"`
	Minutes   int    `yaml:"minutes"`
	// Rota: the presenter rotates among members (S-22, S-46).
	Rota     bool `yaml:"rota"`
	Optional bool `yaml:"optional"`
}

// AgendaTemplate is what a type of cell talks about; each heading is one
// checkable line.
type AgendaTemplate struct {
	// ID is the type of cell.
	ID       string   `yaml:"id"`
	Label    string   `yaml:"label"`
	Headings []string `yaml:"headings"`
}

// For is the agenda for a type of cell and a kind of meeting; an unknown
// type of cell gets the frame without headings.
func (a Agenda) For(cellType, meeting string) []AgendaItem {
	var headings []string
	for _, t := range a.Templates {
		if t.ID == cellType {
			headings = t.Headings
		}
	}
	for _, f := range a.Frames {
		if !slices.Contains(f.Meetings, meeting) {
			continue
		}
		items := slices.Clone(f.Items)
		for i, item := range items {
			if item.TakesHeadings {
				items[i].Lines = append(slices.Clone(item.Lines), headings...)
			}
		}
		return items
	}
	return nil
}

func (a Agenda) check(in *problems) {
	itemKinds := checkNamed(in, at("item_kinds"), a.ItemKinds)
	var meetings, types []string
	for i, f := range a.Frames {
		meetings = append(meetings, f.Meetings...)
		var ids []string
		for j, item := range f.Items {
			path := at("frames", i, "items", j)
			in.need(append(path, "label"), item.Label)
			in.need(append(path, "presenter"), item.Presenter)
			if !itemKinds[item.Kind] {
				in.add(append(path, "kind"), "no kind of item %q", item.Kind)
			}
			if item.Minutes < 0 {
				in.add(append(path, "minutes"), "minutes cannot be negative")
			}
			ids = append(ids, item.ID)
		}
		in.ids(at("frames", i, "items"), ids...)
	}
	in.ids(at("frames"), meetings...)
	for i, t := range a.Templates {
		in.need(at("templates", i, "label"), t.Label)
		if len(t.Headings) == 0 {
			in.add(at("templates", i, "headings"), "headings are missing")
		}
		types = append(types, t.ID)
	}
	in.ids(at("templates"), types...)
}

func checkNamed(in *problems, path []any, list []Named) map[string]bool {
	var ids []string
	for i, n := range list {
		in.need(append(path, i, "label"), n.Label)
		ids = append(ids, n.ID)
	}
	return in.ids(path, ids...)
}

// agendaCase expects the number of headings and the length of an agenda.
type agendaCase struct {
	CellType string `yaml:"cell_type"`
	Meeting  string `yaml:"meeting"`
	Headings int    `yaml:"headings"`
	Minutes  int    `yaml:"minutes"`
}

func (c agendaCase) run(_ *Set, p *Pack) error {
	headings, minutes := 0, 0
	for _, item := range p.body.(Agenda).For(c.CellType, c.Meeting) {
		minutes += item.Minutes
		if item.TakesHeadings {
			headings += len(item.Lines)
		}
	}
	if headings != c.Headings || minutes != c.Minutes {
		return fmt.Errorf("%s/%s: %d headings, %d minutes; want %d, %d", c.CellType, c.Meeting, headings, minutes, c.Headings, c.Minutes)
	}
	return nil
}

// Topics is the list from which thematic meetings choose (S-42).
type Topics struct {
	Topics []Topic `yaml:"topics"`
}

// Topic is one theme, with the types of cell it suits best (none: all).
type Topic struct {
	ID        string   `yaml:"id"`
	Label     string   `yaml:"label"`
	WorkArea  string   `yaml:"work_area"`
	CellTypes []string `yaml:"cell_types"`
	Note      string   `yaml:"note"`
}

// For lists the topics that suit a type of cell.
func (t Topics) For(cellType string) []Topic {
	var out []Topic
	for _, topic := range t.Topics {
		if len(topic.CellTypes) == 0 || slices.Contains(topic.CellTypes, cellType) {
			out = append(out, topic)
		}
	}
	return out
}

func (t Topics) check(in *problems) {
	var ids []string
	for i, topic := range t.Topics {
		in.need(at("topics", i, "label"), topic.Label)
		ids = append(ids, topic.ID)
	}
	in.ids(at("topics"), ids...)
}

// topicCase expects a topic to be offered to a type of cell, or not.
type topicCase struct {
	CellType string `yaml:"cell_type"`
	Topic    string `yaml:"topic"`
	Offered  bool   `yaml:"offered"`
}

func (c topicCase) run(_ *Set, p *Pack) error {
	offered := slices.ContainsFunc(p.body.(Topics).For(c.CellType), func(t Topic) bool { return t.ID == c.Topic })
	if offered != c.Offered {
		return fmt.Errorf("topic %s offered to %s: %t, want %t", c.Topic, c.CellType, offered, c.Offered)
	}
	return nil
}
