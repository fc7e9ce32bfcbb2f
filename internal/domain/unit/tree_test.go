package unit_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

// TestTheTreeStaysATree founds, moves, takes back and ends units in random
// order on random days, and looks after each step whether every day has one
// tree.
func TestTheTreeStaysATree(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		round := 0
		rapid.Check(t, func(t *rapid.T) {
			round++
			f := &forest{k: k, prefix: fmt.Sprintf("R%d-", round)}
			f.found(t)
			t.Repeat(map[string]func(*rapid.T){
				"found": f.found,
				"move":  f.move,
				"undo":  f.undo,
				"end":   f.end,
				"":      f.check,
			})
		})
	})
}

// firstDay and days bound the random days; some lie after the kit's today.
var firstDay = clock.NewDate(2026, 10, 29)

const days = 8

func drawDay(t *rapid.T) clock.Date {
	return firstDay.AddDays(rapid.IntRange(0, days-1).Draw(t, "day"))
}

type forest struct {
	k      *testkit.Kit
	prefix string
	units  []orgtree.ID
}

func (f *forest) pick(t *rapid.T) orgtree.ID { return rapid.SampledFrom(f.units).Draw(t, "unit") }

// do runs a verb; a refusal is fine, a failure of the program is not.
func (f *forest) do(t *rapid.T, fn func(tx *db.Tx) error) bool {
	err := f.k.Try(fn)
	if err != nil && !errs.Is(err, errs.Conflict) && !errs.Is(err, errs.Invalid) {
		t.Fatal(err)
	}
	return err == nil
}

func (f *forest) found(t *rapid.T) {
	n := unit.New{
		Founded: drawDay(t),
		// The only kind that may stand below itself.
		Fields: unit.Fields{Code: fmt.Sprintf("%s%d", f.prefix, len(f.units)), Name: "Chi bộ", Kind: "preparatory_cell", CellType: "agency"},
	}
	if len(f.units) > 0 && rapid.IntRange(0, 9).Draw(t, "root") > 0 {
		n.Parent = f.pick(t)
	}
	f.do(t, func(tx *db.Tx) error {
		u, err := unit.Found(tx, access.Console(), n)
		if err == nil {
			f.units = append(f.units, u.ID)
		}
		return err
	})
}

func (f *forest) move(t *rapid.T) {
	what, to, day := f.pick(t), f.pick(t), drawDay(t)
	before := f.export(t)
	moved := f.do(t, func(tx *db.Tx) error {
		return unit.MoveTo(tx, access.Console(), what, f.version(tx, t, what), unit.Move{To: to, Day: day, Decision: "Quyết định chuyển"})
	})
	if !moved || !rapid.Bool().Draw(t, "take back") {
		return
	}
	if !f.do(t, func(tx *db.Tx) error { return unit.UndoMove(tx, access.Console(), what, f.version(tx, t, what)) }) {
		t.Fatal("a move just made could not be taken back")
	}
	if after := f.export(t); !reflect.DeepEqual(before, after) {
		t.Fatalf("undo left a trace:\n%v\n%v", before, after)
	}
}

func (f *forest) undo(t *rapid.T) {
	what := f.pick(t)
	f.do(t, func(tx *db.Tx) error { return unit.UndoMove(tx, access.Console(), what, f.version(tx, t, what)) })
}

func (f *forest) end(t *rapid.T) {
	what, day := f.pick(t), drawDay(t)
	f.do(t, func(tx *db.Tx) error {
		return unit.End(tx, access.Console(), what, f.version(tx, t, what), day, "Quyết định giải thể")
	})
}

func (f *forest) version(tx *db.Tx, t *rapid.T, what orgtree.ID) int64 {
	u, err := orgtree.Find(tx, what)
	if err != nil {
		t.Fatal(err)
	}
	return u.Version
}

// export is all that is stored about the places of the units.
func (f *forest) export(t *rapid.T) (rows []string) {
	f.k.View(func(tx *db.Tx) error {
		for _, each := range f.units {
			u, err := orgtree.Find(tx, each)
			if err != nil {
				t.Fatal(err)
			}
			past, err := orgtree.Parents(tx, each)
			if err != nil {
				t.Fatal(err)
			}
			rows = append(rows, fmt.Sprint(u.Code, u.Path, u.Depth, u.Parent, u.Ended, past))
		}
		return nil
	})
	return rows
}

// check looks at today's paths and at the tree of every day.
func (f *forest) check(t *rapid.T) {
	f.k.View(func(tx *db.Tx) error {
		units, past := map[orgtree.ID]orgtree.Unit{}, map[orgtree.ID][]orgtree.Parenthood{}
		for _, each := range f.units {
			u, err := orgtree.Find(tx, each)
			if err != nil {
				t.Fatal(err)
			}
			units[each] = u
			if past[each], err = orgtree.Parents(tx, each); err != nil {
				t.Fatal(err)
			}
		}
		for _, u := range units {
			checkPath(t, u, units)
			checkPast(t, u, past[u.ID])
		}
		for offset := range days {
			checkDay(tx, t, firstDay.AddDays(offset), f.units, units, past)
		}
		return nil
	})
}

func checkPath(t *rapid.T, u orgtree.Unit, units map[orgtree.ID]orgtree.Unit) {
	want := u.ID.String() + "/"
	if u.Parent != 0 {
		want = string(units[u.Parent].Path) + want
	}
	if string(u.Path) != want || u.Depth != strings.Count(want, "/")-1 {
		t.Fatalf("%s has path %s and depth %d, want %s", u.Code, u.Path, u.Depth, want)
	}
}

func checkPast(t *rapid.T, u orgtree.Unit, past []orgtree.Parenthood) {
	if past[0].From != u.Founded || past[len(past)-1].Parent != u.Parent || !past[len(past)-1].To.IsZero() {
		t.Fatalf("%s: past %v does not run from its founding to its parent", u.Code, past)
	}
	for i := 1; i < len(past); i++ {
		if past[i].From != past[i-1].To || !past[i-1].From.Before(past[i].From) {
			t.Fatalf("%s: past %v has a gap", u.Code, past)
		}
	}
}

// checkDay compares the tree of a day with the parents of that day: everything
// that existed hangs in the tree of one root, once.
func checkDay(tx *db.Tx, t *rapid.T, day clock.Date, order []orgtree.ID, units map[orgtree.ID]orgtree.Unit, past map[orgtree.ID][]orgtree.Parenthood) {
	seen := map[orgtree.ID]orgtree.ID{}
	for _, each := range order {
		u := units[each]
		if !day.Within(u.Founded, u.Ended) || parentOn(past[each], day) != 0 {
			continue
		}
		root, err := orgtree.On(tx, each, day)
		if err != nil {
			t.Fatal(err)
		}
		walk(root, 0, func(n orgtree.Node, parent orgtree.ID) {
			if _, twice := seen[n.ID]; twice {
				t.Fatalf("%s stands twice in the tree of %s", n.Code, day)
			}
			seen[n.ID] = parent
		})
	}
	for _, each := range order {
		u := units[each]
		if !day.Within(u.Founded, u.Ended) {
			continue
		}
		if parent, ok := seen[each]; !ok || parent != parentOn(past[each], day) {
			t.Fatalf("on %s %s hangs below %v, found %t, want %v", day, u.Code, parent, ok, parentOn(past[each], day))
		}
	}
}

func parentOn(past []orgtree.Parenthood, day clock.Date) orgtree.ID {
	i := slices.IndexFunc(past, func(p orgtree.Parenthood) bool { return day.Within(p.From, p.To) })
	if i < 0 {
		return 0
	}
	return past[i].Parent
}

func walk(n orgtree.Node, parent orgtree.ID, visit func(orgtree.Node, orgtree.ID)) {
	visit(n, parent)
	for _, child := range n.Children {
		walk(child, n.ID, visit)
	}
}
