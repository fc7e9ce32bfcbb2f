package intake_test

import (
	"bytes"
	"context"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/intake"
	"chibo/internal/platform/job"
	"chibo/internal/platform/xlsx"
	"chibo/internal/testkit/visit"
	pages "chibo/internal/web/intake"
	"chibo/internal/web/page"
)

func newSite(t *testing.T) *visit.Site {
	t.Helper()
	return visit.New(t, visit.Routes(append(page.SignIn(), pages.Routes()...)...))
}

// work does the jobs that wait, as the program does in the background.
func work(t testing.TB, s *visit.Site) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	done := make(chan job.Outcome, 10)
	runner := job.NewRunner(s.K.DB, intake.Handlers(s.K.DB, s.Page.Files), job.Settings{
		Workers: 1, Poll: time.Hour, Done: func(o job.Outcome) { done <- o }, Trouble: func(err error) { t.Error(err) },
	})
	ended := make(chan struct{})
	go func() { runner.Run(ctx); close(ended) }()
	select {
	case o := <-done:
		if o.Err != nil {
			t.Error(o.Err)
		}
	case <-ctx.Done():
		t.Error("no job was done")
	}
	cancel()
	<-ended
}

func send(v *visit.Visitor, s *visit.Site, path, unit, name string, content []byte) visit.Answer {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	_ = form.WriteField("unit", unit)
	if name != "" {
		file, _ := form.CreateFormFile("file", name)
		_, _ = file.Write(content)
	}
	_ = form.Close()
	request, _ := http.NewRequest(http.MethodPost, s.Base+path, &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return v.Do(request)
}

// fields are all fields of the form on the page, as a browser would send them.
func fields(t testing.TB, a visit.Answer, form string) []string {
	t.Helper()
	_, rest, found := strings.Cut(a.Body, `id="`+form+`"`)
	if !found {
		t.Fatalf("there is no form %s on the page", form)
	}
	rest, _, _ = strings.Cut(rest, "</form>")
	var list []string
	for _, m := range hidden.FindAllStringSubmatch(rest, -1) {
		list = append(list, m[1], m[2])
	}
	for _, m := range selects.FindAllStringSubmatch(rest, -1) {
		if chosen := selected.FindStringSubmatch(m[2]); chosen != nil {
			list = append(list, m[1], chosen[1])
		}
	}
	return list
}

var (
	hidden   = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
	selects  = regexp.MustCompile(`(?s)<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>`)
	selected = regexp.MustCompile(`<option value="([^"]*)"[^>]*selected`)
)

const register = `DANH SÁCH ĐẢNG VIÊN,,,,,
STT,Họ và tên,Giới tính,Ngày sinh,Ngày vào Đảng,Ngày chính thức
1,Lò Thị Mây,Nữ,05/06/1988,03/02/2012,03/02/2013
2,Vàng A Páo,Nam,32/13/1990,19/05/2014,19/05/2015
3,Lò Thị Mây,Nữ,06/05/1988,03/02/2012,03/02/2013
`

func TestFromTheFileToTheRegisterAndBack(t *testing.T) {
	s := newSite(t)
	o := s.Org
	unit := o.CellB.ID.String()
	v := s.As(o.SecretaryB)
	v.Get("/import/members?unit="+unit).Want(200, "Chi bộ thôn Tây", "Tải bảng mẫu")
	template := v.Get("/import/members/template").Want(200)
	if kind := template.Header.Get("Content-Type"); !strings.Contains(kind, "spreadsheetml") {
		t.Errorf("the template is %q", kind)
	}

	sent := send(v, s, "/import/members", unit, "danh sách.csv", []byte(register)).Want(303)
	at := sent.Location
	columns := v.Get(at).Want(200, "Cách đọc các cột", "Lò Thị Mây", "Cột B: Họ và tên")
	v.Post(at+"/check", "version", "1", "column-1", "birth_name").Want(422, "bắt buộc")
	v.Post(at+"/check", fields(t, columns, "columns")...).LeadsTo(at)
	v.Get(at).Want(200, "đang đọc và kiểm tra")
	work(t, s)
	v.Get(at).Want(200, "Nhập 1 dòng", "32/13/1990", "không phải là ngày", "1 dòng có thể trùng")
	s.As(o.SecretaryA).Get(at).Want(404)
	s.As(o.Office).Get(at).Want(404) // nobody else sees it before it is written

	back := v.Get(at + "/rejected").Want(200)
	if !strings.Contains(back.Body, "Vàng A Páo") || !strings.Contains(back.Body, "Lý do trả lại") || strings.Contains(back.Body, "05/06/1988") {
		t.Errorf("sent back: %s", back.Body)
	}

	twins := v.Get(at+"/twins").Want(200, "Dòng 5 trong bảng", "Dòng 3 trong bảng", "đổi chỗ")
	v.Post(at+"/twins", append(fields(t, twins, "twins"), "row-5", "other", "all", "ask")...).LeadsTo(at)
	work(t, s)
	preview := v.Get(at).Want(200, "Nhập 2 dòng")
	v.Post(at+"/apply", "version", "1").Want(409)
	v.Post(at+"/apply", fields(t, preview, "apply")...).LeadsTo(at)
	v.Get(at).Want(200, "đang ghi")
	work(t, s)
	v.Get(at).Want(200, "Đã nhập xong", "Hoàn lại cả lần nhập")
	s.As(o.Office).Get(at).Want(200)
	s.As(o.SecretaryA).Get(at).Want(404)
	s.As(o.MemberB).Get(at).Want(404)

	undo := regexp.MustCompile(`(?s)action="` + regexp.QuoteMeta(at) + `/undo".*?name="version" value="(\d+)"`).FindStringSubmatch(v.Get(at).Body)
	if undo == nil {
		t.Fatal("there is no button to take the import back")
	}
	v.Post(at+"/undo", "version", undo[1]).LeadsTo(at)
	v.Get(at).Want(200, "Đã hoàn lại")
	v.Post(at+"/undo", "version", undo[1]).Want(409)
}

func TestWhoMayImport(t *testing.T) {
	s := newSite(t)
	o := s.Org
	for _, row := range []struct {
		name   string
		v      *visit.Visitor
		kind   string
		unit   string
		status int
	}{
		{"the secretary", s.As(o.SecretaryB), "members", o.CellB.ID.String(), 200},
		{"the office", s.As(o.Office), "members", o.CellB.ID.String(), 200},
		{"a member", s.As(o.MemberB), "members", o.CellB.ID.String(), 403},
		{"the secretary of the next cell", s.As(o.SecretaryA), "members", o.CellB.ID.String(), 404},
		{"the office", s.As(o.Office), "units", o.Commune.ID.String(), 200},
		{"a secretary", s.As(o.SecretaryB), "units", o.CellB.ID.String(), 403},
		{"the office", s.As(o.Office), "posts", o.Commune.ID.String(), 200},
		{"nowhere", s.As(o.Office), "members", "x", 404},
	} {
		t.Run(row.name+" "+row.kind, func(t *testing.T) {
			row.v.Get("/import/" + row.kind + "?unit=" + row.unit).Want(row.status)
		})
	}
	s.Stranger().Get("/import/members").Want(303)
}

// TestRefusals sends what may not be read: each is refused beside the field, in
// words that say what to do.
func TestRefusals(t *testing.T) {
	s := newSite(t)
	unit := s.Org.CellB.ID.String()
	v := s.As(s.Org.SecretaryB)
	for _, row := range []struct {
		name, file string
		content    []byte
		says       string
	}{
		{"nothing", "", nil, "chọn tệp"},
		{"a picture", "ảnh.png", []byte("\x89PNG\r\n\x1a\n"), ""},
		{"no head", "a.csv", []byte("a,b\n1,2\n"), "hàng tiêu đề"},
		{"an old workbook", "cũ.xls", []byte{0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			send(v, s, "/import/members", unit, row.file, row.content).Want(422, row.says)
		})
	}
}

func TestTheTemplateIsRead(t *testing.T) {
	s := newSite(t)
	v := s.As(s.Org.Office)
	for _, kind := range intake.Kinds {
		file := v.Get("/import/" + string(kind) + "/template").Want(200).Body
		book, err := intake.Open(strings.NewReader(file), int64(len(file)))
		if err != nil {
			t.Fatal(err)
		}
		o, settings, err := book.Survey(kind, -1)
		if err != nil {
			t.Fatal(err)
		}
		if lacking := intake.Lacking(kind, settings.Columns); len(lacking) > 0 || len(o.Heading) != len(intake.Template(kind)) {
			t.Errorf("%s: lacking %v, heads %v", kind, lacking, o.Heading)
		}
		for i, name := range settings.Columns {
			if name == "" {
				t.Errorf("%s: column %s %q is not read", kind, xlsx.Name(i), o.Heading[i])
			}
		}
	}
}
