package document

import (
	"cmp"
	"fmt"
	"strconv"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/paper"
)

// ScoreSheet is the score sheet of a meeting (rules 22.4): for each line the
// most it can give, what the records show and why, and what is claimed. Before
// anybody has claimed anything it is a draft with the records' proposal, for
// those who may see that. The rights are those of score.Find and score.Propose.
func ScoreSheet(tx *db.Tx, by access.Actor, of meeting.ID) (paper.Document, error) {
	sheet, err := score.Find(tx, by, of)
	if errs.Is(err, errs.NotFound) {
		sheet, err = score.Propose(tx, by, of)
	}
	if err != nil {
		return paper.Document{}, err
	}
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	o, err := officeFor(tx, m, m.Day())
	if err != nil {
		return paper.Document{}, err
	}
	head := o.letterhead("", clock.Date{}, m.Day().Year(), o.draft())
	if sheet.Confirmed() {
		day := clock.DateOf(sheet.ConfirmedAt)
		head = o.letterhead("", day, day.Year())
	}
	blocks := []paper.Block{
		head,
		paper.Title{Name: sheet.Title, Abstract: o.meetingName(m)},
		scoreTable(sheet),
	}
	blocks = append(blocks, scoreNotes(sheet)...)
	blocks = append(blocks, paper.Closing{Recipients: o.recipients(o.toReport()), Signature: o.signature()})
	return o.paper("Phiếu đánh giá", m.Day(), cmp.Or(sheet.ConfirmedAt, m.ClosedAt, m.Starts), blocks...), nil
}

func scoreTable(s score.Sheet) paper.Table {
	points := paper.Column{WidthMM: 21, Align: paper.AlignCenter}
	t := paper.Table{
		Columns: []paper.Column{{WidthMM: 12, Align: paper.AlignCenter}, {Share: 1}, points, points, points},
		Head:    []paper.Row{paper.Cells("TT", "Tiêu chí, căn cứ", "Điểm\ntối đa", "Theo\nsố liệu", "Tự\nchấm")},
	}
	for _, c := range s.Criteria() {
		if len(c.Lines) == 1 && c.Lines[0].ID == c.ID {
			t.Rows = append(t.Rows, scoreRow(s, c.Lines[0], c.ID, c.Label, true))
			continue
		}
		t.Rows = append(t.Rows, strong(c.ID, c.Label, strconv.Itoa(c.Max), claimed(s, c.Evidence), claimed(s, c.Claimed)))
		for i, l := range c.Lines {
			t.Rows = append(t.Rows, scoreRow(s, l, fmt.Sprintf("%s.%d", c.ID, i+1), l.Label, false))
		}
	}
	if !s.Confirmed() {
		// Half a sheet has no class: people decide.
		t.Rows = append(t.Rows, strong("", "Tổng điểm", strconv.Itoa(s.Reachable), strconv.Itoa(s.Proven), ""), strong("", "Xếp loại"))
		return t
	}
	t.Rows = append(t.Rows,
		strong("", "Tổng điểm", strconv.Itoa(s.Reachable), strconv.Itoa(s.Evidence), strconv.Itoa(s.Claimed)),
		strong("", "Xếp loại", "", s.EvidenceClass.Label, s.Class.Label))
	return t
}

func strong(texts ...string) paper.Row {
	row := make(paper.Row, len(texts))
	for i, s := range texts {
		row[i] = paper.Cell{Runs: paper.Strong(s)}
	}
	return row
}

// claimed is what a person says, which nobody has while the sheet is a draft.
func claimed(s score.Sheet, points int) string {
	if !s.Confirmed() {
		return ""
	}
	return strconv.Itoa(points)
}

// scoreRow is a line with the records' reason under it, and the person's where
// the claim is another. A criterion of one line stands alone.
func scoreRow(s score.Sheet, l score.Line, number, label string, alone bool) paper.Row {
	what := []paper.Run{{Text: label, Bold: alone}}
	why := func(reason string) {
		if reason != "" {
			what = append(what, paper.Run{Text: "\n" + reason, Italic: true})
		}
	}
	row := func(most, records, person string) paper.Row {
		cells := paper.Cells(number, "", most, records, person)
		for i := range cells {
			cells[i].Runs[0].Bold = alone
		}
		cells[1].Runs = what
		return cells
	}
	if !l.Counted {
		why("Kỳ này không tính.")
		return row("-", "-", "-")
	}
	why(l.Reason)
	why(after("Ý kiến của chi bộ: ", l.ClaimReason))
	records := "-"
	if l.Decided {
		records = strconv.Itoa(l.Proposed)
	}
	return row(strconv.Itoa(l.Max), records, claimed(s, l.Claimed))
}

// scoreNotes say how to read the sheet, and what the regulation leaves open.
func scoreNotes(s score.Sheet) []paper.Block {
	notes := []string{
		"Cột “Theo số liệu” do hệ thống tính từ điểm danh, biểu quyết, nhiệm vụ và hồ sơ cuộc họp; dấu “-” là tiêu chí do chi bộ tự đánh giá. Tổng điểm theo số liệu lấy điểm tự chấm ở các tiêu chí này.",
	}
	if s.Reachable < s.Whole {
		notes = append(notes, fmt.Sprintf("Điểm tối đa của kỳ này là %d/%d, không quy đổi.", s.Reachable, s.Whole))
	}
	if s.Warning != "" {
		notes = append(notes, sentence(s.Warning))
	}
	var blocks []paper.Block
	for _, n := range notes {
		blocks = append(blocks, paper.Paragraph{Runs: paper.Emphasis(n)})
	}
	return blocks
}
