package token

import (
	"strings"
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/domain/unit"
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

// New is what a token is asked to be.
type New struct {
	Owner  access.PersonID
	Name   string
	Writes bool
	// Unit is where and below which it holds; zero is wherever its owner may.
	Unit orgtree.ID
	Days int
}

const (
	nameMost = 100
	// ownMost bounds the tokens of one person: whoever needs more has lost sight
	// of those there are.
	ownMost = 20
	// page is where people see their tokens.
	page = "/account/tokens"
)

// Create makes a token and gives what its owner hands to a program, which
// nobody can be told again; the owner is told that there is one. Who may:
// everybody for themselves, signed in and not by a token; the console for
// anybody. A person without any role is errs.Denied, one with too many tokens
// errs.Conflict. The field "days" is errs.Invalid beyond what the rule pack
// allows, "unit" where the owner sees no such unit.
func Create(tx *db.Tx, by access.Actor, n New) (Secret, Token, error) {
	if err := access.InPerson(by); err != nil {
		return "", Token{}, err
	}
	if n.Owner != by.Person && !by.Console {
		return "", Token{}, errs.New(errs.NotFound, "errs.not_found")
	}
	owner, err := access.Act(tx, n.Owner)
	if err != nil {
		return "", Token{}, err
	}
	home, err := homeOf(owner, n.Unit)
	if err != nil {
		return "", Token{}, err
	}
	n.Name = text.Line(n.Name)
	if err := check(tx, owner, home, n); err != nil {
		return "", Token{}, err
	}
	secret, prefix := newSecret()
	t := Token{
		ID: id.New[Token](), Owner: n.Owner, Name: n.Name, Prefix: prefix, Writes: n.Writes, Unit: n.Unit,
		Made: tx.Now, Expires: tx.Now.AddDate(0, 0, n.Days),
	}
	if err := insert(tx, t, digest(tx, secret)); err != nil {
		return "", Token{}, err
	}
	if err := note(tx, by, home, "token.Create", nil, t); err != nil {
		return "", Token{}, err
	}
	return secret, t, tell(tx, by, home, t, "token.notice.created")
}

// homeOf is the unit in whose journal the token stands: the one it is held to,
// else one where the owner has a role.
func homeOf(owner access.Actor, held orgtree.ID) (orgtree.ID, error) {
	switch grants := owner.Grants(); {
	case len(grants) == 0:
		return 0, errs.New(errs.Denied, "token.error.no_role")
	case held != 0:
		return held, nil
	default:
		return grants[0].Unit, nil
	}
}

func check(tx *db.Tx, owner access.Actor, home orgtree.ID, n New) error {
	longest, err := Longest(tx, owner)
	if err != nil {
		return err
	}
	var wrong errs.Fields
	wrong.Check(n.Name != "", "name", "errs.required")
	wrong.Check(text.Length(n.Name) <= nameMost, "name", "errs.too_long", nameMost)
	wrong.Check(n.Days >= 1 && n.Days <= longest, "days", "errs.range", 1, longest)
	_, err = access.Require(tx, owner, access.UnitRead, home)
	if n.Unit == 0 {
		err = nil
	}
	switch {
	case errs.Is(err, errs.NotFound), errs.Is(err, errs.Denied):
		wrong.Add("unit", "errs.choice")
	case err != nil:
		return err
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	own, err := db.One(tx, db.Column[int], `SELECT COUNT(*) FROM api_token WHERE person_id = $1`, n.Owner)
	if err == nil && own >= ownMost {
		err = errs.New(errs.Conflict, "token.error.too_many", ownMost)
	}
	return err
}

// Longest is for how many days the actor may make a token.
func Longest(tx *db.Tx, by access.Actor) (int, error) {
	province := ""
	if grants := by.Grants(); len(grants) > 0 {
		at, err := orgtree.Find(tx, grants[0].Unit)
		if err != nil {
			return 0, err
		}
		province = unit.Province(at)
	}
	return rulepack.Of(tx).Days("token.life.max", province, clock.DateOf(tx.Now))
}

// Mine are the actor's tokens, the newest first, those that ended lately among
// them.
func Mine(tx *db.Tx, by access.Actor) ([]Token, error) { return ofPerson(tx, by.Person) }

// Of are the tokens of a person, for whoever may let that person sign in
// wherever they have a role. Who sees only a part of that is errs.Denied; for
// others the person does not exist.
func Of(tx *db.Tx, by access.Actor, person access.PersonID) ([]Token, error) {
	if _, err := reach(tx, by, person); err != nil {
		return nil, err
	}
	return ofPerson(tx, person)
}

// reach is a unit of the person, if the actor may invite at all of them: who
// has only some could stop what works for the others.
func reach(tx *db.Tx, by access.Actor, person access.PersonID) (home orgtree.ID, err error) {
	them, err := access.Act(tx, person)
	if err != nil {
		return 0, err
	}
	seen, beyond := false, len(them.Grants()) == 0
	for _, g := range them.Grants() {
		switch _, err := access.Require(tx, by, access.Invite, g.Unit); {
		case err == nil:
			home, seen = g.Unit, true
		case errs.Is(err, errs.Denied):
			seen, beyond = true, true
		case errs.Is(err, errs.NotFound):
			beyond = true
		default:
			return 0, err
		}
	}
	switch {
	case !seen:
		return 0, errs.New(errs.NotFound, "errs.not_found")
	case beyond:
		return 0, errs.New(errs.Denied, "errs.denied")
	}
	return home, nil
}

// Revoke ends a token at once. Who may: its owner, and those whom Of answers, of
// which the owner is told; nobody by a token. One that the actor cannot know of
// is errs.NotFound.
func Revoke(tx *db.Tx, by access.Actor, token ID) error {
	if err := access.InPerson(by); err != nil {
		return err
	}
	t, err := db.One(tx, scan, `SELECT `+columns+` FROM api_token t WHERE t.id = $1`, token)
	if err != nil {
		return err
	}
	home, err := heldBy(tx, by, t)
	if err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM api_token WHERE id = $1`, t.ID); err != nil {
		return err
	}
	if err := note(tx, by, home, "token.Revoke", t, nil); err != nil || t.Owner == by.Person {
		return err
	}
	return tell(tx, by, home, t, "token.notice.revoked")
}

// heldBy is the unit in whose journal the end of the token stands, if the actor
// may end it.
func heldBy(tx *db.Tx, by access.Actor, t Token) (orgtree.ID, error) {
	if t.Owner == by.Person {
		return homeOf(by, t.Unit)
	}
	return reach(tx, by, t.Owner)
}

// Void ends all tokens of a person, with the account with which they could make
// more: the verb of account that ends it journals that.
func Void(tx *db.Tx, person access.PersonID) error {
	_, err := tx.Exec(`DELETE FROM api_token WHERE person_id = $1`, person)
	return err
}

// Authenticate is who sends the token, with the roles of today, held to what the
// token may. It does not write. A token that is unknown, ended or expired, and
// one whose owner has no role left within its limit: errs.Unauthenticated, all
// alike.
func Authenticate(tx *db.Tx, bearer string) (access.Actor, Token, error) {
	unknown := errs.New(errs.Unauthenticated, "token.error.unknown")
	secret := Secret(strings.TrimSpace(bearer))
	if !secret.plausible() {
		return access.Actor{}, Token{}, unknown
	}
	t, grants, err := byDigest(tx, digest(tx, secret))
	if err != nil {
		return access.Actor{}, Token{}, err
	}
	if t.Expired(tx.Now) { // as the zero one is
		return access.Actor{}, Token{}, unknown
	}
	limit := access.Limit{ReadOnly: !t.Writes}
	if t.Unit != 0 {
		at, err := orgtree.Find(tx, t.Unit)
		if err != nil {
			return access.Actor{}, Token{}, err
		}
		limit.Under = at.Path
	}
	by := access.Acting(t.Owner, grants).Within(limit)
	if by.Powerless() {
		return access.Actor{}, Token{}, unknown
	}
	return by, t, nil
}

// Touch notes that the actor's token was used, and from where. Call it where
// Token.Stale says so, apart from the request. A token that was revoked
// meanwhile stays so.
func Touch(tx *db.Tx, by access.Actor, token ID, address string) error {
	_, err := tx.Exec(`UPDATE api_token SET used = $1, address = $2 WHERE id = $3 AND person_id = $4`,
		tx.Now, shorten(address), token, by.Person)
	return err
}

const addressMost = 60

func shorten(address string) string {
	letters := []rune(text.Line(address))
	return string(letters[:min(len(letters), addressMost)])
}

// keptAfter is how long people still see that a token has expired, and which
// program of theirs has stopped for it.
const keptAfter = 30 * 24 * time.Hour

// Sweep removes tokens that expired long ago; a scheduled job calls it.
func Sweep(tx *db.Tx) error {
	_, err := tx.Exec(`DELETE FROM api_token WHERE expires < $1`, tx.Now.Add(-keptAfter))
	return err
}

func note(tx *db.Tx, by access.Actor, home orgtree.ID, verb string, before, after any) error {
	t, ok := after.(Token)
	if !ok {
		t = before.(Token)
	}
	return journal.Write(tx, by, journal.Change{Unit: home, Verb: verb, Noun: "api_token", ID: int64(t.ID), Before: before, After: after})
}

func tell(tx *db.Tx, by access.Actor, home orgtree.ID, t Token, key string) error {
	return notice.Send(tx, by, notice.Notice{
		To: []access.PersonID{t.Owner}, Unit: home, Key: key, Args: map[string]string{"name": t.Name}, Link: page,
	})
}
