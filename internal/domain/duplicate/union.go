package duplicate

import (
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/platform/clock"
)

// Side-by-side choices that are of several columns.
const (
	// FieldMembership is the state of membership with its days and its steps.
	FieldMembership = "membership"
	// FieldUnit is the cell of today, with the party group in it.
	FieldUnit = "unit"
)

// Field is what both records say of one thing.
type Field struct {
	Name        string
	Kept, Other string
	// Taken: the union says what the other record says.
	Taken bool
}

// Differs reports whether there is a choice.
func (f Field) Differs() bool { return f.Kept != f.Other }

// Value is what the union says.
func (f Field) Value() string {
	if f.Taken {
		return f.Other
	}
	return f.Kept
}

// field reads and writes one thing of a record.
type field struct {
	name string
	text func(*member.File) string
	take func(into, from *member.File)
}

// fields are all that people choose, in the order of the form.
func fields() []field {
	list := []field{
		{"birth_name", func(f *member.File) string { return f.BirthName }, func(into, from *member.File) { into.BirthName = from.BirthName }},
		{"name", func(f *member.File) string { return f.Name }, func(into, from *member.File) { into.Name = from.Name }},
		{"birth", func(f *member.File) string { return f.Birth.Vietnamese() }, func(into, from *member.File) { into.Birth = from.Birth }},
		{"sex", func(f *member.File) string { return string(f.Sex) }, func(into, from *member.File) { into.Sex = from.Sex }},
		{"card", func(f *member.File) string { return f.Card }, func(into, from *member.File) { into.Card = from.Card }},
		{"cv_number", func(f *member.File) string { return f.CVNumber }, func(into, from *member.File) { into.CVNumber = from.CVNumber }},
		{FieldUnit, func(f *member.File) string { return f.Unit.String() }, func(into, from *member.File) { into.Unit, into.Group = from.Unit, from.Group }},
		{FieldMembership, membership, func(into, from *member.File) {
			into.Status, into.Left, into.States = from.Status, from.Left, from.States
			into.Admitted, into.Ceremony, into.Recognised, into.Inactive = from.Admitted, from.Ceremony, from.Recognised, from.Inactive
		}},
		{"union_joined", func(f *member.File) string { return f.CV.UnionJoined.Vietnamese() }, func(into, from *member.File) { into.CV.UnionJoined = from.CV.UnionJoined }},
	}
	var names member.CV
	for name := range names.Lines() {
		list = append(list, field{name, func(f *member.File) string { return *line(&f.CV, name) }, func(into, from *member.File) { *line(&into.CV, name) = *line(&from.CV, name) }})
	}
	return list
}

func line(cv *member.CV, name string) *string {
	for each, text := range cv.Lines() {
		if each == name {
			return text
		}
	}
	return new(string)
}

// membership tells the days apart by which two memberships differ.
func membership(f *member.File) string {
	return string(f.Status) + " " + f.Admitted.String() + " " + f.Ceremony.String() + " " + f.Recognised.String() + " " + f.Left.String()
}

// proposed are the fields that the other record says and the kept one does not.
func proposed(kept, other member.File) (names []string) {
	for _, f := range fields() {
		if f.text(&kept) == "" && f.text(&other) != "" {
			names = append(names, f.name)
		}
	}
	return names
}

// unite is the union of two records in which the other one's fields of these
// names are taken, beside what was chosen from.
func unite(kept, other member.File, take []string) (member.Union, []Field) {
	whole, list := kept, []Field{}
	for _, f := range fields() {
		chosen := Field{Name: f.name, Kept: f.text(&kept), Other: f.text(&other), Taken: slices.Contains(take, f.name)}
		if chosen.Taken {
			f.take(&whole, &other)
		}
		list = append(list, chosen)
	}
	first, second := kept.Places, other.Places
	if slices.Contains(take, FieldUnit) {
		first, second = second, first
	}
	return member.Union{
		Core: whole.Core, CV: whole.CV, Status: whole.Status, Left: whole.Left, Unit: whole.Unit, Group: whole.Group,
		States: whole.States, Places: join(first, second, whole.Left),
	}, list
}

// join puts the places of two records into one line of which no two overlap: the
// first's stand, the other's fill what they leave free, and nothing lasts beyond
// the day on which the membership ended.
func join(first, second []member.Place, left clock.Date) []member.Place {
	line := slices.Clone(first)
	for _, p := range second {
		line = append(line, free(p, first)...)
	}
	slices.SortStableFunc(line, func(a, b member.Place) int { return a.From.Compare(b.From) })
	if left.IsZero() {
		return line
	}
	var kept []member.Place
	for _, p := range line {
		if p.To.IsZero() || p.To.After(left) {
			p.To = left
		}
		if p.From.Before(p.To) {
			kept = append(kept, p)
		}
	}
	return kept
}

// free are the parts of a place that no other one covers.
func free(p member.Place, others []member.Place) []member.Place {
	parts := []member.Place{p}
	for _, o := range others {
		var rest []member.Place
		for _, part := range parts {
			rest = append(rest, without(part, o)...)
		}
		parts = rest
	}
	return parts
}

// without is what is left of a place before and after another one.
func without(p, o member.Place) (rest []member.Place) {
	endsBefore := !p.To.IsZero() && !p.To.After(o.From)
	startsAfter := !o.To.IsZero() && !p.From.Before(o.To)
	if endsBefore || startsAfter {
		return []member.Place{p}
	}
	if p.From.Before(o.From) {
		before := p
		before.To = o.From
		rest = append(rest, before)
	}
	if !o.To.IsZero() && (p.To.IsZero() || p.To.After(o.To)) {
		after := p
		after.From = o.To
		rest = append(rest, after)
	}
	return rest
}
