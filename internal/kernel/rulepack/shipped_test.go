package rulepack

import (
	"testing"

	"chibo/rulepacks"
)

// Every case of every pack holds. A pack that decides something has cases.
func TestCasesOfShippedPacks(t *testing.T) {
	set, err := Load(rulepacks.Files)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, s := range set.Summary() {
		total += s.Cases
		for _, failed := range s.Failed {
			t.Errorf("%s: %s", s.ID, failed)
		}
		t.Logf("%-28s %s .. %s  %d/%d cases, %d gaps", s.ID, s.From, s.To, s.Passed, s.Cases, len(s.Gaps))
	}
	if total < 120 {
		t.Errorf("only %d cases", total)
	}
}
