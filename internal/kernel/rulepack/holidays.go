package rulepack

import (
	"fmt"
	"slices"
	"time"

	"chibo/internal/platform/clock"
)

// Holidays is the public calendar of one year.
type Holidays struct {
	Year int `yaml:"year"`
	// Weekend lists the weekly days off.
	Weekend []string `yaml:"weekend"`
	Off     []DayOff `yaml:"off"`
	// Work lists weekend days worked in exchange for another day off.
	Work []Exchange `yaml:"work"`
}

// DayOff is a public holiday, or a day off in lieu of one.
type DayOff struct {
	Date clock.Date `yaml:"date"`
	Name string     `yaml:"name"`
	// InLieuOf is the holiday on a weekend, or the weekend day worked, that
	// this day stands for.
	InLieuOf clock.Date `yaml:"in_lieu_of"`
	Standing Standing   `yaml:"standing"`
}

// Exchange is a weekend day worked for a day off.
type Exchange struct {
	Date clock.Date `yaml:"date"`
	For  clock.Date `yaml:"for"`
}

var weekdays = map[string]time.Weekday{
	"sunday": time.Sunday, "monday": time.Monday, "tuesday": time.Tuesday, "wednesday": time.Wednesday,
	"thursday": time.Thursday, "friday": time.Friday, "saturday": time.Saturday,
}

func (h Holidays) restsOn(day time.Weekday) bool {
	return slices.ContainsFunc(h.Weekend, func(name string) bool { return weekdays[name] == day })
}

func (h Holidays) check(in *problems) {
	workdays := 7
	for i, name := range h.Weekend {
		if _, ok := weekdays[name]; !ok {
			in.add(at("weekend", i), "no weekday %q", name)
		}
		workdays--
	}
	if workdays < 1 {
		in.add(at("weekend"), "a week needs a working day")
	}
	var dates []string
	for i, off := range h.Off {
		h.checkYear(in, at("off", i, "date"), off.Date)
		in.need(at("off", i, "name"), off.Name)
		dates = append(dates, off.Date.String())
	}
	for i, work := range h.Work {
		h.checkYear(in, at("work", i, "date"), work.Date)
		dates = append(dates, work.Date.String())
		if !h.restsOn(work.Date.Weekday()) {
			in.add(at("work", i, "date"), "%s is a working day anyway", work.Date)
		}
		if !slices.ContainsFunc(h.Off, func(off DayOff) bool { return off.Date == work.For }) {
			in.add(at("work", i, "for"), "%s is not among the days off", work.For)
		}
	}
	in.ids(at("off"), dates...)
}

func (h Holidays) checkYear(in *problems, path []any, date clock.Date) {
	if date.Year() != h.Year {
		in.add(path, "%s is not in %d", date, h.Year)
	}
}

// WorkingDays counts working days over the years whose calendars are known.
// In other years only weekends are days off; Knows tells.
type WorkingDays struct {
	years  map[int]Holidays
	latest Holidays
	off    map[clock.Date]string
	worked map[clock.Date]bool
}

// WorkingDays is the calendar of all holiday packs of the set.
func (s *Set) WorkingDays() *WorkingDays { return s.calendar }

func newWorkingDays(packs []*Pack) *WorkingDays {
	w := &WorkingDays{years: map[int]Holidays{}, off: map[clock.Date]string{}, worked: map[clock.Date]bool{}}
	w.latest.Weekend = []string{"saturday", "sunday"}
	for _, p := range packs {
		year := p.body.(Holidays)
		w.years[year.Year], w.latest = year, year
		for _, off := range year.Off {
			w.off[off.Date] = off.Name
		}
		for _, work := range year.Work {
			w.worked[work.Date] = true
		}
	}
	return w
}

// Knows reports whether the public holidays of the year are known.
func (w *WorkingDays) Knows(year int) bool {
	_, ok := w.years[year]
	return ok
}

// Holiday is the name of the public holiday on the day, or "".
func (w *WorkingDays) Holiday(day clock.Date) string { return w.off[day] }

// IsWorkingDay reports whether offices work on the day.
func (w *WorkingDays) IsWorkingDay(day clock.Date) bool {
	if _, off := w.off[day]; off {
		return false
	}
	if w.worked[day] {
		return true
	}
	year, ok := w.years[day.Year()]
	if !ok {
		year = w.latest
	}
	return !year.restsOn(day.Weekday())
}

// AddWorkingDays is the n-th working day after from, or before it where n is
// negative. The day after from is the first that may count (rules 2.2).
func (w *WorkingDays) AddWorkingDays(from clock.Date, n int) clock.Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for day := from; ; {
		if n == 0 {
			return day
		}
		day = day.AddDays(step)
		if w.IsWorkingDay(day) {
			n--
		}
	}
}

// Between counts the working days after from, up to and with to.
func (w *WorkingDays) Between(from, to clock.Date) int {
	count := 0
	for day := from.AddDays(1); !day.After(to); day = day.AddDays(1) {
		if w.IsWorkingDay(day) {
			count++
		}
	}
	return count
}

// longestPeriod bounds a period, in any unit; no regulation comes near it.
const longestPeriod = 5000

// AddPeriod is the last day of a period that runs from a day: the next day
// is its first; a month ends on the same day number or on the last day of a
// shorter month (rules 2.2).
func (w *WorkingDays) AddPeriod(from clock.Date, length int, unit Unit) (clock.Date, error) {
	if length < -longestPeriod || length > longestPeriod {
		return clock.Date{}, fmt.Errorf("a period of %d %s is too long", length, unit)
	}
	switch unit {
	case WorkingDay:
		return w.AddWorkingDays(from, length), nil
	case Day:
		return from.AddDays(length), nil
	case Month:
		return from.AddMonths(length), nil
	case Year:
		return from.AddMonths(12 * length), nil
	}
	return clock.Date{}, fmt.Errorf("%s is no length of time", unit)
}

// holidayCase expects the end of a period, or whether a day is worked.
type holidayCase struct {
	From    clock.Date `yaml:"from"`
	Length  int        `yaml:"length"`
	Unit    Unit       `yaml:"unit"`
	Due     clock.Date `yaml:"due"`
	Day     clock.Date `yaml:"day"`
	Working bool       `yaml:"working"`
}

func (c holidayCase) run(s *Set, _ *Pack) error {
	if !c.Day.IsZero() {
		if s.calendar.IsWorkingDay(c.Day) != c.Working {
			return fmt.Errorf("%s: working is %t, want %t", c.Day, !c.Working, c.Working)
		}
		return nil
	}
	due, err := s.calendar.AddPeriod(c.From, c.Length, c.Unit)
	if err == nil && due != c.Due {
		err = fmt.Errorf("%s + %d %s is %s, want %s", c.From, c.Length, c.Unit, due, c.Due)
	}
	return err
}
