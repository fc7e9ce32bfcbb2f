package xlsx

import (
	"archive/zip"
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chibo/internal/platform/errs"
)

// line is a row reduced to its texts.
type line struct {
	Number int
	Cells  []string
}

func readAll(t testing.TB, data []byte) []line {
	t.Helper()
	list, err := collect(data, UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func collect(data []byte, limits Limits) ([]line, error) {
	rows, err := Read(bytes.NewReader(data), int64(len(data)), limits)
	if err != nil {
		return nil, err
	}
	var list []line
	for row, err := range rows {
		if err != nil {
			return list, err
		}
		texts := make([]string, len(row.Cells))
		for i, cell := range row.Cells {
			texts[i] = cell.Text
		}
		list = append(list, line{row.Number, texts})
	}
	return list, nil
}

// book makes a workbook of raw parts; what is not given is filled in.
func book(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	all := map[string]string{
		"[Content_Types].xml":        `<Types><Default Extension="xml" ContentType="application/xml"/></Types>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="Trang 1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheetXML(`<row r="1"><c r="A1"><v>1</v></c></row>`),
	}
	for name, content := range parts {
		all[name] = content
	}
	return zipped(t, all)
}

func sheetXML(rows string) string {
	return `<?xml version="1.0" encoding="UTF-8"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

func zipped(t testing.TB, parts map[string]string) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for name, content := range parts {
		entry, err := w.Create(name)
		if err == nil {
			_, err = io.WriteString(entry, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestReadCells(t *testing.T) {
	const styles = `<styleSheet><numFmts count="3"><numFmt numFmtId="164" formatCode="dd\/mm\/yyyy;@"/><numFmt numFmtId="165" formatCode="00000000"/><numFmt numFmtId="166" formatCode="#,##0 &quot;đ (mỗi tháng)&quot;"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="22"/></cellXfs></styleSheet>`
	const texts = `<sst><si><t>Họ và tên</t></si><si><r><t>Nguyễn </t></r><r><rPr><b/></rPr><t xml:space="preserve">Văn A</t></r><rPh sb="0" eb="1"><t>aid</t></rPh></si><si/><si><t>a_x000D_` + "\n" + `b_x0041__x_</t></si></sst>`
	for _, c := range []struct {
		name, cell, want string
	}{
		{"shared", `<c t="s"><v>0</v></c>`, "Họ và tên"},
		{"rich", `<c t="s"><v>1</v></c>`, "Nguyễn Văn A"},
		{"escaped", `<c t="s"><v>3</v></c>`, "a\nbA_x_"},
		{"inline", `<c t="inlineStr"><is><t>đồng &amp; chí</t></is></c>`, "đồng & chí"},
		{"text of its own", `<c t="str"><v>đã &#273;&#x1ECD;c</v></c>`, "đã đọc"},
		{"section", `<c t="str"><v><![CDATA[a<b&c]]></v></c>`, "a<b&c"},
		{"error", `<c t="e"><v>#N/A</v></c>`, "#N/A"},
		{"true", `<c t="b"><v>1</v></c>`, "TRUE"},
		{"whole", `<c><v>7350000</v></c>`, "7350000"},
		{"exponent", `<c><v>1.5E3</v></c>`, "1500"},
		{"long number", `<c><v>079156001234</v></c>`, "79156001234"},
		{"tail", `<c><v>0.30000000000000004</v></c>`, "0.3"},
		{"date", `<c s="1"><v>46056</v></c>`, "03/02/2026"},
		{"date by code", `<c s="2"><v>20700</v></c>`, "02/09/1956"},
		{"date and time", `<c s="5"><v>46056.791666666664</v></c>`, "03/02/2026 19:00"},
		{"time", `<c s="5"><v>0.8125</v></c>`, "19:30"},
		{"before the phantom day", `<c s="1"><v>59</v></c>`, "28/02/1900"},
		{"after the phantom day", `<c s="1"><v>61</v></c>`, "01/03/1900"},
		{"past the calendar", `<c s="1"><v>99999999</v></c>`, "99999999"},
		{"padded", `<c s="3"><v>1234</v></c>`, "00001234"},
		{"quoted letters are no date", `<c s="4"><v>5000</v></c>`, "5000"},
		{"ISO date", `<c t="d"><v>2026-02-03T00:00:00</v></c>`, "03/02/2026"},
		{"unknown style", `<c s="77"><v>5</v></c>`, "5"},
		{"no number", `<c><v>khác</v></c>`, "khác"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data := book(t, map[string]string{
				"xl/styles.xml": styles, "xl/sharedStrings.xml": texts,
				"xl/worksheets/sheet1.xml": sheetXML("<row>" + c.cell + "</row>"),
			})
			got := readAll(t, data)
			if diff := cmp.Diff([]line{{1, []string{c.want}}}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestReadShape(t *testing.T) {
	data := book(t, map[string]string{
		"xl/workbook.xml":            `<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="Ẩn" state="hidden" r:id="rId2"/><sheet name="Thấy" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="rId2" Target="worksheets/sheet2.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml": sheetXML(
			`<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c><c r="ZZ2" s="1"/></row><row r="3"><c r="A3"/></row><row><c><v>4</v></c></row><row r="9"><c><v>5</v></c><c><v>6</v></c></row>`),
		"xl/worksheets/sheet2.xml": sheetXML(`<row><c><v>99</v></c></row>`),
	})
	want := []line{{2, []string{"", "1", "", "2"}}, {4, []string{"4"}}, {9, []string{"5", "6"}}}
	if diff := cmp.Diff(want, readAll(t, data)); diff != "" {
		t.Error(diff)
	}
	b, err := Open(bytes.NewReader(data), int64(len(data)), UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Ẩn", "Thấy"}, []string{b.Sheets[0].Name, b.Sheets[1].Name}); diff != "" {
		t.Error(diff)
	}
	for row, err := range b.Rows(0) {
		if err != nil || row.Cell(0).Text != "99" || row.Cell(7).Text != "" {
			t.Errorf("row %v, %v", row, err)
		}
	}
}

func TestReadingMayStop(t *testing.T) {
	data := register(t, 50)
	rows, err := Read(bytes.NewReader(data), int64(len(data)), UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n == 3 {
			break
		}
	}
}

func TestRefused(t *testing.T) {
	small := Limits{File: 2 << 20, Unzipped: 1 << 20, Ratio: 300, Rows: 3, Columns: 4, Characters: 10, Texts: 3, TextBytes: 100}
	rows := func(s string) map[string]string { return map[string]string{"xl/worksheets/sheet1.xml": sheetXML(s)} }
	for _, c := range []struct {
		name string
		data []byte
		kind errs.Kind
		key  string
	}{
		{"nothing", nil, errs.Invalid, "xlsx.empty"},
		{"old", []byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest"), errs.Invalid, "xlsx.old"},
		{"locked", []byte("\xD0\xCF\x11\xE0" + strings.Repeat("-", 64<<10-10) + string(lockedMark)), errs.Invalid, "xlsx.locked"},
		{"half a zip", []byte("PK\x03\x04nothing"), errs.Invalid, "xlsx.broken_zip"},
		{"web page", []byte("\uFEFF\r\n<html><table>"), errs.Invalid, "xlsx.not_workbook"},
		{"too large to look at", make([]byte, 2<<20+1), errs.TooLarge, "xlsx.file_too_large"},
		{"name that climbs", book(t, map[string]string{"xl/../../etc/passwd": "x"}), errs.Invalid, "xlsx.part_names"},
		{"name that climbs the other way", book(t, map[string]string{`..\boot.ini`: "x"}), errs.Invalid, "xlsx.part_names"},
		{"name twice", book(t, map[string]string{"XL/Workbook.xml": "x"}), errs.Invalid, "xlsx.part_names"},
		{"another zip", zipped(t, map[string]string{"a.txt": "a"}), errs.Invalid, "xlsx.not_workbook"},
		{"macro", book(t, map[string]string{"xl/vbaProject.bin": "x"}), errs.Invalid, "xlsx.macros"},
		{"macro by type", book(t, map[string]string{"[Content_Types].xml": `<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/></Types>`}), errs.Invalid, "xlsx.macros"},
		{"old macro sheet", book(t, map[string]string{"xl/macrosheets/sheet1.xml": "x"}), errs.Invalid, "xlsx.macros"},
		{"link to a file", book(t, map[string]string{"xl/externalLinks/externalLink1.xml": "x"}), errs.Invalid, "xlsx.links"},
		{"external relation", book(t, map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" TargetMode="External" Target="file:///etc/passwd"/></Relationships>`}), errs.Invalid, "xlsx.links"},
		{"connection", book(t, map[string]string{"xl/connections.xml": "x"}), errs.Invalid, "xlsx.links"},
		{"embedded", book(t, map[string]string{"xl/embeddings/oleObject1.bin": "x"}), errs.Invalid, "xlsx.embedded"},
		{"bomb", book(t, map[string]string{"xl/media/a.bin": strings.Repeat("0", 2<<20)}), errs.TooLarge, "xlsx.bomb"},
		{"entity bomb", book(t, map[string]string{"xl/worksheets/sheet1.xml": `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet><row><c t="str"><v>&b;</v></c></row></worksheet>`}), errs.Invalid, "xlsx.entities"},
		{"no sheet part", book(t, map[string]string{"xl/_rels/workbook.xml.rels": `<Relationships/>`}), errs.Invalid, "xlsx.broken"},
		{"half a sheet", book(t, map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c`}), errs.Invalid, "xlsx.broken"},
		{"too many rows", book(t, rows(strings.Repeat(`<row><c><v>1</v></c></row>`, 4))), errs.TooLarge, "xlsx.too_many_rows"},
		{"too many columns", book(t, rows(`<row r="1"><c r="E1"><v>1</v></c></row>`)), errs.TooLarge, "xlsx.too_many_columns"},
		{"long cell", book(t, rows(`<row><c t="str"><v>đồng chí đồng chí</v></c></row>`)), errs.TooLarge, "xlsx.cell_too_long"},
		{"rows go back", book(t, rows(`<row r="5"><c><v>1</v></c></row><row r="4"><c><v>1</v></c></row>`)), errs.Invalid, "xlsx.broken_line"},
		{"cells go back", book(t, rows(`<row r="5"><c r="B5"><v>1</v></c><c r="A5"><v>1</v></c></row>`)), errs.Invalid, "xlsx.broken_line"},
		{"row past the end", book(t, rows(`<row r="1048577"><c><v>1</v></c></row>`)), errs.Invalid, "xlsx.broken_line"},
		{"bad address", book(t, rows(`<row r="5"><c r="ABCD5"><v>1</v></c></row>`)), errs.Invalid, "xlsx.broken_line"},
		{"unknown text", book(t, rows(`<row><c t="s"><v>3</v></c></row>`)), errs.Invalid, "xlsx.broken_line"},
		{"too many texts", book(t, map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si/>", 4) + "</sst>"}), errs.TooLarge, "xlsx.too_many_texts"},
		{"too much text", book(t, map[string]string{"xl/sharedStrings.xml": "<sst>" + strings.Repeat("<si><t>"+strings.Repeat("a", 36)+"</t></si>", 3) + "</sst>"}), errs.TooLarge, "xlsx.too_many_texts"},
		{"long text", book(t, map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("a", 41) + "</t></si></sst>"}), errs.TooLarge, "xlsx.text_too_long"},
		{"formula", book(t, rows(`<row r="5"><c r="C5"><f>SUM(A1:A4)</f><v>42</v></c></row>`)), errs.Invalid, "xlsx.formula"},
		{"shared formula", book(t, rows(`<row r="5"><c r="C5"><f t="shared" si="0"/><v>42</v></c></row>`)), errs.Invalid, "xlsx.formula"},
		{"CSV formula", []byte("a,=1+1\n"), errs.Invalid, "xlsx.formula"},
		{"binary", []byte("a,b\nc,\x00\n"), errs.Invalid, "xlsx.not_workbook"},
		{"CSV rows", []byte("1\n2\n3\n4\n"), errs.TooLarge, "xlsx.too_many_rows"},
		{"CSV columns", []byte("1,2,3,4,5\n"), errs.TooLarge, "xlsx.too_many_columns"},
		{"CSV cell", []byte("12345678901\n"), errs.TooLarge, "xlsx.cell_too_long"},
		{"CSV bytes", bytes.Repeat([]byte("\n"), 1<<20+1), errs.TooLarge, "xlsx.file_too_large"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := collect(c.data, small)
			e, ok := errs.As(err)
			if !ok || e.Kind != c.kind || e.Message.Key != c.key {
				t.Errorf("got %v, want %v %s", err, c.kind, c.key)
			}
		})
	}
}

// TestLyingSize holds a zip whose directory declares less than a part holds.
func TestLyingSize(t *testing.T) {
	const honest = 1 << 20
	data := book(t, map[string]string{"xl/worksheets/sheet1.xml": sheetXML(strings.Repeat(" ", honest-len(sheetXML(""))))})
	lie := bytes.ReplaceAll(data, []byte{0, 0, 16, 0}, []byte{100, 0, 0, 0})
	if bytes.Equal(lie, data) {
		t.Fatal("the size was not found in the directory")
	}
	if rows, err := collect(lie, Limits{File: 1 << 20, Unzipped: 2000, Ratio: 300, Rows: 10, Columns: 10, Characters: 10, Texts: 3, TextBytes: 100}); err == nil {
		t.Errorf("read %d rows without an error", len(rows))
	}
}

func TestReadCSV(t *testing.T) {
	want := []line{{1, []string{"TT", "Họ và tên", "Ghi chú"}}, {2, []string{"1", `Lê "Ba"`, "a;b,c"}}, {4, []string{"2", "", "x"}}}
	for name, data := range map[string]string{
		"comma":     "TT,Họ và tên,Ghi chú\r\n1,\"Lê \"\"Ba\"\"\",\"a;b,c\"\r\n,,\r\n2,,x\r\n",
		"semicolon": "\uFEFFTT;Họ và tên;Ghi chú\n1;\"Lê \"\"Ba\"\"\";\"a;b,c\"\n;;\n2;;x",
		"tab":       "TT\tHọ và tên\tGhi chú\n1\t\"Lê \"\"Ba\"\"\"\ta;b,c\n\t\t\n2\t\tx\t\t\n",
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, readAll(t, []byte(data))); diff != "" {
				t.Error(diff)
			}
		})
	}
	named := readAll(t, []byte("\uFEFFsep=;\r\na,b;c\r\n"))
	if len(named) != 1 || !cmp.Equal(named[0].Cells, []string{"a,b", "c"}) {
		t.Errorf("with a named separator: %v", named)
	}
}

func TestAllKeepsRowNumbers(t *testing.T) {
	data := []byte("a\n\n\nb,c\n")
	rows, err := Read(bytes.NewReader(data), int64(len(data)), UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	list, err := All(rows)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][]string{{"a"}, nil, nil, {"b", "c"}}, list); diff != "" {
		t.Error(diff)
	}
	broken, err := Read(bytes.NewReader([]byte("a\n=1\n")), 5, UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	if list, err := All(broken); err == nil {
		t.Errorf("half a file was read as %v", list)
	}
}

func TestName(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 51: "AZ", 701: "ZZ", 702: "AAA"} {
		if got := Name(i); got != want {
			t.Errorf("column %d is %q, want %q", i, got, want)
		}
		if column, row, ok := parseAddress([]byte(Address(i, 7))); !ok || column != i || row != 7 {
			t.Errorf("%s7 is column %d of row %d, %v", want, column, row, ok)
		}
	}
}

// checkRows holds what every reader promises, whatever the input.
func checkRows(t *testing.T, data []byte) {
	limits := Limits{File: 1 << 20, Unzipped: 1 << 20, Ratio: 300, Rows: 1000, Columns: 50, Characters: 1000, Texts: 100, TextBytes: 10_000}
	rows, err := collect(data, limits)
	if err != nil {
		if _, ok := errs.As(err); !ok {
			t.Fatalf("error without a kind: %v", err)
		}
	}
	last := 0
	for _, row := range rows {
		switch {
		case row.Number <= last:
			t.Fatalf("row %d follows row %d", row.Number, last)
		case len(row.Cells) == 0 || row.Cells[len(row.Cells)-1] == "":
			t.Fatalf("row %d ends empty", row.Number)
		case len(row.Cells) > limits.Columns:
			t.Fatalf("row %d has %d cells", row.Number, len(row.Cells))
		}
		last = row.Number
	}
	if len(rows) > limits.Rows {
		t.Fatalf("%d rows", len(rows))
	}
}

func FuzzReadCSV(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2\n", "\uFEFFsep=;\na;b", "\"", "a\t\"b\nc\"\n", "\xFF\xFE", "\r\r\n\n,;\t"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !bytes.HasPrefix(data, []byte("PK")) {
			checkRows(t, data)
		}
	})
}

// FuzzReadSheet feeds the XML of the parts; a fuzzer finds no valid zip.
func FuzzReadSheet(f *testing.F) {
	f.Add(sheetXML(`<row r="1"><c r="A1" t="s"><v>0</v></c><c s="1"><v>46056.5</v></c></row>`), `<sst><si><t>x_x000D_</t></si></sst>`, `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`)
	f.Add(`<row><c r="XFD1048576" t="inlineStr"><is><t>a</t></is></c></row>`, `<si/>`, `<numFmt numFmtId="14" formatCode="\"/>`)
	f.Add(`<worksheet><dimension ref="A1:B9"/><sheetData/><mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="$C$3"/></mergeCells></worksheet>`, `<sst><si><r><rPr><rFont val=".VnTime"/></rPr><t>a</t></r></si></sst>`, `<styleSheet><fonts><font><name val="VNI-Times"/></font></fonts></styleSheet>`)
	f.Add(`<row r="-1"><c r=""><v>1e309</v></c></row><v>x</v>`, `</si></t>`, `<cellXfs><xf numFmtId="999999999999999999999"/>`)
	f.Fuzz(func(t *testing.T, sheet, texts, styles string) {
		data := book(t, map[string]string{"xl/worksheets/sheet1.xml": sheet, "xl/sharedStrings.xml": texts, "xl/styles.xml": styles})
		checkRows(t, data)
		b, err := Open(bytes.NewReader(data), int64(len(data)), UsualLimits())
		if err != nil {
			return
		}
		merged, err := b.Merged(0)
		if _, classified := errs.As(err); err != nil && !classified {
			t.Fatalf("error without a kind: %v", err)
		}
		for _, area := range merged {
			if area.Top < 1 || area.Left < 0 || area.Bottom < area.Top || area.Right < area.Left || area.Bottom > maxRow || area.Right > maxColumn {
				t.Fatalf("merged %+v", area)
			}
		}
	})
}

func FuzzReadWorkbook(f *testing.F) {
	f.Add(book(f, nil))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(checkRows)
}
