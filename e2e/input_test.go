package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestBadInput gives a form what it was not made for: there is a word beside
// the field, what was typed stays, and nothing is half done.
func TestBadInput(t *testing.T) {
	h := open(t)
	v := h.visit(t, desk).signIn(secretary)
	form := writing(h, v)
	agenda := strings.TrimSuffix(form, "/new")
	meeting := strings.TrimSuffix(agenda, "/agenda")

	t.Run("empty", func(t *testing.T) {
		v := v.in(t)
		v.fill("Nội dung cụ thể lần này", detail).press("Lưu").see("Có 1 chỗ cần sửa", "Đồng chí chưa điền ô này.")
		if v.status() != http.StatusUnprocessableEntity || v.value("Nội dung cụ thể lần này") != detail {
			t.Errorf("status %d, the field has %q", v.status(), v.value("Nội dung cụ thể lần này"))
		}
	})
	t.Run("a day that is none", func(t *testing.T) {
		v := v.in(t)
		v.open(meeting+"/postpone").fill("Ngày họp mới", "31/02/2027").fill("Lý do", "Bão số 9").press("Hoãn cuộc họp")
		v.see("Ngày chưa đúng.")
		if v.value("Ngày họp mới") != "31/02/2027" || v.value("Lý do") != "Bão số 9" {
			t.Errorf("the fields have %q and %q", v.value("Ngày họp mới"), v.value("Lý do"))
		}
	})
	t.Run("past every limit", func(t *testing.T) {
		v := v.in(t)
		for name, test := range map[string]struct {
			fields url.Values
			status int
			word   string
		}{
			"too long":      {url.Values{"kind": {"other"}, "title": {strings.Repeat("đ", 201)}}, 422, "Dài quá 200 ký tự."},
			"no such kind":  {url.Values{"kind": {"' OR 1=1 --"}, "title": {subject}}, 422, "Loại nội dung chưa đúng."},
			"no number":     {url.Values{"kind": {"other"}, "title": {subject}, "minutes": {"mười"}}, 422, "mười"},
			"only controls": {url.Values{"kind": {"other"}, "title": {"\x00\x01\u200b\x7f"}}, 422, "Đồng chí chưa điền ô này."},
		} {
			status, body := v.post(form, test.fields)
			if status != test.status || !strings.Contains(body, test.word) {
				t.Errorf("%s: answered with %d and without %q: %s", name, status, test.word, regexp.MustCompile(`(?s)<main.*?</form>`).FindString(body))
			}
		}
		status, _ := v.post(form, url.Values{"kind": {"other"}, "title": {"Bàn\x00 việc\x07 <b>ngõ</b> 13"}})
		if status != http.StatusOK {
			t.Errorf("control characters between letters: %d", status)
		}
		v.open(agenda).see("Bàn việc <b>ngõ</b> 13")
	})
	t.Run("other people's", func(t *testing.T) {
		member := h.visit(t, desk).signIn(ordinary)
		for _, path := range []string{agenda, form, meeting + "/prepare", "/meetings/0000000000000", "/meetings/%00", "/members/'--"} {
			if status, _ := member.fetch(path); status != http.StatusNotFound {
				t.Errorf("%s answers %d", path, status)
			}
			if status, _ := member.post(path, url.Values{"title": {subject}}); status != http.StatusNotFound && status != http.StatusMethodNotAllowed {
				t.Errorf("what is sent to %s is answered with %d", path, status)
			}
		}
	})
	t.Run("a double click", func(t *testing.T) {
		for name, v := range map[string]*visitor{"with script": v.in(t), "without": h.visit(t, desk).withoutScript().signIn(secretary)} {
			title := "Hai lần bấm " + name
			v.open(form).fill("Nội dung", title)
			button := v.must("press", "Lưu")
			v.wire.await(v, true, func() {
				v.do(chromedp.MouseClickXY(button.X, button.Y), chromedp.MouseClickXY(button.X, button.Y, chromedp.ClickCount(2)))
			})
			// What the second click set off comes to its end meanwhile.
			time.Sleep(300 * time.Millisecond)
			v.open(agenda).see(title)
			if n := strings.Count(v.text(), title); n != 1 {
				t.Errorf("%s: the item is there %d times", name, n)
			}
		}
	})
}

// in is the visitor in a part of the test.
func (v *visitor) in(t *testing.T) *visitor {
	part := *v
	part.t = t
	return &part
}

// post sends a form in the visitor's name, as no browser would.
func (v *visitor) post(path string, fields url.Values) (status int, body string) {
	v.t.Helper()
	request, err := http.NewRequestWithContext(v.ctx, http.MethodPost, v.base+path, strings.NewReader(fields.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(request)
}

// send asks in the visitor's name.
func (v *visitor) send(request *http.Request) (status int, body string) {
	v.t.Helper()
	for _, c := range call(v, network.GetCookies, network.GetCookiesParams{URLs: []string{v.base}}).Cookies {
		request.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		v.t.Fatal(err)
	}
	return read(v.t, answer)
}
