package api_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// pagesAlone are verbs that pages call and the API has not, by the reason.
var pagesAlone = map[string]string{
	"a ceremony between a browser, or a device that it speaks for, and the page that began it": `account.AddAuthenticator
		account.AddPasskey account.BeginOwn account.BeginSecond account.ChallengeToAdd account.ChangePassword account.FinishSecond
		account.ForgetPIN account.KeepPIN account.KeepRecoveryCodes account.Link account.OfferAuthenticator account.OfferedAgain
		account.ProveAgain`,
	"takes away what one signs in with, after proving it again in the browser": `account.RemoveAuthenticator account.RemovePasskey account.Unlink`,
	"what every request does by itself":                                        `account.Touch`,
	"founds an empty installation, before there is anybody to ask":             `founding.Begin`,
	"the choice on the page of an appointment, for who reads no members":       `member.Officials`,
	"the words for what an operation names by id":                              `reorganisation.UnitNames`,
	"one person's line of what the transfers of each plan tell":                `reorganisation.Moves`,
	"the choice in a form where the units are too many for a list":             `unit.Seek reorganisation.SeekBodies reorganisation.SeekTargets`,
	"the right itself, for which every operation of it asks":                   `upkeep.Require`,
}

func excepted() map[string]bool {
	list := map[string]bool{}
	for _, verbs := range pagesAlone {
		for verb := range strings.FieldsSeq(verbs) {
			list[verb] = true
		}
	}
	return list
}

var verbForm = regexp.MustCompile(`^[a-z]+\.[A-Z][A-Za-z]*$`)

// TestEveryVerbOfThePagesHasAnOperation reads the sources: a verb is a function
// of the domain that takes a transaction and an actor.
func TestEveryVerbOfThePagesHasAnOperation(t *testing.T) {
	verbs, named := map[string]bool{}, map[string]bool{}
	sources(t, "../domain", func(file *ast.File) {
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && isVerb(f) {
				verbs[file.Name.Name+"."+f.Name.Name] = true
			}
		}
	})
	sources(t, ".", func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, err := strconv.Unquote(l.Value); err == nil && verbForm.MatchString(text) {
					named[text] = true
				}
			}
			return true
		})
	})
	if len(verbs) < 100 || len(named) < 100 {
		t.Fatalf("found %d verbs and %d operations: the walk is broken", len(verbs), len(named))
	}
	called := map[string]bool{}
	sources(t, "../web", func(file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				if from, ok := s.X.(*ast.Ident); ok {
					called[from.Name+"."+s.Sel.Name] = true
				}
			}
			return true
		})
	})
	alone := excepted()
	for verb := range called {
		if verbs[verb] && !named[verb] && !alone[verb] {
			t.Errorf("pages call %s, and the API has no operation for it", verb)
		}
	}
	for verb := range alone {
		if named[verb] || !called[verb] {
			t.Errorf("%s is excepted, and has an operation or is called by no page", verb)
		}
	}
}

func isVerb(f *ast.FuncDecl) bool {
	if f.Recv != nil || !f.Name.IsExported() || len(f.Type.Params.List) < 2 {
		return false
	}
	by, ok := f.Type.Params.List[1].Type.(*ast.SelectorExpr)
	return ok && by.Sel.Name == "Actor"
}

// sources reads the Go files below a folder, tests and generated ones left out.
func sources(t *testing.T, root string, read func(*ast.File)) {
	t.Helper()
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_gen.go") {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err == nil {
			read(file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
