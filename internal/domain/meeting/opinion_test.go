package meeting_test

import (
	"strings"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func TestOpinions(t *testing.T) {
	each(t, func(s *stage) {
		s.open()
		s.mark(meeting.Present, s.SecretaryA, s.LeaderA, s.MemberA, s.DeputyA)
		speak := func(sp meeting.Speech) deed {
			return func(tx *db.Tx, by access.Actor) error { return on(meeting.Speak(tx, by, s.meeting, sp)) }
		}
		discussion := s.item("discussion").ID
		s.must(s.Taker, speak(meeting.Speech{Person: s.LeaderA, Item: discussion, Text: "Đường thôn cần sửa.\r\nĐề nghị họp dân."}))
		s.must(s.Taker, speak(meeting.Speech{Person: s.LeaderA, Text: "Nhất trí"}))
		s.must(s.Taker, speak(meeting.Speech{Person: s.MemberA, Text: "Nhất trí"}))
		s.wantField("text", s.Taker, speak(meeting.Speech{Person: s.LeaderA, Text: "\x01 "}))
		s.wantField("text", s.Taker, speak(meeting.Speech{Person: s.LeaderA, Text: strings.Repeat("ý ", 20_000)}))
		s.wantField("person", s.Taker, speak(meeting.Speech{Text: "Ai đó"}))
		s.wantField("person", s.Taker, speak(meeting.Speech{Person: s.CommitteeA, Text: "Vắng mà nói"}))
		s.wantField("guest", s.Taker, speak(meeting.Speech{Guest: 4711, Text: "Khách lạ"}))
		s.wantField("item", s.Taker, speak(meeting.Speech{Person: s.LeaderA, Item: 4711, Text: "Nhất trí"}))
		var list []meeting.Opinion
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) (err error) {
			list, err = meeting.Opinions(tx, by, s.meeting)
			return err
		})
		if len(list) != 3 || list[0].Item != discussion || list[0].Text != "Đường thôn cần sửa.\nĐề nghị họp dân." || list[0].Speaker == "" {
			t.Fatalf("%+v", list)
		}
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			spoken, err := meeting.Speakers(tx, by, s.meeting)
			if spoken != (meeting.Spoken{Speakers: 2, Present: 4}) {
				t.Errorf("%+v", spoken)
			}
			return err
		})
		change := func(version int64) deed {
			return func(tx *db.Tx, by access.Actor) error {
				return on(meeting.ChangeOpinion(tx, by, list[1].ID, version, "Nhất trí với báo cáo"))
			}
		}
		s.must(s.Taker, change(1))
		s.want(errs.Conflict, s.Taker, change(1))
		s.want(errs.Denied, s.LeaderA, change(2))
		s.must(s.Taker, func(tx *db.Tx, by access.Actor) error { return meeting.RemoveOpinion(tx, by, list[1].ID, 2) })
		s.want(errs.NotFound, s.Taker, change(2))
	})
}

// TestCriticismIsReadByThoseEntitled, and each reading is recorded (S-44).
func TestCriticismIsReadByThoseEntitled(t *testing.T) {
	each(t, func(s *stage) {
		s.open()
		s.everybodyPresent()
		criticise := func(r meeting.Remarking) deed {
			return func(tx *db.Tx, by access.Actor) error { return on(meeting.Criticise(tx, by, s.meeting, r)) }
		}
		const words = "Ba lần không nộp báo cáo"
		s.must(s.Taker, criticise(meeting.Remarking{Kind: meeting.Reproach, Author: s.LeaderA, Person: s.MemberA, Text: words}))
		s.must(s.Taker, criticise(meeting.Remarking{Kind: meeting.Praise, About: "Tổ đảng 2", Text: "Về đích sớm"}))
		s.must(s.MembersA[12], criticise(meeting.Remarking{Kind: meeting.SelfReflection, Author: s.MembersA[12], Text: "Tôi còn đến muộn"}))
		s.want(errs.Denied, s.MembersA[12], criticise(meeting.Remarking{Kind: meeting.SelfReflection, Author: s.MemberA, Text: "Nó còn đến muộn"}))
		s.wantField("about", s.Taker, criticise(meeting.Remarking{Kind: meeting.Praise, Text: "Ai đó giỏi"}))
		s.wantField("about", s.Taker, criticise(meeting.Remarking{Kind: meeting.Praise, Person: s.MemberA, About: "Tổ đảng 2", Text: "Cả hai"}))
		s.wantField("person", s.Taker, criticise(meeting.Remarking{Kind: meeting.Praise, Person: s.MemberB, Text: "Chi bộ khác"}))
		s.wantField("kind", s.Taker, criticise(meeting.Remarking{Kind: "gossip", Person: s.MemberA, Text: "Nghe nói"}))

		sees := func(who access.PersonID) (list []meeting.Criticism) {
			s.Helper()
			s.must(who, func(tx *db.Tx, by access.Actor) (err error) {
				list, err = meeting.Criticisms(tx, by, s.meeting)
				return err
			})
			return list
		}
		for name, c := range map[string]struct {
			who  access.PersonID
			want int
		}{
			"secretary": {s.SecretaryA, 3}, "committee": {s.CommitteeA, 3}, "minute-taker": {s.Taker, 3}, "inspector": {s.Inspector, 3},
			"author": {s.LeaderA, 1}, "whom it is about": {s.MemberA, 1}, "another member": {s.MembersA[15], 0},
			"office above": {s.Office, 0}, "secretary above": {s.CommuneSecretary, 0},
		} {
			if got := len(sees(c.who)); got != c.want {
				t.Errorf("%s reads %d, want %d", name, got, c.want)
			}
		}
		reproach := sees(s.MemberA)[0]
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			readers, err := meeting.CriticismReaders(tx, by, reproach.ID)
			read := map[access.PersonID]bool{}
			for _, r := range readers {
				read[r.By] = true
			}
			if !read[s.SecretaryA] || !read[s.Inspector] || read[s.MemberA] || read[s.LeaderA] {
				t.Errorf("readers: %v", readers)
			}
			return err
		})
		reply := func(tx *db.Tx, by access.Actor) error {
			return on(meeting.Reply(tx, by, reproach.ID, reproach.Version, "Tôi xin nhận khuyết điểm"))
		}
		s.want(errs.NotFound, s.MembersA[15], reply)
		s.want(errs.Denied, s.LeaderA, reply)
		s.must(s.MemberA, reply)
		s.want(errs.Conflict, s.MemberA, reply)
		if got := sees(s.MemberA)[0]; got.Reply != "Tôi xin nhận khuyết điểm" || got.Replied.IsZero() {
			t.Errorf("%+v", got)
		}
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			counts, err := meeting.RemarkCounts(tx, by, s.meeting)
			if counts[meeting.Reproach] != 1 || counts[meeting.Praise] != 1 || counts[meeting.SelfReflection] != 1 {
				t.Errorf("%v", counts)
			}
			return err
		})
		// The journal says that there was one, not its words.
		s.View(func(tx *db.Tx) error {
			history, err := journal.History(tx, "criticism", int64(reproach.ID))
			if len(history) != 2 {
				t.Errorf("%d entries", len(history))
			}
			for _, e := range history {
				if strings.Contains(string(e.After), words) || strings.Contains(string(e.After), "khuyết điểm") {
					t.Errorf("the journal tells: %s", e.After)
				}
			}
			return err
		})
	})
}
