package rulepack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"

	"chibo/internal/platform/clock"
)

// merge lays one body over another: keys of mappings are merged, entries of
// lists that carry an id or a body are merged by it and new ones come last, everything
// else is replaced.
func merge(base, over any) any {
	switch o := over.(type) {
	case map[string]any:
		if b, ok := base.(map[string]any); ok {
			return mergeKeys(b, o)
		}
	case []any:
		if b, ok := base.([]any); ok && identified(b) && identified(o) {
			return mergeEntries(b, o)
		}
	}
	return over
}

func mergeKeys(base, over map[string]any) map[string]any {
	out := make(map[string]any, len(base)+len(over))
	for key, value := range base {
		out[key] = value
	}
	for key, value := range over {
		out[key] = merge(out[key], value)
	}
	return out
}

func mergeEntries(base, over []any) []any {
	out := make([]any, len(base), len(base)+len(over))
	place := map[string]int{}
	for i, entry := range base {
		out[i] = entry
		place[idOf(entry)] = i
	}
	for _, entry := range over {
		if i, ok := place[idOf(entry)]; ok {
			out[i] = merge(out[i], entry)
		} else {
			out = append(out, entry)
		}
	}
	return out
}

func identified(list []any) bool {
	for _, entry := range list {
		if idOf(entry) == "" {
			return false
		}
	}
	return len(list) > 0
}

// idOf tells entries of a list apart: the rule of a vote needs its body
// beside its id.
func idOf(entry any) string {
	fields, _ := entry.(map[string]any)
	id, _ := fields["id"].(string)
	body, _ := fields["body"].(string)
	return joined("@", id, body)
}

// canonical is the one spelling of a value: JSON with sorted keys.
func canonical(value any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return bytes.TrimSpace(out.Bytes()), err
}

// fingerprint is the hash of what a pack decides by.
func fingerprint(h Header, body []byte) (string, error) {
	text, err := canonical(struct {
		ID, Kind, Name, Profile string
		From                    clock.Date
		Overlay, Citation       string
		Body                    json.RawMessage
	}{h.ID, h.Kind, h.Name, h.Profile, h.From, h.Overlay, h.Citation, body})
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}

// layHeader is the header of a common pack under a province's own.
func layHeader(base, over Header) Header {
	h := over
	h.ID = base.ID + "+" + over.ID
	h.Citation = joined("; ", base.Citation, over.Citation)
	h.Note = joined(" ", base.Note, over.Note)
	h.Warning = joined(" ", base.Warning, over.Warning)
	h.Gaps = append(append([]string{}, base.Gaps...), over.Gaps...)
	if weight[base.Standing] > weight[over.Standing] {
		h.Standing = base.Standing
	}
	if over.From.Before(base.From) {
		h.From = base.From
	}
	h.To = earlier(base.To, over.To)
	return h
}

func joined(by string, parts ...string) string {
	var said []string
	for _, part := range parts {
		if part != "" {
			said = append(said, part)
		}
	}
	return strings.Join(said, by)
}

// earlier is the first of two last days, where none means open.
func earlier(a, b clock.Date) clock.Date {
	if a.IsZero() || (!b.IsZero() && b.Before(a)) {
		return b
	}
	return a
}
