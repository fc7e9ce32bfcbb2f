package account_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

// code is what an authenticator with the secret shows after a while.
func (d desk) code(secret string, after time.Duration) string {
	d.t.Helper()
	code, err := totp.GenerateCode(secret, d.Now().Add(after))
	if err != nil {
		d.t.Fatal(err)
	}
	return code
}

// authenticator sets one up for the person, and gives its secret.
func (d desk) authenticator(person access.PersonID, s account.Session) (secret string) {
	d.t.Helper()
	err := d.as(person, func(tx *db.Tx, by access.Actor) error {
		offer, err := account.OfferAuthenticator(tx, by)
		if err != nil {
			return err
		}
		secret = offer.Secret
		return account.AddAuthenticator(tx, by, s, offer.Sealed, d.code(secret, 0))
	})
	if err != nil {
		d.t.Fatal(err)
	}
	return secret
}

// passkey adds one of the phone to the person's account.
func (d desk) passkey(person access.PersonID, s account.Session, phone *device) error {
	return d.as(person, func(tx *db.Tx, by access.Actor) error {
		c, err := account.ChallengeToAdd(tx, by, site)
		if err != nil {
			return err
		}
		return account.AddPasskey(tx, by, s, site, "Điện thoại", phone.create(c))
	})
}

// second takes the second step of a session with a code.
func (d desk) second(token account.Token, code string) (next account.Token, s account.Session, err error) {
	d.t.Helper()
	var by access.Actor
	var half account.Session
	var attempt account.Attempt
	err = d.Try(func(tx *db.Tx) (err error) {
		if by, half, err = account.Entering(tx, token); err == nil {
			attempt, err = account.BeginSecond(tx, by, phone)
		}
		return err
	})
	if err != nil {
		return "", s, err
	}
	proof, err := attempt.VerifyCode(ctx, code)
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.Try(func(tx *db.Tx) (err error) {
		next, s, err = account.FinishSecond(tx, by, half, proof, phone)
		return err
	})
	return next, s, err
}

// byPasskey is the proof of an answer to a challenge.
func (d desk) byPasskey(at account.Site, answer func(account.Challenge) account.Signed) (p account.Proof, err error) {
	err = d.Try(func(tx *db.Tx) error {
		c, err := account.ChallengeToEnter(tx, site)
		if err != nil {
			return err
		}
		attempt, err := account.BeginPasskey(tx, phone)
		if err != nil {
			return err
		}
		p, err = attempt.VerifyPasskey(tx, at, answer(c))
		return err
	})
	return p, err
}

func (d desk) enter(p account.Proof) (token account.Token, s account.Session, err error) {
	err = d.Try(func(tx *db.Tx) (err error) { token, s, err = account.SignIn(tx, p, phone); return err })
	return token, s, err
}

func (d desk) card(person access.PersonID) (digits string) {
	d.t.Helper()
	d.View(func(tx *db.Tx) error {
		card, err := db.One(tx, db.Column[string], `SELECT card_number FROM person WHERE id = $1`, int64(person))
		digits = card[max(0, len(card)-4):]
		return err
	})
	return digits
}

func (d desk) entries(person access.PersonID) (shown []string) {
	d.t.Helper()
	d.View(func(tx *db.Tx) error {
		list, err := account.Entries(tx, d.As(tx, person), 20)
		for _, e := range list {
			shown = append(shown, string(e.How)+" "+string(e.Outcome))
		}
		return err
	})
	return shown
}

func TestPasswordAndCode(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, first, session := d.member(d.MemberA)
		secret := d.authenticator(d.MemberA, session)
		d.wantOpen(first, true)
		d.wantNotice(d.MemberA, "account.notice.authenticator_added")
		setUp := d.code(secret, 0)

		half, s, err := d.signIn(login, password, address, phone)
		testkit.Want(t, err, testkit.OK)
		if s.Needs != account.SecondStep || s.Strong {
			t.Errorf("session %+v", s)
		}
		d.wantOpen(half, false) // the password alone opens nothing

		for _, row := range []struct {
			what, code string
			field      string
		}{
			{"the code with which it was set up", setUp, "code"},
			{"a code of two steps ago", d.code(secret, -time.Minute), "code"},
			{"a code of the step after the next", d.code(secret, time.Minute), "code"},
			{"five digits", "12345", "code"},
		} {
			_, _, err := d.second(half, row.code)
			t.Run(row.what, func(t *testing.T) { testkit.WantField(t, err, row.field) })
		}
		early := d.code(secret, 30*time.Second)
		full, s, err := d.second(half, early[:3]+" "+early[3:]) // a phone whose clock is half a minute fast
		testkit.Want(t, err, testkit.OK)
		if !s.Strong || s.Needs != account.Nothing || s.How != account.ByCode || !s.Own {
			t.Errorf("session %+v", s)
		}
		d.wantOpen(full, true)
		_, _, err = d.second(half, early) // the half one is gone
		testkit.Want(t, err, errs.Unauthenticated)
		if half, _, err = d.signIn(login, password, address, phone); err != nil {
			t.Fatal(err)
		}
		_, _, err = d.second(half, early) // each code once
		testkit.WantField(t, err, "code")
		d.later(time.Minute)
		_, _, err = d.second(half, d.code(secret, 0))
		testkit.Want(t, err, testkit.OK)
		want := "[code good code failed password half code good code failed code failed code failed code failed password half slip good]"
		if got := fmt.Sprint(d.entries(d.MemberA)); got != want {
			t.Errorf("shown %s, want %s", got, want)
		}
	})
}

func TestTheSecondStepHasItsTimeAndItsTries(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, session := d.member(d.MemberA)
		secret := d.authenticator(d.MemberA, session)
		d.later(time.Minute)
		half, _, err := d.signIn(login, password, address, phone)
		testkit.Want(t, err, testkit.OK)
		for range 5 {
			_, _, err := d.second(half, "000000")
			testkit.WantField(t, err, "code")
		}
		_, _, err = d.second(half, d.code(secret, 0))
		testkit.Want(t, err, errs.TooMany)
		d.later(30 * time.Second)
		full, _, err := d.second(half, d.code(secret, 0))
		testkit.Want(t, err, testkit.OK)
		d.wantOpen(full, true)

		half, _, err = d.signIn(login, password, address, phone)
		testkit.Want(t, err, testkit.OK)
		d.later(10 * time.Minute)
		_, _, err = d.second(half, d.code(secret, 0))
		testkit.Want(t, err, errs.Unauthenticated)
	})
}

func TestTheSecretIsSealed(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, _, session := d.member(d.MemberA)
		_, _, other := d.member(d.MemberB)
		secret := d.authenticator(d.MemberA, session)
		d.View(func(tx *db.Tx) error {
			stored, err := db.One(tx, db.Column[string], `SELECT secret FROM account_totp`)
			if strings.Contains(stored, secret) {
				t.Error("the secret stands in the table")
			}
			return err
		})
		testkit.Want(t, d.as(d.MemberB, func(tx *db.Tx, by access.Actor) error {
			offer, err := account.OfferAuthenticator(tx, d.As(tx, d.MemberA))
			if err != nil {
				return err
			}
			return account.AddAuthenticator(tx, by, other, offer.Sealed, d.code(offer.Secret, 0))
		}), errs.Invalid) // another person's offer
		d.later(14 * time.Minute)
		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error {
			offer, err := account.OfferAuthenticator(tx, by)
			if err != nil {
				return err
			}
			again, err := account.OfferedAgain(tx, by, offer.Sealed)
			if again.Secret != offer.Secret || err != nil {
				t.Errorf("offered %v, then %v: %v", offer, again, err)
			}
			return account.AddAuthenticator(tx, by, session, offer.Sealed+"A", d.code(offer.Secret, 0))
		}), errs.Invalid)
	})
}

func TestSignInByPasskey(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, session := d.member(d.MemberA)
		key := newPhone(t)
		testkit.Want(t, d.passkey(d.MemberA, session, key), testkit.OK)
		testkit.Want(t, d.passkey(d.MemberA, session, key), errs.Conflict)
		d.wantNotice(d.MemberA, "account.notice.passkey_added")

		proof, err := d.byPasskey(site, key.sign)
		testkit.Want(t, err, testkit.OK)
		token, s, err := d.enter(proof)
		testkit.Want(t, err, testkit.OK)
		if s.Person != d.MemberA || !s.Strong || s.Needs != account.Nothing || s.How != account.ByPasskey {
			t.Errorf("session %+v", s)
		}
		d.wantOpen(token, true)

		half, s, err := d.signIn(login, password, address, phone)
		if s.Needs != account.SecondStep {
			t.Errorf("the password alone: %+v, %v", s, err)
		}
		if proof, err = d.byPasskey(site, key.sign); err != nil {
			t.Fatal(err)
		}
		testkit.Want(t, d.Try(func(tx *db.Tx) error {
			by, half, err := account.Entering(tx, half)
			if err != nil {
				return err
			}
			_, _, err = account.FinishSecond(tx, by, half, proof, phone)
			return err
		}), testkit.OK)
		d.wantOpen(half, false)
	})
}

func TestPasskeysThatDoNotFit(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, _, session := d.member(d.MemberA)
		key := newPhone(t)
		testkit.Want(t, d.passkey(d.MemberA, session, key), testkit.OK)
		stranger := newPhone(t)
		stranger.handle = key.handle
		copied := *key
		elsewhere := *key
		elsewhere.at = account.Site{Domain: site.Domain, Origin: "https://chibo.example.vn.example.com"}
		careless := *key
		careless.verifies = false
		thief := *newPhone(t)
		thief.id, thief.handle = key.id, key.handle
		for _, row := range []struct {
			what   string
			at     account.Site
			answer func(account.Challenge) account.Signed
			kind   errs.Kind
		}{
			{"an unknown key", site, stranger.sign, errs.Unauthenticated},
			{"the key's number with another key", site, thief.sign, errs.Unauthenticated},
			{"a page of another site", site, elsewhere.sign, errs.Unauthenticated},
			{"nobody verified", site, careless.sign, errs.Unauthenticated},
			{"asked for another domain", account.Site{Domain: "example.vn", Origin: site.Origin}, key.sign, errs.Invalid},
			{"letters", site, func(c account.Challenge) account.Signed { return account.Signed{Sealed: c.Sealed, Credential: "{}"} }, errs.Unauthenticated},
			{"a challenge of our own making", site, func(account.Challenge) account.Signed { return account.Signed{Sealed: "abc"} }, errs.Invalid},
			{"the right one", site, key.sign, testkit.OK},
			{"a copy that has not seen the last signature", site, func(c account.Challenge) account.Signed {
				copied.signed = 0
				return copied.sign(c)
			}, errs.Unauthenticated},
		} {
			_, err := d.byPasskey(row.at, row.answer)
			t.Run(row.what, func(t *testing.T) { testkit.Want(t, err, row.kind) })
		}
	})
}

func TestAChallengeIsAnsweredOnceAndInTime(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, _, session := d.member(d.MemberA)
		key := newPhone(t)
		testkit.Want(t, d.passkey(d.MemberA, session, key), testkit.OK)
		var c account.Challenge
		d.View(func(tx *db.Tx) (err error) { c, err = account.ChallengeToEnter(tx, site); return err })
		answer := key.sign(c)
		verify := func() error {
			return d.Try(func(tx *db.Tx) error {
				_, err := account.Attempt{}.VerifyPasskey(tx, site, answer)
				return err
			})
		}
		testkit.Want(t, verify(), testkit.OK)
		testkit.Want(t, verify(), errs.Invalid)
		d.View(func(tx *db.Tx) (err error) { c, err = account.ChallengeToEnter(tx, site); return err })
		answer = key.sign(c)
		d.later(10 * time.Minute)
		testkit.Want(t, verify(), errs.Invalid)
	})
}

func TestRecoveryCodes(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, session := d.member(d.MemberA)
		d.authenticator(d.MemberA, session)
		codes := d.recovery(d.MemberA, session)
		if len(codes) != 10 || len(codes[0]) != 9 {
			t.Fatalf("codes %v", codes)
		}
		enter := func(code string) error {
			half, _, err := d.signIn(login, password, address, phone)
			if err != nil {
				t.Fatal(err)
			}
			_, _, err = d.second(half, code)
			return err
		}
		testkit.Want(t, enter(strings.ToUpper(codes[3])), testkit.OK)
		d.wantNotice(d.MemberA, "account.notice.recovery_used")
		testkit.WantField(t, enter(codes[3]), "code")
		testkit.WantField(t, enter("0000-0000"), "code")
		d.recovery(d.MemberA, session)
		testkit.WantField(t, enter(codes[4]), "code") // of the set before
		d.View(func(tx *db.Tx) error {
			f, err := account.FactorsOf(tx, d.As(tx, d.MemberA))
			if f.RecoveryLeft != 10 || !f.Any() || f.Asked {
				t.Errorf("factors %+v", f)
			}
			return err
		})
	})
}

func (d desk) recovery(person access.PersonID, s account.Session) []string {
	d.t.Helper()
	set, err := account.DrawRecoveryCodes(ctx)
	if err != nil {
		d.t.Fatal(err)
	}
	testkit.Want(d.t, d.as(person, func(tx *db.Tx, by access.Actor) error { return account.KeepRecoveryCodes(tx, by, s, set) }), testkit.OK)
	return set.Codes
}

func TestWhatIsSensitiveAsksAgain(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, token, session := d.member(d.MemberA)
		_, _, foreign := d.member(d.MemberB)
		key := newPhone(t)
		testkit.Want(t, d.passkey(d.MemberA, session, key), testkit.OK)
		recovery, err := account.DrawRecoveryCodes(ctx)
		if err != nil {
			t.Fatal(err)
		}
		pin, err := account.ChoosePIN(ctx, "482913")
		if err != nil {
			t.Fatal(err)
		}
		passkey := d.passkeys(d.MemberA)[0].ID
		verbs := map[string]func(tx *db.Tx, by access.Actor, s account.Session) error{
			"authenticator": func(tx *db.Tx, by access.Actor, s account.Session) error {
				return account.AddAuthenticator(tx, by, s, "", "")
			},
			"no authenticator": account.RemoveAuthenticator,
			"passkey": func(tx *db.Tx, by access.Actor, s account.Session) error {
				return account.AddPasskey(tx, by, s, site, "x", account.Signed{})
			},
			"no passkey": func(tx *db.Tx, by access.Actor, s account.Session) error {
				return account.RemovePasskey(tx, by, s, passkey)
			},
			"recovery": func(tx *db.Tx, by access.Actor, s account.Session) error {
				return account.KeepRecoveryCodes(tx, by, s, recovery)
			},
			"PIN": func(tx *db.Tx, by access.Actor, s account.Session) error {
				return account.KeepPIN(tx, by, s, "a device", pin)
			},
		}
		d.later(15 * time.Minute)
		for what, verb := range verbs {
			t.Run(what, func(t *testing.T) {
				testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return verb(tx, by, session) }), errs.Denied)
				testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return verb(tx, by, foreign) }), errs.Denied)
			})
		}
		var renewed account.Token
		again := func(person access.PersonID, proof account.Proof) error {
			return d.as(person, func(tx *db.Tx, by access.Actor) (err error) {
				renewed, err = account.ProveAgain(tx, by, session, proof)
				return err
			})
		}
		testkit.WantField(t, again(d.MemberA, d.proof(login, "không phải")), "password")
		proof, err := d.byPasskey(site, key.sign)
		testkit.Want(t, err, testkit.OK)
		testkit.Want(t, again(d.MemberB, proof), errs.Unauthenticated)
		testkit.Want(t, again(d.MemberA, proof), testkit.OK)
		d.wantOpen(token, false) // the token changes with what it is worth
		d.wantOpen(renewed, true)
		session = d.session(d.MemberA)
		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return verbs["recovery"](tx, by, session) }), testkit.OK)
		d.later(15 * time.Minute)
		testkit.Want(t, again(d.MemberA, d.proof(login, password)), testkit.OK)
		session = d.session(d.MemberA)
		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return verbs["no passkey"](tx, by, session) }), testkit.OK)
		d.wantNotice(d.MemberA, "account.notice.passkey_removed")
	})
}

// proof is that of a password.
func (d desk) proof(login, password string) account.Proof {
	d.t.Helper()
	attempt, err := d.begin(login, address)
	if err != nil {
		d.t.Fatal(err)
	}
	proof, err := attempt.Verify(ctx, password)
	if err != nil {
		d.t.Fatal(err)
	}
	return proof
}

// session is the one that the person used last.
func (d desk) session(person access.PersonID) (s account.Session) {
	d.t.Helper()
	d.View(func(tx *db.Tx) error {
		list, err := account.Sessions(tx, d.As(tx, person))
		s = list[0]
		return err
	})
	return s
}

func (d desk) passkeys(person access.PersonID) (list []account.Passkey) {
	d.t.Helper()
	d.View(func(tx *db.Tx) error {
		f, err := account.FactorsOf(tx, d.As(tx, person))
		list = f.Passkeys
		return err
	})
	return list
}

func TestNamesOfPasskeys(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, _, session := d.member(d.MemberA)
		_, _, foreign := d.member(d.MemberB)
		testkit.Want(t, d.passkey(d.MemberA, session, newPhone(t)), testkit.OK)
		which := d.passkeys(d.MemberA)[0].ID
		rename := func(person access.PersonID, name string) error {
			return d.as(person, func(tx *db.Tx, by access.Actor) error { return account.RenamePasskey(tx, by, which, name) })
		}
		testkit.Want(t, rename(d.MemberB, "Của tôi"), errs.NotFound)
		testkit.WantField(t, rename(d.MemberA, " "), "name")
		testkit.WantField(t, rename(d.MemberA, strings.Repeat("a", 61)), "name")
		testkit.Want(t, rename(d.MemberA, "Máy  bàn "), testkit.OK)
		testkit.Want(t, d.as(d.MemberB, func(tx *db.Tx, by access.Actor) error {
			return account.RemovePasskey(tx, by, foreign, which)
		}), errs.NotFound)
		if list := d.passkeys(d.MemberA); list[0].Name != "Máy bàn" || !list[0].Used.IsZero() {
			t.Errorf("passkeys %+v", list)
		}
	})
}

// TestRolesAskForASecondFactor: from the days of the rule packs on.
func TestRolesAskForASecondFactor(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		for _, row := range []struct {
			what   string
			person access.PersonID
			day    clock.Date
			needs  account.Need
		}{
			{"the office, this year", d.Office, clock.NewDate(2026, 12, 31), account.Nothing},
			{"the office, next year", d.Office, clock.NewDate(2027, 1, 1), account.SetUp},
			{"the administrator", d.Admin, clock.NewDate(2027, 1, 1), account.SetUp},
			{"a secretary, in the first half", d.SecretaryA, clock.NewDate(2027, 6, 30), account.Nothing},
			{"a secretary, in the second", d.SecretaryA, clock.NewDate(2027, 7, 1), account.SetUp},
			{"a member", d.MemberA, clock.NewDate(2027, 7, 1), account.Nothing},
		} {
			t.Run(row.what, func(t *testing.T) {
				d.t = t
				d.SetNow(row.day.At(8, 0))
				var s account.Slip
				d.Update(func(tx *db.Tx) (err error) {
					if s, err = account.Invite(tx, access.Console(), row.person); errs.Is(err, errs.Conflict) {
						s, err = account.ResetInPerson(tx, access.Console(), row.person, account.Renewal{})
					}
					return err
				})
				token, session, err := d.accept(s, password)
				testkit.Want(t, err, testkit.OK)
				if session.Needs != row.needs {
					t.Errorf("needs %q, want %q", session.Needs, row.needs)
				}
				d.wantOpen(token, row.needs == account.Nothing)
				if row.needs == account.Nothing {
					return
				}
				d.authenticator(row.person, session)
				d.wantOpen(token, true)
				testkit.Want(t, d.as(row.person, func(tx *db.Tx, by access.Actor) error {
					return account.RemoveAuthenticator(tx, by, session)
				}), errs.Conflict)
			})
		}
	})
}

// TestARoleThatIsGivenLater asks what it asks of sessions that were there before.
func TestARoleThatIsGivenLater(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		d.SetNow(clock.NewDate(2027, 2, 1).At(8, 0))
		_, token, _ := d.member(d.MemberA)
		d.wantOpen(token, true)
		d.Update(func(tx *db.Tx) error {
			return access.Give(tx, access.Grant{Person: d.MemberA, Unit: d.Commune.ID, Role: access.Office, From: clock.DateOf(tx.Now), Source: "test"})
		})
		d.wantOpen(token, false)
		d.View(func(tx *db.Tx) error {
			_, s, err := account.Entering(tx, token)
			if s.Needs != account.SetUp {
				t.Errorf("needs %q", s.Needs)
			}
			return err
		})
	})
}

func TestRenewalRemovesWhatWasLost(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, session := d.member(d.MemberA)
		key := newPhone(t)
		secret := d.authenticator(d.MemberA, session)
		testkit.Want(t, d.passkey(d.MemberA, session, key), testkit.OK)
		codes := d.recovery(d.MemberA, session)
		var slip account.Slip
		renew := func(by, person access.PersonID, how account.Renewal) error {
			return d.as(by, func(tx *db.Tx, by access.Actor) (err error) {
				slip, err = account.ResetInPerson(tx, by, person, how)
				return err
			})
		}
		d.member(d.ProbationaryA)
		for _, row := range []struct {
			what, field string
			person      access.PersonID
			how         account.Renewal
		}{
			{"no card", "card", d.MemberA, account.Renewal{Seen: true}},
			{"the card of another", "card", d.MemberA, account.Renewal{Card: d.card(d.MembersA[9])}},
			{"fewer digits", "card", d.MemberA, account.Renewal{Card: d.card(d.MemberA)[1:]}},
			{"who has no card yet, and was not seen", "seen", d.ProbationaryA, account.Renewal{Card: "1234"}},
		} {
			err := renew(d.SecretaryA, row.person, row.how)
			t.Run(row.what, func(t *testing.T) { testkit.WantField(t, err, row.field) })
		}
		testkit.Want(t, renew(d.SecretaryA, d.ProbationaryA, account.Renewal{Seen: true}), testkit.OK)

		// A password that was forgotten is no reason to give up the phone.
		testkit.Want(t, renew(d.SecretaryA, d.MemberA, account.Renewal{Card: d.card(d.MemberA)}), testkit.OK)
		d.later(time.Minute)
		half, s, err := d.accept(slip, another)
		testkit.Want(t, err, testkit.OK)
		if s.Needs != account.SecondStep {
			t.Errorf("needs %q", s.Needs)
		}
		_, _, err = d.second(half, d.code(secret, 0))
		testkit.Want(t, err, testkit.OK)

		testkit.Want(t, renew(d.SecretaryA, d.MemberA, account.Renewal{Card: d.card(d.MemberA), Factors: true}), testkit.OK)
		d.wantNotice(d.MemberA, "account.notice.renew")
		_, err = d.byPasskey(site, key.sign) // until the slip is used, all holds
		testkit.Want(t, err, testkit.OK)
		token, s, err := d.accept(slip, password)
		testkit.Want(t, err, testkit.OK)
		if s.Needs != account.Nothing {
			t.Errorf("needs %q", s.Needs)
		}
		d.wantOpen(token, true)
		_, err = d.byPasskey(site, key.sign)
		testkit.Want(t, err, errs.Unauthenticated)
		_, s, err = d.signIn(login, password, address, phone)
		if s.Needs != account.Nothing || err != nil {
			t.Errorf("needs %q, %v; codes %v", s.Needs, err, codes)
		}
		d.View(func(tx *db.Tx) error {
			a, err := account.Find(tx, access.Console(), d.MemberA)
			if err != nil {
				return err
			}
			history, err := journal.History(tx, "account", int64(a.ID))
			found := false
			for _, e := range history {
				found = found || e.Verb == "account.RenewInPerson"
			}
			if !found {
				t.Error("the journal does not know of it")
			}
			return err
		})
	})
}
