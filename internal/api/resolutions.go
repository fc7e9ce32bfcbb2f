package api

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/numbering"
	"chibo/internal/domain/resolution"
	"chibo/internal/domain/task"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
)

type (
	// OfResolution names the resolution in the address, OfLine a line of it.
	OfResolution struct {
		Resolution pathID[task.Resolution] `path:"resolution"`
	}
	OfLine struct {
		OfResolution
		Line pathID[task.Task] `path:"line"`
	}
)

// resolutionOperations write resolutions, adopt and issue them, and number
// documents.
func resolutionOperations() []operation {
	writes := may(access.ResolutionWrite, "resolution")
	return []operation{
		read("GET /units/{unit}/resolutions", "resolution.List", may(access.ResolutionRead, "unit"), listResolutions),
		read("GET /meetings/{meeting}/resolutions", "resolution.OfMeeting", may(access.ResolutionRead, "meeting"), func(c call, in *OfMeeting) (list[Resolution], error) {
			return each(newResolution)(resolution.OfMeeting(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /resolutions/{resolution}", "resolution.Find", may(access.ResolutionRead, "resolution"), func(c call, in *OfResolution) (Resolution, error) {
			return as(newResolution)(resolution.Find(c.tx, c.by, in.Resolution.ID))
		}),
		read("GET /resolutions/{resolution}/text", "resolution.Read", may(access.ResolutionRead, "resolution"), readResolution),
		create("POST /meetings/{meeting}/resolution", "resolution.Draft", may(access.ResolutionWrite, "meeting"), func(c call, in *OfMeeting) (Made, error) {
			return as(made[task.Resolution])(resolution.Draft(c.tx, c.by, in.Meeting.ID))
		}),
		create("POST /meetings/{meeting}/resolutions", "resolution.DraftOther", may(access.ResolutionWrite, "meeting"), func(c call, in *struct {
			OfMeeting
			Body OtherResolution
		},
		) (Made, error) {
			return as(made[task.Resolution])(resolution.DraftOther(c.tx, c.by, resolution.New{
				Meeting: in.Meeting.ID, Kind: in.Body.Kind, Title: in.Body.Title, From: in.Body.From, To: in.Body.To,
			}))
		}),
		change("PUT /resolutions/{resolution}/title", "resolution.Rename", writes, func(c call, in *struct {
			OfResolution
			Body Title
		},
		) (nothing, error) {
			return done(resolution.Rename(c.tx, c.by, in.Resolution.ID, c.version, in.Body.Title))
		}),
		write("PUT /resolutions/{resolution}/sections/{section}", "resolution.EditSection", writes, func(c call, in *struct {
			OfResolution
			Section string `path:"section"`
			Body    SectionBody
		},
		) (nothing, error) {
			return done(resolution.EditSection(c.tx, c.by, in.Resolution.ID, resolution.Section(in.Section), in.Body.Version, in.Body.Body))
		}),
		create("POST /resolutions/{resolution}/lines", "resolution.AddLine", writes, func(c call, in *struct {
			OfResolution
			Body NewTask
		},
		) (Made, error) {
			return as(made[task.Task])(resolution.AddLine(c.tx, c.by, in.Resolution.ID, in.Body.given()))
		}),
		change("POST /resolutions/{resolution}/rest/{line}", "resolution.AddRest", writes, func(c call, in *struct {
			OfLine
			Body Carry
		},
		) (Made, error) {
			return as(made[task.Task])(resolution.AddRest(c.tx, c.by, in.Resolution.ID, in.Line.ID, c.version, in.Body.given()))
		}),
		change("PUT /resolutions/{resolution}/lines/{line}", "resolution.ChangeLine", writes, func(c call, in *struct {
			OfLine
			Body NewTask
		},
		) (nothing, error) {
			return done(resolution.ChangeLine(c.tx, c.by, in.Resolution.ID, in.Line.ID, c.version, in.Body.given()))
		}),
		change("POST /resolutions/{resolution}/lines/{line}/up", "resolution.MoveLine", writes, func(c call, in *OfLine) (nothing, error) {
			return done(resolution.MoveLine(c.tx, c.by, in.Resolution.ID, in.Line.ID, c.version))
		}),
		change("DELETE /resolutions/{resolution}/lines/{line}", "resolution.RemoveLine", writes, func(c call, in *OfLine) (nothing, error) {
			return done(resolution.RemoveLine(c.tx, c.by, in.Resolution.ID, in.Line.ID, c.version))
		}),
		change("POST /resolutions/{resolution}/discard", "resolution.Discard", writes, func(c call, in *struct {
			OfResolution
			Body Reason
		},
		) (nothing, error) {
			return done(resolution.Discard(c.tx, c.by, in.Resolution.ID, c.version, in.Body.Reason))
		}),
		change("POST /resolutions/{resolution}/adopt", "resolution.Adopt", writes, func(c call, in *struct {
			OfResolution
			Body Adoption
		},
		) (nothing, error) {
			return done(resolution.Adopt(c.tx, c.by, in.Resolution.ID, c.version, in.Body.Vote))
		}),
		change("POST /resolutions/{resolution}/issue", "resolution.Issue", may(access.MeetingConclude, "resolution"), func(c call, in *struct {
			OfResolution
			Body Signing
		},
		) (nothing, error) {
			return done(resolution.Issue(c.tx, c.by, in.Resolution.ID, c.version, resolution.Signing(in.Body)))
		}),
		change("POST /resolutions/{resolution}/amend", "resolution.Amend", may(access.MeetingConclude, "resolution"), func(c call, in *struct {
			OfResolution
			Body Amendment
		},
		) (nothing, error) {
			return done(resolution.Amend(c.tx, c.by, in.Resolution.ID, c.version, in.Body.given()))
		}),
		read("GET /resolutions/{resolution}/editions", "resolution.Editions", may(access.ResolutionRead, "resolution"), func(c call, in *OfResolution) (list[Edition], error) {
			return each(func(e resolution.Edition) Edition { return Edition(e) })(resolution.Editions(c.tx, c.by, in.Resolution.ID))
		}),
		read("GET /resolutions/{resolution}/editions/{edition}", "resolution.ReadEdition", may(access.ResolutionRead, "resolution"), func(c call, in *struct {
			OfResolution
			Edition int `path:"edition" doc:"The first is 1."`
		},
		) (ResolutionText, error) {
			r, text, err := resolution.ReadEdition(c.tx, c.by, in.Resolution.ID, in.Edition)
			return newResolutionText(r, text), err
		}),
		read("GET /resolutions/{resolution}/corrected-vote", "resolution.Corrected", watching("resolution"), func(c call, in *OfResolution) (Vote, error) {
			r, err := resolution.Find(c.tx, c.by, in.Resolution.ID)
			if err != nil {
				return Vote{}, err
			}
			return as(newVote)(found(resolution.Corrected(c.tx, c.by, r)))
		}),

		read("GET /units/{unit}/numbers/{document}", "numbering.Register", may(access.ResolutionRead, "unit"), func(c call, in *struct {
			OfUnit
			Document string `path:"document" example:"resolution"`
		},
		) (list[Numbered], error) {
			return each(newNumbered)(numbering.Register(c.tx, c.by, in.Unit.ID, in.Document))
		}),
		read("GET /units/{unit}/resolutions/numbered", "resolution.Numbered", may(access.ResolutionRead, "unit"), func(c call, in *OfUnit) (TermNumbers, error) {
			return as(func(begun bool) TermNumbers { return TermNumbers{begun} })(resolution.Numbered(c.tx, c.by, in.Unit.ID))
		}),
		write("POST /units/{unit}/resolutions/continue", "resolution.ContinueNumbers", may(access.ResolutionWrite, "unit"), func(c call, in *struct {
			OfUnit
			Body LastNumber
		},
		) (nothing, error) {
			return done(resolution.ContinueNumbers(c.tx, c.by, in.Unit.ID, in.Body.Last))
		}),
		write("POST /units/{unit}/numbers/{document}/continue", "numbering.Continue", may(access.ResolutionWrite, "unit"), func(c call, in *struct {
			OfUnit
			Document string `path:"document" example:"resolution"`
			Body     Continuation
		},
		) (nothing, error) {
			return done(numbering.Continue(c.tx, c.by, numbering.Series{Unit: in.Unit.ID, Document: in.Document, Issuer: in.Body.Issuer, Term: in.Body.Term}, in.Body.Given))
		}),
	}
}

// ResolutionFilter narrows a list of resolutions.
type ResolutionFilter struct {
	Kind  string `query:"kind"`
	Year  int    `query:"year"`
	Below bool   `query:"below" doc:"Adds the units below."`
}

func listResolutions(c call, in *struct {
	OfUnit
	Paging
	ResolutionFilter
},
) (list[Resolution], error) {
	last, err := cursor[resolution.ID](in.After)
	if err != nil {
		return list[Resolution]{}, err
	}
	f := resolution.Filter{Kind: resolution.Kind(in.Kind), Year: in.Year, Below: in.Below, Before: last, Limit: in.more()}
	return page(in.Paging, newResolution, func(r resolution.Resolution) any { return r.ID })(resolution.List(c.tx, c.by, in.Unit.ID, f))
}

func readResolution(c call, in *OfResolution) (ResolutionText, error) {
	r, text, err := resolution.Read(c.tx, c.by, in.Resolution.ID)
	if err != nil {
		return ResolutionText{}, err
	}
	return newResolutionText(r, text), nil
}

// Resolution is a resolution.
type Resolution struct {
	ID          resolution.ID    `json:"id"`
	Unit        orgtree.ID       `json:"unit"`
	Kind        resolution.Kind  `json:"kind"`
	State       resolution.State `json:"state"`
	Meeting     meeting.ID       `json:"meeting,omitzero"`
	Title       string           `json:"title"`
	From        clock.Date       `json:"from,omitzero"`
	To          clock.Date       `json:"to,omitzero"`
	Vote        meeting.VoteID   `json:"vote,omitzero"`
	AdoptedAt   time.Time        `json:"adopted_at,omitzero"`
	Number      int              `json:"number,omitzero"`
	Symbol      string           `json:"symbol,omitempty"`
	Day         clock.Date       `json:"day,omitzero"`
	Place       string           `json:"place,omitempty"`
	Signing     string           `json:"signing,omitempty"`
	Signer      access.PersonID  `json:"signer,omitzero"`
	SignerTitle string           `json:"signer_title,omitempty"`
	SignerName  string           `json:"signer_name,omitempty"`
	Rules       Rules            `json:"rules,omitzero"`
	Reason      string           `json:"reason,omitempty"`
	Edition     int              `json:"edition,omitzero"`
	Created     time.Time        `json:"created"`
	Version     int64            `json:"version"`
}

func newResolution(r resolution.Resolution) Resolution {
	return Resolution{
		ID: r.ID, Unit: r.Unit, Kind: r.Kind, State: r.State, Meeting: r.Meeting, Title: r.Title, From: r.From, To: r.To, Vote: r.Vote,
		AdoptedAt: r.AdoptedAt, Number: r.Number, Symbol: r.Symbol, Day: r.Day, Place: r.Place, Signing: r.Signing, Signer: r.Signer,
		SignerTitle: r.SignerTitle, SignerName: r.SignerName, Rules: Rules(r.Rules), Reason: r.Reason, Edition: r.Edition, Created: r.Created, Version: r.Version,
	}
}

// ResolutionText is a resolution with its whole text.
type ResolutionText struct {
	Resolution
	Opening  *OpeningFigures  `json:"opening,omitempty"`
	Sections []Section        `json:"sections,omitempty"`
	Past     []ResolutionLine `json:"past,omitempty" doc:"The tasks that were before the meeting."`
	Tasks    []ResolutionLine `json:"tasks,omitempty"`
	Ballot   *Ballot          `json:"ballot,omitempty"`
}

func newResolutionText(r resolution.Resolution, t resolution.Text) ResolutionText {
	shown := ResolutionText{
		Resolution: newResolution(r), Past: all(newLine, t.Past), Tasks: all(newLine, t.Tasks),
		Sections: all(func(s resolution.SectionText) Section { return Section(s) }, t.Sections),
	}
	if t.Opening != nil {
		opening := OpeningFigures(*t.Opening)
		shown.Opening = &opening
	}
	if t.Ballot != nil {
		ballot := Ballot(*t.Ballot)
		shown.Ballot = &ballot
	}
	return shown
}

// OpeningFigures are who was there when the resolution was made.
type OpeningFigures struct {
	Total     int       `json:"total"`
	Present   int       `json:"present"`
	Excused   int       `json:"excused"`
	Absent    int       `json:"absent"`
	Exempt    int       `json:"exempt"`
	Minutes   int       `json:"minutes"`
	Opened    time.Time `json:"opened,omitzero"`
	Place     string    `json:"place,omitempty"`
	Chair     string    `json:"chair,omitempty"`
	Secretary string    `json:"secretary,omitempty"`
}

// Ballot is how a resolution was adopted.
type Ballot struct {
	Yes  int `json:"yes"`
	Base int `json:"base"`
}

// Section is a part of the text.
type Section struct {
	Section resolution.Section `json:"section"`
	Body    string             `json:"body,omitempty"`
	Version int64              `json:"version" doc:"0 for a part that nobody wrote."`
}

// ResolutionLine is a task in a table of a resolution.
type ResolutionLine struct {
	Task        task.ID      `json:"task"`
	Version     int64        `json:"version,omitzero"`
	Predecessor task.ID      `json:"predecessor,omitzero"`
	Title       string       `json:"title"`
	Detail      string       `json:"detail,omitempty"`
	Area        task.Area    `json:"area,omitempty"`
	Who         string       `json:"who,omitempty"`
	Due         clock.Date   `json:"due,omitzero"`
	OriginalDue clock.Date   `json:"original_due,omitzero"`
	State       task.State   `json:"state"`
	Outcome     task.Outcome `json:"outcome,omitempty"`
	OnTime      bool         `json:"on_time"`
	OverdueDays int          `json:"overdue_days,omitzero"`
	Percent     int          `json:"percent"`
	Result      string       `json:"result,omitempty"`
	Amount      Amount       `json:"amount"`
}

func newLine(l resolution.Line) ResolutionLine {
	return ResolutionLine{
		Task: l.Task, Version: l.Version, Predecessor: l.Predecessor, Title: l.Title, Detail: l.Detail, Area: l.Area, Who: l.Who, Due: l.Due,
		OriginalDue: l.OriginalDue, State: l.State, Outcome: l.Outcome, OnTime: l.OnTime, OverdueDays: l.OverdueDays, Percent: l.Percent,
		Result: l.Result, Amount: Amount(l.Amount),
	}
}

// OtherResolution is a resolution on a theme, a yearly plan or another one.
type OtherResolution struct {
	Kind  resolution.Kind `json:"kind"`
	Title string          `json:"title"`
	From  clock.Date      `json:"from,omitzero"`
	To    clock.Date      `json:"to,omitzero"`
}

// Title is how something is called.
type Title struct {
	Title string `json:"title"`
}

// SectionBody is a part of a text, written over the version that was read.
type SectionBody struct {
	Body    string `json:"body"`
	Version int64  `json:"version" doc:"0 for a part that nobody wrote."`
}

// Adoption names the vote by which a resolution was adopted.
type Adoption struct {
	Vote meeting.VoteID `json:"vote"`
}

// Signing is how a resolution is issued.
type Signing struct {
	Place  string          `json:"place,omitempty"`
	Day    clock.Date      `json:"day,omitzero"`
	Signer access.PersonID `json:"signer,omitzero"`
	Way    string          `json:"way,omitempty"`
}

// Amendment puts a resolution right after its adoption, in a further edition.
type Amendment struct {
	Reason   string         `json:"reason"`
	Vote     meeting.VoteID `json:"vote,omitzero" doc:"The one by which it now counts as adopted; absent for the same as before."`
	Sections []Section      `json:"sections,omitempty" doc:"Those that change, each over the version that was read."`
}

func (a Amendment) given() resolution.Amendment {
	return resolution.Amendment{
		Reason: a.Reason, Vote: a.Vote,
		Sections: all(func(s Section) resolution.SectionText { return resolution.SectionText(s) }, a.Sections),
	}
}

// Edition is one edition of an adopted resolution.
type Edition struct {
	Number int              `json:"number"`
	State  resolution.State `json:"state"`
	At     time.Time        `json:"at"`
	By     access.PersonID  `json:"by,omitzero"`
	Reason string           `json:"reason,omitempty"`
}

// TermNumbers is whether resolutions of this term have a number already.
type TermNumbers struct {
	Begun bool `json:"begun"`
}

// LastNumber is that of the last resolution that was issued on paper.
type LastNumber struct {
	Last int `json:"last"`
}

// Numbered is a number that a document got.
type Numbered struct {
	Number int        `json:"number"`
	Symbol string     `json:"symbol"`
	Day    clock.Date `json:"day"`
	Term   clock.Date `json:"term"`
	Noun   string     `json:"noun"`
	Record recordID   `json:"record,omitzero"`
}

func newNumbered(g numbering.Given) Numbered {
	return Numbered{g.Number, g.Symbol, g.Day, g.Term, g.Record.Noun, recordID(g.Record.ID)}
}

// Continuation goes on with numbers that were given on paper.
type Continuation struct {
	Issuer string     `json:"issuer"`
	Term   clock.Date `json:"term"`
	Given  int        `json:"given" doc:"The last number that was given."`
}
