package member_test

import (
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/platform/clock"
)

func day(s string) clock.Date { return clock.MustDate(s) }

func TestPartyAge(t *testing.T) {
	official := member.Core{Admitted: day("1996-02-29"), Ceremony: day("1996-03-20"), Recognised: day("1997-03-20")}
	noDecision, paused, early := official, official, official
	noDecision.Admitted = clock.Date{}
	paused.Inactive = 7
	early.Recognised = clock.Date{}
	for _, row := range []struct {
		name   string
		core   member.Core
		on     string
		months int
		ok     bool
	}{
		{"the day before recognition", official, "1997-03-19", 0, false},
		{"the day of recognition, from the decision", official, "1997-03-20", 12, true},
		{"the day before 30 years", official, "2026-02-27", 359, true},
		{"30 years, on the last day of a shorter month", official, "2026-02-28", 360, true},
		{"no decision extant: from the card", noDecision, "2026-03-19", 359, true},
		{"no decision extant, 30 years", noDecision, "2026-03-20", 360, true},
		{"seven months without activity", paused, "2026-09-28", 359, true},
		{"seven months later", paused, "2026-09-29", 360, true},
		{"not recognised", early, "2026-09-29", 0, false},
		{"nothing known", member.Core{Recognised: day("2000-01-01")}, "2026-01-01", 0, false},
	} {
		if months, ok := row.core.PartyAge(day(row.on)); months != row.months || ok != row.ok {
			t.Errorf("%s: %d months, %t; want %d, %t", row.name, months, ok, row.months, row.ok)
		}
	}
}

func TestAge(t *testing.T) {
	c := member.Core{Birth: day("2008-11-04")}
	for on, want := range map[string]int{"2026-11-03": 17, "2026-11-04": 18, "2027-11-03": 18, "2008-01-01": 0} {
		if got := c.Age(day(on)); got != want {
			t.Errorf("on %s: %d years, want %d", on, got, want)
		}
	}
}
