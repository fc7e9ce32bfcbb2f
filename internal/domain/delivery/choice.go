package delivery

import (
	"maps"
	"slices"

	"chibo/internal/domain/account"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Wish is a kind through a channel.
type Wish struct {
	Kind    Kind
	Channel Channel
}

// Choice is how a person wants to be told.
type Choice struct {
	Digest Digest
	// Quiet hours, in minutes since midnight; equal ones are none.
	QuietFrom, QuietTo int
	// Language is one of Languages; "" leaves it as it was when choosing.
	Language string
	// Wanted holds every wish; see Wants.
	Wanted  map[Wish]bool
	Version int64 // 0 while nothing was chosen
}

// Languages are those in which messages are written, the first one to who has
// not chosen.
var Languages = []string{"vi", "en"}

// Wants reports whether the person wants notices of the kind through the
// channel.
func (c Choice) Wants(k Kind, ch Channel) bool { return c.Wanted[Wish{k, ch}] }

// choiceAtFirst is what holds until a person chooses: all through every channel
// they have opened, but text messages, which cost money, for meetings and the
// safety of the account alone.
func choiceAtFirst(r Rules) Choice {
	c := Choice{Digest: AtOnce, QuietFrom: r.QuietFrom, QuietTo: r.QuietTo, Language: Languages[0], Wanted: map[Wish]bool{}}
	for _, k := range Kinds {
		for _, ch := range Channels {
			c.Wanted[Wish{k, ch}] = ch != Text || k == Meeting || k == Account
		}
	}
	return c
}

// MyChoice is how the actor is told.
func MyChoice(tx *db.Tx, by access.Actor) (Choice, error) {
	rules, err := RulesOf(tx)
	if err != nil {
		return Choice{}, err
	}
	return choiceOf(tx, rules, by.Person)
}

func choiceOf(tx *db.Tx, r Rules, person access.PersonID) (Choice, error) {
	first := choiceAtFirst(r)
	c, found, err := db.Maybe(tx, func(row db.Row) (c Choice, err error) {
		return c, row.Scan(&c.Digest, &c.QuietFrom, &c.QuietTo, &c.Version)
	}, `SELECT digest, quiet_from, quiet_to, version FROM delivery_choice WHERE person_id = $1`, person)
	if err != nil || !found {
		return first, err
	}
	if c.Language, err = languageOf(tx, person); err != nil {
		return c, err
	}
	c.Wanted = maps.Clone(first.Wanted)
	type wished struct {
		Wish
		wanted bool
	}
	wishes, err := db.All(tx, func(row db.Row) (w wished, err error) {
		return w, row.Scan(&w.Kind, &w.Channel, &w.wanted)
	}, `SELECT kind, channel, wanted FROM delivery_wish WHERE person_id = $1`, person)
	for _, w := range wishes {
		c.Wanted[w.Wish] = w.wanted
	}
	return c, err
}

// languageOf is the language in which the person is written to.
func languageOf(tx *db.Tx, person access.PersonID) (string, error) {
	chosen, found, err := db.Maybe(tx, db.Column[string], `SELECT language FROM delivery_language WHERE person_id = $1`, person)
	if !found {
		chosen = Languages[0]
	}
	return chosen, err
}

// Choose has the actor told as they choose, from the next notice on. A stale
// version is errs.Conflict. Nobody chooses for another.
func Choose(tx *db.Tx, by access.Actor, c Choice) error {
	if err := c.check(); err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE delivery_choice SET digest = $1, quiet_from = $2, quiet_to = $3, version = version + 1 WHERE person_id = $4 AND version = $5`,
		c.Digest, c.QuietFrom, c.QuietTo, by.Person, c.Version)
	if err == nil && n == 0 && c.Version == 0 {
		n, err = tx.Exec(`INSERT INTO delivery_choice (person_id, digest, quiet_from, quiet_to, version) VALUES ($1, $2, $3, $4, 1) ON CONFLICT (person_id) DO NOTHING`,
			by.Person, c.Digest, c.QuietFrom, c.QuietTo)
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "errs.stale")
	}
	for _, k := range Kinds {
		for _, ch := range Channels {
			if _, err := tx.Exec(`INSERT INTO delivery_wish (person_id, kind, channel, wanted) VALUES ($1, $2, $3, $4)
				ON CONFLICT (person_id, kind, channel) DO UPDATE SET wanted = excluded.wanted`, by.Person, k, ch, c.Wants(k, ch)); err != nil {
				return err
			}
		}
	}
	if c.Language != "" {
		if _, err := tx.Exec(`INSERT INTO delivery_language (person_id, language) VALUES ($1, $2)
			ON CONFLICT (person_id) DO UPDATE SET language = excluded.language`, by.Person, c.Language); err != nil {
			return err
		}
	}
	return note(tx, by, "delivery.Choose", map[string]any{"digest": c.Digest, "quiet_from": c.QuietFrom, "quiet_to": c.QuietTo, "language": c.Language})
}

func (c Choice) check() error {
	var wrong errs.Fields
	wrong.Check(slices.Contains(Digests, c.Digest), "digest", "errs.required")
	wrong.Check(c.Language == "" || slices.Contains(Languages, c.Language), "language", "errs.choice")
	wrong.Check(c.QuietFrom >= 0 && c.QuietFrom < dayMinutes, "quiet_from", "errs.time")
	wrong.Check(c.QuietTo >= 0 && c.QuietTo < dayMinutes, "quiet_to", "errs.time")
	return wrong.Err()
}

// note journals what people do about their own notices, at the unit of their
// account. No address stands in it.
func note(tx *db.Tx, by access.Actor, verb string, after any) error {
	own, err := account.Find(tx, by, by.Person)
	if err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{Unit: own.Unit, Verb: verb, Noun: "person", ID: int64(by.Person), After: after})
}
