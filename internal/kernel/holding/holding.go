// Package holding hands what hangs on one record of a person to another record
// of the same person, and back.
//
// Each noun declares, beside its tables, which of its rows go with a person:
// those that are not over yet. The package knows no noun, and no rights: whoever
// hands over has checked them.
package holding

import (
	"strconv"
	"strings"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Kind is rows of a table that go with a person.
type Kind struct {
	// What names them to people: the message duplicate.what.What.
	What string
	// Table and Person are where they stand and the column that names the person;
	// Row is the column that tells one from the others of the person.
	Table, Person, Row string
	// Where says which of them go; "{today}" and "{to}" stand for the day and for
	// the record that they go to. Empty is all.
	Where string
	// Versioned: the rows have a version, which rises with the change.
	Versioned bool
	// Unit is the unit where they are, Label what people call one, as SQL.
	Unit, Label string
	// Noun and Of are the record of the journal that a row belongs to; of an empty
	// Noun the journal says nothing of its own.
	Noun, Of string
}

// Held is a row that a person holds.
type Held struct {
	Row     int64
	Version int64  // 0 where rows have none
	Unit    int64  `json:",omitempty"`
	Label   string `json:",omitempty"`
	Of      int64  `json:",omitempty"`
}

// Held are the rows that would go from one record to another.
func (k Kind) Held(tx *db.Tx, from, to int64) ([]Held, error) {
	where := k.Person + " = $1"
	if k.Where != "" {
		fill := strings.NewReplacer("{today}", "'"+clock.DateOf(tx.Now).String()+"'", "{to}", strconv.FormatInt(to, 10))
		where += " AND " + fill.Replace(k.Where)
	}
	return db.All(tx, func(row db.Row) (h Held, err error) {
		return h, row.Scan(&h.Row, &h.Version, &h.Unit, &h.Label, &h.Of)
	}, "SELECT "+strings.Join([]string{k.Row, k.version(), or(k.Unit, "0"), or(k.Label, "''"), or(k.Of, "0")}, ", ")+
		" FROM "+k.Table+" WHERE "+where+" ORDER BY "+k.Row, from)
}

func or(sql, otherwise string) string {
	if sql == "" {
		return otherwise
	}
	return "COALESCE(" + sql + ", " + otherwise + ")"
}

func (k Kind) version() string {
	if k.Versioned {
		return "version"
	}
	return "0"
}

// Hand has a row name another record, and gives it as it is then. A row that was
// changed meanwhile is errs.Conflict.
func (k Kind) Hand(tx *db.Tx, h Held, from, to int64) (Held, error) {
	change, where, args := "", "", []any{to, from, h.Row}
	if k.Versioned {
		change, where, args = ", version = version + 1", " AND version = $4", append(args, h.Version)
		h.Version++
	}
	return h, tx.Change("UPDATE "+k.Table+" SET "+k.Person+" = $1"+change+" WHERE "+k.Person+" = $2 AND "+k.Row+" = $3"+where, args...)
}

// Changed reports whether somebody changed the row since it was handed to the
// record.
func (k Kind) Changed(tx *db.Tx, h Held, holder int64) (bool, error) {
	where, args := "", []any{holder, h.Row}
	if k.Versioned {
		where, args = " AND version = $3", append(args, h.Version)
	}
	n, err := db.One(tx, db.Column[int], "SELECT count(*) FROM "+k.Table+" WHERE "+k.Person+" = $1 AND "+k.Row+" = $2"+where, args...)
	return n == 0, err
}
