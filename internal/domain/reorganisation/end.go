package reorganisation

import (
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// End is unit.End, with which the guests of the unit go home: their stay and
// their absence from their own cell end on the day, and they are told. The rights
// and failures are those of unit.End; guests do not stand in its way.
func End(tx *db.Tx, by access.Actor, at orgtree.ID, version int64, day clock.Date, decision string) error {
	u, err := access.Require(tx, by, access.UnitManage, at)
	if err != nil {
		return err
	}
	var moves []member.GuestMove
	if !day.IsZero() {
		if moves, err = member.MoveGuests(tx, by, at, 0, day, decision); err != nil {
			return err
		}
	}
	if err := unit.End(tx, by, at, version, day, decision); err != nil {
		return err
	}
	var guests []access.PersonID
	for _, m := range moves {
		if m.Was.Kind == member.Guest && m.Was.Unit == at {
			guests = append(guests, m.Was.Person)
		}
	}
	if len(guests) == 0 {
		return nil
	}
	return notice.Send(tx, by, notice.Notice{
		To: guests, Unit: u.Parent, Key: "reorganisation.notice.guest_unit_ended",
		Args: map[string]string{"day": day.Vietnamese(), "unit": u.Name, "decision": decision},
	})
}
