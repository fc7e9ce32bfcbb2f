package meetings

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/web/course"
	"chibo/internal/web/ui"
)

// person is somebody to be chosen.
type person struct {
	id   access.PersonID
	name string
}

// people are those who can be given a part in the meeting: the roll once it is
// written, before that the cell's members, or who holds a post at a committee.
// The caller prepares or runs the meeting.
func (v visit) people() ([]person, error) {
	if !v.M.OpenedAt.IsZero() {
		return v.peopleOnRoll(func(meeting.Entry) bool { return true })
	}
	if !v.At.IsCell() {
		return v.postHolders()
	}
	roster, err := member.Roster(v.Tx, v.At.ID, v.M.Day())
	list := make([]person, len(roster))
	for i, m := range roster {
		list[i] = person{m.ID, m.Name}
	}
	return list, err
}

func (v visit) peopleOnRoll(wanted func(meeting.Entry) bool) ([]person, error) {
	roll, err := course.OrNone(meeting.Roll(v.Tx, v.By, v.M.ID))
	var list []person
	for _, e := range roll {
		if wanted(e) {
			list = append(list, person{e.Person, e.Name})
		}
	}
	return list, err
}

func (v visit) postHolders() ([]person, error) {
	posts, err := unit.PostsAt(v.Tx, v.At.ID, v.Today())
	if err != nil {
		return nil, err
	}
	var ids []access.PersonID
	for _, p := range posts {
		if !slices.Contains(ids, p.Person) {
			ids = append(ids, p.Person)
		}
	}
	called, err := member.Names(v.Tx, ids)
	var list []person
	for _, id := range ids {
		list = append(list, person{id, called[id]})
	}
	return list, err
}

// options are people as choices of a field.
func options(list []person) []ui.Option {
	choices := make([]ui.Option, len(list))
	for i, p := range list {
		choices[i] = ui.Option{Value: p.id.String(), Label: p.name}
	}
	return choices
}
