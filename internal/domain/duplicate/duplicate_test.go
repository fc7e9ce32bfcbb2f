package duplicate_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/likeness"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// twice enters somebody a second time in a cell, with what was typed wrong.
func twice(t *testing.T, k *testkit.Kit, of member.ID, cell orgtree.ID, wrong func(*member.New)) (second member.ID) {
	t.Helper()
	k.Update(func(tx *db.Tx) error {
		file, err := member.Open(tx, access.Console(), of, "")
		if err != nil {
			return err
		}
		n := member.New{Unit: cell, Status: file.Status, From: org.Founded, Core: file.Core, CV: file.CV}
		n.Card = ""
		if wrong != nil {
			wrong(&n)
		}
		m, err := member.Register(tx, access.Console(), n)
		second = m.ID
		return err
	})
	return second
}

// search searches the register and keeps what it finds.
func search(t *testing.T, k *testkit.Kit) duplicate.Searched {
	t.Helper()
	found, err := duplicate.Find(t.Context(), k.DB)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func list(tx *db.Tx, t *testing.T, by access.Actor, f duplicate.Filter) []duplicate.Listed {
	t.Helper()
	page, err := duplicate.List(tx, by, f)
	if err != nil {
		t.Fatal(err)
	}
	return page.Findings
}

// TestFind searches twice: what is put right goes, what people decided stays, and
// nobody hears of a pair of which one is none of their business.
func TestFind(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		letter := twice(t, k, o.MembersA[5], o.CellB.ID, func(n *member.New) { n.BirthName, n.Name = n.BirthName+"h", "" })
		swapped := twice(t, k, o.MembersA[6], o.CellB.ID, func(n *member.New) {
			n.Birth = clock.NewDate(n.Birth.Year(), 7, 5)
		})
		across := twice(t, k, o.MembersA[7], o.CellC.ID, func(n *member.New) { n.Card = "999911112222" })
		if found := search(t, k); found.Pairs != 3 {
			t.Fatalf("%d pairs, want 3", found.Pairs)
		}
		k.Update(func(tx *db.Tx) error {
			office := o.As(tx, o.Office)
			got := list(tx, t, office, duplicate.Filter{})
			kinds := map[member.ID]likeness.Kind{}
			for _, f := range got {
				kinds[max(f.One, f.Other)] = f.Kind
			}
			want := map[member.ID]likeness.Kind{letter: likeness.SlipInName, swapped: likeness.SwappedDay}
			if fmt.Sprint(kinds) != fmt.Sprint(want) {
				t.Errorf("the office sees %v, want %v", kinds, want)
			}
			if all := list(tx, t, access.Console(), duplicate.Filter{}); len(all) != 3 {
				t.Errorf("the console sees %d, want 3", len(all))
			}
			if about := list(tx, t, access.Console(), duplicate.Filter{Person: across}); len(about) != 1 {
				t.Errorf("%d findings about the one across, want 1", len(about))
			}
			for _, person := range []access.PersonID{o.SecretaryA, o.MemberA, o.Inspector, o.SecretaryC, o.Nobody} {
				if seen := list(tx, t, o.As(tx, person), duplicate.Filter{}); len(seen) != 0 {
					t.Errorf("%v sees %d findings", person, len(seen))
				}
			}
			apart := got[slices.IndexFunc(got, func(f duplicate.Listed) bool { return f.Kind == likeness.SlipInName })]
			return duplicate.KeepApart(tx, office, apart.ID, apart.Version, "Hai anh em họ")
		})
		k.Update(func(tx *db.Tx) error { // the other mistake is put right
			file, err := member.Open(tx, access.Console(), swapped, "")
			if err != nil {
				return err
			}
			file.Birth = clock.NewDate(1949, 2, 2)
			return member.Edit(tx, access.Console(), swapped, file.Version, member.Change{Core: file.Core, CV: file.CV, Document: "Giấy khai sinh"})
		})
		k.SetNow(k.Now().Add(time.Hour))
		search(t, k)
		k.View(func(tx *db.Tx) error {
			office := o.As(tx, o.Office)
			for state, want := range map[duplicate.State]int{duplicate.Open: 0, duplicate.Apart: 1} {
				if got := list(tx, t, office, duplicate.Filter{State: state}); len(got) != want {
					t.Errorf("%s: %d findings after the second search, want %d", state, len(got), want)
				}
			}
			if last, err := duplicate.Last(tx, office); err != nil || last.Pairs != 2 || last.Ended.IsZero() {
				t.Errorf("the last search: %+v, %v", last, err)
			}
			return nil
		})
	})
}

// TestPages reads findings in pages of two.
func TestPages(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		for i := range 5 {
			twice(t, k, o.MembersA[5+i], o.CellB.ID, nil)
		}
		search(t, k)
		k.View(func(tx *db.Tx) error {
			seen, after := map[duplicate.ID]bool{}, ""
			for pages := 0; pages == 0 || after != ""; pages++ {
				page, err := duplicate.List(tx, o.As(tx, o.Office), duplicate.Filter{Limit: 2, After: after})
				if err != nil || pages > 3 {
					t.Fatalf("page %d: %v", pages, err)
				}
				for _, f := range page.Findings {
					seen[f.ID] = true
				}
				after = page.Next
			}
			if len(seen) != 5 {
				t.Errorf("%d findings in all pages, want 5", len(seen))
			}
			_, err := duplicate.List(tx, o.As(tx, o.Office), duplicate.Filter{After: "x"})
			testkit.Want(t, err, errs.Invalid)
			return nil
		})
	})
}

// TestDecide asks who may say that two are two.
func TestDecide(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		twice(t, k, o.MembersA[5], o.CellB.ID, nil)
		twice(t, k, o.MembersA[6], o.CellC.ID, nil)
		search(t, k)
		var near, across duplicate.Listed
		k.View(func(tx *db.Tx) error {
			for _, f := range list(tx, t, access.Console(), duplicate.Filter{}) {
				if f.Second.Unit == o.CellC.ID || f.First.Unit == o.CellC.ID {
					across = f
				} else {
					near = f
				}
			}
			return nil
		})
		for _, row := range []struct {
			name    string
			person  access.PersonID
			finding duplicate.Listed
			version int64
			want    errs.Kind
		}{
			{"office of another commune", o.SecretaryC, near, near.Version, errs.NotFound},
			{"secretary of the cell", o.SecretaryA, near, near.Version, errs.NotFound},
			{"member", o.MemberA, near, near.Version, errs.NotFound},
			{"secretary above, who reads both", o.CommuneSecretary, near, near.Version, errs.Denied},
			{"inspector", o.Inspector, near, near.Version, errs.Denied},
			{"nobody", o.Nobody, near, near.Version, errs.NotFound},
			{"office, of one of the two", o.Office, across, across.Version, errs.NotFound},
			{"office, stale", o.Office, near, near.Version + 1, errs.Conflict},
		} {
			t.Run(row.name, func(t *testing.T) {
				testkit.Want(t, k.Try(func(tx *db.Tx) error {
					return duplicate.KeepApart(tx, o.As(tx, row.person), row.finding.ID, row.version, "")
				}), row.want)
			})
		}
		k.Update(func(tx *db.Tx) error {
			return duplicate.KeepApart(tx, o.As(tx, o.Office), near.ID, near.Version, "Trùng họ tên")
		})
		testkit.Want(t, k.Try(func(tx *db.Tx) error {
			return duplicate.KeepApart(tx, o.As(tx, o.Office), near.ID, near.Version+1, "")
		}), errs.Conflict)
		k.Update(func(tx *db.Tx) error {
			return duplicate.Reconsider(tx, o.As(tx, o.Office), near.ID, near.Version+1)
		})
		k.View(func(tx *db.Tx) error {
			f, err := duplicate.Get(tx, o.As(tx, o.Office), near.ID)
			if err == nil && f.State != duplicate.Open {
				t.Errorf("it is %s", f.State)
			}
			return err
		})
	})
}
