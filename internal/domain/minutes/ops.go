package minutes

import (
	"slices"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/notice"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
	"chibo/internal/platform/text"
)

// room is a meeting with its unit, as rights ask for it.
type room struct {
	meeting.Meeting
	at orgtree.Unit
}

// hall finds the meeting for whoever sees it.
func hall(tx *db.Tx, by access.Actor, of meeting.ID) (room, error) {
	m, err := meeting.Find(tx, by, of)
	if err != nil {
		return room{}, err
	}
	at, err := orgtree.Find(tx, m.Unit)
	return room{m, at}, err
}

// chairs reports whether the actor chaired the meeting.
func (h room) chairs(by access.Actor) bool { return by.Person != 0 && by.Person == h.Chair }

// writes reports whether the actor writes the minutes: who runs the meeting,
// the minute-taker among them, and its chair.
func (h room) writes(by access.Actor) bool {
	return h.chairs(by) || by.CanOn(access.MeetingRun, h.at, int64(h.ID))
}

func (h room) mustWrite(by access.Actor) error {
	if h.writes(by) {
		return nil
	}
	return errs.New(errs.Denied, "errs.denied")
}

// approves reports whether the actor may approve: the secretary, a deputy, or
// whoever chaired.
func (h room) approves(by access.Actor) bool {
	return h.chairs(by) || by.CanOn(access.MeetingConclude, h.at, int64(h.ID))
}

// attended reports whether the actor was in the room.
func (h room) attended(tx *db.Tx, by access.Actor) (bool, error) {
	if by.Person == 0 {
		return false, nil
	}
	roll, err := meeting.Roll(tx, access.Console(), h.ID)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(roll, func(e meeting.Entry) bool { return e.Person == by.Person && e.Present() }) {
		return true, nil
	}
	guests, err := meeting.Guests(tx, access.Console(), h.ID)
	return slices.ContainsFunc(guests, func(g meeting.Guest) bool { return g.Person == by.Person }), err
}

// load finds minutes that the actor may read, with their meeting. For others
// they do not exist.
func load(tx *db.Tx, by access.Actor, minutes ID) (Minutes, room, error) {
	m, err := find(tx, minutes)
	if err != nil {
		return Minutes{}, room{}, err
	}
	h, err := hall(tx, by, m.Meeting)
	if err != nil {
		return Minutes{}, room{}, err
	}
	readable, err := h.reads(tx, by, m)
	if err == nil && !readable {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return m, h, err
}

// loadDraft finds a draft in the version at hand for one who may write it.
func loadDraft(tx *db.Tx, by access.Actor, minutes ID, version int64) (Minutes, room, error) {
	m, h, err := load(tx, by, minutes)
	if err != nil {
		return Minutes{}, room{}, err
	}
	if err := h.mustWrite(by); err != nil {
		return Minutes{}, room{}, err
	}
	return m, h, m.mustBeDraft(version)
}

func (m Minutes) mustBeDraft(version int64) error {
	switch {
	case m.State != Drafted:
		return errs.New(errs.Conflict, "minutes.error.sealed")
	case m.Version != version:
		return errs.New(errs.Conflict, "errs.stale")
	}
	return nil
}

// Draft writes the first version of the minutes of a meeting from its records.
// Who runs the meeting may, and its chair. A meeting that was not opened, or
// that has minutes, is errs.Conflict.
func Draft(tx *db.Tx, by access.Actor, of meeting.ID) (Minutes, error) {
	h, err := hall(tx, by, of)
	if err != nil {
		return Minutes{}, err
	}
	if err := h.mustWrite(by); err != nil {
		return Minutes{}, err
	}
	existing, err := ofMeeting(tx, of)
	if err != nil {
		return Minutes{}, err
	}
	if len(existing) > 0 {
		return Minutes{}, errs.New(errs.Conflict, "minutes.error.drafted")
	}
	content, err := h.compose(tx)
	if err != nil {
		return Minutes{}, err
	}
	m := Minutes{ID: id.New[Minutes](), Meeting: of, Unit: h.Unit, Number: 1, State: Drafted, Content: content, DraftedAt: tx.Now, DraftedBy: by.Person, Version: 1}
	if err := insert(tx, m); err != nil {
		return Minutes{}, err
	}
	return m, note(tx, by, m, "Draft", nil, map[string]any{"meeting": of, "number": 1})
}

// Renew writes the draft of the first version anew from the records as they are
// now; what people wrote stays. The rights are those of Draft. Sealed minutes,
// a later version, or a stale version are errs.Conflict.
func Renew(tx *db.Tx, by access.Actor, minutes ID, version int64) (Minutes, error) {
	m, h, err := loadDraft(tx, by, minutes, version)
	if err != nil {
		return Minutes{}, err
	}
	if m.Number > 1 {
		return Minutes{}, errs.New(errs.Conflict, "minutes.error.records_sealed")
	}
	written := m.Content.Text
	if m.Content, err = h.compose(tx); err != nil {
		return Minutes{}, err
	}
	m.Content.Text = written.over(m.Content.Text)
	if err := rewrite(tx, &m); err != nil {
		return Minutes{}, err
	}
	return m, note(tx, by, m, "Renew", nil, map[string]any{"version": m.Version})
}

// longest text that a person writes, in letters.
const longest = 20_000

// block tidies a text of several lines.
func block(wrong *errs.Fields, field string, s *string, needed bool) {
	*s = text.Block(*s)
	wrong.Check(!needed || *s != "", field, "errs.required")
	wrong.Check(text.Length(*s) <= longest, field, "errs.too_long", longest)
}

// EditText writes one of the parts that people write. The rights and failures
// are those of Renew, and later versions can be written so as well. A part that
// there is not is errs.Invalid.
func EditText(tx *db.Tx, by access.Actor, minutes ID, version int64, section Section, body string) (Minutes, error) {
	m, _, err := loadDraft(tx, by, minutes, version)
	if err != nil {
		return Minutes{}, err
	}
	at := m.Content.Text.at(section)
	if at == nil {
		return Minutes{}, errs.Field("section", "errs.choice")
	}
	var wrong errs.Fields
	block(&wrong, string(section), &body, false)
	if err := wrong.Err(); err != nil {
		return Minutes{}, err
	}
	was := *at
	*at = body
	if err := rewrite(tx, &m); err != nil {
		return Minutes{}, err
	}
	return m, note(tx, by, m, "EditText", map[string]any{"section": section, "text": was}, map[string]any{"section": section, "text": body})
}

// ProposeCorrection says what should be put differently in the minutes. Who was
// present may, guests among them, of a draft and of sealed minutes: those are
// then corrected by Amend. Whoever reads them without having been there is
// errs.Denied.
func ProposeCorrection(tx *db.Tx, by access.Actor, minutes ID, words string) (Correction, error) {
	m, h, err := load(tx, by, minutes)
	if err != nil {
		return Correction{}, err
	}
	there, err := h.attended(tx, by)
	if err != nil {
		return Correction{}, err
	}
	if !there {
		return Correction{}, errs.New(errs.Denied, "minutes.error.not_present")
	}
	var wrong errs.Fields
	block(&wrong, "text", &words, true)
	if err := wrong.Err(); err != nil {
		return Correction{}, err
	}
	c := Correction{ID: id.New[Correction](), Minutes: m.ID, Person: by.Person, Text: words, At: tx.Now, Version: 1}
	if _, err := tx.Exec(`INSERT INTO minutes_correction (id, minutes_id, person_id, text, at) VALUES ($1, $2, $3, $4, $5)`,
		c.ID, c.Minutes, c.Person, c.Text, c.At); err != nil {
		return Correction{}, err
	}
	if c, err = named(tx, c); err != nil {
		return Correction{}, err
	}
	if err := h.tell(tx, by, "minutes.notice.correction", h.Chair, h.MinuteTaker); err != nil {
		return Correction{}, err
	}
	return c, note(tx, by, m, "ProposeCorrection", nil, map[string]any{"correction": c.ID, "text": c.Text})
}

func named(tx *db.Tx, c Correction) (Correction, error) {
	names, err := member.Names(tx, []access.PersonID{c.Person})
	c.Name = names[c.Person]
	return c, err
}

// tell sends a notice about the minutes to people other than the actor.
func (h room) tell(tx *db.Tx, by access.Actor, key string, people ...access.PersonID) error {
	var to []access.PersonID
	for _, p := range people {
		if p != 0 && p != by.Person && !slices.Contains(to, p) {
			to = append(to, p)
		}
	}
	if len(to) == 0 {
		return nil
	}
	return notice.Send(tx, by, notice.Notice{
		To: to, Unit: h.Unit, Key: key, Link: "/meetings/" + h.ID.String() + "/minutes",
		Args: map[string]string{"unit": h.at.Name, "day": h.Day().Vietnamese()},
	})
}

// AnswerCorrection accepts or refuses what was proposed; a refusal needs a
// reason. Who writes the minutes may. To accept changes nothing by itself: the
// records or the text are then put right. A second answer, or a stale version,
// is errs.Conflict.
func AnswerCorrection(tx *db.Tx, by access.Actor, correction CorrectionID, version int64, answer Answer, reason string) (Correction, error) {
	c, err := db.One(tx, scanCorrection, `SELECT `+correctionColumns+` FROM minutes_correction c WHERE c.id = $1`, correction)
	if err != nil {
		return Correction{}, err
	}
	m, h, err := load(tx, by, c.Minutes)
	if err != nil {
		return Correction{}, err
	}
	if err := h.mustWrite(by); err != nil {
		return Correction{}, err
	}
	if c.Answer != Open {
		return Correction{}, errs.New(errs.Conflict, "minutes.error.answered")
	}
	var wrong errs.Fields
	wrong.Check(answer == Accepted || answer == Refused, "answer", "errs.choice")
	block(&wrong, "reason", &reason, answer == Refused)
	if err := wrong.Err(); err != nil {
		return Correction{}, err
	}
	if err := tx.Change(`UPDATE minutes_correction SET answer = $1, answer_reason = $2, answered = $3, answered_by = $4, version = version + 1
		WHERE id = $5 AND version = $6`, answer, reason, tx.Now, by.Person, c.ID, version); err != nil {
		return Correction{}, err
	}
	c.Answer, c.Reason, c.AnsweredAt, c.AnsweredBy, c.Version = answer, reason, tx.Now, by.Person, version+1
	if err := h.tell(tx, by, "minutes.notice."+string(answer), c.Person); err != nil {
		return Correction{}, err
	}
	if c, err = named(tx, c); err != nil {
		return Correction{}, err
	}
	return c, note(tx, by, m, "AnswerCorrection", nil, map[string]any{"correction": c.ID, "answer": answer, "reason": reason})
}

// Approve seals a draft: its content gets a digest and never changes again. The
// first version ends the records of the meeting (meeting.MarkMinuted) and lets
// the score sheet see that. The secretary or a deputy may, and whoever chaired.
// A meeting that has not ended or lacks a signer, corrections without an
// answer, records that changed since the draft was written, sealed minutes and
// a stale version are errs.Conflict.
func Approve(tx *db.Tx, by access.Actor, minutes ID, version int64) (Minutes, error) {
	m, h, err := load(tx, by, minutes)
	if err != nil {
		return Minutes{}, err
	}
	if !h.approves(by) {
		return Minutes{}, errs.New(errs.Denied, "errs.denied")
	}
	if err := m.mustBeDraft(version); err != nil {
		return Minutes{}, err
	}
	if err := m.mayBeSealed(tx, h); err != nil {
		return Minutes{}, err
	}
	if m.Content.Approval, err = approval(tx, by, h); err != nil {
		return Minutes{}, err
	}
	m.ApprovedAt, m.ApprovedBy = tx.Now, by.Person
	if err := seal(tx, &m); err != nil {
		return Minutes{}, err
	}
	if err := note(tx, by, m, verbApprove, nil, approved{m.Number, m.Digest}); err != nil {
		return Minutes{}, err
	}
	return m, h.end(tx, by)
}

const verbApprove = "Approve"

// approved is what the journal keeps of an approval.
type approved struct {
	Number int    `json:"number"`
	Digest string `json:"digest"`
}

func (m Minutes) mayBeSealed(tx *db.Tx, h room) error {
	if h.ClosedAt.IsZero() {
		return errs.New(errs.Conflict, "minutes.error.not_closed")
	}
	if m.Content.Chair.ID == 0 || m.Content.MinuteTaker.ID == 0 {
		return errs.New(errs.Conflict, "minutes.error.no_signer")
	}
	open, err := db.One(tx, db.Column[int], `SELECT count(*) FROM minutes_correction WHERE minutes_id = $1 AND answer = ''`, m.ID)
	if err != nil {
		return err
	}
	if open > 0 {
		return errs.New(errs.Conflict, "minutes.error.corrections_open", open)
	}
	if m.Number > 1 {
		return nil
	}
	now, err := h.compose(tx)
	if err != nil {
		return err
	}
	same, err := m.Content.sameRecords(now)
	if err == nil && !same {
		err = errs.New(errs.Conflict, "minutes.error.records_changed")
	}
	return err
}

func approval(tx *db.Tx, by access.Actor, h room) (*Approval, error) {
	names, err := member.Names(tx, []access.PersonID{by.Person})
	if err != nil {
		return nil, err
	}
	p, err := personAt(tx, h.Meeting, by.Person, names[by.Person])
	return &Approval{At: local(tx.Now), Person: p}, err
}

// end tells meeting and score that the minutes are approved. Whoever chaired
// may have no post that runs meetings, so this is done on their behalf with the
// rights of the program: that they may approve was checked.
func (h room) end(tx *db.Tx, by access.Actor) error {
	by.Console = true
	if _, err := meeting.MarkMinuted(tx, by, h.ID); err != nil {
		return err
	}
	return score.Renew(tx, by, h.ID)
}

// Amend begins a new version of sealed minutes, with a reason; the sealed one
// stays as it is. The records of the meeting are closed, so what is put right
// is the text. Who approves minutes may. Without sealed minutes, or beside a
// draft, it is errs.Conflict.
func Amend(tx *db.Tx, by access.Actor, of meeting.ID, reason string) (Minutes, error) {
	h, err := hall(tx, by, of)
	if err != nil {
		return Minutes{}, err
	}
	if !h.approves(by) {
		return Minutes{}, errs.New(errs.Denied, "errs.denied")
	}
	all, err := ofMeeting(tx, of)
	if err != nil {
		return Minutes{}, err
	}
	if len(all) == 0 || all[0].State != Sealed {
		return Minutes{}, errs.New(errs.Conflict, "minutes.error.not_sealed")
	}
	var wrong errs.Fields
	block(&wrong, "reason", &reason, true)
	if err := wrong.Err(); err != nil {
		return Minutes{}, err
	}
	last := all[0]
	m := Minutes{
		ID: id.New[Minutes](), Meeting: of, Unit: h.Unit, Number: last.Number + 1, State: Drafted, Content: last.Content, Reason: reason,
		DraftedAt: tx.Now, DraftedBy: by.Person, Version: 1,
	}
	m.Content.Number, m.Content.Reason, m.Content.Approval = m.Number, reason, nil
	if err := insert(tx, m); err != nil {
		return Minutes{}, err
	}
	return m, note(tx, by, m, "Amend", map[string]any{"minutes": last.ID, "digest": last.Digest}, map[string]any{"number": m.Number, "reason": reason})
}
