package unit_test

import (
	"slices"
	"testing"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/sheet"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// branch is a spreadsheet of a party with two cells below the commune.
func branch() [][]string {
	return [][]string{
		{"Danh sách tổ chức đảng"},
		unit.TreeTemplate(),
		{"N-1", "N", "Chi bộ thôn Một", "Chi bộ", "Thôn, tổ dân phố", "Nông thôn", "Biên giới; vùng sâu, vùng xa", "00004", "", "1/10/2026", "12-QĐ/ĐU"},
		{"N", "COMMUNE", "Đảng bộ Hợp tác xã Nông", "Đảng bộ trực thuộc đảng ủy cơ sở", "", "", "", "", "", "01/10/2026", "11-QĐ/ĐU"},
		{"N-2", "N", "Chi bộ thôn Hai", "Chi bộ", "village", "rural", "", "", "", "2026-10-01", "12-QĐ/ĐU"},
	}
}

func TestImportTree(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		everybody(t, k, o, []try{
			{"office", o.Office, testkit.OK},
			{"secretary of the commune", o.CommuneSecretary, errs.Invalid},
			{"stranger", o.SecretaryC, errs.Invalid},
		}, func(tx *db.Tx, by access.Actor) error {
			_, err := unit.ImportTree(tx, by, unit.ParseTree(branch()))
			return err
		})
		k.Update(func(tx *db.Tx) error {
			founded, err := unit.ImportTree(tx, o.As(tx, o.Office), unit.ParseTree(branch()))
			if len(founded) != 3 {
				t.Errorf("%d units, want 3", len(founded))
			}
			return err
		})
		k.View(func(tx *db.Tx) error {
			u, _, err := orgtree.FindCode(tx, "N-1")
			if u.Kind != "subordinate_cell" && u.Kind != "village_cell" || u.CellType != "village" || !slices.Equal(u.Areas, []string{"border", "remote"}) {
				t.Errorf("unit %+v", u)
			}
			if u.Depth != 2 {
				t.Errorf("depth %d, want 2", u.Depth)
			}
			rows, err2 := unit.Export(tx, o.As(tx, o.Office), o.Commune.ID, k.Today())
			if err2 != nil {
				t.Error(err2)
			}
			if again := unit.ParseTree(rows); len(again.Faults) != 0 || len(again.Rows) != 6 {
				t.Errorf("the export reads as %d rows with faults %v", len(again.Rows), again.Faults)
			}
			return err
		})
	})
}

func TestPreviewTreeNamesRowAndColumn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		for _, row := range []struct {
			name       string
			spoil      func(rows [][]string)
			at         int
			column     string
			message    string
			whoImports access.PersonID
		}{
			{"unknown kind", func(r [][]string) { r[2][3] = "Câu lạc bộ" }, 3, "kind", "unit.error.kind", o.Office},
			{"unknown parent", func(r [][]string) { r[3][1] = "X" }, 4, "parent", "unit.error.no_parent", o.Office},
			{"parent of others", func(r [][]string) { r[3][1] = "OTHER" }, 4, "parent", "unit.error.no_parent", o.Office},
			{"root", func(r [][]string) { r[3][1] = "" }, 4, "parent", "unit.error.no_parent", o.Office},
			{"circle", func(r [][]string) { r[3][1] = "N-1" }, 4, "parent", "unit.error.circle", o.Office},
			{"code twice", func(r [][]string) { r[4][0] = "N-1" }, 5, "code", "unit.error.code_twice", o.Office},
			{"code in use", func(r [][]string) { r[2][0] = "CELL-A" }, 3, "code", "unit.error.code_in_use", o.Office},
			{"date", func(r [][]string) { r[4][9] = "31/9/2026" }, 5, "founded", "errs.date", o.Office},
			{"no date", func(r [][]string) { r[4][9] = "" }, 5, "founded", "errs.required", o.Office},
			{"before the parent", func(r [][]string) { r[4][9] = "30/9/2026" }, 5, "founded", "unit.error.before_parent", o.Office},
			{"place", func(r [][]string) { r[2][7] = "123" }, 3, "place", "unit.error.place", o.Office},
		} {
			rows := branch()
			row.spoil(rows)
			k.View(func(tx *db.Tx) error {
				p, err := unit.PreviewTree(tx, o.As(tx, row.whoImports), unit.ParseTree(rows))
				if !slices.ContainsFunc(p.Faults, func(f sheet.Fault) bool {
					return f.Row == row.at && f.Column == row.column && f.Message.Key == row.message
				}) {
					t.Errorf("%s: faults %v, want %s in row %d, column %s", row.name, p.Faults, row.message, row.at, row.column)
				}
				return err
			})
		}
	})
}

func FuzzParseTree(f *testing.F) {
	f.Add("N", "COMMUNE", "Chi bộ", "1/1/2026")
	f.Add("N", "N", "", "2026-13-01")
	f.Add("", "", "\xff\x00", "=1+1")
	f.Fuzz(func(t *testing.T, code, parent, name, day string) {
		rows := [][]string{
			{"Mã", "Trực thuộc", "Tên", "Loại", "Ngày thành lập"},
			{code, parent, name, "Chi bộ", day},
			{parent, code, name, "Chi bộ", day},
			{code + "1", parent},
		}
		p := unit.ParseTree(rows)
		faulty := map[int]bool{}
		for _, f := range p.Faults {
			if f.Row < 0 || f.Row > len(rows) {
				t.Fatalf("fault %v in no row", f)
			}
			faulty[f.Row] = true
		}
		for _, row := range p.Rows {
			if row.Row < 2 || row.Row > len(rows) {
				t.Fatalf("row %v is none", row)
			}
		}
		for number := 2; number <= len(rows); number++ {
			known := slices.ContainsFunc(p.Rows, func(row unit.TreeRow) bool { return row.Row == number })
			if filled := code+parent+name != ""; filled && !known && !faulty[number] && !faulty[0] && number != 4 {
				t.Fatalf("row %d vanished: %v", number, p)
			}
		}
	})
}
