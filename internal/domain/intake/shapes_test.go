package intake_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

// shape is a register as some commune keeps it: a workbook made by code, so that
// what is ugly about it can be read here.
type shape struct {
	name string
	// sheets are the rows of each sheet; a sheet without a name is "Sheet1".
	sheets []sheet
	csv    string
	// rows is how many records there are, ok how many can be written, and back
	// the rows that are sent back.
	rows, ok int
	back     []int
	// people are the records that are right, in short.
	people []string
	// at is the code of the unit that the import is for.
	at string
}

type sheet struct {
	name   string
	hidden bool
	font   string
	rows   [][]any
	merged []string // such as A1:D1
}

func (s shape) file(t testing.TB) []byte {
	t.Helper()
	if s.csv != "" {
		return []byte(s.csv)
	}
	f := excelize.NewFile()
	defer f.Close()
	for i, sheet := range s.sheets {
		name := sheet.name
		if name == "" {
			name = "Sheet1"
		}
		if i == 0 {
			check(t, f.SetSheetName("Sheet1", name))
		} else {
			_, err := f.NewSheet(name)
			check(t, err)
		}
		sheet.write(t, f, name)
		if sheet.hidden {
			check(t, f.SetSheetVisible(name, false))
		}
	}
	var out bytes.Buffer
	check(t, f.Write(&out))
	return out.Bytes()
}

func (s sheet) write(t testing.TB, f *excelize.File, name string) {
	t.Helper()
	format := "dd/mm/yyyy"
	dated, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
	check(t, err)
	font := s.font
	if font == "" {
		font = "Times New Roman"
	}
	plain, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Family: font, Size: 12}})
	check(t, err)
	for r, row := range s.rows {
		for c, value := range row {
			if value == nil {
				continue
			}
			cell, err := excelize.CoordinatesToCellName(c+1, r+1)
			check(t, err)
			check(t, f.SetCellValue(name, cell, value))
			style := plain
			if _, is := value.(time.Time); is {
				style = dated
			}
			check(t, f.SetCellStyle(name, cell, cell, style))
		}
	}
	for _, area := range s.merged {
		from, to, _ := bytes.Cut([]byte(area), []byte(":"))
		check(t, f.MergeCell(name, string(from), string(to)))
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func on(year, month, day int) time.Time {
	return time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
}

// shapes are of members for cell A, or for the commune.
var shapes = []shape{
	{
		name: "title rows, numbers of columns, a sum, signatures", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"ĐẢNG BỘ XÃ AN BÌNH", nil, nil, nil, "ĐẢNG CỘNG SẢN VIỆT NAM"},
			{"CHI BỘ THÔN ĐÔNG", nil, nil, nil, "An Bình, ngày 2 tháng 9 năm 2026"},
			{},
			{"DANH SÁCH ĐẢNG VIÊN"},
			{"STT", "Họ và tên", "Giới tính", "Ngày, tháng, năm sinh", "Ngày vào Đảng", "Ngày chính thức", "Ghi chú"},
			{"(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)"},
			{1, "Ngô Văn Mới", "Nam", "3/2/1980", "19/5/2005", "19/05/2006", "x"},
			{},
			{2, "Ngô Thị Hoa", "nữ", on(1979, 12, 31), "19.5.2005", "2006-05-19"},
			{"Tổng cộng", nil, 2, nil, nil, nil},
			{},
			{nil, "NGƯỜI LẬP BIỂU", nil, nil, "T/M CHI BỘ"},
			{nil, "(Ký, ghi rõ họ tên)", nil, nil, "BÍ THƯ"},
			{nil, "Nguyễn Văn Ký", nil, nil, "Trần Văn Bí"},
		}, merged: []string{"A4:G4"}}},
		rows: 2, ok: 2, people: []string{"Ngô Văn Mới male 1980-02-03 official", "Ngô Thị Hoa female 1979-12-31 official"},
	},
	{
		name: "two levels, merged: the birth stands in the column of the sex", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"TT", "Họ và tên", "Ngày sinh", nil, "Ngày vào Đảng", nil, "Trình độ", nil, nil},
			{nil, nil, "Nam", "Nữ", "Dự bị", "Chính thức", "Văn hóa", "Chuyên môn", "LLCT"},
			{1, "Ngô Văn Mới", "3/2/1980", nil, "19/5/2005", "19/5/2006", on(2026, 12, 12), "Đại học", "Sơ cấp"},
			{2, "Ngô Thị Hoa", nil, 1979, "19/5/2005", "19/5/2006", "10/10", nil, nil},
			{3, "Ngô Thị Hai", "1/1/1980", "1/1/1980", "19/5/2005", "19/5/2006", nil, nil, nil},
		}, merged: []string{"A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:I1"}}},
		rows: 3, ok: 2, back: []int{5},
		people: []string{"Ngô Văn Mới male 1980-02-03 official 12/12 Đại học Sơ cấp", "Ngô Thị Hoa female 1979-01-01 official 10/10"},
	},
	{
		name: "two levels that nobody merged", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"Danh sách"},
			{"TT", "Họ tên", "Giới tính", nil, "Năm sinh", "Ngày vào Đảng"},
			{nil, nil, "Nam", "Nữ", nil, "Dự bị", "Chính thức"},
			{1, "Ngô Văn Mới", "x", nil, "3/2/1980", "19/5/2005", "19/5/2006"},
			{2, "Ngô Thị Hoa", nil, "X", "4/2/1980", "19/5/2026", nil},
		}}},
		rows: 2, ok: 2, people: []string{"Ngô Văn Mới male 1980-02-03 official", "Ngô Thị Hoa female 1980-02-04 probationary"},
	},
	{
		name: "one box for women, names in two columns and capitals", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"STT", "Họ và tên", nil, "Nữ", "Sinh ngày", "Ngày kết nạp", "Chính thức"},
			{1, "NGÔ VĂN", "MỚI", nil, "3-2-80", "19-5-05", "19-5-06"},
			{2, "NGÔ THỊ", "HOA", "x", "04-02-1980", "19-5-05", "19-5-06"},
		}, merged: []string{"B1:C1"}}},
		rows: 2, ok: 2, people: []string{"Ngô Văn Mới male 1980-02-03 official", "Ngô Thị Hoa female 1980-02-04 official"},
	},
	{
		name: "columns in any order, numbers of days, cards as numbers", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"Chính thức", "Dự bị", "Số thẻ", "SĐT", "NTNS", "Giới tính", "Họ và tên"},
			{38856, 38491, 10180000009, 912345678, 29254, "Nam", "Ngô Văn Mới"},
			{"19/5/2006", "ngày 19 tháng 5 năm 2005", "010.180.000.010", "0912 345 679", "tháng 2/1980", "Nữ", "Ngô Thị Hoa"},
		}}},
		rows: 2, ok: 2, people: []string{"Ngô Văn Mới male 1980-02-03 official 0912345678", "Ngô Thị Hoa female 1980-02-01 official 0912 345 679"},
	},
	{
		name: "several sheets: the register is the second, the first is a cover, one is hidden", at: "CELL-A",
		sheets: []sheet{
			{name: "Bìa", rows: [][]any{{"DANH SÁCH ĐẢNG VIÊN NĂM 2026"}, {"Chi bộ thôn Đông"}}},
			{name: "DS", rows: [][]any{
				{"Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức"},
				{"Ngô Văn Mới", "Nam", "3/2/1980", "19/5/2005", "19/5/2006"},
			}},
			{name: "Cũ", hidden: true, rows: [][]any{
				{"Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức", "Số thẻ"},
				{"Ngô Văn Cũ", "Nam", "3/2/1980", "19/5/2005", "19/5/2006", "1"},
			}},
		},
		rows: 1, ok: 1, people: []string{"Ngô Văn Mới male 1980-02-03 official"},
	},
	{
		name: "cells by name, by code, in rows over the others, and one that does not exist", at: "COMMUNE",
		sheets: []sheet{{rows: [][]any{
			{"TT", "Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức", "Chi bộ"},
			{"I. Chi bộ thôn Đông"},
			{1, "Ngô Văn Mới", "Nam", "3/2/1980", "19/5/2005", "19/5/2006"},
			{2, "Ngô Thị Hoa", "Nữ", "4/2/1980", "19/5/2005", "19/5/2006", "CELL-B"},
			{"II", "CHI BỘ THÔN TÂY"},
			{1, "Ngô Văn Ba", "Nam", "5/2/1980", "19/5/2005", "19/5/2006"},
			{2, "Ngô Văn Tư", "Nam", "6/2/1980", "19/5/2005", "19/5/2006", "thon dong"},
			{3, "Ngô Văn Năm", "Nam", "7/2/1980", "19/5/2005", "19/5/2006", "Thôn Đôg"},
		}}},
		rows: 5, ok: 4, back: []int{8}, people: []string{
			"Ngô Văn Mới male 1980-02-03 official", "Ngô Thị Hoa female 1980-02-04 official", "Ngô Văn Ba male 1980-02-05 official", "Ngô Văn Tư male 1980-02-06 official",
		},
	},
	{
		name: "TCVN3, told by the font", at: "CELL-A",
		sheets: []sheet{{font: ".VnTime", rows: [][]any{
			{"Sè TT", "Hä vµ tªn", "Giíi tÝnh", "Ngµy sinh", "Ngµy vµo §¶ng", "Ngµy chÝnh thøc"},
			{1, "NguyÔn V¨n D\u00ad¬ng", "Nam", "3/2/1980", "19/5/2005", "19/5/2006"},
			{2, "TrÇn ThÞ HuÖ", "N÷", "4/2/1980", "19/5/2005", "19/5/2006"},
		}}},
		rows: 2, ok: 2, people: []string{"Nguyễn Văn Dương male 1980-02-03 official", "Trần Thị Huệ female 1980-02-04 official"},
	},
	{
		name: "VNI, told by its letters", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"STT", "Hoï vaø teân", "Giôùi tính", "Ngaøy sinh", "Ngaøy vaøo Ñaûng", "Ngaøy chính thöùc"},
			{1, "Nguyeãn Vaên Döông", "Nam", "3/2/1980", "19/5/2005", "19/5/2006"},
			{2, "Traàn Thò Hueä", "Nöõ", "4/2/1980", "19/5/2005", "19/5/2006"},
			{3, "Leâ Thò Myõ", "Nöõ", "5/2/1980", "19/5/2005", "19/5/2006"},
		}}},
		rows: 3, ok: 3, people: []string{"Nguyễn Văn Dương male 1980-02-03 official", "Trần Thị Huệ female 1980-02-04 official", "Lê Thị Mỹ female 1980-02-05 official"},
	},
	{
		name: "letters and accents apart (NFD), semicolons, a byte order mark", at: "CELL-A",
		csv: "\uFEFFHo\u0323 va\u0300 te\u0302n;Gio\u031b\u0301i ti\u0301nh;Nga\u0300y sinh;Nga\u0300y va\u0300o \u0110a\u0309ng;Ng\u00e0y ch\u00ednh th\u1ee9c\n" +
			"Ng\u006f\u0302 Va\u0306n Mo\u031b\u0301i;Nam;3/2/1980;19/5/2005;19/5/2006\n",
		rows: 1, ok: 1, people: []string{"Ngô Văn Mới male 1980-02-03 official"},
	},
	{
		name: "days as an English computer writes them", at: "CELL-A",
		csv: "Họ và tên,Giới tính,Ngày sinh,Ngày vào Đảng,Ngày chính thức\n" +
			"Ngô Văn Mới,Nam,2/23/1980,5/19/2005,5/19/2006\nNgô Thị Hoa,Nữ,4/2/1980,5/19/2005,5/19/2006\n",
		rows: 2, ok: 2, people: []string{"Ngô Văn Mới male 1980-02-23 official", "Ngô Thị Hoa female 1980-04-02 official"},
	},
	{
		name: "listed twice, with typing errors, and known already", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức", "Số thẻ"},
			{"Ngô Văn Mới", "Nam", "3/2/1980", "19/5/2005", "19/5/2006", nil},
			{"NGO VAN MOI", "Nam", "3/2/1980", "19/5/2005", "19/5/2006", nil}, // folded
			{"Ngô Văn Mới", "Nam", "2/3/1980", "19/5/2005", "19/5/2006", nil}, // swapped
			{"Ngô Văn Mớii", "Nam", "3/2/1980", "19/5/2005", "19/5/2006", nil},
			{"Ngô Văn Mới", "Nam", "3/2/1981", "19/5/2005", "19/5/2006", nil}, // a digit
			{"Ngô Văn Mới", "Nam", "3/2/1999", "19/5/2019", "19/5/2020", nil}, // somebody else: two digits
			{"Mai Thị Xuân", "Nữ", "14/2/2003", "20/12/2025", nil, nil},       // in the register
		}}},
		rows: 7, ok: 2, back: []int{3, 4, 5, 6, 8}, people: []string{"Ngô Văn Mới male 1980-02-03 official", "Ngô Văn Mới male 1999-02-03 official"},
	},
	{
		name: "what does not go together", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức", "Số thẻ"},
			{"Ngô Văn Một", "Nam", "3/2/1990", "19/5/2005", "19/5/2006", nil}, // admitted at 15
			{"Ngô Văn Hai", "Nam", "3/2/1980", "19/5/2005", "19/5/2004", nil}, // official first
			{"Ngô Văn Ba", "Nam", "3/2/1980", "19/5/2027", nil, nil},          // to come
			{"Ngô Văn Bốn", "Nam", "30/2/1980", "19/5/2005", "19/5/2006", nil},
			{"Ngô Văn Năm", "khác", "3/2/1980", "19/5/2005", "19/5/2006", nil},
			{"Ngô Văn Sáu", "Nam", nil, "19/5/2005", "19/5/2006", nil},
			{"Ngô Văn Bảy", "Nam", "3/2/1980", "19/5/2005", "19/5/2006", "12AB"},
			{nil, "Nam", "3/2/1980", "19/5/2005", "19/5/2006", nil},
			{"Ngô Văn Chín", "Nam", "3/2/1980", "19/5/2005", "19/5/2006", "001055000004"}, // another's card
			{"Ngô Văn Mười", "Nam", "5/2/1981", "19/5/2005", "19/5/2006", "010180000011"},
		}}},
		rows: 10, ok: 1, back: []int{2, 3, 4, 5, 6, 7, 8, 9, 10}, people: []string{"Ngô Văn Mười male 1981-02-05 official"},
	},
	{
		name: "the head once more on each page, a subtotal for each group", at: "CELL-A",
		sheets: []sheet{{rows: [][]any{
			{"STT", "Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức"},
			{"Tổ đảng 1"},
			{1, "Ngô Văn Mới", "Nam", "3/2/1980", "19/5/2005", "19/5/2006"},
			{"Cộng", nil, 1},
			{"STT", "Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức"},
			{"Tổ đảng 2"},
			{2, "Ngô Thị Hoa", "Nữ", "4/2/1980", "19/5/2005", "19/5/2006"},
			{nil, "Tống Văn Cộng", "Nam", "5/2/1980", "19/5/2005", "19/5/2006"},
		}}},
		rows: 3, ok: 3, people: []string{"Ngô Văn Mới male 1980-02-03 official", "Ngô Thị Hoa female 1980-02-04 official", "Tống Văn Cộng male 1980-02-05 official"},
	},
}
