package app

import (
	"cmp"
	"net/http"

	"chibo/internal/api"
)

// withAPI serves pages and, below /api, other programs.
func (a *App) withAPI(pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	programs := api.Handler(api.Server{
		DB: a.DB, Files: a.Files, Catalogue: a.Catalogue, Log: a.Log, Proxied: a.config.Secure, Rate: cmp.Or(a.config.APIRate, api.Rate),
	})
	mux.Handle("/api", programs)
	mux.Handle("/api/", programs)
	mux.Handle("/", pages)
	return mux
}
