package minutes_test

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// stage is an organisation with a meeting of cell A.
type stage struct {
	*testing.T
	*testkit.Kit
	*org.Org
	meeting meeting.ID
}

var (
	day   = clock.NewDate(2026, 11, 3)
	start = day.At(19, 0)
)

// absentee was not in the room; taker writes the minutes.
func (s stage) absentee() access.PersonID { return s.MembersA[6] }
func (s stage) taker() access.PersonID    { return s.MembersA[10] }

// each runs the test with a meeting that has been held and not minuted.
func each(t *testing.T, test func(s stage)) {
	t.Helper()
	eachPlanned(t, func(s stage) {
		s.open()
		s.course()
		s.close()
		test(s)
	})
}

func eachPlanned(t *testing.T, test func(s stage)) {
	t.Helper()
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		s := stage{T: t, Kit: k, Org: org.New(k)}
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			m, err := meeting.Schedule(tx, by, meeting.Plan{Unit: s.CellA.ID, Kind: meeting.Regular, Starts: start, Minutes: 120, Place: "Nhà văn hóa thôn Đông"})
			s.meeting = m.ID
			return err
		})
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.Announce(tx, by, s.meeting, s.find(tx).Version)
			return err
		})
		test(s)
	})
}

func (s stage) find(tx *db.Tx) meeting.Meeting {
	s.Helper()
	m, err := meeting.Find(tx, access.Console(), s.meeting)
	if err != nil {
		s.Fatal(err)
	}
	return m
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

// open has the committee member chair, three people away, and a guest.
func (s stage) open() {
	s.Helper()
	s.SetNow(start)
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		if _, err := meeting.Open(tx, by, s.meeting, s.find(tx).Version, meeting.Opening{Chair: s.CommitteeA, MinuteTaker: s.taker()}); err != nil {
			return err
		}
		for person, mark := range map[access.PersonID]meeting.Attendance{
			s.absentee(): meeting.Excused, s.MembersA[7]: meeting.Absent, s.ExemptA: meeting.Present,
		} {
			if _, err := meeting.Mark(tx, by, s.meeting, meeting.Call{Person: person, Mark: mark, Reason: "đi công tác"}); err != nil {
				return err
			}
		}
		roll, err := meeting.Roll(tx, by, s.meeting)
		if err != nil {
			return err
		}
		if _, err := meeting.MarkAll(tx, by, s.meeting, meeting.Rest(roll, meeting.Present)); err != nil {
			return err
		}
		_, err = meeting.AddGuest(tx, by, s.meeting, meeting.NewGuest{Person: s.CommuneSecretary, Office: "Bí thư đảng ủy", Above: true})
		return err
	})
}

// course is an opinion at the discussion, one of a guest, a criticism, a
// resolution with a task, and its vote with a minority.
func (s stage) course() {
	s.Helper()
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		agenda, err := meeting.Agenda(tx, by, s.meeting)
		if err != nil {
			return err
		}
		at := func(slot string) meeting.Item {
			return agenda[slices.IndexFunc(agenda, func(i meeting.Item) bool { return i.Slot == slot })]
		}
		guests, err := meeting.Guests(tx, by, s.meeting)
		if err != nil {
			return err
		}
		for _, speech := range []meeting.Speech{
			{Item: at("discussion").ID, Person: s.MemberA, Text: "Đề nghị làm đường thôn trước Tết."},
			{Item: at("discussion").ID, Guest: guests[0].ID, Text: "Đảng ủy xã nhất trí."},
			{Item: at("dues").ID, Person: s.DeputyA, Text: "Đã thu đủ đảng phí quý III."},
			{Item: at("conclusion").ID, Person: s.CommitteeA, Text: "Thống nhất làm đường thôn."},
			{Person: s.LeaderA, Text: "Không có ý kiến khác."},
		} {
			if _, err := meeting.Speak(tx, by, s.meeting, speech); err != nil {
				return err
			}
		}
		_, err = meeting.Criticise(tx, by, s.meeting, meeting.Remarking{Kind: meeting.Reproach, Author: s.SecretaryA, Person: s.MemberA, Text: "LỜI PHÊ BÌNH KÍN"})
		return err
	})
	s.resolve()
}

func (s stage) resolve() {
	s.Helper()
	var of resolution.ID
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		if of, err = resolution.Draft(tx, by, s.meeting); err != nil {
			return err
		}
		if err = resolution.EditSection(tx, by, of, resolution.Direction, 0, "Làm đường thôn."); err != nil {
			return err
		}
		_, err = resolution.AddLine(tx, by, of, task.New{
			Title: "Vận động hiến đất", Area: task.Economy, Assignee: task.Assignee{Person: s.MemberA}, Due: day.AddDays(20), Measure: "hộ", Planned: 10,
		})
		return err
	})
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		v, err := meeting.CallVote(tx, by, meeting.Question{
			Meeting: s.meeting, Title: "Thông qua nghị quyết", Form: meeting.Hand, Noun: resolution.Noun, NounID: int64(of),
		})
		if err != nil {
			return err
		}
		if _, err := meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: 22, No: 1}, []meeting.Minority{{Person: s.LeaderA, Text: "Nên làm cầu trước."}}); err != nil {
			return err
		}
		r, err := resolution.Find(tx, by, of)
		if err != nil {
			return err
		}
		return resolution.Adopt(tx, by, of, r.Version, v.ID)
	})
}

func (s stage) close() {
	s.Helper()
	s.SetNow(day.At(21, 0))
	s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := meeting.Close(tx, by, s.meeting, s.find(tx).Version, day.At(21, 0))
		return err
	})
}

func (s stage) drafted() (m minutes.Minutes) {
	s.Helper()
	s.must(s.taker(), func(tx *db.Tx, by access.Actor) (err error) {
		m, err = minutes.Draft(tx, by, s.meeting)
		return err
	})
	return m
}

func (s stage) approve(who access.PersonID, m minutes.Minutes) error {
	return s.as(who, func(tx *db.Tx, by access.Actor) error {
		_, err := minutes.Approve(tx, by, m.ID, m.Version)
		return err
	})
}

// sealed drafts and approves.
func (s stage) sealed() minutes.Minutes {
	s.Helper()
	m := s.drafted()
	if err := s.approve(s.SecretaryA, m); err != nil {
		s.Fatal(err)
	}
	return s.read(m.ID)
}

func (s stage) read(of minutes.ID) (m minutes.Minutes) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		m, err = minutes.Find(tx, access.Console(), of)
		return err
	})
	return m
}

func (s stage) verify(of minutes.ID) (p minutes.Proof) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		p, err = minutes.Verify(tx, access.Console(), of)
		return err
	})
	return p
}

// TestWhoMay is the reach of each verb: + may, d sees it and is denied, . does
// not see it.
func TestWhoMay(t *testing.T) {
	each(t, func(s stage) {
		people := []access.PersonID{
			s.taker(), s.SecretaryA, s.DeputyA, s.CommitteeA /* who chaired */, s.MemberA, s.absentee(), s.CommuneSecretary, /* a guest */
			s.Office, s.Inspector, s.Admin, s.MemberB, s.SecretaryC, s.Nobody,
		}
		try := func(what, want string, do func(tx *db.Tx, by access.Actor) error) {
			s.Helper()
			var got strings.Builder
			for _, who := range people {
				undo := errs.New(errs.Internal, "undone")
				err := s.as(who, func(tx *db.Tx, by access.Actor) error {
					if err := do(tx, by); err != nil {
						return err
					}
					return undo
				})
				switch {
				case err == undo: //nolint:errorlint // this very value
					got.WriteByte('+')
				case errs.Is(err, errs.Denied):
					got.WriteByte('d')
				case errs.Is(err, errs.NotFound):
					got.WriteByte('.')
				default:
					s.Errorf("%s: %v", what, err)
					got.WriteByte('?')
				}
			}
			if got.String() != want {
				s.Errorf("%s: %s, want %s", what, got.String(), want)
			}
		}
		try("draft", "++++ddddd....", func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Draft(tx, by, s.meeting)
			return err
		})
		m := s.drafted()
		read := func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Find(tx, by, m.ID)
			return err
		}
		correct := func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.ProposeCorrection(tx, by, m.ID, "Ghi lại ý kiến của tôi.")
			return err
		}
		try("read a draft", "+++++.+......", read)
		try("propose a correction", "+++++.+......", correct)
		try("edit", "++++d.d......", func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.EditText(tx, by, m.ID, m.Version, minutes.Conclusions, "Thống nhất.")
			return err
		})
		try("renew", "++++d.d......", func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Renew(tx, by, m.ID, m.Version)
			return err
		})
		try("approve", "d+++d.d......", func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Approve(tx, by, m.ID, m.Version)
			return err
		})
		var c minutes.Correction
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) (err error) {
			c, err = minutes.ProposeCorrection(tx, by, m.ID, "Tôi nói khác.")
			return err
		})
		answer := func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.AnswerCorrection(tx, by, c.ID, c.Version, minutes.Refused, "Đã ghi đúng.")
			return err
		}
		try("answer", "++++d.d......", answer)
		s.must(s.taker(), answer)
		if err := s.approve(s.CommitteeA, m); err != nil {
			s.Fatal(err)
		}
		try("read sealed", "+++++.+++....", read)
		try("verify", "+++++.+++....", func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Verify(tx, by, m.ID)
			return err
		})
		try("amend", "d+++ddddd....", func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Amend(tx, by, s.meeting, "Sai họ tên.")
			return err
		})
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.Publish(tx, by, s.meeting)
			return err
		})
		try("read published", "+++++++++....", read)
		try("correct published", "+++++d+dd....", correct)
	})
}

// TestContent: the minutes say everything of rules 22.5, and no criticism.
func TestContent(t *testing.T) {
	each(t, func(s stage) {
		m := s.drafted()
		c := s.read(m.ID).Content
		if stored, written := s.json(c), s.json(m.Content); stored != written {
			s.Errorf("stored %s\nwritten %s", stored, written)
		}
		if c.Body != "Chi bộ thôn Đông" || c.Above != "Đảng bộ xã An Bình" || c.Place != "Nhà văn hóa thôn Đông" || !c.Opened.Equal(start) || !c.Ended.Equal(day.At(21, 0)) {
			s.Errorf("head: %+v", c)
		}
		if c.Chair.ID != s.CommitteeA || c.Chair.Post != access.CommitteeMember || c.MinuteTaker.ID != s.taker() || c.MinuteTaker.Post != "" || c.Chair.Name == "" {
			s.Errorf("signers: %+v %+v", c.Chair, c.MinuteTaker)
		}
		a := c.Attendance
		if a.Members != 27 || a.Entitled != 27 || a.Present != 25 || a.PresentOfficial != 22 || a.PresentProbationary != 2 || a.PresentExempt != 1 || a.PresentTemporary != 0 {
			s.Errorf("attendance: %+v", a)
		}
		if len(a.Excused) != 1 || a.Excused[0].Reason != "đi công tác" || a.Excused[0].Name == "" || len(a.Absent) != 1 || len(a.Guests) != 1 || !a.Guests[0].Above {
			s.Errorf("absent and guests: %+v", a)
		}
		if len(c.Agenda) != 17 || c.Agenda[0].Presenter == "" {
			s.Errorf("agenda: %+v", c.Agenda)
		}
		said := map[string][]string{}
		for _, p := range c.Course {
			for _, o := range p.Opinions {
				said[p.Kind] = append(said[p.Kind], o.Text)
			}
		}
		want := map[string][]string{
			"discussion": {"Đề nghị làm đường thôn trước Tết.", "Đảng ủy xã nhất trí."}, "dues": {"Đã thu đủ đảng phí quý III."},
			"conclusion": {"Thống nhất làm đường thôn."}, "": {"Không có ý kiến khác."},
		}
		if !reflect.DeepEqual(said, want) {
			s.Errorf("course: %v", said)
		}
		if c.Text.Dues != "Đã thu đủ đảng phí quý III." || c.Text.Conclusions != "Thống nhất làm đường thôn." {
			s.Errorf("text: %+v", c.Text)
		}
		if c.Remarks != (minutes.Remarks{Criticism: 1}) {
			s.Errorf("remarks: %+v", c.Remarks)
		}
		// The exempt member who came counts in the base; the absent ones too.
		if len(c.Votes) != 1 || c.Votes[0].Yes != 22 || c.Votes[0].No != 1 || c.Votes[0].Listed != 25 || !c.Votes[0].Passed ||
			len(c.Votes[0].Minority) != 1 || c.Votes[0].Minority[0].Speaker == "" || c.Votes[0].Permille() != 1000*22/c.Votes[0].Base {
			s.Errorf("votes: %+v", c.Votes)
		}
		if c.Resolution == nil || c.Resolution.Yes != 22 || len(c.NewTasks) != 1 || c.NewTasks[0].Who == "" || c.NewTasks[0].Due != day.AddDays(20) {
			s.Errorf("resolution: %+v %+v", c.Resolution, c.NewTasks)
		}
		if missing := c.Missing(); len(missing) != 0 {
			s.Errorf("missing: %v", missing)
		}
		var stored string
		s.View(func(tx *db.Tx) (err error) {
			stored, err = db.One(tx, db.Column[string], `SELECT content FROM minutes WHERE id = $1`, m.ID)
			return err
		})
		if strings.Contains(stored, "LỜI PHÊ BÌNH KÍN") {
			s.Error("the words of a criticism are in the minutes")
		}
	})
}

func (s stage) json(c minutes.Content) string {
	s.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		s.Fatal(err)
	}
	return string(text)
}

// TestScoreIsWrittenIn: points that were confirmed stand in the minutes, and
// the approval moves their evidence.
func TestScoreIsWrittenIn(t *testing.T) {
	each(t, func(s stage) {
		m := s.drafted()
		var claimed int
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			sheet, err := score.Propose(tx, by, s.meeting)
			if err != nil {
				return err
			}
			var claims []score.Claim
			for _, l := range sheet.Lines {
				if l.Counted {
					points := l.Max
					if l.Decided {
						points = l.Proposed
					}
					claims = append(claims, score.Claim{Line: l.ID, Points: points})
				}
			}
			sheet, err = score.Confirm(tx, by, s.meeting, 0, claims)
			claimed = sheet.Claimed
			return err
		})
		s.must(s.taker(), func(tx *db.Tx, by access.Actor) (err error) {
			m, err = minutes.Renew(tx, by, m.ID, m.Version)
			return err
		})
		if m.Content.Score == nil || m.Content.Score.Claimed != claimed || len(m.Content.Score.Criteria) != 8 || m.Content.Score.Class == "" {
			s.Errorf("score: %+v", m.Content.Score)
		}
		before := s.sheet()
		if err := s.approve(s.CommitteeA, m); err != nil {
			s.Fatal(err)
		}
		after := s.sheet()
		if before.Facts.MinutesAdopted || !after.Facts.MinutesAdopted || after.Claimed != claimed {
			s.Errorf("the sheet did not see the approval: %+v", after.Facts)
		}
		s.View(func(tx *db.Tx) error {
			if at := s.find(tx); at.State != meeting.Scored && at.MinutedAt.IsZero() {
				s.Errorf("the meeting is %s", at.State)
			}
			return nil
		})
	})
}

func (s stage) sheet() (sheet score.Sheet) {
	s.Helper()
	s.View(func(tx *db.Tx) (err error) {
		sheet, err = score.Find(tx, access.Console(), s.meeting)
		return err
	})
	return sheet
}

func TestNotYet(t *testing.T) {
	eachPlanned(t, func(s stage) {
		draft := func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Draft(tx, by, s.meeting)
			return err
		}
		testkit.Want(s, s.as(s.SecretaryA, draft), errs.Conflict) // not opened
		s.open()
		m := s.drafted()
		testkit.Want(s, s.as(s.SecretaryA, draft), errs.Conflict) // a second one
		testkit.Want(s, s.approve(s.SecretaryA, m), errs.Conflict)
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			if _, found, err := minutes.Current(tx, s.As(tx, s.absentee()), s.meeting); found || err != nil {
				s.Errorf("an absent member sees a draft: %v", err)
			}
			_, err := minutes.Verify(tx, by, m.ID)
			testkit.Want(s, err, errs.Conflict)
			_, err = minutes.Amend(tx, by, s.meeting, "x")
			testkit.Want(s, err, errs.Conflict)
			return nil
		})
		s.close()
		testkit.Want(s, s.approve(s.SecretaryA, m), errs.Conflict) // the end is not in it
		s.must(s.taker(), func(tx *db.Tx, by access.Actor) (err error) {
			if m, err = minutes.EditText(tx, by, m.ID, m.Version, minutes.Conclusions, "Của thư ký."); err != nil {
				return err
			}
			m, err = minutes.Renew(tx, by, m.ID, m.Version)
			return err
		})
		if m.Content.Text.Conclusions != "Của thư ký." || m.Content.Ended.IsZero() {
			s.Errorf("renewed: %+v", m.Content.Text)
		}
		stale := m
		stale.Version--
		testkit.Want(s, s.approve(s.SecretaryA, stale), errs.Conflict)
		testkit.Want(s, s.approve(s.SecretaryA, m), testkit.OK)
		s.View(func(tx *db.Tx) error {
			if at := s.find(tx); at.State != meeting.Minuted {
				s.Errorf("the meeting is %s", at.State)
			}
			return nil
		})
	})
}

// TestRecordsChangeUnderTheDraft: what is approved is what happened.
func TestRecordsChangeUnderTheDraft(t *testing.T) {
	each(t, func(s stage) {
		m := s.drafted()
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := meeting.Mark(tx, by, s.meeting, meeting.Call{Person: s.MembersA[7], Mark: meeting.Excused, Reason: "ốm"})
			return err
		})
		testkit.Want(s, s.approve(s.SecretaryA, m), errs.Conflict)
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
			m, err = minutes.Renew(tx, by, m.ID, m.Version)
			return err
		})
		if len(m.Content.Attendance.Excused) != 2 || len(m.Content.Attendance.Absent) != 0 {
			s.Errorf("renewed: %+v", m.Content.Attendance)
		}
		testkit.Want(s, s.approve(s.SecretaryA, m), testkit.OK)
		testkit.Want(s, s.approve(s.SecretaryA, s.read(m.ID)), errs.Conflict) // sealed
		for _, change := range []func(tx *db.Tx, by access.Actor) error{
			func(tx *db.Tx, by access.Actor) error {
				_, err := minutes.EditText(tx, by, m.ID, m.Version+1, minutes.Additions, "x")
				return err
			},
			func(tx *db.Tx, by access.Actor) error {
				_, err := minutes.Renew(tx, by, m.ID, m.Version+1)
				return err
			},
		} {
			testkit.Want(s, s.as(s.SecretaryA, change), errs.Conflict)
		}
	})
}

func TestBadText(t *testing.T) {
	each(t, func(s stage) {
		m := s.drafted()
		edit := func(section minutes.Section, body string) error {
			return s.as(s.taker(), func(tx *db.Tx, by access.Actor) error {
				_, err := minutes.EditText(tx, by, m.ID, m.Version, section, body)
				return err
			})
		}
		testkit.WantField(s, edit("score", "x"), "section")
		testkit.WantField(s, edit(minutes.Conclusions, strings.Repeat("ê", 20_001)), "conclusions")
		testkit.Want(s, edit(minutes.Praises, "Chi bộ có biểu dương.\x00"), testkit.OK)
		testkit.Want(s, edit(minutes.Praises, "cũ"), errs.Conflict)
		if got := s.read(m.ID).Content.Text.Remarks; got != "Chi bộ có biểu dương." {
			s.Errorf("%q", got)
		}
		testkit.WantField(s, s.as(s.MemberA, func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.ProposeCorrection(tx, by, m.ID, " \n ")
			return err
		}), "text")
	})
}

func TestCorrections(t *testing.T) {
	each(t, func(s stage) {
		m := s.drafted()
		var c minutes.Correction
		s.must(s.MemberA, func(tx *db.Tx, by access.Actor) (err error) {
			c, err = minutes.ProposeCorrection(tx, by, m.ID, "Tôi đề nghị làm đường trước mùa mưa.")
			return err
		})
		testkit.Want(s, s.approve(s.SecretaryA, m), errs.Conflict)
		answer := func(version int64, a minutes.Answer, reason string) error {
			return s.as(s.taker(), func(tx *db.Tx, by access.Actor) error {
				_, err := minutes.AnswerCorrection(tx, by, c.ID, version, a, reason)
				return err
			})
		}
		testkit.WantField(s, answer(1, minutes.Refused, ""), "reason")
		testkit.WantField(s, answer(1, minutes.Open, "x"), "answer")
		testkit.Want(s, answer(7, minutes.Accepted, ""), errs.Conflict)
		testkit.Want(s, answer(1, minutes.Accepted, ""), testkit.OK)
		testkit.Want(s, answer(2, minutes.Refused, "x"), errs.Conflict)
		s.View(func(tx *db.Tx) error {
			list, err := minutes.Corrections(tx, s.As(tx, s.DeputyA), m.ID)
			if len(list) != 1 || list[0].Answer != minutes.Accepted || list[0].Name == "" || list[0].AnsweredBy != s.taker() {
				s.Errorf("%+v", list)
			}
			for who, want := range map[access.PersonID]string{
				s.taker(): "minutes.notice.correction", s.CommitteeA: "minutes.notice.correction", s.MemberA: "minutes.notice.accepted",
			} {
				inbox, err := notice.Inbox(tx, s.As(tx, who), 0, 10)
				if err != nil {
					return err
				}
				if !slices.ContainsFunc(inbox, func(n notice.Received) bool { return n.Key == want }) {
					s.Errorf("%v was not told: %+v", who, inbox)
				}
			}
			return err
		})
		testkit.Want(s, s.approve(s.SecretaryA, m), testkit.OK)
	})
}

// TestDigestFindsAChangedByte: whoever writes behind the program's back is
// found out, with the digest beside it or without.
func TestDigestFindsAChangedByte(t *testing.T) {
	each(t, func(s stage) {
		m := s.sealed()
		if p := s.verify(m.ID); !p.Intact() || p.Kept != m.Digest || p.Journal != m.Digest || len(m.Digest) != 64 {
			s.Fatalf("sealed and not intact: %+v", p)
		}
		if m.Content.Approval == nil || m.Content.Approval.ID != s.SecretaryA || m.Content.Approval.Post != access.Secretary {
			s.Errorf("approval: %+v", m.Content.Approval)
		}
		s.exec(`UPDATE minutes SET content = replace(content, '"yes":22', '"yes":23') WHERE id = $1`, m.ID)
		if p := s.verify(m.ID); p.Intact() || p.Kept == p.Computed {
			s.Errorf("a changed byte is not found: %+v", p)
		}
		s.exec(`UPDATE minutes SET digest = $2 WHERE id = $1`, m.ID, s.verify(m.ID).Computed)
		if p := s.verify(m.ID); p.Intact() || p.Kept != p.Computed {
			s.Errorf("a changed digest is not found: %+v", p)
		}
		s.exec(`UPDATE minutes SET content = 'torn' WHERE id = $1`, m.ID)
		if s.verify(m.ID).Intact() {
			s.Error("a torn content is intact")
		}
	})
}

func (s stage) exec(query string, args ...any) {
	s.Helper()
	if err := s.DB.Update(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(query, args...)
		return err
	}); err != nil {
		s.Fatal(err)
	}
}

// TestAmend: a second version does not touch the first, and both can be
// verified.
func TestAmend(t *testing.T) {
	each(t, func(s stage) {
		first := s.sealed()
		var second minutes.Minutes
		amend := func(tx *db.Tx, by access.Actor) error {
			m, err := minutes.Amend(tx, by, s.meeting, "Ghi sai kết luận.")
			if err == nil {
				second = m
			}
			return err
		}
		testkit.WantField(s, s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Amend(tx, by, s.meeting, "  ")
			return err
		}), "reason")
		s.must(s.SecretaryA, amend)
		testkit.Want(s, s.as(s.SecretaryA, amend), errs.Conflict) // beside a draft
		testkit.Want(s, s.as(s.SecretaryA, func(tx *db.Tx, by access.Actor) error {
			_, err := minutes.Renew(tx, by, second.ID, second.Version)
			return err
		}), errs.Conflict)
		s.must(s.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
			second, err = minutes.EditText(tx, by, second.ID, second.Version, minutes.Conclusions, "Làm đường thôn trước Tết.")
			return err
		})
		testkit.Want(s, s.approve(s.taker(), second), errs.Denied)
		testkit.Want(s, s.approve(s.DeputyA, second), testkit.OK)

		if again := s.read(first.ID); !reflect.DeepEqual(again, first) {
			s.Errorf("the first version changed:\n%+v\n%+v", first, again)
		}
		second = s.read(second.ID)
		if second.Number != 2 || second.Content.Number != 2 || second.Content.Reason != "Ghi sai kết luận." || second.Digest == first.Digest ||
			second.Content.Text.Conclusions != "Làm đường thôn trước Tết." || !reflect.DeepEqual(second.Content.Votes, first.Content.Votes) {
			s.Errorf("second: %+v", second)
		}
		if !s.verify(first.ID).Intact() || !s.verify(second.ID).Intact() {
			s.Error("not both are intact")
		}
		s.View(func(tx *db.Tx) error {
			all, err := minutes.Versions(tx, s.As(tx, s.MemberA), s.meeting)
			if len(all) != 2 || all[0].Number != 2 || all[1].Number != 1 {
				s.Errorf("%d versions", len(all))
			}
			current, found, failed := minutes.Current(tx, s.As(tx, s.Office), s.meeting)
			if !found || current.ID != second.ID {
				s.Errorf("current: %v %v", current.ID, failed)
			}
			return err
		})
	})
}
