package api

import (
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/id"
)

// pathID is an id in an address. A malformed one names nothing.
type pathID[T any] struct{ ID id.Of[T] }

// UnmarshalText never fails: the verb finds no record of id zero.
func (p *pathID[T]) UnmarshalText(text []byte) error {
	p.ID, _ = id.Parse[T](string(text))
	return nil
}

// Schema is that of an id, without its form: a malformed one is not found.
func (pathID[T]) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: huma.TypeString} }

// queryID is an id that narrows a list; none leaves it whole.
type queryID[T any] struct{ ID id.Of[T] }

func (q *queryID[T]) UnmarshalText(text []byte) error { return q.ID.UnmarshalText(text) }

// Schema is that of an id.
func (queryID[T]) Schema(r huma.Registry) *huma.Schema { return idText("").Schema(r) }

// idText and dateText stand in the document for our ids and days.
type (
	idText   string
	dateText string
)

// Schema is that of an id: 13 letters and digits.
func (idText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9a-hjkmnp-tv-z]{13}$"}
}

// Schema is that of a day, 2026-11-21.
func (dateText) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeString, Format: "date"}
}

// learn tells the registry what the ids and days inside the types are written
// as.
func learn(registry huma.Registry, types ...reflect.Type) {
	seen := map[reflect.Type]bool{}
	var visit func(t reflect.Type)
	visit = func(t reflect.Type) {
		if seen[t] {
			return
		}
		seen[t] = true
		switch {
		case t == reflect.TypeFor[clock.Date]():
			registry.RegisterTypeAlias(t, reflect.TypeFor[dateText]())
			return
		case t.PkgPath() == reflect.TypeFor[id.Of[int]]().PkgPath():
			registry.RegisterTypeAlias(t, reflect.TypeFor[idText]())
			return
		}
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
			visit(t.Elem())
		case reflect.Struct:
			for i := range t.NumField() {
				visit(t.Field(i).Type)
			}
		}
	}
	for _, t := range types {
		visit(t)
	}
}

// schemaName calls our own types by their name and others by their package as
// well: two nouns may both have a "Line".
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := huma.DefaultSchemaNamer(t, hint)
	if path := t.PkgPath(); path != "" && path != reflect.TypeFor[Server]().PkgPath() && t.Kind() == reflect.Struct {
		noun := path[strings.LastIndex(path, "/")+1:]
		return strings.ToUpper(noun[:1]) + noun[1:] + name
	}
	return name
}
