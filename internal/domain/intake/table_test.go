package intake

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"
)

func TestNumerals(t *testing.T) {
	pattern := regexp.MustCompile(`^\(?(?:\d{1,6}|[IVXLivxl]{1,6}|[A-Ha-h])[.)]{0,2}$`)
	for _, cell := range []string{"1", "1.", "(1)", "IV", "a)", "H", "I", "", "(", ".", "1)).", "1234567", "((1", "Nam", "12/12", "iix.", "ă"} {
		if got, want := isNumeral(cell), pattern.MatchString(cell); got != want {
			t.Errorf("%q: %v", cell, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringOfN(rapid.SampledFrom([]rune("(1IVxaHh.)k ")), 0, 9, -1).Draw(t, "cell")
		if got, want := isNumeral(cell), pattern.MatchString(cell); got != want {
			t.Fatalf("%q: %v", cell, got)
		}
	})
}
