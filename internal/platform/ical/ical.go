// Package ical writes calendars (RFC 5545), with times in Vietnam. It knows the
// form, and not what the events are.
package ical

import (
	"fmt"
	"strings"
	"time"

	"chibo/internal/platform/clock"
)

// Calendar is a file with events.
type Calendar struct {
	// Name is how programs call the calendar; "" leaves that to them.
	Name string
	// Method is PUBLISH, or CANCEL for a file that takes an event back.
	Method string
	// Stamp is when the file was written.
	Stamp  time.Time
	Events []Event
}

// Event is an entry. One that comes again with its UID and a higher Sequence
// takes the place of the one before.
type Event struct {
	UID      string
	Sequence int64
	// Starts and Ends bound it; where Day is set, it is that whole day.
	Starts, Ends time.Time
	Day          clock.Date
	Summary      string
	Place        string
	Notes        string
	Link         string
	Cancelled    bool
	// Alarm is how long before it the program reminds; 0 does not.
	Alarm time.Duration
}

const local = "20060102T150405"

// String is the calendar as a file.
func (c Calendar) String() string {
	var b strings.Builder
	write := func(lines ...string) {
		for _, line := range lines {
			fold(&b, line)
		}
	}
	write("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//chibo//chibo//VI", "CALSCALE:GREGORIAN", "METHOD:"+c.Method)
	if c.Name != "" {
		write("NAME:"+escape(c.Name), "X-WR-CALNAME:"+escape(c.Name), "X-WR-TIMEZONE:Asia/Ho_Chi_Minh",
			"REFRESH-INTERVAL;VALUE=DURATION:PT1H", "X-PUBLISHED-TTL:PT1H")
	}
	write("BEGIN:VTIMEZONE", "TZID:Asia/Ho_Chi_Minh",
		"BEGIN:STANDARD", "DTSTART:19750613T000000", "TZOFFSETFROM:+0700", "TZOFFSETTO:+0700", "TZNAME:+07", "END:STANDARD",
		"END:VTIMEZONE")
	for _, e := range c.Events {
		write(e.lines(c.Stamp)...)
	}
	write("END:VCALENDAR")
	return b.String()
}

func (e Event) lines(stamp time.Time) []string {
	lines := []string{
		"BEGIN:VEVENT", "UID:" + e.UID, "DTSTAMP:" + stamp.UTC().Format(local) + "Z", fmt.Sprintf("SEQUENCE:%d", e.Sequence),
	}
	if e.Day.IsZero() {
		lines = append(lines,
			"DTSTART;TZID=Asia/Ho_Chi_Minh:"+e.Starts.In(clock.Zone).Format(local),
			"DTEND;TZID=Asia/Ho_Chi_Minh:"+e.Ends.In(clock.Zone).Format(local))
	} else {
		lines = append(lines, "DTSTART;VALUE=DATE:"+basic(e.Day), "DTEND;VALUE=DATE:"+basic(e.Day.AddDays(1)), "TRANSP:TRANSPARENT")
	}
	lines = append(lines, "SUMMARY:"+escape(e.Summary))
	for _, optional := range [][2]string{{"LOCATION", escape(e.Place)}, {"DESCRIPTION", escape(e.Notes)}, {"URL", e.Link}} {
		if optional[1] != "" {
			lines = append(lines, optional[0]+":"+optional[1])
		}
	}
	lines = append(lines, "STATUS:"+e.status())
	if e.Alarm > 0 && !e.Cancelled {
		lines = append(lines, "BEGIN:VALARM", "ACTION:DISPLAY", "DESCRIPTION:"+escape(e.Summary),
			fmt.Sprintf("TRIGGER:-PT%dM", int(e.Alarm.Minutes())), "END:VALARM")
	}
	return append(lines, "END:VEVENT")
}

func (e Event) status() string {
	if e.Cancelled {
		return "CANCELLED"
	}
	return "CONFIRMED"
}

func basic(d clock.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

var escaper = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", "")

func escape(s string) string { return escaper.Replace(s) }

// fold writes a line in pieces of at most 75 octets, never inside a letter;
// every piece after the first begins with a space.
func fold(b *strings.Builder, line string) {
	const most = 75
	room := most
	for _, r := range line {
		size := len(string(r))
		if size > room {
			b.WriteString("\r\n ")
			room = most - 1
		}
		b.WriteRune(r)
		room -= size
	}
	b.WriteString("\r\n")
}
