package account

import (
	"net/url"

	"chibo/internal/domain/account"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func inviteRoutes() []page.Route {
	return []page.Route{
		{Pattern: "GET /invite", Show: showCode, Public: true},
		{Pattern: "POST /invite", Show: showCode, Do: enterCode, Public: true},
		{Pattern: "GET /invite/{code}", Show: showInvite, Public: true},
		{Pattern: "POST /invite/{code}", Show: showInvite, Before: choose, Do: accept, Public: true},
	}
}

// public is the frame of a page for anybody.
func public(r *page.Request, title, lead string) (ui.Page, error) {
	frame, err := r.Frame(title)
	frame.Narrow, frame.Lead, frame.Nav, frame.Flash = true, lead, nil, ui.Flash{}
	return frame, err
}

func showCode(r *page.Request) (page.Answer, error) {
	frame, err := public(r, r.T("signin.code_title"), r.T("signin.code_lead"))
	if err != nil {
		return nil, err
	}
	return page.HTML(codePage(frame, r)), nil
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
	frame, err := public(r, r.T("signin.invite_title"), r.T("signin.invite_lead", "login", slip.Login))
	if err != nil {
		return nil, err
	}
	return page.HTML(invitePage(frame, r, slip)), nil
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
	return r.Enter(token, session, "/", "signin.done.welcome")
}
