package rulepack

import (
	"cmp"
	"fmt"
	"slices"
)

// ScoreSheet rates a meeting in points (rules 22.4). A line that records can
// decide carries conditions; every other line is a person's judgement, and a
// person confirms them all.
type ScoreSheet struct {
	Title string `yaml:"title"`
	// Lengths says how long the meeting must be; the first that applies counts.
	Lengths  []Length    `yaml:"lengths"`
	Criteria []Criterion `yaml:"criteria"`
	// Classes from the best to the weakest.
	Classes []Class `yaml:"classes"`
}

// Length is a required number of minutes under a condition.
type Length struct {
	When    Expr `yaml:"when"`
	Minutes int  `yaml:"minutes"`
}

// Criterion is a numbered block of the sheet.
type Criterion struct {
	ID    string      `yaml:"id"`
	Label string      `yaml:"label"`
	Max   int         `yaml:"max"`
	Lines []ScoreLine `yaml:"lines"`
}

// Modes of a line: one of several options, or all or nothing.
const (
	Choose = "choose"
	Toggle = "toggle"
)

// ScoreLine is one thing that earns points.
type ScoreLine struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	Max   int    `yaml:"max"`
	Mode  string `yaml:"mode"`
	// Evidence names the records the proposal comes from.
	Evidence []string `yaml:"evidence"`
	// CountsWhen leaves the line out of the sheet where it does not hold.
	CountsWhen Expr `yaml:"counts_when"`
	// Decidable says when records suffice; Undecided explains when not.
	Decidable Expr   `yaml:"decidable"`
	Undecided string `yaml:"undecided"`
	// Expr earns a toggle its points; Reason and ReasonNot say why (not).
	Expr      Expr          `yaml:"expr"`
	Reason    string        `yaml:"reason"`
	ReasonNot string        `yaml:"reason_not"`
	Options   []ScoreOption `yaml:"options"`
	Note      string        `yaml:"note"`
}

// ScoreOption is one choice of a line; the first whose condition holds is
// proposed.
type ScoreOption struct {
	ID     string `yaml:"id"`
	Label  string `yaml:"label"`
	Points int    `yaml:"points"`
	Expr   Expr   `yaml:"expr"`
	Reason string `yaml:"reason"`
}

// Class is a class of meetings from a number of points on.
type Class struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	Min   int    `yaml:"min"`
}

// Proposal is what the records say about one line.
type Proposal struct {
	Line string
	// Counted is false where the line is not part of this meeting's sheet.
	Counted bool
	// Decided is false where only a person can tell.
	Decided bool
	Option  string
	Points  int
	Max     int
	// Reason is a Vietnamese sentence with the figures.
	Reason   string
	Evidence []string
}

// FromRecords reports whether records can decide the line at all.
func (l ScoreLine) FromRecords() bool {
	return !l.Expr.Absent() || slices.ContainsFunc(l.Options, func(o ScoreOption) bool { return !o.Expr.Absent() })
}

// Allows reports whether the line can earn exactly the points.
func (l ScoreLine) Allows(points int) bool {
	if l.Mode == Toggle {
		return points == 0 || points == l.Max
	}
	return slices.ContainsFunc(l.Options, func(o ScoreOption) bool { return o.Points == points })
}

// Line finds a line by its id.
func (s ScoreSheet) Line(id string) (ScoreLine, bool) {
	for _, c := range s.Criteria {
		for _, l := range c.Lines {
			if l.ID == id {
				return l, true
			}
		}
	}
	return ScoreLine{}, false
}

// Class is the class that the points reach.
func (s ScoreSheet) Class(points int) Class {
	for _, c := range s.Classes {
		if points >= c.Min {
			return c
		}
	}
	return s.Classes[len(s.Classes)-1]
}

// RequiredMinutes is how long the meeting should have been.
func (s ScoreSheet) RequiredMinutes(f MeetingFacts) (int, error) {
	for _, l := range s.Lengths {
		if held, err := l.When.Holds(f); err != nil || held {
			return l.Minutes, err
		}
	}
	return 0, nil
}

// Propose says for every line what the records show, and why.
func (s ScoreSheet) Propose(f MeetingFacts) ([]Proposal, error) {
	required, err := s.RequiredMinutes(f)
	if err != nil {
		return nil, err
	}
	f.Required = required
	words := f.words()
	var out []Proposal
	for _, c := range s.Criteria {
		for _, l := range c.Lines {
			p, err := l.propose(f, words)
			if err != nil {
				return nil, fmt.Errorf("line %s: %w", l.ID, err)
			}
			out = append(out, p)
		}
	}
	return out, nil
}

func (l ScoreLine) propose(f MeetingFacts, words map[string]string) (Proposal, error) {
	p := Proposal{Line: l.ID, Max: l.Max, Evidence: l.Evidence}
	var err error
	if p.Counted, err = l.CountsWhen.Holds(f); err != nil || !p.Counted || !l.FromRecords() {
		return p, err
	}
	if p.Decided, err = l.Decidable.Holds(f); err != nil || !p.Decided {
		p.Reason = fill(l.Undecided, words)
		return p, err
	}
	if l.Mode == Toggle {
		err = l.decideToggle(&p, f, words)
	} else {
		err = l.decideOption(&p, f, words)
	}
	return p, err
}

func (l ScoreLine) decideToggle(p *Proposal, f MeetingFacts, words map[string]string) error {
	earned, err := l.Expr.Holds(f)
	if earned {
		p.Points, p.Reason = l.Max, fill(l.Reason, words)
	} else {
		p.Reason = fill(l.ReasonNot, words)
	}
	return err
}

func (l ScoreLine) decideOption(p *Proposal, f MeetingFacts, words map[string]string) error {
	for _, o := range l.Options {
		held, err := o.Expr.Holds(f)
		if err != nil {
			return err
		}
		if held {
			p.Option, p.Points = o.ID, o.Points
			p.Reason = fill(cmp.Or(o.Reason, l.Reason), words)
			return nil
		}
	}
	p.Decided, p.Reason = false, fill(l.Undecided, words)
	return nil
}

func (s ScoreSheet) check(in *problems) {
	in.need(at("title"), s.Title)
	if len(s.Lengths) == 0 || !s.Lengths[len(s.Lengths)-1].When.Absent() {
		in.add(at("lengths"), "the last length must hold without condition")
	}
	s.checkClasses(in)
	var ids []string
	for i, c := range s.Criteria {
		path := at("criteria", i)
		in.need(append(path, "label"), c.Label)
		sum := 0
		for j, l := range c.Lines {
			l.check(in, append(path, "lines", j))
			sum += l.Max
			ids = append(ids, l.ID)
		}
		if sum != c.Max {
			in.add(append(path, "max"), "the lines of %s sum to %d, not %d", c.ID, sum, c.Max)
		}
	}
	in.ids(at("criteria"), ids...)
}

func (s ScoreSheet) checkClasses(in *problems) {
	if len(s.Classes) == 0 || s.Classes[len(s.Classes)-1].Min != 0 {
		in.add(at("classes"), "the last class must begin at 0")
	}
	for i, c := range s.Classes {
		in.need(at("classes", i, "id"), c.ID)
		in.need(at("classes", i, "label"), c.Label)
		if i > 0 && c.Min >= s.Classes[i-1].Min {
			in.add(at("classes", i, "min"), "classes go from the best to the weakest")
		}
	}
}

func (l ScoreLine) check(in *problems, path []any) {
	in.need(append(path, "label"), l.Label)
	if l.Max <= 0 {
		in.add(append(path, "max"), "max must be positive")
	}
	switch l.Mode {
	case Toggle:
		l.checkToggle(in, path)
	case Choose:
		l.checkOptions(in, path)
	default:
		in.add(append(path, "mode"), "mode is choose or toggle")
	}
	if l.FromRecords() && len(l.Evidence) == 0 {
		in.add(path, "a line that records decide names its evidence")
	}
	if !l.Decidable.Absent() && l.Undecided == "" {
		in.add(path, "undecided must say why records do not suffice")
	}
	checkTemplate(in, append(path, "reason"), l.Reason)
	checkTemplate(in, append(path, "reason_not"), l.ReasonNot)
	checkTemplate(in, append(path, "undecided"), l.Undecided)
}

func (l ScoreLine) checkToggle(in *problems, path []any) {
	if len(l.Options) > 0 {
		in.add(append(path, "options"), "a toggle has no options")
	}
	if !l.Expr.Absent() && (l.Reason == "" || l.ReasonNot == "") {
		in.add(path, "a toggle that records decide needs reason and reason_not")
	}
}

func (l ScoreLine) checkOptions(in *problems, path []any) {
	best, decided := 0, 0
	var ids []string
	for i, o := range l.Options {
		in.need(append(path, "options", i, "label"), o.Label)
		checkTemplate(in, append(path, "options", i, "reason"), o.Reason)
		best, ids = max(best, o.Points), append(ids, o.ID)
		if !o.Expr.Absent() {
			decided++
			in.need(append(path, "options", i, "reason"), cmp.Or(o.Reason, l.Reason))
		}
	}
	in.ids(append(path, "options"), ids...)
	if best != l.Max {
		in.add(append(path, "max"), "the best option earns %d, not %d", best, l.Max)
	}
	if decided != 0 && decided != len(l.Options) {
		in.add(append(path, "options"), "either all options have a condition or none")
	}
}

func checkTemplate(in *problems, path []any, text string) {
	if place := unknownPlace(text); place != "" {
		in.add(path, "nothing fills %s", place)
	}
}

// scoreCase gives facts and what the sheet makes of them.
type scoreCase struct {
	Name  string       `yaml:"name"`
	Facts MeetingFacts `yaml:"facts"`
	// Points per line, and lines that stay open or do not count.
	Points     map[string]int    `yaml:"points"`
	Reasons    map[string]string `yaml:"reasons"`
	Undecided  []string          `yaml:"undecided"`
	NotCounted []string          `yaml:"not_counted"`
	// Total and Class of a sum of points.
	Total *int   `yaml:"total"`
	Class string `yaml:"class"`
}

func (c scoreCase) run(_ *Set, p *Pack) error {
	sheet := p.body.(ScoreSheet)
	if c.Total != nil && sheet.Class(*c.Total).ID != c.Class {
		return fmt.Errorf("%s: %d points are class %s, want %s", c.Name, *c.Total, sheet.Class(*c.Total).ID, c.Class)
	}
	proposals, err := sheet.Propose(c.Facts)
	if err != nil {
		return err
	}
	byLine := map[string]Proposal{}
	for _, p := range proposals {
		byLine[p.Line] = p
	}
	return c.compare(byLine)
}

func (c scoreCase) compare(got map[string]Proposal) error {
	for id, points := range c.Points {
		if p, ok := got[id]; !ok || !p.Decided || p.Points != points {
			return fmt.Errorf("%s: line %s: have %+v, want %d points", c.Name, id, p, points)
		}
	}
	for id, reason := range c.Reasons {
		if got[id].Reason != reason {
			return fmt.Errorf("%s: line %s: reason %q, want %q", c.Name, id, got[id].Reason, reason)
		}
	}
	for _, id := range c.Undecided {
		if p, ok := got[id]; !ok || p.Decided || !p.Counted {
			return fmt.Errorf("%s: line %s should stay open, have %+v", c.Name, id, p)
		}
	}
	for _, id := range c.NotCounted {
		if p, ok := got[id]; !ok || p.Counted {
			return fmt.Errorf("%s: line %s should not count, have %+v", c.Name, id, p)
		}
	}
	return nil
}
