// Package account are the pages about signing in: one's own account with its
// password, second factors and devices, and the slips with which others are let
// in or come back.
//
// It turns forms into arguments of verbs and records into words; what is
// allowed and what is right is decided by the domain.
package account

import (
	"slices"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// Routes are all pages of this area.
func Routes() []page.Route {
	return slices.Concat(
		ownRoutes(), factorRoutes(), confirmRoutes(), pinRoutes(), inviteRoutes(), slipRoutes(),
	)
}

const home = "/account"

func ownRoutes() []page.Route {
	return slices.Concat(
		[]page.Route{
			page.Show(home, showAccount),
			page.Show("/account/password", showPassword),
			{Pattern: "POST /account/password", Show: showPassword, Before: provePassword, Do: changePassword},
		},
		page.Sensitive(append(page.Form("/account/contact", showContact, changeContact),
			page.Act("/account/sessions/{session}/end", endSession, showAccount),
			page.Act("/account/sessions/end-others", endOthers, showAccount),
			page.Act("/account/sessions/end-all", endAll, showAccount),
		)...),
	)
}

// accountView is what the page of one's account shows.
type accountView struct {
	Name     string
	Account  account.Account
	Factors  account.Factors
	PIN      bool // one serves on this device
	Shared   bool // this device is not the person's own
	Sessions []sessionView
	Others   bool // some are on other devices
	Entries  []ui.Item
	More     []ui.Link
}

type sessionView struct {
	account.Session
	Here  bool
	Lines []string
}

const entriesShown = 10

func showAccount(r *page.Request) (page.Answer, error) {
	own, err := account.Find(r.Tx, r.By, r.By.Person)
	if err != nil {
		return nil, err
	}
	v := accountView{Account: own, Shared: !r.Session.Own, More: []ui.Link{{Text: r.T("signin.page.tokens"), Href: "/account/tokens"}}}
	if other := r.Site.Voucher; other != nil {
		v.More = append(v.More, ui.Link{Text: r.T("signin.page.voucher", "name", other.Name), Href: other.Own})
	}
	names, err := member.Names(r.Tx, []member.ID{r.By.Person})
	if err != nil {
		return nil, err
	}
	v.Name = names[r.By.Person]
	if v.Factors, err = account.FactorsOf(r.Tx, r.By); err != nil {
		return nil, err
	}
	if v.PIN, err = hasPIN(r); err != nil {
		return nil, err
	}
	if err := v.devices(r); err != nil {
		return nil, err
	}
	entries, err := account.Entries(r.Tx, r.By, entriesShown)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		v.Entries = append(v.Entries, entryItem(r, e))
	}
	frame, err := r.Frame(r.T("signin.page.title"))
	if err != nil {
		return nil, err
	}
	return page.HTML(accountPage(frame, v)), nil
}

func (v *accountView) devices(r *page.Request) error {
	sessions, err := account.Sessions(r.Tx, r.By)
	if err != nil {
		return err
	}
	for _, s := range sessions {
		here := s.ID == r.Session.ID
		v.Others = v.Others || !here
		v.Sessions = append(v.Sessions, sessionView{s, here, []string{
			r.T("signin.page.seen", "when", i18n.Instant(r.Context(), s.Seen), "place", place(r, s.Address)),
			r.T("signin.page.since", "when", i18n.Instant(r.Context(), s.Started), "how", r.T("signin.way."+string(s.How))),
		}})
	}
	return nil
}

func entryItem(r *page.Request, e account.Entry) ui.Item {
	tones := map[account.Outcome]ui.Tone{account.Good: ui.Good, account.Half: ui.Warn, account.Failed: ui.Bad}
	note := i18n.Instant(r.Context(), e.At) + " · " + place(r, e.Address)
	if e.Device != "" {
		note += " · " + e.Device
	}
	return ui.Item{
		Title: r.T("signin.way." + string(e.How)), Note: note,
		Chip: ui.Chip{Text: r.T("signin.outcome." + string(e.Outcome)), Tone: tones[e.Outcome]},
	}
}

func endSession(r *page.Request) (page.Answer, error) {
	session, err := page.PathID[account.Session](r, "session")
	if err != nil {
		return nil, err
	}
	if err := account.EndSession(r.Tx, r.By, session); err != nil {
		return nil, err
	}
	if session == r.Session.ID {
		r.SignedOut()
		return page.SeeOther("/sign-in", ""), nil
	}
	return page.SeeOther("/account#sessions", "signin.done.session_ended"), nil
}

func endOthers(r *page.Request) (page.Answer, error) {
	if err := account.EndOtherSessions(r.Tx, r.By, r.Session.ID); err != nil {
		return nil, err
	}
	return page.SeeOther("/account#sessions", "signin.done.session_ended"), nil
}

func endAll(r *page.Request) (page.Answer, error) {
	if err := account.EndSessions(r.Tx, r.By); err != nil {
		return nil, err
	}
	r.SignedOut()
	return page.SeeOther("/sign-in", ""), nil
}

func showContact(r *page.Request) (page.Answer, error) {
	own, err := account.Find(r.Tx, r.By, r.By.Person)
	if err != nil {
		return nil, err
	}
	frame, err := inner(r, "signin.page.contact_title", "signin.page.contact_lead")
	if err != nil {
		return nil, err
	}
	return page.HTML(contactPage(frame, r, own)), nil
}

func changeContact(r *page.Request) (page.Answer, error) {
	in := r.Input()
	contact := account.Contact{Phone: in.Line("phone"), Email: in.Line("email"), Version: in.Version()}
	if err := account.ChangeContact(r.Tx, r.By, contact); err != nil {
		return nil, err
	}
	return page.SeeOther(home, "signin.done.saved"), nil
}

// inner is the frame of a page below that of the account.
func inner(r *page.Request, title, lead string) (ui.Page, error) {
	frame, err := r.Frame(r.T(title))
	frame.Crumbs, frame.Lead = []ui.Link{{Text: r.T("signin.page.title"), Href: home}}, r.T(lead)
	if r.Session.Needs != account.Nothing {
		frame.Crumbs = nil // there is no way back before this is done
	}
	if len(r.Errors()) > 0 && errs.Is(r.Problem, errs.Invalid) {
		frame.Flash = ui.Flash{} // the summary above the fields says it
	}
	return frame, err
}
