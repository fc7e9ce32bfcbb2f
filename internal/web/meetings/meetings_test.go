package meetings_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/meetings"
)

// month walks through the pages of one meeting.
type month struct {
	*visit.Site
	t         *testing.T
	secretary *visit.Visitor
	id        string
	path      string
}

func newMonth(t *testing.T) *month {
	site := visit.New(t, visit.Routes(meetings.Routes()...))
	return &month{Site: site, t: t, secretary: site.As(site.Org.SecretaryA)}
}

// plan has the secretary plan December's meeting, weeks ahead.
func (m *month) plan() {
	m.t.Helper()
	m.K.SetNow(clock.NewDate(2026, 11, 10).At(8, 0))
	answer := m.secretary.Post("/meetings/new", "unit", m.Org.CellA.ID.String(), "kind", "regular", "month", "2026-12",
		"starts", "03/12/2026", "hour", "19:30", "place", "Nhà văn hóa thôn Đông", "mode", "in_person", "minutes", "90")
	answer.Want(http.StatusSeeOther)
	m.path = answer.Location
	m.id = strings.TrimPrefix(m.path, "/meetings/")
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// version is the one that a form with the action carries on the page.
func (m *month) version(page, action string) string {
	m.t.Helper()
	body := m.secretary.Get(page).Want(http.StatusOK).Body
	_, form, found := strings.Cut(body, `action="`+action+`"`)
	if !found {
		m.t.Fatalf("%s: no form for %s", page, action)
	}
	match := versionField.FindStringSubmatch(form)
	if match == nil {
		m.t.Fatalf("%s: the form for %s has no version", page, action)
	}
	return match[1]
}

// press sends the form of one button that stands on a page of the meeting.
func (m *month) press(page, action string, fields ...string) visit.Answer {
	m.t.Helper()
	action = m.path + action
	fields = append(fields, "version", m.version(m.path+page, action))
	return m.secretary.Post(action, fields...).Want(http.StatusSeeOther)
}

func (m *month) announced() {
	m.t.Helper()
	m.plan()
	m.press("/prepare", "/prepared")
	m.press("/announce", "/announce")
}

// opened begins the meeting on its evening.
func (m *month) opened() {
	m.t.Helper()
	m.announced()
	m.K.SetNow(clock.NewDate(2026, 12, 3).At(19, 30))
	m.press("/room", "/open", "chair", m.Org.SecretaryA.String(), "minute_taker", m.Org.MemberA.String()).LeadsTo(m.path + "/room")
}

func (m *month) find() (found meeting.Meeting) {
	m.t.Helper()
	m.K.View(func(tx *db.Tx) (err error) {
		list, err := meeting.List(tx, access.Console(), meeting.Filter{Unit: m.Org.CellA.ID, From: "2026-12", To: "2026-12"})
		found = list[0]
		return err
	})
	return found
}

// TestAMonth holds one meeting from its plan to the end of its course, each
// step by the page that the one before leads to.
func TestAMonth(t *testing.T) {
	m := newMonth(t)
	m.secretary.Get("/meetings").Want(http.StatusOK, "Chưa có cuộc họp nào sắp tới", "Lập kế hoạch cả năm")
	m.secretary.Get("/meetings/new?unit="+m.Org.CellA.ID.String()+"&month=2026-12").Want(http.StatusOK, "đúng ngày quy định", "03/12/2026")
	m.plan()
	m.secretary.Get(m.path).Want(http.StatusOK, "Chuẩn bị cuộc họp", "Đã xong 0 trong 4 việc", m.path+"/prepare")

	m.prepare()
	m.press("/prepare", "/prepared").LeadsTo(m.path)
	m.secretary.Get(m.path).Want(http.StatusOK, "Thông báo cho đảng viên", m.path+"/announce")
	m.announce()
	m.K.SetNow(clock.NewDate(2026, 12, 3).At(19, 30))
	m.secretary.Get(m.path).Want(http.StatusOK, m.path+"/room")
	m.press("/room", "/open", "chair", m.Org.SecretaryA.String(), "minute_taker", m.Org.MemberA.String()).LeadsTo(m.path + "/room")
	m.callTheRoll()
	m.talk()
	m.vote()
	m.end()
}

func (m *month) prepare() {
	m.secretary.Get(m.path+"/prepare").Want(http.StatusOK, "Thư ký cuộc họp", "Chưa làm thư ký lần nào", "Kể chuyện về Bác")
	m.press("/prepare", "/minute-taker", "person", m.Org.MemberA.String())

	m.secretary.Post(m.path+"/agenda/new", "kind", "other", "title", "Làm đường Đội 4", "minutes", "10", "place", "3",
		"headings", "Hiến đất\nNgày công").LeadsTo(m.path + "/agenda")
	page := m.secretary.Get(m.path+"/agenda").Want(http.StatusOK, "Làm đường Đội 4", "Ngày công", "Tổng cộng 100 phút")
	move := regexp.MustCompile(`action="(` + m.path + `/agenda/[^"]+/move)"[^>]*>\s*<input type="hidden" name="version" value="(\d+)">\s*<input type="hidden" name="place" value="4">`).FindStringSubmatch(page.Body)
	if move == nil {
		m.t.Fatal("the third item has no button down")
	}
	m.secretary.Post(move[1], "version", move[2], "place", "4").Want(http.StatusSeeOther)

	m.upload("du-thao.txt", "Dự thảo báo cáo tháng 11.")
	m.secretary.Get(m.path+"/documents").Want(http.StatusOK, "du-thao.txt", "ít nhất 1 ngày trước giờ họp")
	m.press("/documents", "/documents/post").LeadsTo(m.path + "/documents")
}

func (m *month) upload(name, content string) {
	m.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", name)
	if err != nil {
		m.t.Fatal(err)
	}
	fmt.Fprint(part, content)
	if err := form.Close(); err != nil {
		m.t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, m.Base+m.path+"/documents/add", &body)
	if err != nil {
		m.t.Fatal(err)
	}
	request.Header.Set("Content-Type", form.FormDataContentType())
	m.secretary.Do(request).LeadsTo(m.path + "/documents")
}

func (m *month) announce() {
	member := m.As(m.Org.MembersA[9])
	member.Get(m.path + "/announce").Want(http.StatusNotFound)
	m.press("/announce", "/announce").LeadsTo(m.path + "/announce")
	member.Get(m.path + "/announce").Want(http.StatusForbidden)
	m.secretary.Get(m.path+"/announce").Want(http.StatusOK, "Danh sách đã được báo", "Báo trên hệ thống", "Chưa báo", "Chưa xem", "paper/notice-sheet?of=unreached")
	m.secretary.Post(m.path+"/told", "channel", "sheet", "people", m.Org.MembersA[5].String(), "people", m.Org.MembersA[6].String()).
		Want(http.StatusSeeOther)
	m.secretary.Get(m.path+"/announce").Want(http.StatusOK, "Báo bằng giấy")
	member.Get(m.path+"/calendar.ics").Want(http.StatusOK, "BEGIN:VCALENDAR", "DTSTART;TZID=Asia/Ho_Chi_Minh:20261203T193000")

	list := member.Get(m.path+"/documents").Want(http.StatusOK, "du-thao.txt")
	file := regexp.MustCompile(m.path + `/documents/[0-9a-z]{13}`).FindString(list.Body)
	member.Get(file).Want(http.StatusOK, "Dự thảo báo cáo tháng 11.")
	m.As(m.Org.MemberB).Get(file).Want(http.StatusNotFound)
}

func (m *month) callTheRoll() {
	m.t.Helper()
	taker := m.As(m.Org.MemberA)
	taker.Get(m.path+"/room").Want(http.StatusOK, "Điểm danh", "/ 26 có mặt", "chưa đủ điều kiện họp", "Còn lại có mặt (26)", "dự bị, không biểu quyết", "được miễn",
		"Thư ký: đồng chí")
	person := m.Org.MembersA[7].String()
	taker.Post(m.path+"/roll", "person", person, "mark", "excused", "reason", "Đi chữa bệnh").LeadsTo(m.path + "/room#m-" + person)
	taker.Get(m.path+"/room").Want(http.StatusOK, "Đi chữa bệnh", "Vắng có lý do: 1", "Còn lại có mặt (25)")

	part := m.part(taker, "person", m.Org.MembersA[8].String(), "mark", "present")
	part.Want(http.StatusOK, "/ 26 có mặt", `id="m-`+m.Org.MembersA[8].String(), `hx-target="#tally"`).Lacks("<html")

	m.checkIn()
	taker.Post(m.path + "/room/rest").LeadsTo(m.path + "/room")
	taker.Get(m.path+"/room").Want(http.StatusOK, "96,1 % · đủ điều kiện họp").Lacks("Còn lại có mặt")
	taker.Post(m.path+"/room/guests", "name", "Vi Văn Khách", "office", "Đảng ủy xã", "above", "1").Want(http.StatusSeeOther)
	taker.Get(m.path+"/room").Want(http.StatusOK, "Vi Văn Khách", "Cấp ủy viên cấp trên theo dõi")
}

// part sends the form of one row as htmx does.
func (m *month) part(by *visit.Visitor, fields ...string) visit.Answer {
	m.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	request, err := http.NewRequest(http.MethodPost, m.Base+m.path+"/roll", strings.NewReader(form.Encode()))
	if err != nil {
		m.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("HX-Request", "true")
	return by.Do(request)
}

// checkIn has a member come in with the code on the wall, after a wrong one.
func (m *month) checkIn() {
	m.t.Helper()
	page := m.secretary.Get(m.path+"/room/code").Want(http.StatusOK, "Mã tự điểm danh", "<svg")
	code := regexp.MustCompile(`class="digits">(\d{3}) (\d{3})<`).FindStringSubmatch(page.Body)
	if code == nil {
		m.t.Fatal("no code to read out")
	}
	m.As(m.Org.MemberA).Get(m.path + "/room/code").Want(http.StatusOK)
	late := m.As(m.Org.MembersA[9])
	late.Get(m.path + "/room/code").Want(http.StatusForbidden)
	late.Get(m.path).Want(http.StatusOK, "Điểm danh có mặt", "/checkin/"+m.id)
	late.Get("/checkin/"+m.id).Want(http.StatusOK, "Tôi có mặt")
	wrong := "000000"
	if code[1]+code[2] == wrong {
		wrong = "000001"
	}
	late.Post("/checkin/"+m.id, "code", wrong).Want(http.StatusOK, "Mã chưa đúng", `value="`+wrong+`"`)
	late.Post("/checkin/"+m.id, "code", code[1]+" "+code[2]).LeadsTo("/checkin/" + m.id)
	late.Get("/checkin/"+m.id).Want(http.StatusOK, "Đồng chí đã điểm danh lúc 19:30")
	m.As(m.Org.MemberB).Get("/checkin/" + m.id).Want(http.StatusNotFound)
}

func (m *month) talk() {
	m.t.Helper()
	taker := m.As(m.Org.MemberA)
	taker.Get(m.path+"/room/tasks").Want(http.StatusOK, "Không có nhiệm vụ tháng trước")
	page := taker.Get(m.path+"/room/agenda").Want(http.StatusOK, "Làm đường Đội 4", "Bắt đầu")
	start := regexp.MustCompile(`action="(` + m.path + `/room/agenda/([^/]+)/start)"[^>]*>\s*<input type="hidden" name="version" value="(\d+)"`).FindStringSubmatch(page.Body)
	if start == nil {
		m.t.Fatal("no item can be started")
	}
	taker.Post(start[1], "version", start[3]).LeadsTo(m.path + "/room/agenda#i-" + start[2])
	m.K.SetNow(m.K.Now().Add(5 * time.Minute))
	taker.Get(m.path+"/room/agenda").Want(http.StatusOK, "Quá 3 phút", "data-timer")
	taker.Post(m.path+"/room/opinions", "item", start[2], "speaker", "p"+m.Org.MembersA[8].String(), "text", "Nhất trí làm đường.\nXin hiến 20 m2 đất.").
		Want(http.StatusSeeOther)
	taker.Get(m.path+"/room/agenda").Want(http.StatusOK, "Xin hiến 20 m2 đất", "1 trong 25 người có mặt đã phát biểu")
	taker.Post(m.path+"/room/opinions", "item", start[2], "speaker", "p"+m.Org.MembersA[7].String(), "text", "Vắng mà nói").
		Want(http.StatusUnprocessableEntity, "Vắng mà nói", "chưa được ghi là có mặt")

	taker.Post(m.path+"/remarks", "kind", "praise", "person", m.Org.MembersA[8].String(), "text", "Hiến đất làm đường").LeadsTo(m.path + "/remarks")
	m.secretary.Get(m.path+"/remarks").Want(http.StatusOK, "Hiến đất làm đường", "Mỗi lần đọc đều được ghi lại")
	m.As(m.Org.MembersA[9]).Get(m.path + "/remarks").Want(http.StatusOK).Lacks("Hiến đất làm đường")
	m.As(m.Org.MembersA[8]).Get(m.path+"/remarks").Want(http.StatusOK, "Hiến đất làm đường", "Những người đã đọc")
}

func (m *month) vote() {
	m.t.Helper()
	taker := m.As(m.Org.MemberA)
	m.K.Update(func(tx *db.Tx) error {
		_, err := resolution.Draft(tx, m.Org.As(tx, m.Org.SecretaryA), m.find().ID)
		return err
	})
	page := taker.Get(m.path+"/room/votes").Want(http.StatusOK, "Đưa nghị quyết ra biểu quyết")
	draft := regexp.MustCompile(`name="resolution" value="([^"]+)"`).FindStringSubmatch(page.Body)
	called := taker.Post(m.path+"/room/votes", "resolution", draft[1])
	vote := regexp.MustCompile(`#v-(.+)$`).FindStringSubmatch(called.Location)
	if vote == nil {
		m.t.Fatalf("calling the vote leads to %q", called.Location)
	}
	taker.Get(m.path+"/room/votes").Want(http.StatusOK, "ít nhất 13 trên 24", "Trong danh sách", "Chưa ghi kết quả")
	m.secretary.Get(m.path+"/room/close").Want(http.StatusOK, "Còn 1 nội dung biểu quyết chưa ghi kết quả").Lacks(`class="btn primary"`)

	record := m.path + "/room/votes/" + vote[1] + "/record"
	taker.Post(record, "yes", "40", "no", "0", "other", "0").Want(http.StatusUnprocessableEntity, "nhiều hơn số người", `value="40"`)
	taker.Post(record, "yes", "20", "no", "2", "other", "0", "person_0", m.Org.MembersA[8].String(), "minority_0", "Đề nghị lùi một tháng").
		Want(http.StatusSeeOther)
	taker.Get(m.path+"/room/votes").Want(http.StatusOK, "20 / 24 tán thành, 83,3 %", "Thông qua", "Đề nghị lùi một tháng", "bảo lưu ý kiến")
	correct := m.path + "/room/votes/" + vote[1] + "/correct"
	taker.Post(correct, "yes", "21", "no", "1", "other", "0").Want(http.StatusUnprocessableEntity, "chưa điền")
	taker.Post(correct, "yes", "21", "no", "1", "other", "0", "reason", "Đếm sót").Want(http.StatusSeeOther)
	taker.Get(m.path+"/room/votes").Want(http.StatusOK, "21 / 24 tán thành", "Đã đính chính", "Đính chính vì: Đếm sót")
}

func (m *month) end() {
	m.t.Helper()
	m.K.SetNow(clock.NewDate(2026, 12, 3).At(21, 5))
	m.secretary.Get(m.path+"/room/close").Want(http.StatusOK, "Kết thúc cuộc họp", "Nghị quyết chưa được thông qua", "25 / 26")
	m.press("/room/close", "/room/close").LeadsTo(m.path)
	m.secretary.Get(m.path).Want(http.StatusOK, "Thông qua nghị quyết", m.path+"/resolution", "19:30 đến 21:05, 95 phút")
	m.As(m.Org.MembersA[9]).Get(m.path).Want(http.StatusOK, "Đang hoàn thiện nghị quyết").Lacks("Mở nghị quyết")
	m.As(m.Org.MembersA[9]).Get(m.path + "/room").Want(http.StatusForbidden)
	m.As(m.Org.Office).Get("/meetings?month=2026-12").Want(http.StatusOK, "1 trong 2 chi bộ đã sinh hoạt", "Chi bộ thôn Tây")
	m.As(m.Org.Office).Get("/meetings?month=2026-12&show=missing").Want(http.StatusOK, "Chi bộ thôn Tây").Lacks("Chi bộ thôn Đông")
}

// TestWhoSeesWhat opens every page of an announced meeting as everybody.
func TestWhoSeesWhat(t *testing.T) {
	m := newMonth(t)
	m.announced()
	const ok, denied, missing = http.StatusOK, http.StatusForbidden, http.StatusNotFound
	for _, test := range []struct {
		who                         string
		person                      access.PersonID
		page, prepare, change, room int
	}{
		{"secretary", m.Org.SecretaryA, ok, ok, ok, ok},
		{"deputy", m.Org.DeputyA, ok, ok, ok, ok},
		{"committee", m.Org.CommitteeA, ok, ok, ok, denied},
		{"member", m.Org.MemberA, ok, denied, denied, denied},
		{"office above", m.Org.Office, ok, ok, denied, denied},
		{"inspector", m.Org.Inspector, ok, ok, denied, denied},
		{"another cell's member", m.Org.MemberB, missing, missing, missing, missing},
		{"another cell's secretary", m.Org.SecretaryB, missing, missing, missing, missing},
		{"another commune's", m.Org.SecretaryC, missing, missing, missing, missing},
		{"administrator", m.Org.Admin, missing, missing, missing, missing},
	} {
		t.Run(test.who, func(t *testing.T) {
			v := m.As(test.person)
			for path, want := range map[string]int{"": test.page, "/prepare": test.prepare, "/agenda": test.prepare, "/announce": test.prepare, "/change": test.change, "/room": test.room} {
				if got := v.Get(m.path + path).Status; got != want {
					t.Errorf("%s: status %d, want %d", path, got, want)
				}
			}
		})
	}
	m.Stranger().Get(m.path).LeadsTo("/sign-in?to=" + url.QueryEscape(m.path))
	m.secretary.Get("/meetings/0000000000000").Want(missing)
	m.secretary.Get("/meetings/%00").Want(missing)
}

// TestWhatMayNotBeDoneIsNotShown looks for buttons that would be refused.
func TestWhatMayNotBeDoneIsNotShown(t *testing.T) {
	m := newMonth(t)
	m.announced()
	m.secretary.Get(m.path).Want(http.StatusOK, "/postpone", "/cancel", "/change")
	m.As(m.Org.CommitteeA).Get(m.path).Want(http.StatusOK, "/change").Lacks("/postpone", "/cancel")
	m.As(m.Org.MemberA).Get(m.path).Want(http.StatusOK).Lacks("/change", "/postpone", "/cancel", "/prepare", "/announce")
	m.As(m.Org.Office).Get(m.path+"/prepare").Want(http.StatusOK).Lacks("/done\"", "/prepared")
	m.As(m.Org.Office).Get(m.path+"/agenda").Want(http.StatusOK).Lacks("/move", "/agenda/new")
	m.As(m.Org.MemberA).Get("/meetings").Want(http.StatusOK).Lacks("/meetings/new", "/meetings/year")
}

// TestRefusedFormsKeepWhatWasTyped sends each form wrong.
func TestRefusedFormsKeepWhatWasTyped(t *testing.T) {
	m := newMonth(t)
	m.announced()
	const wrong, conflict = http.StatusUnprocessableEntity, http.StatusConflict
	new := []string{"unit", m.Org.CellA.ID.String(), "kind", "regular", "month", "2027-01"}
	for _, test := range []struct {
		what, path string
		fields     []string
		status     int
		texts      []string
	}{
		{"no place", "/meetings/new", append(new, "starts", "04/01/2027", "hour", "19:30", "mode", "in_person"), wrong, []string{"04/01/2027", "Đồng chí chưa điền ô này"}},
		{"no such day", "/meetings/new", append(new, "starts", "31/02/2027", "hour", "19:30", "place", "Hội trường"), wrong, []string{"31/02/2027", "Ngày chưa đúng", "Hội trường"}},
		{"no such hour", "/meetings/new", append(new, "starts", "04/01/2027", "hour", "25:90", "place", "Hội trường"), wrong, []string{"25:90", "Giờ chưa đúng"}},
		{"too late in the month", "/meetings/new", append(new, "starts", "20/01/2027", "hour", "19:30", "place", "Hội trường", "mode", "in_person"), wrong, []string{"20/01/2027", "ghi lý do"}},
		{"too long", "/meetings/new", append(new, "starts", "04/01/2027", "hour", "19:30", "place", strings.Repeat("a", 201), "mode", "in_person"), wrong, []string{"Dài quá 200 ký tự"}},
		{"taken month", "/meetings/new", []string{"unit", m.Org.CellA.ID.String(), "kind", "regular", "month", "2026-12", "starts", "04/12/2026", "hour", "19:30", "place", "Hội trường", "mode", "in_person"}, conflict, []string{"đã có buổi sinh hoạt thường kỳ", "Hội trường"}},
		{"stale change", m.path + "/change", []string{"version", "1", "starts", "03/12/2026", "hour", "19:30", "place", "Nhà ông Ba", "mode", "in_person", "minutes", "90"}, conflict, []string{"Người khác vừa sửa", "Nhà ông Ba"}},
		{"postponed without reason", m.path + "/postpone", []string{"version", m.version(m.path+"/postpone", m.path+"/postpone"), "starts", "05/12/2026", "hour", "19:30"}, wrong, []string{"05/12/2026", "Đồng chí chưa điền ô này"}},
		{"cancelled without reason", m.path + "/cancel", []string{"version", m.version(m.path+"/cancel", m.path+"/cancel")}, wrong, []string{"Đồng chí chưa điền ô này"}},
		{"item without title", m.path + "/agenda/new", []string{"kind", "other", "minutes", "7", "note", "Ghi chú dài"}, wrong, []string{"Ghi chú dài", "Đồng chí chưa điền ô này"}},
		{"item with a long minute", m.path + "/agenda/new", []string{"kind", "other", "title", "Việc mới", "minutes", "mười"}, wrong, []string{"Việc mới", "mười", "chữ số"}},
		{"year without place", "/meetings/year", []string{"unit", m.Org.CellA.ID.String(), "year", "2027", "hour", "19:30", "topic_1", "Nêu gương"}, wrong, []string{"Nêu gương", "Đồng chí chưa điền ô này"}},
		{"opened too late", m.path + "/open", []string{"version", "1"}, conflict, []string{"Người khác vừa sửa"}},
	} {
		t.Run(test.what, func(t *testing.T) {
			m.secretary.Post(test.path, test.fields...).Want(test.status, test.texts...)
		})
	}
	m.As(m.Org.MemberB).Post(m.path+"/cancel", "version", "3", "reason", "Phá").Want(http.StatusNotFound)
	m.As(m.Org.MemberA).Post(m.path+"/cancel", "version", "3", "reason", "Phá").Want(http.StatusForbidden)
}

// TestPutOffAndAnnouncedAgain leads back to the announcement.
func TestPutOffAndAnnouncedAgain(t *testing.T) {
	m := newMonth(t)
	m.announced()
	m.press("/postpone", "/postpone", "starts", "05/12/2026", "hour", "20:00", "reason", "Bão số 12").LeadsTo(m.path)
	m.secretary.Get(m.path).Want(http.StatusOK, "Bão số 12", "Thông báo cho đảng viên", "20:00, thứ Bảy, 05/12/2026")
	m.press("/announce", "/announce")
	m.secretary.Get(m.path).Want(http.StatusOK, "Đăng tải tài liệu")
}

// TestTheYear plans a year once and shows its gaps.
func TestTheYear(t *testing.T) {
	m := newMonth(t)
	unit := m.Org.CellA.ID.String()
	m.secretary.Get("/meetings/year?unit="+unit+"&year=2027").Want(http.StatusOK, "12/2027", "Đề xuất", "Quý IV")
	for range 2 {
		m.secretary.Post("/meetings/year", "unit", unit, "year", "2027", "hour", "19:30", "place", "Nhà văn hóa", "topic_2", "Nêu gương").Want(http.StatusSeeOther)
	}
	page := m.secretary.Get("/meetings?unit="+unit+"&year=2027").Want(http.StatusOK, "Chuyên đề: Nêu gương").Lacks("Chưa có kế hoạch")
	if n := strings.Count(page.Body, "Đã lập kế hoạch<"); n != 13 {
		t.Errorf("the year has %d meetings, want 13", n)
	}
	m.secretary.Get("/meetings?unit="+unit+"&year=2026").Want(http.StatusOK, "Không có sinh hoạt thường kỳ", "Chưa có kế hoạch")
}

// TestUnfinishedTasksComeBack sees last month's task in the room, reports it for
// the member and judges it.
func TestUnfinishedTasksComeBack(t *testing.T) {
	m := newMonth(t)
	m.K.SetNow(clock.NewDate(2026, 11, 4).At(8, 0))
	var given task.ID
	m.K.Update(func(tx *db.Tx) (err error) {
		given, err = task.Assign(tx, m.Org.As(tx, m.Org.SecretaryA), m.Org.CellA.ID, task.New{
			Title: "Vận động 10 hộ hiến đất", Area: task.Economy, Assignee: task.Assignee{Person: m.Org.MemberA},
			Due: clock.NewDate(2026, 11, 30), Measure: "hộ", Planned: 10,
		})
		return err
	})
	m.opened()
	path := m.path + "/room/tasks/" + given.String()
	page := m.secretary.Get(m.path+"/room/tasks").Want(http.StatusOK, "Vận động 10 hộ hiến đất", "Đạt 0 / 10 hộ", "Quá hạn 3 ngày")
	if strings.Contains(page.Body, `value="done"`) {
		t.Error("a task that was not reported can be judged as done")
	}
	m.secretary.Post(path+"/report", "version", m.version(m.path+"/room/tasks", path+"/report"), "text", "Đủ 10 hộ", "done", "10").
		LeadsTo(m.path + "/room/tasks#t-" + given.String())
	m.secretary.Post(path+"/assess", "version", m.version(m.path+"/room/tasks", path+"/assess"), "outcome", "partly").
		Want(http.StatusUnprocessableEntity, "ghi rõ lý do")
	m.secretary.Post(path+"/assess", "version", m.version(m.path+"/room/tasks", path+"/assess"), "outcome", "done").Want(http.StatusSeeOther)
	m.secretary.Get(m.path+"/room/tasks").Want(http.StatusOK, "1 trong 1 nhiệm vụ đã hoàn thành", "Kết quả: Đủ 10 hộ")
	m.As(m.Org.MembersA[10]).Get(m.path+"/room/tasks").Want(http.StatusOK).Lacks("/assess", "/report")
}

// TestAfterTheMeeting follows what the page asks for next, until the office
// above has taken the report.
func TestAfterTheMeeting(t *testing.T) {
	m := newMonth(t)
	m.opened()
	m.secretary.Post(m.path + "/room/rest").Want(http.StatusSeeOther)
	m.adopt()
	m.K.SetNow(clock.NewDate(2026, 12, 3).At(21, 0))
	m.press("/room/close", "/room/close")
	m.secretary.Get(m.path).Want(http.StatusOK, "Thông qua biên bản", m.path+"/minutes")
	step := func(who access.PersonID, do func(*db.Tx, access.Actor, meeting.ID) (meeting.Meeting, error)) {
		t.Helper()
		id := m.find().ID
		m.K.Update(func(tx *db.Tx) error {
			_, err := do(tx, m.Org.As(tx, who), id)
			return err
		})
	}
	office := m.As(m.Org.Office)
	step(m.Org.SecretaryA, meeting.MarkMinuted)
	m.secretary.Get(m.path).Want(http.StatusOK, "Ban hành nghị quyết", m.path+"/resolution")
	m.issue()
	m.secretary.Get(m.path).Want(http.StatusOK, "Đăng tải kết quả cho đảng viên", "05/12/2026", m.path+"/report")
	office.Get(m.path).Want(http.StatusOK, "Đang chuẩn bị đăng tải kết quả").Lacks("Mở phần đăng tải")
	step(m.Org.SecretaryA, meeting.Publish)
	m.secretary.Get(m.path).Want(http.StatusOK, "Chấm điểm buổi sinh hoạt", m.path+"/score")
	step(m.Org.SecretaryA, meeting.MarkScored)
	m.secretary.Get(m.path).Want(http.StatusOK, "Báo cáo cấp trên")
	m.As(m.Org.MembersA[9]).Get(m.path+"/room").Want(http.StatusOK, "Có mặt").Lacks("Còn lại có mặt", "/roll\"")
	step(m.Org.SecretaryA, meeting.Report)
	m.secretary.Get(m.path).Want(http.StatusOK, "Đã báo cáo, chờ cấp trên tiếp nhận")
	office.Get("/meetings?month=2026-12&show=waiting").Want(http.StatusOK, "Chi bộ thôn Đông").Lacks("Chi bộ thôn Tây")
	office.Get(m.path).Want(http.StatusOK, "Chi bộ đã báo cáo kết quả", "Xem và trả lời")
	step(m.Org.Office, func(tx *db.Tx, by access.Actor, of meeting.ID) (meeting.Meeting, error) {
		return meeting.SendBack(tx, by, of, "Thiếu số liệu đảng phí")
	})
	m.secretary.Get(m.path).Want(http.StatusOK, "Cấp trên trả lại báo cáo", "Thiếu số liệu đảng phí", "Sửa và báo cáo lại")
	step(m.Org.SecretaryA, meeting.Report)
	step(m.Org.Office, meeting.Acknowledge)
	m.secretary.Get(m.path).Want(http.StatusOK, "Cấp trên đã tiếp nhận báo cáo")
}

// adopt drafts the resolution, counts its vote and adopts it, in session.
func (m *month) adopt() {
	m.t.Helper()
	of := m.find().ID
	m.K.Update(func(tx *db.Tx) error {
		by := m.Org.As(tx, m.Org.SecretaryA)
		draft, err := resolution.Draft(tx, by, of)
		if err != nil {
			return err
		}
		if err := resolution.EditSection(tx, by, draft, resolution.Direction, 0, "Mở đường Đội 4"); err != nil {
			return err
		}
		vote, err := meeting.CallVote(tx, by, meeting.Question{Meeting: of, Title: "Nghị quyết", Form: meeting.Hand, Noun: resolution.Noun, NounID: int64(draft)})
		if err != nil {
			return err
		}
		if _, err := meeting.RecordVote(tx, by, vote.ID, meeting.Tally{Yes: 20}, nil); err != nil {
			return err
		}
		r, err := resolution.Find(tx, by, draft)
		if err != nil {
			return err
		}
		return resolution.Adopt(tx, by, draft, r.Version, vote.ID)
	})
}

var onceField = regexp.MustCompile(`name="once" value="([^"]+)"`)

// TestWhatIsSentTwiceIsThereOnce sends the form of a new item as a double click
// does where no script holds the second one back.
func TestWhatIsSentTwiceIsThereOnce(t *testing.T) {
	m := newMonth(t)
	m.plan()
	form := m.secretary.Get(m.path + "/agenda/new").Want(http.StatusOK)
	token := onceField.FindStringSubmatch(form.Body)
	if token == nil {
		t.Fatal("the form can be sent twice")
	}
	for range 2 {
		m.secretary.Post(m.path+"/agenda/new", "once", token[1], "kind", "other", "title", "Làm đường Đội 4").LeadsTo(m.path + "/agenda")
	}
	items := regexp.MustCompile(`>Làm đường Đội 4<`).FindAllString(m.secretary.Get(m.path+"/agenda").Body, -1)
	if len(items) != 1 {
		t.Errorf("the item is there %d times", len(items))
	}
}

func (m *month) issue() {
	m.t.Helper()
	of := m.find().ID
	m.K.Update(func(tx *db.Tx) error {
		by := m.Org.As(tx, m.Org.SecretaryA)
		list, err := resolution.OfMeeting(tx, by, of)
		if err != nil {
			return err
		}
		return resolution.Issue(tx, by, list[0].ID, list[0].Version, resolution.Signing{Place: "Thôn Đông"})
	})
}
