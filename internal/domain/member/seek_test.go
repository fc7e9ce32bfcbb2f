package member_test

import (
	"slices"
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// In a part of the tree too wide to begin with its units people are found by
// whole names, by family names and by given names; the smaller part below it is
// searched as ever; and pages show everybody once.
func TestFindingAmongMany(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		o.Crowd(k, 3_000)
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

// The list of members is the same whichever way it is read: everybody of the
// single cells, in the order of names, page by page.
func TestMembersOfEveryBreadth(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		list := func(f member.Filter) (page member.Page) {
			k.View(func(tx *db.Tx) (err error) {
				page, err = member.List(tx, o.As(tx, o.Office), f)
				return err
			})
			return page
		}
		crowd := func(cells int) func() { return func() { o.Crowd(k, cells) } }
		for stage, grow := range []func(){func() {}, crowd(500), crowd(500), crowd(2_000), func() { o.Raise(k) }} {
			grow()
			for _, f := range []member.Filter{{}, {Sex: member.Female}, {Statuses: []member.Status{member.Probationary}}, {AgeFrom: 36}, {Words: "an"}, {Words: "0010550"}} {
				var want []member.ID
				for _, cell := range []orgtree.ID{o.CellA.ID, o.CellB.ID} {
					one := f
					one.Unit, one.Limit = cell, 200
					for _, l := range list(one).People {
						want = append(want, l.ID)
					}
				}
				if len(want) == 0 {
					t.Fatalf("nobody is listed by %+v", f)
				}
				slices.Sort(want)
				var paged []member.ID
				before := ""
				for f.Limit = 4; ; {
					page := list(f)
					for _, l := range page.People {
						if key := text.NameKey(l.Name); f.Words == "" && key < before {
							t.Errorf("%s stands too late", l.Name)
						} else {
							before = key
						}
						paged = append(paged, l.ID)
					}
					if f.After = page.Next; f.After == "" {
						break
					}
				}
				if slices.Sort(paged); !slices.Equal(paged, want) {
					t.Errorf("stage %d, %+v: %d people in pages, want %d", stage, f, len(paged), len(want))
				}
			}
		}
	})
}
