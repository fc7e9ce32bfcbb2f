// Package score knows the score sheet of a meeting (rules 22.4): what the
// records propose for every line and why, what a person claims, and where the
// two differ.
//
// The sheet itself, its lines, points, conditions and classes, is a rule pack.
// Nothing is decided without a person and nothing is rescaled: a month without
// a thematic meeting reaches 95. Once the meeting has been reported upwards the
// sheet is frozen, until the office above sends it back.
//
// It reads meetings, tasks and resolutions; it knows no minutes and no pages.
package score

import (
	"regexp"
	"slices"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Noun is what the journal and links call a score sheet; its id is that of the
// meeting.
const Noun = "score"

// Sheet is the score sheet of a meeting, proposed or confirmed.
type Sheet struct {
	Meeting meeting.ID
	Unit    orgtree.ID
	Month   meeting.Month
	Title   string
	// Warning is what the pack says about itself, to be shown with the sheet.
	Warning string
	Lines   []Line
	Totals
	// Facts are the records in figures, as they were at LookedAt.
	Facts rulepack.MeetingFacts
	Rules rulepack.Ref
	// ConfirmedAt is zero while nobody has claimed anything.
	ConfirmedAt time.Time
	ConfirmedBy access.PersonID
	LookedAt    time.Time // since when the evidence is as it is
	// Frozen: reported upwards, neither claims nor evidence change.
	Frozen  bool
	Version int64 // 0 while nobody has claimed anything
}

// Confirmed reports whether a person has claimed points.
func (s Sheet) Confirmed() bool { return !s.ConfirmedAt.IsZero() }

// Totals are the sums over the lines that count.
type Totals struct {
	Claimed int
	// Evidence is Claimed with the records' points on every line that they
	// decide. On the others only a person can tell, and the claim stands.
	Evidence int
	// Proven are the points of the lines that records decide, of ProvenMost.
	Proven, ProvenMost int
	// Reachable is the most that this month's sheet can give, Whole the most
	// that a sheet with every line can.
	Reachable, Whole int
	// Class is that of Claimed, EvidenceClass that of Evidence.
	Class, EvidenceClass Class
}

// Gap is by how much the claim exceeds the evidence; below 0 it is modest.
func (t Totals) Gap() int { return t.Claimed - t.Evidence }

// Class is a class of meetings, in the pack's words.
type Class struct{ ID, Label string }

// Line is one line of a sheet.
type Line struct {
	ID                        string
	Criterion, CriterionLabel string
	Label                     string
	Mode                      string // rulepack.Choose, rulepack.Toggle
	Max                       int
	Note                      string
	// Options are what can be chosen; a sheet read back has none.
	Options []rulepack.ScoreOption

	// Counted is false where the line is not part of this month's sheet,
	// Decided where only a person can tell.
	Counted, Decided bool
	Option           string // the one that the records propose
	Proposed         int
	Reason           string // a Vietnamese sentence with the figures
	Evidence         []Row

	Claimed     int
	ClaimReason string
}

// Shown is what the line gives by evidence: the records' points where they
// decide, otherwise what a person says.
func (l Line) Shown() int {
	switch {
	case !l.Counted:
		return 0
	case l.Decided:
		return l.Proposed
	}
	return l.Claimed
}

// Gap is a line whose claim differs from the evidence.
type Gap struct {
	Line
	// More is claimed points less those by evidence.
	More int
}

// Gaps are the lines whose claim differs from the evidence, in order.
func (s Sheet) Gaps() []Gap {
	var list []Gap
	for _, l := range s.Lines {
		if more := l.Claimed - l.Shown(); more != 0 {
			list = append(list, Gap{l, more})
		}
	}
	return list
}

// Criterion is a numbered block of lines with its sums.
type Criterion struct {
	ID, Label              string
	Max, Claimed, Evidence int
	Lines                  []Line
}

// Criteria are the lines in their blocks. Max is of the lines that count.
func (s Sheet) Criteria() []Criterion {
	var list []Criterion
	for _, l := range s.Lines {
		if len(list) == 0 || list[len(list)-1].ID != l.Criterion {
			list = append(list, Criterion{ID: l.Criterion, Label: l.CriterionLabel})
		}
		c := &list[len(list)-1]
		if l.Counted {
			c.Max += l.Max
		}
		c.Claimed += l.Claimed
		c.Evidence += l.Shown()
		c.Lines = append(c.Lines, l)
	}
	return list
}

// Claim is what a person says about a line. Reason is needed where it differs
// from what the records decide.
type Claim struct {
	Line   string
	Points int
	Reason string
}

// Evidence is the rows that facts come from, by the fact's name in the
// conditions of the pack. So every pack's lines find their rows, whatever
// their ids.
type Evidence map[string][]Row

// Row is a record that a line's points come from: a short text as key and
// arguments, and the record it leads to.
type Row struct {
	Key  string   `json:"key"`
	Args []string `json:"args,omitempty"`
	// Noun and ID name the record; "" leads nowhere.
	Noun string `json:"noun,omitempty"`
	ID   string `json:"id,omitempty"`
}

// Message is the row's text to be looked up.
func (r Row) Message() errs.Message {
	args := make([]any, len(r.Args))
	for i, arg := range r.Args {
		args[i] = arg
	}
	return errs.Message{Key: r.Key, Args: args}
}

func (r Row) same(other Row) bool {
	return r.Key == other.Key && r.Noun == other.Noun && r.ID == other.ID && slices.Equal(r.Args, other.Args)
}

var word = regexp.MustCompile(`[a-z_]+`)

// For are the rows of the facts that the conditions of a line ask about, each
// once, in the order of asking.
func (e Evidence) For(l rulepack.ScoreLine) []Row {
	conditions := []rulepack.Expr{l.Decidable, l.Expr, l.CountsWhen}
	for _, o := range l.Options {
		conditions = append(conditions, o.Expr)
	}
	var rows []Row
	for _, c := range conditions {
		for _, fact := range word.FindAllString(c.String(), -1) {
			for _, row := range e[fact] {
				if !slices.ContainsFunc(rows, row.same) {
					rows = append(rows, row)
				}
			}
		}
	}
	return rows
}

// proposed fills the pack's sheet with what the records say. Nothing is
// claimed yet.
func proposed(sheet rulepack.ScoreSheet, f rulepack.MeetingFacts, e Evidence) ([]Line, error) {
	proposals, err := sheet.Propose(f)
	if err != nil {
		return nil, err
	}
	var lines []Line
	for _, c := range sheet.Criteria {
		for _, l := range c.Lines {
			p := proposals[len(lines)]
			lines = append(lines, Line{
				ID: l.ID, Criterion: c.ID, CriterionLabel: c.Label, Label: l.Label, Mode: l.Mode, Max: l.Max, Note: l.Note, Options: l.Options,
				Counted: p.Counted, Decided: p.Decided, Option: p.Option, Proposed: p.Points, Reason: p.Reason, Evidence: e.For(l),
			})
		}
	}
	return lines, nil
}

// total sums the lines up and classes the sums by the pack.
func total(sheet rulepack.ScoreSheet, lines []Line) Totals {
	var t Totals
	for _, l := range lines {
		t.Whole += l.Max
		t.Claimed += l.Claimed
		t.Evidence += l.Shown()
		if !l.Counted {
			continue
		}
		t.Reachable += l.Max
		if l.Decided {
			t.Proven += l.Proposed
			t.ProvenMost += l.Max
		}
	}
	t.Class, t.EvidenceClass = classOf(sheet, t.Claimed), classOf(sheet, t.Evidence)
	return t
}

func classOf(sheet rulepack.ScoreSheet, points int) Class {
	c := sheet.Class(points)
	return Class{c.ID, c.Label}
}

// longestReason is in letters.
const longestReason = 200

// claim puts the claims on the lines and says, beside each line, what is wrong
// with them. Every line that counts needs one.
func claim(sheet rulepack.ScoreSheet, lines []Line, claims []Claim) error {
	given := map[string]Claim{}
	var wrong errs.Fields
	for _, c := range claims {
		_, known := sheet.Line(c.Line)
		_, twice := given[c.Line]
		wrong.Check(known && !twice, "line", "score.error.line", c.Line)
		c.Reason = text.Line(c.Reason)
		given[c.Line] = c
	}
	for i := range lines {
		c, ok := given[lines[i].ID]
		lines[i].check(&wrong, sheet, c, ok)
		lines[i].Claimed, lines[i].ClaimReason = c.Points, c.Reason
	}
	return wrong.Err()
}

func (l Line) check(wrong *errs.Fields, sheet rulepack.ScoreSheet, c Claim, given bool) {
	points, reason := "points."+l.ID, "reason."+l.ID
	wrong.Check(text.Length(c.Reason) <= longestReason, reason, "errs.too_long", longestReason)
	if !l.Counted {
		wrong.Check(c.Points == 0, points, "score.error.not_counted")
		return
	}
	if !given {
		wrong.Add(points, "errs.required")
		return
	}
	rule, _ := sheet.Line(l.ID)
	wrong.Check(rule.Allows(c.Points), points, "score.error.points", l.Max)
	wrong.Check(!l.Decided || c.Points == l.Proposed || c.Reason != "", reason, "score.error.reason", l.Proposed)
}
