// Package hook tells other systems what happens in a part of the tree: which
// verb, on which record, in which unit, when. Never what the record says: who
// wants to know that asks the API, with rights of its own.
//
// The journal is the queue. A subscription keeps how far it has been told;
// entries go out in their order, each until the receiver has taken it. The
// package knows no HTTP: whoever carries them says how it went.
package hook

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// ID names a subscription.
type ID = id.Of[Hook]

// Hook is a subscription of another system.
type Hook struct {
	ID   ID         `json:"-"`
	Unit orgtree.ID `json:"-"`
	Settings
	// Position is that of the last entry that was taken.
	Position int64 `json:"-"`
	// Failures counts the tries since then that failed, Failure says how the
	// last one did.
	Failures int             `json:"-"`
	Failure  string          `json:"-"`
	NextTry  time.Time       `json:"-"`
	Created  time.Time       `json:"-"`
	By       access.PersonID `json:"-"`
	Version  int64           `json:"-"`

	sealed string
}

// Settings are what people choose of a subscription.
type Settings struct {
	// Address is where entries are sent.
	Address string `json:"address"`
	// Nouns are the kinds of record that are told of; none is all.
	Nouns []string `json:"nouns,omitempty"`
	// Paused ones miss nothing: they go on where they stopped.
	Paused bool `json:"paused"`
}

const (
	addressMost = 500
	nounsMost   = 20
	// perUnit bounds the subscriptions of a unit.
	perUnit = 20
)

var nounForm = regexp.MustCompile(`^[a-z][a-z_]{0,40}$`)

// check tidies the settings and says what is wrong with them.
func (s *Settings) check() error {
	var wrong errs.Fields
	s.Address = text.Line(s.Address)
	wrong.Check(s.Address != "", "address", "errs.required")
	wrong.Check(text.Length(s.Address) <= addressMost, "address", "errs.too_long", addressMost)
	to, err := url.Parse(s.Address)
	wrong.Check(err == nil && (to.Scheme == "https" || to.Scheme == "http") && to.Host != "" && to.User == nil && to.Fragment == "", "address", "hook.error.address")
	slices.Sort(s.Nouns)
	s.Nouns = slices.Compact(s.Nouns)
	wrong.Check(len(s.Nouns) <= nounsMost, "nouns", "errs.range", 0, nounsMost)
	for _, noun := range s.Nouns {
		wrong.Check(nounForm.MatchString(noun), "nouns", "hook.error.noun")
	}
	return wrong.Err()
}

// Wants reports whether the subscription is told of such records.
func (h Hook) Wants(noun string) bool { return len(h.Nouns) == 0 || slices.Contains(h.Nouns, noun) }

const (
	pauseLeast = 10 * time.Second
	pauseMost  = 6 * time.Hour
)

// pause grows with every try that failed, and stays at a few hours.
func pause(failures int) time.Duration {
	p := pauseLeast
	for range failures - 1 {
		if p *= 2; p >= pauseMost {
			return pauseMost
		}
	}
	return p
}

func joined(nouns []string) string { return strings.Join(nouns, " ") }
