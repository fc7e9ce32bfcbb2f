package clock_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"chibo/internal/platform/clock"
)

var day = clock.MustDate

func TestAddMonths(t *testing.T) {
	for _, c := range []struct {
		from   string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"},
		{"2024-01-31", 1, "2024-02-29"},
		{"2026-03-31", -1, "2026-02-28"},
		{"2026-11-21", 0, "2026-11-21"},
		{"2026-11-30", 3, "2027-02-28"},
		{"2024-02-29", 12, "2025-02-28"},
		{"2024-02-29", 48, "2028-02-29"},
		{"2026-12-15", 1, "2027-01-15"},
		{"2026-01-15", -13, "2024-12-15"},
	} {
		if got := day(c.from).AddMonths(c.months); got != day(c.want) {
			t.Errorf("%s and %d months: %v, want %s", c.from, c.months, got, c.want)
		}
	}
}

func TestMonthsSince(t *testing.T) {
	for _, c := range []struct {
		from, to string
		want     int
	}{
		{"2026-01-15", "2026-01-15", 0},
		{"2026-01-15", "2026-02-14", 0},
		{"2026-01-15", "2026-02-15", 1},
		{"2026-01-31", "2026-02-28", 1},
		{"2024-02-29", "2025-02-28", 12},
		{"1986-11-03", "2026-11-02", 479},
		{"1986-11-03", "2026-11-03", 480},
		{"2026-02-15", "2026-01-20", -1},
	} {
		if got := day(c.to).MonthsSince(day(c.from)); got != c.want {
			t.Errorf("from %s to %s: %d months, want %d", c.from, c.to, got, c.want)
		}
	}
}

func anyDate(t *rapid.T, name string) clock.Date {
	return clock.NewDate(1900, 1, 1).AddDays(rapid.IntRange(0, 80000).Draw(t, name))
}

func TestArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := anyDate(t, "a"), anyDate(t, "b")
		n, days := b.MonthsSince(a), b.Sub(a)
		if a.AddDays(days) != b || (days < 0) != b.Before(a) || (days > 0) != b.After(a) {
			t.Fatalf("%v and %d days is not %v", a, days, b)
		}
		if a.AddMonths(n).After(b) || !a.AddMonths(n+1).After(b) {
			t.Fatalf("%d months from %v do not enclose %v", n, a, b)
		}
		if moved := a.AddMonths(n); moved.Day() > a.Day() || moved.Day() < a.Day() && moved != moved.LastOfMonth() {
			t.Fatalf("%v moved by months to %v", a, moved)
		}
		if first, last := a.FirstOfMonth(), a.LastOfMonth(); first.Day() != 1 || last.AddDays(1).Day() != 1 || first.Month() != last.Month() {
			t.Fatalf("the month of %v runs from %v to %v", a, first, last)
		}
		if (a.String() < b.String()) != a.Before(b) {
			t.Fatalf("%v and %v do not sort as text", a, b)
		}
		if clock.DateOf(a.At(0, 0)) != a || clock.DateOf(a.At(23, 59)) != a {
			t.Fatalf("%v is another day in Vietnam", a)
		}
	})
}

func TestDayInVietnam(t *testing.T) {
	at := time.Date(2026, 11, 2, 17, 0, 0, 0, time.UTC)
	if got := clock.DateOf(at); got != day("2026-11-03") {
		t.Errorf("midnight in Vietnam is %v", got)
	}
	if got := clock.DateOf(at.Add(-time.Nanosecond)); got != day("2026-11-02") {
		t.Errorf("a moment before midnight is %v", got)
	}
	if !day("2026-11-03").At(7, 30).Equal(time.Date(2026, 11, 3, 0, 30, 0, 0, time.UTC)) {
		t.Error("half past seven is another instant")
	}
}

func TestWithin(t *testing.T) {
	none := clock.Date{}
	for _, c := range []struct {
		from, to clock.Date
		want     bool
	}{
		{none, none, true},
		{day("2026-11-03"), none, true},
		{day("2026-11-04"), none, false},
		{none, day("2026-11-03"), false},
		{none, day("2026-11-04"), true},
		{day("2026-11-03"), day("2026-11-03"), false},
	} {
		if got := day("2026-11-03").Within(c.from, c.to); got != c.want {
			t.Errorf("within [%v, %v): %v", c.from, c.to, got)
		}
	}
}

func TestText(t *testing.T) {
	type record struct{ A, B clock.Date }
	text, err := json.Marshal(record{A: day("2026-11-03")})
	if err != nil || string(text) != `{"A":"2026-11-03","B":""}` {
		t.Errorf("JSON %s, %v", text, err)
	}
	var back record
	if err := json.Unmarshal(text, &back); err != nil || back != (record{A: day("2026-11-03")}) {
		t.Errorf("read back as %v, %v", back, err)
	}
	if got := day("2026-11-03").Vietnamese() + (clock.Date{}).Vietnamese() + (clock.Date{}).String(); got != "03/11/2026" {
		t.Errorf("for people: %q", got)
	}
	var d clock.Date
	for _, stored := range []any{"2026-11-03", []byte("2026-11-03")} {
		if err := d.Scan(stored); err != nil || d != day("2026-11-03") {
			t.Errorf("%T scanned as %v, %v", stored, d, err)
		}
	}
	if err := d.Scan(nil); err != nil || !d.IsZero() {
		t.Errorf("NULL scanned as %v, %v", d, err)
	}
	if d.Scan(int64(5)) == nil || d.Scan("2026-02-30") == nil {
		t.Error("what is no date was scanned")
	}
	if v, err := (clock.Date{}).Value(); v != nil || err != nil {
		t.Errorf("no date is stored as %v, %v", v, err)
	}
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"", "2026-11-21", "2026-02-29", "0000-01-01", "2026-1-2", "21/11/2026"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := clock.ParseDate(s); err == nil && d.String() != s {
			t.Errorf("%q was read as %v", s, d)
		}
	})
}
