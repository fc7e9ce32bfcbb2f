package api

import "net/http"

// Downgraded is the document in OpenAPI 3.0, for generators that know no newer.
func Downgraded(s Server) ([]byte, error) { return s.document(http.NewServeMux()).Downgrade() }
