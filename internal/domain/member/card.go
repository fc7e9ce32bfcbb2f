package member

import (
	"strings"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Officials are the people from outside the Party who were entered at the unit,
// by name, for whoever may invite there and so enters them: the administrator
// gives them a post without reading members.
func Officials(tx *db.Tx, by access.Actor, at orgtree.ID) ([]Brief, error) {
	if _, err := access.Require(tx, by, access.Invite, at); err != nil {
		return nil, err
	}
	people, err := db.All(tx, scanMember, `SELECT `+columns+` FROM person p WHERE p.unit_id = $1 AND p.status = $2 ORDER BY p.name_key, p.id`, at, Outside)
	list := make([]Brief, len(people))
	for i, m := range people {
		list[i] = m.brief()
	}
	return list, err
}

// ByCard is the person with exactly that card number, for whoever manages
// posts in the cell that keeps their file: they need not read members, because
// the number stands in the decision that they enter. A number that fits nobody
// there is errs.NotFound.
func ByCard(tx *db.Tx, by access.Actor, card string) (Brief, error) {
	unknown := errs.New(errs.NotFound, "unit.error.no_person")
	if card = cardNumber(card); card == "" {
		return Brief{}, unknown
	}
	person, found, err := byCard(tx, card)
	if err == nil && !found {
		err = unknown
	}
	if err != nil {
		return Brief{}, err
	}
	m, err := find(tx, person)
	if err != nil {
		return Brief{}, err
	}
	at, err := orgtree.Find(tx, m.Unit)
	if err != nil {
		return Brief{}, err
	}
	if !by.Can(access.PostManage, at) {
		return Brief{}, unknown
	}
	return m.brief(), nil
}

// CardEnds reports whether the number of the person's member card ends in the
// digits, and whether the register has a number at all. The caller has checked
// the right.
func CardEnds(tx *db.Tx, person ID, digits string) (fits, known bool, err error) {
	card, _, err := db.Maybe(tx, db.Column[string], `SELECT card_number FROM person WHERE id = $1`, int64(person))
	return card != "" && strings.HasSuffix(card, digits), card != "", err
}
