package account_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

const (
	password = "bốn con voi xanh"
	another  = "năm con trâu đỏ"
	address  = "203.0.113.7"
)

var (
	ctx   = context.Background()
	phone = account.Device{Name: "Điện thoại", Address: address, Own: true}
)

// desk is a kit with the small organisation.
type desk struct {
	*testkit.Kit
	*org.Org
	t *testing.T
}

func each(t *testing.T, test func(t *testing.T, d desk)) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) { test(t, desk{k, org.New(k), t}) })
}

// as runs a verb on behalf of the person.
func (d desk) as(person access.PersonID, verb func(tx *db.Tx, by access.Actor) error) error {
	return d.Try(func(tx *db.Tx) error { return verb(tx, d.As(tx, person)) })
}

func (d desk) invite(by, person access.PersonID) (s account.Slip, err error) {
	err = d.as(by, func(tx *db.Tx, by access.Actor) (err error) { s, err = account.Invite(tx, by, person); return err })
	return s, err
}

func (d desk) accept(s account.Slip, password string) (token account.Token, session account.Session, err error) {
	d.t.Helper()
	chosen, err := account.Choose(ctx, s.Login, password)
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.Try(func(tx *db.Tx) (err error) {
		token, session, err = account.Accept(tx, s.Code, chosen, phone)
		return err
	})
	return token, session, err
}

// member gives the person an account with the password, and a session.
func (d desk) member(person access.PersonID) (login string, token account.Token, session account.Session) {
	d.t.Helper()
	var s account.Slip
	d.Update(func(tx *db.Tx) (err error) { s, err = account.Invite(tx, access.Console(), person); return err })
	token, session, err := d.accept(s, password)
	if err != nil {
		d.t.Fatal(err)
	}
	return s.Login, token, session
}

func (d desk) begin(login, address string) (t account.Attempt, err error) {
	err = d.Try(func(tx *db.Tx) (err error) {
		t, err = account.Begin(tx, login, account.Device{Name: "Máy lạ", Address: address})
		return err
	})
	return t, err
}

func (d desk) signIn(login, password, address string, on account.Device) (token account.Token, session account.Session, err error) {
	d.t.Helper()
	attempt, err := d.begin(login, address)
	if err != nil {
		return "", session, err
	}
	proof, err := attempt.Verify(ctx, password)
	if err != nil {
		d.t.Fatal(err)
	}
	err = d.Try(func(tx *db.Tx) (err error) { token, session, err = account.SignIn(tx, proof, on); return err })
	return token, session, err
}

func (d desk) resume(token account.Token) (by access.Actor, s account.Session, err error) {
	err = d.DB.View(ctx, func(tx *db.Tx) (err error) { by, s, err = account.Resume(tx, token); return err })
	return by, s, err
}

func (d desk) wantOpen(token account.Token, open bool) {
	d.t.Helper()
	_, _, err := d.resume(token)
	if open {
		testkit.Want(d.t, err, testkit.OK)
	} else {
		testkit.Want(d.t, err, errs.Unauthenticated)
	}
}

func (d desk) later(pause time.Duration) { d.SetNow(d.Now().Add(pause)) }

func TestWhoMayInvite(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		// The secretary of cell A also works in the office of the commune.
		both := d.MembersA[6]
		d.Update(func(tx *db.Tx) error {
			return access.Give(tx, access.Grant{Person: both, Unit: d.Commune.ID, Role: access.Office, From: org.Founded, Source: "test"})
		})
		for _, row := range []struct {
			what       string
			by, person access.PersonID
			kind       errs.Kind
		}{
			{"the secretary, of a member", d.SecretaryA, d.MemberA, testkit.OK},
			{"the secretary, again before it is used", d.SecretaryA, d.MemberA, testkit.OK},
			{"the deputy", d.DeputyA, d.ProbationaryA, testkit.OK},
			{"the office, below", d.Office, d.MemberB, testkit.OK},
			{"the office, itself", d.Office, d.CommuneSecretary, testkit.OK},
			{"the administrator", d.Admin, d.MembersA[8], testkit.OK},
			{"a member", d.MemberA, d.MembersA[9], errs.Denied},
			{"the committee member", d.CommitteeA, d.MembersA[9], errs.Denied},
			{"the secretary above", d.CommuneSecretary, d.MembersA[9], errs.Denied},
			{"the inspector", d.Inspector, d.MembersA[9], errs.Denied},
			{"a member of another cell", d.MemberB, d.MembersA[9], errs.NotFound},
			{"the secretary of another cell", d.SecretaryB, d.MembersA[9], errs.NotFound},
			{"the office, elsewhere", d.Office, d.SecretaryC, errs.NotFound},
			{"nobody", d.Nobody, d.MembersA[9], errs.NotFound},
			{"the secretary, of who holds more than a cell can give", d.SecretaryA, both, errs.Denied},
			{"the office, of the same", d.Office, both, testkit.OK},
			{"the secretary, of nobody there is", d.SecretaryA, 12345, errs.NotFound},
			{"the secretary, of who has no role", d.SecretaryA, d.Nobody, errs.NotFound},
		} {
			_, err := d.invite(row.by, row.person)
			t.Run(row.what, func(t *testing.T) { testkit.Want(t, err, row.kind) })
		}
	})
}

func TestAnInvitationMakesALoginOfTheName(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		seen := map[string]bool{}
		for _, person := range d.MembersA {
			s, err := d.invite(d.SecretaryA, person)
			if err != nil {
				t.Fatal(err)
			}
			if seen[s.Login] || len(s.Login) < 3 {
				t.Errorf("login %q", s.Login)
			}
			seen[s.Login] = true
			if want := d.Now().AddDate(0, 0, 14); !s.Expires.Equal(want) {
				t.Errorf("good until %v, want %v", s.Expires, want)
			}
		}
	})
}

func TestManyOfOneNameGetLoginsOfTheirOwn(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		taken := []string{"khonght"}
		for n := 2; n < 40; n++ {
			taken = append(taken, fmt.Sprintf("khonght%d", n))
		}
		d.Update(func(tx *db.Tx) error {
			for i, login := range taken {
				if _, err := tx.Exec(`INSERT INTO account (id, person_id, unit_id, login, created) VALUES ($1, $1, $2, $3, 0)`,
					1000+i, d.CellA.ID, login); err != nil {
					return err
				}
			}
			return access.Give(tx, access.Grant{Person: d.Nobody, Unit: d.CellA.ID, Role: access.Member, From: org.Founded, Source: "test"})
		})
		s, err := d.invite(d.SecretaryA, d.Nobody) // Hồ Thị Không
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(s.Login, "khonght") || slices.Contains(taken, s.Login) {
			t.Errorf("login %q", s.Login)
		}
	})
}

func TestASlipServesOnce(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		first, _ := d.invite(d.SecretaryA, d.MemberA)
		second, err := d.invite(d.SecretaryA, d.MemberA)
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = d.accept(first, password)
		testkit.Want(t, err, errs.NotFound)

		other, err := d.invite(d.SecretaryA, d.ProbationaryA)
		if err != nil {
			t.Fatal(err)
		}
		other.Code = second.Code // somebody else's password under this slip
		_, _, err = d.accept(other, password)
		testkit.Want(t, err, errs.NotFound)

		token, session, err := d.accept(second, password)
		testkit.Want(t, err, testkit.OK)
		d.wantOpen(token, true)
		if session.Person != d.MemberA || session.Device != "Điện thoại" || session.Address != address {
			t.Errorf("session %+v", session)
		}
		_, _, err = d.accept(second, another)
		testkit.Want(t, err, errs.NotFound)
		_, err = d.invite(d.SecretaryA, d.MemberA)
		testkit.Want(t, err, errs.Conflict)
	})
}

func TestASlipExpires(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		s, err := d.invite(d.SecretaryA, d.MemberA)
		if err != nil {
			t.Fatal(err)
		}
		look := func() error {
			return d.DB.View(ctx, func(tx *db.Tx) error {
				got, err := account.Invited(tx, s.Code)
				if err == nil && (got.Login != s.Login || got.Person != d.MemberA) {
					t.Errorf("slip %+v", got)
				}
				return err
			})
		}
		d.later(14*24*time.Hour - time.Second)
		testkit.Want(t, look(), testkit.OK)
		d.later(time.Second)
		testkit.Want(t, look(), errs.NotFound)
		_, _, err = d.accept(s, password)
		testkit.Want(t, err, errs.NotFound)
		_, err = d.invite(d.SecretaryA, d.MemberA)
		testkit.Want(t, err, testkit.OK)
	})
}

func TestSignIn(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, _ := d.member(d.MemberA)
		waiting, err := d.invite(d.SecretaryA, d.ProbationaryA)
		if err != nil {
			t.Fatal(err)
		}
		blocked, _, _ := d.member(d.ExemptA)
		if err := d.as(d.SecretaryA, func(tx *db.Tx, by access.Actor) error { return account.Block(tx, by, d.ExemptA) }); err != nil {
			t.Fatal(err)
		}
		homeless, _, _ := d.member(d.MembersA[10])
		d.Update(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE role_grant SET to_day = $1 WHERE person_id = $2`, d.Today(), d.MembersA[10])
			return err
		})
		costs := map[string]bool{}
		for _, row := range []struct {
			what, login, password string
			kind                  errs.Kind
			key                   string
		}{
			{"as it should be", login, password, testkit.OK, ""},
			{"capitals and a space", " " + login[:1] + " " + login[1:], password, testkit.OK, ""},
			{"a wrong password", login, "sai mật khẩu", errs.Unauthenticated, "account.error.sign_in"},
			{"no password", login, "", errs.Unauthenticated, "account.error.sign_in"},
			{"a login that nobody has", "khongaico", password, errs.Unauthenticated, "account.error.sign_in"},
			{"no login", "", "", errs.Unauthenticated, "account.error.sign_in"},
			{"a slip not used yet", waiting.Login, "", errs.Unauthenticated, "account.error.sign_in"},
			{"a blocked account", blocked, password, errs.Denied, "account.error.blocked"},
			{"a blocked account, guessing", blocked, "sai mật khẩu", errs.Unauthenticated, "account.error.sign_in"},
			{"no role any more", homeless, password, errs.Denied, "account.error.no_role"},
			{"no role any more, guessing", homeless, "sai mật khẩu", errs.Unauthenticated, "account.error.sign_in"},
		} {
			attempt, err := d.begin(row.login, address)
			if err != nil {
				t.Fatal(row.what, err)
			}
			costs[attempt.Cost()] = true
			_, _, err = d.signIn(row.login, row.password, address, phone)
			testkit.Want(t, err, row.kind)
			if e, ok := errs.As(err); row.key != "" && (!ok || e.Message.Key != row.key || len(e.Message.Args) > 0) {
				t.Errorf("%s: %v, want %s", row.what, err, row.key)
			}
		}
		if len(costs) != 1 {
			t.Errorf("logins differ in what a try costs: %v", costs)
		}
	})
}

func TestGuessingOneLoginIsSlowedDown(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, _ := d.member(d.MemberA)
		for _, login := range []string{login, "khongaico"} {
			try := func(address string, kind errs.Kind) {
				t.Helper()
				_, err := d.begin(login, address)
				testkit.Want(t, err, kind)
			}
			for i := range 5 {
				try(fmt.Sprintf("203.0.113.%d", i), testkit.OK)
			}
			try("203.0.113.9", errs.TooMany)
			d.later(29 * time.Second)
			try("203.0.113.9", errs.TooMany)
			d.later(time.Second)
			try("203.0.113.9", testkit.OK)
			d.later(30 * time.Second)
			try("203.0.113.9", errs.TooMany)
			d.later(30 * time.Second)
			try("203.0.113.9", testkit.OK)
			d.later(15 * time.Minute)
			try("203.0.113.9", testkit.OK)
			d.later(24 * time.Hour)
			for range 5 {
				try("203.0.113.9", testkit.OK)
			}
			d.later(24 * time.Hour)
		}
	})
}

func TestSuccessClearsTheCount(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, _ := d.member(d.MemberA)
		for range 3 {
			for range 4 {
				if _, err := d.begin(login, address); err != nil {
					t.Fatal(err)
				}
			}
			if _, _, err := d.signIn(login, password, address, phone); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestTriesSentAtOnceAreLimitedLikeTriesInTurn(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, _ := d.member(d.MemberA)
		answers := make(chan error)
		for range 20 {
			go func() {
				_, err := d.begin(login, address)
				answers <- err
			}()
		}
		let := 0
		for range 20 {
			if <-answers == nil {
				let++
			}
		}
		if let > 5 {
			t.Errorf("%d tries were let through", let)
		}
	})
}

func TestGuessingFromOneAddressIsSlowedDown(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		try := func(n int, address string, kind errs.Kind) {
			t.Helper()
			_, err := d.begin(fmt.Sprintf("ai%d", n), address)
			testkit.Want(t, err, kind)
		}
		for n := range 100 {
			try(n, fmt.Sprintf("2001:db8:1:2::%x", n), testkit.OK)
		}
		try(100, "2001:db8:1:2::ffff", errs.TooMany)
		try(100, "2001:db8:1:3::1", testkit.OK)
		d.later(5 * time.Second)
		try(101, "2001:db8:1:2::ffff", testkit.OK)
		d.later(time.Hour)
		for n := range 5 {
			try(200+n, "2001:db8:1:2::1", testkit.OK)
		}
	})
}

func TestTheTablesHoldNoSecret(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		s, err := d.invite(d.SecretaryA, d.MemberA)
		if err != nil {
			t.Fatal(err)
		}
		token, _, err := d.accept(s, password)
		if err != nil {
			t.Fatal(err)
		}
		slip, err := d.invite(d.SecretaryA, d.ProbationaryA)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.begin(password, address); err != nil { // typed into the wrong field
			t.Fatal(err)
		}
		d.View(func(tx *db.Tx) error {
			return db.Each(tx, db.Column[string], func(text string) error {
				for _, secret := range []string{password, "bonconvoixanh", string(token), slip.Code, address} {
					if strings.Contains(text, secret) {
						t.Errorf("%q holds %q", text, secret)
					}
				}
				return nil
			}, `SELECT password FROM account UNION ALL SELECT token_hash FROM account_slip UNION ALL SELECT token_hash FROM account_session
				UNION ALL SELECT subject FROM account_attempt UNION ALL SELECT content FROM journal UNION ALL SELECT args FROM notice`)
		})
	})
}

func TestSessionsEnd(t *testing.T) {
	shared := account.Device{Name: "Máy ở nhà văn hóa", Address: address}
	for _, row := range []struct {
		what  string
		on    account.Device
		using time.Duration // between uses; 0 for none
		open  time.Duration
		ended time.Duration
	}{
		{"own, unused", phone, 0, 40*24*time.Hour - time.Minute, 40 * 24 * time.Hour},
		{"own, used", phone, 20 * 24 * time.Hour, 180*24*time.Hour - time.Minute, 180 * 24 * time.Hour},
		{"shared, unused", shared, 0, 2*time.Hour - time.Minute, 2 * time.Hour},
		{"shared, used", shared, time.Hour, 12*time.Hour - time.Minute, 12 * time.Hour},
	} {
		t.Run(row.what, func(t *testing.T) {
			each(t, func(t *testing.T, d desk) {
				login, _, _ := d.member(d.MemberA)
				token, session, err := d.signIn(login, password, address, row.on)
				if err != nil {
					t.Fatal(err)
				}
				begun := d.Now()
				for at := row.using; row.using > 0 && at < row.ended; at += row.using {
					d.SetNow(begun.Add(at))
					d.wantOpen(token, true)
					err := d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return account.Touch(tx, by, session.ID, "198.51.100.1") })
					testkit.Want(t, err, testkit.OK)
				}
				d.SetNow(begun.Add(row.open))
				d.wantOpen(token, true)
				d.SetNow(begun.Add(row.ended))
				d.wantOpen(token, false)
				d.Update(account.Sweep)
				d.View(func(tx *db.Tx) error {
					n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM account_session WHERE id = $1`, session.ID)
					if n != 0 {
						t.Error("the sweep left a session that has ended")
					}
					return err
				})
			})
		})
	}
}

func TestResumeRefusesWhatIsNoToken(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, token, _ := d.member(d.MemberA)
		for _, wrong := range []account.Token{"", "x", token + "x", token[1:], "' OR 1=1 --"} {
			d.wantOpen(wrong, false)
		}
		d.wantOpen(token, true)
		d.Update(func(tx *db.Tx) error { _, err := tx.Exec(`UPDATE account SET blocked = $1`, tx.Now); return err })
		d.wantOpen(token, false)
	})
}

func TestResumeGivesTheRolesOfToday(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, token, _ := d.member(d.DeputyA)
		can := func() bool {
			by, _, err := d.resume(token)
			testkit.Want(t, err, testkit.OK)
			return by.Can(access.MeetingConclude, d.CellA)
		}
		if !can() {
			t.Fatal("the deputy may not conclude a meeting")
		}
		withdraw := func(role access.Role) {
			d.Update(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE role_grant SET to_day = $1 WHERE person_id = $2 AND role = $3`, d.Today(), d.DeputyA, role)
				return err
			})
		}
		withdraw(access.Deputy)
		if can() {
			t.Error("the role was withdrawn and still holds in the session")
		}
		withdraw(access.Member)
		withdraw(access.GroupLeader)
		d.wantOpen(token, false)
	})
}

func TestOwnSessions(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, first, _ := d.member(d.MemberA)
		_, others, foreign := d.member(d.MemberB)
		d.later(time.Hour)
		second, session, err := d.signIn(login, password, "198.51.100.1", account.Device{Name: "Máy\ttính", Address: "198.51.100.1", Own: true})
		if err != nil {
			t.Fatal(err)
		}
		list := func() (list []account.Session) {
			d.View(func(tx *db.Tx) (err error) { list, err = account.Sessions(tx, d.As(tx, d.MemberA)); return err })
			return list
		}
		if l := list(); len(l) != 2 || l[0].Device != "Máy tính" || l[0].Address != "198.51.100.1" || l[1].Device != "Điện thoại" || !l[0].Seen.Equal(d.Now()) {
			t.Errorf("devices %+v", l)
		}
		if session.Stale(d.Now().Add(4*time.Minute)) || !session.Stale(d.Now().Add(5*time.Minute)) {
			t.Error("the last use is not written every five minutes")
		}
		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return account.EndSession(tx, by, foreign.ID) }), errs.NotFound)
		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return account.EndOtherSessions(tx, by, session.ID) }), testkit.OK)
		d.wantOpen(first, false)
		d.wantOpen(second, true)
		d.wantOpen(others, true)
		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return account.Touch(tx, by, foreign.ID, "x") }), testkit.OK)
		if _, s, _ := d.resume(others); s.Address != address {
			t.Error("somebody touched a session that is not theirs")
		}
		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return account.EndSession(tx, by, session.ID) }), testkit.OK)
		d.wantOpen(second, false)
		if l := list(); len(l) != 0 {
			t.Errorf("devices %+v", l)
		}
	})
}

func TestDevicesAreBounded(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, first, _ := d.member(d.MemberA)
		attempt, err := d.begin(login, address)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := attempt.Verify(ctx, password)
		if err != nil {
			t.Fatal(err)
		}
		var last account.Token
		for range 20 {
			d.later(time.Minute)
			d.Update(func(tx *db.Tx) (err error) { last, _, err = account.SignIn(tx, proof, phone); return err })
		}
		d.wantOpen(first, false)
		d.wantOpen(last, true)
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, token, session := d.member(d.MemberA)
		other, _, err := d.signIn(login, password, address, phone)
		if err != nil {
			t.Fatal(err)
		}
		change := func(person access.PersonID, login, old, chosen string) error {
			next, err := account.Choose(ctx, login, chosen)
			if err != nil {
				return err
			}
			var attempt account.Attempt
			err = d.as(person, func(tx *db.Tx, by access.Actor) (err error) {
				attempt, err = account.BeginOwn(tx, by, phone)
				return err
			})
			if err != nil {
				return err
			}
			proof, err := attempt.Verify(ctx, old)
			if err != nil {
				return err
			}
			return d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error {
				return account.ChangePassword(tx, by, proof, next, session.ID)
			})
		}
		foreign, _, _ := d.member(d.MemberB)
		testkit.WantField(t, change(d.MemberA, login, "sai mật khẩu", another), "old_password")
		testkit.WantField(t, change(d.MemberA, login, password, "ngắn"), "password")
		testkit.WantField(t, change(d.MemberB, login, password, another), "old_password")
		testkit.WantField(t, change(d.MemberB, foreign, password, another), "old_password")
		testkit.WantField(t, change(d.MemberA, foreign, password, another), "old_password")
		testkit.Want(t, change(d.Nobody, login, password, another), errs.NotFound)
		d.wantOpen(other, true)

		testkit.Want(t, change(d.MemberA, login, password, another), testkit.OK)
		d.wantOpen(token, true)
		d.wantOpen(other, false)
		_, _, err = d.signIn(login, password, address, phone)
		testkit.Want(t, err, errs.Unauthenticated)
		_, _, err = d.signIn(login, another, address, phone)
		testkit.Want(t, err, testkit.OK)
		d.wantNotice(d.MemberA, "account.notice.password_changed")
	})
}

func (d desk) wantNotice(person access.PersonID, key string) {
	d.t.Helper()
	d.View(func(tx *db.Tx) error {
		list, err := notice.Inbox(tx, d.As(tx, person), 0, 1)
		if len(list) != 1 || list[0].Key != key {
			d.t.Errorf("inbox %+v, want %s", list, key)
		}
		return err
	})
}

func TestAProofIsWorthNothingAfterThePasswordChanged(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, _ := d.member(d.MemberA)
		attempt, err := d.begin(login, address)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := attempt.Verify(ctx, password)
		if err != nil {
			t.Fatal(err)
		}
		var s account.Slip
		d.Update(func(tx *db.Tx) (err error) {
			s, err = account.ResetInPerson(tx, access.Console(), d.MemberA, account.Renewal{})
			return err
		})
		if _, _, err := d.accept(s, another); err != nil {
			t.Fatal(err)
		}
		testkit.Want(t, d.Try(func(tx *db.Tx) error { _, _, err := account.SignIn(tx, proof, phone); return err }), errs.Unauthenticated)
	})
}

func TestResetInPerson(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, token, _ := d.member(d.MemberA)
		d.member(d.SecretaryA)
		d.member(d.Admin)
		var s account.Slip
		reset := func(by, person access.PersonID) error {
			return d.as(by, func(tx *db.Tx, by access.Actor) (err error) {
				s, err = account.ResetInPerson(tx, by, person, account.Renewal{Card: d.card(person)})
				return err
			})
		}
		for _, row := range []struct {
			what       string
			by, person access.PersonID
			kind       errs.Kind
		}{
			{"a member", d.MembersA[9], d.MemberA, errs.Denied},
			{"the secretary of another cell", d.SecretaryB, d.MemberA, errs.NotFound},
			{"oneself", d.SecretaryA, d.SecretaryA, errs.Denied},
			{"the administrator", d.SecretaryA, d.Admin, errs.NotFound},
			{"a member without an account", d.SecretaryA, d.MembersA[9], errs.NotFound},
			{"the secretary", d.SecretaryA, d.MemberA, testkit.OK},
		} {
			err := reset(row.by, row.person)
			t.Run(row.what, func(t *testing.T) { testkit.Want(t, err, row.kind) })
		}
		d.wantNotice(d.MemberA, "account.notice.reset")
		d.wantOpen(token, true)
		if _, _, err := d.signIn(login, password, address, phone); err != nil {
			t.Errorf("the old password does not hold until the slip is used: %v", err)
		}
		fresh, _, err := d.accept(s, another)
		testkit.Want(t, err, testkit.OK)
		d.wantOpen(token, false)
		d.wantOpen(fresh, true)
		if s.Login != login {
			t.Errorf("the login became %q, was %q", s.Login, login)
		}
	})
}

func TestASlipOpensALoginThatGuessingSlowedDown(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, _ := d.member(d.MemberA)
		for range 5 {
			if _, err := d.begin(login, address); err != nil {
				t.Fatal(err)
			}
		}
		var s account.Slip
		d.Update(func(tx *db.Tx) (err error) {
			s, err = account.ResetInPerson(tx, access.Console(), d.MemberA, account.Renewal{})
			return err
		})
		if _, _, err := d.accept(s, another); err != nil {
			t.Fatal(err)
		}
		_, _, err := d.signIn(login, another, address, phone)
		testkit.Want(t, err, testkit.OK)
	})
}

func TestBlock(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, token, _ := d.member(d.MemberA)
		verb := func(by, person access.PersonID, verb func(*db.Tx, access.Actor, access.PersonID) error) error {
			return d.as(by, func(tx *db.Tx, by access.Actor) error { return verb(tx, by, person) })
		}
		d.member(d.SecretaryA)
		for _, row := range []struct {
			what       string
			by, person access.PersonID
			kind       errs.Kind
		}{
			{"a member", d.MembersA[9], d.MemberA, errs.Denied},
			{"the secretary of another cell", d.SecretaryB, d.MemberA, errs.NotFound},
			{"oneself", d.SecretaryA, d.SecretaryA, errs.Denied},
			{"without an account", d.SecretaryA, d.ProbationaryA, errs.NotFound},
			{"the secretary", d.SecretaryA, d.MemberA, testkit.OK},
			{"once more", d.DeputyA, d.MemberA, testkit.OK},
		} {
			err := verb(row.by, row.person, account.Block)
			t.Run(row.what, func(t *testing.T) { testkit.Want(t, err, row.kind) })
		}
		d.wantOpen(token, false)
		_, err := d.invite(d.SecretaryA, d.MemberA)
		testkit.Want(t, err, errs.Conflict)
		testkit.Want(t, d.as(d.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := account.ResetInPerson(tx, by, d.MemberA, account.Renewal{Card: d.card(d.MemberA)})
			return err
		}), errs.Conflict)
		testkit.Want(t, verb(d.MembersA[9], d.MemberA, account.Unblock), errs.Denied)
		testkit.Want(t, verb(d.SecretaryA, d.MemberA, account.Unblock), testkit.OK)
		d.wantOpen(token, false)
		_, _, err = d.signIn(login, password, address, phone)
		testkit.Want(t, err, testkit.OK)
		d.View(func(tx *db.Tx) error {
			a, err := account.Find(tx, access.Console(), d.MemberA)
			if err != nil {
				return err
			}
			history, err := journal.History(tx, "account", int64(a.ID))
			var verbs []string
			for _, e := range history {
				verbs = append(verbs, e.Verb)
			}
			if want := "[account.Invite account.Accept account.Block account.Unblock]"; fmt.Sprint(verbs) != want {
				t.Errorf("journal %v, want %s", verbs, want)
			}
			return err
		})
	})
}

func TestWhoHasLeftCanStillBeBlockedWhereTheyWere(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		d.member(d.MemberA)
		d.Update(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE role_grant SET to_day = $1 WHERE person_id = $2`, d.Today(), d.MemberA)
			return err
		})
		block := func(by access.PersonID) error {
			return d.as(by, func(tx *db.Tx, by access.Actor) error { return account.Block(tx, by, d.MemberA) })
		}
		testkit.Want(t, block(d.SecretaryB), errs.NotFound)
		testkit.Want(t, block(d.SecretaryA), testkit.OK)
	})
}

func TestWhoSeesAccounts(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		d.member(d.MemberA)
		for _, row := range []struct {
			what       string
			by, person access.PersonID
			kind       errs.Kind
		}{
			{"one's own", d.MemberA, d.MemberA, testkit.OK},
			{"one's own that is not", d.ProbationaryA, d.ProbationaryA, errs.NotFound},
			{"the secretary", d.SecretaryA, d.MemberA, testkit.OK},
			{"the secretary, of who has none", d.SecretaryA, d.ProbationaryA, errs.NotFound},
			{"another member", d.ProbationaryA, d.MemberA, errs.Denied},
			{"elsewhere", d.SecretaryC, d.MemberA, errs.NotFound},
		} {
			err := d.as(row.by, func(tx *db.Tx, by access.Actor) error { _, err := account.Find(tx, by, row.person); return err })
			t.Run(row.what, func(t *testing.T) { testkit.Want(t, err, row.kind) })
		}
		for _, row := range []struct {
			by   access.PersonID
			kind errs.Kind
		}{{d.SecretaryA, testkit.OK}, {d.Office, testkit.OK}, {d.MemberA, errs.Denied}, {d.SecretaryB, errs.NotFound}} {
			testkit.Want(t, d.as(row.by, func(tx *db.Tx, by access.Actor) error {
				list, err := account.In(tx, by, d.CellA.ID)
				if err == nil && (len(list) != 1 || !list[d.MemberA].Active()) {
					t.Errorf("accounts %+v", list)
				}
				return err
			}), row.kind)
		}
	})
}

func TestChangeContact(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		d.member(d.MemberA)
		d.member(d.MemberB)
		change := func(person access.PersonID, c account.Contact) error {
			return d.as(person, func(tx *db.Tx, by access.Actor) error {
				a, err := account.Find(tx, by, person)
				if err != nil {
					return err
				}
				c.Version += a.Version
				return account.ChangeContact(tx, by, c)
			})
		}
		testkit.Want(t, change(d.MemberA, account.Contact{Phone: "+84 912.345.678", Email: " An@Example.com "}), testkit.OK)
		testkit.WantField(t, change(d.MemberB, account.Contact{Phone: "0912345678"}), "phone")
		testkit.WantField(t, change(d.MemberB, account.Contact{Email: "AN@example.com"}), "email")
		testkit.WantField(t, change(d.MemberB, account.Contact{Phone: "12"}), "phone")
		testkit.WantField(t, change(d.MemberB, account.Contact{Email: "an@"}), "email")
		testkit.Want(t, change(d.MemberB, account.Contact{Version: -1}), errs.Conflict)
		testkit.Want(t, change(d.ProbationaryA, account.Contact{}), errs.NotFound)
		for _, login := range []string{"0912 345 678", "an@EXAMPLE.com"} {
			_, s, err := d.signIn(login, password, address, phone)
			if err != nil || s.Person != d.MemberA {
				t.Errorf("signed in with %s as %v, %v", login, s.Person, err)
			}
		}
		testkit.Want(t, change(d.MemberA, account.Contact{}), testkit.OK)
		testkit.Want(t, change(d.MemberB, account.Contact{Phone: "0912345678"}), testkit.OK)
	})
}

func TestAnOldDigestIsRenewedAtSignIn(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		login, _, _ := d.member(d.MemberA)
		d.Update(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE account SET password = $1 WHERE login = $2`, account.Cheap(password), login)
			return err
		})
		before, err := d.begin(login, address)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, _, err := d.signIn(login, password, address, phone); err != nil {
				t.Fatal(err)
			}
		}
		after, err := d.begin(login, address)
		if err != nil {
			t.Fatal(err)
		}
		if unknown, _ := d.begin("khongaico", address); before.Cost() == after.Cost() || after.Cost() != unknown.Cost() {
			t.Errorf("cost %s before, %s after, %s of today", before.Cost(), after.Cost(), unknown.Cost())
		}
	})
}

func TestSweepLeavesWhatCounts(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, token, _ := d.member(d.MemberA)
		s, err := d.invite(d.SecretaryA, d.ProbationaryA)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			if _, err := d.begin("khongaico", address); err != nil {
				t.Fatal(err)
			}
		}
		d.Update(account.Sweep)
		_, err = d.begin("khongaico", address)
		testkit.Want(t, err, errs.TooMany)
		d.wantOpen(token, true)
		_, _, err = d.accept(s, password)
		testkit.Want(t, err, testkit.OK)

		d.SetNow(clock.NewDate(2028, 1, 1).At(8, 0))
		d.Update(account.Sweep)
		d.View(func(tx *db.Tx) error {
			for _, table := range []string{"account_session", "account_slip", "account_attempt"} {
				n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM `+table)
				if err != nil {
					return err
				}
				if n != 0 {
					t.Errorf("%d rows of %s are left", n, table)
				}
			}
			return nil
		})
	})
}
