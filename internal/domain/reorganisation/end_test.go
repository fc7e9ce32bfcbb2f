package reorganisation_test

import (
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// A unit that ends sends home who is a guest there, today or on a day to come.
func TestEndSendsGuestsHome(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		var cell orgtree.Unit
		k.Update(func(tx *db.Tx) (err error) {
			if cell, err = unit.Found(tx, access.Console(), unit.New{
				Parent: o.Commune.ID, Founded: k.Today().AddDays(-60), Decision: "30-QĐ/ĐU",
				Fields: unit.Fields{Code: "CELL-N", Name: "Chi bộ thôn Bắc", Kind: "village_cell", CellType: "village"},
			}); err != nil {
				return err
			}
			for _, stay := range []struct {
				person member.ID
				at     orgtree.ID
				kind   string
				from   clock.Date
			}{
				{o.MemberA, 0, "temp_away", k.Today().AddDays(-30)},
				{o.MemberA, cell.ID, member.Guest, k.Today().AddDays(-30)},
				{o.MemberB, cell.ID, member.Guest, k.Today().AddDays(10)},
				{o.ExemptA, o.CellB.ID, member.Guest, k.Today().AddDays(-5)}, // elsewhere
			} {
				if _, err := member.AddOverlay(tx, access.Console(), stay.person, member.NewOverlay{
					Kind: stay.kind, Unit: stay.at, From: stay.from, Document: "GT-7",
				}); err != nil {
					return err
				}
			}
			return nil
		})
		end := func(by access.PersonID, day clock.Date) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				return reorganisation.End(tx, o.As(tx, by), cell.ID, cell.Version, day, "40-QĐ/ĐU")
			}
		}
		for _, c := range []struct {
			who  string
			by   access.PersonID
			day  clock.Date
			kind errs.Kind
		}{
			{"its guest", o.MemberA, k.Today(), errs.Denied},
			{"a secretary beside it", o.SecretaryA, k.Today(), errs.NotFound},
			{"office, on no day", o.Office, clock.Date{}, errs.Invalid},
			{"office, on a day to come", o.Office, k.Today().AddDays(1), errs.Invalid},
			{"office", o.Office, k.Today(), testkit.OK},
		} {
			t.Log(c.who)
			testkit.Want(t, k.Try(end(c.by, c.day)), c.kind)
		}
		k.View(func(tx *db.Tx) error {
			for _, person := range []member.ID{o.MemberA, o.MemberB, o.ExemptA} {
				f, err := member.Open(tx, access.Console(), person, "")
				if err != nil {
					return err
				}
				for _, overlay := range f.Overlays {
					over := !overlay.To.IsZero() && (!overlay.To.After(k.Today()) || overlay.To == overlay.From)
					if stays := overlay.Kind == "exempt" || overlay.Unit == o.CellB.ID; over == stays {
						t.Errorf("%s of %s at %v until %v", overlay.Kind, f.Name, overlay.Unit, overlay.To)
					}
				}
				told, err := notice.Unread(tx, o.As(tx, person))
				if want := map[member.ID]int{o.MemberA: 1, o.MemberB: 1}[person]; err != nil || told != want {
					t.Errorf("%s has %d notices, %v", f.Name, told, err)
				}
			}
			return nil
		})
		testkit.Want(t, k.Try(func(tx *db.Tx) error {
			_, err := member.Find(tx, o.As(tx, o.SecretaryB), o.MemberA)
			return err
		}), errs.NotFound)
	})
}
