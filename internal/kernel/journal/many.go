package journal

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

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

// manyRows are written by one statement: more are no faster.
const manyRows = 10

// manyColumns are those of an entry.
const manyColumns = 12

// WriteAll records many changes in the transaction that makes them, each as
// Write would.
func WriteAll(tx *db.Tx, by access.Actor, drafts []Draft) error {
	if err := mayWrite(tx, by, drafts); err != nil {
		return err
	}
	key := tx.Derive(sealing)
	whole := insertMany(manyRows)
	args := make([]any, 0, manyColumns*manyRows)
	for i, d := range drafts {
		e := Entry{
			ID: id.New[Entry](), At: tx.Now, By: by.Person, Unit: d.change.Unit,
			Verb: d.change.Verb, Noun: d.change.Noun, NounID: d.change.ID, Digest: d.digest,
		}
		args = append(args, e.ID, e.At, e.By, e.Unit, e.Verb, e.Noun, e.NounID, e.Digest, seal(key, e), d.salt, d.content, d.change.Figures)
		last := i == len(drafts)-1
		if len(args) < cap(args) && !last {
			continue
		}
		statement := whole
		if len(args) < cap(args) {
			statement = insertMany(len(args) / manyColumns)
		}
		if _, err := tx.Exec(statement, args...); err != nil {
			return err
		}
		args = args[:0]
	}
	return nil
}

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

func insertMany(rows int) string {
	var b strings.Builder
	b.WriteString(`INSERT INTO journal (id, at, person_id, unit_id, verb, noun, noun_id, digest, seal, salt, content, figures) VALUES `)
	for i := range rows * manyColumns {
		switch {
		case i == 0:
			b.WriteString("(")
		case i%manyColumns == 0:
			b.WriteString("), (")
		default:
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(i+1))
	}
	return b.String() + ")"
}
