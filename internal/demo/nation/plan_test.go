package nation

import (
	"testing"

	"chibo/internal/platform/clock"
)

// TestTheCountryOnPaper compares the plan with what is published of the country.
func TestTheCountryOnPaper(t *testing.T) {
	for _, c := range []struct {
		scale                                        Scale
		communes                                     int
		members, membersMost, cells, cellsMost, near int
	}{
		{Nation, 3321, 5_500_000, 5_750_000, 285_000, 315_000, 34},
		{Province, 0, 160_000, 172_000, 8_000, 10_000, 1},
	} {
		p := drawPlan(request{Scale: c.scale, Seed: 1, Months: 12, Today: clock.MustDate("2026-11-22")})
		communes, provinces, codes := 0, 0, map[string]bool{}
		for _, b := range p.bodies {
			if b.kind == "commune_party" {
				communes++
			}
			if codes[b.code] {
				t.Errorf("%s: code %s twice", c.scale, b.code)
			}
			codes[b.code] = true
		}
		for _, h := range p.heads {
			if h.kind == "provincial_party" {
				provinces++
			}
		}
		t.Logf("%s: %d heads, %d bodies, %d communes, %d cells, %d members, %d batches", c.scale, len(p.heads), len(p.bodies), communes, p.cells, p.members, len(p.batches))
		if c.communes > 0 && communes != c.communes || communes < 90 || provinces != c.near {
			t.Errorf("%s: %d provinces, %d communes", c.scale, provinces, communes)
		}
		if p.members < c.members || p.members > c.membersMost || p.cells < c.cells || p.cells > c.cellsMost {
			t.Errorf("%s: %d members in %d cells", c.scale, p.members, p.cells)
		}
	}
}
