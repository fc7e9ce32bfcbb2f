package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"time"

	"chibo/internal/platform/clock"
)

func TestMonthOnPhone(t *testing.T) {
	h := open(t)
	hold(t, h, h.visit(t, phone))
}

func TestMonthByKeyboard(t *testing.T) {
	h := open(t)
	hold(t, h, h.visit(t, keys))
}

func TestMonthWithoutJavaScript(t *testing.T) {
	h := open(t)
	hold(t, h, h.visit(t, desk).withoutScript())
}

// month is the meeting of a month, held from notice to report.
type month struct {
	*house
	t         *testing.T
	secretary *visitor
	page      string // of the meeting
	of        string // the month, as people call it
	voters    string // how many may vote and are there
	points    string // that the cell gives itself
}

// hold has the secretary, who sits before v, hold the meeting that the demo has
// planned; then the office above finds its table changed and answers.
func hold(t *testing.T, h *house, v *visitor) {
	m := &month{house: h, t: t, secretary: v.signIn(secretary)}
	m.prepare()
	m.announce()
	m.begin()
	m.callTheRoll()
	m.goThroughTasks()
	m.talk()
	m.resolve()
	m.end()
	m.minute()
	m.publish()
	m.score()
	m.report()
	m.acknowledge()
}

func (m *month) prepare() {
	v := m.secretary
	v.prepareMeeting().see("Việc chuẩn bị")
	m.page = strings.TrimSuffix(v.path(), "/prepare")
	v.open(m.page).see("Chuẩn bị cuộc họp")
	m.of = strings.TrimPrefix(m.find(`thường kỳ tháng \d+/\d+`), "thường kỳ ")
	v.press("Làm tiếp")
	v.press("Phân công", "Thư ký cuộc họp").see("Đã phân công:")
	v.press("Chương trình").press("Thêm nội dung")
	v.fill("Nội dung", "Bàn việc làm đường ngõ 12").fill("Các ý cần bàn", "Hiến đất\nNgày công").press("Lưu")
	v.see("Bàn việc làm đường ngõ 12", "Ngày công").press("Việc cần làm").press("Chuẩn bị xong")
}

// prepareMeeting opens the coming meeting from the desk. It comes next there, or
// stands below what somebody waits for: in the demo's evenings tasks are reported.
func (v *visitor) prepareMeeting() *visitor {
	v.t.Helper()
	if v.search("press", "Làm tiếp").Found {
		return v.press("Làm tiếp")
	}
	return v.press(regexp.MustCompile(`Chuẩn bị buổi sinh hoạt ngày \d+/\d+/\d+`).FindString(v.text()))
}

func (m *month) announce() {
	v := m.secretary
	v.press("Xem và thông báo").press("Thông báo cho đảng viên").see("Danh sách đã được báo")
	v.press("Tài liệu").press("Đăng tải cho đảng viên").see("Đã đăng tải tài liệu.")
}

// begin opens the meeting.
func (m *month) begin() {
	v := m.secretary
	v.press("Việc cần làm").press("Về trang cuộc họp").press("Vào phòng họp")
	v.pick("Thư ký ghi biên bản", holderOf(m.t, minuteTaker).name)
	v.press("Bắt đầu họp").see("Cuộc họp đã bắt đầu.")
}

func (m *month) callTheRoll() {
	v := m.secretary
	absent := holderOf(m.t, ordinary).name
	v.press("Có lý do", absent).fill("Lý do vắng của "+absent, "Đi chữa bệnh").press("Ghi", absent)
	v.press(m.find(`Còn lại có mặt \(\d+\)`)).see("· đủ điều kiện họp").lacks("Chưa điểm danh:")
	m.voters = digits.FindString(m.find(`Biểu quyết: \d+ /`))
	v.press("Xong điểm danh, sang việc tháng trước")
}

// find is the first text on the screen that fits.
func (m *month) find(pattern string) string {
	m.t.Helper()
	found := regexp.MustCompile(pattern).FindString(m.secretary.text())
	if found == "" {
		m.t.Fatalf("nothing like %s on %s:\n%s", pattern, m.secretary.path(), m.secretary.text())
	}
	return found
}

var digits = regexp.MustCompile(`\d+`)

func (m *month) goThroughTasks() {
	v := m.secretary
	v.unfold("Đánh giá").choose("Hoàn thành một phần").fill("Nhận xét, lý do nếu chưa hoàn thành", "Còn một số hộ đi vắng").press("Ghi đánh giá")
	v.press("Sang chương trình")
}

func (m *month) talk() {
	v := m.secretary
	v.unfold("Thảo luận").press("Bắt đầu", "Thảo luận").see("Đang bàn")
	v.pick("Người phát biểu", holderOf(m.t, deputy).name, "Thảo luận")
	v.fill("Ý kiến, một dòng hoặc ghi đầy đủ", "Nhất trí làm đường.\nXin hiến 20 m² đất.", "Thảo luận")
	v.press("Ghi ý kiến", "Thảo luận").see("Xin hiến 20 m² đất.", "1 trong ")
	v.press("Xong mục này", "Thảo luận").see("Xong, ")
	v.press("Sang biểu quyết").press("Sang kết luận, nghị quyết")
}

func (m *month) resolve() {
	v := m.secretary
	v.press("Soạn dự thảo nghị quyết")
	v.fill("II. Phương hướng, nhiệm vụ", "Vận động các hộ hiến đất mở rộng ngõ 12.").press("Lưu dự thảo").see("Đã lưu.")
	v.press("Thêm nhiệm vụ").fill("Nhiệm vụ", "Vận động các hộ ngõ 12 hiến đất").pick("Người hoặc tổ đảng thực hiện", holderOf(m.t, ordinary).name)
	v.fill("Thời hạn hoàn thành", clock.DateOf(time.Now()).AddDays(25).Vietnamese())
	v.choose("Phát triển kinh tế - xã hội")
	v.fill("Số lượng giao", "12").fill("Đơn vị tính", "hộ").press("Lưu nhiệm vụ").see("Vận động các hộ ngõ 12 hiến đất", "12 hộ")
	v.press("Chuyển sang tháng này").see("Đã chuyển phần còn lại")
	v.press("Mở phòng họp")
	v.press("Biểu quyết").press("Đưa nghị quyết ra biểu quyết").see("Chưa ghi kết quả")
	v.fill("Tán thành", m.voters).fill("Không tán thành", "0").fill("Ý kiến khác", "0").press("Ghi kết quả").see("Đã ghi kết quả biểu quyết.", m.voters+" / ")
	v.press("Sang kết luận, nghị quyết")
	v.press("Ghi nhận đã thông qua").see("Đã ghi nhận nghị quyết được thông qua.")
}

func (m *month) end() {
	v := m.secretary
	v.press("Sang phần kết thúc").press("Kết thúc cuộc họp").see("Cuộc họp đã kết thúc.")
}

// minute has the minutes written and sealed; they are a file for Word.
func (m *month) minute() {
	v := m.secretary
	v.press("Mở biên bản").press("Lập biên bản").see("Nhất trí làm đường.", "đi chữa bệnh")
	v.fill("Kết luận", "Mở rộng ngõ 12 trong quý tới.").press("Lưu biên bản").see("Đã lưu.")
	v.press("Thông qua và niêm phong biên bản").see("Biên bản đã được thông qua và niêm phong.")
	name, content := v.download("Biên bản họp: Word")
	if !strings.HasSuffix(name, ".docx") {
		m.t.Errorf("the minutes are called %q", name)
	}
	body := wordBody(m.t, content)
	for _, text := range []string{"BIÊN BẢN", "Nhất trí làm đường.", "Mở rộng ngõ 12 trong quý tới.", holderOf(m.t, secretary).name} {
		if !strings.Contains(body, text) {
			m.t.Errorf("the minutes for Word lack %q", text)
		}
	}
}

// publish gives the resolution its number and shows the members what was
// decided.
func (m *month) publish() {
	v := m.secretary
	v.press("Mở nghị quyết").press("Ban hành").see("Đã ban hành nghị quyết.")
	v.press("Mở phần đăng tải").press("Đăng tải cho đảng viên").see("Đã đăng tải kết quả cho đảng viên.")
}

// judged are the lines of the sheet that no record decides.
var judged = []struct{ line, points string }{
	{"Chuẩn bị nội dung đúng, đủ, có trọng tâm", "Đạt: 3"},
	{"Chuẩn bị định hướng thảo luận, dự thảo kết luận hoặc nghị quyết", "Đạt: 2"},
	{"Nội dung sinh hoạt thường kỳ bảo đảm yêu cầu", "Đạt: 10"},
	{"Điều hành linh hoạt, hiệu quả", "Đạt: 2"},
	{"Định hướng thảo luận", "Đạt: 4"},
	{"Gợi mở, phát huy dân chủ", "Đạt: 3"},
	{"Tổng hợp thành kết luận, nghị quyết", "Đạt: 1"},
	{"Thực hiện nguyên tắc tập trung dân chủ", "Đạt: 1"},
	{"Tự phê bình và phê bình nghiêm túc", "Chưa đạt: 0"},
	{"Bảo đảm tính lãnh đạo, tính giáo dục, tính chiến đấu", "Đạt: 1"},
	{"Cung cấp thông tin; giải quyết tâm tư, nguyện vọng của đảng viên", "Đạt: 1"},
}

func (m *month) score() {
	v := m.secretary
	v.press("Mở phiếu đánh giá")
	for _, l := range judged {
		v.choose(l.points, l.line)
	}
	// This one is decided by records in some months, and not in others.
	if of := "Tỉ lệ chỉ tiêu, nhiệm vụ hoàn thành"; v.search("field", "Điểm chi ủy chấm", of).Found {
		v.pick("Điểm chi ủy chấm", "10 điểm", of)
	}
	v.press("Xác nhận điểm").see("Đã xác nhận điểm buổi sinh hoạt.")
	m.points = digits.FindString(m.find(`\d+ / \d+ điểm tháng này`))
}

func (m *month) report() {
	v := m.secretary
	v.press("Mở phần báo cáo").press("Gửi báo cáo").see("Đã gửi báo cáo lên cấp trên.")
	v.open("/").lacks("Làm tiếp", "Lên lịch sinh hoạt "+m.of)
}

// acknowledge has the office above come to its desk, answer the report, and
// find the month in its table.
func (m *month) acknowledge() {
	v := m.visit(m.t, desk).signIn(office)
	v.press("Xem báo cáo")
	// Where more than one report waits, the desk leads to the list of them.
	if !strings.Contains(v.text(), "Tiếp nhận báo cáo") {
		v.press(holderOf(m.t, secretary).unit, m.of)
	}
	v.see("Tiếp nhận báo cáo").press("Tiếp nhận").see("Đã tiếp nhận báo cáo.")
	m.secretary.open(m.page).see("Cấp trên đã tiếp nhận báo cáo")
	v.press("Theo dõi")
	month := "T" + strings.TrimPrefix(m.of, "t")
	if v.search("press", month+" →").Found {
		v.press(month + " →")
	}
	v.see("1 trong 1 chi bộ đã sinh hoạt", "tự chấm "+m.points)
}

// wordBody is the text of a Word file, whose parts must all be sound XML.
func wordBody(t *testing.T, content []byte) string {
	t.Helper()
	parts, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for _, part := range parts.File {
		file, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		for decoder := xml.NewDecoder(file); ; {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", part.Name, err)
			}
			if words, ok := token.(xml.CharData); ok && part.Name == "word/document.xml" {
				text.Write(words)
			}
		}
		file.Close()
	}
	return text.String()
}
