package member_test

import (
	"fmt"
	"slices"
	"testing"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/sheet"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
)

// list is a spreadsheet of two members for cell A.
func list() [][]string {
	return [][]string{
		{"DANH SÁCH ĐẢNG VIÊN"},
		{"STT", "Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Ngày chính thức", "Số thẻ", "Mã chi bộ", "Tổ đảng", "Quê quán"},
		{"1", "Ngô Văn Mới", "Nam", "3/2/1980", "19/5/2005", "19/05/2006", "0101 8000 0009", "CELL-A", "tổ đảng 1", "Xã Phú Hòa"},
		{"2", "Ngô Thị Mới", "Nữ", "2000-02-03", "20/7/2026", "", "", "", "", ""},
	}
}

func TestImport(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		imports := func(tx *db.Tx, by access.Actor) error {
			_, err := member.Import(tx, by, o.CellA.ID, member.ParseImport(list()))
			return err
		}
		everybody(t, k, o, []try{
			{"secretary", o.SecretaryA, testkit.OK},
			{"office", o.Office, testkit.OK},
			{"member", o.MemberA, errs.Invalid}, // who manages no cell finds none
			{"secretary of another cell", o.SecretaryB, errs.Invalid},
		}, imports)
		var ids []access.PersonID
		k.Update(func(tx *db.Tx) (err error) {
			ids, err = member.Import(tx, o.As(tx, o.SecretaryA), o.CellA.ID, member.ParseImport(list()))
			return err
		})
		first, second := open(k, o, ids[0]), open(k, o, ids[1])
		if first.Status != member.Official || first.Group != o.GroupA1.ID || first.Card != "010180000009" || first.CV.Home != "Xã Phú Hòa" {
			t.Errorf("first: %+v", first)
		}
		if second.Status != member.Probationary || second.Birth != day("2000-02-03") || second.Unit != o.CellA.ID {
			t.Errorf("second: %+v", second)
		}
		k.View(func(tx *db.Tx) error {
			if !o.As(tx, ids[1]).Holds(access.Member, o.CellA.ID) {
				t.Error("an imported member holds no role")
			}
			return nil
		})
		err := undone(k, func(tx *db.Tx) error { return imports(tx, o.As(tx, o.SecretaryA)) })
		testkit.Want(t, err, errs.Invalid) // the same list a second time
	})
}

func TestPreviewNamesRowAndColumn(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		k.Update(func(tx *db.Tx) error {
			_, err := member.Register(tx, o.As(tx, o.SecretaryB), newcomer(o.CellB.ID))
			return err
		})
		for _, row := range []struct {
			name    string
			spoil   func(rows [][]string)
			at      int
			column  string
			message string
		}{
			{"no name", func(r [][]string) { r[2][1] = " " }, 3, "birth_name", "errs.required"},
			{"sex", func(r [][]string) { r[2][2] = "khác" }, 3, "sex", "member.error.sex"},
			{"no such day", func(r [][]string) { r[2][3] = "31/2/1980" }, 3, "birth", "errs.date"},
			{"future", func(r [][]string) { r[3][4] = "4/11/2026" }, 4, "ceremony", "member.error.future"},
			{"17 when admitted", func(r [][]string) { r[3][3] = "21/7/2008" }, 4, "birth", "member.error.too_young"},
			{"recognised first", func(r [][]string) { r[2][5] = "18/5/2005" }, 3, "recognised", "member.error.recognised_before_ceremony"},
			{"card with letters", func(r [][]string) { r[2][6] = "01O1" }, 3, "card", "member.error.card"},
			{"card of a probationary member", func(r [][]string) { r[3][6] = "010180000010" }, 4, "card", "member.error.card_before_recognition"},
			{"card twice", func(r [][]string) { r[3][6] = "010180000009" }, 4, "card", "member.error.card_twice"},
			{"card in use", func(r [][]string) { r[2][6] = "010190000001" }, 3, "card", "member.error.card_in_use"},
			{"person twice", func(r [][]string) { r[3][1], r[3][3] = "NGÔ VĂN MỚI", "03/02/1980" }, 4, "birth_name", "member.error.person_twice"},
			{"cell of others", func(r [][]string) { r[2][7] = "CELL-B" }, 3, "unit", "member.error.no_such_cell"},
			{"no such cell", func(r [][]string) { r[2][7] = "X" }, 3, "unit", "member.error.no_such_cell"},
			{"no such group", func(r [][]string) { r[2][8] = "Tổ đảng 9" }, 3, "group", "member.error.group"},
		} {
			rows := list()
			row.spoil(rows)
			k.View(func(tx *db.Tx) error {
				p, err := member.CheckImport(tx, o.As(tx, o.SecretaryA), o.CellA.ID, member.ParseImport(rows))
				if !slices.ContainsFunc(p.Faults, func(f sheet.Fault) bool {
					return f.Row == row.at && f.Column == row.column && f.Message.Key == row.message
				}) {
					t.Errorf("%s: faults %v, want %s in row %d, column %s", row.name, p.Faults, row.message, row.at, row.column)
				}
				if rest := p.WithoutFaulty(); len(rest.Rows) != 1 || len(rest.Faults) != 0 {
					t.Errorf("%s: without faulty rows %v", row.name, rest)
				}
				return err
			})
		}
	})
}

func TestTheExportIsATemplate(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		export := func(cell member.Filter, into *[][]string) func(tx *db.Tx, by access.Actor) error {
			return func(tx *db.Tx, by access.Actor) error {
				*into = nil
				return member.ExportRows(tx, by, cell, func(row []string) error {
					*into = append(*into, row)
					return nil
				})
			}
		}
		var rows [][]string
		everybody(t, k, o, []try{
			{"secretary", o.SecretaryA, testkit.OK},
			{"secretary of the commune", o.CommuneSecretary, errs.Denied},
			{"member", o.MemberA, errs.Denied},
			{"stranger", o.SecretaryB, errs.NotFound},
		}, export(member.Filter{Unit: o.CellA.ID}, &rows))
		k.Update(func(tx *db.Tx) error {
			return export(member.Filter{Unit: o.CellA.ID}, &rows)(tx, o.As(tx, o.Office))
		})
		again := member.ParseImport(rows)
		if len(again.Rows) != 27 || len(again.Faults) != 0 || len(again.Ignored) != 0 {
			t.Fatalf("%d rows, faults %v, ignored %v", len(again.Rows), again.Faults, again.Ignored)
		}
		for _, row := range again.Rows {
			i := slices.IndexFunc(o.MembersA, func(person access.PersonID) bool {
				f := open(k, o, person)
				return f.Core == row.Core && f.Status == row.Status && row.Cell == "CELL-A" && f.Places[0].From == row.From
			})
			if i < 0 {
				t.Errorf("row %d is nobody: %+v", row.Row, row)
			}
		}
	})
}

func TestALongListGoesInWhole(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		o := org.New(k)
		rows := longList(700)
		k.Update(func(tx *db.Tx) error {
			ids, err := member.Import(tx, o.As(tx, o.SecretaryB), o.CellB.ID, member.ParseImport(rows))
			if len(ids) != 700 {
				t.Errorf("%d people, want 700", len(ids))
			}
			return err
		})
		k.View(func(tx *db.Tx) error {
			roll, err := member.Roster(tx, o.CellB.ID, k.Today())
			if len(roll) != 705 {
				t.Errorf("%d on the roll, want 705", len(roll))
			}
			return err
		})
	})
}

// longList is a spreadsheet of so many people for cell B.
func longList(people int) [][]string {
	rows := [][]string{member.Template()}
	for i := range people {
		rows = append(rows, []string{
			"CELL-B", "", fmt.Sprintf("Người Thứ %d", i), "", "", "Nữ", "06/05/1990", "", "Xã Phú Hòa", "Thôn Tây", "Kinh", "Nông dân", "12/12",
			"", "", "", "Sơ cấp", "", "", "", "", "", "Chính thức", "01/06/2015", "20/06/2015", "20/06/2016", "", fmt.Sprintf("09%010d", i), "", "", "",
		})
	}
	return rows
}

// BenchmarkImport enters 10,000 people in one transaction: design section 6 asks
// for 10,000 rows a second.
func BenchmarkImport(b *testing.B) {
	k := testkit.SQLite(b)
	o := org.New(k)
	const people = 10_000
	rows := longList(people)
	for b.Loop() {
		err := undone(k, func(tx *db.Tx) error {
			ids, err := member.Import(tx, access.Console(), o.CellB.ID, member.ParseImport(rows))
			if len(ids) != people {
				b.Fatalf("%d people, %v", len(ids), err)
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(people*b.N)/b.Elapsed().Seconds(), "rows/s")
}

func FuzzParseImport(f *testing.F) {
	f.Add("Họ và tên", "Nguyễn Văn An", "Nam", "1/1/1990", "x")
	f.Add("Số thẻ", "\x00\xff", "nữ", "1990-13-01", "0012")
	f.Add("", "=cmd", "", "", "")
	f.Fuzz(func(t *testing.T, head, name, sex, birth, card string) {
		rows := [][]string{
			{head},
			{"Họ và tên", "Giới tính", "Ngày sinh", "Ngày vào Đảng", "Số thẻ", head},
			{name, sex, birth, birth, card, name},
			{name, sex, birth},
			{},
		}
		p := member.ParseImport(rows)
		faulty := p.Faulty()
		for row := range faulty {
			if row < 0 || row > len(rows) {
				t.Fatalf("a fault in row %d of %d", row, len(rows))
			}
		}
		for _, row := range p.Rows {
			if row.Row < 1 || row.Row > len(rows) {
				t.Fatalf("row %d of %d", row.Row, len(rows))
			}
			if row.Sex != "" && row.Sex != member.Male && row.Sex != member.Female || !row.Status.Active() {
				t.Fatalf("row %+v", row)
			}
		}
		for _, row := range p.WithoutFaulty().Rows {
			if faulty[row.Row] {
				t.Fatalf("faulty row %d was kept", row.Row)
			}
		}
	})
}
