// Package journal keeps one entry for every change: who, what, where, before,
// after. It is the audit, the history shown to people, and the source of
// synchronisation.
//
// Entries are leaves of a Merkle tree (RFC 6962) whose signed roots show that
// none was altered, removed or slipped in. The tree holds digests only: what
// the law orders erased can be erased, and the proof still stands.
package journal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"strconv"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// Change is what a verb did to a record.
type Change struct {
	Unit orgtree.ID
	// Verb is package.Verb, such as "meeting.Close".
	Verb string
	// Noun and ID name the record.
	Noun string
	ID   int64
	// Before and After are the record, or the part that changed, as JSON can
	// hold it, or as an Appender; nil for what was not there.
	Before, After any
	// Figures are what the change adds to the figures, as package tally packs it.
	// They are no part of the digest: the records prove them.
	Figures string
}

// Entry is a change as the journal holds it.
type Entry struct {
	ID       EntryID
	Position int64 // in the tree; -1 until it is placed
	At       time.Time
	By       access.PersonID // zero for the console
	Unit     orgtree.ID
	Verb     string
	Noun     string
	NounID   int64
	Digest   string
	Seal     string
	// Before and After are empty when the body was erased.
	Before, After json.RawMessage
}

// EntryID names an entry.
type EntryID = id.Of[Entry]

// body is what can be erased.
type body struct {
	Before any `json:"before,omitempty"`
	After  any `json:"after,omitempty"`
}

// sealing and signing are what the journal's keys are derived for.
const (
	sealing = "journal"
	signing = "journal root"
)

// Write records the change in the transaction that makes it. An actor who is
// held to reading, or to another part of the tree, is errs.Denied.
func Write(tx *db.Tx, by access.Actor, c Change) error {
	if err := access.Writing(tx, by, c.Unit); err != nil {
		return err
	}
	content, err := c.body()
	if err != nil {
		return fmt.Errorf("journal %s: %w", c.Verb, err)
	}
	salt := rand.Text()
	e := Entry{
		ID: id.New[Entry](), At: tx.Now, By: by.Person, Unit: c.Unit,
		Verb: c.Verb, Noun: c.Noun, NounID: c.ID, Digest: digest(salt, content),
	}
	e.Seal = seal(tx.Derive(sealing), e)
	return tx.Later(`INSERT INTO journal (id, at, person_id, unit_id, verb, noun, noun_id, digest, seal, salt, content, figures)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		e.ID, e.At, e.By, e.Unit, e.Verb, e.Noun, e.NounID, e.Digest, e.Seal, salt, string(content), c.Figures)
}

// digest commits to a body. Without the salt, which goes with the body, it
// tells nothing about what was erased, not even to whoever guesses.
func digest(salt string, content []byte) string {
	text := make([]byte, 0, len(salt)+len(content)+4)
	text = append(strconv.AppendInt(text, int64(len(salt)), 10), ' ')
	text = append(append(text, salt...), ' ')
	sum := sha256.Sum256(append(text, content...))
	return hex.EncodeToString(sum[:])
}

// leaf is the text that the tree commits to. The quotes keep one field from
// flowing into the next.
func (e Entry) leaf() []byte {
	l := make(leaf, 0, 256)
	l.number(int64(e.ID))
	l.number(e.At.UnixMilli())
	l.number(int64(e.By))
	l.number(int64(e.Unit))
	l.text(e.Verb)
	l.text(e.Noun)
	l.number(e.NounID)
	l.text(e.Digest)
	return l
}

// leaf is such a text while it is written, one field a line.
type leaf []byte

func (l *leaf) number(n int64) { *l = append(strconv.AppendInt(*l, n, 10), '\n') }
func (l *leaf) text(s string)  { *l = append(strconv.AppendQuote(*l, s), '\n') }

// sealed reports whether the program wrote the entry as it is.
func (e Entry) sealed(key []byte) bool { return hmac.Equal([]byte(seal(key, e)), []byte(e.Seal)) }

// seal shows that the program wrote the entry, before it has its place.
func seal(key []byte, e Entry) string {
	return sealOf(hmac.New(sha256.New, key), e.leaf())
}

func sealOf(mac hash.Hash, leaf []byte) string {
	mac.Reset()
	mac.Write(leaf)
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

// Saw records that the actor opened a sensitive record. The console, which
// reads for backups and checks, is not recorded.
func Saw(tx *db.Tx, by access.Actor, unit orgtree.ID, noun string, record int64, reason string) error {
	if by.Console {
		return nil
	}
	_, err := tx.Exec(`INSERT INTO journal_read (id, at, person_id, unit_id, noun, noun_id, reason) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id.New[Reading](), tx.Now, by.Person, unit, noun, record, reason)
	return err
}

// Reading is one opening of a sensitive record.
type Reading struct {
	At     time.Time
	By     access.PersonID
	Reason string
}

// Readings are who opened the record, newest first. Those whom the record
// concerns may read them; the caller has checked that.
func Readings(tx *db.Tx, noun string, record int64) ([]Reading, error) {
	return db.All(tx, func(row db.Row) (r Reading, err error) {
		return r, row.Scan(db.Instant(&r.At), &r.By, &r.Reason)
	}, `SELECT at, person_id, reason FROM journal_read WHERE noun = $1 AND noun_id = $2 ORDER BY id DESC LIMIT 500`, noun, record)
}

// History is what happened to the record, oldest first. The caller has
// checked the right to see the record.
func History(tx *db.Tx, noun string, record int64) ([]Entry, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM journal j
		WHERE j.noun = $1 AND j.noun_id = $2 ORDER BY j.id`, noun, record)
}

// Since are the placed entries after the position, in the order of the tree,
// as far as the actor may read the journal. The position of the last entry asks
// for the next page; -1 asks for the first.
func Since(tx *db.Tx, by access.Actor, position int64, limit int) ([]Entry, error) {
	scope, err := by.Scope(tx, access.JournalRead)
	if err != nil {
		return nil, err
	}
	where, args := scope.Where("j.unit_id", 3)
	return db.All(tx, scan, `SELECT `+columns+` FROM journal j
		WHERE j.position > $1 AND `+where+` ORDER BY j.position LIMIT $2`, append([]any{position, limit}, args...)...)
}

// Erase removes what stood before and after in an entry, as the law may order
// (Luật 91/2025/QH15), and what it added to the figures, which may tell of one
// person and has long been counted; and journals that. Who did what and when remains, and
// so does the proof. It asks for the right access.JournalErase at the entry's
// unit; an entry erased before is errs.Conflict.
func Erase(tx *db.Tx, by access.Actor, entry EntryID, reason, decision string) error {
	e, err := db.One(tx, scan, `SELECT `+head+`, '' FROM journal j WHERE j.id = $1`, entry)
	if err != nil {
		return err
	}
	if _, err := access.Require(tx, by, access.JournalErase, e.Unit); err != nil {
		return err
	}
	reason, decision = text.Line(reason), text.Line(decision)
	var fields errs.Fields
	fields.Check(reason != "", "reason", "errs.required")
	fields.Check(decision != "", "decision", "errs.required")
	fields.Check(text.Length(reason) <= lineMost, "reason", "errs.too_long", lineMost)
	fields.Check(text.Length(decision) <= lineMost, "decision", "errs.too_long", lineMost)
	if err := fields.Err(); err != nil {
		return err
	}
	if err := tx.Change(`UPDATE journal SET salt = '', content = '', figures = CASE WHEN position IS NULL THEN figures ELSE '' END
		WHERE id = $1 AND content <> ''`, entry); err != nil {
		return err
	}
	return Write(tx, by, Change{
		Unit: e.Unit, Verb: erasing, Noun: "journal", ID: int64(entry),
		After: erasure{reason, decision},
	})
}

const (
	erasing  = "journal.Erase"
	lineMost = 200
)

type erasure struct {
	Reason   string `json:"reason"`
	Decision string `json:"decision"`
}

const (
	head    = `j.id, COALESCE(j.position, -1), j.at, j.person_id, j.unit_id, j.verb, j.noun, j.noun_id, j.digest, j.seal`
	columns = head + `, j.content`
)

func scan(row db.Row) (e Entry, err error) {
	var content string
	if err := row.Scan(&e.ID, &e.Position, db.Instant(&e.At), &e.By, &e.Unit, &e.Verb, &e.Noun, &e.NounID, &e.Digest, &e.Seal, &content); err != nil {
		return Entry{}, err
	}
	if content == "" {
		return e, nil
	}
	var b struct{ Before, After json.RawMessage }
	if err := json.Unmarshal([]byte(content), &b); err != nil {
		return Entry{}, fmt.Errorf("journal entry %v: %w", e.ID, err)
	}
	e.Before, e.After = b.Before, b.After
	return e, nil
}
