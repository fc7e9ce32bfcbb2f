package demo

import (
	"cmp"
	"time"

	"chibo/internal/demo/fiction"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
)

// addTasks writes the tasks of the month into the draft of the resolution.
func (m *month) addTasks(s *scene, by access.Actor) error {
	key := any(m.month)
	if m.copies(m.month) {
		key = "the same"
	}
	d := m.dice("tasks", key)
	hands := fiction.Some(d, m.hands(s.today()), len(m.people))
	if len(hands) == 0 {
		hands = []access.PersonID{m.head()}
	}
	for i, idea := range fiction.Some(d, m.milieu.Tasks, d.Between(m.manner.Tasks[0], m.manner.Tasks[1])) {
		n := task.New{
			Title: idea.Title, Area: idea.Area, Measure: idea.Measure, Planned: int64(m.planned(d, idea)),
			Assignee: m.assignee(d, idea, hands[i%len(hands)]), Due: m.due(d),
		}
		if _, err := resolution.AddLine(s.tx, by, m.resolution, n); err != nil {
			return err
		}
	}
	return nil
}

// planned is the number of an idea for a cell of this size.
func (m *month) planned(d fiction.Dice, idea fiction.Idea) int {
	if idea.Planned == 0 {
		return 0
	}
	return max(2, idea.Planned*d.Between(70, 130)/100)
}

// assignee is who does it: mostly a person, now and then a party group or a
// mass organisation.
func (m *month) assignee(d fiction.Dice, idea fiction.Idea, person access.PersonID) task.Assignee {
	switch {
	case idea.Body && d.Chance(14):
		return task.Assignee{Body: fiction.One(d, massOrganisations)}
	case len(m.groupIDs) > 0 && idea.Planned > 0 && d.Chance(22):
		return task.Assignee{Group: fiction.One(d, m.groupIDs)}
	}
	return task.Assignee{Person: person}
}

// due is the last week before the next meeting; one in ten takes a month more.
func (m *month) due(d fiction.Dice) clock.Date {
	next := m.month.Add(1).First()
	if d.Chance(10) {
		next = m.month.Add(2).First()
	}
	return next.AddDays(-d.Between(1, 7))
}

// giveOut writes into the script what will become of the tasks that were given.
func (m *month) giveOut(x *session) error {
	given, err := task.OfUnit(x.tx, x.chair, m.unit.ID, task.Filter{Resolution: m.resolution})
	if err != nil {
		return err
	}
	for i, t := range given {
		m.open = append(m.open, t.ID)
		m.workOn(x.tx.Now, t.Task, m.dice("fate", m.month, i))
	}
	return nil
}

// job is a task under way, with who writes about it; nobody is whoever heads the
// cell by then.
type job struct {
	*house
	fiction.Dice
	id     task.ID
	worker access.PersonID
	idea   fiction.Idea
}

// workOn is the life of a task until its judgement.
func (m *month) workOn(given time.Time, t task.Task, d fiction.Dice) {
	j := &job{house: m.house, Dice: d, id: t.ID, worker: m.workerOf(t, d), idea: m.ideaOf(t.Title)}
	evening := func(day clock.Date) time.Time { return day.At(d.Between(18, 21), d.Between(0, 59)) }
	day := clock.DateOf(given)
	if d.Chance(70) {
		j.later(evening(day.AddDays(d.Between(1, 3))), j.accept)
	}
	if d.Chance(3) && t.Assignee.Person != 0 {
		j.later(evening(day.AddDays(4)), j.handOver)
	}
	if d.Chance(45) {
		j.later(evening(day.AddDays(max(5, t.Due.Sub(day)/2))), func(s *scene) error { return j.progress(s, d.Between(20, 60)) })
	}
	switch fate := d.IntN(100); {
	case fate < m.manner.Done:
		j.later(evening(t.Due.AddDays(-d.Between(0, 4))), func(s *scene) error { return j.report(s, "") })
	case d.Chance(35):
		j.later(evening(t.Due.AddDays(d.Between(1, 3))), func(s *scene) error { return j.report(s, fiction.One(d, lateReasons)) })
	case d.Chance(30):
		j.later(evening(t.Due.AddDays(-1)), func(s *scene) error { return j.extend(s, t.Due.AddDays(d.Between(18, 24))) })
	case d.Chance(60):
		j.later(evening(t.Due.AddDays(-1)), func(s *scene) error { return j.progress(s, d.Between(30, 70)) })
	}
}

// workerOf writes about the task: whoever has it or the group's leader. For a
// mass organisation, and for those who have no use for a phone, it is nobody:
// the head of the cell writes.
func (m *month) workerOf(t task.Task, d fiction.Dice) access.PersonID {
	switch {
	case t.Assignee.Body != "":
		return 0
	case t.Assignee.Group != 0:
		for i, g := range m.groupIDs {
			if g == t.Assignee.Group {
				return m.ids[2+i]
			}
		}
	case m.age(t.Assignee.Person) >= 68 && d.Chance(60):
		return 0
	}
	return t.Assignee.Person
}

func (h *house) ideaOf(title string) fiction.Idea {
	for _, i := range h.milieu.Tasks {
		if i.Title == title {
			return i
		}
	}
	return fiction.Idea{Result: "Đã thực hiện xong."}
}

// now is the task as it stands, with who works on it.
func (j *job) now(s *scene) (access.Actor, task.Task, error) {
	by, err := s.as(cmp.Or(j.worker, j.head()))
	if err != nil {
		return by, task.Task{}, err
	}
	row, _, err := task.Find(s.tx, by, j.id)
	return by, row.Task, err
}

func (j *job) accept(s *scene) error {
	by, t, err := j.now(s)
	if err != nil || t.State != task.Assigned {
		return err
	}
	return task.Accept(s.tx, by, t.ID, t.Version)
}

// progress notes how far it has come, in numbers where the task has one.
func (j *job) progress(s *scene, percent int) error {
	by, t, err := j.now(s)
	if err != nil || !t.May("progress") {
		return err
	}
	u := task.Update{Text: fiction.One(j.Dice, progress), Percent: percent}
	if t.Counted() {
		u.Done = t.Target() * int64(percent) / 100
	}
	return task.Progress(s.tx, by, t.ID, t.Version, u)
}

// report says that it is done, with something to show for it if the cell is
// that way inclined; a report that shows nothing may come back.
func (j *job) report(s *scene, late string) error {
	by, t, err := j.now(s)
	if err != nil || !t.May("report") {
		return err
	}
	if j.Chance(j.manner.Diligence / 2) {
		if err := j.attach(s, by, t); err != nil {
			return err
		}
	} else if j.Chance(6) {
		j.later(s.tx.Now.Add(20*time.Hour), j.sendBack)
	}
	return task.ReportDone(s.tx, by, t.ID, t.Version, task.Report{Text: j.idea.Result, Done: t.Target(), LateReason: late})
}

func (j *job) attach(s *scene, by access.Actor, t task.Task) error {
	name, content := evidence(t.Title, j.idea.Result)
	f, err := s.store(name, content)
	if err != nil {
		return err
	}
	_, err = task.Attach(s.tx, by, t.ID, task.File{Name: f.Name, Media: f.Media, Hash: f.Hash, Size: f.Size})
	return err
}

// sendBack asks for more; the next evening it is reported again.
func (j *job) sendBack(s *scene) error {
	_, t, err := j.now(s)
	if err != nil || t.State != task.Reported {
		return err
	}
	by, err := s.as(j.judge(t.Assignee.Person))
	if err != nil {
		return err
	}
	if err := task.Assess(s.tx, by, t.ID, t.Version, task.Judgement{SendBack: true, Note: fiction.One(j.Dice, againReasons)}); err != nil {
		return err
	}
	j.later(s.tx.Now.Add(10*time.Hour), func(s *scene) error { return j.report(s, "") })
	return nil
}

// extend moves the due day, and later the task is reported within it.
func (j *job) extend(s *scene, due clock.Date) error {
	_, t, err := j.now(s)
	if err != nil || !t.May("extend") {
		return err
	}
	by, err := s.as(j.head())
	if err != nil {
		return err
	}
	if err := task.Extend(s.tx, by, t.ID, t.Version, due, fiction.One(j.Dice, extendReasons)); err != nil {
		return err
	}
	j.later(due.AddDays(-2).At(20, 0), func(s *scene) error { return j.report(s, "") })
	return nil
}

// handOver offers the task to somebody else, who takes it the next day.
func (j *job) handOver(s *scene) error {
	by, t, err := j.now(s)
	if err != nil || !t.May("hand_over") {
		return err
	}
	others := j.hands(s.today())
	to := fiction.One(j.Dice, others)
	if to == t.Assignee.Person {
		return nil
	}
	if err := task.HandOver(s.tx, by, t.ID, t.Version, to, fiction.One(j.Dice, handReasons)); err != nil {
		return err
	}
	j.worker = to
	j.later(s.tx.Now.Add(15*time.Hour), func(s *scene) error {
		by, t, err := j.now(s)
		if err != nil || t.State != task.HandedOver {
			return err
		}
		return task.Accept(s.tx, by, t.ID, t.Version)
	})
	return nil
}

// judgeTasks takes the tasks of the cell one by one: what was reported is
// accepted, what is past its day without a report ends as it is (S-47).
func (m *month) judgeTasks(x *session) error {
	var open []task.ID
	for _, of := range m.open {
		row, _, err := task.Find(x.tx, x.chair, of)
		if err != nil {
			return err
		}
		j := judgement(x, row.Task)
		if j.Outcome == "" {
			if row.Open() {
				open = append(open, of)
			}
			continue
		}
		by, err := x.as(m.judge(row.Assignee.Person))
		if err != nil {
			return err
		}
		x.at(x.tx.Now.Add(45 * time.Second))
		if err := task.Assess(x.tx, by, row.ID, row.Version, j); err != nil {
			return err
		}
		if j.Outcome != task.Done {
			m.unfinished = append(m.unfinished, row.ID)
		}
	}
	m.open = open
	return nil
}

// judgement is what the cell makes of a task; no outcome lets it go on.
func judgement(x *session, t task.Task) task.Judgement {
	switch {
	case t.State == task.Reported:
		return task.Judgement{Outcome: task.Done}
	case !t.Open() || !t.Due.Before(x.today()) || t.State == task.HandedOver:
		return task.Judgement{}
	case t.Done > 0 || t.Percent > 0:
		return task.Judgement{Outcome: task.Partly, Note: fiction.One(x.Dice, partlyReasons)}
	}
	return task.Judgement{Outcome: task.NotDone, Note: fiction.One(x.Dice, undoneReasons)}
}

// carryOn writes the rest of unfinished tasks into the resolution: what was
// planned anew and what was left over stay visible side by side (S-79).
func (m *month) carryOn(x *session) error {
	rest := m.unfinished
	m.unfinished = nil
	for _, of := range rest {
		if !x.Chance(40 + m.manner.Diligence/2) {
			continue
		}
		row, _, err := task.Find(x.tx, x.chair, of)
		if err != nil {
			return err
		}
		c := task.Carry{Due: m.due(x.Dice), Planned: row.Planned}
		if _, err := resolution.AddRest(x.tx, x.chair, m.resolution, of, row.Version, c); err != nil {
			return err
		}
	}
	return nil
}
