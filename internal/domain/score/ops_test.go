package score_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
	"chibo/locales"
)

// stage is an organisation in which cell A has held its meeting of November.
type stage struct {
	*testing.T
	*testkit.Kit
	*org.Org
	meeting meeting.ID
}

var november = clock.NewDate(2026, 11, 3)

func each(t *testing.T, test func(s stage)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) { test(stage{T: t, Kit: k, Org: org.New(k)}) })
}

// eachHeld is each with the meeting of November held by everybody.
func eachHeld(t *testing.T, test func(s stage)) {
	t.Helper()
	each(t, func(s stage) {
		s.meeting = s.plan(meeting.Regular, november)
		s.announce(s.meeting)
		s.hold(s.meeting, november, nil)
		test(s)
	})
}

func (s stage) as(who access.PersonID, fn func(tx *db.Tx, by access.Actor) error) error {
	return s.Try(func(tx *db.Tx) error { return fn(tx, s.As(tx, who)) })
}

func (s stage) must(who access.PersonID, fn func(tx *db.Tx, by access.Actor) error) {
	s.Helper()
	if err := s.as(who, fn); err != nil {
		s.Fatal(err)
	}
}

func (s stage) plan(kind meeting.Kind, day clock.Date) (of meeting.ID) {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		m, err := meeting.Schedule(tx, by, meeting.Plan{
			Unit: s.CellA.ID, Kind: kind, Starts: day.At(19, 0), Minutes: 120, Place: "Nhà văn hóa thôn Đông", Topic: "Chuyển đổi số", DayReason: "theo kế hoạch",
		})
		of = m.ID
		return err
	})
	return of
}

func (s stage) find(of meeting.ID) (m meeting.Meeting) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		m, err = meeting.Find(tx, access.Console(), of)
		return err
	})
	return m
}

// announce tells everybody, the half of them on paper.
func (s stage) announce(of meeting.ID) {
	s.Helper()
	version := s.find(of).Version
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		if _, err := meeting.Announce(tx, by, of, version); err != nil {
			return err
		}
		told, err := meeting.Delivery(tx, by, of)
		if err != nil {
			return err
		}
		var people []access.PersonID
		for _, t := range told {
			people = append(people, t.Person)
		}
		return meeting.Tell(tx, by, of, people, meeting.Sheet)
	})
}

// hold opens the meeting at seven, marks those named and the rest present, goes
// through the agenda, and closes it two hours later.
func (s stage) hold(of meeting.ID, day clock.Date, marks map[access.PersonID]meeting.Attendance) {
	s.Helper()
	s.SetNow(day.At(19, 0))
	version := s.find(of).Version
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		if _, err := meeting.Open(tx, by, of, version, meeting.Opening{MinuteTaker: s.MembersA[10]}); err != nil {
			return err
		}
		if err := s.callRoll(tx, by, of, marks); err != nil {
			return err
		}
		agenda, err := meeting.Agenda(tx, by, of)
		for _, i := range agenda {
			if err == nil && i.Slot != "votes" && i.Slot != "story" {
				_, err = meeting.StartItem(tx, by, i.ID, i.Version)
			}
		}
		return err
	})
	s.SetNow(day.At(21, 0))
	version = s.find(of).Version
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Close(tx, by, of, version, day.At(21, 0))
		return err
	})
}

func (s stage) callRoll(tx *db.Tx, by access.Actor, of meeting.ID, marks map[access.PersonID]meeting.Attendance) error {
	for person, mark := range marks {
		if _, err := meeting.Mark(tx, by, of, meeting.Call{Person: person, Mark: mark, Reason: "việc gia đình"}); err != nil {
			return err
		}
	}
	roll, err := meeting.Roll(tx, by, of)
	if err != nil {
		return err
	}
	_, err = meeting.MarkAll(tx, by, of, meeting.Rest(roll, meeting.Present))
	return err
}

func (s stage) propose(of meeting.ID) (sheet score.Sheet) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		sheet, err = score.Propose(tx, s.As(tx, s.SecretaryA), of)
		return err
	})
	return sheet
}

// claims are the records' points, and all of what people judge.
func claims(sheet score.Sheet) []score.Claim {
	var list []score.Claim
	for _, l := range sheet.Lines {
		switch {
		case !l.Counted:
		case l.Decided:
			list = append(list, score.Claim{Line: l.ID, Points: l.Proposed})
		default:
			list = append(list, score.Claim{Line: l.ID, Points: l.Max})
		}
	}
	return list
}

func with(list []score.Claim, line string, points int, reason string) []score.Claim {
	list = slices.Clone(list)
	for i := range list {
		if list[i].Line == line {
			list[i].Points, list[i].Reason = points, reason
		}
	}
	return list
}

func (s stage) confirm(who access.PersonID, version int64, list []score.Claim) error {
	return s.as(who, func(tx *db.Tx, by access.Actor) error {
		_, err := score.Confirm(tx, by, s.meeting, version, list)
		return err
	})
}

// confirmed confirms as the secretary and gives the sheet back.
func (s stage) confirmed() score.Sheet {
	s.Helper()
	if err := s.confirm(s.SecretaryA, 0, claims(s.propose(s.meeting))); err != nil {
		s.Fatal(err)
	}
	return s.sheet()
}

func (s stage) sheet() (sheet score.Sheet) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		sheet, err = score.Find(tx, s.As(tx, s.SecretaryA), s.meeting)
		return err
	})
	return sheet
}

func line(s stage, sheet score.Sheet, id string) score.Line {
	s.Helper()
	for _, l := range sheet.Lines {
		if l.ID == id {
			return l
		}
	}
	s.Fatalf("no line %s", id)
	return score.Line{}
}

// minuted and published take the meeting along after its end.
func (s stage) minuted() {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.MarkMinuted(tx, by, s.meeting)
		return err
	})
}

func (s stage) published() {
	s.Helper()
	s.minuted()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := score.Publish(tx, by, s.meeting)
		return err
	})
}

func (s stage) reported() {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := score.Report(tx, by, s.meeting)
		return err
	})
}

func TestWhoMay(t *testing.T) {
	eachHeld(t, func(s stage) {
		list := claims(s.propose(s.meeting))
		confirm := func(tx *db.Tx, by access.Actor) error {
			_, err := score.Confirm(tx, by, s.meeting, 0, list)
			return err
		}
		propose := func(tx *db.Tx, by access.Actor) error {
			_, err := score.Propose(tx, by, s.meeting)
			return err
		}
		find := func(tx *db.Tx, by access.Actor) error {
			_, err := score.Find(tx, by, s.meeting)
			return err
		}
		renew := func(tx *db.Tx, by access.Actor) error { return score.Renew(tx, by, s.meeting) }
		table := func(what string, do func(*db.Tx, access.Actor) error, want map[string]errs.Kind) {
			people := map[string]access.PersonID{
				"secretary": s.SecretaryA, "deputy": s.DeputyA, "committee": s.CommitteeA, "member": s.MemberA, "taker": s.MembersA[10],
				"office": s.Office, "inspector": s.Inspector, "admin": s.Admin, "other cell": s.SecretaryB, "other commune": s.SecretaryC, "nobody": s.Nobody,
			}
			for who, kind := range want {
				s.Run(what+" "+who, func(t *testing.T) {
					failed := errs.New(errs.Internal, "rolled back")
					err := s.as(people[who], func(tx *db.Tx, by access.Actor) error {
						if err := do(tx, by); err != nil {
							return err
						}
						return failed
					})
					if err == failed { //nolint:errorlint // this very value
						err = nil
					}
					testkit.Want(t, err, kind)
				})
			}
		}
		hidden := func(m map[string]errs.Kind) map[string]errs.Kind {
			for _, who := range []string{"admin", "other cell", "other commune", "nobody"} {
				m[who] = errs.NotFound
			}
			return m
		}
		table("confirm", confirm, hidden(map[string]errs.Kind{
			"secretary": testkit.OK, "deputy": testkit.OK, "committee": errs.Denied, "member": errs.Denied, "taker": errs.Denied, "office": errs.Denied, "inspector": errs.Denied,
		}))
		inside := hidden(map[string]errs.Kind{
			"secretary": testkit.OK, "deputy": testkit.OK, "committee": testkit.OK, "member": errs.Denied, "taker": testkit.OK, "office": testkit.OK, "inspector": testkit.OK,
		})
		table("propose", propose, inside)
		s.confirmed()
		table("find before publication", find, inside)
		table("renew", renew, hidden(map[string]errs.Kind{
			"secretary": testkit.OK, "deputy": testkit.OK, "committee": errs.Denied, "member": errs.Denied, "taker": testkit.OK, "office": errs.Denied, "inspector": errs.Denied,
		}))
		s.published()
		table("find after publication", find, hidden(map[string]errs.Kind{"member": testkit.OK, "office": testkit.OK, "committee": testkit.OK}))
	})
}

// TestNinetyPercent is the boundary through the records: 27 of 30 entitled are
// 90.0 % and give 4 points.
func TestNinetyPercent(t *testing.T) {
	each(t, func(s stage) {
		s.Update(func(tx *db.Tx) error {
			for i := range 4 { // to the 24 official and 2 probationary members
				if _, err := member.Register(tx, access.Console(), member.New{
					Unit: s.CellA.ID, Status: member.Official, From: org.Founded,
					Core: member.Core{
						BirthName: fmt.Sprintf("Ngô Văn %c", 'A'+i), Sex: member.Male, Birth: clock.NewDate(1970, 1, 1+i), Card: fmt.Sprintf("00105509%04d", i),
						Admitted: clock.NewDate(1995, 1, 1), Ceremony: clock.NewDate(1995, 1, 20), Recognised: clock.NewDate(1996, 1, 20),
					},
				}); err != nil {
					return err
				}
			}
			return nil
		})
		s.meeting = s.plan(meeting.Regular, november)
		s.hold(s.meeting, november, map[access.PersonID]meeting.Attendance{
			s.MembersA[5]: meeting.Excused, s.MembersA[6]: meeting.Excused, s.MembersA[7]: meeting.Excused,
		})
		sheet := s.propose(s.meeting)
		l := line(s, sheet, "2.rate")
		if l.Proposed != 4 || l.Reason != "27 trong 30 đảng viên phải dự có mặt, 90,0 %." {
			s.Errorf("%+v", l)
		}
		excused := 0
		for _, r := range l.Evidence {
			if r.Key == "score.evidence.excused" && r.Noun == "member" {
				excused++
			}
		}
		if excused != 3 {
			s.Errorf("%d excused members shown, want 3: %+v", excused, l.Evidence)
		}
		if l := line(s, sheet, "1"); l.Proposed != 5 || sheet.Facts.Required != 120 {
			s.Errorf("a cell of 31 needs 120 minutes: %+v", l)
		}
		if sheet.Reachable != 95 || sheet.Whole != 100 || line(s, sheet, "4.3").Counted {
			s.Errorf("without a thematic month: %+v", sheet.Totals)
		}
	})
}

func TestConfirm(t *testing.T) {
	eachHeld(t, func(s stage) {
		good := claims(s.propose(s.meeting))
		testkit.WantField(s, s.confirm(s.SecretaryA, 0, with(good, "1", 3, "")), "reason.1")
		testkit.WantField(s, s.confirm(s.SecretaryA, 0, with(good, "1", 0, "x")), "points.1")
		if err := s.confirm(s.SecretaryA, 0, with(good, "3.5", 2, "đã phát bản giấy trước hai ngày")); err != nil {
			s.Fatal(err)
		}
		if m := s.find(s.meeting); m.ScoredAt.IsZero() {
			s.Error("the meeting does not know that it is scored")
		}
		sheet := s.sheet()
		gaps := sheet.Gaps()
		if len(gaps) != 1 || gaps[0].ID != "3.5" || gaps[0].More != 2 || gaps[0].ClaimReason == "" || gaps[0].Reason == "" || sheet.Gap() != 2 {
			s.Errorf("the gap is not kept: %+v", gaps)
		}
		if sheet.ConfirmedBy != s.SecretaryA || sheet.Rules.ID == "" || sheet.Rules.Hash == "" || sheet.Facts.Minutes != 120 || sheet.Title == "" {
			s.Errorf("not all is kept: %+v", sheet)
		}
		sum := 0
		for _, l := range sheet.Lines {
			sum += l.Claimed
		}
		if sum != sheet.Claimed || sheet.Class.Label == "" {
			s.Errorf("the lines sum to %d, the sheet says %+v", sum, sheet.Totals)
		}
		testkit.Want(s, s.confirm(s.DeputyA, 0, good), errs.Conflict)
		testkit.Want(s, s.confirm(s.DeputyA, sheet.Version, good), testkit.OK)
		if again := s.sheet(); again.Gap() != 0 || again.ConfirmedBy != s.DeputyA {
			s.Errorf("the second claim did not replace the first: %+v", again.Totals)
		}
		s.View(func(tx *db.Tx) error {
			history, err := journal.History(tx, score.Noun, int64(s.meeting))
			if len(history) != 2 || len(history[1].Before) == 0 {
				s.Errorf("%d entries in the journal", len(history))
			}
			return err
		})
	})
}

func TestWhatHasNoSheet(t *testing.T) {
	each(t, func(s stage) {
		s.meeting = s.plan(meeting.Committee, november)
		testkit.Want(s, s.confirm(s.SecretaryA, 0, nil), errs.Conflict)
		s.meeting = s.plan(meeting.Regular, november.AddDays(1))
		testkit.Want(s, s.confirm(s.SecretaryA, 0, nil), errs.Conflict)
		testkit.Want(s, s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := score.Find(tx, by, s.meeting)
			return err
		}), errs.NotFound)
		testkit.Want(s, s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error { return score.Renew(tx, by, s.meeting) }), testkit.OK)
	})
}

// TestEvidenceUntilReported: what comes to the records later moves the
// evidence and not the claim, until the report freezes both; a report that was
// sent back thaws them.
func TestEvidenceUntilReported(t *testing.T) {
	eachHeld(t, func(s stage) {
		before := s.propose(s.meeting)
		if l := line(s, before, "8.3"); l.Decided {
			s.Errorf("within the two days nobody can tell: %+v", l)
		}
		if err := s.confirm(s.SecretaryA, 0, with(claims(before), "8.3", 0, "")); err != nil {
			s.Fatal(err)
		}
		s.SetNow(november.AddDays(2).At(9, 0))
		s.published()
		sheet := s.sheet()
		if l := line(s, sheet, "8.3"); !l.Decided || l.Proposed != 1 || l.Claimed != 0 || len(l.Evidence) == 0 {
			s.Errorf("published in time: %+v", l)
		}
		if sheet.Gap() != -1 {
			s.Errorf("a modest claim: %+v", sheet.Totals)
		}
		s.reported()
		reported := s.sheet()
		if !reported.Frozen {
			s.Error("a reported sheet is not frozen")
		}
		testkit.Want(s, s.confirm(s.SecretaryA, reported.Version, claims(before)), errs.Conflict)
		s.SetNow(november.AddDays(9).At(9, 0))
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			if _, err := task.Assign(tx, by, s.CellA.ID, task.New{
				Meeting: s.meeting, Title: "Thu gom rác", Area: task.Economy, Assignee: task.Assignee{Person: s.MemberA}, Due: november.AddDays(20),
			}); err != nil {
				return err
			}
			return score.Renew(tx, by, s.meeting)
		})
		if after := s.sheet(); !reflect.DeepEqual(after, reported) {
			s.Errorf("a frozen sheet moved from %+v to %+v", reported.Totals, after.Totals)
		}
		if shown := s.propose(s.meeting); shown.Evidence != reported.Evidence || !shown.Frozen {
			s.Error("a frozen sheet is proposed anew")
		}
		s.must(s.Office, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.SendBack(tx, by, s.meeting, "Dòng 8.3 chấm chưa đúng")
			return err
		})
		testkit.Want(s, s.confirm(s.SecretaryA, reported.Version, claims(s.propose(s.meeting))), testkit.OK)
		s.reported()
		if again := s.sheet(); again.Gap() != 0 || line(s, again, "8.2").Proposed != 2 {
			s.Errorf("after it was sent back: %+v", again.Totals)
		}
	})
}

// TestTasksDecideLineSeven: what fell due since the meeting before and was done
// on time and accepted.
func TestTasksDecideLineSeven(t *testing.T) {
	each(t, func(s stage) {
		s.SetNow(clock.NewDate(2026, 10, 5).At(8, 0))
		october := s.plan(meeting.Regular, clock.NewDate(2026, 10, 5))
		s.hold(october, clock.NewDate(2026, 10, 5), nil)
		give := func(due clock.Date) (given task.ID) {
			s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
				given, err = task.Assign(tx, by, s.CellA.ID, task.New{
					Meeting: october, Title: "Việc đến hạn " + due.Vietnamese(), Area: task.Party, Assignee: task.Assignee{Person: s.MemberA}, Due: due,
				})
				return err
			})
			return given
		}
		first, second, third := give(clock.NewDate(2026, 10, 20)), give(clock.NewDate(2026, 11, 2)), give(november)
		give(november.AddDays(1))
		for _, of := range []task.ID{first, second} {
			s.finish(of)
		}
		s.SetNow(november.At(8, 0))
		s.meeting = s.plan(meeting.Regular, november)
		s.hold(s.meeting, november, nil)
		sheet := s.propose(s.meeting)
		l := line(s, sheet, "7")
		if sheet.Facts.TasksDue != 3 || sheet.Facts.TasksDone != 2 || l.Proposed != 20 {
			s.Errorf("2 of 3 are 66.6 %% and 20 points: %+v", l)
		}
		var shown []string
		for _, r := range l.Evidence {
			if r.Noun == task.Noun {
				shown = append(shown, r.ID+" "+r.Key)
			}
		}
		want := []string{
			first.String() + " score.evidence.task_on_time", second.String() + " score.evidence.task_on_time", third.String() + " score.evidence.task_open",
		}
		if !slices.Equal(shown, want) {
			s.Errorf("rows %v, want %v", shown, want)
		}
	})
}

// finish reports and accepts a task.
func (s stage) finish(of task.ID) {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		row, _, err := task.Find(tx, by, of)
		if err != nil {
			return err
		}
		if err := task.ReportDone(tx, by, of, row.Version, task.Report{Text: "đã xong"}); err != nil {
			return err
		}
		return task.Assess(tx, by, of, row.Version+1, task.Judgement{Outcome: task.Done})
	})
}

// TestRecordsDecide looks at the lines that the records of one evening decide.
func TestRecordsDecide(t *testing.T) {
	each(t, func(s stage) {
		s.SetNow(clock.NewDate(2026, 11, 1).At(8, 0))
		committee := s.plan(meeting.Committee, clock.NewDate(2026, 11, 1))
		s.holdCommittee(committee, clock.NewDate(2026, 11, 1))
		s.meeting = s.plan(meeting.Combined, november)
		s.announce(s.meeting)
		s.SetNow(november.At(19, 0))
		version := s.find(s.meeting).Version
		absent := s.MembersA[6]
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			if _, err := meeting.Open(tx, by, s.meeting, version, meeting.Opening{MinuteTaker: s.MembersA[10]}); err != nil {
				return err
			}
			if err := s.callRoll(tx, by, s.meeting, map[access.PersonID]meeting.Attendance{absent: meeting.Absent}); err != nil {
				return err
			}
			for _, who := range s.MembersA[:14] {
				if who == absent {
					continue
				}
				if _, err := meeting.Speak(tx, by, s.meeting, meeting.Speech{Person: who, Text: "Nhất trí với báo cáo."}); err != nil {
					return err
				}
			}
			_, err := meeting.Criticise(tx, by, s.meeting, meeting.Remarking{Kind: meeting.Praise, Author: s.SecretaryA, Person: s.MemberA, Text: "Gương mẫu hiến đất."})
			return err
		})
		s.SetNow(november.At(20, 45))
		version = s.find(s.meeting).Version
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.Close(tx, by, s.meeting, version, november.At(20, 45))
			return err
		})
		sheet := s.propose(s.meeting)
		for id, want := range map[string]int{
			"1":        4, // 105 of 120 minutes
			"2.rate":   1, // somebody absent without a reason
			"2.streak": 1,
			"3.3":      2, // the committee's minutes
			"3.4":      1,
			"3.5":      0,
			"4.3":      5, // combined: the theme was held
			"4.4":      2,
			"4.5":      5, // 13 of 25
			"4.6":      0, // no conclusion
			"4.8":      0,
			"8.1":      0,
			"8.2":      0,
		} {
			if l := line(s, sheet, id); !l.Decided || l.Proposed != want || l.Reason == "" || len(l.Evidence) == 0 && want > 0 {
				s.Errorf("line %s: %+v, want %d", id, l, want)
			}
		}
		if sheet.Reachable != 100 {
			s.Errorf("a thematic month reaches %d", sheet.Reachable)
		}
		if l := line(s, sheet, "7"); l.Decided {
			s.Errorf("nothing was due: %+v", l)
		}
		if l := line(s, sheet, "3.1"); l.Decided || l.Reason != "" {
			s.Errorf("people judge: %+v", l)
		}
	})
}

func (s stage) holdCommittee(of meeting.ID, day clock.Date) {
	s.Helper()
	s.SetNow(day.At(19, 0))
	version := s.find(of).Version
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		if _, err := meeting.Open(tx, by, of, version, meeting.Opening{MinuteTaker: s.CommitteeA}); err != nil {
			return err
		}
		return s.callRoll(tx, by, of, nil)
	})
	s.SetNow(day.At(20, 0))
	version = s.find(of).Version
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		if _, err := meeting.Close(tx, by, of, version, day.At(20, 0)); err != nil {
			return err
		}
		_, err := meeting.MarkMinuted(tx, by, of)
		return err
	})
}

// TestAbsencesInARow: a member excused at four meetings in a row costs the point of line
// 2, and is named with the days.
func TestAbsencesInARow(t *testing.T) {
	each(t, func(s stage) {
		away := map[access.PersonID]meeting.Attendance{s.MemberA: meeting.Excused}
		for i, day := range []clock.Date{clock.NewDate(2026, 8, 3), clock.NewDate(2026, 9, 3), clock.NewDate(2026, 10, 5), november} {
			s.SetNow(day.At(8, 0))
			s.meeting = s.plan(meeting.Regular, day)
			s.hold(s.meeting, day, away)
			l := line(s, s.confirmed(), "2.streak")
			if want := map[bool]int{true: 1, false: 0}[i < 3]; l.Proposed != want {
				s.Errorf("after %d meetings: %+v", i+1, l)
			}
			days := 0
			for _, r := range l.Evidence {
				if r.Key == "score.evidence.excused_on" && r.Noun == meeting.Noun {
					days++
				}
			}
			if days != i+1 {
				s.Errorf("%d days shown after %d meetings", days, i+1)
			}
		}
	})
}

// TestStepsAfterTheSheet: the sheet does not ask for what comes after it, until
// its day is past.
func TestStepsAfterTheSheet(t *testing.T) {
	eachHeld(t, func(s stage) {
		missing := func() (titles []string) {
			for _, r := range line(s, s.propose(s.meeting), "4.1").Evidence {
				titles = append(titles, r.Args[1])
			}
			return titles
		}
		for _, proof := range []string{"Biên bản được thông qua", "Kết quả đã đăng tải và báo cáo cấp trên", "Phiếu đánh giá"} {
			if slices.Contains(missing(), proof) {
				s.Errorf("on the evening itself %q is asked for", proof)
			}
		}
		s.SetNow(november.AddDays(3).At(8, 0))
		if list := missing(); !slices.Contains(list, "Kết quả đã đăng tải và báo cáo cấp trên") || slices.Contains(list, "Phiếu đánh giá") {
			s.Errorf("three days later: %v", list)
		}
	})
}

// TestEveryRowHasWords: a row belongs to a fact that conditions can ask about,
// and its text is in the catalogue.
func TestEveryRowHasWords(t *testing.T) {
	words, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	facts := map[string]bool{}
	for field := range reflect.TypeFor[rulepack.MeetingFacts]().Fields() {
		facts[field.Tag.Get("expr")] = true
	}
	eachHeld(t, func(s stage) {
		s.View(func(tx *db.Tx) error {
			m, err := meeting.Find(tx, s.As(tx, s.SecretaryA), s.meeting)
			if err != nil {
				return err
			}
			f, e, err := score.Gather(tx, m)
			if !f.ConclusionAdopted || !f.MinutesAdopted || len(e) < 8 {
				s.Errorf("the agenda was gone through: %+v, evidence of %d facts", f, len(e))
			}
			for fact, rows := range e {
				if !facts[fact] {
					s.Errorf("no condition can ask about %q", fact)
				}
				for _, r := range rows {
					if m := r.Message(); !words.Language("vi").Has(m.Key) || len(m.Args) != len(r.Args) {
						s.Errorf("%s has no words", r.Key)
					}
				}
			}
			return err
		})
	})
}
