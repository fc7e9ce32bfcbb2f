package app

import (
	"context"
	"testing"
	"time"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// units is how many units stand at and below the unit by now.
func (a *App) units(t *testing.T, at orgtree.ID) (n int64) {
	t.Helper()
	if err := a.DB.View(t.Context(), func(tx *db.Tx) error {
		month := clock.MonthOf(clock.DateOf(tx.Now))
		list, err := tally.Read(tx, at, month, month)
		if err == nil {
			n = list[0].Get(unit.TallyUnits)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func (a *App) mustFind(t *testing.T, parent orgtree.ID, code string) (u orgtree.Unit) {
	t.Helper()
	if err := a.DB.Update(t.Context(), func(tx *db.Tx) (err error) {
		u, err = found(tx, parent, code)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return u
}

// TestAnEntryShowsAtTheRoot measures from the commit to the figure at the root.
// The best of some tries counts: the machine of a test has other work.
func TestAnEntryShowsAtTheRoot(t *testing.T) {
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.placeEntries(ctx)
	}()
	root := a.mustFind(t, 0, "XA")
	best := time.Hour
	for i, code := range []string{"A", "B", "C", "D", "E"} {
		a.mustFind(t, root.ID, code)
		began := time.Now()
		for a.units(t, root.ID) < int64(i)+2 {
			if time.Since(began) > 30*time.Second {
				t.Fatal("an entry never showed")
			}
			time.Sleep(5 * time.Millisecond)
		}
		best = min(best, time.Since(began))
	}
	if best > time.Second {
		t.Errorf("an entry shows at the root after %v", best)
	}
	stop()
	<-done
	if _, err := a.Check(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// TestAnInstallationFromBefore has records whose entries say nothing of figures,
// and is counted once; entries that came meanwhile count once too.
func TestAnInstallationFromBefore(t *testing.T) {
	a, err := Open(t.Context(), Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	root := a.mustFind(t, 0, "XA")
	a.mustFind(t, root.ID, "A")
	if err := a.PlaceEntries(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := a.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE journal SET figures = ''`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	a.mustFind(t, root.ID, "B") // not placed
	for range 2 {
		for _, follow := range []func(context.Context) error{a.FollowJournal, a.PlaceEntries, a.FollowJournal} {
			if err := follow(t.Context()); err != nil {
				t.Fatal(err)
			}
			if n := a.units(t, root.ID); n > 3 {
				t.Fatalf("%d units, want 3", n)
			}
		}
		if n := a.units(t, root.ID); n != 3 {
			t.Errorf("%d units, want 3", n)
		}
		if c, err := a.Check(t.Context(), nil); err != nil || c.Figures == 0 {
			t.Errorf("checked %+v: %v", c, err)
		}
		if err := a.Recount(t.Context()); err != nil { // and again, by hand
			t.Fatal(err)
		}
	}
}
