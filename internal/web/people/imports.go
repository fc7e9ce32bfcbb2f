package people

import (
	"cmp"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/sheet"
	"chibo/internal/platform/xlsx"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

const (
	importMost = 20 << 20
	// Of a long list only the beginning is shown.
	previewMost = 100
	faultsMost  = 200
)

// importRoutes lead from the choice of a file over its preview to the import.
// Between the steps the file is kept by its hash.
func importRoutes() []page.Route {
	var list []page.Route
	for _, what := range []string{"members", "units"} {
		base := "/import/" + what
		list = append(list,
			page.Show(base, showImport(what)),
			page.Route{Pattern: "POST " + base, Show: showImport(what), Do: keepFile(what), Uploads: importMost},
			page.Show(base+"/template", template(what)),
			page.Route{Pattern: "GET " + base + "/{hash}", Show: showPreview(what), Before: readFile},
			page.Route{Pattern: "POST " + base + "/{hash}", Show: showPreview(what), Do: carryOut(what), Before: readFile},
		)
	}
	return list
}

func importRight(what string) access.Action {
	if what == "units" {
		return access.UnitManage
	}
	return access.MemberManage
}

func importBack(what string, at orgtree.Unit) string {
	if what == "units" {
		return "/units"
	}
	return membersPath(at.ID)
}

func showImport(what string) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		at, err := scopeOf(r, importRight(what))
		if err != nil {
			return nil, err
		}
		f := fields{r, "people.field."}
		view := form{
			Title: r.T("people.page.import_" + what), Lead: r.T("people.page.import_"+what+"_lead", "unit", at.Name),
			Action: "/import/" + what, Files: true, Hidden: []ui.Hidden{{Name: "unit", Value: at.ID.String()}},
			Fields: []templ.Component{
				templateLink("/import/" + what + "/template"),
				ui.FileField{Name: "file", Label: f.label("file"), Help: f.help("file"), Accept: ".xlsx,.csv", Required: true, Error: r.Errors().For("file")},
			},
			Submit: r.T("people.page.import_check"), Back: importBack(what, at),
		}
		return view.answer(r)
	}
}

// keepFile goes on to the preview of the file that was sent.
func keepFile(what string) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		at, err := scopeOf(r, importRight(what))
		if err != nil {
			return nil, err
		}
		files := r.Uploads["file"]
		if len(files) == 0 {
			return nil, errs.Field("file", "people.error.no_file")
		}
		if media := files[0].Media; media != blob.XLSX && media != blob.Text {
			return nil, errs.Field("file", "people.error.no_table")
		}
		return page.SeeOther("/import/"+what+"/"+files[0].Hash+"?unit="+at.ID.String(), ""), nil
	}
}

// readFile reads the kept file before any transaction.
func readFile(r *page.Request) error {
	file, err := r.Site.Files.Open(r.PathValue("hash"))
	if err != nil {
		return err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	rows, err := xlsx.Read(file, info.Size(), xlsx.UsualLimits())
	if err != nil {
		return err
	}
	r.Prepared, err = xlsx.All(rows)
	return err
}

// preview is what an import would do, in words.
type preview struct {
	Title         string
	Rows, Faulty  int
	Faults        ui.Table
	FaultsLeft    int
	Table         ui.Table
	Ignored       []string
	Action, Again string
	Hidden        []ui.Hidden
	Errors        ui.Errors
	// Skip offers to import the rows that are right.
	Skip bool
}

func showPreview(what string) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		at, err := scopeOf(r, importRight(what))
		if err != nil {
			return nil, err
		}
		v := preview{
			Title: r.T("people.page.import_" + what), Action: "/import/" + what + "/" + r.PathValue("hash"),
			Again: "/import/" + what + "?unit=" + at.ID.String(), Errors: r.Errors(),
			Hidden: []ui.Hidden{{Name: "unit", Value: at.ID.String()}, page.Once(r)},
		}
		if what == "units" {
			err = v.units(r, r.Prepared.([][]string))
		} else {
			err = v.members(r, at, r.Prepared.([][]string))
		}
		if err != nil {
			return nil, err
		}
		frame, err := r.Frame(r.T("people.page.preview_title"))
		if err != nil {
			return nil, err
		}
		frame.Crumbs = []ui.Link{{Text: v.Title, Href: v.Again}}
		return page.HTML(previewPage(frame, v)), nil
	}
}

// cellFor is the cell for rows that name none: the unit, if it is one.
func cellFor(at orgtree.Unit) orgtree.ID {
	if at.IsCell() {
		return at.ID
	}
	return 0
}

func (v *preview) members(r *page.Request, at orgtree.Unit, rows [][]string) error {
	checked, err := member.CheckImport(r.Tx, r.By, cellFor(at), member.ParseImport(rows))
	if err != nil {
		return err
	}
	v.Rows, v.Faulty, v.Ignored = len(checked.Rows), len(checked.Faulty()), checked.Ignored
	v.Skip = v.Faulty > 0 && v.Faulty < v.Rows && len(checked.WithoutFaulty().Faults) == 0
	v.faults(r, "member.column.", checked.Faults)
	faulty := checked.Faulty()
	v.Table = ui.Table{Caption: r.T("people.page.preview_rows"), Columns: []ui.Column{
		{Title: r.T("people.page.row"), Number: true},
		{Title: r.T("people.page.name"), Head: true},
		{Title: r.T("member.column.birth")},
		{Title: r.T("member.column.ceremony")},
		{Title: r.T("member.column.unit")},
		{Title: r.T("people.page.check")},
	}}
	for _, row := range checked.Rows[:min(len(checked.Rows), previewMost)] {
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: append(
			ui.Cells(row.BirthName, r.T("people.page.row_number", "row", row.Row), row.Birth.Vietnamese(), row.Ceremony.Vietnamese(), row.Cell), mark(r, !faulty[row.Row]))})
	}
	return nil
}

func (v *preview) units(r *page.Request, rows [][]string) error {
	checked, err := unit.PreviewTree(r.Tx, r.By, unit.ParseTree(rows))
	if err != nil {
		return err
	}
	faulty := map[int]bool{}
	for _, f := range checked.Faults {
		faulty[f.Row] = true
	}
	v.Rows, v.Faulty, v.Ignored = len(checked.Rows), len(faulty), checked.Ignored
	v.faults(r, "unit.column.", checked.Faults)
	v.Table = ui.Table{Caption: r.T("people.page.preview_rows"), Columns: []ui.Column{
		{Title: r.T("people.page.row"), Number: true},
		{Title: r.T("unit.column.name"), Head: true},
		{Title: r.T("unit.column.code")},
		{Title: r.T("unit.column.parent")},
		{Title: r.T("people.page.check")},
	}}
	for _, row := range checked.Rows[:min(len(checked.Rows), previewMost)] {
		v.Table.Rows = append(v.Table.Rows, ui.Row{Cells: append(
			ui.Cells(row.Name, r.T("people.page.row_number", "row", row.Row), row.Code, row.Above), mark(r, !faulty[row.Row]))})
	}
	return nil
}

func mark(r *page.Request, right bool) templ.Component {
	if right {
		return ui.Chip{Text: r.T("people.page.row_right"), Tone: ui.Good}
	}
	return ui.Chip{Text: r.T("people.page.row_wrong"), Tone: ui.Bad}
}

func (v *preview) faults(r *page.Request, labels string, list []sheet.Fault) {
	v.Faults = ui.Table{Caption: r.T("people.page.faults"), ShowCaption: true, Columns: []ui.Column{
		{Title: r.T("people.page.row"), Head: true}, {Title: r.T("people.page.column")}, {Title: r.T("people.page.fault")},
	}}
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b sheet.Fault) int { return cmp.Or(a.Row-b.Row, strings.Compare(a.Column, b.Column)) })
	// A day that cannot be read is also a day that is missing: the first word on
	// a cell is enough.
	list = slices.CompactFunc(list, func(a, b sheet.Fault) bool { return a.Row == b.Row && a.Column == b.Column && a.Row > 0 })
	v.FaultsLeft = max(0, len(list)-faultsMost)
	for _, f := range list[:min(len(list), faultsMost)] {
		row, column := r.T("people.page.whole_sheet"), ""
		if f.Row > 0 {
			row = r.T("people.page.row_number", "row", f.Row)
		}
		if f.Column != "" {
			column = r.T(labels + f.Column)
		}
		v.Faults.Rows = append(v.Faults.Rows, ui.Row{Cells: ui.Cells(row, column, r.T(f.Message.Key, f.Message.Args...))})
	}
}

func carryOut(what string) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		at, err := scopeOf(r, importRight(what))
		if err != nil {
			return nil, err
		}
		rows := r.Prepared.([][]string)
		if what == "units" {
			_, err = unit.ImportTree(r.Tx, r.By, unit.ParseTree(rows))
		} else {
			err = importMembers(r, at, rows)
		}
		if err != nil {
			return nil, err
		}
		return page.SeeOther(importBack(what, at), "people.page.done_imported"), nil
	}
}

func importMembers(r *page.Request, at orgtree.Unit, rows [][]string) error {
	p := member.ParseImport(rows)
	if r.Form.Has("skip") {
		checked, err := member.CheckImport(r.Tx, r.By, cellFor(at), p)
		if err != nil {
			return err
		}
		p = checked.WithoutFaulty()
	}
	_, err := member.Import(r.Tx, r.By, cellFor(at), p)
	return err
}

// template gives a spreadsheet with the head row and one made-up example.
func template(what string) page.Page {
	return func(r *page.Request) (page.Answer, error) {
		table := spreadsheet{name: r.T("people.page.template_sheet"), title: r.T("people.page.template_title"), head: member.Template()}
		example := exampleMember
		if what == "units" {
			table.head, example = unit.TreeTemplate(), exampleUnit
		}
		row := make([]string, len(table.head))
		for i, head := range table.head {
			row[i] = example[head]
		}
		table.rows = [][]string{row}
		body, err := table.bytes()
		if err != nil {
			return nil, err
		}
		return page.File{Name: r.T("people.page.template_" + what), Media: blob.XLSX, Body: body}, nil
	}
}

// The examples are by the heads of the templates, which are Vietnamese in every
// language of the pages.
var (
	exampleMember = map[string]string{
		"Mã chi bộ": "CB-01", "Họ và tên khai sinh": "Nguyễn Văn Mẫu", "Giới tính": "Nam", "Ngày sinh": "15/05/1980",
		"Quê quán": "Xã An Bình", "Nơi cư trú": "Thôn Đông", "Dân tộc": "Kinh", "Nghề nghiệp hiện nay": "Làm ruộng",
		"Giáo dục phổ thông": "12/12", "Lý luận chính trị": "Sơ cấp", "Loại đảng viên": "Chính thức",
		"Ngày quyết định kết nạp": "20/01/2010", "Ngày vào Đảng": "03/02/2010", "Ngày chính thức": "03/02/2011",
	}
	exampleUnit = map[string]string{
		"Mã tổ chức đảng": "CB-01", "Mã tổ chức cấp trên": "DB-XA", "Tên tổ chức đảng": "Chi bộ thôn Đông",
		"Loại tổ chức đảng": "Chi bộ", "Loại hình chi bộ": "Thôn, tổ dân phố", "Khối": "Nông thôn",
		"Ngày thành lập": "01/07/2025", "Số quyết định thành lập": "12-QĐ/ĐU",
	}
)
