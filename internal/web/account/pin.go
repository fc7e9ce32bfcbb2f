package account

import (
	"slices"

	"chibo/internal/domain/account"
	"chibo/internal/web/page"
)

func pinRoutes() []page.Route {
	return append(page.Sensitive(
		page.Show("/account/pin", showPIN),
		page.Route{Pattern: "POST /account/pin", Show: showPIN, Before: choosePIN, Do: keepPIN},
	), page.Act("/account/pin/forget", forgetPIN, showAccount))
}

// hasPIN reports whether the reader comes back on this device with a PIN.
func hasPIN(r *page.Request) (bool, error) {
	device := r.SharedDevice()
	if device == "" {
		return false, nil
	}
	list, err := account.OnDevice(r.Tx, device)
	return slices.ContainsFunc(list, func(p account.PIN) bool { return p.Person == r.By.Person }), err
}

func showPIN(r *page.Request) (page.Answer, error) {
	frame, err := inner(r, "signin.page.pin_title", "signin.page.pin_lead")
	if err != nil {
		return nil, err
	}
	return page.HTML(ownPINPage(frame, r)), nil
}

// choosePIN makes the digest of the PIN, which takes long on purpose.
func choosePIN(r *page.Request) (err error) {
	r.Prepared, err = account.ChoosePIN(r.Context(), r.Form.Get("pin"))
	return err
}

func keepPIN(r *page.Request) (page.Answer, error) {
	device := r.SharedDevice()
	if device == "" {
		var err error
		if device, err = account.NewDevice(); err != nil {
			return nil, err
		}
	}
	if err := account.KeepPIN(r.Tx, r.By, r.Session, device, r.Prepared.(account.ChosenPIN)); err != nil {
		return nil, err
	}
	r.KeepDevice(device)
	return page.SeeOther(home, "signin.done.pin"), nil
}

func forgetPIN(r *page.Request) (page.Answer, error) {
	if err := account.ForgetPIN(r.Tx, r.By, r.SharedDevice()); err != nil {
		return nil, err
	}
	return page.SeeOther(home, "signin.done.removed"), nil
}
