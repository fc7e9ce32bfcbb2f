package course

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/ui"
)

// Stage is a step of a meeting as its page shows it: several states of the
// domain can lie in one.
type Stage string

const (
	Preparing  Stage = "prepare"
	Announcing Stage = "announce"
	Meeting    Stage = "meet"
	Concluding Stage = "conclude"
	Minuting   Stage = "minutes"
	Publishing Stage = "publish"
	Scoring    Stage = "score"
	Reporting  Stage = "report"
)

// Course is the way of a meeting and the one thing to do next.
type Course struct {
	Stepper ui.Stepper
	Next    ui.NextAction
	// Now is the stage under way; "" when all is done.
	Now Stage
}

// stages are the steps of the kind of meeting: only the monthly one ends in a
// resolution and a score sheet, and only one of all members is published and
// reported. The sheet comes after publishing, because its last line asks when
// that was (rules 22.4, 8).
func stages(kind meeting.Kind) []Stage {
	switch {
	case kind.Monthly():
		return []Stage{Preparing, Announcing, Meeting, Concluding, Minuting, Publishing, Scoring, Reporting}
	case kind.ForAll():
		return []Stage{Preparing, Announcing, Meeting, Minuting, Publishing, Reporting}
	}
	return []Stage{Preparing, Announcing, Meeting, Minuting}
}

// pages are where each stage is worked on.
var pages = map[Stage]string{
	Preparing: "/prepare", Announcing: "/announce", Meeting: "/room", Concluding: "/resolution",
	Minuting: "/minutes", Publishing: "/report", Scoring: "/score", Reporting: "/report",
}

// Of finds out how far the meeting has come.
func Of(v Visit) (Course, error) {
	decided, err := v.decided()
	if err != nil {
		return Course{}, err
	}
	c := Course{Stepper: ui.Stepper{Label: v.T("room.course")}}
	for _, s := range stages(v.M.Kind) {
		step := ui.Step{Title: v.T("room.stage." + string(s)), State: ui.StepTodo}
		if v.Opens(s) {
			step.Href = v.Path(pages[s])
		}
		switch {
		case v.done(s, decided):
			step.State = ui.StepDone
		case c.Now == "" && v.M.State != meeting.Cancelled:
			c.Now, step.State = s, ui.StepCurrent
		}
		c.Stepper.Steps = append(c.Stepper.Steps, step)
	}
	c.Next, err = v.next(c.Now, decided)
	return c, err
}

// Onward leads from the page of a stage, on which nothing is left to do, to
// what the meeting waits for; it is nil where the reader has nothing to do
// there.
func (v Visit) Onward(from Stage) (*ui.NextAction, error) {
	c, err := Of(v)
	if href := c.Next.Action.Href; err != nil || href == "" || href == v.Path(pages[from]) {
		return nil, err
	}
	return &c.Next, nil
}

// decided is the monthly resolution's state as far as the reader sees it: ""
// while there is none.
func (v Visit) decided() (resolution.State, error) {
	if !v.M.Kind.Monthly() {
		return "", nil
	}
	list, err := OrNone(resolution.OfMeeting(v.Tx, v.By, v.M.ID))
	for _, r := range list {
		if r.Kind == resolution.Monthly {
			return r.State, err
		}
	}
	return "", err
}

// Resolved reports whether the meeting adopted its resolution.
func (v Visit) Resolved() (bool, error) {
	state, err := v.decided()
	return adopted(state), err
}

func adopted(s resolution.State) bool { return s == resolution.Adopted || s == resolution.Issued }

func (v Visit) done(s Stage, decided resolution.State) bool {
	m := v.M
	opened := !m.OpenedAt.IsZero()
	switch s {
	case Preparing:
		return opened || !m.PreparedAt.IsZero()
	case Announcing:
		return opened || !m.AnnouncedAt.IsZero() && m.State != meeting.Postponed
	case Meeting:
		return m.State.Held()
	case Concluding:
		return adopted(decided)
	case Minuting:
		return m.Sealed()
	case Publishing:
		return !m.PublishedAt.IsZero()
	case Scoring:
		return !m.ScoredAt.IsZero()
	case Reporting:
		return !m.ReportedAt.IsZero() && m.Answer != meeting.SentBack
	}
	return false
}

// Opens reports whether the reader has a page for the stage at this time.
func (v Visit) Opens(s Stage) bool {
	held, inside := v.M.State.Held(), v.Inside()
	switch s {
	case Preparing, Announcing:
		return inside
	case Meeting:
		return v.Can(access.MeetingRun) || inside && !v.M.OpenedAt.IsZero() || !v.M.PublishedAt.IsZero()
	case Concluding:
		return v.Can(access.ResolutionWrite) || v.M.State == meeting.InSession || held
	case Minuting:
		return held && (inside || v.M.Sealed())
	case Scoring:
		return held && (inside || !v.M.PublishedAt.IsZero())
	case Publishing, Reporting:
		return held && inside
	}
	return false
}

// acts is the right that the work of a stage needs.
var acts = map[Stage]access.Action{
	Preparing: access.MeetingPrepare, Announcing: access.MeetingPrepare, Meeting: access.MeetingRun,
	Concluding: access.ResolutionWrite, Minuting: access.MeetingRun, Publishing: access.MeetingConclude,
	Scoring: access.ScoreConfirm, Reporting: access.MeetingConclude,
}

// next is the one thing to do: for whoever may do it a button, for others what
// the meeting waits for.
func (v Visit) next(now Stage, decided resolution.State) (ui.NextAction, error) {
	switch {
	case v.M.State == meeting.Cancelled:
		return ui.NextAction{Title: v.T("room.next.cancelled"), Text: v.T("room.next.reason", "reason", v.M.StopReason)}, nil
	case now == "":
		return v.afterAll(), nil
	case v.M.State == meeting.InSession && !v.Can(access.MeetingRun) && v.Can(access.MeetingAttend):
		return v.attend()
	case !v.Can(acts[now]):
		return v.waiting(now), nil
	}
	return v.work(now, decided)
}

// afterAll is what stands when the cell has done everything: the office above
// answers.
func (v Visit) afterAll() ui.NextAction {
	if v.answers() {
		return ui.NextAction{
			Chip: ui.Chip{Text: v.T("room.next.report_waits"), Tone: ui.Warn}, Title: v.T("room.next.answer"), Text: v.T("room.next.answer_text"),
			Action: ui.Link{Text: v.T("room.next.answer_do"), Href: v.Path("/report")},
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
func (v Visit) answers() bool {
	grant, ok := v.By.Why(access.MeetingAcknowledge, v.At)
	return ok && grant.Unit != v.At.ID && !v.M.ReportedAt.IsZero() && v.M.Answer == meeting.Unanswered
}

// attend leads a member to the check-in while the meeting is held.
func (v Visit) attend() (ui.NextAction, error) {
	mine, err := OrNone(meeting.Mine(v.Tx, v.By, v.M.ID))
	if err != nil || mine.Present() {
		return ui.NextAction{
			Chip:  ui.Chip{Text: v.T("meeting.mark.present"), Tone: ui.Good},
			Title: v.T("room.next.checked_in", "time", i18n.Clock(v.Context(), mine.Arrived)), Text: v.T("room.next.checked_in_text"),
			Action: ui.Link{Text: v.T("room.next.see_resolution"), Href: v.Path("/resolution")},
		}, err
	}
	return ui.NextAction{
		Chip: ui.Chip{Text: v.T("meeting.state.in_session"), Tone: ui.Warn}, Title: v.T("room.next.check_in"), Text: v.T("room.next.check_in_text"),
		Action: ui.Link{Text: v.T("room.next.check_in_do"), Href: CheckInPath(v.M.ID)},
	}, nil
}

// waiting says what the meeting waits for, to whom cannot do it.
func (v Visit) waiting(now Stage) ui.NextAction {
	n := ui.NextAction{Chip: StateChip(v.Request, v.M), Title: v.T("room.wait." + string(now))}
	if v.M.State.Upcoming() {
		n.Chip = ui.Chip{Text: i18n.Relative(v.Context(), v.Today(), v.M.Day()), Tone: ui.Info}
		n.Title = v.T("room.wait.held", "time", Hour(v.M), "day", i18n.LongDate(v.Context(), v.M.Day()))
		n.Text = Place(v.Request, v.M)
	}
	return n
}

// work is the button of the stage under way.
func (v Visit) work(now Stage, decided resolution.State) (ui.NextAction, error) {
	n := ui.NextAction{
		Chip: v.timeChip(now), Title: v.T("room.next." + string(now)), Text: v.T("room.next." + string(now) + "_text"),
		Action: ui.Link{Text: v.T("room.next." + string(now) + "_do"), Href: v.Path(pages[now])},
	}
	switch {
	case now == Preparing:
		return v.preparation(n)
	case now == Meeting && v.M.State == meeting.InSession && adopted(decided):
		v.closing(&n)
	case now == Meeting && v.M.State == meeting.InSession:
		n.Chip = ui.Chip{Text: v.T("meeting.state.in_session"), Tone: ui.Warn}
		n.Title, n.Text = v.T("room.next.running"), v.T("room.next.running_text")
		n.Action.Text = v.T("room.next.running_do")
	case now == Meeting && v.documentsDue():
		return v.documents(n)
	case now == Publishing && decided == resolution.Adopted:
		n.Title, n.Text = v.T("room.next.issue"), v.T("room.next.issue_text")
		n.Action = ui.Link{Text: v.T("room.next.issue_do"), Href: v.Path(pages[Concluding])}
	case now == Publishing:
		n.Text = v.T("room.next.publish_text", "by", v.M.PublishBy)
	case now == Reporting && v.M.Answer == meeting.SentBack:
		n.Title, n.Text = v.T("room.next.again"), v.T("room.next.reason", "reason", v.M.AnswerReason)
		n.Action.Text = v.T("room.next.again_do")
	}
	return n, nil
}

// closing leads to the end of a meeting that has its resolution.
func (v Visit) closing(n *ui.NextAction) {
	n.Chip = ui.Chip{Text: v.T("meeting.state.in_session"), Tone: ui.Warn}
	n.Title, n.Text = v.T("room.next.close"), v.T("room.next.close_text")
	n.Action = ui.Link{Text: v.T("room.next.close_do"), Href: v.Path("/room/close")}
}

// preparation says how much is done and what comes first.
func (v Visit) preparation(n ui.NextAction) (ui.NextAction, error) {
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
func (v Visit) documentsDue() bool {
	return v.Can(access.MeetingPrepare) && v.M.DocsPostedAt.IsZero() && v.Today().Before(v.M.Day())
}

// documents makes posting the documents the next thing, where there is time.
func (v Visit) documents(n ui.NextAction) (ui.NextAction, error) {
	ready, err := meeting.Ready(v.Tx, v.By, v.M.ID)
	if err != nil {
		return n, err
	}
	n.Title, n.Text = v.T("room.next.documents"), v.T("room.next.documents_text", "by", ready.DocumentsBy)
	n.Action = ui.Link{Text: v.T("room.next.documents_do"), Href: v.Path("/documents")}
	return n, nil
}

// timeChip is how much time a stage has.
func (v Visit) timeChip(now Stage) ui.Chip {
	switch now {
	case Preparing, Announcing, Meeting:
		return DayChip(v.Request, v.M.Day())
	case Publishing:
		return DayChip(v.Request, v.M.PublishBy)
	}
	return StateChip(v.Request, v.M)
}
