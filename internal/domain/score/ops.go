package score

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// subject is a meeting to be scored, with its unit and the sheet of its day.
type subject struct {
	meeting.Meeting
	at    orgtree.Unit
	pack  *rulepack.Pack
	rules rulepack.ScoreSheet
}

// load finds a meeting for somebody who may act on its score. Only the regular
// meeting of a month, alone or combined, has a sheet.
func load(tx *db.Tx, by access.Actor, act access.Action, of meeting.ID) (subject, error) {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return subject{}, err
	}
	at, err := access.RequireOn(tx, by, act, m.Unit, int64(of))
	if err != nil {
		return subject{}, err
	}
	if !m.Kind.Monthly() {
		return subject{}, errs.New(errs.Conflict, "score.error.kind")
	}
	s := subject{Meeting: m, at: at}
	if s.pack, err = rulepack.Of(tx).On("scoresheet", unit.Province(at), m.Day()); err != nil {
		return subject{}, err
	}
	s.rules, err = rulepack.Decode[rulepack.ScoreSheet](s.pack)
	return s, err
}

// frozen reports whether the sheet has gone up and nobody sent it back.
func frozen(m meeting.Meeting) bool { return !m.ReportedAt.IsZero() && m.Answer != meeting.SentBack }

// Propose is the sheet of a regular meeting as the records have it, every line
// with its points, the reason in words and the rows it came from, and with what
// was claimed before. Who prepares, runs or watches the meeting may ask; other
// kinds of meeting have no sheet (errs.Conflict). A frozen sheet is given as it
// was reported.
func Propose(tx *db.Tx, by access.Actor, of meeting.ID) (Sheet, error) {
	s, err := load(tx, by, access.MeetingRead, of)
	if err != nil {
		return Sheet{}, err
	}
	if !watches(by, s.at, of) {
		return Sheet{}, errs.New(errs.Denied, "errs.denied")
	}
	stored, found, err := find(tx, of)
	if err != nil {
		return Sheet{}, err
	}
	if found && frozen(s.Meeting) {
		return s.dress(stored), nil
	}
	fresh, err := s.propose(tx)
	if err != nil {
		return Sheet{}, err
	}
	return s.merge(fresh, stored, found), nil
}

// watches reports whether the actor prepares or runs the meeting, or sees it
// from a committee.
func watches(by access.Actor, at orgtree.Unit, of meeting.ID) bool {
	for _, act := range []access.Action{access.MeetingPrepare, access.MeetingRun, access.OverviewRead} {
		if by.CanOn(act, at, int64(of)) {
			return true
		}
	}
	return false
}

// propose asks the records.
func (s subject) propose(tx *db.Tx) (Sheet, error) {
	f, e, err := gather(tx, s.Meeting)
	if err != nil {
		return Sheet{}, err
	}
	if f.Required, err = s.rules.RequiredMinutes(f); err != nil {
		return Sheet{}, err
	}
	lines, err := proposed(s.rules, f, e)
	return s.dress(Sheet{Lines: lines, Facts: f, LookedAt: tx.Now}), err
}

// dress says on the sheet whose it is and by which pack.
func (s subject) dress(sheet Sheet) Sheet {
	sheet.Meeting, sheet.Unit, sheet.Month, sheet.Frozen = s.ID, s.Unit, s.Month, frozen(s.Meeting)
	if !sheet.Confirmed() {
		sheet.Title, sheet.Rules = s.rules.Title, s.pack.Ref()
	}
	if sheet.Rules.ID == s.pack.ID {
		sheet.Warning = s.pack.Warning
	}
	return sheet
}

// merge puts what was claimed before on a fresh proposal. Where nothing was,
// the records' points stand ready to be confirmed.
func (s subject) merge(fresh, stored Sheet, found bool) Sheet {
	for i := range fresh.Lines {
		if l := &fresh.Lines[i]; !found {
			l.Claimed = l.Proposed
		}
	}
	if found {
		keepClaims(fresh.Lines, stored.Lines)
		fresh.ConfirmedAt, fresh.ConfirmedBy, fresh.Version = stored.ConfirmedAt, stored.ConfirmedBy, stored.Version
	}
	fresh.Totals = total(s.rules, fresh.Lines)
	return fresh
}

func keepClaims(fresh, stored []Line) {
	claimed := map[string]Line{}
	for _, l := range stored {
		claimed[l.ID] = l
	}
	for i := range fresh {
		was := claimed[fresh[i].ID]
		fresh[i].Claimed, fresh[i].ClaimReason = was.Claimed, was.ClaimReason
	}
}

// Confirm stores what a person claims beside what the records show, and tells
// the meeting that it is scored. The secretary or deputy may, once the meeting
// has ended, and again until it has been reported (errs.Conflict). version is
// that of the sheet read, 0 for the first. Every line that counts needs a claim
// that the pack allows, and a reason where it differs from what the records
// decide: what is wrong is named beside "points.LINE" and "reason.LINE".
func Confirm(tx *db.Tx, by access.Actor, of meeting.ID, version int64, claims []Claim) (Sheet, error) {
	s, err := load(tx, by, access.ScoreConfirm, of)
	if err != nil {
		return Sheet{}, err
	}
	stored, _, err := find(tx, of)
	if err != nil {
		return Sheet{}, err
	}
	switch {
	case !s.State.Held():
		return Sheet{}, errs.New(errs.Conflict, "score.error.not_closed")
	case frozen(s.Meeting):
		return Sheet{}, errs.New(errs.Conflict, "score.error.frozen")
	case stored.Version != version:
		return Sheet{}, errs.New(errs.Conflict, "errs.stale")
	}
	sheet, err := s.propose(tx)
	if err != nil {
		return Sheet{}, err
	}
	if err := claim(s.rules, sheet.Lines, claims); err != nil {
		return Sheet{}, err
	}
	sheet.Totals = total(s.rules, sheet.Lines)
	sheet.ConfirmedAt, sheet.ConfirmedBy, sheet.Version = tx.Now, by.Person, version
	if err := save(tx, &sheet); err != nil {
		return Sheet{}, err
	}
	if _, err := meeting.MarkScored(tx, by, of); err != nil {
		return Sheet{}, err
	}
	return sheet, note(tx, by, "Confirm", stored, sheet)
}

// Renew looks at the records again, because something came to them since the
// sheet was confirmed: the minutes were approved, the results published, a task
// accepted. Claims stay. Who runs the meeting or confirms its score may. A
// meeting without a confirmed sheet, or a frozen sheet, is left as it is.
func Renew(tx *db.Tx, by access.Actor, of meeting.ID) error {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return err
	}
	at, err := access.RequireOn(tx, by, access.MeetingRead, m.Unit, int64(of))
	if err != nil {
		return err
	}
	if !by.CanOn(access.MeetingRun, at, int64(of)) && !by.CanOn(access.ScoreConfirm, at, int64(of)) {
		return errs.New(errs.Denied, "errs.denied")
	}
	stored, found, err := find(tx, of)
	if err != nil || !found || frozen(m) {
		return err
	}
	s, err := load(tx, by, access.MeetingRead, of)
	if err != nil {
		return err
	}
	fresh, err := s.propose(tx)
	if err != nil {
		return err
	}
	sheet := s.merge(fresh, stored, true)
	if sheet.sameEvidence(stored) {
		return nil
	}
	if err := save(tx, &sheet); err != nil {
		return err
	}
	return note(tx, by, "Renew", stored, sheet)
}

// Publish opens what the meeting decided to its members, as meeting.Publish
// does, and lets the sheet see it.
func Publish(tx *db.Tx, by access.Actor, of meeting.ID) (meeting.Meeting, error) {
	m, err := meeting.Publish(tx, by, of)
	if err != nil {
		return meeting.Meeting{}, err
	}
	return m, Renew(tx, by, of)
}

// Report sends the results upwards, as meeting.Report does, with the evidence
// as it is at that moment. From then on the sheet is frozen.
func Report(tx *db.Tx, by access.Actor, of meeting.ID) (meeting.Meeting, error) {
	if err := Renew(tx, by, of); err != nil {
		return meeting.Meeting{}, err
	}
	return meeting.Report(tx, by, of)
}

// note journals a sheet as it was and as it is: its sums and, line by line,
// what was claimed and what was shown.
func note(tx *db.Tx, by access.Actor, verb string, before, after Sheet) error {
	c := journal.Change{Unit: after.Unit, Verb: "score." + verb, Noun: Noun, ID: int64(after.Meeting), After: record(after), Figures: after.tallied().Minus(before.tallied()).String()}
	if before.Confirmed() {
		c.Before = record(before)
	}
	return journal.Write(tx, by, c)
}

func record(s Sheet) map[string]any {
	lines := map[string]any{}
	for _, l := range s.Lines {
		lines[l.ID] = map[string]any{"claimed": l.Claimed, "shown": l.Shown(), "decided": l.Decided, "reason": l.ClaimReason}
	}
	return map[string]any{
		"claimed": s.Claimed, "evidence": s.Evidence, "reachable": s.Reachable, "class": s.Class.ID, "pack": s.Rules, "version": s.Version, "lines": lines,
	}
}
