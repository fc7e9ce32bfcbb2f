package member

import (
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// noun names people in the journal.
const noun = "member"

// New is a person to be registered.
type New struct {
	Unit   orgtree.ID
	Group  unit.GroupID
	Status Status // Probationary, Official or Outside
	// From is the day from which they belong to the unit; today if nobody says.
	From     clock.Date
	Document string
	Core
	CV CV
}

// Register enters a person: a member into a cell, who gets the role of one, or
// somebody outside the Party into any unit, who gets none. Who manages members
// at the unit may; whoever may only invite there enters people from outside.
// A card number in use is errs.Conflict.
func Register(tx *db.Tx, by access.Actor, n New) (Member, error) {
	act := access.MemberManage
	if n.Status == Outside {
		act = access.Invite
	}
	u, err := access.Require(tx, by, act, n.Unit)
	if err != nil {
		return Member{}, err
	}
	if n.From.IsZero() {
		n.From = clock.DateOf(tx.Now)
	}
	n.clean()
	if err := n.check(tx, u); err != nil {
		return Member{}, err
	}
	if err := refuseCardInUse(tx, n.Card, 0); err != nil {
		return Member{}, err
	}
	m := n.member()
	e := n.entry(m, text.NameKey(m.Name))
	if err := insertAll(tx, []entry{e}); err != nil {
		return Member{}, err
	}
	return m, journal.Write(tx, by, journal.Change{
		Unit: m.Unit, Verb: "member.Register", Noun: noun, ID: int64(m.ID), After: snapshot{m, n.CV, n.Document},
		Figures: e.tallied().String(),
	})
}

// snapshot is a person as the journal keeps one.
type snapshot struct {
	Member   Member
	CV       CV
	Document string `json:",omitempty"`
}

func (n New) member() Member {
	return Member{ID: id.New[access.Person](), Unit: n.Unit, Group: n.Group, Status: n.Status, Version: 1, Core: n.Core}
}

func (n New) entry(m Member, key string) entry {
	return entry{Member: m, cv: n.CV, from: n.From, document: n.Document, folded: m.folded(), key: key}
}

func (n New) check(tx *db.Tx, u orgtree.Unit) error {
	l, err := limitsAt(tx, u)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	n.checkIn(&wrong, u, l)
	if err := checkGroup(tx, &wrong, n.Group, u.ID); err != nil {
		return err
	}
	return wrong.Err()
}

// checkIn notes what is wrong with a new person of the unit.
func (n New) checkIn(wrong *errs.Fields, u orgtree.Unit, l limits) {
	wrong.Check(n.Status == Outside || n.Status.Active(), "status", "member.error.status")
	wrong.Check(n.Status == Outside || u.IsCell(), "unit", "member.error.no_cell")
	wrong.Check(u.Ended.IsZero(), "unit", "unit.error.ended", u.Ended)
	wrong.Check(!n.From.Before(u.Founded), "from", "unit.error.before_founding", u.Founded)
	notFuture(wrong, "from", n.From, l.today)
	atMost(wrong, "document", n.Document, longestLine)
	n.Core.check(wrong, n.Status, l)
	n.CV.check(wrong, l)
}

// Change is what is said of a person, anew.
type Change struct {
	Core
	CV CV
	// Document is the paper by which a name or a birth date is corrected
	// (rules 11.9); without one they stay.
	Document string
}

// Edit replaces what is said of a person. Who manages members there may; a
// stale version and a card number in use are errs.Conflict.
func Edit(tx *db.Tx, by access.Actor, person ID, version int64, c Change) error {
	before, u, err := loadVersion(tx, by, person, version)
	if err != nil {
		return err
	}
	c.Core, c.CV, c.Document = c.Core.clean(), c.CV.clean(), text.Line(c.Document)
	if err := c.check(tx, before, u); err != nil {
		return err
	}
	if err := refuseCardInUse(tx, c.Card, person); err != nil {
		return err
	}
	old, err := findCV(tx, person)
	if err != nil {
		return err
	}
	lived, err := talliedOf(tx, person)
	if err != nil {
		return err
	}
	after := before
	after.Core = c.Core
	if err := update(tx, after); err != nil {
		return err
	}
	if err := updateCV(tx, person, c.CV); err != nil {
		return err
	}
	if err := redateStates(tx, before, after); err != nil {
		return err
	}
	return noteLife(tx, by, lived, journal.Change{
		Unit: u.ID, Verb: "member.Edit", Noun: noun, ID: int64(person),
		Before: snapshot{Member: before, CV: old}, After: snapshot{after, c.CV, c.Document},
	})
}

func (c Change) check(tx *db.Tx, before Member, u orgtree.Unit) error {
	l, err := limitsAt(tx, u)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	c.Core.check(&wrong, before.Status, l)
	c.CV.check(&wrong, l)
	atMost(&wrong, "document", c.Document, longestLine)
	if before.Status != Outside && (c.BirthName != before.BirthName || c.Birth != before.Birth) {
		wrong.Check(c.Document != "", "document", "member.error.name_needs_document")
	}
	return wrong.Err()
}

// redateStates keeps the steps of membership on the days that were corrected.
func redateStates(tx *db.Tx, before, after Member) error {
	if before.Ceremony != after.Ceremony {
		if err := redate(tx, after.ID, Probationary, before.Ceremony, after.Ceremony); err != nil {
			return err
		}
	}
	if before.Recognised != after.Recognised && !after.Recognised.IsZero() {
		return redate(tx, after.ID, Official, before.Recognised, after.Recognised)
	}
	return nil
}

// checkGroup notes a group that is not one of the unit's present groups.
func checkGroup(tx *db.Tx, wrong *errs.Fields, group unit.GroupID, at orgtree.ID) error {
	if group == 0 {
		return nil
	}
	g, err := unit.FindGroup(tx, group)
	if err != nil && !errs.Is(err, errs.NotFound) {
		return err
	}
	wrong.Check(err == nil && g.Unit == at && g.Ended.IsZero(), "group", "member.error.group")
	return nil
}

func refuseCardInUse(tx *db.Tx, card string, own ID) error {
	if card == "" {
		return nil
	}
	other, taken, err := byCard(tx, card)
	if err != nil {
		return err
	}
	if taken && other != own {
		return errs.New(errs.Conflict, "member.error.card_in_use", card)
	}
	return nil
}

// AssignGroup puts a member into a party group of the cell, or into none. Who
// manages members there may; a stale version is errs.Conflict.
func AssignGroup(tx *db.Tx, by access.Actor, person ID, version int64, group unit.GroupID) error {
	before, u, err := loadVersion(tx, by, person, version)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	if err := checkGroup(tx, &wrong, group, u.ID); err != nil {
		return err
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	after := before
	after.Group = group
	return save(tx, by, "member.AssignGroup", before, after)
}

// loadVersion is a present member in the version at hand, whom the actor may
// change.
func loadVersion(tx *db.Tx, by access.Actor, person ID, version int64) (Member, orgtree.Unit, error) {
	m, u, err := load(tx, by, access.MemberManage, person)
	if err != nil {
		return Member{}, orgtree.Unit{}, err
	}
	if m.Version != version {
		return Member{}, orgtree.Unit{}, errs.New(errs.Conflict, "errs.stale")
	}
	if m.Status == Merged {
		return Member{}, orgtree.Unit{}, errs.New(errs.Conflict, "member.error.merged")
	}
	return m, u, nil
}

// save writes the row of a person and the journal.
func save(tx *db.Tx, by access.Actor, verb string, before, after Member) error {
	if err := update(tx, after); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: after.Unit, Verb: verb, Noun: noun, ID: int64(after.ID), Before: before, After: after,
	})
}
