package office

import (
	"bytes"
	"strings"

	"chibo/internal/domain/overview"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/text"
	"chibo/internal/platform/xlsx"
	"chibo/internal/web/page"
)

// exportTable is the table as a workbook: the scores as they are shown, and a
// line for each cell and month with everything that was counted.
func exportTable(r *page.Request) (page.Answer, error) {
	of, err := page.PathID[orgtree.Unit](r, "unit")
	if err != nil {
		return nil, err
	}
	s, err := span(r)
	if err != nil {
		return nil, err
	}
	s.Detail = true
	t, err := overview.Look(r.Tx, r.By, of, s)
	if err != nil {
		return nil, err
	}
	book, err := workbook(r, t)
	if err != nil {
		return nil, err
	}
	return page.File{Name: "bang-diem-" + strings.ReplaceAll(text.Fold(t.Unit.Name), " ", "-") + "-" + string(s.Until) + ".xlsx", Media: blob.XLSX, Body: book}, nil
}

func workbook(r *page.Request, t overview.Table) ([]byte, error) {
	w, err := xlsx.NewWriter()
	if err != nil {
		return nil, err
	}
	defer w.Close()
	if err := scoreTab(r, w, t); err != nil {
		return nil, err
	}
	if err := detailTab(r, w, t); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = w.Write(&out)
	return out.Bytes(), err
}

func scoreTab(r *page.Request, w *xlsx.Writer, t overview.Table) error {
	tab := xlsx.Sheet{
		Name: r.T("overview.excel_tab.scores"), Title: t.Unit.Name + " – " + r.T("overview.heat.title"),
		Columns: []xlsx.Column{{Head: r.T("overview.heat.corner"), Width: 34}},
	}
	for _, month := range t.Months {
		tab.Columns = append(tab.Columns, xlsx.Column{Head: month.Vietnamese(), Width: 12})
	}
	rows, err := w.Sheet(tab)
	if err != nil {
		return err
	}
	for _, row := range t.Rows {
		line := []xlsx.Value{xlsx.Text(row.Cell.Name)}
		for _, e := range row.Months {
			line = append(line, scoreValue(r, e))
		}
		if err := rows.Add(line...); err != nil {
			return err
		}
	}
	return nil
}

// scoreValue stays a number where there is one, for sums and averages.
func scoreValue(r *page.Request, e overview.Entry) xlsx.Value {
	if e.Scored {
		return xlsx.Int(int64(e.Score.Claimed))
	}
	return xlsx.Text(r.T("overview.cell." + string(e.Standing)))
}

func detailTab(r *page.Request, w *xlsx.Writer, t overview.Table) error {
	tab := xlsx.Sheet{Name: r.T("overview.excel_tab.details"), Title: t.Unit.Name}
	for _, c := range []struct {
		key   string
		width float64
	}{
		{"cell", 34},
		{"month", 10},
		{"meeting", 22},
		{"day", 12},
		{"entitled", 0},
		{"present", 0},
		{"speakers_count", 0},
		{"claimed", 0},
		{"evidence", 0},
		{"reachable", 0},
		{"class", 14},
		{"tasks_due", 0},
		{"tasks_on_time", 0},
		{"postponed", 0},
		{"same", 0},
	} {
		tab.Columns = append(tab.Columns, xlsx.Column{Head: r.T("overview.column." + c.key), Width: c.width})
	}
	rows, err := w.Sheet(tab)
	if err != nil {
		return err
	}
	for _, row := range t.Rows {
		for _, e := range row.Months {
			if err := rows.Add(detail(r, row, e)...); err != nil {
				return err
			}
		}
	}
	return nil
}

func detail(r *page.Request, row overview.Row, e overview.Entry) []xlsx.Value {
	line := []xlsx.Value{
		xlsx.Text(row.Cell.Name), xlsx.Text(e.Month.Vietnamese()), xlsx.Text(r.T("overview.word." + string(e.Standing))), xlsx.Date(e.Day),
		count(e.Entitled, e.Standing.Met()), count(e.Present, e.Standing.Met()), count(e.Speakers, e.Standing.Met()),
		count(e.Score.Claimed, e.Scored), count(e.Score.Evidence, e.Scored), count(e.Score.Reachable, e.Scored), xlsx.Text(e.Score.Class.Label),
		xlsx.Int(int64(e.TasksDue)), xlsx.Int(int64(e.TasksOnTime)), count(e.Postponed, e.Postponed > 0),
	}
	if e.Same {
		return append(line, xlsx.Text("≡"))
	}
	return append(line, xlsx.Value{})
}

// count is a number where it was counted, and an empty cell where it was not.
func count(n int, counted bool) xlsx.Value {
	if !counted {
		return xlsx.Value{}
	}
	return xlsx.Int(int64(n))
}
