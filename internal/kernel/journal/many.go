package journal

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"chibo/internal/kernel/access"
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
	const width, rows = 11, 10
	key := tx.Derive(sealing)
	args := make([]any, 0, width*rows)
	for i, d := range drafts {
		e := Entry{
			ID: id.New[Entry](), At: tx.Now, By: by.Person, Unit: d.change.Unit,
			Verb: d.change.Verb, Noun: d.change.Noun, NounID: d.change.ID, Digest: d.digest,
		}
		args = append(args, e.ID, e.At, e.By, e.Unit, e.Verb, e.Noun, e.NounID, e.Digest, seal(key, e), d.salt, d.content)
		if len(args) == cap(args) || i == len(drafts)-1 {
			if _, err := tx.Exec(insertMany(len(args)/width, width), args...); err != nil {
				return err
			}
			args = args[:0]
		}
	}
	return nil
}

func insertMany(rows, width int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO journal (id, at, person_id, unit_id, verb, noun, noun_id, digest, seal, salt, content) VALUES `)
	for i := range rows * width {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%width == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "$%d", i+1)
	}
	return b.String() + ")"
}
