package member

import (
	"strconv"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/sheet"
	"chibo/internal/platform/text"
)

// importColumns are those of our own template, in its order. Religion is in
// none: it is entered by hand, by whoever needs it.
var importColumns = []sheet.Column{
	{Name: "unit", Heads: []string{"Mã chi bộ"}},
	{Name: "group", Heads: []string{"Tổ đảng"}},
	{Name: "birth_name", Heads: []string{"Họ và tên khai sinh", "Họ và tên", "Họ tên"}, Needed: true},
	{Name: "name", Heads: []string{"Tên đang dùng"}},
	{Name: "other_names", Heads: []string{"Các tên gọi khác"}},
	{Name: "sex", Heads: []string{"Giới tính", "Nam/Nữ"}, Needed: true},
	{Name: "birth", Heads: []string{"Ngày sinh", "Sinh ngày", "Ngày, tháng, năm sinh"}, Needed: true},
	{Name: "birthplace", Heads: []string{"Nơi đăng ký khai sinh", "Nơi sinh"}},
	{Name: "home", Heads: []string{"Quê quán"}},
	{Name: "residence", Heads: []string{"Nơi cư trú", "Nơi ở hiện nay"}},
	{Name: "ethnic", Heads: []string{"Dân tộc"}},
	{Name: "occupation", Heads: []string{"Nghề nghiệp hiện nay", "Nghề nghiệp"}},
	{Name: "schooling", Heads: []string{"Giáo dục phổ thông", "Trình độ văn hóa"}},
	{Name: "expertise", Heads: []string{"Chuyên môn, nghiệp vụ", "Trình độ chuyên môn"}},
	{Name: "degree", Heads: []string{"Học vị"}},
	{Name: "academic_title", Heads: []string{"Học hàm"}},
	{Name: "theory", Heads: []string{"Lý luận chính trị"}},
	{Name: "languages", Heads: []string{"Ngoại ngữ"}},
	{Name: "computing", Heads: []string{"Tin học"}},
	{Name: "minority_languages", Heads: []string{"Tiếng dân tộc thiểu số"}},
	{Name: "union_joined", Heads: []string{"Ngày vào Đoàn", "Ngày kết nạp Đoàn"}},
	{Name: "union_place", Heads: []string{"Nơi kết nạp Đoàn"}},
	{Name: "status", Heads: []string{"Loại đảng viên", "Trạng thái"}},
	{Name: "admitted", Heads: []string{"Ngày quyết định kết nạp"}},
	{Name: "ceremony", Heads: []string{"Ngày vào Đảng", "Ngày kết nạp"}, Needed: true},
	{Name: "recognised", Heads: []string{"Ngày chính thức", "Ngày công nhận chính thức"}},
	{Name: "inactive", Heads: []string{"Số tháng không tính tuổi đảng"}},
	{Name: "card", Heads: []string{"Số thẻ đảng viên", "Số thẻ"}},
	{Name: "cv_number", Heads: []string{"Số lý lịch"}},
	{Name: "from", Heads: []string{"Ngày về chi bộ", "Ngày chuyển đến"}},
	{Name: "phone", Heads: []string{"Điện thoại", "Số điện thoại"}},
}

// Template is the head row of a spreadsheet that ParseImport reads.
func Template() []string { return sheet.Heads(importColumns) }

// ImportRow is a member to be entered by a spreadsheet.
type ImportRow struct {
	Row int
	// Cell is the code of the cell; "" is the one that the import is for.
	Cell string
	// GroupName is the name of the party group.
	GroupName string
	New
}

// Preview is what an import would do and what is wrong with it.
type Preview struct {
	Rows    []ImportRow
	Faults  []sheet.Fault
	Ignored []string // heads of columns that nothing is read from
}

// Faulty are the rows with something wrong in them.
func (p Preview) Faulty() map[int]bool {
	rows := map[int]bool{}
	for _, f := range p.Faults {
		rows[f.Row] = true
	}
	return rows
}

// WithoutFaulty is the part of the preview that could be imported. What is
// wrong with the whole stays.
func (p Preview) WithoutFaulty() Preview {
	faulty := p.Faulty()
	kept := Preview{Ignored: p.Ignored}
	for _, row := range p.Rows {
		if !faulty[row.Row] {
			kept.Rows = append(kept.Rows, row)
		}
	}
	for _, f := range p.Faults {
		if f.Row == 0 {
			kept.Faults = append(kept.Faults, f)
		}
	}
	return kept
}

// ParseImport reads a spreadsheet of members, head row somewhere on top. It
// needs no database: what only rules and register can tell is left to
// CheckImport.
func ParseImport(rows [][]string) Preview {
	s := sheet.Read(rows, importColumns)
	p := Preview{Ignored: s.Ignored, Rows: make([]ImportRow, 0, len(s.Rows))}
	cards, people := map[string]int{}, map[string]int{}
	for _, r := range s.Rows {
		row := importRow(s, r)
		if first, twice := cards[row.Card]; twice && row.Card != "" {
			s.Wrong(r.Number, "card", "member.error.card_twice", first)
		}
		if first, twice := people[row.person()]; twice {
			s.Wrong(r.Number, "birth_name", "member.error.person_twice", first)
		}
		cards[row.Card], people[row.person()] = r.Number, r.Number
		p.Rows = append(p.Rows, row)
	}
	p.Faults = s.Faults
	return p
}

// person tells people apart who have no card.
func (c Core) person() string { return text.Fold(c.BirthName) + "/" + c.Birth.String() }

func importRow(s *sheet.Sheet, r sheet.Row) ImportRow {
	row := ImportRow{Row: r.Number, Cell: r.Text("unit"), GroupName: r.Text("group")}
	row.From = s.Date(r, "from")
	row.Core = Core{
		BirthName: r.Text("birth_name"), Name: r.Text("name"), Sex: readSex(s, r), Birth: s.Date(r, "birth"),
		Card: r.Text("card"), CVNumber: r.Text("cv_number"),
		Admitted: s.Date(r, "admitted"), Ceremony: s.Date(r, "ceremony"), Recognised: s.Date(r, "recognised"),
		Inactive: readMonths(s, r),
	}.clean()
	for _, l := range row.CV.lines() {
		*l.text = r.Text(l.field)
	}
	row.CV.UnionJoined = s.Date(r, "union_joined")
	row.Status = readStatus(s, r, row.Recognised)
	return row
}

func readSex(s *sheet.Sheet, r sheet.Row) Sex {
	switch text.Fold(r.Text("sex")) {
	case "nam", "male", "x":
		return Male
	case "nu", "female":
		return Female
	case "":
		return ""
	}
	s.Wrong(r.Number, "sex", "member.error.sex")
	return ""
}

func readMonths(s *sheet.Sheet, r sheet.Row) int {
	written := r.Text("inactive")
	if written == "" {
		return 0
	}
	n, err := strconv.Atoi(written)
	if err != nil {
		s.Wrong(r.Number, "inactive", "errs.number")
	}
	return n
}

// readStatus takes the word, or where there is none the day of recognition.
func readStatus(s *sheet.Sheet, r sheet.Row, recognised clock.Date) Status {
	switch text.Fold(r.Text("status")) {
	case "chinh thuc", "dang vien chinh thuc", "official":
		return Official
	case "du bi", "dang vien du bi", "probationary":
		return Probationary
	case "":
		if recognised.IsZero() {
			return Probationary
		}
		return Official
	}
	s.Wrong(r.Number, "status", "member.error.status")
	return Probationary
}

// cells is the person as a row under the heads of the template.
func (e Exported) cells() []string {
	values := map[string]string{
		"unit": e.UnitCode, "group": e.GroupName, "birth_name": e.BirthName, "name": e.Name, "sex": sexWord(e.Sex),
		"birth": e.Birth.Vietnamese(), "union_joined": e.CV.UnionJoined.Vietnamese(), "status": statusWord(e.Status),
		"admitted": e.Admitted.Vietnamese(), "ceremony": e.Ceremony.Vietnamese(), "recognised": e.Recognised.Vietnamese(),
		"card": e.Card, "cv_number": e.CVNumber, "from": e.From.Vietnamese(),
	}
	if e.Inactive > 0 {
		values["inactive"] = strconv.Itoa(e.Inactive)
	}
	for _, l := range e.CV.lines() {
		values[l.field] = *l.text
	}
	row := make([]string, len(importColumns))
	for i, c := range importColumns {
		row[i] = values[c.Name]
	}
	return row
}

func sexWord(s Sex) string {
	return map[Sex]string{Male: "Nam", Female: "Nữ"}[s]
}

func statusWord(s Status) string {
	return map[Status]string{Official: "Chính thức", Probationary: "Dự bị"}[s]
}

// ExportRows is Export as rows under the heads of the template.
func ExportRows(tx *db.Tx, by access.Actor, f Filter, row func([]string) error) error {
	if err := row(Template()); err != nil {
		return err
	}
	return Export(tx, by, f, func(e Exported) error { return row(e.cells()) })
}
