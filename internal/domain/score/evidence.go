package score

import (
	"cmp"
	"strconv"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// gathering collects facts and rows. It reads as the program: the right to
// the meeting was checked, and the sheet must come out the same whoever asks.
type gathering struct {
	tx   *db.Tx
	as   access.Actor
	of   meeting.Meeting
	rows Evidence
	rulepack.MeetingFacts
	roll   []meeting.Entry
	agenda []meeting.Item
	spoken []meeting.Opinion
}

func gather(tx *db.Tx, of meeting.Meeting) (rulepack.MeetingFacts, Evidence, error) {
	g := &gathering{tx: tx, as: access.Console(), of: of, rows: Evidence{}}
	for _, step := range []func() error{
		g.records, g.course, g.attendance, g.absences, g.opinions, g.committee, g.delivery, g.documents,
		g.steps, g.themes, g.remarks, g.conclusion, g.completeness, g.lastTasks, g.newTasks,
	} {
		if err := step(); err != nil {
			return rulepack.MeetingFacts{}, nil, err
		}
	}
	return g.MeetingFacts, g.rows, nil
}

// show adds a row to the evidence of a fact.
func (g *gathering) show(fact string, r Row) { g.rows[fact] = append(g.rows[fact], r) }

// row is a row that leads to the meeting at hand.
func (g *gathering) row(key string, args ...string) Row { return meetingRow(g.of, key, args...) }

func meetingRow(m meeting.Meeting, key string, args ...string) Row {
	return Row{Key: "score.evidence." + key, Args: args, Noun: meeting.Noun, ID: m.ID.String()}
}

func instant(t time.Time) string { return t.In(clock.Zone).Format("15:04 02/01/2006") }

// records reads what most facts are made of.
func (g *gathering) records() (err error) {
	if g.MeetingFacts, err = meeting.Facts(g.tx, g.as, g.of.ID); err != nil {
		return err
	}
	if g.roll, err = meeting.Roll(g.tx, g.as, g.of.ID); err != nil {
		return err
	}
	if g.agenda, err = meeting.Agenda(g.tx, g.as, g.of.ID); err != nil {
		return err
	}
	g.spoken, err = meeting.Opinions(g.tx, g.as, g.of.ID)
	return err
}

// course shows when the meeting began, ended and was published, and what time
// ideology took.
func (g *gathering) course() error {
	if !g.of.ClosedAt.IsZero() {
		g.show("minutes", g.row("course", instant(g.of.OpenedAt), instant(g.of.ClosedAt)))
	}
	if g.Published {
		g.show("published", g.row("published", instant(g.of.PublishedAt)))
	}
	for _, i := range g.agenda {
		if minutes := int(i.Spent(g.tx.Now).Minutes()); minutes > 0 && (i.Kind == "ideology" || i.Kind == "criticism") {
			g.show("ideology_minutes", g.row("item", i.Title, strconv.Itoa(minutes)))
		}
	}
	return nil
}

// attendance shows the roll and names who was missing.
func (g *gathering) attendance() error {
	g.show("present", g.row("roll", strconv.Itoa(g.Present), strconv.Itoa(g.Entitled)))
	for _, e := range g.roll {
		switch {
		case !e.Expected:
		case e.Mark == meeting.Excused:
			g.show("entitled", personRow("excused", e, e.Reason))
		case e.Mark == meeting.Absent:
			g.show("entitled", personRow("absent", e))
			g.show("absent_no_reason", personRow("absent", e))
		}
	}
	return nil
}

func personRow(key string, e meeting.Entry, args ...string) Row {
	return Row{Key: "score.evidence." + key, Args: append([]string{e.Name}, args...), Noun: "member", ID: e.Person.String()}
}

// absences names the member who was excused most often in a row this year, and
// the meetings.
func (g *gathering) absences() error {
	if g.LongestExcusedRun == 0 {
		return nil
	}
	held, err := meeting.List(g.tx, g.as, meeting.Filter{
		Unit: g.of.Unit, Kinds: []meeting.Kind{meeting.Regular, meeting.Combined},
		From: meeting.MonthOf(clock.NewDate(g.of.Day().Year(), 1, 1)).Add(-1), To: g.of.Month.Add(1), Limit: 20,
	})
	if err != nil {
		return err
	}
	var meetings []meeting.Meeting
	var rolls [][]meeting.Entry
	for i := len(held) - 1; i >= 0; i-- {
		m := held[i]
		if m.OpenedAt.IsZero() || m.Day().Year() != g.of.Day().Year() || m.Starts.After(g.of.Starts) {
			continue
		}
		roll, err := meeting.Roll(g.tx, g.as, m.ID)
		if err != nil {
			return err
		}
		meetings, rolls = append(meetings, m), append(rolls, roll)
	}
	longest := meeting.LongestExcused(rolls)
	for i, m := range meetings {
		for _, e := range rolls[i] {
			if e.Person == longest.Person && e.Expected && e.Mark == meeting.Excused {
				g.show("longest_excused_run", meetingRow(m, "excused_on", e.Name, m.Day().Vietnamese()))
			}
		}
	}
	return nil
}

// opinions names who spoke, and how often.
func (g *gathering) opinions() error {
	times := map[access.PersonID]int{}
	for _, o := range g.spoken {
		times[o.Person]++
	}
	for _, e := range g.roll {
		if n := times[e.Person]; n > 0 && e.Present() {
			g.show("speakers", personRow("speaker", e, strconv.Itoa(n)))
		}
	}
	return nil
}

// committee shows the meetings of the committee for the month whose minutes
// were approved.
func (g *gathering) committee() error {
	held, err := meeting.List(g.tx, g.as, meeting.Filter{
		Unit: g.of.Unit, Kinds: []meeting.Kind{meeting.Committee}, From: g.of.Month, To: g.of.Month,
	})
	for _, m := range held {
		if m.Sealed() && m.Starts.Before(g.of.Starts) {
			g.show("has_committee_minutes", meetingRow(m, "committee", m.Day().Vietnamese()))
		}
	}
	return err
}

// delivery names who was not told of the meeting.
func (g *gathering) delivery() error {
	told, err := meeting.Delivery(g.tx, g.as, g.of.ID)
	if err != nil {
		return err
	}
	if len(told) > 0 {
		g.show("notified", g.row("announced", instant(g.of.AnnouncedAt)))
	}
	for _, t := range told {
		if t.Channel != meeting.NotTold {
			continue
		}
		fact := "notified"
		if t.Above {
			fact = "upper_notified"
		}
		g.show(fact, Row{Key: "score.evidence.not_told", Args: []string{t.Name}})
	}
	return nil
}

// documents names the files and when they were posted.
func (g *gathering) documents() error {
	if !g.DocsPosted {
		return nil
	}
	g.show("docs_posted", g.row("docs_posted", instant(g.of.DocsPostedAt)))
	files, err := meeting.Documents(g.tx, g.as, g.of.ID)
	for _, a := range files {
		g.show("docs_posted", g.row("document", a.Name))
	}
	return err
}

// proofScore is the proof of the step at which the sheet is filled in.
const proofScore = "score"

// steps counts the steps that a sheet can ask for when it is filled in: filling
// it in is one of them, and what comes after it counts once it is done or its
// day is past.
func (g *gathering) steps() error {
	list, err := meeting.Steps(g.tx, g.as, g.of.ID)
	if err != nil {
		return err
	}
	today, scoring := clock.DateOf(g.tx.Now), false
	g.StepsRequired, g.StepsDone = 0, 0
	for _, s := range list {
		scores := s.Proof == proofScore
		early := scoring && !s.Done() && !s.Overdue(today)
		scoring = scoring || scores
		if s.Proof == "" || s.Optional || early {
			continue
		}
		g.StepsRequired++
		if s.Done() || scores {
			g.StepsDone++
			continue
		}
		g.show("steps_done", g.row("step_missing", s.Title, s.ProofLabel))
	}
	return nil
}

// themes shows the month's thematic meetings.
func (g *gathering) themes() error {
	list, err := meeting.InMonth(g.tx, g.as, g.of.Unit, g.of.Month)
	for _, m := range list {
		if !m.Kind.HasTheme() || m.State == meeting.Cancelled {
			continue
		}
		key := "theme_planned"
		if m.State.Held() {
			key = "theme_held"
		}
		g.show("thematic_held", meetingRow(m, key, m.Topic, m.Day().Vietnamese()))
	}
	return err
}

// remarks shows how many of each kind there were, never their words (S-44).
func (g *gathering) remarks() error {
	counts, err := meeting.RemarkCounts(g.tx, g.as, g.of.ID)
	for _, kind := range meeting.Remarks {
		if n := counts[kind]; n > 0 {
			g.show("remarks", g.row("remark_"+string(kind), strconv.Itoa(n)))
		}
	}
	return err
}

// conclusion tells whether a resolution was adopted or the meeting concluded,
// and whether the minutes were read out and adopted: approving them comes later.
func (g *gathering) conclusion() error {
	drafts, err := resolution.OfMeeting(g.tx, g.as, g.of.ID)
	if err != nil {
		return err
	}
	for _, r := range drafts {
		if r.State == resolution.Adopted || r.State == resolution.Issued {
			g.ConclusionAdopted = true
			g.show("conclusion_adopted", Row{Key: "score.evidence.resolution", Args: []string{r.Title}, Noun: resolution.Noun, ID: r.ID.String()})
		}
	}
	for _, i := range g.agenda {
		switch {
		case !i.Finished():
		case i.Kind == "conclusion":
			g.ConclusionAdopted = true
			g.show("conclusion_adopted", g.row("item_done", i.Title))
		case i.Kind == "minutes_reading":
			g.MinutesAdopted = true
			g.show("minutes_adopted", g.row("item_done", i.Title))
		}
	}
	if g.of.Sealed() {
		g.show("minutes_adopted", g.row("minuted", instant(g.of.MinutedAt)))
	}
	return nil
}

// completeness tells whether the records fill every required part of the
// minutes (rules 22.5), and names the empty ones.
func (g *gathering) completeness() error {
	g.MinutesComplete = true
	for _, part := range []struct {
		key    string
		filled bool
	}{
		{"part_chair", g.of.Chair != 0},
		{"part_minute_taker", g.of.MinuteTaker != 0},
		{"part_roll", g.Entitled > 0 && g.Entitled == g.Present+g.AbsentWithReason+g.AbsentNoReason},
		{"part_opinions", len(g.spoken) > 0},
		{"part_conclusion", g.ConclusionAdopted},
		{"part_end", !g.of.ClosedAt.IsZero()},
	} {
		if !part.filled {
			g.MinutesComplete = false
			g.show("minutes_complete", g.row(part.key))
		}
	}
	return nil
}

// lastTasks tells what became of the tasks that fell due since the regular
// meeting before, up to the day of this one (rules 22.6).
func (g *gathering) lastTasks() error {
	from := g.of.Day().AddMonths(-1)
	last, found, err := meeting.MonthlyBefore(g.tx, g.as, g.of.ID)
	if err != nil {
		return err
	}
	if found {
		from = last.Day()
	}
	tally, err := task.Completion(g.tx, g.of.Unit, from.AddDays(1), g.of.Day())
	if err != nil {
		return err
	}
	g.TasksDue, g.TasksDone = tally.Due, tally.OnTime
	names, err := member.Names(g.tx, people(tally.Tasks))
	if err != nil {
		return err
	}
	for _, t := range tally.Tasks {
		who := cmp.Or(names[t.Assignee.Person], t.Assignee.Body)
		if t.Assignee.Group != 0 {
			group, err := unit.FindGroup(g.tx, t.Assignee.Group)
			if err != nil {
				return err
			}
			who = group.Name
		}
		g.show("tasks_done", taskRow(t, who))
	}
	return nil
}

func people(tasks []task.Task) []access.PersonID {
	var list []access.PersonID
	for _, t := range tasks {
		if t.Assignee.Person != 0 {
			list = append(list, t.Assignee.Person)
		}
	}
	return list
}

// taskRow says of a task that was due what became of it.
func taskRow(t task.Task, who string) Row {
	key := "task_open"
	switch {
	case t.OnTime():
		key = "task_on_time"
	case t.State == task.Assessed && t.Outcome == task.Done:
		key = "task_late"
	case t.State == task.Assessed:
		key = "task_not_done"
	}
	return Row{Key: "score.evidence." + key, Args: []string{t.Title, who, t.Due.Vietnamese()}, Noun: task.Noun, ID: t.ID.String()}
}

// newTasks counts the tasks that the meeting gave.
func (g *gathering) newTasks() (err error) {
	g.TasksAssigned, err = task.GivenAt(g.tx, g.of.ID)
	g.show("tasks_assigned", g.row("tasks_given", strconv.Itoa(g.TasksAssigned)))
	return err
}
