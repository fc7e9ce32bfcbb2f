package rulepack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"chibo/internal/platform/clock"
)

// merge lays one body over another: keys of mappings are merged, entries of
// lists that carry an id or a body are merged by it and new ones come last,
// everything else is replaced. Neither body is changed.
func merge(base, over ast.Node) ast.Node {
	switch o := over.(type) {
	case *ast.MappingNode:
		if b, ok := base.(*ast.MappingNode); ok {
			return mergeKeys(b, o)
		}
	case *ast.SequenceNode:
		if b, ok := base.(*ast.SequenceNode); ok && identified(b) && identified(o) {
			return mergeEntries(b, o)
		}
	}
	return over
}

func mergeKeys(base, over *ast.MappingNode) ast.Node {
	out := slices.Clone(base.Values)
	for _, entry := range over.Values {
		i := slices.IndexFunc(out, func(e *ast.MappingValueNode) bool { return keyOf(e) == keyOf(entry) })
		if i < 0 {
			out = append(out, entry)
		} else {
			out[i] = ast.MappingValue(entry.Start, entry.Key, merge(out[i].Value, entry.Value))
		}
	}
	return ast.Mapping(over.Start, over.IsFlowStyle, out...)
}

func mergeEntries(base, over *ast.SequenceNode) ast.Node {
	out := ast.Sequence(over.Start, over.IsFlowStyle)
	out.Values = slices.Clone(base.Values)
	for _, entry := range over.Values {
		i := slices.IndexFunc(out.Values, func(e ast.Node) bool { return idOf(e) == idOf(entry) })
		if i < 0 {
			out.Values = append(out.Values, entry)
		} else {
			out.Values[i] = merge(out.Values[i], entry)
		}
	}
	return out
}

func identified(list *ast.SequenceNode) bool {
	return len(list.Values) > 0 && !slices.ContainsFunc(list.Values, func(n ast.Node) bool { return idOf(n) == "" })
}

// idOf tells entries of a list apart: the rule of a vote needs its body
// beside its id.
func idOf(entry ast.Node) string {
	return joined("@", textAt(entry, "id"), textAt(entry, "body"))
}

func textAt(node ast.Node, key string) string {
	if text, ok := stepInto(node, key).(*ast.StringNode); ok {
		return text.Value
	}
	return ""
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
func fingerprint(h Header, content ast.Node) (string, error) {
	body, err := plain(content)
	if err != nil {
		return "", err
	}
	text, err := canonical(struct {
		ID, Kind, Name, Profile string
		From                    clock.Date
		Overlay, Citation       string
		Body                    any
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
