package reorganisation_test

import (
	"slices"
	"testing"
	"time"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// attach makes a guest of a member, who is away from home for it.
func attach(k *testkit.Kit, person member.ID, host unitID, from clock.Date) {
	k.T.Helper()
	k.Update(func(tx *db.Tx) error {
		for _, o := range []member.NewOverlay{
			{Kind: "temp_away", From: from, Document: "Giấy giới thiệu số 7"},
			{Kind: "temp_here", Unit: host, From: from, Document: "Giấy giới thiệu số 7"},
		} {
			if _, err := member.AddOverlay(tx, access.Console(), person, o); err != nil {
				return err
			}
		}
		return nil
	})
}

// on is a person on the roll of a cell on a day.
func on(k *testkit.Kit, person member.ID, cell unitID, day clock.Date) (r member.Rostered, there bool) {
	k.T.Helper()
	k.View(func(tx *db.Tx) error {
		roll, err := member.Roster(tx, cell, day)
		if i := slices.IndexFunc(roll, func(r member.Rostered) bool { return r.ID == person }); i >= 0 {
			r, there = roll[i], true
		}
		return err
	})
	return r, there
}

// TestGuestsOfAUnitThatEnds: they stay on where the cell goes, or go home. Who
// becomes a member where they were a guest is one no longer.
func TestGuestsOfAUnitThatEnds(t *testing.T) {
	tables := allTables(t)
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		guest, later := o.MemberB, o.MembersB[2]
		soon := k.Today().AddDays(5)
		attach(k, guest, o.CellA.ID, k.Today().AddDays(-30))
		attach(k, later, o.CellA.ID, soon)
		before := export(t, k, tables)
		for _, c := range []struct {
			name string
			plan func(s *stage) (host, home unitID) // then; no host is none
			says string
		}{
			{"the host merges into a new cell", func(s *stage) (unitID, unitID) {
				west := s.cell(o.Commune.ID, "WEST", "Chi bộ thôn Tây 2")
				s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellA.ID, To: west})
				s.nominate(west, o.SecretaryA, "cell_secretary")
				return west, o.CellB.ID
			}, "guests"},
			{"the host merges into the guest's own cell", func(s *stage) (unitID, unitID) {
				s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellA.ID, To: o.CellB.ID})
				return 0, o.CellB.ID
			}, "guests_home"},
			{"the host is divided and ends", func(s *stage) (unitID, unitID) {
				east := s.cell(o.Commune.ID, "EAST", "Chi bộ thôn Đông 2")
				s.add(reorganisation.Step{Kind: reorganisation.Split, Unit: o.CellA.ID})
				s.send(east, o.MembersA...)
				s.nominate(east, o.SecretaryA, "cell_secretary")
				return 0, o.CellB.ID
			}, "guests_home"},
			{"what is left of the host goes to a party", func(s *stage) (unitID, unitID) {
				s.add(reorganisation.Step{Kind: reorganisation.WindUp, Unit: o.CellA.ID, To: o.Commune.ID, HandMeetings: true})
				s.send(o.CellB.ID, o.MembersA...)
				return 0, o.CellB.ID
			}, "guests_home"},
			{"the guest's own cell merges into the host", func(s *stage) (unitID, unitID) {
				s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: o.CellA.ID})
				return 0, o.CellA.ID
			}, ""},
		} {
			t.Run(c.name, func(t *testing.T) {
				s := begin(t, k, o.Office, o.Commune.ID, decision(k))
				host, home := c.plan(s)
				if got := known(s.preview()); c.says != "" && !slices.Contains(got, c.says) {
					t.Errorf("to be known: %v", got)
				}
				s.carryOut()
				for person, day := range map[member.ID]clock.Date{guest: k.Today(), later: soon} {
					if r, there := on(k, person, home, day); !there || r.Here || r.Away != (host != 0) {
						t.Errorf("at home on %v: %v, %+v", day, there, r)
					}
					if host == 0 {
						continue
					}
					if r, there := on(k, person, host, day); !there || !r.Here || r.Votes {
						t.Errorf("as a guest on %v: %v, %+v", day, there, r)
					}
				}
				k.View(func(tx *db.Tx) error {
					if o.As(tx, guest).Holds(access.Member, o.CellA.ID) != (home == o.CellA.ID) {
						t.Error("the right at the old host")
					}
					return nil
				})
				if r, there := on(k, guest, o.CellA.ID, k.Today().AddDays(-1)); !there || !r.Here {
					t.Errorf("the day before: %v, %+v", there, r)
				}
				if err := s.takeBack(); err != nil {
					t.Fatal(err)
				}
				same(t, before, export(t, k, tables))
			})
		}
	})
}

// A task of a guest goes to the cell where the others go. Where that is a party,
// people say first who does it.
func TestTheTaskOfAGuest(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		attach(k, o.MemberB, o.CellA.ID, k.Today().AddDays(-30))
		given := give(t, k, o, o.MemberB)
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.WindUp, Unit: o.CellA.ID, To: o.Commune.ID})
		s.send(o.CellB.ID, o.MembersA...)
		if got := blocking(s.preview()); !slices.Equal(got, []string{"task_no_owner"}) {
			t.Errorf("in the way: %v", got)
		}
		s = begin(t, k, o.Office, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellA.ID, To: o.CellB.ID})
		s.carryOut()
		for _, step := range []func(tx *db.Tx, version int64) error{ // somebody else takes it over there
			func(tx *db.Tx, version int64) error { return task.Accept(tx, o.As(tx, o.MemberB), given, version) },
			func(tx *db.Tx, version int64) error {
				return task.HandOver(tx, o.As(tx, o.MemberB), given, version, o.SecretaryB, "Đi công tác dài ngày")
			},
			func(tx *db.Tx, version int64) error { return task.Accept(tx, o.As(tx, o.SecretaryB), given, version) },
		} {
			k.Update(func(tx *db.Tx) error {
				got, _, err := task.Find(tx, access.Console(), given)
				if err != nil || got.Unit != o.CellB.ID {
					t.Errorf("the task is in %v: %v", got.Unit, err)
				}
				return step(tx, got.Version)
			})
		}
		testkit.Want(t, s.takeBack(), errs.Conflict)
	})
}

// A task that somebody had there as a guest does not depend on the plan that
// made them a member there.
func TestATaskFromBefore(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		attach(k, o.MemberB, o.CellA.ID, k.Today().AddDays(-30))
		give(t, k, o, o.MemberB)
		k.SetNow(k.Now().Add(time.Minute))
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: o.CellA.ID})
		s.carryOut()
		if err := s.takeBack(); err != nil {
			t.Fatal(err)
		}
	})
}

// What only people can bring to an end stands in the way of the end of a unit,
// and a plan of a body that is no more can only be discarded.
func TestWhatPeopleFinishFirst(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		province := found(k, 0, "P", "Đảng bộ tỉnh", "provincial_party", "")
		commune := found(k, province.ID, "X", "Đảng bộ xã Tân Lập", "commune_party", "")
		other := found(k, province.ID, "Y", "Đảng bộ xã Tân Tiến", "commune_party", "")
		k.Update(func(tx *db.Tx) error {
			_, err := consolidation.Begin(tx, o.As(tx, o.Office), o.CellB.ID, consolidation.Draft{
				Reasons: "Ba tháng liền không sinh hoạt.", Measures: "Phân công cấp ủy viên dự sinh hoạt.", Owner: o.CommuneSecretary, Due: k.Today().AddDays(60),
			})
			return err
		})
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: o.CellA.ID})
		if got := blocking(s.preview()); !slices.Equal(got, []string{"consolidation_open"}) {
			t.Errorf("in the way: %v", got)
		}
		left := begin(t, k, 0, commune.ID, decision(k))
		s = begin(t, k, 0, province.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: commune.ID, To: other.ID})
		if got := blocking(s.preview()); !slices.Equal(got, []string{"plans_open"}) {
			t.Errorf("in the way: %v", got)
		}
		k.Update(func(tx *db.Tx) error { // by another way
			u, err := orgtree.Find(tx, commune.ID)
			if err != nil {
				return err
			}
			return unit.End(tx, access.Console(), commune.ID, u.Version, k.Today(), "9-QĐ/TU")
		})
		if got := blocking(left.preview()); !slices.Equal(got, []string{"no_steps", "body_ended"}) {
			t.Errorf("in the way: %v", got)
		}
		left.must(func(tx *db.Tx, by access.Actor, version int64) error {
			return reorganisation.Discard(tx, by, left.plan.ID, version)
		})
	})
}

// The history of a unit stays in order, whatever day people write on a decision.
func TestDaysThatAreTooEarly(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		counted(k)
		province := found(k, 0, "P", "Đảng bộ tỉnh", "provincial_party", "")
		first := found(k, province.ID, "X", "Đảng bộ xã Tân Lập", "commune_party", "")
		second := found(k, province.ID, "Y", "Đảng bộ xã Tân Tiến", "commune_party", "")
		var cells []unitID
		for _, code := range []string{"X1", "X2", "X3", "X4"} {
			cell := found(k, first.ID, code, "Chi bộ thôn "+code, "village_cell", "village")
			k.Update(func(tx *db.Tx) error { return settle(tx, cell.ID, 6) })
			cells = append(cells, cell.ID)
		}
		on := func(day clock.Date) *stage {
			d := decision(k)
			d.Decided, d.Effective = day, day
			return begin(t, k, 0, province.ID, d)
		}
		today, early := k.Today().AddDays(-2), k.Today().AddDays(-10)
		s := on(today)
		fresh := s.cell(first.ID, "X5", "Chi bộ thôn X5")
		third := s.add(reorganisation.Step{Kind: reorganisation.Found, To: province.ID, Fields: unit.Fields{Code: "Z", Name: "Đảng bộ xã Tân Hòa", Kind: "commune_party"}})
		s.add(reorganisation.Step{Kind: reorganisation.Handover, Unit: cells[0], To: second.ID, Acceptance: "3-QĐ/ĐU", Accepted: today})
		s.add(reorganisation.Step{Kind: reorganisation.Restyle, Unit: cells[1], Fields: unit.Fields{Name: "Chi bộ thôn Mới"}})
		s.add(reorganisation.Step{Kind: reorganisation.Split, Unit: cells[2], Stays: true})
		var people []member.ID
		for _, p := range s.preview().People[:3] {
			people = append(people, p.ID)
		}
		s.send(fresh, people...)
		s.nominate(fresh, people[0], "cell_secretary")
		s.nominate(third, people[1], "secretary")
		s.carryOut()
		for _, c := range []struct {
			step reorganisation.Step
			want []string
		}{
			{reorganisation.Step{Kind: reorganisation.Restyle, Unit: cells[1], Fields: unit.Fields{Name: "Chi bộ thôn Cũ"}}, []string{"restyled_later"}},
			{reorganisation.Step{Kind: reorganisation.Merge, Unit: cells[1], To: cells[3]}, []string{"restyled_later"}},
			{reorganisation.Step{Kind: reorganisation.Handover, Unit: cells[0], To: first.ID, Acceptance: "3-QĐ/ĐU", Accepted: today}, []string{"moved_later"}},
			{reorganisation.Step{Kind: reorganisation.Merge, Unit: cells[2], To: cells[3]}, []string{"left_later"}},
			{reorganisation.Step{Kind: reorganisation.Merge, Unit: first.ID, To: second.ID}, []string{"before_founding", "left_later"}},
			{reorganisation.Step{Kind: reorganisation.Merge, Unit: cells[3], To: fresh}, []string{"before_founding"}},
			{reorganisation.Step{Kind: reorganisation.Handover, Unit: cells[2], To: third, Acceptance: "3-QĐ/ĐU", Accepted: today}, []string{"before_founding"}},
			{reorganisation.Step{Kind: reorganisation.Merge, Unit: cells[3], To: cells[2]}, nil},
		} {
			s := on(early)
			s.add(c.step)
			got := blocking(s.preview())
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s of %v: %v, want %v", c.step.Kind, c.step.Unit, got, c.want)
			}
			if len(c.want) == 0 {
				s.carryOut()
				continue
			}
			testkit.Want(t, s.apply(), errs.Conflict)
		}
	})
}

// TestTakingBackANameLeavesTheRest: what was written about a unit since stays,
// another name since stands in the way.
func TestTakingBackANameLeavesTheRest(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Restyle, Unit: o.CellB.ID, Fields: unit.Fields{Name: "Chi bộ thôn Đoài"}})
		s.carryOut()
		change := func(name, address string) {
			k.Update(func(tx *db.Tx) error {
				u, err := orgtree.Find(tx, o.CellB.ID)
				if err != nil {
					return err
				}
				return unit.Change(tx, o.As(tx, o.Office), u.ID, u.Version, unit.Fields{
					Code: u.Code, Name: name, Kind: u.Kind, Level: u.Level, CellType: u.CellType, Address: address,
				})
			})
		}
		change("Chi bộ thôn Đoài Hạ", "Nhà văn hóa thôn Đoài")
		testkit.Want(t, s.takeBack(), errs.Conflict)
		change("Chi bộ thôn Đoài", "Nhà văn hóa thôn Đoài")
		if err := s.takeBack(); err != nil {
			t.Fatal(err)
		}
		k.View(func(tx *db.Tx) error {
			u, err := orgtree.Find(tx, o.CellB.ID)
			if u.Name != "Chi bộ thôn Tây" || u.Address != "Nhà văn hóa thôn Đoài" {
				t.Errorf("%s at %s", u.Name, u.Address)
			}
			return err
		})
	})
}

// A cell does not become a party with its members in it, nor a party a cell with
// others below it.
func TestAKindThatDoesNotFit(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		province := found(k, 0, "P", "Đảng bộ tỉnh", "provincial_party", "")
		commune := found(k, province.ID, "X", "Đảng bộ xã Tân Lập", "commune_party", "")
		found(k, commune.ID, "X1", "Chi bộ thôn Một", "village_cell", "village")
		for _, c := range []struct {
			at, of unitID
			to     unit.Fields
			want   []string
		}{
			{o.Commune.ID, o.CellB.ID, unit.Fields{Kind: "grassroots_party_small"}, []string{"no_cell"}},
			{province.ID, commune.ID, unit.Fields{Kind: "grassroots_cell", CellType: "village"}, []string{"kind_under"}},
			{province.ID, commune.ID, unit.Fields{Kind: "grassroots_party_small"}, []string{"kind_under"}},
		} {
			s := begin(t, k, 0, c.at, decision(k))
			s.add(reorganisation.Step{Kind: reorganisation.Restyle, Unit: c.of, Fields: c.to})
			if got := blocking(s.preview()); !slices.Equal(got, c.want) {
				t.Errorf("%v: %v, want %v", c.to, got, c.want)
			}
		}
	})
}
