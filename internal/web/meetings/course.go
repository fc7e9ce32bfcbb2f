package meetings

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/ui"
)

// stage is a step of a meeting as its page shows it: several states of the
// domain can lie in one.
type stage string

const (
	preparing  stage = "prepare"
	announcing stage = "announce"
	meetingNow stage = "meet"
	concluding stage = "conclude"
	minuting   stage = "minutes"
	scoring    stage = "score"
	reporting  stage = "report"
)

// course is the way of a meeting and the one thing to do next.
type course struct {
	Stepper ui.Stepper
	Next    ui.NextAction
	// Now is the stage under way; "" when all is done.
	Now stage
}

// stages are the steps of the kind of meeting: only the monthly one ends in a
// resolution and a score sheet, and only one of all members is reported.
func stages(kind meeting.Kind) []stage {
	switch {
	case kind.Monthly():
		return []stage{preparing, announcing, meetingNow, concluding, minuting, scoring, reporting}
	case kind.ForAll():
		return []stage{preparing, announcing, meetingNow, minuting, reporting}
	}
	return []stage{preparing, announcing, meetingNow, minuting}
}

// pages are where each stage is worked on.
var pages = map[stage]string{
	preparing: "/prepare", announcing: "/announce", meetingNow: "/room", concluding: "/resolution",
	minuting: "/minutes", scoring: "/score", reporting: "/report",
}

// courseOf finds out how far the meeting has come.
func courseOf(v visit) (course, error) {
	resolved, err := v.resolved()
	if err != nil {
		return course{}, err
	}
	c := course{Stepper: ui.Stepper{Label: v.T("room.course")}}
	for _, s := range stages(v.M.Kind) {
		step := ui.Step{Title: v.T("room.stage." + string(s)), State: ui.StepTodo}
		if v.opens(s) {
			step.Href = v.path(pages[s])
		}
		switch {
		case v.done(s, resolved):
			step.State = ui.StepDone
		case c.Now == "" && v.M.State != meeting.Cancelled:
			c.Now, step.State = s, ui.StepCurrent
		}
		c.Stepper.Steps = append(c.Stepper.Steps, step)
	}
	c.Next, err = v.next(c.Now)
	return c, err
}

// resolved reports whether the meeting adopted its resolution.
func (v visit) resolved() (bool, error) {
	if !v.M.Kind.Monthly() {
		return false, nil
	}
	list, err := orNone(resolution.OfMeeting(v.Tx, v.By, v.M.ID))
	for _, r := range list {
		if r.State == resolution.Adopted || r.State == resolution.Issued {
			return true, err
		}
	}
	return false, err
}

func (v visit) done(s stage, resolved bool) bool {
	m := v.M
	opened := !m.OpenedAt.IsZero()
	switch s {
	case preparing:
		return opened || !m.PreparedAt.IsZero()
	case announcing:
		return opened || !m.AnnouncedAt.IsZero() && m.State != meeting.Postponed
	case meetingNow:
		return m.State.Held()
	case concluding:
		return resolved
	case minuting:
		return m.Sealed()
	case scoring:
		return !m.ScoredAt.IsZero()
	case reporting:
		return !m.ReportedAt.IsZero() && m.Answer != meeting.SentBack
	}
	return false
}

// opens reports whether the reader has a page for the stage at this time.
func (v visit) opens(s stage) bool {
	held, inside := v.M.State.Held(), v.inside()
	switch s {
	case preparing, announcing:
		return inside
	case meetingNow:
		return v.can(access.MeetingRun) || inside && !v.M.OpenedAt.IsZero() || !v.M.PublishedAt.IsZero()
	case concluding:
		return v.can(access.ResolutionWrite) || v.M.State == meeting.InSession || held
	case minuting:
		return held && (inside || v.M.Sealed())
	case scoring:
		return held && (inside || !v.M.PublishedAt.IsZero())
	case reporting:
		return held && inside
	}
	return false
}

// acts is the right that the work of a stage needs.
var acts = map[stage]access.Action{
	preparing: access.MeetingPrepare, announcing: access.MeetingPrepare, meetingNow: access.MeetingRun,
	concluding: access.ResolutionWrite, minuting: access.MeetingRun, scoring: access.ScoreConfirm, reporting: access.MeetingConclude,
}

// next is the one thing to do: for whoever may do it a button, for others what
// the meeting waits for.
func (v visit) next(now stage) (ui.NextAction, error) {
	switch {
	case v.M.State == meeting.Cancelled:
		return ui.NextAction{Title: v.T("room.next.cancelled"), Text: v.T("room.next.reason", "reason", v.M.StopReason)}, nil
	case now == "":
		return v.afterAll(), nil
	case v.M.State == meeting.InSession && !v.can(access.MeetingRun) && v.can(access.MeetingAttend):
		return v.attend()
	case !v.can(acts[now]):
		return v.waiting(now), nil
	}
	return v.work(now)
}

// afterAll is what stands when the cell has done everything: the office above
// answers.
func (v visit) afterAll() ui.NextAction {
	if v.answers() {
		return ui.NextAction{
			Chip: ui.Chip{Text: v.T("room.next.report_waits"), Tone: ui.Warn}, Title: v.T("room.next.answer"), Text: v.T("room.next.answer_text"),
			Action: ui.Link{Text: v.T("room.next.answer_do"), Href: v.path("/report")},
		}
	}
	return ui.NextAction{
		Chip: ui.Chip{Text: v.T("room.next.all_done"), Tone: ui.Good}, Title: v.T("room.next.finished." + answerWord(v.M.Answer)),
	}
}

func answerWord(a meeting.Answer) string {
	if a == meeting.Acknowledged {
		return "acknowledged"
	}
	return "reported"
}

// answers reports whether the reader has the report to answer.
func (v visit) answers() bool {
	grant, ok := v.By.Why(access.MeetingAcknowledge, v.At)
	return ok && grant.Unit != v.At.ID && !v.M.ReportedAt.IsZero() && v.M.Answer == meeting.Unanswered
}

// attend leads a member to the check-in while the meeting is held.
func (v visit) attend() (ui.NextAction, error) {
	mine, err := orNone(meeting.Mine(v.Tx, v.By, v.M.ID))
	if err != nil || mine.Present() {
		return ui.NextAction{
			Chip:  ui.Chip{Text: v.T("meeting.mark.present"), Tone: ui.Good},
			Title: v.T("room.next.checked_in", "time", i18n.Clock(v.Context(), mine.Arrived)), Text: v.T("room.next.checked_in_text"),
			Action: ui.Link{Text: v.T("room.next.see_resolution"), Href: v.path("/resolution")},
		}, err
	}
	return ui.NextAction{
		Chip: ui.Chip{Text: v.T("meeting.state.in_session"), Tone: ui.Warn}, Title: v.T("room.next.check_in"), Text: v.T("room.next.check_in_text"),
		Action: ui.Link{Text: v.T("room.next.check_in_do"), Href: checkInPath(v.M.ID)},
	}, nil
}

func checkInPath(m meeting.ID) string { return "/checkin/" + m.String() }

// waiting says what the meeting waits for, to whom cannot do it.
func (v visit) waiting(now stage) ui.NextAction {
	n := ui.NextAction{Chip: stateChip(v.Request, v.M), Title: v.T("room.wait." + string(now))}
	if v.M.State.Upcoming() {
		n.Chip = ui.Chip{Text: i18n.Relative(v.Context(), v.Today(), v.M.Day()), Tone: ui.Info}
		n.Title = v.T("room.wait.held", "time", hourOf(v.M), "day", i18n.LongDate(v.Context(), v.M.Day()))
		n.Text = place(v.Request, v.M)
	}
	return n
}

// work is the button of the stage under way.
func (v visit) work(now stage) (ui.NextAction, error) {
	n := ui.NextAction{
		Chip: v.timeChip(now), Title: v.T("room.next." + string(now)), Text: v.T("room.next." + string(now) + "_text"),
		Action: ui.Link{Text: v.T("room.next." + string(now) + "_do"), Href: v.path(pages[now])},
	}
	switch {
	case now == preparing:
		return v.preparation(n)
	case now == meetingNow && v.M.State == meeting.InSession:
		n.Chip = ui.Chip{Text: v.T("meeting.state.in_session"), Tone: ui.Warn}
		n.Title, n.Text = v.T("room.next.running"), v.T("room.next.running_text")
		n.Action.Text = v.T("room.next.running_do")
	case now == meetingNow && v.documentsDue():
		return v.documents(n)
	case now == reporting:
		v.reporting(&n)
	}
	return n, nil
}

// preparation says how much is done and what comes first.
func (v visit) preparation(n ui.NextAction) (ui.NextAction, error) {
	ready, err := meeting.Ready(v.Tx, v.By, v.M.ID)
	if err != nil {
		return n, err
	}
	n.Text = v.T("room.next.prepare_progress", "done", ready.Done, "needed", ready.Needed)
	if len(ready.Open) > 0 {
		n.Text += " " + v.T("room.next.prepare_first", "step", ready.Open[0].Title)
	}
	return n, nil
}

// documentsDue reports whether the day is still to come and the documents are
// not with the members.
func (v visit) documentsDue() bool {
	return v.can(access.MeetingPrepare) && v.M.DocsPostedAt.IsZero() && v.Today().Before(v.M.Day())
}

// documents makes posting the documents the next thing, where there is time.
func (v visit) documents(n ui.NextAction) (ui.NextAction, error) {
	ready, err := meeting.Ready(v.Tx, v.By, v.M.ID)
	if err != nil {
		return n, err
	}
	n.Title, n.Text = v.T("room.next.documents"), v.T("room.next.documents_text", "by", ready.DocumentsBy)
	n.Action = ui.Link{Text: v.T("room.next.documents_do"), Href: v.path("/documents")}
	return n, nil
}

// reporting divides the last stage: publishing to the members, reporting
// upwards, and again after a report was sent back.
func (v visit) reporting(n *ui.NextAction) {
	switch {
	case v.M.Answer == meeting.SentBack:
		n.Title, n.Text = v.T("room.next.again"), v.T("room.next.reason", "reason", v.M.AnswerReason)
		n.Action.Text = v.T("room.next.again_do")
	case v.M.PublishedAt.IsZero():
		n.Title, n.Text = v.T("room.next.publish"), v.T("room.next.publish_text", "by", v.M.PublishBy)
		n.Action.Text = v.T("room.next.publish_do")
	}
}

// timeChip is how much time a stage has.
func (v visit) timeChip(now stage) ui.Chip {
	day := v.M.Day()
	switch now {
	case preparing, announcing, meetingNow:
	case reporting:
		if !v.M.PublishedAt.IsZero() {
			return ui.Chip{}
		}
		day = v.M.PublishBy
	default:
		return stateChip(v.Request, v.M)
	}
	return dayChip(v, day)
}

// dayChip says how far a day lies ahead: near is a warning, past is late.
func dayChip(v visit, day clock.Date) ui.Chip {
	tone := ui.Info
	switch left := day.Sub(v.Today()); {
	case left < 0:
		tone = ui.Bad
	case left <= 3:
		tone = ui.Warn
	}
	return ui.Chip{Text: i18n.Deadline(v.Context(), v.Today(), day), Tone: tone}
}
