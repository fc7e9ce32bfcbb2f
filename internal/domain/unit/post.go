package unit

import (
	"cmp"
	"fmt"
	"slices"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// PostID names a post.
type PostID = id.Of[Post]

// PostState is how far the taking of office has come (rules 4.2).
type PostState string

const (
	Elected   PostState = "elected"
	Reported  PostState = "reported"
	Approved  PostState = "approved"
	Refused   PostState = "refused"
	Appointed PostState = "appointed"
	Ended     PostState = "ended"
)

// next says from which states a post may come into a state. A new committee
// runs business at once, so every state but the last two is in office.
var next = map[PostState][]PostState{
	Reported: {Elected},
	Approved: {Elected, Reported},
	Refused:  {Elected, Reported},
	Ended:    {Elected, Reported, Approved, Appointed},
}

// Post is an office that a person holds at a unit, from From to the day before
// To; a zero To is open.
type Post struct {
	ID     PostID
	Unit   orgtree.ID
	Person access.PersonID
	Kind   string // of the pack "states"
	State  PostState
	From   clock.Date
	To     clock.Date
	Term   string // such as 2025 - 2030
	// Decision is the paper of the election, then of what was decided on it.
	Decision string
	Decided  clock.Date
	Reason   string // why it was refused or ended
	Version  int64
}

// Held reports whether the post is held on the day.
func (p Post) Held(day clock.Date) bool { return p.State != Refused && day.Within(p.From, p.To) }

// source is how the roles of the post are found again.
func (p Post) source() string { return fmt.Sprintf("post:%d", int64(p.ID)) }

// noun of posts in the journal.
const postNoun = "post"

// Appointment puts a person into a post.
type Appointment struct {
	Person access.PersonID
	Kind   string
	// Elected: the congress elected, the body above will approve. If not, the
	// body above appointed.
	Elected bool
	From    clock.Date
	// Term is the committee's present one if it is empty.
	Term     string
	Decision string
}

// Appoint puts a person into a post, with the role that the pack ties to it; a
// person may hold several (S-16). Who manages posts at the unit may. A post of
// one holder that is taken, and a post that the person holds already, are
// errs.Conflict.
func Appoint(tx *db.Tx, by access.Actor, unit orgtree.ID, a Appointment) (Post, error) {
	u, kind, ref, err := appointable(tx, by, unit, &a)
	if err != nil {
		return Post{}, err
	}
	p, err := a.post(tx, u)
	if err != nil {
		return Post{}, err
	}
	return p, enter(tx, by, p, kind, ref)
}

// CheckAppointment fails as Appoint would.
func CheckAppointment(tx *db.Tx, by access.Actor, unit orgtree.ID, a Appointment) error {
	_, _, _, err := appointable(tx, by, unit, &a)
	return err
}

func appointable(tx *db.Tx, by access.Actor, unit orgtree.ID, a *Appointment) (u orgtree.Unit, kind rulepack.Post, ref rulepack.Ref, err error) {
	if u, err = access.Require(tx, by, access.PostManage, unit); err != nil {
		return u, kind, ref, err
	}
	if err = refuseEnded(u); err != nil {
		return u, kind, ref, err
	}
	words, ref, err := Words(tx, u)
	if err != nil {
		return u, kind, ref, err
	}
	a.Term, a.Decision = text.Line(a.Term), text.Line(a.Decision)
	if kind, err = a.check(words, u); err != nil {
		return u, kind, ref, err
	}
	return u, kind, ref, refuseTaken(tx, u, kind, *a)
}

// TakeBackPost removes a post and its role as if nobody had been appointed: it
// was a mistake. Who manages posts at the unit may.
func TakeBackPost(tx *db.Tx, by access.Actor, post PostID) error {
	p, err := findPost(tx, post)
	if err != nil {
		return err
	}
	if _, err := access.Require(tx, by, access.PostManage, p.Unit); err != nil {
		return err
	}
	return p.takeBack(tx, by)
}

func (p Post) takeBack(tx *db.Tx, by access.Actor) error {
	if err := access.Revoke(tx, p.Person, p.source()); err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM post WHERE id = $1`, p.ID); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: p.Unit, Verb: "unit.TakeBackPost", Noun: postNoun, ID: int64(p.ID), Before: p,
	})
}

// PostByLabel is the id of the post that people call so at a unit; what is no
// label stays.
func PostByLabel(words rulepack.States, u orgtree.Unit, written string) string {
	for _, kind := range words.Posts {
		if kind.At != "group" && (kind.At == "cell") == u.IsCell() && text.Fold(kind.Label) == text.Fold(written) {
			return kind.ID
		}
	}
	return written
}

func (a Appointment) check(words rulepack.States, u orgtree.Unit) (rulepack.Post, error) {
	kind, known := words.Post(a.Kind)
	var wrong errs.Fields
	wrong.Check(known && kind.At != "group", "kind", "unit.error.post_kind")
	switch {
	case known && kind.At == "cell":
		wrong.Check(u.IsCell(), "kind", "unit.error.post_of_cell")
	case known:
		wrong.Check(!u.IsCell(), "kind", "unit.error.post_of_party")
	}
	wrong.Check(a.Person != 0, "person", "errs.required")
	wrong.Check(!a.From.IsZero(), "from", "errs.required")
	wrong.Check(a.From.IsZero() || !a.From.Before(u.Founded), "from", "unit.error.before_founding", u.Founded)
	atMost(&wrong, "term", a.Term, longestName)
	need(&wrong, "decision", a.Decision, longestLine)
	return kind, wrong.Err()
}

// refuseTaken looks at every day from the new post's first one on.
func refuseTaken(tx *db.Tx, u orgtree.Unit, kind rulepack.Post, a Appointment) error {
	posts, err := postsFrom(tx, u.ID, kind.ID, a.From)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if p.Person == a.Person {
			return errs.New(errs.Conflict, "unit.error.post_held")
		}
		if kind.Single {
			return errs.New(errs.Conflict, "unit.error.post_taken")
		}
	}
	return nil
}

func (a Appointment) post(tx *db.Tx, u orgtree.Unit) (Post, error) {
	p := Post{
		ID: id.New[Post](), Unit: u.ID, Person: a.Person, Kind: a.Kind, State: Appointed,
		From: a.From, Term: a.Term, Decision: a.Decision, Version: 1,
	}
	if a.Elected {
		p.State = Elected
	} else {
		p.Decided = a.From
	}
	if p.Term != "" {
		return p, nil
	}
	term, _, err := termOn(tx, u.ID, a.From)
	p.Term = term.Name
	return p, err
}

func enter(tx *db.Tx, by access.Actor, p Post, kind rulepack.Post, ref rulepack.Ref) error {
	if err := insertPost(tx, p); err != nil {
		if errs.Is(err, errs.Conflict) {
			return errs.Wrap(err, errs.NotFound, "unit.error.no_person")
		}
		return err
	}
	if err := access.Give(tx, access.Grant{
		Person: p.Person, Unit: p.Unit, Role: access.Role(kind.Role), From: p.From, Source: p.source(),
	}); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: p.Unit, Verb: "unit.Appoint", Noun: postNoun, ID: int64(p.ID),
		After: map[string]any{"post": p, "role": kind.Role, "pack": ref},
	})
}

// Report notes that the result of the election went up (rules 4.2). The rights
// and failures are those of Approve.
func Report(tx *db.Tx, by access.Actor, post PostID, version int64) error {
	return change(tx, by, "unit.Report", post, version, Reported, func(p *Post) error { return nil })
}

// Approve notes that the body above approved the elected person. Who manages
// posts at the unit may; a post that is not elected, and a stale version, are
// errs.Conflict.
func Approve(tx *db.Tx, by access.Actor, post PostID, version int64, day clock.Date, decision string) error {
	return change(tx, by, "unit.Approve", post, version, Approved, func(p *Post) error {
		return p.decide(day, decision)
	})
}

// Refuse notes that the body above refused the person, whose role ends on the
// day. The rights and failures are those of Approve.
func Refuse(tx *db.Tx, by access.Actor, post PostID, version int64, day clock.Date, decision, reason string) error {
	return change(tx, by, "unit.Refuse", post, version, Refused, func(p *Post) error {
		if err := p.decide(day, decision); err != nil {
			return err
		}
		return p.end(day, reason)
	})
}

// EndPost ends a post from the day on, with its role. Who manages posts at the
// unit may; a post that has ended, and a stale version, are errs.Conflict.
func EndPost(tx *db.Tx, by access.Actor, post PostID, version int64, day clock.Date, reason string) error {
	return change(tx, by, "unit.EndPost", post, version, Ended, func(p *Post) error { return p.end(day, reason) })
}

func (p *Post) decide(day clock.Date, decision string) error {
	p.Decided, p.Decision = day, text.Line(decision)
	var wrong errs.Fields
	wrong.Check(!day.IsZero(), "day", "errs.required")
	wrong.Check(day.IsZero() || !day.Before(p.From), "day", "unit.error.before_post", p.From)
	need(&wrong, "decision", p.Decision, longestLine)
	return wrong.Err()
}

func (p *Post) end(day clock.Date, reason string) error {
	p.To, p.Reason = day, text.Line(reason)
	var wrong errs.Fields
	wrong.Check(!day.IsZero(), "day", "errs.required")
	wrong.Check(day.IsZero() || !day.Before(p.From), "day", "unit.error.before_post", p.From)
	need(&wrong, "reason", p.Reason, longestLine)
	return wrong.Err()
}

// change brings a post into a state; apply fills what the state needs.
func change(tx *db.Tx, by access.Actor, verb string, post PostID, version int64, to PostState, apply func(*Post) error) error {
	before, err := findPost(tx, post)
	if err != nil {
		return err
	}
	if _, err := access.Require(tx, by, access.PostManage, before.Unit); err != nil {
		return err
	}
	if before.Version != version {
		return errs.New(errs.Conflict, "errs.stale")
	}
	if !slices.Contains(next[to], before.State) {
		return errs.New(errs.Conflict, "unit.error.post_state")
	}
	after := before
	after.State = to
	if err := apply(&after); err != nil {
		return err
	}
	return saveChange(tx, by, verb, before, after)
}

func saveChange(tx *db.Tx, by access.Actor, verb string, before, after Post) error {
	if err := updatePost(tx, after); err != nil {
		return err
	}
	if !after.To.IsZero() {
		if err := access.Withdraw(tx, after.source(), after.To); err != nil {
			return err
		}
	}
	return journal.Write(tx, by, journal.Change{
		Unit: after.Unit, Verb: verb, Noun: postNoun, ID: int64(after.ID), Before: before, After: after,
	})
}

// Posts are those held at the unit on the day, heads first. Who may read units
// there may.
func Posts(tx *db.Tx, by access.Actor, unit orgtree.ID, day clock.Date) ([]Post, error) {
	if _, err := access.Require(tx, by, access.UnitRead, unit); err != nil {
		return nil, err
	}
	return PostsAt(tx, unit, day)
}

// PostsAt is Posts for a caller who has checked the right.
func PostsAt(tx *db.Tx, unit orgtree.ID, day clock.Date) ([]Post, error) {
	u, err := orgtree.Find(tx, unit)
	if err != nil {
		return nil, err
	}
	words, _, err := Words(tx, u)
	if err != nil {
		return nil, err
	}
	posts, err := postsOn(tx, unit, day)
	rank := func(p Post) int {
		return slices.IndexFunc(words.Posts, func(kind rulepack.Post) bool { return kind.ID == p.Kind })
	}
	slices.SortStableFunc(posts, func(a, b Post) int { return cmp.Compare(rank(a), rank(b)) })
	return posts, err
}

// PostsOf are all posts that the person has held, newest first, at units that
// the actor may read; one's own are read whole.
func PostsOf(tx *db.Tx, by access.Actor, person access.PersonID) ([]Post, error) {
	posts, err := PostsOfPerson(tx, person)
	if err != nil || by.Person == person {
		return posts, err
	}
	var seen []Post
	for _, p := range posts {
		at, err := orgtree.Find(tx, p.Unit)
		if err != nil {
			return nil, err
		}
		if by.Can(access.UnitRead, at) {
			seen = append(seen, p)
		}
	}
	return seen, nil
}

// LeavePosts ends the person's posts at the unit, or everywhere for a zero
// unit. It happens by itself when a member leaves, without a decision of its
// own (rules 4.4); the caller has checked the right to what causes it.
func LeavePosts(tx *db.Tx, by access.Actor, person access.PersonID, unit orgtree.ID, day clock.Date, reason string) error {
	posts, err := PostsOfPerson(tx, person)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if unit != 0 && p.Unit != unit {
			continue
		}
		if err := cutShort(tx, by, p, day, reason); err != nil {
			return err
		}
	}
	return leaveGroups(tx, by, person, unit)
}

// cutShort ends a post that is still held on the day or later. One that would
// have begun later never began.
func cutShort(tx *db.Tx, by access.Actor, p Post, day clock.Date, reason string) error {
	if p.State == Refused || p.State == Ended {
		return nil
	}
	after := p
	after.State, after.Reason = Ended, reason
	after.To = later(day, p.From)
	return saveChange(tx, by, "unit.EndPost", p, after)
}

// endAllIn ends what a unit holds when it ends itself.
func endAllIn(tx *db.Tx, by access.Actor, u orgtree.Unit, day clock.Date) error {
	posts, err := postsFrom(tx, u.ID, "", day)
	if err != nil {
		return err
	}
	for _, p := range posts {
		if err := cutShort(tx, by, p, day, "unit.reason.unit_ended"); err != nil {
			return err
		}
	}
	groups, err := GroupsAt(tx, u.ID)
	if err != nil {
		return err
	}
	for _, g := range groups {
		if err := endGroup(tx, by, g, later(day, g.Founded)); err != nil {
			return err
		}
	}
	return nil
}
