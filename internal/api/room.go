package api

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/rulepack"
	"chibo/internal/platform/id"
)

type (
	OfPerson struct {
		Person pathID[access.Person] `path:"person"`
	}
	OfGuest struct {
		Guest pathID[meeting.Guest] `path:"guest"`
	}
	OfOpinion struct {
		Opinion pathID[meeting.Opinion] `path:"opinion"`
	}
	OfRemark struct {
		Remark pathID[meeting.Criticism] `path:"remark"`
	}
	OfVote struct {
		Vote pathID[meeting.Vote] `path:"vote"`
	}
)

// roomOperations hold a meeting: roll, check-in, guests, opinions, remarks,
// votes.
func roomOperations() []operation {
	return []operation{
		change("POST /meetings/{meeting}/open", "meeting.Open", may(access.MeetingRun, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Opening
		},
		) (Meeting, error) {
			return as(newMeeting)(meeting.Open(c.tx, c.by, in.Meeting.ID, c.version, meeting.Opening(in.Body)))
		}),
		change("POST /meetings/{meeting}/close", "meeting.Close", may(access.MeetingRun, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Closing
		},
		) (Meeting, error) {
			return as(newMeeting)(meeting.Close(c.tx, c.by, in.Meeting.ID, c.version, in.Body.At))
		}),
		read("GET /meetings/{meeting}/roll", "meeting.Roll", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[RollEntry], error) {
			return each(newEntry)(meeting.Roll(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/roll/me", "meeting.Mine", anyone(), func(c call, in *OfMeeting) (RollEntry, error) {
			return as(newEntry)(meeting.Mine(c.tx, c.by, in.Meeting.ID))
		}),
		write("PUT /meetings/{meeting}/roll/{person}", "meeting.Mark", may(access.MeetingRun, "meeting"), func(c call, in *struct {
			OfMeeting
			OfPerson
			Body Attendance
		},
		) (RollEntry, error) {
			return as(newEntry)(meeting.Mark(c.tx, c.by, in.Meeting.ID, in.Body.of(in.Person.ID)))
		}),
		write("POST /meetings/{meeting}/roll", "meeting.MarkAll", may(access.MeetingRun, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Calls
		},
		) (Count, error) {
			return as(newCount)(meeting.MarkAll(c.tx, c.by, in.Meeting.ID, all(func(r Called) meeting.Call { return r.Attendance.of(r.Person) }, in.Body.Calls)))
		}),
		write("POST /meetings/{meeting}/roll/refresh", "meeting.RefreshRoll", may(access.MeetingRun, "meeting"), func(c call, in *OfMeeting) (nothing, error) {
			return done(meeting.RefreshRoll(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/figures", "meeting.Counts", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (Figures, error) {
			return as(newFigures)(meeting.Counts(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/code", "meeting.CheckInCode", may(access.MeetingRun, "meeting"), func(c call, in *OfMeeting) (CheckInCode, error) {
			return as(func(code meeting.Code) CheckInCode { return CheckInCode(code) })(meeting.CheckInCode(c.tx, c.by, in.Meeting.ID))
		}),
		write("POST /meetings/{meeting}/code", "meeting.RenewCode", may(access.MeetingRun, "meeting"), func(c call, in *OfMeeting) (CheckInCode, error) {
			return as(func(code meeting.Code) CheckInCode { return CheckInCode(code) })(meeting.RenewCode(c.tx, c.by, in.Meeting.ID))
		}),
		write("POST /meetings/{meeting}/check-in", "meeting.CheckIn", may(access.MeetingAttend, "meeting").and("on the roll"), checkIn),

		read("GET /meetings/{meeting}/guests", "meeting.Guests", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[Guest], error) {
			return each(newGuest)(meeting.Guests(c.tx, c.by, in.Meeting.ID))
		}),
		create("POST /meetings/{meeting}/guests", "meeting.AddGuest", may(access.MeetingRun, "meeting"), func(c call, in *struct {
			OfMeeting
			Body NewGuest
		},
		) (Guest, error) {
			return as(newGuest)(meeting.AddGuest(c.tx, c.by, in.Meeting.ID, meeting.NewGuest(in.Body)))
		}),
		write("DELETE /guests/{guest}", "meeting.RemoveGuest", may(access.MeetingRun, "guest"), func(c call, in *OfGuest) (nothing, error) {
			return done(meeting.RemoveGuest(c.tx, c.by, in.Guest.ID))
		}),

		read("GET /meetings/{meeting}/opinions", "meeting.Opinions", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[Opinion], error) {
			return each(newOpinion)(meeting.Opinions(c.tx, c.by, in.Meeting.ID))
		}),
		create("POST /meetings/{meeting}/opinions", "meeting.Speak", may(access.MeetingRun, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Speech
		},
		) (Opinion, error) {
			return as(newOpinion)(meeting.Speak(c.tx, c.by, in.Meeting.ID, meeting.Speech(in.Body)))
		}),
		change("PUT /opinions/{opinion}", "meeting.ChangeOpinion", may(access.MeetingRun, "opinion"), func(c call, in *struct {
			OfOpinion
			Body Words
		},
		) (Opinion, error) {
			return as(newOpinion)(meeting.ChangeOpinion(c.tx, c.by, in.Opinion.ID, c.version, in.Body.Text))
		}),
		change("DELETE /opinions/{opinion}", "meeting.RemoveOpinion", may(access.MeetingRun, "opinion"), func(c call, in *OfOpinion) (nothing, error) {
			return done(meeting.RemoveOpinion(c.tx, c.by, in.Opinion.ID, c.version))
		}),
		read("GET /meetings/{meeting}/speakers", "meeting.Speakers", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (Spoken, error) {
			return as(func(s meeting.Spoken) Spoken { return Spoken(s) })(meeting.Speakers(c.tx, c.by, in.Meeting.ID))
		}),

		recorded("GET /meetings/{meeting}/remarks", "meeting.Criticisms", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[Remark], error) {
			return each(newRemark)(meeting.Criticisms(c.tx, c.by, in.Meeting.ID))
		}),
		create("POST /meetings/{meeting}/remarks", "meeting.Criticise", may(access.MeetingRun, "meeting").orOwn("its author"), func(c call, in *struct {
			OfMeeting
			Body NewRemark
		},
		) (Remark, error) {
			return as(newRemark)(meeting.Criticise(c.tx, c.by, in.Meeting.ID, meeting.Remarking(in.Body)))
		}),
		change("POST /remarks/{remark}/reply", "meeting.Reply", may(access.MeetingRun, "remark").orOwn("whom it concerns").seenBy(access.MeetingCriticism), func(c call, in *struct {
			OfRemark
			Body Reply
		},
		) (Remark, error) {
			return as(newRemark)(meeting.Reply(c.tx, c.by, in.Remark.ID, c.version, in.Body.Reply))
		}),
		read("GET /remarks/{remark}/readers", "meeting.CriticismReaders", may(access.MeetingCriticism, "remark").orOwn("whom it concerns").seenBy(access.MeetingCriticism), func(c call, in *OfRemark) (list[Reading], error) {
			return each(func(r journal.Reading) Reading { return Reading(r) })(meeting.CriticismReaders(c.tx, c.by, in.Remark.ID))
		}),
		read("GET /meetings/{meeting}/remark-counts", "meeting.RemarkCounts", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (map[string]int, error) {
			return as(newRemarkCounts)(meeting.RemarkCounts(c.tx, c.by, in.Meeting.ID))
		}),

		read("GET /meetings/{meeting}/matters", "meeting.Matters", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[Matter], error) {
			return each(newMatter)(meeting.Matters(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/matters/{matter}/base", "meeting.Base", may(access.MeetingRead, "meeting"), func(c call, in *struct {
			OfMeeting
			Matter string `path:"matter"`
		},
		) (Base, error) {
			return as(newBase)(meeting.Base(c.tx, c.by, in.Meeting.ID, in.Matter))
		}),
		read("GET /meetings/{meeting}/votes", "meeting.Votes", may(access.MeetingRead, "meeting"), func(c call, in *OfMeeting) (list[Vote], error) {
			return each(newVote)(meeting.Votes(c.tx, c.by, in.Meeting.ID))
		}),
		create("POST /meetings/{meeting}/votes", "meeting.CallVote", may(access.MeetingRun, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Question
		},
		) (Vote, error) {
			return as(newVote)(meeting.CallVote(c.tx, c.by, in.Body.at(in.Meeting.ID)))
		}),
		write("POST /votes/{vote}/record", "meeting.RecordVote", may(access.MeetingRun, "vote"), func(c call, in *struct {
			OfVote
			Body VoteCount
		},
		) (Vote, error) {
			return as(newVote)(meeting.RecordVote(c.tx, c.by, in.Vote.ID, meeting.Tally(in.Body.Tally), in.Body.minority()))
		}),
		write("POST /votes/{vote}/correct", "meeting.CorrectVote", may(access.MeetingRun, "vote"), func(c call, in *struct {
			OfVote
			Body VoteCorrection
		},
		) (Vote, error) {
			return as(newVote)(meeting.CorrectVote(c.tx, c.by, in.Vote.ID, meeting.Tally(in.Body.Tally), in.Body.minority(), in.Body.Reason))
		}),
		write("DELETE /votes/{vote}", "meeting.WithdrawVote", may(access.MeetingRun, "vote"), func(c call, in *OfVote) (nothing, error) {
			return done(meeting.WithdrawVote(c.tx, c.by, in.Vote.ID))
		}),
	}
}

// checkIn keeps a wrong try, which therefore is no failure of the transaction.
func checkIn(c call, in *struct {
	OfMeeting
	Body CheckIn
},
) (CheckedIn, error) {
	e, ok, err := meeting.CheckIn(c.tx, c.by, in.Meeting.ID, in.Body.Code, in.Body.Mode)
	if err != nil || !ok {
		return CheckedIn{}, err
	}
	entry := newEntry(e)
	return CheckedIn{Accepted: true, Entry: &entry}, nil
}

// Opening is what is settled when a meeting begins.
type Opening struct {
	Chair       access.PersonID `json:"chair,omitzero"`
	MinuteTaker access.PersonID `json:"minute_taker,omitzero"`
	At          time.Time       `json:"at,omitzero" doc:"When it began, for a roll taken over from paper; now where it is absent."`
}

// Closing is when a meeting ended.
type Closing struct {
	At time.Time `json:"at,omitzero" doc:"Now where it is absent."`
}

// RollEntry is one person on the roll.
type RollEntry struct {
	Person   access.PersonID    `json:"person"`
	Name     string             `json:"name"`
	NameKey  string             `json:"-"`
	Status   member.Status      `json:"status"`
	Overlays []string           `json:"overlays,omitempty"`
	Group    unit.GroupID       `json:"group,omitzero"`
	Expected bool               `json:"expected" doc:"An absence counts against the attendance."`
	Votes    bool               `json:"votes"`
	Mark     meeting.Attendance `json:"mark,omitempty" enum:"present,excused,absent"`
	Mode     meeting.Mode       `json:"mode,omitempty"`
	Reason   string             `json:"reason,omitempty"`
	Arrived  time.Time          `json:"arrived,omitzero"`
	How      meeting.How        `json:"how,omitempty"`
	MarkedAt time.Time          `json:"marked_at,omitzero"`
	MarkedBy access.PersonID    `json:"marked_by,omitzero"`
}

func newEntry(e meeting.Entry) RollEntry { return RollEntry(e) }

// Attendance is whether somebody came.
type Attendance struct {
	Mark    meeting.Attendance `json:"mark" enum:"present,excused,absent"`
	Mode    meeting.Mode       `json:"mode,omitempty" enum:"in_person,online"`
	Reason  string             `json:"reason,omitempty"`
	Arrived time.Time          `json:"arrived,omitzero"`
	Paper   bool               `json:"paper,omitzero" doc:"Taken over from a paper roll."`
}

func (a Attendance) of(person access.PersonID) meeting.Call {
	return meeting.Call{Person: person, Mark: a.Mark, Mode: a.Mode, Reason: a.Reason, Arrived: a.Arrived, Paper: a.Paper}
}

// Called is one call of the roll.
type Called struct {
	Person access.PersonID `json:"person"`
	Attendance
}

// Calls is a whole roll, or a part of it.
type Calls struct {
	Calls []Called `json:"calls" nullable:"false" maxItems:"5000"`
}

// Count is how many records changed.
type Count struct {
	Changed int `json:"changed"`
}

func newCount(n int) Count { return Count{n} }

// Figures are the figures of a roll.
type Figures struct {
	Members       int  `json:"members"`
	Official      int  `json:"official"`
	Probationary  int  `json:"probationary"`
	TempHere      int  `json:"temp_here"`
	TempAway      int  `json:"temp_away"`
	Exempt        int  `json:"exempt"`
	Suspended     int  `json:"suspended"`
	Guests        int  `json:"guests"`
	Entitled      int  `json:"entitled"`
	Present       int  `json:"present"`
	Excused       int  `json:"excused"`
	Absent        int  `json:"absent"`
	Unmarked      int  `json:"unmarked"`
	ExemptPresent int  `json:"exempt_present"`
	OnlinePresent int  `json:"online_present"`
	Late          int  `json:"late"`
	Base          Base `json:"base"`
	Voters        int  `json:"voters"`
	Quorate       bool `json:"quorate"`
}

func newFigures(f meeting.Figures) Figures {
	return Figures{
		Members: f.Members, Official: f.Official, Probationary: f.Probationary, TempHere: f.TempHere, TempAway: f.TempAway,
		Exempt: f.Exempt, Suspended: f.Suspended, Guests: f.Guests, Entitled: f.Entitled, Present: f.Present, Excused: f.Excused,
		Absent: f.Absent, Unmarked: f.Unmarked, ExemptPresent: f.ExemptPresent, OnlinePresent: f.OnlinePresent, Late: f.Late,
		Base: newBase(f.Base), Voters: f.Voters, Quorate: f.Quorate,
	}
}

// Base is the number that a vote is counted against, itemised.
type Base struct {
	Listed     int         `json:"listed"`
	Deductions []Deduction `json:"deductions,omitempty"`
	Base       int         `json:"base"`
}

// Deduction is how many voters are left out, and why.
type Deduction struct {
	ID    string `json:"id"`
	Label string `json:"label"`
	Count int    `json:"count"`
}

func newBase(b rulepack.BaseCount) Base {
	return Base{b.Listed, all(func(d rulepack.Deducted) Deduction { return Deduction(d) }, b.Deductions), b.Base}
}

// CheckInCode opens the roll to whoever is in the room.
type CheckInCode struct {
	Short string `json:"short"`
	Token string `json:"token"`
}

// CheckIn is somebody's own coming.
type CheckIn struct {
	Code string       `json:"code"`
	Mode meeting.Mode `json:"mode,omitempty" enum:"in_person,online"`
}

// CheckedIn tells whether the code was the right one.
type CheckedIn struct {
	Accepted bool       `json:"accepted"`
	Entry    *RollEntry `json:"entry,omitempty"`
}

// Guest takes part without being on the roll.
type Guest struct {
	ID      meeting.GuestID `json:"id"`
	Meeting meeting.ID      `json:"meeting"`
	Person  access.PersonID `json:"person,omitzero"`
	Name    string          `json:"name"`
	Office  string          `json:"office,omitempty"`
	Reason  string          `json:"reason,omitempty"`
	Above   bool            `json:"above" doc:"Attends for the committee above."`
	At      time.Time       `json:"at"`
	Version int64           `json:"version"`
}

func newGuest(g meeting.Guest) Guest { return Guest(g) }

// NewGuest is somebody to be noted as a guest.
type NewGuest struct {
	Person access.PersonID `json:"person,omitzero"`
	Name   string          `json:"name,omitempty"`
	Office string          `json:"office,omitempty"`
	Reason string          `json:"reason,omitempty"`
	Above  bool            `json:"above,omitzero"`
}

// Opinion is what somebody said.
type Opinion struct {
	ID      meeting.OpinionID `json:"id"`
	Meeting meeting.ID        `json:"meeting"`
	Item    meeting.ItemID    `json:"item,omitzero"`
	Person  access.PersonID   `json:"person,omitzero"`
	Guest   meeting.GuestID   `json:"guest,omitzero"`
	Speaker string            `json:"speaker"`
	Text    string            `json:"text,omitempty"`
	At      time.Time         `json:"at"`
	Version int64             `json:"version"`
}

func newOpinion(o meeting.Opinion) Opinion { return Opinion(o) }

// Speech is an opinion to be noted: of a person or a guest, not both.
type Speech struct {
	Item   meeting.ItemID  `json:"item,omitzero"`
	Person access.PersonID `json:"person,omitzero"`
	Guest  meeting.GuestID `json:"guest,omitzero"`
	Text   string          `json:"text,omitempty"`
}

// Reply answers a remark.
type Reply struct {
	Reply string `json:"reply"`
}

// Words are a text.
type Words struct {
	Text string `json:"text"`
}

// Spoken is how many of those present spoke.
type Spoken struct {
	Speakers int `json:"speakers"`
	Present  int `json:"present"`
}

// Remark is praise, a reminder or criticism.
type Remark struct {
	ID      meeting.CriticismID `json:"id"`
	Meeting meeting.ID          `json:"meeting"`
	Item    meeting.ItemID      `json:"item,omitzero"`
	Kind    meeting.Remark      `json:"kind"`
	Author  access.PersonID     `json:"author,omitzero"`
	Person  access.PersonID     `json:"person,omitzero"`
	About   string              `json:"about,omitempty"`
	Text    string              `json:"text"`
	At      time.Time           `json:"at"`
	Reply   string              `json:"reply,omitempty"`
	Replied time.Time           `json:"replied,omitzero"`
	Version int64               `json:"version"`
}

func newRemark(c meeting.Criticism) Remark { return Remark(c) }

// NewRemark is a remark to be noted.
type NewRemark struct {
	Item   meeting.ItemID  `json:"item,omitzero"`
	Kind   meeting.Remark  `json:"kind"`
	Author access.PersonID `json:"author,omitzero" doc:"Who said it; the committee as such is nobody."`
	Person access.PersonID `json:"person,omitzero"`
	About  string          `json:"about,omitempty"`
	Text   string          `json:"text"`
}

func newRemarkCounts(counts map[meeting.Remark]int) map[string]int {
	shown := map[string]int{}
	for kind, n := range counts {
		shown[string(kind)] = n
	}
	return shown
}

// Reading is that somebody read a sensitive record.
type Reading struct {
	At     time.Time       `json:"at"`
	By     access.PersonID `json:"by"`
	Reason string          `json:"reason,omitempty"`
}

// Matter is something a meeting may vote on.
type Matter struct {
	ID        string    `json:"id"`
	Label     string    `json:"label"`
	Body      string    `json:"body"`
	Base      string    `json:"base"`
	Threshold Threshold `json:"threshold"`
	Forms     []string  `json:"forms,omitempty"`
	Proposes  bool      `json:"proposes" doc:"The vote proposes, another body decides."`
	Source    string    `json:"source,omitempty"`
}

func newMatter(m rulepack.Matter) Matter {
	return Matter{m.ID, m.Label, m.Body, m.Base, Threshold(m.Threshold), m.Forms, m.Proposes, m.Source}
}

// Threshold is a share of the base: strict is "more than", else "at least".
type Threshold struct {
	Num    int    `json:"num"`
	Den    int    `json:"den"`
	Strict bool   `json:"strict"`
	Label  string `json:"label"`
}

// Vote is a question put to the meeting, with its outcome.
type Vote struct {
	ID           meeting.VoteID  `json:"id"`
	Meeting      meeting.ID      `json:"meeting"`
	Item         meeting.ItemID  `json:"item,omitzero"`
	Matter       string          `json:"matter"`
	Body         string          `json:"body"`
	Title        string          `json:"title"`
	Noun         string          `json:"noun,omitempty"`
	Record       recordID        `json:"record,omitzero" doc:"The record that was voted on, of the kind that noun names."`
	Form         meeting.Form    `json:"form"`
	CalledAt     time.Time       `json:"called_at"`
	CalledBy     access.PersonID `json:"called_by,omitzero"`
	RecordedAt   time.Time       `json:"recorded_at,omitzero"`
	RecordedBy   access.PersonID `json:"recorded_by,omitzero"`
	BaseID       string          `json:"base_id"`
	Base         Base            `json:"base"`
	Voters       int             `json:"voters"`
	Tally        Tally           `json:"tally"`
	Threshold    Threshold       `json:"threshold"`
	Passed       bool            `json:"passed"`
	Minority     []Minority      `json:"minority,omitempty"`
	Supersedes   meeting.VoteID  `json:"supersedes,omitzero"`
	Reason       string          `json:"reason,omitempty"`
	SupersededAt time.Time       `json:"superseded_at,omitzero"`
	Rules        Rules           `json:"rules"`
	Version      int64           `json:"version"`
}

// recordID is the id of a record of whichever kind.
type recordID = id.Of[record]

type record struct{}

func newVote(v meeting.Vote) Vote {
	return Vote{
		ID: v.ID, Meeting: v.Meeting, Item: v.Item, Matter: v.Matter, Body: v.Body, Title: v.Title, Noun: v.Noun, Record: recordID(v.NounID),
		Form: v.Form, CalledAt: v.CalledAt, CalledBy: v.CalledBy, RecordedAt: v.RecordedAt, RecordedBy: v.RecordedBy,
		BaseID: v.BaseID, Base: newBase(v.Base), Voters: v.Voters, Tally: Tally(v.Tally), Threshold: Threshold(v.Threshold), Passed: v.Passed,
		Minority:   all(func(m meeting.Minority) Minority { return Minority(m) }, v.Minority),
		Supersedes: v.Supersedes, Reason: v.Reason, SupersededAt: v.SupersededAt, Rules: Rules(v.Rules), Version: v.Version,
	}
}

// Tally is a count. Issued and collected count ballots, and are 0 for a vote by
// hand.
type Tally struct {
	Yes       int    `json:"yes"`
	No        int    `json:"no,omitzero"`
	Other     int    `json:"other,omitzero"`
	Invalid   int    `json:"invalid,omitzero"`
	Issued    int    `json:"issued,omitzero"`
	Collected int    `json:"collected,omitzero"`
	Tellers   string `json:"tellers,omitempty"`
}

// Minority is an opinion kept on request of somebody who was outvoted.
type Minority struct {
	Person access.PersonID `json:"person"`
	Text   string          `json:"text"`
	At     time.Time       `json:"at,omitzero"`
}

// Question is put to the meeting.
type Question struct {
	Item   meeting.ItemID `json:"item,omitzero"`
	Matter string         `json:"matter,omitempty" doc:"One of the matters; an ordinary resolution where it is absent."`
	Title  string         `json:"title"`
	Form   meeting.Form   `json:"form,omitempty"`
	Noun   string         `json:"noun,omitempty"`
	Record recordID       `json:"record,omitzero"`
}

func (q Question) at(of meeting.ID) meeting.Question {
	return meeting.Question{Meeting: of, Item: q.Item, Matter: q.Matter, Title: q.Title, Form: q.Form, Noun: q.Noun, NounID: int64(q.Record)}
}

// VoteCount is what the tellers counted.
type VoteCount struct {
	Tally    Tally      `json:"tally"`
	Minority []Minority `json:"minority,omitempty"`
}

func (v VoteCount) minority() []meeting.Minority {
	return all(func(m Minority) meeting.Minority { return meeting.Minority(m) }, v.Minority)
}

// VoteCorrection is a vote noted anew, and why.
type VoteCorrection struct {
	VoteCount
	Reason string `json:"reason"`
}
