package score

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// Find is the confirmed sheet of a meeting. Who reads scores at the unit may;
// members once the meeting is published (errs.Denied before). A meeting without
// a confirmed sheet is errs.NotFound.
func Find(tx *db.Tx, by access.Actor, of meeting.ID) (Sheet, error) {
	s, err := load(tx, by, access.ScoreRead, of)
	if err != nil {
		return Sheet{}, err
	}
	if s.PublishedAt.IsZero() && !watches(by, s.at, of) {
		return Sheet{}, errs.New(errs.Denied, "score.error.not_published")
	}
	sheet, found, err := find(tx, of)
	if err != nil {
		return Sheet{}, err
	}
	if !found {
		return Sheet{}, errs.New(errs.NotFound, "score.error.none")
	}
	return s.dress(sheet), nil
}

// Figure is a confirmed sheet as tables of many units show it.
type Figure struct {
	Meeting meeting.ID
	Unit    orgtree.ID
	Month   meeting.Month
	Totals
	// Gaps counts the lines whose claim differs from the evidence.
	Gaps int
}
