package office

import (
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/domain/overview"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// cellView is one cell as the committee above sees it.
type cellView struct {
	Picker  picker
	Concern string
	Spark   *ui.Sparkline
	Months  ui.Table
	Claims  *claimsView
	Tasks   []ui.Item
	// Plans are those of consolidation; Begin is the way to a new one.
	Plans []ui.Item
	Begin string
	Links []ui.Link
	Excel string
}

// claimsView is the sheet of a month, claims beside evidence.
type claimsView struct {
	Title   string
	Summary string
	Tone    ui.Tone
	Table   ui.Table
	Equal   string // said in place of the table where claim and evidence agree
}

func showCell(r *page.Request, t overview.Table, s overview.Span) (page.Answer, error) {
	frame, err := r.Frame(t.Unit.Name)
	if err != nil {
		return nil, err
	}
	frame.Wide = true
	frame.Crumbs = []ui.Link{{Text: r.T("overview.title"), Href: "/overview" + query(s)}}
	row := t.Rows[0]
	v := cellView{
		Picker: pick(r, unitPath(of(t)), s), Months: monthsTable(r, row), Excel: unitPath(of(t)) + "/table.xlsx" + query(s),
		Spark: scoreLine(r, row),
		Links: []ui.Link{
			{Text: r.T("overview.cell_page.meetings"), Href: "/meetings?unit=" + of(t).String()},
			{Text: r.T("overview.cell_page.tasks"), Href: "/tasks?view=cell&unit=" + of(t).String()},
			{Text: r.T("overview.cell_page.resolutions"), Href: "/resolutions?unit=" + of(t).String()},
			{Text: r.T("overview.cell_page.unit"), Href: "/units/" + of(t).String()},
		},
	}
	if len(t.Concerns) > 0 {
		v.Concern = reasons(r, t.Concerns[0])
	}
	if v.Claims, err = claims(r, row); err != nil {
		return nil, err
	}
	if v.Plans, v.Begin, err = plansOf(r, t.Unit); err != nil {
		return nil, err
	}
	v.Tasks, err = lateTasks(r, t)
	return page.HTML(cellPage(frame, v)), err
}

func monthsTable(r *page.Request, row overview.Row) ui.Table {
	t := ui.Table{Caption: r.T("overview.cell_page.months"), Columns: []ui.Column{
		{Title: r.T("overview.column.month"), Head: true},
		{Title: r.T("overview.column.meeting")},
		{Title: r.T("overview.column.attendance"), Number: true},
		{Title: r.T("overview.column.speakers"), Number: true},
		{Title: r.T("overview.column.claimed"), Number: true},
		{Title: r.T("overview.column.evidence"), Number: true},
		{Title: r.T("overview.column.class")},
		{Title: r.T("overview.column.tasks"), Number: true},
	}}
	for i := len(row.Months) - 1; i >= 0; i-- {
		e := row.Months[i]
		line := ui.Row{Cells: monthCells(r, e)}
		if e.Meeting != 0 {
			line.Href = "/meetings/" + e.Meeting.String()
		}
		t.Rows = append(t.Rows, line)
	}
	return t
}

func monthCells(r *page.Request, e overview.Entry) []templ.Component {
	ctx, claimed, evidence, class := r.Context(), "–", "–", "–"
	if e.Scored {
		claimed, evidence, class = strconv.Itoa(e.Score.Claimed), strconv.Itoa(e.Score.Evidence), e.Score.Class.Label
	}
	tasks := "–"
	if e.TasksDue > 0 {
		tasks = r.T("desk.figure.of", e.TasksOnTime, e.TasksDue)
	}
	meeting := capital(r.T("overview.note."+string(e.Standing), "day", e.Day))
	if e.Same {
		meeting += " ≡"
	}
	return ui.Cells(e.Month.Vietnamese(), meeting, together(i18n.Share(ctx, e.Present, e.Entitled)), together(i18n.Share(ctx, e.Speakers, e.Present)),
		claimed, evidence, class, tasks)
}

// together keeps a figure and its sign on one line.
func together(s string) string { return strings.ReplaceAll(s, " ", "\u00a0") }

func scoreLine(r *page.Request, row overview.Row) *ui.Sparkline {
	line, scored := ui.Sparkline{Title: r.T("overview.cell_page.scores"), Min: 0, Max: 100}, 0
	for _, e := range row.Months {
		p := ui.Point{Label: e.Month.Vietnamese(), Missing: !e.Scored}
		if e.Scored {
			p.Value, p.Text = float64(e.Score.Claimed), strconv.Itoa(e.Score.Claimed)
			scored++
		}
		line.Points = append(line.Points, p)
	}
	if scored < 2 {
		return nil
	}
	return &line
}

// claims is the newest sheet of the row: the lines where what the cell claims
// differs from what its records show.
func claims(r *page.Request, row overview.Row) (*claimsView, error) {
	for i := len(row.Months) - 1; i >= 0; i-- {
		e := row.Months[i]
		if !e.Scored {
			continue
		}
		sheet, err := score.Find(r.Tx, r.By, e.Meeting)
		if errs.Is(err, errs.Denied) || errs.Is(err, errs.NotFound) {
			return nil, nil
		}
		return claimsOf(r, e, sheet), err
	}
	return nil, nil
}

func claimsOf(r *page.Request, e overview.Entry, sheet score.Sheet) *claimsView {
	v := &claimsView{
		Title: r.T("overview.claims.title", "month", e.Month.Vietnamese()),
		Summary: r.T("overview.claims.summary", "claimed", sheet.Claimed, "class", sheet.Class.Label,
			"evidence", sheet.Evidence, "evidence_class", sheet.EvidenceClass.Label, "reachable", sheet.Reachable),
		Table: ui.Table{Caption: r.T("overview.claims.title", "month", e.Month.Vietnamese()), Columns: []ui.Column{
			{Title: r.T("overview.claims.line"), Head: true},
			{Title: r.T("overview.column.claimed"), Number: true},
			{Title: r.T("overview.column.evidence"), Number: true},
			{Title: r.T("overview.claims.shown")},
			{Title: r.T("overview.claims.reason")},
		}},
	}
	for _, gap := range sheet.Gaps() {
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: ui.Cells(
			gap.Label, r.T("desk.figure.of", gap.Claimed, gap.Max), strconv.Itoa(gap.Shown()), gap.Reason, gap.ClaimReason)})
	}
	switch {
	case len(v.Table.Rows) == 0:
		v.Equal, v.Tone = r.T("overview.claims.equal"), ui.Good
	case sheet.Gap() >= overview.FarAbove:
		v.Tone = ui.Bad
	default:
		v.Tone = ui.Warn
	}
	return v
}

// lateMost is how many overdue tasks the page of a cell names.
const lateMost = 10

func lateTasks(r *page.Request, t overview.Table) ([]ui.Item, error) {
	rows, err := task.OfUnit(r.Tx, r.By, of(t), task.Filter{Overdue: true, Limit: lateMost})
	var items []ui.Item
	for _, row := range rows {
		items = append(items, ui.Item{
			Title: row.Title, Note: r.T("overview.cell_page.late_task", "who", row.Who, "due", row.Due), Href: "/tasks/" + row.ID.String(),
			Chip: ui.Chip{Text: capital(i18n.Deadline(r.Context(), r.Today(), row.Due)), Tone: ui.Bad},
		})
	}
	return items, err
}
