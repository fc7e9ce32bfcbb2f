package locales_test

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"chibo/internal/platform/i18n"
	"chibo/locales"
)

// keyPattern is the form of a whole key; a literal that ends in a dot is the
// beginning of one that is put together at run time, and is not checked here.
var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)

// TestEveryKeyThatTheProgramNamesHasAText reads the calls of package i18n and
// package errs in all Go sources (what templ generated is among them).
func TestEveryKeyThatTheProgramNamesHasAText(t *testing.T) {
	catalogue, err := locales.Load()
	if err != nil {
		t.Fatal(err)
	}
	named := keysInSources(t, "..")
	if len(named) < 20 {
		t.Fatalf("found only %d keys: the walk is broken", len(named))
	}
	for key, place := range named {
		if !catalogue.Language(i18n.Fallback).Has(key) {
			t.Errorf("%s: %s is not in locales/%s", place, key, i18n.Fallback)
		}
	}
}

// TestEnglishIsComplete names every message that an English reader would meet
// in Vietnamese.
func TestEnglishIsComplete(t *testing.T) {
	files, err := fs.Glob(locales.Files, path.Join(i18n.Fallback, "*.yaml"))
	if err != nil || len(files) < 20 {
		t.Fatalf("found only %d files: %v", len(files), err)
	}
	for _, file := range files {
		english := messages(t, path.Join("en", path.Base(file)))
		for key := range messages(t, file) {
			if english[key] == "" {
				t.Errorf("%s is not in locales/en", key)
			}
		}
	}
}

// messages are the texts of one file; none of a file that is not there.
func messages(t *testing.T, file string) map[string]string {
	t.Helper()
	content, err := fs.ReadFile(locales.Files, file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := yaml.Unmarshal(content, &texts); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return texts
}

func keysInSources(t *testing.T, root string) map[string]token.Position {
	t.Helper()
	named := map[string]token.Position{}
	positions := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return filepath.SkipDir
		case entry.IsDir(), !strings.HasSuffix(path, ".go"), strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(positions, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && takesKey(call, file.Name.Name) {
				for _, key := range literalKeys(call) {
					named[key] = positions.Position(call.Pos())
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return named
}

// takesKey reports a call of errs.X, i18n.X, the T of a language, or Add and
// Check of errs.Fields.
func takesKey(call *ast.CallExpr, pkg string) bool {
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		from, _ := fun.X.(*ast.Ident)
		switch {
		case from != nil && (from.Name == "errs" || from.Name == "i18n"):
			return true
		default:
			return fun.Sel.Name == "T" || fun.Sel.Name == "Add" || fun.Sel.Name == "Check"
		}
	case *ast.Ident:
		return fun.Name == "T" || pkg == "errs"
	}
	return false
}

func literalKeys(call *ast.CallExpr) []string {
	var keys []string
	for _, argument := range call.Args {
		literal, ok := argument.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			continue
		}
		if text, err := strconv.Unquote(literal.Value); err == nil && keyPattern.MatchString(text) {
			keys = append(keys, text)
		}
	}
	return keys
}
