package results

import (
	"fmt"
	"slices"
	"strings"

	"chibo/internal/domain/member"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// lineRoutes are the tasks of a draft: part III.
func lineRoutes() []page.Route {
	show := onResolution(showResolution)
	blank, stored := onResolution(showNewLine), onResolution(showLine)
	return []page.Route{
		page.Show("/resolutions/{rid}/lines/new", blank),
		page.Act("/resolutions/{rid}/lines/new", editing(lines, "results.line.added", addLine), blank),
		page.Show("/resolutions/{rid}/lines/{line}", stored),
		page.Act("/resolutions/{rid}/lines/{line}", editing(lines, "results.saved", changeLine), stored),
		page.Act("/resolutions/{rid}/lines/{line}/up", editing(lines, "results.line.moved", onLine(resolution.MoveLine)), show),
		page.Act("/resolutions/{rid}/lines/{line}/remove", editing(lines, "results.line.removed", onLine(resolution.RemoveLine)), show),
		page.Act("/resolutions/{rid}/rest/{line}", editing(lines, "results.line.carried", addRest), show),
	}
}

// lines is where the tasks stand on the page of a draft.
const lines = "#tasks"

// lineView is a task of a draft.
type lineView struct {
	resolution.Line
	// Number is its place in the table, from 1.
	Number int
	Facts  []string
	Sum    string
	Lacks  []lack
	Href   string
}

// lack is what a task still needs before it can be given; Error is what the
// refused adoption said.
type lack struct{ ID, Text, Error string }

func (d *resolutionView) addLines(list []resolution.Line) error {
	for i, l := range list {
		line := lineView{Line: l, Number: i + 1, Href: d.at("/lines/" + l.Task.String()), Sum: amountOf(d.Request, l.Amount)}
		if l.Who != "" {
			line.Facts = append(line.Facts, l.Who)
		}
		if !l.Due.IsZero() {
			line.Facts = append(line.Facts, d.T("results.line.until", "day", l.Due))
		}
		if l.Area != "" {
			line.Facts = append(line.Facts, d.T("task.area."+string(l.Area)))
		}
		line.addLacks(d.Request)
		d.Lines = append(d.Lines, line)
	}
	return nil
}

func (l *lineView) addLacks(r *page.Request) {
	wrong := r.Errors()
	for _, need := range []struct {
		field, key string
		missing    bool
	}{
		{"assignee", "results.line.no_assignee", l.Who == ""},
		{"due", "results.line.no_due", l.Due.IsZero()},
		{"area", "results.line.no_area", l.Area == ""},
		{"predecessor", "", false},
	} {
		field := fmt.Sprintf("tasks.%d.%s", l.Number, need.field)
		fault := wrong.For(field)
		if need.missing || fault != "" {
			l.Lacks = append(l.Lacks, lack{ID: ui.FieldID(field), Text: r.T(need.key), Error: fault})
		}
	}
}

// amountOf shows both parts of what is to be done: what is newly planned and
// what was left over (S-79).
func amountOf(r *page.Request, a task.Amount) string {
	switch {
	case a.Carried > 0 && a.Measure != "":
		return r.T("results.line.amount_carried", "planned", a.Planned, "carried", a.Carried, "target", a.Target(), "measure", a.Measure)
	case a.Counted():
		return r.T("results.line.amount", "planned", a.Planned, "measure", a.Measure)
	}
	return ""
}

// restView is an unfinished task of last time that can be carried on.
type restView struct {
	resolution.Line
	Note   string
	Action string
}

// addRests offers what was not finished and is not in the draft yet; what waits
// for its judgement cannot be carried on.
func (d *resolutionView) addRests(past, own []resolution.Line) {
	carried := map[task.ID]bool{}
	for _, l := range own {
		carried[l.Predecessor] = true
	}
	for _, l := range past {
		finished := l.State == task.Withdrawn || l.State == task.Reported || l.State == task.Assessed && l.Outcome == task.Done
		if finished || carried[l.Task] {
			continue
		}
		d.Rests = append(d.Rests, restView{Line: l, Note: d.rest(l), Action: d.at("/rest/" + l.Task.String())})
	}
}

func (d *resolutionView) rest(l resolution.Line) string {
	notes := []string{l.Who, d.T("results.line.until", "day", l.Due)}
	if l.Amount.Counted() {
		notes = append(notes, d.T("results.rest.amount", "done", l.Amount.Done, "target", l.Amount.Target(), "left", l.Amount.Left(), "measure", l.Amount.Measure))
	} else {
		notes = append(notes, d.T("results.rest.percent", "percent", l.Percent))
	}
	return strings.Join(notes, " · ")
}

// addPast is table I.3: what became of the tasks that were before the meeting.
func (d *resolutionView) addPast(past []resolution.Line) {
	d.Past = ui.Table{
		Caption: d.T("results.past.caption"),
		Columns: []ui.Column{{Title: d.T("results.past.task")}, {Title: d.T("results.past.state")}, {Title: d.T("results.past.result")}},
		Empty:   ui.EmptyState{Title: d.T("results.past.none"), Text: d.T("results.past.none_help")},
	}
	for _, l := range past {
		d.Past.Rows = append(d.Past.Rows, ui.Row{Cells: ui.Cells(
			d.T("results.past.what", "task", l.Title, "who", l.Who, "due", l.Due), stateOf(d.Request, l), reached(d.Request, l),
		)})
	}
}

// stateOf says in words what became of a task.
func stateOf(r *page.Request, l resolution.Line) string {
	switch {
	case l.OnTime:
		return r.T("results.past.on_time")
	case l.State == task.Assessed && l.Outcome == task.Done:
		return r.T("results.past.late")
	case l.State == task.Assessed:
		return r.T("results.past." + string(l.Outcome))
	case l.State == task.Withdrawn:
		return r.T("results.past.withdrawn")
	case l.State == task.Reported:
		return r.T("results.past.reported")
	case l.OverdueDays > 0:
		return r.T("results.past.overdue", "days", l.OverdueDays)
	}
	return r.T("results.past.open")
}

// reached is what came of a task, and what was said to it.
func reached(r *page.Request, l resolution.Line) string {
	came := result(r, l)
	if l.Judgement == "" {
		return came
	}
	return r.T("results.past.judged", "result", strings.TrimRight(came, "."), "judgement", l.Judgement)
}

func result(r *page.Request, l resolution.Line) string {
	if l.Result != "" {
		return l.Result
	}
	if l.Amount.Counted() {
		return r.T("results.past.amount", "done", l.Amount.Done, "target", l.Amount.Target(), "measure", l.Amount.Measure)
	}
	return i18n.Share(r.Context(), l.Percent, 100)
}

// onLine is a change of the line in the path that needs nothing but it.
func onLine(change func(tx *db.Tx, by access.Actor, of resolution.ID, line task.ID, version int64) error) func(edit, *page.Input) error {
	return func(e edit, in *page.Input) error {
		line, err := page.PathID[task.Task](e.Request, "line")
		if err != nil {
			return err
		}
		return change(e.Tx, e.By, e.R.ID, line, in.Version())
	}
}

// addRest carries the rest of a task into this period. Its day is the end of
// the period, until somebody says another.
func addRest(e edit, in *page.Input) error {
	of, err := page.PathID[task.Task](e.Request, "line")
	if err != nil {
		return err
	}
	due := e.R.To
	if due.Before(e.M.Day()) || due.Before(e.Today()) {
		due = clock.Date{}
	}
	_, err = resolution.AddRest(e.Tx, e.By, e.R.ID, of, in.Version(), task.Carry{Due: due})
	return err
}

func addLine(e edit, in *page.Input) error {
	n, err := lineOf(in)
	if err != nil {
		return err
	}
	_, err = resolution.AddLine(e.Tx, e.By, e.R.ID, n)
	return err
}

func changeLine(e edit, in *page.Input) error {
	line, err := page.PathID[task.Task](e.Request, "line")
	if err != nil {
		return err
	}
	n, err := lineOf(in)
	if err != nil {
		return err
	}
	return resolution.ChangeLine(e.Tx, e.By, e.R.ID, line, in.Version(), n)
}

func lineOf(in *page.Input) (task.New, error) {
	n := task.New{
		Title: in.Line("title"), Detail: in.Block("detail"), Area: task.Area(in.Line("area")), Due: in.Date("due"),
		Measure: in.Line("measure"), Planned: int64(in.Int("planned")),
	}
	kind, of, _ := strings.Cut(in.Line("assignee"), ":")
	switch kind {
	case "person":
		n.Assignee.Person, _ = id.Parse[access.Person](of)
	case "group":
		n.Assignee.Group, _ = id.Parse[unit.Group](of)
	}
	n.Assignee.Body = in.Line("body")
	return n, in.Err()
}

// assignee is somebody on the form.
func assignee(a task.Assignee) string {
	switch {
	case a.Person != 0:
		return "person:" + a.Person.String()
	case a.Group != 0:
		return "group:" + a.Group.String()
	}
	return ""
}

// lineForm is the form of a task of the draft.
type lineForm struct {
	edit
	Line      resolution.Line
	Action    string
	Assignees []ui.Option
	Once      ui.Hidden
	New       bool
}

func (e edit) mustWrite() error {
	if e.writes() && e.R.State == resolution.Drafted {
		return nil
	}
	return errs.New(errs.Denied, "errs.denied")
}

func showNewLine(e edit) (page.Answer, error) {
	return e.lineForm("results.line.new", lineForm{edit: e, Action: e.at("/lines/new"), New: true})
}

func showLine(e edit) (page.Answer, error) {
	line, err := page.PathID[task.Task](e.Request, "line")
	if err != nil {
		return nil, err
	}
	own, err := task.Lines(e.Tx, e.R.ID)
	if err != nil {
		return nil, err
	}
	_, content, err := resolution.Read(e.Tx, e.By, e.R.ID)
	if err != nil {
		return nil, err
	}
	for i := range own {
		if own[i].ID == line {
			return e.lineForm("results.line.change", lineForm{edit: e, Action: e.at("/lines/" + line.String()), Line: content.Tasks[i]})
		}
	}
	return nil, errs.New(errs.NotFound, "errs.not_found")
}

func (e edit) lineForm(title string, d lineForm) (page.Answer, error) {
	if err := e.mustWrite(); err != nil {
		return nil, err
	}
	d.Once = page.Once(e.Request)
	var err error
	if d.Assignees, err = e.assignees(); err != nil {
		return nil, err
	}
	p, err := e.Below(e.T(title))
	p.Crumbs = append(p.Crumbs, ui.Link{Text: e.T("results.tab.resolution"), Href: e.home()})
	return page.HTML(linePage(p, d)), err
}

// assignees are those who may have a task: everybody on the roll, who has a
// post at the unit without being on it, and the party groups.
func (e edit) assignees() ([]ui.Option, error) {
	var list []ui.Option
	roster, err := member.Roster(e.Tx, e.At.ID, e.Today())
	if err != nil {
		return nil, err
	}
	seen := map[access.PersonID]bool{}
	for _, m := range roster {
		seen[m.ID] = true
		list = append(list, ui.Option{Value: "person:" + m.ID.String(), Label: m.Name})
	}
	posts, err := course.OrNone(unit.Posts(e.Tx, e.By, e.At.ID, e.Today()))
	if err != nil {
		return nil, err
	}
	var others []access.PersonID
	for _, p := range posts {
		if !seen[p.Person] {
			seen[p.Person] = true
			others = append(others, p.Person)
		}
	}
	names, err := member.Names(e.Tx, others)
	if err != nil {
		return nil, err
	}
	for _, p := range others {
		list = append(list, ui.Option{Value: "person:" + p.String(), Label: names[p]})
	}
	slices.SortStableFunc(list, func(a, b ui.Option) int { return strings.Compare(text.NameKey(a.Label), text.NameKey(b.Label)) })
	groups, err := course.OrNone(unit.Groups(e.Tx, e.By, e.At.ID))
	for _, g := range groups {
		if g.Ended.IsZero() {
			list = append(list, ui.Option{Value: "group:" + g.ID.String(), Label: g.Name})
		}
	}
	return list, err
}

func (d lineForm) areas() []ui.Option {
	list := make([]ui.Option, len(task.Areas))
	for i, a := range task.Areas {
		list[i] = ui.Option{Value: string(a), Label: d.T("task.area." + string(a))}
	}
	return list
}

// due and planned are what stands in their fields.
func (d lineForm) due() string { return d.Value("due", d.Line.Due.Vietnamese()) }

func (d lineForm) planned() string {
	stored := ""
	if d.Line.Amount.Planned > 0 {
		stored = i18n.Number(d.Context(), d.Line.Amount.Planned)
	}
	return d.Value("planned", stored)
}

// once keeps a new task from being added twice.
func (d lineForm) once() []ui.Hidden {
	if !d.New {
		return nil
	}
	return []ui.Hidden{d.Once}
}

func lackTone(k lack) string {
	if k.Error != "" {
		return string(ui.Bad)
	}
	return string(ui.Warn)
}

func joined(parts []string) string { return strings.Join(parts, " · ") }
