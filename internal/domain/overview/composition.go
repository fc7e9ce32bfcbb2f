package overview

import (
	"cmp"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/tally"
)

// Composition is who the members of a unit are, by several sides; nobody can be
// made out in it.
type Composition struct {
	// Official are those of the Members who are no longer on probation.
	Members, Official int
	Sides             []Side
}

// Side is the members parted by one property, in the order in which it is read.
type Side struct {
	Name   string // age, sex, education, …: a word of the locales
	Groups []Share
	// Rest are those of groups that are too small to be shown, taken together;
	// zero where none are. Joined names how many groups that are.
	Rest, Joined int
}

// Share is a group of members.
type Share struct {
	Name string
	N    int
}

// ages are the bands of the statistics, each from its first year of age on.
var ages = []struct {
	name string
	from int
}{{"age_60", 60}, {"age_51", 51}, {"age_41", 41}, {"age_31", 31}, {"age_18", 0}}

// unknown stands for what the register does not say of somebody.
const unknown = "unknown"

// composition parts the members of a month by age, sex, schooling, training,
// political theory and ethnic group. siblings are the figures of the other units
// directly below the one above.
func composition(f tally.Figures, siblings []tally.Figures, year int) Composition {
	official, probationary := int(f.Get(member.TallyOfficial)), int(f.Get(member.TallyProbationary))
	c := Composition{Members: official + probationary, Official: official}
	if c.Members < least {
		return c
	}
	others := make([][]Side, len(siblings))
	for i, s := range siblings {
		others[i] = sides(s, year)
	}
	for i, side := range sides(f, year) {
		if !side.known() {
			continue
		}
		rows := [][]Share{side.Groups}
		for _, o := range others {
			rows = append(rows, o[i].Groups)
		}
		c.Sides = append(c.Sides, side.shown(hide(rows)[0]))
	}
	return c
}

// sides are all of them, with every group in its place.
func sides(f tally.Figures, year int) []Side {
	return []Side{
		ageSide(f, year), side("sex", f, member.TallySexes), side("schooling", f, member.TallySchooling),
		side("expertise", f, member.TallyExpertise), side("theory", f, member.TallyTheory), side("ethnic", f, member.TallyEthnic),
	}
}

// shown leaves out the groups that are hidden, and takes them together. Ethnic
// groups come by their size, the others in their order.
func (s Side) shown(hidden []bool) Side {
	t := Side{Name: s.Name, Groups: make([]Share, 0, len(s.Groups))}
	for i, g := range s.Groups {
		switch {
		case g.N <= 0:
		case hidden[i]:
			t.Rest, t.Joined = t.Rest+g.N, t.Joined+1
		default:
			t.Groups = append(t.Groups, g)
		}
	}
	if s.Name == "ethnic" {
		slices.SortStableFunc(t.Groups, func(a, b Share) int {
			return cmp.Or(one(a.Name == unknown)-one(b.Name == unknown), cmp.Compare(b.N, a.N))
		})
	}
	return t
}

// known reports whether the register says anything about the side.
func (s Side) known() bool {
	return slices.ContainsFunc(s.Groups, func(g Share) bool { return g.N > 0 && g.Name != unknown })
}

// side is a family of measures, in its order.
func side(name string, f tally.Figures, family tally.Measure) Side {
	s := Side{Name: name, Groups: make([]Share, 0, len(family.Names)+1)}
	for _, group := range family.Names {
		s.Groups = append(s.Groups, Share{Name: group})
	}
	s.Groups = append(s.Groups, Share{Name: unknown})
	for index, n := range f.Indexed(family) {
		if index <= len(family.Names) {
			s.Groups[(index+len(family.Names))%len(s.Groups)].N = int(n) // the first stands last
		}
	}
	return s
}

// ageSide counts years of birth by the age that is reached in the year.
func ageSide(f tally.Figures, year int) Side {
	s, counts := Side{Name: "age"}, make([]int, len(ages))
	without := 0
	for index, n := range f.Indexed(member.TallyBirths) {
		born := member.BirthYear(index)
		if born == 0 {
			without += int(n)
			continue
		}
		for i, band := range ages {
			if year-born >= band.from {
				counts[i] += int(n)
				break
			}
		}
	}
	for i := len(ages) - 1; i >= 0; i-- {
		s.Groups = append(s.Groups, Share{ages[i].name, counts[i]})
	}
	s.Groups = append(s.Groups, Share{unknown, without})
	return s
}
