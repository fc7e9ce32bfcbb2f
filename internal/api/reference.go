package api

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"chibo/internal/platform/i18n"
)

const styleAddress = "/api/reference.css"

var (
	//go:embed reference.css
	style []byte
	//go:embed reference.html
	referenceText string
	referencePage = template.Must(template.New("reference").Parse(referenceText))
)

func writeStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(style)
}

// reference is the document as the page shows it.
type reference struct {
	Language string
	T        func(key string, args ...any) string
	Groups   []group
	Problems []Problem
}

type group struct {
	Noun       string
	Operations []shownOperation
}

type shownOperation struct {
	ID, Method, Path, Summary string
	Right                     right
	Parameters                []*huma.Param
	Body, Answer              string
}

// writeReference is the document as a page: no script, nothing from elsewhere.
func (s *Server) writeReference(w http.ResponseWriter, r *http.Request, document *huma.OpenAPI) {
	l := i18n.From(r.Context())
	view := reference{Language: l.Code(), T: l.T, Groups: grouped(document, l), Problems: requestOf(r.Context()).allProblems()}
	var page bytes.Buffer
	if err := referencePage.Execute(&page, view); err != nil {
		requestOf(r.Context()).problem(err).write(w)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(page.Bytes())
}

func grouped(document *huma.OpenAPI, l *i18n.Language) (groups []group) {
	for _, path := range slices.Sorted(maps.Keys(document.Paths)) {
		for _, op := range methods(document.Paths[path]) {
			at := slices.IndexFunc(groups, func(g group) bool { return g.Noun == op.Tags[0] })
			if at < 0 {
				groups, at = append(groups, group{Noun: op.Tags[0]}), len(groups)
			}
			groups[at].Operations = append(groups[at].Operations, shownOperation{
				ID: op.OperationID, Method: op.Method, Path: Root + path, Summary: l.T(op.Summary),
				Right: op.Extensions[rightExtension].(right), Parameters: op.Parameters,
				Body: bodyOf(document, op), Answer: answerOf(document, op),
			})
		}
	}
	slices.SortFunc(groups, func(a, b group) int { return strings.Compare(a.Noun, b.Noun) })
	return groups
}

// methods are the operations at an address, those that only look first.
func methods(item *huma.PathItem) (list []*huma.Operation) {
	for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Delete} {
		if op != nil {
			list = append(list, op)
		}
	}
	return list
}

func bodyOf(document *huma.OpenAPI, op *huma.Operation) string {
	if op.RequestBody == nil {
		return ""
	}
	return sketchOf(document, op.RequestBody.Content)
}

func answerOf(document *huma.OpenAPI, op *huma.Operation) string {
	for status, response := range op.Responses {
		if strings.HasPrefix(status, "2") {
			return sketchOf(document, response.Content)
		}
	}
	return ""
}

func sketchOf(document *huma.OpenAPI, content map[string]*huma.MediaType) string {
	media, ok := content["application/json"]
	if !ok || media.Schema == nil {
		return ""
	}
	text, err := json.MarshalIndent(sketch(document.Components.Schemas, media.Schema, 0), "", "  ")
	if err != nil {
		return ""
	}
	return string(text)
}

// sketchDeepest keeps the sketch of a schema that holds itself short.
const sketchDeepest = 6

// sketch is an example of what a schema describes: the shape, with kinds of
// values for values. A field that may be absent ends in "?".
func sketch(registry huma.Registry, s *huma.Schema, depth int) any {
	if s.Ref != "" {
		s = registry.SchemaFromRef(s.Ref)
	}
	switch {
	case depth > sketchDeepest:
		return "…"
	case len(s.Enum) > 0:
		values := make([]string, len(s.Enum))
		for i, value := range s.Enum {
			values[i], _ = value.(string)
		}
		return strings.Join(values, " | ")
	case s.Type == huma.TypeArray:
		return []any{sketch(registry, s.Items, depth+1)}
	case s.Type == huma.TypeObject:
		return sketchObject(registry, s, depth)
	case s.Format != "":
		return s.Format
	case s.Pattern == idText("").Schema(nil).Pattern:
		return "id"
	}
	return s.Type
}

func sketchObject(registry huma.Registry, s *huma.Schema, depth int) any {
	shown := map[string]any{}
	for name, property := range s.Properties {
		if !slices.Contains(s.Required, name) {
			name += "?"
		}
		shown[name] = sketch(registry, property, depth+1)
	}
	return shown
}
