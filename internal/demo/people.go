package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/member"
	"chibo/internal/platform/clock"
)

// person is somebody who never lived, on paper: what the register would say of
// them, and what lies over their membership for a time.
type person struct {
	member.Core
	cv       member.CV
	overlays []overlay
}

// overlay lies over a membership between two days; guest says that another cell
// of the ward is the host, by its number.
type overlay struct {
	kind     string
	from, to clock.Date
	document string
	reason   string
	host     int
}

// retired is from when on somebody has no occupation but the pension.
const retired = 61

// births makes people for one ward: no card and no name occurs twice.
type births struct {
	fiction.Dice
	today clock.Date
	ward  string
	home  []string // where people of the ward come from
	names map[string]bool
	cards int
}

// someone makes an official member of the crowd.
func (b *births) someone(c fiction.Crowd) person {
	ages := fiction.ByShare(b.Dice, c.Ages)
	p := b.born(c, b.Between(ages[0], ages[1]))
	b.join(&p, c)
	return p
}

// newcomer makes a young person who joined on the day.
func (b *births) newcomer(c fiction.Crowd, joined clock.Date) person {
	least := 20
	if c.Ages[0].Value[0] > 24 {
		least = 26
	}
	p := b.born(c, b.Between(least, least+9))
	p.Ceremony = joined
	p.Admitted = joined.AddDays(-b.Between(9, 24))
	p.cv.Theory = "Lớp bồi dưỡng nhận thức về Đảng"
	return p
}

func (b *births) born(c fiction.Crowd, age int) person {
	sex := member.Male
	if b.Chance(c.Women) {
		sex = member.Female
	}
	nation := fiction.Kinh
	if b.Chance(6) {
		nation = fiction.One(b.Dice, fiction.Minorities)
	}
	name := nation.Name(b.Dice, sex)
	for b.names[name] {
		name = nation.Name(b.Dice, sex)
	}
	b.names[name] = true
	born := clock.NewDate(b.today.Year()-age, time.Month(b.Between(1, 12)), b.Between(1, 28))
	p := person{Core: member.Core{BirthName: name, Name: name, Sex: sex, Birth: born}}
	p.cv = b.cv(c, nation, born, age)
	return p
}

func (b *births) cv(c fiction.Crowd, n fiction.Naming, born clock.Date, age int) member.CV {
	home := fiction.One(b.Dice, b.home)
	cv := member.CV{
		Birthplace: home, Home: home, Residence: b.ward, Ethnic: n.Ethnic, Schooling: "12/12", Expertise: fiction.ByShare(b.Dice, c.Schooling),
		Occupation: fiction.ByShare(b.Dice, c.Occupations), UnionJoined: clock.NewDate(born.Year()+16, time.March, 26),
	}
	if age >= 50 {
		cv.Schooling = fiction.One(b.Dice, []string{"10/10", "7/10", "12/12", "12/12"})
	}
	if age >= retired {
		cv.Occupation = fiction.ByShare(b.Dice, fiction.Pensions)
	}
	return cv
}

const (
	adult = 19
	// recognisedSince is for how many years at least everybody but newcomers
	// has been an official member: since before the story begins.
	recognisedSince = 4
)

// join gives somebody the days of the Party: admitted grown up, official a
// year after the ceremony.
func (b *births) join(p *person, c fiction.Crowd) {
	age := p.Age(b.today)
	last := min(age-recognisedSince, 44)
	if c.Young {
		last = min(age-recognisedSince, 30)
	}
	at := b.Between(adult, last)
	p.Ceremony = p.Birth.AddMonths(12*at + b.Between(1, 11))
	p.Admitted = p.Ceremony.AddDays(-b.Between(7, 28))
	p.Recognised = p.Ceremony.AddMonths(12)
	p.Card = b.card()
	p.CVNumber = fmt.Sprintf("%06d", 100_000+b.cards*7)
	p.cv.Theory = fiction.ByShare(b.Dice, []fiction.Share[string]{{Part: 46, Value: "Sơ cấp"}, {Part: 44, Value: "Trung cấp"}, {Part: 10, Value: "Cao cấp"}})
}

func (b *births) card() string {
	b.cards++
	return fmt.Sprintf("0990%08d", 20_000+b.cards*13)
}

// exemptAge is from when on a cell lets an ailing member off, on request.
const exemptAge = 80

// lay puts an overlay over the membership.
func (p *person) lay(o overlay) { p.overlays = append(p.overlays, o) }

// official reports whether the person can hold an office on the day.
func (p person) official(day clock.Date) bool {
	return !p.Recognised.IsZero() && !p.Recognised.After(day) && len(p.overlays) == 0
}

// leadersFirst puts those whom a cell would elect at the head of the list: of
// the age of its offices, longest in the Party.
func leadersFirst(people []person, n int, from, to int, day clock.Date) {
	fit := func(p person) int {
		if age := p.Age(day); p.official(day) && age >= from && age <= to {
			return 0
		}
		if p.official(day) {
			return 1
		}
		return 2
	}
	slices.SortStableFunc(people, func(a, b person) int {
		if c := cmp.Compare(fit(a), fit(b)); c != 0 {
			return c
		}
		return a.Ceremony.Compare(b.Ceremony)
	})
	// Behind the offices the order of the register is that of names.
	slices.SortStableFunc(people[n:], func(a, b person) int { return cmp.Compare(a.Card, b.Card) })
}
