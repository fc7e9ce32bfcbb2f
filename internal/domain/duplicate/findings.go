package duplicate

import (
	"context"
	"time"

	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Find searches the whole register and keeps what it finds: the nightly job, and
// the command line. What people decided stays; an open finding that is met no
// more, because somebody put a record right, goes.
func Find(ctx context.Context, d *db.DB) (Searched, error) {
	began := d.Now()
	if err := d.Update(ctx, func(tx *db.Tx) error { return beginSearch(tx) }); err != nil {
		return Searched{}, err
	}
	var waiting []Pair
	flush := func() error {
		err := d.Update(ctx, func(tx *db.Tx) error { return keepAll(tx, waiting) })
		waiting = waiting[:0]
		return err
	}
	found, err := Search(ctx, d, nil, func(p Pair) error {
		if waiting = append(waiting, p); len(waiting) == keptAtOnce {
			return flush()
		}
		return nil
	})
	if err != nil {
		return found, err
	}
	if err := flush(); err != nil {
		return found, err
	}
	return found, d.Update(ctx, func(tx *db.Tx) error { return endSearch(tx, found, began) })
}

// Run is the last search of the whole register; zero if there was none.
type Run struct {
	Started, Ended time.Time
	People, Pairs  int
}

// Last is the last search. Anybody may know of it.
func Last(tx *db.Tx, _ access.Actor) (Run, error) {
	r, _, err := db.Maybe(tx, func(row db.Row) (r Run, err error) {
		return r, row.Scan(db.Instant(&r.Started), db.Instant(&r.Ended), &r.People, &r.Pairs)
	}, `SELECT started, ended, people, pairs FROM duplicate_search WHERE id = 1`)
	return r, err
}

// keptAtOnce keeps transactions short.
const keptAtOnce = 200

func keepAll(tx *db.Tx, pairs []Pair) error {
	for _, p := range pairs {
		if err := keep(tx, p); err != nil {
			return err
		}
	}
	return nil
}

// List are the findings about two people of whom both belong to units where the
// actor may merge records: of a pair that crosses two communes only the level
// that has both learns anything.
func List(tx *db.Tx, by access.Actor, f Filter) (Page, error) {
	if f.State == "" {
		f.State = Open
	}
	scope, err := by.Scope(tx, access.MemberMerge)
	if err != nil {
		return Page{}, err
	}
	after, err := parseCursor(f.After)
	if err != nil {
		return Page{}, err
	}
	limit := usualPage
	if f.Limit > 0 {
		limit = min(f.Limit, largePage)
	}
	list, err := findingsIn(tx, scope, f, after, limit+1)
	if err != nil {
		return Page{}, err
	}
	page := Page{Findings: list}
	if len(list) > limit {
		page.Findings = list[:limit]
		last := list[limit-1]
		page.Next = cursor{last.Score, last.ID}.String()
	}
	return page, nil
}

// Get is a finding. Who may merge records at the units of both persons may;
// for anybody else it is not there.
func Get(tx *db.Tx, by access.Actor, finding ID) (Finding, error) {
	f, err := find(tx, finding)
	if err != nil {
		return Finding{}, err
	}
	_, _, err = both(tx, by, f.One, f.Other)
	return f, err
}

// both are the units of two people, if the actor may merge records in both. Of
// people of whom one is not seen there is no pair: errs.NotFound.
func both(tx *db.Tx, by access.Actor, a, b member.ID) (at, otherAt orgtree.Unit, err error) {
	var units [2]orgtree.ID
	for i, person := range []member.ID{a, b} {
		brief, err := member.Find(tx, by, person)
		if err != nil {
			return at, otherAt, err
		}
		units[i] = brief.Unit
	}
	if at, err = access.Require(tx, by, access.MemberMerge, units[0]); err != nil {
		return at, otherAt, err
	}
	otherAt, err = access.Require(tx, by, access.MemberMerge, units[1])
	return at, otherAt, err
}

// KeepApart says that the two are two different people, which is remembered:
// they are not proposed again. Who may merge the two may; a stale version and
// records that were merged are errs.Conflict.
func KeepApart(tx *db.Tx, by access.Actor, finding ID, version int64, note string) error {
	return decide(tx, by, "duplicate.KeepApart", finding, version, Apart, note)
}

// Reconsider opens the question again. Who may merge the two may; a stale
// version and records that were merged are errs.Conflict.
func Reconsider(tx *db.Tx, by access.Actor, finding ID, version int64) error {
	return decide(tx, by, "duplicate.Reconsider", finding, version, Open, "")
}

func decide(tx *db.Tx, by access.Actor, verb string, finding ID, version int64, to State, note string) error {
	before, err := find(tx, finding)
	if err != nil {
		return err
	}
	at, otherAt, err := both(tx, by, before.One, before.Other)
	if err != nil {
		return err
	}
	if before.Version != version {
		return errs.New(errs.Conflict, "errs.stale")
	}
	if before.State == Merged || before.State == to {
		return errs.New(errs.Conflict, "duplicate.error.decided")
	}
	if note = text.Line(note); text.Length(note) > longestLine {
		return errs.Field("note", "errs.too_long", longestLine)
	}
	after := before
	after.State, after.Note, after.Decided, after.DecidedBy = to, note, tx.Now, by.Person
	if err := update(tx, after); err != nil {
		return err
	}
	change := journal.Change{Unit: at.ID, Verb: verb, Noun: Noun, ID: int64(finding), Before: before, After: after}
	if err := journal.Write(tx, by, change); err != nil || at.ID == otherAt.ID {
		return err
	}
	change.Unit = otherAt.ID // both units see it in their journals
	return journal.Write(tx, by, change)
}

const longestLine = 200
