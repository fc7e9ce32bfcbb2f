package nation

import (
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/member"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// term is that of all committees.
const term = "2025 - 2030"

// person is a member as the year needs them.
type person struct {
	id         int64
	name       string
	ceremony   string
	recognised string // "" while on probation
	age        int
	exempt     bool
}

// on says how the person stands on the roll of a day.
func (p person) on(day string) (status string, there bool) {
	switch {
	case p.ceremony > day:
		return "", false
	case p.recognised == "" || p.recognised > day:
		return string(member.Probationary), true
	}
	return string(member.Official), true
}

// cell is a cell that is being drawn.
type cell struct {
	sketch
	fiction.Dice
	id     int64
	party  int64
	seat   string // where the commune lies: resolutions are dated there
	hour   int
	manner fiction.Manner
	people []person
	// chair is who leads from when on: the deputy where the secretary left.
	chairs [2]int
	vacant clock.Date
	fades  int // months before the end in which a silent cell falls asleep
}

// official are those who can hold an office.
func (c *cell) leader(m int) person { return c.people[c.chairs[m]] }

// draw draws a batch: the heads, or some bodies with a year of theirs.
func (p *plan) draw(n int) *batch {
	b := newBatch(n)
	if n == 0 {
		b.unit, b.last = p.heads[0].id, p.heads[len(p.heads)-1].id
		for _, h := range p.heads {
			p.drawHead(b, h)
		}
		return b
	}
	bodies := p.bodies[p.batches[n].from:p.batches[n].to]
	b.unit = p.heads[bodies[0].above].id
	for _, body := range bodies {
		p.drawBody(b, body)
	}
	return b
}

func (p *plan) drawHead(b *batch, h head) {
	var above any
	if h.above >= 0 {
		above = p.heads[h.above].id
	}
	b.unitRow(h.id, above, h.path, h.depth, h.code, h.name, h.kind, p.year.levels[h.kind], "", "", "", h.place, h.address)
}

func (b *batch) unitRow(id int64, above any, path string, depth int64, code, name, kind, level, cellType, block, areas, place, address string) {
	b.add(units, id, above, path, depth, code, name, fold(name), kind, level, cellType, block, areas, place, address, founded.String())
	b.add(parents, id, founded.String(), above, "Quyết định thành lập")
	b.add(terms, id, founded.String(), term, "Nghị quyết đại hội nhiệm kỳ "+term)
}

// drawBody draws a party with its cells.
func (p *plan) drawBody(b *batch, y body) {
	d := fiction.Throw(p.Seed, "people", y.code)
	above := p.heads[y.above]
	party := b.next()
	path := above.path + unitID(party).String() + "/"
	address := above.address
	if y.kind == "commune_party" {
		address = y.place.Full + ", " + above.address
	}
	b.unitRow(party, above.id, path, above.depth+1, y.code, y.name, y.kind, p.year.levels[y.kind], "", "", "", y.place.Code, address)
	countUnit(&b.figures, party, y.kind)
	seat := y.place.Name
	if seat == "" {
		seat = "Hà Nội"
	}
	for i, s := range y.cells {
		c := &cell{sketch: s, Dice: d, id: b.next(), party: party, seat: seat}
		c.manner = fiction.Like(d, fiction.ByShare(d, y.terrain.traits))
		c.hour = 14 + d.IntN(3)
		if s.kind == villageCell {
			c.hour = 19
		}
		areas := y.terrain.areas
		if c.manner.Trait == fiction.Silent || c.manner.Trait == fiction.Sparse {
			areas = strings.TrimSpace(areas + " weak")
		}
		b.unitRow(c.id, party, path+unitID(c.id).String()+"/", above.depth+2, fmt.Sprintf("%s-%03d", y.code, i+1), s.name, s.kind, p.year.levels[s.kind],
			s.milieu.CellType, s.milieu.Block, areas, y.place.Code, address)
		c.countItself(b)
		p.drawPeople(b, y, c, address)
		c.fades = 2 + d.IntN(3)
		if c.manner.Trait == fiction.Orphan && len(c.people) > 1 {
			c.vacant = p.year.last().AddMonths(-d.Between(2, 5)).AddDays(15)
		}
		c.appoint(b)
		if i == 0 {
			p.fillOffices(b, y, party, c.people)
		}
		p.drawYear(b, c)
	}
}

// drawPeople fills a cell; those who lead it come first.
func (p *plan) drawPeople(b *batch, y body, c *cell, address string) {
	young := 0
	if c.Chance(2 * c.size) {
		young = 1 + c.IntN(1+c.size/40)
	}
	for i := range c.size {
		crowd := c.milieu.Crowd
		ages := fiction.ByShare(c.Dice, crowd.Ages)
		age := c.Between(ages[0], ages[1])
		switch {
		case i < 2:
			age = c.Between(c.milieu.Leading[0], c.milieu.Leading[1])
		case i >= c.size-young && i > 2:
			age = c.Between(21, 32)
		}
		p.drawPerson(b, y, c, address, crowd, age, i >= c.size-young && i > 2)
	}
}

func (p *plan) drawPerson(b *batch, y body, c *cell, address string, crowd fiction.Crowd, age int, newcomer bool) {
	sex := member.Male
	if c.Chance(crowd.Women) {
		sex = member.Female
	}
	nation := fiction.Kinh
	if c.Chance(y.terrain.minority) {
		nation = fiction.One(c.Dice, fiction.Minorities)
	}
	name := nation.Name(c.Dice, sex)
	born := clock.NewDate(p.Today.Year()-age, time.Month(c.Between(1, 12)), c.Between(1, 28))
	id := b.next()
	who := person{id: id, name: name, age: age}
	status, card, number := member.Official, fmt.Sprintf("09%d%07d", 1+b.number/1000, b.number%1000*10_000+len(b.rows[people])/len(tables[people].Columns)), ""
	var joined clock.Date
	var recognised any
	if newcomer {
		joined = p.Today.AddDays(-c.Between(20, 700))
	} else {
		joined = born.AddMonths(12*c.Between(19, max(20, min(age-3, 40))) + c.Between(1, 11))
	}
	if day := joined.AddMonths(12); !day.AddDays(30).After(p.Today) {
		who.recognised = day.String()
		recognised = who.recognised
	} else {
		status, card = member.Probationary, ""
	}
	if card != "" {
		number = card[4:]
	}
	who.ceremony = joined.String()
	from := max(who.ceremony, founded.String())
	folded, key := sought(name)
	b.add(people, id, c.id, string(status), name, name, folded, key, string(sex), born.String(), card, number,
		joined.AddDays(-c.Between(7, 28)).String(), who.ceremony, recognised)
	occupation, theory := fiction.ByShare(c.Dice, crowd.Occupations), "Sơ cấp"
	if age >= 61 {
		occupation = fiction.ByShare(c.Dice, fiction.Pensions)
	}
	if c.Chance(45) {
		theory = "Trung cấp"
	}
	trained := fiction.ByShare(c.Dice, crowd.Schooling)
	b.add(files, id, address, "", nation.Ethnic, occupation, "12/12", trained, theory,
		clock.NewDate(born.Year()+16, time.March, 26).String())
	b.add(statuses, b.next(), id, string(member.Probationary), who.ceremony)
	if recognised != nil {
		b.add(statuses, b.next(), id, string(member.Official), recognised)
	}
	b.add(stays, b.next(), id, c.id, from)
	c.countPerson(b, who, from, composition(sex, born, nation.Ethnic, trained, theory))
	b.add(grants, b.next(), id, c.id, "member", from, nil, "member:"+strconv.FormatInt(id, 10))
	if age >= 80 && c.Chance(60) {
		who.exempt = true
		b.add(overlays, b.next(), id, c.id, "exempt", founded.String(), "Nghị quyết của chi bộ", "Tuổi cao, sức yếu, có đơn xin miễn")
	}
	c.people = append(c.people, who)
}

// appoint gives the cell its secretary, deputy and committee.
func (c *cell) appoint(b *batch) {
	kinds := []struct{ post, role string }{
		{"cell_secretary", "secretary"},
		{"cell_deputy", "deputy"},
		{"cell_committee_member", "committee_member"},
		{"cell_committee_member", "committee_member"},
		{"cell_committee_member", "committee_member"},
	}
	n := 1
	switch size := len(c.people); {
	case size >= 30:
		n = 5
	case size >= 10:
		n = 3
	case size >= 6:
		n = 2
	}
	for i := range min(n, len(c.people)) {
		b.appoint(c.id, c.people[i], kinds[i].post, kinds[i].role, "approved", i == 0, c.vacant)
	}
	c.chairs = [2]int{0, min(1, len(c.people)-1)}
}

func (b *batch) appoint(unit int64, who person, post, role, state string, leaves bool, vacant clock.Date) {
	var until any
	reason := ""
	if leaves && !vacant.IsZero() {
		until, state, reason = vacant.String(), "ended", "Chuyển công tác"
	}
	id := b.next()
	b.add(posts, id, unit, who.id, post, state, founded.String(), until, term, "Quyết định chuẩn y của cấp ủy cấp trên",
		founded.AddDays(14).String(), reason, int64(2))
	b.add(grants, b.next(), who.id, unit, role, founded.String(), until, "post:"+strconv.FormatInt(id, 10))
}

// fillOffices takes the people of a party's offices from its first cell, and
// those of the heads above it that have no cell of their own.
func (p *plan) fillOffices(b *batch, y body, party int64, people []person) {
	offices := []struct{ post, role string }{
		{"secretary", "secretary"},
		{"standing_deputy", "deputy"},
		{"deputy", "deputy"},
		{"office_head", "office"},
		{"organisation_head", "office"},
		{"inspection_head", "inspector"},
	}
	fill := func(unit int64, from int) {
		for i, o := range offices {
			if who := people[(from+i)%len(people)]; who.recognised != "" && who.recognised < founded.String() {
				b.appoint(unit, who, o.post, o.role, "appointed", false, clock.Date{})
			}
		}
	}
	fill(party, 0)
	for i, h := range y.leads {
		fill(p.heads[h].id, (i+1)*len(offices))
	}
}

// known keeps what names are found and sorted by: there are a hundred thousand
// names in a country of five million members.
var known sync.Map

type name struct{ folded, key string }

func sought(full string) (folded, key string) {
	if n, ok := known.Load(full); ok {
		return n.(name).folded, n.(name).key
	}
	n := name{text.Fold(full), text.NameKey(full)}
	known.Store(full, n)
	return n.folded, n.key
}

func fold(s string) string { return text.Fold(s) }
