package tally_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

// branch is a root with two units below it.
type branch struct {
	k          *testkit.Kit
	root, a, b orgtree.ID
}

func newBranch(k *testkit.Kit) branch {
	k.T.Helper()
	w := branch{k: k}
	k.Update(func(tx *db.Tx) error {
		if err := tally.Recount(tx, nil); err != nil {
			return err
		}
		for i, unit := range []*orgtree.ID{&w.root, &w.a, &w.b} {
			u, err := orgtree.Add(tx, orgtree.Unit{
				Parent: w.root, Code: fmt.Sprint(i), Name: fmt.Sprint(i), Kind: "cell", Level: "base", Founded: clock.MustDate("2026-01-15"),
			}, "")
			if err != nil {
				return err
			}
			*unit = u.ID
		}
		return nil
	})
	return w
}

// say journals facts, and has them placed and folded.
func (w branch) say(facts ...fact) {
	w.k.T.Helper()
	w.write(facts...)
	w.fold()
}

func (w branch) write(facts ...fact) {
	w.k.T.Helper()
	w.k.Update(func(tx *db.Tx) error {
		var c tally.Counts
		for _, f := range facts {
			c.Add(f.unit, f.month, f.measure, f.n)
		}
		return journal.Write(tx, access.Console(), journal.Change{Unit: w.root, Verb: "test.Say", Noun: "test", ID: 1, Figures: c.String()})
	})
	w.k.Update(func(tx *db.Tx) error {
		p, err := journal.Arrange(tx, 100)
		if err != nil {
			return err
		}
		return journal.Place(tx, p)
	})
}

func (w branch) fold() {
	w.k.T.Helper()
	w.k.Update(func(tx *db.Tx) error {
		b, err := tally.Arrange(tx, 100)
		if err != nil {
			return err
		}
		return tally.Fold(tx, b)
	})
}

// want compares figures, given as they are packed.
func want(t testing.TB, what string, got []tally.Figures, packed ...string) {
	t.Helper()
	list := make([]string, len(got))
	for i, f := range got {
		list[i] = f.String()
	}
	if diff := cmp.Diff(packed, list); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func (w branch) read(unit orgtree.ID) (list []tally.Figures) {
	w.k.View(func(tx *db.Tx) (err error) {
		list, err = tally.Read(tx, unit, "2026-10", "2026-12")
		return err
	})
	return list
}

func (w branch) asOf(unit orgtree.ID, day string) (list []tally.Figures) {
	w.k.View(func(tx *db.Tx) (err error) {
		list, err = tally.ReadAsOf(tx, unit, "2026-10", "2026-12", clock.MustDate(day))
		return err
	})
	return list
}

// TestAClosedMonthIsPrintedAgainAsItStood: by the shipped pack a month is closed
// from the sixth of the next.
func TestAClosedMonthIsPrintedAgainAsItStood(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newBranch(k)
		on := func(day string) { k.SetNow(clock.MustDate(day).At(9, 0)) }
		on("2026-10-20")
		w.say(fact{w.a, "2026-10", held, 1}, fact{w.a, "2026-09", members, 20})
		on("2026-11-05") // October is still open
		w.say(fact{w.a, "2026-10", held, 1})
		on("2026-11-06")
		w.say(fact{w.a, "2026-10", held, 1}, fact{w.a, "2026-11", held, 1})
		on("2026-11-20") // a correction takes back what was wrong
		w.say(fact{w.a, "2026-10", held, -1}, fact{w.a, "2026-10", came, 7}, fact{w.a, "2026-09", members, 2})
		on("2026-11-21")
		w.say(fact{w.b, "2026-10", held, 4})
		for _, unit := range []orgtree.ID{w.a, w.root} {
			extra, month := "", "1=2 2=7 1000=22"
			if unit == w.root {
				extra, month = "1", "1=6 2=7 1000=22"
			}
			want(t, "now"+extra, w.read(unit), month, "1=1 1000=22", "1000=22")
			want(t, "on the 5th"+extra, w.asOf(unit, "2026-11-05"), "1=2 1000=20", "1=1 1000=20", "1000=20")
			want(t, "on the 19th"+extra, w.asOf(unit, "2026-11-19"), "1=3 1000=20", "1=1 1000=20", "1000=20")
			want(t, "on the 20th"+extra, w.asOf(unit, "2026-11-20"), "1=2 2=7 1000=22", "1=1 1000=22", "1000=22")
		}
	})
}

// TestChildren asks for the children of the last day, with what each had in
// every month.
func TestChildren(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newBranch(k)
		w.say(fact{w.a, "2026-10", held, 1}, fact{w.b, "2026-11", members, 3})
		k.Update(func(tx *db.Tx) error {
			if err := tally.Moving(tx, w.b); err != nil {
				return err
			}
			u, err := orgtree.Find(tx, w.b)
			if err != nil {
				return err
			}
			return orgtree.Move(tx, u, w.a, clock.MustDate("2026-12-31"), "")
		})
		w.fold()
		for _, c := range []struct {
			parent orgtree.ID
			to     clock.Month
			want   []orgtree.ID
		}{
			{w.root, "2026-11", []orgtree.ID{w.a, w.b}},
			{w.root, "2026-12", []orgtree.ID{w.a}},
			{w.a, "2026-11", nil},
			{w.a, "2026-12", []orgtree.ID{w.b}},
			{w.b, "2026-12", nil},
		} {
			k.View(func(tx *db.Tx) error {
				list, err := tally.Children(tx, c.parent, "2026-10", c.to)
				var units []orgtree.ID
				for _, child := range list {
					units = append(units, child.Unit)
				}
				if diff := cmp.Diff(c.want, units); diff != "" {
					t.Errorf("children of %v in %s (-want +got):\n%s", c.parent, c.to, diff)
				}
				return err
			})
		}
		want(t, "who got a unit", w.read(w.a), "1=1", "", "1000=3")
		want(t, "the root", w.read(w.root), "1=1", "1000=3", "1000=3")
	})
}

func TestCheckNamesTheFirstDifference(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newBranch(k)
		records := []tally.Source{{Measures: measures, Count: func(_ *db.Tx, units []orgtree.ID, into *tally.Counts) error {
			for _, unit := range units {
				if unit != w.root {
					into.Add(unit, "2026-10", held, 1)
				}
			}
			return nil
		}}}
		damage := func() (d tally.Difference, found bool) {
			k.View(func(tx *db.Tx) error {
				_, err := tally.Check(tx, records, nil)
				if found = errors.As(err, &d); err != nil && !found {
					return err
				}
				return nil
			})
			return d, found
		}
		w.say(fact{w.a, "2026-10", held, 1})
		if d, _ := damage(); d != (tally.Difference{Unit: w.b, Month: "2026-10", Measure: "held", Stored: 0, Counted: 1}) {
			t.Errorf("a fact that no entry told: %v", d)
		}
		w.write(fact{w.b, "2026-10", held, 1}) // placed, not folded
		if d, found := damage(); found {
			t.Errorf("what is still to be folded is damage: %v", d)
		}
		w.fold()
		for _, c := range []struct {
			name, statement string
			args            []any
			want            tally.Difference
		}{
			{"a row changed", `UPDATE tally SET figures = '1=5' WHERE unit_id = $1`, []any{w.root}, tally.Difference{Unit: w.root, Month: "2026-10", Measure: "held", Stored: 5, Counted: 2}},
			{"a row put in", `INSERT INTO tally (unit_id, month, figures) VALUES ($1, '2026-11', '1000=3')`, []any{w.a}, tally.Difference{Unit: w.a, Month: "2026-11", Measure: "members", Stored: 3}},
			{"a row of no unit", `INSERT INTO tally (unit_id, month, figures) VALUES ($1, '2026-11', '77=3')`, []any{5}, tally.Difference{Unit: 5, Month: "2026-11", Measure: "measure 77", Stored: 3}},
			{"a row removed", `DELETE FROM tally WHERE unit_id = $1`, []any{w.b}, tally.Difference{Unit: w.b, Month: "2026-10", Measure: "held", Counted: 1}},
		} {
			k.Update(func(tx *db.Tx) error {
				_, err := tx.Exec(c.statement, c.args...)
				return err
			})
			if d, _ := damage(); d != c.want {
				t.Errorf("%s: %+v, want %+v", c.name, d, c.want)
			}
			k.Update(func(tx *db.Tx) error { return tally.Recount(tx, records) })
			if d, found := damage(); found {
				t.Errorf("%s: after the recount %v", c.name, d)
			}
		}
	})
}

// TestSeveralFolders lets three at once fold the same entries: each entry is
// counted once.
func TestSeveralFolders(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newBranch(k)
		for range 30 {
			w.write(fact{w.a, "2026-10", held, 1})
		}
		var folders sync.WaitGroup
		for range 3 {
			folders.Go(func() {
				for left := true; left; {
					var b tally.Batch
					err := k.DB.View(context.Background(), func(tx *db.Tx) (err error) {
						b, err = tally.Arrange(tx, 4)
						return err
					})
					if left = !b.Empty(); err == nil && left {
						err = k.DB.Update(context.Background(), func(tx *db.Tx) error { return tally.Fold(tx, b) })
					}
					if err != nil && !errs.Is(err, errs.Conflict) {
						t.Error(err)
						return
					}
				}
			})
		}
		folders.Wait()
		want(t, "counted by three", w.read(w.root), "1=30", "", "")
	})
}

// TestLoad puts rows beside which verbs go on counting.
func TestLoad(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newBranch(k)
		w.write(fact{w.a, "2026-10", held, 1})
		k.Update(func(tx *db.Tx) error {
			return tally.Load(tx, func(yield func(tally.Row, error) bool) {
				for _, unit := range []orgtree.ID{w.root, w.b} {
					if !yield(tally.Row{Unit: unit, Month: "2026-10", Figures: tally.Figures{{ID: held.ID, N: 4}, {ID: members.ID, N: 20}}}, nil) {
						return
					}
				}
			})
		})
		w.fold()
		want(t, "root", w.read(w.root), "1=5 1000=20", "1000=20", "1000=20")
		want(t, "loaded", w.read(w.b), "1=4 1000=20", "1000=20", "1000=20")
		want(t, "journalled", w.read(w.a), "1=1", "", "")
	})
}

// TestPutAbove adds up what was put in below, however often.
func TestPutAbove(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		w := newBranch(k)
		k.Update(func(tx *db.Tx) error {
			var below, own tally.Counts
			for _, unit := range []orgtree.ID{w.a, w.b} {
				below.Add(unit, "2026-10", held, 2)
				below.Add(unit, "2026-11", members, 7)
			}
			own.Add(w.root, "2026-10", members, 1)
			if err := tally.Put(tx, below.Rows()); err != nil {
				return err
			}
			for range 2 {
				if err := tally.PutAbove(tx, w.root, own); err != nil {
					return err
				}
			}
			return nil
		})
		want(t, "root", w.read(w.root), "1=4 1000=1", "1000=15", "1000=15")
		want(t, "below", w.read(w.b), "1=2", "1000=7", "1000=7")
	})
}
