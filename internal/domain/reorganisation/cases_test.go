package reorganisation_test

import (
	"fmt"
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/figures"
	"chibo/internal/testkit/org"
)

type unitID = orgtree.ID

// counted lets the figures follow from here on, and proves them when the test
// ends; testkit/org does so by itself.
func counted(k *testkit.Kit) {
	figures.Begin(k)
	k.T.Cleanup(func() { figures.Prove(k) })
}

func found(k *testkit.Kit, parent unitID, code, name, kind, cellType string) (u orgtree.Unit) {
	k.T.Helper()
	k.Update(func(tx *db.Tx) (err error) {
		u, err = unit.Found(tx, access.Console(), unit.New{
			Parent: parent, Founded: org.Founded, Decision: "12-QĐ/TU",
			Fields: unit.Fields{Code: code, Name: name, Kind: kind, CellType: cellType},
		})
		return err
	})
	return u
}

// settle registers members of a cell.
func settle(tx *db.Tx, cell unitID, n int) error {
	for i := range n {
		birth := clock.NewDate(1970+i%20, 5, 1+i%28)
		ceremony := birth.AddMonths(12 * 22)
		if _, err := member.Register(tx, access.Console(), member.New{
			Unit: cell, Status: member.Official, From: org.Founded,
			Core: member.Core{
				BirthName: fmt.Sprintf("Nguyễn Văn %c%c", 'A'+i%26, 'a'+i/26), Sex: member.Male, Birth: birth,
				Admitted: ceremony, Ceremony: ceremony, Recognised: ceremony.AddMonths(12),
			},
		}); err != nil {
			return err
		}
	}
	return nil
}

func give(t *testing.T, k *testkit.Kit, o *org.Org, to access.PersonID) (given task.ID) {
	t.Helper()
	k.Update(func(tx *db.Tx) (err error) {
		given, err = task.Assign(tx, o.As(tx, o.SecretaryA), o.CellA.ID, task.New{
			Title: "Vận động nhân dân làm đường", Area: task.Economy, Assignee: task.Assignee{Person: to}, Due: k.Today().AddDays(20),
		})
		return err
	})
	return given
}

func schedule(t *testing.T, k *testkit.Kit, o *org.Org) (coming meeting.ID) {
	t.Helper()
	k.Update(func(tx *db.Tx) error {
		m, err := meeting.Schedule(tx, o.As(tx, o.SecretaryA), meeting.Plan{
			Unit: o.CellA.ID, Kind: meeting.Regular, Month: "2026-12", Starts: k.Now().AddDate(0, 1, 0), Place: "Nhà văn hóa",
		})
		coming = m.ID
		return err
	})
	return coming
}

// TestTwentyThreeOrganisationsAndNineteenCells is S-09: a block of agencies goes
// over to the districts at once, one of them founded for it. As many members
// after as before, each in the cell they were in, and the figures of the days
// before stay what they were.
func TestTwentyThreeOrganisationsAndNineteenCells(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		counted(k)
		province := found(k, 0, "P", "Đảng bộ tỉnh Hà Giang", "provincial_party", "")
		block := found(k, province.ID, "K", "Đảng bộ Khối các cơ quan", "upper_party", "")
		first := found(k, province.ID, "H1", "Đảng bộ xã Bắc Quang", "commune_party", "")
		second := found(k, province.ID, "H2", "Đảng bộ xã Mèo Vạc", "commune_party", "")
		k.Update(func(tx *db.Tx) error {
			for i := range 23 {
				party, err := unit.Found(tx, access.Console(), unit.New{Parent: block.ID, Founded: org.Founded, Decision: "12-QĐ/TU", Fields: unit.Fields{
					Code: fmt.Sprintf("D%d", i), Name: fmt.Sprintf("Đảng bộ cơ quan %d", i), Kind: "grassroots_party",
				}})
				if err != nil {
					return err
				}
				for j := range 2 {
					cell, err := unit.Found(tx, access.Console(), unit.New{Parent: party.ID, Founded: org.Founded, Decision: "12-QĐ/TU", Fields: unit.Fields{
						Code: fmt.Sprintf("D%d.%d", i, j), Name: fmt.Sprintf("Chi bộ phòng %d.%d", i, j), Kind: "subordinate_cell", CellType: "agency",
					}})
					if err != nil {
						return err
					}
					if err := settle(tx, cell.ID, 3+i%3); err != nil {
						return err
					}
				}
			}
			for i := range 19 {
				cell, err := unit.Found(tx, access.Console(), unit.New{Parent: block.ID, Founded: org.Founded, Decision: "12-QĐ/TU", Fields: unit.Fields{
					Code: fmt.Sprintf("C%d", i), Name: fmt.Sprintf("Chi bộ đơn vị %d", i), Kind: "grassroots_cell", CellType: "agency",
				}})
				if err != nil {
					return err
				}
				if err := settle(tx, cell.ID, 3); err != nil {
					return err
				}
			}
			return nil
		})
		tables := allTables(t)
		before := export(t, k, tables)
		wasIn, wasLevels := census(t, k, province.ID, k.Today())

		s := begin(t, k, 0, province.ID, decision(k))
		var moving []orgtree.Unit
		k.View(func(tx *db.Tx) (err error) {
			moving, err = orgtree.Children(tx, block.ID)
			return err
		})
		if len(moving) != 42 {
			t.Fatalf("%d organisations", len(moving))
		}
		for i, u := range moving {
			to := first.ID
			if i%2 == 1 {
				to = second.ID
			}
			s.add(reorganisation.Step{Kind: reorganisation.Handover, Unit: u.ID, To: to, Acceptance: "8-QĐ/ĐU", Accepted: k.Today().AddDays(-1)})
		}
		s.add(reorganisation.Step{Kind: reorganisation.WindUp, Unit: block.ID, To: province.ID})
		r := s.preview()
		if r.Along != len(wasIn) || r.Before.Members() != len(wasIn) || r.After.Members() != len(wasIn) || r.Moving() != 0 {
			t.Errorf("%d go along of %d; before %+v, after %+v", r.Along, len(wasIn), r.Before, r.After)
		}
		s.carryOut()
		figures.Prove(k)

		isIn, levels := census(t, k, province.ID, k.Today())
		if len(isIn) != len(wasIn) {
			t.Errorf("%d members after, %d before", len(isIn), len(wasIn))
		}
		for person, cell := range wasIn {
			if isIn[person] != cell {
				t.Errorf("%v was in %v and is in %v", person, cell, isIn[person])
			}
		}
		if levels["grassroots"] != wasLevels["grassroots"] || levels["upper_grassroots"] != wasLevels["upper_grassroots"]-1 {
			t.Errorf("levels %v, were %v", levels, wasLevels)
		}
		_, yesterday := census(t, k, province.ID, k.Today().AddDays(-1))
		if fmt.Sprint(yesterday) != fmt.Sprint(wasLevels) {
			t.Errorf("the day before has %v, had %v", yesterday, wasLevels)
		}
		k.View(func(tx *db.Tx) error {
			n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM reorganisation_transfer WHERE plan_id = $1`, s.plan.ID)
			if n != len(wasIn) {
				t.Errorf("%d collective transfers of %d members", n, len(wasIn))
			}
			return err
		})
		if err := s.takeBack(); err != nil {
			t.Fatal(err)
		}
		same(t, before, export(t, k, tables))
	})
}

// TestACommunePartyChangesItsLevel is rules 1.3: from a day on the commune party
// is itself grassroots, and the parties between it and the cells end. The days
// before keep their levels.
func TestACommunePartyChangesItsLevel(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		counted(k)
		province := found(k, 0, "P", "Đảng bộ tỉnh", "provincial_party", "")
		commune := found(k, province.ID, "X", "Đảng bộ xã Tân Lập", "commune_party", "")
		k.Update(func(tx *db.Tx) error { // as a register from before 208-QĐ/TW has it
			u, err := orgtree.Find(tx, commune.ID)
			u.Level = "upper_grassroots"
			if err == nil {
				err = orgtree.Change(tx, u)
			}
			return err
		})
		middle := found(k, commune.ID, "X0", "Đảng bộ các cơ quan đảng", "grassroots_party", "")
		for i := range 3 {
			cell := found(k, middle.ID, fmt.Sprintf("X%d", i+1), fmt.Sprintf("Chi bộ %d", i+1), "subordinate_cell", "agency")
			k.Update(func(tx *db.Tx) error { return settle(tx, cell.ID, 4) })
		}
		tables := allTables(t)
		before := export(t, k, tables)
		_, wasLevels := census(t, k, province.ID, k.Today())
		s := begin(t, k, 0, province.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Restyle, Unit: commune.ID, Fields: unit.Fields{Level: "grassroots"}})
		s.add(reorganisation.Step{Kind: reorganisation.WindUp, Unit: middle.ID, To: commune.ID})
		s.carryOut()
		where, levels := census(t, k, province.ID, k.Today())
		if len(where) != 12 || levels["upper_grassroots"] != 0 || levels["grassroots"] != 1 || levels["below_grassroots"] != 3 {
			t.Errorf("%d members, levels %v", len(where), levels)
		}
		_, yesterday := census(t, k, province.ID, k.Today().AddDays(-1))
		if fmt.Sprint(yesterday) != fmt.Sprint(wasLevels) || wasLevels["upper_grassroots"] != 1 {
			t.Errorf("the day before has %v, had %v", yesterday, wasLevels)
		}
		if err := s.takeBack(); err != nil {
			t.Fatal(err)
		}
		same(t, before, export(t, k, tables))
	})
}

// TestABlockPartyBetween is S-10: a pilot founds a party between a commune and
// its cells; depth is data.
func TestABlockPartyBetween(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		counted(k)
		commune := found(k, 0, "X", "Đảng bộ xã Bắc Quang", "commune_party", "")
		var cells []unitID
		for i := range 8 {
			cell := found(k, commune.ID, fmt.Sprintf("X%d", i), fmt.Sprintf("Chi bộ %d", i), "grassroots_cell", "agency")
			cells = append(cells, cell.ID)
			k.Update(func(tx *db.Tx) error { return settle(tx, cell.ID, 4) })
		}
		s := begin(t, k, 0, commune.ID, decision(k))
		block := s.add(reorganisation.Step{Kind: reorganisation.Found, To: commune.ID, Fields: unit.Fields{
			Code: "B", Name: "Đảng bộ Khối Đảng - đoàn thể", Kind: "grassroots_party",
		}})
		for _, cell := range cells {
			s.add(reorganisation.Step{Kind: reorganisation.Handover, Unit: cell, To: block})
		}
		if got := blocking(s.preview()); len(got) != 9 || got[1] != "kind_under" {
			t.Errorf("cells that are grassroots themselves, below a grassroots party: %v", got)
		}
		for _, cell := range cells {
			s.add(reorganisation.Step{Kind: reorganisation.Restyle, Unit: cell, Fields: unit.Fields{Kind: "subordinate_cell", CellType: "agency"}})
		}
		if got := blocking(s.preview()); len(got) != 1 || got[0] != "no_secretary" {
			t.Errorf("in the way: %v", got)
		}
		k.SetNow(k.Now().Add(time.Hour))
		var head access.PersonID
		k.View(func(tx *db.Tx) error {
			roll, err := member.Roster(tx, cells[0], k.Today())
			head = roll[0].ID
			return err
		})
		s.nominate(block, head, "secretary")
		s.carryOut()
		k.View(func(tx *db.Tx) error {
			node, err := orgtree.On(tx, commune.ID, k.Today())
			if err == nil && (len(node.Children) != 1 || len(node.Children[0].Children) != 8) {
				t.Errorf("the tree is %v", node)
			}
			return err
		})
	})
}
