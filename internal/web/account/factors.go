package account

import (
	"slices"

	"rsc.io/qr"

	"chibo/internal/domain/account"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

const factors = "/account/factors"

// factorRoutes are open also to whoever must set a second factor up before
// anything else.
func factorRoutes() []page.Route {
	return page.During(account.SetUp, append(
		page.Sensitive(slices.Concat(
			page.Form("/account/factors/authenticator", showAuthenticator, addAuthenticator),
			page.Form("/account/factors/passkeys", showPasskey, addPasskey),
			[]page.Route{
				page.Act("/account/factors/authenticator/remove", removeAuthenticator, showFactors),
				page.Act("/account/factors/passkeys/{passkey}/remove", removePasskey, showFactors),
				{Pattern: "POST /account/factors/recovery", Show: showFactors, Before: drawCodes, Do: keepCodes},
			},
		)...),
		page.Show(factors, showFactors),
		page.Act("/account/factors/passkeys/{passkey}/name", renamePasskey, showFactors),
	)...)
}

// factorsView is what stands beside the password, and what can be added.
type factorsView struct {
	account.Factors
	// Must says that the reader can do nothing before one is set up.
	Must     bool
	Passkeys []passkeyView
	// Possible says that passkeys can serve at this address.
	Possible bool
}

type passkeyView struct {
	account.Passkey
	Note string
}

func (p passkeyView) path(verb string) string {
	return factors + "/passkeys/" + p.ID.String() + "/" + verb
}

func showFactors(r *page.Request) (page.Answer, error) {
	has, err := account.FactorsOf(r.Tx, r.By)
	if err != nil {
		return nil, err
	}
	v := factorsView{Factors: has, Must: r.Session.Needs == account.SetUp}
	_, v.Possible = r.RelyingSite()
	for _, p := range has.Passkeys {
		note := r.T("signin.page.added", "when", i18n.Instant(r.Context(), p.Added))
		if !p.Used.IsZero() {
			note = r.T("signin.page.used", "when", i18n.Instant(r.Context(), p.Used))
		}
		v.Passkeys = append(v.Passkeys, passkeyView{p, note})
	}
	frame, err := inner(r, "signin.page.factors_title", "signin.page.factors_lead")
	if err != nil {
		return nil, err
	}
	return page.HTML(factorsPage(frame, r, v)), nil
}

// offerView is an authenticator's secret, to be read by a camera or typed.
type offerView struct {
	account.Authenticator
	Drawing string
	Size    int
}

func showAuthenticator(r *page.Request) (page.Answer, error) {
	offer, err := offered(r)
	if err != nil {
		return nil, err
	}
	code, err := qr.Encode(offer.Address, qr.M)
	if err != nil {
		return nil, err
	}
	frame, err := inner(r, "signin.page.authenticator_title", "signin.page.authenticator_lead")
	if err != nil {
		return nil, err
	}
	return page.HTML(authenticatorPage(frame, r, offerView{offer, drawn(code), code.Size + 2*quietZone})), nil
}

// offered is a new secret, or the one whose first code was mistyped.
func offered(r *page.Request) (account.Authenticator, error) {
	if sealed := r.Form.Get("sealed"); r.Problem != nil && sealed != "" {
		offer, err := account.OfferedAgain(r.Tx, r.By, sealed)
		if !errs.Is(err, errs.Invalid) {
			return offer, err
		}
	}
	return account.OfferAuthenticator(r.Tx, r.By)
}

func addAuthenticator(r *page.Request) (page.Answer, error) {
	if err := account.AddAuthenticator(r.Tx, r.By, r.Session, r.Form.Get("sealed"), r.Form.Get("code")); err != nil {
		return nil, err
	}
	return page.SeeOther(factors, "signin.done.authenticator"), nil
}

func removeAuthenticator(r *page.Request) (page.Answer, error) {
	if err := account.RemoveAuthenticator(r.Tx, r.By, r.Session); err != nil {
		return nil, err
	}
	return page.SeeOther(factors, "signin.done.removed"), nil
}

func showPasskey(r *page.Request) (page.Answer, error) {
	at, ok := r.RelyingSite()
	if !ok {
		return page.SeeOther(factors, ""), nil
	}
	challenge, err := account.ChallengeToAdd(r.Tx, r.By, at)
	if err != nil {
		return nil, err
	}
	frame, err := inner(r, "signin.page.passkey_title", "signin.page.passkey_lead")
	if err != nil {
		return nil, err
	}
	frame.Scripts = []string{"passkey.js"}
	return page.HTML(passkeyPage(frame, r, challenge)), nil
}

func addPasskey(r *page.Request) (page.Answer, error) {
	at, ok := r.RelyingSite()
	if !ok {
		return nil, errs.New(errs.Invalid, "account.error.passkey_not_added")
	}
	if err := account.AddPasskey(r.Tx, r.By, r.Session, at, r.Form.Get("name"), r.Signed()); err != nil {
		return nil, err
	}
	return page.SeeOther(factors, "signin.done.passkey"), nil
}

func renamePasskey(r *page.Request) (page.Answer, error) {
	which, err := page.PathID[account.Passkey](r, "passkey")
	if err != nil {
		return nil, err
	}
	if err := account.RenamePasskey(r.Tx, r.By, which, r.Form.Get("name")); err != nil {
		return nil, err
	}
	return page.SeeOther(factors, "signin.done.saved"), nil
}

func removePasskey(r *page.Request) (page.Answer, error) {
	which, err := page.PathID[account.Passkey](r, "passkey")
	if err != nil {
		return nil, err
	}
	if err := account.RemovePasskey(r.Tx, r.By, r.Session, which); err != nil {
		return nil, err
	}
	return page.SeeOther(factors, "signin.done.removed"), nil
}

// drawCodes makes the codes and their digests, which takes long on purpose.
func drawCodes(r *page.Request) (err error) {
	r.Prepared, err = account.DrawRecoveryCodes(r.Context())
	return err
}

// keepCodes answers with the codes at once, not with a redirect: nobody knows
// them afterwards, not even the database.
func keepCodes(r *page.Request) (page.Answer, error) {
	set := r.Prepared.(account.RecoveryCodes)
	if err := account.KeepRecoveryCodes(r.Tx, r.By, r.Session, set); err != nil {
		return nil, err
	}
	frame, err := inner(r, "signin.page.recovery_title", "signin.page.recovery_lead")
	if err != nil {
		return nil, err
	}
	frame.Flash = ui.Flash{}
	return page.HTML(recoveryPage(frame, r.Session.Login, set.Codes)), nil
}
