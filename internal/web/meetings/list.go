package meetings

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/course"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// unitOf is the unit named in the address, or the one the reader works for.
func unitOf(r *page.Request) (orgtree.Unit, error) {
	if named := page.ID[orgtree.Unit](r.Input(), "unit"); named != 0 {
		return access.Require(r.Tx, r.By, access.MeetingRead, named)
	}
	home, _, err := r.Home()
	if err != nil {
		return orgtree.Unit{}, err
	}
	if !r.By.Can(access.MeetingRead, home) {
		return orgtree.Unit{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return home, nil
}

// showList is the year of a cell, or the month of those below a committee.
func showList(r *page.Request) (page.Answer, error) {
	at, err := unitOf(r)
	if err != nil {
		return nil, err
	}
	if at.IsCell() {
		return showYear(r, at)
	}
	return showBelow(r, at)
}

// yearView is the year of a cell by month.
type yearView struct {
	At                orgtree.Unit
	Year              string
	Earlier, Later    string // addresses of the years beside
	Next              *ui.NextAction
	Coming, Past      []monthView
	PlanHref, YearRef string // "" where the reader does not plan
}

// monthView is one month with what is planned and held in it.
type monthView struct {
	Title    string
	Now      bool
	Items    []ui.Item
	Gap      ui.Chip // there is no regular meeting
	PlanHref string
}

func showYear(r *page.Request, at orgtree.Unit) (page.Answer, error) {
	year := r.Today().Year()
	if asked, err := strconv.Atoi(r.Form.Get("year")); err == nil && asked > 1900 && asked < 3000 {
		year = asked
	}
	january := meeting.MonthOf(clock.NewDate(year, 1, 1))
	held, err := meeting.List(r.Tx, r.By, meeting.Filter{Unit: at.ID, From: january, To: january.Add(11), Limit: 500})
	if err != nil {
		return nil, err
	}
	slices.Reverse(held)
	d := yearView{At: at, Year: strconv.Itoa(year), Earlier: yearPath(at, year-1), Later: yearPath(at, year+1)}
	if r.By.Can(access.MeetingPrepare, at) {
		d.PlanHref, d.YearRef = "/meetings/new?unit="+at.ID.String(), "/meetings/year?unit="+at.ID.String()
	}
	if d.Next, err = nextOf(r, at); err != nil {
		return nil, err
	}
	d.addMonths(r, january, held)
	p, err := r.Frame(r.T("room.list.title"))
	p.Unit = at.Name
	return page.HTML(yearPage(p, d)), err
}

func yearPath(at orgtree.Unit, year int) string {
	return course.ListPath(at.ID) + "&year=" + strconv.Itoa(year)
}

// addMonths divides the year into what is to come, the present month first, and
// what is past, the last month first.
func (d *yearView) addMonths(r *page.Request, january meeting.Month, held []meeting.Meeting) {
	today := meeting.MonthOf(r.Today())
	for i := range 12 {
		month := january.Add(i)
		if month < meeting.MonthOf(d.At.Founded) {
			continue
		}
		m := d.month(r, month, today, held)
		if month < today {
			d.Past = append(d.Past, m)
		} else {
			d.Coming = append(d.Coming, m)
		}
	}
	slices.Reverse(d.Past)
}

func (d *yearView) month(r *page.Request, month, today meeting.Month, held []meeting.Meeting) monthView {
	first := month.First()
	v := monthView{Title: i18n.Month(r.Context(), first.Year(), first.Month()), Now: month == today}
	regular := false
	for _, m := range held {
		if m.Month == month {
			v.Items = append(v.Items, meetingItem(r, m, d.At))
			regular = regular || m.Kind.Monthly() && m.State != meeting.Cancelled
		}
	}
	switch {
	case regular:
	case month < today:
		v.Gap = ui.Chip{Text: r.T("room.list.not_held"), Tone: ui.Bad}
	default:
		v.Gap = ui.Chip{Text: r.T("room.list.not_planned"), Tone: ui.Warn}
		if d.PlanHref != "" {
			v.PlanHref = d.PlanHref + "&month=" + string(month)
		}
	}
	return v
}

func meetingItem(r *page.Request, m meeting.Meeting, at orgtree.Unit) ui.Item {
	item := ui.Item{
		Title: course.ShortKind(r, m, at) + prefixed(": ", m.Topic), Note: course.When(r, m) + prefixed(" · ", m.Place),
		Href: course.PathOf(m.ID), Chips: []ui.Chip{course.StateChip(r, m)},
	}
	if m.PublishedLate(r.Today()) && m.State != meeting.Cancelled {
		item.Chips = append(item.Chips, ui.Chip{Text: r.T("room.list.published_late"), Tone: ui.Warn})
	}
	return item
}

// prefixed is text behind a sign, "" where there is none.
func prefixed(sign, text string) string {
	if text == "" {
		return ""
	}
	return sign + text
}

// nextOf is the card of the unit's next meeting, with the step that it waits for.
func nextOf(r *page.Request, at orgtree.Unit) (*ui.NextAction, error) {
	m, found, err := meeting.Next(r.Tx, r.By, at.ID)
	if err != nil || !found {
		return nil, err
	}
	way, err := course.Of(course.Visit{Request: r, M: m, At: at})
	if err != nil {
		return nil, err
	}
	next := way.Next
	next.Title = r.T("room.list.next", "kind", course.ShortKind(r, m, at), "day", m.Day()) + prefixed(" · ", course.Hour(m))
	if next.Action.Href == "" {
		next.Action = ui.Link{Text: r.T("room.list.open"), Href: course.PathOf(m.ID)}
	}
	return &next, nil
}

// belowView is the month of the cells below a committee.
type belowView struct {
	At             orgtree.Unit
	Month          string
	Earlier, Later string
	Shows          []ui.Tab
	Table          ui.Table
	Lead           string
	Own            []ui.Item
	Deeper         []ui.Item // committees below, each with its own page
	PlanHref       string
}

// Which cells the list shows.
const (
	showAll     = "all"
	showMissing = "missing"
	showHeld    = "held"
	showWaiting = "waiting"
)

var shows = []string{showAll, showMissing, showHeld, showWaiting}

func showBelow(r *page.Request, at orgtree.Unit) (page.Answer, error) {
	month := meeting.MonthOf(r.Today())
	if asked, err := meeting.ParseMonth(r.Form.Get("month")); err == nil {
		month = asked
	}
	first := month.First()
	d := belowView{At: at, Month: i18n.Month(r.Context(), first.Year(), first.Month())}
	d.Earlier, d.Later = monthPath(at, month.Add(-1)), monthPath(at, month.Add(1))
	if r.By.Can(access.MeetingPrepare, at) {
		d.PlanHref = "/meetings/new?unit=" + at.ID.String()
	}
	own, err := meeting.InMonth(r.Tx, r.By, at.ID, month)
	if err != nil {
		return nil, err
	}
	for _, m := range own {
		d.Own = append(d.Own, meetingItem(r, m, at))
	}
	children, err := course.OrNone(unit.Children(r.Tx, r.By, at.ID))
	if err != nil {
		return nil, err
	}
	if err := d.addCells(r, month, children); err != nil {
		return nil, err
	}
	p, err := r.Frame(r.T("room.list.title"))
	p.Wide = true
	return page.HTML(belowPage(p, d)), err
}

func monthPath(at orgtree.Unit, month meeting.Month) string {
	return course.ListPath(at.ID) + "&month=" + url.QueryEscape(string(month))
}

// cellMonth is what one cell did in the month.
type cellMonth struct {
	cell                         orgtree.Unit
	regular, thematic, committee *meeting.Meeting
}

func (d *belowView) addCells(r *page.Request, month meeting.Month, children []orgtree.Unit) error {
	var cells []cellMonth
	for _, child := range children {
		if !child.IsCell() {
			d.Deeper = append(d.Deeper, ui.Item{Title: child.Name, Href: monthPath(child, month)})
			continue
		}
		cells = append(cells, cellMonth{cell: child})
	}
	if len(cells) == 0 {
		return nil
	}
	held, err := meeting.List(r.Tx, r.By, meeting.Filter{Unit: d.At.ID, Below: true, From: month, To: month, Limit: 500})
	if err != nil {
		return err
	}
	for i := range cells {
		cells[i].sort(held)
	}
	d.tabulate(r, month, cells)
	return nil
}

func (c *cellMonth) sort(held []meeting.Meeting) {
	for i := range held {
		m := &held[i]
		switch {
		case m.Unit != c.cell.ID || m.State == meeting.Cancelled:
		case m.Kind.Monthly():
			c.regular = m
		case m.Kind == meeting.Thematic:
			c.thematic = m
		case m.Kind == meeting.Committee:
			c.committee = m
		}
	}
}

func (c cellMonth) held() bool { return c.regular != nil && c.regular.State.Held() }

// waits reports whether the office has a report to answer.
func (c cellMonth) waits() bool {
	return c.regular != nil && !c.regular.ReportedAt.IsZero() && c.regular.Answer == meeting.Unanswered
}

func (c cellMonth) shown(show string) bool {
	switch show {
	case showMissing:
		return !c.held()
	case showHeld:
		return c.held()
	case showWaiting:
		return c.waits()
	}
	return true
}

func (d *belowView) tabulate(r *page.Request, month meeting.Month, cells []cellMonth) {
	show := r.Form.Get("show")
	if !slices.Contains(shows, show) {
		show = showAll
	}
	counts := map[string]int{}
	for _, s := range shows {
		for _, c := range cells {
			if c.shown(s) {
				counts[s]++
			}
		}
		tab := ui.Tab{Text: r.T("room.list.show." + s), Href: monthPath(d.At, month), Current: s == show}
		if s != showAll {
			tab.Href += "&show=" + s
			tab.Count = counts[s]
		}
		d.Shows = append(d.Shows, tab)
	}
	d.Lead = r.T("room.list.lead", "held", counts[showHeld], "cells", len(cells), "month", month.Vietnamese())
	d.Table = cellTable(r, cells, show)
}

func cellTable(r *page.Request, cells []cellMonth, show string) ui.Table {
	t := ui.Table{
		Caption: r.T("room.list.cells"),
		Columns: []ui.Column{
			{Title: r.T("room.list.cell")},
			{Title: r.T("room.kind.regular")},
			{Title: r.T("room.kind.thematic")},
			{Title: r.T("room.kind.cell_committee")},
		},
		Empty: ui.EmptyState{Title: r.T("room.list.none"), Text: r.T("room.list.none_help")},
	}
	for _, c := range cells {
		if !c.shown(show) {
			continue
		}
		href := course.ListPath(c.cell.ID)
		if c.regular != nil {
			href = course.PathOf(c.regular.ID)
		}
		t.Rows = append(t.Rows, ui.Row{Href: href, Cells: []templ.Component{
			ui.Text(c.cell.Name), dayCell(r, c.regular, true), dayCell(r, c.thematic, false), dayCell(r, c.committee, false),
		}})
	}
	return t
}

func dayCell(r *page.Request, m *meeting.Meeting, needed bool) templ.Component {
	switch {
	case m != nil:
		return dayAndState(i18n.DayMonth(r.Context(), m.Day()), course.StateChip(r, *m))
	case needed:
		return ui.Chip{Text: r.T("room.list.none_yet"), Tone: ui.Bad}
	}
	return ui.Text("–")
}
