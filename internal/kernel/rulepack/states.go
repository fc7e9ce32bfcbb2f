package rulepack

import (
	"fmt"
	"slices"
)

// States is the vocabulary of organisation and membership: states with their
// labels and effects, kinds of organisation, posts, areas (rules 2.6, 3.1, 22.2).
type States struct {
	Member      []MemberState `yaml:"member"`
	MemberMoves []Move        `yaml:"member_moves"`
	Overlays    []Overlay     `yaml:"overlays"`

	Meeting      []MeetingState `yaml:"meeting"`
	MeetingMoves []Move         `yaml:"meeting_moves"`

	OrgKinds       []OrgKind `yaml:"org_kinds"`
	Levels         []Named   `yaml:"levels"`
	CellTypes      []Named   `yaml:"cell_types"`
	Blocks         []Named   `yaml:"blocks"`
	AreaAttributes []Named   `yaml:"area_attributes"`
	Roles          []Named   `yaml:"roles"`
	Posts          []Post    `yaml:"posts"`
	WorkAreas      []Named   `yaml:"work_areas"`
}

// MemberState is a state of membership.
type MemberState struct {
	ID       string `yaml:"id"`
	Label    string `yaml:"label"`
	Terminal bool   `yaml:"terminal"`
	// Strength: counted in the organisation's number of members.
	Strength bool `yaml:"strength"`
	Votes    bool `yaml:"votes"`
	// Expected at meetings.
	Expected bool `yaml:"expected"`
}

// Effects of an overlay on a member's standing.
const (
	Always  = "always"  // as without the overlay
	Never   = "never"   // not at all
	Present = "present" // only who is there
)

// Overlay is a condition on top of a state, with start, end and document.
type Overlay struct {
	ID       string `yaml:"id"`
	Label    string `yaml:"label"`
	Strength string `yaml:"strength"`
	Votes    string `yaml:"votes"`
	Expected string `yaml:"expected"`
	// Sensitive overlays need their own right to be read.
	Sensitive bool   `yaml:"sensitive"`
	Note      string `yaml:"note"`
}

// Move is an allowed change of state.
type Move struct {
	From []string `yaml:"from"`
	To   string   `yaml:"to"`
	Note string   `yaml:"note"`
}

// MeetingState is a step in the life of a meeting.
type MeetingState struct {
	ID          string `yaml:"id"`
	Label       string `yaml:"label"`
	NeedsReason bool   `yaml:"needs_reason"`
	Terminal    bool   `yaml:"terminal"`
}

// OrgKind is a kind of organisation with its sizes.
type OrgKind struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	// Level is data: a commune party changes it in 2026 (rules 1.3).
	Level string `yaml:"level"`
	// Cell: members meet in it; Group: part of a cell without powers.
	Cell  bool `yaml:"cell"`
	Group bool `yaml:"group"`
	Seal  bool `yaml:"seal"`
	// MinOfficial counts official members, MinMembers and MaxMembers both
	// kinds; 0 is no bound.
	MinOfficial int `yaml:"min_official"`
	MinMembers  int `yaml:"min_members"`
	MaxMembers  int `yaml:"max_members"`
	// Under lists the kinds it may stand below; none: any party.
	Under     []string `yaml:"under"`
	Condition string   `yaml:"condition"`
	Source    string   `yaml:"source"`
}

// Post is an office with the access role it carries.
type Post struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
	// Role is the id in Roles.
	Role string `yaml:"role"`
	// At is cell, group, department, party, upper or office.
	At string `yaml:"at"`
	// Single: one holder at a time. Head: signs first.
	Single bool `yaml:"single"`
	Head   bool `yaml:"head"`
	// Committee: the holder sits in the committee.
	Committee bool `yaml:"committee"`
}

// MemberState finds a state of membership by its id.
func (s States) MemberState(id string) (MemberState, bool) {
	return byID(s.Member, id, func(m MemberState) string { return m.ID })
}

// Overlay finds an overlay by its id.
func (s States) Overlay(id string) (Overlay, bool) {
	return byID(s.Overlays, id, func(o Overlay) string { return o.ID })
}

// OrgKind finds a kind of organisation by its id.
func (s States) OrgKind(id string) (OrgKind, bool) {
	return byID(s.OrgKinds, id, func(k OrgKind) string { return k.ID })
}

// Post finds a post by its id.
func (s States) Post(id string) (Post, bool) {
	return byID(s.Posts, id, func(p Post) string { return p.ID })
}

// MeetingState finds a state of meetings by its id.
func (s States) MeetingState(id string) (MeetingState, bool) {
	return byID(s.Meeting, id, func(m MeetingState) string { return m.ID })
}

func byID[T any](list []T, id string, of func(T) string) (T, bool) {
	for _, entry := range list {
		if of(entry) == id {
			return entry, true
		}
	}
	var none T
	return none, false
}

// MayMoveMember reports whether a member may change from one state to another.
func (s States) MayMoveMember(from, to string) bool { return mayMove(s.MemberMoves, from, to) }

// MayMoveMeeting reports whether a meeting may change from one state to another.
func (s States) MayMoveMeeting(from, to string) bool { return mayMove(s.MeetingMoves, from, to) }

func mayMove(moves []Move, from, to string) bool {
	return slices.ContainsFunc(moves, func(m Move) bool { return m.To == to && slices.Contains(m.From, from) })
}

// Counted is what a state with its overlays amounts to for a member who is
// present or not.
func (s States) Counted(state string, overlays []string, present bool) (strength, votes, expected bool) {
	m, _ := s.MemberState(state)
	strength, votes, expected = m.Strength, m.Votes, m.Expected
	for _, id := range overlays {
		o, ok := s.Overlay(id)
		if !ok {
			continue
		}
		strength = strength && applies(o.Strength, present)
		votes = votes && applies(o.Votes, present)
		expected = expected && applies(o.Expected, present)
	}
	return strength, votes, expected
}

func applies(effect string, present bool) bool {
	return effect == Always || (effect == Present && present)
}

func (s States) check(in *problems) {
	members := checkList(in, "member", s.Member, func(m MemberState) (string, string) { return m.ID, m.Label })
	meetings := checkList(in, "meeting", s.Meeting, func(m MeetingState) (string, string) { return m.ID, m.Label })
	checkMoves(in, "member_moves", s.MemberMoves, members)
	checkMoves(in, "meeting_moves", s.MeetingMoves, meetings)
	checkList(in, "overlays", s.Overlays, func(o Overlay) (string, string) { return o.ID, o.Label })
	effects := []string{Always, Never, Present}
	for i, o := range s.Overlays {
		for _, effect := range []string{o.Strength, o.Votes, o.Expected} {
			if !slices.Contains(effects, effect) {
				in.add(at("overlays", i), "effect %q: always, never or present", effect)
			}
		}
	}
	checkNamed(in, at("cell_types"), s.CellTypes)
	checkNamed(in, at("blocks"), s.Blocks)
	checkNamed(in, at("area_attributes"), s.AreaAttributes)
	checkNamed(in, at("work_areas"), s.WorkAreas)
	s.checkOrganisation(in)
}

func (s States) checkOrganisation(in *problems) {
	levels := checkNamed(in, at("levels"), s.Levels)
	kinds := checkList(in, "org_kinds", s.OrgKinds, func(k OrgKind) (string, string) { return k.ID, k.Label })
	for i, k := range s.OrgKinds {
		if !levels[k.Level] {
			in.add(at("org_kinds", i, "level"), "no level %q", k.Level)
		}
		for j, under := range k.Under {
			if !kinds[under] {
				in.add(at("org_kinds", i, "under", j), "no kind of organisation %q", under)
			}
		}
	}
	roles := checkNamed(in, at("roles"), s.Roles)
	checkList(in, "posts", s.Posts, func(p Post) (string, string) { return p.ID, p.Label })
	for i, p := range s.Posts {
		if !roles[p.Role] {
			in.add(at("posts", i, "role"), "no role %q", p.Role)
		}
	}
}

func checkList[T any](in *problems, key string, list []T, of func(T) (id, label string)) map[string]bool {
	var ids []string
	for i, entry := range list {
		id, label := of(entry)
		in.need(at(key, i, "label"), label)
		ids = append(ids, id)
	}
	return in.ids(at(key), ids...)
}

func checkMoves(in *problems, key string, moves []Move, known map[string]bool) {
	for i, m := range moves {
		for _, state := range append(slices.Clone(m.From), m.To) {
			if !known[state] {
				in.add(at(key, i), "no state %q", state)
			}
		}
	}
}

// stateCase expects a move to be allowed or not, or what a member counts for.
type stateCase struct {
	// Of is member or meeting.
	Of      string `yaml:"of"`
	From    string `yaml:"from"`
	To      string `yaml:"to"`
	Allowed bool   `yaml:"allowed"`

	State    string   `yaml:"state"`
	Overlays []string `yaml:"overlays"`
	Present  bool     `yaml:"present"`
	Strength bool     `yaml:"strength"`
	Votes    bool     `yaml:"votes"`
	Expected bool     `yaml:"expected"`
}

func (c stateCase) run(_ *Set, p *Pack) error {
	states := p.body.(States)
	if c.State != "" {
		strength, votes, expected := states.Counted(c.State, c.Overlays, c.Present)
		if strength != c.Strength || votes != c.Votes || expected != c.Expected {
			return fmt.Errorf("%s %v: strength %t, votes %t, expected %t", c.State, c.Overlays, strength, votes, expected)
		}
		return nil
	}
	may := states.MayMoveMember
	if c.Of == "meeting" {
		may = states.MayMoveMeeting
	}
	if may(c.From, c.To) != c.Allowed {
		return fmt.Errorf("%s from %s to %s: want %t", c.Of, c.From, c.To, c.Allowed)
	}
	return nil
}
