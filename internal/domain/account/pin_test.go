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

const (
	pin    = "482913"
	tablet = account.Token("a device that a cell shares")
)

func (d desk) keepPIN(person access.PersonID, s account.Session, on account.Token) error {
	d.t.Helper()
	chosen, err := account.ChoosePIN(ctx, pin)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.as(person, func(tx *db.Tx, by access.Actor) error { return account.KeepPIN(tx, by, s, on, chosen) })
}

func (d desk) onDevice(on account.Token) (list []account.PIN) {
	d.t.Helper()
	d.View(func(tx *db.Tx) (err error) { list, err = account.OnDevice(tx, on); return err })
	return list
}

func (d desk) byPIN(on account.Token, which account.PINID, typed string) (token account.Token, s account.Session, err error) {
	d.t.Helper()
	var attempt account.Attempt
	if err := d.Try(func(tx *db.Tx) (err error) {
		attempt, err = account.BeginPIN(tx, on, which, account.Device{Name: "Máy chi bộ", Address: address})
		return err
	}); err != nil {
		return "", s, err
	}
	proof, err := attempt.Verify(ctx, typed)
	if err != nil {
		d.t.Fatal(err)
	}
	return d.enter(proof)
}

func TestChangeOverWithAPIN(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, _, a := d.member(d.MemberA)
		_, _, b := d.member(d.MemberB)
		testkit.Want(t, d.keepPIN(d.MemberA, a, tablet), testkit.OK)
		testkit.Want(t, d.keepPIN(d.MemberB, b, tablet), testkit.OK)
		testkit.Want(t, d.keepPIN(d.MemberA, a, tablet), testkit.OK) // a new one for the old
		list := d.onDevice(tablet)
		if len(list) != 2 || list[0].Person != d.MemberB || list[1].Person != d.MemberA {
			t.Fatalf("on the device: %+v", list)
		}
		if others := d.onDevice("another device"); len(others) != 0 {
			t.Errorf("on another: %+v", others)
		}
		mine := list[1].ID
		_, _, err := d.byPIN("another device", mine, pin)
		testkit.Want(t, err, errs.Unauthenticated)
		_, _, err = d.byPIN(tablet, mine, "482914")
		testkit.WantField(t, err, "pin")
		token, s, err := d.byPIN(tablet, mine, pin)
		testkit.Want(t, err, testkit.OK)
		if s.Person != d.MemberA || s.How != account.ByPIN || s.Needs != account.Nothing {
			t.Errorf("session %+v", s)
		}
		testkit.Want(t, d.keepPIN(d.MemberA, s, "a third device"), errs.Denied) // nothing sensitive
		d.later(9 * time.Minute)
		d.wantOpen(token, true)
		d.later(time.Minute)
		d.wantOpen(token, false) // it ends soon when left alone

		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return account.ForgetPIN(tx, by, tablet) }), testkit.OK)
		_, _, err = d.byPIN(tablet, mine, pin)
		testkit.Want(t, err, errs.Unauthenticated)
	})
}

func TestWrongPINs(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, _, a := d.member(d.MemberA)
		testkit.Want(t, d.keepPIN(d.MemberA, a, tablet), testkit.OK)
		which := d.onDevice(tablet)[0].ID
		for range 4 {
			_, _, err := d.byPIN(tablet, which, "111222")
			testkit.WantField(t, err, "pin")
		}
		_, _, err := d.byPIN(tablet, which, pin) // the right one forgives
		testkit.Want(t, err, testkit.OK)
		for range 5 {
			_, _, err := d.byPIN(tablet, which, "111222")
			testkit.WantField(t, err, "pin")
		}
		_, _, err = d.byPIN(tablet, which, pin)
		testkit.Want(t, err, errs.Unauthenticated)
		d.later(24 * time.Hour)
		_, _, err = d.byPIN(tablet, which, pin)
		testkit.Want(t, err, errs.Unauthenticated)
	})
}

func TestWhatEndsAPIN(t *testing.T) {
	for what, end := range map[string]func(d desk, s account.Session){
		"forty days":   func(d desk, _ account.Session) { d.later(40 * 24 * time.Hour) },
		"sign out all": func(d desk, _ account.Session) { d.verb(d.MemberA, account.EndSessions) },
		"sign out the others": func(d desk, s account.Session) {
			d.verb(d.MemberA, func(tx *db.Tx, by access.Actor) error { return account.EndOtherSessions(tx, by, s.ID) })
		},
		"blocked": func(d desk, _ account.Session) {
			d.verb(d.SecretaryA, func(tx *db.Tx, by access.Actor) error { return account.Block(tx, by, d.MemberA) })
		},
	} {
		t.Run(what, func(t *testing.T) {
			each(t, func(t *testing.T, d desk) {
				_, _, s := d.member(d.MemberA)
				testkit.Want(t, d.keepPIN(d.MemberA, s, tablet), testkit.OK)
				which := d.onDevice(tablet)[0].ID
				end(d, s)
				if list := d.onDevice(tablet); len(list) != 0 {
					t.Errorf("on the device: %+v", list)
				}
				_, _, err := d.byPIN(tablet, which, pin)
				testkit.Want(t, err, errs.Unauthenticated)
				testkit.Want(t, d.Try(account.Sweep), testkit.OK)
			})
		})
	}
}

func (d desk) verb(person access.PersonID, verb func(*db.Tx, access.Actor) error) {
	d.t.Helper()
	testkit.Want(d.t, d.as(person, verb), testkit.OK)
}

// TestAPINIsAsGoodAsWhatItWasSetWith: it stands for the device on which a second
// factor was shown, and for nothing more.
func TestAPINIsAsGoodAsWhatItWasSetWith(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, s := d.member(d.MemberA)
		testkit.Want(t, d.keepPIN(d.MemberA, s, tablet), testkit.OK)
		secret := d.authenticator(d.MemberA, s)
		which := d.onDevice(tablet)[0].ID
		_, weak, err := d.byPIN(tablet, which, pin)
		testkit.Want(t, err, testkit.OK)
		if weak.Needs != account.SecondStep {
			t.Errorf("a PIN from before the second factor: %+v", weak)
		}
		d.later(time.Minute)
		half, _, err := d.signIn(login, password, address, phone)
		testkit.Want(t, err, testkit.OK)
		_, s, err = d.second(half, d.code(secret, 0))
		testkit.Want(t, err, testkit.OK)
		testkit.Want(t, d.keepPIN(d.MemberA, s, tablet), testkit.OK)
		_, strong, err := d.byPIN(tablet, d.onDevice(tablet)[0].ID, pin)
		testkit.Want(t, err, testkit.OK)
		if strong.Needs != account.Nothing {
			t.Errorf("a PIN set after it: %+v", strong)
		}
	})
}

func TestPINsThatAreTriedFirst(t *testing.T) {
	for _, typed := range []string{"", "12345", "1234567", "12345a", "000000", "121212", "123123", "123456", "987654", "456789", "012345"} {
		if _, err := account.ChoosePIN(ctx, typed); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if _, err := account.ChoosePIN(ctx, "48 29 13"); err != nil {
		t.Error(err)
	}
}
