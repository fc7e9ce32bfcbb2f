package member

import (
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Recognition is the decision by which a probationary member becomes official.
type Recognition struct {
	Day      clock.Date // of the decision
	Decision string
}

// Recognise makes a probationary member official. The day from which it counts
// is computed: the end of the probation, however late the decision (rules 8).
// Who manages members in the cell may; another state and a stale version are
// errs.Conflict.
func Recognise(tx *db.Tx, by access.Actor, person ID, version int64, r Recognition) error {
	before, u, err := loadVersion(tx, by, person, version)
	if err != nil {
		return err
	}
	if before.Status != Probationary {
		return errs.New(errs.Conflict, "member.error.not_probationary")
	}
	due, ref, err := RecognitionDay(tx, u, before.Ceremony)
	if err != nil {
		return err
	}
	r.Decision = text.Line(r.Decision)
	var wrong errs.Fields
	need(&wrong, "decision", r.Decision, longestLine)
	wrong.Check(!r.Day.IsZero(), "day", "errs.required")
	wrong.Check(r.Day.IsZero() || !r.Day.Before(due), "day", "member.error.before_probation_ends", due)
	notFuture(&wrong, "day", r.Day, clock.DateOf(tx.Now))
	if err := wrong.Err(); err != nil {
		return err
	}
	lived, err := talliedOf(tx, person)
	if err != nil {
		return err
	}
	after := before
	after.Status, after.Recognised = Official, due
	return step(tx, by, "member.Recognise", lived, before, after, StatusChange{Official, due, r.Decision, ""}, ref)
}

// RecognitionDay is the last day of a probation that began with the ceremony,
// by the rule of that day. Where the program has no rule of that day it takes
// today's.
func RecognitionDay(tx *db.Tx, u orgtree.Unit, ceremony clock.Date) (clock.Date, rulepack.Ref, error) {
	rules, province := rulepack.Of(tx), unit.Province(u)
	length, ref, err := rules.Param("probation.length", province, ceremony)
	if errs.Is(err, errs.Invalid) {
		length, ref, err = rules.Param("probation.length", province, clock.DateOf(tx.Now))
	}
	return ceremony.AddMonths(length.Value.Int), ref, err
}

// step writes a step of membership: the row, the dated state, the journal with
// the rule by which it was taken. lived is what the person added to the figures.
func step(tx *db.Tx, by access.Actor, verb string, lived tally.Counts, before, after Member, s StatusChange, ref rulepack.Ref) error {
	if err := update(tx, after); err != nil {
		return err
	}
	if err := insertStatus(tx, after.ID, s); err != nil {
		return err
	}
	return noteLife(tx, by, lived, journal.Change{
		Unit: before.Unit, Verb: verb, Noun: noun, ID: int64(after.ID),
		Before: before, After: map[string]any{"member": after, "step": s, "pack": ref},
	})
}

// Leaving is the end of a membership.
type Leaving struct {
	Status   Status // one of the terminal states of rules 2.6
	Day      clock.Date
	Document string
	Reason   string
}

// Leave ends a membership by its document, and with it posts, groups, overlays
// and roles. Who manages members in the cell may; a state from which the pack
// knows no way, and a stale version, are errs.Conflict.
func Leave(tx *db.Tx, by access.Actor, person ID, version int64, l Leaving) error {
	before, u, err := loadVersion(tx, by, person, version)
	if err != nil {
		return err
	}
	words, ref, err := unit.Words(tx, u)
	if err != nil {
		return err
	}
	l.Document, l.Reason = text.Line(l.Document), text.Line(l.Reason)
	if err := l.check(words, before, clock.DateOf(tx.Now)); err != nil {
		return err
	}
	lived, err := talliedOf(tx, person)
	if err != nil {
		return err
	}
	after := before
	after.Status, after.Left, after.Group = l.Status, l.Day, 0
	if err := leaveAll(tx, by, before, l); err != nil {
		return err
	}
	return step(tx, by, "member.Leave", lived, before, after, StatusChange{l.Status, l.Day, l.Document, l.Reason}, ref)
}

func (l Leaving) check(words rulepack.States, m Member, today clock.Date) error {
	var wrong errs.Fields
	state, known := words.MemberState(string(l.Status))
	wrong.Check(known && state.Terminal, "status", "member.error.no_end")
	need(&wrong, "document", l.Document, longestLine)
	atMost(&wrong, "reason", l.Reason, longestLine)
	wrong.Check(!l.Day.IsZero(), "day", "errs.required")
	wrong.Check(l.Day.IsZero() || !l.Day.Before(m.Ceremony), "day", "member.error.before_ceremony", m.Ceremony)
	notFuture(&wrong, "day", l.Day, today)
	if err := wrong.Err(); err != nil {
		return err
	}
	if !words.MayMoveMember(string(m.Status), string(l.Status)) {
		return errs.New(errs.Conflict, "member.error.no_way")
	}
	return nil
}

// leaveAll ends what hangs on a membership.
func leaveAll(tx *db.Tx, by access.Actor, m Member, l Leaving) error {
	if err := unit.LeavePosts(tx, by, m.ID, 0, l.Day, "unit.reason.member_left"); err != nil {
		return err
	}
	overlays, err := overlaysOf(tx, m.ID)
	if err != nil {
		return err
	}
	for _, o := range overlays {
		if !o.lasts(l.Day) {
			continue
		}
		if err := endOverlay(tx, by, o, o.cutAt(l.Day), ""); err != nil {
			return err
		}
	}
	if err := endPlace(tx, m.ID, l.Day); err != nil {
		return err
	}
	return access.Withdraw(tx, source(m.ID), l.Day)
}

// MoveToCell lets a member go over to another cell of the same party, without
// letters; the papers of a transfer are another procedure. Posts and group in
// the old cell end. Who manages members in both cells may; a stale version is
// errs.Conflict.
func MoveToCell(tx *db.Tx, by access.Actor, person ID, version int64, to Place) error {
	before, u, err := loadVersion(tx, by, person, version)
	if err != nil {
		return err
	}
	cell, err := access.Require(tx, by, access.MemberManage, to.Unit)
	if err != nil {
		return err
	}
	if !before.Status.Active() {
		return errs.New(errs.Conflict, "member.error.not_active")
	}
	to.Document = text.Line(to.Document)
	if err := checkPlace(tx, before, cell, to); err != nil {
		return err
	}
	lived, err := talliedOf(tx, person)
	if err != nil {
		return err
	}
	after := before
	after.Unit, after.Group = cell.ID, 0
	if err := goOver(tx, by, before, to); err != nil {
		return err
	}
	if err := update(tx, after); err != nil {
		return err
	}
	change := journal.Change{Unit: u.ID, Verb: "member.MoveToCell", Noun: noun, ID: int64(person), Before: before, After: to}
	// Both cells see in their journals who went and who came.
	if err := noteLife(tx, by, lived, change); err != nil {
		return err
	}
	change.Unit = cell.ID
	return journal.Write(tx, by, change)
}

func checkPlace(tx *db.Tx, m Member, cell orgtree.Unit, to Place) error {
	var wrong errs.Fields
	wrong.Check(cell.ID != m.Unit, "unit", "member.error.already_there")
	wrong.Check(cell.IsCell() && cell.Ended.IsZero(), "unit", "member.error.no_cell")
	need(&wrong, "document", to.Document, longestLine)
	wrong.Check(!to.From.IsZero(), "from", "errs.required")
	notFuture(&wrong, "from", to.From, clock.DateOf(tx.Now))
	wrong.Check(!to.From.Before(cell.Founded) || to.From.IsZero(), "from", "unit.error.before_founding", cell.Founded)
	past, err := placesOf(tx, m.ID)
	if err != nil {
		return err
	}
	if last := past[len(past)-1]; !to.From.IsZero() && !to.From.After(last.From) {
		wrong.Add("from", "member.error.before_last_cell", last.From)
	}
	return wrong.Err()
}

func goOver(tx *db.Tx, by access.Actor, m Member, to Place) error {
	if err := unit.LeavePosts(tx, by, m.ID, m.Unit, to.From, "unit.reason.member_moved"); err != nil {
		return err
	}
	if err := endPlace(tx, m.ID, to.From); err != nil {
		return err
	}
	if err := insertPlace(tx, m.ID, to); err != nil {
		return err
	}
	if _, err := stayNoLonger(tx, by, m.ID, to.Unit, to.From); err != nil {
		return err
	}
	if err := access.Withdraw(tx, source(m.ID), to.From); err != nil {
		return err
	}
	return access.Give(tx, membership(m.ID, to.Unit, to.From))
}
