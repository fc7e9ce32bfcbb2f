package unit_test

import (
	"slices"
	"testing"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// TestSeek: a search finds what the actor may act on, and says where it lies as
// far as they may read.
func TestSeek(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		for _, c := range []struct {
			who   string
			by    access.PersonID
			words string
			want  int
			above []string
		}{
			{"office", o.Office, "chi bo thon", 2, []string{"Đảng bộ xã An Bình"}},
			{"office, by code", o.Office, "cell-b", 1, []string{"Đảng bộ xã An Bình"}},
			{"office of another commune's cell", o.Office, "nam", 0, nil},
			{"secretary, who manages no units", o.SecretaryA, "chi bo", 0, nil},
			{"nobody", o.Nobody, "chi bo", 0, nil},
		} {
			k.View(func(tx *db.Tx) error {
				list, more, err := unit.Seek(tx, o.As(tx, c.by), access.UnitManage, orgtree.Sought{Words: c.words, Sort: orgtree.OnlyCells})
				if len(list) != c.want || more || len(list) > 0 && !slices.Equal(list[0].Above, c.above) {
					t.Errorf("%s: %v, more %v", c.who, list, more)
				}
				return err
			})
		}
		o.Crowd(k, 30)
		k.View(func(tx *db.Tx) error {
			list, more, err := unit.Seek(tx, o.As(tx, o.Office), access.UnitManage, orgtree.Sought{Words: "chi bo"})
			if len(list) != 20 || !more {
				t.Errorf("of many %d, more %v", len(list), more)
			}
			return err
		})
	})
}
