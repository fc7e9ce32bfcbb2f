package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
)

// RecoveryCodes are codes on paper, each of which stands once for the second
// factor. They are shown once; the database gets their digests.
type RecoveryCodes struct {
	Codes []string

	salt    string
	digests []string
}

const (
	recoveryCount = 10
	recoverySize  = 8
)

// DrawRecoveryCodes makes a new set. It takes half a second and belongs outside
// any transaction: the codes are short enough to be typed, so their digests
// cost as much as those of passwords.
func DrawRecoveryCodes(ctx context.Context) (RecoveryCodes, error) {
	var salt [saltSize]byte
	if _, err := rand.Read(salt[:]); err != nil {
		return RecoveryCodes{}, err
	}
	set := RecoveryCodes{salt: base64.RawStdEncoding.EncodeToString(salt[:])}
	for range recoveryCount {
		code, err := newCode(recoverySize)
		if err != nil {
			return RecoveryCodes{}, err
		}
		hashed, err := recoveryDigest(ctx, set.salt, code)
		if err != nil {
			return RecoveryCodes{}, err
		}
		set.Codes, set.digests = append(set.Codes, code), append(set.digests, hashed)
	}
	return set, nil
}

// KeepRecoveryCodes gives the actor the set in place of the one they had. The
// session must be fresh, else errs.Denied.
func KeepRecoveryCodes(tx *db.Tx, by access.Actor, s Session, set RecoveryCodes) error {
	a, err := provenOwn(tx, by, s)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM account_recovery WHERE account_id = $1`, a.ID); err != nil {
		return err
	}
	for _, hashed := range set.digests {
		if _, err := tx.Exec(`INSERT INTO account_recovery (account_id, code_hash, salt, made) VALUES ($1, $2, $3, $4)`,
			a.ID, hashed, set.salt, tx.Now); err != nil {
			return err
		}
	}
	return changed(tx, by, a, journal.Change{Verb: "account.KeepRecoveryCodes"}, "account.notice.recovery_made")
}

// spendRecovery takes a recovery code of the account, once, and tells its
// owner, who may not be the one that used it.
func spendRecovery(tx *db.Tx, by access.Actor, a Account, hashed string) (right bool, err error) {
	n, err := tx.Exec(`UPDATE account_recovery SET used = $1 WHERE account_id = $2 AND code_hash = $3 AND used IS NULL`, tx.Now, a.ID, hashed)
	if err != nil || n == 0 {
		return false, err
	}
	return true, changed(tx, by, a, journal.Change{Verb: "account.UseRecoveryCode"}, "account.notice.recovery_used")
}

// recoverySalt is that of the account's codes; any other serves where there are
// none.
func recoverySalt(tx *db.Tx, a Account) (string, error) {
	salt, found, err := db.Maybe(tx, db.Column[string], `SELECT salt FROM account_recovery WHERE account_id = $1`, a.ID)
	if !found {
		salt = base64.RawStdEncoding.EncodeToString(make([]byte, saltSize))
	}
	return salt, err
}

func recoveryDigest(ctx context.Context, salt, code string) (string, error) {
	raw, err := base64.RawStdEncoding.DecodeString(salt)
	if err != nil {
		return "", err
	}
	key, err := current.key(ctx, plainCode(code), raw)
	return base64.RawStdEncoding.EncodeToString(key), err
}

// plainDigits is a number as somebody typed it, without the spaces that
// authenticators show.
func plainDigits(typed string) string { return strings.Join(strings.Fields(typed), "") }

// recoveryLeft counts the codes that were not used, and tells when the set was
// made.
func recoveryLeft(tx *db.Tx, a Account) (left int, made time.Time, err error) {
	err = db.Each(tx, func(row db.Row) (m time.Time, err error) { return m, row.Scan(db.Instant(&m)) }, func(m time.Time) error {
		left, made = left+1, m
		return nil
	}, `SELECT made FROM account_recovery WHERE account_id = $1 AND used IS NULL`, a.ID)
	return left, made, err
}
