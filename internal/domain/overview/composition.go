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

// least is the size below which a group would let people make out somebody.
const least = 5

// shown joins the groups that are too small. One more group joins them, the
// smallest that is left, as long as what is joined could be told apart by taking
// the others from the whole: if it is one group alone, or too small itself.
func (s Side) shown() Side {
	var small []Share
	kept := make([]Share, 0, len(s.Groups))
	for _, g := range s.Groups {
		switch {
		case g.N <= 0:
		case g.N < least:
			small = append(small, g)
		default:
			kept = append(kept, g)
		}
	}
	for len(small) > 0 && len(kept) > 0 && (len(small) == 1 || total(small) < least) {
		i := slices.Index(kept, slices.MinFunc(kept, func(a, b Share) int { return cmp.Compare(a.N, b.N) }))
		small, kept = append(small, kept[i]), slices.Delete(kept, i, i+1)
	}
	return Side{Name: s.Name, Groups: kept, Rest: total(small), Joined: len(small)}
}

func total(groups []Share) (sum int) {
	for _, g := range groups {
		sum += g.N
	}
	return sum
}

// ages are the bands of the statistics, each from its first year of age on.
var ages = []struct {
	name string
	from int
}{{"age_60", 60}, {"age_51", 51}, {"age_41", 41}, {"age_31", 31}, {"age_18", 0}}

// unknown stands for what the register does not say of somebody.
const unknown = "unknown"

// composition parts the members of a month by age, sex, training, political
// theory and ethnic group.
func composition(f tally.Figures, year int) Composition {
	official, probationary := int(f.Get(member.TallyOfficial)), int(f.Get(member.TallyProbationary))
	c := Composition{Members: official + probationary, Official: official}
	if c.Members < least {
		return c
	}
	for _, s := range []Side{
		ageSide(f, year), side("sex", f, member.TallySexes), side("expertise", f, member.TallyExpertise),
		side("theory", f, member.TallyTheory), ethnicSide(f),
	} {
		if s.known() {
			c.Sides = append(c.Sides, s.shown())
		}
	}
	return c
}

// known reports whether the register says anything about the side.
func (s Side) known() bool {
	return slices.ContainsFunc(s.Groups, func(g Share) bool { return g.N > 0 && g.Name != unknown })
}

// side is a family of measures, in its order.
func side(name string, f tally.Figures, family tally.Measure) Side {
	s, values := Side{Name: name}, f.Family(family)
	for i := 1; i <= len(family.Names); i++ {
		s.Groups = append(s.Groups, Share{family.Names[i-1], int(values[i])})
	}
	s.Groups = append(s.Groups, Share{unknown, int(values[0])})
	return s
}

// ethnicSide has the largest groups first.
func ethnicSide(f tally.Figures) Side {
	s := side("ethnic", f, member.TallyEthnic)
	last := len(s.Groups) - 1
	slices.SortStableFunc(s.Groups[:last], func(a, b Share) int { return cmp.Compare(b.N, a.N) })
	return s
}

// ageSide counts years of birth by the age that is reached in the year.
func ageSide(f tally.Figures, year int) Side {
	s, counts := Side{Name: "age"}, make([]int, len(ages))
	without := 0
	for index, n := range f.Family(member.TallyBirths) {
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
