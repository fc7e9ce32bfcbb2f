package intake

import (
	"iter"
	"slices"

	"chibo/internal/domain/likeness"
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

// Likeness is why two may be one.
type Likeness = likeness.Kind

// someone is who is known: by their place in the register or in the sheet.
type someone struct {
	likeness.Person
	person member.ID
	row    int
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
	names   likeness.Folder
}

func newCrowd() *crowd {
	return &crowd{byCard: map[string]int32{}, byName: map[string]int32{}, byBirth: map[clock.Date]int32{}, names: likeness.Folder{}}
}

func (c *crowd) fold(name string) string { return c.names.Fold(name) }

func (c *crowd) add(s someone) {
	at := int32(len(c.list))
	if _, taken := c.byCard[s.Card]; s.Card != "" && !taken {
		c.byCard[s.Card] = at
	}
	s.namesake, c.byName[s.Name] = c.byName[s.Name], at+1
	if !s.Birth.IsZero() {
		s.born, c.byBirth[s.Birth] = c.byBirth[s.Birth], at+1
	}
	c.list = append(c.list, s)
}

// crowdedMost bounds comparisons: beyond it a likeness says nothing.
const crowdedMost = 200

// find is the one whom s is most likely, if anybody. A card that belongs to
// somebody quite unlike is no twin: clash is set.
func (c *crowd) find(s someone) (t Twin, found, clash bool) {
	best := len(likeness.Kinds)
	compare := func(at int32) bool {
		other := c.list[at]
		why, alike := likeness.Of(other.Person, s.Person)
		if !alike {
			return false
		}
		rank := slices.Index(likeness.Kinds, why)
		if rank < best || rank == best && (t.Person == 0 || other.person != 0) { // the first who is registered, or the first
			best, t = rank, Twin{other.person, other.row, other.Written, why}
		}
		return true
	}
	if at, ok := c.byCard[s.Card]; ok && s.Card != "" && !compare(at) {
		return Twin{}, false, true
	}
	if !s.Birth.IsZero() {
		for at := range c.following(c.byName[s.Name], 10*crowdedMost, func(o someone) int32 { return o.namesake }) {
			compare(at)
		}
		for at := range c.born(s.Birth) {
			if c.list[at].Name != s.Name {
				compare(at)
			}
		}
	}
	return t, best < len(likeness.Kinds), false
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

func (c *crowd) someone(n person, row int) someone {
	return someone{row: row, Person: likeness.Person{Name: c.fold(n.BirthName), Written: text.Line(n.BirthName), Birth: n.Birth, Card: n.Card}}
}
