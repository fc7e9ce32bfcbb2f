package unit

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Term is a term of a unit's committee. The next one ends it.
type Term struct {
	From, To clock.Date
	Name     string // such as 2025 - 2030
	Decision string
}

// BeginTerm starts a new term of the unit's committee, which ends the one
// before. Documents are numbered from its first day. Who manages posts at the
// unit may; a day not after the last term's first one is errs.Conflict.
func BeginTerm(tx *db.Tx, by access.Actor, unit orgtree.ID, t Term) error {
	u, err := access.Require(tx, by, access.PostManage, unit)
	if err != nil {
		return err
	}
	t.Name, t.Decision = text.Line(t.Name), text.Line(t.Decision)
	var wrong errs.Fields
	need(&wrong, "name", t.Name, longestName)
	atMost(&wrong, "decision", t.Decision, longestLine)
	wrong.Check(!t.From.IsZero(), "from", "errs.required")
	wrong.Check(t.From.IsZero() || !t.From.Before(u.Founded), "from", "unit.error.before_founding", u.Founded)
	if err := wrong.Err(); err != nil {
		return err
	}
	last, found, err := lastTerm(tx, unit)
	if err != nil {
		return err
	}
	if found && !t.From.After(last.From) {
		return errs.New(errs.Conflict, "unit.error.term_before_last", last.From)
	}
	if err := insertTerm(tx, unit, t); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: unit, Verb: "unit.BeginTerm", Noun: noun, ID: int64(unit), After: t,
	})
}

// TermOn is the term of the unit's committee on the day. A unit for which no
// term was entered has one that began when it was founded. The caller has
// checked the right.
func TermOn(tx *db.Tx, unit orgtree.ID, day clock.Date) (Term, error) {
	t, found, err := termOn(tx, unit, day)
	if err != nil || found {
		return t, err
	}
	u, err := orgtree.Find(tx, unit)
	return Term{From: u.Founded}, err
}
