package ical_test

import (
	"strings"
	"testing"
	"time"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/ical"
)

// unfolded are the lines of a calendar as a program reads them.
func unfolded(t *testing.T, c ical.Calendar) []string {
	t.Helper()
	whole := c.String()
	for line := range strings.SplitSeq(strings.TrimSuffix(whole, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
			t.Errorf("line of %d octets: %q", len(line), line)
		}
	}
	return strings.Split(strings.ReplaceAll(whole, "\r\n ", ""), "\r\n")
}

func want(t *testing.T, lines []string, all ...string) {
	t.Helper()
	for _, line := range all {
		found := false
		for _, l := range lines {
			found = found || l == line
		}
		if !found {
			t.Errorf("no line %q in %q", line, lines)
		}
	}
}

func TestAnEventIsInVietnamsTime(t *testing.T) {
	starts := time.Date(2026, 12, 3, 12, 30, 0, 0, time.UTC)
	lines := unfolded(t, ical.Calendar{Name: "chibo", Method: "PUBLISH", Stamp: starts.AddDate(0, 0, -7), Events: []ical.Event{{
		UID: "m1@chibo", Sequence: 3, Starts: starts, Ends: starts.Add(90 * time.Minute), Alarm: 2 * time.Hour,
		Summary: "Họp chi bộ; thôn Đông, một tên dài đến mức dòng này phải được gấp lại thành nhiều dòng", Place: "Nhà văn hóa\nthôn", Link: "https://chibo.example/meetings/1",
	}}})
	want(t, lines, "BEGIN:VTIMEZONE", "TZID:Asia/Ho_Chi_Minh", "NAME:chibo", "UID:m1@chibo", "SEQUENCE:3", "DTSTAMP:20261126T123000Z",
		"DTSTART;TZID=Asia/Ho_Chi_Minh:20261203T193000", "DTEND;TZID=Asia/Ho_Chi_Minh:20261203T210000",
		`SUMMARY:Họp chi bộ\; thôn Đông\, một tên dài đến mức dòng này phải được gấp lại thành nhiều dòng`,
		`LOCATION:Nhà văn hóa\nthôn`, "URL:https://chibo.example/meetings/1", "STATUS:CONFIRMED", "TRIGGER:-PT120M")
}

func TestADayIsNoHour(t *testing.T) {
	lines := unfolded(t, ical.Calendar{Method: "PUBLISH", Events: []ical.Event{{UID: "t1@chibo", Day: clock.NewDate(2026, 12, 31), Cancelled: true, Alarm: time.Hour}}})
	want(t, lines, "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "STATUS:CANCELLED")
	for _, l := range lines {
		if l == "BEGIN:VALARM" {
			t.Error("a cancelled event reminds")
		}
	}
}
