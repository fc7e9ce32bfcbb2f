package account

import (
	"cmp"
	"crypto/rand"
	mathrand "math/rand/v2"
	"strconv"
	"strings"
	"time"

	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// Slip is handed to a person, as a link, a QR code or on paper, so that they
// choose a password. It serves once.
type Slip struct {
	Person access.PersonID
	Login  string
	// Code is twelve letters and digits in groups of four, easily typed.
	Code    string
	Expires time.Time
}

const (
	slipLife = 14 * 24 * time.Hour
	codeSize = 12
	// codeLetters are those of Crockford's base 32, which nobody mixes up.
	codeLetters = "0123456789abcdefghjkmnpqrstvwxyz"
)

// Invite gives the person a slip with which to begin an account, and an account
// that waits for it. A second invitation voids the first. Who may: whoever may
// invite at a unit where the person has a role, and at every unit where the
// person has more than a member's role. A person whom the actor cannot see is
// errs.NotFound; one who signs in already, or is blocked, is errs.Conflict.
func Invite(tx *db.Tx, by access.Actor, person access.PersonID) (Slip, error) {
	a, found, err := ofPerson(tx, person)
	if err != nil {
		return Slip{}, err
	}
	unit, err := reach(tx, by, person, a)
	if err != nil {
		return Slip{}, err
	}
	switch {
	case !a.Blocked.IsZero():
		return Slip{}, errs.New(errs.Conflict, "account.error.is_blocked")
	case !a.Since.IsZero():
		return Slip{}, errs.New(errs.Conflict, "account.error.has_account")
	case !found:
		if a, err = open(tx, person, unit); err != nil {
			return Slip{}, err
		}
	}
	return hand(tx, by, a, unit, "account.Invite", false)
}

// open makes an account without a password; its login comes of the name in the
// register.
func open(tx *db.Tx, person access.PersonID, unit orgtree.ID) (Account, error) {
	names, err := member.Names(tx, []access.PersonID{person})
	if err != nil {
		return Account{}, err
	}
	login, err := freeLogin(tx, baseLogin(names[person]))
	if err != nil {
		return Account{}, err
	}
	a := Account{ID: id.New[Account](), Person: person, Unit: unit, Login: login}
	return a, insert(tx, a)
}

// freeLogin puts a number behind a login that is taken: small while there are
// few of the name, then one with ever more digits.
func freeLogin(tx *db.Tx, base string) (string, error) {
	for try := 1; ; try++ {
		login := base
		if try > 1 {
			login += strconv.Itoa(numberOf(try))
		}
		_, taken, err := db.Maybe(tx, db.Column[int64], `SELECT id FROM account WHERE login = $1`, login)
		if err != nil || !taken {
			return login, err
		}
	}
}

func numberOf(try int) int {
	if try < 10 {
		return try
	}
	upTo := 100
	for range min(try/10, 7) {
		upTo *= 10
	}
	return 10 + mathrand.N(upTo)
}

func tell(tx *db.Tx, by access.Actor, person access.PersonID, unit orgtree.ID, key string) error {
	return notice.Send(tx, by, notice.Notice{To: []access.PersonID{person}, Unit: unit, Key: key, Link: page})
}

// hand makes the account's slip, in place of an older one. Using one that renews
// removes the second factors too.
func hand(tx *db.Tx, by access.Actor, a Account, unit orgtree.ID, verb string, renews bool) (Slip, error) {
	code, err := newCode(codeSize)
	if err != nil {
		return Slip{}, err
	}
	s := Slip{Person: a.Person, Login: a.Login, Code: code, Expires: tx.Now.Add(slipLife)}
	_, err = tx.Exec(`INSERT INTO account_slip (account_id, token_hash, made_by, made, expires, renews) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (account_id) DO UPDATE SET token_hash = excluded.token_hash, made_by = excluded.made_by, made = excluded.made, expires = excluded.expires,
			renews = excluded.renews`,
		a.ID, digest(tx, plainCode(code)), by.Person, tx.Now, s.Expires, renews)
	if err != nil {
		return Slip{}, err
	}
	if err := tx.Change(`UPDATE account SET unit_id = $1, version = version + 1 WHERE id = $2`, unit, a.ID); err != nil {
		return Slip{}, err
	}
	return s, journal.Write(tx, by, journal.Change{Unit: unit, Verb: verb, Noun: "account", ID: int64(a.ID), After: a})
}

// newCode has five bits a letter. The twelve of a slip are too many to guess over
// a network in the days that it is good, and its digest is keyed.
func newCode(size int) (string, error) {
	raw := make([]byte, size)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	var b strings.Builder
	for i, n := range raw {
		if i > 0 && i%4 == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(codeLetters[int(n)%len(codeLetters)])
	}
	return b.String(), nil
}

// plainCode is a code as somebody copied it from paper.
func plainCode(typed string) string {
	plain := strings.NewReplacer("o", "0", "i", "1", "l", "1", "u", "v").Replace(strings.ToLower(typed))
	return "slip " + strings.Map(func(r rune) rune {
		if strings.ContainsRune(codeLetters, r) {
			return r
		}
		return -1
	}, plain)
}

// Invited is the slip of a code, for the page on which its holder chooses
// a password. A code that is wrong, used, replaced or too old is errs.NotFound.
func Invited(tx *db.Tx, code string) (Slip, error) {
	a, slip, err := bearer(tx, code)
	return Slip{Person: a.Person, Login: a.Login, Code: code, Expires: slip.expires}, err
}

// heldSlip is a slip as the table holds it.
type heldSlip struct {
	account ID
	expires time.Time
	renews  bool
}

func bearer(tx *db.Tx, code string) (Account, heldSlip, error) {
	slip, ok, err := db.Maybe(tx, func(row db.Row) (s heldSlip, err error) {
		return s, row.Scan(&s.account, db.Instant(&s.expires), &s.renews)
	}, `SELECT account_id, expires, renews FROM account_slip WHERE token_hash = $1`, digest(tx, plainCode(code)))
	if err != nil {
		return Account{}, slip, err
	}
	if !ok || !tx.Now.Before(slip.expires) {
		return Account{}, slip, errs.New(errs.NotFound, "account.error.slip")
	}
	a, err := db.One(tx, scan, `SELECT `+columns+` FROM account WHERE id = $1`, slip.account)
	return a, slip, err
}

// Accept uses the slip: the holder's password is the chosen one from now on,
// other devices are signed out, and the present one is signed in; a second
// factor that the slip does not renew is asked for next. A code that is wrong,
// used, replaced or too old is errs.NotFound; a person without any role is
// errs.Denied.
func Accept(tx *db.Tx, code string, chosen Password, on Device) (Token, Session, error) {
	a, slip, err := bearer(tx, code)
	if err != nil {
		return "", Session{}, err
	}
	if chosen.login != a.Login {
		return "", Session{}, errs.New(errs.NotFound, "account.error.slip")
	}
	if err := setPassword(tx, a, chosen); err != nil {
		return "", Session{}, err
	}
	if err := void(tx, a); err != nil {
		return "", Session{}, err
	}
	if slip.renews {
		if err := dropFactors(tx, a); err != nil {
			return "", Session{}, err
		}
	}
	if _, err := tx.Exec(`DELETE FROM account_attempt WHERE subject = $1`, subject(tx, "login", a.Login)); err != nil {
		return "", Session{}, err
	}
	by := access.Actor{Person: a.Person}
	if err := journal.Write(tx, by, journal.Change{Unit: a.Unit, Verb: "account.Accept", Noun: "account", ID: int64(a.ID)}); err != nil {
		return "", Session{}, err
	}
	return enter(tx, a, on, 0, Session{How: BySlip, Proved: tx.Now})
}

// void ends the account's slip, sessions and tokens.
func void(tx *db.Tx, a Account) error {
	if err := token.Void(tx, a.Person); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM account_slip WHERE account_id = $1`, a.ID); err != nil {
		return err
	}
	return endSessions(tx, a)
}

// Block ends the person's sessions and slip, and keeps them from signing in
// until Unblock: the party no longer needs them to, or a device was lost. Who
// may: as for Invite; for a person who has no role any more, whoever may invite
// where they were invited last; nobody themselves.
func Block(tx *db.Tx, by access.Actor, person access.PersonID) error {
	a, unit, err := theirs(tx, by, person)
	if err != nil {
		return err
	}
	if person == by.Person {
		return errs.New(errs.Denied, "account.error.not_oneself")
	}
	if !a.Blocked.IsZero() {
		return nil
	}
	if err := void(tx, a); err != nil {
		return err
	}
	if err := tx.Change(`UPDATE account SET blocked = $1, version = version + 1 WHERE id = $2`, tx.Now, a.ID); err != nil {
		return err
	}
	after := a
	after.Blocked = tx.Now
	return journal.Write(tx, by, journal.Change{Unit: unit, Verb: "account.Block", Noun: "account", ID: int64(a.ID), Before: a, After: after})
}

// Unblock lets the person sign in again with the password they had. Who may: as
// for Block.
func Unblock(tx *db.Tx, by access.Actor, person access.PersonID) error {
	a, unit, err := theirs(tx, by, person)
	if err != nil || a.Blocked.IsZero() {
		return err
	}
	if err := tx.Change(`UPDATE account SET blocked = NULL, version = version + 1 WHERE id = $1`, a.ID); err != nil {
		return err
	}
	after := a
	after.Blocked = time.Time{}
	return journal.Write(tx, by, journal.Change{Unit: unit, Verb: "account.Unblock", Noun: "account", ID: int64(a.ID), Before: a, After: after})
}

// theirs is the person's account, if the actor may invite the person.
func theirs(tx *db.Tx, by access.Actor, person access.PersonID) (Account, orgtree.ID, error) {
	a, found, err := ofPerson(tx, person)
	if err != nil {
		return Account{}, 0, err
	}
	unit, err := reach(tx, by, person, a)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return a, unit, err
}

// harmless roles give no more than to see and say what any member may. Whoever
// can let a person with another role sign in could sign in as that person, so
// they must reach the unit of that role too.
var harmless = map[access.Role]bool{access.Member: true, access.GroupLeader: true, access.MinuteTaker: true}

// reach is the unit at which the actor may invite the person: one where the
// person has a role today, else the one where they were invited last.
func reach(tx *db.Tx, by access.Actor, person access.PersonID, a Account) (orgtree.ID, error) {
	them, err := access.Act(tx, person)
	if err != nil {
		return 0, err
	}
	if len(them.Grants()) == 0 {
		_, err := access.Require(tx, by, access.Invite, a.Unit)
		return a.Unit, err
	}
	var home orgtree.ID
	refusal, beyond := errs.New(errs.NotFound, "errs.not_found"), false
	for _, g := range them.Grants() {
		_, err := access.Require(tx, by, access.Invite, g.Unit)
		switch {
		case err == nil:
			home = cmp.Or(home, g.Unit)
		case errs.Is(err, errs.Denied):
			refusal, beyond = err, beyond || !harmless[g.Role]
		case errs.Is(err, errs.NotFound):
			beyond = beyond || !harmless[g.Role]
		default:
			return 0, err
		}
	}
	switch {
	case home == 0:
		return 0, refusal
	case beyond:
		return 0, errs.New(errs.Denied, "account.error.beyond")
	}
	return home, nil
}
