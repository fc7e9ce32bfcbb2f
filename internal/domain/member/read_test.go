package member_test

import (
	"slices"
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

func TestWhoFinds(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		everybody(t, k, o, []try{
			{"a member of the cell", o.ProbationaryA, testkit.OK},
			{"oneself", o.MemberA, testkit.OK},
			{"inspector", o.Inspector, testkit.OK},
			{"secretary of the commune", o.CommuneSecretary, testkit.OK},
			{"administrator", o.Admin, errs.NotFound},
			{"member of another cell", o.MemberB, errs.NotFound},
		}, func(tx *db.Tx, by access.Actor) error {
			_, err := member.Find(tx, by, o.MemberA)
			return err
		})
	})
}

func TestWhoOpensAndIsRecorded(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		read := func(tx *db.Tx, by access.Actor) error {
			_, err := member.Open(tx, by, o.MemberA, "Chuẩn bị hồ sơ")
			return err
		}
		everybody(t, k, o, []try{
			{"oneself", o.MemberA, testkit.OK},
			{"secretary", o.SecretaryA, testkit.OK},
			{"secretary of the commune", o.CommuneSecretary, testkit.OK},
			{"inspector", o.Inspector, testkit.OK},
			{"committee member", o.CommitteeA, errs.Denied},
			{"member", o.ProbationaryA, errs.Denied},
			{"administrator", o.Admin, errs.NotFound},
			{"secretary of another cell", o.SecretaryB, errs.NotFound},
		}, read)
		k.Update(func(tx *db.Tx) error { return read(tx, o.As(tx, o.SecretaryA)) })
		k.Update(func(tx *db.Tx) error { return read(tx, o.As(tx, o.MemberA)) })
		k.View(func(tx *db.Tx) error {
			list, err := member.Readings(tx, o.As(tx, o.MemberA), o.MemberA)
			if len(list) != 1 || list[0].By != o.SecretaryA || list[0].Name == "" || list[0].Reason != "Chuẩn bị hồ sơ" {
				t.Errorf("readings %v, want the secretary's alone", list)
			}
			_, denied := member.Readings(tx, o.As(tx, o.CommitteeA), o.MemberA)
			testkit.Want(t, denied, errs.Denied)
			return err
		})
	})
}

func TestSensitiveOverlaysStayWithTheFile(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.Update(func(tx *db.Tx) error {
			for _, kind := range []string{"reduced", "under_inspection"} {
				if _, err := member.AddOverlay(tx, o.As(tx, o.Office), o.LeaderA, member.NewOverlay{Kind: kind, From: k.Today(), Document: "Quyết định 9"}); err != nil {
					return err
				}
			}
			return nil
		})
		k.View(func(tx *db.Tx) error {
			for who, want := range map[access.PersonID][]string{
				o.MemberA: {"reduced"}, o.SecretaryA: {"reduced", "under_inspection"}, o.LeaderA: {"reduced", "under_inspection"},
			} {
				b, err := member.Find(tx, o.As(tx, who), o.LeaderA)
				if err != nil || !slices.Equal(b.Overlays, want) {
					t.Errorf("overlays %v, %v; want %v", b.Overlays, err, want)
				}
			}
			for who, want := range map[access.PersonID]errs.Kind{o.MemberA: errs.Denied, o.SecretaryA: testkit.OK} {
				_, err := member.List(tx, o.As(tx, who), member.Filter{Unit: o.CellA.ID, Overlay: "under_inspection"})
				testkit.Want(t, err, want)
			}
			page, err := member.List(tx, o.As(tx, o.MemberA), member.Filter{Overlay: "under_inspection"})
			if len(page.People) != 0 {
				t.Errorf("a fellow member finds %v under inspection", page.People)
			}
			return err
		})
	})
}

func TestLife(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		var what []string
		line := member.Life(open(k, o, o.DeputyA))
		for i, e := range line {
			what = append(what, e.What)
			if i > 0 && e.Day.Before(line[i-1].Day) {
				t.Errorf("%v stands after %v", e, line[i-1])
			}
		}
		if want := []string{"birth", "admitted", "status", "status", "cell", "post"}; !slices.Equal(what, want) {
			t.Errorf("line of life %v, want %v", what, want)
		}
	})
}

func TestHistory(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		everybody(t, k, o, []try{
			{"oneself", o.MemberA, testkit.OK},
			{"office", o.Office, testkit.OK},
			{"member", o.ProbationaryA, errs.Denied},
			{"stranger", o.MemberB, errs.NotFound},
		}, func(tx *db.Tx, by access.Actor) error {
			entries, err := member.History(tx, by, o.MemberA)
			if err == nil && (len(entries) != 2 || entries[0].Verb != "member.Register") {
				t.Errorf("history %v", entries)
			}
			return err
		})
	})
}

func TestList(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.Update(func(tx *db.Tx) error {
			_, err := member.Register(tx, o.As(tx, o.SecretaryA), newcomer(o.CellA.ID))
			return err
		})
		count := func(by access.PersonID, f member.Filter) (n int) {
			k.View(func(tx *db.Tx) error {
				f.Count = true
				page, err := member.List(tx, o.As(tx, by), f)
				n = page.Total
				return err
			})
			return n
		}
		for _, row := range []struct {
			name string
			by   access.PersonID
			f    member.Filter
			want int
		}{
			{"the commune", o.Office, member.Filter{}, 33},
			{"a cell", o.Office, member.Filter{Unit: o.CellB.ID}, 5},
			{"a member sees the own cell", o.MemberB, member.Filter{}, 5},
			{"the administrator sees none", o.Admin, member.Filter{}, 0},
			{"nobody sees none", o.Nobody, member.Filter{}, 0},
			{"without accents", o.Office, member.Filter{Words: "hong duc"}, 1},
			{"with accents", o.Office, member.Filter{Words: "Hồng ĐỨC"}, 1},
			{"the beginning of words", o.Office, member.Filter{Words: "du ho ng"}, 1},
			{"not the middle of a word", o.Office, member.Filter{Words: "ong duc"}, 0},
			{"signs of LIKE", o.Office, member.Filter{Words: "%"}, 33},
			{"by card", o.Office, member.Filter{Words: "010190000001"}, 1},
			{"by card, who may not open files", o.MemberA, member.Filter{Words: "010190000001"}, 0},
			{"probationary", o.Office, member.Filter{Statuses: []member.Status{member.Probationary}}, 2},
			{"exempt", o.MemberA, member.Filter{Overlay: "exempt"}, 1},
			{"a group", o.SecretaryA, member.Filter{Group: o.GroupA2.ID}, 13},
			{"born on 6/5/1990", o.SecretaryA, member.Filter{AgeFrom: 36, AgeTo: 36}, 1},
		} {
			if got := count(row.by, row.f); got != row.want {
				t.Errorf("%s: %d people, want %d", row.name, got, row.want)
			}
		}
		k.View(func(tx *db.Tx) error {
			_, err := member.List(tx, o.As(tx, o.Office), member.Filter{Unit: o.CellC.ID})
			testkit.Want(t, err, errs.NotFound)
			page, err := member.List(tx, o.As(tx, o.MemberA), member.Filter{Words: "hong duc"})
			if l := page.People[0]; l.Open || l.Core.Card != "" || l.Core.Birth.String() != "" || l.UnitName == "" {
				t.Errorf("a fellow member reads %+v", l)
			}
			return err
		})
	})
}

func TestPagesFollowTheGivenName(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		var whole, pages []string
		k.View(func(tx *db.Tx) error {
			all, err := member.List(tx, o.As(tx, o.Office), member.Filter{Limit: 200})
			for _, l := range all.People {
				whole = append(whole, l.Name)
			}
			for f := (member.Filter{Limit: 7}); ; {
				page, err := member.List(tx, o.As(tx, o.Office), f)
				if err != nil {
					return err
				}
				for _, l := range page.People {
					pages = append(pages, l.Name)
				}
				if f.After = page.Next; f.After == "" {
					break
				}
			}
			_, broken := member.List(tx, o.As(tx, o.Office), member.Filter{After: "x"})
			testkit.Want(t, broken, errs.Invalid)
			return err
		})
		if len(whole) != 32 || !slices.Equal(whole, pages) {
			t.Errorf("pages %v\nwhole %v", pages, whole)
		}
	})
}
