package e2e

import (
	"io"
	"mime/quotedprintable"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/webauthn"

	"chibo/internal/platform/clock"
)

// TestAStrangersFirstDay begins with an empty folder and ends with a member who
// reads on a phone when the meeting is: whoever installs the program, the
// office that has kept its register for fifteen years, a secretary and a member
// do in turn what they have to, with nothing but what stands on the screen.
func TestAStrangersFirstDay(t *testing.T) {
	needBrowser(t)
	d := &firstDay{t: t}
	d.install()
	d.found()
	d.openOffice()
	d.importRegister()
	d.appointSecretary()
	d.handOutSlips()
	d.joinOnPhone()
	d.comeBackByPasskey()
	d.inviteToMeeting()
	d.readNotice()
}

// firstDay is the first day of an installation, and the people of it.
type firstDay struct {
	*house
	t       *testing.T
	letters letters

	administrator, office, secretary, member *visitor
	// slips are the codes on the printed slips, by name.
	slips map[string]string
	// meeting is when it is held, as it is written.
	meeting string
}

const (
	founder   = "Lò Thị Quản Trị"
	officer   = "Phạm Thị Văn Phòng"
	head      = "Trần Thị Diệu"
	newMember = "Đỗ Văn Hòa"
	quarter   = "Chi bộ khu phố Lộc Thành"
	address   = "hoa.dv@phuong.example"
)

// install starts the program as an operator does who has a mail server, at an
// address with a name, which passkeys need.
func (d *firstDay) install() {
	var mailPort string
	d.letters, mailPort = mailServer(d.t)
	port := freePort(d.t)
	d.house = serve(d.t, d.t.TempDir(), "--addr", "127.0.0.1:"+port, "--url", "http://localhost:"+port,
		"--smtp-host", "127.0.0.1", "--smtp-port", mailPort, "--smtp-security", "none", "--smtp-from", "chibo <thong-bao@phuong.example>")
	d.base = "http://localhost:" + port
}

// freePort is one at which nobody listens.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// found opens the address, which leads to the page of the first start, and makes
// the first cell.
func (d *firstDay) found() {
	d.administrator = d.visit(d.t, desk)
	v := d.administrator.open("/").see("Thiết lập lần đầu")
	v.fill("Xã, phường, đặc khu hoặc tỉnh", "phuong trang bang").fill("Ngày thành lập", "1/7/2025")
	v.fill("Họ và tên người quản trị", founder).press("Bắt đầu")
	v.fill("Mật khẩu mới", "vườn cam sau mưa rào").press("Đặt mật khẩu và vào").secure()
	v.see("Lập các chi bộ trực thuộc").press("Mở tổ chức đảng").press("Lập tổ chức trực thuộc")
	v.fill("Tên tổ chức đảng", quarter).fill("Mã tổ chức đảng", "CB01").pick("Loại tổ chức đảng", "Chi bộ").pick("Loại hình chi bộ", "Thôn, tổ dân phố")
	v.fill("Ngày thành lập", "1/7/2025").press("Lập tổ chức đảng").see("Đã lập tổ chức đảng.")
}

// openOffice has the administrator, who reads no members, give the office to
// somebody who will.
func (d *firstDay) openOffice() {
	v := d.administrator.press("Bàn việc").see("Giao việc cho cán bộ văn phòng").press("Mở tổ chức đảng")
	v.press("Thêm cán bộ").fill("Họ và tên khai sinh", officer).press("Thêm cán bộ").see("Đã thêm cán bộ.")
	v.pick("Chức vụ", "Chánh văn phòng đảng ủy").choose("Được chỉ định").fill("Từ ngày", "1/7/2025").fill("Số văn bản", "12-QĐ/ĐU")
	v.press("Ghi nhận").see("Đã ghi nhận chức vụ.")
	code := v.press("In phiếu mời").press("Tạo phiếu để in").printed()[officer]

	d.office = d.visit(d.t, desk).open("/").press("Tôi có phiếu mời, chưa đặt mật khẩu")
	d.office.fill("Mã trên phiếu mời", strings.ToLower(code)).press("Tiếp tục")
	d.office.fill("Mật khẩu mới", "mưa chiều bên sông lạ").press("Đặt mật khẩu và vào").secure().see("Văn phòng đảng ủy")
}

var slip = regexp.MustCompile(`Đồng chí: (.+?) Tên đăng nhập \S+ Mã phiếu (\S+)`)

// printed are the codes of the slips that the paper shows, by name.
func (v *visitor) printed() map[string]string {
	v.t.Helper()
	codes := map[string]string{}
	for _, s := range slip.FindAllStringSubmatch(v.onPaper(), -1) {
		codes[s[1]] = s[2]
	}
	return codes
}

// importRegister takes the office through its own spreadsheet: what cannot be
// comes back, what is there twice is decided, the rest is written.
func (d *firstDay) importRegister() {
	file := filepath.Join(d.t.TempDir(), "ds dang vien 2011 (sua cuoi).xlsx")
	if err := os.WriteFile(file, register(d.t), 0o600); err != nil {
		d.t.Fatal(err)
	}
	v := d.office.see("Đưa danh sách đảng viên vào").press("Nhập từ bảng tính")
	v.attach("Tệp bảng tính", file).press("Gửi và xem thử").see("Chữ trước và sau khi chuyển bảng mã", "Nguyễn Văn Bình")
	v.press("Đọc và kiểm tra").see("Xem trước khi nhập", "“31/2/1970” không phải là ngày.")
	v.pick("“Lộc Thành” (6 dòng) là", quarter).press("Kiểm tra lại").see("So sánh và chọn").press("So sánh và chọn")
	v.choose("Bỏ qua dòng này", "Nguyễn Văn Bình (dòng 12)").press("Lưu và kiểm tra lại")
	v.see("Nhập 5 dòng").press("Nhập 5 dòng").see("Đã nhập xong")
	name, _ := v.download("Tải các dòng trả lại, kèm lý do")
	if !strings.HasSuffix(name, ".xlsx") {
		d.t.Errorf("what came back is called %q", name)
	}
	v.press("Xem danh sách").see("Huỳnh Thị Mai", "Lê Thị Kiều").lacks("Võ Văn Lợi")
}

func (d *firstDay) appointSecretary() {
	v := d.office.press("Tổ chức").press(quarter).press("Ghi nhận chức vụ")
	v.pick("Đồng chí", head).pick("Chức vụ", "Bí thư chi bộ").fill("Từ ngày", "1/10/2026").fill("Số văn bản", "15-QĐ/ĐU")
	v.press("Ghi nhận").see("Đã ghi nhận chức vụ.")
}

// handOutSlips prints a slip for each member.
func (d *firstDay) handOutSlips() {
	d.slips = d.office.press("In phiếu mời").press("Tạo phiếu để in").printed()
	if len(d.slips) != 5 {
		d.t.Fatalf("slips for %v", d.slips)
	}
	d.secretary = d.visit(d.t, desk).open("/invite/" + d.slips[head])
	d.secretary.fill("Mật khẩu mới", "trăng lên đỉnh núi xa").press("Đặt mật khẩu và vào").secure().see("Bí thư")
}

// joinOnPhone has a member scan the slip, choose a password, add a passkey, and
// say where letters go, at any hour.
func (d *firstDay) joinOnPhone() {
	d.member = d.visit(d.t, phone)
	d.member.passkeys()
	v := d.member.open("/invite/" + d.slips[newMember])
	v.fill("Mật khẩu mới", "cánh đồng lúa tháng mười").choose("Đây là máy riêng của tôi").press("Đặt mật khẩu và vào")
	v.menu(newMember).press("Tài khoản và mật khẩu").press("Xem và thay đổi").press("Thêm khóa truy cập")
	v.fill("Tên khóa", "Điện thoại của tôi").press("Tạo khóa trên thiết bị này").see("Đã thêm khóa truy cập.")
	v.menu(newMember).press("Cách nhận thông báo").fill("Địa chỉ thư điện tử", address).press("Gửi mã xác nhận")
	v.fill("Mã xác nhận", d.letter(`\b\d{6}\b`)).press("Xác nhận").see("Đã xác nhận")
	v.fill("Yên tĩnh từ", "00:00").fill("Đến", "00:00")
	v.press("Lưu lựa chọn").see("Đã lưu.")
}

func (v *visitor) menu(name string) *visitor {
	v.t.Helper()
	return v.unfold("Tài khoản của đồng chí " + name)
}

// letter waits for one in which the pattern is found, and gives what fits.
func (d *firstDay) letter(pattern string) string {
	d.t.Helper()
	for limit := time.After(patience); ; {
		select {
		case raw := <-d.letters:
			plain, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(raw)))
			if err != nil {
				d.t.Fatal(err)
			}
			if found := regexp.MustCompile(pattern).FindString(string(plain)); found != "" {
				return found
			}
		case <-limit:
			d.t.Fatalf("no letter with %s came", pattern)
		}
	}
}

// passkeys gives the visitor a device that keeps passkeys and knows its owner's
// finger, as a phone does.
func (v *visitor) passkeys() {
	v.t.Helper()
	call(v, webauthn.Enable, webauthn.EnableParams{})
	call(v, webauthn.AddVirtualAuthenticator, webauthn.AddVirtualAuthenticatorParams{
		Options: &webauthn.VirtualAuthenticatorOptions{
			Protocol: "ctap2", Transport: "internal", HasResidentKey: true, HasUserVerification: true, IsUserVerified: true, AutomaticPresenceSimulation: true,
		},
	})
}

func (d *firstDay) comeBackByPasskey() {
	v := d.member.menu(newMember).press("Đăng xuất").see("Mật khẩu")
	v.press("Đăng nhập bằng khóa truy cập").see(quarter)
	if v.path() != "/" {
		d.t.Fatalf("the passkey did not open the door: %s", v.text())
	}
}

// inviteToMeeting has the secretary prepare and announce the meeting that the
// desk asks for.
func (d *firstDay) inviteToMeeting() {
	day := clock.DateOf(time.Now()).AddDays(1)
	d.meeting = "19:30 ngày " + day.Vietnamese()
	v := d.secretary.press("Lên lịch").fill("Ngày họp", day.Vietnamese()).fill("Giờ họp", "19:30").fill("Địa điểm", "Nhà văn hóa khu phố")
	v.fill("Lý do, nếu họp ngoài ngày quy định", "Mới đưa hệ thống vào dùng").press("Lập kế hoạch")
	v.press("Làm tiếp").press("Phân công", "Thư ký cuộc họp").press("Chuẩn bị xong")
	v.press("Xem và thông báo").press("Thông báo cho đảng viên").see("Danh sách đã được báo", newMember)
}

// readNotice has the member find the meeting under the bell and in a letter that
// tells no more than it may.
func (d *firstDay) readNotice() {
	letter := d.letter(regexp.QuoteMeta(d.meeting) + `[^$]*?http://localhost\S*/notices/\S+`)
	if strings.Contains(letter, "Nhà văn hóa") {
		d.t.Errorf("the letter tells the place:\n%s", letter)
	}
	v := d.member.open("/").press("2 thông báo chưa đọc")
	v.press(quarter + " họp lúc " + d.meeting + " tại Nhà văn hóa khu phố. Mời đồng chí dự.")
	v.see("Sinh hoạt thường kỳ", "Nhà văn hóa khu phố").open("/").press("1 thông báo chưa đọc").see("khóa truy cập")
}
