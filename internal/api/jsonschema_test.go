package api_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// faults are where a value breaks a schema of the document. It knows what our
// document uses of JSON Schema, reads the document as any client would, and
// fails on a word that it does not know.
func (d *document) faults(at string, schema map[string]any, value any) (list []string) {
	if ref, ok := schema["$ref"].(string); ok {
		name := strings.TrimPrefix(ref, "#/components/schemas/")
		return d.faults(at, d.raw["components"].(map[string]any)["schemas"].(map[string]any)[name].(map[string]any), value)
	}
	for word := range schema {
		if !slices.Contains(known, word) {
			list = append(list, fmt.Sprintf("%s: the schema says %q", at, word))
		}
	}
	if enum, ok := schema["enum"].([]any); ok && !slices.Contains(enum, value) {
		list = append(list, fmt.Sprintf("%s: %v is none of %v", at, value, enum))
	}
	switch kind := kindOf(schema["type"], value); kind {
	case "object":
		return append(list, d.objectFaults(at, schema, value)...)
	case "array":
		return append(list, d.arrayFaults(at, schema, value)...)
	case "string":
		return append(list, stringFaults(at, schema, value)...)
	case "integer":
		if n, ok := value.(float64); !ok || n != float64(int64(n)) {
			list = append(list, fmt.Sprintf("%s: %v is no integer", at, value))
		}
	case "number":
		if _, ok := value.(float64); !ok {
			list = append(list, fmt.Sprintf("%s: %v is no number", at, value))
		}
	case "boolean":
		if _, ok := value.(bool); !ok {
			list = append(list, fmt.Sprintf("%s: %v is no boolean", at, value))
		}
	}
	return list
}

var known = []string{
	"type", "properties", "required", "additionalProperties", "items", "enum", "format", "pattern", "description", "minimum", "maximum",
	"default", "examples", "minItems", "maxItems", "contentEncoding",
}

// kindOf is the kind of value that is asked for; one that may also be null is
// not asked for when it is.
func kindOf(kind, value any) string {
	switch k := kind.(type) {
	case string:
		return k
	case []any:
		if value == nil && slices.Contains(k, "null") {
			return ""
		}
		first, _ := k[0].(string)
		return first
	}
	return ""
}

func (d *document) objectFaults(at string, schema map[string]any, value any) (list []string) {
	object, ok := value.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s: %v is no object", at, value)}
	}
	properties, _ := schema["properties"].(map[string]any)
	required, _ := schema["required"].([]any)
	for _, name := range required {
		if _, ok := object[name.(string)]; !ok {
			list = append(list, fmt.Sprintf("%s: %v is missing", at, name))
		}
	}
	for name, inside := range object {
		property, ok := properties[name].(map[string]any)
		if !ok {
			if property, ok = schema["additionalProperties"].(map[string]any); !ok {
				list = append(list, fmt.Sprintf("%s: %s is not in the schema", at, name))
				continue
			}
		}
		list = append(list, d.faults(at+"."+name, property, inside)...)
	}
	return list
}

func (d *document) arrayFaults(at string, schema map[string]any, value any) (list []string) {
	array, ok := value.([]any)
	if !ok {
		return []string{fmt.Sprintf("%s: %v is no array", at, value)}
	}
	for i, inside := range array {
		list = append(list, d.faults(fmt.Sprintf("%s[%d]", at, i), schema["items"].(map[string]any), inside)...)
	}
	return list
}

func stringFaults(at string, schema map[string]any, value any) (list []string) {
	text, ok := value.(string)
	if !ok {
		return []string{fmt.Sprintf("%s: %v is no string", at, value)}
	}
	if pattern, ok := schema["pattern"].(string); ok && !regexp.MustCompile(pattern).MatchString(text) {
		list = append(list, fmt.Sprintf("%s: %q has not the form %s", at, text, pattern))
	}
	layout := map[any]string{"date-time": time.RFC3339Nano, "date": time.DateOnly}[schema["format"]]
	if _, err := time.Parse(layout, text); layout != "" && err != nil {
		list = append(list, fmt.Sprintf("%s: %v", at, err))
	}
	return list
}
