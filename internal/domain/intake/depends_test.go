package intake

import (
	"slices"
	"testing"

	"chibo/internal/platform/db"
	"chibo/internal/schema"
	"chibo/internal/testkit"
)

// harmless are the tables whose rows about a person go with what the import made,
// or say what somebody did who could sign in.
var harmless = []string{"journal", "journal_read", "person_file", "person_status", "person_unit", "intake", "sent_form"}

// TestNothingThatDependsIsForgotten holds the list of references against the
// tables: what names a member is counted before an import is taken back, needs
// an account first, or is known to be harmless.
func TestNothingThatDependsIsForgotten(t *testing.T) {
	k := testkit.SQLite(t)
	var tables []schema.Table
	k.View(func(tx *db.Tx) (err error) {
		tables, err = schema.Tables(tx)
		return err
	})
	for _, r := range slices.Concat(references[Members], references[Units]) {
		at := slices.IndexFunc(tables, func(table schema.Table) bool { return table.Name == r.table })
		if at < 0 || !slices.Contains(tables[at].Columns, r.column) {
			t.Errorf("there is no %s.%s", r.table, r.column)
		}
		if !slices.Contains(dependentWords, r.what) {
			t.Errorf("%q is told to nobody", r.what)
		}
	}
	for _, table := range tables {
		if slices.Contains(table.Columns, "person_id") && !isCounted(table.Name) && !slices.Contains(harmless, table.Name) && !afterAccount(table.Name) {
			t.Errorf("%s names people: count it in depends.go, or say here why not", table.Name)
		}
	}
}

func isCounted(table string) bool {
	return slices.ContainsFunc(references[Members], func(r reference) bool { return r.table == table })
}

// afterAccount: only whoever can sign in, or is on a roll, comes into these.
func afterAccount(table string) bool {
	for _, prefix := range []string{"account_", "delivery", "api_", "meeting_", "task_", "resolution_", "minutes_", "factor", "oidc", "sso", "push"} {
		if len(table) >= len(prefix) && table[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}
