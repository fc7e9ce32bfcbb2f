package xlsx

import (
	"bytes"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

func rowsOf(t testing.TB, b *Book, sheet int) []Row {
	t.Helper()
	var list []Row
	for row, err := range b.Rows(sheet) {
		if err != nil {
			t.Fatal(err)
		}
		row.Cells = append([]Cell(nil), row.Cells...)
		list = append(list, row)
	}
	return list
}

// TestCells holds what a cell says beside its text.
func TestCells(t *testing.T) {
	b := open(t, book(t, map[string]string{
		"xl/styles.xml": `<styleSheet><fonts><font><name val="Times New Roman"/></font><font><b/><name val=".VnTime"/></font></fonts>` +
			`<cellXfs><xf fontId="0"/><xf fontId="1"/><xf fontId="0" numFmtId="14"/><xf fontId="9"/></cellXfs><dxfs><dxf><font><name val="VNI-Times"/></font></dxf></dxfs></styleSheet>`,
		"xl/sharedStrings.xml": `<sst><si><t>chung</t></si><si><r><t>a</t></r><r><rPr><rFont val="VNI-Times"/></rPr><t>dài hơn</t></r></si><si/></sst>`,
		"xl/worksheets/sheet1.xml": sheetXML(`<row r="7"><c r="A7" t="s"><v>0</v></c><c r="B7" s="1" t="s"><v>1</v></c><c r="C7" s="1"><v>46056</v></c><c r="D7" s="2"><v>46056.5</v></c>` +
			`<c r="E7" t="b"><v>0</v></c><c r="F7" t="e"><v>#REF!</v></c><c r="G7" s="1" t="s"><v>2</v></c><c r="H7" s="1" t="inlineStr"><is><r><rPr><rFont val="Arial"/></rPr><t>ô</t></r></is></c><c r="I7" s="3" t="d"><v>2026-02-03</v></c></row>`),
	}))
	want := []Row{{7, []Cell{
		{"chung", TextCell, 0, "Times New Roman"},
		{"dài hơn", TextCell, 0, "VNI-Times"},
		{"46056", NumberCell, 46056, ".VnTime"},
		{"03/02/2026 12:00", DateCell, 46056.5, "Times New Roman"},
		{"FALSE", BoolCell, 0, "Times New Roman"},
		{"#REF!", ErrorCell, 0, "Times New Roman"},
		{},
		{"ô", TextCell, 0, "Arial"},
		{"03/02/2026", DateCell, 46056, ""},
	}}}
	want[0].Cells[1].Text = "adài hơn"
	got := rowsOf(t, b, 0)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for i, want := range map[int]string{2: "2026-02-03", 3: "2026-02-03", 8: "2026-02-03", 0: "", 4: ""} {
		if day, ok := b.Day(got[0].Cell(i)); day.String() != want || ok != (want != "") {
			t.Errorf("%s7 is the day %v, %v, want %q", Name(i), day, ok, want)
		}
	}
}

func TestCalendars(t *testing.T) {
	excel, mac := &Book{}, &Book{mac: true}
	for _, c := range []struct {
		book  *Book
		value float64
		day   string
	}{
		{excel, 1, "1900-01-01"},
		{excel, 59, "1900-02-28"},
		{excel, 60, "1900-02-28"}, // the 29th, which there never was
		{excel, 61, "1900-03-01"},
		{excel, 20700.99, "1956-09-02"},
		{excel, 2958465, "9999-12-31"},
		{excel, 2958466, ""},
		{excel, 0.5, ""},
		{excel, -1, ""},
		{mac, 0, "1904-01-01"},
		{mac, 20700 - 1462, "1956-09-02"},
	} {
		day, ok := c.book.Day(Cell{Kind: DateCell, Value: c.value})
		if day.String() != c.day || ok != (c.day != "") {
			t.Errorf("%v is %v, %v, want %q", c.value, day, ok, c.day)
		}
	}
	for _, b := range []*Book{excel, mac} {
		for d := clock.NewDate(1905, 1, 1); d.Year() < 2100; d = d.AddDays(17) {
			instant := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
			if back, ok := b.Day(Cell{Kind: DateCell, Value: b.serial(instant)}); !ok || back != d {
				t.Fatalf("%v came back as %v", d, back)
			}
		}
	}
}

// TestNumbersAsTheyAreShown: cards, telephones and codes have zeros in front.
func TestNumbersAsTheyAreShown(t *testing.T) {
	for _, c := range []struct{ code, value, want string }{
		{"000000", "1234", "001234"},
		{"000000", "12345678", "12345678"},
		{"0000 000 000", "912345678", "0912 345 678"},
		{`0000\ 000\ 000`, "912345678", "0912 345 678"},
		{`"ĐV-"0000`, "77", "ĐV-0077"},
		{"0#########", "912345678", "0912345678"},
		{"###000", "7", "007"},
		{"00", "7.5", "7.5"},
		{"00", "-7", "-7"},
		{"00;[Red]-00", "7", "07"},
		{"#,##0", "7350000", "7350000"},
		{"0.00", "7.5", "7.5"},
		{"0%", "0.5", "0.5"},
		{"00.0", "7", "7"},
		{"General", "7", "7"},
		{"@", "7", "7"},
		{"0", "7", "7"},
		{`"số 0"00`, "7", "7"},
		{`_(00_)`, "7", "7"},
	} {
		format := formatOf(c.code)
		cell := Cell{}
		(&Book{}).readNumber(&cell, format, c.value)
		if cell.Text != c.want || cell.Kind != NumberCell {
			t.Errorf("%s in the format %s reads %q, want %q", c.value, c.code, cell.Text, c.want)
		}
	}
}

func TestMergedAndSizes(t *testing.T) {
	b := open(t, book(t, map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="A" r:id="rId1"/><sheet name="Biểu đồ" r:id="rId3"/><sheet name="B &amp; C" state="veryHidden" r:id="rId2"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/><Relationship Id="rId3" Target="chartsheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<x:worksheet xmlns:x="urn"><x:dimension ref="A1:O120"/><x:sheetData><x:row><x:c t="str"><x:v>có tiền tố</x:v></x:c></x:row></x:sheetData><x:mergeCells count="2"><x:mergeCell ref="A1:O1"/><x:mergeCell ref="$B$3:C4"/></x:mergeCells></x:worksheet>`,
		"xl/worksheets/sheet2.xml":   `<worksheet><dimension ref="A1"/><sheetData/></worksheet>`,
		"xl/chartsheets/sheet1.xml":  `<chartsheet/>`,
	}))
	names := []Tab{{Name: "A", Rows: 120, Columns: 15}, {Name: "B & C", Hidden: true}}
	if diff := cmp.Diff(names, b.Sheets, cmp.FilterPath(func(p cmp.Path) bool { return p.Last().String() == ".part" }, cmp.Ignore())); diff != "" {
		t.Error(diff)
	}
	merged, err := b.Merged(0)
	if diff := cmp.Diff([]Area{{1, 0, 1, 14}, {3, 1, 4, 2}}, merged); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if rows := rowsOf(t, b, 0); len(rows) != 1 || rows[0].Cell(0).Text != "có tiền tố" {
		t.Errorf("rows %v", rows)
	}
	if merged, err := b.Merged(1); err != nil || merged != nil {
		t.Errorf("merged %v, %v", merged, err)
	}
	if _, err := b.Merged(2); !errs.Is(err, errs.NotFound) {
		t.Errorf("a sheet that is not there: %v", err)
	}
	for _, err := range b.Rows(-1) {
		if !errs.Is(err, errs.NotFound) {
			t.Errorf("a sheet that is not there: %v", err)
		}
	}
}

// TestPlacesAreNamed: whoever reads a refusal finds the cell.
func TestPlacesAreNamed(t *testing.T) {
	for name, c := range map[string]struct {
		sheet string
		args  []any
	}{
		"formula":      {`<row r="12"><c r="A12"><v>1</v></c><c r="AB12"><f>A12*2</f><v>2</v></c></row>`, []any{"Trang 1", "AB12"}},
		"broken":       {`<row r="12"><c r="A12"><row r="13"/></c></row>`, []any{"Trang 1", 12}},
		"long":         {`<row r="3"><c r="B3" t="str"><v>` + strings.Repeat("ô", 10_001) + `</v></c></row>`, []any{"Trang 1", "B3", 10_000}},
		"longest":      {`<row r="3"><c r="B3" t="str"><v>` + strings.Repeat("ô", 50_000) + `</v></c></row>`, []any{"Trang 1", "B3", 10_000}},
		"many columns": {`<row r="3"><c r="GS3"><v>1</v></c></row>`, []any{"Trang 1", 3, 200}},
	} {
		_, err := collect(book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(c.sheet)}), UsualLimits())
		e, ok := errs.As(err)
		if !ok {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.args, e.Message.Args); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// TestHarmlessIsTaken: links that people set in cells, pictures and comments
// are none of the reader's business.
func TestHarmlessIsTaken(t *testing.T) {
	data := book(t, map[string]string{
		"xl/worksheets/_rels/sheet1.xml.rels": `<Relationships><Relationship Id="rId1" Type="hyperlink" TargetMode="External" Target="mailto:a@b.vn"/></Relationships>`,
		"xl/media/image1.png":                 "png", "xl/comments1.xml": "<comments/>", `docProps\app.xml`: "<a/>",
	})
	if rows := readAll(t, data); len(rows) != 1 {
		t.Errorf("rows %v", rows)
	}
}

func TestSwellingPartIsABomb(t *testing.T) {
	data := book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(strings.Repeat("<row/>", 3<<20))})
	_, err := collect(data, UsualLimits())
	if e, ok := errs.As(err); !ok || e.Message.Key != "xlsx.bomb" {
		t.Errorf("a part %d times larger than its packed form: %v", 18<<20/len(data), err)
	}
}

func TestLockedWorkbookIsTold(t *testing.T) {
	f := excelize.NewFile()
	defer f.Close()
	var out bytes.Buffer
	if err := f.Write(&out, excelize.Options{Password: "bí mật"}); err != nil {
		t.Fatal(err)
	}
	_, err := collect(out.Bytes(), UsualLimits())
	if e, ok := errs.As(err); !ok || e.Message.Key != "xlsx.locked" {
		t.Errorf("got %v", err)
	}
}

// TestLibreOffice reads what LibreOffice 7.4 saved of the untidy register, and
// sends rows of it back.
func TestLibreOffice(t *testing.T) {
	data, err := os.ReadFile("testdata/libreoffice.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	want := readAll(t, untidy(t))
	if diff := cmp.Diff(want, readAll(t, data)); diff != "" {
		t.Error(diff)
	}
	ours, theirs := open(t, untidy(t)), open(t, data)
	if ours.Sheets[0].Name != theirs.Sheets[0].Name || theirs.Sheets[0].Rows != 9 || theirs.Sheets[0].Columns != 5 {
		t.Errorf("sheets %+v", theirs.Sheets)
	}
	for i, row := range rowsOf(t, theirs, 0) {
		for j, cell := range row.Cells {
			if mine := rowsOf(t, ours, 0)[i].Cell(j); mine.Font != cell.Font || mine.Kind != cell.Kind || mine.Value != cell.Value {
				t.Errorf("%s reads %+v, want %+v", Address(j, row.Number), cell, mine)
			}
		}
	}
	back := readAll(t, rejected(t, data, Rejected{Head: 4, Reasons: reasons, ReasonHead: "Lý do"}))
	if diff := cmp.Diff(readAll(t, rejected(t, untidy(t), Rejected{Head: 4, Reasons: reasons, ReasonHead: "Lý do"})), back); diff != "" {
		t.Error(diff)
	}
}

// TestMemory: what is allocated in all bounds what is held at once. 150 MB are
// allowed for 100,000 rows of 15 columns; this is a tenth of them.
func TestMemory(t *testing.T) {
	data := wide(t, benchRows/10)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	n := 0
	for row, err := range open(t, data).Rows(0) {
		if err != nil || len(row.Cells) != 15 {
			t.Fatal(row, err)
		}
		n++
	}
	runtime.ReadMemStats(&after)
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; n != benchRows/10 || used > 15 {
		t.Errorf("%d rows took %d MB", n, used)
	}
}
