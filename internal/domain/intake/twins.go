package intake

import (
	"iter"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// Twin says that a row may be about somebody who is known already: in the
// register, or in an earlier row.
type Twin struct {
	// Person is who they are in the register; Row is the earlier row.
	Person member.ID `json:"person,omitempty"`
	Row    int       `json:"row,omitempty"`
	Name   string    `json:"name"`
	Why    Likeness  `json:"why"`
}

// Likeness is why two may be one, the surest first.
type Likeness string

const (
	SameCard    Likeness = "card"
	SamePerson  Likeness = "person"      // name and birth
	SwappedDay  Likeness = "swapped"     // day and month of birth exchanged
	SlipInBirth Likeness = "birth_digit" // one digit of the birth
	SlipInName  Likeness = "name_letter" // one letter of the name
)

var likenesses = []Likeness{SameCard, SamePerson, SwappedDay, SlipInBirth, SlipInName}

// someone is who is known: by their place in the register or in the sheet.
type someone struct {
	person  member.ID
	row     int
	name    string // folded
	written string
	birth   clock.Date
	card    string
	// namesake and born are who came before with that name and of that birth, one
	// further than their place in the list; 0 for nobody.
	namesake, born int32
}

// crowd finds who may be whom.
type crowd struct {
	list   []someone
	byCard map[string]int32
	// byName and byBirth are the last of each: the others follow from there.
	byName  map[string]int32
	byBirth map[clock.Date]int32
	names   folder
}

func newCrowd() *crowd {
	return &crowd{byCard: map[string]int32{}, byName: map[string]int32{}, byBirth: map[clock.Date]int32{}, names: folder{}}
}

func (c *crowd) fold(name string) string { return c.names.fold(name) }

func (c *crowd) add(s someone) {
	at := int32(len(c.list))
	if _, taken := c.byCard[s.card]; s.card != "" && !taken {
		c.byCard[s.card] = at
	}
	s.namesake, c.byName[s.name] = c.byName[s.name], at+1
	if !s.birth.IsZero() {
		s.born, c.byBirth[s.birth] = c.byBirth[s.birth], at+1
	}
	c.list = append(c.list, s)
}

// crowdedMost bounds comparisons: beyond it a likeness says nothing.
const crowdedMost = 200

// find is the one whom s is most likely, if anybody. A card that belongs to
// somebody quite unlike is no twin: clash is set.
func (c *crowd) find(s someone) (t Twin, found, clash bool) {
	best := len(likenesses)
	take := func(at int32, why Likeness) {
		other := c.list[at]
		rank := slices.Index(likenesses, why)
		if rank < best || rank == best && (t.Person == 0 || other.person != 0) { // the first who is registered, or the first
			best, t = rank, Twin{other.person, other.row, other.written, why}
		}
	}
	if at, ok := c.byCard[s.card]; ok && s.card != "" {
		if !c.list[at].resembles(s) {
			return Twin{}, false, true
		}
		take(at, SameCard)
	}
	if s.birth.IsZero() {
		return t, best < len(likenesses), false
	}
	for at := range c.following(c.byName[s.name], 10*crowdedMost, func(o someone) int32 { return o.namesake }) {
		other := c.list[at]
		switch {
		case other.birth == s.birth:
			if !otherCard(other, s) || other.written == s.written {
				take(at, SamePerson)
			}
		case otherCard(other, s) || other.birth.IsZero():
		case swapped(other.birth, s.birth):
			take(at, SwappedDay)
		case other.written == s.written && oneDigit(other.birth, s.birth):
			take(at, SlipInBirth)
		}
	}
	for at := range c.born(s.birth) {
		if other := c.list[at]; other.name != s.name && !otherCard(other, s) && oneSlip(other.name, s.name) {
			take(at, SlipInName)
		}
	}
	return t, best < len(likenesses), false
}

// following are the places in the list from the last back to the first, at most
// so many. last is one further than a place, and so is what before gives.
func (c *crowd) following(last int32, most int, before func(someone) int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		at := last
		for range most {
			if at == 0 || !yield(at-1) {
				return
			}
			at = before(c.list[at-1])
		}
	}
}

// born are those of that birth, unless they are a crowd.
func (c *crowd) born(day clock.Date) iter.Seq[int32] {
	all := c.following(c.byBirth[day], crowdedMost+1, func(o someone) int32 { return o.born })
	count := 0
	for range all {
		count++
	}
	if count > crowdedMost {
		return func(func(int32) bool) {}
	}
	return all
}

// resembles reports that the names or the births are near: a number that was
// typed wrong hits a stranger.
func (s someone) resembles(o someone) bool {
	return s.name == o.name || s.birth == o.birth && !s.birth.IsZero() || slips(s.name, o.name, 3) <= 3
}

// otherCard reports two cards that are more than a typing error apart: people
// with cards of their own are two.
func otherCard(a, b someone) bool {
	return a.card != "" && b.card != "" && a.card != b.card && slips(a.card, b.card, 1) > 1
}

func swapped(a, b clock.Date) bool {
	return a.Year() == b.Year() && a.Day() == int(b.Month()) && int(a.Month()) == b.Day()
}

// oneDigit reports that the days differ in one digit.
func oneDigit(a, b clock.Date) bool {
	s, t := a.String(), b.String()
	differ := 0
	for i := range s {
		if s[i] != t[i] {
			differ++
		}
	}
	return differ == 1
}

// oneSlip reports one typing error between folded texts. It is slips with 1, in
// one pass.
func oneSlip(a, b string) bool {
	for a != "" && b != "" && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for a != "" && b != "" && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a)+len(b) == 1, len(a) == 1 && len(b) == 1:
		return true
	case len(a) == 2 && len(b) == 2:
		return a[0] == b[1] && a[1] == b[0]
	}
	return false
}

func (c *crowd) someone(n person, row int) someone {
	return someone{row: row, name: c.fold(n.BirthName), written: text.Line(n.BirthName), birth: n.Birth, card: n.Card}
}
