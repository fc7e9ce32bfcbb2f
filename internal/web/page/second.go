package page

import (
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/web/ui"
)

const (
	secondPath    = signInPath + "/second"
	passkeyPath   = signInPath + "/passkey"
	setUpPath     = "/account/factors"
	confirmPath   = "/account/confirm"
	passkeyScript = "passkey.js"
)

// detour is a failure that sends the browser to another page first.
type detour struct{ to string }

func (d detour) Error() string { return "first to " + d.to }

// serves reports whether the session may be on the page as it stands.
func serves(route Route, s account.Session) bool {
	return s.Needs == account.Nothing || slices.Contains(route.During, s.Needs)
}

// admits fails with a detour to what the session needs before this page. Public
// pages are open to everybody.
func (r *Request) admits(route Route, s account.Session) error {
	switch {
	case route.Public:
		return nil
	case serves(route, s):
		return r.fresh(route, s)
	case s.Needs == account.SetUp:
		return detour{setUpPath}
	}
	return detour{secondPath}
}

// fresh fails with a detour to where they show once more who they are, if the
// page is sensitive and that was long ago.
func (r *Request) fresh(route Route, s account.Session) error {
	if !route.Sensitive {
		return nil
	}
	fresh, err := account.Fresh(r.Tx, s)
	if err != nil || fresh {
		return err
	}
	to := "/account"
	if route.Do == nil {
		to = r.URL.RequestURI()
	}
	return detour{confirmPath + "?" + url.Values{"to": {to}}.Encode()}
}

// RelyingSite is where the browser sees us, for passkeys. They need a name: an
// address of numbers has none.
func (r *Request) RelyingSite() (account.Site, bool) {
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if _, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil || host == "" {
		return account.Site{}, false
	}
	scheme := "http"
	if r.Site.Secure || r.TLS != nil {
		scheme = "https"
	}
	return account.Site{Domain: host, Origin: scheme + "://" + r.Host}, true
}

// Challenge is what a device is asked to sign in order to enter; nil where
// passkeys cannot serve.
func (r *Request) Challenge() (*account.Challenge, error) {
	at, ok := r.RelyingSite()
	if !ok {
		return nil, nil
	}
	c, err := account.ChallengeToEnter(r.Tx, at)
	return &c, err
}

// Signed is what the device signed, as the form brings it.
func (r *Request) Signed() account.Signed {
	return account.Signed{Sealed: r.Form.Get("sealed"), Credential: r.Form.Get("credential")}
}

// CountPasskey counts a try with a passkey. It is a route's Before; ByPasskey
// follows.
func CountPasskey(r *Request) error {
	return r.Site.DB.Update(r.Context(), func(tx *db.Tx) error {
		attempt, err := account.BeginPasskey(tx, r.Device(false))
		r.Prepared = attempt
		return err
	})
}

// ByPasskey is the proof of what the device signed.
func (r *Request) ByPasskey() (account.Proof, error) {
	at, ok := r.RelyingSite()
	if !ok {
		return account.Proof{}, errs.New(errs.Invalid, "account.error.passkey")
	}
	return r.Prepared.(account.Attempt).VerifyPasskey(r.Tx, at, r.Signed())
}

func signInByPasskey(r *Request) (Answer, error) {
	proof, err := r.ByPasskey()
	if err != nil {
		return nil, err
	}
	return r.enter(proof, r.Form.Has("own"))
}

// secondView is what the second step offers.
type secondView struct {
	To      string
	Held    held
	Passkey *account.Challenge
}

func (r *Request) secondView(to string, held held) (v secondView, err error) {
	v = secondView{To: to, Held: held}
	v.Passkey, err = r.Challenge()
	return v, err
}

func secondFrame(r *Request) ui.Page {
	return ui.Page{
		Title: r.T("signin.second_title"), Lead: r.T("signin.second_lead"), Size: ui.SizeOf(r.Request), Path: secondPath, Narrow: true,
		Failed: r.Problem != nil, Scripts: []string{passkeyScript},
	}
}

func showSecond(r *Request) (Answer, error) {
	if r.Session.Needs != account.SecondStep {
		return SeeOther("/", ""), nil
	}
	v, err := r.secondView(ui.LocalPath(r.Form.Get("to")), heldIn(r.Form))
	return HTML(secondPage(r, v)), err
}

// proveSecond counts the try and digests the code.
func proveSecond(r *Request) error {
	var attempt account.Attempt
	err := r.Ahead(func(tx *db.Tx, by access.Actor) (err error) {
		attempt, err = account.BeginSecond(tx, by, r.Device(false))
		return err
	})
	if err != nil {
		return err
	}
	r.Prepared, err = attempt.VerifyCode(r.Context(), r.Form.Get("code"))
	return err
}

func finishSecond(r *Request) (Answer, error) { return r.finish(r.Prepared.(account.Proof)) }

func finishByPasskey(r *Request) (Answer, error) {
	proof, err := r.ByPasskey()
	if err != nil {
		return nil, err
	}
	return r.finish(proof)
}

func (r *Request) finish(p account.Proof) (Answer, error) {
	token, session, err := account.FinishSecond(r.Tx, r.By, r.Session, p, r.Device(false))
	if err != nil {
		return nil, err
	}
	return r.Enter(token, session, ui.LocalPath(r.Form.Get("to")), "")
}
