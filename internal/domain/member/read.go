package member

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/text"
)

// Brief is what whoever may read members learns of one: that they exist, their
// name and state. Sensitive overlays are left out.
type Brief struct {
	ID       ID
	Unit     orgtree.ID
	Group    unit.GroupID
	Name     string
	Status   Status
	Overlays []string
	Version  int64
}

// Find is a person in brief. Who may read members in the cell may, and in a
// cell where the person is a guest, and the person.
func Find(tx *db.Tx, by access.Actor, person ID) (Brief, error) {
	m, at, err := loadOwn(tx, by, access.MemberRead, person)
	if err != nil {
		return Brief{}, err
	}
	words, _, err := unit.Words(tx, at)
	if err != nil {
		return Brief{}, err
	}
	overlays, err := overlaysOf(tx, person)
	if err != nil {
		return Brief{}, err
	}
	b := m.brief()
	open := by.Can(access.MemberFile, at) || by.Person == person
	for _, o := range overlays {
		if o.Holds(clock.DateOf(tx.Now)) && (open || !sensitive(words, o.Kind)) {
			b.Overlays = append(b.Overlays, o.Kind)
		}
	}
	return b, nil
}

func (m Member) brief() Brief {
	return Brief{ID: m.ID, Unit: m.Unit, Group: m.Group, Name: m.Name, Status: m.Status, Version: m.Version}
}

// sensitive reports whether an overlay needs the right to the file. One that
// the pack does not know is kept back.
func sensitive(words rulepack.States, kind string) bool {
	o, known := words.Overlay(kind)
	return !known || o.Sensitive
}

// File is the whole record of a person.
type File struct {
	Member
	CV       CV
	Overlays []Overlay
	States   []StatusChange
	Places   []Place
	Posts    []unit.Post
}

// Open is the whole record. Who holds the right to files at the person's unit
// may, with a reason, and each such reading is recorded (rules 27); the person
// may without either. It writes, so it needs a transaction that may.
func Open(tx *db.Tx, by access.Actor, person ID, reason string) (File, error) {
	m, _, err := loadOwn(tx, by, access.MemberFile, person)
	if err != nil {
		return File{}, err
	}
	if err := saw(tx, by, m, reason); err != nil {
		return File{}, err
	}
	f := File{Member: m}
	if f.CV, err = findCV(tx, person); err != nil {
		return File{}, err
	}
	if f.Overlays, err = overlaysOf(tx, person); err != nil {
		return File{}, err
	}
	if f.States, err = statesOf(tx, person); err != nil {
		return File{}, err
	}
	if f.Places, err = placesOf(tx, person); err != nil {
		return File{}, err
	}
	f.Posts, err = unit.PostsOfPerson(tx, person)
	return f, err
}

// saw records that somebody else than the person opened the file.
func saw(tx *db.Tx, by access.Actor, m Member, reason string) error {
	if by.Person == m.ID {
		return nil
	}
	return journal.Saw(tx, by, m.Unit, noun, int64(m.ID), text.Line(reason))
}

// Reading is one opening of a file by somebody.
type Reading struct {
	At     time.Time
	By     ID
	Name   string
	Reason string
}

// Readings are who opened the person's file, newest first. The person may read
// them, and who may open the file.
func Readings(tx *db.Tx, by access.Actor, person ID) ([]Reading, error) {
	if _, _, err := loadOwn(tx, by, access.MemberFile, person); err != nil {
		return nil, err
	}
	entries, err := journal.Readings(tx, noun, int64(person))
	if err != nil {
		return nil, err
	}
	readers := make([]ID, len(entries))
	for i, e := range entries {
		readers[i] = e.By
	}
	names, err := Names(tx, readers)
	list := make([]Reading, len(entries))
	for i, e := range entries {
		list[i] = Reading{e.At, e.By, names[e.By], e.Reason}
	}
	return list, err
}

// History is what was entered about the person, oldest first, with before and
// after. The rights are those of Open, and such a reading is recorded too.
func History(tx *db.Tx, by access.Actor, person ID) ([]journal.Entry, error) {
	m, _, err := loadOwn(tx, by, access.MemberFile, person)
	if err != nil {
		return nil, err
	}
	if err := saw(tx, by, m, "history"); err != nil {
		return nil, err
	}
	return journal.History(tx, noun, int64(person))
}

// Event is a dated point, or span, in a member's life in the Party.
type Event struct {
	Day clock.Date
	To  clock.Date // of a span that has ended
	// What is a word for the message key member.life.What; Kind tells more,
	// such as the kind of a post or an overlay.
	What     string
	Kind     string
	Unit     orgtree.ID
	From     orgtree.ID // of a collective transfer
	Document string
}

// Life is the line of a member's life in the Party, oldest first. The collective
// transfers are those that package reorganisation knows; of one that led to
// another cell the place tells already.
func Life(f File, transfers ...Event) []Event {
	line := slices.DeleteFunc(slices.Clone(transfers), func(e Event) bool {
		return slices.ContainsFunc(f.Places, func(p Place) bool { return p.From == e.Day && p.Unit == e.Unit })
	})
	point := func(what string, day clock.Date) {
		if !day.IsZero() {
			line = append(line, Event{Day: day, What: what})
		}
	}
	point("birth", f.Birth)
	point("union", f.CV.UnionJoined)
	point("admitted", f.Admitted)
	for _, s := range f.States {
		line = append(line, Event{Day: s.From, What: "status", Kind: string(s.Status), Document: s.Document})
	}
	for _, p := range f.Places {
		line = append(line, Event{Day: p.From, To: p.To, What: "cell", Unit: p.Unit, Document: p.Document})
	}
	for _, o := range f.Overlays {
		line = append(line, Event{Day: o.From, To: o.To, What: "overlay", Kind: o.Kind, Unit: o.Unit, Document: o.Document})
	}
	for _, p := range f.Posts {
		if p.State != unit.Refused {
			line = append(line, Event{Day: p.From, To: p.To, What: "post", Kind: p.Kind, Unit: p.Unit, Document: p.Decision})
		}
	}
	slices.SortStableFunc(line, func(a, b Event) int {
		return cmp.Or(a.Day.Compare(b.Day), strings.Compare(a.What, b.What))
	})
	return line
}
