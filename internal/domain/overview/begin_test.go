package overview_test

import (
	"slices"
	"testing"

	"chibo/internal/domain/founding"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
)

// TestBeginnings follows the desk of an administrator, and then of the office,
// through the first steps of an installation.
func TestBeginnings(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		var administrator access.PersonID
		var root orgtree.Unit
		k.Update(func(tx *db.Tx) error {
			slip, err := founding.Begin(tx, access.Console(), founding.Start{
				Kind: "commune_party", Place: "25708", Founded: clock.NewDate(2025, 7, 1), Administrator: "Lò Thị Quản Trị",
			})
			if err != nil {
				return err
			}
			administrator = slip.Person
			roots, err := orgtree.Roots(tx)
			root = roots[0]
			return err
		})
		begins(t, k, administrator, root, overview.BeginUnits, overview.BeginOffice)
		k.Update(func(tx *db.Tx) error {
			_, err := unit.Found(tx, access.Console(), unit.New{Parent: root.ID, Founded: root.Founded, Fields: unit.Fields{
				Code: "CB01", Name: "Chi bộ Một", Kind: "village_cell", CellType: "village",
			}})
			return err
		})
		begins(t, k, administrator, root, overview.BeginOffice)
		k.Update(func(tx *db.Tx) error {
			_, err := unit.Appoint(tx, access.Console(), root.ID, unit.Appointment{
				Person: administrator, Kind: "office_head", From: root.Founded, Decision: "12-QĐ/ĐU",
			})
			return err
		})
		begins(t, k, administrator, root, overview.BeginMembers)
	})
}

func begins(t *testing.T, k *testkit.Kit, who access.PersonID, home orgtree.Unit, want ...overview.Kind) {
	t.Helper()
	k.View(func(tx *db.Tx) error {
		by, err := access.Act(tx, who)
		if err != nil {
			return err
		}
		d, err := overview.OnDesk(tx, by, home)
		if err != nil {
			return err
		}
		items := d.Items
		if d.Next != nil {
			items = append([]overview.Item{*d.Next}, items...)
		}
		for _, kind := range []overview.Kind{overview.BeginUnits, overview.BeginOffice, overview.BeginMembers} {
			on := slices.ContainsFunc(items, func(i overview.Item) bool { return i.Kind == kind })
			if on != slices.Contains(want, kind) {
				t.Errorf("%s on the desk: %v", kind, on)
			}
		}
		return nil
	})
}
