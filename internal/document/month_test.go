package document_test

import (
	"strings"
	"testing"

	"chibo/internal/document"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/paper"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// month is one month of a cell, lived through the verbs: its regular meeting
// with everything that papers are made of.
type month struct {
	testing.TB
	*testkit.Kit
	*org.Org
	meeting    meeting.ID
	resolution resolution.ID
}

var meetingDay = clock.NewDate(2026, 11, 3)

// newMonth is the month before its meeting is planned, with tasks of the last
// one in all states.
func newMonth(t testing.TB) *month {
	t.Helper()
	k := testkit.SQLite(t)
	m := &month{TB: t, Kit: k, Org: org.New(k)}
	m.SetNow(clock.NewDate(2026, 10, 5).At(8, 0))
	m.must(m.Admin, func(tx *db.Tx, by access.Actor) error {
		return unit.Change(tx, by, m.Commune.ID, m.Commune.Version, unit.Fields{
			Code: m.Commune.Code, Name: m.Commune.Name, Kind: m.Commune.Kind, Place: "29584",
		})
	})
	return m
}

func (m *month) must(who access.PersonID, fn func(tx *db.Tx, by access.Actor) error) {
	m.Helper()
	if err := m.try(who, fn); err != nil {
		m.Fatal(err)
	}
}

func (m *month) try(who access.PersonID, fn func(tx *db.Tx, by access.Actor) error) error {
	return m.Try(func(tx *db.Tx) error { return fn(tx, m.As(tx, who)) })
}

// change does something with the meeting in the version at hand.
func (m *month) change(fn func(tx *db.Tx, by access.Actor, version int64) error) {
	m.Helper()
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		now, err := meeting.Find(tx, by, m.meeting)
		if err != nil {
			return err
		}
		return fn(tx, by, now.Version)
	})
}

func (m *month) compose(who access.PersonID, o document.Order) (d paper.Document, err error) {
	err = m.try(who, func(tx *db.Tx, by access.Actor) (err error) {
		d, err = document.Compose(tx, by, o)
		return err
	})
	return d, err
}

// lastTasks are those of the last month: one done, one half done, one late and
// one that nobody began.
func (m *month) lastTasks() {
	m.Helper()
	assign := func(n task.New) (given task.ID) {
		m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
			given, err = task.Assign(tx, by, m.CellA.ID, n)
			return err
		})
		return given
	}
	roads := assign(task.New{
		Title: "Vận động các hộ dọc đường trục thôn hiến đất mở rộng mặt đường", Area: task.Economy, Assignee: task.Assignee{Person: m.MemberA},
		Due: clock.NewDate(2026, 10, 31), Measure: "hộ", Planned: 10,
	})
	dues := assign(task.New{
		Title: "Thu, nộp đảng phí tháng 10", Area: task.Party, Assignee: task.Assignee{Person: m.CommitteeA}, Due: clock.NewDate(2026, 10, 25),
	})
	assign(task.New{
		Title: "Giúp đỡ quần chúng ưu tú hoàn thiện hồ sơ kết nạp", Detail: "Theo dõi, báo cáo chi ủy hằng tháng.", Area: task.Party,
		Assignee: task.Assignee{Group: m.GroupA1.ID}, Due: clock.NewDate(2026, 12, 15),
	})
	assign(task.New{
		Title: "Tuần tra bảo đảm an ninh trật tự các tối cuối tuần", Area: task.Defence, Assignee: task.Assignee{Body: "Chi đoàn thanh niên thôn Đông"},
		Due: clock.NewDate(2026, 10, 28),
	})
	m.SetNow(clock.NewDate(2026, 10, 24).At(20, 0))
	m.work(m.MemberA, roads, func(tx *db.Tx, by access.Actor, t task.Task) error {
		return task.Progress(tx, by, t.ID, t.Version, task.Update{Text: "Đã có 05 hộ ký cam kết.", Percent: 50, Done: 5})
	})
	m.work(m.CommitteeA, dues, func(tx *db.Tx, by access.Actor, t task.Task) error {
		return task.ReportDone(tx, by, t.ID, t.Version, task.Report{Text: "Đã thu đủ của 26 đồng chí, nộp lên Đảng ủy ngày 24/10"})
	})
	m.work(m.SecretaryA, dues, func(tx *db.Tx, by access.Actor, t task.Task) error {
		return task.Assess(tx, by, t.ID, t.Version, task.Judgement{Outcome: task.Done})
	})
}

func (m *month) work(who access.PersonID, of task.ID, fn func(tx *db.Tx, by access.Actor, t task.Task) error) {
	m.Helper()
	m.must(who, func(tx *db.Tx, by access.Actor) error {
		t, _, err := task.Find(tx, by, of)
		if err != nil {
			return err
		}
		if t.State == task.Assigned && who != m.SecretaryA {
			if err := task.Accept(tx, by, of, t.Version); err != nil {
				return err
			}
			if t, _, err = task.Find(tx, by, of); err != nil {
				return err
			}
		}
		return fn(tx, by, t.Task)
	})
}

// plan schedules the meeting and gives its agenda people and headings.
func (m *month) plan() {
	m.Helper()
	m.SetNow(clock.NewDate(2026, 10, 25).At(8, 0))
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		planned, err := meeting.Schedule(tx, by, meeting.Plan{
			Unit: m.CellA.ID, Kind: meeting.Regular, Starts: meetingDay.At(19, 30), Minutes: 90, Place: "Nhà văn hóa thôn Đông",
		})
		m.meeting = planned.ID
		return err
	})
	m.item("information", func(t *meeting.ItemText) {
		t.Presenter, t.Note = m.DeputyA, "Kết luận của Ban Chấp hành Trung ương về phát triển nông nghiệp xanh"
	})
	m.item("story", func(t *meeting.ItemText) { t.Presenter = m.MemberA })
}

func (m *month) item(slot string, edit func(t *meeting.ItemText)) {
	m.Helper()
	m.withItem(slot, func(tx *db.Tx, by access.Actor, i meeting.Item) error {
		t := meeting.ItemText{Title: i.Title, Note: i.Note, Headings: i.Headings, Presenter: i.Presenter, Minutes: i.Minutes}
		edit(&t)
		_, err := meeting.ChangeItem(tx, by, i.ID, i.Version, t)
		return err
	})
}

func (m *month) withItem(slot string, fn func(tx *db.Tx, by access.Actor, i meeting.Item) error) {
	m.Helper()
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		agenda, err := meeting.Agenda(tx, by, m.meeting)
		if err != nil {
			return err
		}
		for _, i := range agenda {
			if i.Slot == slot {
				return fn(tx, by, i)
			}
		}
		m.Fatalf("no item %s", slot)
		return nil
	})
}

func (m *month) announce() {
	m.Helper()
	m.SetNow(clock.NewDate(2026, 10, 30).At(9, 0))
	m.Update(func(tx *db.Tx) error {
		return access.Give(tx, access.Grant{Person: m.CommuneSecretary, Unit: m.CellA.ID, Role: access.Attendee, From: org.Founded, Source: "testkit"})
	})
	m.change(func(tx *db.Tx, by access.Actor, version int64) error {
		_, err := meeting.Announce(tx, by, m.meeting, version)
		return err
	})
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		if err := meeting.Tell(tx, by, m.meeting, []access.PersonID{m.MemberA, m.LeaderA}, meeting.Word); err != nil {
			return err
		}
		_, err := meeting.AttachDocument(tx, by, m.meeting, meeting.Document{
			Name: "Dự thảo nghị quyết tháng 11.docx", Media: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Hash: strings.Repeat("ab12", 16), Size: 20480,
		})
		return err
	})
	m.change(func(tx *db.Tx, by access.Actor, version int64) error {
		_, err := meeting.PostDocuments(tx, by, m.meeting, version)
		return err
	})
}

// emptyDraft begins a resolution in which nobody has written yet.
func (m *month) emptyDraft() {
	m.Helper()
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		m.resolution, err = resolution.Draft(tx, by, m.meeting)
		return err
	})
}

// noticeOf plans another meeting and composes its notice.
func (m *month) noticeOf(who access.PersonID, p meeting.Plan) (d paper.Document) {
	m.Helper()
	m.must(who, func(tx *db.Tx, by access.Actor) error {
		planned, err := meeting.Schedule(tx, by, p)
		if err != nil {
			return err
		}
		d, err = document.Notice(tx, by, planned.ID)
		return err
	})
	return d
}

// draft writes the monthly resolution; one task carries on what was left over.
func (m *month) draft() {
	m.Helper()
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) (err error) {
		if m.resolution, err = resolution.Draft(tx, by, m.meeting); err != nil {
			return err
		}
		for section, body := range map[resolution.Section]string{
			resolution.Politics: "Chi bộ đã phổ biến kịp thời các văn bản của cấp trên đến từng đảng viên. Tư tưởng cán bộ, đảng viên và nhân dân ổn định, tin tưởng vào sự lãnh đạo của Đảng.",
			resolution.Duties: "Kinh tế của thôn tiếp tục phát triển; các phong trào được duy trì.\n" +
				"- Vận động 12 hộ chuyển đổi 3,5 ha đất lúa kém hiệu quả sang trồng bưởi da xanh;\n" +
				"- Hoàn thành thu quỹ “Đền ơn đáp nghĩa”, đạt 7.350.000 đồng.",
			resolution.Limits:    "Việc hiến đất mở đường còn chậm do một số hộ đi làm ăn xa.",
			resolution.Direction: "Tập trung hoàn thành đường trục thôn trước ngày 30/11.\n- Ra quân vệ sinh môi trường ngày 15/11;\n- Chuẩn bị Ngày hội Đại đoàn kết toàn dân tộc 18/11.",
		} {
			if err := resolution.EditSection(tx, by, m.resolution, section, 0, body); err != nil {
				return err
			}
		}
		_, err = resolution.AddLine(tx, by, m.resolution, task.New{
			Title: "Tổ chức Ngày hội Đại đoàn kết toàn dân tộc", Area: task.System, Assignee: task.Assignee{Person: m.DeputyA}, Due: clock.NewDate(2026, 11, 18),
		})
		return err
	})
	m.carryRoads()
}

func (m *month) carryRoads() {
	m.Helper()
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		past, err := task.LastTasks(tx, by, m.meeting)
		if err != nil {
			return err
		}
		for _, t := range past {
			if t.Counted() {
				_, err := resolution.AddRest(tx, by, m.resolution, t.ID, t.Version, task.Carry{
					Due: clock.NewDate(2026, 11, 30), Planned: 10, Title: t.Title, Area: t.Area, Assignee: t.Assignee,
				})
				return err
			}
		}
		m.Fatal("no counted task")
		return nil
	})
}

// open begins the meeting and calls the roll: two excused, one absent, the rest
// there.
func (m *month) open() {
	m.Helper()
	m.SetNow(meetingDay.At(19, 30))
	m.change(func(tx *db.Tx, by access.Actor, version int64) error {
		if _, err := meeting.Open(tx, by, m.meeting, version, meeting.Opening{MinuteTaker: m.LeaderA}); err != nil {
			return err
		}
		if err := task.CarryUnfinished(tx, by, m.meeting); err != nil {
			return err
		}
		calls := []meeting.Call{
			{Person: m.MembersA[7], Mark: meeting.Excused, Reason: "đi công tác tại tỉnh"},
			{Person: m.MembersA[8], Mark: meeting.Excused, Reason: "ốm, điều trị tại bệnh viện"},
			{Person: m.MembersA[9], Mark: meeting.Absent},
		}
		if _, err := meeting.MarkAll(tx, by, m.meeting, calls); err != nil {
			return err
		}
		roll, err := meeting.Roll(tx, by, m.meeting)
		if err != nil {
			return err
		}
		if _, err := meeting.MarkAll(tx, by, m.meeting, meeting.Rest(roll, meeting.Present)); err != nil {
			return err
		}
		_, err = meeting.AddGuest(tx, by, m.meeting, meeting.NewGuest{Person: m.CommuneSecretary, Office: "Bí thư Đảng ủy xã", Above: true})
		if err == nil {
			_, err = meeting.AddGuest(tx, by, m.meeting, meeting.NewGuest{Name: "Phan Thị Út", Office: "Trưởng thôn Đông"})
		}
		return err
	})
}

// discuss is what people said and decided.
func (m *month) discuss() {
	m.Helper()
	m.SetNow(meetingDay.At(20, 5))
	say := func(slot string, who access.PersonID, words string) {
		m.withItem(slot, func(tx *db.Tx, by access.Actor, i meeting.Item) error {
			_, err := meeting.Speak(tx, by, m.meeting, meeting.Speech{Item: i.ID, Person: who, Text: words})
			return err
		})
	}
	say("dues", m.CommitteeA, "26 đồng chí đã nộp đủ đảng phí tháng 10; 01 đồng chí được miễn.")
	say("discussion", m.MemberA, "Nhất trí với dự thảo nghị quyết. Đề nghị bổ sung giải pháp vận động các hộ đi làm ăn xa hiến đất mở đường, liên hệ qua điện thoại và nhờ họ hàng tác động.")
	say("discussion", m.MembersA[5], "Đề nghị:\n- Lắp thêm đèn chiếu sáng ở ngõ 3;\n- Nhắc các hộ không đổ rác ra kênh.")
	say("discussion", m.ProbationaryA, "Chi đoàn xin đảm nhận việc trang trí Ngày hội Đại đoàn kết.")
	m.withItem("criticism", func(tx *db.Tx, by access.Actor, i meeting.Item) error {
		_, err := meeting.Criticise(tx, by, m.meeting, meeting.Remarking{Item: i.ID, Kind: meeting.Praise, Person: m.CommitteeA, Text: "Thu đảng phí kịp thời, đầy đủ."})
		return err
	})
	m.withItem("story", func(tx *db.Tx, by access.Actor, i meeting.Item) error {
		_, err := meeting.SkipItem(tx, by, i.ID, i.Version, "Dành thời gian thảo luận việc làm đường")
		return err
	})
	for _, slot := range []string{"opening", "ideology", "discussion"} {
		m.withItem(slot, func(tx *db.Tx, by access.Actor, i meeting.Item) error {
			_, err := meeting.StartItem(tx, by, i.ID, i.Version)
			return err
		})
	}
}

func (m *month) vote() {
	m.Helper()
	m.SetNow(meetingDay.At(20, 50))
	m.withItem("conclusion", func(tx *db.Tx, by access.Actor, i meeting.Item) error {
		v, err := meeting.CallVote(tx, by, meeting.Question{
			Meeting: m.meeting, Item: i.ID, Title: "Thông qua nghị quyết tháng 11", Form: meeting.Hand, Noun: resolution.Noun, NounID: int64(m.resolution),
		})
		if err != nil {
			return err
		}
		if _, err = meeting.RecordVote(tx, by, v.ID, meeting.Tally{Yes: 20, No: 1}, []meeting.Minority{
			{Person: m.MembersA[5], Text: "Đề nghị lùi thời hạn làm đường sang tháng 12"},
		}); err != nil {
			return err
		}
		r, err := resolution.Find(tx, by, m.resolution)
		if err != nil {
			return err
		}
		return resolution.Adopt(tx, by, m.resolution, r.Version, v.ID)
	})
}

// end closes the meeting, scores it, and drafts its minutes.
func (m *month) end() {
	m.Helper()
	m.SetNow(meetingDay.At(21, 10))
	m.change(func(tx *db.Tx, by access.Actor, version int64) error {
		_, err := meeting.Close(tx, by, m.meeting, version, tx.Now)
		return err
	})
	m.score()
	m.beginMinutes()
	draft := m.minutes(m.SecretaryA)
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := minutes.EditText(tx, by, draft.ID, draft.Version, minutes.Conclusions,
			"Đồng chí chủ trì kết luận: chi bộ thống nhất các nội dung trong báo cáo; giao chi ủy hoàn thiện nghị quyết.")
		return err
	})
}

func (m *month) beginMinutes() {
	m.Helper()
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := minutes.Draft(tx, by, m.meeting)
		return err
	})
}

func (m *month) minutes(who access.PersonID) (now minutes.Minutes) {
	m.Helper()
	m.must(who, func(tx *db.Tx, by access.Actor) (err error) {
		now, _, err = minutes.Current(tx, by, m.meeting)
		return err
	})
	return now
}

// amend begins a second version of the minutes.
func (m *month) amend(reason string) {
	m.Helper()
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := minutes.Amend(tx, by, m.meeting, reason)
		return err
	})
}

func (m *month) score() {
	m.Helper()
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		sheet, err := score.Propose(tx, by, m.meeting)
		if err != nil {
			return err
		}
		var claims []score.Claim
		for _, l := range sheet.Lines {
			c := score.Claim{Line: l.ID, Points: l.Proposed}
			if l.Counted && !l.Decided {
				c.Points = l.Max
			}
			if l.ID == "3.3" {
				c.Points, c.Reason = l.Max, "Biên bản họp chi ủy lập trên giấy, lưu tại chi bộ."
			}
			claims = append(claims, c)
		}
		_, err = score.Confirm(tx, by, m.meeting, 0, claims)
		return err
	})
}

func (m *month) approve() {
	m.Helper()
	m.SetNow(meetingDay.At(21, 20))
	draft := m.minutes(m.SecretaryA)
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := minutes.Approve(tx, by, draft.ID, draft.Version)
		return err
	})
}

func (m *month) issue() {
	m.Helper()
	m.SetNow(clock.NewDate(2026, 11, 4).At(8, 0))
	m.must(m.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		r, err := resolution.Find(tx, by, m.resolution)
		if err != nil {
			return err
		}
		return resolution.Issue(tx, by, m.resolution, r.Version, resolution.Signing{Place: "An Bình"})
	})
}

// whole is the month to its end.
func whole(t testing.TB) *month {
	t.Helper()
	m := newMonth(t)
	for _, step := range []func(){m.lastTasks, m.plan, m.announce, m.draft, m.open, m.discuss, m.vote, m.end, m.approve, m.issue} {
		step()
	}
	return m
}
