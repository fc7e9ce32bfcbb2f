package page

import (
	"net/http"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/web/ui"
)

// deviceCookie is what a shared device keeps, so that PINs serve on it.
const (
	deviceCookie = "chibo_device"
	deviceLife   = 365 * 24 * 60 * 60
)

// known is somebody who comes back on this device with a PIN.
type known struct {
	PIN  account.PINID
	Name string
}

func (k known) path() string { return signInPath + "/pin/" + k.PIN.String() }

// SharedDevice is the token that this device keeps, "" for none.
func (r *Request) SharedDevice() account.Token {
	cookie, err := r.Cookie(deviceCookie)
	if err != nil {
		return ""
	}
	return account.Token(cookie.Value)
}

// KeepDevice has the browser keep the token of a shared device.
func (r *Request) KeepDevice(token account.Token) {
	r.SetCookie(&http.Cookie{Name: deviceCookie, Value: string(token), MaxAge: deviceLife, SameSite: http.SameSiteStrictMode})
}

// known are named to whoever holds the device, and to nobody else.
func (r *Request) known() ([]known, error) {
	device := r.SharedDevice()
	if device == "" {
		return nil, nil
	}
	pins, err := account.OnDevice(r.Tx, device)
	if err != nil {
		return nil, err
	}
	ids := make([]member.ID, len(pins))
	for i, p := range pins {
		ids[i] = p.Person
	}
	names, err := member.Names(r.Tx, ids)
	list := make([]known, len(pins))
	for i, p := range pins {
		list[i] = known{p.ID, names[p.Person]}
	}
	return list, err
}

func knownItems(list []known) []ui.Item {
	items := make([]ui.Item, len(list))
	for i, k := range list {
		items[i] = ui.Item{Title: k.Name, Href: k.path()}
	}
	return items
}

func pinFrame(r *Request, who known) ui.Page {
	return ui.Page{Title: who.Name, Lead: r.T("signin.pin_lead"), Size: ui.SizeOf(r.Request), Path: who.path(), Narrow: true, Failed: r.Problem != nil}
}

func showPIN(r *Request) (Answer, error) {
	list, err := r.known()
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		if k.PIN.String() == r.PathValue("pin") {
			return HTML(pinPage(r, k)), nil
		}
	}
	return nil, errs.New(errs.NotFound, "errs.not_found")
}

// provePIN counts the try and compares the PIN.
func provePIN(r *Request) error {
	which, err := PathID[account.PIN](r, "pin")
	if err != nil {
		return err
	}
	var attempt account.Attempt
	if err := r.Site.DB.Update(r.Context(), func(tx *db.Tx) (err error) {
		attempt, err = account.BeginPIN(tx, r.SharedDevice(), which, r.Device(false))
		return err
	}); err != nil {
		return err
	}
	r.Prepared, err = attempt.Verify(r.Context(), r.Form.Get("pin"))
	return err
}

func signInByPIN(r *Request) (Answer, error) { return r.enter(r.Prepared.(account.Proof), false) }
