package e2e

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// register is a list of members as an office has kept it for fifteen years: typed
// in TCVN3, with a title, a head of two rows, days written in every way, a row
// that is there twice, one that cannot be, a sum and a signature.
func register(t *testing.T) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	old, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: ".VnTime", Size: 12}})
	check(err)
	for r, row := range [][]any{
		{"Đảng bộ phường Trảng Bàng", nil, nil, nil, nil, "Mẫu số 1"},
		{"Danh sách đảng viên (cập nhật tháng 10 năm 2026)"},
		{},
		{"TT", "Họ và tên", "Ngày sinh", nil, "Ngày vào Đảng", nil, "Số thẻ", "Chi bộ"},
		{nil, nil, "Nam", "Nữ", "Dự bị", "Chính thức"},
		{1, "Nguyễn Văn Bình", "3/2/1960", nil, "19/5/1985", "19/5/1986", "072000001", "chi bộ khu phố Lộc Thành"},
		{2, "Trần Thị Diệu", nil, "12.9.1975", "3.2.2001", "3.2.2002", "072000002", "Lộc Thành"},
		{3, "Đỗ Văn Hòa", time.Date(1990, 1, 15, 0, 0, 0, 0, time.UTC), nil, "2015-06-01", "2016-06-01", "072000003", "Lộc Thành"},
		{4, "Lê Thị Kiều", nil, 1982, "7/11/2010", "7/11/2011", "072000004", "Lộc Thành"},
		{},
		{5, "Võ Văn Lợi", "31/2/1970", nil, "1/1/1995", "1/1/1996", "072000005", "Lộc Thành"},
		{6, "Nguyễn Văn Bình", "3/2/1960", nil, "19/5/1985", "19/5/1986", "072000001", "Lộc Thành"},
		{7, "Huỳnh Thị Mai", nil, "20/10/2000", "2/9/2026", nil, nil, "Lộc Thành"},
		{"Tổng cộng", nil, 4, 3},
		{nil, nil, nil, nil, nil, nil, "Người lập biểu"},
	} {
		for c, value := range row {
			if value == nil {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			check(err)
			if text, is := value.(string); is {
				value = tcvn3(t, text)
			}
			check(f.SetCellValue("Sheet1", cell, value))
			check(f.SetCellStyle("Sheet1", cell, cell, old))
		}
	}
	for _, area := range [][2]string{{"A2", "H2"}, {"A4", "A5"}, {"B4", "B5"}, {"C4", "D4"}, {"E4", "F4"}, {"G4", "G5"}, {"H4", "H5"}} {
		check(f.MergeCell("Sheet1", area[0], area[1]))
	}
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	check(err)
	check(f.SetCellStyle("Sheet1", "C8", "C8", day))
	var out bytes.Buffer
	check(f.Write(&out))
	return out.Bytes()
}

// tcvn3Letters are those of TCVN 5712:1993 from 0xA1 on, a dot for none.
var tcvn3Letters = []rune("ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ")

// tcvn3 writes a text as the fonts of the nineties want it.
func tcvn3(t *testing.T, text string) string {
	t.Helper()
	return strings.Map(func(r rune) rune {
		if r < 0x80 {
			return r
		}
		at := slices.Index(tcvn3Letters, r)
		if at < 0 {
			t.Fatalf("%q has no %q in TCVN3", text, r)
		}
		return rune(0xa1 + at)
	}, text)
}
