package people

import (
	"net/url"

	"github.com/a-h/templ"

	"chibo/internal/domain/account"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func accountRoutes() []page.Route {
	return []page.Route{
		page.Show("/me", showMe),
		page.Show("/work/{unit}", workFor),
		page.Show("/account", showAccount),
		page.Act("/account/sessions/{session}/end", endSession, showAccount),
		page.Act("/account/sessions/end-others", endOthers, showAccount),
		page.Act("/account/contact", changeContact, showAccount),
		page.Show("/account/password", showPassword),
		{Pattern: "POST /account/password", Show: showPassword, Before: provePassword, Do: changePassword},
	}
}

func inviteRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /invite", Show: showCode, Public: true},
		{Pattern: "POST /invite", Show: showCode, Do: enterCode, Public: true},
		{Pattern: "GET /invite/{code}", Show: showInvite, Public: true},
		{Pattern: "POST /invite/{code}", Show: showInvite, Before: choose, Do: accept, Public: true},
	}
}

func noticeRoutes() []page.Route {
	open := page.Show("/notices/{notice}", openNotice)
	return append(page.Recorded(open),
		page.Show("/notices", showNotices),
		page.Act("/notices/seen", seeAll, showNotices),
	)
}

func showMe(r *page.Request) (page.Answer, error) {
	return page.SeeOther(memberPath(r.By.Person), ""), nil
}

// workFor has the reader work for another unit where they hold a role.
func workFor(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	for _, g := range r.By.Grants() {
		if g.Unit == at && g.Subject == 0 {
			r.Choose(at)
			return page.SeeOther("/", ""), nil
		}
	}
	return nil, errs.New(errs.NotFound, "errs.not_found")
}

// codePage asks for the code on a slip.
func showCode(r *page.Request) (page.Answer, error) {
	f := fields{r, "people.field."}
	return form{
		Title: r.T("people.page.code_title"), Lead: r.T("people.page.code_lead"), Action: "/invite",
		Fields: []templ.Component{f.line("code", "", true)}, Submit: r.T("people.page.code_submit"), Back: "/sign-in", Forgetful: true,
	}.public(r)
}

// public is the form on a page for anybody.
func (f form) public(r *page.Request) (page.Answer, error) {
	frame, err := r.Frame(f.Title)
	if err != nil {
		return nil, err
	}
	frame.Narrow, frame.Lead, frame.Nav, frame.Flash = true, f.Lead, nil, ui.Flash{}
	return page.HTML(formPage(frame, f.props(r), f)), nil
}

func enterCode(r *page.Request) (page.Answer, error) {
	code := r.Input().Line("code")
	if _, err := account.Invited(r.Tx, code); errs.Is(err, errs.NotFound) {
		return nil, errs.Field("code", "account.error.slip")
	} else if err != nil {
		return nil, err
	}
	return page.SeeOther("/invite/"+url.PathEscape(code), ""), nil
}

func showInvite(r *page.Request) (page.Answer, error) {
	slip, err := account.Invited(r.Tx, r.PathValue("code"))
	if err != nil {
		return nil, err
	}
	f := fields{r, "people.field."}
	return form{
		Title: r.T("people.page.invite_title"), Lead: r.T("people.page.invite_lead", "login", slip.Login),
		Fields: []templ.Component{
			ui.TextField{Name: "login", Label: f.label("login"), Value: slip.Login, Autocomplete: "username", Attrs: templ.Attributes{"readonly": true}},
			newPassword(f, "password"), ownDevice(r),
		},
		Submit: r.T("people.page.invite_submit"), Forgetful: true,
	}.public(r)
}

func newPassword(f fields, name string) templ.Component {
	return ui.TextField{
		Name: name, Label: f.label(name), Help: f.r.T("account.password_hint"), Kind: ui.NewPassword, Required: true,
		MaxLength: lineMost, Error: f.r.Errors().For(name),
	}
}

func ownDevice(r *page.Request) templ.Component {
	return ui.CheckField{Name: "own", Label: r.T("frame.sign_in.own"), Help: r.T("frame.sign_in.own_help"), Checked: r.Form.Has("own")}
}

// choose makes the digest of the new password, which takes long on purpose.
func choose(r *page.Request) error {
	var slip account.Slip
	if err := r.Site.DB.View(r.Context(), func(tx *db.Tx) (err error) {
		slip, err = account.Invited(tx, r.PathValue("code"))
		return err
	}); err != nil {
		return err
	}
	chosen, err := account.Choose(r.Context(), slip.Login, r.Form.Get("password"))
	r.Prepared = chosen
	return err
}

func accept(r *page.Request) (page.Answer, error) {
	token, session, err := account.Accept(r.Tx, r.PathValue("code"), r.Prepared.(account.Password), r.Device(r.Form.Has("own")))
	if err != nil {
		return nil, err
	}
	r.SignedIn(token, session)
	return page.SeeOther("/", "people.page.done_welcome"), nil
}

// accountView is what the page of one's account shows.
type accountView struct {
	Account  account.Account
	Sessions []sessionView
	Others   bool // some are on other devices
	Contact  ui.FormProps
	Fields   []templ.Component
	OpenForm bool
}

type sessionView struct {
	account.Session
	Here bool
	Seen string
}

func showAccount(r *page.Request) (page.Answer, error) {
	own, err := account.Find(r.Tx, r.By, r.By.Person)
	if err != nil {
		return nil, err
	}
	sessions, err := account.Sessions(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	view := accountView{Account: own, OpenForm: r.Problem != nil}
	for _, s := range sessions {
		here := s.ID == r.Session.ID
		view.Others = view.Others || !here
		view.Sessions = append(view.Sessions, sessionView{s, here, i18n.Instant(r.Context(), s.Seen)})
	}
	f := fields{r, "people.field."}
	view.Contact = ui.FormProps{Action: "/account/contact", Version: r.Version(own.Version), Errors: r.Errors()}
	view.Fields = []templ.Component{
		ui.TextField{Name: "phone", Label: f.label("phone"), Kind: ui.Phone, Value: r.Value("phone", own.Phone), Autocomplete: "tel", MaxLength: 20, Error: r.Errors().For("phone")},
		ui.TextField{Name: "email", Label: f.label("email"), Kind: ui.Email, Value: r.Value("email", own.Email), Autocomplete: "email", MaxLength: lineMost, Error: r.Errors().For("email")},
	}
	frame, err := r.Frame(r.T("people.page.account_title"))
	if err != nil {
		return nil, err
	}
	return page.HTML(accountPage(frame, view)), nil
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
	return page.SeeOther("/account#sessions", "people.page.done_session_ended"), nil
}

func endOthers(r *page.Request) (page.Answer, error) {
	if err := account.EndOtherSessions(r.Tx, r.By, r.Session.ID); err != nil {
		return nil, err
	}
	return page.SeeOther("/account#sessions", "people.page.done_session_ended"), nil
}

func changeContact(r *page.Request) (page.Answer, error) {
	in := r.Input()
	contact := account.Contact{Phone: in.Line("phone"), Email: in.Line("email"), Version: in.Version()}
	if err := account.ChangeContact(r.Tx, r.By, contact); err != nil {
		return nil, err
	}
	return page.SeeOther("/account", "people.page.done_saved"), nil
}

func showPassword(r *page.Request) (page.Answer, error) {
	f := fields{r, "people.field."}
	return form{
		Title: r.T("people.page.password_title"), Lead: r.T("people.page.password_lead"),
		Crumbs: []ui.Link{{Text: r.T("people.page.account_title"), Href: "/account"}}, Action: "/account/password",
		Fields: []templ.Component{
			ui.TextField{Name: "old_password", Label: f.label("old_password"), Kind: ui.Password, Required: true, MaxLength: lineMost, Error: r.Errors().For("old_password")},
			newPassword(f, "password"),
		},
		Submit: r.T("people.page.password_submit"), Back: "/account", Forgetful: true,
	}.answer(r)
}

// changed is what provePassword leaves for changePassword.
type changed struct {
	proof  account.Proof
	chosen account.Password
}

// provePassword compares the old password and digests the new one; both take
// long on purpose.
func provePassword(r *page.Request) error {
	var attempt account.Attempt
	if err := r.Ahead(func(tx *db.Tx, by access.Actor) (err error) {
		attempt, err = account.BeginOwn(tx, by, r.Device(false))
		return err
	}); err != nil {
		return err
	}
	proof, err := attempt.Verify(r.Context(), r.Form.Get("old_password"))
	if err != nil {
		return err
	}
	chosen, err := account.Choose(r.Context(), r.Session.Login, r.Form.Get("password"))
	r.Prepared = changed{proof, chosen}
	return err
}

func changePassword(r *page.Request) (page.Answer, error) {
	c := r.Prepared.(changed)
	if err := account.ChangePassword(r.Tx, r.By, c.proof, c.chosen, r.Session.ID); err != nil {
		return nil, err
	}
	return page.SeeOther("/account", "people.page.done_password"), nil
}

// noticeView is a notice in words.
type noticeView struct {
	Text   string
	When   string
	Href   string
	Unread bool
}

const noticesOnPage = 30

func showNotices(r *page.Request) (page.Answer, error) {
	before := page.ID[notice.Received](r.Input(), "before")
	list, err := notice.Inbox(r.Tx, r.By, before, noticesOnPage)
	if err != nil {
		return nil, err
	}
	var views []noticeView
	unread, older := false, ""
	for _, n := range list {
		unread = unread || n.Unread()
		views = append(views, noticeView{r.T(n.Key, n.Fill()...), i18n.Instant(r.Context(), n.Sent), "/notices/" + n.ID.String(), n.Unread()})
	}
	if len(list) == noticesOnPage {
		older = "/notices?before=" + list[len(list)-1].ID.String()
	}
	frame, err := r.Frame(r.T("notice.title"))
	if err != nil {
		return nil, err
	}
	var seen *ui.PostButton
	if unread {
		seen = &ui.PostButton{Text: r.T("notice.mark_all"), Action: "/notices/seen", Hidden: []ui.Hidden{{Name: "newest", Value: list[0].ID.String()}}}
	}
	return page.HTML(noticesPage(frame, views, seen, older)), nil
}

// openNotice marks the notice as read and goes where it leads.
func openNotice(r *page.Request) (page.Answer, error) {
	which, err := page.PathID[notice.Received](r, "notice")
	if err != nil {
		return nil, err
	}
	n, err := notice.Find(r.Tx, r.By, which)
	if err != nil {
		return nil, err
	}
	if err := notice.Seen(r.Tx, r.By, which); err != nil {
		return nil, err
	}
	if n.Link == "" {
		return page.SeeOther("/notices", ""), nil
	}
	return page.SeeOther(ui.LocalPath(n.Link), ""), nil
}

func seeAll(r *page.Request) (page.Answer, error) {
	if err := notice.SeenAll(r.Tx, r.By, page.ID[notice.Received](r.Input(), "newest")); err != nil {
		return nil, err
	}
	return page.SeeOther("/notices", ""), nil
}
