package meeting

import (
	"slices"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// OpinionID names an opinion.
type OpinionID = id.Of[Opinion]

// Opinion is what somebody said, in a line or in full (S-43). The speaker is
// on the roll, or a guest.
type Opinion struct {
	ID      OpinionID
	Meeting ID
	Item    ItemID // zero for no item
	Person  access.PersonID
	Guest   GuestID
	Speaker string // the name
	Text    string
	At      time.Time
	Version int64
}

// Speech is what is noted of somebody's words.
type Speech struct {
	Item ItemID
	// Person or Guest spoke, not both.
	Person access.PersonID
	Guest  GuestID
	Text   string
}

const opinionColumns = `o.id, o.meeting_id, o.item_id, o.person_id, o.guest_id, COALESCE(r.name, g.name, ''), o.text, o.at, o.version`

const opinionTables = `meeting_opinion o LEFT JOIN meeting_roll r ON r.meeting_id = o.meeting_id AND r.person_id = o.person_id
	LEFT JOIN meeting_guest g ON g.id = o.guest_id`

func scanOpinion(row db.Row) (o Opinion, err error) {
	return o, row.Scan(&o.ID, &o.Meeting, &o.Item, &o.Person, &o.Guest, &o.Speaker, &o.Text, db.Instant(&o.At), &o.Version)
}

// Speak notes an opinion. Who runs the meeting may, from the opening until the
// minutes are approved. Only who is present speaks (errs.Invalid).
func Speak(tx *db.Tx, by access.Actor, meeting ID, s Speech) (Opinion, error) {
	l, err := loadForRoll(tx, by, meeting)
	if err != nil {
		return Opinion{}, err
	}
	var w typed
	w.block("text", &s.Text, true)
	w.Check((s.Person == 0) != (s.Guest == 0), "person", "errs.required")
	if err := w.Err(); err != nil {
		return Opinion{}, err
	}
	if err := l.mustHaveItem(tx, s.Item); err != nil {
		return Opinion{}, err
	}
	name, err := l.speaker(tx, s)
	if err != nil {
		return Opinion{}, err
	}
	o := Opinion{ID: id.New[Opinion](), Meeting: l.ID, Item: s.Item, Person: s.Person, Guest: s.Guest, Speaker: name, Text: s.Text, At: tx.Now, Version: 1}
	if _, err := tx.Exec(`INSERT INTO meeting_opinion (id, meeting_id, item_id, person_id, guest_id, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		o.ID, o.Meeting, o.Item, o.Person, o.Guest, o.Text, o.At); err != nil {
		return Opinion{}, err
	}
	adds, err := l.spokeTally(tx, o.Person, 1, 1)
	if err != nil {
		return Opinion{}, err
	}
	return o, noteTally(tx, by, l, "Speak", nil, map[string]any{"opinion": o.ID, "person": o.Person, "guest": o.Guest, "item": o.Item, "text": o.Text}, adds)
}

// speaker is the name of who spoke, if they are in the room.
func (l loaded) speaker(tx *db.Tx, s Speech) (string, error) {
	if s.Guest != 0 {
		list, err := guests(tx, l.ID)
		if err != nil {
			return "", err
		}
		i := slices.IndexFunc(list, func(g Guest) bool { return g.ID == s.Guest })
		if i < 0 {
			return "", errs.Field("guest", "meeting.error.not_present")
		}
		return list[i].Name, nil
	}
	return l.inRoom(tx, "person", s.Person)
}

// inRoom is the name of somebody on the roll who is present.
func (l loaded) inRoom(tx *db.Tx, field string, person access.PersonID) (string, error) {
	e, found, err := entryOf(tx, l.ID, person)
	if err == nil && !(found && e.Present()) {
		err = errs.Field(field, "meeting.error.not_present")
	}
	return e.Name, err
}

func loadOpinion(tx *db.Tx, by access.Actor, opinion OpinionID, version int64) (loaded, Opinion, error) {
	o, err := db.One(tx, scanOpinion, `SELECT `+opinionColumns+` FROM `+opinionTables+` WHERE o.id = $1`, opinion)
	if err != nil {
		return loaded{}, Opinion{}, err
	}
	l, err := loadForRoll(tx, by, o.Meeting)
	if err == nil && o.Version != version {
		err = errs.New(errs.Conflict, "errs.stale")
	}
	return l, o, err
}

// ChangeOpinion rewrites what was noted of somebody's words. The rights are
// those of Speak; a stale version is errs.Conflict.
func ChangeOpinion(tx *db.Tx, by access.Actor, opinion OpinionID, version int64, words string) (Opinion, error) {
	l, o, err := loadOpinion(tx, by, opinion, version)
	if err != nil {
		return Opinion{}, err
	}
	var w typed
	w.block("text", &words, true)
	if err := w.Err(); err != nil {
		return Opinion{}, err
	}
	was := o.Text
	if err := tx.Change(`UPDATE meeting_opinion SET text = $1, version = version + 1 WHERE id = $2 AND version = $3`, words, o.ID, version); err != nil {
		return Opinion{}, err
	}
	o.Text, o.Version = words, version+1
	return o, note(tx, by, l, "ChangeOpinion", map[string]any{"opinion": o.ID, "text": was}, map[string]any{"opinion": o.ID, "text": words})
}

// RemoveOpinion takes back what was noted by mistake. The rights are those of
// Speak; a stale version is errs.Conflict.
func RemoveOpinion(tx *db.Tx, by access.Actor, opinion OpinionID, version int64) error {
	l, o, err := loadOpinion(tx, by, opinion, version)
	if err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM meeting_opinion WHERE id = $1 AND version = $2`, o.ID, version); err != nil {
		return err
	}
	adds, err := l.spokeTally(tx, o.Person, 0, -1)
	if err != nil {
		return err
	}
	return noteTally(tx, by, l, "RemoveOpinion", map[string]any{"opinion": o.ID, "person": o.Person, "text": o.Text}, nil, adds)
}

// Opinions are what was said at a meeting, in order. Who runs or prepares the
// meeting, and the committees above, may read them; members once it is
// published.
func Opinions(tx *db.Tx, by access.Actor, meeting ID) ([]Opinion, error) {
	l, err := loadRecords(tx, by, meeting)
	if err != nil {
		return nil, err
	}
	return db.All(tx, scanOpinion, `SELECT `+opinionColumns+` FROM `+opinionTables+` WHERE o.meeting_id = $1 ORDER BY o.at, o.id`, l.ID)
}

// Spoken is how many of those present spoke (S-43, S-57). Guests do not count.
type Spoken struct{ Speakers, Present int }

// Speakers are how many of those present spoke. Who sees the meeting may ask.
func Speakers(tx *db.Tx, by access.Actor, meeting ID) (Spoken, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return Spoken{}, err
	}
	return spoken(tx, l.ID)
}

func spoken(tx *db.Tx, meeting ID) (Spoken, error) {
	return db.One(tx, func(row db.Row) (s Spoken, err error) { return s, row.Scan(&s.Speakers, &s.Present) }, `SELECT
		(SELECT count(DISTINCT o.person_id) FROM meeting_opinion o JOIN meeting_roll r ON r.meeting_id = o.meeting_id AND r.person_id = o.person_id
			WHERE o.meeting_id = $1 AND r.mark = 'present'),
		(SELECT count(*) FROM meeting_roll WHERE meeting_id = $1 AND mark = 'present')`, meeting)
}

// CriticismID names a criticism.
type CriticismID = id.Of[Criticism]

// Remark is what kind of criticism it is (S-44).
type Remark string

const (
	Praise         Remark = "praise"         // biểu dương
	Reminder       Remark = "reminder"       // nhắc nhở
	Reproach       Remark = "criticism"      // phê bình
	SelfReflection Remark = "self_criticism" // tự phê bình
)

// Remarks lists every kind in the order in which people list them.
var Remarks = []Remark{Praise, Reminder, Reproach, SelfReflection}

// Criticism is a praise, reminder, criticism or self-criticism with its reply.
// It is sensitive: see Criticisms.
type Criticism struct {
	ID      CriticismID
	Meeting ID
	Item    ItemID
	Kind    Remark
	Author  access.PersonID
	// Person is whom it is about; where it is a collective, About names it.
	Person  access.PersonID
	About   string
	Text    string
	At      time.Time
	Reply   string
	Replied time.Time
	Version int64
}

// Remarking is what is noted of a criticism.
type Remarking struct {
	Item   ItemID
	Kind   Remark
	Author access.PersonID // who said it; the committee as such is nobody
	Person access.PersonID
	About  string
	Text   string
}

const (
	criticismNoun    = "criticism"
	criticismColumns = `c.id, c.meeting_id, c.item_id, c.kind, c.author_id, c.about_id, c.about, c.text, c.at, c.reply, c.replied, c.version`
)

func scanCriticism(row db.Row) (c Criticism, err error) {
	return c, row.Scan(&c.ID, &c.Meeting, &c.Item, &c.Kind, &c.Author, &c.Person, &c.About, &c.Text, db.Instant(&c.At), &c.Reply, db.Instant(&c.Replied), &c.Version)
}

// Criticise notes a criticism. Who runs the meeting may, until its minutes are
// approved; members may write their own self-criticism. Its author must be
// present; it is about a person of the roll or a collective (errs.Invalid).
func Criticise(tx *db.Tx, by access.Actor, meeting ID, r Remarking) (Criticism, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return Criticism{}, err
	}
	own := r.Kind == SelfReflection && r.Author == by.Person && by.Person != 0
	if !own && !by.CanOn(access.MeetingRun, l.at, int64(l.ID)) {
		return Criticism{}, errs.New(errs.Denied, "errs.denied")
	}
	if err := l.takesRecords(); err != nil {
		return Criticism{}, err
	}
	if err := r.check(tx, l); err != nil {
		return Criticism{}, err
	}
	c := Criticism{
		ID: id.New[Criticism](), Meeting: l.ID, Item: r.Item, Kind: r.Kind, Author: r.Author, Person: r.Person, About: r.About, Text: r.Text, At: tx.Now, Version: 1,
	}
	if _, err := tx.Exec(`INSERT INTO meeting_criticism (id, meeting_id, item_id, kind, author_id, about_id, about, text, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, c.ID, c.Meeting, c.Item, c.Kind, c.Author, c.Person, c.About, c.Text, c.At); err != nil {
		return Criticism{}, err
	}
	return c, noteCriticism(tx, by, l, "Criticise", c)
}

// noteCriticism journals a criticism under its own noun and without its words:
// the meeting's history is read by more people than the criticism.
func noteCriticism(tx *db.Tx, by access.Actor, l loaded, verb string, c Criticism) error {
	return journal.Write(tx, by, journal.Change{
		Unit: l.Unit, Verb: "meeting." + verb, Noun: criticismNoun, ID: int64(c.ID),
		After: map[string]any{"meeting": l.ID, "kind": c.Kind, "version": c.Version},
	})
}

func (r *Remarking) check(tx *db.Tx, l loaded) error {
	if r.Kind == SelfReflection {
		r.Person, r.About = r.Author, ""
	}
	var w typed
	w.Check(slices.Contains(Remarks, r.Kind), "kind", "meeting.error.remark")
	w.block("text", &r.Text, true)
	w.line("about", &r.About, r.Person == 0)
	w.Check(r.Person == 0 || r.About == "", "about", "meeting.error.about_both")
	if err := w.Err(); err != nil {
		return err
	}
	if err := l.mustHaveItem(tx, r.Item); err != nil {
		return err
	}
	if r.Author != 0 {
		if _, err := l.inRoom(tx, "author", r.Author); err != nil {
			return err
		}
	}
	if r.Person == 0 {
		return nil
	}
	_, found, err := entryOf(tx, l.ID, r.Person)
	if err == nil && !found {
		err = errs.Field("person", "meeting.error.not_on_roll")
	}
	return err
}

// concerns reports whether the actor wrote the criticism or is its subject.
func (c Criticism) concerns(by access.Actor) bool {
	return by.Person != 0 && (c.Author == by.Person || c.Person == by.Person)
}

// Reply notes the answer of whom a criticism concerns. They may themselves, and
// who runs the meeting, until its minutes are approved. A stale version is
// errs.Conflict.
func Reply(tx *db.Tx, by access.Actor, criticism CriticismID, version int64, words string) (Criticism, error) {
	c, l, err := loadCriticism(tx, by, criticism)
	if err != nil {
		return Criticism{}, err
	}
	subject := by.Person != 0 && c.Person == by.Person
	if !subject && !by.CanOn(access.MeetingRun, l.at, int64(l.ID)) {
		return Criticism{}, errs.New(errs.Denied, "errs.denied")
	}
	if err := l.takesRecords(); err != nil {
		return Criticism{}, err
	}
	var w typed
	w.block("reply", &words, true)
	if err := w.Err(); err != nil {
		return Criticism{}, err
	}
	if err := tx.Change(`UPDATE meeting_criticism SET reply = $1, replied = $2, replied_by = $3, version = version + 1 WHERE id = $4 AND version = $5`,
		words, tx.Now, by.Person, c.ID, version); err != nil {
		return Criticism{}, err
	}
	c.Reply, c.Replied, c.Version = words, tx.Now, version+1
	return c, noteCriticism(tx, by, l, "Reply", c)
}

// loadCriticism finds a criticism for whoever may read it; for others it does
// not exist.
func loadCriticism(tx *db.Tx, by access.Actor, criticism CriticismID) (Criticism, loaded, error) {
	c, err := db.One(tx, scanCriticism, `SELECT `+criticismColumns+` FROM meeting_criticism c WHERE c.id = $1`, criticism)
	if err != nil {
		return Criticism{}, loaded{}, err
	}
	l, err := load(tx, by, access.MeetingRead, c.Meeting)
	if err != nil {
		return Criticism{}, loaded{}, err
	}
	if !c.concerns(by) && !by.CanOn(access.MeetingCriticism, l.at, int64(l.ID)) {
		return Criticism{}, loaded{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return c, l, nil
}

// Criticisms are the praise, reminders and criticism of a meeting that the
// actor may read: all for those entitled (secretary, deputy, committee,
// minute-taker, inspection), otherwise what they wrote and what concerns them.
// Reading another person's is recorded, so this needs an updating transaction.
func Criticisms(tx *db.Tx, by access.Actor, meeting ID) ([]Criticism, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return nil, err
	}
	list, err := db.All(tx, scanCriticism, `SELECT `+criticismColumns+` FROM meeting_criticism c WHERE c.meeting_id = $1 ORDER BY c.at, c.id`, l.ID)
	if err != nil {
		return nil, err
	}
	entitled := by.CanOn(access.MeetingCriticism, l.at, int64(l.ID))
	list = slices.DeleteFunc(list, func(c Criticism) bool { return !entitled && !c.concerns(by) })
	for _, c := range list {
		if c.concerns(by) {
			continue
		}
		if err := journal.Saw(tx, by, l.Unit, criticismNoun, int64(c.ID), ""); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// CriticismReaders are who read a criticism. The person it concerns may ask,
// its author, and those entitled to read it.
func CriticismReaders(tx *db.Tx, by access.Actor, criticism CriticismID) ([]journal.Reading, error) {
	c, _, err := loadCriticism(tx, by, criticism)
	if err != nil {
		return nil, err
	}
	return journal.Readings(tx, criticismNoun, int64(c.ID))
}

// RemarkCounts are how many of each kind a meeting had, without their words.
// Who sees the meeting may ask.
func RemarkCounts(tx *db.Tx, by access.Actor, meeting ID) (map[Remark]int, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return nil, err
	}
	return remarkCounts(tx, l.ID)
}

func remarkCounts(tx *db.Tx, meeting ID) (map[Remark]int, error) {
	type row struct {
		kind Remark
		n    int
	}
	counts := map[Remark]int{}
	return counts, db.Each(tx, func(r db.Row) (c row, err error) { return c, r.Scan(&c.kind, &c.n) }, func(c row) error {
		counts[c.kind] = c.n
		return nil
	}, `SELECT kind, count(*) FROM meeting_criticism WHERE meeting_id = $1 GROUP BY kind`, meeting)
}
