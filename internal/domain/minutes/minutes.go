// Package minutes knows the minutes of a meeting (rules 22.5): written from
// what was recorded, corrected by those who were present, approved by the
// chair, and sealed with a digest.
//
// What is sealed never changes; a later correction is a new version, and the
// earlier ones stay readable and can be checked. How minutes look on paper
// belongs to package document.
//
// Who sees what: a draft is for those who write it and those who were present.
// Sealed minutes are also for those who prepare or watch the meeting and, once
// it is published, for all who may read it.
package minutes

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/platform/id"
)

// ID names one version of the minutes of a meeting.
type ID = id.Of[Minutes]

// Noun is what the journal and links call minutes.
const Noun = "minutes"

// State is how far a version has come.
type State string

const (
	Drafted State = "draft"
	Sealed  State = "sealed"
)

// Minutes is one version of the minutes of a meeting.
type Minutes struct {
	ID      ID
	Meeting meeting.ID
	Unit    orgtree.ID
	Number  int // from 1
	State   State
	Content Content
	// Digest is the SHA-256 of a sealed content.
	Digest     string
	Reason     string // why there is a number after the first
	DraftedAt  time.Time
	DraftedBy  access.PersonID
	ApprovedAt time.Time
	ApprovedBy access.PersonID
	Version    int64 // of the row, while it is a draft
}

// CorrectionID names a correction.
type CorrectionID = id.Of[Correction]

// Answer is what became of a correction.
type Answer string

const (
	Open     Answer = ""
	Accepted Answer = "accepted"
	Refused  Answer = "refused"
)

// Correction is what somebody who was present wants to be put differently.
type Correction struct {
	ID         CorrectionID
	Minutes    ID
	Person     access.PersonID
	Name       string
	Text       string
	At         time.Time
	Answer     Answer
	Reason     string // of the answer
	AnsweredAt time.Time
	AnsweredBy access.PersonID
	Version    int64
}

// Proof is the outcome of checking sealed minutes.
type Proof struct {
	// Kept is the digest beside the minutes, Computed the one of what is stored
	// now, Journal the one that the journal noted when they were approved; ""
	// where the law ordered that entry erased.
	Kept, Computed, Journal string
}

// Intact reports whether nothing was changed since the approval.
func (p Proof) Intact() bool {
	return p.Kept == p.Computed && (p.Journal == "" || p.Journal == p.Kept)
}
