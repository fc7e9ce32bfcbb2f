// Package api is chibo for other programs: JSON under /api/v1, over the same
// verbs that pages call. The document at /api/openapi.json is made from the
// declarations in this package, and the page /api shows it.
//
// There is one file for each area. An operation is a declaration: its address,
// the verb it calls, the right that the verb asks for, what goes in and what
// comes out. What holds for all of them lies beside: who asks (signin.go), the
// transaction (operation.go), failures (problem.go), versions (version.go),
// requests that are sent twice (once.go), limits (limit.go).
//
// The package decides no rights and knows no rules: verbs do.
package api

import (
	"crypto/sha256"
	"log/slog"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"chibo/internal/platform/blob"
	"chibo/internal/platform/db"
	"chibo/internal/platform/i18n"
	"chibo/internal/platform/limit"
)

// Server is what the API is served from.
type Server struct {
	DB        *db.DB
	Files     *blob.Store
	Catalogue *i18n.Catalogue
	Log       *slog.Logger
	// Proxied says that requests come through a proxy that names the address
	// of whoever asks.
	Proxied bool
	// Rate bounds each caller.
	Rate limit.Rate

	callers *limit.Buckets[[sha256.Size]byte]
}

// Root is the path below which all operations lie.
const Root = "/api/v1"

// operations are all that the API can do.
func operations() []operation {
	return slices.Concat(
		meetingOperations(), preparationOperations(), documentOperations(), roomOperations(),
		unitOperations(), memberOperations(), taskOperations(), resolutionOperations(), resultOperations(),
		paperOperations(), overviewOperations(), seeingOperations(), consolidationOperations(), reorganisationOperations(), duplicateOperations(), accountOperations(), deliveryOperations(), intakeOperations(), hookOperations(), upkeepOperations(),
	)
}

// Handler serves the API, its document and the page about it.
func Handler(s Server) http.Handler {
	s.callers = limit.New[[sha256.Size]byte](s.Rate, s.DB.Now)
	mux := http.NewServeMux()
	document := s.document(mux)
	mux.HandleFunc("GET /api/openapi.json", func(w http.ResponseWriter, r *http.Request) { s.writeDocument(w, r, document) })
	mux.HandleFunc("GET /api", func(w http.ResponseWriter, r *http.Request) { s.writeReference(w, r, document) })
	mux.HandleFunc("GET "+styleAddress, writeStyle)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, r *http.Request) { requestOf(r.Context()).missing(w) })
	return s.outer(mux)
}

// document registers every operation with the mux and describes them.
func (s *Server) document(mux *http.ServeMux) *huma.OpenAPI {
	document := describe()
	for _, op := range operations() {
		mux.HandleFunc(op.method+" "+Root+op.path, s.serve(op, op.describe(document)))
	}
	return document
}
