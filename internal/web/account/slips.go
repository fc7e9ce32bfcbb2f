package account

import (
	"fmt"
	"slices"
	"strings"

	"github.com/a-h/templ"
	"rsc.io/qr"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/domain/token"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func slipRoutes() []page.Route {
	return append(page.Form("/members/{id}/renew", showRenewal, renew),
		page.Show("/members/{id}/invite", showInvitation),
		page.Act("/members/{id}/invite", invite, showInvitation),
		page.Act("/members/{id}/block", block, showInvitation),
		page.Act("/members/{id}/unblock", unblock, showInvitation),
		page.Show("/slips", showSlips),
		page.Act("/slips", printSlips, showSlips),
	)
}

// invitation is the page from which a person is let in, or out.
type invitation struct {
	Person  member.Brief
	State   string
	Facts   []ui.Definition
	Primary templ.Component
	Block   ui.PostButton
	// Tokens is how many access tokens the person has that the reader may end.
	Tokens int
}

// invitable is the person of the path, whom the reader may let in.
func invitable(r *page.Request) (member.Brief, error) {
	who, err := page.PathID[access.Person](r, "id")
	if err != nil {
		return member.Brief{}, err
	}
	b, err := member.Find(r.Tx, r.By, who)
	if err != nil {
		return member.Brief{}, err
	}
	_, err = access.Require(r.Tx, r.By, access.Invite, b.Unit)
	return b, err
}

func showInvitation(r *page.Request) (page.Answer, error) {
	b, err := invitable(r)
	if err != nil {
		return nil, err
	}
	who := b.ID
	a, err := account.Find(r.Tx, r.By, who)
	none := errs.Is(err, errs.NotFound)
	if err != nil && !none {
		return nil, err
	}
	v := invitation{Person: b, State: "signin.invite_none"}
	base := memberPath(who)
	v.Primary = ui.PostButton{Text: r.T("account.invite"), Action: base + "/invite", Kind: ui.Primary}
	if !none {
		v.State = accountState(a)
		v.Facts = []ui.Definition{{Term: r.T("account.login"), Text: a.Login}}
		v.Block = ui.PostButton{Text: r.T("account.block"), Action: base + "/block", Kind: ui.Danger}
	}
	if a.Active() {
		v.Primary = ui.LinkButton{Text: r.T("signin.renew"), Href: base + "/renew", Kind: ui.Primary}
	}
	tokens, err := token.Of(r.Tx, r.By, who)
	if err != nil && !errs.Is(err, errs.Denied) && !errs.Is(err, errs.NotFound) {
		return nil, err
	}
	v.Tokens = len(tokens)
	if !a.Blocked.IsZero() {
		v.Primary = ui.PostButton{Text: r.T("account.unblock"), Action: base + "/unblock", Kind: ui.Primary}
		v.Block = ui.PostButton{}
	}
	frame, err := r.Frame(r.T("signin.invitation_title", "name", b.Name))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{memberCrumb(r), personCrumb(b)}
	return page.HTML(invitationPage(frame, v)), nil
}

// slipView is a slip as it is printed.
type slipView struct {
	Name, Unit, Login, Code, Expires string
	Address, Path                    string
	// Drawing is the path of the QR code in a square of Size.
	Drawing string
	Size    int
}

type (
	slipVerb    func(*db.Tx, access.Actor, access.PersonID) (account.Slip, error)
	accountVerb func(*db.Tx, access.Actor, access.PersonID) error
)

// Invitations answer with the slips at once, not with a redirect: the code is
// known to nobody afterwards, not even to the database.

func invite(r *page.Request) (page.Answer, error) { return handOver(r, account.Invite) }

// renewal is the page on which the card of somebody who came is compared.
type renewal struct {
	Person member.Brief
	// Card says that the register knows the number of the person's card.
	Card bool
}

func showRenewal(r *page.Request) (page.Answer, error) {
	b, err := invitable(r)
	if err != nil {
		return nil, err
	}
	_, known, err := member.CardEnds(r.Tx, b.ID, "")
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("signin.renew_title", "name", b.Name))
	if err != nil {
		return nil, err
	}
	frame.Crumbs, frame.Lead = []ui.Link{memberCrumb(r), personCrumb(b)}, r.T("signin.renew_lead")
	if len(r.Errors()) > 0 {
		frame.Flash = ui.Flash{}
	}
	return page.HTML(renewalPage(frame, r, renewal{b, known})), nil
}

func renew(r *page.Request) (page.Answer, error) {
	in := r.Input()
	how := account.Renewal{Card: in.Line("card"), Seen: in.Has("seen"), Factors: in.Has("factors")}
	return handOver(r, func(tx *db.Tx, by access.Actor, person access.PersonID) (account.Slip, error) {
		return account.ResetInPerson(tx, by, person, how)
	})
}

func handOver(r *page.Request, verb slipVerb) (page.Answer, error) {
	b, err := invitable(r)
	if err != nil {
		return nil, err
	}
	s, err := verb(r.Tx, r.By, b.ID)
	if err != nil {
		return nil, err
	}
	at, err := orgtree.Find(r.Tx, b.Unit)
	if err != nil {
		return nil, err
	}
	v, err := viewOf(r, s, b.Name, at)
	if err != nil {
		return nil, err
	}
	return slipsAnswer(r, []slipView{v}, memberPath(b.ID)+"/invite")
}

func slipsAnswer(r *page.Request, list []slipView, backTo string) (page.Answer, error) {
	frame, err := r.Frame(r.T("signin.slips_print_title"))
	if err != nil {
		return nil, err
	}
	return page.HTML(slipsPaper(frame, list, backTo)), nil
}

func viewOf(r *page.Request, s account.Slip, name string, at orgtree.Unit) (slipView, error) {
	scheme := "http"
	if r.Site.Secure || r.TLS != nil {
		scheme = "https"
	}
	v := slipView{
		Name: name, Unit: at.Name, Login: s.Login, Code: strings.ToUpper(s.Code),
		Expires: i18n.Date(r.Context(), clock.DateOf(s.Expires)), Address: scheme + "://" + r.Host + "/invite",
	}
	code, err := qr.Encode(v.Address+"/"+s.Code, qr.M)
	if err != nil {
		return slipView{}, err
	}
	v.Size, v.Drawing = code.Size+2*quietZone, drawn(code)
	return v, nil
}

// quietZone is the white border of a QR code, in its squares.
const quietZone = 4

// drawn is the code as one path of runs of black squares.
func drawn(code *qr.Code) string {
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			run := x
			for run < code.Size && code.Black(run, y) {
				run++
			}
			if run > x {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", x+quietZone, y+quietZone, run-x, run-x)
				x = run
			}
		}
	}
	return path.String()
}

func block(r *page.Request) (page.Answer, error) { return switchAccount(r, account.Block) }

func unblock(r *page.Request) (page.Answer, error) { return switchAccount(r, account.Unblock) }

func switchAccount(r *page.Request, verb accountVerb) (page.Answer, error) {
	who, err := page.PathID[access.Person](r, "id")
	if err != nil {
		return nil, err
	}
	if err := verb(r.Tx, r.By, who); err != nil {
		return nil, err
	}
	return page.SeeOther(memberPath(who)+"/invite", "signin.done.saved"), nil
}

// slipsView is who of a cell has no account yet.
type slipsView struct {
	At      orgtree.Unit
	Options []ui.Option
	Chosen  []string
	Form    ui.FormProps
	Waiting int
}

func showSlips(r *page.Request) (page.Answer, error) {
	at, err := unitAsked(r)
	if err != nil {
		return nil, err
	}
	v := slipsView{At: at, Form: ui.FormProps{Action: "/slips", Hidden: []ui.Hidden{{Name: "unit", Value: at.ID.String()}}, Errors: r.Errors(), Forgetful: true}}
	people, err := withoutAccount(r, at)
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		o := ui.Option{Value: p.ID.String(), Label: p.Name}
		if p.invited {
			o.Help = r.T("signin.slip_replaced")
			v.Waiting++
		} else {
			v.Chosen = append(v.Chosen, o.Value)
		}
		v.Options = append(v.Options, o)
	}
	if r.Problem != nil {
		v.Chosen = r.Form["person"]
	}
	frame, err := r.Frame(r.T("signin.slips_title"))
	if err != nil {
		return nil, err
	}
	frame.Crumbs = []ui.Link{{Text: at.Name, Href: unitPath(at.ID)}}
	frame.Lead = r.T("signin.slips_lead", "unit", at.Name)
	return page.HTML(slipsPage(frame, v)), nil
}

// newcomer is somebody who does not sign in yet; invited holds a slip already.
type newcomer struct {
	ID      access.PersonID
	Name    string
	invited bool
}

// unitAsked is the unit in the address, or the reader's own, where they may
// invite.
func unitAsked(r *page.Request) (orgtree.Unit, error) {
	at := page.ID[orgtree.Unit](r.Input(), "unit")
	if at == 0 && r.Form.Get("unit") == "" {
		home, _, err := r.Home()
		if err != nil {
			return orgtree.Unit{}, err
		}
		at = home.ID
	}
	return access.Require(r.Tx, r.By, access.Invite, at)
}

func withoutAccount(r *page.Request, at orgtree.Unit) ([]newcomer, error) {
	accounts, err := account.In(r.Tx, r.By, at.ID)
	if err != nil {
		return nil, err
	}
	people, err := belonging(r, at)
	if err != nil {
		return nil, err
	}
	var list []newcomer
	for _, p := range people {
		a, known := accounts[p.ID]
		if known && (a.Active() || !a.Blocked.IsZero()) {
			continue
		}
		p.invited = known
		list = append(list, p)
	}
	return list, nil
}

// belonging are the members of a cell, or those who hold a post in a committee
// and its offices.
func belonging(r *page.Request, at orgtree.Unit) (list []newcomer, err error) {
	if at.IsCell() {
		roster, err := member.Roster(r.Tx, at.ID, r.Today())
		for _, p := range roster {
			if !p.Here {
				list = append(list, newcomer{ID: p.ID, Name: p.Name})
			}
		}
		return list, err
	}
	posts, err := unit.Posts(r.Tx, r.By, at.ID, r.Today())
	if err != nil {
		return nil, err
	}
	var holders []access.PersonID
	for _, p := range posts {
		if !slices.Contains(holders, p.Person) {
			holders = append(holders, p.Person)
		}
	}
	names, err := member.Names(r.Tx, holders)
	for _, person := range holders {
		list = append(list, newcomer{ID: person, Name: names[person]})
	}
	return list, err
}

// printSlips invites those who were ticked.
func printSlips(r *page.Request) (page.Answer, error) {
	at, err := unitAsked(r)
	if err != nil {
		return nil, err
	}
	people, err := withoutAccount(r, at)
	if err != nil {
		return nil, err
	}
	var slips []slipView
	for _, p := range people {
		if !slices.Contains(r.Form["person"], p.ID.String()) {
			continue
		}
		s, err := account.Invite(r.Tx, r.By, p.ID)
		if err != nil {
			return nil, err
		}
		v, err := viewOf(r, s, p.Name, at)
		if err != nil {
			return nil, err
		}
		slips = append(slips, v)
	}
	if len(slips) == 0 {
		return nil, errs.Field("person", "signin.error.nobody")
	}
	return slipsAnswer(r, slips, unitPath(at.ID))
}
