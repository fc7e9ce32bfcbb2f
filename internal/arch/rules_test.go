package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

type layer struct {
	name string
	dirs []string
}

type exception struct {
	why   string
	reads bool
	funcs []string
}

// pkg is one folder of Go files, tests left out.
type pkg struct {
	dir   string
	name  string
	files []*ast.File
	lines int
}

const module = "chibo/"

// rules are what the test holds every package to.
var rules = map[string]func(p pkg, tables []string) []string{
	"direction": direction, "neighbours": neighbours, "purity": purity, "tables": tableOwners, "actor": actors, "manners": manners, "sql": sql,
}

func TestMap(t *testing.T) {
	pkgs, tables := readTree(t, "../..")
	if len(pkgs) < 25 || len(tables) < 20 {
		t.Fatalf("found %d packages and %d tables: the walk is broken", len(pkgs), len(tables))
	}
	for _, p := range pkgs {
		t.Logf("%6d lines %3d files  %s", p.lines, len(p.files), p.dir)
		for name, rule := range rules {
			for _, fault := range rule(p, tables) {
				t.Errorf("%s: %s", name, fault)
			}
		}
	}
	for _, table := range tables {
		if owner(table) == "" {
			t.Errorf("tables: %s has no owner in map_test.go", table)
		}
	}
	for _, stale := range staleExceptions(pkgs) {
		t.Errorf("actor: %s is excepted in map_test.go and does not exist", stale)
	}
}

// direction: imports run from the later layers to the earlier.
func direction(p pkg, _ []string) (faults []string) {
	if forTests(p.dir) {
		return nil
	}
	mine := rank(p.dir)
	if mine < 0 {
		return []string{p.dir + " lies on no layer"}
	}
	for _, to := range p.own() {
		switch {
		case forTests(to):
			faults = append(faults, fmt.Sprintf("%s imports %s, which is for tests", p.dir, to))
		case rank(to) > mine:
			faults = append(faults, fmt.Sprintf("%s (%s) imports %s (%s)", p.dir, layers[mine].name, to, layers[rank(to)].name))
		}
	}
	return faults
}

func forTests(dir string) bool {
	return within(dir, "internal/testkit") || within(dir, "internal/arch")
}

func within(dir, folder string) bool { return dir == folder || strings.HasPrefix(dir, folder+"/") }

func rank(dir string) int {
	return slices.IndexFunc(layers, func(l layer) bool {
		return slices.ContainsFunc(l.dirs, func(folder string) bool { return within(dir, folder) })
	})
}

// neighbours: inside a folder, a package imports those before it in the list.
func neighbours(p pkg, _ []string) (faults []string) {
	for folder, list := range order {
		mine, known := place(p.dir, folder, list)
		if !known {
			continue
		}
		if mine < 0 {
			faults = append(faults, p.dir+" has no place in the order of map_test.go")
			continue
		}
		for _, to := range p.own() {
			theirs, known := place(to, folder, list)
			if known && theirs >= mine && noun(to, folder) != noun(p.dir, folder) {
				faults = append(faults, fmt.Sprintf("%s imports its neighbour %s", p.dir, to))
			}
		}
	}
	return faults
}

// noun is the first folder below: a package and those inside it are one noun.
func noun(dir, folder string) string {
	first, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimPrefix(dir, folder), "/"), "/")
	return first
}

func place(dir, folder string, list []string) (at int, known bool) {
	if !within(dir, folder) {
		return 0, false
	}
	if at = slices.Index(list, noun(dir, folder)); at < 0 {
		at = slices.Index(list, featurePages)
	}
	return at, true
}

// purity: the business knows no network, disk, database driver or log.
func purity(p pkg, _ []string) (faults []string) {
	if !slices.ContainsFunc(pure, func(folder string) bool { return within(p.dir, folder) }) {
		return nil
	}
	for _, to := range p.imports() {
		if slices.ContainsFunc(impure, func(bad string) bool { return within(to, bad) }) {
			faults = append(faults, fmt.Sprintf("%s imports %s", p.dir, to))
		}
	}
	return faults
}

var sqlName = regexp.MustCompile(`\b(INSERT INTO|DELETE FROM|UPDATE|FROM|JOIN)\s+([a-z_]+)`)

// tableOwners: a table is named in the SQL of one package.
func tableOwners(p pkg, tables []string) (faults []string) {
	p.each(func(n ast.Node) {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return
		}
		for _, m := range sqlName.FindAllStringSubmatch(literal.Value, -1) {
			verb, table := m[1], m[2]
			reads := verb == "FROM" || verb == "JOIN"
			if slices.Contains(tables, table) && owner(table) != p.dir && !(reads && mayRead(p.dir, table)) {
				faults = append(faults, fmt.Sprintf("%s: %s %s, which belongs to %s", p.dir, verb, table, owner(table)))
			}
		}
	})
	return faults
}

func owner(table string) string {
	if exact, ok := owners[table]; ok {
		return exact
	}
	for prefix, dir := range owners {
		if strings.HasSuffix(prefix, "_") && strings.HasPrefix(table, prefix) {
			return dir
		}
	}
	return ""
}

func mayRead(dir, table string) bool {
	for reader, list := range readers {
		if within(dir, reader) && (slices.Contains(list, table) || slices.Contains(list, anyTable)) {
			return true
		}
	}
	return false
}

// actors: what takes a transaction says on whose behalf.
func actors(p pkg, _ []string) (faults []string) {
	if !within(p.dir, "internal/domain") {
		return nil
	}
	p.each(func(n ast.Node) {
		fn, ok := n.(*ast.FuncDecl)
		if !ok || fn.Recv != nil || !fn.Name.IsExported() {
			return
		}
		types := parameters(fn)
		if len(types) == 0 || types[0] != "*db.Tx" || len(types) > 1 && types[1] == "access.Actor" {
			return
		}
		name := p.name + "." + fn.Name.Name
		switch why, excepted := exceptionFor(name); {
		case !excepted:
			faults = append(faults, name+" takes a transaction and no access.Actor")
		case why.reads && writes(fn):
			faults = append(faults, name+" is excepted because it reads, and it writes")
		}
	})
	return faults
}

func parameters(fn *ast.FuncDecl) (types []string) {
	for _, field := range fn.Type.Params.List {
		for range max(1, len(field.Names)) {
			types = append(types, typeText(field.Type))
		}
	}
	return types
}

func typeText(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return "*" + typeText(e.X)
	case *ast.SelectorExpr:
		return typeText(e.X) + "." + e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return "?"
}

func exceptionFor(name string) (exception, bool) {
	i := slices.IndexFunc(withoutActor, func(e exception) bool { return slices.Contains(e.funcs, name) })
	if i < 0 {
		return exception{}, false
	}
	return withoutActor[i], true
}

// writes reports a call of tx.Exec, tx.Change or journal.Write.
func writes(fn *ast.FuncDecl) (found bool) {
	ast.Inspect(fn, func(n ast.Node) bool {
		if call, ok := n.(*ast.SelectorExpr); ok {
			found = found || slices.Contains([]string{"tx.Exec", "tx.Change", "journal.Write"}, typeText(call))
		}
		return true
	})
	return found
}

func staleExceptions(pkgs []pkg) (stale []string) {
	there := map[string]bool{}
	for _, p := range pkgs {
		p.each(func(n ast.Node) {
			if fn, ok := n.(*ast.FuncDecl); ok && within(p.dir, "internal/domain") {
				there[p.name+"."+fn.Name.Name] = true
			}
		})
	}
	for _, e := range withoutActor {
		for _, name := range e.funcs {
			if !there[name] {
				stale = append(stale, name)
			}
		}
	}
	return stale
}

// manners: nothing happens before main, and names say something.
func manners(p pkg, _ []string) (faults []string) {
	if slices.Contains(nameless, p.name) || slices.Contains(nameless, path.Base(p.dir)) {
		faults = append(faults, p.dir+": the name says nothing")
	}
	p.each(func(n ast.Node) {
		if fn, ok := n.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
			faults = append(faults, p.dir+" has an init function")
		}
	})
	return faults
}

// imports are all paths that the package imports, own only those of the
// program, as folders.
func (p pkg) imports() (list []string) {
	for _, file := range p.files {
		for _, spec := range file.Imports {
			to, _ := strconv.Unquote(spec.Path.Value)
			list = append(list, to)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (p pkg) own() (list []string) {
	for _, to := range p.imports() {
		if dir, ok := strings.CutPrefix(to, module); ok {
			list = append(list, dir)
		}
	}
	return list
}

// each visits every node of every file.
func (p pkg) each(visit func(ast.Node)) {
	for _, file := range p.files {
		ast.Inspect(file, func(n ast.Node) bool {
			visit(n)
			return true
		})
	}
}

func readTree(t *testing.T, root string) (list []pkg, tables []string) {
	t.Helper()
	sources := map[string]string{}
	for _, top := range []string{"cmd", "internal", "rulepacks", "locales"} {
		if err := filepath.WalkDir(filepath.Join(root, top), func(at string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && entry.Name() == "testdata" {
				return filepath.SkipDir
			}
			if ext := filepath.Ext(at); ext == ".go" && !strings.HasSuffix(at, "_test.go") || ext == ".sql" {
				text, err := os.ReadFile(at)
				name, _ := filepath.Rel(root, at)
				sources[filepath.ToSlash(name)] = string(text)
				return err
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	return parse(t, sources)
}

var createTable = regexp.MustCompile(`CREATE TABLE ([a-z_]+)`)

func parse(t *testing.T, sources map[string]string) (list []pkg, tables []string) {
	t.Helper()
	byDir := map[string]*pkg{}
	for name, text := range sources {
		if strings.HasSuffix(name, ".sql") {
			for _, m := range createTable.FindAllStringSubmatch(text, -1) {
				tables = append(tables, m[1])
			}
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		dir := path.Dir(name)
		if byDir[dir] == nil {
			byDir[dir] = &pkg{dir: dir, name: file.Name.Name}
		}
		byDir[dir].files = append(byDir[dir].files, file)
		byDir[dir].lines += strings.Count(text, "\n")
	}
	for _, p := range byDir {
		list = append(list, *p)
	}
	slices.SortFunc(list, func(a, b pkg) int { return strings.Compare(a.dir, b.dir) })
	slices.Sort(tables)
	return list, tables
}
