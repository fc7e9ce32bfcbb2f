package api

import (
	"encoding/json"
	"net/http"
)

// Downgraded is the document in OpenAPI 3.0, for generators that know no newer,
// with one answer for all failures: they have the same form.
func Downgraded(s Server) ([]byte, error) {
	text, err := s.document(http.NewServeMux()).Downgrade()
	if err != nil {
		return nil, err
	}
	var whole map[string]any
	if err := json.Unmarshal(text, &whole); err != nil {
		return nil, err
	}
	for _, item := range whole["paths"].(map[string]any) {
		for _, operation := range item.(map[string]any) {
			joinFailures(operation.(map[string]any)["responses"].(map[string]any))
		}
	}
	return json.Marshal(whole)
}

func joinFailures(responses map[string]any) {
	failure := responses["401"].(map[string]any)
	for status := range responses {
		if status >= "400" {
			delete(responses, status)
		}
	}
	responses["default"] = map[string]any{"description": "Problem", "content": failure["content"]}
}
