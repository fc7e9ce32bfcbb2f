package member_test

import (
	"slices"
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

func TestByCardIsForWhoManagesPosts(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.Update(func(tx *db.Tx) error {
			card := func(of access.PersonID) string {
				m, err := member.Open(tx, access.Console(), of, "so thẻ")
				if err != nil {
					t.Fatal(err)
				}
				return m.Card
			}
			for _, c := range []struct {
				who   string
				as    access.PersonID
				card  string
				found bool
			}{
				{"the administrator", o.Admin, card(o.MemberA), true},
				{"the office", o.Office, card(o.MemberA), true},
				{"the secretary of the cell", o.SecretaryA, card(o.MemberA), false},
				{"the office, a card of another commune", o.Office, card(o.SecretaryC), false},
				{"nobody has it", o.Office, "000000000", false},
				{"no number", o.Office, " ", false},
			} {
				found, err := member.ByCard(tx, o.As(tx, c.as), c.card)
				if (err == nil) != c.found || c.found && found.ID != o.MemberA || !c.found && !errs.Is(err, errs.NotFound) {
					t.Errorf("%s: %v, %v", c.who, found, err)
				}
			}
			return nil
		})
	})
}

func TestOfficialsAreForWhoInvites(t *testing.T) {
	const none = errs.Internal
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.Update(func(tx *db.Tx) error {
			entered, err := member.Register(tx, o.As(tx, o.Admin), member.New{Unit: o.Commune.ID, Core: member.Core{BirthName: "Kiều Văn Phòng"}})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range []struct {
				who  string
				as   access.PersonID
				kind errs.Kind
			}{
				{"the administrator", o.Admin, none},
				{"the office", o.Office, none},
				{"the secretary of the commune", o.CommuneSecretary, none},
				{"an inspector", o.Inspector, errs.Denied},
				{"a secretary below", o.SecretaryA, errs.NotFound},
				{"a secretary elsewhere", o.SecretaryC, errs.NotFound},
			} {
				list, err := member.Officials(tx, o.As(tx, c.as), o.Commune.ID)
				if c.kind != none {
					testkit.Want(t, err, c.kind)
				} else if err != nil || !slices.ContainsFunc(list, func(b member.Brief) bool { return b.ID == entered.ID }) {
					t.Errorf("%s: %v, %v", c.who, list, err)
				}
			}
			return nil
		})
	})
}
