package meeting

import (
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
)

// Invited are the meetings from a time on that the actor was told of, the
// earliest first, in the units where they still read meetings; those put off
// and called off too. It is what belongs into one's own calendar.
func Invited(tx *db.Tx, by access.Actor, from time.Time) ([]Meeting, error) {
	reads, err := by.Scope(tx, access.MeetingRead)
	if err != nil {
		return nil, err
	}
	q := &query{}
	if err := q.hold(tx, reads); err != nil {
		return nil, err
	}
	q.and("m.starts >= " + q.arg(from))
	q.and("EXISTS (SELECT 1 FROM meeting_told t WHERE t.meeting_id = m.id AND t.person_id = " + q.arg(by.Person) + ")")
	return db.All(tx, scan, `SELECT `+columns+` FROM meeting m WHERE `+q.where()+` ORDER BY m.starts, m.id LIMIT 500`, q.args...)
}
