// Package numbering knows the numbers of an organisation's documents: they run
// from the first for each type of document in each term of a committee, without
// a gap and without a repetition (rules 26.2).
//
// It knows no document: whoever issues one takes its number in the same
// transaction, so that a document that is not issued takes none. Until when a
// term runs is known to package unit, how a number is written to the pack of
// the document format.
package numbering

import (
	"strings"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Series is one row of numbers.
type Series struct {
	Unit orgtree.ID
	// Document and Issuer are a type of document and an issuing body of the
	// format pack: resolution, cell.
	Document string
	Issuer   string
	// Term is the day on which the committee's term began: a new committee
	// starts again.
	Term clock.Date
}

// Record is what carries a number.
type Record struct {
	Noun string
	ID   int64
}

// Given is a number with its symbol, "05-NQ/CB", as the register holds it.
type Given struct {
	Number int
	Symbol string
	Day    clock.Date
	Term   clock.Date
	Record Record
}

// Take gives the record, dated with the day, the next number of the series. The
// caller has checked the right and journals the issuing. A type that
// the issuer may not issue (rules 26.4) is errs.Invalid; a record that has its
// number already is errs.Conflict.
func Take(tx *db.Tx, s Series, format rulepack.Format, day clock.Date, record Record) (Given, error) {
	if !format.MayIssue(s.Issuer, s.Document) {
		return Given{}, errs.New(errs.Invalid, "resolution.error.may_not_issue")
	}
	number, err := advance(tx, s, format.Numbering.First)
	if err != nil {
		return Given{}, err
	}
	symbol, err := Symbol(format, s, number)
	if err != nil {
		return Given{}, err
	}
	g := Given{Number: number, Symbol: symbol, Day: day, Term: s.Term, Record: record}
	_, err = tx.Exec(`INSERT INTO number_given (unit_id, document, term_from, number, symbol, day, noun, noun_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.Unit, s.Document, s.Term, number, symbol, day, record.Noun, record.ID)
	return g, err
}

// advance moves the series on by one. The row of the series is changed before
// it is read, so that of two writers one waits or tries again.
func advance(tx *db.Tx, s Series, first int) (int, error) {
	_, err := tx.Exec(`INSERT INTO number_series (unit_id, document, term_from, last) VALUES ($1, $2, $3, $4)
		ON CONFLICT (unit_id, document, term_from) DO UPDATE SET last = number_series.last + 1`,
		s.Unit, s.Document, s.Term, first)
	if err != nil {
		return 0, err
	}
	return last(tx, s)
}

func last(tx *db.Tx, s Series) (int, error) {
	return db.One(tx, db.Column[int], `SELECT last FROM number_series WHERE unit_id = $1 AND document = $2 AND term_from = $3`,
		s.Unit, s.Document, s.Term)
}

// Symbol writes a number of the series as it stands in texts that refer to the
// document: "05-NQ/CB", without the word that heads it on the document itself.
func Symbol(format rulepack.Format, s Series, number int) (string, error) {
	whole, err := format.Number(number, s.Document, s.Issuer)
	if err != nil {
		return "", err
	}
	return whole[max(0, strings.IndexAny(whole, "0123456789")):], nil
}

// Continue says which number was given last before the organisation kept its
// register here; the next is one higher. Who writes resolutions may. A series
// that has begun is errs.Conflict.
func Continue(tx *db.Tx, by access.Actor, s Series, given int) error {
	if _, err := access.Require(tx, by, access.ResolutionWrite, s.Unit); err != nil {
		return err
	}
	if given < 1 || given > mostBefore {
		return errs.Field("last", "errs.range", 1, mostBefore)
	}
	n, err := tx.Exec(`INSERT INTO number_series (unit_id, document, term_from, last) VALUES ($1, $2, $3, $4)
		ON CONFLICT (unit_id, document, term_from) DO NOTHING`, s.Unit, s.Document, s.Term, given)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "resolution.error.series_begun")
	}
	return journal.Write(tx, by, journal.Change{
		Unit: s.Unit, Verb: "numbering.Continue", Noun: "unit", ID: int64(s.Unit),
		After: map[string]any{"document": s.Document, "term": s.Term, "last": given},
	})
}

// Begun reports whether the series has a number already, given here or before.
// Who reads the unit's resolutions may ask.
func Begun(tx *db.Tx, by access.Actor, s Series) (bool, error) {
	if _, err := access.Require(tx, by, access.ResolutionRead, s.Unit); err != nil {
		return false, err
	}
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM number_series WHERE unit_id = $1 AND document = $2 AND term_from = $3`,
		s.Unit, s.Document, s.Term)
	return n > 0, err
}

// mostBefore bounds what a person may type as the last number on paper.
const mostBefore = 9999

// Register is the numbers given to a type of document in all terms, newest
// first. Who reads the unit's resolutions may.
func Register(tx *db.Tx, by access.Actor, unit orgtree.ID, document string) ([]Given, error) {
	if _, err := access.Require(tx, by, access.ResolutionRead, unit); err != nil {
		return nil, err
	}
	return db.All(tx, func(row db.Row) (g Given, err error) {
		return g, row.Scan(&g.Number, &g.Symbol, &g.Day, &g.Term, &g.Record.Noun, &g.Record.ID)
	}, `SELECT number, symbol, day, term_from, noun, noun_id FROM number_given
		WHERE unit_id = $1 AND document = $2 ORDER BY term_from DESC, number DESC`, unit, document)
}
