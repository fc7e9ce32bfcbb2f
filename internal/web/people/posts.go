package people

import (
	"slices"

	"github.com/a-h/templ"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func postRoutes() []page.Route {
	return slices.Concat(
		page.Form("/units/{id}/appoint", showAppoint, appoint),
		[]page.Route{
			page.Show("/units/{id}/posts/{post}", showPost),
			page.Act("/units/{id}/posts/{post}/report", report, showPost),
		},
		page.Form("/units/{id}/posts/{post}/approve", showApprove, approve),
		page.Form("/units/{id}/posts/{post}/refuse", showRefuse, refuse),
		page.Form("/units/{id}/posts/{post}/end", showEndPost, endPost),
	)
}

// candidatesMost is how many people a choice offers; of more, some are sought
// by name first.
const candidatesMost = 200

func showAppoint(r *page.Request) (page.Answer, error) {
	u, words, err := manages(r, access.PostManage)
	if err != nil {
		return nil, err
	}
	sought := r.Form.Get("q")
	people, total, err := candidates(r, u, sought)
	if err != nil {
		return nil, err
	}
	f, view := fields{r, "people.post."}, unitForm(r, u, "appoint")
	view.Creates, view.Version = true, 0
	view.Action = unitPath(u.ID) + "/appoint"
	view.Hidden = []ui.Hidden{{Name: "q", Value: sought}}
	term, err := unit.TermOn(r.Tx, u.ID, r.Today())
	if err != nil {
		return nil, err
	}
	view.Fields = []templ.Component{
		f.choice("person", people, r.Form.Get("person"), r.T("people.page.choose"), true),
		f.choice("kind", postKinds(words, u), "", r.T("people.page.choose"), true),
		f.segments("elected", []ui.Option{
			{Value: "1", Label: r.T("people.page.elected"), Help: r.T("people.page.elected_help")},
			{Value: "0", Label: r.T("people.page.appointed"), Help: r.T("people.page.appointed_help")},
		}, "1"),
		f.date("from", r.Today(), true), f.line("term", term.Name, false), f.line("decision", "", true),
	}
	frame, err := r.Frame(view.Title)
	if err != nil {
		return nil, err
	}
	frame.Crumbs = view.Crumbs
	if len(r.Errors()) > 0 {
		frame.Flash = ui.Flash{}
	}
	search := appointSearch{Sought: sought, Shown: sought != "" || total > len(people) || len(people) == 0, Empty: sought != "" && len(people) == 0}
	return page.HTML(appointPage(frame, view.props(r), view, search)), nil
}

// appointSearch is the search for whoever is to be appointed, where the choice
// does not hold everybody.
type appointSearch struct {
	Sought       string
	Shown, Empty bool
}

// candidates are people of the unit and of all below it whom the reader may
// read, members or not.
func candidates(r *page.Request, u orgtree.Unit, sought string) ([]ui.Option, int, error) {
	list, err := member.List(r.Tx, r.By, member.Filter{
		Unit: u.ID, Words: sought, Statuses: []member.Status{member.Official, member.Probationary, member.Outside},
		Limit: candidatesMost, Count: true,
	})
	if errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound) {
		return unread(r, u, sought)
	}
	if err != nil {
		return nil, 0, err
	}
	options := make([]ui.Option, len(list.People))
	for i, p := range list.People {
		options[i] = ui.Option{Value: p.ID.String(), Label: p.Name}
		if !u.IsCell() {
			options[i].Label += " – " + p.UnitName
		}
	}
	return options, list.Total, nil
}

// unread are the candidates of a reader who reads no members: the officials of
// the unit, and the holder of the card whose number was typed.
func unread(r *page.Request, u orgtree.Unit, card string) ([]ui.Option, int, error) {
	officials, err := member.Officials(r.Tx, r.By, u.ID)
	if err != nil && !errs.Is(err, errs.Denied) {
		return nil, 0, err
	}
	holder, err := member.ByCard(r.Tx, r.By, card)
	switch {
	case err == nil:
		officials = append([]member.Brief{holder}, officials...)
	case !errs.Is(err, errs.NotFound):
		return nil, 0, err
	}
	options := make([]ui.Option, len(officials))
	for i, p := range officials {
		options[i] = ui.Option{Value: p.ID.String(), Label: p.Name}
	}
	return options, len(options), nil
}

// mayAppoint refuses whom the reader neither reads nor is offered otherwise.
func mayAppoint(r *page.Request, u orgtree.ID, person access.PersonID, card string) error {
	if _, err := member.Find(r.Tx, r.By, person); !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Denied) {
		return err
	}
	offered, _, err := unread(r, orgtree.Unit{ID: u}, card)
	if err == nil && !slices.ContainsFunc(offered, func(o ui.Option) bool { return o.Value == person.String() }) {
		err = errs.Field("person", "unit.error.no_person")
	}
	return err
}

// postKinds are the posts of a cell, or of a party and its offices.
func postKinds(words rulepack.States, u orgtree.Unit) (options []ui.Option) {
	for _, p := range words.Posts {
		if p.At != "group" && (p.At == "cell") == u.IsCell() {
			options = append(options, ui.Option{Value: p.ID, Label: p.Label})
		}
	}
	return options
}

func appoint(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	a := unit.Appointment{
		Person: page.ID[access.Person](in, "person"), Kind: in.Line("kind"), Elected: in.Line("elected") == "1",
		From: in.Date("from"), Term: in.Line("term"), Decision: in.Line("decision"),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if a.Person == 0 {
		return nil, errs.Field("person", "errs.choice")
	}
	if err := mayAppoint(r, at, a.Person, in.Line("q")); err != nil {
		return nil, err
	}
	if _, err := unit.Appoint(r.Tx, r.By, at, a); err != nil {
		return nil, err
	}
	return page.SeeOther(unitPath(at), "people.page.done_appointed"), nil
}

// postView is the page of a post, from which it is carried on.
type postView struct {
	Facts                []ui.Definition
	Report               *ui.PostButton
	Approve, Refuse, End string
}

// heldPost is a post that is held today, with its holder's name.
type heldPost struct {
	unit.Post
	at    orgtree.Unit
	label string
	name  string
}

func (p heldPost) path() string { return unitPath(p.at.ID) + "/posts/" + p.ID.String() }

func postOf(r *page.Request) (heldPost, error) {
	u, words, err := manages(r, access.PostManage)
	if err != nil {
		return heldPost{}, err
	}
	which, err := page.PathID[unit.Post](r, "post")
	if err != nil {
		return heldPost{}, err
	}
	posts, err := unit.Posts(r.Tx, r.By, u.ID, r.Today())
	if err != nil {
		return heldPost{}, err
	}
	at := slices.IndexFunc(posts, func(p unit.Post) bool { return p.ID == which })
	if at < 0 {
		return heldPost{}, errs.New(errs.NotFound, "errs.not_found")
	}
	names, err := member.Names(r.Tx, []member.ID{posts[at].Person})
	return heldPost{posts[at], u, postLabel(words, posts[at].Kind), names[posts[at].Person]}, err
}

func showPost(r *page.Request) (page.Answer, error) {
	p, err := postOf(r)
	if err != nil {
		return nil, err
	}
	v := postView{End: p.path() + "/end", Facts: []ui.Definition{
		{Term: r.T("people.page.name"), Content: ui.TextLink(p.name, memberPath(p.Person))},
		{Term: r.T("people.page.post"), Text: p.label},
		{Term: r.T("people.page.time"), Text: span(r.Context(), p.From, p.To)},
		{Term: r.T("people.field.term"), Text: p.Term},
		{Term: r.T("people.page.post_state"), Text: r.T("unit.post_state." + string(p.State))},
		{Term: r.T("people.field.decision"), Text: p.Decision},
	}}
	if p.State == unit.Elected {
		v.Report = &ui.PostButton{Text: r.T("people.page.post_report"), Action: p.path() + "/report", Version: p.Version}
	}
	if p.State == unit.Elected || p.State == unit.Reported {
		v.Approve, v.Refuse = p.path()+"/approve", p.path()+"/refuse"
	}
	frame, err := r.Frame(p.label + " · " + p.name)
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{unitsCrumb(r), unitCrumb(p.at)}
	return page.HTML(postPage(frame, v)), nil
}

func report(r *page.Request) (page.Answer, error) {
	return onPost(r, func(in *page.Input, p unit.PostID) func() error {
		return func() error { return unit.Report(r.Tx, r.By, p, in.Version()) }
	})
}

// postForm is a decision about a post.
func postForm(r *page.Request, name string, list ...string) (page.Answer, error) {
	p, err := postOf(r)
	if err != nil {
		return nil, err
	}
	f := fields{r, "people.field."}
	view := form{
		Title: r.T("people.page.post_" + name), Lead: p.label + " · " + p.name, Crumbs: []ui.Link{unitsCrumb(r), unitCrumb(p.at), {Text: p.label, Href: p.path()}},
		Action: p.path() + "/" + name, Version: p.Version, Submit: r.T("people.page.post_" + name), Back: p.path(), Danger: name != "approve",
		Fields: []templ.Component{f.date("day", r.Today(), true)},
	}
	for _, field := range list {
		view.Fields = append(view.Fields, f.line(field, "", field == "decision"))
	}
	return view.answer(r)
}

func showApprove(r *page.Request) (page.Answer, error) { return postForm(r, "approve", "decision") }

func showRefuse(r *page.Request) (page.Answer, error) {
	return postForm(r, "refuse", "decision", "reason")
}

func showEndPost(r *page.Request) (page.Answer, error) { return postForm(r, "end", "reason") }

func approve(r *page.Request) (page.Answer, error) {
	return onPost(r, func(in *page.Input, p unit.PostID) func() error {
		day, decision := in.Date("day"), in.Line("decision")
		return func() error { return unit.Approve(r.Tx, r.By, p, in.Version(), day, decision) }
	})
}

func refuse(r *page.Request) (page.Answer, error) {
	return onPost(r, func(in *page.Input, p unit.PostID) func() error {
		day, decision, reason := in.Date("day"), in.Line("decision"), in.Line("reason")
		return func() error { return unit.Refuse(r.Tx, r.By, p, in.Version(), day, decision, reason) }
	})
}

func endPost(r *page.Request) (page.Answer, error) {
	return onPost(r, func(in *page.Input, p unit.PostID) func() error {
		day, reason := in.Date("day"), in.Line("reason")
		return func() error { return unit.EndPost(r.Tx, r.By, p, in.Version(), day, reason) }
	})
}

// onPost reads the form of a step of a post, takes it, and goes back to the unit.
func onPost(r *page.Request, read func(in *page.Input, p unit.PostID) func() error) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	which, err := page.PathID[unit.Post](r, "post")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	act := read(in, which)
	if err := in.Err(); err != nil {
		return nil, err
	}
	if err := act(); err != nil {
		return nil, err
	}
	return page.SeeOther(unitPath(at), "people.page.done_saved"), nil
}
