package journal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// Drafter makes the entries of one transaction without using it, so that a
// change of thousands of records can have them made on another processor. It
// serves one goroutine.
type Drafter struct {
	at   time.Time
	by   access.PersonID
	seal hash.Hash
}

// NewDrafter makes entries for the transaction on behalf of the actor.
func NewDrafter(tx *db.Tx, by access.Actor) *Drafter {
	return &Drafter{tx.Now, by.Person, hmac.New(sha256.New, tx.Derive(sealing))}
}

// Draft is an entry of which everything is made but its place.
type Draft struct {
	Entry
	leaf                   tlog.Hash
	salt, content, figures string
}

// Draft makes the entry of a change.
func (d *Drafter) Draft(c Change) (Draft, error) {
	content, err := c.body()
	if err != nil {
		return Draft{}, fmt.Errorf("journal %s: %w", c.Verb, err)
	}
	salt := rand.Text()
	e := Entry{
		ID: id.New[Entry](), Position: -1, At: d.at, By: d.by, Unit: c.Unit,
		Verb: c.Verb, Noun: c.Noun, NounID: c.ID, Digest: digest(salt, content),
	}
	leaf := e.leaf()
	e.Seal = sealOf(d.seal, leaf)
	return Draft{e, tlog.RecordHash(leaf), salt, string(content), c.Figures}, nil
}

// Appender is a record that writes its own JSON, as encoding/json would: of a
// hundred thousand records that takes as long as the database.
type Appender interface{ AppendJSON(to []byte) []byte }

// body is what can be erased, as JSON.
func (c Change) body() ([]byte, error) {
	if after, ok := c.After.(Appender); ok && c.Before == nil {
		room := make([]byte, 0, 1<<10)
		return append(after.AppendJSON(append(room, `{"after":`...)), '}'), nil
	}
	return json.Marshal(body{c.Before, c.After})
}

// WriteAll records many changes in the transaction that makes them, each as
// Write would; the drafts are those of its Drafter. On SQLite, where nobody else
// adds to the tree before the transaction ends, they get their places at once:
// to find them again, and to write each anew with its place, took as long as to
// write them. A damaged tree gets none; Place says so.
func WriteAll(tx *db.Tx, by access.Actor, drafts []Draft) error {
	if err := mayWrite(tx, by, drafts); err != nil {
		return err
	}
	if tx.Dialect() != db.SQLite {
		return insertAll(tx, drafts)
	}
	p, err := placement(tx)
	if damage := (Damage{}); errors.As(err, &damage) {
		return insertAll(tx, drafts)
	}
	if err != nil {
		return err
	}
	for i := range drafts {
		drafts[i].Position = p.next()
		if err := p.add(drafts[i].ID, drafts[i].leaf); err != nil {
			return err
		}
	}
	if err := insertAll(tx, drafts); err != nil {
		return err
	}
	return p.store(tx)
}

func insertAll(tx *db.Tx, drafts []Draft) error {
	_, err := tx.Insert("journal", written, func(yield func([]any, error) bool) {
		row := make([]any, 0, len(written))
		for _, d := range drafts {
			var position any
			if d.Position >= 0 {
				position = d.Position
			}
			row = append(row[:0], d.ID, position, d.At, d.By, d.Unit, d.Verb, d.Noun, d.NounID, d.Digest, d.Seal, d.salt, d.content, d.figures)
			if !yield(row, nil) {
				return
			}
		}
	})
	return err
}

var written = []string{"id", "position", "at", "person_id", "unit_id", "verb", "noun", "noun_id", "digest", "seal", "salt", "content", "figures"}

// mayWrite asks once for each unit. Drafts of another transaction or another
// actor are a mistake of the program.
func mayWrite(tx *db.Tx, by access.Actor, drafts []Draft) error {
	asked := map[orgtree.ID]bool{}
	for _, d := range drafts {
		if !d.At.Equal(tx.Now) || d.By != by.Person {
			return fmt.Errorf("journal %s: a draft of %v at %v is written by %v at %v", d.Verb, d.By, d.At, by.Person, tx.Now)
		}
		if asked[d.Unit] {
			continue
		}
		if err := access.Writing(tx, by, d.Unit); err != nil {
			return err
		}
		asked[d.Unit] = true
	}
	return nil
}
