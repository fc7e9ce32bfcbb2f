package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

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

// crowd says of what sort the members of a cell are.
type crowd struct {
	ages        []share[[2]int]
	women       int // of a hundred
	occupations []share[string]
	schooling   []share[string]
	// young says that people entered the Party early in their lives.
	young bool
}

// retired is from when on somebody has no occupation but the pension.
const retired = 61

var pensions = []share[string]{
	{30, "Cán bộ hưu trí"}, {18, "Giáo viên nghỉ hưu"}, {20, "Quân nhân nghỉ hưu"}, {14, "Công nhân nghỉ hưu"}, {6, "Bác sĩ nghỉ hưu"}, {12, "Kinh doanh tại nhà"},
}

var grown = []share[string]{
	{40, "Đại học"}, {18, "Cao đẳng"}, {22, "Trung cấp"}, {6, "Thạc sĩ"}, {14, "Sơ cấp nghề"},
}

// The crowds of the kinds of cells. Residential cells are old: members of
// working age belong to the cells where they work.
var (
	neighbours = crowd{
		ages:  []share[[2]int]{{8, [2]int{24, 34}}, {17, [2]int{35, 54}}, {20, [2]int{55, 62}}, {35, [2]int{63, 73}}, {15, [2]int{74, 80}}, {5, [2]int{81, 90}}},
		women: 38,
		occupations: []share[string]{
			{24, "Kinh doanh"}, {20, "Lao động tự do"}, {14, "Công nhân"}, {12, "Nội trợ"}, {10, "Cán bộ tổ dân phố"}, {10, "Tiểu thủ công nghiệp"}, {10, "Nông dân"},
		},
		schooling: grown,
	}
	teachers = crowd{
		ages:        []share[[2]int]{{45, [2]int{24, 34}}, {40, [2]int{35, 45}}, {15, [2]int{46, 57}}},
		women:       76,
		occupations: []share[string]{{88, "Giáo viên"}, {12, "Nhân viên trường học"}},
		schooling:   []share[string]{{82, "Đại học"}, {18, "Thạc sĩ"}},
		young:       true,
	}
	pupils = crowd{
		ages:        []share[[2]int]{{75, [2]int{23, 25}}, {25, [2]int{28, 42}}},
		women:       50,
		occupations: []share[string]{{1, "Sinh viên"}},
		schooling:   []share[string]{{1, "Đang học đại học"}},
		young:       true,
	}
	healers = crowd{
		ages:        []share[[2]int]{{45, [2]int{26, 38}}, {55, [2]int{39, 57}}},
		women:       60,
		occupations: []share[string]{{35, "Bác sĩ"}, {40, "Điều dưỡng"}, {25, "Y sĩ"}},
		schooling:   []share[string]{{60, "Đại học"}, {40, "Cao đẳng"}},
		young:       true,
	}
	guards = crowd{
		ages:        []share[[2]int]{{55, [2]int{24, 34}}, {45, [2]int{35, 52}}},
		women:       12,
		occupations: []share[string]{{1, "Sĩ quan"}},
		schooling:   []share[string]{{70, "Đại học"}, {30, "Trung cấp"}},
		young:       true,
	}
	officials = crowd{
		ages:        []share[[2]int]{{30, [2]int{27, 36}}, {50, [2]int{37, 48}}, {20, [2]int{49, 59}}},
		women:       42,
		occupations: []share[string]{{1, "Công chức"}},
		schooling:   []share[string]{{68, "Đại học"}, {32, "Thạc sĩ"}},
		young:       true,
	}
	workers = crowd{
		ages:        []share[[2]int]{{40, [2]int{26, 38}}, {60, [2]int{39, 57}}},
		women:       36,
		occupations: []share[string]{{55, "Công nhân kỹ thuật"}, {30, "Kỹ sư"}, {15, "Kế toán"}},
		schooling:   []share[string]{{45, "Đại học"}, {25, "Cao đẳng"}, {30, "Trung cấp"}},
	}
)

// births makes people for one ward: no card and no name occurs twice.
type births struct {
	dice
	today clock.Date
	ward  string
	home  []string // where people of the ward come from
	names map[string]bool
	cards int
}

// someone makes an official member of the crowd.
func (b *births) someone(c crowd) person {
	ages := byShare(b.dice, c.ages)
	p := b.born(c, b.between(ages[0], ages[1]))
	b.join(&p, c)
	return p
}

// newcomer makes a young person who joined on the day.
func (b *births) newcomer(c crowd, joined clock.Date) person {
	least := 20
	if c.ages[0].value[0] > 24 {
		least = 26
	}
	p := b.born(c, b.between(least, least+9))
	p.Ceremony = joined
	p.Admitted = joined.AddDays(-b.between(9, 24))
	p.cv.Theory = "Lớp bồi dưỡng nhận thức về Đảng"
	return p
}

func (b *births) born(c crowd, age int) person {
	sex := member.Male
	if b.chance(c.women) {
		sex = member.Female
	}
	nation := kinh
	if b.chance(6) {
		nation = one(b.dice, minorities)
	}
	name := nation.name(b.dice, sex)
	for b.names[name] {
		name = nation.name(b.dice, sex)
	}
	b.names[name] = true
	born := clock.NewDate(b.today.Year()-age, time.Month(b.between(1, 12)), b.between(1, 28))
	p := person{Core: member.Core{BirthName: name, Name: name, Sex: sex, Birth: born}}
	p.cv = b.cv(c, nation, born, age)
	return p
}

func (b *births) cv(c crowd, n naming, born clock.Date, age int) member.CV {
	home := one(b.dice, b.home)
	cv := member.CV{
		Birthplace: home, Home: home, Residence: b.ward, Ethnic: n.ethnic, Schooling: "12/12", Expertise: byShare(b.dice, c.schooling),
		Occupation: byShare(b.dice, c.occupations), UnionJoined: clock.NewDate(born.Year()+16, time.March, 26),
	}
	if age >= 50 {
		cv.Schooling = one(b.dice, []string{"10/10", "7/10", "12/12", "12/12"})
	}
	if age >= retired {
		cv.Occupation = byShare(b.dice, pensions)
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
func (b *births) join(p *person, c crowd) {
	age := p.Age(b.today)
	last := min(age-recognisedSince, 44)
	if c.young {
		last = min(age-recognisedSince, 30)
	}
	at := b.between(adult, last)
	p.Ceremony = p.Birth.AddMonths(12*at + b.between(1, 11))
	p.Admitted = p.Ceremony.AddDays(-b.between(7, 28))
	p.Recognised = p.Ceremony.AddMonths(12)
	p.Card = b.card()
	p.CVNumber = fmt.Sprintf("%06d", 100_000+b.cards*7)
	p.cv.Theory = byShare(b.dice, []share[string]{{46, "Sơ cấp"}, {44, "Trung cấp"}, {10, "Cao cấp"}})
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
