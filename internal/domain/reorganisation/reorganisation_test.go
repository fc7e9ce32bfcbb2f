package reorganisation_test

import (
	"slices"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// Who decides over what, by rules 3.2 to 3.6: the committee above, by its
// office or its secretary. What lies outside does not exist.
func TestWhoMay(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		deciding := map[string]errs.Kind{
			"office": testkit.OK, "secretary above": testkit.OK, "secretary of a cell": errs.NotFound, "member": errs.NotFound,
			"inspector": errs.Denied, "administrator": errs.NotFound, "secretary elsewhere": errs.NotFound, "nobody": errs.NotFound,
		}
		everybody(t, k, o, deciding, func(tx *db.Tx, by access.Actor) error {
			_, err := reorganisation.Begin(tx, by, o.Commune.ID, decision(k))
			return err
		})
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: o.CellA.ID})
		for name, verb := range map[string]func(tx *db.Tx, by access.Actor) error{
			"Edit":    func(tx *db.Tx, by access.Actor) error { return reorganisation.Edit(tx, by, s.plan.ID, 2, decision(k)) },
			"Discard": func(tx *db.Tx, by access.Actor) error { return reorganisation.Discard(tx, by, s.plan.ID, 2) },
			"AddStep": func(tx *db.Tx, by access.Actor) error {
				_, err := reorganisation.AddStep(tx, by, s.plan.ID, 2, reorganisation.Step{Kind: reorganisation.WindUp, Unit: o.CellA.ID})
				return err
			},
			"Send": func(tx *db.Tx, by access.Actor) error {
				return reorganisation.Send(tx, by, s.plan.ID, 2, []member.ID{o.MemberB}, o.CellA.ID)
			},
			"Nominate": func(tx *db.Tx, by access.Actor) error {
				return reorganisation.Nominate(tx, by, s.plan.ID, 2, reorganisation.Nomination{Unit: o.CellA.ID, Person: o.MemberB, Post: "cell_committee_member"})
			},
			"Apply": func(tx *db.Tx, by access.Actor) error { return reorganisation.Apply(tx, by, s.plan.ID, 2) },
		} {
			t.Run(name, func(t *testing.T) { everybody(t, k, o, deciding, verb) })
		}
		reading := map[string]errs.Kind{
			"office": testkit.OK, "secretary above": testkit.OK, "secretary of a cell": errs.NotFound, "member": errs.NotFound,
			"inspector": testkit.OK, "administrator": errs.NotFound, "secretary elsewhere": errs.NotFound, "nobody": errs.NotFound,
		}
		everybody(t, k, o, reading, func(tx *db.Tx, by access.Actor) error {
			_, err := reorganisation.Preview(tx, by, s.plan.ID)
			return err
		})
		s.carryOut()
		everybody(t, k, o, deciding, func(tx *db.Tx, by access.Actor) error {
			return reorganisation.TakeBack(tx, by, s.plan.ID, 3, "Sai sót")
		})
	})
}

func TestStepsThatAreRefused(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: o.CellA.ID})
		for _, c := range []struct {
			name  string
			step  reorganisation.Step
			kind  errs.Kind
			field string
		}{
			{"a cell of another commune", reorganisation.Step{Kind: reorganisation.WindUp, Unit: o.CellC.ID}, errs.NotFound, ""},
			{"into a cell of another commune", reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellA.ID, To: o.CellC.ID}, errs.NotFound, ""},
			{"the body itself", reorganisation.Step{Kind: reorganisation.WindUp, Unit: o.Commune.ID}, errs.Invalid, "unit"},
			{"a unit twice", reorganisation.Step{Kind: reorganisation.WindUp, Unit: o.CellB.ID}, errs.Invalid, "unit"},
			{"into itself", reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellA.ID, To: o.CellA.ID}, errs.Invalid, "to"},
			{"a merger without a partner", reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellA.ID}, errs.Invalid, "to"},
			{"no such kind", reorganisation.Step{Kind: "rename", Unit: o.CellA.ID}, errs.Invalid, "kind"},
			{"a code in use", reorganisation.Step{Kind: reorganisation.Found, To: o.Commune.ID, Fields: unit.Fields{Code: "CELL-A", Name: "x", Kind: "village_cell", CellType: "village"}}, errs.Conflict, ""},
			{"a cell below a cell", reorganisation.Step{Kind: reorganisation.Found, To: o.CellA.ID, Fields: unit.Fields{Code: "N", Name: "x", Kind: "village_cell", CellType: "village"}}, errs.Invalid, "to"},
			{"no such level", reorganisation.Step{Kind: reorganisation.Restyle, Unit: o.CellA.ID, Fields: unit.Fields{Level: "moon"}}, errs.Invalid, "level"},
			{"nothing new", reorganisation.Step{Kind: reorganisation.Restyle, Unit: o.CellA.ID}, errs.Invalid, "name"},
		} {
			t.Run(c.name, func(t *testing.T) {
				err := s.do(func(tx *db.Tx, by access.Actor, version int64) error {
					_, err := reorganisation.AddStep(tx, by, s.plan.ID, version, c.step)
					return err
				})
				if testkit.Want(t, err, c.kind); c.field != "" {
					testkit.WantField(t, err, c.field)
				}
			})
		}
		testkit.Want(t, s.Try(func(tx *db.Tx) error {
			return reorganisation.Edit(tx, s.actor(tx), s.plan.ID, 1, decision(k))
		}), errs.Conflict)
		_, err := func() (p reorganisation.Plan, err error) {
			err = k.Try(func(tx *db.Tx) error {
				p, err = reorganisation.Begin(tx, access.Console(), o.CellA.ID, decision(k))
				return err
			})
			return p, err
		}()
		testkit.Want(t, err, errs.Conflict)
	})
}

// Rules 3.5: a cell is not dissolved as discipline by the committee directly
// above it, unless nobody stands above that in the register.
func TestDissolutionIsDecidedTwoLevelsUp(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		province := found(k, 0, "P", "Đảng bộ tỉnh", "provincial_party", "")
		commune := found(k, province.ID, "X", "Đảng bộ xã Tân Lập", "commune_party", "")
		cell := found(k, commune.ID, "X1", "Chi bộ thôn Một", "village_cell", "village")
		dissolve := func(at *stage, u unitID) error {
			return at.do(func(tx *db.Tx, by access.Actor, version int64) error {
				_, err := reorganisation.AddStep(tx, by, at.plan.ID, version, reorganisation.Step{Kind: reorganisation.Dissolve, Unit: u})
				return err
			})
		}
		testkit.WantField(t, dissolve(begin(t, k, 0, commune.ID, decision(k)), cell.ID), "unit")
		testkit.Want(t, dissolve(begin(t, k, 0, province.ID, decision(k)), cell.ID), testkit.OK)
		testkit.Want(t, dissolve(begin(t, k, 0, o.Commune.ID, decision(k)), o.CellB.ID), testkit.OK)
	})
}

// A large cell is divided into two new ones, with a destination for each
// member; its tasks go with those who have them, its meeting to come is held by
// one of the two.
func TestSplitOfALargeCell(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		assigned := give(t, k, o, o.MemberA)
		coming := schedule(t, k, o)
		before := export(t, k, allTables(t))
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		east := s.cell(o.Commune.ID, "EAST", "Chi bộ thôn Đông 1")
		west := s.cell(o.Commune.ID, "WEST", "Chi bộ thôn Đông 2")
		s.add(reorganisation.Step{Kind: reorganisation.Split, Unit: o.CellA.ID})

		r := s.preview()
		if got := blocking(r); !slices.Contains(got, "nowhere") || !slices.Contains(got, "task_no_owner") || !slices.Contains(got, "no_secretary") || !slices.Contains(got, "few_official") {
			t.Errorf("in the way: %v", got)
		}
		testkit.Want(t, s.apply(), errs.Conflict)

		s.send(east, o.MembersA[:14]...)
		s.send(west, o.MembersA[14:]...)
		s.nominate(east, o.SecretaryA, "cell_secretary")
		s.nominate(west, o.MembersA[14], "cell_secretary")
		r = s.preview()
		if got := blocking(r); len(got) != 0 {
			t.Fatalf("in the way: %v", got)
		}
		if r.Moving() != 27 || len(r.Posts) != 3 || r.Groups != 2 || len(r.Tasks) != 1 || len(r.Meetings) != 1 {
			t.Errorf("moving %d, posts %v, groups %d, tasks %v, meetings %v", r.Moving(), r.Posts, r.Groups, r.Tasks, r.Meetings)
		}
		if r.Before.Members() != 32 || r.After.Members() != 32 || r.After.Cells != r.Before.Cells+1 {
			t.Errorf("before %+v, after %+v", r.Before, r.After)
		}
		s.carryOut()

		where, _ := census(t, k, o.Commune.ID, k.Today())
		if len(where) != 32 || where[o.MemberA] != east || where[o.MembersA[20]] != west {
			t.Errorf("%d members, %v", len(where), where[o.MemberA])
		}
		yesterday, _ := census(t, k, o.Commune.ID, k.Today().AddDays(-1))
		if len(yesterday) != 32 || yesterday[o.MemberA] != o.CellA.ID {
			t.Errorf("the day before: %d members, %v", len(yesterday), yesterday[o.MemberA])
		}
		k.View(func(tx *db.Tx) error {
			leader := o.As(tx, o.SecretaryA)
			if leader.Holds(access.Secretary, o.CellA.ID) || !leader.Holds(access.Secretary, east) {
				t.Error("the secretary's right did not go over")
			}
			got, _, err := task.Find(tx, o.As(tx, o.MemberA), assigned)
			if err != nil || got.Unit != east {
				t.Errorf("the task is in %v: %v", got.Unit, err)
			}
			m, err := meeting.Find(tx, access.Console(), coming)
			if err != nil || m.State != meeting.Cancelled || m.StopReason == "" {
				t.Errorf("the meeting is %s for %q: %v", m.State, m.StopReason, err)
			}
			file, err := member.Find(tx, access.Console(), o.MemberA)
			if err != nil || file.Unit != east {
				t.Errorf("the member is in %v: %v", file.Unit, err)
			}
			return nil
		})
		if err := s.takeBack(); err != nil {
			t.Fatal(err)
		}
		same(t, before, export(t, k, allTables(t)))
		testkit.Want(t, s.takeBack(), errs.Conflict)
	})
}

// A cell loses some members to another one and goes on: posts of those who
// leave end, those of the others stay.
func TestSplitOfACellThatStays(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		before := export(t, k, allTables(t))
		s := begin(t, k, o.CommuneSecretary, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Split, Unit: o.CellA.ID, Stays: true})
		s.send(o.CellB.ID, o.DeputyA, o.LeaderA, o.MemberA)
		r := s.preview()
		if r.Moving() != 3 || len(r.Posts) != 1 || r.Posts[0].Person != o.DeputyA {
			t.Errorf("moving %d, posts %v", r.Moving(), r.Posts)
		}
		s.carryOut()
		k.View(func(tx *db.Tx) error {
			if !o.As(tx, o.SecretaryA).Holds(access.Secretary, o.CellA.ID) || o.As(tx, o.DeputyA).Holds(access.Deputy, o.CellA.ID) {
				t.Error("the wrong posts ended")
			}
			if o.As(tx, o.LeaderA).Holds(access.GroupLeader, o.CellA.ID) {
				t.Error("who left still leads a group")
			}
			return nil
		})
		if err := s.takeBack(); err != nil {
			t.Fatal(err)
		}
		same(t, before, export(t, k, allTables(t)))
	})
}

// A merger ends a cell in another; what was planned there is handed over.
func TestMerger(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		coming := schedule(t, k, o)
		before := export(t, k, allTables(t))
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellA.ID, To: o.CellB.ID, HandMeetings: true})
		r := s.preview()
		if got := known(r); !slices.Contains(got, "large_cell") || !slices.Contains(got, "wind_up") {
			t.Errorf("to be known: %v", got)
		}
		s.carryOut()
		where, _ := census(t, k, o.Commune.ID, k.Today())
		for person, cell := range where {
			if cell != o.CellB.ID {
				t.Errorf("%v is in %v", person, cell)
			}
		}
		k.View(func(tx *db.Tx) error {
			m, err := meeting.Find(tx, o.As(tx, o.SecretaryB), coming)
			if err != nil || m.Unit != o.CellB.ID || m.State != meeting.Planned {
				t.Errorf("the meeting is %s at %v: %v", m.State, m.Unit, err)
			}
			return nil
		})
		if err := s.takeBack(); err != nil {
			t.Fatal(err)
		}
		same(t, before, export(t, k, allTables(t)))
	})
}

// Nothing that depends on a plan is torn away by taking it back.
func TestTakeBackWhileSomethingDepends(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s := begin(t, k, o.Office, o.Commune.ID, decision(k))
		west := s.cell(o.Commune.ID, "WEST", "Chi bộ thôn Tây 2")
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: west})
		s.nominate(west, o.SecretaryB, "cell_secretary")
		s.carryOut()
		testkit.WantField(t, s.do(func(tx *db.Tx, by access.Actor, version int64) error {
			return reorganisation.TakeBack(tx, by, s.plan.ID, version, "  ")
		}), "reason")
		for _, c := range []struct {
			key string
			do  func(tx *db.Tx) error
		}{
			{"depends_meeting", func(tx *db.Tx) error {
				_, err := meeting.Schedule(tx, o.As(tx, o.SecretaryB), meeting.Plan{
					Unit: west, Kind: meeting.Regular, Month: "2026-12", Starts: k.Now().AddDate(0, 1, 0), Place: "Nhà văn hóa",
				})
				return err
			}},
			{"depends_task", func(tx *db.Tx) error {
				_, err := task.Assign(tx, o.As(tx, o.SecretaryB), west, task.New{
					Title: "Rà soát hộ nghèo", Area: task.Economy, Assignee: task.Assignee{Person: o.MemberB}, Due: k.Today().AddDays(20),
				})
				return err
			}},
			{"depends_group", func(tx *db.Tx) error {
				_, err := unit.FoundGroup(tx, o.As(tx, o.Office), west, unit.NewGroup{Name: "Tổ đảng 1", Founded: k.Today()})
				return err
			}},
			{"depends_post", func(tx *db.Tx) error {
				_, err := unit.Appoint(tx, o.As(tx, o.Office), west, unit.Appointment{Person: o.MemberB, Kind: "cell_deputy", From: k.Today(), Decision: "5-QĐ/ĐU"})
				return err
			}},
		} {
			t.Run(c.key, func(t *testing.T) {
				err := k.Try(func(tx *db.Tx) error {
					if err := c.do(tx); err != nil {
						t.Fatal(err)
					}
					return reorganisation.TakeBack(tx, s.actor(tx), s.plan.ID, 5, "Sai sót")
				})
				if e, ok := errs.As(err); !ok || e.Message.Key != "reorganisation.error."+c.key {
					t.Errorf("%v, want %s", err, c.key)
				}
			})
		}
		if err := s.takeBack(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestADraftIsChangedAndDiscarded(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		s := begin(t, k, o.Office, o.Commune.ID, reorganisation.Decision{Title: "Sắp xếp"})
		if got := blocking(s.preview()); !slices.Equal(got, []string{"no_steps", "no_decision", "no_day"}) {
			t.Errorf("an empty draft: %v", got)
		}
		west := s.cell(o.Commune.ID, "WEST", "Chi bộ thôn Tây 2")
		s.add(reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: west})
		d := decision(k)
		d.Effective = k.Today().AddDays(1)
		s.must(func(tx *db.Tx, by access.Actor, version int64) error {
			return reorganisation.Edit(tx, by, s.plan.ID, version, d)
		})
		if got := blocking(s.preview()); !slices.Contains(got, "day_to_come") {
			t.Errorf("a day to come: %v", got)
		}
		var plan reorganisation.Draft
		s.View(func(tx *db.Tx) (err error) {
			plan, err = reorganisation.Find(tx, s.actor(tx), s.plan.ID)
			return err
		})
		remove := func(step reorganisation.StepID) error {
			return s.do(func(tx *db.Tx, by access.Actor, version int64) error {
				return reorganisation.RemoveStep(tx, by, s.plan.ID, version, step)
			})
		}
		testkit.Want(t, remove(plan.Steps[0].ID), errs.Conflict)
		testkit.Want(t, remove(plan.Steps[1].ID), testkit.OK)
		testkit.Want(t, remove(plan.Steps[0].ID), testkit.OK)
		testkit.Want(t, remove(plan.Steps[0].ID), errs.NotFound)
		s.must(func(tx *db.Tx, by access.Actor, version int64) error {
			return reorganisation.Discard(tx, by, s.plan.ID, version)
		})
		s.View(func(tx *db.Tx) error {
			list, err := reorganisation.List(tx, s.actor(tx))
			if len(list) != 0 {
				t.Errorf("still there: %v", list)
			}
			return err
		})
	})
}
