package account

import (
	"slices"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// mustHaveSecond reports whether the rule of the day asks a second factor of
// whoever holds the roles.
func mustHaveSecond(tx *db.Tx, held []access.Grant) (bool, error) {
	rule, _, err := rulepack.Of(tx).Param("signin.secondFactor", "", clock.DateOf(tx.Now))
	if err != nil {
		return false, err
	}
	named := strings.Fields(rule.Value.Text)
	return slices.ContainsFunc(held, func(g access.Grant) bool { return slices.Contains(named, string(g.Role)) }), nil
}

// ruledMinutes, ruledDays and ruledTimes are values of the rule of the day.

func ruledMinutes(tx *db.Tx, key string) (time.Duration, error) {
	n, err := rulepack.Of(tx).Minutes(key, "", clock.DateOf(tx.Now))
	return time.Duration(n) * time.Minute, err
}

func ruledDays(tx *db.Tx, key string) (time.Duration, error) {
	n, err := rulepack.Of(tx).Days(key, "", clock.DateOf(tx.Now))
	return time.Duration(n) * 24 * time.Hour, err
}

func ruledTimes(tx *db.Tx, key string) (int, error) {
	return rulepack.Of(tx).Int(key, rulepack.Times, "", clock.DateOf(tx.Now))
}
