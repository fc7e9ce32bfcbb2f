package account

import (
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// EntryID names an entry.
type EntryID = id.Of[Entry]

// Entry is a try to sign in, as its person is shown it.
type Entry struct {
	ID      EntryID
	How     Way
	Outcome Outcome
	Device  string
	Address string
	At      time.Time
}

// Outcome is what a try came to.
type Outcome string

const (
	Failed Outcome = "failed"
	// Half: what was shown was right, and the second factor still to come.
	Half Outcome = "half"
	Good Outcome = "good"
)

// note writes a try down, as failed until it succeeds. That of an unknown login
// is written too, so that a stranger cannot tell it by the time it takes.
func note(tx *db.Tx, account ID, how Way, from Device) (EntryID, error) {
	entry := id.New[Entry]()
	return entry, record(tx, entry, account, how, Failed, from)
}

func record(tx *db.Tx, entry EntryID, account ID, how Way, outcome Outcome, from Device) error {
	var whose any
	if account != 0 {
		whose = account
	}
	_, err := tx.Exec(`INSERT INTO account_entry (id, account_id, how, outcome, device, address, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		entry, whose, how, outcome, shorten(from.Name, deviceMost), shorten(from.Address, addressMost), tx.Now)
	return err
}

// succeed turns the try into the entry that began the session.
func succeed(tx *db.Tx, a Account, entry EntryID, s Session, on Device) error {
	outcome := Good
	if s.half {
		outcome = Half
	}
	if entry == 0 { // nothing had to be counted beforehand
		return record(tx, id.New[Entry](), a.ID, s.How, outcome, on)
	}
	_, err := tx.Exec(`UPDATE account_entry SET outcome = $1, how = $2, account_id = $3 WHERE id = $4`, outcome, s.How, a.ID, entry)
	return err
}

// Entries are the latest tries to sign in as the actor, the last first.
func Entries(tx *db.Tx, by access.Actor, most int) ([]Entry, error) {
	a, err := own(tx, by)
	if err != nil {
		return nil, err
	}
	return db.All(tx, func(row db.Row) (e Entry, err error) {
		return e, row.Scan(&e.ID, &e.How, &e.Outcome, &e.Device, &e.Address, db.Instant(&e.At))
	}, `SELECT id, how, outcome, device, address, at FROM account_entry WHERE account_id = $1 ORDER BY id DESC LIMIT $2`, a.ID, most)
}

// sweepEntries forgets what is older than the rule says, and what concerned
// nobody.
func sweepEntries(tx *db.Tx) error {
	keep, err := ruledDays(tx, "signin.keepEntries")
	if err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM account_entry WHERE at <= $1 OR account_id IS NULL`, tx.Now.Add(-keep))
	return err
}
