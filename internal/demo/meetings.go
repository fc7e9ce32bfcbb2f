package demo

import (
	"slices"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
)

// month is a regular meeting under way: from the plan to the answer of the
// office above.
type month struct {
	*house
	month      meeting.Month
	meeting    meeting.ID
	starts     time.Time
	text       monthText
	resolution resolution.ID
	taker      access.PersonID // writes the minutes
}

// planOnce plans the meeting, unless it is that of the next month and this one's
// is still to come in the cell where newcomers should find one.
func (h *house) planOnce(s *scene, of meeting.Month) error {
	last := h.director.ward.story.last
	if !h.shown() || of <= last {
		return h.plan(s, of)
	}
	head, err := s.as(h.head())
	if err != nil {
		return err
	}
	present, err := meeting.InMonth(s.tx, head, h.unit.ID, last)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(present, func(m meeting.Meeting) bool { return m.Kind.Monthly() && m.State.Upcoming() }) {
		return nil
	}
	return h.plan(s, of)
}

// plan schedules the regular meeting of the month and what is to be done before
// it.
func (h *house) plan(s *scene, of meeting.Month) error {
	head, err := s.as(h.head())
	if err != nil {
		return err
	}
	m := &month{house: h, month: of, text: h.text(of)}
	planned, err := m.schedule(s, head)
	if err != nil {
		return err
	}
	m.meeting, m.starts = planned.ID, planned.Starts
	if h.shown() && m.starts.Add(longestSession).After(s.now) {
		return m.leaveToNewcomers(s)
	}
	m.prepare()
	return nil
}

// tardyDays is how long after the usual day a tardy cell meets.
const tardyDays = 6

func (m *month) schedule(s *scene, head access.Actor) (meeting.Meeting, error) {
	day, err := meeting.ProposeDay(s.tx, head, m.unit.ID, m.month)
	if err != nil {
		return meeting.Meeting{}, err
	}
	p := meeting.Plan{
		Unit: m.unit.ID, Kind: meeting.Regular, Month: m.month, Starts: m.theirHour(day), Minutes: m.length(), Place: m.room, Chair: m.head(),
	}
	d := m.dice("plan", m.month)
	if m.manner.Trait == fiction.Tardy && d.Chance(70) {
		p.Starts = m.theirHour(day.AddDays(tardyDays + d.Between(0, 4)))
		p.DayReason = fiction.One(d, tardyReasons)
	}
	if m.cellType == fiction.PrivateFirm.CellType || m.cellType == fiction.Students.CellType && d.Chance(30) {
		p.Mode, p.ModeReason = meeting.Mixed, mixedReason
	}
	return meeting.Schedule(s.tx, head, p)
}

// length is for how many minutes the cell plans: the larger ones longer.
func (m *month) length() int {
	if len(m.people) >= groupsFrom {
		return 120
	}
	return 90
}

// leaveToNewcomers begins a preparation and leaves the rest to whoever tries
// the program: the draft is given out, the month's material is there.
func (m *month) leaveToNewcomers(s *scene) error {
	head, err := s.as(m.head())
	if err != nil {
		return err
	}
	steps, err := meeting.Steps(s.tx, head, m.meeting)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(steps, func(step meeting.Step) bool { return step.Slot == "assign" })
	if i >= 0 {
		if err := meeting.AssignStep(s.tx, head, steps[i].ID, steps[i].Version, m.preparer()); err != nil {
			return err
		}
		if err := meeting.CompleteStep(s.tx, head, steps[i].ID, steps[i].Version+1, "Đã giao đồng chí phó bí thư dự thảo, xong trước cuộc họp chi ủy"); err != nil {
			return err
		}
	}
	name, content := m.director.ward.material(m.month)
	return m.attach(s, head, name, content)
}

// committeeDays is how long before the cell its committee meets. A meeting counts
// for the month in which it is held or for the one before, so a committee that
// prepares the 3rd meets on the 1st or the 2nd.
const committeeDays = 2.05

// prepare puts the days before the meeting into the script. A cell that cares
// little does it all on the last days.
func (m *month) prepare() {
	d := m.dice("prepare", m.month)
	careful := d.Chance(m.manner.Diligence)
	before := func(days float64) time.Time { return m.starts.Add(-time.Duration(days * 24 * float64(time.Hour))) }
	if careful {
		m.later(before(6.9), m.draft)
		m.later(before(committeeDays), m.committee)
		m.later(before(3.1), m.announceMonth)
		m.later(before(1.8), m.postDocuments)
	} else {
		m.later(before(2.9), m.draft)
		if d.Chance(35) {
			m.later(before(committeeDays), m.committee)
		}
		m.later(before(1.4), m.announceMonth)
		if d.Chance(60) {
			m.later(before(0.7), m.postDocuments)
		}
	}
	m.later(m.starts, m.begin)
}

// draft fills the agenda with what is particular to the month and drafts the
// resolution.
func (m *month) draft(s *scene) error {
	by, err := s.as(m.preparer())
	if err != nil {
		return err
	}
	if err := m.fillAgenda(s, by); err != nil {
		return err
	}
	if m.resolution, err = resolution.Draft(s.tx, by, m.meeting); err != nil {
		return err
	}
	for _, part := range []resolution.SectionText{
		{Section: resolution.Politics, Body: m.text.politics},
		{Section: resolution.Duties, Body: m.text.duties},
		{Section: resolution.Limits, Body: m.text.limits},
		{Section: resolution.Praise, Body: m.text.praise},
		{Section: resolution.Direction, Body: m.text.direction},
	} {
		if err := resolution.EditSection(s.tx, by, m.resolution, part.Section, 0, part.Body); err != nil {
			return err
		}
	}
	return m.addTasks(s, by)
}

// fillAgenda says what the items are about this month and who presents those
// that have nobody; the story and the minutes go round (S-22, S-46).
func (m *month) fillAgenda(s *scene, by access.Actor) error {
	if err := m.nameMinuteTaker(s, by); err != nil {
		return err
	}
	agenda, err := meeting.Agenda(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	d := m.dice("agenda", m.month)
	for _, item := range agenda {
		t := meeting.ItemText{Title: item.Title, Note: item.Note, Headings: item.Headings, Presenter: item.Presenter, Minutes: item.Minutes}
		switch item.Kind {
		case "information":
			t.Note = m.text.information
		case "ideology":
			t.Note = m.text.ideology
		case "report":
			t.Note = m.text.direction
		case "dues", "score":
			t.Presenter = m.ids[min(m.offices-1, 2)]
		case "story":
			if t.Presenter, err = m.storyteller(s, by); err != nil {
				return err
			}
			t.Note = fiction.One(d, stories)
			if m.copies(m.month) {
				t.Note = stories[0]
			}
		default:
			continue
		}
		if _, err := meeting.ChangeItem(s.tx, by, item.ID, item.Version, t); err != nil {
			return err
		}
	}
	return nil
}

func (m *month) nameMinuteTaker(s *scene, by access.Actor) error {
	turns, err := meeting.SuggestMinuteTaker(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	m.taker = m.head()
	if len(turns) > 0 {
		m.taker = turns[0].Person
	}
	now, err := meeting.Find(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	_, err = meeting.NameMinuteTaker(s.tx, by, m.meeting, now.Version, m.taker)
	return err
}

func (m *month) storyteller(s *scene, by access.Actor) (access.PersonID, error) {
	turns, err := meeting.SuggestStory(s.tx, by, m.meeting)
	if err != nil || len(turns) == 0 {
		return 0, err
	}
	return turns[0].Person, nil
}

func (m *month) announceMonth(s *scene) error {
	if err := m.announce(s); err != nil {
		return err
	}
	return m.perhapsPostpone()
}

// announce tells the members; whoever has no account gets the sheet or a word.
// A few forget somebody.
func (m *month) announce(s *scene) error {
	by, err := s.as(m.head())
	if err != nil {
		return err
	}
	now, err := meeting.Find(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	if _, err := meeting.Announce(s.tx, by, m.meeting, now.Version); err != nil {
		return err
	}
	return m.tell(s, by, m.meeting)
}

func (h *house) tell(s *scene, by access.Actor, of meeting.ID) error {
	told, err := meeting.Delivery(s.tx, by, of)
	if err != nil {
		return err
	}
	d := h.dice("tell", s.today())
	reached := map[meeting.Channel][]access.PersonID{}
	for _, t := range told {
		channel := meeting.Sheet
		if d.Chance(40) {
			channel = meeting.Word
		}
		if t.Channel == meeting.NotTold && d.Chance(max(h.manner.Diligence, 80)+h.manner.Diligence/5) {
			reached[channel] = append(reached[channel], t.Person)
		}
	}
	for _, channel := range []meeting.Channel{meeting.Sheet, meeting.Word} {
		if len(reached[channel]) == 0 {
			continue
		}
		if err := meeting.Tell(s.tx, by, of, reached[channel], channel); err != nil {
			return err
		}
	}
	return nil
}

// perhapsPostpone puts a meeting off, rarely, by two days (S-51).
func (m *month) perhapsPostpone() error {
	d := m.dice("postpone", m.month)
	if !d.Chance(4) {
		return nil
	}
	was := m.starts
	m.starts = was.AddDate(0, 0, 2)
	m.later(was.Add(-20*time.Hour), func(s *scene) error { return m.postpone(s, fiction.One(d, postponements)) })
	return nil
}

func (m *month) postpone(s *scene, reason string) error {
	by, err := s.as(m.head())
	if err != nil {
		return err
	}
	now, err := meeting.Find(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	if now, err = meeting.Postpone(s.tx, by, m.meeting, now.Version, meeting.Postponement{Starts: m.starts, Reason: reason}); err != nil {
		return err
	}
	if _, err := meeting.Announce(s.tx, by, m.meeting, now.Version); err != nil {
		return err
	}
	return m.tell(s, by, m.meeting)
}

// postDocuments gives the month's material and the draft report to the members.
func (m *month) postDocuments(s *scene) error {
	by, err := s.as(m.preparer())
	if err != nil {
		return err
	}
	name, content := m.director.ward.material(m.month)
	if err := m.attach(s, by, name, content); err != nil {
		return err
	}
	name, content = m.report(m.month, m.text)
	if err := m.attach(s, by, name, content); err != nil {
		return err
	}
	now, err := meeting.Find(s.tx, by, m.meeting)
	if err != nil {
		return err
	}
	_, err = meeting.PostDocuments(s.tx, by, m.meeting, now.Version)
	return err
}

func (m *month) attach(s *scene, by access.Actor, name, content string) error {
	file, err := s.store(name, content)
	if err != nil {
		return err
	}
	_, err = meeting.AttachDocument(s.tx, by, m.meeting, file)
	return err
}
