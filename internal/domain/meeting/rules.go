package meeting

import (
	"time"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// book is the rules in force where a unit lies on a day: the day of the
// meeting, so that it is judged by the rule of its time.
type book struct {
	set      *rulepack.Set
	province string
	day      clock.Date
}

func bookOf(tx *db.Tx, at orgtree.Unit, day clock.Date) book {
	return book{rulepack.Of(tx), unit.Province(at), day}
}

func (l loaded) book(tx *db.Tx) book { return bookOf(tx, l.at, l.Day()) }

func rule[T any](b book, kind string) (T, rulepack.Ref, error) {
	return rulepack.Rule[T](b.set, kind, b.province, b.day)
}

// states is the vocabulary that says which step may follow which.
func (l loaded) states(tx *db.Tx) (rulepack.States, error) {
	s, _, err := rule[rulepack.States](l.book(tx), "states")
	return s, err
}

// Longest texts, in letters.
const (
	longestLine  = 200
	longestName  = 100
	longestBlock = 20_000
)

// typed gathers what is wrong with what a person typed, and tidies it.
type typed struct{ errs.Fields }

// line tidies one line of at most longestLine letters.
func (w *typed) line(field string, s *string, needed bool) { w.short(field, s, longestLine, needed) }

func (w *typed) short(field string, s *string, limit int, needed bool) {
	*s = text.Line(*s)
	w.bound(field, *s, limit, needed)
}

// block tidies a text of several lines.
func (w *typed) block(field string, s *string, needed bool) {
	*s = text.Block(*s)
	w.bound(field, *s, longestBlock, needed)
}

func (w *typed) bound(field, s string, limit int, needed bool) {
	w.Check(!needed || s != "", field, "errs.required")
	w.Check(text.Length(s) <= limit, field, "errs.too_long", limit)
}

// between wants a number within bounds.
func (w *typed) between(field string, n, least, most int) {
	w.Check(n >= least && n <= most, field, "errs.range", least, most)
}

// near wants an instant that a person can have meant.
func (w *typed) near(field string, t, now time.Time) {
	const far = 800 * 24 * time.Hour
	w.Check(!t.IsZero(), field, "errs.required")
	w.Check(t.IsZero() || t.Sub(now).Abs() <= far, field, "errs.date")
}

// dayOf is the day of a stored instant.
func dayOf(ms int64) clock.Date { return clock.DateOf(time.UnixMilli(ms)) }
