package overview

import (
	"encoding/json"
	"fmt"

	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

// Sign is something that the records of a cell show and that is worth a look
// (S-11 to S-13, S-38). It judges nobody.
type Sign struct {
	Kind SignKind `json:"k"`
	// N and M are its figures: months, tasks, points.
	N int `json:"n,omitempty"`
	M int `json:"m,omitempty"`
	// Since is from when on it holds, for a vacancy.
	Since clock.Date `json:"s,omitzero"`
}

// SignKind is what a sign is about.
type SignKind string

const (
	Silent     SignKind = "silent"     // no meeting for N months
	Headless   SignKind = "headless"   // nobody heads the cell
	Few        SignKind = "few"        // N of M came: not more than half
	Claimed    SignKind = "claimed"    // N points claimed, M shown
	Unresolved SignKind = "unresolved" // met and resolved nothing for N months
	Repeated   SignKind = "same"       // the same content for N months (S-38)
	Tardy      SignKind = "late"       // met late for N months
	Behind     SignKind = "overdue"    // N overdue tasks
)

// SignKinds are all, the heaviest first.
var SignKinds = []SignKind{Silent, Headless, Few, Claimed, Unresolved, Repeated, Tardy, Behind}

// Least is from how many months, points or tasks on a sign of the kind is worth a
// look; 0 is one that has no number.
func (k SignKind) Least() int {
	return map[SignKind]int{
		Silent: silentMonths, Claimed: FarAbove, Unresolved: unresolvedMonths, Repeated: sameMonths, Tardy: lateMonths, Behind: overdueTasks,
	}[k]
}

// Message says the sign.
func (s Sign) Message() errs.Message {
	key := "overview.concern." + string(s.Kind)
	switch s.Kind {
	case Headless:
		return say(key, s.Since)
	case Few, Claimed:
		return say(key, s.N, s.M)
	}
	return say(key, s.N)
}

// weight orders the list; it is shown nowhere.
func (s Sign) weight() int {
	switch s.Kind {
	case Silent:
		return 8 + s.N
	case Headless:
		return 6
	case Few:
		return 5
	case Claimed:
		return 4
	case Unresolved, Repeated:
		return 3
	}
	return 2
}

// signs are those of a cell, the heaviest kinds first.
func (r Row) signs() (list []Sign) {
	add := func(holds bool, s Sign) {
		if holds {
			list = append(list, s)
		}
	}
	silent, same := r.streak(func(e Entry) bool { return e.Standing.Missing() }), r.streak(func(e Entry) bool { return e.Same })
	late := r.streak(func(e Entry) bool { return e.Standing == Delayed })
	unresolved := r.past().streak(func(e Entry) bool { return e.Unresolved })
	last := r.last()
	add(silent >= silentMonths, Sign{Kind: Silent, N: silent})
	add(!r.Headless.IsZero(), Sign{Kind: Headless, Since: r.Headless})
	add(last.Entitled > 0 && last.Standing.Met() && 2*last.Present <= last.Entitled, Sign{Kind: Few, N: last.Present, M: last.Entitled})
	add(last.overClaimed(), Sign{Kind: Claimed, N: last.Score.Claimed, M: last.Score.Evidence})
	add(unresolved >= unresolvedMonths, Sign{Kind: Unresolved, N: unresolved})
	add(same+1 >= sameMonths, Sign{Kind: Repeated, N: same + 1})
	add(late >= lateMonths, Sign{Kind: Tardy, N: late})
	add(r.Overdue >= overdueTasks, Sign{Kind: Behind, N: r.Overdue})
	return list
}

func packSigns(list []Sign) (string, error) {
	packed, err := json.Marshal(list)
	return string(packed), err
}

func unpackSigns(packed string) (list []Sign, err error) {
	if err := json.Unmarshal([]byte(packed), &list); err != nil {
		return nil, fmt.Errorf("signs %q: %w", packed, err)
	}
	return list, nil
}
