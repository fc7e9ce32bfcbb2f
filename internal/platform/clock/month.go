package clock

import "fmt"

// Month is a month of the calendar, written "2026-11"; so written, months sort
// by time.
type Month string

// MonthOf is the month of the day.
func MonthOf(day Date) Month {
	if day.IsZero() {
		return "0000-00"
	}
	written := day.String()
	return Month(written[:len(written)-len("-21")])
}

// ParseMonth reads "2026-11".
func ParseMonth(s string) (Month, error) {
	first, err := ParseDate(s + "-01")
	if err != nil {
		return "", fmt.Errorf("month %q: %w", s, err)
	}
	return MonthOf(first), nil
}

// First is the first day of the month.
func (m Month) First() Date { return MustDate(string(m) + "-01") }

// Last is the last day of the month.
func (m Month) Last() Date { return m.First().LastOfMonth() }

// Add moves by months.
func (m Month) Add(months int) Month { return MonthOf(m.First().AddMonths(months)) }

// Year is the year of the month.
func (m Month) Year() int { return m.First().Year() }

// Vietnamese is "11/2026".
func (m Month) Vietnamese() string { return m.First().Vietnamese()[len("01/"):] }

// Quarter is 1 to 4.
func (m Month) Quarter() int { return (int(m.First().Month())-1)/3 + 1 }

// Until are the months from m to last, both included.
func (m Month) Until(last Month) []Month {
	var list []Month
	for ; m <= last; m = m.Add(1) {
		list = append(list, m)
	}
	return list
}
