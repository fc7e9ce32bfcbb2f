package results_test

import (
	"net/http"
	"strings"
	"testing"

	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
)

// resolved is the monthly resolution of the meeting.
func (s *stage) resolved() (r resolution.Resolution) {
	s.Helper()
	s.K.View(func(tx *db.Tx) error {
		list, err := resolution.OfMeeting(tx, access.Console(), s.meeting)
		if len(list) > 0 {
			r = list[0]
		}
		return err
	})
	return r
}

func (s *stage) lines() (list []task.Row) {
	s.Helper()
	s.K.View(func(tx *db.Tx) (err error) {
		list, err = task.Lines(tx, s.resolved().ID)
		return err
	})
	return list
}

func TestADraftIsWrittenAdoptedAndIssued(t *testing.T) {
	s := planned(t)
	left := s.leftOver()
	secretary := s.As(s.Org.SecretaryA)
	page := secretary.Get(s.base+"/resolution").Want(http.StatusOK, "Soạn dự thảo nghị quyết")

	once := hidden(t, page.Body, `action="`+s.base+`/resolution"`, "once")
	for range 2 { // an impatient second press
		secretary.Post(s.base+"/resolution", "once", once).LeadsTo(s.base + "/resolution")
	}
	r := s.resolved()
	at := "/resolutions/" + r.ID.String()

	page = secretary.Get(s.base+"/resolution").Want(http.StatusOK, "I.3. Kết quả", "Vận động hiến đất làm đường", "đạt 5/10, còn 5 hộ", "Chuyển sang tháng này")
	secretary.Post(at+"/text", "version", itoa(int(r.Version)), "title", "Nhiệm vụ tháng 11", "direction.version", "0", "direction", "Làm xong đường thôn.").
		LeadsTo(s.base + "/resolution")

	version := hidden(t, page.Body, `action="`+at+`/rest/`+left.String()+`"`, "version")
	secretary.Post(at+"/rest/"+left.String(), "version", version).LeadsTo(s.base + "/resolution#tasks")
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "Kế hoạch mới 0 + tháng trước chuyển sang 5 = 5 hộ", "Làm xong đường thôn.").
		Lacks("Chuyển sang tháng này")
	line := s.lines()[0]
	secretary.Post(at+"/lines/"+line.ID.String(), "version", itoa(int(line.Version)), "title", line.Title, "assignee", "person:"+s.Org.MemberA.String(),
		"due", "28/11/2026", "area", "economy_society", "planned", "10", "measure", "hộ").LeadsTo(s.base + "/resolution#tasks")
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "Kế hoạch mới 10 + tháng trước chuyển sang 5 = 15 hộ")

	secretary.Post(at+"/lines/new", "title", "Thu gom rác", "assignee", "", "body", "", "due", "", "planned", "", "measure", "").LeadsTo(s.base + "/resolution#tasks")
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "Chưa ghi ai làm", "Chưa có thời hạn", "Chưa chọn lĩnh vực").Lacks("Ghi nhận đã thông qua")

	s.open()
	vote := s.vote("Thông qua nghị quyết tháng 11", 22)
	s.vote("Một lần không đạt", 3)
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "22/24 tán thành", "Ghi nhận đã thông qua")
	refused := secretary.Post(at+"/adopt", "version", itoa(int(s.resolved().Version)), "vote", vote.String())
	refused.Want(http.StatusUnprocessableEntity, "Chưa có thời hạn hoàn thành.", `href="#f-tasks.2.due"`, `id="f-tasks.2.due"`)

	second := s.lines()[1]
	secretary.Post(at+"/lines/"+second.ID.String()+"/up", "version", itoa(int(second.Version))).LeadsTo(s.base + "/resolution#tasks")
	second = s.lines()[0]
	if second.Title != "Thu gom rác" {
		t.Errorf("the first line is %q after the second moved up", second.Title)
	}
	secretary.Post(at+"/lines/"+second.ID.String()+"/remove", "version", itoa(int(second.Version))).LeadsTo(s.base + "/resolution#tasks")
	secretary.Post(at+"/adopt", "version", itoa(int(s.resolved().Version)), "vote", vote.String()).LeadsTo(s.base + "/resolution")
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "Đã thông qua", "Ban hành nghị quyết", "NGHỊ QUYẾT").Lacks("Lưu dự thảo")

	secretary.Post(at+"/issue", "version", itoa(int(s.resolved().Version)), "place", "An Bình", "day", "31/02/2026").
		Want(http.StatusUnprocessableEntity, "Ngày chưa đúng", `value="31/02/2026"`, `value="An Bình"`)
	secretary.Post(at+"/issue", "version", itoa(int(s.resolved().Version)), "place", "An Bình", "day", "03/11/2026", "signer", s.Org.SecretaryA.String()).
		LeadsTo(s.base + "/resolution")
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "Số 01-NQ/CB", "An Bình").Lacks("Người ký")
}

func TestWhoSeesADraft(t *testing.T) {
	s := planned(t)
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		_, err := resolution.Draft(tx, by, s.meeting)
		return err
	})
	edit := "/resolutions/" + s.resolved().ID.String() + "/edit"
	for _, before := range []struct {
		name   string
		who    access.PersonID
		status int
		text   string
	}{
		{"who writes it", s.Org.CommitteeA, http.StatusOK, "Lưu dự thảo"},
		{"a member before the meeting is announced", s.Org.MemberA, http.StatusNotFound, ""},
		{"a member of another cell", s.Org.MemberB, http.StatusNotFound, ""},
		{"another commune", s.Org.SecretaryC, http.StatusNotFound, ""},
	} {
		t.Run(before.name, func(t *testing.T) { s.As(before.who).Get(edit).Want(before.status, before.text) })
	}
	s.open()
	s.As(s.Org.MemberA).Get(edit).Want(http.StatusOK, "Dự thảo", "NGHỊ QUYẾT").Lacks("Lưu dự thảo", "Thêm nhiệm vụ", "/adopt", "Soạn nghị quyết chuyên đề")
	s.As(s.Org.MemberA).Get("/resolutions/" + s.resolved().ID.String() + "/lines/new").Want(http.StatusForbidden)
	s.As(s.Org.MemberA).Post("/resolutions/"+s.resolved().ID.String()+"/text", "direction", "Khác", "direction.version", "0").Want(http.StatusForbidden)
	s.As(s.Org.Office).Get(s.base+"/resolution").Want(http.StatusOK, "Dự thảo").Lacks("Lưu dự thảo")
}

func TestADraftRefusesWhatIsWrongOrOld(t *testing.T) {
	s := planned(t)
	s.must(s.Org.SecretaryA, func(tx *db.Tx, by access.Actor) error {
		of, err := resolution.Draft(tx, by, s.meeting)
		if err == nil {
			err = resolution.EditSection(tx, by, of, resolution.Direction, 0, "Bản của đồng chí khác.")
		}
		return err
	})
	at := "/resolutions/" + s.resolved().ID.String()
	secretary := s.As(s.Org.SecretaryA)
	secretary.Post(at+"/text", "direction", "Bản gõ sau.", "direction.version", "0").
		Want(http.StatusConflict, "Người khác vừa sửa", "Bản gõ sau.")
	secretary.Post(at+"/text", "politics", strings.Repeat("a", 20_001), "politics.version", "0").Want(http.StatusUnprocessableEntity, "Dài quá")
	secretary.Post(at+"/lines/new", "title", "", "planned", "mười", "measure", "").Want(http.StatusUnprocessableEntity, "Cần ghi bằng chữ số", `value="mười"`)
	secretary.Post(at+"/lines/new", "title", "", "assignee", "person:"+s.Org.MemberB.String()).Want(http.StatusUnprocessableEntity, "Đồng chí chưa điền ô này.")
	secretary.Post(at+"/lines/new", "title", "Việc", "assignee", "person:"+s.Org.MemberB.String()).Want(http.StatusUnprocessableEntity, "không thuộc chi bộ")
	secretary.Post(at+"/lines/12345/up", "version", "1").Want(http.StatusNotFound)
	secretary.Get(at + "/lines/không").Want(http.StatusNotFound)
	secretary.Post(at+"/discard", "version", itoa(int(s.resolved().Version)), "reason", "").Want(http.StatusUnprocessableEntity, "Đồng chí chưa điền ô này.")
	secretary.Post(at+"/discard", "version", itoa(int(s.resolved().Version)), "reason", "Soạn lại từ đầu").LeadsTo(s.base + "/resolution")
	secretary.Get(s.base+"/resolution").Want(http.StatusOK, "Soạn dự thảo nghị quyết")
}

func TestAnotherResolutionOfTheMeeting(t *testing.T) {
	s := planned(t)
	secretary := s.As(s.Org.SecretaryA)
	other := s.base + "/resolution/other"
	secretary.Get(other).Want(http.StatusOK, "Nghị quyết chuyên đề").Lacks("Nghị quyết tháng")
	secretary.Post(other, "kind", "monthly", "title", "Chuyển đổi số", "from", "01/11/2026", "to", "31/12/2026").Want(http.StatusUnprocessableEntity, "chọn một mục", "Chuyển đổi số")
	secretary.Post(other, "kind", "thematic", "title", "Chuyển đổi số", "from", "01/12/2026", "to", "01/11/2026").Want(http.StatusUnprocessableEntity, "sau ngày bắt đầu")
	made := secretary.Post(other, "kind", "thematic", "title", "Chuyển đổi số", "from", "01/11/2026", "to", "31/12/2026")
	secretary.Follow(made).Want(http.StatusOK, "Chuyển đổi số", "I. Tình hình").Lacks("I.3.")
	s.As(s.Org.MemberA).Get(other).Want(http.StatusNotFound)
	s.open()
	s.As(s.Org.MemberA).Get(other).Want(http.StatusForbidden)
}
