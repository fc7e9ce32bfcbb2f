// Package resolution knows what a cell resolves: the monthly resolution in the
// structure of rules 22.6, the resolution on a theme, the yearly plan (S-48).
// A resolution is drafted for a meeting, adopted by its vote, and issued with a
// number, a date and a signer (rules 26).
//
// Its lines become tasks when it is adopted; what happens to them then belongs
// to package task. How a resolution looks on paper belongs to package document.
//
// Who sees what: a draft is for those who write it until the meeting is in
// session, when all who may read resolutions see what they vote on.
package resolution

import (
	"fmt"
	"slices"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// ID names a resolution.
type ID = task.ResolutionID

// Noun is what the journal, attachments, votes and links call a resolution.
const Noun = "resolution"

// Kind is what a resolution is about.
type Kind string

const (
	Monthly    Kind = "monthly"     // nghị quyết tháng
	Thematic   Kind = "thematic"    // nghị quyết chuyên đề
	YearlyPlan Kind = "yearly_plan" // kế hoạch, nghị quyết năm (S-48)
	Other      Kind = "other"
)

// Kinds lists every kind.
var Kinds = []Kind{Monthly, Thematic, YearlyPlan, Other}

// State is how far a resolution has come.
type State string

const (
	Drafted   State = "draft"
	Adopted   State = "adopted"
	Issued    State = "issued"
	Discarded State = "discarded" // a draft that was given up
)

// Section is a part of the text that people write.
type Section string

const (
	Politics  Section = "politics"  // I.1 chính trị, tư tưởng
	Duties    Section = "duties"    // I.2 nhiệm vụ chính trị
	Praise    Section = "praise"    // I.4 biểu dương, nhắc nhở
	Limits    Section = "limits"    // I.5 hạn chế, nguyên nhân
	Situation Section = "situation" // tình hình, of other kinds than the monthly one
	Direction Section = "direction" // II phương hướng, nhiệm vụ
	Quality   Section = "quality"   // IV tự đánh giá chất lượng sinh hoạt
)

// Sections are the parts that people write of a kind of resolution, in order.
// Between limits and quality stand the tables of last and new tasks.
func (k Kind) Sections() []Section {
	if k == Monthly {
		return []Section{Politics, Duties, Praise, Limits, Direction, Quality}
	}
	return []Section{Situation, Direction}
}

// Resolution is what an organisation resolved.
type Resolution struct {
	ID      ID
	Unit    orgtree.ID
	Kind    Kind
	State   State
	Meeting meeting.ID
	Title   string
	// From and To bound the period that it leads.
	From, To  clock.Date
	Vote      meeting.VoteID
	AdoptedAt time.Time
	// Number and Symbol, "05-NQ/CB", are given when it is issued, as is
	// everything below.
	Number      int
	Symbol      string
	Day         clock.Date
	Place       string
	Signing     string // T/M CHI BỘ
	Signer      access.PersonID
	SignerTitle string // BÍ THƯ
	SignerName  string
	Rules       rulepack.Ref // the format by which it was issued
	Reason      string       // why the draft was given up, or the edition made
	// Edition counts from 1: what is put right after the adoption is a further
	// edition.
	Edition int
	Created time.Time
	Version int64
}

// source is where the lines of the resolution come from.
func (r Resolution) source() task.Source {
	return task.Source{Resolution: r.ID, Unit: r.Unit, Meeting: r.Meeting}
}

const (
	titleMost  = 200
	placeMost  = 100
	blockMost  = 20_000
	periodMost = 5 * 366 // days: a term
)

// New is a resolution to be drafted.
type New struct {
	Meeting  meeting.ID
	Kind     Kind
	Title    string
	From, To clock.Date
}

// monthly is the resolution of a regular meeting: it leads the month for which
// the meeting is held.
func monthly(m meeting.Meeting) New {
	first := m.Month.First()
	return New{
		Meeting: m.ID, Kind: Monthly, From: first, To: first.LastOfMonth(),
		Title: fmt.Sprintf("Lãnh đạo thực hiện nhiệm vụ tháng %s năm %d", inDocuments(first.Month()), first.Year()),
	}
}

// inDocuments writes a month as documents do: the first two take a 0 (rules
// 26.2).
func inDocuments(m time.Month) string {
	if m <= time.February {
		return fmt.Sprintf("%02d", int(m))
	}
	return fmt.Sprint(int(m))
}

func (n New) check() error {
	var wrong errs.Fields
	wrong.Check(slices.Contains(Kinds, n.Kind), "kind", "errs.choice")
	checkTitle(&wrong, n.Title)
	wrong.Check(!n.From.IsZero(), "from", "errs.required")
	wrong.Check(!n.To.IsZero(), "to", "errs.required")
	if !n.From.IsZero() && !n.To.IsZero() {
		wrong.Check(!n.To.Before(n.From) && n.To.Sub(n.From) <= periodMost, "to", "resolution.error.period")
	}
	return wrong.Err()
}

func checkTitle(wrong *errs.Fields, title string) {
	wrong.Check(title != "", "title", "errs.required")
	wrong.Check(text.Length(title) <= titleMost, "title", "errs.too_long", titleMost)
}

// editable reports whether the section may be written in the state: the self
// score is agreed after the adoption (rules 22.2, steps 18 and 19).
func (s State) editable(section Section) bool {
	return s == Drafted || s == Adopted && section == Quality
}

// SectionText is a part as it is written. Version is 0 until somebody wrote it.
type SectionText struct {
	Section Section
	Body    string
	Version int64
}

// Opening is the figures at the head of a monthly resolution (rules 22.6).
type Opening struct {
	Total   int `json:"total"`
	Present int `json:"present"`
	Excused int `json:"excused"`
	Absent  int `json:"absent"` // without a reason
	Exempt  int `json:"exempt"`
	// Minutes is how long the meeting took, 0 while it has not ended.
	Minutes   int       `json:"minutes"`
	Opened    time.Time `json:"opened"`
	Place     string    `json:"place"`
	Chair     string    `json:"chair"`
	Secretary string    `json:"secretary"`
}

// Ballot is the line of the vote at the end.
type Ballot struct {
	Yes  int `json:"yes"`
	Base int `json:"base"`
}

// Line is a task as the text of a resolution shows it.
type Line struct {
	Task        task.ID       `json:"task"`
	Version     int64         `json:"-"` // of a line of a draft, for changing it
	Predecessor task.ID       `json:"predecessor,omitempty"`
	Title       string        `json:"title"`
	Detail      string        `json:"detail,omitempty"`
	Area        task.Area     `json:"area"`
	Assignee    task.Assignee `json:"-"`
	Who         string        `json:"who"`
	Due         clock.Date    `json:"due"`
	OriginalDue clock.Date    `json:"original_due"`
	State       task.State    `json:"state"`
	Outcome     task.Outcome  `json:"outcome,omitempty"`
	OnTime      bool          `json:"on_time"`
	OverdueDays int           `json:"overdue_days,omitempty"`
	Percent     int           `json:"percent"`
	Result      string        `json:"result,omitempty"`
	Judgement   string        `json:"judgement,omitempty"`
	Amount      task.Amount   `json:"amount"`
}

func lines(rows []task.Row) []Line {
	list := make([]Line, len(rows))
	for i, t := range rows {
		list[i] = Line{
			Task: t.ID, Version: t.Version, Predecessor: t.Predecessor, Title: t.Title, Detail: t.Detail, Area: t.Area,
			Assignee: t.Assignee, Who: t.Who, Due: t.Due, OriginalDue: t.OriginalDue, State: t.State, Outcome: t.Outcome,
			OnTime: t.OnTime(), OverdueDays: t.OverdueDays, Percent: t.Percent, Result: t.Result,
			Judgement: t.Judgement, Amount: t.Amount,
		}
	}
	return list
}

// Text is everything that the paper shows below its head.
type Text struct {
	Opening  *Opening      `json:"opening"` // of a monthly resolution; nil of others
	Sections []SectionText `json:"sections"`
	// Past is table I.3, the tasks that were before the meeting; Tasks is III.
	Past   []Line  `json:"past"`
	Tasks  []Line  `json:"tasks"`
	Ballot *Ballot `json:"ballot"` // nil until it is adopted
}

// Section is the body of a section, "" where nobody wrote it.
func (t Text) Section(name Section) string {
	for _, s := range t.Sections {
		if s.Section == name {
			return s.Body
		}
	}
	return ""
}

// checkComplete says what a draft lacks before it can be adopted, each thing
// beside its field.
func checkComplete(sections []SectionText, tasks []task.Row) error {
	var wrong errs.Fields
	wrong.Check(Text{Sections: sections}.Section(Direction) != "", string(Direction), "resolution.error.no_direction")
	task.CheckLines(&wrong, tasks)
	return wrong.Err()
}

// checkVote refuses a vote that did not adopt this resolution.
func checkVote(r Resolution, v meeting.Vote) error {
	switch {
	case v.Meeting != r.Meeting || !about(v, r):
		return errs.Field("vote", "resolution.error.other_vote")
	case v.Superseded():
		return errs.Field("vote", "resolution.error.vote_corrected")
	case !v.Passed:
		return errs.Field("vote", "resolution.error.vote_failed", v.Yes, v.Base.Base)
	}
	return nil
}

// about reports whether the vote was on the resolution: it names it, or is an
// ordinary vote that names no record.
func about(v meeting.Vote, r Resolution) bool {
	if v.Noun == "" {
		return v.Matter == ordinaryMatter
	}
	return v.Noun == Noun && v.NounID == int64(r.ID)
}

// ordinaryMatter is the pack's rule for what has no rule of its own: more than
// half of the members entitled.
const ordinaryMatter = "resolution"

// Signing is what is said when a resolution is issued.
type Signing struct {
	// Place stands before the date; "" is the commune on the map.
	Place string
	// Day is the date of the document; zero is today.
	Day clock.Date
	// Signer is the secretary or a deputy; zero is the secretary, or the
	// deputy where there is none.
	Signer access.PersonID
	// Way is a way of signing of the format pack; "" is the first one of the
	// issuing body: T/M CHI BỘ (C-06).
	Way string
}

// issuer is the body in the symbol of the unit's documents.
func issuer(u orgtree.Unit) string {
	if u.IsCell() {
		return "cell"
	}
	return "committee"
}

// document is the type of the document in the format pack.
const document = "resolution"

// wayOf finds a way of signing, the first of the body where none is named.
func wayOf(format rulepack.Format, body, way string) (rulepack.SigningWay, error) {
	for _, s := range format.Signing {
		if s.Body == body && (way == "" || s.ID == way) && len(s.Posts) > 0 {
			return s, nil
		}
	}
	return rulepack.SigningWay{}, errs.Field("way", "errs.choice")
}

// title is how the role signs.
func title(way rulepack.SigningWay, role access.Role) (string, bool) {
	for _, post := range way.Posts {
		if post.ID == string(role) {
			return post.Label, true
		}
	}
	return "", false
}
