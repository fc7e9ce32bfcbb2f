package office_test

import (
	"bytes"
	"net/http"
	"testing"

	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/xlsx"
	"chibo/internal/testkit/figures"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/org"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/office"
)

// serve is the pages of this area over an organisation that has held some
// meetings.
func serve(t *testing.T) (*visit.Site, *history.Book) {
	t.Helper()
	s := visit.New(t, visit.Routes(office.Routes()...))
	b := history.New(s.K, s.Org)
	for month := 7; month <= 11; month++ {
		m := history.Meeting{
			Cell: s.Org.CellA, Secretary: s.Org.SecretaryA, Day: clock.NewDate(2026, 1, 3).AddMonths(month - 1), Until: history.Reported,
			Note: "Bàn việc nước sạch", Absent: s.Org.MembersA[20:22], Speakers: s.Org.MembersA[:10],
		}
		if month == 11 {
			m.Day, m.Claim = m.Day.AddDays(9), 40
		}
		b.Hold(m)
	}
	s.K.SetNow(clock.NewDate(2026, 11, 21).At(8, 0))
	figures.Follow(s.K)
	return s, b
}

func TestTheDeskOfEachRole(t *testing.T) {
	s, b := serve(t)
	b.Assign(task.New{Title: "Sửa kênh", Area: task.Economy, Assignee: task.Assignee{Person: s.Org.MemberA}, Due: clock.NewDate(2026, 11, 25)})
	for _, c := range []struct {
		who access.PersonID
		has []string
		not string
	}{
		{s.Org.SecretaryA, []string{"Lên lịch sinh hoạt tháng 12/2026", "Cần xử lý", "đảng viên chưa có nhiệm vụ", "Tháng 11", "Điểm tháng 11"}, "chờ tiếp nhận"},
		{s.Org.MemberA, []string{"Sửa kênh", "Xem và nhận việc", "Điểm tháng 11"}, "chưa có nhiệm vụ"},
		{s.Org.MemberB, []string{"không có việc chờ đồng chí"}, "Cần xử lý"},
		{s.Org.Office, []string{"5 báo cáo của chi bộ chờ tiếp nhận", "Xem báo cáo", "Chi bộ thôn Tây chưa sinh hoạt tháng này", "Chi bộ đã sinh hoạt"}, "Sửa kênh"},
		{s.Org.CommuneSecretary, []string{"chưa sinh hoạt tháng này"}, "chờ tiếp nhận"},
		{s.Org.Admin, []string{"không có việc chờ"}, "chưa sinh hoạt"},
	} {
		s.As(c.who).Get("/").Want(200, c.has...).Lacks(c.not, "[desk.", "[overview.")
	}
}

func TestWhoOpensTheTable(t *testing.T) {
	s, _ := serve(t)
	commune, cellA, cellB := s.Org.Commune.ID.String(), s.Org.CellA.ID.String(), s.Org.CellB.ID.String()
	for _, c := range []struct {
		name   string
		who    access.PersonID
		path   string
		status int
		has    string
	}{
		{"office", s.Org.Office, "/overview", 200, "Tháng 11 có"},
		{"commune secretary", s.Org.CommuneSecretary, "/overview/" + commune, 200, "Chất lượng sinh hoạt"},
		{"inspector", s.Org.Inspector, "/overview", 200, "Cần quan tâm"},
		{"administrator", s.Org.Admin, "/overview", 403, ""},
		{"cell secretary at home", s.Org.SecretaryA, "/overview", 200, "Từng tháng"},
		{"cell secretary next door", s.Org.SecretaryA, "/overview/" + cellB, 404, ""},
		{"cell secretary at the commune", s.Org.SecretaryA, "/overview/" + commune, 404, ""},
		{"member", s.Org.MemberA, "/overview/" + cellA, 403, ""},
		{"another commune", s.Org.SecretaryC, "/overview/" + commune, 404, ""},
		{"a unit that is none", s.Org.Office, "/overview/17", 404, ""},
		{"an address that is none", s.Org.Office, "/overview/x", 404, ""},
		{"a month that is none", s.Org.Office, "/overview?month=x", 422, ""},
		{"too many months", s.Org.Office, "/overview?months=999", 422, ""},
		{"reports of the office", s.Org.Office, "/overview/reports", 200, "Sinh hoạt tháng 07/2026"},
		{"reports of others", s.Org.CommuneSecretary, "/overview/reports", 403, ""},
		{"the workbook of others", s.Org.MemberA, "/overview/" + cellA + "/table.xlsx", 403, ""},
		{"followed cells of nobody", s.Org.MemberA, "/attendee", 200, "chưa được phân công"},
	} {
		if s.As(c.who).Get(c.path).Want(c.status, c.has); t.Failed() {
			t.Fatal(c.name)
		}
	}
}

func TestTheTableSaysWhatHappened(t *testing.T) {
	s, _ := serve(t)
	s.As(s.Org.Office).Get("/overview").Want(200,
		"<b>1 trong 2</b>", "1 chi bộ chưa họp", "tự chấm cao hơn số liệu từ 10 điểm", "chưa", "muộn ≡",
		"nội dung lặp lại 5 tháng liền", "6 tháng liền chưa sinh hoạt", "92,3 %", "24 trong 26 đảng viên phải dự").Lacks("[overview.", "**")
	s.As(s.Org.Office).Get("/overview?month=2026-10").Want(200, "Tháng 10 có", "Tháng 11/2026 →").Lacks("tự chấm cao hơn")
}

func TestAnyCellCanBeOpened(t *testing.T) {
	s, _ := serve(t)
	s.As(s.Org.Office).Get("/overview/"+s.Org.CellA.ID.String()).Want(200,
		"Chi bộ thôn Đông", "Tự chấm và số liệu, tháng 11/2026", "Chi bộ đã làm, chưa ghi vào sổ.", "Họp muộn, ngày 12/11/2026 ≡", "Không có nhiệm vụ quá hạn").
		Lacks("[overview.")
	s.As(s.Org.Office).Get("/overview/"+s.Org.CellB.ID.String()).Want(200, "Chưa sinh hoạt", "Cần quan tâm").Lacks("Tự chấm và số liệu")
}

func TestTheWorkbookHoldsTheTableAndItsDetails(t *testing.T) {
	s, _ := serve(t)
	a := s.As(s.Org.Office).Get("/overview/" + s.Org.Commune.ID.String() + "/table.xlsx?month=2026-11&months=6").Want(200)
	body := []byte(a.Body)
	book, err := xlsx.Open(bytes.NewReader(body), int64(len(body)), xlsx.UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := xlsx.All(book.Rows(1))
	if err != nil {
		t.Fatal(err)
	}
	found := false
	for _, row := range rows {
		if len(row) > 8 && row[0] == "Chi bộ thôn Đông" && row[1] == "10/2026" {
			found = row[4] == "26" && row[5] == "24" && row[6] == "10"
		}
	}
	if !found {
		t.Errorf("October of cell A is not in the details: %q", rows)
	}
}

func TestTheFollowerSeesTheNextMeeting(t *testing.T) {
	s, b := serve(t)
	b.Hold(history.Meeting{Cell: s.Org.CellA, Secretary: s.Org.SecretaryA, Day: clock.NewDate(2026, 12, 3), Until: history.Announced})
	s.K.Update(func(tx *db.Tx) error {
		return access.Give(tx, access.Grant{Person: s.Org.MemberB, Unit: s.Org.CellA.ID, Role: access.Attendee, From: org.Founded, Source: "test"})
	})
	s.As(s.Org.MemberB).Get("/attendee").Want(200, "Chi bộ thôn Đông", "19:00, 03/12/2026", "Họp gần nhất 12/11/2026")
	s.As(s.Org.MemberB).Get("/").Want(200, "Dự sinh hoạt Chi bộ thôn Đông ngày 03/12/2026", "/attendee")
}

func TestEveryPagePrints(t *testing.T) {
	s, _ := serve(t)
	for _, path := range []string{"/", "/overview", "/overview/" + s.Org.CellA.ID.String(), "/overview/reports", "/attendee"} {
		s.As(s.Org.Office).Get(path+"?print=1").Want(http.StatusOK, `class="printing"`)
	}
}

// TestFiguresMayBeSomeSecondsOld: what only shows figures may come from a replica;
// what somebody just changed, and every form, may not.
func TestFiguresMayBeSomeSecondsOld(t *testing.T) {
	stale := map[string]bool{}
	for _, route := range office.Routes() {
		if stale[route.Pattern] = route.Stale; route.Stale && (route.Do != nil || route.Records) {
			t.Errorf("%s writes and may be stale", route.Pattern)
		}
	}
	for pattern, want := range map[string]bool{
		"GET /overview": true, "GET /overview/{unit}": true, "GET /statistics/{unit}": true,
		"GET /{$}": false, "GET /overview/reports": false, "GET /overview/{unit}/consolidation": false, "GET /consolidation/{plan}": false,
	} {
		if got, there := stale[pattern]; !there || got != want {
			t.Errorf("%s: stale %t (there: %t), want %t", pattern, got, there, want)
		}
	}
}
