package xlsx

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"chibo/internal/platform/errs"
)

// untidy is a register as communes keep it: a title over all columns, a head
// of two levels, an old font, a merged cell down several rows, and a frozen
// head.
func untidy(t testing.TB) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	const sheet = "Chi bộ 1"
	must(f.SetSheetName("Sheet1", sheet))
	style := func(s excelize.Style) int {
		id, err := f.NewStyle(&s)
		must(err)
		return id
	}
	border := []excelize.Border{{Type: "left", Style: 1, Color: "000000"}, {Type: "right", Style: 1, Color: "000000"}, {Type: "top", Style: 1, Color: "000000"}, {Type: "bottom", Style: 1, Color: "000000"}}
	title := style(excelize.Style{Font: &excelize.Font{Family: ".VnTimeH", Size: 14, Bold: true}, Alignment: &excelize.Alignment{Horizontal: "center"}})
	head := style(excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 12, Bold: true}, Border: border, Fill: excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"DDEBF7"}}, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	old := style(excelize.Style{Font: &excelize.Font{Family: ".VnTime", Size: 12}, Border: border})
	code := "dd/mm/yyyy"
	day := style(excelize.Style{Font: &excelize.Font{Family: "Times New Roman", Size: 12}, Border: border, CustomNumFmt: &code})
	for cell, value := range map[string]any{
		"A1": "danh s¸ch ®¶ng viªn", "A3": "TT", "B3": "Họ và tên", "C3": "Ngày", "C4": "sinh", "D4": "vào Đảng", "E3": "Chi bộ",
		"A5": 1, "B5": "NguyÔn V¨n A", "C5": 20700, "D5": 30000, "E5": "Th«n Th\u00adîng",
		"A6": 2, "B6": "TrÇn ThÞ B", "C6": 21000, "D6": 31000,
		"A7": 3, "B7": "Lª V¨n C", "C7": "31/02/1960", "D7": 32000,
		"A8": "Cộng: 3", "A9": 4, "B9": "Ph¹m ThÞ D", "E9": "Th«n H¹",
	} {
		must(f.SetCellValue(sheet, cell, value))
	}
	must(f.SetCellRichText(sheet, "B7", []excelize.RichTextRun{{Text: "Lª V¨n ", Font: &excelize.Font{Family: ".VnTime", Bold: true}}, {Text: "C"}}))
	must(f.SetCellStyle(sheet, "A1", "E1", title))
	must(f.SetCellStyle(sheet, "A3", "E4", head))
	must(f.SetCellStyle(sheet, "A5", "E9", old))
	must(f.SetCellStyle(sheet, "C5", "D9", day))
	for _, area := range [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "E4"}, {"E5", "E7"}, {"A8", "D8"}} {
		must(f.MergeCell(sheet, area[0], area[1]))
	}
	must(f.SetColWidth(sheet, "B", "B", 28))
	must(f.SetColWidth(sheet, "C", "Z", 14))
	must(f.SetRowHeight(sheet, 3, 30))
	must(f.SetRowHeight(sheet, 7, 12))
	must(f.SetPanes(sheet, &excelize.Panes{Freeze: true, XSplit: 2, YSplit: 4, TopLeftCell: "C40", ActivePane: "bottomRight"}))
	_, err := f.NewSheet("Khác")
	must(err)
	must(f.SetCellValue("Khác", "A1", "riêng tư"))
	out, err := f.WriteToBuffer()
	must(err)
	return out.Bytes()
}

func open(t testing.TB, data []byte) *Book {
	t.Helper()
	b, err := Open(bytes.NewReader(data), int64(len(data)), UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func rejected(t testing.TB, data []byte, sheets ...Rejected) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := open(t, data).WriteRejected(&out, sheets...); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var reasons = map[int]string{6: "Chưa có ngày vào Đảng chính thức.\nĐồng chí bổ sung.", 7: `Ngày sinh "31/02/1960" không có trong lịch <tháng 2 có 28 ngày>.`, 99: "không có dòng này"}

func TestRejectedRowsGoBack(t *testing.T) {
	data := rejected(t, untidy(t), Rejected{Head: 4, Reasons: reasons, ReasonHead: "Lý do"})
	want := []line{
		{1, []string{"danh s¸ch ®¶ng viªn"}},
		{3, []string{"TT", "Họ và tên", "Ngày", "", "Chi bộ", "Lý do"}},
		{4, []string{"", "", "sinh", "vào Đảng"}},
		{5, []string{"2", "TrÇn ThÞ B", "29/06/1957", "14/11/1984", "Th«n Th\u00adîng", reasons[6]}},
		{6, []string{"3", "Lª V¨n C", "31/02/1960", "11/08/1987", "Th«n Th\u00adîng", reasons[7]}},
	}
	if diff := cmp.Diff(want, readAll(t, data)); diff != "" {
		t.Error(diff)
	}
	b := open(t, data)
	merged, err := b.Merged(0)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Area{{1, 0, 1, 4}, {3, 0, 4, 0}, {3, 1, 4, 1}, {3, 2, 3, 3}, {3, 4, 4, 4}, {3, 5, 4, 5}}, merged); diff != "" {
		t.Error(diff)
	}
	for row, err := range b.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		if row.Number == 5 && (row.Cell(1).Font != ".VnTime" || row.Cell(2).Kind != DateCell) {
			t.Errorf("the dress of the row is lost: %+v", row)
		}
	}
	if len(b.Sheets) != 1 || b.Sheets[0].Name != "Chi bộ 1" {
		t.Errorf("more went back than was asked for: %+v", b.Sheets)
	}
	for _, text := range b.texts.list {
		if strings.HasPrefix(text, "NguyÔn") || text == "riêng tư" {
			t.Errorf("%q went back, which is another's", text)
		}
	}
}

func TestRejectedOfSeveralSheets(t *testing.T) {
	b := open(t, rejected(t, untidy(t),
		Rejected{Sheet: 1, Reasons: map[int]string{1: "một"}},
		Rejected{Sheet: 0, Head: 4, Reasons: map[int]string{9: "hai"}, ReasonHead: "Lý do"}))
	if len(b.Sheets) != 2 || b.Sheets[0].Name != "Khác" || b.Sheets[1].Name != "Chi bộ 1" {
		t.Fatalf("sheets %+v", b.Sheets)
	}
	other, cell := rowsOf(t, b, 0), rowsOf(t, b, 1)
	if len(other) != 1 || other[0].Cell(0).Text != "riêng tư" || other[0].Cell(1).Text != "một" {
		t.Errorf("the other sheet: %v", other)
	}
	if last := cell[len(cell)-1]; last.Number != 5 || last.Cell(1).Text != "Ph¹m ThÞ D" || last.Cell(5).Text != "hai" {
		t.Errorf("the sheet of the cell: %v", last)
	}
}

// TestMergedCellsAreFilledDown where the file has no cells for what they hide.
func TestMergedCellsAreFilledDown(t *testing.T) {
	data := book(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="B1" t="str"><v>Tên</v></c></row>` +
		`<row r="2"><c r="A2" t="str"><v>Chi bộ 1</v></c><c r="B2" t="str"><v>a</v></c></row>` +
		`<row r="3"><c r="B3" t="str"><v>một tên dài</v></c></row><row r="4"><c r="B4" t="str"><v>cũng dài như thế</v></c><c r="C4"><v>1</v></c></row><row r="5"><c r="B5" t="str"><v>d</v></c></row></sheetData>` +
		`<mergeCells><mergeCell ref="A2:A4"/><mergeCell ref="B1:B2"/><mergeCell ref="B5:H5"/></mergeCells></worksheet>`})
	back := rejected(t, data, Rejected{Head: 1, Reasons: map[int]string{3: "x", 4: "y", 5: "z"}, ReasonHead: "Lý do"})
	want := []line{
		{1, []string{"", "Tên", "", "Lý do"}},
		{2, []string{"Chi bộ 1", "một tên dài", "", "x"}},
		{3, []string{"Chi bộ 1", "cũng dài như thế", "1", "y"}},
		{4, []string{"", "d", "", "z"}},
	}
	if diff := cmp.Diff(want, readAll(t, back)); diff != "" {
		t.Error(diff)
	}
	if merged, err := open(t, back).Merged(0); err != nil || !cmp.Equal(merged, []Area{{4, 1, 4, 2}}) {
		t.Errorf("merged %v, %v", merged, err)
	}
}

// TestRejectedTwice: a copy that is still wrong comes back in the same shape.
func TestRejectedTwice(t *testing.T) {
	once := rejected(t, untidy(t), Rejected{Head: 4, Reasons: reasons, ReasonHead: "Lý do"})
	twice := readAll(t, rejected(t, once, Rejected{Head: 4, Reasons: map[int]string{6: "vẫn sai"}, ReasonHead: "Lý do"}))
	if last := twice[len(twice)-1]; len(twice) != 4 || len(last.Cells) != 6 || last.Cells[5] != "vẫn sai" || last.Cells[1] != "Lª V¨n C" {
		t.Errorf("came back as %v", twice)
	}
}

func TestRejectedCSV(t *testing.T) {
	data := rejected(t, []byte("DANH S\xB8CH\r\n\r\nTT;H\xE4 t\xAAn\r\n1;\"A\r\nB\"\r\n2;Ph\xB9m\r\n3;C;x\r\n"),
		Rejected{Head: 3, Reasons: map[int]string{5: "sai; cả \"hai\""}, ReasonHead: "Lý do", Convert: func(s string) string {
			if s == "Ph¹m" {
				return "Phạm"
			}
			return s
		}})
	want := "\uFEFFDANH S¸CH;\r\n\r\nTT;Hä tªn;Lý do\r\n2;Phạm;\"sai; cả \"\"hai\"\"\"\r\n"
	if diff := cmp.Diff(want, string(data)); diff != "" {
		t.Error(diff)
	}
}

func TestRejectedRefuses(t *testing.T) {
	var out bytes.Buffer
	if err := open(t, untidy(t)).WriteRejected(&out, Rejected{Sheet: 7}); !errs.Is(err, errs.NotFound) {
		t.Errorf("a sheet that is not there: %v", err)
	}
	overlapping := book(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="2"><c r="A2"><v>1</v></c></row><row r="3"><c r="B3"><v>1</v></c></row></sheetData><mergeCells>` + strings.Repeat(`<mergeCell ref="A2:A9"/>`, 201) + `</mergeCells></worksheet>`})
	if err := open(t, overlapping).WriteRejected(&out, Rejected{Head: 1, Reasons: map[int]string{3: "x"}}); !errs.Is(err, errs.TooLarge) {
		t.Errorf("merged cells one over the other: %v", err)
	}
	formula := book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(`<row r="5"><c r="C5"><f>1+1</f><v>2</v></c></row>`)})
	if err := open(t, formula).WriteRejected(&out, Rejected{}); !errs.Is(err, errs.Invalid) {
		t.Errorf("a formula: %v", err)
	}
}

// TestRejectedOfOtherWriters: some programs put a prefix before every name, some
// write the strict kind, some no styles; what goes back is sound all the same.
func TestRejectedOfOtherWriters(t *testing.T) {
	const sheet = `<x:worksheet xmlns:x="%s" xmlns:q="urn:q" q:id="1"><x:sheetPr q:a="1"><x:tabColor rgb="FF0000"/></x:sheetPr><x:sheetViews><x:sheetView zoomScale='8"0' workbookViewId="0"><x:pane xSplit="1" state="frozen"/></x:sheetView><x:sheetView workbookViewId="1"/></x:sheetViews><x:cols><x:col min="1" max="1" width="9" style="1" q:b="2"/></x:cols>` +
		`<x:sheetData><x:row r="1"><x:c r="A1" t="s" s="1"><x:v>0</x:v></x:c></x:row><x:row r="2"><x:c r="A2" s="99"><x:v>5</x:v></x:c><x:c r="B2" t="str"><x:v>&lt;b&gt;</x:v></x:c></x:row></x:sheetData><x:autoFilter ref="A1:B2"/><x:pageSetup q:id="rId1" orientation="landscape"/></x:worksheet>`
	const styles = `<x:styleSheet xmlns:x="%s"><x:fonts count="1"><x:font><x:name val="Arial"/></x:font></x:fonts><x:fills count="1"><x:fill/></x:fills><x:borders count="1"><x:border/></x:borders><x:cellXfs count="2"><x:xf/><x:xf fontId="0"/></x:cellXfs></x:styleSheet>`
	const texts = `<x:sst xmlns:x="%s" count="1" uniqueCount="1"><x:si><x:t>TT</x:t></x:si></x:sst>`
	for name, parts := range map[string]map[string]string{
		"prefixed":  {"xl/worksheets/sheet1.xml": fmt.Sprintf(sheet, mainSpace), "xl/styles.xml": fmt.Sprintf(styles, mainSpace), "xl/sharedStrings.xml": fmt.Sprintf(texts, mainSpace)},
		"strict":    {"xl/worksheets/sheet1.xml": fmt.Sprintf(sheet, strictSpace), "xl/styles.xml": fmt.Sprintf(styles, strictSpace), "xl/sharedStrings.xml": fmt.Sprintf(texts, strictSpace)},
		"no styles": {"xl/worksheets/sheet1.xml": fmt.Sprintf(sheet, mainSpace), "xl/sharedStrings.xml": fmt.Sprintf(texts, mainSpace)},
	} {
		data := rejected(t, book(t, parts), Rejected{Head: 1, Reasons: map[int]string{2: "sai & <thiếu>"}, ReasonHead: "Lý do"})
		want := []line{{1, []string{"TT", "", "Lý do"}}, {2, []string{"5", "<b>", "sai & <thiếu>"}}}
		if diff := cmp.Diff(want, readAll(t, data)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range archive.File {
			checkNames(t, name, part)
		}
	}
}

// checkNames holds that a part is sound XML whose elements are of the name
// space of workbooks.
func checkNames(t *testing.T, name string, part *zip.File) {
	t.Helper()
	content, err := part.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer content.Close()
	d := xml.NewDecoder(content)
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Errorf("%s: %s: %v", name, part.Name, err)
			return
		}
		if start, ok := token.(xml.StartElement); ok && strings.HasPrefix(part.Name, "xl/") && !strings.HasSuffix(part.Name, ".rels") && start.Name.Space != mainSpace {
			t.Errorf("%s: %s: an element %v", name, part.Name, start.Name)
		}
	}
}

// FuzzRejected holds that rows that can be read can go back, and are then read
// as they were, with the reason behind.
func FuzzRejected(f *testing.F) {
	f.Add(`<cols><col min="1" max="9" width="5"/></cols>`, `<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2" ht="9"><c r="B2"><v>7</v></c></row><row r="3"><c r="C3"/></row>`, `<mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B2:B3"/></mergeCells>`, uint8(1), 3)
	f.Add(`<sheetViews><sheetView zoomScale="90"><pane ySplit="1" state="frozen"/></sheetView></sheetViews>`, `<row><c t="str"><v>&lt;</v></c><c s="0"/></row>`, ``, uint8(0), 1)
	f.Add(`<sheetPr codeName="a"><tabColor rgb="FF000000"/></sheetPr>`, `<row r="5"><c r="A5" t="inlineStr"><is><r><t>a</t></r></is></c></row>`, `<pageSetup r:id="x" orientation="landscape"/>`, uint8(2), 5)
	f.Fuzz(func(t *testing.T, above, rows, below string, head uint8, bad int) {
		sheet := `<worksheet xmlns:r="r">` + above + `<sheetData>` + rows + `</sheetData>` + below + `</worksheet>`
		if !wellFormed(above) || !wellFormed(rows) || !wellFormed(below) || strings.Contains(above, "sheetData") {
			return
		}
		data := book(t, map[string]string{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": `<sst count="2"><si><t>a</t></si><si><r><rPr><rFont val=".VnTime"/></rPr><t>b</t></r></si></sst>`})
		before, err := collect(data, UsualLimits())
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := open(t, data).WriteRejected(&out, Rejected{Head: int(head), Reasons: map[int]string{bad: "sai"}, ReasonHead: "Lý do"}); err != nil {
			if !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.TooLarge) {
				t.Fatalf("readable, and does not go back: %v", err)
			}
			return
		}
		after, err := collect(out.Bytes(), UsualLimits())
		if err != nil {
			t.Fatalf("what went back cannot be read: %v\n%s", err, out.Bytes())
		}
		for _, row := range before {
			if row.Number != bad || bad <= int(head) {
				continue
			}
			last := after[len(after)-1].Cells
			if len(last) <= len(row.Cells) || last[len(last)-1] != "sai" {
				t.Fatalf("row %v came back as %v", row, last)
			}
			for i, text := range row.Cells {
				if text != "" && text != last[i] {
					t.Fatalf("row %v came back as %v", row, last)
				}
			}
		}
	})
}

func wellFormed(content string) bool {
	d := xml.NewDecoder(strings.NewReader("<a>" + content + "</a>"))
	for depth := 0; ; {
		token, err := d.Token()
		if err == io.EOF {
			return true
		}
		if err != nil {
			return false
		}
		switch token.(type) {
		case xml.StartElement:
			depth++
		case xml.EndElement:
			if depth--; depth == 0 && d.InputOffset() < int64(len(content)+len("<a></a>")) {
				return false
			}
		}
	}
}
