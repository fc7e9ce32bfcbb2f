package app

import (
	"cmp"
	"net/http"
	"sync"

	"chibo/internal/api"
)

// withAPI serves pages and, below /api, other programs. The API is put together
// when the first of them comes: describing its operations takes a tenth of
// a second and some megabytes, which an installation without them does not need.
func (a *App) withAPI(pages http.Handler) http.Handler {
	programs := sync.OnceValue(func() http.Handler {
		return api.Handler(api.Server{
			DB: a.DB, Files: a.Files, Catalogue: a.Catalogue, Log: a.Log, Proxied: a.config.Secure, Rate: cmp.Or(a.config.APIRate, api.Rate),
		})
	})
	mux := http.NewServeMux()
	mux.HandleFunc("/api", func(w http.ResponseWriter, r *http.Request) { programs().ServeHTTP(w, r) })
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { programs().ServeHTTP(w, r) })
	mux.Handle("/", pages)
	return mux
}
