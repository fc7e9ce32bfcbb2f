package schema

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"

	"chibo/internal/platform/db"
)

// Constraint is something of a table that slows down loading it and can be made
// again afterwards: an index, or a reference to another table.
type Constraint struct {
	Table string
	// Eases: it makes reading quicker and refuses nothing.
	Eases bool
	name  string
	make  []string
	drop  string
}

var (
	tableText     = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\);`)
	referenceText = regexp.MustCompile(`(?m)^\s*(\w+)\s[^,\n]*\bREFERENCES (\w+) \((\w+)\)`)
	indexText     = regexp.MustCompile(`(?s)DROP INDEX (\w+);|CREATE (UNIQUE )?INDEX (\w+) ON (\w+) .*?;`)
	comment       = regexp.MustCompile(`--[^\n]*`)
)

// Constraints are the indexes and references of the tables, as the schema
// declares them; primary keys are not among them. SQLite keeps its references:
// it looks them up only at the commit.
func Constraints(d db.Dialect, tables []string) []Constraint {
	var list []Constraint
	names, _ := fs.Glob(files, "*.sql")
	for _, name := range names {
		raw, _ := files.ReadFile(name)
		text := comment.ReplaceAllString(string(raw), "")
		for _, m := range indexText.FindAllStringSubmatch(text, -1) {
			gone, unique, index, table := m[1], m[2] != "", m[3], m[4]
			if gone != "" {
				list = slices.DeleteFunc(list, func(c Constraint) bool { return c.name == gone })
			}
			if slices.Contains(tables, table) {
				again := strings.Replace(strings.TrimSuffix(m[0], ";"), "INDEX "+index, "INDEX IF NOT EXISTS "+index, 1)
				list = append(list, Constraint{table, !unique, index, []string{again}, "DROP INDEX IF EXISTS " + index})
			}
		}
		for _, m := range tableText.FindAllStringSubmatch(text, -1) {
			if slices.Contains(tables, m[1]) && d == db.Postgres {
				list = append(list, references(m[1], m[2])...)
			}
		}
	}
	return list
}

func references(table, columns string) (list []Constraint) {
	for _, m := range referenceText.FindAllStringSubmatch(columns, -1) {
		drop := fmt.Sprintf("ALTER TABLE %s DROP CONSTRAINT IF EXISTS %s_%s_fkey", table, table, m[1])
		again := fmt.Sprintf("ALTER TABLE %s ADD CONSTRAINT %s_%s_fkey FOREIGN KEY (%s) REFERENCES %s (%s)", table, table, m[1], m[1], m[2], m[3])
		list = append(list, Constraint{table, false, "", []string{drop, again}, drop})
	}
	return list
}

// Drop takes it away, where it is there.
func (c Constraint) Drop(tx *db.Tx) error {
	_, err := tx.Exec(c.drop)
	return err
}

// Make has it made, where it is not there. What the rows do not satisfy fails.
func (c Constraint) Make(tx *db.Tx) error {
	for _, statement := range c.make {
		if _, err := tx.Exec(statement); err != nil {
			return err
		}
	}
	return nil
}
