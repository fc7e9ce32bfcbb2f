package resolution

import (
	"cmp"
	"time"

	"chibo/internal/domain/meeting"
	"chibo/internal/kernel/access"
	"chibo/internal/platform/db"
	"chibo/internal/platform/errs"
	"chibo/internal/platform/text"
)

// Amendment is what is put right in a resolution after its adoption.
type Amendment struct {
	Reason string
	// Vote is the one by which it now counts as adopted; 0 is the same as before.
	Vote meeting.VoteID
	// Sections are those that change, each over the version that was read.
	Sections []SectionText
}

// Amend makes a further edition of an adopted or issued resolution, with a
// reason; the edition before stays as it is, and so do number, date and tasks.
// Who concludes meetings may. The vote must have passed and not have been
// corrected since; an amendment that changes nothing is errs.Invalid.
func Amend(tx *db.Tx, by access.Actor, resolution ID, version int64, a Amendment) error {
	r, _, err := load(tx, by, resolution, access.MeetingConclude)
	if err != nil {
		return err
	}
	if r.State != Adopted && r.State != Issued {
		return errs.New(errs.Conflict, "resolution.error.not_amendable")
	}
	if err := r.stale(version); err != nil {
		return err
	}
	a.Reason = text.Block(a.Reason)
	if err := a.check(); err != nil {
		return err
	}
	v, err := voteOf(tx, by, r, cmp.Or(a.Vote, r.Vote))
	if err != nil {
		return err
	}
	changed, err := a.write(tx, r)
	if err != nil {
		return err
	}
	if v.ID == r.Vote && !changed {
		return errs.Field("reason", "resolution.error.nothing_amended")
	}
	content, err := frozen(tx, r.ID, r.Edition)
	if err != nil {
		return err
	}
	if content.Sections, err = sections(tx, r); err != nil {
		return err
	}
	content.Ballot = &Ballot{Yes: v.Yes, Base: v.Base.Base}
	after := r
	after.Edition, after.Vote, after.Reason = r.Edition+1, v.ID, a.Reason
	if err := save(tx, by, "resolution.Amend", r, after); err != nil {
		return err
	}
	return freeze(tx, by, after, a.Reason, content)
}

func (a Amendment) check() error {
	var wrong errs.Fields
	wrong.Check(a.Reason != "", "reason", "errs.required")
	wrong.Check(text.Length(a.Reason) <= blockMost, "reason", "errs.too_long", blockMost)
	return wrong.Err()
}

// write stores the sections that change, and reports whether any does.
func (a Amendment) write(tx *db.Tx, r Resolution) (changed bool, err error) {
	for _, s := range a.Sections {
		before, err := sectionOf(tx, r, s.Section)
		if err != nil {
			return false, err
		}
		if s.Body = text.Block(s.Body); s.Body == before.Body {
			continue
		}
		if before.Version != s.Version {
			return false, errs.New(errs.Conflict, "errs.stale")
		}
		var wrong errs.Fields
		wrong.Check(s.Body != "" || s.Section != Direction, string(s.Section), "errs.required")
		wrong.Check(text.Length(s.Body) <= blockMost, string(s.Section), "errs.too_long", blockMost)
		if err := wrong.Err(); err != nil {
			return false, err
		}
		if err := writeSection(tx, r.ID, s); err != nil {
			return false, err
		}
		changed = true
	}
	return changed, nil
}

// Edition is one edition of an adopted resolution.
type Edition struct {
	Number int
	State  State
	At     time.Time
	By     access.PersonID
	Reason string // "" of the first
}

// Editions are those of a resolution, the newest first; a draft has none. Who
// sees the resolution may read them.
func Editions(tx *db.Tx, by access.Actor, resolution ID) ([]Edition, error) {
	if _, _, err := load(tx, by, resolution, access.ResolutionRead); err != nil {
		return nil, err
	}
	return editions(tx, resolution)
}

// ReadEdition is the text of one edition as it was adopted or issued. Who sees
// the resolution may; one that there is not is errs.NotFound.
func ReadEdition(tx *db.Tx, by access.Actor, resolution ID, edition int) (Resolution, Text, error) {
	r, _, err := load(tx, by, resolution, access.ResolutionRead)
	if err != nil {
		return Resolution{}, Text{}, err
	}
	if edition == r.Edition {
		return Read(tx, by, resolution)
	}
	content, err := frozen(tx, resolution, edition)
	if err != nil {
		return Resolution{}, Text{}, err
	}
	all, err := editions(tx, resolution)
	for _, e := range all {
		if e.Number == edition {
			r.Edition, r.Reason = edition, e.Reason
		}
	}
	return r, content, err
}

// Corrected is the vote that has taken the place of the one by which the
// resolution was adopted, if that was corrected since. The rights are those of
// meeting.Votes.
func Corrected(tx *db.Tx, by access.Actor, r Resolution) (meeting.Vote, bool, error) {
	if r.Vote == 0 {
		return meeting.Vote{}, false, nil
	}
	votes, err := meeting.Votes(tx, by, r.Meeting)
	if err != nil {
		return meeting.Vote{}, false, err
	}
	v, found := meeting.InForce(votes, r.Vote)
	return v, found && v.ID != r.Vote, nil
}
