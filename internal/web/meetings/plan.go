package meetings

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

func planRoutes() []page.Route {
	return slices.Concat(
		[]page.Route{page.Show("/meetings", showList), page.Show("/meetings/{id}", on(showMeeting))},
		page.Form("/meetings/new", showPlan, plan),
		page.Form("/meetings/year", showPlanYear, planYear),
		page.Form("/meetings/{id}/change", on(showChange), doing("", "room.plan.changed", change)),
		page.Form("/meetings/{id}/postpone", on(showPostpone), doing("", "room.plan.postponed", postpone)),
		page.Form("/meetings/{id}/cancel", on(showCancel), doing("", "room.plan.cancelled", cancel)),
	)
}

// planView is the form of a meeting's plan.
type planView struct {
	Action, Back string
	Version      int64
	Errors       ui.Errors
	Hidden       []ui.Hidden
	Kinds        []ui.Tab // of a new meeting
	Note         string   // what the regulation says of the kind
	Why          string   // the proposed day and its reason
	Day, Hour    string
	Minutes      string
	Least        int
	Place        string
	Mode         string
	Modes        []ui.Option
	ModeReason   string
	HasTheme     bool
	Topic, Key   string
	Topics       []ui.Option
	NeedsReason  bool
	AsksReason   bool // the pack has a day for the kind
	DayReason    string
	Group        string
	Groups       []ui.Option
	Chair        string
	People       []ui.Option
	TimeFixed    bool // announced: only postponing moves it
	Submit       string
}

func showPlan(r *page.Request) (page.Answer, error) {
	at, err := planUnit(r)
	if err != nil {
		return nil, err
	}
	kind := planKind(r, at)
	month, err := planMonth(r, at, kind)
	if err != nil {
		return nil, err
	}
	d, err := newPlan(r, at, kind, month)
	if err != nil {
		return nil, err
	}
	p, err := r.Frame(r.T("room.plan.title", "kind", course.KindName(r, kind, at), "month", month.Vietnamese()))
	p.Unit = at.Name
	p.Crumbs = []ui.Link{{Text: r.T("frame.nav.meetings"), Href: course.ListPath(at.ID)}}
	return page.HTML(planPage(p, d)), err
}

// planUnit is the unit to plan for, where the reader plans.
func planUnit(r *page.Request) (orgtree.Unit, error) {
	at, err := unitOf(r)
	if err != nil {
		return at, err
	}
	return access.Require(r.Tx, r.By, access.MeetingPrepare, at.ID)
}

// planKind is the kind asked for, where the unit holds such meetings.
func planKind(r *page.Request, at orgtree.Unit) meeting.Kind {
	asked := meeting.Kind(r.Form.Get("kind"))
	switch {
	case !at.IsCell():
		return meeting.Committee
	case slices.Contains(meeting.Kinds, asked):
		return asked
	}
	return meeting.Regular
}

// planMonth is the month asked for; for a regular meeting otherwise the first
// one from now on that has none.
func planMonth(r *page.Request, at orgtree.Unit, kind meeting.Kind) (meeting.Month, error) {
	if asked, err := meeting.ParseMonth(r.Form.Get("month")); err == nil {
		return asked, nil
	}
	month := meeting.MonthOf(r.Today())
	if !kind.Monthly() {
		return month, nil
	}
	held, err := meeting.List(r.Tx, r.By, meeting.Filter{Unit: at.ID, From: month, Limit: 100})
	if err != nil {
		return month, err
	}
	for range 24 {
		if !slices.ContainsFunc(held, func(m meeting.Meeting) bool {
			return m.Month == month && m.Kind.Monthly() && m.State != meeting.Cancelled
		}) {
			break
		}
		month = month.Add(1)
	}
	return month, nil
}

// newPlan fills the form of a new meeting: the pack's day, and hour and place
// of the meeting before.
func newPlan(r *page.Request, at orgtree.Unit, kind meeting.Kind, month meeting.Month) (planView, error) {
	like, err := lastOf(r, at, kind)
	if err != nil {
		return planView{}, err
	}
	d := planView{Action: "/meetings/new", Back: course.ListPath(at.ID), Submit: r.T("room.plan.submit")}
	d.Hidden = []ui.Hidden{{Name: "unit", Value: at.ID.String()}, {Name: "kind", Value: string(kind)}, {Name: "month", Value: string(month)}}
	stored := meeting.Meeting{Kind: kind, Month: month, Mode: meeting.InPerson, Place: like.Place}
	if err := d.fill(r, at, stored); err != nil {
		return d, err
	}
	day, why, err := proposal(r, at, kind, month)
	if err != nil {
		return d, err
	}
	hour := ""
	if like.ID != 0 {
		hour = course.Hour(like)
	}
	d.Why, d.Day, d.Hour = why, r.Value("starts", day.Vietnamese()), r.Value("hour", hour)
	d.Kinds, err = kindTabs(r, at, kind, month)
	return d, err
}

// lastOf is the unit's latest meeting, of the kind if there is one.
func lastOf(r *page.Request, at orgtree.Unit, kind meeting.Kind) (meeting.Meeting, error) {
	list, err := meeting.List(r.Tx, r.By, meeting.Filter{Unit: at.ID, Limit: 20})
	if err != nil || len(list) == 0 {
		return meeting.Meeting{}, err
	}
	if i := slices.IndexFunc(list, func(m meeting.Meeting) bool { return m.Kind == kind }); i >= 0 {
		return list[i], nil
	}
	return list[0], nil
}

// fill puts what is stored, or was typed, into the fields.
func (d *planView) fill(r *page.Request, at orgtree.Unit, m meeting.Meeting) error {
	day := m.Month.First()
	rhythm, err := rule[rulepack.Rhythm](r, at, day, "rhythm")
	if err != nil {
		return err
	}
	kind, _ := rhythm.Kind(string(m.Kind))
	d.Errors, d.Note, d.HasTheme = r.Errors(), kind.Note, m.Kind.HasTheme()
	d.NeedsReason, d.AsksReason = kind.NeedsReason, kind.NeedsReason || kind.Day != 0
	for _, mode := range rhythm.Modes {
		o := ui.Option{Value: mode.ID, Label: mode.Label}
		if mode.NeedsReason {
			o.Help = r.T("room.plan.mode_reason_asked")
		}
		d.Modes = append(d.Modes, o)
	}
	if kind.Length != "" {
		if d.Least, err = rulepack.Of(r.Tx).Minutes(kind.Length, unit.Province(at), day); err != nil {
			return err
		}
	}
	d.Minutes = r.Value("minutes", strconv.Itoa(cmp.Or(m.Minutes, d.Least, usualMinutes)))
	d.Place, d.Mode, d.ModeReason = r.Value("place", m.Place), r.Value("mode", string(m.Mode)), r.Value("mode_reason", m.ModeReason)
	d.Topic, d.Key, d.DayReason = r.Value("topic", m.Topic), r.Value("topic_key", m.TopicKey), r.Value("day_reason", m.DayReason)
	d.Group, d.Chair = r.Value("group", m.Group.String()), r.Value("chair", m.Chair.String())
	return d.choices(r, at, m, day)
}

// usualMinutes is shown where the pack names no least length.
const usualMinutes = 60

func (d *planView) choices(r *page.Request, at orgtree.Unit, m meeting.Meeting, day clock.Date) error {
	if m.Kind.HasTheme() {
		topics, err := rule[rulepack.Topics](r, at, day, "topics")
		if err != nil {
			return err
		}
		for _, t := range topics.For(at.CellType) {
			d.Topics = append(d.Topics, ui.Option{Value: t.ID, Label: t.Label})
		}
	}
	if m.Kind == meeting.Group {
		groups, err := unit.GroupsAt(r.Tx, at.ID)
		if err != nil {
			return err
		}
		for _, g := range groups {
			d.Groups = append(d.Groups, ui.Option{Value: g.ID.String(), Label: g.Name})
		}
	}
	people, err := visit{course.Visit{Request: r, M: meeting.Meeting{Unit: at.ID, Starts: r.Tx.Now}, At: at}}.people()
	d.People = options(people)
	return err
}

// proposal is the day of the pack for the kind, and why it is that day.
func proposal(r *page.Request, at orgtree.Unit, kind meeting.Kind, month meeting.Month) (clock.Date, string, error) {
	if !kind.Monthly() {
		return clock.Date{}, "", nil
	}
	day, err := meeting.ProposeDay(r.Tx, r.By, at.ID, month)
	if err != nil || day.IsZero() {
		return day, "", err
	}
	rhythm, err := rule[rulepack.Rhythm](r, at, month.First(), "rhythm")
	if err != nil {
		return day, "", err
	}
	k, _ := rhythm.Kind(string(kind))
	own := clock.NewDate(day.Year(), day.Month(), k.Day)
	if day == own {
		return day, r.T("room.plan.why_own", "day", i18n.LongDate(r.Context(), day)), nil
	}
	off := rulepack.Of(r.Tx).WorkingDays().Holiday(own)
	if off == "" {
		off = r.T("room.plan.day_off")
	}
	return day, r.T("room.plan.why_moved", "own", i18n.LongDate(r.Context(), own), "off", off, "day", i18n.LongDate(r.Context(), day)), nil
}

func kindTabs(r *page.Request, at orgtree.Unit, chosen meeting.Kind, month meeting.Month) ([]ui.Tab, error) {
	if !at.IsCell() {
		return nil, nil
	}
	groups, err := unit.GroupsAt(r.Tx, at.ID)
	var tabs []ui.Tab
	for _, kind := range meeting.Kinds {
		if kind == meeting.Group && len(groups) == 0 {
			continue
		}
		href := "/meetings/new?unit=" + at.ID.String() + "&kind=" + string(kind)
		if kind.Monthly() && chosen.Monthly() {
			href += "&month=" + string(month)
		}
		tabs = append(tabs, ui.Tab{Text: course.ShortKind(r, meeting.Meeting{Kind: kind}, at), Href: href, Current: kind == chosen})
	}
	return tabs, err
}

// readPlan reads the fields of the form.
func readPlan(in *page.Input) (meeting.Plan, error) {
	p := meeting.Plan{
		Starts: in.Instant("starts", "hour"), Minutes: in.Int("minutes"), Mode: meeting.Mode(in.Line("mode")),
		ModeReason: in.Line("mode_reason"), Place: in.Line("place"), Topic: in.Line("topic"), TopicKey: in.Line("topic_key"),
		DayReason: in.Line("day_reason"), Group: page.ID[unit.Group](in, "group"), Chair: page.ID[access.Person](in, "chair"),
	}
	if err := in.Err(); err != nil {
		return p, err
	}
	if p.Starts.IsZero() && in.Line("hour") == "" && in.Line("starts") != "" {
		return p, errs.Field("hour", "errs.required")
	}
	return p, nil
}

func plan(r *page.Request) (page.Answer, error) {
	in := r.Input()
	p, err := readPlan(in)
	if err != nil {
		return nil, err
	}
	p.Unit, p.Kind, p.Month = page.ID[orgtree.Unit](in, "unit"), meeting.Kind(in.Line("kind")), meeting.Month(in.Line("month"))
	if !p.Kind.Monthly() {
		p.Month = ""
	}
	m, err := meeting.Schedule(r.Tx, r.By, p)
	if err != nil {
		return nil, err
	}
	return page.SeeOther(course.PathOf(m.ID), "room.plan.done"), nil
}

func showChange(v visit) (page.Answer, error) {
	if err := v.mustPlan(); err != nil {
		return nil, err
	}
	d := planView{
		Action: v.Path("/change"), Back: v.Path(""), Version: v.M.Version, Submit: v.T("room.save"), TimeFixed: !v.M.AnnouncedAt.IsZero(),
	}
	if err := d.fill(v.Request, v.At, v.M); err != nil {
		return nil, err
	}
	d.Day, d.Hour = v.Value("starts", v.M.Day().Vietnamese()), v.Value("hour", course.Hour(v.M))
	p, err := v.Below(v.T("room.plan.change_title"))
	return page.HTML(planPage(p, d)), err
}

// mustPlan refuses whoever does not prepare the meeting, as the verbs would:
// a form that can only be refused is not shown.
func (v visit) mustPlan() error { return v.must(access.MeetingPrepare) }

func (v visit) must(act access.Action) error {
	if !v.Can(act) {
		return errs.New(errs.Denied, "errs.denied")
	}
	return nil
}

func change(v visit, in *page.Input) error {
	p, err := readPlan(in)
	if err != nil {
		return err
	}
	_, err = meeting.Change(v.Tx, v.By, v.M.ID, in.Version(), p)
	return err
}

// stopView is the page that asks for the reason of putting off or giving up.
type stopView struct {
	v             visit
	Day, Hour     string
	Place, Reason string
	Errors        ui.Errors
	Told          bool
}

func (v visit) stop() stopView {
	return stopView{
		v: v, Day: v.Value("starts", ""), Hour: v.Value("hour", course.Hour(v.M)), Place: v.Value("place", v.M.Place),
		Reason: v.Value("reason", ""), Errors: v.Errors(), Told: !v.M.AnnouncedAt.IsZero(),
	}
}

func showPostpone(v visit) (page.Answer, error) {
	if err := v.must(access.MeetingConclude); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("room.plan.postpone_title"))
	return page.HTML(postponePage(p, v.stop())), err
}

func postpone(v visit, in *page.Input) error {
	p := meeting.Postponement{Starts: in.Instant("starts", "hour"), Place: in.Line("place"), Reason: in.Line("reason")}
	if err := in.Err(); err != nil {
		return err
	}
	_, err := meeting.Postpone(v.Tx, v.By, v.M.ID, in.Version(), p)
	return err
}

func showCancel(v visit) (page.Answer, error) {
	if err := v.must(access.MeetingConclude); err != nil {
		return nil, err
	}
	p, err := v.Below(v.T("room.plan.cancel_title"))
	return page.HTML(cancelPage(p, v.stop())), err
}

func cancel(v visit, in *page.Input) error {
	_, err := meeting.Cancel(v.Tx, v.By, v.M.ID, in.Version(), in.Line("reason"))
	return err
}

// planYearView is the form that plans a whole year.
type planYearView struct {
	At          orgtree.Unit
	Errors      ui.Errors
	Year        string
	Years       []ui.Option
	Hour, Place string
	Topics      [4]string
	Suggestions []string
	Months      ui.Table
	NothingToDo bool
}

func showPlanYear(r *page.Request) (page.Answer, error) {
	at, err := planUnit(r)
	if err != nil {
		return nil, err
	}
	like, err := lastOf(r, at, meeting.Regular)
	if err != nil {
		return nil, err
	}
	year := r.Today().Year()
	d := planYearView{At: at, Errors: r.Errors(), Year: r.Value("year", r.Form.Get("year")), Place: r.Value("place", like.Place)}
	if asked, err := strconv.Atoi(d.Year); err == nil && (asked == year || asked == year+1) {
		year = asked
	} else if r.Today().Month() == time.December {
		year++
	}
	d.Year = strconv.Itoa(year)
	for _, y := range []int{r.Today().Year(), r.Today().Year() + 1} {
		d.Years = append(d.Years, ui.Option{Value: strconv.Itoa(y), Label: strconv.Itoa(y)})
	}
	if like.ID != 0 {
		d.Hour = course.Hour(like)
	}
	d.Hour = r.Value("hour", d.Hour)
	if err := d.propose(r, year); err != nil {
		return nil, err
	}
	p, err := r.Frame(r.T("room.year.title"))
	p.Unit = at.Name
	p.Crumbs = []ui.Link{{Text: r.T("frame.nav.meetings"), Href: course.ListPath(at.ID)}}
	return page.HTML(planYearPage(p, d)), err
}

// propose shows the days that the year would have.
func (d *planYearView) propose(r *page.Request, year int) error {
	topics, err := rule[rulepack.Topics](r, d.At, r.Today(), "topics")
	if err != nil {
		return err
	}
	for _, t := range topics.For(d.At.CellType) {
		d.Suggestions = append(d.Suggestions, t.Label)
	}
	for q := range d.Topics {
		d.Topics[q] = r.Value("topic_"+strconv.Itoa(q+1), "")
	}
	january := meeting.MonthOf(clock.NewDate(year, time.January, 1))
	held, err := meeting.List(r.Tx, r.By, meeting.Filter{Unit: d.At.ID, From: january, To: january.Add(11), Limit: 200})
	if err != nil {
		return err
	}
	d.Months = ui.Table{Caption: r.T("room.year.days"), ShowCaption: true, Columns: []ui.Column{{Title: r.T("room.year.month")}, {Title: r.T("room.year.day")}}}
	d.NothingToDo = true
	for i := range 12 {
		month := january.Add(i)
		i := slices.IndexFunc(held, func(m meeting.Meeting) bool {
			return m.Month == month && m.Kind.Monthly() && m.State != meeting.Cancelled
		})
		if i >= 0 {
			d.Months.Rows = append(d.Months.Rows, ui.Row{Cells: ui.Cells(month.Vietnamese(), r.T("room.year.has", "day", held[i].Day()))})
			continue
		}
		day, why, err := proposal(r, d.At, meeting.Regular, month)
		if err != nil {
			return err
		}
		if day.Before(r.Today()) {
			continue
		}
		d.NothingToDo = false
		d.Months.Rows = append(d.Months.Rows, ui.Row{Cells: ui.Cells(month.Vietnamese(), why)})
	}
	return nil
}

func planYear(r *page.Request) (page.Answer, error) {
	in := r.Input()
	at := page.ID[orgtree.Unit](in, "unit")
	y := meeting.Year{Unit: at, Year: in.Int("year"), Place: in.Line("place")}
	for q := range y.Topics {
		y.Topics[q] = in.Line("topic_" + strconv.Itoa(q+1))
	}
	hour, err := time.Parse("15:04", in.Line("hour"))
	if err != nil {
		return nil, errs.Field("hour", "errs.time")
	}
	if err := in.Err(); err != nil {
		return nil, err
	}
	y.Hour, y.Minute = hour.Hour(), hour.Minute()
	if _, err := meeting.PlanYear(r.Tx, r.By, y); err != nil {
		return nil, err
	}
	return page.SeeOther(course.ListPath(at)+"&year="+strconv.Itoa(y.Year), "room.year.done"), nil
}

func (d planYearView) yearTabs() []ui.Tab {
	var tabs []ui.Tab
	for _, o := range d.Years {
		tabs = append(tabs, ui.Tab{Text: o.Label, Href: "/meetings/year?unit=" + d.At.ID.String() + "&year=" + o.Value, Current: o.Value == d.Year})
	}
	return tabs
}

// effects say what putting off or giving up does to those who were told.
func (d stopView) effects(ctx context.Context, key string) []string {
	if !d.Told {
		return []string{i18n.T(ctx, key)}
	}
	return []string{i18n.T(ctx, key), i18n.T(ctx, "room.plan.told_effect")}
}

// reasonLabel asks for the reason of a kind that needs one, otherwise for that
// of an unusual day.
func reasonLabel(ctx context.Context, d planView) string {
	if d.NeedsReason {
		return i18n.T(ctx, "room.reason")
	}
	return i18n.T(ctx, "room.plan.day_reason")
}

func leastHelp(ctx context.Context, d planView) string {
	if d.Least == 0 {
		return ""
	}
	return i18n.T(ctx, "room.plan.least", "minutes", d.Least)
}
