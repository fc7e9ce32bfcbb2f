package hook

import (
	"crypto/rand"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/seal"
	"chibo/internal/platform/text"
)

// Subscribe has another system told of what happens from now on at the unit and
// below, and gives the secret by which it knows our requests, which nobody can
// be told again. Who keeps the machine's settings at the unit may. Wrong fields
// are errs.Invalid, too many subscriptions errs.Conflict.
func Subscribe(tx *db.Tx, by access.Actor, unit orgtree.ID, s Settings) (Hook, string, error) {
	at, err := access.Require(tx, by, access.Settings, unit)
	if err != nil {
		return Hook{}, "", err
	}
	if err := s.check(); err != nil {
		return Hook{}, "", err
	}
	there, err := of(tx, at.ID)
	if err != nil {
		return Hook{}, "", err
	}
	if len(there) >= perUnit {
		return Hook{}, "", errs.New(errs.Conflict, "hook.error.too_many", perUnit)
	}
	size, err := journal.Size(tx)
	if err != nil {
		return Hook{}, "", err
	}
	h := Hook{
		ID: id.New[Hook](), Unit: at.ID, Settings: s, Position: size - 1, NextTry: tx.Now, Created: tx.Now, By: by.Person, Version: 1,
	}
	secret := rand.Text()
	if h.sealed, err = seal.Close(key(tx), []byte(secret), h.label()); err != nil {
		return Hook{}, "", err
	}
	if err := insert(tx, h); err != nil {
		return Hook{}, "", err
	}
	return h, secret, note(tx, by, h, "Subscribe", nil, s)
}

// At are the subscriptions of a unit. Who keeps the machine's settings there
// may.
func At(tx *db.Tx, by access.Actor, unit orgtree.ID) ([]Hook, error) {
	at, err := access.Require(tx, by, access.Settings, unit)
	if err != nil {
		return nil, err
	}
	return of(tx, at.ID)
}

// Change replaces the settings of a subscription and has it tried at once. The
// rights are those of Subscribe; a stale version is errs.Conflict.
func Change(tx *db.Tx, by access.Actor, hook ID, version int64, s Settings) (Hook, error) {
	h, err := load(tx, by, hook)
	if err != nil {
		return Hook{}, err
	}
	if err := s.check(); err != nil {
		return Hook{}, err
	}
	before := h.Settings
	h.Settings, h.Failures, h.Failure, h.NextTry, h.Version = s, 0, "", tx.Now, version+1
	if err := tx.Change(`UPDATE hook SET address = $1, nouns = $2, active = $3, failures = 0, failure = '', next_try = $4, version = version + 1
		WHERE id = $5 AND version = $6`, s.Address, joined(s.Nouns), !s.Paused, tx.Now, h.ID, version); err != nil {
		return Hook{}, err
	}
	return h, note(tx, by, h, "Change", before, s)
}

// Remove ends a subscription. The rights are those of Subscribe.
func Remove(tx *db.Tx, by access.Actor, hook ID) error {
	h, err := load(tx, by, hook)
	if err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM hook WHERE id = $1`, h.ID); err != nil {
		return err
	}
	return note(tx, by, h, "Remove", h.Settings, nil)
}

// load is the only way to a subscription on somebody's behalf.
func load(tx *db.Tx, by access.Actor, hook ID) (Hook, error) {
	h, err := find(tx, hook)
	if err != nil {
		return Hook{}, err
	}
	_, err = access.Require(tx, by, access.Settings, h.Unit)
	return h, err
}

func note(tx *db.Tx, by access.Actor, h Hook, verb string, before, after any) error {
	return journal.Write(tx, by, journal.Change{Unit: h.Unit, Verb: "hook." + verb, Noun: "hook", ID: int64(h.ID), Before: before, After: after})
}

// Letter is an entry on its way to a subscriber.
type Letter struct {
	Hook   Hook
	Secret []byte
	Entry  journal.Entry
}

// readMost is how many entries are looked at for one that is wanted.
const readMost = 200

// Due are the subscriptions to be told now. The console may ask.
func Due(tx *db.Tx, by access.Actor) ([]ID, error) {
	if !by.Console {
		return nil, errs.New(errs.Denied, "errs.denied")
	}
	size, err := journal.Size(tx)
	if err != nil {
		return nil, err
	}
	return db.All(tx, db.Column[ID], `SELECT id FROM hook WHERE active AND next_try <= $1 AND position < $2 ORDER BY next_try, id`, tx.Now, size-1)
}

// onTheWay is how long a letter may be on its way before it is sent once more:
// whoever took it may have died.
const onTheWay = time.Minute

// Next is the first entry that the subscriber has not taken and wants; there may
// be none. Whoever asks sends it: until Taken or Failed, or for a minute, nobody
// else is given any, so that several processes tell it once. What it does not
// want is passed over. The console may.
func Next(tx *db.Tx, by access.Actor, hook ID) (Letter, bool, error) {
	h, at, err := underWay(tx, by, hook)
	if err != nil {
		return Letter{}, false, err
	}
	entries, err := journal.Follow(tx, by, at, h.Position, readMost)
	if err != nil {
		return Letter{}, false, err
	}
	for _, e := range entries {
		if h.Wants(e.Noun) {
			return h.letter(tx, e)
		}
	}
	if len(entries) > 0 {
		return Letter{}, false, Taken(tx, by, hook, entries[len(entries)-1].Position)
	}
	return Letter{}, false, nil
}

// letter takes the entry for whoever asks, unless somebody else has it.
func (h Hook) letter(tx *db.Tx, e journal.Entry) (Letter, bool, error) {
	n, err := tx.Exec(`UPDATE hook SET next_try = $1 WHERE id = $2 AND next_try <= $3`, tx.Now.Add(onTheWay), h.ID, tx.Now)
	if err != nil || n == 0 {
		return Letter{}, false, err
	}
	secret, err := seal.Open(key(tx), h.sealed, h.label())
	return Letter{h, secret, e}, err == nil, err
}

// Taken notes that the subscriber has the entry at the position, and all before
// it. The console may.
func Taken(tx *db.Tx, by access.Actor, hook ID, position int64) error {
	if _, _, err := underWay(tx, by, hook); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE hook SET position = $1, failures = 0, failure = '', next_try = $2 WHERE id = $3 AND position < $1`, position, tx.Now, hook)
	return err
}

const failureMost = 200

// Failed notes that a try failed; the next one waits longer each time. Nothing
// is given up: the administrator sees it, and the entry stays first. The console
// may.
func Failed(tx *db.Tx, by access.Actor, hook ID, why string) error {
	h, _, err := underWay(tx, by, hook)
	if err != nil {
		return err
	}
	letters := []rune(text.Line(why))
	_, err = tx.Exec(`UPDATE hook SET failures = failures + 1, failure = $1, next_try = $2 WHERE id = $3`,
		string(letters[:min(len(letters), failureMost)]), tx.Now.Add(pause(h.Failures+1)), hook)
	return err
}

func underWay(tx *db.Tx, by access.Actor, hook ID) (Hook, orgtree.Unit, error) {
	if !by.Console {
		return Hook{}, orgtree.Unit{}, errs.New(errs.Denied, "errs.denied")
	}
	h, err := find(tx, hook)
	if err != nil {
		return Hook{}, orgtree.Unit{}, err
	}
	at, err := orgtree.Find(tx, h.Unit)
	return h, at, err
}
