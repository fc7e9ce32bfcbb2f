package meeting

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/ical"
	"chibo/internal/platform/text"
)

// Channel is how somebody was told of a meeting.
type Channel string

const (
	NotTold Channel = ""
	InApp   Channel = "in_app" // a notice in the program
	Sheet   Channel = "sheet"  // the printed sheet, by hand
	Word    Channel = "word"   // by word of mouth or telephone
)

// Told is whether and how one person was told of a meeting.
type Told struct {
	Person  access.PersonID
	Name    string
	Above   bool // follows the cell for the committee above
	Channel Channel
	At      time.Time
	By      access.PersonID
}

// Announce tells the members of the roll, and the committee member above who
// follows the cell, of time, place and agenda (rules 22.2, step 3), and opens
// the meeting to their eyes. Who prepares the meeting may; after a
// postponement it is done again. A meeting without place or agenda, one already
// announced, or a stale version is errs.Conflict.
//
// Whoever has no account gets the printed sheet or a word: Tell notes it.
func Announce(tx *db.Tx, by access.Actor, meeting ID, version int64) (Meeting, error) {
	l, err := loadUpcoming(tx, by, access.MeetingPrepare, meeting, version)
	if err != nil {
		return Meeting{}, err
	}
	if err := l.mayBeAnnounced(tx); err != nil {
		return Meeting{}, err
	}
	states, err := l.states(tx)
	if err != nil {
		return Meeting{}, err
	}
	if err := l.resume(states); err != nil {
		return Meeting{}, err
	}
	people, err := audience(tx, l)
	if err != nil {
		return Meeting{}, err
	}
	if l.Meeting, err = l.step(tx, by, "Announce", func(m *Meeting) {
		first(&m.PreparedAt, tx.Now)
		m.AnnouncedAt = tx.Now
	}, before); err != nil {
		return Meeting{}, err
	}
	return l.Meeting, tellAll(tx, by, l, people)
}

func (l loaded) mayBeAnnounced(tx *db.Tx) error {
	if !l.AnnouncedAt.IsZero() && l.State != Postponed {
		return errs.New(errs.Conflict, "meeting.error.announced")
	}
	agenda, err := items(tx, l.ID)
	if err == nil && len(agenda) == 0 {
		err = errs.New(errs.Conflict, "meeting.error.no_agenda")
	}
	return err
}

// invited is somebody who is to be told.
type invited struct {
	person        access.PersonID
	name, nameKey string
	above         bool
	account       bool
}

// audience is everybody to be told: who belongs on the roll of the day, and
// those who follow the cell from above.
func audience(tx *db.Tx, l loaded) ([]invited, error) {
	roster, err := rosterOf(tx, l, l.Day())
	if err != nil {
		return nil, err
	}
	var list []invited
	for _, r := range roster {
		list = append(list, invited{person: r.ID, name: r.Name, nameKey: r.NameKey})
	}
	if l.Kind != Committee && l.Kind != Group {
		followers, err := followersOf(tx, l)
		if err != nil {
			return nil, err
		}
		list = append(list, followers...)
	}
	return list, addAccounts(tx, list)
}

// addAccounts tells who can read notices in the program.
func addAccounts(tx *db.Tx, list []invited) error {
	people := make([]access.PersonID, len(list))
	for i, p := range list {
		people[i] = p.person
	}
	able, err := account.CanSignIn(tx, people)
	for i := range list {
		list[i].account = able[list[i].person]
	}
	return err
}

// followersOf are the committee members above who were assigned to attend the
// cell's meetings.
func followersOf(tx *db.Tx, l loaded) ([]invited, error) {
	grants, err := access.Holders(tx, l.Unit, access.Attendee, clock.DateOf(tx.Now))
	if err != nil || len(grants) == 0 {
		return nil, err
	}
	var people []access.PersonID
	for _, g := range grants {
		people = append(people, g.Person)
	}
	names, err := member.Names(tx, people)
	if err != nil {
		return nil, err
	}
	var list []invited
	for _, p := range people {
		list = append(list, invited{person: p, name: names[p], nameKey: text.NameKey(names[p]), above: true})
	}
	return list, nil
}

// rosterOf is who belongs on the roll: the members of the cell, those of the
// party group, or those who sit in the committee.
func rosterOf(tx *db.Tx, l loaded, day clock.Date) ([]member.Rostered, error) {
	var roster []member.Rostered
	var err error
	if l.at.IsCell() {
		if roster, err = member.Roster(tx, l.Unit, day); err != nil {
			return nil, err
		}
	}
	switch l.Kind {
	case Group:
		return slices.DeleteFunc(roster, func(r member.Rostered) bool { return r.Group != l.Group }), nil
	case Committee:
		return committeeRoster(tx, l, day, roster)
	}
	return roster, nil
}

// committeeRoster are the sitting members, with what lies over their
// membership where the cell itself keeps it.
func committeeRoster(tx *db.Tx, l loaded, day clock.Date, cell []member.Rostered) ([]member.Rostered, error) {
	sitting, err := sitters(tx, l, day)
	if err != nil {
		return nil, err
	}
	names, err := member.Names(tx, sitting)
	if err != nil {
		return nil, err
	}
	var list []member.Rostered
	for _, person := range sitting {
		i := slices.IndexFunc(cell, func(r member.Rostered) bool { return r.ID == person })
		if i >= 0 {
			list = append(list, cell[i])
			continue
		}
		list = append(list, member.Rostered{
			ID: person, Name: names[person], NameKey: text.NameKey(names[person]), Status: member.Official, Expected: true, Votes: true,
		})
	}
	slices.SortFunc(list, func(a, b member.Rostered) int { return strings.Compare(a.NameKey, b.NameKey) })
	return list, nil
}

// mustBelong refuses a person who has no part in the unit's meetings: in a cell
// whoever is not on its roll, elsewhere whoever is not in the register.
func (l loaded) mustBelong(tx *db.Tx, field string, person access.PersonID) error {
	if person == 0 {
		return nil
	}
	known := false
	if l.at.IsCell() {
		roster, err := member.Roster(tx, l.Unit, l.Day())
		if err != nil {
			return err
		}
		known = slices.ContainsFunc(roster, func(r member.Rostered) bool { return r.ID == person })
	} else {
		names, err := member.Names(tx, []access.PersonID{person})
		if err != nil {
			return err
		}
		known = names[person] != ""
	}
	if !known {
		return errs.Field(field, "meeting.error.not_a_member")
	}
	return nil
}

// tellAll writes who is to be told, and sends the notice to those who can read
// it. The sheet's ticks of an earlier announcement are void.
func tellAll(tx *db.Tx, by access.Actor, l loaded, people []invited) error {
	if _, err := tx.Exec(`DELETE FROM meeting_told WHERE meeting_id = $1`, l.ID); err != nil {
		return err
	}
	var reached []access.PersonID
	for _, p := range people {
		channel, at := NotTold, time.Time{}
		if p.account {
			channel, at = InApp, tx.Now
			reached = append(reached, p.person)
		}
		if _, err := tx.Exec(`INSERT INTO meeting_told (meeting_id, person_id, name, name_key, above, channel, at, person_by)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (meeting_id, person_id) DO NOTHING`,
			l.ID, p.person, p.name, p.nameKey, p.above, channel, at, by.Person); err != nil {
			return err
		}
	}
	key := "meeting.notice.announced"
	if l.Place == "" {
		key = "meeting.notice.announced_online"
	}
	return notice.Send(tx, by, l.notice(key, reached))
}

// Tell notes that people were told on paper or by word of mouth; NotTold takes
// it back. Who prepares the meeting may, once it is announced (errs.Conflict
// before); somebody who is not to be told is errs.Invalid.
func Tell(tx *db.Tx, by access.Actor, meeting ID, people []access.PersonID, channel Channel) error {
	l, err := load(tx, by, access.MeetingPrepare, meeting)
	if err != nil {
		return err
	}
	if l.AnnouncedAt.IsZero() {
		return errs.New(errs.Conflict, "meeting.error.not_announced")
	}
	if !slices.Contains([]Channel{NotTold, Sheet, Word}, channel) {
		return errs.Field("channel", "meeting.error.channel")
	}
	at := tx.Now
	if channel == NotTold {
		at = time.Time{}
	}
	for _, person := range people {
		n, err := tx.Exec(`UPDATE meeting_told SET channel = $1, at = $2, person_by = $3 WHERE meeting_id = $4 AND person_id = $5`,
			channel, at, by.Person, l.ID, person)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Field("people", "meeting.error.not_invited")
		}
	}
	return note(tx, by, l, "Tell", nil, map[string]any{"people": people, "channel": channel})
}

// Delivery is everybody to be told of an announced meeting and how they were,
// by given name, those from above last. Who prepares or runs the meeting, and
// the committees above, may read it; others who see the meeting are Denied.
func Delivery(tx *db.Tx, by access.Actor, meeting ID) ([]Told, error) {
	l, err := loadInside(tx, by, meeting)
	if err != nil {
		return nil, err
	}
	return delivery(tx, l.ID)
}

func delivery(tx *db.Tx, meeting ID) ([]Told, error) {
	return db.All(tx, func(row db.Row) (t Told, err error) {
		return t, row.Scan(&t.Person, &t.Name, &t.Above, &t.Channel, db.Instant(&t.At), &t.By)
	}, `SELECT person_id, name, above, channel, at, person_by FROM meeting_told WHERE meeting_id = $1 ORDER BY above, name_key, person_id`, meeting)
}

// ICS is the meeting as a calendar file: summary and description as given,
// stamp the time of writing. A cancelled meeting takes itself out of the
// calendar, a moved one replaces the entry it had.
func ICS(m Meeting, at orgtree.Unit, summary, description string, stamp time.Time) string {
	method := "PUBLISH"
	if m.State == Cancelled {
		method = "CANCEL"
	}
	entry := m.Entry(at, summary)
	entry.Notes = description
	return ical.Calendar{Method: method, Stamp: stamp, Events: []ical.Event{entry}}.String()
}

// Entry is the meeting in a calendar, under the same name in every file.
func (m Meeting) Entry(at orgtree.Unit, summary string) ical.Event {
	return ical.Event{
		UID: m.ID.String() + "@chibo", Sequence: m.Version, Starts: m.Starts, Ends: m.Ends(),
		Summary: summary, Place: cmp.Or(m.Place, at.Address), Cancelled: m.State == Cancelled,
	}
}
