package api

import (
	"time"

	"chibo/internal/domain/account"
	"chibo/internal/domain/duplicate"
	"chibo/internal/domain/likeness"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/clock"
	"chibo/internal/platform/errs"
)

type (
	// OfDuplicate names the finding in the address, OfMerge the merge.
	OfDuplicate struct {
		Finding pathID[duplicate.Finding] `path:"duplicate"`
	}
	OfMerge struct {
		Merge pathID[duplicate.Merge] `path:"merge"`
	}
)

// duplicateOperations find records of one person, merge them and take that back.
// What is about two people asks for the right at the units of both.
func duplicateOperations() []operation {
	decide := may(access.MemberMerge, "duplicate")
	pair, both := may(access.MemberMerge, "body.kept"), may(access.MemberMerge, "merge")
	return []operation{
		read("GET /duplicates", "duplicate.List", within(access.MemberMerge), func(c call, in *struct {
			Paging
			State  duplicate.State        `query:"state" enum:"open,apart,merged" default:"open"`
			Person queryID[access.Person] `query:"person" doc:"Only findings about this person."`
		},
		) (list[Duplicate], error) {
			after, err := cursor[string](in.After)
			if err != nil {
				return list[Duplicate]{}, err
			}
			return as(func(p duplicate.Page) list[Duplicate] {
				shown := list[Duplicate]{Items: all(newListedDuplicate, p.Findings)}
				if p.Next != "" {
					shown.Next = cursorTo(p.Next)
				}
				return shown
			})(duplicate.List(c.tx, c.by, duplicate.Filter{State: in.State, Person: in.Person.ID, After: after, Limit: in.limit()}))
		}),
		read("GET /duplicate-search", "duplicate.Last", anyone(), func(c call, _ *struct{}) (DuplicateSearch, error) {
			return as(func(r duplicate.Run) DuplicateSearch { return DuplicateSearch(r) })(duplicate.Last(c.tx, c.by))
		}),
		read("GET /duplicates/{duplicate}", "duplicate.Get", decide, func(c call, in *OfDuplicate) (Duplicate, error) {
			return as(newDuplicate)(duplicate.Get(c.tx, c.by, in.Finding.ID))
		}),
		change("POST /duplicates/{duplicate}/apart", "duplicate.KeepApart", decide, func(c call, in *struct {
			OfDuplicate
			Body struct {
				Note string `json:"note,omitempty"`
			}
		},
		) (nothing, error) {
			return done(duplicate.KeepApart(c.tx, c.by, in.Finding.ID, c.version, in.Body.Note))
		}),
		change("POST /duplicates/{duplicate}/reconsider", "duplicate.Reconsider", decide, func(c call, in *OfDuplicate) (nothing, error) {
			return done(duplicate.Reconsider(c.tx, c.by, in.Finding.ID, c.version))
		}),
		recorded("POST /merges/preview", "duplicate.Preview", pair, func(c call, in *struct{ Body MergeOrder }) (MergePreview, error) {
			return as(newMergePreview)(duplicate.Preview(c.tx, c.by, duplicate.Order(in.Body)))
		}),
		write("POST /merges", "duplicate.MergeRecords", pair, func(c call, in *struct{ Body MergeOrder }) (Made, error) {
			return as(made[duplicate.Merge])(duplicate.MergeRecords(c.tx, c.by, duplicate.Order(in.Body)))
		}),
		read("GET /members/{person}/merges", "duplicate.MergesOf", may(access.MemberMerge, "person"), func(c call, in *OfPerson) (list[RecordMerge], error) {
			return each(newRecordMerge)(duplicate.MergesOf(c.tx, c.by, in.Person.ID))
		}),
		read("GET /members/{person}/kept", "member.KeptFor", may(access.MemberRead, "person").orOwn("the person"), func(c call, in *OfPerson) (KeptRecord, error) {
			return as(func(kept member.ID) KeptRecord { return KeptRecord{kept} })(member.KeptFor(c.tx, c.by, in.Person.ID))
		}),
		read("GET /merges/{merge}", "duplicate.FindMerge", both, func(c call, in *OfMerge) (RecordMerge, error) {
			return as(newRecordMerge)(duplicate.FindMerge(c.tx, c.by, in.Merge.ID))
		}),
		read("GET /merges/{merge}/depending", "duplicate.Depending", both, func(c call, in *OfMerge) (list[Depends], error) {
			return each(func(m errs.Message) Depends { return Depends{m.Key, m.Args} })(duplicate.Depending(c.tx, c.by, in.Merge.ID))
		}),
		change("POST /merges/{merge}/take-back", "duplicate.TakeBack", both, func(c call, in *struct {
			OfMerge
			Body struct {
				Reason string `json:"reason"`
			}
		},
		) (nothing, error) {
			return done(duplicate.TakeBack(c.tx, c.by, in.Merge.ID, c.version, in.Body.Reason))
		}),
	}
}

// Duplicate is two records that may be of one person; one is the smaller number.
type Duplicate struct {
	ID      duplicate.ID      `json:"id"`
	One     access.PersonID   `json:"one"`
	Other   access.PersonID   `json:"other"`
	State   duplicate.State   `json:"state"`
	Kind    likeness.Kind     `json:"kind"`
	Reasons []likeness.Reason `json:"reasons" nullable:"false"`
	Score   int               `json:"score" doc:"How likely it is, of 100, that they are of one person."`
	Found   time.Time         `json:"found"`
	Decided time.Time         `json:"decided,omitzero"`
	By      access.PersonID   `json:"decided_by,omitzero"`
	Note    string            `json:"note,omitempty"`
	Version int64             `json:"version"`
	Sides   []DuplicateSide   `json:"sides,omitempty" doc:"Who the two are; in lists."`
}

// DuplicateSide is one of the two.
type DuplicateSide struct {
	ID       access.PersonID `json:"id"`
	Name     string          `json:"name"`
	Birth    clock.Date      `json:"birth,omitzero"`
	Card     string          `json:"card,omitempty"`
	Status   member.Status   `json:"status"`
	Unit     orgtree.ID      `json:"unit"`
	UnitName string          `json:"unit_name"`
}

func newDuplicate(f duplicate.Finding) Duplicate {
	return Duplicate{
		ID: f.ID, One: f.One, Other: f.Other, State: f.State, Kind: f.Kind, Reasons: append([]likeness.Reason{}, f.Reasons...), Score: f.Score,
		Found: f.Found, Decided: f.Decided, By: f.DecidedBy, Note: f.Note, Version: f.Version,
	}
}

func newListedDuplicate(l duplicate.Listed) Duplicate {
	d := newDuplicate(l.Finding)
	d.Sides = []DuplicateSide{DuplicateSide(l.First), DuplicateSide(l.Second)}
	return d
}

// DuplicateSearch is the last search of the register.
type DuplicateSearch struct {
	Started time.Time `json:"started,omitzero"`
	Ended   time.Time `json:"ended,omitzero"`
	People  int       `json:"people"`
	Pairs   int       `json:"pairs"`
}

// MergeOrder says how two records are merged.
type MergeOrder struct {
	Kept        access.PersonID `json:"kept" doc:"The record that stays."`
	Gone        access.PersonID `json:"gone" doc:"The record that goes into it."`
	KeptVersion int64           `json:"kept_version,omitempty" doc:"That was looked at; not needed to preview."`
	GoneVersion int64           `json:"gone_version,omitempty"`
	Take        []string        `json:"take,omitempty" doc:"Names of the fields that the other record has right; without any, those that the kept record lacks."`
	Reason      string          `json:"reason,omitempty" doc:"How one knows that they are one person; not needed to preview."`
	Decision    string          `json:"decision,omitempty" doc:"The paper by which a name or a birth is corrected."`
}

// MergePreview is exactly what a merge would do.
type MergePreview struct {
	Blocked     bool            `json:"blocked"`
	KeptVersion int64           `json:"kept_version"`
	GoneVersion int64           `json:"gone_version"`
	Fields      []MergeField    `json:"fields" nullable:"false"`
	Places      []MergePlace    `json:"places" nullable:"false"`
	Moves       []MergeMoves    `json:"moves" nullable:"false"`
	Stays       []MergeStays    `json:"stays" nullable:"false"`
	SignIn      account.Joining `json:"sign_in,omitempty" enum:"moves,ends,blocked"`
	Obstacles   []Depends       `json:"obstacles" nullable:"false"`
	Remarks     []Depends       `json:"remarks" nullable:"false"`
}

// MergeField is what both records say of one thing.
type MergeField struct {
	Name  string `json:"name"`
	Kept  string `json:"kept"`
	Other string `json:"other"`
	Taken bool   `json:"taken"`
}

// MergePlace is a time in a cell, as it will stand or as it falls away.
type MergePlace struct {
	Unit      orgtree.ID `json:"unit"`
	From      clock.Date `json:"from"`
	To        clock.Date `json:"to,omitzero" doc:"The day after the last."`
	FromOther bool       `json:"from_other,omitempty"`
	FallsAway bool       `json:"falls_away,omitempty"`
}

// MergeMoves is rows of one kind that go to the kept record.
type MergeMoves struct {
	What   string   `json:"what"`
	Labels []string `json:"labels" nullable:"false"`
}

// MergeStays is what keeps the old number.
type MergeStays struct {
	What  string `json:"what"`
	Count int    `json:"count"`
}

// Depends is a message by its key and what fills it.
type Depends struct {
	Key  string `json:"key"`
	Args []any  `json:"args,omitempty"`
}

func newMergePreview(r duplicate.DryRun) MergePreview {
	said := func(m errs.Message) Depends { return Depends{m.Key, m.Args} }
	return MergePreview{
		Blocked: r.Blocked(), KeptVersion: r.Kept.Version, GoneVersion: r.Gone.Version, SignIn: r.SignIn,
		Fields: all(func(f duplicate.Field) MergeField { return MergeField(f) }, r.Fields),
		Places: all(func(s duplicate.Stretch) MergePlace {
			return MergePlace{s.Unit, s.From, s.To, s.FromOther, s.FallsAway}
		}, r.Places),
		Moves: all(func(m duplicate.Moving) MergeMoves {
			labels := []string{}
			for _, h := range m.Held {
				labels = append(labels, h.Label)
			}
			return MergeMoves{m.What, labels}
		}, r.Moves),
		Stays:     all(func(s duplicate.Staying) MergeStays { return MergeStays(s) }, r.Stays),
		Obstacles: all(func(o duplicate.Obstacle) Depends { return said(o.Message) }, r.Obstacles),
		Remarks:   all(said, r.Remarks),
	}
}

// RecordMerge is two records that were made one.
type RecordMerge struct {
	ID         duplicate.MergeID `json:"id"`
	Unit       orgtree.ID        `json:"unit"`
	Kept       access.PersonID   `json:"kept"`
	Gone       access.PersonID   `json:"gone"`
	Reason     string            `json:"reason"`
	Decision   string            `json:"decision,omitempty"`
	At         time.Time         `json:"at"`
	By         access.PersonID   `json:"by,omitzero"`
	BackAt     time.Time         `json:"taken_back,omitzero"`
	BackBy     access.PersonID   `json:"taken_back_by,omitzero"`
	BackReason string            `json:"taken_back_reason,omitempty"`
	Version    int64             `json:"version"`
}

func newRecordMerge(m duplicate.Merge) RecordMerge { return RecordMerge(m) }

// KeptRecord is the record into which another was merged; none if it was not.
type KeptRecord struct {
	Kept access.PersonID `json:"kept,omitzero"`
}
