package resolution

import (
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// load is the resolution if the actor may see it and act on it.
func load(tx *db.Tx, by access.Actor, resolution ID, act access.Action) (Resolution, orgtree.Unit, error) {
	r, err := find(tx, resolution)
	if err != nil {
		return Resolution{}, orgtree.Unit{}, err
	}
	at, err := access.RequireOn(tx, by, access.ResolutionRead, r.Unit, int64(r.Meeting))
	if err != nil {
		return Resolution{}, orgtree.Unit{}, err
	}
	seen, err := sees(tx, by, r, at)
	switch {
	case err != nil:
		return Resolution{}, orgtree.Unit{}, err
	case !seen:
		return Resolution{}, orgtree.Unit{}, errs.New(errs.NotFound, "errs.not_found")
	case !by.CanOn(act, at, int64(r.Meeting)):
		return Resolution{}, orgtree.Unit{}, errs.New(errs.Denied, "errs.denied")
	}
	return r, at, nil
}

// sees reports whether a reader of the unit's resolutions sees this one: a
// draft only once its meeting has begun, unless they write it.
func sees(tx *db.Tx, by access.Actor, r Resolution, at orgtree.Unit) (bool, error) {
	if r.State == Adopted || r.State == Issued || by.CanOn(access.ResolutionWrite, at, int64(r.Meeting)) {
		return true, nil
	}
	if r.State == Discarded {
		return false, nil
	}
	m, err := meeting.Find(tx, by, r.Meeting)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && (m.State == meeting.InSession || m.State.Held()), err
}

// draft is load for a change of a draft.
func draft(tx *db.Tx, by access.Actor, resolution ID) (Resolution, error) {
	r, _, err := load(tx, by, resolution, access.ResolutionWrite)
	if err == nil && r.State != Drafted {
		err = errs.New(errs.Conflict, "resolution.error.not_draft")
	}
	return r, err
}

// stale is errs.Conflict for a version that is no longer the record's.
func (r Resolution) stale(version int64) error {
	if r.Version != version {
		return errs.New(errs.Conflict, "errs.stale")
	}
	return nil
}

// Draft begins the monthly resolution of a regular meeting in the structure of
// rules 22.6, and brings the unfinished tasks before the meeting. Who writes
// the meeting's resolution may. A meeting that has one, is of another kind or
// cancelled is errs.Conflict.
func Draft(tx *db.Tx, by access.Actor, of meeting.ID) (ID, error) {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return 0, err
	}
	if !m.Kind.Monthly() {
		return 0, errs.New(errs.Conflict, "resolution.error.not_monthly")
	}
	_, drafted, err := monthlyOf(tx, of)
	if err != nil {
		return 0, err
	}
	if drafted {
		return 0, errs.New(errs.Conflict, "resolution.error.drafted")
	}
	resolution, err := begin(tx, by, m, monthly(m))
	if err != nil {
		return 0, err
	}
	return resolution, task.CarryUnfinished(tx, by, of)
}

// DraftOther begins a resolution on a theme, a yearly plan or another one for a
// meeting (S-48). Who writes the meeting's resolutions may; a monthly one is
// begun by Draft.
func DraftOther(tx *db.Tx, by access.Actor, n New) (ID, error) {
	m, err := meeting.Find(tx, by, n.Meeting)
	if err != nil {
		return 0, err
	}
	if n.Kind == Monthly {
		return 0, errs.Field("kind", "errs.choice")
	}
	return begin(tx, by, m, n)
}

func begin(tx *db.Tx, by access.Actor, m meeting.Meeting, n New) (ID, error) {
	if _, err := access.RequireOn(tx, by, access.ResolutionWrite, m.Unit, int64(m.ID)); err != nil {
		return 0, err
	}
	if m.State == meeting.Cancelled {
		return 0, errs.New(errs.Conflict, "resolution.error.cancelled")
	}
	n.Title = text.Line(n.Title)
	if err := n.check(); err != nil {
		return 0, err
	}
	r := Resolution{
		ID: id.New[task.Resolution](), Unit: m.Unit, Kind: n.Kind, State: Drafted, Meeting: m.ID,
		Title: n.Title, From: n.From, To: n.To, Edition: 1, Created: tx.Now, Version: 1,
	}
	if err := insert(tx, r); err != nil {
		return 0, err
	}
	if err := meeting.Prove(tx, m.ID, proofDraft); err != nil {
		return 0, err
	}
	return r.ID, journal.Write(tx, by, journal.Change{
		Unit: r.Unit, Verb: "resolution.Draft", Noun: Noun, ID: int64(r.ID), After: record(r),
	})
}

// Proofs are what a resolution shows of the steps of a meeting (rules 22.2,
// steps 1 and 18), by the names of the pack "checklist".
const (
	proofDraft   = "draft_resolution"
	proofAdopted = "conclusion"
)

// Rename changes the title of a draft. Who writes the resolution may.
func Rename(tx *db.Tx, by access.Actor, resolution ID, version int64, title string) error {
	r, err := draft(tx, by, resolution)
	if err != nil {
		return err
	}
	if err := r.stale(version); err != nil {
		return err
	}
	after := r
	after.Title = text.Line(title)
	var wrong errs.Fields
	checkTitle(&wrong, after.Title)
	if err := wrong.Err(); err != nil {
		return err
	}
	return save(tx, by, "resolution.Rename", r, after)
}

// EditSection writes a part of the text over the version of it that was read, 0
// for a part that nobody wrote. Who writes the resolution may. Once adopted,
// only the self score may still be written.
func EditSection(tx *db.Tx, by access.Actor, resolution ID, section Section, version int64, body string) error {
	r, _, err := load(tx, by, resolution, access.ResolutionWrite)
	if err != nil {
		return err
	}
	return editSection(tx, by, r, section, version, body)
}

func editSection(tx *db.Tx, by access.Actor, r Resolution, section Section, version int64, body string) error {
	before, err := sectionOf(tx, r, section)
	if err != nil {
		return err
	}
	if !r.State.editable(section) {
		return errs.New(errs.Conflict, "resolution.error.not_draft")
	}
	if before.Version != version {
		return errs.New(errs.Conflict, "errs.stale")
	}
	after := SectionText{section, text.Block(body), version}
	if text.Length(after.Body) > blockMost {
		return errs.Field(string(section), "errs.too_long", blockMost)
	}
	if err := writeSection(tx, r.ID, after); err != nil {
		return err
	}
	if err := touch(tx, r); err != nil {
		return err
	}
	return journal.Write(tx, by, journal.Change{
		Unit: r.Unit, Verb: "resolution.EditSection", Noun: Noun, ID: int64(r.ID),
		Before: map[string]any{string(section): before.Body}, After: map[string]any{string(section): after.Body},
	})
}

// sectionOf is a part of the text; one that the kind does not have is
// errs.Invalid.
func sectionOf(tx *db.Tx, r Resolution, section Section) (SectionText, error) {
	all, err := sections(tx, r)
	if err != nil {
		return SectionText{}, err
	}
	for _, s := range all {
		if s.Section == section {
			return s, nil
		}
	}
	return SectionText{}, errs.Field("section", "errs.choice")
}

// SetQuality writes part IV of the monthly resolution of a meeting, once the
// score is agreed, and reports whether there was one that could take it. Who
// confirms scores at the unit may.
func SetQuality(tx *db.Tx, by access.Actor, of meeting.ID, body string) (bool, error) {
	r, found, err := monthlyOf(tx, of)
	if err != nil || !found {
		return false, err
	}
	if _, err := access.RequireOn(tx, by, access.ScoreConfirm, r.Unit, int64(r.Meeting)); err != nil {
		return false, err
	}
	if !r.State.editable(Quality) {
		return false, nil
	}
	before, err := sectionOf(tx, r, Quality)
	if err != nil || before.Body == text.Block(body) {
		return err == nil, err
	}
	return true, editSection(tx, by, r, Quality, before.Version, body)
}

// AddLine adds a task to a draft; it may lack until the adoption who does it,
// by when and in which area. Who writes the resolution may.
func AddLine(tx *db.Tx, by access.Actor, resolution ID, n task.New) (task.ID, error) {
	r, err := draft(tx, by, resolution)
	if err != nil {
		return 0, err
	}
	added, err := task.Propose(tx, by, r.source(), n)
	if err != nil {
		return 0, err
	}
	return added, touch(tx, r)
}

// AddRest adds a line that carries on the rest of an unfinished task, whose
// version was read: planned 10, done 5, and the next 10 make 15 (S-79). Who
// writes the resolution may.
func AddRest(tx *db.Tx, by access.Actor, resolution ID, of task.ID, version int64, c task.Carry) (task.ID, error) {
	r, err := draft(tx, by, resolution)
	if err != nil {
		return 0, err
	}
	added, err := task.ProposeRest(tx, by, r.source(), of, version, c)
	if err != nil {
		return 0, err
	}
	return added, touch(tx, r)
}

// ChangeLine changes a task of a draft. Who writes the resolution may.
func ChangeLine(tx *db.Tx, by access.Actor, resolution ID, line task.ID, version int64, n task.New) error {
	return changeLines(tx, by, resolution, line, func() error { return task.ChangeLine(tx, by, line, version, n) })
}

// MoveLine exchanges a task of a draft with the one above it. Who writes the
// resolution may.
func MoveLine(tx *db.Tx, by access.Actor, resolution ID, line task.ID, version int64) error {
	return changeLines(tx, by, resolution, line, func() error { return task.MoveLine(tx, by, line, version) })
}

// RemoveLine takes a task out of a draft. Who writes the resolution may.
func RemoveLine(tx *db.Tx, by access.Actor, resolution ID, line task.ID, version int64) error {
	return changeLines(tx, by, resolution, line, func() error { return task.RemoveLine(tx, by, line, version) })
}

func changeLines(tx *db.Tx, by access.Actor, resolution ID, line task.ID, change func() error) error {
	r, err := draft(tx, by, resolution)
	if err != nil {
		return err
	}
	own, err := task.Lines(tx, r.ID)
	if err != nil {
		return err
	}
	for _, t := range own {
		if t.ID != line {
			continue
		}
		if err := change(); err != nil {
			return err
		}
		return touch(tx, r)
	}
	return errs.New(errs.NotFound, "errs.not_found")
}

// Discard gives up a draft, with a reason; its lines go with it. Who writes the
// resolution may.
func Discard(tx *db.Tx, by access.Actor, resolution ID, version int64, reason string) error {
	r, err := draft(tx, by, resolution)
	if err != nil {
		return err
	}
	if err := r.stale(version); err != nil {
		return err
	}
	after := r
	after.State, after.Reason = Discarded, text.Block(reason)
	var wrong errs.Fields
	wrong.Check(after.Reason != "", "reason", "errs.required")
	wrong.Check(text.Length(after.Reason) <= blockMost, "reason", "errs.too_long", blockMost)
	if err := wrong.Err(); err != nil {
		return err
	}
	if err := task.DropLines(tx, by, r.source()); err != nil {
		return err
	}
	return save(tx, by, "resolution.Discard", r, after)
}

// Adopt records that the meeting adopted the draft by a vote, which needs more
// than half (rules 22.2, step 18; 2.3). Its lines become tasks and the text is
// kept as it was adopted. Who writes the resolution may. What is missing is
// named beside each field; a vote that failed, was corrected, or is about
// something else is errs.Invalid.
func Adopt(tx *db.Tx, by access.Actor, resolution ID, version int64, vote meeting.VoteID) error {
	r, at, err := load(tx, by, resolution, access.ResolutionWrite)
	if err != nil {
		return err
	}
	if r.State != Drafted {
		return errs.New(errs.Conflict, "resolution.error.not_draft")
	}
	if err := r.stale(version); err != nil {
		return err
	}
	v, err := voteOf(tx, by, r, vote)
	if err != nil {
		return err
	}
	written, err := sections(tx, r)
	if err != nil {
		return err
	}
	proposed, err := task.Lines(tx, r.ID)
	if err != nil {
		return err
	}
	if err := checkComplete(written, proposed); err != nil {
		return err
	}
	if err := task.GiveLines(tx, by, r.source()); err != nil {
		return err
	}
	after := r
	after.State, after.Vote, after.AdoptedAt = Adopted, vote, tx.Now
	if err := save(tx, by, "resolution.Adopt", r, after); err != nil {
		return err
	}
	content, err := compose(tx, by, after, at)
	if err != nil {
		return err
	}
	content.Ballot = &Ballot{Yes: v.Yes, Base: v.Base.Base}
	if err := freeze(tx, by, after, "", content); err != nil {
		return err
	}
	return meeting.Prove(tx, r.Meeting, proofAdopted)
}

// voteOf is the vote of the resolution's meeting with the id, if it adopted
// the resolution.
func voteOf(tx *db.Tx, by access.Actor, r Resolution, vote meeting.VoteID) (meeting.Vote, error) {
	votes, err := meeting.Votes(tx, by, r.Meeting)
	if err != nil {
		return meeting.Vote{}, err
	}
	for _, v := range votes {
		if v.ID == vote {
			return v, checkVote(r, v)
		}
	}
	return meeting.Vote{}, errs.Field("vote", "resolution.error.other_vote")
}
