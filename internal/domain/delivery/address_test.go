package delivery_test

import (
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

func TestAddressesAreConfirmedByTheirCode(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		propose := func(tx *db.Tx, by access.Actor) error { return delivery.Propose(tx, by, delivery.Mail, " An@vidu.vn ") }
		try := func(code string, want bool, kind errs.Kind) {
			t.Helper()
			testkit.Want(t, s.as(s.MemberA, func(tx *db.Tx, by access.Actor) error {
				right, err := delivery.Confirm(tx, by, delivery.Mail, code)
				if right != want {
					t.Errorf("code %q: right %v", code, right)
				}
				return err
			}), kind)
		}
		try("000000", false, errs.NotFound) // no address
		s.must(s.MemberA, propose)
		s.run()
		code := s.lastCode(delivery.Mail)
		if s.mails[0].To != "An@vidu.vn" || len(code) != 6 {
			t.Fatalf("mail %+v", s.mails[0])
		}
		s.View(func(tx *db.Tx) error { // the code lies nowhere
			for _, query := range []string{`SELECT nonce FROM delivery_address`, `SELECT COALESCE(max(payload), '') FROM job`} {
				stored, err := db.One(tx, db.Column[string], query)
				if err != nil {
					return err
				}
				if strings.Contains(stored, code) {
					t.Errorf("%s holds the code", query)
				}
			}
			return nil
		})
		try(wrong(code), false, testkit.OK)
		try(code[:3]+" "+code[3:], true, testkit.OK)
		try(code, false, errs.Conflict)

		s.must(s.MemberA, propose) // once more: the old code is void, the new one runs out
		s.run()
		second := s.lastCode(delivery.Mail)
		try(code, false, testkit.OK)
		s.SetNow(s.Now().Add(30 * time.Minute))
		try(second, false, errs.Conflict)

		s.must(s.MemberA, propose)
		s.run()
		third := s.lastCode(delivery.Mail)
		for range 5 {
			try(wrong(third), false, testkit.OK)
		}
		try(third, false, errs.Conflict)
	})
}

// wrong is another code of six digits.
func wrong(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return string(code[0]+1) + code[1:]
}

func TestWhatIsNoAddress(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		for _, row := range []struct {
			channel delivery.Channel
			typed   string
			field   string
		}{
			{delivery.Mail, "", "mail"},
			{delivery.Mail, "an", "mail"},
			{delivery.Mail, "an@localhost", "mail"},
			{delivery.Mail, "An <an@vidu.vn>", "mail"},
			{delivery.Mail, "an@vidu.vn, binh@vidu.vn", "mail"},
			{delivery.Mail, "an@vidu.vn\r\nBcc: binh@vidu.vn", "mail"},
			{delivery.Mail, strings.Repeat("a", 200) + "@vidu.vn", "mail"},
			{delivery.Text, "", "text"},
			{delivery.Text, "0243 825 1234", "text"}, // no mobile
			{delivery.Text, "+14155550123", "text"},
			{delivery.Text, "09123", "text"},
		} {
			testkit.WantField(t, s.as(s.MemberA, func(tx *db.Tx, by access.Actor) error { return delivery.Propose(tx, by, row.channel, row.typed) }), row.field)
		}
		testkit.Want(t, s.as(s.MemberA, func(tx *db.Tx, by access.Actor) error { return delivery.Propose(tx, by, delivery.Push, "x") }), errs.NotFound)
	})
}

func TestNobodysInboxIsFlooded(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.join(s.DeputyA)
		ask := func(who access.PersonID, address string, kind errs.Kind) {
			t.Helper()
			testkit.Want(t, s.as(who, func(tx *db.Tx, by access.Actor) error { return delivery.Propose(tx, by, delivery.Mail, address) }), kind)
		}
		for range 5 {
			ask(s.MemberA, "victim@vidu.vn", testkit.OK)
		}
		ask(s.MemberA, "other@vidu.vn", errs.TooMany)
		ask(s.DeputyA, "victim@vidu.vn", errs.TooMany)
		ask(s.DeputyA, "other@vidu.vn", testkit.OK)
		s.run()
		if len(s.mails) != 2 { // the older codes were void before they left
			t.Errorf("%d mails", len(s.mails))
		}
		s.SetNow(s.Now().Add(time.Hour + time.Minute))
		ask(s.MemberA, "victim@vidu.vn", testkit.OK)
	})
}

func TestForgettingAnAddress(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		forget := func(tx *db.Tx, by access.Actor) error { return delivery.Forget(tx, by, delivery.Mail) }
		testkit.Want(t, s.as(s.DeputyA, forget), errs.NotFound)
		s.must(s.MemberA, forget)
		testkit.Want(t, s.as(s.MemberA, forget), errs.NotFound)
		s.tell(invitation, s.MemberA)
		if len(s.mails) != 0 {
			t.Error("a forgotten address is written to")
		}
	})
}

func TestNoAddressStandsInTheJournal(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.View(func(tx *db.Tx) error {
			entries, err := journal.History(tx, "person", int64(s.MemberA))
			verbs := 0
			for _, e := range entries {
				if strings.HasPrefix(e.Verb, "delivery.") {
					verbs++
				}
				if strings.Contains(string(e.Before)+string(e.After), mailbox) {
					t.Errorf("%s tells the address", e.Verb)
				}
			}
			if verbs != 2 {
				t.Errorf("%d entries", verbs)
			}
			return err
		})
	})
}

func TestTheCalendarsAddress(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		token := func() (token string) {
			s.must(s.MemberA, func(tx *db.Tx, by access.Actor) (err error) { token, err = delivery.CalendarToken(tx, by); return err })
			return token
		}
		whose := func(token string, kind errs.Kind) (by access.Actor) {
			t.Helper()
			testkit.Want(t, s.Try(func(tx *db.Tx) (err error) { by, err = delivery.Subscriber(tx, token); return err }), kind)
			return by
		}
		if token() != "" {
			t.Error("there is a token before one was made")
		}
		whose("", errs.NotFound)
		s.must(s.MemberA, delivery.OpenCalendar)
		first := token()
		if len(first) != 32 || token() != first {
			t.Errorf("tokens %q and %q", first, token())
		}
		by := whose(first, testkit.OK)
		if by.Person != s.MemberA || !by.Can(access.MeetingRead, s.CellA) || by.Can(access.MeetingAttend, s.CellA) {
			t.Errorf("the calendar's reader is %+v", by)
		}
		s.View(func(tx *db.Tx) error {
			stored, err := db.One(tx, db.Column[string], `SELECT nonce || token_hash FROM delivery_calendar`)
			if strings.Contains(strings.ToLower(stored), first) {
				t.Error("the table holds the token")
			}
			return err
		})
		s.must(s.MemberA, delivery.OpenCalendar)
		whose(first, errs.NotFound)
		second := token()
		whose(second, testkit.OK)
		testkit.Want(t, s.as(s.DeputyA, delivery.CloseCalendar), errs.NotFound)
		s.Update(func(tx *db.Tx) error { return account.Block(tx, access.Console(), s.MemberA) })
		whose(second, errs.NotFound)
	})
}

func TestTheGatewayIsTheAdministrators(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		good := delivery.Gateway{URL: "https://cong.vidu.vn/gui", Enabled: true}
		for _, row := range []struct {
			name string
			who  access.PersonID
			g    delivery.Gateway
			kind errs.Kind
		}{
			{"secretary", s.SecretaryA, good, errs.NotFound},
			{"office", s.Office, good, errs.NotFound},
			{"nobody", s.Nobody, good, errs.NotFound},
			{"administrator", s.Admin, good, testkit.OK},
			{"somebody was faster", s.Admin, good, errs.Conflict},
			{"no address", s.Admin, delivery.Gateway{URL: "cong", Version: 1}, errs.Invalid},
			{"a file", s.Admin, delivery.Gateway{URL: "file:///etc/passwd", Version: 1}, errs.Invalid},
			{"with a password", s.Admin, delivery.Gateway{URL: "https://a:b@cong.vidu.vn", Version: 1}, errs.Invalid},
		} {
			t.Run(row.name, func(t *testing.T) {
				testkit.Want(t, s.as(row.who, func(tx *db.Tx, by access.Actor) error { return delivery.ChangeGateway(tx, by, row.g, false) }), row.kind)
			})
		}
		find := func(who access.PersonID, kind errs.Kind) (g delivery.Gateway) {
			t.Helper()
			testkit.Want(t, s.as(who, func(tx *db.Tx, by access.Actor) (err error) { g, err = delivery.FindGateway(tx, by); return err }), kind)
			return g
		}
		find(s.SecretaryA, errs.NotFound)
		first := find(s.Admin, testkit.OK)
		if first.URL != good.URL || !first.Enabled || len(first.Secret) < 40 {
			t.Errorf("gateway %+v", first)
		}
		change := func(newSecret bool) delivery.Gateway {
			t.Helper()
			g := find(s.Admin, testkit.OK)
			s.must(s.Admin, func(tx *db.Tx, by access.Actor) error { return delivery.ChangeGateway(tx, by, g, newSecret) })
			return find(s.Admin, testkit.OK)
		}
		if same := change(false); same.Secret != first.Secret {
			t.Error("the secret changed by itself")
		}
		if other := change(true); other.Secret == first.Secret {
			t.Error("the secret did not change")
		}
		s.View(func(tx *db.Tx) error {
			stored, err := db.One(tx, db.Column[string], `SELECT secret FROM delivery_gateway`)
			if strings.Contains(stored, find(s.Admin, testkit.OK).Secret) {
				t.Error("the secret lies open")
			}
			return err
		})
	})
}
