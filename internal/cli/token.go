package cli

import (
	"fmt"

	"chibo/internal/domain/account"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

type tokenCommand struct {
	Login string `arg:"" help:"Login, phone number or e-mail address of the person."`
	Scope string `help:"What the token may do: read, or write, which reads too." enum:"read,write" default:"read"`
	Unit  string `help:"Code of the unit to which, with all below it, the token is held." placeholder:"CODE"`
	Days  int    `help:"How many days it is good for." default:"90"`
	Name  string `help:"By which the person recognises it." default:"chibo user token"`
	Apply bool   `help:"Do it; without this nothing is written."`
}

// Run prints the token, which is shown nowhere else.
func (c *tokenCommand) Run(k *console) (err error) {
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	var secret token.Secret
	var made token.Token
	transaction := a.DB.View
	if c.Apply {
		transaction = a.DB.Update
	}
	err = transaction(k.ctx, func(tx *db.Tx) error {
		wanted, err := c.wanted(tx)
		if err == nil && c.Apply {
			secret, made, err = token.Create(tx, access.Console(), wanted)
		}
		return err
	})
	if err != nil {
		return err
	}
	if !c.Apply {
		fmt.Fprintln(k.out, "dry run: --apply would make a token and print it once")
		return nil
	}
	fmt.Fprintf(k.out, "token: %s\nuntil: %s\n", secret, clock.DateOf(made.Expires))
	return a.PlaceEntries(k.ctx)
}

// wanted finds whom and what the arguments name. A blocked account gets no
// token: it would be good again with the account.
func (c *tokenCommand) wanted(tx *db.Tx) (token.New, error) {
	owner, err := account.FindLogin(tx, access.Console(), c.Login)
	if err != nil {
		return token.New{}, err
	}
	if !owner.Blocked.IsZero() {
		return token.New{}, errs.New(errs.Conflict, "account.error.is_blocked")
	}
	n := token.New{Owner: owner.Person, Name: c.Name, Writes: c.Scope == "write", Days: c.Days}
	if c.Unit == "" {
		return n, nil
	}
	at, found, err := orgtree.FindCode(tx, c.Unit)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	n.Unit = at.ID
	return n, err
}
