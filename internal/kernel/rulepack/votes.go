package rulepack

import (
	"fmt"
	"slices"
)

// Votes is who counts in the base of a vote and how many must agree (rules 2.3).
type Votes struct {
	Bases   []VoteBase `yaml:"bases"`
	Matters []Matter   `yaml:"matters"`
	Forms   []Named    `yaml:"forms"`
}

// VoteBase is a base with what is deducted from it.
type VoteBase struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	// Statuses may vote; Never keeps out who carries one of the overlays.
	Statuses   []string    `yaml:"statuses"`
	Never      []string    `yaml:"never"`
	Deductions []Deduction `yaml:"deductions"`
	Source     string      `yaml:"source"`
}

// Deduction takes voters out of a base.
type Deduction struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	// Overlays: a voter who carries one of them; none means all voters.
	Overlays []string `yaml:"overlays"`
	// OnlyAbsent: who is present and votes counts again.
	OnlyAbsent bool `yaml:"only_absent"`
	// OnlyExcused: absent with a reason that was accepted.
	OnlyExcused bool `yaml:"only_excused"`
	// Occasion limits the deduction, as to a congress.
	Occasion string `yaml:"occasion"`
}

// Matter is something voted on by a body.
type Matter struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	// Body is cell, committee, standing_committee or superior_committee.
	Body      string    `yaml:"body"`
	Base      string    `yaml:"base"`
	Threshold Threshold `yaml:"threshold"`
	Forms     []string  `yaml:"forms"`
	// Proposes: the vote proposes, another body decides.
	Proposes bool     `yaml:"proposes"`
	Source   string   `yaml:"source"`
	Standing Standing `yaml:"standing"`
}

// Threshold is a share of the base: strict is "more than", else "at least".
type Threshold struct {
	Num    int    `yaml:"num"`
	Den    int    `yaml:"den"`
	Strict bool   `yaml:"strict"`
	Label  string `yaml:"label"`
}

// Passed reports whether yes of base reach the threshold, in whole numbers.
// Nothing passes where nobody may vote.
func (t Threshold) Passed(yes, base int) bool {
	if base <= 0 {
		return false
	}
	if t.Strict {
		return t.Den*yes > t.Num*base
	}
	return t.Den*yes >= t.Num*base
}

// Needs is the least number of votes in favour that passes.
func (t Threshold) Needs(base int) int {
	if t.Strict {
		return t.Num*base/t.Den + 1
	}
	return (t.Num*base + t.Den - 1) / t.Den
}

// Voter is what a base asks about a person.
type Voter struct {
	Status   string   `yaml:"status"`
	Overlays []string `yaml:"overlays"`
	Present  bool     `yaml:"present"`
	Excused  bool     `yaml:"excused"`
}

// BaseCount is a base with its itemised deductions.
type BaseCount struct {
	Listed     int
	Deductions []Deducted
	Base       int
}

// Deducted is how many voters one deduction took.
type Deducted struct {
	ID, Label string
	Count     int
}

// Has reports whether the voter is in the base before deductions.
func (b VoteBase) Has(v Voter) bool {
	return slices.Contains(b.Statuses, v.Status) && !anyIn(v.Overlays, b.Never)
}

// Entitled reports whether the voter counts in the base and so may vote.
func (b VoteBase) Entitled(v Voter, occasion string) bool {
	return b.Has(v) && b.deductionOf(v, occasion) < 0
}

// Count makes the base from all voters. Who falls under two deductions is
// taken once, by the first.
func (b VoteBase) Count(voters []Voter, occasion string) BaseCount {
	taken := make([]int, len(b.Deductions))
	var out BaseCount
	for _, v := range voters {
		if !b.Has(v) {
			continue
		}
		out.Listed++
		if i := b.deductionOf(v, occasion); i >= 0 {
			taken[i]++
		} else {
			out.Base++
		}
	}
	for i, d := range b.Deductions {
		if taken[i] > 0 {
			out.Deductions = append(out.Deductions, Deducted{d.ID, d.Label, taken[i]})
		}
	}
	return out
}

// deductionOf is the index of the first deduction that takes the voter, or -1.
func (b VoteBase) deductionOf(v Voter, occasion string) int {
	return slices.IndexFunc(b.Deductions, func(d Deduction) bool { return d.takes(v, occasion) })
}

func (d Deduction) takes(v Voter, occasion string) bool {
	switch {
	case d.Occasion != "" && d.Occasion != occasion:
		return false
	case d.OnlyAbsent && v.Present, d.OnlyExcused && !v.Excused:
		return false
	}
	return len(d.Overlays) == 0 || anyIn(v.Overlays, d.Overlays)
}

func anyIn(list, wanted []string) bool {
	return slices.ContainsFunc(list, func(s string) bool { return slices.Contains(wanted, s) })
}

// Base finds a base by its id.
func (v Votes) Base(id string) (VoteBase, bool) {
	i := slices.IndexFunc(v.Bases, func(b VoteBase) bool { return b.ID == id })
	if i < 0 {
		return VoteBase{}, false
	}
	return v.Bases[i], true
}

// Matter finds the rule for a matter before a body.
func (v Votes) Matter(id, body string) (Matter, bool) {
	i := slices.IndexFunc(v.Matters, func(m Matter) bool { return m.ID == id && m.Body == body })
	if i < 0 {
		return Matter{}, false
	}
	return v.Matters[i], true
}

func (v Votes) check(in *problems) {
	forms := checkNamed(in, at("forms"), v.Forms)
	var ids []string
	for i, b := range v.Bases {
		in.need(at("bases", i, "label"), b.Label)
		if len(b.Statuses) == 0 {
			in.add(at("bases", i, "statuses"), "statuses are missing")
		}
		var deductions []string
		for j, d := range b.Deductions {
			in.need(at("bases", i, "deductions", j, "label"), d.Label)
			deductions = append(deductions, d.ID)
		}
		in.ids(at("bases", i, "deductions"), deductions...)
		ids = append(ids, b.ID)
	}
	bases := in.ids(at("bases"), ids...)
	ids = nil
	for i, m := range v.Matters {
		path := at("matters", i)
		in.need(append(path, "label"), m.Label)
		in.need(append(path, "body"), m.Body)
		in.need(append(path, "source"), m.Source)
		m.Threshold.check(in, append(path, "threshold"))
		if !bases[m.Base] {
			in.add(append(path, "base"), "no base %q", m.Base)
		}
		if len(m.Forms) == 0 {
			in.add(append(path, "forms"), "forms are missing")
		}
		for j, form := range m.Forms {
			if !forms[form] {
				in.add(append(path, "forms", j), "no form of vote %q", form)
			}
		}
		ids = append(ids, m.ID+" by "+m.Body)
	}
	in.ids(at("matters"), ids...)
}

func (t Threshold) check(in *problems, path []any) {
	in.need(append(path, "label"), t.Label)
	if t.Num < 1 || t.Den < 1 || t.Num > t.Den || (t.Strict && t.Num == t.Den) {
		in.add(path, "threshold %d/%d cannot be reached or is always reached", t.Num, t.Den)
	}
}

// voteCase gives groups of voters and votes, and expects base and outcome.
type voteCase struct {
	Name     string       `yaml:"name"`
	Matter   string       `yaml:"matter"`
	Body     string       `yaml:"body"`
	Occasion string       `yaml:"occasion"`
	Voters   []voterGroup `yaml:"voters"`
	Base     int          `yaml:"base"`
	Yes      int          `yaml:"yes"`
	Passed   bool         `yaml:"passed"`
}

type voterGroup struct {
	Count    int      `yaml:"count"`
	Status   string   `yaml:"status"`
	Overlays []string `yaml:"overlays"`
	Present  bool     `yaml:"present"`
	Excused  bool     `yaml:"excused"`
}

func (c voteCase) run(_ *Set, p *Pack) error {
	votes := p.body.(Votes)
	matter, ok := votes.Matter(c.Matter, c.Body)
	if !ok {
		return fmt.Errorf("%s: no matter %s before a %s", c.Name, c.Matter, c.Body)
	}
	base, _ := votes.Base(matter.Base)
	var voters []Voter
	for _, g := range c.Voters {
		if g.Count < 0 || g.Count > 1000 {
			return fmt.Errorf("%s: %d voters in a group", c.Name, g.Count)
		}
		voters = append(voters, slices.Repeat([]Voter{{g.Status, g.Overlays, g.Present, g.Excused}}, g.Count)...)
	}
	counted := base.Count(voters, c.Occasion)
	if counted.Base != c.Base {
		return fmt.Errorf("%s: base %+v, want %d", c.Name, counted, c.Base)
	}
	if passed := matter.Threshold.Passed(c.Yes, counted.Base); passed != c.Passed {
		return fmt.Errorf("%s: %d of %d passed: %t, want %t", c.Name, c.Yes, counted.Base, passed, c.Passed)
	}
	return nil
}
