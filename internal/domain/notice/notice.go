// Package notice is the inbox of each person: what happened that concerns
// them, and the page where to go.
//
// A notice is a message key with arguments; its words are found where it is
// shown. The package knows neither why a notice is sent nor who may be told:
// verbs of other packages send notices about their own records to those who
// may see them. Notices are the echo of changes that the journal holds already,
// so they are not journalled themselves.
package notice

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/job"
)

// Notice is what to tell to whom.
type Notice struct {
	To   []access.PersonID
	Unit orgtree.ID
	// Key names the message, whose placeholders Args fill by name.
	Key  string
	Args map[string]string
	// Link is the page to go to, a path of the site; "" for none.
	Link string
	// Sudden is when something begins that nobody expects, such as an
	// extraordinary meeting; zero for all else. Who is told of it late at night
	// decides package delivery.
	Sudden time.Time
}

// ID names a received notice.
type ID = id.Of[Received]

// Received is a notice in an inbox.
type Received struct {
	ID   ID
	Unit orgtree.ID
	Key  string
	Args map[string]string
	Link string
	By   access.PersonID // zero for the program itself
	Sent time.Time
	Seen time.Time // zero while unread
	// To and Sudden are as in Notice.
	To     access.PersonID
	Sudden time.Time
}

// Unread reports whether the person has not opened the notice.
func (r Received) Unread() bool { return r.Seen.IsZero() }

// Fill gives the arguments as pairs of name and value, as messages take them.
func (r Received) Fill() []any {
	var pairs []any
	for _, name := range slices.Sorted(maps.Keys(r.Args)) {
		pairs = append(pairs, name, r.Args[name])
	}
	return pairs
}

// Posted is the kind of the job that Send queues, with a Batch: whoever carries
// notices out of the program does it.
const Posted = "notice.posted"

// Batch is what one Send put into inboxes.
type Batch struct{ Notices []ID }

// Send puts the notice into the inbox of each person once, and queues what
// carries it further. The caller has made sure that they may know.
func Send(tx *db.Tx, by access.Actor, n Notice) error {
	if n.Link != "" && (!strings.HasPrefix(n.Link, "/") || strings.HasPrefix(n.Link, "//")) {
		return fmt.Errorf("notice %s: link %q leaves the site", n.Key, n.Link)
	}
	args, err := json.Marshal(n.Args)
	if err != nil {
		return fmt.Errorf("notice %s: %w", n.Key, err)
	}
	var posted Batch
	for _, person := range once(n.To) {
		one := id.New[Received]()
		_, err := tx.Exec(`INSERT INTO notice (id, person_id, unit_id, key, args, link, sudden, sent_by, sent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			one, person, n.Unit, n.Key, string(args), n.Link, n.Sudden, by.Person, tx.Now)
		if err != nil {
			return err
		}
		posted.Notices = append(posted.Notices, one)
	}
	if len(posted.Notices) == 0 {
		return nil
	}
	return job.Enqueue(tx, Posted, posted, job.Options{})
}

func once(people []access.PersonID) []access.PersonID {
	people = slices.Clone(people)
	slices.Sort(people)
	return slices.Compact(people)
}

// Unread counts what the actor has not opened.
func Unread(tx *db.Tx, by access.Actor) (int, error) {
	return db.One(tx, db.Column[int], `SELECT count(*) FROM notice WHERE person_id = $1 AND seen IS NULL`, int64(by.Person))
}

const pageMost = 100

// Inbox are the actor's notices, newest first, at most limit of them; those
// sent before a given one, or from the newest on where before is zero.
func Inbox(tx *db.Tx, by access.Actor, before ID, limit int) ([]Received, error) {
	return list(tx, by, "", before, limit)
}

// Waiting is Inbox for what the actor has not opened.
func Waiting(tx *db.Tx, by access.Actor, before ID, limit int) ([]Received, error) {
	return list(tx, by, " AND n.seen IS NULL", before, limit)
}

// Opened is Inbox for what the actor has opened.
func Opened(tx *db.Tx, by access.Actor, before ID, limit int) ([]Received, error) {
	return list(tx, by, " AND n.seen IS NOT NULL", before, limit)
}

func list(tx *db.Tx, by access.Actor, which string, before ID, limit int) ([]Received, error) {
	if before == 0 {
		before = math.MaxInt64
	}
	return db.All(tx, Scan, `SELECT `+Columns+` FROM notice n WHERE n.person_id = $1 AND n.id < $2`+which+` ORDER BY n.id DESC LIMIT $3`,
		int64(by.Person), before, min(max(limit, 1), pageMost))
}

// Find is one notice of the actor; another person's is errs.NotFound.
func Find(tx *db.Tx, by access.Actor, notice ID) (Received, error) {
	return db.One(tx, Scan, `SELECT `+Columns+` FROM notice n WHERE n.id = $1 AND n.person_id = $2`, notice, int64(by.Person))
}

// Seen marks a notice of the actor as read; another person's is errs.NotFound.
// The first reading counts.
func Seen(tx *db.Tx, by access.Actor, notice ID) error {
	n, err := tx.Exec(`UPDATE notice SET seen = COALESCE(seen, $1) WHERE id = $2 AND person_id = $3`, tx.Now, notice, int64(by.Person))
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return err
}

// SeenAll marks everything in the actor's inbox as read, up to the newest
// notice that was on the page: what came later was not seen.
func SeenAll(tx *db.Tx, by access.Actor, newest ID) error {
	_, err := tx.Exec(`UPDATE notice SET seen = $1 WHERE person_id = $2 AND seen IS NULL AND id <= $3`, tx.Now, int64(by.Person), newest)
	return err
}

// keep is how long a notice stays: its record and the journal stay longer.
const keep = 400 * 24 * time.Hour

// Sweep removes old notices; a scheduled job calls it.
func Sweep(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM notice WHERE sent < $1`, tx.Now.Add(-keep))
	return err
}

// Columns are what Scan reads of table notice as n.
const Columns = `n.id, n.person_id, n.unit_id, n.key, n.args, n.link, n.sudden, n.sent_by, n.sent, n.seen`

// Scan reads a notice of Columns.
func Scan(row db.Row) (r Received, err error) {
	var args string
	if err := row.Scan(&r.ID, &r.To, &r.Unit, &r.Key, &args, &r.Link, db.Instant(&r.Sudden), &r.By, db.Instant(&r.Sent), db.Instant(&r.Seen)); err != nil {
		return Received{}, err
	}
	if err := json.Unmarshal([]byte(args), &r.Args); err != nil {
		return Received{}, fmt.Errorf("notice %v: %w", r.ID, err)
	}
	return r, nil
}
