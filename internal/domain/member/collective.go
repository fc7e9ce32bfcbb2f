package member

import (
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

// GuestMove is what happened to the stay of a guest whose host was reorganised.
type GuestMove struct {
	Was Overlay
	// Now is the stay at the new host; zero if there is none.
	Now OverlayID
}

// MoveGuests lets those who are attached to the unit for a time go on at
// another one from the day on; at none, their stay ends. Whoever reorganises has
// checked the right.
func MoveGuests(tx *db.Tx, by access.Actor, from, to orgtree.ID, day clock.Date, document string) ([]GuestMove, error) {
	guests, err := db.All(tx, scanOverlay, `SELECT `+overlayColumns+` FROM person_overlay WHERE unit_id = $1 AND kind = '`+overlayHere+`'
		AND (to_day IS NULL OR to_day > $2) AND from_day < $2 ORDER BY id`, from, day)
	if err != nil {
		return nil, err
	}
	var moves []GuestMove
	for _, was := range guests {
		m, err := was.moveTo(tx, by, to, day, document)
		if err != nil {
			return nil, err
		}
		moves = append(moves, m)
	}
	return moves, nil
}

func (o Overlay) moveTo(tx *db.Tx, by access.Actor, to orgtree.ID, day clock.Date, document string) (GuestMove, error) {
	if err := endOverlay(tx, by, o, day, ""); err != nil {
		return GuestMove{}, err
	}
	home, err := find(tx, o.Person)
	if err != nil || to == 0 || to == home.Unit {
		return GuestMove{Was: o}, err
	}
	now := o
	now.ID, now.Unit, now.From, now.Document, now.Version = id.New[Overlay](), to, day, text.Line(document), 1
	if err := insertOverlay(tx, now); err != nil {
		return GuestMove{}, err
	}
	if err := now.attach(tx, home); err != nil {
		return GuestMove{}, err
	}
	return GuestMove{o, now.ID}, journal.Write(tx, by, journal.Change{
		Unit: to, Verb: "member.MoveGuest", Noun: overlayNoun, ID: int64(now.ID), Before: o, After: now,
	})
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
	return journal.Write(tx, by, journal.Change{
		Unit: m.Was.Unit, Verb: "member.UndoGuest", Noun: overlayNoun, ID: int64(m.Was.ID), After: m.Was,
	})
}
