// Package likeness compares two descriptions of people and tells whether they
// may be of one: as a row of a spreadsheet and the register have them, or two
// records of the register.
//
// It is pure, knows no tables, and decides nothing: people do.
package likeness

import (
	"strings"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// Person is what is compared of somebody. What is not known is zero.
type Person struct {
	Name    string // at birth, folded
	Written string // the same as it was written
	Birth   clock.Date
	Card    string
}

// Kind is why two may be one, the surest first.
type Kind string

const (
	SameCard    Kind = "card"
	SamePerson  Kind = "person"      // name and birth
	SwappedDay  Kind = "swapped"     // day and month of birth exchanged
	SlipInBirth Kind = "birth_digit" // one digit of the birth
	SlipInName  Kind = "name_letter" // one letter of the name
)

// Kinds are all there are, the surest first.
var Kinds = []Kind{SameCard, SamePerson, SwappedDay, SlipInBirth, SlipInName}

// Of tells why the two may be one, if they may. People with cards of their own
// are two, unless all that is written of them is the same; and one card does
// not make one of two who have nothing else in common: see Resemble.
func Of(a, b Person) (Kind, bool) {
	if a.Card != "" && a.Card == b.Card {
		return SameCard, Resemble(a, b)
	}
	if a.Birth.IsZero() || b.Birth.IsZero() {
		return "", false
	}
	others := otherCards(a, b)
	switch {
	case a.Name == b.Name && a.Birth == b.Birth:
		return SamePerson, !others || a.Written == b.Written
	case others:
	case a.Name == b.Name && Swapped(a.Birth, b.Birth):
		return SwappedDay, true
	case a.Name == b.Name && a.Written == b.Written && OneDigit(a.Birth, b.Birth):
		return SlipInBirth, true
	case a.Birth == b.Birth && OneSlip(a.Name, b.Name):
		return SlipInName, true
	}
	return "", false
}

// Resemble reports that the names or the births are near: a number that was
// typed wrong hits a stranger.
func Resemble(a, b Person) bool {
	return a.Name == b.Name || a.Birth == b.Birth && !a.Birth.IsZero() || Slips(a.Name, b.Name, 3) <= 3
}

// otherCards reports two cards that are more than a typing error apart.
func otherCards(a, b Person) bool {
	return a.Card != "" && b.Card != "" && a.Card != b.Card && !OneSlip(a.Card, b.Card)
}

// Swapped reports that day and month were exchanged.
func Swapped(a, b clock.Date) bool {
	return a != b && a.Year() == b.Year() && a.Day() == int(b.Month()) && int(a.Month()) == b.Day()
}

// OneDigit reports that the days differ in one digit.
func OneDigit(a, b clock.Date) bool {
	s, t := a.String(), b.String()
	differ := 0
	for i := range s {
		if s[i] != t[i] {
			differ++
		}
	}
	return differ == 1
}

// Folder folds texts, many of which come again: names of places, family names.
// Its zero value is of no use; make one.
type Folder map[string]string

// foldedMost bounds what is remembered.
const foldedMost = 20_000

// Fold is text.Fold.
func (f Folder) Fold(s string) string {
	if known, ok := f[s]; ok {
		return known
	}
	folded := text.Fold(s)
	if len(f) < foldedMost {
		f[strings.Clone(s)] = folded
	}
	return folded
}
