package score

import (
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

func shipped(t testing.TB) rulepack.ScoreSheet {
	t.Helper()
	sheet, _, err := rulepack.Rule[rulepack.ScoreSheet](rulepack.Shipped(), "scoresheet", "", clock.NewDate(2026, 11, 3))
	if err != nil {
		t.Fatal(err)
	}
	return sheet
}

func line(t testing.TB, lines []Line, id string) Line {
	t.Helper()
	for _, l := range lines {
		if l.ID == id {
			return l
		}
	}
	t.Fatalf("no line %s", id)
	return Line{}
}

// TestAttendanceBoundary: 27 of 30 are 90.0 % and give 4 points, 26 give 3.
func TestAttendanceBoundary(t *testing.T) {
	for _, row := range []struct{ present, points int }{{30, 4}, {27, 4}, {26, 3}} {
		f := rulepack.MeetingFacts{Entitled: 30, Present: row.present, AbsentWithReason: 30 - row.present}
		lines, err := proposed(shipped(t), f, nil)
		if err != nil {
			t.Fatal(err)
		}
		if l := line(t, lines, "2.rate"); !l.Decided || l.Proposed != row.points {
			t.Errorf("%d of 30: %+v", row.present, l)
		}
	}
}

// anyFacts draws facts that a meeting can have.
func anyFacts(t *rapid.T) rulepack.MeetingFacts {
	var f rulepack.MeetingFacts
	value := reflect.ValueOf(&f).Elem()
	for i := range value.NumField() {
		name := value.Type().Field(i).Name
		switch field := value.Field(i); field.Kind() {
		case reflect.Bool:
			field.SetBool(rapid.Bool().Draw(t, name))
		case reflect.Int:
			field.SetInt(int64(rapid.IntRange(0, 200).Draw(t, name)))
		}
	}
	return f
}

// anyClaims draws, for each line, points that the pack allows.
func anyClaims(t *rapid.T, sheet rulepack.ScoreSheet, lines []Line) []Claim {
	var claims []Claim
	for _, l := range lines {
		if !l.Counted {
			continue
		}
		points := []int{0, l.Max}
		if l.Mode == rulepack.Choose {
			points = nil
			for _, o := range l.Options {
				points = append(points, o.Points)
			}
		}
		claims = append(claims, Claim{l.ID, rapid.SampledFrom(points).Draw(t, l.ID), "đã bàn"})
	}
	return claims
}

// TestTotals: whatever the records and the claims, evidence and claims stay
// within what the sheet can reach, and nothing is rescaled.
func TestTotals(t *testing.T) {
	sheet := shipped(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFacts(t)
		lines, err := proposed(sheet, f, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := claim(sheet, lines, anyClaims(t, sheet, lines)); err != nil {
			t.Fatal(err)
		}
		sum := total(sheet, lines)
		if sum.Evidence > sum.Reachable || sum.Claimed > sum.Reachable || sum.Proven > sum.ProvenMost || sum.Reachable > sum.Whole {
			t.Fatalf("%+v", sum)
		}
		more := 0
		for _, g := range (Sheet{Lines: lines}).Gaps() {
			more += g.More
		}
		if more != sum.Gap() {
			t.Fatalf("the gaps sum to %d, the totals differ by %d", more, sum.Gap())
		}
		if want := map[bool]int{true: 100, false: 95}[f.ThematicMonth]; sum.Reachable != want {
			t.Fatalf("reachable %d, want %d", sum.Reachable, want)
		}
	})
}

func TestClaims(t *testing.T) {
	sheet := shipped(t)
	// Records decide line 1 (full length, 5 points); 3.1 is for people; 4.3
	// does not count.
	f := rulepack.MeetingFacts{Minutes: 95}
	good := func() []Claim {
		lines, err := proposed(sheet, f, nil)
		if err != nil {
			t.Fatal(err)
		}
		var claims []Claim
		for _, l := range lines {
			if l.Counted && l.Mode == rulepack.Choose && !l.Decided {
				claims = append(claims, Claim{Line: l.ID, Points: l.Max})
			} else if l.Counted {
				claims = append(claims, Claim{Line: l.ID, Points: l.Proposed})
			}
		}
		return claims
	}
	set := func(id string, points int, reason string) func([]Claim) []Claim {
		return func(claims []Claim) []Claim {
			for i := range claims {
				if claims[i].Line == id {
					claims[i] = Claim{id, points, reason}
					return claims
				}
			}
			return append(claims, Claim{id, points, reason})
		}
	}
	for _, row := range []struct {
		what   string
		change func([]Claim) []Claim
		field  string // "" is fine
	}{
		{"as the records have it", func(c []Claim) []Claim { return c }, ""},
		{"less, without a reason", set("1", 4, " "), "reason.1"},
		{"less, with a reason", set("1", 4, "bắt đầu muộn"), ""},
		{"points between the options", set("1", 0, "x"), "points.1"},
		{"a part of all or nothing", set("3.1", 2, "x"), "points.3.1"},
		{"all of what people judge, no reason needed", set("3.1", 3, ""), ""},
		{"points where the line does not count", set("4.3", 5, "x"), "points.4.3"},
		{"nothing where the line does not count", set("4.3", 0, ""), ""},
		{"a reason that is too long", set("1", 5, strings.Repeat("ê", 201)), "reason.1"},
		{"a line left out", func(c []Claim) []Claim { return c[1:] }, "points.1"},
		{"a line twice", func(c []Claim) []Claim { return append(c, c[0]) }, "line"},
		{"a line that there is not", set("9.9", 1, ""), "line"},
	} {
		t.Run(row.what, func(t *testing.T) {
			lines, err := proposed(sheet, f, nil)
			if err != nil {
				t.Fatal(err)
			}
			err = claim(sheet, lines, row.change(good()))
			if row.field == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if e, ok := errs.As(err); !ok || len(e.Fields) != 1 || e.Fields[row.field].Key == "" {
				t.Errorf("want %s alone, have %v", row.field, err)
			}
		})
	}
}

// TestEvidenceFindsItsLines: a line shows the rows of the facts it asks about,
// each once.
func TestEvidenceFindsItsLines(t *testing.T) {
	late := Row{Key: "late"}
	e := Evidence{"present": {{Key: "roll"}}, "entitled": {late}, "absent_no_reason": {late}, "speakers": {{Key: "speaker"}}}
	sheet := shipped(t)
	for id, want := range map[string]string{"2.rate": "late roll", "4.5": "roll speaker", "3.1": "", "5.1": ""} {
		l, _ := sheet.Line(id)
		var keys []string
		for _, r := range e.For(l) {
			keys = append(keys, r.Key)
		}
		if got := strings.Join(keys, " "); got != want {
			t.Errorf("line %s shows %q, want %q", id, got, want)
		}
	}
}
