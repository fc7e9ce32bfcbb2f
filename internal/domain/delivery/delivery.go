// Package delivery carries notices out of the program: to whom through which
// channel, when, and what became of it.
//
// A notice lies in its inbox first (package notice). What leaves the program
// says of it only what kind it is, of which unit, when, and where to read it:
// outside, words are in the hands of others. The package knows people's choices
// and keeps the letters; how a channel works is told by whoever puts the program
// together (Outbox).
//
// The way of a notice is three jobs, each queued in the transaction before it:
//
//	notice.Posted     which channels it takes, and when (plan)
//	delivery.gather   all that is due for a person through a channel becomes
//	                  one letter (gather)
//	delivery.send     the letter goes out, and is marked as sent (send)
//
// The first two happen exactly once. A program that dies between handing a
// letter over and marking it sends it again, with the same name, by which mail
// programs, browsers and gateways tell one for the other.
package delivery

import (
	"strings"
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// Channel is a way out of the program.
type Channel string

const (
	Mail Channel = "mail" // e-mail
	Push Channel = "push" // a message to a browser
	Text Channel = "text" // SMS or Zalo, through a gateway
)

// Channels lists every channel, the cheapest first.
var Channels = []Channel{Push, Mail, Text}

// Kind is what a notice is about, as far as the world outside may know.
type Kind string

const (
	Meeting Kind = "meeting" // that a meeting is held, moved, called off
	Record  Kind = "record"  // what came of it: minutes, results, reports
	Task    Kind = "task"
	Account Kind = "account" // the person's own account and its safety
	Other   Kind = "other"
)

// Kinds lists every kind, in the order in which people are asked.
var Kinds = []Kind{Meeting, Record, Task, Account, Other}

// KindOf is the kind of a notice, by its key. One that is not known is Other,
// so that a new notice tells nothing until somebody has thought of it.
func KindOf(key string) Kind {
	area, what, _ := strings.Cut(key, ".notice.")
	switch area {
	case "account":
		return Account
	case "task":
		return Task
	case "minutes", "resolution", "score":
		return Record
	case "meeting":
		switch what {
		case "published", "reported", "acknowledged", "sent_back":
			return Record
		}
		return Meeting
	}
	return Other
}

// Digest is how notices are gathered.
type Digest string

const (
	AtOnce Digest = "at_once"
	Daily  Digest = "daily"
	Weekly Digest = "weekly" // on Mondays
)

// Digests lists every way to gather.
var Digests = []Digest{AtOnce, Daily, Weekly}

const dayMinutes = 24 * 60

// Rules are what holds for whoever has chosen nothing else. Times of day are
// minutes since midnight in Vietnam.
type Rules struct {
	QuietFrom, QuietTo int
	// DigestAt is when digests go out.
	DigestAt int
	// Sudden is how near something unexpected must be to break the quiet.
	Sudden time.Duration
}

// RulesOf are the rules of the transaction's day.
func RulesOf(tx *db.Tx) (r Rules, err error) {
	sudden := 0
	set, today := rulepack.Of(tx), clock.DateOf(tx.Now)
	for key, into := range map[string]*int{
		"notice.quietFrom": &r.QuietFrom, "notice.quietTo": &r.QuietTo, "notice.digestAt": &r.DigestAt, "notice.sudden": &sudden,
	} {
		if *into, err = set.Minutes(key, "", today); err != nil {
			return r, err
		}
	}
	r.Sudden = time.Duration(sudden) * time.Minute
	return r, nil
}

// Urgent reports a notice that waits for nothing: of something unexpected that
// is near, or of the safety of the person's account.
func (r Rules) Urgent(n notice.Received) bool {
	near := !n.Sudden.IsZero() && n.Sudden.After(n.Sent) && n.Sudden.Sub(n.Sent) <= r.Sudden
	return near || KindOf(n.Key) == Account
}

// Due is when a notice that is not urgent goes out to whoever has chosen so.
func (r Rules) Due(c Choice, now time.Time) time.Time {
	due := now
	switch c.Digest {
	case Daily:
		due = r.nextDigest(now)
	case Weekly:
		due = r.nextDigest(now)
		for due.In(clock.Zone).Weekday() != time.Monday {
			due = due.AddDate(0, 0, 1)
		}
	}
	return c.afterQuiet(due)
}

func (r Rules) nextDigest(now time.Time) time.Time {
	today := clock.DateOf(now)
	at := today.At(0, r.DigestAt)
	if !at.After(now) {
		at = today.AddDays(1).At(0, r.DigestAt)
	}
	return at
}

// afterQuiet is t, or the end of the quiet hours in which t lies. Hours that
// end when they begin are none.
func (c Choice) afterQuiet(t time.Time) time.Time {
	wall := t.In(clock.Zone)
	minute, day := wall.Hour()*60+wall.Minute(), clock.DateOf(t)
	switch {
	case c.QuietFrom == c.QuietTo:
		return t
	case c.QuietFrom < c.QuietTo:
		if minute < c.QuietFrom || minute >= c.QuietTo {
			return t
		}
	case minute >= c.QuietFrom:
		day = day.AddDays(1)
	case minute >= c.QuietTo:
		return t
	}
	return day.At(0, c.QuietTo)
}
