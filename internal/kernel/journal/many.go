package journal

import (
	"crypto/rand"
	"encoding/json"
	"fmt"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// Draft is a change of which everything is made but what the transaction gives:
// the time, the place and the seal.
type Draft struct {
	change        Change
	salt, content string
	digest        string
}

// Prepare makes the slow part of an entry. It needs no transaction, so that a
// change of thousands of records can have it made on another processor.
func Prepare(c Change) (Draft, error) {
	content, err := json.Marshal(body{c.Before, c.After})
	if err != nil {
		return Draft{}, fmt.Errorf("journal %s: %w", c.Verb, err)
	}
	salt := rand.Text()
	c.Before, c.After = nil, nil
	return Draft{c, salt, string(content), digest(salt, content)}, nil
}

// WriteAll records many changes in the transaction that makes them, each as
// Write would.
func WriteAll(tx *db.Tx, by access.Actor, drafts []Draft) error {
	if err := mayWrite(tx, by, drafts); err != nil {
		return err
	}
	key := tx.Derive(sealing)
	_, err := tx.Insert("journal", written, func(yield func([]any, error) bool) {
		row := make([]any, 0, len(written))
		for _, d := range drafts {
			e := Entry{
				ID: id.New[Entry](), At: tx.Now, By: by.Person, Unit: d.change.Unit,
				Verb: d.change.Verb, Noun: d.change.Noun, NounID: d.change.ID, Digest: d.digest,
			}
			row = append(row[:0], e.ID, e.At, e.By, e.Unit, e.Verb, e.Noun, e.NounID, e.Digest, seal(key, e), d.salt, d.content, d.change.Figures)
			if !yield(row, nil) {
				return
			}
		}
	})
	return err
}

// written are the columns of an entry that has no place yet.
var written = []string{"id", "at", "person_id", "unit_id", "verb", "noun", "noun_id", "digest", "seal", "salt", "content", "figures"}

// mayWrite asks once for each unit.
func mayWrite(tx *db.Tx, by access.Actor, drafts []Draft) error {
	asked := map[orgtree.ID]bool{}
	for _, d := range drafts {
		if asked[d.change.Unit] {
			continue
		}
		if err := access.Writing(tx, by, d.change.Unit); err != nil {
			return err
		}
		asked[d.change.Unit] = true
	}
	return nil
}
