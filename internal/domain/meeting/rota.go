package meeting

import (
	"cmp"
	"fmt"
	"slices"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Candidate is somebody whose turn it could be.
type Candidate struct {
	Person        access.PersonID
	Name, NameKey string
	Group         unit.GroupID
	// Last is the day of their last turn; zero is never.
	Last clock.Date
	// Why says in words where they stand in the row.
	Why errs.Message
}

// Turns puts candidates into the order of their turns: whoever never had one
// first, then whose last is longest ago; among equals the party group that
// waited longest, then the list of names. So nobody is asked twice before
// everyone was asked once, and the same history gives the same answer.
func Turns(candidates []Candidate) []Candidate {
	list := slices.Clone(candidates)
	groups := map[unit.GroupID]clock.Date{}
	for _, c := range list {
		if c.Last.After(groups[c.Group]) {
			groups[c.Group] = c.Last
		}
	}
	slices.SortFunc(list, func(a, b Candidate) int {
		return cmp.Or(
			a.Last.Compare(b.Last),
			groups[a.Group].Compare(groups[b.Group]),
			cmp.Compare(a.NameKey, b.NameKey),
			cmp.Compare(a.Person, b.Person),
		)
	})
	return list
}

// Younger is the younger half of people, rounded up; people without a date of
// birth are among the older. Which age is young no rule says (S-22), so the
// cell itself is the measure.
func Younger(roster []member.Rostered) []member.Rostered {
	list := slices.Clone(roster)
	slices.SortStableFunc(list, func(a, b member.Rostered) int { return b.Birth.Compare(a.Birth) })
	return list[:(len(list)+1)/2]
}

// SuggestMinuteTaker puts the younger members into the order in which it is
// their turn to take the minutes, rotating among party groups (S-22). The chair
// and the secretary are left out. Who prepares or runs the meeting may ask; a
// person decides.
func SuggestMinuteTaker(tx *db.Tx, by access.Actor, meeting ID) ([]Candidate, error) {
	return suggest(tx, by, meeting, "meeting.rota.minutes_never", "meeting.rota.minutes_last",
		`SELECT m.minute_taker_id, max(m.starts) FROM meeting m WHERE m.unit_id = $1 AND m.id <> $2 AND m.starts < $3 AND m.state <> 'cancelled'
			AND m.minute_taker_id IS NOT NULL GROUP BY m.minute_taker_id`,
		Younger)
}

// SuggestStory puts the members into the order in which it is their turn to
// tell a story of following Hồ Chí Minh (S-46). The rights are those of
// SuggestMinuteTaker.
func SuggestStory(tx *db.Tx, by access.Actor, meeting ID) ([]Candidate, error) {
	return suggest(tx, by, meeting, "meeting.rota.story_never", "meeting.rota.story_last",
		`SELECT i.presenter_id, max(m.starts) FROM meeting m JOIN meeting_item i ON i.meeting_id = m.id WHERE m.unit_id = $1 AND m.id <> $2 AND m.starts < $3
			AND m.state <> 'cancelled' AND i.kind = '`+kindStory+`' AND i.skip_reason = '' AND i.presenter_id IS NOT NULL GROUP BY i.presenter_id`,
		func(roster []member.Rostered) []member.Rostered { return roster })
}

func suggest(tx *db.Tx, by access.Actor, meeting ID, never, last, history string, choose func([]member.Rostered) []member.Rostered) ([]Candidate, error) {
	l, err := loadInside(tx, by, meeting)
	if err != nil {
		return nil, err
	}
	roster, err := rosterOf(tx, l, l.Day())
	if err != nil {
		return nil, err
	}
	head, err := chairOf(tx, Meeting{Unit: l.Unit}, l.Day())
	if err != nil {
		return nil, err
	}
	roster = slices.DeleteFunc(roster, func(r member.Rostered) bool {
		return !r.Expected || r.Here || r.ID == l.Chair || r.ID == head
	})
	turns, err := lastTurns(tx, history, l)
	if err != nil {
		return nil, err
	}
	var list []Candidate
	for _, r := range choose(roster) {
		c := Candidate{Person: r.ID, Name: r.Name, NameKey: r.NameKey, Group: r.Group, Last: turns[r.ID], Why: errs.Message{Key: never}}
		if !c.Last.IsZero() {
			c.Why = errs.Message{Key: last, Args: []any{c.Last}}
		}
		list = append(list, c)
	}
	return Turns(list), nil
}

func lastTurns(tx *db.Tx, query string, l loaded) (map[access.PersonID]clock.Date, error) {
	type turn struct {
		person access.PersonID
		starts int64
	}
	turns := map[access.PersonID]clock.Date{}
	return turns, db.Each(tx, func(row db.Row) (t turn, err error) { return t, row.Scan(&t.person, &t.starts) }, func(t turn) error {
		turns[t.person] = dayOf(t.starts)
		return nil
	}, query, l.Unit, l.ID, l.Starts)
}

// NameMinuteTaker gives a person the right to write this meeting's minutes,
// and takes it from whoever had it before (S-22). Who prepares or runs the
// meeting may, until it has ended. Somebody who does not belong to the unit is
// errs.Invalid, a stale version errs.Conflict.
func NameMinuteTaker(tx *db.Tx, by access.Actor, meeting ID, version int64, person access.PersonID) (Meeting, error) {
	l, err := loadInside(tx, by, meeting)
	if err != nil {
		return Meeting{}, err
	}
	if !by.CanOn(access.MeetingPrepare, l.at, int64(l.ID)) && !by.CanOn(access.MeetingConclude, l.at, int64(l.ID)) {
		return Meeting{}, errs.New(errs.Denied, "errs.denied")
	}
	if l.Version != version {
		return Meeting{}, errs.New(errs.Conflict, "errs.stale")
	}
	if l.State != InSession {
		if err := l.mustBeUpcoming(tx); err != nil {
			return Meeting{}, err
		}
	}
	was := l.MinuteTaker
	if err := l.nameMinuteTaker(tx, person); err != nil {
		return Meeting{}, err
	}
	if err := save(tx, &l.Meeting); err != nil {
		return Meeting{}, err
	}
	return l.Meeting, note(tx, by, l, "NameMinuteTaker", map[string]any{"person": was}, map[string]any{"person": person})
}

// nameMinuteTaker moves the right and the items that the minute-taker presents;
// the caller saves the meeting.
func (l *loaded) nameMinuteTaker(tx *db.Tx, person access.PersonID) error {
	if person == 0 {
		return errs.Field("person", "errs.required")
	}
	if err := l.mustBelong(tx, "person", person); err != nil {
		return err
	}
	if err := l.withdrawMinuteTaker(tx); err != nil {
		return err
	}
	if err := access.Give(tx, access.Grant{
		Person: person, Unit: l.Unit, Role: access.MinuteTaker, Subject: int64(l.ID), From: clock.DateOf(tx.Now), Source: l.source(),
	}); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE meeting_item SET presenter_id = $1, version = version + 1
		WHERE meeting_id = $2 AND who = $3 AND (presenter_id IS NULL OR presenter_id = $4)`, person, l.ID, access.MinuteTaker, l.MinuteTaker); err != nil {
		return err
	}
	l.MinuteTaker = person
	return nil
}

// withdrawMinuteTaker ends the right to write this meeting's minutes.
func (l loaded) withdrawMinuteTaker(tx *db.Tx) error {
	return access.Withdraw(tx, l.source(), clock.DateOf(tx.Now))
}

func (l loaded) source() string { return fmt.Sprintf("%s:%d", Noun, int64(l.ID)) }
