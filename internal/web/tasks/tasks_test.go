package tasks_test

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/tasks"
)

// site is the pages of this area over the small organisation.
type site struct {
	*testing.T
	*visit.Site
	book *history.Book
}

func serve(t *testing.T) site {
	t.Helper()
	s := visit.New(t, visit.Routes(tasks.Routes()...))
	return site{t, s, history.New(s.K, s.Org)}
}

var due = clock.NewDate(2026, 11, 20)

func (s site) assign(n task.New) task.ID {
	s.Helper()
	n.Title, n.Area, n.Due = "Sửa kênh Đội 4", task.Economy, due
	if n.Assignee == (task.Assignee{}) {
		n.Assignee = task.Assignee{Person: s.Org.MemberA}
	}
	return s.book.Assign(n)
}

func (s site) version(of task.ID) string {
	s.Helper()
	var row task.Row
	s.K.View(func(tx *db.Tx) (err error) {
		row, _, err = task.Find(tx, access.Console(), of)
		return err
	})
	return fmt.Sprint(row.Version)
}

func path(of task.ID, act string) string { return "/tasks/" + of.String() + act }

func TestWhoSeesWhichTasks(t *testing.T) {
	s := serve(t)
	given := s.assign(task.New{})
	unit := "&unit=" + s.Org.CellA.ID.String()
	for _, c := range []struct {
		name   string
		who    access.PersonID
		path   string
		status int
		has    string
		lacks  string
	}{
		{"the member's own list", s.Org.MemberA, "/tasks", 200, "Sửa kênh Đội 4", "Giao nhiệm vụ"},
		{"another member's own list", s.Org.MembersA[6], "/tasks", 200, "không có nhiệm vụ nào", "Sửa kênh"},
		{"another member on the cell's list", s.Org.MembersA[6], "/tasks?view=cell", 200, "Sửa kênh Đội 4", "Chưa có nhiệm vụ"},
		{"the secretary gives tasks", s.Org.SecretaryA, "/tasks?view=cell", 200, "Giao nhiệm vụ", ""},
		{"members without a task", s.Org.SecretaryA, "/tasks?view=free", 200, "đảng viên chưa có nhiệm vụ", ""},
		{"a member asks for those without", s.Org.MemberA, "/tasks?view=free", 200, "Sửa kênh Đội 4", "đảng viên chưa có nhiệm vụ"},
		{"the office sees the cells", s.Org.Office, "/tasks", 200, "Sửa kênh Đội 4", "Giao nhiệm vụ"},
		{"the office on one cell", s.Org.Office, "/tasks?view=cell" + unit, 200, "Sửa kênh Đội 4", ""},
		{"another cell's list", s.Org.SecretaryB, "/tasks?view=cell" + unit, 404, "", "Sửa kênh"},
		{"the task to its member", s.Org.MemberA, path(given, ""), 200, "Nhận nhiệm vụ", "Thu hồi"},
		{"the task to another member", s.Org.MembersA[6], path(given, ""), 200, "Sửa kênh", "Nhận nhiệm vụ</button>"},
		{"the task to the secretary", s.Org.SecretaryA, path(given, ""), 200, "Thu hồi", ""},
		{"the task to the office", s.Org.Office, path(given, ""), 200, "Sửa kênh", "Thu hồi"},
		{"the task to another cell", s.Org.MemberB, path(given, ""), 404, "", "Sửa kênh"},
		{"a task that is none", s.Org.MemberA, "/tasks/abc", 404, "", ""},
		{"the form of a task to a member", s.Org.MemberA, "/tasks/new", 403, "", ""},
		{"a form for which one has no right", s.Org.MemberA, path(given, "/extend"), 403, "", ""},
		{"only open ones at first", s.Org.SecretaryA, "/tasks?view=cell&state=ended", 200, "Không có nhiệm vụ nào như đã lọc", "Sửa kênh"},
		{"by area", s.Org.SecretaryA, "/tasks?view=cell&area=defence_security", 200, "Không có nhiệm vụ nào", "Sửa kênh"},
		{"by month", s.Org.SecretaryA, "/tasks?view=cell&month=2026-11", 200, "Sửa kênh", ""},
		{"by a month that is none", s.Org.SecretaryA, "/tasks?view=cell&month=x", 422, "", ""},
		{"by person", s.Org.SecretaryA, "/tasks?view=cell&person=" + s.Org.MembersA[6].String(), 200, "Không có nhiệm vụ nào", "Sửa kênh"},
	} {
		a := s.As(c.who).Get(c.path).Want(c.status, c.has)
		if c.lacks != "" {
			a.Lacks(c.lacks)
		}
		if t.Failed() {
			t.Fatal(c.name)
		}
	}
	if a := s.Stranger().Get("/tasks"); a.Status != http.StatusSeeOther || !strings.HasPrefix(a.Location, "/sign-in") {
		t.Errorf("a stranger got %d, %q", a.Status, a.Location)
	}
}

func TestATaskFromGivingToJudging(t *testing.T) {
	s := serve(t)
	secretary, member := s.As(s.Org.SecretaryA), s.As(s.Org.MemberA)
	given := secretary.Post("/tasks/new", "unit", s.Org.CellA.ID.String(), "title", "Vận động hiến đất", "area", "economy_society",
		"assignee", "p"+s.Org.MemberA.String(), "due", "20/11/2026", "planned", "10", "measure", "hộ")
	if given.Status != http.StatusSeeOther {
		t.Fatalf("giving the task: %d %s", given.Status, given.Body)
	}
	secretary.Follow(given).Want(200, "Vận động hiến đất", "10 hộ", "Đã giao nhiệm vụ")
	of := given.Location
	version := func() string { return s.version(taskID(t, of)) }

	member.Post(of+"/accept", "version", version()).LeadsTo(of)
	member.Get(of).Want(200, "Báo cáo hoàn thành")
	member.Post(of+"/progress", "version", version(), "text", "Đã đến từng nhà", "done", "4").LeadsTo(of)
	member.Get(of).Want(200, "4/10 hộ", "Đã đến từng nhà")
	member.Post(of+"/report", "version", version(), "text", "Đủ 10 hộ", "done", "10").LeadsTo(of)
	member.Get(of).Want(200, "Chờ đánh giá").Lacks("Ghi kết quả đánh giá")
	secretary.Get(of).Want(200, "Đánh giá kết quả")
	secretary.Post(of+"/assess", "version", version(), "outcome", "send_back", "note", "Thiếu ảnh").LeadsTo(of)
	member.Post(of+"/report", "version", version(), "text", "Đã thêm ảnh", "done", "10").LeadsTo(of)
	secretary.Post(of+"/assess", "version", version(), "outcome", "done").LeadsTo(of)
	secretary.Get(of).Want(200, "Hoàn thành", "Thiếu ảnh").Lacks("Thu hồi nhiệm vụ")
}

func taskID(t *testing.T, path string) task.ID {
	t.Helper()
	of, err := id.Parse[task.Task](strings.TrimPrefix(path, "/tasks/"))
	if err != nil {
		t.Fatal(err)
	}
	return of
}

func TestBothPartsOfACarriedTaskAreShown(t *testing.T) {
	s := serve(t)
	secretary := s.As(s.Org.SecretaryA)
	given := s.assign(task.New{Measure: "hộ", Planned: 10})
	s.book.With(given, s.Org.MemberA, func(tx *db.Tx, by access.Actor, version int64) error {
		return task.Progress(tx, by, given, version, task.Update{Done: 5})
	})
	secretary.Get(path(given, "/carry")).Want(200, "Còn lại 5 hộ")
	next := secretary.Post(path(given, "/carry"), "version", s.version(given), "due", "20/12/2026", "planned", "10")
	secretary.Follow(next).Want(200, "10 kế hoạch + 5 chuyển sang = 15 hộ", "Chuyển từ kỳ này sang kỳ sau")
}

func TestWhatIsWrongStandsBesideItsField(t *testing.T) {
	s := serve(t)
	secretary, member := s.As(s.Org.SecretaryA), s.As(s.Org.MemberA)
	given := s.assign(task.New{})
	for _, c := range []struct {
		name   string
		who    *visit.Visitor
		path   string
		fields []string
		kept   string
		field  string
	}{
		{"a task without a person", secretary, "/tasks/new", []string{"title", "Trồng cây xanh", "area", "economy_society", "due", "20/11/2026"}, "Trồng cây xanh", "assignee"},
		{"a date that is none", secretary, "/tasks/new", []string{"title", "Trồng cây xanh", "due", "31/02/2026"}, "31/02/2026", "due"},
		{"a date that is past", secretary, "/tasks/new", []string{"title", "Trồng cây", "due", "01/01/2020", "area", "economy_society", "assignee", "p" + s.Org.MemberA.String()}, "01/01/2020", "due"},
		{"a number that is none", secretary, "/tasks/new", []string{"title", "Trồng cây", "planned", "mười"}, "mười", "planned"},
		{"somebody else's member", secretary, "/tasks/new", []string{"title", "Trồng cây", "due", "20/11/2026", "area", "economy_society", "assignee", "p" + s.Org.MemberB.String()}, "Trồng cây", "assignee"},
		{"an extension without a reason", secretary, path(given, "/extend"), []string{"due", "30/11/2026"}, "30/11/2026", "reason"},
		{"an extension to an earlier day", secretary, path(given, "/extend"), []string{"due", "10/11/2026", "reason", "mưa bão"}, "mưa bão", "due"},
		{"a report without a text", member, path(given, "/report"), nil, "", "text"},
		{"more than all of it", member, path(given, "/progress"), []string{"text", "gần xong", "percent", "120"}, "gần xong", "percent"},
		{"handing over to nobody", member, path(given, "/hand-over"), []string{"reason", "đi xa"}, "đi xa", "to"},
		{"no file chosen", member, path(given, "/files"), nil, "", "files"},
	} {
		fields := append([]string{"version", s.version(given)}, c.fields...)
		c.who.Post(c.path, fields...).Want(http.StatusUnprocessableEntity, c.kept, `id="f-`+c.field+`-error"`)
		if t.Failed() {
			t.Fatal(c.name)
		}
	}
}

func TestAStaleFormKeepsWhatWasTyped(t *testing.T) {
	s := serve(t)
	member := s.As(s.Org.MemberA)
	given := s.assign(task.New{})
	stale := s.version(given)
	member.Post(path(given, "/accept"), "version", stale).LeadsTo(path(given, ""))
	member.Post(path(given, "/progress"), "version", stale, "text", "Đã nạo vét 200 m", "percent", "50").
		Want(http.StatusConflict, "Đã nạo vét 200 m", `value="`+stale+`"`)
	secretary := s.As(s.Org.SecretaryA)
	secretary.Post(path(given, "/withdraw"), "version", s.version(given), "reason", "Đã giao cho xã").LeadsTo(path(given, ""))
	member.Post(path(given, "/report"), "version", stale, "text", "Đã xong cả tuyến").Want(http.StatusConflict, "Đã xong cả tuyến")
}

func TestOtherPeoplesTasksCannotBeTouched(t *testing.T) {
	s := serve(t)
	given := s.assign(task.New{})
	for _, act := range []string{"accept", "progress", "report", "assess", "decline", "hand-over", "extend", "adjust", "explain", "withdraw", "carry", "files"} {
		fields := []string{"version", s.version(given), "text", "x", "reason", "x", "outcome", "not_done", "note", "x", "late_reason", "x", "due", "20/12/2026", "title", "x", "area", "party_building"}
		s.As(s.Org.MemberB).Post(path(given, "/"+act), fields...).Want(http.StatusNotFound)
		if act == "files" {
			continue
		}
		s.As(s.Org.MembersA[6]).Post(path(given, "/"+act), fields...).Want(http.StatusForbidden)
	}
}

func TestForAMemberWithoutAPhoneTheSecretaryWrites(t *testing.T) {
	s := serve(t)
	given := s.assign(task.New{})
	secretary := s.As(s.Org.SecretaryA)
	secretary.Get(path(given, "/report")).Want(200, "ghi thay cho", "Ngày báo cáo")
	secretary.Post(path(given, "/report"), "version", s.version(given), "text", "Đã báo cáo miệng", "day", "03/11/2026").LeadsTo(path(given, ""))
	secretary.Get(path(given, "")).Want(200, "ghi thay")
}

func TestEvidenceIsReadByWhoSeesTheTask(t *testing.T) {
	s := serve(t)
	given := s.assign(task.New{})
	member := s.As(s.Org.MemberA)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name, value := range map[string]string{"version": s.version(given), "text": "Xem ảnh", "percent": "80"} {
		if err := form.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("files", "kenh.png")
	if err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(file, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, s.Base+path(given, "/progress"), &body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	member.Do(request).LeadsTo(path(given, ""))
	shown := member.Get(path(given, "")).Want(200, "kenh.png", "<img")
	_, rest, _ := strings.Cut(shown.Body, `<img src="`)
	address, _, _ := strings.Cut(rest, `"`)
	if a := s.As(s.Org.Office).Get(address).Want(200); a.Header.Get("Content-Type") != "image/png" {
		t.Errorf("the photo came as %q", a.Header.Get("Content-Type"))
	}
	s.As(s.Org.MemberB).Get(address).Want(http.StatusNotFound)
	s.As(s.Org.MembersA[6]).Post(address + "/remove").Want(http.StatusForbidden)
	member.Post(address + "/remove").LeadsTo(path(given, ""))
	member.Get(path(given, "")).Want(200, "Chưa có ảnh").Lacks("kenh.png")
}

func TestAFormSentTwiceGivesOneTask(t *testing.T) {
	s := serve(t)
	secretary := s.As(s.Org.SecretaryA)
	_, rest, _ := strings.Cut(secretary.Get("/tasks/new").Body, `name="once" value="`)
	once, _, _ := strings.Cut(rest, `"`)
	send := func() visit.Answer {
		return secretary.Post("/tasks/new", "once", once, "title", "Trồng cây", "area", "economy_society", "due", "20/11/2026", "body", "Đoàn Thanh niên")
	}
	if first, second := send(), send(); first.Location == "" || first.Location != second.Location {
		t.Errorf("the first led to %q, the second to %q", first.Location, second.Location)
	}
}

func TestResolutionsAreEmptyAtFirst(t *testing.T) {
	s := serve(t)
	s.As(s.Org.MemberA).Get("/resolutions").Want(200, "Chưa có nghị quyết nào")
	s.As(s.Org.MemberB).Get("/resolutions?unit=" + s.Org.CellA.ID.String()).Want(404)
	s.As(s.Org.MemberA).Get("/resolutions/12").Want(404)
}
