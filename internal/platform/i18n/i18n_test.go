package i18n_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/i18n"
	"chibo/locales"
)

func language(t *testing.T, code string) *i18n.Language {
	t.Helper()
	c, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.Language(code)
}

func files(texts map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range texts {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestMessagesAreFilledByPositionAndByName(t *testing.T) {
	c, err := i18n.Load(files(map[string]string{
		"vi/a.yaml": "a.plain: Chào đồng chí\na.order: '{1} rồi {0}'\na.name: '{who} có {n} việc, {who} nhé'\na.brace: '{{0}} là {0}'\n",
		"en/a.yaml": "a.plain: Hello comrade\n",
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		lang, key string
		args      []any
		want      string
	}{
		{"vi", "a.plain", nil, "Chào đồng chí"},
		{"en", "a.plain", nil, "Hello comrade"},
		{"de", "a.plain", nil, "Chào đồng chí"},
		{"vi", "a.order", []any{"một", 2}, "2 rồi một"},
		{"en", "a.order", []any{"một", 2}, "2 rồi một"},
		{"vi", "a.order", []any{"một"}, "{1} rồi một"},
		{"vi", "a.name", []any{"n", 7350000, "who", "An"}, "An có 7.350.000 việc, An nhé"},
		{"vi", "a.name", []any{"who"}, "{who} có {n} việc, {who} nhé"},
		{"vi", "a.brace", []any{1.5}, "{0} là 1,5"},
		{"vi", "a.order", []any{clock.NewDate(2026, 11, 3), int64(1000)}, "1.000 rồi 03/11/2026"},
		{"vi", "a.absent", nil, "[a.absent]"},
	} {
		if got := c.T(test.lang, test.key, test.args...); got != test.want {
			t.Errorf("%s %s %v: %q, want %q", test.lang, test.key, test.args, got, test.want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		texts map[string]string
		want  string
	}{
		{"a key twice", map[string]string{"vi/a.yaml": "a.x: một\na.x: hai\n"}, "already defined"},
		{"a foreign prefix", map[string]string{"vi/a.yaml": "b.x: một\n"}, `does not start with "a."`},
		{"an empty text", map[string]string{"vi/a.yaml": "a.x: ''\n"}, "empty text"},
		{"a nested map", map[string]string{"vi/a.yaml": "a.x:\n  y: z\n"}, "vi/a.yaml"},
		{"an open brace", map[string]string{"vi/a.yaml": "a.x: 'có {0 việc'\n"}, "bad placeholder"},
		{"a lone brace", map[string]string{"vi/a.yaml": "a.x: 'có 0} việc'\n"}, "} without {"},
		{"an odd name", map[string]string{"vi/a.yaml": "a.x: 'có {Số} việc'\n"}, "bad placeholder"},
		{"a gap", map[string]string{"vi/a.yaml": "a.x: 'có {1} việc'\n"}, "{0} is missing"},
		{"a mixture", map[string]string{"vi/a.yaml": "a.x: '{0} và {name}'\n"}, "mixed"},
		{"a translation of nothing", map[string]string{"vi/a.yaml": "a.x: một\n", "en/a.yaml": "a.y: two\n"}, "a.y is not in vi"},
		{"other placeholders", map[string]string{"vi/a.yaml": "a.x: 'có {n}'\n", "en/a.yaml": "a.x: 'has {m}'\n"}, "placeholders [m]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := i18n.Load(files(test.texts))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestNumbersAndDaysAsVietnameseWritesThem(t *testing.T) {
	vi := language(t, "vi")
	day := clock.NewDate(2026, time.November, 21)
	for _, test := range []struct{ got, want string }{
		{vi.Number(0), "0"},
		{vi.Number(999), "999"},
		{vi.Number(1000), "1.000"},
		{vi.Number(-7350000), "-7.350.000"},
		{vi.Decimal(86.44, 1), "86,4"},
		{vi.Decimal(86.04, 1), "86"},
		{vi.Decimal(-0.04, 1), "0"},
		{vi.Decimal(12345.678, 2), "12.345,68"},
		{vi.Percent(0.924), "92,4 %"},
		{vi.Share(24, 27), "88,8 %"},
		{vi.Share(8996, 10000), "89,9 %"},
		{vi.Share(0, 0), "–"},
		{vi.Money(7350000), "7.350.000 đồng"},
		{vi.Date(day), "21/11/2026"},
		{vi.Date(clock.Date{}), ""},
		{vi.DayMonth(clock.NewDate(2026, 12, 3)), "03/12"},
		{vi.LongDate(day), "thứ Bảy, 21/11/2026"},
		{vi.LongDate(day.AddDays(1)), "Chủ nhật, 22/11/2026"},
		{vi.LongDate(clock.Date{}), ""},
		{vi.Month(2026, time.November), "Tháng 11/2026"},
		{vi.Instant(time.Date(2026, 11, 21, 9, 40, 0, 0, time.UTC)), "16:40, 21/11/2026"},
		{vi.Deadline(day, day.AddDays(12)), "còn 12 ngày"},
		{vi.Deadline(day, day.AddDays(-3)), "quá hạn 3 ngày"},
		{vi.Deadline(day, day), "hạn hôm nay"},
		{vi.Deadline(day, clock.Date{}), "không có hạn"},
		{vi.Relative(day, day.AddDays(-1)), "hôm qua"},
		{vi.Relative(day, day.AddDays(-9)), "9 ngày trước"},
		{vi.Relative(day, day.AddDays(1)), "ngày mai"},
		{vi.Relative(day, day.AddDays(5)), "5 ngày nữa"},
	} {
		if test.got != test.want {
			t.Errorf("%q, want %q", test.got, test.want)
		}
	}
}

func TestEnglishHasItsOwnSigns(t *testing.T) {
	en := language(t, "en")
	if got := en.Percent(0.924); got != "92.4%" {
		t.Errorf("percent %q", got)
	}
	if got := en.Number(7350000); got != "7,350,000" {
		t.Errorf("number %q", got)
	}
}

func TestContextCarriesTheLanguage(t *testing.T) {
	ctx := i18n.With(context.Background(), language(t, "en"))
	if got := i18n.T(ctx, "format.today"); got != "today" {
		t.Errorf("in English %q", got)
	}
	if got := i18n.T(context.Background(), "format.today"); got != "[format.today]" {
		t.Errorf("without a language %q", got)
	}
	if got := i18n.Number(context.Background(), 1000); got != "1.000" {
		t.Errorf("number without a language %q", got)
	}
}
