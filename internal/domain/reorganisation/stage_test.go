package reorganisation_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/schema"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// stage is a plan on which verbs are tried, with who writes it.
type stage struct {
	*testkit.Kit
	t    testing.TB
	by   access.PersonID // the console for none
	plan reorganisation.Plan
}

// decision takes effect today.
func decision(k *testkit.Kit) reorganisation.Decision {
	return reorganisation.Decision{
		Title: "Sắp xếp các chi bộ thôn", Number: "21-QĐ/ĐU", Decided: k.Today().AddDays(-3), Effective: k.Today(),
	}
}

func begin(t testing.TB, k *testkit.Kit, by access.PersonID, at orgtree.ID, d reorganisation.Decision) *stage {
	t.Helper()
	s := &stage{Kit: k, t: t, by: by}
	k.Update(func(tx *db.Tx) (err error) {
		s.plan, err = reorganisation.Begin(tx, s.actor(tx), at, d)
		return err
	})
	return s
}

func (s *stage) actor(tx *db.Tx) access.Actor {
	s.t.Helper()
	if s.by == 0 {
		return access.Console()
	}
	actor, err := access.Act(tx, s.by)
	if err != nil {
		s.t.Fatal(err)
	}
	return actor
}

// do runs a verb on the plan in its present version.
func (s *stage) do(verb func(tx *db.Tx, by access.Actor, version int64) error) error {
	return s.Try(func(tx *db.Tx) error {
		d, err := reorganisation.Find(tx, access.Console(), s.plan.ID)
		if err != nil {
			return err
		}
		return verb(tx, s.actor(tx), d.Version)
	})
}

func (s *stage) must(verb func(tx *db.Tx, by access.Actor, version int64) error) {
	s.t.Helper()
	if err := s.do(verb); err != nil {
		s.t.Fatal(err)
	}
}

// add adds a step and gives its unit.
func (s *stage) add(step reorganisation.Step) (u orgtree.ID) {
	s.t.Helper()
	s.must(func(tx *db.Tx, by access.Actor, version int64) error {
		added, err := reorganisation.AddStep(tx, by, s.plan.ID, version, step)
		u = added.Unit
		return err
	})
	return u
}

// cell founds a village cell.
func (s *stage) cell(under orgtree.ID, code, name string) orgtree.ID {
	s.t.Helper()
	return s.add(reorganisation.Step{Kind: reorganisation.Found, To: under, Fields: unit.Fields{Code: code, Name: name, Kind: "village_cell", CellType: "village"}})
}

func (s *stage) send(to orgtree.ID, people ...member.ID) {
	s.t.Helper()
	s.must(func(tx *db.Tx, by access.Actor, version int64) error {
		return reorganisation.Send(tx, by, s.plan.ID, version, people, to)
	})
}

func (s *stage) nominate(at orgtree.ID, person member.ID, post string) {
	s.t.Helper()
	s.must(func(tx *db.Tx, by access.Actor, version int64) error {
		return reorganisation.Nominate(tx, by, s.plan.ID, version, reorganisation.Nomination{Unit: at, Person: person, Post: post})
	})
}

func (s *stage) preview() (r reorganisation.DryRun) {
	s.t.Helper()
	s.View(func(tx *db.Tx) (err error) {
		r, err = reorganisation.Preview(tx, s.actor(tx), s.plan.ID)
		return err
	})
	return r
}

func (s *stage) apply() error {
	return s.do(func(tx *db.Tx, by access.Actor, version int64) error {
		return reorganisation.Apply(tx, by, s.plan.ID, version)
	})
}

func (s *stage) takeBack() error {
	return s.do(func(tx *db.Tx, by access.Actor, version int64) error {
		return reorganisation.TakeBack(tx, by, s.plan.ID, version, "Quyết định có sai sót")
	})
}

// carryOut applies a plan that nothing stands in the way of.
func (s *stage) carryOut() {
	s.t.Helper()
	for _, f := range s.preview().Findings {
		if f.Blocking {
			s.t.Errorf("%s: %s %v", f.Name, f.Key, f.Args)
		}
	}
	if err := s.apply(); err != nil {
		s.t.Fatal(err)
	}
}

// keys are the findings that stand in the way.
func blocking(r reorganisation.DryRun) (keys []string) {
	for _, f := range r.Findings {
		if f.Blocking {
			keys = append(keys, strings.TrimPrefix(f.Key, "reorganisation.finding."))
		}
	}
	return keys
}

func known(r reorganisation.DryRun) (keys []string) {
	for _, f := range r.Findings {
		if !f.Blocking {
			keys = append(keys, strings.TrimPrefix(f.Key, "reorganisation.finding."))
		}
	}
	return keys
}

// export is every row of every table but what is meant to remember a plan that
// was taken back: the journal, notices with the jobs that carry them, figures
// still to be followed, the plan itself, and the versions of records, which only
// grow.
func export(t testing.TB, k *testkit.Kit, tables []schema.Table) (list []string) {
	t.Helper()
	k.View(func(tx *db.Tx) (err error) {
		list, err = rows(tx, tables)
		return err
	})
	return list
}

func rows(tx *db.Tx, tables []schema.Table) (list []string, err error) {
	for _, table := range tables {
		if remembers(table.Name) {
			continue
		}
		var columns []string
		for _, c := range table.Columns {
			if c != "version" {
				columns = append(columns, `COALESCE(CAST(`+c+` AS TEXT), '-')`)
			}
		}
		found, err := db.All(tx, db.Column[string], `SELECT `+strings.Join(columns, ` || '|' || `)+` FROM `+table.Name+` ORDER BY 1`)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", table.Name, err)
		}
		for _, row := range found {
			list = append(list, table.Name+": "+row)
		}
	}
	return list, nil
}

func remembers(table string) bool {
	for _, prefix := range []string{"journal", "notice", "job", "delivery", "tally", "reorganisation"} {
		if strings.HasPrefix(table, prefix) {
			return true
		}
	}
	return false
}

// allTables reads what tables there are: SQLite alone tells.
func allTables(t testing.TB) (list []schema.Table) {
	t.Helper()
	testkit.SQLite(t).View(func(tx *db.Tx) (err error) {
		list, err = schema.Tables(tx)
		return err
	})
	return list
}

// reporter is a test, or one of many random ones.
type reporter interface {
	Errorf(format string, args ...any)
}

// same fails with the rows that differ.
func same(t reporter, before, after []string) {
	if slices.Equal(before, after) {
		return
	}
	for _, row := range before {
		if !slices.Contains(after, row) {
			t.Errorf("is gone: %s", row)
		}
	}
	for _, row := range after {
		if !slices.Contains(before, row) {
			t.Errorf("is new: %s", row)
		}
	}
}

// census is where every member is, by the rolls of a day: the tree of that day,
// and the cells of that tree.
func census(t testing.TB, k *testkit.Kit, root orgtree.ID, day clock.Date) (where map[member.ID]orgtree.ID, levels map[string]int) {
	t.Helper()
	k.View(func(tx *db.Tx) (err error) {
		where, levels, err = count(tx, t, root, day)
		return err
	})
	return where, levels
}

func count(tx *db.Tx, t reporter, root orgtree.ID, day clock.Date) (where map[member.ID]orgtree.ID, levels map[string]int, err error) {
	where, levels = map[member.ID]orgtree.ID{}, map[string]int{}
	top, err := orgtree.On(tx, root, day)
	if err != nil {
		return nil, nil, err
	}
	return where, levels, walk(tx, top, func(u orgtree.Unit) error {
		levels[u.Level]++
		if !u.IsCell() {
			return nil
		}
		roll, err := member.Roster(tx, u.ID, day)
		for _, r := range roll {
			if r.Here {
				continue
			}
			if other, twice := where[r.ID]; twice {
				t.Errorf("%s is in %v and in %v", r.Name, other, u.ID)
			}
			where[r.ID] = u.ID
		}
		return err
	})
}

func walk(tx *db.Tx, n orgtree.Node, fn func(orgtree.Unit) error) error {
	if err := fn(n.Unit); err != nil {
		return err
	}
	for _, child := range n.Children {
		if err := walk(tx, child, fn); err != nil {
			return err
		}
	}
	return nil
}

func everybody(t *testing.T, k *testkit.Kit, o *org.Org, want map[string]errs.Kind, verb func(tx *db.Tx, by access.Actor) error) {
	t.Helper()
	people := map[string]access.PersonID{
		"office": o.Office, "secretary above": o.CommuneSecretary, "secretary of a cell": o.SecretaryA, "member": o.MemberA,
		"inspector": o.Inspector, "administrator": o.Admin, "secretary elsewhere": o.SecretaryC, "nobody": o.Nobody,
	}
	for name, person := range people {
		t.Run(name, func(t *testing.T) {
			rollback := fmt.Errorf("rollback")
			err := k.Try(func(tx *db.Tx) error {
				if err := verb(tx, o.As(tx, person)); err != nil {
					return err
				}
				return rollback
			})
			if err == rollback {
				err = nil
			}
			testkit.Want(t, err, want[name])
		})
	}
}
