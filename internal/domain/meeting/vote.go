package meeting

import (
	"slices"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// VoteID names a vote.
type VoteID = id.Of[Vote]

// Form is how people vote (rules 2.3).
type Form string

const (
	Hand         Form = "hand"
	Card         Form = "card"
	SecretBallot Form = "secret_ballot" // only the totals are ever known
)

// Vote is a question put to the meeting and, once it is recorded, its outcome
// with the base it was counted against. It never changes: a correction is a new
// vote that supersedes it.
type Vote struct {
	ID      VoteID
	Meeting ID
	Item    ItemID
	// Matter and Body choose the rule; Title says what the question was.
	Matter, Body, Title string
	// Noun and NounID name the record that was voted on, if there is one.
	Noun   string
	NounID int64
	Form   Form

	CalledAt   time.Time
	CalledBy   access.PersonID
	RecordedAt time.Time // zero: called, not yet counted
	RecordedBy access.PersonID

	BaseID string // MEMBERS, COMMITTEE
	// Base is the whole that the threshold is a part of, itemised.
	Base rulepack.BaseCount
	// Voters are those of the base who were in the room.
	Voters int
	Tally
	Threshold rulepack.Threshold
	Passed    bool

	// Minority are the opinions kept on request of those who were outvoted.
	Minority []Minority
	// Supersedes is the vote that this one corrects, with the reason;
	// SupersededAt is set on the corrected one.
	Supersedes   VoteID
	Reason       string
	SupersededAt time.Time
	Rules        rulepack.Ref
	Version      int64
}

// Recorded and Superseded tell how far the vote has come.
func (v Vote) Recorded() bool   { return !v.RecordedAt.IsZero() }
func (v Vote) Superseded() bool { return !v.SupersededAt.IsZero() }

// Tally is the count of a vote.
type Tally struct {
	Yes, No, Other, Invalid int
	// Issued and Collected count ballots; they are 0 for a vote by hand.
	Issued, Collected int
	Tellers           string
}

// Cast is how many votes were counted at all.
func (t Tally) Cast() int { return t.Yes + t.No + t.Other + t.Invalid }

// Minority is an opinion kept beside a decision (S-45).
type Minority struct {
	Person access.PersonID
	Text   string
	At     time.Time
}

// check compares the count with itself and with those who could vote.
func (t Tally) check(form Form, voters int) error {
	var w typed
	for field, n := range map[string]int{"yes": t.Yes, "no": t.No, "other": t.Other, "invalid": t.Invalid, "issued": t.Issued, "collected": t.Collected} {
		w.Check(n >= 0, field, "meeting.error.negative")
	}
	if form == SecretBallot {
		w.Check(t.Issued <= voters, "issued", "meeting.error.issued", voters)
		w.Check(t.Collected <= t.Issued, "collected", "meeting.error.collected", t.Issued)
		w.Check(t.Cast() == t.Collected, "yes", "meeting.error.not_collected", t.Cast(), t.Collected)
	} else {
		w.Check(t.Invalid == 0, "invalid", "meeting.error.no_ballots")
		w.Check(t.Issued == 0 && t.Collected == 0, "issued", "meeting.error.no_ballots")
	}
	w.Check(t.Cast() <= voters, "yes", "meeting.error.too_many_votes", t.Cast(), voters)
	return w.Err()
}

// Question is what the meeting is asked.
type Question struct {
	Meeting ID
	Item    ItemID // none is no item
	Matter  string // a matter of the pack; none is an ordinary resolution
	Title   string
	Form    Form
	Noun    string
	NounID  int64
}

// ordinaryMatter is the pack's rule for whatever has no rule of its own.
const ordinaryMatter = "resolution"

// Bodies by the pack's names.
const (
	bodyCell      = "cell"
	bodyCommittee = "committee"
)

// body is who decides at the meeting.
func (m Meeting) body() string {
	if m.Kind == Committee {
		return bodyCommittee
	}
	return bodyCell
}

// ruling is the rule for a matter before the meeting, with the base it names.
type ruling struct {
	rulepack.Matter
	base rulepack.VoteBase
	ref  rulepack.Ref
}

// matter finds the rule for a matter on the day of the meeting. A matter that
// the body does not decide is errs.Invalid.
func (l loaded) matter(tx *db.Tx, matter string) (ruling, error) {
	votes, ref, err := rule[rulepack.Votes](l.book(tx), "votes")
	if err != nil {
		return ruling{}, err
	}
	m, ok := votes.Matter(matter, l.body())
	if !ok {
		return ruling{}, errs.Field("matter", "meeting.error.matter")
	}
	base, _ := votes.Base(m.Base)
	return ruling{m, base, ref}, nil
}

// Matters are what the meeting may vote on, by the pack of its day. Who sees
// the meeting may ask.
func Matters(tx *db.Tx, by access.Actor, meeting ID) ([]rulepack.Matter, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return nil, err
	}
	votes, _, err := rule[rulepack.Votes](l.book(tx), "votes")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(votes.Matters), func(m rulepack.Matter) bool { return m.Body != l.body() }), nil
}

// Base is the number that a vote on the matter would be counted against now,
// itemised (rules 2.3). Who sees the meeting may ask.
func Base(tx *db.Tx, by access.Actor, meeting ID, matter string) (rulepack.BaseCount, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return rulepack.BaseCount{}, err
	}
	r, err := l.matter(tx, matter)
	if err != nil {
		return rulepack.BaseCount{}, err
	}
	count, _, err := r.count(tx, l)
	return count, err
}

// count makes the base from the roll as it is now, and those of it in the room.
func (r ruling) count(tx *db.Tx, l loaded) (rulepack.BaseCount, int, error) {
	list, err := roll(tx, l.ID)
	if err != nil {
		return rulepack.BaseCount{}, 0, err
	}
	people := votersOf(l.Kind, list)
	present := 0
	for _, v := range people {
		if v.Present && r.base.Entitled(v, "") {
			present++
		}
	}
	return r.base.Count(people, ""), present, nil
}

// CallVote puts a question to the meeting. Who runs it may, in session. A
// matter that the body does not decide, or a form the pack does not allow for
// it, is errs.Invalid. A party group decides nothing (rules 3.1): errs.Conflict.
func CallVote(tx *db.Tx, by access.Actor, q Question) (Vote, error) {
	l, err := loadInSession(tx, by, q.Meeting)
	if err != nil {
		return Vote{}, err
	}
	if l.Kind == Group {
		return Vote{}, errs.New(errs.Conflict, "meeting.error.group_votes")
	}
	if q.Matter == "" {
		q.Matter = ordinaryMatter
	}
	r, err := l.matter(tx, q.Matter)
	if err != nil {
		return Vote{}, err
	}
	if err := q.check(tx, l, r); err != nil {
		return Vote{}, err
	}
	v := Vote{
		ID: id.New[Vote](), Meeting: l.ID, Item: q.Item, Matter: q.Matter, Body: r.Body, Title: q.Title, Noun: q.Noun, NounID: q.NounID, Form: q.Form,
		CalledAt: tx.Now, CalledBy: by.Person, BaseID: r.Base, Threshold: r.Threshold, Rules: r.ref, Version: 1,
	}
	if err := insertVote(tx, v); err != nil {
		return Vote{}, err
	}
	return v, note(tx, by, l, "CallVote", nil, map[string]any{"vote": v.ID, "matter": v.Matter, "title": v.Title, "form": v.Form, "pack": v.Rules})
}

func (q *Question) check(tx *db.Tx, l loaded, r ruling) error {
	var w typed
	w.line("title", &q.Title, true)
	w.Check(slices.Contains(r.Forms, string(q.Form)), "form", "meeting.error.form")
	if err := w.Err(); err != nil {
		return err
	}
	return l.mustHaveItem(tx, q.Item)
}

// mustHaveItem refuses an item of another meeting.
func (l loaded) mustHaveItem(tx *db.Tx, item ItemID) error {
	if item == 0 {
		return nil
	}
	n, err := db.One(tx, db.Column[int], `SELECT count(*) FROM meeting_item WHERE id = $1 AND meeting_id = $2`, item, l.ID)
	if err == nil && n == 0 {
		err = errs.Field("item", "meeting.error.item")
	}
	return err
}

// RecordVote takes the count of a called vote and decides, in whole numbers,
// whether it passed: the share of the base, not of those present. Who runs the
// meeting may, in session. A count that cannot be is errs.Invalid; a vote that
// was recorded before is errs.Conflict. A failed vote is kept like any other.
func RecordVote(tx *db.Tx, by access.Actor, vote VoteID, t Tally, minority []Minority) (Vote, error) {
	v, l, err := loadVote(tx, by, vote, loadInSession)
	if err != nil {
		return Vote{}, err
	}
	if v.Recorded() {
		return Vote{}, errs.New(errs.Conflict, "meeting.error.vote_recorded")
	}
	if err := v.decide(tx, by, l, t, minority); err != nil {
		return Vote{}, err
	}
	if err := saveVote(tx, v); err != nil {
		return Vote{}, err
	}
	return v, noteTally(tx, by, l, "RecordVote", nil, v.record(), v.tallied(l.Meeting))
}

// CorrectVote records a vote anew because it was noted wrongly: the new record
// supersedes the old one, which stays readable. Who runs the meeting may, until
// its minutes are approved. It asks for a reason; a vote that was not recorded,
// or was corrected already, is errs.Conflict.
func CorrectVote(tx *db.Tx, by access.Actor, vote VoteID, t Tally, minority []Minority, reason string) (Vote, error) {
	was, l, err := loadVote(tx, by, vote, loadForRoll)
	if err != nil {
		return Vote{}, err
	}
	if !was.Recorded() || was.Superseded() {
		return Vote{}, errs.New(errs.Conflict, "meeting.error.vote_corrected")
	}
	var w typed
	w.line("reason", &reason, true)
	if err := w.Err(); err != nil {
		return Vote{}, err
	}
	v := was
	v.ID, v.Supersedes, v.Reason, v.Version = id.New[Vote](), was.ID, reason, 1
	if err := v.decide(tx, by, l, t, minority); err != nil {
		return Vote{}, err
	}
	if err := insertVote(tx, v); err != nil {
		return Vote{}, err
	}
	if err := saveVote(tx, v); err != nil {
		return Vote{}, err
	}
	if err := tx.Change(`UPDATE meeting_vote SET superseded = $1, version = version + 1 WHERE id = $2 AND version = $3`, tx.Now, was.ID, was.Version); err != nil {
		return Vote{}, err
	}
	return v, noteTally(tx, by, l, "CorrectVote", was.record(), v.record(), v.tallied(l.Meeting).Minus(was.tallied(l.Meeting)))
}

// decide fills in count, base and outcome.
func (v *Vote) decide(tx *db.Tx, by access.Actor, l loaded, t Tally, minority []Minority) error {
	r, err := l.matter(tx, v.Matter)
	if err != nil {
		return err
	}
	if v.Base, v.Voters, err = r.count(tx, l); err != nil {
		return err
	}
	var w typed
	w.line("tellers", &t.Tellers, false)
	if err := w.Err(); err != nil {
		return err
	}
	if err := t.check(v.Form, v.Voters); err != nil {
		return err
	}
	if v.Minority, err = l.keepable(tx, minority); err != nil {
		return err
	}
	v.Tally, v.RecordedAt, v.RecordedBy = t, tx.Now, by.Person
	v.Threshold, v.BaseID, v.Rules = r.Threshold, r.Base, r.ref
	v.Passed = v.Threshold.Passed(t.Yes, v.Base.Base)
	return nil
}

// keepable checks the opinions of a minority: they are of people who were
// present.
func (l loaded) keepable(tx *db.Tx, minority []Minority) ([]Minority, error) {
	list := slices.Clone(minority)
	for i := range list {
		e, found, err := entryOf(tx, l.ID, list[i].Person)
		if err != nil {
			return nil, err
		}
		var w typed
		w.block("minority", &list[i].Text, true)
		w.Check(found && e.Present(), "minority", "meeting.error.not_present")
		if err := w.Err(); err != nil {
			return nil, err
		}
		list[i].At = tx.Now
	}
	return list, nil
}

// record is what the journal keeps of a vote.
func (v Vote) record() map[string]any {
	return map[string]any{
		"vote": v.ID, "yes": v.Yes, "no": v.No, "other": v.Other, "invalid": v.Invalid, "issued": v.Issued, "collected": v.Collected,
		"base": v.Base, "voters": v.Voters, "passed": v.Passed, "minority": len(v.Minority), "reason": v.Reason, "pack": v.Rules,
	}
}

// Votes are the questions of a meeting with their outcomes, corrected ones
// included, in the order of calling. Who runs or prepares the meeting, and the
// committees above, may read them; members once it is published.
func Votes(tx *db.Tx, by access.Actor, meeting ID) ([]Vote, error) {
	l, err := loadRecords(tx, by, meeting)
	if err != nil {
		return nil, err
	}
	return votesWhere(tx, `v.meeting_id = $1`, l.ID)
}

// InForce is the vote itself, or the one by which it was corrected last.
func InForce(votes []Vote, of VoteID) (Vote, bool) {
	at := slices.IndexFunc(votes, func(v Vote) bool { return v.ID == of })
	if at < 0 {
		return Vote{}, false
	}
	for _, v := range votes {
		if v.Supersedes == of {
			return InForce(votes, v.ID)
		}
	}
	return votes[at], true
}

func loadVote(tx *db.Tx, by access.Actor, vote VoteID, meetingFor func(*db.Tx, access.Actor, ID) (loaded, error)) (Vote, loaded, error) {
	list, err := votesWhere(tx, `v.id = $1`, vote)
	if err != nil {
		return Vote{}, loaded{}, err
	}
	if len(list) == 0 {
		return Vote{}, loaded{}, errs.New(errs.NotFound, "errs.not_found")
	}
	l, err := meetingFor(tx, by, list[0].Meeting)
	return list[0], l, err
}

const voteColumns = `v.id, v.meeting_id, v.item_id, v.matter, v.body, v.title, v.noun, v.noun_id, v.form, v.called, v.called_by, v.recorded, v.recorded_by,
	v.base_id, v.listed, v.base, v.voters, v.issued, v.collected, v.yes, v.no, v.other, v.invalid, v.numerator, v.denominator, v.strict, v.share, v.passed,
	v.tellers, v.supersedes_id, v.superseded, v.reason, v.pack_id, v.pack_hash, v.version`

func scanVote(row db.Row) (v Vote, err error) {
	var noun *int64
	err = row.Scan(&v.ID, &v.Meeting, &v.Item, &v.Matter, &v.Body, &v.Title, &v.Noun, &noun, &v.Form, db.Instant(&v.CalledAt), &v.CalledBy,
		db.Instant(&v.RecordedAt), &v.RecordedBy, &v.BaseID, &v.Base.Listed, &v.Base.Base, &v.Voters, &v.Issued, &v.Collected, &v.Yes, &v.No, &v.Other,
		&v.Invalid, &v.Threshold.Num, &v.Threshold.Den, &v.Threshold.Strict, &v.Threshold.Label, &v.Passed, &v.Tellers, &v.Supersedes,
		db.Instant(&v.SupersededAt), &v.Reason, &v.Rules.ID, &v.Rules.Hash, &v.Version)
	if noun != nil {
		v.NounID = *noun
	}
	return v, err
}

func votesWhere(tx *db.Tx, where string, args ...any) ([]Vote, error) {
	list, err := db.All(tx, scanVote, `SELECT `+voteColumns+` FROM meeting_vote v WHERE `+where+` ORDER BY v.called, v.id`, slices.Clone(args)...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	at := make(map[VoteID]*Vote, len(list))
	for i := range list {
		at[list[i].ID] = &list[i]
	}
	if err := addDeductions(tx, at, where, slices.Clone(args)); err != nil {
		return nil, err
	}
	return list, addMinority(tx, at, where, slices.Clone(args))
}

func addDeductions(tx *db.Tx, at map[VoteID]*Vote, where string, args []any) error {
	type row struct {
		vote VoteID
		rulepack.Deducted
	}
	return db.Each(tx, func(r db.Row) (d row, err error) {
		return d, r.Scan(&d.vote, &d.ID, &d.Label, &d.Count)
	}, func(d row) error {
		at[d.vote].Base.Deductions = append(at[d.vote].Base.Deductions, d.Deducted)
		return nil
	}, `SELECT d.vote_id, d.slot, d.label, d.number FROM meeting_deduction d JOIN meeting_vote v ON v.id = d.vote_id
		WHERE `+where+` ORDER BY d.vote_id, d.place`, args...)
}

func addMinority(tx *db.Tx, at map[VoteID]*Vote, where string, args []any) error {
	type row struct {
		vote VoteID
		Minority
	}
	return db.Each(tx, func(r db.Row) (m row, err error) {
		return m, r.Scan(&m.vote, &m.Person, &m.Text, db.Instant(&m.At))
	}, func(m row) error {
		at[m.vote].Minority = append(at[m.vote].Minority, m.Minority)
		return nil
	}, `SELECT m.vote_id, m.person_id, m.text, m.at FROM meeting_minority m JOIN meeting_vote v ON v.id = m.vote_id WHERE `+where+` ORDER BY m.id`, args...)
}

func insertVote(tx *db.Tx, v Vote) error {
	_, err := tx.Exec(`INSERT INTO meeting_vote (id, meeting_id, item_id, matter, body, title, noun, noun_id, form, called, called_by, base_id,
		numerator, denominator, strict, share, supersedes_id, reason, pack_id, pack_hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		v.ID, v.Meeting, v.Item, v.Matter, v.Body, v.Title, v.Noun, nounID(v.NounID), v.Form, v.CalledAt, v.CalledBy, v.BaseID,
		v.Threshold.Num, v.Threshold.Den, v.Threshold.Strict, v.Threshold.Label, v.Supersedes, v.Reason, v.Rules.ID, v.Rules.Hash)
	return err
}

func nounID(n int64) any {
	if n == 0 {
		return nil
	}
	return n
}

// saveVote writes count, base and outcome of a vote that was not recorded.
func saveVote(tx *db.Tx, v Vote) error {
	if err := tx.Change(`UPDATE meeting_vote SET recorded = $1, recorded_by = $2, listed = $3, base = $4, voters = $5, issued = $6, collected = $7,
		yes = $8, no = $9, other = $10, invalid = $11, numerator = $12, denominator = $13, strict = $14, share = $15, passed = $16, tellers = $17,
		pack_id = $18, pack_hash = $19, version = version + 1 WHERE id = $20 AND recorded IS NULL`,
		v.RecordedAt, v.RecordedBy, v.Base.Listed, v.Base.Base, v.Voters, v.Issued, v.Collected, v.Yes, v.No, v.Other, v.Invalid,
		v.Threshold.Num, v.Threshold.Den, v.Threshold.Strict, v.Threshold.Label, v.Passed, v.Tellers, v.Rules.ID, v.Rules.Hash, v.ID); err != nil {
		return err
	}
	for i, d := range v.Base.Deductions {
		if _, err := tx.Exec(`INSERT INTO meeting_deduction (vote_id, place, slot, label, number) VALUES ($1, $2, $3, $4, $5)`,
			v.ID, i+1, d.ID, d.Label, d.Count); err != nil {
			return err
		}
	}
	for _, m := range v.Minority {
		if _, err := tx.Exec(`INSERT INTO meeting_minority (id, vote_id, person_id, text, at) VALUES ($1, $2, $3, $4, $5)`,
			id.New[Minority](), v.ID, m.Person, m.Text, m.At); err != nil {
			return err
		}
	}
	return nil
}
