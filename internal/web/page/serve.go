package page

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/spool"
	"chibo/internal/web/ui"
)

const (
	formMost   = 2 << 20
	cookieName = "chibo"
)

// Handler serves the route: it reads the form, opens the transaction, finds
// out who asks, and writes the answer or the failure.
func (s *Site) Handler(route Route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		began := time.Now()
		out := &recorder{ResponseWriter: w, status: http.StatusOK}
		r := &Request{Site: s, route: route, header: out.Header()}
		r.Request = req.WithContext(i18n.With(req.Context(), s.Catalogue.Language(ui.LanguageOf(req))))
		failure := s.serve(out, r, route)
		s.record(r, out.status, time.Since(began), failure)
		if errors.Is(failure, spool.ErrBroken) {
			panic(http.ErrAbortHandler) // what was sent shall not look whole
		}
	})
}

// serve answers the request and gives back the error that was shown, if any.
func (s *Site) serve(w *recorder, r *Request, route Route) error {
	if err := r.parse(w, route); err != nil {
		return s.fail(w, r, route, err)
	}
	if err := r.before(route); err != nil {
		return s.fail(w, r, route, err)
	}
	answer, err := s.run(r, route)
	if err != nil {
		return s.fail(w, r, route, err)
	}
	if to, ok := answer.(seeOther); ok && to.done != "" {
		r.SetCookie(&http.Cookie{Name: doneCookie, Value: url.QueryEscape(to.done), MaxAge: 60})
	}
	err = answer.write(w, r.Request)
	if err == nil || errors.Is(err, spool.ErrBroken) {
		return err
	}
	return s.fail(w, r, route, err)
}

// before does the route's slow work, which strangers cannot ask for unless the
// page is public.
func (r *Request) before(route Route) error {
	if route.Before == nil {
		return nil
	}
	if err := r.signedIn(route); err != nil {
		return err
	}
	return route.Before(r)
}

// signedIn fails unless somebody is signed in or the page is public.
func (r *Request) signedIn(route Route) error {
	if route.Public {
		return nil
	}
	return r.Site.DB.View(r.Context(), func(tx *db.Tx) error {
		_, err := r.inside(tx, route, func(*Request) (Answer, error) { return nil, nil })
		return err
	})
}

func (s *Site) run(r *Request, route Route) (answer Answer, err error) {
	if route.Do == nil || route.Show != nil && r.Looks() {
		return s.show(r, route)
	}
	err = s.DB.Update(r.Context(), func(tx *db.Tx) error {
		answer, err = r.inside(tx, route, func(r *Request) (Answer, error) { return r.doOnce(route.Do) })
		return err
	})
	return answer, err
}

func (s *Site) show(r *Request, route Route) (answer Answer, err error) {
	if route.Stale && s.DB.HasReplica() {
		return s.showStale(r, route)
	}
	transaction := s.DB.View
	if route.Records {
		transaction = s.DB.Update
	}
	err = transaction(r.Context(), func(tx *db.Tx) error {
		answer, err = r.inside(tx, route, route.Show)
		return err
	})
	return answer, err
}

// showStale asks the primary who it is and what they may, and a replica for what
// the page shows.
func (s *Site) showStale(r *Request, route Route) (answer Answer, err error) {
	if err := r.signedIn(route); err != nil {
		return nil, err
	}
	err = s.DB.ViewStale(r.Context(), func(tx *db.Tx) error {
		r.Tx = tx
		answer, err = route.Show(r)
		return err
	})
	return answer, err
}

// inside runs the page as whoever is signed in. An action may run twice, so
// what it puts into the header is dropped first.
func (r *Request) inside(tx *db.Tx, route Route, page Page) (Answer, error) {
	r.Tx = tx
	r.header.Del("Set-Cookie")
	if err := r.authenticate(route); err != nil {
		return nil, err
	}
	return page(r)
}

func (r *Request) authenticate(route Route) error {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return r.needSession(route)
	}
	by, session, err := r.Site.enter(r.Tx, account.Token(cookie.Value))
	if errs.Is(err, errs.Unauthenticated) {
		return r.needSession(route)
	}
	if err != nil {
		return err
	}
	if err := r.admits(route, session); err != nil || route.Public && !serves(route, session) {
		return err
	}
	r.By, r.Session = by, session
	if session.Stale(r.Tx.Now) {
		address := r.Address()
		r.Tx.AfterCommit(func() { r.Site.touch(by, session.ID, address) })
	}
	return nil
}

func (s *Site) enter(tx *db.Tx, token account.Token) (access.Actor, account.Session, error) {
	if s.Enter != nil {
		return s.Enter(tx, token)
	}
	return account.Entering(tx, token)
}

// Ahead runs fn in a transaction of its own, as whoever is signed in, for what a
// route does before its page.
func (r *Request) Ahead(fn func(tx *db.Tx, by access.Actor) error) error {
	return r.Site.DB.Update(r.Context(), func(tx *db.Tx) error {
		_, err := r.inside(tx, r.route, func(r *Request) (Answer, error) { return nil, fn(r.Tx, r.By) })
		return err
	})
}

// touch writes when the session was last seen, apart from the request: one that
// only shows does not write.
func (s *Site) touch(by access.Actor, session account.SessionID, address string) {
	go func() {
		err := s.DB.Update(context.Background(), func(tx *db.Tx) error { return account.Touch(tx, by, session, address) })
		if err != nil {
			s.Log.Warn("the time of a session's last use was not written", "error", err)
		}
	}()
}

func (r *Request) needSession(route Route) error {
	if route.Public {
		return nil
	}
	return errs.New(errs.Unauthenticated, "errs.unauthenticated")
}

// parse reads the form before any transaction, and stores its files.
func (r *Request) parse(w http.ResponseWriter, route Route) error {
	if r.Method != http.MethodPost {
		r.Form = r.URL.Query()
		return nil
	}
	r.Body = http.MaxBytesReader(w, r.Body, formMost+route.Uploads)
	media, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	var err error
	if media == "multipart/form-data" {
		err = r.Request.ParseMultipartForm(formMost)
		if r.MultipartForm != nil {
			defer r.MultipartForm.RemoveAll()
		}
	} else {
		err = r.Request.ParseForm()
	}
	r.Form = r.PostForm
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return errs.Wrap(err, errs.TooLarge, "errs.form_too_large", tooLarge.Limit>>20)
	case err != nil:
		return errs.Wrap(err, errs.Invalid, "errs.form_broken")
	}
	return r.store(route)
}

// store keeps the files of the form. Strangers can fill no disk: for whoever is
// not signed in nothing is kept, and the page will ask them to sign in.
func (r *Request) store(route Route) error {
	if r.MultipartForm == nil || len(r.MultipartForm.File) == 0 {
		return nil
	}
	err := r.signedIn(Route{})
	if errs.Is(err, errs.Unauthenticated) {
		return nil
	}
	if err != nil {
		return err
	}
	r.Uploads = map[string][]blob.File{}
	for field, files := range r.MultipartForm.File {
		for _, header := range files {
			if header.Filename == "" || header.Size == 0 {
				continue
			}
			file, err := r.keep(header, route.Uploads)
			if err != nil {
				return err
			}
			r.Uploads[field] = append(r.Uploads[field], file)
		}
	}
	return nil
}

func (r *Request) keep(header *multipart.FileHeader, limit int64) (blob.File, error) {
	sent, err := header.Open()
	if err != nil {
		return blob.File{}, err
	}
	defer sent.Close()
	return r.Site.Files.Put(blob.Named(header.Filename), sent, limit)
}

// record writes the one log line of the request. Texts of failures that were
// not classified stay here.
func (s *Site) record(r *Request, status int, took time.Duration, failure error) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("method", r.Method), slog.String("route", r.Pattern), slog.Int("status", status),
		slog.Duration("took", took),
	}
	if r.By.Person != 0 {
		attrs = append(attrs, slog.String("person", r.By.Person.String()))
	}
	if failure != nil {
		attrs = append(attrs, slog.String("failure", failure.Error()))
		if status >= 500 {
			level = slog.LevelError
		}
	}
	s.Log.LogAttrs(context.Background(), level, "request", attrs...)
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (w *recorder) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *recorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (a html) write(w http.ResponseWriter, r *http.Request) error {
	return render(w, r, http.StatusOK, a)
}

// render draws into memory first, so that a failure can still become a page
// of its own.
func render(w http.ResponseWriter, r *http.Request, status int, a html) error {
	var page bytes.Buffer
	if err := a.component.Render(r.Context(), &page); err != nil {
		return fmt.Errorf("draw page: %w", err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	// A reader who left is told nothing more.
	_, _ = w.Write(page.Bytes())
	return nil
}

func (a seeOther) write(w http.ResponseWriter, r *http.Request) error {
	http.Redirect(w, r, a.path, http.StatusSeeOther)
	return nil
}

const doneCookie = "done"

// Done is the message of the action that led here, shown once.
func (r *Request) Done() string {
	cookie, err := r.Cookie(doneCookie)
	if err != nil {
		return ""
	}
	r.SetCookie(&http.Cookie{Name: doneCookie, MaxAge: -1})
	key, err := url.QueryUnescape(cookie.Value)
	if err != nil || !i18n.From(r.Context()).Has(key) {
		return ""
	}
	return r.T(key)
}

func (f File) write(w http.ResponseWriter, _ *http.Request) error {
	disposition := "attachment"
	if f.Inline {
		disposition = "inline"
	}
	announce(w.Header(), disposition, f.Name, f.Media)
	_, _ = w.Write(f.Body)
	return nil
}

// announce says what file comes. It is not to be kept on the way, nor to do
// anything in the browser.
func announce(h http.Header, disposition, name, media string) {
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": name}))
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
}

func (f stream) write(w http.ResponseWriter, r *http.Request) error {
	through, err := f.files.Scratch()
	if err != nil {
		return err
	}
	h := w.Header()
	before := h.Clone()
	announce(h, "attachment", f.name, f.media)
	err = spool.Serve(w, r, through, f.body)
	if err != nil && !errors.Is(err, spool.ErrBroken) { // a page will say so
		clear(h)
		maps.Copy(h, before)
	}
	return err
}
