package unit_test

import (
	"strings"
	"testing"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// try is a row of a table: who does it, and what comes of it.
type try struct {
	who  string
	by   access.PersonID
	want errs.Kind
}

// everybody runs fn as each person of the table, each in a transaction that
// leaves no trace.
func everybody(t *testing.T, k *testkit.Kit, o *org.Org, tries []try, fn func(tx *db.Tx, by access.Actor) error) {
	t.Helper()
	for _, try := range tries {
		err := undone(k, func(tx *db.Tx) error { return fn(tx, o.As(tx, try.by)) })
		t.Run(try.who, func(t *testing.T) { testkit.Want(t, err, try.want) })
	}
}

// undone runs fn and takes back what it did.
func undone(k *testkit.Kit, fn func(tx *db.Tx) error) error {
	back := errs.New(errs.Unavailable, "undone")
	var err error
	if outer := k.Try(func(tx *db.Tx) error {
		err = fn(tx)
		return back
	}); outer != back {
		return outer
	}
	return err
}

func village(parent orgtree.ID, code string) unit.New {
	return unit.New{
		Parent: parent, Founded: clock.NewDate(2026, 10, 1), Decision: "Quyết định 31-QĐ/ĐU",
		Fields: unit.Fields{Code: code, Name: "Chi bộ thôn Bắc", Kind: "village_cell", CellType: "village", Block: "rural", Place: "00004"},
	}
}

func TestWhoFounds(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		tries := []try{
			{"office of the commune", o.Office, testkit.OK},
			{"administrator", o.Admin, testkit.OK},
			{"secretary of the commune", o.CommuneSecretary, errs.Denied},
			{"inspector", o.Inspector, errs.Denied},
			{"secretary of a cell, who cannot see the commune", o.SecretaryA, errs.NotFound},
			{"member", o.MemberA, errs.NotFound},
			{"secretary of another commune's cell", o.SecretaryC, errs.NotFound},
			{"nobody", o.Nobody, errs.NotFound},
		}
		everybody(t, k, o, tries, func(tx *db.Tx, by access.Actor) error {
			_, err := unit.Found(tx, by, village(o.Commune.ID, "CELL-N"))
			return err
		})
		root := unit.New{Founded: org.Founded, Fields: unit.Fields{Code: "R", Name: "Đảng bộ xã Mới", Kind: "commune_party"}}
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			_, err := unit.Found(tx, o.As(tx, o.Admin), root)
			return err
		}), errs.Denied)
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			_, err := unit.Found(tx, access.Console(), root)
			return err
		}), testkit.OK)
	})
}

func TestWhatFoundRefuses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		for field, spoil := range map[string]func(*unit.New){
			"name":      func(n *unit.New) { n.Name = " \t\x00" },
			"code":      func(n *unit.New) { n.Code = "" },
			"kind":      func(n *unit.New) { n.Kind = "party_group" },
			"level":     func(n *unit.New) { n.Level = "district" },
			"cell_type": func(n *unit.New) { n.CellType = "club" },
			"block":     func(n *unit.New) { n.Block = "sea" },
			"areas":     func(n *unit.New) { n.Areas = []string{"remote", "moon"} },
			"place":     func(n *unit.New) { n.Place = "99999" },
			"address":   func(n *unit.New) { n.Address = strings.Repeat("đ", 201) },
			"decision":  func(n *unit.New) { n.Decision = strings.Repeat("x", 201) },
			"founded":   func(n *unit.New) { n.Founded = org.Founded.AddDays(-1) },
		} {
			n := village(o.Commune.ID, "CELL-N")
			spoil(&n)
			testkit.WantField(t, undone(k, func(tx *db.Tx) error {
				_, err := unit.Found(tx, o.As(tx, o.Office), n)
				return err
			}), field)
		}
		under := village(o.CellA.ID, "CELL-N")
		testkit.WantField(t, undone(k, func(tx *db.Tx) error {
			_, err := unit.Found(tx, o.As(tx, o.Office), under)
			return err
		}), "kind")
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			_, err := unit.Found(tx, o.As(tx, o.Office), village(o.Commune.ID, o.CellA.Code))
			return err
		}), errs.Conflict)
	})
}

func TestFoundTakesTheLevelOfTheKind(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.View(func(tx *db.Tx) error {
			u, err := unit.Find(tx, o.As(tx, o.Office), o.Commune.ID)
			if u.Level != "grassroots" {
				t.Errorf("a commune party is %q since 26/7/2026, want grassroots", u.Level)
			}
			return err
		})
	})
}

func TestChange(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		fields := func(code string) unit.Fields {
			return unit.Fields{Code: code, Name: "Chi bộ thôn Đông Thượng", Kind: "village_cell", CellType: "village", Areas: []string{"remote", "border", "remote"}}
		}
		everybody(t, k, o, []try{
			{"office", o.Office, testkit.OK},
			{"secretary of the cell", o.SecretaryA, errs.Denied},
			{"member of another cell", o.MemberB, errs.NotFound},
		}, func(tx *db.Tx, by access.Actor) error {
			return unit.Change(tx, by, o.CellA.ID, o.CellA.Version, fields("CELL-A"))
		})
		change := func(version int64, f unit.Fields) error {
			return undone(k, func(tx *db.Tx) error { return unit.Change(tx, o.As(tx, o.Office), o.CellA.ID, version, f) })
		}
		testkit.Want(t, change(o.CellA.Version+1, fields("CELL-A")), errs.Conflict)
		testkit.Want(t, change(o.CellA.Version, fields("CELL-B")), errs.Conflict)
		party := fields("CELL-A")
		party.Kind, party.CellType = "subordinate_party", ""
		testkit.Want(t, change(o.CellA.Version, party), errs.Conflict) // its members would be in no cell
		k.Update(func(tx *db.Tx) error {
			return unit.Change(tx, o.As(tx, o.Office), o.CellA.ID, o.CellA.Version, fields("CELL-A"))
		})
		k.View(func(tx *db.Tx) error {
			u, err := unit.Find(tx, o.As(tx, o.Office), o.CellA.ID)
			if strings.Join(u.Areas, " ") != "border remote" || u.Version != o.CellA.Version+1 {
				t.Errorf("areas %v, version %d", u.Areas, u.Version)
			}
			return err
		})
	})
}

func TestEnd(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		var cell orgtree.Unit
		var post unit.Post
		k.Update(func(tx *db.Tx) (err error) {
			if cell, err = unit.Found(tx, access.Console(), village(o.Commune.ID, "CELL-N")); err != nil {
				return err
			}
			post, err = unit.Appoint(tx, access.Console(), cell.ID, unit.Appointment{
				Person: o.Nobody, Kind: "cell_secretary", From: cell.Founded, Decision: "Quyết định 32-QĐ/ĐU",
			})
			return err
		})
		end := func(u orgtree.Unit, day clock.Date, decision string) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error { return unit.End(tx, by, u.ID, u.Version, day, decision) }
		}
		everybody(t, k, o, []try{
			{"office", o.Office, testkit.OK},
			{"administrator", o.Admin, testkit.OK},
			{"its secretary", o.Nobody, errs.Denied},
			{"member of another cell", o.MemberA, errs.NotFound},
		}, end(cell, k.Today(), "Quyết định 40-QĐ/ĐU"))
		everybody(t, k, o, []try{{"with members", o.Office, errs.Conflict}}, end(o.CellA, k.Today(), "Quyết định 40-QĐ/ĐU"))
		for name, wrong := range map[string]func(tx *db.Tx, by access.Actor) error{
			"future":          end(cell, k.Today().AddDays(1), "Quyết định 40-QĐ/ĐU"),
			"before founding": end(cell, cell.Founded.AddDays(-1), "Quyết định 40-QĐ/ĐU"),
			"no decision":     end(cell, k.Today(), " "),
		} {
			everybody(t, k, o, []try{{name, o.Office, errs.Invalid}}, wrong)
		}
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			return unit.End(tx, access.Console(), o.Commune.ID, o.Commune.Version, k.Today(), "Quyết định 40-QĐ/ĐU")
		}), errs.Conflict)

		k.Update(func(tx *db.Tx) error {
			return end(cell, k.Today(), "Quyết định 40-QĐ/ĐU")(tx, o.As(tx, o.Office))
		})
		k.View(func(tx *db.Tx) error {
			if grants := o.As(tx, o.Nobody).Grants(); len(grants) != 0 {
				t.Errorf("the secretary of an ended cell still holds %v", grants)
			}
			posts, err := unit.PostsOfPerson(tx, o.Nobody)
			if len(posts) != 1 || posts[0].ID != post.ID || posts[0].State != unit.Ended {
				t.Errorf("posts %v", posts)
			}
			return err
		})
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			return unit.Change(tx, access.Console(), cell.ID, cell.Version+1, village(0, "CELL-N").Fields)
		}), errs.Conflict)
	})
}

func TestMovingABranchMovesPower(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		var otherOffice access.PersonID = o.Nobody
		k.Update(func(tx *db.Tx) error {
			_, err := unit.Appoint(tx, access.Console(), o.OtherCommune.ID, unit.Appointment{
				Person: otherOffice, Kind: "office_staff", From: org.Founded, Decision: "Quyết định 9-QĐ/ĐU",
			})
			return err
		})
		move := func(tx *db.Tx, by access.Actor) error {
			return unit.MoveTo(tx, by, o.CellB.ID, o.CellB.Version, unit.Move{To: o.OtherCommune.ID, Day: k.Today(), Decision: "Quyết định 50-QĐ/TU"})
		}
		everybody(t, k, o, []try{
			{"office of the old parent", o.Office, errs.NotFound},
			{"office of the new parent", otherOffice, errs.NotFound},
			{"secretary of the cell", o.SecretaryB, errs.Denied},
			{"nobody's member", o.MemberA, errs.NotFound},
		}, move)
		k.Update(func(tx *db.Tx) error { return move(tx, access.Console()) })
		k.View(func(tx *db.Tx) error {
			moved, err := orgtree.Find(tx, o.CellB.ID)
			if o.As(tx, o.Office).Can(access.MemberManage, moved) || !o.As(tx, otherOffice).Can(access.MemberManage, moved) {
				t.Error("the old office still manages the cell, or the new one does not")
			}
			if !o.As(tx, o.SecretaryB).Can(access.MeetingRun, moved) {
				t.Error("the secretary lost the cell")
			}
			return err
		})
		undo := func(tx *db.Tx, by access.Actor) error { return unit.UndoMove(tx, by, o.CellB.ID, o.CellB.Version+1) }
		everybody(t, k, o, []try{
			{"office of the old parent", o.Office, errs.NotFound},
			{"office of the new parent", otherOffice, errs.NotFound},
			{"secretary of the cell", o.SecretaryB, errs.Denied},
		}, undo)
		k.Update(func(tx *db.Tx) error { return undo(tx, access.Console()) })
		k.View(func(tx *db.Tx) error {
			u, err := unit.Find(tx, o.As(tx, o.Office), o.CellB.ID)
			if u.Parent != o.Commune.ID {
				t.Errorf("parent %v after undo", u.Parent)
			}
			return err
		})
	})
}

func TestWhatMoveRefuses(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		move := func(m unit.Move) error {
			return undone(k, func(tx *db.Tx) error { return unit.MoveTo(tx, access.Console(), o.CellB.ID, o.CellB.Version, m) })
		}
		good := unit.Move{To: o.OtherCommune.ID, Day: k.Today(), Decision: "Quyết định 50-QĐ/TU"}
		testkit.Want(t, move(good), testkit.OK)
		for field, spoil := range map[string]func(*unit.Move){
			"decision": func(m *unit.Move) { m.Decision = "" },
			"day":      func(m *unit.Move) { m.Day = clock.Date{} },
			"to":       func(m *unit.Move) { m.To = o.CellA.ID },
		} {
			m := good
			spoil(&m)
			testkit.WantField(t, move(m), field)
		}
		same := good
		same.To = o.Commune.ID
		testkit.WantField(t, move(same), "to")
		early := good
		early.Day = org.Founded
		testkit.Want(t, move(early), errs.Conflict)
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			return unit.UndoMove(tx, access.Console(), o.CellB.ID, o.CellB.Version)
		}), errs.Conflict)
	})
}

func TestReading(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		everybody(t, k, o, []try{
			{"its member", o.MemberA, testkit.OK},
			{"secretary of the commune", o.CommuneSecretary, testkit.OK},
			{"member of another cell", o.MemberB, errs.NotFound},
			{"nobody", o.Nobody, errs.NotFound},
		}, func(tx *db.Tx, by access.Actor) error {
			_, err := unit.Find(tx, by, o.CellA.ID)
			return err
		})
		k.View(func(tx *db.Tx) error {
			office := o.As(tx, o.Office)
			children, err := unit.Children(tx, office, o.Commune.ID)
			if err != nil || len(children) != 2 {
				t.Errorf("children %v, %v", children, err)
			}
			above, err := unit.Above(tx, o.As(tx, o.MemberA), o.CellA.ID)
			if err != nil || len(above) != 1 {
				t.Errorf("a member sees %v above, %v", above, err)
			}
			tree, err := unit.Tree(tx, office, o.Commune.ID, k.Today())
			if err != nil || len(tree.Children) != 2 {
				t.Errorf("tree %v, %v", tree, err)
			}
			_, err = unit.Tree(tx, office, o.Commune.ID, org.Founded.AddDays(-1))
			testkit.Want(t, err, errs.NotFound)
			past, err := unit.Past(tx, office, o.CellA.ID)
			if len(past) != 1 {
				t.Errorf("past %v", past)
			}
			return err
		})
	})
}
