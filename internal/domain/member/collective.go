package member

import (
	"slices"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// Transfer is what a collective transfer did to a person, as UndoTransfer needs
// it.
type Transfer struct {
	Person   ID
	From, To orgtree.ID
	Group    GroupID // in which they were
	// Left is the row of the place that ended, Entered that of the new one;
	// none for somebody who was in no cell.
	Left, Entered id.Of[placing]
	Grants        []access.Grant // at the old unit, as they were
	Given         access.GrantID // at the new one; zero for whoever is no member
	// Stays are those of a guest who belongs where they were one.
	Stays []GuestMove
}

// TransferCollectively takes a person over to another unit because the one they
// belong to is reorganised: without letters, with their history (rules 3.6,
// HD38 II.4.3.3b). What they hold at the old unit ends; package unit ends the
// posts themselves. Whoever reorganises has checked the right and that the day
// is after the one on which they came.
func TransferCollectively(tx *db.Tx, by access.Actor, person ID, to Place) (Transfer, error) {
	before, err := find(tx, person)
	if err != nil {
		return Transfer{}, err
	}
	lived, err := talliedOf(tx, person)
	if err != nil {
		return Transfer{}, err
	}
	t := Transfer{Person: person, From: before.Unit, To: to.Unit, Group: before.Group}
	if t.Grants, err = access.CutShort(tx, before.Unit, person, to.From); err != nil {
		return Transfer{}, err
	}
	if err := t.place(tx, to); err != nil {
		return Transfer{}, err
	}
	if t.Stays, err = stayNoLonger(tx, by, person, to.Unit, to.From); err != nil {
		return Transfer{}, err
	}
	if before.Status.Active() {
		t.Given = id.New[access.Grant]()
		if err := access.Give(tx, access.Grant{
			ID: t.Given, Person: person, Unit: to.Unit, Role: access.Member, From: to.From, Source: source(person),
		}); err != nil {
			return Transfer{}, err
		}
	}
	after := before
	after.Unit, after.Group = to.Unit, 0
	if err := update(tx, after); err != nil {
		return Transfer{}, err
	}
	return t, journalTransfer(tx, by, "member.TransferCollectively", lived, t, to)
}

// place ends where the person was and enters where they are now.
func (t *Transfer) place(tx *db.Tx, to Place) (err error) {
	t.Left, _, err = db.Maybe(tx, db.Column[id.Of[placing]],
		`SELECT id FROM person_unit WHERE person_id = $1 AND to_day IS NULL ORDER BY from_day DESC, id DESC LIMIT 1`, t.Person)
	if err != nil {
		return err
	}
	if err := endPlace(tx, t.Person, to.From); err != nil {
		return err
	}
	t.Entered = id.New[placing]()
	_, err = tx.Exec(`INSERT INTO person_unit (id, person_id, unit_id, from_day, document) VALUES ($1, $2, $3, $4, $5)`,
		t.Entered, t.Person, to.Unit, to.From, text.Line(to.Document))
	return err
}

// UndoTransfer takes a collective transfer back, as if it had never been. A
// person who has moved on since, or joined a party group, is errs.Conflict.
func UndoTransfer(tx *db.Tx, by access.Actor, t Transfer) error {
	now, err := find(tx, t.Person)
	if err != nil {
		return err
	}
	lived, err := talliedOf(tx, t.Person)
	if err != nil {
		return err
	}
	if now.Unit != t.To || now.Group != 0 {
		return errs.New(errs.Conflict, "member.error.changed_since", now.Name)
	}
	if t.Given != 0 {
		if err := access.TakeAway(tx, t.Given); err != nil {
			return err
		}
	}
	for _, stay := range slices.Backward(t.Stays) {
		if err := UndoGuest(tx, by, stay); err != nil {
			return err
		}
	}
	if err := access.Restore(tx, t.Grants); err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM person_unit WHERE id = $1 AND to_day IS NULL`, t.Entered); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE person_unit SET to_day = NULL WHERE id = $1`, t.Left); err != nil {
		return err
	}
	now.Unit, now.Group = t.From, t.Group
	if err := update(tx, now); err != nil {
		return err
	}
	return journalTransfer(tx, by, "member.UndoTransfer", lived, t, Place{Unit: t.From})
}

// journalTransfer lets both units see in their journals who went and who came.
func journalTransfer(tx *db.Tx, by access.Actor, verb string, lived tally.Counts, t Transfer, to Place) error {
	change := journal.Change{
		Unit: t.From, Verb: verb, Noun: noun, ID: int64(t.Person), Before: map[string]any{"unit": t.From, "group": t.Group}, After: to,
	}
	if err := noteLife(tx, by, lived, change); err != nil {
		return err
	}
	change.Unit = t.To
	return journal.Write(tx, by, change)
}

// GuestMove is what happened to an overlay by which somebody is a guest, or away
// as one.
type GuestMove struct {
	Was Overlay
	// Now is the stay at the new host; zero if there is none.
	Now    OverlayID
	Grants []access.Grant // that came from it, as they were
}

// MoveGuests lets those who are attached to the unit for a time, or will be, go
// on at another one from the day on. Where there is none, or where it is their
// own cell, their stay ends and so does their absence from home. Whoever
// reorganises has checked the right.
func MoveGuests(tx *db.Tx, by access.Actor, from, to orgtree.ID, day clock.Date, document string) (moves []GuestMove, err error) {
	stays, err := db.All(tx, scanOverlay, `SELECT `+overlayColumns+` FROM person_overlay
		WHERE unit_id = $1 AND kind = '`+Guest+`' ORDER BY id`, from)
	if err != nil {
		return nil, err
	}
	for _, stay := range stays {
		if !stay.lasts(day) {
			continue
		}
		made, err := stay.moveTo(tx, by, to, day, document)
		if err != nil {
			return nil, err
		}
		moves = append(moves, made...)
	}
	return moves, nil
}

func (o Overlay) moveTo(tx *db.Tx, by access.Actor, to orgtree.ID, day clock.Date, document string) ([]GuestMove, error) {
	home, err := find(tx, o.Person)
	if err != nil {
		return nil, err
	}
	if to == 0 || to == home.Unit {
		return o.goHome(tx, by, day)
	}
	m, err := o.cut(tx, by, day)
	if err != nil {
		return nil, err
	}
	now := o
	now.ID, now.Unit, now.From, now.Document, now.Version = id.New[Overlay](), to, o.cutAt(day), text.Line(document), 1
	if err := insertOverlay(tx, now); err != nil {
		return nil, err
	}
	if err := now.attach(tx); err != nil {
		return nil, err
	}
	m.Now = now.ID
	return []GuestMove{m}, journal.Write(tx, by, journal.Change{
		Unit: to, Verb: "member.MoveGuest", Noun: overlayNoun, ID: int64(now.ID), Before: o, After: now,
	})
}

// stayNoLonger ends the stays of a person as a guest of what is their own cell
// from the day on.
func stayNoLonger(tx *db.Tx, by access.Actor, person ID, cell orgtree.ID, day clock.Date) (moves []GuestMove, err error) {
	overlays, err := overlaysOf(tx, person)
	if err != nil {
		return nil, err
	}
	for _, o := range overlays {
		if o.Kind != Guest || o.Unit != cell || !o.lasts(day) {
			continue
		}
		made, err := o.goHome(tx, by, day)
		if err != nil {
			return nil, err
		}
		moves = append(moves, made...)
	}
	return moves, nil
}

// goHome ends a stay as a guest, and the absence from home that goes with it.
func (o Overlay) goHome(tx *db.Tx, by access.Actor, day clock.Date) (moves []GuestMove, err error) {
	overlays, err := overlaysOf(tx, o.Person)
	if err != nil {
		return nil, err
	}
	for _, other := range overlays {
		goes := other.ID == o.ID || other.Kind == overlayAway && other.meets(o)
		if !goes || !other.lasts(day) {
			continue
		}
		m, err := other.cut(tx, by, day)
		if err != nil {
			return nil, err
		}
		moves = append(moves, m)
	}
	return moves, nil
}

func (o Overlay) cut(tx *db.Tx, by access.Actor, day clock.Date) (GuestMove, error) {
	grants, err := access.CutSource(tx, o.Person, o.source(), day)
	if err != nil {
		return GuestMove{}, err
	}
	return GuestMove{Was: o, Grants: grants}, endOverlay(tx, by, o, o.cutAt(day), "")
}

// UndoGuest takes the move of a guest back. A stay that was changed since is
// errs.Conflict.
func UndoGuest(tx *db.Tx, by access.Actor, m GuestMove) error {
	if m.Now != 0 {
		now, err := findOverlay(tx, m.Now)
		if err != nil {
			return err
		}
		if err := access.Revoke(tx, now.Person, now.source()); err != nil {
			return err
		}
		if err := tx.Change(`DELETE FROM person_overlay WHERE id = $1 AND version = 1`, m.Now); err != nil {
			return err
		}
	}
	if err := tx.Change(`UPDATE person_overlay SET to_day = $1, reason = $2, version = version + 1 WHERE id = $3 AND version = $4`,
		m.Was.To, m.Was.Reason, m.Was.ID, m.Was.Version+1); err != nil {
		return err
	}
	if err := access.Restore(tx, m.Grants); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: m.Was.Unit, Verb: "member.UndoGuest", Noun: overlayNoun, ID: int64(m.Was.ID), After: m.Was,
	})
}
