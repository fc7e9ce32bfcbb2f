package member_test

import (
	"fmt"
	"slices"
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// In a part of the tree too wide to begin with its units people are found by
// whole names, by family names and by given names; the smaller part below it is
// searched as ever; and pages show everybody once.
func TestFindingAmongMany(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.Update(func(tx *db.Tx) error {
			for i := range 500 {
				if _, err := unit.Found(tx, access.Console(), unit.New{
					Parent: o.Commune.ID, Founded: org.Founded, Decision: "QĐ 1",
					Fields: unit.Fields{Code: fmt.Sprintf("XA-%03d", i), Name: fmt.Sprintf("Chi bộ %d", i), Kind: "village_cell", CellType: "village"},
				}); err != nil {
					return err
				}
			}
			return nil
		})
		list := func(f member.Filter) (page member.Page, names []string) {
			k.View(func(tx *db.Tx) (err error) {
				page, err = member.List(tx, o.As(tx, o.Office), f)
				for _, l := range page.People {
					names = append(names, l.Name)
				}
				return err
			})
			return page, names
		}
		for _, c := range []struct {
			words string
			want  int
		}{
			{"", 32},
			{"%", 32},
			{"hoang duc binh", 1},
			{"Hoàng ĐỨC Bình", 1},
			{"binh", 3},     // given name
			{"hoang du", 2}, // the beginning of a whole name
			{"hoang", 4},    // family name
			{"tran binh", 1},
			{"duc", 0}, // stands in the middle
			{"zzz binh", 0},
			{"0010550", 30},
		} {
			page, whole := list(member.Filter{Words: c.words, Limit: 200, Count: true})
			if page.Total != c.want || len(whole) != c.want {
				t.Errorf("%q finds %d, counts %d, want %d: %q", c.words, len(whole), page.Total, c.want, whole)
			}
			var paged []string
			for f := (member.Filter{Words: c.words, Limit: 2}); ; {
				page, names := list(f)
				paged = append(paged, names...)
				if f.After = page.Next; page.Next == "" {
					break
				}
			}
			if !slices.Equal(paged, whole) {
				t.Errorf("%q in pages %q, at once %q", c.words, paged, whole)
			}
		}
		if _, names := list(member.Filter{Unit: o.CellA.ID, Words: "du ho"}); len(names) != 2 {
			t.Errorf("in a cell the beginnings of words find %q", names)
		}
		testkit.WantField(t, k.Try(func(tx *db.Tx) error {
			_, err := member.List(tx, o.As(tx, o.Office), member.Filter{Words: "an", After: "g/x/y"})
			return err
		}), "after")
	})
}
