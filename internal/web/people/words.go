package people

import (
	"cmp"
	"context"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func back(ctx context.Context) string { return i18n.T(ctx, "ui.back") }

// statusLabel is a state of membership in words.
func statusLabel(ctx context.Context, words rulepack.States, s member.Status) string {
	if s == member.Outside {
		return i18n.T(ctx, "people.page.outside")
	}
	state, ok := words.MemberState(string(s))
	if !ok {
		return string(s)
	}
	return state.Label
}

func statusTone(s member.Status) ui.Tone {
	switch {
	case s == member.Official:
		return ui.Good
	case s == member.Probationary:
		return ui.Info
	}
	return ui.Plain
}

// span is a time from a day to the day before another, in words.
func span(ctx context.Context, from, to clock.Date) string {
	switch {
	case to.IsZero() && from.IsZero():
		return ""
	case to.IsZero():
		return i18n.T(ctx, "people.page.since", "day", i18n.Date(ctx, from))
	}
	return i18n.T(ctx, "people.page.span", "from", i18n.Date(ctx, from), "to", i18n.Date(ctx, to.AddDays(-1)))
}

// months is a length such as "12 năm 3 tháng".
func months(ctx context.Context, n int) string {
	switch {
	case n < 12:
		return i18n.T(ctx, "people.page.months", "months", n)
	case n%12 == 0:
		return i18n.T(ctx, "people.page.years", "years", n/12)
	}
	return i18n.T(ctx, "people.page.years_months", "years", n/12, "months", n%12)
}

func memberPath(person member.ID) string { return "/members/" + person.String() }
func unitPath(unit orgtree.ID) string    { return "/units/" + unit.String() }
func membersPath(unit orgtree.ID) string { return "/members?unit=" + unit.String() }

// memberCrumb leads to the list, or whoever may not read it to their own page.
func memberCrumb(r *page.Request) ui.Link {
	if home, _, err := r.Home(); err == nil && !r.By.Can(access.MemberRead, home) {
		return ui.Link{Text: r.T("ui.profile"), Href: "/me"}
	}
	return ui.Link{Text: r.T("frame.nav.members"), Href: "/members"}
}
func unitCrumb(u orgtree.Unit) ui.Link { return ui.Link{Text: u.Name, Href: unitPath(u.ID)} }
func unitsCrumb(r *page.Request) ui.Link {
	return ui.Link{Text: r.T("frame.nav.units"), Href: "/units"}
}

func personCrumb(b member.Brief) ui.Link        { return ui.Link{Text: b.Name, Href: memberPath(b.ID)} }
func person(r *page.Request) (member.ID, error) { return page.PathID[access.Person](r, "id") }

func lifeTitle(whole bool) string {
	if whole {
		return "people.page.life"
	}
	return "people.page.posts"
}

// offered are the forms that the reader may open, the most used first; the
// texts are message keys.
func (v memberView) offered() (list []ui.Link) {
	for _, a := range []ui.Link{
		{Text: "people.page.recognise", Href: v.Recognise},
		{Text: "people.page.edit", Href: v.Edit},
		{Text: "people.page.assign_group", Href: v.Group},
		{Text: "people.page.overlay_add", Href: v.Overlay},
		{Text: "people.page.move", Href: v.Move},
		{Text: "people.page.leave", Href: v.Leave},
		{Text: "people.page.invite", Href: v.Invite},
		{Text: "people.page.merge", Href: v.Merge},
	} {
		if a.Href != "" {
			list = append(list, a)
		}
	}
	return list
}

func changeItems(ctx context.Context, changes []changeView) []ui.Definition {
	none := i18n.T(ctx, "people.page.nothing")
	items := make([]ui.Definition, len(changes))
	for i, c := range changes {
		items[i] = ui.Definition{Term: c.Label, Text: cmp.Or(c.Before, none) + " → " + cmp.Or(c.After, none)}
	}
	return items
}

// offered are the forms that the reader may open; the texts are message keys.
func (v unitView) offered() (list []ui.Link) {
	for _, a := range []ui.Link{
		{Text: "people.page.appoint", Href: v.Appoint},
		{Text: "people.page.official", Href: v.Official},
		{Text: "people.page.slips", Href: v.Slips},
		{Text: "people.page.import_posts", Href: v.ImportPosts},
		{Text: "people.page.group_new", Href: v.NewGroup},
		{Text: "people.page.unit_found", Href: v.Found},
		{Text: "people.page.unit_change", Href: v.Change},
		{Text: "people.page.term_begin", Href: v.Term},
		{Text: "people.page.unit_move", Href: v.Move},
		{Text: "people.page.unit_undo", Href: v.Undo},
		{Text: "people.page.unit_end", Href: v.End},
	} {
		if a.Href != "" {
			list = append(list, a)
		}
	}
	return list
}
