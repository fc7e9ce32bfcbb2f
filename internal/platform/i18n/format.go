package i18n

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"chibo/internal/platform/clock"
)

// Format writes a value as the language does: whole numbers grouped, decimals
// with the language's sign, days as dd/mm/yyyy, instants in Vietnam's time.
func (l *Language) Format(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case int:
		return l.Number(int64(v))
	case int64:
		return l.Number(v)
	case int32:
		return l.Number(int64(v))
	case float64:
		return l.Decimal(v, 1)
	case clock.Date:
		return l.Date(v)
	case time.Time:
		return l.Instant(v)
	default:
		return fmt.Sprint(v)
	}
}

// Number groups the digits of a whole number by thousands: 7.350.000.
func (l *Language) Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	return sign + l.grouped(digits)
}

func (l *Language) grouped(digits string) string {
	if len(digits) <= 3 {
		return digits
	}
	return l.grouped(digits[:len(digits)-3]) + l.group + digits[len(digits)-3:]
}

// Decimal rounds to at most places decimals and drops zeros at the end: 92,4; 92.
func (l *Language) Decimal(f float64, places int) string {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "–"
	}
	text := strconv.FormatFloat(f, 'f', places, 64)
	whole, fraction, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	fraction = strings.TrimRight(fraction, "0")
	if whole == "0" && fraction == "" {
		return "0"
	}
	if fraction == "" {
		return sign + l.grouped(whole)
	}
	return sign + l.grouped(whole) + l.decimal + fraction
}

// Percent writes a share between 0 and 1 with at most one decimal: 92,4 %.
func (l *Language) Percent(share float64) string {
	return l.T("format.percent", l.Decimal(share*100, 1))
}

// Share writes part of whole as a percentage, "–" of nothing. What is beyond
// the first decimal is cut, as in the papers: 89,96 % must not read 90 % beside
// a limit of 90.
func (l *Language) Share(part, whole int) string {
	if whole == 0 {
		return "–"
	}
	return l.Percent(float64(1000*part/whole) / 1000)
}

// Money writes an amount of đồng: 7.350.000 đồng.
func (l *Language) Money(dong int64) string {
	return l.T("format.money", dong)
}

// Date writes a day as 21/11/2026, "" for no day.
func (l *Language) Date(d clock.Date) string { return d.Vietnamese() }

// DayMonth writes a day of the running year as 21/11, "" for no day.
func (l *Language) DayMonth(d clock.Date) string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d", d.Day(), d.Month())
}

// LongDate writes a day with its name: thứ Bảy, 21/11/2026; "" for no day.
func (l *Language) LongDate(d clock.Date) string {
	if d.IsZero() {
		return ""
	}
	return l.T("format.long_date", "weekday", l.Weekday(d.Weekday()), "date", l.Date(d))
}

// Weekday is the name of a day of the week, in lower case.
func (l *Language) Weekday(day time.Weekday) string {
	return l.T(weekdayKeys[day])
}

var weekdayKeys = [...]string{
	time.Sunday:    "format.sunday",
	time.Monday:    "format.monday",
	time.Tuesday:   "format.tuesday",
	time.Wednesday: "format.wednesday",
	time.Thursday:  "format.thursday",
	time.Friday:    "format.friday",
	time.Saturday:  "format.saturday",
}

// Month writes a month of a year: Tháng 11/2026.
func (l *Language) Month(year int, month time.Month) string {
	return l.T("format.month", "month", strconv.Itoa(int(month)), "year", strconv.Itoa(year))
}

// Instant writes a moment in Vietnam's time: 16:40, 21/11/2026.
func (l *Language) Instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return l.T("format.instant", "time", l.Clock(t), "date", l.Date(clock.DateOf(t)))
}

// Clock writes the time of day in Vietnam: 16:40.
func (l *Language) Clock(t time.Time) string { return t.In(clock.Zone).Format("15:04") }

// Deadline says how far a day lies from today: còn 12 ngày, hôm nay, quá hạn
// 3 ngày.
func (l *Language) Deadline(today, day clock.Date) string {
	switch days := day.Sub(today); {
	case day.IsZero():
		return l.T("format.no_deadline")
	case days == 0:
		return l.T("format.due_today")
	case days > 0:
		return l.T("format.days_left", days)
	default:
		return l.T("format.days_overdue", -days)
	}
}

// Relative says when a day was or will be: hôm qua, 3 ngày trước, ngày mai.
func (l *Language) Relative(today, day clock.Date) string {
	switch days := day.Sub(today); {
	case day.IsZero():
		return ""
	case days == 0:
		return l.T("format.today")
	case days == -1:
		return l.T("format.yesterday")
	case days == 1:
		return l.T("format.tomorrow")
	case days < 0:
		return l.T("format.days_ago", -days)
	default:
		return l.T("format.in_days", days)
	}
}
