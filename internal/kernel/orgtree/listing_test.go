package orgtree_test

import (
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
)

func TestBreadth(t *testing.T) {
	var tree, province orgtree.Scope
	tree.AddBranch("1/")
	tree.AddBranch("2/3/")
	province.AddBranch("1/2/")
	province.AddUnit(7)
	for _, c := range []struct {
		name  string
		scope orgtree.Scope
		units int
		want  orgtree.Breadth
		order string
	}{
		{"nothing", orgtree.Scope{}, 0, orgtree.Narrow, "m.starts + 0"},
		{"a small tree", tree, 1_000, orgtree.Narrow, "m.starts + 0"},
		{"a tree", tree, 1_001, orgtree.Broad, "m.starts"},
		{"a small province", province, 1_000, orgtree.Narrow, "m.starts + 0"},
		{"a province", province, 1_001, orgtree.Middling, "m.starts"},
	} {
		b := c.scope.BreadthOf(c.units, 1_000)
		if b != c.want || b.ByNumber("m.starts") != c.order {
			t.Errorf("%s: %d, by %s", c.name, b, b.ByNumber("m.starts"))
		}
	}
}

// Whatever is begun with, the same units lie in a scope: those that Contains
// says.
func TestEveryBreadthFindsTheSame(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		rapid.Check(t, func(r *rapid.T) {
			f := &forest{k: k, units: map[orgtree.ID]*tree{}}
			f.add(r, 0, dayZero)
			for range rapid.IntRange(0, 12).Draw(r, "units") {
				f.add(r, rapid.SampledFrom(append(f.order, 0)).Draw(r, "under"), dayZero)
			}
			k.View(func(tx *db.Tx) error {
				var s orgtree.Scope
				all := map[orgtree.ID]orgtree.Unit{}
				for _, unit := range f.order {
					u, err := orgtree.Find(tx, unit)
					if err != nil {
						return err
					}
					all[unit] = u
					switch rapid.IntRange(0, 4).Draw(r, "part") {
					case 0:
						s.AddBranch(u.Path)
					case 1:
						s.AddUnit(u.ID)
					}
				}
				return differs(tx, r, s, all)
			})
		})
	})
}

// differs tells of units that a breadth takes for others than Contains does.
func differs(tx *db.Tx, r *rapid.T, s orgtree.Scope, all map[orgtree.ID]orgtree.Unit) error {
	among, ids := db.OneOf("u.id", 1, slices.Collect(maps.Keys(all)))
	for _, b := range []orgtree.Breadth{orgtree.Narrow, orgtree.Middling, orgtree.Broad} {
		where, args := s.WhereOf(b, "u.id", len(ids)+1)
		found, err := db.All(tx, db.Column[orgtree.ID], `SELECT u.id FROM unit u WHERE `+among+` AND `+where, append(slices.Clone(ids), args...)...)
		if err != nil {
			return err
		}
		for unit, u := range all {
			if slices.Contains(found, unit) != s.Contains(u) {
				r.Errorf("breadth %d: unit %v lies within: %v", b, unit, !s.Contains(u))
			}
		}
	}
	return nil
}

func TestCountGoesNoFurther(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		u := commune(t, k, "a", "b", "c")
		var s orgtree.Scope
		s.AddUnit(u["other"].ID)
		s.AddBranch(u["commune"].Path)
		k.View(func(tx *db.Tx) error {
			for most, want := range map[int]int{1: 1, 2: 2, 4: 4, 5: 5, 9: 5} {
				if n, err := s.Count(tx, most); n != want || err != nil {
					t.Errorf("no further than %d: %d, %v", most, n, err)
				}
			}
			return nil
		})
	})
}
