package api

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"chibo/internal/domain/member"
	"chibo/internal/domain/unit"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/db"
)

// OfOverlay names the overlay in the address.
type OfOverlay struct {
	Overlay pathID[member.Overlay] `path:"overlay"`
}

// memberOperations are the register.
func memberOperations() []operation {
	return []operation{
		read("GET /members", "member.List", within(access.MemberRead), listMembers),
		exportMembers("GET /units/{unit}/members/export", "member.Export", may(access.MemberExport, "unit")),
		create("POST /members", "member.Register", may(access.MemberManage, "body.unit"), func(c call, in *struct{ Body NewMember }) (Member, error) {
			return as(newMember)(member.Register(c.tx, c.by, in.Body.given()))
		}),
		read("GET /cards/{card}", "member.ByCard", may(access.PostManage, "card").seenBy(access.PostManage), func(c call, in *struct {
			Card string `path:"card"`
		},
		) (Brief, error) {
			return as(newBrief)(member.ByCard(c.tx, c.by, in.Card))
		}),
		read("GET /members/{person}", "member.Find", may(access.MemberRead, "person").orOwn("the person"), func(c call, in *OfPerson) (Brief, error) {
			return as(newBrief)(member.Find(c.tx, c.by, in.Person.ID))
		}),
		recorded("GET /members/{person}/file", "member.Open", may(access.MemberFile, "person").orOwn("the person"), func(c call, in *struct {
			OfPerson
			Why
		},
		) (File, error) {
			return as(newFile)(member.Open(c.tx, c.by, in.Person.ID, in.Reason))
		}),
		read("GET /members/{person}/readings", "member.Readings", may(access.MemberFile, "person").orOwn("the person"), func(c call, in *OfPerson) (list[FileReading], error) {
			return each(func(r member.Reading) FileReading { return FileReading(r) })(member.Readings(c.tx, c.by, in.Person.ID))
		}),
		recorded("GET /members/{person}/history", "member.History", may(access.MemberFile, "person").orOwn("the person"), func(c call, in *OfPerson) (list[Entry], error) {
			return each(newHistory)(member.History(c.tx, c.by, in.Person.ID))
		}),
		change("PUT /members/{person}", "member.Edit", may(access.MemberManage, "person"), func(c call, in *struct {
			OfPerson
			Body MemberChange
		},
		) (nothing, error) {
			return done(member.Edit(c.tx, c.by, in.Person.ID, c.version, member.Change{Core: member.Core(in.Body.Core), CV: member.CV(in.Body.CV), Document: in.Body.Document}))
		}),
		change("PUT /members/{person}/group", "member.AssignGroup", may(access.MemberManage, "person"), func(c call, in *struct {
			OfPerson
			Body GroupOf
		},
		) (nothing, error) {
			return done(member.AssignGroup(c.tx, c.by, in.Person.ID, c.version, in.Body.Group))
		}),
		change("POST /members/{person}/recognise", "member.Recognise", may(access.MemberManage, "person"), func(c call, in *struct {
			OfPerson
			Body Recognition
		},
		) (nothing, error) {
			return done(member.Recognise(c.tx, c.by, in.Person.ID, c.version, member.Recognition(in.Body)))
		}),
		change("POST /members/{person}/leave", "member.Leave", may(access.MemberManage, "person"), func(c call, in *struct {
			OfPerson
			Body Leaving
		},
		) (nothing, error) {
			return done(member.Leave(c.tx, c.by, in.Person.ID, c.version, member.Leaving(in.Body)))
		}),
		change("POST /members/{person}/move", "member.MoveToCell", may(access.MemberManage, "person").and("in the other cell too"), func(c call, in *struct {
			OfPerson
			Body Residence
		},
		) (nothing, error) {
			return done(member.MoveToCell(c.tx, c.by, in.Person.ID, c.version, member.Place(in.Body)))
		}),
		create("POST /members/{person}/overlays", "member.AddOverlay", may(access.MemberManage, "person"), func(c call, in *struct {
			OfPerson
			Body NewOverlay
		},
		) (Overlay, error) {
			return as(newOverlay)(member.AddOverlay(c.tx, c.by, in.Person.ID, member.NewOverlay(in.Body)))
		}),
		change("POST /overlays/{overlay}/end", "member.EndOverlay", may(access.MemberManage, "overlay"), func(c call, in *struct {
			OfOverlay
			Body Ended
		},
		) (nothing, error) {
			return done(member.EndOverlay(c.tx, c.by, in.Overlay.ID, c.version, in.Body.Day, in.Body.Reason))
		}),
	}
}

// Why is the reason for reading a sensitive record.
type Why struct {
	Reason string `query:"reason" doc:"Why the file is opened; it is written down."`
}

// MemberFilter narrows a list of members.
type MemberFilter struct {
	Unit    queryID[orgtree.Unit] `query:"unit"`
	Words   string                `query:"words" doc:"Parts of the name, with or without accents; digits alone are the beginning of a card number."`
	Group   queryID[unit.Group]   `query:"group"`
	Status  []string              `query:"status"`
	Overlay string                `query:"overlay"`
	Sex     string                `query:"sex"`
	AgeFrom int                   `query:"age_from"`
	AgeTo   int                   `query:"age_to"`
}

func (f MemberFilter) filter() member.Filter {
	return member.Filter{
		Unit: f.Unit.ID, Words: f.Words, Group: f.Group.ID, Overlay: f.Overlay, Sex: member.Sex(f.Sex), AgeFrom: f.AgeFrom, AgeTo: f.AgeTo,
		Statuses: all(func(s string) member.Status { return member.Status(s) }, f.Status),
	}
}

func listMembers(c call, in *struct {
	Paging
	MemberFilter
},
) (list[Listed], error) {
	f := in.filter()
	after, err := cursor[string](in.After)
	if err != nil {
		return list[Listed]{}, err
	}
	f.After, f.Limit = after, in.limit()
	return as(func(p member.Page) list[Listed] {
		shown := list[Listed]{Items: all(newListed, p.People)}
		if p.Next != "" {
			shown.Next = cursorTo(p.Next)
		}
		return shown
	})(member.List(c.tx, c.by, f))
}

// exportMembers answers with the list of all people of the unit, which is read
// while it is sent.
func exportMembers(pattern, verb string, r right) operation {
	op := recorded(pattern, verb, r, func(call, *OfUnit) (people list[Exported], err error) { return people, nil })
	op.do = func(c call, in any) (any, error) {
		people, err := member.Export(c.tx, c.by, member.Filter{Unit: in.(*OfUnit).Unit.ID})
		return streamed("", jsonMedia, func(ctx context.Context, out io.Writer) error {
			items := newItems(out)
			if err := c.server.DB.ViewLong(ctx, func(tx *db.Tx) error {
				return people.Each(tx, func(e member.Exported) error {
					return items.add(Exported{newMember(e.Member), CV(e.CV), e.UnitCode, e.GroupName, e.From})
				})
			}); err != nil {
				return err
			}
			return items.end()
		}), err
	}
	return op
}

// Member is a person of the register.
type Member struct {
	ID      member.ID     `json:"id"`
	Unit    orgtree.ID    `json:"unit"`
	Group   unit.GroupID  `json:"group,omitzero"`
	Status  member.Status `json:"status" doc:"Empty for a person outside the Party."`
	Left    clock.Date    `json:"left,omitzero"`
	Version int64         `json:"version"`
	Core
}

func newMember(m member.Member) Member {
	return Member{m.ID, m.Unit, m.Group, m.Status, m.Left, m.Version, Core(m.Core)}
}

// Core is what the register says of everybody.
type Core struct {
	BirthName  string     `json:"birth_name,omitempty"`
	Name       string     `json:"name,omitempty"`
	Sex        member.Sex `json:"sex,omitempty"`
	Birth      clock.Date `json:"birth,omitzero"`
	Card       string     `json:"card,omitempty"`
	CVNumber   string     `json:"cv_number,omitempty"`
	Admitted   clock.Date `json:"admitted,omitzero"`
	Ceremony   clock.Date `json:"ceremony,omitzero"`
	Recognised clock.Date `json:"recognised,omitzero"`
	Inactive   int        `json:"inactive,omitzero" doc:"Months without activity, which party age leaves out."`
}

// CV is the rest of the file.
type CV struct {
	OtherNames        string     `json:"other_names,omitempty"`
	Birthplace        string     `json:"birthplace,omitempty"`
	Home              string     `json:"home,omitempty"`
	Residence         string     `json:"residence,omitempty"`
	Ethnic            string     `json:"ethnic,omitempty"`
	Religion          string     `json:"religion,omitempty"`
	Occupation        string     `json:"occupation,omitempty"`
	Schooling         string     `json:"schooling,omitempty"`
	Expertise         string     `json:"expertise,omitempty"`
	Degree            string     `json:"degree,omitempty"`
	AcademicTitle     string     `json:"academic_title,omitempty"`
	Theory            string     `json:"theory,omitempty"`
	Languages         string     `json:"languages,omitempty"`
	Computing         string     `json:"computing,omitempty"`
	MinorityLanguages string     `json:"minority_languages,omitempty"`
	UnionJoined       clock.Date `json:"union_joined,omitzero"`
	UnionPlace        string     `json:"union_place,omitempty"`
	Phone             string     `json:"phone,omitempty"`
}

// NewMember is a person to be registered.
type NewMember struct {
	Unit     orgtree.ID    `json:"unit"`
	Group    unit.GroupID  `json:"group,omitzero"`
	Status   member.Status `json:"status,omitempty" enum:"probationary,official," doc:"Absent for a person outside the Party."`
	From     clock.Date    `json:"from,omitzero"`
	Document string        `json:"document,omitempty"`
	Core
	CV CV `json:"cv,omitzero"`
}

func (n NewMember) given() member.New {
	return member.New{Unit: n.Unit, Group: n.Group, Status: n.Status, From: n.From, Document: n.Document, Core: member.Core(n.Core), CV: member.CV(n.CV)}
}

// MemberChange replaces what is said of a person.
type MemberChange struct {
	Core
	CV       CV     `json:"cv,omitzero"`
	Document string `json:"document,omitempty" doc:"The paper by which a name or a birth date is corrected."`
}

// Brief is a person in brief.
type Brief struct {
	ID       member.ID     `json:"id"`
	Unit     orgtree.ID    `json:"unit"`
	Group    unit.GroupID  `json:"group,omitzero"`
	Name     string        `json:"name"`
	Status   member.Status `json:"status"`
	Overlays []string      `json:"overlays,omitempty"`
	Version  int64         `json:"version"`
}

func newBrief(b member.Brief) Brief { return Brief(b) }

// Listed is a person on a list; core is there where the reader may open the
// file.
type Listed struct {
	Brief
	UnitName string `json:"unit_name"`
	Open     bool   `json:"open"`
	Core     Core   `json:"core,omitzero"`
}

func newListed(l member.Listed) Listed {
	return Listed{newBrief(l.Brief), l.UnitName, l.Open, Core(l.Core)}
}

// Exported is a person as a spreadsheet carries one out.
type Exported struct {
	Member
	CV        CV         `json:"cv,omitzero"`
	UnitCode  string     `json:"unit_code"`
	GroupName string     `json:"group_name,omitempty"`
	From      clock.Date `json:"from,omitzero"`
}

// File is the whole record of a person.
type File struct {
	Member
	CV       CV             `json:"cv"`
	Overlays []Overlay      `json:"overlays,omitempty"`
	States   []StatusChange `json:"states,omitempty"`
	Places   []Residence    `json:"places,omitempty"`
	Posts    []Post         `json:"posts,omitempty"`
}

func newFile(f member.File) File {
	return File{
		newMember(f.Member), CV(f.CV), all(newOverlay, f.Overlays),
		all(func(s member.StatusChange) StatusChange { return StatusChange(s) }, f.States),
		all(func(p member.Place) Residence { return Residence(p) }, f.Places), all(newPost, f.Posts),
	}
}

// StatusChange is a step of a membership.
type StatusChange struct {
	Status   member.Status `json:"status"`
	From     clock.Date    `json:"from"`
	Document string        `json:"document,omitempty"`
	Reason   string        `json:"reason,omitempty"`
}

// Residence is that somebody belongs to a unit for a time.
type Residence struct {
	Unit     orgtree.ID `json:"unit"`
	From     clock.Date `json:"from"`
	To       clock.Date `json:"to,omitzero"`
	Document string     `json:"document,omitempty"`
}

// FileReading is that somebody opened a file.
type FileReading struct {
	At     time.Time `json:"at"`
	By     member.ID `json:"by"`
	Name   string    `json:"name"`
	Reason string    `json:"reason,omitempty"`
}

// Entry is a change in the journal.
type Entry struct {
	ID     journal.EntryID `json:"id"`
	At     time.Time       `json:"at"`
	By     access.PersonID `json:"by,omitzero" doc:"Absent for the program itself."`
	Unit   orgtree.ID      `json:"unit"`
	Verb   string          `json:"verb"`
	Before json.RawMessage `json:"before,omitempty"`
	After  json.RawMessage `json:"after,omitempty"`
}

func newHistory(e journal.Entry) Entry {
	return Entry{e.ID, e.At, e.By, e.Unit, e.Verb, e.Before, e.After}
}

// GroupOf is the group that somebody belongs to; none where it is absent.
type GroupOf struct {
	Group unit.GroupID `json:"group,omitzero"`
}

// Recognition makes a probationary member official.
type Recognition struct {
	Day      clock.Date `json:"day"`
	Decision string     `json:"decision"`
}

// Leaving ends a membership.
type Leaving struct {
	Status   member.Status `json:"status"`
	Day      clock.Date    `json:"day"`
	Document string        `json:"document,omitempty"`
	Reason   string        `json:"reason,omitempty"`
}

// Overlay is a standing beside membership, such as exempt or away.
type Overlay struct {
	ID       member.OverlayID `json:"id"`
	Person   member.ID        `json:"person"`
	Unit     orgtree.ID       `json:"unit"`
	Kind     string           `json:"kind"`
	From     clock.Date       `json:"from"`
	To       clock.Date       `json:"to,omitzero"`
	Document string           `json:"document,omitempty"`
	Reason   string           `json:"reason,omitempty"`
	Version  int64            `json:"version"`
}

func newOverlay(o member.Overlay) Overlay { return Overlay(o) }

// NewOverlay is an overlay to be entered.
type NewOverlay struct {
	Kind     string     `json:"kind"`
	Unit     orgtree.ID `json:"unit,omitzero" doc:"The host of a guest; the home cell where it is absent."`
	From     clock.Date `json:"from"`
	To       clock.Date `json:"to,omitzero"`
	Document string     `json:"document,omitempty"`
	Reason   string     `json:"reason,omitempty"`
}
