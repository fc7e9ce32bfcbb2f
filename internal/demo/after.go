package demo

import (
	"fmt"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
)

// afterwards writes the days after the meeting into the script.
func (m *month) afterwards(s *scene) {
	d := m.dice("after", m.month)
	day := s.today()
	sealed, published, reported := day.AddDays(1).At(8, d.Between(0, 50)), day.AddDays(1).At(16, d.Between(0, 59)), day.AddDays(2).At(9, d.Between(0, 59))
	if d.Chance(m.manner.Diligence) {
		sealed = s.tx.Now.Add(12 * time.Minute)
	}
	if m.manner.Trait == fiction.Tardy || !d.Chance(55+m.manner.Diligence/2) {
		published = day.AddDays(d.Between(3, 6)).At(20, d.Between(0, 59))
		reported = published.AddDate(0, 0, d.Between(1, 3))
	}
	m.later(sealed, func(s *scene) error { return m.seal(s, m.meeting, m.taker) })
	m.later(published.Add(-90*time.Minute), m.score)
	m.later(published, m.publish)
	if d.Chance(m.manner.Diligence) {
		// The sheet asks whether the results were published and whether it was
		// filled in itself, so it is looked at once more.
		m.later(published.Add(15*time.Minute), m.score)
	}
	m.later(published.Add(30*time.Minute), m.issue)
	m.later(reported, func(s *scene) error { return m.reportUp(s, m.meeting) })
	if m.thematic(m.director.ward.seed, m.month) {
		m.later(reported.Add(3*time.Hour), func(s *scene) error { return m.planThematic(s, m.month) })
	}
}

func (h *house) seal(s *scene, of meeting.ID, taker access.PersonID) error {
	by, err := s.as(h.head())
	if err != nil {
		return err
	}
	writer, err := s.as(taker)
	if err != nil {
		return err
	}
	return s.approve(by, writer, of)
}

// score confirms the sheet: what the records decide as they decide it, or, in a
// cell that wants to shine, the most there is.
func (m *month) score(s *scene) error {
	by, err := s.as(m.head())
	if err != nil {
		return err
	}
	sheet, err := score.Propose(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	d := m.dice("score", m.month)
	var claims []score.Claim
	for _, line := range sheet.Lines {
		if line.Counted {
			claims = append(claims, m.claim(d, line))
		}
	}
	if sheet, err = score.Confirm(s.tx, by, m.meeting, sheet.Version, claims); err != nil {
		return err
	}
	_, err = resolution.SetQuality(s.tx, by, m.meeting,
		fmt.Sprintf("Chi bộ tự chấm %d/%d điểm, xếp loại %s.", sheet.Claimed, sheet.Reachable, sheet.Class.Label))
	return err
}

func (m *month) claim(d fiction.Dice, line score.Line) score.Claim {
	most := line.Max
	if len(line.Options) > 0 {
		most = line.Options[0].Points
	}
	switch {
	case line.Decided && m.manner.Trait == fiction.Boastful && line.Proposed < most && d.Chance(85):
		return score.Claim{Line: line.ID, Points: most, Reason: claimed}
	case line.Decided:
		return score.Claim{Line: line.ID, Points: line.Proposed}
	case d.Chance(m.manner.Scores):
		return score.Claim{Line: line.ID, Points: most}
	case len(line.Options) > 1:
		return score.Claim{Line: line.ID, Points: line.Options[1].Points}
	}
	return score.Claim{Line: line.ID}
}

// issue gives the adopted resolution its number and date.
func (m *month) issue(s *scene) error {
	by, err := s.as(m.head())
	if err != nil {
		return err
	}
	r, err := resolution.Find(s.tx, by, m.resolution)
	if err != nil || r.State != resolution.Adopted {
		return err
	}
	return resolution.Issue(s.tx, by, r.ID, r.Version, resolution.Signing{})
}

func (m *month) publish(s *scene) error {
	by, err := s.as(m.head())
	if err != nil {
		return err
	}
	_, err = score.Publish(s.tx, by, m.meeting)
	return err
}

// reportUp sends the results to the office above, which answers some days
// later.
func (h *house) reportUp(s *scene, of meeting.ID) error {
	by, err := s.as(h.head())
	if err != nil {
		return err
	}
	if _, err := score.Report(s.tx, by, of); err != nil {
		return err
	}
	d := h.dice("answer", s.today())
	answered := s.today().AddDays(d.Between(1, 4)).At(d.Between(8, 16), d.Between(0, 59))
	if d.Chance(12) {
		answered = answered.AddDate(0, 0, d.Between(12, 24)) // the office has other things to do
	}
	h.later(answered, func(s *scene) error { return h.answer(s, of, d) })
	return nil
}

// tooMuch is by how many points a claim may exceed the evidence before the
// office sends it back.
const tooMuch = 15

// answer acknowledges the report, or sends it back: then the cell reports once
// more.
func (h *house) answer(s *scene, of meeting.ID, d fiction.Dice) error {
	office, err := s.as(s.staff.organisationHead.id)
	if err != nil {
		return err
	}
	gap, before, err := h.looked(s, office, of)
	if err != nil {
		return err
	}
	if before || gap <= tooMuch && !d.Chance(3) {
		_, err = meeting.Acknowledge(s.tx, office, of)
		return err
	}
	reason := sentBack[0]
	if gap <= tooMuch {
		reason = fiction.One(d, sentBack[1:])
	}
	if _, err := meeting.SendBack(s.tx, office, of, reason); err != nil {
		return err
	}
	again := s.today().AddDays(d.Between(5, 9)).At(20, 10)
	if h.manner.Trait == fiction.Boastful {
		again = again.AddDate(0, 0, 14) // it argues first
	}
	h.later(again, func(s *scene) error { return h.reportUp(s, of) })
	return nil
}

// looked is by how much the meeting's claim exceeds the evidence, and whether
// its report was sent back before.
func (h *house) looked(s *scene, office access.Actor, of meeting.ID) (gap int, before bool, err error) {
	steps, err := meeting.Reports(s.tx, office, of)
	if err != nil {
		return 0, false, err
	}
	for _, step := range steps {
		before = before || step.Step == string(meeting.SentBack)
	}
	m, err := meeting.Find(s.tx, office, of)
	if err != nil || !m.Kind.Monthly() {
		return 0, before, err
	}
	sheet, err := score.Propose(s.tx, office, of)
	return sheet.Gap(), before, err
}

// planThematic plans the quarter's thematic meeting and prepares it.
func (h *house) planThematic(s *scene, of meeting.Month) error {
	by, err := s.as(h.head())
	if err != nil {
		return err
	}
	d := h.dice("thematic", of)
	starts := h.theirHour(workday(of.First().AddDays(d.Between(16, 20))))
	if !starts.After(s.tx.Now.AddDate(0, 0, 3)) {
		return nil
	}
	quarters := int(of.First().Sub(clock.NewDate(2025, time.January, 1)) / 90)
	topic := h.milieu.Topics[(quarters+h.number)%len(h.milieu.Topics)]
	planned, err := meeting.Schedule(s.tx, by, meeting.Plan{
		Unit: h.unit.ID, Kind: meeting.Thematic, Month: of, Starts: starts, Place: h.room, TopicKey: topic, Chair: h.head(),
	})
	if err != nil {
		return err
	}
	t := &month{house: h, month: of, meeting: planned.ID, starts: planned.Starts}
	t.later(starts.Add(-75*time.Hour), t.announceTheme)
	if d.Chance(5) {
		t.later(starts.Add(-26*time.Hour), t.cancel)
		return nil
	}
	if d.Chance(60 + h.manner.Diligence/3) {
		t.later(starts.Add(-46*time.Hour), func(s *scene) error { return t.postTheme(s, planned.Topic) })
	}
	t.later(starts, t.holdTheme)
	return nil
}

// workday is the day, or the Monday after a weekend.
func workday(day clock.Date) clock.Date {
	for day.Weekday() == time.Saturday || day.Weekday() == time.Sunday {
		day = day.AddDays(1)
	}
	return day
}

func (m *month) announceTheme(s *scene) error {
	by, err := s.as(m.head())
	if err != nil {
		return err
	}
	if err := m.nameMinuteTaker(s, by); err != nil {
		return err
	}
	agenda, err := meeting.Agenda(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	speakers := m.hands(s.today())
	for _, item := range agenda {
		if item.Kind != "topic" || len(speakers) == 0 {
			continue
		}
		t := meeting.ItemText{Title: item.Title, Headings: item.Headings, Minutes: item.Minutes, Presenter: fiction.One(m.dice("topic", m.month), speakers)}
		if _, err := meeting.ChangeItem(s.tx, by, item.ID, item.Version, t); err != nil {
			return err
		}
	}
	return m.announce(s)
}

func (m *month) cancel(s *scene) error {
	by, err := s.as(m.head())
	if err != nil {
		return err
	}
	now, err := meeting.Find(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	_, err = meeting.Cancel(s.tx, by, m.meeting, now.Version, "Đồng chí chuẩn bị chuyên đề ốm đột xuất; chuyển nội dung sang quý sau")
	return err
}

func (m *month) postTheme(s *scene, topic string) error {
	by, err := s.as(m.preparer())
	if err != nil {
		return err
	}
	content := fmt.Sprintf("DỰ THẢO CHUYÊN ĐỀ\n%s\n\n1. Mục đích, yêu cầu\n2. Thực trạng tại %s\n%s\n3. Giải pháp\n%s\n", topic, m.short(), fiction.One(m.dice("theme", m.month), m.milieu.Duties), fiction.One(m.dice("theme plan", m.month), m.milieu.Plans))
	if err := m.attach(s, by, "Dự thảo chuyên đề.txt", content); err != nil {
		return err
	}
	now, err := meeting.Find(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	_, err = meeting.PostDocuments(s.tx, by, m.meeting, now.Version)
	return err
}

func (m *month) holdTheme(s *scene) error {
	if m.starts.Add(longestSession).After(s.now) {
		return nil
	}
	x, err := s.opened(m.house, m.meeting, m.taker, m.delay())
	if err != nil {
		return err
	}
	x.pace = m.pace()
	x.items["discussion"] = func(item meeting.Item) error { return m.discussion(x, item) }
	if err := inTurn(x.callRoll, x.walk, x.end); err != nil {
		return err
	}
	day := s.today()
	m.later(s.tx.Now.Add(12*time.Minute), func(s *scene) error { return m.seal(s, m.meeting, m.taker) })
	m.later(day.AddDays(1).At(16, 30), m.publish)
	m.later(day.AddDays(2).At(9, 15), func(s *scene) error { return m.reportUp(s, m.meeting) })
	return nil
}
