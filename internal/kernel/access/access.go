// Package access decides who may do what at which unit.
//
// A role is held by a person at a unit, from a day to a day, and reaches that
// unit alone or everything below it, as the matrix says. What an actor may not
// see does not exist for them. It knows no records: packages of the domain ask
// it with the unit that a record belongs to.
package access

import (
	"cmp"
	"slices"

	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// Person is whoever can hold a role: a member, or an official without a party
// card. The record of a person belongs to package member.
type Person struct{}

// PersonID names a person.
type PersonID = id.Of[Person]

// Grant is a role that a person holds at a unit.
type Grant struct {
	ID     GrantID
	Person PersonID
	Unit   orgtree.ID
	Path   orgtree.Path
	Role   Role
	// Subject narrows the role to one record, such as a meeting; 0 is none.
	Subject int64
	// The role holds from From to the day before To; a zero To is open.
	From, To clock.Date
	// Source says where it comes from: the record of a post, a membership.
	Source string
}

// GrantID names a grant.
type GrantID = id.Of[Grant]

// Actor is on whose behalf something is done.
type Actor struct {
	Person PersonID
	// Console is true for whoever commands the machine itself: the command
	// line, scheduled jobs. Nothing is hidden from it, and the journal says so.
	Console bool
	grants  []Grant
	limit   *Limit // nil for whoever signed in
}

// Console is the actor of the command line and of scheduled jobs.
func Console() Actor { return Actor{Console: true} }

// Act is the person as an actor, with the roles of the transaction's day. A
// role that was withdrawn is gone with the next transaction. Nobody cannot act:
// that is errs.Unauthenticated.
func Act(tx *db.Tx, person PersonID) (Actor, error) {
	if person == 0 {
		return Actor{}, errs.New(errs.Unauthenticated, "errs.unauthenticated")
	}
	grants, err := db.All(tx, scan, `SELECT `+GrantColumns+` FROM `+grantTables+` WHERE g.person_id = $1 AND `+HeldOn("$2")+` ORDER BY g.id`,
		person, clock.DateOf(tx.Now))
	return Actor{Person: person, grants: grants}, err
}

// Acting is the person as an actor with roles that were read together with who
// the person is, by GrantColumns, JoinGrants and HeldOn. Each request begins
// with that, so it is one question; all else calls Act.
func Acting(person PersonID, grants []Grant) Actor { return Actor{Person: person, grants: grants} }

// JoinGrants adds the roles of the person in the column to a question.
func JoinGrants(person string) string {
	return `JOIN role_grant g ON g.person_id = ` + person + ` JOIN unit u ON u.id = g.unit_id`
}

// HeldOn is the condition that a role holds on the day of the argument.
func HeldOn(day string) string {
	return `g.from_day <= ` + day + ` AND (g.to_day IS NULL OR g.to_day > ` + day + `)`
}

// Grants are the roles of the actor today. Whoever is held to a part of the
// tree has those held there.
func (a Actor) Grants() []Grant {
	if a.limit == nil || a.limit.Under == "" {
		return a.grants
	}
	return slices.DeleteFunc(slices.Clone(a.grants), func(g Grant) bool { return !a.limit.covers(g.Path) })
}

// Holds reports whether the actor holds the role at the unit itself.
func (a Actor) Holds(role Role, unit orgtree.ID) bool {
	for _, g := range a.Grants() {
		if g.Role == role && g.Unit == unit {
			return true
		}
	}
	return false
}

// Why is the grant by which the actor may act at the unit, if there is one.
// The console needs none.
func (a Actor) Why(act Action, at orgtree.Unit) (Grant, bool) { return a.why(act, at, 0) }

func (a Actor) why(act Action, at orgtree.Unit, subject int64) (Grant, bool) {
	if !a.limit.allows(act) || !a.limit.covers(at.Path) {
		return Grant{}, false
	}
	for _, g := range a.grants {
		if g.reaches(act, at, subject) {
			return g, true
		}
	}
	return Grant{}, false
}

func (g Grant) reaches(act Action, at orgtree.Unit, subject int64) bool {
	if g.Subject != 0 && g.Subject != subject {
		return false
	}
	switch matrix[act][g.Role] {
	case Here:
		return g.Unit == at.ID
	case Below:
		return g.Path.Contains(at.Path)
	}
	return false
}

// Can reports whether the actor may act at the unit.
func (a Actor) Can(act Action, at orgtree.Unit) bool { return a.CanOn(act, at, 0) }

// CanOn is Can for one record, to which a role may be narrowed.
func (a Actor) CanOn(act Action, at orgtree.Unit, subject int64) bool {
	if a.Console {
		return true
	}
	_, ok := a.why(act, at, subject)
	return ok
}

// Require gives the unit if the actor may act there. If not, it fails with
// Denied for what the actor can see, with NotFound for the rest.
func Require(tx *db.Tx, by Actor, act Action, unit orgtree.ID) (orgtree.Unit, error) {
	return RequireOn(tx, by, act, unit, 0)
}

// RequireOn is Require for one record, to which a role may be narrowed.
func RequireOn(tx *db.Tx, by Actor, act Action, unit orgtree.ID, subject int64) (orgtree.Unit, error) {
	at, err := orgtree.Find(tx, unit)
	if err != nil {
		return orgtree.Unit{}, err
	}
	if by.CanOn(act, at, subject) {
		return at, nil
	}
	return orgtree.Unit{}, by.Refuse(act, at, subject)
}

// Refuse is the error for an actor who may not act at the unit.
func (a Actor) Refuse(act Action, at orgtree.Unit, subject int64) error {
	if seeing := act.seeing(); seeing != act && a.CanOn(seeing, at, subject) {
		return errs.New(errs.Denied, "errs.denied")
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

// Scope is where the actor may act, for cutting lists. Roles narrowed to one
// record do not count.
func (a Actor) Scope(tx *db.Tx, act Action) (orgtree.Scope, error) {
	var s orgtree.Scope
	if a.Console {
		roots, err := orgtree.Roots(tx)
		for _, root := range roots {
			s.AddBranch(root.Path)
		}
		return s, err
	}
	if !a.limit.allows(act) {
		return s, nil
	}
	for _, g := range a.grants {
		if g.Subject != 0 {
			continue
		}
		switch matrix[act][g.Role] {
		case Here:
			if a.limit.covers(g.Path) {
				s.AddUnit(g.Unit)
			}
		case Below:
			s.AddBranch(a.limit.cut(g.Path))
		}
	}
	return s, nil
}

// Give has the person hold the role. The caller has checked the right to give
// it, and journals it. Source tells Withdraw which grants belong together.
func Give(tx *db.Tx, g Grant) error {
	_, err := tx.Exec(`INSERT INTO role_grant (id, person_id, unit_id, role, subject, from_day, to_day, source)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		cmp.Or(g.ID, id.New[Grant]()), g.Person, g.Unit, g.Role, nullable(g.Subject), g.From, g.To, g.Source)
	return err
}

func nullable(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// Withdraw ends, from the day on, the grants that came from the source.
func Withdraw(tx *db.Tx, source string, day clock.Date) error {
	_, err := tx.Exec(`UPDATE role_grant SET to_day = $1 WHERE source = $2 AND (to_day IS NULL OR to_day > $1)`, day, source)
	return err
}

// Revoke removes the grants that came to the person from the source as if they had never been
// given: what they came from was a mistake that is taken back.
func Revoke(tx *db.Tx, person PersonID, source string) error {
	_, err := tx.Exec(`DELETE FROM role_grant WHERE person_id = $1 AND source = $2`, person, source)
	return err
}

// Holders are the grants of the role at the unit itself on the day.
func Holders(tx *db.Tx, unit orgtree.ID, role Role, day clock.Date) ([]Grant, error) {
	return db.All(tx, scan, `SELECT `+GrantColumns+` FROM `+grantTables+` WHERE g.unit_id = $1 AND g.role = $2 AND `+HeldOn("$3")+` ORDER BY g.id`,
		unit, role, day)
}

const (
	// GrantColumns are what Grant.Fields reads.
	GrantColumns = `g.id, g.person_id, g.unit_id, u.path, g.role, COALESCE(g.subject, 0), g.from_day, g.to_day, g.source`
	grantTables  = `role_grant g JOIN unit u ON u.id = g.unit_id`
)

// Fields are where GrantColumns are read into.
func (g *Grant) Fields() []any {
	return []any{&g.ID, &g.Person, &g.Unit, &g.Path, &g.Role, &g.Subject, &g.From, &g.To, &g.Source}
}

func scan(row db.Row) (g Grant, err error) { return g, row.Scan(g.Fields()...) }
