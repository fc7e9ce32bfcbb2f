package schema_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/schema"
	"chibo/internal/testkit"
)

func TestApplyTwice(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		if err := schema.Apply(t.Context(), k.DB); err != nil {
			t.Fatal(err)
		}
		at, err := schema.Version(t.Context(), k.DB)
		if err != nil || at != schema.Newest() || at < 2 {
			t.Errorf("version %d, %v, newest %d", at, err, schema.Newest())
		}
	})
}

// Three processes that start together on an empty database all find it ready.
func TestProcessesThatStartTogether(t *testing.T) {
	address := testkit.EmptyPostgres(t)
	var all sync.WaitGroup
	for range 3 {
		d, err := db.Open(t.Context(), address, db.Options{Connections: 2})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = d.Close() })
		all.Go(func() {
			if err := schema.Apply(context.Background(), d); err != nil {
				t.Error(err)
			}
			if at, err := schema.Version(context.Background(), d); err != nil || at != schema.Newest() {
				t.Errorf("version %d, %v, newest %d", at, err, schema.Newest())
			}
		})
	}
	all.Wait()
}

// The schema may be asked for while transactions run: a readiness check does.
func TestVersionBesideTransactions(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		k.Update(func(*db.Tx) error { return nil })
		if _, err := schema.Version(t.Context(), k.DB); err != nil {
			t.Error(err)
		}
	})
}

func TestNewerDatabaseIsRefused(t *testing.T) {
	testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
		if _, err := k.DB.Pool().Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES ($1, TRUE)`, schema.Newest()+1); err != nil {
			t.Fatal(err)
		}
		err := schema.Apply(t.Context(), k.DB)
		testkit.Want(t, err, errs.Unavailable)
		if e, _ := errs.As(err); e == nil || e.Message.Key != "errs.newer_database" {
			t.Errorf("said %v", err)
		}
	})
}

// column is what both engines must agree on. SQLite keeps the declared type,
// PostgreSQL answers with its own name for it.
type column struct{ table, name, kind, required string }

func TestBothEnginesHaveTheSameColumns(t *testing.T) {
	found := map[db.Dialect][]string{}
	t.Run("engines", func(t *testing.T) {
		testkit.Each(t, func(t *testing.T, k *testkit.Kit) {
			list := columns(t, k)
			t.Cleanup(func() { found[k.DB.Dialect()] = list })
		})
	})
	lite, post := found[db.SQLite], found[db.Postgres]
	if len(lite) == 0 {
		t.Fatal("no columns found")
	}
	if post == nil {
		t.Skip("CHIBO_TEST_POSTGRES is not set")
	}
	for _, c := range lite {
		if !slices.Contains(post, c) {
			t.Errorf("only in SQLite: %s", c)
		}
	}
	for _, c := range post {
		if !slices.Contains(lite, c) {
			t.Errorf("only in PostgreSQL: %s", c)
		}
	}
}

func columns(t *testing.T, k *testkit.Kit) (list []string) {
	query := `SELECT m.name, p.name, CASE WHEN p.pk = 1 AND p.type = 'INTEGER' THEN 'BIGINT' ELSE p.type END, CASE WHEN p."notnull" = 1 OR p.pk > 0 THEN 'required' ELSE '' END
		FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`
	if k.DB.Dialect() == db.Postgres {
		query = `SELECT table_name, column_name, data_type, CASE WHEN is_nullable = 'NO' THEN 'required' ELSE '' END
			FROM information_schema.columns WHERE table_schema = 'public'`
	}
	if err := k.DB.View(context.Background(), func(tx *db.Tx) error {
		return db.Each(tx, func(row db.Row) (c column, err error) {
			return c, row.Scan(&c.table, &c.name, &c.kind, &c.required)
		}, func(c column) error {
			if c.table != "goose_db_version" {
				list = append(list, strings.TrimSpace(fmt.Sprintf("%s.%s %s %s", c.table, c.name, strings.ToLower(c.kind), c.required)))
			}
			return nil
		}, query)
	}); err != nil {
		t.Fatal(err)
	}
	return list
}

// On SQLite a key of one number is where the row lies, not an index beside it.
func TestNumbersAreWhereRowsLie(t *testing.T) {
	k := testkit.SQLite(t)
	k.View(func(tx *db.Tx) error {
		beside, err := db.All(tx, db.Column[string], `SELECT m.name FROM sqlite_master m JOIN pragma_index_list(m.name) i ON i.origin = 'pk'
			JOIN pragma_index_info(i.name) c ON TRUE JOIN pragma_table_info(m.name) t ON t.name = c.name
			WHERE m.type = 'table' GROUP BY m.name HAVING count(*) = 1 AND max(t.type) <> 'TEXT'`)
		if len(beside) > 0 {
			t.Errorf("tables with their key beside them: %v", beside)
		}
		return err
	})
}

// The indexes that can be taken away and made again are those that the database
// has by now, not those that a later file did away with.
func TestIndexesComeBackAsTheyWere(t *testing.T) {
	k := testkit.SQLite(t)
	k.Update(func(tx *db.Tx) error {
		indexes := func() []string {
			list, err := db.All(tx, db.Column[string], `SELECT name || ' ' || replace(sql, ' IF NOT EXISTS', '') FROM sqlite_master
				WHERE type = 'index' AND sql IS NOT NULL ORDER BY name`)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		tables, err := schema.Tables(tx)
		if err != nil {
			return err
		}
		var names []string
		for _, table := range tables {
			names = append(names, table.Name)
		}
		before, constraints := indexes(), schema.Constraints(db.SQLite, names)
		for _, c := range constraints {
			if err := c.Drop(tx); err != nil {
				return err
			}
		}
		if left := indexes(); len(before) == 0 || len(left) > 0 {
			t.Errorf("of %d indexes %v cannot be taken away", len(before), left)
		}
		for _, c := range constraints {
			if err := c.Make(tx); err != nil {
				return err
			}
		}
		if after := indexes(); !slices.Equal(after, before) {
			t.Errorf("made again\n%s\nof\n%s", strings.Join(after, "\n"), strings.Join(before, "\n"))
		}
		return nil
	})
}
