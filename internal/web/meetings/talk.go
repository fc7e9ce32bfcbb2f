package meetings

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/id"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func talkRoutes() []page.Route {
	return []page.Route{
		page.Show("/meetings/{id}/room/tasks", on(showLastTasks)),
		page.Act("/meetings/{id}/room/tasks/{task}/report", on(reportTask), on(showLastTasks)),
		page.Act("/meetings/{id}/room/tasks/{task}/assess", on(assessTask), on(showLastTasks)),
		page.Show("/meetings/{id}/evidence/{file}", on(openEvidence)),

		page.Show("/meetings/{id}/room/agenda", on(showTalk)),
		page.Act("/meetings/{id}/room/agenda/{item}/{step}", on(stepItem), on(showTalk)),
		page.Act("/meetings/{id}/room/opinions", on(speak), on(showTalk)),
		page.Show("/meetings/{id}/room/opinions/{opinion}", on(showOpinion)),
		page.Act("/meetings/{id}/room/opinions/{opinion}", doing("/room/agenda", "room.saved", changeOpinion), on(showOpinion)),
		page.Act("/meetings/{id}/room/opinions/{opinion}/remove", doing("/room/agenda", "room.talk.removed", removeOpinion), on(showOpinion)),

		// Reading what concerns others is recorded, so showing it is an update.
		{Pattern: "GET /meetings/{id}/remarks", Do: on(showRemarks)},
		page.Act("/meetings/{id}/remarks", doing("/remarks", "room.remark.added", addRemark), on(showRemarks)),
		page.Act("/meetings/{id}/remarks/{remark}/reply", doing("/remarks", "room.saved", replyRemark), on(showRemarks)),
	}
}

// lastTasksView is last month's tasks, the first table of the meeting.
type lastTasksView struct {
	roomFrame
	Lead   string
	Tasks  []taskView
	Judges bool
}

// taskView is a task with what can be said of it here.
type taskView struct {
	task.Row
	Path      string
	Chip      ui.Chip
	Note      string
	Amount    string
	Evidence  []ui.Link
	MayReport bool
	MayJudge  bool
	Outcomes  []ui.Option
	Typed     taskTyped
}

// taskTyped is what stands in the forms of a task.
type taskTyped struct {
	Outcome, Note, Text, Done string
	Errors                    ui.Errors
}

func showLastTasks(v visit) (page.Answer, error) {
	rows, err := task.LastTasks(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	p, f, err := v.room(course.Tasks)
	if err != nil {
		return nil, err
	}
	d := lastTasksView{roomFrame: f, Judges: v.Can(access.TaskAccept)}
	done := 0
	for _, row := range rows {
		view, err := d.task(row)
		if err != nil {
			return nil, err
		}
		d.Tasks = append(d.Tasks, view)
		if row.Outcome == task.Done {
			done++
		}
	}
	d.Lead = v.T("room.tasks.lead", "done", done, "all", len(rows))
	return page.HTML(lastTasksPage(p, d)), nil
}

func (d *lastTasksView) task(row task.Row) (taskView, error) {
	v := d.v
	view := taskView{
		Row: row, Path: v.Path("/room/tasks/" + row.ID.String()), Chip: taskChip(v.Request, row),
		Note:      joined(" · ", row.Who, v.T("room.tasks.due", "day", row.Due)),
		MayReport: v.Can(access.TaskAssign) && row.Open() && row.State != task.Reported && row.State != task.HandedOver,
		MayJudge:  d.Judges && row.Open() && row.Assignee.Person != v.By.Person,
	}
	if row.Counted() {
		view.Amount = v.T("room.tasks.amount", "done", row.Done, "target", row.Target(), "measure", row.Measure)
		if row.Carried > 0 {
			view.Amount += " " + v.T("room.tasks.carried", "planned", row.Planned, "carried", row.Carried)
		}
	}
	for _, o := range []task.Outcome{task.Done, task.Partly, task.NotDone} {
		if o == task.Done && (row.State != task.Reported || row.Left() > 0) {
			continue
		}
		view.Outcomes = append(view.Outcomes, ui.Option{Value: string(o), Label: v.T("task.outcome." + string(o)), Tone: outcomeTone(o)})
	}
	if v.Problem != nil && v.PathValue("task") == row.ID.String() {
		view.Typed = taskTyped{v.Form.Get("outcome"), v.Form.Get("note"), v.Form.Get("text"), v.Form.Get("done"), v.Errors()}
	}
	if row.Evidence == 0 {
		return view, nil
	}
	files, err := task.Evidence(v.Tx, v.By, row.ID)
	for _, f := range files {
		view.Evidence = append(view.Evidence, ui.Link{Text: f.Name, Href: v.Path("/evidence/" + f.ID.String())})
	}
	return view, err
}

func outcomeTone(o task.Outcome) ui.Tone {
	switch o {
	case task.Done:
		return ui.Good
	case task.Partly:
		return ui.Warn
	}
	return ui.Bad
}

func taskChip(r *page.Request, row task.Row) ui.Chip {
	switch {
	case row.State == task.Assessed:
		return ui.Chip{Text: r.T("task.outcome." + string(row.Outcome)), Tone: outcomeTone(row.Outcome)}
	case row.OverdueDays > 0:
		return ui.Chip{Text: r.T("room.tasks.overdue", "days", row.OverdueDays), Tone: ui.Bad}
	case row.State == task.Reported:
		return ui.Chip{Text: r.T("room.tasks.to_judge"), Tone: ui.Warn}
	}
	return ui.Chip{Text: r.T("task.state." + string(row.State)), Tone: ui.Info}
}

func (v visit) backToTask() (page.Answer, error) {
	return page.SeeOther(v.Path("/room/tasks#t-"+v.PathValue("task")), "room.saved"), nil
}

func reportTask(v visit) (page.Answer, error) {
	in := v.Input()
	report := task.Report{Text: in.Block("text"), Done: int64(in.Int("done"))}
	if err := in.Err(); err != nil {
		return nil, err
	}
	if err := task.ReportDone(v.Tx, v.By, inPath[task.Task](v, "task"), in.Version(), report); err != nil {
		return nil, err
	}
	return v.backToTask()
}

func assessTask(v visit) (page.Answer, error) {
	in := v.Input()
	judgement := task.Judgement{Outcome: task.Outcome(in.Line("outcome")), Note: in.Block("note")}
	if err := task.Assess(v.Tx, v.By, inPath[task.Task](v, "task"), in.Version(), judgement); err != nil {
		return nil, err
	}
	return v.backToTask()
}

func openEvidence(v visit) (page.Answer, error) {
	f, err := task.FindEvidence(v.Tx, v.By, inPath[attachment.Attachment](v, "file"))
	if err != nil {
		return nil, err
	}
	return sendFile(v.Request, f)
}

// talkView is the agenda as it is gone through: timers and opinions.
type talkView struct {
	roomFrame
	Clock     ui.ProgressBar
	Items     []talkItem
	Loose     []opinionView // said under no item
	Speakers  []ui.Option
	Remarks   string
	InSession bool
	Spoken    string
}

// talkItem is an item with its timer and what was said.
type talkItem struct {
	meeting.Item
	Path, Who, Spent string
	Chip             ui.Chip
	Opinions         []opinionView
	Listens          bool // opinions may be noted
	Typed            speechTyped
	Typing           bool
	Open             bool // not folded
}

type speechTyped struct {
	Speaker, Text, Skip string
	Errors              ui.Errors
}

type opinionView struct {
	Speaker, Text, At, Edit string
}

func showTalk(v visit) (page.Answer, error) {
	items, err := meeting.Agenda(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	p, f, err := v.room(course.Talk)
	if err != nil {
		return nil, err
	}
	d := talkView{roomFrame: f, InSession: v.M.State == meeting.InSession, Remarks: v.Path("/remarks")}
	lines, err := agendaLines(v, items)
	if err != nil {
		return nil, err
	}
	for n, i := range items {
		d.Items = append(d.Items, d.item(i, lines[n].Who))
	}
	d.unfold()
	for _, add := range []func() error{d.addOpinions, d.addSpeakers, d.addClock} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	return page.HTML(talkPage(p, d)), nil
}

func (d *talkView) item(i meeting.Item, who string) talkItem {
	v := d.v
	spent := i.Spent(v.Tx.Now)
	t := talkItem{Item: i, Path: v.Path("/room/agenda/" + i.ID.String()), Who: who, Spent: lasting(spent), Listens: d.Runs}
	switch {
	case i.Running():
		t.Chip = ui.Chip{Text: v.T("room.talk.running"), Tone: ui.Warn}
		if over := i.Over(v.Tx.Now); over > 0 {
			t.Chip = ui.Chip{Text: v.T("room.talk.over", "minutes", int(over.Minutes())), Tone: ui.Bad}
		}
	case i.Skipped():
		t.Chip = ui.Chip{Text: v.T("room.talk.skipped")}
	case i.Finished():
		t.Chip = ui.Chip{Text: v.T("room.talk.finished", "minutes", int(spent.Minutes())), Tone: ui.Good}
	}
	ours := v.Form.Get("item") == i.ID.String() || v.PathValue("item") == i.ID.String()
	if v.Problem != nil && ours {
		t.Typing = true
		t.Typed = speechTyped{v.Form.Get("speaker"), v.Form.Get("text"), v.Form.Get("reason"), v.Errors()}
	}
	return t
}

func (d *talkView) addOpinions() error {
	said, err := meeting.Opinions(d.v.Tx, d.v.By, d.v.M.ID)
	if err != nil {
		return err
	}
	for _, o := range said {
		view := opinionView{Speaker: o.Speaker, Text: o.Text, At: i18n.Clock(d.v.Context(), o.At)}
		if d.Runs {
			view.Edit = d.v.Path("/room/opinions/" + o.ID.String())
		}
		at := slices.IndexFunc(d.Items, func(t talkItem) bool { return t.ID == o.Item })
		if at < 0 {
			d.Loose = append(d.Loose, view)
			continue
		}
		d.Items[at].Opinions = append(d.Items[at].Opinions, view)
	}
	spoken, err := meeting.Speakers(d.v.Tx, d.v.By, d.v.M.ID)
	d.Spoken = d.v.T("room.talk.spoken", "n", spoken.Speakers, "present", spoken.Present, "share", i18n.Share(d.v.Context(), spoken.Speakers, spoken.Present))
	return err
}

// A speaker is a person of the roll or a guest, told apart by the first letter.
const (
	ofRoll  = "p"
	ofGuest = "g"
)

func (d *talkView) addSpeakers() error {
	if !d.Runs {
		return nil
	}
	present, err := d.v.peopleOnRoll(meeting.Entry.Present)
	if err != nil {
		return err
	}
	for _, p := range present {
		d.Speakers = append(d.Speakers, ui.Option{Value: ofRoll + p.id.String(), Label: p.name})
	}
	guests, err := meeting.Guests(d.v.Tx, d.v.By, d.v.M.ID)
	for _, g := range guests {
		d.Speakers = append(d.Speakers, ui.Option{Value: ofGuest + g.ID.String(), Label: d.v.T("room.talk.guest", "name", g.Name)})
	}
	return err
}

// addClock says how much of the required time has passed.
func (d *talkView) addClock() error {
	if d.v.M.OpenedAt.IsZero() {
		return nil
	}
	passed := d.v.Tx.Now.Sub(d.v.M.OpenedAt)
	if d.v.M.State.Held() {
		passed = d.v.M.Lasted()
	}
	required := d.v.M.Minutes
	ready, err := course.OrNone(meeting.Ready(d.v.Tx, d.v.By, d.v.M.ID))
	if ready.RequiredMinutes > 0 {
		required = ready.RequiredMinutes
	}
	d.Clock = ui.ProgressBar{
		Label: d.v.T("room.talk.clock"), Text: d.v.T("room.talk.clock_text", "minutes", int(passed.Minutes()), "required", required),
		Value: passed.Minutes(), Max: float64(max(1, required)), Tone: ui.Good,
	}
	return err
}

// unfold opens the item under way or, between two, the next one; and one whose
// form was refused.
func (d *talkView) unfold() {
	at := slices.IndexFunc(d.Items, func(t talkItem) bool { return t.Running() })
	if at < 0 {
		at = slices.IndexFunc(d.Items, func(t talkItem) bool { return !t.Finished() && !t.Skipped() })
	}
	for i := range d.Items {
		d.Items[i].Open = i == at || d.Items[i].Typing
	}
}

// Steps of an item in session.
const (
	stepStart   = "start"
	stepFinish  = "finish"
	stepSkip    = "skip"
	stepHeading = "heading"
)

func stepItem(v visit) (page.Answer, error) {
	in := v.Input()
	item, version := inPath[meeting.Item](v, "item"), in.Version()
	var err error
	switch v.PathValue("step") {
	case stepStart:
		_, err = meeting.StartItem(v.Tx, v.By, item, version)
	case stepFinish:
		_, err = meeting.FinishItem(v.Tx, v.By, item, version)
	case stepSkip:
		_, err = meeting.SkipItem(v.Tx, v.By, item, version, in.Line("reason"))
	case stepHeading:
		_, err = meeting.TickHeading(v.Tx, v.By, item, version, in.Int("heading"), in.Has("done"))
	default:
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	if err != nil {
		return nil, err
	}
	return page.SeeOther(v.Path("/room/agenda#i-"+item.String()), ""), nil
}

func speak(v visit) (page.Answer, error) {
	in := v.Input()
	s := meeting.Speech{Item: page.ID[meeting.Item](in, "item"), Text: in.Block("text")}
	whom := in.Line("speaker")
	if raw, ok := strings.CutPrefix(whom, ofGuest); ok {
		s.Guest, _ = id.Parse[meeting.Guest](raw)
	} else {
		s.Person, _ = id.Parse[access.Person](strings.TrimPrefix(whom, ofRoll))
	}
	if _, err := meeting.Speak(v.Tx, v.By, v.M.ID, s); err != nil {
		return nil, err
	}
	return page.SeeOther(v.Path("/room/agenda#i-"+s.Item.String()), "room.talk.noted"), nil
}

// opinionForm corrects what was noted of somebody's words.
type opinionForm struct {
	v             visit
	Path, Speaker string
	Text          string
	Version       int64
	Errors        ui.Errors
}

func showOpinion(v visit) (page.Answer, error) {
	if err := v.must(access.MeetingRun); err != nil {
		return nil, err
	}
	said, err := meeting.Opinions(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(said, func(o meeting.Opinion) bool { return o.ID == inPath[meeting.Opinion](v, "opinion") })
	if i < 0 {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	o := said[i]
	d := opinionForm{
		v: v, Path: v.Path("/room/opinions/" + o.ID.String()), Speaker: o.Speaker, Text: v.Value("text", o.Text), Version: o.Version, Errors: v.Errors(),
	}
	p, err := v.Below(v.T("room.talk.opinion_of", "name", o.Speaker))
	return page.HTML(opinionPage(p, d)), err
}

func changeOpinion(v visit, in *page.Input) error {
	_, err := meeting.ChangeOpinion(v.Tx, v.By, inPath[meeting.Opinion](v, "opinion"), in.Version(), in.Block("text"))
	return err
}

func removeOpinion(v visit, in *page.Input) error {
	return meeting.RemoveOpinion(v.Tx, v.By, inPath[meeting.Opinion](v, "opinion"), in.Version())
}

// remarksView is praise, reminders and criticism, as far as the reader is
// entitled to them.
type remarksView struct {
	v        visit
	Entitled bool // sees all of them
	Remarks  []remarkView
	Counts   []ui.Stat
	MayAdd   bool
	OwnOnly  bool // may write a self-criticism of their own
	Kinds    []ui.Option
	Authors  []ui.Option
	People   []ui.Option
	Typed    remarkTyped
	Errors   ui.Errors
}

type remarkTyped struct{ Kind, Author, Person, About, Text string }

type remarkView struct {
	Kind          ui.Chip
	About, Text   string
	Author, Reply string
	Path          string
	Version       int64
	MayReply      bool
	Readers       []string
}

func showRemarks(v visit) (page.Answer, error) {
	entitled := v.Can(access.MeetingCriticism)
	takes := !v.M.OpenedAt.IsZero() && !v.M.Sealed()
	d := remarksView{v: v, Entitled: entitled, Errors: v.Errors(), MayAdd: takes && v.Can(access.MeetingRun)}
	mine, err := course.OrNone(meeting.Mine(v.Tx, v.By, v.M.ID))
	if err != nil {
		return nil, err
	}
	d.OwnOnly = takes && !d.MayAdd && mine.Present()
	if err := d.addCounts(); err != nil {
		return nil, err
	}
	if v.Problem == nil {
		if err := d.addRemarks(); err != nil {
			return nil, err
		}
	}
	if err := d.choices(); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("room.remark.title"))
	return page.HTML(remarksPage(p, d)), err
}

func (d *remarksView) addCounts() error {
	counts, err := meeting.RemarkCounts(d.v.Tx, d.v.By, d.v.M.ID)
	for _, kind := range meeting.Remarks {
		d.Counts = append(d.Counts, ui.Stat{Label: d.v.T("meeting.remark." + string(kind)), Figure: strconv.Itoa(counts[kind])})
	}
	return err
}

func (d *remarksView) addRemarks() error {
	v := d.v
	list, err := meeting.Criticisms(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	var ids []access.PersonID
	for _, c := range list {
		ids = append(ids, c.Author, c.Person)
	}
	called, err := names(v.Request, ids...)
	if err != nil {
		return err
	}
	for _, c := range list {
		view := remarkView{
			Kind: ui.Chip{Text: v.T("meeting.remark." + string(c.Kind)), Tone: remarkTone(c.Kind)}, Text: c.Text, Reply: c.Reply, Version: c.Version,
			About: joined("", called[c.Person], c.About), Author: called[c.Author], Path: v.Path("/remarks/" + c.ID.String()),
		}
		view.MayReply = !v.M.Sealed() && (c.Person == v.By.Person || v.Can(access.MeetingRun)) && c.Kind != meeting.SelfReflection
		if c.Person == v.By.Person || c.Author == v.By.Person {
			if view.Readers, err = d.readers(c.ID); err != nil {
				return err
			}
		}
		d.Remarks = append(d.Remarks, view)
	}
	return nil
}

// readers tells those whom a criticism concerns who read it.
func (d *remarksView) readers(c meeting.CriticismID) ([]string, error) {
	readings, err := meeting.CriticismReaders(d.v.Tx, d.v.By, c)
	if err != nil {
		return nil, err
	}
	var ids []access.PersonID
	for _, r := range readings {
		ids = append(ids, r.By)
	}
	called, err := names(d.v.Request, ids...)
	var list []string
	for _, r := range readings {
		list = append(list, called[r.By]+", "+i18n.Instant(d.v.Context(), r.At))
	}
	return list, err
}

func remarkTone(kind meeting.Remark) ui.Tone {
	switch kind {
	case meeting.Praise:
		return ui.Good
	case meeting.Reminder:
		return ui.Warn
	case meeting.Reproach:
		return ui.Bad
	}
	return ui.Info
}

func (d *remarksView) choices() error {
	v := d.v
	d.Typed = remarkTyped{v.Value("kind", string(meeting.Praise)), v.Value("author", ""), v.Value("person", ""), v.Value("about", ""), v.Value("text", "")}
	if !d.MayAdd {
		return nil
	}
	for _, kind := range meeting.Remarks {
		d.Kinds = append(d.Kinds, ui.Option{Value: string(kind), Label: v.T("meeting.remark." + string(kind)), Tone: remarkTone(kind)})
	}
	present, err := v.peopleOnRoll(meeting.Entry.Present)
	if err != nil {
		return err
	}
	d.Authors = options(present)
	all, err := v.people()
	d.People = options(all)
	return err
}

func addRemark(v visit, in *page.Input) error {
	r := meeting.Remarking{
		Kind: meeting.Remark(in.Line("kind")), Author: page.ID[access.Person](in, "author"), Person: page.ID[access.Person](in, "person"),
		About: in.Line("about"), Text: in.Block("text"),
	}
	if !v.Can(access.MeetingRun) {
		r.Kind, r.Author = meeting.SelfReflection, v.By.Person
	}
	_, err := meeting.Criticise(v.Tx, v.By, v.M.ID, r)
	return err
}

func replyRemark(v visit, in *page.Input) error {
	_, err := meeting.Reply(v.Tx, v.By, inPath[meeting.Criticism](v, "remark"), in.Version(), in.Block("reply"))
	return err
}

func minutesText(ctx context.Context, n int) string {
	if n == 0 {
		return ""
	}
	return i18n.T(ctx, "room.minutes", "minutes", n)
}

// startText begins an item, or goes on with one.
func startText(ctx context.Context, t talkItem) string {
	if t.StartedAt.IsZero() {
		return i18n.T(ctx, "room.talk.start")
	}
	return i18n.T(ctx, "room.talk.resume")
}
