package results

import (
	"slices"
	"strconv"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func resolutionRoutes() []page.Route {
	show := onResolution(showResolution)
	act := func(path, to, done string, do func(edit, *page.Input) error) page.Route {
		return page.Act("/resolutions/{rid}"+path, editing(to, done, do), show)
	}
	return append(slices.Concat(
		page.Form("/meetings/{id}/resolution/other", on(showOther), on(draftOther)),
		page.Form("/meetings/{id}/resolution/numbers", on(showNumbers), doing("/resolution#issue", "results.numbers.done", continueNumbers)),
	),
		page.Show("/meetings/{id}/resolution", on(showOfMeeting)),
		page.Act("/meetings/{id}/resolution", doing("/resolution", "results.resolution.drafted", draft), on(showOfMeeting)),
		page.Show("/resolutions/{rid}/edit", show),
		act("/text", "", "results.saved", saveText),
		act("/adopt", "", "results.resolution.adopted", adopt),
		act("/issue", "", "results.resolution.issued", issue),
		act("/amend", "", "results.resolution.amended", amendResolution),
		act("/discard", "", "results.resolution.discarded", discard),
	)
}

// mainResolution is the monthly resolution of the meeting, or the first where
// there is none, if the reader sees one.
func (v visit) mainResolution() (resolution.Resolution, bool, error) {
	list, err := course.OrNone(resolution.OfMeeting(v.Tx, v.By, v.M.ID))
	if err != nil || len(list) == 0 {
		return resolution.Resolution{}, false, err
	}
	for _, r := range list {
		if r.Kind == resolution.Monthly {
			return r, true, nil
		}
	}
	return list[0], true, nil
}

// edit is a request about one resolution.
type edit struct {
	visit
	R resolution.Resolution
}

// onResolution is a page of the resolution in the path.
func onResolution(show func(edit) (page.Answer, error)) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		of, err := page.PathID[task.Resolution](r, "rid")
		if err != nil {
			return nil, err
		}
		found, err := resolution.Find(r.Tx, r.By, of)
		if err != nil {
			return nil, err
		}
		v, err := course.To(r, found.Meeting)
		if err != nil {
			return nil, err
		}
		return show(edit{visit{v}, found})
	}
}

// editing is an action on a resolution that leads back to its page.
func editing(to, done string, do func(edit, *page.Input) error) page.Page {
	return onResolution(func(e edit) (page.Answer, error) {
		if err := do(e, e.Input()); err != nil {
			return nil, err
		}
		return page.SeeOther(e.home()+to, done), nil
	})
}

// home is where the resolution is read and written: the monthly one at its
// meeting.
func (e edit) home() string {
	if e.R.Kind == resolution.Monthly {
		return e.Path("/resolution")
	}
	return e.at("/edit")
}

// at is the address of something of the resolution.
func (e edit) at(rest string) string { return "/resolutions/" + e.R.ID.String() + rest }

func (e edit) writes() bool { return e.Can(access.ResolutionWrite) }

// showOfMeeting is the resolution of the meeting, or what is to be done while
// there is none.
func showOfMeeting(v visit) (page.Answer, error) {
	r, found, err := v.mainResolution()
	if err != nil {
		return nil, err
	}
	if found {
		return showResolution(edit{v, r})
	}
	onward, err := v.Onward(course.Concluding)
	if err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("results.resolution.title"))
	return page.HTML(noResolutionPage(p, noResolution{
		Tabs: v.tabs("resolution"), Onward: onward, Once: page.Once(v.Request), Action: v.Path("/resolution"), OtherHref: v.Path("/resolution/other"),
		Writes:  v.Can(access.ResolutionWrite) && v.M.State != meeting.Cancelled,
		Monthly: v.M.Kind.Monthly(), Errors: v.Errors(),
	})), err
}

type noResolution struct {
	Tabs              ui.Tabs
	Onward            *ui.NextAction
	Once              ui.Hidden
	Action, OtherHref string
	Writes, Monthly   bool
	Errors            ui.Errors
}

func draft(v visit, _ *page.Input) error {
	_, err := resolution.Draft(v.Tx, v.By, v.M.ID)
	return err
}

type otherView struct {
	r    *page.Request
	Once ui.Hidden
	Back string
}

func showOther(v visit) (page.Answer, error) {
	if _, err := access.RequireOn(v.Tx, v.By, access.ResolutionWrite, v.M.Unit, int64(v.M.ID)); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("results.other.title"))
	return page.HTML(otherPage(p, otherView{v.Request, page.Once(v.Request), v.Path("/resolution")})), err
}

func (d otherView) kinds() []ui.Option {
	var list []ui.Option
	for _, k := range resolution.Kinds {
		if k != resolution.Monthly {
			list = append(list, ui.Option{Value: string(k), Label: d.r.T("resolution.kind." + string(k))})
		}
	}
	return list
}

func draftOther(v visit) (page.Answer, error) {
	in := v.Input()
	n := resolution.New{
		Meeting: v.M.ID, Kind: resolution.Kind(in.Line("kind")), Title: in.Line("title"), From: in.Date("from"), To: in.Date("to"),
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	r, err := resolution.DraftOther(v.Tx, v.By, n)
	return page.SeeOther("/resolutions/"+r.String()+"/edit", "results.resolution.drafted"), err
}

// saveText writes what was changed of the title and the sections; each section
// over the version that was read.
func saveText(e edit, in *page.Input) error {
	if title := in.Line("title"); e.Form.Has("title") && title != e.R.Title {
		if err := resolution.Rename(e.Tx, e.By, e.R.ID, in.Version(), title); err != nil {
			return err
		}
	}
	_, content, err := resolution.Read(e.Tx, e.By, e.R.ID)
	if err != nil {
		return err
	}
	for _, s := range content.Sections {
		name := string(s.Section)
		if !e.Form.Has(name) || in.Block(name) == s.Body {
			continue
		}
		version, _ := strconv.ParseInt(e.Form.Get(versionOf(s.Section)), 10, 64)
		if err := resolution.EditSection(e.Tx, e.By, e.R.ID, s.Section, version, in.Block(name)); err != nil {
			return err
		}
	}
	return nil
}

func versionOf(s resolution.Section) string { return string(s) + ".version" }

func adopt(e edit, in *page.Input) error {
	return resolution.Adopt(e.Tx, e.By, e.R.ID, in.Version(), page.ID[meeting.Vote](in, "vote"))
}

func issue(e edit, in *page.Input) error {
	how := resolution.Signing{Place: in.Line("place"), Day: in.Date("day"), Signer: page.ID[access.Person](in, "signer")}
	if err := in.Err(); err != nil {
		return err
	}
	return resolution.Issue(e.Tx, e.By, e.R.ID, in.Version(), how)
}

// amendResolution makes a further edition of what stands on the form.
func amendResolution(e edit, in *page.Input) error {
	a := resolution.Amendment{Reason: in.Block("reason"), Vote: page.ID[meeting.Vote](in, "vote")}
	for _, s := range e.R.Kind.Sections() {
		if !e.Form.Has(string(s)) {
			continue
		}
		version, _ := strconv.ParseInt(e.Form.Get(versionOf(s)), 10, 64)
		a.Sections = append(a.Sections, resolution.SectionText{Section: s, Body: in.Block(string(s)), Version: version})
	}
	return resolution.Amend(e.Tx, e.By, e.R.ID, in.Version(), a)
}

func discard(e edit, in *page.Input) error {
	return resolution.Discard(e.Tx, e.By, e.R.ID, in.Version(), in.Block("reason"))
}

// resolutionView is the page of a resolution: a draft to write, or one to read.
type resolutionView struct {
	edit
	Tabs ui.Tabs
	// Onward leads to the next step once there is nothing left to write.
	Onward   *ui.NextAction
	Chip     ui.Chip
	Sheet    sheet
	Files    offered
	Papers   []offered
	Sections []sectionView
	Opening  []ui.Definition
	Past     ui.Table
	Lines    []lineView
	Rests    []restView
	Votes    []ui.Option
	Signers  []ui.Option
	Place    string
	Day      clock.Date
	Others   []ui.Item
	// NumbersHref leads to the number that the last one on paper had, while none
	// was given here.
	NumbersHref string
	// Corrected warns of a vote that was counted anew after the adoption.
	Corrected ui.Notice
	Editions  []ui.Item
	// What the reader may do now.
	MayWrite, MayQuality, MayAdopt, MayIssue, MayAmend bool
	Once                                               ui.Hidden
}

// sectionView is a part of the text on the form.
type sectionView struct {
	Name, Number, Label, Help, Body, Error string
	Version                                string
	// Needed: without it the draft is not adopted.
	Needed bool
}

func showResolution(e edit) (page.Answer, error) {
	r, content, err := resolution.Read(e.Tx, e.By, e.R.ID)
	if err != nil {
		return nil, err
	}
	e.R = r
	d := resolutionView{edit: e, Tabs: e.tabs("resolution"), Chip: resolutionChip(e.Request, r), Once: page.Once(e.Request)}
	d.permit()
	d.addSections(content)
	if d.MayWrite {
		err = d.addDraft(content)
	} else {
		err = d.addSheet()
	}
	if err != nil {
		return nil, err
	}
	if d.MayIssue {
		if err := d.addSigning(); err != nil {
			return nil, err
		}
	}
	if err := d.addOthers(); err != nil {
		return nil, err
	}
	p, err := e.Below(e.T("resolution.kind." + string(r.Kind)))
	p.Lead = r.Title
	return page.HTML(resolutionPage(p, d)), err
}

func resolutionChip(r *page.Request, of resolution.Resolution) ui.Chip {
	tone := map[resolution.State]ui.Tone{resolution.Drafted: ui.Warn, resolution.Adopted: ui.Info, resolution.Issued: ui.Good}[of.State]
	text := r.T("resolution.state." + string(of.State))
	if of.Symbol != "" {
		text = r.T("results.resolution.symbol", "symbol", of.Symbol, "state", text)
	}
	return ui.Chip{Text: text, Tone: tone}
}

func (d *resolutionView) permit() {
	writes, adopted := d.writes(), d.R.State == resolution.Adopted
	d.MayWrite = writes && d.R.State == resolution.Drafted
	d.MayQuality = writes && adopted && d.R.Kind == resolution.Monthly
	d.MayAdopt = d.MayWrite && d.Opened()
	d.MayIssue = adopted && d.Can(access.MeetingConclude)
	d.MayAmend = (adopted || d.R.State == resolution.Issued) && d.Can(access.MeetingConclude)
}

// numbers are those of the parts on paper (rules 22.6).
var numbers = map[resolution.Section]string{
	resolution.Politics: "I.1", resolution.Duties: "I.2", resolution.Praise: "I.4", resolution.Limits: "I.5",
	resolution.Situation: "I", resolution.Direction: "II", resolution.Quality: "IV",
}

func (d *resolutionView) addSections(content resolution.Text) {
	wrong := d.Errors()
	for _, s := range content.Sections {
		name := string(s.Section)
		d.Sections = append(d.Sections, sectionView{
			Name: name, Number: numbers[s.Section], Label: d.T("results.resolution.part", "number", numbers[s.Section], "name", d.T("resolution.section."+name)),
			Help: d.help(s.Section), Body: d.Value(name, s.Body), Error: wrong.For(name),
			Version: d.Value(versionOf(s.Section), strconv.FormatInt(s.Version, 10)), Needed: s.Section == resolution.Direction,
		})
	}
}

// help says what belongs into a part, where its name does not.
func (d *resolutionView) help(s resolution.Section) string {
	key := "results.resolution.help_" + string(s)
	if !i18n.From(d.Context()).Has(key) {
		return ""
	}
	return d.T(key)
}

// part is the section of that name, if the kind has it.
func (d resolutionView) part(name resolution.Section) (sectionView, bool) {
	for _, s := range d.Sections {
		if s.Name == string(name) {
			return s, true
		}
	}
	return sectionView{}, false
}

// before and behind are the parts that people write around table I.3; part IV
// is written on its own.
func (d resolutionView) before() []sectionView {
	return d.only(resolution.Politics, resolution.Duties, resolution.Situation)
}

func (d resolutionView) behind() []sectionView {
	return d.only(resolution.Praise, resolution.Limits, resolution.Direction)
}

func (d resolutionView) only(names ...resolution.Section) (list []sectionView) {
	for _, name := range names {
		if s, ok := d.part(name); ok {
			list = append(list, s)
		}
	}
	return list
}

func (d *resolutionView) addSheet() (err error) {
	if d.Onward, err = d.visit.Onward(course.Concluding); err != nil {
		return err
	}
	if d.Sheet, err = d.sheet("resolution", d.R.ID.String()); err != nil {
		return err
	}
	d.Files = d.offer("resolution", d.R.ID.String())
	for _, add := range []func() error{d.addCorrected, d.addEditions, d.addVotes} {
		if err := add(); err != nil {
			return err
		}
	}
	d.Papers, err = d.papers()
	return err
}

// addCorrected says that the figures of the vote were put right after the
// resolution was adopted by them.
func (d *resolutionView) addCorrected() error {
	now, corrected, err := resolution.Corrected(d.Tx, d.By, d.R)
	if errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound) {
		return nil // the votes are not for this reader yet
	}
	if err != nil || !corrected {
		return err
	}
	args := []any{"yes", now.Yes, "base", now.Base.Base, "reason", now.Reason}
	d.Corrected = ui.Notice{Tone: ui.Warn, Title: d.T("results.amend_resolution.corrected"), Text: d.T("results.amend_resolution.corrected_text", args...)}
	if !now.Passed {
		d.Corrected = ui.Notice{Tone: ui.Bad, Title: d.T("results.amend_resolution.failed"), Text: d.T("results.amend_resolution.failed_text", args...)}
	}
	if d.MayAmend {
		d.Corrected.Action = ui.Link{Text: d.T("results.amend_resolution.title"), Href: "#amend"}
	}
	return nil
}

// addEditions leads to the papers of earlier editions, where there are any.
func (d *resolutionView) addEditions() error {
	list, err := resolution.Editions(d.Tx, d.By, d.R.ID)
	if err != nil || len(list) < 2 {
		return err
	}
	for _, e := range list {
		item := ui.Item{
			Title: d.T("results.minutes.version", "number", e.Number), Note: joined(nonEmpty(i18n.Instant(d.Context(), e.At), e.Reason)),
			Href: d.Path("/paper/resolution" + query(d.R.ID.String()+"."+strconv.Itoa(e.Number))),
		}
		if e.Number == d.R.Edition {
			item.Chips = []ui.Chip{{Text: d.T("results.minutes.shown"), Tone: ui.Info}}
		}
		d.Editions = append(d.Editions, item)
	}
	return nil
}

func nonEmpty(parts ...string) []string {
	return slices.DeleteFunc(parts, func(s string) bool { return s == "" })
}

// addDraft is what a draft shows beside its text.
func (d *resolutionView) addDraft(content resolution.Text) error {
	d.Files = d.offer("resolution", d.R.ID.String())
	d.addOpening(content.Opening)
	d.addPast(content.Past)
	if err := d.addLines(content.Tasks); err != nil {
		return err
	}
	d.addRests(content.Past, content.Tasks)
	return d.addVotes()
}

func (d *resolutionView) addOpening(o *resolution.Opening) {
	if o == nil || o.Opened.IsZero() {
		return
	}
	add := func(key, text string) {
		d.Opening = append(d.Opening, ui.Definition{Term: d.T("results.opening." + key), Text: text})
	}
	add("attendance", d.T("results.opening.attendance_text", "total", o.Total, "present", o.Present, "excused", o.Excused, "absent", o.Absent, "exempt", o.Exempt))
	add("chair", o.Chair)
	add("secretary", o.Secretary)
	if o.Minutes > 0 {
		add("minutes", d.T("results.minutes_long", "minutes", o.Minutes))
	}
}

// addVotes offers the votes by which the meeting may have adopted the draft.
func (d *resolutionView) addVotes() error {
	if !d.MayAdopt && !d.MayAmend {
		return nil
	}
	votes, err := course.OrNone(meeting.Votes(d.Tx, d.By, d.M.ID))
	for _, v := range votes {
		named := v.Noun == resolution.Noun && v.NounID == int64(d.R.ID)
		if !v.Recorded() || v.Superseded() || !named && (v.Noun != "" || v.Matter != "resolution") {
			continue
		}
		outcome := "results.vote.failed"
		if v.Passed {
			outcome = "results.vote.passed"
		}
		d.Votes = append(d.Votes, ui.Option{Value: v.ID.String(), Label: v.Title, Help: d.T(outcome, "yes", v.Yes, "base", v.Base.Base)})
	}
	return err
}

// addSigning is who may sign and what stands before the date.
func (d *resolutionView) addSigning() error {
	d.Day = d.Today()
	numbered, err := resolution.Numbered(d.Tx, d.By, d.At.ID)
	if err != nil {
		return err
	}
	if !numbered && d.By.Can(access.ResolutionWrite, d.At) {
		d.NumbersHref = d.Path("/resolution/numbers")
	}
	var people []access.PersonID
	var posts []access.Role
	for _, role := range []access.Role{access.Secretary, access.Deputy} {
		held, err := access.Holders(d.Tx, d.At.ID, role, d.Today())
		if err != nil {
			return err
		}
		for _, g := range held {
			people, posts = append(people, g.Person), append(posts, role)
		}
	}
	names, err := member.Names(d.Tx, people)
	for i, p := range people {
		d.Signers = append(d.Signers, ui.Option{Value: p.String(), Label: d.T("results.signer", "name", names[p], "post", d.T("frame.role."+string(posts[i])))})
	}
	return err
}

// addOthers leads to the meeting's other resolutions.
func (d *resolutionView) addOthers() error {
	list, err := course.OrNone(resolution.OfMeeting(d.Tx, d.By, d.M.ID))
	for _, r := range list {
		if r.ID == d.R.ID {
			continue
		}
		d.Others = append(d.Others, ui.Item{
			Title: r.Title, Note: d.T("resolution.kind." + string(r.Kind)), Href: edit{d.visit, r}.home(), Chips: []ui.Chip{resolutionChip(d.Request, r)},
		})
	}
	return err
}

// issueKind makes issuing the main action once nothing else waits for its
// turn: it may be done at any time.
func (d resolutionView) issueKind() ui.ButtonKind {
	if d.Onward != nil {
		return ui.Quiet
	}
	return ui.Primary
}

// saveKind makes saving the main action until the draft can be adopted.
func (d resolutionView) saveKind() ui.ButtonKind {
	if d.MayAdopt && len(d.Votes) > 0 {
		return ui.Quiet
	}
	return ui.Primary
}

// amending reports whether the form of an amendment was refused just now.
func (d resolutionView) amending() bool {
	return d.Problem != nil && d.Form.Has("reason")
}

// passedVote is the vote to be chosen where only one can be meant.
func (d resolutionView) passedVote() string {
	if len(d.Votes) == 1 {
		return d.Votes[0].Value
	}
	return ""
}

// roomLink leads to where the meeting votes, while it is in session.
func (d resolutionView) roomLink() ui.Link {
	if d.M.State != meeting.InSession || !d.Can(access.MeetingRun) {
		return ui.Link{}
	}
	return ui.Link{Text: d.T("results.adopt.to_room"), Href: d.Path("/room/votes")}
}
