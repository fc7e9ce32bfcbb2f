package minutes

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

// Content is everything that the minutes say (rules 22.5), in the order of the
// paper. Names are written out, so that they read the same years later.
type Content struct {
	// Number is the version; Reason says why there is one after the first.
	Number int    `json:"number"`
	Reason string `json:"reason,omitempty"`

	Meeting meeting.ID    `json:"meeting"`
	Unit    orgtree.ID    `json:"unit"`
	Body    string        `json:"body"`            // the unit's name
	Above   string        `json:"above,omitempty"` // of the body above it
	Kind    meeting.Kind  `json:"kind"`
	Month   meeting.Month `json:"month"`
	Topic   string        `json:"topic,omitempty"`
	Place   string        `json:"place,omitempty"`
	Mode    meeting.Mode  `json:"mode"`
	// ModeReason says why people did not meet in one room.
	ModeReason string    `json:"mode_reason,omitempty"`
	Opened     time.Time `json:"opened,omitzero"`
	Ended      time.Time `json:"ended,omitzero"` // zero while in session

	// Chair and MinuteTaker sign, right and left.
	Chair       Person `json:"chair"`
	MinuteTaker Person `json:"minute_taker"`

	Attendance Attendance `json:"attendance"`
	Agenda     []Point    `json:"agenda,omitempty"`
	Course     []Passage  `json:"course,omitempty"`
	Remarks    Remarks    `json:"remarks"`
	Votes      []Vote     `json:"votes,omitempty"`

	LastTasks  []Task      `json:"last_tasks,omitempty"`
	Resolution *Resolution `json:"resolution,omitempty"`
	NewTasks   []Task      `json:"new_tasks,omitempty"`
	Score      *Score      `json:"score,omitempty"`

	Text Text `json:"text"`
	// Approval is nil on a draft.
	Approval *Approval `json:"approval,omitempty"`
}

// Person is somebody with the post they held at the unit on that day.
type Person struct {
	ID   access.PersonID `json:"id,omitempty"`
	Name string          `json:"name"`
	Post access.Role     `json:"post,omitempty"` // secretary, deputy, committee_member
}

// Attendance is who was there (rules 22.2, step 7). The four of Present sum up
// to it; each person is in one.
type Attendance struct {
	Members      int `json:"members"` // of the unit: official and probationary
	Official     int `json:"official"`
	Probationary int `json:"probationary"`
	Exempt       int `json:"exempt"`
	Entitled     int `json:"entitled"` // whose presence was asked for, and exempt who came

	Present             int `json:"present"`
	PresentOfficial     int `json:"present_official"`
	PresentProbationary int `json:"present_probationary"`
	PresentExempt       int `json:"present_exempt"`
	PresentTemporary    int `json:"present_temporary"` // attached for a time
	PresentOnline       int `json:"present_online"`    // of those present
	Late                int `json:"late"`              // of those present

	Excused      []Absence `json:"excused,omitempty"`       // with a reason
	Absent       []Absence `json:"absent,omitempty"`        // without
	ExemptAbsent []Absence `json:"exempt_absent,omitempty"` // who need not come
	Guests       []Guest   `json:"guests,omitempty"`
}

// Absence is somebody who was not there.
type Absence struct {
	Name   string `json:"name"`
	Reason string `json:"reason,omitempty"`
}

// Guest is somebody who took part without being on the roll.
type Guest struct {
	Name   string `json:"name"`
	Office string `json:"office,omitempty"`
	Above  bool   `json:"above,omitempty"` // for the committee above
}

// Point is a line of the agenda.
type Point struct {
	Title     string `json:"title"`
	Presenter string `json:"presenter,omitempty"`
}

// Passage is the course of one item; Title is "" for what belongs to none.
type Passage struct {
	Kind      string   `json:"kind,omitempty"`
	Title     string   `json:"title,omitempty"`
	Presenter string   `json:"presenter,omitempty"`
	Note      string   `json:"note,omitempty"`
	Headings  []string `json:"headings,omitempty"` // dealt with
	Minutes   int      `json:"minutes,omitempty"`  // it took
	Skipped   string   `json:"skipped,omitempty"`  // why it was left out
	Opinions  []Speech `json:"opinions,omitempty"`
}

// Speech is what one speaker said.
type Speech struct {
	Speaker string `json:"speaker"`
	Guest   bool   `json:"guest,omitempty"`
	Text    string `json:"text"`
}

// Remarks counts praise, reminders and criticism. Their words are kept apart
// (S-44) and never in the general minutes; Text.Remarks may say something
// neutral about them.
type Remarks struct {
	Praise        int `json:"praise,omitempty"`
	Reminder      int `json:"reminder,omitempty"`
	Criticism     int `json:"criticism,omitempty"`
	SelfCriticism int `json:"self_criticism,omitempty"`
}

// Vote is a vote with its base itemised (rules 2.3). Corrected ones are left
// out; Correction says why the present one replaced another.
type Vote struct {
	Title      string         `json:"title"`
	Item       string         `json:"item,omitempty"`
	Form       meeting.Form   `json:"form"`
	Listed     int            `json:"listed"`
	Deductions []Deduction    `json:"deductions,omitempty"`
	Base       int            `json:"base"`
	Voters     int            `json:"voters"`
	Issued     int            `json:"issued,omitempty"`
	Collected  int            `json:"collected,omitempty"`
	Yes        int            `json:"yes"`
	No         int            `json:"no"`
	Other      int            `json:"other"`
	Invalid    int            `json:"invalid"`
	Share      string         `json:"share"`
	Passed     bool           `json:"passed"`
	Tellers    string         `json:"tellers,omitempty"`
	Minority   []Speech       `json:"minority,omitempty"` // kept on request (S-45)
	Correction string         `json:"correction,omitempty"`
	ID         meeting.VoteID `json:"id"`
}

// Deduction is what was taken from a base, and why.
type Deduction struct {
	Label string `json:"label"`
	Count int    `json:"count"`
}

// Permille is the share of the base that agreed, in thousandths, rounded down.
func (v Vote) Permille() int {
	if v.Base == 0 {
		return 0
	}
	return 1000 * v.Yes / v.Base
}

// Task is a task as the tables of the minutes show it.
type Task struct {
	ID      task.ID      `json:"id"`
	Title   string       `json:"title"`
	Who     string       `json:"who,omitempty"`
	Area    task.Area    `json:"area,omitempty"`
	Due     clock.Date   `json:"due,omitzero"`
	Measure string       `json:"measure,omitempty"`
	Planned int64        `json:"planned,omitempty"`
	Carried int64        `json:"carried,omitempty"` // left over from before (S-79)
	Done    int64        `json:"done,omitempty"`
	Percent int          `json:"percent,omitempty"`
	State   task.State   `json:"state"`
	Outcome task.Outcome `json:"outcome,omitempty"`
	OnTime  bool         `json:"on_time,omitempty"`
	Result  string       `json:"result,omitempty"`
	// Judgement is what was said to the outcome.
	Judgement string `json:"judgement,omitempty"`
}

// Resolution is what was adopted.
type Resolution struct {
	Title  string `json:"title"`
	Symbol string `json:"symbol,omitempty"` // once it is issued
	Yes    int    `json:"yes"`
	Base   int    `json:"base"`
}

// Score is the points that the meeting gave itself.
type Score struct {
	Claimed   int         `json:"claimed"`
	Reachable int         `json:"reachable"`
	Class     string      `json:"class"`
	Criteria  []Criterion `json:"criteria"`
}

// Criterion is a block of the score sheet.
type Criterion struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Max    int    `json:"max"`
	Points int    `json:"points"`
}

// Section is a part that people write.
type Section string

const (
	Dues        Section = "dues"        // tình hình nộp đảng phí
	Praises     Section = "remarks"     // a neutral sentence on praise and criticism
	Conclusions Section = "conclusions" // kết luận
	Additions   Section = "additions"   // bổ sung, đính chính
)

// Sections lists every part that people write, in the order of the paper.
var Sections = []Section{Dues, Praises, Conclusions, Additions}

// Text is the parts that people write.
type Text struct {
	Dues        string `json:"dues,omitempty"`
	Remarks     string `json:"remarks,omitempty"`
	Conclusions string `json:"conclusions,omitempty"`
	Additions   string `json:"additions,omitempty"`
}

// at is where the section's text stands; nil for a section that is none.
func (t *Text) at(s Section) *string {
	switch s {
	case Dues:
		return &t.Dues
	case Praises:
		return &t.Remarks
	case Conclusions:
		return &t.Conclusions
	case Additions:
		return &t.Additions
	}
	return nil
}

// Of is the text of a section.
func (t Text) Of(s Section) string {
	if at := t.at(s); at != nil {
		return *at
	}
	return ""
}

// over is the text with its empty parts taken from what the records suggest.
func (t Text) over(suggested Text) Text {
	for _, s := range Sections {
		if at := t.at(s); *at == "" {
			*at = suggested.Of(s)
		}
	}
	return t
}

// Approval is who approved the minutes, and when.
type Approval struct {
	At time.Time `json:"at"`
	Person
}

// Part is a required part of the minutes.
type Part string

// Missing are the required parts that are empty (rules 22.5).
func (c Content) Missing() []Part {
	var list []Part
	for _, part := range []struct {
		part   Part
		filled bool
	}{
		{"chair", c.Chair.ID != 0},
		{"minute_taker", c.MinuteTaker.ID != 0},
		{"attendance", c.Attendance.Entitled > 0},
		{"agenda", len(c.Agenda) > 0},
		{"opinions", c.opinions() > 0},
		{"conclusions", c.Text.Conclusions != "" || c.Resolution != nil},
		{"ended", !c.Ended.IsZero()},
	} {
		if !part.filled {
			list = append(list, part.part)
		}
	}
	return list
}

func (c Content) opinions() (n int) {
	for _, p := range c.Course {
		n += len(p.Opinions)
	}
	return n
}

// sameRecords reports whether two contents say the same of what happened in the
// room. Tasks, resolution and score live on, and people write the text.
func (c Content) sameRecords(other Content) (bool, error) {
	mine, err := c.happened().encode()
	if err != nil {
		return false, err
	}
	theirs, err := other.happened().encode()
	return bytes.Equal(mine, theirs), err
}

func (c Content) happened() Content {
	c.Number, c.Reason, c.Text, c.Approval = 0, "", Text{}, nil
	c.LastTasks, c.Resolution, c.NewTasks, c.Score = nil, nil, nil, nil
	return c
}

// encode is the canonical form: the fields in the order above, without what is
// empty. It is what is stored and what the digest is made of.
func (c Content) encode() ([]byte, error) {
	content, err := json.Marshal(c)
	if err != nil {
		return nil, fmt.Errorf("minutes of meeting %v: %w", c.Meeting, err)
	}
	return content, nil
}

func decode(stored string) (c Content, err error) {
	err = json.Unmarshal([]byte(stored), &c)
	return c, err
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}
