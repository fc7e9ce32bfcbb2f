package intake_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"chibo/internal/domain/intake"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// TestAllThatIsWrongGoesBack sends more wrong rows than a preview lists: the
// file that goes back holds each, until the import is taken back.
func TestAllThatIsWrongGoesBack(t *testing.T) {
	const wrong = 5_100
	var sheet strings.Builder
	sheet.WriteString("Họ và tên,Giới tính,Ngày sinh,Ngày vào Đảng,Ngày chính thức\nNgô Văn Mới,Nam,3/2/1980,19/5/2005,19/5/2006\n")
	for n := range wrong {
		fmt.Fprintf(&sheet, "Ngô Văn Sai %d,Nam,3/2/1981,19/5/2005,19/5/2004\n", n)
	}
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		f := open(t, intake.Members, []byte(sheet.String()))
		j := f.job(intake.Members, o.CellA.ID)
		i := apply(k, f, j, checked(k, f.book, j))
		sentBack := func() (lines int, err error) {
			var out bytes.Buffer
			k.View(func(tx *db.Tx) error {
				i, failure := intake.Find(tx, access.Console(), i.ID)
				if failure != nil {
					return failure
				}
				back, failure := i.SentBack(tx)
				if failure == nil {
					err = back.Write(f.book, &out, func(key string, _ ...any) string { return key })
				}
				return failure
			})
			return strings.Count(out.String(), "intake.report.field"), err
		}
		if n, err := sentBack(); n != wrong || err != nil {
			t.Errorf("%d rows go back, want %d (%v)", n, wrong, err)
		}
		k.Update(func(tx *db.Tx) error {
			i, err := intake.Find(tx, access.Console(), i.ID)
			if err != nil {
				return err
			}
			return intake.Undo(tx, access.Console(), i.ID, i.Version)
		})
		if n, err := sentBack(); n != 0 || err == nil {
			t.Errorf("%d rows are kept of what was taken back (%v)", n, err)
		}
	})
}
