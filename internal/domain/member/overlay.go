package member

import (
	"fmt"
	"slices"

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

// OverlayID names an overlay.
type OverlayID = id.Of[Overlay]

// Overlay lies over a state of membership from From to the day before To
// (rules 2.6): exempt, attached elsewhere, suspended. A zero To is open.
type Overlay struct {
	ID     OverlayID
	Person ID
	// Unit is where it counts: the home cell, or the host of a guest.
	Unit     orgtree.ID
	Kind     string // of the pack "states"
	From, To clock.Date
	Document string
	Reason   string
	Version  int64
}

// Holds reports whether the overlay lies on the day.
func (o Overlay) Holds(day clock.Date) bool { return day.Within(o.From, o.To) }

func (o Overlay) source() string { return fmt.Sprintf("overlay:%d", int64(o.ID)) }

// noun of overlays in the journal.
const overlayNoun = "overlay"

// NewOverlay is an overlay to be entered.
type NewOverlay struct {
	Kind string
	// Unit is the host of a guest ("temp_here"), another cell than their own.
	Unit     orgtree.ID
	From, To clock.Date
	Document string
	Reason   string
}

// AddOverlay enters an overlay by its document. Who manages members in the
// home cell may, and for a guest who manages members at the host and can see
// the person. A person who is no member, and an overlay of the kind on the
// same days, are errs.Conflict.
func AddOverlay(tx *db.Tx, by access.Actor, person ID, n NewOverlay) (Overlay, error) {
	m, at, err := loadForOverlay(tx, by, person, n)
	if err != nil {
		return Overlay{}, err
	}
	if !m.Status.Active() {
		return Overlay{}, errs.New(errs.Conflict, "member.error.not_active")
	}
	o := Overlay{
		ID: id.New[Overlay](), Person: person, Unit: at.ID, Kind: n.Kind, From: n.From, To: n.To,
		Document: text.Line(n.Document), Reason: text.Line(n.Reason), Version: 1,
	}
	if o.Kind == Guest && o.Unit == m.Unit {
		return Overlay{}, errs.Field("kind", "member.error.guest_at_home")
	}
	if err := o.check(tx, at); err != nil {
		return Overlay{}, err
	}
	if err := insertOverlay(tx, o); err != nil {
		return Overlay{}, err
	}
	if err := o.attach(tx); err != nil {
		return Overlay{}, err
	}
	return o, journal.Write(tx, by, journal.Change{
		Unit: at.ID, Verb: "member.AddOverlay", Noun: overlayNoun, ID: int64(o.ID), After: o,
	})
}

// loadForOverlay gives the person and the unit where the overlay counts.
func loadForOverlay(tx *db.Tx, by access.Actor, person ID, n NewOverlay) (Member, orgtree.Unit, error) {
	if n.Kind != Guest || n.Unit == 0 {
		return load(tx, by, access.MemberManage, person)
	}
	m, _, err := load(tx, by, access.MemberRead, person)
	if err != nil {
		return Member{}, orgtree.Unit{}, err
	}
	host, err := access.Require(tx, by, access.MemberManage, n.Unit)
	return m, host, err
}

func (o Overlay) check(tx *db.Tx, at orgtree.Unit) error {
	words, _, err := unit.Words(tx, at)
	if err != nil {
		return err
	}
	_, known := words.Overlay(o.Kind)
	var wrong errs.Fields
	wrong.Check(known, "kind", "member.error.overlay")
	wrong.Check(!o.From.IsZero(), "from", "errs.required")
	wrong.Check(o.To.IsZero() || o.To.After(o.From), "to", "member.error.ends_before_start")
	need(&wrong, "document", o.Document, longestLine)
	atMost(&wrong, "reason", o.Reason, longestLine)
	if err := wrong.Err(); err != nil {
		return err
	}
	others, err := overlaysOf(tx, o.Person)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(others, o.overlaps) {
		return errs.New(errs.Conflict, "member.error.overlay_twice")
	}
	return nil
}

func (o Overlay) overlaps(other Overlay) bool { return o.Kind == other.Kind && o.meets(other) }

// meets reports whether both lie on some day.
func (o Overlay) meets(other Overlay) bool {
	startsBeforeEnd := other.To.IsZero() || o.From.Before(other.To)
	endsAfterStart := o.To.IsZero() || other.From.Before(o.To)
	return startsBeforeEnd && endsAfterStart
}

// lasts reports whether the overlay lies on the day or on a later one.
func (o Overlay) lasts(day clock.Date) bool {
	return o.To.IsZero() || o.To.After(day) && o.To.After(o.From)
}

// cutAt is the day on which the overlay ends if it is cut short: one that would
// have begun later never begins.
func (o Overlay) cutAt(day clock.Date) clock.Date {
	if day.Before(o.From) {
		return o.From
	}
	return day
}

// attach lets a guest take part in the host's meetings.
func (o Overlay) attach(tx *db.Tx) error {
	if o.Kind != Guest {
		return nil
	}
	return access.Give(tx, access.Grant{
		Person: o.Person, Unit: o.Unit, Role: access.Member, From: o.From, To: o.To, Source: o.source(),
	})
}

// EndOverlay ends an overlay from the day on. Who manages members where it
// counts may; a stale version, and a day after its end, are errs.Conflict.
func EndOverlay(tx *db.Tx, by access.Actor, overlay OverlayID, version int64, day clock.Date, reason string) error {
	before, err := findOverlay(tx, overlay)
	if err != nil {
		return err
	}
	if err := requireOverlay(tx, by, before); err != nil {
		return err
	}
	reason = text.Line(reason)
	var wrong errs.Fields
	wrong.Check(!day.IsZero(), "day", "errs.required")
	wrong.Check(day.IsZero() || !day.Before(before.From), "day", "member.error.ends_before_start")
	atMost(&wrong, "reason", reason, longestLine)
	if err := wrong.Err(); err != nil {
		return err
	}
	if before.Version != version {
		return errs.New(errs.Conflict, "errs.stale")
	}
	if !before.To.IsZero() && day.After(before.To) {
		return errs.New(errs.Conflict, "member.error.overlay_over", before.To)
	}
	return endOverlay(tx, by, before, day, reason)
}

// requireOverlay asks at the host for a guest, at the present home for the rest.
func requireOverlay(tx *db.Tx, by access.Actor, o Overlay) error {
	if o.Kind == Guest {
		_, err := access.Require(tx, by, access.MemberManage, o.Unit)
		return err
	}
	_, _, err := load(tx, by, access.MemberManage, o.Person)
	return err
}

func endOverlay(tx *db.Tx, by access.Actor, before Overlay, day clock.Date, reason string) error {
	after := before
	after.To = day
	if reason != "" {
		after.Reason = reason
	}
	if err := updateOverlay(tx, after); err != nil {
		return err
	}
	if err := access.Withdraw(tx, after.source(), day); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: after.Unit, Verb: "member.EndOverlay", Noun: overlayNoun, ID: int64(after.ID), Before: before, After: after,
	})
}

const overlayColumns = `id, person_id, unit_id, kind, from_day, to_day, document, reason, version`

func scanOverlay(row db.Row) (o Overlay, err error) {
	return o, row.Scan(&o.ID, &o.Person, &o.Unit, &o.Kind, &o.From, &o.To, &o.Document, &o.Reason, &o.Version)
}

func insertOverlay(tx *db.Tx, o Overlay) error {
	_, err := tx.Exec(`INSERT INTO person_overlay (`+overlayColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		o.ID, o.Person, o.Unit, o.Kind, o.From, o.To, o.Document, o.Reason, o.Version)
	return err
}

func updateOverlay(tx *db.Tx, o Overlay) error {
	return tx.Change(`UPDATE person_overlay SET to_day = $1, reason = $2, version = version + 1 WHERE id = $3 AND version = $4`,
		o.To, o.Reason, o.ID, o.Version)
}

func findOverlay(tx *db.Tx, overlay OverlayID) (Overlay, error) {
	return db.One(tx, scanOverlay, `SELECT `+overlayColumns+` FROM person_overlay WHERE id = $1`, overlay)
}

func overlaysOf(tx *db.Tx, person ID) ([]Overlay, error) {
	return db.All(tx, scanOverlay, `SELECT `+overlayColumns+` FROM person_overlay WHERE person_id = $1 ORDER BY from_day, id`, person)
}
