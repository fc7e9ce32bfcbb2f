package account_test

import (
	"testing"

	"chibo/internal/domain/account"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

func (d desk) recognise(subject string, by account.Mark, value string) (s account.Session, err error) {
	err = d.Try(func(tx *db.Tx) error {
		proof, err := account.Recognise(tx, account.Identity{Issuer: issuer, Subject: subject, Name: "Cổng của tỉnh"}, by, value, false)
		if err != nil {
			return err
		}
		_, s, err = account.SignIn(tx, proof, phone)
		return err
	})
	return s, err
}

func (d desk) giveEmail(person access.PersonID, email string) {
	d.t.Helper()
	d.Update(func(tx *db.Tx) error {
		by := d.As(tx, person)
		a, err := account.Find(tx, by, person)
		if err != nil {
			return err
		}
		return account.ChangeContact(tx, by, account.Contact{Email: email, Version: a.Version})
	})
}

// TestWhoIsRecognised: what the other system verified lets in those whose
// account has it, and nobody else; all others are refused alike.
func TestWhoIsRecognised(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, _ := d.member(d.MemberA)
		d.giveEmail(d.MemberA, "an@xa.example.vn")
		d.member(d.SecretaryB)
		d.giveEmail(d.SecretaryB, "bi.thu@xa.example.vn")
		d.Update(func(tx *db.Tx) error { return account.Block(tx, access.Console(), d.SecretaryB) })
		waiting, err := d.invite(d.SecretaryA, d.MembersA[8])
		if err != nil {
			t.Fatal(err)
		}
		card := func(i int) string { return []string{"001055000004", "001055000008"}[i] }
		for i, c := range []struct {
			what  string
			by    account.Mark
			value string
			kind  errs.Kind
		}{
			{"by an unknown login", account.ByLogin, "khongco", errs.Unauthenticated},
			{"by nothing", account.ByLogin, "", errs.Unauthenticated},
			{"by no card", account.ByCard, " ", errs.Unauthenticated},
			{"by no mark", "", login, errs.Unauthenticated},
			{"by a login that is an address", account.ByLogin, "an@xa.example.vn", errs.Unauthenticated},
			{"by an address that is a login", account.ByEmail, login, errs.Unauthenticated},
			{"a blocked account", account.ByEmail, "bi.thu@xa.example.vn", errs.Unauthenticated},
			{"an invitation that waits", account.ByLogin, waiting.Login, errs.Unauthenticated},
			{"the same by the card", account.ByCard, card(1), errs.Unauthenticated},
			{"by the address, in other letters", account.ByEmail, "An@Xa.Example.VN", testkit.OK},
		} {
			t.Log(c.what)
			s, err := d.recognise("s-"+string(rune('a'+i)), c.by, c.value)
			testkit.Want(t, err, c.kind)
			if e, ok := errs.As(err); ok && e.Message.Key != "account.error.not_linked" {
				t.Errorf("says %s", e.Message.Key)
			}
			if c.kind == testkit.OK && (s.Person != d.MemberA || s.How != account.ByIdentity) {
				t.Errorf("session %+v", s)
			}
		}
	})
}

// TestRecognisedOnce: afterwards the subject counts and nothing else. A second
// subject of the same system with the same mark is a stranger, and the person
// knows that the first was linked.
func TestRecognisedOnce(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		d.member(d.MemberA)
		_, err := d.recognise("s-1", account.ByCard, "001055000004")
		testkit.Want(t, err, testkit.OK)
		s, err := d.recognise("s-1", account.ByCard, "thẻ khác")
		testkit.Want(t, err, testkit.OK)
		if s.Person != d.MemberA {
			t.Errorf("session %+v", s)
		}
		_, err = d.recognise("s-2", account.ByCard, "001055000004")
		testkit.Want(t, err, errs.Unauthenticated)
		d.View(func(tx *db.Tx) error {
			by := d.As(tx, d.MemberA)
			list, err := account.Identities(tx, by)
			if len(list) != 1 || list[0].Subject != "s-1" {
				t.Errorf("identities %+v", list)
			}
			inbox, err2 := notice.Inbox(tx, by, 0, 10)
			if err2 != nil || len(inbox) == 0 || inbox[0].Key != "account.notice.linked" {
				t.Errorf("told %+v, %v", inbox, err2)
			}
			return err
		})
	})
}
