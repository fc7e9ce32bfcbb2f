package office_test

import (
	"bytes"
	"fmt"
	"image/png"
	"iter"
	"net/http"
	"strings"
	"testing"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/overview"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/score"
	"chibo/internal/domain/task"
	"chibo/internal/domain/unit"
	"chibo/internal/domain/unit/places"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/xlsx"
	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/figures"
	"chibo/internal/testkit/history"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/office"
	"chibo/internal/web/page"
	"chibo/internal/web/static"
)

// country is a tree of all provinces, one of them with communes, and the figures
// of a year as a job would have kept them: so many cells that no page may read
// their records.
type country struct {
	centre, province orgtree.Unit
	rows             []tally.Row
}

func newCountry(s *visit.Site) *country {
	c := &country{}
	s.K.Update(func(tx *db.Tx) (err error) {
		add := func(under orgtree.ID, code, name, place, cell string) (u orgtree.Unit) {
			if err == nil {
				u, err = orgtree.Add(tx, orgtree.Unit{Parent: under, Code: code, Name: name, Kind: "upper_party", Level: "upper", Place: place, CellType: cell, Founded: clock.NewDate(2025, 1, 1)}, "")
			}
			return u
		}
		c.centre = add(0, "TW", "Đảng Cộng sản Việt Nam", "", "")
		for i, p := range places.Provinces() {
			province := add(c.centre.ID, "T"+p.Code, "Đảng bộ "+p.Full, p.Code, "")
			c.count(province.ID, 9000, i)
			if p.Code != "01" {
				continue
			}
			c.province = province
			for j, commune := range places.Communes("01")[:40] {
				u := add(province.ID, "X"+commune.Code, "Đảng bộ "+commune.Full, commune.Code, "")
				c.count(u.ID, 90, j)
				for k := range 4 {
					add(u.ID, fmt.Sprintf("C%s-%d", commune.Code, k), fmt.Sprintf("Chi bộ Tổ dân phố %d", k+1), commune.Code, "village")
				}
			}
		}
		c.count(c.centre.ID, 300_120, 3)
		if err != nil {
			return err
		}
		if err := tally.Load(tx, c.all()); err != nil {
			return err
		}
		return access.Give(tx, access.Grant{Person: s.Org.Nobody, Unit: c.centre.ID, Role: access.Office, From: clock.NewDate(2025, 1, 1), Source: "test"})
	})
	return c
}

func (c *country) all() iter.Seq2[tally.Row, error] {
	return func(yield func(tally.Row, error) bool) {
		for _, row := range c.rows {
			if !yield(row, nil) {
				return
			}
		}
	}
}

// count makes a year of figures of a unit, a little different for each.
func (c *country) count(u orgtree.ID, cells int64, seed int) {
	for i, m := range clock.Month("2025-12").Until("2026-11") {
		var f tally.Figures
		if i == 0 {
			f.Add(unit.TallyCells, cells)
			f.Add(member.TallyOfficial, cells*18)
			f.Add(member.TallyProbationary, cells)
			f.Add(member.TallySexes.Of("male"), cells*12)
			f.Add(member.TallySexes.Of("female"), cells*7)
			f.Add(member.TallyEthnic.Of("Kinh"), cells*17)
			f.Add(member.TallyEthnic.Of("Tày"), cells*2-3)
			f.Add(member.TallyEthnic.Of("Ơ Đu"), 3)
			for year := 40; year < 110; year++ {
				f.Add(member.TallyBirths.At(year), cells*19/70)
			}
		}
		held := cells * int64(99-(seed*7+i*3)%41) / 100
		f.Add(meeting.TallyHeld, held)
		f.Add(meeting.TallyDays.At(3), held*8/10)
		f.Add(meeting.TallyDays.At(20), held-held*8/10)
		f.Add(meeting.TallyExpected, held*19)
		f.Add(meeting.TallyPresent, held*(15+int64(seed+i)%4))
		f.Add(meeting.TallySpeakers, held*6)
		f.Add(meeting.TallyThemes, held/3)
		f.Add(task.TallyDue, held*2)
		f.Add(task.TallyOnTime, held*2*int64(70+(seed+i)%25)/100)
		f.Add(task.TallyNotDone, held/5)
		f.Add(resolution.TallyAdopted, held*9/10)
		f.Add(score.TallySheets, held)
		f.Add(score.TallyClaimed, held*int64(80+(seed+i)%14))
		f.Add(score.TallyEvidence, held*76)
		f.Add(score.TallyClasses.Of("good"), held/3)
		f.Add(score.TallyClasses.Of("fair"), held/3)
		f.Add(score.TallyClasses.Of("average"), held-2*(held/3))
		c.rows = append(c.rows, tally.Row{Unit: u, Month: m, Figures: f})
	}
}

func withCountry(t *testing.T) (*visit.Site, *history.Book, *country) {
	t.Helper()
	s := visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), office.Routes()...)...)(site))
		return mux
	})
	b := history.New(s.K, s.Org)
	for month := 8; month <= 10; month++ {
		b.Hold(history.Meeting{
			Cell: s.Org.CellA, Secretary: s.Org.SecretaryA, Day: clock.NewDate(2026, 1, 3).AddMonths(month - 1), Until: history.Reported,
			Note: "Bàn việc nước sạch", Absent: s.Org.MembersA[20:22], Speakers: s.Org.MembersA[:10],
		})
	}
	s.K.SetNow(clock.NewDate(2026, 11, 21).At(8, 0))
	figures.Follow(s.K)
	// The country's figures have no records; those that are proved at the end of
	// each test are counted anew before.
	t.Cleanup(func() { figures.Begin(s.K) })
	c := newCountry(s)
	if _, err := overview.Watch(t.Context(), s.K.DB); err != nil {
		t.Fatal(err)
	}
	return s, b, c
}

func TestTheCentreUnderstandsTheMonth(t *testing.T) {
	s, _, c := withCountry(t)
	centre, province := "/overview/"+c.centre.ID.String(), "/overview/"+c.province.ID.String()
	s.As(s.Org.Nobody).Get(centre).Want(200, "<b>258.103 trên 300.120</b> chi bộ đã họp", "<b>42.017 chi bộ chưa họp.</b>", "Điểm trung bình",
		"Thành phố Hà Nội", "Quần đảo Hoàng Sa", "Quần đảo Trường Sa", "Các nhóm khác", "Nhóm dưới 5", "Diễn biến từng tháng", "5.702.280").
		Lacks("Ơ Đu", "[seeing.", "[overview.", "**")
	s.As(s.Org.Nobody).Get(centre+"?show=attendance").Want(200, "Dự sinh hoạt – Đảng Cộng sản")
	s.As(s.Org.Nobody).Get(province).Want(200, "Ba Đình", "chart-tiles", "Cần quan tâm", "Chi bộ Tổ dân phố 1").Lacks("chart-map", "[seeing.")
	s.As(s.Org.Office).Get("/overview").Want(200, "Chất lượng sinh hoạt", "Diễn biến từng tháng", "Độ tuổi").Lacks("[seeing.", "chart-tiles", "Lý luận chính trị")
	s.As(s.Org.Office).Get(centre).Want(404)
	s.As(s.Org.Nobody).Get(centre+"?print=1").Want(200, `class="printing"`)
}

// The overview names the heaviest cells, and leads to the others where there are
// more.
func TestTheWholeListIsAPageAway(t *testing.T) {
	s, _, c := withCountry(t)
	centre := "/overview/" + c.centre.ID.String()
	whole := s.As(s.Org.Nobody).Get(centre+"/watched").Want(200, "Chi bộ Tổ dân phố 1", "chưa sinh hoạt", "Số liệu ngày").Lacks("[seeing.", "Tiếp")
	if cells := strings.Count(whole.Body, "Số liệu ngày"); cells < 3 {
		t.Errorf("%d cells are on the list", cells)
	}
	if err := s.K.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE watch_unit SET cells = 60`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.As(s.Org.Nobody).Get(centre).Want(200, "Xem tất cả 60 chi bộ", centre+"/watched")
	s.As(s.Org.Nobody).Get(centre + "/watched?after=x").Want(422)
	s.As(s.Org.Office).Get(centre + "/watched").Want(404)
	s.As(s.Org.Office).Get("/overview/"+s.Org.Commune.ID.String()+"/watched").Want(200, s.Org.Commune.Name)
}

// Nobody is told that nothing deserves attention before it was looked at.
func TestAListThatWasNeverDrawnUpSaysSo(t *testing.T) {
	s, _, c := withCountry(t)
	if err := s.K.DB.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`DELETE FROM watch_unit`)
		if err == nil {
			_, err = tx.Exec(`UPDATE watch_cursor SET day = ''`)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	s.As(s.Org.Nobody).Get("/overview/"+c.centre.ID.String()).Want(200, "Danh sách đang được lập").Lacks("không có chi bộ nào có dấu hiệu")
}

func TestPicturesAreFiles(t *testing.T) {
	s, _, c := withCountry(t)
	base := "/overview/" + c.centre.ID.String() + "/charts/"
	for _, name := range []string{"heat", "map", "tiles", "trend", "resolutions", "classes", "age", "sex", "ethnic"} {
		svg := s.As(s.Org.Nobody).Get(base+name+".svg").Want(200, `role="img"`, "Đảng Cộng sản Việt Nam", "Số liệu tháng 11/2026").Body
		if strings.Contains(svg, "[seeing.") || strings.Contains(svg, "style=") {
			t.Errorf("%s has a style or a key without words", name)
		}
		if name != "map" && name != "age" {
			continue
		}
		if _, err := png.Decode(strings.NewReader(s.As(s.Org.Nobody).Get(base + name + ".png").Want(200).Body)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	body := []byte(s.As(s.Org.Nobody).Get(base + "map.xlsx").Want(200).Body)
	book, err := xlsx.Open(bytes.NewReader(body), int64(len(body)), xlsx.UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := xlsx.All(book.Rows(0))
	if err != nil || len(rows) < 36 {
		t.Errorf("%d rows: %v", len(rows), err)
	}
	for _, bad := range []string{"map", "map.pdf", "style.svg", ".svg", "expertise.svg.png"} {
		s.As(s.Org.Nobody).Get(base + bad).Want(404)
	}
	s.As(s.Org.MemberA).Get(base + "map.svg").Want(404)
}

func TestAWeakCellGetsAPlan(t *testing.T) {
	s, _, _ := withCountry(t)
	cell := "/overview/" + s.Org.CellB.ID.String()
	office := s.As(s.Org.Office)
	office.Get(cell).Want(200, "Lập kế hoạch củng cố")
	s.As(s.Org.Inspector).Get(cell).Want(200).Lacks("Lập kế hoạch củng cố")
	s.As(s.Org.MemberB).Get(cell + "/consolidation").Want(403)
	s.As(s.Org.SecretaryC).Get(cell + "/consolidation").Want(404)
	office.Get(cell+"/consolidation").Want(200, "6 tháng liền chưa sinh hoạt", "Chọn người phụ trách")
	office.Post(cell+"/consolidation", "reasons", "Chưa họp", "measures", "Cử cấp ủy viên dự", "owner", s.Org.SecretaryB.String(), "due", "01/11/2026").
		Want(422, "Thời hạn phải từ hôm nay", "Cử cấp ủy viên dự")
	at := office.Post(cell+"/consolidation", "reasons", "Chưa họp", "measures", "Cử cấp ủy viên dự\nKiện toàn chi ủy", "owner", s.Org.SecretaryB.String(), "due", "31/12/2026").
		Want(303).Location
	at, _, _ = strings.Cut(at, "?")
	office.Get(at).Want(200, "Củng cố đến 31/12/2026", "Kiện toàn chi ủy", "Sửa kế hoạch", "Ghi kết quả và kết thúc")
	office.Get(cell).Want(200, "Củng cố đến 31/12/2026").Lacks("Lập kế hoạch củng cố")
	office.Get("/overview").Want(200, "Củng cố đến 31/12/2026")
	office.Post(at+"/change", "version", "9", "reasons", "Chưa họp", "measures", "Khác", "owner", s.Org.SecretaryB.String(), "due", "31/12/2026").Want(409, "Khác")
	office.Post(at+"/change", "version", "1", "reasons", "Chưa họp", "measures", "Giúp soạn nghị quyết", "owner", s.Org.SecretaryB.String(), "due", "15/01/2027").Want(303)
	s.As(s.Org.SecretaryB).Get(at).Want(200, "Giúp soạn nghị quyết", "Ghi kết quả và kết thúc")
	s.As(s.Org.SecretaryB).Get("/").Want(200, "Củng cố Chi bộ thôn Tây", "Kế hoạch: Giúp soạn nghị quyết", at)
	s.As(s.Org.SecretaryB).Post(at+"/finish", "version", "2", "text", "Đã họp đều").Want(422, "Đã họp đều")
	s.As(s.Org.SecretaryB).Post(at+"/finish", "version", "2", "text", "Đã họp đều", "outcome", string(consolidation.Strong)).Want(303)
	office.Get(at).Want(200, "Không còn yếu kém", "Đã họp đều").Lacks("Sửa kế hoạch")
	s.As(s.Org.SecretaryB).Get("/").Want(200).Lacks("Củng cố Chi bộ")
}

func TestTheReportCountsWhatThePageShows(t *testing.T) {
	s, _, c := withCountry(t)
	path := "/statistics/" + c.centre.ID.String()
	visitor := s.As(s.Org.Nobody)
	visitor.Get(path).Want(200, "Tháng 11/2026", "258.103", "Kỳ báo cáo chưa kết thúc", "Tải báo cáo Word").Lacks("[statistics.")
	visitor.Get(path+"?of=quarter&month=2026-08").Want(200, "Quý III năm 2026", "Quý IV năm 2026 →", "Có 171.069 buổi")
	visitor.Get(path+"?of=year").Want(200, "Năm 2026").Lacks("Năm 2027")
	visitor.Get(path + "?of=half&month=x").Want(422)
	visitor.Get(path + "/report.pptx").Want(404)
	s.As(s.Org.MemberA).Get(path).Want(404)
	if word := visitor.Get(path + "/report.docx?of=quarter&month=2026-08").Want(200).Body; !strings.HasPrefix(word, "PK") {
		t.Error("the report is no Word file")
	}
	body := []byte(visitor.Get(path + "/report.xlsx?of=quarter&month=2026-08").Want(200).Body)
	book, err := xlsx.Open(bytes.NewReader(body), int64(len(body)), xlsx.UsualLimits())
	if err != nil {
		t.Fatal(err)
	}
	rows, err := xlsx.All(book.Rows(0))
	if err != nil {
		t.Fatal(err)
	}
	held := ""
	for _, row := range rows {
		if len(row) > 5 && row[2] == "Buổi sinh hoạt thường kỳ đã họp" {
			held = row[5]
		}
	}
	want := int64(0)
	for i := 7; i <= 9; i++ { // July to September are the eighth to tenth months of the year that begins in December
		want += 300_120 * int64(99-(3*7+i*3)%41) / 100
	}
	if held != fmt.Sprint(want) {
		t.Errorf("the quarter has %s meetings, not %d", held, want)
	}
}

// TestEverybodySees looks at the pages on a phone and a desk, in both languages.
func TestEverybodySees(t *testing.T) {
	b := browser.Start(t)
	s, _, c := withCountry(t)
	b.SignIn(s.Base, string(s.Token(s.Org.Nobody)))
	look := func(name, path string) {
		for _, screen := range browser.Screens {
			b.Open(screen, s.Base+path)
			b.Look(screen, name)
		}
	}
	look("centre", "/overview/"+c.centre.ID.String())
	look("centre-print", "/overview/"+c.centre.ID.String()+"?print=1")
	look("province", "/overview/"+c.province.ID.String()+"?months=12&show=attendance")
	look("statistics", "/statistics/"+c.centre.ID.String()+"?of=quarter&month=2026-08")
	b.SignIn(s.Base, string(s.Token(s.Org.Office)))
	look("commune", "/overview")
	look("cell", "/overview/"+s.Org.CellB.ID.String())
	look("plan-new", "/overview/"+s.Org.CellB.ID.String()+"/consolidation")
	at := s.As(s.Org.Office).Post("/overview/"+s.Org.CellB.ID.String()+"/consolidation", "reasons", "6 tháng liền chưa sinh hoạt.", "measures", "Cử cấp ủy viên dự cùng\nKiện toàn chi ủy",
		"owner", s.Org.CommuneSecretary.String(), "due", "31/12/2026").Want(303).Location
	look("plan", at)
}
