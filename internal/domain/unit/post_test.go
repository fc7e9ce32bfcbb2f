package unit_test

import (
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

func TestAppoint(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		a := unit.Appointment{Person: o.MemberA, Kind: "cell_committee_member", From: k.Today(), Decision: "Quyết định 60-QĐ/ĐU"}
		appoint := func(a unit.Appointment) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error {
				_, err := unit.Appoint(tx, by, o.CellA.ID, a)
				return err
			}
		}
		everybody(t, k, o, []try{
			{"office", o.Office, testkit.OK},
			{"administrator", o.Admin, testkit.OK},
			{"secretary of the cell", o.SecretaryA, errs.Denied},
			{"secretary of another cell", o.SecretaryB, errs.NotFound},
		}, appoint(a))
		for field, spoil := range map[string]func(*unit.Appointment){
			"kind":     func(a *unit.Appointment) { a.Kind = "office_staff" },
			"person":   func(a *unit.Appointment) { a.Person = 0 },
			"from":     func(a *unit.Appointment) { a.From = org.Founded.AddDays(-1) },
			"decision": func(a *unit.Appointment) { a.Decision = "" },
		} {
			wrong := a
			spoil(&wrong)
			testkit.WantField(t, undone(k, func(tx *db.Tx) error { return appoint(wrong)(tx, o.As(tx, o.Office)) }), field)
		}
		group := a
		group.Kind = "group_leader"
		stranger := a
		stranger.Person = 12345
		second, twice := a, a
		second.Kind = "cell_secretary"
		twice.Person = o.CommitteeA
		for name, row := range map[string]struct {
			a    unit.Appointment
			want errs.Kind
		}{
			"a leader comes with the group": {group, errs.Invalid},
			"unknown person":                {stranger, errs.NotFound},
			"second secretary":              {second, errs.Conflict},
			"post held already":             {twice, errs.Conflict},
		} {
			everybody(t, k, o, []try{{name, o.Office, row.want}}, appoint(row.a))
		}
	})
}

func TestAPostCarriesItsRole(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		var post unit.Post
		k.Update(func(tx *db.Tx) (err error) {
			post, err = unit.Appoint(tx, o.As(tx, o.Office), o.CellA.ID, unit.Appointment{
				Person: o.MemberA, Kind: "cell_deputy", Elected: true, From: k.Today(), Decision: "Nghị quyết 5-NQ/CB",
			})
			return err
		})
		runs := func() (can bool) {
			k.View(func(tx *db.Tx) error {
				can = o.As(tx, o.MemberA).Can(access.MeetingRun, o.CellA)
				return nil
			})
			return can
		}
		if post.State != unit.Elected || post.Term != "" || !runs() {
			t.Errorf("state %s, term %q, runs %t: a new committee runs business at once", post.State, post.Term, runs())
		}
		k.Update(func(tx *db.Tx) error { return unit.Report(tx, o.As(tx, o.Office), post.ID, 1) })
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			return unit.Refuse(tx, o.As(tx, o.Office), post.ID, 2, k.Today(), "Quyết định 61-QĐ/ĐU", "")
		}), errs.Invalid)
		k.Update(func(tx *db.Tx) error {
			return unit.Refuse(tx, o.As(tx, o.Office), post.ID, 2, k.Today(), "Quyết định 61-QĐ/ĐU", "Không đủ tiêu chuẩn")
		})
		if runs() {
			t.Error("a refused deputy still runs meetings")
		}
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			return unit.Approve(tx, o.As(tx, o.Office), post.ID, 3, k.Today(), "Quyết định 62-QĐ/ĐU")
		}), errs.Conflict)
	})
}

func TestEndPost(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		var secretary unit.Post
		k.View(func(tx *db.Tx) error {
			posts, err := unit.Posts(tx, o.As(tx, o.MemberA), o.CellA.ID, k.Today())
			if len(posts) != 3 || posts[0].Kind != "cell_secretary" {
				t.Fatalf("posts %v", posts)
			}
			secretary = posts[0]
			return err
		})
		end := func(version int64, day clock.Date, reason string) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error {
				return unit.EndPost(tx, by, secretary.ID, version, day, reason)
			}
		}
		everybody(t, k, o, []try{
			{"office", o.Office, testkit.OK},
			{"the holder", o.SecretaryA, errs.Denied},
			{"member elsewhere", o.MemberB, errs.NotFound},
		}, end(1, k.Today(), "Chuyển công tác"))
		everybody(t, k, o, []try{{"stale", o.Office, errs.Conflict}}, end(2, k.Today(), "Chuyển công tác"))
		everybody(t, k, o, []try{{"no reason", o.Office, errs.Invalid}}, end(1, k.Today(), ""))
		everybody(t, k, o, []try{{"before it began", o.Office, errs.Invalid}}, end(1, org.Founded.AddDays(-1), "Chuyển công tác"))
		k.Update(func(tx *db.Tx) error { return end(1, k.Today(), "Chuyển công tác")(tx, o.As(tx, o.Office)) })
		k.View(func(tx *db.Tx) error {
			if o.As(tx, o.SecretaryA).Can(access.MeetingRun, o.CellA) {
				t.Error("a former secretary still runs meetings")
			}
			vacant, err := unit.Vacancies(tx, o.As(tx, o.MemberA), o.CellA.ID, unit.Strength{Official: 25, Probationary: 2})
			if len(vacant) != 1 || vacant[0] != (unit.Vacancy{Kind: "cell_secretary", Since: k.Today()}) {
				t.Errorf("vacancies %v", vacant)
			}
			own, err2 := unit.PostsOf(tx, o.As(tx, o.SecretaryA), o.SecretaryA)
			if err2 != nil || len(own) != 1 || own[0].State != unit.Ended {
				t.Errorf("own posts %v, %v", own, err2)
			}
			others, err2 := unit.PostsOf(tx, o.As(tx, o.MemberB), o.SecretaryA)
			if err2 != nil || len(others) != 0 {
				t.Errorf("a stranger sees %v, %v", others, err2)
			}
			return err
		})
	})
}

func TestVacancies(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		kinds := func(cell unit.Strength) (list []string) {
			k.View(func(tx *db.Tx) error {
				vacant, err := unit.Vacancies(tx, o.As(tx, o.Office), o.CellB.ID, cell)
				for _, v := range vacant {
					list = append(list, v.Kind)
					if v.Since != org.Founded {
						t.Errorf("%s is vacant since %s, want the founding", v.Kind, v.Since)
					}
				}
				return err
			})
			return list
		}
		if got := kinds(unit.Strength{Official: 8, Probationary: 10}); len(got) != 0 {
			t.Errorf("8 official members elect no committee, got %v", got)
		}
		if got := kinds(unit.Strength{Official: 9}); len(got) != 2 || got[0] != "cell_deputy" || got[1] != "cell_committee_member" {
			t.Errorf("9 official members: %v", got)
		}
	})
}

func TestWarnings(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		for _, row := range []struct {
			name     string
			strength unit.Strength
			want     []string
		}{
			{"two official", unit.Strength{Official: 2, Probationary: 4}, []string{"unit.warning.few_official"}},
			{"three", unit.Strength{Official: 3}, nil},
			{"29", unit.Strength{Official: 25, Probationary: 4}, nil},
			{"30 without groups", unit.Strength{Official: 26, Probationary: 4}, []string{"unit.warning.no_groups"}},
			{"31", unit.Strength{Official: 31}, []string{"unit.warning.no_groups", "unit.warning.large_cell"}},
		} {
			k.View(func(tx *db.Tx) error {
				got, err := unit.Warnings(tx, o.CellB, row.strength)
				var keys []string
				for _, w := range got {
					keys = append(keys, w.Key)
				}
				if len(keys) != len(row.want) {
					t.Fatalf("%s: %v, want %v", row.name, keys, row.want)
				}
				for i := range keys {
					if keys[i] != row.want[i] {
						t.Errorf("%s: %v, want %v", row.name, keys, row.want)
					}
				}
				return err
			})
		}
	})
}

func TestGroups(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		found := func(n unit.NewGroup) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error {
				_, err := unit.FoundGroup(tx, by, o.CellA.ID, n)
				return err
			}
		}
		good := unit.NewGroup{Name: "Tổ đảng 3", Leader: o.MemberA, Founded: k.Today()}
		everybody(t, k, o, []try{
			{"office", o.Office, testkit.OK},
			{"secretary", o.SecretaryA, errs.Denied},
			{"stranger", o.MemberB, errs.NotFound},
		}, found(good))
		for field, n := range map[string]unit.NewGroup{
			"name":    {Name: "tổ  ĐẢNG 1", Founded: k.Today()},
			"leader":  {Name: "Tổ đảng 3", Leader: o.MemberB, Founded: k.Today()},
			"founded": {Name: "Tổ đảng 3"},
		} {
			testkit.WantField(t, undone(k, func(tx *db.Tx) error { return found(n)(tx, o.As(tx, o.Office)) }), field)
		}
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			_, err := unit.FoundGroup(tx, o.As(tx, o.Office), o.Commune.ID, good)
			return err
		}), errs.Conflict)
		leads := func(person access.PersonID) (yes bool) {
			k.View(func(tx *db.Tx) error {
				yes = o.As(tx, person).Holds(access.GroupLeader, o.CellA.ID)
				return nil
			})
			return yes
		}
		k.Update(func(tx *db.Tx) error {
			return unit.ChangeGroup(tx, o.As(tx, o.Office), o.GroupA2.ID, 1, "Tổ đảng Hai", o.MemberA)
		})
		if leads(o.LeaderA) || !leads(o.MemberA) {
			t.Error("the lead did not pass on")
		}
		testkit.Want(t, undone(k, func(tx *db.Tx) error {
			return unit.EndGroup(tx, o.As(tx, o.Office), o.GroupA2.ID, 1, k.Today())
		}), errs.Conflict)
		k.Update(func(tx *db.Tx) error {
			return unit.EndGroup(tx, o.As(tx, o.Office), o.GroupA2.ID, 2, k.Today())
		})
		if leads(o.MemberA) {
			t.Error("the leader of an ended group still leads")
		}
		k.View(func(tx *db.Tx) error {
			groups, err := unit.Groups(tx, o.As(tx, o.MemberA), o.CellA.ID)
			if len(groups) != 1 {
				t.Errorf("groups %v", groups)
			}
			roll, err2 := member.Roster(tx, o.CellA.ID, k.Today())
			for _, r := range roll {
				if r.Group == o.GroupA2.ID {
					t.Errorf("%s is still in the ended group", r.Name)
				}
			}
			if err2 != nil {
				t.Error(err2)
			}
			return err
		})
	})
}

func TestTerms(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		begin := func(from clock.Date, name string) error {
			return k.Try(func(tx *db.Tx) error {
				return unit.BeginTerm(tx, o.As(tx, o.Office), o.CellA.ID, unit.Term{From: from, Name: name})
			})
		}
		first, second := clock.NewDate(2025, 8, 10), clock.NewDate(2026, 9, 1)
		testkit.Want(t, begin(first, "2025 - 2027"), testkit.OK)
		testkit.Want(t, begin(first, "2025 - 2030"), errs.Conflict)
		testkit.Want(t, begin(second, ""), errs.Invalid)
		testkit.Want(t, begin(second, "2026 - 2031"), testkit.OK)
		everybody(t, k, o, []try{{"secretary", o.SecretaryA, errs.Denied}, {"stranger", o.MemberB, errs.NotFound}}, func(tx *db.Tx, by access.Actor) error {
			return unit.BeginTerm(tx, by, o.CellA.ID, unit.Term{From: k.Today(), Name: "2026 - 2031"})
		})
		k.View(func(tx *db.Tx) error {
			for day, want := range map[clock.Date]clock.Date{
				org.Founded: org.Founded, first: first, second.AddDays(-1): first, second: second, k.Today(): second,
			} {
				term, err := unit.TermOn(tx, o.CellA.ID, day)
				if err != nil || term.From != want {
					t.Errorf("on %s the term began %s, want %s (%v)", day, term.From, want, err)
				}
			}
			return nil
		})
	})
}
