package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
)

// wide is a register of 15 columns as Excel writes it: texts shared, dates and
// numbers with a style.
func wide(t testing.TB, rows int) []byte {
	t.Helper()
	var sheet, texts bytes.Buffer
	sheet.WriteString(`<worksheet><sheetData>`)
	shared := 0
	share := func(s string) int {
		fmt.Fprintf(&texts, "<si><t>%s</t></si>", s)
		shared++
		return shared - 1
	}
	common := make([]int, 40)
	for i := range common {
		common[i] = share(fmt.Sprintf("Thôn Thượng %d", i))
	}
	for n := 1; n <= rows; n++ {
		fmt.Fprintf(&sheet, `<row r="%d" spans="1:15" ht="15.75">`, n)
		for column := range 15 {
			address := Address(column, n)
			switch column {
			case 0:
				fmt.Fprintf(&sheet, `<c r="%s" s="1"><v>%d</v></c>`, address, n)
			case 1, 2:
				fmt.Fprintf(&sheet, `<c r="%s" s="1" t="s"><v>%d</v></c>`, address, share(fmt.Sprintf("Nguyễn Thị Ngọc Ánh %d", n)))
			case 3, 4, 5, 6:
				fmt.Fprintf(&sheet, `<c r="%s" s="2"><v>%d</v></c>`, address, 20000+n%20000)
			default:
				fmt.Fprintf(&sheet, `<c r="%s" s="1" t="s"><v>%d</v></c>`, address, common[(n+column)%len(common)])
			}
		}
		sheet.WriteString(`</row>`)
	}
	sheet.WriteString(`</sheetData></worksheet>`)
	return book(t, map[string]string{
		"xl/worksheets/sheet1.xml": sheet.String(),
		"xl/sharedStrings.xml":     "<sst>" + texts.String() + "</sst>",
		"xl/styles.xml":            `<styleSheet><fonts><font><name val="Times New Roman"/></font></fonts><fills><fill/></fills><borders><border/></borders><cellXfs><xf/><xf fontId="0"/><xf numFmtId="14" fontId="0"/></cellXfs></styleSheet>`,
	})
}

func wideCSV(rows int) []byte {
	var out bytes.Buffer
	for n := range rows {
		fmt.Fprintf(&out, "%d,Nguyễn Thị Ngọc Ánh %d,Kinh,Nữ%s\r\n", n, n, strings.Repeat(",Thôn Thượng", 11))
	}
	return out.Bytes()
}

const benchRows = 100_000

func benchRead(b *testing.B, data []byte) {
	b.ReportAllocs()
	for b.Loop() {
		read := 0
		for row, err := range open(b, data).Rows(0) {
			if err != nil || len(row.Cells) != 15 {
				b.Fatal(row, err)
			}
			read++
		}
		if read != benchRows {
			b.Fatalf("%d rows", read)
		}
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkReadWorkbook(b *testing.B) { benchRead(b, wide(b, benchRows)) }

func BenchmarkReadCSV(b *testing.B) { benchRead(b, wideCSV(benchRows)) }

func BenchmarkWriteRejected(b *testing.B) {
	data := wide(b, benchRows)
	reasons := map[int]string{}
	for row := 2; row <= benchRows; row += 10 {
		reasons[row] = "Ngày sinh không có trong lịch."
	}
	for b.Loop() {
		if err := open(b, data).WriteRejected(io.Discard, Rejected{Head: 1, Reasons: reasons, ReasonHead: "Lý do"}); err != nil {
			b.Fatal(err)
		}
	}
}
