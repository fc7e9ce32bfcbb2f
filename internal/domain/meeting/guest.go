package meeting

import (
	"time"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// GuestID names a guest.
type GuestID = id.Of[Guest]

// Guest is somebody who takes part without being on the roll.
type Guest struct {
	ID      GuestID         `json:"-"`
	Meeting ID              `json:"-"`
	Person  access.PersonID `json:"person"`
	Name    string          `json:"name"`
	Office  string          `json:"office"`
	Reason  string          `json:"reason"`
	Above   bool            `json:"above"` // attends for the committee above
	At      time.Time       `json:"-"`
	Version int64           `json:"-"`
}

const guestColumns = `g.id, g.meeting_id, g.person_id, g.name, g.office, g.reason, g.above, g.at, g.version`

func scanGuest(row db.Row) (g Guest, err error) {
	return g, row.Scan(&g.ID, &g.Meeting, &g.Person, &g.Name, &g.Office, &g.Reason, &g.Above, db.Instant(&g.At), &g.Version)
}

func guests(tx *db.Tx, meeting ID) ([]Guest, error) {
	return db.All(tx, scanGuest, `SELECT `+guestColumns+` FROM meeting_guest g WHERE g.meeting_id = $1 ORDER BY g.id`, meeting)
}

func insertGuest(tx *db.Tx, meeting ID, n NewGuest) (Guest, error) {
	g := Guest{
		ID: id.New[Guest](), Meeting: meeting, Person: n.Person, Name: n.Name, Office: n.Office, Reason: n.Reason, Above: n.Above, At: tx.Now, Version: 1,
	}
	_, err := tx.Exec(`INSERT INTO meeting_guest (id, meeting_id, person_id, name, office, reason, above, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		g.ID, g.Meeting, g.Person, g.Name, g.Office, g.Reason, g.Above, g.At)
	return g, err
}

// NewGuest is somebody who takes part without being on the roll.
type NewGuest struct {
	Person access.PersonID // a person of the register, such as from the committee above
	Name   string
	Office string
	Reason string
	Above  bool // attends for the committee above
}

// AddGuest notes a guest, who never votes. Who runs the meeting may, until its
// minutes are approved. A person of the roll is errs.Invalid; the same person
// twice is one guest.
func AddGuest(tx *db.Tx, by access.Actor, meeting ID, n NewGuest) (Guest, error) {
	l, err := loadForRoll(tx, by, meeting)
	if err != nil {
		return Guest{}, err
	}
	if err := n.check(tx, l); err != nil {
		return Guest{}, err
	}
	there, err := guests(tx, l.ID)
	if err != nil {
		return Guest{}, err
	}
	for _, g := range there {
		if (n.Person != 0 && g.Person == n.Person) || (n.Person == 0 && text.Fold(g.Name+g.Office) == text.Fold(n.Name+n.Office)) {
			return g, nil
		}
	}
	g, err := insertGuest(tx, l.ID, n)
	if err != nil {
		return Guest{}, err
	}
	return g, note(tx, by, l, "AddGuest", nil, g)
}

func (n *NewGuest) check(tx *db.Tx, l loaded) error {
	if n.Person != 0 {
		_, onRoll, err := entryOf(tx, l.ID, n.Person)
		if err != nil {
			return err
		}
		names, err := member.Names(tx, []access.PersonID{n.Person})
		if err != nil {
			return err
		}
		if onRoll || names[n.Person] == "" {
			return errs.Field("person", "meeting.error.guest")
		}
		n.Name = names[n.Person]
	}
	var w typed
	w.short("name", &n.Name, longestName, true)
	w.line("office", &n.Office, false)
	w.line("reason", &n.Reason, false)
	return w.Err()
}

// Guests are those who took part without being on the roll, in the order they
// were noted. Who may read the roll may.
func Guests(tx *db.Tx, by access.Actor, meeting ID) ([]Guest, error) {
	l, err := loadRecords(tx, by, meeting)
	if err != nil {
		return nil, err
	}
	return guests(tx, l.ID)
}

// RemoveGuest takes back a guest noted by mistake. Who runs the meeting may,
// until its minutes are approved; a guest who spoke stays (errs.Conflict).
func RemoveGuest(tx *db.Tx, by access.Actor, guest GuestID) error {
	g, err := db.One(tx, scanGuest, `SELECT `+guestColumns+` FROM meeting_guest g WHERE g.id = $1`, guest)
	if err != nil {
		return err
	}
	l, err := loadForRoll(tx, by, g.Meeting)
	if err != nil {
		return err
	}
	spoke, err := db.One(tx, db.Column[int], `SELECT count(*) FROM meeting_opinion WHERE guest_id = $1`, g.ID)
	if err != nil {
		return err
	}
	if spoke > 0 {
		return errs.New(errs.Conflict, "meeting.error.guest_spoke")
	}
	if err := tx.Change(`DELETE FROM meeting_guest WHERE id = $1`, g.ID); err != nil {
		return err
	}
	return note(tx, by, l, "RemoveGuest", g, nil)
}
