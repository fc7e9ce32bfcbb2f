package delivery

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/notice"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
	"chibo/internal/platform/job"
)

// The kinds of jobs of this package.
const (
	sendCode   = "delivery.code"
	gatherDue  = "delivery.gather"
	sendLetter = "delivery.send"
)

// asked is a code that is to be sent.
type asked struct {
	Person  access.PersonID
	Channel Channel
	Nonce   string
}

// heap is what waits for a person at a channel.
type heap struct {
	Person  access.PersonID
	Channel Channel
}

// letterJob is a letter that is to be sent.
type letterJob struct{ Letter LetterID }

// stale is after what time a notice that never left is left in its inbox alone:
// a program that was down for a week does not tell of last week's meeting.
const stale = 48 * time.Hour

// plan decides through which channels the notices of one Send go, and when.
func (o Outbox) plan(tx *db.Tx, b notice.Batch) error {
	notices, err := find(tx, b.Notices)
	if err != nil {
		return err
	}
	rules, err := RulesOf(tx)
	if err != nil {
		return err
	}
	people := make([]access.PersonID, len(notices))
	for i, n := range notices {
		people[i] = n.To
	}
	able, err := account.CanSignIn(tx, people)
	if err != nil {
		return err
	}
	for _, n := range notices {
		if !able[n.To] || tx.Now.Sub(n.Sent) > stale {
			continue
		}
		if err := o.route(tx, rules, n); err != nil {
			return err
		}
	}
	return nil
}

func find(tx *db.Tx, ids []notice.ID) (list []notice.Received, err error) {
	for part := range slices.Chunk(ids, 500) {
		marks, args := make([]string, len(part)), make([]any, len(part))
		for i, one := range part {
			marks[i], args[i] = "$"+strconv.Itoa(i+1), one
		}
		found, err := db.All(tx, notice.Scan, `SELECT `+notice.Columns+` FROM notice n WHERE n.id IN (`+strings.Join(marks, ", ")+`) ORDER BY n.id`, args...)
		if err != nil {
			return nil, err
		}
		list = append(list, found...)
	}
	return list, nil
}

// route puts one notice on the heap of each channel that its reader has opened
// and wants it by.
func (o Outbox) route(tx *db.Tx, rules Rules, n notice.Received) error {
	open, err := o.open(tx, n.To)
	if err != nil || len(open) == 0 {
		return err
	}
	choice, err := choiceOf(tx, rules, n.To)
	if err != nil {
		return err
	}
	due := tx.Now
	if !rules.Urgent(n) {
		due = rules.Due(choice, tx.Now)
	}
	for _, channel := range open {
		if !choice.Wants(KindOf(n.Key), channel) {
			continue
		}
		if _, err := tx.Exec(`INSERT INTO delivery (notice_id, channel, person_id, due) VALUES ($1, $2, $3, $4) ON CONFLICT (notice_id, channel) DO NOTHING`,
			n.ID, channel, n.To, due); err != nil {
			return err
		}
		err := job.Enqueue(tx, gatherDue, heap{n.To, channel}, job.Options{
			Due: due, UniqueKey: fmt.Sprintf("%s:%s:%s:%d", gatherDue, n.To, channel, due.UnixMilli()),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// open are the channels by which a person can be reached now.
func (o Outbox) open(tx *db.Tx, person access.PersonID) (list []Channel, err error) {
	own, err := Addresses(tx, access.Actor{Person: person})
	if err != nil {
		return nil, err
	}
	devices, err := devicesOf(tx, access.Actor{Person: person})
	if err != nil {
		return nil, err
	}
	if o.Push != nil && len(devices) > 0 {
		list = append(list, Push)
	}
	if o.Mail != nil && !own[Mail].Confirmed.IsZero() {
		list = append(list, Mail)
	}
	if o.Text == nil || own[Text].Confirmed.IsZero() {
		return list, nil
	}
	g, err := gateway(tx)
	if g.Enabled {
		list = append(list, Text)
	}
	return list, err
}

// gather makes one letter of all that is due on a heap. What was read in the
// program meanwhile is not told again.
func gather(tx *db.Tx, h heap) error {
	if _, err := tx.Exec(`DELETE FROM delivery WHERE person_id = $1 AND channel = $2 AND letter_id IS NULL
		AND EXISTS (SELECT 1 FROM notice n WHERE n.id = delivery.notice_id AND n.seen IS NOT NULL)`, h.Person, h.Channel); err != nil {
		return err
	}
	first, found, err := db.Maybe(tx, notice.Scan, `SELECT `+notice.Columns+` FROM delivery d JOIN notice n ON n.id = d.notice_id
		WHERE d.person_id = $1 AND d.channel = $2 AND d.letter_id IS NULL AND d.due <= $3 ORDER BY n.id LIMIT 1`, h.Person, h.Channel, tx.Now)
	if err != nil || !found {
		return err
	}
	letter := id.New[Letter]()
	if _, err := tx.Exec(`INSERT INTO delivery_letter (id, person_id, unit_id, channel, made, state) VALUES ($1, $2, $3, $4, $5, $6)`,
		letter, h.Person, first.Unit, h.Channel, tx.Now, Waiting); err != nil {
		return err
	}
	if err := tx.Change(`UPDATE delivery SET letter_id = $1 WHERE person_id = $2 AND channel = $3 AND letter_id IS NULL AND due <= $4`,
		letter, h.Person, h.Channel, tx.Now); err != nil {
		return err
	}
	return job.Enqueue(tx, sendLetter, letterJob{letter}, job.Options{})
}
