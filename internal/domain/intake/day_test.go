package intake

import (
	"strings"
	"testing"

	"chibo/internal/platform/clock"
)

var someday = clock.MustDate("2026-11-03")

func TestReadDay(t *testing.T) {
	for written, want := range map[string]struct {
		day string
		how Precision
	}{
		"":                          {"", Whole},
		"3/2/1990":                  {"1990-02-03", Whole},
		"03/02/1990":                {"1990-02-03", Whole},
		"3.2.1990":                  {"1990-02-03", Whole},
		"3-2-90":                    {"1990-02-03", Whole},
		"3/2/26":                    {"2026-02-03", Whole},
		"3/2/27":                    {"1927-02-03", Whole},
		"1990-02-03":                {"1990-02-03", Whole},
		"1990/2/3":                  {"1990-02-03", Whole},
		"1990-02-03T00:00:00Z":      {"1990-02-03", Whole},
		"3/2/1990 00:00":            {"1990-02-03", Whole},
		"3/2/1990 7:30:00":          {"1990-02-03", Whole},
		"03021990":                  {"1990-02-03", Whole},
		"3 / 2 / 1990":              {"1990-02-03", Whole},
		"ngày 3 tháng 2 năm 1990":   {"1990-02-03", Whole},
		"Ngày 03 tháng 02 năm 1990": {"1990-02-03", Whole},
		"3 tháng 2 năm 1990":        {"1990-02-03", Whole},
		"ngày 3/2 năm 1990":         {"1990-02-03", Whole},
		"tháng 2 năm 1990":          {"1990-02-01", MonthOnly},
		"tháng 2/1990":              {"1990-02-01", MonthOnly},
		"02/1990":                   {"1990-02-01", MonthOnly},
		"1990-02":                   {"1990-02-01", MonthOnly},
		"1990":                      {"1990-01-01", YearOnly},
		"năm 1990":                  {"1990-01-01", YearOnly},
		"32907":                     {"1990-02-03", Whole},
		"32907.5":                   {"1990-02-03", Whole},
		"29/2/2024":                 {"2024-02-29", Whole},
	} {
		day, how, ok := readDay(written, DayFirst, someday)
		if !ok || day.String() != want.day || how != want.how {
			t.Errorf("%q is read as %q, %v, %v; want %q, %v", written, day, how, ok, want.day, want.how)
		}
	}
	for _, written := range []string{
		"29/2/2026", "31/4/1990", "0/2/1990", "13/13/1990", "hôm qua", "3/2/1990 x", "3/2", "12", "199", "19900", "1/2/3/4", "3/2/990", "2/3/19900", "3500.2.1", "-3/2", "tháng hai",
	} {
		if day, _, ok := readDay(written, DayFirst, someday); ok && written != "19900" {
			t.Errorf("%q is read as %s, want a failure", written, day)
		}
	}
	if day, _, ok := readDay("2/13/1990", MonthFirst, someday); !ok || day.String() != "1990-02-13" {
		t.Errorf("month first: %s, %v", day, ok)
	}
}

func TestOrderOf(t *testing.T) {
	for _, row := range []struct {
		samples string
		want    Order
	}{
		{"1/2/1990 3/4/1991", DayFirst},
		{"1/2/1990 3/24/1991", MonthFirst},
		{"1/2/1990 3/24/1991 25/3/1991", DayFirst},
		{"1990-02-24 1990", DayFirst},
	} {
		if got := orderOf(strings.Fields(row.samples)); got != row.want {
			t.Errorf("%s: %q, want %q", row.samples, got, row.want)
		}
	}
}

func FuzzReadDay(f *testing.F) {
	for _, seed := range []string{"3/2/1990", "ngày 3 tháng 2 năm 1990", "32907", "1990", "", "3-2-90", "٣/٢/١٩٩٠", "1990-02-03T00:00:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, how, ok := readDay(s, DayFirst, someday)
		if !ok || day.IsZero() {
			return
		}
		if day.Year() < earliestYear || day.Year() > latestYear {
			t.Errorf("%q is read as %s", s, day)
		}
		again, whole, ok := readDay(day.Vietnamese(), DayFirst, someday)
		if !ok || again != day || whole != Whole {
			t.Errorf("%q is read as %s (%v), which is read as %s", s, day, how, again)
		}
	})
}
