package delivery

import (
	"slices"
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/job"
)

// LetterID names a letter.
type LetterID = id.Of[Letter]

// State is how far a letter has come.
type State string

const (
	Waiting State = "waiting" // to be sent, perhaps for another time
	Sent    State = "sent"    // handed over
	Failed  State = "failed"  // given up
	Dropped State = "dropped" // given up, and no longer listed
)

// Letter is one message to one person through one channel.
type Letter struct {
	ID      LetterID
	Person  access.PersonID
	Unit    orgtree.ID
	Channel Channel
	Made    time.Time
	State   State
	// Settled is when it was sent or given up.
	Settled time.Time
	// Failure is why it was given up.
	Failure string

	job job.ID
}

const letterColumns = `l.id, l.person_id, l.unit_id, l.channel, l.made, l.state, l.settled, l.failure, l.job_id`

func scanLetter(row db.Row) (l Letter, err error) {
	return l, row.Scan(&l.ID, &l.Person, &l.Unit, &l.Channel, db.Instant(&l.Made), &l.State, db.Instant(&l.Settled), &l.Failure, &l.job)
}

// fail notes that a letter was given up; its job lies dead beside it.
func fail(tx *db.Tx, j letterJob, buried job.Job) error {
	_, err := tx.Exec(`UPDATE delivery_letter SET state = $1, settled = $2, failure = $3, job_id = $4 WHERE id = $5 AND state IN ($6, $7)`,
		Failed, tx.Now, buried.Failure, buried.ID, j.Letter, Waiting, Failed)
	return err
}

// Undelivered is a letter that was given up, as the administrator may know it:
// not who gets it, and not what it tells.
type Undelivered struct {
	Letter
	UnitName string
	// To is the masked address, "" where there is none.
	To string
}

// DeadLetters are the letters of the actor's units that were given up, newest
// first, at most 200. Who keeps the machine there may read them; for others the
// list does not exist.
func DeadLetters(tx *db.Tx, by access.Actor) ([]Undelivered, error) {
	where, args, err := administered(tx, by, 1)
	if err != nil {
		return nil, err
	}
	letters, err := db.All(tx, scanLetter, `SELECT `+letterColumns+` FROM delivery_letter l WHERE l.state = 'failed' AND `+where+` ORDER BY l.id DESC LIMIT 200`, args...)
	if err != nil {
		return nil, err
	}
	list := make([]Undelivered, len(letters))
	for i, l := range letters {
		at, err := orgtree.Find(tx, l.Unit)
		if err != nil {
			return nil, err
		}
		own, err := Addresses(tx, access.Actor{Person: l.Person})
		if err != nil {
			return nil, err
		}
		list[i] = Undelivered{Letter: l, UnitName: at.Name}
		if a, ok := own[l.Channel]; ok {
			list[i].To = a.Masked()
		}
	}
	return list, nil
}

// administered is the condition that a letter is of a unit where the actor
// keeps the machine; who does so nowhere has no such page.
func administered(tx *db.Tx, by access.Actor, first int) (string, []any, error) {
	scope, err := by.Scope(tx, access.Settings)
	if err != nil {
		return "", nil, err
	}
	if scope.Empty() {
		return "", nil, errs.New(errs.NotFound, "errs.not_found")
	}
	where, args := scope.Where("l.unit_id", first)
	return where, args, nil
}

func deadLetter(tx *db.Tx, by access.Actor, letter LetterID) (Letter, error) {
	where, args, err := administered(tx, by, 2)
	if err != nil {
		return Letter{}, err
	}
	return db.One(tx, scanLetter, `SELECT `+letterColumns+` FROM delivery_letter l WHERE l.state = 'failed' AND l.id = $1 AND `+where, append([]any{letter}, args...)...)
}

// TryAgain has a dead letter sent once more, from the first try on. Who may: as
// for DeadLetters. One that is not dead is errs.NotFound.
func TryAgain(tx *db.Tx, by access.Actor, letter LetterID) error {
	l, err := deadLetter(tx, by, letter)
	if err != nil {
		return err
	}
	if err := dropJob(tx, l.job); err != nil {
		return err
	}
	if err := settle(tx, l.ID, Waiting); err != nil {
		return err
	}
	return job.Enqueue(tx, sendLetter, letterJob{l.ID}, job.Options{})
}

// Drop takes a dead letter off the list. Who may: as for DeadLetters.
func Drop(tx *db.Tx, by access.Actor, letter LetterID) error {
	l, err := deadLetter(tx, by, letter)
	if err != nil {
		return err
	}
	if err := dropJob(tx, l.job); err != nil {
		return err
	}
	return settle(tx, l.ID, Dropped)
}

// dropJob takes the dead job away, unless somebody who looks after the queue
// has done so.
func dropJob(tx *db.Tx, dead job.ID) error {
	err := job.Drop(tx, dead)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	return err
}

func settle(tx *db.Tx, letter LetterID, s State) error {
	return tx.Change(`UPDATE delivery_letter SET state = $1, job_id = NULL WHERE id = $2`, s, letter)
}

// Reached is how far a notice came to a person.
type Reached struct {
	// Seen is when it was opened in the program; zero if it was not.
	Seen time.Time
	Ways []Way
}

// Way is a channel by which the notice went, or is to go.
type Way struct {
	Channel Channel
	State   State
	// At is when it was sent or given up; for what waits, when it is due.
	At time.Time
}

// Reach is how far the newest notice with the link and one of the keys came to
// each person. The caller has checked the right to the record behind the link.
func Reach(tx *db.Tx, link string, keys ...string) (map[access.PersonID]Reached, error) {
	type row struct {
		notice  notice.ID
		person  access.PersonID
		key     string
		seen    time.Time
		channel Channel
		due     time.Time
		state   State
		settled time.Time
	}
	rows, err := db.All(tx, func(from db.Row) (r row, err error) {
		return r, from.Scan(&r.notice, &r.person, &r.key, db.Instant(&r.seen), db.Text(&r.channel), db.Instant(&r.due), db.Text(&r.state), db.Instant(&r.settled))
	}, `SELECT n.id, n.person_id, n.key, n.seen, d.channel, d.due, l.state, l.settled FROM notice n
		LEFT JOIN delivery d ON d.notice_id = n.id LEFT JOIN delivery_letter l ON l.id = d.letter_id WHERE n.link = $1 ORDER BY n.id, d.channel`, link)
	if err != nil {
		return nil, err
	}
	newest, reached := map[access.PersonID]notice.ID{}, map[access.PersonID]Reached{}
	for _, r := range rows {
		if !slices.Contains(keys, r.key) {
			continue
		}
		one := reached[r.person]
		if newest[r.person] != r.notice {
			newest[r.person], one = r.notice, Reached{Seen: r.seen}
		}
		if r.channel != "" {
			one.Ways = append(one.Ways, wayOf(r.channel, r.state, r.due, r.settled))
		}
		reached[r.person] = one
	}
	return reached, nil
}

func wayOf(ch Channel, s State, due, settled time.Time) Way {
	switch s {
	case "", Waiting:
		return Way{ch, Waiting, due}
	case Dropped:
		return Way{ch, Failed, settled}
	}
	return Way{ch, s, settled}
}

// keep is how long letters stay: as long as the notices that they carried.
const keep = 400 * 24 * time.Hour

// Sweep removes what is old; a scheduled job calls it.
func Sweep(tx *db.Tx) error {
	for _, old := range []struct {
		statement string
		before    time.Time
	}{
		{`DELETE FROM delivery WHERE due < $1`, tx.Now.Add(-keep)},
		{`DELETE FROM delivery_letter WHERE made < $1 AND id NOT IN (SELECT letter_id FROM delivery WHERE letter_id IS NOT NULL)`, tx.Now.Add(-keep)},
		{`DELETE FROM delivery_code WHERE at < $1`, tx.Now.Add(-codesSpan)},
		{`DELETE FROM delivery_address WHERE confirmed IS NULL AND expires < $1`, tx.Now.Add(-24 * time.Hour)},
	} {
		if _, err := tx.Exec(old.statement, old.before); err != nil {
			return err
		}
	}
	return nil
}
