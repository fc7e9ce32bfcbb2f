package overview

import (
	"errors"
	"io"
	"strings"

	"chibo/internal/platform/text"
	"chibo/internal/platform/xlsx"
)

// Say puts a message into words.
type Say func(key string, args ...any) string

// WorkbookName is how the file of a table is called.
func (t Table) WorkbookName() string {
	name := "bang-diem-" + strings.ReplaceAll(text.Fold(t.Unit.Name), " ", "-")
	if len(t.Months) > 0 {
		name += "-" + string(t.Months[len(t.Months)-1])
	}
	return name + ".xlsx"
}

// WriteWorkbook writes the table, which was looked at in detail, as a workbook:
// the scores as they are shown, and a line for each cell and month with
// everything that was counted.
func (t Table) WriteWorkbook(out io.Writer, say Say) (err error) {
	w, err := xlsx.NewWriter()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	b := book{t, say}
	if err := b.scores(w); err != nil {
		return err
	}
	if err := b.details(w); err != nil {
		return err
	}
	return w.Write(out)
}

// book is a table on its way into a workbook.
type book struct {
	Table
	say Say
}

func (b book) scores(w *xlsx.Writer) error {
	tab := xlsx.Sheet{
		Name: b.say("overview.excel_tab.scores"), Title: b.Unit.Name + " – " + b.say("overview.heat.title"),
		Columns: []xlsx.Column{{Head: b.say("overview.heat.corner"), Width: 34}},
	}
	for _, month := range b.Months {
		tab.Columns = append(tab.Columns, xlsx.Column{Head: month.Vietnamese(), Width: 12})
	}
	rows, err := w.Sheet(tab)
	if err != nil {
		return err
	}
	for _, row := range b.Rows {
		line := []xlsx.Value{xlsx.Text(row.Cell.Name)}
		for _, e := range row.Months {
			line = append(line, b.score(e))
		}
		if err := rows.Add(line...); err != nil {
			return err
		}
	}
	return nil
}

// score stays a number where there is one, for sums and averages.
func (b book) score(e Entry) xlsx.Value {
	if e.Scored {
		return xlsx.Int(int64(e.Score.Claimed))
	}
	return xlsx.Text(b.say("overview.cell." + string(e.Standing)))
}

func (b book) details(w *xlsx.Writer) error {
	tab := xlsx.Sheet{Name: b.say("overview.excel_tab.details"), Title: b.Unit.Name}
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
		tab.Columns = append(tab.Columns, xlsx.Column{Head: b.say("overview.column." + c.key), Width: c.width})
	}
	rows, err := w.Sheet(tab)
	if err != nil {
		return err
	}
	for _, row := range b.Rows {
		for _, e := range row.Months {
			if err := rows.Add(b.detail(row, e)...); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b book) detail(row Row, e Entry) []xlsx.Value {
	line := []xlsx.Value{
		xlsx.Text(row.Cell.Name), xlsx.Text(e.Month.Vietnamese()), xlsx.Text(b.say("overview.word." + string(e.Standing))), xlsx.Date(e.Day),
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
