package office

import (
	"strings"

	"chibo/internal/document"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/overview"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// statisticsView is the statistical report on a page.
type statisticsView struct {
	Picker      picker
	Lengths     []ui.Tab
	Standing    string
	Table       ui.Table
	Word, Excel string
}

// asked is which report the address names.
func asked(r *page.Request) (of orgtree.ID, p overview.Period, err error) {
	if of, err = page.PathID[orgtree.Unit](r, "unit"); err != nil {
		return 0, p, err
	}
	month := meeting.MonthOf(r.Today())
	if typed := r.Input().Line("month"); typed != "" {
		if month, err = meeting.ParseMonth(typed); err != nil {
			return 0, p, err
		}
	}
	stretch := overview.OfMonth
	for _, s := range overview.Stretches {
		if r.Form.Get("of") == string(s) {
			stretch = s
		}
	}
	return of, overview.PeriodOf(stretch, month), nil
}

func statisticsPath(of orgtree.ID) string { return "/statistics/" + of.String() }

func periodQuery(p overview.Period) string {
	return "?of=" + string(p.Stretch) + "&month=" + string(p.From)
}

func showStatistics(r *page.Request) (page.Answer, error) {
	of, p, err := asked(r)
	if err != nil {
		return nil, err
	}
	lines, standing, err := document.StatisticsPage(r.Tx, r.By, of, p)
	if err != nil {
		return nil, err
	}
	at, err := access.Require(r.Tx, r.By, access.OverviewRead, of)
	if err != nil {
		return nil, err
	}
	path := statisticsPath(of)
	v := statisticsView{
		Picker: periodPicker(r, path, p), Standing: standing, Table: statisticsTable(r, lines),
		Word: path + "/report.docx" + periodQuery(p), Excel: path + "/report.xlsx" + periodQuery(p),
	}
	for _, s := range overview.Stretches {
		v.Lengths = append(v.Lengths, ui.Tab{Text: r.T("statistics.of." + string(s)), Href: path + periodQuery(overview.PeriodOf(s, p.From)), Current: s == p.Stretch})
	}
	frame, err := r.Frame(r.T("statistics.title"))
	if err != nil {
		return nil, err
	}
	frame.Wide = true
	frame.Crumbs = []ui.Link{{Text: r.T("overview.title"), Href: "/overview"}, {Text: at.Name, Href: unitPath(of)}}
	return page.HTML(statisticsPage(frame, v)), nil
}

// periodPicker leads to the period before and, once it has begun, the one after.
func periodPicker(r *page.Request, path string, p overview.Period) picker {
	name := func(p overview.Period) string { return capital(document.PeriodName(p)) }
	before, after := overview.PeriodOf(p.Stretch, p.From.Add(-1)), overview.PeriodOf(p.Stretch, p.To.Add(1))
	shown := picker{Label: name(p), Earlier: ui.Link{Text: name(before), Href: path + periodQuery(before)}}
	if after.From <= meeting.MonthOf(r.Today()) {
		shown.Later = ui.Link{Text: name(after), Href: path + periodQuery(after)}
	}
	return shown
}

func statisticsTable(r *page.Request, lines []document.Statistic) ui.Table {
	t := ui.Table{Caption: r.T("statistics.title"), Columns: []ui.Column{
		{Title: r.T("statistics.column.what"), Head: true},
		{Title: r.T("statistics.column.closed"), Number: true},
		{Title: r.T("statistics.column.corrected"), Number: true},
		{Title: r.T("statistics.column.now"), Number: true},
	}}
	ctx := r.Context()
	for _, line := range lines {
		corrected := "–"
		if n := line.Corrected(); n != 0 {
			corrected = i18n.Number(ctx, n)
		}
		t.Rows = append(t.Rows, ui.Row{Cells: ui.Cells(line.Label, i18n.Number(ctx, line.Closed), corrected, i18n.Number(ctx, line.Now))})
	}
	return t
}

// sendStatistics is the report as a file.
func sendStatistics(r *page.Request) (page.Answer, error) {
	of, p, err := asked(r)
	if err != nil {
		return nil, err
	}
	_, kind, _ := strings.Cut(r.PathValue("file"), "report.")
	switch kind {
	case "xlsx":
		book, err := document.StatisticsBook(r.Tx, r.By, of, p)
		return page.File{Name: book.Name, Media: book.Media, Body: book.Body}, err
	case "docx", "pdf":
		d, err := document.Statistics(r.Tx, r.By, of, p)
		if err != nil {
			return nil, err
		}
		written, err := document.Write(d, document.Format(kind))
		return page.File{Name: written.Name, Media: written.Media, Body: written.Body}, err
	}
	return nil, errs.New(errs.NotFound, "errs.not_found")
}
