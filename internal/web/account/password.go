package account

import (
	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/web/page"
)

func showPassword(r *page.Request) (page.Answer, error) {
	frame, err := inner(r, "signin.page.password_title", "signin.page.password_lead")
	if err != nil {
		return nil, err
	}
	return page.HTML(passwordPage(frame, r)), nil
}

// changed is what provePassword leaves for changePassword.
type changed struct {
	proof  account.Proof
	chosen account.Password
}

// provePassword compares the old password and digests the new one; both take
// long on purpose.
func provePassword(r *page.Request) error {
	proof, err := proveOwn(r, "old_password")
	if err != nil {
		return err
	}
	chosen, err := account.Choose(r.Context(), r.Session.Login, r.Form.Get("password"))
	r.Prepared = changed{proof, chosen}
	return err
}

// proveOwn counts a try and compares the password in the field with that of
// whoever is signed in.
func proveOwn(r *page.Request, field string) (account.Proof, error) {
	var attempt account.Attempt
	if err := r.Ahead(func(tx *db.Tx, by access.Actor) (err error) {
		attempt, err = account.BeginOwn(tx, by, r.Device(false))
		return err
	}); err != nil {
		return account.Proof{}, err
	}
	return attempt.Verify(r.Context(), r.Form.Get(field))
}

func changePassword(r *page.Request) (page.Answer, error) {
	c := r.Prepared.(changed)
	if err := account.ChangePassword(r.Tx, r.By, c.proof, c.chosen, r.Session.ID); err != nil {
		return nil, err
	}
	return page.SeeOther(home, "signin.done.password"), nil
}
