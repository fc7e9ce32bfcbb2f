package meeting

import (
	"slices"

	"chibo/internal/platform/text"
)

// Likeness is how much of a month's agenda repeats the month before (S-38).
type Likeness struct {
	// Own are the things a month says beside the template; Same of them were
	// said the month before.
	Own, Same int
	// Repeated are their words.
	Repeated []string
}

// Identical reports whether the month says nothing that the one before did not
// say: all of its own things are repeated, or it has none.
func (l Likeness) Identical() bool { return l.Same == l.Own }

// own are the things an agenda says beside the template: the notes of its
// items, and items added by hand.
func own(agenda []Item) []string {
	var list []string
	for _, i := range agenda {
		if i.Slot == "" {
			list = append(list, i.Title)
		}
		if i.Note != "" {
			list = append(list, i.Note)
		}
	}
	return list
}

// Compare tells what an agenda repeats of another. Accents, letter case and
// punctuation make no difference.
func Compare(agenda, before []Item) Likeness {
	var said []string
	for _, s := range own(before) {
		said = append(said, text.Fold(s))
	}
	var l Likeness
	for _, s := range own(agenda) {
		l.Own++
		if slices.Contains(said, text.Fold(s)) {
			l.Same++
			l.Repeated = append(l.Repeated, s)
		}
	}
	return l
}
