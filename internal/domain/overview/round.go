package overview

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// meetings is what the month's meeting asks of its cell or committee.
func (g *gathering) meetings() error {
	if !g.can(access.MeetingRead) {
		return nil
	}
	if err := g.upcoming(); err != nil {
		return err
	}
	return g.afterwards()
}

// upcoming is the next meeting: to be planned, prepared, held, or attended.
func (g *gathering) upcoming() error {
	m, found, err := meeting.Next(g.tx, g.by, g.home.ID)
	switch {
	case err != nil:
		return err
	case !found && g.can(access.MeetingPrepare) && g.home.IsCell():
		return g.toPlan()
	case !found:
		return nil
	case g.can(access.MeetingPrepare):
		return g.toPrepare(m)
	case g.can(access.MeetingAttend) || m.MinuteTaker == g.by.Person:
		g.add(attending(m, g.by.Person))
	}
	return nil
}

// toPlan asks for a plan of the first month that has no regular meeting.
func (g *gathering) toPlan() error {
	month := meeting.MonthOf(g.today)
	for {
		held, err := meeting.InMonth(g.tx, g.by, g.home.ID, month)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(held, func(m meeting.Meeting) bool { return m.Kind.Monthly() && m.State != meeting.Cancelled }) {
			break
		}
		month = month.Add(1)
	}
	day, err := meeting.ProposeDay(g.tx, g.by, g.home.ID, month)
	if err != nil {
		return err
	}
	g.add(Item{
		Kind: MeetingPlan, Own: true, Title: say("desk.item.plan", month.Vietnamese()), Note: say("desk.note.plan", day), Due: day,
		Link: "/meetings/new?unit=" + g.home.ID.String(),
	})
	return nil
}

// toPrepare is the next meeting for those who prepare it.
func (g *gathering) toPrepare(m meeting.Meeting) error {
	if m.State == meeting.InSession || !m.Day().After(g.today) {
		g.add(holding(m, g.today, g.can(access.MeetingRun) || m.MinuteTaker == g.by.Person))
		return nil
	}
	steps, err := meeting.Steps(g.tx, g.by, m.ID)
	if err != nil {
		return err
	}
	steps = slices.DeleteFunc(steps, func(s meeting.Step) bool { return s.Optional || !s.Due.Before(m.Day()) })
	heads := g.can(access.MeetingConclude)
	g.add(preparing(m, steps, g.by.Person, heads)...)
	return nil
}

// holding is a meeting on its day, or one whose day has passed.
func holding(m meeting.Meeting, today clock.Date, runs bool) Item {
	i := Item{Kind: MeetingHold, Own: runs, Due: m.Day(), Link: meetingLink(m.ID), Note: say("desk.note.place", m.Starts, m.Place)}
	switch {
	case m.State == meeting.InSession:
		i.Title, i.Due = say("desk.item.in_session"), today
		if runs {
			i.Link += "/room"
		}
	case m.Day() == today:
		i.Title = say("desk.item.today")
	default:
		i.Title, i.Note = say("desk.item.not_held", m.Day()), say("desk.note.not_held")
	}
	return i
}

// preparing is how far the preparation has come, with its next step: something
// to do for the head of the cell, who answers for the whole, and for whoever has
// the step. Further steps of such a person follow by themselves.
func preparing(m meeting.Meeting, steps []meeting.Step, person access.PersonID, heads bool) []Item {
	done, next := 0, -1
	for i, s := range steps {
		switch {
		case s.Done():
			done++
		case next < 0:
			next = i
		}
	}
	whole := Item{
		Kind: MeetingPrepare, Own: heads, Title: say("desk.item.prepare", m.Day()), Due: m.Day(), Link: meetingLink(m.ID),
		Note: say("desk.note.prepared", len(steps)),
	}
	if next < 0 {
		whole.Own = false
		return []Item{whole}
	}
	whole.Own = heads || steps[next].Person == person
	whole.Due, whole.Link = steps[next].Due, meetingLink(m.ID)+preparationPage(m)
	whole.Note = say("desk.note.preparing", done, len(steps), steps[next].Title, steps[next].Due)
	if heads {
		return []Item{whole}
	}
	return append([]Item{whole}, ownSteps(m, steps[next+1:], person)...)
}

// preparationPage is where the preparation goes on; "" is the meeting's own
// page.
func preparationPage(m meeting.Meeting) string {
	switch {
	case m.PreparedAt.IsZero():
		return "/prepare"
	case m.AnnouncedAt.IsZero():
		return "/announce"
	case m.DocsPostedAt.IsZero():
		return "/documents"
	}
	return ""
}

func ownSteps(m meeting.Meeting, steps []meeting.Step, person access.PersonID) []Item {
	var items []Item
	for _, s := range steps {
		if s.Done() || s.Person != person || person == 0 {
			continue
		}
		items = append(items, Item{
			Kind: StepDo, Own: true, Title: say("desk.item.step", s.Title), Note: say("desk.note.step", m.Day()), Due: s.Due, Link: meetingLink(m.ID) + "/prepare",
		})
	}
	return items
}

// attending is the next meeting for those who come to it or write its minutes.
func attending(m meeting.Meeting, person access.PersonID) Item {
	i := Item{
		Kind: MeetingAttend, Own: true, Title: say("desk.item.attend", m.Day()), Due: m.Day(), Link: meetingLink(m.ID),
		Note: say("desk.note.place", m.Starts, m.Place),
	}
	if m.State == meeting.InSession {
		i.Title = say("desk.item.in_session")
	}
	if m.MinuteTaker == person && person != 0 {
		i.Kind, i.Note = MeetingHold, say("desk.note.minute_taker", m.Starts, m.Place)
	}
	return i
}

// behind is how many meetings a desk looks back at for what was left undone.
const behind = 3

// afterwards is what meetings that were held still owe: minutes, publication,
// score, report (rules 22.2).
func (g *gathering) afterwards() error {
	owed, err := meeting.List(g.tx, g.by, meeting.Filter{
		Unit: g.home.ID, States: []meeting.State{meeting.Closed, meeting.Minuted, meeting.Published, meeting.Scored, meeting.Reported}, Limit: behind,
	})
	if err != nil {
		return err
	}
	for _, m := range owed {
		kind, owes := owing(m)
		runs := g.by.CanOn(access.MeetingRun, g.home, int64(m.ID))
		if !owes || !runs || kind != MeetingMinute && !g.can(access.MeetingConclude) {
			continue
		}
		g.add(follow(m, kind))
	}
	return nil
}

// owing is the next step of a meeting that was held. Only the monthly one is
// scored; one that is not of all members owes its minutes alone.
func owing(m meeting.Meeting) (Kind, bool) {
	switch {
	case m.Answer == meeting.SentBack:
		return MeetingRedo, true
	case m.MinutedAt.IsZero():
		return MeetingMinute, true
	case !m.Kind.ForAll():
		return "", false
	case m.PublishedAt.IsZero():
		return MeetingPublish, true
	case m.Kind.Monthly() && m.ScoredAt.IsZero():
		return MeetingScore, true
	case m.ReportedAt.IsZero():
		return MeetingReport, true
	}
	return "", false
}

// where are the pages of a meeting on which what is owed is done.
var where = map[Kind]string{
	MeetingMinute: "/minutes", MeetingPublish: "/report", MeetingScore: "/score", MeetingReport: "/report", MeetingRedo: "/report",
}

func follow(m meeting.Meeting, kind Kind) Item {
	i := Item{Kind: kind, Own: true, Title: say("desk.item."+string(kind), m.Day()), Due: m.PublishBy, Link: meetingLink(m.ID) + where[kind]}
	if kind == MeetingRedo {
		i.Due, i.Note = clock.Date{}, say("desk.note.sent_back", m.AnswerReason)
	}
	return i
}

// followed are the next meetings of the cells that the actor follows for the
// committee above.
func (g *gathering) followed() error {
	list, err := Followed(g.tx, g.by)
	if err != nil {
		return err
	}
	var items []Item
	for _, f := range list {
		if !f.HasNext {
			continue
		}
		items = append(items, Item{
			Kind: MeetingAttend, Own: true, Title: say("desk.item.follow", f.Cell.Name, f.Next.Day()), Due: f.Next.Day(),
			Note: say("desk.note.place", f.Next.Starts, f.Next.Place), Link: meetingLink(f.Next.ID),
		})
	}
	g.add(fold(items, listed, func(left []Item) Item {
		return Item{Kind: MeetingAttend, Title: say("desk.item.follow_more", len(left)), Due: left[0].Due, Link: "/attendee"}
	})...)
	return nil
}

// FollowedCell is a cell that a member of the committee above follows.
type FollowedCell struct {
	Cell    orgtree.Unit
	Next    meeting.Meeting
	HasNext bool
	Last    meeting.Meeting // held last
	HasLast bool
}

// Followed are the cells that the actor follows for the committee above, with
// the meeting that comes and the one that was, those that meet first before the
// others.
func Followed(tx *db.Tx, by access.Actor) ([]FollowedCell, error) {
	var list []FollowedCell
	for _, grant := range by.Grants() {
		if grant.Role != access.Attendee {
			continue
		}
		f, err := followed(tx, by, grant.Unit)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	slices.SortStableFunc(list, func(a, b FollowedCell) int {
		if a.HasNext != b.HasNext {
			return one(b.HasNext) - one(a.HasNext)
		}
		return a.Next.Starts.Compare(b.Next.Starts)
	})
	return list, nil
}

func followed(tx *db.Tx, by access.Actor, unit orgtree.ID) (f FollowedCell, err error) {
	if f.Cell, err = access.Require(tx, by, access.MeetingRead, unit); err != nil {
		return f, err
	}
	if f.Next, f.HasNext, err = meeting.Next(tx, by, unit); err != nil {
		return f, err
	}
	held, err := meeting.List(tx, by, meeting.Filter{
		Unit: unit, Kinds: []meeting.Kind{meeting.Regular, meeting.Combined}, Limit: 1,
		States: []meeting.State{meeting.Closed, meeting.Minuted, meeting.Published, meeting.Scored, meeting.Reported},
	})
	if err == nil && len(held) > 0 {
		f.Last, f.HasLast = held[0], true
	}
	return f, err
}
