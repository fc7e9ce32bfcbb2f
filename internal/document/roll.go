package document

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/paper"
)

// RollSheet is the roll of a meeting with a column to sign: filled from the
// roll call, or blank for a pen before the meeting begins. The rights are those
// of meeting.Roll, and of meeting.Delivery before the meeting; one that is
// neither announced nor open is errs.Conflict.
func RollSheet(tx *db.Tx, by access.Actor, of meeting.ID) (paper.Document, error) {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return paper.Document{}, err
	}
	o, err := officeFor(tx, m, m.Day())
	if err != nil {
		return paper.Document{}, err
	}
	table := paper.Table{
		Columns: []paper.Column{
			{WidthMM: 11, Align: paper.AlignCenter},
			{Share: 5, Align: paper.AlignLeft},
			{WidthMM: 25, Align: paper.AlignCenter},
			{WidthMM: 22, Align: paper.AlignCenter},
			{Share: 4, Align: paper.AlignLeft},
			{WidthMM: 28},
		},
		Head: []paper.Row{paper.Cells("TT", "Họ và tên", "Đảng viên", "Có mặt", "Vắng mặt, lý do", "Ký tên")},
	}
	var foot []paper.Block
	if m.OpenedAt.IsZero() {
		table.Rows, err = expectedRows(tx, by, m)
		foot = blankFigures(len(table.Rows))
	} else if table.Rows, err = calledRows(tx, by, of); err == nil {
		foot, err = rollFigures(tx, by, of)
	}
	if err != nil {
		return paper.Document{}, err
	}
	blocks := []paper.Block{
		o.letterhead("", m.Day(), m.Day().Year()),
		paper.Title{Name: "Danh sách điểm danh", Abstract: o.meetingName(m)},
		entry("Thời gian:", sentence(o.moment(cmp.Or(m.OpenedAt, m.Starts)))), entry(placeLabel(m.Mode)+":", sentence(where(m))),
		table,
	}
	blocks = append(append(blocks, foot...), o.minutesSignatures(o.names[m.MinuteTaker], o.names[m.Chair]))
	return o.paper("Danh sách điểm danh", m.Day(), cmp.Or(m.ClosedAt, m.OpenedAt, m.Starts), blocks...), nil
}

// minutesSignatures are those under what a meeting recorded: who wrote it left,
// who chaired right (rules 22.5).
func (o *office) minutesSignatures(taker, chair string) paper.SignaturePair {
	const hint = "(ký, ghi rõ họ tên)"
	return paper.SignaturePair{
		Left:  paper.Signature{Post: o.mark("minutes_taker"), Hint: hint, Name: taker},
		Right: paper.Signature{Post: o.mark("minutes_chair"), Hint: hint, Name: chair},
	}
}

// expectedRows are those who were called, before the roll exists. What makes
// their standing was the same on the day of the announcement or is corrected by
// hand.
func expectedRows(tx *db.Tx, by access.Actor, m meeting.Meeting) ([]paper.Row, error) {
	told, err := meeting.Delivery(tx, by, m.ID)
	if err != nil {
		return nil, err
	}
	told = slices.DeleteFunc(told, func(t meeting.Told) bool { return t.Above })
	if len(told) == 0 {
		return nil, errs.New(errs.Conflict, "document.error.not_announced")
	}
	roster, err := member.Roster(tx, m.Unit, m.Day())
	if err != nil {
		return nil, err
	}
	standing := map[access.PersonID]string{}
	for _, r := range roster {
		standing[r.ID] = standingOf(r.Status, r.Overlays)
	}
	rows := make([]paper.Row, len(told))
	for i, t := range told {
		rows[i] = paper.Cells(strconv.Itoa(i+1), t.Name, standing[t.Person], "", "", room)
	}
	return rows, nil
}

func calledRows(tx *db.Tx, by access.Actor, of meeting.ID) ([]paper.Row, error) {
	roll, err := meeting.Roll(tx, by, of)
	if err != nil {
		return nil, err
	}
	guests, err := meeting.Guests(tx, by, of)
	if err != nil {
		return nil, err
	}
	var rows []paper.Row
	for i, e := range roll {
		rows = append(rows, paper.Cells(strconv.Itoa(i+1), e.Name, standingOf(e.Status, e.Overlays), presence(e), absence(e), ""))
	}
	for _, g := range guests {
		rows = append(rows, paper.Cells(strconv.Itoa(len(rows)+1), strings.TrimSuffix(g.Name+"\n"+g.Office, "\n"), "Đại biểu", "x", "", ""))
	}
	return rows, nil
}

// standingOf is how a person takes part. What else lies over a membership is
// nobody's business on a list that goes round the room.
func standingOf(status member.Status, overlays []string) string {
	switch {
	case slices.Contains(overlays, "temp_here"):
		return "Tạm thời"
	case slices.Contains(overlays, "exempt"):
		return "Miễn sinh hoạt"
	case status == member.Probationary:
		return "Dự bị"
	case status == member.Official:
		return "Chính thức"
	}
	return ""
}

func presence(e meeting.Entry) string {
	if !e.Present() {
		return ""
	}
	s := "x"
	if !e.Arrived.IsZero() {
		s = e.Arrived.In(clock.Zone).Format("15:04")
	}
	if e.Mode == meeting.Online {
		s += "\n(trực tuyến)"
	}
	return s
}

func absence(e meeting.Entry) string {
	switch e.Mark {
	case meeting.Excused:
		return "Có lý do" + after(": ", e.Reason)
	case meeting.Absent:
		return "Không lý do"
	}
	return ""
}

// after is the text with what joins it to the words before, or nothing.
func after(joint, s string) string {
	if s == "" {
		return ""
	}
	return joint + s
}

// blankFigures is one line, so that the list of an ordinary cell ends on its
// second page.
func blankFigures(people int) []paper.Block {
	return []paper.Block{paper.P("Tổng số " + count(people) + "; có mặt ……; vắng có lý do ……; vắng không lý do ……")}
}

func rollFigures(tx *db.Tx, by access.Actor, of meeting.ID) ([]paper.Block, error) {
	f, err := meeting.Counts(tx, by, of)
	return []paper.Block{paper.P(fmt.Sprintf(
		"Tổng số đảng viên: %s đồng chí; phải dự: %s; có mặt: %s (%s); vắng có lý do: %s; vắng không lý do: %s; được miễn sinh hoạt: %s; đại biểu: %s.",
		count(f.Members), count(f.Entitled), count(f.Present), cmp.Or(percent(f.Present, f.Entitled), "0 %"),
		count(f.Excused), count(f.Absent), count(f.Exempt), count(f.Guests)))}, err
}
