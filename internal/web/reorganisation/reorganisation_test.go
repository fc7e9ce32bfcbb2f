package reorganisation_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/reorganisation"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/page"
	pages "chibo/internal/web/reorganisation"
	"chibo/internal/web/static"
)

func newSite(t *testing.T) *visit.Site {
	t.Helper()
	return visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), pages.Routes()...)...)(site))
		return mux
	})
}

// TestAPlanFromDraftToTakingBack walks the way of the office: begin, add steps,
// send people, appoint, carry out, take back.
func TestAPlanFromDraftToTakingBack(t *testing.T) {
	s := newSite(t)
	o := s.Org
	office := s.As(o.Office)
	office.Get("/reorganisations").Want(200, "Chưa có phương án nào", "Lập phương án")
	office.Post("/reorganisations/new", "unit", o.Commune.ID.String(), "title", "", "decided", "hôm qua").Want(422, "Đồng chí")
	begun := office.Post("/reorganisations/new", "unit", o.Commune.ID.String(), "title", "Về việc chia tách Chi bộ thôn Đông",
		"number", "21-QĐ/ĐU", "decided", "1/11/2026", "effective", "3/11/2026")
	plan := strings.Split(begun.Header.Get("Location"), "?")[0]
	begun.LeadsTo(plan)
	office.Get(plan).Want(200, "Chưa có việc nào", "21-QĐ/ĐU", "03/11/2026")
	office.Get(plan+"/steps/new").Want(200, "Sáp nhập, hợp nhất", "Chia tách", "Chuyển giao")

	version := func() string {
		found := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(office.Get(plan + "/edit").Body)
		return found[1]
	}
	office.Get(plan+"/steps/new?kind=found").Want(200, "Tên tổ chức mới", "Trực thuộc")
	step := func(fields ...string) visit.Answer {
		return office.Post(plan+"/steps/new", append([]string{"version", version()}, fields...)...)
	}
	step("kind", "found", "to_parent", o.Commune.ID.String(), "name", "Chi bộ thôn Đông Thượng", "code", "CELL-A", "unit_kind", "village_cell", "cell_type", "village").
		Want(409, "Chi bộ thôn Đông Thượng", "Mã CELL-A đã được dùng")
	step("kind", "found", "to_parent", o.Commune.ID.String(), "name", "Chi bộ thôn Đông Thượng", "code", "CELL-D", "unit_kind", "village_cell", "cell_type", "").
		Want(422, "Chi bộ thôn Đông Thượng", "loại hình chi bộ")
	step("kind", "found", "to_parent", o.Commune.ID.String(), "name", "Chi bộ thôn Đông Thượng", "code", "CELL-D", "unit_kind", "village_cell", "cell_type", "village").LeadsTo(plan)
	step("kind", "split", "unit", o.CellA.ID.String(), "stays", "1", "to_rest", "").LeadsTo(plan)
	step("kind", "merge", "unit", o.CellC.ID.String(), "to_into", o.CellB.ID.String()).Want(404)
	office.Get(plan).Want(200, "Thành lập Chi bộ thôn Đông Thượng", "Chia tách Chi bộ thôn Đông; chi bộ tiếp tục hoạt động", "Phải giải quyết", "Chưa có bí thư", "QĐ294 16.5").Lacks("/apply")
	office.Post(plan+"/apply", "version", version()).Want(409, "Còn điều phải giải quyết")

	people := office.Get(plan+"/people").Want(200, "Mai Thị Xuân", "Ở lại", "Chi bộ thôn Đông Thượng")
	target := regexp.MustCompile(`<option value="(\w+)"[^>]*>Chi bộ thôn Đông Thượng`).FindStringSubmatch(people.Body)[1]
	office.Post(plan+"/people", "version", version(), "to", "").Want(422)
	office.Post(plan+"/people", "version", version(), "to", target).Want(422, "đánh dấu ít nhất một người")
	send := []string{"version", version(), "to", target}
	for _, person := range o.MembersA[10:18] {
		send = append(send, "person", person.String())
	}
	office.Post(plan+"/people", send...).LeadsTo(plan + "/people")
	office.Get(plan+"/posts/new").Want(200, "Bí thư chi bộ")
	office.Post(plan+"/posts/new", "version", version(), "unit", target, "post", "cell_secretary", "person", o.MembersA[10].String()).LeadsTo(plan)
	office.Get(plan).Want(200, "Không còn điều gì cản trở", "Thực hiện", "Người chuyển nơi sinh hoạt (8)", "Bí thư chi bộ, Chi bộ thôn Đông Thượng")
	office.Get(plan+"/apply").Want(200, "Số người chuyển nơi sinh hoạt: 8", "32 và 32")
	office.Post(plan+"/apply", "version", "1").Want(409)
	for _, file := range []string{"/decision.docx", "/decision.pdf"} {
		if a := office.Get(plan + file).Want(200); len(a.Body) < 1000 {
			t.Errorf("%s has %d bytes", file, len(a.Body))
		}
	}

	others := s.As(o.SecretaryA)
	others.Get(plan).Want(404)
	others.Get("/reorganisations").Want(200).Lacks("Về việc chia tách", "Lập phương án")
	s.As(o.Inspector).Get(plan).Want(200, "Về việc chia tách").Lacks("Thêm việc", "Thực hiện</a>")
	s.As(o.Inspector).Get(plan + "/edit").Want(403)
	s.As(o.SecretaryC).Post(plan+"/apply", "version", version()).Want(404)

	office.Post(plan+"/apply", "version", version()).LeadsTo(plan)
	office.Get(plan).Want(200, "Đã thực hiện", "Người chuyển nơi sinh hoạt (8)", "Hoàn lại").Lacks("Thêm việc", "Sửa quyết định")
	applied := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(office.Get(plan+"/back").Want(200, "Lý do hoàn lại").Body)[1]
	office.Post(plan+"/back", "version", applied, "reason", "").Want(422)
	office.Post(plan+"/back", "version", applied, "reason", "Nhầm danh sách").LeadsTo(plan)
	office.Get(plan).Want(200, "Đã hoàn lại", "Nhầm danh sách")
}

// planned is a plan with all kinds of findings, and one ready to be carried out.
func planned(t *testing.T, s *visit.Site) (open, ready reorganisation.ID) {
	t.Helper()
	o := s.Org
	s.K.Update(func(tx *db.Tx) error {
		by := o.As(tx, o.SecretaryA)
		if _, err := task.Assign(tx, by, o.CellA.ID, task.New{
			Title: "Vận động nhân dân hiến đất làm đường liên thôn", Area: task.Economy, Assignee: task.Assignee{Person: o.MemberA}, Due: s.K.Today().AddDays(20),
		}); err != nil {
			return err
		}
		_, err := meeting.Schedule(tx, by, meeting.Plan{
			Unit: o.CellA.ID, Kind: meeting.Regular, Month: "2026-12", Starts: s.K.Now().AddDate(0, 1, 0), Place: "Nhà văn hóa thôn",
		})
		return err
	})
	d := reorganisation.Decision{Title: "Về việc sắp xếp các chi bộ thôn thuộc Đảng bộ xã An Bình", Number: "21-QĐ/ĐU", Decided: s.K.Today().AddDays(-3), Effective: s.K.Today(), Reason: "Nghị quyết số 08-NQ/ĐU ngày 20/10/2026 về sắp xếp các thôn"}
	s.K.Update(func(tx *db.Tx) error {
		by := o.As(tx, o.Office)
		p, err := reorganisation.Begin(tx, by, o.Commune.ID, d)
		if err != nil {
			return err
		}
		open = p.ID
		if _, err := add(tx, by, p.ID, 1, reorganisation.Step{Kind: reorganisation.Found, To: o.Commune.ID, Fields: unit.Fields{Code: "D", Name: "Chi bộ thôn Đông Thượng", Kind: "village_cell", CellType: "village"}}); err != nil {
			return err
		}
		if _, err := add(tx, by, p.ID, 2, reorganisation.Step{Kind: reorganisation.Split, Unit: o.CellA.ID}); err != nil {
			return err
		}
		q, err := reorganisation.Begin(tx, by, o.Commune.ID, d)
		if err != nil {
			return err
		}
		ready = q.ID
		_, err = add(tx, by, q.ID, 1, reorganisation.Step{Kind: reorganisation.Merge, Unit: o.CellA.ID, To: o.CellB.ID})
		return err
	})
	return open, ready
}

func add(tx *db.Tx, by access.Actor, plan reorganisation.ID, version int64, s reorganisation.Step) (orgtree.ID, error) {
	added, err := reorganisation.AddStep(tx, by, plan, version, s)
	return added.Unit, err
}

// TestPagesAreForEverybody opens the pages at the sizes of a phone and a desk,
// and finds nothing that shuts anybody out.
func TestPagesAreForEverybody(t *testing.T) {
	b := browser.Start(t)
	s := newSite(t)
	open, ready := planned(t, s)
	for _, p := range []struct{ name, path string }{
		{"list", "/reorganisations"},
		{"new", "/reorganisations/new"},
		{"open", "/reorganisations/" + open.String()},
		{"ready", "/reorganisations/" + ready.String()},
		{"kinds", "/reorganisations/" + open.String() + "/steps/new"},
		{"step", "/reorganisations/" + open.String() + "/steps/new?kind=found"},
		{"people", "/reorganisations/" + open.String() + "/people"},
		{"post", "/reorganisations/" + open.String() + "/posts/new"},
		{"apply", "/reorganisations/" + ready.String() + "/apply"},
		{"print", "/reorganisations/" + ready.String() + "?print=1"},
	} {
		for _, screen := range browser.Screens {
			t.Run(p.name+"-"+screen.Name, func(t *testing.T) {
				b := b.In(t)
				b.SignIn(s.Base, string(s.Token(s.Org.Office)))
				b.Open(screen, s.Base+p.path)
				b.Look(screen, p.name)
			})
		}
	}
}
