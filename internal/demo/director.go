package demo

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"fmt"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/blob"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// director has the story acted out, day after day, in the order of time.
type director struct {
	db       *db.DB
	files    *blob.Store
	ward     ward
	now      time.Time
	progress func(Told)

	party  orgtree.Unit
	staff  staff
	houses []*house
	script script
	guests []guest
	held   int // meetings
}

// staff are the people of the party's own offices.
type staff struct {
	secretary, standingDeputy, deputy, officeHead, organisationHead, inspector, standingMember, administrator staffMember
}

type staffMember struct {
	id   access.PersonID
	name string
}

// followers attend the cells for the committee above, in turn.
func (s staff) followers() []staffMember {
	return []staffMember{s.secretary, s.standingDeputy, s.deputy, s.organisationHead, s.inspector, s.standingMember}
}

// deed is something that somebody does at a time.
type deed struct {
	at    time.Time
	place int    // among deeds of the same time
	where string // the cell, to be named if it fails
	do    func(*scene) error
}

// script is the deeds to come, the next one first.
type script struct {
	deeds  []deed
	placed int
}

func (s *script) Len() int      { return len(s.deeds) }
func (s *script) Swap(i, j int) { s.deeds[i], s.deeds[j] = s.deeds[j], s.deeds[i] }
func (s *script) Push(d any)    { s.deeds = append(s.deeds, d.(deed)) }

func (s *script) Less(i, j int) bool {
	a, b := s.deeds[i], s.deeds[j]
	return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.place, b.place)) < 0
}

func (s *script) Pop() any {
	last := len(s.deeds) - 1
	d := s.deeds[last]
	s.deeds = s.deeds[:last]
	return d
}

// later writes a deed into the script.
func (d *director) later(at time.Time, where string, do func(*scene) error) {
	d.script.placed++
	heap.Push(&d.script, deed{at, d.script.placed, where, do})
}

// direct tells the whole story.
func (d *director) direct(ctx context.Context) (Result, error) {
	if err := d.found(ctx); err != nil {
		return Result{}, err
	}
	d.guests = d.invited()
	if err := d.openAccounts(ctx, d.ward.story.begins().AddDays(1).At(9, 0)); err != nil {
		return Result{}, err
	}
	for _, h := range d.houses {
		h.writeScript()
	}
	if err := d.tell(ctx); err != nil {
		return Result{}, err
	}
	if err := d.openAccounts(ctx, d.now); err != nil {
		return Result{}, err
	}
	if err := d.play(ctx, (*scene).readNotices); err != nil {
		return Result{}, err
	}
	r := Result{Party: d.party.Name, Province: d.ward.province.Full, Cells: len(d.houses), Meetings: d.held}
	for _, g := range d.guests {
		if g.Login != "" {
			r.Accounts = append(r.Accounts, g.Account)
		}
	}
	for _, h := range d.houses {
		r.Members += len(h.people)
	}
	return r, nil
}

// tell plays the script up to now, one transaction for each day.
func (d *director) tell(ctx context.Context) error {
	var month meeting.Month
	for d.script.Len() > 0 && !d.script.deeds[0].at.After(d.now) {
		if err := ctx.Err(); err != nil {
			return err
		}
		day := clock.DateOf(d.script.deeds[0].at)
		if month != meeting.MonthOf(day) {
			month = meeting.MonthOf(day)
			d.report(month)
		}
		if err := d.play(ctx, func(s *scene) error { return s.playDay(day) }); err != nil {
			return err
		}
	}
	return nil
}

func (d *director) report(month meeting.Month) {
	if d.progress == nil || month < d.ward.story.first {
		return
	}
	last := 1 + d.ward.story.before(d.ward.story.first)
	d.progress(Told{Month: month, Number: last - d.ward.story.before(month), Last: last})
}

// errTwice: what was noted of a day in memory cannot be taken back.
var errTwice = errors.New("a day of the demo was begun twice: something else writes to the database")

// play acts in one transaction. Nothing else writes to a database that was
// empty, so the transaction is not run a second time; if it were, it fails.
func (d *director) play(ctx context.Context, act func(*scene) error) error {
	begun := false
	return d.db.Update(ctx, func(tx *db.Tx) error {
		if begun {
			return errTwice
		}
		begun = true
		return act(&scene{d, tx})
	})
}

// scene is a transaction in which people act.
type scene struct {
	*director
	tx *db.Tx
}

// playDay acts what the script has for the day, as far as it is past.
func (s *scene) playDay(day clock.Date) error {
	for s.script.Len() > 0 {
		next := s.script.deeds[0]
		if next.at.After(s.now) || clock.DateOf(next.at) != day {
			return nil
		}
		heap.Pop(&s.script)
		s.at(next.at)
		if err := next.do(s); err != nil {
			return fmt.Errorf("%s, %s: %w", next.where, s.tx.Now.In(clock.Zone).Format(time.DateTime), err)
		}
	}
	return nil
}

// at moves the clock.
func (s *scene) at(t time.Time) { s.tx.Now = t }

// today is the day of the clock.
func (s *scene) today() clock.Date { return clock.DateOf(s.tx.Now) }

// as is a person who acts with the rights of the day.
func (s *scene) as(person access.PersonID) (access.Actor, error) { return access.Act(s.tx, person) }

// inTurn acts until something fails.
func inTurn(acts ...func() error) error {
	for _, act := range acts {
		if err := act(); err != nil {
			return err
		}
	}
	return nil
}
