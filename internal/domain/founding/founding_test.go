package founding_test

import (
	"strings"
	"testing"

	"chibo/internal/domain/account"
	"chibo/internal/domain/founding"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
)

func start() founding.Start {
	return founding.Start{
		Kind: "commune_party", Place: "25708", Founded: clock.NewDate(2025, 7, 1),
		Decision: "Quyết định 01-QĐ/TU", Administrator: "Lò Thị Quản Trị",
	}
}

func TestBegin(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		var slip account.Slip
		k.Update(func(tx *db.Tx) (err error) {
			slip, err = founding.Begin(tx, access.Console(), start())
			return err
		})
		k.View(func(tx *db.Tx) error {
			roots, err := orgtree.Roots(tx)
			if err != nil {
				return err
			}
			if len(roots) != 1 || !strings.HasPrefix(roots[0].Name, "Đảng bộ ") || roots[0].Code != "25708" {
				t.Errorf("roots %+v", roots)
			}
			by, err := access.Act(tx, slip.Person)
			if !by.Can(access.Settings, roots[0]) || !by.Can(access.UnitManage, roots[0]) || by.Can(access.MemberRead, roots[0]) {
				t.Error("the first person is not an administrator and nothing more")
			}
			return err
		})
		testkit.Want(t, k.Try(func(tx *db.Tx) error {
			_, err := founding.Begin(tx, access.Console(), start())
			return err
		}), errs.Conflict)
	})
}

func TestBeginRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		by    access.Actor
		spoil func(*founding.Start)
		kind  errs.Kind
		field string
	}{
		{"nobody in particular", access.Actor{}, func(*founding.Start) {}, errs.Denied, ""},
		{"no administrator", access.Console(), func(s *founding.Start) { s.Administrator = " " }, errs.Invalid, "administrator"},
		{"a name too long", access.Console(), func(s *founding.Start) { s.Administrator = strings.Repeat("a", 500) }, errs.Invalid, "administrator"},
		{"no place", access.Console(), func(s *founding.Start) { s.Place = "" }, errs.Invalid, "place"},
		{"no day", access.Console(), func(s *founding.Start) { s.Founded = clock.Date{} }, errs.Invalid, "founded"},
		{"a kind that is not", access.Console(), func(s *founding.Start) { s.Kind = "kingdom" }, errs.Invalid, "kind"},
	} {
		t.Run(test.name, func(t *testing.T) {
			testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
				s := start()
				test.spoil(&s)
				err := k.Try(func(tx *db.Tx) error {
					_, err := founding.Begin(tx, test.by, s)
					return err
				})
				testkit.Want(t, err, test.kind)
				if test.field != "" {
					testkit.WantField(t, err, test.field)
				}
				k.View(func(tx *db.Tx) error {
					empty, err := founding.Empty(tx)
					if !empty {
						t.Error("a half was founded")
					}
					return err
				})
			})
		})
	}
}

func TestCode(t *testing.T) {
	k := testkit.SQLite(t)
	code := founding.Code(k.DB.Derive(founding.SecretFor))
	k.View(func(tx *db.Tx) error {
		for typed, right := range map[string]bool{
			code: true, " " + strings.ToUpper(strings.ReplaceAll(code, "-", " ")): true, code[1:]: false, "": false,
		} {
			if founding.Right(tx, typed) != right {
				t.Errorf("%q is taken as %v", typed, !right)
			}
		}
		return nil
	})
}
