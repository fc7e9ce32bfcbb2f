package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"chibo/internal/platform/i18n"
)

// describe is the document before its operations.
func describe() *huma.OpenAPI {
	return &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "chibo", Version: "1"},
		Servers: []*huma.Server{{URL: Root}},
		Components: &huma.Components{
			Schemas: huma.NewMapRegistry("#/components/schemas/", schemaName),
			SecuritySchemes: map[string]*huma.SecurityScheme{
				"token":   {Type: "http", Scheme: "bearer"},
				"session": {Type: "apiKey", In: "cookie", Name: sessionCookie},
			},
		},
		Security: []map[string][]string{{"token": {}}, {"session": {}}},
	}
}

// The extensions of the document: what an operation asks of its caller, and
// the verb it calls. Their values are the right and package.Verb.
const (
	rightExtension = "x-chibo-action"
	verbExtension  = "x-chibo-verb"
)

// describe adds the operation to the document, and gives how its input is read.
func (op operation) describe(document *huma.OpenAPI) *input {
	registry := document.Components.Schemas
	learn(registry, op.in, op.out)
	described := &huma.Operation{
		OperationID: op.id(), Method: op.method, Path: op.path,
		Summary:    op.summaryKey(),
		Tags:       []string{op.noun()},
		Parameters: op.parameters(), RequestBody: op.body(),
		Responses:  op.responses(registry.Schema(reflect.TypeFor[Problem](), true, "")),
		Extensions: map[string]any{rightExtension: op.right, verbExtension: op.verb},
	}
	in := inputOf(registry, op.in, op.id())
	in.describe(described)
	described.Responses[strconv.Itoa(op.status)] = op.success(registry)
	document.AddOperation(described)
	return in
}

// success is the answer when all went well.
func (op operation) success(registry huma.Registry) *huma.Response {
	shown := &huma.Response{Description: http.StatusText(op.status)}
	switch {
	case op.status == http.StatusNoContent:
	case op.media != nil:
		shown.Content = map[string]*huma.MediaType{}
		for _, media := range op.media {
			shown.Content[media] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
		}
	default:
		shown.Content = map[string]*huma.MediaType{jsonMedia: {Schema: registry.Schema(op.out, true, op.id()+"Response")}}
		shown.Headers = map[string]*huma.Param{"ETag": {
			Schema: &huma.Schema{Type: huma.TypeString}, Description: "The version of what is shown; If-Match takes it.",
		}}
	}
	return shown
}

// id is meeting-announce for meeting.Announce.
func (op operation) id() string {
	noun, verb, _ := strings.Cut(op.verb, ".")
	var b strings.Builder
	b.WriteString(noun)
	for _, letter := range verb {
		if letter >= 'A' && letter <= 'Z' {
			b.WriteByte('-')
		}
		b.WriteRune(letter)
	}
	if op.part != "" {
		b.WriteString("-" + op.part)
	}
	return strings.ToLower(b.String())
}

func (op operation) noun() string {
	noun, _, _ := strings.Cut(op.verb, ".")
	return noun
}

// summaryKey is the key of the message that says what the operation does.
func (op operation) summaryKey() string {
	return "api.do." + strings.ReplaceAll(op.id(), "-", "_")
}

func (op operation) parameters() (list []*huma.Param) {
	text := &huma.Schema{Type: huma.TypeString}
	if op.versioned {
		list = append(list, &huma.Param{Name: "If-Match", In: "header", Required: true, Schema: text, Example: `"3"`})
	}
	if op.method == http.MethodPost {
		list = append(list, &huma.Param{Name: onceHeader, In: "header", Schema: text})
	}
	if op.method != http.MethodGet {
		list = append(list, &huma.Param{Name: dryHeader, In: "header", Schema: &huma.Schema{Type: huma.TypeBoolean}})
	}
	return list
}

func (op operation) body() *huma.RequestBody {
	if op.upload == 0 {
		return nil
	}
	return &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		octets: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}
}

// spoken is the document with its summaries in a language.
func inLanguage(document *huma.OpenAPI, l *i18n.Language) ([]byte, error) {
	given, err := json.Marshal(document)
	if err != nil {
		return nil, err
	}
	var whole map[string]any
	if err := json.Unmarshal(given, &whole); err != nil {
		return nil, err
	}
	whole["info"].(map[string]any)["description"] = l.T("api.description")
	for _, item := range whole["paths"].(map[string]any) {
		for _, operation := range item.(map[string]any) {
			described := operation.(map[string]any)
			described["summary"] = l.T(described["summary"].(string))
		}
	}
	return json.Marshal(whole)
}

func (s *Server) writeDocument(w http.ResponseWriter, r *http.Request, document *huma.OpenAPI) {
	text, err := inLanguage(document, i18n.From(r.Context()))
	if err != nil {
		requestOf(r.Context()).problem(err).write(w)
		return
	}
	w.Header().Set("Content-Type", "application/vnd.oai.openapi+json; version=3.1")
	_, _ = w.Write(text)
}
