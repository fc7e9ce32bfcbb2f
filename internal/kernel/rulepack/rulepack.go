// Package rulepack knows which rule is in force for a unit on a day.
//
// A pack is a dated piece of regulation as data: parameters, the rhythm of
// meetings, a score sheet, thresholds of votes, the format of documents. The
// packs lie in the folder rulepacks and are read strictly: an unknown key, a
// value of the wrong type or a condition that does not compile stops the
// program with file and line. A province may lay its own pack over the
// common one. Whoever decides by a pack keeps its Ref, so that the decision
// can be checked years later against the rule of its day.
//
// The package knows no members, no meetings and no database: it answers from
// the facts it is given.
package rulepack

import (
	"context"
	"fmt"
	"sync"

	"github.com/goccy/go-yaml/ast"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/rulepacks"
)

// Ref names a pack as it was when something was decided by it.
type Ref struct {
	ID   string `json:"id"`
	Hash string `json:"hash"`
}

// Standing says how well a pack or a value is sourced.
type Standing string

// The text of the regulation was read; it was seen only in other people's
// material; or sources conflict or are missing.
const (
	Primary    Standing = "primary"
	SecondHand Standing = "second-hand"
	Unsure     Standing = "unsure"
)

// weight orders standings from the best to the weakest.
var weight = map[Standing]int{Primary: 1, SecondHand: 2, Unsure: 3}

// Header is what every pack says about itself.
type Header struct {
	ID string `yaml:"id"`
	// Kind says what the body is; Name tells packs of one kind apart that
	// are in force side by side.
	Kind string `yaml:"kind"`
	Name string `yaml:"name"`
	// Profile is the set of regulations the pack belongs to (rules 1.1).
	Profile string `yaml:"profile"`
	// From and To are the first and the last day in force; no To is open.
	From clock.Date `yaml:"from"`
	To   clock.Date `yaml:"to"`

	Citation string   `yaml:"citation"`
	Standing Standing `yaml:"standing"`
	Note     string   `yaml:"note"`
	// Warning is shown, in Vietnamese, wherever the pack decides.
	Warning string `yaml:"warning"`
	// Extends names the pack whose body this one changes.
	Extends string `yaml:"extends"`
	// Overlay is the code of the province whose own rule this is; Replaces
	// says that it stands instead of the common body and is not merged.
	Overlay  string `yaml:"overlay"`
	Replaces bool   `yaml:"replaces"`
	// Gaps names what nobody could find out.
	Gaps []string `yaml:"gaps"`
}

// Pack is one rule in force between two days.
type Pack struct {
	Header
	// Hash is the SHA-256 of what the pack decides by; its last day, notes
	// and cases may change without it.
	Hash string

	file    string
	body    body
	content ast.Node
	trials  []trial
}

// Ref is what a decision keeps of the pack.
func (p *Pack) Ref() Ref { return Ref{p.ID, p.Hash} }

// InForce reports whether the day lies between the pack's first and last.
func (p *Pack) InForce(day clock.Date) bool {
	return !day.Before(p.From) && (p.To.IsZero() || !day.After(p.To))
}

// Decode reads the body of a pack as T. The kind's own type is shared by all
// callers, who must not change it; another T is read strictly from the text.
func Decode[T any](p *Pack) (T, error) {
	if own, ok := p.body.(T); ok {
		return own, nil
	}
	var out T
	if err := decodeStrict(p.content, &out); err != nil {
		return out, fmt.Errorf("pack %s as %T: %w", p.ID, out, err)
	}
	return out, nil
}

// line is the succession of packs that replace each other in time.
type line struct{ kind, name, overlay string }

func (p *Pack) line() line { return line{p.Kind, p.Name, p.Overlay} }

// Set is a checked collection of packs. It does not change after Load and
// may be used by many goroutines.
type Set struct {
	packs    []*Pack
	lines    map[line][]*Pack
	names    map[string][]string
	laid     map[[2]string]*Pack
	calendar *WorkingDays
	holes    []string
}

// On picks the pack of a kind in force in the province (by its code, or "")
// on the day. A day without a rule is errs.Invalid: whoever named the day
// learns that the program has no rule for it.
func (s *Set) On(kind, province string, day clock.Date) (*Pack, error) {
	names := s.names[kind]
	if len(names) > 1 {
		return nil, fmt.Errorf("packs of kind %s are several (%q): use Named", kind, names)
	}
	name := ""
	if len(names) == 1 {
		name = names[0]
	}
	return s.Named(kind, name, province, day)
}

// Named is On for a kind with several packs side by side.
func (s *Set) Named(kind, name, province string, day clock.Date) (*Pack, error) {
	base := s.inForce(line{kind, name, ""}, day)
	if base == nil {
		return nil, errs.New(errs.Invalid, "rulepack.none", kind, day)
	}
	if province == "" {
		return base, nil
	}
	over := s.inForce(line{kind, name, province}, day)
	if over == nil {
		return base, nil
	}
	return s.laid[[2]string{base.ID, over.ID}], nil
}

func (s *Set) inForce(l line, day clock.Date) *Pack {
	for _, p := range s.lines[l] {
		if p.InForce(day) {
			return p
		}
	}
	return nil
}

// In gives all that runs under ctx another set of rules.
func In(ctx context.Context, set *Set) context.Context {
	return context.WithValue(ctx, setKey{}, set)
}

type setKey struct{}

// Of is the set of rules of the transaction: the shipped one unless its
// context was given another.
func Of(tx *db.Tx) *Set { return of(tx.Context()) }

func of(ctx context.Context) *Set {
	if set, ok := ctx.Value(setKey{}).(*Set); ok {
		return set
	}
	return Shipped()
}

// Shipped is the set of packs in the program itself.
var Shipped = sync.OnceValue(func() *Set {
	set, err := Load(rulepacks.Files)
	if err != nil {
		panic(fmt.Sprintf("the rule packs inside the program are broken: %v", err))
	}
	return set
})

// Rule picks the pack of a kind and decodes it in one step.
func Rule[T any](s *Set, kind, province string, day clock.Date) (T, Ref, error) {
	pack, err := s.On(kind, province, day)
	if err != nil {
		var none T
		return none, Ref{}, err
	}
	out, err := Decode[T](pack)
	return out, pack.Ref(), err
}
