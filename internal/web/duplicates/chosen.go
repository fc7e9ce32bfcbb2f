package duplicates

import (
	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func chosenPath(person member.ID) string { return "/members/" + person.String() + "/merge" }

// chosen are two records that somebody takes for one person's, though no search
// has found them.
func chosen(r *page.Request) (duplicate.Finding, error) {
	one, err := page.PathID[access.Person](r, "id")
	if err != nil {
		return duplicate.Finding{}, err
	}
	other, err := page.PathID[access.Person](r, "other")
	if err == nil && other == one {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return duplicate.Finding{One: one, Other: other, State: duplicate.Open}, err
}

// othersView asks for the other record of a person.
type othersView struct {
	Action string
	Words  ui.TextField
	Items  []ui.Item
	Note   string
}

// othersMost is how many people a search shows: who sees more types more.
const othersMost = 20

// showOthers finds the other record by name or card, in the part of the tree for
// which the reader works.
func showOthers(r *page.Request) (page.Answer, error) {
	who, err := page.PathID[access.Person](r, "id")
	if err != nil {
		return nil, err
	}
	b, err := member.Find(r.Tx, r.By, who)
	if err != nil {
		return nil, err
	}
	at, err := orgtree.Find(r.Tx, b.Unit)
	if err != nil {
		return nil, err
	}
	if !r.By.Can(access.MemberMerge, at) {
		return nil, r.By.Refuse(access.MemberMerge, at, 0)
	}
	words := r.Input().Line("q")
	v := othersView{Action: chosenPath(who), Words: ui.TextField{
		Name: "q", Label: r.T("duplicate.page.field_other"), Value: words, Required: true, MaxLength: lineMost,
	}}
	if words != "" {
		if err := v.seek(r, who, words); err != nil {
			return nil, err
		}
	}
	frame, err := r.Frame(r.T("duplicate.page.chosen_title", "name", b.Name))
	if err != nil {
		return nil, err
	}
	frame.Lead, frame.Crumbs = r.T("duplicate.page.others_lead"), []ui.Link{{Text: b.Name, Href: "/members/" + who.String()}}
	return page.HTML(othersPage(frame, v)), nil
}

func (v *othersView) seek(r *page.Request, who member.ID, words string) error {
	home, _, err := r.Home()
	if err != nil {
		return err
	}
	found, err := member.List(r.Tx, r.By, member.Filter{Unit: home.ID, Words: words, Limit: othersMost})
	for _, m := range found.People {
		if m.ID != who {
			v.Items = append(v.Items, ui.Item{Title: m.Name, Note: m.UnitName, Side: m.Core.Birth.Vietnamese(), Href: chosenPath(who) + "/" + m.ID.String()})
		}
	}
	switch {
	case found.Next != "":
		v.Note = r.T("ui.find_more")
	case len(v.Items) == 0:
		v.Note = r.T("duplicate.page.others_none")
	}
	return err
}
