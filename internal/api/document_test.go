package api_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	"chibo/internal/kernel/access"
)

// document is what the server says of itself, read back as a client would.
type document struct {
	raw map[string]any
}

// described is an operation as the document has it.
type described struct {
	id, verb, method, path string
	right                  right
	success                int
	versioned              bool
	answers                map[string]any
	of                     *document
}

// right is the extension x-chibo-action.
type right struct {
	Action access.Action   `json:"action"`
	Or     []access.Action `json:"or"`
	On     string          `json:"on"`
	Own    string          `json:"own"`
	And    string          `json:"and"`
	Seen   []access.Action `json:"seen"`

	InPerson bool `json:"in_person"`
}

func (w *world) document() *document {
	w.k.T.Helper()
	response, err := http.Get(w.Base + "/api/openapi.json")
	if err != nil {
		w.k.T.Fatal(err)
	}
	defer response.Body.Close()
	d := &document{}
	if err := json.NewDecoder(response.Body).Decode(&d.raw); err != nil {
		w.k.T.Fatal(err)
	}
	return d
}

func (d *document) operations(t *testing.T) (list []described) {
	t.Helper()
	paths := d.raw["paths"].(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		item := paths[path].(map[string]any)
		for _, method := range slices.Sorted(maps.Keys(item)) {
			list = append(list, d.operation(t, path, method, item[method].(map[string]any)))
		}
	}
	if len(list) == 0 {
		t.Fatal("the document has no operations")
	}
	return list
}

func (d *document) operation(t *testing.T, path, method string, text map[string]any) described {
	t.Helper()
	op := described{method: strings.ToUpper(method), path: path, of: d}
	op.id, _ = text["operationId"].(string)
	op.verb, _ = text["x-chibo-verb"].(string)
	op.answers = text["responses"].(map[string]any)
	asked, err := json.Marshal(text["x-chibo-action"])
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(asked, &op.right); err != nil {
		t.Fatal(err)
	}
	if op.verb == "" || op.right.Action == "" && op.right.Own == "" {
		t.Errorf("%s %s does not say which verb it calls and what it asks for", method, path)
	}
	if summary, _ := text["summary"].(string); summary == "" || strings.HasPrefix(summary, "[") || strings.Contains(summary, "api.do.") {
		t.Errorf("%s %s has no summary: %q", method, path, summary)
	}
	for status := range op.answers {
		if n, _ := strconv.Atoi(status); n < 300 {
			op.success = n
		}
	}
	parameters, _ := text["parameters"].([]any)
	for _, p := range parameters {
		op.versioned = op.versioned || p.(map[string]any)["name"] == "If-Match"
	}
	return op
}

// conforms holds an answer to the schema that the document gives it.
func (op described) conforms(t *testing.T, who string, status int, body []byte) {
	t.Helper()
	answer, ok := op.answers[strconv.Itoa(status)].(map[string]any)
	if !ok {
		t.Errorf("%s: the document has no answer %d: %.300s", who, status, body)
		return
	}
	content, _ := answer["content"].(map[string]any)
	if content == nil {
		if len(body) > 0 {
			t.Errorf("%s: answer %d should be empty: %.300s", who, status, body)
		}
		return
	}
	for media, of := range content {
		if strings.HasSuffix(media, "json") {
			op.of.holds(t, who, of.(map[string]any)["schema"].(map[string]any), body)
		}
	}
}

// holds checks a text against a schema of the document.
func (d *document) holds(t *testing.T, who string, schema map[string]any, body []byte) {
	t.Helper()
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		t.Errorf("%s: %v: %s", who, err, body)
		return
	}
	for _, fault := range d.faults("body", schema, value) {
		t.Errorf("%s: %s", who, fault)
	}
}
