package xlsx

import (
	"bytes"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"chibo/internal/platform/clock"
)

func write(t testing.TB, sheets map[string][][]Value, order ...string) []byte {
	t.Helper()
	w, err := NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, name := range order {
		s, err := w.Sheet(Sheet{Name: name, Title: "Danh sách", Notes: []string{"Tính đến 21/11/2026"}, Columns: []Column{{Head: "Họ và tên", Width: 28}, {Head: "Ngày sinh"}, {Head: "Đảng phí"}, {Head: "Tỷ lệ"}, {Head: "Điểm"}}})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range sheets[name] {
			if err := s.Add(row...); err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := w.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	data := write(t, map[string][][]Value{"Chi bộ 1": {
		{Text("Nguyễn Thị Ngọc Ánh"), Date(clock.NewDate(1956, time.September, 2)), Int(7350000), Percent(0.969), Number(92.5)},
		{Text("=cmd|'/c calc'!A1"), Value{}, Int(-3)},
		{Text("+84 90 <&>\"'\x00\x0b"), Date(clock.Date{}), Value{}, Number(math.NaN()), Number(0.1 + 0.2)},
		{Text("001234"), Date(clock.NewDate(1899, time.May, 19))},
		{},
		{Text("hai\ndòng")},
	}}, "Chi bộ 1")
	got := readAll(t, data)
	want := []line{
		{1, []string{"Danh sách"}},
		{2, []string{"Tính đến 21/11/2026"}},
		{3, []string{"Họ và tên", "Ngày sinh", "Đảng phí", "Tỷ lệ", "Điểm"}},
		{4, []string{"Nguyễn Thị Ngọc Ánh", "02/09/1956", "7350000", "0.969", "92.5"}},
		{5, []string{"=cmd|'/c calc'!A1", "", "-3"}},
		{6, []string{`+84 90 <&>"'`, "", "", "", "0.3"}},
		{7, []string{"001234", "19/05/1899"}},
		{9, []string{"hai\ndòng"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestExcelSeesTypes looks at the workbook with another reader: real dates,
// numbers, no formula anywhere, and a head that stays in sight.
func TestExcelSeesTypes(t *testing.T) {
	data := write(t, map[string][][]Value{"Sổ": {{Text("=1+1"), Date(clock.NewDate(2026, time.February, 3)), Int(1234567)}}}, "Sổ")
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, c := range []struct {
		cell, shown string
	}{{"A4", "=1+1"}, {"B4", "03/02/2026"}, {"C4", "1,234,567"}} {
		if shown, err := f.GetCellValue("Sổ", c.cell); err != nil || shown != c.shown {
			t.Errorf("%s shows %q (%v), want %q", c.cell, shown, err, c.shown)
		}
		if formula, err := f.GetCellFormula("Sổ", c.cell); err != nil || formula != "" {
			t.Errorf("%s is the formula %q (%v)", c.cell, formula, err)
		}
	}
	if raw, err := f.GetCellValue("Sổ", "B4", excelize.Options{RawCellValue: true}); err != nil || raw != "46056" {
		t.Errorf("the date is stored as %q (%v)", raw, err)
	}
	panes, err := f.GetPanes("Sổ")
	if err != nil || !panes.Freeze || panes.YSplit != 3 {
		t.Errorf("panes %+v (%v), want three rows frozen", panes, err)
	}
	if width, err := f.GetColWidth("Sổ", "A"); err != nil || width != 28 {
		t.Errorf("width of A is %v (%v)", width, err)
	}
}

func TestSheetNames(t *testing.T) {
	w, err := NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	for _, c := range []struct{ name, want string }{
		{"Đảng ủy xã", "Đảng ủy xã"},
		{"đảng ủy xã", "đảng ủy xã (2)"},
		{"Quý I/2026 [nháp]?", "Quý I-2026 -nháp--"},
		{"", "Sheet"},
		{"'", "Sheet (2)"},
		{"Chi bộ Trường Trung học phổ thông Nguyễn Thị Minh Khai", "Chi bộ Trường Trung học phổ thô"},
		{"Chi bộ Trường Trung học phổ thông Nguyễn Du", "Chi bộ Trường Trung học phổ (2)"},
	} {
		s, err := w.Sheet(Sheet{Name: c.name, Columns: []Column{{Head: "TT"}}})
		if err != nil {
			t.Fatalf("%q: %v", c.name, err)
		}
		if s.stream.Sheet != c.want {
			t.Errorf("%q became %q, want %q", c.name, s.stream.Sheet, c.want)
		}
	}
}

func TestRowWiderThanItsSheetIsRefused(t *testing.T) {
	w, err := NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	s, err := w.Sheet(Sheet{Name: "A", Columns: []Column{{Head: "một"}}})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Add(Int(1), Int(2)); err == nil {
		t.Error("two values fit into one column")
	}
}

func TestSameBytes(t *testing.T) {
	rows := map[string][][]Value{"A": {{Text("x"), Date(clock.NewDate(2026, 1, 2)), Int(5)}}, "B": {{Text("y")}}}
	first := write(t, rows, "A", "B")
	for range 20 {
		if !bytes.Equal(first, write(t, rows, "A", "B")) {
			t.Fatal("the same rows gave other bytes")
		}
	}
}

func register(t testing.TB, n int) []byte {
	rows := make([][]Value, n)
	for i := range rows {
		rows[i] = []Value{Text(fmt.Sprintf("Nguyễn Văn Thứ %d", i)), Date(clock.NewDate(1960, 1, 1+i%20000)), Int(int64(i)), Percent(0.5), Number(float64(i) / 4)}
	}
	return write(t, map[string][][]Value{"Đảng viên": rows}, "Đảng viên")
}

func BenchmarkWrite10000Rows(b *testing.B) {
	for b.Loop() {
		register(b, 10_000)
	}
}
