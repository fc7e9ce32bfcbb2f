package account

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// PasskeyID names a passkey.
type PasskeyID = id.Of[Passkey]

// Passkey is a key that a device keeps and opens for its owner's finger, face
// or PIN. It stands for a password and a second factor at once.
type Passkey struct {
	ID    PasskeyID `json:"-"`
	Name  string    `json:"name"`
	Added time.Time `json:"-"`
	Used  time.Time `json:"-"` // zero for never
}

// Site is where browsers see us; passkeys are bound to its domain.
type Site struct {
	// Domain is the host name alone, Origin the scheme, host and port.
	Domain, Origin string
}

// Challenge is what a browser asks a device to sign. Options is for the
// browser, in the form of JSON that WebAuthn defines; Sealed comes back with
// the answer.
type Challenge struct{ Options, Sealed string }

// Signed is the answer.
type Signed struct{ Sealed, Credential string }

const (
	challengeFor = 10 * time.Minute
	passkeysMost = 10
	nameMost     = 60

	challengeToEnter = "challenge to enter"
)

func (s Site) party() (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{RPID: s.Domain, RPDisplayName: program, RPOrigins: []string{s.Origin}})
}

// ChallengeToEnter is for whoever wants to sign in, to take the second step, or
// to prove once more who they are: the device says who it is.
func ChallengeToEnter(tx *db.Tx, at Site) (Challenge, error) {
	party, err := at.party()
	if err != nil {
		return Challenge{}, err
	}
	options, session, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return Challenge{}, err
	}
	return challenge(tx, challengeToEnter, options.Response, session)
}

// ChallengeToAdd is for an actor who wants one more passkey.
func ChallengeToAdd(tx *db.Tx, by access.Actor, at Site) (Challenge, error) {
	a, err := own(tx, by)
	if err != nil {
		return Challenge{}, err
	}
	party, err := at.party()
	if err != nil {
		return Challenge{}, err
	}
	holder, err := holderOf(tx, a)
	if err != nil {
		return Challenge{}, err
	}
	options, session, err := party.BeginRegistration(holder,
		webauthn.WithExclusions(webauthn.Credentials(holder.credentials).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		}))
	if err != nil {
		return Challenge{}, err
	}
	return challenge(tx, a.challenge(), options.Response, session)
}

func challenge(tx *db.Tx, label string, options any, session *webauthn.SessionData) (Challenge, error) {
	forBrowser, err := json.Marshal(options)
	if err != nil {
		return Challenge{}, err
	}
	sealed, err := sealLetter(tx, label, session, challengeFor)
	return Challenge{string(forBrowser), sealed}, err
}

// answered opens the challenge and takes care that it is not answered again, nor
// on a page of another domain.
func (s Site) answered(tx *db.Tx, label, sealed string) (webauthn.SessionData, error) {
	l, err := openLetter[webauthn.SessionData](tx, label, sealed)
	if err == nil && l.Content.RelyingPartyID != s.Domain {
		err = errs.New(errs.Invalid, "account.error.too_late")
	}
	if err != nil {
		return l.Content, err
	}
	n, err := tx.Exec(`INSERT INTO account_challenge (challenge, expires) VALUES ($1, $2) ON CONFLICT (challenge) DO NOTHING`,
		l.Content.Challenge, l.Until)
	if err == nil && n == 0 {
		err = errs.New(errs.Invalid, "account.error.too_late")
	}
	return l.Content, err
}

// AddPasskey keeps a new passkey of the actor under a name. The session must be
// fresh, else errs.Denied; it has a second factor from now on. An answer that
// does not fit is errs.Invalid.
func AddPasskey(tx *db.Tx, by access.Actor, s Session, at Site, name string, answer Signed) error {
	a, err := provenOwn(tx, by, s)
	if err != nil {
		return err
	}
	name = text.Line(name)
	if err := checkName(name); err != nil {
		return err
	}
	holder, err := holderOf(tx, a)
	if err != nil {
		return err
	}
	if len(holder.credentials) >= passkeysMost {
		return errs.New(errs.Conflict, "account.error.too_many", passkeysMost)
	}
	credential, err := created(tx, a, holder, at, answer)
	if err != nil {
		return err
	}
	stored, err := json.Marshal(credential)
	if err != nil {
		return fmt.Errorf("store a passkey: %w", err)
	}
	n, err := tx.Exec(`INSERT INTO account_passkey (id, account_id, credential_id, credential, name, added) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (credential_id) DO NOTHING`,
		id.New[Passkey](), a.ID, credentialID(credential.ID), string(stored), name, tx.Now)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "account.error.passkey_known")
	}
	return added(tx, by, a, s, "account.AddPasskey", "account.notice.passkey_added")
}

func checkName(name string) error {
	var wrong errs.Fields
	wrong.Check(name != "", "name", "errs.required")
	wrong.Check(len([]rune(name)) <= nameMost, "name", "errs.too_long", nameMost)
	return wrong.Err()
}

func created(tx *db.Tx, a Account, holder holder, at Site, answer Signed) (*webauthn.Credential, error) {
	session, err := at.answered(tx, a.challenge(), answer.Sealed)
	if err != nil {
		return nil, err
	}
	party, err := at.party()
	if err != nil {
		return nil, err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes([]byte(answer.Credential))
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "account.error.passkey_not_added")
	}
	credential, err := party.CreateCredential(holder, session, parsed)
	if err != nil {
		return nil, errs.Wrap(err, errs.Invalid, "account.error.passkey_not_added")
	}
	return credential, nil
}

// RenamePasskey calls a passkey of the actor something else; somebody else's is
// errs.NotFound.
func RenamePasskey(tx *db.Tx, by access.Actor, which PasskeyID, name string) error {
	a, before, err := passkeyOf(tx, by, which)
	if err != nil {
		return err
	}
	after := before
	after.Name = text.Line(name)
	if err := checkName(after.Name); err != nil {
		return err
	}
	if err := tx.Change(`UPDATE account_passkey SET name = $1 WHERE id = $2`, after.Name, which); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: a.Unit, Verb: "account.RenamePasskey", Noun: "account", ID: int64(a.ID), Before: before, After: after,
	})
}

// RemovePasskey ends a passkey of the actor; somebody else's is errs.NotFound.
// The session must be fresh, else errs.Denied; the last second factor of a
// person whose roles ask for one is errs.Conflict.
func RemovePasskey(tx *db.Tx, by access.Actor, s Session, which PasskeyID) error {
	if _, err := provenOwn(tx, by, s); err != nil {
		return err
	}
	a, gone, err := passkeyOf(tx, by, which)
	if err != nil {
		return err
	}
	if err := tx.Change(`DELETE FROM account_passkey WHERE id = $1`, which); err != nil {
		return err
	}
	return removed(tx, by, a, s, journal.Change{Verb: "account.RemovePasskey", Before: gone}, "account.notice.passkey_removed")
}

func passkeyOf(tx *db.Tx, by access.Actor, which PasskeyID) (a Account, p Passkey, err error) {
	if a, err = own(tx, by); err != nil {
		return a, p, err
	}
	p, err = db.One(tx, scanPasskey, `SELECT `+passkeyColumns+` FROM account_passkey WHERE id = $1 AND account_id = $2`, which, a.ID)
	return a, p, err
}

// BeginPasskey counts a try to sign in with a passkey: against the address
// alone, since nobody has said yet who they are.
func BeginPasskey(tx *db.Tx, from Device) (Attempt, error) {
	t := Attempt{address: subject(tx, "address", network(from.Address))}
	if err := chargeAddress(tx, t.address); err != nil {
		return Attempt{}, err
	}
	var err error
	t.entry, err = note(tx, 0, ByPasskey, from)
	return t, err
}

// VerifyPasskey is the proof of whoever's device signed the challenge, for
// SignIn, FinishSecond and ProveAgain. An answer that does not fit, of whatever
// reason, is errs.Unauthenticated.
func (t Attempt) VerifyPasskey(tx *db.Tx, at Site, answer Signed) (Proof, error) {
	session, err := at.answered(tx, challengeToEnter, answer.Sealed)
	if err != nil {
		return Proof{}, err
	}
	party, err := at.party()
	if err != nil {
		return Proof{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes([]byte(answer.Credential))
	if err != nil {
		return Proof{}, errs.Wrap(err, errs.Unauthenticated, "account.error.passkey")
	}
	a, holder, err := signer(tx, parsed.RawID)
	if err != nil {
		return Proof{}, err
	}
	find := func(_, _ []byte) (webauthn.User, error) { return holder, nil }
	_, credential, err := party.ValidatePasskeyLogin(find, session, parsed)
	if err != nil {
		return Proof{}, errs.Wrap(err, errs.Unauthenticated, "account.error.passkey")
	}
	if credential.Authenticator.CloneWarning {
		return Proof{}, errs.New(errs.Unauthenticated, "account.error.passkey_copied")
	}
	t.account, t.stored = a.ID, a.password
	return Proof{of: t, right: true, how: ByPasskey, strong: true}, use(tx, credential)
}

// signer is whose passkey has signed.
func signer(tx *db.Tx, credential []byte) (Account, holder, error) {
	a, found, err := db.Maybe(tx, scan, `SELECT `+columns+` FROM account WHERE id = (SELECT account_id FROM account_passkey WHERE credential_id = $1)`,
		credentialID(credential))
	if err == nil && !found {
		err = errs.New(errs.Unauthenticated, "account.error.passkey")
	}
	if err != nil {
		return a, holder{}, err
	}
	h, err := holderOf(tx, a)
	return a, h, err
}

// use keeps the counter of signatures, by which a copied key would be noticed.
func use(tx *db.Tx, credential *webauthn.Credential) error {
	stored, err := json.Marshal(credential)
	if err != nil {
		return fmt.Errorf("store a passkey: %w", err)
	}
	return tx.Change(`UPDATE account_passkey SET credential = $1, used = $2 WHERE credential_id = $3`, string(stored), tx.Now, credentialID(credential.ID))
}

// holder is an account as the library wants it.
type holder struct {
	account     Account
	credentials []webauthn.Credential
}

func holderOf(tx *db.Tx, a Account) (holder, error) {
	list, err := db.All(tx, func(row db.Row) (c webauthn.Credential, err error) {
		var stored string
		if err := row.Scan(&stored); err != nil {
			return c, err
		}
		return c, json.Unmarshal([]byte(stored), &c)
	}, `SELECT credential FROM account_passkey WHERE account_id = $1 ORDER BY id`, a.ID)
	return holder{a, list}, err
}

// WebAuthnID says nothing about the person, as the standard asks.
func (h holder) WebAuthnID() []byte                         { return []byte(h.account.ID.String()) }
func (h holder) WebAuthnName() string                       { return h.account.Login }
func (h holder) WebAuthnDisplayName() string                { return h.account.Login }
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.credentials }

func (a Account) challenge() string { return "challenge to add a passkey of " + a.ID.String() }

func credentialID(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }

const passkeyColumns = `id, name, added, used`

func scanPasskey(row db.Row) (p Passkey, err error) {
	return p, row.Scan(&p.ID, &p.Name, db.Instant(&p.Added), db.Instant(&p.Used))
}
