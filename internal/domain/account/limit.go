package account

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"math"
	"net/netip"
	"time"

	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// limit is how many tries are free, and how the pause grows after them.
type limit struct {
	free        int
	first, most time.Duration
	// forget is after what quiet time the count starts anew.
	forget time.Duration
}

var (
	// perLogin slows down whoever guesses one person's password, and never locks
	// that person out for long.
	perLogin = limit{free: 5, first: 30 * time.Second, most: 15 * time.Minute, forget: 24 * time.Hour}
	// perAddress is wide: a whole commune may come from one address.
	perAddress = limit{free: 100, first: 5 * time.Second, most: 5 * time.Minute, forget: time.Hour}
)

// tries are what was counted against a login or an address.
type tries struct {
	failures int
	last     time.Time
}

// wait is how long it is until the next try.
func (l limit) wait(t tries, now time.Time) time.Duration {
	if t.failures < l.free || now.Sub(t.last) >= l.forget {
		return 0
	}
	pause := l.most
	if doublings := t.failures - l.free; doublings < 16 {
		pause = min(l.first<<doublings, l.most)
	}
	return max(0, pause-now.Sub(t.last))
}

// charge counts a try against the login and the address, or fails with
// errs.TooMany and the minutes to wait.
func charge(tx *db.Tx, login, address string) error {
	if err := perLogin.charge(tx, login); err != nil {
		return err
	}
	return chargeAddress(tx, address)
}

// chargeAddress is charge where nobody has said who they are.
func chargeAddress(tx *db.Tx, address string) error { return perAddress.charge(tx, address) }

func (l limit) charge(tx *db.Tx, subject string) error {
	t, _, err := db.Maybe(tx, scanTries, `SELECT failures, last FROM account_attempt WHERE subject = $1`, subject)
	if err != nil {
		return err
	}
	if wait := l.wait(t, tx.Now); wait > 0 {
		return errs.New(errs.TooMany, "account.error.wait", int(math.Ceil(wait.Minutes())))
	}
	if tx.Now.Sub(t.last) >= l.forget {
		t.failures = 0
	}
	_, err = tx.Exec(`INSERT INTO account_attempt (subject, failures, last) VALUES ($1, $2, $3)
		ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, last = excluded.last`, subject, t.failures+1, tx.Now)
	return err
}

func scanTries(row db.Row) (t tries, err error) {
	return t, row.Scan(&t.failures, db.Instant(&t.last))
}

// acquit takes back what a try that succeeded was charged: everything that was
// held against the login, and one try of the address. Either may be empty.
func acquit(tx *db.Tx, login, address string) error {
	if _, err := tx.Exec(`DELETE FROM account_attempt WHERE subject = $1`, login); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE account_attempt SET failures = failures - 1 WHERE subject = $1 AND failures > 0`, address)
	return err
}

// subject is a login or an address as the table of tries holds it.
func subject(tx *db.Tx, kind, name string) string { return digest(tx, kind+" "+name) }

// digest is a keyed digest: who has read the tables alone can neither use nor
// guess what it was made of.
func digest(tx *db.Tx, secret string) string {
	mac := hmac.New(sha256.New, tx.Derive("account"))
	mac.Write([]byte(secret))
	return hex.EncodeToString(mac.Sum(nil))
}

// network is the part of an address that one subscriber has: all of IPv4, the
// first half of IPv6.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	ip = ip.Unmap().WithZone("")
	if ip.Is4() {
		return ip.String()
	}
	prefix, err := ip.Prefix(64)
	if err != nil {
		return address
	}
	return prefix.String()
}

// SameNetwork reports whether two addresses are one subscriber's.
func SameNetwork(one, other string) bool { return network(one) == network(other) }
