package meeting

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"chibo/internal/kernel/access"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/id"
)

// ItemID names an item of an agenda.
type ItemID = id.Of[Item]

// Item is one entry of an agenda.
type Item struct {
	ID      ItemID
	Meeting ID
	Place   int    // from 1
	Slot    string // its id in the pack's frame; "" was added by hand
	Kind    string // one of the pack's kinds of item
	Phase   string
	Title   string
	Note    string // what it is about this time
	// Headings are the lines to be dealt with under the item (rules 22.3).
	Headings  []Heading
	Who       string // the role that presents it
	Presenter access.PersonID
	Minutes   int
	Optional  bool
	Rota      bool // the presenter rotates among members (S-22, S-46)

	// The timer: when it first started, since when it runs, what it counted
	// before that, when it was finished or skipped.
	StartedAt, RunningSince time.Time
	Used                    time.Duration
	FinishedAt              time.Time
	SkipReason              string
	Version                 int64
}

// Heading is a line under an item.
type Heading struct {
	Text string
	Done bool
}

// Spent is how long the item has taken up to now.
func (i Item) Spent(now time.Time) time.Duration {
	if i.RunningSince.IsZero() {
		return i.Used
	}
	return i.Used + now.Sub(i.RunningSince)
}

// Over is by how much the item exceeds its planned minutes; 0 is not.
func (i Item) Over(now time.Time) time.Duration {
	if i.Minutes == 0 {
		return 0
	}
	return max(0, i.Spent(now)-time.Duration(i.Minutes)*time.Minute)
}

// Running, Finished and Skipped tell what has become of the item.
func (i Item) Running() bool  { return !i.RunningSince.IsZero() }
func (i Item) Finished() bool { return !i.FinishedAt.IsZero() && i.SkipReason == "" }
func (i Item) Skipped() bool  { return i.SkipReason != "" }

// untouched reports whether the timer never ran and nobody skipped it.
func (i Item) untouched() bool { return i.StartedAt.IsZero() && i.FinishedAt.IsZero() }

const itemColumns = `i.id, i.meeting_id, i.place, i.slot, i.kind, i.phase, i.title, i.note, i.headings, i.who, i.presenter_id, i.minutes, i.optional,
	i.rota, i.started, i.running, i.used, i.finished, i.skip_reason, i.version`

func scanItem(row db.Row) (i Item, err error) {
	var headings string
	var used int64
	err = row.Scan(&i.ID, &i.Meeting, &i.Place, &i.Slot, &i.Kind, &i.Phase, &i.Title, &i.Note, &headings, &i.Who, &i.Presenter, &i.Minutes, &i.Optional,
		&i.Rota, db.Instant(&i.StartedAt), db.Instant(&i.RunningSince), &used, db.Instant(&i.FinishedAt), &i.SkipReason, &i.Version)
	i.Used = time.Duration(used) * time.Millisecond
	i.Headings = readHeadings(headings)
	return i, err
}

func insertItem(tx *db.Tx, i Item) error {
	_, err := tx.Exec(`INSERT INTO meeting_item (id, meeting_id, place, slot, kind, phase, title, note, headings, who, presenter_id, minutes, optional, rota, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)`,
		i.ID, i.Meeting, i.Place, i.Slot, i.Kind, i.Phase, i.Title, i.Note, writeHeadings(i.Headings), i.Who, i.Presenter, i.Minutes, i.Optional, i.Rota)
	return err
}

func saveItem(tx *db.Tx, i *Item) error {
	err := tx.Change(`UPDATE meeting_item SET title = $1, note = $2, headings = $3, presenter_id = $4, minutes = $5, started = $6, running = $7,
		used = $8, finished = $9, skip_reason = $10, version = version + 1 WHERE id = $11 AND version = $12`,
		i.Title, i.Note, writeHeadings(i.Headings), i.Presenter, i.Minutes, i.StartedAt, i.RunningSince, i.Used, i.FinishedAt, i.SkipReason, i.ID, i.Version)
	if err == nil {
		i.Version++
	}
	return err
}

// Headings are stored one a line, each after '+' (done) or '-'.
func readHeadings(stored string) []Heading {
	var list []Heading
	for line := range strings.Lines(stored) {
		line = strings.TrimSuffix(line, "\n")
		list = append(list, Heading{Text: line[1:], Done: line[0] == '+'})
	}
	return list
}

func writeHeadings(list []Heading) string {
	lines := make([]string, len(list))
	for i, h := range list {
		lines[i] = "-" + h.Text
		if h.Done {
			lines[i] = "+" + h.Text
		}
	}
	return strings.Join(lines, "\n")
}

// items is the agenda in order, whoever asks.
func items(tx *db.Tx, meeting ID) ([]Item, error) {
	return db.All(tx, scanItem, `SELECT `+itemColumns+` FROM meeting_item i WHERE i.meeting_id = $1 ORDER BY i.place, i.id`, meeting)
}

// Agenda is the items of a meeting in order. Who sees the meeting may read it.
func Agenda(tx *db.Tx, by access.Actor, meeting ID) ([]Item, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return nil, err
	}
	return items(tx, l.ID)
}

// layAgenda copies the frame of the kind of meeting, with the headings of the
// type of cell, into a new meeting.
func layAgenda(tx *db.Tx, l loaded) error {
	frame, err := frameOf(tx, l)
	if err != nil {
		return err
	}
	who, err := presenters(tx, l)
	if err != nil {
		return err
	}
	for n, item := range frame {
		i := fromFrame(item, l.ID, n+1)
		i.Presenter = who[access.Role(item.Presenter)]
		if err := insertItem(tx, i); err != nil {
			return err
		}
	}
	return nil
}

func frameOf(tx *db.Tx, l loaded) ([]rulepack.AgendaItem, error) {
	agenda, _, err := rule[rulepack.Agenda](l.book(tx), "agenda")
	return agenda.For(l.at.CellType, string(l.Kind)), err
}

func fromFrame(f rulepack.AgendaItem, meeting ID, place int) Item {
	i := Item{
		ID: id.New[Item](), Meeting: meeting, Place: place, Slot: f.ID, Kind: f.Kind, Phase: f.Phase, Title: f.Label,
		Who: f.Presenter, Minutes: f.Minutes, Optional: f.Optional, Rota: f.Rota, Version: 1,
	}
	for _, line := range f.Lines {
		i.Headings = append(i.Headings, Heading{Text: line})
	}
	return i
}

// chair and duesCollector are what the packs call whoever leads the meeting and
// whoever reports on the dues.
const (
	chair         access.Role = "chair"
	duesCollector access.Role = "dues_collector"
)

// presenters are who presents by the roles of the packs. Where there is no
// committee the deputy and the secretary weigh the meeting (rules 22.2, step
// 19), and the head speaks for the dues that somebody else collects (rules
// 21.4). Who is one of the members, people choose.
func presenters(tx *db.Tx, l loaded) (map[access.Role]access.PersonID, error) {
	who, err := holders(tx, l)
	if err != nil {
		return nil, err
	}
	committee, err := access.Holders(tx, l.Unit, access.CommitteeMember, clock.DateOf(tx.Now))
	if err != nil {
		return nil, err
	}
	if len(committee) > 0 {
		who[access.CommitteeMember] = committee[0].Person
	}
	head := cmp.Or(who[access.Secretary], who[access.Deputy])
	who[access.CommitteeMember] = cmp.Or(who[access.CommitteeMember], who[access.Deputy], head)
	who[duesCollector] = head
	return who, nil
}

// holders are who fills the roles that the packs name for the meeting: the
// chair, the minute-taker, and today's first secretary and deputy.
func holders(tx *db.Tx, l loaded) (map[access.Role]access.PersonID, error) {
	who := map[access.Role]access.PersonID{chair: l.Chair, access.MinuteTaker: l.MinuteTaker}
	for _, role := range []access.Role{access.Secretary, access.Deputy} {
		held, err := access.Holders(tx, l.Unit, role, clock.DateOf(tx.Now))
		if err != nil {
			return nil, err
		}
		if len(held) > 0 {
			who[role] = held[0].Person
		}
	}
	return who, nil
}

// ItemText is what people write about an item.
type ItemText struct {
	Kind      string // of a new item; none is an ordinary matter
	Title     string
	Note      string
	Headings  []Heading
	Presenter access.PersonID
	Minutes   int
}

// ordinaryItem is the kind of an item that was added by hand.
const ordinaryItem = "other"

func (t *ItemText) check() error {
	var w typed
	w.line("title", &t.Title, true)
	w.block("note", &t.Note, false)
	w.between("minutes", t.Minutes, 0, longestMeeting)
	w.Check(len(t.Headings) <= mostHeadings, "headings", "errs.range", 0, mostHeadings)
	t.Headings = slices.Clone(t.Headings)
	for i := range t.Headings {
		w.line("headings", &t.Headings[i].Text, true)
	}
	return w.Err()
}

const (
	mostHeadings = 50
	mostItems    = 60
)

// closingPhase is the packs' name for the part of a meeting with which it ends.
const closingPhase = "close"

// AddItem puts an item at the place: 1 is first, one too high is last, and 0
// is before those with which the meeting closes. Who prepares the meeting may, and who runs it once it has begun.
func AddItem(tx *db.Tx, by access.Actor, meeting ID, place int, t ItemText) (Item, error) {
	l, err := loadForAgenda(tx, by, meeting)
	if err != nil {
		return Item{}, err
	}
	list, err := items(tx, l.ID)
	if err != nil {
		return Item{}, err
	}
	if len(list) >= mostItems {
		return Item{}, errs.New(errs.Conflict, "meeting.error.too_many_items", mostItems)
	}
	if t.Kind == "" {
		t.Kind = ordinaryItem
	}
	if err := l.checkItem(tx, &t); err != nil {
		return Item{}, err
	}
	if err := l.mustBelong(tx, "presenter", t.Presenter); err != nil {
		return Item{}, err
	}
	i := Item{
		ID: id.New[Item](), Meeting: l.ID, Kind: t.Kind, Title: t.Title, Note: t.Note, Headings: t.Headings,
		Presenter: t.Presenter, Minutes: t.Minutes, Place: len(list) + 1, Version: 1,
	}
	if place == 0 {
		place = beforeClosing(list)
	}
	if at := place - 1; at >= 0 && at < len(list) {
		i.Place, i.Phase = place, phaseAt(list, at)
		if err := shift(tx, l.ID, place, len(list), 1); err != nil {
			return Item{}, err
		}
	}
	if err := insertItem(tx, i); err != nil {
		return Item{}, err
	}
	return i, note(tx, by, l, "AddItem", nil, itemRecord(i))
}

// beforeClosing is the place of the first item with which the meeting closes,
// or the one behind the last.
func beforeClosing(list []Item) int {
	at := slices.IndexFunc(list, func(i Item) bool { return i.Phase == closingPhase })
	if at < 0 {
		at = len(list)
	}
	return at + 1
}

// phaseAt is the part of the meeting in which a new item falls that comes
// before the one there. What comes before the closing belongs to what was
// before it.
func phaseAt(list []Item, at int) string {
	if at > 0 && list[at].Phase == closingPhase && list[at-1].Phase != closingPhase {
		return list[at-1].Phase
	}
	return list[at].Phase
}

// checkItem checks the text, and the kind against the pack.
func (l loaded) checkItem(tx *db.Tx, t *ItemText) error {
	if err := t.check(); err != nil {
		return err
	}
	agenda, _, err := rule[rulepack.Agenda](l.book(tx), "agenda")
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(agenda.ItemKinds, func(n rulepack.Named) bool { return n.ID == t.Kind }) {
		return errs.Field("kind", "meeting.error.item_kind")
	}
	return nil
}

// shift moves the items from the place to the last one by n places.
func shift(tx *db.Tx, meeting ID, from, to, n int) error {
	_, err := tx.Exec(`UPDATE meeting_item SET place = place + $1 WHERE meeting_id = $2 AND place >= $3 AND place <= $4`, n, meeting, from, to)
	return err
}

func itemRecord(i Item) map[string]any {
	return map[string]any{
		"item": i.ID, "place": i.Place, "title": i.Title, "note": i.Note, "headings": i.Headings, "presenter": i.Presenter, "minutes": i.Minutes,
	}
}

// loadForAgenda finds a meeting whose agenda may still change: before it
// begins who prepares it may, in session also who runs it.
func loadForAgenda(tx *db.Tx, by access.Actor, meeting ID) (loaded, error) {
	l, err := load(tx, by, access.MeetingRead, meeting)
	if err != nil {
		return l, err
	}
	may := by.CanOn(access.MeetingPrepare, l.at, int64(l.ID))
	if l.State == InSession {
		may = may || by.CanOn(access.MeetingRun, l.at, int64(l.ID))
	}
	if !may {
		return l, errs.New(errs.Denied, "errs.denied")
	}
	if l.State == InSession {
		return l, nil
	}
	return l, l.mustBeUpcoming(tx)
}

// loadItem finds an item in the version at hand, with its meeting.
func loadItem(tx *db.Tx, by access.Actor, item ItemID, version int64, meetingFor func(*db.Tx, access.Actor, ID) (loaded, error)) (loaded, Item, error) {
	i, err := db.One(tx, scanItem, `SELECT `+itemColumns+` FROM meeting_item i WHERE i.id = $1`, item)
	if err != nil {
		return loaded{}, Item{}, err
	}
	l, err := meetingFor(tx, by, i.Meeting)
	if err == nil && i.Version != version {
		err = errs.New(errs.Conflict, "errs.stale")
	}
	return l, i, err
}

// ChangeItem rewrites an item; its kind stays. The rights are those of AddItem;
// a stale version is errs.Conflict.
func ChangeItem(tx *db.Tx, by access.Actor, item ItemID, version int64, t ItemText) (Item, error) {
	l, i, err := loadItem(tx, by, item, version, loadForAgenda)
	if err != nil {
		return Item{}, err
	}
	if err := t.check(); err != nil {
		return Item{}, err
	}
	if t.Presenter != i.Presenter {
		if err := l.mustBelong(tx, "presenter", t.Presenter); err != nil {
			return Item{}, err
		}
	}
	was := i
	i.Title, i.Note, i.Headings, i.Presenter, i.Minutes = t.Title, t.Note, t.Headings, t.Presenter, t.Minutes
	if err := saveItem(tx, &i); err != nil {
		return Item{}, err
	}
	return i, note(tx, by, l, "ChangeItem", itemRecord(was), itemRecord(i))
}

// MoveItem puts an item at another place; one too low or too high is the first
// or the last. The rights are those of AddItem; a stale version is
// errs.Conflict.
func MoveItem(tx *db.Tx, by access.Actor, item ItemID, version int64, place int) error {
	l, i, err := loadItem(tx, by, item, version, loadForAgenda)
	if err != nil {
		return err
	}
	list, err := items(tx, l.ID)
	if err != nil {
		return err
	}
	place = min(max(place, 1), len(list))
	switch {
	case place == i.Place:
		return nil
	case place < i.Place:
		err = shift(tx, l.ID, place, i.Place-1, 1)
	default:
		err = shift(tx, l.ID, i.Place+1, place, -1)
	}
	if err != nil {
		return err
	}
	if err := tx.Change(`UPDATE meeting_item SET place = $1, version = version + 1 WHERE id = $2 AND version = $3`, place, i.ID, version); err != nil {
		return err
	}
	return note(tx, by, l, "MoveItem", map[string]any{"item": i.ID, "place": i.Place}, map[string]any{"item": i.ID, "place": place})
}

// RemoveItem takes an item off the agenda. The rights are those of AddItem; an
// item that was begun, spoken or voted on stays (errs.Conflict): skip it.
func RemoveItem(tx *db.Tx, by access.Actor, item ItemID, version int64) error {
	l, i, err := loadItem(tx, by, item, version, loadForAgenda)
	if err != nil {
		return err
	}
	used, err := itemUsed(tx, i.ID)
	if err != nil {
		return err
	}
	if used || !i.untouched() {
		return errs.New(errs.Conflict, "meeting.error.item_used")
	}
	if err := tx.Change(`DELETE FROM meeting_item WHERE id = $1 AND version = $2`, i.ID, version); err != nil {
		return err
	}
	if err := shift(tx, l.ID, i.Place+1, mostItems+1, -1); err != nil {
		return err
	}
	return note(tx, by, l, "RemoveItem", itemRecord(i), nil)
}

func itemUsed(tx *db.Tx, item ItemID) (bool, error) {
	n, err := db.One(tx, db.Column[int], `SELECT (SELECT count(*) FROM meeting_opinion WHERE item_id = $1) +
		(SELECT count(*) FROM meeting_vote WHERE item_id = $1) + (SELECT count(*) FROM meeting_criticism WHERE item_id = $1)`, item)
	return n > 0, err
}

// loadInSession finds a meeting that is being held. Who runs it may.
func loadInSession(tx *db.Tx, by access.Actor, meeting ID) (loaded, error) {
	l, err := load(tx, by, access.MeetingRun, meeting)
	if err == nil && l.State != InSession {
		err = errs.New(errs.Conflict, "meeting.error.not_in_session")
	}
	return l, err
}

// StartItem starts an item's timer, again if it had stopped, and stops that of
// the item before. Who runs the meeting may; out of session it is
// errs.Conflict. Starting a running item changes nothing.
func StartItem(tx *db.Tx, by access.Actor, item ItemID, version int64) (Item, error) {
	l, i, err := loadItem(tx, by, item, version, loadInSession)
	if err != nil || i.Running() {
		return i, err
	}
	if _, err := tx.Exec(`UPDATE meeting_item SET used = used + ($1 - running), running = NULL, finished = $1, version = version + 1
		WHERE meeting_id = $2 AND running IS NOT NULL`, tx.Now, l.ID); err != nil {
		return Item{}, err
	}
	i.start(tx.Now)
	if err := saveItem(tx, &i); err != nil {
		return Item{}, err
	}
	return i, note(tx, by, l, "StartItem", nil, map[string]any{"item": i.ID})
}

func (i *Item) start(now time.Time) {
	if i.StartedAt.IsZero() {
		i.StartedAt = now
	}
	i.RunningSince, i.FinishedAt, i.SkipReason = now, time.Time{}, ""
}

func (i *Item) finish(now time.Time) {
	i.Used, i.RunningSince, i.FinishedAt = i.Spent(now), time.Time{}, now
}

// FinishItem stops an item's timer. Who runs the meeting may; out of session
// it is errs.Conflict. Finishing a finished item changes nothing.
func FinishItem(tx *db.Tx, by access.Actor, item ItemID, version int64) (Item, error) {
	l, i, err := loadItem(tx, by, item, version, loadInSession)
	if err != nil || i.Finished() {
		return i, err
	}
	i.finish(tx.Now)
	i.SkipReason = ""
	if err := saveItem(tx, &i); err != nil {
		return Item{}, err
	}
	return i, note(tx, by, l, "FinishItem", nil, map[string]any{"item": i.ID, "seconds": int(i.Used.Seconds())})
}

// SkipItem leaves an item out, with a reason. Who runs the meeting may; out of
// session it is errs.Conflict.
func SkipItem(tx *db.Tx, by access.Actor, item ItemID, version int64, reason string) (Item, error) {
	l, i, err := loadItem(tx, by, item, version, loadInSession)
	if err != nil {
		return Item{}, err
	}
	var w typed
	w.line("reason", &reason, true)
	if err := w.Err(); err != nil {
		return Item{}, err
	}
	i.finish(tx.Now)
	i.SkipReason = reason
	if err := saveItem(tx, &i); err != nil {
		return Item{}, err
	}
	return i, note(tx, by, l, "SkipItem", nil, map[string]any{"item": i.ID, "reason": reason})
}

// TickHeading notes that a heading of an item (the first is 0) was dealt with,
// or not. Who runs the meeting may; out of session it is errs.Conflict.
func TickHeading(tx *db.Tx, by access.Actor, item ItemID, version int64, heading int, done bool) (Item, error) {
	l, i, err := loadItem(tx, by, item, version, loadInSession)
	if err != nil {
		return Item{}, err
	}
	if heading < 0 || heading >= len(i.Headings) {
		return Item{}, errs.Field("heading", "errs.range", 0, len(i.Headings)-1)
	}
	if i.Headings[heading].Done == done {
		return i, nil
	}
	i.Headings[heading].Done = done
	if err := saveItem(tx, &i); err != nil {
		return Item{}, err
	}
	return i, note(tx, by, l, "TickHeading", nil, map[string]any{"item": i.ID, "heading": i.Headings[heading]})
}
