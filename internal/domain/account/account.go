// Package account lets persons sign in: invitations, passwords, sessions.
//
// It knows who somebody is, not what they may do: that is kernel/access, which
// is asked anew with every request. Passwords and tokens are held as digests,
// and neither is ever journalled.
//
// To prove who one is takes three steps, because the database has one writer
// and the digest of a password takes fifty milliseconds on purpose. Begin, in a
// transaction, counts the try and finds what to compare with; Attempt.Verify
// compares, outside; SignIn or ChangePassword, in a second transaction, acts on
// the Proof. The try is counted before the comparison, so that a thousand tries
// sent at once are limited like a thousand sent in turn. A second factor, or
// a sign-in that another system vouches for, gives a Proof in place of Verify.
package account

import (
	"regexp"
	"strings"
	"time"
	"unicode"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// ID names an account.
type ID = id.Of[Account]

// Account is how a person signs in.
type Account struct {
	ID     ID              `json:"-"`
	Person access.PersonID `json:"person"`
	// Unit is where the person was last invited.
	Unit  orgtree.ID `json:"-"`
	Login string     `json:"login"`
	// Phone and Email, where the person gave them, serve as logins too.
	Phone   string    `json:"phone,omitempty"`
	Email   string    `json:"email,omitempty"`
	Since   time.Time `json:"since,omitzero"`   // zero until an invitation is accepted
	Blocked time.Time `json:"blocked,omitzero"` // zero while not blocked
	Version int64     `json:"-"`

	password string
}

// Active reports whether the person can sign in.
func (a Account) Active() bool { return !a.Since.IsZero() && a.Blocked.IsZero() }

// baseLogin is the login of a name: the given name and the first letters of the
// others, as people write it (Nguyễn Văn Đức, ducnv).
func baseLogin(name string) string {
	words := strings.Fields(text.Fold(name))
	if len(words) == 0 {
		return loginOfNobody
	}
	var b strings.Builder
	b.WriteString(words[len(words)-1])
	for _, word := range words[:len(words)-1] {
		b.WriteString(string([]rune(word)[:1]))
	}
	login := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, b.String())
	if login == "" || login[0] <= '9' {
		return loginOfNobody
	}
	return login[:min(len(login), 20)]
}

// loginOfNobody begins the login of a name without Latin letters.
const loginOfNobody = "dangvien"

var (
	phoneForm = regexp.MustCompile(`^0[0-9]{8,10}$`)
	emailForm = regexp.MustCompile(`^[^@\s]+@[^@\s]+\.[^@\s]+$`)
)

// plainPhone is a phone number as it is stored: 0912345678.
func plainPhone(typed string) string {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '.' || r == '-' || r == '(' || r == ')' {
			return -1
		}
		return r
	}, typed)
	if abroad, ok := strings.CutPrefix(digits, "+84"); ok {
		return "0" + strings.TrimPrefix(abroad, "0")
	}
	return digits
}

func plainEmail(typed string) string { return strings.ToLower(text.Line(typed)) }

// plainLogin is what was typed as login, and the column where it is found: the
// three kinds of logins differ in form.
func plainLogin(typed string) (column, login string) {
	switch phone := plainPhone(typed); {
	case strings.Contains(typed, "@"):
		return "email", plainEmail(typed)
	case phoneForm.MatchString(phone):
		return "phone", phone
	default:
		return "login", strings.ReplaceAll(text.Fold(typed), " ", "")
	}
}

// Find is the person's account: everybody's own, and those of people whom the
// actor may invite. A person without one is errs.NotFound.
func Find(tx *db.Tx, by access.Actor, person access.PersonID) (Account, error) {
	a, found, err := ofPerson(tx, person)
	if err != nil {
		return Account{}, err
	}
	if person != by.Person || by.Console {
		if _, err := reach(tx, by, person, a); err != nil {
			return Account{}, err
		}
	}
	if !found {
		return Account{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return a, nil
}

// In are the accounts of those who hold a role at the unit today, whom the
// actor may invite there, so that a list can show who has none yet.
func In(tx *db.Tx, by access.Actor, unit orgtree.ID) (map[access.PersonID]Account, error) {
	if _, err := access.Require(tx, by, access.Invite, unit); err != nil {
		return nil, err
	}
	list := map[access.PersonID]Account{}
	for _, role := range access.Roles {
		holders, err := access.Holders(tx, unit, role, clock.DateOf(tx.Now))
		if err != nil {
			return nil, err
		}
		for _, g := range holders {
			if _, known := list[g.Person]; known {
				continue
			}
			a, found, err := ofPerson(tx, g.Person)
			if err != nil {
				return nil, err
			}
			if found {
				list[g.Person] = a
			}
		}
	}
	return list, nil
}

func ofPerson(tx *db.Tx, person access.PersonID) (Account, bool, error) {
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM account WHERE person_id = $1`, int64(person))
}

// own is the actor's account.
func own(tx *db.Tx, by access.Actor) (Account, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM account WHERE person_id = $1`, int64(by.Person))
}

func insert(tx *db.Tx, a Account) error {
	_, err := tx.Exec(`INSERT INTO account (id, person_id, unit_id, login, created) VALUES ($1, $2, $3, $4, $5)`,
		a.ID, a.Person, a.Unit, a.Login, tx.Now)
	return err
}

const columns = `id, person_id, unit_id, login, phone, email, password, password_set, blocked, version`

func scan(row db.Row) (a Account, err error) {
	return a, row.Scan(&a.ID, &a.Person, &a.Unit, &a.Login, db.Text(&a.Phone), db.Text(&a.Email), &a.password,
		db.Instant(&a.Since), db.Instant(&a.Blocked), &a.Version)
}
