package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"chibo/internal/backup"
	"chibo/internal/domain/founding"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/job"
	"chibo/internal/testkit"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/admin"
	"chibo/internal/web/page"
)

// beginning serves an installation in which nothing was founded yet.
func beginning(t *testing.T) *visit.Site {
	t.Helper()
	return visit.Bare(testkit.SQLite(t), visit.Routes(append(admin.Routes(), page.SignIn()...)...))
}

var typed = []string{"place", "phuong trang bang", "kind", "commune_party", "founded", "1/7/2025", "administrator", "Lò Thị Quản Trị"}

func TestFirstStart(t *testing.T) {
	s := beginning(t)
	s.Stranger().Get("/sign-in").LeadsTo("/setup")
	s.Stranger().Get("/setup").Want(200, "Thiết lập lần đầu", "Họ và tên người quản trị").Lacks("Mã thiết lập", "[admin.")
	answer := s.Stranger().Post("/setup", typed...)
	if answer.Status != http.StatusSeeOther || !strings.HasPrefix(answer.Location, "/invite/") {
		t.Fatalf("status %d to %q: %s", answer.Status, answer.Location, answer.Body)
	}
	s.Stranger().Get("/setup").Want(404)
	s.Stranger().Get("/sign-in").Want(200, "Mật khẩu")
	s.Stranger().Post("/setup", typed...).Want(404)
}

// Through a proxy everybody seems to come from this machine: then, and from
// afar, the printed code is asked for.
func TestFirstStartThroughAProxy(t *testing.T) {
	s := beginning(t)
	send := func(method, code string) visit.Answer {
		form := "code=" + code
		for i := 0; i < len(typed); i += 2 {
			form += "&" + typed[i] + "=" + strings.ReplaceAll(typed[i+1], " ", "+")
		}
		request, err := http.NewRequest(method, s.Base+"/setup?code="+code, strings.NewReader(form))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("X-Forwarded-For", "203.0.113.9")
		return s.Stranger().Do(request)
	}
	right := founding.Code(s.K.DB.Derive(founding.SecretFor))
	send(http.MethodGet, right).Want(200, "Mã thiết lập", right)
	send(http.MethodPost, "").Want(422, "Mã thiết lập không đúng", "phuong trang bang")
	send(http.MethodPost, "aaaa-aaaa-aaaa-aaaa").Want(422, "Mã thiết lập không đúng")
	send(http.MethodPost, right).Want(http.StatusSeeOther)
}

func TestFirstStartRefusesBadInput(t *testing.T) {
	s := beginning(t)
	for _, c := range []struct{ field, value, says string }{
		{"place", "", "Đồng chí"},
		{"place", "Không Đâu Cả", "Không tìm thấy nơi này"},
		{"place", "Xã An", "trùng tên"},
		{"founded", "32/13/2025", "ngày"},
		{"administrator", "", "Đồng chí"},
		{"kind", "vuong_quoc", ""},
	} {
		form := append([]string(nil), typed...)
		for i := 0; i < len(form); i += 2 {
			if form[i] == c.field {
				form[i+1] = c.value
			}
		}
		s.Stranger().Post("/setup", form...).Want(422, c.says, "Thiết lập lần đầu").Lacks("[")
	}
}

// kept is a site whose machine is known, as its administrator sees it.
func kept(t *testing.T) (*visit.Site, *visit.Visitor) {
	t.Helper()
	s := visit.New(t, visit.Routes(admin.Routes()...))
	s.Page.Machine = func() page.Machine {
		return page.Machine{Program: "thu-nghiem", Runtime: "go1", Engine: "SQLite 3", Started: s.K.Now(), Memory: 30 << 20, Room: 5 << 30, Data: "/srv/chibo"}
	}
	s.Page.Settings = []page.Setting{
		{Name: "addr", Environment: "CHIBO_ADDR", Value: "127.0.0.1:8080"}, {Name: "db", Environment: "CHIBO_DB", Value: "", Changed: false},
	}
	return s, s.As(s.Org.Admin)
}

func TestWhoSeesTheProgram(t *testing.T) {
	s, administrator := kept(t)
	administrator.Get("/admin").Want(200, "thu-nghiem", "30 MB", "5 GB", "Chưa bật sao lưu").Lacks("[admin.")
	administrator.Get("/admin/settings").Want(200, "CHIBO_ADDR", "127.0.0.1:8080", "Không đặt").Lacks("[admin.")
	for _, person := range []access.PersonID{s.Org.Office, s.Org.SecretaryA, s.Org.MemberA} {
		for _, path := range []string{"/admin", "/admin/settings"} {
			if answer := s.As(person).Get(path); answer.Status != 404 && answer.Status != http.StatusForbidden && answer.Status != http.StatusUnauthorized {
				t.Errorf("%s: status %d", path, answer.Status)
			}
		}
	}
}

func TestWorries(t *testing.T) {
	s, administrator := kept(t)
	s.K.Update(func(tx *db.Tx) error {
		if err := job.Enqueue(tx, "mail", 1, job.Options{}); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE job SET dead = TRUE, failure = 'máy chủ thư không trả lời'`); err != nil {
			return err
		}
		if err := job.Enqueue(tx, "slow", 1, job.Options{Due: tx.Now.Add(-time.Hour)}); err != nil {
			return err
		}
		return backup.Note(tx, backup.Run{At: tx.Now, Place: "/mnt/x", Failure: "đĩa đầy"})
	})
	page := administrator.Get("/admin").Want(200, "Lần sao lưu gần nhất bị hỏng", "đĩa đầy", "máy chủ thư không trả lời", "Việc chạy nền bị chậm")
	_, rest, _ := strings.Cut(page.Body, "/admin/jobs/")
	dead, _, _ := strings.Cut(rest, "/")
	s.As(s.Org.Office).Post("/admin/jobs/" + dead + "/again").Want(404)
	administrator.Post("/admin/jobs/" + dead + "/again").LeadsTo("/admin")
	administrator.Post("/admin/jobs/" + dead + "/again").Want(404)
	administrator.Post("/admin/jobs/x/drop").Want(404)
	administrator.Get("/admin").Lacks("máy chủ thư không trả lời")
}
