package rulepack

import (
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/platform/clock"
)

// Needs is the least number that passes; one less does not.
func TestThresholdProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		den := rapid.IntRange(2, 7).Draw(t, "den")
		threshold := Threshold{Num: rapid.IntRange(1, den-1).Draw(t, "num"), Den: den, Strict: rapid.Bool().Draw(t, "strict")}
		base := rapid.IntRange(1, 5000).Draw(t, "base")
		needs := threshold.Needs(base)
		if !threshold.Passed(needs, base) || threshold.Passed(needs-1, base) || needs > base {
			t.Fatalf("%+v of %d needs %d", threshold, base, needs)
		}
		if threshold.Passed(base, 0) {
			t.Fatal("passed where nobody may vote")
		}
	})
}

// Every voter listed is in the base or in one deduction; who comes never
// makes a base smaller.
func TestBaseProperties(t *testing.T) {
	votes, _, err := Rule[Votes](Shipped(), "votes", "", clock.MustDate("2026-11-03"))
	if err != nil {
		t.Fatal(err)
	}
	base, _ := votes.Base("MEMBERS")
	overlays := []string{"exempt", "temp_away", "temp_here", "suspended", "prosecuted", "reduced"}
	voter := rapid.Custom(func(t *rapid.T) Voter {
		return Voter{
			Status:   rapid.SampledFrom([]string{"official", "probationary"}).Draw(t, "status"),
			Overlays: rapid.SliceOfN(rapid.SampledFrom(overlays), 0, 2).Draw(t, "overlays"),
			Present:  rapid.Bool().Draw(t, "present"), Excused: rapid.Bool().Draw(t, "excused"),
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		voters := rapid.SliceOfN(voter, 1, 40).Draw(t, "voters")
		occasion := rapid.SampledFrom([]string{"", "congress"}).Draw(t, "occasion")
		counted := base.Count(voters, occasion)
		sum, entitled := counted.Base, 0
		for _, d := range counted.Deductions {
			sum += d.Count
		}
		for i, v := range voters {
			if base.Entitled(v, occasion) {
				entitled++
				if v.Status != "official" {
					t.Fatalf("%+v may vote", v)
				}
			}
			voters[i].Present = true
		}
		if sum != counted.Listed || entitled != counted.Base {
			t.Fatalf("%+v: sum %d, entitled %d", counted, sum, entitled)
		}
		if all := base.Count(voters, occasion); all.Base < counted.Base {
			t.Fatalf("with all present the base falls from %d to %d", counted.Base, all.Base)
		}
	})
}
