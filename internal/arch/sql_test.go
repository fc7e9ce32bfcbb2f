package arch

import (
	"go/ast"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// unportable is SQL that SQLite, CockroachDB or YugabyteDB lacks, or answers
// otherwise than PostgreSQL. docs/scale.md says what each of them is.
var unportable = []struct {
	text *regexp.Regexp
	why  string
}{
	{word(`pg_\w+|regclass|ctid|xmin`), "PostgreSQL's own catalogue, which CockroachDB has in part"},
	{word(`LISTEN|NOTIFY|UNLISTEN`), "CockroachDB has no notifications"},
	{word(`CREATE TRIGGER|CREATE FUNCTION|CREATE PROCEDURE|CREATE EXTENSION|CREATE RULE|DO \$`), "what runs inside the server differs from one to the next"},
	{word(`DEFERRABLE|INITIALLY DEFERRED`), "CockroachDB checks every constraint at once"},
	{word(`EXCLUDE USING|USING (gin|gist|brin|hash)`), "kinds of indexes that not all have"},
	{word(`TEMP|TEMPORARY|UNLOGGED|INHERITS|TABLESPACE`), "tables that CockroachDB has only as an experiment, or not"},
	{word(`LOCK TABLE|FOR UPDATE|FOR SHARE`), "SQLite has no locks on rows; serialisable transactions need none"},
	{word(`SERIAL|BIGSERIAL|GENERATED|NEXTVAL|AUTOINCREMENT|IDENTITY`), "numbers given by the server make one hot row, or gaps, on a distributed engine"},
	{word(`MONEY|XML|INTERVAL|JSONB?|POINT|TSVECTOR`), "types that differ"},
	{word(`ILIKE|SIMILAR TO|DISTINCT ON|LATERAL|TABLESAMPLE|GROUPING SETS|CUBE|ROLLUP`), "not in SQLite"},
	{word(`MERGE INTO|TRUNCATE|VACUUM|CLUSTER|REINDEX|DECLARE|FETCH`), "statements that differ"},
}

func word(choices string) *regexp.Regexp {
	return regexp.MustCompile(`(?i)(^|[^\w.])(` + choices + `)($|[^\w])`)
}

// asking is how a text begins that is SQL.
var asking = regexp.MustCompile(`^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER|DROP|EXISTS)\b`)

// sql: one text for SQLite and PostgreSQL, within what distributed engines that
// speak PostgreSQL's language understand.
func sql(p pkg, _ []string) (faults []string) {
	if p.dir == "internal/platform/job" || forTests(p.dir) {
		return nil // on PostgreSQL a job passes over what another process holds
	}
	p.each(func(n ast.Node) {
		if text, ok := n.(*ast.BasicLit); ok && text.Kind == token.STRING {
			if said, err := strconv.Unquote(text.Value); err == nil && asking.MatchString(said) {
				faults = append(faults, unportableIn(p.dir, said)...)
			}
		}
	})
	return faults
}

func unportableIn(where, text string) (faults []string) {
	for _, u := range unportable {
		if found := u.text.FindStringSubmatch(text); found != nil {
			faults = append(faults, where+" says "+strings.ToUpper(found[2])+": "+u.why)
		}
	}
	return faults
}

func TestTheSchemaStaysPortable(t *testing.T) {
	files, err := filepath.Glob("../schema/*.sql")
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	comment := regexp.MustCompile(`--.*`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range unportableIn(filepath.Base(file), comment.ReplaceAllString(string(text), "")) {
			t.Error(fault)
		}
	}
}
