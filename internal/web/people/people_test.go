package people_test

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/xlsx"
	"chibo/internal/testkit/org"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
	"chibo/internal/web/people"
)

func newSite(t *testing.T) *visit.Site {
	t.Helper()
	return visit.New(t, visit.Routes(append(page.SignIn(), people.Routes()...)...))
}

func at(person access.PersonID, rest string) string { return "/members/" + person.String() + rest }

// TestWhoSeesWhat opens every page as people of each kind of right.
func TestWhoSeesWhat(t *testing.T) {
	s := newSite(t)
	o := s.Org
	cellA, commune := "/units/"+o.CellA.ID.String(), "/units/"+o.Commune.ID.String()
	unitA := "?unit=" + o.CellA.ID.String()
	has := func(texts ...string) []string { return texts }
	for _, row := range []struct {
		who    string
		person access.PersonID
		path   string
		status int
		has    []string
		lacks  []string
	}{
		{"a member", o.MemberA, "/members", 200, has("Đảng viên – Chi bộ thôn Đông", "Mai Thị Xuân", "Dự bị"), has("Thêm đảng viên", "Tải danh sách", "/import/", "Tuổi đảng")},
		{"the secretary", o.SecretaryA, "/members", 200, has("Thêm đảng viên", "Tải danh sách", "Tuổi đảng", "14/02/2003", "In phiếu mời"), nil},
		{"the inspector", o.Inspector, "/members" + unitA, 200, has("Tuổi đảng"), has("Thêm đảng viên")},
		{"a member of the next cell", o.MemberB, "/members" + unitA, 404, nil, has("Mai Thị Xuân")},
		{"the administrator", o.Admin, "/members" + unitA, 404, nil, has("Mai Thị Xuân")},
		{"a member", o.MemberA, "/members?unit=123", 404, nil, nil},
		{"a member searching cards", o.MemberA, "/members?q=0010550", 200, has("chỉ dành cho người được xem hồ sơ"), nil},
		{"the secretary searching cards", o.SecretaryA, "/members?q=001055000004", 200, has("Đang xem 1 trong 1"), nil},
		{"searching without accents", o.MemberA, "/members?q=mai+thi+xuan", 200, has("Mai Thị Xuân", "Đang xem 1 trong 1"), nil},
		{"searching nobody", o.MemberA, "/members?q=zzz", 200, has("Không có đảng viên nào phù hợp"), nil},

		{"a member", o.MemberA, at(o.ProbationaryA, ""), 200, has("Mai Thị Xuân", "Đảng viên dự bị", "Chi bộ thôn Đông"), has("Mở hồ sơ", "Công việc quản lý", "14/02/2003")},
		{"oneself", o.ProbationaryA, at(o.ProbationaryA, ""), 200, has("Mở hồ sơ", "14/02/2003", "ai đã mở hồ sơ"), has("Công việc quản lý")},
		{"the secretary", o.SecretaryA, at(o.ProbationaryA, ""), 200, has("Mở hồ sơ", "Công nhận chính thức", "Tài khoản và phiếu mời"), has("14/02/2003")},
		{"the commune's secretary", o.CommuneSecretary, at(o.ProbationaryA, ""), 200, has("Mở hồ sơ"), has("Công việc quản lý")},
		{"the office", o.Office, at(o.ProbationaryA, ""), 200, has("Gộp với hồ sơ khác"), has("Đã gộp hồ sơ")},
		{"another cell's secretary", o.SecretaryB, at(o.ProbationaryA, ""), 404, nil, has("Xuân")},
		{"another commune's secretary", o.SecretaryC, at(o.ProbationaryA, ""), 404, nil, has("Xuân")},

		{"a member", o.MemberA, at(o.ProbationaryA, "/file"), 403, nil, has("14/02/2003")},
		{"a member", o.MemberA, at(o.ProbationaryA, "/history"), 403, nil, nil},
		{"a member", o.MemberA, at(o.ProbationaryA, "/readings"), 403, nil, nil},
		{"a member", o.MemberA, at(o.ProbationaryA, "/edit"), 403, nil, nil},
		{"a member", o.MemberA, at(o.ProbationaryA, "/leave"), 403, nil, nil},
		{"a member", o.MemberA, "/members/new" + unitA, 403, nil, nil},
		{"a member", o.MemberA, "/members/export" + unitA, 403, nil, nil},
		{"another cell's secretary", o.SecretaryB, at(o.ProbationaryA, "/file"), 404, nil, nil},
		{"the secretary", o.SecretaryA, at(o.ProbationaryA, "/file"), 200, has("14/02/2003", "được ghi lại", "Sửa thông tin"), nil},
		{"the inspector", o.Inspector, at(o.ProbationaryA, "/file"), 200, has("14/02/2003"), has("Sửa thông tin")},
		{"the secretary", o.SecretaryA, at(o.ProbationaryA, "/history"), 200, has("Thêm vào danh sách"), nil},
		{"the secretary", o.SecretaryA, "/members/new" + unitA, 200, has("Họ và tên khai sinh", `name="once"`), nil},
		{"the secretary", o.SecretaryA, at(o.ProbationaryA, "/recognise"), 200, nil, nil},
		{"the secretary", o.SecretaryA, at(o.ExemptA, "/move"), 200, has("chỉ quản lý một chi bộ"), nil},
		{"the office", o.Office, at(o.ExemptA, "/move"), 200, has("Chi bộ thôn Tây"), nil},
		{"the secretary", o.SecretaryA, at(o.ExemptA, "/leave"), 200, has("Từ trần", "Khai trừ"), nil},
		{"the secretary", o.SecretaryA, at(o.ExemptA, "/group"), 200, has("Tổ đảng 1"), nil},
		{"the secretary", o.SecretaryA, at(o.ExemptA, "/overlays/new"), 200, has("Đình chỉ sinh hoạt đảng", "temp_away"), has("temp_here")},

		{"a member", o.MemberA, "/units", 200, has("Chi bộ thôn Đông"), has("Chi bộ thôn Tây", "Nhập tổ chức")},
		{"the office", o.Office, "/units", 200, has("Chi bộ thôn Đông", "Chi bộ thôn Tây", "Nhập tổ chức"), has("Chi bộ thôn Nam")},
		{"the office, before it all", o.Office, "/units?day=1/6/2025", 200, has("chưa có tổ chức đảng nào"), has("Chi bộ thôn Đông")},
		{"the office, a part of it", o.Office, "/units?unit=" + o.CellA.ID.String() + "&day=2/7/2026", 200, has("Chi bộ thôn Đông", "Đảng bộ xã An Bình", "day=02%2F07%2F2026"), has("Chi bộ thôn Tây")},
		{"the office, another commune's", o.Office, "/units?unit=" + o.CellC.ID.String(), 404, nil, has("Chi bộ thôn Nam")},
		{"the office, nothing's", o.Office, "/units?unit=x!", 404, nil, nil},
		{"the office, on no day", o.Office, "/units?day=hôm+qua", 422, has("Ngày chưa đúng"), nil},
		{"a member", o.MemberA, cellA, 200, has("Bí thư chi bộ", "Tổ đảng 1", "24"), has("Công việc quản lý", "/appoint")},
		{"the office", o.Office, cellA, 200, has("Ghi nhận chức vụ", "Chuyển về cấp trên khác", "Kết thúc hoạt động"), nil},
		{"a member of another cell", o.MemberB, cellA, 404, nil, nil},
		{"a member", o.MemberA, commune, 404, nil, nil},
		{"a secretary", o.SecretaryA, cellA + "/edit", 403, nil, nil},
		{"a secretary", o.SecretaryA, cellA + "/appoint", 403, nil, nil},
		{"the office", o.Office, commune + "/new", 200, has("Chi bộ sinh hoạt tạm thời"), nil},
		{"the office", o.Office, cellA + "/edit", 200, has(`value="CELL-A"`), nil},
		{"the office", o.Office, cellA + "/move", 200, has("27 đảng viên", "hiện trực thuộc Đảng bộ xã An Bình"), nil},
		{"the office", o.Office, cellA + "/undo-move", 409, has("chưa từng được chuyển"), nil},
		{"the office", o.Office, cellA + "/appoint", 200, has("Phó bí thư chi bộ", "Mai Thị Xuân"), nil},
		{"the administrator", o.Admin, cellA + "/appoint", 200, has("nhập đúng số thẻ"), has("Mai Thị Xuân")},
		{"the administrator", o.Admin, cellA + "/appoint?q=Mai", 200, has("Không tìm thấy"), has("Mai Thị Xuân")},
		{"the administrator", o.Admin, cellA + "/appoint?q=0010550.00003", 200, has(`<option value="`), has("Không tìm thấy")},
		{"the office", o.Office, cellA + "/groups/new", 200, nil, nil},
		{"the office", o.Office, cellA + "/groups/" + o.GroupA1.ID.String(), 200, has("Tổ đảng 1", "Giải thể"), nil},
		{"the office", o.Office, "/units/" + o.CellB.ID.String() + "/groups/" + o.GroupA1.ID.String(), 404, nil, nil},
		{"the office", o.Office, cellA + "/term", 200, nil, nil},
		{"the office", o.Office, cellA + "/end", 200, nil, nil},

		{"anybody", o.MemberA, "/work/" + o.CellB.ID.String(), 404, nil, nil},
	} {
		t.Run(row.who+" "+row.path, func(t *testing.T) {
			s.As(row.person).Get(row.path).Want(row.status, row.has...).Lacks(row.lacks...)
		})
	}
}

func TestStrangersAreAskedToSignIn(t *testing.T) {
	s := newSite(t)
	for _, route := range people.Routes() {
		method, path, _ := strings.Cut(route.Pattern, " ")
		path = regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(path, s.Org.MemberA.String())
		if route.Public {
			continue
		}
		v := s.Stranger()
		if method == http.MethodPost {
			v.Post(path).Want(401)
		} else if a := v.Get(path); !strings.HasPrefix(a.Location, "/sign-in?to=") {
			t.Errorf("%s: status %d and %q", route.Pattern, a.Status, a.Location)
		}
	}
}

var (
	inputs  = regexp.MustCompile(`<input[^>]*>`)
	attr    = regexp.MustCompile(`(name|value|type|checked|id)(?:="([^"]*)")?`)
	hiddenF = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

// hidden is the value of a hidden field of the page.
func hidden(t *testing.T, a visit.Answer, name string) string {
	t.Helper()
	for _, m := range hiddenF.FindAllStringSubmatch(a.Body, -1) {
		if m[1] == name {
			return html.UnescapeString(m[2])
		}
	}
	t.Fatalf("no hidden field %q", name)
	return ""
}

// value is what stands in a field of the page.
func value(a visit.Answer, name string) string {
	for _, input := range inputs.FindAllString(a.Body, -1) {
		attrs := map[string]string{}
		for _, m := range attr.FindAllStringSubmatch(input, -1) {
			attrs[m[1]] = html.UnescapeString(m[2])
		}
		if attrs["name"] == name {
			return attrs["value"]
		}
	}
	return ""
}

func newMember(unit string) []string {
	return []string{
		"unit", unit, "status", "official", "birth_name", "Phùng Thị Lụa", "sex", "female", "birth", "1/2/1990",
		"ceremony", "3/2/2015", "recognised", "3/2/2016", "card", "001055999999", "home", "Hà Nam",
	}
}

func TestRegister(t *testing.T) {
	s := newSite(t)
	o := s.Org
	v := s.As(o.SecretaryA)
	fields := newMember(o.CellA.ID.String())
	wrong := append(append([]string{}, fields...), "birth", "hôm nay")
	for i := range wrong {
		if wrong[i] == "1/2/1990" {
			wrong[i] = "31/2/1990"
		}
	}
	v.Post("/members/new", wrong...).Want(422, "Ngày chưa đúng", `value="31/2/1990"`, `value="Phùng Thị Lụa"`, `value="Hà Nam"`)
	once := hidden(t, v.Get("/members/new?unit="+o.CellA.ID.String()), "once")
	first := v.Post("/members/new", append(fields, "once", once)...).Want(303)
	v.Post("/members/new", append(fields, "once", once)...).LeadsTo(first.Location)
	v.Post("/members/new", fields...).Want(409, "Số thẻ 001055999999 đã có")
	v.Follow(first).Want(200, "Phùng Thị Lụa", "Đã thêm đảng viên")
	s.As(o.MemberA).Post("/members/new", fields...).Want(403)
	s.As(o.SecretaryB).Post("/members/new", fields...).Want(404)
}

// TestOfficialsWithoutACard lets somebody hold a post who is no member here.
func TestOfficialsWithoutACard(t *testing.T) {
	s := newSite(t)
	o := s.Org
	commune := o.Commune.ID.String()
	for _, row := range []struct {
		who     string
		person  access.PersonID
		unit    string
		leadsTo string
	}{
		{"the office", o.Office, commune, "/units/" + commune + "/appoint?person="},
		{"the administrator", o.Admin, commune, "/units/" + commune + "/appoint?person="},
	} {
		v := s.As(row.person)
		v.Get("/members/new?unit="+row.unit).Want(200, "Thêm cán bộ")
		v.Post("/members/new", "unit", row.unit, "status", "outside").Want(422, "chưa điền ô này")
		a := v.Post("/members/new", "unit", row.unit, "status", "outside", "birth_name", "Kiều Văn "+row.who).Want(303)
		if !strings.HasPrefix(a.Location, row.leadsTo) {
			t.Errorf("%s: sent to %q", row.who, a.Location)
		}
	}
	v := s.As(o.Office)
	v.Get("/members?status=outside").Want(200, "Kiều Văn the office")
	v.Get("/members?status=official").Want(200).Lacks("Kiều Văn")
	v.Get("/units/"+commune+"/appoint").Want(200, "Kiều Văn the administrator")
	s.As(o.SecretaryA).Get("/members/new?unit=" + commune).Want(404)
	s.As(o.CommuneSecretary).Get("/members/new?unit=" + o.CellA.ID.String()).Want(403)
}

func TestEditKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	o := s.Org
	v := s.As(o.SecretaryA)
	path := at(o.ProbationaryA, "/edit")
	form := v.Get(path).Want(200, `value="Mai Thị Xuân"`, `value="14/02/2003"`)
	fields := []string{
		"version", hidden(t, form, "version"), "birth_name", "Mai Thị Xuân", "sex", "female", "birth", "14/02/2003",
		"ceremony", value(form, "ceremony"), "admitted", value(form, "admitted"),
	}
	v.Post(path, append(fields, "occupation", "Giáo viên")...).LeadsTo(at(o.ProbationaryA, ""))
	stale := v.Post(path, append(fields, "occupation", "Kỹ sư")...).Want(409, "Người khác vừa sửa", `value="Kỹ sư"`)
	if got := hidden(t, stale, "version"); got != fields[1] {
		t.Errorf("the refused form has version %s: sent again it would overwrite", got)
	}
	v.Get(at(o.ProbationaryA, "/history")).Want(200, "Sửa thông tin", "Nghề nghiệp hiện nay", "Không có → Giáo viên")
	s.As(o.ProbationaryA).Get(at(o.ProbationaryA, "/readings")).Want(200, "Sửa thông tin", "Xem lịch sử thay đổi")
}

func TestReadingsAreSeen(t *testing.T) {
	s := newSite(t)
	o := s.Org
	mine := s.As(o.MemberA)
	mine.Get(at(o.MemberA, "/readings")).Want(200, "Chưa có ai mở hồ sơ này")
	mine.Get(at(o.MemberA, "/file")).Want(200)
	mine.Get(at(o.MemberA, "/readings")).Want(200, "Chưa có ai mở hồ sơ này")
	s.As(o.Inspector).Get(at(o.MemberA, "/file")).Want(200)
	mine.Get(at(o.MemberA, "/readings")).Want(200, "Lương Minh Chính", "Xem hồ sơ")
}

func TestSteps(t *testing.T) {
	s := newSite(t)
	o := s.Org
	v := s.As(o.Office)
	version := func(path string) string { return hidden(t, v.Get(path).Want(200), "version") }

	group := at(o.MemberA, "/group")
	v.Post(group, "version", version(group), "group", o.GroupA2.ID.String()).LeadsTo(at(o.MemberA, ""))
	v.Get(at(o.MemberA, "")).Want(200, "Tổ đảng 2")

	move := at(o.MemberA, "/move")
	v.Post(move, "version", version(move), "from", "2/11/2026", "document", "05-QĐ/ĐU").Want(422, "chọn một mục trong danh sách")
	v.Post(move, "version", version(move), "unit", o.CellC.ID.String(), "from", "2/11/2026", "document", "05-QĐ/ĐU").Want(404)
	v.Post(move, "version", version(move), "unit", o.CellB.ID.String(), "from", "2/11/2026", "document", "05-QĐ/ĐU").LeadsTo(at(o.MemberA, ""))
	v.Get(at(o.MemberA, "")).Want(200, "Chi bộ thôn Tây")

	recognise := at(o.ProbationaryA, "/recognise")
	v.Post(recognise, "version", version(recognise), "day", "3/11/2026", "decision", "7-QĐ/ĐU").Want(422, "Thời gian dự bị đến hết ngày 20/12/2026", `value="7-QĐ/ĐU"`)

	overlays := at(o.ProbationaryA, "/overlays/new")
	v.Post(overlays, "kind", "temp_away", "from", "1/11/2026", "to", "30/11/2026", "document", "GT-01").LeadsTo(at(o.ProbationaryA, ""))
	file := v.Get(at(o.ProbationaryA, "/file")).Want(200, "Sinh hoạt tạm thời nơi khác", "từ 01/11/2026 đến 30/11/2026")
	end := regexp.MustCompile(`/members/\w+/overlays/\w+/end`).FindString(file.Body)
	v.Post(end, "version", version(end), "day", "3/11/2026").LeadsTo(at(o.ProbationaryA, ""))
	v.Get(at(o.ProbationaryA, "")).Want(200).Lacks("Sinh hoạt tạm thời nơi khác")

	leave := at(o.ExemptA, "/leave")
	fields := []string{"version", version(leave), "status", "deceased", "day", "1/11/2026", "document", "Giấy chứng tử 9"}
	v.Post(leave, fields...).Want(422, "đánh dấu vào ô này", `value="Giấy chứng tử 9"`)
	v.Post(leave, append(fields, "sure", "1")...).LeadsTo(at(o.ExemptA, ""))
	v.Get(at(o.ExemptA, "")).Want(200, "Từ trần").Lacks("Ra khỏi danh sách")
	v.Get("/members?unit="+o.CellA.ID.String()+"&status=left").Want(200, "Đang xem 1 trong 1")
}

// TestCollectiveTransfersStandOnThePage: whoever was taken along by a
// reorganisation finds it among their moves with the decision, and so does who
// reads them; a cell that moves as a whole takes its members along.
func TestCollectiveTransfersStandOnThePage(t *testing.T) {
	s := newSite(t)
	o := s.Org
	var block orgtree.ID
	s.K.Update(func(tx *db.Tx) error {
		by := access.Console()
		p, err := reorganisation.Begin(tx, by, o.Commune.ID, reorganisation.Decision{
			Title: "Sắp xếp", Number: "21-QĐ/ĐU", Decided: s.K.Today().AddDays(-3), Effective: s.K.Today(),
		})
		if err != nil {
			return err
		}
		steps := []reorganisation.Step{
			{Kind: reorganisation.Found, To: o.Commune.ID, Fields: unit.Fields{Code: "K", Name: "Đảng bộ khối Đông", Kind: "grassroots_party_small"}},
			{Kind: reorganisation.Handover, Unit: o.CellA.ID},
			{Kind: reorganisation.Restyle, Unit: o.CellA.ID, Fields: unit.Fields{Kind: "subordinate_cell", CellType: "village"}},
			{Kind: reorganisation.Merge, Unit: o.CellB.ID, To: o.CellA.ID},
		}
		for i, step := range steps {
			if step.Kind == reorganisation.Handover {
				step.To = block
			}
			added, err := reorganisation.AddStep(tx, by, p.ID, int64(i+1), step)
			if err != nil {
				return err
			}
			if step.Kind == reorganisation.Found {
				block = added.Unit
			}
		}
		if err := reorganisation.Nominate(tx, by, p.ID, 5, reorganisation.Nomination{Unit: block, Person: o.SecretaryA, Post: "secretary"}); err != nil {
			return err
		}
		return reorganisation.Apply(tx, by, p.ID, 6)
	})
	const decision = "Quyết định số 21-QĐ/ĐU ngày 31/10/2026"
	whole := "Chuyển sinh hoạt đảng tập thể từ Đảng bộ xã An Bình về Đảng bộ khối Đông"
	alone := "Chuyển sinh hoạt đảng tập thể từ Chi bộ thôn Tây về Chi bộ thôn Đông"
	s.As(o.MemberA).Get(at(o.MemberA, "")).Want(200, whole, decision)
	s.As(o.MemberA).Get(at(o.MemberB, "")).Want(200, alone, decision)
	s.As(o.MemberB).Get(at(o.MemberB, "")).Want(200, "Chuyển sinh hoạt đảng tập thể, "+decision).Lacks(alone)
	s.As(o.SecretaryA).Get(at(o.MemberA, "/file")).Want(200, whole, decision)
	s.As(o.SecretaryC).Get(at(o.MemberA, "")).Want(404)
}

func TestUnits(t *testing.T) {
	s := newSite(t)
	o := s.Org
	v := s.As(o.Office)
	commune, cell := "/units/"+o.Commune.ID.String(), "/units/"+o.CellB.ID.String()
	version := func(path string) string { return hidden(t, v.Get(path).Want(200), "version") }

	fields := []string{"code", "CELL-X", "name", "Chi bộ trường học", "kind", "subordinate_cell", "cell_type", "agency", "founded", "1/10/2026", "decision", "9-QĐ/ĐU"}
	v.Post(commune+"/new", append(fields, "place", "Xã không có")...).Want(422, "Không tìm thấy nơi này", `value="Xã không có"`)
	founded := v.Post(commune+"/new", append(fields, "areas", "remote", "areas", "border")...).Want(303)
	v.Follow(founded).Want(200, "Chi bộ trường học", "Đã lập tổ chức đảng", "Biên giới", "9-QĐ/ĐU", "Đang khuyết", "khuyết từ 01/10/2026")
	v.Post(commune+"/new", fields...).Want(409, "Mã CELL-X đã được dùng")
	s.As(o.SecretaryA).Post(commune+"/new", fields...).Want(404)

	edit := founded.Location + "/edit"
	old := version(edit)
	change := []string{"code", "CELL-X", "name", "Chi bộ Trường Tiểu học", "kind", "subordinate_cell", "cell_type", "agency", "version", old}
	v.Post(edit, change...).LeadsTo(founded.Location)
	v.Post(edit, change...).Want(409, "Người khác vừa sửa", "Chi bộ Trường Tiểu học")

	party := v.Post(commune+"/new", "code", "SUB", "name", "Đảng bộ bộ phận", "kind", "subordinate_party", "founded", "1/10/2026").Want(303)
	sub := strings.TrimPrefix(party.Location, "/units/")
	move := founded.Location + "/move"
	v.Post(move, "version", version(move), "to", sub, "day", "2/11/2026").Want(422)
	v.Post(move, "version", version(move), "to", sub, "day", "2/11/2026", "decision", "33-QĐ/ĐU").LeadsTo(founded.Location)
	v.Get(founded.Location).Want(200, "Chuyển về trực thuộc Đảng bộ bộ phận", "33-QĐ/ĐU", "Hoàn lại lần chuyển")
	undo := founded.Location + "/undo-move"
	v.Post(undo, "version", version(undo)).LeadsTo(founded.Location)
	v.Get(founded.Location).Want(200).Lacks("Chuyển về trực thuộc")

	appoint := cell + "/appoint"
	v.Post(appoint, "kind", "cell_deputy", "from", "1/11/2026").Want(422, "chọn một mục trong danh sách")
	v.Post(appoint, "person", o.MembersC[1].String(), "kind", "cell_deputy", "from", "1/11/2026").Want(422, "Không tìm thấy người này")
	v.Post(appoint, "person", o.MembersB[2].String(), "kind", "cell_deputy", "from", "1/11/2026", "elected", "1", "decision", "BB-01").LeadsTo(cell)
	posts := v.Get(cell).Want(200, "Phó bí thư chi bộ", "Đã bầu")
	var post string
	for _, p := range regexp.MustCompile(`/units/\w+/posts/\w+`).FindAllString(posts.Body, -1) {
		if strings.Contains(v.Get(p).Want(200).Body, "Phó bí thư") {
			post = p
		}
	}
	v.Post(post+"/report", "version", hidden(t, v.Get(post), "version")).LeadsTo(cell)
	v.Post(post+"/approve", "version", version(post+"/approve"), "day", "3/11/2026", "decision", "45-QĐ/ĐU").LeadsTo(cell)
	v.Get(cell).Want(200, "Đã chuẩn y")
	v.Post(post+"/end", "version", version(post+"/end"), "day", "3/11/2026", "reason", "Chuyển công tác").LeadsTo(cell)
	v.Get(post).Want(404)

	end := cell + "/end"
	v.Post(end, "version", version(end), "day", "3/11/2026", "decision", "1-QĐ/ĐU").Want(409, "Còn 5 đảng viên")

	group := cell + "/groups/new"
	v.Post(group, "group_name", "", "founded", "1/11/2026").Want(422, "chưa điền ô này")
	v.Post(group, "group_name", "Tổ đảng Chợ", "founded", "1/11/2026", "leader", o.MembersB[3].String()).LeadsTo(cell)
	v.Get(cell).Want(200, "Tổ đảng Chợ", "Tổ trưởng: ")
}

func TestExport(t *testing.T) {
	s := newSite(t)
	o := s.Org
	unit := o.CellB.ID.String()
	file := s.As(o.SecretaryB).Get("/members/export?unit=" + unit).Want(200)
	rows, err := xlsx.Read(strings.NewReader(file.Body), int64(len(file.Body)), xlsx.UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, err := range rows {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1+5 {
		t.Errorf("%d rows, want the head and 5 members", n)
	}
	s.As(o.MemberB).Get("/members/export?unit=" + unit).Want(403)
	s.As(o.SecretaryA).Get("/members/export?unit=" + unit).Want(404)
}

func TestWorkForAnotherUnit(t *testing.T) {
	s := newSite(t)
	o := s.Org
	s.K.Update(func(tx *db.Tx) error {
		return access.Give(tx, access.Grant{Person: o.SecretaryA, Unit: o.CellB.ID, Role: access.Attendee, From: org.Founded, Source: "test"})
	})
	v := s.As(o.SecretaryA)
	v.Get("/members").Want(200, "Đảng viên – Chi bộ thôn Đông", "Chuyển sang: Chi bộ thôn Tây")
	v.Get("/work/" + o.CellB.ID.String()).LeadsTo("/")
	v.Get("/members").Want(200, "Đảng viên – Chi bộ thôn Tây", "Chuyển sang: Chi bộ thôn Đông")
	v.Get("/work/" + o.CellC.ID.String()).Want(404)
	v.Get("/me").LeadsTo(at(o.SecretaryA, ""))
}
