package meeting

import (
	"cmp"
	"slices"
	"time"

	"chibo/internal/domain/notice"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// Plan is what people decide about a meeting beforehand.
type Plan struct {
	Unit orgtree.ID
	Kind Kind
	// Month is the month it is held for; none is that of Starts.
	Month  Month
	Starts time.Time
	// Minutes is the planned length; 0 takes the least that the pack asks.
	Minutes    int
	Mode       Mode   // none is in person
	ModeReason string // where the pack asks why people do not meet in one room
	Place      string
	Topic      string
	TopicKey   string // a topic of the pack; its label serves where Topic is empty
	// DayReason says why the day is not the pack's, or why a kind of meeting
	// is held that needs a reason.
	DayReason string
	Group     unit.GroupID
	Chair     access.PersonID // none is the secretary
}

const (
	longestMeeting = 24 * 60 // minutes
	usualLength    = 60      // where the pack names no least length
)

// ProposeDay is the day on which the unit's regular meeting of the month
// falls: the pack's day or, where that is a day off, the nearest in its window
// (rules 22.1). Who prepares meetings there may ask.
func ProposeDay(tx *db.Tx, by access.Actor, unit orgtree.ID, month Month) (clock.Date, error) {
	at, err := access.Require(tx, by, access.MeetingPrepare, unit)
	if err != nil {
		return clock.Date{}, err
	}
	if month, err = ParseMonth(string(month)); err != nil {
		return clock.Date{}, err
	}
	return proposeDay(bookOf(tx, at, month.First()), Regular, month)
}

func proposeDay(b book, kind Kind, month Month) (clock.Date, error) {
	rhythm, _, err := rule[rulepack.Rhythm](b, "rhythm")
	if err != nil {
		return clock.Date{}, err
	}
	k, _ := rhythm.Kind(string(kind))
	first := month.First()
	return k.DayIn(first.Year(), first.Month(), b.set.WorkingDays()), nil
}

// Schedule plans a meeting with the agenda and the steps of the pack. Who
// prepares meetings at the unit may. Wrong fields are errs.Invalid; a second
// regular meeting of a month is errs.Conflict.
func Schedule(tx *db.Tx, by access.Actor, p Plan) (Meeting, error) {
	at, err := access.Require(tx, by, access.MeetingPrepare, p.Unit)
	if err != nil {
		return Meeting{}, err
	}
	rules, err := p.complete(tx, at)
	if err != nil {
		return Meeting{}, err
	}
	if held := MonthOf(clock.DateOf(p.Starts)); p.Month != held && p.Month.Add(1) != held {
		return Meeting{}, errs.Field("month", "meeting.error.month")
	}
	m := p.onto(Meeting{ID: id.New[Meeting](), Unit: p.Unit, Kind: p.Kind, State: Planned, Month: p.Month, Rules: rules, Version: 1})
	if err := refuseSecond(tx, m); err != nil {
		return Meeting{}, err
	}
	if m.Chair, err = chairOf(tx, m, clock.DateOf(tx.Now)); err != nil {
		return Meeting{}, err
	}
	if err := insert(tx, m); err != nil {
		return Meeting{}, err
	}
	l := loaded{m, at}
	if err := layOut(tx, l); err != nil {
		return Meeting{}, err
	}
	return m, note(tx, by, l, "Schedule", nil, planned(m))
}

// layOut copies agenda and steps of the packs into a new meeting.
func layOut(tx *db.Tx, l loaded) error {
	if err := layAgenda(tx, l); err != nil {
		return err
	}
	return laySteps(tx, l)
}

// planned is the part of a meeting that a plan decides, as the journal keeps it.
func planned(m Meeting) map[string]any {
	return map[string]any{
		"kind": m.Kind, "month": m.Month, "starts": m.Starts, "minutes": m.Minutes, "mode": m.Mode, "mode_reason": m.ModeReason,
		"place": m.Place, "topic": m.Topic, "day_reason": m.DayReason, "group": m.Group, "chair": m.Chair, "rules": m.Rules,
	}
}

// complete tidies the plan, fills what was left open and says what is wrong.
func (p *Plan) complete(tx *db.Tx, at orgtree.Unit) (rulepack.Ref, error) {
	if p.Starts.IsZero() {
		return rulepack.Ref{}, errs.Field("starts", "errs.required")
	}
	day := clock.DateOf(p.Starts)
	month, err := ParseMonth(string(cmp.Or(p.Month, MonthOf(day))))
	if err != nil {
		return rulepack.Ref{}, err
	}
	p.Month = month
	p.Mode = cmp.Or(p.Mode, InPerson)
	b := bookOf(tx, at, day)
	rhythm, ref, err := rule[rulepack.Rhythm](b, "rhythm")
	if err != nil {
		return ref, err
	}
	kind, known := rhythm.Kind(string(p.Kind))
	if !known || (p.Kind != Committee && !at.IsCell()) {
		return ref, errs.Field("kind", "meeting.error.kind")
	}
	if err := p.fillTopic(b, at); err != nil {
		return ref, err
	}
	if err := p.fillLength(b, kind); err != nil {
		return ref, err
	}
	return ref, p.check(rhythm, kind, day, tx.Now)
}

func (p *Plan) fillTopic(b book, at orgtree.Unit) error {
	if p.TopicKey == "" {
		return nil
	}
	topics, _, err := rule[rulepack.Topics](b, "topics")
	if err != nil {
		return err
	}
	list := topics.For(at.CellType)
	i := slices.IndexFunc(list, func(t rulepack.Topic) bool { return t.ID == p.TopicKey })
	if i < 0 {
		return errs.Field("topic_key", "meeting.error.topic_key")
	}
	p.Topic = cmp.Or(p.Topic, list[i].Label)
	return nil
}

func (p *Plan) fillLength(b book, kind rulepack.MeetingKind) (err error) {
	switch {
	case p.Minutes != 0:
	case kind.Length == "":
		p.Minutes = usualLength
	default:
		p.Minutes, err = b.set.Minutes(kind.Length, b.province, b.day)
	}
	return err
}

func (p *Plan) check(rhythm rulepack.Rhythm, kind rulepack.MeetingKind, day clock.Date, now time.Time) error {
	i := slices.IndexFunc(rhythm.Modes, func(m rulepack.Mode) bool { return m.ID == string(p.Mode) })
	if i < 0 {
		return errs.Field("mode", "meeting.error.mode")
	}
	var w typed
	w.near("starts", p.Starts, now)
	w.between("minutes", p.Minutes, 1, longestMeeting)
	w.line("mode_reason", &p.ModeReason, rhythm.Modes[i].NeedsReason)
	w.line("place", &p.Place, p.Mode != Online)
	w.line("topic", &p.Topic, p.Kind.HasTheme())
	w.line("day_reason", &p.DayReason, kind.NeedsReason)
	if p.DayReason == "" && !p.timely(kind, day) {
		w.Add("day_reason", "meeting.error.day_reason", kind.FirstDay, kind.LastDay)
	}
	w.Check(p.Group != 0 || p.Kind != Group, "group", "errs.required")
	return w.Err()
}

// timely reports whether the day needs no reason: a month's meeting lies in
// the pack's window of that very month.
func (p *Plan) timely(kind rulepack.MeetingKind, day clock.Date) bool {
	return kind.Timely(day) && (kind.Day == 0 || MonthOf(day) == p.Month)
}

func (p *Plan) onto(m Meeting) Meeting {
	m.Starts, m.Minutes, m.Mode, m.ModeReason, m.Place = p.Starts.Truncate(time.Minute), p.Minutes, p.Mode, p.ModeReason, p.Place
	m.Topic, m.TopicKey, m.DayReason, m.Group, m.Chair = p.Topic, p.TopicKey, p.DayReason, p.Group, p.Chair
	return m
}

// refuseSecond keeps the month to one regular meeting, before the unique index
// does so less politely.
func refuseSecond(tx *db.Tx, m Meeting) error {
	if !m.Kind.Monthly() {
		return nil
	}
	_, taken, err := monthly(tx, m.Unit, m.Month)
	if err == nil && taken {
		err = errs.New(errs.Conflict, "meeting.error.month_taken", m.Month.Vietnamese())
	}
	return err
}

// monthly is the regular or combined meeting of the unit for the month.
func monthly(tx *db.Tx, unit orgtree.ID, month Month) (Meeting, bool, error) {
	return db.Maybe(tx, scan, `SELECT `+columns+` FROM meeting m
		WHERE m.unit_id = $1 AND m.month = $2 AND m.kind IN ('regular', 'combined') AND m.state <> 'cancelled'`, unit, month)
}

// chairOf is the chosen chair, or the secretary of the day.
func chairOf(tx *db.Tx, m Meeting, day clock.Date) (access.PersonID, error) {
	if m.Chair != 0 {
		return m.Chair, nil
	}
	holders, err := access.Holders(tx, m.Unit, access.Secretary, day)
	if err != nil || len(holders) == 0 {
		return 0, err
	}
	return holders[0].Person, nil
}

// Year is what a whole year of meetings has in common.
type Year struct {
	Unit         orgtree.ID
	Year         int
	Hour, Minute int
	Place        string
	// Topics are those of the quarters' thematic meetings; an empty one plans
	// none.
	Topics [4]string
}

// PlanYear drafts the regular meetings of a year, each on the pack's day, and
// the thematic ones of the quarters that have a topic, in the middle of the
// quarter. Months that have a regular meeting, quarters that have a thematic
// one, and days already past are left alone, so doing it twice is harmless.
// Who prepares meetings at the unit may.
func PlanYear(tx *db.Tx, by access.Actor, y Year) ([]Meeting, error) {
	at, err := access.Require(tx, by, access.MeetingPrepare, y.Unit)
	if err != nil {
		return nil, err
	}
	today := clock.DateOf(tx.Now)
	var w typed
	w.between("year", y.Year, today.Year(), today.Year()+1)
	w.between("hour", y.Hour, 0, 23)
	w.between("minute", y.Minute, 0, 59)
	if err := w.Err(); err != nil {
		return nil, err
	}
	plans, err := y.plans(tx, at)
	if err != nil {
		return nil, err
	}
	var drafts []Meeting
	for _, p := range plans {
		if clock.DateOf(p.Starts).Before(today) {
			continue
		}
		m, err := Schedule(tx, by, p)
		if err != nil {
			return nil, err
		}
		drafts = append(drafts, m)
	}
	return drafts, nil
}

func (y Year) plans(tx *db.Tx, at orgtree.Unit) ([]Plan, error) {
	january := MonthOf(clock.NewDate(y.Year, time.January, 1))
	held, err := inMonths(tx, at.ID, january, january.Add(11))
	if err != nil {
		return nil, err
	}
	var list []Plan
	for i := range 12 {
		month := january.Add(i)
		if taken(held, func(m Meeting) bool { return m.Kind.Monthly() && m.Month == month }) {
			continue
		}
		day, err := proposeDay(bookOf(tx, at, month.First()), Regular, month)
		if err != nil {
			return nil, err
		}
		list = append(list, y.plan(Regular, month, day))
	}
	for quarter, topic := range y.Topics {
		month := january.Add(quarter*3 + 1)
		if topic == "" || taken(held, func(m Meeting) bool { return m.Kind.HasTheme() && m.Month.Quarter() == quarter+1 }) {
			continue
		}
		p := y.plan(Thematic, month, middle(month, rulepack.Of(tx).WorkingDays()))
		p.Topic = topic
		list = append(list, p)
	}
	return list, nil
}

func (y Year) plan(kind Kind, month Month, day clock.Date) Plan {
	return Plan{Unit: y.Unit, Kind: kind, Month: month, Starts: day.At(y.Hour, y.Minute), Place: y.Place}
}

// middle is the first working day from the middle of the month on.
func middle(month Month, calendar *rulepack.WorkingDays) clock.Date {
	return calendar.AddWorkingDays(month.First().AddDays(13), 1)
}

func taken(held []Meeting, is func(Meeting) bool) bool {
	return slices.ContainsFunc(held, func(m Meeting) bool { return m.State != Cancelled && is(m) })
}

// inMonths are the unit's meetings of the months, by time.
func inMonths(tx *db.Tx, unit orgtree.ID, from, to Month) ([]Meeting, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM meeting m
		WHERE m.unit_id = $1 AND m.month >= $2 AND m.month <= $3 ORDER BY m.starts, m.id`, unit, from, to)
}

// Change replaces the plan of a meeting that has not begun. Who prepares it
// may. Once it has been announced its time changes by Postpone alone, and the
// members are told of the rest. A stale version is errs.Conflict; kind, unit
// and month stay.
func Change(tx *db.Tx, by access.Actor, meeting ID, version int64, p Plan) (Meeting, error) {
	l, err := loadUpcoming(tx, by, access.MeetingPrepare, meeting, version)
	if err != nil {
		return Meeting{}, err
	}
	p.Unit, p.Kind, p.Month = l.Unit, l.Kind, l.Month
	ref, err := p.complete(tx, l.at)
	if err != nil {
		return Meeting{}, err
	}
	was := l.Meeting
	l.Meeting = p.onto(l.Meeting)
	l.Chair = cmp.Or(l.Chair, was.Chair)
	l.Rules = ref
	if !was.AnnouncedAt.IsZero() && !was.Starts.Equal(l.Starts) {
		return Meeting{}, errs.Field("starts", "meeting.error.use_postpone")
	}
	if err := save(tx, &l.Meeting); err != nil {
		return Meeting{}, err
	}
	if err := tell(tx, by, l, "meeting.notice.changed"); err != nil {
		return Meeting{}, err
	}
	return l.Meeting, note(tx, by, l, "Change", planned(was), planned(l.Meeting))
}

// loadUpcoming is loadVersion for a meeting that has not begun.
func loadUpcoming(tx *db.Tx, by access.Actor, act access.Action, meeting ID, version int64) (loaded, error) {
	l, err := loadVersion(tx, by, act, meeting, version)
	if err != nil {
		return l, err
	}
	return l, l.mustBeUpcoming(tx)
}

func (l loaded) mustBeUpcoming(tx *db.Tx) error {
	if l.State.Upcoming() {
		return nil
	}
	states, err := l.states(tx)
	if err != nil {
		return err
	}
	return l.refuse(states)
}

// Postponement is a new time for a meeting and why (S-51).
type Postponement struct {
	Starts time.Time
	Place  string // none stays
	Reason string
}

// Postpone puts a meeting off. The secretary or deputy may. The month it is
// held for stays, and whoever had been told of it is told again. A meeting
// that has begun, or a stale version, is errs.Conflict.
func Postpone(tx *db.Tx, by access.Actor, meeting ID, version int64, p Postponement) (Meeting, error) {
	l, err := loadUpcoming(tx, by, access.MeetingConclude, meeting, version)
	if err != nil {
		return Meeting{}, err
	}
	var w typed
	w.near("starts", p.Starts, tx.Now)
	w.Check(p.Starts.After(tx.Now), "starts", "meeting.error.past")
	w.Check(!p.Starts.Equal(l.Starts), "starts", "meeting.error.same_time")
	w.line("place", &p.Place, false)
	w.line("reason", &p.Reason, true)
	if err := w.Err(); err != nil {
		return Meeting{}, err
	}
	states, err := l.states(tx)
	if err != nil {
		return Meeting{}, err
	}
	was := l.Meeting
	if err := l.move(states, Postponed); err != nil {
		return Meeting{}, err
	}
	l.Starts, l.Place, l.StopReason = p.Starts.Truncate(time.Minute), cmp.Or(p.Place, l.Place), p.Reason
	l.Postponements++
	return l.Meeting, putOff(tx, by, &l, was)
}

func putOff(tx *db.Tx, by access.Actor, l *loaded, was Meeting) error {
	if err := save(tx, &l.Meeting); err != nil {
		return err
	}
	if _, err := tx.Exec(`INSERT INTO meeting_move (id, meeting_id, was, becomes, reason, at, person_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		id.New[Move](), l.ID, was.Starts, l.Starts, l.StopReason, tx.Now, by.Person); err != nil {
		return err
	}
	if err := tell(tx, by, *l, "meeting.notice.postponed"); err != nil {
		return err
	}
	return note(tx, by, *l, "Postpone", map[string]any{"starts": was.Starts, "state": was.State},
		map[string]any{"starts": l.Starts, "place": l.Place, "reason": l.StopReason})
}

// Cancel gives a meeting up, with a reason. The secretary or deputy may. The
// month is then free for another one.
func Cancel(tx *db.Tx, by access.Actor, meeting ID, version int64, reason string) (Meeting, error) {
	l, err := loadUpcoming(tx, by, access.MeetingConclude, meeting, version)
	if err != nil {
		return Meeting{}, err
	}
	var w typed
	w.line("reason", &reason, true)
	if err := w.Err(); err != nil {
		return Meeting{}, err
	}
	states, err := l.states(tx)
	if err != nil {
		return Meeting{}, err
	}
	was := l.State
	if err := l.move(states, Cancelled); err != nil {
		return Meeting{}, err
	}
	l.StopReason = reason
	if err := save(tx, &l.Meeting); err != nil {
		return Meeting{}, err
	}
	if err := l.withdrawMinuteTaker(tx); err != nil {
		return Meeting{}, err
	}
	if err := tell(tx, by, l, "meeting.notice.cancelled"); err != nil {
		return Meeting{}, err
	}
	return l.Meeting, note(tx, by, l, "Cancel", map[string]any{"state": was}, map[string]any{"state": l.State, "reason": reason})
}

// tell sends a notice about the meeting to all who were told that it is held.
func tell(tx *db.Tx, by access.Actor, l loaded, key string) error {
	if l.AnnouncedAt.IsZero() {
		return nil
	}
	people, err := db.All(tx, db.Column[access.PersonID], `SELECT person_id FROM meeting_told WHERE meeting_id = $1 ORDER BY person_id`, l.ID)
	if err != nil {
		return err
	}
	return notice.Send(tx, by, l.notice(key, people))
}

// notice is a message about the meeting, with its day, hour and place.
func (l loaded) notice(key string, to []access.PersonID) notice.Notice {
	starts := l.Starts.In(clock.Zone)
	return notice.Notice{To: to, Unit: l.Unit, Key: key, Link: "/meetings/" + l.ID.String(), Sudden: l.sudden(), Args: map[string]string{
		"unit": l.at.Name, "day": l.Day().Vietnamese(), "time": starts.Format("15:04"), "place": l.Place, "reason": l.StopReason,
	}}
}

// sudden is when a meeting begins that nobody expects, and zero for others.
func (l loaded) sudden() time.Time {
	if l.Kind == Extraordinary {
		return l.Starts
	}
	return time.Time{}
}

// Move is one time that a meeting was put off.
type Move struct {
	Was, Becomes time.Time
	Reason       string
	At           time.Time
	By           access.PersonID
}

// Moves are the postponements of a meeting, oldest first. Who sees the meeting
// may read them.
func Moves(tx *db.Tx, by access.Actor, meeting ID) ([]Move, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return nil, err
	}
	return db.All(tx, func(row db.Row) (m Move, err error) {
		return m, row.Scan(db.Instant(&m.Was), db.Instant(&m.Becomes), &m.Reason, db.Instant(&m.At), &m.By)
	}, `SELECT was, becomes, reason, at, person_id FROM meeting_move WHERE meeting_id = $1 ORDER BY id`, l.ID)
}
