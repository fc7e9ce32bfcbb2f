// Package clock knows civil dates and the time zone of Vietnam. It reads the
// machine's clock only through Now, which whoever opens a database may replace.
package clock

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"time"
)

// Zone is the one time zone of the country.
var Zone = time.FixedZone("ICT", 7*60*60)

// Now reads a clock.
type Now func() time.Time

// Date is a day of the calendar without time or zone. The zero Date means
// "no date", is stored as NULL and printed as "".
type Date struct {
	year  int16
	month int8
	day   int8
}

// NewDate makes a date; days and months out of range run over, as in time.Date.
func NewDate(year int, month time.Month, day int) Date {
	return of(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf is the day in Vietnam at the instant.
func DateOf(t time.Time) Date { return of(t.In(Zone)) }

func of(t time.Time) Date {
	return Date{int16(t.Year()), int8(t.Month()), int8(t.Day())}
}

// ParseDate reads 2026-11-21.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: %w", s, err)
	}
	return of(t), nil
}

// MustDate reads a date that is written in the program's own text.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func (d Date) Year() int             { return int(d.year) }
func (d Date) Month() time.Month     { return time.Month(d.month) }
func (d Date) Day() int              { return int(d.day) }
func (d Date) IsZero() bool          { return d == Date{} }
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

func (d Date) utc() time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, time.UTC)
}

// At is the instant of the wall-clock time on that day in Vietnam.
func (d Date) At(hour, minute int) time.Time {
	return time.Date(d.Year(), d.Month(), d.Day(), hour, minute, 0, 0, Zone)
}

// AddDays moves by days.
func (d Date) AddDays(n int) Date { return of(d.utc().AddDate(0, 0, n)) }

// AddMonths moves by months and ends on the same day number, or on the last
// day of a shorter month.
func (d Date) AddMonths(n int) Date {
	first := time.Date(d.Year(), d.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return NewDate(first.Year(), first.Month(), min(d.Day(), last))
}

// FirstOfMonth and LastOfMonth bound the month of the day.
func (d Date) FirstOfMonth() Date { return NewDate(d.Year(), d.Month(), 1) }

// LastOfMonth is the last day of the month of d.
func (d Date) LastOfMonth() Date { return NewDate(d.Year(), d.Month()+1, 0) }

// Compare is -1, 0 or 1 as d is before, on or after other.
func (d Date) Compare(other Date) int { return cmp.Compare(d.rank(), other.rank()) }

// rank sorts as the days do.
func (d Date) rank() int { return (int(d.year)<<4+int(d.month))<<5 + int(d.day) }

func (d Date) Before(other Date) bool { return d.Compare(other) < 0 }
func (d Date) After(other Date) bool  { return d.Compare(other) > 0 }

// Sub is the number of days from other to d.
func (d Date) Sub(other Date) int { return int(d.utc().Sub(other.utc()) / (24 * time.Hour)) }

// MonthsSince counts the full months from other to d.
func (d Date) MonthsSince(other Date) int {
	months := (d.Year()-other.Year())*12 + int(d.Month()-other.Month())
	if other.AddMonths(months).After(d) {
		months--
	}
	return months
}

// Within reports whether d lies in [from, to); a zero bound is open.
func (d Date) Within(from, to Date) bool {
	return (from.IsZero() || !d.Before(from)) && (to.IsZero() || d.Before(to))
}

// String is 2026-11-21, or "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	if d.year < 0 || d.year > 9999 {
		return d.utc().Format(time.DateOnly)
	}
	// By hand, for a member has a dozen days and an import a hundred thousand.
	b := [...]byte{0, 0, 0, 0, '-', 0, 0, '-', 0, 0}
	y, m, day := d.year, d.month, d.day
	b[0], b[1], b[2], b[3] = digit(y/1000), digit(y/100), digit(y/10), digit(y)
	b[5], b[6] = digit(int16(m)/10), digit(int16(m))
	b[8], b[9] = digit(int16(day)/10), digit(int16(day))
	return string(b[:])
}

// digit is the last digit of n.
func digit(n int16) byte { return '0' + byte(n%10) }

// Vietnamese is 21/11/2026, or "" for no date.
func (d Date) Vietnamese() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%02d/%02d/%04d", d.day, d.month, d.year)
}

func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	parsed, err := ParseDate(string(text))
	if err == nil {
		*d = parsed
	}
	return err
}

// Value stores the date as text that sorts by time.
func (d Date) Value() (driver.Value, error) {
	if d.IsZero() {
		return nil, nil
	}
	return d.String(), nil
}

// Scan reads what Value stored.
func (d *Date) Scan(stored any) error {
	switch v := stored.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	}
	return fmt.Errorf("date from %T", stored)
}
