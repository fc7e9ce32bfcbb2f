// Package page is what every page of the web is made with: a request with its
// transaction and actor, an answer, and the wrapper that turns errors into
// pages. It knows HTTP and sessions; it knows no business.
//
// A page is a function of a Request that gives an Answer or an error. One that
// shows runs in a viewing transaction; one that acts runs in an updating one,
// calls a verb of the domain and answers with a redirect. When the verb
// refuses, the page that holds the form is shown again, with what was typed
// and the reason beside the field.
package page

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"chibo/internal/domain/account"
	"chibo/internal/domain/delivery"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
)

// Site is what pages are served from.
type Site struct {
	DB        *db.DB
	Files     *blob.Store
	Catalogue *i18n.Catalogue
	Log       *slog.Logger
	// Secure marks cookies for HTTPS only.
	Secure bool
	// Enter finds out whose token a request brings; nil is account.Entering. A
	// benchmark speaks for people who have not signed in, and writes no sessions.
	Enter func(*db.Tx, account.Token) (access.Actor, account.Session, error)
	// Voucher is another system that says who somebody is; nil for none.
	Voucher *Voucher
	// Channels are those by which notices can leave the program.
	Channels []delivery.Channel
	// Machine and Settings are for the pages of the administrator.
	Machine  func() Machine
	Settings []Setting
}

// Voucher is another system that says who somebody is, with the pages where one
// signs in and out by it and links one's account to it.
type Voucher struct{ Name, SignIn, SignOut, Own string }

// Request is one request, inside its transaction.
type Request struct {
	*http.Request
	Site *Site
	Tx   *db.Tx
	// By is whoever is signed in; its Person is zero on public pages.
	By      access.Actor
	Session account.Session
	// Form is what was typed: the query of a GET, the body of a POST.
	Form url.Values
	// Uploads are the files that came with the form, already stored.
	Uploads map[string][]blob.File
	// Problem is why the action was refused, when its page is shown again.
	Problem *errs.Error
	// Prepared is what the route's Before left for its page.
	Prepared any

	route  Route
	header http.Header
}

// Page is a function that answers a request.
type Page func(r *Request) (Answer, error)

// Route binds a pattern of http.ServeMux to a page.
type Route struct {
	Pattern string
	// Show answers a GET, and shows a refused action's form again.
	Show Page
	// Do answers a POST; nil for a page that only shows.
	Do Page
	// Before, if set, runs outside any transaction, for work that is slow; it
	// runs once, however often the page does, and only for who is signed in
	// unless the page is public.
	Before func(r *Request) error
	// Public pages need no session.
	Public bool
	// During lists what a session may still need on this page; on others it must
	// need nothing.
	During []account.Need
	// Sensitive pages ask who it is once more, if that was long ago.
	Sensitive bool
	// Uploads is how many bytes of files the form may bring.
	Uploads int64
	// Records runs Show in a transaction that may write, because who reads the
	// page is written down.
	Records bool
	// Stale lets Show read what may be some seconds old, from a replica.
	Stale bool
}

// Show is a page that only shows.
func Show(path string, show Page) Route { return Route{Pattern: "GET " + path, Show: show} }

// Act is an action whose button stands on the page show.
func Act(path string, do, show Page) Route { return Route{Pattern: "POST " + path, Do: do, Show: show} }

// Form is a page with one form: GET shows it, POST sends it.
func Form(path string, show, do Page) []Route { return []Route{Show(path, show), Act(path, do, show)} }

// Stale marks pages of figures that may be some seconds old.
func Stale(routes ...Route) []Route {
	marked := slices.Clone(routes)
	for i := range marked {
		marked[i].Stale = true
	}
	return marked
}

// Recorded marks pages whose reading is written down.
func Recorded(routes ...Route) []Route {
	marked := slices.Clone(routes)
	for i := range marked {
		marked[i].Records = true
	}
	return marked
}

// During marks pages that are open to sessions which still need something.
func During(need account.Need, routes ...Route) []Route {
	marked := slices.Clone(routes)
	for i := range marked {
		marked[i].During = append(slices.Clone(marked[i].During), need)
	}
	return marked
}

// Sensitive marks pages that ask who it is once more, if that was long ago.
func Sensitive(routes ...Route) []Route {
	marked := slices.Clone(routes)
	for i := range marked {
		marked[i].Sensitive = true
	}
	return marked
}

// Answer is what goes back to the browser.
type Answer interface {
	write(w http.ResponseWriter, r *http.Request) error
}

// HTML answers with a page or, to htmx, with a part of one.
func HTML(c templ.Component) Answer { return html{c} }

type html struct{ component templ.Component }

// SeeOther sends the browser on; the message of the key is shown there once.
func SeeOther(path, done string) Answer { return seeOther{path, done} }

type seeOther struct{ path, done string }

// File answers with a file to keep.
type File struct {
	Name, Media string
	Body        []byte
	// Inline shows it in the browser instead of saving it.
	Inline bool
}

// Stream answers with a file to keep, of any size: it is sent while it is written,
// when the page's transaction is over. A failure in the middle breaks the
// connection.
func (r *Request) Stream(name, media string, write func(ctx context.Context, out io.Writer) error) Answer {
	return stream{name, media, r.Site.Files, write}
}

type stream struct {
	name, media string
	files       *blob.Store
	body        func(ctx context.Context, out io.Writer) error
}

// Today is the day of the transaction.
func (r *Request) Today() clock.Date { return clock.DateOf(r.Tx.Now) }

// T is the message of the key in the reader's language.
func (r *Request) T(key string, args ...any) string { return i18n.T(r.Context(), key, args...) }

// HTMX reports that only a part of a page is wanted.
func (r *Request) HTMX() bool { return r.Header.Get("HX-Request") == "true" }

// Printing reports that the page is wanted for paper.
func (r *Request) Printing() bool { return r.URL.Query().Get("print") == "1" }

// SetCookie adds a cookie to the answer.
func (r *Request) SetCookie(c *http.Cookie) {
	c.Path, c.HttpOnly, c.Secure = "/", true, r.Site.Secure
	if c.SameSite == 0 {
		c.SameSite = http.SameSiteLaxMode
	}
	r.header.Add("Set-Cookie", c.String())
}

// Missing is the page of an address that names nothing.
func Missing(*Request) (Answer, error) { return nil, errs.New(errs.NotFound, "errs.not_found") }
