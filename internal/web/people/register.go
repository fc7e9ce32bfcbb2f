package people

import (
	"strconv"

	"github.com/a-h/templ"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// cvText is a line of a CV and the name of its field.
type cvText struct {
	name string
	text *string
}

// cvTexts are the lines of a CV in the order of form 2-KNĐ.
func cvTexts(v *member.CV) []cvText {
	return []cvText{
		{"other_names", &v.OtherNames},
		{"birthplace", &v.Birthplace},
		{"home", &v.Home},
		{"residence", &v.Residence},
		{"phone", &v.Phone},
		{"ethnic", &v.Ethnic},
		{"religion", &v.Religion},
		{"occupation", &v.Occupation},
		{"schooling", &v.Schooling},
		{"expertise", &v.Expertise},
		{"degree", &v.Degree},
		{"academic_title", &v.AcademicTitle},
		{"theory", &v.Theory},
		{"languages", &v.Languages},
		{"computing", &v.Computing},
		{"minority_languages", &v.MinorityLanguages},
		{"union_place", &v.UnionPlace},
	}
}

func showRegister(r *page.Request) (page.Answer, error) {
	at, err := scopeOf(r, access.Invite)
	if err != nil {
		return nil, err
	}
	if !at.IsCell() {
		return showRegisterOfficial(r, at)
	}
	if _, err := access.Require(r.Tx, r.By, access.MemberManage, at.ID); err != nil {
		return nil, err
	}
	f := fields{r, "member.column."}
	groups, err := groupOptions(r, at.ID)
	if err != nil {
		return nil, err
	}
	words, _, err := unit.Words(r.Tx, at)
	if err != nil {
		return nil, err
	}
	statuses := []ui.Option{
		{Value: string(member.Official), Label: statusLabel(r.Context(), words, member.Official)},
		{Value: string(member.Probationary), Label: statusLabel(r.Context(), words, member.Probationary)},
	}
	list := []templ.Component{f.segments("status", statuses, string(member.Official))}
	list = append(list, coreFields(f, member.Core{})...)
	list = append(list, f.date("from", r.Today(), false), f.line("document", "", false))
	if len(groups) > 0 {
		list = append(list, f.choice("group", groups, "", r.T("people.page.no_group"), false))
	}
	list = append(list, cvFields(f, member.CV{})...)
	return form{
		Title: r.T("people.page.register_title"), Lead: r.T("people.page.register_lead", "unit", at.Name),
		Crumbs: []ui.Link{memberCrumb(r), {Text: at.Name, Href: membersPath(at.ID)}}, Action: "/members/new",
		Creates: true, Hidden: []ui.Hidden{{Name: "unit", Value: at.ID.String()}},
		Fields: list, Submit: r.T("people.page.register_submit"), Back: membersPath(at.ID),
	}.answer(r)
}

// outside stands in forms for a person who is no member: the state of one is
// empty, which a form cannot tell from a field left out.
const outside = "outside"

// showRegisterOfficial asks for somebody of a committee's office, who needs no
// party card to hold a role.
func showRegisterOfficial(r *page.Request, at orgtree.Unit) (page.Answer, error) {
	f := fields{r, "member.column."}
	return form{
		Title: r.T("people.page.official_title"), Lead: r.T("people.page.official_lead", "unit", at.Name),
		Crumbs: []ui.Link{unitsCrumb(r), unitCrumb(at)}, Action: "/members/new", Creates: true,
		Hidden: []ui.Hidden{{Name: "unit", Value: at.ID.String()}, {Name: "status", Value: outside}},
		Fields: []templ.Component{
			f.line("birth_name", "", true), f.date("birth", noDay, false), f.line("occupation", "", false), f.line("phone", "", false),
		},
		Submit: r.T("people.page.official_submit"), Back: unitPath(at.ID),
	}.answer(r)
}

func coreFields(f fields, c member.Core) []templ.Component {
	name := c.Name
	if name == c.BirthName {
		name = "" // nobody has to type it twice
	}
	inactive := ""
	if c.Inactive > 0 {
		inactive = strconv.Itoa(c.Inactive)
	}
	return []templ.Component{
		f.line("birth_name", c.BirthName, true), f.line("name", name, false), f.segments("sex", sexes(f.r), string(c.Sex)),
		f.date("birth", c.Birth, true), f.date("admitted", c.Admitted, false), f.date("ceremony", c.Ceremony, true),
		f.date("recognised", c.Recognised, false), f.line("card", c.Card, false), f.line("cv_number", c.CVNumber, false),
		f.number("inactive", inactive, f.r.T("people.field.month_unit")),
	}
}

func cvFields(f fields, v member.CV) []templ.Component {
	list := []templ.Component{heading(f.r.T("people.page.file_cv"))}
	for _, t := range cvTexts(&v) {
		list = append(list, f.line(t.name, *t.text, false))
	}
	return append(list, f.date("union_joined", v.UnionJoined, false))
}

func readCore(in *page.Input) member.Core {
	return member.Core{
		BirthName: in.Line("birth_name"), Name: in.Line("name"), Sex: member.Sex(in.Line("sex")), Birth: in.Date("birth"),
		Card: in.Line("card"), CVNumber: in.Line("cv_number"), Admitted: in.Date("admitted"), Ceremony: in.Date("ceremony"),
		Recognised: in.Date("recognised"), Inactive: in.Int("inactive"),
	}
}

func readCV(in *page.Input) (v member.CV) {
	for _, t := range cvTexts(&v) {
		*t.text = in.Line(t.name)
	}
	v.UnionJoined = in.Date("union_joined")
	return v
}

func register(r *page.Request) (page.Answer, error) {
	in := r.Input()
	n := member.New{
		Unit: page.ID[orgtree.Unit](in, "unit"), Group: page.ID[unit.Group](in, "group"), Status: member.Status(in.Line("status")),
		From: in.Date("from"), Document: in.Line("document"), Core: readCore(in), CV: readCV(in),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	switch n.Status {
	case outside:
		n.Status = member.Outside
	case member.Outside:
		return nil, errs.Field("status", "errs.required")
	}
	m, err := member.Register(r.Tx, r.By, n)
	if err != nil {
		return nil, err
	}
	if n.Status == member.Outside {
		return officialsPost(r, m)
	}
	return page.SeeOther(memberPath(m.ID), "people.page.done_registered"), nil
}

// officialsPost leads on to the post of an official, without which they can do
// nothing here.
func officialsPost(r *page.Request, official member.Member) (page.Answer, error) {
	at, err := orgtree.Find(r.Tx, official.Unit)
	if err != nil {
		return nil, err
	}
	next := unitPath(at.ID)
	if r.By.Can(access.PostManage, at) {
		next += "/appoint?person=" + official.ID.String()
	}
	return page.SeeOther(next, "people.page.done_official"), nil
}

func showEdit(r *page.Request) (page.Answer, error) {
	who, err := person(r)
	if err != nil {
		return nil, err
	}
	if _, _, err := managed(r); err != nil {
		return nil, err
	}
	m, err := member.Open(r.Tx, r.By, who, r.T("people.page.reason_edit"))
	if err != nil {
		return nil, err
	}
	f := fields{r, "member.column."}
	list := append(coreFields(f, m.Core), f.line("document", "", false))
	return form{
		Title: r.T("people.page.edit_title", "name", m.Name), Crumbs: []ui.Link{memberCrumb(r), {Text: m.Name, Href: memberPath(who)}},
		Action: memberPath(who) + "/edit", Version: m.Version, Fields: append(list, cvFields(f, m.CV)...),
		Submit: r.T("people.page.save"), Back: memberPath(who),
	}.answer(r)
}

func edit(r *page.Request) (page.Answer, error) {
	who, err := person(r)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	c := member.Change{Core: readCore(in), CV: readCV(in), Document: in.Line("document")}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if err := member.Edit(r.Tx, r.By, who, in.Version(), c); err != nil {
		return nil, err
	}
	return page.SeeOther(memberPath(who), "people.page.done_saved"), nil
}

// managed is the person whom the reader may change, and their unit.
func managed(r *page.Request) (member.Brief, orgtree.Unit, error) {
	who, err := person(r)
	if err != nil {
		return member.Brief{}, orgtree.Unit{}, err
	}
	b, err := member.Find(r.Tx, r.By, who)
	if err != nil {
		return member.Brief{}, orgtree.Unit{}, err
	}
	at, err := access.Require(r.Tx, r.By, access.MemberManage, b.Unit)
	return b, at, err
}
