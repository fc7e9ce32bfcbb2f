// Package token lets programs act for people: personal access tokens for the
// API, each with a name, a day on which it ends, and less than its owner may.
//
// A token gives nothing that its owner has not on the day of use; it can be held
// to reading, and to a unit with all below it. It is shown once: the database
// has a keyed digest. The package knows neither HTTP nor how people sign in.
package token

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/id"
)

// ID names a token.
type ID = id.Of[Token]

// Token is what is known of a token once it was shown.
type Token struct {
	ID    ID              `json:"-"`
	Owner access.PersonID `json:"owner"`
	Name  string          `json:"name"`
	// Prefix is how the token begins, by which people tell it from others.
	Prefix string `json:"prefix"`
	// Writes says that the token may also change things.
	Writes bool `json:"writes"`
	// Unit holds the token to the unit and all below it; zero to nothing.
	Unit    orgtree.ID `json:"unit,omitempty"`
	Made    time.Time  `json:"made"`
	Expires time.Time  `json:"expires"`
	// Used and Address are when and from where it was used last, right to
	// within a few minutes; zero if it never was.
	Used    time.Time `json:"-"`
	Address string    `json:"-"`
}

// Secret is a token as a program sends it. Nothing keeps it but its owner.
type Secret string

// Expired reports whether the token's time is over.
func (t Token) Expired(now time.Time) bool { return !now.Before(t.Expires) }

// touchAfter keeps requests from writing.
const touchAfter = 5 * time.Minute

// Stale reports whether the time of the last use should be written by Touch.
func (t Token) Stale(now time.Time) bool { return now.Sub(t.Used) >= touchAfter }

const (
	// mark begins every token, so that people and programs that look for lost
	// secrets know what they have found.
	mark = "chibo_"
	// prefixSize is that of a visible prefix, with the mark.
	prefixSize = len(mark) + 6
)

// newSecret has 130 bits behind its prefix.
func newSecret() (secret Secret, prefix string) {
	prefix = mark + strings.ToLower(rand.Text()[:prefixSize-len(mark)])
	return Secret(prefix + "_" + rand.Text()), prefix
}

// plausible keeps what is clearly no token away from the database.
func (s Secret) plausible() bool {
	return len(s) == prefixSize+1+len(rand.Text()) && strings.HasPrefix(string(s), mark)
}

// digest is keyed: who has read the tables alone can neither use nor guess what
// it was made of.
func digest(tx *db.Tx, s Secret) string {
	mac := hmac.New(sha256.New, tx.Derive("token"))
	mac.Write([]byte(s))
	return hex.EncodeToString(mac.Sum(nil))
}
