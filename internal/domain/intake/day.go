package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/text"
)

// Precision is how much of a day was written down.
type Precision uint8

const (
	Whole     Precision = iota // day, month and year
	MonthOnly                  // month and year: the day is taken as the first
	YearOnly                   // a year: the day is taken as the first of January
)

// Order is how the numbers of a day stand in a column.
type Order string

const (
	DayFirst   Order = ""    // 21/11/2026, as Vietnamese writes it
	MonthFirst Order = "mdy" // 11/21/2026, as a computer set to English writes it
)

// parts are the numbers of a day as they were written; zero for what is missing.
type parts struct {
	day, month, year int
	short            bool // the year has two digits
}

// readDay reads a day as registers hold it: 3/2/1990, 3.2.1990, 3-2-90,
// 1990-02-03, 02/1990, 1990, "ngày 3 tháng 2 năm 1990", and the day number of
// Excel (32907). latest is the last day that makes sense; it settles the
// century of a year of two digits. An empty text is no day; ok is false for
// what is none.
func readDay(s string, order Order, latest clock.Date) (day clock.Date, how Precision, ok bool) {
	s = strings.TrimSpace(s)
	if s == "" {
		return clock.Date{}, Whole, true
	}
	if day, is := usual(s, order); is {
		return day, Whole, true
	}
	if serial, is := excelDay(s); is {
		return serial, Whole, true
	}
	p, ok := split(s, order)
	if !ok {
		return clock.Date{}, Whole, false
	}
	if p.short {
		p.year = century(p.year, latest)
	}
	return p.date()
}

// usual reads 3/2/1990 and the like, as nearly all days are written, without the
// trouble that the others take.
func usual(s string, order Order) (clock.Date, bool) {
	var n [3]int
	at, digits := 0, 0
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits > 2 && at < 2 || digits > 4 {
				return clock.Date{}, false
			}
			n[at] = 10*n[at] + int(c-'0')
		case (c == '/' || c == '.' || c == '-') && digits > 0 && at < 2:
			at, digits = at+1, 0
		default:
			return clock.Date{}, false
		}
	}
	if at < 2 || digits != 4 {
		return clock.Date{}, false
	}
	if order == MonthFirst {
		n[0], n[1] = n[1], n[0]
	}
	if n[0] == 0 || n[1] == 0 {
		return clock.Date{}, false
	}
	day, _, ok := parts{day: n[0], month: n[1], year: n[2]}.date()
	return day, ok
}

func (p parts) date() (clock.Date, Precision, bool) {
	how := Whole
	switch {
	case p.month == 0:
		p.day, p.month, how = 1, 1, YearOnly
	case p.day == 0:
		p.day, how = 1, MonthOnly
	}
	if p.year < earliestYear || p.year > latestYear || p.month < 1 || p.month > 12 {
		return clock.Date{}, how, false
	}
	day := clock.NewDate(p.year, time.Month(p.month), p.day)
	return day, how, day.Day() == p.day && int(day.Month()) == p.month
}

// What lies outside is no day of a register: a wrong number of digits.
const (
	earliestYear = 1850
	latestYear   = 2199
)

// Day numbers of Excel: from 1909 to 2119. Smaller ones are years.
const (
	firstSerial = 3_500
	lastSerial  = 80_000
)

func excelDay(s string) (clock.Date, bool) {
	whole, _, _ := strings.Cut(s, ".")
	n, err := strconv.Atoi(whole)
	if err != nil || n < firstSerial || n > lastSerial || len(whole) < 4 {
		return clock.Date{}, false
	}
	if _, err := strconv.ParseFloat(s, 64); err != nil {
		return clock.Date{}, false // 3500.2.1 is no number
	}
	return clock.NewDate(1899, time.December, 30).AddDays(n), true
}

// wordy is a day in words, each part of which but the year may be missing.
var wordy = regexp.MustCompile(`^(?:(?:ngay )?(\d{1,2}) )?(?:thang )?(\d{1,2}) nam (\d{4}|\d{2})$`)

// split finds the numbers of a day.
func split(s string, order Order) (parts, bool) {
	folded := text.Fold(s)
	folded = strings.TrimSuffix(folded, " 00 00 00")
	if clocked := hour.FindStringIndex(s); clocked != nil {
		folded = text.Fold(s[:clocked[0]])
	}
	if m := wordy.FindStringSubmatch(folded); m != nil {
		return numbers([]string{m[1], m[2], m[3]})
	}
	words := strings.Fields(strings.TrimPrefix(strings.TrimPrefix(folded, "nam "), "thang "))
	for _, word := range words {
		if strings.Trim(word, "0123456789") != "" {
			return parts{}, false
		}
	}
	switch len(words) {
	case 1:
		return single(words[0])
	case 2: // month and year, either way
		if len(words[0]) == 4 {
			words[0], words[1] = words[1], words[0]
		}
		return numbers([]string{"", words[0], words[1]})
	case 3:
		if len(words[0]) == 4 {
			return numbers([]string{words[2], words[1], words[0]})
		}
		if order == MonthFirst {
			words[0], words[1] = words[1], words[0]
		}
		return numbers(words)
	}
	return parts{}, false
}

// hour is the time of day that some exports add.
var hour = regexp.MustCompile(`[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$`)

// single is a year, or eight digits without anything between them.
func single(word string) (parts, bool) {
	switch len(word) {
	case 4:
		return numbers([]string{"", "", word})
	case 8:
		return numbers([]string{word[:2], word[2:4], word[4:]})
	}
	return parts{}, false
}

// numbers reads day, month and year; day, or day and month, may be "".
func numbers(words []string) (p parts, ok bool) {
	for i, into := range []*int{&p.day, &p.month, &p.year} {
		if words[i] == "" {
			continue
		}
		n, err := strconv.Atoi(words[i])
		if err != nil || n == 0 && i < 2 || len(words[i]) > 4 || len(words[i]) > 2 && i < 2 {
			return parts{}, false
		}
		*into = n
	}
	p.short = len(words[2]) == 2
	return p, p.short || len(words[2]) == 4
}

// century takes the last year of those two digits that is not after latest.
func century(year int, latest clock.Date) int {
	full := latest.Year() - latest.Year()%100 + year
	if full > latest.Year() {
		full -= 100
	}
	return full
}

// orderOf tells the order in a column by the days that allow one order only;
// where they disagree, it is the Vietnamese one.
func orderOf(samples []string) Order {
	monthFirst := false
	for _, s := range samples {
		words := strings.Fields(text.Fold(s))
		if len(words) != 3 || len(words[0]) > 2 || len(words[1]) > 2 {
			continue
		}
		first, err1 := strconv.Atoi(words[0])
		second, err2 := strconv.Atoi(words[1])
		if err1 != nil || err2 != nil {
			continue
		}
		if first > 12 {
			return DayFirst
		}
		monthFirst = monthFirst || second > 12 && second <= 31
	}
	if monthFirst {
		return MonthFirst
	}
	return DayFirst
}
