// Package tokens are the pages about personal access tokens: one's own, and for
// those who let people sign in, those of others.
package tokens

import (
	"context"
	"slices"
	"strconv"

	"chibo/internal/domain/member"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

const own = "/account/tokens"

// Routes are all pages of this area.
func Routes() []page.Route {
	return []page.Route{
		page.Show(own, showMine),
		page.Act(own+"/{token}/revoke", revokeMine, showMine),
		{Pattern: "GET " + own + "/new", Show: showNew, Sensitive: true},
		{Pattern: "POST " + own + "/new", Do: create, Show: showNew, Sensitive: true},
		page.Show("/members/{id}/tokens", showTheirs),
		page.Act("/members/{id}/tokens/{token}/revoke", revokeTheirs, showTheirs),
	}
}

// line is a token as a card says it.
type line struct {
	token.Token
	Unit                string // "" is everywhere
	Expires, Used, Made string
	Over                bool
	Revoke              string
}

func showMine(r *page.Request) (page.Answer, error) {
	list, err := token.Mine(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	lines, err := linesOf(r, list, own)
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("token.page.title"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs, frame.Lead = []ui.Link{{Text: r.T("frame.account"), Href: "/account"}}, r.T("token.page.lead")
	return page.HTML(listPage(frame, lines, own+"/new")), nil
}

func linesOf(r *page.Request, list []token.Token, base string) ([]line, error) {
	var lines []line
	for _, t := range list {
		l := line{
			Token: t, Made: i18n.Date(r.Context(), clock.DateOf(t.Made)), Expires: i18n.Instant(r.Context(), t.Expires),
			Used: r.T("token.page.unused"), Over: t.Expired(r.Tx.Now), Revoke: base + "/" + t.ID.String() + "/revoke",
		}
		if !t.Used.IsZero() {
			l.Used = i18n.Instant(r.Context(), t.Used) + " · " + t.Address
		}
		if t.Unit != 0 {
			at, err := orgtree.Find(r.Tx, t.Unit)
			if err != nil {
				return nil, err
			}
			l.Unit = at.Name
		}
		lines = append(lines, l)
	}
	return lines, nil
}

// lives are the days offered; the rule pack cuts the list.
var lives = []int{30, 90, 180, 366}

const usual = 90

func showNew(r *page.Request) (page.Answer, error) {
	units, err := offered(r)
	if err != nil {
		return nil, err
	}
	longest, err := token.Longest(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	v := newView{Form: ui.FormProps{Action: own + "/new", Errors: r.Errors()}}
	v.Name = ui.TextField{
		Name: "name", Label: r.T("token.field.name"), Help: r.T("token.field.name_help"), Required: true, MaxLength: 100,
		Value: r.Value("name", ""), Error: r.Errors().For("name"),
	}
	v.Scope = ui.ChoiceField{Name: "scope", Label: r.T("token.field.scope"), Required: true, Value: r.Value("scope", "read"), Options: []ui.Option{
		{Value: "read", Label: r.T("token.page.reads"), Help: r.T("token.page.reads_help")},
		{Value: "write", Label: r.T("token.page.writes"), Help: r.T("token.page.writes_help")},
	}}
	v.Unit = ui.SelectField{
		Name: "unit", Label: r.T("token.field.unit"), Help: r.T("token.field.unit_help"), Empty: r.T("token.page.everywhere"),
		Options: units, Value: r.Value("unit", ""), Error: r.Errors().For("unit"),
	}
	v.Days = ui.SelectField{Name: "days", Label: r.T("token.field.days"), Required: true, Value: r.Value("days", strconv.Itoa(min(usual, longest))), Error: r.Errors().For("days")}
	for _, days := range lives {
		if days <= longest {
			v.Days.Options = append(v.Days.Options, ui.Option{
				Value: strconv.Itoa(days), Label: r.T("token.page.days", "count", days, "day", r.Today().AddDays(days)),
			})
		}
	}
	frame, err := r.Frame(r.T("token.page.new_title"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{{Text: r.T("frame.account"), Href: "/account"}, {Text: r.T("token.page.title"), Href: own}}
	if len(r.Errors()) > 0 {
		frame.Flash = ui.Flash{} // the summary above the fields says it
	}
	return page.HTML(newPage(frame, v)), nil
}

// newView is the form for a new token.
type newView struct {
	Form  ui.FormProps
	Name  ui.TextField
	Scope ui.ChoiceField
	Unit  ui.SelectField
	Days  ui.SelectField
}

// offered are the units to which a token can be held: where the reader has a
// role, and the next below.
func offered(r *page.Request) ([]ui.Option, error) {
	var units []orgtree.Unit
	for _, g := range r.By.Grants() {
		at, err := orgtree.Find(r.Tx, g.Unit)
		if err != nil {
			return nil, err
		}
		below, err := orgtree.Children(r.Tx, g.Unit)
		if err != nil {
			return nil, err
		}
		units = append(append(units, at), below...)
	}
	var options []ui.Option
	for _, u := range units {
		o := ui.Option{Value: u.ID.String(), Label: u.Name}
		if r.By.Can(access.UnitRead, u) && !slices.Contains(options, o) {
			options = append(options, o)
		}
	}
	return options, nil
}

// create answers with the token at once, not with a redirect: it is known to
// nobody afterwards, not even to the database.
func create(r *page.Request) (page.Answer, error) {
	in := r.Input()
	n := token.New{
		Owner: r.By.Person, Name: in.Line("name"), Writes: in.Line("scope") == "write",
		Unit: page.ID[orgtree.Unit](in, "unit"), Days: in.Int("days"),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if n.Unit == 0 && in.Has("unit") { // a unit that cannot be read is not "everywhere"
		return nil, errs.Field("unit", "errs.choice")
	}
	secret, made, err := token.Create(r.Tx, r.By, n)
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("token.page.made_title"))
	if err != nil {
		return nil, err
	}
	return page.HTML(madePage(frame, string(secret), made.Name, i18n.Instant(r.Context(), made.Expires), address(r))), nil
}

// address is how a program reaches this site.
func address(r *page.Request) string {
	scheme := "http://"
	if r.Site.Secure {
		scheme = "https://"
	}
	return scheme + r.Host + "/api/v1/"
}

func revokeMine(r *page.Request) (page.Answer, error) { return revoke(r, own) }

func revoke(r *page.Request, back string) (page.Answer, error) {
	which, err := page.PathID[token.Token](r, "token")
	if err != nil {
		return nil, err
	}
	if err := token.Revoke(r.Tx, r.By, which); err != nil {
		return nil, err
	}
	return page.SeeOther(back, "token.page.done_revoked"), nil
}

func showTheirs(r *page.Request) (page.Answer, error) {
	who, err := page.PathID[access.Person](r, "id")
	if err != nil {
		return nil, err
	}
	list, err := token.Of(r.Tx, r.By, who)
	if err != nil {
		return nil, err
	}
	names, err := member.Names(r.Tx, []member.ID{who})
	if err != nil {
		return nil, err
	}
	lines, err := linesOf(r, list, theirs(who))
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("token.page.theirs_title", "name", names[who]))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{{Text: names[who], Href: "/members/" + who.String()}}
	return page.HTML(listPage(frame, lines, "")), nil
}

func theirs(who access.PersonID) string { return "/members/" + who.String() + "/tokens" }

func revokeTheirs(r *page.Request) (page.Answer, error) {
	who, err := page.PathID[access.Person](r, "id")
	if err != nil {
		return nil, err
	}
	return revoke(r, theirs(who))
}

func where(ctx context.Context, l line) string {
	if l.Unit == "" {
		return i18n.T(ctx, "token.page.everywhere")
	}
	return l.Unit
}

// revokeText says of a token that is over that it only leaves the list.
func revokeText(ctx context.Context, l line) string {
	if l.Over {
		return i18n.T(ctx, "token.page.remove")
	}
	return i18n.T(ctx, "token.page.revoke")
}
