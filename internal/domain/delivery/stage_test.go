package delivery_test

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/job"
	"chibo/internal/platform/mail"
	"chibo/internal/platform/push"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
	"chibo/internal/testkit/phone"
	"chibo/locales"
)

// patience ends a test that waits for a job in vain.
const patience = 30 * time.Second

// stage is the organisation with a program that carries its notices out, and
// the world outside, which keeps what it is given.
type stage struct {
	*testing.T
	*testkit.Kit
	*org.Org
	runner   *job.Runner
	outcomes chan job.Outcome

	mu sync.Mutex
	// broken is what every channel answers instead of taking anything.
	broken error
	mails  []mail.Message
	notes  []push.Note
	texts  []text
	gone   map[string]bool // endpoints
	loud   int             // notes that were urgent
}

// text is what the gateway reads.
type text struct{ ID, To, Text, Plain string }

const base = "https://chibo.example"

func each(t *testing.T, test func(t *testing.T, s *stage)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		s := &stage{T: t, Kit: k, Org: org.New(k), outcomes: make(chan job.Outcome, 1000), gone: map[string]bool{}}
		s.start()
		test(t, s)
	})
}

func (s *stage) outbox() delivery.Outbox {
	catalogue, err := locales.Load()
	if err != nil {
		s.T.Fatal(err)
	}
	return delivery.Outbox{
		DB: s.DB, Words: catalogue.Language, Base: base,
		Mail: func(_ context.Context, m mail.Message) error {
			return s.take(func() { s.mails = append(s.mails, m) })
		},
		Push: func(_ context.Context, _ push.Keys, d push.Device, n push.Note, urgent bool) error {
			if s.gone[d.Endpoint] {
				return push.ErrGone
			}
			return s.take(func() {
				s.notes = append(s.notes, n)
				if urgent {
					s.loud++
				}
			})
		},
		Text: func(_ context.Context, _ delivery.Gateway, id string, body []byte) error {
			var got text
			if err := json.Unmarshal(body, &got); err != nil || got.ID != id {
				s.T.Errorf("the gateway cannot read %s as %s: %v", body, id, err)
			}
			return s.take(func() { s.texts = append(s.texts, got) })
		},
	}
}

func (s *stage) take(keep func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken == nil {
		keep()
	}
	return s.broken
}

// start has a runner do the jobs until the test ends.
func (s *stage) start() {
	s.runner = job.NewRunner(s.DB, s.outbox().Handlers(), job.Settings{
		Workers: 1, Poll: time.Hour,
		Done:    func(o job.Outcome) { s.outcomes <- o },
		Trouble: func(err error) { s.T.Error(err) },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { s.runner.Run(ctx); close(ended) }()
	s.T.Cleanup(func() { cancel(); <-ended })
}

// run does all jobs that are due, and those that they queue.
func (s *stage) run() {
	s.T.Helper()
	for s.due() > 0 {
		s.runner.Wake()
		select {
		case o := <-s.outcomes:
			if o.Err != nil {
				s.T.Logf("%s: %v", o.Kind, o.Err)
			}
		case <-time.After(patience):
			s.T.Fatal("no job was done")
		}
	}
}

func (s *stage) due() (n int) {
	s.View(func(tx *db.Tx) (err error) {
		n, err = db.One(tx, db.Column[int], `SELECT count(*) FROM job WHERE dead = FALSE AND due <= $1`, tx.Now)
		return err
	})
	return n
}

// pass moves the clock and does what falls due.
func (s *stage) pass(d time.Duration) {
	s.T.Helper()
	s.SetNow(s.Now().Add(d))
	s.run()
}

// join lets the person sign in, on a device of their own.
func (s *stage) join(person access.PersonID) (session account.Session) {
	s.T.Helper()
	var slip account.Slip
	s.Update(func(tx *db.Tx) (err error) {
		slip, err = account.Invite(tx, access.Console(), person)
		return err
	})
	chosen, err := account.Choose(context.Background(), slip.Login, "một câu dài dễ nhớ")
	if err != nil {
		s.T.Fatal(err)
	}
	s.Update(func(tx *db.Tx) (err error) {
		_, session, err = account.Accept(tx, slip.Code, chosen, account.Device{Name: "Firefox", Address: "192.0.2.1", Own: true})
		return err
	})
	return session
}

type deed = func(tx *db.Tx, by access.Actor) error

func (s *stage) as(who access.PersonID, do deed) error {
	return s.Try(func(tx *db.Tx) error { return do(tx, s.As(tx, who)) })
}

func (s *stage) must(who access.PersonID, do deed) {
	s.T.Helper()
	if err := s.as(who, do); err != nil {
		s.T.Fatal(err)
	}
}

const (
	mailbox = "an@vidu.vn"
	number  = "+84912345678"
)

// confirm gives the person a confirmed address, with the code that came there.
func (s *stage) confirm(who access.PersonID, channel delivery.Channel, address string) {
	s.T.Helper()
	s.must(who, func(tx *db.Tx, by access.Actor) error { return delivery.Propose(tx, by, channel, address) })
	s.run()
	s.must(who, func(tx *db.Tx, by access.Actor) error {
		right, err := delivery.Confirm(tx, by, channel, s.lastCode(channel))
		if err == nil && !right {
			err = errors.New("the code that came is not the one")
		}
		return err
	})
	s.clear()
}

// lastCode is the newest code that came by the channel.
func (s *stage) lastCode(channel delivery.Channel) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if channel == delivery.Mail {
		return s.mails[len(s.mails)-1].Items[0].Title
	}
	return s.texts[len(s.texts)-1].Text[:6]
}

func (s *stage) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails, s.notes, s.texts, s.loud = nil, nil, nil, 0
}

// subscribe has the browser of the session take messages.
func (s *stage) subscribe(who access.PersonID, session account.Session) *phone.Phone {
	s.T.Helper()
	p := phone.New(s.T)
	s.must(who, func(tx *db.Tx, by access.Actor) error {
		if _, err := delivery.PushKey(tx, by); err != nil {
			return err
		}
		return delivery.Subscribe(tx, by, session, p.Device)
	})
	return p
}

// tell sends a notice to people of cell A.
func (s *stage) tell(n notice.Notice, people ...access.PersonID) {
	s.T.Helper()
	n.To, n.Unit = people, s.CellA.ID
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return notice.Send(tx, by, n) })
	s.run()
}

var invitation = notice.Notice{
	Key: "meeting.notice.announced", Link: "/meetings/1",
	Args: map[string]string{"unit": "tên khác", "day": "03/12/2026", "time": "19:30", "place": "Nhà văn hóa", "reason": ""},
}

// choose changes the person's choice.
func (s *stage) choose(who access.PersonID, change func(*delivery.Choice)) {
	s.T.Helper()
	s.must(who, func(tx *db.Tx, by access.Actor) error {
		c, err := delivery.MyChoice(tx, by)
		if err != nil {
			return err
		}
		change(&c)
		return delivery.Choose(tx, by, c)
	})
}
