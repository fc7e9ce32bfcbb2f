package token_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
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

func (d desk) as(person access.PersonID, verb func(tx *db.Tx, by access.Actor) error) error {
	return d.Try(func(tx *db.Tx) error { return verb(tx, d.As(tx, person)) })
}

// create makes a token as its owner, who is signed in.
func (d desk) create(n token.New) (secret token.Secret, made token.Token, err error) {
	err = d.as(n.Owner, func(tx *db.Tx, by access.Actor) (err error) {
		secret, made, err = token.Create(tx, by, n)
		return err
	})
	return secret, made, err
}

func (d desk) must(n token.New) (token.Secret, token.Token) {
	d.t.Helper()
	secret, made, err := d.create(n)
	if err != nil {
		d.t.Fatal(err)
	}
	return secret, made
}

func (d desk) authenticate(bearer string) (by access.Actor, used token.Token, err error) {
	err = d.DB.View(context.Background(), func(tx *db.Tx) (err error) {
		by, used, err = token.Authenticate(tx, bearer)
		return err
	})
	return by, used, err
}

func (d desk) wantDead(secret token.Secret) {
	d.t.Helper()
	_, _, err := d.authenticate(string(secret))
	testkit.Want(d.t, err, errs.Unauthenticated)
}

func (d desk) wantAlive(secret token.Secret) access.Actor {
	d.t.Helper()
	by, _, err := d.authenticate(string(secret))
	testkit.Want(d.t, err, testkit.OK)
	return by
}

func (d desk) later(days int) { d.SetNow(d.Now().AddDate(0, 0, days)) }

func TestCreate(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		for _, c := range []struct {
			what  string
			new   token.New
			kind  errs.Kind
			field string
		}{
			{"for everything", token.New{Owner: d.SecretaryA, Name: "Bảng điện tử", Days: 30}, testkit.OK, ""},
			{"for a year of 366 days", token.New{Owner: d.SecretaryA, Name: "Kho dữ liệu", Writes: true, Days: 366}, testkit.OK, ""},
			{"for a unit below", token.New{Owner: d.Office, Name: "Chi bộ Đông", Unit: d.CellA.ID, Days: 1}, testkit.OK, ""},
			{"for the own cell of a member", token.New{Owner: d.MemberA, Name: "Lịch của tôi", Unit: d.CellA.ID, Days: 1}, testkit.OK, ""},
			{"without a name", token.New{Owner: d.SecretaryA, Name: " ", Days: 30}, errs.Invalid, "name"},
			{"with a long name", token.New{Owner: d.SecretaryA, Name: strings.Repeat("ă", 101), Days: 30}, errs.Invalid, "name"},
			{"for no time", token.New{Owner: d.SecretaryA, Name: "Bảng", Days: 0}, errs.Invalid, "days"},
			{"for longer than the rule", token.New{Owner: d.SecretaryA, Name: "Bảng", Days: 367}, errs.Invalid, "days"},
			{"for the next cell", token.New{Owner: d.SecretaryA, Name: "Bảng", Unit: d.CellB.ID, Days: 30}, errs.Invalid, "unit"},
			{"for the commune above", token.New{Owner: d.SecretaryA, Name: "Bảng", Unit: d.Commune.ID, Days: 30}, errs.Invalid, "unit"},
			{"for a unit that is not there", token.New{Owner: d.SecretaryA, Name: "Bảng", Unit: 5, Days: 30}, errs.Invalid, "unit"},
			{"by somebody without a role", token.New{Owner: d.Nobody, Name: "Bảng", Days: 30}, errs.Denied, ""},
		} {
			t.Log(c.what)
			secret, made, err := d.create(c.new)
			testkit.Want(t, err, c.kind)
			if c.field != "" {
				testkit.WantField(t, err, c.field)
			}
			if c.kind != testkit.OK {
				continue
			}
			if !strings.HasPrefix(string(secret), made.Prefix+"_") || strings.Count(string(secret), "_") != 2 {
				t.Errorf("the token does not begin with its prefix %q", made.Prefix)
			}
			_, used, err := d.authenticate(" " + string(secret) + "\n")
			testkit.Want(t, err, testkit.OK)
			if used.ID != made.ID || used.Name != c.new.Name || used.Writes != c.new.Writes || used.Unit != c.new.Unit || used.Owner != c.new.Owner {
				t.Errorf("authenticated %+v, made %+v", used, made)
			}
		}
		testkit.Want(t, d.as(d.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, _, err := token.Create(tx, by, token.New{Owner: d.MemberA, Name: "Của người khác", Days: 1})
			return err
		}), errs.NotFound)
		testkit.Want(t, d.Try(func(tx *db.Tx) error {
			_, _, err := token.Create(tx, access.Console(), token.New{Owner: d.MemberA, Name: "Từ máy chủ", Days: 1})
			return err
		}), testkit.OK)
	})
}

func TestNobodyHasTooMany(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		for range 20 {
			d.must(token.New{Owner: d.MemberA, Name: "Một", Days: 10})
		}
		_, _, err := d.create(token.New{Owner: d.MemberA, Name: "Thêm", Days: 10})
		testkit.Want(t, err, errs.Conflict)
	})
}

// TestTokenMakesNoToken: a token can neither outlive its day by making another
// nor take away those that its owner made.
func TestTokenMakesNoToken(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		secret, made := d.must(token.New{Owner: d.Office, Name: "Ghi", Writes: true, Days: 10})
		by := d.wantAlive(secret)
		testkit.Want(t, d.Try(func(tx *db.Tx) error {
			_, _, err := token.Create(tx, by, token.New{Owner: d.Office, Name: "Nữa", Days: 10})
			return err
		}), errs.Denied)
		testkit.Want(t, d.Try(func(tx *db.Tx) error { return token.Revoke(tx, by, made.ID) }), errs.Denied)
		d.wantAlive(secret)
	})
}

func TestTokenIsHeldToItsLimit(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		all := []orgtree.Unit{d.Commune, d.CellA, d.CellB, d.OtherCommune, d.CellC}
		for _, c := range []struct {
			what          string
			new           token.New
			reads, writes []orgtree.Unit
		}{
			{"office, writing", token.New{Owner: d.Office, Writes: true}, all[:3], all[:3]},
			{"office, reading", token.New{Owner: d.Office}, all[:3], nil},
			{"office, writing in a cell", token.New{Owner: d.Office, Writes: true, Unit: d.CellA.ID}, all[1:2], all[1:2]},
			{"office, reading a cell", token.New{Owner: d.Office, Unit: d.CellB.ID}, all[2:3], nil},
			{"secretary, writing", token.New{Owner: d.SecretaryA, Writes: true}, all[1:2], all[1:2]},
			{"member, writing", token.New{Owner: d.MemberA, Writes: true}, nil, nil},
		} {
			t.Log(c.what)
			c.new.Name, c.new.Days = c.what, 30
			secret, _ := d.must(c.new)
			by := d.wantAlive(secret)
			if by.Person != c.new.Owner || by.Console {
				t.Errorf("acts as %v", by.Person)
			}
			for _, u := range all {
				if got, want := by.Can(access.MemberFile, u), has(c.reads, u); got != want {
					t.Errorf("reads files of %s: %v", u.Name, got)
				}
				if got, want := by.Can(access.MemberManage, u), has(c.writes, u); got != want {
					t.Errorf("manages %s: %v", u.Name, got)
				}
			}
		}
	})
}

func has(list []orgtree.Unit, u orgtree.Unit) bool {
	for _, one := range list {
		if one.ID == u.ID {
			return true
		}
	}
	return false
}

func TestWhatIsNoToken(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		secret, made := d.must(token.New{Owner: d.MemberA, Name: "Một", Days: 10})
		s := string(secret)
		for _, bearer := range []string{
			"", "chibo_", made.Prefix, s[:len(s)-1], s + "A", s[:len(s)-1] + "0", strings.ToUpper(s), "chibo_" + strings.Repeat("A", len(s)-6),
		} {
			_, _, err := d.authenticate(bearer)
			testkit.Want(t, err, errs.Unauthenticated)
		}
		d.View(func(tx *db.Tx) error {
			stored, err := db.All(tx, db.Column[string], `SELECT token_hash FROM api_token`)
			if len(stored) != 1 || strings.Contains(s, stored[0]) || strings.Contains(stored[0], s[len(made.Prefix):]) {
				t.Errorf("stored as %q", stored)
			}
			return err
		})
	})
}

func TestTokenDies(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		secret, made := d.must(token.New{Owner: d.MemberA, Name: "Hết hạn", Days: 30})
		d.SetNow(made.Expires.Add(-time.Millisecond))
		d.wantAlive(secret)
		d.SetNow(made.Expires)
		d.wantDead(secret)
		d.SetNow(made.Made)

		// With its last role; and it lives again with a new one.
		lost, _ := d.must(token.New{Owner: d.Inspector, Name: "Mất chức vụ", Days: 30})
		d.wantAlive(lost)
		var source string
		d.View(func(tx *db.Tx) error { source = d.As(tx, d.Inspector).Grants()[0].Source; return nil })
		d.Update(func(tx *db.Tx) error { return access.Withdraw(tx, source, clock.DateOf(tx.Now)) })
		d.wantDead(lost)

		// With the last role inside its limit, although the owner has others.
		here, _ := d.must(token.New{Owner: d.Office, Name: "Chi bộ Nam", Days: 30})
		d.Update(func(tx *db.Tx) error {
			return access.Give(tx, access.Grant{Person: d.Office, Unit: d.CellC.ID, Role: access.Attendee, From: d.Today(), Source: "tried"})
		})
		there, _ := d.must(token.New{Owner: d.Office, Name: "Chi bộ Nam", Unit: d.CellC.ID, Days: 30})
		d.wantAlive(there)
		d.Update(func(tx *db.Tx) error { return access.Withdraw(tx, "tried", clock.DateOf(tx.Now)) })
		d.wantDead(there)
		d.wantAlive(here)
	})
}

// TestAccountTakesItsTokensAlong: a blocked account's tokens are gone, and do
// not come back when it is unblocked; nor do they outlive a lost password.
func TestAccountTakesItsTokensAlong(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		accept := func(invite func(*db.Tx, access.Actor, access.PersonID) (account.Slip, error)) {
			var slip account.Slip
			d.Update(func(tx *db.Tx) (err error) { slip, err = invite(tx, access.Console(), d.MemberA); return err })
			chosen, err := account.Choose(context.Background(), slip.Login, "bốn con voi xanh")
			if err != nil {
				t.Fatal(err)
			}
			d.Update(func(tx *db.Tx) error {
				_, _, err := account.Accept(tx, slip.Code, chosen, account.Device{Name: "Máy", Address: "192.0.2.1"})
				return err
			})
		}
		accept(account.Invite)
		first, _ := d.must(token.New{Owner: d.MemberA, Name: "Một", Days: 30})
		others, _ := d.must(token.New{Owner: d.SecretaryA, Name: "Của người khác", Days: 30})
		d.Update(func(tx *db.Tx) error { return account.Block(tx, access.Console(), d.MemberA) })
		d.wantDead(first)
		d.Update(func(tx *db.Tx) error { return account.Unblock(tx, access.Console(), d.MemberA) })
		d.wantDead(first)

		second, _ := d.must(token.New{Owner: d.MemberA, Name: "Hai", Days: 30})
		accept(func(tx *db.Tx, by access.Actor, person access.PersonID) (account.Slip, error) {
			return account.ResetInPerson(tx, by, person, account.Renewal{})
		})
		d.wantDead(second)
		d.wantAlive(others)
	})
}

func TestWhoMayRevoke(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		for _, c := range []struct {
			who       string
			by, owner access.PersonID
			kind      errs.Kind
		}{
			{"the owner", d.MemberA, d.MemberA, testkit.OK},
			{"the secretary of the cell", d.SecretaryA, d.MemberA, testkit.OK},
			{"the office", d.Office, d.MemberA, testkit.OK},
			{"the administrator", d.Admin, d.SecretaryA, testkit.OK},
			{"another member, who sees them", d.MembersA[8], d.MemberA, errs.Denied},
			{"a committee member, who sees the member", d.CommitteeA, d.MemberA, errs.Denied},
			{"the secretary of the next cell", d.SecretaryB, d.MemberA, errs.NotFound},
			{"the secretary, one of the office", d.SecretaryA, d.Office, errs.NotFound},
		} {
			t.Log(c.who)
			secret, made := d.must(token.New{Owner: c.owner, Name: "Thử", Days: 30})
			testkit.Want(t, d.as(c.by, func(tx *db.Tx, by access.Actor) error {
				list, err := token.Of(tx, by, c.owner)
				if c.by != c.owner && (err == nil) != (c.kind == testkit.OK) || err == nil && list[0].ID != made.ID {
					t.Errorf("may see %v: %v", list, err)
				}
				return token.Revoke(tx, by, made.ID)
			}), c.kind)
			if c.kind == testkit.OK {
				d.wantDead(secret)
				testkit.Want(t, d.as(c.owner, func(tx *db.Tx, by access.Actor) error { return token.Revoke(tx, by, made.ID) }), errs.NotFound)
			} else {
				d.wantAlive(secret)
			}
		}
		// A role elsewhere is beyond whoever reaches only one of them.
		d.Update(func(tx *db.Tx) error {
			return access.Give(tx, access.Grant{Person: d.MemberA, Unit: d.Commune.ID, Role: access.Office, From: org.Founded, Source: "test"})
		})
		secret, made := d.must(token.New{Owner: d.MemberA, Name: "Văn phòng", Days: 30})
		testkit.Want(t, d.as(d.SecretaryA, func(tx *db.Tx, by access.Actor) error { return token.Revoke(tx, by, made.ID) }), errs.Denied)
		d.wantAlive(secret)
	})
}

func TestOwnerIsTold(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		_, one := d.must(token.New{Owner: d.MemberA, Name: "Bảng điện tử", Days: 30})
		_, two := d.must(token.New{Owner: d.MemberA, Name: "Máy cũ", Days: 30})
		testkit.Want(t, d.as(d.MemberA, func(tx *db.Tx, by access.Actor) error { return token.Revoke(tx, by, one.ID) }), testkit.OK)
		testkit.Want(t, d.as(d.SecretaryA, func(tx *db.Tx, by access.Actor) error { return token.Revoke(tx, by, two.ID) }), testkit.OK)
		d.View(func(tx *db.Tx) error {
			list, err := notice.Inbox(tx, d.As(tx, d.MemberA), 0, 10)
			var told []string
			for _, n := range list {
				if n.Link == "/account/tokens" {
					told = append(told, n.Key+" "+n.Args["name"])
				}
			}
			want := "token.notice.revoked Máy cũ, token.notice.created Máy cũ, token.notice.created Bảng điện tử"
			if got := strings.Join(told, ", "); got != want {
				t.Errorf("told %s, want %s", got, want)
			}
			history, err2 := journal.History(tx, "api_token", int64(two.ID))
			if err2 != nil || len(history) != 2 {
				t.Errorf("journal: %v %v", history, err2)
			}
			for _, e := range history {
				if strings.Contains(string(e.Before)+string(e.After), "hash") {
					t.Errorf("journalled: %s %s", e.Before, e.After)
				}
			}
			return err
		})
	})
}

func TestLastUse(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		secret, made := d.must(token.New{Owner: d.MemberA, Name: "Một", Days: 30})
		touch := func(person access.PersonID, address string) {
			d.Update(func(tx *db.Tx) error { return token.Touch(tx, d.As(tx, person), made.ID, address) })
		}
		used := func() token.Token {
			_, t, err := d.authenticate(string(secret))
			testkit.Want(d.t, err, testkit.OK)
			return t
		}
		if !used().Used.IsZero() || !used().Stale(d.Now()) {
			t.Error("used before it was")
		}
		touch(d.SecretaryA, "203.0.113.9")
		if !used().Used.IsZero() {
			t.Error("another person wrote its use")
		}
		touch(d.MemberA, "203.0.113.7")
		if got := used(); !got.Used.Equal(d.Now()) || got.Address != "203.0.113.7" {
			t.Errorf("used %v from %q", got.Used, got.Address)
		}
		at := d.Now()
		if used().Stale(at.Add(4*time.Minute+59*time.Second)) || !used().Stale(at.Add(5*time.Minute)) {
			t.Error("stale at the wrong time")
		}
	})
}

func TestSweep(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		d.must(token.New{Owner: d.MemberA, Name: "Ngắn", Days: 1})
		d.must(token.New{Owner: d.MemberA, Name: "Dài", Days: 40})
		mine := func() (names []string) {
			d.Update(token.Sweep)
			d.View(func(tx *db.Tx) error {
				list, err := token.Mine(tx, d.As(tx, d.MemberA))
				for _, t := range list {
					names = append(names, t.Name)
				}
				return err
			})
			return names
		}
		d.later(30)
		if got := strings.Join(mine(), " "); got != "Dài Ngắn" {
			t.Errorf("after 30 days: %s", got)
		}
		d.later(2)
		if got := strings.Join(mine(), " "); got != "Dài" {
			t.Errorf("after 32 days: %s", got)
		}
	})
}

// TestTokenChangesNoSignIn: who has a token for writing cannot make a way in
// that outlives it.
func TestTokenChangesNoSignIn(t *testing.T) {
	each(t, func(t *testing.T, d desk) {
		d.Update(func(tx *db.Tx) error { _, err := account.Invite(tx, access.Console(), d.MemberA); return err })
		secret, _ := d.must(token.New{Owner: d.MemberA, Name: "Ghi", Writes: true, Days: 10})
		by := d.wantAlive(secret)
		testkit.Want(t, d.Try(func(tx *db.Tx) error {
			return account.ChangeContact(tx, by, account.Contact{Email: "khac@example.vn", Version: 2})
		}), errs.Denied)
	})
}
