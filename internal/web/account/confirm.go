package account

import (
	"chibo/internal/domain/account"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// confirmRoutes ask once more who it is, before what is sensitive.
func confirmRoutes() []page.Route {
	return page.During(account.SetUp,
		page.Show("/account/confirm", showConfirm),
		page.Route{Pattern: "POST /account/confirm", Show: showConfirm, Before: proveAgain, Do: confirm},
		page.Route{Pattern: "POST /account/confirm/passkey", Show: showConfirm, Before: page.CountPasskey, Do: confirmByPasskey},
	)
}

func showConfirm(r *page.Request) (page.Answer, error) {
	frame, err := inner(r, "signin.page.confirm_title", "signin.page.confirm_lead")
	if err != nil {
		return nil, err
	}
	factors, err := account.FactorsOf(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	var passkey *account.Challenge
	if len(factors.Passkeys) > 0 {
		if passkey, err = r.Challenge(); err != nil {
			return nil, err
		}
	}
	frame.Scripts = []string{"passkey.js"}
	return page.HTML(confirmPage(frame, r, ui.LocalPath(r.Form.Get("to")), passkey)), nil
}

func proveAgain(r *page.Request) (err error) {
	r.Prepared, err = proveOwn(r, "password")
	return err
}

func confirm(r *page.Request) (page.Answer, error) {
	return confirmed(r, r.Prepared.(account.Proof))
}

func confirmByPasskey(r *page.Request) (page.Answer, error) {
	proof, err := r.ByPasskey()
	if err != nil {
		return nil, err
	}
	return confirmed(r, proof)
}

func confirmed(r *page.Request, p account.Proof) (page.Answer, error) {
	token, err := account.ProveAgain(r.Tx, r.By, r.Session, p)
	if err != nil {
		return nil, err
	}
	r.KeepSession(token, r.Session)
	return page.SeeOther(ui.LocalPath(r.Form.Get("to")), ""), nil
}
