package demo

import (
	"slices"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/kernel/access"
)

// session is a meeting that is being held: of a cell, on a theme, of its
// committee.
type session struct {
	*scene
	*house
	fiction.Dice
	id    meeting.ID
	mode  meeting.Mode
	chair access.Actor
	taker access.Actor // writes what is said
	roll  []meeting.Entry
	// items is what happens at the kinds of items that are more than words.
	items map[string]func(meeting.Item) error
	// pace is how much of its planned time an item takes, of a hundred.
	pace int
}

// opened begins a meeting: the chair opens it, a few minutes late as a rule,
// and the minute-taker writes from then on.
func (s *scene) opened(h *house, id meeting.ID, taker access.PersonID, after time.Duration) (*session, error) {
	x := &session{scene: s, house: h, Dice: h.dice("session", s.today()), id: id, items: map[string]func(meeting.Item) error{}, pace: 100}
	s.at(s.tx.Now.Add(after))
	var err error
	if x.chair, err = s.as(h.head()); err != nil {
		return nil, err
	}
	now, err := meeting.Find(s.tx, x.chair, id)
	if err != nil {
		return nil, err
	}
	if _, err := meeting.Open(s.tx, x.chair, id, now.Version, meeting.Opening{MinuteTaker: taker}); err != nil {
		return nil, err
	}
	x.mode = now.Mode
	if x.taker, err = s.as(taker); err != nil {
		return nil, err
	}
	x.roll, err = meeting.Roll(s.tx, x.taker, id)
	return x, err
}

// callRoll marks everybody who is expected, and late comers when they come.
func (x *session) callRoll() error {
	x.at(x.tx.Now.Add(4 * time.Minute))
	var calls, late []meeting.Call
	for i, e := range x.roll {
		c, comes := x.call(e)
		if !comes {
			continue
		}
		switch {
		case c.Mark == meeting.Present && x.Chance(6) && !x.leads(e.Person):
			late = append(late, c)
		default:
			calls = append(calls, c)
		}
		x.roll[i].Mark = c.Mark
	}
	if _, err := meeting.MarkAll(x.tx, x.taker, x.id, calls); err != nil || len(late) == 0 {
		return err
	}
	began := x.tx.Now
	x.at(began.Add(time.Duration(x.Between(9, 17)) * time.Minute))
	_, err := meeting.MarkAll(x.tx, x.taker, x.id, late)
	x.at(began)
	return err
}

func (x *session) leads(p access.PersonID) bool { return p == x.chair.Person || p == x.taker.Person }

// call is what the roll call finds about a person; somebody who is not asked to
// come mostly does not.
func (x *session) call(e meeting.Entry) (c meeting.Call, noted bool) {
	c = meeting.Call{Person: e.Person, Mark: meeting.Present}
	if x.leads(e.Person) {
		return c, true
	}
	if !e.Expected {
		return c, e.Exempt() && x.Chance(12)
	}
	attendance := x.manner.Attendance
	old := x.age(e.Person) >= 75
	if old {
		attendance -= 8
	}
	if x.Chance(attendance) && !x.ailing(e.Person) {
		if x.mode == meeting.Mixed && x.Chance(30) {
			c.Mode = meeting.Online
		}
		return c, true
	}
	if x.Chance(x.manner.Absentees) {
		c.Mark = meeting.Absent
		return c, true
	}
	c.Mark, c.Reason = meeting.Excused, fiction.One(x.Dice, absences)
	if old {
		c.Reason = fiction.One(x.Dice, oldAge)
	}
	return c, true
}

func (h *house) age(of access.PersonID) int {
	if i := slices.Index(h.ids, of); i >= 0 && of != 0 {
		return h.people[i].Age(h.director.ward.today)
	}
	return 0
}

// ailing reports whether this is the one of a cell that few visit who has been
// ill for half a year: a run of absences that the sheet asks about.
func (x *session) ailing(of access.PersonID) bool {
	story := x.ward.story
	return x.manner.Trait == fiction.Sparse && of == x.ids[x.elder()] && story.before(meeting.MonthOf(x.today())) <= 5
}

// present are those in the room, without whom they leave out.
func (x *session) present(without ...access.PersonID) []access.PersonID {
	var list []access.PersonID
	for _, e := range x.roll {
		if e.Mark == meeting.Present && !slices.Contains(without, e.Person) {
			list = append(list, e.Person)
		}
	}
	return list
}

// walk takes the items one after the other, each for about its time.
func (x *session) walk() error {
	agenda, err := meeting.Agenda(x.tx, x.chair, x.id)
	if err != nil {
		return err
	}
	for _, item := range agenda {
		if x.leavesOut(item) {
			if _, err := meeting.SkipItem(x.tx, x.chair, item.ID, item.Version, "Không có nội dung này trong tháng"); err != nil {
				return err
			}
			continue
		}
		if item, err = meeting.StartItem(x.tx, x.chair, item.ID, item.Version); err != nil {
			return err
		}
		ends := x.tx.Now.Add(time.Duration(item.Minutes*x.pace*60/100+20) * time.Second)
		if err := x.during(item); err != nil {
			return err
		}
		if x.tx.Now.Before(ends) {
			x.at(ends)
		}
	}
	return nil
}

// leavesOut is whether a matter is passed over: there is none, or the cell does
// not take the time.
func (x *session) leavesOut(item meeting.Item) bool {
	if item.Optional && item.Minutes == 0 {
		return x.items[item.Kind] == nil
	}
	return item.Optional && (item.Presenter == 0 || !x.Chance(40+x.manner.Diligence/2))
}

// during ticks the headings of an item and does what belongs to it.
func (x *session) during(item meeting.Item) (err error) {
	for i := range item.Headings {
		if !x.Chance(50 + x.manner.Diligence/2) {
			continue
		}
		if item, err = meeting.TickHeading(x.tx, x.taker, item.ID, item.Version, i, true); err != nil {
			return err
		}
	}
	if do := x.items[item.Kind]; do != nil {
		return do(item)
	}
	return nil
}

// speak has a person say something.
func (x *session) speak(item meeting.Item, person access.PersonID, words string) error {
	x.at(x.tx.Now.Add(time.Duration(x.Between(50, 100)) * time.Second))
	_, err := meeting.Speak(x.tx, x.taker, x.id, meeting.Speech{Item: item.ID, Person: person, Text: words})
	return err
}

// discuss has n of those present speak, each something of their own.
func (x *session) discuss(item meeting.Item, n int, lines []string) error {
	people := fiction.Some(x.Dice, x.present(x.chair.Person), n)
	lines = fiction.Some(x.Dice, lines, len(lines))
	for i, person := range people {
		if len(lines) == 0 {
			return nil
		}
		if err := x.speak(item, person, lines[i%len(lines)]); err != nil {
			return err
		}
	}
	return nil
}

// end closes the meeting.
func (x *session) end() error {
	now, err := meeting.Find(x.tx, x.chair, x.id)
	if err != nil {
		return err
	}
	if _, err := meeting.Close(x.tx, x.chair, x.id, now.Version, time.Time{}); err != nil {
		return err
	}
	x.held++
	return nil
}

// tickByHand notes the steps of the meeting itself that no record shows.
func (x *session) tickByHand() error {
	if !x.Chance(x.manner.Diligence) {
		return nil
	}
	steps, err := meeting.Steps(x.tx, x.chair, x.id)
	if err != nil {
		return err
	}
	for _, step := range steps {
		if note := byHand[step.Slot]; note != "" && !step.Done() {
			if err := meeting.CompleteStep(x.tx, x.chair, step.ID, step.Version, note); err != nil {
				return err
			}
		}
	}
	return nil
}

// approve has the minutes written by the minute-taker and approved.
func (s *scene) approve(by, taker access.Actor, of meeting.ID) error {
	draft, err := minutes.Draft(s.tx, taker, of)
	if err != nil {
		return err
	}
	_, err = minutes.Approve(s.tx, by, draft.ID, draft.Version)
	return err
}

// committee holds the meeting of the committee before that of the cell, or of
// those who lead it where there is no committee. A cell with a secretary alone
// has none.
func (m *month) committee(s *scene) error {
	taker := m.second()
	if m.vacant {
		taker = m.ids[2]
	}
	if taker == 0 {
		return nil
	}
	head, err := s.as(m.head())
	if err != nil {
		return err
	}
	planned, err := meeting.Schedule(s.tx, head, meeting.Plan{
		Unit: m.unit.ID, Kind: meeting.Committee, Month: m.month, Starts: s.tx.Now.Add(time.Hour).Truncate(time.Minute), Place: m.room, Chair: m.head(),
	})
	if err != nil {
		return err
	}
	if _, err := meeting.Announce(s.tx, head, planned.ID, planned.Version); err != nil {
		return err
	}
	s.at(planned.Starts)
	x, err := s.opened(m.house, planned.ID, taker, 2*time.Minute)
	if err != nil {
		return err
	}
	x.items["discussion"] = func(item meeting.Item) error { return x.discuss(item, x.Between(1, 3), committee) }
	return inTurn(x.callRoll, x.walk, x.end, func() error {
		return s.approve(x.chair, x.taker, x.id)
	})
}
