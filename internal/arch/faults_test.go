package arch

import (
	"slices"
	"strings"
	"testing"
)

// TestPlantedFaults proves of each rule that it catches what it should, and
// only that.
func TestPlantedFaults(t *testing.T) {
	const verbs = "package meeting\n import (\"chibo/internal/platform/db\"; \"chibo/internal/kernel/access\")\n"
	for _, c := range []struct{ name, file, text, rule, want string }{
		{"kernel imports domain", "internal/kernel/journal/a.go", `package journal; import _ "chibo/internal/domain/unit"`, "direction", "imports internal/domain/unit"},
		{"platform imports kernel", "internal/platform/db/a.go", `package db; import _ "chibo/internal/kernel/access"`, "direction", "imports internal/kernel/access"},
		{"domain imports web", "internal/domain/unit/a.go", `package unit; import _ "chibo/internal/web/ui"`, "direction", "imports internal/web/ui"},
		{"web imports app", "internal/web/a.go", `package web; import _ "chibo/internal/app"`, "direction", "imports internal/app"},
		{"program imports the testkit", "internal/domain/unit/a.go", `package unit; import _ "chibo/internal/testkit/org"`, "direction", "which is for tests"},
		{"package on no layer", "internal/stray/a.go", `package stray`, "direction", "lies on no layer"},
		{"member imports meeting", "internal/domain/member/a.go", `package member; import _ "chibo/internal/domain/meeting"`, "neighbours", "its neighbour internal/domain/meeting"},
		{"orgtree imports access", "internal/kernel/orgtree/a.go", `package orgtree; import _ "chibo/internal/kernel/access"`, "neighbours", "its neighbour internal/kernel/access"},
		{"one feature's pages import another's", "internal/web/members/a.go", `package members; import _ "chibo/internal/web/desk"`, "neighbours", "its neighbour internal/web/desk"},
		{"noun without a place", "internal/domain/party/a.go", `package party`, "neighbours", "has no place"},
		{"domain speaks HTTP", "internal/domain/unit/a.go", `package unit; import _ "net/http"`, "purity", "imports net/http"},
		{"kernel reads files", "internal/kernel/journal/a.go", `package journal; import _ "os"`, "purity", "imports os"},
		{"domain bypasses the transaction", "internal/domain/unit/a.go", `package unit; import _ "database/sql/driver"`, "purity", "imports database/sql/driver"},
		{"another's table read", "internal/domain/meeting/a.go", "package meeting; const q = `SELECT 1 FROM person p`", "tables", "FROM person, which belongs to internal/domain/member"},
		{"another's table joined", "internal/domain/meeting/a.go", "package meeting; const q = `SELECT 1 FROM meeting m JOIN\n person_unit u`", "tables", "JOIN person_unit"},
		{"another's table written", "internal/domain/meeting/a.go", "package meeting; const q = `INSERT INTO person (id) VALUES ($1)`", "tables", "INSERT INTO person"},
		{"a reader writes", "internal/domain/overview/a.go", "package overview; const q = `UPDATE person SET id = 1`", "tables", "UPDATE person"},
		{"verb without an actor", "internal/domain/meeting/a.go", verbs + `func Open(tx *db.Tx, id int) error { return nil }`, "actor", "meeting.Open takes a transaction"},
		{"verb with the actor in another place", "internal/domain/meeting/a.go", verbs + `func Open(tx *db.Tx, id int, by access.Actor) error { return nil }`, "actor", "meeting.Open"},
		{"excepted reader that writes", "internal/domain/task/a.go", "package task\n import \"chibo/internal/platform/db\"\n" + `func Lines(tx *db.Tx) error { return tx.Change("") }`, "actor", "and it writes"},
		{"rows that are locked", "internal/domain/unit/a.go", "package unit; const q = `SELECT 1 FROM unit FOR UPDATE`", "sql", "says FOR UPDATE"},
		{"the server's own clock", "internal/domain/unit/a.go", "package unit; const q = `SELECT pg_sleep(1)`", "sql", "says PG_SLEEP"},
		{"init", "internal/domain/unit/a.go", `package unit; func init() {}`, "manners", "has an init function"},
		{"name that says nothing", "internal/web/util/a.go", `package util`, "manners", "says nothing"},

		{"right direction", "internal/web/members/a.go", `package members; import (_ "chibo/internal/web/page"; _ "chibo/internal/domain/member"; _ "net/http")`, "", ""},
		{"the folder gathers its features", "internal/web/a.go", `package web; import _ "chibo/internal/web/members"`, "", ""},
		{"a noun and the package inside it", "internal/domain/unit/a.go", `package unit; import _ "chibo/internal/domain/unit/places"`, "", ""},
		{"a word of Vietnamese that SQL has too", "internal/domain/unit/a.go", `package unit; const q = "xml là một kiểu tệp"`, "", ""},
		{"a reader reads", "internal/domain/overview/a.go", "package overview; const q = `SELECT 1 FROM person`", "", ""},
		{"a word that is no table", "internal/domain/meeting/a.go", "package meeting; const q = `letters FROM people`", "", ""},
		{"verb with its actor", "internal/domain/meeting/a.go", verbs + `func Open(tx *db.Tx, by access.Actor) error { return nil }; func load(tx *db.Tx) {}`, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			pkgs, tables := parse(t, map[string]string{
				c.file:  c.text,
				"a.sql": "CREATE TABLE person (\nCREATE TABLE person_unit (\nCREATE TABLE meeting (",
			})
			var caught []string
			for name, rule := range rules {
				for _, fault := range rule(pkgs[0], tables) {
					if name != c.rule || !strings.Contains(fault, c.want) {
						t.Errorf("%s says %q", name, fault)
					}
					caught = append(caught, name)
				}
			}
			if c.rule != "" && !slices.Contains(caught, c.rule) {
				t.Errorf("%s did not catch it", c.rule)
			}
		})
	}
	if owner("stray") != "" || owner("meeting_roll") != "internal/domain/meeting" {
		t.Error("owners are not found by the beginning of a table's name")
	}
}
