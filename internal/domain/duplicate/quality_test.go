package duplicate_test

import (
	"testing"

	"chibo/internal/demo/planted"
	"chibo/internal/domain/duplicate"
	"chibo/internal/testkit"
)

// TestQuality plants people who were entered twice, and twins and namesakes as
// traps, in a register of 40,000, and asks how many the search finds and how
// many of its findings are right.
func TestQuality(t *testing.T) {
	k := testkit.SQLite(t)
	register := planted.Register(7, 40_000)
	trial := planted.Among(7, register[:2000], 1_000_000)
	found, right, trapped := 0, map[planted.Case]int{}, map[planted.Case]int{}
	result, err := duplicate.Search(t.Context(), k.DB, append(register, trial.People...), func(p duplicate.Pair) error {
		found++
		pair := planted.Pair{One: p.One, Other: p.Other}
		if what, same := trial.Same[pair]; same {
			right[what]++
		} else if what, trap := trial.Traps[pair]; trap {
			trapped[what]++
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if result.Pairs != found || result.People != len(register)+len(trial.People) || result.Cut {
		t.Errorf("%+v, want %d pairs of %d people", result, found, len(register)+len(trial.People))
	}
	all, sum := map[planted.Case]int{}, 0
	for _, what := range trial.Same {
		all[what]++
	}
	for _, what := range planted.Entered() {
		t.Logf("%-10s %4d of %4d", what, right[what], all[what])
		sum += right[what]
	}
	for what, n := range trapped {
		t.Logf("trap %-10s %d", what, n)
	}
	recall, precision := float64(sum)/float64(len(trial.Same)), float64(sum)/float64(found)
	t.Logf("recall %.3f, precision %.3f", recall, precision)
	if recall < recallFloor {
		t.Errorf("recall %.3f, want %.2f", recall, recallFloor)
	}
	if precision < precisionFloor {
		t.Errorf("precision %.3f, want %.2f", precision, precisionFloor)
	}
}

const recallFloor, precisionFloor = 0.80, 0.95
