package meeting_test

import (
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

// TestRights is who may do what at which step. Each verb is tried by ten
// people; + may, d is denied, . sees nothing:
//
//	secretary of the cell, member of its committee, minute-taker, member,
//	who follows it from above, secretary above, office above, inspector above,
//	secretary of another cell, who has no role
func TestRights(t *testing.T) {
	each(t, func(s *stage) {
		rights := map[string][]right{}
		for _, r := range allRights {
			rights[r.at] = append(rights[r.at], r)
		}
		// In session before it is closed: who writes the minutes is named there.
		for _, at := range []struct {
			name  string
			reach func()
		}{
			{"planned", func() {}},
			{"announced", s.announce},
			{"in session", func() { s.open(); s.someRecords() }},
			{"closed", func() { s.everybodyPresent(); s.close() }},
			{"minuted", s.minuted},
			{"published", s.published},
			{"reported", s.reported},
		} {
			at.reach()
			for _, r := range rights[at.name] {
				s.check(r)
			}
		}
	})
}

type right struct {
	at, verb, want string
	do             func(s *stage, tx *db.Tx, by access.Actor) error
}

func (s *stage) check(r right) {
	s.Helper()
	who := []access.PersonID{
		s.SecretaryA, s.CommitteeA, s.Taker, s.MemberA, s.Follower, s.CommuneSecretary, s.Office, s.Inspector, s.SecretaryB, s.MembersC[1],
	}
	var got strings.Builder
	for _, person := range who {
		switch kind := s.tried(person, func(tx *db.Tx, by access.Actor) error { return r.do(s, tx, by) }); kind {
		case testkit.OK:
			got.WriteByte('+')
		case errs.Denied:
			got.WriteByte('d')
		case errs.NotFound:
			got.WriteByte('.')
		default:
			got.WriteString("[" + kind.String() + "]")
		}
	}
	if want := strings.ReplaceAll(r.want, " ", ""); got.String() != want {
		s.Errorf("%s, %s: %s, want %s", r.at, r.verb, got.String(), want)
	}
}

// someRecords leaves an opinion, a criticism and a vote to be tried on.
func (s *stage) someRecords() {
	s.Helper()
	s.mark(meeting.Present, s.SecretaryA, s.Taker, s.LeaderA)
	s.must(s.Taker, func(tx *db.Tx, by access.Actor) error {
		if _, err := meeting.Speak(tx, by, s.meeting, meeting.Speech{Person: s.LeaderA, Text: "Đường thôn cần sửa"}); err != nil {
			return err
		}
		_, err := meeting.Criticise(tx, by, s.meeting, meeting.Remarking{Kind: meeting.Reproach, Author: s.SecretaryA, Person: s.LeaderA, Text: "Họp muộn"})
		return err
	})
}

func on[T any](_ T, err error) error { return err }

var allRights = []right{
	{"planned", "Find", "++..  .+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Find(tx, by, s.meeting)) }},
	{"planned", "Agenda", "++..  .+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Agenda(tx, by, s.meeting)) }},
	{"planned", "Steps", "++..  .+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Steps(tx, by, s.meeting)) }},
	{"planned", "Schedule", "++dd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Schedule(tx, by, s.plan(meeting.Plan{Starts: today.AddMonths(1).At(19, 0)})))
	}},
	{"planned", "ProposeDay", "++dd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.ProposeDay(tx, by, s.CellA.ID, "2026-12"))
	}},
	{"planned", "PlanYear", "++dd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.PlanYear(tx, by, meeting.Year{Unit: s.CellA.ID, Year: 2026, Hour: 19, Place: "Nhà văn hóa"}))
	}},
	{"planned", "Change", "++..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Change(tx, by, s.meeting, s.now1(tx).Version, s.plan(meeting.Plan{Place: "Sân đình"})))
	}},
	{"planned", "Postpone", "+d..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Postpone(tx, by, s.meeting, s.now1(tx).Version, meeting.Postponement{Starts: evening.Add(48 * time.Hour), Reason: "Bão"}))
	}},
	{"planned", "Cancel", "+d..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Cancel(tx, by, s.meeting, s.now1(tx).Version, "Bão"))
	}},
	{"planned", "AddItem", "++..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.AddItem(tx, by, s.meeting, 0, meeting.ItemText{Title: "Bảo hiểm y tế"}))
	}},
	{"planned", "CompleteStep", "++..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		step := s.step("notice")
		return meeting.CompleteStep(tx, by, step.ID, step.Version, "Báo tại cuộc họp thôn")
	}},
	{"planned", "AssignStep", "++..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		step := s.step("docs")
		return meeting.AssignStep(tx, by, step.ID, step.Version, s.CommitteeA)
	}},
	{"planned", "MarkPrepared", "++..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.MarkPrepared(tx, by, s.meeting, s.now1(tx).Version))
	}},
	{"planned", "AttachDocument", "++..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.AttachDocument(tx, by, s.meeting, document))
	}},
	{"planned", "Announce", "++..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Announce(tx, by, s.meeting, s.now1(tx).Version))
	}},
	{"planned", "NameMinuteTaker", "++..  .ddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.NameMinuteTaker(tx, by, s.meeting, s.now1(tx).Version, s.Taker))
	}},
	{"planned", "SuggestMinuteTaker", "++..  .+++..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.SuggestMinuteTaker(tx, by, s.meeting))
	}},

	{"announced", "Find", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Find(tx, by, s.meeting)) }},
	{"announced", "Agenda", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Agenda(tx, by, s.meeting)) }},
	{"announced", "Steps", "++dd  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Steps(tx, by, s.meeting)) }},
	{"announced", "Delivery", "++dd  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Delivery(tx, by, s.meeting)) }},
	{"announced", "Tell", "++dd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return meeting.Tell(tx, by, s.meeting, []access.PersonID{s.MemberA}, meeting.Sheet)
	}},
	{"announced", "Moves", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Moves(tx, by, s.meeting)) }},
	{"announced", "Roll", "++dd  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Roll(tx, by, s.meeting)) }},
	{"announced", "Open", "+ddd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Open(tx, by, s.meeting, s.now1(tx).Version, meeting.Opening{}))
	}},

	{"in session", "Mark", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Mark(tx, by, s.meeting, meeting.Call{Person: s.MemberA, Mark: meeting.Present}))
	}},
	{"in session", "MarkAll", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.MarkAll(tx, by, s.meeting, []meeting.Call{{Person: s.MemberA, Mark: meeting.Excused}}))
	}},
	{"in session", "RefreshRoll", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return meeting.RefreshRoll(tx, by, s.meeting)
	}},
	{"in session", "CheckInCode", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.CheckInCode(tx, by, s.meeting))
	}},
	{"in session", "RenewCode", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.RenewCode(tx, by, s.meeting))
	}},
	{"in session", "CheckIn", "++++  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		_, _, err := meeting.CheckIn(tx, by, s.meeting, "000000", "")
		return err
	}},
	{"in session", "AddGuest", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.AddGuest(tx, by, s.meeting, meeting.NewGuest{Name: "Nguyễn Thị Khách"}))
	}},
	{"in session", "Guests", "+++d  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Guests(tx, by, s.meeting)) }},
	{"in session", "Roll", "+++d  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Roll(tx, by, s.meeting)) }},
	{"in session", "Counts", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Counts(tx, by, s.meeting)) }},
	{"in session", "Base", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Base(tx, by, s.meeting, "admission"))
	}},
	{"in session", "AddItem", "+++d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.AddItem(tx, by, s.meeting, 3, meeting.ItemText{Title: "Bảo hiểm y tế"}))
	}},
	{"in session", "StartItem", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		i := s.item("opening")
		return on(meeting.StartItem(tx, by, i.ID, i.Version))
	}},
	{"in session", "SkipItem", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		i := s.item("story")
		return on(meeting.SkipItem(tx, by, i.ID, i.Version, "Hết giờ"))
	}},
	{"in session", "Speak", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Speak(tx, by, s.meeting, meeting.Speech{Person: s.LeaderA, Text: "Nhất trí"}))
	}},
	{"in session", "Opinions", "+++d  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Opinions(tx, by, s.meeting)) }},
	{"in session", "Speakers", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Speakers(tx, by, s.meeting)) }},
	{"in session", "Criticise", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.Criticise(tx, by, s.meeting, meeting.Remarking{Kind: meeting.Praise, About: "Tổ đảng 1", Text: "Hoàn thành sớm"}))
	}},
	{"in session", "CallVote", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.CallVote(tx, by, meeting.Question{Meeting: s.meeting, Title: "Thông qua chương trình", Form: meeting.Hand}))
	}},
	{"in session", "Votes", "+++d  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Votes(tx, by, s.meeting)) }},
	{"in session", "Matters", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Matters(tx, by, s.meeting)) }},
	{"in session", "NameMinuteTaker", "++dd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.NameMinuteTaker(tx, by, s.meeting, s.now1(tx).Version, s.MemberA))
	}},

	{"closed", "MarkMinuted", "+d+d  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.MarkMinuted(tx, by, s.meeting)) }},
	{"closed", "MarkScored", "+ddd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.MarkScored(tx, by, s.meeting)) }},
	{"closed", "Facts", "+++d  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Facts(tx, by, s.meeting)) }},
	{"minuted", "Publish", "+ddd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Publish(tx, by, s.meeting)) }},
	{"published", "Report", "+ddd  dddd..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Report(tx, by, s.meeting)) }},
	{"published", "Roll", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Roll(tx, by, s.meeting)) }},
	{"published", "Opinions", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Opinions(tx, by, s.meeting)) }},
	{"published", "Votes", "++++  ++++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Votes(tx, by, s.meeting)) }},
	{"reported", "Acknowledge", "dddd  dd+d..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Acknowledge(tx, by, s.meeting)) }},
	{"reported", "SendBack", "dddd  dd+d..", func(s *stage, tx *db.Tx, by access.Actor) error {
		return on(meeting.SendBack(tx, by, s.meeting, "Thiếu biên bản"))
	}},
	{"reported", "Reports", "++dd  d+++..", func(s *stage, tx *db.Tx, by access.Actor) error { return on(meeting.Reports(tx, by, s.meeting)) }},
}
