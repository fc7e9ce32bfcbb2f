package api

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"hash"
	"io"
	"log/slog"
	"net/http"
	"regexp"
	"time"

	"golang.org/x/text/language"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/origin"
)

// request is one request, before and around its transaction.
type request struct {
	*http.Request
	server *Server
	// id names the request in the answer and in the log.
	id string
	// body is the digest of what was read of the body so far.
	body hash.Hash
	// version is what If-Match named.
	version int64
	// file is what an upload brought.
	file blob.File
	// prepared is what was done before the transaction.
	prepared any
	// by and failure are for the log.
	by      access.PersonID
	failure error
	// broken: the failure came in the middle of the answer.
	broken bool
}

type requestKey struct{}

func requestOf(ctx context.Context) *request { return ctx.Value(requestKey{}).(*request) }

// outer is what happens around every request: its name, its language, its
// limits, its line in the log.
func (s *Server) outer(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	origin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { requestOf(r.Context()).foreign(w) }))
	inside := origin.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if requestOf(r.Context()).admitted(w) {
			next.ServeHTTP(w, r)
		}
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, given *http.Request) {
		began := time.Now()
		r := &request{server: s, id: requestID(given), body: sha256.New()}
		ctx := i18n.With(context.WithValue(given.Context(), requestKey{}, r), s.Catalogue.Language(languageOf(given)))
		r.Request = given.WithContext(ctx)
		r.Body = hashed{given.Body, io.TeeReader(given.Body, r.body)}
		out := &recorder{ResponseWriter: w, status: http.StatusOK}
		r.headers(out.Header())
		inside.ServeHTTP(out, r.Request)
		r.record(out.status, time.Since(began))
		if r.broken {
			panic(http.ErrAbortHandler) // what was sent shall not look whole
		}
	})
}

// hashed is a body that is digested while it is read.
type hashed struct {
	io.Closer
	io.Reader
}

var requestName = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// requestID is the name that the caller gave the request, or a new one.
func requestID(r *http.Request) string {
	if given := r.Header.Get("X-Request-ID"); requestName.MatchString(given) {
		return given
	}
	return rand.Text()
}

var offered = language.NewMatcher([]language.Tag{language.Vietnamese, language.English})

// languageOf is Vietnamese unless English is asked for.
func languageOf(r *http.Request) string {
	tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language"))
	if err != nil || len(tags) == 0 {
		return i18n.Fallback
	}
	if _, index, _ := offered.Match(tags...); index == 1 {
		return "en"
	}
	return i18n.Fallback
}

func (r *request) headers(h http.Header) {
	h.Set("X-Request-ID", r.id)
	h.Set("Content-Language", i18n.From(r.Context()).Code())
	h.Set("Vary", "Accept-Language, Authorization, Cookie")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
}

// address is where the request comes from.
func (r *request) address() string { return origin.Address(r.Request, r.server.Proxied) }

// t is the message of the key in the caller's language.
func (r *request) t(key string, args ...any) string { return i18n.T(r.Context(), key, args...) }

// record writes the one log line of the request. Texts of failures that were
// not classified stay here.
func (r *request) record(status int, took time.Duration) {
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("id", r.id), slog.String("method", r.Method), slog.String("route", r.Pattern), slog.Int("status", status),
		slog.Duration("took", took),
	}
	if r.by != 0 {
		attrs = append(attrs, slog.String("person", r.by.String()))
	}
	if r.failure != nil {
		attrs = append(attrs, slog.String("failure", r.failure.Error()))
		if status >= http.StatusInternalServerError {
			level = slog.LevelError
		}
	}
	r.server.Log.LogAttrs(context.Background(), level, "api", attrs...)
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

// dryHeader asks for a rehearsal: everything is tried, nothing is kept.
const dryHeader = "Dry-Run"

func (r *request) rehearsing(op operation) bool {
	return op.method != http.MethodGet && r.Header.Get(dryHeader) == "true"
}

// say is a message of the domain in the caller's language.
func (r *request) say(m errs.Message) string {
	if m.Key == "" {
		return ""
	}
	return r.t(m.Key, m.Args...)
}
