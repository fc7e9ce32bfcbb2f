package demo

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/resolution"
)

// longestSession is more than any meeting of the demo takes.
const longestSession = 3 * time.Hour

// begin holds the regular meeting, unless it was put off or would still be going
// on when the story ends.
func (m *month) begin(s *scene) error {
	if m.starts.After(s.tx.Now) {
		m.later(m.starts, m.begin)
		return nil
	}
	if m.starts.Add(longestSession).After(s.now) {
		return nil
	}
	return m.hold(s)
}

// hold is the regular meeting from the opening to the end.
func (m *month) hold(s *scene) error {
	x, err := s.opened(m.house, m.meeting, m.taker, m.delay())
	if err != nil {
		return err
	}
	x.pace = m.pace()
	x.items = map[string]func(meeting.Item) error{
		"last_tasks": func(meeting.Item) error { return m.judgeTasks(x) },
		"discussion": func(item meeting.Item) error { return m.discussion(x, item) },
		"criticism":  func(item meeting.Item) error { return m.criticism(x, item) },
		"tasks":      func(meeting.Item) error { return m.carryOn(x) },
		"conclusion": func(item meeting.Item) error { return m.conclude(x, item) },
	}
	if due := m.dueForRecognition(s); len(due) > 0 {
		x.items["vote"] = func(item meeting.Item) error { return m.recognise(x, item, due) }
	}
	if err := inTurn(func() error { return m.welcome(x) }, x.callRoll, x.walk, x.end, x.tickByHand); err != nil {
		return err
	}
	m.afterwards(s)
	return nil
}

func (m *month) delay() time.Duration {
	d := m.dice("delay", m.month)
	if m.manner.Trait == fiction.Tardy || m.manner.Trait == fiction.Sparse {
		return time.Duration(d.Between(8, 20)) * time.Minute
	}
	return time.Duration(d.Between(0, 5)) * time.Minute
}

// pace is how thoroughly the cell goes through its agenda.
func (m *month) pace() int {
	d := m.dice("pace", m.month)
	switch m.manner.Trait {
	case fiction.Good:
		return d.Between(101, 110)
	case fiction.Boastful, fiction.Silent, fiction.Copying:
		return d.Between(58, 78)
	case fiction.Tardy, fiction.Sparse:
		return d.Between(75, 98)
	}
	return d.Between(92, 108)
}

// welcome notes the committee member who follows the cell, now and then.
func (m *month) welcome(x *session) error {
	if m.follower.id == 0 || !x.Chance(18) {
		return nil
	}
	_, err := meeting.AddGuest(x.tx, x.taker, x.id, meeting.NewGuest{
		Person: m.follower.id, Office: "Đảng ủy viên phụ trách chi bộ", Reason: visitorsReason, Above: true,
	})
	return err
}

// discussion has as many speak as is the cell's habit: about its own matters,
// and about what every cell talks about.
func (m *month) discussion(x *session, item meeting.Item) error {
	share := m.manner.Speakers + x.Between(-6, 8)
	n := max(1, (len(x.present())*share+50)/100)
	lines := append(fiction.Some(x.Dice, m.milieu.Opinions, len(m.milieu.Opinions)), opinions...)
	if m.copies(m.month) {
		lines = lines[:min(3, len(lines))]
	}
	if i, ok := m.probationer(); ok && slices.Contains(x.present(), m.ids[i]) && x.Chance(50) {
		if err := x.speak(item, m.ids[i], fiction.One(x.Dice, probationers)); err != nil {
			return err
		}
	}
	return x.discuss(item, n, lines)
}

// criticism notes who was praised, reminded and criticised, who looked at
// themselves, and what was answered (S-44). Some cells avoid it.
func (m *month) criticism(x *session, item meeting.Item) error {
	if !x.Chance(30 + m.manner.Diligence*3/4) {
		return nil
	}
	people := fiction.Some(x.Dice, x.present(m.head()), 3)
	if len(people) < 3 {
		return nil
	}
	remarks := []meeting.Remarking{{Kind: meeting.Praise, Person: people[0], Text: fiction.One(x.Dice, praises)}}
	if x.Chance(45) {
		remarks = append(remarks, meeting.Remarking{Kind: meeting.Reminder, Person: people[1], Text: fiction.One(x.Dice, reminders)})
	}
	if x.Chance(m.manner.Diligence / 4) {
		remarks = append(remarks, meeting.Remarking{Kind: meeting.Reproach, Author: people[0], Person: people[2], Text: fiction.One(x.Dice, reproaches)})
	}
	for _, r := range remarks {
		r.Item, r.Text = item.ID, fmt.Sprintf(r.Text, m.nameOf(r.Person))
		if err := m.remark(x, r); err != nil {
			return err
		}
	}
	if !x.Chance(m.manner.Diligence / 3) {
		return nil
	}
	return m.remark(x, meeting.Remarking{Item: item.ID, Kind: meeting.SelfReflection, Author: people[1], Text: fiction.One(x.Dice, reflections)})
}

func (m *month) remark(x *session, r meeting.Remarking) error {
	x.at(x.tx.Now.Add(70 * time.Second))
	c, err := meeting.Criticise(x.tx, x.taker, x.id, r)
	if err != nil || r.Kind != meeting.Reproach && r.Kind != meeting.Reminder {
		return err
	}
	_, err = meeting.Reply(x.tx, x.taker, c.ID, c.Version, fiction.One(x.Dice, replies))
	return err
}

// conclude puts the resolution to the vote and adopts it. Where too few came
// the vote fails and the draft stays one.
func (m *month) conclude(x *session, item meeting.Item) error {
	v, err := meeting.CallVote(x.tx, x.taker, meeting.Question{
		Meeting: x.id, Item: item.ID, Title: "Thông qua nghị quyết tháng " + m.month.Vietnamese(), Form: fiction.One(x.Dice, []meeting.Form{meeting.Hand, meeting.Card}),
		Noun: resolution.Noun, NounID: int64(m.resolution),
	})
	if err != nil {
		return err
	}
	if v, err = m.count(x, v.ID, 5); err != nil || !v.Passed {
		return err
	}
	r, err := resolution.Find(x.tx, x.chair, m.resolution)
	if err != nil {
		return err
	}
	if err := resolution.Adopt(x.tx, x.chair, m.resolution, r.Version, v.ID); err != nil {
		return err
	}
	return m.giveOut(x)
}

// count records a vote in which nearly all agree; whoever is outvoted may have
// their opinion kept (S-45).
func (m *month) count(x *session, vote meeting.VoteID, doubts int) (meeting.Vote, error) {
	x.at(x.tx.Now.Add(2 * time.Minute))
	figures, err := meeting.Counts(x.tx, x.taker, x.id)
	if err != nil {
		return meeting.Vote{}, err
	}
	t := meeting.Tally{Yes: figures.Voters}
	var kept []meeting.Minority
	if figures.Voters > 5 && x.Chance(doubts) {
		t.Yes, t.No = t.Yes-1, 1
		kept = m.minority(x)
	}
	return meeting.RecordVote(x.tx, x.taker, vote, t, kept)
}

func (m *month) minority(x *session) []meeting.Minority {
	for _, e := range x.roll {
		if e.Mark == meeting.Present && e.Votes && !x.leads(e.Person) {
			return []meeting.Minority{{Person: e.Person, Text: minority}}
		}
	}
	return nil
}

// dueForRecognition are those whose probation is over and on whom the cell has
// not voted.
func (m *month) dueForRecognition(s *scene) []int {
	var list []int
	for i, p := range m.people {
		if m.ids[i] != 0 && p.Recognised.IsZero() && !m.recognised[i] && !p.Ceremony.AddMonths(12).After(s.today()) {
			list = append(list, i)
		}
	}
	return list
}

// recognise votes by ballot on people at the end of their probation (rules 8);
// some weeks later the decision comes from above.
func (m *month) recognise(x *session, item meeting.Item, people []int) error {
	for _, i := range people {
		v, err := meeting.CallVote(x.tx, x.taker, meeting.Question{
			Meeting: x.id, Item: item.ID, Matter: "recognition", Form: meeting.SecretBallot,
			Title: "Đề nghị công nhận đảng viên chính thức đối với đồng chí " + m.people[i].Name, Noun: "member", NounID: int64(m.ids[i]),
		})
		if err != nil {
			return err
		}
		if v, err = m.ballot(x, v.ID); err != nil {
			return err
		}
		if !v.Passed {
			continue // the next meeting votes again
		}
		m.recognised[i] = true
		m.later(x.tx.Now.AddDate(0, 0, x.Between(16, 26)), func(s *scene) error { return m.decideRecognition(s, i) })
	}
	return nil
}

func (m *month) ballot(x *session, vote meeting.VoteID) (meeting.Vote, error) {
	x.at(x.tx.Now.Add(6 * time.Minute))
	figures, err := meeting.Counts(x.tx, x.taker, x.id)
	if err != nil {
		return meeting.Vote{}, err
	}
	return meeting.RecordVote(x.tx, x.taker, vote, meeting.Tally{
		Yes: figures.Voters, Issued: figures.Voters, Collected: figures.Voters, Tellers: m.nameOf(cmp.Or(m.second(), m.head())),
	}, nil)
}

func (m *month) decideRecognition(s *scene, i int) error {
	office, err := s.as(s.staff.officeHead.id)
	if err != nil {
		return err
	}
	b, err := member.Find(s.tx, office, m.ids[i])
	if err != nil {
		return err
	}
	return member.Recognise(s.tx, office, m.ids[i], b.Version, member.Recognition{
		Day: s.today(), Decision: "Quyết định công nhận đảng viên chính thức của Ban Thường vụ Đảng ủy phường",
	})
}
