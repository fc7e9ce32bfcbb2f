package minutes

import (
	"encoding/json"

	"chibo/internal/domain/meeting"
	"chibo/internal/domain/member"
	"chibo/internal/kernel/access"
	"chibo/internal/kernel/journal"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
)

// reads reports whether somebody who sees the meeting may read the minutes.
func (h room) reads(tx *db.Tx, by access.Actor, m Minutes) (bool, error) {
	switch {
	case h.writes(by):
		return true, nil
	case m.State == Sealed && (!h.PublishedAt.IsZero() || h.watches(by)):
		return true, nil
	}
	return h.attended(tx, by)
}

// watches reports whether the actor prepares the meeting, or sees it from a
// committee.
func (h room) watches(by access.Actor) bool {
	return by.CanOn(access.MeetingPrepare, h.at, int64(h.ID)) || by.CanOn(access.OverviewRead, h.at, int64(h.ID))
}

// Find is one version of minutes. Writers and those who were present may read
// it; once it is sealed, also who prepares or watches the meeting and, after it
// was published, all who see the meeting. For others it is errs.NotFound.
func Find(tx *db.Tx, by access.Actor, minutes ID) (Minutes, error) {
	m, _, err := load(tx, by, minutes)
	return m, err
}

// Versions are the versions of a meeting's minutes that the actor may read, the
// newest first. Who sees the meeting may ask.
func Versions(tx *db.Tx, by access.Actor, of meeting.ID) ([]Minutes, error) {
	h, err := hall(tx, by, of)
	if err != nil {
		return nil, err
	}
	all, err := ofMeeting(tx, of)
	if err != nil {
		return nil, err
	}
	var seen []Minutes
	for _, m := range all {
		readable, err := h.reads(tx, by, m)
		if err != nil {
			return nil, err
		}
		if readable {
			seen = append(seen, m)
		}
	}
	return seen, nil
}

// Current is the newest version of a meeting's minutes that the actor may read,
// if there is one. Who sees the meeting may ask.
func Current(tx *db.Tx, by access.Actor, of meeting.ID) (Minutes, bool, error) {
	seen, err := Versions(tx, by, of)
	if err != nil || len(seen) == 0 {
		return Minutes{}, false, err
	}
	return seen[0], true, nil
}

// Corrections are what people wanted to be put differently in one version,
// oldest first, with the answers. Who reads the minutes may.
func Corrections(tx *db.Tx, by access.Actor, minutes ID) ([]Correction, error) {
	m, _, err := load(tx, by, minutes)
	if err != nil {
		return nil, err
	}
	list, err := db.All(tx, scanCorrection, `SELECT `+correctionColumns+` FROM minutes_correction c WHERE c.minutes_id = $1 ORDER BY c.at, c.id`, m.ID)
	if err != nil {
		return nil, err
	}
	var people []access.PersonID
	for _, c := range list {
		people = append(people, c.Person)
	}
	names, err := member.Names(tx, people)
	for i := range list {
		list[i].Name = names[list[i].Person]
	}
	return list, err
}

// Verify computes the digest of sealed minutes anew and compares it with the
// one beside them and the one in the journal. Who reads the minutes may; a
// draft is errs.Conflict.
func Verify(tx *db.Tx, by access.Actor, minutes ID) (Proof, error) {
	// What is damaged may not decode, so the rights are asked without reading it.
	v, err := db.One(tx, scanSeal, `SELECT m.meeting_id, m.state, m.content, m.digest FROM minutes m WHERE m.id = $1`, minutes)
	if err != nil {
		return Proof{}, err
	}
	h, err := hall(tx, by, v.meeting)
	if err != nil {
		return Proof{}, err
	}
	readable, err := h.reads(tx, by, Minutes{State: v.state})
	if err != nil {
		return Proof{}, err
	}
	if !readable {
		return Proof{}, errs.New(errs.NotFound, "errs.not_found")
	}
	if v.state != Sealed {
		return Proof{}, errs.New(errs.Conflict, "minutes.error.not_sealed")
	}
	noted, err := journalled(tx, minutes)
	return Proof{Kept: v.digest, Computed: digest([]byte(v.content)), Journal: noted}, err
}

// sealing is sealed minutes as they are stored.
type sealing struct {
	meeting         meeting.ID
	state           State
	content, digest string
}

func scanSeal(row db.Row) (s sealing, err error) {
	return s, row.Scan(&s.meeting, &s.state, &s.content, &s.digest)
}

// journalled is the digest that the journal noted at the approval.
func journalled(tx *db.Tx, minutes ID) (string, error) {
	entries, err := journal.History(tx, Noun, int64(minutes))
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if e.Verb != Noun+"."+verbApprove || len(e.After) == 0 {
			continue
		}
		var a approved
		if err := json.Unmarshal(e.After, &a); err != nil {
			return "", err
		}
		return a.Digest, nil
	}
	return "", nil
}
