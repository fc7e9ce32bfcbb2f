package meetings

import (
	"slices"
	"strconv"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/id"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func prepareRoutes() []page.Route {
	upload := page.Act("/meetings/{id}/documents/add", doing("/documents", "room.docs.added", addDocuments), on(showDocuments))
	upload.Uploads = uploadMost
	return []page.Route{
		page.Show("/meetings/{id}/prepare", on(showPrepare)),
		page.Act("/meetings/{id}/prepared", doing("", "room.prepare.done", markPrepared), on(showPrepare)),
		page.Act("/meetings/{id}/steps/{step}/done", doing("/prepare", "room.saved", completeStep), on(showPrepare)),
		page.Act("/meetings/{id}/steps/{step}/open", doing("/prepare", "room.saved", reopenStep), on(showPrepare)),
		page.Act("/meetings/{id}/steps/{step}/assign", doing("/prepare", "room.saved", assignStep), on(showPrepare)),
		page.Act("/meetings/{id}/minute-taker", doing("/prepare#turns", "room.saved", nameMinuteTaker), on(showPrepare)),
		page.Act("/meetings/{id}/story", doing("/prepare#turns", "room.saved", nameStory), on(showPrepare)),

		page.Show("/meetings/{id}/agenda", on(showAgenda)),
		page.Show("/meetings/{id}/agenda/new", on(showNewItem)),
		page.Act("/meetings/{id}/agenda/new", doing("/agenda", "room.agenda.added", addItem), on(showNewItem)),
		page.Show("/meetings/{id}/agenda/{item}", on(showItem)),
		page.Act("/meetings/{id}/agenda/{item}", doing("/agenda", "room.saved", changeItem), on(showItem)),
		page.Act("/meetings/{id}/agenda/{item}/move", on(moveItem), on(showAgenda)),
		page.Act("/meetings/{id}/agenda/{item}/remove", doing("/agenda", "room.agenda.removed", removeItem), on(showItem)),

		page.Show("/meetings/{id}/documents", on(showDocuments)),
		upload,
		page.Act("/meetings/{id}/documents/post", doing("/documents", "room.docs.posted", postDocuments), on(showDocuments)),
		page.Act("/meetings/{id}/documents/{file}/remove", doing("/documents", "room.docs.removed", removeDocument), on(showDocuments)),
		page.Show("/meetings/{id}/documents/{file}", on(openDocument)),
	}
}

// uploadMost is how many bytes of files one sending may bring.
const uploadMost = 20 << 20

// preparing are the views of the preparation.
func (v visit) preparationTabs(now string) ui.Tabs {
	tabs := ui.Tabs{Label: v.T("room.prepare.views")}
	for _, view := range []string{"prepare", "agenda", "documents", "announce"} {
		tabs.Items = append(tabs.Items, ui.Tab{Text: v.T("room.tab." + view), Href: v.Path("/" + view), Current: view == now})
	}
	return tabs
}

// prepareView is the checklist of the preparation.
type prepareView struct {
	v            visit
	Tabs         ui.Tabs
	Progress     ui.ProgressBar
	Warnings     []ui.Notice
	Steps, Later []stepView
	MayPrepare   bool
	Upcoming     bool
	Prepared     bool
	Taker, Story *turnView
	Errors       ui.Errors
}

// stepView is one thing to do.
type stepView struct {
	meeting.Step
	Who, How string
	Due      ui.Chip
	Where    string // the page on which it is done
	Path     string
	MayTick  bool
	People   []ui.Option
	Note     string
	Error    string
}

// turnView is a part that rotates, with whose turn it is.
type turnView struct {
	Title, Now string
	First      []turn
	Others     []ui.Option
	Action     string
	Hidden     []ui.Hidden
}

// turn is a candidate with the reason.
type turn struct{ id, name, why string }

func showPrepare(v visit) (page.Answer, error) {
	ready, err := meeting.Ready(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	d := prepareView{
		v: v, Tabs: v.preparationTabs("prepare"), MayPrepare: v.Can(access.MeetingPrepare), Upcoming: v.M.State.Upcoming(),
		Prepared: !v.M.PreparedAt.IsZero(), Errors: v.Errors(),
		Progress: ui.ProgressBar{
			Label: v.T("room.prepare.progress"), Text: v.T("room.of", "done", ready.Done, "all", ready.Needed),
			Value: float64(ready.Done), Max: float64(max(1, ready.Needed)), Tone: ui.Good,
		},
	}
	d.warn(ready)
	for _, add := range []func() error{d.addSteps, d.addTaker, d.addStory} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	p, err := v.Below(v.T("room.prepare.title"))
	return page.HTML(preparePage(p, d)), err
}

// warn tells what is missing besides the steps.
func (d *prepareView) warn(ready meeting.Readiness) {
	v := d.v
	add := func(shown bool, key string, args ...any) {
		if shown {
			d.Warnings = append(d.Warnings, ui.Notice{Tone: ui.Warn, Text: v.T("room.prepare."+key, args...)})
		}
	}
	if !d.Upcoming {
		return
	}
	add(v.M.DocsPostedAt.IsZero() && v.Tx.Now.After(ready.DocumentsBy), "docs_late", "by", ready.DocumentsBy)
	add(v.M.DocsPostedAt.IsZero() && !v.Tx.Now.After(ready.DocumentsBy), "docs_by", "by", ready.DocumentsBy)
	add(len(ready.Unpresented) > 0, "unpresented", "n", len(ready.Unpresented))
	add(ready.RequiredMinutes > ready.PlannedMinutes, "short", "planned", ready.PlannedMinutes, "required", ready.RequiredMinutes)
}

func (d *prepareView) addSteps() error {
	v := d.v
	steps, err := meeting.Steps(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	people, err := v.people()
	if err != nil {
		return err
	}
	var ids []access.PersonID
	for _, s := range steps {
		ids = append(ids, s.Person, s.DoneBy)
	}
	called, err := names(v.Request, ids...)
	for _, s := range steps {
		view := d.step(s, called, options(people))
		if s.Phase == "prepare" {
			d.Steps = append(d.Steps, view)
		} else {
			d.Later = append(d.Later, view)
		}
	}
	return err
}

func (d *prepareView) step(s meeting.Step, called map[access.PersonID]string, people []ui.Option) stepView {
	v := d.v
	view := stepView{Step: s, Who: called[s.Person], Path: v.Path("/steps/" + s.ID.String()), People: people, Where: v.where(s)}
	if view.Who == "" {
		var roles []string
		for _, role := range s.Who {
			roles = append(roles, roleName(v.Request, role))
		}
		view.Who = strings.Join(roles, ", ")
	}
	view.MayTick = v.Can(access.MeetingPrepare) || v.Can(access.MeetingRun) || s.Person == v.By.Person
	switch {
	case s.Done() && s.ByRecord:
		view.How = v.T("room.prepare.by_record", "proof", s.ProofLabel)
	case s.Done():
		view.How = joined(" · ", v.T("room.prepare.by_hand", "who", called[s.DoneBy], "at", s.DoneAt), s.Note)
	case s.Proof != "":
		view.How = v.T("room.prepare.proof", "proof", s.ProofLabel)
	}
	if !s.Done() {
		view.Due = course.DayChip(v.Request, s.Due)
		if s.Optional {
			view.Due = ui.Chip{Text: v.T("room.prepare.optional")}
		}
	}
	if v.Problem != nil && v.PathValue("step") == s.ID.String() {
		view.Note, view.Error = v.Form.Get("note"), d.Errors.For("note")
	}
	return view
}

// where is the page on which a record comes to be that proves the step, for
// whoever can bring it about.
func (v visit) where(s meeting.Step) string {
	if !v.Can(access.MeetingPrepare) {
		return ""
	}
	switch s.Proof {
	case "draft_resolution":
		return v.Path("/resolution")
	case "committee_minutes":
		return "/meetings/new?kind=committee&unit=" + v.At.ID.String()
	case "notice":
		return v.Path("/announce")
	case "documents", "draft_topic":
		return v.Path("/documents")
	case "topic":
		return v.Path("/change")
	}
	return ""
}

// addTaker says whose turn it is to take the minutes (S-22).
func (d *prepareView) addTaker() error {
	v := d.v
	if !d.MayPrepare || !d.Upcoming && v.M.State != meeting.InSession {
		return nil
	}
	list, err := meeting.SuggestMinuteTaker(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	d.Taker, err = d.turns(v.T("room.prepare.taker"), v.M.MinuteTaker, list, v.Path("/minute-taker"), []ui.Hidden{versionOf(v.M.Version)})
	return err
}

// addStory says whose turn it is to tell the story (S-46).
func (d *prepareView) addStory() error {
	v := d.v
	if !d.MayPrepare || !d.Upcoming {
		return nil
	}
	items, err := meeting.Agenda(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(items, func(i meeting.Item) bool { return i.Kind == "story" })
	if i < 0 {
		return nil
	}
	list, err := meeting.SuggestStory(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	d.Story, err = d.turns(v.T("room.prepare.story"), items[i].Presenter, list, v.Path("/story"), []ui.Hidden{
		{Name: "item", Value: items[i].ID.String()}, versionOf(items[i].Version),
	})
	return err
}

// versionOf is the version of what a form was filled from.
func versionOf(version int64) ui.Hidden {
	return ui.Hidden{Name: "version", Value: strconv.FormatInt(version, 10)}
}

func (d *prepareView) turns(title string, now access.PersonID, list []meeting.Candidate, action string, hidden []ui.Hidden) (*turnView, error) {
	t := &turnView{Title: title, Action: action, Hidden: hidden}
	called, err := names(d.v.Request, now)
	t.Now = called[now]
	for i, c := range list {
		if i < 3 {
			t.First = append(t.First, turn{c.Person.String(), c.Name, d.v.T(c.Why.Key, c.Why.Args...)})
		}
	}
	people, failed := d.v.people()
	if err == nil {
		err = failed
	}
	t.Others = options(people)
	return t, err
}

func markPrepared(v visit, in *page.Input) error {
	_, err := meeting.MarkPrepared(v.Tx, v.By, v.M.ID, in.Version())
	return err
}

// inPath is the id in the path of something that belongs to the meeting. What
// cannot be read names nothing.
func inPath[T any](v visit, name string) id.Of[T] {
	n, _ := page.PathID[T](v.Request, name)
	return n
}

func completeStep(v visit, in *page.Input) error {
	return meeting.CompleteStep(v.Tx, v.By, inPath[meeting.Step](v, "step"), in.Version(), in.Line("note"))
}

func reopenStep(v visit, in *page.Input) error {
	return meeting.ReopenStep(v.Tx, v.By, inPath[meeting.Step](v, "step"), in.Version())
}

func assignStep(v visit, in *page.Input) error {
	return meeting.AssignStep(v.Tx, v.By, inPath[meeting.Step](v, "step"), in.Version(), page.ID[access.Person](in, "person"))
}

func nameMinuteTaker(v visit, in *page.Input) error {
	_, err := meeting.NameMinuteTaker(v.Tx, v.By, v.M.ID, in.Version(), page.ID[access.Person](in, "person"))
	return err
}

// nameStory makes somebody the presenter of the story.
func nameStory(v visit, in *page.Input) error {
	i, err := v.item(page.ID[meeting.Item](in, "item"))
	if err != nil {
		return err
	}
	text := textOf(i)
	text.Presenter = page.ID[access.Person](in, "person")
	_, err = meeting.ChangeItem(v.Tx, v.By, i.ID, in.Version(), text)
	return err
}

// item is an item of this meeting's agenda.
func (v visit) item(wanted meeting.ItemID) (meeting.Item, error) {
	items, err := meeting.Agenda(v.Tx, v.By, v.M.ID)
	if err != nil {
		return meeting.Item{}, err
	}
	for _, i := range items {
		if i.ID == wanted {
			return i, nil
		}
	}
	return meeting.Item{}, errs.New(errs.NotFound, "errs.not_found")
}

func textOf(i meeting.Item) meeting.ItemText {
	return meeting.ItemText{Kind: i.Kind, Title: i.Title, Note: i.Note, Headings: i.Headings, Presenter: i.Presenter, Minutes: i.Minutes}
}

// agendaView is the agenda as its editor.
type agendaView struct {
	v       visit
	Tabs    ui.Tabs
	Lines   []agendaEdit
	Total   string
	Short   string // fewer minutes than the pack asks
	MayEdit bool
}

type agendaEdit struct {
	agendaLine
	meeting.Item
	Path        string
	First, Last bool
}

// mayEditAgenda: before it begins who prepares, in session who runs.
func (v visit) mayEditAgenda() bool {
	return v.M.State.Upcoming() && v.Can(access.MeetingPrepare) ||
		v.M.State == meeting.InSession && (v.Can(access.MeetingPrepare) || v.Can(access.MeetingRun))
}

func showAgenda(v visit) (page.Answer, error) {
	ready, err := meeting.Ready(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	items, err := meeting.Agenda(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	lines, err := agendaLines(v, items)
	if err != nil {
		return nil, err
	}
	d := agendaView{v: v, Tabs: v.preparationTabs("agenda"), MayEdit: v.mayEditAgenda(), Total: v.T("room.agenda.total", "minutes", ready.PlannedMinutes)}
	if ready.RequiredMinutes > ready.PlannedMinutes {
		d.Short = v.T("room.prepare.short", "planned", ready.PlannedMinutes, "required", ready.RequiredMinutes)
	}
	for n, i := range items {
		d.Lines = append(d.Lines, agendaEdit{
			agendaLine: lines[n], Item: i, Path: v.Path("/agenda/" + i.ID.String()), First: n == 0, Last: n == len(items)-1,
		})
	}
	p, err := v.Below(v.T("room.agenda.title"))
	return page.HTML(agendaPage(p, d)), err
}

// itemView is the form of an item of the agenda.
type itemView struct {
	v                               visit
	Action, Title, Note, Headings   string
	Presenter, Minutes, Place, Kind string
	People, Kinds, Places           []ui.Option
	Errors                          ui.Errors
	Version                         int64
	Remove                          string
}

func showNewItem(v visit) (page.Answer, error) {
	if !v.mayEditAgenda() {
		return nil, errs.New(errs.Denied, "errs.denied")
	}
	d := itemView{
		v: v, Action: v.Path("/agenda/new"), Title: v.Value("title", ""), Note: v.Value("note", ""), Headings: v.Value("headings", ""),
		Presenter: v.Value("presenter", ""), Minutes: v.Value("minutes", "5"), Place: v.Value("place", ""), Kind: v.Value("kind", "other"), Errors: v.Errors(),
	}
	if err := d.choices(); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("room.agenda.new_title"))
	return page.HTML(itemPage(p, d)), err
}

func (d *itemView) choices() error {
	people, err := d.v.people()
	if err != nil {
		return err
	}
	d.People = options(people)
	d.Kinds, err = itemKinds(d.v)
	if err != nil {
		return err
	}
	items, err := meeting.Agenda(d.v.Tx, d.v.By, d.v.M.ID)
	for _, i := range items {
		d.Places = append(d.Places, ui.Option{Value: strconv.Itoa(i.Place), Label: d.v.T("room.agenda.before", "place", i.Place, "title", i.Title)})
	}
	d.Places = append(d.Places, ui.Option{Value: strconv.Itoa(len(items) + 1), Label: d.v.T("room.agenda.at_end", "place", len(items))})
	return err
}

func showItem(v visit) (page.Answer, error) {
	i, err := v.item(inPath[meeting.Item](v, "item"))
	if err != nil {
		return nil, err
	}
	if !v.mayEditAgenda() {
		return nil, errs.New(errs.Denied, "errs.denied")
	}
	var headings []string
	for _, h := range i.Headings {
		headings = append(headings, h.Text)
	}
	path := v.Path("/agenda/" + i.ID.String())
	d := itemView{
		v: v, Action: path, Title: v.Value("title", i.Title), Note: v.Value("note", i.Note), Headings: v.Value("headings", strings.Join(headings, "\n")),
		Presenter: v.Value("presenter", i.Presenter.String()), Minutes: v.Value("minutes", strconv.Itoa(i.Minutes)), Errors: v.Errors(), Version: i.Version,
		Remove: path + "/remove",
	}
	if err := d.choices(); err != nil {
		return nil, err
	}
	d.Kinds, d.Places = nil, nil
	p, err := v.Below(v.T("room.agenda.item_title"))
	return page.HTML(itemPage(p, d)), err
}

// readItem reads the form; headings are lines, and keep what was dealt with.
func readItem(in *page.Input, was []meeting.Heading) (meeting.ItemText, error) {
	t := meeting.ItemText{
		Kind: in.Line("kind"), Title: in.Line("title"), Note: in.Block("note"), Presenter: page.ID[access.Person](in, "presenter"), Minutes: in.Int("minutes"),
	}
	for line := range strings.Lines(in.Block("headings")) {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		done := slices.Contains(was, meeting.Heading{Text: line, Done: true})
		t.Headings = append(t.Headings, meeting.Heading{Text: line, Done: done})
	}
	return t, in.Err()
}

func addItem(v visit, in *page.Input) error {
	t, err := readItem(in, nil)
	if err != nil {
		return err
	}
	_, err = meeting.AddItem(v.Tx, v.By, v.M.ID, in.Int("place"), t)
	return err
}

func changeItem(v visit, in *page.Input) error {
	i, err := v.item(inPath[meeting.Item](v, "item"))
	if err != nil {
		return err
	}
	t, err := readItem(in, i.Headings)
	if err != nil {
		return err
	}
	_, err = meeting.ChangeItem(v.Tx, v.By, i.ID, in.Version(), t)
	return err
}

func moveItem(v visit) (page.Answer, error) {
	in := v.Input()
	item := inPath[meeting.Item](v, "item")
	if err := meeting.MoveItem(v.Tx, v.By, item, in.Version(), in.Int("place")); err != nil {
		return nil, err
	}
	return page.SeeOther(v.Path("/agenda#i-"+item.String()), ""), nil
}

func removeItem(v visit, in *page.Input) error {
	return meeting.RemoveItem(v.Tx, v.By, inPath[meeting.Item](v, "item"), in.Version())
}

// documentsView is the files of a meeting.
type documentsView struct {
	v               visit
	Tabs            ui.Tabs
	Files           []fileView
	Notice          ui.Notice
	MayAdd, MayPost bool
	Errors          ui.Errors
}

type fileView struct {
	ui.Item
	Remove string
}

func showDocuments(v visit) (page.Answer, error) {
	files, err := meeting.Documents(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	d := documentsView{v: v, Tabs: v.preparationTabs("documents"), Errors: v.Errors(), MayAdd: v.Can(access.MeetingPrepare) && !v.M.Sealed()}
	d.MayPost = d.MayAdd && len(files) > 0 && v.M.DocsPostedAt.IsZero() && v.M.State.Upcoming()
	for _, f := range files {
		path := v.Path("/documents/" + f.ID.String())
		view := fileView{Item: fileItem(v, f, path)}
		if d.MayAdd && v.M.DocsPostedAt.IsZero() {
			view.Remove = path + "/remove"
		}
		d.Files = append(d.Files, view)
	}
	if v.Inside() {
		if err := d.warn(); err != nil {
			return nil, err
		}
	} else {
		d.Tabs = ui.Tabs{}
	}
	p, err := v.Below(v.T("room.docs.title"))
	return page.HTML(documentsPage(p, d)), err
}

// warn watches the pack's day before the meeting.
func (d *documentsView) warn() error {
	v := d.v
	ready, err := meeting.Ready(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	late := v.Tx.Now.After(ready.DocumentsBy)
	switch {
	case !v.M.DocsPostedAt.IsZero() && v.M.DocsPostedAt.After(ready.DocumentsBy):
		d.Notice = ui.Notice{Tone: ui.Warn, Text: v.T("room.notice.docs_late", "at", v.M.DocsPostedAt)}
	case !v.M.DocsPostedAt.IsZero():
		d.Notice = ui.Notice{Tone: ui.Good, Text: v.T("room.docs.posted_at", "at", v.M.DocsPostedAt)}
	case late:
		d.Notice = ui.Notice{Tone: ui.Bad, Text: v.T("room.prepare.docs_late", "by", ready.DocumentsBy)}
	default:
		d.Notice = ui.Notice{Tone: ui.Info, Text: v.T("room.prepare.docs_by", "by", ready.DocumentsBy) + " " + i18n.Deadline(v.Context(), v.Today(), dayOf(ready.DocumentsBy)) + "."}
	}
	return nil
}

func addDocuments(v visit, in *page.Input) error {
	files := v.Uploads["file"]
	if len(files) == 0 {
		return errs.Field("file", "errs.required")
	}
	for _, f := range files {
		if _, err := meeting.AttachDocument(v.Tx, v.By, v.M.ID, meeting.Document{Name: f.Name, Media: f.Media, Hash: f.Hash, Size: f.Size}); err != nil {
			return err
		}
	}
	return nil
}

func postDocuments(v visit, in *page.Input) error {
	_, err := meeting.PostDocuments(v.Tx, v.By, v.M.ID, in.Version())
	return err
}

func removeDocument(v visit, in *page.Input) error {
	return meeting.RemoveDocument(v.Tx, v.By, v.M.ID, inPath[attachment.Attachment](v, "file"))
}

func openDocument(v visit) (page.Answer, error) {
	f, err := meeting.FindDocument(v.Tx, v.By, inPath[attachment.Attachment](v, "file"))
	if err != nil {
		return nil, err
	}
	if f.NounID != int64(v.M.ID) {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return sendFile(v.Request, f)
}
