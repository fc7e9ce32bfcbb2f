package xlsx

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// streamed writes the rows into a workbook whose sheets take so many rows.
func streamed(t testing.TB, sheetRows int, rows ...[]string) []byte {
	t.Helper()
	var out bytes.Buffer
	s, err := NewStream(&out, "Đảng viên")
	if err != nil {
		t.Fatal(err)
	}
	if sheetRows > 0 {
		s.SheetRows = sheetRows
	}
	for _, row := range rows {
		if err := s.Add(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// sheetsOf reads every sheet, by its name.
func sheetsOf(t *testing.T, data []byte) (names []string, sheets [][][]string) {
	t.Helper()
	b := open(t, data)
	for i, tab := range b.Sheets {
		rows, err := All(b.Rows(i))
		if err != nil {
			t.Fatal(err)
		}
		names, sheets = append(names, tab.Name), append(sheets, rows)
	}
	return names, sheets
}

func TestWhatIsStreamedIsReadBack(t *testing.T) {
	rows := [][]string{
		{"Họ và tên", "Ghi chú", "Số"},
		{"Nguyễn Thị Ngọc Ánh", `<b> & "c" 'd'`, "001234"},
		{"=1+1", "+84 90", "-3"},
		{"hai\ndòng\tcột", " khoảng trống ", "_x0041_ và _x000D_, nhưng không _xyz_"},
		{"", "", "x"},
		{"a\x00\x0bb", "\uFFFE|\uFEFF|\xff", ""},
		{"ngắn"},
	}
	want := [][]string{
		rows[0], rows[1], rows[2], rows[3], rows[4],
		{"ab", "|\uFEFF|\uFFFD"},
		rows[6],
	}
	data := streamed(t, 0, rows...)
	names, sheets := sheetsOf(t, data)
	if diff := cmp.Diff([]string{"Đảng viên"}, names); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(want, sheets[0]); diff != "" {
		t.Error(diff)
	}
	if !bytes.Equal(data, streamed(t, 0, rows...)) {
		t.Error("the same rows gave other bytes")
	}
}

// TestOthersReadWhatIsStreamed looks with another reader: texts that stay texts,
// a head that stays in sight.
func TestOthersReadWhatIsStreamed(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(streamed(t, 0, []string{"Họ và tên", "Số thẻ"}, []string{"=1+1", "001234"})))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for cell, want := range map[string]string{"A1": "Họ và tên", "A2": "=1+1", "B2": "001234"} {
		if shown, err := f.GetCellValue("Đảng viên", cell); err != nil || shown != want {
			t.Errorf("%s shows %q (%v), want %q", cell, shown, err, want)
		}
		if formula, err := f.GetCellFormula("Đảng viên", cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q (%v)", cell, formula, err)
		}
	}
	if panes, err := f.GetPanes("Đảng viên"); err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v (%v), want one row frozen", panes, err)
	}
	if width, err := f.GetColWidth("Đảng viên", "B"); err != nil || width != rowWidth {
		t.Errorf("width of B is %v (%v)", width, err)
	}
	style, err := f.GetCellStyle("Đảng viên", "A1")
	if err != nil {
		t.Fatal(err)
	}
	if dress, err := f.GetStyle(style); err != nil || dress.Font == nil || !dress.Font.Bold || dress.Font.Family != "Times New Roman" {
		t.Errorf("the head is dressed as %+v (%v)", dress, err)
	}
}

func TestFullSheetIsFollowedByAnother(t *testing.T) {
	head := []string{"Mã", "Tên"}
	row := func(n int) []string { return []string{fmt.Sprint(n), "Chi bộ " + fmt.Sprint(n)} }
	for _, c := range []struct {
		rows int
		want [][][]string
	}{
		{0, [][][]string{{head}}},
		{2, [][][]string{{head, row(0), row(1)}}},
		{3, [][][]string{{head, row(0), row(1)}, {head, row(2)}}},
		{6, [][][]string{{head, row(0), row(1)}, {head, row(2), row(3)}, {head, row(4), row(5)}}},
	} {
		rows := [][]string{head}
		for n := range c.rows {
			rows = append(rows, row(n))
		}
		names, sheets := sheetsOf(t, streamed(t, 3, rows...))
		if diff := cmp.Diff(c.want, sheets); diff != "" {
			t.Errorf("%d rows: %s", c.rows, diff)
		}
		if wanted := []string{"Đảng viên", "Đảng viên (2)", "Đảng viên (3)"}[:len(c.want)]; !cmp.Equal(names, wanted) {
			t.Errorf("%d rows: sheets %q", c.rows, names)
		}
	}
}

func TestStreamWithoutRows(t *testing.T) {
	if names, sheets := sheetsOf(t, streamed(t, 0)); len(names) != 1 || len(sheets[0]) != 0 {
		t.Errorf("%q %v", names, sheets)
	}
}

func TestUnfinishedStreamIsNoWorkbook(t *testing.T) {
	var out bytes.Buffer
	s, err := NewStream(&out, "A")
	if err != nil {
		t.Fatal(err)
	}
	for range 5000 {
		if err := s.Add([]string{"Họ và tên", strings.Repeat("dài ", 20)}); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() == 0 {
		t.Fatal("nothing went out yet")
	}
	if _, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len())); err == nil {
		t.Error("half a workbook opens")
	}
}

// full is a disk that takes so many bytes.
type full struct{ room int }

func (f *full) Write(p []byte) (int, error) {
	if f.room -= len(p); f.room < 0 {
		return 0, errors.New("no space left")
	}
	return len(p), nil
}

func TestStreamSaysThatTheDiskIsFull(t *testing.T) {
	s, err := NewStream(&full{64 << 10}, "A")
	for n := 0; err == nil && n < 200_000; n++ {
		err = s.Add([]string{fmt.Sprint(n), fmt.Sprint(n * n)})
	}
	if err == nil || !strings.Contains(err.Error(), "no space left") {
		t.Errorf("said %v", err)
	}
}

func TestStreamRefusesARowWiderThanItsHead(t *testing.T) {
	s, err := NewStream(io.Discard, "A")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Add([]string{"một"}), s.Add([]string{"một"})); err != nil {
		t.Fatal(err)
	}
	if err := s.Add([]string{"một", "hai"}); err == nil {
		t.Error("two texts stand under one head")
	}
}

// TestStreamKeepsNoRows writes some 200 MB and looks at the heap on the way.
func TestStreamKeepsNoRows(t *testing.T) {
	const rows, most = 50_000, 8 << 20
	inUse := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := inUse()
	s, err := NewStream(io.Discard, "A")
	if err != nil {
		t.Fatal(err)
	}
	s.SheetRows = 20_000
	row := make([]string, 31)
	var peak uint64
	for n := range rows {
		for i := range row {
			row[i] = fmt.Sprintf("Nguyễn Thị Ngọc Ánh %d-%d", n, i)
		}
		if err := s.Add(row); err != nil {
			t.Fatal(err)
		}
		if n%10_000 == 9_999 {
			peak = max(peak, inUse())
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if peak > before+most {
		t.Errorf("the heap grew from %d to %d KB", before>>10, peak>>10)
	}
}

func BenchmarkStream(b *testing.B) {
	row := make([]string, 31)
	for i := range row {
		if i%3 > 0 {
			row[i] = fmt.Sprintf("Nguyễn Thị Ngọc Ánh %d", i)
		}
	}
	for b.Loop() {
		s, err := NewStream(io.Discard, "A")
		if err != nil {
			b.Fatal(err)
		}
		for range benchRows {
			if err := s.Add(row); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(benchRows*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
