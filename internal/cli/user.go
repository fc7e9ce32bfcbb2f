package cli

import (
	"fmt"

	"chibo/internal/domain/account"
	"chibo/internal/domain/founding"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

type userCommand struct {
	Invite inviteCommand `cmd:"" default:"withargs" help:"Print a one-time code with which a person chooses a password."`
	Token  tokenCommand  `cmd:"" help:"Make an access token with which a program acts for a person; it is printed once."`
}

type inviteCommand struct {
	Person string `arg:"" help:"Id of the person, as the page of the member shows it in its address."`
	Admin  string `help:"Also make the person administrator at the unit with this code." placeholder:"CODE"`
	Apply  bool   `help:"Do it; without this nothing is written."`
}

// Run prints a one-time code with which the person chooses a password.
func (c *inviteCommand) Run(k *console) (err error) {
	person, err := id.Parse[access.Person](c.Person)
	if err != nil {
		return errs.Wrap(err, errs.NotFound, "errs.not_found")
	}
	a, err := k.open()
	if err != nil {
		return err
	}
	defer func() {
		if closing := a.Close(); err == nil {
			err = closing
		}
	}()
	if !c.Apply {
		fmt.Fprintln(k.out, "dry run: --apply would invite the person and print a one-time code")
		return nil
	}
	var slip account.Slip
	err = a.DB.Update(k.ctx, func(tx *db.Tx) error {
		if c.Admin != "" {
			if err := makeAdministrator(tx, person, c.Admin); err != nil {
				return err
			}
		}
		slip, err = account.Invite(tx, access.Console(), person)
		return err
	})
	if err != nil {
		return err
	}
	fmt.Fprintf(k.out, "login: %s\ncode:  %s\nopen:  /invite/%s\nuntil: %s\n", slip.Login, slip.Code, slip.Code, clock.DateOf(slip.Expires))
	return a.PlaceEntries(k.ctx)
}

func makeAdministrator(tx *db.Tx, person access.PersonID, code string) error {
	at, found, err := orgtree.FindCode(tx, code)
	if err != nil {
		return err
	}
	if !found {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	return founding.Administer(tx, access.Console(), at, person)
}
