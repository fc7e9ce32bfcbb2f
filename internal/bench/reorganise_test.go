package bench

import (
	"testing"

	"chibo/internal/testkit"
)

// TestRandomReorganisationsAreClean carries out a few dozen plans as `chibo bench
// reorganise` does a thousand, and checks everything three times.
func TestRandomReorganisationsAreClean(t *testing.T) {
	for engine, database := range map[string]func(testing.TB) string{
		"sqlite":   func(testing.TB) string { return "" },
		"postgres": testkit.EmptyPostgres,
	} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := Setting{Folder: t.TempDir(), Database: database(t), Plans: 60, CheckEvery: 20, Seed: 7, Say: t.Output()}
			r, err := Benchmark{Name: "reorganise", run: reorganise}.Run(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if !r.Met {
				t.Error("the check found damage")
			}
			names := []string{"refused", "taken_back", "apply_ms_mean", "take_back_ms_p99"}
			for _, e := range events {
				names = append(names, "lived_"+e.what)
			}
			for _, name := range names {
				if r.Figures[name] <= 0 {
					t.Errorf("%s is %v: the test has tried too little", name, r.Figures[name])
				}
			}
			t.Log(r.Figures)
		})
	}
}
