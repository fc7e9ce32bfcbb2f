package rulepack

import (
	"fmt"

	"chibo/internal/platform/clock"
)

// trial is a case and the place where it is written.
type trial struct {
	scene
	where string
}

// Summary is what `chibo rules` tells of one pack.
type Summary struct {
	ID       string     `json:"id"`
	Kind     string     `json:"kind"`
	Name     string     `json:"name,omitempty"`
	Profile  string     `json:"profile"`
	From     clock.Date `json:"from"`
	To       clock.Date `json:"to"`
	Overlay  string     `json:"overlay,omitempty"`
	Citation string     `json:"citation"`
	Standing Standing   `json:"standing"`
	Warning  string     `json:"warning,omitempty"`
	Hash     string     `json:"hash"`
	Cases    int        `json:"cases"`
	Passed   int        `json:"passed"`
	Failed   []string   `json:"failed,omitempty"`
	Gaps     []string   `json:"gaps"`
}

// Summary runs the cases of every pack and tells how each one stands.
func (s *Set) Summary() []Summary {
	out := make([]Summary, 0, len(s.packs))
	for _, p := range s.packs {
		failed := s.runCases(p)
		line := Summary{
			ID: p.ID, Kind: p.Kind, Name: p.Name, Profile: p.Profile, From: p.From, To: p.To,
			Overlay: p.Overlay, Citation: p.Citation, Standing: p.Standing, Warning: p.Warning, Hash: p.Hash,
			Cases: len(p.trials), Passed: len(p.trials) - len(failed), Gaps: append([]string{}, p.Gaps...),
		}
		for _, err := range failed {
			line.Failed = append(line.Failed, err.Error())
		}
		out = append(out, line)
	}
	return out
}

// runCases runs the cases of a pack; those of a province's own on the pack
// as it stands there.
func (s *Set) runCases(p *Pack) (failed []error) {
	if len(p.trials) == 0 {
		return nil
	}
	on, err := s.Named(p.Kind, p.Name, p.Overlay, s.firstDay(p))
	if err != nil {
		return []error{err}
	}
	for _, t := range p.trials {
		if err := t.run(s, on); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", t.where, err))
		}
	}
	return failed
}
