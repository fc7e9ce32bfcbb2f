package meeting

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Code is by which members check themselves in: a short one to read out, a
// long one for the QR picture on the wall. Both are made of the database's
// secret and change when they are renewed.
type Code struct{ Short, Token string }

// checkInCode makes the codes of a meeting.
func checkInCode(tx *db.Tx, m Meeting) Code {
	mac := hmac.New(sha256.New, tx.Derive("meeting check-in"))
	fmt.Fprintf(mac, "%d %s", int64(m.ID), m.codeSalt)
	sum := mac.Sum(nil)
	return Code{
		Short: fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[:4])%1_000_000),
		Token: strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[4:20])),
	}
}

// opens reports whether what somebody typed or scanned is one of the codes.
func (c Code) opens(given string) bool {
	given = strings.ToLower(strings.Join(strings.Fields(given), ""))
	short := subtle.ConstantTimeCompare([]byte(given), []byte(c.Short))
	token := subtle.ConstantTimeCompare([]byte(given), []byte(c.Token))
	return short|token == 1
}

// CheckInCode is the code of a meeting in session. Who runs it may read it.
func CheckInCode(tx *db.Tx, by access.Actor, meeting ID) (Code, error) {
	l, err := loadInSession(tx, by, meeting)
	if err != nil {
		return Code{}, err
	}
	return checkInCode(tx, l.Meeting), nil
}

// RenewCode makes the code of a meeting anew, as when it has left the room.
// Who runs the meeting may, in session.
func RenewCode(tx *db.Tx, by access.Actor, meeting ID) (Code, error) {
	l, err := loadInSession(tx, by, meeting)
	if err != nil {
		return Code{}, err
	}
	l.codeSalt = newSalt()
	if _, err := tx.Exec(`UPDATE meeting SET code_salt = $1 WHERE id = $2`, l.codeSalt, l.ID); err != nil {
		return Code{}, err
	}
	return checkInCode(tx, l.Meeting), note(tx, by, l, "RenewCode", nil, nil)
}

// Wrong codes that a person may try before having to wait.
const (
	mostTries = 5
	wait      = 15 * time.Minute
)

// CheckIn marks the actor present with the meeting's code. Who attends the
// meetings of the unit may, in session; whoever is not on the roll is
// errs.Denied. ok is false for a wrong code, which is no error so that the try
// is kept; after too many of them it is errs.TooMany. Twice changes nothing.
func CheckIn(tx *db.Tx, by access.Actor, meeting ID, code string, mode Mode) (e Entry, ok bool, err error) {
	l, err := loadForCall(tx, by, access.MeetingAttend, meeting)
	if err != nil {
		return Entry{}, false, err
	}
	was, found, err := entryOf(tx, l.ID, by.Person)
	if err != nil {
		return Entry{}, false, err
	}
	switch {
	case l.State != InSession:
		return Entry{}, false, errs.New(errs.Conflict, "meeting.error.not_in_session")
	case !found:
		return Entry{}, false, errs.New(errs.Denied, "meeting.error.not_on_roll")
	case was.Present():
		return was, true, nil
	}
	if right, err := tryCode(tx, l, by.Person, code); err != nil || !right {
		return was, false, err
	}
	e, err = Call{Person: by.Person, Mark: Present, Mode: mode}.on(was, l.Meeting, tx.Now)
	if err != nil {
		return Entry{}, false, err
	}
	e.How, e.MarkedBy = BySelf, by.Person
	return e, true, saveMark(tx, by, l, "CheckIn", was, e)
}

// tryCode compares a code and counts the wrong ones.
func tryCode(tx *db.Tx, l loaded, person access.PersonID, code string) (bool, error) {
	type tries struct {
		wrong int
		last  time.Time
	}
	t, _, err := db.Maybe(tx, func(row db.Row) (t tries, err error) { return t, row.Scan(&t.wrong, db.Instant(&t.last)) },
		`SELECT wrong, last FROM meeting_try WHERE meeting_id = $1 AND person_id = $2`, l.ID, person)
	if err != nil {
		return false, err
	}
	if tx.Now.Sub(t.last) >= wait {
		t.wrong = 0
	}
	if t.wrong >= mostTries {
		return false, errs.New(errs.TooMany, "meeting.error.too_many_tries", int(wait.Minutes()))
	}
	if checkInCode(tx, l.Meeting).opens(code) {
		return true, nil
	}
	_, err = tx.Exec(`INSERT INTO meeting_try (meeting_id, person_id, wrong, last) VALUES ($1, $2, $3, $4)
		ON CONFLICT (meeting_id, person_id) DO UPDATE SET wrong = excluded.wrong, last = excluded.last`, l.ID, person, t.wrong+1, tx.Now)
	return false, err
}
