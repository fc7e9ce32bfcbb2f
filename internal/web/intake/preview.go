package intake

import (
	"bytes"
	"strconv"
	"strings"

	"chibo/internal/domain/intake"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// txn and actor are what is done ahead of a page.
type (
	txn   = *db.Tx
	actor = access.Actor
)

// Of a long list only the beginning is shown.
const (
	findingsShown = 100
	notesShown    = 30
)

// show is the page of an import: what it is depends on how far it has come.
func show(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	switch i.State {
	case intake.Sent:
		return columnsAnswer(r, i)
	case intake.Checking, intake.Applying:
		return progressAnswer(r, i)
	case intake.Checked:
		return previewAnswer(r, i)
	}
	return resultAnswer(r, i)
}

// progressView is an import that a job works on.
type progressView struct {
	Steps      ui.Stepper
	Path, Text string
	Bar        ui.ProgressBar
	Done       bool
}

func progressOf(r *page.Request, i intake.Import) (progressView, error) {
	v := progressView{Steps: steps(r, i), Path: path(i), Text: r.T("intake.page.under_way_" + string(i.State))}
	v.Done = i.State != intake.Checking && i.State != intake.Applying
	s, begun, err := intake.Progress(r.Tx, i.ID)
	words := "intake.page.rows_done"
	switch {
	case !begun:
		words = "intake.page.rows_waiting"
	case !s.Counted:
		words = "intake.page.rows_uncounted"
	}
	v.Bar = ui.ProgressBar{
		Label: r.T("intake.page.progress"), Text: r.T(words, "done", i18n.Number(r.Context(), s.Done), "all", i18n.Number(r.Context(), s.All)),
		Value: float64(s.Done), Max: float64(max(s.All, 1)), Tone: ui.Info,
	}
	return v, err
}

func progressAnswer(r *page.Request, i intake.Import) (page.Answer, error) {
	frame, err := frameFor(r, i, r.T("intake.page.progress_title"))
	if err != nil {
		return nil, err
	}
	frame.NeedsHTMX = true
	v, err := progressOf(r, i)
	return page.HTML(progressPage(frame, v)), err
}

// showProgress is the part of the page that a browser with JavaScript asks for
// again and again.
func showProgress(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	if !r.HTMX() {
		return page.SeeOther(path(i), ""), nil
	}
	v, err := progressOf(r, i)
	return page.HTML(progressPart(v)), err
}

// previewView is what an import would do.
type previewView struct {
	Steps    ui.Stepper
	Path     string
	Version  int64
	Errors   ui.Errors
	Failure  string
	Stats    ui.Stats
	Write    string // the text of the button; "" where nothing can be written
	Twins    int
	Names    []nameView
	Rejected int
	Findings ui.Table
	Left     int // findings that are not shown
	Notes    ui.Table
	Groups   []string
	Sample   ui.Table
	Skipped  ui.Table
	Once     ui.Hidden
}

// nameView is a name that is that of no unit.
type nameView struct {
	Written string
	Field   ui.SelectField
}

func previewAnswer(r *page.Request, i intake.Import) (page.Answer, error) {
	rep := i.Report
	v := previewView{
		Steps: steps(r, i), Path: path(i), Version: i.Version, Errors: r.Errors(), Twins: twinsIn(rep), Rejected: rep.Rejected, Once: page.Once(r),
		Stats: ui.Stats{Items: []ui.Stat{
			{Label: r.T("intake.page.rows_all"), Figure: i18n.Number(r.Context(), rep.Rows)},
			{Label: r.T("intake.page.rows_right"), Figure: i18n.Number(r.Context(), rep.OK), Note: updatedNote(r, rep)},
			{Label: r.T("intake.page.rows_wrong"), Figure: i18n.Number(r.Context(), rep.Rejected)},
			{Label: r.T("intake.page.rows_twin"), Figure: i18n.Number(r.Context(), rep.Twins)},
		}},
		Findings: findings(r, i, rep.Findings, findingsShown), Left: max(0, len(rep.Findings)-findingsShown),
		Notes:  findings(r, i, rep.Notes, notesShown),
		Sample: sampleOf(r, i), Skipped: skipped(r, rep.Skipped),
	}
	if i.Failure != nil {
		v.Failure = r.T(i.Failure.Key, i.Failure.Args...)
	}
	if rep.OK > 0 {
		v.Write = r.T("intake.page.apply", "rows", rep.OK)
	}
	for n, u := range rep.Unknown {
		v.Names = append(v.Names, nameOf(r, n, u))
	}
	for _, g := range rep.NewGroups {
		v.Groups = append(v.Groups, g.Name)
	}
	frame, err := frameFor(r, i, r.T("intake.page.preview_title"))
	if err != nil {
		return nil, err
	}
	return page.HTML(previewPage(frame, v)), nil
}

func updatedNote(r *page.Request, rep intake.Report) string {
	if rep.Updated == 0 {
		return ""
	}
	return r.T("intake.page.updated", "count", rep.Updated)
}

func twinsIn(rep intake.Report) (n int) {
	for _, f := range rep.Findings {
		if f.Twin != nil {
			n++
		}
	}
	return n
}

func nameOf(r *page.Request, n int, u intake.Unknown) nameView {
	f := ui.SelectField{
		Name: "meant-" + strconv.Itoa(n), Label: r.T("intake.page.name_meant", "name", u.Written, "rows", u.Rows), Empty: r.T("intake.page.name_none"),
	}
	for _, s := range u.Meant {
		f.Options = append(f.Options, ui.Option{Value: s.Unit.String(), Label: s.Name + " (" + s.Code + ")"})
	}
	return nameView{u.Written, f}
}

// findings are rows with what is wrong with them or should be known.
func findings(r *page.Request, i intake.Import, list []intake.Finding, most int) ui.Table {
	t := ui.Table{Caption: r.T("intake.page.findings"), Columns: []ui.Column{
		{Title: r.T("intake.page.row"), Number: true}, {Title: r.T("intake.page.name"), Head: true}, {Title: r.T("intake.page.finding")},
	}}
	for _, f := range list[:min(len(list), most)] {
		var words []string
		for _, fault := range append(f.Faults, f.Notes...) {
			words = append(words, fault.Words(i.Kind, r.T))
		}
		if len(words) == 0 && f.Twin != nil {
			words = append(words, r.T("intake.page.decided"))
		}
		name := f.Name
		if name == "" {
			name = r.T("intake.page.nameless")
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Cells(strconv.Itoa(f.Row), name, strings.Join(words, " "))})
	}
	return t
}

func sampleOf(r *page.Request, i intake.Import) ui.Table {
	t := ui.Table{Caption: r.T("intake.page.sample"), Columns: []ui.Column{
		{Title: r.T("intake.page.row"), Number: true},
		{Title: r.T("intake.page.name"), Head: true},
		{Title: r.T("intake.page.detail_" + string(i.Kind))},
		{Title: r.T("intake.page.unit")},
	}}
	for _, f := range i.Report.Sample {
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Cells(strconv.Itoa(f.Row), f.Name, f.Detail, f.Unit)})
	}
	return t
}

func skipped(r *page.Request, list []intake.Skipped) ui.Table {
	t := ui.Table{Caption: r.T("intake.page.skipped"), Columns: []ui.Column{
		{Title: r.T("intake.page.row"), Number: true}, {Title: r.T("intake.page.text"), Head: true}, {Title: r.T("intake.page.taken_for")},
	}}
	for _, s := range list {
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Cells(strconv.Itoa(s.Row), s.Text, r.T("intake.skipped."+s.Why))})
	}
	return t
}

func decideNames(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	in := r.Input()
	names := map[string]orgtree.ID{}
	for n, u := range i.Report.Unknown {
		if meant := page.ID[orgtree.Unit](in, "meant-"+strconv.Itoa(n)); meant != 0 {
			names[u.Written] = meant
		}
	}
	if err := intake.Decide(r.Tx, r.By, i.ID, in.Version(), nil, i.Settings.Twins, names); err != nil {
		return nil, err
	}
	return page.SeeOther(path(i), ""), nil
}

func apply(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	if err := intake.StartApply(r.Tx, r.By, i.ID, r.Input().Version()); err != nil {
		return nil, err
	}
	return page.SeeOther(path(i), ""), nil
}

func drop(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	if err := intake.Drop(r.Tx, r.By, i.ID, r.Input().Version()); err != nil {
		return nil, err
	}
	return page.SeeOther("/import/"+string(i.Kind)+"?unit="+i.Unit.String(), "intake.page.done_dropped"), nil
}

// rejected gives the copy of the spreadsheet with the rows that go back.
func rejected(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	back, err := i.SentBack(r.Tx)
	if err != nil {
		return nil, err
	}
	return page.Later(func() (page.Answer, error) {
		var out bytes.Buffer
		err := intake.InFile(r.Site.Files, i.Hash, func(book intake.Book) error { return back.Write(book, &out, r.T) })
		name, media := i.RejectedFile(r.T)
		return page.File{Name: name, Media: media, Body: out.Bytes()}, err
	}), nil
}

// resultView is what an import came to.
type resultView struct {
	Steps      ui.Stepper
	Path, Back string
	Version    int64
	Undone     bool
	Stats      ui.Stats
	Rejected   int
	Dependents []string
	Merges     []mergeView
}

// mergeView is somebody whom a row updated.
type mergeView struct {
	Name, Row string
	Undo      ui.PostButton
}

func resultAnswer(r *page.Request, i intake.Import) (page.Answer, error) {
	v := resultView{Steps: steps(r, i), Path: path(i), Back: back(i), Version: i.Version, Undone: i.State == intake.Undone, Rejected: i.Report.Rejected}
	v.Stats = ui.Stats{Items: []ui.Stat{
		{Label: r.T("intake.page.rows_written"), Figure: i18n.Number(r.Context(), i.Report.OK), Note: updatedNote(r, i.Report)},
		{Label: r.T("intake.page.rows_wrong"), Figure: i18n.Number(r.Context(), i.Report.Rejected)},
		{Label: r.T("intake.page.rows_left"), Figure: i18n.Number(r.Context(), i.Report.Left)},
	}}
	if !v.Undone {
		if err := v.afterwards(r, i); err != nil {
			return nil, err
		}
	}
	title := "intake.page.result_title"
	if v.Undone {
		title = "intake.page.undone_title"
	}
	frame, err := frameFor(r, i, r.T(title))
	if err != nil {
		return nil, err
	}
	return page.HTML(resultPage(frame, v)), nil
}

// afterwards is what can still be done about an import.
func (v *resultView) afterwards(r *page.Request, i intake.Import) error {
	dependents, err := intake.Dependents(r.Tx, r.By, i.ID)
	if err != nil {
		return err
	}
	for _, d := range dependents {
		v.Dependents = append(v.Dependents, r.T("intake.page.depends", "what", r.T("intake.depends."+d.What), "count", d.Count))
	}
	merges, err := intake.Merges(r.Tx, r.By, i.ID)
	if err != nil {
		return err
	}
	people := make([]member.ID, len(merges))
	for n, m := range merges {
		people[n] = m.Person
	}
	names, err := member.Names(r.Tx, people)
	for _, m := range merges {
		row := strconv.Itoa(m.Row)
		v.Merges = append(v.Merges, mergeView{names[m.Person], row, ui.PostButton{
			Text: r.T("intake.page.undo_merge"), Action: path(i) + "/merges/" + row + "/undo", Label: r.T("intake.page.undo_merge_of", "name", names[m.Person]),
		}})
	}
	return err
}

func undo(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	if err := intake.Undo(r.Tx, r.By, i.ID, r.Input().Version()); err != nil {
		return nil, err
	}
	return page.SeeOther(path(i), "intake.page.done_undone"), nil
}

func undoMerge(r *page.Request) (page.Answer, error) {
	i, err := load(r)
	if err != nil {
		return nil, err
	}
	row, err := strconv.Atoi(r.PathValue("row"))
	if err != nil {
		return page.Missing(r)
	}
	if err := intake.TakeBackMerge(r.Tx, r.By, i.ID, row); err != nil {
		return nil, err
	}
	return page.SeeOther(path(i), "intake.page.done_unmerged"), nil
}
