package office

import (
	"fmt"
	"strconv"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// picker chooses month and length of a table.
type picker struct {
	Label          string
	Earlier, Later ui.Link // Later without an address lies in the future
	Length         ui.Link // more months, or fewer
}

// usualMonths fit on a screen; longMonths are for paper and the desktop.
const (
	usualMonths = 6
	longMonths  = 12
)

// span reads which months are wanted: the running one and those before it,
// unless the address says otherwise.
func span(r *page.Request) (overview.Span, error) {
	s := overview.Span{Until: meeting.MonthOf(r.Today()), Months: usualMonths}
	in := r.Input()
	if typed := in.Line("month"); typed != "" {
		month, err := meeting.ParseMonth(typed)
		if err != nil {
			return s, err
		}
		s.Until = month
	}
	if in.Has("months") {
		s.Months = in.Int("months")
	}
	return s, in.Err()
}

// showHome is the table of the unit that the reader works for.
func showHome(r *page.Request) (page.Answer, error) {
	home, _, err := r.Home()
	if err != nil {
		return nil, err
	}
	if home.ID == 0 {
		return nil, errs.New(errs.NotFound, "errs.not_found")
	}
	return show(r, home.ID)
}

func showUnit(r *page.Request) (page.Answer, error) {
	of, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	return show(r, of)
}

// show is the table of a party, or the page of one cell.
func show(r *page.Request, of orgtree.ID) (page.Answer, error) {
	s, err := span(r)
	if err != nil {
		return nil, err
	}
	at, err := orgtree.Find(r.Tx, of)
	if err != nil {
		return nil, err
	}
	if at.IsCell() {
		s.Detail = true
		t, err := overview.Look(r.Tx, r.By, of, s)
		if err != nil {
			return nil, err
		}
		return showCell(r, t, s)
	}
	return showParty(r, at, s)
}

// showParty is a party of any size: one with few cells shows each of them.
func showParty(r *page.Request, at orgtree.Unit, s overview.Span) (page.Answer, error) {
	v, err := overview.See(r.Tx, r.By, at.ID, s)
	if err != nil {
		return nil, err
	}
	frame, err := r.Frame(r.T("overview.title"))
	if err != nil {
		return nil, err
	}
	frame.Wide, frame.QuietTitle = true, true
	home, _, err := r.Home()
	if home.ID != at.ID {
		frame.Title, frame.QuietTitle = at.Name, false
		frame.Crumbs = []ui.Link{{Text: r.T("overview.title"), Href: "/overview"}}
	}
	return page.HTML(seeingPage(frame, seeing(r, v, s))), err
}

func of(t overview.Table) orgtree.ID { return t.Unit.ID }

func unitPath(unit orgtree.ID) string { return "/overview/" + unit.String() }

func query(s overview.Span) string { return fmt.Sprintf("?month=%s&months=%d", s.Until, s.Months) }

func pick(r *page.Request, path string, s overview.Span) picker {
	p := picker{Label: monthName(r, s.Until)}
	earlier, later := s, s
	earlier.Until, later.Until = s.Until.Add(-1), s.Until.Add(1)
	p.Earlier = ui.Link{Text: monthName(r, earlier.Until), Href: path + query(earlier)}
	// The coming month too: its meetings are planned, and some are held early.
	if later.Until <= meeting.MonthOf(r.Today()).Add(1) {
		p.Later = ui.Link{Text: monthName(r, later.Until), Href: path + query(later)}
	}
	length := s
	if length.Months = longMonths; s.Months == longMonths {
		length.Months = usualMonths
	}
	p.Length = ui.Link{Text: r.T("overview.months", length.Months), Href: path + query(length)}
	return p
}

func monthName(r *page.Request, m meeting.Month) string {
	return i18n.Month(r.Context(), m.Year(), m.First().Month())
}

// sentence says the month in words, with marks around its figures.
func sentence(r *page.Request, s overview.Summary) string {
	month := strconv.Itoa(int(s.Month.First().Month()))
	text := r.T("overview.sentence.held", "month", month, "held", s.Held, "cells", s.Cells, "on_day", s.OnDay, "day", strconv.Itoa(s.Day))
	if s.Held == 0 {
		text = r.T("overview.sentence.none_held", "month", month, "cells", s.Cells)
	}
	if s.Scored > 0 {
		text += " " + r.T("overview.sentence."+trend(s), "average", tenths(r, s.Average), "change", tenths(r, max(s.Change, -s.Change)))
	}
	switch {
	case s.Silent > 0 && s.Claimed > 0:
		text += " " + r.T("overview.sentence.silent_and_claimed", "silent", s.Silent, "claimed", s.Claimed, "points", overview.FarAbove)
	case s.Silent > 0:
		text += " " + r.T("overview.sentence.silent", "silent", s.Silent)
	case s.Claimed > 0:
		text += " " + r.T("overview.sentence.claimed", "claimed", s.Claimed, "points", overview.FarAbove)
	}
	return text
}

func trend(s overview.Summary) string {
	switch {
	case !s.Compared:
		return "average"
	case s.Change > 0:
		return "higher"
	case s.Change < 0:
		return "lower"
	}
	return "level"
}

func tenths(r *page.Request, n int) string { return i18n.Decimal(r.Context(), float64(n)/10, 1) }

func stats(r *page.Request, s overview.Summary) ui.Stats {
	ctx := r.Context()
	tasks := r.T("overview.stat.of_tasks", s.TasksOnTime, s.TasksDue)
	if s.TasksDue == 0 {
		tasks = r.T("overview.stat.no_tasks")
	}
	list := ui.Stats{Items: []ui.Stat{
		{Label: r.T("overview.stat.attendance"), Figure: i18n.Share(ctx, s.Present, s.Entitled), Note: r.T("overview.stat.of_members", s.Present, s.Entitled)},
		{Label: r.T("overview.stat.speakers"), Figure: i18n.Share(ctx, s.Speakers, s.Present), Note: r.T("overview.stat.of_present", s.Speakers, s.Present)},
		{Label: r.T("overview.stat.tasks"), Figure: i18n.Share(ctx, s.TasksOnTime, s.TasksDue), Note: tasks},
		{Label: r.T("overview.stat.waiting"), Figure: i18n.Number(ctx, s.Waiting), Note: r.T("overview.stat.waiting_note")},
	}}
	return list
}

func reasons(r *page.Request, c overview.Concern) string {
	text := ""
	for _, reason := range c.Reasons {
		if text != "" {
			text += "; "
		}
		text += words(r, reason)
	}
	return capital(text) + "."
}

func heat(r *page.Request, t overview.Table) ui.HeatTable {
	h := ui.HeatTable{Title: r.T("overview.heat.title"), Corner: r.T("overview.heat.corner"), Legend: r.T("overview.heat.legend")}
	for i, month := range t.Months {
		h.Columns = append(h.Columns, columnName(month, i == 0))
	}
	for _, row := range t.Rows {
		line := ui.HeatRow{Label: shortName(r, row.Cell.Name), Href: unitPath(row.Cell.ID)}
		for _, e := range row.Months {
			line.Cells = append(line.Cells, heatCell(r, e))
		}
		h.Rows = append(h.Rows, line)
	}
	return h
}

// shortName leaves out the words that the head of the column says already.
func shortName(r *page.Request, name string) string {
	short, found := strings.CutPrefix(name, r.T("overview.heat.corner")+" ")
	if !found || short == "" {
		return name
	}
	return capital(short)
}

// columnName is the month's number, with the year where one begins.
func columnName(m meeting.Month, first bool) string {
	number := int(m.First().Month())
	if first || number == 1 {
		return fmt.Sprintf("%d/%02d", number, m.Year()%100)
	}
	return strconv.Itoa(number)
}

func heatCell(r *page.Request, e overview.Entry) ui.HeatCell {
	c := ui.HeatCell{Text: cellText(r, e), Note: cellNote(r, e)}
	switch {
	case e.Scored:
		c.Level = levels[e.Score.Class.ID]
	case e.Standing.Missing():
		c.Level = ui.HeatMissing
	}
	if e.Meeting != 0 {
		c.Href = "/meetings/" + e.Meeting.String()
	}
	return c
}

// levels are the grounds of the classes of the score sheet (rules 22.4).
var levels = map[string]ui.HeatLevel{"good": ui.HeatBest, "fair": ui.HeatGood, "average": ui.HeatFair, "poor": ui.HeatLow}

// cellText is the score, or the word for what became of the meeting.
func cellText(r *page.Request, e overview.Entry) string {
	text := r.T("overview.cell." + string(e.Standing))
	if e.Scored {
		text = strconv.Itoa(e.Score.Claimed)
		if e.Standing == overview.Delayed {
			text += " " + r.T("overview.cell.delayed")
		}
	}
	if e.Same {
		text += " ≡"
	}
	return text
}

// className is what the class was called, or is called where only figures are
// known.
func className(r *page.Request, c score.Class) string {
	if c.Label == "" {
		return r.T("seeing.class." + c.ID)
	}
	return c.Label
}

// cellNote says in a sentence what the cell of the table says in a word.
func cellNote(r *page.Request, e overview.Entry) string {
	note := r.T("overview.note."+string(e.Standing), "day", e.Day)
	if e.Scored {
		note += ". " + r.T("overview.note.score", "claimed", e.Score.Claimed, "evidence", e.Score.Evidence, "class", className(r, e.Score.Class))
	}
	if e.Postponed > 0 {
		note += ". " + r.T("overview.note.postponed", "times", e.Postponed)
	}
	if e.Same {
		note += ". " + r.T("overview.note.same")
	}
	return note
}
