package overview

import (
	"cmp"
	"slices"
	"unicode"

	"chibo/internal/domain/consolidation"
	"chibo/internal/domain/meeting"
	"chibo/internal/domain/score"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Span is the months that a table covers: Months of them, the last one Until.
type Span struct {
	Until  meeting.Month
	Months int
	// Detail adds attendance and speakers of every month, not of the last only.
	Detail bool
}

const monthsMost = 24

func (s Span) from() meeting.Month { return s.Until.Add(1 - s.Months) }

// last is the last month of the span alone.
func (s Span) last() Span { return Span{Until: s.Until, Months: 1} }

// withBefore is the span with the month before it, to which its first is compared.
func (s Span) withBefore() Span { return Span{Until: s.Until, Months: s.Months + 1} }

func (s Span) list() []meeting.Month {
	months := make([]meeting.Month, s.Months)
	for i := range months {
		months[i] = s.from().Add(i)
	}
	return months
}

func (s Span) check() error {
	var wrong errs.Fields
	_, err := meeting.ParseMonth(string(s.Until))
	wrong.Check(err == nil, "month", "meeting.error.month")
	wrong.Check(s.Months >= 1 && s.Months <= monthsMost, "months", "errs.range", 1, monthsMost)
	return wrong.Err()
}

// Table is the cells at or below a unit, month by month.
type Table struct {
	Unit     orgtree.Unit
	Months   []meeting.Month
	Rows     []Row // by name
	Summary  Summary
	Concerns []Concern
	// Plans are the open plans of consolidation of its cells.
	Plans map[orgtree.ID]OpenPlan
}

// OpenPlan is a plan of consolidation that is still to be carried out.
type OpenPlan struct {
	ID  consolidation.ID
	Due clock.Date
}

// Row is one cell.
type Row struct {
	Cell    orgtree.Unit
	Months  []Entry // one for each of the table's months
	Overdue int     // open tasks that are late today
	// Headless is since when the cell has had no secretary; zero when it has one.
	Headless clock.Date
}

func (r Row) last() Entry { return r.Months[len(r.Months)-1] }

// Standing is what became of the monthly meeting of a cell in a month.
type Standing string

const (
	Before  Standing = "before"  // the cell did not exist yet
	Ahead   Standing = "ahead"   // not planned, and its time has not passed
	Planned Standing = "planned" // planned, or in session
	Held    Standing = "held"
	Delayed Standing = "delayed" // held outside the days that the rhythm allows
	Overdue Standing = "overdue" // planned, its day has passed
	Missed  Standing = "missed"  // not planned, and its time has passed
)

// Met reports whether the meeting was held.
func (s Standing) Met() bool { return s == Held || s == Delayed }

// Missing reports whether the meeting should have been held and was not.
func (s Standing) Missing() bool { return s == Overdue || s == Missed }

// Entry is a cell in a month.
type Entry struct {
	Month    meeting.Month
	Standing Standing
	Meeting  meeting.ID // zero for none
	Day      clock.Date
	OnDay    bool // held on the very day of the rhythm
	// Postponed is how often the meeting was put off (S-51).
	Postponed int
	// Open: the month runs, or is still to come.
	Open bool
	// Unresolved: it met and adopted no resolution.
	Unresolved bool
	// Waiting: reported upwards, not answered yet.
	Waiting bool
	// Same: its agenda says nothing that the month before did not say (S-38).
	Same bool
	// Scored: Score is a sheet that a person confirmed.
	Scored bool
	Score  score.Figure
	Roll
	Tasks
}

// Roll is who came to a meeting and who of them spoke.
type Roll struct{ Entitled, Present, Speakers int }

// Tasks are those due in a month, up to today, and how many of them were done
// on time. One that was reported in time and waits for its judgement is in
// neither figure: it counts once somebody has judged it.
type Tasks struct{ TasksDue, TasksOnTime int }

// Look is the table of a unit over some months from the records of its cells, and
// so of a cell, or of a unit with few: a unit with many is errs.Conflict, and See
// shows it. Who oversees the unit may; what lies outside the actor's reach is not
// in it.
func Look(tx *db.Tx, by access.Actor, of orgtree.ID, s Span) (Table, error) {
	at, err := access.Require(tx, by, access.OverviewRead, of)
	if err != nil {
		return Table{}, err
	}
	if err := s.check(); err != nil {
		return Table{}, err
	}
	if wide, err := branchOf(at).Wide(tx); err != nil || wide {
		return Table{}, cmp.Or(err, errs.New(errs.Conflict, "overview.error.many_cells"))
	}
	cells, err := overseen(tx, by, at)
	if err != nil {
		return Table{}, err
	}
	list := listOf(cells)
	b, err := readBooks(tx, at, list, s)
	if err != nil {
		return Table{}, err
	}
	t := Table{Unit: at, Months: s.list()}
	slices.SortStableFunc(cells, func(a, b orgtree.Unit) int { return compareNames(text.Fold(a.Name), text.Fold(b.Name)) })
	for _, cell := range cells {
		t.Rows = append(t.Rows, b.row(cell, t.Months))
	}
	t.Summary = summarise(t.Rows, b.rhythms[s.Until])
	t.Concerns = concerns(t.Rows)
	t.Plans, err = openPlans(tx, list)
	return t, err
}

// overseen are the cells at or below the unit that the actor oversees.
func overseen(tx *db.Tx, by access.Actor, at orgtree.Unit) ([]orgtree.Unit, error) {
	scope, err := by.Scope(tx, access.OverviewRead)
	if err != nil {
		return nil, err
	}
	cells, err := orgtree.Cells(tx, at)
	return slices.DeleteFunc(cells, func(u orgtree.Unit) bool { return !scope.Contains(u) }), err
}

// place is a cell in a month.
type place struct {
	unit  orgtree.ID
	month meeting.Month
}

// rhythm is when the monthly meeting of a month is to be held.
type rhythm struct {
	day  clock.Date
	kind rulepack.MeetingKind
}

// over reports whether the days that the rhythm allows have passed.
func (r rhythm) over(today clock.Date) bool {
	last := r.day
	if r.kind.LastDay > 0 {
		last = clock.NewDate(r.day.Year(), r.day.Month(), r.kind.LastDay)
	}
	return today.After(last)
}

// books is everything that a table is made of, read once for all its cells.
type books struct {
	today    clock.Date
	rhythms  map[meeting.Month]rhythm
	meetings map[place]held
	scores   map[place]score.Figure
	agendas  map[meeting.ID][]meeting.Item
	rolls    map[meeting.ID]Roll
	resolved map[meeting.ID]bool
	tasks    map[place]Tasks
	overdue  map[orgtree.ID]int
	headless map[orgtree.ID]clock.Date
}

// readBooks reads what the cells did; the rhythm is that of at.
func readBooks(tx *db.Tx, at orgtree.Unit, cells cellList, s Span) (b *books, err error) {
	b = &books{today: clock.DateOf(tx.Now)}
	if b.rhythms, err = rhythms(tx, at, s); err != nil {
		return nil, err
	}
	if err := b.readHeld(tx, cells, s); err != nil {
		return nil, err
	}
	rollsOf := s.last()
	if s.Detail {
		rollsOf = s
	}
	if b.rolls, err = rolls(tx, b.held(rollsOf)); err != nil {
		return nil, err
	}
	if b.scores, err = sheets(tx, cells, s); err != nil {
		return nil, err
	}
	b.tasks, err = dueTasks(tx, cells, s)
	return b, err
}

// readForSigns reads what the signs of cells are made of; their rhythms are the
// caller's.
func readForSigns(tx *db.Tx, cells cellList, s Span) (b *books, err error) {
	b = &books{today: clock.DateOf(tx.Now)}
	if err := b.readHeld(tx, cells, s); err != nil {
		return nil, err
	}
	if b.rolls, err = attendance(tx, b.held(s.last())); err != nil {
		return nil, err
	}
	b.scores, err = sheets(tx, cells, s.last())
	return b, err
}

// readHeld reads what no figure tells.
func (b *books) readHeld(tx *db.Tx, cells cellList, s Span) (err error) {
	if b.meetings, err = monthlyMeetings(tx, cells, s); err != nil {
		return err
	}
	if b.agendas, err = agendas(tx, b.held(s.withBefore())); err != nil {
		return err
	}
	if b.resolved, err = resolved(tx, b.held(s)); err != nil {
		return err
	}
	if b.overdue, err = overdueCounts(tx, cells); err != nil {
		return err
	}
	b.headless, err = headlessSince(tx, cells)
	return err
}

// held are the meetings of the span that were held, in the order of their ids.
func (b *books) held(s Span) (list []meeting.ID) {
	for at, m := range b.meetings {
		if m.met && at.month >= s.from() && at.month <= s.Until {
			list = append(list, m.id)
		}
	}
	slices.Sort(list)
	return list
}

// rhythms are the days of the packs, by the province of the unit.
func rhythms(tx *db.Tx, at orgtree.Unit, s Span) (map[meeting.Month]rhythm, error) {
	rules, list := rulepack.Of(tx), map[meeting.Month]rhythm{}
	for _, month := range s.list() {
		pack, _, err := rulepack.Rule[rulepack.Rhythm](rules, "rhythm", unit.Province(at), month.First())
		if err != nil {
			return nil, err
		}
		kind, _ := pack.Kind(string(meeting.Regular))
		first := month.First()
		list[month] = rhythm{kind.DayIn(first.Year(), first.Month(), rules.WorkingDays()), kind}
	}
	return list, nil
}

func (b *books) row(cell orgtree.Unit, months []meeting.Month) Row {
	r := Row{Cell: cell, Overdue: b.overdue[cell.ID], Headless: b.headless[cell.ID]}
	for _, month := range months {
		r.Months = append(r.Months, b.entry(cell, month))
	}
	return r
}

func (b *books) entry(cell orgtree.Unit, month meeting.Month) Entry {
	at := place{cell.ID, month}
	m, found := b.meetings[at]
	e := Entry{
		Month: month, Meeting: m.id, Day: m.day, Postponed: m.postponed, Waiting: m.waiting,
		Roll: b.rolls[m.id], Tasks: b.tasks[at],
	}
	e.Standing = standing(cell, month, m, found, b.rhythms[month], b.today)
	e.Open = month >= meeting.MonthOf(b.today)
	e.Unresolved = e.Standing.Met() && !b.resolved[m.id]
	e.OnDay = e.Standing.Met() && m.day == b.rhythms[month].day
	if f, scored := b.scores[at]; scored && f.Meeting == m.id {
		e.Scored, e.Score = true, f
	}
	before, known := b.meetings[place{cell.ID, month.Add(-1)}]
	agenda, kept := b.agendas[m.id]
	earlier, keptBefore := b.agendas[before.id]
	e.Same = e.Standing.Met() && known && before.met && kept && keptBefore && same(agenda, earlier)
	return e
}

// same reports whether an agenda says nothing that the one before did not say
// (S-38). Folding the texts of a commune's half year took longer than reading
// them, so what cannot be the same for its number of letters is not compared.
func same(agenda, before []meeting.Item) bool {
	sizes := map[int]bool{}
	for _, i := range before {
		sizes[letters(i.Title)], sizes[letters(i.Note)] = true, true
	}
	for _, i := range agenda {
		if i.Slot == "" && !sizes[letters(i.Title)] || i.Note != "" && !sizes[letters(i.Note)] {
			return false
		}
	}
	return meeting.Compare(agenda, before).Identical()
}

// letters counts what is left of a text without accents and punctuation.
func letters(s string) (n int) {
	for _, r := range s {
		n += one(unicode.IsLetter(r) || unicode.IsDigit(r))
	}
	return n
}

// standing judges a month by the rhythm of the month.
func standing(cell orgtree.Unit, month meeting.Month, m held, found bool, r rhythm, today clock.Date) Standing {
	switch {
	case found && m.met && meeting.MonthOf(m.day) == month && r.kind.Timely(m.day):
		return Held
	case found && m.met:
		return Delayed
	case found && m.day.Before(today) && !m.running:
		return Overdue
	case found:
		return Planned
	case cell.Founded.After(month.First().LastOfMonth()):
		return Before
	case r.over(today):
		return Missed
	}
	return Ahead
}

// compareNames orders names as people count: "tổ 2" before "tổ 10".
func compareNames(a, b string) int {
	for a != "" && b != "" {
		numberA, restA := leadingNumber(a)
		numberB, restB := leadingNumber(b)
		switch {
		case restA != a && restB != b && numberA != numberB:
			return cmp.Compare(numberA, numberB)
		case restA != a && restB != b:
			a, b = restA, restB
		case a[0] != b[0]:
			return cmp.Compare(a[0], b[0])
		default:
			a, b = a[1:], b[1:]
		}
	}
	return cmp.Compare(len(a), len(b))
}

// leadingNumber is the number that a text begins with, and what follows it; a
// text without one is its own rest.
func leadingNumber(s string) (number int, rest string) {
	digits := 0
	for digits < len(s) && digits < 9 && s[digits] >= '0' && s[digits] <= '9' {
		number = 10*number + int(s[digits]-'0')
		digits++
	}
	return number, s[digits:]
}
