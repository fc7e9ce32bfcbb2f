package meeting

import (
	"slices"
	"strings"
	"time"

	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/attachment"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// StepID names a step.
type StepID = id.Of[Step]

// Step is one thing to do for a meeting, from preparation to report.
type Step struct {
	ID      StepID
	Meeting ID
	Place   int
	Slot    string // its id in the pack's list
	Phase   string
	Title   string
	Hint    string
	Who     []string // roles, the usual one first
	Person  access.PersonID
	Due     clock.Date
	// Optional steps are needed only where there is such a matter.
	Optional bool
	// Proof names the record that shows the step was done, in ProofLabel's
	// words; a step without one is ticked by hand.
	Proof, ProofLabel string
	Note              string
	DoneAt            time.Time
	DoneBy            access.PersonID // zero for a record
	// ByRecord: a record shows it, nobody had to tick it.
	ByRecord bool
	Version  int64

	due int
}

// Done reports whether the step was done.
func (s Step) Done() bool { return !s.DoneAt.IsZero() }

// Overdue reports whether the step is needed and its day is past.
func (s Step) Overdue(today clock.Date) bool { return !s.Done() && !s.Optional && today.After(s.Due) }

const stepColumns = `s.id, s.meeting_id, s.place, s.slot, s.phase, s.title, s.hint, s.who, s.person_id, s.due, s.optional, s.proof, s.proof_label,
	s.note, s.done, s.done_by, s.by_record, s.version`

func scanStep(row db.Row) (s Step, err error) {
	var who string
	err = row.Scan(&s.ID, &s.Meeting, &s.Place, &s.Slot, &s.Phase, &s.Title, &s.Hint, &who, &s.Person, &s.due, &s.Optional, &s.Proof, &s.ProofLabel,
		&s.Note, db.Instant(&s.DoneAt), &s.DoneBy, &s.ByRecord, &s.Version)
	s.Who = strings.Fields(who)
	return s, err
}

// laySteps copies the pack's list for the kind of meeting into a new one. A
// unit with only a secretary is spared the committee's steps (rules 22.2).
func laySteps(tx *db.Tx, l loaded) error {
	checklist, _, err := rule[rulepack.Checklist](l.book(tx), "checklist")
	if err != nil {
		return err
	}
	list, ok := checklist.For(string(l.Kind))
	if !ok {
		return nil
	}
	committee, err := hasCommittee(tx, l)
	if err != nil {
		return err
	}
	who, err := holders(tx, l)
	if err != nil {
		return err
	}
	place := 0
	for _, phase := range list.Phases {
		for _, step := range phase.Steps {
			if step.OnlyWithCommittee && !committee {
				continue
			}
			place++
			if err := insertStep(tx, l.ID, place, phase.ID, step, firstHolder(who, step.Who)); err != nil {
				return err
			}
		}
	}
	return nil
}

func firstHolder(who map[access.Role]access.PersonID, roles []string) access.PersonID {
	for _, role := range roles {
		if person := who[access.Role(role)]; person != 0 {
			return person
		}
	}
	return 0
}

func insertStep(tx *db.Tx, meeting ID, place int, phase string, s rulepack.Step, person access.PersonID) error {
	_, err := tx.Exec(`INSERT INTO meeting_step (id, meeting_id, place, slot, phase, title, hint, who, person_id, due, optional, proof, proof_label, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1)`,
		id.New[Step](), meeting, place, s.ID, phase, s.Label, s.Hint, strings.Join(s.Who, " "), person, s.Due, s.Optional, s.Proof, s.ProofLabel)
	return err
}

// hasCommittee reports whether the unit has a committee beside its secretary.
func hasCommittee(tx *db.Tx, l loaded) (bool, error) {
	sitting, err := sitters(tx, l, clock.DateOf(tx.Now))
	return len(sitting) > 1, err
}

// sitters are the people who sit in the unit's committee on the day.
func sitters(tx *db.Tx, l loaded, day clock.Date) ([]access.PersonID, error) {
	posts, err := unit.PostsAt(tx, l.Unit, day)
	if err != nil {
		return nil, err
	}
	words, _, err := rule[rulepack.States](bookOf(tx, l.at, day), "states")
	if err != nil {
		return nil, err
	}
	var people []access.PersonID
	for _, p := range posts {
		if kind, ok := words.Post(p.Kind); ok && kind.Committee && !slices.Contains(people, p.Person) {
			people = append(people, p.Person)
		}
	}
	return people, nil
}

// Steps are what is to be done for the meeting, and what the records show to be
// done. Who prepares or runs it, and the committees above, may read them;
// others who see the meeting are Denied.
func Steps(tx *db.Tx, by access.Actor, meeting ID) ([]Step, error) {
	l, err := loadInside(tx, by, meeting)
	if err != nil {
		return nil, err
	}
	return steps(tx, l)
}

// loadInside finds a meeting for those who know of it from the first draft on.
func loadInside(tx *db.Tx, by access.Actor, meeting ID) (loaded, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err == nil && !l.inside(by) {
		err = errs.New(errs.Denied, "errs.denied")
	}
	return l, err
}

func steps(tx *db.Tx, l loaded) ([]Step, error) {
	list, err := db.All(tx, scanStep, `SELECT `+stepColumns+` FROM meeting_step s WHERE s.meeting_id = $1 ORDER BY s.place`, l.ID)
	if err != nil {
		return nil, err
	}
	shown, err := evidence(tx, l)
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].Due = l.Day().AddDays(list[i].due)
		list[i].see(shown)
	}
	return list, nil
}

// see lets the records complete the step.
func (s *Step) see(shown map[string]time.Time) {
	key := s.Proof
	if key == proofItem {
		key = itemProof(s.Slot)
	}
	if at := shown[key]; s.Proof != "" && !at.IsZero() {
		s.DoneAt, s.DoneBy, s.ByRecord = at, 0, true
	}
}

// The proofs of the packs that this package's records give. Those of others
// come through Prove.
const (
	proofItem        = "agenda_item"
	proofCommittee   = "committee_minutes"
	proofNotice      = "notice"
	proofDocuments   = "documents"
	proofDraftTopic  = "draft_topic"
	proofTopic       = "topic"
	proofMinuteTaker = "minute_taker"
	proofRoll        = "rollcall"
	proofOpinions    = "opinions"
	proofVotes       = "votes"
	proofConclusion  = "conclusion"
	proofScore       = "score"
	proofMinutes     = "minutes"
	proofPublished   = "published"
)

func itemProof(slot string) string { return proofItem + ":" + slot }

// evidence is when each proof came to be, for those that there are.
func evidence(tx *db.Tx, l loaded) (map[string]time.Time, error) {
	shown := map[string]time.Time{
		proofNotice: l.AnnouncedAt, proofDocuments: l.DocsPostedAt, proofScore: l.ScoredAt, proofMinutes: l.MinutedAt, proofPublished: l.PublishedAt,
	}
	if l.MinuteTaker != 0 {
		shown[proofMinuteTaker] = l.OpenedAt
	}
	agenda, err := items(tx, l.ID)
	if err != nil {
		return nil, err
	}
	for _, i := range agenda {
		if i.Slot != "" && i.Finished() {
			shown[itemProof(i.Slot)] = i.FinishedAt
		}
		if i.Kind == kindConclusion && i.Finished() {
			shown[proofConclusion] = i.FinishedAt
		}
		if i.Kind == kindTopic && i.Presenter != 0 && l.Topic != "" {
			shown[proofTopic] = tx.Now
		}
	}
	return shown, countEvidence(tx, l, shown)
}

// Kinds of agenda item that this package knows by their id in the packs.
const (
	kindConclusion = "conclusion"
	kindTopic      = "topic"
	kindStory      = "story"
	kindIdeology   = "ideology"
	kindCriticism  = "criticism"
)

// countEvidence adds the proofs that lie in tables of many rows.
func countEvidence(tx *db.Tx, l loaded, shown map[string]time.Time) error {
	for proof, query := range map[string]string{
		proofOpinions: `SELECT min(at) FROM meeting_opinion WHERE meeting_id = $1`,
		proofVotes:    `SELECT min(recorded) FROM meeting_vote WHERE meeting_id = $1 AND superseded IS NULL`,
		proofRoll: `SELECT CASE WHEN count(*) > 0 AND count(*) = count(marked) THEN max(marked) END FROM meeting_roll
			WHERE meeting_id = $1 AND (expected OR mark <> '')`,
	} {
		var at time.Time
		if _, err := db.One(tx, func(row db.Row) (bool, error) { return true, row.Scan(db.Instant(&at)) }, query, l.ID); err != nil {
			return err
		}
		shown[proof] = at
	}
	files, err := attachment.Of(tx, Noun, int64(l.ID))
	if err != nil {
		return err
	}
	if len(files) > 0 {
		shown[proofDraftTopic] = files[0].Added
	}
	shown[proofCommittee], err = committeeMinutes(tx, l.Meeting)
	return err
}

// committeeMinutes is when the minutes of the committee's meeting before this
// one were approved; zero is none. It is looked for in the thirty days or so
// before the meeting, which often begin in the calendar month before.
func committeeMinutes(tx *db.Tx, m Meeting) (at time.Time, err error) {
	_, err = db.One(tx, func(row db.Row) (bool, error) { return true, row.Scan(db.Instant(&at)) },
		`SELECT max(minuted) FROM meeting WHERE unit_id = $1 AND kind = 'committee' AND starts >= $2 AND starts < $3 AND minuted IS NOT NULL`,
		m.Unit, m.Starts.AddDate(0, -1, 0), m.Starts)
	return at, err
}

// Prove completes the steps that a record of another package proves: a draft
// resolution, tasks. The package that owns the record has checked the right,
// and journals it.
func Prove(tx *db.Tx, meeting ID, proof string) error {
	_, err := tx.Exec(`UPDATE meeting_step SET done = $1, by_record = TRUE, version = version + 1
		WHERE meeting_id = $2 AND proof = $3 AND done IS NULL`, tx.Now, meeting, proof)
	return err
}

// loadStep finds a step in the version at hand, with its meeting.
func loadStep(tx *db.Tx, by access.Actor, step StepID, version int64) (loaded, Step, error) {
	s, err := db.One(tx, scanStep, `SELECT `+stepColumns+` FROM meeting_step s WHERE s.id = $1`, step)
	if err != nil {
		return loaded{}, Step{}, err
	}
	l, err := loadInside(tx, by, s.Meeting)
	if err != nil {
		return loaded{}, Step{}, err
	}
	if s.Version != version {
		return loaded{}, Step{}, errs.New(errs.Conflict, "errs.stale")
	}
	if by.Person != 0 && s.Person == by.Person {
		return l, s, nil
	}
	if !by.CanOn(access.MeetingPrepare, l.at, int64(l.ID)) && !by.CanOn(access.MeetingRun, l.at, int64(l.ID)) {
		return loaded{}, Step{}, errs.New(errs.Denied, "errs.denied")
	}
	return l, s, nil
}

// CompleteStep ticks a step by hand; one that a record should prove needs a
// note of how it was done otherwise, such as on paper. Who prepares or runs the
// meeting may, and whoever the step is assigned to; a stale version is
// errs.Conflict.
func CompleteStep(tx *db.Tx, by access.Actor, step StepID, version int64, how string) error {
	l, s, err := loadStep(tx, by, step, version)
	if err != nil {
		return err
	}
	var w typed
	w.line("note", &how, false)
	w.Check(how != "" || s.Proof == "", "note", "meeting.error.step_note", s.ProofLabel)
	if err := w.Err(); err != nil {
		return err
	}
	if err := tx.Change(`UPDATE meeting_step SET done = $1, done_by = $2, by_record = FALSE, note = $3, version = version + 1
		WHERE id = $4 AND version = $5`, tx.Now, by.Person, how, s.ID, version); err != nil {
		return err
	}
	return note(tx, by, l, "CompleteStep", nil, map[string]any{"step": s.Slot, "note": how})
}

// ReopenStep takes a tick back. The rights and failures are those of
// CompleteStep; what a record proves stays done.
func ReopenStep(tx *db.Tx, by access.Actor, step StepID, version int64) error {
	l, s, err := loadStep(tx, by, step, version)
	if err != nil {
		return err
	}
	if err := tx.Change(`UPDATE meeting_step SET done = NULL, done_by = NULL, by_record = FALSE, version = version + 1
		WHERE id = $1 AND version = $2`, s.ID, version); err != nil {
		return err
	}
	return note(tx, by, l, "ReopenStep", map[string]any{"step": s.Slot, "note": s.Note}, nil)
}

// AssignStep says who does a step; nobody (0) leaves it open. Who prepares the
// meeting may. A person who does not belong to the cell is errs.Invalid, a
// stale version errs.Conflict.
func AssignStep(tx *db.Tx, by access.Actor, step StepID, version int64, person access.PersonID) error {
	l, s, err := loadStep(tx, by, step, version)
	if err != nil {
		return err
	}
	if !by.CanOn(access.MeetingPrepare, l.at, int64(l.ID)) {
		return errs.New(errs.Denied, "errs.denied")
	}
	if err := l.mustBelong(tx, "person", person); err != nil {
		return err
	}
	if err := tx.Change(`UPDATE meeting_step SET person_id = $1, version = version + 1 WHERE id = $2 AND version = $3`, person, s.ID, version); err != nil {
		return err
	}
	return note(tx, by, l, "AssignStep", map[string]any{"step": s.Slot, "person": s.Person}, map[string]any{"step": s.Slot, "person": person})
}

// Readiness is how far the preparation has come.
type Readiness struct {
	Done, Needed int
	// Open are the steps of the preparation still to be done, Overdue those of
	// them whose day is past.
	Open, Overdue []Step
	// Unpresented are the items for which nobody was named.
	Unpresented []Item
	// PlannedMinutes is the sum over the agenda, RequiredMinutes what the pack
	// asks for the kind of meeting (0 is nothing).
	PlannedMinutes, RequiredMinutes int
	// DocumentsBy is the last moment to post documents in time.
	DocumentsBy time.Time
}

// phasePrepare is the phase of the packs' lists that comes before the meeting.
const phasePrepare = "prepare"

// Ready tells how far the preparation of a meeting has come. The rights are
// those of Steps.
func Ready(tx *db.Tx, by access.Actor, meeting ID) (Readiness, error) {
	l, err := loadInside(tx, by, meeting)
	if err != nil {
		return Readiness{}, err
	}
	list, err := steps(tx, l)
	if err != nil {
		return Readiness{}, err
	}
	agenda, err := items(tx, l.ID)
	if err != nil {
		return Readiness{}, err
	}
	r := readiness(list, agenda, clock.DateOf(tx.Now))
	if r.RequiredMinutes, err = l.requiredMinutes(tx); err != nil {
		return Readiness{}, err
	}
	r.DocumentsBy, err = l.documentsBy(tx)
	return r, err
}

func readiness(list []Step, agenda []Item, today clock.Date) Readiness {
	var r Readiness
	for _, s := range list {
		if s.Phase != phasePrepare || s.Optional {
			continue
		}
		r.Needed++
		if s.Done() {
			r.Done++
			continue
		}
		r.Open = append(r.Open, s)
		if s.Overdue(today) {
			r.Overdue = append(r.Overdue, s)
		}
	}
	for _, i := range agenda {
		r.PlannedMinutes += i.Minutes
		if i.Presenter == 0 && !i.Optional {
			r.Unpresented = append(r.Unpresented, i)
		}
	}
	return r
}

func (l loaded) requiredMinutes(tx *db.Tx) (int, error) {
	b := l.book(tx)
	rhythm, _, err := rule[rulepack.Rhythm](b, "rhythm")
	if err != nil {
		return 0, err
	}
	kind, _ := rhythm.Kind(string(l.Kind))
	if kind.Length == "" {
		return 0, nil
	}
	return b.set.Minutes(kind.Length, b.province, b.day)
}

func (l loaded) documentsBy(tx *db.Tx) (time.Time, error) {
	b := l.book(tx)
	days, err := b.set.Days("meeting.docsUpload", b.province, b.day)
	return l.Starts.Add(-time.Duration(days) * 24 * time.Hour), err
}

// MarkPrepared says that the preparation is finished. Who prepares the meeting
// may; an empty agenda, a meeting that has begun or a stale version is
// errs.Conflict. What is open stays visible in the checklist.
func MarkPrepared(tx *db.Tx, by access.Actor, meeting ID, version int64) (Meeting, error) {
	l, err := loadUpcoming(tx, by, access.MeetingPrepare, meeting, version)
	if err != nil {
		return Meeting{}, err
	}
	agenda, err := items(tx, l.ID)
	if err != nil {
		return Meeting{}, err
	}
	if len(agenda) == 0 {
		return Meeting{}, errs.New(errs.Conflict, "meeting.error.no_agenda")
	}
	return l.step(tx, by, "MarkPrepared", func(m *Meeting) { first(&m.PreparedAt, tx.Now) }, before)
}

// first keeps the time of the first time.
func first(at *time.Time, now time.Time) {
	if at.IsZero() {
		*at = now
	}
}

// step notes times of the meeting, takes it along the way to where they bring
// it, saves and journals.
func (l loaded) step(tx *db.Tx, by access.Actor, verb string, set func(*Meeting), way []State) (Meeting, error) {
	states, err := l.states(tx)
	if err != nil {
		return Meeting{}, err
	}
	was := l.Meeting
	set(&l.Meeting)
	l.advance(states, way)
	if err := save(tx, &l.Meeting); err != nil {
		return Meeting{}, err
	}
	return l.Meeting, noteTally(tx, by, l, verb, map[string]any{"state": was.State}, map[string]any{"state": l.State}, l.tallied().Minus(was.tallied()))
}

// Document is a file that a blob store has taken.
type Document struct {
	Name, Media, Hash string
	Size              int64
}

// AttachDocument adds a file to the meeting's documents. Who prepares the
// meeting may, until its minutes are approved.
func AttachDocument(tx *db.Tx, by access.Actor, meeting ID, d Document) (attachment.Attachment, error) {
	l, err := load(tx, by, access.MeetingPrepare, meeting)
	if err != nil {
		return attachment.Attachment{}, err
	}
	if l.Sealed() {
		return attachment.Attachment{}, errs.New(errs.Conflict, "meeting.error.sealed")
	}
	return attachment.Add(tx, by, attachment.New{
		Unit: l.Unit, Noun: Noun, NounID: int64(l.ID), Name: d.Name, Media: d.Media, Hash: d.Hash, Size: d.Size,
	})
}

// RemoveDocument takes a file off the meeting. Who prepares the meeting may,
// until the documents are posted: what members may have read stays
// (errs.Conflict).
func RemoveDocument(tx *db.Tx, by access.Actor, meeting ID, document attachment.ID) error {
	l, err := load(tx, by, access.MeetingPrepare, meeting)
	if err != nil {
		return err
	}
	a, err := attachment.Find(tx, document)
	if err != nil {
		return err
	}
	if a.Noun != Noun || a.NounID != int64(l.ID) {
		return errs.New(errs.NotFound, "errs.not_found")
	}
	if !l.DocsPostedAt.IsZero() {
		return errs.New(errs.Conflict, "meeting.error.docs_posted")
	}
	return attachment.Remove(tx, by, a.ID)
}

// Documents are the files of a meeting. Members read them once they are
// posted; before that they see none.
func Documents(tx *db.Tx, by access.Actor, meeting ID) ([]attachment.Attachment, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil || (l.DocsPostedAt.IsZero() && !l.inside(by)) {
		return nil, err
	}
	return attachment.Of(tx, Noun, int64(l.ID))
}

// FindDocument is one file of a meeting that the actor may read.
func FindDocument(tx *db.Tx, by access.Actor, document attachment.ID) (attachment.Attachment, error) {
	a, err := attachment.Find(tx, document)
	if err != nil {
		return attachment.Attachment{}, err
	}
	if a.Noun != Noun {
		return attachment.Attachment{}, errs.New(errs.NotFound, "errs.not_found")
	}
	list, err := Documents(tx, by, ID(a.NounID))
	if err != nil {
		return attachment.Attachment{}, err
	}
	if !slices.ContainsFunc(list, func(seen attachment.Attachment) bool { return seen.ID == a.ID }) {
		return attachment.Attachment{}, errs.New(errs.NotFound, "errs.not_found")
	}
	return a, nil
}

// PostDocuments gives the files to the members and keeps the time, from which
// follows whether it was the pack's day before the start (rules 22.1). Who
// prepares the meeting may; without a file, or on a stale version, it is
// errs.Conflict. Posted before the meeting is announced, they appear with it.
func PostDocuments(tx *db.Tx, by access.Actor, meeting ID, version int64) (Meeting, error) {
	l, err := loadUpcoming(tx, by, access.MeetingPrepare, meeting, version)
	if err != nil {
		return Meeting{}, err
	}
	files, err := attachment.Of(tx, Noun, int64(l.ID))
	if err != nil {
		return Meeting{}, err
	}
	if len(files) == 0 {
		return Meeting{}, errs.New(errs.Conflict, "meeting.error.no_documents")
	}
	m, err := l.step(tx, by, "PostDocuments", func(m *Meeting) { m.DocsPostedAt = tx.Now }, before)
	if err != nil {
		return Meeting{}, err
	}
	l.Meeting = m
	return m, tell(tx, by, l, "meeting.notice.documents")
}
