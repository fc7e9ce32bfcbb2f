package delivery_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"chibo/internal/domain/delivery"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/history"
)

// secret stands in everything that nobody outside may read.
const secret = "BÍ-MẬT-7421"

// left is all that has left the program, as text.
func (s *stage) left() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	all, err := json.Marshal([]any{s.mails, s.notes, s.texts})
	if err != nil {
		s.T.Fatal(err)
	}
	return string(all)
}

// TestNothingOfAMeetingLeaves holds a meeting in which everything that is said,
// written and decided bears the secret, while its members are told of each step
// by every channel.
func TestNothingOfAMeetingLeaves(t *testing.T) {
	each(t, func(t *testing.T, s *stage) {
		s.listen(s.MemberA, mailbox, number)
		s.listen(s.SecretaryA, "bi.thu@vidu.vn", "+84912345679")
		s.listen(s.DeputyA, "pho.bi.thu@vidu.vn", "+84912345670")
		book := history.New(s.Kit, s.Org)
		day := clock.NewDate(2026, 12, 3)
		of := book.Hold(history.Meeting{Cell: s.CellA, Secretary: s.SecretaryA, Day: day, Until: history.Announced, Note: secret})
		s.run()
		s.SetNow(day.At(19, 0))
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return speakSecrets(tx, by, of, s) })
		s.run()
		given := book.Assign(task.New{
			Title: secret, Detail: secret, Area: task.Areas[0], Measure: secret, Due: day.AddDays(20),
			Assignee: task.Assignee{Person: s.MemberA}, Meeting: of,
		})
		s.run()
		s.withdraw(given)
		s.SetNow(day.At(21, 0).Add(-1))
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			m, err := meeting.Find(tx, by, of)
			if err != nil {
				return err
			}
			if _, err := meeting.Close(tx, by, of, m.Version, tx.Now); err != nil {
				return err
			}
			if _, err := meeting.MarkMinuted(tx, by, of); err != nil {
				return err
			}
			_, err = meeting.Publish(tx, by, of)
			return err
		})
		s.SetNow(day.AddDays(1).At(9, 0))
		s.run()
		kinds := map[string]bool{}
		for _, m := range s.mails {
			kinds[m.Items[0].Title] = true
		}
		for _, title := range []string{"Mời họp", "Có nhiệm vụ mới", "Nhiệm vụ được thu hồi", "Có kết quả cuộc họp"} {
			if !kinds[title] {
				t.Errorf("no mail was sent of %q, only %v", title, kinds)
			}
		}
		if strings.Contains(s.left(), "7421") {
			t.Errorf("the secret left: %s", s.left())
		}
		for _, name := range []string{"Nhà văn hóa thôn", "đi chữa bệnh", "Nguyễn"} {
			if strings.Contains(s.left(), name) {
				t.Errorf("%q left", name)
			}
		}
	})
}

// listen opens every channel of the person, for every kind.
func (s *stage) listen(who access.PersonID, mail, phone string) {
	s.T.Helper()
	session := s.join(who)
	s.openGatewayOnce()
	s.confirm(who, delivery.Mail, mail)
	s.confirm(who, delivery.Text, phone)
	s.subscribe(who, session)
	s.choose(who, func(c *delivery.Choice) {
		for _, k := range delivery.Kinds {
			for _, ch := range delivery.Channels {
				c.Wanted[delivery.Wish{Kind: k, Channel: ch}] = true
			}
		}
		c.QuietFrom, c.QuietTo = 0, 0
	})
}

func (s *stage) openGatewayOnce() {
	var g delivery.Gateway
	s.View(func(tx *db.Tx) (err error) { g, err = delivery.FindGateway(tx, access.Console()); return err })
	if !g.Enabled {
		s.openGateway()
	}
}

// speakSecrets opens the meeting and fills it: opinions, criticism, a secret
// ballot.
func speakSecrets(tx *db.Tx, by access.Actor, of meeting.ID, s *stage) error {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return err
	}
	if _, err := meeting.Open(tx, by, of, m.Version, meeting.Opening{MinuteTaker: s.SecretaryA}); err != nil {
		return err
	}
	roll, err := meeting.Roll(tx, by, of)
	if err != nil {
		return err
	}
	if _, err := meeting.MarkAll(tx, by, of, meeting.Rest(roll, meeting.Present)); err != nil {
		return err
	}
	if _, err := meeting.Speak(tx, by, of, meeting.Speech{Person: s.MemberA, Text: secret}); err != nil {
		return err
	}
	for _, remark := range []meeting.Remark{meeting.Reproach, meeting.Reminder, meeting.SelfReflection} {
		about := s.MemberA
		author := s.DeputyA
		if remark == meeting.SelfReflection {
			author = about
		}
		c, err := meeting.Criticise(tx, by, of, meeting.Remarking{Kind: remark, Author: author, Person: about, Text: secret})
		if err != nil {
			return err
		}
		if _, err := meeting.Reply(tx, by, c.ID, c.Version, secret); err != nil {
			return err
		}
	}
	v, err := meeting.CallVote(tx, by, meeting.Question{Meeting: of, Matter: "admission", Title: secret, Form: meeting.SecretBallot})
	if err != nil {
		return err
	}
	_, err = meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: 17, No: 4, Issued: 21, Collected: 21, Tellers: secret}, nil)
	return err
}

func (s *stage) withdraw(of task.ID) {
	s.T.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		row, _, err := task.Find(tx, by, of)
		if err != nil {
			return err
		}
		return task.Withdraw(tx, by, of, row.Version, secret)
	})
	s.run()
}

// TestNoNoticeTellsMoreThanItsKind sends every notice that the program knows,
// and one that it does not, with the secret in every argument.
func TestNoNoticeTellsMoreThanItsKind(t *testing.T) {
	keys, names := noticesKnown(t)
	if len(keys) < 20 {
		t.Fatalf("%d notices: the walk is broken", len(keys))
	}
	keys = append(keys, "discipline.notice.opened")
	each(t, func(t *testing.T, s *stage) {
		s.listen(s.MemberA, mailbox, number)
		args := map[string]string{"day": secret, "time": secret, "due": "01/01/2026 " + secret}
		for _, name := range names {
			if args[name] == "" {
				args[name] = secret
			}
		}
		for _, key := range keys {
			s.tell(notice.Notice{Key: key, Args: args, Link: "/" + secret}, s.MemberA)
		}
		if len(s.mails) != len(keys) || len(s.notes) != len(keys) || len(s.texts) != len(keys) {
			t.Errorf("of %d notices left %d, %d and %d", len(keys), len(s.mails), len(s.notes), len(s.texts))
		}
		if strings.Contains(s.left(), "7421") {
			t.Errorf("the secret left: %s", s.left())
		}
		for _, m := range s.mails {
			if strings.Contains(m.Subject, "[") || m.Items[0].Text != s.CellA.Name {
				t.Errorf("mail %+v", m)
			}
		}
		if last := s.mails[len(s.mails)-1]; last.Items[0].Title != "Thông báo mới" {
			t.Errorf("a notice that nobody thought of is told as %q", last.Items[0].Title)
		}
	})
}

// noticesKnown are the keys of all notices, and the names in their messages.
func noticesKnown(t *testing.T) (keys, names []string) {
	t.Helper()
	files, err := filepath.Glob("../../../locales/vi/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		messages := map[string]string{}
		if err := yaml.Unmarshal(content, &messages); err != nil {
			t.Fatal(err)
		}
		for key, message := range messages {
			if _, _, is := strings.Cut(key, ".notice."); !is || strings.HasPrefix(key, "delivery.") || strings.HasPrefix(key, "room.") {
				continue
			}
			keys = append(keys, key)
			for part := range strings.SplitSeq(message, "{") {
				if name, _, ok := strings.Cut(part, "}"); ok {
					names = append(names, name)
				}
			}
		}
	}
	return keys, names
}
