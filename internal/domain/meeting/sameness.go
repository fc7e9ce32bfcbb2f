package meeting

import (
	"slices"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// Likeness is how much of a month's agenda repeats the month before (S-38).
type Likeness struct {
	Month, Before Month
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

// Sameness compares the agendas of the unit's monthly meetings, each with the
// one before, over the months up to and with until, oldest first. Who reads the
// unit's preparation may: those who prepare meetings, and the committees above.
func Sameness(tx *db.Tx, by access.Actor, unit orgtree.ID, until Month, months int) ([]Likeness, error) {
	at, err := access.Require(tx, by, access.MeetingRead, unit)
	if err != nil {
		return nil, err
	}
	if !(loaded{Meeting{}, at}).inside(by) {
		return nil, by.Refuse(access.MeetingPrepare, at, 0)
	}
	var w typed
	w.between("months", months, 1, 60)
	if err := w.Err(); err != nil {
		return nil, err
	}
	if until, err = ParseMonth(string(until)); err != nil {
		return nil, err
	}
	held, err := inMonths(tx, unit, until.Add(-months), until)
	if err != nil {
		return nil, err
	}
	held = slices.DeleteFunc(held, func(m Meeting) bool { return !m.Kind.Monthly() || m.State == Cancelled })
	var list []Likeness
	var last []Item
	for i, m := range held {
		agenda, err := items(tx, m.ID)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			l := Compare(agenda, last)
			l.Month, l.Before = m.Month, held[i-1].Month
			list = append(list, l)
		}
		last = agenda
	}
	return list, nil
}
