package meeting

import (
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Resettled is a meeting to come of a unit that was reorganised, as it was
// before: given up, or handed to another unit.
type Resettled struct {
	Meeting    ID
	Unit       orgtree.ID
	To         orgtree.ID // zero if it was given up
	State      State
	StopReason string
}

// GiveUp cancels a meeting to come because its unit ends, and tells those who
// had been told of it. Package reorganisation has checked the right.
func GiveUp(tx *db.Tx, by access.Actor, meeting ID, reason string) (Resettled, error) {
	l, r, err := resettling(tx, meeting)
	if err != nil {
		return r, err
	}
	l.State, l.StopReason = Cancelled, reason
	if err := save(tx, &l.Meeting); err != nil {
		return r, err
	}
	if err := tell(tx, by, l, "meeting.notice.cancelled"); err != nil {
		return r, err
	}
	return r, note(tx, by, l, "Cancel", map[string]any{"state": r.State}, map[string]any{"state": Cancelled, "reason": reason})
}

// HandTo lets a meeting to come be held by another unit. One for whose month
// that unit has a regular meeting already is errs.Conflict.
func HandTo(tx *db.Tx, by access.Actor, meeting ID, to orgtree.ID) (Resettled, error) {
	l, r, err := resettling(tx, meeting)
	if err != nil {
		return r, err
	}
	r.To = to
	if err := tx.Change(`UPDATE meeting SET unit_id = $1, version = version + 1 WHERE id = $2`, to, meeting); err != nil {
		return r, err
	}
	l.Unit = to
	return r, note(tx, by, l, "HandTo", map[string]any{"unit": r.Unit}, map[string]any{"unit": to})
}

func resettling(tx *db.Tx, meeting ID) (loaded, Resettled, error) {
	m, err := find(tx, meeting)
	if err != nil {
		return loaded{}, Resettled{}, err
	}
	at, err := orgtree.Find(tx, m.Unit)
	if err != nil {
		return loaded{}, Resettled{}, err
	}
	l := loaded{m, at}
	return l, Resettled{Meeting: meeting, Unit: m.Unit, State: m.State, StopReason: m.StopReason}, l.mustBeUpcoming(tx)
}

// UndoResettle takes that back. A meeting that has begun since, or was changed
// in its state, is errs.Conflict.
func UndoResettle(tx *db.Tx, by access.Actor, r Resettled) error {
	m, err := find(tx, r.Meeting)
	if err != nil {
		return err
	}
	if r.To == 0 && m.State != Cancelled || r.To != 0 && (m.State != r.State || m.Unit != r.To) {
		return errs.New(errs.Conflict, "meeting.error.state", string(m.State))
	}
	if err := tx.Change(`UPDATE meeting SET unit_id = $1, state = $2, called_off = $3, stop_reason = $4, version = version + 1 WHERE id = $5`,
		r.Unit, r.State, r.State == Cancelled, r.StopReason, r.Meeting); err != nil {
		return err
	}
	at, err := orgtree.Find(tx, r.Unit)
	if err != nil {
		return err
	}
	m.Unit = r.Unit
	return note(tx, by, loaded{m, at}, "UndoResettle", map[string]any{"state": m.State}, map[string]any{"state": r.State})
}
