package i18n

import (
	"context"
	"time"

	"chibo/internal/platform/clock"
)

type languageKey struct{}

// With carries the language that the answer is written in.
func With(ctx context.Context, l *Language) context.Context {
	return context.WithValue(ctx, languageKey{}, l)
}

// From is the language of ctx. A context that carries none gets a language
// without messages, so that every key shows in brackets instead of failing.
func From(ctx context.Context) *Language {
	if l, ok := ctx.Value(languageKey{}).(*Language); ok {
		return l
	}
	return wordless
}

var wordless = &Language{code: Fallback, decimal: ",", group: "."}

// The functions below are the methods of the context's language, named for
// short use in pages.

// T is the message of key, filled with args.
func T(ctx context.Context, key string, args ...any) string { return From(ctx).T(key, args...) }

// Number is a whole number: 7.350.000.
func Number[N int | int32 | int64](ctx context.Context, n N) string {
	return From(ctx).Number(int64(n))
}

// Decimal is a number with at most places decimals: 86,4.
func Decimal(ctx context.Context, f float64, places int) string { return From(ctx).Decimal(f, places) }

// Share is part of whole: 88,9 %.
func Share(ctx context.Context, part, whole int) string { return From(ctx).Share(part, whole) }

// Date is a day: 21/11/2026.
func Date(ctx context.Context, d clock.Date) string { return From(ctx).Date(d) }

// DayMonth is a day of the running year: 21/11.
func DayMonth(ctx context.Context, d clock.Date) string { return From(ctx).DayMonth(d) }

// LongDate is a day with its name: thứ Bảy, 21/11/2026.
func LongDate(ctx context.Context, d clock.Date) string { return From(ctx).LongDate(d) }

// Month is a month of a year: Tháng 11/2026.
func Month(ctx context.Context, year int, month time.Month) string {
	return From(ctx).Month(year, month)
}

// Instant is a moment: 16:40, 21/11/2026.
func Instant(ctx context.Context, t time.Time) string { return From(ctx).Instant(t) }

// Clock is a time of day: 16:40.
func Clock(ctx context.Context, t time.Time) string { return From(ctx).Clock(t) }

// Deadline is how far a day lies ahead: còn 12 ngày, quá hạn 3 ngày.
func Deadline(ctx context.Context, today, day clock.Date) string {
	return From(ctx).Deadline(today, day)
}

// Relative is when a day was or will be: hôm qua, 3 ngày trước.
func Relative(ctx context.Context, today, day clock.Date) string {
	return From(ctx).Relative(today, day)
}
