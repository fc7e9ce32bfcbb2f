package page

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"chibo/internal/domain/account"
	"chibo/internal/domain/founding"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/origin"
	"chibo/internal/web/ui"
)

const signInPath = "/sign-in"

// held is a form that waits until its writer has signed in again.
type held struct {
	path string
	form url.Values
	// files says that the form had files, which do not wait.
	files bool
}

// hold keeps the form that was sent. Passwords, PINs and codes do not lie about
// in pages: they are typed again.
func hold(r *Request) held {
	form := maps.Clone(r.Form)
	maps.DeleteFunc(form, func(field string, _ []string) bool {
		return strings.Contains(field, "password") || field == "pin" || field == "code"
	})
	return held{r.URL.RequestURI(), form, r.MultipartForm != nil && len(r.MultipartForm.File) > 0}
}

// heldIn reads back what hidden wrote.
func heldIn(form url.Values) held {
	path := ui.LocalPath(form.Get("held_path"))
	fields, err := url.ParseQuery(form.Get("held_form"))
	if form.Get("held_path") == "" || err != nil {
		return held{}
	}
	return held{path, fields, form.Has("held_files")}
}

func (h held) hidden() []ui.Hidden {
	if h.path == "" {
		return nil
	}
	fields := []ui.Hidden{{Name: "held_path", Value: h.path}, {Name: "held_form", Value: h.form.Encode()}}
	if h.files {
		fields = append(fields, ui.Hidden{Name: "held_files", Value: "1"})
	}
	return fields
}

func failureFrame(r *Request, problem *errs.Error) ui.Page {
	return ui.Page{
		Title: r.T("frame.failed." + problem.Kind.String()), Size: ui.SizeOf(r.Request), Path: "/", Failed: true, Narrow: true,
	}
}

func signInFrame(r *Request) ui.Page {
	return ui.Page{
		Title: r.T("frame.sign_in.title"), Size: ui.SizeOf(r.Request), Path: signInPath, Narrow: true, Failed: r.Problem != nil,
		Scripts: []string{passkeyScript},
	}
}

// SignIn are the pages of signing in and out.
func SignIn() []Route {
	return slices.Concat([]Route{
		{Pattern: "GET " + signInPath, Show: showSignIn, Public: true},
		{Pattern: "POST " + signInPath, Show: showSignIn, Before: prove, Do: signIn, Public: true},
		{Pattern: "POST " + passkeyPath, Show: showSignIn, Before: CountPasskey, Do: signInByPasskey, Public: true},
		{Pattern: "GET /sign-in/pin/{pin}", Show: showPIN, Public: true},
		{Pattern: "POST /sign-in/pin/{pin}", Show: showPIN, Before: provePIN, Do: signInByPIN, Public: true},
		{Pattern: "POST /sign-out", Do: signOut, Show: showSignIn, During: []account.Need{account.SecondStep, account.SetUp}},
	}, During(account.SecondStep,
		Route{Pattern: "GET " + secondPath, Show: showSecond},
		Route{Pattern: "POST " + secondPath, Show: showSecond, Before: proveSecond, Do: finishSecond},
		Route{Pattern: "POST " + secondPath + "/passkey", Show: showSecond, Before: CountPasskey, Do: finishByPasskey},
	))
}

// signInView is what the page of signing in offers.
type signInView struct {
	To   string
	Held held
	// Passkey is what a device would sign; nil where passkeys cannot serve.
	Passkey *account.Challenge
	// Known are those who come back on this device with a PIN.
	Known []known
}

func (r *Request) signInView(to string, held held) (v signInView, err error) {
	v = signInView{To: to, Held: held}
	if v.Passkey, err = r.Challenge(); err != nil {
		return v, err
	}
	v.Known, err = r.known()
	return v, err
}

// setupPath is the page of the first start.
const setupPath = "/setup"

// showSignIn leads to the page of the first start where nobody has an account.
func showSignIn(r *Request) (Answer, error) {
	empty, err := founding.Empty(r.Tx)
	if err != nil {
		return nil, err
	}
	if empty {
		return SeeOther(setupPath, ""), nil
	}
	v, err := r.signInView(ui.LocalPath(r.Form.Get("to")), heldIn(r.Form))
	if err != nil {
		return nil, err
	}
	return HTML(signInPage(r, v)), nil
}

// prove compares the password. That takes long on purpose, so it is done
// between the transaction that counts the try and the one that opens the
// session.
func prove(r *Request) error {
	var attempt account.Attempt
	err := r.Site.DB.Update(r.Context(), func(tx *db.Tx) (err error) {
		attempt, err = account.Begin(tx, r.Form.Get("login"), r.Device(false))
		return err
	})
	if err != nil {
		return err
	}
	r.Prepared, err = attempt.Verify(r.Context(), r.Form.Get("password"))
	return err
}

func signIn(r *Request) (Answer, error) {
	return r.enter(r.Prepared.(account.Proof), r.Form.Has("own"))
}

// enter opens a session for whoever proved who they are.
func (r *Request) enter(p account.Proof, own bool) (Answer, error) {
	token, session, err := account.SignIn(r.Tx, p, r.Device(own))
	if err != nil {
		return nil, err
	}
	return r.Enter(token, session, ui.LocalPath(r.Form.Get("to")), "")
}

// Enter has the browser keep the token of a new session, and sends it where it
// wanted to go; first to what the session still needs. The session that the
// browser had before is over. done is the message shown there, or "".
func (r *Request) Enter(token account.Token, s account.Session, to, done string) (Answer, error) {
	if cookie, err := r.Cookie(cookieName); err == nil {
		if err := account.EndToken(r.Tx, account.Token(cookie.Value)); err != nil {
			return nil, err
		}
	}
	r.KeepSession(token, s)
	r.Session = s
	held := heldIn(r.Form)
	switch {
	case s.Needs == account.SecondStep:
		v, err := r.secondView(to, held)
		return HTML(secondPage(r, v)), err
	case s.Needs == account.SetUp:
		return SeeOther(setUpPath, ""), nil
	case held.path != "":
		return HTML(resumedPage(r, resumeFrame(r), held)), nil
	}
	return SeeOther(to, done), nil
}

// KeepSession has the browser keep the token of the session. How long it holds
// is told in seconds: the clock of a cheap phone may be days off.
func (r *Request) KeepSession(token account.Token, s account.Session) {
	r.SetCookie(&http.Cookie{Name: cookieName, Value: string(token), MaxAge: int(s.Expires.Sub(r.Tx.Now).Seconds())})
}

func signOut(r *Request) (Answer, error) {
	if err := account.EndSession(r.Tx, r.By, r.Session.ID); err != nil {
		return nil, err
	}
	r.SignedOut()
	if r.Site.Voucher != nil && r.Session.How == account.ByIdentity {
		return SeeOther(r.Site.Voucher.SignOut, ""), nil
	}
	return SeeOther(signInPath, ""), nil
}

// SignedOut has the browser forget its session.
func (r *Request) SignedOut() { r.SetCookie(&http.Cookie{Name: cookieName, MaxAge: -1}) }

func resumeFrame(r *Request) ui.Page {
	return ui.Page{Title: r.T("frame.resume.title"), Size: ui.SizeOf(r.Request), Path: "/", Narrow: true, Failed: true}
}

// Device is where the request comes from, as its owner would recognise it. Own
// says that nobody else uses the device.
func (r *Request) Device(own bool) account.Device {
	return account.Device{Name: deviceName(r.UserAgent()), Address: r.Address(), Own: own}
}

// deviceName makes "Chrome · Android" of what a browser says of itself.
func deviceName(agent string) string {
	first := func(names ...string) string {
		for _, name := range names {
			if sign, shown, _ := strings.Cut(name, "="); strings.Contains(agent, sign) {
				return cmp.Or(shown, sign)
			}
		}
		return ""
	}
	browser := first("CocCoc=Cốc Cốc", "coc_coc_browser=Cốc Cốc", "Edg/=Edge", "OPR/=Opera", "Firefox", "Chrome", "Safari")
	system := first("Android", "iPhone", "iPad", "Windows", "Mac OS X=macOS", "Linux")
	return strings.Trim(browser+" · "+system, " ·")
}

// Address is where the request comes from.
func (r *Request) Address() string { return origin.Address(r.Request, r.Site.Secure) }
