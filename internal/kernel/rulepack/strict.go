package rulepack

import (
	"encoding"
	"errors"
	"fmt"
	"math"
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

// decodeStrict fills out from the node. The YAML library's own decoder takes a
// number for a text, a text for a number and cuts fractions; a rule may not
// be read so generously.
func decodeStrict(node ast.Node, out any) error {
	return assign(node, reflect.ValueOf(out).Elem())
}

// assign sets a Go value from a node of exactly its shape.
func assign(node ast.Node, out reflect.Value) error {
	if node.Type() == ast.NullType {
		return faultAt(node, "no value: leave the key out instead")
	}
	if own, ok := out.Addr().Interface().(yaml.NodeUnmarshaler); ok {
		return own.UnmarshalYAML(node)
	}
	if own, ok := out.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return assignText(node, own)
	}
	switch out.Kind() {
	case reflect.Pointer:
		out.Set(reflect.New(out.Type().Elem()))
		return assign(node, out.Elem())
	case reflect.Struct:
		return assignStruct(node, out)
	case reflect.Map:
		return assignMap(node, out)
	case reflect.Slice:
		return assignList(node, out)
	case reflect.String, reflect.Bool, reflect.Int:
		return assignScalar(node, out)
	}
	return fmt.Errorf("a pack cannot hold a %s", out.Type())
}

func assignScalar(node ast.Node, out reflect.Value) error {
	var err error
	switch out.Kind() {
	case reflect.Bool:
		err = wants(node, "true or false", ast.BoolType)
	case reflect.Int:
		err = wants(node, "a whole number", ast.IntegerType)
	default:
		err = wants(node, "a text (quote it if it looks like a number)", ast.StringType, ast.LiteralType)
	}
	if err != nil {
		return err
	}
	value, err := plain(node)
	if err == nil {
		out.Set(reflect.ValueOf(value).Convert(out.Type()))
	}
	return err
}

func assignText(node ast.Node, out encoding.TextUnmarshaler) error {
	if err := wants(node, "a text", ast.StringType, ast.LiteralType); err != nil {
		return err
	}
	if err := out.UnmarshalText([]byte(textOf(node))); err != nil {
		return faultAt(node, "%v", err)
	}
	return nil
}

func assignStruct(node ast.Node, out reflect.Value) error {
	return eachValue(node, func(key string, value ast.Node) error {
		index := fieldOf(out.Type(), key)
		if index < 0 {
			return faultAt(value, "unknown key %q", key)
		}
		return assign(value, out.Field(index))
	})
}

func assignMap(node ast.Node, out reflect.Value) error {
	out.Set(reflect.MakeMap(out.Type()))
	return eachValue(node, func(key string, value ast.Node) error {
		entry := reflect.New(out.Type().Elem()).Elem()
		out.SetMapIndex(reflect.ValueOf(key), entry)
		if err := assign(value, entry); err != nil {
			return err
		}
		out.SetMapIndex(reflect.ValueOf(key), entry)
		return nil
	})
}

func assignList(node ast.Node, out reflect.Value) error {
	list, ok := node.(*ast.SequenceNode)
	if !ok {
		return wants(node, "a list")
	}
	out.Set(reflect.MakeSlice(out.Type(), len(list.Values), len(list.Values)))
	for i, item := range list.Values {
		if err := assign(item, out.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// fieldOf is the index of the field that a key fills, or -1.
func fieldOf(t reflect.Type, key string) int {
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("yaml") == key {
			return i
		}
	}
	return -1
}

func wants(node ast.Node, what string, types ...ast.NodeType) error {
	if slices.Contains(types, node.Type()) {
		return nil
	}
	return faultAt(node, "want %s, have %s", what, strings.ToLower(node.Type().String()))
}

// plain is a node as maps, lists, texts, whole numbers and truths.
func plain(node ast.Node) (any, error) {
	switch n := node.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		return textOf(node), nil
	case *ast.BoolNode:
		return n.Value, nil
	case *ast.IntegerNode:
		return wholeNumber(n)
	case *ast.SequenceNode:
		list := make([]any, len(n.Values))
		for i, item := range n.Values {
			value, err := plain(item)
			if err != nil {
				return nil, err
			}
			list[i] = value
		}
		return list, nil
	}
	if node.Type() == ast.FloatType {
		return nil, faultAt(node, "a pack holds no fractions")
	}
	fields := map[string]any{}
	return fields, eachValue(node, func(key string, node ast.Node) error {
		value, err := plain(node)
		fields[key] = value
		return err
	})
}

func wholeNumber(n *ast.IntegerNode) (int, error) {
	switch v := n.Value.(type) {
	case int64:
		return int(v), nil
	case uint64:
		if v <= math.MaxInt {
			return int(v), nil
		}
	}
	return 0, faultAt(n, "%v is out of range", n.Value)
}

func textOf(node ast.Node) string {
	if literal, ok := node.(*ast.LiteralNode); ok {
		return literal.Value.Value
	}
	return node.(*ast.StringNode).Value
}

// eachValue visits the entries of a mapping and refuses a key given twice.
func eachValue(node ast.Node, visit func(key string, value ast.Node) error) error {
	entries, err := mapping(node)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, entry := range entries {
		key := keyOf(entry)
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

func keyOf(entry *ast.MappingValueNode) string { return entry.Key.GetToken().Value }

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
		if keyOf(entry) == step {
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
