package page_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/a-h/templ"

	"chibo/internal/domain/account"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
	"chibo/internal/testkit/visit"
	"chibo/internal/web"
	"chibo/internal/web/page"
	"chibo/internal/web/ui"
)

// draft is a page with a form, of which the tests know everything.
func draft(r *page.Request) (page.Answer, error) {
	frame, err := r.Frame("Ghi chép")
	if err != nil {
		return nil, err
	}
	form := templ.Join(
		page.Once(r),
		ui.TextField{Name: "note", Label: "Nội dung", Value: r.Value("note", "đã lưu"), Error: r.Errors().For("note")},
		ui.Hidden{Name: "version", Value: fmt.Sprint(r.Version(7))},
	)
	return page.HTML(framed(frame, form)), nil
}

func framed(frame ui.Page, body templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return ui.Layout(frame).Render(templ.WithChildren(ctx, body), w)
	})
}

// notebook counts how often its form was accepted.
type notebook struct{ saved int }

func (n *notebook) save(r *page.Request) (page.Answer, error) {
	switch note := r.Form.Get("note"); note {
	case "":
		return nil, errs.Field("note", "errs.required")
	case "stale":
		return nil, errs.New(errs.Conflict, "errs.stale")
	case "denied":
		return nil, errs.New(errs.Denied, "errs.denied")
	case "broken":
		return nil, errors.New("disk /dev/sda1 said: secret detail")
	case "wrapped":
		return nil, errs.Wrap(errors.New("secret detail"), errs.Unavailable, "errs.unavailable")
	default:
		n.saved++
		return page.SeeOther("/draft?saved="+url.QueryEscape(note), "frame.resume.title"), nil
	}
}

func find(r *page.Request) (page.Answer, error) {
	at, err := page.PathID[orgtree.Unit](r, "id")
	if err != nil {
		return nil, err
	}
	unit, err := orgtree.Find(r.Tx, at)
	if err != nil {
		return nil, err
	}
	return page.File{Name: "tên.txt", Media: "text/plain; charset=utf-8", Body: []byte(unit.Name)}, nil
}

// newSite serves the form and one record.
func newSite(t *testing.T) (*visit.Site, *notebook) {
	t.Helper()
	n := &notebook{}
	routes := append(page.SignIn(), page.Form("/draft", draft, n.save)...)
	routes = append(routes, page.Show("/record/{id}", find))
	routes = append(routes, page.Route{Pattern: "POST /upload", Do: func(r *page.Request) (page.Answer, error) {
		return page.SeeOther(fmt.Sprintf("/draft?files=%d", len(r.Uploads["file"])), ""), nil
	}, Show: draft, Uploads: 1 << 10})
	return visit.New(t, visit.Routes(routes...)), n
}

func TestSignIn(t *testing.T) {
	s, _ := newSite(t)
	person := s.Org.SecretaryA
	s.Token(person)
	login := loginOf(t, s, person)

	v := s.Stranger()
	v.Get("/draft?x=1").LeadsTo("/sign-in?to=%2Fdraft%3Fx%3D1")
	v.Get("/sign-in?to=%2Fdraft%3Fx%3D1").Want(200, "Đăng nhập", `name="to" value="/draft?x=1"`)

	wrong := v.Post("/sign-in", "login", login, "password", "không phải mật khẩu").Want(401, `value="`+login+`"`)
	nobody := s.Stranger().Post("/sign-in", "login", "khongcoai", "password", "không phải mật khẩu").Want(401)
	if a, b := strings.ReplaceAll(wrong.Body, login, "X"), strings.ReplaceAll(nobody.Body, "khongcoai", "X"); a != b {
		t.Errorf("the page tells who exists:\n%s\n%s", a, b)
	}
	wrong.Lacks("không phải mật khẩu")

	v.Post("/sign-in", "login", login, "password", visit.Password, "to", "/draft?x=1").LeadsTo("/draft?x=1")
	v.Get("/draft").Want(200, "đã lưu", `action="/sign-out"`)
	v.Post("/sign-out").LeadsTo("/sign-in")
	v.Get("/draft").LeadsTo("/sign-in?to=%2Fdraft")
}

func TestSignInLeadsNowhereElse(t *testing.T) {
	s, _ := newSite(t)
	s.Token(s.Org.SecretaryA)
	login := loginOf(t, s, s.Org.SecretaryA)
	for _, to := range []string{"https://evil.example/", "//evil.example/", `/\evil.example`, "/\tevil", "javascript:alert(1)", "", "/%0d%0aX: y\r\n"} {
		s.Stranger().Post("/sign-in", "login", login, "password", visit.Password, "to", to).LeadsTo("/")
		s.Stranger().Get("/sign-in?to="+url.QueryEscape(to)).Want(200, `name="to" value="/"`)
	}
	held := s.Stranger().Post("/sign-in", "login", login, "password", visit.Password, "held_path", "https://evil.example/steal", "held_form", "note=x").Want(200)
	held.Lacks("evil.example")
}

var hiddenField = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)

// hidden are the hidden fields of the page as pairs of name and value.
func hidden(body string) (fields []string) {
	for _, m := range hiddenField.FindAllStringSubmatch(body, -1) {
		fields = append(fields, html.UnescapeString(m[1]), html.UnescapeString(m[2]))
	}
	return fields
}

func TestFormSentAfterTheSessionEnded(t *testing.T) {
	s, n := newSite(t)
	s.Token(s.Org.SecretaryA)
	login := loginOf(t, s, s.Org.SecretaryA)
	v := s.Stranger()
	kept := v.Post("/draft", "note", `Ý kiến "đồng chí" & <tôi>`, "old_password", "lộ ra ngoài", "version", "7").Want(401, "vẫn được giữ")
	kept.Lacks("lộ ra ngoài", "<tôi>")
	fields := hidden(kept.Body)
	wrong := v.Post("/sign-in", append(fields, "login", login, "password", "sai rồi")...).Want(401)
	again := hidden(wrong.Body)
	resumed := v.Post("/sign-in", append(again, "login", login, "password", visit.Password)...).Want(200, "Gửi tiếp", `action="/draft"`)
	v.Post("/draft", hidden(resumed.Body)...).LeadsTo("/draft?saved=" + url.QueryEscape(`Ý kiến "đồng chí" & <tôi>`))
	if n.saved != 1 {
		t.Errorf("saved %d times", n.saved)
	}
}

func TestRefusedFormComesBack(t *testing.T) {
	s, _ := newSite(t)
	v := s.As(s.Org.SecretaryA)
	for _, row := range []struct {
		note   string
		status int
		texts  []string
	}{
		{"", 422, []string{"Đồng chí chưa điền ô này.", `aria-invalid="true"`}},
		{"stale", 409, []string{"Người khác vừa sửa", `value="stale"`, `name="version" value="5"`}},
		{"denied", 403, []string{"không có quyền", `value="denied"`}},
		{"broken", 500, []string{"Hệ thống gặp sự cố", `value="broken"`}},
		{"wrapped", 503, []string{"tạm thời chưa sẵn sàng", `value="wrapped"`}},
	} {
		v.Post("/draft", "note", row.note, "version", "5").Want(row.status, row.texts...).Lacks("secret detail")
	}
}

func TestMessageIsShownOnce(t *testing.T) {
	s, _ := newSite(t)
	v := s.As(s.Org.SecretaryA)
	v.Follow(v.Post("/draft", "note", "xong")).Want(200, "data-accepted", "Gửi tiếp nội dung đã nhập")
	v.Get("/draft").Want(200).Lacks("data-accepted")
}

func TestUnknownMessageIsNotShown(t *testing.T) {
	s, _ := newSite(t)
	v := s.As(s.Org.SecretaryA)
	base, _ := url.Parse(s.Base)
	v.Client.Jar.SetCookies(base, []*http.Cookie{{Name: "done", Value: url.QueryEscape("<b>lừa đảo</b>"), Path: "/"}})
	v.Get("/draft").Want(200).Lacks("lừa đảo", "data-accepted")
}

func onceIn(body string) string {
	for pair := range slices.Chunk(hidden(body), 2) {
		if pair[0] == "once" {
			return pair[1]
		}
	}
	return ""
}

func TestFormIsDoneOnce(t *testing.T) {
	s, n := newSite(t)
	v := s.As(s.Org.SecretaryA)
	token := onceIn(v.Get("/draft").Want(200).Body)
	once := []string{"once", token}
	refused := v.Post("/draft", append(once, "note", "")...).Want(422)
	if again := onceIn(refused.Body); token == "" || again != token {
		t.Errorf("a refused form has another token: %q, %q", again, token)
	}
	for range 3 {
		v.Post("/draft", append(once, "note", "một")...).LeadsTo("/draft?saved=m%E1%BB%99t")
	}
	if n.saved != 1 {
		t.Errorf("sent three times, saved %d times", n.saved)
	}
	s.As(s.Org.DeputyA).Post("/draft", "once", "", "note", "hai").LeadsTo("/draft?saved=hai")
	if n.saved != 2 {
		t.Errorf("a form without a token was not saved")
	}
	s.K.SetNow(s.K.Now().AddDate(0, 1, 0))
	s.K.Update(page.Sweep)
	s.K.View(func(tx *db.Tx) error {
		left, err := db.One(tx, db.Column[int], `SELECT count(*) FROM sent_form`)
		if left != 0 {
			t.Errorf("%d forms are still known a month later", left)
		}
		return err
	})
}

func TestTooLarge(t *testing.T) {
	s, _ := newSite(t)
	v := s.As(s.Org.SecretaryA)
	v.Post("/draft", "note", strings.Repeat("ộ", 1<<20)).Want(413, "lớn hơn 2 MB")
	upload(v, s, strings.Repeat("x", 2<<10)).Want(413)
	upload(v, s, "ghi chép").LeadsTo("/draft?files=1")
	upload(s.Stranger(), s, "ghi chép").Want(401, `name="held_files"`)
}

// TestDoubleClick sends one form many times at once, on both databases: it is
// done once, and every answer leads to the same page.
func TestDoubleClick(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		var o *org.Org
		remind := func(r *page.Request) (page.Answer, error) {
			which := id.New[notice.Received]().String()
			err := notice.Send(r.Tx, r.By, notice.Notice{To: []access.PersonID{r.By.Person}, Unit: o.CellA.ID, Key: "notice.title"})
			return page.SeeOther("/draft?"+which, ""), err
		}
		s := visit.On(k, visit.Routes(page.Form("/draft", draft, remind)...))
		o = s.Org
		v := s.As(o.SecretaryA)
		token := onceIn(v.Get("/draft").Want(200).Body)
		answers := make([]visit.Answer, 8)
		var clicks sync.WaitGroup
		for i := range answers {
			clicks.Go(func() { answers[i] = v.Post("/draft", "once", token) })
		}
		clicks.Wait()
		for _, a := range answers {
			a.LeadsTo(answers[0].Location)
		}
		k.View(func(tx *db.Tx) error {
			n, err := notice.Unread(tx, o.As(tx, o.SecretaryA))
			if n != 1 {
				t.Errorf("done %d times", n)
			}
			return err
		})
	})
}

func upload(v *visit.Visitor, s *visit.Site, content string) visit.Answer {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, _ := form.CreateFormFile("file", "ghi chép.txt")
	_, _ = file.Write([]byte(content))
	_ = form.Close()
	request, _ := http.NewRequest(http.MethodPost, s.Base+"/upload", &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return v.Do(request)
}

func TestWhatDoesNotExist(t *testing.T) {
	s, _ := newSite(t)
	v := s.As(s.Org.SecretaryA)
	good := s.Org.CellA.ID.String()
	v.Get("/record/"+good).Want(200, "Chi bộ thôn Đông")
	for _, id := range []string{"1", "0000000000000", strings.ToUpper(good) + "x", good[:12], "%00", "..%2f", strings.Repeat("9", 400)} {
		v.Get("/record/"+id).Want(404, "Không tìm thấy")
	}
	v.Get("/nowhere").Want(404, "Không tìm thấy")
}

func TestOtherSitesSendNoForms(t *testing.T) {
	s := visit.New(t, func(s *page.Site) http.Handler { return web.Handler(s) })
	login := func(header, value string) visit.Answer {
		request, err := http.NewRequest(http.MethodPost, s.Base+"/sign-in", strings.NewReader("login=x&password=y"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set(header, value)
		return s.Stranger().Do(request)
	}
	login("Sec-Fetch-Site", "cross-site").Want(403)
	login("Origin", "https://evil.example").Want(403)
	own := login("Sec-Fetch-Site", "same-origin").Want(401)
	if policy := own.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
}

// TestReturnAddress: the switch of type size returns to the page that held the
// form, on this site.
func TestReturnAddress(t *testing.T) {
	s, _ := newSite(t)
	v := s.As(s.Org.SecretaryA)
	for _, row := range []struct{ referer, back string }{
		{s.Base + "/draft?x=1", "/draft?x=1"},
		{"https://evil.example//evil", "/"},
		{"", "/"},
		{"::", "/"},
	} {
		request, err := http.NewRequest(http.MethodPost, s.Base+"/draft", strings.NewReader("note="))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Referer", row.referer)
		v.Do(request).Want(422, `name="back" value="`+row.back+`"`)
	}
}

func loginOf(t *testing.T, s *visit.Site, person access.PersonID) (login string) {
	t.Helper()
	s.K.View(func(tx *db.Tx) error {
		a, err := account.Find(tx, access.Console(), person)
		login = a.Login
		return err
	})
	return login
}
