package rulepack

import (
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/platform/clock"
)

// days draws from the years with a calendar and from one on either side.
func days() *rapid.Generator[clock.Date] {
	first := clock.MustDate("2024-06-01")
	return rapid.Custom(func(t *rapid.T) clock.Date {
		return first.AddDays(rapid.IntRange(0, 1500).Draw(t, "day"))
	})
}

// Adding working days ends on a working day, goes forward with n, and
// counting back gives n again.
func TestAddWorkingDaysProperties(t *testing.T) {
	calendar := Shipped().WorkingDays()
	rapid.Check(t, func(t *rapid.T) {
		from, n := days().Draw(t, "from"), rapid.IntRange(1, 200).Draw(t, "n")
		due := calendar.AddWorkingDays(from, n)
		if !calendar.IsWorkingDay(due) {
			t.Fatalf("%s + %d wd = %s, a day off", from, n, due)
		}
		if !due.After(calendar.AddWorkingDays(from, n-1)) {
			t.Fatalf("%s: %d wd is not after %d wd", from, n, n-1)
		}
		if count := calendar.Between(from, due); count != n {
			t.Fatalf("%s to %s are %d working days, want %d", from, due, count, n)
		}
		if later := calendar.AddWorkingDays(from.AddDays(1), n); later.Before(due) {
			t.Fatalf("a later start %s ends earlier: %s before %s", from.AddDays(1), later, due)
		}
	})
}

// Going back n working days and forward again lands on the start, or on the
// first working day after it.
func TestAddWorkingDaysBackwards(t *testing.T) {
	calendar := Shipped().WorkingDays()
	rapid.Check(t, func(t *rapid.T) {
		day, n := days().Draw(t, "day"), rapid.IntRange(1, 60).Draw(t, "n")
		start := calendar.AddWorkingDays(day, -n)
		if !calendar.IsWorkingDay(start) {
			t.Fatalf("%s - %d wd = %s, a day off", day, n, start)
		}
		want := day
		if !calendar.IsWorkingDay(day) {
			want = calendar.AddWorkingDays(day, 1)
		}
		if back := calendar.AddWorkingDays(start, n); back != want {
			t.Fatalf("%s - %d wd + %d wd = %s, want %s", day, n, n, back, want)
		}
	})
}

// A month ends on the same day number or on the last day of a shorter month.
func TestAddPeriodOfMonths(t *testing.T) {
	calendar := Shipped().WorkingDays()
	rapid.Check(t, func(t *rapid.T) {
		from, n := days().Draw(t, "from"), rapid.IntRange(0, 120).Draw(t, "n")
		due, err := calendar.AddPeriod(from, n, Month)
		if err != nil {
			t.Fatal(err)
		}
		if due.Day() != from.Day() && (due != due.LastOfMonth() || due.Day() > from.Day()) {
			t.Fatalf("%s + %d m = %s", from, n, due)
		}
		if months := (due.Year()-from.Year())*12 + int(due.Month()-from.Month()); months != n {
			t.Fatalf("%s + %d m = %s, %d months on", from, n, due, months)
		}
	})
}

// Outside the known years only weekends are days off, and the calendar says so.
func TestUnknownYears(t *testing.T) {
	calendar := Shipped().WorkingDays()
	for day, working := range map[string]bool{"2024-09-02": true, "2024-09-01": false, "2040-01-02": true, "2040-01-01": false} {
		if calendar.IsWorkingDay(clock.MustDate(day)) != working {
			t.Errorf("%s working: want %t", day, working)
		}
	}
	for year, known := range map[int]bool{2024: false, 2025: true, 2026: true, 2027: true, 2028: false} {
		if calendar.Knows(year) != known {
			t.Errorf("%d known: want %t", year, known)
		}
	}
	if name := calendar.Holiday(clock.MustDate("2026-09-02")); name != "Quốc khánh" {
		t.Errorf("2/9 is %q", name)
	}
}

// A calendar that cannot be is refused.
func TestHolidaysAreChecked(t *testing.T) {
	for text, want := range map[string]string{
		"holidays:\n  year: 2025\n  weekend: [funday]\n":                                                                                      `no weekday "funday"`,
		"holidays:\n  year: 2025\n  weekend: [monday, tuesday, wednesday, thursday, friday, saturday, sunday]\n":                              "a week needs a working day",
		"holidays:\n  year: 2025\n  weekend: [sunday]\n  off: [{date: 2026-01-01, name: x}]\n":                                                "2026-01-01 is not in 2025",
		"holidays:\n  year: 2025\n  weekend: [sunday]\n  off: [{date: 2025-01-01, name: x}, {date: 2025-01-01, name: y}]\n":                   "stands twice",
		"holidays:\n  year: 2025\n  weekend: [sunday]\n  off: [{date: 2025-05-02, name: x}]\n  work: [{date: 2025-04-26, for: 2025-05-02}]\n": "2025-04-26 is a working day anyway",
		"holidays:\n  year: 2025\n  weekend: [saturday, sunday]\n  work: [{date: 2025-04-26, for: 2025-05-02}]\n":                             "2025-05-02 is not among the days off",
	} {
		wantFault(t, "holidays", text, want)
	}
}
