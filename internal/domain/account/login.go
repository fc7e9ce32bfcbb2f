package account

import (
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// FindLogin is the account that signs in by the login, the phone number or the
// e-mail address, for those whom Find answers.
func FindLogin(tx *db.Tx, by access.Actor, login string) (Account, error) {
	column, login := plainLogin(login)
	a, found, err := db.Maybe(tx, scan, `SELECT `+columns+` FROM account WHERE `+column+` = $1`, login)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return Account{}, err
	}
	return Find(tx, by, a.Person)
}
