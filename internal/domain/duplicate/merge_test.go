package duplicate_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/schema"
	"chibo/internal/testkit"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/org"
)

// stage is somebody who is in the register twice: in CellA, and with a letter
// wrong in CellB, where they were on a roll, have a task, an exemption, a
// sign-in.
type stage struct {
	*testkit.Kit
	t            testing.TB
	o            *org.Org
	kept, second member.ID
	task         task.ID
}

func set(t *testing.T, k *testkit.Kit) *stage {
	t.Helper()
	s := &stage{Kit: k, t: t, o: org.New(k)}
	s.kept = s.o.MembersA[5]
	s.second = twice(t, k, s.kept, s.o.CellB.ID, func(n *member.New) {
		n.BirthName, n.Name, n.CV.Home = n.BirthName+"h", "", "Xã Phú Hòa"
	})
	history.New(k, s.o).Hold(history.Meeting{Cell: s.o.CellB, Secretary: s.o.SecretaryB, Day: k.Today(), Until: history.Closed})
	k.Update(func(tx *db.Tx) (err error) {
		if s.task, err = task.Assign(tx, s.o.As(tx, s.o.SecretaryB), s.o.CellB.ID, task.New{
			Title: "Vận động 3 hộ hiến đất", Area: task.Economy, Assignee: task.Assignee{Person: s.second}, Due: k.Today().AddDays(20),
		}); err != nil {
			return err
		}
		if _, err = member.AddOverlay(tx, access.Console(), s.second, member.NewOverlay{Kind: "exempt", From: k.Today(), Document: "NQ 05"}); err != nil {
			return err
		}
		_, err = account.Invite(tx, s.o.As(tx, s.o.Office), s.second)
		return err
	})
	return s
}

// order is as both records are now.
func (s *stage) order(tx *db.Tx, take ...string) duplicate.Order {
	s.t.Helper()
	o := duplicate.Order{Kept: s.kept, Gone: s.second, Take: take, Reason: "Cùng một người, chi bộ nhập hai lần"}
	for person, version := range map[member.ID]*int64{s.kept: &o.KeptVersion, s.second: &o.GoneVersion} {
		b, err := member.Find(tx, access.Console(), person)
		if err != nil {
			s.t.Fatal(err)
		}
		*version = b.Version
	}
	return o
}

func (s *stage) preview(take ...string) (r duplicate.DryRun) {
	s.t.Helper()
	s.Update(func(tx *db.Tx) (err error) {
		r, err = duplicate.Preview(tx, s.o.As(tx, s.o.Office), s.order(tx, take...))
		return err
	})
	return r
}

func (s *stage) merge(take ...string) (merge duplicate.MergeID) {
	s.t.Helper()
	for _, o := range s.preview(take...).Obstacles {
		s.t.Errorf("in the way: %v", o)
	}
	s.Update(func(tx *db.Tx) (err error) {
		merge, err = duplicate.MergeRecords(tx, s.o.As(tx, s.o.Office), s.order(tx, take...))
		return err
	})
	return merge
}

func (s *stage) takeBack(merge duplicate.MergeID) error {
	return s.Try(func(tx *db.Tx) error {
		return duplicate.TakeBack(tx, s.o.As(tx, s.o.Office), merge, 1, "Hai anh em sinh đôi")
	})
}

// TestMerge merges and takes back, keeping one cell or the other: all that the
// dry run lists happens, and then nothing of it has.
func TestMerge(t *testing.T) {
	for name, take := range map[string][]string{
		"into the cell of the kept one":   nil,
		"into the cell of the other one":  {duplicate.FieldUnit, "home"},
		"with the steps of the other one": {duplicate.FieldMembership, duplicate.FieldUnit},
	} {
		t.Run(name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
				s := set(t, k)
				search(t, k)
				before := export(t, k)
				r := s.preview(take...)
				checkDryRun(t, r)
				if after := export(t, k); !slices.Equal(before, after) {
					t.Error("looking changed something")
				}
				merge := s.merge(take...)
				s.checkMerged(slices.Contains(take, duplicate.FieldUnit))
				if err := s.takeBack(merge); err != nil {
					t.Fatal(err)
				}
				same(t, before, export(t, k))
				k.View(func(tx *db.Tx) error {
					m, err := duplicate.FindMerge(tx, s.o.As(tx, s.o.Office), merge)
					if err == nil && (m.BackAt.IsZero() || m.BackReason == "") {
						t.Errorf("%+v", m)
					}
					return err
				})
				testkit.Want(t, s.takeBack(merge), errs.Conflict)
				s.merge(take...) // and once more
			})
		})
	}
}

func checkDryRun(t *testing.T, r duplicate.DryRun) {
	t.Helper()
	moves, stays := map[string]int{}, map[string]int{}
	for _, m := range r.Moves {
		moves[m.What] = len(m.Held)
	}
	for _, s := range r.Stays {
		stays[s.What] = s.Count
	}
	if moves["task"] != 1 || moves["overlay"] != 1 || stays["roll"] != 1 || stays["journal"] == 0 {
		t.Errorf("moves %v, stays %v", moves, stays)
	}
	if r.SignIn != account.MovesOver {
		t.Errorf("the sign-in: %q", r.SignIn)
	}
	if r.Units[r.Gone.Unit] == "" || len(r.Places) < 2 {
		t.Errorf("units %v, places %v", r.Units, r.Places)
	}
}

func (s *stage) checkMerged(otherCell bool) {
	t, home, left := s.t, s.o.CellA.ID, s.o.CellB.ID
	t.Helper()
	if otherCell {
		home, left = left, home
	}
	s.View(func(tx *db.Tx) error {
		kept, err := member.Find(tx, access.Console(), s.kept)
		if err != nil {
			return err
		}
		gone, err := member.Find(tx, access.Console(), s.second)
		if err != nil {
			return err
		}
		if kept.Unit != home || kept.Status != member.Official || gone.Status != member.Merged {
			t.Errorf("kept %+v, gone %+v", kept, gone)
		}
		if to, err := member.KeptFor(tx, s.o.As(tx, s.o.Office), s.second); err != nil || to != s.kept {
			t.Errorf("the old number leads to %v, %v", to, err)
		}
		for cell, want := range map[orgtree.ID]int{home: 1, left: 0} {
			roll, err := member.Roster(tx, cell, s.Today())
			if err != nil {
				return err
			}
			n := 0
			for _, r := range roll {
				if r.ID == s.second {
					t.Errorf("the old record is on the roll of %v", cell)
				}
				if r.ID == s.kept {
					n++
				}
			}
			if n != want {
				t.Errorf("%d times on the roll of %v, want %d", n, cell, want)
			}
		}
		row, _, err := task.Find(tx, access.Console(), s.task)
		if err == nil && row.Assignee.Person != s.kept {
			t.Errorf("the task is that of %v", row.Assignee.Person)
		}
		a, err := account.Find(tx, access.Console(), s.kept)
		if err == nil && a.Login == "" {
			t.Errorf("account %+v", a)
		}
		inbox, err := notice.Inbox(tx, s.o.As(tx, s.kept), 0, 10)
		if err == nil && (len(inbox) == 0 || inbox[0].Key != "duplicate.notice.merged") {
			t.Errorf("inbox %+v", inbox)
		}
		own, err := access.Act(tx, s.kept)
		if err == nil && (!own.Holds(access.Member, home) || own.Holds(access.Member, left)) {
			t.Errorf("roles %+v", own.Grants())
		}
		other, err := access.Act(tx, s.second)
		if err == nil && len(other.Grants()) != 0 {
			t.Errorf("the old record holds %+v", other.Grants())
		}
		n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM meeting_roll WHERE person_id = $1`, s.second)
		if err == nil && n != 1 {
			t.Errorf("%d rolls name the old record, want the one that was closed", n)
		}
		return err
	})
	if keys := obstacles(s.preview()); !slices.Equal(keys, []string{"merged"}) {
		t.Errorf("in the way of a second merge: %v", keys)
	}
}

func obstacles(r duplicate.DryRun) (keys []string) {
	for _, o := range r.Obstacles {
		keys = append(keys, strings.TrimPrefix(o.Key, "duplicate.obstacle."))
	}
	return keys
}

// TestWhoMayMerge asks every verb for everybody.
func TestWhoMayMerge(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		s := set(t, k)
		rollback := errors.New("rollback")
		for _, row := range []struct {
			name   string
			person access.PersonID
			want   errs.Kind
		}{
			{"office", s.o.Office, testkit.OK},
			{"secretary above", s.o.CommuneSecretary, errs.Denied},
			{"inspector", s.o.Inspector, errs.Denied},
			{"secretary of one cell", s.o.SecretaryA, errs.NotFound},
			{"secretary of the other", s.o.SecretaryB, errs.NotFound},
			{"the person", s.kept, errs.NotFound},
			{"elsewhere", s.o.SecretaryC, errs.NotFound},
			{"administrator", s.o.Admin, errs.NotFound},
			{"nobody", s.o.Nobody, errs.NotFound},
		} {
			for verb, do := range map[string]func(*db.Tx, access.Actor) error{
				"preview": func(tx *db.Tx, by access.Actor) error { _, err := duplicate.Preview(tx, by, s.order(tx)); return err },
				"merge": func(tx *db.Tx, by access.Actor) error {
					_, err := duplicate.MergeRecords(tx, by, s.order(tx))
					return err
				},
			} {
				t.Run(row.name+" "+verb, func(t *testing.T) {
					err := k.Try(func(tx *db.Tx) error {
						if err := do(tx, s.o.As(tx, row.person)); err != nil {
							return err
						}
						return rollback
					})
					if errors.Is(err, rollback) {
						err = nil
					}
					testkit.Want(t, err, row.want)
				})
			}
		}
	})
}

// TestRefusals: what is wrong with an order is said, and nothing is changed.
func TestRefusals(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		s := set(t, k)
		for _, row := range []struct {
			name   string
			change func(*duplicate.Order)
			want   errs.Kind
		}{
			{"no reason", func(o *duplicate.Order) { o.Reason = " " }, errs.Invalid},
			{"a long reason", func(o *duplicate.Order) { o.Reason = strings.Repeat("a", 201) }, errs.Invalid},
			{"stale", func(o *duplicate.Order) { o.KeptVersion++ }, errs.Conflict},
			{"the other stale", func(o *duplicate.Order) { o.GoneVersion++ }, errs.Conflict},
			{"itself", func(o *duplicate.Order) { o.Gone = o.Kept }, errs.Invalid},
			{"another name without a paper", func(o *duplicate.Order) { o.Take = []string{"birth_name"} }, errs.Invalid},
		} {
			t.Run(row.name, func(t *testing.T) {
				testkit.Want(t, k.Try(func(tx *db.Tx) error {
					o := s.order(tx)
					row.change(&o)
					_, err := duplicate.MergeRecords(tx, s.o.As(tx, s.o.Office), o)
					return err
				}), row.want)
			})
		}
		k.Update(func(tx *db.Tx) error { // with a paper it is taken
			o := s.order(tx, "birth_name")
			o.Decision = "Giấy khai sinh số 12"
			_, err := duplicate.MergeRecords(tx, s.o.As(tx, s.o.Office), o)
			return err
		})
	})
}

// TestObstacles: each says what is to be settled first.
func TestObstacles(t *testing.T) {
	office := func(s *stage, tx *db.Tx) access.Actor { return s.o.As(tx, s.o.Office) }
	for _, row := range []struct {
		name  string
		stand func(*stage, *db.Tx) error
		take  []string
		want  []string
	}{
		{"nothing", nil, nil, nil},
		{"a post in the cell that is left", func(s *stage, tx *db.Tx) error {
			return appoint(tx, office(s, tx), s.o.CellB.ID, s.second, "cell_deputy")
		}, nil, []string{"post_elsewhere"}},
		{"no obstacle in the cell that is kept", func(s *stage, tx *db.Tx) error {
			return appoint(tx, office(s, tx), s.o.CellB.ID, s.second, "cell_deputy")
		}, []string{duplicate.FieldUnit}, nil},
		{"exempt twice", func(s *stage, tx *db.Tx) error {
			_, err := member.AddOverlay(tx, access.Console(), s.kept, member.NewOverlay{Kind: "exempt", From: s.Today(), Document: "NQ 06"})
			return err
		}, nil, []string{"overlay_twice"}},
		{"a role out of reach", func(s *stage, tx *db.Tx) error {
			return access.Give(tx, access.Grant{Person: s.second, Unit: s.o.OtherCommune.ID, Role: access.Office, From: org.Founded, Source: "testkit"})
		}, nil, []string{"sign_in", "right_beyond"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := set(t, testkit.SQLite(t))
			if row.stand != nil {
				s.Update(func(tx *db.Tx) error { return row.stand(s, tx) })
			}
			r := s.preview(row.take...)
			if keys := obstacles(r); !slices.Equal(keys, row.want) {
				t.Errorf("in the way: %v, want %v", keys, row.want)
			}
			if r.Blocked() {
				testkit.Want(t, s.Try(func(tx *db.Tx) error {
					_, err := duplicate.MergeRecords(tx, office(s, tx), s.order(tx, row.take...))
					return err
				}), errs.Conflict)
			}
		})
	}
}

func appoint(tx *db.Tx, by access.Actor, at orgtree.ID, person member.ID, kind string) error {
	_, err := unit.Appoint(tx, by, at, unit.Appointment{Person: person, Kind: kind, From: org.Founded, Term: "2025 - 2030", Decision: "QĐ 20"})
	return err
}

// TestDepends: a merge stays once something depends on it, and says what.
func TestDepends(t *testing.T) {
	for _, row := range []struct {
		name  string
		since func(*stage) error
		want  string // "" is taken back
	}{
		{"nothing", func(*stage) error { return nil }, ""},
		{"a notice was read", func(s *stage) error {
			return s.Try(func(tx *db.Tx) error {
				_, err := tx.Exec(`UPDATE notice SET seen = $1 WHERE person_id = $2`, tx.Now, s.kept)
				return err
			})
		}, ""},
		{"the record was changed", func(s *stage) error {
			return s.Try(func(tx *db.Tx) error {
				f, err := member.Open(tx, access.Console(), s.kept, "")
				if err != nil {
					return err
				}
				f.CV.Phone = "0912345678"
				return member.Edit(tx, access.Console(), s.kept, f.Version, member.Change{Core: f.Core, CV: f.CV})
			})
		}, "record"},
		{"the task was taken on", func(s *stage) error {
			return s.Try(func(tx *db.Tx) error {
				row, _, err := task.Find(tx, access.Console(), s.task)
				if err != nil {
					return err
				}
				return task.Accept(tx, s.o.As(tx, s.kept), s.task, row.Version)
			})
		}, "task"},
		{"on a roll of the cell that the merge gave", func(s *stage) error {
			history.New(s.Kit, s.o).Hold(history.Meeting{Cell: s.o.CellB, Secretary: s.o.SecretaryB, Day: s.Today().AddDays(30), Until: history.Closed})
			return nil
		}, "roll"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := set(t, testkit.SQLite(t))
			merge := s.merge(duplicate.FieldUnit)
			s.SetNow(s.Now().Add(time.Minute))
			if err := row.since(s); err != nil {
				t.Fatal(err)
			}
			var depends []errs.Message
			s.View(func(tx *db.Tx) (err error) {
				depends, err = duplicate.Depending(tx, s.o.As(tx, s.o.Office), merge)
				return err
			})
			err := s.takeBack(merge)
			if row.want == "" {
				if err != nil || len(depends) > 0 {
					t.Errorf("%v, %v", err, depends)
				}
				return
			}
			if len(depends) != 1 || depends[0].Key != "duplicate.depends."+row.want {
				t.Errorf("depends: %v", depends)
			}
			testkit.Want(t, err, errs.Conflict)
		})
	}
}

// export is every row of every table but what is meant to remember a merge that
// was taken back: the journal, notices with the jobs that carry them, figures
// still to be followed, the merge itself, and the versions of records, which
// only grow.
func export(t testing.TB, k *testkit.Kit) (list []string) {
	t.Helper()
	var tables []schema.Table
	testkit.SQLite(t).View(func(tx *db.Tx) (err error) { // SQLite alone tells
		tables, err = schema.Tables(tx)
		return err
	})
	k.View(func(tx *db.Tx) error {
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
				return fmt.Errorf("%s: %w", table.Name, err)
			}
			for _, row := range found {
				list = append(list, table.Name+": "+row)
			}
		}
		return nil
	})
	return list
}

func remembers(table string) bool {
	return slices.ContainsFunc([]string{"journal", "notice", "job", "delivery", "tally", "duplicate"}, func(prefix string) bool {
		return strings.HasPrefix(table, prefix)
	})
}

func same(t testing.TB, before, after []string) {
	t.Helper()
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
