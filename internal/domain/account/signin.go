package account

import (
	"cmp"
	"context"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Attempt is a try to prove who one is, counted and not yet decided.
type Attempt struct {
	account        ID // zero where nobody is known yet
	stored         string
	login, address string
	entry          EntryID
	salt           string // of recovery codes
	pin            PINID
}

// Proof is what a try came to. It says nothing before it is used.
type Proof struct {
	of    Attempt
	right bool
	how   Way
	// strong says that no second factor needs to follow.
	strong bool
	// code is what the second step showed.
	code string
	// renewed is the digest at today's cost, where the stored one is older.
	renewed string
}

// Begin counts a try to sign in and finds what the password will be compared
// with. It answers alike, and Verify takes alike, whether or not the login
// exists. Too many tries for the login or from the address are errs.TooMany.
func Begin(tx *db.Tx, login string, from Device) (Attempt, error) {
	column, login := plainLogin(login)
	a, _, err := db.Maybe(tx, scan, `SELECT `+columns+` FROM account WHERE `+column+` = $1`, login)
	if err != nil {
		return Attempt{}, err
	}
	// The count is that of what was typed: a count shared by the logins of one
	// account would tell that they belong together.
	return begin(tx, a, login, from)
}

// BeginOwn counts a try of the actor to prove who they are once more, before a
// step that a device left open must not allow.
func BeginOwn(tx *db.Tx, by access.Actor, from Device) (Attempt, error) {
	a, err := own(tx, by)
	if err != nil {
		return Attempt{}, err
	}
	return begin(tx, a, a.Login, from)
}

func begin(tx *db.Tx, a Account, login string, from Device) (Attempt, error) {
	t := Attempt{account: a.ID, stored: a.password, login: subject(tx, "login", login), address: subject(tx, "address", network(from.Address))}
	if t.stored == "" {
		t.stored = decoy
	}
	if err := charge(tx, t.login, t.address); err != nil {
		return Attempt{}, err
	}
	var err error
	t.entry, err = note(tx, a.ID, ByPassword, from)
	return t, err
}

// Verify compares the password. It takes a while, at the same cost for every
// login, and belongs outside any transaction; it waits for its turn until ctx
// ends.
func (t Attempt) Verify(ctx context.Context, password string) (Proof, error) {
	password = normal(password)
	right, upToDate, err := matches(ctx, t.stored, password)
	if err != nil {
		return Proof{}, err
	}
	p := Proof{of: t, right: right && t.account != 0, how: ByPassword}
	if t.pin != 0 {
		p.how = ByPIN
		return p, nil
	}
	if p.right && !upToDate {
		p.renewed, err = encode(ctx, password)
	}
	return p, err
}

// SignIn opens a session for whoever proved who they are. Session.Needs tells
// what else they must do before it serves. A wrong login and a wrong password
// are the same errs.Unauthenticated. Whoever knows the password is told what
// else is in the way: a blocked account and a person without any role are
// errs.Denied.
func SignIn(tx *db.Tx, p Proof, on Device) (Token, Session, error) {
	a, err := p.holds(tx)
	if err != nil {
		return "", Session{}, err
	}
	if !a.Blocked.IsZero() {
		return "", Session{}, errs.New(errs.Denied, "account.error.blocked")
	}
	s := Session{How: p.how, Strong: p.strong, Proved: tx.Now}
	if p.how == ByPIN {
		s.Proved = time.Time{} // six digits are not enough for what is sensitive
		if s.Strong, err = spendPIN(tx, p.of.pin); err != nil {
			return "", Session{}, err
		}
	}
	if err := p.settle(tx, a); err != nil {
		return "", Session{}, err
	}
	return enter(tx, a, on, p.of.entry, s)
}

// settle does what follows a proof that was right: the tries held against it
// are forgotten, and the password's digest is kept at today's cost.
func (p Proof) settle(tx *db.Tx, a Account) error {
	if p.renewed != "" {
		if err := tx.Change(`UPDATE account SET password = $1 WHERE id = $2`, p.renewed, a.ID); err != nil {
			return err
		}
	}
	return acquit(tx, p.of.login, p.of.address)
}

// enter starts the session, a half one if a second factor must follow, and
// writes down that the try succeeded.
func enter(tx *db.Tx, a Account, on Device, entry EntryID, s Session) (Token, Session, error) {
	if !s.Strong {
		has, err := hasSecond(tx, a.Person)
		if err != nil {
			return "", Session{}, err
		}
		s.half = has
	}
	if err := succeed(tx, a, entry, s, on); err != nil {
		return "", Session{}, err
	}
	return start(tx, a, on, s)
}

// holds gives the account if what was shown was right and is still the same.
func (p Proof) holds(tx *db.Tx) (Account, error) {
	wrong := errs.New(errs.Unauthenticated, "account.error.sign_in")
	if p.how == ByPIN {
		wrong = errs.Field("pin", "account.error.pin")
	}
	if !p.right {
		return Account{}, wrong
	}
	a, found, err := db.Maybe(tx, scan, `SELECT `+columns+` FROM account WHERE id = $1`, p.of.account)
	if err != nil || !found {
		return Account{}, cmp.Or(err, wrong)
	}
	stored := a.password
	if p.how == ByPIN {
		if _, stored, err = pinOf(tx, p.of.pin); err != nil {
			return Account{}, err
		}
	}
	if stored != p.of.stored {
		return Account{}, wrong
	}
	return a, nil
}

// ProveAgain notes that the actor showed a password or a passkey once more in
// the session, so that it serves for what is sensitive, and gives its new token:
// the old one is void, whoever has it. A wrong password is
// errs.Invalid on the field "password"; a passkey of somebody else is
// errs.Unauthenticated.
func ProveAgain(tx *db.Tx, by access.Actor, s Session, p Proof) (Token, error) {
	a, err := p.holds(tx)
	if errs.Is(err, errs.Unauthenticated) && p.how == ByPassword {
		return "", errs.Field("password", "account.error.old_password")
	}
	if err == nil && (a.Person != by.Person || p.how == ByPIN) {
		err = errs.New(errs.Unauthenticated, "account.error.passkey")
	}
	if err != nil {
		return "", err
	}
	if err := p.settle(tx, a); err != nil {
		return "", err
	}
	if err := succeed(tx, a, p.of.entry, Session{How: p.how}, Device{}); err != nil {
		return "", err
	}
	token, err := newToken()
	if err != nil {
		return "", err
	}
	return token, tx.Change(`UPDATE account_session SET proved = $1, token_hash = $2 WHERE id = $3 AND account_id = $4`,
		tx.Now, digest(tx, string(token)), s.ID, a.ID)
}

// ChangePassword gives the actor a new password, against a proof from BeginOwn
// that they know the old one, and signs out every device but keep. A wrong old
// password is errs.Invalid on the field "old_password".
func ChangePassword(tx *db.Tx, by access.Actor, p Proof, chosen Password, keep SessionID) error {
	a, err := p.holds(tx)
	if errs.Is(err, errs.Unauthenticated) || err == nil && (a.Person != by.Person || a.Login != chosen.login) {
		return errs.Field("old_password", "account.error.old_password")
	}
	if err != nil {
		return err
	}
	if err := setPassword(tx, a, chosen); err != nil {
		return err
	}
	if err := acquit(tx, p.of.login, p.of.address); err != nil {
		return err
	}
	if err := EndOtherSessions(tx, by, keep); err != nil {
		return err
	}
	if err := succeed(tx, a, p.of.entry, Session{How: p.how}, Device{}); err != nil {
		return err
	}
	return changed(tx, by, a, journal.Change{Verb: "account.ChangePassword"}, "account.notice.password_changed")
}

// page is where people see their account and devices.
const page = "/account"

func setPassword(tx *db.Tx, a Account, chosen Password) error {
	return tx.Change(`UPDATE account SET password = $1, password_set = $2, version = version + 1 WHERE id = $3`,
		chosen.encoded, tx.Now, a.ID)
}

// Contact is how else the actor may be known when signing in.
type Contact struct {
	Phone, Email string
	Version      int64
}

// ChangeContact sets the actor's phone and e-mail; both may be empty. A number
// or an address that is malformed or another account's is errs.Invalid, a stale
// version errs.Conflict, whoever acts by a token errs.Denied: one signs in by
// these.
func ChangeContact(tx *db.Tx, by access.Actor, c Contact) error {
	if err := access.InPerson(by); err != nil {
		return err
	}
	before, err := own(tx, by)
	if err != nil {
		return err
	}
	after := before
	after.Phone, after.Email = plainPhone(text.Line(c.Phone)), plainEmail(c.Email)
	if err := checkContact(tx, after); err != nil {
		return err
	}
	err = tx.Change(`UPDATE account SET phone = $1, email = $2, version = version + 1 WHERE id = $3 AND version = $4`,
		nullable(after.Phone), nullable(after.Email), after.ID, c.Version)
	if err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: after.Unit, Verb: "account.ChangeContact", Noun: "account", ID: int64(after.ID), Before: before, After: after,
	})
}

const contactMost = 100

func checkContact(tx *db.Tx, a Account) error {
	var wrong errs.Fields
	wrong.Check(a.Phone == "" || phoneForm.MatchString(a.Phone), "phone", "account.error.phone")
	wrong.Check(a.Email == "" || emailForm.MatchString(a.Email) && len(a.Email) <= contactMost, "email", "account.error.email")
	if err := wrong.Err(); err != nil {
		return err
	}
	for field, value := range map[string]string{"phone": a.Phone, "email": a.Email} {
		if value == "" {
			continue
		}
		_, taken, err := db.Maybe(tx, db.Column[int64], `SELECT id FROM account WHERE `+field+` = $1 AND id <> $2`, value, a.ID)
		if err != nil {
			return err
		}
		wrong.Check(!taken, field, "account.error.contact_taken")
	}
	return wrong.Err()
}

func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
