package main

import (
	"github.com/a-h/templ"

	"chibo/internal/platform/clock"
	"chibo/internal/web/ui"
)

// inCell is the frame of a page of a cell's secretary.
func inCell(p ui.Page, title string, current int) ui.Page {
	p.Title = title
	p.Unit, p.UnitNote, p.UnitDay = "Chi bộ thôn Bình Minh", "Bí thư", "thứ Bảy, 21/11/2026"
	p.Who = ui.Person{Name: "Trần Thị Bình", Role: "Bí thư chi bộ", ProfileHref: "/member", SignOutAction: "/signout"}
	p.Nav = []ui.NavItem{
		{Text: "Bàn việc", Href: "/", Icon: ui.IconDesk},
		{Text: "Sinh hoạt", Href: "/roll", Icon: ui.IconMeeting},
		{Text: "Nhiệm vụ", Href: "/form", Icon: ui.IconTask, Count: 3},
		{Text: "Chi bộ", Href: "/members", Icon: ui.IconPeople},
	}
	p.Nav[current].Current = true
	return p
}

// inCommune is the frame of a page of a commune's office.
func inCommune(p ui.Page, title string) ui.Page {
	p.Title = title
	p.Wide = true
	p.Unit, p.UnitNote = "Đảng bộ phường Phước An", "Văn phòng Đảng ủy · Tháng 11/2026"
	p.Who = ui.Person{Name: "Lê Hoàng Phúc", Role: "Văn phòng Đảng ủy", ProfileHref: "/member", SignOutAction: "/signout"}
	p.Search = ui.Search{Action: "/members", Label: "Tìm đảng viên, chi bộ"}
	p.Nav = []ui.NavItem{
		{Text: "Tổng quan", Href: "/commune", Icon: ui.IconChart, Current: true},
		{Text: "Chi bộ", Href: "/members", Icon: ui.IconTree},
		{Text: "Kiến nghị", Href: "/form", Icon: ui.IconTalk, Count: 6},
		{Text: "Hồ sơ", Href: "/confirm", Icon: ui.IconFolder},
		{Text: "Đánh giá", Href: "/score", Icon: ui.IconStar},
		{Text: "Kiểm tra", Href: "/score", Icon: ui.IconShield},
		{Text: "Đảng phí", Href: "/score", Icon: ui.IconMoney},
		{Text: "Tài liệu", Href: "/score", Icon: ui.IconBook},
		{Text: "Bản đồ", Href: "/score", Icon: ui.IconMap},
	}
	return p
}

func rollOptions() []ui.Option {
	return []ui.Option{
		{Value: "present", Label: "Có mặt", Tone: ui.Good},
		{Value: "excused", Label: "Có lý do", Tone: ui.Warn, Mark: "●"},
		{Value: "absent", Label: "Vắng", Tone: ui.Bad, Mark: "✕"},
	}
}

func quality() ui.HeatTable {
	row := func(label string, cells ...ui.HeatCell) ui.HeatRow {
		return ui.HeatRow{Label: label, Href: "/", Cells: cells}
	}
	best := func(s string) ui.HeatCell { return ui.HeatCell{Text: s, Level: ui.HeatBest, Href: "/score"} }
	good := func(s string) ui.HeatCell { return ui.HeatCell{Text: s, Level: ui.HeatGood, Href: "/score"} }
	fair := func(s string) ui.HeatCell { return ui.HeatCell{Text: s, Level: ui.HeatFair, Href: "/score"} }
	low := func(s string) ui.HeatCell { return ui.HeatCell{Text: s, Level: ui.HeatLow, Href: "/score"} }
	missing := ui.HeatCell{Text: "chưa", Level: ui.HeatMissing, Note: "chưa sinh hoạt"}
	return ui.HeatTable{
		Title: "Chất lượng sinh hoạt theo chi bộ và tháng", Corner: "Chi bộ",
		Columns: []string{"6", "7", "8", "9", "10", "11"},
		Rows: []ui.HeatRow{
			row("Tổ 12", best("94"), best("93"), best("95"), best("92"), best("96"), best("95")),
			row("Trường THCS", good("88"), best("91"), good("87"), good("89"), best("90"), good("88")),
			row("Trạm Y tế", good("82"), fair("68"), good("75"), good("79"), good("84"), good("80")),
			row("Tổ 29", good("74"), fair("66"), fair("61"), low("48"), missing, missing),
			row("Công an phường", best("92"), best("92"), best("92"), best("92"), best("92"), best("92 ≡")),
		},
		Legend: "Số là điểm; viền đứt: chưa họp; ≡ nội dung lặp lại nhiều tháng.",
	}
}

func memberTable() ui.Table {
	row := func(name, born, joined string, dues string, chip ui.Chip) ui.Row {
		return ui.Row{Href: "/member", Cells: []templ.Component{ui.Text(name), ui.Text(born), ui.Text(joined), ui.Text(dues), chip}}
	}
	official, probationary := ui.Chip{Text: "Chính thức", Tone: ui.Good}, ui.Chip{Text: "Dự bị", Tone: ui.Warn}
	return ui.Table{
		Caption: "Đảng viên của chi bộ",
		Columns: []ui.Column{{Title: "Họ và tên"}, {Title: "Ngày sinh"}, {Title: "Vào Đảng"}, {Title: "Đảng phí tháng 11", Number: true}, {Title: "Tư cách"}},
		Rows: []ui.Row{
			row("Bùi Văn An", "02/09/1953", "19/05/1978", "30.000 đồng", official),
			row("Vàng Thị Dung", "14/03/1998", "03/02/2026", "54.000 đồng", probationary),
			row("Trần Đức Đạt", "20/11/1971", "07/11/1999", "87.350 đồng", official),
			row("Hồ Minh Giang", "01/01/1944", "03/02/1966", "miễn", ui.Chip{Text: "Miễn sinh hoạt", Tone: ui.Plain}),
		},
	}
}

func course() ui.Sparkline {
	points := []ui.Point{}
	for i, v := range []float64{82, 84, 79, 88, 0, 90, 87, 93, 91} {
		labels := []string{"3", "4", "5", "6", "7", "8", "9", "10", "11"}
		points = append(points, ui.Point{Label: "Tháng " + labels[i], Value: v, Missing: v == 0, Text: coordinates[i]})
	}
	return ui.Sparkline{Title: "Điểm sinh hoạt 9 tháng", Points: points, Min: 50, Max: 100, Tone: ui.Good}
}

var coordinates = []string{"82", "84", "79", "88", "", "90", "87", "93", "91"}

var day = clock.NewDate(2026, 12, 3)
