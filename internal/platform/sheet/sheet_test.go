package sheet_test

import (
	"slices"
	"testing"

	"chibo/internal/platform/sheet"
)

var columns = []sheet.Column{
	{Name: "code", Heads: []string{"Mã", "Mã số"}, Needed: true},
	{Name: "day", Heads: []string{"Ngày"}},
}

func TestReadFindsTheHeadBelowATitle(t *testing.T) {
	s := sheet.Read([][]string{
		{"DANH SÁCH"},
		{},
		{"STT", "ngay", "MA SO"},
		{"1", "3/2/2026", " A-1 "},
		{"", "", ""},
		{"2", "hôm qua"},
	}, columns)
	if len(s.Faults) != 0 || len(s.Rows) != 2 {
		t.Fatalf("rows %v, faults %v", s.Rows, s.Faults)
	}
	if got := s.Rows[0].Text("code"); got != "A-1" || s.Rows[0].Number != 4 {
		t.Errorf("row %d has code %q", s.Rows[0].Number, got)
	}
	if !slices.Equal(s.Ignored, []string{"STT"}) {
		t.Errorf("ignored %v", s.Ignored)
	}
	if day := s.Date(s.Rows[0], "day"); day.String() != "2026-02-03" {
		t.Errorf("day %s", day)
	}
	if s.Date(s.Rows[1], "day"); len(s.Faults) != 1 || s.Faults[0].Row != 6 {
		t.Errorf("faults %v, want one in row 6", s.Faults)
	}
}

func TestReadNamesWhatIsMissing(t *testing.T) {
	for name, rows := range map[string][][]string{
		"nothing": nil, "no head": {{"x", "y"}}, "only other columns": {{"Ngày"}, {"1/1/2026"}}, "no rows": {{"Mã", "Ngày"}, {" "}},
	} {
		if s := sheet.Read(rows, columns); len(s.Faults) == 0 {
			t.Errorf("%s: no fault", name)
		}
	}
}
