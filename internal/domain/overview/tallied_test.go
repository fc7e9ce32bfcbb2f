package overview_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chibo/internal/domain/overview"
	"chibo/internal/kernel/tally"
)

// TestNumbersOfMeasuresNeverChange holds the numbers that stand in stored rows: a
// line of the list is added for a new measure, and none is ever changed.
func TestNumbersOfMeasuresNeverChange(t *testing.T) {
	var all []tally.Measure
	for _, source := range overview.Tallied {
		all = append(all, source.Measures...)
	}
	slices.SortFunc(all, func(a, b tally.Measure) int { return int(a.ID) - int(b.ID) })
	var list strings.Builder
	for i, m := range all {
		if i > 0 && m.ID <= all[i-1].Last() {
			t.Errorf("%s takes numbers of %s", m.Key, all[i-1].Key)
		}
		if len(m.Names) >= max(m.Size, 1) || m.Stock() != m.Last().Stock() {
			t.Errorf("%s has not the room that it needs", m.Key)
		}
		fmt.Fprintln(&list, strings.TrimSpace(fmt.Sprintf("%d-%d %s %s", m.ID, m.Last(), m.Key, strings.Join(m.Names, ","))))
	}
	const file = "testdata/measures.txt"
	known, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(known), list.String()); diff != "" {
		t.Errorf("%s (-known +now):\n%s", file, diff)
	}
}
