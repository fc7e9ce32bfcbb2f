package account

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// SessionID names a session.
type SessionID = id.Of[Session]

// Session is a device on which somebody is signed in.
type Session struct {
	ID      SessionID
	Person  access.PersonID
	Login   string
	Device  string
	Address string
	Started time.Time
	Seen    time.Time
	// Expires is when the session ends, if it is not left unused before.
	Expires time.Time
	// Own says that nobody else uses the device.
	Own bool
	// How is what the person showed to begin it.
	How Way
	// Proved is when they last showed a password or a passkey; zero for never.
	Proved time.Time
	// Strong says that they showed a second factor.
	Strong bool
	// Needs is what they must do before anything else.
	Needs Need

	idle time.Duration
	half bool
}

// Way is how somebody showed who they are.
type Way string

const (
	ByPassword Way = "password"
	BySlip     Way = "slip"
	ByIdentity Way = "identity" // another system vouched
	ByPasskey  Way = "passkey"
	ByCode     Way = "code"     // of the authenticator, as a second step
	ByRecovery Way = "recovery" // a recovery code, as a second step
	ByPIN      Way = "pin"      // on a shared device
)

// Need is what a session lacks before it serves.
type Need string

const (
	Nothing Need = ""
	// SecondStep: the second factor is still to be shown.
	SecondStep Need = "second"
	// SetUp: the person's roles ask for a second factor, and there is none.
	SetUp Need = "set_up"
)

// Token is what a device keeps to show who it is; the database has its digest.
type Token string

// Device is where somebody signs in.
type Device struct {
	// Name is what the person recognises it by.
	Name    string
	Address string
	// Own says that nobody else uses it: the session then lasts from one monthly
	// meeting to the next.
	Own bool
}

const (
	ownIdle     = 40 * 24 * time.Hour
	ownLife     = 180 * 24 * time.Hour
	sharedIdle  = 2 * time.Hour
	sharedLife  = 12 * time.Hour
	deviceMost  = 100
	addressMost = 60
	// halfLife is the time for the second step.
	halfLife = 10 * time.Minute
	// touchAfter keeps requests from writing: the time when a session was last
	// seen is right to within five minutes, and to a quarter of a short idle time.
	touchAfter = 5 * time.Minute
	// sessionsMost bounds the devices of one account; the one that was not seen
	// for longest gives way.
	sessionsMost = 20
)

func (d Device) life() (idle, life time.Duration) {
	if d.Own {
		return ownIdle, ownLife
	}
	return sharedIdle, sharedLife
}

// open reports whether the session may still be used.
func (s Session) open(now time.Time) bool {
	return now.Before(s.Expires) && now.Before(s.Seen.Add(s.idle))
}

// Stale reports whether the time of the last use should be written by Touch.
func (s Session) Stale(now time.Time) bool { return now.Sub(s.Seen) >= min(touchAfter, s.idle/4) }

// start opens the session on the device. How it began is set already. A person
// without any role is errs.Denied: there is nothing for them to see.
func start(tx *db.Tx, a Account, on Device, s Session) (Token, Session, error) {
	by, err := access.Act(tx, a.Person)
	if err != nil {
		return "", Session{}, err
	}
	if len(by.Grants()) == 0 {
		return "", Session{}, errs.New(errs.Denied, "account.error.no_role")
	}
	token, err := newToken()
	if err != nil {
		return "", Session{}, err
	}
	s.ID, s.Person, s.Login, s.Own = id.New[Session](), a.Person, a.Login, on.Own
	s.Device, s.Address = shorten(on.Name, deviceMost), shorten(on.Address, addressMost)
	s.Started, s.Seen = tx.Now, tx.Now
	if err := s.last(tx, on); err != nil {
		return "", Session{}, err
	}
	if err := s.weigh(tx, by.Grants()); err != nil {
		return "", Session{}, err
	}
	_, err = tx.Exec(`INSERT INTO account_session (id, account_id, token_hash, device, address, started, seen, idle, expires, own, strong, half, proved, how)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		s.ID, a.ID, digest(tx, string(token)), s.Device, s.Address, s.Started, s.Seen, s.idle, s.Expires, s.Own, s.Strong, s.half, s.Proved, s.How)
	if err != nil {
		return "", Session{}, err
	}
	_, err = tx.Exec(`DELETE FROM account_session WHERE account_id = $1 AND id NOT IN
		(SELECT id FROM account_session WHERE account_id = $1 ORDER BY seen DESC, id DESC LIMIT $2)`, a.ID, sessionsMost)
	return token, s, err
}

// last sets how long the session lasts.
func (s *Session) last(tx *db.Tx, on Device) (err error) {
	idle, life := on.life()
	switch {
	case s.half:
		idle, life = halfLife, halfLife
	case s.How == ByPIN:
		idle, err = ruledMinutes(tx, "signin.pinIdle")
	}
	s.idle, s.Expires = idle, tx.Now.Add(life)
	return err
}

// weigh sets what the session needs before it serves.
func (s *Session) weigh(tx *db.Tx, held []access.Grant) error {
	s.Needs = Nothing
	if s.Strong {
		return nil
	}
	if s.half {
		s.Needs = SecondStep
		return nil
	}
	asked, err := mustHaveSecond(tx, held)
	if err != nil || !asked {
		return err
	}
	has, err := hasSecond(tx, s.Person)
	if s.Needs = SetUp; has {
		s.Needs = SecondStep
	}
	return err
}

// newToken is 256 bits that nobody can guess.
func newToken() (Token, error) {
	raw := make([]byte, 32)
	_, err := rand.Read(raw)
	return Token(base64.RawURLEncoding.EncodeToString(raw)), err
}

func shorten(s string, most int) string {
	letters := []rune(text.Line(s))
	return string(letters[:min(len(letters), most)])
}

// Resume is who shows the token, with the roles of today. It does not write.
// A token that is unknown, ended, expired or left unused, a session that needs
// something before it serves, a blocked account, a person without any role
// left: errs.Unauthenticated.
func Resume(tx *db.Tx, token Token) (access.Actor, Session, error) {
	by, s, err := Entering(tx, token)
	if err == nil && s.Needs != Nothing {
		err = errs.New(errs.Unauthenticated, "errs.unauthenticated")
	}
	if err != nil {
		return access.Actor{}, Session{}, err
	}
	return by, s, nil
}

// Entering is Resume also for a session that still needs something: for the
// pages where that is done, and for no other.
func Entering(tx *db.Tx, token Token) (access.Actor, Session, error) {
	var s Session
	read := s.fields()
	grants, err := db.All(tx, func(row db.Row) (g access.Grant, err error) {
		err = row.Scan(append(read, g.Fields()...)...)
		read = skipSession
		return g, err
	}, sessionWithGrants, digest(tx, string(token)), clock.DateOf(tx.Now))
	if err == nil && !s.open(tx.Now) { // nor is the zero one
		err = errs.New(errs.Unauthenticated, "errs.unauthenticated")
	}
	if err == nil {
		err = s.weigh(tx, grants)
	}
	if err != nil {
		return access.Actor{}, Session{}, err
	}
	return access.Acting(s.Person, grants), s, nil
}

// sessionWithGrants is asked with every request.
var sessionWithGrants = `SELECT ` + sessionColumns + `, ` + access.GrantColumns + `
	FROM account_session s JOIN account a ON a.id = s.account_id ` + access.JoinGrants("a.person_id") + `
	WHERE s.token_hash = $1 AND a.blocked IS NULL AND ` + access.HeldOn("$2") + ` ORDER BY g.id`

// Touch notes that the actor's session was used, and from where. Call it where
// Session.Stale says so. A session that ended meanwhile stays ended.
func Touch(tx *db.Tx, by access.Actor, session SessionID, address string) error {
	_, err := tx.Exec(`UPDATE account_session SET seen = $1, address = $2 WHERE id = $3
		AND account_id IN (SELECT id FROM account WHERE person_id = $4)`, tx.Now, shorten(address, addressMost), session, int64(by.Person))
	return err
}

// Sessions are the actor's devices, the one seen last first.
func Sessions(tx *db.Tx, by access.Actor) ([]Session, error) {
	list, err := db.All(tx, scanSession, `SELECT `+sessionColumns+` FROM account_session s JOIN account a ON a.id = s.account_id
		WHERE a.person_id = $1 AND NOT s.half ORDER BY s.seen DESC, s.id DESC`, int64(by.Person))
	open := list[:0]
	for _, s := range list {
		if s.open(tx.Now) {
			open = append(open, s)
		}
	}
	return open, err
}

// EndSession signs one of the actor's devices out, the present one or another;
// somebody else's is errs.NotFound.
func EndSession(tx *db.Tx, by access.Actor, session SessionID) error {
	n, err := tx.Exec(`DELETE FROM account_session WHERE id = $1 AND account_id IN (SELECT id FROM account WHERE person_id = $2)`,
		session, int64(by.Person))
	if err == nil && n == 0 {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return err
}

// EndToken ends the session of a token, if there is one: whoever signs in anew
// leaves none behind on the device.
func EndToken(tx *db.Tx, token Token) error {
	_, err := tx.Exec(`DELETE FROM account_session WHERE token_hash = $1`, digest(tx, string(token)))
	return err
}

// EndOtherSessions signs the actor's other devices out, and voids the PINs with
// which they could come back there.
func EndOtherSessions(tx *db.Tx, by access.Actor, keep SessionID) error {
	for _, statement := range []string{
		`DELETE FROM account_session WHERE id <> $1 AND account_id IN (SELECT id FROM account WHERE person_id = $2)`,
		`DELETE FROM account_pin WHERE id <> $1 AND account_id IN (SELECT id FROM account WHERE person_id = $2)`,
	} {
		if _, err := tx.Exec(statement, int64(keep), int64(by.Person)); err != nil {
			return err
		}
	}
	return nil
}

// EndSessions signs the actor out everywhere, here too.
func EndSessions(tx *db.Tx, by access.Actor) error { return EndOtherSessions(tx, by, 0) }

func endSessions(tx *db.Tx, a Account) error {
	return EndSessions(tx, access.Actor{Person: a.Person})
}

// Sweep removes what is over: sessions, slips, PINs, challenges, and tries that
// count or are shown no longer; a scheduled job calls it.
func Sweep(tx *db.Tx) error {
	for _, statement := range []string{
		`DELETE FROM account_session WHERE expires <= $1 OR seen + idle <= $1`,
		`DELETE FROM account_slip WHERE expires <= $1`,
		`DELETE FROM account_pin WHERE expires <= $1`,
		`DELETE FROM account_challenge WHERE expires <= $1`,
	} {
		if _, err := tx.Exec(statement, tx.Now); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(`DELETE FROM account_attempt WHERE last <= $1`, tx.Now.Add(-perLogin.forget)); err != nil {
		return err
	}
	return sweepEntries(tx)
}

const sessionColumns = `s.id, a.person_id, a.login, s.device, s.address, s.started, s.seen, s.expires, s.idle, s.own, s.strong, s.half, s.proved, s.how`

func (s *Session) fields() []any {
	return []any{
		&s.ID, &s.Person, &s.Login, &s.Device, &s.Address, db.Instant(&s.Started), db.Instant(&s.Seen), db.Instant(&s.Expires), db.Duration(&s.idle),
		&s.Own, &s.Strong, &s.half, db.Instant(&s.Proved), &s.How,
	}
}

// skipSession passes over what each row of a session's grants repeats.
var skipSession = slices.Repeat([]any{db.Skip}, len(new(Session).fields()))

func scanSession(row db.Row) (s Session, err error) { return s, row.Scan(s.fields()...) }
