package api

import (
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/minutes"
	"chibo/internal/domain/score"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/orgtree"
	"chibo/internal/kernel/rulepack"
)

type (
	// OfMinutes and OfCorrection name the record in the address.
	OfMinutes struct {
		Minutes pathID[minutes.Minutes] `path:"minutes"`
	}
	OfCorrection struct {
		Correction pathID[minutes.Correction] `path:"correction"`
	}
)

// resultOperations are the minutes and the score sheet.
func resultOperations() []operation {
	writes := func(on string) right { return may(access.MeetingRun, on).orOwn("who chairs the meeting") }
	reads := func(on string) right { return may(access.MeetingRead, on) }
	return []operation{
		read("GET /meetings/{meeting}/minutes", "minutes.Versions", reads("meeting"), func(c call, in *OfMeeting) (list[Minutes], error) {
			return each(newMinutes)(minutes.Versions(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/minutes/current", "minutes.Current", reads("meeting"), func(c call, in *OfMeeting) (Minutes, error) {
			return as(newMinutes)(found(minutes.Current(c.tx, c.by, in.Meeting.ID)))
		}),
		read("GET /minutes/{minutes}", "minutes.Find", reads("minutes"), func(c call, in *OfMinutes) (Minutes, error) {
			return as(newMinutes)(minutes.Find(c.tx, c.by, in.Minutes.ID))
		}),
		read("GET /minutes/{minutes}/proof", "minutes.Verify", reads("minutes"), func(c call, in *OfMinutes) (Proof, error) {
			return as(func(p minutes.Proof) Proof { return Proof(p) })(minutes.Verify(c.tx, c.by, in.Minutes.ID))
		}),
		create("POST /meetings/{meeting}/minutes", "minutes.Draft", writes("meeting"), func(c call, in *OfMeeting) (Minutes, error) {
			return as(newMinutes)(minutes.Draft(c.tx, c.by, in.Meeting.ID))
		}),
		change("POST /minutes/{minutes}/renew", "minutes.Renew", writes("minutes").seenBy(access.MeetingRun), func(c call, in *OfMinutes) (Minutes, error) {
			return as(newMinutes)(minutes.Renew(c.tx, c.by, in.Minutes.ID, c.version))
		}),
		change("PUT /minutes/{minutes}/sections/{section}", "minutes.EditText", writes("minutes").seenBy(access.MeetingRun), func(c call, in *struct {
			OfMinutes
			Section string `path:"section"`
			Body    Words
		},
		) (Minutes, error) {
			return as(newMinutes)(minutes.EditText(c.tx, c.by, in.Minutes.ID, c.version, minutes.Section(in.Section), in.Body.Text))
		}),
		change("POST /minutes/{minutes}/approve", "minutes.Approve", may(access.MeetingConclude, "minutes").orOwn("who chaired the meeting").seenBy(access.MeetingRun), func(c call, in *OfMinutes) (Minutes, error) {
			return as(newMinutes)(minutes.Approve(c.tx, c.by, in.Minutes.ID, c.version))
		}),
		create("POST /meetings/{meeting}/minutes/amend", "minutes.Amend", may(access.MeetingConclude, "meeting").orOwn("who chaired the meeting"), func(c call, in *struct {
			OfMeeting
			Body Reason
		},
		) (Minutes, error) {
			return as(newMinutes)(minutes.Amend(c.tx, c.by, in.Meeting.ID, in.Body.Reason))
		}),
		read("GET /minutes/{minutes}/corrections", "minutes.Corrections", reads("minutes"), func(c call, in *OfMinutes) (list[Correction], error) {
			return each(newCorrection)(minutes.Corrections(c.tx, c.by, in.Minutes.ID))
		}),
		create("POST /minutes/{minutes}/corrections", "minutes.ProposeCorrection", reads("minutes").and("who was present"), func(c call, in *struct {
			OfMinutes
			Body Words
		},
		) (Correction, error) {
			return as(newCorrection)(minutes.ProposeCorrection(c.tx, c.by, in.Minutes.ID, in.Body.Text))
		}),
		change("POST /corrections/{correction}/answer", "minutes.AnswerCorrection", writes("correction"), func(c call, in *struct {
			OfCorrection
			Body CorrectionAnswer
		},
		) (Correction, error) {
			return as(newCorrection)(minutes.AnswerCorrection(c.tx, c.by, in.Correction.ID, c.version, in.Body.Answer, in.Body.Reason))
		}),

		read("GET /meetings/{meeting}/score/proposed", "score.Propose", watching("meeting"), func(c call, in *OfMeeting) (Sheet, error) {
			return as(c.sheet)(score.Propose(c.tx, c.by, in.Meeting.ID))
		}),
		read("GET /meetings/{meeting}/score", "score.Find", may(access.ScoreRead, "meeting"), func(c call, in *OfMeeting) (Sheet, error) {
			return as(c.sheet)(score.Find(c.tx, c.by, in.Meeting.ID))
		}),
		write("PUT /meetings/{meeting}/score", "score.Confirm", may(access.ScoreConfirm, "meeting"), func(c call, in *struct {
			OfMeeting
			Body Claims
		},
		) (Sheet, error) {
			return as(c.sheet)(score.Confirm(c.tx, c.by, in.Meeting.ID, in.Body.Version, all(func(l Claim) score.Claim { return score.Claim(l) }, in.Body.Claims)))
		}),
	}
}

// Minutes are one version of the minutes of a meeting.
type Minutes struct {
	ID         minutes.ID      `json:"id"`
	Meeting    meeting.ID      `json:"meeting"`
	Unit       orgtree.ID      `json:"unit"`
	Number     int             `json:"number"`
	State      minutes.State   `json:"state"`
	Content    minutes.Content `json:"content"`
	Digest     string          `json:"digest,omitempty" doc:"The SHA-256 of sealed content."`
	Reason     string          `json:"reason,omitempty"`
	DraftedAt  time.Time       `json:"drafted_at"`
	DraftedBy  access.PersonID `json:"drafted_by,omitzero"`
	ApprovedAt time.Time       `json:"approved_at,omitzero"`
	ApprovedBy access.PersonID `json:"approved_by,omitzero"`
	Version    int64           `json:"version"`
}

func newMinutes(m minutes.Minutes) Minutes { return Minutes(m) }

// Proof compares three digests of sealed minutes: the one beside them, the one
// computed now, the one in the journal.
type Proof struct {
	Kept     string `json:"kept"`
	Computed string `json:"computed"`
	Journal  string `json:"journal,omitempty" doc:"Absent where the law ordered the entry erased."`
}

// Correction is what somebody wanted to be put differently.
type Correction struct {
	ID         minutes.CorrectionID `json:"id"`
	Minutes    minutes.ID           `json:"minutes"`
	Person     access.PersonID      `json:"person"`
	Name       string               `json:"name"`
	Text       string               `json:"text"`
	At         time.Time            `json:"at"`
	Answer     minutes.Answer       `json:"answer,omitempty"`
	Reason     string               `json:"reason,omitempty"`
	AnsweredAt time.Time            `json:"answered_at,omitzero"`
	AnsweredBy access.PersonID      `json:"answered_by,omitzero"`
	Version    int64                `json:"version"`
}

func newCorrection(c minutes.Correction) Correction { return Correction(c) }

// CorrectionAnswer accepts or refuses a correction.
type CorrectionAnswer struct {
	Answer minutes.Answer `json:"answer"`
	Reason string         `json:"reason,omitempty"`
}

// Sheet is a score sheet: what records show and what was claimed.
type Sheet struct {
	Meeting     meeting.ID      `json:"meeting"`
	Unit        orgtree.ID      `json:"unit"`
	Month       meeting.Month   `json:"month"`
	Title       string          `json:"title"`
	Warning     string          `json:"warning,omitempty"`
	Lines       []ScoreLine     `json:"lines" nullable:"false"`
	Totals      Totals          `json:"totals"`
	Rules       Rules           `json:"rules"`
	ConfirmedAt time.Time       `json:"confirmed_at,omitzero"`
	ConfirmedBy access.PersonID `json:"confirmed_by,omitzero"`
	LookedAt    time.Time       `json:"looked_at,omitzero"`
	Frozen      bool            `json:"frozen"`
	Version     int64           `json:"version" doc:"0 while nobody has claimed anything."`
}

func (c call) sheet(s score.Sheet) Sheet {
	return Sheet{
		Meeting: s.Meeting, Unit: s.Unit, Month: s.Month, Title: s.Title, Warning: s.Warning, Lines: all(c.scoreLine, s.Lines),
		Totals: newTotals(s.Totals), Rules: Rules(s.Rules), ConfirmedAt: s.ConfirmedAt, ConfirmedBy: s.ConfirmedBy,
		LookedAt: s.LookedAt, Frozen: s.Frozen, Version: s.Version,
	}
}

// ScoreLine is a line of a score sheet.
type ScoreLine struct {
	ID             string        `json:"id"`
	Criterion      string        `json:"criterion"`
	CriterionLabel string        `json:"criterion_label"`
	Label          string        `json:"label"`
	Mode           string        `json:"mode"`
	Max            int           `json:"max"`
	Note           string        `json:"note,omitempty"`
	Options        []ScoreOption `json:"options,omitempty"`
	Counted        bool          `json:"counted" doc:"Part of this month's sheet."`
	Decided        bool          `json:"decided" doc:"Records decide it; otherwise only a person can tell."`
	Option         string        `json:"option,omitempty"`
	Proposed       int           `json:"proposed"`
	Reason         string        `json:"reason,omitempty"`
	Evidence       []string      `json:"evidence,omitempty"`
	Claimed        int           `json:"claimed"`
	ClaimReason    string        `json:"claim_reason,omitempty"`
}

func (c call) scoreLine(l score.Line) ScoreLine {
	return ScoreLine{
		ID: l.ID, Criterion: l.Criterion, CriterionLabel: l.CriterionLabel, Label: l.Label, Mode: l.Mode, Max: l.Max, Note: l.Note,
		Options: all(func(o rulepack.ScoreOption) ScoreOption { return ScoreOption{o.ID, o.Label, o.Points} }, l.Options),
		Counted: l.Counted, Decided: l.Decided, Option: l.Option, Proposed: l.Proposed, Reason: l.Reason,
		Evidence: all(c.evidence, l.Evidence), Claimed: l.Claimed, ClaimReason: l.ClaimReason,
	}
}

func (c call) evidence(r score.Row) string {
	return c.t(r.Key, all(func(s string) any { return s }, r.Args)...)
}

// ScoreOption is what can be chosen on a line.
type ScoreOption struct {
	ID     string `json:"id"`
	Label  string `json:"label"`
	Points int    `json:"points"`
}

// Totals are the sums of a sheet.
type Totals struct {
	Claimed       int   `json:"claimed"`
	Evidence      int   `json:"evidence"`
	Proven        int   `json:"proven"`
	ProvenMost    int   `json:"proven_most"`
	Reachable     int   `json:"reachable"`
	Whole         int   `json:"whole"`
	Class         Class `json:"class"`
	EvidenceClass Class `json:"evidence_class"`
}

func newTotals(t score.Totals) Totals {
	return Totals{t.Claimed, t.Evidence, t.Proven, t.ProvenMost, t.Reachable, t.Whole, Class(t.Class), Class(t.EvidenceClass)}
}

// Class is a class of meetings.
type Class struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Claims are what a person says of every line that counts.
type Claims struct {
	Version int64   `json:"version" doc:"That of the sheet that was read; 0 for the first."`
	Claims  []Claim `json:"claims" nullable:"false"`
}

// Claim is what a person says of one line.
type Claim struct {
	Line   string `json:"line"`
	Points int    `json:"points"`
	Reason string `json:"reason,omitempty"`
}
