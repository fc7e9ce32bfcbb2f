package account

import (
	"strings"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Renewal is how whoever gives a new slip made sure of the person, face to
// face, and what the person lost.
type Renewal struct {
	// Card are the last digits of the member card, read from the card.
	Card string
	// Seen confirms that a paper with a picture was seen, where the register
	// has no number of a card.
	Seen bool
	// Factors says that the phone with the second factor is lost too, or all
	// ways of showing one.
	Factors bool
}

// cardDigits is how many digits of the card are asked for.
const cardDigits = 4

// ResetInPerson gives a person who lost their password, or what they show
// beside it, a new slip, which is handed over face to face, and tells the person
// so. Until the slip is used all that they had holds. Who may: as for Invite;
// nobody for themselves, so that a device left open does not give an account
// away. A card that is not the person's is errs.Invalid on the field "card".
func ResetInPerson(tx *db.Tx, by access.Actor, person access.PersonID, how Renewal) (Slip, error) {
	a, found, err := ofPerson(tx, person)
	if err != nil {
		return Slip{}, err
	}
	unit, err := reach(tx, by, person, a)
	switch {
	case err != nil:
		return Slip{}, err
	case !found:
		return Slip{}, errs.New(errs.NotFound, "errs.not_found")
	case person == by.Person:
		return Slip{}, errs.New(errs.Denied, "account.error.not_oneself")
	case !a.Blocked.IsZero():
		return Slip{}, errs.New(errs.Conflict, "account.error.is_blocked")
	}
	if err := how.check(tx, by, person); err != nil {
		return Slip{}, err
	}
	verb, key := "account.ResetInPerson", "account.notice.reset"
	if how.Factors {
		verb, key = "account.RenewInPerson", "account.notice.renew"
	}
	if err := tell(tx, by, person, unit, key); err != nil {
		return Slip{}, err
	}
	return hand(tx, by, a, unit, verb, how.Factors)
}

// check compares the card with the register. The console has no one before it:
// whoever commands the machine answers for that.
func (how Renewal) check(tx *db.Tx, by access.Actor, person access.PersonID) error {
	if by.Console {
		return nil
	}
	digits := strings.Join(strings.Fields(how.Card), "")
	fits, known, err := member.CardEnds(tx, person, digits)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	if known {
		wrong.Check(fits && len(digits) >= cardDigits, "card", "account.error.card", cardDigits)
	} else {
		wrong.Check(how.Seen, "seen", "account.error.seen")
	}
	return wrong.Err()
}
