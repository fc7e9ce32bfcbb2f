// Package visit opens pages as a browser does: with cookies, through HTTP, as
// one of the people of testkit/org.
package visit

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/testkit"
	"chibo/internal/testkit/org"
	"chibo/internal/web/page"
	"chibo/locales"
)

// Site is a served site with the small organisation in its database.
type Site struct {
	K    *testkit.Kit
	Org  *org.Org
	Base string
	// Page is what pages are served from.
	Page *page.Site

	tokens map[access.PersonID]account.Token
	t      testing.TB
}

// Password is that of everybody who signs in.
const Password = "một câu dài dễ nhớ"

// New serves what handler makes, on SQLite, until the test ends.
func New(t testing.TB, handler func(*page.Site) http.Handler) *Site {
	t.Helper()
	return On(testkit.SQLite(t), handler)
}

// On serves what handler makes from the kit's database.
func On(k *testkit.Kit, handler func(*page.Site) http.Handler) *Site {
	k.T.Helper()
	o := org.New(k)
	s := Bare(k, handler)
	s.Org = o
	return s
}

// Bare serves what handler makes from a database without an organisation.
func Bare(k *testkit.Kit, handler func(*page.Site) http.Handler) *Site {
	t := k.T
	t.Helper()
	files, err := blob.NewStore(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &Site{K: k, tokens: map[access.PersonID]account.Token{}, t: t}
	s.Page = &page.Site{DB: k.DB, Files: files, Catalogue: catalogue, Log: slog.New(slog.DiscardHandler)}
	server := httptest.NewServer(handler(s.Page))
	t.Cleanup(server.Close)
	s.Base = server.URL
	return s
}

// Routes is the handler of some pages alone.
func Routes(routes ...page.Route) func(*page.Site) http.Handler {
	return func(s *page.Site) http.Handler {
		mux := http.NewServeMux()
		for _, route := range routes {
			mux.Handle(route.Pattern, s.Handler(route))
		}
		mux.Handle("GET /", s.Handler(page.Route{Show: page.Missing, Public: true}))
		return mux
	}
}

// Visitor is a browser.
type Visitor struct {
	Client *http.Client
	site   *Site
}

// Stranger is a browser in which nobody is signed in. It follows no redirects.
func (s *Site) Stranger() *Visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &Visitor{
		Client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		site:   s,
	}
}

// As is a browser in which the person is signed in.
func (s *Site) As(person access.PersonID) *Visitor {
	s.t.Helper()
	v := s.Stranger()
	base, err := url.Parse(s.Base)
	if err != nil {
		s.t.Fatal(err)
	}
	v.Client.Jar.SetCookies(base, []*http.Cookie{{Name: "chibo", Value: string(s.Token(person)), Path: "/"}})
	return v
}

// Token signs the person in and gives the token of the session, the same one
// each time.
func (s *Site) Token(person access.PersonID) account.Token {
	s.t.Helper()
	if token, ok := s.tokens[person]; ok {
		return token
	}
	var slip account.Slip
	s.K.Update(func(tx *db.Tx) (err error) {
		slip, err = account.Invite(tx, access.Console(), person)
		return err
	})
	chosen, err := account.Choose(context.Background(), slip.Login, Password)
	if err != nil {
		s.t.Fatal(err)
	}
	var token account.Token
	s.K.Update(func(tx *db.Tx) (err error) {
		token, _, err = account.Accept(tx, slip.Code, chosen, account.Device{Name: "Firefox", Address: "192.0.2.1", Own: true})
		return err
	})
	s.tokens[person] = token
	return token
}

// Answer is what came back.
type Answer struct {
	Status   int
	Location string
	Header   http.Header
	Body     string
	t        testing.TB
	what     string
}

// Get opens a page.
func (v *Visitor) Get(path string) Answer {
	v.site.t.Helper()
	request, err := http.NewRequest(http.MethodGet, v.site.Base+path, nil)
	if err != nil {
		v.site.t.Fatal(err)
	}
	return v.Do(request)
}

// Post sends a form; fields are pairs of name and value.
func (v *Visitor) Post(path string, fields ...string) Answer {
	v.site.t.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	request, err := http.NewRequest(http.MethodPost, v.site.Base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.site.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.Do(request)
}

// Do sends a request as it is.
func (v *Visitor) Do(request *http.Request) Answer {
	v.site.t.Helper()
	response, err := v.Client.Do(request)
	if err != nil {
		v.site.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.site.t.Fatal(err)
	}
	return Answer{
		Status: response.StatusCode, Location: response.Header.Get("Location"), Header: response.Header, Body: string(body),
		t: v.site.t, what: request.Method + " " + request.URL.RequestURI(),
	}
}

// Follow opens the page to which the answer leads.
func (v *Visitor) Follow(a Answer) Answer {
	v.site.t.Helper()
	if a.Status != http.StatusSeeOther {
		v.site.t.Fatalf("%s: %d leads nowhere", a.what, a.Status)
	}
	return v.Get(a.Location)
}

// Want fails the test unless the answer has the status and all texts.
func (a Answer) Want(status int, texts ...string) Answer {
	a.t.Helper()
	if a.Status != status {
		a.t.Errorf("%s: status %d, want %d", a.what, a.Status, status)
	}
	for _, text := range texts {
		if !strings.Contains(a.Body, text) {
			a.t.Errorf("%s: %q is not on the page", a.what, text)
		}
	}
	return a
}

// Lacks fails the test if one of the texts is in the answer.
func (a Answer) Lacks(texts ...string) Answer {
	a.t.Helper()
	for _, text := range texts {
		if strings.Contains(a.Body, text) {
			a.t.Errorf("%s: %q is on the page", a.what, text)
		}
	}
	return a
}

// LeadsTo fails the test unless the answer sends the browser to the path.
func (a Answer) LeadsTo(path string) Answer {
	a.t.Helper()
	if a.Status != http.StatusSeeOther || a.Location != path {
		a.t.Errorf("%s: status %d and %q, want to be sent to %q", a.what, a.Status, a.Location, path)
	}
	return a
}
