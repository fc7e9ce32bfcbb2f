package account

import (
	"context"

	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// BeginSecond counts a try of the second step, and finds what a recovery code
// would be compared with. The session is one that Entering gave. Too many tries
// of the account or from the address are errs.TooMany.
func BeginSecond(tx *db.Tx, by access.Actor, from Device) (Attempt, error) {
	a, err := own(tx, by)
	if err != nil {
		return Attempt{}, err
	}
	t := Attempt{account: a.ID, login: subject(tx, "second", a.ID.String()), address: subject(tx, "address", network(from.Address))}
	if err := charge(tx, t.login, t.address); err != nil {
		return Attempt{}, err
	}
	if t.salt, err = recoverySalt(tx, a); err != nil {
		return Attempt{}, err
	}
	t.entry, err = note(tx, a.ID, ByCode, from)
	return t, err
}

// VerifyCode digests a code of an authenticator, or a recovery code, for
// FinishSecond. It may take a while and belongs outside any transaction.
func (t Attempt) VerifyCode(ctx context.Context, typed string) (Proof, error) {
	p := Proof{of: t, how: ByCode, strong: true, code: plainDigits(typed)}
	if isSixDigits(p.code) {
		return p, nil
	}
	var err error
	p.how = ByRecovery
	p.code, err = recoveryDigest(ctx, t.salt, typed)
	return p, err
}

func isSixDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return len(s) == 6
}

// FinishSecond puts a session with a second factor in the place of s, for a
// proof from VerifyCode or VerifyPasskey. A code that is wrong or was used
// before is errs.Invalid on the field "code"; a passkey of somebody else is
// errs.Unauthenticated.
func FinishSecond(tx *db.Tx, by access.Actor, s Session, p Proof, on Device) (Token, Session, error) {
	a, err := own(tx, by)
	if err != nil {
		return "", Session{}, err
	}
	if p.of.account != a.ID || s.Person != by.Person {
		return "", Session{}, errs.New(errs.Unauthenticated, "account.error.passkey")
	}
	if err := p.spend(tx, by, a); err != nil {
		return "", Session{}, err
	}
	if err := acquit(tx, p.of.login, p.of.address); err != nil {
		return "", Session{}, err
	}
	if err := EndSession(tx, by, s.ID); err != nil {
		return "", Session{}, err
	}
	next := Session{How: p.how, Strong: true, Proved: s.Proved}
	if p.how == ByPasskey {
		next.Proved = tx.Now
	}
	on.Own = s.Own
	return enter(tx, a, on, p.of.entry, next)
}

// spend takes what the second step showed, so that it serves no second time.
func (p Proof) spend(tx *db.Tx, by access.Actor, a Account) (err error) {
	right := false
	switch p.how {
	case ByPasskey:
		right = p.right // VerifyPasskey has spent the challenge
	case ByCode:
		right, err = spendCode(tx, a, p.code)
	case ByRecovery:
		right, err = spendRecovery(tx, by, a, p.code)
	}
	if err == nil && !right {
		err = errs.Field("code", "account.error.code")
	}
	return err
}
