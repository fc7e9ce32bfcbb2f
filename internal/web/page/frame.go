package page

import (
	"net/http"
	"slices"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/guide"
	"chibo/internal/web/ui"
)

// Home is the unit that the reader works for now, with the role there: the one
// they chose, otherwise the one where they carry most.
func (r *Request) Home() (orgtree.Unit, access.Role, error) {
	grant, found := r.homeGrant()
	if !found {
		return orgtree.Unit{}, "", nil
	}
	at, err := orgtree.Find(r.Tx, grant.Unit)
	return at, grant.Role, err
}

func (r *Request) homeGrant() (access.Grant, bool) {
	standing := slices.DeleteFunc(slices.Clone(r.By.Grants()), func(g access.Grant) bool { return g.Subject != 0 })
	if len(standing) == 0 {
		return access.Grant{}, false
	}
	slices.SortStableFunc(standing, func(a, b access.Grant) int { return weight(a.Role) - weight(b.Role) })
	if cookie, err := r.Cookie(homeCookie); err == nil {
		for _, g := range standing {
			if g.Unit.String() == cookie.Value {
				return g, true
			}
		}
	}
	return standing[0], true
}

const homeCookie = "unit"

// Choose has the reader work for the unit from now on.
func (r *Request) Choose(unit orgtree.ID) {
	r.SetCookie(&http.Cookie{Name: homeCookie, Value: unit.String(), MaxAge: 365 * 24 * 60 * 60})
}

// weight sorts roles by how much depends on their holder.
func weight(role access.Role) int {
	order := []access.Role{
		access.Secretary, access.Deputy, access.Office, access.CommitteeMember, access.Inspector,
		access.Administrator, access.GroupLeader, access.Member, access.Attendee,
	}
	if at := slices.Index(order, role); at >= 0 {
		return at
	}
	return len(order)
}

// Frame is the frame of a page: the red bar, the navigation, the message of
// the last action.
func (r *Request) Frame(title string) (ui.Page, error) {
	p := ui.Page{
		Title: title, Size: ui.SizeOf(r.Request), Path: r.local(),
		Print: r.Printing(), Failed: r.Problem != nil, Flash: r.flash(),
	}
	if r.By.Person == 0 {
		return p, nil
	}
	return r.framed(p)
}

func (r *Request) flash() ui.Flash {
	if r.Problem != nil {
		return ui.Flash{Tone: ui.Bad, Text: r.T(r.Problem.Message.Key, r.Problem.Message.Args...)}
	}
	return ui.Flash{Tone: ui.Good, Text: r.Done()}
}

func (r *Request) framed(p ui.Page) (ui.Page, error) {
	home, role, err := r.Home()
	if err != nil {
		return p, err
	}
	names, err := member.Names(r.Tx, []member.ID{r.By.Person})
	if err != nil {
		return p, err
	}
	unread, err := notice.Unread(r.Tx, r.By)
	if err != nil {
		return p, err
	}
	p.Help = guide.For(i18n.From(r.Context()).Code(), string(role), r.URL.Path)
	p.Unit = home.Name
	p.Who = ui.Person{Name: names[r.By.Person], ProfileHref: "/me", SignOutAction: "/sign-out"}
	if r.Session.Needs != account.Nothing {
		return p, nil // nothing else is open yet
	}
	if role != "" {
		p.Who.Role = r.T("frame.role." + string(role))
		p.UnitNote, p.UnitDay = p.Who.Role, i18n.LongDate(r.Context(), r.Today())
	}
	others, err := r.otherUnits(home)
	if err != nil {
		return p, err
	}
	p.Who.More = append([]ui.Link{
		{Text: r.T("frame.account"), Href: "/account"},
		{Text: r.T("frame.help"), Href: "/help"},
		{Text: r.T("notice.settings.link"), Href: "/notices/settings"},
	}, others...)
	if r.SharedDevice() != "" {
		p.Who.More = append(p.Who.More, ui.Link{Text: r.T("signin.page.change_over"), Href: signInPath})
	}
	if r.By.Can(access.Settings, home) {
		p.Who.More = append(p.Who.More, ui.Link{Text: r.T("frame.admin"), Href: "/admin"})
	}
	p.Bell = ui.Bell{Href: "/notices", Label: r.T("notice.bell", "count", unread), Count: unread}
	p.Nav = r.navigation(home)
	return p, nil
}

// otherUnits are links to the other units for which the reader can work.
func (r *Request) otherUnits(home orgtree.Unit) ([]ui.Link, error) {
	var links []ui.Link
	seen := map[orgtree.ID]bool{home.ID: true}
	for _, g := range r.By.Grants() {
		if g.Subject != 0 || seen[g.Unit] {
			continue
		}
		seen[g.Unit] = true
		unit, err := orgtree.Find(r.Tx, g.Unit)
		if err != nil {
			return nil, err
		}
		links = append(links, ui.Link{Text: r.T("frame.work_for", "unit", unit.Name), Href: "/work/" + g.Unit.String()})
	}
	return links, nil
}

// navigation shows what the reader may open, the most used first.
func (r *Request) navigation(home orgtree.Unit) []ui.NavItem {
	items := []ui.NavItem{{Text: r.T("frame.nav.desk"), Href: "/", Icon: ui.IconDesk}}
	add := func(act access.Action, key, href string, icon ui.Icon) {
		if r.By.Can(act, home) {
			items = append(items, ui.NavItem{Text: r.T(key), Href: href, Icon: icon})
		}
	}
	if !home.IsCell() {
		add(access.OverviewRead, "frame.nav.overview", "/overview", ui.IconChart)
	}
	add(access.MeetingRead, "frame.nav.meetings", "/meetings", ui.IconMeeting)
	add(access.TaskRead, "frame.nav.tasks", "/tasks", ui.IconTask)
	add(access.MemberRead, "frame.nav.members", "/members", ui.IconPeople)
	add(access.UnitRead, "frame.nav.units", "/units", ui.IconTree)
	for i := range items {
		items[i].Current = r.under(items[i].Href)
	}
	return items
}

func (r *Request) under(href string) bool {
	if href == "/" {
		return r.URL.Path == "/"
	}
	return r.URL.Path == href || strings.HasPrefix(r.URL.Path, href+"/")
}
