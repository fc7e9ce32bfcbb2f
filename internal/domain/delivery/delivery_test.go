package delivery_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/job"
	"chibo/internal/testkit"
	"chibo/internal/testkit/phone"
)

func TestANoticeLeavesByEveryChannelOnce(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		session := s.join(s.MemberA)
		s.openGateway()
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.confirm(s.MemberA, delivery.Text, "0912 345 678")
		s.subscribe(s.MemberA, session)
		s.tell(invitation, s.MemberA, s.MembersA[7], s.Nobody)
		if len(s.mails) != 1 || len(s.notes) != 1 || len(s.texts) != 1 {
			t.Fatalf("%d mails, %d notes, %d texts", len(s.mails), len(s.notes), len(s.texts))
		}
		var n notice.Received
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			list, err := notice.Inbox(tx, by, 0, 1)
			n = list[0]
			return err
		})
		m := s.mails[0]
		if m.To != mailbox || m.Subject != "Mời họp – Chi bộ thôn Đông · 19:30 ngày 03/12/2026" || m.ID == "" {
			t.Errorf("mail %+v", m)
		}
		if link := base + "/notices/" + n.ID.String(); len(m.Items) != 1 || m.Items[0].Link != link {
			t.Errorf("items %+v", m.Items)
		}
		if got := s.notes[0]; got.Title != "Mời họp" || got.Body != "Chi bộ thôn Đông · 19:30 ngày 03/12/2026" || got.Link != "/notices/"+n.ID.String() || got.Tag == "" {
			t.Errorf("note %+v", got)
		}
		got := s.texts[0]
		if got.To != number || got.Text != "Mời họp. Chi bộ thôn Đông, 19:30 ngày 03/12/2026. "+base+"/notices/"+n.ID.String() || !strings.HasPrefix(got.Plain, "Moi hop. Chi bo thon Dong, 19:30 ngay") {
			t.Errorf("text %+v", got)
		}
		s.run()
		s.pass(time.Hour)
		if len(s.mails) != 1 {
			t.Errorf("%d mails in the end", len(s.mails))
		}
	})
}

func (s *stage) openGateway() {
	s.Update(func(tx *db.Tx) error {
		return delivery.ChangeGateway(tx, access.Console(), delivery.Gateway{URL: "https://cong.vidu.vn/gui", Enabled: true}, false)
	})
}

func TestNothingLeavesToWhoHasNotConfirmed(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error { return delivery.Propose(tx, by, delivery.Mail, mailbox) })
		s.run()
		s.clear()
		s.tell(invitation, s.MemberA)
		if len(s.mails) != 0 {
			t.Errorf("mails %+v", s.mails)
		}
	})
}

func TestQuietHoursHoldWhatCanWait(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		session := s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.subscribe(s.MemberA, session)
		s.SetNow(clock.NewDate(2026, 11, 3).At(22, 0))
		s.tell(invitation, s.MemberA)
		s.tell(notice.Notice{Key: "task.notice.assigned", Args: map[string]string{"title": "x", "due": "20/12/2026"}}, s.MemberA)
		if len(s.mails)+len(s.notes) != 0 {
			t.Errorf("at ten in the evening: %+v %+v", s.mails, s.notes)
		}
		urgent := invitation
		urgent.Sudden = s.Now().Add(20 * time.Hour)
		s.tell(urgent, s.MemberA)
		s.tell(notice.Notice{Key: "account.notice.password_changed"}, s.MemberA)
		if len(s.mails) != 2 || len(s.notes) != 2 || s.loud != 2 {
			t.Errorf("what is urgent: %d mails, %d notes, %d loud", len(s.mails), len(s.notes), s.loud)
		}
		s.clear()
		s.pass(8*time.Hour - time.Minute)
		if len(s.mails) != 0 {
			t.Error("before six in the morning")
		}
		s.pass(time.Minute)
		if len(s.mails) != 1 || len(s.mails[0].Items) != 2 || s.mails[0].Subject != "2 thông báo mới" {
			t.Fatalf("at six: %+v", s.mails)
		}
		if got := s.mails[0].Items[1]; got.Title != "Có nhiệm vụ mới" || got.Text != "Chi bộ thôn Đông · hạn 20/12/2026" {
			t.Errorf("item %+v", got)
		}
		if got := s.notes[0]; got.Link != "/notices" || got.Title != "2 thông báo mới" || strings.Count(got.Body, "\n") != 1 {
			t.Errorf("note %+v", got)
		}
	})
}

func TestADigestTellsOnlyWhatWasNotReadMeanwhile(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.choose(s.MemberA, func(c *delivery.Choice) { c.Digest = delivery.Daily })
		for range 3 {
			s.tell(invitation, s.MemberA)
		}
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			list, err := notice.Inbox(tx, by, 0, 10)
			if err != nil {
				return err
			}
			return notice.Seen(tx, by, list[1].ID)
		})
		s.pass(24 * time.Hour)
		if len(s.mails) != 1 || len(s.mails[0].Items) != 2 {
			t.Fatalf("next morning: %+v", s.mails)
		}
		s.clear()
		s.tell(invitation, s.MemberA)
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			list, err := notice.Inbox(tx, by, 0, 1)
			if err != nil {
				return err
			}
			return notice.SeenAll(tx, by, list[0].ID)
		})
		s.pass(24 * time.Hour)
		if len(s.mails) != 0 {
			t.Errorf("all was read: %+v", s.mails)
		}
	})
}

func TestPeopleChooseKindsAndChannels(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		session := s.join(s.MemberA)
		s.openGateway()
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.confirm(s.MemberA, delivery.Text, number)
		s.subscribe(s.MemberA, session)
		task := notice.Notice{Key: "task.notice.assigned"}
		s.tell(task, s.MemberA)
		if len(s.mails) != 1 || len(s.notes) != 1 || len(s.texts) != 0 {
			t.Errorf("a task at first: %d mails, %d notes, %d texts", len(s.mails), len(s.notes), len(s.texts))
		}
		s.choose(s.MemberA, func(c *delivery.Choice) {
			c.Wanted = map[delivery.Wish]bool{{Kind: delivery.Task, Channel: delivery.Text}: true}
		})
		s.clear()
		s.tell(task, s.MemberA)
		s.tell(invitation, s.MemberA)
		if len(s.mails) != 0 || len(s.notes) != 0 || len(s.texts) != 1 {
			t.Errorf("as chosen: %d mails, %d notes, %d texts", len(s.mails), len(s.notes), len(s.texts))
		}
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			c, err := delivery.MyChoice(tx, by)
			if err != nil {
				return err
			}
			stale := c
			stale.Version--
			testkit.Want(t, delivery.Choose(tx, by, stale), errs.Conflict)
			c.Digest = "yearly"
			testkit.WantField(t, delivery.Choose(tx, by, c), "digest")
			c.Digest, c.QuietFrom = delivery.Weekly, 24*60
			testkit.WantField(t, delivery.Choose(tx, by, c), "quiet_from")
			return nil
		})
	})
}

func TestPeopleChooseTheirLanguage(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		for _, row := range []struct{ chosen, language, subject string }{
			{"en", "en", "Invitation to a meeting"},
			{"", "en", "Invitation to a meeting"}, // another choice leaves it
			{"vi", "vi", "Mời họp"},
		} {
			s.choose(s.MemberA, func(c *delivery.Choice) { c.Language = row.chosen })
			s.clear()
			s.tell(invitation, s.MemberA)
			if len(s.mails) != 1 || s.mails[0].Language != row.language || !strings.HasPrefix(s.mails[0].Subject, row.subject) {
				t.Errorf("%q: %+v", row.chosen, s.mails)
			}
		}
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			c, err := delivery.MyChoice(tx, by)
			if err != nil {
				return err
			}
			c.Language = "tlh"
			testkit.WantField(t, delivery.Choose(tx, by, c), "language")
			return nil
		})
	})
}

func TestAWorkerThatDiesBetweenSendingAndMarkingSendsTheSameAgain(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.tell(invitation, s.MemberA)
		// The commit that marks the letter is lost: it waits again, and so does its job.
		s.Update(func(tx *db.Tx) error {
			letter, err := db.One(tx, db.Column[delivery.LetterID], `SELECT id FROM delivery_letter`)
			if err != nil {
				return err
			}
			if err := tx.Change(`UPDATE delivery_letter SET state = 'waiting', settled = NULL`); err != nil {
				return err
			}
			return job.Enqueue(tx, "delivery.send", map[string]any{"Letter": letter}, job.Options{})
		})
		s.run()
		if len(s.mails) != 2 || s.mails[0].ID != s.mails[1].ID {
			t.Errorf("mails %+v", s.mails)
		}
		// A second job for a letter that was marked sends nothing.
		s.Update(func(tx *db.Tx) error {
			letter, err := db.One(tx, db.Column[delivery.LetterID], `SELECT id FROM delivery_letter`)
			if err != nil {
				return err
			}
			return job.Enqueue(tx, "delivery.send", map[string]any{"Letter": letter}, job.Options{})
		})
		s.run()
		if len(s.mails) != 2 {
			t.Errorf("%d mails", len(s.mails))
		}
	})
}

func TestTroubleIsTriedAgainUntilItIsOver(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.broken = errors.New("the mail server is away")
		s.tell(invitation, s.MemberA)
		var pauses []time.Duration
		for range 6 {
			next := s.nextTry()
			pauses = append(pauses, next.Sub(s.Now()))
			s.SetNow(next)
			s.run()
		}
		for i := 2; i < len(pauses); i++ {
			if pauses[i] <= pauses[i-2] {
				t.Errorf("pauses do not grow: %v", pauses)
			}
		}
		s.broken = nil
		s.pass(time.Hour)
		if len(s.mails) != 1 {
			t.Errorf("%d mails", len(s.mails))
		}
	})
}

func (s *stage) nextTry() (at time.Time) {
	s.View(func(tx *db.Tx) error {
		q, err := job.State(tx)
		at = q.Oldest
		return err
	})
	return at
}

func TestDeadLetters(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.broken = job.Final(errors.New("the mail server answered 550"))
		s.tell(invitation, s.MemberA)
		s.tell(invitation, s.MemberA)
		dead := func(who access.PersonID, kind errs.Kind) (list []delivery.Undelivered) {
			t.Helper()
			testkit.Want(t, s.as(who, func(tx *db.Tx, by access.Actor) (err error) {
				list, err = delivery.DeadLetters(tx, by)
				return err
			}), kind)
			return list
		}
		for _, who := range []access.PersonID{s.SecretaryA, s.MemberA, s.Office, s.Nobody} {
			dead(who, errs.NotFound)
		}
		list := dead(s.Admin, testkit.OK)
		if len(list) != 2 {
			t.Fatalf("%d dead letters", len(list))
		}
		got := list[0]
		if got.Failure != "the mail server answered 550" || got.UnitName != "Chi bộ thôn Đông" || got.To != "a•••@vidu.vn" || got.Channel != delivery.Mail || got.Settled.IsZero() {
			t.Errorf("dead letter %+v", got)
		}
		again := func(tx *db.Tx, by access.Actor) error { return delivery.TryAgain(tx, by, list[0].ID) }
		drop := func(tx *db.Tx, by access.Actor) error { return delivery.Drop(tx, by, list[1].ID) }
		for _, do := range []deed{again, drop} {
			testkit.Want(t, s.as(s.SecretaryA, do), errs.NotFound)
			testkit.Want(t, s.as(s.MemberA, do), errs.NotFound)
		}
		s.broken = nil
		s.must(s.Admin, again)
		s.must(s.Admin, drop)
		testkit.Want(t, s.as(s.Admin, again), errs.NotFound)
		testkit.Want(t, s.as(s.Admin, drop), errs.NotFound)
		s.run()
		if left := dead(s.Admin, testkit.OK); len(left) != 0 || len(s.mails) != 1 {
			t.Errorf("left %+v, %d mails", left, len(s.mails))
		}
		s.View(func(tx *db.Tx) error {
			q, err := job.State(tx)
			if q.Dead != 0 || q.Waiting != 0 {
				t.Errorf("queue %+v", q)
			}
			return err
		})
	})
}

func TestTheQueuesOwnPageMayReviveAndDropLettersToo(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.broken = job.Final(errors.New("550"))
		for range 3 {
			s.tell(invitation, s.MemberA)
		}
		s.broken = nil
		s.Update(func(tx *db.Tx) error {
			dead, err := job.Dead(tx)
			if err != nil {
				return err
			}
			return errors.Join(job.Revive(tx, dead[0].ID), job.Drop(tx, dead[1].ID), job.Drop(tx, dead[2].ID))
		})
		s.run()
		var list []delivery.Undelivered
		s.must(s.Admin, func(tx *db.Tx, by access.Actor) (err error) { list, err = delivery.DeadLetters(tx, by); return err })
		if len(s.mails) != 1 || len(list) != 2 {
			t.Fatalf("%d mails, %d dead letters", len(s.mails), len(list))
		}
		s.must(s.Admin, func(tx *db.Tx, by access.Actor) error {
			return errors.Join(delivery.TryAgain(tx, by, list[0].ID), delivery.Drop(tx, by, list[1].ID))
		})
		s.run()
		if len(s.mails) != 2 {
			t.Errorf("%d mails", len(s.mails))
		}
	})
}

func TestTheSenderSeesHowFarANoticeCame(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		lazy := s.MembersA[8]
		s.join(lazy)
		s.confirm(lazy, delivery.Mail, "binh@vidu.vn")
		s.choose(lazy, func(c *delivery.Choice) { c.Digest = delivery.Daily })
		quiet := s.MembersA[9]
		s.tell(invitation, s.MemberA) // an earlier one, which no longer counts
		s.broken = job.Final(errors.New("550"))
		s.tell(notice.Notice{Key: "meeting.notice.documents", Link: "/meetings/1"}, s.MemberA)
		s.broken = nil
		s.SetNow(s.Now().Add(time.Hour))
		s.tell(invitation, s.MemberA, lazy, quiet)
		sent := s.Now()
		s.SetNow(sent.Add(time.Minute))
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			list, err := notice.Inbox(tx, by, 0, 1)
			if err != nil {
				return err
			}
			return notice.Seen(tx, by, list[0].ID)
		})
		var reach map[access.PersonID]delivery.Reached
		s.View(func(tx *db.Tx) (err error) {
			reach, err = delivery.Reach(tx, "/meetings/1", "meeting.notice.announced", "meeting.notice.announced_online")
			return err
		})
		if got := reach[s.MemberA]; !got.Seen.Equal(sent.Add(time.Minute)) || len(got.Ways) != 1 || got.Ways[0] != (delivery.Way{Channel: delivery.Mail, State: delivery.Sent, At: got.Ways[0].At}) || !got.Ways[0].At.Equal(sent) {
			t.Errorf("who has read it: %+v", got)
		}
		if got := reach[lazy]; !got.Seen.IsZero() || len(got.Ways) != 1 || got.Ways[0].State != delivery.Waiting || !got.Ways[0].At.Equal(clock.NewDate(2026, 11, 4).At(7, 0)) {
			t.Errorf("who reads it tomorrow: %+v", got)
		}
		if got, ok := reach[quiet]; !ok || !got.Seen.IsZero() || len(got.Ways) != 0 {
			t.Errorf("who has no channel: %+v", got)
		}
		if _, ok := reach[s.SecretaryA]; ok {
			t.Error("somebody was reached who was not told")
		}
	})
}

func TestBrowsersThatAreGoneAreForgotten(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		session := s.join(s.MemberA)
		old, fresh := s.subscribe(s.MemberA, session), s.subscribe(s.MemberA, session)
		s.gone[old.Device.Endpoint] = true
		s.tell(invitation, s.MemberA)
		devices := func() (list []delivery.Device) {
			s.must(s.MemberA, func(tx *db.Tx, by access.Actor) (err error) {
				list, err = delivery.Devices(tx, by)
				return err
			})
			return list
		}
		if n := len(devices()); n != 1 || len(s.notes) != 1 {
			t.Fatalf("%d devices, %d notes", n, len(s.notes))
		}
		s.gone[fresh.Device.Endpoint] = true
		s.tell(invitation, s.MemberA)
		if n := len(devices()); n != 0 {
			t.Errorf("%d devices", n)
		}
		s.must(s.Admin, func(tx *db.Tx, by access.Actor) error {
			dead, err := delivery.DeadLetters(tx, by)
			if len(dead) != 1 || dead[0].Channel != delivery.Push || dead[0].To != "" {
				t.Errorf("dead letters %+v", dead)
			}
			return err
		})
	})
}

func TestABrowserHearsNothingOnceItsPersonHasLeft(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		session := s.join(s.MemberA)
		p := s.subscribe(s.MemberA, session)
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error { return account.EndSession(tx, by, session.ID) })
		s.tell(invitation, s.MemberA)
		if len(s.notes) != 0 {
			t.Error("a browser without a session is told")
		}
		// The next person who signs in there takes it over.
		next := s.join(s.DeputyA)
		s.must(s.DeputyA, func(tx *db.Tx, by access.Actor) error { return delivery.Subscribe(tx, by, next, p.Device) })
		s.tell(invitation, s.MemberA, s.DeputyA)
		if len(s.notes) != 1 {
			t.Errorf("%d notes", len(s.notes))
		}
		testkit.Want(t, s.as(s.MemberA, func(tx *db.Tx, by access.Actor) error { return delivery.Subscribe(tx, by, next, phone.New(t).Device) }), errs.NotFound)
		bad := p.Device
		bad.Auth = "?"
		testkit.Want(t, s.as(s.DeputyA, func(tx *db.Tx, by access.Actor) error { return delivery.Subscribe(tx, by, next, bad) }), errs.Invalid)
		var device delivery.DeviceID
		s.must(s.DeputyA, func(tx *db.Tx, by access.Actor) error {
			list, err := delivery.Devices(tx, by)
			device = list[0].ID
			return err
		})
		end := func(tx *db.Tx, by access.Actor) error { return delivery.Unsubscribe(tx, by, device) }
		testkit.Want(t, s.as(s.MemberA, end), errs.NotFound)
		s.must(s.DeputyA, end)
		testkit.Want(t, s.as(s.DeputyA, end), errs.NotFound)
	})
}

func TestTheKeyOfThePushServiceIsMadeOnceAndSealed(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		var first, second, sealed string
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) (err error) { first, err = delivery.PushKey(tx, by); return err })
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) { second, err = delivery.PushKey(tx, by); return err })
		s.View(func(tx *db.Tx) (err error) {
			sealed, err = db.One(tx, db.Column[string], `SELECT sealed FROM delivery_key`)
			return err
		})
		if first == "" || first != second || len(sealed) < 60 {
			t.Errorf("keys %q and %q, sealed %q", first, second, sealed)
		}
	})
}

func TestOldLettersAreSwept(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.join(s.MemberA)
		s.confirm(s.MemberA, delivery.Mail, mailbox)
		s.tell(invitation, s.MemberA)
		count := func() (n int) {
			s.View(func(tx *db.Tx) (err error) {
				n, err = db.One(tx, db.Column[int], `SELECT (SELECT count(*) FROM delivery) + (SELECT count(*) FROM delivery_letter)`)
				return err
			})
			return n
		}
		s.Update(delivery.Sweep)
		if count() != 2 {
			t.Error("a fresh letter is swept")
		}
		s.SetNow(s.Now().AddDate(1, 2, 0))
		s.Update(delivery.Sweep)
		if n := count(); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}
