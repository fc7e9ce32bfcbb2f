package clock_test

import (
	"testing"

	"chibo/internal/platform/clock"
)

func TestReadDate(t *testing.T) {
	for typed, want := range map[string]string{
		"21/11/2026": "2026-11-21", " 1/3/2026 ": "2026-03-01", "01/03/2026": "2026-03-01", "2026-11-21": "2026-11-21",
		"3.2.1930": "1930-02-03", "3-2-1930": "1930-02-03", "29/2/2024": "2024-02-29", "": "",
	} {
		got, err := clock.ReadDate(typed)
		if err != nil || got.String() != want {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, err, want)
		}
	}
	for _, typed := range []string{"29/2/2026", "31/4/2026", "13/13/2026", "1/1/26", "hôm qua", "2026", "1/1/2026 x", "0/1/2026"} {
		if got, err := clock.ReadDate(typed); err == nil {
			t.Errorf("%q is read as %s, want a failure", typed, got)
		}
	}
}
