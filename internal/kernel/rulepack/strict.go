package rulepack

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// fault is something wrong at a place in a file.
type fault struct {
	line, column int
	text         string
}

func (f *fault) Error() string { return fmt.Sprintf("%d:%d: %s", f.line, f.column, f.text) }

func faultAt(node ast.Node, format string, args ...any) error {
	f := &fault{line: 1, column: 1, text: fmt.Sprintf(format, args...)}
	if token := node.GetToken(); token != nil && token.Position != nil {
		f.line, f.column = token.Position.Line, token.Position.Column
	}
	return f
}

// located turns an error of the YAML reader into a fault.
func located(err error) error {
	var known yaml.Error
	if !errors.As(err, &known) {
		return err
	}
	f := &fault{line: 1, column: 1, text: known.GetMessage()}
	if token := known.GetToken(); token != nil && token.Position != nil {
		f.line, f.column = token.Position.Line, token.Position.Column
	}
	return f
}

// parse reads one document and refuses what would make a pack mean something
// else than it shows: anchors, aliases, merge keys and tags.
func parse(text []byte) (ast.Node, error) {
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, located(err)
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		return nil, &fault{1, 1, "a file holds exactly one document"}
	}
	root := file.Docs[0].Body
	var plain plainOnly
	ast.Walk(&plain, root)
	return root, plain.err
}

type plainOnly struct{ err error }

func (p *plainOnly) Visit(node ast.Node) ast.Visitor {
	switch node.Type() {
	case ast.AnchorType, ast.AliasType, ast.MergeKeyType, ast.TagType:
		p.err = faultAt(node, "%s is not allowed in a pack", strings.ToLower(node.Type().String()))
		return nil
	}
	if p.err != nil {
		return nil
	}
	return p
}

// decodeStrict fills out from the node. Unlike the YAML reader alone it
// takes no number for a text, no text for a number, and no fraction for an
// integer.
func decodeStrict(node ast.Node, out any) error {
	if err := conforms(node, reflect.TypeOf(out).Elem()); err != nil {
		return err
	}
	return located(yaml.NodeToValue(node, out, yaml.Strict()))
}

var (
	textType = reflect.TypeFor[encoding.TextUnmarshaler]()
	nodeType = reflect.TypeFor[yaml.NodeUnmarshaler]()
)

// conforms compares the shape of a node with a Go type.
func conforms(node ast.Node, t reflect.Type) error {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch pointer := reflect.PointerTo(t); {
	case node.Type() == ast.NullType:
		return faultAt(node, "no value: leave the key out instead")
	case pointer.Implements(nodeType):
		return nil
	case pointer.Implements(textType):
		return wants(node, "a text", ast.StringType, ast.LiteralType)
	}
	switch t.Kind() {
	case reflect.Struct:
		return conformsStruct(node, t)
	case reflect.Map:
		return eachValue(node, func(_ string, value ast.Node) error { return conforms(value, t.Elem()) })
	case reflect.Slice:
		return conformsList(node, t.Elem())
	case reflect.String:
		return wants(node, "a text (quote it if it looks like a number)", ast.StringType, ast.LiteralType)
	case reflect.Bool:
		return wants(node, "true or false", ast.BoolType)
	case reflect.Int:
		return wants(node, "a whole number", ast.IntegerType)
	}
	return fmt.Errorf("a pack cannot hold a %s", t)
}

func wants(node ast.Node, what string, types ...ast.NodeType) error {
	if slices.Contains(types, node.Type()) {
		return nil
	}
	return faultAt(node, "want %s, have %s", what, strings.ToLower(node.Type().String()))
}

func conformsList(node ast.Node, element reflect.Type) error {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		return wants(node, "a list")
	}
	for _, item := range list.Values {
		if err := conforms(item, element); err != nil {
			return err
		}
	}
	return nil
}

func conformsStruct(node ast.Node, t reflect.Type) error {
	fields := fieldTypes(t)
	return eachValue(node, func(key string, value ast.Node) error {
		field, ok := fields[key]
		if !ok {
			return faultAt(value, "unknown key %q", key)
		}
		return conforms(value, field)
	})
}

// fieldTypes maps the keys of a struct to the types of their values.
func fieldTypes(t reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for _, f := range reflect.VisibleFields(t) {
		if name, _, _ := strings.Cut(f.Tag.Get("yaml"), ","); name != "" && f.IsExported() {
			fields[name] = f.Type
		}
	}
	return fields
}

// eachValue visits the entries of a mapping and refuses a key given twice.
func eachValue(node ast.Node, visit func(key string, value ast.Node) error) error {
	entries, err := mapping(node)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, entry := range entries {
		key := entry.Key.GetToken().Value
		if seen[key] {
			return faultAt(entry.Key, "key %q stands twice", key)
		}
		seen[key] = true
		if err := visit(key, entry.Value); err != nil {
			return err
		}
	}
	return nil
}

func mapping(node ast.Node) ([]*ast.MappingValueNode, error) {
	switch n := node.(type) {
	case *ast.MappingNode:
		return n.Values, nil
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}, nil
	}
	return nil, wants(node, "keys and values")
}

// child finds the value that a path of keys and indices leads to, or the
// last node on the way that exists.
func child(node ast.Node, path []any) ast.Node {
	for _, step := range path {
		next := stepInto(node, step)
		if next == nil {
			break
		}
		node = next
	}
	return node
}

func stepInto(node ast.Node, step any) ast.Node {
	if index, ok := step.(int); ok {
		if list, ok := node.(*ast.SequenceNode); ok && index < len(list.Values) {
			return list.Values[index]
		}
		return nil
	}
	entries, err := mapping(node)
	if err != nil {
		return nil
	}
	for _, entry := range entries {
		if entry.Key.GetToken().Value == step {
			return entry.Value
		}
	}
	return nil
}

// problems gathers what is wrong with the meaning of a body.
type problems struct{ found []problem }

type problem struct {
	path []any
	text string
}

// at is a path of keys and indices into a body.
func at(path ...any) []any { return path }

func (p *problems) add(path []any, format string, args ...any) {
	p.found = append(p.found, problem{slices.Clone(path), fmt.Sprintf(format, args...)})
}

// need notes an empty text.
func (p *problems) need(path []any, value string) {
	if strings.TrimSpace(value) == "" {
		p.add(path, "%v is missing", path[len(path)-1])
	}
}

// ids checks that entries of a list have distinct, non-empty ids.
func (p *problems) ids(path []any, list ...string) map[string]bool {
	seen := map[string]bool{}
	for i, id := range list {
		switch {
		case id == "":
			p.add(append(path, i), "id is missing")
		case seen[id]:
			p.add(append(path, i), "id %q stands twice", id)
		}
		seen[id] = true
	}
	return seen
}
