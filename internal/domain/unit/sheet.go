package unit

import (
	"cmp"
	"slices"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/sheet"
	"chibo/internal/platform/text"
)

// treeColumns are those of our own template for a tree.
var treeColumns = []sheet.Column{
	{Name: "code", Heads: []string{"Mã tổ chức đảng", "Mã"}, Needed: true},
	{Name: "parent", Heads: []string{"Mã tổ chức cấp trên", "Trực thuộc"}, Needed: true},
	{Name: "name", Heads: []string{"Tên tổ chức đảng", "Tên"}, Needed: true},
	{Name: "kind", Heads: []string{"Loại tổ chức đảng", "Loại"}, Needed: true},
	{Name: "cell_type", Heads: []string{"Loại hình chi bộ"}},
	{Name: "block", Heads: []string{"Khối"}},
	{Name: "areas", Heads: []string{"Đặc điểm địa bàn"}},
	{Name: "place", Heads: []string{"Mã xã, phường, đặc khu", "Mã địa bàn"}},
	{Name: "address", Heads: []string{"Địa chỉ"}},
	{Name: "founded", Heads: []string{"Ngày thành lập"}, Needed: true},
	{Name: "decision", Heads: []string{"Số quyết định thành lập", "Số quyết định"}},
}

// TreeTemplate is the head row of a spreadsheet that ParseTree reads.
func TreeTemplate() []string { return sheet.Heads(treeColumns) }

// TreePreview is what an import of a tree would do, parents first, and what is
// wrong with it.
type TreePreview struct {
	Rows    []TreeRow
	Faults  []sheet.Fault
	Ignored []string
}

// ParseTree reads a spreadsheet of units. It needs no database: what only the
// register can tell is left to PreviewTree.
func ParseTree(rows [][]string) TreePreview {
	s := sheet.Read(rows, treeColumns)
	var list []TreeRow
	lines := map[string]int{}
	for _, r := range s.Rows {
		row := treeRow(s, r)
		if first, twice := lines[row.Code]; twice && row.Code != "" {
			s.Wrong(r.Number, "code", "unit.error.code_twice", first)
			continue
		}
		lines[row.Code] = r.Number
		list = append(list, row)
	}
	return TreePreview{parentsFirst(s, list), s.Faults, s.Ignored}
}

func treeRow(s *sheet.Sheet, r sheet.Row) TreeRow {
	row := TreeRow{Row: r.Number, Above: r.Text("parent")}
	row.Fields = Fields{
		Code: r.Text("code"), Name: r.Text("name"), Kind: r.Text("kind"), CellType: r.Text("cell_type"),
		Block: r.Text("block"), Place: r.Text("place"), Address: r.Text("address"),
	}
	if areas := r.Text("areas"); areas != "" {
		row.Areas = splitAreas(areas)
	}
	row.Founded, row.Decision = s.Date(r, "founded"), r.Text("decision")
	return row
}

func splitAreas(s string) []string {
	var list []string
	start := 0
	for i, r := range s + ";" {
		if r == ';' {
			if area := text.Line(s[start:i]); area != "" {
				list = append(list, area)
			}
			start = i + 1
		}
	}
	return list
}

// parentsFirst sorts the rows so that each comes after its parent. Rows that
// lie above each other in a circle are faults.
func parentsFirst(s *sheet.Sheet, list []TreeRow) []TreeRow {
	below := map[string][]TreeRow{}
	inSheet := map[string]bool{}
	for _, row := range list {
		inSheet[row.Code] = true
	}
	var sorted []TreeRow
	for _, row := range list {
		if row.Above != "" && inSheet[row.Above] {
			below[row.Above] = append(below[row.Above], row)
		} else {
			sorted = append(sorted, row)
		}
	}
	for i := 0; i < len(sorted); i++ {
		code := sorted[i].Code
		sorted = append(sorted, below[code]...)
		delete(below, code)
	}
	var circle []TreeRow
	for _, rows := range below {
		circle = append(circle, rows...)
	}
	slices.SortFunc(circle, func(a, b TreeRow) int { return a.Row - b.Row })
	for _, row := range circle {
		s.Wrong(row.Row, "parent", "unit.error.circle")
	}
	return sorted
}

// PreviewTree adds what only the register can tell: labels become the
// vocabulary's ids, parents and codes are looked up. Who may not manage units
// at a parent reads that there is none.
func PreviewTree(tx *db.Tx, by access.Actor, p TreePreview) (TreePreview, error) {
	s := &sheet.Sheet{Faults: slices.Clone(p.Faults)}
	rows := slices.Clone(p.Rows)
	known := map[string]orgtree.Unit{}
	for i := range rows {
		if err := rows[i].preview(tx, by, s, known); err != nil {
			return TreePreview{}, err
		}
	}
	return TreePreview{rows, s.Faults, p.Ignored}, nil
}

// preview checks a row; known are the units of the rows before it and the
// parents found so far.
func (row *TreeRow) preview(tx *db.Tx, by access.Actor, s *sheet.Sheet, known map[string]orgtree.Unit) error {
	parent, ok, err := row.parent(tx, by, known)
	if err != nil {
		return err
	}
	if !ok {
		s.Wrong(row.Row, "parent", "unit.error.no_parent", row.Above)
		return nil
	}
	at := parent
	at.Place = cmp.Or(at.Place, row.Place)
	words, _, err := Words(tx, at)
	if err != nil {
		return err
	}
	row.Fields = row.fromLabels(words, parent.Kind).clean()
	row.Parent = parent.ID
	if err := s.Invalid(row.Row, row.New.check(tx, parent)); err != nil {
		return err
	}
	if _, taken, err := orgtree.FindCode(tx, row.Code); err != nil {
		return err
	} else if taken {
		s.Wrong(row.Row, "code", "unit.error.code_in_use", row.Code)
	}
	known[row.Code] = row.onto(orgtree.Unit{Parent: parent.ID, Founded: row.Founded})
	return nil
}

func (row *TreeRow) parent(tx *db.Tx, by access.Actor, known map[string]orgtree.Unit) (orgtree.Unit, bool, error) {
	if row.Above == "" {
		return orgtree.Unit{}, by.Console, nil
	}
	if u, ok := known[row.Above]; ok {
		return u, true, nil
	}
	u, found, err := orgtree.FindCode(tx, row.Above)
	ok := found && u.Ended.IsZero() && by.Can(access.UnitManage, u)
	return u, ok, err
}

// ImportTree founds all units of a preview, or none. The rights are those of
// Found; a preview with faults is errs.Invalid.
func ImportTree(tx *db.Tx, by access.Actor, p TreePreview) ([]orgtree.Unit, error) {
	p, err := PreviewTree(tx, by, p)
	if err != nil {
		return nil, err
	}
	if len(p.Faults) > 0 {
		return nil, errs.New(errs.Invalid, "sheet.error.faults", len(p.Faults))
	}
	ids := map[string]orgtree.ID{}
	var founded []orgtree.Unit
	for _, row := range p.Rows {
		if parent, ok := ids[row.Above]; ok {
			row.Parent = parent
		}
		u, err := Found(tx, by, row.New)
		if err != nil {
			return nil, err
		}
		ids[row.Code] = u.ID
		founded = append(founded, u)
	}
	return founded, nil
}

// Export is the tree at and below the unit as a spreadsheet that ParseTree
// reads again. Who may read units there may.
func Export(tx *db.Tx, by access.Actor, unit orgtree.ID, day clock.Date) ([][]string, error) {
	root, err := Tree(tx, by, unit, day)
	if err != nil {
		return nil, err
	}
	return exportRows([][]string{TreeTemplate()}, root, ""), nil
}

func exportRows(rows [][]string, n orgtree.Node, above string) [][]string {
	var areas string
	for _, area := range n.Areas {
		areas += area + "; "
	}
	rows = append(rows, []string{
		n.Code, above, n.Name, n.Kind, n.CellType, n.Block, text.Line(areas), n.Place, n.Address, n.Founded.Vietnamese(), "",
	})
	for _, child := range n.Children {
		rows = exportRows(rows, child, n.Code)
	}
	return rows
}
