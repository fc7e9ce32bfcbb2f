// Package client is the API as a Go program calls it. It is generated from the
// document of the API; internal/api tests that openapi.json is that document,
// and scripts/check that the code is made from it.
//
// The document is 3.0 here, because the generator knows no newer.
package client

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -generate types,client -package client -o client_gen.go openapi.json
