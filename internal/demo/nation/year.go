package nation

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/id"
)

// year is the months that are told, with the rules of their days.
type year struct {
	months []month
	levels map[string]string // of kinds of organisations
	now    time.Time
}

type month struct {
	clock.Month
	day                            clock.Date // on which cells meet
	rhythm, votes, sheet, document rulepack.Ref
	classes                        []rulepack.Class
	title                          string // of the sheet
	share                          rulepack.Threshold
}

// yearUntil reads the rules of the months. What would come after the beginning of
// today has not happened.
func yearUntil(today clock.Date, months int) year {
	set := rulepack.Shipped()
	y := year{levels: map[string]string{}, now: today.At(0, 0)}
	states, _ := shipped(rulepack.Rule[rulepack.States](set, "states", "", today))
	for _, kind := range states.OrgKinds {
		y.levels[kind.ID] = kind.Level
	}
	last := clock.MonthOf(today)
	first := max(last.Add(1-months), clock.MonthOf(founded))
	for _, of := range first.Until(last) {
		m := month{Month: of}
		day := of.First()
		rhythm, ref := shipped(rulepack.Rule[rulepack.Rhythm](set, "rhythm", "", day))
		kind, _ := rhythm.Kind(string(meeting.Regular))
		m.rhythm, m.day = ref, kind.DayIn(day.Year(), day.Month(), set.WorkingDays())
		votes, ref := shipped(rulepack.Rule[rulepack.Votes](set, "votes", "", day))
		m.votes = ref
		for _, matter := range votes.Matters {
			if matter.ID == "resolution" && matter.Body == "cell" {
				m.share = matter.Threshold
			}
		}
		sheet, ref := shipped(rulepack.Rule[rulepack.ScoreSheet](set, "scoresheet", "", day))
		m.sheet, m.classes, m.title = ref, sheet.Classes, sheet.Title
		_, m.document = shipped(rulepack.Rule[rulepack.Format](set, "format", "", day))
		y.months = append(y.months, m)
	}
	return y
}

// shipped is for the packs that the program ships: one that is missing is a slip
// of the program, not of who uses it.
func shipped[A, B any](a A, b B, err error) (A, B) {
	if err != nil {
		panic(err)
	}
	return a, b
}

func (y year) last() clock.Date { return y.months[len(y.months)-1].First() }

// at is when something happened; nothing happens after now.
func (y year) at(t time.Time) any {
	if t.After(y.now) {
		return nil
	}
	return t.UnixMilli()
}

// session is a meeting that is being drawn.
type session struct {
	*cell
	month
	number                  int // of the resolution
	meeting, resolution     int64
	vote                    int64
	held                    clock.Date
	chair, taker            person
	opened, closed, written time.Time
	combined                bool
	// Figures of the roll.
	total, present, excused, absent, exempt, entitled, listed, deducted, voters, spoke int
}

// open is a task that waits for the next meeting.
type open struct {
	id       int64
	idea     fiction.Idea
	who      person
	due      clock.Date
	given    session
	position int
	planned  int64
	carried  int64
	before   any // the task whose rest it carries on
}

// drawYear draws the months of a cell.
func (p *plan) drawYear(b *batch, c *cell) {
	var waiting []open
	number := 0
	for i, m := range p.year.months {
		if c.manner.Trait == fiction.Silent && i >= len(p.year.months)-c.fades {
			continue
		}
		s := session{cell: c, month: m, held: m.day}
		s.plan()
		if s.closed.After(p.year.now) {
			continue
		}
		s.meeting = b.next()
		s.callRoll(b, len(p.year.months)-i)
		s.speak(b)
		rests := s.review(b, waiting)
		if waiting = nil; 2*s.present > s.entitled { // without a quorum nothing is resolved
			number++
			s.number = number
			waiting = s.resolve(b, rests)
		}
		s.score(b, p.year)
		s.record(b, p.year)
		s.countRoll(b)
	}
	for _, t := range waiting {
		t.leave(b, c, p.year)
	}
	if number > 0 {
		b.add(series, c.id, "resolution", founded.String(), int64(number))
	}
}

// plan says when and by whom the meeting is held.
func (s *session) plan() {
	switch {
	case s.manner.Trait == fiction.Tardy && s.Chance(70):
		s.held = s.day.AddDays(s.Between(5, 9))
	case s.Chance(6):
		s.held = s.day.AddDays(s.Between(1, 3))
	}
	quarterly := map[fiction.Trait]int{fiction.Good: 100, fiction.Plain: 88}[s.manner.Trait]
	s.combined = s.First().Month()%3 == 2 && s.Chance(max(quarterly, 45))
	s.opened = s.held.At(s.hour, s.Between(0, 40))
	minutes := s.Between(90, 112)
	switch {
	case s.manner.Trait == fiction.Boastful || s.manner.Trait == fiction.Silent:
		minutes = s.Between(52, 80)
	case s.combined:
		minutes += 30
	}
	s.closed = s.opened.Add(time.Duration(minutes) * time.Minute)
	s.chair = s.leader(0)
	if !s.vacant.IsZero() && !s.held.Before(s.vacant) {
		s.chair = s.leader(1)
	}
	s.taker = s.people[min(2, len(s.people)-1)]
	s.written = s.closed.Add(12 * time.Minute)
}

var excuses = []string{"Đi công tác", "Sức khỏe yếu", "Gia đình có việc", "Đi khám bệnh", "Trực cơ quan", "Chăm người ốm"}

// callRoll draws who is there; a cell that fades loses people with the months.
func (s *session) callRoll(b *batch, left int) {
	attendance := s.manner.Attendance
	if s.manner.Trait == fiction.Silent {
		attendance -= 3 * max(0, 9-left)
	}
	day, marked := s.held.String(), s.opened.Add(4*time.Minute).UnixMilli()
	for _, who := range s.people {
		status, there := who.on(day)
		if !there {
			continue
		}
		official := status == "official"
		s.total++
		if official {
			s.listed++
		}
		mark, mode, reason, overlay, how := "present", "in_person", "", "", "taker"
		var arrived, at, by any = marked, marked, s.taker.id
		switch {
		case who.exempt:
			overlay = "exempt"
			s.exempt++
			if !s.Chance(8) {
				mark, mode, how, arrived, at, by = "", "", "", nil, nil, nil
				if official {
					s.deducted++
				}
			}
		case who.id == s.chair.id || who.id == s.taker.id || s.Chance(attendance):
		case s.Chance(s.manner.Absentees):
			mark, mode, arrived = "absent", "", nil
			s.absent++
		default:
			mark, mode, reason, arrived = "excused", "", fiction.One(s.Dice, excuses), nil
			s.excused++
		}
		if mark == "present" {
			s.present++
			if official {
				s.voters++
			}
		}
		if !who.exempt || mark == "present" {
			s.entitled++
		}
		b.add(roll, s.meeting, who.id, who.name, "", status, overlay, !who.exempt, official, mark, mode, reason, arrived, how, at, by)
	}
}

var sayings = []string{
	"Nhất trí với báo cáo của chi ủy.", "Đề nghị làm rõ người chịu trách nhiệm từng việc.", "Cần quan tâm nguồn phát triển đảng viên trẻ.",
	"Đề nghị gửi tài liệu sớm hơn.", "Việc tháng trước còn chậm, cần tập trung.", "Đồng ý với phương hướng tháng tới.",
	"Kiến nghị cấp trên trả lời ý kiến của nhân dân.", "Nên biểu dương các đồng chí làm tốt.",
}

// speak notes some of what was said. Of two who speak one is written down in a
// country of this size.
func (s *session) speak(b *batch) {
	most := s.present * s.manner.Speakers / 300
	for i, who := range s.people {
		if s.spoke > most {
			return
		}
		if _, there := who.on(s.held.String()); !there || who.exempt || !s.presentAt(b, who) || i > 0 && !s.Chance(30) {
			continue
		}
		s.spoke++
		b.add(opinions, b.next(), s.meeting, who.id, fiction.One(s.Dice, sayings), s.opened.Add(time.Duration(30+2*s.spoke)*time.Minute).UnixMilli())
	}
}

// presentAt looks the person up among the newest rows of the roll.
func (s *session) presentAt(b *batch, who person) bool {
	width := len(tables[roll].Columns)
	rows := b.rows[roll]
	for at := len(rows) - width; at >= 0 && rows[at] == any(s.meeting); at -= width {
		if rows[at+1] == any(who.id) {
			return rows[at+8] == any("present")
		}
	}
	return false
}

// review puts the tasks of the meeting before before the meeting, and gives what
// is left of them.
func (s *session) review(b *batch, waiting []open) (rests []open) {
	for _, t := range waiting {
		b.add(reviews, s.meeting, t.id, s.cell.id, s.held.String())
		done := s.Chance(s.manner.Done)
		amount := t.planned + t.carried
		outcome, reported := "done", t.due.AddDays(-s.Between(0, 4))
		finished, late := amount, ""
		switch {
		case done:
		case s.Chance(40):
			reported, late = t.due.AddDays(s.Between(1, 3)), "Phải chờ phối hợp"
			if reported.After(s.held) {
				reported = s.held
			}
		default:
			outcome = "not_done"
			if amount > 1 {
				outcome, finished = "partly", amount*int64(s.Between(30, 80))/100
			} else {
				finished = 0
			}
			rests = append(rests, open{idea: t.idea, who: t.who, carried: amount - finished, before: t.id})
		}
		percent, result := int64(100), t.idea.Result
		if outcome != "done" {
			percent, result, reported = 50, "", clock.Date{}
		}
		t.add(b, s.cell, "assessed", finished, percent, result, late, reported, outcome, s.held, s.chair.id)
	}
	return rests
}

// add writes the task as it stands.
func (t open) add(b *batch, c *cell, state string, done, percent int64, result, late string, reported clock.Date, outcome string, ended clock.Date, ender int64) {
	var reporter, endedBy any
	if !reported.IsZero() {
		reporter = t.who.id
	}
	if ender != 0 {
		endedBy = ender
	}
	b.add(tasks, t.id, c.id, t.given.resolution, t.given.meeting, t.before, int64(t.position), t.idea.Title, string(t.idea.Area), t.who.id, state,
		t.due.String(), t.due.String(), t.idea.Measure, t.planned, t.carried, done, percent, result, late, day(reported), reporter,
		outcome, day(ended), endedBy, t.given.held.String(), t.given.chair.id, int64(4))
	t.count(b, c, task.Task{State: task.State(state), Outcome: task.Outcome(outcome), Due: t.due, ReportedDay: reported, EndedDay: ended})
}

// leave writes a task that no meeting has judged yet.
func (t open) leave(b *batch, c *cell, y year) {
	state, percent, reported := "in_progress", int64(30), clock.Date{}
	if today := clock.DateOf(y.now); c.manner.Trait != fiction.Silent && c.Chance(c.manner.Done/2) {
		reported = t.given.held.AddDays(c.Between(3, 12))
		if reported.Before(today) {
			state, percent = "reported", 100
		} else {
			reported = clock.Date{}
		}
	}
	done := int64(0)
	if state == "reported" {
		done = t.planned + t.carried
	}
	t.add(b, c, state, done, percent, "", "", reported, "", clock.Date{}, 0)
}

func day(d clock.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}

// resolve has the resolution voted and issued, with the tasks that it gives.
func (s *session) resolve(b *batch, rests []open) []open {
	s.vote, s.resolution = b.next(), b.next()
	called := s.closed.Add(-12 * time.Minute)
	base := s.listed - s.deducted
	no := 0
	if s.voters > 5 && s.Chance(6) {
		no = 1
	}
	yes := s.voters - no
	passed := s.share.Passed(yes, base)
	of := fmt.Sprintf("tháng %02d/%d", s.First().Month(), s.First().Year())
	b.add(votes, s.vote, s.meeting, "resolution", "cell", "Thông qua nghị quyết "+of, "resolution", s.resolution, "hand", called.UnixMilli(), s.taker.id,
		called.Add(2*time.Minute).UnixMilli(), s.taker.id, "MEMBERS", int64(s.listed), int64(base), int64(s.voters), int64(yes), int64(no), int64(0),
		int64(s.share.Num), int64(s.share.Den), s.share.Strict, s.share.Label, passed, s.votes.ID, s.votes.Hash, int64(2))
	s.count(b, s.Month, meeting.TallyVotes, 1)
	if passed {
		s.count(b, s.Month, meeting.TallyVotesPassed, 1)
	}
	if s.deducted > 0 {
		b.add(deductions, s.vote, int64(1), "exempt", "Đảng viên được miễn công tác và sinh hoạt đảng, không dự", int64(s.deducted))
	}
	given := s.assign(b, rests)
	s.issue(b, yes, base, given)
	return given
}

// assign gives what was left over, and new tasks beside it.
func (s *session) assign(b *batch, rests []open) []open {
	given := rests
	for range (s.Between(s.manner.Tasks[0], s.manner.Tasks[1])+1)/3 - len(rests) {
		t := open{idea: fiction.One(s.Dice, s.milieu.Tasks), who: fiction.One(s.Dice, s.people)}
		if t.idea.Planned > 0 {
			t.planned = max(2, int64(t.idea.Planned*s.Between(70, 130)/100))
		}
		if _, there := t.who.on(s.held.String()); !there || t.who.exempt {
			t.who = s.chair
		}
		given = append(given, t)
	}
	next := s.day.AddMonths(1)
	for i := range given {
		t := &given[i]
		t.id, t.given, t.position, t.due = b.next(), *s, i+1, next.AddDays(-s.Between(2, 8))
	}
	return given
}

// issue writes the resolution with its number and its whole text.
func (s *session) issue(b *batch, yes, base int, given []open) {
	adopted, day := s.closed.Add(-10*time.Minute), s.held.AddDays(1)
	symbol := fmt.Sprintf("%02d-NQ/CB", s.number)
	title := fmt.Sprintf("Lãnh đạo thực hiện nhiệm vụ tháng %s năm %d", inDocuments(s.First().Month()), s.First().Year())
	signing := "BÍ THƯ"
	if s.chair.id != s.people[0].id {
		signing = "PHÓ BÍ THƯ"
	}
	b.add(resolutions, s.resolution, s.cell.id, "monthly", "issued", s.meeting, title, s.First().String(), s.Last().String(), s.vote, adopted.UnixMilli(),
		int64(s.number), symbol, day.String(), s.seat, "T/M CHI BỘ", s.chair.id, signing, s.chair.name, s.document.ID, s.document.Hash,
		s.opened.AddDate(0, 0, -4).UnixMilli())
	s.count(b, clock.MonthOf(clock.DateOf(adopted)), resolution.TallyAdopted, 1)
	s.count(b, clock.MonthOf(day), resolution.TallyIssued, 1)
	b.add(numbers, s.cell.id, "resolution", founded.String(), int64(s.number), symbol, day.String(), "resolution", s.resolution)
	t := resolution.Text{
		Opening: &resolution.Opening{
			Total: s.total, Present: s.present, Excused: s.excused, Absent: s.absent, Exempt: s.exempt,
			Minutes: int(s.closed.Sub(s.opened).Minutes()), Opened: s.opened.UTC(), Place: room, Chair: s.chair.name, Secretary: s.taker.name,
		},
		Sections: []resolution.SectionText{{Section: resolution.Direction, Body: fiction.One(s.Dice, s.milieu.Plans), Version: 1}},
		Ballot:   &resolution.Ballot{Yes: yes, Base: base},
	}
	for _, g := range given {
		t.Tasks = append(t.Tasks, resolution.Line{
			Task: id.Of[task.Task](g.id), Title: g.idea.Title, Area: g.idea.Area, Who: g.who.name, Due: g.due, OriginalDue: g.due, State: task.Assigned,
		})
	}
	content, err := json.Marshal(t)
	if err != nil {
		panic(err) // names, numbers and days
	}
	b.add(texts, s.resolution, int64(1), "issued", s.written.UnixMilli(), s.chair.id, string(content))
}

// inDocuments writes a month as documents do: the first two take a 0 (rules 26).
func inDocuments(m time.Month) string {
	if m <= time.February {
		return fmt.Sprintf("%02d", m)
	}
	return strconv.Itoa(int(m))
}

const room = "Nhà văn hóa, phòng họp của chi bộ"

// published is when results are opened to the members.
func (s *session) published() time.Time {
	if s.manner.Trait == fiction.Tardy {
		return s.held.AddDays(4).At(20, 10)
	}
	return s.held.AddDays(1).At(16, 20)
}

// reportedAt is when the minutes go to the committee above.
func reportedAt(published time.Time) time.Time { return published.Add(18 * time.Hour) }

func (s *session) publishBy() clock.Date { return s.held.AddDays(2) }

// score writes the sheet; some of those who neglect everything neglect it too.
func (s *session) score(b *batch, y year) {
	at := s.published().Add(-time.Hour)
	trait := s.manner.Trait
	if at.After(y.now) || (trait == fiction.Silent || trait == fiction.Tardy) && s.Chance(40) {
		return
	}
	reachable := 95
	if s.combined {
		reachable = 100
	}
	rate := 100 * s.present / max(1, s.entitled)
	evidence := min(reachable, 30+rate*45/100+s.manner.Done*12/100+s.Between(4, 10))
	claimed := min(reachable, evidence+s.Between(-1, 4))
	if trait == fiction.Boastful {
		claimed = min(reachable, evidence+s.Between(12, 24))
	}
	class := func(points int) rulepack.Class {
		for _, c := range s.classes {
			if points >= c.Min {
				return c
			}
		}
		return s.classes[len(s.classes)-1]
	}
	said, shown := class(claimed), class(evidence)
	facts := fmt.Sprintf(`{"Minutes":%d,"Required":90,"Members":%d,"Combined":%v,"Entitled":%d,"Present":%d,"AbsentWithReason":%d,"AbsentNoReason":%d,"Speakers":%d}`,
		int(s.closed.Sub(s.opened).Minutes()), s.total, s.combined, s.entitled, s.present, s.excused, s.absent, s.spoke)
	b.add(scores, s.meeting, s.cell.id, string(s.Month), s.title, int64(claimed), int64(evidence), int64(min(65, evidence*2/3)), int64(65), int64(reachable), int64(100),
		said.ID, said.Label, shown.ID, shown.Label, facts, s.sheet.ID, s.sheet.Hash, at.UnixMilli(), s.chair.id, at.UnixMilli())
	s.countSheet(b, claimed, evidence, reachable, said.ID, shown.ID)
}

// record writes the meeting as its story leaves it.
func (s *session) record(b *batch, y year) {
	kind, topic, reason := meeting.Regular, "", ""
	if s.combined {
		kind, topic = meeting.Combined, fiction.One(s.Dice, s.milieu.Topics)
	}
	if s.held != s.day {
		reason = "Trùng lịch công tác chung"
	}
	published := s.published()
	reported := reportedAt(published)
	state := meeting.Minuted
	answer, answered := "", reported.AddDate(0, 0, s.Between(1, 6))
	switch {
	case !reported.After(y.now):
		state = meeting.Reported
		if !answered.After(y.now) && s.Chance(93) {
			answer = string(meeting.Acknowledged)
		}
	case !published.After(y.now):
		state = meeting.Published
	}
	var when any
	if answer != "" {
		when = answered.UnixMilli()
	}
	var scored any
	if rows := b.rows[scores]; len(rows) > 0 && rows[len(rows)-len(tables[scores].Columns)] == any(s.meeting) {
		scored = published.Add(-time.Hour).UnixMilli()
	}
	s.countMeeting(b, kind, published, y)
	announced := s.held.AddDays(-3).At(9, 0)
	var docs any
	if s.Chance(s.manner.Diligence) {
		docs = s.held.AddDays(-2).At(9, 0).UnixMilli()
	}
	b.add(meetings, s.meeting, s.cell.id, string(kind), string(state), string(s.Month), s.held.At(s.hour, 0).UnixMilli(), int64(90), "in_person", room, topic, reason,
		s.chair.id, s.taker.id, announced.UnixMilli(), announced.UnixMilli(), docs, s.opened.UnixMilli(), s.closed.UnixMilli(), s.written.UnixMilli(),
		y.at(published), s.publishBy().String(), scored, y.at(reported), when, answer, int64(0), s.rhythm.ID, s.rhythm.Hash, int64(11))
	if s.manner.Trait == fiction.Copying {
		b.add(items, b.next(), s.meeting, int64(1), "discussion", "Nội dung trọng tâm của tháng", s.milieu.Plans[0], int64(1_200_000), s.closed.UnixMilli())
	}
}
