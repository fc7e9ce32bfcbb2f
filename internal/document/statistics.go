package document

import (
	"bytes"
	"fmt"
	"strconv"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/paper"
	"chibo/internal/platform/xlsx"
)

// statistic is a line of the statistical report: what is counted, and how.
type statistic struct {
	label string
	of    func(f tally.Figures) int64
}

func single(label string, m tally.Measure) statistic {
	return statistic{label, func(f tally.Figures) int64 { return f.Get(m) }}
}

// statisticChapter is a part of the report.
type statisticChapter struct {
	title string
	lines []statistic
}

// statisticChapters are what the database gives at any date (rules 25.1), as far as it
// is counted: the tables of the organising commission are filled from it by hand.
var statisticChapters = []statisticChapter{
	{"Tổ chức đảng", []statistic{
		single("Tổ chức đảng", unit.TallyUnits), single("Chi bộ", unit.TallyCells),
		single("Chi bộ thôn, tổ dân phố", unit.TallyCellTypes.Of("village")),
	}},
	{"Đảng viên", []statistic{
		{"Tổng số đảng viên", func(f tally.Figures) int64 { return f.Get(member.TallyOfficial) + f.Get(member.TallyProbationary) }},
		single("Đảng viên chính thức", member.TallyOfficial), single("Đảng viên dự bị", member.TallyProbationary),
		single("Nữ", member.TallySexes.Of(string(member.Female))),
		{"Dân tộc thiểu số", minorities},
		single("Trình độ đại học", member.TallyExpertise.Of("university")), single("Trình độ thạc sĩ", member.TallyExpertise.Of("master")),
		single("Trình độ tiến sĩ", member.TallyExpertise.Of("doctor")),
		single("Lý luận chính trị sơ cấp", member.TallyTheory.Of("elementary")), single("Lý luận chính trị trung cấp", member.TallyTheory.Of("intermediate")),
		single("Lý luận chính trị cao cấp", member.TallyTheory.Of("advanced")),
	}},
	{"Sinh hoạt chi bộ", []statistic{
		single("Buổi sinh hoạt thường kỳ đã họp", meeting.TallyHeld), single("Buổi sinh hoạt chuyên đề", meeting.TallyThemes),
		single("Biên bản đã ban hành", meeting.TallyPublished), single("Báo cáo đã gửi cấp trên", meeting.TallyReported),
		single("Lượt đảng viên phải dự", meeting.TallyExpected), single("Lượt có mặt", meeting.TallyPresent),
		single("Lượt vắng có lý do", meeting.TallyExcused), single("Lượt vắng không lý do", meeting.TallyAbsent),
		single("Lượt phát biểu", meeting.TallySpeakers), single("Lần biểu quyết", meeting.TallyVotes), single("Lần biểu quyết được thông qua", meeting.TallyVotesPassed),
	}},
	{"Nghị quyết và nhiệm vụ", []statistic{
		single("Nghị quyết đã thông qua", resolution.TallyAdopted), single("Nghị quyết đã ban hành", resolution.TallyIssued),
		single("Nhiệm vụ đến hạn", task.TallyDue), single("Hoàn thành đúng hạn", task.TallyOnTime), single("Hoàn thành quá hạn", task.TallyLate),
		single("Không hoàn thành", task.TallyNotDone), single("Chuyển tiếp sang kỳ sau", task.TallyCarried),
	}},
	{"Chất lượng sinh hoạt", []statistic{
		single("Phiếu đánh giá đã xác nhận", score.TallySheets), single("Loại tốt", score.TallyClasses.Of("good")), single("Loại khá", score.TallyClasses.Of("fair")),
		single("Loại trung bình", score.TallyClasses.Of("average")), single("Loại yếu", score.TallyClasses.Of("poor")),
	}},
}

// minorities are the members of an ethnic group that is named and is not the
// largest.
func minorities(f tally.Figures) (sum int64) {
	for index, n := range f.Family(member.TallyEthnic) {
		if index > 1 {
			sum += n
		}
	}
	return sum
}

// Statistic is a line of the report as pages and files show it.
type Statistic struct {
	Chapter     string // of the first line of each part
	Label       string
	Closed, Now int64
}

// Corrected is by how much the figure was corrected after its months were closed.
func (s Statistic) Corrected() int64 { return s.Now - s.Closed }

// StatisticLines are the lines of a report.
func StatisticLines(s overview.Statistics) (list []Statistic) {
	for _, c := range statisticChapters {
		for i, line := range c.lines {
			one := Statistic{Label: line.label, Closed: line.of(s.Closed), Now: line.of(s.Now)}
			if i == 0 {
				one.Chapter = c.title
			}
			list = append(list, one)
		}
	}
	return list
}

// PeriodName is the time of a report in words: "quý IV năm 2026".
func PeriodName(p overview.Period) string {
	roman := []string{"", "I", "II", "III", "IV"}
	switch year := strconv.Itoa(p.To.Year()); p.Stretch {
	case overview.OfQuarter:
		return "quý " + roman[p.Part()] + " năm " + year
	case overview.OfHalf:
		return []string{"", "6 tháng đầu năm ", "6 tháng cuối năm "}[p.Part()] + year
	case overview.OfYear:
		return "năm " + year
	default:
		return "tháng " + p.To.Vietnamese()
	}
}

// Statistics is the statistical report of a unit over a period. Who oversees the
// unit may have it.
func Statistics(tx *db.Tx, by access.Actor, of orgtree.ID, p overview.Period) (paper.Document, error) {
	s, err := overview.Total(tx, by, of, p)
	if err != nil {
		return paper.Document{}, err
	}
	today := clock.DateOf(tx.Now)
	o, err := officeOf(tx, of, today)
	if err != nil {
		return paper.Document{}, err
	}
	table := paper.Table{
		Columns: []paper.Column{{WidthMM: 12, Align: paper.AlignCenter}, {Share: 6}, {WidthMM: 30, Align: paper.AlignRight}, {WidthMM: 28, Align: paper.AlignRight}, {WidthMM: 30, Align: paper.AlignRight}},
		Head:    []paper.Row{paper.Cells("TT", "Nội dung", "Khi chốt", "Điều chỉnh", "Số liệu")},
	}
	lines := StatisticLines(s)
	for i, line := range lines {
		if line.Chapter != "" {
			table.Rows = append(table.Rows, paper.Row{{Runs: []paper.Run{{Text: line.Chapter, Bold: true}}, Span: len(table.Columns), Align: paper.AlignLeft}})
		}
		table.Rows = append(table.Rows, paper.Cells(strconv.Itoa(i+1), line.Label, whole(line.Closed), signed(line.Corrected()), whole(line.Now)))
	}
	blocks := []paper.Block{
		o.letterhead("", today, today.Year()), paper.Title{Name: "Báo cáo thống kê", Abstract: "Công tác xây dựng Đảng " + PeriodName(p)}, paper.P(asOf(s, today)), table,
	}
	for _, text := range corrections(lines) {
		blocks = append(blocks, paper.P(text))
	}
	blocks = append(blocks, paper.Closing{Recipients: o.recipients(o.toReport()), Signature: o.signature()})
	return o.paper("Báo cáo thống kê "+PeriodName(p), today, tx.Now, blocks...), nil
}

// asOf says of which day the figures are.
func asOf(s overview.Statistics, today clock.Date) string {
	text := "Số liệu có trong hệ thống đến ngày " + today.Vietnamese() + "."
	if s.Running {
		text += " Kỳ báo cáo chưa kết thúc."
	}
	return text + fmt.Sprintf(" Có %s buổi sinh hoạt họp ngoài thời gian quy định.", whole(int64(s.Late)))
}

// corrections name what was changed after the months were closed.
func corrections(lines []Statistic) (list []string) {
	for _, line := range lines {
		if line.Corrected() != 0 {
			list = append(list, fmt.Sprintf("Điều chỉnh sau khi chốt: %s, %s (từ %s thành %s).", line.Label, signed(line.Corrected()), whole(line.Closed), whole(line.Now)))
		}
	}
	if list == nil {
		list = []string{"Không có số liệu nào bị điều chỉnh sau khi chốt."}
	}
	return list
}

// whole is a number with a point between thousands.
func whole(n int64) string {
	digits := strconv.FormatInt(n, 10)
	for at := len(digits) - 3; at > 0 && digits[at-1] != '-'; at -= 3 {
		digits = digits[:at] + "." + digits[at:]
	}
	return digits
}

// signed is a correction with its sign, "" for none.
func signed(n int64) string {
	switch {
	case n == 0:
		return ""
	case n < 0:
		return "−" + whole(-n)
	}
	return "+" + whole(n)
}

// StatisticsBook is the report as a workbook, for tables that are filled from it.
func StatisticsBook(tx *db.Tx, by access.Actor, of orgtree.ID, p overview.Period) (File, error) {
	s, err := overview.Total(tx, by, of, p)
	if err != nil {
		return File{}, err
	}
	w, err := xlsx.NewWriter()
	if err != nil {
		return File{}, err
	}
	defer w.Close()
	title := "Báo cáo thống kê " + PeriodName(p)
	rows, err := w.Sheet(xlsx.Sheet{
		Name: "Thống kê", Title: title + " – " + s.Unit.Name, Notes: []string{asOf(s, clock.DateOf(tx.Now))},
		Columns: []xlsx.Column{{Head: "TT"}, {Head: "Phần", Width: 26}, {Head: "Nội dung", Width: 44}, {Head: "Khi chốt", Width: 16}, {Head: "Điều chỉnh", Width: 16}, {Head: "Số liệu", Width: 16}},
	})
	if err != nil {
		return File{}, err
	}
	for i, line := range StatisticLines(s) {
		if err := rows.Add(xlsx.Int(int64(i+1)), xlsx.Text(line.Chapter), xlsx.Text(line.Label), xlsx.Int(line.Closed), xlsx.Int(line.Corrected()), xlsx.Int(line.Now)); err != nil {
			return File{}, err
		}
	}
	var body bytes.Buffer
	err = w.Write(&body)
	return File{Name: fileName(title+" "+s.Unit.Name) + ".xlsx", Media: blob.XLSX, Body: body.Bytes()}, err
}

// StatisticsPage are the lines of a report and what is said of them, for a page.
func StatisticsPage(tx *db.Tx, by access.Actor, of orgtree.ID, p overview.Period) (lines []Statistic, standing string, err error) {
	s, err := overview.Total(tx, by, of, p)
	if err != nil {
		return nil, "", err
	}
	return StatisticLines(s), asOf(s, clock.DateOf(tx.Now)), nil
}
