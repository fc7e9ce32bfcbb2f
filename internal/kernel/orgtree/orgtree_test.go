package orgtree_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/testkit"
)

var dayZero = clock.MustDate("2026-01-01")

// daysMost is how far the days of the tests reach.
const daysMost = 40

// forest is what the tree should be, kept the plain way: for each unit the
// list of its parents with the day from which each holds.
type forest struct {
	k     *testkit.Kit
	units map[orgtree.ID]*tree
	order []orgtree.ID
}

type tree struct {
	founded, ended clock.Date
	parents        []parent
}

type parent struct {
	id   orgtree.ID
	from clock.Date
}

func (t *tree) parentOn(day clock.Date) (orgtree.ID, bool) {
	for _, p := range slices.Backward(t.parents) {
		if !day.Before(p.from) {
			return p.id, true
		}
	}
	return 0, false
}

func (t *tree) lastParent() orgtree.ID { return t.parents[len(t.parents)-1].id }

func (t *tree) existsOn(day clock.Date) bool { return day.Within(t.founded, t.ended) }

// circle reports whether unit, hung below parent from the day on, would stand
// above itself on any day.
func (f *forest) circle(unit, under orgtree.ID, from clock.Date) bool {
	for d := from; !d.After(dayZero.AddDays(daysMost + 1)); d = d.AddDays(1) {
		for at, known := under, true; known && at != 0; at, known = f.units[at].parentOn(d) {
			if at == unit {
				return true
			}
		}
	}
	return false
}

func (f *forest) add(r *rapid.T, under orgtree.ID, founded clock.Date) {
	var u orgtree.Unit
	err := f.k.Try(func(tx *db.Tx) (err error) {
		name := fmt.Sprintf("Chi bộ %d", len(f.units))
		u, err = orgtree.Add(tx, orgtree.Unit{Parent: under, Code: id.New[forest]().String(), Name: name, Founded: founded}, "")
		return err
	})
	ended := under != 0 && !f.units[under].ended.IsZero()
	if expect(r, "add", err, ended) {
		f.units[u.ID] = &tree{founded: founded, parents: []parent{{under, founded}}}
		f.order = append(f.order, u.ID)
	}
}

// expect fails unless err is nil or the Conflict that the model foresees.
func expect(r *rapid.T, step string, err error, conflict bool) (done bool) {
	if conflict != errs.Is(err, errs.Conflict) || !conflict && err != nil {
		r.Fatalf("%s: %v, want conflict: %v", step, err, conflict)
	}
	return err == nil
}

func (f *forest) load(tx *db.Tx, unit orgtree.ID) orgtree.Unit {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		f.k.T.Fatal(err)
	}
	return u
}

func (f *forest) move(r *rapid.T, unit, under orgtree.ID, day clock.Date) bool {
	t := f.units[unit]
	err := f.k.Try(func(tx *db.Tx) error {
		return orgtree.Move(tx, f.load(tx, unit), under, day, "12-QĐ/ĐU")
	})
	conflict := !f.units[under].ended.IsZero() || f.circle(unit, under, day) || !day.After(t.parents[len(t.parents)-1].from)
	if !expect(r, "move", err, conflict) {
		return false
	}
	t.parents = append(t.parents, parent{under, day})
	return true
}

func (f *forest) undo(r *rapid.T, unit orgtree.ID) bool {
	t := f.units[unit]
	err := f.k.Try(func(tx *db.Tx) error {
		_, err := orgtree.Undo(tx, f.load(tx, unit))
		return err
	})
	conflict := len(t.parents) < 2
	if !conflict {
		last, before := t.parents[len(t.parents)-1], t.parents[len(t.parents)-2]
		conflict = before.id != 0 && !f.units[before.id].ended.IsZero() || f.circle(unit, before.id, last.from)
	}
	if !expect(r, "undo", err, conflict) {
		return false
	}
	t.parents = t.parents[:len(t.parents)-1]
	return true
}

func (f *forest) end(r *rapid.T, unit orgtree.ID, day clock.Date) {
	err := f.k.Try(func(tx *db.Tx) error { return orgtree.End(tx, f.load(tx, unit), day) })
	conflict := day.Before(f.units[unit].founded)
	for _, other := range f.units {
		for i, p := range other.parents {
			until := other.ended
			if i+1 < len(other.parents) {
				if next := other.parents[i+1].from; until.IsZero() || next.Before(until) {
					until = next
				}
			}
			conflict = conflict || p.id == unit && (until.IsZero() || until.After(day))
		}
	}
	if expect(r, "end", err, conflict) {
		f.units[unit].ended = day
	}
}

// check compares the stored tree with the plain one: paths for today, and the
// tree as of the day.
func (f *forest) check(r *rapid.T, root orgtree.ID, day clock.Date) {
	f.k.View(func(tx *db.Tx) error {
		for unit, t := range f.units {
			u := f.load(tx, unit)
			want := orgtree.Path(unit.String() + "/")
			depth := 0
			for at := t.lastParent(); at != 0; at = f.units[at].lastParent() {
				want = orgtree.Path(at.String()+"/") + want
				depth++
			}
			if u.Path != want || u.Depth != depth || u.Parent != t.lastParent() {
				r.Fatalf("unit %v: path %q, depth %d, want %q, %d", unit, u.Path, u.Depth, want, depth)
			}
			above, err := orgtree.Ancestors(tx, u)
			if err != nil || len(above) != depth+1 || above[depth].ID != unit {
				r.Fatalf("ancestors of %v: %v, %v", unit, above, err)
			}
		}
		node, err := orgtree.On(tx, root, day)
		if exists := f.units[root].existsOn(day); !exists {
			if !errs.Is(err, errs.NotFound) {
				r.Fatalf("a unit that did not exist on %v: %v", day, err)
			}
			return nil
		}
		if err != nil {
			return err
		}
		if got, want := outline(node), f.outline(root, day); got != want {
			r.Fatalf("on %v:\n%s\nwant\n%s", day, got, want)
		}
		f.checkNear(r, tx, node, day)
		return nil
	})
}

// checkNear compares the tree that is cut short with the whole one.
func (f *forest) checkNear(r *rapid.T, tx *db.Tx, whole orgtree.Node, day clock.Date) {
	for most, want := range map[int]string{
		size(whole) - 1: outline(whole),
		size(whole) - 2: outline(direct(whole)),
		0:               outline(direct(whole)),
	} {
		near, err := orgtree.Near(tx, whole.ID, day, most)
		if most < 0 {
			continue // it stands alone
		}
		if got := outline(near); err != nil || got != want {
			r.Fatalf("on %v, at most %d:\n%s, %v\nwant\n%s", day, most, got, err, want)
		}
		for i, child := range near.Children {
			bears := len(whole.Children[i].Children) > 0
			if child.More != (bears && len(child.Children) == 0) {
				r.Fatalf("on %v, at most %d: more below %v: %v", day, most, child.ID, child.More)
			}
		}
	}
	at, err := orgtree.At(tx, whole.ID, day)
	if parent, _ := f.units[whole.ID].parentOn(day); err != nil || at.ID != whole.ID || at.Parent != parent {
		r.Fatalf("on %v below %v, %v, want %v", day, at.Parent, err, parent)
	}
}

func size(n orgtree.Node) int {
	count := 1
	for _, child := range n.Children {
		count += size(child)
	}
	return count
}

// direct is the node with what hangs directly below it.
func direct(n orgtree.Node) orgtree.Node {
	n.Children = slices.Clone(n.Children)
	for i := range n.Children {
		n.Children[i].Children = nil
	}
	return n
}

func outline(n orgtree.Node) string {
	var parts []string
	for _, child := range n.Children {
		parts = append(parts, outline(child))
	}
	slices.Sort(parts)
	return n.ID.String() + "(" + strings.Join(parts, " ") + ")"
}

func (f *forest) outline(unit orgtree.ID, day clock.Date) string {
	var parts []string
	for id, t := range f.units {
		if p, known := t.parentOn(day); known && p == unit && t.existsOn(day) {
			parts = append(parts, f.outline(id, day))
		}
	}
	slices.Sort(parts)
	return unit.String() + "(" + strings.Join(parts, " ") + ")"
}

// rows is every stored row of the tree but the versions, which only grow.
func (f *forest) rows() (list []string) {
	f.k.View(func(tx *db.Tx) error {
		for _, query := range []string{
			`SELECT id || ' ' || COALESCE(parent_id, 0) || ' ' || path || ' ' || depth || ' ' || code || ' ' || name || ' ' || COALESCE(ended, '') FROM unit ORDER BY id`,
			`SELECT unit_id || ' ' || COALESCE(parent_id, 0) || ' ' || from_day || ' ' || COALESCE(to_day, '') || ' ' || decision FROM unit_parent ORDER BY unit_id, from_day`,
		} {
			rows, err := db.All(tx, db.Column[string], query)
			if err != nil {
				return err
			}
			list = append(list, rows...)
		}
		return nil
	})
	return list
}

func TestTreeOfEveryDay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		rapid.Check(t, func(r *rapid.T) {
			f := &forest{k: k, units: map[orgtree.ID]*tree{}}
			day := func(name string) clock.Date { return dayZero.AddDays(rapid.IntRange(0, daysMost).Draw(r, name)) }
			unit := func(name string) orgtree.ID { return rapid.SampledFrom(f.order).Draw(r, name) }
			f.add(r, 0, dayZero)
			f.add(r, f.order[0], dayZero)
			f.add(r, 0, day("founded"))
			for range rapid.IntRange(1, 15).Draw(r, "steps") {
				switch rapid.SampledFrom([]string{"add", "add", "move", "move", "move", "move and undo", "undo", "end"}).Draw(r, "step") {
				case "add":
					f.add(r, unit("under"), day("founded"))
				case "move":
					f.move(r, unit("unit"), unit("under"), day("from"))
				case "move and undo":
					before, moved := f.rows(), unit("unit")
					if f.move(r, moved, unit("under"), day("from")) {
						undone := f.undo(r, moved)
						if after := f.rows(); undone && !slices.Equal(before, after) {
							r.Fatalf("a move that was undone left\n%v\nof\n%v", after, before)
						}
					}
				case "undo":
					f.undo(r, unit("unit"))
				case "end":
					f.end(r, unit("unit"), day("end"))
				}
				f.check(r, unit("root"), day("as of"))
			}
		})
	})
}

func commune(t *testing.T, k *testkit.Kit, cells ...string) map[string]orgtree.Unit {
	t.Helper()
	units := map[string]orgtree.Unit{}
	k.Update(func(tx *db.Tx) (err error) {
		add := func(code string, under orgtree.ID, cell string) {
			if err == nil {
				units[code], err = orgtree.Add(tx, orgtree.Unit{Parent: under, Code: code, Name: "Đơn vị " + code, CellType: cell, Founded: dayZero}, "")
			}
		}
		add("commune", 0, "")
		add("other", 0, "")
		for _, code := range cells {
			add(code, units["commune"].ID, "village")
		}
		return err
	})
	return units
}

func TestRefusals(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		u := commune(t, k, "a", "b")
		day := dayZero.AddDays(10)
		stale := u["a"]
		stale.Version--
		for _, c := range []struct {
			what string
			do   func(tx *db.Tx) error
			kind errs.Kind
		}{
			{"code in use", func(tx *db.Tx) error {
				_, err := orgtree.Add(tx, orgtree.Unit{Parent: u["commune"].ID, Code: "a", Name: "x", Founded: day}, "")
				return err
			}, errs.Conflict},
			{"parent that is not there", func(tx *db.Tx) error {
				_, err := orgtree.Add(tx, orgtree.Unit{Parent: 5, Code: "c", Name: "x", Founded: day}, "")
				return err
			}, errs.NotFound},
			{"move below itself", func(tx *db.Tx) error { return orgtree.Move(tx, u["commune"], u["a"].ID, day, "") }, errs.Conflict},
			{"move to where nothing is", func(tx *db.Tx) error { return orgtree.Move(tx, u["a"], 5, day, "") }, errs.NotFound},
			{"move before the last", func(tx *db.Tx) error { return orgtree.Move(tx, u["a"], u["other"].ID, dayZero, "") }, errs.Conflict},
			{"move of a stale version", func(tx *db.Tx) error { return orgtree.Move(tx, stale, u["other"].ID, day, "") }, errs.Conflict},
			{"undo of a stale version", func(tx *db.Tx) error { _, err := orgtree.Undo(tx, stale); return err }, errs.Conflict},
			{"undo without a move", func(tx *db.Tx) error { _, err := orgtree.Undo(tx, u["a"]); return err }, errs.Conflict},
			{"change of a stale version", func(tx *db.Tx) error { return orgtree.Change(tx, stale) }, errs.Conflict},
			{"end of a stale version", func(tx *db.Tx) error { return orgtree.End(tx, stale, day) }, errs.Conflict},
			{"end with units below", func(tx *db.Tx) error { return orgtree.End(tx, u["commune"], day) }, errs.Conflict},
			{"end before it began", func(tx *db.Tx) error { return orgtree.End(tx, u["a"], dayZero.AddDays(-1)) }, errs.Conflict},
			{"nothing found", func(tx *db.Tx) error { _, err := orgtree.Find(tx, 5); return err }, errs.NotFound},
			{"tree of what is not there", func(tx *db.Tx) error { _, err := orgtree.On(tx, 5, day); return err }, errs.NotFound},
		} {
			t.Log(c.what)
			testkit.Want(t, k.Try(c.do), c.kind)
		}
	})
}

// Two moves for days to come may close a circle that neither of today's paths
// shows.
func TestCircleOfAFewDays(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		u := commune(t, k, "a")
		k.Update(func(tx *db.Tx) error {
			below, err := orgtree.Add(tx, orgtree.Unit{Parent: u["a"].ID, Code: "b", Name: "b", Founded: dayZero}, "")
			if err != nil {
				return err
			}
			// b leaves a on day 20; until then it lies below a.
			if err := orgtree.Move(tx, below, u["commune"].ID, dayZero.AddDays(20), ""); err != nil {
				return err
			}
			testkit.Want(t, orgtree.Move(tx, u["a"], below.ID, dayZero.AddDays(10), ""), errs.Conflict)
			return orgtree.Move(tx, u["a"], below.ID, dayZero.AddDays(20), "")
		})
	})
}

// A unit read before a unit above it moved still moves with its right path.
func TestMoveAfterTheUnitAboveMoved(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		u := commune(t, k, "a", "b")
		day := dayZero.AddDays(10)
		k.Update(func(tx *db.Tx) error {
			if err := orgtree.Move(tx, u["commune"], u["other"].ID, day, ""); err != nil {
				return err
			}
			if err := orgtree.Move(tx, u["a"], u["b"].ID, day, ""); err != nil {
				return err
			}
			a, err := orgtree.Find(tx, u["a"].ID)
			if want := orgtree.Path(fmt.Sprintf("%v/%v/%v/%v/", u["other"].ID, u["commune"].ID, u["b"].ID, u["a"].ID)); a.Path != want || a.Depth != 3 {
				t.Errorf("path %q at depth %d, want %q", a.Path, a.Depth, want)
			}
			return err
		})
	})
}

// A list cut by scope must be read through indexes: the tree by path, the rows
// by their unit. "SCAN" in the plan means that the whole table is read.
func TestScopeUsesIndexes(t *testing.T) {
	k := testkit.SQLite(t)
	u := commune(t, k, "a", "b", "c")
	var branch, mixed, single orgtree.Scope
	branch.AddBranch(u["commune"].Path)
	single.AddUnit(u["a"].ID)
	mixed.AddUnit(u["a"].ID)
	mixed.AddBranch(u["other"].Path)
	mixed.AddBranch(u["b"].Path)
	type step struct{ detail string }
	for name, scope := range map[string]orgtree.Scope{"branch": branch, "single": single, "mixed": mixed} {
		where, args := scope.Where("g.unit_id", 1)
		k.View(func(tx *db.Tx) error {
			plan, err := db.All(tx, func(row db.Row) (s step, err error) {
				var id, parent, unused int
				return s, row.Scan(&id, &parent, &unused, &s.detail)
			}, `EXPLAIN QUERY PLAN SELECT g.id FROM role_grant g WHERE `+where, args...)
			text := fmt.Sprint(plan)
			if strings.Contains(text, "SCAN") || !strings.Contains(text, "role_grant_unit_idx") {
				t.Errorf("%s reads a whole table: %s", name, text)
			}
			if name != "single" && !strings.Contains(text, "path>? AND path<?") {
				t.Errorf("%s does not find the units by path: %s", name, text)
			}
			return err
		})
	}
}

func TestScope(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		u := commune(t, k, "a", "b", "c")
		scope := func(build func(*orgtree.Scope)) (s orgtree.Scope) {
			build(&s)
			return s
		}
		for _, c := range []struct {
			name  string
			scope orgtree.Scope
			want  []string
		}{
			{"nothing", orgtree.Scope{}, nil},
			{"one unit", scope(func(s *orgtree.Scope) { s.AddUnit(u["commune"].ID) }), []string{"commune"}},
			{"a branch", scope(func(s *orgtree.Scope) { s.AddBranch(u["commune"].Path) }), []string{"a", "b", "c", "commune"}},
			{"a branch within a branch", scope(func(s *orgtree.Scope) {
				s.AddBranch(u["a"].Path)
				s.AddBranch(u["commune"].Path)
				s.AddBranch(u["b"].Path)
			}), []string{"a", "b", "c", "commune"}},
			{"units and branches", scope(func(s *orgtree.Scope) {
				s.AddUnit(u["a"].ID)
				s.AddUnit(u["a"].ID)
				s.AddBranch(u["other"].Path)
			}), []string{"a", "other"}},
		} {
			if c.scope.Empty() != (c.want == nil) {
				t.Errorf("%s: empty %v", c.name, c.scope.Empty())
			}
			for code, unit := range u {
				if got := c.scope.Contains(unit); got != slices.Contains(c.want, code) {
					t.Errorf("%s contains %s: %v", c.name, code, got)
				}
			}
			k.View(func(tx *db.Tx) error {
				list, err := c.scope.Units(tx)
				found := map[string]bool{}
				for _, unit := range list {
					found[unit.Code] = true
				}
				if got := slices.Sorted(maps.Keys(found)); !slices.Equal(got, c.want) {
					t.Errorf("%s: %v, want %v", c.name, got, c.want)
				}
				return err
			})
		}
	})
}

// What is sought by name is found by beginnings of words and by the code, and by
// the same rule among units that are not in the register.
func TestNamed(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		var root, party, cell, other orgtree.Unit
		k.Update(func(tx *db.Tx) (err error) {
			add := func(under orgtree.ID, code, name, cell string) (u orgtree.Unit) {
				if err == nil {
					u, err = orgtree.Add(tx, orgtree.Unit{Parent: under, Code: code, Name: name, CellType: cell, Founded: dayZero}, "")
				}
				return u
			}
			root = add(0, "T", "Đảng bộ tỉnh Hà Nam", "")
			party = add(root.ID, "X-1", "Đảng bộ xã Kim Sơn", "")
			cell = add(party.ID, "K1", "Chi bộ thôn Kim Đông", "village")
			other = add(party.ID, "K2", "Chi bộ thôn Sơn Kim", "village")
			gone := add(party.ID, "K3", "Chi bộ thôn Kim Tây", "village")
			if err == nil {
				err = orgtree.End(tx, gone, dayZero)
			}
			return err
		})
		var all, narrow orgtree.Scope
		all.AddBranch(root.Path)
		narrow.AddUnit(cell.ID)
		for _, c := range []struct {
			what   string
			in     orgtree.Scope
			sought orgtree.Sought
			want   []orgtree.Unit
		}{
			{"a word", all, orgtree.Sought{Words: "kim"}, []orgtree.Unit{party, cell, other}},
			{"beginnings of words in any order", all, orgtree.Sought{Words: "SƠN ki"}, []orgtree.Unit{party, other}},
			{"the middle of a word", all, orgtree.Sought{Words: "im"}, nil},
			{"the code", all, orgtree.Sought{Words: "x-1"}, []orgtree.Unit{party}},
			{"a sign of LIKE", all, orgtree.Sought{Words: "ki%"}, []orgtree.Unit{party, cell, other}},
			{"cells", all, orgtree.Sought{Words: "kim", Sort: orgtree.OnlyCells}, []orgtree.Unit{cell, other}},
			{"parties", all, orgtree.Sought{Words: "kim", Sort: orgtree.OnlyParties}, []orgtree.Unit{party}},
			{"outside a branch", all, orgtree.Sought{Words: "kim", Outside: cell.Path}, []orgtree.Unit{party, other}},
			{"in one unit", narrow, orgtree.Sought{Words: "kim"}, []orgtree.Unit{cell}},
			{"nowhere", orgtree.Scope{}, orgtree.Sought{Words: "kim"}, nil},
			{"nothing", all, orgtree.Sought{Words: " - "}, nil},
		} {
			k.View(func(tx *db.Tx) error {
				got, err := c.in.Named(tx, c.sought, 10)
				var fit []orgtree.Unit
				for _, u := range []orgtree.Unit{root, party, cell, other} {
					if c.in.Contains(u) && c.sought.Fits(u) && len(strings.Trim(c.sought.Words, " -")) > 0 {
						fit = append(fit, u)
					}
				}
				if names(got) != names(c.want) || names(fit) != names(c.want) {
					t.Errorf("%s: found %s, fit %s, want %s", c.what, names(got), names(fit), names(c.want))
				}
				if some, err := c.in.Named(tx, c.sought, 1); err != nil || len(some) > 1 {
					t.Errorf("%s: at most one: %s, %v", c.what, names(some), err)
				}
				return err
			})
		}
	})
}

func names(list []orgtree.Unit) string {
	var parts []string
	for _, u := range list {
		parts = append(parts, u.Name)
	}
	return strings.Join(parts, ", ")
}
