package tally_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

var (
	held    = tally.Measure{ID: 1, Key: "held"}
	came    = tally.Measure{ID: 2, Key: "came"}
	members = tally.Measure{ID: 1000, Key: "members"}
)

var measures = []tally.Measure{held, came, members}

// fact is what a record would say.
type fact struct {
	unit    orgtree.ID
	month   clock.Month
	measure tally.Measure
	n       int64
}

// world is a tree with facts, and a plain reckoning of what the figures are.
type world struct {
	t     *rapid.T
	k     *testkit.Kit
	units []orgtree.ID
	facts *[]fact
	gone  map[orgtree.ID]bool
	codes *int
}

func (w *world) try(fn func(tx *db.Tx) error) {
	switch err := w.k.DB.Update(context.Background(), fn); {
	case errs.Is(err, errs.Conflict): // a move that the tree refuses
	case err != nil:
		w.t.Fatal(err)
	}
}

func (w *world) month() clock.Month {
	return clock.Month("2026-08").Add(rapid.IntRange(0, 5).Draw(w.t, "month"))
}

func (w *world) day() clock.Date {
	return w.month().First().AddDays(rapid.IntRange(0, 27).Draw(w.t, "day"))
}

func (w *world) unit() orgtree.ID { return rapid.SampledFrom(w.units).Draw(w.t, "unit") }

func (w *world) add() {
	*w.codes++
	u := orgtree.Unit{Code: fmt.Sprint(*w.codes), Name: "x", Kind: "cell", Level: "base", Founded: clock.MustDate("2026-06-15")}
	if len(w.units) > 0 {
		u.Parent = w.unit()
	}
	w.try(func(tx *db.Tx) error {
		added, err := orgtree.Add(tx, u, "")
		if err == nil {
			w.units = append(w.units, added.ID)
		}
		return err
	})
}

func (w *world) count() {
	f := fact{w.unit(), w.month(), rapid.SampledFrom(measures).Draw(w.t, "measure"), rapid.Int64Range(-2, 4).Draw(w.t, "n")}
	w.say(f)
}

func (w *world) say(list ...fact) {
	w.try(func(tx *db.Tx) error {
		var c tally.Counts
		for _, f := range list {
			c.Add(f.unit, f.month, f.measure, f.n)
		}
		return journal.Write(tx, access.Actor{Console: true}, journal.Change{Unit: list[0].unit, Verb: "test.Say", Noun: "test", ID: 1, Figures: c.String()})
	})
	*w.facts = append(*w.facts, list...)
}

func (w *world) move() {
	unit, to, day := w.unit(), w.unit(), w.day()
	w.try(func(tx *db.Tx) error {
		if err := tally.Moving(tx, unit); err != nil {
			return err
		}
		u, err := orgtree.Find(tx, unit)
		if err != nil {
			return err
		}
		return orgtree.Move(tx, u, to, day, "")
	})
}

func (w *world) undo() {
	unit := w.unit()
	w.try(func(tx *db.Tx) error {
		if err := tally.Moving(tx, unit); err != nil {
			return err
		}
		u, err := orgtree.Find(tx, unit)
		if err != nil {
			return err
		}
		_, err = orgtree.Undo(tx, u)
		return err
	})
}

// remove takes back a unit that bears no other, with all its facts, as the
// undoing of an import does.
func (w *world) remove() {
	unit := w.units[len(w.units)-1]
	removed := false
	w.try(func(tx *db.Tx) error {
		bearing, err := orgtree.Bearing(tx)
		if err != nil || bearing[unit] || len(w.units) == 1 {
			return err
		}
		var c tally.Counts
		for _, f := range *w.facts {
			if f.unit == unit {
				c.Add(f.unit, f.month, f.measure, -f.n)
			}
		}
		if err := tally.Moving(tx, unit); err != nil {
			return err
		}
		if err := journal.Write(tx, access.Actor{Console: true}, journal.Change{Unit: w.units[0], Verb: "test.Remove", Noun: "test", ID: 1, Figures: c.String()}); err != nil {
			return err
		}
		removed = true
		return orgtree.Remove(tx, unit)
	})
	if removed {
		w.units = w.units[:len(w.units)-1]
		w.gone[unit] = true
		*w.facts = slices.DeleteFunc(*w.facts, func(f fact) bool { return f.unit == unit })
	}
}

func (w *world) place(most int) {
	w.try(func(tx *db.Tx) error {
		p, err := journal.Arrange(tx, most)
		if err != nil {
			return err
		}
		return journal.Place(tx, p)
	})
}

func (w *world) fold(most int, between func()) {
	var b tally.Batch
	w.k.View(func(tx *db.Tx) (err error) {
		b, err = tally.Arrange(tx, most)
		return err
	})
	if between(); !b.Empty() {
		w.try(func(tx *db.Tx) error { return tally.Fold(tx, b) })
	}
}

// source counts the facts as records would be counted.
func (w *world) source() []tally.Source {
	return []tally.Source{{Measures: measures, Count: func(_ *db.Tx, units []orgtree.ID, into *tally.Counts) error {
		for _, f := range *w.facts {
			if slices.Contains(units, f.unit) {
				into.Add(f.unit, f.month, f.measure, f.n)
			}
		}
		return nil
	}}}
}

func (w *world) check() {
	w.k.View(func(tx *db.Tx) error {
		_, err := tally.Check(tx, w.source(), nil)
		if err != nil {
			w.t.Error(err)
		}
		return nil
	})
}

// under reports whether the unit is the one above it or lay below it on the day.
func under(parents map[orgtree.ID][]orgtree.Parenthood, unit, above orgtree.ID, day clock.Date) bool {
	for unit != 0 {
		if unit == above {
			return true
		}
		history := parents[unit]
		unit = 0
		for i, p := range history {
			if i == 0 || !p.From.After(day) {
				unit = p.Parent
			}
		}
	}
	return false
}

func (w *world) compare() {
	from, to := clock.Month("2026-07"), clock.Month("2027-02")
	w.k.View(func(tx *db.Tx) error {
		parents := map[orgtree.ID][]orgtree.Parenthood{}
		for _, unit := range w.units {
			var err error
			if parents[unit], err = orgtree.Parents(tx, unit); err != nil {
				return err
			}
		}
		for _, unit := range w.units {
			got, err := tally.Read(tx, unit, from, to)
			if err != nil {
				return err
			}
			for i, month := range from.Until(to) {
				var want tally.Figures
				for _, f := range *w.facts {
					if !under(parents, f.unit, unit, month.Last()) {
						continue
					}
					if f.month == month || f.measure.Stock() && f.month < month {
						want.Add(f.measure, f.n)
					}
				}
				if diff := cmp.Diff(fmt.Sprint(want), fmt.Sprint(got[i])); diff != "" {
					w.t.Errorf("unit %v in %s (-want +got):\n%s", unit, month, diff)
				}
			}
		}
		return nil
	})
}

// TestFiguresFollow lets units be founded, moved, moved back and removed while
// facts of any month come in, are placed and folded in pieces: at each moment the
// check is content, and in the end each unit has in each month what a plain
// reckoning gives.
func TestFiguresFollow(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		k.Update(func(tx *db.Tx) error { return tally.Recount(tx, nil) })
		var facts []fact
		codes := 0
		rapid.Check(t, func(t *rapid.T) {
			w := &world{t: t, k: k, facts: &facts, gone: map[orgtree.ID]bool{}, codes: &codes}
			w.add()
			steps := map[string]func(){
				"add": w.add, "count": w.count, "late": w.count, "more": w.count, "move": w.move, "undo": w.undo, "remove": w.remove,
				"place": func() { w.place(rapid.IntRange(1, 5).Draw(t, "most")) },
				"fold":  func() { w.fold(rapid.IntRange(1, 4).Draw(t, "most"), func() {}) },
				"race":  func() { w.fold(3, rapid.SampledFrom([]func(){w.move, w.undo, w.count}).Draw(t, "between")) },
			}
			names := slices.Sorted(maps.Keys(steps))
			for range rapid.IntRange(5, 40).Draw(t, "steps") {
				steps[rapid.SampledFrom(names).Draw(t, "step")]()
			}
			w.check()
			w.place(1000)
			w.fold(1000, func() {})
			w.check()
			w.compare()
		})
	})
}
