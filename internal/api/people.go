package api

import (
	"maps"
	"slices"
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/token"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// accountOperations are who may sign in, tokens, notices, and the journal.
// Signing in itself, with its factors, is the browser's: a program has a token,
// and what a lost token could be outlived by is done in person.
func accountOperations() []operation {
	personal := anyone().inPerson()
	return []operation{
		read("GET /me", "account.Find", anyone(), func(c call, _ *struct{}) (Me, error) {
			a, err := account.Find(c.tx, c.by, c.by.Person)
			if errs.Is(err, errs.NotFound) { // a token made at the console, before anybody signed in
				a, err = account.Account{Person: c.by.Person}, nil
			}
			return as(c.me)(a, err)
		}),
		read("GET /units/{unit}/accounts", "account.In", may(access.Invite, "unit"), func(c call, in *OfUnit) (list[Account], error) {
			return as(newAccounts)(account.In(c.tx, c.by, in.Unit.ID))
		}),
		create("POST /members/{person}/invitation", "account.Invite", may(access.Invite, "person"), func(c call, in *OfPerson) (Slip, error) {
			return as(func(s account.Slip) Slip { return Slip(s) })(account.Invite(c.tx, c.by, in.Person.ID))
		}),
		write("POST /members/{person}/block", "account.Block", may(access.Invite, "person"), func(c call, in *OfPerson) (nothing, error) {
			return done(account.Block(c.tx, c.by, in.Person.ID))
		}),
		write("POST /members/{person}/unblock", "account.Unblock", may(access.Invite, "person"), func(c call, in *OfPerson) (nothing, error) {
			return done(account.Unblock(c.tx, c.by, in.Person.ID))
		}),
		read("GET /me/sessions", "account.Sessions", anyone(), func(c call, _ *struct{}) (list[Session], error) {
			return each(newSession)(account.Sessions(c.tx, c.by))
		}),

		write("DELETE /me/sessions/{session}", "account.EndSession", personal, func(c call, in *struct {
			Session pathID[account.Session] `path:"session"`
		},
		) (nothing, error) {
			return done(account.EndSession(c.tx, c.by, in.Session.ID))
		}),
		write("DELETE /me/sessions", "account.EndSessions", personal, func(c call, _ *struct{}) (nothing, error) {
			return done(account.EndSessions(c.tx, c.by))
		}),
		write("POST /me/sessions/end-others", "account.EndOtherSessions", personal, func(c call, _ *struct{}) (nothing, error) {
			return done(account.EndOtherSessions(c.tx, c.by, c.session.ID))
		}),
		read("GET /me/entries", "account.Entries", anyone(), func(c call, in *struct {
			Limit int `query:"limit" minimum:"1" maximum:"200" default:"50"`
		},
		) (list[SignIn], error) {
			return each(newSignIn)(account.Entries(c.tx, c.by, in.Limit))
		}),
		read("GET /me/factors", "account.FactorsOf", anyone(), func(c call, _ *struct{}) (Factors, error) {
			return as(newFactors)(account.FactorsOf(c.tx, c.by))
		}),
		write("PUT /me/passkeys/{passkey}", "account.RenamePasskey", personal, func(c call, in *struct {
			Passkey pathID[account.Passkey] `path:"passkey"`
			Body    NameOf
		},
		) (nothing, error) {
			return done(account.RenamePasskey(c.tx, c.by, in.Passkey.ID, in.Body.Name))
		}),
		read("GET /me/identities", "account.Identities", anyone(), func(c call, _ *struct{}) (list[Identity], error) {
			return each(newIdentity)(account.Identities(c.tx, c.by))
		}),
		change("PUT /me/contact", "account.ChangeContact", personal, func(c call, in *struct{ Body Contact }) (nothing, error) {
			return done(account.ChangeContact(c.tx, c.by, account.Contact{Phone: in.Body.Phone, Email: in.Body.Email, Version: c.version}))
		}),
		create("POST /members/{person}/renewal", "account.ResetInPerson", may(access.Invite, "person").inPerson(), func(c call, in *struct {
			OfPerson
			Body Renewal
		},
		) (Slip, error) {
			return as(func(s account.Slip) Slip { return Slip(s) })(account.ResetInPerson(c.tx, c.by, in.Person.ID, account.Renewal(in.Body)))
		}),

		create("POST /me/tokens", "token.Create", personal, func(c call, in *struct{ Body NewToken }) (CreatedToken, error) {
			n := in.Body
			secret, t, err := token.Create(c.tx, c.by, token.New{Owner: c.by.Person, Name: n.Name, Writes: n.Writes, Unit: n.Unit, Days: n.Days})
			return CreatedToken{newToken(t), string(secret)}, err
		}),
		read("GET /me/tokens/longest", "token.Longest", anyone(), func(c call, _ *struct{}) (LongestLife, error) {
			return as(func(days int) LongestLife { return LongestLife{days} })(token.Longest(c.tx, c.by))
		}),
		read("GET /me/tokens", "token.Mine", anyone(), func(c call, _ *struct{}) (list[Token], error) {
			return each(newToken)(token.Mine(c.tx, c.by))
		}),
		read("GET /members/{person}/tokens", "token.Of", may(access.Invite, "person"), func(c call, in *OfPerson) (list[Token], error) {
			return each(newToken)(token.Of(c.tx, c.by, in.Person.ID))
		}),
		write("DELETE /tokens/{token}", "token.Revoke", may(access.Invite, "token").orOwn("its owner").inPerson(), func(c call, in *struct {
			Token pathID[token.Token] `path:"token"`
		},
		) (nothing, error) {
			return done(token.Revoke(c.tx, c.by, in.Token.ID))
		}),

		read("GET /me/notices", "notice.Inbox", anyone(), listNotices(notice.Inbox)),
		read("GET /me/notices/opened", "notice.Opened", anyone(), listNotices(notice.Opened)),
		read("GET /me/notices/waiting", "notice.Waiting", anyone(), listNotices(notice.Waiting)),
		read("GET /me/notices/unread", "notice.Unread", anyone(), func(c call, _ *struct{}) (Unread, error) {
			return as(func(n int) Unread { return Unread{n} })(notice.Unread(c.tx, c.by))
		}),
		read("GET /me/notices/{notice}", "notice.Find", anyone(), func(c call, in *OfNotice) (Notice, error) {
			return as(c.notice)(notice.Find(c.tx, c.by, in.Notice.ID))
		}),
		write("POST /me/notices/{notice}/seen", "notice.Seen", anyone(), func(c call, in *OfNotice) (nothing, error) {
			return done(notice.Seen(c.tx, c.by, in.Notice.ID))
		}),
		write("POST /me/notices/seen", "notice.SeenAll", anyone(), func(c call, in *struct{ Body Newest }) (nothing, error) {
			return done(notice.SeenAll(c.tx, c.by, in.Body.Newest))
		}),

		read("GET /journal", "journal.Since", within(access.JournalRead), listJournal),
	}
}

// Me is whoever calls.
type Me struct {
	Account
	Roles []Role `json:"roles" nullable:"false"`
}

// Role is a role that the caller has.
type Role struct {
	Role access.Role `json:"role"`
	Unit orgtree.ID  `json:"unit"`
}

func (c call) me(a account.Account) Me {
	return Me{newAccount(a), all(func(g access.Grant) Role { return Role{g.Role, g.Unit} }, c.by.Grants())}
}

// Account is that somebody may sign in.
type Account struct {
	Person  access.PersonID `json:"person"`
	Login   string          `json:"login"`
	Phone   string          `json:"phone,omitempty"`
	Email   string          `json:"email,omitempty"`
	Since   time.Time       `json:"since,omitzero" doc:"Absent until an invitation is accepted."`
	Blocked time.Time       `json:"blocked,omitzero"`
	Version int64           `json:"version,omitzero"`
}

func newAccount(a account.Account) Account {
	return Account{a.Person, a.Login, a.Phone, a.Email, a.Since, a.Blocked, a.Version}
}

func newAccounts(of map[access.PersonID]account.Account) list[Account] {
	people := slices.Sorted(maps.Keys(of))
	return list[Account]{Items: all(func(p access.PersonID) Account { return newAccount(of[p]) }, people)}
}

// Slip lets a person sign in for the first time. Whoever has it can: it is shown
// once.
type Slip struct {
	Person  access.PersonID `json:"person"`
	Login   string          `json:"login"`
	Code    string          `json:"code"`
	Expires time.Time       `json:"expires"`
}

// Session is a device that is signed in.
type Session struct {
	ID      account.SessionID `json:"id"`
	Device  string            `json:"device"`
	Address string            `json:"address"`
	Started time.Time         `json:"started"`
	Seen    time.Time         `json:"seen"`
	Expires time.Time         `json:"expires"`
}

func newSession(s account.Session) Session {
	return Session{s.ID, s.Device, s.Address, s.Started, s.Seen, s.Expires}
}

// SignIn is a try to sign in.
type SignIn struct {
	ID      account.EntryID `json:"id"`
	How     account.Way     `json:"how"`
	Outcome account.Outcome `json:"outcome"`
	Device  string          `json:"device"`
	Address string          `json:"address"`
	At      time.Time       `json:"at"`
}

func newSignIn(e account.Entry) SignIn { return SignIn(e) }

// Factors are what the caller shows beside a password, or instead of one.
type Factors struct {
	Authenticator time.Time `json:"authenticator,omitzero" doc:"Since when there is one."`
	Passkeys      []Passkey `json:"passkeys" nullable:"false"`
	RecoveryLeft  int       `json:"recovery_left"`
	RecoveryMade  time.Time `json:"recovery_made,omitzero"`
	Asked         bool      `json:"asked" doc:"The caller's roles ask for a second factor."`
}

func newFactors(f account.Factors) Factors {
	return Factors{f.Authenticator, all(func(p account.Passkey) Passkey { return Passkey(p) }, f.Passkeys), f.RecoveryLeft, f.RecoveryMade, f.Asked}
}

// Passkey is a device that signs in by itself.
type Passkey struct {
	ID    account.PasskeyID `json:"id"`
	Name  string            `json:"name"`
	Added time.Time         `json:"added"`
	Used  time.Time         `json:"used,omitzero"`
}

// NameOf is how something is called.
type NameOf struct {
	Name string `json:"name"`
}

// Identity is the caller in another system by which they sign in.
type Identity struct {
	ID     account.IdentityID `json:"id"`
	Issuer string             `json:"issuer"`
	Name   string             `json:"name"`
	Linked time.Time          `json:"linked"`
}

func newIdentity(i account.Identity) Identity { return Identity{i.ID, i.Issuer, i.Name, i.Linked} }

// Contact is what the caller may sign in with beside their login.
type Contact struct {
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Renewal is what was seen face to face of somebody who lost what they sign in
// with.
type Renewal struct {
	Card    string `json:"card,omitempty" doc:"The last digits of the member card."`
	Seen    bool   `json:"seen,omitzero" doc:"A paper with a picture was seen, where the register has no card."`
	Factors bool   `json:"factors,omitzero" doc:"The second factor is lost too."`
}

// NewToken is an access token to be made.
type NewToken struct {
	Name   string     `json:"name"`
	Writes bool       `json:"writes,omitzero"`
	Unit   orgtree.ID `json:"unit,omitzero" doc:"Where and below which it holds; absent for wherever its owner may."`
	Days   int        `json:"days"`
}

// CreatedToken is a new token with its secret, which is shown once.
type CreatedToken struct {
	Token
	Secret string `json:"secret"`
}

// LongestLife is for how many days a token may be made.
type LongestLife struct {
	Days int `json:"days"`
}

// Token is what is known of an access token once it was shown.
type Token struct {
	ID      token.ID   `json:"id"`
	Name    string     `json:"name"`
	Prefix  string     `json:"prefix"`
	Writes  bool       `json:"writes"`
	Unit    orgtree.ID `json:"unit,omitzero"`
	Made    time.Time  `json:"made"`
	Expires time.Time  `json:"expires"`
	Used    time.Time  `json:"used,omitzero"`
}

func newToken(t token.Token) Token {
	return Token{t.ID, t.Name, t.Prefix, t.Writes, t.Unit, t.Made, t.Expires, t.Used}
}

// OfNotice names the notice in the address.
type OfNotice struct {
	Notice pathID[notice.Received] `path:"notice"`
}

// Notice is a message in the caller's inbox.
type Notice struct {
	ID   notice.ID       `json:"id"`
	Unit orgtree.ID      `json:"unit"`
	Key  string          `json:"key"`
	Text string          `json:"text"`
	Link string          `json:"link,omitempty"`
	By   access.PersonID `json:"by,omitzero"`
	Sent time.Time       `json:"sent"`
	Seen time.Time       `json:"seen,omitzero"`
}

func (c call) notice(n notice.Received) Notice {
	var args []any
	for _, name := range slices.Sorted(maps.Keys(n.Args)) {
		args = append(args, name, n.Args[name])
	}
	return Notice{n.ID, n.Unit, n.Key, c.t(n.Key, args...), n.Link, n.By, n.Sent, n.Seen}
}

// Unread is how many notices wait.
type Unread struct {
	Unread int `json:"unread"`
}

// Newest is the newest notice that was on the screen.
type Newest struct {
	Newest notice.ID `json:"newest"`
}

func listNotices(verb func(*db.Tx, access.Actor, notice.ID, int) ([]notice.Received, error)) func(call, *Paging) (list[Notice], error) {
	return func(c call, in *Paging) (list[Notice], error) {
		last, err := cursor[notice.ID](in.After)
		if err != nil {
			return list[Notice]{}, err
		}
		return page(*in, c.notice, func(n notice.Received) any { return n.ID })(verb(c.tx, c.by, last, in.more()))
	}
}

// Change is an entry of the journal as other programs follow it.
type Change struct {
	Position int64           `json:"position"`
	ID       journal.EntryID `json:"id"`
	At       time.Time       `json:"at"`
	By       access.PersonID `json:"by,omitzero"`
	Unit     orgtree.ID      `json:"unit"`
	Verb     string          `json:"verb"`
	Noun     string          `json:"noun"`
	Record   recordID        `json:"record"`
	Digest   string          `json:"digest"`
}

func newChange(e journal.Entry) Change {
	return Change{e.Position, e.ID, e.At, e.By, e.Unit, e.Verb, e.Noun, recordID(e.NounID), e.Digest}
}

// listJournal follows the journal from its beginning, or from a position: an
// entry gets one soon after it was written.
func listJournal(c call, in *struct {
	Paging
	Since int64 `query:"since" default:"-1" doc:"The position after which to begin."`
},
) (list[Change], error) {
	last, err := cursor[*int64](in.After)
	if err != nil {
		return list[Change]{}, err
	}
	if last == nil {
		last = &in.Since
	}
	return page(in.Paging, newChange, func(e journal.Entry) any { return e.Position })(journal.Since(c.tx, c.by, *last, in.more()))
}
