package document

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chibo/internal/domain/task"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/paper"
)

// TestEveryFormatMakesAPage: whatever pack is in force, papers can be set, with
// the measures of rules 26.1.
func TestEveryFormatMakesAPage(t *testing.T) {
	set := rulepack.Shipped()
	for day := clock.NewDate(2018, 7, 6); day.Year() < 2029; day = day.AddMonths(1) {
		format, ref, err := rulepack.Rule[rulepack.Format](set, "format", "01", day)
		if err != nil {
			t.Fatal(err)
		}
		f := page(format)
		if err := f.Check(); err != nil {
			t.Errorf("%s: %v", ref.ID, err)
		}
		if want := (paper.Margins{Top: 20, Bottom: 20, Left: 30, Right: 15}); f.Margins != want || f.BodyPt != 14 || f.LinePt < 18 || f.LinePt > 22 || f.ParagraphPt < 6 {
			t.Errorf("%s: %+v", ref.ID, f)
		}
	}
}

func office2026(t *testing.T) *office {
	t.Helper()
	format, _, err := rulepack.Rule[rulepack.Format](rulepack.Shipped(), "format", "", clock.NewDate(2026, 2, 5))
	if err != nil {
		t.Fatal(err)
	}
	return &office{format: format, body: cell}
}

// TestDates: days below 10 and months 1 and 2 take a 0 (rules 26.2).
func TestDates(t *testing.T) {
	o := office2026(t)
	for day, want := range map[clock.Date]string{
		clock.NewDate(2026, 2, 5):   "ngày 05 tháng 02 năm 2026",
		clock.NewDate(2026, 3, 9):   "ngày 09 tháng 3 năm 2026",
		clock.NewDate(2026, 11, 21): "ngày 21 tháng 11 năm 2026",
	} {
		if got := o.date(day); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
	if got := o.month(clock.NewDate(2026, 1, 15)); got != "tháng 01 năm 2026" {
		t.Error(got)
	}
	if got := hour(clock.NewDate(2026, 1, 15).At(7, 5)); got != "07 giờ 05" {
		t.Error(got)
	}
	if got := o.letterhead("", clock.Date{}, 2026).PlaceDate; got != "…………, ngày …… tháng …… năm 2026" {
		t.Error(got)
	}
	if got := o.letterhead("", clock.NewDate(2026, 2, 5), 2026).PlaceDate; got != "…………, ngày 05 tháng 02 năm 2026" {
		t.Error(got)
	}
}

func TestFigures(t *testing.T) {
	for _, c := range []struct {
		part, whole int
		want        string
	}{
		{24, 26, "92,3 %"},
		{26, 27, "96,2 %"}, // not rounded up
		{999, 1000, "99,9 %"},
		{9999, 10000, "99,9 %"},
		{24, 24, "100 %"},
		{0, 24, "0 %"},
		{9, 10, "90 %"},
		{1, 0, ""},
	} {
		if got := percent(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d: %q, want %q", c.part, c.whole, got, c.want)
		}
	}
	for n, want := range map[int]string{0: "0", 1: "01", 9: "09", 10: "10", 27: "27"} {
		if got := count(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

// shape writes blocks as one line each, dashes kept.
func shape(blocks []paper.Block) string {
	var list []string
	for _, b := range blocks {
		switch b := b.(type) {
		case paper.Paragraph:
			list = append(list, b.Runs[0].Text)
		case paper.List:
			for _, i := range b.Items {
				list = append(list, i.Label+" "+i.Runs[0].Text)
			}
		}
	}
	return strings.Join(list, "|")
}

func TestProse(t *testing.T) {
	for typed, want := range map[string]string{
		"":                            "",
		" \n\n-\n":                    "",
		"Một.\n\nHai.":                "Một.|Hai.",
		"Gồm:\n- một;\n-hai;\n• ba.":  "Gồm:|- một;|- hai;|- ba.",
		"Số âm: -5 độ; tỉ lệ 3 - 4 %": "Số âm: -5 độ; tỉ lệ 3 - 4 %",
	} {
		if got := shape(prose(typed)); got != want {
			t.Errorf("%q became %q, want %q", typed, got, want)
		}
	}
}

func TestPunctuation(t *testing.T) {
	if diff := cmp.Diff([]string{"một;", "hai;", "ba."}, punctuated([]string{"một.", "hai;", "ba,"})); diff != "" {
		t.Error(diff)
	}
	for s, want := range map[string]string{"": "", "Một": "Một.", "Một.": "Một.", "Hay không?": "Hay không?"} {
		if got := sentence(s); got != want {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestTaskWords(t *testing.T) {
	due := clock.NewDate(2026, 10, 31)
	for _, c := range []struct {
		duty                  duty
		what, status, reached string
	}{
		{
			duty{title: "Làm đường", due: due, state: task.Assessed, outcome: task.Done, onTime: true, result: "Xong"},
			"Làm đường.", "Hoàn thành đúng hạn", "Xong.",
		},
		{
			duty{title: "Làm đường", state: task.Assessed, outcome: task.Done},
			"Làm đường.", "Hoàn thành chậm hạn", "",
		},
		{
			// Planned 10, done 5: the next 10 make 15 (S-79).
			duty{title: "Hiến đất", state: task.InProgress, overdue: 3, Amount: task.Amount{Measure: "hộ", Planned: 10, Carried: 5, Done: 4}},
			"Hiến đất.\nChỉ tiêu: 15 hộ (giao mới 10, kỳ trước chuyển sang 5).", "Đang thực hiện, quá hạn 03 ngày", "Đạt 4/15 hộ.",
		},
		{
			duty{title: "Hiến đất", state: task.Assessed, outcome: task.NotDone, Amount: task.Amount{Measure: "hộ", Carried: 5}},
			"Hiến đất.\nChỉ tiêu: 5 hộ (kỳ trước chuyển sang).", "Chưa hoàn thành", "Đạt 0/5 hộ.",
		},
		{
			duty{title: "Trực", detail: "Tối\nthứ bảy", state: task.Reported, percent: 100, result: "Đủ"},
			"Trực.\nTối thứ bảy.", "Đã báo cáo, chờ đánh giá", "Đạt 100 %.\nĐủ.",
		},
	} {
		if c.duty.what() != c.what || c.duty.status() != c.status || c.duty.reached() != c.reached {
			t.Errorf("%q %q %q", c.duty.what(), c.duty.status(), c.duty.reached())
		}
	}
	moved := duty{due: due, originalDue: due.AddDays(-10)}
	if got := moved.until(); got != "31/10/2026\n(gia hạn từ 21/10/2026)" {
		t.Error(got)
	}
}
