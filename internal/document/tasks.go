package document

import (
	"fmt"
	"strconv"
	"strings"

	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/paper"
)

// duty is a task as tables show it, from wherever it was read.
type duty struct {
	title, detail, who string
	due, originalDue   clock.Date
	state              task.State
	outcome            task.Outcome
	onTime             bool
	overdue            int // days
	percent            int
	result, judgement  string
	task.Amount
}

func ofLine(l resolution.Line) duty {
	return duty{
		title: l.Title, detail: l.Detail, who: l.Who, due: l.Due, originalDue: l.OriginalDue, state: l.State, outcome: l.Outcome,
		onTime: l.OnTime, overdue: l.OverdueDays, percent: l.Percent, result: l.Result, judgement: l.Judgement, Amount: l.Amount,
	}
}

func ofRow(r task.Row) duty {
	return duty{
		title: r.Title, detail: r.Detail, who: r.Who, due: r.Due, originalDue: r.OriginalDue, state: r.State, outcome: r.Outcome,
		onTime: r.OnTime(), overdue: r.OverdueDays, percent: r.Percent, result: r.Result, judgement: r.Judgement, Amount: r.Amount,
	}
}

func past(lines []resolution.Line) []duty  { return duties(lines, ofLine) }
func given(lines []resolution.Line) []duty { return duties(lines, ofLine) }

func duties[T any](rows []T, of func(T) duty) []duty {
	list := make([]duty, len(rows))
	for i, r := range rows {
		list[i] = of(r)
	}
	return list
}

// status is where the task stands, in the words of an office.
func (d duty) status() string {
	switch d.state {
	case task.Assessed:
		return d.assessed()
	case task.Withdrawn:
		return "Đã thu hồi"
	}
	s := map[task.State]string{
		task.Proposed: "Dự kiến", task.Assigned: "Đã giao", task.Adjusted: "Đã điều chỉnh", task.HandedOver: "Chờ nhận bàn giao",
		task.Accepted: "Đang thực hiện", task.InProgress: "Đang thực hiện", task.Reported: "Đã báo cáo, chờ đánh giá",
	}[d.state]
	if d.overdue > 0 {
		s += fmt.Sprintf(", quá hạn %s ngày", count(d.overdue))
	}
	return s
}

func (d duty) assessed() string {
	switch {
	case d.outcome == task.Done && d.onTime:
		return "Hoàn thành đúng hạn"
	case d.outcome == task.Done:
		return "Hoàn thành chậm hạn"
	case d.outcome == task.Partly:
		return "Hoàn thành một phần"
	}
	return "Chưa hoàn thành"
}

// what is the task with what is counted in it: planned 10, left over 5 is 15,
// with both parts to be seen (S-79).
func (d duty) what() string {
	lines := []string{strings.TrimRight(d.title, ".") + "."}
	if d.detail != "" {
		lines = append(lines, sentence(strings.Join(strings.Fields(d.detail), " ")))
	}
	switch {
	case d.Carried > 0 && d.Planned > 0:
		lines = append(lines, fmt.Sprintf("Chỉ tiêu: %d %s (giao mới %d, kỳ trước chuyển sang %d).", d.Target(), d.Measure, d.Planned, d.Carried))
	case d.Carried > 0:
		lines = append(lines, fmt.Sprintf("Chỉ tiêu: %d %s (kỳ trước chuyển sang).", d.Target(), d.Measure))
	case d.Counted():
		lines = append(lines, fmt.Sprintf("Chỉ tiêu: %d %s.", d.Target(), d.Measure))
	}
	return strings.Join(lines, "\n")
}

// reached is what came of the task.
func (d duty) reached() string {
	var lines []string
	switch {
	case d.Counted() && (d.Done > 0 || d.state == task.Assessed):
		lines = append(lines, fmt.Sprintf("Đạt %d/%d %s.", d.Done, d.Target(), d.Measure))
	case !d.Counted() && d.percent > 0 && d.state != task.Assessed:
		lines = append(lines, fmt.Sprintf("Đạt %d %%.", d.percent))
	}
	if d.result != "" {
		lines = append(lines, sentence(strings.Join(strings.Fields(d.result), " ")))
	}
	if d.judgement != "" {
		lines = append(lines, "Nhận xét: "+sentence(lower(strings.Join(strings.Fields(d.judgement), " "))))
	}
	return strings.Join(lines, "\n")
}

// until is the day in force, with the first one if it was moved.
func (d duty) until() string {
	if d.due == d.originalDue || d.originalDue.IsZero() {
		return d.due.Vietnamese()
	}
	return d.due.Vietnamese() + "\n(gia hạn từ " + d.originalDue.Vietnamese() + ")"
}

// pastTable is table I.3 of a resolution (rules 22.6); none is no table.
func pastTable(list []duty) []paper.Block {
	table := paper.Table{
		Columns: []paper.Column{{WidthMM: 12, Align: paper.AlignCenter}, {Share: 6}, {WidthMM: 32, Align: paper.AlignLeft}, {Share: 5}},
		Head:    []paper.Row{paper.Cells("TT", "Nhiệm vụ", "Tình trạng", "Kết quả")},
	}
	for i, d := range list {
		what := d.what() + "\nThực hiện: " + d.who + "; thời hạn " + d.due.Vietnamese() + "."
		table.Rows = append(table.Rows, paper.Cells(strconv.Itoa(i+1), what, d.status(), d.reached()))
	}
	return tableOf(table)
}

// assignments is table III: who, what, by when.
func assignments(list []duty) []paper.Block {
	table := paper.Table{
		Columns: []paper.Column{{WidthMM: 12, Align: paper.AlignCenter}, {Share: 5}, {Share: 3, Align: paper.AlignLeft}, {WidthMM: 28, Align: paper.AlignCenter}},
		Head:    []paper.Row{paper.Cells("TT", "Nhiệm vụ", "Người thực hiện", "Thời hạn")},
	}
	for i, d := range list {
		table.Rows = append(table.Rows, paper.Cells(strconv.Itoa(i+1), d.what(), d.who, d.due.Vietnamese()))
	}
	return tableOf(table)
}

// tableOf is a table with rows, or nothing.
func tableOf(t paper.Table) []paper.Block {
	if len(t.Rows) == 0 {
		return nil
	}
	return []paper.Block{t}
}

// TaskList is the tasks of a unit that are due from one day to another, both
// included; without days, the open ones. Who reads tasks there may have it.
func TaskList(tx *db.Tx, by access.Actor, of orgtree.ID, from, to clock.Date) (paper.Document, error) {
	rows, err := allTasks(tx, by, of, task.Filter{From: from, To: to, Open: from.IsZero() && to.IsZero()})
	if err != nil {
		return paper.Document{}, err
	}
	today := clock.DateOf(tx.Now)
	o, err := officeOf(tx, of, today)
	if err != nil {
		return paper.Document{}, err
	}
	table := paper.Table{
		Columns: []paper.Column{
			{WidthMM: 12, Align: paper.AlignCenter},
			{Share: 6},
			{WidthMM: 48, Align: paper.AlignLeft},
			{WidthMM: 28, Align: paper.AlignCenter},
			{WidthMM: 36, Align: paper.AlignLeft},
			{Share: 5},
		},
		Head: []paper.Row{paper.Cells("TT", "Nhiệm vụ", "Người thực hiện", "Thời hạn", "Tình trạng", "Kết quả")},
	}
	for i, d := range duties(rows, ofRow) {
		table.Rows = append(table.Rows, paper.Cells(strconv.Itoa(i+1), d.what(), d.who, d.until(), d.status(), d.reached()))
	}
	blocks := tableOf(table)
	if len(blocks) == 0 {
		blocks = []paper.Block{paper.P("Không có nhiệm vụ nào trong thời gian này.")}
	}
	blocks = append([]paper.Block{
		o.letterhead("", today, today.Year()), paper.Title{Name: "Danh mục nhiệm vụ", Abstract: period(from, to, today)},
	}, blocks...)
	blocks = append(blocks, paper.Closing{Recipients: o.recipients("Các đồng chí được phân công"), Signature: o.signature()})
	return turned(o.paper("Danh mục nhiệm vụ", today, tx.Now, blocks...)), nil
}

// period says for which days a list holds.
func period(from, to, today clock.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return "Đang thực hiện đến ngày " + today.Vietnamese()
	case from.IsZero():
		return "Có thời hạn đến ngày " + to.Vietnamese()
	case to.IsZero():
		return "Có thời hạn từ ngày " + from.Vietnamese()
	}
	return "Có thời hạn từ ngày " + from.Vietnamese() + " đến ngày " + to.Vietnamese()
}

// allTasks reads a list page by page to its end.
func allTasks(tx *db.Tx, by access.Actor, of orgtree.ID, f task.Filter) ([]task.Row, error) {
	var list []task.Row
	for {
		page, err := task.OfUnit(tx, by, of, f)
		if err != nil || len(page) == 0 {
			return list, err
		}
		list = append(list, page...)
		f.After = &list[len(list)-1]
	}
}
