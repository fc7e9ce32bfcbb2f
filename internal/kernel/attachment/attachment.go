// Package attachment knows which files belong to which record. The bytes lie
// in a blob.Store under their hash; this package holds their names.
//
// It knows no rights: the package that owns the record checks who may add,
// read and remove, before it calls here.
package attachment

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// ID names an attachment.
type ID = id.Of[Attachment]

// Attachment is a file that belongs to a record.
type Attachment struct {
	ID     ID              `json:"-"`
	Unit   orgtree.ID      `json:"-"`
	Noun   string          `json:"noun"`
	NounID int64           `json:"noun_id"`
	Name   string          `json:"name"`
	Media  string          `json:"media"`
	Hash   string          `json:"hash"`
	Size   int64           `json:"size"`
	By     access.PersonID `json:"-"`
	Added  time.Time       `json:"-"`
}

// New is a file that a blob.Store has taken, and the record that it is for.
type New struct {
	Unit   orgtree.ID
	Noun   string
	NounID int64
	Name   string
	Media  string
	Hash   string
	Size   int64
}

const (
	nameMost = 200
	// perRecord bounds the files of one record.
	perRecord = 50
)

var hashForm = regexp.MustCompile(`^[0-9a-f]{64}$`)

func (n New) check() error {
	var wrong errs.Fields
	wrong.Check(n.Name != "", "name", "errs.required")
	wrong.Check(text.Length(n.Name) <= nameMost, "name", "errs.too_long", nameMost)
	wrong.Check(hashForm.MatchString(n.Hash) && n.Media != "" && n.Size > 0, "file", "errs.required")
	return wrong.Err()
}

// Add has the file belong to the record. Adding the same bytes to the same
// record again gives the attachment that is there. A wrong name or hash is
// errs.Invalid; a record that is full is errs.Conflict.
func Add(tx *db.Tx, by access.Actor, n New) (Attachment, error) {
	n.Name = text.Line(n.Name)
	if err := n.check(); err != nil {
		return Attachment{}, err
	}
	there, err := Of(tx, n.Noun, n.NounID)
	if err != nil {
		return Attachment{}, err
	}
	for _, a := range there {
		if a.Hash == n.Hash {
			return a, nil
		}
	}
	if len(there) >= perRecord {
		return Attachment{}, errs.New(errs.Conflict, "errs.too_many_files", perRecord)
	}
	a := Attachment{
		ID: id.New[Attachment](), Unit: n.Unit, Noun: n.Noun, NounID: n.NounID,
		Name: n.Name, Media: n.Media, Hash: n.Hash, Size: n.Size, By: by.Person, Added: tx.Now,
	}
	if err := insert(tx, a); err != nil {
		return Attachment{}, err
	}
	return a, journal.Write(tx, by, journal.Change{Unit: a.Unit, Verb: "attachment.Add", Noun: "attachment", ID: int64(a.ID), After: a})
}

// Of are the files of the record, oldest first.
func Of(tx *db.Tx, noun string, record int64) ([]Attachment, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM attachment WHERE noun = $1 AND noun_id = $2 ORDER BY id`, noun, record)
}

// Find is the attachment with the id, whoever asks: the caller then checks the
// right to the record that Noun and NounID name.
func Find(tx *db.Tx, attachment ID) (Attachment, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM attachment WHERE id = $1`, attachment)
}

// Remove takes the file from its record. The bytes are swept later, when no
// other record holds them.
func Remove(tx *db.Tx, by access.Actor, attachment ID) error {
	a, err := Find(tx, attachment)
	if err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM attachment WHERE id = $1`, a.ID); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{Unit: a.Unit, Verb: "attachment.Remove", Noun: "attachment", ID: int64(a.ID), Before: a})
}

// Held tells which of the hashes some record holds. A sweep of the store asks
// it with a bounded list.
func Held(tx *db.Tx, hashes []string) (map[string]bool, error) {
	held := map[string]bool{}
	if len(hashes) == 0 {
		return held, nil
	}
	args := make([]any, len(hashes))
	for i, hash := range hashes {
		args[i] = hash
	}
	err := db.Each(tx, db.Column[string], func(hash string) error {
		held[hash] = true
		return nil
	}, `SELECT DISTINCT hash FROM attachment WHERE hash IN (`+placeholders(len(hashes))+`)`, args...)
	return held, err
}

// EachHash calls fn with every hash that some record holds, in order, so that
// a check can look for bytes that are gone.
func EachHash(tx *db.Tx, fn func(hash string) error) error {
	return db.Each(tx, db.Column[string], fn, `SELECT DISTINCT hash FROM attachment ORDER BY hash`)
}

func placeholders(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = "$" + strconv.Itoa(i+1)
	}
	return strings.Join(list, ", ")
}

func insert(tx *db.Tx, a Attachment) error {
	_, err := tx.Exec(`INSERT INTO attachment (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		a.ID, a.Unit, a.Noun, a.NounID, a.Hash, a.Name, a.Media, a.Size, a.By, a.Added)
	return err
}

const columns = `id, unit_id, noun, noun_id, hash, name, media, size, added_by, added`

func scan(row db.Row) (a Attachment, err error) {
	return a, row.Scan(&a.ID, &a.Unit, &a.Noun, &a.NounID, &a.Hash, &a.Name, &a.Media, &a.Size, &a.By, db.Instant(&a.Added))
}
