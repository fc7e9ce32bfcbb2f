package intake_test

import (
	"net/http"
	"testing"

	"chibo/internal/testkit/browser"
	"chibo/internal/testkit/visit"
	pages "chibo/internal/web/intake"
	"chibo/internal/web/page"
	"chibo/internal/web/static"
)

// TestTheWholePathIsForEverybody goes from the file to the register and back in
// a browser, looks at each page at the sizes of a phone and a desk, and finds
// nothing that shuts anybody out.
func TestTheWholePathIsForEverybody(t *testing.T) {
	b := browser.Start(t)
	s := visit.New(t, func(site *page.Site) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("GET /static/", static.Handler())
		mux.Handle("/", visit.Routes(append(page.SignIn(), pages.Routes()...)...)(site))
		return mux
	})
	o := s.Org
	v := s.As(o.SecretaryB)
	b.SignIn(s.Base, string(s.Token(o.SecretaryB)))
	look := func(name, path string) {
		for _, screen := range browser.Screens {
			b.Open(screen, s.Base+path)
			b.Look(screen, name)
		}
	}
	look("send", "/import/members?unit="+o.CellB.ID.String())
	at := send(v, s, "/import/members", o.CellB.ID.String(), "danh sách.csv", []byte(register)).Want(303).Location
	look("columns", at)
	press := func(form string) {
		b.Open(browser.Screens[0], s.Base+at)
		b.Press(`document.querySelector("#` + form + ` button.primary, #` + form + ` button").click()`)
	}
	press("columns")
	look("progress", at)
	work(t, s)
	look("preview", at)
	look("twins", at+"/twins")
	press("apply")
	work(t, s)
	look("result", at)
	v.Get(at).Want(200, "Đã nhập xong")
}
