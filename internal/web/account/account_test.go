package account_test

import (
	"fmt"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/testkit/visit"
	"chibo/internal/web/account"
	"chibo/internal/web/notices"
	"chibo/internal/web/page"
	"chibo/internal/web/people"
)

func newSite(t *testing.T) *visit.Site {
	t.Helper()
	return visit.New(t, visit.Routes(append(page.SignIn(), append(people.Routes(), append(account.Routes(), notices.Routes()...)...)...)...))
}

func at(person access.PersonID, rest string) string { return "/members/" + person.String() + rest }

// field is the value of a field on the page.
func field(t *testing.T, a visit.Answer, name string) string {
	t.Helper()
	for _, input := range regexp.MustCompile(`<input[^>]*>`).FindAllString(a.Body, -1) {
		if strings.Contains(input, ` name="`+name+`"`) {
			if m := regexp.MustCompile(` value="([^"]*)"`).FindStringSubmatch(input); m != nil {
				return html.UnescapeString(m[1])
			}
		}
	}
	t.Fatalf("no field %q", name)
	return ""
}

// code is what an authenticator with the secret shows after a while.
func code(t *testing.T, s *visit.Site, secret string, after time.Duration) string {
	t.Helper()
	digits, err := totp.GenerateCode(secret, s.K.Now().Add(after))
	if err != nil {
		t.Fatal(err)
	}
	return digits
}

// authenticator sets one up, and gives its secret.
func authenticator(t *testing.T, s *visit.Site, v *visit.Visitor) string {
	t.Helper()
	const path = "/account/factors/authenticator"
	offer := v.Get(path).Want(200, "Quét hình vuông", "<svg", "otpauth://totp/chibo:")
	secret := regexp.MustCompile(`secret=([A-Z2-7]+)`).FindStringSubmatch(offer.Body)
	if secret == nil {
		t.Fatal("no secret on the page")
	}
	wrong := v.Post(path, "sealed", field(t, offer, "sealed"), "code", "000000").Want(422, "Mã chưa đúng", secret[1])
	v.Post(path, "sealed", field(t, wrong, "sealed"), "code", code(t, s, secret[1], 0)).LeadsTo("/account/factors")
	return secret[1]
}

func TestWhoSeesWhat(t *testing.T) {
	s := newSite(t)
	o := s.Org
	unitA := "?unit=" + o.CellA.ID.String()
	s.Token(o.DeputyA)
	has := func(texts ...string) []string { return texts }
	for _, row := range []struct {
		who    string
		person access.PersonID
		path   string
		status int
		has    []string
	}{
		{"a member", o.MemberA, at(o.ProbationaryA, "/invite"), 403, nil},
		{"a member", o.MemberA, at(o.ProbationaryA, "/renew"), 403, nil},
		{"the secretary of another cell", o.SecretaryB, at(o.DeputyA, "/renew"), 404, nil},
		{"the secretary", o.SecretaryA, at(o.DeputyA, "/renew"), 200, has("4 số cuối")},
		{"the secretary", o.SecretaryA, at(o.ProbationaryA, "/renew"), 200, has("giấy tờ có ảnh")},
		{"a member", o.MemberA, "/slips" + unitA, 403, nil},
		{"the secretary", o.SecretaryA, "/slips" + unitA, 200, has("Trịnh Công Hạ")},
		{"anybody", o.MemberA, "/account", 200, has("Thiết bị này", "Đổi mật khẩu", "Chỉ có mật khẩu", "Các lần đăng nhập gần đây", "Phiếu mời", "Đã vào")},
		{"anybody", o.MemberA, "/account/password", 200, nil},
		{"anybody", o.MemberA, "/account/contact", 200, nil},
		{"anybody", o.MemberA, "/account/factors", 200, has("Ứng dụng tạo mã 6 số")},
		{"anybody", o.MemberA, "/account/factors/passkeys", 303, nil}, // at an address of numbers
		{"anybody", o.MemberA, "/account/pin", 200, nil},
		{"anybody", o.MemberA, "/sign-in/pin/1", 404, nil},
		{"anybody", o.MemberA, "/sign-in/second", 303, nil},
	} {
		t.Run(row.who+" "+row.path, func(t *testing.T) {
			s.As(row.person).Get(row.path).Want(row.status, row.has...)
		})
	}
}

func TestInvitationOnPaper(t *testing.T) {
	s := newSite(t)
	o := s.Org
	secretary := s.As(o.SecretaryA)
	slip := secretary.Post(at(o.MemberA, "/invite")).Want(200, "Phiếu mời để in", "<svg", "/invite")
	code := slipCode(t, slip)
	secretary.Get(at(o.MemberA, "/invite")).Want(200, "Đã mời, chưa nhận").Lacks(code)
	s.As(o.SecretaryB).Post(at(o.MemberA, "/invite")).Want(404)

	phone := s.Stranger()
	phone.Get("/invite").Want(200, "Mã trên phiếu mời")
	phone.Post("/invite", "code", "AAAA-BBBB-CCCC").Want(422, "không đúng, đã dùng hoặc đã hết hạn", `value="AAAA-BBBB-CCCC"`)
	typed := phone.Post("/invite", "code", " "+strings.ToLower(strings.ReplaceAll(code, "-", " "))+" ").Want(303)
	page := phone.Get(typed.Location).Want(200, "Đặt mật khẩu")
	phone.Post(typed.Location, "password", "123").Want(422, "Cần ít nhất 8 ký tự")
	phone.Post(typed.Location, "password", visit.Password, "own", "1").LeadsTo("/")
	phone.Get("/account").Want(200, field(t, page, "login"))
	phone.Post(typed.Location, "password", visit.Password).Want(404, "không đúng, đã dùng hoặc đã hết hạn")
	secretary.Post(at(o.MemberA, "/invite")).Want(409, "đã có tài khoản")
	secretary.Post(at(o.MemberA, "/block")).LeadsTo(at(o.MemberA, "/invite"))
	phone.Get("/account").Want(303)
	secretary.Post(at(o.MemberA, "/unblock")).LeadsTo(at(o.MemberA, "/invite"))
}

func slipCode(t *testing.T, a visit.Answer) string {
	t.Helper()
	code := regexp.MustCompile(`[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}`).FindString(a.Body)
	if code == "" {
		t.Fatal("no code on the slip")
	}
	return code
}

// TestRenewalInPerson: the card in hand, the old factors gone once the slip is
// used, the person told.
func TestRenewalInPerson(t *testing.T) {
	s := newSite(t)
	o := s.Org
	member, secretary := s.As(o.MemberA), s.As(o.SecretaryA)
	authenticator(t, s, member)
	renew := at(o.MemberA, "/renew")
	secretary.Get(at(o.MemberA, "/invite")).Want(200, "Cấp phiếu mới", `href="`+renew+`"`)
	secretary.Post(renew, "card", "0000", "factors", "1").Want(422, "Số thẻ không khớp", `value="0000"`)
	secretary.Post(renew, "factors", "1").Want(422)
	secretary.Post(at(o.SecretaryA, "/renew"), "card", "0000").Want(403)
	secretary.Post(at(o.CommuneSecretary, "/renew"), "card", "0000").Want(404)
	var card string
	for n := range 30 { // as testkit/org numbers them
		answer := secretary.Post(renew, "card", fmt.Sprintf("00%02d", n), "factors", "1")
		if answer.Status == http.StatusOK {
			card = slipCode(t, answer)
			break
		}
	}
	if card == "" {
		t.Fatal("no card fits")
	}
	member.Get("/notices").Want(200, "phiếu cấp lại tài khoản")
	phone := s.Stranger()
	phone.Post("/invite/"+strings.ToLower(card), "password", "một câu khác hẳn").LeadsTo("/")
	phone.Get("/account").Want(200, "Chỉ có mật khẩu")
	member.Get("/account").Want(303)
}

func TestSlipsForACell(t *testing.T) {
	s := newSite(t)
	o := s.Org
	unit := o.CellB.ID.String()
	v := s.As(o.SecretaryB)
	v.Post("/slips", "unit", unit).Want(422, "chọn ít nhất một người")
	v.Post("/slips", "unit", unit, "person", o.MembersB[1].String(), "person", o.MembersB[2].String(), "person", o.MemberA.String()).Want(200, "In phiếu")
	list := v.Get("/slips?unit="+unit).Want(200, "phiếu cũ hết giá trị")
	if got := strings.Count(list.Body, `name="person"`); got != 4 {
		t.Errorf("%d people without an account, want 4: all but the secretary", got)
	}
	s.As(o.SecretaryA).Post("/slips", "unit", unit, "person", o.MembersB[3].String()).Want(404)
}

func TestAccount(t *testing.T) {
	s := newSite(t)
	o := s.Org
	v := s.As(o.MemberA)
	v.Get("/account").Want(200, "Firefox")
	const contact = "/account/contact"
	version := field(t, v.Get(contact), "version")
	v.Post(contact, "version", version, "phone", "12").Want(422, "Số điện thoại chưa đúng", `value="12"`)
	v.Post(contact, "version", version, "phone", "0912 345 678").LeadsTo("/account")
	v.Post(contact, "version", version, "phone", "0912345679").Want(409)

	second := s.Stranger()
	second.Post("/sign-in", "login", "0912345678", "password", visit.Password).LeadsTo("/")
	v.Post("/account/password", "old_password", "sai mật khẩu", "password", "một câu khác hẳn").Want(422, "Mật khẩu hiện tại chưa đúng").Lacks("một câu khác hẳn")
	v.Post("/account/password", "old_password", visit.Password, "password", "ngắn").Want(422, "Cần ít nhất 8 ký tự")
	v.Post("/account/password", "old_password", visit.Password, "password", "một câu khác hẳn").LeadsTo("/account")
	v.Get("/account").Want(200, "Không vào được") // the wrong password above
	second.Get("/account").Want(303)

	second.Post("/sign-in", "login", "0912345678", "password", "một câu khác hẳn").LeadsTo("/")
	devices := v.Get("/account").Want(200, "Đăng xuất thiết bị này")
	end := strings.TrimSuffix(regexp.MustCompile(`/account/sessions/\w+/end"`).FindString(devices.Body), `"`)
	s.As(o.MemberB).Post(end).Want(404)
	v.Post(end).LeadsTo("/account#sessions")
	second.Get("/account").Want(303)

	second.Post("/sign-in", "login", "0912345678", "password", "một câu khác hẳn").LeadsTo("/")
	second.Post("/account/sessions/end-all").LeadsTo("/sign-in")
	second.Get("/account").Want(303)
	v.Get("/account").Want(303)
}

// TestSecondStepWithoutAScript walks from the password through the code.
func TestSecondStepWithoutAScript(t *testing.T) {
	s := newSite(t)
	v := s.As(s.Org.MemberA)
	secret := authenticator(t, s, v)
	login := loginOf(t, v)
	s.K.SetNow(s.K.Now().Add(time.Minute))

	phone := s.Stranger()
	step := phone.Post("/sign-in", "login", login, "password", visit.Password, "to", "/account/password", "own", "1").Want(200, "Xác nhận bước hai")
	phone.Get("/account").LeadsTo("/sign-in/second") // and nowhere else
	phone.Post("/account/password").LeadsTo("/sign-in/second")
	phone.Post("/account/factors/authenticator/remove").LeadsTo("/sign-in/second")
	phone.Get("/sign-in/second").Want(200, "Mã xác nhận")
	to := field(t, step, "to")
	phone.Post("/sign-in/second", "code", "123 456", "to", to).Want(422, "Mã chưa đúng", `name="to" value="/account/password"`).Lacks("123 456")
	phone.Post("/sign-in/second", "code", code(t, s, secret, 0), "to", to).LeadsTo("/account/password")
	phone.Get("/account").Want(200, "Đã bật bước xác nhận thứ hai", "Đúng, chờ bước hai", "Mã xác nhận bước hai")
	phone.Get("/sign-in/second").LeadsTo("/")

	other := s.Stranger()
	other.Post("/sign-in", "login", login, "password", visit.Password).Want(200)
	other.Post("/sign-in/second", "code", code(t, s, secret, 0)).Want(422, "đã dùng") // each code once
	other.Post("/sign-out").LeadsTo("/sign-in")
	other.Get("/sign-in/second").Want(303).LeadsTo("/sign-in?to=%2Fsign-in%2Fsecond")
}

func loginOf(t *testing.T, v *visit.Visitor) string {
	t.Helper()
	m := regexp.MustCompile(`Tên đăng nhập</dt>\s*<dd>([^<]+)<`).FindStringSubmatch(v.Get("/account").Want(200).Body)
	if m == nil {
		t.Fatal("no login on the page")
	}
	return m[1]
}

func TestRecoveryCodesAreShownOnce(t *testing.T) {
	s := newSite(t)
	v := s.As(s.Org.MemberA)
	authenticator(t, s, v)
	login := loginOf(t, v)
	v.Get("/account/factors").Want(200, "chưa có mã dự phòng")
	printed := v.Post("/account/factors/recovery").Want(200, "chỉ hiện lần này", login)
	codes := regexp.MustCompile(`[0-9a-z]{4}-[0-9a-z]{4}<`).FindAllString(printed.Body, -1)
	if len(codes) != 10 {
		t.Fatalf("codes %v", codes)
	}
	used := strings.TrimSuffix(codes[0], "<")
	v.Get("/account/factors").Want(200, "Còn 10 mã").Lacks(used)
	phone := s.Stranger()
	for _, row := range []struct {
		status int
		text   string
	}{{303, ""}, {422, "đã dùng"}} {
		phone.Post("/sign-in", "login", login, "password", visit.Password).Want(200, "mã dự phòng")
		phone.Post("/sign-in/second", "code", strings.ToUpper(used)).Want(row.status, row.text)
	}
}

// TestWhatIsSensitiveAsksAgain for the password, a quarter of an hour after the
// sign-in.
func TestWhatIsSensitiveAsksAgain(t *testing.T) {
	s := newSite(t)
	v := s.As(s.Org.MemberA)
	v.Get("/account/factors/authenticator").Want(200)
	s.K.SetNow(s.K.Now().Add(15 * time.Minute))
	for _, path := range []string{"/account/factors/authenticator", "/account/factors/passkeys", "/account/pin", "/account/contact"} {
		v.Get(path).LeadsTo("/account/confirm?to=" + strings.ReplaceAll(path, "/", "%2F"))
		v.Post(path).LeadsTo("/account/confirm?to=%2Faccount")
	}
	for _, path := range []string{"/account/factors/recovery", "/account/sessions/1/end", "/account/sessions/end-others", "/account/sessions/end-all"} {
		v.Post(path).LeadsTo("/account/confirm?to=%2Faccount")
	}
	v.Get("/account").Want(200)
	asked := v.Get("/account/confirm?to=%2Faccount%2Fpin").Want(200, "Xác nhận lại là đồng chí")
	v.Post("/account/confirm", "to", field(t, asked, "to"), "password", "không phải").Want(422, "chưa đúng").Lacks("không phải")
	v.Post("/account/confirm", "to", "//example.com", "password", "không phải").Lacks("example.com")
	v.Post("/account/confirm", "to", field(t, asked, "to"), "password", visit.Password).LeadsTo("/account/pin")
	v.Get("/account/pin").Want(200)
}

// TestChangeOver: several people on one device, each with a PIN.
func TestChangeOver(t *testing.T) {
	s := newSite(t)
	o := s.Org
	logins := map[access.PersonID]string{o.MemberA: loginOf(t, s.As(o.MemberA)), o.SecretaryA: loginOf(t, s.As(o.SecretaryA))}
	tablet := s.Stranger()
	tablet.Get("/sign-in").Want(200).Lacks("Ai đang dùng máy này?")
	for _, login := range logins {
		tablet.Post("/sign-in", "login", login, "password", visit.Password).LeadsTo("/")
		tablet.Get("/account").Want(200, "Đặt mã PIN")
		tablet.Post("/account/pin", "pin", "123456").Want(422, "dễ đoán")
		tablet.Post("/account/pin", "pin", "482913").LeadsTo("/account")
	}
	list := tablet.Get("/sign-in").Want(200, "Ai đang dùng máy này?")
	s.Stranger().Get("/sign-in").Want(200).Lacks("Ai đang dùng máy này?") // elsewhere nobody is named
	pins := regexp.MustCompile(`/sign-in/pin/\w+`).FindAllString(list.Body, -1)
	if len(pins) != 2 {
		t.Fatalf("PINs %v", pins)
	}
	devices := func() int {
		return strings.Count(s.As(o.MemberA).Get("/account").Body, `/end"`) + strings.Count(s.As(o.SecretaryA).Get("/account").Body, `/end"`)
	}
	before := devices()
	for _, pin := range pins {
		tablet.Get(pin).Want(200, "Mã PIN 6 số")
		tablet.Post(pin, "pin", "482914").Want(422, "chưa đúng")
		tablet.Post(pin, "pin", "482913").LeadsTo("/")
		tablet.Get("/account").Want(200, "Mã PIN trên máy dùng chung", "Đổi người dùng")
		tablet.Get("/account/factors/authenticator").Want(303) // nothing sensitive
		s.Stranger().Post(pin, "pin", "482913").Want(401, "không còn dùng được")
	}
	if after := devices(); after != before {
		t.Errorf("%d other devices, before changing over %d: one device is one session", after, before)
	}
	s.K.SetNow(s.K.Now().Add(10 * time.Minute))
	tablet.Get("/account").Want(303)
	for range 5 {
		tablet.Post(pins[0], "pin", "111222").Want(422)
	}
	tablet.Post(pins[0], "pin", "482913").Want(401, "đăng nhập bằng mật khẩu")
}

// TestWhoMustHaveASecondFactor can do nothing before there is one.
func TestWhoMustHaveASecondFactor(t *testing.T) {
	s := newSite(t)
	o := s.Org
	login := loginOf(t, s.As(o.SecretaryA))
	s.K.SetNow(clock.NewDate(2027, 7, 1).At(8, 0))
	v := s.Stranger()
	v.Post("/sign-in", "login", login, "password", visit.Password, "to", "/members").LeadsTo("/account/factors")
	v.Get("/account/factors").Want(200, "Cần thêm một cách xác nhận").Lacks(`href="/members"`)
	for _, path := range []string{"/members", "/account", "/account/password", "/account/pin", "/me", "/notices"} {
		v.Get(path).LeadsTo("/account/factors")
	}
	v.Post("/account/sessions/end-others").LeadsTo("/account/factors")
	authenticator(t, s, v)
	v.Get("/members").Want(200)
	v.Post("/account/factors/authenticator/remove").Want(409, "phải có bước xác nhận thứ hai")
}

// TestTheSignInSaysNothingOfWhoExists: a login that is unknown and one that is
// known get the same page, also when there were too many tries.
func TestTheSignInSaysNothingOfWhoExists(t *testing.T) {
	s := newSite(t)
	login := loginOf(t, s.As(s.Org.MemberA))
	for range 7 {
		known := s.Stranger().Post("/sign-in", "login", login, "password", "không phải")
		unknown := s.Stranger().Post("/sign-in", "login", "khongaico", "password", "không phải")
		same := func(a visit.Answer) string {
			page := regexp.MustCompile(`(value="(khongaico|`+login+`)"|data-options="[^"]*"|name="sealed" value="[^"]*")`).ReplaceAllString(a.Body, "")
			return fmt.Sprint(a.Status, page)
		}
		if same(known) != same(unknown) {
			t.Fatalf("known:\n%s\nunknown:\n%s", same(known), same(unknown))
		}
	}
}
