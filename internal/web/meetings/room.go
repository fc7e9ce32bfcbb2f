package meetings

import (
	"strconv"
	"time"

	"github.com/a-h/templ"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func roomRoutes() []page.Route {
	return []page.Route{
		page.Show("/meetings/{id}/room", on(showRoom)),
		page.Act("/meetings/{id}/open", doing("/room", "room.room.opened", open), on(showRoom)),
		page.Act("/meetings/{id}/roll", mark, on(showRoom)),
		page.Act("/meetings/{id}/room/rest", doing("/room", "room.room.rest_done", markRest), on(showRoom)),
		page.Act("/meetings/{id}/room/refresh", doing("/room", "room.room.refreshed", refreshRoll), on(showRoom)),
		page.Act("/meetings/{id}/room/guests", doing("/room#guests", "room.saved", addGuest), on(showRoom)),
		page.Act("/meetings/{id}/room/guests/{guest}/remove", doing("/room#guests", "room.saved", removeGuest), on(showRoom)),
		page.Show("/meetings/{id}/room/close", on(showClose)),
		page.Act("/meetings/{id}/room/close", doing("", "room.close.done", closeMeeting), on(showClose)),
	}
}

// roomFrame is what all pages of the room have in common.
type roomFrame struct {
	v    visit
	Tabs ui.Tabs
	// Runs: the reader runs the meeting, and its records still change.
	Runs   bool
	Errors ui.Errors
}

// room is the frame of a page of the room: the red bar says how long people
// have been sitting, and who writes.
func (v visit) room(part course.Part) (ui.Page, roomFrame, error) {
	f := roomFrame{v: v, Errors: v.Errors(), Tabs: v.Room(part)}
	f.Runs = v.Can(access.MeetingRun) && v.Opened() && !v.M.Sealed()
	p, err := v.Below(v.T("room.tab."+string(part)+"_title") + " · " + v.M.Day().Vietnamese())
	if err != nil {
		return p, f, err
	}
	called, err := names(v.Request, v.M.MinuteTaker)
	p.NeedsHTMX = true
	p.UnitDay = ""
	p.UnitNote = v.T("meeting.state." + string(v.M.State))
	if v.M.State == meeting.InSession {
		p.UnitNote = joined(" · ", p.UnitNote, lasting(v.Tx.Now.Sub(v.M.OpenedAt)))
	}
	if taker := called[v.M.MinuteTaker]; taker != "" {
		p.UnitNote = joined(" · ", p.UnitNote, v.T("room.room.taker", "name", taker))
	}
	return p, f, err
}

// lasting is 1:07 for an hour and seven minutes.
func lasting(d time.Duration) string {
	minutes := int(d.Minutes())
	hours, rest := strconv.Itoa(minutes/60), strconv.Itoa(minutes%60)
	if len(rest) < 2 {
		rest = "0" + rest
	}
	return hours + ":" + rest
}

// rollView is the roll call.
type rollView struct {
	roomFrame
	Tally      ui.Tally
	Rows       []rollRow
	Rest       int
	Guests     []guestView
	Guest      guestForm
	CodeHref   string
	ContinueTo string
}

type guestView struct{ Name, Note, Remove string }

type guestForm struct {
	Name, Office string
	Above, Open  bool
}

// rollRow is one person on the roll.
type rollRow struct {
	Action, ID, Name, Note string
	Entry                  meeting.Entry
	Choices                []markChoice
	Reason, Error          string
	Said                   string // what there is to say besides the mark
	Open                   bool
}

// markChoice is one large button of a row.
type markChoice struct {
	Value, Text, Sign string
	Tone              ui.Tone
	On                bool
}

func showRoom(v visit) (page.Answer, error) {
	if v.M.OpenedAt.IsZero() {
		return showOpening(v)
	}
	entries, err := meeting.Roll(v.Tx, v.By, v.M.ID)
	if err != nil {
		return nil, err
	}
	p, f, err := v.room(course.Roll)
	if err != nil {
		return nil, err
	}
	d := rollView{roomFrame: f, ContinueTo: v.Path("/room/tasks")}
	for _, e := range entries {
		d.Rows = append(d.Rows, v.row(e, f.Runs))
	}
	d.Rest = len(meeting.Rest(entries, meeting.Present))
	if v.M.State == meeting.InSession && f.Runs {
		d.CodeHref = v.Path("/room/code")
	}
	if d.Tally, err = v.tally(); err != nil {
		return nil, err
	}
	if err := d.addGuests(); err != nil {
		return nil, err
	}
	return page.HTML(rollPage(p, d)), nil
}

// tally is the bar that stays in sight during the roll call.
func (v visit) tally() (ui.Tally, error) {
	figures, err := meeting.Counts(v.Tx, v.By, v.M.ID)
	if err != nil {
		return ui.Tally{}, err
	}
	ctx := v.Context()
	t := ui.Tally{
		ID: "tally", Figure: i18n.Number(ctx, figures.Present), Of: v.T("room.roll.of", "n", figures.Entitled),
		Value: float64(figures.Present), Max: float64(max(1, figures.Entitled)), Tone: ui.Warn,
	}
	t.Chip = ui.Chip{Text: v.T("room.roll.not_quorate", "share", i18n.Share(ctx, figures.Present, figures.Entitled)), Tone: ui.Warn}
	if figures.Quorate {
		t.Tone = ui.Good
		t.Chip = ui.Chip{Text: v.T("room.roll.quorate", "share", i18n.Share(ctx, figures.Present, figures.Entitled)), Tone: ui.Good}
	}
	add := func(n int, key string, tone ui.Tone) {
		if n > 0 {
			t.Notes = append(t.Notes, ui.Chip{Text: v.T("room.roll."+key, "n", n), Tone: tone})
		}
	}
	add(figures.Unmarked, "unmarked", ui.Info)
	add(figures.Excused, "excused", ui.Plain)
	add(figures.Absent, "absent", ui.Bad)
	add(figures.Guests, "guests", ui.Plain)
	t.Notes = append(t.Notes, ui.Chip{Text: v.T("room.roll.voters", "n", figures.Voters, "base", figures.Base.Base)})
	return t, nil
}

// row is what the minute-taker sees of one person.
func (v visit) row(e meeting.Entry, open bool) rollRow {
	row := rollRow{
		Action: v.Path("/roll"), ID: e.Person.String(), Name: e.Name, Note: v.standing(e), Entry: e, Reason: e.Reason, Open: open,
	}
	if v.Problem != nil && v.Form.Get("person") == row.ID {
		row.Reason, row.Error = v.Form.Get("reason"), v.Errors().For("reason")
	}
	switch {
	case e.Present() && e.How == meeting.BySelf:
		row.Said = v.T("room.roll.by_self", "time", i18n.Clock(v.Context(), e.Arrived))
	case e.Late(v.M):
		row.Said = v.T("room.roll.late", "time", i18n.Clock(v.Context(), e.Arrived))
	case !e.Expected && !e.Present():
		row.Said = v.T("room.roll.not_counted")
	case e.Mark == meeting.Excused && !open:
		row.Said = e.Reason
	}
	row.Choices = v.choices(e)
	return row
}

// standing says in which right the person is there.
func (v visit) standing(e meeting.Entry) string {
	key := "official"
	switch {
	case v.M.Kind == meeting.Committee:
		return v.T("room.standing.sitting")
	case e.Exempt():
		key = "exempt"
	case e.Here():
		key = "temp_here"
	case e.Away():
		key = "away"
	case e.Status == member.Probationary:
		key = "probationary"
	case !e.Votes:
		key = "no_vote"
	}
	return v.T("room.standing." + key)
}

// choices are the buttons of a row: whoever is not expected is only noted when
// they come.
func (v visit) choices(e meeting.Entry) []markChoice {
	online := e.Present() && e.Mode == meeting.Online && v.M.Mode == meeting.Mixed
	list := []markChoice{{Value: "present", Text: v.T("room.roll.present"), Sign: "✓", Tone: ui.Good, On: e.Present() && !online}}
	if v.M.Mode == meeting.Mixed {
		list = append(list, markChoice{Value: "online", Text: v.T("room.roll.online"), Sign: "✓", Tone: ui.Good, On: online})
	}
	if !e.Expected {
		if e.Present() {
			list = append(list, markChoice{Value: "", Text: v.T("room.roll.unmark")})
		}
		return list
	}
	return append(list,
		markChoice{Value: "excused", Text: v.T("room.roll.with_reason"), Sign: "●", Tone: ui.Warn, On: e.Mark == meeting.Excused},
		markChoice{Value: "absent", Text: v.T("room.roll.without"), Sign: "✕", Tone: ui.Bad, On: e.Mark == meeting.Absent},
	)
}

// mark notes one person. Only where the page asked for no more than the row
// and the tally is the meeting read for an answer: on a meeting day marks come
// thousands a second.
func mark(r *page.Request) (page.Answer, error) {
	id, err := page.PathID[meeting.Meeting](r, "id")
	if err != nil {
		return nil, err
	}
	in := r.Input()
	call := meeting.Call{Person: page.ID[access.Person](in, "person"), Mark: meeting.Attendance(in.Line("mark")), Reason: in.Line("reason")}
	if call.Mark == "online" {
		call.Mark, call.Mode = meeting.Present, meeting.Online
	}
	e, err := meeting.Mark(r.Tx, r.By, id, call)
	if err != nil {
		return nil, err
	}
	if !r.HTMX() {
		return page.SeeOther(course.PathOf(id)+"/room#m-"+e.Person.String(), ""), nil
	}
	return on(func(v visit) (page.Answer, error) {
		tally, err := v.tally()
		return page.HTML(markedPart(v.row(e, true), tally)), err
	})(r)
}

func markRest(v visit, in *page.Input) error {
	entries, err := meeting.Roll(v.Tx, v.By, v.M.ID)
	if err != nil {
		return err
	}
	_, err = meeting.MarkAll(v.Tx, v.By, v.M.ID, meeting.Rest(entries, meeting.Present))
	return err
}

func refreshRoll(v visit, in *page.Input) error {
	return meeting.RefreshRoll(v.Tx, v.By, v.M.ID)
}

func (d *rollView) addGuests() error {
	list, err := meeting.Guests(d.v.Tx, d.v.By, d.v.M.ID)
	for _, g := range list {
		view := guestView{Name: g.Name, Note: joined(" · ", g.Office, g.Reason)}
		if g.Above {
			view.Note = joined(" · ", view.Note, d.v.T("room.announce.above"))
		}
		if d.Runs {
			view.Remove = d.v.Path("/room/guests/" + g.ID.String() + "/remove")
		}
		d.Guests = append(d.Guests, view)
	}
	d.Guest = guestForm{
		Name: d.v.Value("name", ""), Office: d.v.Value("office", ""), Above: d.v.Checked("above", false), Open: d.v.Problem != nil && d.v.Form.Has("office"),
	}
	return err
}

func addGuest(v visit, in *page.Input) error {
	_, err := meeting.AddGuest(v.Tx, v.By, v.M.ID, meeting.NewGuest{Name: in.Line("name"), Office: in.Line("office"), Above: in.Has("above")})
	return err
}

func removeGuest(v visit, in *page.Input) error {
	return meeting.RemoveGuest(v.Tx, v.By, inPath[meeting.Guest](v, "guest"))
}

// openingView is the door of the room: who leads, who writes, and from when.
type openingView struct {
	v            visit
	Errors       ui.Errors
	Early        ui.Notice
	Chair, Taker string
	People       []ui.Option
	Day, Hour    string
	Late         bool // entered from paper
}

func showOpening(v visit) (page.Answer, error) {
	if err := v.must(access.MeetingRun); err != nil {
		return nil, err
	}
	if !v.M.State.Upcoming() {
		return nil, errs.New(errs.Conflict, "meeting.error.not_in_session")
	}
	people, err := v.people()
	if err != nil {
		return nil, err
	}
	d := openingView{
		v: v, Errors: v.Errors(), People: options(people), Chair: v.Value("chair", v.M.Chair.String()),
		Taker: v.Value("minute_taker", v.M.MinuteTaker.String()), Day: v.Value("day", ""), Hour: v.Value("hour", ""), Late: v.Today().After(v.M.Day()),
	}
	if v.Today().Before(v.M.Day()) {
		d.Early = ui.Notice{Tone: ui.Warn, Text: v.T("room.room.early", "day", i18n.LongDate(v.Context(), v.M.Day()))}
	} else if v.M.AnnouncedAt.IsZero() {
		d.Early = ui.Notice{Tone: ui.Warn, Text: v.T("room.room.unannounced")}
	}
	p, err := v.Below(v.T("room.room.title"))
	return page.HTML(openingPage(p, d)), err
}

// open begins the meeting and brings last month's unfinished tasks before it
// (S-47).
func open(v visit, in *page.Input) error {
	o := meeting.Opening{Chair: page.ID[access.Person](in, "chair"), MinuteTaker: page.ID[access.Person](in, "minute_taker"), At: in.Instant("day", "hour")}
	if err := in.Err(); err != nil {
		return err
	}
	if _, err := meeting.Open(v.Tx, v.By, v.M.ID, in.Version(), o); err != nil {
		return err
	}
	return task.CarryUnfinished(v.Tx, v.By, v.M.ID)
}

// closeView is the end of the meeting: what is open, and what it came to.
type closeView struct {
	roomFrame
	Open    []ui.Notice
	Figures []ui.Stat
	Ready   bool
	Day     string
	Hour    string
}

func showClose(v visit) (page.Answer, error) {
	if err := v.must(access.MeetingRun); err != nil {
		return nil, err
	}
	if v.M.State != meeting.InSession {
		return page.SeeOther(v.Path(""), ""), nil
	}
	p, f, err := v.room(course.Close)
	if err != nil {
		return nil, err
	}
	d := closeView{roomFrame: f, Ready: true, Day: v.Value("day", ""), Hour: v.Value("hour", "")}
	for _, add := range []func() error{d.addRoll, d.addVotes, d.addCourse} {
		if err := add(); err != nil {
			return nil, err
		}
	}
	return page.HTML(closePage(p, d)), nil
}

func (d *closeView) block(key, href string, args ...any) {
	d.Ready = false
	d.remind(key, href, args...)
}

func (d *closeView) remind(key, href string, args ...any) {
	d.Open = append(d.Open, ui.Notice{
		Tone: ui.Warn, Text: d.v.T("room.close."+key, args...), Action: ui.Link{Text: d.v.T("room.close." + key + "_do"), Href: d.v.Path(href)},
	})
}

func (d *closeView) stat(key, figure string) {
	d.Figures = append(d.Figures, ui.Stat{Label: d.v.T("room.close.figure." + key), Figure: figure})
}

func (d *closeView) addRoll() error {
	figures, err := meeting.Counts(d.v.Tx, d.v.By, d.v.M.ID)
	if err != nil {
		return err
	}
	if figures.Unmarked > 0 {
		d.block("unmarked", "/room", "n", figures.Unmarked)
	}
	d.stat("present", d.v.T("room.of", "done", figures.Present, "all", figures.Entitled))
	spoken, err := meeting.Speakers(d.v.Tx, d.v.By, d.v.M.ID)
	d.stat("speakers", d.v.T("room.of", "done", spoken.Speakers, "all", spoken.Present))
	if spoken.Speakers == 0 {
		d.remind("no_speaker", "/room/agenda")
	}
	return err
}

func (d *closeView) addVotes() error {
	votes, err := meeting.Votes(d.v.Tx, d.v.By, d.v.M.ID)
	uncounted, counted := 0, 0
	for _, v := range votes {
		switch {
		case !v.Recorded():
			uncounted++
		case !v.Superseded():
			counted++
		}
	}
	if uncounted > 0 {
		d.block("uncounted", "/room/votes", "n", uncounted)
	}
	d.stat("votes", i18n.Number(d.v.Context(), counted))
	resolved, failed := d.v.Resolved()
	if err == nil {
		err = failed
	}
	if d.v.M.Kind.Monthly() && !resolved {
		d.remind("unresolved", "/resolution")
	}
	return err
}

func (d *closeView) addCourse() error {
	ready, err := meeting.Ready(d.v.Tx, d.v.By, d.v.M.ID)
	if err != nil {
		return err
	}
	minutes := int(d.v.Tx.Now.Sub(d.v.M.OpenedAt).Minutes())
	d.stat("minutes", i18n.Number(d.v.Context(), minutes))
	if minutes < ready.RequiredMinutes {
		d.remind("short", "/room/agenda", "minutes", minutes, "required", ready.RequiredMinutes)
	}
	return nil
}

func closeMeeting(v visit, in *page.Input) error {
	at := in.Instant("day", "hour")
	if err := in.Err(); err != nil {
		return err
	}
	_, err := meeting.Close(v.Tx, v.By, v.M.ID, in.Version(), at)
	return err
}

// attrs are attributes of a part that htmx swaps alone.
func (r rollRow) attrs() templ.Attributes {
	return templ.Attributes{
		"hx-post": r.Action, "hx-target": "#m-" + r.ID, "hx-swap": "outerMorph",
		// A refusal is a whole page.
		"hx-status:4xx": "target:body swap:outerHTML", "hx-status:5xx": "target:body swap:outerHTML",
	}
}

func pressed(on bool) string { return strconv.FormatBool(on) }
