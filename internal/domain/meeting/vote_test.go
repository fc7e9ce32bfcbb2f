package meeting_test

import (
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

func (s *stage) callVote(q meeting.Question) (v meeting.Vote) {
	s.Helper()
	q.Meeting = s.meeting
	s.must(s.Taker, func(tx *db.Tx, by access.Actor) (err error) {
		v, err = meeting.CallVote(tx, by, q)
		return err
	})
	return v
}

func (s *stage) record(v meeting.Vote, t meeting.Tally, minority ...meeting.Minority) (out meeting.Vote) {
	s.Helper()
	s.must(s.Taker, func(tx *db.Tx, by access.Actor) (err error) {
		out, err = meeting.RecordVote(tx, by, v.ID, t, minority)
		return err
	})
	return out
}

func (s *stage) votes() (list []meeting.Vote) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		list, err = meeting.Votes(tx, access.Console(), s.meeting)
		return err
	})
	return list
}

// TestVoteOnAdmission: 25 official members; one exempt stays at home, one is
// away, one suspended: 22 are the base, 15 are two thirds of it.
func TestVoteOnAdmission(t *testing.T) {
	each(t, func(s *stage) {
		s.Update(func(tx *db.Tx) error {
			for person, kind := range map[access.PersonID]string{s.MembersA[10]: "temp_away", s.MembersA[11]: "suspended"} {
				if _, err := member.AddOverlay(tx, access.Console(), person, member.NewOverlay{
					Kind: kind, From: clock.NewDate(2026, 10, 1), To: clock.NewDate(2027, 3, 1), Document: "Quyết định 7-QĐ/ĐU",
				}); err != nil {
					return err
				}
			}
			return nil
		})
		s.open()
		s.everybodyPresent()
		s.mark(meeting.Excused, s.MemberA)
		v := s.callVote(meeting.Question{Matter: "admission", Title: "Kết nạp quần chúng Lê Thị Mầm", Form: meeting.SecretBallot, Item: s.item("votes").ID})
		if v.Recorded() || v.Threshold.Num != 2 || v.Threshold.Den != 3 || v.Threshold.Strict {
			t.Errorf("%+v", v)
		}
		v = s.record(v, meeting.Tally{Issued: 21, Collected: 21, Yes: 15, No: 5, Invalid: 1, Tellers: "Đ/c Lan, đ/c Nam"},
			meeting.Minority{Person: s.LeaderA, Text: "Đề nghị thử thách thêm"})
		if !v.Passed || v.Base.Listed != 25 || v.Base.Base != 22 || v.Voters != 21 || v.Rules.ID == "" {
			t.Errorf("%+v", v)
		}
		stored := s.votes()[0]
		if !stored.Passed || len(stored.Base.Deductions) != 3 || stored.Base.Base != 22 || len(stored.Minority) != 1 || stored.Tellers != "Đ/c Lan, đ/c Nam" {
			t.Errorf("%+v", stored)
		}
		for _, d := range stored.Base.Deductions {
			if d.Count != 1 || d.Label == "" {
				t.Errorf("%+v", d)
			}
		}
		again := s.callVote(meeting.Question{Matter: "admission", Title: "Kết nạp quần chúng Trần Văn Búp", Form: meeting.SecretBallot})
		if again = s.record(again, meeting.Tally{Issued: 21, Collected: 21, Yes: 14, No: 7}); again.Passed {
			t.Error("14 of 22 passed for two thirds")
		}
		// The exempt comes after all: one more in the base, and 15 are not enough.
		s.mark(meeting.Present, s.ExemptA)
		late := s.callVote(meeting.Question{Matter: "admission", Title: "Kết nạp quần chúng Võ Thị Chồi", Form: meeting.SecretBallot})
		if late = s.record(late, meeting.Tally{Issued: 22, Collected: 22, Yes: 15, No: 7}); late.Passed || late.Base.Base != 23 {
			t.Errorf("%+v", late)
		}
		if n := len(s.votes()); n != 3 {
			t.Errorf("%d votes are kept, failed ones too", n)
		}
	})
}

func TestVoteRefuses(t *testing.T) {
	each(t, func(s *stage) {
		ask := func(q meeting.Question) deed {
			return func(tx *db.Tx, by access.Actor) error { return on(meeting.CallVote(tx, by, q)) }
		}
		plain := meeting.Question{Meeting: s.meeting, Title: "Thông qua chương trình", Form: meeting.Hand}
		s.want(errs.Conflict, s.SecretaryA, ask(plain)) // not in session
		s.open()
		s.mark(meeting.Present, s.SecretaryA, s.DeputyA, s.LeaderA)
		q := plain
		q.Form = meeting.SecretBallot // the pack lets a resolution be voted openly
		s.wantField("form", s.Taker, ask(q))
		q = plain
		q.Matter = "barbecue"
		s.wantField("matter", s.Taker, ask(q))
		q = plain
		q.Title = " "
		s.wantField("title", s.Taker, ask(q))
		q = plain
		q.Item = 4711
		s.wantField("item", s.Taker, ask(q))

		v := s.callVote(plain)
		count := func(t meeting.Tally, minority ...meeting.Minority) deed {
			return func(tx *db.Tx, by access.Actor) error { return on(meeting.RecordVote(tx, by, v.ID, t, minority)) }
		}
		s.wantField("yes", s.Taker, count(meeting.Tally{Yes: 3, No: 1}))
		s.wantField("minority", s.Taker, count(meeting.Tally{Yes: 3}, meeting.Minority{Person: s.MemberA, Text: "Không đồng ý"}))
		s.wantField("minority", s.Taker, count(meeting.Tally{Yes: 3}, meeting.Minority{Person: s.LeaderA}))
		s.must(s.Taker, count(meeting.Tally{Yes: 3}))
		s.want(errs.Conflict, s.Taker, count(meeting.Tally{Yes: 3})) // a double click
		if votes := s.votes(); votes[0].Passed {
			t.Error("3 of 24 passed: those who stayed away are in the base")
		}
		s.want(errs.NotFound, s.SecretaryB, count(meeting.Tally{Yes: 3}))
		s.want(errs.Denied, s.MemberA, count(meeting.Tally{Yes: 3}))
		s.want(errs.Conflict, s.Taker, func(tx *db.Tx, by access.Actor) error { return meeting.WithdrawVote(tx, by, v.ID) })
	})
}

func TestCorrectVote(t *testing.T) {
	each(t, func(s *stage) {
		s.open()
		s.everybodyPresent()
		v := s.record(s.callVote(meeting.Question{Title: "Thông qua nghị quyết", Form: meeting.Card, Noun: "resolution", NounID: 99}), meeting.Tally{Yes: 12, No: 12})
		if v.Passed {
			t.Fatal("exactly half is more than half")
		}
		correct := func(of meeting.VoteID, reason string) deed {
			return func(tx *db.Tx, by access.Actor) error {
				return on(meeting.CorrectVote(tx, by, of, meeting.Tally{Yes: 13, No: 11}, nil, reason))
			}
		}
		s.wantField("reason", s.Taker, correct(v.ID, ""))
		s.close()
		s.must(s.SecretaryA, correct(v.ID, "Ghi nhầm cột"))
		s.want(errs.Conflict, s.SecretaryA, correct(v.ID, "Ghi nhầm cột"))
		var list []meeting.Vote
		s.View(func(tx *db.Tx) (err error) {
			list, err = meeting.Votes(tx, s.As(tx, s.SecretaryA), s.meeting)
			return err
		})
		if len(list) != 2 || list[0].Noun != "resolution" || list[0].NounID != 99 || !list[0].Superseded() || list[0].Yes != 12 || list[1].Supersedes != v.ID || !list[1].Passed || list[1].Reason != "Ghi nhầm cột" {
			t.Errorf("%+v", list)
		}
		s.minuted()
		s.want(errs.Conflict, s.SecretaryA, correct(list[1].ID, "Lại nhầm"))
	})
}

func TestPartyGroupsDoNotVote(t *testing.T) {
	each(t, func(s *stage) {
		s.meeting = s.schedule(meeting.Plan{Kind: meeting.Group, Group: s.GroupA1.ID})
		s.open()
		if len(s.roll()) != 14 {
			t.Errorf("%d on the roll of the group", len(s.roll()))
		}
		s.want(errs.Conflict, s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			return on(meeting.CallVote(tx, by, meeting.Question{Meeting: s.meeting, Title: "Khen thưởng", Form: meeting.Hand}))
		})
	})
}
