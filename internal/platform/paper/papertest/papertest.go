// Package papertest holds fictional documents on which the writers are tested:
// one page format and papers that use every block of the model.
package papertest

import (
	"fmt"
	"strings"
	"time"

	"rsc.io/qr"

	"chibo/internal/platform/paper"
)

// Format is the page of rules 26 as the rule packs carry it.
func Format() paper.Format {
	return paper.Format{
		WidthMM: 210, HeightMM: 297,
		Margins: paper.Margins{Top: 20, Bottom: 20, Left: 30, Right: 15},
		Font:    "Times New Roman", BodyPt: 14, LinePt: 18, ParagraphPt: 6, IndentMM: 10,
		SignatureMM: 25, LetterheadShare: 0.45, TitleRule: "-----",
		PageNumber: paper.PageNumber{From: 2, TopMM: 10},
		Sizes:      paper.Sizes{Motto: 15, Subject: 12, Title: 16, Abstract: 14, Table: 13, Recipients: 12},
	}
}

// Landscape is the same page turned.
func Landscape() paper.Format {
	f := Format()
	f.WidthMM, f.HeightMM = f.HeightMM, f.WidthMM
	return f
}

var created = time.Date(2026, 2, 5, 3, 30, 0, 0, time.UTC)

// Resolution is a monthly resolution: about three pages, every block that a
// cell's papers use.
func Resolution() paper.Document {
	return paper.Document{
		Format: Format(), Created: created,
		Title: "Nghị quyết lãnh đạo thực hiện nhiệm vụ tháng 02 năm 2026", Subject: "Số 05-NQ/CB", Author: "Chi bộ thôn Đông Hạ",
		Blocks: []paper.Block{
			paper.Letterhead{
				Superior: "Đảng bộ xã Mỏ Cày", Issuer: "Chi bộ thôn Đông Hạ", Number: "Số 05-NQ/CB",
				Motto: "Đảng Cộng sản Việt Nam", PlaceDate: "Mỏ Cày, ngày 05 tháng 02 năm 2026",
			},
			paper.Title{Name: "Nghị quyết", Abstract: "Lãnh đạo thực hiện nhiệm vụ tháng 02 năm 2026"},
			paper.P("Ngày 03 tháng 02 năm 2026, chi bộ họp thường kỳ tại nhà văn hóa thôn. Tổng số đảng viên 27 đồng chí; có mặt 24, vắng có lý do 02, vắng không có lý do 01; được miễn sinh hoạt 03 đồng chí. Hội nghị bắt đầu lúc 19 giờ 00, kết thúc lúc 21 giờ 10."),
			paper.Paragraph{Runs: []paper.Run{
				{Text: "Chủ trì: ", Bold: true},
				{Text: "đồng chí Nguyễn Văn Thuận, Bí thư chi bộ. "},
				{Text: "Thư ký: ", Bold: true},
				{Text: "đồng chí Trần Thị Hạnh", Italic: true},
				{Text: ", chi ủy viên."},
			}},
			paper.Heading{Level: 1, Number: "I.", Text: "ĐÁNH GIÁ KẾT QUẢ THỰC HIỆN NHIỆM VỤ THÁNG 01"},
			paper.Heading{Level: 2, Number: "1.", Text: "Công tác chính trị, tư tưởng"},
			paper.P(strings.Repeat("Chi bộ đã phổ biến kịp thời các văn bản của cấp trên đến từng đảng viên; tư tưởng cán bộ, đảng viên và nhân dân ổn định, đồng thuận với chủ trương sáp nhập địa giới. ", 3)),
			paper.Heading{Level: 2, Number: "2.", Text: "Nhiệm vụ chính trị"},
			paper.Heading{Level: 3, Number: "a.", Text: "Phát triển kinh tế"},
			paper.P(strings.Repeat("Vận động 12 hộ chuyển đổi 3,5 ha đất lúa kém hiệu quả sang trồng bưởi da xanh, thu nhập bình quân tăng 15 %. ", 2)),
			paper.Heading{Level: 3, Number: "đ.", Text: "Quốc phòng, an ninh"},
			paper.P("Giao quân đủ 02/02 thanh niên; không để xảy ra trọng án."),
			paper.Heading{Level: 2, Number: "3.", Text: "Kết quả nhiệm vụ của nghị quyết kỳ trước"},
			tasks(9),
			paper.Heading{Level: 2, Number: "4.", Text: "Biểu dương, nhắc nhở"},
			paper.Dashes(
				"Biểu dương đồng chí Lê Văn Phước, Tổ trưởng tổ đảng số 2, hoàn thành sớm việc vận động quỹ “Đền ơn đáp nghĩa” (7.350.000 đồng);",
				"Nhắc nhở đồng chí vắng mặt không có lý do trong kỳ sinh hoạt tháng 01.",
			),
			paper.Heading{Level: 1, Number: "II.", Text: "PHƯƠNG HƯỚNG, NHIỆM VỤ THÁNG 02"},
			paper.Lettered(
				"Tổ chức đón Tết Nguyên đán Bính Ngọ 2026 vui tươi, an toàn, tiết kiệm;",
				"Thăm hỏi 08 gia đình chính sách, 05 hộ nghèo;",
				"Rà soát đảng viên đi làm ăn xa, giữ liên lạc hằng tuần;",
				"Hoàn thành kế hoạch học tập chuyên đề quý I;",
				"Phân công đảng viên trẻ giúp người cao tuổi sử dụng dịch vụ công trực tuyến, bảo đảm mỗi hộ có ít nhất một người biết nộp hồ sơ và tra cứu kết quả trên điện thoại.",
			),
			paper.Heading{Level: 1, Number: "III.", Text: "PHÂN CÔNG THỰC HIỆN"},
			tasks(12),
			paper.Heading{Level: 1, Number: "IV.", Text: "TỰ ĐÁNH GIÁ CHẤT LƯỢNG SINH HOẠT"},
			paper.P("Chi bộ tự chấm 92/100 điểm, xếp loại Tốt. Nghị quyết được 24/24 đảng viên chính thức có mặt biểu quyết tán thành, đạt tỷ lệ 100 %."),
			paper.Closing{
				Recipients: paper.Recipients{Lines: []string{"Đảng ủy xã (báo cáo)", "Các đồng chí đảng viên trong chi bộ", "Lưu Chi bộ"}},
				Signature:  paper.Signature{For: []string{"T/M Chi bộ"}, Post: "Bí thư", Name: "Nguyễn Văn Thuận"},
			},
		},
	}
}

func tasks(n int) paper.Table {
	t := paper.Table{
		Columns: []paper.Column{{WidthMM: 12, Align: paper.AlignCenter}, {Share: 3}, {Share: 2, Align: paper.AlignLeft}, {WidthMM: 28, Align: paper.AlignCenter}},
		Head:    []paper.Row{paper.Cells("TT", "Nhiệm vụ", "Người thực hiện", "Thời hạn")},
	}
	duties := []string{"Thu đảng phí quý I", "Kiểm tra việc giữ gìn vệ sinh đường làng, khơi thông cống rãnh trước mùa mưa", "Giúp đỡ quần chúng ưu tú Phạm Quỳnh Như hoàn thiện hồ sơ kết nạp"}
	for i := range n {
		t.Rows = append(t.Rows, paper.Cells(fmt.Sprintf("%d", i+1), duties[i%len(duties)], "Đồng chí Huỳnh Thị Mỹ Duyên", fmt.Sprintf("%02d/02/2026", 10+i)))
	}
	return t
}

// Minutes is a record of a meeting of five pages, signed by two.
func Minutes() paper.Document {
	d := paper.Document{
		Format: Format(), Created: created, Title: "Biên bản sinh hoạt chi bộ", Author: "Chi bộ thôn Đông Hạ",
		Blocks: []paper.Block{
			paper.Letterhead{
				Superior: "Đảng bộ phường Hoàng Văn Thụ", Issuer: "Chi bộ Trường Trung học phổ thông Nguyễn Thị Minh Khai", Number: "Số 07-BB/CB",
				Motto: "Đảng Cộng sản Việt Nam", PlaceDate: "Thành phố Hồ Chí Minh, ngày 15 tháng 11 năm 2026", Notes: []string{"Dự thảo lần 2"}, Stamps: []string{"Khẩn"},
			},
			paper.Title{Name: "Biên bản", Abstract: "Hội nghị chi bộ thường kỳ tháng 11 năm 2026"},
		},
	}
	for part := range 6 {
		d.Blocks = append(d.Blocks, paper.Heading{Level: 1, Number: paper.Roman(part+1) + ".", Text: "Nội dung thứ " + fmt.Sprint(part+1)})
		for speaker := range 5 {
			d.Blocks = append(d.Blocks, paper.Paragraph{Runs: []paper.Run{
				{Text: fmt.Sprintf("Đồng chí phát biểu số %d: ", speaker+1), Bold: true},
				{Text: strings.Repeat("Nhất trí với dự thảo báo cáo; đề nghị bổ sung giải pháp nâng cao chất lượng sinh hoạt chuyên đề, gắn với việc học tập và làm theo Bác. ", 1+(part+speaker)%3)},
			}})
		}
		if part == 2 {
			d.Blocks = append(d.Blocks, tasks(14))
		}
	}
	d.Blocks = append(d.Blocks,
		paper.Paragraph{Runs: paper.Text("Biên bản được đọc lại trước hội nghị và được nhất trí thông qua lúc 17 giờ 30 cùng ngày.")},
		paper.SignaturePair{
			Left:  paper.Signature{Post: "Người ghi biên bản", Hint: "(ký, ghi rõ họ tên)", Name: "Trần Thị Hạnh"},
			Right: paper.Signature{Post: "Chủ trì hội nghị", Hint: "(ký, ghi rõ họ tên)", Name: "Nguyễn Văn Thuận"},
		})
	return d
}

// Slips is a sheet of invitations with QR codes, and a wide table on a page
// of its own.
func Slips() paper.Document {
	code, err := qr.Encode("https://chibo.example/moi/7K2M-9QXD", qr.M)
	if err != nil {
		panic(err)
	}
	picture := &paper.Image{PNG: code.PNG(), WidthMM: 30, Alt: "Mã QR để nhận tài khoản"}
	slips := paper.Table{Columns: []paper.Column{{Align: paper.AlignCenter}, {Align: paper.AlignCenter}, {Align: paper.AlignCenter}}}
	for range 4 {
		var row paper.Row
		for _, name := range []string{"Nguyễn Thị Ngọc Ánh", "Đỗ Quang Vĩnh", "Võ Hoàng Phượng"} {
			row = append(row, paper.Cell{Picture: picture, Runs: []paper.Run{{Text: name, Bold: true}, {Text: "\nMã: 7K2M-9QXD"}}})
		}
		slips.Rows = append(slips.Rows, row)
	}
	wide := paper.Table{
		Columns: []paper.Column{{WidthMM: 14, Align: paper.AlignCenter}, {Share: 2}, {Align: paper.AlignRight}, {Align: paper.AlignRight}, {Align: paper.AlignRight}},
		Head: []paper.Row{
			{{Runs: paper.Text("TT"), Down: 2}, {Runs: paper.Text("Chi bộ"), Down: 2}, {Runs: paper.Text("Số kỳ sinh hoạt"), Span: 3}},
			paper.Cells("Kế hoạch", "Đã họp", "Muộn"),
		},
	}
	for i := range 40 {
		wide.Rows = append(wide.Rows, paper.Cells(fmt.Sprint(i+1), fmt.Sprintf("Chi bộ khu phố %d", i+1), "12", "11", "1"))
	}
	wide.Rows = append(wide.Rows, paper.Row{{Runs: paper.Strong("Cộng"), Span: 2, Align: paper.AlignCenter}, {Runs: paper.Strong("480")}, {Runs: paper.Strong("440")}, {Runs: paper.Strong("40")}})
	return paper.Document{
		Format: Landscape(), Created: created, Title: "Phiếu mời",
		Blocks: []paper.Block{
			paper.Title{Name: "Phiếu mời", Abstract: "Cắt theo đường kẻ, trao tận tay từng đồng chí"},
			slips,
			paper.PageBreak{},
			paper.Heading{Level: 1, Number: "I.", Text: "Tình hình sinh hoạt"},
			wide,
			paper.KeepTogether{Blocks: []paper.Block{
				paper.P("Ghi chú: số liệu tính đến ngày lập biểu."),
				paper.Image{PNG: code.PNG(), WidthMM: 40, Alt: "Mã QR của biểu này"},
				paper.Paragraph{Runs: paper.Emphasis("Quét mã để xem số liệu mới nhất."), Align: paper.AlignCenter},
			}},
		},
	}
}
