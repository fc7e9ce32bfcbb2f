package meeting

import (
	"slices"
	"strings"
	"time"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/kernel/tally"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Attendance is what the roll call found about a person.
type Attendance string

const (
	Unmarked Attendance = ""
	Present  Attendance = "present" // có mặt
	Excused  Attendance = "excused" // vắng có lý do
	Absent   Attendance = "absent"  // vắng không lý do
)

// How is by which hand a person was marked.
type How string

const (
	ByMinuteTaker How = "taker" // called by the minute-taker
	BySelf        How = "self"  // with the meeting's code
	ByPaper       How = "paper" // taken over from a paper roll
)

// Entry is one person on the roll, as they stood when the meeting was opened.
type Entry struct {
	Person        access.PersonID
	Name, NameKey string
	Status        member.Status
	Overlays      []string
	Group         unit.GroupID
	// Expected: an absence counts against the attendance. Votes: may vote when
	// present.
	Expected, Votes bool

	Mark     Attendance
	Mode     Mode // of who is present
	Reason   string
	Arrived  time.Time // of who is present
	How      How
	MarkedAt time.Time
	MarkedBy access.PersonID
}

// Present reports whether the person is in the room, or online.
func (e Entry) Present() bool { return e.Mark == Present }

// Late reports whether the person came after the meeting had been opened.
func (e Entry) Late(m Meeting) bool {
	return e.Present() && !m.OpenedAt.IsZero() && e.Arrived.After(m.OpenedAt.Add(grace))
}

// grace is how long after the opening nobody is late: the roll is called then.
const grace = 10 * time.Minute

// Exempt, Here and Away tell which overlay makes the person a case of its own.
func (e Entry) Exempt() bool { return slices.Contains(e.Overlays, "exempt") }
func (e Entry) Here() bool   { return slices.Contains(e.Overlays, "temp_here") }
func (e Entry) Away() bool {
	return slices.ContainsFunc(e.Overlays, func(o string) bool { return o == "temp_away" || o == "abroad_temp" || o == "abroad_official" })
}

const rollColumns = `r.person_id, r.name, r.name_key, r.status, r.overlays, r.group_id, r.expected, r.votes, r.mark, r.mode, r.reason, r.arrived, r.how, r.marked, r.marked_by`

func scanEntry(row db.Row) (e Entry, err error) {
	var overlays string
	err = row.Scan(&e.Person, &e.Name, &e.NameKey, &e.Status, &overlays, &e.Group, &e.Expected, &e.Votes, &e.Mark, &e.Mode, &e.Reason,
		db.Instant(&e.Arrived), &e.How, db.Instant(&e.MarkedAt), &e.MarkedBy)
	e.Overlays = strings.Fields(overlays)
	return e, err
}

// roll is sorted here: the key of a name takes more room than all the rest of a
// row, of which a country writes 67 million a year, so that rows are written
// without it.
func roll(tx *db.Tx, meeting ID) ([]Entry, error) {
	list, err := db.All(tx, scanEntry, `SELECT `+rollColumns+` FROM meeting_roll r WHERE r.meeting_id = $1 ORDER BY r.person_id`, meeting)
	for i := range list {
		if list[i].NameKey == "" {
			list[i].NameKey = text.NameKey(list[i].Name)
		}
	}
	slices.SortStableFunc(list, func(a, b Entry) int { return strings.Compare(a.NameKey, b.NameKey) })
	return list, err
}

// Opening is what is settled when a meeting begins.
type Opening struct {
	// Chair and MinuteTaker are those planned, where they are zero.
	Chair, MinuteTaker access.PersonID
	// At is when it began, for a roll taken over from paper; zero is now.
	At time.Time
}

// Open begins a meeting: it writes the roll with everybody's standing of the
// day and the right to vote that follows (rules 2.3). Who runs the meeting may.
// A step of the preparation that is missing does not stop it; a second opening
// is errs.Conflict.
func Open(tx *db.Tx, by access.Actor, meeting ID, version int64, o Opening) (Meeting, error) {
	l, err := load(tx, by, access.MeetingRun, meeting)
	if err != nil {
		return Meeting{}, err
	}
	if err := l.mayOpen(tx, version); err != nil {
		return Meeting{}, err
	}
	if err := l.settle(tx, by, o); err != nil {
		return Meeting{}, err
	}
	if err := save(tx, &l.Meeting); err != nil {
		return Meeting{}, err
	}
	adds, err := writeRoll(tx, l)
	if err != nil {
		return Meeting{}, err
	}
	return l.Meeting, noteTally(tx, by, l, "Open", nil, map[string]any{"at": l.OpenedAt, "chair": l.Chair, "minute_taker": l.MinuteTaker}, adds)
}

func (l loaded) mayOpen(tx *db.Tx, version int64) error {
	switch {
	case l.State == InSession:
		return errs.New(errs.Conflict, "meeting.error.opened")
	case !l.State.Upcoming():
		return l.mustBeUpcoming(tx)
	case l.Version != version:
		return errs.New(errs.Conflict, "errs.stale")
	}
	return nil
}

// settle checks and sets who leads, who writes and when it began.
func (l *loaded) settle(tx *db.Tx, by access.Actor, o Opening) error {
	if o.At.IsZero() {
		o.At = tx.Now
	}
	if o.At.After(tx.Now) || tx.Now.Sub(o.At) > paperMost {
		return errs.Field("at", "meeting.error.opened_at")
	}
	if o.Chair != 0 {
		if err := l.mustBelong(tx, "chair", o.Chair); err != nil {
			return err
		}
		l.Chair = o.Chair
	}
	if o.MinuteTaker != 0 && o.MinuteTaker != l.MinuteTaker {
		if err := l.nameMinuteTaker(tx, o.MinuteTaker); err != nil {
			return err
		}
	}
	states, err := l.states(tx)
	if err != nil {
		return err
	}
	l.OpenedAt = o.At
	return l.move(states, InSession)
}

// paperMost is how long ago a meeting may have begun that is entered from
// paper; the pack's days for it (meeting.paperEntry) are a duty, not a bar.
const paperMost = 40 * 24 * time.Hour

// writeRoll adds to the roll whoever is not on it, and tells what that adds to
// the figures.
func writeRoll(tx *db.Tx, l loaded) (adds tally.Counts, err error) {
	roster, err := rosterOf(tx, l, l.Day())
	if err != nil {
		return adds, err
	}
	for _, r := range roster {
		added, err := tx.Exec(`INSERT INTO meeting_roll (meeting_id, person_id, name, name_key, status, overlays, group_id, expected, votes)
			VALUES ($1, $2, $3, '', $4, $5, $6, $7, $8) ON CONFLICT (meeting_id, person_id) DO NOTHING`,
			l.ID, r.ID, r.Name, r.Status, strings.Join(r.Overlays, " "), r.Group, r.Expected, r.Votes)
		if err != nil {
			return adds, err
		}
		if added > 0 {
			adds.Include(Entry{Expected: r.Expected}.tallied(l.Meeting))
		}
	}
	return adds, nil
}

// RefreshRoll adds to the roll whoever has been entered in the register since
// the meeting was opened; nobody on it changes. Who runs the meeting may, until
// its minutes are approved.
func RefreshRoll(tx *db.Tx, by access.Actor, meeting ID) error {
	l, err := loadForRoll(tx, by, meeting)
	if err != nil {
		return err
	}
	adds, err := writeRoll(tx, l)
	if err != nil {
		return err
	}
	return noteTally(tx, by, l, "RefreshRoll", nil, nil, adds)
}

// loadForRoll finds a meeting whose roll can be called or corrected: it was
// opened, and its minutes are not approved.
func loadForRoll(tx *db.Tx, by access.Actor, meeting ID) (loaded, error) {
	l, err := load(tx, by, access.MeetingRun, meeting)
	if err != nil {
		return l, err
	}
	return l, l.takesRecords()
}

// takesRecords refuses a meeting that has not begun or is sealed.
func (m Meeting) takesRecords() error {
	switch {
	case m.OpenedAt.IsZero():
		return errs.New(errs.Conflict, "meeting.error.not_opened")
	case m.Sealed():
		return errs.New(errs.Conflict, "meeting.error.sealed")
	}
	return nil
}

// Call is what the roll call found about one person.
type Call struct {
	Person access.PersonID
	Mark   Attendance
	Mode   Mode   // of who is present; none is the meeting's own, in person where it is mixed
	Reason string // of who is excused
	// Arrived is when somebody came; zero is now.
	Arrived time.Time
	// Paper: taken over from a paper roll.
	Paper bool
}

// Mark notes one person's attendance. Who runs the meeting may, from the
// opening until the minutes are approved; doing it twice changes nothing. A
// person who is not on the roll is errs.Invalid.
func Mark(tx *db.Tx, by access.Actor, meeting ID, c Call) (Entry, error) {
	l, err := loadForCall(tx, by, access.MeetingRun, meeting)
	if err != nil {
		return Entry{}, err
	}
	if err := l.takesRecords(); err != nil {
		return Entry{}, err
	}
	e, found, err := entryOf(tx, l.ID, c.Person)
	if err != nil {
		return Entry{}, err
	}
	if !found {
		return Entry{}, errs.Field("person", "meeting.error.not_on_roll")
	}
	marked, err := c.on(e, l.Meeting, tx.Now)
	if err != nil || marked.same(e) {
		return e, err
	}
	marked.How, marked.MarkedBy = c.hand(), by.Person
	return marked, saveMark(tx, by, l, "Mark", e, marked)
}

// hand is by which hand the call is noted.
func (c Call) hand() How {
	if c.Paper {
		return ByPaper
	}
	return ByMinuteTaker
}

// loadForCall finds a meeting for calling one person of its roll. On a meeting
// day that is asked thousands of times a second: it reads of the meeting and
// its unit only what the rights and the call rest on.
func loadForCall(tx *db.Tx, by access.Actor, act access.Action, meeting ID) (loaded, error) {
	l, err := db.One(tx, func(row db.Row) (l loaded, err error) {
		return l, row.Scan(&l.ID, &l.Unit, &l.Kind, &l.State, &l.Month, &l.Mode, &l.codeSalt,
			db.Instant(&l.AnnouncedAt), db.Instant(&l.OpenedAt), db.Instant(&l.MinutedAt), &l.at.ID, &l.at.Path)
	}, `SELECT m.id, m.unit_id, m.kind, m.state, m.month, m.mode, m.code_salt, m.announced, m.opened, m.minuted, u.id, u.path
		FROM meeting m JOIN unit u ON u.id = m.unit_id WHERE m.id = $1`, meeting)
	if err != nil {
		return loaded{}, err
	}
	return l.allow(by, act)
}

// entryOf is a person's place on the roll of a meeting, if they have one.
func entryOf(tx *db.Tx, meeting ID, person access.PersonID) (Entry, bool, error) {
	return db.Maybe(tx, scanEntry, `SELECT `+rollColumns+` FROM meeting_roll r WHERE r.meeting_id = $1 AND r.person_id = $2`, meeting, person)
}

// on is the entry after the call.
func (c Call) on(e Entry, m Meeting, now time.Time) (Entry, error) {
	var w typed
	w.Check(slices.Contains([]Attendance{Unmarked, Present, Excused, Absent}, c.Mark), "mark", "meeting.error.mark")
	w.line("reason", &c.Reason, false)
	w.Check(c.Arrived.IsZero() || !c.Arrived.After(now), "arrived", "meeting.error.arrived")
	if c.Mark == Present && c.Mode == "" {
		c.Mode = m.roomMode()
	}
	w.Check(c.Mark != Present || c.Mode == InPerson || c.Mode == Online, "mode", "meeting.error.mode")
	if err := w.Err(); err != nil {
		return e, err
	}
	was := e
	e.Mark, e.Mode, e.Reason, e.Arrived, e.MarkedAt = c.Mark, "", "", time.Time{}, now
	switch c.Mark {
	case Present:
		e.Mode, e.Arrived = c.Mode, c.Arrived
		if e.Arrived.IsZero() {
			e.Arrived = now
			if was.Present() {
				e.Arrived = was.Arrived
			}
		}
	case Excused, Absent:
		e.Reason = c.Reason
	case Unmarked:
		e.MarkedAt = time.Time{}
	}
	return e, nil
}

// roomMode is how somebody takes part of whom nothing else was said.
func (m Meeting) roomMode() Mode {
	if m.Mode == Online {
		return Online
	}
	return InPerson
}

// same reports whether the entries say the same of the person.
func (e Entry) same(other Entry) bool {
	return e.Mark == other.Mark && e.Mode == other.Mode && e.Reason == other.Reason && e.Arrived.Equal(other.Arrived)
}

// mark is the part of an entry that the journal keeps.
type mark struct {
	Person access.PersonID `json:"person"`
	Mark   Attendance      `json:"mark"`
	Mode   Mode            `json:"mode,omitempty"`
	Reason string          `json:"reason,omitempty"`
	How    How             `json:"how,omitempty"`
}

func (e Entry) mark() mark { return mark{e.Person, e.Mark, e.Mode, e.Reason, e.How} }

func saveMark(tx *db.Tx, by access.Actor, l loaded, verb string, was, e Entry) error {
	if err := updateAlike(tx, l.ID, []Entry{e}); err != nil {
		return err
	}
	adds, err := l.remarked(tx, []Entry{was}, []Entry{e})
	if err != nil {
		return err
	}
	return noteTally(tx, by, l, verb, was.mark(), e.mark(), adds)
}

// updateMarks writes entries, those that were marked alike in one statement: a
// whole roll is mostly "present".
func updateMarks(tx *db.Tx, meeting ID, changed []Entry) error {
	type like struct {
		mark    Attendance
		mode    Mode
		reason  string
		arrived int64
		how     How
	}
	alike := map[like][]Entry{}
	var order []like
	for _, e := range changed {
		key := like{e.Mark, e.Mode, e.Reason, e.Arrived.UnixMilli(), e.How}
		if alike[key] == nil {
			order = append(order, key)
		}
		alike[key] = append(alike[key], e)
	}
	for _, key := range order {
		if err := updateAlike(tx, meeting, alike[key]); err != nil {
			return err
		}
	}
	return nil
}

func updateAlike(tx *db.Tx, meeting ID, alike []Entry) error {
	e, q := alike[0], &query{}
	set := "mark = " + q.arg(e.Mark) + ", mode = " + q.arg(e.Mode) + ", reason = " + q.arg(e.Reason) + ", arrived = " + q.arg(e.Arrived) +
		", how = " + q.arg(e.How) + ", marked = " + q.arg(e.MarkedAt) + ", marked_by = " + q.arg(e.MarkedBy)
	people := make([]access.PersonID, len(alike))
	for i, e := range alike {
		people[i] = e.Person
	}
	_, err := tx.Exec(`UPDATE meeting_roll SET `+set+` WHERE meeting_id = `+q.arg(meeting)+` AND person_id IN (`+args(q, people)+`)`, q.args...)
	return err
}

// MarkAll notes the attendance of many at once, as when the minute-taker sends
// a whole roll or says "all the rest are present". The rights and failures are
// those of Mark; one wrong call and none is noted. It gives how many changed.
func MarkAll(tx *db.Tx, by access.Actor, meeting ID, calls []Call) (int, error) {
	l, err := loadForRoll(tx, by, meeting)
	if err != nil {
		return 0, err
	}
	list, err := roll(tx, l.ID)
	if err != nil {
		return 0, err
	}
	byPerson := make(map[access.PersonID]Entry, len(list))
	for _, e := range list {
		byPerson[e.Person] = e
	}
	var before, changed []Entry
	for _, c := range calls {
		was, ok := byPerson[c.Person]
		if !ok {
			return 0, errs.Field("person", "meeting.error.not_on_roll")
		}
		e, err := c.on(was, l.Meeting, tx.Now)
		if err != nil {
			return 0, err
		}
		if e.same(was) {
			continue
		}
		e.How, e.MarkedBy = c.hand(), by.Person
		byPerson[c.Person] = e
		before, changed = append(before, was), append(changed, e)
	}
	if len(changed) == 0 {
		return 0, nil
	}
	if err := updateMarks(tx, l.ID, changed); err != nil {
		return 0, err
	}
	marks := make([]mark, len(changed))
	for i, e := range changed {
		marks[i] = e.mark()
	}
	adds, err := l.remarked(tx, before, changed)
	if err != nil {
		return 0, err
	}
	return len(changed), noteTally(tx, by, l, "MarkAll", nil, marks, adds)
}

// Rest are the calls that mark everybody who is not yet marked and is expected.
func Rest(list []Entry, as Attendance) []Call {
	var calls []Call
	for _, e := range list {
		if e.Mark == Unmarked && e.Expected {
			calls = append(calls, Call{Person: e.Person, Mark: as})
		}
	}
	return calls
}

// Roll is everybody on the roll by given name. Who runs or prepares the
// meeting, and the committees above, may read it; members once it is published.
func Roll(tx *db.Tx, by access.Actor, meeting ID) ([]Entry, error) {
	l, err := loadRecords(tx, by, meeting)
	if err != nil {
		return nil, err
	}
	return roll(tx, l.ID)
}

// Mine is the actor's own place on the roll. A meeting that they cannot see, or
// a roll without them, is errs.NotFound.
func Mine(tx *db.Tx, by access.Actor, meeting ID) (Entry, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return Entry{}, err
	}
	e, found, err := entryOf(tx, l.ID, by.Person)
	if err == nil && !found {
		err = errs.New(errs.NotFound, "errs.not_found")
	}
	return e, err
}

// Missed is how often a person was excused or absent without a break.
type Missed struct {
	Person access.PersonID
	Name   string
	Times  int
	Mark   Attendance
}

// LongestExcused is, over rolls in the order of time, the longest run of
// meetings that one expected person missed with a reason (rules 22.4, line 2).
// A meeting at which they were not expected does not break it.
func LongestExcused(rolls [][]Entry) Missed {
	runs := map[access.PersonID]int{}
	var longest Missed
	for _, list := range rolls {
		for _, e := range list {
			switch {
			case e.Mark == Excused && e.Expected:
				runs[e.Person]++
			case e.Present() || e.Mark == Absent:
				runs[e.Person] = 0
			}
			if runs[e.Person] > longest.Times {
				longest = Missed{e.Person, e.Name, runs[e.Person], Excused}
			}
		}
	}
	return longest
}

// Figures are the counts of a roll (rules 2.3, 22.2 step 7, 22.4 line 2).
type Figures struct {
	// Members are the cell's own, official and probationary; those attached
	// for a time and guests are beside them.
	Members, Official, Probationary int
	TempHere, TempAway, Exempt      int
	Suspended                       int
	Guests                          int

	// Entitled are those whose presence is asked for, with those who came
	// without being asked: the whole that the rate is a part of.
	Entitled, Present, Excused, Absent, Unmarked int
	// ExemptPresent of those present are exempt, OnlinePresent take part
	// online, Late came late.
	ExemptPresent, OnlinePresent, Late int

	// Base is the number that a vote is counted against now, Voters are those
	// of it in the room.
	Base   rulepack.BaseCount
	Voters int
	// Quorate: those in the room could pass an ordinary resolution.
	Quorate bool
}

// Permille is the attendance in thousandths, rounded down: 27 of 30 is 900.
func (f Figures) Permille() int {
	if f.Entitled == 0 {
		return 0
	}
	return 1000 * f.Present / f.Entitled
}

// Count makes the figures of a roll, by the base and threshold of an ordinary
// resolution.
func Count(m Meeting, list []Entry, guests int, base rulepack.VoteBase, ordinary rulepack.Threshold) Figures {
	c := Figures{Guests: guests}
	for _, e := range list {
		c.addStanding(e)
		c.addMark(e, m)
	}
	voters := votersOf(m.Kind, list)
	c.Base = base.Count(voters, "")
	for _, v := range voters {
		if v.Present && base.Entitled(v, "") {
			c.Voters++
		}
	}
	c.Quorate = ordinary.Passed(c.Voters, c.Base.Base)
	return c
}

func (c *Figures) addStanding(e Entry) {
	switch {
	case e.Here():
		c.TempHere++
	case e.Status == member.Official:
		c.Members++
		c.Official++
	case e.Status == member.Probationary:
		c.Members++
		c.Probationary++
	}
	if e.Away() {
		c.TempAway++
	}
	if e.Exempt() {
		c.Exempt++
	}
	if slices.Contains(e.Overlays, "suspended") || slices.Contains(e.Overlays, "prosecuted") {
		c.Suspended++
	}
}

func (c *Figures) addMark(e Entry, m Meeting) {
	if !e.Expected && !e.Present() {
		return
	}
	c.Entitled++
	switch e.Mark {
	case Excused:
		c.Excused++
	case Absent:
		c.Absent++
	case Unmarked:
		c.Unmarked++
	case Present:
		c.Present++
		c.ExemptPresent += one(e.Exempt())
		c.OnlinePresent += one(e.Mode == Online)
		c.Late += one(e.Late(m))
	}
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// sitting is what the packs call a member of a committee in its votes.
const sitting = "sitting"

// votersOf is the roll as the bases of votes ask about it.
func votersOf(kind Kind, list []Entry) []rulepack.Voter {
	voters := make([]rulepack.Voter, len(list))
	for i, e := range list {
		voters[i] = rulepack.Voter{Status: string(e.Status), Overlays: e.Overlays, Present: e.Present(), Excused: e.Mark == Excused}
		if kind == Committee {
			voters[i].Status = sitting
		}
	}
	return voters
}

// Counts are the figures of a meeting's roll. Who sees the meeting may read
// them.
func Counts(tx *db.Tx, by access.Actor, meeting ID) (Figures, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return Figures{}, err
	}
	return countsOf(tx, l)
}

func countsOf(tx *db.Tx, l loaded) (Figures, error) {
	list, err := roll(tx, l.ID)
	if err != nil {
		return Figures{}, err
	}
	guests, err := db.One(tx, db.Column[int], `SELECT count(*) FROM meeting_guest WHERE meeting_id = $1`, l.ID)
	if err != nil {
		return Figures{}, err
	}
	rule, err := l.matter(tx, ordinaryMatter)
	if err != nil {
		return Figures{}, err
	}
	return Count(l.Meeting, list, guests, rule.base, rule.Threshold), nil
}
