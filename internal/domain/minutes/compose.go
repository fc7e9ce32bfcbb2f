package minutes

import (
	"slices"
	"strings"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// composer puts a content together. It reads as the program: the right to
// write was checked, and the minutes must say the same whoever writes them.
type composer struct {
	tx  *db.Tx
	as  access.Actor
	at  orgtree.Unit
	of  meeting.Meeting
	out Content

	votesCast []meeting.Vote
	roll      []meeting.Entry
	items     []meeting.Item
	titles    map[meeting.ItemID]string
	names     map[access.PersonID]string
}

func (h room) compose(tx *db.Tx) (Content, error) {
	if h.OpenedAt.IsZero() {
		return Content{}, errs.New(errs.Conflict, "minutes.error.not_opened")
	}
	c := &composer{tx: tx, as: access.Console(), at: h.at, of: h.Meeting}
	for _, part := range []func() error{
		c.records, c.head, c.people, c.attendance, c.agenda, c.course, c.remarks, c.votes, c.lastTasks, c.resolution, c.newTasks, c.score,
	} {
		if err := part(); err != nil {
			return Content{}, err
		}
	}
	return c.out, nil
}

// records reads what several parts are made of.
func (c *composer) records() (err error) {
	if c.roll, err = meeting.Roll(c.tx, c.as, c.of.ID); err != nil {
		return err
	}
	if c.items, err = meeting.Agenda(c.tx, c.as, c.of.ID); err != nil {
		return err
	}
	who := []access.PersonID{c.of.Chair, c.of.MinuteTaker}
	c.titles = map[meeting.ItemID]string{}
	for _, i := range c.items {
		who = append(who, i.Presenter)
		c.titles[i.ID] = i.Title
	}
	c.names, err = member.Names(c.tx, who)
	for _, e := range c.roll {
		c.names[e.Person] = e.Name
	}
	return err
}

func (c *composer) head() error {
	m := c.of
	c.out = Content{
		Number: 1, Meeting: m.ID, Unit: m.Unit, Body: c.at.Name, Kind: m.Kind, Month: m.Month, Topic: m.Topic,
		Place: m.Place, Mode: m.Mode, ModeReason: m.ModeReason, Opened: local(m.OpenedAt), Ended: local(m.ClosedAt),
	}
	if c.at.Parent == 0 {
		return nil
	}
	above, err := orgtree.Find(c.tx, c.at.Parent)
	c.out.Above = above.Name
	return err
}

// local is the instant in Vietnam, to be written the same on every machine.
func local(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return t.In(clock.Zone)
}

func (c *composer) people() (err error) {
	if c.out.Chair, err = c.person(c.of.Chair); err != nil {
		return err
	}
	c.out.MinuteTaker, err = c.person(c.of.MinuteTaker)
	return err
}

func (c *composer) person(who access.PersonID) (Person, error) {
	return personAt(c.tx, c.of, who, c.names[who])
}

// personAt is a person with the highest post they held at the unit on the day
// of the meeting.
func personAt(tx *db.Tx, m meeting.Meeting, who access.PersonID, name string) (Person, error) {
	p := Person{ID: who, Name: name}
	if who == 0 {
		return p, nil
	}
	for _, role := range []access.Role{access.Secretary, access.Deputy, access.CommitteeMember} {
		held, err := access.Holders(tx, m.Unit, role, m.Day())
		if err != nil {
			return p, err
		}
		if slices.ContainsFunc(held, func(g access.Grant) bool { return g.Person == who }) {
			p.Post = role
			return p, nil
		}
	}
	return p, nil
}

func (c *composer) attendance() error {
	figures, err := meeting.Counts(c.tx, c.as, c.of.ID)
	if err != nil {
		return err
	}
	a := &c.out.Attendance
	a.Members, a.Official, a.Probationary, a.Exempt = figures.Members, figures.Official, figures.Probationary, figures.Exempt
	a.Entitled, a.Present, a.PresentOnline, a.Late = figures.Entitled, figures.Present, figures.OnlinePresent, figures.Late
	for _, e := range c.roll {
		a.add(e)
	}
	guests, err := meeting.Guests(c.tx, c.as, c.of.ID)
	for _, g := range guests {
		a.Guests = append(a.Guests, Guest{Name: g.Name, Office: g.Office, Above: g.Above})
	}
	return err
}

// add puts a person of the roll where step 7 counts them.
func (a *Attendance) add(e meeting.Entry) {
	switch {
	case e.Present():
		*a.presentAs(e)++
	case e.Exempt():
		a.ExemptAbsent = append(a.ExemptAbsent, Absence{e.Name, e.Reason})
	case !e.Expected:
	case e.Mark == meeting.Excused:
		a.Excused = append(a.Excused, Absence{e.Name, e.Reason})
	case e.Mark == meeting.Absent:
		a.Absent = append(a.Absent, Absence{e.Name, e.Reason})
	}
}

func (a *Attendance) presentAs(e meeting.Entry) *int {
	switch {
	case e.Here():
		return &a.PresentTemporary
	case e.Exempt():
		return &a.PresentExempt
	case e.Status == member.Probationary:
		return &a.PresentProbationary
	}
	return &a.PresentOfficial
}

func (c *composer) agenda() error {
	for _, i := range c.items {
		c.out.Agenda = append(c.out.Agenda, Point{Title: i.Title, Presenter: c.names[i.Presenter]})
	}
	return nil
}

// course is every item with what was said at it, then what belongs to none.
func (c *composer) course() error {
	opinions, err := meeting.Opinions(c.tx, c.as, c.of.ID)
	if err != nil {
		return err
	}
	said := map[meeting.ItemID][]Speech{}
	for _, o := range opinions {
		said[o.Item] = append(said[o.Item], Speech{Speaker: o.Speaker, Guest: o.Guest != 0, Text: o.Text})
	}
	for _, i := range c.items {
		c.out.Course = append(c.out.Course, c.passage(i, said[i.ID]))
		c.suggest(i, said[i.ID])
	}
	if rest := said[0]; len(rest) > 0 {
		c.out.Course = append(c.out.Course, Passage{Opinions: rest})
	}
	return nil
}

func (c *composer) passage(i meeting.Item, said []Speech) Passage {
	p := Passage{
		Kind: i.Kind, Title: i.Title, Presenter: c.names[i.Presenter], Note: i.Note,
		Minutes: int(i.Spent(c.tx.Now).Minutes()), Skipped: i.SkipReason, Opinions: said,
	}
	for _, h := range i.Headings {
		if h.Done {
			p.Headings = append(p.Headings, h.Text)
		}
	}
	return p
}

// suggest takes what was noted at the items of dues and conclusion as the first
// wording of the parts that people write.
func (c *composer) suggest(i meeting.Item, said []Speech) {
	words := []string{i.Note}
	for _, s := range said {
		words = append(words, s.Text)
	}
	noted := strings.TrimSpace(strings.Join(words, "\n"))
	switch i.Kind {
	case "dues":
		c.out.Text.Dues = noted
	case "conclusion":
		c.out.Text.Conclusions = noted
	}
}

// remarks counts praise and criticism; their words are never read here (S-44).
func (c *composer) remarks() error {
	n, err := meeting.RemarkCounts(c.tx, c.as, c.of.ID)
	c.out.Remarks = Remarks{
		Praise: n[meeting.Praise], Reminder: n[meeting.Reminder], Criticism: n[meeting.Reproach], SelfCriticism: n[meeting.SelfReflection],
	}
	return err
}

func (c *composer) votes() error {
	votes, err := meeting.Votes(c.tx, c.as, c.of.ID)
	c.votesCast = votes
	for _, v := range votes {
		if v.Recorded() && !v.Superseded() {
			c.out.Votes = append(c.out.Votes, c.vote(v))
		}
	}
	return err
}

func (c *composer) vote(v meeting.Vote) Vote {
	out := Vote{
		ID: v.ID, Title: v.Title, Item: c.titles[v.Item], Form: v.Form, Listed: v.Base.Listed, Base: v.Base.Base, Voters: v.Voters,
		Issued: v.Issued, Collected: v.Collected, Yes: v.Yes, No: v.No, Other: v.Other, Invalid: v.Invalid,
		Share: v.Threshold.Label, Passed: v.Passed, Tellers: v.Tellers, Correction: v.Reason,
	}
	for _, d := range v.Base.Deductions {
		out.Deductions = append(out.Deductions, Deduction{d.Label, d.Count})
	}
	for _, m := range v.Minority {
		out.Minority = append(out.Minority, Speech{Speaker: c.names[m.Person], Text: m.Text})
	}
	return out
}

// lastTasks is the first table of the meeting (S-47).
func (c *composer) lastTasks() error {
	rows, err := task.LastTasks(c.tx, c.as, c.of.ID)
	c.out.LastTasks = tasksOf(rows)
	return err
}

func tasksOf(rows []task.Row) []Task {
	var list []Task
	for _, t := range rows {
		list = append(list, Task{
			ID: t.ID, Title: t.Title, Who: t.Who, Area: t.Area, Due: t.Due, Measure: t.Measure, Planned: t.Planned, Carried: t.Carried,
			Done: t.Done, Percent: t.Percent, State: t.State, Outcome: t.Outcome, OnTime: t.OnTime(), Result: t.Result, Judgement: t.Judgement,
		})
	}
	return list
}

// resolution is the monthly resolution, or whichever the meeting adopted first.
func (c *composer) resolution() error {
	list, err := resolution.OfMeeting(c.tx, c.as, c.of.ID)
	if err != nil {
		return err
	}
	for _, r := range list {
		if r.State != resolution.Adopted && r.State != resolution.Issued {
			continue
		}
		if c.out.Resolution != nil && r.Kind != resolution.Monthly {
			continue
		}
		c.out.Resolution = &Resolution{Title: r.Title, Symbol: r.Symbol}
		if v, found := meeting.InForce(c.votesCast, r.Vote); found {
			c.out.Resolution.Yes, c.out.Resolution.Base = v.Yes, v.Base.Base
		}
	}
	return nil
}

// newTasks are the tasks that the meeting gave. None of them is due before it.
func (c *composer) newTasks() error {
	f := task.Filter{From: c.of.Day(), States: []task.State{
		task.Assigned, task.Adjusted, task.Accepted, task.InProgress, task.HandedOver, task.Reported, task.Assessed,
	}}
	for {
		page, err := task.OfUnit(c.tx, c.as, c.of.Unit, f)
		if err != nil || len(page) == 0 {
			return err
		}
		f.After = &page[len(page)-1]
		given := slices.DeleteFunc(slices.Clone(page), func(t task.Row) bool { return t.Meeting != c.of.ID })
		c.out.NewTasks = append(c.out.NewTasks, tasksOf(given)...)
	}
}

// score is what the meeting claimed, if somebody has confirmed it by now.
func (c *composer) score() error {
	if !c.of.Kind.Monthly() {
		return nil
	}
	sheet, err := score.Find(c.tx, c.as, c.of.ID)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	c.out.Score = &Score{Claimed: sheet.Claimed, Reachable: sheet.Reachable, Class: sheet.Class.Label}
	for _, k := range sheet.Criteria() {
		c.out.Score.Criteria = append(c.out.Score.Criteria, Criterion{ID: k.ID, Label: k.Label, Max: k.Max, Points: k.Claimed})
	}
	return nil
}
