// Package web is the list of all pages, and what holds for each of them.
package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/klauspost/compress/gzhttp"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"chibo/internal/platform/db"
	"chibo/internal/web/account"
	"chibo/internal/web/admin"
	"chibo/internal/web/duplicates"
	"chibo/internal/web/help"
	"chibo/internal/web/intake"
	"chibo/internal/web/meetings"
	"chibo/internal/web/notices"
	"chibo/internal/web/office"
	"chibo/internal/web/page"
	"chibo/internal/web/people"
	"chibo/internal/web/reorganisation"
	"chibo/internal/web/results"
	"chibo/internal/web/static"
	"chibo/internal/web/tasks"
	"chibo/internal/web/tokens"
	"chibo/internal/web/ui"
)

// routes are all pages of the site.
func routes() []page.Route {
	return slices.Concat(
		page.SignIn(),
		admin.Routes(),
		help.Routes(),
		office.Routes(),
		tasks.Routes(),
		tokens.Routes(),
		account.Routes(),
		people.Routes(),
		duplicates.Routes(),
		reorganisation.Routes(),
		intake.Routes(),
		meetings.Routes(),
		notices.Routes(),
		results.Routes(),
	)
}

// Handler serves the site, with further pages that there are in some places only.
func Handler(s *page.Site, further ...page.Route) http.Handler {
	mux := http.NewServeMux()
	for _, route := range append(routes(), further...) {
		mux.Handle(route.Pattern, s.Handler(route))
	}
	mux.HandleFunc("POST "+ui.DisplayPath, ui.SetDisplay)
	mux.Handle("GET /static/", static.Handler())
	mux.Handle("GET /worker.js", static.Fixed("worker.js"))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { ready(s, w, r) })
	mux.Handle("GET /metrics", promhttp.Handler())
	mux.Handle("GET /", s.Handler(page.Route{Show: page.Missing, Public: true}))
	return guard(gzhttp.GzipHandler(mux))
}

// ready answers whether the database answers.
func ready(s *page.Site, w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.DB.View(ctx, func(*db.Tx) error { return nil }); err != nil {
		answer(w, http.StatusServiceUnavailable, "database")
		return
	}
	answer(w, http.StatusOK, "ok")
}

func answer(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}

// guard refuses forms that other sites send, and tells browsers what pages of
// ours never do.
func guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	return origin.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
		next.ServeHTTP(w, r)
	}))
}
