package account_test

import (
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

const issuer = "https://dangnhap.example.vn"

func (d desk) link(person access.PersonID, s account.Session, subject string) error {
	return d.as(person, func(tx *db.Tx, by access.Actor) error {
		return account.Link(tx, by, s, account.Identity{Issuer: issuer, Subject: subject, Name: "Cổng của tỉnh"})
	})
}

func (d desk) vouched(subject string) (token account.Token, s account.Session, err error) {
	err = d.Try(func(tx *db.Tx) error {
		proof, err := account.Vouch(tx, issuer, subject, false)
		if err != nil {
			return err
		}
		token, s, err = account.SignIn(tx, proof, phone)
		return err
	})
	return token, s, err
}

func TestWhoIsVouchedForSignsIn(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, _, session := d.member(d.MemberA)
		_, _, others := d.member(d.MemberB)
		_, _, err := d.vouched("s-1")
		testkit.Want(t, err, errs.Unauthenticated)
		testkit.Want(t, d.link(d.MemberA, session, "s-1"), testkit.OK)
		token, s, err := d.vouched("s-1")
		testkit.Want(t, err, testkit.OK)
		if s.Person != d.MemberA || s.How != account.ByIdentity || s.Needs != account.Nothing {
			t.Errorf("session %+v", s)
		}
		d.wantOpen(token, true)

		for what, err := range map[string]error{
			"an identity that is linked":        d.link(d.MemberB, others, "s-1"),
			"one that one has linked oneself":   d.link(d.MemberA, session, "s-1"),
			"a subject that is empty":           d.link(d.MemberB, others, ""),
			"a session of somebody else":        d.link(d.MemberB, session, "s-2"),
			"somebody else's identity, removed": d.unlink(d.MemberB, others, d.identity(d.MemberA)),
		} {
			want := map[string]errs.Kind{
				"an identity that is linked": errs.Conflict, "one that one has linked oneself": errs.Conflict,
				"a subject that is empty": errs.Invalid, "a session of somebody else": errs.Denied,
				"somebody else's identity, removed": errs.NotFound,
			}[what]
			t.Run(what, func(t *testing.T) { testkit.Want(t, err, want) })
		}
		d.later(16 * time.Minute)
		testkit.Want(t, d.link(d.MemberB, others, "s-3"), errs.Denied)
		testkit.Want(t, d.unlink(d.MemberA, session, d.identity(d.MemberA)), errs.Denied)
		_, session, err = d.vouched("s-1") // proves it anew
		testkit.Want(t, err, testkit.OK)
		testkit.Want(t, d.unlink(d.MemberA, session, d.identity(d.MemberA)), testkit.OK)
		_, _, err = d.vouched("s-1")
		testkit.Want(t, err, errs.Unauthenticated)
	})
}

func (d desk) unlink(person access.PersonID, s account.Session, which account.IdentityID) error {
	return d.as(person, func(tx *db.Tx, by access.Actor) error { return account.Unlink(tx, by, s, which) })
}

// identity is the person's only one.
func (d desk) identity(person access.PersonID) (which account.IdentityID) {
	d.t.Helper()
	d.View(func(tx *db.Tx) error {
		list, err := account.Identities(tx, d.As(tx, person))
		if len(list) != 1 {
			d.t.Fatalf("identities %v", list)
		}
		which = list[0].ID
		return err
	})
	return which
}
